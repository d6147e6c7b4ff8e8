// State preparation by uniformly controlled rotations, and basis states.
//
// Level k turns qubit n-1-k under all higher qubits: 2^k rotations, one for every branch above.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/multiplexed_rotation.h"

#include <math.h>
#include <qhm/state_preparation.h>
#include <string.h>

enum { MAX_QUBITS = 24 };

size_t qhm_state_preparation_angle_count(size_t qubit_count, qhm_state_kind kind)
{
    size_t rotations = ((size_t)1 << qubit_count) - 1;
    return kind == QHM_STATE_REAL ? rotations : 2 * rotations;
}

static qhm_status append_step(qhm_circuit *circuit, qhm_gate gate, uint32_t target, size_t slot)
{
    qhm_angle angle = qhm_angle_input((uint32_t)slot, 1);
    return qhm_circuit_append(circuit, gate, &target, &angle);
}

static qhm_status append_cx(qhm_circuit *circuit, uint32_t target, size_t m, size_t count)
{
    uint32_t qubits[2] = {target + 1 + qhm_multiplexed_control(m, count), target};
    return qhm_circuit_append(circuit, QHM_GATE_CX, qubits, NULL);
}

// For complex amplitudes the RZ run backwards, so that the last CX of the RY and the first CX of
// the RZ, which are equal, cancel. That is exact because a uniformly controlled rotation is the
// inverse of the one with opposite angles.
static qhm_status append_level(qhm_circuit *circuit, uint32_t target, size_t count, size_t ry_slot,
                               size_t rz_slot, qhm_state_kind kind)
{
    for (size_t m = 0; m < count; m++) {
        QHM_TRY(append_step(circuit, QHM_GATE_RY, target, ry_slot + m));
        if (count > 1 && (m + 1 < count || kind == QHM_STATE_REAL))
            QHM_TRY(append_cx(circuit, target, m, count));
    }
    if (kind == QHM_STATE_REAL)
        return QHM_OK;
    for (size_t m = count; m-- > 0;) {
        if (m + 1 < count)
            QHM_TRY(append_cx(circuit, target, m, count));
        QHM_TRY(append_step(circuit, QHM_GATE_RZ, target, rz_slot + m));
    }
    return QHM_OK;
}

static qhm_status check_shape(size_t qubit_count, qhm_state_kind kind)
{
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= MAX_QUBITS, "qubit_count is %zu, not 1 to %d",
                qubit_count, MAX_QUBITS);
    QHM_REQUIRE(kind == QHM_STATE_COMPLEX || kind == QHM_STATE_REAL,
                "the kind of state is %u, not 0 or 1", (unsigned)kind);
    return QHM_OK;
}

qhm_status qhm_state_preparation_create(size_t qubit_count, qhm_state_kind kind,
                                        qhm_circuit **circuit)
{
    QHM_REQUIRE(circuit, "qhm_state_preparation_create needs a place for the circuit");
    QHM_TRY(check_shape(qubit_count, kind));
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create_on_qubits(qubit_count, 0, &made));
    size_t rotations = ((size_t)1 << qubit_count) - 1;
    qhm_status status = QHM_OK;
    for (size_t k = 0; k < qubit_count && status == QHM_OK; k++) {
        size_t count = (size_t)1 << k, slot = count - 1;
        status = append_level(made, (uint32_t)(qubit_count - 1 - k), count, slot, rotations + slot,
                              kind);
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

// tree [2^n] holds the lengths of the lowest branches (with signs if real) and is folded level by
// level; scratch [2^n / 2]. An empty branch gets angle 0.
static void find_ry_angles(size_t qubit_count, double *tree, double *scratch, double *angles)
{
    for (size_t k = qubit_count; k-- > 0;) {
        size_t count = (size_t)1 << k;
        for (size_t i = 0; i < count; i++) {
            scratch[i] = 2 * atan2(tree[2 * i + 1], tree[2 * i]);
            tree[i] = hypot(tree[2 * i], tree[2 * i + 1]);
        }
        qhm_multiplexed_angles(scratch, count, angles + count - 1);
    }
}

// tree holds the phases; a branch's RZ turns by the difference of the means of its halves.
static void find_rz_angles(size_t qubit_count, double *tree, double *scratch, double *angles)
{
    for (size_t k = qubit_count; k-- > 0;) {
        size_t count = (size_t)1 << k;
        for (size_t i = 0; i < count; i++) {
            scratch[i] = tree[2 * i + 1] - tree[2 * i];
            tree[i] = (tree[2 * i] + tree[2 * i + 1]) / 2;
        }
        qhm_multiplexed_angles(scratch, count, angles + count - 1);
    }
}

static qhm_status check_amplitudes(const qhm_complex *amplitudes, size_t count, qhm_state_kind kind,
                                   double *largest)
{
    *largest = 0;
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(isfinite(amplitudes[i].re) && isfinite(amplitudes[i].im),
                    "amplitude %zu is not finite", i);
        QHM_REQUIRE(kind == QHM_STATE_COMPLEX || amplitudes[i].im == 0,
                    "amplitude %zu has an imaginary part, but the state is to be real", i);
        *largest = fmax(*largest, fmax(fabs(amplitudes[i].re), fabs(amplitudes[i].im)));
    }
    QHM_REQUIRE(*largest > 0, "all %zu amplitudes are zero", count);
    return QHM_OK;
}

