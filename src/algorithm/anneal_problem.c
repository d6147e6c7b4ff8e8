// The problem "anneal": the lowest quadratic cost by annealing, quantum, imitated and classical.
#include "algorithm/graph_ising.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/annealing.h>
#include <qhm/cost.h>
#include <qhm/minor_embedding.h>
#include <qhm/qaoa.h>
#include <qhm/random.h>
#include <qhm/spin_sampling.h>
#include <stdio.h>

enum { MOST_SPINS = 24, STATE_SPINS = 16, GAP_SPINS = 10, NODE_LIMIT = 5000000 };
enum { EMBED_NONE = 1, EMBED_ZEPHYR, EMBED_PEGASUS };

typedef struct anneal_options {
    const qhm_node *matrix, *couplings, *fields;
    qhm_graph_settings graph;
    double time, chain_strength;
    size_t reads, runs, sweeps;
    int embed;
} anneal_options;

static const char *const chips[] = {"none", "zephyr", "pegasus", NULL};

static const qhm_option_info fields[] = {
    {.name = "matrix",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(anneal_options, matrix),
     .help = "a square matrix Q as a list of rows, of the cost x^T Q x over bits"},
    {.name = "couplings",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(anneal_options, couplings),
     .help = "in place of a matrix: a list of [spin, spin, J] of the cost sum J s s + sum h s"},
    {.name = "fields",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(anneal_options, fields),
     .help = "h of spins 0, 1, ..., beside couplings",
     .used_with = "couplings"},
    QHM_GRAPH_FIELDS(anneal_options),
    {.name = "time",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(anneal_options, time),
     .default_text = "10",
     .minimum = 1e-3,
     .maximum = 1000,
     .help = "of an anneal; its cost is scaled to a largest coefficient of 1"},
    {.name = "reads",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(anneal_options, reads),
     .default_text = "100",
     .minimum = 1,
     .maximum = 1e6,
     .help = "anneals that are read out; the best is the answer"},
    {.name = "runs",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(anneal_options, runs),
     .default_text = "50",
     .minimum = 1,
     .maximum = 1e5,
     .help = "of each Monte Carlo method, for its probability of success"},
    {.name = "sweeps",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(anneal_options, sweeps),
     .default_text = "50",
     .minimum = 1,
     .maximum = 1e6,
     .help = "of a run of these"},
    {.name = "embed",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(anneal_options, embed),
     .default_text = "none",
     .choices = chips,
     .help = "also on the graph of D-Wave's Advantage2 or Advantage, by chains of qubits"},
    {.name = "chain_strength",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(anneal_options, chain_strength),
     .minimum = 1e-12,
     .maximum = 1e12,
     .help = "of couplings within chains; not given: by the couplings' size",
     .used_with = "embed=zephyr,pegasus"},
    {0},
};

typedef struct row {
    const anneal_options *options;
    const qhm_problem *problem;
    qhm_result *result;
    qhm_ising *ising, *scaled; // scaled: the largest coefficient is 1, as annealers do
    qhm_sparse_ising *sparse;
    size_t count;
    double optimum, equal; // costs this close are the same but for rounding
    bool is_proven;
} row;

static qhm_status read_fields(const anneal_options *options, const qhm_problem *problem,
                              qhm_ising *ising)
{
    double *values;
    size_t count;
    if (!options->fields)
        return QHM_OK;
    QHM_TRY(qhm_problem_numbers(problem->node, options->fields, "fields", 1, &values, &count));
    qhm_status status = QHM_OK;
    if (count > qhm_ising_spin_count(ising))
        status = qhm_node_fail(options->fields, "field 'fields' has %zu entries for %zu spins",
                               count, qhm_ising_spin_count(ising));
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = qhm_ising_append_field(ising, i, values[i]);
    qhm_release(values);
    return status;
}

static qhm_status check_coupling(const qhm_node *node, const double *term)
{
    for (size_t k = 0; k < 2; k++)
        if (!(term[k] >= 0 && term[k] < MOST_SPINS && term[k] == floor(term[k])))
            return qhm_node_fail(node, "%g is no spin from 0 to %d", term[k], MOST_SPINS - 1);
    if (term[0] == term[1])
        return qhm_node_fail(node, "a coupling of spin %g with itself", term[0]);
    return QHM_OK;
}

