// Two quantum layers of one model on two chips, and what run files may say about it.
#include "experiment/module_placement.h"
#include "support/checks.h"
#include "support/two_layers.h"

// Appends what the rung "placed" says to `result`.
static const json_t *climb(two_layers *t, qhm_fit_result *result)
{
    result->ladder = json_array();
    REQUIRE_OK(qhm_module_placement_climb(&t->model, t->tape, &t->request, result));
    return json_array_get(result->ladder, 0);
}

static const char *layer_text(const json_t *rung, size_t index, const char *name)
{
    return json_string_value(
        json_object_get(json_array_get(json_object_get(rung, "layers"), index), name));
}

static double number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

// Six qubits do not fit on three; two are better off on the chip of smaller errors.
static void each_layer_gets_the_chip_that_suits_it(void **state)
{
    two_layers *t = two_layers_create(state, "devices: [willow, TINY]\n"
                                             "execution: {shots: 200, placement: auto}\n");
    qhm_fit_result result = {0};
    const json_t *rung = climb(t, &result);
    assert_string_equal(layer_text(rung, 0, "layer"), "wide");
    assert_string_equal(layer_text(rung, 0, "device"), "willow");
    assert_string_equal(layer_text(rung, 1, "layer"), "narrow");
    assert_string_equal(layer_text(rung, 1, "device"), t->tiny);
    assert_non_null(strstr(layer_text(rung, 0, "reason"), "; does not fit tiny: "));
    assert_non_null(strstr(layer_text(rung, 1, "reason"), "on tiny: expected success with"));
    assert_non_null(strstr(layer_text(rung, 1, "reason"), " beside 0."));
    // Each was compiled for its own chip: the small one's gates take 1,000 ns.
    const qhm_chip_plan *plans[2];
    for (size_t i = 0; i < 2; i++)
        plans[i] = qhm_quantum_layer_chip_plan(t->layers[i]);
    assert_int_equal(qhm_chip_plan_information(plans[0])->summary->qubit_count, 6);
    assert_int_equal(qhm_chip_plan_information(plans[1])->summary->qubit_count, 2);
    assert_true(qhm_chip_plan_information(plans[1])->duration_ns >
                qhm_chip_plan_information(plans[0])->duration_ns);
    // The rung's cost is that of both; the small chip's power is not known.
    const json_t *layers = json_object_get(rung, "layers");
    REQUIRE_NEAR(number(rung, "seconds"),
                 number(json_array_get(layers, 0), "seconds") +
                     number(json_array_get(layers, 1), "seconds"),
                 1e-12);
    assert_true(number(rung, "shots") == 400);
    assert_null(json_object_get(rung, "joules"));
    // The same as putting the layers there by hand.
    const qhm_noise_ladder *ladder = &t->ladder;
    const qhm_chip_plan_options plan =
        qhm_noise_ladder_plan_options(ladder, &t->request, 200, NULL);
    REQUIRE_FAILS(qhm_module_set_chip(t->layers[0], ladder->rungs[1].chip, &plan),
                  QHM_ERROR_RESOURCE_LIMIT, "6");
    REQUIRE_OK(qhm_module_set_chip(t->layers[0], ladder->rungs[0].chip, &plan));
    REQUIRE_OK(qhm_module_set_chip(t->layers[1], ladder->rungs[1].chip, &plan));
    double score;
    qhm_ladder_executions found;
    REQUIRE_OK(qhm_noise_ladder_score(&t->model, t->tape, &t->request, ladder->rung_count, &score,
                                      &found));
    assert_true(score == number(rung, "score"));
    qhm_fit_result_release(&result);
    two_layers_destroy(t);
}

