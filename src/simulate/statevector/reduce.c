// Reduces steps to real rotations, parities and exchanges.
#include "simulate/statevector/reduce.h"

#include "base/memory.h"
#include "simulate/statevector/statevector_internal.h"

#include <math.h>
#include <string.h>

static const double quarter_turn = 0.78539816339744830962; // pi / 4
// Below this a matrix element is rounding error: 1 and i are products of a few gates.
static const double smallest = 1e-15;

static uint64_t bit_of(uint32_t position)
{
    return (uint64_t)1 << position;
}

static qhm_status append(qhm_reduction *reduction, qhm_reduced item)
{
    if (item.angle == QHM_NO_ANGLE && item.offset == 0 && item.kind != QHM_REDUCED_EXCHANGE &&
        item.kind != QHM_REDUCED_CHANNEL)
        return QHM_OK;
    QHM_TRY(
        qhm_reserve(reduction->count + 1, &reduction->capacity, sizeof item, &reduction->items));
    reduction->items[reduction->count++] = item;
    return QHM_OK;
}

// An item with the step's angle, if it has one, times `scale`.
static qhm_reduced item_of(const qhm_step *step, double scale)
{
    return (qhm_reduced){.angle = step->angle,
                         .scale = scale * step->scale,
                         .uses_input = step->uses_input,
                         .uses_weight = step->uses_weight};
}

static qhm_reduced constant_item(double offset)
{
    return (qhm_reduced){.angle = QHM_NO_ANGLE, .offset = offset};
}

// exp(-i a Z..Z) under controls. The projector on all controls being 1 is the product of
// (1 - Z) / 2: one parity for each subset of them.
static qhm_status append_parities(qhm_reduction *reduction, qhm_reduced item, uint64_t mask,
                                  uint64_t controls)
{
    const int count = __builtin_popcountll(controls);
    const double part = ldexp(1, -count);
    item.kind = QHM_REDUCED_PARITY;
    for (uint64_t subset = controls;; subset = (subset - 1) & controls) {
        double factor = __builtin_parityll(subset) ? -part : part;
        qhm_reduced one = item;
        one.mask = mask ^ subset;
        one.scale *= factor;
        one.offset *= factor;
        QHM_TRY(append(reduction, one));
        if (subset == 0)
            return QHM_OK;
    }
}

static qhm_status append_constant_parity(qhm_reduction *reduction, double angle, uint64_t mask,
                                         uint64_t controls)
{
    return append_parities(reduction, constant_item(angle), mask, controls);
}

static qhm_status append_exchange(qhm_reduction *reduction, uint32_t target, uint64_t controls)
{
    qhm_reduced item = constant_item(0);
    item.kind = QHM_REDUCED_EXCHANGE;
    item.target = target;
    item.controls = controls;
    return append(reduction, item);
}

static double phase_of(qhm_complex value)
{
    return atan2(value.im, value.re);
}

static bool is_zero(qhm_complex value)
{
    return hypot(value.re, value.im) < smallest;
}

// U = exp(i phase) exp(-i after Z) exp(-i angle Y) exp(-i before Z), or X before the first two
// where U has no diagonal.
static qhm_status append_matrix(qhm_reduction *reduction, const qhm_complex *matrix,
                                uint32_t target, uint64_t controls)
{
    double phase, after, before = 0, angle = 0;
    if (is_zero(matrix[0])) {
        QHM_TRY(append_exchange(reduction, target, controls));
        phase = (phase_of(matrix[1]) + phase_of(matrix[2])) / 2;
        after = (phase_of(matrix[2]) - phase_of(matrix[1])) / 2;
    } else if (is_zero(matrix[2])) {
        phase = (phase_of(matrix[0]) + phase_of(matrix[3])) / 2;
        after = (phase_of(matrix[3]) - phase_of(matrix[0])) / 2;
    } else {
        // The larger element of a column tells its phase; that of a small one may be noise.
        const double first = phase_of(matrix[0]), second = phase_of(matrix[2]);
        const bool is_turn = hypot(matrix[2].re, matrix[2].im) > hypot(matrix[0].re, matrix[0].im);
        phase = is_turn ? (second + phase_of(matrix[1])) / 2 - 2 * quarter_turn
                        : (first + phase_of(matrix[3])) / 2;
        after = (second - first) / 2;
        before = phase - (first + second) / 2;
        angle = atan2(hypot(matrix[2].re, matrix[2].im), hypot(matrix[0].re, matrix[0].im));
    }
    QHM_TRY(append_constant_parity(reduction, before, bit_of(target), controls));
    if (angle != 0) {
        qhm_reduced item = constant_item(angle);
        item.kind = QHM_REDUCED_ROTATION;
        item.target = target;
        item.controls = controls;
        QHM_TRY(append(reduction, item));
    }
    QHM_TRY(append_constant_parity(reduction, after, bit_of(target), controls));
    return append_constant_parity(reduction, -phase, 0, controls);
}

static void multiply(qhm_complex *matrix, const qhm_complex *left)
{
    qhm_complex out[4];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            const qhm_complex a = left[2 * i], b = matrix[j], c = left[2 * i + 1],
                              d = matrix[2 + j];
            out[2 * i + j] = (qhm_complex){a.re * b.re - a.im * b.im + c.re * d.re - c.im * d.im,
                                           a.re * b.im + a.im * b.re + c.re * d.im + c.im * d.re};
        }
    memcpy(matrix, out, sizeof out);
}

