// Phase estimation by Bayes: the distribution by another route, its intervals, its price.
#include <qhm/bayesian_phase.h>

#include "algorithm/counted_run.h"
#include "algorithm/phase_posterior.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/random.h>

// Eigenstates with their weights, measured without circuits.
typedef struct coin {
    double phases[2], weight; // of the first
    double sign;              // of the angle; -1 is a bug
    qhm_random random;
} coin;

static coin coin_of(double phase, uint64_t stream)
{
    return (coin){{phase, 0}, 1, 1, qhm_random_stream(test_seed(), QHM_RANDOM_USER, 92, stream, 0)};
}

static qhm_status toss(void *context, uint64_t power, double angle, uint64_t shots, uint64_t *ones)
{
    coin *c = context;
    double p = 0;
    for (size_t i = 0; i < 2; i++)
        p += (i == 0 ? c->weight : 1 - c->weight) *
             (1 - cos(2 * M_PI * ((double)power * c->phases[i] - c->sign * angle))) / 2;
    *ones = 0;
    for (uint64_t i = 0; i < shots; i++)
        *ones += qhm_random_uniform(&c->random) < p;
    return QHM_OK;
}

static qhm_bayesian_phase_result estimate(coin *c, double error, uint64_t shots)
{
    qhm_bayesian_phase_result found;
    const qhm_bayesian_phase_options options = {
        .error = error, .shots = shots, .longest_power = 1 << 12};
    REQUIRE_OK(
        qhm_bayesian_phase_estimate(&(qhm_bayesian_phase_sampler){toss, c}, &options, &found));
    return found;
}

static double distance(const qhm_bayesian_phase_result *found, double phase)
{
    return qhm_phase_estimation_signed(phase - found->phase);
}

static bool covers(const qhm_bayesian_phase_result *found, double phase)
{
    const double d = distance(found, phase);
    return found->low - found->phase <= d && d <= found->high - found->phase;
}

enum { DEGREE = 64, TERMS = 2 * DEGREE + 1 };

// Multiplies a Fourier series, the term of e^{2 pi i m phi} at m + DEGREE, by
// 1 +- cos 2 pi (k phi - a), at the angle a.
static void multiply_series(int k, double angle, bool is_one, qhm_complex series[TERMS])
{
    const double c = cos(2 * M_PI * angle), s = sin(2 * M_PI * angle), half = is_one ? -0.5 : 0.5;
    qhm_complex made[TERMS];
    for (int m = 0; m < TERMS; m++) {
        const qhm_complex low = m >= k ? series[m - k] : (qhm_complex){0, 0};
        const qhm_complex high = m + k < TERMS ? series[m + k] : (qhm_complex){0, 0};
        made[m].re = series[m].re + half * ((low.re + high.re) * c + (low.im - high.im) * s);
        made[m].im = series[m].im + half * ((low.im + high.im) * c + (high.re - low.re) * s);
    }
    for (int m = 0; m < TERMS; m++)
        series[m] = made[m];
}

static void the_grid_is_the_fourier_series(void **state)
{
    static const qhm_phase_test tests[] = {
        {1, 0.1, 1, 1}, {1, 0.7, 3, 1}, {2, 0.33, 2, 0}, {5, 0.9, 2, 2}, {7, 0.25, 3, 1}};
    qhm_complex series[TERMS] = {[DEGREE] = {1, 0}};
    qhm_phase_posterior grid;
    double mean, deviation;
    (void)state;
    REQUIRE_OK(qhm_phase_posterior_create(100, &grid));
    assert_int_equal(grid.size, 128);
    for (size_t t = 0; t < sizeof tests / sizeof tests[0]; t++) {
        qhm_phase_posterior_add(&grid, &tests[t]);
        for (uint64_t shot = 0; shot < tests[t].shots; shot++)
            multiply_series((int)tests[t].power, tests[t].angle, shot < tests[t].ones, series);
    }
    for (size_t j = 0; j < grid.size; j++) {
        double sum = 0;
        for (int m = 0; m < TERMS; m++) {
            const double turned = 2 * M_PI * (m - DEGREE) * (double)j / (double)grid.size;
            sum += series[m].re * cos(turned) - series[m].im * sin(turned);
        }
        REQUIRE_NEAR(grid.weights[j], sum / series[DEGREE].re / (double)grid.size, 1e-13);
    }
    // The mean is the angle of the mean of e^{2 pi i phi}: of the term of e^{-2 pi i phi}.
    const double turns = atan2(series[DEGREE - 1].im, series[DEGREE - 1].re) / (2 * M_PI);
    qhm_phase_posterior_mean(&grid, &mean, &deviation);
    REQUIRE_NEAR(qhm_phase_estimation_signed(mean - turns), 0, 1e-13);
    qhm_phase_posterior_destroy(&grid);
}

