// Matrix product states against full matrices, and wide states whose answers are known.
#include "simulate/mps/mps_state.h"

#include "circuit/circuit_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

static const qhm_mps_limits exact = {.max_bond = 256, .discarded_weight = 1e-24};

static qhm_mps *create(size_t qubits, const qhm_mps_limits *limits)
{
    qhm_mps *state;
    REQUIRE_OK(qhm_mps_create(qubits, limits, &state));
    return state;
}

static qhm_status run(qhm_mps *state, const qhm_circuit *circuit)
{
    qhm_status status = QHM_OK;
    for (size_t i = 0; status == QHM_OK && i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        double values[3];
        for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++)
            values[a] = qhm_angle_value(&instruction->angles[a], NULL, NULL);
        status = qhm_mps_apply(state, instruction, values);
    }
    return status;
}

// Tensors left of the centre have orthonormal columns, those right of it orthonormal rows.
static void require_canonical(const qhm_mps *state)
{
    for (uint32_t s = 0; s < state->qubit_count; s++) {
        const qhm_mps_site *site = &state->sites[s];
        assert_int_equal(state->site_of[site->qubit], s);
        if (site->left != QHM_NO_SITE)
            assert_true(state->sites[site->left].right == s &&
                        state->sites[site->left].right_bond == site->left_bond);
        const bool is_left = site->form == QHM_MPS_LEFT;
        if (site->form == QHM_MPS_CENTRE) {
            REQUIRE_NEAR(qhm_mps_norm(site->tensor.entries, 2 * site->left_bond * site->right_bond),
                         1, 1e-9);
            continue;
        }
        const size_t count = is_left ? site->right_bond : site->left_bond;
        const size_t length = 2 * (is_left ? site->left_bond : site->right_bond);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++) {
                double re = 0, im = 0;
                for (size_t k = 0; k < length; k++) {
                    qhm_complex a = site->tensor.entries[is_left ? k * count + i : i * length + k];
                    qhm_complex b = site->tensor.entries[is_left ? k * count + j : j * length + k];
                    re += a.re * b.re + a.im * b.im;
                    im += a.re * b.im - a.im * b.re;
                }
                REQUIRE_NEAR(re, i == j, 1e-9);
                REQUIRE_NEAR(im, 0, 1e-9);
            }
    }
}

static qhm_complex *amplitudes(qhm_mps *state)
{
    qhm_complex *result = calloc((size_t)1 << state->qubit_count, sizeof *result);
    assert_non_null(result);
    REQUIRE_OK(qhm_mps_amplitudes(state, result));
    return result;
}

static void random_circuits_give_the_amplitudes_of_full_matrices(void **test_state)
{
    (void)test_state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 5, 0, 0);
    for (size_t round = 0; round < 12; round++) {
        const size_t qubits = 2 + round % 6;
        qhm_circuit *circuit = reference_random_circuit(&random, qubits, 30, 0, 0);
        qhm_complex *expected = reference_run(circuit, NULL, NULL);
        qhm_mps *state = create(qubits, &exact);
        REQUIRE_OK(run(state, circuit));
        require_canonical(state);
        qhm_complex *found = amplitudes(state);
        REQUIRE_NEAR(reference_distance(found, expected, (size_t)1 << qubits), 0, 1e-12);
        REQUIRE_NEAR(state->kept, 1, 1e-15);
        free(found);
        free(expected);
        qhm_mps_destroy(state);
        qhm_circuit_destroy(circuit);
    }
}

// More than four qubits: a sum of two states. Random states before, so that bonds are full.
static void gates_under_many_controls_are_exact(void **test_state)
{
    (void)test_state;
    enum { QUBITS = 8 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 6, 0, 0);
    const qhm_gate gates[4] = {QHM_GATE_X, QHM_GATE_RYY, QHM_GATE_CSWAP, QHM_GATE_U};
    for (size_t round = 0; round < 8; round++) {
        qhm_circuit *circuit = reference_random_circuit(&random, QUBITS, 24, 0, 0);
        const qhm_gate_info *info = qhm_gate_information(gates[round % 4]);
        const uint32_t own = info->control_count + info->target_count;
        uint32_t qubits[QUBITS] = {3, 6, 0, 5, 1, 7, 4, 2};
        const qhm_angle angles[3] = {qhm_angle_constant(0.7), qhm_angle_constant(-1.1),
                                     qhm_angle_constant(2.3)};
        REQUIRE_OK(qhm_circuit_append_instruction(
            circuit, &(qhm_instruction){.gate = gates[round % 4],
                                        .control_count = 5 - own + (uint32_t)(round / 4) * 3,
                                        .qubits = qubits,
                                        .angles = angles}));
        qhm_complex *expected = reference_run(circuit, NULL, NULL);
        qhm_mps *state = create(QUBITS, &exact);
        REQUIRE_OK(run(state, circuit));
        require_canonical(state);
        qhm_complex *found = amplitudes(state);
        REQUIRE_NEAR(reference_distance(found, expected, (size_t)1 << QUBITS), 0, 1e-12);
        free(found);
        free(expected);
        qhm_mps_destroy(state);
        qhm_circuit_destroy(circuit);
    }
}

