// Folders win over ids; a beginning of an id is enough when only one run has it.
#include "cli/run_lookup.h"

#include "cli/console.h"

#include <jansson.h>
#include <qhm/run_store.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const qhm_cli_option qhm_option_runs = {
    .name = "runs",
    .value = "DIR",
    .type = QHM_CLI_TEXT,
    .offset = offsetof(qhm_arguments, runs),
    .help = "the folder whose subfolders are the runs; default runs",
};

const char *qhm_runs_root(const qhm_arguments *arguments)
{
    return arguments->runs ? arguments->runs : "runs";
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

// Began later; of the same second, the one with the later id.
static bool is_later(const qhm_run_info *run, const qhm_run_info *other)
{
    int order = strcmp(run->started, other->started);
    return order > 0 || (order == 0 && strcmp(run->id, other->id) > 0);
}

static int fail_ambiguous(const char *word, const qhm_run_info *first, const qhm_run_info *second)
{
    return qhm_fail(QHM_EXIT_BAD_INPUT, "\"%s\" begins more than one run, such as %s and %s", word,
                    first->id, second->id);
}

static int fail_unknown(const char *word, const char *root, const qhm_run_list *list)
{
    size_t count = qhm_run_list_count(list);
    if (count == 0)
        return qhm_fail(QHM_EXIT_BAD_INPUT, "no run \"%s\": %s holds no runs", word, root);
    const char **names = qhm_cli_allocate(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = qhm_run_list_at(list, i)->id;
    const char *nearest = qhm_suggestion(word, names, count);
    free(names);
    if (nearest)
        return qhm_fail(QHM_EXIT_BAD_INPUT, "no run \"%s\" in %s; did you mean %s?", word, root,
                        nearest);
    return qhm_fail(QHM_EXIT_BAD_INPUT, "no run \"%s\" in %s; qhm runs list shows them", word,
                    root);
}

// Finds the run in a list; *found stays NULL after an error message.
static int search(const qhm_run_list *list, const char *word, const char *root,
                  const qhm_run_info **found)
{
    const qhm_run_info *match = NULL, *latest = NULL;
    bool is_ambiguous = false;
    const qhm_run_info *other = NULL;
    for (size_t i = 0; i < qhm_run_list_count(list); i++) {
        const qhm_run_info *run = qhm_run_list_at(list, i);
        if (!latest || is_later(run, latest))
            latest = run;
        if (strcmp(run->id, word) == 0) {
            *found = run;
            return QHM_EXIT_OK;
        }
        if (strncmp(run->id, word, strlen(word)) == 0) {
            is_ambiguous = match != NULL;
            other = match;
            match = run;
        }
    }
    if (strcmp(word, "latest") == 0 && latest) {
        *found = latest;
        return QHM_EXIT_OK;
    }
    if (is_ambiguous)
        return fail_ambiguous(word, other, match);
    if (!match)
        return fail_unknown(word, root, list);
    *found = match;
    return QHM_EXIT_OK;
}

int qhm_run_lookup(const qhm_arguments *arguments, const char *word, char **folder)
{
    if (is_folder(word)) {
        *folder = qhm_print_text("%s", word);
        return QHM_EXIT_OK;
    }
    if (strchr(word, '/'))
        return qhm_fail(QHM_EXIT_BAD_INPUT, "there is no folder %s", word);
    qhm_run_list *list = NULL;
    qhm_status status = qhm_run_list_load(qhm_runs_root(arguments), &list);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    const qhm_run_info *found = NULL;
    int code = search(list, word, qhm_runs_root(arguments), &found);
    if (code == QHM_EXIT_OK)
        *folder = qhm_print_text("%s", found->folder);
    qhm_run_list_destroy(list);
    return code;
}

char *qhm_run_verdict_text(const char *json)
{
    json_t *root = json_loads(json, 0, NULL);
    const char *verdict = json_string_value(json_object_get(root, "verdict"));
    // A damaged run has the reason in its verdict's place.
    char *text = qhm_print_text("%s", verdict ? verdict : root ? "" : json);
    json_decref(root);
    return text;
}
