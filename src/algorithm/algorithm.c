// Running an algorithm by its name: problem file to options, result to JSON.
#include "algorithm/algorithm_internal.h"

#include "base/memory.h"
#include "base/option_use.h"
#include "base/options_internal.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <qhm/cost.h>
#include <qhm/device.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// In the order of their names.
static const qhm_algorithm *const algorithms[] = {
    &qhm_algorithm_anneal,
    &qhm_algorithm_assign,
    &qhm_algorithm_backtrack,
    &qhm_algorithm_boltzmann,
    &qhm_algorithm_born,
    &qhm_algorithm_counting,
    &qhm_algorithm_estimate_amplitude,
    &qhm_algorithm_estimate_phase,
    &qhm_algorithm_evolve,
    &qhm_algorithm_fingerprint,
    &qhm_algorithm_fourier,
    &qhm_algorithm_grover,
    &qhm_algorithm_load,
    &qhm_algorithm_lookup,
    &qhm_algorithm_maxcut,
    &qhm_algorithm_minimum,
    &qhm_algorithm_overlap,
    &qhm_algorithm_partition,
    &qhm_algorithm_pca,
    &qhm_algorithm_portfolio,
    &qhm_algorithm_quantise_weights,
    &qhm_algorithm_qubo,
    &qhm_algorithm_recall,
    &qhm_algorithm_robustness,
    &qhm_algorithm_sample_softmax,
    &qhm_algorithm_sat,
    &qhm_algorithm_schedule,
    &qhm_algorithm_select_features,
    &qhm_algorithm_shadows,
    &qhm_algorithm_solve,
    &qhm_algorithm_traffic,
    &qhm_algorithm_transform,
    &qhm_algorithm_tsp,
    &qhm_algorithm_tune,
    &qhm_algorithm_two_level,
    &qhm_algorithm_vqe,
    &qhm_algorithm_xeb,
};

enum { COUNT = sizeof algorithms / sizeof algorithms[0] };

size_t qhm_algorithm_count(void)
{
    return COUNT;
}

const qhm_algorithm_info *qhm_algorithm_information(size_t index)
{
    return &algorithms[index]->info;
}

static qhm_status find(const char *name, const qhm_algorithm **algorithm)
{
    const char *names[COUNT];
    size_t index;
    for (size_t i = 0; i < COUNT; i++)
        names[i] = algorithms[i]->info.name;
    QHM_TRY(qhm_find_name("algorithm", name, names, COUNT, &index));
    *algorithm = algorithms[index];
    return QHM_OK;
}

qhm_status qhm_algorithm_find(const char *name, const qhm_algorithm_info **info)
{
    const qhm_algorithm *algorithm;
    QHM_REQUIRE(name && info, "name or info is NULL");
    QHM_TRY(find(name, &algorithm));
    *info = &algorithm->info;
    return QHM_OK;
}

void qhm_result_number(json_t *object, const char *name, double value)
{
    json_object_set_new(object, name, isfinite(value) ? json_real(value) : json_null());
}

void qhm_result_count(json_t *object, const char *name, uint64_t value)
{
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

void qhm_result_text(json_t *object, const char *name, const char *value)
{
    json_object_set_new(object, name, json_string(value));
}

void qhm_result_numbers(json_t *object, const char *name, const double *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, isfinite(values[i]) ? json_real(values[i]) : json_null());
    json_object_set_new(object, name, list);
}

void qhm_result_indices(json_t *object, const char *name, const size_t *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer((json_int_t)values[i]));
    json_object_set_new(object, name, list);
}

void qhm_result_note(qhm_result *result, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(text, sizeof text, format, arguments);
    va_end(arguments);
    json_array_append_new(result->notes, json_string(text));
}

double qhm_algorithm_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum { EXACT_SHOTS = 1000 }; // that a device's cost takes for a circuit that was run exactly

// A member made of the JSON text that another part of the library prints.
static qhm_status add_printed(json_t *object, const char *name, char *text)
{
    json_t *value = json_loads(text, 0, NULL);
    qhm_string_destroy(text);
    return json_object_set_new(object, name, value) == 0
               ? QHM_OK
               : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the result");
}

static qhm_status add_note(json_t *notes, json_t *note)
{
    return note && json_array_append_new(notes, note) == 0
               ? QHM_OK
               : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the notes");
}

