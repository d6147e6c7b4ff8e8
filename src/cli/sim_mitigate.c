// Error mitigation for qhm sim.
#include "cli/sim_mitigate.h"

#include "cli/console.h"
#include "cli/json_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_TECHNIQUES = 8, PIPE_WIDTH = 100 };

// The executors, from the backend's outwards.
typedef struct stack {
    qhm_executor *executors[MOST_TECHNIQUES + 1];
    size_t count;
    double (*flips)[2]; // [2 qubits]: of two copies
} stack;

static bool has_word(const char *list, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ',') && (at[length] == ',' || !at[length]))
            return true;
    return false;
}

// These put the noise into the circuit themselves, and the executor inside adds none.
static bool shows_noise(const char *list)
{
    return has_word(list, "pec") || has_word(list, "distillation");
}

static qhm_status create_raw(const qhm_sim_noise *noise, qhm_backend *backend, const char *list,
                             size_t qubits, stack *s)
{
    s->flips = qhm_cli_allocate(2 * qubits, sizeof *s->flips);
    for (size_t q = 0; q < 2 * qubits; q++)
        memcpy(s->flips[q], noise->flips[q % qubits], sizeof s->flips[q]);
    const qhm_executor_options options = {.readout_flips = (const double(*)[2])s->flips,
                                          .flip_count = 2 * qubits,
                                          .noise = shows_noise(list) ? NULL : noise->model};
    const qhm_status status = qhm_executor_create_on_backend(backend, &options, &s->executors[0]);
    s->count = status == QHM_OK;
    return status;
}

// Puts the techniques of the list around each other, the last one first.
static qhm_status create_stack(const qhm_sim_noise *noise, char *list, stack *s)
{
    const qhm_mitigation_options options = {.noise = noise->model};
    qhm_status status = QHM_OK;
    for (char *comma = list; comma && status == QHM_OK && s->count <= MOST_TECHNIQUES;) {
        comma = strrchr(list, ',');
        status = qhm_executor_mitigate(s->executors[s->count - 1], comma ? comma + 1 : list,
                                       &options, &s->executors[s->count]);
        s->count += status == QHM_OK;
        if (comma)
            *comma = 0;
    }
    return status;
}

static void release_stack(stack *s)
{
    while (s->count > 0)
        qhm_executor_destroy(s->executors[--s->count]);
    free(s->flips);
}

qhm_status qhm_sim_mitigate(const qhm_arguments *arguments, const qhm_sim_noise *noise,
                            qhm_backend *backend, const qhm_execution *execution,
                            qhm_sim_mitigation *mitigation)
{
    stack s = {0};
    char *list = qhm_print_text("%s", arguments->mitigate);
    mitigation->techniques = arguments->mitigate;
    mitigation->values = qhm_cli_allocate(execution->observable_count, sizeof(double));
    mitigation->errors = qhm_cli_allocate(execution->observable_count, sizeof(double));
    qhm_status status =
        create_raw(noise, backend, list, qhm_circuit_qubit_count(execution->circuit), &s);
    if (status == QHM_OK)
        status = create_stack(noise, list, &s);
    qhm_execution full = *execution;
    full.values = mitigation->values;
    full.variances = mitigation->errors;
    full.overhead = &mitigation->overhead;
    if (status == QHM_OK)
        status = qhm_executor_run(s.executors[s.count - 1], &full);
    for (size_t k = 0; status == QHM_OK && k < execution->observable_count; k++)
        mitigation->errors[k] = sqrt(mitigation->errors[k]);
    release_stack(&s);
    free(list);
    return status;
}

void qhm_sim_mitigation_release(qhm_sim_mitigation *mitigation)
{
    free(mitigation->values);
    free(mitigation->errors);
}

void qhm_sim_mitigation_print_value(const qhm_sim_mitigation *mitigation, size_t index, FILE *out)
{
    const double error = mitigation->errors[index];
    fprintf(out, "  mitigated %.*f", error > 0 ? 4 : 9, mitigation->values[index]);
    if (error > 0)
        fprintf(out, ", standard error %.2g", error);
    fputc('\n', out);
}

void qhm_sim_mitigation_print(const qhm_sim_mitigation *mitigation, FILE *out)
{
    const qhm_overhead *o = &mitigation->overhead;
    char *kept = o->kept < 1 ? qhm_print_text(", %.3g %% of them kept", 100 * o->kept)
                             : qhm_print_text("%s", "");
    char *shots =
        o->shots > 0 ? qhm_print_text(", %zu shots%s", o->shots, kept) : qhm_print_text("%s", kept);
    char *text =
        qhm_print_text("mitigated by %s\n%zu circuit%s%s; %.3g times the shots for the same "
                       "error\n",
                       o->detail, o->circuits, o->circuits == 1 ? "" : "s", shots, o->sampling);
    qhm_print_wrapped(out, text, 0, qhm_console_width(STDOUT_FILENO, PIPE_WIDTH));
    free(text);
    free(shots);
    free(kept);
}

json_t *qhm_sim_mitigation_json(const qhm_sim_mitigation *mitigation)
{
    const qhm_overhead *o = &mitigation->overhead;
    return json_pack("{s:o, s:o, s:I, s:I, s:o, s:o}", "techniques",
                     qhm_json_text(mitigation->techniques), "detail", qhm_json_text(o->detail),
                     "circuits", (json_int_t)o->circuits, "shots", (json_int_t)o->shots,
                     "sampling_overhead", qhm_json_number(o->sampling), "kept",
                     qhm_json_number(o->kept));
}
