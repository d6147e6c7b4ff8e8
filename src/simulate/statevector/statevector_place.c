// Places a step on the layout: which kernel, which row bits, and coefficients for each lane.
#include "base/memory.h"
#include "base/status_internal.h"
#include "simulate/statevector/statevector_internal.h"

#include <string.h>

// A step's masks, split into bits of the row number and bits of the lane number.
typedef struct placing {
    qhm_statevector *plan;
    qhm_step *step;
    const qhm_complex *matrix;
    size_t lane_controls, lane_parity, lane_target; // lane_target 0: the target is a row bit
} placing;

static size_t lane_part(const qhm_statevector *plan, uint64_t mask)
{
    return plan->is_wide ? (size_t)mask & (plan->lanes - 1) : 0;
}

static size_t row_part(const qhm_statevector *plan, uint64_t mask)
{
    return (size_t)(mask >> plan->lane_qubits);
}

// Appends values [count] to the plan's constants; offsets are in reals and keep alignment.
static qhm_status append_constants(qhm_statevector *plan, const double *values, size_t count,
                                   size_t *offset)
{
    const size_t real_bytes = plan->kernels->real_bytes, line = 64 / real_bytes;
    size_t padded = (count + line - 1) / line * line;
    QHM_TRY(qhm_reserve(plan->constant_count + padded, &plan->constant_capacity, real_bytes,
                        &plan->constants));
    plan->kernels->from_double(count, values, plan->constants + plan->constant_count * real_bytes);
    *offset = plan->constant_count;
    plan->constant_count += padded;
    return QHM_OK;
}

static bool is_controlled_lane(const placing *p, size_t lane)
{
    return (lane & p->lane_controls) == p->lane_controls;
}

// Coefficients of steps with a sine and cosine are affine in both: p0 + c p1 + s p2.
static void write_pattern(const placing *p, size_t lane, double (*pattern)[3], size_t count)
{
    memset(pattern, 0, count * sizeof *pattern);
    if (!is_controlled_lane(p, lane)) {
        pattern[0][0] = 1;
        return;
    }
    pattern[0][1] = 1;
    if (!p->lane_target) {
        pattern[1][2] = qhm_sign(lane & p->lane_parity);
        if (p->step->kernel == p->plan->kernels->phase && p->step->kind == QHM_STEP_PARITY)
            pattern[1][2] = -pattern[1][2]; // c - i s, by a kernel that has c + i s
        return;
    }
    // own re, own im, partner's re, partner's im
    if (p->step->kind == QHM_STEP_ROTATE_Y)
        pattern[2][2] = lane & p->lane_target ? 1 : -1;
    else
        pattern[3][2] = -1;
}

static qhm_status place_patterns(placing *p, size_t count)
{
    qhm_statevector *plan = p->plan;
    const size_t lanes = plan->lanes;
    double *values;
    QHM_TRY(qhm_allocate(3 * count * lanes, sizeof *values, &values));
    for (size_t lane = 0; lane < lanes; lane++) {
        double pattern[4][3];
        write_pattern(p, lane, pattern, count);
        for (size_t k = 0; k < count; k++)
            for (size_t i = 0; i < 3; i++)
                values[(i * count + k) * lanes + lane] = pattern[k][i];
    }
    qhm_status status;
    if (p->step->angle != QHM_NO_ANGLE) {
        status = append_constants(plan, values, 3 * count * lanes, &p->step->patterns);
        p->step->is_pattern = true;
        p->step->coefficients = plan->set_count;
        plan->set_count += (count * lanes + 15) / 16 * 16;
    } else {
        double c = p->matrix[0].re, s = p->matrix[0].im;
        const size_t size = count * lanes;
        for (size_t i = 0; i < size; i++)
            values[i] += c * values[size + i] + s * values[2 * size + i];
        status = append_constants(plan, values, size, &p->step->coefficients);
    }
    qhm_release(values);
    return status;
}

