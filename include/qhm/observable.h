/** @file observable.h
 *  Observables: sums of Pauli strings with real coefficients. */
#ifndef QHM_OBSERVABLE_H
#define QHM_OBSERVABLE_H

#include <qhm/status.h>
#include <qhm/types.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A Pauli matrix on one qubit. */
typedef struct qhm_pauli_factor {
    uint32_t qubit;
    qhm_pauli pauli; /**< X, Y or Z */
} qhm_pauli_factor;

/** coefficient times the product of the factors; no factor: the identity. */
typedef struct qhm_pauli_term {
    double coefficient;
    size_t factor_count;
    const qhm_pauli_factor *factors; /**< by ascending qubit */
} qhm_pauli_term;

/** A real-weighted sum of Pauli strings. */
typedef struct qhm_observable qhm_observable;

/** Creates the zero observable. @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_observable_create(qhm_observable **observable);

/** Frees an observable; NULL is fine. */
QHM_API void qhm_observable_destroy(qhm_observable *observable);

/** Adds a term; an equal string that is there already takes up the coefficient.
 *  @param factors  [factor_count], distinct qubits in any order; identities are dropped.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (repeated qubit, coefficient not finite);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_observable_append(qhm_observable *observable,
                                                        double coefficient,
                                                        const qhm_pauli_factor *factors,
                                                        size_t factor_count);

/** Reads a sum such as "Z0 Z1 + 0.5 X2 - 1.5", or dense labels such as "0.5 XIZ" whose
 *  rightmost letter is qubit 0.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT with the column of the mistake; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_observable_parse(const char *text,
                                                       qhm_observable **observable);

/** Prints a sum that qhm_observable_parse reads back; free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_observable_print(const qhm_observable *observable,
                                                       char **text);

/** The number of terms. */
QHM_API size_t qhm_observable_term_count(const qhm_observable *observable);

/** Term `index`, borrowed until the observable changes. @param index  in range. */
QHM_API const qhm_pauli_term *qhm_observable_term(const qhm_observable *observable, size_t index);

/** One more than the largest qubit in use; 0 for a constant. */
QHM_API size_t qhm_observable_qubit_count(const qhm_observable *observable);

#ifdef __cplusplus
}
#endif
#endif
