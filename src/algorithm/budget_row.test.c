// The penalty of a budget, against all choices.
#include "algorithm/budget_row.h"
#include "support/checks.h"

#include <inttypes.h>
#include <math.h>
#include <qhm/random.h>

enum { MOST = 8 };

static void append_square(qhm_ising *ising, size_t count, size_t budget, double penalty)
{
    size_t bits[MOST];
    double ones[MOST];
    for (size_t i = 0; i < count; i++) {
        bits[i] = i;
        ones[i] = 1;
    }
    REQUIRE_OK(qhm_ising_append_square(ising, count, bits, ones, (double)budget, penalty));
}

// By how much the cheapest choice of another number costs more than the best of the budget.
static double find_gap(const qhm_ising *bare, size_t budget, double penalty)
{
    double kept = INFINITY, broken = INFINITY;
    const size_t count = qhm_ising_spin_count(bare);
    qhm_ising *penalised;
    REQUIRE_OK(qhm_ising_copy(bare, &penalised));
    append_square(penalised, count, budget, penalty);
    for (uint64_t bits = 0; bits < (uint64_t)1 << count; bits++) {
        const double cost = qhm_ising_energy(penalised, bits);
        double *least = (size_t)__builtin_popcountll(bits) == budget ? &kept : &broken;
        *least = fmin(*least, cost);
    }
    qhm_ising_destroy(penalised);
    return broken - kept;
}

// Returns and risks of which `kind` makes ties likely: equal, small whole numbers, none, or huge.
static void draw(qhm_random *random, size_t count, int kind, qhm_ising **ising)
{
    REQUIRE_OK(qhm_ising_create(count, ising));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++) {
            const double normal = qhm_random_normal(random);
            const double value = kind == 0   ? normal
                                 : kind == 1 ? round(normal)
                                 : kind == 2 ? (i == j ? -1 : 0)
                                 : kind == 3 ? (i == j ? 1 : 0)
                                 : kind == 4 ? 0
                                 : kind == 5 ? (i == j ? 1e9 * normal : -1e-9)
                                             : 1e-12 * (i == j ? -1 : 2);
            REQUIRE_OK(qhm_ising_append_product(*ising, i, j, value));
        }
}

static void breaking_a_budget_costs_more(void **state)
{
    (void)state;
    const uint64_t seed = test_seed();
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    size_t ties = 0;
    for (size_t trial = 0; trial < 700; trial++) {
        const size_t count = 1 + trial / 7 % MOST;
        qhm_ising *ising;
        draw(&random, count, (int)(trial % 7), &ising);
        const double penalty = qhm_budget_penalty(ising);
        for (size_t budget = 1; budget <= count; budget++) {
            const double gap = find_gap(ising, budget, penalty);
            if (!(gap > 0.009 * penalty))
                fail_msg("seed %" PRIu64 ", kind %zu, %zu of %zu: breaking it costs %g more", seed,
                         trial % 7, budget, count, gap);
            // The greatest change itself is not enough: an asset may be worth all of it.
            ties += find_gap(ising, budget, penalty / 1.01) <= 1e-9 * penalty;
        }
        qhm_ising_destroy(ising);
    }
    assert_true(ties > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(breaking_a_budget_costs_more)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
