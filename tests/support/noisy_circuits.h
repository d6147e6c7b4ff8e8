// Circuits of tests and channels on them.
#ifndef QHM_TESTS_NOISY_CIRCUITS_H
#define QHM_TESTS_NOISY_CIRCUITS_H

#include "simulate/trajectories/channel_split.h"
#include "support/checks.h"
#include "support/reference_density.h"

#include <math.h>

static inline qhm_circuit *circuit_of(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static inline void append_channel(qhm_circuit *circuit, const uint32_t *qubits,
                                  uint32_t qubit_count, const qhm_complex *kraus, uint32_t count)
{
    REQUIRE_OK(
        qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                                                   .qubits = qubits,
                                                                   .qubit_count = qubit_count,
                                                                   .matrix = kraus,
                                                                   .kraus_count = count}));
}

static inline void append_damping(qhm_circuit *circuit, uint32_t qubit, double gamma)
{
    const qhm_complex kraus[8] = {{1, 0}, {0, 0},           {0, 0}, {sqrt(1 - gamma), 0},
                                  {0, 0}, {sqrt(gamma), 0}, {0, 0}, {0, 0}};
    append_channel(circuit, &qubit, 1, kraus, 2);
}

// Strings with these probabilities, by number x + 2^k z.
static inline void append_strings(qhm_circuit *circuit, const uint32_t *qubits,
                                  uint32_t qubit_count, const double *probabilities)
{
    qhm_complex kraus[16 * 16];
    const uint32_t dimension = 1u << qubit_count;
    for (uint32_t a = 0; a < dimension * dimension; a++) {
        const qhm_split_string string = {.x = a % dimension, .z = a / dimension};
        qhm_complex *out = kraus + a * dimension * dimension;
        qhm_split_string_matrix(&string, dimension, out);
        for (uint32_t i = 0; i < dimension * dimension; i++) {
            out[i].re *= sqrt(probabilities[a]);
            out[i].im *= sqrt(probabilities[a]);
        }
    }
    append_channel(circuit, qubits, qubit_count, kraus, dimension * dimension);
}

static inline void append_depolarizing(qhm_circuit *circuit, uint32_t qubit, double probability)
{
    const double part = probability / 4;
    append_strings(circuit, &qubit, 1, (double[]){1 - 3 * part, part, part, part});
}

// A random channel, the nearer to doing nothing the larger `identity`.
static inline void append_random_channel(qhm_circuit *circuit, qhm_random *random,
                                         const uint32_t *qubits, uint32_t qubit_count,
                                         uint32_t count, double identity)
{
    qhm_complex *kraus = reference_random_kraus(random, qubit_count, count, identity);
    append_channel(circuit, qubits, qubit_count, kraus, count);
    free(kraus);
}

#endif
