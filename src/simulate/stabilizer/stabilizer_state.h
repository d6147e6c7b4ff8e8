// A stabilizer state as a stepper runs it: the tableau, and outcomes as sums of variables.
#ifndef QHM_SIMULATE_STABILIZER_STATE_H
#define QHM_SIMULATE_STABILIZER_STATE_H

#include "simulate/stabilizer/affine_outcomes.h"
#include "simulate/stepper.h"

// What all states of a plan share: the operations of instructions whose angles are constant.
typedef struct qhm_stabilizer_program {
    qhm_clifford_list list;
    size_t *ends;      // [instructions + 1] operations of instruction i: ends[i] to ends[i + 1]
    bool *is_constant; // [instructions]
} qhm_stabilizer_program;

typedef struct qhm_stabilizer_state {
    const qhm_stepper *plan;
    qhm_tableau *tableau;
    qhm_clifford_list list; // of an instruction whose angles have slots
    qhm_affine outcome;     // of a qubit
    qhm_affine *bits;       // [bit_count] after describe
    bool has_bits;
    long pivot;                   // what one_probability found: for collapse
    qhm_affine_outcomes outcomes; // qubits, then (has_bits) classical bits
} qhm_stabilizer_state;

// stabilizer_describe.c
qhm_status qhm_stabilizer_describe(void *state, const qhm_step_sample *sample, bool *is_described);
qhm_status qhm_stabilizer_prepare_draws(void *state, const bool *wanted);
void qhm_stabilizer_draw(const void *state, qhm_random *random, void *scratch, uint64_t *qubits,
                         uint64_t *bits);
qhm_status qhm_stabilizer_list(void *state, const qhm_exact_request *request,
                               qhm_distribution *distribution);

// stabilizer_amplitudes.c
qhm_status qhm_stabilizer_amplitudes(void *state, qhm_complex *amplitudes);

// stabilizer.c
qhm_status qhm_stabilizer_fail_gate(const qhm_instruction *instruction, size_t index,
                                    const double *angles);
qhm_status qhm_stabilizer_apply(void *state, const qhm_instruction *instruction, size_t index,
                                const double *angles);

#endif
