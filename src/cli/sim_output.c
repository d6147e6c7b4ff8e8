// The likeliest outcomes as a table with bars, or all of them as JSON.
#include "cli/sim_output.h"

#include "cli/console.h"
#include "cli/cost_output.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_ROWS = 32, PIPE_WIDTH = 100, BAR_CELLS = 24 };

#define SHOWN_LOSS 1e-12

typedef struct outcome_row {
    size_t index; // in the distribution
    double weight;
} outcome_row;

// The likeliest first; of equals the smaller number.
static int compare_rows(const void *left, const void *right)
{
    const outcome_row *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight < b->weight ? 1 : -1;
    return a->index > b->index ? 1 : a->index < b->index ? -1 : 0;
}

static outcome_row *sort_outcomes(const qhm_distribution *outcomes)
{
    size_t count = qhm_distribution_outcome_count(outcomes);
    outcome_row *rows = qhm_cli_allocate(count, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        rows[i].index = i;
        qhm_distribution_outcome(outcomes, i, NULL, &rows[i].weight);
    }
    qsort(rows, count, sizeof *rows, compare_rows);
    return rows;
}

static void reverse(char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length / 2; i++) {
        char letter = text[i];
        text[i] = text[length - 1 - i];
        text[length - 1 - i] = letter;
    }
}

// An outcome as text; with --q0-left every field and the fields are the other way round.
static qhm_status print_outcome(const qhm_sim_result *result, size_t index, bool q0_left,
                                char **text)
{
    const uint64_t *bits;
    qhm_distribution_outcome(result->outcomes, index, &bits, NULL);
    qhm_status status = qhm_outcome_print(result->circuit, bits, text);
    if (status == QHM_OK && q0_left)
        reverse(*text);
    return status;
}

// "d c" for the fields of an outcome, as they stand.
static char *print_fields(const qhm_circuit *circuit, bool q0_left)
{
    size_t count = qhm_circuit_bit_register_count(circuit);
    char *fields = qhm_print_text("%s", "");
    for (size_t i = 0; i < count; i++) {
        const qhm_register *field = qhm_circuit_bit_register(circuit, q0_left ? i : count - 1 - i);
        char *longer = qhm_print_text("%s%s%s", fields, i > 0 ? " " : "", field->name);
        free(fields);
        fields = longer;
    }
    return fields;
}

// Eighths of a cell where the terminal can show them.
static void print_bar(double share, char *bar, size_t size)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const bool is_utf8 = qhm_console_is_utf8();
    const int parts = (int)lround(share * BAR_CELLS * 8);
    size_t length = 0;
    bar[0] = '\0';
    for (int i = 0; i < parts / 8 + (is_utf8 ? 0 : parts % 8 >= 4); i++)
        length += (size_t)snprintf(bar + length, size - length, "%s", is_utf8 ? "█" : "#");
    if (is_utf8)
        snprintf(bar + length, size - length, "%s", eighths[parts % 8]);
}

static qhm_status add_rows(const qhm_sim_result *result, const qhm_arguments *arguments,
                           const outcome_row *rows, size_t shown, qhm_text_table *table)
{
    const double total = qhm_distribution_total(result->outcomes);
    for (size_t i = 0; i < shown; i++) {
        char *text, bar[4 * BAR_CELLS + 8];
        qhm_status status = print_outcome(result, rows[i].index, arguments->q0_left, &text);
        if (status != QHM_OK)
            return status;
        qhm_text_table_add(table, "%s", text);
        qhm_string_destroy(text);
        if (!result->is_exact)
            qhm_text_table_add(table, "%.0f", rows[i].weight);
        double share = total > 0 ? rows[i].weight / total : 0;
        qhm_text_table_add(table, result->is_exact ? "%.9f" : "%.2f %%",
                           result->is_exact ? rows[i].weight : 100 * share);
        print_bar(share, bar, sizeof bar);
        qhm_text_table_add(table, "%s", bar);
    }
    return QHM_OK;
}

