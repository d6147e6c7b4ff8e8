// Chips of which parts are dead: what is known of the scores, and that circuits are placed anew.
#include "experiment/chip_yield.h"
#include "support/checks.h"
#include "support/two_layers.h"

static const json_t *climb(two_layers *t, qhm_fit_result *result)
{
    REQUIRE_OK(qhm_chip_yield_climb(&t->model, t->tape, &t->request, result));
    return result->yields;
}

static const json_t *samples_of(const json_t *yields, size_t index)
{
    return json_object_get(json_array_get(yields, index), "samples");
}

static double sample_number(const json_t *yields, size_t index, size_t sample, const char *name)
{
    const json_t *value = json_object_get(json_array_get(samples_of(yields, index), sample), name);
    assert_non_null(value);
    return json_number_value(value);
}

static void a_yield_of_1_is_the_chips_rung(void **state)
{
    two_layers *t = two_layers_create(state, "devices: [ideal, heron, willow]\n"
                                             "execution: {shots: 100, yield: [1], yield_devices: "
                                             "[willow], yield_samples: 4}\n");
    qhm_fit_result result = {0};
    const json_t *yields = climb(t, &result);
    assert_int_equal(json_array_size(yields), 1);
    assert_int_equal(json_array_size(samples_of(yields, 0)), 1); // all would be the same
    double score;
    qhm_ladder_executions found;
    REQUIRE_OK(qhm_noise_ladder_enter(&t->model, &t->request, &t->ladder, 2, 100));
    REQUIRE_OK(qhm_noise_ladder_score(&t->model, t->tape, &t->request, 2, &score, &found));
    assert_true(score == sample_number(yields, 0, 0, "score"));
    assert_true(found.summary->estimated_success == sample_number(yields, 0, 0, "success"));
    qhm_fit_result_release(&result);
    two_layers_destroy(t);
}

// Fewer couplers, more exchanges. Were the circuit not placed anew, nothing would change.
static void success_falls_with_the_yield_in_the_mean(void **state)
{
    enum { RATES = 3, SAMPLES = 6 };
    two_layers *t = two_layers_create(
        state,
        "devices: [willow]\nexecution: {shots: 5, yield: [1, 0.8, 0.7], yield_samples: 6}\n");
    qhm_fit_result result = {0};
    const json_t *yields = climb(t, &result);
    double means[RATES];
    for (size_t i = 0; i < RATES; i++) {
        double sum = 0;
        size_t count = 0;
        for (size_t s = 0; s < json_array_size(samples_of(yields, i)); s++) {
            const json_t *sample = json_array_get(samples_of(yields, i), s);
            if (json_object_get(sample, "note"))
                continue;
            sum += sample_number(yields, i, s, "success");
            count++;
        }
        assert_true(count > 0);
        means[i] = sum / (double)count;
    }
    assert_true(means[0] > means[1] && means[1] > means[2]);
    qhm_fit_result_release(&result);
    two_layers_destroy(t);
}

// The places that were best on the whole chip are refused where one of them is dead.
static void dead_qubits_are_gone_round(void **state)
{
    two_layers *t = two_layers_create(state, "devices: [willow]\n");
    const qhm_circuit *circuit = qhm_quantum_layer_circuit(t->layers[0]);
    const qhm_device *whole = t->ladder.rungs[0].chip;
    qhm_compiled *compiled, *again;
    REQUIRE_OK(qhm_circuit_compile(circuit, whole, NULL, &compiled));
    const uint32_t *places = qhm_compiled_physical_qubits(compiled, NULL);
    size_t struck = 0;
    for (uint64_t seed = 0; seed < 5; seed++) {
        qhm_device *part;
        REQUIRE_OK(qhm_device_load(
            "willow", &(qhm_device_options){.qubit_yield = 0.8, .yield_seed = seed}, &part));
        size_t used, dead = 0;
        for (size_t q = 0; q < TWO_LAYERS_WIDTH; q++)
            dead += !qhm_device_qubit_at(part, places[q])->is_working;
        if (dead > 0) {
            struck++;
            REQUIRE_FAILS(qhm_circuit_compile(circuit, part,
                                              &(qhm_compile_options){.layout = places}, &again),
                          QHM_ERROR_INVALID_ARGUMENT, "");
        }
        REQUIRE_OK(qhm_circuit_compile(circuit, part, NULL, &again));
        const uint32_t *taken = qhm_compiled_physical_qubits(again, &used);
        for (size_t q = 0; q < used; q++)
            assert_true(qhm_device_qubit_at(part, taken[q])->is_working);
        qhm_compiled_destroy(again);
        qhm_device_destroy(part);
    }
    assert_true(struck > 0);
    qhm_compiled_destroy(compiled);
    two_layers_destroy(t);
}

static void a_dead_chip_says_so(void **state)
{
    two_layers *t = two_layers_create(
        state, "devices: [TINY]\nexecution: {yield: [0.001], yield_samples: 2}\n");
    qhm_fit_result result = {0};
    const json_t *yields = climb(t, &result);
    for (size_t s = 0; s < 2; s++) {
        const json_t *sample = json_array_get(samples_of(yields, 0), s);
        assert_non_null(json_object_get(sample, "note"));
        assert_non_null(strstr(json_string_value(json_object_get(sample, "note")), "0"));
        assert_null(json_object_get(sample, "score"));
    }
    qhm_fit_result_release(&result);
    two_layers_destroy(t);
}

static void mistakes_of_yields_are_told(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"execution: {yield: [1]}\n", "has no 'devices'"},
        {"devices: [ideal]\nexecution: {yield: [1]}\n", "needs a chip"},
        {"devices: [willow]\nexecution: {yield: 1}\n", "not a list of one number or more"},
        {"devices: [willow]\nexecution: {yield: [1, 1.5]}\n",
         "a yield is 1.5, not a number from 0.001 to 1"},
        {"devices: [willow]\nexecution: {yield: [0.9, 0.90]}\n", "yield 0.90 is there twice"},
        {"devices: [willow]\nexecution: {yield_devices: [willow]}\n", "used only with yield"},
        {"devices: [willow, shots]\nexecution: {yield: [1], yield_devices: [shots]}\n",
         "shots is no chip among the run's devices"},
        {"devices: [willow]\nexecution: {yield: [1], yield_devices: [willow, willow]}\n",
         "willow is there twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        two_layers_require_refused(state, cases[i].text, cases[i].message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(a_yield_of_1_is_the_chips_rung),
        in_temporary_folder(success_falls_with_the_yield_in_the_mean),
        in_temporary_folder(dead_qubits_are_gone_round),
        in_temporary_folder(a_dead_chip_says_so),
        in_temporary_folder(mistakes_of_yields_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
