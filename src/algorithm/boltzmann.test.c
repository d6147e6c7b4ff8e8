// Boltzmann machines, quantum and restricted, against closed forms, sums over all and e^{-H}.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <jansson.h>
#include <math.h>
#include <qhm/algorithm.h>
#include <qhm/bit_target.h>
#include <qhm/boltzmann.h>
#include <qhm/random.h>
#include <qhm/restricted_boltzmann.h>
#include <qhm/types.h>

enum { MOST_PARAMETERS = 64 };

static void draw_numbers(double *values, size_t count, uint64_t stream)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, stream, 0, 0);
    for (size_t i = 0; i < count; i++)
        values[i] = qhm_random_normal(&random) / 2;
}

static void one_spin_is_as_known(void **state)
{
    (void)state;
    static const double known[2][4] = {{1, .5, .3608494892, .7216989784},
                                       {2, 1, .4371120402, .8742240803}};
    static const double target[2] = {1, 0};
    for (size_t k = 0; k < 2; k++) {
        double p[2], x, log_z, bound, exact;
        const qhm_boltzmann_model model = {
            .visible = 1, .transverse = &known[k][0], .parameters = &known[k][1]};
        REQUIRE_OK(qhm_boltzmann_find(&model, p, &x, &log_z));
        REQUIRE_NEAR(p[0] - p[1], known[k][2], 1e-10);
        REQUIRE_NEAR(x, known[k][3], 1e-10);
        REQUIRE_OK(qhm_boltzmann_bound(&model, target, NULL, &bound, &exact));
        REQUIRE_NEAR(exact, -log(p[0]), 1e-12);
        REQUIRE_NEAR(bound, log_z - known[k][1], 1e-12);
        if (k > 0)
            continue;
        REQUIRE_NEAR(p[0], .6804247446, 1e-10);
        REQUIRE_NEAR(exp(log_z), 3.3857564801, 1e-9);
        REQUIRE_NEAR(exact, .3850380514, 1e-9);
        REQUIRE_NEAR(bound, .7195773616, 1e-9);
    }
}

static double spin_of(size_t x, size_t i)
{
    return x >> i & 1 ? -1 : 1;
}

// -H's diagonal, of three spins.
static double weight_of(const double *p, size_t x)
{
    const double a = spin_of(x, 0), b = spin_of(x, 1), c = spin_of(x, 2);
    return p[0] * a + p[1] * b + p[2] * c + p[3] * a * b + p[4] * a * c + p[5] * b * c;
}

static void without_a_transverse_field_it_is_the_classical_machine(void **state)
{
    (void)state;
    static const double fields[2][3] = {{0, 0, 0}, {1e-7, -1e-7, 1e-7}}; // listed, diagonalised
    double parameters[6], expected[8], found[8], sum = 0, log_z;
    draw_numbers(parameters, 6, 1);
    for (size_t x = 0; x < 8; x++)
        sum += expected[x] = exp(weight_of(parameters, x));
    for (size_t k = 0; k < 2; k++) {
        const qhm_boltzmann_model model = {3, 0, fields[k], parameters};
        REQUIRE_OK(qhm_boltzmann_find(&model, found, NULL, &log_z));
        REQUIRE_NEAR(log_z, log(sum), 1e-10);
        for (size_t x = 0; x < 8; x++)
            REQUIRE_NEAR(found[x], expected[x] / sum, 1e-10);
    }
}

static void multiply(double a[8][8], double b[8][8], double product[8][8])
{
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 8; j++) {
            product[i][j] = 0;
            for (size_t k = 0; k < 8; k++)
                product[i][j] += a[i][k] * b[k][j];
        }
}

// e^{-H} by squaring 1 - H / 2^26 as often: an error of the order of |H|^2 / 2^26.
static void the_state_is_the_exponential(void **state)
{
    (void)state;
    static const double transverse[3] = {0.4, -0.9, 0.2};
    double parameters[6], a[8][8], b[8][8], found[8], trace = 0;
    draw_numbers(parameters, 6, 2);
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 8; j++) {
            a[i][j] = i == j ? weight_of(parameters, i) : 0;
            for (size_t q = 0; q < 3; q++)
                a[i][j] += (i ^ j) == (size_t)1 << q ? transverse[q] : 0;
            a[i][j] = (i == j) + ldexp(a[i][j], -26);
        }
    for (size_t k = 0; k < 26; k++) {
        multiply(a, a, b);
        memcpy(a, b, sizeof a);
    }
    const qhm_boltzmann_model model = {3, 0, transverse, parameters};
    REQUIRE_OK(qhm_boltzmann_find(&model, found, NULL, NULL));
    for (size_t i = 0; i < 8; i++)
        trace += a[i][i];
    for (size_t i = 0; i < 8; i++)
        REQUIRE_NEAR(found[i], a[i][i] / trace, 1e-6);
}

