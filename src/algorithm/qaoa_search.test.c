// Mixers that keep budgets or return to a start, and angles fitted through any of them.
#include "algorithm/qaoa_search.h"
#include "algorithm/qaoa_blocks.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <complex.h>
#include <math.h>
#include <qhm/backend.h>
#include <qhm/plan.h>
#include <qhm/random.h>

enum { N = 5, ALL = 1 << N };

static qhm_ising *random_problem(size_t count, uint64_t seed)
{
    qhm_ising *ising;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_ising_create(count, &ising));
    for (size_t i = 0; i < count; i++) {
        REQUIRE_OK(qhm_ising_append_field(ising, i, qhm_random_normal(&random)));
        for (size_t j = 0; j < i; j++)
            REQUIRE_OK(qhm_ising_append_coupling(ising, i, j, qhm_random_normal(&random)));
    }
    return ising;
}

// One layer from the even sum of those with `ones` ones: phases, then e^{-2 i n b} on that sum.
static void the_dicke_mixer_follows_its_closed_form(void **state)
{
    (void)state;
    const double angles[] = {0.7, 0.13};
    qhm_ising *ising = random_problem(N, 3);
    for (int ones = 1; ones < N; ones++) {
        double probabilities[ALL], members = 0;
        double complex mean = 0;
        const qhm_qaoa_circuit_options shape = {
            .mixer = QHM_QAOA_MIXER_BLOCK, .block = N, .ones = (size_t)ones};
        REQUIRE_OK(qhm_qaoa_find_probabilities(ising, &shape, angles, probabilities));
        for (uint64_t z = 0; z < ALL; z++)
            if (__builtin_popcountll(z) == ones) {
                members++;
                mean += cexp(-I * angles[0] * qhm_ising_energy(ising, z));
            }
        mean /= members;
        const double complex turn = cexp(-2 * I * (double)N * angles[1]) - 1;
        for (uint64_t z = 0; z < ALL; z++) {
            const double size =
                cabs(cexp(-I * angles[0] * qhm_ising_energy(ising, z)) + turn * mean);
            REQUIRE_NEAR(probabilities[z],
                         __builtin_popcountll(z) == ones ? size * size / members : 0, 1e-12);
        }
    }
    qhm_ising_destroy(ising);
}

static void rings_keep_the_budget_too(void **state)
{
    (void)state;
    const double angles[] = {0.7, -0.3, 0.4, 0.9};
    double probabilities[ALL], kept = 0, first = 0;
    qhm_ising *ising = random_problem(N, 4);
    qhm_qaoa_circuit_options shape = {
        .layers = 2, .mixer = QHM_QAOA_MIXER_RING, .block = N, .ones = 2};
    REQUIRE_OK(qhm_qaoa_find_probabilities(ising, &shape, angles, probabilities));
    for (uint64_t z = 0; z < ALL; z++)
        kept += __builtin_popcountll(z) == 2 ? probabilities[z] : 0;
    REQUIRE_NEAR(kept, 1, 1e-12);
    first = probabilities[3];
    shape.mixer = QHM_QAOA_MIXER_BLOCK;
    REQUIRE_OK(qhm_qaoa_find_probabilities(ising, &shape, angles, probabilities));
    assert_true(fabs(probabilities[3] - first) > 1e-3); // another mixer
    shape.ones = N;
    REQUIRE_FAILS(qhm_qaoa_find_probabilities(ising, &shape, angles, probabilities),
                  QHM_ERROR_INVALID_ARGUMENT, "5 ones in a block of 5 qubits");
    qhm_ising_destroy(ising);
}