static void bits_are_predicted_by_the_mean_of_their_probability(void **state)
{
    const qhm_phase_test next = {3, 0.4, 1, 1};
    qhm_phase_posterior grid;
    double one = 0;
    (void)state;
    REQUIRE_OK(qhm_phase_posterior_create(64, &grid));
    qhm_phase_posterior_add(&grid, &(qhm_phase_test){2, 0.33, 2, 0});
    for (size_t j = 0; j < grid.size; j++)
        one +=
            grid.weights[j] * (1 - cos(2 * M_PI * (3 * (double)j / (double)grid.size - 0.4))) / 2;
    REQUIRE_NEAR(qhm_phase_posterior_predict(&grid, &next, 0), one, 1e-13);
    REQUIRE_NEAR(qhm_phase_posterior_predict(&grid, &next, 1), 0.5, 1e-13);
    REQUIRE_NEAR(qhm_phase_posterior_predict(&grid, &next, 0.25), 0.75 * one + 0.125, 1e-13);
    qhm_phase_posterior_destroy(&grid);
}

// Twenty shots at once, or one by one.
static void many_shots_are_as_many_times_one(void **state)
{
    qhm_phase_posterior many, ones;
    (void)state;
    REQUIRE_OK(qhm_phase_posterior_create(64, &many));
    REQUIRE_OK(qhm_phase_posterior_create(64, &ones));
    qhm_phase_posterior_add(&many, &(qhm_phase_test){3, 0.15, 20, 6});
    for (uint64_t i = 0; i < 20; i++)
        qhm_phase_posterior_add(&ones, &(qhm_phase_test){3, 0.15, 1, i < 6});
    for (size_t j = 0; j < 64; j++)
        REQUIRE_NEAR(many.weights[j], ones.weights[j], 1e-15);
    qhm_phase_posterior_add(&many, &(qhm_phase_test){1, 0.15, 100000, 50000});
    qhm_phase_posterior_destroy(&ones);
    double sum = 0;
    for (size_t j = 0; j < 64; j++)
        sum += many.weights[j];
    REQUIRE_NEAR(sum, 1, 1e-12);
    qhm_phase_posterior_destroy(&many);
}

// (1 + cos 2 pi (phi - a)): closed forms.
static void one_bit_gives_a_raised_cosine(void **state)
{
    qhm_phase_posterior grid;
    double mean, deviation, low, high;
    (void)state;
    REQUIRE_OK(qhm_phase_posterior_create(1 << 12, &grid));
    qhm_phase_posterior_mean(&grid, &mean, &deviation);
    REQUIRE_NEAR(mean, 0, 0);
    REQUIRE_NEAR(deviation, sqrt(1.0 / 12), 1e-6);
    qhm_phase_posterior_interval(&grid, mean, 0.025, &low, &high);
    REQUIRE_NEAR(high - low, 0.95, 1e-12);
    qhm_phase_posterior_add(&grid, &(qhm_phase_test){1, 0.9375, 1, 0});
    qhm_phase_posterior_mean(&grid, &mean, &deviation);
    REQUIRE_NEAR(mean, 0.9375, 1e-12);
    REQUIRE_NEAR(deviation * deviation, 1.0 / 12 - 1 / (2 * M_PI * M_PI), 1e-6);
    REQUIRE_NEAR(qhm_phase_posterior_peak(&grid), 1, 1e-12);
    qhm_phase_posterior_interval(&grid, mean, 0.025, &low, &high);
    REQUIRE_NEAR(mean - low, high - mean, 1e-8);
    const double half = high - mean; // its distribution: d + sin(2 pi d) / 2 pi about the mean
    REQUIRE_NEAR(2 * half + sin(2 * M_PI * half) / M_PI, 0.95, 1e-6);
    qhm_phase_posterior_add(&grid, &(qhm_phase_test){2, 0.875, 6, 0}); // and its antipode
    assert_true(qhm_phase_posterior_peak(&grid) < 0.99);
    qhm_phase_posterior_destroy(&grid);
}

