// LAPACK, random projections, and samples by squared length, side by side.
#include "algorithm/pca_opponents.h"

#include "base/memory.h"
#include "base/statistics.h"
#include "linalg/randomised_values.h"
#include "linalg/singular_values.h"

#include <math.h>
#include <qhm/sampled_approximation.h>
#include <string.h>

enum { MOST_COLUMNS = 16, REPETITIONS = 5, OVERSAMPLING = 5, POWER_STEPS = 2 };

// What a method finds: shares [count] and vectors [count][columns].
typedef struct components {
    const qhm_pca_data *p;
    uint64_t seed;
    size_t count;
    double values[MOST_COLUMNS], vectors[MOST_COLUMNS * MOST_COLUMNS];
    qhm_sampled_approximation *sampled; // of the method that samples
} components;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// All singular values; truncation is to keep the first.
static qhm_status find_all(components *c)
{
    const size_t size = c->p->rows * c->p->columns;
    double *work;
    c->count = smaller(c->p->rows, c->p->columns);
    QHM_TRY(qhm_allocate(size + c->count * c->p->rows, sizeof *work, &work));
    memcpy(work, c->p->data, size * sizeof *work);
    const qhm_status status =
        qhm_singular_values(work, c->p->rows, c->p->columns, c->values, work + size, c->vectors);
    qhm_release(work);
    return status;
}

static qhm_status find_randomised(components *c)
{
    const qhm_randomised_options options = {OVERSAMPLING, POWER_STEPS, c->seed};
    c->count = smaller(c->p->components, smaller(c->p->rows, c->p->columns));
    return qhm_randomised_values(c->p->data, c->p->rows, c->p->columns, c->count, &options,
                                 c->values, c->vectors);
}

static qhm_status find_sampled(components *c)
{
    const qhm_sampled_approximation_options options = {
        smaller(c->p->components, smaller(c->p->rows, c->p->columns)), c->p->sampled_rows,
        c->p->sampled_columns, c->seed};
    qhm_sampled_approximation_destroy(c->sampled);
    c->sampled = NULL;
    QHM_TRY(qhm_sampled_approximation_create(c->p->rows, c->p->columns, c->p->data, &options,
                                             &c->sampled));
    c->count = qhm_sampled_approximation_rank(c->sampled);
    memcpy(c->values, qhm_sampled_approximation_values(c->sampled), c->count * sizeof *c->values);
    memcpy(c->vectors, qhm_sampled_approximation_vectors(c->sampled),
           c->count * c->p->columns * sizeof *c->vectors);
    return QHM_OK;
}

// seconds: the median of some runs, after which c holds what was found.
static qhm_status time_method(qhm_status (*find)(components *), components *c, double *seconds)
{
    double times[REPETITIONS];
    for (size_t i = 0; i < REPETITIONS; i++) {
        const double start = qhm_algorithm_clock();
        QHM_TRY(find(c));
        times[i] = qhm_algorithm_clock() - start;
    }
    return qhm_statistics_median(times, REPETITIONS, seconds);
}

// |A - A V V'|_F / |A|_F for the first `count` vectors.
static double find_residual(const components *c, size_t count)
{
    double square = 0;
    for (size_t i = 0; i < c->p->rows; i++) {
        const double *row = c->p->data + i * c->p->columns;
        double rest[MOST_COLUMNS];
        memcpy(rest, row, c->p->columns * sizeof *rest);
        for (size_t t = 0; t < count; t++) {
            const double *vector = c->vectors + t * c->p->columns;
            double product = 0;
            for (size_t j = 0; j < c->p->columns; j++)
                product += row[j] * vector[j];
            for (size_t j = 0; j < c->p->columns; j++)
                rest[j] -= product * vector[j];
        }
        for (size_t j = 0; j < c->p->columns; j++)
            square += rest[j] * rest[j];
    }
    return sqrt(square / c->p->square);
}

static void find_shares(components *c)
{
    for (size_t t = 0; t < c->count; t++)
        c->values[t] *= c->values[t] / c->p->square;
}

