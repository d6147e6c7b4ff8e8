/** @file phase_estimation.h
 *  Phase estimation: the phi of U|u> = exp(2 pi i phi)|u>, in turns, from controlled uses of U.
 *
 *  Three ways, and a fourth in bayesian_phase.h. *Textbook*: t clock qubits, Hadamard gates,
 *  U^(2^j) under clock qubit j, an inverse Fourier transform [cleve1998]. *Iterative*: one ancilla
 *  for t rounds, from the lowest bit to the highest, each turned back by the bits that came before
 *  [griffiths1996]; the same distribution. *Robust*: Hadamard tests of U^(2^j) in two bases, many
 *  shots of each, so that every generation halves the interval of the one before [kimmel2015].
 *
 *  A run of the first two uses U 2^t - 1 times, one use after the other. A state that is a sum of
 *  eigenstates gives each of their phases with its weight. A constant in U is a phase that the
 *  control makes visible.
 *
 *  @code
 *  const qhm_phase_problem problem = {.preparation = eigenstate, .unitary = u};
 *  status = qhm_phase_estimation_create(&problem, 6, true, &circuit);
 *  @endcode */
#ifndef QHM_PHASE_ESTIMATION_H
#define QHM_PHASE_ESTIMATION_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A unitary and the state whose phase is asked for. */
typedef struct qhm_phase_problem {
    const qhm_circuit *preparation; /**< of the state, on the unitary's qubits; NULL: |0...0> */
    const qhm_circuit *unitary;     /**< U: no measurements, no slots */
    const qhm_circuit *controlled;  /**< U under one qubit more, its last; NULL: every gate of U
                                       gets the control */
} qhm_phase_problem;

/** Creates the textbook circuit.
 *  @param bit_count    t, 1 to 16.
 *  @param is_measured  the clock into t bits.
 *  @param circuit      the unitary's qubits, then the clock, its lowest bit first: what it shows is
 *                      y, phi about y / 2^t.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED (what cannot be controlled);
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: 2^t - 1 copies of U. */
QHM_API QHM_MUST_CHECK qhm_status qhm_phase_estimation_create(const qhm_phase_problem *problem,
                                                              size_t bit_count, bool is_measured,
                                                              qhm_circuit **circuit);

/** Creates the iterative circuit: one ancilla after the unitary's qubits, measured t times.
 *  @return as qhm_phase_estimation_create; the bits are those of y, lowest first. */
QHM_API QHM_MUST_CHECK qhm_status qhm_phase_estimation_create_iterative(
    const qhm_phase_problem *problem, size_t bit_count, qhm_circuit **circuit);

/** Creates the Hadamard test of U^(2^generation), one ancilla and one bit. On an eigenstate the
 *  bit is 0 with probability (1 + cos(2 pi 2^generation phi)) / 2, or the same with the sine.
 *  @param generation  0 to 15. @return as qhm_phase_estimation_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_phase_estimation_create_test(const qhm_phase_problem *problem,
                                                                   size_t generation, bool is_sine,
                                                                   qhm_circuit **circuit);

/** Creates the Hadamard test of U^power turned back by an angle, one ancilla and one bit. On an
 *  eigenstate the bit is 0 with probability (1 + cos 2 pi (power phi - angle)) / 2.
 *  @param power  1 to 2^15. @param angle  in turns, finite.
 *  @return as qhm_phase_estimation_create. */
QHM_API QHM_MUST_CHECK qhm_status qhm_phase_estimation_create_turned(
    const qhm_phase_problem *problem, uint64_t power, double angle, qhm_circuit **circuit);

/** The probability of y for an eigenstate: (sin(pi 2^t d) / (2^t sin(pi d)))^2, d = phi - y / 2^t.
 *  The nearest y has at least 4 / pi^2, the two nearest together 8 / pi^2.
 *  @param phase  in turns, any; taken modulo 1. */
QHM_API double qhm_phase_estimation_probability(double phase, size_t bit_count, size_t y);

/** Clock qubits for `bit_count` right bits with probability 1 - failure:
 *  bit_count + ceil(log2(2 + 1 / (2 failure))); 0 for a failure outside (0, 1). */
QHM_API size_t qhm_phase_estimation_bits(size_t bit_count, double failure);

/** A phase as a number from -1/2 to below 1/2: two's complement of what the clock shows. */
QHM_API double qhm_phase_estimation_signed(double phase);

/** The phase from Hadamard tests of all generations.
 *
 *  Each generation's angle, atan2(sine, cosine), fixes the phase up to multiples of 1 / 2^j; that
 *  nearest to the generation before is taken. All is right if no angle errs by pi / 3 or more.
 *  @param generation_count  1 to 16.
 *  @param cosines           [generation_count] means of +1 for bit 0, -1 for bit 1.
 *  @param sines             [generation_count] the same in the other basis.
 *  @param phase             in [0, 1).
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_phase_estimation_robust(size_t generation_count,
                                                              const double *cosines,
                                                              const double *sines, double *phase);

/** A bound on the probability that an angle of an eigenstate errs by pi / 3 or more in any
 *  generation: 4 generations exp(-3 shots / 16), at most 1, by Hoeffding for both means.
 *  @param shots  of each test. */
QHM_API double qhm_phase_estimation_robust_failure(size_t generation_count, size_t shots);

#ifdef __cplusplus
}
#endif
#endif