// Chosen by no look at the phase: whatever was measured, 0.95 of all phases are in their intervals.
static void intervals_hold_the_phase_as_often_as_they_say(void **state)
{
    enum { RUNS = 600 };
    size_t covered = 0, misfits = 0, narrow = 0;
    (void)state;
    for (uint64_t r = 0; r < RUNS; r++) {
        coin c = coin_of(0, r);
        c.phases[0] = qhm_random_uniform(&c.random);
        const qhm_bayesian_phase_result found = estimate(&c, 0.02, 300);
        covered += covers(&found, c.phases[0]);
        misfits += found.misfit >= 20;
        narrow += found.high - found.low <= 0.04;
        assert_true(found.low <= found.phase && found.phase <= found.high);
    }
    // Five deviations of the binomial distribution, sqrt(600 0.95 0.05) = 5.3.
    assert_in_range(covered, 543, 597);
    assert_true(misfits <= RUNS / 20);
    assert_true(narrow >= RUNS - 3);
}

static void exact_and_inexact_phases_are_found(void **state)
{
    static const double phases[] = {0, 0.3125, 0.5, 1.0 / 3, 0.71828, 0.99999};
    (void)state;
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        coin c = coin_of(phases[i], 1000 + i);
        const qhm_bayesian_phase_result found = estimate(&c, 0.001, 400);
        assert_true(found.high - found.low <= 0.002);
        assert_true(fabs(distance(&found, phases[i])) < 5 * found.deviation);
        assert_true(found.phase >= 0 && found.phase < 1);
        assert_true(found.misfit < 20);
    }
}

// Uses times error stay the same where powers may grow, and rise as 1 / error where they may not.
static void uses_grow_as_the_inverse_of_the_error(void **state)
{
    enum { RUNS = 30 };
    static const double errors[] = {0.04, 0.02, 0.005};
    double uses[3] = {0}, squares[3] = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (uint64_t r = 0; r < RUNS; r++) {
            coin c = coin_of(0, 2000 + r);
            c.phases[0] = qhm_random_uniform(&c.random);
            const qhm_bayesian_phase_result found = estimate(&c, errors[i], 1000);
            uses[i] += (double)found.unitary_uses / RUNS;
            squares[i] += distance(&found, c.phases[0]) * distance(&found, c.phases[0]) / RUNS;
        }
    for (size_t i = 0; i < 3; i++) {
        assert_true(errors[i] * uses[i] > 3 && errors[i] * uses[i] < 4.5);
        assert_true(sqrt(squares[i]) * uses[i] < 3);
        assert_true(sqrt(squares[i]) < errors[i]);
    }
    qhm_bayesian_phase_result found;
    coin c = coin_of(0.3, 2999);
    REQUIRE_OK(qhm_bayesian_phase_estimate(
        &(qhm_bayesian_phase_sampler){toss, &c},
        &(qhm_bayesian_phase_options){.error = 0.005, .shots = 100000, .longest_power = 1},
        &found));
    assert_int_equal(found.longest_power, 1);
    assert_int_equal(found.shots, found.unitary_uses);
    assert_true(found.high - found.low <= 0.01);
    assert_true(0.005 * (double)found.unitary_uses > 12); // (1.96 / 2 pi / error)^2 = 3893
}

