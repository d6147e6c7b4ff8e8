// Patterns of bits, each of which turns the phase of the states that have it.
#ifndef QHM_ALGORITHM_PHASE_PATTERN_H
#define QHM_ALGORITHM_PHASE_PATTERN_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

// Zero-initialise. Bits are added to the open pattern; only closed patterns count.
typedef struct qhm_pattern_list {
    uint32_t *qubits; // of all patterns
    uint8_t *values;
    size_t bit_count, qubit_capacity, value_capacity;
    size_t *ends; // where each closed pattern ends
    size_t count, end_capacity;
} qhm_pattern_list;

// What the open pattern says of a qubit.
typedef enum qhm_pattern_bit {
    QHM_PATTERN_ZERO = 0,
    QHM_PATTERN_ONE = 1,
    QHM_PATTERN_FREE = 2
} qhm_pattern_bit;

void qhm_pattern_list_release(qhm_pattern_list *list);
QHM_MUST_CHECK qhm_status qhm_pattern_list_add_bit(qhm_pattern_list *list, uint32_t qubit,
                                                   bool value);
qhm_pattern_bit qhm_pattern_list_open_bit(const qhm_pattern_list *list, uint32_t qubit);
QHM_MUST_CHECK qhm_status qhm_pattern_list_close(qhm_pattern_list *list);

// Whether any closed pattern is that of a basis state.
bool qhm_pattern_list_holds(const qhm_pattern_list *list, const uint8_t *bits);

// Appends exp(i angle) on states with a pattern, if `control_count` qubits from `first_control`
// are on too. Z gates for the angle pi.
QHM_MUST_CHECK qhm_status qhm_pattern_list_append_phase(const qhm_pattern_list *list,
                                                        qhm_circuit *circuit, double angle,
                                                        size_t first_control, size_t control_count);

#endif
