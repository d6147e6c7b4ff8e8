// Counts and depth of circuits whose answers are known by hand.
#include "support/checks.h"

#include <qhm/circuit.h>

static qhm_circuit_counts count(const qhm_circuit *circuit)
{
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    return counts;
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b)
{
    qhm_angle angle = qhm_angle_weight(1);
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, &angle));
}

static void gates_are_counted_by_size_and_kind(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(4, 2, &circuit));
    append(circuit, QHM_GATE_H, 0, 0);
    append(circuit, QHM_GATE_CRX, 0, 1);
    append(circuit, QHM_GATE_CX, 0, 1);
    append(circuit, QHM_GATE_BARRIER, 0, 0);
    append(circuit, QHM_GATE_RESET, 3, 0);
    qhm_instruction wide = {
        .gate = QHM_GATE_X, .control_count = 3, .qubits = (uint32_t[]){0, 1, 2, 3}};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &wide));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 2, 1));
    qhm_circuit_counts counts = count(circuit);
    assert_int_equal(counts.qubits, 4);
    assert_int_equal(counts.one_qubit_gates, 1);
    assert_int_equal(counts.two_qubit_gates, 2);
    assert_int_equal(counts.larger_gates, 1);
    assert_int_equal(counts.measurements, 1);
    assert_int_equal(counts.resets, 1);
    assert_int_equal(counts.weights, 2);
    assert_int_equal(counts.inputs, 0);
    assert_int_equal(counts.by_gate[QHM_GATE_CX], 1);
    assert_int_equal(counts.by_gate[QHM_GATE_X], 1);
    assert_int_equal(counts.by_gate[QHM_GATE_BARRIER], 1);
    assert_int_equal(counts.depth, 6);           // h crx cx | reset x measure
    assert_int_equal(counts.two_qubit_depth, 3); // crx cx x
    qhm_circuit_destroy(circuit);
}

static void gates_on_different_qubits_are_side_by_side(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(6, 0, &circuit));
    assert_int_equal(count(circuit).depth, 0);
    for (uint32_t q = 0; q < 6; q++)
        append(circuit, QHM_GATE_RY, q, 0);
    assert_int_equal(count(circuit).depth, 1);
    for (uint32_t q = 0; q + 1 < 6; q++) // a chain is a staircase
        append(circuit, QHM_GATE_CX, q, q + 1);
    assert_int_equal(count(circuit).depth, 6);
    assert_int_equal(count(circuit).two_qubit_depth, 5);
    append(circuit, QHM_GATE_H, 0, 0); // fits in below the staircase
    assert_int_equal(count(circuit).depth, 6);
    qhm_circuit_destroy(circuit);
}

static void barriers_order_without_depth(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    append(circuit, QHM_GATE_H, 0, 0);
    append(circuit, QHM_GATE_H, 0, 0);
    qhm_instruction barrier = {
        .gate = QHM_GATE_BARRIER, .qubit_count = 2, .qubits = (uint32_t[]){0, 1}};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &barrier));
    append(circuit, QHM_GATE_H, 1, 0); // waits for qubit 0
    append(circuit, QHM_GATE_H, 2, 0); // does not
    assert_int_equal(count(circuit).depth, 3);
    append(circuit, QHM_GATE_H, 2, 0);
    append(circuit, QHM_GATE_H, 2, 0);
    assert_int_equal(count(circuit).depth, 3);
    qhm_circuit_destroy(circuit);
}

static void classical_bits_order_too(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(4, 1, &circuit));
    append(circuit, QHM_GATE_H, 0, 0);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0)); // ends at 2
    for (uint32_t q = 1; q < 3; q++) {
        qhm_instruction flip = {
            .gate = QHM_GATE_X, .qubits = &q, .condition = qhm_condition_bit(0, false)};
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &flip)); // both end at 3
    }
    assert_int_equal(count(circuit).depth, 3);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 3, 0)); // overwrites the bit after both reads
    assert_int_equal(count(circuit).depth, 4);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gates_are_counted_by_size_and_kind),
        cmocka_unit_test(gates_on_different_qubits_are_side_by_side),
        cmocka_unit_test(barriers_order_without_depth),
        cmocka_unit_test(classical_bits_order_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
