// What qhm compile prints.
#ifndef QHM_CLI_COMPILE_OUTPUT_H
#define QHM_CLI_COMPILE_OUTPUT_H

#include "cli/command.h"

#include <qhm/compile.h>

typedef struct qhm_compile_report {
    const char *file;
    const qhm_circuit *circuit; // what went in
    const qhm_device *device;
    const qhm_compiled *compiled;
    int level;
    uint64_t seed;
    const char *drawing; // NULL: not asked for
} qhm_compile_report;

void qhm_compile_print_text(const qhm_compile_report *report, FILE *out);

// Returns an exit code.
int qhm_compile_print_json(const qhm_compile_report *report, FILE *out);

#endif
