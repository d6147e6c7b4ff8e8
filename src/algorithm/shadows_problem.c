// The problem "shadows": many Pauli strings of one state, from shots in random bases.
#include "algorithm/algorithm_internal.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/real_state.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/classical_shadows.h>
#include <qhm/plan.h>
#include <qhm/qasm.h>
#include <string.h>

enum { MOST_ENTRIES = 1024, MOST_QUBITS = 20, MOST_STRINGS = 1000 };

typedef struct shadows_options {
    const qhm_node *vector, *observables;
    const char *circuit;
    size_t shots;
    double error, failure;
} shadows_options;

static const qhm_option_info fields[] = {
    {.name = "vector",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(shadows_options, vector),
     .help = "up to 1,024 numbers, loaded as amplitudes; this or a circuit is required"},
    {.name = "circuit",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(shadows_options, circuit),
     .help = "OpenQASM that prepares the state, gates only"},
    {.name = "observables",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(shadows_options, observables),
     .help = "a list of Pauli strings, as Z0 Z1; required"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(shadows_options, shots),
     .default_text = "10000",
     .minimum = 1,
     .maximum = 1e6,
     .help = "of the shadows, each in bases of its own, and of grouped measurements beside them"},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(shadows_options, error),
     .default_text = "0.1",
     .minimum = 1e-6,
     .maximum = 1,
     .help = "for which the shots are told that theory promises to be enough"},
    {.name = "failure",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(shadows_options, failure),
     .default_text = "0.05",
     .minimum = 1e-9,
     .maximum = 0.5,
     .help = "the chance that any estimate is farther off than that"},
    {0},
};

typedef struct shadows_problem {
    const shadows_options *options;
    qhm_circuit *preparation;
    qhm_observable **strings; // [count]
    size_t count, heaviest;   // the largest weight
} shadows_problem;

static qhm_status load_vector(const qhm_problem *problem, shadows_problem *p)
{
    const qhm_node *node = p->options->vector;
    double *values;
    size_t count;
    QHM_TRY(qhm_problem_numbers(problem->node, node, "vector", 2, &values, &count));
    const qhm_status status =
        count <= MOST_ENTRIES ? qhm_problem_real_state(node, values, count, NULL, &p->preparation)
                              : qhm_node_fail(node, "field 'vector' has %zu entries, not 2 to %d",
                                              count, MOST_ENTRIES);
    qhm_release(values);
    return status;
}

static qhm_status parse_circuit(const qhm_problem *problem, shadows_problem *p)
{
    const char *text = p->options->circuit;
    const qhm_node *node = qhm_node_find(problem->node, "circuit");
    node = node ? node : problem->node;
    if (qhm_qasm_parse(text, strlen(text), NULL, &p->preparation, NULL) != QHM_OK)
        return qhm_node_fail(node, "field 'circuit': %s", qhm_error_message());
    if (qhm_circuit_bit_count(p->preparation) > 0 || qhm_circuit_input_count(p->preparation) > 0 ||
        qhm_circuit_weight_count(p->preparation) > 0)
        return qhm_node_fail(node, "field 'circuit' has classical bits or open angles: a "
                                   "preparation has gates only");
    qhm_circuit_counts counts;
    QHM_TRY(qhm_circuit_count(p->preparation, &counts));
    if (counts.resets > 0)
        return qhm_node_fail(node, "field 'circuit' resets qubits: a preparation has gates only");
    if (qhm_circuit_qubit_count(p->preparation) < 1 ||
        qhm_circuit_qubit_count(p->preparation) > MOST_QUBITS)
        return qhm_node_fail(node, "field 'circuit' has %zu qubits, not 1 to %d",
                             qhm_circuit_qubit_count(p->preparation), MOST_QUBITS);
    return QHM_OK;
}