static void report(components *c, double seconds, json_t *object)
{
    find_shares(c);
    qhm_result_number(object, "largest_share", c->values[0]);
    qhm_result_numbers(object, "shares", c->values, c->count);
    qhm_result_number(object, "residual", find_residual(c, c->count));
    qhm_result_number(object, "seconds", seconds);
}

static const double *find_longest_row(const qhm_pca_data *p)
{
    double longest = -1;
    const double *found = p->data;
    for (size_t i = 0; i < p->rows; i++) {
        double square = 0;
        for (size_t j = 0; j < p->columns; j++)
            square += pow(p->data[i * p->columns + j], 2);
        if (square > longest) {
            longest = square;
            found = p->data + i * p->columns;
        }
    }
    return found;
}

// The total variation between what was drawn and the squares of the row.
static double find_variation(const qhm_pca_data *p, const double *row, const size_t *entries)
{
    double drawn[MOST_COLUMNS] = {0}, total = 0, variation = 0;
    for (size_t i = 0; i < p->row_draws; i++)
        drawn[entries[i]] += 1 / (double)p->row_draws;
    for (size_t j = 0; j < p->columns; j++)
        total += row[j] * row[j];
    for (size_t j = 0; j < p->columns; j++)
        variation += fabs(drawn[j] - row[j] * row[j] / total) / 2;
    return variation;
}

// A row that the samples missed gives no draws, and the result says so.
static qhm_status draw_row(const components *c, qhm_result *result, json_t *object)
{
    const double *row = find_longest_row(c->p);
    double projected[MOST_COLUMNS];
    size_t *entries;
    uint64_t tries = 0;
    QHM_TRY(qhm_allocate(c->p->row_draws, sizeof *entries, &entries));
    const double start = qhm_algorithm_clock();
    qhm_status status =
        qhm_sampled_approximation_draw(c->sampled, row, c->p->row_draws, c->seed, entries, &tries);
    const double seconds = qhm_algorithm_clock() - start;
    if (status == QHM_OK) {
        qhm_sampled_approximation_project(c->sampled, row, projected);
        qhm_result_number(object, "row_variation", find_variation(c->p, projected, entries));
        qhm_result_number(object, "row_variation_from_data", find_variation(c->p, row, entries));
        qhm_result_number(object, "tries_per_draw", (double)tries / (double)c->p->row_draws);
        qhm_result_number(object, "row_seconds", seconds);
    } else if (status == QHM_ERROR_INVALID_ARGUMENT || status == QHM_ERROR_NUMERIC) {
        qhm_result_note(result, "No entries of the longest row's approximation were drawn: %s.",
                        qhm_error_message());
        status = QHM_OK;
    }
    qhm_release(entries);
    return status;
}

static qhm_status solve_in_full(components *c, qhm_result *result)
{
    double seconds, purity = 0;
    QHM_TRY(time_method(find_all, c, &seconds));
    qhm_result_text(result->opponent, "method", "singular values (LAPACK)");
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_number(result->opponent, "residual",
                      find_residual(c, smaller(c->p->components, c->count)));
    find_shares(c);
    for (size_t i = 0; i < c->count; i++)
        purity += c->values[i] * c->values[i];
    qhm_result_number(result->opponent, "largest_share", c->values[0]);
    qhm_result_number(result->opponent, "purity", purity);
    qhm_result_numbers(result->opponent, "shares", c->values, c->count);
    return QHM_OK;
}

qhm_status qhm_pca_solve_classically(const qhm_pca_data *p, uint64_t seed, qhm_result *result)
{
    components c = {.p = p, .seed = seed};
    json_t *randomised = json_object(), *sampled = json_object();
    double seconds = 0;
    qhm_status status = solve_in_full(&c, result);
    json_object_set_new(result->opponent, "randomised", randomised);
    json_object_set_new(result->opponent, "sampled", sampled);
    if (status == QHM_OK)
        status = time_method(find_randomised, &c, &seconds);
    if (status == QHM_OK)
        report(&c, seconds, randomised);
    if (status == QHM_OK)
        status = time_method(find_sampled, &c, &seconds);
    if (status == QHM_OK) {
        report(&c, seconds, sampled);
        status = draw_row(&c, result, sampled);
    }
    qhm_sampled_approximation_destroy(c.sampled);
    return status;
}
