// Ising problems: their forms agree, and so do the searches.
#include "base/memory.h"
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/ising.h>
#include <qhm/random.h>

static qhm_ising *random_problem(size_t count, double density, bool fields, uint64_t seed)
{
    qhm_ising *ising;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_ising_create(count, &ising));
    REQUIRE_OK(qhm_ising_append_constant(ising, -1.25));
    for (size_t i = 0; i < count; i++) {
        if (fields)
            REQUIRE_OK(qhm_ising_append_field(ising, i, qhm_random_normal(&random)));
        for (size_t j = 0; j < i; j++)
            if (qhm_random_uniform(&random) < density)
                REQUIRE_OK(qhm_ising_append_coupling(ising, i, j, qhm_random_normal(&random)));
    }
    return ising;
}

static void tables_are_the_energies(void **state)
{
    (void)state;
    double energies[1 << 9];
    qhm_ising *ising = random_problem(9, 0.6, true, 1);
    REQUIRE_OK(qhm_ising_energies(ising, energies));
    for (uint64_t z = 0; z < 1 << 9; z++)
        REQUIRE_NEAR(energies[z], qhm_ising_energy(ising, z), 1e-12);
    qhm_ising_destroy(ising);
}

// 3 x0 - 2 x1 + 5 x0 x2 + (x0 + 2 x1 - x2 - 1)^2, term by term over all bits.
static void products_and_squares_are_what_they_say(void **state)
{
    (void)state;
    qhm_ising *ising;
    REQUIRE_OK(qhm_ising_create(3, &ising));
    REQUIRE_OK(qhm_ising_append_product(ising, 0, 0, 3));
    REQUIRE_OK(qhm_ising_append_product(ising, 1, 1, -2));
    REQUIRE_OK(qhm_ising_append_product(ising, 0, 2, 5));
    REQUIRE_OK(qhm_ising_append_square(ising, 3, (const size_t[]){0, 1, 2},
                                       (const double[]){1, 2, -1}, 1, 1));
    for (uint64_t z = 0; z < 8; z++) {
        const double a = (double)(z & 1), b = (double)(z >> 1 & 1), c = (double)(z >> 2);
        const double sum = a + 2 * b - c - 1;
        REQUIRE_NEAR(qhm_ising_energy(ising, z), 3 * a - 2 * b + 5 * a * c + sum * sum, 1e-12);
    }
    qhm_ising_destroy(ising);
}

// (1 - s0) / 2 - small (1 - s1) / 2: the constant and the fields cancel but for the small term.
static void small_terms_keep_their_digits_beside_large_ones(void **state)
{
    (void)state;
    static const double sizes[] = {1e-12, 1e-16, 3e-25};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        qhm_ising *ising;
        REQUIRE_OK(qhm_ising_create(2, &ising));
        REQUIRE_OK(qhm_ising_append_product(ising, 0, 0, 1));
        REQUIRE_OK(qhm_ising_append_product(ising, 1, 1, -sizes[i]));
        REQUIRE_NEAR(qhm_ising_energy(ising, 0), 0, 0);
        REQUIRE_NEAR(qhm_ising_energy(ising, 2) / -sizes[i], 1, 1e-15);
        qhm_ising_destroy(ising);
    }
}

