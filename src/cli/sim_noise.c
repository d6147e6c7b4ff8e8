// Noise for qhm sim.
#include "cli/sim_noise.h"

#include "cli/compile_arguments.h"
#include "cli/console.h"
#include "cli/device_arguments.h"
#include "cli/json_output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 100 };

static bool ends_in(const char *text, const char *ending)
{
    const size_t length = strlen(text), size = strlen(ending);
    return length >= size && strcmp(text + length - size, ending) == 0;
}

// A file of noise, not of a device: YAML, or JSON that does not say which family of chips it is.
static bool is_noise_file(const char *name)
{
    if (!ends_in(name, ".json"))
        return ends_in(name, ".yaml") || ends_in(name, ".yml");
    json_t *root = json_load_file(name, 0, NULL);
    const bool is_noise = json_is_object(root) && !json_object_get(root, "family");
    json_decref(root);
    return is_noise;
}

static qhm_status create_of_device(const qhm_arguments *arguments, const qhm_noise_options *options,
                                   qhm_sim_noise *noise, const qhm_circuit *circuit)
{
    const qhm_device_options varied = qhm_device_arguments_read(arguments);
    qhm_compile_options compile;
    (void)qhm_compile_arguments_read(arguments, &compile); // checked before
    qhm_status status = qhm_device_load(arguments->device ? arguments->device : arguments->noise,
                                        &varied, &noise->device);
    if (status == QHM_OK)
        status = qhm_circuit_compile(circuit, noise->device, &compile, &noise->compiled);
    if (status != QHM_OK)
        return status;
    size_t count;
    const uint32_t *physical = qhm_compiled_physical_qubits(noise->compiled, &count);
    return qhm_noise_model_create_from_device(noise->device, physical, count, options,
                                              &noise->model);
}

// Exact results of sequences of measurements: one channel each, in place of all their outcomes.
// Where that cannot be, the circuit stays.
static qhm_status merge(qhm_sim_noise *noise, qhm_circuit **noisy)
{
    qhm_circuit *merged = NULL;
    const qhm_status status = qhm_compiled_merge_sequences(noise->compiled, *noisy, &merged);
    if (status == QHM_ERROR_UNSUPPORTED)
        return QHM_OK;
    if (status != QHM_OK)
        return status;
    qhm_circuit_destroy(*noisy);
    *noisy = merged;
    noise->is_merged = true;
    return QHM_OK;
}

static void fill_flips(qhm_sim_noise *noise, const qhm_circuit *noisy)
{
    const size_t qubits = qhm_circuit_qubit_count(noisy);
    const uint32_t *places = noise->is_merged ? qhm_compiled_final_layout(noise->compiled) : NULL;
    noise->flips = qhm_cli_allocate(qubits, sizeof *noise->flips);
    for (uint32_t q = 0; q < qubits && q < qhm_noise_model_qubit_count(noise->model); q++)
        qhm_noise_model_readout(noise->model, places ? places[q] : q, noise->flips[q]);
}

qhm_status qhm_sim_noise_apply(const qhm_arguments *arguments, qhm_sim_noise *noise,
                               qhm_circuit **circuit)
{
    const qhm_noise_options options = {.seed = arguments->seed,
                                       .is_twirled = arguments->twirl,
                                       .has_crosstalk = arguments->crosstalk};
    qhm_circuit *noisy = NULL;
    qhm_status status = arguments->noise && is_noise_file(arguments->noise)
                            ? qhm_noise_model_load(arguments->noise, &options, &noise->model)
                            : create_of_device(arguments, &options, noise, *circuit);
    const qhm_circuit *fitted = noise->compiled ? qhm_compiled_circuit(noise->compiled) : *circuit;
    if (status == QHM_OK)
        status = qhm_noise_model_apply(noise->model, fitted, &noisy);
    if (status == QHM_OK)
        status = qhm_circuit_copy(fitted, &noise->ideal);
    if (status == QHM_OK)
        status = qhm_noise_model_print(noise->model, &noise->text);
    if (status == QHM_OK && noise->compiled && arguments->exact && !arguments->mitigate)
        status = merge(noise, &noisy);
    if (status != QHM_OK) {
        qhm_circuit_destroy(noisy);
        return status;
    }
    fill_flips(noise, noisy);
    qhm_circuit_destroy(*circuit);
    *circuit = noisy;
    return QHM_OK;
}

void qhm_sim_noise_release(qhm_sim_noise *noise)
{
    free(noise->flips);
    qhm_string_destroy(noise->text);
    qhm_circuit_destroy(noise->ideal);
    qhm_noise_model_destroy(noise->model);
    qhm_compiled_destroy(noise->compiled);
    qhm_device_destroy(noise->device);
}

qhm_status qhm_sim_noise_map(const qhm_sim_noise *noise, qhm_observable **observable)
{
    if (!noise->compiled || noise->is_merged)
        return QHM_OK;
    qhm_observable *mapped;
    const qhm_status status = qhm_compiled_map_observable(noise->compiled, *observable, &mapped);
    if (status != QHM_OK)
        return status;
    qhm_observable_destroy(*observable);
    *observable = mapped;
    return QHM_OK;
}

// The lines that begin so, each wrapped.
static void print_lines(const char *text, const char *beginning, FILE *out)
{
    for (const char *line = text; *line;) {
        const size_t length = strcspn(line, "\n");
        if (strncmp(line, beginning, strlen(beginning)) == 0) {
            const size_t indent = strspn(line, " ");
            char *copy = qhm_print_text("%.*s\n", (int)(length - indent), line + indent);
            qhm_print_wrapped(out, copy, (int)indent, qhm_console_width(STDOUT_FILENO, PIPE_WIDTH));
            free(copy);
        }
        line += length + (line[length] == '\n');
    }
}

void qhm_sim_noise_print(const qhm_sim_noise *noise, FILE *out)
{
    print_lines(noise->text, "noise of", out);
    if (noise->compiled) {
        size_t count;
        const uint32_t *physical = qhm_compiled_physical_qubits(noise->compiled, &count);
        const qhm_compile_summary *summary = qhm_compiled_summary_of(noise->compiled);
        fprintf(out, "  compiled for the chip's qubits");
        for (size_t i = 0; i < count; i++)
            fprintf(out, " %u", physical[i]);
        fprintf(out, "; %zu two-qubit operations, %.4g us\n",
                summary->two_qubit_gates + summary->joint_measurement_count,
                summary->duration_ns / 1e3);
    }
    print_lines(noise->text, "  projected:", out);
    print_lines(noise->text, "  assumed:", out);
}

json_t *qhm_sim_noise_json(const qhm_sim_noise *noise)
{
    json_t *object =
        json_pack("{s:o, s:o}", "model", qhm_json_text(qhm_noise_model_name(noise->model)),
                  "description", qhm_json_text(noise->text));
    if (!noise->compiled)
        return object;
    size_t count;
    const uint32_t *physical = qhm_compiled_physical_qubits(noise->compiled, &count);
    json_t *qubits = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(qubits, json_integer(physical[i]));
    json_object_set_new(object, "chip_qubits", qubits);
    return object;
}
