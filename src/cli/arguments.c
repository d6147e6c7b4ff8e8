// Options may stand anywhere; "--" ends them; "--name value" and "--name=value" are the same.
#include "cli/arguments.h"

#include "cli/console.h"
#include "cli/help_text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const qhm_cli_option *find_option(const qhm_command *command, const char *name,
                                         size_t length)
{
    if (length == strlen(qhm_option_help.name) && strncmp(name, qhm_option_help.name, length) == 0)
        return &qhm_option_help;
    for (const qhm_cli_option *const *row = command->options; row && *row; row++)
        if (strlen((*row)->name) == length && strncmp((*row)->name, name, length) == 0)
            return *row;
    return NULL;
}

static const qhm_cli_option *find_letter(const qhm_command *command, char letter)
{
    if (letter == qhm_option_help.letter)
        return &qhm_option_help;
    for (const qhm_cli_option *const *row = command->options; row && *row; row++)
        if ((*row)->letter == letter)
            return *row;
    return NULL;
}

static int fail_unknown(const qhm_command *command, const char *name, size_t length)
{
    enum { MOST = 32 };
    const char *names[MOST] = {qhm_option_help.name};
    size_t count = 1;
    for (const qhm_cli_option *const *row = command->options; row && *row && count < MOST; row++)
        names[count++] = (*row)->name;
    char *wrong = qhm_print_text("%.*s", (int)length, name);
    const char *nearest = qhm_suggestion(wrong, names, count);
    if (nearest)
        qhm_fail(QHM_EXIT_USAGE, "%s has no option --%s; did you mean --%s?", command->name, wrong,
                 nearest);
    else
        qhm_fail(QHM_EXIT_USAGE, "%s has no option --%s; qhm help %s lists them", command->name,
                 wrong, command->name);
    free(wrong);
    return QHM_EXIT_USAGE;
}

// In the C locale's numbers, which the command keeps.
static bool parse_number(const char *text, double *out)
{
    char *end = NULL;
    const double value = strtod(text, &end);
    if (end == text || *end || isspace((unsigned char)text[0]) || !isfinite(value))
        return false;
    *out = value;
    return true;
}

static int store_number(const qhm_cli_option *option, const char *text, double *out)
{
    double value = 0;
    const bool is_number = parse_number(text, &value), has_limits = option->most > 0;
    if (has_limits && (!is_number || value < option->least || value > option->most))
        return qhm_fail(QHM_EXIT_USAGE, "--%s is \"%s\", not a number from %g to %g", option->name,
                        text, option->least, option->most);
    if (!is_number || value < 0 || (value == 0 && option->is_positive))
        return qhm_fail(QHM_EXIT_USAGE, "--%s is \"%s\", not a finite number %s", option->name,
                        text, option->is_positive ? "above 0" : "of 0 or more");
    *out = value;
    return QHM_EXIT_OK;
}

// Digits only: no sign, no spaces, no overflow.
static bool parse_whole(const char *text, uint64_t *out)
{
    if (!isdigit((unsigned char)text[0]))
        return false;
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end)
        return false;
    *out = value;
    return true;
}

static void append(qhm_cli_list *list, const char *value)
{
    list->items = qhm_cli_grow(list->items, list->count + 1, sizeof *list->items);
    list->items[list->count++] = value;
}

bool qhm_arguments_has(const qhm_arguments *arguments, const qhm_cli_option *option)
{
    for (size_t i = 0; i < arguments->given_count; i++)
        if (arguments->given[i] == option)
            return true;
    return false;
}

static int store(const qhm_cli_option *option, const char *value, qhm_arguments *arguments)
{
    arguments->given =
        qhm_cli_grow(arguments->given, arguments->given_count + 1, sizeof *arguments->given);
    arguments->given[arguments->given_count++] = option;
    void *field = (char *)arguments + option->offset;
    uint64_t number = 0, most = option->type == QHM_CLI_SEED ? UINT64_MAX : option->maximum;
    switch (option->type) {
    case QHM_CLI_FLAG:
        *(bool *)field = true;
        return QHM_EXIT_OK;
    case QHM_CLI_TEXT:
        if (!value[0])
            return qhm_fail(QHM_EXIT_USAGE, "--%s is empty, not %s", option->name, option->value);
        *(const char **)field = value;
        return QHM_EXIT_OK;
    case QHM_CLI_LIST:
        append(field, value);
        return QHM_EXIT_OK;
    case QHM_CLI_NUMBER:
        return store_number(option, value, field);
    case QHM_CLI_SEED:
    case QHM_CLI_WHOLE:
        if (!parse_whole(value, &number) || number < option->minimum || number > most)
            return qhm_fail(QHM_EXIT_USAGE,
                            "--%s is \"%s\", not a whole number from %" PRIu64 " to %" PRIu64,
                            option->name, value, option->minimum, most);
        *(uint64_t *)field = number;
        if (option->type == QHM_CLI_SEED)
            arguments->has_seed = true;
        return QHM_EXIT_OK;
    }
    return QHM_EXIT_FAILED;
}

