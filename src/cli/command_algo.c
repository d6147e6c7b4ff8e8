// qhm algo: quantum algorithms on problems from files, beside classical methods.
#include "cli/console.h"
#include "cli/json_output.h"
#include "cli/json_text.h"
#include "cli/text_table.h"

#include <qhm/algorithm.h>
#include <qhm/types.h>
#include <string.h>

static const qhm_cli_option option_seed = {
    .name = "seed",
    .value = "N",
    .type = QHM_CLI_SEED,
    .offset = offsetof(qhm_arguments, seed),
    .help = "of all that is random, default 0",
};

static const qhm_cli_option option_device = {
    .name = "device",
    .value = "NAME",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, device),
    .help = "also tell what it would cost on this chip, such as willow",
};

static const qhm_cli_option *const options[] = {&qhm_option_set, &option_seed, &option_device,
                                                &qhm_option_json, NULL};

static json_t *describe_fields(const qhm_option_info *field)
{
    json_t *list = json_array();
    for (; field->name; field++) {
        json_t *object = json_pack("{s:s, s:s}", "name", field->name, "help", field->help);
        if (field->default_text)
            json_object_set_new(object, "default", json_string(field->default_text));
        if (field->used_with)
            json_object_set_new(object, "used_with", json_string(field->used_with));
        json_array_append_new(list, object);
    }
    return list;
}

static int list(const qhm_arguments *arguments, FILE *out)
{
    static const qhm_text_column columns[] = {{"algorithm", false}, {"what it does", false}};
    if (arguments->json) {
        json_t *names = json_array();
        for (size_t i = 0; i < qhm_algorithm_count(); i++) {
            const qhm_algorithm_info *info = qhm_algorithm_information(i);
            json_array_append_new(names,
                                  json_pack("{s:s, s:s, s:o}", "name", info->name, "help",
                                            info->help, "fields", describe_fields(info->fields)));
        }
        return qhm_json_print(json_pack("{s:o}", "algorithms", names), out);
    }
    qhm_text_table *table = qhm_text_table_create(columns, 2);
    for (size_t i = 0; i < qhm_algorithm_count(); i++) {
        qhm_text_table_add(table, "%s", qhm_algorithm_information(i)->name);
        qhm_text_table_add(table, "%s", qhm_algorithm_information(i)->help);
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
    return QHM_EXIT_OK;
}

static void print_text(const json_t *result, FILE *out)
{
    static const char *const sections[] = {"answer", "opponent", "ledger", "cost"};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        const json_t *section = json_object_get(result, sections[i]);
        if (!section)
            continue;
        fprintf(out, "%s%s\n", i > 0 ? "\n" : "", sections[i]);
        qhm_json_text_print(section, 2, strcmp(sections[i], "ledger") == 0, out);
    }
    const json_t *notes = json_object_get(result, "notes");
    if (json_array_size(notes) > 0)
        fputc('\n', out);
    for (size_t i = 0; i < json_array_size(notes); i++)
        qhm_print_wrapped(out, json_string_value(json_array_get(notes, i)), 0, 100);
}

static int run_algo(const qhm_arguments *arguments, FILE *out)
{
    if (arguments->operand_count == 0)
        return list(arguments, out);
    const qhm_algorithm_info *info;
    qhm_status status = qhm_algorithm_find(arguments->operands[0], &info);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    if (arguments->operand_count == 1)
        return qhm_fail(QHM_EXIT_USAGE,
                        "qhm algo %s needs a problem file; qhm help algo %s shows one", info->name,
                        info->name);
    char *text = NULL;
    status =
        qhm_algorithm_run(info->name, arguments->operands[1],
                          &(qhm_algorithm_options){.seed = arguments->seed,
                                                   .device = arguments->device,
                                                   .overrides = arguments->settings.items,
                                                   .override_count = arguments->settings.count},
                          &text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    json_t *result = json_loads(text, 0, NULL);
    qhm_string_destroy(text);
    if (arguments->json)
        return qhm_json_print(result, out);
    print_text(result, out);
    json_decref(result);
    return QHM_EXIT_OK;
}

const qhm_command qhm_command_algo = {
    .name = "algo",
    .operands = "[NAME FILE]",
    .most = 2,
    .options = options,
    .help = "run a quantum algorithm on a problem, beside a classical method, with its ledger",
    .details = "Without a name it lists the algorithms. `qhm help algo NAME` tells the fields of a "
               "problem file and shows one that runs.",
    .example = "qhm algo overlap vectors.yaml --device willow",
    .run = run_algo,
};
