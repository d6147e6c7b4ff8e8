// Searches drawn from their amplitudes, held against their circuits: outcomes and price.
#include "algorithm/search_rounds.h"

#include "algorithm/counted_run.h"
#include "support/checks.h"

#include <math.h>
#include <string.h>

enum { QUBITS = 4, SHOTS = 20000, OUTCOMES = 1 << (QUBITS + 1) };

static void count_outcomes(const qhm_distribution *outcomes, double *shares)
{
    memset(shares, 0, OUTCOMES * sizeof *shares);
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        shares[bits[0]] += weight / SHOTS;
    }
}

static void require_same(const qhm_oracle *oracle, const qhm_grover_options *options)
{
    qhm_grover_plan plan;
    qhm_circuit *circuit;
    qhm_distribution *drawn, *run;
    qhm_ledger price = {0}, count = {0};
    double shares[2][OUTCOMES];
    REQUIRE_OK(qhm_grover_find_plan(options, &plan));
    REQUIRE_OK(qhm_grover_create(oracle, options, &circuit));
    const qhm_run_counts per_run = {qhm_search_load_count(oracle, NULL, plan.iterations),
                                    plan.iterations};
    REQUIRE_OK(qhm_counted_shots(circuit, SHOTS, 1, &per_run, &count, &run));
    REQUIRE_OK(qhm_search_draw_shots(oracle, options, SHOTS, 2, &price, &drawn));
    assert_memory_equal(&price, &count, sizeof price);
    count_outcomes(run, shares[0]);
    count_outcomes(drawn, shares[1]);
    for (size_t i = 0; i < OUTCOMES; i++) {
        const double share = fmax(shares[0][i], 1.0 / SHOTS);
        REQUIRE_NEAR(shares[1][i], shares[0][i], 6 * sqrt(2 * share / SHOTS));
    }
    qhm_distribution_destroy(drawn);
    qhm_distribution_destroy(run);
    qhm_circuit_destroy(circuit);
}

// Three of sixteen items, with shares that are right and wrong: a wrong one leaves items that are
// marked but that the exact kind's qubit drops.
static void amplitudes_give_what_circuits_do(void **state)
{
    (void)state;
    static const uint64_t scores[] = {7, 3, 0, 1, 6, 3, 5, 4, 7, 7, 6, 3, 4, 5, 2, 6};
    static const double shares[] = {3.0 / 16, 1.0 / 16, 0.5};
    qhm_oracle *oracle;
    REQUIRE_OK(qhm_oracle_create_less(QUBITS, 3, scores, 16, 3, &oracle)); // items 2, 3, 14
    for (int kind = QHM_GROVER_PLAIN; kind < QHM_GROVER_KIND_COUNT; kind++)
        for (size_t i = 0; i < 3; i++)
            require_same(oracle, &(qhm_grover_options){.kind = (qhm_grover_kind)kind,
                                                       .iterations = i + 1,
                                                       .share = shares[i],
                                                       .delta = 0.3,
                                                       .is_measured = true});
    qhm_oracle_destroy(oracle);
}

// A state is prepared once, then undone and done in each iteration; a table is loaded twice a call.
static void a_prepared_state_is_loaded_in_each_iteration(void **state)
{
    (void)state;
    static const uint64_t scores[] = {2, 0, 3, 1};
    qhm_oracle *listed, *loaded;
    qhm_circuit *preparation;
    REQUIRE_OK(qhm_oracle_create_marked(2, (uint64_t[]){2}, 1, &listed));
    REQUIRE_OK(qhm_oracle_create_less(2, 2, scores, 4, 1, &loaded));
    REQUIRE_OK(qhm_circuit_create(2, 0, &preparation));
    REQUIRE_OK(qhm_circuit_append(preparation, QHM_GATE_H, (uint32_t[]){0}, NULL));
    assert_int_equal(qhm_search_load_count(listed, NULL, 5), 0);
    assert_int_equal(qhm_search_load_count(listed, preparation, 0), 1);
    assert_int_equal(qhm_search_load_count(listed, preparation, 5), 11);
    assert_int_equal(qhm_search_load_count(loaded, NULL, 5), 10);
    assert_int_equal(qhm_search_load_count(loaded, preparation, 5), 21);
    // Three runs of two iterations: the ledger of all.
    qhm_search_price price;
    qhm_ledger ledger = {0};
    REQUIRE_OK(qhm_search_price_find(loaded, preparation, &price));
    qhm_search_price_add(&price, 2, 3, &ledger);
    assert_int_equal(ledger.state_preparations, 3 * 9);
    assert_int_equal(ledger.oracle_calls, 3 * 2);
    qhm_circuit_destroy(preparation);
    qhm_oracle_destroy(loaded);
    qhm_oracle_destroy(listed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amplitudes_give_what_circuits_do),
        cmocka_unit_test(a_prepared_state_is_loaded_in_each_iteration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
