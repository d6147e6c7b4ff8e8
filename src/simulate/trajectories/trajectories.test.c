// Trajectories against closed forms, and against the branches of a plain simulator.
#include "support/noisy_circuits.h"
#include "support/reference_simulator.h"
#include "support/trajectory_subject.h"

#include <qhm/distribution.h>

// The mean over trajectories and five of its standard errors.
static double mean_of(const qhm_circuit *circuit, const char *observable,
                      const qhm_plan_options *options, size_t trajectories, bool gate_by_gate,
                      double *five_sigma)
{
    subject s = create(circuit, observable, options, trajectories, gate_by_gate);
    double value;
    REQUIRE_OK(qhm_plan_run(
        s.plan, &(qhm_request){.batch_count = 1, .seed = test_seed(), .expectations = &value}));
    const double error = qhm_plan_accuracy(s.plan).standard_error;
    assert_true(error >= 0 && error < 1);
    *five_sigma = 5 * error + 1e-12;
    destroy(s);
    return value;
}

static double mean_at_once(const qhm_circuit *circuit, const char *observable, double *five_sigma)
{
    return mean_of(circuit, observable, NULL, 4000, false, five_sigma);
}

static void excited_qubits_decay(void **state)
{
    (void)state;
    const double gamma = 0.05;
    qhm_circuit *circuit = circuit_of(1, 0);
    append(circuit, QHM_GATE_X, 0, 0, 0);
    for (int step = 1; step <= 20; step++) {
        append_damping(circuit, 0, gamma);
        if (step % 10 != 0)
            continue;
        double sigmas;
        const double wanted = 1 - 2 * pow(1 - gamma, step);
        REQUIRE_NEAR(mean_at_once(circuit, "Z0", &sigmas), wanted, sigmas);
        assert_true(sigmas > 0.01 && sigmas < 0.1);
    }
    qhm_circuit_destroy(circuit);
}

// From a superposition both outcomes of a jump depend on the state. What forgetting to normalise,
// or to tell the operators' probabilities apart, would give is far away.
static void superpositions_are_damped(void **state)
{
    (void)state;
    const double theta = 1.2, gamma = 0.4;
    qhm_circuit *circuit = circuit_of(1, 0);
    append(circuit, QHM_GATE_RY, 0, 0, theta);
    append_damping(circuit, 0, gamma);
    append_damping(circuit, 0, gamma);
    double sigmas;
    const double z = 1 - (1 - gamma) * (1 - gamma) * (1 - cos(theta));
    const double found = mean_at_once(circuit, "Z0", &sigmas);
    REQUIRE_NEAR(found, z, sigmas);
    assert_true(fabs(found - cos(theta)) > 3 * sigmas);      // nothing happened
    assert_true(fabs(found - (z - gamma * gamma)) > sigmas); // a jump weighed twice
    REQUIRE_NEAR(mean_at_once(circuit, "X0", &sigmas), (1 - gamma) * sin(theta), sigmas);
    assert_true(sigmas < 0.1);
    qhm_circuit_destroy(circuit);
}

static void entangled_states_lose_their_fidelity(void **state)
{
    (void)state;
    enum { QUBITS = 5 };
    const double p = 0.1;
    qhm_circuit *circuit = circuit_of(QUBITS, 0);
    append(circuit, QHM_GATE_H, 0, 0, 0);
    for (uint32_t q = 1; q < QUBITS; q++)
        append(circuit, QHM_GATE_CX, q - 1, q, 0);
    for (uint32_t q = 0; q < QUBITS; q++)
        append_depolarizing(circuit, q, p);
    double sigmas;
    REQUIRE_NEAR(mean_at_once(circuit, "XXXXX", &sigmas), pow(1 - p, QUBITS), sigmas);
    REQUIRE_NEAR(mean_at_once(circuit, "Z0 Z4", &sigmas), (1 - p) * (1 - p), sigmas);
    // If the identity were in the error as well as beside it:
    assert_true(fabs(pow(1 - p, 2) - pow(1 - 0.75 * p, 2)) > sigmas);
    qhm_circuit_destroy(circuit);
}

// What the branches of a plain simulator say.
typedef struct branches {
    qhm_observable *observable;
    size_t qubits, bits;
    double expectation;
    double outcomes[64];
} branches;

static void see_branch(const unsigned char *bits, const qhm_complex *state, void *context)
{
    branches *b = context;
    double norm = 0;
    for (size_t i = 0; i < (size_t)1 << b->qubits; i++)
        norm += state[i].re * state[i].re + state[i].im * state[i].im;
    b->expectation += reference_expectation(b->observable, b->qubits, state);
    size_t outcome = 0;
    for (size_t i = 0; i < b->bits; i++)
        outcome |= (size_t)bits[i] << i;
    b->outcomes[outcome] += norm;
}

