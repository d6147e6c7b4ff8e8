// Shots: moments of samples, settings, mid-circuit measurement, resets and conditions.
#include "support/plans.h"

static void require_frequency(size_t hits, size_t count, double probability, const char *what)
{
    double sigma = sqrt(fmax(probability * (1 - probability), 0) / (double)count);
    double error = fabs((double)hits / (double)count - probability);
    if (!(error <= 5 * sigma + 1e-12))
        fail_msg("%s: frequency %g of %zu, not %g", what, (double)hits / (double)count, count,
                 probability);
}

// Samples follow the reference's probabilities, with qubits where they belong.
static void samples_follow_the_state(void **state)
{
    (void)state;
    enum { SHOTS = 20000 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    static uint64_t samples[2 * SHOTS];
    for (size_t qubits = 3; qubits <= 10; qubits += 7) {
        qhm_circuit *circuit = reference_random_circuit(&random, qubits, 30, 1, 0);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SWAP, (uint32_t[]){0, 2}, NULL));
        test_plan made = test_plan_create(NULL, circuit, NULL, 0, NULL);
        double x[2] = {0.3, -1.2};
        size_t dimension = (size_t)1 << qubits;
        double *probabilities = calloc(2 * dimension, sizeof *probabilities);
        assert_non_null(probabilities);
        REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = 2,
                                                          .inputs = x,
                                                          .shots = SHOTS,
                                                          .seed = test_seed(),
                                                          .samples = samples,
                                                          .probabilities = probabilities}));
        for (size_t i = 0; i < 2; i++) {
            qhm_complex *psi = reference_run(circuit, x + i, NULL);
            size_t *hits = calloc(dimension, sizeof *hits);
            assert_non_null(hits);
            for (size_t s = 0; s < SHOTS; s++) {
                assert_true(samples[i * SHOTS + s] < dimension);
                hits[samples[i * SHOTS + s]]++;
            }
            for (size_t b = 0; b < dimension; b++) {
                double p = psi[b].re * psi[b].re + psi[b].im * psi[b].im;
                REQUIRE_NEAR(probabilities[i * dimension + b], p, 1e-12);
                if (qubits == 3)
                    require_frequency(hits[b], SHOTS, p, "basis state");
            }
            for (size_t q = 0; q < qubits; q++) {
                double p = 0;
                size_t ones = 0;
                for (size_t b = 0; b < dimension; b++)
                    if (b >> q & 1) {
                        p += psi[b].re * psi[b].re + psi[b].im * psi[b].im;
                        ones += hits[b];
                    }
                require_frequency(ones, SHOTS, p, "qubit");
            }
            free(hits);
            free(psi);
        }
        free(probabilities);
        test_plan_destroy(made);
        qhm_circuit_destroy(circuit);
    }
}

// More than 2^16 amplitudes: prefix sums over stretches of them.
static void samples_of_large_states_are_right(void **state)
{
    (void)state;
    enum { SHOTS = 4000 };
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(18, 0, &circuit));
    for (uint32_t q = 0; q < 18; q++) {
        qhm_angle angle = qhm_angle_constant(0.3 + 0.1 * q);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
    }
    test_plan made = test_plan_create(NULL, circuit, NULL, 0, NULL);
    static uint64_t samples[SHOTS];
    REQUIRE_OK(qhm_plan_run(
        made.plan,
        &(qhm_request){.batch_count = 1, .shots = SHOTS, .seed = 3, .samples = samples}));
    for (uint32_t q = 0; q < 18; q++) {
        size_t ones = 0;
        for (size_t s = 0; s < SHOTS; s++)
            ones += samples[s] >> q & 1;
        double s = sin((0.3 + 0.1 * q) / 2);
        require_frequency(ones, SHOTS, s * s, "qubit");
    }
    test_plan_destroy(made);
    qhm_circuit_destroy(circuit);
}

