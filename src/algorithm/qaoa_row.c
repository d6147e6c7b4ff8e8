// What the rows of problems that QAOA solves have in common.
#include "algorithm/qaoa_row.h"

#include "algorithm/counted_run.h"
#include "algorithm/qaoa_search.h"
#include "base/memory.h"

#include <math.h>

const char *const qhm_qaoa_angle_choices[] = {"fitted", "tree", "published", NULL};
const char *const qhm_qaoa_objective_choices[] = {"mean", "lowest", NULL};
const char *const qhm_qaoa_start_choices[] = {"none", "relaxed", "rounded", "greedy", NULL};

enum { MOST_SPINS = 24, MOST_MIXED = 20 };

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

static double find_energy(const qhm_qaoa_task *task, uint64_t bits)
{
    return task->energy ? task->energy(task->context, bits) : qhm_ising_energy(task->ising, bits);
}

void qhm_qaoa_tell_best(const qhm_qaoa_rivals *rivals, size_t count, json_t *opponent)
{
    qhm_result_text(opponent, "method", "branch and bound");
    qhm_result_number(opponent, "cost", rivals->best.energy);
    qhm_result_bits(opponent, "bits", rivals->best.bits, count);
    qhm_result_count(opponent, "nodes", rivals->best.nodes);
    qhm_result_number(opponent, "seconds", rivals->best_seconds);
}

qhm_status qhm_qaoa_run_heuristics(const qhm_qaoa_task *task, uint64_t seed, json_t *opponent,
                                   qhm_qaoa_rivals *rivals)
{
    const qhm_ising *ising = task->ising;
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_ising_anneal(ising, &(qhm_ising_anneal_options){.seed = seed}, &rivals->annealed));
    const double second = qhm_algorithm_clock();
    QHM_TRY(qhm_ising_relax(ising, &(qhm_ising_relax_options){.seed = seed}, &rivals->relaxed));
    rivals->annealed_seconds = second - start;
    rivals->relaxed_seconds = qhm_algorithm_clock() - second;
    json_object_set_new(opponent, "annealing",
                        describe("simulated annealing", find_energy(task, rivals->annealed.bits),
                                 rivals->annealed_seconds));
    json_t *relaxed =
        describe("low-rank semidefinite relaxation, rounded",
                 find_energy(task, rivals->relaxed.rounded.bits), rivals->relaxed_seconds);
    qhm_result_number(relaxed, "mean_rounded", rivals->relaxed.mean_rounded);
    qhm_result_number(relaxed, "bound", rivals->relaxed.rounded.bound);
    json_object_set_new(opponent, "relaxation", relaxed);
    return QHM_OK;
}

qhm_status qhm_qaoa_run_rivals(const qhm_ising *ising, uint64_t seed, qhm_result *result,
                               qhm_qaoa_rivals *rivals)
{
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_ising_branch_and_bound(ising, 0, &rivals->best));
    rivals->best_seconds = qhm_algorithm_clock() - start;
    qhm_qaoa_tell_best(rivals, qhm_ising_spin_count(ising), result->opponent);
    return qhm_qaoa_run_heuristics(&(qhm_qaoa_task){.ising = ising}, seed, result->opponent,
                                   rivals);
}

typedef struct row {
    const qhm_qaoa_task *task;
    const qhm_qaoa_settings *settings;
    const qhm_problem *problem;
    qhm_qaoa_search search;
    double chances[64];
    size_t count; // qubits
    double equal; // costs this close are the same but for rounding
} row;

static double judge(const row *r, uint64_t bits)
{
    return r->task->judge ? r->task->judge(r->task->context, bits) : find_energy(r->task, bits);
}

static bool is_optimal(const row *r, double cost)
{
    return cost <= r->task->optimum + r->equal;
}

static bool has_blocks(const row *r)
{
    const qhm_qaoa_mixer mixer = r->task->shape.mixer;
    return mixer == QHM_QAOA_MIXER_BLOCK || mixer == QHM_QAOA_MIXER_RING;
}

// Whether every block has its number of ones, as the mixer should have kept it.
static bool is_kept(const row *r, uint64_t bits)
{
    const size_t block = r->task->shape.block;
    const int ones = r->task->shape.ones > 0 ? (int)r->task->shape.ones : 1;
    for (size_t i = 0; i < r->count; i += block)
        if (__builtin_popcountll(bits >> i & (((uint64_t)1 << block) - 1)) != ones)
            return false;
    return true;
}

