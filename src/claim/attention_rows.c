// Rows of attention by searches for the largest score.
#include "claim/attention_rows.h"
#include "base/bits.h"

#include "base/memory.h"
#include "claim/score_oracle.h"

#include <math.h>
#include <qhm/minimum.h>
#include <qhm/random.h>

enum { QUANTITIES = 5 };

typedef struct sums {
    double sum[QUANTITIES], squares[QUANTITIES]; // iterations, measurements, last ones, thresholds
    double wrong;
} sums;

// One row: draws a query and keys, and writes their scores.
static void draw_scores(size_t keys, size_t dimension, size_t bits, qhm_random *random,
                        uint64_t *query, uint64_t *scores)
{
    const uint64_t bound = (uint64_t)1 << bits;
    for (size_t i = 0; i < dimension; i++)
        query[i] = qhm_random_below(random, bound);
    for (size_t j = 0; j < keys; j++) {
        scores[j] = 0;
        for (size_t i = 0; i < dimension; i++)
            scores[j] += query[i] * qhm_random_below(random, bound);
    }
}

static qhm_status search_row(const qhm_minimum_table *table, uint64_t seed, uint64_t row, sums *s)
{
    size_t item;
    qhm_minimum_result one;
    const qhm_minimum_options options = {
        .is_largest = true, .execution = QHM_SEARCH_AMPLITUDES, .seed = seed, .stream = row};
    QHM_TRY(qhm_minimum_run(table, &options, NULL, &item, &one));
    const double seen[QUANTITIES] = {(double)one.iterations, (double)one.measurements,
                                     (double)one.last_iterations, (double)one.last_measurements,
                                     (double)one.thresholds};
    for (size_t v = 0; v < QUANTITIES; v++) {
        s->sum[v] += seen[v];
        s->squares[v] += seen[v] * seen[v];
    }
    bool is_largest = true;
    for (size_t j = 0; j < table->count; j++)
        is_largest = is_largest && table->values[j] <= table->values[item];
    s->wrong += !is_largest;
    return QHM_OK;
}

static double error_of(const sums *s, size_t v, double rows)
{
    const double mean = s->sum[v] / rows;
    return sqrt(fmax(0, s->squares[v] / rows - mean * mean) / rows);
}

static qhm_status search_rows(qhm_minimum_table *table, size_t dimension, size_t bits, size_t rows,
                              uint64_t seed, uint64_t *numbers, sums *s)
{
    uint64_t *scores = numbers + dimension;
    table->values = scores;
    for (size_t row = 0; row < rows; row++) {
        qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x617474, table->count,
                                              (uint64_t)dimension << 32 | row);
        draw_scores(table->count, dimension, bits, &random, numbers, scores);
        QHM_TRY(search_row(table, seed, (uint64_t)dimension << 32 | row, s));
    }
    return QHM_OK;
}

qhm_status qhm_attention_search(size_t keys, size_t dimension, size_t bits, size_t rows,
                                uint64_t seed, qhm_attention_rows *result)
{
    uint64_t *numbers;
    sums s = {0};
    qhm_minimum_table table = {.qubit_count = qhm_bits_for(keys),
                               .width = qhm_score_width(dimension, bits),
                               .count = keys};
    qhm_attention_rows r = {.keys = keys, .dimension = dimension, .rows = rows};
    QHM_TRY(qhm_minimum_expected(keys, keys, &r.expected_thresholds, &r.expected_iterations,
                                 &r.expected_measurements));
    QHM_TRY(qhm_allocate(dimension + keys, sizeof *numbers, &numbers));
    const qhm_status status = search_rows(&table, dimension, bits, rows, seed, numbers, &s);
    qhm_release(numbers);
    const double count = (double)rows;
    r.iterations = s.sum[0] / count;
    r.measurements = s.sum[1] / count;
    r.last_iterations = s.sum[2] / count;
    r.last_measurements = s.sum[3] / count;
    r.last_iterations_error = error_of(&s, 2, count);
    r.last_measurements_error = error_of(&s, 3, count);
    r.thresholds = s.sum[4] / count;
    r.thresholds_error = error_of(&s, 4, count);
    r.wrong = s.wrong / count;
    if (status == QHM_OK)
        *result = r;
    return status;
}
