// What the circuit has for chips: delays, channels, Pauli measurements, bits written wrong.
#include "circuit/circuit_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <math.h>
#include <qhm/draw.h>
#include <qhm/qasm.h>
#include <qhm/qir.h>
#include <string.h>

static const double half = 0.70710678118654752440;

// A flip of one qubit with probability p as Kraus operators [2][2][2].
static void bit_flip(double p, qhm_complex kraus[8])
{
    memset(kraus, 0, 8 * sizeof *kraus);
    kraus[0].re = kraus[3].re = sqrt(1 - p);
    kraus[5].re = kraus[6].re = sqrt(p);
}

static qhm_instruction channel(const qhm_complex *kraus, const uint32_t *qubits)
{
    return (qhm_instruction){.gate = QHM_GATE_CHANNEL,
                             .qubit_count = 1,
                             .qubits = qubits,
                             .matrix = kraus,
                             .kraus_count = 2};
}

// The probability of every value of the bits, by the branches of a run.
struct tally {
    size_t bit_count;
    double values[16];
};

static void add_branch(const unsigned char *bits, const qhm_complex *state, void *context)
{
    struct tally *tally = context;
    size_t value = 0;
    for (size_t b = 0; b < tally->bit_count; b++)
        value |= (size_t)bits[b] << b;
    for (size_t i = 0; i < 4; i++) // all circuits here have two qubits
        tally->values[value] += state[i].re * state[i].re + state[i].im * state[i].im;
}

static struct tally run(const qhm_circuit *circuit)
{
    struct tally tally = {.bit_count = qhm_circuit_bit_count(circuit)};
    reference_run_branches(circuit, NULL, NULL, add_branch, &tally);
    return tally;
}

