// Extrapolation: weights and values known in closed form, errors by repetition, every refusal.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/mitigation.h>
#include <qhm/random.h>

static void require_weights(size_t count, const double *scales, const double *expected)
{
    double weights[8];
    REQUIRE_OK(qhm_extrapolation_weights(count, scales, count - 1, weights));
    for (size_t i = 0; i < count; i++)
        REQUIRE_NEAR(weights[i], expected[i], 1e-14);
}

static void richardson_has_its_known_weights(void **state)
{
    (void)state;
    require_weights(3, (double[]){1, 2, 3}, (double[]){3, -3, 1});
    require_weights(3, (double[]){1, 3, 5}, (double[]){15. / 8, -5. / 4, 3. / 8});
    require_weights(4, (double[]){1, 3, 5, 7}, (double[]){2.1875, -2.1875, 1.3125, -0.3125});
    require_weights(1, (double[]){2}, (double[]){1});
}

// Weights of a degree reproduce every polynomial up to it.
static void weights_carry_polynomials_exactly(void **state)
{
    (void)state;
    const double scales[6] = {1, 1.5, 2.2, 3, 4.1, 5};
    for (size_t degree = 0; degree < 6; degree++) {
        double weights[6];
        REQUIRE_OK(qhm_extrapolation_weights(6, scales, degree, weights));
        for (size_t power = 0; power <= degree; power++) {
            double sum = 0;
            for (size_t i = 0; i < 6; i++)
                sum += weights[i] * pow(scales[i], (double)power);
            REQUIRE_NEAR(sum, power == 0, 1e-8);
        }
    }
}

// N gates with depolarising noise: <Z> = (1 - 4 p / 3)^(scale N).
static void decay(double p, double n, size_t count, const double *scales, double *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = pow(1 - 4 * p / 3, scales[i] * n);
}

static double value_of(qhm_extrapolate_options options, size_t count, const double *scales,
                       const double *values)
{
    qhm_extrapolated found;
    REQUIRE_OK(qhm_extrapolate(&options, count, scales, values, NULL, &found));
    assert_int_equal(options.model == QHM_EXTRAPOLATION_AUTOMATIC ? found.model : options.model,
                     found.model);
    return found.value;
}

static void decays_have_their_known_limits(void **state)
{
    (void)state;
    static const struct {
        double p, n;
        size_t count;
        double scales[4], raw, linear, quadratic, richardson;
    } rows[] = {{0.01, 30, 3, {1, 3, 5}, 0.668519, 0.768184, 0.930079, 0.930079},
                {0.005, 50, 3, {1, 2, 3}, 0.715732, 0.880634, 0.977029, 0.977029},
                {0.02, 20, 4, {1, 3, 5, 7}, 0.582414, 0.579348, 0.813493, 0.922723}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        double values[4];
        const size_t count = rows[r].count;
        const double *scales = rows[r].scales;
        decay(rows[r].p, rows[r].n, count, scales, values);
        REQUIRE_NEAR(values[0], rows[r].raw, 5e-7);
        REQUIRE_NEAR(value_of((qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_LINEAR}, count,
                              scales, values),
                     rows[r].linear, 5e-7);
        REQUIRE_NEAR(value_of((qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_POLYNOMIAL},
                              count, scales, values),
                     rows[r].quadratic, 5e-7);
        REQUIRE_NEAR(value_of((qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_RICHARDSON},
                              count, scales, values),
                     rows[r].richardson, 5e-7);
        REQUIRE_NEAR(value_of((qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_EXPONENTIAL},
                              count, scales, values),
                     1, 1e-12);
        REQUIRE_NEAR(value_of((qhm_extrapolate_options){0}, count, scales, values), 1, 1e-12);
    }
}

static const double crooked[5] = {1, 1.3, 1.7, 2.2, 2.4};

