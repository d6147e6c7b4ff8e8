// The problem "qubo": bits of the lowest quadratic cost.
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

typedef struct qubo_options {
    const qhm_node *matrix;
    qhm_qaoa_settings qaoa;
} qubo_options;

static const qhm_option_info fields[] = {
    {.name = "matrix",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(qubo_options, matrix),
     .help = "a square matrix Q as a list of rows, of the cost x^T Q x; required"},
    QHM_QAOA_FIELDS(qubo_options),
    {0},
};

static qhm_status read_problem(const qubo_options *options, const qhm_problem *problem,
                               qhm_ising **ising)
{
    double *values;
    size_t rows, columns;
    QHM_TRY(qhm_problem_matrix(problem->node, options->matrix, "matrix", &values, &rows, &columns));
    qhm_status status = QHM_OK;
    if (rows != columns || rows > 24)
        status = qhm_node_fail(options->matrix,
                               "field 'matrix' is %zu by %zu, not square with up to 24 rows", rows,
                               columns);
    if (status == QHM_OK)
        status = qhm_ising_create(rows, ising);
    for (size_t i = 0; i < rows && status == QHM_OK; i++)
        for (size_t j = 0; j < rows && status == QHM_OK; j++)
            status = qhm_ising_append_product(*ising, i, j, values[i * columns + j]);
    qhm_release(values);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const qubo_options *options = given;
    qhm_ising *ising = NULL;
    qhm_qaoa_rivals rivals;
    qhm_qaoa_best best;
    qhm_status status = read_problem(options, problem, &ising);
    if (status == QHM_OK)
        status = qhm_qaoa_run_rivals(ising, problem->seed, result, &rivals);
    if (status == QHM_OK)
        status = qhm_qaoa_run_task(&(qhm_qaoa_task){.ising = ising, .optimum = rivals.best.energy},
                                   &options->qaoa, problem, result, &best);
    qhm_ising_destroy(ising);
    return status;
}

const qhm_algorithm qhm_algorithm_qubo = {
    .info = {.name = "qubo",
             .help = "bits of the lowest quadratic cost by QAOA",
             .details = "Any quadratic function of bits: constraints become penalties, which must "
                        "be large enough and\nmake the landscape steeper. Opponents as for maxcut. "
                        "[farhi2014]\n",
             .example = "matrix: [[-1, 2, 0], [0, -1, 2], [0, 0, -1]]\nshots: 500\n",
             .fields = fields},
    .options_size = sizeof(qubo_options),
    .run = run,
};
