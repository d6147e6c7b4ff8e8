// The problem "tune": hyperparameters by trying few settings and fitting what was seen.
#include "algorithm/choice_row.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_search.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/random.h>
#include <stdlib.h>

enum { MOST_BITS = 16, MOST_SETTINGS = 4096, QAOA = 1, ANNEALING = 2, LOOK = 3 }; // of `method`

typedef struct tune_options {
    const qhm_node *parameters, *scores, *curves;
    size_t trainings, layers, shots;
    double ridge;
    int method;
    bool smallest;
} tune_options;

static const char *const methods[] = {"qaoa", "annealing", NULL};

static const qhm_option_info fields[] = {
    {.name = "parameters",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(tune_options, parameters),
     .help =
         "names, each with a list of values; required. Names times the most values: at most 16"},
    {.name = "scores",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(tune_options, scores),
     .help = "what each setting would score if trained, the last parameter changing first"},
    {.name = "curves",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(tune_options, curves),
     .help = "in place of scores: a row for each setting, its score after 1/2^(k-1), ..., 1/4, 1/2 "
             "and all of a training"},
    {.name = "smallest",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(tune_options, smallest),
     .help = "the smallest score is best, as of losses"},
    {.name = "trainings",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(tune_options, trainings),
     .default_text = "8",
     .minimum = 2,
     .maximum = MOST_SETTINGS,
     .help = "whole trainings that each method may pay for; the first half at random"},
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(tune_options, method),
     .default_text = "qaoa",
     .choices = methods,
     .help = "how the next setting is found in what was fitted to those so far"},
    {.name = "ridge",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(tune_options, ridge),
     .default_text = "0.1",
     .minimum = 1e-9,
     .maximum = 1e6,
     .help = "of the fit of costs alone and in pairs, scores being scaled to deviation 1"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(tune_options, layers),
     .default_text = "1",
     .minimum = 1,
     .maximum = 8,
     .help = "of QAOA",
     .used_with = "method=qaoa"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(tune_options, shots),
     .default_text = "100",
     .minimum = 2,
     .maximum = 1e6,
     .help = "of QAOA for each next setting",
     .used_with = "method=qaoa"},
    {0},
};

// All settings with their scores, as costs: lower is better. Setting s has option
// s / step[i] mod counts[i] of parameter i.
typedef struct table {
    size_t parameters, options, settings, rungs;
    size_t counts[MOST_BITS], steps[MOST_BITS];
    double *costs; // [settings][rungs], the last of whole trainings
} table;

static double cost_of(const table *t, size_t setting)
{
    return t->costs[setting * t->rungs + t->rungs - 1];
}

static qhm_status read_parameters(const tune_options *options, const qhm_problem *problem, table *t)
{
    const qhm_node *node = options->parameters;
    if (!node || qhm_node_kind_of(node) != QHM_NODE_MAPPING || qhm_node_count(node) == 0)
        return qhm_node_fail(node ? node : problem->node,
                             "field 'parameters' is no mapping of names to lists of values");
    t->parameters = qhm_node_count(node);
    t->settings = 1;
    for (size_t i = 0; i < t->parameters; i++) {
        const qhm_node *values = qhm_node_at(node, i);
        const size_t count = qhm_node_count(values);
        if (qhm_node_kind_of(values) != QHM_NODE_SEQUENCE || count == 0)
            return qhm_node_fail(values, "parameter '%s' has no list of values",
                                 qhm_node_name(values));
        t->options = count > t->options ? count : t->options;
        if (t->parameters > MOST_BITS / t->options)
            return qhm_node_fail(node, "%zu parameters with up to %zu values, more than %d in all",
                                 t->parameters, t->options, MOST_BITS);
        t->counts[i] = count;
        t->settings *= count;
    }
    if (t->options < 2 || t->settings > MOST_SETTINGS)
        return qhm_node_fail(node, "%zu settings, not 2 to %d", t->settings, MOST_SETTINGS);
    for (size_t i = t->parameters, step = 1; i-- > 0; step *= t->counts[i])
        t->steps[i] = step;
    return QHM_OK;
}

