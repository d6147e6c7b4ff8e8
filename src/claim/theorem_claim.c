// The claim "theorem-a1": attention in n sqrt(n) quantum against n^2 d classical operations.
#include "claim/attention_study.h"
#include "claim/scaling.h"

#include <math.h>
#include <qhm/device.h>
#include <stdio.h>
#include <string.h>

enum {
    SIZES = QHM_ATTENTION_SIZES,
    LARGE = QHM_ATTENTION_LARGE,
    FIT = SIZES - QHM_ATTENTION_FIRST_FIT,
    LAST_DIMENSION = QHM_ATTENTION_DIMENSIONS - 1,
    QROM = QHM_LOOKUP_QROM
};

// Of a multiplication on a GPU: assumed.
#define GPU_SECONDS 1e-14

// The sizes of a law, and one of their quantities.
typedef struct law {
    double n[LARGE > SIZES ? LARGE : SIZES], y[LARGE > SIZES ? LARGE : SIZES];
} law;

static law read_law(const qhm_attention_point *points, size_t count, size_t offset)
{
    law l = {0};
    for (size_t i = 0; i < count; i++) {
        l.n[i] = points[i].n;
        memcpy(&l.y[i], (const char *)&points[i] + offset, sizeof l.y[i]);
    }
    return l;
}

static qhm_interval fit(const qhm_attention_point *points, size_t count, size_t offset)
{
    const law l = read_law(points, count, offset);
    return qhm_scaling_exponent(l.n, l.y, count);
}

#define OFFSET(field) offsetof(qhm_attention_point, field)

// One of the quantities whose exponents are told.
typedef struct quantity {
    const char *name;
    size_t offset;
    bool is_counted; // at the large sizes too
} quantity;

static const quantity quantities[] = {
    {"queries until found", OFFSET(queries_found), false},
    {"queries paid", OFFSET(queries_paid), true},
    {"T gates, QROM", OFFSET(t_gates[QHM_LOOKUP_QROM]), true},
    {"T gates, SELECT-SWAP", OFFSET(t_gates[QHM_LOOKUP_SELECT_SWAP]), true},
    {"T gates, bucket brigade", OFFSET(t_gates[QHM_LOOKUP_BUCKET_BRIGADE]), true},
    {"gates, QROM", OFFSET(gates[QHM_LOOKUP_QROM]), true},
    {"gates, SELECT-SWAP", OFFSET(gates[QHM_LOOKUP_SELECT_SWAP]), true},
    {"gates, bucket brigade", OFFSET(gates[QHM_LOOKUP_BUCKET_BRIGADE]), true},
    {"depth, QROM", OFFSET(depth[QHM_LOOKUP_QROM]), false},
    {"depth, SELECT-SWAP", OFFSET(depth[QHM_LOOKUP_SELECT_SWAP]), false},
    {"depth, bucket brigade", OFFSET(depth[QHM_LOOKUP_BUCKET_BRIGADE]), false},
    {"depth, free memory", OFFSET(free_depth), false},
    {"seconds on willow", OFFSET(seconds), false},
};

enum { QUANTITIES = sizeof quantities / sizeof quantities[0] };

static void tell_rows(const qhm_attention_study *s, json_t *numbers)
{
    json_t *list = json_array();
    for (size_t d = 0; d < QHM_ATTENTION_DIMENSIONS; d++)
        for (size_t i = 0; i < SIZES; i++) {
            const qhm_attention_rows *r = &s->rows[d][i];
            json_t *row = json_object();
            qhm_claim_number(row, "n", (double)r->keys);
            qhm_claim_number(row, "d", (double)r->dimension);
            qhm_claim_number(row, "rows", (double)r->rows);
            qhm_claim_number(row, "thresholds", r->thresholds);
            qhm_claim_number(row, "exact_thresholds", r->expected_thresholds);
            qhm_claim_number(row, "iterations", r->last_iterations);
            qhm_claim_number(row, "exact_iterations", r->expected_iterations);
            qhm_claim_number(row, "checks", r->last_measurements);
            qhm_claim_number(row, "exact_checks", r->expected_measurements);
            qhm_claim_number(row, "iterations_paid", r->iterations);
            qhm_claim_number(row, "checks_paid", r->measurements);
            qhm_claim_number(row, "wrong", r->wrong);
            json_array_append_new(list, row);
        }
    json_object_set_new(numbers, "searches", list);
}

