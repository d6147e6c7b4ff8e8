/** @file claim.h
 *  What the paper that QHM is named after claims, and what the library finds when it tries.
 *
 *  A claim is a sentence of V. Karlex, "QHM: Unifying Superconducting and Topological Quantum
 *  Computing with Multimodal AI", preprints202504.0232 [karlex2025], and a program that runs the
 *  library to see whether it holds. No verdict is stored: each follows from the numbers of its run.
 *
 *  @code
 *  char *json;
 *  status = qhm_claim_run("theorem-a1", NULL, &json);
 *  if (status == QHM_OK)
 *      puts(json);
 *  qhm_string_destroy(json);
 *  @endcode */
#ifndef QHM_CLAIM_H
#define QHM_CLAIM_H

#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is true of a claim. */
typedef struct qhm_claim_info {
    const char *name;    /**< "theorem-a1" */
    const char *place;   /**< where the paper says it: "appendix A.1" */
    const char *claim;   /**< what it says, in its words where they are short */
    const char *details; /**< what is run to see, and by what the verdict is found */
} qhm_claim_info;

/** How many claims there are. */
QHM_API size_t qhm_claim_count(void);

/** A claim, in the order of the paper. @param index  less than qhm_claim_count(). */
QHM_API const qhm_claim_info *qhm_claim_information(size_t index);

/** Finds a claim by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_claim_find(const char *name, const qhm_claim_info **info);

/** How a claim is tried; zero means the default in every field. */
typedef struct qhm_claim_options {
    uint64_t seed; /**< of all that is random */
    bool is_quick; /**< smaller sizes and fewer repetitions: seconds instead of minutes */
    /** Asked between steps; true ends the work with QHM_ERROR_CANCELLED. May be NULL. */
    bool (*should_stop)(void *context);
    void *context; /**< of should_stop */
} qhm_claim_options;

/** Tries a claim.
 *
 *  The result is one JSON object: `name`, `place`, `claim`, `verdict` ("holds", "holds with a
 *  condition", "does not hold", "cannot be checked here"), `finding` (a sentence with the numbers
 *  that decide), `numbers` (all that was measured), `reproduce` (the command), `notes`, and for
 *  some `plot`. Times of this machine are in it; all else repeats with the seed.
 *  @param options  NULL: defaults.
 *  @param json     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_CANCELLED; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_claim_run(const char *name, const qhm_claim_options *options,
                                                char **json);

/** Draws the `plot` of a result of qhm_claim_run as an SVG file, on logarithmic axes.
 *  @param svg  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED (a result without a plot); QHM_ERROR_BAD_INPUT (no such
 *          result); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_claim_draw_svg(const char *json, char **svg);

#ifdef __cplusplus
}
#endif
#endif
