// What the rows of problems of choices have in common.
#include "algorithm/choice_row.h"

#include "algorithm/choice_internal.h"

#include <math.h>

const char *const qhm_choice_mixers[] = {"block", "ring", "x", NULL};

enum { MIXER_BLOCK = 1, MIXER_RING = 2, MIXER_X = 3 };

qhm_status qhm_choice_run_rivals(const qhm_choice *choice, const qhm_problem *problem,
                                 qhm_result *result, qhm_choice_solution *best)
{
    qhm_choice_solution annealed;
    json_t *opponent = result->opponent;
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_choice_find(choice, 0, best));
    const double second = qhm_algorithm_clock();
    if (!isfinite(best->cost))
        return qhm_node_fail(problem->node,
                             "there is no solution: all %llu partial ones that "
                             "branch and bound followed end in a conflict",
                             (unsigned long long)best->nodes);
    QHM_TRY(
        qhm_choice_anneal(choice, &(qhm_choice_anneal_options){.seed = problem->seed}, &annealed));
    const double third = qhm_algorithm_clock();
    qhm_result_text(opponent, "method", "branch and bound");
    qhm_result_number(opponent, "cost", best->cost);
    qhm_result_count(opponent, "nodes", best->nodes);
    qhm_result_number(opponent, "seconds", second - start);
    json_t *object = json_object();
    qhm_result_text(object, "method", "simulated annealing");
    qhm_result_number(object, "cost", annealed.cost);
    qhm_result_number(object, "seconds", third - second);
    json_object_set_new(opponent, "annealing", object);
    return QHM_OK;
}

void qhm_choice_tell(json_t *object, const char *name, const qhm_choice *choice,
                     const qhm_choice_solution *solution)
{
    if (isfinite(solution->cost))
        qhm_result_indices(object, name, solution->options_of, qhm_choice_things(choice));
    else
        qhm_result_text(object, name, "none");
}

static double judge(const void *context, uint64_t bits)
{
    const qhm_choice_task *task = context;
    size_t options_of[64];
    if (!qhm_choice_read(task->choice, bits, options_of))
        return INFINITY;
    return task->judge ? task->judge(task->context, options_of)
                       : qhm_choice_cost(task->choice, options_of);
}

// Whether the cheapest choices, conflicts at their price, have none.
static qhm_status check_penalty(const qhm_choice *choice, double penalty,
                                const qhm_problem *problem)
{
    qhm_choice *priced;
    qhm_choice_solution best;
    const size_t options = choice->options, all = choice->things * options;
    QHM_TRY(qhm_choice_create(choice->things, options, &priced));
    for (size_t a = 0; a < all; a++) {
        priced->costs[a] = choice->costs[a];
        for (size_t b = 0; b < all; b++)
            priced->pairs[a * all + b] =
                choice->conflicts[a * all + b] ? penalty : choice->pairs[a * all + b];
    }
    const qhm_status status = qhm_choice_find(priced, 0, &best);
    qhm_choice_destroy(priced);
    QHM_TRY(status);
    if (!isfinite(qhm_choice_cost(choice, best.options_of)))
        return qhm_node_fail(problem->node, "with a penalty of %g conflicts pay", penalty);
    return QHM_OK;
}

// No bit changes the cost by more than this, so leaving one option a thing cannot pay.
static double find_one_hot(const qhm_choice *choice, double penalty)
{
    const size_t all = choice->things * choice->options;
    double most = 0;
    for (size_t a = 0; a < all; a++) {
        double change = fabs(choice->costs[a]);
        for (size_t b = 0; b < all; b++)
            change += fabs(choice->conflicts[a * all + b] ? penalty : choice->pairs[a * all + b]);
        most = fmax(most, change);
    }
    return most > 0 ? 1.01 * most : 1;
}

qhm_status qhm_choice_run_task(const qhm_choice_task *task, const qhm_choice_settings *settings,
                               const qhm_problem *problem, qhm_result *result,
                               qhm_choice_solution *best)
{
    const qhm_choice *choice = task->choice;
    const double penalty = settings->penalty > 0 ? settings->penalty : task->penalty;
    const bool is_x = settings->mixer == MIXER_X;
    qhm_ising *ising;
    qhm_qaoa_best found;
    if (choice->options < 2 && !is_x)
        return qhm_node_fail(problem->node, "one option each leaves nothing to choose");
    QHM_TRY(check_penalty(choice, penalty, problem));
    QHM_TRY(qhm_choice_ising(choice, penalty, is_x ? find_one_hot(choice, penalty) : 0, &ising));
    const qhm_qaoa_task inner = {
        .ising = ising,
        .shape = {.mixer = is_x                            ? QHM_QAOA_MIXER_X
                           : settings->mixer == MIXER_RING ? QHM_QAOA_MIXER_RING
                                                           : QHM_QAOA_MIXER_BLOCK,
                  .block = choice->options},
        .judge = judge,
        .context = task,
        .optimum = task->optimum,
        .rounding = task->rounding > 0 ? task->rounding : qhm_choice_rounding(choice)};
    const qhm_status status = qhm_qaoa_run_task(&inner, &settings->qaoa, problem, result, &found);
    qhm_ising_destroy(ising);
    QHM_TRY(status);
    best->cost = found.cost;
    if (isfinite(found.cost))
        (void)qhm_choice_read(choice, found.bits, best->options_of);
    qhm_result_number(result->answer, "penalty", penalty);
    return QHM_OK;
}
