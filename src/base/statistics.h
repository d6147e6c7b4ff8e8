// Statistics of small samples: what the verdict and the report stand on.
#ifndef QHM_BASE_STATISTICS_H
#define QHM_BASE_STATISTICS_H

#include "base/status_internal.h"

#include <qhm/types.h>
#include <stddef.h>

// The mean; NaN for no values.
double qhm_statistics_mean(const double *values, size_t count);

// The sample standard deviation (divisor count - 1), two-pass; 0 for fewer than two values.
double qhm_statistics_deviation(const double *values, size_t count);

// Orders doubles for qsort, the smallest first.
int qhm_compare_numbers(const void *a, const void *b);

// The median (the middle two averaged); NaN for no values. Allocates a copy.
QHM_MUST_CHECK qhm_status qhm_statistics_median(const double *values, size_t count, double *out);

// The regularised incomplete beta function I_x(a, b), a and b > 0, x in [0, 1], to about 1e-14
// (continued fraction by the modified Lentz method: Numerical Recipes, section 6.4).
double qhm_statistics_beta(double a, double b, double x);

// P(T <= t) for Student's t with `freedom` > 0 degrees of freedom.
double qhm_statistics_t_probability(double t, double freedom);

// The t with P(T <= t) = probability, in (0, 1).
double qhm_statistics_t_quantile(double probability, double freedom);

// The standard error of a mean of signs +-1. Samples that all agree do not make it certain: two
// more, one of each sign, are thought to be there. NaN for one sample, which says nothing of it.
double qhm_statistics_sign_error(double mean, double samples);

// The standard error of a rate seen in so many trials: half of that of signs, with what it says of
// trials that all agree.
double qhm_statistics_rate_error(double rate, double trials);

// The z with P(Z <= z) = probability, in (0, 1), for a standard normal Z.
double qhm_statistics_normal_quantile(double probability);

// The interval of a mean over `count` resamples of one data set, which share training rows and so
// vary less than independent ones would: mean ± t(1 - (1 - confidence)/2, count - 1) · s ·
// √(1/count + test_count/train_count), s the sample deviation but at least 1/test_count, the
// finest step of an accuracy. Needs count >= 2.
// Nadeau, Bengio: Inference for the generalization error, Machine Learning 52 (2003), eq. 7.
qhm_interval qhm_statistics_resampled_interval(const double *values, size_t count,
                                               double train_count, double test_count,
                                               double confidence);

// Wilson's score interval of a proportion of `hits` in `count` > 0; mean is hits/count.
// Wilson: Probable inference, the law of succession, JASA 22 (1927).
qhm_interval qhm_statistics_wilson_interval(double hits, double count, double confidence);

// The least-squares slope of log y over log x: the exponent of a power law. NaN for fewer than
// two different x, or any value that is not positive.
double qhm_statistics_log_slope(const double *x, const double *y, size_t count);

#endif