static qhm_status read_table(const tune_options *options, const qhm_problem *problem, table *t)
{
    size_t count;
    QHM_TRY(read_parameters(options, problem, t));
    if (options->curves && options->scores)
        return qhm_node_fail(options->curves, "field 'curves' is in place of field 'scores'");
    t->rungs = 1;
    QHM_TRY(options->curves ? qhm_problem_matrix(problem->node, options->curves, "curves",
                                                 &t->costs, &count, &t->rungs)
                            : qhm_problem_numbers(problem->node, options->scores, "scores", 1,
                                                  &t->costs, &count));
    if (count != t->settings)
        return qhm_node_fail(options->curves ? options->curves : options->scores,
                             "%zu scores for %zu settings", count, t->settings);
    for (size_t i = 0; i < t->settings * t->rungs && !options->smallest; i++)
        t->costs[i] = -t->costs[i];
    if (options->trainings > t->settings)
        return qhm_node_fail(problem->node, "%zu trainings for %zu settings: train them all",
                             options->trainings, t->settings);
    return QHM_OK;
}

// What was trained so far, in order.
typedef struct trained {
    size_t settings[MOST_SETTINGS], count;
    bool is_trained[MOST_SETTINGS];
} trained;

static void train(trained *d, size_t setting)
{
    d->settings[d->count++] = setting;
    d->is_trained[setting] = true;
}

static size_t best_of(const table *t, const trained *d)
{
    size_t best = d->settings[0];
    for (size_t i = 1; i < d->count; i++)
        best = cost_of(t, d->settings[i]) < cost_of(t, best) ? d->settings[i] : best;
    return best;
}

static void split(const table *t, size_t setting, size_t *options_of)
{
    for (size_t i = 0; i < t->parameters; i++)
        options_of[i] = setting / t->steps[i] % t->counts[i];
}

// A parameter with fewer values has its first again.
static size_t join(const table *t, const size_t *options_of)
{
    size_t setting = 0;
    for (size_t i = 0; i < t->parameters; i++)
        setting += (options_of[i] < t->counts[i] ? options_of[i] : 0) * t->steps[i];
    return setting;
}

// Costs alone and in pairs for what was trained, at mean 0 and deviation 1.
static qhm_status fit(const table *t, const trained *d, double ridge, qhm_choice **choice)
{
    size_t *options_of;
    double *values, mean = 0, square = 0;
    QHM_TRY(qhm_allocate(d->count * t->parameters, sizeof *options_of, &options_of));
    qhm_status status = qhm_allocate(d->count, sizeof *values, &values);
    for (size_t n = 0; n < d->count; n++)
        mean += cost_of(t, d->settings[n]) / (double)d->count;
    for (size_t n = 0; n < d->count; n++)
        square += pow(cost_of(t, d->settings[n]) - mean, 2) / (double)d->count;
    for (size_t n = 0; n < d->count && status == QHM_OK; n++) {
        split(t, d->settings[n], options_of + n * t->parameters);
        values[n] = (cost_of(t, d->settings[n]) - mean) / (square > 0 ? sqrt(square) : 1);
    }
    if (status == QHM_OK) {
        status =
            qhm_choice_fit(t->parameters, t->options, d->count, options_of, values, ridge, choice);
        qhm_release(values);
    }
    qhm_release(options_of);
    return status;
}

// The setting not yet trained that the fit likes best, among those marked (NULL: all); SIZE_MAX:
// none.
static size_t likeliest(const table *t, const trained *d, const qhm_choice *choice,
                        const bool *marked)
{
    size_t best = SIZE_MAX, options_of[MOST_BITS];
    double least = INFINITY;
    for (size_t s = 0; s < t->settings; s++) {
        split(t, s, options_of);
        const double cost = qhm_choice_cost(choice, options_of);
        if (!d->is_trained[s] && (!marked || marked[s]) && cost < least) {
            least = cost;
            best = s;
        }
    }
    return best;
}

