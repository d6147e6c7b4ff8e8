// Maps of chips: every qubit and coupler is there once, in the colour of its value.
#include "base/files.h"
#include "base/memory.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include <qhm/device_map.h>

static char *draw(const char *name, const qhm_device_options *device_options,
                  const qhm_device_map_options *options)
{
    qhm_device *device;
    char *text;
    REQUIRE_OK(qhm_device_load(name, device_options, &device));
    REQUIRE_OK(qhm_device_draw_svg(device, options, &text));
    qhm_device_destroy(device);
    return text;
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (const char *next = text; (next = strstr(next, part)) != NULL; next++)
        found++;
    return found;
}

// Line commands inside the couplers' group; curves count too.
static size_t count_lines(const char *text)
{
    size_t found = 0;
    for (const char *next = text; (next = strstr(next, " d=\"M")) != NULL; next++)
        for (const char *at = next + 4; *at != '"'; at++)
            found += *at == 'L' || *at == 'Q';
    return found;
}

static void qubits_and_couplers_are_drawn_once(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t qubits, couplers;
    } cases[] = {{"willow", 105, 182},
                 {"condor", 1121, 1320},
                 {"ocelot", 9, 12},
                 {"majorana1", 8, 10},
                 {"advantage2", 4800, 45864}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = draw(cases[i].name, NULL, NULL);
        assert_int_equal(strncmp(text, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 39), 0);
        assert_int_equal(count(text, "<circle "), cases[i].qubits);
        assert_int_equal(count_lines(text), cases[i].couplers);
        assert_null(strstr(text, "nan"));
        assert_null(strstr(text, "inf"));
        assert_int_equal(count(text, "<g "), count(text, "</g>"));
        qhm_string_destroy(text);
    }
}

// Ocelot's assumed couplers pass over an ancilla: they are bowed around it.
static void couplers_over_other_qubits_are_bowed(void **state)
{
    (void)state;
    char *text = draw("ocelot", NULL, NULL);
    size_t bows = 0;
    for (const char *next = strstr(text, " d=\"M"); *next; next++)
        bows += *next == 'Q' && next[1] >= '0' && next[1] <= '9';
    assert_int_equal(bows, 4);
    assert_non_null(strstr(text, ">mediated<"));
    assert_non_null(strstr(text, ">cat<"));
    qhm_string_destroy(text);
}

static void colours_follow_values(void **state)
{
    static const char file[] =
        "{\"schema\":1,\"name\":\"three\",\"title\":\"a < b\",\"family\":\"superconducting\","
        "\"sources\":{\"us\":{\"text\":\"us\"}},\"operations\":[{\"name\":\"measure\",\"gate\":"
        "\"measure\",\"duration\":\"readout_duration_ns\",\"source\":\"us\"}],"
        "\"topology\":{\"kind\":\"grid\",\"rows\":1,\"columns\":3,\"status\":\"assumed\","
        "\"source\":\"us\"},\"figures\":{\"readout_duration_ns\":{\"value\":600,\"status\":"
        "\"assumed\",\"source\":\"us\"}},"
        "\"calibration\":{\"status\":\"assumed\",\"source\":\"us\",\"qubits\":["
        "{\"qubit\":0,\"t1_us\":10},{\"qubit\":1,\"t1_us\":31.7},{\"qubit\":2,\"t1_us\":100}],"
        "\"couplers\":[{\"qubits\":[0,1],\"two_qubit_error\":0.01},"
        "{\"qubits\":[1,2],\"is_working\":false}]}}";
    const char *path = in_folder(state, "three.json");
    REQUIRE_OK(qhm_file_write(path, file, strlen(file)));
    char *text = draw(path, NULL, &(qhm_device_map_options){.colour = QHM_DEVICE_COLOUR_T1});
    const char *low = strstr(text, "<g class=\"q0\"><circle"),
               *middle = strstr(text, "<g class=\"q3\"><circle"),
               *high = strstr(text, "<g class=\"q6\"><circle");
    assert_true(low && middle && high);
    assert_non_null(strstr(low, "<title>0, T1 10 us</title>"));
    assert_non_null(strstr(high, "<title>2, T1 100 us</title>"));
    assert_non_null(strstr(text, "<path class=\"x\" d="));
    assert_non_null(strstr(text, "<path class=\"e3\" d="));
    assert_non_null(strstr(text, "a &lt; b"));
    assert_non_null(strstr(text, "3 and 1 work"));
    assert_non_null(strstr(text, ">qubits: T1 in us<"));
    qhm_string_destroy(text);
    text =
        draw(path, NULL,
             &(qhm_device_map_options){.marked = (uint32_t[]){1}, .marked_count = 1, .width = 300});
    assert_int_equal(count(text, "<circle class=\"r\""), 1);
    assert_non_null(strstr(text, "width=\"300\""));
    assert_non_null(strstr(text, "value not known"));
    qhm_string_destroy(text);
}

static void what_does_not_work_is_drawn_so(void **state)
{
    (void)state;
    qhm_device_options options = {.qubit_yield = 0.9, .yield_seed = 4};
    qhm_device *device;
    REQUIRE_OK(qhm_device_load("willow", &options, &device));
    size_t dead = 0;
    for (size_t i = 0; i < 105; i++)
        dead += !qhm_device_qubit_at(device, i)->is_working;
    qhm_device_destroy(device);
    char *text = draw("willow", &options, NULL);
    assert_true(dead > 0);
    assert_int_equal(count(text, ", does not work"), dead);
    qhm_string_destroy(text);
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    qhm_device *device;
    char *text = NULL;
    REQUIRE_OK(qhm_device_load("ideal", NULL, &device));
    REQUIRE_FAILS(qhm_device_draw_svg(device, NULL, &text), QHM_ERROR_UNSUPPORTED,
                  "ideal has no map: its qubits have no places");
    qhm_device_destroy(device);
    REQUIRE_OK(qhm_device_load("willow", NULL, &device));
    REQUIRE_FAILS(qhm_device_draw_svg(device, &(qhm_device_map_options){.width = 100}, &text),
                  QHM_ERROR_INVALID_ARGUMENT, "width is 100, not 200 to 100000");
    REQUIRE_FAILS(qhm_device_draw_svg(
                      device,
                      &(qhm_device_map_options){.marked = (uint32_t[]){105}, .marked_count = 1},
                      &text),
                  QHM_ERROR_INVALID_ARGUMENT, "marked qubit 105 is not 0 to 104");
    REQUIRE_FAILS(qhm_device_draw_svg(NULL, NULL, &text), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a device");
    assert_null(text);
    qhm_device_destroy(device);
    qhm_device_colour colour;
    REQUIRE_OK(qhm_device_colour_find("readout", &colour));
    assert_int_equal(colour, QHM_DEVICE_COLOUR_READOUT);
    REQUIRE_FAILS(qhm_device_colour_find("eror", &colour), QHM_ERROR_NOT_FOUND, "error");
}

static qhm_status draw_once(void *context)
{
    char *text = NULL;
    qhm_status status = qhm_device_draw_svg(context, NULL, &text);
    qhm_string_destroy(text);
    return status;
}

static void drawing_survives_failing_memory(void **state)
{
    (void)state;
    qhm_device *device;
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &device));
    require_survives_failing_memory(draw_once, device);
    qhm_device_destroy(device);
}

int main(void)
{
    unsetenv("QHM_DEVICE_PATH");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(qubits_and_couplers_are_drawn_once),
        cmocka_unit_test(couplers_over_other_qubits_are_bowed),
        in_temporary_folder(colours_follow_values),
        cmocka_unit_test(what_does_not_work_is_drawn_so),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(drawing_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
