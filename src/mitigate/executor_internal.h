// What techniques share: executors inside executors, and values from outcomes setting by setting.
#ifndef QHM_MITIGATE_EXECUTOR_INTERNAL_H
#define QHM_MITIGATE_EXECUTOR_INTERNAL_H

#include "base/status_internal.h"
#include "simulate/readout.h"

#include <qhm/executor.h>

// The inner functions, without checks of arguments: what comes here has been checked.
QHM_MUST_CHECK qhm_status qhm_executor_estimate(qhm_executor *executor,
                                                const qhm_execution *execution);
QHM_MUST_CHECK qhm_status qhm_executor_draw(qhm_executor *executor, const qhm_sampling *sampling,
                                            qhm_distribution **outcomes, qhm_overhead *overhead);

// How outcomes of a setting become values; everything that is NULL is left as it is.
typedef struct qhm_setting_hooks {
    void *context;
    const uint8_t *letters; // [qubits] bases of qubits that a setting leaves open
    // In the place of qhm_executor_draw.
    qhm_status (*draw)(void *context, const qhm_sampling *sampling, qhm_distribution **outcomes,
                       qhm_overhead *overhead);
    // Looks at a setting's outcomes before their values are asked for.
    qhm_status (*begin)(void *context, const qhm_readout *readout,
                        const qhm_distribution *outcomes);
    // What an outcome says of a string, instead of its sign.
    double (*term_value)(void *context, const qhm_readout *readout, const qhm_readout_term *term,
                         const uint64_t *outcome);
    // Changes what each outcome says of one observable: values [outcomes].
    qhm_status (*change)(void *context, size_t count, double *values);
    // Whether an outcome counts.
    bool (*keeps)(void *context, const uint64_t *outcome);
} qhm_setting_hooks;

// Estimates by sampling: every setting of the observables in turn.
QHM_MUST_CHECK qhm_status qhm_executor_measure(qhm_executor *executor,
                                               const qhm_execution *execution,
                                               const qhm_setting_hooks *hooks);

// The mean of values [count] with weights, and its variance: for counts of shots that of
// independent draws, else 0.
void qhm_weighted_mean(size_t count, const double *weights, const double *values, bool is_counts,
                       double *mean, double *variance);

// What random numbers in this folder are for.
typedef enum qhm_mitigation_stream {
    QHM_STREAM_SETTING = 0,
    QHM_STREAM_SCALE,
    QHM_STREAM_FOLD,
    QHM_STREAM_LAYERS,
    QHM_STREAM_QUASI,
    QHM_STREAM_MASKS,
    QHM_STREAM_CALIBRATION,
    QHM_STREAM_TWIRL,
    QHM_STREAM_TRAINING,
    QHM_STREAM_COPIES
} qhm_mitigation_stream;

// A seed of its own for part `index` of what `seed` began.
uint64_t qhm_seed_of(uint64_t seed, qhm_mitigation_stream stream, size_t index);

// Starts a count: no circuits, no shots, factors 1.
qhm_overhead qhm_overhead_none(void);
// Adds what was run inside: sums of circuits and shots, the largest sampling, the least kept; the
// first detail stays.
void qhm_overhead_add(qhm_overhead *total, const qhm_overhead *part);
// Puts printf's text before the detail.
void qhm_overhead_say(qhm_overhead *overhead, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
