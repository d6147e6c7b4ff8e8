/** @file lookup.h
 *  Classical tables in superposition: sum_a c_a |a>|0> becomes sum_a c_a |a>|word_a>.
 *
 *  All three circuits touch all N cells in every query, whatever the address: N is in the gates,
 * and only the depth of the bucket brigade grows as lg N. A table in superposition is never a load
 * for nothing.
 *
 *  Qubits: registers `address` (bit 0 first), `word`, and work qubits that end as they began, in
 * |0>.
 *
 *  @code
 *  qhm_lookup_data data = {.address_bits = 2, .word_bits = 3, .words = (uint64_t[]){5, 0, 3, 6}};
 *  status = qhm_lookup_create(QHM_LOOKUP_QROM, &data, 0, &circuit);
 *  @endcode */
#ifndef QHM_LOOKUP_H
#define QHM_LOOKUP_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a table is looked up. */
typedef enum qhm_lookup_method {
    QHM_LOOKUP_QROM = 0, /**< unary iteration over the cells: N - 2 temporary ANDs, few work qubits
                            [babbush2018] */
    QHM_LOOKUP_SELECT_SWAP,    /**< 2^s words at once, then a network of swaps picks one: fewer T
                                  gates, more qubits, as many Clifford gates [low2018] */
    QHM_LOOKUP_BUCKET_BRIGADE, /**< qRAM: a tree of N - 1 routers, each one qubit with one for what
                                  passes; depth of order lg^2 N [giovannetti2008, hann2021] */
    QHM_LOOKUP_METHOD_COUNT
} qhm_lookup_method;

/** The names: "qrom", "select_swap", "bucket_brigade". */
QHM_API const char *qhm_lookup_method_name(qhm_lookup_method method);

/** A table. */
typedef struct qhm_lookup_data {
    size_t address_bits;   /**< n, 1 to 20: N = 2^n cells */
    size_t word_bits;      /**< 1 to 64 */
    const uint64_t *words; /**< [2^n], each below 2^word_bits */
} qhm_lookup_data;

/** Creates the circuit of a query.
 *  @param swap_bits  s of QHM_LOOKUP_SELECT_SWAP, 0 to n; others ignore it.
 *  @param circuit    without measurements; its inverse takes the words out again.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (sizes or words out of range);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: of order N. */
QHM_API QHM_MUST_CHECK qhm_status qhm_lookup_create(qhm_lookup_method method,
                                                    const qhm_lookup_data *data, size_t swap_bits,
                                                    qhm_circuit **circuit);

/** What a query takes, by formula. */
typedef struct qhm_lookup_counts {
    uint64_t qubits;
    uint64_t routers;            /**< bucket brigade: N - 1 */
    uint64_t routing_operations; /**< there and back: each is two controlled swaps */
    uint64_t controlled_swaps, toffolis;
    uint64_t clifford_gates;   /**< at most: CX, CZ, X, Z, H and SWAP; words of zeros need fewer */
    uint64_t t_gates;          /**< 7 for each Toffoli gate or controlled swap */
    uint64_t t_gates_measured; /**< where temporary ANDs are undone by measurements: 4 for each
                                  pair of Toffoli gates, as for each controlled swap */
} qhm_lookup_counts;

/** Counts a query without making it.
 *  @return as qhm_lookup_create; the words are not looked at and may be NULL. */
QHM_API QHM_MUST_CHECK qhm_status qhm_lookup_count(qhm_lookup_method method,
                                                   const qhm_lookup_data *data, size_t swap_bits,
                                                   qhm_lookup_counts *counts);

/** The s with which QHM_LOOKUP_SELECT_SWAP takes the fewest T gates. */
QHM_API size_t qhm_lookup_best_swap_bits(size_t address_bits, size_t word_bits);

/** How well queries do under noise; zero means the default in every field. */
typedef struct qhm_lookup_noise {
    double error;        /**< of every qubit that a gate touches: X, Y or Z, a third each */
    size_t trajectories; /**< 0: 1000 */
    uint64_t seed;
} qhm_lookup_noise;

/** Finds the fidelity of a query of all addresses at once with what it should give, work qubits
 *  traced out. States are kept by their N nonzero amplitudes, so trees of some hundred qubits are
 *  no trouble.
 *  @param standard_error  of chance; may be NULL.
 *  @return as qhm_lookup_create. Cost: of order trajectories * N * gates. */
QHM_API QHM_MUST_CHECK qhm_status qhm_lookup_fidelity(qhm_lookup_method method,
                                                      const qhm_lookup_data *data, size_t swap_bits,
                                                      const qhm_lookup_noise *noise,
                                                      double *fidelity, double *standard_error);

#ifdef __cplusplus
}
#endif
#endif
