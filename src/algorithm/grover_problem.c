// The problem "grover": a search for listed items, for what a formula is true for, or for scores.
#include "algorithm/counted_run.h"
#include "algorithm/marked_items.h"
#include "algorithm/search_rounds.h"
#include "base/statistics.h"

#include <inttypes.h>
#include <math.h>

typedef struct grover_options {
    qhm_marked_options items;
    int method;
    size_t count, shots;
    double delta;
} grover_options;

enum { PLAIN = 1, EXACT, FIXED_POINT, UNKNOWN };

static const char *const methods[] = {"plain", "exact", "fixed_point", "unknown", NULL};

enum { MOST_SIMULATED = 14 }; // qubits of a circuit that is run as such

#define DRAWN_NOTE                                                                                 \
    "Drawn from the two amplitudes that a search has; the ledger is that of its circuits."

static const qhm_option_info fields[] = {
    QHM_MARKED_ITEMS_FIELDS(grover_options),
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(grover_options, method),
     .default_text = "plain",
     .choices = methods,
     .help = "all but unknown rest on `count`, the fixed point on its being no less"},
    {.name = "count",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(grover_options, count),
     .minimum = 1,
     .maximum = 1 << 20,
     .help = "of items that are marked; not given: as many as are listed",
     .used_with = "method=plain,exact,fixed_point"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(grover_options, shots),
     .default_text = "100",
     .minimum = 1,
     .maximum = 1e6,
     .help = "searches, each from the beginning"},
    {.name = "delta",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(grover_options, delta),
     .default_text = "0.3",
     .minimum = 1e-6,
     .maximum = 0.999,
     .help = "of the fixed point: it fails with at most delta^2",
     .used_with = "method=fixed_point"},
    {0},
};

static qhm_status check_count(const grover_options *options, const qhm_problem *problem,
                              const qhm_marked_items *items, size_t *count)
{
    const size_t qubits = qhm_oracle_qubit_count(items->oracle), listed = items->listed;
    *count = options->count > 0 ? options->count : listed;
    if (options->method != UNKNOWN && *count == 0)
        return qhm_node_fail(problem->node,
                             "method %s needs to know how many items are marked, at "
                             "least 1: field 'count', or method unknown",
                             methods[options->method - 1]);
    if (*count > (size_t)1 << qubits)
        return qhm_node_fail(problem->node, "count is %zu of 2^%zu items", *count, qubits);
    if (listed > 0 && (options->method == FIXED_POINT ? *count > listed : *count != listed))
        return qhm_node_fail(problem->node, "count is %zu, but %zu items are listed", *count,
                             listed);
    return QHM_OK;
}

static void tell_factors(const qhm_marked_items *items, json_t *object)
{
    const json_t *item = json_object_get(object, "item");
    uint64_t factors[2];
    if (!items->product || !item)
        return;
    qhm_marked_items_factors(items, (uint64_t)json_integer_value(item), factors);
    json_object_set_new(object, "factors",
                        json_pack("[I, I]", (json_int_t)factors[0], (json_int_t)factors[1]));
}

// The opponent of a product: no pairs, but one factor after another.
static void divide(const qhm_marked_items *items, qhm_result *result)
{
    const size_t width = qhm_oracle_qubit_count(items->oracle) / 2;
    const uint64_t end = (uint64_t)1 << width, product = items->product;
    const double start = qhm_algorithm_clock();
    uint64_t factor = 1;
    while (factor < end && (product % factor > 0 || product / factor >= end))
        factor++;
    const double seconds = qhm_algorithm_clock() - start;
    qhm_result_text(result->opponent, "method", "trial division");
    json_object_set_new(result->opponent, "found", json_boolean(factor < end));
    if (factor < end)
        qhm_result_count(result->opponent, "item", factor + (product / factor << width));
    qhm_result_count(result->opponent, "divisions", factor < end ? factor : end - 1);
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_note(result,
                    "Trial division takes at most %" PRIu64
                    " divisions. The search is among the pairs, "
                    "whose number is the square of that, in about as many iterations.",
                    end - 1);
}

