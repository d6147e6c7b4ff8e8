// The problem "partition": numbers in two groups whose sums differ as little as they can.
#include "algorithm/partition.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

#include <math.h>

static const double LEAST = 1e-50, MOST = 1e50; // of numbers that are taken as they are

typedef struct partition_options {
    const qhm_node *numbers;
    qhm_qaoa_settings qaoa;
} partition_options;

static const qhm_option_info fields[] = {
    {.name = "numbers",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(partition_options, numbers),
     .help = "2 to 24 numbers; required"},
    QHM_QAOA_FIELDS(partition_options),
    {0},
};

// Numbers divided by 2^unit, which loses nothing: their squares are numbers then.
typedef struct groups {
    double *numbers;
    size_t count;
    int unit;
} groups;

static qhm_status read_groups(const partition_options *options, const qhm_problem *problem,
                              groups *g)
{
    double largest = 0;
    QHM_TRY(
        qhm_problem_numbers(problem->node, options->numbers, "numbers", 2, &g->numbers, &g->count));
    if (g->count > 24)
        return qhm_node_fail(options->numbers, "field 'numbers' has %zu entries, more than 24",
                             g->count);
    for (size_t i = 0; i < g->count; i++)
        largest = fmax(largest, fabs(g->numbers[i]));
    if (largest > 0 && (largest < LEAST || largest > MOST))
        (void)frexp(largest, &g->unit);
    for (size_t i = 0; i < g->count; i++)
        g->numbers[i] = ldexp(g->numbers[i], -g->unit);
    return QHM_OK;
}

// (sum_i a_i s_i)^2
static qhm_status build(const groups *g, qhm_ising **ising)
{
    const double *numbers = g->numbers;
    QHM_TRY(qhm_ising_create(g->count, ising));
    for (size_t i = 0; i < g->count; i++) {
        QHM_TRY(qhm_ising_append_constant(*ising, numbers[i] * numbers[i]));
        for (size_t j = 0; j < i; j++)
            QHM_TRY(qhm_ising_append_coupling(*ising, i, j, 2 * numbers[i] * numbers[j]));
    }
    return QHM_OK;
}

// The square of the difference, as sums of products have no digits left of a small one.
static double find_cost(const void *context, uint64_t bits)
{
    const groups *g = context;
    const double difference = qhm_partition_difference(g->numbers, g->count, bits);
    return difference * difference;
}

static qhm_status run_rivals(const qhm_qaoa_task *task, const groups *g, uint64_t seed,
                             qhm_partition_solution *exact, qhm_result *result)
{
    qhm_qaoa_rivals rivals = {0};
    const double start = qhm_algorithm_clock();
    qhm_partition_find(g->numbers, g->count, exact);
    rivals.best_seconds = qhm_algorithm_clock() - start;
    rivals.best = (qhm_ising_solution){
        .bits = exact->bits, .energy = find_cost(g, exact->bits), .nodes = exact->nodes};
    qhm_qaoa_tell_best(&rivals, g->count, result->opponent);
    QHM_TRY(qhm_qaoa_run_heuristics(task, seed, result->opponent, &rivals));
    qhm_result_number(json_object_get(result->opponent, "relaxation"), "bound",
                      fmax(0, rivals.relaxed.rounded.bound)); // of squares
    return QHM_OK;
}

static void add_notes(const groups *g, const qhm_ising *ising, const qhm_partition_solution *exact,
                      qhm_result *result)
{
    const double gap = exact->second * exact->second - exact->difference * exact->difference;
    const double rounding = qhm_ising_rounding(ising);
    if (g->unit == 0)
        qhm_result_note(result, "Costs are squares of differences.");
    else
        qhm_result_note(result, "Costs are squares of differences of the numbers divided by %g.",
                        ldexp(1, g->unit));
    if (gap <= rounding)
        qhm_result_note(result,
                        "The two lowest costs are %.3g apart, but the sums of couplings that the "
                        "fit, annealing and the relaxation lower are known to %.3g only: they "
                        "cannot tell these costs apart, as the search and the shots can.",
                        gap, rounding);
    if (exact->difference > 0 && exact->difference <= qhm_partition_rounding(g->numbers, g->count))
        qhm_result_note(result, "The smallest difference is no more than the last digits of the "
                                "numbers make: in decimals it may be 0.");
}

static qhm_status solve(const partition_options *options, const qhm_problem *problem,
                        const groups *g, const qhm_ising *ising, qhm_result *result)
{
    qhm_partition_solution exact;
    qhm_qaoa_best best;
    qhm_qaoa_task task = {.ising = ising, .energy = find_cost, .context = g};
    QHM_TRY(run_rivals(&task, g, problem->seed, &exact, result));
    const double rounding = qhm_partition_rounding(g->numbers, g->count);
    task.optimum = find_cost(g, exact.bits);
    task.rounding = (2 * exact.difference + rounding) * rounding;
    QHM_TRY(qhm_qaoa_run_task(&task, &options->qaoa, problem, result, &best));
    qhm_result_number(result->answer, "difference",
                      ldexp(qhm_partition_difference(g->numbers, g->count, best.bits), g->unit));
    qhm_result_number(result->opponent, "difference", ldexp(exact.difference, g->unit));
    add_notes(g, ising, &exact, result);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    groups g = {0};
    qhm_ising *ising = NULL;
    qhm_status status = read_groups(given, problem, &g);
    if (status == QHM_OK)
        status = build(&g, &ising);
    if (status == QHM_OK)
        status = solve(given, problem, &g, ising, result);
    qhm_ising_destroy(ising);
    qhm_release(g.numbers);
    return status;
}

const qhm_algorithm qhm_algorithm_partition = {
    .info = {.name = "partition",
             .help = "numbers in two groups of nearly equal sums by QAOA",
             .details = "All spins are coupled: a layer takes n (n - 1) CX. Costs are squares of "
                        "differences, from exact sums.\nOpponents: branch and bound over sums, and "
                        "annealing and the relaxation as for maxcut. [lucas2014]\n",
             .example = "numbers: [4, 5, 6, 7, 8]\nshots: 500\n",
             .fields = fields},
    .options_size = sizeof(partition_options),
    .run = run,
};
