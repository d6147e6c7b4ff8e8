// The problem "assign": tokens to experts, by QAOA that keeps one expert a token.
#include "algorithm/bfgs.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/assignment.h>
#include <qhm/backend.h>
#include <qhm/plan.h>
#include <qhm/qaoa.h>

enum { MOST_QUBITS = 16, MOST_LAYERS = 8 };

typedef struct assign_options {
    const qhm_node *scores;
    size_t capacity, layers, shots;
    double penalty;
    int mixer;
} assign_options;

static const char *const mixers[] = {"block", "ring", NULL};

static const qhm_option_info fields[] = {
    {.name = "scores",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(assign_options, scores),
     .help = "a row for each token, a number for each expert; at most 16 numbers; required"},
    {.name = "capacity",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(assign_options, capacity),
     .default_text = "1",
     .minimum = 1,
     .maximum = 16,
     .help = "tokens that an expert takes"},
    {.name = "penalty",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(assign_options, penalty),
     .default_text = "0.5",
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "of the squared distance of each expert's load from the mean"},
    {.name = "mixer",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(assign_options, mixer),
     .default_text = "block",
     .choices = mixers,
     .help = "exact over a token's experts, or pair after pair around a ring: another mixer"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(assign_options, layers),
     .default_text = "1",
     .minimum = 1,
     .maximum = MOST_LAYERS,
     .help = "of QAOA"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(assign_options, shots),
     .default_text = "1000",
     .minimum = 2,
     .maximum = 1e8,
     .help = "of the circuit with the angles found; the best feasible one is the answer"},
    {0},
};

typedef struct routing {
    const assign_options *options;
    size_t tokens, experts;
    double *scores;
    qhm_ising *ising;
    qhm_qaoa_circuit_options shape;
    qhm_plan *plan;
    double angles[2 * MOST_LAYERS], cost;
    size_t runs, gradients;
} routing;

static qhm_status evaluate(void *context, const double *x, double *value, double *gradient)
{
    routing *r = context;
    const double one = 1;
    r->runs++;
    r->gradients += gradient ? 1 : 0;
    return qhm_plan_run(r->plan, &(qhm_request){.batch_count = 1,
                                                .weights = x,
                                                .expectations = value,
                                                .cotangents = gradient ? &one : NULL,
                                                .weight_gradients = gradient});
}

// One layer from a grid, each further one from the last by interpolation.
static qhm_status fit_layers(routing *r, size_t layers)
{
    double more[2 * MOST_LAYERS], trial[2], cost, lowest = INFINITY;
    qhm_bfgs_result found;
    for (int i = 0; i < 64 && layers == 1; i++) {
        trial[0] = 0.2 * (1 + i / 8);
        trial[1] = acos(-1) / (double)r->experts * (1 + i % 8) / 9;
        QHM_TRY(evaluate(r, trial, &cost, NULL));
        if (cost < lowest) {
            lowest = cost;
            r->angles[0] = trial[0];
            r->angles[1] = trial[1];
        }
    }
    if (layers > 1) {
        qhm_qaoa_interpolate(layers - 1, r->angles, more);
        for (size_t i = 0; i < 2 * layers; i++)
            r->angles[i] = more[i];
    }
    QHM_TRY(qhm_bfgs(2 * layers, evaluate, r, 100, 1e-6, r->angles, &found));
    r->cost = found.value;
    return QHM_OK;
}

static qhm_status fit(routing *r, qhm_result *result)
{
    qhm_backend *backend = NULL;
    qhm_observable *observable = NULL;
    qhm_ledger ledger;
    qhm_status status = qhm_ising_observable(r->ising, &observable);
    if (status == QHM_OK)
        status = qhm_backend_create("statevector", NULL, &backend);
    for (size_t layers = 1; layers <= r->options->layers && status == QHM_OK; layers++) {
        qhm_circuit *circuit = NULL;
        r->shape.layers = layers;
        status = qhm_qaoa_circuit_create(r->ising, &r->shape, &circuit);
        if (status == QHM_OK)
            status = qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable},
                                     1, &(qhm_plan_options){.max_batch = 1}, &r->plan);
        if (status == QHM_OK)
            status = fit_layers(r, layers);
        if (status == QHM_OK)
            status = qhm_plan_ledger(r->plan, &ledger);
        if (status == QHM_OK)
            qhm_ledger_add(&result->ledger, &ledger);
        qhm_plan_destroy(r->plan);
        r->plan = NULL;
        qhm_circuit_destroy(circuit);
    }
    qhm_observable_destroy(observable);
    qhm_backend_destroy(backend);
    return status;
}

// What a bit string says: the score if every token has one expert, and none has too many.
static bool read_choice(const routing *r, uint64_t bits, size_t *experts_of, double *score,
                        bool *is_one_hot)
{
    size_t loads[MOST_QUBITS] = {0};
    bool fits = true;
    *score = 0;
    *is_one_hot = true;
    for (size_t t = 0; t < r->tokens; t++) {
        const uint64_t row = bits >> t * r->experts & (((uint64_t)1 << r->experts) - 1);
        if (__builtin_popcountll(row) != 1) {
            *is_one_hot = false;
            return false;
        }
        experts_of[t] = (size_t)__builtin_ctzll(row);
        *score += r->scores[t * r->experts + experts_of[t]];
        fits = fits && ++loads[experts_of[t]] <= r->options->capacity;
    }
    return fits;
}