static qhm_status read_couplings(const anneal_options *options, const qhm_problem *problem,
                                 qhm_ising **ising)
{
    double *values, highest = 0;
    size_t rows, columns;
    const qhm_node *list = options->couplings;
    QHM_TRY(qhm_problem_matrix(problem->node, list, "couplings", &values, &rows, &columns));
    qhm_status status = QHM_OK;
    if (columns != 3)
        status = qhm_node_fail(list, "couplings have %zu entries, not 3", columns);
    for (size_t i = 0; i < rows && status == QHM_OK; i++) {
        status = check_coupling(qhm_node_at(list, i), values + 3 * i);
        highest = fmax(highest, fmax(values[3 * i], values[3 * i + 1]));
    }
    if (status == QHM_OK && options->fields && (double)qhm_node_count(options->fields) > highest)
        highest = fmin((double)qhm_node_count(options->fields), MOST_SPINS) - 1;
    if (status == QHM_OK)
        status = qhm_problem_distinct_pairs(list, "coupling", values, columns);
    if (status == QHM_OK)
        status = qhm_ising_create((size_t)highest + 1, ising);
    for (size_t i = 0; i < rows && status == QHM_OK; i++)
        status = qhm_ising_append_coupling(*ising, (size_t)values[3 * i], (size_t)values[3 * i + 1],
                                           values[3 * i + 2]);
    if (status == QHM_OK)
        status = read_fields(options, problem, *ising);
    qhm_release(values);
    return status;
}

static qhm_status read_ising(const anneal_options *options, const qhm_problem *problem,
                             qhm_ising **ising)
{
    const bool is_graph = options->graph.edges || options->graph.nodes > 0;
    const int given = (options->matrix != NULL) + (options->couplings != NULL) + is_graph;
    if (given != 1)
        return qhm_node_fail(problem->node,
                             "%d of 'matrix', 'couplings', 'edges' and 'nodes' are there, not one",
                             given);
    if (options->matrix)
        return qhm_matrix_ising(options->matrix, problem, ising);
    if (options->couplings)
        return read_couplings(options, problem, ising);
    return qhm_graph_ising(&options->graph, problem, ising);
}

// Exact if branch and bound ends within its nodes, else the best that annealing finds.
static qhm_status find_optimum(row *r)
{
    qhm_ising_solution best;
    const double start = qhm_algorithm_clock();
    qhm_status status = qhm_ising_branch_and_bound(r->ising, NODE_LIMIT, &best);
    r->is_proven = status == QHM_OK;
    if (status == QHM_ERROR_RESOURCE_LIMIT) {
        // Its own stream: the imitations are judged by what it finds, and draw from the seed.
        qhm_random random = qhm_random_stream(r->problem->seed, QHM_RANDOM_USER, 0, 0, 1);
        const qhm_ising_anneal_options options = {.restarts = 100, .seed = qhm_random_u64(&random)};
        status = qhm_ising_anneal(r->ising, &options, &best);
    }
    QHM_TRY(status);
    r->optimum = best.energy;
    json_t *opponent = r->result->opponent;
    qhm_result_text(opponent, "method",
                    r->is_proven ? "branch and bound" : "simulated annealing, 100 times");
    qhm_result_number(opponent, "cost", best.energy);
    qhm_result_bits(opponent, "bits", best.bits, r->count);
    json_object_set_new(opponent, "is_proven", json_boolean(r->is_proven));
    qhm_result_number(opponent, "seconds", qhm_algorithm_clock() - start);
    return QHM_OK;
}

static qhm_status add_time(json_t *object, const char *name, double time, size_t successes,
                           size_t runs)
{
    qhm_interval solution;
    char limits[64];
    QHM_TRY(qhm_spin_sampling_find_time(time, successes, runs, &solution));
    qhm_result_number(object, name, solution.mean);
    snprintf(limits, sizeof limits, "%s_limits", name);
    qhm_result_numbers(object, limits, (const double[]){solution.lower, solution.upper}, 2);
    return QHM_OK;
}

static double cost_of(const row *r, const int8_t *spins)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < r->count; i++)
        bits |= (uint64_t)(spins[i] < 0) << i;
    return qhm_ising_energy(r->ising, bits);
}

