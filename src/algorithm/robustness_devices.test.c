// Answers of small algorithms on chips whose errors give them in closed form.
#include "support/checks.h"
#include "support/small_chips.h"
#include "support/temporary_folder.h"

#include <jansson.h>
#include <math.h>
#include <qhm/algorithm.h>
#include <qhm/types.h>

// A line of qubits without relaxation.
static const char *write_chip(void **state, const char *name, size_t qubits, double gate_error,
                              double readout_error)
{
    const char *path = in_folder(state, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"schema\":1,\"name\":\"line\",\"title\":\"Line\",\"family\":\"superconducting\","
          "\"sources\":{\"us\":{\"text\":\"us\"}},\"topology\":{\"kind\":\"list\","
          "\"status\":\"assumed\",\"source\":\"us\",\"qubits\":[",
          file);
    for (size_t q = 0; q < qubits; q++)
        fprintf(file, "%s{\"x\":%zu,\"y\":0}", q > 0 ? "," : "", q);
    fputs("],\"couplers\":[", file);
    for (size_t q = 1; q < qubits; q++)
        fprintf(file, "%s[%zu,%zu]", q > 1 ? "," : "", q - 1, q);
    fprintf(file, "]},\"operations\":[%s%s],\"figures\":{", small_chip_cz, small_chip_readout);
    const struct {
        const char *name;
        double value;
    } figures[] = {{"one_qubit_error", 0},           {"two_qubit_error", gate_error},
                   {"readout_error", readout_error}, {"one_qubit_duration_ns", 20},
                   {"two_qubit_duration_ns", 100},   {"readout_duration_ns", 500},
                   {"reset_duration_ns", 200}};
    for (size_t f = 0; f < sizeof figures / sizeof figures[0]; f++)
        fprintf(file, "%s\"%s\":{\"value\":%g,\"status\":\"assumed\",\"source\":\"us\"}",
                f > 0 ? "," : "", figures[f].name, figures[f].value);
    fputs("}}", file);
    fclose(file);
    return path;
}

static json_t *solve(const char *text)
{
    char *printed;
    REQUIRE_OK(qhm_algorithm_run_text("robustness", text, NULL, &printed));
    json_t *result = json_loads(printed, 0, NULL);
    qhm_string_destroy(printed);
    assert_non_null(result);
    return result;
}

static json_t *solve_on(const char *path)
{
    char text[4200];
    snprintf(text, sizeof text, "devices: ['%s']\n", path);
    return solve(text);
}

static const json_t *answer_of(const json_t *result, const char *subject)
{
    return json_object_get(json_object_get(result, "answer"), subject);
}

static const json_t *row_of(const json_t *result, const char *subject)
{
    return json_array_get(json_object_get(answer_of(result, subject), "devices"), 0);
}