static void the_bound_has_its_gradient_and_bounds(void **state)
{
    (void)state;
    static const double target[4] = {0.4, 0, 0.35, 0.25};
    static const double transverse[4] = {0.5, 0.8, 0.3, -0.6};
    double parameters[10], gradient[10], bound, exact, unused;
    const qhm_boltzmann_model model = {2, 2, transverse, parameters};
    draw_numbers(parameters, 10, 3);
    REQUIRE_OK(qhm_boltzmann_bound(&model, target, gradient, &bound, &exact));
    assert_true(bound > exact + 0.01);
    for (size_t i = 0; i < 10; i++) {
        double above, below;
        const double at = parameters[i], step = 1e-5;
        parameters[i] = at + step;
        REQUIRE_OK(qhm_boltzmann_bound(&model, target, NULL, &above, &unused));
        parameters[i] = at - step;
        REQUIRE_OK(qhm_boltzmann_bound(&model, target, NULL, &below, &unused));
        parameters[i] = at;
        REQUIRE_NEAR(gradient[i], (above - below) / (2 * step), 1e-8);
    }
    const qhm_boltzmann_model classical = {2, 2, (double[4]){0}, parameters};
    REQUIRE_OK(qhm_boltzmann_bound(&classical, target, NULL, &bound, &exact));
    REQUIRE_NEAR(bound, exact, 1e-12);
}

static void training_lowers_the_bound_and_the_field_raises_it(void **state)
{
    (void)state;
    double target[16], parameters[10], bounds[3], exact;
    REQUIRE_OK(qhm_bit_target_bars_and_stripes(2, 2, target));
    for (size_t k = 0; k < 3; k++) {
        const double g = (double)k / 2, transverse[4] = {g, g, g, g};
        qhm_boltzmann_model model = {4, 0, transverse, NULL};
        REQUIRE_OK(qhm_boltzmann_train(&model, target, NULL, parameters));
        model.parameters = parameters;
        REQUIRE_OK(qhm_boltzmann_bound(&model, target, NULL, &bounds[k], &exact));
        bounds[k] -= log(6);
    }
    assert_true(bounds[0] < 0.01 && bounds[0] > 0);
    assert_true(bounds[1] > bounds[0] + 0.05 && bounds[2] > bounds[1] + 0.05);
    assert_true(bounds[2] < .980829253); // uniform
}

static void a_restricted_machine_is_its_sum_over_hidden_spins(void **state)
{
    (void)state;
    double parameters[11], found[8], expected[8] = {0}, sum = 0;
    assert_int_equal(qhm_restricted_parameter_count(3, 2), 11);
    draw_numbers(parameters, 11, 4);
    for (size_t x = 0; x < 8; x++)
        for (size_t h = 0; h < 4; h++) {
            double weight = 0;
            for (size_t i = 0; i < 3; i++)
                weight += parameters[i] * spin_of(x, i);
            for (size_t j = 0; j < 2; j++)
                weight += parameters[3 + j] * spin_of(h, j);
            for (size_t i = 0; i < 3; i++)
                for (size_t j = 0; j < 2; j++)
                    weight += parameters[5 + 2 * i + j] * spin_of(x, i) * spin_of(h, j);
            expected[x] += exp(weight);
            sum += exp(weight);
        }
    REQUIRE_OK(qhm_restricted_find(3, 2, parameters, found));
    for (size_t x = 0; x < 8; x++)
        REQUIRE_NEAR(found[x], expected[x] / sum, 1e-12);
}

// A soft target, of which every sampler gives the means well enough.
static void every_sampler_trains_a_restricted_machine(void **state)
{
    (void)state;
    static const double target[8] = {0.25, 0.05, 0.05, 0.15, 0.1, 0.05, 0.15, 0.2};
    double product[8], parameters[MOST_PARAMETERS], found[8];
    qhm_bit_target_product(3, target, product);
    assert_true(qhm_bit_target_divergence(3, target, product) > 0.13);
    for (int method = 0; method < QHM_RESTRICTED_METHOD_COUNT; method++) {
        const qhm_restricted_train_options options = {.method = (qhm_restricted_method)method,
                                                      .steps = 200,
                                                      .sweeps = 8,
                                                      .chains = 500,
                                                      .learning_rate = 0.05,
                                                      .transverse = 0.01,
                                                      .seed = 1};
        REQUIRE_OK(qhm_restricted_train(3, 4, target, &options, parameters));
        REQUIRE_OK(qhm_restricted_find(3, 4, parameters, found));
        const double divergence = qhm_bit_target_divergence(3, target, found);
        if (!(divergence < (method == QHM_RESTRICTED_EXACT ? 1e-3 : 0.02)))
            fail_msg("method %d ends at %g", method, divergence);
    }
}

