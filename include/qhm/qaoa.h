/** @file qaoa.h
 *  QAOA: phases of a cost and mixing, in turn, towards bits that cost little [farhi2014].
 *
 *  A layer is exp(-i beta mixer) exp(-i gamma cost). All angles of p layers are one array: gamma_1
 *  to gamma_p, then beta_1 to beta_p; they are the weights of the circuits made here, and the
 *  order of gradients. Costs are minimised: for a cut to be maximised the sign of gamma is the
 *  opposite of the literature's, which qhm_qaoa_tree_angles takes into account.
 *
 *  @code
 *  double angles[8];
 *  status = qhm_qaoa_tree_angles(3, 4, angles); // no optimiser at all
 *  if (status == QHM_OK)
 *      status = qhm_qaoa_create(problem, &(qhm_qaoa_options){.layers = 4}, &qaoa);
 *  if (status == QHM_OK)
 *      status = qhm_qaoa_fit(qaoa, NULL, angles, &fit);
 *  @endcode */
#ifndef QHM_QAOA_H
#define QHM_QAOA_H

#include <qhm/circuit.h>
#include <qhm/ising.h>
#include <qhm/ledger.h>
#include <qhm/types.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What moves amplitude between bit strings. */
typedef enum qhm_qaoa_mixer {
    QHM_QAOA_MIXER_X = 0, /**< RX(2 beta) on each qubit, from the sum of all bit strings */
    QHM_QAOA_MIXER_WARM,  /**< RY(t) RZ(-2 beta) RY(-t), t = 2 asin sqrt(c), from independent bits
                             that are 1 with probability c [egger2021] */
    QHM_QAOA_MIXER_BLOCK, /**< exp(-i beta sum (XX + YY)) over all pairs of a block of qubits of
                             which one is 1, exactly: a phase of the W state; starts from W states
                             [hadfield2019]. Of blocks with more ones: the same phase of their Dicke
                             state, which is no sum over pairs then [bartschi2020] */
    QHM_QAOA_MIXER_RING,  /**< exp(-i beta (XX + YY)) on neighbours of a block in turn, first to
                             last and around: a different mixer, since neighbours do not commute.
                             Starts from the same states */
    QHM_QAOA_MIXER_RETURN /**< RY(-t) RZ(-2 beta) RY(t) from the states of the warm mixer: for
                             c of 1/4 and 3/4, gamma = 0 and beta = pi/2 give the bits whose c is
                             1/4, so that the start is among what can come out [egger2021] */
} qhm_qaoa_mixer;

/** How a circuit is made; zero means the default in every field. */
typedef struct qhm_qaoa_circuit_options {
    size_t layers; /**< 0: 1 */
    qhm_qaoa_mixer mixer;
    size_t block;         /**< qubits of a block, 2 or more, of mixers that have blocks; divides
                             their number */
    size_t ones;          /**< of a block that are 1, fewer than its qubits; 0: 1 */
    const double *chance; /**< [n] of the mixers warm and return: probabilities c in (0, 1) */
    bool measures;        /**< all qubits at the end, qubit i into bit i */
} qhm_qaoa_circuit_options;

/** Creates the circuit of QAOA. Weights: the angles.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_circuit_create(const qhm_ising *ising,
                                                          const qhm_qaoa_circuit_options *options,
                                                          qhm_circuit **circuit);

/** Creates the circuit of QAOA for costs that come as inputs: input i is the field of qubit i, and
 *  input qubit_count + k the coupling of pair k. Weights: the angles. Derivatives of what it gives
 *  are those by angles and by costs, so it can stand inside a model.
 *  @param pairs  [pair_count], of different qubits.
 *  @return as qhm_qaoa_circuit_create. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_qaoa_input_circuit_create(size_t qubit_count, const uint32_t (*pairs)[2], size_t pair_count,
                              const qhm_qaoa_circuit_options *options, qhm_circuit **circuit);

/** QAOA with the mixer X on a state vector that knows its costs: memory for states, and threads. */
typedef struct qhm_qaoa qhm_qaoa;

/** Options of qhm_qaoa_create; zero means the default in every field. */
typedef struct qhm_qaoa_options {
    size_t layers; /**< 0: 1 */
    qhm_precision precision;
} qhm_qaoa_options;

/** Prepares a problem.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT (over 30 spins, or more
 *          memory than there is); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_create(const qhm_ising *ising,
                                                  const qhm_qaoa_options *options, qhm_qaoa **qaoa);

/** Frees it; NULL is fine. */
QHM_API void qhm_qaoa_destroy(qhm_qaoa *qaoa);

/** Its layers. */
QHM_API size_t qhm_qaoa_layers(const qhm_qaoa *qaoa);

