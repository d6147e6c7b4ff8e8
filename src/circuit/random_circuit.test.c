// Random circuits: their gates, edges and rule against repetition.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/random_circuit.h>

static qhm_circuit *create(size_t qubits, const qhm_random_circuit_options *options)
{
    qhm_circuit *circuit;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
    REQUIRE_OK(qhm_random_circuit_append(circuit, options, &random));
    return circuit;
}

// A grid of 3 rows and 2 columns: 7 edges, of which each comes twice in eight cycles.
static void each_edge_of_the_grid_comes_once_in_four_kinds_of_cycle(void **state)
{
    (void)state;
    size_t joined[6][6] = {{0}}, edges = 0;
    qhm_circuit *circuit = create(6, &(qhm_random_circuit_options){.cycles = 8, .rows = 3});
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *gate = qhm_circuit_instruction(circuit, i);
        if (gate->gate == QHM_GATE_CZ)
            joined[gate->qubits[0]][gate->qubits[1]]++;
    }
    for (size_t a = 0; a < 6; a++)
        for (size_t b = 0; b < 6; b++) {
            const bool is_edge = b == a + 3 || (b == a + 1 && a % 3 < 2);
            assert_int_equal(joined[a][b], is_edge ? 2 : 0);
            edges += is_edge;
        }
    assert_int_equal(edges, 7);
    qhm_circuit_destroy(circuit);
}

static void no_root_comes_twice_in_a_row(void **state)
{
    (void)state;
    double last[5] = {1, 1, 1, 1, 1}; // turns are 0 or less
    size_t seen[3] = {0};
    qhm_circuit *circuit =
        create(5, &(qhm_random_circuit_options){.cycles = 30, .is_closed = true});
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *gate = qhm_circuit_instruction(circuit, i);
        if (gate->gate != QHM_GATE_U)
            continue;
        const double turn = gate->angles[1].offset;
        REQUIRE_NEAR(gate->angles[0].offset, M_PI / 2, 0);
        REQUIRE_NEAR(gate->angles[2].offset, -turn, 0);
        assert_true(turn != last[gate->qubits[0]]);
        last[gate->qubits[0]] = turn;
        seen[turn == 0 ? 0 : turn < -1 ? 1 : 2]++;
    }
    assert_int_equal(seen[0] + seen[1] + seen[2], 5 * 31);
    for (size_t k = 0; k < 3; k++) // each about a third
        REQUIRE_NEAR((double)seen[k], 155 / 3.0, 30);
    qhm_circuit_destroy(circuit);
}

static qhm_status attempt(void *context)
{
    qhm_circuit *circuit;
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0);
    (void)context;
    QHM_TRY(qhm_circuit_create(3, 0, &circuit));
    const qhm_status status = qhm_random_circuit_append(circuit, NULL, &random);
    qhm_circuit_destroy(circuit);
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
        cmocka_unit_test(each_edge_of_the_grid_comes_once_in_four_kinds_of_cycle),
        cmocka_unit_test(no_root_comes_twice_in_a_row),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
