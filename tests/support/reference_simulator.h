// A simulator for tests: slow, plain, obviously right. Every instruction becomes its full
// 2^n x 2^n matrix; nothing of src/simulate is used, so it is an independent route.
#ifndef QHM_TESTS_REFERENCE_SIMULATOR_H
#define QHM_TESTS_REFERENCE_SIMULATOR_H

#include <qhm/circuit.h>
#include <qhm/observable.h>
#include <qhm/random.h>

// Vectors are [2^n], matrices [2^n][2^n] row-major; what is returned is freed with free().

// The full matrix of a gate (not of measure, reset or barrier), its condition disregarded.
qhm_complex *reference_instruction_matrix(const qhm_instruction *instruction, size_t qubit_count,
                                          const double *inputs, const double *weights);

// The full matrix of a circuit of gates and barriers.
qhm_complex *reference_circuit_matrix(const qhm_circuit *circuit, const double *inputs,
                                      const double *weights);

// The state after a circuit of gates and barriers, from |0...0>.
qhm_complex *reference_run(const qhm_circuit *circuit, const double *inputs, const double *weights);

// Runs any circuit from |0...0>: every measurement, reset and channel splits the run (a channel by
// its Kraus operators, a measurement by what is written too), and visit sees each branch with its
// classical bits (bit b at bits[b]) and its state, whose squared norm is the branch's probability.
typedef void reference_visit(const unsigned char *bits, const qhm_complex *state, void *context);
void reference_run_branches(const qhm_circuit *circuit, const double *inputs, const double *weights,
                            reference_visit *visit, void *context);

// The full matrix of an observable, from Kronecker products of 2 x 2 Pauli matrices.
qhm_complex *reference_observable_matrix(const qhm_observable *observable, size_t qubit_count);

// <state| observable |state>.
double reference_expectation(const qhm_observable *observable, size_t qubit_count,
                             const qhm_complex *state);

// matrix * vector, and a * b, of the given dimension.
qhm_complex *reference_apply(const qhm_complex *matrix, const qhm_complex *vector,
                             size_t dimension);
qhm_complex *reference_multiply(const qhm_complex *a, const qhm_complex *b, size_t dimension);

// The largest |a[i] - b[i]|.
double reference_distance(const qhm_complex *a, const qhm_complex *b, size_t count);

// |<a|b>|^2.
double reference_fidelity(const qhm_complex *a, const qhm_complex *b, size_t dimension);

// A random state of norm 1.
qhm_complex *reference_random_state(qhm_random *random, size_t dimension);

// A random circuit of table gates on random qubits, with random extra controls here and there,
// whose angles use constants, inputs and weights below the given counts (0: constants only).
qhm_circuit *reference_random_circuit(qhm_random *random, size_t qubit_count, size_t gate_count,
                                      uint32_t input_count, uint32_t weight_count);

// `count` uniform values in (-pi, pi).
double *reference_random_angles(qhm_random *random, size_t count);

#endif