static void expectation_values_are_those_of_the_state(void **test_state)
{
    (void)test_state;
    enum { QUBITS = 5 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 7, 0, 0);
    for (int round = 0; round < 6; round++) {
        qhm_circuit *circuit = reference_random_circuit(&random, QUBITS, 4 + 6 * round, 0, 0);
        qhm_complex *expected = reference_run(circuit, NULL, NULL);
        qhm_mps *state = create(QUBITS, &exact);
        REQUIRE_OK(run(state, circuit));
        for (unsigned string = 0; string < 1024; string += 1 + string % 3) {
            qhm_pauli_factor factors[QUBITS];
            size_t count = 0;
            for (uint32_t q = 0; q < QUBITS; q++)
                if (string >> 2 * q & 3)
                    factors[count++] = (qhm_pauli_factor){q, (qhm_pauli)(string >> 2 * q & 3)};
            qhm_observable *observable;
            REQUIRE_OK(qhm_observable_create(&observable));
            REQUIRE_OK(qhm_observable_append(observable, 1, factors, count));
            double value;
            REQUIRE_OK(qhm_mps_expectation(state, factors, count, &value));
            REQUIRE_NEAR(value, reference_expectation(observable, QUBITS, expected), 1e-12);
            qhm_observable_destroy(observable);
        }
        require_canonical(state);
        qhm_mps_destroy(state);
        free(expected);
        qhm_circuit_destroy(circuit);
    }
}

static void projections_leave_the_projected_state(void **test_state)
{
    (void)test_state;
    enum { QUBITS = 6, ALL = 1 << QUBITS };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 8, 0, 0);
    for (int round = 0; round < 10; round++) {
        qhm_circuit *circuit = reference_random_circuit(&random, QUBITS, 25, 0, 0);
        qhm_complex *expected = reference_run(circuit, NULL, NULL);
        qhm_mps *state = create(QUBITS, &exact), *copy = create(QUBITS, &exact);
        REQUIRE_OK(run(state, circuit));
        for (int i = 0; i < 4; i++) {
            const uint32_t qubit = (uint32_t)qhm_random_below(&random, QUBITS);
            double one, norm[2] = {0, 0};
            for (size_t b = 0; b < ALL; b++)
                norm[b >> qubit & 1] += qhm_mps_norm(&expected[b], 1);
            REQUIRE_OK(qhm_mps_one_probability(state, qubit, &one));
            REQUIRE_NEAR(one, norm[1], 1e-12);
            const bool outcome = one > 1e-6 && (one > 1 - 1e-6 || qhm_random_u32(&random) & 1);
            for (size_t b = 0; b < ALL; b++) {
                const double scale = (b >> qubit & 1) == outcome ? 1 / sqrt(norm[outcome]) : 0;
                expected[b] = (qhm_complex){scale * expected[b].re, scale * expected[b].im};
            }
            REQUIRE_OK(qhm_mps_copy(copy, state));
            REQUIRE_OK(qhm_mps_collapse(copy, qubit, outcome));
            REQUIRE_OK(qhm_mps_copy(state, copy));
            require_canonical(state);
            assert_true(qhm_mps_is_alone(&state->sites[state->site_of[qubit]]));
            qhm_complex *found = amplitudes(state);
            REQUIRE_NEAR(reference_fidelity(found, expected, ALL), 1, 1e-11);
            free(found);
        }
        qhm_mps_destroy(state);
        qhm_mps_destroy(copy);
        free(expected);
        qhm_circuit_destroy(circuit);
    }
}

