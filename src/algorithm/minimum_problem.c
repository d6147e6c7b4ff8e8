// The problem "minimum": the k smallest or largest values of a list.
#include "algorithm/algorithm_internal.h"
#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/minimum.h>
#include <stdlib.h>

typedef struct minimum_options {
    const qhm_node *values;
    size_t k, bits, runs;
    bool largest;
} minimum_options;

static const qhm_option_info fields[] = {
    {.name = "values",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(minimum_options, values),
     .help = "a list of 2 numbers or more; required"},
    {.name = "k",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(minimum_options, k),
     .default_text = "1",
     .minimum = 1,
     .maximum = 1 << 20,
     .help = "how many of the best"},
    {.name = "largest",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(minimum_options, largest),
     .help = "the largest instead of the smallest"},
    {.name = "bits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(minimum_options, bits),
     .default_text = "12",
     .minimum = 1,
     .maximum = 32,
     .help =
         "of a stored value; whole numbers take as many as their range needs, if that is fewer"},
    {.name = "runs",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(minimum_options, runs),
     .default_text = "20",
     .minimum = 1,
     .maximum = 1e6,
     .help = "searches, each from the beginning"},
    {0},
};

typedef struct problem_table {
    double *given; // [table.count]
    uint64_t *stored;
    qhm_minimum_table table;
    double step; // between stored values; 0: exact
} problem_table;

// Values are stored from the least one up: whole numbers as they are where their range fits, others
// rounded to steps of it.
static void store_values(const minimum_options *options, problem_table *p)
{
    double least = INFINITY, most = -INFINITY;
    bool is_whole = true;
    for (size_t i = 0; i < p->table.count; i++) {
        least = fmin(least, p->given[i]);
        most = fmax(most, p->given[i]);
        is_whole = is_whole && p->given[i] == floor(p->given[i]) && fabs(p->given[i]) <= 0x1p52;
    }
    const double range = most - least;
    const bool is_exact = is_whole && range < ldexp(1, (int)options->bits);
    const size_t needed = is_exact ? qhm_bits_for((size_t)range + 1) : options->bits;
    p->table.width = needed > 0 ? needed : 1;
    const double highest = ldexp(1, (int)p->table.width) - 1;
    p->step = is_exact ? 0 : range / highest;
    for (size_t i = 0; i < p->table.count; i++)
        p->stored[i] =
            (uint64_t)fmin(highest, round((p->given[i] - least) / (p->step > 0 ? p->step : 1)));
}

static qhm_status read_table(const minimum_options *options, const qhm_problem *problem,
                             problem_table *p)
{
    QHM_TRY(qhm_problem_numbers(problem->node, options->values, "values", 2, &p->given,
                                &p->table.count));
    if (p->table.count > 1 << 12)
        return qhm_node_fail(options->values, "field 'values' has %zu entries, more than 4096",
                             p->table.count);
    if (options->k > p->table.count)
        return qhm_node_fail(problem->node, "k is %zu of %zu values", options->k, p->table.count);
    QHM_TRY(qhm_allocate(p->table.count, sizeof *p->stored, &p->stored));
    p->table.qubit_count = qhm_bits_for(p->table.count);
    store_values(options, p);
    p->table.values = p->stored;
    return QHM_OK;
}

typedef struct entry {
    double key;
    size_t item;
} entry;

static int compare_entries(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
                            : (x->item > y->item) - (x->item < y->item);
}

static void set_items(json_t *object, const problem_table *p, const size_t *items, size_t k)
{
    json_t *list = json_array(), *values = json_array();
    for (size_t i = 0; i < k; i++) {
        json_array_append_new(list, json_integer((json_int_t)items[i]));
        json_array_append_new(values, json_real(p->given[items[i]]));
    }
    json_object_set_new(object, "items", list);
    json_object_set_new(object, "values", values);
}

// The opponent: a scan for one value, a sort for several. best [k].
static qhm_status solve(const minimum_options *options, const problem_table *p, size_t *best,
                        qhm_result *result)
{
    entry *entries;
    const double sign = options->largest ? -1 : 1;
    QHM_TRY(qhm_allocate(p->table.count, sizeof *entries, &entries));
    const double start = qhm_algorithm_clock();
    if (options->k == 1) {
        best[0] = 0;
        for (size_t i = 1; i < p->table.count; i++)
            if (sign * p->given[i] < sign * p->given[best[0]])
                best[0] = i;
    } else {
        for (size_t i = 0; i < p->table.count; i++)
            entries[i] = (entry){sign * p->given[i], i};
        qsort(entries, p->table.count, sizeof *entries, compare_entries);
        for (size_t i = 0; i < options->k; i++)
            best[i] = entries[i].item;
    }
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
    qhm_release(entries);
    qhm_result_text(result->opponent, "method", options->k == 1 ? "linear scan" : "sort");
    qhm_result_count(result->opponent, "values_read", p->table.count);
    set_items(result->opponent, p, best, options->k);
    return QHM_OK;
}

