// What executions cost, as text and as JSON.
#ifndef QHM_CLI_COST_OUTPUT_H
#define QHM_CLI_COST_OUTPUT_H

#include <jansson.h>
#include <qhm/cost.h>
#include <stdio.h>

// What is said instead of costs of the ideal machine: a line.
extern const char qhm_no_cost[];

// Prints a cost and the figures behind it. Returns an exit code.
int qhm_cost_print_safe(const qhm_cost *cost, FILE *out);

// The same as an object; NULL is out of memory.
json_t *qhm_cost_json(const qhm_cost *cost);

#endif
