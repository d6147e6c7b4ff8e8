// The shot that a QIR program is in: what it asks for is recorded as a circuit, which runs when an
// outcome is needed.
#ifndef QHM_QIR_SHOT_H
#define QHM_QIR_SHOT_H

#include "qir/qir_api.h"

#include <qhm/circuit.h>
#include <stddef.h>

struct qir_array {
    int64_t count, references;
    size_t element_bytes;
    _Alignas(16) char items[];
};

// Says why on stderr and ends the process.
_Noreturn void qhm_qir_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Memory; the process ends when there is none.
void *qhm_qir_allocate(size_t count, size_t size);
void *qhm_qir_grow(void *block, size_t count, size_t size);

// Prints the outcomes of the shot so far, if any, and begins another.
void qhm_qir_shot_begin(void);

// Adds a gate under controls (NULL: none) to the shot.
void qhm_qir_append(qhm_gate gate, const qir_array *controls, double angle,
                    qir_qubit *const *qubits, size_t qubit_count);

void qhm_qir_measure(qir_qubit *qubit, qir_result *result);
// Into a result of its own.
qir_result *qhm_qir_measure_new(qir_qubit *qubit);
bool qhm_qir_read(qir_result *result);

qir_qubit *qhm_qir_qubit_take(void);
void qhm_qir_qubit_give_back(qir_qubit *qubit);

// Prints a line of the shot when it ends: "OUTPUT", the kind, a value and a label or NULL.
void qhm_qir_record(const char *kind, const char *value, const char *label);
// The same with the outcome of a result as its value.
void qhm_qir_record_result(qir_result *result, const char *label);

#endif
