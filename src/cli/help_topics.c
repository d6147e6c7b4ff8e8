// Reference tables of the library as help: what can be written in run files and circuits.
#include "cli/console.h"
#include "cli/help_text.h"
#include "cli/text_table.h"

#include <qhm/algorithm.h>
#include <qhm/circuit.h>
#include <qhm/data_source.h>
#include <qhm/module.h>
#include <qhm/options.h>
#include <qhm/run.h>
#include <qhm/types.h>

// What an option takes, as in "whole number, 1 to 64; default 3".
static void print_expectation(const qhm_option_info *option, FILE *out)
{
    static const char *const words[] = {
        [QHM_OPTION_BOOL] = "true or false",      [QHM_OPTION_SIZE] = "a whole number",
        [QHM_OPTION_UINT64] = "a whole number",   [QHM_OPTION_DOUBLE] = "a number",
        [QHM_OPTION_DOUBLE_OR_ZERO] = "a number", [QHM_OPTION_TEXT] = "a text",
        [QHM_OPTION_CHOICE] = "one of",           [QHM_OPTION_NODE] = "a list or a mapping",
    };
    fputs(words[option->type], out);
    if (option->type == QHM_OPTION_CHOICE)
        for (size_t i = 0; option->choices[i]; i++)
            fprintf(out, "%s %s", i > 0 ? "," : "", option->choices[i]);
    if (option->minimum != 0 || option->maximum != 0) {
        if (option->maximum >= 1e15)
            fprintf(out, " of at least %.15g", option->minimum);
        else
            fprintf(out, " from %.15g to %.15g", option->minimum, option->maximum);
    }
    if (option->default_text)
        fprintf(out, "; default %s", option->default_text);
    else if (option->type == QHM_OPTION_BOOL)
        fputs("; default false", out);
}

static void print_options(const qhm_option_info *options, FILE *out)
{
    for (const qhm_option_info *option = options; option && option->name; option++) {
        fprintf(out, "    %s: ", option->name);
        print_expectation(option, out);
        fputc('\n', out);
        qhm_print_wrapped(out, option->help, 8, 100);
        if (option->used_with)
            fprintf(out, "        only with %s\n", option->used_with);
    }
}

static int print_sources(FILE *out)
{
    size_t count = 0;
    const qhm_data_source *const *sources = qhm_data_sources(&count);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%s\n  %s%s\n", i > 0 ? "\n" : "", sources[i]->name, sources[i]->help,
                sources[i]->is_generator ? "; fresh points for every resample" : "");
        print_options(sources[i]->options, out);
    }
    return QHM_EXIT_OK;
}

static int print_modules(FILE *out)
{
    size_t count = 0;
    const qhm_module_info *const *kinds = qhm_module_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%s\n  %s\n", i > 0 ? "\n" : "", kinds[i]->kind, kinds[i]->help);
        print_options(kinds[i]->options, out);
    }
    return QHM_EXIT_OK;
}

static int print_gates(FILE *out)
{
    static const qhm_text_column columns[] = {
        {"gate", false}, {"controls", true}, {"targets", true}, {"angles", true}, {"matrix", false},
    };
    qhm_text_table *table = qhm_text_table_create(columns, sizeof columns / sizeof columns[0]);
    for (int gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
        qhm_text_table_add(table, "%s", info->name);
        qhm_text_table_add(table, "%u", info->control_count);
        bool is_any = info->target_count == 0 && gate != QHM_GATE_SET && gate != QHM_GATE_WHILE &&
                      gate != QHM_GATE_END;
        qhm_text_table_add(table, is_any ? "any" : "%u", info->target_count);
        qhm_text_table_add(table, "%u", info->angle_count);
        qhm_text_table_add(table, "%s", info->formula);
    }
    qhm_text_table_print(table, 0, out);
    qhm_text_table_destroy(table);
    fputs("\nAngles are in radians. Controls come first; any gate may have more of them.\n", out);
    return QHM_EXIT_OK;
}

static int print_gates_markdown(FILE *out)
{
    char *text = NULL;
    qhm_status status = qhm_gate_reference(&text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    fputs(text, out);
    qhm_string_destroy(text);
    return QHM_EXIT_OK;
}

static int print_run_file(FILE *out)
{
    char *text = NULL;
    qhm_status status = qhm_run_file_help(&text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    fputs(text, out);
    qhm_string_destroy(text);
    return QHM_EXIT_OK;
}

int qhm_help_print_algorithm(const char *name, FILE *out)
{
    const qhm_algorithm_info *info;
    const qhm_status status = qhm_algorithm_find(name, &info);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    fprintf(out, "qhm algo %s: %s\n\n%s\nFields of a problem file:\n\n", info->name, info->help,
            info->details);
    print_options(info->fields, out);
    fprintf(out, "\nA problem file:\n\n");
    qhm_print_wrapped(out, info->example, 4, SIZE_MAX);
    fputc('\n', out);
    return QHM_EXIT_OK;
}

const qhm_help_topic qhm_help_topics[] = {
    {"run-file", "every field of run files with its limits, default and meaning", print_run_file,
     NULL},
    {"gates", "the gates of circuits with their matrices", print_gates, print_gates_markdown},
    {"sources", "where data can come from, with the options of each source", print_sources, NULL},
    {"modules", "the blocks that models are built of, with the options of each", print_modules,
     NULL},
    {NULL, NULL, NULL, NULL},
};