static int print_outcomes(const qhm_sim_result *result, const qhm_arguments *arguments, FILE *out)
{
    const size_t count = qhm_distribution_outcome_count(result->outcomes);
    const size_t shown = arguments->all || count <= MOST_ROWS ? count : MOST_ROWS;
    outcome_row *rows = sort_outcomes(result->outcomes);
    char *fields = print_fields(result->circuit, arguments->q0_left);
    // Outcomes are numbers to the table: all as wide as one another, and never cut short.
    const qhm_text_column exact[] = {{fields, true}, {"probability", true}, {"", false}};
    const qhm_text_column counted[] = {
        {fields, true}, {"shots", true}, {"share", true}, {"", false}};
    qhm_text_table *table =
        qhm_text_table_create(result->is_exact ? exact : counted, result->is_exact ? 3 : 4);
    qhm_status status = add_rows(result, arguments, rows, shown, table);
    if (status == QHM_OK)
        qhm_text_table_print(table, 0, out);
    if (status == QHM_OK && shown < count) {
        double rest = 0;
        for (size_t i = shown; i < count; i++)
            rest += rows[i].weight;
        fprintf(out, "and %zu more outcomes, together %.3g %%; --all shows them\n", count - shown,
                100 * rest / qhm_distribution_total(result->outcomes));
    }
    qhm_text_table_destroy(table);
    free(fields);
    free(rows);
    return status == QHM_OK ? QHM_EXIT_OK : qhm_fail_status(status);
}

static void print_title(const qhm_sim_result *result, const qhm_arguments *arguments, FILE *out)
{
    char *how = result->is_exact ? qhm_print_text("exact")
                                 : qhm_print_text("%zu shots, seed %llu", result->shots,
                                                  (unsigned long long)result->seed);
    const size_t qubits = qhm_circuit_qubit_count(result->circuit);
    char *title = qhm_print_text(
        "%s: %zu qubit%s, %s, %s\n%s: %s\n", result->file, qubits, qubits == 1 ? "" : "s", how,
        arguments->q0_left ? "qubit 0 and bit 0 on the left" : "bit 0 on the right", result->method,
        result->reason);
    qhm_print_wrapped(out, title, 0, qhm_console_width(STDOUT_FILENO, PIPE_WIDTH));
    free(title);
    free(how);
    if (result->noise)
        qhm_sim_noise_print(result->noise, out);
    if (result->accuracy.largest_bond > 0)
        fprintf(out, "largest bond dimension %zu, truncation error %.2g\n",
                result->accuracy.largest_bond, result->accuracy.truncation_error);
    if (result->lost_probability > SHOWN_LOSS)
        fprintf(out, "paths of probability %.2g in all were not followed to their end\n",
                result->lost_probability);
}

// What was run, and what it would cost.
static int print_cost(const qhm_sim_result *result, FILE *out)
{
    char *ledger;
    const qhm_status status = qhm_ledger_print(&result->ledger, &ledger);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    fprintf(out, "\n%s\n", ledger);
    qhm_string_destroy(ledger);
    return qhm_cost_print_safe(result->cost, out);
}

int qhm_sim_print(const qhm_sim_result *result, const qhm_arguments *arguments, FILE *out)
{
    print_title(result, arguments, out);
    if (result->outcomes) {
        fputc('\n', out);
        int code = print_outcomes(result, arguments, out);
        if (code != QHM_EXIT_OK)
            return code;
    }
    if (result->value_count > 0)
        fputc('\n', out);
    for (size_t i = 0; i < result->value_count; i++) {
        const qhm_sim_value *value = &result->values[i];
        fputc('<', out);
        qhm_print_safe(out, value->text);
        fprintf(out, "> = %.*f", result->is_exact ? 9 : 4, value->value);
        if (!result->is_exact)
            fprintf(out, ", standard error at most %.2g", value->error);
        fputc('\n', out);
        if (result->mitigation)
            qhm_sim_mitigation_print_value(result->mitigation, i, out);
    }
    if (result->mitigation)
        qhm_sim_mitigation_print(result->mitigation, out);
    return result->cost ? print_cost(result, out) : QHM_EXIT_OK;
}

