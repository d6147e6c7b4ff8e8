// Amplitude estimation by rounds: circuits against the closed form, statistics against known ones.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/amplitude_rounds.h>
#include <qhm/random.h>

// RY with the share a on |1>.
static qhm_circuit *create_preparation(double share)
{
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(2 * asin(sqrt(share)));
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    return circuit;
}

static void hits_follow_the_closed_form(void **state)
{
    (void)state;
    static const size_t one = 1;
    static const uint64_t powers[] = {0, 1, 2, 7};
    qhm_circuit *preparation = create_preparation(0.3);
    for (size_t i = 0; i < 4; i++) {
        qhm_circuit *circuit;
        qhm_ledger ledger = {0};
        qhm_distribution *outcomes;
        REQUIRE_OK(qhm_amplitude_round_create(&(qhm_amplitude_problem){preparation, &one, 1, NULL},
                                              powers[i], &circuit));
        REQUIRE_OK(qhm_counted_shots(circuit, 20000, test_seed() + i, NULL, &ledger, &outcomes));
        const double turned = (2 * (double)powers[i] + 1) * asin(sqrt(0.3));
        const double p = sin(turned) * sin(turned);
        const double hits = qhm_distribution_weight(outcomes, (uint64_t[]){1});
        REQUIRE_NEAR(hits / 20000, p, 5 * sqrt(p * (1 - p) / 20000) + 1e-9);
        qhm_distribution_destroy(outcomes);
        qhm_circuit_destroy(circuit);
    }
    qhm_circuit_destroy(preparation);
}

// An oracle in place of a list gives the same operator, with and without a control.
static void an_oracle_marks_as_a_list_does(void **state)
{
    (void)state;
    static const size_t listed[] = {3, 6};
    static const uint64_t items[] = {3, 6};
    qhm_circuit *even, *operators[2];
    qhm_oracle *oracle;
    REQUIRE_OK(qhm_circuit_create(3, 0, &even));
    for (uint32_t q = 0; q < 3; q++)
        REQUIRE_OK(qhm_circuit_append(even, QHM_GATE_H, &q, NULL));
    REQUIRE_OK(qhm_oracle_create_marked(3, items, 2, &oracle));
    const qhm_amplitude_problem problems[] = {{even, listed, 2, NULL}, {even, NULL, 0, oracle}};
    for (int is_controlled = 0; is_controlled < 2; is_controlled++) {
        qhm_complex *states[2];
        for (size_t i = 0; i < 2; i++) {
            qhm_circuit *whole;
            REQUIRE_OK(qhm_amplitude_operator_create(&problems[i], is_controlled, &operators[i]));
            const size_t qubits = qhm_circuit_qubit_count(operators[i]);
            assert_int_equal(qubits, 3 + is_controlled);
            REQUIRE_OK(qhm_circuit_create(qubits, 0, &whole));
            for (uint32_t q = 0; q < qubits; q++) { // a state without symmetry
                const qhm_angle angle = qhm_angle_constant(0.4 + q);
                REQUIRE_OK(qhm_circuit_append(whole, QHM_GATE_RY, &q, &angle));
            }
            REQUIRE_OK(qhm_circuit_append_circuit(whole, operators[i], NULL, NULL, 0, 0));
            REQUIRE_OK(qhm_counted_state(whole, NULL, &states[i]));
            qhm_circuit_destroy(whole);
            qhm_circuit_destroy(operators[i]);
        }
        for (size_t z = 0; z < (size_t)8 << is_controlled; z++) {
            REQUIRE_NEAR(states[0][z].re, states[1][z].re, 1e-12);
            REQUIRE_NEAR(states[0][z].im, states[1][z].im, 1e-12);
        }
        qhm_release(states[0]);
        qhm_release(states[1]);
    }
    qhm_oracle_destroy(oracle);
    qhm_circuit_destroy(even);
}

// Rounds of a known share, without circuits.
typedef struct coin {
    double share;
    qhm_random random;
} coin;

static qhm_status toss(void *context, uint64_t power, uint64_t shots, uint64_t *hits)
{
    coin *c = context;
    const double turned = (2 * (double)power + 1) * asin(sqrt(c->share));
    const double p = sin(turned) * sin(turned);
    *hits = 0;
    for (uint64_t i = 0; i < shots; i++)
        *hits += qhm_random_uniform(&c->random) < p;
    return QHM_OK;
}

static coin coin_of(double share, uint64_t stream)
{
    return (coin){share, qhm_random_stream(test_seed(), QHM_RANDOM_USER, 91, stream, 0)};
}

typedef struct iterative_case {
    double share, error, uses, shots, bound; // means of another implementation; the proven bound
} iterative_case;

