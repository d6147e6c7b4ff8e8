// Choices: searches agree with all choices, tours with all orders, schedules with all schedules.
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/choice.h>
#include <qhm/job_schedule.h>
#include <qhm/random.h>
#include <qhm/tour.h>

static qhm_choice *random_choice(size_t things, size_t options, double conflicts, uint64_t seed)
{
    qhm_choice *choice;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_choice_create(things, options, &choice));
    for (size_t i = 0; i < things; i++)
        for (size_t a = 0; a < options; a++) {
            REQUIRE_OK(qhm_choice_append_cost(choice, i, a, qhm_random_normal(&random)));
            for (size_t j = 0; j < i; j++)
                for (size_t b = 0; b < options; b++) {
                    REQUIRE_OK(
                        qhm_choice_append_pair(choice, i, a, j, b, qhm_random_normal(&random)));
                    if (qhm_random_uniform(&random) < conflicts)
                        REQUIRE_OK(qhm_choice_append_conflict(choice, i, a, j, b));
                }
        }
    return choice;
}

// The next choices in the order of counting; false after the last.
static bool advance(size_t things, size_t options, size_t *options_of)
{
    for (size_t i = 0; i < things; i++) {
        if (++options_of[i] < options)
            return true;
        options_of[i] = 0;
    }
    return false;
}

static double least_of_all(const qhm_choice *choice)
{
    size_t options_of[64] = {0};
    double least = INFINITY;
    do
        least = fmin(least, qhm_choice_cost(choice, options_of));
    while (advance(qhm_choice_things(choice), qhm_choice_options(choice), options_of));
    return least;
}

static void searches_find_the_least_of_all(void **state)
{
    (void)state;
    size_t impossible = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        qhm_choice *choice = random_choice(5, 3, seed % 2 ? 0.35 : 0, seed);
        qhm_choice_solution found, annealed;
        const double least = least_of_all(choice);
        REQUIRE_OK(qhm_choice_find(choice, 0, &found));
        REQUIRE_OK(qhm_choice_anneal(choice, NULL, &annealed));
        impossible += isinf(least);
        if (isinf(least)) {
            assert_true(isinf(found.cost) && isinf(annealed.cost));
        } else {
            REQUIRE_NEAR(found.cost, least, 1e-12);
            REQUIRE_NEAR(qhm_choice_cost(choice, found.options_of), least, 1e-12);
            REQUIRE_NEAR(annealed.cost, least, 1e-12);
        }
        qhm_choice_destroy(choice);
    }
    assert_in_range(impossible, 1, 9);
}

// Over bits: the cost where each thing has one option; and with penalties the lowest of all bit
// strings is the cheapest choice.
static void bits_cost_what_choices_do(void **state)
{
    (void)state;
    qhm_choice *choice = random_choice(4, 3, 0.1, 7);
    const double penalty = qhm_choice_penalty(choice);
    qhm_ising *kept, *free;
    qhm_ising_solution lowest;
    qhm_choice_solution best;
    REQUIRE_OK(qhm_choice_ising(choice, penalty, 0, &kept));
    REQUIRE_OK(qhm_choice_ising(choice, penalty, 50 * penalty, &free));
    size_t options_of[64], conflicts = 0;
    for (uint64_t bits = 0; bits < 1 << 12; bits++) {
        if (!qhm_choice_read(choice, bits, options_of))
            continue;
        const double cost = qhm_choice_cost(choice, options_of);
        conflicts += isinf(cost);
        if (isfinite(cost)) {
            REQUIRE_NEAR(qhm_ising_energy(kept, bits), cost, 1e-10);
            REQUIRE_NEAR(qhm_ising_energy(free, bits), cost, 1e-9);
        }
    }
    assert_true(conflicts > 0);
    REQUIRE_OK(qhm_ising_find_all(free, &lowest));
    REQUIRE_OK(qhm_choice_find(choice, 0, &best));
    assert_true(qhm_choice_read(choice, lowest.bits, options_of));
    REQUIRE_NEAR(qhm_choice_cost(choice, options_of), best.cost, 1e-12);
    qhm_ising_destroy(kept);
    qhm_ising_destroy(free);
    qhm_choice_destroy(choice);
}

