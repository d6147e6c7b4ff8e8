// qhm break-even: where a quantum path would win, from cost laws of both sides.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/output_file.h"

#include <math.h>
#include <qhm/break_even.h>
#include <qhm/device.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POINTS = 64, CURVE_STEP = 4, MOST_LOG = 60 };

// What was asked for; figures are the device's, and NONE if they were given instead.
typedef struct comparison {
    qhm_break_even_options options;
    qhm_figure layer, error;
} comparison;

// "4:1e-6,16:2e-5": returns how many points there are, or 0 if it is anything else.
static size_t read_points(const char *text, double *n, double *seconds)
{
    size_t count = 0;
    for (const char *cursor = text; count < MOST_POINTS; cursor++) {
        char *end;
        n[count] = strtod(cursor, &end);
        if (end == cursor || *end != ':')
            return 0;
        cursor = end + 1;
        seconds[count] = strtod(cursor, &end);
        if (end == cursor || (*end && *end != ','))
            return 0;
        count++;
        cursor = end;
        if (!*cursor)
            return count;
    }
    return 0;
}

// Points, or else a law.
static int read_classical(const char *text, qhm_cost_law *law)
{
    double n[MOST_POINTS], seconds[MOST_POINTS];
    const bool has_points = strchr(text, ':') != NULL;
    const size_t count = has_points ? read_points(text, n, seconds) : 0;
    if (has_points && count == 0)
        return qhm_fail(QHM_EXIT_USAGE,
                        "--classical is \"%s\", not up to %d points as n:seconds,n:seconds", text,
                        MOST_POINTS);
    const qhm_status status =
        has_points ? qhm_cost_law_fit(n, seconds, count, law) : qhm_cost_law_parse(text, law);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}

static bool is_device_error(const qhm_arguments *arguments)
{
    return arguments->error && strcmp(arguments->error, "device") == 0;
}

// Of gates: a number, the device's, or 0 if nothing is said.
static int read_error(const qhm_arguments *arguments, comparison *made)
{
    const char *text = arguments->error;
    char *end = NULL;
    if (!text)
        return QHM_EXIT_OK;
    if (is_device_error(arguments)) {
        made->options.error = made->error.value;
        return made->error.status != QHM_FIGURE_NONE
                   ? QHM_EXIT_OK
                   : qhm_fail(QHM_EXIT_USAGE, "--error is \"device\", but no device with a "
                                              "two_qubit_error is given");
    }
    made->options.error = strtod(text, &end);
    if (end == text || *end || !(made->options.error >= 0 && made->options.error < 1))
        return qhm_fail(QHM_EXIT_USAGE,
                        "--error is \"%s\", not a number of 0 or more and below 1, or device",
                        text);
    return QHM_EXIT_OK;
}

static qhm_status read_device(const qhm_arguments *arguments, comparison *made, qhm_device **device)
{
    if (!arguments->device)
        return QHM_OK;
    const qhm_status status = qhm_device_load(arguments->device, NULL, device);
    if (status != QHM_OK)
        return status;
    if (arguments->layer_ns == 0) {
        made->layer = qhm_device_figure(*device, "two_qubit_duration_ns");
        made->options.layer_seconds = isnan(made->layer.value) ? 0 : made->layer.value * 1e-9;
    }
    if (is_device_error(arguments))
        made->error = qhm_device_figure(*device, "two_qubit_error");
    return QHM_OK;
}

static qhm_status read_laws(const qhm_arguments *arguments, comparison *made)
{
    qhm_break_even_options *options = &made->options;
    qhm_status status = qhm_cost_law_parse(arguments->layer_law, &options->quantum_layers);
    if (status == QHM_OK && arguments->gate_law)
        status = qhm_cost_law_parse(arguments->gate_law, &options->quantum_gates);
    return status;
}

static json_t *figure_json(const char *name, const qhm_figure *figure)
{
    return json_pack(
        "{s:s, s:o, s:s, s:o}", "figure", name, "value", qhm_json_number(figure->value), "status",
        qhm_figure_status_name(figure->status), "source", qhm_json_text(figure->source));
}

static json_t *curve_json(const qhm_break_even_options *options)
{
    json_t *list = json_array();
    for (int i = CURVE_STEP; i <= MOST_LOG; i += CURVE_STEP) {
        double classical, quantum;
        qhm_break_even_seconds(options, exp2(i), &classical, &quantum);
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "n", qhm_json_number(exp2(i)),
                                              "classical_seconds", qhm_json_number(classical),
                                              "quantum_seconds", qhm_json_number(quantum)));
    }
    return list;
}

