// Help for people on a terminal.
#include "cli/help_text.h"

#include "cli/console.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const qhm_exit_info qhm_exit_codes[] = {
    {QHM_EXIT_OK, "all went well"},
    {QHM_EXIT_FAILED, "it failed: a file could not be written, a computation broke down, another "
                      "process holds the folder, a replay differs"},
    {QHM_EXIT_USAGE, "the command line is wrong"},
    {QHM_EXIT_BAD_INPUT, "a run file, data, run or name given is missing or wrong"},
    {QHM_EXIT_RESOURCE_LIMIT, "not enough memory, known before or met on the way"},
    {QHM_EXIT_INTERRUPTED, "interrupted; what was done is kept"},
    {0, NULL},
};

const qhm_environment_info qhm_environment[] = {
    {"OMP_NUM_THREADS", "threads to use when --threads is not given"},
    {"QHM_ISA", "baseline, avx2 or avx512: lowers the instruction set, to reproduce the bits of "
                "another machine"},
    {"NO_COLOR", "when set, no colours"},
    {"COLUMNS", "width of the terminal"},
    {NULL, NULL},
};

enum { PIPE_WIDTH = 80, COLUMN = 22 };

static size_t help_width(void)
{
    size_t width = qhm_console_width(STDOUT_FILENO, PIPE_WIDTH);
    return width > 100 ? 100 : width;
}

// A name in one column, its meaning wrapped in the next.
static void print_row(FILE *out, const char *name, const char *help)
{
    size_t width = help_width(), length = strlen(name);
    char *wrapped = NULL;
    size_t count = 0;
    FILE *lines = open_memstream(&wrapped, &count);
    if (!lines) {
        qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "out of memory");
        return;
    }
    qhm_print_wrapped(lines, help, COLUMN, width);
    fclose(lines);
    if (length + 4 <= COLUMN && count > COLUMN)
        fprintf(out, "  %-*s%s", COLUMN - 2, name, wrapped + COLUMN);
    else
        fprintf(out, "  %s\n%s", name, wrapped);
    free(wrapped);
}

void qhm_help_print_usage(const qhm_command *command, FILE *out)
{
    fprintf(out, "%s%s%s%s", command->name, command->operands[0] ? " " : "", command->operands,
            command->options && command->options[0] ? " [options]" : "");
}

char *qhm_help_option_form(const qhm_cli_option *option)
{
    char letter[8] = "";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    return qhm_print_text("%s--%s%s%s", letter, option->name, option->value ? " " : "",
                          option->value ? option->value : "");
}

static void print_option(const qhm_cli_option *option, FILE *out)
{
    char *form = qhm_help_option_form(option);
    print_row(out, form, option->help);
    free(form);
}

int qhm_help_print_command(const qhm_command *command, FILE *out)
{
    fprintf(out, "usage: qhm ");
    qhm_help_print_usage(command, out);
    char *sentence = qhm_print_text("%c%s.", command->help[0] - 'a' + 'A', command->help + 1);
    fputs("\n\n", out);
    qhm_print_wrapped(out, sentence, 0, help_width());
    free(sentence);
    if (command->details[0]) {
        fputc('\n', out);
        qhm_print_wrapped(out, command->details, 0, help_width());
    }
    fputs("\noptions:\n", out);
    for (const qhm_cli_option *const *row = command->options; row && *row; row++)
        print_option(*row, out);
    print_option(&qhm_option_help, out);
    fputs("\nexample:\n", out);
    qhm_print_wrapped(out, command->example, 2, SIZE_MAX);
    return QHM_EXIT_OK;
}

int qhm_help_print_overview(FILE *out)
{
    fputs("usage: qhm COMMAND [operands] [options]\n\n", out);
    qhm_print_wrapped(out,
                      "Trains a model with a quantum part and its classical rivals on the same "
                      "data, and says whether the quantum part helps.",
                      0, help_width());
    fputs("\ncommands (qhm help COMMAND explains one):\n", out);
    for (const qhm_command *const *row = qhm_commands; *row; row++)
        print_row(out, (*row)->name, (*row)->help);
    fputs("\ntopics (qhm help TOPIC):\n", out);
    for (const qhm_help_topic *topic = qhm_help_topics; topic->name; topic++)
        print_row(out, topic->name, topic->help);
    fputs("\nexit status:\n", out);
    for (const qhm_exit_info *row = qhm_exit_codes; row->help; row++) {
        char code[16];
        snprintf(code, sizeof code, "%d", row->code);
        print_row(out, code, row->help);
    }
    return QHM_EXIT_OK;
}
