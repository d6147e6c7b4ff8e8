// Search for an unknown number of marked items.
#include <qhm/bbht.h>

#include "algorithm/search_rounds.h"

#include <math.h>

typedef struct rounds {
    const qhm_oracle *oracle;
    const qhm_bbht_options *options;
    qhm_random random;
    qhm_search_state state; // of amplitudes
    qhm_search_price price;
    qhm_ledger *ledger;
} rounds;

static qhm_status measure_amplitudes(rounds *r, uint64_t iterations, uint64_t *item)
{
    *item = qhm_search_state_draw(&r->state, iterations, &r->random);
    if (r->ledger)
        qhm_search_price_add(&r->price, iterations, 1, r->ledger);
    return QHM_OK;
}

static qhm_status measure(void *context, uint64_t iterations, uint64_t *item, bool *is_marked)
{
    rounds *r = context;
    QHM_TRY(r->options->execution == QHM_SEARCH_AMPLITUDES
                ? measure_amplitudes(r, iterations, item)
                : qhm_search_measure_circuit(r->oracle, r->options->preparation, iterations,
                                             qhm_random_u64(&r->random), r->ledger, item));
    return qhm_oracle_check(r->oracle, *item, is_marked);
}

qhm_status qhm_bbht_run(const qhm_oracle *oracle, const qhm_bbht_options *options,
                        qhm_ledger *ledger, qhm_bbht_result *result)
{
    static const qhm_bbht_options defaults;
    QHM_REQUIRE(oracle && result, "oracle or result is NULL");
    rounds r = {.oracle = oracle, .options = options ? options : &defaults, .ledger = ledger};
    r.random =
        qhm_random_stream(r.options->seed, QHM_RANDOM_SHOTS, 0x62626874, r.options->stream, 0);
    const double count = pow(2, (double)qhm_oracle_qubit_count(oracle));
    const uint64_t most =
        r.options->most_iterations ? r.options->most_iterations : (uint64_t)ceil(9 * sqrt(count));
    const bool is_amplitudes = r.options->execution == QHM_SEARCH_AMPLITUDES;
    QHM_REQUIRE(!is_amplitudes || !r.options->preparation,
                "a search by amplitudes has no preparation of its own");
    qhm_status status = is_amplitudes ? qhm_search_state_ask(oracle, &r.state) : QHM_OK;
    if (status == QHM_OK && is_amplitudes && ledger)
        status = qhm_search_price_find(oracle, NULL, &r.price);
    if (status == QHM_OK) {
        qhm_random turns =
            qhm_random_stream(r.options->seed, QHM_RANDOM_SHOTS, 0x62626874, r.options->stream, 1);
        status = qhm_search_unknown(count, most, &turns, measure, &r, result);
    }
    qhm_search_state_release(&r.state);
    return status;
}

qhm_status qhm_bbht_expected(double item_count, double marked_count, double *iterations,
                             double *measurements)
{
    QHM_REQUIRE(iterations && measurements, "iterations or measurements is NULL");
    QHM_REQUIRE(item_count >= 2 && marked_count >= 1 && marked_count <= item_count,
                "%g of %g items are marked, not 1 to all of at least 2", marked_count, item_count);
    const double theta = asin(sqrt(marked_count / item_count)), most = sqrt(item_count);
    double left = 1, mean_iterations = 0, mean_measurements = 0;
    for (double m = 1;; m = fmin(1.2 * m, most)) {
        const double c = ceil(m), twice = sin(2 * theta);
        // All marked: every round finds.
        const double found = fabs(twice) < 1e-12 ? 1 : 0.5 - sin(4 * c * theta) / (4 * c * twice);
        const double times = m < most ? 1 : 1 / found; // a geometric tail once m stays
        mean_iterations += left * times * (c - 1) / 2;
        mean_measurements += left * times;
        left *= 1 - found;
        if (m >= most)
            break;
    }
    *iterations = mean_iterations;
    *measurements = mean_measurements;
    return QHM_OK;
}
