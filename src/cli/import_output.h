// Imported runs for people and as JSON.
#ifndef QHM_CLI_IMPORT_OUTPUT_H
#define QHM_CLI_IMPORT_OUTPUT_H

#include <qhm/imported_run.h>
#include <stdio.h>

// Prints the outcomes and the comparison as --json or text, and returns an exit code.
int qhm_import_output(const qhm_imported_run *run, bool json, FILE *out);

// Prints how far apart the outcomes in two folders are; returns an exit code.
int qhm_import_compare(char *const folders[2], bool json, FILE *out);

// The indices of a distribution's outcomes, the heaviest first; of equals the smaller number.
// free() it.
size_t *qhm_import_order(const qhm_distribution *distribution);

#endif
