// The claims by their names: each run, its verdict and what led to it as JSON.
#include "claim/claim_internal.h"

#include "base/memory.h"
#include "base/text.h"
#include "claim/scaling.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// In the order of the paper.
static const qhm_claim *const claims[] = {
    &qhm_claim_unsorted_search,
    &qhm_claim_sorted_search,
    &qhm_claim_matrix_vector,
    &qhm_claim_inner_product,
    &qhm_claim_fourier,
    &qhm_claim_one_step_sampling,
    &qhm_claim_willow,
    &qhm_claim_ocelot,
    &qhm_claim_chip_sizes,
    &qhm_claim_sixty_four_dimensions,
    &qhm_claim_shallow_circuits,
    &qhm_claim_fifteen_qubits,
    &qhm_claim_softmax_state,
    &qhm_claim_few_hundred_gates,
    &qhm_claim_graceful_noise,
    &qhm_claim_physical_qubits,
    &qhm_claim_qram,
    &qhm_claim_two_decimals,
    &qhm_claim_ten_times,
    &qhm_claim_thirty_qubits,
    &qhm_claim_less_data,
    &qhm_claim_theorem_a1,
};

enum { COUNT = sizeof claims / sizeof claims[0] };

size_t qhm_claim_count(void)
{
    return COUNT;
}

const qhm_claim_info *qhm_claim_information(size_t index)
{
    return &claims[index]->info;
}

static qhm_status find(const char *name, const qhm_claim **claim)
{
    const char *names[COUNT];
    size_t index;
    for (size_t i = 0; i < COUNT; i++)
        names[i] = claims[i]->info.name;
    QHM_TRY(qhm_find_name("claim", name, names, COUNT, &index));
    *claim = claims[index];
    return QHM_OK;
}

qhm_status qhm_claim_find(const char *name, const qhm_claim_info **info)
{
    const qhm_claim *claim;
    QHM_REQUIRE(name && info, "name or info is NULL");
    QHM_TRY(find(name, &claim));
    *info = &claim->info;
    return QHM_OK;
}

void qhm_claim_find_that(qhm_claim_result *result, qhm_claim_verdict verdict, const char *format,
                         ...)
{
    va_list arguments;
    va_start(arguments, format);
    qhm_format(result->finding, sizeof result->finding, format, arguments);
    va_end(arguments);
    result->verdict = verdict;
}

void qhm_claim_note(qhm_claim_result *result, const char *format, ...)
{
    char text[640];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(text, sizeof text, format, arguments);
    va_end(arguments);
    json_array_append_new(result->notes, json_string(text));
}

qhm_status qhm_claim_go_on(const qhm_claim_options *options)
{
    return options->should_stop && options->should_stop(options->context)
               ? QHM_FAIL(QHM_ERROR_CANCELLED, "stopped before the end")
               : QHM_OK;
}

double qhm_claim_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void qhm_claim_number(json_t *object, const char *name, double value)
{
    json_object_set_new(object, name, isfinite(value) ? json_real(value) : json_null());
}

void qhm_claim_text(json_t *object, const char *name, const char *value)
{
    json_object_set_new(object, name, json_string(value));
}

void qhm_claim_truth(json_t *object, const char *name, bool value)
{
    json_object_set_new(object, name, json_boolean(value));
}

json_t *qhm_claim_row(json_t *list)
{
    json_t *row = json_object();
    json_array_append_new(list, row);
    return row;
}

qhm_status qhm_claim_print(const json_t *object, char **json)
{
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    const qhm_status status = text ? qhm_copy_text(text, json)
                                   : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot print the result");
    free(text);
    return status;
}

static const char *verdict_name(qhm_claim_verdict verdict)
{
    static const char *const names[] = {"cannot be checked here", "holds", "holds with a condition",
                                        "does not hold"};
    return names[verdict];
}

static qhm_status assemble(const qhm_claim *claim, const qhm_claim_options *options,
                           const qhm_claim_result *result, char **json)
{
    char command[160];
    snprintf(command, sizeof command, "qhm claim %s --seed %llu%s", claim->info.name,
             (unsigned long long)options->seed, options->is_quick ? " --quick" : "");
    json_t *object = json_object();
    qhm_claim_text(object, "name", claim->info.name);
    qhm_claim_text(object, "place", claim->info.place);
    qhm_claim_text(object, "claim", claim->info.claim);
    qhm_claim_text(object, "verdict", verdict_name(result->verdict));
    qhm_claim_text(object, "finding", result->finding);
    json_object_set(object, "numbers", result->numbers);
    json_object_set(object, "notes", result->notes);
    if (json_object_size(result->plot) > 0)
        json_object_set(object, "plot", result->plot);
    qhm_claim_text(object, "reproduce", command);
    const qhm_status status = qhm_claim_print(object, json);
    json_decref(object);
    return status;
}

qhm_status qhm_claim_run(const char *name, const qhm_claim_options *options, char **json)
{
    static const qhm_claim_options defaults;
    const qhm_claim *claim;
    QHM_REQUIRE(name && json, "name or json is NULL");
    options = options ? options : &defaults;
    QHM_TRY(find(name, &claim));
    qhm_claim_result result = {
        .numbers = json_object(), .notes = json_array(), .plot = json_object()};
    qhm_status status = qhm_claim_go_on(options);
    if (status == QHM_OK)
        status = claim->run(options, &result);
    if (status == QHM_OK)
        status = assemble(claim, options, &result, json);
    json_decref(result.numbers);
    json_decref(result.notes);
    json_decref(result.plot);
    return status;
}

qhm_status qhm_claim_draw_svg(const char *json, char **svg)
{
    QHM_REQUIRE(json && svg, "json or svg is NULL");
    json_t *object = json_loads(json, 0, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the text is no result of a claim");
    }
    const json_t *plot = json_object_get(object, "plot");
    const qhm_status status =
        plot ? qhm_plot_draw_svg(plot, svg)
             : QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the result of this claim has no plot");
    json_decref(object);
    return status;
}
