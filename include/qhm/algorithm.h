/** @file algorithm.h
 *  Quantum algorithms by name: a problem from a file, with its answer, what it took, and what a
 *  good classical method says.
 *
 *  Every algorithm has functions of its own too, in the header that bears its name; this is how
 *  commands and other languages reach them all.
 *
 *  @code
 *  char *json;
 *  status = qhm_algorithm_run("overlap", "vectors.yaml", NULL, &json);
 *  if (status == QHM_OK)
 *      puts(json);
 *  qhm_string_destroy(json);
 *  @endcode */
#ifndef QHM_ALGORITHM_H
#define QHM_ALGORITHM_H

#include <qhm/options.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is true of an algorithm. */
typedef struct qhm_algorithm_info {
    const char *name;              /**< "overlap" */
    const char *help;              /**< one line */
    const char *details;           /**< what it does, what it truly costs, and its source */
    const char *example;           /**< a problem file that runs at once */
    const qhm_option_info *fields; /**< of a problem file */
} qhm_algorithm_info;

/** How many algorithms there are. */
QHM_API size_t qhm_algorithm_count(void);

/** An algorithm, in the order of their names. @param index  less than qhm_algorithm_count(). */
QHM_API const qhm_algorithm_info *qhm_algorithm_information(size_t index);

/** Finds an algorithm by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_algorithm_find(const char *name,
                                                     const qhm_algorithm_info **info);

/** How an algorithm is run; zero means the default in every field. */
typedef struct qhm_algorithm_options {
    uint64_t seed;                /**< of all that is random */
    const char *device;           /**< tell what it would cost there; NULL: not */
    const char *const *overrides; /**< [override_count] "field=value", over the file's */
    size_t override_count;
} qhm_algorithm_options;

/** Runs an algorithm on the problem of a file.
 *
 *  The result is one JSON object: `algorithm`, `problem` (the fields as they were used), `answer`,
 *  `ledger` (all that was executed, shots charged as a chip would need them), `opponent` (what a
 *  classical method answers, and its time on this machine), `cost` (with a device), `notes`
 *  (sentences that belong to the answer).
 *  @param path  YAML, or JSON if it ends in .json.
 *  @param json  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND (no such algorithm, file or device); QHM_ERROR_IO;
 *          QHM_ERROR_BAD_INPUT for the file, naming line, field and value; what the algorithm
 *          says of ill-posed problems; QHM_ERROR_UNSUPPORTED for an annealer as the device of
 *          circuits; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_algorithm_run(const char *name, const char *path,
                                                    const qhm_algorithm_options *options,
                                                    char **json);

/** The same with the problem as text. @param text  YAML. */
QHM_API QHM_MUST_CHECK qhm_status qhm_algorithm_run_text(const char *name, const char *text,
                                                         const qhm_algorithm_options *options,
                                                         char **json);

#ifdef __cplusplus
}
#endif
#endif