// What one head of 64 dimensions takes, in a table for readers.
static void tell_points(const qhm_attention_study *s, json_t *numbers)
{
    json_t *list = json_array();
    for (size_t i = 0; i < SIZES; i++) {
        const qhm_attention_point *p = &s->points[LAST_DIMENSION][i];
        const double d = (double)qhm_attention_dimensions[LAST_DIMENSION];
        json_t *row = json_object();
        qhm_claim_number(row, "n", p->n);
        qhm_claim_number(row, "searches_a_row", p->repeats);
        qhm_claim_number(row, "queries_paid", p->queries_paid);
        qhm_claim_number(row, "t_gates", p->t_gates[QROM]);
        qhm_claim_number(row, "gates", p->gates[QROM]);
        qhm_claim_number(row, "depth", p->depth[QROM]);
        qhm_claim_number(row, "seconds_on_willow", p->seconds);
        qhm_claim_number(row, "bits_written", 3 * p->n * d * QHM_ATTENTION_BITS);
        qhm_claim_number(row, "numbers_out", p->n * d);
        qhm_claim_number(row, "n_sqrt_n", p->n * sqrt(p->n));
        qhm_claim_number(row, "n_n_d", p->n * p->n * d);
        json_array_append_new(list, row);
    }
    json_object_set_new(numbers, "one_head_of_64_dimensions", list);
}

static void tell_exponents(const qhm_attention_study *s, json_t *numbers)
{
    json_t *list = json_array();
    for (size_t q = 0; q < QUANTITIES; q++) {
        json_t *row = json_object();
        qhm_claim_text(row, "quantity", quantities[q].name);
        for (size_t d = 0; d < QHM_ATTENTION_DIMENSIONS; d++) {
            char name[48], text[64];
            const qhm_attention_point *points = s->points[d] + QHM_ATTENTION_FIRST_FIT;
            snprintf(name, sizeof name, "d_%zu_run_to_256", qhm_attention_dimensions[d]);
            qhm_scaling_print(fit(points, FIT, quantities[q].offset), text);
            qhm_claim_text(row, name, text);
        }
        char text[64] = "not counted";
        if (quantities[q].is_counted)
            qhm_scaling_print(fit(s->large[LAST_DIMENSION], LARGE, quantities[q].offset), text);
        qhm_claim_text(row, "d_64_counted_to_2_to_20", text);
        json_array_append_new(list, row);
    }
    json_object_set_new(numbers, "exponents_of_n", list);
}

