// Classical attention, timed.
#include "claim/attention_classical.h"

#include "base/memory.h"
#include "base/statistics.h"
#include "claim/claim_internal.h"
#include "linalg/matrix_product.h"

#include <math.h>
#include <qhm/random.h>

enum { REPEATS = 3 };

typedef struct attention {
    size_t n, d;
    double *queries, *keys, *values; // [n, d]
    double *scores;                  // [n, n]
    double *output;                  // [n, d]
} attention;

static size_t largest_of(const double *scores, size_t n)
{
    size_t best = 0;
    for (size_t j = 1; j < n; j++)
        if (scores[j] > scores[best])
            best = j;
    return best;
}

static void copy_value(const attention *a, size_t row, size_t key)
{
    for (size_t l = 0; l < a->d; l++)
        a->output[row * a->d + l] = a->values[key * a->d + l];
}

static void by_loops(attention *a)
{
    for (size_t i = 0; i < a->n; i++) {
        size_t best = 0;
        double most = -INFINITY;
        for (size_t j = 0; j < a->n; j++) {
            double score = 0;
            for (size_t l = 0; l < a->d; l++)
                score += a->queries[i * a->d + l] * a->keys[j * a->d + l];
            best = score > most ? j : best;
            most = score > most ? score : most;
        }
        copy_value(a, i, best);
    }
}

static void by_product(attention *a)
{
    qhm_matrix_product(false, true, a->n, a->n, a->d, a->queries, a->keys, a->scores);
    for (size_t i = 0; i < a->n; i++)
        copy_value(a, i, largest_of(a->scores + i * a->n, a->n));
}

static void by_softmax(attention *a)
{
    qhm_matrix_product(false, true, a->n, a->n, a->d, a->queries, a->keys, a->scores);
    for (size_t i = 0; i < a->n; i++) {
        double *row = a->scores + i * a->n, sum = 0;
        const double most = row[largest_of(row, a->n)];
        for (size_t j = 0; j < a->n; j++)
            sum += row[j] = exp((row[j] - most) / sqrt((double)a->d));
        for (size_t j = 0; j < a->n; j++)
            row[j] /= sum;
    }
    qhm_matrix_product(false, false, a->n, a->d, a->n, a->scores, a->values, a->output);
}

static qhm_status time_one(void (*run)(attention *), attention *a, double *seconds)
{
    double times[REPEATS];
    for (size_t i = 0; i < REPEATS; i++) {
        const double start = qhm_claim_clock();
        run(a);
        times[i] = qhm_claim_clock() - start;
    }
    return qhm_statistics_median(times, REPEATS, seconds);
}

qhm_status qhm_attention_time(size_t n, size_t d, uint64_t seed, qhm_attention_seconds *seconds)
{
    double *numbers;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x636c61, n, d);
    QHM_TRY(qhm_allocate(4 * n * d + n * n, sizeof *numbers, &numbers));
    attention a = {n,
                   d,
                   numbers,
                   numbers + n * d,
                   numbers + 2 * n * d,
                   numbers + 4 * n * d,
                   numbers + 3 * n * d};
    for (size_t i = 0; i < 3 * n * d; i++)
        numbers[i] = qhm_random_normal(&random);
    qhm_attention_seconds s;
    qhm_status status = time_one(by_loops, &a, &s.loop);
    if (status == QHM_OK)
        status = time_one(by_product, &a, &s.product);
    if (status == QHM_OK)
        status = time_one(by_softmax, &a, &s.softmax);
    qhm_release(numbers);
    if (status == QHM_OK)
        *seconds = s;
    return status;
}

typedef struct scalar_attention {
    size_t n, d, rank;
    const double *q, *k;  // [n]
    const double *values; // [n, d]
    double *moments;      // [rank, d + 1]: sums over keys, the last column of the weights
    double *output;       // [n, d]
} scalar_attention;

static void by_series(const scalar_attention *a)
{
    const size_t width = a->d + 1;
    for (size_t i = 0; i < a->rank * width; i++)
        a->moments[i] = 0;
    for (size_t j = 0; j < a->n; j++) {
        double term = exp(-a->k[j] * a->k[j]); // times (2k)^m / m!
        for (size_t m = 0; m < a->rank; m++) {
            double *row = a->moments + m * width;
            for (size_t l = 0; l < a->d; l++)
                row[l] += term * a->values[j * a->d + l];
            row[a->d] += term;
            term *= 2 * a->k[j] / (double)(m + 1);
        }
    }
    for (size_t i = 0; i < a->n; i++) {
        double power = 1, weight = 0, *out = a->output + i * a->d;
        for (size_t l = 0; l < a->d; l++)
            out[l] = 0;
        for (size_t m = 0; m < a->rank; m++, power *= a->q[i]) {
            const double *row = a->moments + m * width;
            for (size_t l = 0; l < a->d; l++)
                out[l] += power * row[l];
            weight += power * row[a->d];
        }
        for (size_t l = 0; l < a->d; l++) // the factor exp(-q^2) divides out
            out[l] /= weight;
    }
}

static double compare_with_sum(const scalar_attention *a)
{
    double worst = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t l = 0; l < a->d; l++) {
            double sum = 0, weight = 0;
            for (size_t j = 0; j < a->n; j++) {
                const double alpha = exp(-(a->q[i] - a->k[j]) * (a->q[i] - a->k[j]));
                sum += alpha * a->values[j * a->d + l];
                weight += alpha;
            }
            worst = fmax(worst, fabs(sum / weight - a->output[i * a->d + l]));
        }
    return worst;
}

qhm_status qhm_attention_time_series(size_t n, size_t d, size_t rank, uint64_t seed,
                                     bool is_compared, double *seconds, double *error)
{
    double *numbers, times[REPEATS];
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x736572, n, d);
    QHM_TRY(qhm_allocate(2 * n + 2 * n * d + rank * (d + 1), sizeof *numbers, &numbers));
    const scalar_attention a = {n,
                                d,
                                rank,
                                numbers,
                                numbers + n,
                                numbers + 2 * n,
                                numbers + 2 * n + 2 * n * d,
                                numbers + 2 * n + n * d};
    for (size_t i = 0; i < 2 * n + n * d; i++)
        numbers[i] = 2 * qhm_random_uniform(&random) - 1;
    for (size_t i = 0; i < REPEATS; i++) {
        const double start = qhm_claim_clock();
        by_series(&a);
        times[i] = qhm_claim_clock() - start;
    }
    *error = is_compared ? compare_with_sum(&a) : (double)NAN;
    const qhm_status status = qhm_statistics_median(times, REPEATS, seconds);
    qhm_release(numbers);
    return status;
}
