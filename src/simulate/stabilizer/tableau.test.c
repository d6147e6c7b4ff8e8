// The tableau against full matrices: which gates are Clifford, expectation values, outcomes.
#include "simulate/stabilizer/tableau.h"

#include "base/memory.h"
#include "circuit/gate_table.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

static bool is_clifford(const qhm_instruction *instruction, const double *angles)
{
    qhm_clifford_list list = {0};
    bool result;
    REQUIRE_OK(qhm_clifford_append(&list, instruction, angles, &result));
    qhm_release(list.ops);
    return result;
}

static bool is_clifford_gate(qhm_gate gate, double angle, uint32_t extra_controls)
{
    const qhm_gate_info *info = qhm_gate_information(gate);
    const double angles[3] = {angle, angle, angle};
    return is_clifford(
        &(qhm_instruction){.gate = gate,
                           .control_count = extra_controls,
                           .qubit_count = extra_controls + info->control_count + info->target_count,
                           .qubits = (uint32_t[]){0, 1, 2, 3, 4, 5, 6}},
        angles);
}

static void clifford_gates_are_recognised(void **state)
{
    (void)state;
    const qhm_gate always[] = {QHM_GATE_H,   QHM_GATE_X,     QHM_GATE_Y,      QHM_GATE_Z,
                               QHM_GATE_S,   QHM_GATE_SDG,   QHM_GATE_SX,     QHM_GATE_SXDG,
                               QHM_GATE_CX,  QHM_GATE_CY,    QHM_GATE_CZ,     QHM_GATE_SWAP,
                               QHM_GATE_ECR, QHM_GATE_ISWAP, QHM_GATE_ISWAPDG};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        assert_true(is_clifford_gate(always[i], 0, 0));
    const qhm_gate never[] = {QHM_GATE_T, QHM_GATE_TDG, QHM_GATE_CH, QHM_GATE_CCX, QHM_GATE_CSWAP};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        assert_false(is_clifford_gate(never[i], 0, 0));
    const qhm_gate quarter[] = {QHM_GATE_RX, QHM_GATE_RY,  QHM_GATE_RZ,  QHM_GATE_P,
                                QHM_GATE_U,  QHM_GATE_RXX, QHM_GATE_RYY, QHM_GATE_RZZ};
    for (size_t i = 0; i < sizeof quarter / sizeof quarter[0]; i++)
        for (int k = -5; k <= 5; k++) {
            assert_true(is_clifford_gate(quarter[i], k * M_PI / 2, 0));
            assert_true(is_clifford_gate(quarter[i], k * M_PI / 2 + 1e-14, 0));
            assert_false(is_clifford_gate(quarter[i], k * M_PI / 2 + 1e-9, 0));
        }
    const qhm_gate half[] = {QHM_GATE_CP, QHM_GATE_CRX, QHM_GATE_CRY, QHM_GATE_CRZ};
    for (size_t i = 0; i < sizeof half / sizeof half[0]; i++)
        for (int k = -4; k <= 4; k++)
            assert_int_equal(is_clifford_gate(half[i], k * M_PI / 2, 0), k % 2 == 0);
    assert_true(is_clifford_gate(QHM_GATE_X, 0, 1));
    assert_false(is_clifford_gate(QHM_GATE_X, 0, 2));
    assert_false(is_clifford_gate(QHM_GATE_S, 0, 1));
    assert_true(is_clifford_gate(QHM_GATE_P, M_PI, 1));
    assert_true(is_clifford_gate(QHM_GATE_RZ, 0, 6)); // the identity under any controls
    assert_false(is_clifford_gate(QHM_GATE_Z, 0, 4));
}

// A random gate that is Clifford, on random qubits of 4: from the table with angles that are
// multiples of pi/2, or the matrix of a few of them.
static void append_random_clifford(qhm_circuit *circuit, qhm_random *random, bool with_matrices)
{
    uint32_t qubits[4] = {0, 1, 2, 3};
    for (size_t i = 0; i < 3; i++) {
        size_t j = i + qhm_random_below(random, 4 - i);
        uint32_t other = qubits[i];
        qubits[i] = qubits[j];
        qubits[j] = other;
    }
    if (with_matrices && qhm_random_below(random, 4) == 0) {
        const uint32_t count = 1 + (uint32_t)qhm_random_below(random, 3);
        qhm_circuit *part;
        REQUIRE_OK(qhm_circuit_create(count, 0, &part));
        for (int i = 0; i < 8; i++) {
            uint32_t a = (uint32_t)qhm_random_below(random, count), pair[2] = {a, (a + 1) % count};
            if (count > 1)
                REQUIRE_OK(qhm_circuit_append(part, QHM_GATE_CX, pair, NULL));
            REQUIRE_OK(qhm_circuit_append(part, i % 3 == 0 ? QHM_GATE_S : QHM_GATE_H, pair, NULL));
        }
        qhm_complex *matrix = reference_circuit_matrix(part, NULL, NULL);
        REQUIRE_OK(
            qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                                                       .qubit_count = count,
                                                                       .qubits = qubits,
                                                                       .matrix = matrix}));
        free(matrix);
        qhm_circuit_destroy(part);
        return;
    }
    for (;;) {
        const qhm_gate gate = (qhm_gate)qhm_random_below(random, QHM_GATE_UNITARY);
        const qhm_gate_info *info = qhm_gate_information(gate);
        double values[3];
        qhm_angle angles[3];
        for (int a = 0; a < 3; a++) {
            values[a] = (double)qhm_random_below(random, 8) * M_PI / 2;
            angles[a] = qhm_angle_constant(values[a]);
        }
        qhm_instruction instruction = {.gate = gate,
                                       .qubit_count = info->control_count + info->target_count,
                                       .qubits = qubits,
                                       .angles = angles};
        if (!is_clifford(&instruction, values))
            continue;
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
        return;
    }
}

