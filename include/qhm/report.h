/** @file report.h
 *  The results of a run as one plain tree, kept as JSON and shown as one self-contained page.
 *
 *  The runner fills a qhm_report and saves it as `results.json`; `report.html` is written from it
 *  then, or at any later time. In every struct texts may be NULL (shown as nothing), numbers that
 *  are not known are NaN, and a list is a pointer with its count. */
#ifndef QHM_REPORT_H
#define QHM_REPORT_H

#include <qhm/status.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A name and what it says, such as "compiler" and "gcc 12.2". */
typedef struct qhm_report_fact {
    const char *name, *value;
} qhm_report_fact;

/** One epoch of a learning curve, over the resamples. */
typedef struct qhm_report_point {
    double epoch;
    double training_loss;    /**< mean */
    qhm_interval validation; /**< primary metric on validation rows: mean, lowest, highest */
} qhm_report_point;

/** One model of a task. */
typedef struct qhm_report_model {
    const char *name;        /**< as in the run file */
    const char *role;        /**< "hybrid", "rival" or "reference" */
    const char *summary;     /**< one line: what it is */
    qhm_interval metric;     /**< primary metric on test rows, with its corrected interval */
    qhm_interval difference; /**< hybrid − this model on the same rows; NaN for the hybrid */
    const double *secondary; /**< [secondary_count] test means, in the order of the task's list */
    size_t secondary_count;
    size_t times_best;           /**< resamples in which it was the rival best on validation */
    size_t parameters;           /**< trained numbers, embeddings included */
    size_t embedding_parameters; /**< of these, in embeddings */
    double flops;                /**< operations of one forward sample */
    double training_seconds;     /**< of one final training, mean over resamples */
    size_t trials;               /**< tuning trials a resample */
    const qhm_report_point *curve;
    size_t curve_count;
} qhm_report_model;

/** A further metric of a task, with what chance would give. */
typedef struct qhm_report_metric {
    const char *name;
    double chance;
} qhm_report_metric;

/** One answer to a retrieval query. */
typedef struct qhm_report_candidate {
    const char *text;    /**< its words */
    const char *picture; /**< a PNG beside results.json, such as "pictures/1f34e.png"; or NULL */
    double score;
    bool is_right;
} qhm_report_candidate;

/** One retrieval query and its best answers. */
typedef struct qhm_report_query {
    const char *text, *picture; /**< one is NULL: a query is words or a picture */
    size_t right_rank;          /**< rank of the right answer, from 1 */
    size_t pool_count;          /**< how many candidates there were */
    const qhm_report_candidate *candidates;
    size_t candidate_count;
} qhm_report_query;

/** Which class was taken for which, on test rows of all resamples. */
typedef struct qhm_report_confusion {
    const char *model;
    const char *const *labels; /**< [label_count] */
    size_t label_count;
    const size_t *counts; /**< [label_count, label_count]: row is the truth, column the answer */
    size_t counts_count;  /**< label_count² */
} qhm_report_confusion;

/** One slot of a circuit under the gradient doctor, over all its random points. */
typedef struct qhm_report_gradient {
    const char *name;        /**< such as "weight 3" */
    double largest;          /**< |gradient| at its largest, by adjoint */
    double shift_error;      /**< largest |parameter shift - adjoint| */
    double difference_error; /**< largest |finite difference - adjoint| */
    const char *finding;     /**< "" when well; else "dead", "vanishing" or "wrong" */
} qhm_report_gradient;

/** A circuit inside the hybrid model. */
typedef struct qhm_report_circuit {
    const char *name;             /**< such as "shared space, 8 qubits" */
    const char *drawing;          /**< text, many lines */
    const char *picture;          /**< the same as an SVG element */
    const qhm_report_fact *facts; /**< qubits, depth, gates … */
    size_t fact_count;
    const char *doctor; /**< the doctor's finding in one sentence */
    const qhm_report_gradient *gradients;
    size_t gradient_count;
} qhm_report_circuit;

/** A rung of the noise ladder: one quantum model of the task, run in one way. */
typedef struct qhm_report_rung {
    const char *model;      /**< "hybrid" or a variant's name */
    const char *device;     /**< "ideal", "shots", or a chip: "willow", "condor:optimistic" */
    const char *mitigation; /**< "" for none, else as in the run file */
    const char *note;       /**< why there is no score, such as too few qubits; else "" */
    const char *provenance; /**< the figures that are projected or assumed; "" if none */
    qhm_interval metric;    /**< the primary metric on test rows, NaN when it could not run */
    double shots;      /**< for one row of the data, settings and circuits together; 0: exact */
    double kept_share; /**< of these, what detection kept, the mean over resamples; NaN if it threw
                          none away */
    double qubits, two_qubit_gates; /**< of the compiled circuit; NaN on no chip */
    double duration_seconds;        /**< of one shot's circuit; NaN on no chip */
    double success;                 /**< estimated before it ran; NaN on no chip */
    double seconds, joules;         /**< for one row of the data on the chip; NaN when not known */
} qhm_report_rung;

