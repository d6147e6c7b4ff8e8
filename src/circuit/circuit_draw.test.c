// Drawings against golden files.
#include "circuit/circuit_internal.h"

#include "support/circuit_gallery.h"
#include "support/failing_memory.h"
#include "support/golden.h"

#include <qhm/draw.h>

static void require_drawing(const qhm_circuit *circuit, const qhm_draw_options *options,
                            const char *name)
{
    char *text;
    REQUIRE_OK(qhm_circuit_draw(circuit, options, &text));
    require_golden(name, text);
    qhm_string_destroy(text);
}

static void the_gallery_is_drawn_in_unicode(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_gallery();
    require_drawing(circuit, &(qhm_draw_options){.width = 200}, "drawing_unicode.txt");
    qhm_circuit_destroy(circuit);
}

static void the_gallery_is_drawn_in_ascii(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_gallery();
    char *text;
    REQUIRE_OK(qhm_circuit_draw(circuit, &(qhm_draw_options){.width = 200, .ascii = true}, &text));
    for (const char *c = text; *c; c++)
        assert_in_range((unsigned char)*c, 1, 126);
    require_golden("drawing_ascii.txt", text);
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void programs_are_drawn_with_their_registers_and_loops(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_program();
    require_drawing(circuit, &(qhm_draw_options){.width = 120}, "drawing_program.txt");
    require_drawing(circuit, &(qhm_draw_options){.width = 160, .ascii = true},
                    "drawing_program_ascii.txt");
    qhm_circuit_destroy(circuit);
}

static void long_circuits_wrap(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_gallery();
    require_drawing(circuit, &(qhm_draw_options){.width = 60}, "drawing_wrapped.txt");
    // Narrower than any column: a column a band, and it ends.
    char *text;
    REQUIRE_OK(qhm_circuit_draw(circuit, &(qhm_draw_options){.width = 1}, &text));
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void no_line_is_wider_than_asked(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_gallery();
    char *text;
    REQUIRE_OK(qhm_circuit_draw(circuit, NULL, &text));
    size_t width = 0, widest = 0;
    for (const char *at = text; *at;) {
        width = qhm_utf8_next(&at) == '\n' ? 0 : width + 1;
        widest = width > widest ? width : widest;
    }
    assert_in_range(widest, 60, 100);
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void an_empty_circuit_is_bare_wires(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    char *text;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    REQUIRE_OK(qhm_circuit_draw(circuit, NULL, &text));
    assert_string_equal(text, "q[0]: ─\n\nq[1]: ─\n\n   c: ═\n");
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void require_angle(qhm_angle angle, const char *rich, const char *plain)
{
    for (int ascii = 0; ascii < 2; ascii++) {
        qhm_text text = {0};
        char *printed;
        qhm_angle canonical = qhm_angle_canonical(angle);
        qhm_angle_print(NULL, &canonical, ascii == 1, &text);
        REQUIRE_OK(qhm_text_take(&text, &printed));
        assert_string_equal(printed, ascii ? plain : rich);
        qhm_string_destroy(printed);
    }
}

static void angles_are_written_as_people_do(void **state)
{
    (void)state;
    require_angle(qhm_angle_constant(M_PI / 2), "π/2", "pi/2");
    require_angle(qhm_angle_constant(-2 * M_PI), "−2π", "-2pi");
    require_angle(qhm_angle_constant(2 * M_PI / 3), "2π/3", "2pi/3");
    require_angle(qhm_angle_constant(0), "0", "0");
    require_angle(qhm_angle_constant(0.7071067811), "0.7071", "0.7071");
    require_angle(qhm_angle_constant(-1234567), "−1235000", "-1235000");
    require_angle(qhm_angle_constant(1e-300), "1e-300", "1e-300");
    require_angle(qhm_angle_weight(3), "w3", "w3");
    require_angle(qhm_angle_input(0, -1), "−x0", "-x0");
    require_angle(qhm_angle_input(2, M_PI), "π·x2", "pi*x2");
    require_angle(qhm_angle_input(2, M_PI / 4), "(π/4)x2", "(pi/4)x2");
    require_angle((qhm_angle){.scale = 0.5, .offset = -0.25, .factors = {{QHM_SLOT_WEIGHT, 1, 1}}},
                  "0.5(w1+1)−0.25", "0.5(w1+1)-0.25");
    require_angle((qhm_angle){.scale = -1,
                              .offset = M_PI,
                              .factors = {{QHM_SLOT_INPUT, 0, 0}, {QHM_SLOT_WEIGHT, 1, 0}}},
                  "−x0·w1+π", "-x0*w1+pi");
    require_angle((qhm_angle){.scale = 2,
                              .factors = {{QHM_SLOT_INPUT, 0, -M_PI}, {QHM_SLOT_INPUT, 1, -M_PI}}},
                  "2(π−x0)(π−x1)", "2(pi-x0)(pi-x1)");
    require_angle(
        (qhm_angle){.scale = 1, .factors = {{QHM_SLOT_INPUT, 0, -M_PI}, {QHM_SLOT_INPUT, 1, 0}}},
        "(x0−π)x1", "(x0-pi)x1");
}

static qhm_status draw(void *context)
{
    char *text = NULL;
    qhm_status status = qhm_circuit_draw(context, &(qhm_draw_options){.width = 40}, &text);
    if (status == QHM_OK)
        qhm_string_destroy(text);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *circuit = create_gallery();
    require_survives_failing_memory(draw, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gallery_is_drawn_in_unicode),
        cmocka_unit_test(the_gallery_is_drawn_in_ascii),
        cmocka_unit_test(programs_are_drawn_with_their_registers_and_loops),
        cmocka_unit_test(long_circuits_wrap),
        cmocka_unit_test(no_line_is_wider_than_asked),
        cmocka_unit_test(an_empty_circuit_is_bare_wires),
        cmocka_unit_test(angles_are_written_as_people_do),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