static qhm_tableau *run(const qhm_circuit *circuit)
{
    qhm_tableau *tableau;
    REQUIRE_OK(qhm_tableau_create(qhm_circuit_qubit_count(circuit), &tableau));
    qhm_clifford_list list = {0};
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        double values[3] = {0, 0, 0};
        for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++)
            values[a] = qhm_angle_value(&instruction->angles[a], NULL, NULL);
        bool is_one;
        REQUIRE_OK(qhm_clifford_append(&list, instruction, values, &is_one));
        assert_true(is_one);
    }
    qhm_tableau_apply(tableau, list.ops, list.count);
    qhm_release(list.ops);
    return tableau;
}

// All 4^4 Pauli strings determine the state.
static void all_expectation_values_are_those_of_the_state(void **state)
{
    (void)state;
    enum { QUBITS = 4 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (int round = 0; round < 20; round++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &circuit));
        for (int g = 0; g < 40; g++)
            append_random_clifford(circuit, &random, true);
        qhm_complex *expected = reference_run(circuit, NULL, NULL);
        qhm_tableau *tableau = run(circuit);
        for (unsigned string = 0; string < 256; string++) {
            qhm_pauli_factor factors[QUBITS];
            size_t count = 0;
            for (uint32_t q = 0; q < QUBITS; q++)
                if (string >> 2 * q & 3)
                    factors[count++] = (qhm_pauli_factor){q, (qhm_pauli)(string >> 2 * q & 3)};
            qhm_observable *observable;
            REQUIRE_OK(qhm_observable_create(&observable));
            REQUIRE_OK(qhm_observable_append(observable, 1, factors, count));
            REQUIRE_NEAR(qhm_tableau_expectation(tableau, factors, count),
                         reference_expectation(observable, QUBITS, expected), 1e-9);
            qhm_observable_destroy(observable);
        }
        qhm_tableau_destroy(tableau);
        free(expected);
        qhm_circuit_destroy(circuit);
    }
}

static qhm_tableau *create(size_t qubits)
{
    qhm_tableau *tableau;
    REQUIRE_OK(qhm_tableau_create(qubits, &tableau));
    return tableau;
}

static void apply(qhm_tableau *tableau, qhm_gate gate, uint32_t a, uint32_t b)
{
    const qhm_gate_info *info = qhm_gate_information(gate);
    qhm_clifford_list list = {0};
    bool is_one;
    REQUIRE_OK(qhm_clifford_append(
        &list,
        &(qhm_instruction){.gate = gate,
                           .qubit_count = info->control_count + info->target_count,
                           .qubits = (uint32_t[]){a, b}},
        NULL, &is_one));
    assert_true(is_one);
    qhm_tableau_apply(tableau, list.ops, list.count);
    qhm_release(list.ops);
}

static void outcomes_are_sums_of_variables(void **state)
{
    (void)state;
    // A chain of 70 qubits: all outcomes equal the first, the last is flipped.
    qhm_tableau *tableau = create(70);
    apply(tableau, QHM_GATE_H, 0, 0);
    for (uint32_t q = 0; q + 1 < 70; q++)
        apply(tableau, QHM_GATE_CX, q, q + 1);
    apply(tableau, QHM_GATE_X, 69, 0);
    qhm_affine outcome = {0};
    for (uint32_t q = 0; q < 70; q++) {
        REQUIRE_OK(qhm_tableau_measure(tableau, q, &outcome));
        assert_int_equal(tableau->variable_count, 1);
        assert_int_equal(outcome.terms[0], q == 69 ? 3 : 2);
        assert_false(qhm_affine_is_constant(&outcome));
    }
    // A flip that depends on the variable undoes it.
    qhm_tableau_flip(tableau, 5, true, false, &(qhm_affine){.terms = (uint64_t[]){3}, .words = 1});
    REQUIRE_OK(qhm_tableau_measure(tableau, 5, &outcome));
    assert_true(qhm_affine_is_constant(&outcome) && qhm_affine_constant(&outcome));
    REQUIRE_NEAR(qhm_tableau_expectation(tableau, &(qhm_pauli_factor){5, QHM_PAULI_Z}, 1), -1, 0);
    REQUIRE_NEAR(qhm_tableau_expectation(tableau, &(qhm_pauli_factor){6, QHM_PAULI_Z}, 1), 0, 0);
    // Measured again in another basis: a new variable.
    apply(tableau, QHM_GATE_H, 7, 0);
    REQUIRE_OK(qhm_tableau_measure(tableau, 7, &outcome));
    assert_int_equal(outcome.terms[0], 4);
    qhm_affine_release(&outcome);
    qhm_tableau_destroy(tableau);
}

