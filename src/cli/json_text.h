// JSON for people: names and values on lines, lists of objects as tables.
#ifndef QHM_CLI_JSON_TEXT_H
#define QHM_CLI_JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

// Prints the members of an object, `indent` blanks deep, each on its line: "standard error 0.0099".
// What is 0 or empty is left out if hides_zeros.
void qhm_json_text_print(const json_t *object, int indent, bool hides_zeros, FILE *out);

#endif
