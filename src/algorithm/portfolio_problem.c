// The problem "portfolio": a given number of assets, of much return and little risk.
#include "algorithm/budget_row.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>

enum { MOST_ASSETS = 24 };
static const double ROUNDED = 1e-6; // of the largest eigenvalue: six digits in a file

typedef struct portfolio_options {
    const qhm_node *returns, *covariance;
    double risk, penalty;
    size_t budget;
    int mixer;
    qhm_qaoa_settings qaoa;
} portfolio_options;

static const qhm_option_info fields[] = {
    {.name = "returns",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(portfolio_options, returns),
     .help = "expected returns of 2 to 24 assets; required"},
    {.name = "covariance",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(portfolio_options, covariance),
     .help = "of returns: a square matrix as a list of rows; required"},
    {.name = "budget",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(portfolio_options, budget),
     .minimum = 1,
     .maximum = 24,
     .help = "how many assets to take; required"},
    {.name = "risk",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(portfolio_options, risk),
     .default_text = "0.5",
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "what variance costs, in units of return"},
    {.name = "penalty",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(portfolio_options, penalty),
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "of the squared distance from the budget; not given: enough that breaking it cannot "
             "pay"},
    QHM_BUDGET_MIXER_FIELD(portfolio_options),
    QHM_QAOA_FIELDS(portfolio_options),
    {0},
};

typedef struct assets {
    double *returns, *covariance;
    size_t count;
} assets;

// Symmetric, and of no negative variance in any direction: the least eigenvalue is not below 0 by
// more than the digits that a file rounds away.
static qhm_status require_covariance(const qhm_node *node, const assets *a)
{
    const size_t n = a->count;
    double *copy, values[MOST_ASSETS], vectors[MOST_ASSETS * MOST_ASSETS];
    QHM_TRY(qhm_problem_require_symmetric(node, "covariance", a->covariance, n));
    QHM_TRY(qhm_copy_bytes(a->covariance, n * n, sizeof *copy, &copy));
    const qhm_status status = qhm_symmetric_eigen(copy, n, n, values, vectors);
    qhm_release(copy);
    QHM_TRY(status);
    if (values[n - 1] < -ROUNDED * fmax(values[0], -values[n - 1]))
        return qhm_node_fail(node,
                             "field 'covariance' has an eigenvalue of %g beside %g, not 0 or more: "
                             "no returns have it",
                             values[n - 1], values[0]);
    return QHM_OK;
}

static qhm_status read_assets(const portfolio_options *options, const qhm_problem *problem,
                              assets *a)
{
    size_t rows, columns;
    QHM_TRY(
        qhm_problem_numbers(problem->node, options->returns, "returns", 2, &a->returns, &a->count));
    QHM_TRY(qhm_problem_matrix(problem->node, options->covariance, "covariance", &a->covariance,
                               &rows, &columns));
    if (rows != a->count || columns != a->count || a->count > MOST_ASSETS)
        return qhm_node_fail(options->covariance,
                             "field 'covariance' is %zu by %zu for %zu assets of at most %d", rows,
                             columns, a->count, MOST_ASSETS);
    QHM_TRY(require_covariance(options->covariance, a));
    if (options->budget == 0)
        return qhm_node_fail(problem->node, "field 'budget' is missing: how many assets to take");
    if (options->budget > a->count)
        return qhm_node_fail(problem->node, "a budget of %zu assets out of %zu", options->budget,
                             a->count);
    return QHM_OK;
}

// Without the penalty: risk x^T S x - mu x.
static qhm_status build(const portfolio_options *options, const assets *a, qhm_ising **ising)
{
    QHM_TRY(qhm_ising_create(a->count, ising));
    for (size_t i = 0; i < a->count; i++) {
        QHM_TRY(qhm_ising_append_product(*ising, i, i, -a->returns[i]));
        for (size_t j = 0; j < a->count; j++)
            QHM_TRY(qhm_ising_append_product(*ising, i, j,
                                             options->risk * a->covariance[i * a->count + j]));
    }
    return QHM_OK;
}

static qhm_status solve(const portfolio_options *options, const qhm_problem *problem,
                        const assets *a, qhm_result *result)
{
    qhm_ising *ising = NULL;
    qhm_qaoa_rivals rivals;
    qhm_qaoa_best best;
    qhm_status status = build(options, a, &ising);
    if (status == QHM_OK) {
        const qhm_budget_task task = {.bare = ising,
                                      .budget = options->budget,
                                      .penalty = options->penalty > 0 ? options->penalty
                                                                      : qhm_budget_penalty(ising),
                                      .mixer = options->mixer};
        status = qhm_budget_run(&task, &options->qaoa, problem, result, &best, &rivals);
    }
    qhm_ising_destroy(ising);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    assets a = {0};
    qhm_status status = read_assets(given, problem, &a);
    if (status == QHM_OK)
        status = solve(given, problem, &a, result);
    qhm_release(a.returns);
    qhm_release(a.covariance);
    return status;
}

const qhm_algorithm qhm_algorithm_portfolio = {
    .info = {.name = "portfolio",
             .help = "assets of much return and little risk within a budget by QAOA",
             .details = "The cost is risk x^T S x - mu x, and a penalty for another number of "
                        "assets than the budget unless the mixer keeps it.\nOpponents as for "
                        "maxcut. [brandhofer2022] [bartschi2020]\n",
             .example = "returns: [0.10, 0.20, 0.15, 0.05]\n"
                        "covariance: [[0.10, 0.02, 0.04, 0], [0.02, 0.12, 0.06, 0.02], "
                        "[0.04, 0.06, 0.09, 0.01], [0, 0.02, 0.01, 0.05]]\n"
                        "budget: 2\nshots: 500\n",
             .fields = fields},
    .options_size = sizeof(portfolio_options),
    .run = run,
};
