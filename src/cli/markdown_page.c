// The commands as a page of Markdown, from the same tables as help.
#include "cli/console.h"
#include "cli/help_text.h"

#include <stdlib.h>
#include <string.h>

// Text with what Markdown would read as markup escaped.
static void print_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_<>[]|#", *text))
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void print_row(FILE *out, const char *name, const char *help)
{
    fprintf(out, "| `%s` | ", name);
    print_escaped(out, help);
    fputs(" |\n", out);
}

static void print_command(FILE *out, const qhm_command *command)
{
    fprintf(out, "\n## qhm %s\n\n    qhm ", command->name);
    qhm_help_print_usage(command, out);
    char *sentence = qhm_print_text("%c%s.", command->help[0] - 'a' + 'A', command->help + 1);
    fputs("\n\n", out);
    print_escaped(out, sentence);
    fputc('\n', out);
    free(sentence);
    if (command->details[0]) {
        fputc('\n', out);
        print_escaped(out, command->details);
        fputc('\n', out);
    }
    if (command->options && command->options[0])
        fputs("\n| option | meaning |\n|---|---|\n", out);
    for (const qhm_cli_option *const *row = command->options; row && *row; row++) {
        char *form = qhm_help_option_form(*row);
        print_row(out, form, (*row)->help);
        free(form);
    }
    fputs("\nExample:\n\n", out);
    qhm_print_wrapped(out, command->example, 4, SIZE_MAX);
}

int qhm_markdown_page_print(FILE *out)
{
    fputs(
        "# Commands\n\nMade by `qhm help --markdown`. Every command has `--help` too; options may "
        "stand anywhere after the command. Results go to standard output, progress and errors to "
        "standard error.\n\n| command | what it does |\n|---|---|\n",
        out);
    for (const qhm_command *const *row = qhm_commands; *row; row++) {
        char *name = qhm_print_text("qhm %s", (*row)->name);
        print_row(out, name, (*row)->help);
        free(name);
    }
    for (const qhm_command *const *row = qhm_commands; *row; row++)
        print_command(out, *row);
    fputs("\n## Exit status\n\n| code | meaning |\n|---|---|\n", out);
    for (const qhm_exit_info *row = qhm_exit_codes; row->help; row++) {
        char code[16];
        snprintf(code, sizeof code, "%d", row->code);
        print_row(out, code, row->help);
    }
    fputs("\n## Environment\n\n| variable | meaning |\n|---|---|\n", out);
    for (const qhm_environment_info *row = qhm_environment; row->name; row++)
        print_row(out, row->name, row->help);
    return QHM_EXIT_OK;
}
