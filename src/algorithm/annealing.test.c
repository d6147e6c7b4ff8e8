// Quantum annealing against closed forms: one qubit, crossings, chains, schedules.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/algorithm.h>
#include <qhm/annealing.h>
#include <qhm/qaoa.h>
#include <qhm/random.h>
#include <qhm/types.h>

static qhm_ising *uncoupled(size_t count)
{
    qhm_ising *ising;
    REQUIRE_OK(qhm_ising_create(count, &ising));
    for (size_t i = 0; i < count; i++)
        REQUIRE_OK(qhm_ising_append_field(ising, i, -1));
    return ising;
}

static qhm_ising *glass(size_t count, uint64_t seed)
{
    qhm_ising *ising;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_ising_create(count, &ising));
    for (size_t i = 0; i < count; i++) {
        REQUIRE_OK(qhm_ising_append_field(ising, i, 0.3 * qhm_random_normal(&random)));
        for (size_t j = 0; j < i; j++)
            REQUIRE_OK(qhm_ising_append_coupling(ising, i, j, qhm_random_normal(&random)));
    }
    return ising;
}

// The transverse-field chain with its ends joined, at its critical point.
static qhm_ising *ring(size_t count)
{
    qhm_ising *ising;
    REQUIRE_OK(qhm_ising_create(count, &ising));
    for (size_t i = 0; i < count; i++)
        REQUIRE_OK(qhm_ising_append_coupling(ising, i, (i + 1) % count, -1));
    return ising;
}

static double ground_probability(const qhm_ising *ising, double time, size_t steps)
{
    qhm_annealing_outcome outcome;
    const qhm_annealing_options options = {.time = time, .steps = steps};
    REQUIRE_OK(qhm_annealing_run(ising, &options, NULL, &outcome));
    return outcome.ground_probability;
}

// Two numbers of steps, and what is left of the error then: dt^4.
static double without_steps(const qhm_ising *ising, double time)
{
    return (4 * ground_probability(ising, time, 8000) - ground_probability(ising, time, 4000)) / 3;
}

static void one_qubit_ends_as_known_and_many_as_its_powers(void **state)
{
    (void)state;
    static const double known[][2] = {
        {1, .5776182888}, {2, .7521484814}, {5, .9999999693}, {10, .9972664139}};
    qhm_ising *one = uncoupled(1), *three = uncoupled(3);
    for (int i = 0; i < 4; i++) {
        REQUIRE_NEAR(without_steps(one, known[i][0]), known[i][1], 1e-9);
        REQUIRE_NEAR(ground_probability(three, known[i][0], 500),
                     pow(ground_probability(one, known[i][0], 500), 3), 1e-12);
    }
    qhm_ising_destroy(one);
    qhm_ising_destroy(three);
}

// The formula is of second order; a first-order one, or weights taken at the step's beginning,
// would halve its error only.
static void errors_fall_by_four_and_are_told(void **state)
{
    (void)state;
    qhm_ising *ising = glass(4, 3);
    qhm_annealing_outcome outcome;
    const double exact = without_steps(ising, 6);
    const double coarse = ground_probability(ising, 6, 200) - exact;
    const double fine = ground_probability(ising, 6, 400) - exact;
    REQUIRE_NEAR(coarse / fine, 4, 0.05);
    const qhm_annealing_options options = {.time = 6, .tolerance = 1e-5};
    REQUIRE_OK(qhm_annealing_run(ising, &options, NULL, &outcome));
    assert_true(outcome.error <= 1e-5 && outcome.error > 1e-7);
    // The finest steps alone would be off by about what is told.
    REQUIRE_NEAR(outcome.ground_probability, exact, outcome.error / 50);
    REQUIRE_FAILS(qhm_annealing_run(ising, &(qhm_annealing_options){.time = 1, .tolerance = 1e-30},
                                    NULL, NULL),
                  QHM_ERROR_NUMERIC, "an anneal of time 1 is off by");
    qhm_ising_destroy(ising);
}