// All settings of a problem of pairs give it back; fewer keep what they say to within the ridge.
static void fits_recover_problems_of_pairs(void **state)
{
    (void)state;
    enum { THINGS = 3, OPTIONS = 3, ALL = 27 };
    qhm_choice *truth = random_choice(THINGS, OPTIONS, 0, 11), *fitted = NULL;
    size_t settings[ALL][THINGS], options_of[64] = {0}, count = 0;
    double values[ALL];
    do {
        for (size_t i = 0; i < THINGS; i++)
            settings[count][i] = options_of[i];
        values[count++] = qhm_choice_cost(truth, options_of);
    } while (advance(THINGS, OPTIONS, options_of));
    REQUIRE_OK(qhm_choice_fit(THINGS, OPTIONS, ALL, settings[0], values, 1e-9, &fitted));
    for (size_t n = 0; n < ALL; n++)
        REQUIRE_NEAR(qhm_choice_cost(fitted, settings[n]), values[n], 1e-6);
    qhm_choice_destroy(fitted);
    REQUIRE_OK(qhm_choice_fit(THINGS, OPTIONS, 9, settings[4], values + 4, 1e-9, &fitted));
    for (size_t n = 4; n < 13; n++)
        REQUIRE_NEAR(qhm_choice_cost(fitted, settings[n]), values[n], 1e-6);
    qhm_choice_destroy(fitted);
    REQUIRE_FAILS(qhm_choice_fit(THINGS, OPTIONS, 9, settings[4], values, 0, &fitted),
                  QHM_ERROR_INVALID_ARGUMENT, "ridge is 0");
    qhm_choice_destroy(truth);
}

static double length_of(size_t cities, const double *distances, const size_t *options_of)
{
    double length = 0;
    size_t here = 0;
    for (size_t p = 0; p + 1 < cities; p++) {
        length += distances[here * cities + options_of[p] + 1];
        here = options_of[p] + 1;
    }
    return length + distances[here * cities];
}

// Asymmetric distances: turning the matrix around would be noticed.
static void tours_are_the_shortest_of_all_orders(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        const size_t cities = 3 + seed % 4;
        double distances[36], length, penalty, least = INFINITY, again = 0;
        size_t order[6], options_of[64] = {0};
        qhm_choice *choice;
        qhm_choice_solution found, priced;
        qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
        for (size_t i = 0; i < cities * cities; i++)
            distances[i] = qhm_random_uniform(&random);
        REQUIRE_OK(qhm_tour_find(cities, distances, order, &length));
        for (size_t i = 0; i < cities; i++)
            again += distances[order[i] * cities + order[(i + 1) % cities]];
        REQUIRE_NEAR(again, length, 1e-12);
        REQUIRE_OK(qhm_tour_choice(cities, distances, &choice, &penalty));
        do
            if (isfinite(qhm_choice_cost(choice, options_of))) {
                REQUIRE_NEAR(qhm_choice_cost(choice, options_of),
                             length_of(cities, distances, options_of), 1e-12);
                least = fmin(least, length_of(cities, distances, options_of));
            }
        while (advance(cities - 1, cities - 1, options_of));
        REQUIRE_NEAR(length, least, 1e-12);
        REQUIRE_OK(qhm_choice_find(choice, 0, &found));
        REQUIRE_NEAR(found.cost, length, 1e-12);
        // With the penalty in place of conflicts, nothing else is cheaper.
        qhm_ising *ising;
        REQUIRE_OK(qhm_choice_ising(choice, penalty, 0, &ising));
        for (size_t i = 0; i < 64; i++)
            options_of[i] = 0;
        do {
            uint64_t bits = 0;
            for (size_t p = 0; p + 1 < cities; p++)
                bits |= (uint64_t)1 << (p * (cities - 1) + options_of[p]);
            priced.cost = qhm_ising_energy(ising, bits);
            assert_true(priced.cost > length + 1e-9 ||
                        isfinite(qhm_choice_cost(choice, options_of)));
        } while (advance(cities - 1, cities - 1, options_of));
        qhm_ising_destroy(ising);
        qhm_choice_destroy(choice);
    }
}

// Held-Karp on four cities of a textbook: 80 by 0, 1, 3, 2.
static void a_known_tour_is_found(void **state)
{
    (void)state;
    const double distances[] = {0, 10, 15, 20, 10, 0, 35, 25, 15, 35, 0, 30, 20, 25, 30, 0};
    size_t order[4];
    double length;
    REQUIRE_OK(qhm_tour_find(4, distances, order, &length));
    REQUIRE_NEAR(length, 80, 1e-12);
    assert_true(order[0] == 0 && order[2] == 3);
    REQUIRE_FAILS(qhm_tour_find(1, distances, order, &length), QHM_ERROR_INVALID_ARGUMENT,
                  "1 cities");
}