static qhm_status read_string(const qhm_node *node, size_t qubits, qhm_observable **string,
                              size_t *heaviest)
{
    const char *text = qhm_node_kind_of(node) == QHM_NODE_SCALAR ? qhm_node_text(node) : "";
    if (qhm_observable_parse(text, string) != QHM_OK)
        return qhm_node_fail(node, "%s", qhm_error_message());
    if (qhm_observable_term_count(*string) != 1 ||
        qhm_observable_term(*string, 0)->coefficient != 1 ||
        qhm_observable_term(*string, 0)->factor_count == 0)
        return qhm_node_fail(node, "'%s' is not one Pauli string: give a sum's strings one by one",
                             text);
    if (qhm_observable_qubit_count(*string) > qubits)
        return qhm_node_fail(node, "'%s' acts on qubit %zu of %zu", text,
                             qhm_observable_qubit_count(*string) - 1, qubits);
    const size_t weight = qhm_observable_term(*string, 0)->factor_count;
    *heaviest = weight > *heaviest ? weight : *heaviest;
    return QHM_OK;
}

static qhm_status read_strings(const qhm_problem *problem, shadows_problem *p)
{
    const qhm_node *list = p->options->observables;
    if (!list)
        return qhm_node_fail(problem->node, "field 'observables' is missing: a list of Pauli "
                                            "strings");
    const size_t count = qhm_node_count(list);
    if (qhm_node_kind_of(list) != QHM_NODE_SEQUENCE || count == 0 || count > MOST_STRINGS)
        return qhm_node_fail(list, "field 'observables' is no list of 1 to %d Pauli strings",
                             MOST_STRINGS);
    QHM_TRY(qhm_allocate(count, sizeof *p->strings, &p->strings));
    p->count = count;
    for (size_t i = 0; i < count; i++)
        QHM_TRY(read_string(qhm_node_at(list, i), qhm_circuit_qubit_count(p->preparation),
                            &p->strings[i], &p->heaviest));
    return QHM_OK;
}

static qhm_status read_problem(const qhm_problem *problem, shadows_problem *p)
{
    if (!p->options->vector == !p->options->circuit)
        return qhm_node_fail(problem->node, "either field 'vector' or field 'circuit' is needed");
    QHM_TRY(p->options->vector ? load_vector(problem, p) : parse_circuit(problem, p));
    return read_strings(problem, p);
}

// Exact values, and those of shots whose settings serve all strings that share their bases.
static qhm_status measure_groups(const shadows_problem *p, uint64_t seed, double *exact,
                                 double *grouped, size_t *settings, double *seconds)
{
    qhm_backend *backend;
    qhm_plan *plan = NULL;
    const qhm_plan_options options = {
        .precision = QHM_FLOAT64, .max_batch = 1, .forward_only = true};
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_backend_create("statevector", NULL, &backend));
    qhm_status status =
        qhm_plan_create(backend, p->preparation, (const qhm_observable *const *)p->strings,
                        p->count, &options, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = exact});
    *seconds = qhm_algorithm_clock() - start;
    if (status == QHM_OK) {
        *settings = qhm_plan_information(plan)->setting_count;
        const size_t shots = p->options->shots / *settings;
        status = qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                   .shots = shots > 0 ? shots : 1,
                                                   .seed = seed,
                                                   .expectations = grouped});
    }
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return status;
}

