/** @file imported_run.h
 *  Results of quantum computers in clouds, kept as runs.
 *
 *  An imported run is a folder beside those of `qhm run`, with `result.json`, the service's file as
 *  it came, `circuit.qasm`, the circuit that ran as OpenQASM 3, `import.json`, what was made of
 *  them, and `manifest.json` with version, time, arguments and the XXH3 hashes of the other files.
 *  It has no jobs: it is not resumed, replayed, searched or reported.
 *
 *  @code
 *  qhm_imported_run *run;
 *  qhm_status status =
 *      qhm_imported_run_create(circuit, QHM_CLOUD_IONQ, text, length, NULL, &run);
 *  if (status == QHM_OK)
 *      status = qhm_imported_run_save(run, "runs");
 *  if (status == QHM_OK)
 *      printf("%s\n", qhm_imported_run_info(run)->folder);
 *  qhm_imported_run_destroy(run);
 *  @endcode */
#ifndef QHM_IMPORTED_RUN_H
#define QHM_IMPORTED_RUN_H

#include <qhm/circuit.h>
#include <qhm/cloud.h>
#include <qhm/distribution.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A result of a cloud beside what its circuit gives exactly. */
typedef struct qhm_imported_run qhm_imported_run;

/** What an imported run is. Texts are borrowed from it. */
typedef struct qhm_import_info {
    const char *id;            /**< the folder's name; "" before it is saved */
    const char *name;          /**< such as "bell" */
    const char *folder;        /**< where it lives; "" before it is saved */
    const char *imported;      /**< UTC, such as "2026-01-31T12:00:00Z" */
    qhm_cloud cloud;           /**< whose result it is */
    bool has_counts;           /**< outcomes are counts of shots, not probabilities */
    const char *method;        /**< the backend that gave the exact distribution; NULL: none did */
    const char *reason;        /**< why none did; NULL if one did */
    double variation_distance; /**< from the exact distribution; NaN if it is not known */
    double fidelity;           /**< with the exact distribution; NaN if it is not known */
} qhm_import_info;

/** Options of qhm_imported_run_create; zero means the default in every field. */
typedef struct qhm_import_options {
    const char *name;             /**< of the run; its first 64 bytes count; NULL: "import" */
    const char *const *arguments; /**< [argument_count] of the command, for the manifest */
    size_t argument_count;
} qhm_import_options;

/** Reads a result file and, where qhm_method_find has an exact method, simulates the circuit.
 *
 *  A circuit that cannot be simulated is no error: the reason is in the info.
 *  @param circuit  that ran; it is copied.
 *  @param result   [length] the service's file.
 *  @param options  NULL: defaults. What is not UTF-8 in its texts becomes U+FFFD.
 *  @param[out] run free with qhm_imported_run_destroy.
 *  @return as qhm_cloud_result_parse. Cost: that of qhm_plan_run_exact. */
QHM_API QHM_MUST_CHECK qhm_status qhm_imported_run_create(const qhm_circuit *circuit,
                                                          qhm_cloud cloud, const char *result,
                                                          size_t length,
                                                          const qhm_import_options *options,
                                                          qhm_imported_run **run);

/** Keeps a run that was created as a folder `<root>/<UTC>-<name>` (see qhm_run_folder_create).
 *
 *  The folder is written beside, synced and renamed: after a crash or on a full disk there is all
 *  of it or none. Afterwards the info has its id and folder.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT for one that is saved already; QHM_ERROR_IO;
 *          QHM_ERROR_RESOURCE_LIMIT for outcomes beyond 256 MiB of JSON; QHM_ERROR_OUT_OF_MEMORY.
 */
QHM_API QHM_MUST_CHECK qhm_status qhm_imported_run_save(qhm_imported_run *run, const char *root);

/** Reads the imported run in a folder. Nothing is simulated.
 *
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND when the folder holds no imported run; QHM_ERROR_BAD_INPUT
 *          for a file that is missing, damaged or not the one that was kept, which the message
 *          names; QHM_ERROR_UNSUPPORTED when a newer QHM wrote it; QHM_ERROR_IO;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_imported_run_load(const char *folder, qhm_imported_run **run);

/** Frees a run; NULL is fine. The folder stays. */
QHM_API void qhm_imported_run_destroy(qhm_imported_run *run);

/** True for a folder that holds an imported run, damaged or not. */
QHM_API bool qhm_imported_run_is_in(const char *folder);

/** What the run is; valid until it is saved or destroyed. */
QHM_API const qhm_import_info *qhm_imported_run_info(const qhm_imported_run *run);

/** The circuit that ran; borrowed. */
QHM_API const qhm_circuit *qhm_imported_run_circuit(const qhm_imported_run *run);

/** The outcomes, over the bits of the circuit; scratch bits are 0. Borrowed. */
QHM_API const qhm_distribution *qhm_imported_run_measured(const qhm_imported_run *run);

/** The exact distribution, NULL if it is not known; borrowed. Of a loaded run it has only the
 *  outcomes that were measured. */
QHM_API const qhm_distribution *qhm_imported_run_exact(const qhm_imported_run *run);

#ifdef __cplusplus
}
#endif
#endif
