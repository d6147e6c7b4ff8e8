// The results of a run for people and as JSON.
#ifndef QHM_CLI_REPORT_OUTPUT_H
#define QHM_CLI_REPORT_OUTPUT_H

#include <jansson.h>
#include <qhm/report.h>
#include <stdio.h>

// A verdict in words, such as "not enough evidence"; "no verdict" for "".
const char *qhm_verdict_words(const char *verdict);

// The verdict, then per task the table of models with intervals.
void qhm_report_print(const qhm_report *report, const char *folder, FILE *out);

// {"verdict", "run", "margin", "tasks"}; NULL when out of memory. The verdict is "none" when the
// run gives none.
json_t *qhm_report_to_json(const qhm_report *report, const char *folder);

// {"mean", "lower", "upper"}, null where nothing is known.
json_t *qhm_interval_to_json(qhm_interval interval);

// "0.912 [0.890, 0.934]"; "" where nothing is known. free() it.
char *qhm_interval_text(qhm_interval interval);

// Prints the report as --json or text, and returns an exit code.
int qhm_report_output(const qhm_report *report, const char *folder, bool json, FILE *out);

// Loads results.json of a run's folder; returns an exit code, after an error message.
int qhm_report_open(const char *folder, qhm_report **report);

#endif
