// Rules that express gates by others, and the choice of the cheapest for a set of allowed gates.
#include "circuit/expand_internal.h"

#include <math.h>

#define RULE(expanded, array)                                                                      \
    .gate = (expanded), .steps = (array), .step_count = sizeof(array) / sizeof((array)[0])

static const qhm_rule_step h_by_u[] = {{QHM_GATE_U, {0}, {{0, 0, M_PI / 2}, {0}, {0, 0, M_PI}}}};
static const qhm_rule_step h_by_ry[] = {{QHM_GATE_Z, {0}, {{0}}},
                                        {QHM_GATE_RY, {0}, {{0, 0, M_PI / 2}}}};
static const qhm_rule_step h_by_sx[] = {{QHM_GATE_RZ, {0}, {{0, 0, M_PI / 2}}},
                                        {QHM_GATE_SX, {0}, {{0}}},
                                        {QHM_GATE_RZ, {0}, {{0, 0, M_PI / 2}}}};
static const qhm_rule_step by_rz[] = {{QHM_GATE_RZ, {0}, {{0, 1, 0}}}};
static const qhm_rule_step by_p[] = {{QHM_GATE_P, {0}, {{0, 1, 0}}}};
static const qhm_rule_step p_by_u[] = {{QHM_GATE_U, {0}, {{0}, {0}, {0, 1, 0}}}};
static const qhm_rule_step rz_by_rx[] = {
    {QHM_GATE_H, {0}, {{0}}}, {QHM_GATE_RX, {0}, {{0, 1, 0}}}, {QHM_GATE_H, {0}, {{0}}}};
static const qhm_rule_step rz_by_ry[] = {{QHM_GATE_RY, {0}, {{0, 0, M_PI / 2}}},
                                         {QHM_GATE_RX, {0}, {{0, 1, 0}}},
                                         {QHM_GATE_RY, {0}, {{0, 0, -M_PI / 2}}}};
static const qhm_rule_step rz_by_p[] = {{QHM_GATE_P, {0}, {{0, 0.5, 0}}},
                                        {QHM_GATE_X, {0}, {{0}}},
                                        {QHM_GATE_P, {0}, {{0, -0.5, 0}}},
                                        {QHM_GATE_X, {0}, {{0}}}};
static const qhm_rule_step rx_by_u[] = {
    {QHM_GATE_U, {0}, {{0, 1, 0}, {0, 0, -M_PI / 2}, {0, 0, M_PI / 2}}}};
static const qhm_rule_step ry_by_u[] = {{QHM_GATE_U, {0}, {{0, 1, 0}}}};
static const qhm_rule_step ry_by_sx[] = {
    {QHM_GATE_SX, {0}, {{0}}}, {QHM_GATE_RZ, {0}, {{0, 1, 0}}}, {QHM_GATE_SXDG, {0}, {{0}}}};
static const qhm_rule_step x_by_u[] = {{QHM_GATE_U, {0}, {{0, 0, M_PI}, {0}, {0, 0, M_PI}}}};
static const qhm_rule_step x_by_sx[] = {{QHM_GATE_SX, {0}, {{0}}}, {QHM_GATE_SX, {0}, {{0}}}};
static const qhm_rule_step x_by_rx[] = {{QHM_GATE_RX, {0}, {{0, 0, M_PI}}}};
static const qhm_rule_step y_by_ry[] = {{QHM_GATE_RY, {0}, {{0, 0, M_PI}}}};
static const qhm_rule_step sx_by_rx[] = {{QHM_GATE_RX, {0}, {{0, 0, M_PI / 2}}}};
static const qhm_rule_step sxdg_by_rx[] = {{QHM_GATE_RX, {0}, {{0, 0, -M_PI / 2}}}};
static const qhm_rule_step sxdg_by_sx[] = {{QHM_GATE_X, {0}, {{0}}}, {QHM_GATE_SX, {0}, {{0}}}};
static const qhm_rule_step u_by_ry[] = {{QHM_GATE_RZ, {0}, {{2, 1, 0}}},
                                        {QHM_GATE_RY, {0}, {{0, 1, 0}}},
                                        {QHM_GATE_RZ, {0}, {{1, 1, 0}}}};
