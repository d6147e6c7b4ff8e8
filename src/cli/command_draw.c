// qhm draw: circuits as text.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/ready_circuit.h"

#include <qhm/circuit.h>
#include <qhm/run.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 100, MOST_DRAWN = 64 };

static qhm_status draw(const qhm_circuit *circuit, bool ascii, char **text)
{
    qhm_draw_options options = {
        .width = qhm_console_width(STDOUT_FILENO, PIPE_WIDTH),
        .ascii = ascii || !qhm_console_is_utf8(),
    };
    return qhm_circuit_draw(circuit, &options, text);
}

static json_t *to_json(const char *task, const char *model, const qhm_circuit_counts *counts,
                       const char *drawing)
{
    return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "task",
                     qhm_json_text(task), "model", qhm_json_text(model), "qubits",
                     (json_int_t)counts->qubits, "depth", (json_int_t)counts->depth, "inputs",
                     (json_int_t)counts->inputs, "weights", (json_int_t)counts->weights,
                     "one_qubit_gates", (json_int_t)counts->one_qubit_gates, "two_qubit_gates",
                     (json_int_t)counts->two_qubit_gates, "larger_gates",
                     (json_int_t)counts->larger_gates, "drawing", qhm_json_text(drawing));
}

static void print_circuit(const char *task, const char *model, const qhm_circuit_counts *counts,
                          const char *drawing, FILE *out)
{
    char *title = qhm_print_text(
        "%s%s%s: %zu qubits, depth %zu, %zu inputs, %zu weights, gates on one qubit %zu, on two "
        "%zu, on more %zu",
        task ? task : "", task ? ", " : "", model, counts->qubits, counts->depth, counts->inputs,
        counts->weights, counts->one_qubit_gates, counts->two_qubit_gates, counts->larger_gates);
    qhm_print_wrapped(out, title, 0, qhm_console_width(STDOUT_FILENO, PIPE_WIDTH));
    fprintf(out, "\n%s", drawing);
    free(title);
}

// Draws one circuit, into the array or on `out`.
static qhm_status show(const qhm_run_circuit *circuit, const qhm_arguments *arguments,
                       bool is_first, json_t *list, FILE *out)
{
    qhm_circuit_counts counts;
    char *drawing = NULL;
    qhm_status status = qhm_circuit_count(circuit->circuit, &counts);
    if (status == QHM_OK)
        status = draw(circuit->circuit, arguments->ascii, &drawing);
    if (status != QHM_OK)
        return status;
    if (arguments->json) {
        json_array_append_new(list, to_json(circuit->task, circuit->model, &counts, drawing));
    } else {
        fputs(is_first ? "" : "\n", out);
        print_circuit(circuit->task, circuit->model, &counts, drawing, out);
    }
    qhm_string_destroy(drawing);
    return QHM_OK;
}

static int show_all(const qhm_run_circuit *circuits, size_t count, const qhm_arguments *arguments,
                    FILE *out)
{
    json_t *list = json_array();
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = show(&circuits[i], arguments, i == 0, list, out);
    if (status == QHM_OK && arguments->json)
        return qhm_json_print(json_pack("{s:o}", "circuits", list), out);
    json_decref(list);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}

static int draw_file(const qhm_arguments *arguments, FILE *out)
{
    qhm_run_file *file = NULL;
    qhm_status status = qhm_run_file_load(arguments->operands[0], arguments->settings.items,
                                          arguments->settings.count, &file);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    size_t count = 0;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(file, &count);
    int code = show_all(circuits, count, arguments, out);
    qhm_run_file_destroy(file);
    return code;
}

static int draw_ready(const qhm_arguments *arguments, FILE *out)
{
    qhm_circuit *circuit = NULL;
    qhm_status status = qhm_ready_circuit_create(arguments, arguments->operands[0], &circuit);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    qhm_run_circuit shown = {.model = arguments->operands[0], .circuit = circuit};
    int code = show_all(&shown, 1, arguments, out);
    qhm_circuit_destroy(circuit);
    return code;
}

// Neither a file nor a circuit's name.
static int fail_unknown(const char *name)
{
    enum { MOST = 32 };
    const char *names[MOST];
    size_t count = qhm_ready_circuit_names(names, MOST);
    const char *nearest = qhm_suggestion(name, names, count);
    if (nearest)
        return qhm_fail(QHM_EXIT_BAD_INPUT, "no circuit and no file %s; did you mean %s?", name,
                        nearest);
    char list[512] = "";
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    return qhm_fail(QHM_EXIT_BAD_INPUT, "no circuit and no file %s; the circuits are %s", name,
                    list);
}

static int run_draw(const qhm_arguments *arguments, FILE *out)
{
    const char *name = arguments->operands[0];
    if (qhm_ready_circuit_is_name(name))
        return draw_ready(arguments, out);
    if (!strpbrk(name, "./") && access(name, F_OK) != 0)
        return fail_unknown(name);
    return draw_file(arguments, out);
}

static const qhm_cli_option option_ascii = {
    .name = "ascii",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, ascii),
    .help = "use no characters outside ASCII; the default where the locale has none",
};

static const qhm_cli_option option_qubits = {
    .name = "qubits",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, qubits),
    .minimum = 1,
    .maximum = MOST_DRAWN,
    .help = "qubits of a ready-made circuit; default 3",
};

static const qhm_cli_option option_layers = {
    .name = "layers",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, layers),
    .minimum = 1,
    .maximum = MOST_DRAWN,
    .help = "layers or repetitions of a ready-made circuit; default its own",
};

static const qhm_cli_option option_entanglement = {
    .name = "entanglement",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, entanglement),
    .help = "linear, ring, full or none: which qubits a ready-made circuit connects; default its "
            "own",
};

static const qhm_cli_option *const options[] = {
    &option_qubits,   &option_layers, &option_entanglement, &option_ascii, &qhm_option_set,
    &qhm_option_json, NULL,
};

const qhm_command qhm_command_draw = {
    .name = "draw",
    .operands = "RUN-FILE | CIRCUIT",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "draw the circuits of a run file, or a ready-made circuit",
    .details = "Ready-made are the feature maps angle, basis, z, zz, iqp and amplitude, and the "
               "trainable hardware_efficient and strongly_entangling. Qubit 0 is on top; x is an "
               "input, w a weight. A drawing wraps at the terminal's width.",
    .example = "qhm draw examples/control-positive.yaml\nqhm draw zz --qubits 4",
    .run = run_draw,
};
