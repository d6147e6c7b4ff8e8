// The verdict's rule: worked numbers, each branch, and how often it errs on simulated truth.
#include "support/checks.h"

#include <qhm/random.h>
#include <qhm/verdict.h>

enum { R = 10 };

// By hand: differences 0.01 ... 0.10 have mean 0.055 and deviation 0.030276503541; with
// t(0.975, 9) = 2.262157162740992 and n_test/n_train = 1/4 the half width is
// 2.262157162740992 * 0.030276503541 * sqrt(0.35) = 0.040519277.
static void the_interval_is_that_of_nadeau_and_bengio(void **state)
{
    (void)state;
    double d[R];
    for (int i = 0; i < R; i++)
        d[i] = 0.01 * (i + 1);
    qhm_interval difference;
    REQUIRE_OK(qhm_verdict_interval(d, R, 100, 400, &difference));
    double half = 2.262157162740992 * 0.0302765035409749 * sqrt(0.35);
    REQUIRE_NEAR(difference.mean, 0.055, 1e-12);
    REQUIRE_NEAR(difference.lower, 0.055 - half, 1e-9);
    REQUIRE_NEAR(difference.upper, 0.055 + half, 1e-9);
    // Without the correction the interval would be sqrt(3.5) times too short.
    assert_true(half > 1.8 * 2.262157162740992 * 0.0302765035409749 * sqrt(0.1));
}

static void equal_differences_keep_the_width_of_one_test_row(void **state)
{
    (void)state;
    double d[R] = {0};
    qhm_interval difference;
    REQUIRE_OK(qhm_verdict_interval(d, R, 50, 200, &difference));
    REQUIRE_NEAR(difference.upper, 2.262157162740992 / 50 * sqrt(0.35), 1e-9);
}

static qhm_verdict_result decide(double hybrid, double rival0, double rival1, double validation0,
                                 double validation1, double noise)
{
    double h[R], rivals[2][R], validation[2][R];
    for (int r = 0; r < R; r++) {
        double wave = noise * (r % 2 ? 1 : -1);
        h[r] = hybrid + wave;
        rivals[0][r] = rival0;
        rivals[1][r] = rival1;
        validation[0][r] = validation0;
        validation[1][r] = validation1;
    }
    qhm_verdict_result result;
    REQUIRE_OK(qhm_verdict_decide(&(qhm_verdict_evidence){.resample_count = R,
                                                          .rival_count = 2,
                                                          .hybrid = h,
                                                          .rivals = &rivals[0][0],
                                                          .rival_validation = &validation[0][0],
                                                          .margin = 0.02,
                                                          .test_count = 1000,
                                                          .train_count = 4000},
                                  NULL, NULL, &result));
    return result;
}

static void helps_needs_every_rival_beaten_by_the_margin(void **state)
{
    (void)state;
    assert_int_equal(decide(0.9, 0.8, 0.85, 0.8, 0.85, 0.005).verdict, QHM_VERDICT_HELPS);
    // Significant, but below the margin against the second rival.
    assert_int_equal(decide(0.9, 0.8, 0.89, 0.8, 0.85, 0.001).verdict, QHM_VERDICT_DOES_NOT_HELP);
    // Above the margin, but too noisy to be above 0.
    assert_int_equal(decide(0.9, 0.8, 0.87, 0.8, 0.85, 0.03).verdict,
                     QHM_VERDICT_NOT_ENOUGH_EVIDENCE);
}

static void does_not_help_compares_with_the_best_on_validation(void **state)
{
    (void)state;
    // The rival that validation prefers is not the one that is best on the test rows: judging
    // by test scores would be a choice made after reading them.
    qhm_verdict_result result = decide(0.9, 0.9, 0.7, 0.5, 0.6, 0.001);
    assert_int_equal(result.verdict, QHM_VERDICT_NOT_ENOUGH_EVIDENCE);
    REQUIRE_NEAR(result.against_best.mean, 0.2, 1e-12);
    assert_int_equal(result.hardest, 0);
    assert_int_equal(decide(0.9, 0.9, 0.7, 0.6, 0.5, 0.001).verdict, QHM_VERDICT_DOES_NOT_HELP);
}

