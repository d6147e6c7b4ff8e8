// The problem "robustness": three algorithms under the same noise, by what is left of their answer.
#include "algorithm/algorithm_internal.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/robustness_devices.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/noise_model.h>
#include <stdio.h>

enum { MOST_ERRORS = 32 };

typedef struct robustness_options {
    const qhm_node *errors, *devices;
    double one_qubit_share;
    size_t shots;
    bool allow_assumed_gates;
    int rotations;
} robustness_options;

static const char *const rotations[] = {"synthesised", "analog", NULL};

static const qhm_option_info fields[] = {
    {.name = "errors",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(robustness_options, errors),
     .help = "probabilities that a two-qubit gate loses its qubits' state, ascending, above 0 and "
             "up to 1; required without devices"},
    {.name = "one_qubit_share",
     .type = QHM_OPTION_DOUBLE_OR_ZERO,
     .offset = offsetof(robustness_options, one_qubit_share),
     .default_text = "0.1",
     .minimum = 0,
     .maximum = 1,
     .help = "of that, for each one-qubit gate",
     .used_with = "errors"},
    {.name = "devices",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(robustness_options, devices),
     .help = "names of chips, such as willow, for which the circuits are compiled and with whose "
             "noise they run"},
    {.name = "allow_assumed_gates",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(robustness_options, allow_assumed_gates),
     .help = "there, use operations that nobody has published",
     .used_with = "devices"},
    {.name = "rotations",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(robustness_options, rotations),
     .default_text = "synthesised",
     .choices = rotations,
     .help = "of chips that turn by no angle: Clifford and T gates, or one assumed operation",
     .used_with = "devices"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(robustness_options, shots),
     .default_text = "10000",
     .minimum = 1,
     .maximum = 1e9,
     .help = "for which standard errors are told, and which are charged"},
    {0},
};

static qhm_status apply_noise(const qhm_circuit *circuit, double error, double one_qubit,
                              qhm_circuit **noisy)
{
    char text[256];
    const int length = snprintf(text, sizeof text,
                                "one_qubit: {depolarizing: %.17g}\n"
                                "two_qubit: {depolarizing: %.17g}\n",
                                one_qubit + 0.0, error); // no -0.0
    qhm_noise_model *model;
    QHM_TRY(qhm_noise_model_parse(text, (size_t)length, "noise", NULL, &model));
    const qhm_status status = qhm_noise_model_apply(model, circuit, noisy);
    qhm_noise_model_destroy(model);
    return status;
}

typedef struct sweep {
    const robustness_options *options;
    uint64_t seed;
    double *errors; // [count]
    size_t count;
    qhm_robustness_devices devices;
} sweep;

// Where the signal falls to half, on a line over the logarithm of the error; NaN: not in the sweep.
static double find_half(const sweep *w, const double *signals)
{
    for (size_t i = 1; i < w->count; i++)
        if (signals[i - 1] >= 0.5 && signals[i] < 0.5) {
            const double part = (signals[i - 1] - 0.5) / (signals[i - 1] - signals[i]);
            return exp(log(w->errors[i - 1]) + part * log(w->errors[i] / w->errors[i - 1]));
        }
    return NAN;
}

static qhm_status charge(const sweep *w, const qhm_circuit *circuit, qhm_ledger *ledger,
                         double *two_qubit_gates)
{
    qhm_ledger one;
    QHM_TRY(
        qhm_circuit_count_ledger(circuit, &(qhm_ledger_options){.shots = w->options->shots}, &one));
    *two_qubit_gates = (double)qhm_ledger_total(&one).two_qubit_gates / (double)w->options->shots;
    for (size_t i = 0; i < w->count; i++)
        qhm_ledger_add(ledger, &one);
    return QHM_OK;
}

// One subject's circuit and what it gives without noise.
typedef struct trial {
    const qhm_robustness_subject *subject;
    qhm_circuit *circuit;
    qhm_distribution *ideal;
} trial;

static qhm_status read_error(const sweep *w, const trial *t, double error,
                             qhm_robustness_reading *reading)
{
    qhm_circuit *noisy;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(apply_noise(t->circuit, error, error * w->options->one_qubit_share, &noisy));
    const qhm_status status = qhm_robustness_outcomes(noisy, &outcomes);
    if (status == QHM_OK)
        *reading = qhm_robustness_read(t->subject, t->ideal, outcomes, w->options->shots);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(noisy);
    return status;
}

static qhm_status sweep_errors(const sweep *w, const trial *t, double gates, json_t *object)
{
    double signals[MOST_ERRORS], errors[MOST_ERRORS], distances[MOST_ERRORS], kept[MOST_ERRORS];
    for (size_t i = 0; i < w->count; i++) {
        qhm_robustness_reading r;
        QHM_TRY(read_error(w, t, w->errors[i], &r));
        signals[i] = r.signal;
        errors[i] = r.standard_error;
        distances[i] = r.distance;
        kept[i] = r.kept;
    }
    qhm_result_numbers(object, "signal", signals, w->count);
    qhm_result_numbers(object, "signal_standard_error", errors, w->count);
    qhm_result_numbers(object, "distance", distances, w->count);
    qhm_result_numbers(object, "kept_share", kept, w->count);
    const double half = find_half(w, signals);
    qhm_result_number(object, "half_signal_error", half);
    qhm_result_number(object, "half_signal_error_times_gates", half * gates);
    return QHM_OK;
}