static void makespans_are_the_shortest_of_all(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        double durations[18], least = INFINITY, found;
        bool conflicts[36] = {false};
        size_t options_of[64] = {0}, machines_of[6];
        qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
        for (size_t i = 0; i < 18; i++)
            durations[i] = 1 + (double)qhm_random_below(&random, 9);
        conflicts[1] = conflicts[6] = conflicts[2 * 6 + 5] = conflicts[5 * 6 + 2] = true;
        const qhm_job_schedule s = {
            .jobs = 6, .machines = 3, .durations = durations, .conflicts = conflicts};
        do
            least = fmin(least, qhm_job_makespan(&s, options_of));
        while (advance(6, 3, options_of));
        REQUIRE_OK(qhm_job_makespan_find(&s, machines_of, &found));
        REQUIRE_NEAR(found, least, 1e-12);
        REQUIRE_NEAR(qhm_job_makespan(&s, machines_of), least, 1e-12);
        assert_int_not_equal(machines_of[0], machines_of[1]);
    }
    const double equal[] = {1, 1, 1};
    const bool all[] = {false, true, true, true, false, true, true, true, false};
    size_t machines_of[3];
    double makespan;
    const qhm_job_schedule s = {.jobs = 3, .machines = 1, .durations = equal, .conflicts = all};
    REQUIRE_OK(qhm_job_makespan_find(&s, machines_of, &makespan));
    assert_true(isinf(makespan));
}

// Two jobs on a machine: of 3 due at 3 and of 1 due at 1, of weights 1 and 2. The short one goes
// first and the other is 1 late; the other way around costs 6.
static void lateness_is_counted_from_the_end(void **state)
{
    (void)state;
    const double durations[] = {3, 1}, due[] = {3, 1}, weights[] = {1, 2};
    qhm_choice *choice;
    qhm_choice_solution found;
    const qhm_job_schedule s = {.jobs = 2,
                                .machines = 1,
                                .slots = 4,
                                .durations = durations,
                                .due = due,
                                .weights = weights};
    REQUIRE_OK(qhm_job_tardiness_choice(&s, &choice));
    REQUIRE_NEAR(qhm_choice_cost(choice, (size_t[]){0, 3}), 6, 1e-12);
    assert_true(isinf(qhm_choice_cost(choice, (size_t[]){0, 2})));
    REQUIRE_OK(qhm_choice_find(choice, 0, &found));
    REQUIRE_NEAR(found.cost, 1, 1e-12);
    assert_true(found.options_of[0] == 1 && found.options_of[1] == 0);
    qhm_choice_destroy(choice);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qhm_choice *choice = NULL;
    const double distances[] = {0, 1, 1, 1, 0, -1, 1, 1, 0};
    REQUIRE_FAILS(qhm_choice_create(9, 8, &choice), QHM_ERROR_INVALID_ARGUMENT, "9 things");
    REQUIRE_FAILS(qhm_tour_choice(3, distances, &choice, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "from city 1 to 2 is -1");
    REQUIRE_OK(qhm_choice_create(2, 2, &choice));
    REQUIRE_FAILS(qhm_choice_append_cost(choice, 2, 0, 1), QHM_ERROR_INVALID_ARGUMENT, "thing 2");
    REQUIRE_FAILS(qhm_choice_append_pair(choice, 1, 0, 1, 1, 1), QHM_ERROR_INVALID_ARGUMENT,
                  "itself");
    REQUIRE_FAILS(qhm_choice_append_pair(choice, 1, 0, 0, 1, NAN), QHM_ERROR_INVALID_ARGUMENT,
                  "nan");
    qhm_choice_destroy(choice);
}

static qhm_status attempt(void *context)
{
    const double distances[] = {0, 1, 2, 1, 0, 3, 2, 3, 0};
    qhm_choice *choice;
    qhm_ising *ising = NULL;
    double length;
    (void)context;
    QHM_TRY(qhm_tour_find(3, distances, (size_t[3]){0}, &length));
    QHM_TRY(qhm_tour_choice(3, distances, &choice, NULL));
    const qhm_status status = qhm_choice_ising(choice, 1, 1, &ising);
    qhm_ising_destroy(ising);
    qhm_choice_destroy(choice);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_find_the_least_of_all),
        cmocka_unit_test(bits_cost_what_choices_do),
        cmocka_unit_test(fits_recover_problems_of_pairs),
        cmocka_unit_test(tours_are_the_shortest_of_all_orders),
        cmocka_unit_test(a_known_tour_is_found),
        cmocka_unit_test(makespans_are_the_shortest_of_all),
        cmocka_unit_test(lateness_is_counted_from_the_end),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
