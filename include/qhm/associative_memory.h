/** @file associative_memory.h
 *  Quantum associative memory: patterns in superposition, recalled by their Hamming distance to a
 *  query [ventura2000, trugenberger2001].
 *
 *  p patterns of n bits are stored by 2 p multi-controlled X gates and about p n others. A control
 *  qubit, after a phase for every bit that differs, is 0 with the probability cos^2(pi d / 2n);
 *  b of them give cos^(2b). What is measured then is gone: every recall stores everything again,
 *  while a scan of the patterns reads each once and gives the nearest for certain.
 *
 *  @code
 *  status = qhm_associative_memory_create(&patterns, 0x7, 0xf, 2, &circuit);
 *  @endcode */
#ifndef QHM_ASSOCIATIVE_MEMORY_H
#define QHM_ASSOCIATIVE_MEMORY_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Patterns, each once. */
typedef struct qhm_memory_patterns {
    size_t bit_count;         /**< n, 1 to 60 */
    const uint64_t *patterns; /**< [count] below 2^n */
    size_t count;             /**< p, at least 1 */
} qhm_memory_patterns;

/** Creates the circuit that stores patterns with equal amplitudes: n qubits and two work qubits,
 *  which come back to 0. It serves as a preparation for amplitude amplification too.
 *  @param circuit  registers `memory` [n], `work` [2]; free it with qhm_circuit_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no patterns, one twice, one out of range);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_associative_memory_store(const qhm_memory_patterns *patterns,
                                                               qhm_circuit **circuit);

/** Creates the circuit of a recall: storage, control qubits, measurements.
 *
 *  A run counts if all controls are 0; then the memory is one of the patterns, with a probability
 *  in proportion to cos^(2b)(pi d / 2m), d of its m known bits being other than the query's.
 *  @param known          bits of the query that count, at least one; others may be anything.
 *  @param control_count  b, 1 to 62 - n.
 *  @param circuit        bits: the memory's [n], then the controls' [b].
 *  @return as qhm_associative_memory_store. */
QHM_API QHM_MUST_CHECK qhm_status qhm_associative_memory_create(const qhm_memory_patterns *patterns,
                                                                uint64_t query, uint64_t known,
                                                                size_t control_count,
                                                                qhm_circuit **circuit);

/** The closed form of both: what runs count, and what they recall.
 *  @param recalled  [count] probabilities of the patterns in runs that count; NULL: not wanted; 0
 *                   if no run counts.
 *  @return the probability that a run counts. */
QHM_API double qhm_associative_memory_probability(const qhm_memory_patterns *patterns,
                                                  uint64_t query, uint64_t known,
                                                  size_t control_count, double *recalled);

#ifdef __cplusplus
}
#endif
#endif