// What QAOA's shots on the fit are.
static qhm_status mark_shots(const tune_options *options, const table *t, const qhm_choice *choice,
                             uint64_t seed, qhm_ledger *ledger, bool *marked)
{
    qhm_ising *ising;
    qhm_circuit *circuit = NULL, *bound = NULL;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_choice_ising(choice, 1, 0, &ising));
    qhm_qaoa_search search = {
        .ising = ising,
        .shape = {.layers = options->layers, .mixer = QHM_QAOA_MIXER_BLOCK, .block = t->options},
        .share = 1};
    qhm_status status = qhm_qaoa_search_run(&search, ledger);
    search.shape.measures = true;
    if (status == QHM_OK)
        status = qhm_qaoa_circuit_create(ising, &search.shape, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_bind(circuit, NULL, search.angles, &bound);
    if (status == QHM_OK)
        status = qhm_counted_shots(bound, options->shots, seed, NULL, ledger, &outcomes);
    for (size_t i = 0; status == QHM_OK && i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *words;
        double weight;
        size_t options_of[64];
        qhm_distribution_outcome(outcomes, i, &words, &weight);
        if (qhm_choice_read(choice, words[0], options_of))
            marked[join(t, options_of)] = true;
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(circuit);
    qhm_ising_destroy(ising);
    return status;
}

static qhm_status find_next(const tune_options *options, const table *t, const trained *d,
                            int method, qhm_random *random, qhm_ledger *ledger, size_t *next)
{
    enum { RUNS = 20 }; // of a sweep each: longer ones all end at the same setting
    bool marked[MOST_SETTINGS] = {false};
    qhm_choice *choice;
    qhm_choice_solution annealed;
    QHM_TRY(fit(t, d, options->ridge, &choice));
    qhm_status status = QHM_OK;
    if (method == QAOA) {
        status = mark_shots(options, t, choice, qhm_random_u64(random), ledger, marked);
    } else if (method == ANNEALING) {
        for (size_t i = 0; i < RUNS && status == QHM_OK; i++) {
            const qhm_choice_anneal_options few = {
                .sweeps = 1, .restarts = 1, .seed = qhm_random_u64(random)};
            status = qhm_choice_anneal(choice, &few, &annealed);
            marked[join(t, annealed.options_of)] = true;
        }
    }
    *next = likeliest(t, d, choice, method == LOOK ? NULL : marked);
    qhm_choice_destroy(choice);
    while (*next == SIZE_MAX) { // nothing new was found
        const size_t trial = qhm_random_below(random, t->settings);
        *next = d->is_trained[trial] ? SIZE_MAX : trial;
    }
    return status;
}

// Half of the trainings at random, the same for all methods, the rest one by one after a fit.
static qhm_status tune(const tune_options *options, const table *t, const qhm_problem *problem,
                       int method, qhm_ledger *ledger, trained *d)
{
    qhm_random random = qhm_random_stream(problem->seed, QHM_RANDOM_USER, 5, 0, 0);
    size_t order[MOST_SETTINGS];
    for (size_t s = 0; s < t->settings; s++)
        order[s] = s;
    qhm_random_shuffle(&random, order, t->settings);
    *d = (trained){.count = 0};
    for (size_t i = 0; i < (options->trainings + 1) / 2; i++)
        train(d, order[i]);
    while (d->count < options->trainings) {
        size_t next;
        QHM_TRY(find_next(options, t, d, method, &random, ledger, &next));
        train(d, next);
    }
    return QHM_OK;
}

// The exact mean of the lowest of so many different settings at random.
static double random_search(const table *t, size_t trainings)
{
    double sorted[MOST_SETTINGS] = {0}, mean = 0;
    double none = 1; // the chance that none so far was drawn
    for (size_t s = 0; s < t->settings; s++)
        sorted[s] = cost_of(t, s);
    qsort(sorted, t->settings, sizeof *sorted, qhm_compare_numbers);
    for (size_t s = 0; s < t->settings; s++) {
        const double left = (double)(t->settings - s);
        const double taken = fmin(1, (double)trainings / left);
        mean += none * taken * sorted[s];
        none *= 1 - taken;
    }
    return mean;
}

// Halving: as many settings at random as the trainings pay for; the better half goes on with twice
// as long a training, until whole ones.
static double halve(const table *t, size_t trainings, uint64_t seed, size_t *started)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 6, 0, 0);
    size_t order[MOST_SETTINGS], alive = 1;
    for (size_t s = 0; s < t->settings; s++)
        order[s] = s;
    qhm_random_shuffle(&random, order, t->settings);
    // A rung goes on where the last one ended, so that each after the first costs half of the
    // first.
    const double shortest = ldexp(1, 1 - (int)t->rungs);
    const double each = shortest * (1 + 0.5 * (double)(t->rungs - 1));
    while (alive < t->settings && (double)(alive + 1) * each <= (double)trainings)
        alive++;
    *started = alive;
    for (size_t rung = 0; rung + 1 < t->rungs; rung++) {
        for (size_t i = 1; i < alive; i++) // insertion, by the score at this rung
            for (size_t j = i; j > 0 && t->costs[order[j] * t->rungs + rung] <
                                            t->costs[order[j - 1] * t->rungs + rung];
                 j--) {
                const size_t other = order[j];
                order[j] = order[j - 1];
                order[j - 1] = other;
            }
        alive = alive > 1 ? alive / 2 : 1;
    }
    size_t best = order[0];
    for (size_t i = 1; i < alive; i++)
        best = cost_of(t, order[i]) < cost_of(t, best) ? order[i] : best;
    return cost_of(t, best);
}

