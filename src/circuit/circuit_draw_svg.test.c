// SVG drawings: well formed whatever is drawn, with every part that the circuit has.
#include "circuit/circuit_svg_text.h"

#include "base/memory.h"
#include "support/circuit_gallery.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"
#include "support/well_formed.h"

#include <qhm/draw.h>

static char *draw(const qhm_circuit *circuit, const qhm_draw_options *options)
{
    char *text;
    REQUIRE_OK(qhm_circuit_draw_svg(circuit, options, &text));
    return text;
}

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

static double attribute(const char *element, const char *name)
{
    char key[32];
    snprintf(key, sizeof key, " %s=\"", name);
    const char *end = strchr(element, '>'), *at = strstr(element, key);
    assert_true(at && at < end);
    return strtod(at + strlen(key), NULL);
}

// Every box lies in the picture; none has a width that is not a number.
static void require_boxes_inside(const char *text)
{
    double width = attribute(text, "width"), height = attribute(text, "height");
    for (const char *at = strstr(text, "<rect"); at; at = strstr(at + 1, "<rect")) {
        if (strncmp(at, "<rect class=\"bg\"", 16) == 0)
            continue;
        double x = attribute(at, "x"), y = attribute(at, "y");
        assert_true(x >= 0 && y >= 0 && attribute(at, "width") > 0 && attribute(at, "height") > 0);
        assert_true(x + attribute(at, "width") <= width && y + attribute(at, "height") <= height);
    }
    assert_null(strstr(text, "nan"));
}