// Estimates of sums in several settings: unbiased, and their variance as theory says for terms
// that share outcomes within a setting and not between settings.
static void shot_expectations_have_the_right_moments(void **state)
{
    (void)state;
    enum { COUNT = 2000, SHOTS = 10 };
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    qhm_angle a = qhm_angle_constant(0.8), b = qhm_angle_constant(1.9);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &a));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){1}, &b));
    // Product state: <Z0> = cos a, <X0> = sin a, <Z1> = cos b, <Y1> = -sin b.
    qhm_observable *observables[] = {test_observable("Z0 + Z1 + 0.5"),
                                     test_observable("2 X0 Y1 - Z0")};
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 2, NULL);
    assert_int_equal(qhm_plan_information(made.plan)->setting_count, 2);
    static double values[COUNT][2];
    REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = COUNT,
                                                      .shots = SHOTS,
                                                      .seed = test_seed(),
                                                      .expectations = values[0]}));
    double za = cos(0.8), zb = cos(1.9), xy = -sin(0.8) * sin(1.9);
    double means[2] = {za + zb + 0.5, 2 * xy - za};
    double variances[2] = {(1 - za * za + 1 - zb * zb) / SHOTS,
                           (4 * (1 - xy * xy) + 1 - za * za) / SHOTS};
    for (int k = 0; k < 2; k++) {
        double mean = 0, square = 0;
        for (int i = 0; i < COUNT; i++) {
            mean += values[i][k] / COUNT;
            square += values[i][k] * values[i][k] / COUNT;
        }
        REQUIRE_NEAR(mean, means[k], 5 * sqrt(variances[k] / COUNT));
        REQUIRE_NEAR(square - mean * mean, variances[k], 5 * variances[k] * sqrt(2.0 / COUNT));
    }
    test_plan_destroy(made);
    qhm_observable_destroy(observables[0]);
    qhm_observable_destroy(observables[1]);
    qhm_circuit_destroy(circuit);
}

static void append_conditioned(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits,
                               const qhm_angle *angles, uint32_t bit, bool value)
{
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = gate,
                                    .qubits = qubits,
                                    .angles = angles,
                                    .condition = qhm_condition_bit(bit, value)}));
}

// The textbook protocol: whatever the outcomes, qubit 2 ends in qubit 0's state.
static void teleportation_works_on_every_shot(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    for (size_t qubits = 3; qubits <= 10; qubits += 7) {
        uint32_t far = (uint32_t)qubits - 1;
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(qubits, 2, &circuit));
        qhm_angle x[2] = {qhm_angle_input(0, 1), qhm_angle_input(1, 1)};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &x[0]));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_P, (uint32_t[]){0}, &x[1]));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){1, far}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
        append_conditioned(circuit, QHM_GATE_X, &far, NULL, 1, true);
        append_conditioned(circuit, QHM_GATE_Z, &far, NULL, 0, true);
        test_plan made = test_plan_create(NULL, circuit, NULL, 0, NULL);
        assert_true(qhm_plan_information(made.plan)->has_random_states);
        static double inputs[COUNT][2];
        static uint64_t bits[COUNT];
        for (int i = 0; i < COUNT; i++) {
            inputs[i][0] = 0.01 * i;
            inputs[i][1] = 1 - 0.02 * i;
        }
        size_t dimension = (size_t)1 << qubits, seen[4] = {0};
        qhm_complex *psi = calloc(COUNT * dimension, sizeof *psi);
        assert_non_null(psi);
        REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = COUNT,
                                                          .inputs = inputs[0],
                                                          .shots = 1,
                                                          .seed = test_seed(),
                                                          .states = psi,
                                                          .bits = bits}));
        for (size_t i = 0; i < COUNT; i++) {
            const qhm_complex *sent = psi + i * dimension + bits[i];
            double a = cos(inputs[i][0] / 2), b = sin(inputs[i][0] / 2);
            REQUIRE_NEAR(sent[0].re, a, 1e-12);
            REQUIRE_NEAR(sent[0].im, 0, 1e-12);
            REQUIRE_NEAR(sent[(size_t)1 << far].re, b * cos(inputs[i][1]), 1e-12);
            REQUIRE_NEAR(sent[(size_t)1 << far].im, b * sin(inputs[i][1]), 1e-12);
            seen[bits[i]]++;
        }
        for (int b = 0; b < 4; b++)
            require_frequency(seen[b], COUNT, 0.25, "outcome");
        free(psi);
        test_plan_destroy(made);
        qhm_circuit_destroy(circuit);
    }
}

