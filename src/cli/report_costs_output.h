// What a run's rows cost, for people and as JSON.
#ifndef QHM_CLI_REPORT_COSTS_OUTPUT_H
#define QHM_CLI_REPORT_COSTS_OUTPUT_H

#include <jansson.h>
#include <qhm/report.h>
#include <stdio.h>

// The table of T = T_C - T_part + T_Q + T_interface; nothing if the task has none.
void qhm_report_costs_print(const qhm_report_task *task, FILE *out);

// The contest within a budget, from the first place down; nothing if none was held.
void qhm_report_contest_print(const qhm_report_task *task, FILE *out);

// Where chips would win, in a sentence each; nothing if it was not looked for.
void qhm_report_sides_print(const qhm_report_task *task, FILE *out);

// Adds "row_costs", "host_energy", "budget", "contest" and "break_even" to a task's object.
void qhm_report_costs_to_json(const qhm_report_task *task, json_t *object);

#endif