// Chances of 3/4 where the bit is 0, gamma = 0, beta = pi / 2: the bits, with certainty. The warm
// mixer, whose start is its eigenstate, stays.
static void a_warm_start_can_be_returned(void **state)
{
    (void)state;
    const double angles[] = {0, acos(-1) / 2}, other[] = {0, 1.1};
    double chances[N], probabilities[ALL];
    qhm_ising *ising = random_problem(N, 5);
    const uint64_t bits = 0x0b;
    for (size_t i = 0; i < N; i++)
        chances[i] = bits >> i & 1 ? 0.25 : 0.75;
    qhm_qaoa_circuit_options shape = {.mixer = QHM_QAOA_MIXER_RETURN, .chance = chances};
    REQUIRE_OK(qhm_qaoa_find_probabilities(ising, &shape, angles, probabilities));
    REQUIRE_NEAR(probabilities[bits], 1, 1e-12);
    REQUIRE_OK(qhm_qaoa_find_probabilities(ising, &shape, other, probabilities));
    assert_true(probabilities[bits] < 0.9);
    shape.mixer = QHM_QAOA_MIXER_WARM;
    REQUIRE_OK(qhm_qaoa_find_probabilities(ising, &shape, other, probabilities));
    for (uint64_t z = 0; z < ALL; z++) {
        double product = 1;
        for (size_t i = 0; i < N; i++)
            product *= z >> i & 1 ? chances[i] : 1 - chances[i];
        REQUIRE_NEAR(probabilities[z], product, 1e-12);
    }
    qhm_ising_destroy(ising);
}

static double lowest_mean(const qhm_qaoa_search *search, double share)
{
    double probabilities[ALL], energies[ALL], mean;
    REQUIRE_OK(
        qhm_qaoa_find_probabilities(search->ising, &search->shape, search->angles, probabilities));
    REQUIRE_OK(qhm_ising_energies(search->ising, energies));
    REQUIRE_OK(qhm_qaoa_lowest_mean(ALL, energies, probabilities, share, &mean));
    return mean;
}

// Fitting the mean of the lowest half finds a lower one than fitting the mean does.
static void lowest_means_are_fitted_themselves(void **state)
{
    (void)state;
    const double share = 0.5;
    size_t better = 0;
    for (uint64_t seed = 0; seed < 6; seed++) {
        qhm_ising *ising = random_problem(N, seed);
        qhm_ledger ledger = {0};
        qhm_qaoa_search by_mean = {.ising = ising, .shape = {.layers = 2}, .share = 1};
        qhm_qaoa_search by_lowest = {.ising = ising, .shape = {.layers = 2}, .share = share};
        REQUIRE_OK(qhm_qaoa_search_run(&by_mean, &ledger));
        assert_int_equal(ledger.exact_circuits, by_mean.runs);
        assert_int_equal(ledger.adjoint_gradients, by_mean.gradients);
        REQUIRE_NEAR(by_mean.value, lowest_mean(&by_mean, 1), 1e-10);
        REQUIRE_OK(qhm_qaoa_search_run(&by_lowest, &ledger));
        assert_int_equal(ledger.exact_circuits, by_mean.runs + by_lowest.runs);
        REQUIRE_NEAR(by_lowest.value, lowest_mean(&by_lowest, share), 1e-10);
        better += by_lowest.value < lowest_mean(&by_mean, share) - 1e-6;
        qhm_ising_destroy(ising);
    }
    assert_true(better >= 5);
}

// Costs a thousand times as large have angles a thousand times as small, and the same shares.
static void units_do_not_matter(void **state)
{
    (void)state;
    qhm_ising *small = random_problem(N, 8), *large;
    qhm_ledger ledger = {0};
    REQUIRE_OK(qhm_ising_create(N, &large));
    for (size_t i = 0; i < N; i++) {
        REQUIRE_OK(qhm_ising_append_field(large, i, 1024 * qhm_ising_field(small, i)));
        for (size_t j = 0; j < i; j++)
            REQUIRE_OK(
                qhm_ising_append_coupling(large, i, j, 1024 * qhm_ising_coupling(small, i, j)));
    }
    qhm_qaoa_search one = {.ising = small, .shape = {.layers = 2}, .share = 1};
    qhm_qaoa_search other = {.ising = large, .shape = {.layers = 2}, .share = 1};
    REQUIRE_OK(qhm_qaoa_search_run(&one, &ledger));
    REQUIRE_OK(qhm_qaoa_search_run(&other, &ledger));
    REQUIRE_NEAR(other.value, 1024 * one.value, 1e-6);
    REQUIRE_NEAR(other.angles[0] * 1024, one.angles[0], 1e-6);
    qhm_ising_destroy(small);
    qhm_ising_destroy(large);
}

