// Smallest or largest values of a table by searches for better ones.
#include <qhm/minimum.h>

#include "algorithm/counted_run.h"
#include "algorithm/search_rounds.h"
#include "base/memory.h"

#include <math.h>

typedef struct climb {
    const qhm_minimum_table *table;
    const qhm_minimum_options *options;
    size_t k, size;         // size: addresses, 2^n
    uint64_t *values;       // [size]: smaller is better; what is held has the worst value of all
    uint64_t *better;       // [size]: the same without what is held
    size_t *held;           // [k]: items, the best first
    bool *marks;            // [size]
    uint64_t threshold;     // the worst value that is held
    qhm_oracle *oracle;     // for circuits, or their price
    qhm_search_state state; // for amplitudes
    qhm_search_price price;
    qhm_random turns, shots; // lengths of rounds; outcomes
    qhm_ledger *ledger;
} climb;

static void release_climb(climb *c)
{
    qhm_release(c->values);
    qhm_release(c->better);
    qhm_release(c->held);
    qhm_release(c->marks);
    qhm_oracle_destroy(c->oracle);
    qhm_search_state_release(&c->state);
}

static qhm_status open_climb(climb *c)
{
    const uint64_t worst = ((uint64_t)1 << c->table->width) - 1;
    QHM_TRY(qhm_allocate(c->size, sizeof *c->values, &c->values));
    QHM_TRY(qhm_allocate(c->size, sizeof *c->better, &c->better));
    QHM_TRY(qhm_allocate(c->size, sizeof *c->marks, &c->marks));
    QHM_TRY(qhm_allocate(c->k, sizeof *c->held, &c->held));
    for (size_t i = 0; i < c->size; i++) {
        const uint64_t value = i < c->table->count ? c->table->values[i] : worst;
        c->values[i] = c->options->is_largest && i < c->table->count ? worst - value : value;
    }
    return QHM_OK;
}

static bool is_better(const climb *c, size_t a, size_t b)
{
    const uint64_t value = c->values[a], other = c->values[b];
    return value < other || (value == other && a < b);
}

// Keeps the items that are held in order after the last of them changed.
static void sort_held(climb *c)
{
    for (size_t i = 1; i < c->k; i++)
        for (size_t j = i; j > 0 && is_better(c, c->held[j], c->held[j - 1]); j--) {
            const size_t item = c->held[j];
            c->held[j] = c->held[j - 1];
            c->held[j - 1] = item;
        }
}

static bool is_held(const climb *c, size_t count, size_t item)
{
    for (size_t i = 0; i < count; i++)
        if (c->held[i] == item)
            return true;
    return false;
}

static void draw_first(climb *c)
{
    for (size_t i = 0; i < c->k; i++) {
        do
            c->held[i] = (size_t)qhm_random_below(&c->turns, c->table->count);
        while (is_held(c, i, c->held[i]));
    }
    sort_held(c);
}

// A new threshold is a new circuit: what is held is overwritten, the bound is another.
static qhm_status set_threshold(climb *c)
{
    const bool is_fast = c->options->execution == QHM_SEARCH_AMPLITUDES;
    c->threshold = c->values[c->held[c->k - 1]];
    for (size_t i = 0; i < c->size; i++)
        c->better[i] = c->values[i];
    for (size_t i = 0; i < c->k; i++)
        c->better[c->held[i]] = ((uint64_t)1 << c->table->width) - 1;
    if (is_fast) {
        for (size_t i = 0; i < c->size; i++)
            c->marks[i] = c->better[i] < c->threshold;
        qhm_search_state_release(&c->state);
        QHM_TRY(qhm_search_state_create(c->size, c->marks, &c->state));
    }
    if (is_fast && !c->ledger)
        return QHM_OK;
    qhm_oracle_destroy(c->oracle);
    c->oracle = NULL;
    QHM_TRY(qhm_oracle_create_less(c->table->qubit_count, c->table->width, c->better,
                                   c->table->count, c->threshold, &c->oracle));
    return is_fast ? qhm_search_price_find(c->oracle, NULL, &c->price) : QHM_OK;
}

