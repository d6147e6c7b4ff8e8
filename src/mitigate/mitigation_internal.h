// What a technique must do. To add one, copy pauli_twirling.c and add its row to mitigation.c.
#ifndef QHM_MITIGATE_MITIGATION_INTERNAL_H
#define QHM_MITIGATE_MITIGATION_INTERNAL_H

#include "mitigate/executor_internal.h"

#include <qhm/mitigation.h>

typedef struct qhm_technique {
    qhm_technique_info information;
    // Refuses options out of range; NULL: nothing can be wrong.
    qhm_status (*check)(const qhm_mitigation_options *options);
    // As of qhm_executor_ops, with the executor inside. Its overhead begins as none.
    qhm_status (*estimate)(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *execution);
    // NULL: no samples.
    qhm_status (*sample)(qhm_executor *inner, const qhm_mitigation_options *options,
                         const qhm_sampling *sampling, qhm_distribution *outcomes,
                         qhm_overhead *overhead);
} qhm_technique;

extern const qhm_technique qhm_zero_noise_technique, qhm_layerwise_technique,
    qhm_cancellation_technique, qhm_readout_technique, qhm_readout_twirling_technique,
    qhm_twirling_technique, qhm_regression_technique, qhm_symmetry_technique,
    qhm_distillation_technique;

// Estimates another circuit with the inner executor, into values and variances [observables], and
// adds what it cost.
QHM_MUST_CHECK qhm_status qhm_mitigation_estimate(qhm_executor *inner, const qhm_execution *e,
                                                  const qhm_circuit *circuit, size_t shots,
                                                  uint64_t seed, double *values, double *variances);

// The circuit after options->before and options->noise, or a copy.
QHM_MUST_CHECK qhm_status qhm_mitigation_begin(const qhm_mitigation_options *options,
                                               const qhm_circuit *circuit, qhm_circuit **begun);

// Shots of part `index` of `parts`: as equal as can be; 0 of 0.
size_t qhm_share_of(size_t shots, size_t parts, size_t index);

#endif