static void samples_have_the_frequencies_of_the_state(void **test_state)
{
    (void)test_state;
    enum { QUBITS = 4, SHOTS = 40000 };
    qhm_random random = qhm_random_stream(20240607, QHM_RANDOM_USER, 9, 0, 0);
    qhm_circuit *circuit = reference_random_circuit(&random, QUBITS, 25, 0, 0);
    qhm_complex *expected = reference_run(circuit, NULL, NULL);
    qhm_mps *state = create(QUBITS, &exact);
    REQUIRE_OK(run(state, circuit));
    REQUIRE_OK(qhm_mps_prepare_samples(state));
    qhm_complex *scratch = calloc(3 * qhm_mps_bond(state), sizeof *scratch);
    double counts[1 << QUBITS] = {0};
    for (uint64_t shot = 0; shot < SHOTS; shot++) {
        qhm_random stream = qhm_random_stream(1, QHM_RANDOM_SHOTS, 0, 0, shot);
        uint64_t outcome;
        qhm_mps_sample(state, &stream, scratch, &outcome);
        counts[outcome]++;
    }
    for (size_t b = 0; b < 1 << QUBITS; b++) {
        const double p = qhm_mps_norm(&expected[b], 1);
        REQUIRE_NEAR(counts[b] / SHOTS, p, 5 * sqrt(p * (1 - p) / SHOTS) + 1e-12);
    }
    free(scratch);
    free(expected);
    qhm_mps_destroy(state);
    qhm_circuit_destroy(circuit);
}

static qhm_complex times(qhm_complex a, qhm_complex b)
{
    return qhm_mps_times(a, b);
}

// What a largest bond below the rank loses is the weight that the state loses.
static void losses_are_accounted_for(void **test_state)
{
    (void)test_state;
    enum { QUBITS = 6, ALL = 1 << QUBITS };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 10, 0, 0);
    qhm_circuit *circuit = reference_random_circuit(&random, QUBITS, 80, 0, 0);
    qhm_complex *expected = reference_run(circuit, NULL, NULL);
    qhm_mps *state = create(QUBITS, &(qhm_mps_limits){.max_bond = 8}), *poor;
    REQUIRE_OK(run(state, circuit));
    assert_int_equal(state->largest_bond, 8); // enough for any state of six qubits
    REQUIRE_NEAR(state->kept, 1, 1e-15);
    qhm_mps_destroy(state);
    // One cut of a state prepared exactly: the fidelity is what was kept.
    poor = create(QUBITS, &exact);
    REQUIRE_OK(run(poor, circuit));
    REQUIRE_OK(qhm_mps_prepare_samples(poor));
    poor->limits.max_bond = 5;
    uint32_t start = 0;
    while (poor->sites[start].left != QHM_NO_SITE || poor->sites[start].right == QHM_NO_SITE)
        start++;
    while (poor->sites[start].right_bond <= 5) {
        REQUIRE_OK(qhm_mps_move_right(poor, start, false));
        start = poor->sites[start].right;
    }
    REQUIRE_OK(qhm_mps_move_right(poor, start, true));
    qhm_complex *found = amplitudes(poor), overlap = {0, 0};
    for (size_t b = 0; b < ALL; b++) {
        const qhm_complex term = times((qhm_complex){found[b].re, -found[b].im}, expected[b]);
        overlap.re += term.re;
        overlap.im += term.im;
    }
    assert_true(poor->kept < 0.999);
    REQUIRE_NEAR(overlap.re * overlap.re + overlap.im * overlap.im, poor->kept, 1e-12);
    free(found);
    free(expected);
    qhm_mps_destroy(poor);
    qhm_circuit_destroy(circuit);
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b, double angle)
{
    const qhm_angle constant = qhm_angle_constant(angle);
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, &constant));
}

// (|10...0> + |010...0> + ... ) / sqrt n by controlled rotations down a line.
static void a_w_state_of_380_qubits_is_exact(void **test_state)
{
    (void)test_state;
    enum { QUBITS = 380 };
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &circuit));
    append(circuit, QHM_GATE_X, 0, 0, 0);
    for (uint32_t q = 0; q + 1 < QUBITS; q++) {
        append(circuit, QHM_GATE_CRY, q, q + 1, 2 * acos(sqrt(1.0 / (QUBITS - q))));
        append(circuit, QHM_GATE_CX, q + 1, q, 0);
    }
    qhm_mps *state = create(QUBITS, &exact);
    REQUIRE_OK(run(state, circuit));
    assert_int_equal(state->largest_bond, 2);
    double one, both;
    for (uint32_t q = 0; q < QUBITS; q += 7) {
        REQUIRE_OK(qhm_mps_one_probability(state, q, &one));
        REQUIRE_NEAR(one, 1.0 / QUBITS, 1e-12);
        const qhm_pauli_factor pair[2] = {{q, QHM_PAULI_Z}, {(q + 100) % QUBITS, QHM_PAULI_Z}};
        REQUIRE_OK(qhm_mps_expectation(state, pair, 2, &both));
        REQUIRE_NEAR(both, 1 - 4.0 / QUBITS, 1e-12);
        const qhm_pauli_factor flips[2] = {{q, QHM_PAULI_X}, {(q + 100) % QUBITS, QHM_PAULI_X}};
        REQUIRE_OK(qhm_mps_expectation(state, flips, 2, &both));
        REQUIRE_NEAR(both, 2.0 / QUBITS, 1e-12);
    }
    REQUIRE_OK(qhm_mps_collapse(state, 200, true));
    for (uint32_t q = 0; q < QUBITS; q++) {
        REQUIRE_OK(qhm_mps_one_probability(state, q, &one));
        REQUIRE_NEAR(one, q == 200, 1e-12);
    }
    qhm_mps_destroy(state);
    qhm_circuit_destroy(circuit);
}

