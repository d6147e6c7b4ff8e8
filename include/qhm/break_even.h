/** @file break_even.h
 *  Where a quantum path would win: cost laws of both sides, and where they cross.
 *
 *  A law is a sum of terms coefficient * n^power * lg(n)^log_power, lg of base 2: what the known
 *  algorithms and memories take. The quantum side is a number of layers one after another, times
 *  the time of a layer, plus a fixed time; errors make it longer by 1 / f^2 with
 *  f = (1 - error)^gates, the damping of what is measured. The classical side is a law in seconds,
 *  divided by improvement^years.
 *
 *  @code
 *  qhm_break_even_options options = {.layer_seconds = 1e-6};
 *  status = qhm_cost_law_parse("1.28e-12*n^2", &options.classical_seconds);
 *  if (status == QHM_OK)
 *      status = qhm_cost_law_parse("3.15*n^1.5*lg(n)", &options.quantum_layers);
 *  if (status == QHM_OK)
 *      status = qhm_break_even_find(&options, &result);
 *  @endcode */
#ifndef QHM_BREAK_EVEN_H
#define QHM_BREAK_EVEN_H

#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** coefficient * n^power * lg(n)^log_power. */
typedef struct qhm_cost_term {
    double coefficient; /**< above 0 */
    double power, log_power;
} qhm_cost_term;

/** Terms of a law. */
#define QHM_COST_LAW_MOST_TERMS 8

/** A sum of terms; without any it is 0. */
typedef struct qhm_cost_law {
    size_t count;
    qhm_cost_term terms[QHM_COST_LAW_MOST_TERMS];
} qhm_cost_law;

/** Reads a law: "1e-9*n^2", "3*n^1.5*lg(n)^2 + 1e-3", "n lg(n)" without its "*" is a mistake.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message names the column;
 *          QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cost_law_parse(const char *text, qhm_cost_law *law);

/** Fits one term coefficient * n^power to measured points: least squares of the logarithms.
 *  @param n        [count], above 0, at least two that differ.
 *  @param seconds  [count], above 0.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cost_law_fit(const double *n, const double *seconds,
                                                   size_t count, qhm_cost_law *law);

/** The value of a law. @param n  at least 1. */
QHM_API double qhm_cost_law_value(const qhm_cost_law *law, double n);

/** Both sides; zero means the default in every field. */
typedef struct qhm_break_even_options {
    qhm_cost_law classical_seconds;
    double improvement; /**< factor a year by which the classical side gets faster; 0: 1 */
    double years;       /**< of that */
    qhm_cost_law quantum_layers;
    double layer_seconds;       /**< of one layer, above 0 */
    double overhead_seconds;    /**< fixed, such as a cloud round trip */
    qhm_cost_law quantum_gates; /**< that err, of one run; without terms: quantum_layers */
    double error;               /**< of such a gate, below 1 */
    double size; /**< n for which the break-even layer time and error are wanted; 0: 2^20 */
} qhm_break_even_options;

/** Where the quantum path wins. */
typedef struct qhm_break_even {
    double from;  /**< the smallest n, of 2 to 2^60, where it is faster; NaN: none below 2^60 */
    double until; /**< the n above it where it no longer is; NaN: still at 2^60 */
    double classical_seconds, quantum_seconds; /**< at `size` */
    double layer_seconds; /**< at `size`, the layer time at which both take as long; NaN: none,
                             not even 0 */
    double error;         /**< at `size`, the error at which both take as long; NaN: none, even
                             without errors the quantum path is slower */
} qhm_break_even;

/** Finds where the two sides cross.
 *
 *  n goes up in steps of 2^(1/64), so that a win over a shorter stretch is not seen; where it
 * begins and ends is then found to a part in 10^9.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a law without terms, a number out of range). */
QHM_API QHM_MUST_CHECK qhm_status qhm_break_even_find(const qhm_break_even_options *options,
                                                      qhm_break_even *result);

/** The seconds of both sides at one size. @param n  at least 1. */
QHM_API void qhm_break_even_seconds(const qhm_break_even_options *options, double n,
                                    double *classical, double *quantum);

/** Draws both sides over n = 2 to 2^60 on logarithmic axes, as an `svg` element of its own.
 *  @param text  free it with qhm_string_destroy.
 *  @return as qhm_break_even_find; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_break_even_draw_svg(const qhm_break_even_options *options,
                                                          char **text);

#ifdef __cplusplus
}
#endif
#endif
