// Lookups against the table, and their counts against the circuits.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "base/statistics.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/lookup.h>

enum { LARGEST = 64 };

static const uint64_t words[LARGEST] = {
    5, 0, 3, 6, 1, 7, 2, 4, 4, 4, 1, 0, 7, 3, 3, 6, 2, 5, 7, 1, 0, 0, 6, 3, 5, 2, 7, 7, 1, 4, 0, 6,
    3, 1, 5, 0, 2, 6, 4, 7, 0, 5, 3, 1, 6, 2, 2, 4, 7, 0, 1, 5, 3, 4, 6, 2, 1, 1, 0, 7, 5, 3, 4, 2};

// Every address with an amplitude of its own, signs and phases too.
static void require_query(qhm_lookup_method method, size_t n, size_t b, size_t swap_bits)
{
    uint64_t table[8];
    for (size_t i = 0; i < (size_t)1 << n; i++)
        table[i] = words[i] & ((1U << b) - 1);
    const qhm_lookup_data data = {.address_bits = n, .word_bits = b, .words = table};
    qhm_circuit *query, *circuit;
    qhm_complex *state, *before;
    REQUIRE_OK(qhm_lookup_create(method, &data, swap_bits, &query));
    REQUIRE_OK(qhm_circuit_create(qhm_circuit_qubit_count(query), 0, &circuit));
    for (uint32_t q = 0; q < n; q++) {
        const qhm_angle angles[3] = {qhm_angle_constant(0.9 + q), qhm_angle_constant(0.3 + q),
                                     qhm_angle_constant(-0.2 * q)};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_U, &q, angles));
    }
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &before));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, query, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    for (size_t a = 0; a < (size_t)1 << n; a++) {
        REQUIRE_NEAR(state[a | table[a] << n].re, before[a].re, 1e-12);
        REQUIRE_NEAR(state[a | table[a] << n].im, before[a].im, 1e-12);
    }
    qhm_release(before);
    qhm_release(state);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(query);
}

static void every_address_gets_its_word_and_work_qubits_are_clean(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 3; n++)
        require_query(QHM_LOOKUP_QROM, n, 3, 0);
    for (size_t s = 0; s <= 3; s++)
        require_query(QHM_LOOKUP_SELECT_SWAP, 3, 1, s);
    require_query(QHM_LOOKUP_SELECT_SWAP, 2, 3, 1);
    require_query(QHM_LOOKUP_BUCKET_BRIGADE, 1, 2, 0);
    require_query(QHM_LOOKUP_BUCKET_BRIGADE, 2, 3, 0);
}

// The sparse states are another simulator: larger trees are looked up there.
static void large_tables_are_looked_up_without_error(void **state)
{
    (void)state;
    for (int method = 0; method < QHM_LOOKUP_METHOD_COUNT; method++) {
        const qhm_lookup_data data = {.address_bits = 6, .word_bits = 3, .words = words};
        double fidelity;
        REQUIRE_OK(qhm_lookup_fidelity((qhm_lookup_method)method, &data, 2,
                                       &(qhm_lookup_noise){.trajectories = 1}, &fidelity, NULL));
        REQUIRE_NEAR(fidelity, 1, 1e-12);
    }
}

static void rounding_is_no_standard_error(void **state)
{
    (void)state;
    static const uint64_t few[] = {0, 1, 1, 0};
    const qhm_lookup_data data = {.address_bits = 2, .word_bits = 1, .words = few};
    for (int method = 0; method < QHM_LOOKUP_METHOD_COUNT; method++) {
        double fidelity, error;
        REQUIRE_OK(qhm_lookup_fidelity((qhm_lookup_method)method, &data, 1,
                                       &(qhm_lookup_noise){.trajectories = 1000}, &fidelity,
                                       &error));
        assert_true(error == 0);
        REQUIRE_OK(
            qhm_lookup_fidelity((qhm_lookup_method)method, &data, 1,
                                &(qhm_lookup_noise){.error = 0.01, .trajectories = 1000, .seed = 1},
                                &fidelity, &error));
        assert_true(error > 1e-3);
    }
}