// Chances away from 0 and 1; those of bits are on the other side, from which the mixer returns.
static qhm_status find_start(row *r, qhm_result *result)
{
    const int start = r->settings->warm_start;
    const double epsilon = r->settings->epsilon;
    qhm_ising_relaxation relaxed;
    qhm_ising_solution greedy;
    uint64_t bits = 0;
    if (start == QHM_QAOA_RELAXED) {
        QHM_TRY(qhm_ising_relax_box(r->task->ising, r->chances, NULL));
    } else if (start == QHM_QAOA_ROUNDED) {
        QHM_TRY(qhm_ising_relax(r->task->ising,
                                &(qhm_ising_relax_options){.seed = r->problem->seed}, &relaxed));
        bits = relaxed.rounded.bits;
    } else {
        QHM_TRY(qhm_ising_find_greedy(r->task->ising, &greedy));
        bits = greedy.bits;
    }
    for (size_t i = 0; i < r->count; i++) {
        if (start != QHM_QAOA_RELAXED)
            r->chances[i] = bits >> i & 1 ? 0 : 1;
        r->chances[i] = fmax(epsilon, fmin(1 - epsilon, r->chances[i]));
    }
    r->search.shape.chance = r->chances;
    r->search.shape.mixer = start == QHM_QAOA_RELAXED ? QHM_QAOA_MIXER_WARM : QHM_QAOA_MIXER_RETURN;
    json_t *object = json_object();
    if (start != QHM_QAOA_RELAXED) {
        qhm_result_bits(object, "bits", bits, r->count);
        qhm_result_number(object, "cost", find_energy(r->task, bits));
    }
    qhm_result_numbers(object, "chances", r->chances, r->count);
    json_object_set_new(result->answer, "warm_start", object);
    return QHM_OK;
}

// A start that is a solution already is no merit of QAOA.
static void judge_start(const row *r, qhm_result *result)
{
    bool is_even = true;
    for (size_t i = 0; i < r->count; i++)
        is_even = is_even && fabs(r->chances[i] - 0.5) < 1e-9;
    if (r->settings->warm_start != QHM_QAOA_RELAXED)
        qhm_result_note(result, "The start's bits were found by a classical method, and QAOA can "
                                "return them: only a cost below theirs is its own.");
    else if (is_even)
        qhm_result_note(result, "The convex relaxation says nothing of this problem: all chances "
                                "are even, as without a warm start.");
}

static qhm_status check(const row *r)
{
    const bool is_usual = r->task->shape.mixer == QHM_QAOA_MIXER_X && r->settings->warm_start <= 1;
    const size_t most = is_usual ? MOST_SPINS : MOST_MIXED;
    if (r->count > most)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu qubits, more than the %zu of this command",
                        r->count, most);
    if (r->settings->warm_start > 1 && r->task->shape.mixer != QHM_QAOA_MIXER_X)
        return qhm_node_fail(r->problem->node, "a warm start has its own mixer: leave out one");
    if (r->settings->angles > QHM_QAOA_FITTED && !is_usual)
        return qhm_node_fail(r->problem->node,
                             "angles are known in advance for the mixer x alone, not for this one: "
                             "angles must be fitted");
    return QHM_OK;
}

static qhm_status find_angles(row *r, qhm_result *result)
{
    qhm_qaoa_search *search = &r->search;
    double degree;
    const size_t layers = r->settings->layers;
    const double scale = qhm_qaoa_scale(search->ising, &degree);
    QHM_TRY(qhm_qaoa_require_scale(search->ising));
    if (r->settings->angles <= QHM_QAOA_FITTED) {
        QHM_TRY(qhm_qaoa_search_run(search, &result->ledger));
        qhm_result_note(
            result,
            "The fit took %zu exact circuits, %zu of them with gradients, all in the ledger. A "
            "chip needs shots for each, and more circuits for a gradient.",
            search->runs, search->gradients);
        return QHM_OK;
    }
    if (r->settings->angles == QHM_QAOA_PUBLISHED)
        QHM_TRY(qhm_qaoa_fixed_angles(layers, search->angles));
    else
        QHM_TRY(qhm_qaoa_tree_angles((size_t)fmax(2, round(degree)), layers, search->angles));
    for (size_t i = 0; i < layers; i++)
        search->angles[i] *= 0.5 / scale; // a cut has couplings of 1/2
    return QHM_OK;
}