// Two spins of which the second costs little: one lowest cost while double precision holds it. The
// searches see what the table and the rounding see.
static void costs_are_the_same_only_within_rounding(void **state)
{
    (void)state;
    static const struct {
        double large, small, optima;
    } cases[] = {{1, 1e-13, 1}, {1e9, 1, 1}, {1e200, 1e187, 1}, {1e-200, 1e-213, 1}, {1, 1e-17, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_ising *ising;
        qhm_ising_solution all, branched, annealed, greedy;
        REQUIRE_OK(qhm_ising_create(2, &ising));
        REQUIRE_OK(qhm_ising_append_field(ising, 0, cases[i].large));
        REQUIRE_OK(qhm_ising_append_field(ising, 1, cases[i].small));
        REQUIRE_OK(qhm_ising_find_all(ising, &all));
        REQUIRE_OK(qhm_ising_branch_and_bound(ising, 0, &branched));
        REQUIRE_OK(qhm_ising_anneal(ising, NULL, &annealed));
        REQUIRE_OK(qhm_ising_find_greedy(ising, &greedy));
        REQUIRE_NEAR(all.optimum_count, cases[i].optima, 0);
        assert_true((qhm_ising_rounding(ising) < 2 * cases[i].small) == (cases[i].optima == 1));
        assert_int_equal(branched.bits & 1, 1);
        assert_int_equal(greedy.bits, 3);
        if (cases[i].optima == 1) {
            assert_int_equal(all.bits, 3);
            assert_int_equal(branched.bits, 3);
            assert_int_equal(annealed.bits, 3);
        }
        qhm_ising_destroy(ising);
    }
}

// -0.3 alone or -0.1 and -0.2 together, at a price of 1: as numbers they differ by 5.6e-17.
static void what_rounding_makes_of_decimals_is_no_difference(void **state)
{
    (void)state;
    qhm_ising *ising;
    qhm_ising_solution all;
    REQUIRE_OK(qhm_ising_create(3, &ising));
    for (size_t i = 0; i < 3; i++)
        REQUIRE_OK(qhm_ising_append_product(ising, i, i, i == 0 ? -0.3 : -0.1 * (double)i));
    REQUIRE_OK(qhm_ising_append_product(ising, 0, 1, 1));
    REQUIRE_OK(qhm_ising_append_product(ising, 0, 2, 1));
    REQUIRE_OK(qhm_ising_find_all(ising, &all));
    REQUIRE_NEAR(all.optimum_count, 2, 0);
    qhm_ising_destroy(ising);
}

static void searches_agree_and_bounds_hold(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        qhm_ising *ising = random_problem(5 + seed, 0.5, seed % 2, seed);
        qhm_ising_solution all, branched, annealed;
        qhm_ising_relaxation relaxed;
        REQUIRE_OK(qhm_ising_find_all(ising, &all));
        REQUIRE_OK(qhm_ising_branch_and_bound(ising, 0, &branched));
        REQUIRE_OK(qhm_ising_anneal(ising, NULL, &annealed));
        REQUIRE_OK(qhm_ising_relax(ising, NULL, &relaxed));
        REQUIRE_NEAR(branched.energy, all.energy, 1e-10);
        REQUIRE_NEAR(annealed.energy, all.energy, 1e-10);
        REQUIRE_NEAR(relaxed.rounded.energy, all.energy, 1e-10);
        REQUIRE_NEAR(qhm_ising_energy(ising, branched.bits), branched.energy, 1e-12);
        assert_true(all.optimum_count >= (seed % 2 ? 1 : 2)); // flipped spins cost the same
        assert_true(relaxed.rounded.bound <= all.energy + 1e-9);
        REQUIRE_NEAR(relaxed.rounded.bound, relaxed.relaxed, 1e-4 * (1 + fabs(all.energy)));
        assert_true(branched.nodes < (uint64_t)4 << (5 + seed));
        qhm_ising_destroy(ising);
    }
}

// The cut of a ring of five is 4; its relaxation is known: 5 (1 + cos(pi / 5)) / 2 = 4.5225.
static void the_relaxation_of_a_ring_of_five_is_known(void **state)
{
    (void)state;
    qhm_ising *ising;
    qhm_ising_relaxation relaxed;
    REQUIRE_OK(qhm_ising_create(5, &ising));
    for (size_t i = 0; i < 5; i++) {
        REQUIRE_OK(qhm_ising_append_coupling(ising, i, (i + 1) % 5, 0.5));
        REQUIRE_OK(qhm_ising_append_constant(ising, -0.5));
    }
    REQUIRE_OK(qhm_ising_relax(ising, NULL, &relaxed));
    REQUIRE_NEAR(relaxed.relaxed, -2.5 * (1 + cos(acos(-1) / 5)), 1e-7);
    REQUIRE_NEAR(relaxed.rounded.bound, relaxed.relaxed, 1e-5);
    REQUIRE_NEAR(relaxed.rounded.energy, -4, 1e-12);
    assert_true(-relaxed.mean_rounded >= 0.87856 * 4.5225 * 0.9);
    qhm_ising_destroy(ising);
}

static void larger_problems_are_proven_by_branching(void **state)
{
    (void)state;
    qhm_ising *ising = random_problem(40, 0.08, true, 4);
    qhm_ising_solution branched, annealed;
    REQUIRE_OK(qhm_ising_branch_and_bound(ising, 20000000, &branched));
    REQUIRE_OK(qhm_ising_anneal(ising, NULL, &annealed));
    assert_true(annealed.energy >= branched.energy - 1e-9);
    REQUIRE_NEAR(annealed.energy, branched.energy, 1e-9);
    REQUIRE_FAILS(qhm_ising_branch_and_bound(ising, 100, &branched), QHM_ERROR_RESOURCE_LIMIT,
                  "after 100 nodes");
    REQUIRE_FAILS(qhm_ising_find_all(ising, &branched), QHM_ERROR_RESOURCE_LIMIT, "40 spins");
    qhm_ising_destroy(ising);
}

