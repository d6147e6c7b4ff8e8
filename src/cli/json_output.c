// One object a command, on several lines, names in the order in which they were set.
#include "cli/json_output.h"

#include "cli/console.h"

#include <math.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>

int qhm_json_print(json_t *object, FILE *out)
{
    json_t *whole = json_pack("{s:i}", "schema_version", QHM_CLI_SCHEMA_VERSION);
    bool is_printed = object && whole && json_object_update(whole, object) == 0 &&
                      json_dumpf(whole, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0;
    json_decref(whole);
    json_decref(object);
    if (!is_printed)
        return qhm_fail(QHM_EXIT_RESOURCE_LIMIT, "out of memory");
    fputc('\n', out);
    return QHM_EXIT_OK;
}

json_t *qhm_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *qhm_json_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *string = json_string(text);
    if (string)
        return string;
    char *ascii = strdup(text);
    if (!ascii)
        return NULL;
    for (char *byte = ascii; *byte; byte++)
        if ((unsigned char)*byte >= 0x80)
            *byte = '?';
    string = json_string(ascii);
    free(ascii);
    return string;
}

json_t *qhm_json_ledger(const qhm_ledger *ledger)
{
    char *text;
    if (qhm_ledger_print_json(ledger, &text) != QHM_OK)
        return NULL;
    json_t *object = json_loads(text, 0, NULL);
    qhm_string_destroy(text);
    return object;
}