// Rotations and phases: cos and sin, alone or spread over the lanes.
static qhm_status place_angle(placing *p)
{
    qhm_statevector *plan = p->plan;
    qhm_step *step = p->step;
    size_t count = p->lane_target ? 4 : 2;
    step->coefficient_count = count;
    step->identity_stride = step->identity_count = 1;
    if (step->angle != QHM_NO_ANGLE)
        step->argument = plan->angle_step_count++;
    if (p->lane_controls || p->lane_parity || p->lane_target)
        return place_patterns(p, count);
    step->gate.is_uniform = true;
    if (step->angle == QHM_NO_ANGLE)
        return append_constants(plan, (double[]){p->matrix[0].re, p->matrix[0].im}, 2,
                                &step->coefficients);
    step->coefficients = plan->set_count;
    plan->set_count += 16; // keeps lines apart and aligned
    return QHM_OK;
}

// The coefficients of a 2 x 2 matrix for one lane: [4] for real and mix, [8] for matrix.
static void write_matrix(const placing *p, const qhm_complex *m, size_t lane, size_t count,
                         double *out)
{
    static const qhm_complex identity[4] = {{1, 0}, {0, 0}, {0, 0}, {1, 0}};
    if (!is_controlled_lane(p, lane))
        m = identity;
    if (p->lane_target) {
        size_t own = lane & p->lane_target ? 3 : 0, other = own == 3 ? 2 : 1;
        out[0] = m[own].re;
        out[1] = m[own].im;
        out[2] = m[other].re;
        out[3] = m[other].im;
        return;
    }
    for (size_t i = 0; i < 4; i++) {
        out[i] = m[i].re;
        if (count == 8)
            out[4 + i] = m[i].im;
    }
}

static qhm_status append_matrix(placing *p, const qhm_complex *m, size_t count, size_t *offset)
{
    const size_t lanes = p->step->gate.is_uniform ? 1 : p->plan->lanes;
    double *values;
    QHM_TRY(qhm_allocate(count * lanes, sizeof *values, &values));
    for (size_t lane = 0; lane < lanes; lane++) {
        double one[8];
        write_matrix(p, m, p->step->gate.is_uniform ? p->lane_controls : lane, count, one);
        for (size_t k = 0; k < count; k++)
            values[k * lanes + lane] = one[k];
    }
    qhm_status status = append_constants(p->plan, values, count * lanes, offset);
    qhm_release(values);
    return status;
}

static qhm_status place_matrix(placing *p, const qhm_complex *m)
{
    qhm_step *step = p->step;
    bool is_real = m[0].im == 0 && m[1].im == 0 && m[2].im == 0 && m[3].im == 0;
    step->gate.is_uniform = !p->lane_controls && !p->lane_target;
    step->coefficient_count = p->lane_target || is_real ? 4 : 8;
    step->identity_stride = 3;
    step->identity_count = 2;
    const qhm_statevector_kernels *kernels = p->plan->kernels;
    step->kernel = p->lane_target ? kernels->mix : is_real ? kernels->real : kernels->matrix;
    qhm_complex inverse[4];
    for (size_t i = 0; i < 4; i++)
        inverse[i] = (qhm_complex){m[(i & 1) * 2 + i / 2].re, -m[(i & 1) * 2 + i / 2].im};
    QHM_TRY(append_matrix(p, m, step->coefficient_count, &step->coefficients));
    return append_matrix(p, inverse, step->coefficient_count, &step->inverse);
}

static qhm_status append_dense(placing *p, const qhm_complex *m, bool is_inverse, size_t *offset)
{
    const size_t dimension = (size_t)1 << p->step->target_count, size = dimension * dimension;
    const size_t lanes = p->step->gate.is_uniform ? 1 : p->plan->lanes;
    double *values;
    QHM_TRY(qhm_allocate(2 * size * lanes, sizeof *values, &values));
    for (size_t i = 0; i < size; i++) {
        size_t row = i / dimension, column = i % dimension;
        qhm_complex entry = m[is_inverse ? column * dimension + row : i];
        for (size_t lane = 0; lane < lanes; lane++) {
            bool is_on = p->step->gate.is_uniform || is_controlled_lane(p, lane);
            values[i * lanes + lane] = is_on ? entry.re : row == column;
            values[(size + i) * lanes + lane] = is_on ? (is_inverse ? -entry.im : entry.im) : 0;
        }
    }
    qhm_status status = append_constants(p->plan, values, 2 * size * lanes, offset);
    qhm_release(values);
    return status;
}