static void the_circuit_is_the_same_anneal(void **state)
{
    (void)state;
    enum { STEPS = 12 };
    double angles[2 * STEPS], probabilities[16];
    qhm_circuit *circuit, *bound;
    qhm_complex *amplitudes;
    qhm_ising *ising = glass(4, 5);
    const qhm_annealing_options options = {.time = 3, .steps = STEPS};
    REQUIRE_OK(qhm_annealing_run(ising, &options, probabilities, NULL));
    REQUIRE_OK(qhm_annealing_find_angles(&options, STEPS, angles));
    REQUIRE_OK(
        qhm_qaoa_circuit_create(ising, &(qhm_qaoa_circuit_options){.layers = STEPS}, &circuit));
    REQUIRE_OK(qhm_circuit_bind(circuit, NULL, angles, &bound));
    REQUIRE_OK(qhm_counted_state(bound, NULL, &amplitudes));
    for (size_t z = 0; z < 16; z++)
        REQUIRE_NEAR(probabilities[z],
                     amplitudes[z].re * amplitudes[z].re + amplitudes[z].im * amplitudes[z].im,
                     1e-12);
    qhm_release(amplitudes);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(bound);
    qhm_ising_destroy(ising);
}

// (v t / 2) Z + (D / 2) X, with X and Z exchanged so that it begins where annealing does. The
// coupling is turned on and off while the levels are far apart.
static double crossing(double gap, double velocity)
{
    enum { STEPS = 30000 };
    const double end = 40, sweep = velocity * end / 2;
    const qhm_annealing_point points[] = {
        {0, sweep, 0}, {0.25, sweep / 2, gap / 2}, {0.75, -sweep / 2, gap / 2}, {1, -sweep, 0}};
    const qhm_annealing_options options = {.time = 2 * end, .point_count = 4, .points = points};
    double *angles;
    qhm_ising *ising;
    qhm_circuit *circuit, *bound;
    qhm_complex *amplitudes;
    REQUIRE_OK(qhm_allocate((size_t)2 * STEPS, sizeof *angles, &angles));
    REQUIRE_OK(qhm_annealing_find_angles(&options, STEPS, angles));
    REQUIRE_OK(qhm_ising_create(1, &ising));
    REQUIRE_OK(qhm_ising_append_field(ising, 0, 1));
    REQUIRE_OK(
        qhm_qaoa_circuit_create(ising, &(qhm_qaoa_circuit_options){.layers = STEPS}, &circuit));
    REQUIRE_OK(qhm_circuit_bind(circuit, NULL, angles, &bound));
    REQUIRE_OK(qhm_counted_state(bound, NULL, &amplitudes));
    const double re = amplitudes[0].re + amplitudes[1].re, im = amplitudes[0].im + amplitudes[1].im;
    qhm_release(amplitudes);
    qhm_release(angles);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(bound);
    qhm_ising_destroy(ising);
    return (re * re + im * im) / 2;
}

static void crossings_follow_landau_and_zener(void **state)
{
    (void)state;
    REQUIRE_NEAR(crossing(1, 1), .2078795764, 1e-3);
    REQUIRE_NEAR(crossing(1, 2), .4559381278, 1e-3);
    REQUIRE_NEAR(crossing(0.5, 1), .6752319066, 1e-3);
}

// The chain's gap is between sectors of different parity, which annealing cannot cross: what it
// can reach is two fermions of the lowest momentum.
static void chains_have_their_gaps(void **state)
{
    (void)state;
    static const double known[][2] = {{4, .3978247348}, {6, .2633049952}, {8, .1969828067}};
    for (int i = 0; i < 3; i++) {
        double levels[2];
        qhm_ising *ising = ring((size_t)known[i][0]);
        REQUIRE_OK(qhm_annealing_find_levels(ising, 1, 1, false, levels));
        REQUIRE_NEAR(levels[1] - levels[0], known[i][1], 1e-9);
        REQUIRE_NEAR(levels[0], -2 / sin(M_PI / (2 * known[i][0])), 1e-9);
        REQUIRE_OK(qhm_annealing_find_levels(ising, 1, 1, true, levels));
        REQUIRE_NEAR(levels[1] - levels[0], 8 * sin(M_PI / (2 * known[i][0])), 1e-8);
        qhm_ising_destroy(ising);
    }
}

