// qhm draw: circuits as text and as SVG.
#include "cli/circuit_file.h"
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/output_file.h"
#include "cli/ready_circuit.h"
#include "cli/run_file_argument.h"

#include <qhm/circuit.h>
#include <qhm/draw.h>
#include <qhm/run.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 100, MOST_DRAWN = 64 };

static size_t width_of(const qhm_arguments *arguments)
{
    return arguments->width ? arguments->width : qhm_console_width(STDOUT_FILENO, PIPE_WIDTH);
}

static qhm_status draw(const qhm_circuit *circuit, const qhm_arguments *arguments, char **text)
{
    qhm_draw_options options = {
        .width = width_of(arguments),
        .ascii = arguments->ascii || !qhm_console_is_utf8(),
        .all = arguments->all,
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
                          const char *drawing, size_t width, FILE *out)
{
    char *title = qhm_print_text(
        "%s%s%s: %zu qubits, depth %zu, %zu inputs, %zu weights, gates on one qubit %zu, on two "
        "%zu, on more %zu",
        task ? task : "", task ? ", " : "", model, counts->qubits, counts->depth, counts->inputs,
        counts->weights, counts->one_qubit_gates, counts->two_qubit_gates, counts->larger_gates);
    qhm_print_wrapped(out, title, 0, width);
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
        status = draw(circuit->circuit, arguments, &drawing);
    if (status != QHM_OK)
        return status;
    if (arguments->json) {
        json_array_append_new(list, to_json(circuit->task, circuit->model, &counts, drawing));
    } else {
        fputs(is_first ? "" : "\n", out);
        print_circuit(circuit->task, circuit->model, &counts, drawing, width_of(arguments), out);
    }
    qhm_string_destroy(drawing);
    return QHM_OK;
}

// The file of circuit `index` of `count`: "a.svg", or of several "a-1.svg", "a-2.svg" ...
static char *picture_path(const char *path, size_t index, size_t count)
{
    if (count == 1)
        return qhm_print_text("%s", path);
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    int stem = dot ? (int)(dot - path) : (int)strlen(path);
    return qhm_print_text("%.*s-%zu%s", stem, path, index + 1, dot ? dot : "");
}

// Writes the circuits as SVG files, or one on `out`.
static int save_pictures(const qhm_run_circuit *circuits, size_t count,
                         const qhm_arguments *arguments, FILE *out)
{
    bool is_output = strcmp(arguments->svg, "-") == 0;
    if (is_output && count != 1)
        return qhm_fail(QHM_EXIT_USAGE, "--svg - needs one circuit, not %zu; name a file", count);
    qhm_draw_options options = {.width = arguments->width, .all = arguments->all};
    int code = QHM_EXIT_OK;
    for (size_t i = 0; i < count && code == QHM_EXIT_OK; i++) {
        char *picture = NULL;
        qhm_status status = qhm_circuit_draw_svg(circuits[i].circuit, &options, &picture);
        if (status != QHM_OK)
            return qhm_fail_status(status);
        if (is_output) {
            fputs(picture, out);
        } else {
            char *path = picture_path(arguments->svg, i, count);
            code = qhm_output_file_write(path, picture, out);
            free(path);
        }
        qhm_string_destroy(picture);
    }
    return code;
}

static int show_all(const qhm_run_circuit *circuits, size_t count, const qhm_arguments *arguments,
                    FILE *out)
{
    if (arguments->svg)
        return save_pictures(circuits, count, arguments, out);
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
    int code = qhm_run_file_argument_load(arguments, &file);
    if (code != QHM_EXIT_OK)
        return code;
    size_t count = 0;
    const qhm_run_circuit *circuits = qhm_run_file_circuits(file, &count);
    code = show_all(circuits, count, arguments, out);
    qhm_run_file_destroy(file);
    return code;
}

static int draw_program(const qhm_arguments *arguments, FILE *out)
{
    qhm_circuit_file file;
    int code = qhm_circuit_file_load(arguments, arguments->operands[0], &file);
    if (code == QHM_EXIT_OK) {
        qhm_run_circuit shown = {.model = file.name, .circuit = file.circuit};
        code = show_all(&shown, 1, arguments, out);
    }
    qhm_circuit_file_release(&file);
    return code;
}

// True for a file whose first statement is one of OpenQASM, whatever its name.
static bool begins_as_program(const char *path)
{
    static const char *const words[] = {"OPENQASM", "include", "qreg", "qubit",
                                        "gate",     "creg",    "bit"};
    char text[4096];
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[length] = '\0';
    const char *at = text + strspn(text, " \t\r\n");
    while (at[0] == '/' && (at[1] == '/' || at[1] == '*')) {
        const char *end = strstr(at, at[1] == '/' ? "\n" : "*/");
        at = end ? end + (at[1] == '/' ? 1 : 2) : "";
        at += strspn(at, " \t\r\n");
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t count = strlen(words[i]);
        if (strncmp(at, words[i], count) == 0 && at[count] != ':' && strchr(" \t[", at[count]))
            return true;
    }
    return false;
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
    if (strcmp(name, "-") != 0 && !strpbrk(name, "./") && access(name, F_OK) != 0)
        return fail_unknown(name);
    if (qhm_circuit_file_is_path(name) || begins_as_program(name))
        return draw_program(arguments, out);
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

static const qhm_cli_option option_width = {
    .name = "width",
    .value = "N",
    .type = QHM_CLI_WHOLE,
    .offset = offsetof(qhm_arguments, width),
    .minimum = 1,
    .maximum = 1000000,
    .help = "fold after N characters, by default the terminal's width; with --svg after N pixels, "
            "by default 960",
};

static const qhm_cli_option option_all = {
    .name = "all",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, all),
    .help = "draw every column and every qubit of a long or wide circuit",
};

static const qhm_cli_option option_svg = {
    .name = "svg",
    .value = "FILE",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, svg),
    .help = "write an SVG picture instead, to a file or with - to standard output; of several "
            "circuits FILE-1.svg, FILE-2.svg and so on",
};

static const qhm_cli_option *const options[] = {
    &option_svg,        &option_width,   &option_ascii,        &option_all,
    &option_qubits,     &option_layers,  &option_entanglement, &qhm_option_parameter,
    &qhm_option_strict, &qhm_option_set, &qhm_option_json,     NULL,
};

const qhm_command qhm_command_draw = {
    .name = "draw",
    .operands = "FILE | RUN-FILE | CIRCUIT",
    .least = 1,
    .most = 1,
    .options = options,
    .help = "draw an OpenQASM file, the circuits of a run file, or a ready-made circuit",
    .details = "A FILE is OpenQASM 2 or 3, - is standard input. Ready-made are the feature maps "
               "angle, basis, z, zz, iqp, amplitude and unary, and the trainable "
               "hardware_efficient, strongly_entangling and givens. Qubit 0 is on top; x is an "
               "input, w a weight. A dot is a "
               "control, a circled plus an X under controls; a double line is a classical "
               "register, and a box on it a condition. A drawing folds at the terminal's width; "
               "what is left out of a very long or wide one is said.",
    .example = "qhm draw bell.qasm --svg bell.svg\n"
               "qhm draw examples/control-positive.yaml\n"
               "qhm draw zz --qubits 4",
    .run = run_draw,
};