typedef struct totals {
    double right, measurements, sums[4], squares[4];
} totals;

// Judged by the given values, afterwards: a run that ends on an equal value is right, one that ends
// on a value that only rounding made equal is not.
static bool is_right(const problem_table *p, const size_t *items, const size_t *best, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (p->given[items[i]] != p->given[best[i]])
            return false;
    return true;
}

static void describe(const minimum_options *options, const problem_table *p, const totals *t,
                     qhm_result *result)
{
    static const char *const names[4][2] = {
        {"mean_thresholds", "mean_thresholds_standard_error"},
        {"mean_iterations", "mean_iterations_standard_error"},
        {"mean_last_iterations", "mean_last_iterations_standard_error"},
        {"mean_last_measurements", "mean_last_measurements_standard_error"}};
    const double runs = (double)options->runs, rate = t->right / runs;
    qhm_result_number(result->answer, "success_rate", rate);
    qhm_result_number(result->answer, "standard_error", qhm_statistics_rate_error(rate, runs));
    for (size_t v = 0; v < 4; v++) {
        const double mean = t->sums[v] / runs;
        qhm_result_number(result->answer, names[v][0], mean);
        qhm_result_number(result->answer, names[v][1],
                          sqrt(fmax(0, t->squares[v] / runs - mean * mean) / runs));
    }
    qhm_result_count(result->answer, "classical_checks", (uint64_t)t->measurements);
    qhm_result_count(result->answer, "bits", p->table.width);
    if (p->step > 0)
        qhm_result_note(result,
                        "Values were rounded to steps of %.4g to be stored in %zu bits: the search "
                        "cannot tell apart what is closer, which the success rate counts as wrong.",
                        p->step, p->table.width);
    qhm_result_note(result,
                    "Each iteration loads and unloads all %zu values. Whoever loads them "
                    "reads each once, which is all that a scan does.",
                    p->table.count);
}

static qhm_status run_all(const minimum_options *options, const qhm_problem *problem,
                          const problem_table *p, size_t *items, size_t *best, qhm_result *result)
{
    const size_t width = 2 * p->table.qubit_count + 2 * p->table.width;
    totals t = {0};
    QHM_TRY(solve(options, p, best, result));
    for (size_t i = 0; i < options->runs; i++) {
        qhm_minimum_result one;
        const qhm_minimum_options given = {.k = options->k,
                                           .is_largest = options->largest,
                                           .execution = width <= 8 ? QHM_SEARCH_CIRCUITS
                                                                   : QHM_SEARCH_AMPLITUDES,
                                           .seed = problem->seed,
                                           .stream = i};
        QHM_TRY(qhm_minimum_run(&p->table, &given, &result->ledger, items, &one));
        const double seen[4] = {(double)one.thresholds, (double)one.iterations,
                                (double)one.last_iterations, (double)one.last_measurements};
        for (size_t v = 0; v < 4; v++) {
            t.sums[v] += seen[v];
            t.squares[v] += seen[v] * seen[v];
        }
        t.measurements += (double)one.measurements;
        t.right += is_right(p, items, best, options->k);
        if (i == 0)
            set_items(result->answer, p, items, options->k);
    }
    describe(options, p, &t, result);
    if (width > 8)
        qhm_result_note(result, "Outcomes were drawn from the two amplitudes that a search has; "
                                "the ledger is that of its circuits.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const minimum_options *options = given;
    problem_table p = {0};
    size_t *items = NULL;
    qhm_status status = read_table(options, problem, &p);
    if (status == QHM_OK)
        status = qhm_allocate(2 * options->k, sizeof *items, &items);
    if (status == QHM_OK)
        status = run_all(options, problem, &p, items, items + options->k, result);
    qhm_release(items);
    qhm_release(p.given);
    qhm_release(p.stored);
    return status;
}

const qhm_algorithm qhm_algorithm_minimum = {
    .info = {.name = "minimum",
             .help = "the smallest or largest values of a list, by searches for better ones",
             .details = "A threshold moves from a random value to ever better ones until 22.5 "
                        "sqrt(k N) + 1.4 lg(N)^2 iterations\nare used up: nothing tells earlier "
                        "that the best is found. Answer and items are those of the first run, "
                        "means\nthose of all; `last` counts up to the last better value. "
                        "[durr1996, durr2006]\n",
             .example = "values: [7, 3, 5, 1, 6, 2, 4, 0]\nk: 1\nruns: 5\n",
             .fields = fields},
    .options_size = sizeof(minimum_options),
    .run = run,
};
