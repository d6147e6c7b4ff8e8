// JSON on stdout.
#ifndef QHM_CLI_JSON_OUTPUT_H
#define QHM_CLI_JSON_OUTPUT_H

#include "cli/command.h"

#include <jansson.h>
#include <qhm/ledger.h>

// Prints an object after its schema_version, and takes the reference; NULL is out of memory.
// Returns an exit code.
int qhm_json_print(json_t *object, FILE *out);

// A finite number; null for others.
json_t *qhm_json_number(double value);

// A text; null for NULL. What is not UTF-8 becomes '?'.
json_t *qhm_json_text(const char *text);

// A ledger as an object; NULL is out of memory.
json_t *qhm_json_ledger(const qhm_ledger *ledger);

#endif