static json_t *registers_json(const qhm_circuit *circuit)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qhm_circuit_bit_register_count(circuit); i++) {
        const qhm_register *field = qhm_circuit_bit_register(circuit, i);
        json_array_append_new(list, json_pack("{s:o, s:i}", "name", qhm_json_text(field->name),
                                              "bits", (int)field->count));
    }
    return list;
}

static qhm_status outcomes_json(const qhm_sim_result *result, bool q0_left, json_t *object)
{
    for (size_t i = 0; i < qhm_distribution_outcome_count(result->outcomes); i++) {
        char *text;
        double weight;
        qhm_status status = print_outcome(result, i, q0_left, &text);
        if (status != QHM_OK)
            return status;
        qhm_distribution_outcome(result->outcomes, i, NULL, &weight);
        json_object_set_new(
            object, text, result->is_exact ? json_real(weight) : json_integer((json_int_t)weight));
        qhm_string_destroy(text);
    }
    return QHM_OK;
}

static json_t *values_json(const qhm_sim_result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; i < result->value_count; i++) {
        const qhm_sim_value *value = &result->values[i];
        json_t *item = json_pack("{s:o, s:o}", "observable", qhm_json_text(value->text), "value",
                                 qhm_json_number(value->value));
        if (item && !result->is_exact)
            json_object_set_new(item, "standard_error_at_most", qhm_json_number(value->error));
        if (item && result->mitigation) {
            json_object_set_new(item, "mitigated", qhm_json_number(result->mitigation->values[i]));
            json_object_set_new(item, "mitigated_standard_error",
                                qhm_json_number(result->mitigation->errors[i]));
        }
        json_array_append_new(list, item);
    }
    return list;
}

int qhm_sim_print_json(const qhm_sim_result *result, const qhm_arguments *arguments, FILE *out)
{
    json_t *whole = json_pack(
        "{s:o, s:I, s:s, s:o, s:s, s:s, s:o}", "file", qhm_json_text(result->file), "qubits",
        (json_int_t)qhm_circuit_qubit_count(result->circuit), "method", result->method, "reason",
        qhm_json_text(result->reason), "precision", result->precision, "bit_order",
        arguments->q0_left ? "q0_left" : "q0_right", "registers", registers_json(result->circuit));
    if (!result->is_exact) {
        json_object_set_new(whole, "shots", json_integer((json_int_t)result->shots));
        json_object_set_new(whole, "seed", json_integer((json_int_t)result->seed));
    }
    if (result->noise)
        json_object_set_new(whole, "noise", qhm_sim_noise_json(result->noise));
    if (result->accuracy.largest_bond > 0)
        json_object_set_new(whole, "accuracy",
                            json_pack("{s:I, s:o, s:o, s:b}", "largest_bond",
                                      (json_int_t)result->accuracy.largest_bond, "truncation_error",
                                      qhm_json_number(result->accuracy.truncation_error),
                                      "truncation_bound",
                                      qhm_json_number(result->accuracy.truncation_bound),
                                      "is_beyond_bound", result->accuracy.is_beyond_bound));
    if (result->outcomes) {
        json_t *object = json_object();
        qhm_status status = outcomes_json(result, arguments->q0_left, object);
        if (status != QHM_OK) {
            json_decref(object);
            json_decref(whole);
            return qhm_fail_status(status);
        }
        json_object_set_new(whole, result->is_exact ? "distribution" : "counts", object);
        if (result->is_exact)
            json_object_set_new(whole, "lost_probability",
                                qhm_json_number(result->lost_probability));
    }
    if (result->value_count > 0)
        json_object_set_new(whole, "observables", values_json(result));
    if (result->mitigation)
        json_object_set_new(whole, "mitigation", qhm_sim_mitigation_json(result->mitigation));
    json_object_set_new(whole, "ledger", qhm_json_ledger(&result->ledger));
    if (result->cost)
        json_object_set_new(whole, "cost", qhm_cost_json(result->cost));
    return qhm_json_print(whole, out);
}