// A Monte Carlo method on the problem itself, timed, beside the others.
static qhm_status run_method(row *r, qhm_spin_method method)
{
    static const char *const names[] = {"simulated_annealing", "simulated_quantum_annealing",
                                        "parallel_tempering", "tabu_search"};
    int8_t *spins = NULL;
    double best = INFINITY;
    size_t successes = 0;
    const size_t runs = r->options->runs;
    const qhm_spin_sampling_options options = {
        .method = method, .runs = runs, .sweeps = r->options->sweeps, .seed = r->problem->seed};
    qhm_status status = qhm_allocate(runs, r->count, &spins);
    const double start = qhm_algorithm_clock();
    if (status == QHM_OK)
        status = qhm_spin_sampling_run(r->sparse, &options, spins, NULL);
    const double seconds = fmax(qhm_algorithm_clock() - start, 1e-9);
    for (size_t run = 0; run < runs && status == QHM_OK; run++) {
        const double cost = cost_of(r, spins + run * r->count);
        best = fmin(best, cost);
        successes += cost <= r->optimum + r->equal;
    }
    qhm_release(spins);
    QHM_TRY(status);
    json_t *object = json_object();
    qhm_result_number(object, "cost", best);
    qhm_result_number(object, "success", (double)successes / (double)runs);
    status = add_time(object, "seconds_to_solution", seconds / (double)runs, successes, runs);
    json_object_set_new(r->result->opponent, names[method], object);
    return status;
}

// The anneal as the circuit that a chip with gates would run, for each read.
static qhm_status charge(row *r, size_t steps)
{
    qhm_circuit *circuit;
    qhm_ledger ledger;
    QHM_TRY(qhm_qaoa_circuit_create(
        r->scaled, &(qhm_qaoa_circuit_options){.layers = steps, .measures = true}, &circuit));
    const qhm_status status = qhm_circuit_count_ledger(
        circuit, &(qhm_ledger_options){.shots = r->options->reads}, &ledger);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    qhm_ledger_add(&r->result->ledger, &ledger);
    qhm_result_note(r->result,
                    "The ledger counts an anneal as a circuit of %zu layers, which is how a chip "
                    "with gates would do it; an annealer is charged for its programming and reads.",
                    steps);
    return QHM_OK;
}

static void read_out(row *r, const double *probabilities)
{
    qhm_random random = qhm_random_stream(r->problem->seed, QHM_RANDOM_SHOTS, 0, 0, 0);
    const size_t count = (size_t)1 << r->count;
    double lowest = INFINITY, mean = 0;
    uint64_t bits = 0;
    size_t successes = 0;
    for (size_t read = 0; read < r->options->reads; read++) {
        double left = qhm_random_uniform(&random);
        uint64_t z = 0;
        while (z + 1 < count && left >= probabilities[z])
            left -= probabilities[z++];
        const double cost = qhm_ising_energy(r->ising, z);
        mean += cost / (double)r->options->reads;
        successes += cost <= r->optimum + r->equal;
        if (cost < lowest) {
            lowest = cost;
            bits = z;
        }
    }
    json_t *answer = r->result->answer;
    qhm_result_number(answer, "cost", lowest);
    qhm_result_bits(answer, "bits", bits, r->count);
    qhm_result_number(answer, "mean_cost", mean);
    qhm_result_number(answer, "success", (double)successes / (double)r->options->reads);
}

static qhm_status scale(row *r)
{
    double largest = 0;
    for (size_t i = 0; i < r->count; i++)
        for (size_t j = 0; j <= i; j++)
            largest = fmax(largest, fabs(j < i ? qhm_ising_coupling(r->ising, i, j)
                                               : qhm_ising_field(r->ising, i)));
    r->equal = qhm_ising_rounding(r->ising);
    largest = largest > 0 ? largest : 1;
    QHM_TRY(qhm_ising_create(r->count, &r->scaled));
    for (size_t i = 0; i < r->count; i++) {
        QHM_TRY(qhm_ising_append_field(r->scaled, i, qhm_ising_field(r->ising, i) / largest));
        for (size_t j = 0; j < i; j++)
            QHM_TRY(qhm_ising_append_coupling(r->scaled, i, j,
                                              qhm_ising_coupling(r->ising, i, j) / largest));
    }
    return QHM_OK;
}

