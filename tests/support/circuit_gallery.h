// Circuits that hold something of everything that is drawn in its own way.
#ifndef QHM_TESTS_CIRCUIT_GALLERY_H
#define QHM_TESTS_CIRCUIT_GALLERY_H

#include "support/checks.h"

#include <math.h>
#include <qhm/circuit.h>

static inline void append(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits,
                          qhm_angle angle)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, qubits, &angle));
}

// Something of everything that is drawn in its own way.
static inline qhm_circuit *create_gallery(void)
{
    qhm_circuit *circuit;
    qhm_angle none = {0};
    REQUIRE_OK(qhm_circuit_create(4, 2, &circuit));
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, none);
    append(circuit, QHM_GATE_SDG, (uint32_t[]){1}, none);
    append(circuit, QHM_GATE_SX, (uint32_t[]){3}, none);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 2}, none);
    append(circuit, QHM_GATE_CZ, (uint32_t[]){3, 1}, none);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, qhm_angle_input(0, 1));
    append(circuit, QHM_GATE_RY, (uint32_t[]){1}, qhm_angle_weight(3));
    append(circuit, QHM_GATE_CP, (uint32_t[]){2, 3},
           (qhm_angle){.scale = 2,
                       .factors = {{QHM_SLOT_INPUT, 0, -M_PI}, {QHM_SLOT_INPUT, 1, -M_PI}}});
    append(circuit, QHM_GATE_BARRIER, NULL, none);
    append(circuit, QHM_GATE_RZZ, (uint32_t[]){0, 3}, qhm_angle_constant(-3 * M_PI / 4));
    append(circuit, QHM_GATE_ECR, (uint32_t[]){2, 1}, none);
    append(circuit, QHM_GATE_CSWAP, (uint32_t[]){1, 0, 3}, none);
    append(circuit, QHM_GATE_CCX, (uint32_t[]){3, 0, 1}, none);
    qhm_angle three[3] = {qhm_angle_constant(0.123456), qhm_angle_weight(0),
                          qhm_angle_input(12, 0.5)};
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_U, (uint32_t[]){2}, three));
    qhm_complex x[4] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}};
    qhm_instruction unitary = {.gate = QHM_GATE_UNITARY,
                               .control_count = 1,
                               .qubit_count = 2,
                               .qubits = (uint32_t[]){3, 2},
                               .matrix = x};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &unitary));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 0));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 2, 1));
    qhm_instruction conditional = {
        .gate = QHM_GATE_CX, .qubits = (uint32_t[]){0, 1}, .condition = qhm_condition_bit(1, true)};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &conditional));
    conditional.gate = QHM_GATE_Z;
    conditional.condition = qhm_condition_bit(0, false);
    conditional.qubits = (uint32_t[]){3};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &conditional));
    append(circuit, QHM_GATE_RESET, (uint32_t[]){2}, none);
    return circuit;
}

static inline qhm_condition compare(qhm_relation relation, uint32_t first, uint32_t count,
                                    const uint64_t *value)
{
    return (qhm_condition){
        .relation = relation, .first_bit = first, .bit_count = count, .value = value};
}

static inline void append_step(qhm_circuit *circuit, qhm_instruction step)
{
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &step));
}

// Registers, conditions on numbers, classical bits, a loop, names of slots.
static inline qhm_circuit *create_program(void)
{
    static const uint64_t two = 2, six = 6;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "data", 2));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "ancilla", 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "out", 3));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "flag", 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 2));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 0, "θ"));
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, qhm_angle_input(0, 0.5));
    append_step(circuit, (qhm_instruction){.gate = QHM_GATE_WHILE,
                                           .condition = compare(QHM_RELATION_LESS, 0, 3, &six)});
    append(circuit, QHM_GATE_H, (uint32_t[]){2}, (qhm_angle){0});
    append(circuit, QHM_GATE_CX, (uint32_t[]){2, 1}, (qhm_angle){0});
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 2, 3));
    append_step(circuit, (qhm_instruction){.gate = QHM_GATE_MEASURE,
                                           .qubits = (uint32_t[]){1},
                                           .bit = 2,
                                           .condition = qhm_condition_bit(3, true)});
    append_step(circuit, (qhm_instruction){.gate = QHM_GATE_SET,
                                           .bit = 4,
                                           .bit_value = true,
                                           .condition = compare(QHM_RELATION_EQUAL, 1, 2, &two)});
    append_step(circuit, (qhm_instruction){.gate = QHM_GATE_END});
    append_step(
        circuit,
        (qhm_instruction){.gate = QHM_GATE_SET, .bit = 4, .condition = qhm_condition_bit(5, true)});
    append_step(circuit, (qhm_instruction){.gate = QHM_GATE_SET, .bit = 0, .bit_value = true});
    append_step(circuit,
                (qhm_instruction){.gate = QHM_GATE_MEASURE,
                                  .qubits = (uint32_t[]){0},
                                  .bit = 1,
                                  .condition = compare(QHM_RELATION_GREATER_EQUAL, 0, 3, &two)});
    qhm_condition wide = compare(QHM_RELATION_NOT_EQUAL, 0, 4, &six);
    append_step(circuit, (qhm_instruction){
                             .gate = QHM_GATE_X, .qubits = (uint32_t[]){1}, .condition = wide});
    append_step(circuit, (qhm_instruction){.gate = QHM_GATE_RESET, .qubits = (uint32_t[]){0}});
    return circuit;
}

#endif
