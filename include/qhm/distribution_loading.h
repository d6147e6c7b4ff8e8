/** @file distribution_loading.h
 *  Loading probability distributions whose integrals are known [grover2002].
 *
 *  From the top qubit down, each qubit turns by the share of its half in the interval that the
 *  qubits above it have chosen: sum_j sqrt(p_j) |j> over 2^n equal cells. That takes 2^n - 1
 *  integrals and as many rotations. An exponential needs neither: its qubits are independent, n
 *  rotations and no CX. Reading the distribution back takes about 2^n / error^2 shots, and sampling
 *  it classically costs less than a load; Monte Carlo on top of it gains nothing either
 *  [herbert2021]. */
#ifndef QHM_DISTRIBUTION_LOADING_H
#define QHM_DISTRIBUTION_LOADING_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The integral of a density, up to a constant factor. @param context  what it needs. */
typedef double qhm_distribution_integral(void *context, double low, double high);

/** Creates the circuit for the cells of [low, high), cell 0 at `low`, by the tree of integrals.
 *  @param qubit_count  1 to 16.
 *  @param integral     not below 0, not 0 over the whole.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (also an integral that is negative or not finite);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_distribution_loading_create(
    size_t qubit_count, double low, double high, qhm_distribution_integral *integral, void *context,
    qhm_circuit **circuit);

/** Creates the circuit of p_j proportional to exp(-rate j): RY(2 atan exp(-rate 2^q / 2)) on each
 *  qubit q, and nothing else; rate 0 is the uniform distribution.
 *  @param qubit_count  1 to 1,000.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (rate not finite); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_exponential_loading_create(size_t qubit_count, double rate,
                                                                 qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
