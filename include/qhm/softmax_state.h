/** @file softmax_state.h
 *  The softmax of scores as a quantum state, by rejection and amplitude amplification.
 *
 *  Over all indices at once a flag is turned to the amplitude e^{(s_j - B) / 2}, B a bound that no
 *  score is above; where it reads 1 the index has the probability e^{s_j} / Z
 *  [ozols2013, brassard2002]. That happens in P = mean of e^{s_j - B} of the runs, which is
 *  1 / (N p_max) if B is the largest score. Amplitudes e^{s_j - B}, without the root, would give
 *  e^{2 s_j} / Z' instead: the softmax at half the temperature.
 *
 *  The angles are found by a processor, which takes all N exponentials for that, and every
 *  preparation loads all of them: 2^n rotations and 2^n CX.
 *
 *  @code
 *  qhm_softmax_problem problem = {.scores = (double[]){1, 2, 3, 4}, .count = 4, .bound = 4};
 *  status = qhm_softmax_state_draw(&problem, &(qhm_softmax_draw_options){.samples = 1000}, &ledger,
 *                                  counts, &result);
 *  @endcode */
#ifndef QHM_SOFTMAX_STATE_H
#define QHM_SOFTMAX_STATE_H

#include <qhm/circuit.h>
#include <qhm/ledger.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Scores, and how they become angles. */
typedef struct qhm_softmax_problem {
    const double *scores; /**< [count] finite */
    size_t count;         /**< 2 to 256; indices up to the next power of two have the weight 0 */
    double bound;         /**< B, finite; scores above it count as equal to it */
    size_t angle_bits;    /**< angles are rounded to multiples of pi / 2^angle_bits, up to 40; 0:
                             not rounded */
    bool is_unrooted;     /**< amplitudes e^{s - B} instead of e^{(s - B) / 2} */
} qhm_softmax_problem;

/** Qubits of the index; the flag is one more. */
QHM_API size_t qhm_softmax_state_index_qubits(const qhm_softmax_problem *problem);

/** What the circuit samples, rounding included.
 *  @param probabilities  [count] of the runs that are kept; all 0 if there can be none.
 *  @param success        P without amplification, padding included; may be NULL.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. Cost: `count` exponentials. */
QHM_API QHM_MUST_CHECK qhm_status qhm_softmax_state_probabilities(
    const qhm_softmax_problem *problem, double *probabilities, double *success);

/** Creates the circuit: 2 iterations + 1 preparations.
 *  @param iterations   of amplification, 0 to 1,000.
 *  @param is_measured  the index into bits 0 to n - 1, the flag into bit n: 1 is to be kept.
 *  @param circuit      registers `index` and `flag`.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_softmax_state_create(const qhm_softmax_problem *problem,
                                                           size_t iterations, bool is_measured,
                                                           qhm_circuit **circuit);

/** How the kept share is raised. */
typedef enum qhm_softmax_amplification {
    QHM_SOFTMAX_UNKNOWN = 0, /**< without knowing P: random numbers of iterations below a limit that
                                grows by 6/5 with each failure [boyer1998] */
    QHM_SOFTMAX_KNOWN, /**< the number that suits P: who knows P knows Z, and needs no circuit */
    QHM_SOFTMAX_NONE,  /**< plain rejection, 1 / P preparations a sample */
    QHM_SOFTMAX_AMPLIFICATION_COUNT
} qhm_softmax_amplification;

/** How samples are drawn; zero means the default in every field. */
typedef struct qhm_softmax_draw_options {
    size_t samples; /**< 0: 1,000 */
    qhm_softmax_amplification amplification;
    uint64_t seed;
} qhm_softmax_draw_options;

/** What it took. */
typedef struct qhm_softmax_draw_result {
    uint64_t drawn; /**< fewer than asked for if forty rounds did not suffice, as with a bound far
                       too high */
    uint64_t runs;  /**< of circuits, one shot each */
    uint64_t iterations;   /**< of amplification in all */
    uint64_t preparations; /**< each a load of all scores: runs + 2 iterations */
} qhm_softmax_draw_result;

/** Draws samples by running circuits: what the flag rejects is run again. No round looks at the
 *  distribution, but for QHM_SOFTMAX_KNOWN.
 *  @param ledger  takes up what was executed; NULL: not wanted.
 *  @param counts  [count]: how often each index came.
 *  @return as qhm_softmax_state_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_softmax_state_draw(const qhm_softmax_problem *problem,
                                                         const qhm_softmax_draw_options *options,
                                                         qhm_ledger *ledger, uint64_t *counts,
                                                         qhm_softmax_draw_result *result);

#ifdef __cplusplus
}
#endif
#endif
