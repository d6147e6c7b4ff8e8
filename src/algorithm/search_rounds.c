// Rounds of a search: iterations, then one item measured; as circuits or from two amplitudes.
#include "algorithm/search_rounds.h"

#include "algorithm/counted_run.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

void qhm_search_state_release(qhm_search_state *state)
{
    qhm_release(state->items[0]);
    qhm_release(state->items[1]);
    *state = (qhm_search_state){0};
}

qhm_status qhm_search_state_create(size_t count, const bool *marks, qhm_search_state *state)
{
    qhm_search_state made = {0};
    for (size_t i = 0; i < count; i++)
        made.counts[marks[i]]++;
    qhm_status status = qhm_allocate(made.counts[0], sizeof *made.items[0], &made.items[0]);
    if (status == QHM_OK)
        status = qhm_allocate(made.counts[1], sizeof *made.items[1], &made.items[1]);
    if (status != QHM_OK) {
        qhm_search_state_release(&made);
        return status;
    }
    size_t next[2] = {0, 0};
    for (size_t i = 0; i < count; i++)
        made.items[marks[i]][next[marks[i]]++] = i;
    *state = made;
    return QHM_OK;
}

qhm_status qhm_search_state_ask(const qhm_oracle *oracle, qhm_search_state *state)
{
    const size_t qubits = qhm_oracle_qubit_count(oracle);
    bool *marks;
    if (qubits > 28)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "2^%zu items are more than 2^28", qubits);
    const size_t count = (size_t)1 << qubits;
    QHM_TRY(qhm_allocate(count, sizeof *marks, &marks));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = qhm_oracle_check(oracle, i, &marks[i]);
    if (status == QHM_OK)
        status = qhm_search_state_create(count, marks, state);
    qhm_release(marks);
    return status;
}

uint64_t qhm_search_state_draw(const qhm_search_state *state, uint64_t iterations,
                               qhm_random *random)
{
    const double share = (double)state->counts[1] / (double)(state->counts[0] + state->counts[1]);
    const double probability = qhm_grover_probability(share, (size_t)iterations);
    bool is_marked = qhm_random_uniform(random) < probability;
    if (state->counts[is_marked] == 0) // by rounding alone
        is_marked = !is_marked;
    return state->items[is_marked][qhm_random_below(random, state->counts[is_marked])];
}

uint64_t qhm_search_load_count(const qhm_oracle *oracle, const qhm_circuit *preparation,
                               uint64_t iterations)
{
    return (preparation ? 2 * iterations + 1 : 0) + iterations * qhm_oracle_load_count(oracle);
}

// The exact kind's further qubit keeps a share `damping` of each marked item; what it drops stays
// among the items that are not found, as much of each as of these.
static uint64_t draw_outcome(const qhm_search_state *state, double probability, double damping,
                             size_t qubits, qhm_random *random)
{
    const double marked = (double)state->counts[1], others = (double)state->counts[0];
    const double dropped = marked * (1 - damping);
    bool is_hit = qhm_random_uniform(random) < probability;
    if (is_hit ? marked == 0 : others + dropped <= 0) // by rounding alone
        is_hit = !is_hit;
    const bool is_dropped = !is_hit && qhm_random_uniform(random) * (others + dropped) < dropped;
    const bool is_marked = is_hit || is_dropped;
    const bool is_kept = is_hit || (!is_dropped && qhm_random_uniform(random) < damping);
    const uint64_t item =
        state->items[is_marked][qhm_random_below(random, state->counts[is_marked])];
    return item | (uint64_t)is_kept << qubits;
}

static qhm_status draw_shots(const qhm_oracle *oracle, const qhm_grover_options *options,
                             const qhm_grover_plan *plan, size_t shots, uint64_t seed,
                             qhm_distribution *outcomes)
{
    const size_t qubits = qhm_oracle_qubit_count(oracle);
    const bool is_exact = options->kind == QHM_GROVER_EXACT;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0, 0, 0);
    qhm_search_state state = {0};
    QHM_TRY(qhm_search_state_ask(oracle, &state));
    const double share = (double)state.counts[1] / (double)(state.counts[0] + state.counts[1]);
    const double probability =
        options->kind == QHM_GROVER_FIXED_POINT
            ? qhm_grover_fixed_point_probability(share, options->delta, plan->length)
            : qhm_grover_probability(share * plan->damping, plan->iterations);
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < shots && status == QHM_OK; i++) {
        uint64_t bits = draw_outcome(&state, probability, plan->damping, qubits, &random);
        bits &= is_exact ? UINT64_MAX : ((uint64_t)1 << qubits) - 1;
        status = qhm_distribution_append(outcomes, &bits, 1);
    }
    qhm_search_state_release(&state);
    return status;
}

static qhm_status find_ledger(const qhm_oracle *oracle, const qhm_circuit *preparation,
                              size_t iterations, qhm_ledger *ledger)
{
    qhm_circuit *circuit;
    const qhm_grover_options options = {
        .preparation = preparation, .iterations = iterations, .is_measured = true};
    QHM_TRY(qhm_grover_create(oracle, &options, &circuit));
    const qhm_status status =
        qhm_circuit_count_ledger(circuit,
                                 &(qhm_ledger_options){.state_preparations = qhm_search_load_count(
                                                           oracle, preparation, iterations),
                                                       .oracle_calls = iterations},
                                 ledger);
    qhm_circuit_destroy(circuit);
    return status;
}

