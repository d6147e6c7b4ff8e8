// The measurements behind theorem A.1.
#include "claim/attention_study.h"

#include <math.h>
#include <qhm/device.h>
#include <qhm/random.h>

const size_t qhm_attention_dimensions[QHM_ATTENTION_DIMENSIONS] = {4, 16, 64};

enum { FIRST_BITS = 2, LAST = QHM_ATTENTION_SIZES - 1, MOST_LOG = 40, LEAST_ROWS = 200 };

static size_t address_bits(size_t size)
{
    return size + FIRST_BITS;
}

// The iterations that a search is given before it ends [durr1996].
static double cap(double n)
{
    return ceil(22.5 * sqrt(n) + 1.4 * log2(n) * log2(n));
}

// Each search is right with probability 1/2 at least.
static double repeats(double n)
{
    return ceil(log2(n / QHM_ATTENTION_FAILURE));
}

// A call loads, scores and compares, turns one phase, and takes all three back.
static double per_call(double load, double score, double diffusion)
{
    return 2 * (load + score) + 1 + diffusion;
}

static qhm_status search_all(const qhm_claim_options *options, qhm_attention_study *s)
{
    for (size_t d = 0; d < QHM_ATTENTION_DIMENSIONS; d++)
        for (size_t i = 0; i < QHM_ATTENTION_SIZES; i++) {
            const size_t rows = options->is_quick ? LEAST_ROWS : 5 * LEAST_ROWS;
            QHM_TRY(qhm_claim_go_on(options));
            QHM_TRY(qhm_attention_search((size_t)1 << address_bits(i), qhm_attention_dimensions[d],
                                         QHM_ATTENTION_BITS, rows, options->seed, &s->rows[d][i]));
        }
    return QHM_OK;
}

// The circuit of one query, drawn at random; others differ by the ones in their numbers.
static qhm_status count_score(size_t dimension, uint64_t seed, qhm_part_cost *cost)
{
    uint64_t query[64];
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x717279, dimension, 0);
    for (size_t i = 0; i < dimension; i++)
        query[i] = qhm_random_below(&random, (uint64_t)1 << QHM_ATTENTION_BITS);
    const size_t width = qhm_score_width(dimension, QHM_ATTENTION_BITS);
    const uint64_t threshold = qhm_random_below(&random, (uint64_t)1 << width) | 1;
    return qhm_score_cost(query, dimension, QHM_ATTENTION_BITS, threshold, cost);
}

static qhm_status count_parts(const qhm_claim_options *options, qhm_attention_study *s)
{
    for (size_t d = 0; d < QHM_ATTENTION_DIMENSIONS; d++) {
        const size_t dimension = qhm_attention_dimensions[d];
        QHM_TRY(count_score(dimension, options->seed, &s->score[d]));
        for (int m = 0; m < QHM_LOOKUP_METHOD_COUNT; m++)
            for (size_t i = 0; i < QHM_ATTENTION_SIZES; i++) {
                QHM_TRY(qhm_claim_go_on(options));
                QHM_TRY(qhm_memory_cost((qhm_lookup_method)m, address_bits(i),
                                        dimension * QHM_ATTENTION_BITS, options->seed,
                                        &s->memory[d][m][i]));
            }
    }
    return QHM_OK;
}

static qhm_status find_point(const qhm_attention_study *s, size_t d, size_t i,
                             qhm_attention_point *point)
{
    const qhm_attention_rows *row = &s->rows[d][i];
    const qhm_part_cost *score = &s->score[d];
    qhm_part_cost end;
    const double n = (double)row->keys;
    qhm_attention_point p = {.n = n, .repeats = repeats(n)};
    QHM_TRY(qhm_diffusion_cost(address_bits(i), &end));
    p.queries_found = n * (row->last_iterations + row->last_measurements);
    p.queries_paid = n * p.repeats * (row->iterations + row->measurements);
    p.iterations = n * p.repeats * row->iterations;
    const double checks = n * p.repeats * row->measurements; // each from a fresh H on every qubit
    double least = INFINITY;
    for (int m = 0; m < QHM_LOOKUP_METHOD_COUNT; m++) {
        const qhm_part_cost *load = &s->memory[d][m][i];
        p.t_gates[m] = p.iterations * per_call(load->t_gates, score->t_gates, end.t_gates - 1);
        p.gates[m] = p.iterations * per_call(load->gates, score->gates, end.gates) +
                     checks * (double)address_bits(i);
        p.depth[m] = p.iterations * per_call(load->depth, score->depth, end.depth) + checks;
        least = fmin(least, p.depth[m]);
    }
    p.free_depth =
        p.iterations * per_call(2 * (double)address_bits(i), score->depth, end.depth) + checks;
    p.seconds = 1e-9 * (least * s->layer_ns + checks * s->read_out_ns);
    *point = p;
    return QHM_OK;
}