static void the_smallest_showable_difference_is_never_below_the_margin(void **state)
{
    (void)state;
    REQUIRE_NEAR(decide(0.9, 0.8, 0.8, 0.8, 0.8, 0).smallest_showable, 0.02, 1e-12);
    assert_true(decide(0.9, 0.8, 0.8, 0.8, 0.8, 0.05).smallest_showable > 0.05);
}

// With no true difference, "helps" must be rare; the overlap of resamples is imitated by a
// part of the noise that all R share (rho = n_test / (n_test + n_train), as the correction has).
static void no_true_difference_seldom_looks_like_help(void **state)
{
    (void)state;
    enum { RUNS = 2000 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    const double deviation = 0.05, rho = 0.2;
    int helps = 0, naive = 0;
    for (int run = 0; run < RUNS; run++) {
        double h[R], rival[R] = {0}, validation[R] = {0};
        double shared = qhm_random_normal(&random) * deviation * sqrt(rho);
        double sum = 0, square = 0;
        for (int r = 0; r < R; r++) {
            h[r] = shared + qhm_random_normal(&random) * deviation * sqrt(1 - rho);
            sum += h[r];
            square += h[r] * h[r];
        }
        qhm_verdict_result result;
        REQUIRE_OK(qhm_verdict_decide(&(qhm_verdict_evidence){.resample_count = R,
                                                              .rival_count = 1,
                                                              .hybrid = h,
                                                              .rivals = rival,
                                                              .rival_validation = validation,
                                                              .margin = 0.02,
                                                              .test_count = 100,
                                                              .train_count = 400},
                                      NULL, NULL, &result));
        helps += result.verdict == QHM_VERDICT_HELPS;
        double mean = sum / R, s = sqrt((square - R * mean * mean) / (R - 1));
        naive += mean - 2.262157162740992 * s / sqrt(R) > 0 && mean >= 0.02;
    }
    // The nominal rate is 2.5 %; five standard deviations above it is 4.3 %. The plain t
    // interval errs several times as often on the same numbers.
    assert_true(helps < 0.043 * RUNS);
    assert_true(naive > 2 * helps);
}

static void bad_evidence_is_refused(void **state)
{
    (void)state;
    double h[R] = {0}, rival[R] = {0}, validation[R] = {0};
    qhm_verdict_evidence evidence = {.resample_count = R,
                                     .rival_count = 1,
                                     .hybrid = h,
                                     .rivals = rival,
                                     .rival_validation = validation,
                                     .margin = 0.02,
                                     .test_count = 100,
                                     .train_count = 400};
    qhm_verdict_result result;
    qhm_verdict_evidence bad = evidence;
    bad.rival_count = 0;
    REQUIRE_FAILS(qhm_verdict_decide(&bad, NULL, NULL, &result), QHM_ERROR_INVALID_ARGUMENT,
                  "rival");
    bad = evidence;
    bad.margin = 0;
    REQUIRE_FAILS(qhm_verdict_decide(&bad, NULL, NULL, &result), QHM_ERROR_INVALID_ARGUMENT,
                  "margin");
    bad = evidence;
    bad.resample_count = 1;
    REQUIRE_FAILS(qhm_verdict_decide(&bad, NULL, NULL, &result), QHM_ERROR_INVALID_ARGUMENT,
                  "resample");
    rival[3] = NAN;
    REQUIRE_FAILS(qhm_verdict_decide(&evidence, NULL, NULL, &result), QHM_ERROR_NUMERIC,
                  "resample 3");
    rival[3] = 0;
    validation[2] = NAN;
    REQUIRE_FAILS(qhm_verdict_decide(&evidence, NULL, NULL, &result), QHM_ERROR_NUMERIC,
                  "validation");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_is_that_of_nadeau_and_bengio),
        cmocka_unit_test(equal_differences_keep_the_width_of_one_test_row),
        cmocka_unit_test(helps_needs_every_rival_beaten_by_the_margin),
        cmocka_unit_test(does_not_help_compares_with_the_best_on_validation),
        cmocka_unit_test(the_smallest_showable_difference_is_never_below_the_margin),
        cmocka_unit_test(no_true_difference_seldom_looks_like_help),
        cmocka_unit_test(bad_evidence_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