/** What one row of the data costs: T = T_C - T_part + T_Q + T_interface, of all test rows of the
 *  first resample as one job, divided by their number. */
typedef struct qhm_report_row_cost {
    const char *model;      /**< as in the run file */
    const char *device;     /**< "" for this machine, else the chip that runs the circuits */
    const char *mitigation; /**< "" for none */
    const char *note;       /**< why there is no cost, such as too few qubits; else "" */
    double shots;           /**< NaN on this machine */
    double model_seconds;   /**< T_C: the whole model, measured here, circuits simulated */
    double part_seconds;    /**< T_part: of these, the quantum layers, or the classical module in
                                 their place; NaN: it has none */
    double quantum_seconds, interface_seconds; /**< NaN on this machine */
    double seconds;                            /**< T */
    double machine_joules;                     /**< of the chip's machine; NaN: not known */
    double host_joules;                        /**< of this machine during T; NaN: not known */
} qhm_report_row_cost;

/** One model in one place, answering all test rows of a resample once, within the budget. */
typedef struct qhm_report_contestant {
    size_t place;           /**< from 1, by score, then by share; 0: it takes no part, see note */
    const char *model;      /**< as in the run file */
    const char *device;     /**< "" for this machine, else a chip or an accelerator */
    const char *mitigation; /**< "" for none */
    const char *note;       /**< why it takes no part, or what its numbers rest on; else "" */
    qhm_interval metric;    /**< over the contest's resamples; NaN when it takes no part */
    double shots;           /**< a circuit, with which it is scored; NaN: no shots */
    double paid_shots;      /**< a circuit, that the budget pays for; NaN: no shots */
    double seconds, joules; /**< of all rows with `shots`; NaN: not known */
    double share;           /**< of the budget that this uses, of the scarcer of the two */
    double training_seconds, training_joules; /**< of one training by parameter shift on the chip,
                                                   not in the budget; NaN on no chip */
} qhm_report_contestant;
/** Where a quantum layer runs on the rung "placed", and what that takes. */
typedef struct qhm_report_placement {
    const char *model;                       /**< "hybrid" or a variant's name */
    const char *layer;                       /**< "image", "query" … */
    const char *device;                      /**< its chip */
    const char *reason;                      /**< one sentence */
    double qubits, two_qubit_gates, success; /**< of its compiled circuit; NaN on no chip */
    double seconds, joules;                  /**< for one row of the data; NaN when not known */
} qhm_report_placement;

/** A model on samples of a chip of which some qubits and couplers are dead. */
typedef struct qhm_report_yield {
    const char *model;  /**< "hybrid" or a variant's name */
    const char *device; /**< the chip */
    const char *note;   /**< why the first sample that does not fit does not; "" if all do */
    double yield;       /**< probability that a qubit, and that a coupler, works */
    size_t samples;     /**< chips drawn */
    size_t fitting;     /**< of those, chips that the circuit fits on */
    /** Over chips that it fits on, and for the metric over resamples too: the mean, the lowest
     *  and the highest; NaN if there are none. */
    qhm_interval success, metric;
} qhm_report_yield;

/** Seconds of one row at one size. */
typedef struct qhm_report_size {
    double size, seconds;
} qhm_report_size;

/** One side of the break-even plot: seconds of the module alone, a row, by the width n of its
 *  slot. */
typedef struct qhm_report_side {
    const char *name; /**< "an MLP n to n to n", "simulated here", or a chip */
    const char *note; /**< what it rests on, and of a chip where it wins */
    bool is_chip;
    const qhm_report_size *points; /**< measured here, or of circuits compiled for the chip */
    size_t point_count;
    const qhm_report_size *curve; /**< the law through them, of a chip with its errors; may be
                                       empty: the points are all that is known */
    size_t curve_count;
    const qhm_report_size *errorless; /**< of a chip: the same if errors cost nothing */
    size_t errorless_count;
    double from, until;                     /**< n where the chip wins; NaN: none below 2^60 */
    double errorless_from, errorless_until; /**< the same if errors cost nothing */
} qhm_report_side;

