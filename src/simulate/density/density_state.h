// A density matrix that runs a circuit instruction by instruction, for circuits in which something
// follows outcomes.
#ifndef QHM_SIMULATE_DENSITY_STATE_H
#define QHM_SIMULATE_DENSITY_STATE_H

#include "simulate/density/density_internal.h"

// What one instruction does, and its sparse maps as reals.
typedef struct qhm_density_part {
    qhm_density_program program;
    char *reals;
    size_t *offsets; // [ops] bytes
} qhm_density_part;

// What all states of a circuit share.
typedef struct qhm_density_parts {
    const qhm_density_kernels *kernels;
    size_t qubit_count;
    qhm_density_part *parts; // [instructions]
    size_t part_count;
    size_t digits, lanes, lane_digits, elements; // of a state, whose lanes are its lowest digits
} qhm_density_parts;

typedef struct qhm_density_state {
    const qhm_density_parts *program;
    char *memory;
    uint8_t positions[QHM_DENSITY_MAX_QUBITS]; // of qubits
    double *sums;                              // [2^n] for the user
} qhm_density_state;

QHM_MUST_CHECK qhm_status qhm_density_parts_create(const qhm_circuit *circuit,
                                                   const qhm_density_kernels *kernels,
                                                   qhm_density_parts **parts);
void qhm_density_parts_destroy(qhm_density_parts *parts);
size_t qhm_density_parts_bytes(const qhm_density_parts *parts);

QHM_MUST_CHECK qhm_status qhm_density_state_create(const qhm_density_parts *parts,
                                                   qhm_density_state **state);
void qhm_density_state_destroy(qhm_density_state *state);
size_t qhm_density_state_bytes(const qhm_density_parts *parts); // of one
void qhm_density_state_reset(qhm_density_state *state);
void qhm_density_state_copy(qhm_density_state *to, const qhm_density_state *from);

// Becomes (1 - share) times itself and share times another, both of trace 1.
void qhm_density_state_mix(qhm_density_state *state, const qhm_density_state *other, double share);

// A gate or channel of the circuit, with the values of its angles.
void qhm_density_state_apply(qhm_density_state *state, size_t index, const double *angles);

// Measurements that write their bit wrong with probabilities flips[2]: the probability that 1 is
// written, and the state after `outcome` was, which the truth may not be. Wrong bits need no
// branches of their own.
double qhm_density_state_one_probability(const qhm_density_state *state, uint32_t qubit,
                                         const double *flips);
void qhm_density_state_collapse(qhm_density_state *state, uint32_t qubit, const double *flips,
                                bool outcome);
void qhm_density_state_discard(qhm_density_state *state, uint32_t qubit); // resets it

double qhm_density_state_expectation(const qhm_density_state *state,
                                     const qhm_pauli_factor *factors, size_t count);
// As qhm_density_probabilities.
void qhm_density_state_probabilities(const qhm_density_state *state, const uint8_t *letters,
                                     double *out);

#endif
