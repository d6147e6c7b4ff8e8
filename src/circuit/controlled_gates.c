// Gates under any number of controls, without ancillas that need to be clean: after Barenco et al.,
// Elementary gates for quantum computation [barenco1995], with rotations between two halves of the
// controls, so that a rotation is linear in its controls.
#include "base/status_internal.h"
#include "circuit/expand_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static qhm_status expand_one(qhm_expansion *expansion, qhm_gate gate, uint32_t qubit)
{
    return qhm_expand_gate(expansion, gate, &qubit, NULL);
}

static qhm_status expand_ccx(qhm_expansion *expansion, uint32_t a, uint32_t b, uint32_t target)
{
    return qhm_expand_gate(expansion, QHM_GATE_CCX, (uint32_t[]){a, b, target}, NULL);
}

// From the last borrowed qubit down to the first and up again, without its highest gate.
static qhm_status expand_ladder(qhm_expansion *expansion, const uint32_t *controls, size_t count,
                                const uint32_t *borrowed)
{
    for (size_t i = count - 3; i > 0; i--)
        QHM_TRY(expand_ccx(expansion, controls[i + 1], borrowed[i - 1], borrowed[i]));
    QHM_TRY(expand_ccx(expansion, controls[0], controls[1], borrowed[0]));
    for (size_t i = 1; i <= count - 3; i++)
        QHM_TRY(expand_ccx(expansion, controls[i + 1], borrowed[i - 1], borrowed[i]));
    return QHM_OK;
}

// X under `count` controls, with count - 2 qubits in any state that are given back as they were:
// lemma 7.2, 4 (count - 2) Toffoli gates.
static qhm_status expand_x_borrowing(qhm_expansion *expansion, const uint32_t *controls,
                                     size_t count, uint32_t target, const uint32_t *borrowed)
{
    if (count == 1)
        return qhm_expand_gate(expansion, QHM_GATE_CX, (uint32_t[]){controls[0], target}, NULL);
    if (count == 2)
        return expand_ccx(expansion, controls[0], controls[1], target);
    for (int turn = 0; turn < 2; turn++) {
        QHM_TRY(expand_ccx(expansion, controls[count - 1], borrowed[count - 3], target));
        QHM_TRY(expand_ladder(expansion, controls, count, borrowed));
    }
    return QHM_OK;
}

// RZ(angle) under `count` >= 1 controls: rotations by quarters between X under one and the other
// half of the controls, which borrow from each other. At most 8 count Toffoli gates.
static qhm_status expand_rz(qhm_expansion *expansion, const uint32_t *controls, size_t count,
                            uint32_t target, qhm_angle angle)
{
    if (count == 1)
        return qhm_expand_gate(expansion, QHM_GATE_CRZ, (uint32_t[]){controls[0], target}, &angle);
    const size_t half = count - count / 2;
    const qhm_angle back = qhm_angle_affine(angle, -0.25, 0);
    const qhm_angle forth = qhm_angle_affine(angle, 0.25, 0);
    for (int turn = 0; turn < 2; turn++) {
        QHM_TRY(expand_x_borrowing(expansion, controls, half, target, controls + half));
        QHM_TRY(qhm_expand_gate(expansion, QHM_GATE_RZ, &target, &back));
        QHM_TRY(expand_x_borrowing(expansion, controls + half, count - half, target, controls));
        QHM_TRY(qhm_expand_gate(expansion, QHM_GATE_RZ, &target, &forth));
    }
    return QHM_OK;
}

static qhm_status expand_x(qhm_expansion *expansion, size_t count, uint32_t target);

static bool is_half_turn(const qhm_angle *angle)
{
    return qhm_angle_is_constant(angle) && fabs(angle->offset) == M_PI;
}