// The relaxed cost is below all bit strings' and all points' of the box; greed ends where no flip
// helps.
static void starts_are_what_they_say(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        qhm_ising *ising = random_problem(9, 0.6, true, seed);
        qhm_ising_solution all, greedy;
        double chances[9], bound;
        REQUIRE_OK(qhm_ising_find_all(ising, &all));
        REQUIRE_OK(qhm_ising_relax_box(ising, chances, &bound));
        assert_true(bound <= all.energy + 1e-9);
        assert_true(bound > all.energy - 0.6 * fabs(all.energy));
        for (size_t i = 0; i < 9; i++)
            assert_true(chances[i] >= 0 && chances[i] <= 1);
        REQUIRE_OK(qhm_ising_find_greedy(ising, &greedy));
        REQUIRE_NEAR(greedy.energy, qhm_ising_energy(ising, greedy.bits), 1e-12);
        for (size_t i = 0; i < 9; i++)
            assert_true(qhm_ising_energy(ising, greedy.bits ^ (uint64_t)1 << i) >=
                        greedy.energy - 1e-9);
        qhm_ising_destroy(ising);
    }
}

// E = s0 s1 + s0: made convex by (s0^2 + s1^2 - 2) / 2, which is lowest at s0 = -1, s1 = 1. Without
// fields all is even; without couplings each spin is set.
static void small_relaxations_are_known(void **state)
{
    (void)state;
    qhm_ising *ising;
    double chances[2], bound;
    REQUIRE_OK(qhm_ising_create(2, &ising));
    REQUIRE_OK(qhm_ising_append_coupling(ising, 0, 1, 1));
    REQUIRE_OK(qhm_ising_relax_box(ising, chances, &bound));
    REQUIRE_NEAR(chances[0], 0.5, 1e-12);
    REQUIRE_NEAR(bound, -1, 1e-12);
    REQUIRE_OK(qhm_ising_append_field(ising, 0, 1));
    REQUIRE_OK(qhm_ising_relax_box(ising, chances, &bound));
    REQUIRE_NEAR(chances[0], 1, 1e-9);
    REQUIRE_NEAR(chances[1], 0, 1e-9);
    REQUIRE_NEAR(bound, -2, 1e-9);
    REQUIRE_OK(qhm_ising_append_coupling(ising, 0, 1, -1));
    REQUIRE_OK(qhm_ising_append_field(ising, 1, -3));
    REQUIRE_OK(qhm_ising_relax_box(ising, chances, &bound));
    REQUIRE_NEAR(chances[1], 0, 1e-12);
    REQUIRE_NEAR(bound, -4, 1e-12);
    qhm_ising_destroy(ising);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qhm_ising *ising = NULL;
    REQUIRE_FAILS(qhm_ising_create(65, &ising), QHM_ERROR_INVALID_ARGUMENT, "65");
    REQUIRE_OK(qhm_ising_create(2, &ising));
    REQUIRE_FAILS(qhm_ising_append_field(ising, 2, 1), QHM_ERROR_INVALID_ARGUMENT, "spin 2");
    REQUIRE_FAILS(qhm_ising_append_coupling(ising, 1, 1, 1), QHM_ERROR_INVALID_ARGUMENT, "itself");
    REQUIRE_FAILS(qhm_ising_append_field(ising, 0, NAN), QHM_ERROR_INVALID_ARGUMENT, "finite");
    qhm_ising_destroy(ising);
}

static qhm_status attempt(void *context)
{
    qhm_ising_relaxation relaxed;
    qhm_ising_solution solution;
    qhm_observable *observable;
    double chances[64];
    QHM_TRY(qhm_ising_relax_box(context, chances, NULL));
    QHM_TRY(qhm_ising_relax(context, NULL, &relaxed));
    QHM_TRY(qhm_ising_branch_and_bound(context, 0, &solution));
    QHM_TRY(qhm_ising_observable(context, &observable));
    qhm_observable_destroy(observable);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_ising *ising = random_problem(4, 1, true, 2);
    require_survives_failing_memory(attempt, ising);
    qhm_ising_destroy(ising);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_the_energies),
        cmocka_unit_test(products_and_squares_are_what_they_say),
        cmocka_unit_test(small_terms_keep_their_digits_beside_large_ones),
        cmocka_unit_test(costs_are_the_same_only_within_rounding),
        cmocka_unit_test(what_rounding_makes_of_decimals_is_no_difference),
        cmocka_unit_test(searches_agree_and_bounds_hold),
        cmocka_unit_test(the_relaxation_of_a_ring_of_five_is_known),
        cmocka_unit_test(larger_problems_are_proven_by_branching),
        cmocka_unit_test(starts_are_what_they_say),
        cmocka_unit_test(small_relaxations_are_known),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