static const qhm_rule_step u_by_sx[] = {{QHM_GATE_RZ, {0}, {{2, 1, 0}}},
                                        {QHM_GATE_SX, {0}, {{0}}},
                                        {QHM_GATE_RZ, {0}, {{0, 1, M_PI}}},
                                        {QHM_GATE_SX, {0}, {{0}}},
                                        {QHM_GATE_RZ, {0}, {{1, 1, M_PI}}}};
static const qhm_rule_step cx_by_cz[] = {
    {QHM_GATE_H, {1}, {{0}}}, {QHM_GATE_CZ, {0, 1}, {{0}}}, {QHM_GATE_H, {1}, {{0}}}};
static const qhm_rule_step cx_by_ecr[] = {{QHM_GATE_RZ, {0}, {{0, 0, -M_PI / 2}}},
                                          {QHM_GATE_SXDG, {1}, {{0}}},
                                          {QHM_GATE_ECR, {0, 1}, {{0}}},
                                          {QHM_GATE_X, {0}, {{0}}}};
static const qhm_rule_step cz_by_cp[] = {{QHM_GATE_CP, {0, 1}, {{0, 0, M_PI}}}};
static const qhm_rule_step cp_by_rzz[] = {{QHM_GATE_P, {0}, {{0, 0.5, 0}}},
                                          {QHM_GATE_P, {1}, {{0, 0.5, 0}}},
                                          {QHM_GATE_RZZ, {0, 1}, {{0, -0.5, 0}}}};
static const qhm_rule_step rzz_by_rxx[] = {{QHM_GATE_H, {0}, {{0}}},
                                           {QHM_GATE_H, {1}, {{0}}},
                                           {QHM_GATE_RXX, {0, 1}, {{0, 1, 0}}},
                                           {QHM_GATE_H, {0}, {{0}}},
                                           {QHM_GATE_H, {1}, {{0}}}};
static const qhm_rule_step iswap_by_rxx[] = {{QHM_GATE_RXX, {0, 1}, {{0, 0, -M_PI / 2}}},
                                             {QHM_GATE_RYY, {0, 1}, {{0, 0, -M_PI / 2}}}};
static const qhm_rule_step iswapdg_by_rxx[] = {{QHM_GATE_RXX, {0, 1}, {{0, 0, M_PI / 2}}},
                                               {QHM_GATE_RYY, {0, 1}, {{0, 0, M_PI / 2}}}};

static const qhm_expand_rule rules[] = {
    {RULE(QHM_GATE_H, h_by_u)},
    {RULE(QHM_GATE_H, h_by_ry)},
    {RULE(QHM_GATE_H, h_by_sx), .phase_offset = M_PI / 4},
    {RULE(QHM_GATE_P, by_rz), .phase_scales = {0.5}},
    {RULE(QHM_GATE_P, p_by_u)},
    {RULE(QHM_GATE_RZ, by_p), .phase_scales = {-0.5}},
    {RULE(QHM_GATE_RZ, rz_by_rx)},
    {RULE(QHM_GATE_RZ, rz_by_ry)},
    {RULE(QHM_GATE_RZ, rz_by_p)},
    {RULE(QHM_GATE_RX, rx_by_u)},
    {RULE(QHM_GATE_RY, ry_by_u)},
    {RULE(QHM_GATE_RY, ry_by_sx)},
    {RULE(QHM_GATE_X, x_by_u)},
    {RULE(QHM_GATE_X, x_by_sx)},
    {RULE(QHM_GATE_X, x_by_rx), .phase_offset = M_PI / 2},
    {RULE(QHM_GATE_Y, y_by_ry), .phase_offset = M_PI / 2},
    {RULE(QHM_GATE_SX, sx_by_rx), .phase_offset = M_PI / 4},
    {RULE(QHM_GATE_SXDG, sxdg_by_rx), .phase_offset = -M_PI / 4},
    {RULE(QHM_GATE_SXDG, sxdg_by_sx)},
    {RULE(QHM_GATE_U, u_by_ry), .phase_scales = {0, 0.5, 0.5}},
    {RULE(QHM_GATE_U, u_by_sx), .phase_scales = {0, 0.5, 0.5}, .phase_offset = M_PI / 2},
    {RULE(QHM_GATE_CX, cx_by_cz)},
    {RULE(QHM_GATE_CX, cx_by_ecr)},
    {RULE(QHM_GATE_CZ, cz_by_cp)},
    {RULE(QHM_GATE_CP, cp_by_rzz), .phase_scales = {-0.25}},
    {RULE(QHM_GATE_RZZ, rzz_by_rxx)},
    {RULE(QHM_GATE_ISWAP, iswap_by_rxx)},
    {RULE(QHM_GATE_ISWAPDG, iswapdg_by_rxx)},
};

