// Which chips the layers of a run got, and what is left when parts of chips are dead.
#ifndef QHM_CLI_REPORT_PLACES_OUTPUT_H
#define QHM_CLI_REPORT_PLACES_OUTPUT_H

#include <jansson.h>
#include <qhm/report.h>
#include <stdio.h>

// A sentence for each placed layer, and a table of yields; nothing if the task has none.
void qhm_report_places_print(const qhm_report_task *task, FILE *out);

// Adds "placements" and "yields" to a task's object.
void qhm_report_places_to_json(const qhm_report_task *task, json_t *object);

#endif
