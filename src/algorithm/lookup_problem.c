// The problem "lookup": a table from a file, looked up in superposition, with and without noise.
#include "algorithm/algorithm_internal.h"
#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <qhm/lookup.h>

enum { MOST_CELLS = 1 << 12, MOST_BITS = 12 };

typedef struct lookup_options {
    const qhm_node *words;
    int method;
    const char *swap_bits;
    double error;
    size_t trajectories;
} lookup_options;

static const char *const methods[] = {"qrom", "select_swap", "bucket_brigade", NULL};

static const qhm_option_info fields[] = {
    {.name = "words",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(lookup_options, words),
     .help = "a list of whole numbers, cell 0 first; required. Filled up with 0 to a power of two"},
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(lookup_options, method),
     .default_text = "qrom",
     .choices = methods,
     .help = "the circuit"},
    {.name = "swap_bits",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(lookup_options, swap_bits),
     .help = "of select_swap: how many bits of the address swaps take; default those with the "
             "fewest T gates",
     .used_with = "method=select_swap"},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(lookup_options, error),
     .maximum = 0.5,
     .help = "of every qubit that a gate touches: X, Y or Z with a third of it each"},
    {.name = "trajectories",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(lookup_options, trajectories),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e7,
     .help = "queries of all addresses at once, each with its own errors"},
    {0},
};

typedef struct table {
    uint64_t *words;
    size_t count; // as given
    qhm_lookup_data data;
    qhm_lookup_method method;
    size_t swap_bits;
} table;

static qhm_status read_table(const lookup_options *options, const qhm_problem *problem, table *t)
{
    size_t *read = NULL;
    QHM_TRY(qhm_problem_indices(problem->node, options->words, "words", SIZE_MAX >> 1, &read,
                                &t->count));
    qhm_status status = QHM_OK;
    if (t->count < 2 || t->count > MOST_CELLS)
        status = qhm_node_fail(options->words, "field 'words' has %zu cells, not 2 to %d", t->count,
                               MOST_CELLS);
    uint64_t all = 1;
    t->data.address_bits = qhm_bits_for(t->count);
    if (status == QHM_OK)
        status = qhm_allocate((size_t)1 << t->data.address_bits, sizeof *t->words, &t->words);
    for (size_t i = 0; i < t->count && status == QHM_OK; i++)
        all |= t->words[i] = read[i];
    qhm_release(read);
    t->data.words = t->words;
    t->data.word_bits = 64 - (size_t)__builtin_clzll(all);
    return status;
}

static qhm_status read_swap_bits(const lookup_options *options, const qhm_problem *problem,
                                 table *t)
{
    uint64_t bits;
    t->method = (qhm_lookup_method)(options->method - 1);
    t->swap_bits = qhm_lookup_best_swap_bits(t->data.address_bits, t->data.word_bits);
    if (!options->swap_bits)
        return QHM_OK;
    if (!qhm_parse_uint64(options->swap_bits, &bits) || bits > t->data.address_bits)
        return qhm_node_fail(qhm_node_find(problem->node, "swap_bits"),
                             "field 'swap_bits' is '%s', not a whole number from 0 to %zu",
                             options->swap_bits, t->data.address_bits);
    t->swap_bits = (size_t)bits;
    return QHM_OK;
}

// The query's own cost, to the ledger as often as it was run.
static qhm_status count(const table *t, size_t queries, qhm_result *result)
{
    qhm_circuit *circuit;
    qhm_ledger ledger;
    qhm_lookup_counts counts;
    QHM_TRY(qhm_lookup_count(t->method, &t->data, t->swap_bits, &counts));
    QHM_TRY(qhm_lookup_create(t->method, &t->data, t->swap_bits, &circuit));
    const qhm_status status = qhm_circuit_count_ledger(
        circuit, &(qhm_ledger_options){.shots = queries, .oracle_calls = 1}, &ledger);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    qhm_ledger_add(&result->ledger, &ledger);
    json_t *query = json_object();
    qhm_result_count(query, "qubits", counts.qubits);
    qhm_result_count(query, "depth", ledger.depth);
    qhm_result_count(query, "toffoli_gates", counts.toffolis);
    qhm_result_count(query, "controlled_swaps", counts.controlled_swaps);
    qhm_result_count(query, "t_gates", counts.t_gates);
    qhm_result_count(query, "t_gates_with_measured_ands", counts.t_gates_measured);
    if (t->method == QHM_LOOKUP_BUCKET_BRIGADE) {
        qhm_result_count(query, "routers", counts.routers);
        qhm_result_count(query, "routing_operations", counts.routing_operations);
    }
    if (t->method == QHM_LOOKUP_SELECT_SWAP)
        qhm_result_count(query, "swap_bits", t->swap_bits);
    json_object_set_new(result->answer, "query", query);
    return QHM_OK;
}