static void tell_setting(const tune_options *options, const table *t, const trained *d,
                         json_t *object)
{
    const size_t best = best_of(t, d);
    size_t options_of[MOST_BITS], better = 0;
    json_t *setting = json_object();
    split(t, best, options_of);
    for (size_t i = 0; i < t->parameters; i++) {
        const qhm_node *values = qhm_node_at(options->parameters, i);
        qhm_result_text(setting, qhm_node_name(values),
                        qhm_node_text(qhm_node_at(values, options_of[i])));
    }
    for (size_t s = 0; s < t->settings; s++)
        better += cost_of(t, s) < cost_of(t, best);
    json_object_set_new(object, "setting", setting);
    qhm_result_number(object, "score", options->smallest ? cost_of(t, best) : -cost_of(t, best));
    qhm_result_count(object, "rank", better + 1);
    qhm_result_count(object, "trainings", d->count);
}

static qhm_status solve(const tune_options *options, const table *t, const qhm_problem *problem,
                        trained *d, qhm_result *result)
{
    const double sign = options->smallest ? 1 : -1;
    json_t *opponent = result->opponent, *object;
    QHM_TRY(tune(options, t, problem, options->method, &result->ledger, d));
    tell_setting(options, t, d, result->answer);
    const double start = qhm_algorithm_clock();
    QHM_TRY(tune(options, t, problem, LOOK, NULL, d));
    qhm_result_text(opponent, "method", "the same fit, all settings looked at");
    tell_setting(options, t, d, opponent);
    qhm_result_number(opponent, "seconds", qhm_algorithm_clock() - start);
    object = json_object();
    qhm_result_number(object, "mean_score", sign * random_search(t, options->trainings));
    qhm_result_count(object, "trainings", options->trainings);
    json_object_set_new(opponent, "random_search", object);
    if (t->rungs > 1) {
        size_t started;
        object = json_object();
        const double cost = halve(t, options->trainings, problem->seed, &started);
        qhm_result_number(object, "score", sign * cost);
        qhm_result_count(object, "started", started);
        qhm_result_count(object, "trainings", options->trainings);
        json_object_set_new(opponent, "successive_halving", object);
    }
    qhm_result_note(result,
                    "What costs is training: %zu of %zu settings were trained. Were all scores in "
                    "a table already, %zu trainings would have been paid, and the best of them is "
                    "read off; a quantum search over the table saves none.",
                    options->trainings, t->settings, t->settings);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    table t = {0};
    trained *d = NULL;
    qhm_status status = read_table(given, problem, &t);
    if (status == QHM_OK)
        status = qhm_allocate(1, sizeof *d, &d);
    if (status == QHM_OK)
        status = solve(given, &t, problem, d, result);
    qhm_release(d);
    qhm_release(t.costs);
    return status;
}

const qhm_algorithm qhm_algorithm_tune = {
    .info = {.name = "tune",
             .help = "hyperparameters by few trainings, a fit of them, and QAOA or annealing",
             .details = "Costs of values alone and in pairs are fitted to the settings trained so "
                        "far, and the lowest of the shots\nof QAOA on that fit is trained next. "
                        "Opponents: the same fit with all settings looked at, random search\n"
                        "(its exact mean), and successive halving of learning curves. "
                        "[bergstra2012] [jamieson2016]\n",
             .example = "parameters: {rate: [0.001, 0.01, 0.1], depth: [1, 2, 3], width: [8, 16, "
                        "32]}\n"
                        "scores: [0.61, 0.64, 0.66, 0.65, 0.69, 0.72, 0.66, 0.70, 0.71, 0.70, "
                        "0.75, 0.78, 0.76, 0.82, 0.86, 0.77, 0.83, 0.84, 0.68, 0.71, 0.70, 0.66, "
                        "0.68, 0.65, 0.58, 0.57, 0.52]\n"
                        "trainings: 8\n",
             .fields = fields},
    .options_size = sizeof(tune_options),
    .run = run,
};
