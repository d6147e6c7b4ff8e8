/** @file table1.h
 *  Table 1 of the paper, measured: what operations of AI take on both sides [karlex2025].
 *
 *  Each row runs a whole task over a range of sizes: loading and reading out included, on the
 *  quantum side as circuits that the library builds, on the classical side as code that is timed.
 *
 *  @code
 *  char *json;
 *  status = qhm_table1_run("fourier", NULL, &json);
 *  @endcode */
#ifndef QHM_TABLE1_H
#define QHM_TABLE1_H

#include <qhm/claim.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is true of a row. */
typedef struct qhm_table1_info {
    const char *name;      /**< "fourier" */
    const char *operation; /**< in the paper's words */
    const char *classical; /**< what the paper says of the classical side */
    const char *quantum;   /**< what it says of the quantum side */
    const char *task;      /**< what is done here on both sides, with its size n */
} qhm_table1_info;

/** How many rows there are. */
QHM_API size_t qhm_table1_count(void);

/** A row, in the paper's order. @param index  less than qhm_table1_count(). */
QHM_API const qhm_table1_info *qhm_table1_information(size_t index);

/** Measures rows.
 *
 *  The result is one JSON object with `rows` and `plot` (qhm_claim_draw_svg draws it). A row has
 *  what the paper says, `exponents` of queries, gates, depth and seconds of the quantum side and of
 *  the seconds of the classical side with 95 % intervals, `break_even` of the fitted seconds, the
 *  `sizes` that were measured, and a `sentence` that can be printed beside the paper's. Gates are
 *  of one and two qubits; seconds are those of Willow's gates and read-out as if they made no
 *  errors and there were enough of them.
 *  @param name     a row; NULL: all.
 *  @param options  NULL: defaults; is_quick: fewer sizes.
 *  @param json     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_CANCELLED; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_table1_run(const char *name, const qhm_claim_options *options,
                                                 char **json);

#ifdef __cplusplus
}
#endif
#endif
