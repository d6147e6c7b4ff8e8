// The library's text and JSON, made safe for terminals.
#include "cli/cost_output.h"

#include "cli/command.h"
#include "cli/console.h"

#include <qhm/types.h>
#include <string.h>

const char qhm_no_cost[] = "an ideal machine takes no time and no power: its cost is the shots\n";

int qhm_cost_print_safe(const qhm_cost *cost, FILE *out)
{
    char *text;
    const qhm_status status = qhm_cost_print(cost, &text);
    if (status != QHM_OK)
        return qhm_fail_status(status);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        qhm_print_safe(out, line); // sources are a file's words
        fputs("\n", out);
    }
    qhm_string_destroy(text);
    return QHM_EXIT_OK;
}

json_t *qhm_cost_json(const qhm_cost *cost)
{
    char *text;
    if (qhm_cost_print_json(cost, &text) != QHM_OK)
        return NULL;
    json_t *object = json_loads(text, 0, NULL);
    qhm_string_destroy(text);
    return object;
}
