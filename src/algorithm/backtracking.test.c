// Walks on trees whose spectra are known, the circuit against the walk on vertices, searches.
#include "algorithm/backtracking_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/backend.h>
#include <qhm/backtracking.h>
#include <qhm/distribution.h>
#include <qhm/plan.h>

static const qhm_backtracking_vertex top = {0, 0};

// The full binary tree with these leaves as solutions: a clause against each of the others.
static qhm_backtracking *tree_with(size_t n, uint64_t solutions)
{
    int literals[16 * 5];
    size_t count = 0;
    qhm_backtracking *tree;
    for (uint64_t leaf = 0; leaf < (uint64_t)1 << n; leaf++) {
        if (solutions >> leaf & 1)
            continue;
        for (int v = 0; v < (int)n; v++)
            literals[count++] = leaf >> v & 1 ? -v - 1 : v + 1;
        literals[count++] = 0;
    }
    if (count == 0) { // no clause that can be violated
        literals[count++] = 1;
        literals[count++] = -1;
        literals[count++] = 0;
    }
    REQUIRE_OK(qhm_backtracking_create(n, literals, count, &tree));
    return tree;
}

static double zero_probability(const qhm_backtracking *tree, size_t phase_qubits)
{
    double probability;
    REQUIRE_OK(qhm_backtracking_find_probability(tree, top, phase_qubits, &probability));
    return probability;
}

// Leaves are numbered with variable 0 in bit 0: 0 and 4 are siblings, 0 and 1 in opposite halves.
static void eigenvalue_one_has_the_weight_of_the_resistance(void **state)
{
    (void)state;
    static const struct {
        uint64_t solutions;
        double weight;
    } cases[] = {{1, .5}, {1 | 1 << 4, 6.0 / 11}, {1 | 1 << 1, 2.0 / 3}, {255, 24.0 / 31}, {0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_backtracking *tree = tree_with(3, cases[i].solutions);
        qhm_backtracking_scan scan;
        qhm_backtracking_visit(tree, &scan);
        assert_int_equal(scan.vertices, 15);
        REQUIRE_NEAR(zero_probability(tree, 16), cases[i].weight, 1e-6);
        qhm_backtracking_destroy(tree);
    }
}

static void phases_are_told_apart_from_four_bits_on(void **state)
{
    (void)state;
    static const double none[] = {.54604851, .10125594, .04020452, .00170650};
    static const double one[] = {.61067065, .50274720, .50240040, .50155626};
    qhm_backtracking *empty = tree_with(3, 0), *marked = tree_with(3, 1 << 6);
    for (size_t t = 3; t <= 6; t++) {
        REQUIRE_NEAR(zero_probability(empty, t), none[t - 3], 1e-8);
        REQUIRE_NEAR(zero_probability(marked, t), one[t - 3], 1e-8);
    }
    assert_int_equal(qhm_backtracking_phase_qubits(15, 3), 4);
    assert_int_equal(qhm_backtracking_phase_qubits(7, 2), 3);
    qhm_backtracking_destroy(empty);
    qhm_backtracking_destroy(marked);
}

// Trees without solutions have no weight on phase 0: that of each pair of phases +-phi is known.
static void small_trees_have_their_phases(void **state)
{
    (void)state;
    static const struct {
        size_t depth;
        double phases[2], weights[2];
    } cases[] = {{2, {.522315, M_PI}, {.857143, .142857}},
                 {3, {.281651, 2.228614}, {.843312, .156688}}};
    for (size_t c = 0; c < 2; c++) {
        qhm_backtracking *tree = tree_with(cases[c].depth, 0);
        for (size_t t = 1; t < 6; t++) {
            const double steps = (double)((size_t)1 << t);
            double expected = 0;
            for (size_t i = 0; i < 2; i++) {
                const double phase = cases[c].phases[i];
                const double kernel = sin(steps * phase / 2) / (steps * sin(phase / 2));
                expected += cases[c].weights[i] * kernel * kernel;
            }
            REQUIRE_NEAR(zero_probability(tree, t), expected, 1e-5);
        }
        qhm_backtracking_destroy(tree);
    }
}

static double circuit_probability(const qhm_backtracking *tree, qhm_backtracking_vertex root,
                                  size_t phase_qubits)
{
    qhm_circuit *circuit;
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_distribution *outcomes;
    REQUIRE_OK(qhm_backtracking_circuit_create(tree, root, phase_qubits, &circuit));
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0,
                               &(qhm_plan_options){.precision = QHM_FLOAT64}, &plan));
    REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &outcomes));
    const double probability = qhm_distribution_weight(outcomes, (uint64_t[]){0});
    qhm_distribution_destroy(outcomes);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    return probability;
}

// Trees that are cut early too, and subtrees.
static void circuits_walk_as_vertices_do(void **state)
{
    (void)state;
    static const int cut[] = {1, 2, 0, -1, 3, 0, -2, -3, 0};
    qhm_backtracking *trees[3] = {tree_with(2, 0), tree_with(2, 1 << 2), NULL};
    REQUIRE_OK(qhm_backtracking_create(3, cut, 9, &trees[2]));
    for (size_t i = 0; i < 3; i++) {
        REQUIRE_NEAR(circuit_probability(trees[i], top, 3), zero_probability(trees[i], 3), 1e-9);
        for (uint64_t bit = 0; bit < 2; bit++) {
            const qhm_backtracking_vertex child = {1, bit};
            double probability;
            REQUIRE_OK(qhm_backtracking_find_probability(trees[i], child, 3, &probability));
            REQUIRE_NEAR(circuit_probability(trees[i], child, 3), probability, 1e-9);
        }
        qhm_backtracking_destroy(trees[i]);
    }
}