// Basis states stay chains of one qubit, wherever the qubits of a gate lie.
static void qubits_without_entanglement_stay_alone(void **test_state)
{
    (void)test_state;
    enum { QUBITS = 301 };
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &circuit));
    append(circuit, QHM_GATE_X, 300, 0, 0); // Bernstein-Vazirani with every third bit
    for (uint32_t q = 0; q < QUBITS; q++)
        append(circuit, QHM_GATE_H, q, 0, 0);
    for (uint32_t q = 0; q < 300; q += 3)
        append(circuit, QHM_GATE_CX, q, 300, 0);
    for (uint32_t q = 0; q < QUBITS; q++)
        append(circuit, QHM_GATE_H, q, 0, 0);
    qhm_mps *state = create(QUBITS, &exact);
    REQUIRE_OK(run(state, circuit));
    assert_int_equal(state->largest_bond, 1);
    for (uint32_t q = 0; q < QUBITS; q++) {
        double one;
        assert_true(qhm_mps_is_alone(&state->sites[state->site_of[q]]));
        REQUIRE_OK(qhm_mps_one_probability(state, q, &one));
        REQUIRE_NEAR(one, q == 300 || q % 3 == 0, 1e-12);
    }
    qhm_mps_destroy(state);
    qhm_circuit_destroy(circuit);
}

static void memory_beyond_the_limit_is_refused(void **test_state)
{
    (void)test_state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 11, 0, 0);
    qhm_circuit *circuit = reference_random_circuit(&random, 8, 120, 0, 0);
    qhm_mps *state =
        create(8, &(qhm_mps_limits){.max_bond = 64, .discarded_weight = 1e-24, .bytes = 8192});
    REQUIRE_FAILS(run(state, circuit), QHM_ERROR_RESOURCE_LIMIT, "set a lower max_bond");
    qhm_mps_reset(state);
    double one;
    REQUIRE_OK(qhm_mps_one_probability(state, 3, &one));
    REQUIRE_NEAR(one, 0, 0);
    qhm_mps_destroy(state);
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    qhm_mps *state = NULL, *copy = NULL;
    double value;
    qhm_status status = qhm_mps_create(6, &exact, &state);
    if (status == QHM_OK)
        status = qhm_mps_create(6, &exact, &copy);
    if (status == QHM_OK)
        status = run(state, context);
    if (status == QHM_OK)
        status = qhm_mps_copy(copy, state);
    if (status == QHM_OK)
        status = qhm_mps_expectation(
            state, (qhm_pauli_factor[]){{0, QHM_PAULI_X}, {4, QHM_PAULI_Y}}, 2, &value);
    if (status == QHM_OK)
        status = qhm_mps_collapse(copy, 1, false);
    qhm_mps_destroy(state);
    qhm_mps_destroy(copy);
    return status;
}

static void failing_memory_is_survived(void **test_state)
{
    (void)test_state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(6, 0, &circuit));
    for (uint32_t q = 0; q < 6; q++) {
        append(circuit, QHM_GATE_RY, q, 0, 0.7);
        append(circuit, QHM_GATE_CX, q, (q + 2) % 6, 0);
    }
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_H,
                                    .control_count = 5,
                                    .qubits = (uint32_t[]){0, 1, 2, 3, 4, 5}}));
    require_survives_failing_memory(attempt, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_circuits_give_the_amplitudes_of_full_matrices),
        cmocka_unit_test(gates_under_many_controls_are_exact),
        cmocka_unit_test(expectation_values_are_those_of_the_state),
        cmocka_unit_test(projections_leave_the_projected_state),
        cmocka_unit_test(samples_have_the_frequencies_of_the_state),
        cmocka_unit_test(losses_are_accounted_for),
        cmocka_unit_test(a_w_state_of_380_qubits_is_exact),
        cmocka_unit_test(qubits_without_entanglement_stay_alone),
        cmocka_unit_test(memory_beyond_the_limit_is_refused),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
