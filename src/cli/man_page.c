// The man page, from the same tables as help. It carries no date: the same build, the same bytes.
#include "cli/console.h"
#include "cli/help_text.h"

#include <qhm/version.h>
#include <stdlib.h>

// Text with what roff would read as commands escaped; '-' stays a minus to be copied.
static void print_escaped(FILE *out, const char *text)
{
    bool is_line_start = true;
    for (; *text; text++) {
        if (is_line_start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
        is_line_start = *text == '\n';
    }
}

static void print_paragraphs(FILE *out, const char *text)
{
    for (; *text; text++) {
        const char *end = text;
        while (*end && *end != '\n')
            end++;
        char *line = qhm_print_text("%.*s", (int)(end - text), text);
        if (line[0]) {
            fputs(".PP\n", out);
            print_escaped(out, line);
            fputc('\n', out);
        }
        free(line);
        text = end;
        if (!*text)
            break;
    }
}

static void print_item(FILE *out, const char *name, const char *help)
{
    fputs(".TP\n.B ", out);
    print_escaped(out, name);
    fputc('\n', out);
    print_escaped(out, help);
    fputc('\n', out);
}

static void print_command(FILE *out, const qhm_command *command)
{
    fprintf(out, ".SS qhm %s\n", command->name);
    fputs(".B qhm ", out);
    print_escaped(out, command->name);
    fputc('\n', out);
    if (command->operands[0]) {
        print_escaped(out, command->operands);
        fputc('\n', out);
    }
    if (command->options && command->options[0])
        fputs("[options]\n", out);
    char *sentence = qhm_print_text("%c%s.", command->help[0] - 'a' + 'A', command->help + 1);
    print_paragraphs(out, sentence);
    free(sentence);
    print_paragraphs(out, command->details);
    for (const qhm_cli_option *const *row = command->options; row && *row; row++) {
        char *form = qhm_help_option_form(*row);
        print_item(out, form, (*row)->help);
        free(form);
    }
    fputs(".PP\nExample:\n.PP\n.nf\n.RS\n", out);
    print_escaped(out, command->example);
    fputs("\n.RE\n.fi\n", out);
}

int qhm_man_page_print(FILE *out)
{
    fprintf(out, ".\\\" Made by: qhm help --man\n.TH QHM 1 \"\" \"qhm %s\" \"User Commands\"\n",
            qhm_version());
    fputs(".SH NAME\nqhm \\- measure whether the quantum part of a hybrid multimodal model helps\n"
          ".SH SYNOPSIS\n.B qhm\n.I COMMAND\n[operands] [options]\n"
          ".SH DESCRIPTION\nTrains a model with a quantum part and its classical rivals on the "
          "same data,\nand says whether the quantum part helps.\nOptions may stand anywhere after "
          "the command; \\-\\- ends them.\nResults go to standard output, progress and errors to "
          "standard error.\n.SH COMMANDS\n",
          out);
    for (const qhm_command *const *row = qhm_commands; *row; row++)
        print_command(out, *row);
    fputs(".SH TOPICS\nMore to read with\n.BR \"qhm help\" :\n", out);
    for (const qhm_help_topic *topic = qhm_help_topics; topic->name; topic++)
        print_item(out, topic->name, topic->help);
    fputs(".SH EXIT STATUS\n", out);
    for (const qhm_exit_info *row = qhm_exit_codes; row->help; row++) {
        char code[16];
        snprintf(code, sizeof code, "%d", row->code);
        print_item(out, code, row->help);
    }
    fputs(".SH ENVIRONMENT\n", out);
    for (const qhm_environment_info *row = qhm_environment; row->name; row++)
        print_item(out, row->name, row->help);
    return QHM_EXIT_OK;
}
