// The problem "qubo": bits of the lowest quadratic cost.
#include "algorithm/graph_ising.h"
#include "algorithm/qaoa_row.h"

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

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const qubo_options *options = given;
    qhm_ising *ising = NULL;
    qhm_qaoa_rivals rivals;
    qhm_qaoa_best best;
    qhm_status status = qhm_matrix_ising(options->matrix, problem, &ising);
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