static void tell_classical(const qhm_attention_study *s, json_t *numbers)
{
    json_t *list = json_array(), *exponents = json_array();
    for (size_t d = 0; d < QHM_ATTENTION_DIMENSIONS; d++)
        for (size_t i = 0; i < s->timed_count; i++) {
            json_t *row = json_object();
            qhm_claim_number(row, "n", s->timed[i]);
            qhm_claim_number(row, "d", (double)qhm_attention_dimensions[d]);
            qhm_claim_number(row, "seconds_of_loops", s->seconds[d][i].loop);
            qhm_claim_number(row, "seconds_of_a_matrix_product", s->seconds[d][i].product);
            qhm_claim_number(row, "seconds_of_softmax_attention", s->seconds[d][i].softmax);
            json_array_append_new(list, row);
        }
    double loops[QHM_ATTENTION_TIMED], products[QHM_ATTENTION_TIMED];
    for (size_t i = 0; i < s->timed_count; i++) {
        loops[i] = s->seconds[LAST_DIMENSION][i].loop;
        products[i] = s->seconds[LAST_DIMENSION][i].product;
    }
    qhm_scaling_append(exponents, "three loops",
                       qhm_scaling_exponent(s->timed, loops, s->timed_count));
    qhm_scaling_append(exponents, "matrix product",
                       qhm_scaling_exponent(s->timed, products, s->timed_count));
    qhm_scaling_append(exponents, "QSANN's own kernel by its series",
                       qhm_scaling_exponent(s->series_n, s->series_seconds, s->timed_count));
    json_object_set_new(numbers, "classical", list);
    json_object_set_new(numbers, "classical_exponents_at_64_dimensions", exponents);
    json_object_set_new(numbers, "series_terms", json_integer(QHM_ATTENTION_RANK));
    qhm_claim_number(numbers, "series_largest_error", s->series_error);
    qhm_claim_number(numbers, "classical_seconds_a_multiplication",
                     qhm_attention_product_seconds(s, LAST_DIMENSION));
}

typedef struct chip {
    const char *device, *figure, *name;
    double layer_seconds; // without a device
} chip;

static const chip chips[] = {
    {"willow", "two_qubit_duration_ns", "willow, gates without errors", 0},
    {"heron", "two_qubit_duration_ns", "heron, gates without errors", 0},
    {"condor", "two_qubit_duration_ns", "condor, gates without errors", 0},
    {"ocelot", "two_qubit_duration_ns", "ocelot, gates without errors", 0},
    {"willow", "cycle_duration_ns", "willow, a cycle of error correction", 0},
    {NULL, NULL, "a layer of 10 ns, nobody's", 1e-8},
};

enum { CHIPS = sizeof chips / sizeof chips[0] };

static qhm_status layer_of(const chip *c, double *seconds)
{
    qhm_device *device;
    *seconds = c->layer_seconds;
    if (!c->device)
        return QHM_OK;
    QHM_TRY(qhm_device_load(c->device, NULL, &device));
    *seconds = 1e-9 * qhm_device_figure(device, c->figure).value;
    qhm_device_destroy(device);
    return QHM_OK;
}

static void set_crossing(const qhm_attention_study *s, double layer, qhm_attention_oracle oracle,
                         double multiply, const char *name, json_t *row, double *crossing)
{
    char text[32] = "none below 2^40";
    const double n = qhm_attention_break_even(s, LAST_DIMENSION, layer, oracle, multiply);
    if (!isnan(n))
        snprintf(text, sizeof text, "2^%.0f", log2(n));
    qhm_claim_text(row, name, text);
    *crossing = n;
}

// least [QHM_ATTENTION_ORACLE_COUNT]: the smallest break-even of each kind of oracle on a chip that
// there is.
static qhm_status tell_break_even(const qhm_attention_study *s, json_t *numbers, double *least)
{
    static const char *const names[2][QHM_ATTENTION_ORACLE_COUNT] = {
        {"circuit", "free_memory", "free_oracle"},
        {"circuit_gpu", "free_memory_gpu", "free_oracle_gpu"}};
    const double opponents[2] = {qhm_attention_product_seconds(s, LAST_DIMENSION), GPU_SECONDS};
    json_t *list = json_array();
    json_object_set_new(numbers, "break_even_at_64_dimensions", list);
    for (size_t o = 0; o < QHM_ATTENTION_ORACLE_COUNT; o++)
        least[o] = INFINITY;
    for (size_t i = 0; i < CHIPS; i++) {
        json_t *row = json_object();
        double layer;
        json_array_append_new(list, row);
        QHM_TRY(layer_of(&chips[i], &layer));
        qhm_claim_text(row, "chip", chips[i].name);
        qhm_claim_number(row, "layer_ns", 1e9 * layer);
        for (size_t k = 0; k < 2; k++)
            for (int o = 0; o < QHM_ATTENTION_ORACLE_COUNT; o++) {
                double n;
                set_crossing(s, layer, (qhm_attention_oracle)o, opponents[k], names[k][o], row, &n);
                least[o] = chips[i].device ? fmin(least[o], n) : least[o]; // fmin passes over NaN
            }
    }
    return QHM_OK;
}