static void a_run_file_may_name_the_chips(void **state)
{
    two_layers *t = two_layers_create(
        state, "devices: [ideal, willow]\n"
               "execution: {shots: 100, placement: {narrow: TINY, wide: auto}}\n");
    assert_int_equal(t->ladder.chip_count, 2); // the small one was loaded for the placement alone
    qhm_fit_result result = {0};
    const json_t *rung = climb(t, &result);
    assert_string_equal(layer_text(rung, 0, "device"), "willow");
    assert_string_equal(layer_text(rung, 1, "device"), t->tiny);
    assert_non_null(strstr(layer_text(rung, 1, "reason"), "as the run file says"));
    assert_non_null(
        strstr(json_string_value(json_object_get(rung, "provenance")), ": assumed: errors of u"));
    qhm_fit_result_release(&result);
    two_layers_destroy(t);
}

// Exact circuits of a simulator have no cost, so that the cost of all is not known.
static void a_layer_may_stay_without_noise(void **state)
{
    two_layers *t = two_layers_create(
        state, "devices: [willow]\nexecution: {shots: 100, placement: {narrow: ideal}}\n");
    qhm_fit_result result = {0};
    const json_t *rung = climb(t, &result);
    assert_string_equal(layer_text(rung, 0, "device"), "willow");
    assert_string_equal(layer_text(rung, 1, "device"), "ideal");
    assert_null(json_object_get(rung, "seconds"));
    assert_true(number(rung, "shots") == 200);
    qhm_fit_result_release(&result);
    two_layers_destroy(t);
}

static void all_layers_on_one_chip_are_that_chips_rung(void **state)
{
    two_layers *t = two_layers_create(state, "devices: [ideal, heron, willow]\n"
                                             "execution: {shots: 100, placement: {narrow: willow, "
                                             "wide: willow}}\n");
    qhm_fit_result result = {0};
    const json_t *rung = climb(t, &result);
    double score;
    qhm_ladder_executions found;
    REQUIRE_OK(qhm_noise_ladder_enter(&t->model, &t->request, &t->ladder, 2, 100));
    REQUIRE_OK(qhm_noise_ladder_score(&t->model, t->tape, &t->request, 2, &score, &found));
    assert_true(score == number(rung, "score"));
    qhm_fit_result_release(&result);
    two_layers_destroy(t);
}

static void a_layer_that_does_not_fit_leaves_a_note(void **state)
{
    static const struct {
        const char *text, *note;
    } cases[] = {
        {"devices: [willow]\nexecution: {placement: {wide: TINY}}\n", "wide does not fit "},
        {"devices: [TINY]\nexecution: {placement: auto}\n", "wide does not fit tiny: "},
        {"devices: [ideal]\nexecution: {placement: {narrow: willow}}\n",
         "wide: there is no chip to choose from"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        two_layers *t = two_layers_create(state, cases[i].text);
        qhm_fit_result result = {0};
        const json_t *rung = climb(t, &result);
        const char *note = json_string_value(json_object_get(rung, "note"));
        if (!note || !strstr(note, cases[i].note))
            fail_msg("case %zu says \"%s\"", i, note ? note : "nothing");
        assert_null(json_object_get(rung, "score"));
        qhm_fit_result_release(&result);
        two_layers_destroy(t);
    }
}

static void mistakes_of_placements_are_told(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"execution: {placement: auto}\n", "has no 'devices'"},
        {"devices: [ideal, shots]\nexecution: {placement: auto}\n", "needs a chip"},
        {"devices: [willow]\nexecution: {placement: automatic}\n", "neither auto nor a mapping"},
        {"devices: [willow]\nexecution: {placement: {wide: wilow}}\n", "did you mean"},
        {"devices: [willow]\nexecution: {placement: {wide: [willow]}}\n",
         "the device of 'wide' is a list"},
        {"devices: [willow]\nexecution: {placement: {wid: willow}}\n",
         "no model has a quantum layer 'wid', did you mean 'wide': they are wide, narrow"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        two_layers_require_refused(state, cases[i].text, cases[i].message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(each_layer_gets_the_chip_that_suits_it),
        in_temporary_folder(a_run_file_may_name_the_chips),
        in_temporary_folder(a_layer_may_stay_without_noise),
        in_temporary_folder(all_layers_on_one_chip_are_that_chips_rung),
        in_temporary_folder(a_layer_that_does_not_fit_leaves_a_note),
        in_temporary_folder(mistakes_of_placements_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
