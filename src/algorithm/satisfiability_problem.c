// The problem "sat": clauses as an oracle, searched for an unknown number of solutions.
#include "algorithm/algorithm_internal.h"
#include "algorithm/clause_opponent.h"
#include "algorithm/problem_clauses.h"
#include "algorithm/search_rounds.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/backtracking.h>

typedef struct sat_options {
    const qhm_node *clauses;
    size_t runs;
} sat_options;

static const qhm_option_info fields[] = {
    {.name = "clauses",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(sat_options, clauses),
     .help = "lists of literals, 1 for variable 1 and -1 for its negation; required. Up to 20 "
             "variables"},
    {.name = "runs",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(sat_options, runs),
     .default_text = "20",
     .minimum = 1,
     .maximum = 1e6,
     .help = "searches, each from the beginning"},
    {0},
};

typedef struct searches {
    const qhm_oracle *oracle;
    qhm_search_state state;
    qhm_search_price price;
    qhm_random random;
    qhm_ledger *ledger;
    double found, iterations, squares, measurements;
    uint64_t item;
} searches;

static qhm_status measure(void *context, uint64_t iterations, uint64_t *item, bool *is_marked)
{
    searches *s = context;
    *item = qhm_search_state_draw(&s->state, iterations, &s->random);
    qhm_search_price_add(&s->price, iterations, 1, s->ledger);
    return qhm_oracle_check(s->oracle, *item, is_marked);
}

static qhm_status search_all(searches *s, size_t runs)
{
    QHM_TRY(qhm_search_state_ask(s->oracle, &s->state));
    QHM_TRY(qhm_search_price_find(s->oracle, NULL, &s->price));
    const double count = (double)(s->state.counts[0] + s->state.counts[1]);
    for (size_t i = 0; i < runs; i++) {
        qhm_bbht_result one;
        QHM_TRY(qhm_search_unknown(count, (uint64_t)ceil(9 * sqrt(count)), &s->random, measure, s,
                                   &one));
        s->found += one.is_found;
        s->item = one.is_found ? one.item : s->item;
        s->iterations += (double)one.iterations;
        s->squares += (double)(one.iterations * one.iterations);
        s->measurements += (double)one.measurements;
    }
    return QHM_OK;
}

static void describe(const searches *s, size_t count, size_t variables, qhm_result *result)
{
    const double runs = (double)count, mean = s->iterations / runs;
    json_object_set_new(result->answer, "found", json_boolean(s->found > 0));
    if (s->found > 0)
        qhm_result_assignment(result->answer, s->item, variables);
    qhm_result_number(result->answer, "success_rate", s->found / runs);
    qhm_result_number(result->answer, "mean_iterations", mean);
    qhm_result_number(result->answer, "mean_iterations_standard_error",
                      sqrt(fmax(0, s->squares / runs - mean * mean) / runs));
    qhm_result_number(result->answer, "mean_measurements", s->measurements / runs);
    qhm_result_count(result->answer, "classical_checks", (uint64_t)s->measurements);
    qhm_result_count(result->answer, "oracle_work_qubits", qhm_oracle_work_count(s->oracle));
    if (s->found == 0)
        qhm_result_note(result, "Not found within 9 sqrt(N) iterations: most likely the clauses "
                                "contradict each other, but that is no proof, as that of a SAT "
                                "solver is.");
    qhm_result_note(result, "Outcomes were drawn from the two amplitudes that a search has; the "
                            "ledger is that of its circuits.");
    qhm_result_note(result,
                    "Where a solver cannot learn, random walks still take 1.334^n steps for "
                    "clauses of three; the search takes 1.414^n iterations.");
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const sat_options *options = given;
    int *literals;
    size_t count, variables;
    qhm_boolean_formula *formula = NULL;
    qhm_oracle *oracle = NULL;
    qhm_backtracking *tree = NULL;
    QHM_TRY(
        qhm_problem_clauses(problem->node, options->clauses, 20, &literals, &count, &variables));
    searches s = {.random = qhm_random_stream(problem->seed, QHM_RANDOM_SHOTS, 0x736174, 0, 0),
                  .ledger = &result->ledger};
    qhm_status status = qhm_boolean_formula_create_clauses(variables, literals, count, &formula);
    if (status == QHM_OK)
        status = qhm_oracle_create_formula(formula, &oracle);
    s.oracle = oracle;
    if (status == QHM_OK)
        status = search_all(&s, options->runs);
    if (status == QHM_OK) {
        describe(&s, options->runs, variables, result);
        status = qhm_backtracking_create(variables, literals, count, &tree);
    }
    if (status == QHM_OK)
        status = qhm_clause_opponent(tree, variables, literals, count, result);
    qhm_backtracking_destroy(tree);
    qhm_search_state_release(&s.state);
    qhm_oracle_destroy(oracle);
    qhm_boolean_formula_destroy(formula);
    qhm_release(literals);
    return status;
}

const qhm_algorithm qhm_algorithm_sat = {
    .info = {.name = "sat",
             .help = "satisfiability of clauses by a search of unknown number",
             .details = "Each iteration computes every clause into a work qubit, turns the phase "
                        "if all hold, and takes the clauses\nback; about 2^(n/2) of them stand "
                        "against the vertices of a tree that a solver prunes. What is found is\n"
                        "checked; that nothing is found is no proof. Beside it stands a SAT "
                        "solver. [boyer1998, biere2024]\n",
             .example = "clauses:\n  - [1, 2]\n  - [-1, 3]\n  - [-2, -3]\nruns: 20\n",
             .fields = fields},
    .options_size = sizeof(sat_options),
    .run = run,
};