static void instructions_are_kept(void **state)
{
    (void)state;
    qhm_circuit *circuit, *copy, *other;
    qhm_complex kraus[8];
    bit_flip(0.25, kraus);
    REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
    const qhm_instruction noise = channel(kraus, (uint32_t[]){1});
    for (int i = 0; i < 50; i++) { // pools grow and move
        REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 42.5));
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &noise));
        REQUIRE_OK(qhm_circuit_append_pauli_measure(
            circuit, 2, (uint8_t[]){QHM_PAULI_X, QHM_PAULI_Y}, (uint32_t[]){1, 0}, 1));
    }
    qhm_instruction measure = {
        .gate = QHM_GATE_MEASURE, .qubits = (uint32_t[]){0}, .flips = {0.01, 0.02}};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &measure));
    REQUIRE_OK(qhm_circuit_copy(circuit, &copy));
    assert_true(qhm_circuit_is_equal(circuit, copy));
    const qhm_instruction *last = qhm_circuit_instruction(copy, 149);
    assert_int_equal(last->paulis[0], QHM_PAULI_X);
    assert_int_equal(last->paulis[1], QHM_PAULI_Y);
    assert_true(qhm_circuit_instruction(copy, 147)->duration_ns == 42.5);
    assert_true(qhm_circuit_instruction(copy, 148)->matrix[5].re == 0.5);
    assert_true(qhm_circuit_instruction(copy, 150)->flips[1] == 0.02);

    measure.flips[1] = 0.03;
    REQUIRE_OK(qhm_circuit_create(2, 2, &other));
    REQUIRE_OK(qhm_circuit_append_instruction(other, &measure));
    measure.flips[1] = 0.02;
    qhm_circuit_destroy(copy);
    REQUIRE_OK(qhm_circuit_create(2, 2, &copy));
    REQUIRE_OK(qhm_circuit_append_instruction(copy, &measure));
    assert_false(qhm_circuit_is_equal(other, copy));

    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    assert_int_equal(counts.measurements, 51);
    assert_int_equal(counts.one_qubit_gates, 0);
    assert_int_equal(counts.depth, 51); // the measurements alone
    assert_int_equal(counts.by_gate[QHM_GATE_DELAY], 50);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(copy);
    qhm_circuit_destroy(other);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_complex kraus[8];
    bit_flip(0.25, kraus);
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    qhm_instruction noise = channel(kraus, (uint32_t[]){1});
    noise.kraus_count = 1;
    REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &noise), QHM_ERROR_INVALID_ARGUMENT,
                  "off by 0.25");
    noise.kraus_count = 5;
    REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &noise), QHM_ERROR_INVALID_ARGUMENT,
                  "5 Kraus operators, not 1 to 4");
    noise.kraus_count = 2;
    noise.qubit_count = 0;
    REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &noise), QHM_ERROR_INVALID_ARGUMENT,
                  "channel has 0 qubits");
    REQUIRE_FAILS(qhm_circuit_append_delay(circuit, 0, -1), QHM_ERROR_INVALID_ARGUMENT,
                  "delay lasts -1 ns");
    REQUIRE_FAILS(qhm_circuit_append_delay(circuit, 0, NAN), QHM_ERROR_INVALID_ARGUMENT, "delay");
    REQUIRE_FAILS(qhm_circuit_append(circuit, QHM_GATE_DELAY, (uint32_t[]){0}, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "append_instruction");
    REQUIRE_FAILS(qhm_circuit_append_pauli_measure(circuit, 2, (uint8_t[]){QHM_PAULI_X, 0},
                                                   (uint32_t[]){0, 1}, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "letter 1 of measure_pauli is 0, not X, Y or Z");
    REQUIRE_FAILS(
        qhm_circuit_append_pauli_measure(circuit, 1, (uint8_t[]){QHM_PAULI_X}, (uint32_t[]){0}, 1),
        QHM_ERROR_INVALID_ARGUMENT, "writes bit 1");
    REQUIRE_FAILS(qhm_circuit_append_pauli_measure(circuit, 0, NULL, NULL, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "0 qubits");
    qhm_instruction measure = {
        .gate = QHM_GATE_MEASURE, .qubits = (uint32_t[]){0}, .flips = {0, 1.5}};
    REQUIRE_FAILS(qhm_circuit_append_instruction(circuit, &measure), QHM_ERROR_INVALID_ARGUMENT,
                  "writes 1 wrong with probability 1.5");
    assert_int_equal(qhm_circuit_instruction_count(circuit), 0);
    qhm_circuit_destroy(circuit);
}

// Every string on two qubits, on a state without symmetry: twice in a row it gives the same value,
// and the written-out form has the distribution that the projectors have.
static void pauli_measurements_mean_projections(void **state)
{
    (void)state;
    for (uint8_t code = 0; code < 9; code++) {
        const uint8_t paulis[2] = {1 + code % 3, 1 + code / 3};
        qhm_circuit *circuit, *lowered, *expanded;
        REQUIRE_OK(qhm_circuit_create(2, 4, &circuit));
        const qhm_angle angles[3] = {qhm_angle_constant(0.7), qhm_angle_constant(0.3),
                                     qhm_angle_constant(-1.1)};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_U, (uint32_t[]){0}, angles));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){1}, angles));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRX, (uint32_t[]){0, 1}, angles + 2));
        for (uint32_t bit = 0; bit < 2; bit++)
            REQUIRE_OK(
                qhm_circuit_append_pauli_measure(circuit, 2, paulis, (uint32_t[]){1, 0}, bit));
        for (uint32_t bit = 2; bit < 4; bit++) // and the state is the one after the projection
            REQUIRE_OK(qhm_circuit_append_measure(circuit, bit - 2, bit));
        REQUIRE_OK(qhm_circuit_lower(circuit, false, &lowered));
        REQUIRE_OK(qhm_circuit_expand(
            circuit,
            &(qhm_expand_options){.gates = (qhm_gate[]){QHM_GATE_CZ, QHM_GATE_U}, .gate_count = 2},
            &expanded));
        const struct tally expected = run(circuit), found = run(lowered), spelled = run(expanded);
        double total = 0;
        for (size_t v = 0; v < 16; v++) {
            REQUIRE_NEAR(found.values[v], expected.values[v], 1e-12);
            REQUIRE_NEAR(spelled.values[v], expected.values[v], 1e-12);
            total += expected.values[v];
            if (v % 4 == 1 || v % 4 == 2)
                REQUIRE_NEAR(expected.values[v], 0, 1e-12);
        }
        REQUIRE_NEAR(total, 1, 1e-12);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(lowered);
        qhm_circuit_destroy(expanded);
    }
}

