// The whole file is read here, so that pipes work; what is in it says what it is.
#include "cli/circuit_file.h"

#include "cli/console.h"
#include "cli/input_file.h"

#include <qhm/qasm.h>
#include <qhm/qir.h>
#include <qhm/types.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char standard_input[] = "<stdin>";

// The value of a constant expression of OpenQASM, such as "3*pi/4": what a rotation by it turns by.
static bool read_value(const char *text, double *value)
{
    char *program = qhm_print_text("OPENQASM 3.0;include \"stdgates.inc\";qubit q;rx(%s) q;", text);
    qhm_circuit *circuit = NULL;
    bool is_read = qhm_qasm_parse(program, strlen(program), NULL, &circuit, NULL) == QHM_OK &&
                   qhm_circuit_instruction_count(circuit) == 1;
    if (is_read)
        *value = qhm_angle_value(qhm_circuit_instruction(circuit, 0)->angles, NULL, NULL);
    qhm_circuit_destroy(circuit);
    free(program);
    return is_read && isfinite(*value);
}

// NAME=VALUE of --param. The names are copies.
static int read_parameters(const qhm_arguments *arguments, qhm_qasm_value **values)
{
    size_t count = arguments->parameters.count;
    *values = qhm_cli_allocate(count > 0 ? count : 1, sizeof **values);
    for (size_t i = 0; i < count; i++) {
        const char *text = arguments->parameters.items[i], *sign = strchr(text, '=');
        if (!sign || sign == text || !read_value(sign + 1, &(*values)[i].value))
            return qhm_fail(QHM_EXIT_USAGE,
                            "--param is \"%s\", not NAME=VALUE with a number such as 0.3 or pi/4",
                            text);
        (*values)[i].name = qhm_print_text("%.*s", (int)(sign - text), text);
    }
    return QHM_EXIT_OK;
}

static void release_parameters(qhm_qasm_value *values, size_t count)
{
    for (size_t i = 0; values && i < count; i++)
        free((char *)values[i].name);
    free(values);
}

static int print_diagnostics(const qhm_arguments *arguments, const qhm_diagnostics *diagnostics)
{
    bool has_errors = qhm_diagnostics_error_count(diagnostics) > 0;
    if (!has_errors && (arguments->quiet || qhm_diagnostics_count(diagnostics) == 0))
        return QHM_EXIT_OK;
    char *text;
    qhm_status status = qhm_diagnostics_print(diagnostics, !qhm_console_is_utf8(), &text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    fputs(text, stderr);
    qhm_string_destroy(text);
    return QHM_EXIT_OK;
}

// A name that QASM cannot hold: programs in QIR call functions that begin with it.
static bool is_qir(const char *text, size_t length)
{
    static const char call[] = "@__quantum__";
    return memmem(text, length, call, sizeof call - 1) != NULL;
}

static int read_qir(const qhm_arguments *arguments, const char *text, size_t length,
                    qhm_circuit_file *file)
{
    if (arguments->parameters.count > 0)
        return qhm_fail(QHM_EXIT_USAGE, "%s is QIR, which has no parameters for --param",
                        file->name);
    file->format = "QIR";
    const qhm_status status = qhm_qir_parse(text, length, file->name, &file->circuit);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}

static int read_circuit(const qhm_arguments *arguments, const char *text, size_t length,
                        const qhm_qasm_value *values, qhm_circuit_file *file)
{
    if (is_qir(text, length))
        return read_qir(arguments, text, length, file);
    qhm_qasm_options options = {.file_name = file->name,
                                .strict = arguments->strict,
                                .values = values,
                                .value_count = arguments->parameters.count};
    file->format = qhm_qasm_version(text, length) == 2 ? "OpenQASM 2" : "OpenQASM 3";
    qhm_status status = qhm_qasm_parse(text, length, &options, &file->circuit, &file->diagnostics);
    int code = print_diagnostics(arguments, file->diagnostics);
    if (code != QHM_EXIT_OK || status == QHM_OK)
        return code;
    if (qhm_diagnostics_error_count(file->diagnostics) > 0)
        return qhm_exit_code(status); // told in full
    return qhm_fail_status(status);
}

int qhm_circuit_file_load(const qhm_arguments *arguments, const char *path, qhm_circuit_file *file)
{
    *file = (qhm_circuit_file){.name = strcmp(path, "-") == 0 ? standard_input : path};
    char *text = NULL;
    size_t length = 0;
    qhm_qasm_value *values = NULL;
    int code = read_parameters(arguments, &values);
    if (code == QHM_EXIT_OK)
        code = qhm_input_file_read(path, &text, &length);
    if (code == QHM_EXIT_OK)
        code = read_circuit(arguments, text, length, values, file);
    release_parameters(values, arguments->parameters.count);
    free(text);
    return code;
}

void qhm_circuit_file_release(qhm_circuit_file *file)
{
    qhm_circuit_destroy(file->circuit);
    qhm_diagnostics_destroy(file->diagnostics);
    *file = (qhm_circuit_file){0};
}

bool qhm_circuit_file_is_path(const char *path)
{
    static const char *const endings[] = {".qasm", ".qasm2", ".qasm3", ".ll"};
    if (strcmp(path, "-") == 0)
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t length = strlen(path), ending = strlen(endings[i]);
        if (length > ending && strcmp(path + length - ending, endings[i]) == 0)
            return true;
    }
    return false;
}
