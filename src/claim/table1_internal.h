// A row of Table 1: a task, done on both sides at a range of sizes.
#ifndef QHM_CLAIM_TABLE1_INTERNAL_H
#define QHM_CLAIM_TABLE1_INTERNAL_H

#include "claim/claim_internal.h"

#include <qhm/circuit.h>
#include <qhm/table1.h>

enum { QHM_TABLE1_MOST_SIZES = 8 };

// The whole task on a quantum computer: all runs of its circuits.
typedef struct qhm_table1_quantum {
    double n;
    double queries; // of what the task asks: oracle calls, uses of a matrix, preparations
    double gates;   // of one and two qubits
    double depth;   // one run after another
    double runs;
    double seconds; // 0: from depth and runs, by Willow's gates and read-out
} qhm_table1_quantum;

typedef struct qhm_table1_classical {
    double n, seconds;
} qhm_table1_classical;

typedef struct qhm_table1_row {
    qhm_table1_info info;
    const char *query;    // what a query is
    const char *sentence; // ends what can be printed beside the paper's: the condition in words
    size_t quantum_sizes, classical_sizes;
    size_t first; // sizes before it are measured, but too small for the exponents
    qhm_status (*measure)(size_t index, uint64_t seed, qhm_table1_quantum *point);
    qhm_status (*time)(size_t index, uint64_t seed, qhm_table1_classical *point);
} qhm_table1_row;

extern const qhm_table1_row qhm_table1_unstructured_search;
extern const qhm_table1_row qhm_table1_structured_search;
extern const qhm_table1_row qhm_table1_matrix_vector;
extern const qhm_table1_row qhm_table1_linear_system;
extern const qhm_table1_row qhm_table1_inner_product;
extern const qhm_table1_row qhm_table1_fourier;
extern const qhm_table1_row qhm_table1_database_search;
extern const qhm_table1_row qhm_table1_sampling;
extern const qhm_table1_row qhm_table1_optimisation;
extern const qhm_table1_row qhm_table1_data_encoding;
extern const qhm_table1_row qhm_table1_noise;

// Gates of one and two qubits and their depth.
QHM_MUST_CHECK qhm_status qhm_table1_count_gates(const qhm_circuit *circuit, double *gates,
                                                 double *depth);

// Seconds of one call of `work`, which is repeated until it takes a millisecond; the best of five.
// What work returns is kept, so that nothing is left out.
double qhm_table1_time(double (*work)(void *context), void *context);

// Fills numbers from a stream of the row.
void qhm_table1_draw(uint64_t seed, uint64_t row, double *numbers, size_t count);

// The circuit that loads a random vector of 2^n numbers.
QHM_MUST_CHECK qhm_status qhm_table1_load(size_t qubits, uint64_t seed, qhm_circuit **circuit);

// The product of a matrix and a vector, both as amplitudes: sum_ij a_ij |i>|j> / |A|, then the load
// of x backwards on |j>. Where |j> is 0, |i> is A x / |A| |x|.
// matrix [2^n, 2^n], x [2^n] real; qubits: j first, then i.
QHM_MUST_CHECK qhm_status qhm_table1_product_create(size_t qubits, const qhm_complex *matrix,
                                                    const qhm_complex *x, qhm_circuit **circuit);

// The product, its share with |j> in 0 amplified: 2 iterations + 1 uses [brassard2002].
QHM_MUST_CHECK qhm_status qhm_table1_product_amplify(size_t qubits, const qhm_circuit *product,
                                                     size_t iterations, qhm_circuit **circuit);

// Gates and depth of that, from circuits of up to two iterations.
QHM_MUST_CHECK qhm_status qhm_table1_product_count(size_t qubits, const qhm_circuit *product,
                                                   size_t iterations, double *gates, double *depth);

// A Hadamard test of a signal's transform with a state of n numbers 1 / sqrt(n): ancilla, the
// highest qubit, at 0 is |0> and at 1 the signal [2^n], all loaded at once, and both are
// transformed. P(0, k) - P(1, k) is Re F_k / sqrt(n) in the end, of Im F_k if is_imaginary.
QHM_MUST_CHECK qhm_status qhm_table1_transform_create(size_t qubits, const qhm_complex *signal,
                                                      bool is_imaginary, qhm_circuit **circuit);

// Runs to read the sizes of n amplitudes to a 2-norm of 0.1: n / 0.1^2.
double qhm_table1_read_runs(double n);

// Runs of each of both Hadamard tests to read n amplitudes with phases to the same: each part's
// variance is at most n / runs in all, so that together they take 4 n / 0.1^2.
double qhm_table1_phase_runs(double n);

// Gates, depth and queries of a circuit, times its runs.
QHM_MUST_CHECK qhm_status qhm_table1_charge(const qhm_circuit *circuit, double runs, double queries,
                                            qhm_table1_quantum *point);

// The sum of products; n is a multiple of 8.
double qhm_table1_dot(const double *a, const double *b, size_t n);

#endif