// On a Bell state XX and ZZ are +1, YY is -1: a lost minus sign of Y would show.
static void bell_states_have_their_signs(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 3, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    for (uint8_t letter = 1; letter <= 3; letter++)
        REQUIRE_OK(qhm_circuit_append_pauli_measure(circuit, 2, (uint8_t[]){letter, letter},
                                                    (uint32_t[]){0, 1}, letter - 1U));
    REQUIRE_NEAR(run(circuit).values[2], 1, 1e-12);
    qhm_circuit_destroy(circuit);
}

// A measurement under a condition that its own bit decides.
static void conditions_stay_on_the_measurement(void **state)
{
    (void)state;
    qhm_circuit *circuit, *lowered;
    REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0},
                                  (qhm_angle[]){qhm_angle_constant(1)}));
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_MEASURE_PAULI,
                                    .qubit_count = 1,
                                    .qubits = (uint32_t[]){0},
                                    .paulis = (uint8_t[]){QHM_PAULI_X},
                                    .condition = qhm_condition_bit(0, false)}));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 1));
    REQUIRE_OK(qhm_circuit_lower(circuit, false, &lowered));
    const struct tally expected = run(circuit), found = run(lowered);
    for (size_t v = 0; v < 4; v++) // p(X = +1) = (1 + sin 1) / 2, then Z is a fair coin
        REQUIRE_NEAR(found.values[v], expected.values[v], 1e-12);
    REQUIRE_NEAR(expected.values[0] + expected.values[2], (1 + sin(1)) / 2, 1e-12);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(lowered);
}

static void transforms_know_them(void **state)
{
    (void)state;
    qhm_circuit *circuit, *made = NULL;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_S, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append_delay(circuit, 1, 10));
    REQUIRE_OK(qhm_circuit_invert(circuit, &made)); // a delay is its own inverse
    assert_int_equal(qhm_circuit_instruction(made, 0)->gate, QHM_GATE_DELAY);
    qhm_circuit_destroy(made);
    REQUIRE_OK(qhm_circuit_control(circuit, 1, &made));
    assert_int_equal(qhm_circuit_instruction(made, 1)->qubit_count, 1);
    qhm_circuit_destroy(made);
    qhm_complex kraus[8];
    bit_flip(0.5, kraus);
    const qhm_instruction noise = channel(kraus, (uint32_t[]){0});
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &noise));
    REQUIRE_FAILS(qhm_circuit_invert(circuit, &made), QHM_ERROR_UNSUPPORTED,
                  "channel cannot be inverted");
    REQUIRE_FAILS(qhm_circuit_control(circuit, 1, &made), QHM_ERROR_UNSUPPORTED,
                  "channel cannot be controlled");
    char *text;
    REQUIRE_FAILS(qhm_qasm_print(circuit, NULL, &text), QHM_ERROR_UNSUPPORTED,
                  "instruction 2, channel, is noise");
    qhm_circuit_destroy(circuit);
}