static qhm_status run_devices(const sweep *w, const trial *t, qhm_ledger *ledger, json_t *object)
{
    const robustness_options *o = w->options;
    const qhm_robustness_request request = {
        .subject = t->subject,
        .circuit = t->circuit,
        .ideal = t->ideal,
        .shots = o->shots,
        .compile = {.seed = w->seed,
                    .allow_assumed_gates = o->allow_assumed_gates,
                    .rotations = (qhm_compile_rotations)(o->rotations - 1)}};
    json_t *rows = json_array();
    const qhm_status status = qhm_robustness_devices_run(&w->devices, &request, ledger, rows);
    json_object_set_new(object, "devices", rows);
    return status;
}

static qhm_status run_trial(const sweep *w, const trial *t, qhm_result *result)
{
    double gates = 0;
    QHM_TRY(charge(w, t->circuit, &result->ledger, &gates));
    json_t *object = json_object();
    const double mean = qhm_robustness_read(t->subject, t->ideal, t->ideal, 1).mean;
    qhm_result_text(object, "answer", t->subject->answer);
    qhm_result_number(object, "without_noise", mean);
    qhm_result_number(object, "by_chance", t->subject->chance);
    qhm_result_number(object, "two_qubit_gates", gates);
    qhm_status status = w->count > 0 ? sweep_errors(w, t, gates, object) : QHM_OK;
    if (status == QHM_OK && w->devices.count > 0)
        status = run_devices(w, t, &result->ledger, object);
    json_object_set_new(result->answer, t->subject->name, object);
    return status;
}

static qhm_status run_subject(const sweep *w, const qhm_robustness_subject *subject,
                              qhm_result *result)
{
    trial t = {.subject = subject};
    QHM_TRY(qhm_robustness_circuit(subject, &t.circuit));
    qhm_status status = qhm_robustness_outcomes(t.circuit, &t.ideal);
    if (status == QHM_OK)
        status = run_trial(w, &t, result);
    qhm_distribution_destroy(t.ideal);
    qhm_circuit_destroy(t.circuit);
    return status;
}

static qhm_status read_errors(const qhm_problem *problem, sweep *w)
{
    const qhm_node *node = w->options->errors;
    if (!node && w->devices.count > 0)
        return QHM_OK;
    QHM_TRY(qhm_problem_numbers(problem->node, node, "errors", 1, &w->errors, &w->count));
    if (w->count > MOST_ERRORS)
        return qhm_node_fail(node, "field 'errors' has %zu entries, more than %d", w->count,
                             (int)MOST_ERRORS);
    for (size_t i = 0; i < w->count; i++)
        if (!(w->errors[i] > (i > 0 ? w->errors[i - 1] : 0) && w->errors[i] <= 1))
            return qhm_node_fail(node, "%g in field 'errors' is not above 0, up to 1, ascending",
                                 w->errors[i]);
    return QHM_OK;
}

static void note(const sweep *w, qhm_result *result)
{
    qhm_result_note(result,
                    "Signals are exact, from density matrices: 1 without noise, 0 by "
                    "chance. Their standard errors are those of %zu shots.",
                    w->options->shots);
    if (w->devices.count > 0)
        qhm_result_note(result,
                        "On devices all of their noise acts, readout and waits among it, without "
                        "mitigation. Operations on two qubits are gates, or tetrons' joint "
                        "measurements; the estimated success is the compiler's.");
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const robustness_options *options = given;
    sweep w = {.options = options, .seed = problem->seed};
    qhm_status status = qhm_robustness_devices_read(options->devices, &w.devices);
    if (status == QHM_OK)
        status = read_errors(problem, &w);
    if (status == QHM_OK && w.count > 0)
        qhm_result_numbers(result->answer, "errors", w.errors, w.count);
    for (size_t i = 0; i < QHM_ROBUSTNESS_SUBJECTS && status == QHM_OK; i++)
        status = run_subject(&w, &qhm_robustness_subjects[i], result);
    qhm_result_text(result->opponent, "method", "closed forms, which no noise reaches");
    qhm_result_numbers(result->opponent, "answers", (const double[]){6, 5 / 16.0, 0.9}, 3);
    note(&w, result);
    qhm_robustness_devices_release(&w.devices);
    qhm_release(w.errors);
    return status;
}

const qhm_algorithm qhm_algorithm_robustness = {
    .info = {.name = "robustness",
             .help = "QAOA, phase estimation and a linear solver under the same noise",
             .details = "Depolarises after every gate of the three circuits, made of CX and "
                        "one-qubit gates, and tells how much of each\nanswer is left: the signal, "
                        "1 without noise and 0 by chance, and the variation distance of all "
                        "outcomes.\nWith devices the circuits are also compiled for these chips "
                        "and run with their noise.\n",
             .example = "errors: [0.0001, 0.001, 0.01, 0.1]\n",
             .fields = fields},
    .options_size = sizeof(robustness_options),
    .run = run,
};
