// The problem "boltzmann": thermal states of spins trained to follow a distribution.
#include "algorithm/algorithm_internal.h"
#include "algorithm/append_at.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_target.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/boltzmann.h>
#include <qhm/restricted_boltzmann.h>
#include <qhm/state_preparation.h>

enum { MOST_SPINS = 10 };

typedef enum model_kind { MODEL_QUANTUM, MODEL_RESTRICTED } model_kind;

typedef struct boltzmann_options {
    const qhm_node *probabilities;
    size_t rows, columns, hidden, steps, sweeps, chains, samples;
    int model, sampler;
    double transverse, learning_rate;
} boltzmann_options;

static const char *const models[] = {"quantum", "restricted", NULL};
static const char *const samplers[] = {"exact", "contrastive", "persistent", "annealer", NULL};

static const qhm_option_info fields[] = {
    {.name = "probabilities",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(boltzmann_options, probabilities),
     .help = "a list of 2^n weights, n up to 10, bit 0 the lowest of an index; without it bars and "
             "stripes"},
    {.name = "rows",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(boltzmann_options, rows),
     .default_text = "2",
     .minimum = 1,
     .maximum = MOST_SPINS,
     .help = "of the pictures of bars and stripes",
     .used_with = "no probabilities"},
    {.name = "columns",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(boltzmann_options, columns),
     .default_text = "2",
     .minimum = 1,
     .maximum = MOST_SPINS,
     .help = "of the same",
     .used_with = "no probabilities"},
    {.name = "model",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(boltzmann_options, model),
     .default_text = "quantum",
     .choices = models,
     .help = "all spins coupled, in a transverse field; or visible to hidden ones alone, without"},
    {.name = "hidden",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(boltzmann_options, hidden),
     .maximum = 1000,
     .help = "spins; 0: none for quantum, as many as visible for restricted"},
    {.name = "transverse",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(boltzmann_options, transverse),
     .default_text = "0.5",
     .minimum = 1e-6,
     .maximum = 100,
     .help = "field on every spin of the quantum machine, or where the annealer freezes",
     .used_with = "model=quantum or sampler=annealer"},
    {.name = "sampler",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(boltzmann_options, sampler),
     .default_text = "exact",
     .choices = samplers,
     .help = "of the restricted machine's gradient: CD-k, PCD, or an annealer, simulated",
     .used_with = "model=restricted"},
    {.name = "sweeps",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(boltzmann_options, sweeps),
     .maximum = 1e5,
     .help = "of a Gibbs chain in a step, 0: 1; of the annealer, 0: 20",
     .used_with = "model=restricted and sampler=contrastive,persistent,annealer"},
    {.name = "chains",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(boltzmann_options, chains),
     .default_text = "100",
     .minimum = 1,
     .maximum = 1e5,
     .help = "or samples of the annealer in a step",
     .used_with = "model=restricted and sampler=contrastive,persistent,annealer"},
    {.name = "steps",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(boltzmann_options, steps),
     .default_text = "200",
     .minimum = 1,
     .maximum = 1e5,
     .help = "of training"},
    {.name = "learning_rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(boltzmann_options, learning_rate),
     .default_text = "0.1",
     .minimum = 1e-6,
     .maximum = 10,
     .help = "of Adam"},
    {.name = "samples",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(boltzmann_options, samples),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e7,
     .help = "drawn from the trained machine by a circuit"},
    {0},
};

typedef struct learning {
    const boltzmann_options *options;
    const qhm_problem *problem;
    qhm_problem_target target;
    size_t hidden, parameter_count;
    double *model;      // [2^visible]: what was learned
    double *transverse; // [spins]
    double *parameters; // [parameter_count]
} learning;

// The visible spins' share of a quantum machine.
static qhm_status find_visible(const qhm_boltzmann_model *model, double *visible)
{
    const size_t size = (size_t)1 << (model->visible + model->hidden);
    double *all;
    QHM_TRY(qhm_allocate(size, sizeof *all, &all));
    const qhm_status status = qhm_boltzmann_find(model, all, NULL, NULL);
    for (size_t x = 0; x < (size_t)1 << model->visible; x++)
        visible[x] = 0;
    for (size_t x = 0; x < size && status == QHM_OK; x++)
        visible[x & (((size_t)1 << model->visible) - 1)] += all[x];
    qhm_release(all);
    return status;
}

static qhm_status train_quantum(learning *l, double transverse, qhm_boltzmann_model *model)
{
    const qhm_boltzmann_train_options given = {.steps = l->options->steps,
                                               .learning_rate = l->options->learning_rate,
                                               .seed = l->problem->seed};
    *model = (qhm_boltzmann_model){l->target.bit_count, l->hidden, l->transverse, l->parameters};
    for (size_t i = 0; i < model->visible + model->hidden; i++)
        l->transverse[i] = transverse;
    QHM_TRY(qhm_boltzmann_train(model, l->target.probabilities, &given, l->parameters));
    return find_visible(model, l->model);
}

