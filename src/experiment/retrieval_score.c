// Ranks of right answers both ways, and the examples that a reader sees.
#include "experiment/retrieval_score.h"

#include "base/memory.h"

#include <jansson.h>
#include <qhm/retrieval_metrics.h>

const char *const qhm_retrieval_metrics_names[] = {
    "recall_at_10", "recall_at_1", "recall_at_5", "picture_recall_at_10", "median_rank", NULL};

enum { EXAMPLE_QUERIES = 6, EXAMPLE_CANDIDATES = 5 };

// The position of the best candidate of a row that is not among the first `taken` of chosen.
static size_t next_best(const double *row, size_t count, const size_t *chosen, size_t taken)
{
    size_t best = count;
    for (size_t c = 0; c < count; c++) {
        bool is_taken = false;
        for (size_t t = 0; t < taken; t++)
            is_taken |= chosen[t] == c;
        if (!is_taken && (best == count || row[c] > row[best]))
            best = c;
    }
    return best;
}

static json_t *describe_query(const qhm_fit_request *request, const double *row, size_t query,
                              double rank, const char *by)
{
    size_t count = request->score_count, chosen[EXAMPLE_CANDIDATES];
    json_t *candidates = json_array();
    for (size_t k = 0; k < EXAMPLE_CANDIDATES && k < count; k++) {
        chosen[k] = next_best(row, count, chosen, k);
        json_array_append_new(candidates,
                              json_pack("{s:I, s:f}", "item", (json_int_t)request->score[chosen[k]],
                                        "score", row[chosen[k]]));
    }
    return json_pack("{s:s, s:I, s:I, s:I, s:o}", "by", by, "item",
                     (json_int_t)request->score[query], "rank", (json_int_t)rank, "count",
                     (json_int_t)count, "candidates", candidates);
}

// Queries at even distances through the test rows: not chosen for how well they went.
static void add_examples(const qhm_fit_request *request, const double *rows, const double *ranks,
                         const char *by, json_t *list)
{
    size_t count = request->score_count;
    size_t shown = count < EXAMPLE_QUERIES ? count : EXAMPLE_QUERIES;
    for (size_t k = 0; k < shown; k++) {
        size_t query = k * count / shown;
        json_array_append_new(
            list, describe_query(request, rows + query * count, query, ranks[query], by));
    }
}

qhm_status qhm_retrieval_score(const qhm_fit_request *request, const double *similarity,
                               qhm_fit_result *result)
{
    size_t n = request->score_count;
    double *ranks, *turned = NULL;
    qhm_retrieval_metrics texts, pictures;
    json_t *list = request->wants_examples ? json_array() : NULL;
    qhm_status status = qhm_allocate(n, sizeof *ranks, &ranks);
    if (status == QHM_OK)
        status = qhm_allocate(n * n, sizeof *turned, &turned);
    if (status == QHM_OK)
        status = qhm_retrieval_ranks(similarity, n, n, NULL, ranks);
    if (status == QHM_OK)
        status = qhm_retrieval_metrics_compute(ranks, n, &texts);
    if (status == QHM_OK && list)
        add_examples(request, similarity, ranks, "text", list);
    for (size_t i = 0; status == QHM_OK && i < n * n; i++)
        turned[i] = similarity[i % n * n + i / n];
    if (status == QHM_OK)
        status = qhm_retrieval_ranks(turned, n, n, NULL, ranks);
    if (status == QHM_OK)
        status = qhm_retrieval_metrics_compute(ranks, n, &pictures);
    if (status == QHM_OK && list)
        add_examples(request, turned, ranks, "picture", list);
    if (status == QHM_OK) {
        result->metrics[0] = texts.recall_at_10;
        result->metrics[1] = texts.recall_at_1;
        result->metrics[2] = texts.recall_at_5;
        result->metrics[3] = pictures.recall_at_10;
        result->metrics[4] = texts.median_rank;
        if (list)
            result->examples = json_pack("{s:O}", "queries", list);
    }
    json_decref(list);
    qhm_release(turned);
    qhm_release(ranks);
    return status;
}

void qhm_retrieval_chance(size_t candidate_count, double *levels)
{
    qhm_retrieval_metrics chance = qhm_retrieval_metrics_chance(candidate_count);
    levels[0] = levels[3] = chance.recall_at_10;
    levels[1] = chance.recall_at_1;
    levels[2] = chance.recall_at_5;
    levels[4] = chance.median_rank;
}
