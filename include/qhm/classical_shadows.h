/** @file classical_shadows.h
 *  Classical shadows: many Pauli strings estimated from shots in random bases [huang2020].
 *
 *  Every shot measures each qubit in X, Y or Z, drawn evenly. A string of weight k is estimated by
 *  3^k times the product of its qubits' signs if all of its letters were drawn, else by 0: on
 *  average exactly its expectation value, with the variance 3^k - value^2 a shot. The estimate is
 *  the median of means of batches, which few wild batches cannot move.
 *
 *  What it saves is shots where there are many strings; each shot may need a setting of its own,
 *  up to 3^n of them, and a chip has to be set up for each.
 *
 *  @code
 *  status = qhm_shadows_measure(preparation, 10000, seed, &ledger, &shadows);
 *  status = qhm_shadows_estimate(shadows, qhm_observable_term(zz, 0), 10, &estimate);
 *  @endcode */
#ifndef QHM_CLASSICAL_SHADOWS_H
#define QHM_CLASSICAL_SHADOWS_H

#include <qhm/circuit.h>
#include <qhm/ledger.h>
#include <qhm/observable.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What was measured in one shot: bit i is qubit i's. */
typedef struct qhm_shadow {
    uint64_t x;       /**< measured in X */
    uint64_t y;       /**< measured in Y; in neither: Z */
    uint64_t outcome; /**< the bits that came */
} qhm_shadow;

/** Shots in random bases. */
typedef struct qhm_shadows qhm_shadows;

/** Creates an empty collection. @param qubit_count  1 to 40.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_shadows_create(size_t qubit_count, qhm_shadows **shadows);

/** Frees it; NULL is fine. */
QHM_API void qhm_shadows_destroy(qhm_shadows *shadows);

/** Adds a shot.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a qubit in X and Y, or one out of range);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_shadows_append(qhm_shadows *shadows, const qhm_shadow *shot);

QHM_API size_t qhm_shadows_count(const qhm_shadows *shadows); /**< Its shots. */

/** A shot. @param index  in range. */
QHM_API qhm_shadow qhm_shadows_shot(const qhm_shadows *shadows, size_t index);

/** Creates the circuit that prepares a state and measures it in the bases of a shot.
 *  @param preparation  gates only, without slots.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_shadows_circuit_create(const qhm_circuit *preparation,
                                                             const qhm_shadow *bases,
                                                             qhm_circuit **circuit);

/** Runs shots in bases that are drawn for each, on the simulator that suits them. Each setting that
 *  was drawn is a circuit of its own in the ledger.
 *  @param ledger  added to. @param shadows  in random order.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY; as simulators. */
QHM_API QHM_MUST_CHECK qhm_status qhm_shadows_measure(const qhm_circuit *preparation, size_t shots,
                                                      uint64_t seed, qhm_ledger *ledger,
                                                      qhm_shadows **shadows);

/** What a string was estimated to be. */
typedef struct qhm_shadow_estimate {
    double value;          /**< the median of means */
    double standard_error; /**< of it: sqrt(b pi / (2 b + pi - 2)) times the mean's for b batches,
                              as of normal ones; NaN where batches have less than 30 hits each
                              on average, since their medians are not */
    double mean;           /**< of all shots */
    double mean_standard_error; /**< sqrt((3^k - min(mean^2, 1)) / shots) */
    size_t hits;                /**< shots in which all of its letters were drawn */
} qhm_shadow_estimate;

/** Estimates coefficient times a string.
 *  @param batches  1 to the number of shots, into which they are cut in order.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a qubit out of range, batches out of range);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_shadows_estimate(const qhm_shadows *shadows,
                                                       const qhm_pauli_term *term, size_t batches,
                                                       qhm_shadow_estimate *estimate);

/** Batches for `count` strings at once, all within their errors but for a chance of `failure`:
 *  2 ln(2 count / failure), rounded up. @param failure  in (0, 1). */
QHM_API size_t qhm_shadows_batches(size_t count, double failure);

/** Shots that theory promises to be enough: batches of 34 * 3^weight / error^2. */
QHM_API double qhm_shadows_shots(size_t count, size_t weight, double error, double failure);

#ifdef __cplusplus
}
#endif
#endif