// The angle turned the wrong way is another phase, as sure of itself.
static void an_angle_of_the_wrong_sign_is_found_out(void **state)
{
    enum { RUNS = 100 };
    size_t covered = 0;
    (void)state;
    for (uint64_t r = 0; r < RUNS; r++) {
        coin c = coin_of(0, 3000 + r);
        c.phases[0] = qhm_random_uniform(&c.random);
        c.sign = -1;
        const qhm_bayesian_phase_result found = estimate(&c, 0.02, 300);
        covered += covers(&found, c.phases[0]);
    }
    assert_true(covered < RUNS / 4);
}

// Either it says so, or what it says is one of the phases; it errs in few.
static void sums_of_eigenstates_are_found_out(void **state)
{
    enum { RUNS = 60 };
    static const struct {
        double second, weight;
        size_t least; // of ten
    } cases[] = {{0.6, 0.5, 8}, {0.35, 0.5, 8}, {0.15, 0.5, 8}, {0.4, 0.9, 5}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t found_out = 0, wrong = 0;
        for (uint64_t r = 0; r < RUNS; r++) {
            coin c = coin_of(0.1, 4000 + RUNS * i + r);
            c.phases[1] = cases[i].second;
            c.weight = cases[i].weight;
            const qhm_bayesian_phase_result found = estimate(&c, 0.01, 400);
            const bool is_told = found.misfit >= 20;
            found_out += is_told;
            wrong += !is_told && fabs(distance(&found, 0.1)) > 0.015 &&
                     fabs(distance(&found, cases[i].second)) > 0.015;
        }
        assert_true(10 * found_out >= cases[i].least * RUNS);
        assert_true(wrong <= RUNS / 10);
    }
}

