// What the rows of problems that QAOA solves have in common.
#include "algorithm/qaoa_row.h"

#include "algorithm/counted_run.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/qaoa.h>

const char *const qhm_qaoa_angle_choices[] = {"fitted", "tree", "published", NULL};

enum { MOST_SPINS = 24, MOST_LAYERS = 20 };

void qhm_result_bits(json_t *object, const char *name, uint64_t bits, size_t count)
{
    char text[65] = {0};
    for (size_t i = 0; i < count; i++)
        text[count - 1 - i] = bits >> i & 1 ? '1' : '0';
    qhm_result_text(object, name, text);
}

static json_t *describe(const char *method, double cost, double seconds)
{
    json_t *object = json_object();
    qhm_result_text(object, "method", method);
    qhm_result_number(object, "cost", cost);
    qhm_result_number(object, "seconds", seconds);
    return object;
}

qhm_status qhm_qaoa_run_rivals(const qhm_ising *ising, uint64_t seed, qhm_result *result,
                               qhm_qaoa_rivals *rivals)
{
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_ising_branch_and_bound(ising, 0, &rivals->best));
    const double second = qhm_algorithm_clock();
    QHM_TRY(qhm_ising_anneal(ising, &(qhm_ising_anneal_options){.seed = seed}, &rivals->annealed));
    const double third = qhm_algorithm_clock();
    QHM_TRY(qhm_ising_relax(ising, &(qhm_ising_relax_options){.seed = seed}, &rivals->relaxed));
    rivals->best_seconds = second - start;
    rivals->annealed_seconds = third - second;
    rivals->relaxed_seconds = qhm_algorithm_clock() - third;
    json_t *opponent = result->opponent;
    qhm_result_text(opponent, "method", "branch and bound");
    qhm_result_number(opponent, "cost", rivals->best.energy);
    qhm_result_bits(opponent, "bits", rivals->best.bits, qhm_ising_spin_count(ising));
    qhm_result_count(opponent, "nodes", rivals->best.nodes);
    qhm_result_number(opponent, "seconds", rivals->best_seconds);
    json_object_set_new(
        opponent, "annealing",
        describe("simulated annealing", rivals->annealed.energy, rivals->annealed_seconds));
    json_t *relaxed = describe("low-rank semidefinite relaxation, rounded",
                               rivals->relaxed.rounded.energy, rivals->relaxed_seconds);
    qhm_result_number(relaxed, "mean_rounded", rivals->relaxed.mean_rounded);
    qhm_result_number(relaxed, "bound", rivals->relaxed.rounded.bound);
    json_object_set_new(opponent, "relaxation", relaxed);
    return QHM_OK;
}

// The root mean square of couplings and fields: the scale of 1 / gamma.
static double find_scale(const qhm_ising *ising, double *mean_degree)
{
    const size_t n = qhm_ising_spin_count(ising);
    double sum = 0, terms = 0, pairs = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double term =
                j == i ? qhm_ising_field(ising, i) : qhm_ising_coupling(ising, i, j);
            sum += term * term;
            terms += term != 0;
            pairs += term != 0 && j != i;
        }
    *mean_degree = 2 * pairs / (double)n;
    return terms > 0 ? sqrt(sum / terms) : 1;
}

typedef struct angle_search {
    const qhm_ising *ising;
    size_t layers, runs, gradients; // gradients: runs that had one
    double angles[2 * MOST_LAYERS], cost;
} angle_search;

// A grid for one layer, then a layer more by interpolation and a fit, again and again.
static qhm_status fit_angles(angle_search *s)
{
    double degree, trial[2], lowest = INFINITY, more[2 * MOST_LAYERS];
    const double scale = find_scale(s->ising, &degree);
    for (size_t layers = 1; layers <= s->layers; layers++) {
        qhm_qaoa *qaoa;
        qhm_qaoa_fitted fitted = {0};
        QHM_TRY(qhm_qaoa_create(s->ising, &(qhm_qaoa_options){.layers = layers}, &qaoa));
        qhm_status status = QHM_OK;
        for (int i = 0; i < 64 && layers == 1 && status == QHM_OK; i++) {
            trial[0] = -0.15 * (1 + i / 8) / (scale * sqrt(1 + degree));
            trial[1] = 0.2 * (i % 8 - 3.5);
            status = qhm_qaoa_run(qaoa, trial, &s->cost, NULL);
            s->runs++;
            if (status == QHM_OK && s->cost < lowest) {
                lowest = s->cost;
                s->angles[0] = trial[0];
                s->angles[1] = trial[1];
            }
        }
        if (layers > 1) {
            qhm_qaoa_interpolate(layers - 1, s->angles, more);
            for (size_t i = 0; i < 2 * layers; i++)
                s->angles[i] = more[i];
        }
        if (status == QHM_OK)
            status = qhm_qaoa_fit(qaoa, NULL, s->angles, &fitted);
        qhm_qaoa_destroy(qaoa);
        QHM_TRY(status);
        s->runs += fitted.runs;
        s->gradients += fitted.runs;
        s->cost = fitted.cost;
    }
    return QHM_OK;
}

