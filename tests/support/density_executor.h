// An executor for tests: a dense density matrix moved by full matrices, an independent route to
// what noise does. Few qubits; gates, channels, resets, delays and barriers.
#ifndef QHM_TESTS_DENSITY_EXECUTOR_H
#define QHM_TESTS_DENSITY_EXECUTOR_H

#include <qhm/executor.h>

typedef struct density_executor {
    qhm_circuit_change *change; // as of qhm_executor_options; NULL: none
    const void *change_context;
    const double (*flips)[2]; // [qubits] or NULL
    const double *confusion;  // [2^n][2^n] p(read | true) instead; NULL: flips
    size_t circuits;          // run so far
} density_executor;

// Values by outcomes in the bases of settings, or (without samples) by tr(rho O).
qhm_executor *density_executor_create(density_executor *state);
qhm_executor *density_executor_create_without_samples(density_executor *state);

// rho [2^n][2^n] of a circuit; free() it.
qhm_complex *density_run(const qhm_circuit *circuit, const double *inputs, const double *weights);

// A qhm_circuit_change: depolarising noise after every gate, context: const double *, the
// probabilities for gates on one and on more qubits.
qhm_status density_depolarize(const void *context, const qhm_circuit *circuit, qhm_circuit **noisy);

// The value of one observable, given as text; variance and overhead may be NULL.
double executor_value(qhm_executor *executor, const qhm_circuit *circuit, const char *observable,
                      size_t shots, uint64_t seed, double *variance, qhm_overhead *overhead);

// The value without noise.
double ideal_value(const qhm_circuit *circuit, const char *observable);

// Layers of RY and RX on every qubit and of CX along the chain, angles by the seed.
qhm_circuit *layered_circuit(size_t qubits, size_t layers, uint64_t seed);

#endif
