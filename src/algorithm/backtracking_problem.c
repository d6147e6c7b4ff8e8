// The problem "backtrack": a quantum walk on the tree of clauses, beside depth-first search.
#include "algorithm/algorithm_internal.h"
#include "algorithm/clause_opponent.h"
#include "algorithm/problem_clauses.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>

typedef struct backtrack_options {
    const qhm_node *clauses;
    double vertices;
    size_t repeats;
    bool detection;
} backtrack_options;

static const qhm_option_info fields[] = {
    {.name = "clauses",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(backtrack_options, clauses),
     .help = "lists of literals, 1 for variable 1 and -1 for its negation; required. Up to 12 "
             "variables, assigned in their order"},
    {.name = "vertices",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(backtrack_options, vertices),
     .minimum = 1,
     .maximum = 1e7,
     .help = "a bound of the tree's vertices; not given: that of the full tree. Too small a bound "
             "makes "
             "for solutions that are not there"},
    {.name = "repeats",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(backtrack_options, repeats),
     .default_text = "100",
     .minimum = 1,
     .maximum = 1e6,
     .help = "phase estimations in a test; 3/8 of them have to give 0"},
    {.name = "detection",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(backtrack_options, detection),
     .help = "only whether there is a solution"},
    {0},
};

static void describe(const qhm_backtracking_result *r, const backtrack_options *options,
                     size_t variables, qhm_result *result)
{
    json_object_set_new(result->answer, "accepted", json_boolean(r->is_accepted));
    qhm_result_number(result->answer, "zero_rate", r->zero_rate);
    qhm_result_number(result->answer, "standard_error",
                      qhm_statistics_rate_error(r->zero_rate, (double)options->repeats));
    if (!options->detection)
        json_object_set_new(result->answer, "found", json_boolean(r->is_found));
    if (r->is_found)
        qhm_result_assignment(result->answer, r->solution, variables);
    qhm_result_count(result->answer, "subtrees_tested", r->tests);
    qhm_result_count(result->answer, "walk_steps", r->walk_steps);
    qhm_result_note(result, "A step of the walk computes and takes back the clauses of every "
                            "level; a vertex of depth-first search checks those of one.");
}

static qhm_status run_tree(const backtrack_options *options, const qhm_problem *problem,
                           const qhm_backtracking *tree, size_t variables, qhm_result *result)
{
    const bool is_small = variables <= 2 && options->repeats <= 1000;
    const qhm_backtracking_options given = {.vertex_bound = options->vertices,
                                            .repeats = options->repeats,
                                            .is_detection = options->detection,
                                            .execution = is_small ? QHM_SEARCH_CIRCUITS
                                                                  : QHM_SEARCH_AMPLITUDES,
                                            .seed = problem->seed};
    qhm_backtracking_result found;
    QHM_TRY(qhm_backtracking_run(tree, &given, &result->ledger, &found));
    describe(&found, options, variables, result);
    if (!is_small)
        qhm_result_note(result, "Phases were drawn by their exact probability, from the walk on "
                                "the tree's vertices; the ledger is that of the circuits.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const backtrack_options *options = given;
    int *literals;
    size_t count, variables;
    qhm_backtracking *tree = NULL;
    QHM_TRY(
        qhm_problem_clauses(problem->node, options->clauses, 12, &literals, &count, &variables));
    qhm_status status = qhm_backtracking_create(variables, literals, count, &tree);
    if (status == QHM_OK)
        status = run_tree(options, problem, tree, variables, result);
    if (status == QHM_OK)
        status = qhm_clause_opponent(tree, variables, literals, count, result);
    qhm_backtracking_destroy(tree);
    qhm_release(literals);
    return status;
}

const qhm_algorithm qhm_algorithm_backtrack = {
    .info = {.name = "backtrack",
             .help = "a quantum walk on a backtracking tree: is there a solution, and which",
             .details = "Phase estimation of a walk from the root, with about 2 sqrt(T n) steps "
                        "for T vertices and n variables,\ntells whether a subtree has a solution; "
                        "then on to its children. Depth-first search visits T vertices\nat most "
                        "and stops at the first solution; a SAT solver learns on the way. "
                        "[montanaro2018, biere2024]\n",
             .example = "clauses:\n  - [1, 2]\n  - [-1, 3]\n  - [-2, -3]\nrepeats: 100\n",
             .fields = fields},
    .options_size = sizeof(backtrack_options),
    .run = run,
};
