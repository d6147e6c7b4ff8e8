// Columns and bands against the rules that they keep, on random circuits.
#include "circuit/circuit_layout.h"

#include "base/memory.h"
#include "support/circuit_gallery.h"
#include "support/reference_simulator.h"

// The rule itself, line by line: the first column in which every line is free.
static void require_first_free_columns(const qhm_circuit_layout *layout)
{
    uint32_t *free_from = calloc(layout->line_count, sizeof *free_from);
    assert_non_null(free_from);
    for (size_t i = 0; i < layout->item_count; i++) {
        const qhm_layout_item *item = &layout->items[i];
        uint32_t column = 0;
        for (uint32_t line = item->first; line <= item->last; line++)
            column = free_from[line] > column ? free_from[line] : column;
        assert_int_equal(item->column, column);
        for (uint32_t line = item->first; line <= item->last; line++)
            free_from[line] = column + 1;
    }
    free(free_from);
}

// Each item once, under its own column, and columns in order.
static void require_sorted(const qhm_circuit_layout *layout)
{
    size_t seen = 0;
    for (size_t column = 0; column < layout->column_count; column++)
        for (size_t i = layout->column_items[column]; i < layout->column_items[column + 1]; i++) {
            assert_int_equal(layout->items[layout->order[i]].column, column);
            seen++;
        }
    assert_int_equal(seen, layout->item_count);
}

static void columns_are_the_first_free_ones(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t qubits = 1; qubits <= 9; qubits++) {
        qhm_circuit *circuit = reference_random_circuit(&random, qubits, 200, 2, 2);
        qhm_circuit_layout layout;
        REQUIRE_OK(qhm_circuit_layout_create(circuit, false, &layout));
        require_first_free_columns(&layout);
        require_sorted(&layout);
        qhm_circuit_layout_release(&layout);
        qhm_circuit_destroy(circuit);
    }
}

static void a_loop_takes_all_lines_of_its_body(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_program();
    qhm_circuit_layout layout;
    REQUIRE_OK(qhm_circuit_layout_create(circuit, false, &layout));
    require_first_free_columns(&layout);
    require_sorted(&layout);
    const qhm_layout_item *loop = &layout.items[1], *end = &layout.items[7];
    assert_int_equal(loop->instruction->gate, QHM_GATE_WHILE);
    assert_int_equal(loop->partner, 7);
    assert_int_equal(end->partner, 1);
    assert_int_equal(loop->first, 1); // data[1] to the scratch bits
    assert_int_equal(loop->last, 5);
    assert_int_equal(loop->first_qubit, 1);
    assert_int_equal(loop->last_qubit, 2);
    assert_memory_equal(&end->first, &loop->first, 4 * sizeof end->first);
    assert_int_equal(layout.line_count, 6); // three qubits, two registers, scratch
    assert_null(layout.lines[5].name);
    qhm_circuit_layout_release(&layout);
    qhm_circuit_destroy(circuit);
}

static void idle_qubits_of_wide_circuits_are_left_out(void **state)
{
    (void)state;
    for (size_t qubits = 40; qubits <= 41; qubits++)
        for (int all = 0; all < 2; all++) {
            qhm_circuit *circuit;
            qhm_circuit_layout layout;
            REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
            append(circuit, QHM_GATE_CX, (uint32_t[]){3, 30}, (qhm_angle){0});
            append(circuit, QHM_GATE_BARRIER, NULL, (qhm_angle){0}); // does not count
            append_step(circuit, (qhm_instruction){.gate = QHM_GATE_BARRIER,
                                                   .qubit_count = 1,
                                                   .qubits = (uint32_t[]){5}});
            REQUIRE_OK(qhm_circuit_layout_create(circuit, all, &layout));
            bool is_short = qubits > 40 && !all;
            assert_int_equal(layout.line_count, is_short ? 2 : qubits);
            assert_int_equal(layout.idle_count, is_short ? 39 : 0);
            assert_int_equal(layout.lines[is_short ? 1 : 30].index, 30);
            assert_int_equal(layout.column_count, is_short ? 2 : 3);
            qhm_circuit_layout_release(&layout);
            qhm_circuit_destroy(circuit);
        }
}

static qhm_status measure_by_gate(const qhm_circuit_layout *layout, const qhm_layout_item *item,
                                  bool ascii, size_t *width)
{
    (void)layout;
    *width = (size_t)item->instruction->gate + (ascii ? 2 : 1);
    return QHM_OK;
}

static void bands_hold_what_there_is_room_for(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_circuit_layout layout;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    for (int i = 0; i < 4; i++)
        append(circuit, i == 1 ? QHM_GATE_Y : QHM_GATE_H, (uint32_t[]){0}, (qhm_angle){0});
    REQUIRE_OK(qhm_circuit_layout_create(circuit, false, &layout));
    // Widths 1 3 1 1 with gaps of 2: the first two columns take 2 + 1 + 2 + 3 + 2.
    qhm_layout_measures measures = {.measure = measure_by_gate, .gap = 2, .room = 12};
    size_t last, width;
    REQUIRE_OK(qhm_circuit_layout_band(&layout, &measures, 0, &last, &width));
    assert_int_equal(last, 2);
    assert_int_equal(width, 10);
    assert_int_equal(layout.starts[1], 5);
    REQUIRE_OK(qhm_circuit_layout_band(&layout, &measures, 2, &last, &width));
    assert_int_equal(last, 4);
    assert_int_equal(width, 8);
    measures.room = 0; // one at least
    REQUIRE_OK(qhm_circuit_layout_band(&layout, &measures, 1, &last, &width));
    assert_int_equal(last, 2);
    qhm_circuit_layout_release(&layout);
    qhm_circuit_destroy(circuit);
}

static void drawings_that_do_not_fit_in_memory_are_refused(void **state)
{
    (void)state;
    qhm_circuit_layout layout = {.column_count = (size_t)1 << 50};
    REQUIRE_FAILS(qhm_circuit_layout_check_size(&layout, 10, 1000), QHM_ERROR_OUT_OF_MEMORY,
                  "the whole drawing would take about 112589990.7 GB");
    layout.column_count = 10000;
    REQUIRE_OK(qhm_circuit_layout_check_size(&layout, 10, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_the_first_free_ones),
        cmocka_unit_test(a_loop_takes_all_lines_of_its_body),
        cmocka_unit_test(idle_qubits_of_wide_circuits_are_left_out),
        cmocka_unit_test(bands_hold_what_there_is_room_for),
        cmocka_unit_test(drawings_that_do_not_fit_in_memory_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
