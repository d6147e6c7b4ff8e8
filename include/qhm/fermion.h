/** @file fermion.h
 *  Electrons on qubits: products of creation and annihilation operators as Pauli strings.
 *
 *  A mode is a spin orbital. Jordan and Wigner keep on qubit p whether mode p is occupied
 *  [jordan1928]; the parity map keeps on qubit p the parity of modes 0 to p [seeley2012].
 *
 *  @code
 *  // The number of electrons on two modes: 1 - Z0 / 2 - Z1 / 2.
 *  status = qhm_fermion_create(2, &number);
 *  for (uint32_t p = 0; p < 2 && status == QHM_OK; p++)
 *      status = qhm_fermion_append(number, 1, (qhm_ladder[]){{p, true}, {p, false}}, 2);
 *  if (status == QHM_OK)
 *      status = qhm_fermion_map(number, QHM_FERMION_JORDAN_WIGNER, &observable, NULL);
 *  @endcode */
#ifndef QHM_FERMION_H
#define QHM_FERMION_H

#include <qhm/observable.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How modes become qubits. */
typedef enum qhm_fermion_encoding {
    QHM_FERMION_JORDAN_WIGNER = 0, /**< qubit p: whether mode p is occupied */
    QHM_FERMION_PARITY = 1,        /**< qubit p: the parity of modes 0 to p */
    QHM_FERMION_ENCODING_COUNT
} qhm_fermion_encoding;

/** One operator: a, or its adjoint, which creates an electron. */
typedef struct qhm_ladder {
    uint32_t mode;    /**< which spin orbital */
    bool is_creation; /**< the adjoint */
} qhm_ladder;

/** A sum of products of such operators with real coefficients. */
typedef struct qhm_fermion qhm_fermion;

/** Creates the zero operator. @param mode_count  1 to 64.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_fermion_create(size_t mode_count, qhm_fermion **fermion);

/** Frees an operator; NULL is fine. */
QHM_API void qhm_fermion_destroy(qhm_fermion *fermion);

/** Adds coefficient times a product, the first operator leftmost; none: the identity.
 *  @param ladders  [count], at most 8.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no such mode, not finite, too many);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_fermion_append(qhm_fermion *fermion, double coefficient,
                                                     const qhm_ladder *ladders, size_t count);

QHM_API size_t qhm_fermion_mode_count(const qhm_fermion *fermion); /**< Modes. */
QHM_API size_t qhm_fermion_term_count(const qhm_fermion *fermion); /**< Products. */

/** Maps an operator to qubits: it is `hermitian` + i `antihermitian`, both real sums of Pauli
 *  strings in a fixed order. Coefficients below 1e-12 are dropped.
 *  @param antihermitian  NULL: the operator has to be Hermitian.
 *  @param hermitian      NULL: it has to be anti-Hermitian, as what excites less its adjoint.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a part that is not asked for is not zero);
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: 2^k for a product of k operators. */
QHM_API QHM_MUST_CHECK qhm_status qhm_fermion_map(const qhm_fermion *fermion,
                                                  qhm_fermion_encoding encoding,
                                                  qhm_observable **hermitian,
                                                  qhm_observable **antihermitian);

/** Puts a value in place of Z on a qubit where no string has X or Y, and removes the qubit: those
 *  above move down. In the parity map with all spins up first, the qubits n/2 - 1 and n - 1 have
 *  the values (-1)^(spins up) and (-1)^(electrons).
 *  @param value  1 or -1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (X or Y on the qubit, another value);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_fermion_reduce(const qhm_observable *observable, size_t qubit,
                                                     int value, qhm_observable **reduced);

#ifdef __cplusplus
}
#endif
#endif