static qhm_status place_dense(placing *p)
{
    qhm_step *step = p->step;
    const size_t dimension = (size_t)1 << step->target_count;
    step->kernel = p->plan->kernels->dense;
    step->gate.is_uniform = !p->lane_controls;
    step->gate.target_count = step->target_count;
    step->coefficient_count = 2 * dimension * dimension;
    step->identity_stride = dimension + 1;
    step->identity_count = dimension;
    QHM_TRY(append_dense(p, p->matrix, false, &step->coefficients));
    return append_dense(p, p->matrix, true, &step->inverse);
}

static qhm_status place_kind(placing *p)
{
    static const qhm_complex x_matrix[4] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}};
    const qhm_statevector_kernels *kernels = p->plan->kernels;
    qhm_step *step = p->step;
    switch (step->kind) {
    case QHM_STEP_ROTATE_X:
        step->kernel = p->lane_target ? kernels->mix : kernels->rotate_x;
        return place_angle(p);
    case QHM_STEP_ROTATE_Y:
        step->kernel = p->lane_target ? kernels->mix : kernels->rotate_y;
        return place_angle(p);
    case QHM_STEP_PHASE:
        step->kernel = kernels->phase;
        return place_angle(p);
    case QHM_STEP_PARITY:
        // One row bit of the string becomes the target; without any, only lanes differ in sign.
        step->kernel = step->gate.parity ? kernels->parity : kernels->phase;
        step->gate.targets[0] = step->gate.parity & -step->gate.parity;
        step->gate.parity &= ~step->gate.targets[0];
        step->gate.fixed |= step->gate.targets[0];
        step->walk_count = p->plan->row_count >> __builtin_popcountll(step->gate.fixed);
        return place_angle(p);
    case QHM_STEP_EXCHANGE:
        step->kernel = kernels->exchange;
        if (p->lane_controls || p->lane_target || step->is_conditional)
            return place_matrix(p, x_matrix);
        return QHM_OK;
    case QHM_STEP_MATRIX:
        return place_matrix(p, p->matrix);
    case QHM_STEP_DENSE:
        return place_dense(p);
    case QHM_STEP_MEASURE:
    case QHM_STEP_RESET: // a matrix of the outcome, made when it is known
        step->kernel = p->lane_target ? kernels->mix : kernels->matrix;
        step->coefficient_count = p->lane_target ? 4 : 8;
        return QHM_OK;
    case QHM_STEP_CHANNEL: // of each state its own, made when something happens
        step->kernel = kernels->dense;
        step->gate.target_count = step->target_count;
        step->coefficient_count = (size_t)2 << 2 * step->target_count;
        return QHM_OK;
    case QHM_STEP_SET:
    case QHM_STEP_WHILE:
    case QHM_STEP_END:
        return QHM_OK;
    }
    return QHM_OK;
}

qhm_status qhm_statevector_place(qhm_statevector *plan, const qhm_step *original,
                                 const qhm_complex *matrix)
{
    qhm_step step = *original;
    placing p = {.plan = plan, .step = &step, .matrix = matrix};
    uint64_t targets = 0;
    for (uint32_t t = 0; t < step.target_count; t++) {
        targets |= (uint64_t)1 << step.targets[t];
        step.gate.targets[t] = row_part(plan, (uint64_t)1 << step.targets[t]);
    }
    p.lane_controls = lane_part(plan, step.controls);
    p.lane_parity = lane_part(plan, step.parity);
    p.lane_target = lane_part(plan, targets);
    step.gate.controls = row_part(plan, step.controls);
    step.gate.fixed = row_part(plan, step.controls | targets);
    step.gate.parity = row_part(plan, step.parity);
    step.gate.flip = p.lane_target;
    step.gate.sign = 1;
    step.walk_count = plan->row_count >> __builtin_popcountll(step.gate.fixed);
    QHM_TRY(place_kind(&p));
    if (step.is_conditional || step.kind >= QHM_STEP_MEASURE) {
        size_t count = step.coefficient_count * plan->lanes;
        plan->blended_count = plan->blended_count > count ? plan->blended_count : count;
    }
    QHM_TRY(qhm_reserve(plan->step_count + 1, &plan->step_capacity, sizeof step, &plan->steps));
    plan->steps[plan->step_count++] = step;
    return QHM_OK;
}