static void gaps_are_smallest_where_they_are(void **state)
{
    (void)state;
    qhm_annealing_gap gap;
    qhm_ising *one = uncoupled(1), *flat, *chain = ring(6);
    REQUIRE_OK(qhm_annealing_find_gap(one, &gap));
    REQUIRE_NEAR(gap.gap, sqrt(2), 1e-8);
    REQUIRE_NEAR(gap.position, 0.5, 1e-4);
    REQUIRE_NEAR(gap.end, 2, 1e-12);
    // -(1 - s) sum X - s sum ZZ: 4 sqrt(1 - 2 s (1 - s) (1 + cos(pi / n))) for two fermions.
    REQUIRE_OK(qhm_annealing_find_gap(chain, &gap));
    REQUIRE_NEAR(gap.gap, 4 * sqrt(1 - (1 + cos(M_PI / 6)) / 2), 1e-7);
    REQUIRE_NEAR(gap.position, 0.5, 1e-3);
    REQUIRE_NEAR(gap.end, 4, 1e-12);
    REQUIRE_OK(qhm_ising_create(3, &flat));
    REQUIRE_OK(qhm_annealing_find_gap(flat, &gap));
    assert_true(isnan(gap.gap));
    assert_true(isnan(gap.position));
    qhm_ising_destroy(one);
    qhm_ising_destroy(flat);
    qhm_ising_destroy(chain);
}

// Two lowest costs without a symmetry between them: their levels meet at the end, and the gap that
// matters is that to the third. A level that only looks close would be taken by a count of two.
static void levels_that_end_in_one_cost_are_no_gap(void **state)
{
    (void)state;
    qhm_ising *ising;
    qhm_annealing_gap gap;
    REQUIRE_OK(qhm_ising_create(3, &ising));
    REQUIRE_OK(qhm_ising_append_coupling(ising, 0, 1, 1));
    for (size_t i = 0; i < 3; i++)
        REQUIRE_OK(qhm_ising_append_field(ising, i, (double)i + 1));
    REQUIRE_OK(qhm_annealing_find_gap(ising, &gap));
    REQUIRE_NEAR(gap.end, 2, 1e-12);
    assert_true(gap.gap > 0.5 && gap.gap < 2.5 && gap.position < 0.9);
    qhm_ising_destroy(ising);
}

// Search by annealing: the gap is known, and so is the time, which grows as the root of the
// number of items.
static void schedules_take_the_root_of_the_items(void **state)
{
    (void)state;
    enum { COUNT = 20001 };
    static const double known[][2] = {{16, 5.445377700}, {64, 11.655162415}, {256, 24.179360563}};
    double *shares, *gaps, time;
    qhm_annealing_point *points;
    REQUIRE_OK(qhm_allocate(COUNT, sizeof *shares, &shares));
    REQUIRE_OK(qhm_allocate(COUNT, sizeof *gaps, &gaps));
    REQUIRE_OK(qhm_allocate(COUNT, sizeof *points, &points));
    for (int i = 0; i < 3; i++) {
        for (size_t k = 0; k < COUNT; k++) {
            const double s = shares[k] = (double)k / (COUNT - 1);
            gaps[k] = sqrt(1 - 4 * (1 - 1 / known[i][0]) * s * (1 - s));
        }
        REQUIRE_OK(qhm_annealing_find_schedule(COUNT, shares, gaps, points, &time));
        REQUIRE_NEAR(time, known[i][1], 1e-7);
        REQUIRE_NEAR(points[COUNT / 2].share, 0.5, 1e-12);
        // s(u) = 1/2 + tan((2 u - 1) atan sqrt(N - 1)) / (2 sqrt(N - 1))
        const double root = sqrt(known[i][0] - 1), u = points[COUNT / 3].share;
        REQUIRE_NEAR(points[COUNT / 3].problem, 0.5 + tan((2 * u - 1) * atan(root)) / (2 * root),
                     1e-6);
    }
    gaps[7] = 0;
    REQUIRE_FAILS(qhm_annealing_find_schedule(COUNT, shares, gaps, points, &time),
                  QHM_ERROR_INVALID_ARGUMENT, "gap 7 is 0");
    qhm_release(shares);
    qhm_release(gaps);
    qhm_release(points);
}