static branches follow(const qhm_circuit *circuit, const char *observable)
{
    branches b = {.qubits = qhm_circuit_qubit_count(circuit),
                  .bits = qhm_circuit_bit_count(circuit)};
    REQUIRE_OK(qhm_observable_parse(observable, &b.observable));
    reference_run_branches(circuit, NULL, NULL, see_branch, &b);
    qhm_observable_destroy(b.observable);
    return b;
}

// Gates with noise between them, of all kinds.
static void append_noisy_gates(qhm_circuit *circuit, qhm_random *random, size_t qubits,
                               bool has_dense)
{
    for (int round = 0; round < 4; round++) {
        for (uint32_t q = 0; q < qubits; q++) {
            append(circuit, QHM_GATE_RY, q, 0, 6 * qhm_random_uniform(random));
            append(circuit, QHM_GATE_RX, q, 0, 6 * qhm_random_uniform(random));
        }
        const uint32_t a = (uint32_t)qhm_random_below(random, qubits);
        const uint32_t b =
            (a + 1 + (uint32_t)qhm_random_below(random, qubits - 1)) % (uint32_t)qubits;
        append(circuit, round % 2 ? QHM_GATE_CX : QHM_GATE_CZ, a, b, 0);
        append(circuit, QHM_GATE_SWAP, b, (b + 1) % (uint32_t)qubits, 0);
        append(circuit, QHM_GATE_RXX, a, b, 0.7);
        if (has_dense && round == 1) {
            qhm_complex *kraus = reference_random_kraus(random, 2, 1, 1);
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                            .qubits = (uint32_t[]){a, b},
                                            .qubit_count = 2,
                                            .matrix = kraus}));
            free(kraus);
        }
        if (round == 0) {
            append_random_channel(circuit, random, (uint32_t[]){b, a}, 2, 3, 3);
        } else if (round == 1) {
            append_damping(circuit, b, 0.3);
        } else if (round == 2) {
            append_depolarizing(circuit, a, 0.4);
        } else {
            append_random_channel(circuit, random, &a, 1, 3, 4);
        }
        append(circuit, QHM_GATE_X, a, 0, 0);
    }
}

static void random_noise_agrees_with_all_branches(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    for (int round = 0; round < 6; round++) {
        qhm_circuit *circuit = circuit_of(3, 0);
        append_noisy_gates(circuit, &random, 3, round == 5);
        const branches wanted = follow(circuit, "Z0 X1 + 0.5 Y2 + Z0 Z1 Z2");
        for (int plain = 0; plain < 2; plain++) {
            double sigmas;
            const double found =
                mean_of(circuit, "Z0 X1 + 0.5 Y2 + Z0 Z1 Z2", NULL, 4000, plain == 1, &sigmas);
            REQUIRE_NEAR(found, wanted.expectation, sigmas);
            assert_true(sigmas < 0.15);
        }
        qhm_circuit_destroy(circuit);
    }
}

// A circuit on few qubits, as part of one on many: wide states keep their lowest qubits in the
// lanes of registers, and go through memory in several passes; a rotation of every qubit makes all
// of it matter.
static qhm_circuit *spread(const qhm_circuit *few, size_t qubits)
{
    qhm_circuit *many = circuit_of(qubits, 0);
    const uint32_t places[4] = {1, (uint32_t)qubits - 1, 0, (uint32_t)qubits / 2};
    for (uint32_t q = 0; q < qubits; q++)
        if (q != 0 && q != 1 && q != qubits - 1 && q != qubits / 2) {
            append(many, QHM_GATE_RY, q, 0, 0.3);
            append_depolarizing(many, q, 0.1);
        }
    REQUIRE_OK(qhm_circuit_append_circuit(many, few, places, NULL, 0, 0));
    for (uint32_t q = 2; q + 1 < qubits; q++)
        if (q != qubits / 2 && q + 1 != qubits / 2 && q + 2 < qubits)
            append(many, QHM_GATE_CZ, q, q + 1, 0);
    return many;
}

static void noise_on_many_qubits_agrees_with_few(void **state)
{
    (void)state;
    static const struct {
        size_t qubits, trajectories;
        bool has_dense;
    } cases[] = {
        {5, 4000, false}, {11, 1500, false}, {11, 1500, true}, {14, 500, false}, {17, 200, false}};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 3, 0, 0);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const size_t n = cases[c].qubits;
        qhm_circuit *few = circuit_of(4, 0);
        append_noisy_gates(few, &random, 4, cases[c].has_dense);
        qhm_circuit *many = spread(few, n);
        const branches wanted = follow(few, "Z0 X1 + 0.5 Y2 - 0.3 X3 Z2");
        char text[64];
        snprintf(text, sizeof text, "Z1 X%zu + 0.5 Y0 - 0.3 X%zu Z0", n - 1, n / 2);
        for (int plain = 0; plain < (n < 14 ? 2 : 1); plain++) {
            double sigmas;
            const double found =
                mean_of(many, text, NULL, cases[c].trajectories, plain == 1, &sigmas);
            REQUIRE_NEAR(found, wanted.expectation, sigmas);
            assert_true(sigmas < 0.4);
        }
        qhm_circuit_destroy(few);
        qhm_circuit_destroy(many);
    }
}

