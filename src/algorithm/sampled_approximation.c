// Low-rank approximations from sampled rows and columns.
#include <qhm/sampled_approximation.h>

#include "base/memory.h"
#include "base/running_sums.h"
#include "base/status_internal.h"
#include "linalg/singular_values.h"

#include <math.h>
#include <qhm/length_squared.h>
#include <qhm/random.h>

struct qhm_sampled_approximation {
    size_t rows, columns, rank; // rows: those drawn
    double *sketch;             // [rows][columns]
    double *sums;               // [rows][columns] running squares along each row of the sketch
    double *values;             // [rank]
    double *terms;              // [rank][rows]: vector t is the sketch's rows times terms[t]
    double *vectors;            // [rank][columns]
};

static qhm_status find_sums(qhm_sampled_approximation *a)
{
    QHM_TRY(qhm_allocate(a->rows * a->columns, sizeof *a->sums, &a->sums));
    for (size_t i = 0; i < a->rows; i++) {
        double sum = 0;
        for (size_t j = 0; j < a->columns; j++) {
            const double v = a->sketch[i * a->columns + j];
            sum += v * v;
            a->sums[i * a->columns + j] = sum;
        }
    }
    return QHM_OK;
}

// The squared length of a row of the sketch, the same for all but rounding.
static double row_square(const qhm_sampled_approximation *a, size_t i)
{
    return a->sums[(i + 1) * a->columns - 1];
}

// Draws columns of the sketch by squared length: a row evenly, as all are equally long, and an
// entry of it. w [rows][count] = columns scaled so that W W' is S S' on average.
static void draw_columns(const qhm_sampled_approximation *a, size_t count, uint64_t seed, double *w)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_FEATURES, 1, 0, 0);
    double total = 0;
    for (size_t i = 0; i < a->rows; i++)
        total += row_square(a, i);
    for (size_t c = 0; c < count; c++) {
        const size_t i = (size_t)qhm_random_below(&random, a->rows);
        const size_t j = qhm_running_sums_draw(a->sums + i * a->columns, a->columns, &random);
        double square = 0;
        for (size_t r = 0; r < a->rows; r++)
            square += a->sketch[r * a->columns + j] * a->sketch[r * a->columns + j];
        const double scale = sqrt(total / square / (double)count);
        for (size_t r = 0; r < a->rows; r++)
            w[r * count + c] = scale * a->sketch[r * a->columns + j];
    }
}

// left [most][rows]: the left singular vectors of the drawn columns.
static qhm_status keep_vectors(qhm_sampled_approximation *a, const double *values,
                               const double *left, size_t most)
{
    while (a->rank < most && values[a->rank] > 1e-6 * values[0])
        a->rank++;
    QHM_TRY(qhm_allocate(a->rank, sizeof *a->values, &a->values));
    QHM_TRY(qhm_allocate(a->rank * a->rows, sizeof *a->terms, &a->terms));
    QHM_TRY(qhm_allocate(a->rank * a->columns, sizeof *a->vectors, &a->vectors));
    for (size_t t = 0; t < a->rank; t++) {
        a->values[t] = values[t];
        for (size_t i = 0; i < a->rows; i++) {
            const double term = left[t * a->rows + i] / values[t];
            a->terms[t * a->rows + i] = term;
            for (size_t j = 0; j < a->columns; j++)
                a->vectors[t * a->columns + j] += term * a->sketch[i * a->columns + j];
        }
    }
    return QHM_OK;
}

static qhm_status find_vectors(qhm_sampled_approximation *a,
                               const qhm_sampled_approximation_options *options)
{
    const size_t count = options->column_count, rank = a->rows < count ? a->rows : count;
    const size_t most = options->rank < rank ? options->rank : rank;
    double *w, *values = NULL, *left = NULL, *right = NULL;
    QHM_TRY(qhm_allocate(a->rows * count, sizeof *w, &w));
    draw_columns(a, count, options->seed, w);
    qhm_status status = qhm_allocate(rank, sizeof *values, &values);
    if (status == QHM_OK)
        status = qhm_allocate(rank * a->rows, sizeof *left, &left);
    if (status == QHM_OK)
        status = qhm_allocate(rank * count, sizeof *right, &right);
    if (status == QHM_OK)
        status = qhm_singular_values(w, a->rows, count, values, left, right);
    if (status == QHM_OK)
        status = keep_vectors(a, values, left, most);
    qhm_release(w);
    qhm_release(values);
    qhm_release(left);
    qhm_release(right);
    return status;
}

static qhm_status fill(qhm_sampled_approximation *a, size_t rows, const double *matrix,
                       const qhm_sampled_approximation_options *options)
{
    QHM_TRY(qhm_allocate(a->rows * a->columns, sizeof *a->sketch, &a->sketch));
    QHM_TRY(qhm_length_squared_sketch(rows, a->columns, matrix, a->rows, options->seed, a->sketch));
    QHM_TRY(find_sums(a));
    return find_vectors(a, options);
}