qhm_status qhm_expand_phase(qhm_expansion *expansion, size_t control_count, qhm_angle angle)
{
    const uint32_t *controls = expansion->controls;
    const uint32_t last = controls[control_count - 1];
    if (control_count >= 5 && is_half_turn(&angle) && expansion->idle_count > 0) {
        QHM_TRY(expand_one(expansion, QHM_GATE_H, last));
        QHM_TRY(expand_x(expansion, control_count - 1, last));
        return expand_one(expansion, QHM_GATE_H, last);
    }
    // A phase is a rotation and half the phase on one qubit fewer.
    for (; control_count > 2; control_count--) {
        QHM_TRY(
            expand_rz(expansion, controls, control_count - 1, controls[control_count - 1], angle));
        angle = qhm_angle_affine(angle, 0.5, 0);
    }
    return qhm_expand_gate(expansion, control_count == 2 ? QHM_GATE_CP : QHM_GATE_P, controls,
                           &angle);
}

// X under the first `count` controls. With idle qubits linear: lemmas 7.2 and 7.3.
static qhm_status expand_x(qhm_expansion *expansion, size_t count, uint32_t target)
{
    uint32_t *controls = expansion->controls;
    if (count <= 2 || (count >= 4 && expansion->idle_count + 2 >= count))
        return expand_x_borrowing(expansion, controls, count, target, expansion->idle);
    const uint32_t kept = controls[count];         // it may be a control of a larger gate
    if (count >= 4 && expansion->idle_count > 0) { // through one idle qubit, between two halves
        const size_t half = count - count / 2;
        const uint32_t middle = expansion->idle[0];
        controls[count] = middle; // the second half and the idle qubit, side by side
        for (int turn = 0; turn < 2; turn++) {
            QHM_TRY(expand_x_borrowing(expansion, controls, half, middle, controls + half));
            QHM_TRY(
                expand_x_borrowing(expansion, controls + half, count - half + 1, target, controls));
        }
        controls[count] = kept;
        return QHM_OK;
    }
    QHM_TRY(expand_one(expansion, QHM_GATE_H, target));
    controls[count] = target;
    QHM_TRY(qhm_expand_phase(expansion, count + 1, qhm_angle_constant(M_PI)));
    controls[count] = kept;
    return expand_one(expansion, QHM_GATE_H, target);
}

// H between rotations that undo each other, so that only the middle needs the controls.
static const qhm_rule_step h_steps[] = {{QHM_GATE_RY, {0}, {{0, 0, -M_PI / 4}}},
                                        {QHM_GATE_Z, {0}, {{0}}},
                                        {QHM_GATE_RY, {0}, {{0, 0, M_PI / 4}}}};
static const qhm_expand_rule h_rule = {.gate = QHM_GATE_H, .steps = h_steps, .step_count = 3};

// An exact rule for a gate that is to be controlled.
static const qhm_expand_rule *rule_under_controls(qhm_gate gate)
{
    if (gate == QHM_GATE_H)
        return &h_rule;
    if (gate != QHM_GATE_ISWAP && gate != QHM_GATE_ISWAPDG)
        return NULL; // the steps of the gate table
    size_t count, i = 0;
    const qhm_expand_rule *rules = qhm_expand_rules(&count);
    while (rules[i].gate != gate)
        i++;
    assert(i < count);
    return &rules[i];
}

static unsigned qubit_count_of(qhm_gate gate)
{
    const qhm_gate_info *info = qhm_gate_information(gate);
    return info->control_count + info->target_count;
}

static bool are_disjoint(const qhm_rule_step *a, const qhm_rule_step *b)
{
    for (unsigned i = 0; i < qubit_count_of(a->gate); i++)
        for (unsigned j = 0; j < qubit_count_of(b->gate); j++)
            if (a->qubits[i] == b->qubits[j])
                return false;
    return true;
}

static bool is_undone_by(const qhm_rule_step *a, const qhm_rule_step *b)
{
    const qhm_gate_row *row = qhm_gate_table_row(a->gate);
    if (row->inverse != b->gate ||
        memcmp(a->qubits, b->qubits, qubit_count_of(a->gate) * sizeof a->qubits[0]) != 0)
        return false;
    for (unsigned i = 0; i < row->information.angle_count; i++) {
        const qhm_rule_angle *turn = &a->angles[row->inverse_angles[i]], *back = &b->angles[i];
        if (turn->source != back->source || turn->scale != -back->scale ||
            turn->offset != -back->offset)
            return false;
    }
    return true;
}