// The closed form against the state, with fields, triangles and any weights; its angles against a
// fit of the state.
static void one_layer_has_a_closed_form(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        qhm_ising *ising = random_problem(N + seed % 3, seed);
        qhm_ledger ledger = {0};
        qhm_qaoa *qaoa;
        qhm_qaoa_search fitted = {.ising = ising, .shape = {.layers = 1}, .share = 1};
        double angles[2], cost;
        size_t evaluations;
        REQUIRE_OK(qhm_ising_append_constant(ising, 0.75));
        REQUIRE_OK(qhm_qaoa_create(ising, NULL, &qaoa));
        for (int i = 0; i < 9; i++) {
            angles[0] = 0.31 * (i / 3 - 1) + 0.05;
            angles[1] = 0.44 * (i % 3 - 1) - 0.1;
            REQUIRE_OK(qhm_qaoa_run(qaoa, angles, &cost, NULL));
            REQUIRE_NEAR(qhm_qaoa_one_layer(ising, angles), cost, 1e-12);
        }
        REQUIRE_OK(qhm_qaoa_one_layer_angles(ising, angles, &evaluations));
        assert_true(evaluations > 64);
        REQUIRE_OK(qhm_qaoa_search_run(&fitted, &ledger));
        REQUIRE_NEAR(qhm_qaoa_one_layer(ising, angles), fitted.value, 1e-6);
        qhm_qaoa_destroy(qaoa);
        qhm_ising_destroy(ising);
    }
}

// The short state against the circuit: probabilities, cost and gradient.
static void one_hot_states_are_those_of_the_circuit(void **state)
{
    (void)state;
    const double angles[] = {0.7, -0.2, 0.33, 0.41}, one = 1;
    for (size_t block = 2; block <= 3; block++) {
        qhm_ising *ising = random_problem(6, 7);
        qhm_qaoa_blocks *blocks;
        qhm_circuit *circuit;
        qhm_observable *observable;
        qhm_backend *backend;
        qhm_plan *plan;
        double cost, gradient[4], slopes[4], expected[64], probabilities[64];
        const qhm_qaoa_circuit_options shape = {
            .layers = 2, .mixer = QHM_QAOA_MIXER_BLOCK, .block = block};
        REQUIRE_OK(qhm_ising_append_constant(ising, -0.5));
        REQUIRE_OK(qhm_qaoa_blocks_create(ising, block, 2, &blocks));
        REQUIRE_OK(qhm_qaoa_circuit_create(ising, &shape, &circuit));
        REQUIRE_OK(qhm_ising_observable(ising, &observable));
        REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
        REQUIRE_OK(qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable}, 1,
                                   NULL, &plan));
        REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                     .weights = angles,
                                                     .expectations = &cost,
                                                     .probabilities = expected}));
        REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                     .weights = angles,
                                                     .cotangents = &one,
                                                     .weight_gradients = slopes}));
        REQUIRE_NEAR(qhm_qaoa_blocks_run(blocks, angles, gradient), cost, 1e-12);
        qhm_qaoa_blocks_probabilities(blocks, angles, probabilities);
        for (size_t i = 0; i < 4; i++)
            REQUIRE_NEAR(gradient[i], slopes[i], 1e-10);
        for (size_t z = 0; z < 64; z++)
            REQUIRE_NEAR(probabilities[z], expected[z], 1e-12);
        qhm_plan_destroy(plan);
        qhm_backend_destroy(backend);
        qhm_observable_destroy(observable);
        qhm_circuit_destroy(circuit);
        qhm_qaoa_blocks_destroy(blocks);
        qhm_ising_destroy(ising);
    }
}

static qhm_status attempt(void *context)
{
    qhm_ledger ledger = {0};
    qhm_qaoa_search search = {.ising = context,
                              .shape = {.layers = 1, .mixer = QHM_QAOA_MIXER_BLOCK, .block = 3},
                              .share = 0.5};
    return qhm_qaoa_search_run(&search, &ledger);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_ising *ising = random_problem(3, 1);
    require_survives_failing_memory(attempt, ising);
    qhm_ising_destroy(ising);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dicke_mixer_follows_its_closed_form),
        cmocka_unit_test(rings_keep_the_budget_too),
        cmocka_unit_test(a_warm_start_can_be_returned),
        cmocka_unit_test(lowest_means_are_fitted_themselves),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(one_layer_has_a_closed_form),
        cmocka_unit_test(one_hot_states_are_those_of_the_circuit),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