static void draw(const qhm_attention_study *s, json_t *plot)
{
    const qhm_attention_point *points = s->points[LAST_DIMENSION];
    double n[SIZES], paper[SIZES], classical[SIZES];
    const double d = (double)qhm_attention_dimensions[LAST_DIMENSION];
    for (size_t i = 0; i < SIZES; i++) {
        n[i] = points[i].n;
        paper[i] = n[i] * sqrt(n[i]);
        classical[i] = n[i] * n[i] * d;
    }
    qhm_plot_begin(plot, "Attention of n keys and queries of 64 dimensions", "n, as powers of ten",
                   "operations, as powers of ten");
    qhm_plot_add(plot, "n sqrt(n), the paper", n, paper, SIZES);
    qhm_plot_add(plot, "classical n n d", n, classical, SIZES);
    const law found = read_law(points, SIZES, OFFSET(queries_found));
    const law paid = read_law(points, SIZES, OFFSET(queries_paid));
    const law gates = read_law(points, SIZES, OFFSET(gates[QHM_LOOKUP_QROM]));
    qhm_plot_add(plot, "queries until found", n, found.y, SIZES);
    qhm_plot_add(plot, "queries paid", n, paid.y, SIZES);
    qhm_plot_add(plot, "gates", n, gates.y, SIZES);
}

static void print_crossing(double least, char text[48])
{
    if (isinf(least))
        snprintf(text, 48, "none below 2^40");
    else
        snprintf(text, 48, "2^%.0f at the earliest", log2(least));
}

static void conclude(const qhm_attention_study *s, const double *least, qhm_claim_result *result)
{
    const qhm_attention_point *large = s->large[LAST_DIMENSION];
    const qhm_interval queries = fit(large, LARGE, OFFSET(queries_paid));
    const qhm_interval t = fit(large + LARGE / 2, LARGE / 2, OFFSET(t_gates[QHM_LOOKUP_QROM]));
    const qhm_interval gates = fit(large + LARGE / 2, LARGE / 2, OFFSET(gates[QHM_LOOKUP_QROM]));
    const qhm_interval found =
        fit(s->points[LAST_DIMENSION] + QHM_ATTENTION_FIRST_FIT, FIT, OFFSET(queries_found));
    const bool has_queries = queries.mean < 1.75, has_gates = gates.mean < 1.75;
    char crossings[QHM_ATTENTION_ORACLE_COUNT][48];
    for (size_t o = 0; o < QHM_ATTENTION_ORACLE_COUNT; o++)
        print_crossing(least[o], crossings[o]);
    qhm_claim_find_that(
        result, !has_queries ? QHM_CLAIM_FAILS : (has_gates ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF),
        "As calls of a score oracle at unit cost it %s for the best key of each row: they grow "
        "as n^%.2f until it is found (n = 16 to 256, run) and as n^%.2f with all that has to be "
        "paid (to 2^20, counted). As operations it %s: a call loads n keys, and gates grow "
        "as n^%.2f, T gates as n^%.2f (2^16 to 2^20). Break-even in time with a processor here, by "
        "gates of chips that made no errors: %s with the oracle as a circuit, %s if memory cost "
        "nothing, %s if a whole call took one layer.",
        has_queries ? "holds" : "does not hold", found.mean, queries.mean,
        has_gates ? "holds, too" : "does not", gates.mean, t.mean, crossings[0], crossings[1],
        crossings[2]);
}