static double find_entropy(const qhm_problem_target *target)
{
    double sum = 0;
    for (size_t x = 0; x < target->size; x++)
        if (target->probabilities[x] > 0)
            sum -= target->probabilities[x] * log(target->probabilities[x]);
    return sum;
}

// The opponent first, whose place the quantum machine then takes.
static qhm_status run_quantum(learning *l, qhm_result *result)
{
    qhm_boltzmann_model model;
    double bound, cross_entropy;
    const double start = qhm_algorithm_clock();
    QHM_TRY(train_quantum(l, 0, &model));
    qhm_result_text(result->opponent, "method", "the same machine without a transverse field");
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
    QHM_TRY(
        qhm_problem_target_judge(&l->target, NULL, l->model, l->parameter_count, result->opponent));
    QHM_TRY(train_quantum(l, l->options->transverse, &model));
    QHM_TRY(qhm_boltzmann_bound(&model, l->target.probabilities, NULL, &bound, &cross_entropy));
    qhm_result_number(result->answer, "divergence_bound", bound - find_entropy(&l->target));
    qhm_result_note(result,
                    "The machine was trained and is known by diagonalising its %zu levels; no "
                    "efficient way to prepare such a state is known in general.",
                    (size_t)1 << (model.visible + model.hidden));
    qhm_result_note(result, "The bound falls as the transverse field goes to 0, so that it cannot "
                            "train it.");
    return QHM_OK;
}

static qhm_status train_restricted(learning *l, qhm_restricted_method method)
{
    const size_t visible = l->target.bit_count;
    const qhm_restricted_train_options given = {.method = method,
                                                .steps = l->options->steps,
                                                .sweeps = l->options->sweeps,
                                                .chains = l->options->chains,
                                                .learning_rate = l->options->learning_rate,
                                                .transverse = l->options->transverse,
                                                .seed = l->problem->seed};
    QHM_TRY(
        qhm_restricted_train(visible, l->hidden, l->target.probabilities, &given, l->parameters));
    return qhm_restricted_find(visible, l->hidden, l->parameters, l->model);
}

static qhm_status run_restricted(learning *l, qhm_result *result)
{
    const double start = qhm_algorithm_clock();
    QHM_TRY(train_restricted(l, QHM_RESTRICTED_EXACT));
    qhm_result_text(result->opponent, "method", "the same machine by its exact gradient");
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
    QHM_TRY(
        qhm_problem_target_judge(&l->target, NULL, l->model, l->parameter_count, result->opponent));
    const double next = qhm_algorithm_clock();
    QHM_TRY(train_restricted(l, (qhm_restricted_method)(l->options->sampler - 1)));
    qhm_result_number(result->opponent, "trained_here_seconds", qhm_algorithm_clock() - next);
    if (l->options->sampler - 1 == QHM_RESTRICTED_ANNEALER)
        qhm_result_note(result,
                        "The annealer is simulated: the thermal state in a transverse "
                        "field of %g that it freezes in, not that of the machine itself.",
                        l->options->transverse);
    return QHM_OK;
}

// Measures a state with the machine's distribution: a chip's load of what is known already.
static qhm_status draw_samples(const learning *l, qhm_result *result)
{
    const size_t n = l->target.bit_count, size = l->target.size;
    qhm_complex *amplitudes;
    qhm_circuit *circuit = NULL;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_allocate(size, sizeof *amplitudes, &amplitudes));
    for (size_t x = 0; x < size; x++)
        amplitudes[x].re = sqrt(fmax(0, l->model[x]));
    qhm_status status = qhm_state_preparation_bind(n, QHM_STATE_REAL, amplitudes, &circuit);
    if (status == QHM_OK)
        status = qhm_append_measures(circuit, "x", n);
    if (status == QHM_OK)
        status = qhm_counted_shots(circuit, l->options->samples, l->problem->seed,
                                   &(qhm_run_counts){.state_preparations = 1}, &result->ledger,
                                   &outcomes);
    double off = 0;
    for (uint64_t x = 0; x < size && status == QHM_OK; x++)
        off += fabs(qhm_distribution_weight(outcomes, &x) / (double)l->options->samples -
                    l->model[x]) /
               2;
    if (status == QHM_OK)
        qhm_result_number(result->answer, "variation_distance_of_samples", off);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    qhm_release(amplitudes);
    return status;
}

