// Cheapest paths on a graph small enough to see.
#include "algorithm/priced_paths.h"

#include "support/checks.h"

#include <math.h>

// 0 - 1 - 2 - 3 in a row, 0 - 4 - 3 as a way round, 5 alone.
static size_t first[] = {0, 2, 4, 6, 8, 10, 10};
static uint32_t neighbours[] = {1, 4, 0, 2, 1, 3, 2, 4, 0, 3};
static const qhm_annealer_graph graph = {.count = 6, .first = first, .neighbours = neighbours};

static void open_with(const double *weights, qhm_priced_paths *paths)
{
    REQUIRE_OK(qhm_priced_paths_open(&graph, paths));
    for (size_t g = 0; g < graph.count; g++)
        paths->weights[g] = weights[g];
}

// Each path pays for its nodes but the first, so that the way there and back may differ.
static void paths_pay_for_all_but_their_source(void **state)
{
    (void)state;
    qhm_priced_paths paths;
    double distances[6];
    uint32_t parents[6];
    open_with((const double[]){1, 1, 1, 5, 3, 1}, &paths);
    const uint32_t source = 0, end = 3;
    assert_false(qhm_priced_paths_measure(&paths, &source, 1, INFINITY, distances, parents));
    const double expected[] = {0, 1, 2, 7, 3, INFINITY};
    const uint32_t before[] = {QHM_NO_NODE, 0, 1, 2, 0, QHM_NO_NODE};
    for (size_t g = 0; g < 6; g++) {
        assert_true(distances[g] == expected[g]);
        assert_int_equal(parents[g], before[g]);
    }
    assert_false(qhm_priced_paths_measure(&paths, &end, 1, INFINITY, distances, parents));
    assert_true(distances[0] == 3 && parents[0] == 1);
    qhm_priced_paths_close(&paths);
}

static void several_sources_share_what_is_near(void **state)
{
    (void)state;
    qhm_priced_paths paths;
    double distances[6];
    uint32_t parents[6];
    open_with((const double[]){1, 1, 1.5, 1, 1, 1}, &paths);
    assert_false(qhm_priced_paths_measure(&paths, (const uint32_t[]){0, 3}, 2, INFINITY, distances,
                                          parents));
    assert_true(distances[0] == 0 && distances[3] == 0);
    assert_true(distances[1] == 1 && parents[1] == 0);
    assert_true(distances[2] == 1.5 && parents[2] == 3);
    qhm_priced_paths_close(&paths);
}

// What is within the limit is exact, what is beyond is as if it were not there, and the next search
// starts afresh.
static void limits_cut_and_leave_nothing_behind(void **state)
{
    (void)state;
    qhm_priced_paths paths;
    double distances[6];
    uint32_t parents[6];
    open_with((const double[]){1, 1, 1, 5, 3, 1}, &paths);
    const uint32_t source = 0;
    assert_true(qhm_priced_paths_measure(&paths, &source, 1, 2, distances, parents));
    assert_true(distances[2] == 2 && parents[2] == 1);
    assert_true(distances[3] == INFINITY && parents[3] == QHM_NO_NODE);
    assert_true(distances[4] == INFINITY && parents[4] == QHM_NO_NODE);
    assert_false(qhm_priced_paths_measure(&paths, &source, 1, 7, distances, parents));
    assert_true(distances[3] == 7 && distances[4] == 3);
    qhm_priced_paths_close(&paths);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_pay_for_all_but_their_source),
        cmocka_unit_test(several_sources_share_what_is_near),
        cmocka_unit_test(limits_cut_and_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
