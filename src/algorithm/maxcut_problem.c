// The problem "maxcut": nodes in two groups, with as much weight of edges between as there can be.
#include "algorithm/graph_ising.h"
#include "algorithm/qaoa_row.h"

typedef struct maxcut_options {
    qhm_graph_settings graph;
    qhm_qaoa_settings qaoa;
} maxcut_options;

static const qhm_option_info fields[] = {
    QHM_GRAPH_FIELDS(maxcut_options),
    QHM_QAOA_FIELDS(maxcut_options),
    {0},
};

static qhm_status solve(const maxcut_options *options, const qhm_problem *problem,
                        const qhm_ising *ising, qhm_result *result)
{
    qhm_qaoa_rivals rivals;
    qhm_qaoa_best best;
    const double total = 0 - 2 * qhm_ising_constant(ising); // 0, not -0, without edges
    QHM_TRY(qhm_qaoa_run_rivals(ising, problem->seed, result, &rivals));
    QHM_TRY(qhm_qaoa_run_task(&(qhm_qaoa_task){.ising = ising, .optimum = rivals.best.energy},
                              &options->qaoa, problem, result, &best));
    qhm_result_number(result->answer, "cut", 0 - best.cost);
    qhm_result_number(result->answer, "weight_of_all_edges", total);
    qhm_result_number(result->opponent, "cut", 0 - rivals.best.energy);
    qhm_result_note(result,
                    "Costs are minus cuts. The relaxation proves that no cut is above %.6g.",
                    0 - rivals.relaxed.rounded.bound);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const maxcut_options *options = given;
    qhm_ising *ising = NULL;
    qhm_status status = qhm_graph_ising(&options->graph, problem, &ising);
    if (status == QHM_OK)
        status = solve(options, problem, ising, result);
    qhm_ising_destroy(ising);
    return status;
}

const qhm_algorithm qhm_algorithm_maxcut = {
    .info = {.name = "maxcut",
             .help = "the largest cut of a graph by QAOA",
             .details = "A layer takes two CX for each edge. Opponents: branch and bound, which "
                        "proves its cut, simulated\nannealing, and the relaxation of Goemans and "
                        "Williamson, in low rank. One layer's mean has a closed\nform, so it takes "
                        "no quantum computer. [farhi2014] [wurtz2021] [burer2003]\n",
             .example = "edges: [[0, 1], [1, 2], [2, 3], [3, 4], [4, 0], [0, 2]]\nlayers: 2\n"
                        "shots: 500\n",
             .fields = fields},
    .options_size = sizeof(maxcut_options),
    .run = run,
};
