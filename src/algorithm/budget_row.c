// What the rows that choose a given number of things have in common.
#include "algorithm/budget_row.h"

#include <math.h>

enum { MIXER_X = 1, MIXER_DICKE = 2 };
const char *const qhm_budget_mixers[] = {"x", "dicke", "ring", NULL};

static double judge(const void *context, uint64_t bits)
{
    const qhm_budget_task *task = context;
    return (size_t)__builtin_popcountll(bits) == task->budget ? qhm_ising_energy(task->bare, bits)
                                                              : INFINITY;
}

// Let D be the most that flipping one bit can change the cost f. A choice x of k + d things, d of
// either sign, is |d| flips from some y of k, so f(x) >= f(y) - |d| D. Its penalised cost is
// f(x) + P d^2 >= f(y) + |d| (P - D), since d^2 >= |d|: for P > D that is above f(y), and so above
// the best of k, by a hundredth of D here. P = D would tie where d = 1 and one flip changes D.
// Flipping spin i changes f by -2 s_i (h_i + sum_j J_ij s_j). D = 0: f is constant, any P > 0 does.
double qhm_budget_penalty(const qhm_ising *bare)
{
    const size_t count = qhm_ising_spin_count(bare);
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double change = 2 * fabs(qhm_ising_field(bare, i));
        for (size_t j = 0; j < count; j++)
            change += 2 * fabs(qhm_ising_coupling(bare, i, j));
        most = fmax(most, change);
    }
    return most > 0 ? 1.01 * most : 1;
}

static qhm_status add_penalty(const qhm_budget_task *task, qhm_ising **penalised)
{
    size_t bits[64];
    double ones[64];
    const size_t count = qhm_ising_spin_count(task->bare);
    for (size_t i = 0; i < count; i++) {
        bits[i] = i;
        ones[i] = 1;
    }
    QHM_TRY(qhm_ising_copy(task->bare, penalised));
    return qhm_ising_append_square(*penalised, count, bits, ones, (double)task->budget,
                                   task->penalty);
}

static qhm_status run_both(const qhm_budget_task *task, const qhm_ising *penalised,
                           const qhm_qaoa_settings *settings, const qhm_problem *problem,
                           qhm_result *result, qhm_qaoa_best *best, qhm_qaoa_rivals *rivals)
{
    const size_t count = qhm_ising_spin_count(task->bare);
    QHM_TRY(qhm_qaoa_run_rivals(penalised, problem->seed, result, rivals));
    const int taken = __builtin_popcountll(rivals->best.bits);
    if ((size_t)taken != task->budget)
        return qhm_node_fail(problem->node, "with a penalty of %g it pays to take %d, not %zu",
                             task->penalty, taken, task->budget);
    qhm_qaoa_task inner = {.ising = penalised,
                           .judge = judge,
                           .context = task,
                           .optimum = judge(task, rivals->best.bits),
                           .rounding = qhm_ising_rounding(task->bare)};
    if (task->mixer != MIXER_X) {
        if (task->budget == count)
            return qhm_node_fail(problem->node, "a budget of all %zu leaves no choice", count);
        inner.ising = task->bare;
        inner.shape = (qhm_qaoa_circuit_options){
            .mixer = task->mixer == MIXER_DICKE ? QHM_QAOA_MIXER_BLOCK : QHM_QAOA_MIXER_RING,
            .block = count,
            .ones = task->budget};
    }
    return qhm_qaoa_run_task(&inner, settings, problem, result, best);
}

qhm_status qhm_budget_run(const qhm_budget_task *task, const qhm_qaoa_settings *settings,
                          const qhm_problem *problem, qhm_result *result, qhm_qaoa_best *best,
                          qhm_qaoa_rivals *rivals)
{
    qhm_ising *penalised = NULL;
    qhm_status status = add_penalty(task, &penalised);
    if (status == QHM_OK)
        status = run_both(task, penalised, settings, problem, result, best, rivals);
    qhm_ising_destroy(penalised);
    QHM_TRY(status);
    json_object_set_new(result->answer, "keeps_budget", json_boolean(isfinite(best->cost)));
    if (task->mixer == MIXER_X)
        qhm_result_number(result->answer, "penalty", task->penalty);
    return QHM_OK;
}