static qhm_status find_angles(const qhm_qaoa_settings *settings, angle_search *s)
{
    double degree;
    if (settings->angles == QHM_QAOA_FITTED)
        return fit_angles(s);
    const double scale = find_scale(s->ising, &degree);
    if (settings->angles == QHM_QAOA_PUBLISHED)
        QHM_TRY(qhm_qaoa_fixed_angles(s->layers, s->angles));
    else
        QHM_TRY(qhm_qaoa_tree_angles((size_t)fmax(2, round(degree)), s->layers, s->angles));
    for (size_t i = 0; i < s->layers; i++)
        s->angles[i] *= 0.5 / scale; // a cut has couplings of 1/2
    return QHM_OK;
}

// What a fit took: exact costs and gradients, each of one circuit here.
static qhm_status charge_fit(const angle_search *s, qhm_result *result)
{
    qhm_ledger ledger;
    qhm_circuit *circuit;
    if (s->runs == 0)
        return QHM_OK;
    QHM_TRY(qhm_qaoa_circuit_create(s->ising, &(qhm_qaoa_circuit_options){.layers = s->layers},
                                    &circuit));
    const qhm_status status = qhm_circuit_count_ledger(circuit, NULL, &ledger);
    const size_t shifts = qhm_circuit_shift_count(circuit);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    ledger.shots = 0;
    ledger.exact_circuits = ledger.circuits;
    qhm_ledger_repeat(&ledger, s->runs);
    ledger.adjoint_gradients = s->gradients;
    qhm_ledger_add(&result->ledger, &ledger);
    qhm_result_note(
        result,
        "The fit took %zu exact mean costs, %zu of them with gradients, all counted as "
        "circuits of %zu layers. On a chip a gradient takes %zu circuits, each with its "
        "shots.",
        s->runs, s->gradients, s->layers, shifts);
    return QHM_OK;
}

typedef struct drawn {
    double *costs, *weights;
    size_t count;
    double mean, error, lowest, lowest_mean;
    uint64_t bits;
} drawn;

static qhm_status read_outcomes(const qhm_ising *ising, const qhm_distribution *outcomes,
                                double share, drawn *d)
{
    double total = 0, square = 0;
    d->count = qhm_distribution_outcome_count(outcomes);
    d->lowest = INFINITY;
    QHM_TRY(qhm_allocate(d->count, sizeof(double), &d->costs));
    QHM_TRY(qhm_allocate(d->count, sizeof(double), &d->weights));
    for (size_t i = 0; i < d->count; i++) {
        const uint64_t *words;
        double weight;
        qhm_distribution_outcome(outcomes, i, &words, &weight);
        const uint64_t bits = words[0];
        d->costs[i] = qhm_ising_energy(ising, bits);
        d->weights[i] = weight;
        d->mean += weight * d->costs[i];
        total += weight;
        if (d->costs[i] < d->lowest) {
            d->lowest = d->costs[i];
            d->bits = bits;
        }
    }
    d->mean /= total;
    for (size_t i = 0; i < d->count; i++)
        square += d->weights[i] * (d->costs[i] - d->mean) * (d->costs[i] - d->mean);
    d->error = sqrt(square / (total * (total - 1)));
    return qhm_qaoa_lowest_mean(d->count, d->costs, d->weights, share, &d->lowest_mean);
}