static qhm_status find_cost(const qhm_ledger *ledger, const qhm_device *device, json_t *object)
{
    qhm_cost cost;
    char *text = NULL;
    qhm_status status =
        qhm_cost_find(ledger, device, &(qhm_cost_options){.exact_shots = EXACT_SHOTS}, &cost);
    if (status == QHM_OK)
        status = qhm_cost_print_json(&cost, &text);
    if (status == QHM_OK)
        status = add_printed(object, "cost", text);
    if (status == QHM_OK)
        json_object_set_new(json_object_get(object, "cost"), "device",
                            json_string(qhm_device_name(device)));
    return status;
}

// Errors of a run on average, by the figures of gates and readout; NaN where one is not given. A
// gate on more qubits is charged as a Toffoli gate's 6 CX, the fewest it takes [shende2009].
static double count_errors(const qhm_ledger *ledger, const qhm_device *device)
{
    const qhm_phase_counts counts = qhm_ledger_total(ledger);
    const double runs = (double)(ledger->shots + ledger->exact_circuits);
    const double two = (double)counts.two_qubit_gates + 6 * (double)counts.larger_gates;
    return (qhm_device_figure(device, "one_qubit_error").value * (double)counts.one_qubit_gates +
            qhm_device_figure(device, "two_qubit_error").value * two +
            qhm_device_figure(device, "readout_error").value * (double)counts.measurements) /
           runs;
}

// What a time alone would hide.
static qhm_status tell_errors(const qhm_ledger *ledger, const qhm_device *device, json_t *object,
                              json_t *notes)
{
    const double errors = count_errors(ledger, device);
    if (!(errors > 0))
        return QHM_OK;
    json_object_set_new(json_object_get(object, "cost"), "errors_per_shot", json_real(errors));
    return add_note(notes,
                    json_sprintf("On %s %.3g errors happen in a shot on average, by its gates and "
                                 "readout alone; routing and waiting come on top. They are not in "
                                 "the answer.",
                                 qhm_device_name(device), errors));
}

static qhm_status add_cost(const qhm_algorithm *algorithm, const qhm_ledger *ledger,
                           const char *name, json_t *object, json_t *notes)
{
    qhm_device *device;
    qhm_status status;
    QHM_TRY(qhm_device_load(name, NULL, &device));
    const qhm_device_family family = qhm_device_family_of(device);
    const bool is_annealer = family == QHM_DEVICE_ANNEALER;
    if (is_annealer && !algorithm->anneals)
        status = QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s anneals: it runs no circuits, as those of %s",
                          qhm_device_name(device), algorithm->info.name);
    else if (!is_annealer && ledger->depth == 0)
        status = add_note(
            notes, json_sprintf("No cost on %s: no circuit was counted.", qhm_device_name(device)));
    else if (family == QHM_DEVICE_CAT || family == QHM_DEVICE_TETRON)
        status = add_note(notes, json_sprintf("No cost on %s: how long its circuits take is known "
                                              "only once they are compiled, which is not done "
                                              "here.",
                                              qhm_device_name(device)));
    else
        status = find_cost(ledger, device, object);
    if (status == QHM_OK && family == QHM_DEVICE_SUPERCONDUCTING && ledger->depth > 0)
        status = tell_errors(ledger, device, object, notes);
    qhm_device_destroy(device);
    return status;
}

// What no chip can: values of circuits without shots, and gradients by one walk back.
static qhm_status note_exact_circuits(const qhm_ledger *ledger, json_t *notes)
{
    json_t *note = json_sprintf("%" PRIu64 " circuits were run exactly. Their cost is that of %d "
                                "shots each; an exact gradient is one of them, where a chip takes "
                                "two circuits for each angle of a gate.",
                                ledger->exact_circuits, EXACT_SHOTS);
    return add_note(notes, note);
}

