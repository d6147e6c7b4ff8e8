/** @file sparse_ising.h
 *  Ising problems of many spins and few couplings: what annealers hold.
 *
 *  E(s) = constant + sum_i h_i s_i + sum J_ij s_i s_j over the couplings that are listed, spins
 *  being bytes of +1 or -1. Costs are minimised. qhm/ising.h has problems of up to 64 spins, as
 *  bits, with exact searches; qhm/spin_sampling.h draws spins of both. */
#ifndef QHM_SPARSE_ISING_H
#define QHM_SPARSE_ISING_H

#include <qhm/ising.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A problem of 1 to 2^20 spins; immutable. */
typedef struct qhm_sparse_ising qhm_sparse_ising;

/** A term value s_a s_b. */
typedef struct qhm_spin_coupling {
    uint32_t spins[2]; /**< two different ones */
    double value;      /**< finite */
} qhm_spin_coupling;

/** Creates a problem. A pair that is listed several times has the sum of its values.
 *  @param fields     [spin_count], finite; NULL: none.
 *  @param couplings  [coupling_count]; NULL with a count of 0.
 *  @param ising      free it with qhm_sparse_ising_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_sparse_ising_create(size_t spin_count, double constant,
                                                          const double *fields,
                                                          size_t coupling_count,
                                                          const qhm_spin_coupling *couplings,
                                                          qhm_sparse_ising **ising);

/** The same problem as a dense one: bit i = 1 is s_i = -1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_sparse_ising_convert(const qhm_ising *dense,
                                                           qhm_sparse_ising **ising);

/** Frees a problem; NULL is fine. */
QHM_API void qhm_sparse_ising_destroy(qhm_sparse_ising *ising);

QHM_API size_t qhm_sparse_ising_spin_count(const qhm_sparse_ising *ising); /**< Spins. */

/** Couplings, as they were listed. */
QHM_API size_t qhm_sparse_ising_coupling_count(const qhm_sparse_ising *ising);

/** The cost of spins. @param spins  [spin_count] of +1 or -1. Cost: O(spins + couplings). */
QHM_API double qhm_sparse_ising_energy(const qhm_sparse_ising *ising, const int8_t *spins);

#ifdef __cplusplus
}
#endif
#endif