static void counts_are_those_of_the_circuits(void **state)
{
    (void)state;
    for (int method = 0; method < QHM_LOOKUP_METHOD_COUNT; method++)
        for (size_t n = 1; n <= 6; n++)
            for (size_t s = 0; s <= (method == QHM_LOOKUP_SELECT_SWAP ? n : 0); s++) {
                uint64_t ones[LARGEST];
                for (size_t i = 0; i < LARGEST; i++)
                    ones[i] = 7; // no gate is saved by a zero
                const qhm_lookup_data data = {.address_bits = n, .word_bits = 3, .words = ones};
                qhm_circuit *circuit;
                qhm_ledger ledger;
                qhm_lookup_counts counts;
                REQUIRE_OK(qhm_lookup_create((qhm_lookup_method)method, &data, s, &circuit));
                REQUIRE_OK(qhm_circuit_count_ledger(circuit, NULL, &ledger));
                REQUIRE_OK(qhm_lookup_count((qhm_lookup_method)method, &data, s, &counts));
                const qhm_phase_counts total = qhm_ledger_total(&ledger);
                assert_int_equal(counts.qubits, ledger.qubits);
                assert_int_equal(counts.toffolis, total.by_gate[QHM_GATE_CCX]);
                assert_int_equal(counts.controlled_swaps, total.by_gate[QHM_GATE_CSWAP]);
                assert_int_equal(counts.t_gates, total.t_gates);
                assert_int_equal(counts.clifford_gates,
                                 total.one_qubit_gates + total.two_qubit_gates);
                qhm_circuit_destroy(circuit);
            }
}

// One way down for the address: 2 N - 2 - lg N operations with the bus; two controlled swaps each.
static void routers_are_counted_as_published(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        uint64_t one_way;
    } cases[] = {{1, 1}, {2, 4}, {3, 11}, {4, 26}, {10, 2036}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const qhm_lookup_data data = {.address_bits = cases[i].n, .word_bits = 1};
        qhm_lookup_counts counts;
        REQUIRE_OK(qhm_lookup_count(QHM_LOOKUP_BUCKET_BRIGADE, &data, 0, &counts));
        assert_int_equal(counts.routers, ((uint64_t)1 << cases[i].n) - 1);
        assert_int_equal(counts.routing_operations, 2 * cases[i].one_way);
        assert_int_equal(counts.controlled_swaps, 4 * cases[i].one_way);
    }
}

// Infidelity grows as a power of N near 1 for the QROM, well below it for the tree, though the tree
// has more gates.
static void errors_in_the_tree_do_not_grow_with_the_cells(void **state)
{
    (void)state;
    double cells[4], losses[2][4];
    const qhm_lookup_method methods[2] = {QHM_LOOKUP_QROM, QHM_LOOKUP_BUCKET_BRIGADE};
    for (size_t i = 0; i < 4; i++)
        for (size_t m = 0; m < 2; m++) {
            const qhm_lookup_data data = {.address_bits = 3 + i, .word_bits = 1, .words = words};
            uint64_t bits[LARGEST];
            for (size_t k = 0; k < LARGEST; k++)
                bits[k] = words[k] & 1;
            qhm_lookup_data one = data;
            one.words = bits;
            double fidelity;
            REQUIRE_OK(qhm_lookup_fidelity(
                methods[m], &one, 0,
                &(qhm_lookup_noise){.error = 2e-4, .trajectories = 600, .seed = 5}, &fidelity,
                NULL));
            cells[i] = (double)(8 << i);
            losses[m][i] = 1 - fidelity;
        }
    const double flat = qhm_statistics_log_slope(cells, losses[0], 4);
    const double tree = qhm_statistics_log_slope(cells, losses[1], 4);
    assert_true(flat > 0.7);
    assert_true(tree < flat - 0.15);
}

static void ill_posed_tables_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    qhm_lookup_data data = {.address_bits = 2, .word_bits = 2, .words = words};
    REQUIRE_FAILS(qhm_lookup_create(QHM_LOOKUP_QROM, &data, 0, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "word 0 is 5, which does not fit into 2 bits");
    data.word_bits = 65;
    REQUIRE_FAILS(qhm_lookup_create(QHM_LOOKUP_QROM, &data, 0, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "word_bits is 65");
    data.word_bits = 3;
    REQUIRE_FAILS(qhm_lookup_create(QHM_LOOKUP_SELECT_SWAP, &data, 3, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "swap_bits is 3");
    assert_null(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address_gets_its_word_and_work_qubits_are_clean),
        cmocka_unit_test(large_tables_are_looked_up_without_error),
        cmocka_unit_test(rounding_is_no_standard_error),
        cmocka_unit_test(counts_are_those_of_the_circuits),
        cmocka_unit_test(routers_are_counted_as_published),
        cmocka_unit_test(errors_in_the_tree_do_not_grow_with_the_cells),
        cmocka_unit_test(ill_posed_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
