#include "base/statistics.h"

#include "support/checks.h"

static void mean_deviation_and_median_of_known_samples(void **state)
{
    (void)state;
    // NIST StRD "NumAcc1" and the textbook sample 2 4 4 4 5 5 7 9.
    const double large[] = {10000001, 10000003, 10000002};
    REQUIRE_NEAR(qhm_statistics_mean(large, 3), 10000002, 0);
    REQUIRE_NEAR(qhm_statistics_deviation(large, 3), 1, 0);
    const double values[] = {9, 2, 4, 7, 4, 5, 4, 5};
    REQUIRE_NEAR(qhm_statistics_deviation(values, 8), sqrt(32.0 / 7), 1e-15);
    double median;
    REQUIRE_OK(qhm_statistics_median(values, 8, &median));
    REQUIRE_NEAR(median, 4.5, 0);
    REQUIRE_OK(qhm_statistics_median(values, 7, &median));
    REQUIRE_NEAR(median, 4, 0);
    REQUIRE_OK(qhm_statistics_median(values, 0, &median));
    assert_true(isnan(median));
    assert_true(isnan(qhm_statistics_mean(values, 0)));
    REQUIRE_NEAR(qhm_statistics_deviation(values, 1), 0, 0);
}

static void t_quantiles_agree_with_published_tables(void **state)
{
    (void)state;
    static const struct {
        double probability, freedom, t;
    } rows[] = {
        {0.975, 9, 2.262157163},
        {0.975, 1, 12.706204736},
        {0.975, 30, 2.042272456},
        {0.995, 4, 4.604094871},
        {0.95, 19, 1.729132812},
        {0.975, 1e7, 1.9599642},
        {0.75, 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double t = qhm_statistics_t_quantile(rows[i].probability, rows[i].freedom);
        REQUIRE_NEAR(t, rows[i].t, rows[i].freedom > 1e6 ? 1e-6 : 6e-10);
        REQUIRE_NEAR(qhm_statistics_t_quantile(1 - rows[i].probability, rows[i].freedom), -t, 1e-9);
        REQUIRE_NEAR(qhm_statistics_t_probability(t, rows[i].freedom), rows[i].probability, 1e-12);
    }
    REQUIRE_NEAR(qhm_statistics_t_quantile(0.5, 3), 0, 0);
}

// P(T <= t) in closed form for one, two and nine degrees of freedom.
static void t_probabilities_agree_with_closed_forms(void **state)
{
    (void)state;
    for (double t = -20; t <= 20; t += 0.37) {
        REQUIRE_NEAR(qhm_statistics_t_probability(t, 1), 0.5 + atan(t) / M_PI, 1e-14);
        REQUIRE_NEAR(qhm_statistics_t_probability(t, 2), 0.5 + t / (2 * sqrt(2 + t * t)), 1e-14);
        double angle = atan(t / 3), c = cos(angle), s = sin(angle);
        double series = 1 + c * c * (2.0 / 3 + c * c * (8.0 / 15 + c * c * 48 / 105));
        REQUIRE_NEAR(qhm_statistics_t_probability(t, 9), 0.5 + (angle + s * c * series) / M_PI,
                     1e-14);
    }
    REQUIRE_NEAR(qhm_statistics_t_quantile(0.975, 9), 2.2621571627982053, 1e-13);
}

static void the_beta_function_agrees_with_binomial_sums(void **state)
{
    (void)state;
    // I_x(a, b) for whole a, b is P(at least a of a+b-1 hits).
    for (int a = 1; a <= 6; a++)
        for (int b = 1; b <= 6; b++)
            for (double x = 0.1; x < 1; x += 0.2) {
                int n = a + b - 1;
                double sum = 0, ways = 1;
                for (int j = 0; j <= n; j++) {
                    if (j >= a)
                        sum += ways * pow(x, j) * pow(1 - x, n - j);
                    ways = ways * (n - j) / (j + 1);
                }
                REQUIRE_NEAR(qhm_statistics_beta(a, b, x), sum, 1e-13);
            }
    REQUIRE_NEAR(qhm_statistics_beta(2, 3, 0), 0, 0);
    REQUIRE_NEAR(qhm_statistics_beta(2, 3, 1), 1, 0);
}

static void normal_quantiles_agree_with_published_tables(void **state)
{
    (void)state;
    REQUIRE_NEAR(qhm_statistics_normal_quantile(0.975), 1.959963984540054, 1e-14);
    REQUIRE_NEAR(qhm_statistics_normal_quantile(0.005), -2.5758293035489004, 1e-14);
}

static void the_resampled_interval_is_the_formula_of_nadeau_and_bengio(void **state)
{
    (void)state;
    double values[10];
    for (int i = 0; i < 10; i++)
        values[i] = 0.05 + 0.01 * (i % 2 == 0 ? 1 : -1);
    qhm_interval interval = qhm_statistics_resampled_interval(values, 10, 800, 200, 0.95);
    double deviation = 0.01 * sqrt(10.0 / 9);
    double half = 2.2621571627982053 * deviation * sqrt(1.0 / 10 + 0.25);
    REQUIRE_NEAR(interval.mean, 0.05, 1e-15);
    REQUIRE_NEAR(interval.upper, 0.05 + half, 1e-12);
    REQUIRE_NEAR(interval.lower, 0.05 - half, 1e-12);
}

static void equal_resamples_still_have_a_width(void **state)
{
    (void)state;
    const double values[10] = {0};
    qhm_interval interval = qhm_statistics_resampled_interval(values, 10, 400, 100, 0.95);
    REQUIRE_NEAR(interval.upper, 2.2621571627982053 * 0.01 * sqrt(0.35), 1e-12);
}

static void wilson_intervals_agree_with_published_examples(void **state)
{
    (void)state;
    // Newcombe, Two-sided confidence intervals for the single proportion (1998), table I.
    static const struct {
        double hits, count, lower, upper;
    } rows[] = {{81, 263, 0.2553, 0.3662},
                {15, 148, 0.0624, 0.1605},
                {0, 20, 0, 0.1611},
                {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < 4; i++) {
        qhm_interval interval = qhm_statistics_wilson_interval(rows[i].hits, rows[i].count, 0.95);
        REQUIRE_NEAR(interval.lower, rows[i].lower, 5e-5);
        REQUIRE_NEAR(interval.upper, rows[i].upper, 5e-5);
    }
    REQUIRE_NEAR(qhm_statistics_wilson_interval(20, 20, 0.95).upper, 1, 0);
}

static void the_log_slope_finds_an_exponent(void **state)
{
    (void)state;
    const double x[] = {1, 2, 4, 8}, y[] = {3, 3 * pow(2, 1.5), 3 * pow(4, 1.5), 3 * pow(8, 1.5)};
    REQUIRE_NEAR(qhm_statistics_log_slope(x, y, 4), 1.5, 1e-14);
    assert_true(isnan(qhm_statistics_log_slope(x, y, 1)));
    assert_true(isnan(qhm_statistics_log_slope((double[]){1, 0}, y, 2)));
}

// Over all outcomes: 1.96 errors hold the mean in some 0.95 of all samples, less sharply where few
// numbers can come. Without the two samples it would be 0.1 of ten signs of chance 0.99.
static void errors_of_signs_hold_their_means(void **state)
{
    (void)state;
    static const double chances[] = {0.5, 0.6, 0.75, 0.9, 0.95, 0.99, 1};
    for (unsigned n = 4; n <= 200; n += n < 10 ? 1 : 19)
        for (size_t c = 0; c < sizeof chances / sizeof chances[0]; c++) {
            double covered = 0;
            for (unsigned k = 0; k <= n; k++) {
                const double mean = 2.0 * k / n - 1, p = chances[c];
                const double share = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) *
                                     pow(p, k) * pow(1 - p, n - k);
                if (fabs(mean - (2 * p - 1)) <= 1.96 * qhm_statistics_sign_error(mean, n))
                    covered += share;
            }
            if (!(covered > 0.83))
                fail_msg("%u signs of chance %g: %.3f are covered", n, chances[c], covered);
        }
    assert_true(qhm_statistics_sign_error(1, 20) > 0.05); // not certain
    assert_true(isnan(qhm_statistics_sign_error(1, 1)));
    REQUIRE_NEAR(qhm_statistics_rate_error(0.3, 1e6), sqrt(0.3 * 0.7 / 1e6), 1e-9);
    REQUIRE_NEAR(qhm_statistics_rate_error(1, 3), sqrt(0.8 * 0.2 / 3), 1e-12); // 4 of 5 would
    REQUIRE_NEAR(qhm_statistics_rate_error(0, 3), sqrt(0.8 * 0.2 / 3), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_signs_hold_their_means),
        cmocka_unit_test(mean_deviation_and_median_of_known_samples),
        cmocka_unit_test(t_quantiles_agree_with_published_tables),
        cmocka_unit_test(t_probabilities_agree_with_closed_forms),
        cmocka_unit_test(the_beta_function_agrees_with_binomial_sums),
        cmocka_unit_test(normal_quantiles_agree_with_published_tables),
        cmocka_unit_test(the_resampled_interval_is_the_formula_of_nadeau_and_bengio),
        cmocka_unit_test(equal_resamples_still_have_a_width),
        cmocka_unit_test(wilson_intervals_agree_with_published_examples),
        cmocka_unit_test(the_log_slope_finds_an_exponent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