typedef struct drawn {
    double *costs, *weights; // energies of outcomes
    size_t count;
    double mean, error, lowest_mean, kept, feasible, optimal; // the last three as shares
    qhm_qaoa_best best;
} drawn;

static qhm_status read_outcomes(const row *r, const qhm_distribution *outcomes, drawn *d)
{
    double total = 0, square = 0;
    d->count = qhm_distribution_outcome_count(outcomes);
    d->best.cost = INFINITY;
    QHM_TRY(qhm_allocate(d->count, sizeof(double), &d->costs));
    QHM_TRY(qhm_allocate(d->count, sizeof(double), &d->weights));
    total = qhm_distribution_total(outcomes);
    for (size_t i = 0; i < d->count; i++) {
        const uint64_t *words;
        double weight;
        qhm_distribution_outcome(outcomes, i, &words, &weight);
        const uint64_t bits = words[0];
        const double cost = judge(r, bits);
        d->costs[i] = find_energy(r->task, bits);
        d->weights[i] = weight;
        d->mean += weight / total * d->costs[i];
        d->kept += has_blocks(r) && is_kept(r, bits) ? weight / total : 0;
        d->feasible += isfinite(cost) ? weight / total : 0;
        d->optimal += is_optimal(r, cost) ? weight / total : 0;
        if (cost < d->best.cost)
            d->best = (qhm_qaoa_best){bits, cost};
    }
    for (size_t i = 0; i < d->count; i++)
        square += d->weights[i] * (d->costs[i] - d->mean) * (d->costs[i] - d->mean);
    d->error = sqrt(square / (total * (total - 1)));
    return qhm_qaoa_lowest_mean(d->count, d->costs, d->weights, r->settings->share,
                                &d->lowest_mean);
}

static qhm_status draw(const row *r, qhm_result *result, drawn *d)
{
    qhm_circuit *circuit = NULL, *bound = NULL;
    qhm_distribution *outcomes = NULL;
    qhm_qaoa_circuit_options shape = r->search.shape;
    shape.measures = true;
    qhm_status status = qhm_qaoa_circuit_create(r->task->ising, &shape, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_bind(circuit, NULL, r->search.angles, &bound);
    if (status == QHM_OK)
        status = qhm_counted_shots(bound, r->settings->shots, r->problem->seed, NULL,
                                   &result->ledger, &outcomes);
    if (status == QHM_OK)
        status = read_outcomes(r, outcomes, d);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(circuit);
    return status;
}

// What the simulator knows: the exact mean, and the probabilities of an optimum, of a solution and
// of what the mixer should keep.
typedef struct known {
    double mean, optimum, feasible, kept;
} known;

// From the table where that decides. Its sums over n spins of fields over n spins round more often
// than one cost, by less than 16 times.
static double refine(const row *r, uint64_t bits, double energy)
{
    if (r->task->energy || energy <= r->task->optimum + 16 * r->equal)
        return find_energy(r->task, bits);
    return energy;
}

static qhm_status find_known(const row *r, known *k)
{
    double *energies = NULL, *probabilities = NULL;
    const size_t count = (size_t)1 << r->count;
    qhm_status status = qhm_allocate(count, sizeof *energies, &energies);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *probabilities, &probabilities);
    if (status == QHM_OK)
        status = qhm_ising_energies(r->task->ising, energies);
    if (status == QHM_OK)
        status = qhm_qaoa_find_probabilities(r->task->ising, &r->search.shape, r->search.angles,
                                             probabilities);
    for (size_t z = 0; z < count && status == QHM_OK; z++) {
        if (probabilities[z] == 0)
            continue; // of most bit strings, where blocks keep a single one
        const double energy = r->task->judge ? energies[z] : refine(r, z, energies[z]);
        const double cost = r->task->judge ? judge(r, z) : energy;
        k->mean += probabilities[z] * energy;
        k->optimum += is_optimal(r, cost) ? probabilities[z] : 0;
        k->feasible += isfinite(cost) ? probabilities[z] : 0;
        k->kept += has_blocks(r) && is_kept(r, z) ? probabilities[z] : 0;
    }
    qhm_release(energies);
    qhm_release(probabilities);
    return status;
}

