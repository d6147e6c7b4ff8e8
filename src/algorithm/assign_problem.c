// The problem "assign": tokens to experts, by QAOA that keeps one expert a token.
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <qhm/assignment.h>

enum { MOST_QUBITS = 16 };

typedef struct assign_options {
    const qhm_node *scores;
    size_t capacity;
    double penalty;
    int mixer;
    qhm_qaoa_settings qaoa;
} assign_options;

static const char *const mixers[] = {"block", "ring", NULL};

static const qhm_option_info fields[] = {
    {.name = "scores",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(assign_options, scores),
     .help = "a row for each token, a number for each expert; at most 16 numbers; required"},
    {.name = "capacity",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(assign_options, capacity),
     .default_text = "1",
     .minimum = 1,
     .maximum = 16,
     .help = "tokens that an expert takes"},
    {.name = "penalty",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(assign_options, penalty),
     .default_text = "0.5",
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "of the squared distance of each expert's load from the mean"},
    {.name = "mixer",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(assign_options, mixer),
     .default_text = "block",
     .choices = mixers,
     .help = "exact over a token's experts, or pair after pair around a ring: another mixer"},
    QHM_QAOA_RUN_FIELDS(assign_options, "1", NULL),
    {0},
};

typedef struct routing {
    const assign_options *options;
    size_t tokens, experts;
    double *scores;
} routing;

// Minus the score, if every token has one expert and none has too many.
static double judge(const void *context, uint64_t bits)
{
    const routing *r = context;
    size_t loads[MOST_QUBITS] = {0};
    double score = 0;
    for (size_t t = 0; t < r->tokens; t++) {
        const uint64_t row = bits >> t * r->experts & (((uint64_t)1 << r->experts) - 1);
        if (__builtin_popcountll(row) != 1)
            return INFINITY;
        const size_t e = (size_t)__builtin_ctzll(row);
        score += r->scores[t * r->experts + e];
        if (++loads[e] > r->options->capacity)
            return INFINITY;
    }
    return -score;
}

// Of sums of scores, each a few units in their last digits.
static double find_rounding(const routing *r)
{
    double sum = 0;
    for (size_t i = 0; i < r->tokens * r->experts; i++)
        sum += fabs(r->scores[i]);
    return 2 * (double)r->tokens * DBL_EPSILON * sum;
}

static void tell(const routing *r, const qhm_qaoa_best *best, json_t *answer)
{
    size_t experts_of[MOST_QUBITS];
    qhm_result_number(answer, "score", -best->cost);
    if (!isfinite(best->cost)) {
        qhm_result_text(answer, "experts", "none");
        return;
    }
    for (size_t t = 0; t < r->tokens; t++)
        experts_of[t] = (size_t)__builtin_ctzll(best->bits >> t * r->experts);
    qhm_result_indices(answer, "experts", experts_of, r->tokens);
}

static qhm_status solve(const routing *r, const qhm_problem *problem, qhm_result *result)
{
    size_t experts_of[MOST_QUBITS];
    double score;
    qhm_ising *ising = NULL;
    qhm_qaoa_best best;
    const double start = qhm_algorithm_clock();
    qhm_status status = qhm_assignment_find(r->tokens, r->experts, r->scores, r->options->capacity,
                                            experts_of, &score);
    const double seconds = qhm_algorithm_clock() - start;
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        return qhm_node_fail(problem->node, "%s", qhm_error_message());
    if (status == QHM_OK)
        status =
            qhm_assignment_ising(r->tokens, r->experts, r->scores, r->options->penalty, &ising);
    const qhm_qaoa_task task = {
        .ising = ising,
        .shape = {.mixer = r->options->mixer == 2 ? QHM_QAOA_MIXER_RING : QHM_QAOA_MIXER_BLOCK,
                  .block = r->experts},
        .judge = judge,
        .context = r,
        .optimum = -score,
        .rounding = find_rounding(r)};
    if (status == QHM_OK)
        status = qhm_qaoa_run_task(&task, &r->options->qaoa, problem, result, &best);
    qhm_ising_destroy(ising);
    QHM_TRY(status);
    tell(r, &best, result->answer);
    qhm_result_text(result->opponent, "method", "Hungarian, by shortest augmenting paths");
    qhm_result_number(result->opponent, "score", score);
    qhm_result_indices(result->opponent, "experts", experts_of, r->tokens);
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_note(result, "A linear assignment takes polynomial time, so no advantage is "
                            "possible here in principle.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    routing r = {.options = given};
    QHM_TRY(qhm_problem_matrix(problem->node, r.options->scores, "scores", &r.scores, &r.tokens,
                               &r.experts));
    qhm_status status;
    if (r.experts < 2 || r.tokens * r.experts > MOST_QUBITS)
        status = qhm_node_fail(r.options->scores,
                               "%zu tokens for %zu experts: 2 experts or more, and at most %d "
                               "scores",
                               r.tokens, r.experts, MOST_QUBITS);
    else
        status = solve(&r, problem, result);
    qhm_release(r.scores);
    return status;
}

const qhm_algorithm qhm_algorithm_assign = {
    .info = {.name = "assign",
             .help = "tokens to experts within capacities by QAOA that keeps one expert a token",
             .details = "A qubit for each token and expert. The mixer keeps every token at one "
                        "expert; loads are a penalty.\nThe opponent finds the best assignment in "
                        "polynomial time. [hadfield2019] [kuhn1955]\n",
             .example = "scores: [[0.9, 0.4, 0.1], [0.8, 0.7, 0.2], [0.3, 0.6, 0.5]]\n"
                        "shots: 1000\n",
             .fields = fields},
    .options_size = sizeof(assign_options),
    .run = run,
};