static void add_choice(json_t *object, const size_t *experts_of, size_t count)
{
    json_t *list = json_array();
    for (size_t t = 0; t < count; t++)
        json_array_append_new(list, json_integer((json_int_t)experts_of[t]));
    json_object_set_new(object, "experts", list);
}

static void tell(const routing *r, const qhm_distribution *outcomes, double best_score,
                 qhm_result *result)
{
    double best = -INFINITY, one_hot = 0, feasible = 0, optimal = 0, mean = 0;
    size_t chosen[MOST_QUBITS] = {0}, trial[MOST_QUBITS];
    const double shots = qhm_distribution_total(outcomes);
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *words;
        double weight, score;
        bool is_one_hot;
        qhm_distribution_outcome(outcomes, i, &words, &weight);
        const bool fits = read_choice(r, words[0], trial, &score, &is_one_hot);
        mean += weight / shots * qhm_ising_energy(r->ising, words[0]);
        one_hot += is_one_hot ? weight / shots : 0;
        feasible += fits ? weight / shots : 0;
        optimal += fits && score >= best_score - 1e-9 ? weight / shots : 0;
        if (fits && score > best) {
            best = score;
            for (size_t t = 0; t < r->tokens; t++)
                chosen[t] = trial[t];
        }
    }
    json_t *answer = result->answer;
    qhm_result_number(answer, "score", best);
    if (isfinite(best))
        add_choice(answer, chosen, r->tokens);
    else
        qhm_result_text(answer, "experts", "none");
    qhm_result_number(answer, "mean_cost", mean);
    qhm_result_number(answer, "exact_mean_cost", r->cost);
    qhm_result_number(answer, "one_hot_share", one_hot);
    qhm_result_number(answer, "feasible_share", feasible);
    qhm_result_number(answer, "optimal_share", optimal);
    qhm_result_numbers(answer, "gammas", r->angles, r->options->layers);
    qhm_result_numbers(answer, "betas", r->angles + r->options->layers, r->options->layers);
}

static qhm_status draw(routing *r, uint64_t seed, qhm_distribution **outcomes, qhm_result *result)
{
    qhm_circuit *circuit = NULL, *bound = NULL;
    r->shape.measures = true;
    qhm_status status = qhm_qaoa_circuit_create(r->ising, &r->shape, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_bind(circuit, NULL, r->angles, &bound);
    if (status == QHM_OK)
        status = qhm_counted_shots(bound, r->options->shots, seed, NULL, &result->ledger, outcomes);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status solve(routing *r, const qhm_problem *problem, qhm_result *result)
{
    size_t experts_of[MOST_QUBITS];
    double score;
    qhm_distribution *outcomes = NULL;
    const double start = qhm_algorithm_clock();
    qhm_status status = qhm_assignment_find(r->tokens, r->experts, r->scores, r->options->capacity,
                                            experts_of, &score);
    const double seconds = qhm_algorithm_clock() - start;
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        return qhm_node_fail(problem->node, "%s", qhm_error_message());
    if (status == QHM_OK)
        status =
            qhm_assignment_ising(r->tokens, r->experts, r->scores, r->options->penalty, &r->ising);
    if (status == QHM_OK)
        status = fit(r, result);
    if (status == QHM_OK)
        status = draw(r, problem->seed, &outcomes, result);
    if (status == QHM_OK)
        tell(r, outcomes, score, result);
    qhm_distribution_destroy(outcomes);
    qhm_ising_destroy(r->ising);
    QHM_TRY(status);
    qhm_result_text(result->opponent, "method", "Hungarian, by shortest augmenting paths");
    qhm_result_number(result->opponent, "score", score);
    add_choice(result->opponent, experts_of, r->tokens);
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_note(result,
                    "The fit took %zu exact mean costs, %zu with gradients: a chip needs shots for "
                    "each. A linear assignment takes polynomial time, so no advantage is possible "
                    "here in principle.",
                    r->runs, r->gradients);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    routing r = {.options = given};
    QHM_TRY(qhm_problem_matrix(problem->node, r.options->scores, "scores", &r.scores, &r.tokens,
                               &r.experts));
    r.shape.block = r.experts;
    r.shape.mixer = r.options->mixer == 2 ? QHM_QAOA_MIXER_RING : QHM_QAOA_MIXER_BLOCK;
    qhm_status status;
    if (r.experts < 2 || r.tokens * r.experts > MOST_QUBITS)
        status = qhm_node_fail(r.options->scores,
                               "%zu tokens for %zu experts: 2 experts or more, and at most %d "
                               "scores",
                               r.tokens, r.experts, MOST_QUBITS);
    else
        status = solve(&r, problem, result);
    qhm_release(r.scores);
    return status;
}

const qhm_algorithm qhm_algorithm_assign = {
    .info = {.name = "assign",
             .help = "tokens to experts within capacities by QAOA that keeps one expert a token",
             .details = "A qubit for each token and expert. The mixer keeps every token at one "
                        "expert; loads are a penalty.\nThe opponent finds the best assignment in "
                        "polynomial time. [hadfield2019] [kuhn1955]\n",
             .example = "scores: [[0.9, 0.4, 0.1], [0.8, 0.7, 0.2], [0.3, 0.6, 0.5]]\n"
                        "shots: 1000\n",
             .fields = fields},
    .options_size = sizeof(assign_options),
    .run = run,
};
