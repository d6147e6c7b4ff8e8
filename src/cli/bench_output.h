// What qhm bench prints.
#ifndef QHM_CLI_BENCH_OUTPUT_H
#define QHM_CLI_BENCH_OUTPUT_H

#include <jansson.h>
#include <qhm/bench.h>
#include <stdio.h>

void qhm_bench_print(const qhm_bench_report *report, FILE *out);

// NULL is out of memory.
json_t *qhm_bench_to_json(const qhm_bench_report *report);

#endif
