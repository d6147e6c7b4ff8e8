// Grover's search against closed forms: states of circuits, not formulas against themselves.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <qhm/grover.h>
#include <qhm/state_preparation.h>

static qhm_oracle *mark(size_t qubits, size_t count)
{
    uint64_t items[16];
    qhm_oracle *oracle;
    for (size_t i = 0; i < count; i++)
        items[i] = (5 * i + 6) % ((size_t)1 << qubits);
    REQUIRE_OK(qhm_oracle_create_marked(qubits, items, count, &oracle));
    return oracle;
}

// The weight of marked items in the state of a search, of what has its exact qubit at 1 if any.
static double found_weight(const qhm_oracle *oracle, const qhm_grover_options *options)
{
    const size_t n = qhm_oracle_qubit_count(oracle);
    qhm_circuit *circuit;
    qhm_complex *amplitudes;
    double weight = 0;
    REQUIRE_OK(qhm_grover_create(oracle, options, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &amplitudes));
    const size_t qubits = qhm_circuit_qubit_count(circuit);
    for (size_t i = 0; i < (size_t)1 << qubits; i++) {
        bool is_marked;
        REQUIRE_OK(qhm_oracle_check(oracle, i & (((uint64_t)1 << n) - 1), &is_marked));
        if (is_marked && (options->kind != QHM_GROVER_EXACT || i >> (qubits - 1)))
            weight += amplitudes[i].re * amplitudes[i].re + amplitudes[i].im * amplitudes[i].im;
    }
    qhm_release(amplitudes);
    qhm_circuit_destroy(circuit);
    return weight;
}

