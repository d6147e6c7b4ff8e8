// The problem "two-level": another routine sets the angles of QAOA; what both cost together.
#include "algorithm/counted_run.h"
#include "algorithm/graph_ising.h"
#include "algorithm/qaoa_search.h"
#include "base/bits.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/minimum.h>
#include <qhm/random.h>

enum { MOST_SPINS = 16, MOST_GRID = 16 };

typedef struct level_options {
    qhm_graph_settings graph;
    size_t grid, shots, training;
} level_options;

static const qhm_option_info fields[] = {
    QHM_GRAPH_FIELDS(level_options),
    {.name = "grid",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(level_options, grid),
     .default_text = "8",
     .minimum = 2,
     .maximum = MOST_GRID,
     .help = "values of each of the two angles: grid^2 settings"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(level_options, shots),
     .default_text = "200",
     .minimum = 2,
     .maximum = 1e6,
     .help = "of each setting; they decide how well its mean cost is known"},
    {.name = "training",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(level_options, training),
     .default_text = "4",
     .minimum = 1,
     .maximum = 100,
     .help = "random graphs of the same degree to learn angles from"},
    {0},
};

// One layer on one graph, and its grid of settings.
typedef struct levels {
    const level_options *options;
    const qhm_problem *problem;
    qhm_ising *ising;
    double scale, degree;
    size_t settings;
    double angles[MOST_GRID * MOST_GRID][2];
} levels;

static void fill_grid(levels *l)
{
    const size_t grid = l->options->grid;
    l->scale = qhm_qaoa_scale(l->ising, &l->degree);
    l->settings = grid * grid;
    for (size_t i = 0; i < l->settings; i++) {
        const double part = (double)(i / grid + 1) / (double)grid;
        l->angles[i][0] = -1.2 * part / (l->scale * sqrt(1 + l->degree));
        l->angles[i][1] = acos(-1) / 4 * (double)(i % grid + 1) / (double)grid;
    }
}

static json_t *describe(const levels *l, const double *angles)
{
    json_t *object = json_object();
    qhm_result_number(object, "gamma", angles[0]);
    qhm_result_number(object, "beta", angles[1]);
    qhm_result_number(object, "mean_cost", qhm_qaoa_one_layer(l->ising, angles));
    return object;
}

static qhm_status run_formula(const levels *l, qhm_result *result)
{
    double angles[2];
    size_t evaluations;
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_qaoa_one_layer_angles(l->ising, angles, &evaluations));
    const double seconds = qhm_algorithm_clock() - start;
    json_t *opponent = result->opponent;
    qhm_result_text(opponent, "method", "closed form of one layer");
    qhm_result_number(opponent, "gamma", angles[0]);
    qhm_result_number(opponent, "beta", angles[1]);
    qhm_result_number(opponent, "mean_cost", qhm_qaoa_one_layer(l->ising, angles));
    qhm_result_count(opponent, "evaluations", evaluations);
    qhm_result_count(opponent, "circuits", 0);
    qhm_result_number(opponent, "seconds", seconds);
    return QHM_OK;
}

static qhm_status run_fixed(const levels *l, qhm_result *result)
{
    double angles[2];
    QHM_TRY(qhm_qaoa_tree_angles((size_t)fmax(2, round(l->degree)), 1, angles));
    angles[0] *= 0.5 / l->scale;
    json_t *object = describe(l, angles);
    qhm_result_count(object, "circuits", 0);
    json_object_set_new(result->answer, "fixed_angles", object);
    return QHM_OK;
}

static qhm_status measure(const levels *l, const qhm_circuit *circuit, size_t setting,
                          qhm_ledger *ledger, double *mean, double *variance)
{
    qhm_circuit *bound;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_circuit_bind(circuit, NULL, l->angles[setting], &bound));
    qhm_random random = qhm_random_stream(l->problem->seed, QHM_RANDOM_USER, 4, setting, 0);
    const qhm_status status = qhm_counted_shots(bound, l->options->shots, qhm_random_u64(&random),
                                                NULL, ledger, &outcomes);
    qhm_circuit_destroy(bound);
    QHM_TRY(status);
    const double total = qhm_distribution_total(outcomes);
    double square = 0;
    *mean = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *words;
        double weight;
        qhm_distribution_outcome(outcomes, i, &words, &weight);
        const double cost = qhm_ising_energy(l->ising, words[0]);
        *mean += weight / total * cost;
        square += weight / total * cost * cost;
    }
    *variance = fmax(0, square - *mean * *mean);
    qhm_distribution_destroy(outcomes);
    return QHM_OK;
}