static double number_of(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static const char *const subjects[] = {"qaoa", "phase_estimation", "linear_solver"};

// Routing and native gates change nothing, and a chip that errs is told from one that does not.
static void a_chip_without_errors_gives_the_ideal_answers(void **state)
{
    static const double kept[] = {1, 1, 0.625};
    static const size_t gates[] = {12, 26, 22};
    json_t *perfect = solve_on(write_chip(state, "perfect.json", 6, 0, 0));
    json_t *flawed = solve_on(write_chip(state, "flawed.json", 6, 1e-3, 0));
    for (size_t i = 0; i < 3; i++) {
        const json_t *row = row_of(perfect, subjects[i]), *other = row_of(flawed, subjects[i]);
        REQUIRE_NEAR(number_of(row, "signal"), 1, 1e-9);
        REQUIRE_NEAR(number_of(row, "distance"), 0, 1e-9);
        REQUIRE_NEAR(number_of(row, "kept_share"), kept[i], 1e-9);
        REQUIRE_NEAR(number_of(row, "estimated_success"), 1, 1e-12);
        REQUIRE_NEAR(number_of(answer_of(perfect, subjects[i]), "two_qubit_gates"),
                     (double)gates[i], 0);
        assert_true(number_of(row, "duration_ns") > 500);
        assert_string_equal(json_string_value(json_object_get(row, "note")), "");
        assert_true(number_of(other, "signal") < 0.999);
        assert_true(number_of(other, "distance") > 1e-3);
        const double used = number_of(other, "two_qubit_operations");
        assert_true(used >= 6);
        REQUIRE_NEAR(number_of(other, "estimated_success"), pow(1 - 1e-3, used), 1e-9);
    }
    json_decref(perfect);
    json_decref(flawed);
}

// Every edge is read through two bits, and the phase through four of them.
static void flips_of_readout_act_in_closed_form(void **state)
{
    const double p = 0.03;
    json_t *result = solve_on(write_chip(state, "misread.json", 6, 0, p));
    REQUIRE_NEAR(number_of(row_of(result, "qaoa"), "signal"), pow(1 - 2 * p, 2), 1e-9);
    REQUIRE_NEAR(number_of(row_of(result, "qaoa"), "estimated_success"), pow(1 - p, 6), 1e-9);
    REQUIRE_NEAR(number_of(row_of(result, "phase_estimation"), "signal"),
                 (pow(1 - p, 4) - 1.0 / 16) / (15.0 / 16), 1e-9);
    assert_true(number_of(row_of(result, "linear_solver"), "signal") < 0.99);
    json_decref(result);
}

static void a_circuit_that_does_not_fit_says_so(void **state)
{
    json_t *result = solve_on(write_chip(state, "small.json", 5, 0, 0));
    const json_t *row = row_of(result, "qaoa");
    const char *note = json_string_value(json_object_get(row, "note"));
    assert_int_equal(strncmp(note, "does not fit: ", 14), 0);
    assert_non_null(strstr(note, "6 qubits"));
    assert_true(json_is_null(json_object_get(row, "signal")));
    assert_true(json_is_null(json_object_get(row, "estimated_success")));
    REQUIRE_NEAR(number_of(row_of(result, "phase_estimation"), "signal"), 1, 1e-9);
    // what did not run is not charged: two circuits of 10,000 shots
    REQUIRE_NEAR(number_of(json_object_get(result, "ledger"), "shots"), 20000, 0);
    json_decref(result);
}

// Cats whose gates are assumed run once these are allowed; an annealer never does.
static void assumed_gates_need_to_be_allowed(void **state)
{
    (void)state;
    json_t *strict = solve("devices: [ocelot, advantage2]\n");
    json_t *lenient = solve("devices: [ocelot]\nallow_assumed_gates: yes\n");
    const json_t *rows = json_object_get(answer_of(strict, "linear_solver"), "devices");
    for (size_t i = 0; i < 2; i++)
        assert_non_null(strstr(json_string_value(json_object_get(json_array_get(rows, i), "note")),
                               i == 0 ? "allow_assumed_gates" : "annealer"));
    assert_true(number_of(row_of(lenient, "linear_solver"), "kept_share") < 0.625);
    json_decref(strict);
    json_decref(lenient);
}

static double first_signal(const char *text)
{
    json_t *result = solve(text);
    const double signal = json_number_value(
        json_array_get(json_object_get(answer_of(result, "phase_estimation"), "signal"), 0));
    json_decref(result);
    return signal;
}

static void one_qubit_gates_may_be_perfect(void **state)
{
    (void)state;
    const double perfect = first_signal("errors: [0.01]\none_qubit_share: 0\n");
    const double usual = first_signal("errors: [0.01]\n");
    const double tiny = first_signal("errors: [0.01]\none_qubit_share: 0.000000001\n");
    assert_true(perfect > usual + 1e-3);
    REQUIRE_NEAR(perfect, tiny, 1e-8);
}

static void lists_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"shots: 5\n", "errors"},
        {"devices: []\n", "field 'devices' is empty, not a list of names"},
        {"devices: willow\n", "not a list of names"},
        {"devices: [willow, willow]\n", "device 'willow' is there twice"},
        {"devices: [[willow]]\n", "a device is a list, not a name"},
        {"shots: 5\ndevices: [wilow]\n", "problem:2: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *printed = NULL;
        REQUIRE_FAILS(qhm_algorithm_run_text("robustness", cases[i].text, NULL, &printed),
                      QHM_ERROR_BAD_INPUT, cases[i].message);
        assert_null(printed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(a_chip_without_errors_gives_the_ideal_answers),
        in_temporary_folder(flips_of_readout_act_in_closed_form),
        in_temporary_folder(a_circuit_that_does_not_fit_says_so),
        cmocka_unit_test(assumed_gates_need_to_be_allowed),
        cmocka_unit_test(one_qubit_gates_may_be_perfect),
        cmocka_unit_test(lists_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
