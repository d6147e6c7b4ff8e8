/** @file sampled_approximation.h
 *  The low-rank approximation of a matrix from a few of its rows and columns, and entries drawn
 *  from a row of it by their squares: the dequantised counterpart of recommendation and principal
 *  components on a quantum computer [frieze2004, tang2019].
 *
 *  Rows are drawn by squared length into S, columns of S the same way into W, and the left singular
 *  vectors u of W give V = S'u / value, about the right singular vectors of the matrix A. The
 *  approximation of A is D = A V V'.
 *
 *  @code
 *  status = qhm_sampled_approximation_create(rows, columns, matrix, NULL, &approximation);
 *  status = qhm_sampled_approximation_draw(approximation, row, 10, seed, entries, &tries);
 *  @endcode */
#ifndef QHM_SAMPLED_APPROXIMATION_H
#define QHM_SAMPLED_APPROXIMATION_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is drawn; 0 means the default. */
typedef struct qhm_sampled_approximation_options {
    size_t rank;         /**< the most singular vectors to keep; default 1 */
    size_t row_count;    /**< rows drawn, with replacement; default 64 */
    size_t column_count; /**< columns drawn of these; default 64 */
    uint64_t seed;       /**< of both draws */
} qhm_sampled_approximation_options;

/** An approximation; holds the rows that were drawn. */
typedef struct qhm_sampled_approximation qhm_sampled_approximation;

/** Draws rows and columns, and finds the singular vectors.
 *  @param matrix   [rows][columns], finite, not all zero.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC where singular values do not
 *  converge; QHM_ERROR_OUT_OF_MEMORY. Cost: one pass over the matrix, as filling a quantum
 *  memory takes, then no more than the drawn rows and columns; memory 16 row_count * columns. */
QHM_API QHM_MUST_CHECK qhm_status qhm_sampled_approximation_create(
    size_t rows, size_t columns, const double *matrix,
    const qhm_sampled_approximation_options *options, qhm_sampled_approximation **approximation);

/** Frees an approximation; NULL is fine. */
QHM_API void qhm_sampled_approximation_destroy(qhm_sampled_approximation *approximation);

/** How many vectors were kept: fewer than asked for where values fall below 1e-6 of the largest or
 *  rows, columns or draws are fewer. */
QHM_API size_t qhm_sampled_approximation_rank(const qhm_sampled_approximation *approximation);

/** [rank] approximate singular values, descending, borrowed. */
QHM_API const double *
qhm_sampled_approximation_values(const qhm_sampled_approximation *approximation);

/** [rank][columns] approximate right singular vectors, about orthonormal, borrowed. */
QHM_API const double *
qhm_sampled_approximation_vectors(const qhm_sampled_approximation *approximation);

/** A row of the approximation: row V V'. @param row  [columns]. @param projected  [columns]. */
QHM_API void qhm_sampled_approximation_project(const qhm_sampled_approximation *approximation,
                                               const double *row, double *projected);

/** Draws entries of a row of the approximation, each with its squared share of that row.
 *
 *  A drawn row of S is chosen, an entry of it by its square, and accepted with the square of the
 *  projected entry over its bound by Cauchy and Schwarz.
 *  @param row      [columns] of the matrix, or any other.
 *  @param entries  [count] indices of columns.
 *  @param tries    proposals that it took; may be NULL.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT, also if the row projects to 0; QHM_ERROR_NUMERIC
 *  if a draw would take more than 1e5 proposals on average; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: of order columns * rank for the row's inner products, which are taken exactly, then
 *  row_count a proposal, of which row_count (sum of squared terms) / |projected|^2 are needed. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_sampled_approximation_draw(const qhm_sampled_approximation *approximation, const double *row,
                               size_t count, uint64_t seed, size_t *entries, uint64_t *tries);

#ifdef __cplusplus
}
#endif
#endif
