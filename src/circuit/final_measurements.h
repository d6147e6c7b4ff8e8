// Circuits whose measurements come last: what plain job formats and the Base Profile of QIR can
// say.
#ifndef QHM_CIRCUIT_FINAL_MEASUREMENTS_H
#define QHM_CIRCUIT_FINAL_MEASUREMENTS_H

#include "base/status_internal.h"

#include <qhm/circuit.h>

enum { QHM_NOT_MEASURED = UINT32_MAX };

// Refuses slots, conditions, loops, assignments, resets of qubits that were used, and operations on
// a qubit after its measurement, as "instruction 3: <format> has no conditions: x".
QHM_MUST_CHECK qhm_status qhm_check_final_measurements(const qhm_circuit *circuit,
                                                       const char *format);

// qubits[bit] is the qubit whose outcome the bit holds at the end, or QHM_NOT_MEASURED.
void qhm_find_measured_qubits(const qhm_circuit *circuit, uint32_t *qubits);

#endif
