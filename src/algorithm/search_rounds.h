// Rounds of a search: iterations, then one item measured; as circuits or from two amplitudes.
#ifndef QHM_ALGORITHM_SEARCH_ROUNDS_H
#define QHM_ALGORITHM_SEARCH_ROUNDS_H

#include "base/status_internal.h"

#include <qhm/bbht.h>
#include <qhm/distribution.h>
#include <qhm/grover.h>
#include <qhm/random.h>

// Items by whether they are marked, all of equal weight. Zero-initialise.
typedef struct qhm_search_state {
    uint64_t *items[2]; // [counts[i]]: not marked, marked
    size_t counts[2];
} qhm_search_state;

QHM_MUST_CHECK qhm_status qhm_search_state_create(size_t count, const bool *marks,
                                                  qhm_search_state *state);
// Asks the oracle about every item, which a quantum computer would not have to.
QHM_MUST_CHECK qhm_status qhm_search_state_ask(const qhm_oracle *oracle, qhm_search_state *state);
void qhm_search_state_release(qhm_search_state *state);

// Measures after so many iterations.
uint64_t qhm_search_state_draw(const qhm_search_state *state, uint64_t iterations,
                               qhm_random *random);

// What runs of a plain search take, by their iterations. Zero-initialise.
typedef struct qhm_search_price {
    qhm_ledger zero, one, more; // no iteration, one, and each after the first
} qhm_search_price;

QHM_MUST_CHECK qhm_status qhm_search_price_find(const qhm_oracle *oracle,
                                                const qhm_circuit *preparation,
                                                qhm_search_price *price);
// Adds `runs` of them to a ledger.
void qhm_search_price_add(const qhm_search_price *price, uint64_t iterations, uint64_t runs,
                          qhm_ledger *ledger);

// Times that data is brought into a state in a run.
uint64_t qhm_search_load_count(const qhm_oracle *oracle, const qhm_circuit *preparation,
                               uint64_t iterations);

// Shots of a whole search from its amplitudes, which are equal among items that are marked and
// among those that are not, counted as its circuit would be. As qhm_counted_shots.
QHM_MUST_CHECK qhm_status qhm_search_draw_shots(const qhm_oracle *oracle,
                                                const qhm_grover_options *options, size_t shots,
                                                uint64_t seed, qhm_ledger *ledger,
                                                qhm_distribution **outcomes);

// Measures one item with the circuit itself; ledger may be NULL.
QHM_MUST_CHECK qhm_status qhm_search_measure_circuit(const qhm_oracle *oracle,
                                                     const qhm_circuit *preparation,
                                                     uint64_t iterations, uint64_t seed,
                                                     qhm_ledger *ledger, uint64_t *item);

// Measures one item after so many iterations and checks it.
typedef qhm_status (*qhm_search_measure)(void *context, uint64_t iterations, uint64_t *item,
                                         bool *is_marked);

// The rounds of an unknown number of marked items among `item_count`.
QHM_MUST_CHECK qhm_status qhm_search_unknown(double item_count, uint64_t most_iterations,
                                             qhm_random *random, qhm_search_measure measure,
                                             void *context, qhm_bbht_result *result);

#endif
