// qhm claim: the paper's claims, tried.
#include "cli/claim_output.h"
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/text_table.h"

#include <qhm/claim.h>
#include <qhm/types.h>
#include <string.h>

static const qhm_cli_option *const options[] = {&qhm_option_claim_seed, &qhm_option_claim_quick,
                                                &qhm_option_claim_svg, &qhm_option_json, NULL};

// One claim's result, parsed; an exit code.
static int try_claim(const char *name, const qhm_claim_options *given, char **text, json_t **result)
{
    const qhm_status status = qhm_claim_run(name, given, text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    *result = json_loads(*text, 0, NULL);
    return QHM_EXIT_OK;
}

static json_t *summary(const json_t *result)
{
    static const char *const names[] = {"name",    "place",   "claim",
                                        "verdict", "finding", "reproduce"};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_object_set(object, names[i], json_object_get(result, names[i]));
    return object;
}

static void print_summaries(const json_t *list, FILE *out)
{
    static const qhm_text_column columns[] = {
        {"claim", false}, {"verdict", false}, {"where", false}, {"command", false}};
    qhm_text_table *table = qhm_text_table_create(columns, 4);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        const char *const members[] = {"name", "verdict", "place", "reproduce"};
        for (size_t c = 0; c < 4; c++)
            qhm_text_table_add(table, "%s", json_string_value(json_object_get(row, members[c])));
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        fprintf(out, "\n%s\n", json_string_value(json_object_get(row, "name")));
        qhm_print_wrapped(out, json_string_value(json_object_get(row, "claim")), 2, 100);
        qhm_print_wrapped(out, json_string_value(json_object_get(row, "finding")), 2, 100);
    }
}

// All of them, at quick sizes.
static int run_all(const qhm_arguments *arguments, FILE *out)
{
    const qhm_claim_options given = qhm_claim_options_read(arguments, true);
    json_t *list = json_array();
    int code = QHM_EXIT_OK;
    if (arguments->svg)
        code = qhm_fail(QHM_EXIT_USAGE, "--svg needs the NAME of one claim");
    for (size_t i = 0; i < qhm_claim_count() && code == QHM_EXIT_OK; i++) {
        char *text = NULL;
        json_t *result = NULL;
        code = try_claim(qhm_claim_information(i)->name, &given, &text, &result);
        if (result)
            json_array_append_new(list, summary(result));
        json_decref(result);
        qhm_string_destroy(text);
    }
    if (code != QHM_EXIT_OK) {
        json_decref(list);
        return code;
    }
    if (arguments->json)
        return qhm_json_print(json_pack("{s:o}", "claims", list), out);
    print_summaries(list, out);
    json_decref(list);
    return QHM_EXIT_OK;
}

static int run_claim(const qhm_arguments *arguments, FILE *out)
{
    const qhm_claim_info *info;
    if (arguments->operand_count == 0)
        return run_all(arguments, out);
    qhm_status status = qhm_claim_find(arguments->operands[0], &info);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    const qhm_claim_options given = qhm_claim_options_read(arguments, arguments->quick);
    char *text = NULL;
    json_t *result = NULL;
    int code = try_claim(info->name, &given, &text, &result);
    if (code == QHM_EXIT_OK && arguments->svg)
        code = qhm_claim_write_svg(text, arguments->svg, out);
    qhm_string_destroy(text);
    const bool is_drawn = arguments->svg && strcmp(arguments->svg, "-") == 0;
    if (code != QHM_EXIT_OK || is_drawn) {
        json_decref(result);
        return code;
    }
    if (arguments->json)
        return qhm_json_print(result, out);
    qhm_claim_print_text(result, out);
    json_decref(result);
    return QHM_EXIT_OK;
}

const qhm_command qhm_command_claim = {
    .name = "claim",
    .operands = "[NAME]",
    .most = 1,
    .options = options,
    .help = "try what the paper claims, and say whether it holds",
    .details =
        "Each claim of the paper that can be checked runs the library; its verdict follows from "
        "the numbers: holds, holds with a condition, does not hold, cannot be checked here. "
        "Without a NAME all of them are tried at quick sizes and listed with their verdicts.",
    .example = "qhm claim theorem-a1 -o attention.svg",
    .run = run_claim,
};