// The opponent: one item after another, without the oracle's circuit.
static void scan(const qhm_marked_items *items, qhm_result *result)
{
    const uint64_t count = qhm_marked_items_count(items);
    const double start = qhm_algorithm_clock();
    uint64_t item = 0;
    while (item < count && !qhm_marked_items_has(items, item))
        item++;
    const double seconds = qhm_algorithm_clock() - start;
    qhm_result_text(result->opponent, "method", "linear scan");
    json_object_set_new(result->opponent, "found", json_boolean(item < count));
    if (item < count)
        qhm_result_count(result->opponent, "item", item);
    qhm_result_count(result->opponent, "checks", item < count ? item + 1 : count);
    qhm_result_number(result->opponent, "seconds", seconds);
}

// Counts the outcomes that are marked; the one that came most often is the answer.
static qhm_status describe_outcomes(const qhm_oracle *oracle, bool is_exact,
                                    const qhm_distribution *outcomes, qhm_result *result)
{
    const uint64_t n = qhm_oracle_qubit_count(oracle), mask = ((uint64_t)1 << n) - 1;
    const double shots = qhm_distribution_total(outcomes);
    double hits = 0, most = 0;
    uint64_t item = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        bool is_marked;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        QHM_TRY(qhm_oracle_check(oracle, bits[0] & mask, &is_marked));
        if (!is_marked)
            continue;
        hits += !is_exact || bits[0] >> n ? weight : 0;
        if (weight > most) {
            most = weight;
            item = bits[0] & mask;
        }
    }
    const double rate = hits / shots;
    json_object_set_new(result->answer, "found", json_boolean(most > 0));
    if (most > 0)
        qhm_result_count(result->answer, "item", item);
    qhm_result_number(result->answer, "success_rate", rate);
    qhm_result_number(result->answer, "standard_error", qhm_statistics_rate_error(rate, shots));
    qhm_result_count(result->answer, "classical_checks", (uint64_t)shots);
    return QHM_OK;
}

// Shots that no search of the expected success gives: then `count` is not that of the formula.
static void note_surprise(bool is_least, double expected, double shots, qhm_result *result)
{
    const double rate = json_number_value(json_object_get(result->answer, "success_rate"));
    const double error = sqrt(fmax(expected * (1 - expected), 1 / shots) / shots);
    if (rate < expected - 5 * error || (!is_least && rate > expected + 5 * error))
        qhm_result_note(result,
                        "The success rate is far from what was expected: `count` is not the "
                        "number of items that are marked.");
}