static qhm_status assemble(const qhm_algorithm *algorithm, const void *options,
                           const qhm_algorithm_options *given, const qhm_result *result,
                           json_t *object)
{
    json_t *fields;
    char *text;
    json_object_set_new(object, "algorithm", json_string(algorithm->info.name));
    QHM_TRY(qhm_options_to_json(algorithm->info.fields, options, &fields));
    json_object_set_new(object, "problem", fields);
    json_object_set_new(object, "seed", json_integer((json_int_t)given->seed));
    json_object_set(object, "answer", result->answer);
    QHM_TRY(qhm_ledger_print_json(&result->ledger, &text));
    QHM_TRY(add_printed(object, "ledger", text));
    if (json_object_size(result->opponent) > 0)
        json_object_set(object, "opponent", result->opponent);
    if (given->device)
        QHM_TRY(add_cost(algorithm, &result->ledger, given->device, object, result->notes));
    if (given->device && result->ledger.exact_circuits > 0)
        QHM_TRY(note_exact_circuits(&result->ledger, result->notes));
    json_object_set(object, "notes", result->notes);
    return QHM_OK;
}

static qhm_status print(const json_t *object, char **json)
{
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    const qhm_status status = text ? qhm_copy_text(text, json)
                                   : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot print the result");
    free(text);
    return status;
}

// What a function refuses, the problem asked for: its message gets the problem's place.
static qhm_status solve(const qhm_algorithm *algorithm, const void *options,
                        const qhm_problem *problem, qhm_result *result)
{
    const qhm_status status = algorithm->run(options, problem, result);
    return status == QHM_ERROR_INVALID_ARGUMENT
               ? qhm_node_fail(problem->node, "%s", qhm_error_message())
               : status;
}

// Fields that a --set left without effect become notes.
static qhm_status read_options(const qhm_algorithm *algorithm, const qhm_node *problem,
                               void *options, qhm_result *result)
{
    qhm_option_notes notes = {0};
    const qhm_status status =
        qhm_options_read_used(algorithm->info.fields, problem, options, &notes);
    char *rest = notes.lines.length > 0 ? notes.lines.bytes : NULL;
    for (char *line = strsep(&rest, "\n"); line && status == QHM_OK; line = strsep(&rest, "\n"))
        if (*line)
            qhm_result_note(result, "%s", line);
    qhm_text_release(&notes.lines);
    return status;
}

static qhm_status run(const qhm_algorithm *algorithm, const qhm_document *document,
                      const qhm_algorithm_options *given, void *options, char **json)
{
    const qhm_problem problem = {.node = qhm_document_root(document), .seed = given->seed};
    qhm_result result = {.answer = json_object(), .opponent = json_object(), .notes = json_array()};
    json_t *object = json_object();
    qhm_status status = read_options(algorithm, problem.node, options, &result);
    if (status == QHM_OK)
        status = solve(algorithm, options, &problem, &result);
    if (status == QHM_OK)
        status = assemble(algorithm, options, given, &result, object);
    if (status == QHM_OK)
        status = print(object, json);
    json_decref(result.answer);
    json_decref(result.opponent);
    json_decref(result.notes);
    json_decref(object);
    return status;
}

// Takes the document.
static qhm_status run_document(const char *name, qhm_document *document,
                               const qhm_algorithm_options *given, char **json)
{
    static const qhm_algorithm_options none;
    const qhm_algorithm *algorithm;
    void *options = NULL;
    given = given ? given : &none;
    qhm_status status = find(name, &algorithm);
    for (size_t i = 0; i < given->override_count && status == QHM_OK; i++)
        status = qhm_document_set(document, given->overrides[i]);
    if (status == QHM_OK)
        status = qhm_allocate(1, algorithm->options_size, &options);
    if (status == QHM_OK)
        status = run(algorithm, document, given, options, json);
    qhm_release(options);
    qhm_document_destroy(document);
    return status;
}

qhm_status qhm_algorithm_run(const char *name, const char *path,
                             const qhm_algorithm_options *options, char **json)
{
    qhm_document *document;
    QHM_REQUIRE(name && path && json, "name, path or json is NULL");
    QHM_TRY(qhm_document_load(path, &document));
    return run_document(name, document, options, json);
}

qhm_status qhm_algorithm_run_text(const char *name, const char *text,
                                  const qhm_algorithm_options *options, char **json)
{
    qhm_document *document;
    QHM_REQUIRE(name && text && json, "name, text or json is NULL");
    QHM_TRY(qhm_document_parse_yaml(text, strlen(text), "problem", &document));
    return run_document(name, document, options, json);
}
