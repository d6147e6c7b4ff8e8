// Unitary matrices as gates: the quantum Shannon decomposition [shende2006], down to one qubit.
//
// A matrix on n qubits is, by its cosine-sine decomposition, a multiplexed RY on the highest qubit
// between two pairs of blocks; each pair is a multiplexed RZ between two matrices on n - 1 qubits.
// Without controls that takes 4^n (3/4) - 2^n (3/2) CX: 6, 36 and 168 for 2, 3 and 4 qubits. Under
// controls only the rotations need them, for without rotations the CX cancel.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/expand_internal.h"
#include "circuit/multiplexed_rotation.h"
#include "linalg/complex_matrix.h"
#include "linalg/unitary_factors.h"

#include <math.h>

enum { MOST_BLOCKS = 1 << (QHM_UNITARY_MAX_TARGETS - 1) }; // rows of the largest half

static const double negligible = 1e-15; // radians

static double argument(qhm_complex z)
{
    return atan2(z.im, z.re);
}

// A phase on everything, which shows only under controls or where phases are kept.
static qhm_status expand_global_phase(qhm_expansion *expansion, size_t control_count,
                                      uint32_t qubit, double phase)
{
    phase = remainder(phase, 2 * M_PI);
    if (fabs(phase) < negligible)
        return QHM_OK;
    if (control_count > 0)
        return qhm_expand_phase(expansion, control_count, qhm_angle_constant(phase));
    if (!expansion->keeps_phase)
        return QHM_OK;
    const qhm_angle twice = qhm_angle_constant(2 * phase), back = qhm_angle_constant(-2 * phase);
    QHM_TRY(qhm_expand_gate(expansion, QHM_GATE_P, &qubit, &twice));
    return qhm_expand_gate(expansion, QHM_GATE_RZ, &qubit, &back);
}

// m = e^{i phase} U(angles).
static double find_angles(const qhm_complex *m, qhm_angle angles[3])
{
    const double cosine = hypot(m[0].re, m[0].im), sine = hypot(m[2].re, m[2].im);
    double phase, b, c;
    if (cosine < 1e-14) { // only the difference of b and c counts
        phase = argument(m[2]);
        b = 0;
        c = argument((qhm_complex){-m[1].re, -m[1].im}) - phase;
    } else {
        phase = argument(m[0]);
        b = sine < 1e-14 ? 0 : argument(m[2]) - phase;
        c = argument(m[3]) - phase - b;
    }
    angles[0] = qhm_angle_constant(2 * atan2(sine, cosine));
    angles[1] = qhm_angle_constant(remainder(b, 2 * M_PI));
    angles[2] = qhm_angle_constant(remainder(c, 2 * M_PI));
    return phase;
}

// RZ or RY by a constant, under controls.
static qhm_status expand_rotation(qhm_expansion *expansion, size_t control_count, qhm_gate gate,
                                  uint32_t qubit, double turn)
{
    if (fabs(turn) < negligible)
        return QHM_OK;
    const qhm_angle angle = qhm_angle_constant(turn);
    return qhm_expand_controlled(expansion, gate, control_count, &qubit, &angle);
}

// A controlled matrix turns about an axis: the axis is turned to Z, and only that turn needs the
// controls. m = e^{i phase} V RZ(turn) V^dagger.
static qhm_status expand_controlled_one(qhm_expansion *expansion, size_t control_count,
                                        uint32_t qubit, const qhm_complex *m)
{
    const qhm_complex determinant = {
        m[0].re * m[3].re - m[0].im * m[3].im - m[1].re * m[2].re + m[1].im * m[2].im,
        m[0].re * m[3].im + m[0].im * m[3].re - m[1].re * m[2].im - m[1].im * m[2].re};
    const double phase = argument(determinant) / 2, c = cos(phase), s = sin(phase);
    const double real = m[0].re * c + m[0].im * s; // cos(turn / 2)
    const double z = -(m[0].im * c - m[0].re * s); // the axis times sin(turn / 2)
    const double x = -(m[1].im * c - m[1].re * s), y = -(m[1].re * c + m[1].im * s);
    const double across = hypot(x, y), turn = 2 * atan2(hypot(across, z), real);
    qhm_angle to[3] = {{0}}, from[3] = {{0}};
    to[0] = qhm_angle_constant(atan2(across, z));
    to[1] = qhm_angle_constant(across == 0 ? 0 : atan2(y, x));
    from[0] = qhm_angle_constant(-to[0].offset);
    from[2] = qhm_angle_constant(-to[1].offset);
    const bool is_diagonal = across < negligible;
    if (!is_diagonal)
        QHM_TRY(qhm_expand_gate(expansion, QHM_GATE_U, &qubit, from));
    QHM_TRY(expand_rotation(expansion, control_count, QHM_GATE_RZ, qubit,
                            is_diagonal && z < 0 ? -turn : turn));
    if (!is_diagonal)
        QHM_TRY(qhm_expand_gate(expansion, QHM_GATE_U, &qubit, to));
    return expand_global_phase(expansion, control_count, qubit, phase);
}

