/** @file bit_target.h
 *  Distributions over a few bits as lists of 2^n probabilities: targets of generative models, how
 *  far a model is from them, and the best models without or with a tree of dependences.
 *
 *  @code
 *  double target[16], tree[16];
 *  status = qhm_bit_target_bars_and_stripes(2, 2, target);
 *  status = qhm_bit_target_tree(4, target, tree);
 *  divergence = qhm_bit_target_divergence(4, target, tree);
 *  @endcode */
#ifndef QHM_BIT_TARGET_H
#define QHM_BIT_TARGET_H

#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most bits of such a distribution. */
#define QHM_BIT_TARGET_MOST_BITS 12

/** Black and white pictures of full rows, or of full columns: 2^rows + 2^columns - 2 of them, all
 *  alike. Bit columns * r + c is row r, column c.
 *  @param probabilities  [2^(rows columns)].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no rows or columns, more than 12 bits). */
QHM_API QHM_MUST_CHECK qhm_status qhm_bit_target_bars_and_stripes(size_t rows, size_t columns,
                                                                  double *probabilities);

/** Whether a list is a distribution: entries of 0 to 1 that add up to 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT, naming the entry. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bit_target_check(size_t bit_count, const double *target);

/** The divergence of Kullback and Leibler, sum of target ln(target / model), in nats: infinite
 *  where the model has nothing of what the target has.
 *  @param target  [2^bit_count]. @param model  the same. */
QHM_API double qhm_bit_target_divergence(size_t bit_count, const double *target,
                                         const double *model);

/** Multiplies by the kernel K = exp(-d / 2), d the number of bits that differ.
 *  @param values  [2^bit_count], overwritten. Cost: bit_count operations an entry. */
QHM_API void qhm_bit_target_smooth(size_t bit_count, double *values);

/** The squared maximum mean discrepancy (a - b)' K (a - b) [gretton2012].
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bit_target_discrepancy(size_t bit_count, const double *a,
                                                             const double *b, double *squared);

/** The closest model of bits that do not depend on each other: bit_count parameters. */
QHM_API void qhm_bit_target_product(size_t bit_count, const double *target, double *model);

/** The closest model in which each bit depends on one other, along the tree of largest mutual
 *  information [chow1968]: 2 bit_count - 1 parameters.
 *  @param bit_count  1 to 12. @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_bit_target_tree(size_t bit_count, const double *target,
                                                      double *model);

#ifdef __cplusplus
}
#endif
#endif
