/** @file fingerprint.h
 *  Quantum fingerprints: are two strings equal, from few qubits of each [buhrman2001].
 *
 *  A random linear code turns a string into M = 2^q bits E_i, and these into signs:
 *  |h> = sum_i (-1)^{E_i} |i> / sqrt(M). Different strings overlap by 1 - 2 d / M, d the distance
 * of their code words, so that a SWAP test gives 1 with (1 - overlap^2) / 2; equal ones never do.
 *  A fingerprint is q qubits where a classical one, without shared random bits, takes about
 *  sqrt(n) bits; with shared random bits a hash of a constant number of bits does. */
#ifndef QHM_FINGERPRINT_H
#define QHM_FINGERPRINT_H

#include <qhm/circuit.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Creates the circuit of a string's fingerprint.
 *  @param string       the string's bits; those that are not in it are 0.
 *  @param code_qubits  q, 1 to 8.
 *  @param seed         of the code, the same for both strings.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_fingerprint_create(uint64_t string, size_t code_qubits,
                                                         uint64_t seed, qhm_circuit **circuit);

/** The overlap of two fingerprints, -1 to 1; NaN if code_qubits is out of range. */
QHM_API double qhm_fingerprint_overlap(uint64_t a, uint64_t b, size_t code_qubits, uint64_t seed);

#ifdef __cplusplus
}
#endif
#endif
