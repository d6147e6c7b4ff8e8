// The inside of qhm_circuit_expand: rules between gates, controls, unitaries.
#ifndef QHM_CIRCUIT_EXPAND_INTERNAL_H
#define QHM_CIRCUIT_EXPAND_INTERNAL_H

#include "circuit/circuit_internal.h"

// scale * angles[source] + offset
typedef struct qhm_rule_angle {
    uint8_t source;
    double scale, offset;
} qhm_rule_angle;

typedef struct qhm_rule_step {
    qhm_gate gate;
    uint8_t qubits[QHM_GATE_MAX_QUBITS]; // among the expanded gate's own
    qhm_rule_angle angles[QHM_GATE_MAX_ANGLES];
} qhm_rule_step;

// gate = e^{i phase} times the steps, with phase = sum of phase_scales[i] * angles[i] +
// phase_offset.
typedef struct qhm_expand_rule {
    qhm_gate gate;
    const qhm_rule_step *steps;
    size_t step_count;
    double phase_scales[QHM_GATE_MAX_ANGLES], phase_offset;
} qhm_expand_rule;

// The rules beside the steps of the gate table.
const qhm_expand_rule *qhm_expand_rules(size_t *count);

// How a gate is expressed by allowed gates.
typedef struct qhm_expand_choice {
    double cost;                 // of the allowed gates; infinite when there is no way
    const qhm_expand_rule *rule; // NULL: the steps of the gate table
} qhm_expand_choice;

// The cheapest way to every gate. keeps_phase: only by exact rules.
void qhm_expand_choose(const bool allowed[QHM_GATE_COUNT], bool keeps_phase,
                       qhm_expand_choice choices[QHM_GATE_COUNT]);

size_t qhm_expand_step_count(const qhm_expand_rule *rule, qhm_gate gate);

// Step `index` of a rule, or of the gate table if rule is NULL.
qhm_rule_step qhm_expand_step(const qhm_expand_rule *rule, qhm_gate gate, size_t index);

// One circuit being expanded.
typedef struct qhm_expansion {
    qhm_circuit *made;
    bool allowed[QHM_GATE_COUNT];
    bool keeps_phase;
    qhm_expand_choice choices[QHM_GATE_COUNT];
    qhm_condition condition; // of the instruction that is being expanded
    uint32_t *controls;      // [qubits + 2]: its controls; deeper steps add theirs at the end
    uint32_t *idle;          // [qubits]: qubits that it does not touch, as far as needed
    size_t idle_count;
    bool *is_touched; // [qubits]
} qhm_expansion;

// Appends a gate of the table without extra controls, by allowed gates.
QHM_MUST_CHECK qhm_status qhm_expand_gate(qhm_expansion *expansion, qhm_gate gate,
                                          const uint32_t *qubits, const qhm_angle *angles);

// Appends a gate under the first control_count of expansion->controls and its own.
QHM_MUST_CHECK qhm_status qhm_expand_controlled(qhm_expansion *expansion, qhm_gate gate,
                                                size_t control_count, const uint32_t *qubits,
                                                const qhm_angle *angles);

// Appends e^{i angle} where the first control_count (at least 1) of expansion->controls are 1.
QHM_MUST_CHECK qhm_status qhm_expand_phase(qhm_expansion *expansion, size_t control_count,
                                           qhm_angle angle);

// Appends a unitary [2^n][2^n] on n targets under the first control_count of expansion->controls.
QHM_MUST_CHECK qhm_status qhm_expand_unitary(qhm_expansion *expansion, size_t control_count,
                                             const uint32_t *targets, size_t target_count,
                                             const qhm_complex *matrix);

#endif