// Reads the option at argv[*position] and moves past it.
static int parse_long(char **argv, int *position, qhm_arguments *arguments)
{
    const char *name = argv[*position] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const qhm_cli_option *option = find_option(arguments->command, name, length);
    if (!option)
        return fail_unknown(arguments->command, name, length);
    *position += 1;
    if (!option->value && equals)
        return qhm_fail(QHM_EXIT_USAGE, "--%s takes no value, not \"%s\"", option->name,
                        equals + 1);
    if (!option->value || equals)
        return store(option, equals ? equals + 1 : NULL, arguments);
    const char *next = argv[*position];
    if (!next || strncmp(next, "--", 2) == 0)
        return qhm_fail(QHM_EXIT_USAGE, "--%s needs a value: --%s %s", option->name, option->name,
                        option->value);
    *position += 1;
    return store(option, next, arguments);
}

static int parse_letters(char **argv, int *position, qhm_arguments *arguments)
{
    const char *letters = argv[*position] + 1;
    *position += 1;
    for (; *letters; letters++) {
        const qhm_cli_option *option = find_letter(arguments->command, *letters);
        if (!option)
            return qhm_fail(QHM_EXIT_USAGE, "%s has no option -%c; qhm help %s lists them",
                            arguments->command->name, *letters, arguments->command->name);
        if (!option->value) {
            store(option, NULL, arguments);
            continue;
        }
        const char *value = letters[1] ? letters + 1 : argv[*position];
        if (!value)
            return qhm_fail(QHM_EXIT_USAGE, "-%c needs a value: -%c %s", *letters, *letters,
                            option->value);
        *position += !letters[1];
        return store(option, value, arguments);
    }
    return QHM_EXIT_OK;
}

static int check_operands(const qhm_arguments *arguments)
{
    const qhm_command *command = arguments->command;
    size_t count = arguments->operand_count;
    if (arguments->help || (count >= command->least && count <= command->most))
        return QHM_EXIT_OK;
    if (count > command->most)
        return qhm_fail(QHM_EXIT_USAGE, "\"%s\" is too much for %s%s%s",
                        arguments->operands[command->most], command->name,
                        command->operands[0] ? " " : "", command->operands);
    return qhm_fail(QHM_EXIT_USAGE, "%s needs %s; qhm help %s explains", command->name,
                    command->operands, command->name);
}

static int parse_rest(int argc, char **argv, int position, qhm_arguments *arguments)
{
    bool is_ended = false;
    while (position < argc) {
        const char *word = argv[position];
        int code = QHM_EXIT_OK;
        if (is_ended || word[0] != '-' || !word[1]) {
            arguments->operands[arguments->operand_count++] = word;
            position++;
        } else if (strcmp(word, "--") == 0) {
            is_ended = true;
            position++;
        } else if (word[1] == '-') {
            code = parse_long(argv, &position, arguments);
        } else {
            code = parse_letters(argv, &position, arguments);
        }
        if (code != QHM_EXIT_OK)
            return code;
    }
    return check_operands(arguments);
}

int qhm_arguments_parse(int argc, char **argv, qhm_arguments *arguments)
{
    *arguments = (qhm_arguments){.words = (const char *const *)argv, .word_count = (size_t)argc};
    arguments->operands = qhm_cli_allocate((size_t)argc + 1, sizeof *arguments->operands);
    const char *first = argc > 1 ? argv[1] : NULL;
    if (!first)
        return qhm_fail(QHM_EXIT_USAGE, "a command is needed; qhm help lists them");
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        first = "help";
    else if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0)
        first = "version";
    else if (first[0] == '-')
        return qhm_fail(QHM_EXIT_USAGE, "\"%s\" stands before the command; qhm help lists them",
                        first);
    arguments->command = qhm_command_find(first, argc > 2 ? argv[2] : NULL);
    if (!arguments->command)
        return QHM_EXIT_USAGE;
    return parse_rest(argc, argv, strchr(arguments->command->name, ' ') ? 3 : 2, arguments);
}

void qhm_arguments_release(qhm_arguments *arguments)
{
    free(arguments->operands);
    free(arguments->given);
    free(arguments->settings.items);
    free(arguments->parameters.items);
    free(arguments->observables.items);
}