static void solutions_are_found_where_there_are_any(void **state)
{
    (void)state;
    for (uint64_t leaf = 0; leaf < 8; leaf++) {
        qhm_backtracking *tree = tree_with(3, (uint64_t)1 << leaf);
        qhm_backtracking_result result;
        REQUIRE_OK(qhm_backtracking_run(
            tree, &(qhm_backtracking_options){.execution = QHM_SEARCH_AMPLITUDES, .repeats = 400},
            NULL, &result));
        assert_true(result.is_accepted && result.is_found);
        assert_int_equal(result.solution, leaf);
        qhm_backtracking_destroy(tree);
    }
    qhm_backtracking *empty = tree_with(3, 0);
    qhm_backtracking_result result;
    REQUIRE_OK(qhm_backtracking_run(
        empty, &(qhm_backtracking_options){.execution = QHM_SEARCH_AMPLITUDES}, NULL, &result));
    assert_false(result.is_accepted || result.is_found);
    // With a bound that is too small the phase cannot be told from 0.
    REQUIRE_OK(qhm_backtracking_run(empty,
                                    &(qhm_backtracking_options){.vertex_bound = 4,
                                                                .is_detection = true,
                                                                .execution = QHM_SEARCH_AMPLITUDES},
                                    NULL, &result));
    assert_true(result.is_accepted);
    qhm_backtracking_destroy(empty);
}

static void circuits_search_too_and_cost_the_same(void **state)
{
    (void)state;
    qhm_backtracking *tree = tree_with(2, 1 << 2);
    qhm_ledger ledgers[2] = {{0}, {0}};
    for (size_t e = 0; e < 2; e++) {
        qhm_backtracking_result result;
        REQUIRE_OK(qhm_backtracking_run(
            tree,
            &(qhm_backtracking_options){
                .execution = e ? QHM_SEARCH_AMPLITUDES : QHM_SEARCH_CIRCUITS, .repeats = 200},
            &ledgers[e], &result));
        assert_true(result.is_found);
        assert_int_equal(result.solution, 2);
        assert_int_equal(ledgers[e].oracle_calls, result.walk_steps);
    }
    assert_memory_equal(&ledgers[0], &ledgers[1], sizeof ledgers[0]);
    qhm_backtracking_destroy(tree);
}

// From four phase qubits on by circuits with one to three of them in use.
static void long_walks_are_charged_as_their_circuits(void **state)
{
    (void)state;
    static const int cut[] = {1, 2, 0, -1, 3, 0, -2, -3, 0};
    qhm_backtracking *tree;
    REQUIRE_OK(qhm_backtracking_create(3, cut, 9, &tree));
    for (size_t t = 1; t <= 6; t++) {
        qhm_circuit *circuit;
        qhm_ledger counted, priced;
        REQUIRE_OK(qhm_backtracking_circuit_create(tree, top, t, &circuit));
        REQUIRE_OK(qhm_circuit_count_ledger(
            circuit, &(qhm_ledger_options){.oracle_calls = ((uint64_t)1 << t) - 1}, &counted));
        REQUIRE_OK(qhm_backtracking_price(tree, top, t, &priced));
        assert_int_equal(priced.phases[QHM_PHASE_EXECUTE].t_gates,
                         counted.phases[QHM_PHASE_EXECUTE].t_gates);
        assert_int_equal(priced.depth, counted.depth);
        assert_memory_equal(&priced, &counted, sizeof counted);
        qhm_circuit_destroy(circuit);
    }
    qhm_backtracking_destroy(tree);
}

static void wrong_vertices_are_refused(void **state)
{
    (void)state;
    qhm_backtracking *tree = NULL;
    double probability;
    REQUIRE_FAILS(qhm_backtracking_create(2, (int[]){1, 3, 0}, 3, &tree),
                  QHM_ERROR_INVALID_ARGUMENT, "literal 3 is not from -2 to 2");
    REQUIRE_FAILS(qhm_backtracking_create(2, (int[]){0}, 1, &tree), QHM_ERROR_INVALID_ARGUMENT,
                  "a clause is empty");
    REQUIRE_OK(qhm_backtracking_create(2, (int[]){1, 0}, 2, &tree));
    REQUIRE_FAILS(
        qhm_backtracking_find_probability(tree, (qhm_backtracking_vertex){1, 0}, 2, &probability),
        QHM_ERROR_INVALID_ARGUMENT, "violates a clause");
    REQUIRE_FAILS(
        qhm_backtracking_find_probability(tree, (qhm_backtracking_vertex){2, 1}, 2, &probability),
        QHM_ERROR_INVALID_ARGUMENT, "level 2 of 2 has no subtree");
    qhm_backtracking_destroy(tree);
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_backtracking *tree;
    qhm_backtracking_result result;
    qhm_ledger ledger = {0};
    QHM_TRY(qhm_backtracking_create(2, (int[]){1, 2, 0}, 3, &tree));
    const qhm_status status = qhm_backtracking_run(
        tree, &(qhm_backtracking_options){.execution = QHM_SEARCH_AMPLITUDES, .is_detection = true},
        &ledger, &result);
    qhm_backtracking_destroy(tree);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvalue_one_has_the_weight_of_the_resistance),
        cmocka_unit_test(phases_are_told_apart_from_four_bits_on),
        cmocka_unit_test(small_trees_have_their_phases),
        cmocka_unit_test(circuits_walk_as_vertices_do),
        cmocka_unit_test(solutions_are_found_where_there_are_any),
        cmocka_unit_test(circuits_search_too_and_cost_the_same),
        cmocka_unit_test(long_walks_are_charged_as_their_circuits),
        cmocka_unit_test(wrong_vertices_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
