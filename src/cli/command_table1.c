// qhm table1: the paper's Table 1, measured.
#include "cli/claim_output.h"
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/json_text.h"
#include "cli/text_table.h"

#include <qhm/table1.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>

static const qhm_cli_option option_row = {
    .name = "row",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, row),
    .help = "this row alone, with the sizes that were measured; --row list names them",
};

static const qhm_cli_option *const options[] = {
    &option_row,           &qhm_option_claim_seed, &qhm_option_claim_quick,
    &qhm_option_claim_svg, &qhm_option_json,       NULL};

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static int list_rows(const qhm_arguments *arguments, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"row", false}, {"classical, the paper", false}, {"quantum, the paper", false}};
    if (arguments->json) {
        json_t *list = json_array();
        for (size_t i = 0; i < qhm_table1_count(); i++) {
            const qhm_table1_info *info = qhm_table1_information(i);
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", info->name,
                                                  "operation", info->operation, "paper_classical",
                                                  info->classical, "paper_quantum", info->quantum));
        }
        return qhm_json_print(json_pack("{s:o}", "rows", list), out);
    }
    qhm_text_table *table = qhm_text_table_create(columns, 3);
    for (size_t i = 0; i < qhm_table1_count(); i++) {
        const qhm_table1_info *info = qhm_table1_information(i);
        qhm_text_table_add(table, "%s", info->name);
        qhm_text_table_add(table, "%s", info->classical);
        qhm_text_table_add(table, "%s", info->quantum);
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
    return QHM_EXIT_OK;
}

// "n^1.53 (1.48 to 1.57)", at what is exponent `index` of the row.
static void add_exponent(const json_t *row, size_t index, qhm_text_table *table)
{
    const json_t *exponent = json_array_get(json_object_get(row, "exponents"), index);
    const double value = json_number_value(json_object_get(exponent, "exponent"));
    const json_t *lower = json_object_get(exponent, "lower");
    if (json_is_number(lower))
        qhm_text_table_add(table, "%.2f (%.2f to %.2f)", value, json_number_value(lower),
                           json_number_value(json_object_get(exponent, "upper")));
    else
        qhm_text_table_add(table, "%.2f", value);
}

static void print_table(const json_t *rows, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"exponents of n", false}, {"queries", false},   {"gates", false},     {"depth", false},
        {"seconds", false},        {"processor", false}, {"break-even", false}};
    qhm_text_table *table = qhm_text_table_create(columns, 7);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        qhm_text_table_add(table, "%s", text_of(row, "name"));
        for (size_t e = 0; e < 5; e++)
            add_exponent(row, e, table);
        qhm_text_table_add(table, "%s", text_of(row, "break_even"));
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
}

static void print_text(const json_t *rows, bool has_sizes, FILE *out)
{
    print_table(rows, out);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        fprintf(out, "\n%s\n", text_of(row, "name"));
        char *paper = qhm_print_text("The paper: %s; quantum: %s.", text_of(row, "paper_classical"),
                                     text_of(row, "paper_quantum"));
        char *task = qhm_print_text("Here: %s.", text_of(row, "task"));
        qhm_print_wrapped(out, paper, 2, 100);
        qhm_print_wrapped(out, task, 2, 100);
        qhm_print_wrapped(out, text_of(row, "sentence"), 2, 100);
        free(paper);
        free(task);
        if (!has_sizes)
            continue;
        json_t *sizes = json_pack("{s:O, s:O}", "quantum", json_object_get(row, "sizes"),
                                  "processor", json_object_get(row, "classical_sizes"));
        qhm_json_text_print(sizes, 0, false, out);
        json_decref(sizes);
    }
    fputs("\nGates are of one and two qubits. Seconds are those of Willow's gates and read-out, as "
          "if it made no\nerrors and were large enough; break-even is where the fitted powers "
          "meet.\n",
          out);
}

static int run_table1(const qhm_arguments *arguments, FILE *out)
{
    if (arguments->row && strcmp(arguments->row, "list") == 0)
        return list_rows(arguments, out);
    const qhm_claim_options given = qhm_claim_options_read(arguments, arguments->quick);
    char *text = NULL;
    const qhm_status status = qhm_table1_run(arguments->row, &given, &text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    int code = arguments->svg ? qhm_claim_write_svg(text, arguments->svg, out) : QHM_EXIT_OK;
    const bool is_drawn = arguments->svg && strcmp(arguments->svg, "-") == 0;
    json_t *result = json_loads(text, 0, NULL);
    qhm_string_destroy(text);
    if (code == QHM_EXIT_OK && !is_drawn && arguments->json)
        return qhm_json_print(result, out);
    if (code == QHM_EXIT_OK && !is_drawn)
        print_text(json_object_get(result, "rows"), arguments->row != NULL, out);
    json_decref(result);
    return code;
}

const qhm_command qhm_command_table1 = {
    .name = "table1",
    .operands = "",
    .options = options,
    .help = "measure the paper's Table 1: what operations of AI take on both sides",
    .details =
        "Every row is run over a range of sizes, loading and reading out included: exponents of "
        "queries, gates, depth and seconds with 95 % intervals, those of a processor timed here, "
        "where the two meet, and a sentence that can be printed beside the paper's.",
    .example = "qhm table1 --row fourier -o fourier.svg",
    .run = run_table1,
};
