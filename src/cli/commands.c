// The table of commands, in the order in which help lists them.
#include "cli/command.h"

#include "cli/console.h"

#include <string.h>

const qhm_command *const qhm_commands[] = {
    &qhm_command_run,          &qhm_command_resume,        &qhm_command_replay,
    &qhm_command_report,       &qhm_command_search,        &qhm_command_runs_list,
    &qhm_command_runs_show,    &qhm_command_runs_compare,  &qhm_command_sim,
    &qhm_command_draw,         &qhm_command_check,         &qhm_command_convert,
    &qhm_command_compile,      &qhm_command_import,        &qhm_command_devices,
    &qhm_command_devices_show, &qhm_command_devices_check, &qhm_command_doctor,
    &qhm_command_estimate,     &qhm_command_break_even,    &qhm_command_algo,
    &qhm_command_claim,        &qhm_command_table1,        &qhm_command_bench,
    &qhm_command_help,         &qhm_command_version,       NULL,
};

enum { MOST_NAMES = 32 };

static size_t first_word(const char *name)
{
    return strcspn(name, " ");
}

bool qhm_command_is(const qhm_command *command, const char *name)
{
    size_t length = first_word(command->name);
    return strcmp(command->name, name) == 0 ||
           (strlen(name) == length && strncmp(command->name, name, length) == 0);
}

// The second words of a two-word command, such as list, show and compare.
static size_t second_words(const char *first, const char **names)
{
    size_t count = 0;
    for (const qhm_command *const *row = qhm_commands; *row && count < MOST_NAMES; row++)
        if (qhm_command_is(*row, first) && (*row)->name[strlen(first)] == ' ')
            names[count++] = (*row)->name + strlen(first) + 1;
    return count;
}

static void fail_second(const char *first, const char *second)
{
    const char *names[MOST_NAMES];
    size_t count = second_words(first, names);
    const char *nearest = second ? qhm_suggestion(second, names, count) : NULL;
    if (nearest) {
        qhm_fail(QHM_EXIT_USAGE, "no command \"%s %s\"; did you mean qhm %s %s?", first, second,
                 first, nearest);
        return;
    }
    char list[256] = "";
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    if (second && second[0] != '-')
        qhm_fail(QHM_EXIT_USAGE, "no command \"%s %s\"; qhm %s has %s", first, second, first, list);
    else
        qhm_fail(QHM_EXIT_USAGE, "%s needs one of %s", first, list);
}

static void fail_first(const char *first)
{
    const char *names[MOST_NAMES];
    char words[MOST_NAMES][32];
    size_t count = 0;
    for (const qhm_command *const *row = qhm_commands; *row && count < MOST_NAMES; row++) {
        snprintf(words[count], sizeof words[count], "%.*s", (int)first_word((*row)->name),
                 (*row)->name);
        names[count] = words[count];
        count++;
    }
    const char *nearest = qhm_suggestion(first, names, count);
    if (nearest)
        qhm_fail(QHM_EXIT_USAGE, "no command \"%s\"; did you mean qhm %s?", first, nearest);
    else
        qhm_fail(QHM_EXIT_USAGE, "no command \"%s\"; qhm help lists them", first);
}

const qhm_command *qhm_command_find(const char *first, const char *second)
{
    const qhm_command *alone = NULL;
    bool is_first_word = false;
    size_t length = strlen(first);
    for (const qhm_command *const *row = qhm_commands; *row; row++) {
        if (!qhm_command_is(*row, first))
            continue;
        if ((*row)->name[length] && second && strcmp((*row)->name + length + 1, second) == 0)
            return *row;
        is_first_word = is_first_word || (*row)->name[length];
        alone = (*row)->name[length] ? alone : *row;
    }
    // "devices show" may be meant by "devices shwo", which "devices" cannot take.
    bool is_slip = is_first_word && second && second[0] != '-';
    if (alone && (!is_slip || alone->most > 0))
        return alone;
    if (is_first_word)
        fail_second(first, second);
    else
        fail_first(first);
    return NULL;
}