// Both ways of running meet the same noise: each trajectory has the same state.
static void shared_runs_are_those_gate_by_gate(void **state)
{
    (void)state;
    enum { QUBITS = 14, SHOTS = 12 };
    static double probabilities[2][1 << QUBITS];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 6, 0, 0);
    qhm_circuit *few = circuit_of(4, 0);
    append_noisy_gates(few, &random, 4, false);
    append_noisy_gates(few, &random, 4, false);
    qhm_circuit *many = spread(few, QUBITS);
    for (uint64_t seed = 0; seed < SHOTS; seed++) {
        double values[2];
        for (int plain = 0; plain < 2; plain++) {
            subject s = create(many, "Z0 Z1 + X2 Y13", NULL, 6, plain == 1);
            REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                           .shots = 1,
                                                           .seed = seed,
                                                           .probabilities = probabilities[plain]}));
            REQUIRE_OK(qhm_plan_run(
                s.plan,
                &(qhm_request){.batch_count = 1, .seed = seed, .expectations = &values[plain]}));
            destroy(s);
        }
        for (size_t i = 0; i < (size_t)1 << QUBITS; i++)
            REQUIRE_NEAR(probabilities[0][i], probabilities[1][i], 1e-12);
        REQUIRE_NEAR(values[0], values[1], 1e-11);
    }
    qhm_circuit_destroy(few);
    qhm_circuit_destroy(many);
}

// Every outcome's count within five standard deviations.
static void require_counts(const uint64_t *outcomes, size_t shots, size_t count,
                           const double *probabilities)
{
    for (size_t outcome = 0; outcome < count; outcome++) {
        size_t found = 0;
        for (size_t i = 0; i < shots; i++)
            found += outcomes[i] == outcome;
        const double p = probabilities[outcome], n = (double)shots;
        REQUIRE_NEAR((double)found, n * p, 5 * sqrt(n * p * (1 - p)) + 1e-9);
    }
}

static void append_measure(qhm_circuit *circuit, uint32_t qubit, uint32_t bit, double wrong_zero,
                           double wrong_one)
{
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_MEASURE,
                                    .qubits = &qubit,
                                    .bit = bit,
                                    .flips = {wrong_zero, wrong_one}}));
}

// Where runs are shared: bits that are written wrong, and every setting's shots.
static void shots_agree_with_all_branches(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    static uint64_t bits[SHOTS];
    const char *text = "Z0 X1 + 0.5 Y2 + Z3 Z0";
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 7, 0, 0);
    for (int round = 0; round < 3; round++) {
        qhm_circuit *circuit = circuit_of(4, 4);
        append_noisy_gates(circuit, &random, 4, false);
        const branches ideal = follow(circuit, text);
        for (uint32_t q = 0; q < 4; q++)
            append_measure(circuit, q, 3 - q, 0.1 * q, 0.05);
        const branches wanted = follow(circuit, "Z0");
        double value;
        // X1 would make its measurement random: values come from a circuit without measurements.
        subject s = create(circuit, "Z0", NULL, 0, false);
        REQUIRE_OK(qhm_plan_run(
            s.plan,
            &(qhm_request){.batch_count = 1, .shots = SHOTS, .seed = test_seed(), .bits = bits}));
        require_counts(bits, SHOTS, 16, wanted.outcomes);
        destroy(s);
        qhm_circuit *without = circuit_of(4, 4);
        for (size_t i = 0; i + 4 < qhm_circuit_instruction_count(circuit); i++)
            REQUIRE_OK(
                qhm_circuit_append_instruction(without, qhm_circuit_instruction(circuit, i)));
        s = create(without, text, NULL, 0, false);
        REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                       .shots = SHOTS,
                                                       .seed = test_seed(),
                                                       .expectations = &value}));
        REQUIRE_NEAR(value, ideal.expectation, 5 * sqrt((1 + 0.25 + 1) / SHOTS));
        destroy(s);
        qhm_circuit_destroy(without);
        qhm_circuit_destroy(circuit);
    }
}

