// What a task's models cost to answer the test rows of its first resample: seconds and joules on
// this machine, and what their circuits would run on the chips of the noise ladder.
#ifndef QHM_EXPERIMENT_COSTS_H
#define QHM_EXPERIMENT_COSTS_H

#include "experiment/costs_meter.h"
#include "experiment/results_internal.h"

#include <qhm/cost.h>

// A chip of the ladder under a model: what runs there with one shot a circuit.
typedef struct qhm_chip_probe {
    size_t rung;      // of the ladder
    const char *note; // why the model does not run there; NULL: it does
    qhm_ledger ledger;
    double duration_ns; // of one circuit
    size_t shift_count; // circuits of a gradient by parameter shift for each circuit
} qhm_chip_probe;

typedef struct qhm_model_costs {
    qhm_metered whole; // all rows
    qhm_metered part;  // of these: the quantum layers, or what stands in their place
    bool has_part;
    qhm_chip_probe *probes; // [probe_count]
    size_t probe_count;
} qhm_model_costs;

typedef struct qhm_task_costs {
    size_t rows;
    double watts;            // of this machine, as the run file says; 0: it does not
    qhm_model_costs *models; // [contenders]
} qhm_task_costs;

// Measures all contenders with the numbers that they begin with: times do not depend on them.
QHM_MUST_CHECK qhm_status qhm_costs_measure(qhm_results *results, const qhm_run_task *task,
                                            const qhm_result_cell *cells, qhm_task_costs *costs);

// What all rows cost on a probed chip with so many shots a circuit, as one job:
// T = T_C - T_part + T_Q + T_interface. Without the host's joules where nothing is known of them.
QHM_MUST_CHECK qhm_status qhm_costs_on_chip(const qhm_model_costs *costs,
                                            const qhm_chip_probe *probe, const qhm_device *chip,
                                            uint64_t shots, qhm_cost *cost);

// The report's break-even plot, by the width of the slot. Nothing where the slot is not one
// quantum layer with a number a qubit.
QHM_MUST_CHECK qhm_status qhm_costs_draw_sides(qhm_results *results, const qhm_run_task *task,
                                               qhm_report_task *out);

// The report's table of rows.
QHM_MUST_CHECK qhm_status qhm_costs_describe(qhm_results *results, const qhm_run_task *task,
                                             const qhm_task_costs *costs, qhm_report_task *out);

#endif
