/** @file spin_sampling.h
 *  Spins drawn by Monte Carlo: annealing, simulated quantum annealing, and samples at a
 *  temperature; and how long such a method takes to a solution.
 *
 *  Simulated quantum annealing is the path integral of H = -transverse sum_i X_i + E at inverse
 *  temperature beta: `slices` copies of the spins in a ring, neighbours in which break apart with
 *  probability tanh(beta transverse / slices) [suzuki1976] [martonak2002]. A sweep takes one spin
 *  after another, cuts its ring at random and draws each piece anew, as [swendsen1987] in the
 *  direction of the ring alone: large fields do not freeze it, and without a field it is the
 *  classical heat bath.
 *
 *  @code
 *  // A hundred samples of exp(-0.5 E) / Z
 *  status = qhm_spin_sampling_run(ising, &(qhm_spin_sampling_options){
 *      .method = QHM_SPIN_GIBBS, .beta = 0.5, .sweeps = 200, .runs = 100}, spins, energies);
 *  @endcode */
#ifndef QHM_SPIN_SAMPLING_H
#define QHM_SPIN_SAMPLING_H

#include <qhm/sparse_ising.h>
#include <qhm/status.h>
#include <qhm/types.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How spins are drawn. All but the last look for low costs: a run's result is the best that it
 *  has met. */
typedef enum qhm_spin_method {
    QHM_SPIN_ANNEALING = 0,         /**< simulated annealing: single flips, the temperature falling
                                       geometrically [kirkpatrick1983] */
    QHM_SPIN_QUANTUM_ANNEALING = 1, /**< the path integral of -(1 - s) transverse sum X + s E, s
                                       from 0 to 1 */
    QHM_SPIN_TEMPERING = 2,         /**< parallel tempering: `slices` temperatures that exchange
                                       their spins [hukushima1996] */
    QHM_SPIN_TABU = 3,              /**< the best flip each sweep that was not done of late, uphill
                                       too [glover1989] */
    QHM_SPIN_GIBBS = 4,             /**< a sample of exp(-beta E), or of the diagonal of
                                       exp(-beta H) with a transverse field: the last spins of a
                                       run, of whose start `sweeps` must have left no trace */
    QHM_SPIN_METHOD_COUNT
} qhm_spin_method;

/** Options of qhm_spin_sampling_run; zero means the default in every field. */
typedef struct qhm_spin_sampling_options {
    qhm_spin_method method;
    size_t runs;       /**< independent, each from random spins; 0: 1 */
    size_t sweeps;     /**< of a run; 0: 1,000 */
    size_t slices;     /**< of the path integral, or temperatures; 0: 16; 2 to 1,024. A Gibbs
                          sample without transverse field has one */
    double beta;       /**< inverse temperature, at the end where it changes; 0: 1 for Gibbs, else
                          10 over the smallest change of cost that one term can make */
    double transverse; /**< field, at the start where it changes; 0: none for Gibbs, else half the
                          largest change of cost that a flip can make */
    uint64_t seed;
} qhm_spin_sampling_options;

/** The word for a method: "simulated quantum annealing".
 *  @param method  less than QHM_SPIN_METHOD_COUNT. */
QHM_API const char *qhm_spin_method_name(qhm_spin_method method);

/** Draws spins. One run after another on one thread, so that its time is that of a run.
 *  @param options   NULL: defaults.
 *  @param spins     [runs][spin_count] of +1 or -1.
 *  @param energies  [runs]; NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: runs x sweeps x (slices x) (spins + the neighbours of those that flip). */
QHM_API QHM_MUST_CHECK qhm_status qhm_spin_sampling_run(const qhm_sparse_ising *ising,
                                                        const qhm_spin_sampling_options *options,
                                                        int8_t *spins, double *energies);

/** How long until a run has succeeded with a probability of 99 %: time x ln 0.01 / ln(1 - p), at
 *  least one run [ronnow2014]. The interval is that of p with a confidence of 95 % (Wilson); of no
 *  success the mean and upper limit are infinite.
 *  @param time       of one run, in any unit.
 *  @param successes  of `runs`.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no runs, more successes than runs, a time that is
 *          not positive). */
QHM_API QHM_MUST_CHECK qhm_status qhm_spin_sampling_find_time(double time, size_t successes,
                                                              size_t runs, qhm_interval *solution);

#ifdef __cplusplus
}
#endif
#endif