enum { COUNTS = sizeof(qhm_ledger) / sizeof(uint64_t) };
_Static_assert(sizeof(qhm_ledger) == COUNTS * sizeof(uint64_t), "a ledger is counts alone");

// a + times * b, count by count.
static qhm_ledger combine(const qhm_ledger *a, uint64_t times, const qhm_ledger *b)
{
    uint64_t sum[COUNTS], more[COUNTS];
    qhm_ledger result;
    memcpy(sum, a, sizeof sum);
    memcpy(more, b, sizeof more);
    for (size_t i = 0; i < COUNTS; i++)
        sum[i] += times * more[i]; // differences may be "negative": arithmetic modulo 2^64
    memcpy(&result, sum, sizeof result);
    return result;
}

qhm_status qhm_search_price_find(const qhm_oracle *oracle, const qhm_circuit *preparation,
                                 qhm_search_price *price)
{
    qhm_ledger two;
    QHM_TRY(find_ledger(oracle, preparation, 0, &price->zero));
    QHM_TRY(find_ledger(oracle, preparation, 1, &price->one));
    QHM_TRY(find_ledger(oracle, preparation, 2, &two));
    price->more = combine(&two, UINT64_MAX, &price->one);
    return QHM_OK;
}

void qhm_search_price_add(const qhm_search_price *price, uint64_t iterations, uint64_t runs,
                          qhm_ledger *ledger)
{
    qhm_ledger run =
        iterations == 0 ? price->zero : combine(&price->one, iterations - 1, &price->more);
    qhm_ledger_repeat(&run, runs);
    run.circuits = 1; // shots of one circuit
    qhm_ledger_add(ledger, &run);
}

// A long plain search repeats one iteration; other kinds are counted gate by gate.
static qhm_status add_search(const qhm_oracle *oracle, const qhm_grover_options *options,
                             const qhm_grover_plan *plan, size_t shots, qhm_ledger *ledger)
{
    qhm_circuit *circuit;
    qhm_ledger run;
    if (options->kind == QHM_GROVER_PLAIN) {
        qhm_search_price price = {0};
        QHM_TRY(qhm_search_price_find(oracle, NULL, &price));
        qhm_search_price_add(&price, plan->iterations, shots, ledger);
        return QHM_OK;
    }
    QHM_TRY(qhm_grover_create(oracle, options, &circuit));
    const qhm_ledger_options counts = {.state_preparations =
                                           qhm_search_load_count(oracle, NULL, plan->iterations),
                                       .oracle_calls = plan->iterations};
    const qhm_status status = qhm_circuit_count_ledger(circuit, &counts, &run);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    qhm_ledger_repeat(&run, shots);
    run.circuits = 1; // shots of one circuit
    qhm_ledger_add(ledger, &run);
    return QHM_OK;
}

qhm_status qhm_search_draw_shots(const qhm_oracle *oracle, const qhm_grover_options *options,
                                 size_t shots, uint64_t seed, qhm_ledger *ledger,
                                 qhm_distribution **outcomes)
{
    qhm_grover_plan plan;
    qhm_distribution *drawn;
    const bool is_exact = options->kind == QHM_GROVER_EXACT;
    QHM_TRY(qhm_grover_find_plan(options, &plan));
    QHM_TRY(qhm_distribution_create(qhm_oracle_qubit_count(oracle) + is_exact, &drawn));
    qhm_status status = draw_shots(oracle, options, &plan, shots, seed, drawn);
    if (status == QHM_OK)
        status = add_search(oracle, options, &plan, shots, ledger);
    if (status != QHM_OK) {
        qhm_distribution_destroy(drawn);
        return status;
    }
    *outcomes = drawn;
    return QHM_OK;
}

qhm_status qhm_search_measure_circuit(const qhm_oracle *oracle, const qhm_circuit *preparation,
                                      uint64_t iterations, uint64_t seed, qhm_ledger *ledger,
                                      uint64_t *item)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    qhm_ledger unwanted = {0};
    const qhm_grover_options options = {
        .preparation = preparation, .iterations = (size_t)iterations, .is_measured = true};
    const qhm_run_counts counts = {qhm_search_load_count(oracle, preparation, iterations),
                                   iterations};
    QHM_TRY(qhm_grover_create(oracle, &options, &circuit));
    const qhm_status status =
        qhm_counted_shots(circuit, 1, seed, &counts, ledger ? ledger : &unwanted, &outcomes);
    if (status == QHM_OK) {
        const uint64_t *bits;
        qhm_distribution_outcome(outcomes, 0, &bits, NULL);
        *item = bits[0];
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

qhm_status qhm_search_unknown(double item_count, uint64_t most_iterations, qhm_random *random,
                              qhm_search_measure measure, void *context, qhm_bbht_result *result)
{
    qhm_bbht_result found = {0};
    for (double m = 1; !found.is_found; m = fmin(1.2 * m, sqrt(item_count))) {
        const uint64_t iterations = qhm_random_below(random, (uint64_t)ceil(m));
        if (found.iterations + iterations > most_iterations)
            break;
        QHM_TRY(measure(context, iterations, &found.item, &found.is_found));
        found.iterations += iterations;
        found.measurements++;
    }
    *result = found;
    return QHM_OK;
}