// Coverage of at least 95 %, and as many uses of Q as another implementation took, within a factor
// of two: nobody peeks at the share to stop.
static void iterations_keep_their_confidence_and_their_price(void **state)
{
    (void)state;
    enum { RUNS = 200 };
    static const iterative_case cases[] = {{0.3, 0.01, 1975, 462, 27643},
                                           {0.3, 0.001, 22580, 622, 297622},
                                           {0.05, 0.001, 16050, 500, 297622}};
    for (size_t i = 0; i < 3; i++) {
        const qhm_amplitude_iterative_options options = {.error = cases[i].error};
        double uses = 0, shots = 0;
        size_t covered = 0;
        for (uint64_t r = 0; r < RUNS; r++) {
            coin c = coin_of(cases[i].share, 1000 * i + r);
            qhm_amplitude_estimate e;
            REQUIRE_OK(qhm_amplitude_estimate_iteratively(&(qhm_amplitude_sampler){toss, &c},
                                                          &options, &e));
            assert_true(e.high - e.low <= 2 * cases[i].error * (1 + 1e-12));
            assert_true(e.low <= e.share && e.share <= e.high);
            assert_int_equal(e.preparation_uses, 2 * e.operator_uses + e.shots);
            covered += e.low <= cases[i].share && cases[i].share <= e.high;
            uses += (double)e.operator_uses / RUNS;
            shots += (double)e.shots / RUNS;
        }
        assert_true((double)covered >= 0.95 * RUNS);
        assert_true(uses > cases[i].uses / 2 && uses < cases[i].uses * 2);
        assert_true(shots > cases[i].shots / 2 && shots < cases[i].shots * 2);
        assert_true(uses < cases[i].bound);
    }
}

static void the_ends_are_found_too(void **state)
{
    (void)state;
    for (int share = 0; share < 2; share++) {
        coin c = coin_of(share, 5000);
        qhm_amplitude_estimate e;
        REQUIRE_OK(
            qhm_amplitude_estimate_iteratively(&(qhm_amplitude_sampler){toss, &c}, NULL, &e));
        REQUIRE_NEAR(e.share, share, 0.01);
        REQUIRE_OK(
            qhm_amplitude_estimate_by_likelihood(&(qhm_amplitude_sampler){toss, &c}, NULL, &e));
        REQUIRE_NEAR(e.share, share, 1e-6);
        assert_true(e.low >= 0 && e.high <= 1);
    }
}

static void likelihood_reaches_its_information(void **state)
{
    (void)state;
    enum { RUNS = 500 };
    const qhm_amplitude_likelihood_options cases[] = {
        {.rounds = 8}, {.schedule = QHM_AMPLITUDE_LINEAR, .rounds = 8}};
    static const double information[] = {10647619.05, 323809.52};
    static const uint64_t uses[] = {26200, 6400};
    for (size_t i = 0; i < 2; i++) {
        double squares = 0;
        REQUIRE_NEAR(qhm_amplitude_fisher_information(&cases[i], 0.3), information[i], 0.01);
        for (uint64_t r = 0; r < RUNS; r++) {
            coin c = coin_of(0.3, 10000 * (i + 1) + r);
            qhm_amplitude_estimate e;
            REQUIRE_OK(qhm_amplitude_estimate_by_likelihood(&(qhm_amplitude_sampler){toss, &c},
                                                            &cases[i], &e));
            assert_int_equal(e.preparation_uses, uses[i]);
            squares += (e.share - 0.3) * (e.share - 0.3) / RUNS;
        }
        REQUIRE_NEAR(sqrt(squares * information[i]), 1, 0.15);
    }
}

// Small shares have neighbouring peaks that win now and then: an interval of one peak alone held
// 0.01 in 88 of 100 runs.
static void likelihood_keeps_its_confidence(void **state)
{
    (void)state;
    enum { RUNS = 500 };
    static const double shares[] = {0.003, 0.01, 0.05, 0.3, 0.5, 0.97};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        size_t covered = 0;
        for (uint64_t r = 0; r < RUNS; r++) {
            coin c = coin_of(shares[i], 40000 + 1000 * i + r);
            qhm_amplitude_estimate e;
            REQUIRE_OK(
                qhm_amplitude_estimate_by_likelihood(&(qhm_amplitude_sampler){toss, &c}, NULL, &e));
            covered += e.low <= shares[i] && shares[i] <= e.high;
        }
        // 4 standard errors below 95 %
        assert_true((double)covered >= (0.95 - 4 * sqrt(0.95 * 0.05 / RUNS)) * RUNS);
    }
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    coin c = coin_of(0.3, 0);
    const qhm_amplitude_sampler sampler = {toss, &c};
    qhm_amplitude_estimate e;
    REQUIRE_FAILS(qhm_amplitude_estimate_iteratively(
                      &sampler, &(qhm_amplitude_iterative_options){.error = 0.5}, &e),
                  QHM_ERROR_INVALID_ARGUMENT, "error is 0.5, not 1e-6 to 0.4");
    REQUIRE_FAILS(qhm_amplitude_estimate_iteratively(
                      &sampler, &(qhm_amplitude_iterative_options){.confidence = 1}, &e),
                  QHM_ERROR_INVALID_ARGUMENT, "confidence is 1, not between 0 and 1");
    REQUIRE_FAILS(qhm_amplitude_estimate_by_likelihood(
                      &sampler, &(qhm_amplitude_likelihood_options){.rounds = 21}, &e),
                  QHM_ERROR_INVALID_ARGUMENT, "rounds is 21, not 1 to 20");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_follow_the_closed_form),
        cmocka_unit_test(an_oracle_marks_as_a_list_does),
        cmocka_unit_test(iterations_keep_their_confidence_and_their_price),
        cmocka_unit_test(the_ends_are_found_too),
        cmocka_unit_test(likelihood_reaches_its_information),
        cmocka_unit_test(likelihood_keeps_its_confidence),
        cmocka_unit_test(bad_requests_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
