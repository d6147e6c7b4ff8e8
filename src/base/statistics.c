// Means, intervals and the distributions behind them.
#include "base/statistics.h"

#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

double qhm_statistics_mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return count > 0 ? sum / (double)count : NAN;
}

double qhm_statistics_deviation(const double *values, size_t count)
{
    if (count < 2)
        return 0;
    double mean = qhm_statistics_mean(values, count), sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

int qhm_compare_numbers(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

qhm_status qhm_statistics_median(const double *values, size_t count, double *out)
{
    if (count == 0) {
        *out = NAN;
        return QHM_OK;
    }
    double *sorted;
    QHM_TRY(qhm_copy_bytes(values, count, sizeof *values, &sorted));
    qsort(sorted, count, sizeof *sorted, qhm_compare_numbers);
    *out = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    qhm_release(sorted);
    return QHM_OK;
}

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

// The continued fraction of the incomplete beta function, which converges for x < (a+1)/(a+b+2).
static double beta_fraction(double a, double b, double x)
{
    const double least = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < least ? least : d);
    double fraction = d;
    for (int m = 1; m <= 1000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change = 1;
        for (int half = 0; half < 2; half++) {
            double term = half == 0 ? even : odd;
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (fabs(d) < least ? least : d);
            c = fabs(c) < least ? least : c;
            change = d * c;
            fraction *= change;
        }
        if (fabs(change - 1) < 2 * DBL_EPSILON)
            break;
    }
    return fraction;
}

double qhm_statistics_beta(double a, double b, double x)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

// P(T > |t|).
static double t_tail(double t, double freedom)
{
    return 0.5 * qhm_statistics_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

double qhm_statistics_t_probability(double t, double freedom)
{
    double tail = t_tail(t, freedom);
    return t < 0 ? tail : 1 - tail;
}

// Bisection to neighbouring doubles: slow by nature, exact by nature, and called a few times a run.
double qhm_statistics_t_quantile(double probability, double freedom)
{
    if (probability == 0.5)
        return 0;
    double tail = probability < 0.5 ? probability : 1 - probability;
    double low = 0, high = 1;
    while (t_tail(high, freedom) > tail && high < 1e300)
        high *= 2;
    for (int step = 0; step < 200; step++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if (t_tail(middle, freedom) > tail)
            low = middle;
        else
            high = middle;
    }
    return probability < 0.5 ? -high : high;
}

double qhm_statistics_sign_error(double mean, double samples)
{
    const double shrunk = mean * samples / (samples + 2);
    return samples > 1 ? sqrt((1 - shrunk * shrunk) / samples) : NAN;
}

double qhm_statistics_rate_error(double rate, double trials)
{
    return qhm_statistics_sign_error(2 * rate - 1, trials) / 2;
}

double qhm_statistics_normal_quantile(double probability)
{
    double tail = probability < 0.5 ? probability : 1 - probability;
    double low = 0, high = 40;
    for (int step = 0; step < 200; step++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if (0.5 * erfc(middle / sqrt(2)) > tail)
            low = middle;
        else
            high = middle;
    }
    return probability < 0.5 ? -high : high;
}

qhm_interval qhm_statistics_resampled_interval(const double *values, size_t count,
                                               double train_count, double test_count,
                                               double confidence)
{
    double mean = qhm_statistics_mean(values, count);
    double deviation = fmax(qhm_statistics_deviation(values, count), 1 / test_count);
    double t = qhm_statistics_t_quantile(0.5 + confidence / 2, (double)count - 1);
    double half = t * deviation * sqrt(1 / (double)count + test_count / train_count);
    return (qhm_interval){.mean = mean, .lower = mean - half, .upper = mean + half};
}

qhm_interval qhm_statistics_wilson_interval(double hits, double count, double confidence)
{
    double z = qhm_statistics_normal_quantile(0.5 + confidence / 2);
    double p = hits / count, square = z * z / count;
    double center = (p + square / 2) / (1 + square);
    double half = z * sqrt(p * (1 - p) / count + square / (4 * count)) / (1 + square);
    // The limits at 0 and count hits are exactly 0 and 1, whatever the rounding.
    return (qhm_interval){.mean = p,
                          .lower = hits == 0 ? 0 : center - half,
                          .upper = hits == count ? 1 : center + half};
}

double qhm_statistics_log_slope(const double *x, const double *y, size_t count)
{
    double mean_x = 0, mean_y = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(x[i] > 0 && y[i] > 0))
            return NAN;
        mean_x += log(x[i]) / (double)count;
        mean_y += log(y[i]) / (double)count;
    }
    double products = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        double dx = log(x[i]) - mean_x;
        products += dx * (log(y[i]) - mean_y);
        squares += dx * dx;
    }
    return squares > 0 ? products / squares : NAN;
}