static int print_json(const comparison *made, const qhm_break_even *result, FILE *out)
{
    json_t *provenance = json_array();
    if (made->layer.status != QHM_FIGURE_NONE)
        json_array_append_new(provenance, figure_json("two_qubit_duration_ns", &made->layer));
    if (made->error.status != QHM_FIGURE_NONE)
        json_array_append_new(provenance, figure_json("two_qubit_error", &made->error));
    return qhm_json_print(
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "from",
                  qhm_json_number(result->from), "until", qhm_json_number(result->until), "size",
                  qhm_json_number(made->options.size), "classical_seconds",
                  qhm_json_number(result->classical_seconds), "quantum_seconds",
                  qhm_json_number(result->quantum_seconds), "break_even_layer_seconds",
                  qhm_json_number(result->layer_seconds), "break_even_error",
                  qhm_json_number(result->error), "layer_seconds",
                  qhm_json_number(made->options.layer_seconds), "error",
                  qhm_json_number(made->options.error), "curve", curve_json(&made->options),
                  "provenance", provenance),
        out);
}

static void print_figure(const char *name, const qhm_figure *figure, FILE *out)
{
    if (figure->status == QHM_FIGURE_NONE)
        return;
    fprintf(out, "%s %g is the device's, %s\n", name, figure->value,
            qhm_figure_status_name(figure->status));
}

static void print_text(const comparison *made, const qhm_break_even *result, FILE *out)
{
    if (isnan(result->from))
        fputs("the quantum path wins nowhere: none below 2^60\n", out);
    else
        fprintf(out, "the quantum path wins from n = %.4g, 2^%.2f\n", result->from,
                log2(result->from));
    if (!isnan(result->until))
        fprintf(out, "and no longer from n = %.4g, 2^%.2f\n", result->until, log2(result->until));
    fprintf(out, "at n = %.4g: classical %.3g s, quantum %.3g s\n", made->options.size,
            result->classical_seconds, result->quantum_seconds);
    if (isnan(result->layer_seconds))
        fputs("  no layer time would do\n", out);
    else
        fprintf(out, "  break-even with layers of %.3g s, all else as it is\n",
                result->layer_seconds);
    if (isnan(result->error))
        fputs("  no error rate would do: without errors it is slower too\n", out);
    else
        fprintf(out, "  break-even with an error of %.3g a gate, all else as it is\n",
                result->error);
    print_figure("two_qubit_duration_ns", &made->layer, out);
    print_figure("two_qubit_error", &made->error, out);
}

static int write_svg(const comparison *made, const char *path, FILE *out)
{
    char *svg;
    const qhm_status status = qhm_break_even_draw_svg(&made->options, &svg);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    const int code = qhm_output_file_write(path, svg, out);
    qhm_string_destroy(svg);
    return code;
}

static int compare(const comparison *made, const qhm_arguments *arguments, FILE *out)
{
    qhm_break_even result;
    const qhm_status status = qhm_break_even_find(&made->options, &result);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    if (arguments->svg) {
        const int code = write_svg(made, arguments->svg, out);
        if (code != QHM_EXIT_OK || strcmp(arguments->svg, "-") == 0)
            return code;
    }
    if (arguments->json)
        return print_json(made, &result, out);
    print_text(made, &result, out);
    return QHM_EXIT_OK;
}

static int run_break_even(const qhm_arguments *arguments, FILE *out)
{
    if (!arguments->classical || !arguments->layer_law)
        return qhm_fail(QHM_EXIT_USAGE, "--classical and --layers are needed, such as --classical "
                                        "\"1e-9*n^2\" --layers \"n^1.5*lg(n)\"");
    comparison made = {.options = {.improvement = arguments->improvement,
                                   .years = arguments->years,
                                   .layer_seconds = arguments->layer_ns * 1e-9,
                                   .overhead_seconds = arguments->overhead_seconds,
                                   .size = arguments->size > 0 ? arguments->size : 0x1p20}};
    qhm_device *device = NULL;
    int code = read_classical(arguments->classical, &made.options.classical_seconds);
    if (code != QHM_EXIT_OK)
        return code;
    qhm_status status = read_laws(arguments, &made);
    if (status == QHM_OK)
        status = read_device(arguments, &made, &device);
    if (status != QHM_OK)
        code = qhm_fail_status(status);
    else if (made.options.layer_seconds == 0)
        code = qhm_fail(QHM_EXIT_USAGE, "the time of a layer is missing: --layer-ns, or a --device "
                                        "with a two_qubit_duration_ns");
    else
        code = read_error(arguments, &made);
    if (code == QHM_EXIT_OK)
        code = compare(&made, arguments, out);
    qhm_device_destroy(device);
    return code;
}