// diag(1, e^{2 pi i phi}) and |1>.
static void create_phase(double phase, qhm_circuit **one, qhm_circuit **u)
{
    const qhm_angle angle = qhm_angle_constant(2 * M_PI * phase);
    REQUIRE_OK(qhm_circuit_create(1, 0, one));
    REQUIRE_OK(qhm_circuit_append(*one, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_create(1, 0, u));
    REQUIRE_OK(qhm_circuit_append(*u, QHM_GATE_P, (uint32_t[]){0}, &angle));
}

// The last gates before the measurement, as a state: P(1) = (1 - cos 2 pi (k phi - a)) / 2.
static void circuits_have_the_probabilities_of_the_grid(void **state)
{
    static const uint64_t powers[] = {1, 3, 6, 11};
    static const double angles[] = {0, 0.125, -0.3, 7.9};
    qhm_circuit *one, *u;
    (void)state;
    create_phase(0.2345, &one, &u);
    const qhm_phase_problem problem = {.preparation = one, .unitary = u};
    for (size_t i = 0; i < 16; i++) {
        const uint64_t k = powers[i % 4];
        const double p = (1 - cos(2 * M_PI * ((double)k * 0.2345 - angles[i / 4]))) / 2;
        const double shots = 4000;
        qhm_circuit *test;
        qhm_ledger ledger = {0};
        qhm_distribution *outcomes;
        REQUIRE_OK(qhm_phase_estimation_create_turned(&problem, k, angles[i / 4], &test));
        REQUIRE_OK(
            qhm_counted_shots(test, (size_t)shots, test_seed() + i, NULL, &ledger, &outcomes));
        REQUIRE_NEAR(qhm_distribution_weight(outcomes, (uint64_t[]){1}) / shots, p,
                     5 * sqrt(p * (1 - p) / shots) + 1e-12);
        qhm_distribution_destroy(outcomes);
        qhm_circuit_destroy(test);
    }
    qhm_circuit *none = NULL;
    REQUIRE_FAILS(qhm_phase_estimation_create_turned(&problem, 0, 0, &none),
                  QHM_ERROR_INVALID_ARGUMENT, "power is 0, not 1 to 32768");
    REQUIRE_FAILS(qhm_phase_estimation_create_turned(&problem, 1, NAN, &none),
                  QHM_ERROR_INVALID_ARGUMENT, "angle is nan, not finite");
    assert_null(none);
    qhm_circuit_destroy(one);
    qhm_circuit_destroy(u);
}

static void budgets_are_kept_to_the_last_shot(void **state)
{
    (void)state;
    for (uint64_t shots = 1; shots < 40; shots++) {
        coin c = coin_of(0.3, 5000 + shots);
        const qhm_bayesian_phase_result found = estimate(&c, 1e-4, shots);
        assert_int_equal(found.shots, shots);
        assert_true(found.unitary_uses >= shots);
    }
    // Where many shots of one test are wanted, those of the checks are kept back.
    qhm_bayesian_phase_result found;
    coin c = coin_of(0.3, 4999);
    REQUIRE_OK(qhm_bayesian_phase_estimate(
        &(qhm_bayesian_phase_sampler){toss, &c},
        &(qhm_bayesian_phase_options){.error = 0.005, .shots = 500, .longest_power = 1}, &found));
    assert_int_equal(found.shots, 500);
    assert_true(found.high - found.low > 0.01);
}

static qhm_status too_many(void *context, uint64_t power, double angle, uint64_t shots,
                           uint64_t *ones)
{
    (void)context;
    (void)power;
    (void)angle;
    *ones = shots + 1;
    return QHM_OK;
}

static qhm_status attempt(void *context)
{
    qhm_bayesian_phase_result found;
    return qhm_bayesian_phase_estimate(&(qhm_bayesian_phase_sampler){toss, context}, NULL, &found);
}

static void every_allocation_may_fail(void **state)
{
    coin c = coin_of(0.3, 6000);
    (void)state;
    require_survives_failing_memory(attempt, &c);
}

static void ill_posed_estimations_are_refused(void **state)
{
    coin c = coin_of(0.3, 7000);
    const qhm_bayesian_phase_sampler sampler = {toss, &c}, wrong = {too_many, NULL};
    qhm_bayesian_phase_result found;
    (void)state;
    REQUIRE_FAILS(qhm_bayesian_phase_estimate(NULL, NULL, &found), QHM_ERROR_INVALID_ARGUMENT,
                  "NULL");
    REQUIRE_FAILS(
        qhm_bayesian_phase_estimate(&sampler, &(qhm_bayesian_phase_options){.error = 1e-6}, &found),
        QHM_ERROR_INVALID_ARGUMENT, "error is 1e-06, not 1e-5 to 0.4");
    REQUIRE_FAILS(
        qhm_bayesian_phase_estimate(&sampler, &(qhm_bayesian_phase_options){.error = NAN}, &found),
        QHM_ERROR_INVALID_ARGUMENT, "error is nan");
    REQUIRE_FAILS(qhm_bayesian_phase_estimate(
                      &sampler, &(qhm_bayesian_phase_options){.longest_power = 40000}, &found),
                  QHM_ERROR_INVALID_ARGUMENT, "longest_power is 40000, not 1 to 32768");
    REQUIRE_FAILS(qhm_bayesian_phase_estimate(&wrong, NULL, &found), QHM_ERROR_INVALID_ARGUMENT,
                  "the sampler gave 2 ones in 1 shots");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grid_is_the_fourier_series),
        cmocka_unit_test(bits_are_predicted_by_the_mean_of_their_probability),
        cmocka_unit_test(many_shots_are_as_many_times_one),
        cmocka_unit_test(one_bit_gives_a_raised_cosine),
        cmocka_unit_test(intervals_hold_the_phase_as_often_as_they_say),
        cmocka_unit_test(exact_and_inexact_phases_are_found),
        cmocka_unit_test(uses_grow_as_the_inverse_of_the_error),
        cmocka_unit_test(an_angle_of_the_wrong_sign_is_found_out),
        cmocka_unit_test(sums_of_eigenstates_are_found_out),
        cmocka_unit_test(circuits_have_the_probabilities_of_the_grid),
        cmocka_unit_test(budgets_are_kept_to_the_last_shot),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(ill_posed_estimations_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
