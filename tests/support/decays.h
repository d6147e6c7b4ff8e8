// Decays of randomised benchmarking: a slope of logarithms for each set of sequences.
#ifndef QHM_TESTS_DECAYS_H
#define QHM_TESTS_DECAYS_H

#include <math.h>
#include <stddef.h>

// The least-squares slope of log survival over lengths.
static inline double decay_slope(const size_t *lengths, const double *survivals, size_t count)
{
    double sx = 0, sxx = 0, sy = 0, sxy = 0;
    for (size_t i = 0; i < count; i++) {
        const double x = (double)lengths[i], y = log(survivals[i]);
        sx += x;
        sxx += x * x;
        sy += y;
        sxy += x * y;
    }
    return ((double)count * sxy - sx * sy) / ((double)count * sxx - sx * sx);
}

// The mean of slopes and its standard error.
static inline double mean_slope(const double *slopes, size_t count, double *error)
{
    double mean = 0, spread = 0;
    for (size_t i = 0; i < count; i++)
        mean += slopes[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        spread += (slopes[i] - mean) * (slopes[i] - mean) / (double)(count - 1) / (double)count;
    *error = sqrt(spread);
    return mean;
}

#endif