// All settings by shots. error: of a mean, as it comes out over the grid.
static qhm_status run_grid(const levels *l, qhm_result *result, double *error)
{
    qhm_circuit *circuit;
    double lowest = INFINITY, variances = 0;
    size_t best = 0;
    QHM_TRY(
        qhm_qaoa_circuit_create(l->ising, &(qhm_qaoa_circuit_options){.measures = true}, &circuit));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < l->settings && status == QHM_OK; i++) {
        double mean, variance;
        status = measure(l, circuit, i, &result->ledger, &mean, &variance);
        if (status == QHM_OK)
            variances += variance;
        if (status == QHM_OK && mean < lowest) {
            lowest = mean;
            best = i;
        }
    }
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    *error = sqrt(variances / (double)l->settings / (double)l->options->shots);
    json_t *object = describe(l, l->angles[best]);
    qhm_result_number(object, "measured_mean", lowest);
    qhm_result_number(object, "standard_error", *error);
    qhm_result_count(object, "circuits", l->settings);
    qhm_result_count(object, "preparations", l->settings * l->options->shots);
    json_object_set_new(result->answer, "grid", object);
    return QHM_OK;
}

// Means over the grid as whole numbers of steps of the same error; [settings] each.
static size_t store_means(const levels *l, double error, uint64_t *stored, double *range)
{
    double means[MOST_GRID * MOST_GRID], least = INFINITY, most = -INFINITY;
    size_t width = 1;
    for (size_t i = 0; i < l->settings; i++) {
        means[i] = qhm_qaoa_one_layer(l->ising, l->angles[i]);
        least = fmin(least, means[i]);
        most = fmax(most, means[i]);
    }
    while (width < 16 && ldexp(error, (int)width) < most - least)
        width++;
    for (size_t i = 0; i < l->settings; i++)
        stored[i] = (uint64_t)fmin(ldexp(1, (int)width) - 1,
                                   floor(error > 0 ? (means[i] - least) / error : 0));
    *range = 0; // of all costs that a bit string could have: what amplitudes are scaled by
    for (size_t i = 0; i < qhm_ising_spin_count(l->ising); i++) {
        *range += 2 * fabs(qhm_ising_field(l->ising, i));
        for (size_t j = 0; j < i; j++)
            *range += 2 * fabs(qhm_ising_coupling(l->ising, i, j));
    }
    return width;
}

// The same search over settings in superposition: each oracle call estimates a mean to the grid's
// error by amplitude estimation and takes that back, in a circuit too deep to be run here. The
// grid's shots tell of each setting that it measures whether it is better.
static qhm_status run_minimum(const levels *l, double error, qhm_result *result)
{
    uint64_t stored[MOST_GRID * MOST_GRID];
    size_t item;
    double range;
    qhm_minimum_result made;
    const size_t width = store_means(l, error, stored, &range);
    const qhm_minimum_table table = {.qubit_count = qhm_bits_for(l->settings),
                                     .width = width,
                                     .values = stored,
                                     .count = l->settings};
    const qhm_minimum_options options = {.execution = QHM_SEARCH_AMPLITUDES,
                                         .seed = l->problem->seed};
    QHM_TRY(qhm_minimum_run(&table, &options, NULL, &item, &made));
    // Within pi range / M for M applications: sin^2 moves by at most pi / M.
    const double applications = ceil(acos(-1) * range / error);
    const double estimate = 2 * applications - 1;
    json_t *object = describe(l, l->angles[item]);
    qhm_result_count(object, "oracle_calls", made.iterations);
    qhm_result_count(object, "looks", made.measurements);
    qhm_result_number(object, "preparations",
                      2 * (double)made.iterations * estimate +
                          (double)(made.measurements * l->options->shots));
    qhm_result_number(object, "preparations_in_sequence", 2 * estimate);
    json_object_set_new(result->answer, "durr_hoyer", object);
    return QHM_OK;
}

