/** @file oracle.h
 *  Oracles: circuits that turn the phase of the items that a search is for.
 *
 *  What an oracle knows it has to calculate, in every call: it computes a condition into work
 *  qubits, turns the phase, and computes all back, so that a call takes twice what the condition
 *  takes. Nothing is asked of it for free, stored tables least of all: a table of N values is
 *  loaded and unloaded by about 4 N Toffoli gates in every call.
 *
 *  @code
 *  status = qhm_oracle_create_marked(4, (uint64_t[]){5}, 1, &oracle);
 *  status = qhm_oracle_circuit_create(oracle, M_PI, 0, &circuit);
 *  @endcode */
#ifndef QHM_ORACLE_H
#define QHM_ORACLE_H

#include <qhm/boolean_formula.h>
#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A condition on basis states of n qubits, as a circuit. */
typedef struct qhm_oracle qhm_oracle;

/** Marks listed items, by one multi-controlled phase gate each.
 *  @param qubit_count  1 to 62.
 *  @param items        [count] below 2^qubit_count, each once; none is fine.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_oracle_create_marked(size_t qubit_count,
                                                           const uint64_t *items, size_t count,
                                                           qhm_oracle **oracle);

/** Marks the assignments that a formula is true for: a work qubit for each of its parts, by a
 *  multi-controlled X, and a phase gate under the parts of its outermost conjunction.
 *  @return as qhm_oracle_create_marked. */
QHM_API QHM_MUST_CHECK qhm_status qhm_oracle_create_formula(const qhm_boolean_formula *formula,
                                                            qhm_oracle **oracle);

/** Marks the addresses whose value is less than a bound: loads the value of every address by unary
 *  iteration [babbush2018], compares, and takes both back. Addresses beyond the table are not
 *  marked. Work qubits: n + 2 width; a load takes 2 (2^n - 2) Toffoli gates.
 *  @param qubit_count  n of addresses, 1 to 24.
 *  @param width        bits of a value, 1 to 32.
 *  @param values       [count], count from 1 to 2^n, each below 2^width.
 *  @param bound        0 to 2^width - 1.
 *  @return as qhm_oracle_create_marked. */
QHM_API QHM_MUST_CHECK qhm_status qhm_oracle_create_less(size_t qubit_count, size_t width,
                                                         const uint64_t *values, size_t count,
                                                         uint64_t bound, qhm_oracle **oracle);

/** Marks the pairs of numbers whose product is a given one: multiplies, compares, and takes the
 *  product back. Item a + 2^width b is the pair a, b. Work qubits: 2 width + 1; a call takes
 *  2 width (3 width + 1) Toffoli gates and a phase gate under 2 width qubits.
 *  @param width    bits of a factor, 1 to 31.
 *  @param product  below 2^(2 width).
 *  @return as qhm_oracle_create_marked. */
QHM_API QHM_MUST_CHECK qhm_status qhm_oracle_create_product(size_t width, uint64_t product,
                                                            qhm_oracle **oracle);

/** Frees an oracle; NULL is fine. */
QHM_API void qhm_oracle_destroy(qhm_oracle *oracle);

QHM_API size_t qhm_oracle_qubit_count(const qhm_oracle *oracle); /**< Qubits that are searched. */
QHM_API size_t qhm_oracle_work_count(const qhm_oracle *oracle);  /**< Work qubits. */

/** Times that a call brings stored data into the state: 2 for a table, else 0. */
QHM_API size_t qhm_oracle_load_count(const qhm_oracle *oracle);

/** Whether an item is marked: the classical check of what was measured. Runs the circuit that
 *  computes the condition on this one item.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (an item out of range); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_oracle_check(const qhm_oracle *oracle, uint64_t item,
                                                   bool *is_marked);

/** Creates the circuit of one call: marked items get the phase exp(i angle).
 *  @param angle          M_PI for the sign of a search.
 *  @param control_count  qubits that all have to be on; only the phase gates need them.
 *  @param circuit        registers `search`, `work`, `control`; those that are empty are left out.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_oracle_circuit_create(const qhm_oracle *oracle, double angle,
                                                            size_t control_count,
                                                            qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