// Measurements on the way, conditions, resets, loops, and wrong bits that all of them see.
static void dynamic_circuits_take_noise(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    static uint64_t bits[SHOTS];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 4, 0, 0);
    for (int round = 0; round < 3; round++) {
        qhm_circuit *circuit = circuit_of(3, 3);
        append(circuit, QHM_GATE_RY, 0, 0, 1.1);
        append(circuit, QHM_GATE_CX, 0, 1, 0);
        append_damping(circuit, 1, 0.3);
        append_measure(circuit, 1, 0, 0.05, 0.2);
        if (round > 0) {
            const uint32_t target = 2;
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = QHM_GATE_X,
                                            .qubits = &target,
                                            .condition = qhm_condition_bit(0, true)}));
            qhm_complex *kraus = reference_random_kraus(&random, 2, 3, 2);
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                            .qubits = (uint32_t[]){2, 0},
                                            .qubit_count = 2,
                                            .matrix = kraus,
                                            .kraus_count = 3,
                                            .condition = qhm_condition_bit(0, round == 1)}));
            free(kraus);
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = QHM_GATE_RESET, .qubits = (uint32_t[]){1}}));
            append_depolarizing(circuit, 1, 0.3);
        }
        append_measure(circuit, 1, 1, 0, 0);
        append_measure(circuit, 2, 2, 0.1, 0);
        const branches wanted = follow(circuit, "Z0");
        subject s = create(circuit, "Z0", NULL, 0, false);
        REQUIRE_OK(qhm_plan_run(
            s.plan,
            &(qhm_request){.batch_count = 1, .shots = SHOTS, .seed = test_seed(), .bits = bits}));
        require_counts(bits, SHOTS, 8, wanted.outcomes);
        destroy(s);
        qhm_circuit_destroy(circuit);
    }
}

static void readout_writes_some_bits_wrong(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    static uint64_t samples[SHOTS];
    const double flips[2][2] = {{0.1, 0.3}, {0, 0.2}};
    const qhm_plan_options options = {.readout_flips = flips};
    qhm_circuit *circuit = circuit_of(2, 0);
    append(circuit, QHM_GATE_RY, 0, 0, 1.3);
    append(circuit, QHM_GATE_CX, 0, 1, 0);
    append_depolarizing(circuit, 0, 0.2);
    for (int noisy = 1; noisy >= 0; noisy--) {
        const branches ideal = follow(circuit, "Z0 Z1 + 0.5 X1");
        double wanted[4] = {0};
        qhm_circuit *measured;
        REQUIRE_OK(qhm_circuit_create(2, 2, &measured));
        REQUIRE_OK(qhm_circuit_append_circuit(measured, circuit, NULL, NULL, 0, 0));
        append_measure(measured, 0, 0, 0.1, 0.3);
        append_measure(measured, 1, 1, 0, 0.2);
        const branches written = follow(measured, "Z0");
        double value = 0;
        for (size_t i = 0; i < 4; i++) {
            wanted[i] = written.outcomes[i];
            value += (i == 0 || i == 3 ? 1 : -1) * wanted[i];
        }
        assert_true(fabs(value - ideal.expectation) > 0.1);
        // X1 has no mean, but its readout has: (p(0|1) - p(1|0)) / 2.
        value += 0.5 * 0.2;
        double sigmas, by_shots;
        REQUIRE_NEAR(mean_of(circuit, "Z0 Z1 + 0.5 X1", &options, 4000, noisy == 0, &sigmas), value,
                     sigmas);
        subject s = create(circuit, "Z0 Z1 + 0.5 X1", &options, 0, false);
        REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                       .shots = SHOTS,
                                                       .seed = test_seed(),
                                                       .expectations = &by_shots,
                                                       .samples = samples}));
        require_counts(samples, SHOTS, 4, wanted);
        REQUIRE_NEAR(by_shots, value, 5 * sqrt((1 + 0.25) / SHOTS));
        destroy(s);
        qhm_circuit_destroy(measured);
        qhm_circuit_destroy(circuit);
        circuit = circuit_of(2, 0); // and without noise but the readout
        append(circuit, QHM_GATE_RY, 0, 0, 1.3);
        append(circuit, QHM_GATE_CX, 0, 1, 0);
    }
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(excited_qubits_decay),
        cmocka_unit_test(superpositions_are_damped),
        cmocka_unit_test(entangled_states_lose_their_fidelity),
        cmocka_unit_test(random_noise_agrees_with_all_branches),
        cmocka_unit_test(noise_on_many_qubits_agrees_with_few),
        cmocka_unit_test(shared_runs_are_those_gate_by_gate),
        cmocka_unit_test(shots_agree_with_all_branches),
        cmocka_unit_test(dynamic_circuits_take_noise),
        cmocka_unit_test(readout_writes_some_bits_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