enum { MAX_STEPS = 16 };

// Marks the steps that need no controls: the first of those left, and one that undoes it behind
// which nothing on its qubits follows, as long as there is such a pair.
static void find_free_steps(const qhm_rule_step *steps, size_t count, bool *is_free)
{
    for (size_t first = 0; first < count; first++) {
        if (is_free[first])
            continue;
        size_t last = count;
        while (last-- > first + 1) {
            if (is_free[last])
                continue;
            if (is_undone_by(&steps[first], &steps[last])) {
                is_free[first] = is_free[last] = true;
                break;
            }
            if (!are_disjoint(&steps[first], &steps[last]))
                break;
        }
        if (!is_free[first])
            return;
    }
}

static qhm_status expand_steps(qhm_expansion *expansion, const qhm_expand_rule *rule, qhm_gate gate,
                               size_t control_count, const uint32_t *qubits,
                               const qhm_angle *angles)
{
    const size_t count = qhm_expand_step_count(rule, gate);
    qhm_rule_step steps[MAX_STEPS];
    bool is_free[MAX_STEPS] = {false};
    assert(count >= 1 && count <= MAX_STEPS);
    for (size_t i = 0; i < count; i++)
        steps[i] = qhm_expand_step(rule, gate, i);
    find_free_steps(steps, count, is_free);
    for (size_t i = 0; i < count; i++) {
        uint32_t own[QHM_GATE_MAX_QUBITS] = {0};
        qhm_angle turned[QHM_GATE_MAX_ANGLES] = {0};
        for (unsigned q = 0; q < qubit_count_of(steps[i].gate); q++)
            own[q] = qubits[steps[i].qubits[q]];
        for (unsigned a = 0; a < qhm_gate_information(steps[i].gate)->angle_count; a++) {
            const qhm_rule_angle *by = &steps[i].angles[a];
            turned[a] = by->scale == 0
                            ? qhm_angle_constant(by->offset)
                            : qhm_angle_affine(angles[by->source], by->scale, by->offset);
        }
        QHM_TRY(is_free[i]
                    ? qhm_expand_gate(expansion, steps[i].gate, own, turned)
                    : qhm_expand_controlled(expansion, steps[i].gate, control_count, own, turned));
    }
    return QHM_OK;
}

qhm_status qhm_expand_controlled(qhm_expansion *expansion, qhm_gate gate, size_t control_count,
                                 const uint32_t *qubits, const qhm_angle *angles)
{
    uint32_t *controls = expansion->controls;
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    size_t count = control_count;
    for (unsigned i = 0; i < row->information.control_count; i++)
        controls[count++] = qubits[i];
    const uint32_t *targets = qubits + row->information.control_count;

    // The gate of the table that has them all built in.
    qhm_gate whole = row->base;
    while (qhm_gate_table_row(whole)->information.control_count < count &&
           qhm_gate_find_controlled(whole, &whole))
        ;
    if (qhm_gate_table_row(whole)->information.control_count == count) {
        uint32_t own[QHM_GATE_MAX_QUBITS];
        for (size_t i = 0; i < count; i++)
            own[i] = controls[i];
        for (unsigned i = 0; i < row->information.target_count; i++)
            own[count + i] = targets[i];
        return qhm_expand_gate(expansion, whole, own, angles);
    }
    if (row->base == QHM_GATE_X)
        return expand_x(expansion, count, targets[0]);
    if (row->base == QHM_GATE_RZ)
        return expand_rz(expansion, controls, count, targets[0], angles[0]);
    if (row->base == QHM_GATE_P) {
        controls[count] = targets[0];
        return qhm_expand_phase(expansion, count + 1, angles[0]);
    }
    return expand_steps(expansion, rule_under_controls(row->base), row->base, count, targets,
                        angles);
}