// Forced outcomes of a random state of 200 qubits: what was measured stays, its product with any
// other outcome obeys every stabilizer of the state before.
static void collapsed_outcomes_obey_the_state(void **state)
{
    (void)state;
    enum { QUBITS = 200 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    qhm_tableau *tableau = create(QUBITS), *before = create(QUBITS);
    for (int g = 0; g < 6000; g++) {
        uint32_t a = (uint32_t)qhm_random_below(&random, QUBITS);
        uint32_t b = (a + 1 + (uint32_t)qhm_random_below(&random, QUBITS - 1)) % QUBITS;
        const qhm_gate gates[4] = {QHM_GATE_CX, QHM_GATE_S, QHM_GATE_CZ, QHM_GATE_SWAP};
        // H at the beginning only, so that strings of Z alone are left.
        apply(tableau, g < 80 ? QHM_GATE_H : gates[g % 4], a, b);
    }
    REQUIRE_OK(qhm_tableau_copy(before, tableau));
    bool outcomes[QUBITS];
    size_t decided = 0;
    for (uint32_t q = 0; q < QUBITS; q++) {
        long pivot = qhm_tableau_find_pivot(tableau, q);
        decided += pivot < 0;
        outcomes[q] = qhm_random_u32(&random) & 1;
        if (pivot >= 0)
            qhm_tableau_collapse(tableau, q, pivot, outcomes[q]);
        else
            outcomes[q] = qhm_tableau_outcome(tableau, q);
        assert_true(qhm_tableau_find_pivot(tableau, q) == QHM_NO_PIVOT);
    }
    assert_true(decided > 10 && decided < QUBITS - 10);
    for (uint32_t q = 0; q < QUBITS; q++) {
        REQUIRE_NEAR(qhm_tableau_expectation(tableau, &(qhm_pauli_factor){q, QHM_PAULI_Z}, 1),
                     outcomes[q] ? -1 : 1, 0);
        assert_int_equal(qhm_tableau_outcome(tableau, q), outcomes[q]);
    }
    // Stabilizers of Z alone before: sums of rows whose X parts cancel. Try single rows.
    size_t tried = 0;
    for (size_t row = 0; row < QUBITS; row++) {
        qhm_pauli_factor factors[QUBITS];
        size_t count = 0;
        bool has_x = false, parity = false;
        for (uint32_t q = 0; q < QUBITS; q++) {
            const size_t word = q * 2 * before->words + row / 64;
            has_x |= before->x[word] >> row % 64 & 1;
            if (before->z[word] >> row % 64 & 1) {
                factors[count++] = (qhm_pauli_factor){q, QHM_PAULI_Z};
                parity ^= outcomes[q];
            }
        }
        if (has_x)
            continue;
        tried++;
        REQUIRE_NEAR(qhm_tableau_expectation(before, factors, count), parity ? -1 : 1, 0);
    }
    assert_true(tried > 0);
    qhm_tableau_destroy(tableau);
    qhm_tableau_destroy(before);
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_tableau *tableau = NULL, *copy = NULL;
    qhm_affine outcome = {0};
    qhm_clifford_list list = {0};
    bool is_one;
    qhm_status status = qhm_tableau_create(3, &tableau);
    if (status == QHM_OK)
        status = qhm_tableau_create(3, &copy);
    for (uint32_t q = 0; status == QHM_OK && q < 3; q++) {
        status = qhm_clifford_append(
            &list, &(qhm_instruction){.gate = QHM_GATE_H, .qubit_count = 1, .qubits = &q}, NULL,
            &is_one);
        if (status == QHM_OK) {
            qhm_tableau_apply(tableau, list.ops + list.count - 1, 1);
            status = qhm_tableau_measure(tableau, q, &outcome);
        }
    }
    if (status == QHM_OK)
        status = qhm_tableau_copy(copy, tableau);
    qhm_affine_release(&outcome);
    qhm_release(list.ops);
    qhm_tableau_destroy(tableau);
    qhm_tableau_destroy(copy);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clifford_gates_are_recognised),
        cmocka_unit_test(all_expectation_values_are_those_of_the_state),
        cmocka_unit_test(outcomes_are_sums_of_variables),
        cmocka_unit_test(collapsed_outcomes_obey_the_state),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