qhm_status qhm_state_preparation_angles(size_t qubit_count, qhm_state_kind kind,
                                        const qhm_complex *amplitudes, double *angles)
{
    QHM_REQUIRE(amplitudes && angles,
                "qhm_state_preparation_angles needs amplitudes and a place for the angles");
    QHM_TRY(check_shape(qubit_count, kind));
    size_t count = (size_t)1 << qubit_count;
    double largest;
    QHM_TRY(check_amplitudes(amplitudes, count, kind, &largest));
    double *tree, *scratch;
    QHM_TRY(qhm_allocate(count + count / 2, sizeof *tree, &tree));
    scratch = tree + count;
    for (size_t i = 0; i < count; i++) { // scaled, so that no square overflows
        double re = amplitudes[i].re / largest, im = amplitudes[i].im / largest;
        tree[i] = kind == QHM_STATE_REAL ? re + 0.0 : hypot(re, im); // -0 would turn empty branches
    }
    find_ry_angles(qubit_count, tree, scratch, angles);
    if (kind == QHM_STATE_COMPLEX) {
        for (size_t i = 0; i < count; i++)
            tree[i] = amplitudes[i].re == 0 && amplitudes[i].im == 0
                          ? 0
                          : atan2(amplitudes[i].im, amplitudes[i].re);
        find_rz_angles(qubit_count, tree, scratch, angles + count - 1);
    }
    qhm_release(tree);
    return QHM_OK;
}

qhm_status qhm_state_preparation_encode(size_t qubit_count, const double *features,
                                        size_t feature_count, double *angles, double *norm)
{
    QHM_REQUIRE(features && angles,
                "qhm_state_preparation_encode needs features and a place for the angles");
    QHM_TRY(check_shape(qubit_count, QHM_STATE_REAL));
    size_t count = (size_t)1 << qubit_count;
    QHM_REQUIRE(feature_count >= 1 && feature_count <= count, "feature_count is %zu, not 1 to %zu",
                feature_count, count);
    qhm_complex *amplitudes;
    QHM_TRY(qhm_allocate(count, sizeof *amplitudes, &amplitudes));
    double length = 0;
    for (size_t i = 0; i < feature_count; i++) {
        amplitudes[i].re = features[i];
        length = hypot(length, features[i]);
    }
    qhm_status status =
        qhm_state_preparation_angles(qubit_count, QHM_STATE_REAL, amplitudes, angles);
    qhm_release(amplitudes);
    if (status == QHM_OK && norm)
        *norm = length;
    return status;
}

qhm_status qhm_state_preparation_bind(size_t qubit_count, qhm_state_kind kind,
                                      const qhm_complex *amplitudes, qhm_circuit **circuit)
{
    QHM_REQUIRE(circuit, "qhm_state_preparation_bind needs a place for the circuit");
    QHM_TRY(check_shape(qubit_count, kind));
    double *angles;
    QHM_TRY(qhm_allocate(qhm_state_preparation_angle_count(qubit_count, kind), sizeof *angles,
                         &angles));
    qhm_circuit *slots = NULL;
    qhm_status status = qhm_state_preparation_angles(qubit_count, kind, amplitudes, angles);
    if (status == QHM_OK)
        status = qhm_state_preparation_create(qubit_count, kind, &slots);
    if (status == QHM_OK)
        status = qhm_circuit_bind(slots, angles, NULL, circuit);
    qhm_circuit_destroy(slots);
    qhm_release(angles);
    return status;
}

qhm_status qhm_state_preparation_create_basis(size_t qubit_count, const bool *bits,
                                              qhm_circuit **circuit)
{
    QHM_REQUIRE(bits && circuit,
                "qhm_state_preparation_create_basis needs bits and a place for the circuit");
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create_on_qubits(qubit_count, 0, &made));
    for (uint32_t q = 0; q < qubit_count; q++) {
        qhm_status status = bits[q] ? qhm_circuit_append(made, QHM_GATE_X, &q, NULL) : QHM_OK;
        if (status != QHM_OK) {
            qhm_circuit_destroy(made);
            return status;
        }
    }
    *circuit = made;
    return QHM_OK;
}