static qhm_status anneal(row *r)
{
    double *probabilities;
    qhm_annealing_outcome outcome;
    json_t *answer = r->result->answer;
    const double time = r->options->time;
    QHM_TRY(qhm_allocate((size_t)1 << r->count, sizeof *probabilities, &probabilities));
    qhm_status status =
        qhm_annealing_run(r->scaled, &(qhm_annealing_options){.time = time, .tolerance = 1e-4},
                          probabilities, &outcome);
    if (status == QHM_OK)
        read_out(r, probabilities);
    qhm_release(probabilities);
    QHM_TRY(status);
    const double p = fmin(outcome.ground_probability, 1);
    qhm_result_number(answer, "exact_success", p);
    qhm_result_number(answer, "error", outcome.error);
    qhm_result_number(answer, "time_to_solution", time * fmax(1, log(0.01) / log1p(-p)));
    if (r->count <= GAP_SPINS) {
        qhm_annealing_gap gap;
        status = qhm_annealing_find_gap(r->scaled, &gap);
        if (status != QHM_OK && status != QHM_ERROR_NUMERIC)
            return status;
        qhm_result_number(answer, "smallest_gap", status == QHM_OK ? gap.gap : NAN);
        qhm_result_number(answer, "gap_at", status == QHM_OK ? gap.position : NAN);
    }
    return charge(r, outcome.steps);
}

// Without a state vector nobody knows how many steps the circuit needs: reads alone are counted,
// which is what an annealer is charged for.
static void skip_anneal(row *r)
{
    qhm_result_text(r->result->answer, "cost", "none");
    qhm_result_note(r->result,
                    "%zu spins are more than the %d whose evolution is solved here: the "
                    "imitations stand alone. The steps of a circuit are not known either: the "
                    "ledger counts reads and no gates.",
                    r->count, STATE_SPINS);
    qhm_ledger_add(&r->result->ledger, &(qhm_ledger){.qubits = r->count,
                                                     .settings = 1,
                                                     .circuits = 1,
                                                     .shots = r->options->reads});
}

// What the reads would take on the annealer itself.
static qhm_status add_device_time(row *r, const qhm_device *device, size_t qubits, json_t *object)
{
    qhm_cost cost;
    const qhm_ledger ledger = {
        .qubits = qubits, .circuits = 1, .settings = 1, .shots = r->options->reads};
    QHM_TRY(qhm_cost_find(&ledger, device, &(qhm_cost_options){.is_local = true}, &cost));
    qhm_result_number(object, "device_seconds", cost.total_seconds);
    qhm_result_number(object, "programming_seconds", cost.programming_seconds);
    return QHM_OK;
}

typedef struct embedded {
    qhm_device *device;
    qhm_minor_embedding *embedding;
    qhm_sparse_ising *physical;
    int8_t *chip;
    double strength;
} embedded;

static qhm_status find_chains(row *r, embedded *e)
{
    const char *const name = r->options->embed == EMBED_ZEPHYR ? "advantage2" : "advantage";
    QHM_TRY(qhm_device_load(name, NULL, &e->device));
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_minor_embedding_find(r->sparse, e->device,
                                     &(qhm_minor_embedding_options){.seed = r->problem->seed},
                                     &e->embedding));
    qhm_result_number(r->result->opponent, "embedding_seconds", qhm_algorithm_clock() - start);
    return QHM_OK;
}

// Simulated quantum annealing of the chip's spins, read out through the chains.
static qhm_status anneal_chains(row *r, embedded *e, json_t *object)
{
    const size_t qubits = qhm_minor_embedding_qubit_count(e->embedding), runs = r->options->runs;
    const qhm_spin_sampling_options options = {.method = QHM_SPIN_QUANTUM_ANNEALING,
                                               .runs = runs,
                                               .sweeps = r->options->sweeps,
                                               .seed = r->problem->seed};
    int8_t spins[MOST_SPINS];
    size_t broken = 0, successes = 0;
    double best = INFINITY;
    QHM_TRY(
        qhm_minor_embedding_apply(e->embedding, r->sparse, e->device, e->strength, &e->physical));
    QHM_TRY(qhm_allocate(runs, qubits, &e->chip));
    QHM_TRY(qhm_spin_sampling_run(e->physical, &options, e->chip, NULL));
    for (size_t run = 0; run < runs; run++) {
        broken += qhm_minor_embedding_read_out(e->embedding, e->chip + run * qubits, spins);
        const double cost = cost_of(r, spins);
        best = fmin(best, cost);
        successes += cost <= r->optimum + r->equal;
    }
    qhm_result_number(object, "broken_chains", (double)broken / (double)(runs * r->count));
    qhm_result_number(object, "cost", best);
    qhm_result_number(object, "success", (double)successes / (double)runs);
    return QHM_OK;
}

