// qhm help: commands, topics, the man page and pages of docs/.
#include "cli/console.h"
#include "cli/help_text.h"

#include <stdlib.h>
#include <string.h>

static const qhm_cli_option option_man = {
    .name = "man",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, man),
    .help = "print the man page's source, as it stands in docs/qhm.1",
};

static const qhm_cli_option option_markdown = {
    .name = "markdown",
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, markdown),
    .help = "print a page of Markdown: docs/commands.md, or of the topic gates docs/gates.md",
};

static const qhm_cli_option *const options[] = {&option_man, &option_markdown, NULL};

static const qhm_help_topic *find_topic(const char *name)
{
    for (const qhm_help_topic *topic = qhm_help_topics; topic->name; topic++)
        if (strcmp(topic->name, name) == 0)
            return topic;
    return NULL;
}

static int fail_unknown(const char *name)
{
    enum { MOST = 64 };
    const char *names[MOST];
    size_t count = 0;
    for (const qhm_help_topic *topic = qhm_help_topics; topic->name && count < MOST; topic++)
        names[count++] = topic->name;
    for (const qhm_command *const *row = qhm_commands; *row && count < MOST; row++)
        names[count++] = (*row)->name;
    const char *nearest = qhm_suggestion(name, names, count);
    if (nearest)
        return qhm_fail(QHM_EXIT_USAGE, "no help on \"%s\"; did you mean qhm help %s?", name,
                        nearest);
    return qhm_fail(QHM_EXIT_USAGE, "no help on \"%s\"; qhm help lists what there is", name);
}

// "runs" explains all commands that begin with it, "runs list" or "runs" "list" the one.
static int print_commands(const qhm_arguments *arguments, const char *name, FILE *out)
{
    const char *second = arguments->operand_count > 1 ? arguments->operands[1] : NULL;
    size_t printed = 0;
    for (const qhm_command *const *row = qhm_commands; *row; row++) {
        if (!qhm_command_is(*row, name))
            continue;
        const char *space = strchr((*row)->name, ' ');
        if (second && (!space || strcmp(space + 1, second) != 0))
            continue;
        if (printed++ > 0)
            fputs("\n\n", out);
        qhm_help_print_command(*row, out);
    }
    if (printed > 0)
        return QHM_EXIT_OK;
    if (!second)
        return fail_unknown(name);
    char *both = qhm_print_text("%s %s", name, second);
    int code = fail_unknown(both);
    free(both);
    return code;
}

static int run_help(const qhm_arguments *arguments, FILE *out)
{
    if (arguments->man)
        return qhm_man_page_print(out);
    if (arguments->operand_count == 0)
        return arguments->markdown ? qhm_markdown_page_print(out) : qhm_help_print_overview(out);
    const qhm_help_topic *topic = find_topic(arguments->operands[0]);
    if (arguments->markdown && topic && topic->print_markdown)
        return topic->print_markdown(out);
    if (arguments->markdown)
        return qhm_fail(QHM_EXIT_USAGE,
                        "no Markdown page of %s; there is one of gates and one of "
                        "the commands",
                        arguments->operands[0]);
    if (topic && arguments->operand_count == 1)
        return topic->print(out);
    if (arguments->operand_count == 2 && strcmp(arguments->operands[0], "algo") == 0)
        return qhm_help_print_algorithm(arguments->operands[1], out);
    return print_commands(arguments, arguments->operands[0], out);
}

const qhm_command qhm_command_help = {
    .name = "help",
    .operands = "[COMMAND | TOPIC]",
    .most = 2,
    .options = options,
    .help = "explain a command or a topic, or list them all",
    .details = "",
    .example = "qhm help run-file",
    .run = run_help,
};