static qhm_status measure(void *context, uint64_t iterations, uint64_t *item, bool *is_marked)
{
    climb *c = context;
    if (c->options->execution == QHM_SEARCH_AMPLITUDES) {
        *item = qhm_search_state_draw(&c->state, iterations, &c->shots);
        if (c->ledger)
            qhm_search_price_add(&c->price, iterations, 1, c->ledger);
    } else {
        QHM_TRY(qhm_search_measure_circuit(c->oracle, NULL, iterations, qhm_random_u64(&c->shots),
                                           c->ledger, item));
    }
    *is_marked = c->better[*item] < c->threshold; // one look at the table
    return QHM_OK;
}

static qhm_status run_climb(climb *c, uint64_t most, qhm_minimum_result *result)
{
    qhm_minimum_result r = {.thresholds = 1};
    draw_first(c);
    for (;;) {
        qhm_bbht_result round;
        QHM_TRY(set_threshold(c));
        QHM_TRY(qhm_search_unknown((double)c->size, most - r.iterations, &c->turns, measure, c,
                                   &round));
        r.iterations += round.iterations;
        r.measurements += round.measurements;
        if (!round.is_found)
            break;
        r.thresholds++;
        r.last_iterations = r.iterations;
        r.last_measurements = r.measurements;
        c->held[c->k - 1] = (size_t)round.item;
        sort_held(c);
    }
    *result = r;
    return QHM_OK;
}

static qhm_status check_table(const qhm_minimum_table *t)
{
    QHM_REQUIRE(t->qubit_count >= 1 && t->qubit_count <= 20, "qubit_count is %zu, not 1 to 20",
                t->qubit_count);
    QHM_REQUIRE(t->width >= 1 && t->width <= 32, "width is %zu, not 1 to 32", t->width);
    QHM_REQUIRE(t->count >= 1 && t->count <= (size_t)1 << t->qubit_count,
                "count is %zu, not 1 to %zu", t->count, (size_t)1 << t->qubit_count);
    for (size_t i = 0; i < t->count; i++)
        QHM_REQUIRE(t->values[i] >> t->width == 0, "value %zu is %llu, not of %zu bits", i,
                    (unsigned long long)t->values[i], t->width);
    return QHM_OK;
}

qhm_status qhm_minimum_run(const qhm_minimum_table *table, const qhm_minimum_options *options,
                           qhm_ledger *ledger, size_t *items, qhm_minimum_result *result)
{
    static const qhm_minimum_options defaults;
    QHM_REQUIRE(table && table->values && items && result, "table, items or result is NULL");
    options = options ? options : &defaults;
    QHM_TRY(check_table(table));
    climb c = {.table = table,
               .options = options,
               .k = options->k ? options->k : 1,
               .size = (size_t)1 << table->qubit_count,
               .ledger = ledger};
    QHM_REQUIRE(c.k <= table->count, "k is %zu of %zu values", c.k, table->count);
    c.turns = qhm_random_stream(options->seed, QHM_RANDOM_SHOTS, 0x6d696e, options->stream, 0);
    c.shots = qhm_random_stream(options->seed, QHM_RANDOM_SHOTS, 0x6d696e, options->stream, 1);
    const double lg = (double)table->qubit_count;
    const uint64_t most = options->most_iterations
                              ? options->most_iterations
                              : (uint64_t)ceil(22.5 * sqrt((double)(c.k * c.size)) + 1.4 * lg * lg);
    qhm_status status = open_climb(&c);
    if (status == QHM_OK)
        status = run_climb(&c, most, result);
    for (size_t i = 0; i < c.k && status == QHM_OK; i++)
        items[i] = c.held[i];
    release_climb(&c);
    return status;
}

qhm_status qhm_minimum_expected(size_t item_count, size_t count, double *thresholds,
                                double *iterations, double *measurements)
{
    QHM_REQUIRE(thresholds && iterations && measurements, "a result is NULL");
    QHM_REQUIRE(count >= 1 && count <= item_count && item_count >= 2,
                "count is %zu of %zu addresses", count, item_count);
    double sums[3] = {1, 0, 0};
    for (size_t r = 2; r <= count; r++) {
        double one, checks;
        QHM_TRY(qhm_bbht_expected((double)item_count, (double)(r - 1), &one, &checks));
        sums[0] += 1 / (double)r;
        sums[1] += one / (double)r;
        sums[2] += checks / (double)r;
    }
    *thresholds = sums[0];
    *iterations = sums[1];
    *measurements = sums[2];
    return QHM_OK;
}
