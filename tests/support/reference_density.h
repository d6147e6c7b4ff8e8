// Density matrices for tests: slow, plain, obviously right. Every instruction becomes full
// matrices; nothing of src/simulate is used, so it is an independent route.
#ifndef QHM_TESTS_REFERENCE_DENSITY_H
#define QHM_TESTS_REFERENCE_DENSITY_H

#include <qhm/circuit.h>
#include <qhm/observable.h>
#include <qhm/random.h>

// rho [2^n][2^n] after a circuit without conditions and loops, from |0...0>, averaged over what
// measurements find. Freed with free().
qhm_complex *reference_density(const qhm_circuit *circuit, const double *inputs,
                               const double *weights);

// Tr(observable rho).
double reference_density_expectation(const qhm_observable *observable, size_t qubit_count,
                                     const qhm_complex *rho);

// Kraus operators [count][2^k][2^k] of a random channel; freed with free(). The larger `identity`,
// the nearer it is to doing nothing; 0: no nearer than to anything else.
qhm_complex *reference_random_kraus(qhm_random *random, size_t qubit_count, size_t count,
                                    double identity);

// A random circuit of table gates with random channels of up to `most` qubits and `most` operators
// in between; slots as reference_random_circuit.
qhm_circuit *reference_random_noisy_circuit(qhm_random *random, size_t qubit_count,
                                            size_t gate_count, size_t most, uint32_t input_count,
                                            uint32_t weight_count);

#endif
