// Runs a circuit along one branch: outcomes at random, or forced so that two circuits can be
// compared on the same ones. Plain matrices on amplitudes; loops are followed.
#ifndef QHM_TESTS_ONE_BRANCH_H
#define QHM_TESTS_ONE_BRANCH_H

#include "circuit/circuit_internal.h"
#include "support/checks.h"

#include <complex.h>
#include <qhm/random.h>

typedef struct one_branch {
    size_t qubit_count, dimension;
    double complex *state; // [2^n]
    uint64_t bits[16];
    qhm_random *random;     // where outcomes come from; NULL: from `forced`
    const uint64_t *forced; // the value of the bit that a measurement writes
    double probability;     // of the outcomes so far
} one_branch;

static inline bool branch_bit(const uint64_t *bits, uint32_t bit)
{
    return bits[bit / 64] >> bit % 64 & 1;
}

static inline void branch_set_bit(uint64_t *bits, uint32_t bit, bool value)
{
    bits[bit / 64] &= ~((uint64_t)1 << bit % 64);
    bits[bit / 64] |= (uint64_t)value << bit % 64;
}

// A matrix [2^k][2^k] on k <= 3 qubits, the first as bit 0, under controls.
static inline void branch_apply(one_branch *branch, const qhm_complex *matrix,
                                const uint32_t *controls, uint32_t control_count,
                                const uint32_t *qubits, uint32_t count)
{
    size_t mask = 0, on = 0;
    for (uint32_t i = 0; i < count; i++)
        mask |= (size_t)1 << qubits[i];
    for (uint32_t i = 0; i < control_count; i++)
        on |= (size_t)1 << controls[i];
    for (size_t basis = 0; basis < branch->dimension; basis++) {
        if ((basis & mask) || (basis & on) != on)
            continue;
        double complex in[8];
        const size_t size = (size_t)1 << count;
        size_t places[8];
        for (size_t k = 0; k < size; k++) {
            places[k] = basis;
            for (uint32_t i = 0; i < count; i++)
                places[k] |= (k >> i & 1) << qubits[i];
            in[k] = branch->state[places[k]];
        }
        for (size_t row = 0; row < size; row++) {
            branch->state[places[row]] = 0;
            for (size_t k = 0; k < size; k++)
                branch->state[places[row]] +=
                    (matrix[row * size + k].re + I * matrix[row * size + k].im) * in[k];
        }
    }
}

static inline void branch_apply_gate(one_branch *branch, qhm_gate gate, uint32_t qubit)
{
    qhm_complex matrix[4];
    qhm_gate_matrix(gate, NULL, matrix);
    branch_apply(branch, matrix, NULL, 0, &qubit, 1);
}

// Measures a Pauli string and returns the outcome; bit UINT32_MAX: of a reset, whose outcome nobody
// forces.
static inline bool branch_measure(one_branch *branch, const uint32_t *qubits, const uint8_t *paulis,
                                  uint32_t count, uint32_t bit)
{
    static const qhm_gate gates[4] = {QHM_GATE_BARRIER, QHM_GATE_X, QHM_GATE_Y, QHM_GATE_Z};
    double complex *kept = malloc(branch->dimension * sizeof *kept);
    double mean = 0;
    assert_non_null(kept);
    memcpy(kept, branch->state, branch->dimension * sizeof *kept);
    for (uint32_t i = 0; i < count; i++)
        branch_apply_gate(branch, gates[paulis[i]], qubits[i]);
    for (size_t i = 0; i < branch->dimension; i++)
        mean += creal(conj(kept[i]) * branch->state[i]);
    const double one = (1 - mean) / 2;
    const bool outcome = branch->random      ? qhm_random_uniform(branch->random) < one
                         : bit == UINT32_MAX ? one > 0.5
                                             : branch_bit(branch->forced, bit);
    const double chance = outcome ? one : 1 - one;
    for (size_t i = 0; i < branch->dimension; i++)
        branch->state[i] =
            chance > 1e-14 ? (kept[i] + (outcome ? -1 : 1) * branch->state[i]) / (2 * sqrt(chance))
                           : 0;
    branch->probability *= chance;
    free(kept);
    return outcome;
}