static qhm_status add_recursion(const qhm_ising *ising, qhm_result *result)
{
    qhm_qaoa_recursion made;
    QHM_TRY(qhm_qaoa_recurse(ising, 0, &result->ledger, &made));
    json_t *object = json_object();
    qhm_result_number(object, "cost", made.solution.energy);
    qhm_result_bits(object, "bits", made.solution.bits, qhm_ising_spin_count(ising));
    qhm_result_count(object, "rounds", made.rounds);
    qhm_result_count(object, "exact_runs", made.runs);
    json_object_set_new(result->answer, "recursive", object);
    qhm_result_note(result,
                    "Recursive QAOA ran %zu circuits of one layer, exactly: the ledger has them.",
                    made.runs);
    return QHM_OK;
}

static void tell_shares(const row *r, const drawn *d, const known *k, json_t *answer)
{
    if (has_blocks(r)) {
        const bool is_one_hot = r->task->shape.ones <= 1;
        qhm_result_number(answer, is_one_hot ? "one_hot_share" : "budget_share", d->kept);
        qhm_result_number(
            answer, is_one_hot ? "exact_one_hot_probability" : "exact_budget_probability", k->kept);
    }
    if (r->task->judge) {
        qhm_result_number(answer, "feasible_share", d->feasible);
        qhm_result_number(answer, "exact_feasible_probability", k->feasible);
    }
    qhm_result_number(answer, "optimal_share", d->optimal);
}

static void tell(const row *r, const drawn *d, const known *k, qhm_result *result)
{
    json_t *answer = result->answer;
    const size_t layers = r->settings->layers;
    qhm_result_number(answer, "cost", d->best.cost);
    if (isfinite(d->best.cost))
        qhm_result_bits(answer, "bits", d->best.bits, r->count);
    else
        qhm_result_text(answer, "bits", "none");
    qhm_result_number(answer, "mean_cost", d->mean);
    qhm_result_number(answer, "standard_error", d->error);
    qhm_result_number(answer, "lowest_mean", d->lowest_mean);
    qhm_result_number(answer, "exact_mean_cost", k->mean);
    tell_shares(r, d, k, answer);
    qhm_result_number(answer, "exact_optimum_probability", k->optimum);
    qhm_result_number(answer, "shots_to_solution",
                      k->optimum >= 1 ? 1 : ceil(log(0.01) / log1p(-k->optimum)));
    qhm_result_numbers(answer, "gammas", r->search.angles, layers);
    qhm_result_numbers(answer, "betas", r->search.angles + layers, layers);
    if (r->settings->angles <= QHM_QAOA_FITTED && r->search.share < 1)
        qhm_result_number(answer, "exact_lowest_mean", r->search.value);
    qhm_result_note(result,
                    "The best of %zu shots is the answer. Shots to solution are for an "
                    "optimum with a probability of 99 %%.",
                    r->settings->shots);
}

static qhm_status run(row *r, qhm_result *result, drawn *d)
{
    known k = {0};
    QHM_TRY(check(r));
    if (r->settings->warm_start > 1)
        QHM_TRY(find_start(r, result));
    if (r->settings->warm_start > 1)
        judge_start(r, result);
    QHM_TRY(find_angles(r, result));
    QHM_TRY(draw(r, result, d));
    QHM_TRY(find_known(r, &k));
    tell(r, d, &k, result);
    return r->settings->recursive ? add_recursion(r->task->ising, result) : QHM_OK;
}

qhm_status qhm_qaoa_run_task(const qhm_qaoa_task *task, const qhm_qaoa_settings *settings,
                             const qhm_problem *problem, qhm_result *result, qhm_qaoa_best *best)
{
    drawn d = {0};
    row r = {.task = task,
             .settings = settings,
             .problem = problem,
             .search = {.ising = task->ising, .shape = task->shape},
             .count = qhm_ising_spin_count(task->ising),
             .equal = task->rounding > 0 ? task->rounding : qhm_ising_rounding(task->ising)};
    r.search.shape.layers = settings->layers;
    r.search.share = settings->objective == QHM_QAOA_LOWEST ? settings->share : 1;
    const qhm_status status = run(&r, result, &d);
    qhm_release(d.costs);
    qhm_release(d.weights);
    if (status == QHM_OK)
        *best = d.best;
    return status;
}