static void crooked_scales_have_their_known_limits(void **state)
{
    (void)state;
    double line[5], square[5], up[5], down[5];
    for (int i = 0; i < 5; i++) {
        const double x = crooked[i];
        line[i] = 0.5 + 0.7 * x;
        square[i] = 0.5 + 0.7 * x + 0.4 * x * x;
        up[i] = 0.5 + 0.7 * exp(-0.4 * x);
        down[i] = 0.5 - 0.7 * exp(-0.4 * x);
    }
    REQUIRE_NEAR(
        value_of((qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_LINEAR}, 5, crooked, line),
        0.5, 1e-12);
    REQUIRE_NEAR(value_of((qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_RICHARDSON}, 5,
                          crooked, square),
                 0.5, 1e-11);
    qhm_extrapolate_options options = {.model = QHM_EXTRAPOLATION_EXPONENTIAL, .asymptote = 0.5};
    REQUIRE_NEAR(value_of(options, 5, crooked, up), 1.2, 1e-12);
    REQUIRE_NEAR(value_of(options, 5, crooked, down), -0.2, 1e-12);
    options =
        (qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_EXPONENTIAL, .fits_asymptote = true};
    REQUIRE_NEAR(value_of(options, 5, crooked, up), 1.2, 1e-9);
    REQUIRE_NEAR(value_of(options, 5, crooked, down), -0.2, 1e-9);
}

// The error that is told is the spread of what comes out.
static void errors_are_those_of_repetitions(void **state)
{
    (void)state;
    const double scales[4] = {1, 2, 3, 4}, errors[4] = {0.01, 0.005, 0.008, 0.004};
    const qhm_extrapolate_options models[] = {
        {.model = QHM_EXTRAPOLATION_LINEAR},
        {.model = QHM_EXTRAPOLATION_POLYNOMIAL},
        {.model = QHM_EXTRAPOLATION_RICHARDSON},
        {.model = QHM_EXTRAPOLATION_EXPONENTIAL, .asymptote = 0.1},
        {.model = QHM_EXTRAPOLATION_EXPONENTIAL, .fits_asymptote = true}};
    for (size_t m = 0; m < sizeof models / sizeof models[0]; m++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 7, m, 0);
        enum { REPETITIONS = 3000 };
        double sum = 0, squares = 0, told = 0;
        for (int r = 0; r < REPETITIONS; r++) {
            double values[4];
            qhm_extrapolated found;
            for (int i = 0; i < 4; i++)
                values[i] =
                    0.1 + 0.8 * exp(-0.5 * scales[i]) + errors[i] * qhm_random_normal(&random) / 20;
            double small[4];
            for (int i = 0; i < 4; i++)
                small[i] = errors[i] / 20;
            REQUIRE_OK(qhm_extrapolate(&models[m], 4, scales, values, small, &found));
            sum += found.value / REPETITIONS;
            squares += found.value * found.value / REPETITIONS;
            told += found.error / REPETITIONS;
        }
        REQUIRE_NEAR(sqrt(squares - sum * sum) / told, 1, 0.06);
    }
}

static void richardson_tells_its_sampling_overhead(void **state)
{
    (void)state;
    qhm_extrapolated found;
    const double values[3] = {0.9, 0.8, 0.7};
    REQUIRE_OK(qhm_extrapolate(&(qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_RICHARDSON}, 3,
                               (double[]){1, 3, 5}, values, (double[]){0.1, 0.1, 0.1}, &found));
    REQUIRE_NEAR(found.sampling, 3.5 * 3.5, 1e-12);
    REQUIRE_NEAR(found.error, 0.1 * sqrt(225. / 64 + 25. / 16 + 9. / 64), 1e-12);
}

static void the_first_model_that_fits_is_chosen(void **state)
{
    (void)state;
    qhm_extrapolated found;
    const double scales[3] = {1, 3, 5};
    qhm_extrapolate_options options = {.least = -1, .most = 1};
    // Signs differ: no exponential.
    REQUIRE_OK(qhm_extrapolate(&options, 3, scales, (double[]){0.1, 0.02, -0.03}, NULL, &found));
    assert_int_equal(found.model, QHM_EXTRAPOLATION_LINEAR);
    // All 0, as a symmetry makes them: not an error.
    REQUIRE_OK(qhm_extrapolate(&options, 3, scales, (double[]){0, 0, 0}, NULL, &found));
    assert_int_equal(found.model, QHM_EXTRAPOLATION_LINEAR);
    REQUIRE_NEAR(found.value, 0, 0);
    // The exponential leaves the range by more than the limit.
    options.error_limit = 0.05;
    REQUIRE_OK(qhm_extrapolate(&options, 3, scales, (double[]){0.9, 0.3, 0.1}, NULL, &found));
    assert_int_equal(found.model, QHM_EXTRAPOLATION_LINEAR);
    options.error_limit = 2;
    REQUIRE_OK(qhm_extrapolate(&options, 3, scales, (double[]){0.9, 0.3, 0.1}, NULL, &found));
    assert_int_equal(found.model, QHM_EXTRAPOLATION_EXPONENTIAL);
    // Both are too uncertain: the smaller error.
    options.error_limit = 1e-6;
    REQUIRE_OK(qhm_extrapolate(&options, 3, scales, (double[]){0.5, 0.3, 0.1},
                               (double[]){0.1, 0.1, 0.1}, &found));
    assert_int_equal(found.model, QHM_EXTRAPOLATION_LINEAR);
}