// Angles that were best for other graphs of the degree, on average.
static qhm_status run_learned(const levels *l, qhm_result *result)
{
    const size_t n = qhm_ising_spin_count(l->ising);
    size_t degree = (size_t)fmax(2, round(l->degree)), runs = 0;
    degree = degree < n ? degree : n - 1;
    const size_t nodes = n * degree % 2 == 0 ? n : n + 1;
    double angles[2] = {0};
    for (size_t i = 0; i < l->options->training; i++) {
        qhm_ising *other;
        QHM_TRY(qhm_graph_draw(nodes, degree, l->problem, 1 + i, &other));
        qhm_qaoa_search search = {.ising = other, .shape = {.layers = 1}, .share = 1};
        const qhm_status status = qhm_qaoa_search_run(&search, &result->ledger);
        qhm_ising_destroy(other);
        QHM_TRY(status);
        runs += search.runs;
        angles[0] += search.angles[0] * 0.5 / l->scale / (double)l->options->training;
        angles[1] += search.angles[1] / (double)l->options->training;
    }
    json_t *object = describe(l, angles);
    qhm_result_count(object, "training_circuits", runs);
    qhm_result_count(object, "circuits", 0);
    json_object_set_new(result->answer, "learned", object);
    return QHM_OK;
}

static qhm_status run_all(levels *l, qhm_result *result)
{
    double error;
    const size_t n = qhm_ising_spin_count(l->ising);
    if (n < 3 || n > MOST_SPINS)
        return qhm_node_fail(l->problem->node, "%zu nodes, not 3 to %d", n, MOST_SPINS);
    QHM_TRY(qhm_qaoa_require_scale(l->ising));
    fill_grid(l);
    if (l->degree == 0)
        return qhm_node_fail(l->problem->node, "all weights are 0: there is nothing to set");
    QHM_TRY(run_formula(l, result));
    QHM_TRY(run_fixed(l, result));
    QHM_TRY(run_learned(l, result));
    QHM_TRY(run_grid(l, result, &error));
    if (error > 0)
        QHM_TRY(run_minimum(l, error, result));
    qhm_result_note(result, "Mean costs are exact at the angles that each way ended at. The ledger "
                            "has the grid's shots and the training of learned angles. The "
                            "coherent search is not run as circuits and is not in the ledger: its "
                            "oracle calls and looks are one search drawn for this seed; its "
                            "preparations are these times a formula for an estimate of that error, "
                            "not repeated against its failures, up to 19 %% of them.");
    qhm_result_note(result, "The closed form takes no circuit at all, so one layer needs none of "
                            "these; deeper QAOA has no such form, but fixed angles for free.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const level_options *options = given;
    levels l = {.options = options, .problem = problem};
    QHM_TRY(qhm_graph_ising(&options->graph, problem, &l.ising));
    const qhm_status status = run_all(&l, result);
    qhm_ising_destroy(l.ising);
    return status;
}

const qhm_algorithm qhm_algorithm_two_level = {
    .info = {.name = "two-level",
             .help = "angles of QAOA set by a grid, a quantum search, learning, or for free",
             .details = "One layer on a graph's cut. A grid takes G settings of 1 / error^2 shots; "
                        "the search of Durr and Hoyer over\nthe same settings some sqrt(G) calls, "
                        "each of 1 / error preparations in sequence, twice; learned and fixed\n"
                        "angles take none of the instance, and neither does the closed form. "
                        "[durr1996] [wurtz2021] [ozaeta2022]\n",
             .example = "nodes: 8\ndegree: 3\ngrid: 6\nshots: 100\ntraining: 2\n",
             .fields = fields},
    .options_size = sizeof(level_options),
    .run = run,
};
