// Circuits on hundreds of qubits whose answers are known, by the method that is found for them.
#include <qhm/method.h>
#include <qhm/plan.h>

#include "support/checks.h"

#include <qhm/random.h>

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b, double angle)
{
    const qhm_angle constant = qhm_angle_constant(angle);
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, &constant));
}

static qhm_circuit *create(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static void measure_all(qhm_circuit *circuit)
{
    for (uint32_t b = 0; b < qhm_circuit_bit_count(circuit); b++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, b, b));
}

// The exact distribution by a method (NULL: the one that is found).
static qhm_distribution *run(const qhm_circuit *circuit, const char *name)
{
    qhm_method method;
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_distribution *found;
    double lost;
    REQUIRE_OK(qhm_method_find(circuit, NULL, &method));
    REQUIRE_OK(qhm_backend_create(name ? name : method.backend, NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){.lost_probability = &lost}, &found));
    REQUIRE_NEAR(lost, 0, 1e-12);
    REQUIRE_NEAR(qhm_distribution_total(found), 1, 1e-12);
    assert_false(qhm_plan_accuracy(plan).is_beyond_bound);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return found;
}

static bool has_bit(const uint64_t *bits, size_t bit)
{
    return bits[bit / 64] >> bit % 64 & 1;
}

static void a_ghz_state_has_two_outcomes(void **state)
{
    (void)state;
    const char *const methods[] = {"stabilizer", "mps"};
    for (size_t m = 0; m < 2; m++) {
        qhm_circuit *circuit = create(130, 130);
        append(circuit, QHM_GATE_H, 64, 0, 0);
        for (uint32_t q = 0; q < 130; q++)
            if (q != 64)
                append(circuit, QHM_GATE_CX, 64, q, 0);
        measure_all(circuit);
        qhm_distribution *found = run(circuit, methods[m]);
        assert_int_equal(qhm_distribution_outcome_count(found), 2);
        const uint64_t ones[3] = {UINT64_MAX, UINT64_MAX, 3}, zeros[3] = {0, 0, 0};
        REQUIRE_NEAR(qhm_distribution_weight(found, zeros), 0.5, 1e-12);
        REQUIRE_NEAR(qhm_distribution_weight(found, ones), 0.5, 1e-12);
        qhm_distribution_destroy(found);
        qhm_circuit_destroy(circuit);
    }
}

static void bernstein_vazirani_finds_its_string(void **state)
{
    (void)state;
    const char *const methods[] = {"stabilizer", "mps"};
    for (size_t m = 0; m < 2; m++) {
        qhm_circuit *circuit = create(130, 129);
        append(circuit, QHM_GATE_X, 129, 0, 0);
        for (uint32_t q = 0; q < 130; q++)
            append(circuit, QHM_GATE_H, q, 0, 0);
        for (uint32_t q = 0; q < 129; q++)
            if (q % 3 == 0 || q > 120)
                append(circuit, QHM_GATE_CX, q, 129, 0);
        for (uint32_t q = 0; q < 129; q++)
            append(circuit, QHM_GATE_H, q, 0, 0);
        measure_all(circuit);
        qhm_distribution *found = run(circuit, methods[m]);
        assert_int_equal(qhm_distribution_outcome_count(found), 1);
        const uint64_t *bits;
        qhm_distribution_outcome(found, 0, &bits, NULL);
        for (size_t q = 0; q < 129; q++)
            assert_int_equal(has_bit(bits, q), q % 3 == 0 || q > 120);
        qhm_distribution_destroy(found);
        qhm_circuit_destroy(circuit);
    }
}

// As QASMBench writes it: rotations with CZ between, then CX down the line.
static void a_w_state_of_380_qubits_has_380_outcomes(void **state)
{
    (void)state;
    enum { N = 380 };
    qhm_circuit *circuit = create(N, N);
    append(circuit, QHM_GATE_X, N - 1, 0, 0);
    for (uint32_t i = N - 1; i > 0; i--) {
        const double angle = acos(sqrt(1.0 / (i + 1)));
        append(circuit, QHM_GATE_RY, i - 1, 0, -angle);
        append(circuit, QHM_GATE_CZ, i, i - 1, 0);
        append(circuit, QHM_GATE_RY, i - 1, 0, angle);
    }
    for (uint32_t i = N - 1; i > 0; i--)
        append(circuit, QHM_GATE_CX, i - 1, i, 0);
    measure_all(circuit);
    qhm_distribution *found = run(circuit, NULL);
    assert_int_equal(qhm_distribution_outcome_count(found), N);
    for (size_t i = 0; i < N; i++) { // ascending: one qubit after the other
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(found, i, &bits, &weight);
        REQUIRE_NEAR(weight, 1.0 / N, 1e-12);
        for (size_t q = 0; q < N; q++)
            assert_int_equal(has_bit(bits, q), q == i);
    }
    qhm_distribution_destroy(found);
    qhm_circuit_destroy(circuit);
}

