// Loaded distributions against their closed forms.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/distribution_loading.h>

static void require_shares(const qhm_circuit *circuit, const double *known)
{
    qhm_complex *state;
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    for (size_t j = 0; j < (size_t)1 << qhm_circuit_qubit_count(circuit); j++) {
        REQUIRE_NEAR(state[j].re * state[j].re, known[j], 1e-12);
        assert_true(state[j].re >= 0);
    }
    qhm_release(state);
}

static void an_exponential_is_a_product(void **state)
{
    (void)state;
    static const double rates[] = {0, 0.1, 1, -0.7};
    for (size_t i = 0; i < 4; i++) {
        qhm_circuit *circuit;
        qhm_circuit_counts counts;
        double known[32], total = 0;
        for (size_t j = 0; j < 32; j++)
            total += known[j] = exp(-rates[i] * (double)j);
        for (size_t j = 0; j < 32; j++)
            known[j] /= total;
        REQUIRE_OK(qhm_exponential_loading_create(5, rates[i], &circuit));
        require_shares(circuit, known);
        assert_int_equal(qhm_circuit_instruction_count(circuit), 5);
        REQUIRE_OK(qhm_circuit_count(circuit, &counts));
        assert_int_equal(counts.two_qubit_depth, 0);
        qhm_circuit_destroy(circuit);
    }
}

static double integrate_exponential(void *rate, double low, double high)
{
    const double r = *(double *)rate;
    return exp(-r * low) - exp(-r * high);
}

static double integrate_normal(void *context, double low, double high)
{
    (void)context;
    return (erf(high / M_SQRT2) - erf(low / M_SQRT2)) / 2;
}

// The same exponential by integrals; and a normal, which is symmetric and has its known middle.
static void integrals_give_the_cells(void **state)
{
    (void)state;
    double rate = 0.3, known[16], total = 0;
    qhm_circuit *circuit;
    for (size_t j = 0; j < 16; j++)
        total += known[j] = exp(-rate * (double)j);
    for (size_t j = 0; j < 16; j++)
        known[j] /= total;
    REQUIRE_OK(qhm_distribution_loading_create(4, 0, 16, integrate_exponential, &rate, &circuit));
    require_shares(circuit, known);
    qhm_circuit_destroy(circuit);
    const double whole = 0.99730020393674, one = 0.68268949213709, two = 0.95449973610364;
    const double all = erf(4 / M_SQRT2); // within four deviations
    const double half[4] = {one / 2, (two - one) / 2, (whole - two) / 2, (all - whole) / 2};
    double shares[8];
    for (size_t j = 0; j < 4; j++)
        shares[4 + j] = shares[3 - j] = half[j] / all;
    REQUIRE_OK(qhm_distribution_loading_create(3, -4, 4, integrate_normal, NULL, &circuit));
    require_shares(circuit, shares);
    qhm_circuit_destroy(circuit);
}

static double integrate_nothing(void *value, double low, double high)
{
    (void)low;
    (void)high;
    return *(double *)value;
}

static void what_is_no_distribution_is_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    double value = 0;
    REQUIRE_FAILS(qhm_distribution_loading_create(2, 0, 1, integrate_nothing, &value, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "all cells is 0");
    value = -1;
    REQUIRE_FAILS(qhm_distribution_loading_create(2, 0, 1, integrate_nothing, &value, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "cell 0 is -1");
    REQUIRE_FAILS(qhm_distribution_loading_create(2, 1, 1, integrate_nothing, &value, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "interval");
    REQUIRE_FAILS(qhm_distribution_loading_create(17, 0, 1, integrate_nothing, &value, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 17");
    REQUIRE_FAILS(qhm_exponential_loading_create(2, INFINITY, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "rate");
    assert_null(circuit);
}

static qhm_status attempt(void *context)
{
    qhm_circuit *circuit;
    QHM_TRY(qhm_distribution_loading_create(2, 0, 4, integrate_exponential, context, &circuit));
    qhm_circuit_destroy(circuit);
    QHM_TRY(qhm_exponential_loading_create(2, 1, &circuit));
    qhm_circuit_destroy(circuit);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    double rate = 1;
    require_survives_failing_memory(attempt, &rate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exponential_is_a_product),
        cmocka_unit_test(integrals_give_the_cells),
        cmocka_unit_test(what_is_no_distribution_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