static void add_notes(const qhm_attention_study *s, qhm_claim_result *result)
{
    const qhm_attention_point *last = &s->points[LAST_DIMENSION][SIZES - 1];
    qhm_claim_note(result,
                   "To be printed beside the theorem: \"For n queries and n keys behind a coherent "
                   "score oracle of unit cost, argmax attention takes O(n sqrt(n) log(n / delta)) "
                   "oracle calls with failure at most delta, against n^2 classically without "
                   "structure; this is tight up to logarithms. With the oracle as a circuit (d "
                   "multiplications of b bits, memory as gates) T gates are O(n^2.5 + n^1.5 d b^2) "
                   "and gates O(n^2.5 d b), up to logarithms, and the output has n d numbers.\"");
    qhm_claim_note(result,
                   "At n = 256, d = 64 the search calls its oracle %.3g times, where all scores "
                   "are %.3g; each call multiplies and loads 64 numbers of 256 keys twice.",
                   last->iterations, last->n * last->n);
    qhm_claim_note(result,
                   "It takes %.0f qubits with a QROM. Willow has 105: its seconds are those of its "
                   "gate times, as if it were larger.",
                   s->memory[LAST_DIMENSION][QROM][SIZES - 1].qubits +
                       s->score[LAST_DIMENSION].qubits -
                       (double)qhm_attention_dimensions[LAST_DIMENSION] * QHM_ATTENTION_BITS);
    qhm_claim_note(result,
                   "The output alone has n d numbers: more than n sqrt(n) for every n below d^2, "
                   "which is %.0f for d = 64.",
                   64.0 * 64);
    qhm_claim_note(result,
                   "A search ends at its cap of 22.5 sqrt(n) + 1.4 lg(n)^2 iterations, since "
                   "nothing tells it that it holds the largest; each is right with probability "
                   "1/2 at least, so that %.0f a row make all 256 right but for 0.001.",
                   last->repeats);
    qhm_claim_note(result,
                   "QSANN as published [li2022] has no such search: three circuits a token, each "
                   "of O(1 / eps^2) shots, then a classical sum. Its kernel exp(-(q - k)^2) of two "
                   "numbers in [-1, 1] is a series of %d terms to %.1e, so that the sum is linear "
                   "in n.",
                   QHM_ATTENTION_RANK, s->series_error);
    qhm_claim_note(result,
                   "Depths beyond 256 keys are continued: of the QROM by a straight line, "
                   "of the bucket brigade by a parabola in lg n. Break-even leaves out "
                   "writing, reading out and errors, is against a matrix product here or on "
                   "a GPU of 10^14 multiplications a second (assumed), and grants a free "
                   "oracle one layer a call.");
}

static qhm_status run(const qhm_claim_options *options, qhm_claim_result *result)
{
    qhm_attention_study study;
    double least[QHM_ATTENTION_ORACLE_COUNT];
    QHM_TRY(qhm_attention_study_run(options, &study));
    tell_rows(&study, result->numbers);
    tell_points(&study, result->numbers);
    tell_exponents(&study, result->numbers);
    tell_classical(&study, result->numbers);
    QHM_TRY(tell_break_even(&study, result->numbers, least));
    draw(&study, result->plot);
    conclude(&study, least, result);
    add_notes(&study, result);
    return QHM_OK;
}

const qhm_claim qhm_claim_theorem_a1 = {
    .info = {.name = "theorem-a1",
             .place = "appendix A.1, theorem A1",
             .claim = "Given n queries and keys of dimension d, the QSANN attention mechanism "
                      "requires O(n sqrt n) quantum operations compared to O(n^2 d) classical "
                      "operations for standard attention.",
             .details = "Searches every row for the key of the largest score (4 to 256 keys of 4, "
                        "16 and 64 entries of 8 bits), each to its cap, and counts the oracle as "
                        "circuits: load by QROM, SELECT-SWAP or bucket brigade, inner product, "
                        "comparison, all computed and taken back. Classical attention is timed. "
                        "The verdict is by the exponents of queries and of gates."},
    .run = run,
};
