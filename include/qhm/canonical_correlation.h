/** @file canonical_correlation.h
 *  Regularised canonical correlation analysis: two views of the same items in one space.
 *
 *  Hotelling, Relations between two sets of variates (Biometrika 1936); ridge regularisation after
 *  Vinod (1976). The strong linear baseline of retrieval between pictures and texts. */
#ifndef QHM_CANONICAL_CORRELATION_H
#define QHM_CANONICAL_CORRELATION_H

#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the two views are related. A zero field means its default. */
typedef struct qhm_cca_options {
    size_t components; /**< size of the common space; default the smaller width */
    double ridge;      /**< added to each covariance, in units of its mean variance; default 0.1 */
    double power;      /**< components are weighed by correlation^power; default 0: all alike */
} qhm_cca_options;

/** Two fitted linear maps into the common space. */
typedef struct qhm_cca qhm_cca;

/** Fits the maps to items that are seen in both views.
 *
 *  @param first   [count][first_width].
 *  @param second  [count][second_width].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (more components than the smaller width, a negative
 *          option); QHM_ERROR_NUMERIC (numbers that are not finite, or no variance);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: count · width^2 + width^3. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cca_fit(const double *first, size_t first_width,
                                              const double *second, size_t second_width,
                                              size_t count, const qhm_cca_options *options,
                                              qhm_cca **out_cca);

/** Frees the maps; NULL is fine. */
QHM_API void qhm_cca_destroy(qhm_cca *cca);

/** The size of the common space. */
QHM_API size_t qhm_cca_components(const qhm_cca *cca);

/** The canonical correlations [components], descending, as regularised. */
QHM_API const double *qhm_cca_correlations(const qhm_cca *cca);

/** Maps rows of the first view. @param[out] out  [count][components]. */
QHM_API void qhm_cca_forward_first(const qhm_cca *cca, const double *rows, size_t count,
                                   double *out);

/** Maps rows of the second view. @param[out] out  [count][components]. */
QHM_API void qhm_cca_forward_second(const qhm_cca *cca, const double *rows, size_t count,
                                    double *out);

#ifdef __cplusplus
}
#endif
#endif