// While bit 1 is 0, read as the number of bits 0 and 1: gates that must not run for states that
// have left, an exchange of qubits, a loop that turns once, and a measurement that ends the outer
// loop.
static void append_loop(qhm_circuit *circuit, uint32_t far)
{
    const qhm_condition is_low = {QHM_RELATION_LESS, 0, 2, &(uint64_t){2}};
    const qhm_instruction outer = {.gate = QHM_GATE_WHILE, .condition = is_low};
    const qhm_instruction inner = {.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(2, true)};
    const qhm_instruction set = {.gate = QHM_GATE_SET, .bit = 2, .bit_value = true};
    const qhm_instruction clear = {.gate = QHM_GATE_SET, .bit = 2};
    const qhm_angle angle = qhm_angle_constant(0.4);
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &outer));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &set));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SWAP, (uint32_t[]){1, far}, NULL));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &inner));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RXX, (uint32_t[]){1, 0}, &angle));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &clear));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_END, NULL, NULL));
    append_conditioned(circuit, QHM_GATE_T, (uint32_t[]){1}, NULL, 0, true);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_END, NULL, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_S, (uint32_t[]){1}, NULL));
}

// A circuit with everything that makes states random, on qubits 0, 1 and the last.
static qhm_circuit *branching_circuit(size_t qubits, qhm_random *random)
{
    uint32_t far = (uint32_t)qubits - 1;
    qhm_circuit *gates = reference_random_circuit(random, qubits, 12, 0, 0), *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 4, &circuit));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, gates, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    qhm_angle angle = qhm_angle_constant(0.9), three[3] = {angle, angle, qhm_angle_constant(-2)};
    append_conditioned(circuit, QHM_GATE_RX, (uint32_t[]){1}, &angle, 0, true);
    append_conditioned(circuit, QHM_GATE_U, (uint32_t[]){far}, three, 0, false);
    append_conditioned(circuit, QHM_GATE_SWAP, (uint32_t[]){1, far}, NULL, 0, true);
    append_conditioned(circuit, QHM_GATE_CX, (uint32_t[]){0, far}, NULL, 0, true);
    append_conditioned(circuit, QHM_GATE_ECR, (uint32_t[]){1, far}, NULL, 0, true);
    append_conditioned(circuit, QHM_GATE_RXX, (uint32_t[]){1, 0}, &angle, 0, false);
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_RESET, .qubits = &far}));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &far, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, far, 1));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, far, 3));
    append_conditioned(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL, 1, true);
    append_loop(circuit, far);
    qhm_circuit_destroy(gates);
    return circuit;
}

typedef struct branches {
    const uint64_t *bits;
    const qhm_complex *states;
    bool *is_explained; // [count] the state is a branch's
    size_t count, dimension;
    double probabilities[16];
} branches;

static void compare_branch(const unsigned char *bits, const qhm_complex *state, void *context)
{
    branches *b = context;
    uint64_t word = (uint64_t)(bits[0] | bits[1] << 1 | bits[2] << 2 | bits[3] << 3);
    double norm = 0;
    for (size_t i = 0; i < b->dimension; i++)
        norm += state[i].re * state[i].re + state[i].im * state[i].im;
    b->probabilities[word] += norm;
    if (norm < 1e-20)
        return;
    qhm_complex *scaled = calloc(b->dimension, sizeof *scaled);
    assert_non_null(scaled);
    for (size_t i = 0; i < b->dimension; i++)
        scaled[i] = (qhm_complex){state[i].re / sqrt(norm), state[i].im / sqrt(norm)};
    for (size_t s = 0; s < b->count; s++)
        if (b->bits[s] == word &&
            reference_distance(scaled, b->states + s * b->dimension, b->dimension) < 1e-10)
            b->is_explained[s] = true;
    free(scaled);
}

static void every_shot_is_a_branch_of_the_reference(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    for (size_t qubits = 3; qubits <= 10; qubits += 7) {
        size_t count = qubits == 3 ? 3000 : 300, dimension = (size_t)1 << qubits;
        qhm_circuit *circuit = branching_circuit(qubits, &random);
        test_plan made = test_plan_create(NULL, circuit, NULL, 0, NULL);
        uint64_t *bits = calloc(count, sizeof *bits);
        bool *is_explained = calloc(count, sizeof *is_explained);
        qhm_complex *psi = calloc(count * dimension, sizeof *psi);
        assert_true(bits && is_explained && psi);
        REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = count,
                                                          .shots = 1,
                                                          .seed = test_seed(),
                                                          .states = psi,
                                                          .bits = bits}));
        branches found = {bits, psi, is_explained, count, dimension, {0}};
        reference_run_branches(circuit, NULL, NULL, compare_branch, &found);
        size_t seen[16] = {0};
        for (size_t s = 0; s < count; s++) {
            assert_true(is_explained[s]);
            seen[bits[s]]++;
        }
        for (int b = 0; b < 16; b++)
            require_frequency(seen[b], count, found.probabilities[b], "bits");
        free(bits);
        free(is_explained);
        free(psi);
        test_plan_destroy(made);
        qhm_circuit_destroy(circuit);
    }
}