// What a state without known probabilities would take: weights over all 2^n patterns at once, kept
// with the share 1 / (2^n p_max) and amplified [ozols2013]. A lower bound, for the largest weight
// is taken as known, and a machine with hidden spins or a transverse field has no larger a share.
static void tell_preparation(const learning *l, qhm_result *result)
{
    double most = 0;
    for (size_t x = 0; x < l->target.size; x++)
        most = fmax(most, l->model[x]);
    const double share = fmin(1, 1 / ((double)l->target.size * most));
    const double angle = asin(sqrt(share));
    double uses = 1 / share; // rejection alone; then by iterations, failures repeated
    for (size_t k = 1; (2 * (double)k + 1) * angle < M_PI; k++) {
        const double kept = pow(sin((2 * (double)k + 1) * angle), 2);
        uses = fmin(uses, (2 * (double)k + 1) / kept);
    }
    qhm_result_number(result->answer, "kept_share_from_uniform", share);
    qhm_result_number(result->answer, "weight_evaluations_a_sample_at_least", uses);
    qhm_result_note(result,
                    "The ledger is of that load alone, whose 2^%zu numbers a processor has "
                    "calculated: it says nothing of a chip that does not know them. By rejection "
                    "from the uniform state and amplification every sample takes %.1f "
                    "evaluations of a weight in superposition at least, of order sqrt(2^n p_max) "
                    "for n visible spins; their gates are not counted.",
                    l->target.bit_count, uses);
}

static qhm_status learn(learning *l, qhm_result *result)
{
    const bool is_quantum = l->options->model - 1 == MODEL_QUANTUM;
    QHM_TRY(is_quantum ? run_quantum(l, result) : run_restricted(l, result));
    QHM_TRY(
        qhm_problem_target_judge(&l->target, NULL, l->model, l->parameter_count, result->answer));
    qhm_result_count(result->answer, "patterns", l->target.support);
    qhm_result_count(result->answer, "hidden", l->hidden);
    if (l->target.size <= 64)
        qhm_result_numbers(result->answer, "probabilities", l->model, l->target.size);
    QHM_TRY(draw_samples(l, result));
    qhm_result_note(result, "The samples are of a circuit that loads the square roots of the known "
                            "distribution, one load each.");
    tell_preparation(l, result);
    if (is_quantum)
        QHM_TRY(qhm_problem_target_oppose_restricted(&l->target, l->parameter_count,
                                                     l->problem->seed, result->opponent));
    return qhm_problem_target_oppose(&l->target, result->opponent);
}

static qhm_status open_learning(learning *l)
{
    const bool is_quantum = l->options->model - 1 == MODEL_QUANTUM;
    const size_t visible = l->target.bit_count;
    l->hidden = l->options->hidden > 0 || is_quantum ? l->options->hidden : visible;
    if (is_quantum && visible + l->hidden > MOST_SPINS)
        return qhm_node_fail(l->problem->node,
                             "%zu visible and %zu hidden spins are more than %d, which the quantum "
                             "machine is diagonalised for",
                             visible, l->hidden, MOST_SPINS);
    l->parameter_count = is_quantum ? qhm_boltzmann_parameter_count(visible + l->hidden)
                                    : qhm_restricted_parameter_count(visible, l->hidden);
    QHM_TRY(qhm_allocate(l->target.size, sizeof *l->model, &l->model));
    QHM_TRY(qhm_allocate(visible + l->hidden, sizeof *l->transverse, &l->transverse));
    return qhm_allocate(l->parameter_count, sizeof *l->parameters, &l->parameters);
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    learning l = {.options = given, .problem = problem};
    const boltzmann_options *options = l.options;
    QHM_TRY(qhm_problem_target_read(problem, options->probabilities, options->rows,
                                    options->columns, MOST_SPINS, &l.target));
    qhm_status status = open_learning(&l);
    if (status == QHM_OK)
        status = learn(&l, result);
    qhm_release(l.target.probabilities);
    qhm_release(l.model);
    qhm_release(l.transverse);
    qhm_release(l.parameters);
    return status;
}

const qhm_algorithm qhm_algorithm_boltzmann = {
    .info = {.name = "boltzmann",
             .help = "thermal states of spins trained to follow a distribution",
             .details =
                 "A quantum Boltzmann machine of up to 10 spins in a transverse field, trained by "
                 "the bound of Golden and Thompson; or a\nrestricted one by its exact gradient, "
                 "CD-k, PCD, or samples of a simulated annealer. Its opponents are the same "
                 "without\ntransverse field or with the exact gradient, and the closest tree. "
                 "[amin2018, hinton2002, tieleman2008, adachi2015]\n",
             .example = "rows: 2\ncolumns: 2\ntransverse: 0.5\nsteps: 60\n",
             .fields = fields},
    .options_size = sizeof(boltzmann_options),
    .run = run,
};