static inline size_t branch_jump(const qhm_circuit *circuit, size_t from, int step)
{
    int depth = 0;
    for (size_t i = from;; i += (size_t)step) {
        const qhm_gate gate = qhm_circuit_instruction(circuit, i)->gate;
        depth += gate == QHM_GATE_WHILE;
        depth -= gate == QHM_GATE_END;
        if (depth == 0)
            return i;
    }
}

static inline void branch_step(one_branch *branch, const qhm_instruction *instruction)
{
    const uint8_t z = QHM_PAULI_Z;
    bool outcome;
    switch ((int)instruction->gate) {
    case QHM_GATE_BARRIER:
    case QHM_GATE_DELAY:
        return;
    case QHM_GATE_SET:
        branch_set_bit(branch->bits, instruction->bit, instruction->bit_value);
        return;
    case QHM_GATE_MEASURE:
        outcome = branch_measure(branch, instruction->qubits, &z, 1, instruction->bit);
        branch_set_bit(branch->bits, instruction->bit, outcome);
        return;
    case QHM_GATE_MEASURE_PAULI:
        outcome = branch_measure(branch, instruction->qubits, instruction->paulis,
                                 instruction->qubit_count, instruction->bit);
        branch_set_bit(branch->bits, instruction->bit, outcome);
        return;
    case QHM_GATE_RESET:
        if (branch_measure(branch, instruction->qubits, &z, 1, UINT32_MAX))
            branch_apply_gate(branch, QHM_GATE_X, instruction->qubits[0]);
        return;
    default:
        break;
    }
    qhm_complex matrix[64];
    const uint32_t controls = qhm_instruction_control_count(instruction);
    assert_true(qhm_gate_information(instruction->gate)->is_unitary);
    qhm_instruction_matrix(instruction, NULL, NULL, matrix);
    branch_apply(branch, matrix, instruction->qubits, controls, instruction->qubits + controls,
                 instruction->qubit_count - controls);
}

// Runs from |0...0>. Free the state.
static inline one_branch branch_run(const qhm_circuit *circuit, qhm_random *random,
                                    const uint64_t *forced)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), dimension = (size_t)1 << qubits;
    one_branch branch = {.qubit_count = qubits,
                         .dimension = dimension,
                         .state = calloc(dimension, sizeof(double complex)),
                         .random = random,
                         .forced = forced,
                         .probability = 1};
    assert_non_null(branch.state);
    assert_true(qhm_circuit_bit_count(circuit) <= sizeof branch.bits * 8);
    branch.state[0] = 1;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        const bool holds = qhm_condition_holds(&instruction->condition, branch.bits);
        if (instruction->gate == QHM_GATE_END)
            i = branch_jump(circuit, i, -1) - 1;
        else if (instruction->gate == QHM_GATE_WHILE)
            i = holds ? i : branch_jump(circuit, i, 1);
        else if (holds)
            branch_step(&branch, instruction);
    }
    return branch;
}

// <small| reduced state of big's qubits places[i] |small>.
static inline double branch_fidelity(const one_branch *small, const one_branch *big,
                                     const uint32_t *places)
{
    size_t mask = 0;
    double sum = 0;
    for (size_t i = 0; i < small->qubit_count; i++)
        mask |= (size_t)1 << places[i];
    for (size_t rest = 0; rest < big->dimension; rest++) {
        if (rest & mask)
            continue;
        double complex inner = 0;
        for (size_t k = 0; k < small->dimension; k++) {
            size_t basis = rest;
            for (size_t i = 0; i < small->qubit_count; i++)
                basis |= (k >> i & 1) << places[i];
            inner += conj(small->state[k]) * big->state[basis];
        }
        sum += creal(inner * conj(inner));
    }
    return sum;
}

#endif