static void programs_say_delays_and_pauli_measurements(void **state)
{
    (void)state;
    qhm_circuit *circuit, *read;
    char *text;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append_delay(circuit, 1, 0.1));
    REQUIRE_OK(qhm_qasm_print(circuit, NULL, &text));
    assert_non_null(strstr(text, "delay[0.1ns] q[1];"));
    REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &read, NULL));
    assert_true(qhm_circuit_is_equal(circuit, read));
    qhm_circuit_destroy(read);
    qhm_string_destroy(text);
    REQUIRE_OK(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = 2}, &text));
    assert_null(strstr(text, "delay"));
    qhm_string_destroy(text);

    static const char units[] = "OPENQASM 3.0;\nqubit[2] q;\ndelay[2us] q;\ndelay[1.5ms] q[0];\n"
                                "delay[3s] q[1];\ndelay[7dt] q[1];\n";
    REQUIRE_OK(qhm_qasm_parse(units, strlen(units), NULL, &read, NULL));
    static const double expected[] = {2e3, 2e3, 1.5e6, 3e9};
    assert_int_equal(qhm_circuit_instruction_count(read), 4); // dt is left out, with a warning
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(qhm_circuit_instruction(read, i)->duration_ns, expected[i], 1e-3);
    qhm_circuit_destroy(read);

    REQUIRE_OK(qhm_circuit_append_pauli_measure(circuit, 2, (uint8_t[]){QHM_PAULI_X, QHM_PAULI_Z},
                                                (uint32_t[]){0, 1}, 0));
    for (unsigned version = 2; version <= 3; version++) {
        REQUIRE_OK(qhm_qasm_print(circuit, &(qhm_qasm_print_options){.version = version}, &text));
        REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &read, NULL));
        const struct tally found = run(read);
        REQUIRE_NEAR(found.values[0], 0.5, 1e-12);
        qhm_circuit_destroy(read);
        qhm_string_destroy(text);
    }
    REQUIRE_OK(qhm_circuit_draw(circuit, NULL, &text));
    assert_non_null(strstr(text, "0.1 ns"));
    assert_non_null(strstr(text, "M XZ"));
    qhm_string_destroy(text);
    REQUIRE_FAILS(qhm_qir_print(circuit, NULL, &text), QHM_ERROR_UNSUPPORTED,
                  "no measurements of Pauli strings");
    qhm_circuit_destroy(circuit);
}

// The same channel twice: probabilities of flips add as 2 p (1 - p).
static void reference_runs_channels_and_flips(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_complex kraus[8];
    bit_flip(0.1, kraus);
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    const qhm_instruction noise = channel(kraus, (uint32_t[]){1});
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &noise));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &noise));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_MEASURE,
                                                                          .qubits = (uint32_t[]){1},
                                                                          .flips = {0.2, 0.3}}));
    REQUIRE_NEAR(run(circuit).values[1], 0.82 * 0.2 + 0.18 * 0.7, 1e-12);
    qhm_circuit_destroy(circuit);
}

static qhm_status build(void *context)
{
    (void)context;
    qhm_circuit *circuit, *lowered = NULL;
    qhm_complex kraus[8];
    bit_flip(half * half, kraus);
    QHM_TRY(qhm_circuit_create(2, 1, &circuit));
    const qhm_instruction noise = channel(kraus, (uint32_t[]){1});
    qhm_status status = qhm_circuit_append_instruction(circuit, &noise);
    if (status == QHM_OK)
        status = qhm_circuit_append_pauli_measure(circuit, 2, (uint8_t[]){QHM_PAULI_X, QHM_PAULI_Y},
                                                  (uint32_t[]){1, 0}, 0);
    if (status == QHM_OK)
        status = qhm_circuit_lower(circuit, true, &lowered);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(lowered);
    return status;
}

static void failing_memory_is_an_error(void **state)
{
    (void)state;
    require_survives_failing_memory(build, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_kept),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(pauli_measurements_mean_projections),
        cmocka_unit_test(bell_states_have_their_signs),
        cmocka_unit_test(conditions_stay_on_the_measurement),
        cmocka_unit_test(transforms_know_them),
        cmocka_unit_test(programs_say_delays_and_pauli_measurements),
        cmocka_unit_test(reference_runs_channels_and_flips),
        cmocka_unit_test(failing_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