static void what_cannot_be_carried_is_refused(void **state)
{
    (void)state;
    const double x[3] = {1, 3, 5}, y[3] = {0.9, 0.8, 0.7};
    double weights[3];
    qhm_extrapolated out;
    REQUIRE_FAILS(qhm_extrapolation_weights(3, x, 3, weights), QHM_ERROR_INVALID_ARGUMENT,
                  "takes 4 points, not 3");
    REQUIRE_FAILS(qhm_extrapolation_weights(0, x, 0, weights), QHM_ERROR_INVALID_ARGUMENT,
                  "0 points");
    REQUIRE_FAILS(qhm_extrapolation_weights(3, NULL, 0, weights), QHM_ERROR_INVALID_ARGUMENT,
                  "needs scales");
    REQUIRE_FAILS(qhm_extrapolation_weights(2, (double[]){1, 1}, 1, weights),
                  QHM_ERROR_INVALID_ARGUMENT, "scales 0 and 1 are both 1");
    REQUIRE_FAILS(qhm_extrapolation_weights(2, (double[]){1, NAN}, 1, weights),
                  QHM_ERROR_INVALID_ARGUMENT, "scale 1 is nan");
    REQUIRE_FAILS(qhm_extrapolate(NULL, 3, x, NULL, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "needs scales, values");
    REQUIRE_FAILS(qhm_extrapolate(NULL, 2, (double[]){0, 1}, y, NULL, &out),
                  QHM_ERROR_INVALID_ARGUMENT, "scale 0 is 0, not above 0");
    REQUIRE_FAILS(qhm_extrapolate(NULL, 2, x, (double[]){1, INFINITY}, NULL, &out),
                  QHM_ERROR_INVALID_ARGUMENT, "value 1 is inf");
    REQUIRE_FAILS(qhm_extrapolate(NULL, 2, x, y, (double[]){1, -1}, &out),
                  QHM_ERROR_INVALID_ARGUMENT, "error 1 is -1");
    qhm_extrapolate_options options = {.model = QHM_EXTRAPOLATION_POLYNOMIAL, .order = 3};
    REQUIRE_FAILS(qhm_extrapolate(&options, 3, x, y, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "degree 3");
    options = (qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_EXPONENTIAL, .asymptote = 0.75};
    REQUIRE_FAILS(qhm_extrapolate(&options, 3, x, y, NULL, &out), QHM_ERROR_NUMERIC,
                  "other side of the asymptote 0.75");
    REQUIRE_FAILS(qhm_extrapolate(&options, 1, x, y, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "takes 2 points");
    options.fits_asymptote = true;
    REQUIRE_FAILS(qhm_extrapolate(&options, 2, x, y, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "takes 3 points");
    options.model = (qhm_extrapolation)9;
    REQUIRE_FAILS(qhm_extrapolate(&options, 2, x, y, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "model is 9");
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_extrapolated out;
    const double x[4] = {1, 3, 5, 7}, y[4] = {0.9, 0.8, 0.75, 0.7};
    const qhm_extrapolate_options options = {.model = QHM_EXTRAPOLATION_POLYNOMIAL};
    qhm_status status = qhm_extrapolate(&options, 4, x, y, NULL, &out);
    return status == QHM_OK
               ? qhm_extrapolate(&(qhm_extrapolate_options){.model = QHM_EXTRAPOLATION_EXPONENTIAL},
                                 4, x, y, NULL, &out)
               : status;
}

static void extrapolation_survives_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(richardson_has_its_known_weights),
        cmocka_unit_test(weights_carry_polynomials_exactly),
        cmocka_unit_test(decays_have_their_known_limits),
        cmocka_unit_test(crooked_scales_have_their_known_limits),
        cmocka_unit_test(errors_are_those_of_repetitions),
        cmocka_unit_test(richardson_tells_its_sampling_overhead),
        cmocka_unit_test(the_first_model_that_fits_is_chosen),
        cmocka_unit_test(what_cannot_be_carried_is_refused),
        cmocka_unit_test(extrapolation_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