// Queries to the cap, gates by formula: nothing is run at these sizes.
static qhm_status find_large(const qhm_attention_study *s, size_t d, size_t bits,
                             qhm_attention_point *point)
{
    const double n = exp2((double)bits);
    qhm_part_cost end, load;
    qhm_attention_point p = {.n = n, .repeats = repeats(n)};
    QHM_TRY(qhm_diffusion_cost(bits, &end));
    p.iterations = p.queries_paid = n * p.repeats * cap(n);
    for (int m = 0; m < QHM_LOOKUP_METHOD_COUNT; m++) {
        QHM_TRY(qhm_memory_count((qhm_lookup_method)m, bits,
                                 qhm_attention_dimensions[d] * QHM_ATTENTION_BITS, &load));
        p.t_gates[m] = p.iterations * per_call(load.t_gates, s->score[d].t_gates, end.t_gates - 1);
        p.gates[m] = p.iterations * per_call(load.gates, s->score[d].gates, end.gates);
    }
    *point = p;
    return QHM_OK;
}

static qhm_status find_points(qhm_attention_study *s)
{
    for (size_t d = 0; d < QHM_ATTENTION_DIMENSIONS; d++) {
        for (size_t i = 0; i < QHM_ATTENTION_SIZES; i++)
            QHM_TRY(find_point(s, d, i, &s->points[d][i]));
        for (size_t i = 0; i < QHM_ATTENTION_LARGE; i++)
            QHM_TRY(find_large(s, d, 10 + 2 * i, &s->large[d][i]));
    }
    return QHM_OK;
}

static qhm_status time_all(const qhm_claim_options *options, qhm_attention_study *s)
{
    const size_t last = QHM_ATTENTION_DIMENSIONS - 1;
    s->timed_count = QHM_ATTENTION_TIMED - options->is_quick;
    for (size_t i = 0; i < s->timed_count; i++) {
        const size_t n = (size_t)128 << i, long_n = (size_t)512 << 2 * i;
        double error;
        s->timed[i] = (double)n;
        for (size_t d = 0; d < QHM_ATTENTION_DIMENSIONS; d++) {
            QHM_TRY(qhm_claim_go_on(options));
            QHM_TRY(qhm_attention_time(n, qhm_attention_dimensions[d], options->seed,
                                       &s->seconds[d][i]));
        }
        s->series_n[i] = (double)long_n;
        QHM_TRY(qhm_attention_time_series(long_n, qhm_attention_dimensions[last],
                                          QHM_ATTENTION_RANK, options->seed, i == 0,
                                          &s->series_seconds[i], &error));
        s->series_error = i == 0 ? error : s->series_error;
    }
    return QHM_OK;
}

static qhm_status read_chip(qhm_attention_study *s)
{
    qhm_device *device;
    QHM_TRY(qhm_device_load("willow", NULL, &device));
    s->layer_ns = qhm_device_figure(device, "two_qubit_duration_ns").value;
    s->read_out_ns = qhm_device_figure(device, "readout_duration_ns").value;
    qhm_device_destroy(device);
    return QHM_OK;
}

qhm_status qhm_attention_study_run(const qhm_claim_options *options, qhm_attention_study *study)
{
    *study = (qhm_attention_study){0};
    QHM_TRY(read_chip(study));
    QHM_TRY(search_all(options, study));
    QHM_TRY(count_parts(options, study));
    QHM_TRY(find_points(study));
    return time_all(options, study);
}

double qhm_attention_product_seconds(const qhm_attention_study *study, size_t dimension)
{
    const size_t last = study->timed_count - 1;
    const double n = study->timed[last];
    return study->seconds[dimension][last].product /
           (n * n * (double)qhm_attention_dimensions[dimension]);
}

// Depths beyond the sizes that were built: of the QROM by a straight line in n, of the bucket
// brigade by the parabola in lg n through the last three.
static double load_depth(const qhm_attention_study *s, size_t d, double bits)
{
    const qhm_part_cost *qrom = s->memory[d][QHM_LOOKUP_QROM];
    const qhm_part_cost *tree = s->memory[d][QHM_LOOKUP_BUCKET_BRIGADE];
    const double slope = (qrom[LAST].depth - qrom[LAST - 1].depth) /
                         (exp2((double)address_bits(LAST)) - exp2((double)address_bits(LAST - 1)));
    const double line = qrom[LAST].depth + slope * (exp2(bits) - exp2((double)address_bits(LAST)));
    const double first = tree[LAST].depth - tree[LAST - 1].depth;
    const double second = first - (tree[LAST - 1].depth - tree[LAST - 2].depth);
    const double u = bits - (double)address_bits(LAST);
    return fmin(line, tree[LAST].depth + u * first + u * (u + 1) / 2 * second);
}

// Layers of a call and the reflection after it.
static double call_depth(const qhm_attention_study *s, size_t d, size_t bits,
                         qhm_attention_oracle oracle)
{
    if (oracle == QHM_ATTENTION_UNIT_COST)
        return 1;
    const double load =
        oracle == QHM_ATTENTION_FREE_MEMORY ? 2 * (double)bits : load_depth(s, d, (double)bits);
    return per_call(load, s->score[d].depth, QHM_DIFFUSION_DEPTH);
}

double qhm_attention_break_even(const qhm_attention_study *study, size_t dimension,
                                double layer_seconds, qhm_attention_oracle oracle,
                                double multiply_seconds)
{
    for (size_t bits = 2; bits <= MOST_LOG; bits++) {
        const double n = exp2((double)bits);
        const double layers = n * repeats(n) * cap(n) * call_depth(study, dimension, bits, oracle);
        const double classical =
            n * n * (double)qhm_attention_dimensions[dimension] * multiply_seconds;
        if (layers * layer_seconds < classical)
            return n;
    }
    return NAN;
}
