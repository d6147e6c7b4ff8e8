/** @file weight_grid.h
 *  Weights of a linear layer on a grid of few bits, its loss as a cost over these bits.
 *
 *  Weight w is low + step * k for a whole number k of `bits` bits. The mean squared error of a
 *  linear layer is quadratic in weights, and so in bits, without constraints; that of a layer with
 * an activation is not.
 *
 *  @code
 *  status = qhm_weight_grid_ising(&grid, samples, inputs, targets, &ising);
 *  @endcode */
#ifndef QHM_WEIGHT_GRID_H
#define QHM_WEIGHT_GRID_H

#include <qhm/ising.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A grid for all weights of a layer: weight (output, input) has bits from
 *  (output * inputs + input) * bits on, the lowest first. */
typedef struct qhm_weight_grid {
    size_t outputs; /**< of the layer */
    size_t inputs;  /**< of the layer */
    size_t bits;    /**< of a weight; outputs * inputs * bits is at most 64 */
    double low;     /**< the lowest weight */
    double step;    /**< between weights, above 0 */
} qhm_weight_grid;

/** The grid from -range to range. */
QHM_API qhm_weight_grid qhm_weight_grid_even(size_t outputs, size_t inputs, size_t bits,
                                             double range);

/** The mean over samples of the squared error |t - W x|^2, over bits.
 *  @param inputs   [samples][inputs]
 *  @param targets  [samples][outputs]; those of weights before rounding are W x.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_weight_grid_ising(const qhm_weight_grid *grid, size_t samples,
                                                        const double *inputs, const double *targets,
                                                        qhm_ising **ising);

/** The bits of the nearest weights of the grid. @param weights  [outputs][inputs] */
QHM_API uint64_t qhm_weight_grid_round(const qhm_weight_grid *grid, const double *weights);

/** The weights that bits stand for. @param weights  [outputs][inputs] */
QHM_API void qhm_weight_grid_read(const qhm_weight_grid *grid, uint64_t bits, double *weights);

#ifdef __cplusplus
}
#endif
#endif
