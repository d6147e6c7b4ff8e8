/** @file backend.h
 *  Backends: what can run a circuit. Simulators today; a chip or a remote service fits the same
 *  slot.
 *
 *  A backend makes plans (plan.h) and runs requests on them, at once or as jobs (job.h).
 *
 *  @code
 *  qhm_backend *backend;
 *  qhm_plan *plan = NULL;
 *  qhm_status status = qhm_backend_create("statevector", NULL, &backend);
 *  if (status == QHM_OK)
 *      status = qhm_plan_create(backend, circuit, observables, 1, NULL, &plan);
 *  double value;
 *  if (status == QHM_OK)
 *      status = qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = &value});
 *  qhm_plan_destroy(plan);
 *  qhm_backend_destroy(backend);
 *  @endcode */
#ifndef QHM_BACKEND_H
#define QHM_BACKEND_H

#include <qhm/options.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Something that runs circuits. */
typedef struct qhm_backend qhm_backend;

/** Options of qhm_backend_create. */
typedef struct qhm_backend_options {
    const char *instruction_set; /**< "baseline", "avx2" or "avx512"; NULL: the best that the
                                    processor has and the variable QHM_ISA allows */
    bool gate_by_gate; /**< run every gate by itself: slow, and what the faster engines are tested
                          against. The same distributions; the samples of a seed differ, because
                          the engines number amplitudes in their own way */
    size_t max_bond;   /**< mps: largest bond between two parts of the state, 0: 256. Larger is more
                          exact, and time grows with its third power */
    double discarded_weight; /**< mps: what a cut may drop of the squared singular values, as a
                                part of all, in (0, 1); 0: 1e-24, nothing but rounding */
    double truncation_bound; /**< mps: a truncation error above this is said, in (0, 1]; 0: 1e-6.
                                See qhm_plan_accuracy */
    bool stops_at_bound;     /**< mps: such an error ends the run with QHM_ERROR_RESOURCE_LIMIT */
    size_t trajectories;     /**< trajectories: how many are averaged where noise is wanted without
                                shots, 0: 1,024. Their standard error is in qhm_plan_accuracy */
} qhm_backend_options;

/** What is true of a kind of backend. */
typedef struct qhm_backend_info {
    const char *name;      /**< "statevector", "stabilizer", "mps", "trajectories" or
                              "density_matrix" */
    const char *help;      /**< one sentence */
    bool is_clifford_only; /**< runs Clifford gates only; its plans refuse others */
    bool is_mixed;         /**< its states are mixed: requests for amplitudes are refused */
} qhm_backend_info;

/** How many kinds of backend there are. */
QHM_API size_t qhm_backend_count(void);

/** The kind with number `index`. @param index  less than qhm_backend_count(). */
QHM_API const qhm_backend_info *qhm_backend_information(size_t index);

/** Creates a backend by name.
 *  @param options  NULL: all defaults.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (no such backend; the message suggests one);
 *          QHM_ERROR_UNSUPPORTED (an instruction set that this processor lacks);
 *          QHM_ERROR_INVALID_ARGUMENT (an unknown instruction set, a number out of range);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_backend_create(const char *name,
                                                     const qhm_backend_options *options,
                                                     qhm_backend **backend);

/** Frees a backend; NULL is fine. Its plans must be gone before. */
QHM_API void qhm_backend_destroy(qhm_backend *backend);

/** The name of a backend's kind. */
QHM_API const char *qhm_backend_name(const qhm_backend *backend);

#ifdef __cplusplus
}
#endif
#endif
