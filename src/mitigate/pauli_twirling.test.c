// Pauli twirling: the same circuit, and noise that becomes a mixture of Pauli strings.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/mitigation.h>

static const qhm_gate twirled_gates[] = {QHM_GATE_CX,     QHM_GATE_CY,   QHM_GATE_CZ,
                                         QHM_GATE_ECR,    QHM_GATE_SWAP, QHM_GATE_ISWAP,
                                         QHM_GATE_ISWAPDG};
enum { GATES = sizeof twirled_gates / sizeof twirled_gates[0] };

// All gates in turn, and others that must stay alone.
static qhm_circuit *example(void)
{
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(0.7);
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    for (uint32_t g = 0; g < GATES; g++) {
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){g % 3}, &angle));
        REQUIRE_OK(
            qhm_circuit_append(circuit, twirled_gates[g], (uint32_t[]){g % 3, (g + 1) % 3}, NULL));
    }
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZZ, (uint32_t[]){0, 2}, &angle));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CH, (uint32_t[]){0, 2}, NULL));
    return circuit;
}

static void twirled_circuits_do_the_same(void **state)
{
    (void)state;
    qhm_circuit *circuit = example(), *twirled;
    qhm_complex *expected = reference_circuit_matrix(circuit, NULL, NULL);
    size_t least = SIZE_MAX, most = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        REQUIRE_OK(qhm_circuit_twirl(circuit, seed, &twirled));
        qhm_complex *matrix = reference_circuit_matrix(twirled, NULL, NULL);
        qhm_complex overlap = {0, 0};
        for (size_t i = 0; i < 64; i++) {
            overlap.re += expected[i].re * matrix[i].re + expected[i].im * matrix[i].im;
            overlap.im += expected[i].re * matrix[i].im - expected[i].im * matrix[i].re;
        }
        REQUIRE_NEAR(hypot(overlap.re, overlap.im), 8, 1e-11);
        const size_t added =
            qhm_circuit_instruction_count(twirled) - qhm_circuit_instruction_count(circuit);
        least = added < least ? added : least;
        most = added > most ? added : most;
        free(matrix);
        qhm_circuit_destroy(twirled);
    }
    assert_true(least < most && most > GATES);
    free(expected);
    qhm_circuit_destroy(circuit);
}

// A small turn after every CX, as a badly tuned gate has it: its errors add up as amplitudes.
static qhm_status turn_too_far(const void *context, const qhm_circuit *circuit, qhm_circuit **noisy)
{
    const double *angle = context;
    qhm_circuit *made;
    REQUIRE_OK(qhm_circuit_create(qhm_circuit_qubit_count(circuit), 0, &made));
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        const qhm_angle turn = qhm_angle_constant(*angle);
        REQUIRE_OK(qhm_circuit_append_instruction(made, instruction));
        if (instruction->gate == QHM_GATE_CX)
            REQUIRE_OK(qhm_circuit_append(made, QHM_GATE_RX, instruction->qubits + 1, &turn));
    }
    *noisy = made;
    return QHM_OK;
}

// Pairs of CX do nothing; the turns add up to their sum without twirling, and with it <Z> shrinks
// by cos(turn) for each.
static void turns_become_pauli_errors(void **state)
{
    (void)state;
    enum { PAIRS = 6 };
    const double angle = 0.15;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    for (int i = 0; i < 2 * PAIRS; i++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    density_executor noisy = {.change = turn_too_far, .change_context = &angle};
    qhm_executor *raw = density_executor_create(&noisy), *twirled;
    REQUIRE_OK(qhm_executor_mitigate(
        raw, "twirling", &(qhm_mitigation_options){.twirling = {.randomizations = 1500}},
        &twirled));
    REQUIRE_NEAR(executor_value(raw, circuit, "Z1", 0, 0, NULL, NULL), cos(2 * PAIRS * angle),
                 1e-12);
    double variance;
    qhm_overhead overhead;
    const double expected = pow(cos(angle), 2 * PAIRS);
    const double value = executor_value(twirled, circuit, "Z1", 0, 3, &variance, &overhead);
    assert_true(variance > 0);
    REQUIRE_NEAR(value, expected, 4 * sqrt(variance));
    assert_true(sqrt(variance) < 0.02);
    assert_int_equal(overhead.circuits, 1500);
    REQUIRE_NEAR(overhead.sampling, 1, 0);
    // Outcomes of all circuits together say the same.
    qhm_distribution *outcomes;
    REQUIRE_OK(qhm_executor_sample(twirled, &(qhm_sampling){.circuit = circuit, .shots = 6000},
                                   &outcomes, &overhead));
    REQUIRE_NEAR(qhm_distribution_total(outcomes), 6000, 0);
    assert_int_equal(overhead.shots, 6000);
    double z = 0;
    for (uint64_t x = 0; x < 4; x++)
        z += (x & 2 ? -1 : 1) * qhm_distribution_weight(outcomes, &x) / 6000;
    REQUIRE_NEAR(z, expected, 0.06);
    qhm_distribution_destroy(outcomes);
    qhm_executor_destroy(twirled);
    qhm_executor_destroy(raw);
    qhm_circuit_destroy(circuit);
}

static void shots_are_divided_among_circuits(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *raw = density_executor_create(&plain), *twirled;
    qhm_circuit *circuit = layered_circuit(2, 1, 1);
    qhm_overhead overhead;
    double variance;
    REQUIRE_OK(qhm_executor_mitigate(raw, "twirling", NULL, &twirled));
    (void)executor_value(twirled, circuit, "Z0", 1000, 3, &variance, &overhead);
    assert_int_equal(overhead.circuits, 32);
    assert_int_equal(overhead.shots, 1000);
    (void)executor_value(twirled, circuit, "Z0", 5, 3, &variance, &overhead);
    assert_int_equal(overhead.circuits, 5);
    assert_int_equal(overhead.shots, 5);
    qhm_executor_destroy(twirled);
    REQUIRE_FAILS(qhm_executor_mitigate(
                      raw, "twirling",
                      &(qhm_mitigation_options){.twirling = {.randomizations = 2000000}}, &twirled),
                  QHM_ERROR_INVALID_ARGUMENT, "randomizations is 2000000");
    REQUIRE_FAILS(qhm_circuit_twirl(NULL, 0, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a circuit");
    qhm_executor_destroy(raw);
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    qhm_circuit *twirled;
    const qhm_status status = qhm_circuit_twirl(context, 1, &twirled);
    if (status == QHM_OK)
        qhm_circuit_destroy(twirled);
    return status;
}

static void twirling_survives_failing_memory(void **state)
{
    (void)state;
    qhm_circuit *circuit = example();
    require_survives_failing_memory(attempt, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twirled_circuits_do_the_same),
        cmocka_unit_test(turns_become_pauli_errors),
        cmocka_unit_test(shots_are_divided_among_circuits),
        cmocka_unit_test(twirling_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
