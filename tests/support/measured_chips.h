// Circuits compiled for chips that work by measuring: native operations, and the same states along
// random branches.
#ifndef QHM_TESTS_MEASURED_CHIPS_H
#define QHM_TESTS_MEASURED_CHIPS_H

#include "compile/chip_operations.h"
#include "support/checks.h"
#include "support/one_branch.h"

#include <qhm/compile.h>

static inline qhm_circuit *create(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static inline void append(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits, double angle)
{
    const qhm_angle angles[3] = {qhm_angle_constant(angle), qhm_angle_constant(0.4),
                                 qhm_angle_constant(-1.1)};
    REQUIRE_OK(qhm_circuit_append(circuit, gate, qubits, angles));
}

// Every instruction is an operation of the chip on its qubits, assumed ones only if allowed.
static inline void require_native(const qhm_device *device, const qhm_compiled *compiled,
                                  bool allows_assumed)
{
    const qhm_circuit *circuit = qhm_compiled_circuit(compiled);
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL);
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (qhm_gate_is_classical(instruction->gate) || instruction->gate == QHM_GATE_BARRIER ||
            instruction->gate == QHM_GATE_DELAY)
            continue;
        uint32_t places[2] = {0, 0};
        assert_in_range(instruction->qubit_count, 1, 2);
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            places[q] = physical[instruction->qubits[q]];
        const qhm_device_operation *operation = qhm_chip_operation_at(device, instruction, places);
        if (!operation || (operation->is_assumed && !allows_assumed))
            fail_msg("instruction %zu, %s, is not native", i,
                     qhm_gate_information(instruction->gate)->name);
    }
}

// Qubits that are reset must be in no superposition with others, so that branches stay pure.
static inline void require_same_branches(const qhm_circuit *circuit, const qhm_compiled *compiled,
                                         double tolerance, int branches)
{
    for (int n = 0; n < branches; n++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 6, (uint64_t)n, 0);
        one_branch made = branch_run(qhm_compiled_circuit(compiled), &random, NULL);
        one_branch original = branch_run(circuit, NULL, made.bits);
        assert_true(original.probability > 0);
        REQUIRE_NEAR(branch_fidelity(&original, &made, qhm_compiled_final_layout(compiled)), 1,
                     tolerance);
        free(made.state);
        free(original.state);
    }
}

#endif