static void known_searches_come_out(void **state)
{
    (void)state;
    static const struct {
        size_t qubits, marked, iterations;
        double probability;
    } cases[] = {{2, 1, 1, 1},
                 {3, 1, 2, 0.9453125},
                 {4, 1, 3, 0.961318969727},
                 {6, 1, 6, 0.996585680787},
                 {8, 1, 12, 0.999947042103},
                 {10, 4, 12, 0.999947042103},
                 {4, 4, 1, 1},
                 {3, 2, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double share = (double)cases[i].marked / (double)((size_t)1 << cases[i].qubits);
        assert_int_equal(qhm_grover_iterations(share), cases[i].iterations);
        REQUIRE_NEAR(qhm_grover_probability(share, cases[i].iterations), cases[i].probability,
                     1e-12);
        qhm_oracle *oracle = mark(cases[i].qubits, cases[i].marked);
        REQUIRE_NEAR(found_weight(oracle, &(qhm_grover_options){.iterations = cases[i].iterations}),
                     cases[i].probability, 1e-10);
        qhm_oracle_destroy(oracle);
    }
    assert_int_equal(qhm_grover_iterations(1.0 / 1024), 25);
    REQUIRE_NEAR(qhm_grover_probability(1.0 / 1024, 25), 0.999461244744, 1e-12);
    assert_int_equal(qhm_grover_iterations(1.0 / 1048576), 804);
    REQUIRE_NEAR(qhm_grover_probability(1.0 / 1048576, 804), 0.999999756965, 1e-12);
    assert_int_equal(qhm_grover_iterations(0.75), 0);
    assert_int_equal(qhm_grover_iterations(0), 0);
}

// Too many iterations lose the item again, too few have not found it.
static void iterations_overshoot(void **state)
{
    (void)state;
    qhm_oracle *oracle = mark(10, 1);
    REQUIRE_NEAR(found_weight(oracle, &(qhm_grover_options){.iterations = 50}), 2.301502e-4, 1e-9);
    qhm_oracle_destroy(oracle);
    oracle = mark(3, 1);
    REQUIRE_NEAR(found_weight(oracle, &(qhm_grover_options){.iterations = 1}), 25.0 / 32, 1e-12);
    qhm_oracle_destroy(oracle);
}

// Amplitude sqrt(0.3) for the marked item of two qubits.
static void an_exact_search_finds_its_share_for_certain(void **state)
{
    (void)state;
    const qhm_complex amplitudes[4] = {
        {sqrt(0.5), 0}, {sqrt(0.1), 0}, {sqrt(0.3), 0}, {sqrt(0.1), 0}};
    qhm_circuit *preparation;
    qhm_oracle *oracle = mark(2, 1); // item 2
    REQUIRE_OK(qhm_state_preparation_bind(2, QHM_STATE_REAL, amplitudes, &preparation));
    const qhm_grover_options options = {
        .kind = QHM_GROVER_EXACT, .preparation = preparation, .share = 0.3};
    qhm_grover_plan plan;
    REQUIRE_OK(qhm_grover_find_plan(&options, &plan));
    assert_int_equal(plan.iterations, 1);
    REQUIRE_NEAR(plan.target, 0.25, 1e-12);
    REQUIRE_NEAR(plan.damping, 0.25 / 0.3, 1e-12);
    REQUIRE_NEAR(found_weight(oracle, &options), 1, 1e-10);
    // Without the damping the same iteration does not reach 1.
    REQUIRE_NEAR(
        found_weight(oracle, &(qhm_grover_options){.preparation = preparation, .iterations = 1}),
        qhm_grover_probability(0.3, 1), 1e-10);
    qhm_circuit_destroy(preparation);
    qhm_oracle_destroy(oracle);
    for (size_t marked = 1; marked < 8; marked++) {
        oracle = mark(3, marked);
        REQUIRE_NEAR(found_weight(oracle, &(qhm_grover_options){.kind = QHM_GROVER_EXACT,
                                                                .share = (double)marked / 8}),
                     1, 1e-10);
        qhm_oracle_destroy(oracle);
    }
}

// One qubit prepared with any share of |1>, which is marked.
static double fixed_point_weight(double share, double delta, size_t length)
{
    qhm_circuit *preparation;
    qhm_oracle *oracle;
    const qhm_angle angle = qhm_angle_constant(2 * asin(sqrt(share)));
    REQUIRE_OK(qhm_circuit_create(1, 0, &preparation));
    REQUIRE_OK(qhm_circuit_append(preparation, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_oracle_create_marked(1, (uint64_t[]){1}, 1, &oracle));
    const double weight = found_weight(oracle, &(qhm_grover_options){.kind = QHM_GROVER_FIXED_POINT,
                                                                     .preparation = preparation,
                                                                     .share = share,
                                                                     .delta = delta,
                                                                     .length = length});
    qhm_circuit_destroy(preparation);
    qhm_oracle_destroy(oracle);
    return weight;
}

static void a_fixed_point_follows_its_polynomial(void **state)
{
    (void)state;
    static const struct {
        double share, delta;
        size_t length;
        double probability;
    } cases[] = {{0.05, 0.3, 9, 0.957854589339},
                 {0.1, 0.31622776601683794, 7, 0.996070379715},
                 {0.02, 0.5, 11, 0.889799027928}};
    for (size_t i = 0; i < 3; i++) {
        REQUIRE_NEAR(
            qhm_grover_fixed_point_probability(cases[i].share, cases[i].delta, cases[i].length),
            cases[i].probability, 1e-11);
        REQUIRE_NEAR(fixed_point_weight(cases[i].share, cases[i].delta, cases[i].length),
                     cases[i].probability, 1e-10);
    }
}

// From the least share on, nothing falls below 1 - delta^2: here plain iterations overshoot.
static void a_fixed_point_does_not_overshoot(void **state)
{
    (void)state;
    qhm_grover_plan plan;
    REQUIRE_OK(qhm_grover_find_plan(
        &(qhm_grover_options){.kind = QHM_GROVER_FIXED_POINT, .share = 0.05, .delta = 0.3}, &plan));
    double worst = 1;
    for (double share = 0.05; share < 1; share += 0.05) {
        assert_true(fixed_point_weight(share, 0.3, plan.length) >= 1 - 0.09 - 1e-12);
        worst = fmin(worst, qhm_grover_probability(share, plan.iterations));
    }
    assert_true(worst < 0.5);
}

// The state of eight stored patterns: the diffusion is about it, not about the uniform state.
static void amplification_is_about_the_prepared_state(void **state)
{
    (void)state;
    static const size_t stored[8] = {0, 3, 5, 6, 9, 10, 12, 15};
    static const double about_stored[] = {.78125, .9453125, .33007812, .01220703};
    static const double about_uniform[] = {.3828125, .53173828, .43215942, .17743111};
    qhm_complex amplitudes[16] = {{0, 0}};
    double bug[16] = {0};
    qhm_circuit *preparation;
    qhm_oracle *oracle;
    for (size_t i = 0; i < 8; i++)
        amplitudes[stored[i]].re = bug[stored[i]] = sqrt(1.0 / 8);
    REQUIRE_OK(qhm_state_preparation_bind(4, QHM_STATE_REAL, amplitudes, &preparation));
    REQUIRE_OK(qhm_oracle_create_marked(4, (uint64_t[]){5}, 1, &oracle));
    for (size_t k = 1; k <= 4; k++) {
        REQUIRE_NEAR(found_weight(oracle, &(qhm_grover_options){.preparation = preparation,
                                                                .iterations = k}),
                     about_stored[k - 1], 1e-8);
        double mean = 0; // the bug, on plain arrays
        bug[5] = -bug[5];
        for (size_t i = 0; i < 16; i++)
            mean += bug[i] / 16;
        for (size_t i = 0; i < 16; i++)
            bug[i] = 2 * mean - bug[i];
        REQUIRE_NEAR(bug[5] * bug[5], about_uniform[k - 1], 1e-8);
    }
    qhm_circuit_destroy(preparation);
    qhm_oracle_destroy(oracle);
}

static void bits_that_do_not_flip_a_majority_are_amplified(void **state)
{
    (void)state;
    uint64_t items[12];
    size_t count = 0;
    for (uint64_t x = 0; x < 32; x++)
        if ((__builtin_popcountll(x) >= 3) != (__builtin_popcountll(x ^ 1) >= 3))
            items[count++] = x;
    assert_int_equal(count, 12);
    qhm_oracle *oracle;
    REQUIRE_OK(qhm_oracle_create_marked(5, items, count, &oracle));
    REQUIRE_NEAR(found_weight(oracle, &(qhm_grover_options){.iterations = 0}), 0.375, 1e-12);
    REQUIRE_NEAR(found_weight(oracle, &(qhm_grover_options){.iterations = 1}), 27.0 / 32, 1e-12);
    qhm_oracle_destroy(oracle);
}

static void nothing_marked_and_wrong_options_are_refused(void **state)
{
    (void)state;
    qhm_grover_plan plan;
    REQUIRE_FAILS(
        qhm_grover_find_plan(&(qhm_grover_options){.kind = QHM_GROVER_EXACT, .share = 0}, &plan),
        QHM_ERROR_INVALID_ARGUMENT, "share is 0");
    REQUIRE_FAILS(qhm_grover_find_plan(
                      &(qhm_grover_options){.kind = QHM_GROVER_FIXED_POINT, .length = 4}, &plan),
                  QHM_ERROR_INVALID_ARGUMENT, "length is 4, not odd");
    qhm_oracle *oracle = mark(3, 1);
    qhm_circuit *small, *circuit = NULL;
    REQUIRE_OK(qhm_circuit_create(2, 0, &small));
    REQUIRE_FAILS(qhm_grover_create(oracle, &(qhm_grover_options){.preparation = small}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "2 qubits, the oracle searches 3");
    assert_null(circuit);
    qhm_circuit_destroy(small);
    qhm_oracle_destroy(oracle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_searches_come_out),
        cmocka_unit_test(iterations_overshoot),
        cmocka_unit_test(an_exact_search_finds_its_share_for_certain),
        cmocka_unit_test(a_fixed_point_follows_its_polynomial),
        cmocka_unit_test(a_fixed_point_does_not_overshoot),
        cmocka_unit_test(amplification_is_about_the_prepared_state),
        cmocka_unit_test(bits_that_do_not_flip_a_majority_are_amplified),
        cmocka_unit_test(nothing_marked_and_wrong_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