qhm_status qhm_sampled_approximation_create(size_t rows, size_t columns, const double *matrix,
                                            const qhm_sampled_approximation_options *options,
                                            qhm_sampled_approximation **approximation)
{
    QHM_REQUIRE(matrix && approximation, "matrix or approximation is NULL");
    QHM_REQUIRE(rows > 0 && columns > 0, "rows or columns is 0");
    qhm_sampled_approximation_options o =
        options ? *options : (qhm_sampled_approximation_options){0};
    o.rank = o.rank > 0 ? o.rank : 1;
    o.rank = o.rank < columns ? o.rank : columns;
    o.row_count = o.row_count > 0 ? o.row_count : 64;
    o.column_count = o.column_count > 0 ? o.column_count : 64;
    qhm_sampled_approximation *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->rows = o.row_count;
    made->columns = columns;
    const qhm_status status = fill(made, rows, matrix, &o);
    if (status == QHM_OK)
        *approximation = made;
    else
        qhm_sampled_approximation_destroy(made);
    return status;
}

void qhm_sampled_approximation_destroy(qhm_sampled_approximation *approximation)
{
    if (!approximation)
        return;
    qhm_release(approximation->sketch);
    qhm_release(approximation->sums);
    qhm_release(approximation->values);
    qhm_release(approximation->terms);
    qhm_release(approximation->vectors);
    qhm_release(approximation);
}

size_t qhm_sampled_approximation_rank(const qhm_sampled_approximation *approximation)
{
    return approximation->rank;
}

const double *qhm_sampled_approximation_values(const qhm_sampled_approximation *approximation)
{
    return approximation->values;
}

const double *qhm_sampled_approximation_vectors(const qhm_sampled_approximation *approximation)
{
    return approximation->vectors;
}

static double find_product(const qhm_sampled_approximation *a, size_t t, const double *row)
{
    double product = 0;
    for (size_t j = 0; j < a->columns; j++)
        product += a->vectors[t * a->columns + j] * row[j];
    return product;
}

void qhm_sampled_approximation_project(const qhm_sampled_approximation *approximation,
                                       const double *row, double *projected)
{
    for (size_t j = 0; j < approximation->columns; j++)
        projected[j] = 0;
    for (size_t t = 0; t < approximation->rank; t++) {
        const double product = find_product(approximation, t, row);
        for (size_t j = 0; j < approximation->columns; j++)
            projected[j] += product * approximation->vectors[t * approximation->columns + j];
    }
}

// The projected row as weights [rows] of the sketch's rows; sums [rows] run over their squares
// times the rows'.
static void weigh(const qhm_sampled_approximation *a, const double *row, double *weights,
                  double *sums)
{
    double sum = 0;
    for (size_t t = 0; t < a->rank; t++) {
        const double product = find_product(a, t, row);
        for (size_t i = 0; i < a->rows; i++)
            weights[i] += product * a->terms[t * a->rows + i];
    }
    for (size_t i = 0; i < a->rows; i++) {
        sum += weights[i] * weights[i] * row_square(a, i);
        sums[i] = sum;
    }
}

static qhm_status check_length(const qhm_sampled_approximation *a, const double *weights,
                               double proposed)
{
    double square = 0;
    for (size_t j = 0; j < a->columns; j++) {
        double entry = 0;
        for (size_t i = 0; i < a->rows; i++)
            entry += weights[i] * a->sketch[i * a->columns + j];
        square += entry * entry;
    }
    const double tries = (double)a->rows * proposed / square;
    QHM_REQUIRE(isfinite(proposed), "the row is not finite");
    QHM_REQUIRE(square > 0, "the row projects to 0");
    if (!(tries <= 1e5))
        return QHM_FAIL(QHM_ERROR_NUMERIC, "a draw takes %.3g proposals on average, more than 1e5",
                        tries);
    return QHM_OK;
}

// The entry's share of its bound: (sum of terms)^2 / (number of terms * sum of squared terms).
static double find_acceptance(const qhm_sampled_approximation *a, const double *weights, size_t j)
{
    double entry = 0, squares = 0;
    for (size_t i = 0; i < a->rows; i++) {
        const double term = weights[i] * a->sketch[i * a->columns + j];
        entry += term;
        squares += term * term;
    }
    return entry * entry / ((double)a->rows * squares);
}

static uint64_t draw(const qhm_sampled_approximation *a, const double *weights, const double *sums,
                     size_t count, qhm_random *random, size_t *entries)
{
    uint64_t tries = 0;
    for (size_t drawn = 0; drawn < count; tries++) {
        const size_t i = qhm_running_sums_draw(sums, a->rows, random);
        const size_t j = qhm_running_sums_draw(a->sums + i * a->columns, a->columns, random);
        if (qhm_random_uniform(random) < find_acceptance(a, weights, j))
            entries[drawn++] = j;
    }
    return tries;
}

qhm_status qhm_sampled_approximation_draw(const qhm_sampled_approximation *approximation,
                                          const double *row, size_t count, uint64_t seed,
                                          size_t *entries, uint64_t *tries)
{
    QHM_REQUIRE(approximation && row && entries, "approximation, row or entries is NULL");
    double *weights, *sums = NULL;
    QHM_TRY(qhm_allocate(approximation->rows, sizeof *weights, &weights));
    qhm_status status = qhm_allocate(approximation->rows, sizeof *sums, &sums);
    if (status == QHM_OK) {
        weigh(approximation, row, weights, sums);
        status = check_length(approximation, weights, sums[approximation->rows - 1]);
    }
    if (status == QHM_OK) {
        qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 1, 0, 0);
        const uint64_t made = draw(approximation, weights, sums, count, &random, entries);
        if (tries)
            *tries = made;
    }
    qhm_release(weights);
    qhm_release(sums);
    return status;
}
