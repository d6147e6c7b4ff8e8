// Features and weights as bits, against all choices and closed forms.
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/feature_selection.h>
#include <qhm/random.h>
#include <qhm/weight_grid.h>

// Target y, and features y, -2 y, a constant, and an alternating one.
static const double values[] = {0, 0, 7, 1, 1, -2, 7, -1, 2, -4, 7, 1, 3, -6, 7, -1};
static const double target[] = {0, 1, 2, 3};

static void correlations_are_magnitudes(void **state)
{
    (void)state;
    double relevance[4], redundancy[16];
    REQUIRE_OK(qhm_feature_relations(4, 4, values, target, NULL, relevance, redundancy));
    const double expected[] = {1, 1, 0, 1 / sqrt(5)};
    for (size_t i = 0; i < 4; i++) {
        REQUIRE_NEAR(relevance[i], expected[i], 1e-12);
        REQUIRE_NEAR(redundancy[5 * i], 0, 0);
    }
    REQUIRE_NEAR(redundancy[1], 1, 1e-12);
    REQUIRE_NEAR(redundancy[4 * 3 + 1], 1 / sqrt(5), 1e-12);
    REQUIRE_FAILS(qhm_feature_relations(1, 4, values, target, NULL, relevance, redundancy),
                  QHM_ERROR_INVALID_ARGUMENT, "1 samples");
}

// Four equal classes are ln 4 of each other's information, two bins of them ln 2.
static void information_is_that_of_bins(void **state)
{
    (void)state;
    double relevance[4], redundancy[16];
    qhm_feature_options options = {.measure = QHM_FEATURE_MUTUAL_INFORMATION};
    REQUIRE_OK(qhm_feature_relations(4, 4, values, target, &options, relevance, redundancy));
    REQUIRE_NEAR(relevance[0], log(4), 1e-12);
    REQUIRE_NEAR(relevance[2], 0, 1e-12);
    REQUIRE_NEAR(relevance[3], log(2), 1e-12);
    REQUIRE_NEAR(redundancy[1], log(4), 1e-12);
    options.bins = 2;
    REQUIRE_OK(qhm_feature_relations(4, 4, values, target, &options, relevance, redundancy));
    REQUIRE_NEAR(relevance[1], log(2), 1e-12);
    REQUIRE_NEAR(relevance[3], 0, 1e-12); // 1, -1 in each half
}

static void the_cost_is_mean_redundancy_less_mean_relevance(void **state)
{
    (void)state;
    const double relevance[] = {0.9, 0.5, 0.7, 0.2};
    const double redundancy[] = {0, .1, .8, .3, .1, 0, .2, .4, .8, .2, 0, .5, .3, .4, .5, 0};
    qhm_ising *ising = NULL;
    REQUIRE_OK(qhm_feature_ising(4, relevance, redundancy, 3, 2, &ising));
    REQUIRE_NEAR(qhm_ising_energy(ising, 7), -2.1 / 3 + 2 * 1.1 / 3, 1e-12);
    qhm_ising_destroy(ising);
    assert_int_equal(qhm_feature_greedy(4, relevance, redundancy, 2, 1), 3); // not 0 and 2
    assert_int_equal(qhm_feature_greedy(4, relevance, redundancy, 2, 1e-6), 5);
    REQUIRE_FAILS(qhm_feature_ising(4, relevance, redundancy, 5, 1, &ising),
                  QHM_ERROR_INVALID_ARGUMENT, "5 of 4 features");
}

enum { SAMPLES = 7, WIDTH = 3, OUTPUTS = 2 };

static double loss_of(const double *x, const double *t, const double *w)
{
    double loss = 0;
    for (size_t n = 0; n < SAMPLES; n++)
        for (size_t o = 0; o < OUTPUTS; o++) {
            double error = t[n * OUTPUTS + o];
            for (size_t i = 0; i < WIDTH; i++)
                error -= w[o * WIDTH + i] * x[n * WIDTH + i];
            loss += error * error / SAMPLES;
        }
    return loss;
}

// All 2^12 settings of two bits for each of six weights.
static void the_loss_of_a_layer_is_the_cost_of_its_bits(void **state)
{
    (void)state;
    double x[SAMPLES * WIDTH], t[SAMPLES * OUTPUTS], w[OUTPUTS * WIDTH];
    const double before[] = {0.9, -1.4, 0.2, -0.3, 0.65, 0.1};
    const double nearest[] = {1, -1, 1.0 / 3, -1.0 / 3, 1.0 / 3, 1.0 / 3};
    qhm_random random = qhm_random_stream(2, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < SAMPLES * WIDTH; i++)
        x[i] = qhm_random_normal(&random);
    for (size_t i = 0; i < SAMPLES * OUTPUTS; i++)
        t[i] = qhm_random_normal(&random);
    const qhm_weight_grid grid = qhm_weight_grid_even(OUTPUTS, WIDTH, 2, 1);
    qhm_ising *ising;
    REQUIRE_OK(qhm_weight_grid_ising(&grid, SAMPLES, x, t, &ising));
    for (uint64_t bits = 0; bits < 1 << 12; bits++) {
        qhm_weight_grid_read(&grid, bits, w);
        REQUIRE_NEAR(qhm_ising_energy(ising, bits), loss_of(x, t, w), 1e-10);
    }
    qhm_weight_grid_read(&grid, qhm_weight_grid_round(&grid, before), w);
    for (size_t i = 0; i < OUTPUTS * WIDTH; i++)
        REQUIRE_NEAR(w[i], nearest[i], 1e-12);
    qhm_ising_destroy(ising);
    const qhm_weight_grid large = qhm_weight_grid_even(8, 8, 2, 1);
    REQUIRE_FAILS(qhm_weight_grid_ising(&large, SAMPLES, x, t, &ising), QHM_ERROR_INVALID_ARGUMENT,
                  "8 by 8 weights of 2 bits");
}

static qhm_status attempt(void *context)
{
    double relevance[4], redundancy[16];
    qhm_ising *ising;
    (void)context;
    QHM_TRY(qhm_feature_relations(4, 4, values, target, NULL, relevance, redundancy));
    QHM_TRY(qhm_feature_ising(4, relevance, redundancy, 2, 1, &ising));
    qhm_ising_destroy(ising);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(correlations_are_magnitudes),
        cmocka_unit_test(information_is_that_of_bins),
        cmocka_unit_test(the_cost_is_mean_redundancy_less_mean_relevance),
        cmocka_unit_test(the_loss_of_a_layer_is_the_cost_of_its_bits),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