/** A check that the result is not an artefact. */
typedef struct qhm_report_guard {
    const char *name;
    bool passed;
    const char *detail; /**< the numbers */
} qhm_report_guard;

/** One task of the run. */
typedef struct qhm_report_task {
    const char *name;
    const char *kind;     /**< "retrieval", "classification" … */
    const char *verdict;  /**< as qhm_verdict_name says it; "none" or NULL: none was asked for */
    const char *sentence; /**< the verdict in one sentence, with its numbers */
    const char *metric;   /**< name of the primary metric */
    double chance;        /**< of the primary metric */
    double margin;        /**< δ */
    double smallest_difference; /**< what this number of resamples could have shown; NaN: none */
    size_t resamples, training_rows, test_rows, classes;
    const qhm_report_metric *secondary;
    size_t secondary_count;
    const qhm_report_model *models; /**< the hybrid first */
    size_t model_count;
    const qhm_report_query *queries;
    size_t query_count;
    const qhm_report_confusion *confusions;
    size_t confusion_count;
    const qhm_report_circuit *circuits;
    size_t circuit_count;
    const qhm_report_rung *rungs; /**< by model, then in the run file's order of devices */
    size_t rung_count;
    const qhm_report_row_cost *row_costs; /**< by model: this machine, then chips */
    size_t row_cost_count;
    double budget_seconds, budget_joules; /**< of the contest; NaN: no limit */
    const char *contest;                  /**< its result in one sentence; NULL: none was held */
    const qhm_report_contestant *contestants; /**< from the first place down */
    size_t contestant_count;
    const qhm_report_side *sides; /**< of the break-even plot: classical, simulated, chips */
    size_t side_count;
    const char *host_energy;                /**< where this machine's joules come from */
    const qhm_report_placement *placements; /**< by model, then by layer */
    size_t placement_count;
    const qhm_report_yield *yields; /**< by model, then by device, then in the run file's order */
    size_t yield_count;
    const qhm_report_guard *guards;
    size_t guard_count;
} qhm_report_task;

/** A whole run. */
typedef struct qhm_report {
    const char *id, *name;
    const char *description; /**< of the run file */
    const char *verdict;     /**< as in the tasks */
    const char *sentence;    /**< the verdict in one sentence */
    const char *started;     /**< UTC */
    double seconds;          /**< of all trainings together, each on one thread */
    uint64_t seed;
    const qhm_report_task *tasks;
    size_t task_count;
    const char *const *commands; /**< to repeat the run */
    size_t command_count;
    const qhm_report_fact *facts; /**< versions, hashes, machine */
    size_t fact_count;
} qhm_report;

/** True for the first rung of a task that tells what of its device was not measured: the others of
 *  the device say the same. @param index  less than rung_count. */
QHM_API bool qhm_report_rung_is_telling(const qhm_report_task *task, size_t index);

/** The version of the JSON that qhm_report_save writes. */
#define QHM_REPORT_SCHEMA_VERSION 1

/** Checks what the types cannot: counts that belong together, known words for verdicts and roles.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_report_check(const qhm_report *report);

/** Writes the report as JSON, replacing the file in one step. NaN becomes null.
 *
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (also for a text that is not UTF-8);
 *          QHM_ERROR_IO; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_report_save(const qhm_report *report, const char *path);

/** Reads what qhm_report_save wrote. Names it does not know are passed over.
 *
 *  @param[out] out  free with qhm_report_destroy
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_BAD_INPUT naming file and place;
 *          QHM_ERROR_UNSUPPORTED for another schema_version; QHM_ERROR_IO; QHM_ERROR_OUT_OF_MEMORY.
 */
QHM_API QHM_MUST_CHECK qhm_status qhm_report_load(const char *path, qhm_report **out);

/** The same from memory. @param name  stands for the path in messages */
QHM_API QHM_MUST_CHECK qhm_status qhm_report_parse(const char *bytes, size_t count,
                                                   const char *name, qhm_report **out);

/** Frees a report that was loaded or parsed. NULL is fine. */
QHM_API void qhm_report_destroy(qhm_report *report);

/** Writes the page: one HTML file that needs nothing else, light and dark, without scripts.
 *
 *  @param folder  where the pictures' names begin; they are embedded
 *  @param path    the HTML file, replaced in one step
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT as qhm_report_check; QHM_ERROR_NOT_FOUND for a
 *          missing picture; QHM_ERROR_BAD_INPUT for a picture that is no PNG or whose name leaves
 *          the folder; QHM_ERROR_IO; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_report_save_html(const qhm_report *report, const char *folder,
                                                       const char *path);

#ifdef __cplusplus
}
#endif
#endif