#define FIELD(name) offsetof(qhm_arguments, name)

static const qhm_cli_option option_classical = {
    .name = "classical",
    .value = "LAW",
    .type = QHM_CLI_TEXT,
    .offset = FIELD(classical),
    .help =
        "seconds of the classical side, such as \"1e-9*n^2 + 1e-6*n*lg(n)\", or measured points "
        "n:seconds,n:seconds, to which a power of n is fitted",
};

static const qhm_cli_option option_layers = {
    .name = "layers",
    .value = "LAW",
    .type = QHM_CLI_TEXT,
    .offset = FIELD(layer_law),
    .help = "layers of the quantum side one after another, all runs and shots together, loads and "
            "uncomputing included",
};

static const qhm_cli_option option_gates = {
    .name = "gates",
    .value = "LAW",
    .type = QHM_CLI_TEXT,
    .offset = FIELD(gate_law),
    .help = "gates of one run that err; default: as many as --layers",
};

static const qhm_cli_option option_device = {
    .name = "device",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = FIELD(device),
    .help = "a chip whose two-qubit gates give a layer's time, unless it is given",
};

static const qhm_cli_option option_layer_ns = {
    .name = "layer-ns",
    .value = "NS",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(layer_ns),
    .is_positive = true,
    .help = "time of a layer",
};

static const qhm_cli_option option_error = {
    .name = "error",
    .value = "P",
    .type = QHM_CLI_TEXT,
    .offset = FIELD(error),
    .help = "error of a gate, which lengthens the quantum side by (1 - P)^(-2 gates), or the word "
            "device; default: none",
};

static const qhm_cli_option option_overhead = {
    .name = "overhead-seconds",
    .value = "S",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(overhead_seconds),
    .help = "fixed time of the quantum side, such as a cloud round trip",
};

static const qhm_cli_option option_improvement = {
    .name = "improvement",
    .value = "FACTOR",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(improvement),
    .is_positive = true,
    .help = "how much faster the classical side gets a year; default 1",
};

static const qhm_cli_option option_years = {
    .name = "years",
    .value = "N",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(years),
    .help = "years of that; default 0",
};

static const qhm_cli_option option_size = {
    .name = "size",
    .value = "N",
    .type = QHM_CLI_NUMBER,
    .offset = FIELD(size),
    .is_positive = true,
    .help = "the n for which the break-even layer time and error are told; default 2^20",
};

static const qhm_cli_option option_svg = {
    .name = "svg",
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = FIELD(svg),
    .help = "write both curves as SVG; - is standard output",
};

static const qhm_cli_option *const options[] = {
    &option_classical,
    &option_layers,
    &option_gates,
    &option_device,
    &option_layer_ns,
    &option_error,
    &option_overhead,
    &option_improvement,
    &option_years,
    &option_size,
    &option_svg,
    &qhm_option_json,
    NULL,
};

const qhm_command qhm_command_break_even = {
    .name = "break-even",
    .operands = "",
    .least = 0,
    .most = 0,
    .options = options,
    .help = "find the size, gate time or error at which a quantum path would win",
    .details = "A law is a sum of terms c*n^p*lg(n)^q. The quantum side takes its layers times the "
               "time of "
               "one, longer by errors; the classical side its law, faster every year. n goes from "
               "2 to 2^60, "
               "and none is an answer.\n"
               "Charge what is easily forgotten: loading n keys takes about n gates unless a free "
               "parallel "
               "memory is assumed, a query computes and uncomputes, and n rows of d numbers take "
               "n*d steps "
               "to write.",
    .example = "qhm break-even --classical \"1e-9*n^2\" --layers \"n^1.5\" --layer-ns 1000\n"
               "qhm break-even --classical 64:2e-5,256:3e-4,1024:5e-3 --layers \"40*n^1.5*lg(n)\" "
               "--device willow --svg curves.svg",
    .run = run_break_even,
};