static qhm_status describe_strings(const shadows_problem *p, const qhm_shadows *shadows,
                                   const double *exact, const double *grouped, size_t settings,
                                   qhm_result *result)
{
    const size_t shots = qhm_shadows_count(shadows);
    const size_t wanted = qhm_shadows_batches(p->count, p->options->failure);
    const size_t batches = wanted < shots ? wanted : shots;
    const double a_setting = fmax(1, floor((double)shots / (double)settings));
    double squares[2] = {0}, errors[2] = {0};
    json_t *list = json_array(), *values = json_array();
    json_object_set_new(result->answer, "observables", list);
    json_object_set_new(result->opponent, "values", values);
    for (size_t i = 0; i < p->count; i++) {
        const qhm_pauli_term *term = qhm_observable_term(p->strings[i], 0);
        qhm_shadow_estimate e;
        char *text;
        QHM_TRY(qhm_shadows_estimate(shadows, term, batches, &e));
        QHM_TRY(qhm_observable_print(p->strings[i], &text));
        json_t *entry = json_object();
        qhm_result_text(entry, "string", text);
        qhm_string_destroy(text);
        qhm_result_number(entry, "value", e.value);
        qhm_result_number(entry, "standard_error", e.standard_error);
        qhm_result_number(entry, "mean", e.mean);
        qhm_result_number(entry, "mean_standard_error", e.mean_standard_error);
        qhm_result_number(entry, "grouped", grouped[i]);
        qhm_result_number(entry, "grouped_standard_error",
                          qhm_statistics_sign_error(grouped[i], a_setting));
        json_array_append_new(list, entry);
        json_array_append_new(values, json_real(exact[i]));
        squares[0] += (e.value - exact[i]) * (e.value - exact[i]);
        squares[1] += (grouped[i] - exact[i]) * (grouped[i] - exact[i]);
        errors[0] += (pow(3, (double)term->factor_count) - exact[i] * exact[i]) / (double)shots;
        errors[1] += (1 - exact[i] * exact[i]) / a_setting;
    }
    qhm_result_count(result->answer, "batches", batches);
    qhm_result_number(result->answer, "error", sqrt(squares[0] / (double)p->count));
    qhm_result_number(result->answer, "error_of_groups", sqrt(squares[1] / (double)p->count));
    qhm_result_number(result->answer, "expected_error", sqrt(errors[0] / (double)p->count));
    qhm_result_number(result->answer, "expected_error_of_groups",
                      sqrt(errors[1] / (double)p->count));
    return QHM_OK;
}

static qhm_status compare(const shadows_problem *p, const qhm_problem *problem,
                          const qhm_shadows *shadows, double *exact, double *grouped,
                          qhm_result *result)
{
    size_t settings;
    double seconds;
    QHM_TRY(measure_groups(p, problem->seed, exact, grouped, &settings, &seconds));
    QHM_TRY(describe_strings(p, shadows, exact, grouped, settings, result));
    qhm_result_count(result->answer, "settings", result->ledger.settings);
    qhm_result_count(result->answer, "settings_of_groups", settings);
    qhm_result_number(
        result->answer, "shots_by_theory",
        qhm_shadows_shots(p->count, p->heaviest, p->options->error, p->options->failure));
    qhm_result_text(result->opponent, "method", "state vector");
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_note(result,
                    "Errors are roots of mean squares over the strings: of this run, and expected "
                    "of means. Groups %s, and are not in the ledger.",
                    settings > p->options->shots
                        ? "have a shot in each setting, more than the shadows have in all"
                        : "have as many shots in all, shared evenly among settings");
    if (settings <= result->ledger.settings)
        qhm_result_note(result, "Settings of a chip: %zu for the groups, %zu for shadows.",
                        settings, (size_t)result->ledger.settings);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    shadows_problem p = {.options = given};
    qhm_shadows *shadows = NULL;
    double *values = NULL;
    qhm_status status = read_problem(problem, &p);
    if (status == QHM_OK)
        status = qhm_allocate(2 * p.count, sizeof *values, &values);
    if (status == QHM_OK)
        status = qhm_shadows_measure(p.preparation, p.options->shots, problem->seed,
                                     &result->ledger, &shadows);
    if (status == QHM_OK)
        status = compare(&p, problem, shadows, values, values + p.count, result);
    qhm_shadows_destroy(shadows);
    qhm_release(values);
    for (size_t i = 0; p.strings && i < p.count; i++)
        qhm_observable_destroy(p.strings[i]);
    qhm_release(p.strings);
    qhm_circuit_destroy(p.preparation);
    return status;
}

const qhm_algorithm qhm_algorithm_shadows = {
    .info = {.name = "shadows",
             .help = "many Pauli strings of one state by classical shadows",
             .details = "Every shot measures each qubit in X, Y or Z at random; a string of weight "
                        "k is seen in one of 3^k shots,\nand has the variance 3^k - value^2. The "
                        "estimate is a median of means. Beside it: the same number of\nshots, in "
                        "settings that serve as many of the strings as they can. [huang2020]\n",
             .example = "vector: [1, 2, 3, 4]\nobservables: [Z0, X1, Z0 Z1, X0 X1]\nshots: 2000\n",
             .fields = fields},
    .options_size = sizeof(shadows_options),
    .run = run,
};
