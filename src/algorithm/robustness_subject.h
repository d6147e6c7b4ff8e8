// Three small algorithms whose answers are known, and what outcomes leave of these.
#ifndef QHM_ALGORITHM_ROBUSTNESS_SUBJECT_H
#define QHM_ALGORITHM_ROBUSTNESS_SUBJECT_H

#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/distribution.h>

enum { QHM_ROBUSTNESS_SUBJECTS = 3 };

// An algorithm whose answer is a mean of values over the outcomes that are kept.
typedef struct qhm_robustness_subject {
    const char *name, *answer;
    qhm_status (*create)(qhm_circuit **circuit);
    double (*value)(uint64_t bits); // NaN: the run is discarded
    double chance;                  // the mean when all outcomes are as likely
    double known;                   // the mean without noise
} qhm_robustness_subject;

extern const qhm_robustness_subject qhm_robustness_subjects[QHM_ROBUSTNESS_SUBJECTS];

typedef struct qhm_robustness_reading {
    double mean;           // of the runs that are kept
    double signal;         // 1 without noise, 0 by chance; NaN: all runs are discarded
    double standard_error; // of so many shots
    double distance;       // variation distance to the ideal outcomes
    double kept;           // share of runs
} qhm_robustness_reading;

// The circuit of a subject, of CX and one-qubit gates; qhm_circuit_destroy it.
QHM_MUST_CHECK qhm_status qhm_robustness_circuit(const qhm_robustness_subject *subject,
                                                 qhm_circuit **circuit);

// The exact distribution of a circuit's bits, noise and all; qhm_distribution_destroy it.
QHM_MUST_CHECK qhm_status qhm_robustness_outcomes(const qhm_circuit *circuit,
                                                  qhm_distribution **outcomes);

// What outcomes leave of the answer that the ideal ones give.
qhm_robustness_reading qhm_robustness_read(const qhm_robustness_subject *subject,
                                           const qhm_distribution *ideal,
                                           const qhm_distribution *outcomes, size_t shots);

#endif