/** Memory that it holds, in bytes. */
QHM_API size_t qhm_qaoa_bytes(const qhm_qaoa *qaoa);

/** Finds the mean cost, and its derivatives by all angles.
 *
 *  Phases are products that a block of 4,096 amplitudes shares, without a table of costs; the
 *  mixer takes all qubits in two or three passes over memory. Without fields (a maximum cut has
 *  none) a bit string and its complement have one amplitude, and half the state is kept. The
 *  gradient is the adjoint method: one walk back with the state and what the cost makes of it,
 *  about four forward runs in all. The same bits for any number of threads.
 *  @param angles    [2 layers], finite.
 *  @param gradient  [2 layers]; NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_run(qhm_qaoa *qaoa, const double *angles, double *cost,
                                               double *gradient);

/** The probabilities of all bit strings. @param probabilities  [2^n]
 *  @return as qhm_qaoa_run. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_probabilities(qhm_qaoa *qaoa, const double *angles,
                                                         double *probabilities);

/** The mean cost of one layer with the mixer X, in closed form [ozaeta2022]: no state, no circuit.
 *  @param angles  gamma, beta. Cost: n for each field and coupling. */
QHM_API double qhm_qaoa_one_layer(const qhm_ising *ising, const double *angles);

/** Finds the angles of one layer by that closed form: a grid of 64, then a descent.
 *  @param angles       [2]
 *  @param evaluations  of the closed form; may be NULL.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_one_layer_angles(const qhm_ising *ising, double *angles,
                                                            size_t *evaluations);

/** Options of qhm_qaoa_fit; zero means the default in every field. */
typedef struct qhm_qaoa_fit_options {
    size_t iterations; /**< 0: 100 */
    double tolerance;  /**< of the gradient's largest entry; 0: 1e-6 */
} qhm_qaoa_fit_options;

/** What fitting took. */
typedef struct qhm_qaoa_fitted {
    double cost;
    size_t iterations, runs; /**< runs: costs with gradients */
} qhm_qaoa_fitted;

/** Finds angles of a low mean cost near given ones, by BFGS with the exact gradient.
 *  @param options  NULL: defaults.
 *  @param angles   [2 layers], improved in place.
 *  @return as qhm_qaoa_run. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_fit(qhm_qaoa *qaoa, const qhm_qaoa_fit_options *options,
                                               double *angles, qhm_qaoa_fitted *fitted);

/** Angles for one layer more from good ones, by interpolation [zhou2020].
 *  @param angles  [2 layers]. @param more  [2 (layers + 1)] */
QHM_API void qhm_qaoa_interpolate(size_t layers, const double *angles, double *more);

/** The share of edges that QAOA cuts on a tree whose nodes all have `degree` neighbours: what any
 *  such graph without cycles shorter than 2 layers + 2 gets, exactly. The angles are of costs, as
 *  everywhere here [basso2022]. @param layers  1 to 8. Cost: layers^2 4^layers.
 *  @return NaN for arguments out of range or without memory. */
QHM_API double qhm_qaoa_tree_cut(size_t degree, size_t layers, const double *angles);

/** The angles that are best on such a tree; good on graphs of that degree without an optimiser.
 *  @param degree  at least 2. @param layers  1 to 5. @param angles  [2 layers]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_tree_angles(size_t degree, size_t layers,
                                                       double *angles);

/** The published angles for graphs of degree 3 [wurtz2021]. @param layers  1 to 4.
 *  @param angles  [2 layers], with the signs of costs.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_fixed_angles(size_t layers, double *angles);

/** The mean of the lowest costs that outcomes have: the lower `share` of them, in (0, 1]
 *  [barkoutsos2020]. @param costs  [count]. @param weights  [count], such as numbers of shots or
 *  probabilities. @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_lowest_mean(size_t count, const double *costs,
                                                       const double *weights, double share,
                                                       double *mean);

/** What recursive QAOA did. */
typedef struct qhm_qaoa_recursion {
    qhm_ising_solution solution;
    size_t rounds; /**< spins that were replaced by others */
    size_t runs;   /**< exact circuits of one layer, over all rounds */
} qhm_qaoa_recursion;

/** Recursive QAOA [bravyi2020]: fits one layer, replaces the spin of the strongest correlation by
 *  its partner or by its sign, and goes on; the last `rest` spins are tried all.
 *  @param rest  0: 4.
 *  @param ledger  takes up all runs, as exact circuits; NULL: not wanted.
 *  @return as qhm_qaoa_create; up to 24 spins. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qaoa_recurse(const qhm_ising *ising, size_t rest,
                                                   qhm_ledger *ledger,
                                                   qhm_qaoa_recursion *recursion);

#ifdef __cplusplus
}
#endif
#endif
