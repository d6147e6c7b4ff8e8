// The problem "partition": numbers in two groups whose sums differ as little as they can.
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

#include <math.h>

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

static double difference(const double *numbers, size_t count, uint64_t bits)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += bits >> i & 1 ? -numbers[i] : numbers[i];
    return fabs(sum);
}

// (sum_i a_i s_i)^2
static qhm_status build(const double *numbers, size_t count, qhm_ising **ising)
{
    QHM_TRY(qhm_ising_create(count, ising));
    for (size_t i = 0; i < count; i++) {
        QHM_TRY(qhm_ising_append_constant(*ising, numbers[i] * numbers[i]));
        for (size_t j = 0; j < i; j++)
            QHM_TRY(qhm_ising_append_coupling(*ising, i, j, 2 * numbers[i] * numbers[j]));
    }
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const partition_options *options = given;
    qhm_ising *ising = NULL;
    qhm_qaoa_rivals rivals;
    double *numbers;
    size_t count;
    qhm_qaoa_best best;
    QHM_TRY(qhm_problem_numbers(problem->node, options->numbers, "numbers", 2, &numbers, &count));
    qhm_status status = QHM_OK;
    if (count > 24)
        status =
            qhm_node_fail(options->numbers, "field 'numbers' has %zu entries, more than 24", count);
    if (status == QHM_OK)
        status = build(numbers, count, &ising);
    if (status == QHM_OK)
        status = qhm_qaoa_run_rivals(ising, problem->seed, result, &rivals);
    if (status == QHM_OK)
        status = qhm_qaoa_run_task(&(qhm_qaoa_task){.ising = ising, .optimum = rivals.best.energy},
                                   &options->qaoa, problem, result, &best);
    if (status == QHM_OK) {
        qhm_result_number(result->answer, "difference", difference(numbers, count, best.bits));
        qhm_result_number(result->opponent, "difference",
                          difference(numbers, count, rivals.best.bits));
        qhm_result_note(result, "Costs are squares of differences.");
    }
    qhm_ising_destroy(ising);
    qhm_release(numbers);
    return status;
}

const qhm_algorithm qhm_algorithm_partition = {
    .info = {.name = "partition",
             .help = "numbers in two groups of nearly equal sums by QAOA",
             .details = "All spins are coupled: a layer takes n (n - 1) CX. Opponents as for "
                        "maxcut. [lucas2014]\n",
             .example = "numbers: [4, 5, 6, 7, 8]\nshots: 500\n",
             .fields = fields},
    .options_size = sizeof(partition_options),
    .run = run,
};