const qhm_expand_rule *qhm_expand_rules(size_t *count)
{
    *count = sizeof rules / sizeof rules[0];
    return rules;
}

size_t qhm_expand_step_count(const qhm_expand_rule *rule, qhm_gate gate)
{
    return rule ? rule->step_count : qhm_gate_table_row(gate)->step_count;
}

qhm_rule_step qhm_expand_step(const qhm_expand_rule *rule, qhm_gate gate, size_t index)
{
    if (rule)
        return rule->steps[index];
    const qhm_gate_step *step = &qhm_gate_table_row(gate)->steps[index];
    qhm_rule_step same = {.gate = step->gate,
                          .angles = {{step->source, step->scale, step->offset}}};
    for (int i = 0; i < QHM_GATE_MAX_QUBITS; i++)
        same.qubits[i] = step->qubits[i];
    return same;
}

// Two-qubit gates are what costs on machines.
static double cost_of_allowed(qhm_gate gate)
{
    const qhm_gate_info *info = qhm_gate_information(gate);
    const unsigned qubits = info->control_count + info->target_count;
    return qubits <= 1 ? 1 : qubits == 2 ? 10 : 60;
}

static double cost_of_steps(const qhm_expand_rule *rule, qhm_gate gate,
                            const qhm_expand_choice *choices)
{
    const size_t count = qhm_expand_step_count(rule, gate);
    double cost = count > 0 ? 0 : INFINITY;
    for (size_t i = 0; i < count; i++)
        cost += choices[qhm_expand_step(rule, gate, i).gate].cost;
    return cost;
}

static bool has_phase(const qhm_expand_rule *rule)
{
    return rule->phase_offset != 0 || rule->phase_scales[0] != 0 || rule->phase_scales[1] != 0 ||
           rule->phase_scales[2] != 0;
}

static bool improve(qhm_gate gate, const qhm_expand_rule *rule, qhm_expand_choice *choices)
{
    const double cost = cost_of_steps(rule, gate, choices);
    if (!(cost < choices[gate].cost))
        return false;
    choices[gate] = (qhm_expand_choice){cost, rule};
    return true;
}

void qhm_expand_choose(const bool allowed[QHM_GATE_COUNT], bool keeps_phase,
                       qhm_expand_choice choices[QHM_GATE_COUNT])
{
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++)
        choices[gate] =
            (qhm_expand_choice){allowed[gate] ? cost_of_allowed((qhm_gate)gate) : INFINITY, NULL};
    // Costs are sums of positive costs, so that they sink to a fixed point, without cycles.
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++)
            if (!allowed[gate])
                has_changed |= improve((qhm_gate)gate, NULL, choices);
        for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
            if (!allowed[rules[i].gate] && !(keeps_phase && has_phase(&rules[i])))
                has_changed |= improve(rules[i].gate, &rules[i], choices);
    }
}