static void toffoli(qhm_circuit *circuit, uint32_t a, uint32_t b, uint32_t target)
{
    const struct {
        qhm_gate gate;
        uint32_t first, second;
    } steps[] = {{QHM_GATE_H, target, 0},   {QHM_GATE_CX, b, target}, {QHM_GATE_TDG, target, 0},
                 {QHM_GATE_CX, a, target},  {QHM_GATE_T, target, 0},  {QHM_GATE_CX, b, target},
                 {QHM_GATE_TDG, target, 0}, {QHM_GATE_CX, a, target}, {QHM_GATE_T, b, 0},
                 {QHM_GATE_T, target, 0},   {QHM_GATE_H, target, 0},  {QHM_GATE_CX, a, b},
                 {QHM_GATE_T, a, 0},        {QHM_GATE_TDG, b, 0},     {QHM_GATE_CX, a, b}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        append(circuit, steps[i].gate, steps[i].first, steps[i].second, 0);
}

// The ripple-carry adder of Cuccaro and others: registers far apart, Toffolis taken apart. One
// input bit is in a superposition, so that there are two sums.
static void an_adder_on_434_qubits_adds(void **state)
{
    (void)state;
    enum { M = 216, A = 1, B = 1 + M, CARRY = 1 + 2 * M };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 30, 0, 0);
    qhm_circuit *circuit = create(2 * M + 2, 2 * M + 2);
    bool a[M], b[M];
    for (uint32_t i = 0; i < M; i++) {
        a[i] = qhm_random_u32(&random) & 1;
        b[i] = i > 0 && qhm_random_u32(&random) & 1;
        if (a[i])
            append(circuit, QHM_GATE_X, A + i, 0, 0);
        if (b[i])
            append(circuit, QHM_GATE_X, B + i, 0, 0);
    }
    append(circuit, QHM_GATE_H, B, 0, 0);
    for (uint32_t i = 0; i < M; i++) {
        const uint32_t carry = i > 0 ? A + i - 1 : 0;
        append(circuit, QHM_GATE_CX, A + i, B + i, 0);
        append(circuit, QHM_GATE_CX, A + i, carry, 0);
        toffoli(circuit, carry, B + i, A + i);
    }
    append(circuit, QHM_GATE_CX, A + M - 1, CARRY, 0);
    for (uint32_t i = M; i-- > 0;) {
        const uint32_t carry = i > 0 ? A + i - 1 : 0;
        toffoli(circuit, carry, B + i, A + i);
        append(circuit, QHM_GATE_CX, A + i, carry, 0);
        append(circuit, QHM_GATE_CX, carry, B + i, 0);
    }
    measure_all(circuit);
    qhm_distribution *found = run(circuit, NULL);
    assert_int_equal(qhm_distribution_outcome_count(found), 2);
    for (int low = 0; low < 2; low++) {
        uint64_t sum[7] = {0};
        bool carry = false;
        for (uint32_t i = 0; i < M; i++) {
            const int digit = a[i] + (i == 0 ? low : b[i]) + carry;
            sum[(B + i) / 64] |= (uint64_t)(digit & 1) << (B + i) % 64;
            sum[(A + i) / 64] |= (uint64_t)a[i] << (A + i) % 64;
            carry = digit > 1;
        }
        sum[CARRY / 64] |= (uint64_t)carry << CARRY % 64;
        REQUIRE_NEAR(qhm_distribution_weight(found, sum), 0.5, 1e-11);
    }
    qhm_distribution_destroy(found);
    qhm_circuit_destroy(circuit);
}

// Measured on the way, 1,000 qubits: parities of what was measured before and after agree.
static void clifford_circuits_on_a_thousand_qubits_draw_shots(void **state)
{
    (void)state;
    enum { N = 1000, SHOTS = 300, WORDS = (2 * N + 63) / 64 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 31, 0, 0);
    qhm_circuit *circuit = create(N, 2 * N);
    for (uint32_t i = 0; i < 3 * N; i++) {
        const uint32_t a = (uint32_t)qhm_random_below(&random, N), b = (a + 1 + i % 77) % N;
        append(circuit, i % 3 == 0 ? QHM_GATE_H : i % 3 == 1 ? QHM_GATE_CX : QHM_GATE_S, a, b, 0);
    }
    for (uint32_t q = 0; q < N; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    for (uint32_t q = 0; q + 1 < N; q++) // sums of neighbours, still in the same basis
        append(circuit, QHM_GATE_CX, q, q + 1, 0);
    for (uint32_t q = 0; q < N; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, N + q));
    qhm_method method;
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_method_find(circuit, NULL, &method));
    assert_string_equal(method.backend, "stabilizer");
    REQUIRE_OK(qhm_backend_create(method.backend, NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    static uint64_t bits[SHOTS * WORDS];
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .shots = SHOTS, .bits = bits}));
    size_t random_qubits = 0;
    for (size_t q = 0; q < N; q++) {
        size_t ones = 0;
        for (size_t shot = 0; shot < SHOTS; shot++)
            ones += has_bit(bits + shot * WORDS, q);
        random_qubits += ones > SHOTS / 3 && ones < SHOTS - SHOTS / 3;
        assert_true(ones == 0 || ones == SHOTS || (ones > 90 && ones < 210));
    }
    assert_true(random_qubits > 200);
    for (size_t shot = 0; shot < SHOTS; shot++) {
        bool sum = false;
        for (size_t q = 0; q < N; q++) {
            sum ^= has_bit(bits + shot * WORDS, q);
            assert_int_equal(has_bit(bits + shot * WORDS, N + q), sum);
        }
    }
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
}

