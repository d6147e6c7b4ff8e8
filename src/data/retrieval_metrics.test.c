// Ranks by hand, ties, chance against random scores.
#include "support/checks.h"

#include <qhm/random.h>
#include <qhm/retrieval_metrics.h>

static void ranks_count_better_candidates(void **state)
{
    (void)state;
    const double scores[2][3] = {{0.1, 0.9, 0.5}, {0.3, 0.2, 0.1}};
    double ranks[2];
    REQUIRE_OK(qhm_retrieval_ranks(&scores[0][0], 2, 3, NULL, ranks));
    REQUIRE_NEAR(ranks[0], 3, 0);
    REQUIRE_NEAR(ranks[1], 2, 0);
    const size_t right[2] = {1, 2};
    REQUIRE_OK(qhm_retrieval_ranks(&scores[0][0], 2, 3, right, ranks));
    REQUIRE_NEAR(ranks[0], 1, 0);
    REQUIRE_NEAR(ranks[1], 3, 0);
}

// A model that says the same of all candidates must not look perfect.
static void equal_scores_get_the_middle_rank(void **state)
{
    (void)state;
    const double scores[1][5] = {{1, 1, 1, 1, 1}};
    double rank;
    REQUIRE_OK(qhm_retrieval_ranks(&scores[0][0], 1, 5, NULL, &rank));
    REQUIRE_NEAR(rank, 3, 0);
}

static void metrics_summarise_ranks(void **state)
{
    (void)state;
    const double ranks[4] = {1, 2, 8, 50};
    qhm_retrieval_metrics metrics;
    REQUIRE_OK(qhm_retrieval_metrics_compute(ranks, 4, &metrics));
    REQUIRE_NEAR(metrics.recall_at_1, 0.25, 1e-15);
    REQUIRE_NEAR(metrics.recall_at_5, 0.5, 1e-15);
    REQUIRE_NEAR(metrics.recall_at_10, 0.75, 1e-15);
    REQUIRE_NEAR(metrics.mean_reciprocal_rank, (1 + 0.5 + 0.125 + 0.02) / 4, 1e-15);
    REQUIRE_NEAR(metrics.median_rank, 5, 1e-15);
}

static void random_scores_give_what_chance_says(void **state)
{
    (void)state;
    enum { QUERIES = 4000, CANDIDATES = 40 };
    static double scores[QUERIES][CANDIDATES], ranks[QUERIES];
    static size_t right[QUERIES];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t q = 0; q < QUERIES; q++) {
        right[q] = (size_t)qhm_random_below(&random, CANDIDATES);
        for (size_t c = 0; c < CANDIDATES; c++)
            scores[q][c] = qhm_random_uniform(&random);
    }
    qhm_retrieval_metrics found, chance = qhm_retrieval_metrics_chance(CANDIDATES);
    REQUIRE_OK(qhm_retrieval_ranks(&scores[0][0], QUERIES, CANDIDATES, right, ranks));
    REQUIRE_OK(qhm_retrieval_metrics_compute(ranks, QUERIES, &found));
    REQUIRE_NEAR(found.recall_at_1, chance.recall_at_1, 5 * sqrt(0.025 * 0.975 / QUERIES));
    REQUIRE_NEAR(found.recall_at_5, chance.recall_at_5, 5 * sqrt(0.125 * 0.875 / QUERIES));
    REQUIRE_NEAR(found.recall_at_10, chance.recall_at_10, 5 * sqrt(0.25 * 0.75 / QUERIES));
    REQUIRE_NEAR(found.mean_reciprocal_rank, chance.mean_reciprocal_rank, 0.016);
    REQUIRE_NEAR(found.median_rank, chance.median_rank, 1.5);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    const double scores[2] = {0, NAN}, low = 0.5;
    const size_t beyond = 2;
    double rank;
    qhm_retrieval_metrics metrics;
    REQUIRE_FAILS(qhm_retrieval_ranks(scores, 0, 2, NULL, &rank), QHM_ERROR_INVALID_ARGUMENT,
                  "no queries");
    REQUIRE_FAILS(qhm_retrieval_ranks(scores, 1, 2, NULL, &rank), QHM_ERROR_NUMERIC, "score 1");
    REQUIRE_FAILS(qhm_retrieval_ranks(scores, 1, 1, &beyond, &rank), QHM_ERROR_INVALID_ARGUMENT,
                  "2 of 1");
    REQUIRE_FAILS(qhm_retrieval_metrics_compute(&low, 1, &metrics), QHM_ERROR_INVALID_ARGUMENT,
                  "0.5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_count_better_candidates),
        cmocka_unit_test(equal_scores_get_the_middle_rank),
        cmocka_unit_test(metrics_summarise_ranks),
        cmocka_unit_test(random_scores_give_what_chance_says),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