static qhm_status expand_one(qhm_expansion *expansion, size_t control_count, uint32_t qubit,
                             const qhm_complex *m)
{
    if (control_count > 0)
        return expand_controlled_one(expansion, control_count, qubit, m);
    qhm_angle angles[3];
    const double phase = find_angles(m, angles);
    if (fabs(angles[0].offset) >= negligible ||
        fabs(remainder(angles[1].offset + angles[2].offset, 2 * M_PI)) >= negligible)
        QHM_TRY(qhm_expand_gate(expansion, QHM_GATE_U, &qubit, angles));
    return expand_global_phase(expansion, 0, qubit, phase);
}

// A rotation of the highest of n targets by turns[branch of the others].
static qhm_status expand_multiplexed(qhm_expansion *expansion, size_t control_count, qhm_gate gate,
                                     const uint32_t *targets, size_t n, double *turns)
{
    const size_t count = (size_t)1 << (n - 1);
    double angles[MOST_BLOCKS];
    qhm_multiplexed_angles(turns, count, angles);
    bool is_identity = true;
    for (size_t m = 0; m < count; m++)
        is_identity &= fabs(angles[m]) < negligible;
    for (size_t m = 0; m < count && !is_identity; m++) {
        QHM_TRY(expand_rotation(expansion, control_count, gate, targets[n - 1], angles[m]));
        const uint32_t cx[2] = {targets[qhm_multiplexed_control(m, count)], targets[n - 1]};
        QHM_TRY(qhm_expand_gate(expansion, QHM_GATE_CX, cx, NULL));
    }
    return QHM_OK;
}

static qhm_complex times(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// out = a^dagger
static void adjoint(size_t n, const qhm_complex *a, qhm_complex *out)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            out[j * n + i] = (qhm_complex){a[i * n + j].re, -a[i * n + j].im};
}

// Blocks a[0] where the highest of n targets is 0 and a[1] where it is 1:
// a0 a1^dagger = V D^2 V^dagger, then a0 = V D W and a1 = V D^dagger W with W = D V^dagger a1.
// work: room for 3 matrices like the blocks.
static qhm_status expand_pair(qhm_expansion *expansion, size_t control_count,
                              const uint32_t *targets, size_t n, qhm_complex *const a[2],
                              qhm_complex *work)
{
    const size_t rows = (size_t)1 << (n - 1);
    qhm_complex *v = work, *w = v + rows * rows, *other = w + rows * rows;
    double phases[MOST_BLOCKS], turns[MOST_BLOCKS];
    adjoint(rows, a[1], v);
    qhm_complex_product(rows, a[0], v, other);
    QHM_TRY(qhm_unitary_eigen(rows, other, phases, v));
    adjoint(rows, v, other);
    qhm_complex_product(rows, other, a[1], w);
    for (size_t i = 0; i < rows; i++) {
        const qhm_complex half = {cos(phases[i] / 2), sin(phases[i] / 2)};
        for (size_t j = 0; j < rows; j++)
            w[i * rows + j] = times(half, w[i * rows + j]);
        turns[i] = -phases[i];
    }
    QHM_TRY(qhm_expand_unitary(expansion, control_count, targets, n - 1, w));
    QHM_TRY(expand_multiplexed(expansion, control_count, QHM_GATE_RZ, targets, n, turns));
    return qhm_expand_unitary(expansion, control_count, targets, n - 1, v);
}

static qhm_status expand_several(qhm_expansion *expansion, size_t control_count,
                                 const uint32_t *targets, size_t n, const qhm_complex *matrix,
                                 qhm_complex *work)
{
    const size_t rows = (size_t)1 << (n - 1), size = rows * rows;
    double turns[MOST_BLOCKS];
    const qhm_cosine_sine factors = {
        turns, {work, work + size}, {work + 2 * size, work + 3 * size}};
    QHM_TRY(qhm_cosine_sine_find(rows, matrix, &factors));
    for (size_t i = 0; i < rows; i++)
        turns[i] *= 2;
    QHM_TRY(expand_pair(expansion, control_count, targets, n, factors.right, work + 4 * size));
    QHM_TRY(expand_multiplexed(expansion, control_count, QHM_GATE_RY, targets, n, turns));
    return expand_pair(expansion, control_count, targets, n, factors.left, work + 4 * size);
}

qhm_status qhm_expand_unitary(qhm_expansion *expansion, size_t control_count,
                              const uint32_t *targets, size_t target_count,
                              const qhm_complex *matrix)
{
    if (target_count == 1)
        return expand_one(expansion, control_count, targets[0], matrix);
    const size_t size = (size_t)1 << (2 * (target_count - 1));
    qhm_complex *work;
    QHM_TRY(qhm_allocate(7 * size, sizeof *work, &work));
    qhm_status status =
        expand_several(expansion, control_count, targets, target_count, matrix, work);
    qhm_release(work);
    return status;
}