static qhm_status draw(const angle_search *s, const qhm_qaoa_settings *settings, uint64_t seed,
                       qhm_result *result, drawn *d)
{
    qhm_circuit *circuit = NULL, *bound = NULL;
    qhm_distribution *outcomes = NULL;
    qhm_status status = qhm_qaoa_circuit_create(
        s->ising, &(qhm_qaoa_circuit_options){.layers = s->layers, .measures = true}, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_bind(circuit, NULL, s->angles, &bound);
    if (status == QHM_OK)
        status = qhm_counted_shots(bound, settings->shots, seed, NULL, &result->ledger, &outcomes);
    if (status == QHM_OK)
        status = read_outcomes(s->ising, outcomes, settings->share, d);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(circuit);
    return status;
}

// The exact mean, and the probability of an optimum: what the simulator knows.
static qhm_status find_exact(const angle_search *s, double optimum, double *mean,
                             double *probability)
{
    qhm_qaoa *qaoa;
    double *energies = NULL, *probabilities = NULL;
    const size_t count = (size_t)1 << qhm_ising_spin_count(s->ising);
    QHM_TRY(qhm_qaoa_create(s->ising, &(qhm_qaoa_options){.layers = s->layers}, &qaoa));
    qhm_status status = qhm_allocate(count, sizeof *energies, &energies);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *probabilities, &probabilities);
    if (status == QHM_OK)
        status = qhm_ising_energies(s->ising, energies);
    if (status == QHM_OK)
        status = qhm_qaoa_probabilities(qaoa, s->angles, probabilities);
    *mean = *probability = 0;
    for (size_t z = 0; z < count && status == QHM_OK; z++) {
        *mean += probabilities[z] * energies[z];
        if (energies[z] <= optimum + 1e-9 * (1 + fabs(optimum)))
            *probability += probabilities[z];
    }
    qhm_release(energies);
    qhm_release(probabilities);
    qhm_qaoa_destroy(qaoa);
    return status;
}

static qhm_status add_recursion(const qhm_ising *ising, qhm_result *result)
{
    qhm_qaoa_recursion made;
    QHM_TRY(qhm_qaoa_recurse(ising, 0, &made));
    json_t *object = json_object();
    qhm_result_number(object, "cost", made.solution.energy);
    qhm_result_bits(object, "bits", made.solution.bits, qhm_ising_spin_count(ising));
    qhm_result_count(object, "rounds", made.rounds);
    qhm_result_count(object, "exact_runs", made.runs);
    json_object_set_new(result->answer, "recursive", object);
    qhm_result_note(result,
                    "Recursive QAOA ran %zu circuits of one layer, exactly, which are not "
                    "in the ledger.",
                    made.runs);
    return QHM_OK;
}

static void tell(const angle_search *s, const drawn *d, double mean, double probability,
                 size_t shots, qhm_result *result)
{
    json_t *answer = result->answer;
    qhm_result_number(answer, "cost", d->lowest);
    qhm_result_bits(answer, "bits", d->bits, qhm_ising_spin_count(s->ising));
    qhm_result_number(answer, "mean_cost", d->mean);
    qhm_result_number(answer, "standard_error", d->error);
    qhm_result_number(answer, "lowest_mean", d->lowest_mean);
    qhm_result_number(answer, "exact_mean_cost", mean);
    qhm_result_number(answer, "exact_optimum_probability", probability);
    qhm_result_number(answer, "shots_to_solution",
                      probability >= 1 ? 1 : ceil(log(0.01) / log1p(-probability)));
    qhm_result_numbers(answer, "gammas", s->angles, s->layers);
    qhm_result_numbers(answer, "betas", s->angles + s->layers, s->layers);
    qhm_result_note(result,
                    "The best of %zu shots is the answer. Shots to solution are for an "
                    "optimum with a probability of 99 %%.",
                    shots);
}

qhm_status qhm_qaoa_run_row(const qhm_ising *ising, const qhm_qaoa_settings *settings,
                            uint64_t seed, double optimum, qhm_result *result, uint64_t *bits)
{
    angle_search search = {.ising = ising, .layers = settings->layers};
    drawn d = {0};
    double mean = 0, probability = 0;
    if (qhm_ising_spin_count(ising) > MOST_SPINS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu qubits, more than the %d of this command",
                        qhm_ising_spin_count(ising), MOST_SPINS);
    qhm_status status = find_angles(settings, &search);
    if (status == QHM_OK)
        status = charge_fit(&search, result);
    if (status == QHM_OK)
        status = draw(&search, settings, seed, result, &d);
    if (status == QHM_OK)
        status = find_exact(&search, optimum, &mean, &probability);
    if (status == QHM_OK)
        tell(&search, &d, mean, probability, settings->shots, result);
    if (status == QHM_OK && settings->recursive)
        status = add_recursion(ising, result);
    *bits = d.bits;
    qhm_release(d.costs);
    qhm_release(d.weights);
    return status;
}
