// The problem "estimate-amplitude": the share of a prepared state on marked basis states.
#include "algorithm/amplitude_row.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/real_state.h"
#include "base/memory.h"

#include <math.h>

enum { MOST_ENTRIES = 256, REPETITIONS = 100 };

typedef struct estimate_options {
    const qhm_node *vector, *marked;
    double probability;
    qhm_amplitude_settings amplitude;
} estimate_options;

static const qhm_option_info fields[] = {
    {.name = "vector",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(estimate_options, vector),
     .help = "up to 256 numbers, loaded as amplitudes; not given: one qubit of the probability"},
    {.name = "marked",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(estimate_options, marked),
     .help = "places in the vector that count, from 0; required with a vector",
     .used_with = "vector"},
    {.name = "probability",
     .type = QHM_OPTION_DOUBLE_OR_ZERO,
     .offset = offsetof(estimate_options, probability),
     .default_text = "0.3",
     .minimum = 0,
     .maximum = 1,
     .help = "of 1 on one qubit, where no vector is given",
     .used_with = "no vector"},
    QHM_AMPLITUDE_FIELDS(estimate_options),
    {0},
};

typedef struct estimation {
    const estimate_options *options;
    double *values;
    size_t count;
    size_t *marked;
    size_t marked_count;
    qhm_circuit *preparation;
} estimation;

static qhm_status read_vector(const qhm_problem *problem, estimation *e)
{
    const estimate_options *o = e->options;
    QHM_TRY(qhm_problem_numbers(problem->node, o->vector, "vector", 2, &e->values, &e->count));
    if (e->count > MOST_ENTRIES)
        return qhm_node_fail(o->vector, "field 'vector' has %zu entries, not 2 to %d", e->count,
                             MOST_ENTRIES);
    double largest = 0;
    for (size_t i = 0; i < e->count; i++)
        largest = fmax(largest, fabs(e->values[i]));
    for (size_t i = 0; i < e->count && largest > 0; i++)
        e->values[i] /= largest; // the length is lost anyway, and squares of tiny entries would be
    return qhm_problem_indices(problem->node, o->marked, "marked", e->count - 1, &e->marked,
                               &e->marked_count);
}

static qhm_status make_probability(estimation *e)
{
    QHM_TRY(qhm_allocate(2, sizeof *e->values, &e->values));
    QHM_TRY(qhm_allocate(1, sizeof *e->marked, &e->marked));
    e->values[0] = sqrt(1 - e->options->probability);
    e->values[1] = sqrt(e->options->probability);
    e->marked[0] = 1;
    e->count = 2;
    e->marked_count = 1;
    return QHM_OK;
}

// The classical opponent: the marked squares over all squares.
static double add_squares(const estimation *e)
{
    double all = 0, marked = 0;
    for (size_t i = 0; i < e->count; i++)
        all += e->values[i] * e->values[i];
    for (size_t i = 0; i < e->marked_count; i++)
        marked += e->values[e->marked[i]] * e->values[e->marked[i]];
    return marked / all;
}

static void describe_opponent(const estimation *e, qhm_result *result)
{
    volatile double exact = 0; // kept, so that every repetition is done
    const double start = qhm_algorithm_clock();
    for (size_t r = 0; r < REPETITIONS; r++)
        exact = add_squares(e);
    const double seconds = (qhm_algorithm_clock() - start) / REPETITIONS;
    qhm_result_text(result->opponent, "method", "sum of squares");
    qhm_result_number(result->opponent, "value", exact);
    qhm_result_number(result->opponent, "seconds", seconds);
    if (e->options->vector)
        qhm_result_note(result, "Each preparation loads the whole vector, which a sum reads once.");
}

static qhm_status is_listed(const void *context, uint64_t state, bool *is_marked)
{
    const estimation *e = context;
    *is_marked = false;
    for (size_t i = 0; i < e->marked_count; i++)
        *is_marked = *is_marked || e->marked[i] == state;
    return QHM_OK;
}

static qhm_status estimate(const qhm_problem *problem, const estimation *e, qhm_result *result)
{
    const qhm_amplitude_problem given = {e->preparation, e->marked, e->marked_count, NULL};
    const qhm_amplitude_settings *settings = &e->options->amplitude;
    qhm_amplitude_estimate found;
    const qhm_status status =
        qhm_amplitude_row_estimate(&given, settings, is_listed, e, problem->seed, result, &found);
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        return qhm_node_fail(e->options->marked ? e->options->marked : problem->node, "%s",
                             qhm_error_message());
    QHM_TRY(status);
    qhm_result_number(result->answer, "value", found.share);
    describe_opponent(e, result);
    qhm_amplitude_row_compare(settings, &found, result);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    estimation e = {.options = given};
    const qhm_node *node = e.options->vector ? e.options->vector : problem->node;
    qhm_status status = e.options->vector ? read_vector(problem, &e) : make_probability(&e);
    if (status == QHM_OK)
        status = qhm_problem_real_state(node, e.values, e.count, NULL, &e.preparation);
    if (status == QHM_OK)
        status = estimate(problem, &e, result);
    qhm_circuit_destroy(e.preparation);
    qhm_release(e.values);
    qhm_release(e.marked);
    return status;
}

const qhm_algorithm qhm_algorithm_estimate_amplitude = {
    .info = {.name = "estimate-amplitude",
             .help = "the share of a state on marked entries by amplitude estimation",
             .details =
                 "Uses of the operator that rotates between marked and other states, under a "
                 "clock or before shots. The error\nfalls as 1 over the uses of the "
                 "preparation, not as the square root of it, but they follow each other in "
                 "one\nrun, and each loads the data again. [brassard2002, grinko2021, "
                 "suzuki2020]\n",
             .example = "vector: [1, 2, 3, 4]\nmarked: [1, 2]\nbits: 5\n",
             .fields = fields},
    .options_size = sizeof(estimate_options),
    .run = run,
};
