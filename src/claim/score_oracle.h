// The oracle of a search for the key that fits a query best, as circuits that are counted: load
// all keys, inner product, comparison, and all three back.
#ifndef QHM_CLAIM_SCORE_ORACLE_H
#define QHM_CLAIM_SCORE_ORACLE_H

#include "base/status_internal.h"

#include <qhm/circuit.h>
#include <qhm/lookup.h>

// What a circuit takes. Depths are of gates as they stand, on any number of qubits.
typedef struct qhm_part_cost {
    double gates, t_gates, depth, qubits;
} qhm_part_cost;

// Counts a circuit.
QHM_MUST_CHECK qhm_status qhm_part_count(const qhm_circuit *circuit, qhm_part_cost *cost);

// Bits that hold the inner product of d numbers of so many bits with d others.
size_t qhm_score_width(size_t dimension, size_t bits);

// The circuit that adds query . key to the register `score`, for the key in the register `keys`
// [dimension, bits]: every bit of a key controls the addition of a shifted number of the query.
// query [dimension] below 2^bits.
QHM_MUST_CHECK qhm_status qhm_score_circuit_create(const uint64_t *query, size_t dimension,
                                                   size_t bits, qhm_circuit **circuit);

// One inner product and one comparison with a threshold, one way.
QHM_MUST_CHECK qhm_status qhm_score_cost(const uint64_t *query, size_t dimension, size_t bits,
                                         uint64_t threshold, qhm_part_cost *cost);

// One load of words of any number of bits, one way, counted in circuits with random words. Beyond
// 64 bits gates and depth go on as from 32 to 64, which for gates is what happens.
QHM_MUST_CHECK qhm_status qhm_memory_cost(qhm_lookup_method method, size_t address_bits,
                                          size_t word_bits, uint64_t seed, qhm_part_cost *cost);

// The same by formula and without a depth, for tables up to 2^20 words: gates at most.
QHM_MUST_CHECK qhm_status qhm_memory_count(qhm_lookup_method method, size_t address_bits,
                                           size_t word_bits, qhm_part_cost *cost);

// Layers of the reflection: H, X, a Z under all others, X, H.
enum { QHM_DIFFUSION_DEPTH = 5 };

// The reflection about the uniform state of n qubits, which ends an iteration.
QHM_MUST_CHECK qhm_status qhm_diffusion_cost(size_t qubit_count, qhm_part_cost *cost);

#endif