static void wait_for_more(qhm_reduction *reduction, uint32_t target, const qhm_complex *matrix)
{
    qhm_waiting *waiting = &reduction->waiting[target];
    if (waiting->is_some)
        multiply(waiting->matrix, matrix);
    else
        memcpy(waiting->matrix, matrix, sizeof waiting->matrix);
    waiting->is_some = true;
}

static qhm_status end_waiting(qhm_reduction *reduction, uint64_t positions)
{
    for (uint32_t p = 0; p < reduction->position_count; p++) {
        qhm_waiting *waiting = &reduction->waiting[p];
        if (!(positions >> p & 1) || !waiting->is_some)
            continue;
        waiting->is_some = false;
        QHM_TRY(append_matrix(reduction, waiting->matrix, p, 0));
    }
    return QHM_OK;
}

// A constant gate without controls on one position waits; true if this is one.
static bool merge(qhm_reduction *reduction, const qhm_step *step, const qhm_complex *matrix)
{
    static const qhm_complex x[4] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}};
    if (step->angle != QHM_NO_ANGLE)
        return false;
    const uint32_t target = step->targets[0];
    if (step->kind == QHM_STEP_MATRIX && step->controls == 0) {
        wait_for_more(reduction, target, matrix);
        return true;
    }
    if (step->kind == QHM_STEP_EXCHANGE && step->controls == 0) {
        wait_for_more(reduction, target, x);
        return true;
    }
    if (step->kind == QHM_STEP_PHASE && __builtin_popcountll(step->controls) == 1) {
        const qhm_complex phase[4] = {{1, 0}, {0, 0}, {0, 0}, *matrix};
        wait_for_more(reduction, (uint32_t)__builtin_ctzll(step->controls), phase);
        return true;
    }
    return false;
}

// RX is RY turned by a quarter around Z.
static qhm_status append_rotation(qhm_reduction *reduction, const qhm_step *step)
{
    const uint64_t target = bit_of(step->targets[0]);
    const double turn = step->kind == QHM_STEP_ROTATE_X ? quarter_turn : 0;
    QHM_TRY(append_constant_parity(reduction, turn, target, 0));
    qhm_reduced item = item_of(step, 1);
    item.kind = QHM_REDUCED_ROTATION;
    item.target = step->targets[0];
    item.controls = step->controls;
    QHM_TRY(append(reduction, item));
    return append_constant_parity(reduction, -turn, target, 0);
}

// exp(i a) where all controls are 1: a global phase under them.
static qhm_status append_phase(qhm_reduction *reduction, const qhm_step *step,
                               const qhm_complex *value)
{
    if (step->angle == QHM_NO_ANGLE)
        return append_constant_parity(reduction, -phase_of(*value), 0, step->controls);
    return append_parities(reduction, item_of(step, -1), 0, step->controls);
}

static qhm_status append_channel(qhm_reduction *reduction, const qhm_step *step)
{
    qhm_reduced item = constant_item(0);
    item.kind = QHM_REDUCED_CHANNEL;
    item.split = step->split;
    memcpy(item.targets, step->targets, sizeof item.targets);
    return append(reduction, item);
}

// A phase counts its target among its controls.
static bool has_too_many_controls(const qhm_step *step)
{
    const int most = QHM_REDUCTION_MAX_CONTROLS + (step->kind == QHM_STEP_PHASE);
    return __builtin_popcountll(step->controls) > most;
}

qhm_status qhm_reduction_begin(qhm_reduction *reduction, size_t position_count)
{
    reduction->position_count = position_count;
    return qhm_allocate(position_count, sizeof *reduction->waiting, &reduction->waiting);
}

qhm_status qhm_reduction_append(qhm_reduction *reduction, const qhm_step *step,
                                const qhm_complex *matrix)
{
    if (reduction->is_incomplete || merge(reduction, step, matrix))
        return QHM_OK;
    uint64_t touched = step->controls | step->parity;
    for (uint32_t t = 0; t < step->target_count; t++)
        touched |= bit_of(step->targets[t]);
    QHM_TRY(end_waiting(reduction, touched));
    if (step->is_conditional || has_too_many_controls(step)) {
        reduction->is_incomplete = true;
        return QHM_OK;
    }
    switch (step->kind) {
    case QHM_STEP_ROTATE_X:
    case QHM_STEP_ROTATE_Y:
        return append_rotation(reduction, step);
    case QHM_STEP_PHASE:
        return append_phase(reduction, step, matrix);
    case QHM_STEP_PARITY:
        return append_parities(reduction, item_of(step, 1), step->parity, step->controls);
    case QHM_STEP_EXCHANGE:
        return append_exchange(reduction, step->targets[0], step->controls);
    case QHM_STEP_MATRIX:
        return append_matrix(reduction, matrix, step->targets[0], step->controls);
    case QHM_STEP_CHANNEL:
        return append_channel(reduction, step);
    case QHM_STEP_DENSE:
    case QHM_STEP_MEASURE:
    case QHM_STEP_RESET:
    case QHM_STEP_SET:
    case QHM_STEP_WHILE:
    case QHM_STEP_END:
        reduction->is_incomplete = true;
        return QHM_OK;
    }
    return QHM_OK;
}

qhm_status qhm_reduction_end(qhm_reduction *reduction)
{
    return end_waiting(reduction, UINT64_MAX);
}

void qhm_reduction_release(qhm_reduction *reduction)
{
    qhm_release(reduction->items);
    qhm_release(reduction->waiting);
    *reduction = (qhm_reduction){0};
}
