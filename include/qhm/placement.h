/** @file placement.h
 *  Which of several chips a circuit should run on, and why.
 *
 *  @code
 *  qhm_placement_candidate candidates[2];
 *  size_t chosen;
 *  char *reason;
 *  status = qhm_placement_choose(circuit, devices, 2, NULL, candidates, &chosen, &reason);
 *  if (status == QHM_OK)
 *      printf("%s\n", reason); // "on willow: expected success with readout 0.93 …"
 *  qhm_string_destroy(reason);
 *  @endcode */
#ifndef QHM_PLACEMENT_H
#define QHM_PLACEMENT_H

#include <qhm/circuit.h>
#include <qhm/cost.h>
#include <qhm/device.h>
#include <qhm/estimate.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is compared; zero means the default in every field. */
typedef struct qhm_placement_options {
    qhm_estimate_options estimate; /**< how the circuit is compiled and how many shots it takes */
    uint64_t executions; /**< seconds and joules are those of so many, sent as one job; 0: 1 */
    double tolerance;    /**< expected successes that differ by no more count as equal; 0: 0.01 */
} qhm_placement_options;

/** Room for why a circuit does not fit. */
#define QHM_PLACEMENT_NOTE_BYTES 256

/** A circuit on one of the chips. */
typedef struct qhm_placement_candidate {
    bool fits;
    char note[QHM_PLACEMENT_NOTE_BYTES]; /**< why it does not fit; else "" */
    qhm_estimate estimate;               /**< where it fits */
    qhm_cost cost;                       /**< the same; its figures are the device's */
} qhm_placement_candidate;

/** Compiles a circuit for each of several chips and chooses one.
 *
 *  Of the chips that it fits on, those count whose expected success (qhm_compile_summary) is
 *  within the tolerance of the best. Of them the one that takes the fewest seconds is chosen; of
 *  equal ones the first. Joules are told but do not decide: few chips publish their power.
 *  @param devices     [device_count], at least one.
 *  @param options     NULL: defaults.
 *  @param candidates  [device_count] what was compared.
 *  @param chosen      the chip's index; device_count when the circuit fits on none.
 *  @param reason      one sentence without a full stop; free it with qhm_string_destroy.
 *  @return QHM_OK, also when it fits on none; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC;
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: that of compiling once for each chip. */
QHM_API QHM_MUST_CHECK qhm_status qhm_placement_choose(const qhm_circuit *circuit,
                                                       const qhm_device *const *devices,
                                                       size_t device_count,
                                                       const qhm_placement_options *options,
                                                       qhm_placement_candidate *candidates,
                                                       size_t *chosen, char **reason);

#ifdef __cplusplus
}
#endif
#endif