static void the_gallery_has_all_its_marks(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_gallery();
    char *text = draw(circuit, &(qhm_draw_options){.width = 4000});
    assert_int_equal(require_well_formed(text, "svg"), 1);
    require_boxes_inside(text);
    assert_non_null(strstr(text, "<desc>4 qubits, 2 classical bits, 20 operations in 15 columns."));
    assert_int_equal(count_of(text, "r=\"10\""), 3);          // X under controls
    assert_int_equal(count_of(text, "m0 -12l-12 12"), 2);     // one swap
    assert_int_equal(count_of(text, "a10 10 0 0 1 20 0"), 2); // measurements
    assert_int_equal(count_of(text, "class=\"k\""), 9);       // controls, CZ has two
    assert_int_equal(count_of(text, "class=\"p\""), 2);       // conditions
    assert_non_null(strstr(text, ">[1]=1</text>"));
    assert_non_null(strstr(text, "2(π−x<tspan class=\"u\" dy=\"3\">0</tspan>"));
    assert_null(strstr(text, ">columns ")); // one band needs no numbers
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void a_program_has_its_registers_and_its_loop(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_program();
    char *text = draw(circuit, NULL);
    require_well_formed(text, "svg");
    require_boxes_inside(text);
    static const char *const parts[] = {">ancilla</text>", ">flag</text>",  ">scratch</text>",
                                        ">while</text>",   ">&lt;6</text>", ">≥2→[1]</text>",
                                        ">/3</text>",      "0.5θ"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_non_null(strstr(text, parts[i]));
    assert_int_equal(count_of(text, "class=\"r\""), 1);
    qhm_string_destroy(text);
    text = draw(circuit, &(qhm_draw_options){.width = 1}); // a column a band
    require_well_formed(text, "svg");
    require_boxes_inside(text);
    assert_int_equal(count_of(text, "class=\"r\""), 7); // the loop in each of its columns
    assert_non_null(strstr(text, ">column 1 of 10</text>"));
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void every_gate_can_be_drawn(void **state)
{
    (void)state;
    static const uint32_t qubits[] = {2, 0, 1};
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(3, 1, &circuit));
        qhm_angle angles[3] = {qhm_angle_constant(M_PI / 3), qhm_angle_input(0, 1),
                               qhm_angle_weight(0)};
        qhm_complex one[4] = {{1, 0}, {0, 0}, {0, 0}, {1, 0}};
        qhm_instruction step = {.gate = (qhm_gate)gate, .qubits = qubits, .angles = angles};
        if (info->target_count == 0 && gate != QHM_GATE_SET && gate != QHM_GATE_WHILE &&
            gate != QHM_GATE_END)
            step.qubit_count = 1;
        step.matrix = one;
        step.kraus_count = 1;
        step.paulis = (uint8_t[]){QHM_PAULI_Y};
        if (gate == QHM_GATE_WHILE)
            step.condition = qhm_condition_bit(0, true);
        if (gate == QHM_GATE_END)
            append_step(circuit, (qhm_instruction){.gate = QHM_GATE_WHILE,
                                                   .condition = qhm_condition_bit(0, true)});
        append_step(circuit, step);
        char *text = draw(circuit, NULL), *plain;
        assert_true(require_well_formed(text, "path") > 0);
        require_boxes_inside(text);
        REQUIRE_OK(qhm_circuit_draw(circuit, NULL, &plain));
        if (gate != QHM_GATE_BARRIER && info->angle_count > 0)
            assert_non_null(strstr(text, "π/3"));
        assert_true(strlen(plain) > 40);
        qhm_string_destroy(plain);
        qhm_string_destroy(text);
        qhm_circuit_destroy(circuit);
    }
}

static void random_circuits_are_well_formed_pictures(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (int round = 0; round < 20; round++) {
        qhm_circuit *circuit = reference_random_circuit(&random, 1 + (size_t)round % 6, 60, 3, 3);
        char *text = draw(circuit, &(qhm_draw_options){.width = 300 + 40 * (size_t)round});
        require_well_formed(text, "g");
        require_boxes_inside(text);
        qhm_string_destroy(text);
        qhm_circuit_destroy(circuit);
    }
}

static void names_cannot_break_the_picture(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "</text><script>", 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "\"&\x01\xff", 1));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_WEIGHT, 0, "<b>&1"));
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, qhm_angle_weight(0));
    char *text = draw(circuit, NULL);
    assert_int_equal(require_well_formed(text, "script"), 0);
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void long_circuits_are_cut_unless_all_is_asked_for(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(50, 0, &circuit));
    for (int i = 0; i < 12000; i++)
        append(circuit, QHM_GATE_H, (uint32_t[]){7}, (qhm_angle){0});
    char *text = draw(circuit, NULL);
    require_well_formed(text, "svg");
    assert_non_null(strstr(text, "49 of 50 qubits are idle"));
    assert_non_null(strstr(text, " more columns; qhm draw --all"));
    assert_in_range(count_of(text, ">H</text>"), 9000, 10000);
    qhm_string_destroy(text);
    text = draw(circuit, &(qhm_draw_options){.all = true});
    assert_int_equal(count_of(text, ">H</text>"), 12000);
    assert_null(strstr(text, "idle"));
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void digits_after_letters_are_subscripts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *markup;
    } rows[] = {
        {"R_ZZ", "R<tspan class=\"u\" dy=\"3\">ZZ</tspan>"},
        {"x12", "x<tspan class=\"u\" dy=\"3\">12</tspan>"},
        {"2x0+1", "2x<tspan class=\"u\" dy=\"3\">0</tspan><tspan dy=\"-3\">+1</tspan>"},
        {"1e-300", "1e-300"},
        {"1e5", "1e5"},
        {"a_", "a_"},
        {"π/2<", "π/2&lt;"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qhm_text out = {0};
        char *markup;
        qhm_svg_text_print(rows[i].text, &out);
        REQUIRE_OK(qhm_text_take(&out, &markup));
        assert_string_equal(markup, rows[i].markup);
        qhm_release(markup);
    }
    assert_true(qhm_svg_text_width("x12", 10) < qhm_svg_plain_width("x12", 10));
    REQUIRE_NEAR(qhm_svg_text_width("RX", 10), qhm_svg_plain_width("RX", 10), 1e-12);
    REQUIRE_NEAR(qhm_svg_text_width("RX", 20), 2 * qhm_svg_text_width("RX", 10), 1e-12);
}

static qhm_status draw_one(void *context)
{
    char *text = NULL;
    qhm_status status = qhm_circuit_draw_svg(context, NULL, &text);
    if (status == QHM_OK)
        qhm_string_destroy(text);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_gallery();
    require_survives_failing_memory(draw_one, circuit);
    qhm_circuit_destroy(circuit);
    circuit = create_program();
    require_survives_failing_memory(draw_one, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gallery_has_all_its_marks),
        cmocka_unit_test(a_program_has_its_registers_and_its_loop),
        cmocka_unit_test(every_gate_can_be_drawn),
        cmocka_unit_test(random_circuits_are_well_formed_pictures),
        cmocka_unit_test(names_cannot_break_the_picture),
        cmocka_unit_test(long_circuits_are_cut_unless_all_is_asked_for),
        cmocka_unit_test(digits_after_letters_are_subscripts),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