// A field that a weak link hardly tells from its opposite: the levels nearly meet late.
static void a_schedule_by_the_gap_does_better(void **state)
{
    (void)state;
    enum { COUNT = 65 };
    double shares[COUNT], gaps[COUNT], time;
    qhm_annealing_point points[COUNT];
    qhm_annealing_outcome straight, local;
    qhm_ising *ising;
    REQUIRE_OK(qhm_ising_create(5, &ising));
    for (size_t i = 0; i < 4; i++)
        REQUIRE_OK(qhm_ising_append_coupling(ising, i, i + 1, -2));
    REQUIRE_OK(qhm_ising_append_field(ising, 0, -1));
    REQUIRE_OK(qhm_ising_append_field(ising, 4, 0.8));
    for (size_t i = 0; i < COUNT; i++) {
        double levels[2];
        shares[i] = (double)i / (COUNT - 1);
        REQUIRE_OK(qhm_annealing_find_levels(ising, 1 - shares[i], shares[i], i > 0, levels));
        gaps[i] = levels[1] - levels[0];
    }
    REQUIRE_OK(qhm_annealing_find_schedule(COUNT, shares, gaps, points, &time));
    qhm_annealing_options options = {.time = 40};
    REQUIRE_OK(qhm_annealing_run(ising, &options, NULL, &straight));
    options.point_count = COUNT;
    options.points = points;
    REQUIRE_OK(qhm_annealing_run(ising, &options, NULL, &local));
    if (!(local.ground_probability > straight.ground_probability + 0.1))
        fail_msg("%g by the gap, %g linear", local.ground_probability, straight.ground_probability);
    qhm_ising_destroy(ising);
}

static qhm_status attempt(void *context)
{
    qhm_annealing_outcome outcome;
    qhm_annealing_gap gap;
    QHM_TRY(qhm_annealing_run(context, &(qhm_annealing_options){.time = 1, .tolerance = 1e-2}, NULL,
                              &outcome));
    return qhm_annealing_find_gap(context, &gap);
}

static qhm_status attempt_row(void *context)
{
    char *json;
    QHM_TRY(qhm_algorithm_run_text("anneal", context, NULL, &json));
    qhm_string_destroy(json);
    return QHM_OK;
}

static void the_row_survives_failing_memory(void **state)
{
    (void)state;
    char text[] = "couplings: [[0, 1, 1], [1, 2, 1]]\nruns: 2\nsweeps: 2\ntime: 1\n";
    require_survives_failing_memory(attempt_row, text);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_ising *ising = uncoupled(2), *large = uncoupled(40);
    double levels[2];
    const qhm_annealing_point late[] = {{0.1, 1, 0}, {1, 0, 1}};
    const qhm_annealing_point back[] = {{0, 1, 0}, {0.5, 0, 1}, {0.5, 0, 1}, {1, 0, 1}};
    qhm_annealing_options options = {0};
    REQUIRE_FAILS(qhm_annealing_run(ising, &options, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "time is 0");
    options = (qhm_annealing_options){.time = 1, .point_count = 2, .points = late};
    REQUIRE_FAILS(qhm_annealing_run(ising, &options, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "from 0.1 to 1");
    options = (qhm_annealing_options){.time = 1, .point_count = 4, .points = back};
    REQUIRE_FAILS(qhm_annealing_run(ising, &options, NULL, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "point 2 of the schedule is at 0.5, not after 0.5");
    options = (qhm_annealing_options){.time = 1};
    REQUIRE_FAILS(qhm_annealing_run(large, &options, NULL, NULL), QHM_ERROR_RESOURCE_LIMIT,
                  "40 spins");
    REQUIRE_FAILS(qhm_annealing_find_levels(large, 1, 1, true, levels), QHM_ERROR_RESOURCE_LIMIT,
                  "levels of 40 spins");
    require_survives_failing_memory(attempt, ising);
    qhm_ising_destroy(ising);
    qhm_ising_destroy(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_qubit_ends_as_known_and_many_as_its_powers),
        cmocka_unit_test(errors_fall_by_four_and_are_told),
        cmocka_unit_test(the_circuit_is_the_same_anneal),
        cmocka_unit_test(crossings_follow_landau_and_zener),
        cmocka_unit_test(chains_have_their_gaps),
        cmocka_unit_test(gaps_are_smallest_where_they_are),
        cmocka_unit_test(levels_that_end_in_one_cost_are_no_gap),
        cmocka_unit_test(schedules_take_the_root_of_the_items),
        cmocka_unit_test(a_schedule_by_the_gap_does_better),
        cmocka_unit_test(the_row_survives_failing_memory),
        cmocka_unit_test(mistakes_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