// 1 / (2^n p_max), by the probabilities that are told: a flat distribution is kept at once, a
// peaked one of 6 bits takes several uses.
static void unknown_weights_are_paid_for_where_they_are_peaked(void **state)
{
    (void)state;
    static const char *const problems[] = {
        "probabilities: [1, 1, 1, 1, 1, 1, 1, 1]\nsteps: 200\nsamples: 100\n",
        "probabilities: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
        "0, "
        "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
        "0, 0, 0, 0, 0, 0, 0, 0, 0]\nmodel: restricted\nhidden: 2\nsteps: 400\nsamples: 100\n"};
    for (size_t i = 0; i < 2; i++) {
        char *text;
        double most = 0;
        REQUIRE_OK(qhm_algorithm_run_text("boltzmann", problems[i], NULL, &text));
        json_t *result = json_loads(text, 0, NULL);
        const json_t *answer = json_object_get(result, "answer");
        const json_t *p = json_object_get(answer, "probabilities");
        const size_t count = json_array_size(p);
        assert_int_equal(count, i == 0 ? 8 : 64);
        for (size_t x = 0; x < count; x++)
            most = fmax(most, json_number_value(json_array_get(p, x)));
        const double share = json_number_value(json_object_get(answer, "kept_share_from_uniform"));
        const double uses =
            json_number_value(json_object_get(answer, "weight_evaluations_a_sample_at_least"));
        REQUIRE_NEAR(share * (double)count * most, 1, 1e-6);
        // Never more than rejection alone. For a small share the best (2 k + 1) / sin^2 is the
        // least of x / sin^2 x, at tan x = 2 x, over the angle.
        assert_true(uses <= 1 / share + 1e-9);
        const double x = 1.1655611852, least = x / sin(x) / sin(x) / asin(sqrt(share));
        assert_true(i == 0 ? uses < 1.01 : uses >= least - 1e-9 && uses < 1.1 * least);
        json_decref(result);
        qhm_string_destroy(text);
    }
}

static void wrong_machines_are_refused(void **state)
{
    (void)state;
    double p[4], bound, exact;
    static const double transverse[2] = {1, NAN}, parameters[3] = {0}, half[2] = {0.5, 0.25};
    qhm_boltzmann_model model = {1, 0, transverse + 1, parameters};
    REQUIRE_FAILS(qhm_boltzmann_find(&model, p, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "transverse field 0 is nan");
    model = (qhm_boltzmann_model){6, 5, transverse, parameters};
    REQUIRE_FAILS(qhm_boltzmann_find(&model, p, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "6 visible and 5 hidden spins are not 1 to 10");
    model = (qhm_boltzmann_model){1, 0, transverse, NULL};
    REQUIRE_FAILS(qhm_boltzmann_find(&model, p, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "parameters is NULL");
    model.parameters = parameters;
    REQUIRE_FAILS(qhm_boltzmann_bound(&model, half, NULL, &bound, &exact),
                  QHM_ERROR_INVALID_ARGUMENT, "adds up to 0.75");
    REQUIRE_FAILS(qhm_restricted_find(13, 1, parameters, p), QHM_ERROR_INVALID_ARGUMENT,
                  "visible is 13");
    REQUIRE_FAILS(qhm_restricted_find(1, 0, parameters, p), QHM_ERROR_INVALID_ARGUMENT,
                  "hidden is 0");
}

static qhm_status attempt(void *context)
{
    static const double target[2] = {0.5, 0.5}, transverse[2] = {1, 1};
    const qhm_boltzmann_model model = {1, 1, transverse, NULL};
    double parameters[3];
    (void)context;
    QHM_TRY(qhm_boltzmann_train(&model, target, &(qhm_boltzmann_train_options){.steps = 1},
                                parameters));
    return qhm_restricted_train(
        1, 1, target,
        &(qhm_restricted_train_options){.method = QHM_RESTRICTED_ANNEALER, .steps = 1, .chains = 2},
        parameters);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_spin_is_as_known),
        cmocka_unit_test(without_a_transverse_field_it_is_the_classical_machine),
        cmocka_unit_test(the_state_is_the_exponential),
        cmocka_unit_test(the_bound_has_its_gradient_and_bounds),
        cmocka_unit_test(training_lowers_the_bound_and_the_field_raises_it),
        cmocka_unit_test(a_restricted_machine_is_its_sum_over_hidden_spins),
        cmocka_unit_test(every_sampler_trains_a_restricted_machine),
        cmocka_unit_test(unknown_weights_are_paid_for_where_they_are_peaked),
        cmocka_unit_test(wrong_machines_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
