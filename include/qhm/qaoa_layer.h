/** @file qaoa_layer.h
 *  QAOA as a differentiable part of a model: costs in, expected solution out.
 *
 *  The module kind "qaoa" takes the coefficients of a cost as its input: the field of each qubit,
 *  then the coupling of each pair. Its output is what QAOA's state says of the qubits, its only
 *  parameter the angles, gamma_1 to gamma_p and beta_1 to beta_p. Gradients go to the angles and to
 *  the coefficients, so that what predicts costs can be trained by how good the solutions are.
 *
 *  With one layer, ⟨Z_i⟩ = sin(2 beta) sin(2 gamma h_i) prod_j cos(2 gamma J_ij) [ozaeta2022]: one
 *  layer takes no quantum computer.
 *
 *  @code
 *  qhm_module_setting setting = {.input = {1, {6}}}; // 3 fields, 3 couplings
 *  status = qhm_module_create("qaoa", &setting, &(qhm_qaoa_layer_options){.layers = 3}, &module);
 *  @endcode */
#ifndef QHM_QAOA_LAYER_H
#define QHM_QAOA_LAYER_H

#include <qhm/entanglement.h>
#include <qhm/module.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How many numbers the cost of so many qubits has: a field each, and a coupling for each pair of
 * the pattern. */
QHM_API size_t qhm_qaoa_layer_width(size_t qubits, qhm_entanglement entanglement);

/** What the kind "qaoa" gives. */
typedef enum qhm_qaoa_readout {
    QHM_QAOA_READOUT_Z = 1,      /**< ⟨Z⟩ of every qubit: n */
    QHM_QAOA_READOUT_CHANCE = 2, /**< (1 - ⟨Z⟩) / 2, the probability of 1: n */
    QHM_QAOA_READOUT_Z_ZZ = 3 /**< ⟨Z⟩, then ⟨Z_i Z_j⟩ of the pairs that have couplings: as
                                 wide as the input, whose product with it is the mean cost */
} qhm_qaoa_readout;

/** Options of the kind "qaoa"; zero means the default in every field.
 *
 *  The first angles are a ramp towards low costs, as of annealing: gamma_l = -ramp (l - 1/2) / p,
 *  beta_l = ramp (1 - (l - 1/2) / p), the latter divided by the size of blocks, which their mixer
 *  multiplies with. Costs should be of order 1. */
typedef struct qhm_qaoa_layer_options {
    size_t qubits;       /**< n; 0: that whose fields and couplings are the input width */
    size_t layers;       /**< p; 0: 2 */
    int entanglement;    /**< a qhm_entanglement: pairs that have couplings; 0: full */
    size_t block;        /**< qubits of which one is 1, kept so by the exact mixer; 0: X on each */
    int readout;         /**< a qhm_qaoa_readout; 0: z */
    double ramp;         /**< 0: 0.6 */
    size_t shots;        /**< a sample; 0: exact */
    const char *backend; /**< NULL: "statevector" */
} qhm_qaoa_layer_options;

#ifdef __cplusplus
}
#endif
#endif