// More measured qubits than have an array of all outcomes, on a state vector.
static void state_vectors_with_many_measured_qubits_list_what_is_there(void **state)
{
    (void)state;
    enum { N = 23 };
    qhm_circuit *circuit = create(N, N);
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_distribution *found;
    append(circuit, QHM_GATE_RY, 0, 0, 2 * acos(sqrt(0.3)));
    for (uint32_t q = 0; q + 1 < N; q++) {
        append(circuit, QHM_GATE_CX, q, q + 1, 0);
        append(circuit, QHM_GATE_T, q, 0, 0);
    }
    append(circuit, QHM_GATE_H, 3, 0, 0);
    measure_all(circuit);
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    const qhm_plan_options options = {.max_batch = 1, .forward_only = true};
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, &options, &plan));
    double lost;
    REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){.lost_probability = &lost}, &found));
    assert_int_equal(qhm_distribution_outcome_count(found), 4);
    const uint64_t ones = ((uint64_t)1 << N) - 1;
    REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){0}), 0.15, 1e-12);
    REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){8}), 0.15, 1e-12);
    REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){ones}), 0.35, 1e-12);
    REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){ones - 8}), 0.35, 1e-12);
    REQUIRE_NEAR(lost, 0, 1e-12);
    qhm_distribution_destroy(found);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
}

// A bond that is too small for the state is said.
static void losses_beyond_the_bound_are_said(void **state)
{
    (void)state;
    enum { N = 12 };
    qhm_circuit *circuit = create(N, 0);
    for (uint32_t layer = 0; layer < 5; layer++)
        for (uint32_t q = 0; q < N; q++) {
            append(circuit, QHM_GATE_RY, q, 0, 0.9 + 0.1 * (q % 5));
            append(circuit, QHM_GATE_CX, q, (q + 1) % N, 0);
        }
    qhm_observable *observable;
    REQUIRE_OK(qhm_observable_parse("Z3 Z4", &observable));
    double values[2];
    for (size_t i = 0; i < 2; i++) {
        qhm_backend *backend;
        qhm_plan *plan;
        const qhm_backend_options options = {.max_bond = i == 0 ? 6 : 0};
        REQUIRE_OK(qhm_backend_create("mps", &options, &backend));
        REQUIRE_OK(qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable}, 1,
                                   NULL, &plan));
        REQUIRE_OK(
            qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = &values[i]}));
        const qhm_accuracy accuracy = qhm_plan_accuracy(plan);
        REQUIRE_NEAR(accuracy.truncation_bound, 1e-6, 0);
        if (i == 0) {
            assert_int_equal(accuracy.largest_bond, 6);
            assert_true(accuracy.truncation_error > 1e-3 && accuracy.is_beyond_bound);
        } else {
            assert_true(accuracy.largest_bond > 6 && accuracy.truncation_error < 1e-12);
            assert_false(accuracy.is_beyond_bound);
        }
        qhm_plan_destroy(plan);
        qhm_backend_destroy(backend);
    }
    assert_true(fabs(values[0] - values[1]) > 1e-4);

    qhm_backend *backend;
    qhm_plan *plan;
    const qhm_backend_options options = {.max_bond = 6, .stops_at_bound = true};
    REQUIRE_OK(qhm_backend_create("mps", &options, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable}, 1,
                               NULL, &plan));
    REQUIRE_FAILS(
        qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = &values[0]}),
        QHM_ERROR_RESOURCE_LIMIT,
        "matrix product states with bonds of at most 6 lose more than 1e-06 of this circuit's");
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ghz_state_has_two_outcomes),
        cmocka_unit_test(bernstein_vazirani_finds_its_string),
        cmocka_unit_test(a_w_state_of_380_qubits_has_380_outcomes),
        cmocka_unit_test(an_adder_on_434_qubits_adds),
        cmocka_unit_test(clifford_circuits_on_a_thousand_qubits_draw_shots),
        cmocka_unit_test(state_vectors_with_many_measured_qubits_list_what_is_there),
        cmocka_unit_test(losses_beyond_the_bound_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
