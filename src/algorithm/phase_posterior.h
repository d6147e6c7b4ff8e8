// What is known of a phase: a distribution over [0, 1) on an even grid.
#ifndef QHM_ALGORITHM_PHASE_POSTERIOR_H
#define QHM_ALGORITHM_PHASE_POSTERIOR_H

#include "base/status_internal.h"

#include <stddef.h>
#include <stdint.h>

// A test of U^power at an angle, in turns: 1 with the probability
// (1 - cos 2 pi (power phase - angle)) / 2.
typedef struct qhm_phase_test {
    uint64_t power;
    double angle;
    uint64_t shots, ones;
} qhm_phase_test;

typedef struct qhm_phase_posterior {
    size_t size;     // a power of two; point j is the phase j / size
    double *cosines; // [size] of 2 pi j / size
    double *weights; // [size] their sum is 1
} qhm_phase_posterior;

// Nothing is known, on `least` points or more. Destroy it in any case.
QHM_MUST_CHECK qhm_status qhm_phase_posterior_create(size_t least, qhm_phase_posterior *posterior);
void qhm_phase_posterior_destroy(qhm_phase_posterior *posterior);

void qhm_phase_posterior_add(qhm_phase_posterior *posterior, const qhm_phase_test *test);

// The mean on the circle, in [0, 1), 0 if there is none, and the deviation of the distance to it.
void qhm_phase_posterior_mean(const qhm_phase_posterior *posterior, double *mean,
                              double *deviation);

// Where, counted from half a turn before `mean`, `tail` is below and above; in turns about mean.
void qhm_phase_posterior_interval(const qhm_phase_posterior *posterior, double mean, double tail,
                                  double *low, double *high);

// The weight of the highest peak, down to the minima beside it.
double qhm_phase_posterior_peak(const qhm_phase_posterior *posterior);

// The probability of a test's bits in their order, if `share` of its shots are fair coins. For few
// shots: the product of that of each.
double qhm_phase_posterior_predict(const qhm_phase_posterior *posterior, const qhm_phase_test *test,
                                   double share);

#endif