static void shots_do_not_depend_on_batches_or_threads(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 3, 0, 0);
    qhm_circuit *circuit = branching_circuit(4, &random);
    qhm_observable *observable = test_observable("Z0 + X1 - 0.3 Y2");
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)&observable, 1, NULL);
    double all[12], some[12];
    uint64_t bits[12][7], few_bits[12][7];
    qhm_request request = {
        .batch_count = 12, .shots = 7, .seed = 11, .step = 5, .expectations = all, .bits = bits[0]};
    REQUIRE_OK(qhm_plan_run(made.plan, &request));
    request.batch_count = 3;
    for (size_t first = 0; first < 12; first += 3) {
        request.first_sample = first;
        request.expectations = some + first;
        request.bits = few_bits[first];
        REQUIRE_OK(qhm_plan_run(made.plan, &request));
    }
    assert_memory_equal(all, some, sizeof all);
    assert_memory_equal(bits, few_bits, sizeof bits);
    request.step = 6; // another step has other shots
    request.first_sample = 9;
    REQUIRE_OK(qhm_plan_run(made.plan, &request));
    assert_memory_not_equal(bits[9], few_bits[9], sizeof few_bits[9] * 3);
    test_plan_destroy(made);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

static void a_loop_without_end_is_an_error(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 1, &circuit));
    const qhm_instruction begin = {.gate = QHM_GATE_WHILE,
                                   .condition = qhm_condition_bit(0, false)};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &begin));
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan),
                  QHM_ERROR_INVALID_ARGUMENT, "1 while of the circuit have no end");
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_END, NULL, NULL));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    uint64_t bits;
    REQUIRE_FAILS(qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .shots = 1, .bits = &bits}),
                  QHM_ERROR_RESOURCE_LIMIT, "turned more than 1000000 times");
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
}

static void final_measurements_wait_and_leave_results_exact(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 3, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 2)); // qubit 1 into bit 2
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    qhm_observable *observables[] = {test_observable("Z1"), test_observable("X0")};
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 1, NULL);
    assert_false(qhm_plan_information(made.plan)->has_random_states);
    double value;
    uint64_t bits[50], samples[50];
    REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = 1, .expectations = &value}));
    REQUIRE_NEAR(value, -1, 1e-15);
    REQUIRE_OK(qhm_plan_run(
        made.plan,
        &(qhm_request){.batch_count = 1, .shots = 50, .bits = bits, .samples = samples}));
    size_t ones = 0;
    for (int s = 0; s < 50; s++) {
        assert_int_equal(bits[s], 4 | (samples[s] & 1)); // bit 1 is never written
        assert_int_equal(samples[s] & 6, 2);
        ones += bits[s] & 1;
    }
    assert_true(ones > 5 && ones < 45);
    test_plan_destroy(made);
    // An X after the measurement of its qubit sees a mixture, so that states are random.
    made = test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 2, NULL);
    assert_true(qhm_plan_information(made.plan)->has_random_states);
    double values[2];
    REQUIRE_OK(qhm_plan_run(
        made.plan, &(qhm_request){.batch_count = 1, .shots = 10000, .expectations = values}));
    REQUIRE_NEAR(values[0], -1, 1e-15);
    REQUIRE_NEAR(values[1], 0, 5 / sqrt(10000));
    test_plan_destroy(made);
    qhm_observable_destroy(observables[0]);
    qhm_observable_destroy(observables[1]);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_follow_the_state),
        cmocka_unit_test(samples_of_large_states_are_right),
        cmocka_unit_test(shot_expectations_have_the_right_moments),
        cmocka_unit_test(teleportation_works_on_every_shot),
        cmocka_unit_test(every_shot_is_a_branch_of_the_reference),
        cmocka_unit_test(shots_do_not_depend_on_batches_or_threads),
        cmocka_unit_test(a_loop_without_end_is_an_error),
        cmocka_unit_test(final_measurements_wait_and_leave_results_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