static qhm_status run_circuit(const qhm_oracle *oracle, const qhm_grover_options *options,
                              const qhm_grover_plan *plan, size_t shots, uint64_t seed,
                              qhm_ledger *ledger, qhm_distribution **outcomes)
{
    qhm_circuit *circuit;
    const qhm_run_counts per_run = {qhm_search_load_count(oracle, NULL, plan->iterations),
                                    plan->iterations};
    QHM_TRY(qhm_grover_create(oracle, options, &circuit));
    const qhm_status status = qhm_counted_shots(circuit, shots, seed, &per_run, ledger, outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run_known(const grover_options *options, const qhm_problem *problem,
                            const qhm_oracle *oracle, double share, qhm_result *result)
{
    const qhm_grover_options given = {.kind = (qhm_grover_kind)(options->method - 1),
                                      .iterations = qhm_grover_iterations(share),
                                      .share = share,
                                      .delta = options->delta,
                                      .is_measured = true};
    const size_t width = qhm_oracle_qubit_count(oracle) + qhm_oracle_work_count(oracle) +
                         (given.kind == QHM_GROVER_EXACT);
    const bool is_drawn = width > MOST_SIMULATED;
    qhm_grover_plan plan;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_grover_find_plan(&given, &plan));
    qhm_status status = is_drawn ? qhm_search_draw_shots(oracle, &given, options->shots,
                                                         problem->seed, &result->ledger, &outcomes)
                                 : run_circuit(oracle, &given, &plan, options->shots, problem->seed,
                                               &result->ledger, &outcomes);
    if (status == QHM_OK)
        status = describe_outcomes(oracle, given.kind == QHM_GROVER_EXACT, outcomes, result);
    qhm_result_count(result->answer, "iterations", plan.iterations);
    const double expected =
        given.kind == QHM_GROVER_PLAIN ? qhm_grover_probability(share, plan.iterations)
        : given.kind == QHM_GROVER_EXACT
            ? 1
            : qhm_grover_fixed_point_probability(share, options->delta, plan.length);
    qhm_result_number(result->answer, "expected_success", expected);
    if (is_drawn)
        qhm_result_note(result, DRAWN_NOTE);
    if (status == QHM_OK)
        note_surprise(given.kind == QHM_GROVER_FIXED_POINT, expected, (double)options->shots,
                      result);
    qhm_distribution_destroy(outcomes);
    return status;
}

typedef struct totals {
    double found, sums[2], squares[2];
    uint64_t item;
} totals;

static void describe_unknown(const totals *t, double searches, qhm_result *result)
{
    static const char *const names[2][2] = {
        {"mean_iterations", "mean_iterations_standard_error"},
        {"mean_measurements", "mean_measurements_standard_error"}};
    json_object_set_new(result->answer, "found", json_boolean(t->found > 0));
    if (t->found > 0)
        qhm_result_count(result->answer, "item", t->item);
    qhm_result_number(result->answer, "success_rate", t->found / searches);
    for (size_t v = 0; v < 2; v++) {
        const double mean = t->sums[v] / searches;
        qhm_result_number(result->answer, names[v][0], mean);
        qhm_result_number(result->answer, names[v][1],
                          sqrt(fmax(0, t->squares[v] / searches - mean * mean) / searches));
    }
    qhm_result_number(result->answer, "classical_checks", t->sums[1]);
    if (t->found == 0)
        qhm_result_note(result, "Not found within 9 sqrt(N) iterations: most likely nothing is "
                                "marked, but that is no proof.");
}

// Many searches of one kind, from the amplitudes: the state and the price are found once.
typedef struct fast_searches {
    const qhm_oracle *oracle;
    qhm_search_state state;
    qhm_search_price price;
    qhm_random random;
    qhm_ledger *ledger;
} fast_searches;

static qhm_status measure_fast(void *context, uint64_t iterations, uint64_t *item, bool *is_marked)
{
    fast_searches *f = context;
    *item = qhm_search_state_draw(&f->state, iterations, &f->random);
    qhm_search_price_add(&f->price, iterations, 1, f->ledger);
    return qhm_oracle_check(f->oracle, *item, is_marked);
}

static qhm_status search_fast(fast_searches *f, qhm_bbht_result *one)
{
    const double count = (double)(f->state.counts[0] + f->state.counts[1]);
    return qhm_search_unknown(count, (uint64_t)ceil(9 * sqrt(count)), &f->random, measure_fast, f,
                              one);
}

static qhm_status search_circuits(const qhm_oracle *oracle, uint64_t seed, size_t number,
                                  qhm_ledger *ledger, qhm_bbht_result *one)
{
    return qhm_bbht_run(oracle, &(qhm_bbht_options){.seed = seed, .stream = number}, ledger, one);
}

static void add_search(const qhm_bbht_result *one, totals *t)
{
    const double values[2] = {(double)one->iterations, (double)one->measurements};
    for (size_t v = 0; v < 2; v++) {
        t->sums[v] += values[v];
        t->squares[v] += values[v] * values[v];
    }
    t->found += one->is_found;
    t->item = one->is_found ? one->item : t->item;
}

// Wide circuits, and many of them, from the amplitudes of the search.
static qhm_status run_unknown(const grover_options *options, const qhm_problem *problem,
                              const qhm_oracle *oracle, qhm_result *result)
{
    const size_t width = qhm_oracle_qubit_count(oracle) + qhm_oracle_work_count(oracle);
    const bool is_small = width <= 10 && options->shots <= 200;
    fast_searches fast = {.oracle = oracle,
                          .random = qhm_random_stream(problem->seed, QHM_RANDOM_SHOTS, 0, 0, 0),
                          .ledger = &result->ledger};
    totals t = {0};
    qhm_status status = QHM_OK;
    if (!is_small)
        status = qhm_search_state_ask(oracle, &fast.state);
    if (!is_small && status == QHM_OK)
        status = qhm_search_price_find(oracle, NULL, &fast.price);
    for (size_t i = 0; i < options->shots && status == QHM_OK; i++) {
        qhm_bbht_result one = {0};
        status = is_small ? search_circuits(oracle, problem->seed, i, &result->ledger, &one)
                          : search_fast(&fast, &one);
        add_search(&one, &t);
    }
    qhm_search_state_release(&fast.state);
    if (status != QHM_OK)
        return status;
    describe_unknown(&t, (double)options->shots, result);
    if (!is_small)
        qhm_result_note(result, DRAWN_NOTE);
    return QHM_OK;
}

static qhm_status describe_oracle(const qhm_oracle *oracle, qhm_result *result)
{
    qhm_circuit *call;
    qhm_ledger price;
    QHM_TRY(qhm_oracle_circuit_create(oracle, M_PI, 0, &call));
    const qhm_status status = qhm_circuit_count_ledger(call, NULL, &price);
    qhm_circuit_destroy(call);
    QHM_TRY(status);
    qhm_result_count(result->answer, "oracle_t_gates", qhm_ledger_total(&price).t_gates);
    qhm_result_count(result->answer, "oracle_work_qubits", qhm_oracle_work_count(oracle));
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const grover_options *options = given;
    qhm_marked_items items;
    size_t count = 0;
    QHM_TRY(qhm_marked_items_read(&options->items, problem, &items));
    qhm_status status = check_count(options, problem, &items, &count);
    const double share = ldexp((double)count, -(int)qhm_oracle_qubit_count(items.oracle));
    if (status == QHM_OK)
        status = options->method == UNKNOWN
                     ? run_unknown(options, problem, items.oracle, result)
                     : run_known(options, problem, items.oracle, share, result);
    if (status == QHM_OK)
        status = describe_oracle(items.oracle, result);
    if (status == QHM_OK)
        items.product ? divide(&items, result) : scan(&items, result);
    tell_factors(&items, result->answer);
    tell_factors(&items, result->opponent);
    if (items.scores)
        qhm_result_note(result,
                        "Each call loads and unloads all %zu scores. Whoever loads them "
                        "reads each once, which is all that a scan does.",
                        items.score_count);
    qhm_result_note(result, "Iterations follow one another: P machines search sqrt(P) times "
                            "faster, P processors P times.");
    qhm_marked_items_release(&items);
    return status;
}

const qhm_algorithm qhm_algorithm_grover = {
    .info = {.name = "grover",
             .help = "search for marked items: plain, exact, fixed point, or of unknown number",
             .details = "An iteration calls the oracle, which computes its condition and takes it "
                        "back, and reflects about the\nstate that was prepared; about (pi/4) "
                        "sqrt(N/M) of them find one of M items among N, where a scan takes\n(N + "
                        "1)/(M + 1) checks. Too many lose it again. `unknown` does not rest on "
                        "`count`: rounds of random\nlength, each with a classical check "
                        "[boyer1998]. [grover1996, brassard2002, yoder2014]\n",
             .example = "qubits: 4\nmarked: [5]\nmethod: plain\nshots: 100\n",
             .fields = fields},
    .options_size = sizeof(grover_options),
    .run = run,
};