static qhm_status embed(row *r, embedded *e)
{
    QHM_TRY(find_chains(r, e));
    const size_t qubits = qhm_minor_embedding_qubit_count(e->embedding);
    e->strength = r->options->chain_strength > 0 ? r->options->chain_strength
                                                 : qhm_minor_embedding_find_strength(r->sparse);
    json_t *object = json_object();
    json_object_set_new(r->result->answer, "embedding", object);
    qhm_result_text(object, "device", qhm_device_name(e->device));
    qhm_result_count(object, "qubits", qubits);
    qhm_result_count(object, "longest_chain", qhm_minor_embedding_longest_chain(e->embedding));
    qhm_result_number(object, "chain_strength", e->strength);
    QHM_TRY(anneal_chains(r, e, object));
    QHM_TRY(add_device_time(r, e->device, qubits, object));
    qhm_result_note(r->result,
                    "Under embedding, success is that of simulated quantum annealing on the "
                    "chip's graph, to be held against the same method without chains. Its own "
                    "time is for %zu reads and not tied to the time above.",
                    r->options->reads);
    return QHM_OK;
}

static qhm_status run_embedded(row *r)
{
    embedded e = {0};
    if (r->options->embed == EMBED_NONE)
        return QHM_OK;
    const qhm_status status = embed(r, &e);
    qhm_release(e.chip);
    qhm_sparse_ising_destroy(e.physical);
    qhm_minor_embedding_destroy(e.embedding);
    qhm_device_destroy(e.device);
    return status;
}

static qhm_status solve(row *r)
{
    r->count = qhm_ising_spin_count(r->ising);
    QHM_TRY(qhm_sparse_ising_convert(r->ising, &r->sparse));
    QHM_TRY(scale(r));
    QHM_TRY(find_optimum(r));
    if (r->count <= STATE_SPINS)
        QHM_TRY(anneal(r));
    else
        skip_anneal(r);
    for (int method = 0; method < QHM_SPIN_GIBBS; method++)
        QHM_TRY(run_method(r, (qhm_spin_method)method));
    QHM_TRY(run_embedded(r));
    qhm_result_note(r->result,
                    "Times to solution are for 99 %%, with limits of 95 %% confidence; success is "
                    "reaching the cost of %s.",
                    r->is_proven ? "branch and bound, which is proven" : "the best known");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    row r = {.options = given, .problem = problem, .result = result};
    qhm_status status = read_ising(given, problem, &r.ising);
    if (status == QHM_OK)
        status = solve(&r);
    qhm_sparse_ising_destroy(r.sparse);
    qhm_ising_destroy(r.scaled);
    qhm_ising_destroy(r.ising);
    return status;
}

const qhm_algorithm qhm_algorithm_anneal = {
    .info = {.name = "anneal",
             .help = "bits of the lowest quadratic cost by quantum annealing",
             .details =
                 "The Schroedinger equation of -(1 - s) sum X + s cost, beside its imitation by "
                 "Monte Carlo, simulated\nannealing, parallel tempering, tabu search and branch "
                 "and bound, each with its time to solution. With\n`embed` also on an "
                 "annealer's graph, by chains of qubits. [kadowaki1998] [ronnow2014] [cai2014]\n",
             .example =
                 "couplings: [[0, 1, 1], [1, 2, -0.5], [2, 3, 1.5], [3, 0, 1], [0, 2, 0.7]]\n"
                 "fields: [0.3, 0, -0.4]\n",
             .fields = fields},
    .options_size = sizeof(anneal_options),
    .anneals = true,
    .run = run,
};
