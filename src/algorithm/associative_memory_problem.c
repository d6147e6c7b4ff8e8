// The problem "recall": patterns stored in superposition, recalled by a query with unknown bits.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/associative_memory.h>
#include <string.h>

typedef struct recall_options {
    const qhm_node *patterns;
    const char *query;
    size_t controls, shots;
} recall_options;

static const qhm_option_info fields[] = {
    {.name = "patterns",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(recall_options, patterns),
     .help = "a list of bit strings, such as 0110; required. Up to 16 bits each, each once"},
    {.name = "query",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(recall_options, query),
     .help = "a bit string as long, ? for bits that are not known; required"},
    {.name = "controls",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(recall_options, controls),
     .default_text = "1",
     .minimum = 1,
     .maximum = 8,
     .help = "control qubits: the more, the fewer runs count and the closer they recall"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(recall_options, shots),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e8,
     .help = "runs, those that do not count included"},
    {0},
};

// Bits with bit 0 on the right; `known` NULL: no ? allowed. False for other characters.
static bool read_bits(const char *text, uint64_t *bits, uint64_t *known)
{
    *bits = 0;
    if (known)
        *known = 0;
    for (; *text; text++) {
        const bool is_known = *text == '0' || *text == '1';
        if (!is_known && (*text != '?' || !known))
            return false;
        *bits = *bits << 1 | (*text == '1');
        if (known)
            *known = *known << 1 | is_known;
    }
    return true;
}

typedef struct memory {
    qhm_memory_patterns patterns;
    uint64_t *values;
    uint64_t query, known;
} memory;

static qhm_status read_patterns(const recall_options *options, const qhm_problem *problem,
                                memory *m)
{
    const qhm_node *list = options->patterns;
    if (!list || qhm_node_kind_of(list) != QHM_NODE_SEQUENCE || qhm_node_count(list) == 0)
        return qhm_node_fail(list ? list : problem->node,
                             "field 'patterns' has to be a list of bit strings");
    m->patterns.count = qhm_node_count(list);
    m->patterns.bit_count = strlen(qhm_node_text(qhm_node_at(list, 0)));
    QHM_TRY(qhm_allocate(m->patterns.count, sizeof *m->values, &m->values));
    m->patterns.patterns = m->values;
    for (size_t i = 0; i < m->patterns.count; i++) {
        const qhm_node *item = qhm_node_at(list, i);
        const size_t length = strlen(qhm_node_text(item));
        if (length != m->patterns.bit_count || length == 0 || length > 16 ||
            !read_bits(qhm_node_text(item), &m->values[i], NULL))
            return qhm_node_fail(item,
                                 "pattern '%s' is no bit string, of 1 to 16 bits and as long as "
                                 "the first",
                                 qhm_node_text(item));
    }
    return QHM_OK;
}

static qhm_status read_memory(const recall_options *options, const qhm_problem *problem, memory *m)
{
    QHM_TRY(read_patterns(options, problem, m));
    const qhm_node *node = qhm_node_find(problem->node, "query");
    if (!options->query || strlen(options->query) != m->patterns.bit_count ||
        !read_bits(options->query, &m->query, &m->known) || m->known == 0)
        return qhm_node_fail(node ? node : problem->node,
                             "field 'query' has to be %zu characters 0, 1 or ?, not all ?",
                             m->patterns.bit_count);
    return QHM_OK;
}

static void set_pattern(json_t *object, uint64_t pattern, size_t bit_count)
{
    char text[64];
    for (size_t i = 0; i < bit_count; i++)
        text[i] = pattern >> (bit_count - 1 - i) & 1 ? '1' : '0';
    text[bit_count] = '\0';
    qhm_result_text(object, "pattern", text);
}

// The opponent: the nearest pattern.
static void scan(const memory *m, qhm_result *result)
{
    const double start = qhm_algorithm_clock();
    size_t best = 0, ties = 0;
    int nearest = 65;
    for (size_t i = 0; i < m->patterns.count; i++) {
        const int distance = __builtin_popcountll((m->values[i] ^ m->query) & m->known);
        if (distance < nearest) {
            nearest = distance;
            best = i;
            ties = 0;
        }
        ties += distance == nearest;
    }
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
    qhm_result_text(result->opponent, "method", "scan for the least Hamming distance");
    set_pattern(result->opponent, m->values[best], m->patterns.bit_count);
    qhm_result_count(result->opponent, "distance", (uint64_t)nearest);
    qhm_result_count(result->opponent, "patterns_at_distance", ties);
    qhm_result_count(result->opponent, "patterns_read", m->patterns.count);
}

static void describe(const recall_options *options, const memory *m,
                     const qhm_distribution *outcomes, qhm_result *result)
{
    const double shots = (double)options->shots;
    double kept = 0, most = 0;
    uint64_t recalled = 0;
    for (size_t i = 0; i < m->patterns.count; i++) { // controls are the bits above, all 0
        const double weight = qhm_distribution_weight(outcomes, &m->values[i]);
        kept += weight;
        if (weight > most) {
            most = weight;
            recalled = m->values[i];
        }
    }
    json_object_set_new(result->answer, "recalled", json_boolean(kept > 0));
    if (kept > 0) {
        set_pattern(result->answer, recalled, m->patterns.bit_count);
        const double rate = most / kept;
        qhm_result_number(result->answer, "probability", rate);
        qhm_result_number(result->answer, "standard_error", qhm_statistics_rate_error(rate, kept));
    }
    const double rate = kept / shots;
    qhm_result_number(result->answer, "kept_share", rate);
    qhm_result_number(result->answer, "kept_share_standard_error",
                      qhm_statistics_rate_error(rate, shots));
    qhm_result_number(result->answer, "expected_kept_share",
                      qhm_associative_memory_probability(&m->patterns, m->query, m->known,
                                                         options->controls, NULL));
    result->ledger.discarded_shots += (uint64_t)(shots - kept);
    qhm_result_note(result,
                    "Every run stores the patterns (%zu) again, the discarded ones too; a "
                    "scan reads each once.",
                    m->patterns.count);
}

static qhm_status run_recall(const recall_options *options, const qhm_problem *problem,
                             const memory *m, qhm_result *result)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    qhm_status status = qhm_associative_memory_create(&m->patterns, m->query, m->known,
                                                      options->controls, &circuit);
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        return qhm_node_fail(options->patterns, "%s", qhm_error_message());
    QHM_TRY(status);
    status =
        qhm_counted_shots(circuit, options->shots, problem->seed,
                          &(qhm_run_counts){.state_preparations = 1}, &result->ledger, &outcomes);
    if (status == QHM_OK) {
        describe(options, m, outcomes, result);
        scan(m, result);
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const recall_options *options = given;
    memory m = {0};
    qhm_status status = read_memory(options, problem, &m);
    if (status == QHM_OK)
        status = run_recall(options, problem, &m, result);
    qhm_release(m.values);
    return status;
}

const qhm_algorithm qhm_algorithm_recall = {
    .info = {.name = "recall",
             .help = "associative memory: patterns in superposition, recalled by a partial query",
             .details = "Stores p patterns of n bits by about p n gates, then turns phases by the "
                        "Hamming distance d to the query:\na run counts with the mean of "
                        "cos^(2b)(pi d / 2n), and then recalls in that proportion. Measuring ends "
                        "the\nmemory, so that every run stores it again. [ventura2000, "
                        "trugenberger2001]\n",
             .example = "patterns: ['0000', '0110', '1111']\nquery: '01?1'\ncontrols: 2\nshots: "
                        "1000\n",
             .fields = fields},
    .options_size = sizeof(recall_options),
    .run = run,
};