// How the loss of fidelity grows with the cells: over the first 4, 8, ... cells of the table.
static qhm_status find_growth(const lookup_options *options, const qhm_problem *problem,
                              const table *t, qhm_result *result)
{
    double cells[MOST_BITS], losses[MOST_BITS];
    size_t points = 0;
    for (size_t n = 2; n <= t->data.address_bits; n++) {
        table part = *t;
        part.data.address_bits = n;
        double fidelity;
        QHM_TRY(qhm_lookup_fidelity(t->method, &part.data, t->swap_bits < n ? t->swap_bits : n,
                                    &(qhm_lookup_noise){.error = options->error,
                                                        .trajectories = options->trajectories,
                                                        .seed = problem->seed},
                                    &fidelity, NULL));
        cells[points] = (double)((size_t)1 << n);
        losses[points++] = 1 - fidelity;
    }
    qhm_result_number(result->answer, "exponent_of_the_loss",
                      qhm_statistics_log_slope(cells, losses, points));
    qhm_result_note(result,
                    "The loss of fidelity grows as this power of the cells, over tables of 4 "
                    "to %zu of them.",
                    (size_t)1 << t->data.address_bits);
    return QHM_OK;
}

static qhm_status look_up(const lookup_options *options, const qhm_problem *problem, const table *t,
                          qhm_result *result)
{
    double fidelity, error;
    QHM_TRY(count(t, options->trajectories, result));
    QHM_TRY(qhm_lookup_fidelity(t->method, &t->data, t->swap_bits,
                                &(qhm_lookup_noise){.error = options->error,
                                                    .trajectories = options->trajectories,
                                                    .seed = problem->seed},
                                &fidelity, &error));
    qhm_result_count(result->answer, "cells", (uint64_t)1 << t->data.address_bits);
    qhm_result_count(result->answer, "word_bits", t->data.word_bits);
    qhm_result_number(result->answer, "fidelity", fidelity);
    qhm_result_number(result->answer, "standard_error", error);
    if (options->error > 0 && t->data.address_bits >= 3)
        QHM_TRY(find_growth(options, problem, t, result));
    qhm_result_text(result->opponent, "method", "an array");
    qhm_result_count(result->opponent, "memory_reads_for_one_address", 1);
    qhm_result_count(result->opponent, "memory_reads_for_all", t->count);
    qhm_result_note(result, "Every query acts on all %zu cells, whichever address is asked for.",
                    (size_t)1 << t->data.address_bits);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const lookup_options *options = given;
    table t = {.data = {.address_bits = 1}};
    qhm_status status = read_table(options, problem, &t);
    if (status == QHM_OK)
        status = read_swap_bits(options, problem, &t);
    if (status == QHM_OK)
        status = look_up(options, problem, &t, result);
    qhm_release(t.words);
    return status;
}

const qhm_algorithm qhm_algorithm_lookup = {
    .info = {.name = "lookup",
             .help = "a classical table in superposition: QROM, SELECT-SWAP, bucket-brigade qRAM",
             .details =
                 "Makes the circuit that turns sum_a |a>|0> into sum_a |a>|word_a>, counts it, and "
                 "runs it on all addresses at\nonce with random errors. All three circuits "
                 "touch every cell in every query; the tree of routers is only\nshallower, and "
                 "less hurt by errors. [babbush2018, low2018, giovannetti2008, hann2021]\n",
             .example = "words: [5, 0, 3, 6, 1, 7, 2, 4]\nmethod: bucket_brigade\nerror: 0.0001\n",
             .fields = fields},
    .options_size = sizeof(lookup_options),
    .run = run,
};
