// The problem "estimate-amplitude": the share of a prepared state on marked basis states.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/amplitude_estimation.h>
#include <qhm/state_preparation.h>

enum { MOST_ENTRIES = 256, REPETITIONS = 100 };

typedef struct estimate_options {
    const qhm_node *vector, *marked;
    double probability;
    size_t bits, shots;
} estimate_options;

static const qhm_option_info fields[] = {
    {.name = "vector",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(estimate_options, vector),
     .help = "up to 256 numbers, loaded as amplitudes; not given: one qubit of the probability"},
    {.name = "marked",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(estimate_options, marked),
     .help = "places in the vector that count, from 0; required with a vector"},
    {.name = "probability",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(estimate_options, probability),
     .default_text = "0.3",
     .minimum = 0,
     .maximum = 1,
     .help = "of 1 on one qubit, where no vector is given"},
    {.name = "bits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(estimate_options, bits),
     .default_text = "6",
     .minimum = 1,
     .maximum = 10,
     .help = "of the outcome: the operator is used 2^bits - 1 times in a run"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(estimate_options, shots),
     .default_text = "11",
     .minimum = 1,
     .maximum = 1e6,
     .help = "runs, of whose values the median is the answer"},
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

static qhm_status create_preparation(const qhm_node *node, estimation *e)
{
    size_t qubits = 1;
    double *angles;
    qhm_circuit *open = NULL;
    while ((size_t)1 << qubits < e->count)
        qubits++;
    QHM_TRY(qhm_allocate((size_t)1 << qubits, sizeof *angles, &angles));
    qhm_status status = qhm_state_preparation_encode(qubits, e->values, e->count, angles, NULL);
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        status = qhm_node_fail(node, "%s", qhm_error_message());
    if (status == QHM_OK)
        status = qhm_state_preparation_create(qubits, QHM_STATE_REAL, &open);
    if (status == QHM_OK)
        status = qhm_circuit_bind(open, angles, NULL, &e->preparation);
    qhm_circuit_destroy(open);
    qhm_release(angles);
    return status;
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

static void describe(const estimation *e, double value, qhm_result *result)
{
    const size_t bits = e->options->bits;
    const double bound = qhm_amplitude_estimation_error_bound(value, bits);
    volatile double exact = 0; // kept, so that every repetition is done
    const double start = qhm_algorithm_clock();
    for (size_t r = 0; r < REPETITIONS; r++)
        exact = add_squares(e);
    const double seconds = (qhm_algorithm_clock() - start) / REPETITIONS;
    const uint64_t uses = 2 * (((uint64_t)1 << bits) - 1) + 1;
    qhm_result_number(result->answer, "value", value);
    qhm_result_number(result->answer, "error_bound", bound);
    qhm_result_number(result->answer, "error_bound_probability_of_one_run", 8 / (M_PI * M_PI));
    qhm_result_count(result->answer, "preparations_per_run", uses);
    qhm_result_number(result->answer, "samples_for_error_bound",
                      ceil(value * (1 - value) / (bound * bound)));
    qhm_result_text(result->opponent, "method", "sum of squares");
    qhm_result_number(result->opponent, "value", exact);
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_note(result,
                    "samples_for_error_bound: measurements of the prepared state itself whose "
                    "standard error is that bound, one preparation each.");
    if (e->options->vector)
        qhm_result_note(result, "Each preparation loads the whole vector, which a sum reads once.");
}

static qhm_status estimate(const qhm_problem *problem, estimation *e, qhm_result *result)
{
    const uint64_t powers = ((uint64_t)1 << e->options->bits) - 1;
    qhm_circuit *circuit = NULL;
    qhm_distribution *outcomes = NULL;
    double value;
    qhm_status status = qhm_amplitude_estimation_create(
        &(qhm_amplitude_problem){e->preparation, e->marked, e->marked_count}, e->options->bits,
        true, &circuit);
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        status = qhm_node_fail(e->options->marked ? e->options->marked : problem->node, "%s",
                               qhm_error_message());
    if (status == QHM_OK)
        status = qhm_counted_shots(
            circuit, e->options->shots, problem->seed,
            &(qhm_run_counts){.state_preparations = 2 * powers + 1, .oracle_calls = powers},
            &result->ledger, &outcomes);
    if (status == QHM_OK)
        status = qhm_amplitude_estimation_median(outcomes, &value);
    if (status == QHM_OK)
        describe(e, value, result);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    estimation e = {.options = given};
    const qhm_node *node = e.options->vector ? e.options->vector : problem->node;
    qhm_status status = e.options->vector ? read_vector(problem, &e) : make_probability(&e);
    if (status == QHM_OK)
        status = create_preparation(node, &e);
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
             .details = "Phase estimation of the operator that rotates between marked and other "
                        "states. The error falls as 1 over the uses\nof the preparation, not as "
                        "the square root of it, but they follow each other in one run, and each "
                        "loads the data\nagain. [brassard2002]\n",
             .example = "vector: [1, 2, 3, 4]\nmarked: [1, 2]\nbits: 5\n",
             .fields = fields},
    .options_size = sizeof(estimate_options),
    .run = run,
};
