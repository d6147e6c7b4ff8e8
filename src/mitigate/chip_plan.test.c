#include <qhm/chip_plan.h>

#include "mitigate/chip_readout.h"
#include "support/checks.h"
#include "support/chip_subject.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/mitigation.h>
#include <qhm/noise_model.h>
#include <string.h>

enum { QUBITS = 3, WEIGHTS = 6 };

static const double weights[WEIGHTS] = {0.4, -0.9, 1.3, 0.2, 0.8, -0.5};
static const double inputs[4] = {0.3, -0.7, 1.1, 0.25}; // two rows of two

// Inputs, a chain of CX, weights, another chain: every slot matters.
static qhm_circuit *create_circuit(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &circuit));
    for (uint32_t q = 0; q < 2; q++) {
        const qhm_angle angle = qhm_angle_input(q, 1);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
    }
    for (uint32_t layer = 0; layer < 2; layer++)
        for (uint32_t q = 0; q < QUBITS; q++) {
            const qhm_angle angle = qhm_angle_weight(layer * QUBITS + q);
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
            if (q + 1 < QUBITS)
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q, q + 1}, NULL));
        }
    return circuit;
}

static int setup(void **state)
{
    static fixture f;
    f.circuit = create_circuit();
    REQUIRE_OK(qhm_observable_parse("Z0 Z2 + 0.5 X1", &f.observables[0]));
    REQUIRE_OK(qhm_observable_parse("Z1", &f.observables[1]));
    REQUIRE_OK(qhm_device_load("willow", NULL, &f.device));
    *state = &f;
    return 0;
}

// Expectations of both rows, on the device, or without one.
static void run(const fixture *f, const qhm_device *device, const qhm_chip_plan_options *options,
                double values[4])
{
    qhm_chip_plan *plan;
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, device, options, &plan));
    REQUIRE_OK(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                      .inputs = inputs,
                                                      .weights = weights,
                                                      .seed = 7,
                                                      .expectations = values}));
    qhm_chip_plan_destroy(plan);
}

// The values by hand: compile, noise with options, a plan.
static void run_by_hand(const fixture *f, const qhm_noise_options *options, double values[4])
{
    qhm_compiled *compiled;
    qhm_noise_model *noise;
    qhm_circuit *noisy;
    qhm_backend *backend;
    qhm_observable *mapped[2];
    qhm_plan *plan;
    size_t count;
    REQUIRE_OK(qhm_circuit_compile(f->circuit, f->device, NULL, &compiled));
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
    REQUIRE_OK(qhm_noise_model_create_from_device(f->device, physical, count, options, &noise));
    REQUIRE_OK(qhm_noise_model_apply(noise, qhm_compiled_circuit(compiled), &noisy));
    double flips[8][2];
    assert_true(count <= 8);
    for (uint32_t q = 0; q < count; q++)
        qhm_noise_model_readout(noise, q, flips[q]);
    for (int k = 0; k < 2; k++)
        REQUIRE_OK(qhm_compiled_map_observable(compiled, f->observables[k], &mapped[k]));
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, noisy, (const qhm_observable *const *)mapped, 2,
                               &(qhm_plan_options){.readout_flips = (const double(*)[2])flips},
                               &plan));
    REQUIRE_OK(qhm_plan_run(
        plan, &(qhm_request){
                  .batch_count = 2, .inputs = inputs, .weights = weights, .expectations = values}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    for (int k = 0; k < 2; k++)
        qhm_observable_destroy(mapped[k]);
    qhm_circuit_destroy(noisy);
    qhm_noise_model_destroy(noise);
    qhm_compiled_destroy(compiled);
}

static double largest_difference(const double a[4], const double b[4])
{
    double largest = 0;
    for (int i = 0; i < 4; i++)
        largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

static void no_device_is_the_plain_plan(void **state)
{
    const fixture *f = *state;
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_device *ideal;
    double expected[4], values[4];
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, f->circuit, list(f), 2, NULL, &plan));
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                 .inputs = inputs,
                                                 .weights = weights,
                                                 .expectations = expected}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    run(f, NULL, NULL, values);
    assert_memory_equal(values, expected, sizeof values);
    REQUIRE_OK(qhm_device_load("ideal", NULL, &ideal));
    run(f, ideal, NULL, values);
    assert_memory_equal(values, expected, sizeof values);
    qhm_device_destroy(ideal);
}

static void a_chip_plan_is_compiling_noise_and_a_plan(void **state)
{
    const fixture *f = *state;
    double expected[4], values[4], ideal[4];
    run_by_hand(f, NULL, expected);
    run(f, f->device, NULL, values);
    assert_true(largest_difference(values, expected) < 1e-12);
    run(f, NULL, NULL, ideal);
    assert_true(largest_difference(values, ideal) > 1e-3); // there is noise
}

// Dividing symmetric readout errors out of exact values leaves the values without them.
static void readout_errors_divide_out(void **state)
{
    const fixture *f = *state;
    double expected[4], values[4], raw[4];
    run_by_hand(f, &(qhm_noise_options){.without_readout = true}, expected);
    run(f, f->device, &(qhm_chip_plan_options){.mitigation = "readout"}, values);
    assert_true(largest_difference(values, expected) < 1e-12);
    run(f, f->device, NULL, raw);
    assert_true(largest_difference(raw, expected) > 1e-3);
}

static void extrapolation_gets_nearer(void **state)
{
    const fixture *f = *state;
    double ideal[4], raw[4], mitigated[4], linear[4];
    run(f, NULL, NULL, ideal);
    run(f, f->device, &(qhm_chip_plan_options){.mitigation = "readout"}, raw);
    run(f, f->device, &(qhm_chip_plan_options){.mitigation = "readout,zne"}, mitigated);
    run(f, f->device, &(qhm_chip_plan_options){.mitigation = "zne_linear, readout"}, linear);
    const double before = largest_difference(raw, ideal);
    assert_true(largest_difference(linear, ideal) < 0.7 * before);
    assert_true(largest_difference(mitigated, ideal) < 0.7 * before);
}

static void it_says_what_it_runs(void **state)
{
    const fixture *f = *state;
    qhm_chip_plan *plan;
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, f->device,
                                    &(qhm_chip_plan_options){.mitigation = "zne"}, &plan));
    const qhm_chip_plan_info *info = qhm_chip_plan_information(plan);
    assert_string_equal(info->backend, "density_matrix");
    assert_int_equal(info->circuit_count, 3 * 2); // scales, settings: Z0 Z2 and Z1, X1
    // 3 circuits, and the squares of 15/8, -5/4 and 3/8
    REQUIRE_NEAR(info->overhead, 3 * (225.0 / 64 + 25.0 / 16 + 9.0 / 64), 1e-12);
    assert_true(info->summary->estimated_success < 1 && info->summary->estimated_success > 0.5);
    assert_true(info->duration_ns > 2 * info->summary->duration_ns); // folded circuits are longer
    assert_int_equal(info->input_count, 2);
    assert_int_equal(info->weight_count, WEIGHTS);
    qhm_chip_plan_destroy(plan);
}

// A tetron's X: misread with 2.8 %, after a switch with (1 - exp(-2 us / 14.5 us)) / 2 in the first
// half of the window. Its Z has almost no misreading, but a window of 62 us.
static void tetrons_are_read_by_letters(void **state)
{
    (void)state;
    qhm_device *majorana;
    qhm_noise_model *noise;
    double x[2], z[2];
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &majorana));
    REQUIRE_OK(qhm_noise_model_create_from_device(majorana, (uint32_t[]){0}, 1, NULL, &noise));
    REQUIRE_OK(qhm_chip_readout_find(noise, 1, 0, QHM_PAULI_X, x));
    REQUIRE_OK(qhm_chip_readout_find(noise, 1, 0, QHM_PAULI_Z, z));
    const double switched = (1 - exp(-2 / 14.5)) / 2, misread = 0.028;
    for (int value = 0; value < 2; value++) {
        REQUIRE_NEAR(x[value], misread + switched - 2 * misread * switched, 2e-3);
        assert_true(z[value] > 1e-3 && z[value] < 5e-3);
    }
    qhm_noise_model_destroy(noise);

    qhm_circuit *circuit;
    qhm_observable *observable;
    qhm_chip_plan *plan;
    double found;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_observable_parse("Z0", &observable));
    REQUIRE_OK(qhm_chip_plan_create(circuit, (const qhm_observable *const *)&observable, 1,
                                    majorana, NULL, &plan));
    REQUIRE_OK(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = &found}));
    REQUIRE_NEAR(found, 1 - 2 * z[0], 1e-9);
    qhm_chip_plan_destroy(plan);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(majorana);
}

static void shots_scatter_about_exact_values(void **state)
{
    const fixture *f = *state;
    double exact[4], first[4], again[4];
    run(f, f->device, &(qhm_chip_plan_options){.mitigation = "readout,zne"}, exact);
    const qhm_chip_plan_options options = {.shots = 4096, .mitigation = "readout,zne"};
    run(f, f->device, &options, first);
    run(f, f->device, &options, again);
    assert_memory_equal(first, again, sizeof first);
    // |coefficients| of the first sum to 1.5; the scales' factors have squares of sum 5.22.
    assert_true(largest_difference(first, exact) < 5 * 1.5 * sqrt(5.22 / 4096) * 1.1);
    assert_true(largest_difference(first, exact) > 1e-6);
}

static void gradients_are_those_of_its_values(void **state)
{
    const fixture *f = *state;
    const double cotangents[4] = {1, 0.5, -0.3, 0.8};
    double shifted[WEIGHTS], gradients[WEIGHTS];
    qhm_chip_plan *plan;
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, f->device,
                                    &(qhm_chip_plan_options){.mitigation = "readout,zne"}, &plan));
    REQUIRE_OK(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                      .inputs = inputs,
                                                      .weights = weights,
                                                      .cotangents = cotangents,
                                                      .weight_gradients = gradients}));
    for (int w = 0; w < WEIGHTS; w++) {
        double sums[2] = {0, 0};
        for (int side = 0; side < 2; side++) {
            double values[4];
            memcpy(shifted, weights, sizeof shifted);
            shifted[w] += side == 0 ? -1e-5 : 1e-5;
            REQUIRE_OK(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                              .inputs = inputs,
                                                              .weights = shifted,
                                                              .expectations = values}));
            for (int i = 0; i < 4; i++)
                sums[side] += cotangents[i] * values[i];
        }
        REQUIRE_NEAR(gradients[w], (sums[1] - sums[0]) / 2e-5, 1e-7);
    }
    qhm_chip_plan_destroy(plan);
}

static void mistakes_are_refused(void **state)
{
    const fixture *f = *state;
    qhm_chip_plan *plan = NULL;
    REQUIRE_FAILS(qhm_chip_plan_create(f->circuit, list(f), 2, f->device,
                                       &(qhm_chip_plan_options){.mitigation = "readuot"}, &plan),
                  QHM_ERROR_NOT_FOUND, "did you mean \"readout\"");
    REQUIRE_FAILS(qhm_chip_plan_create(f->circuit, list(f), 2, f->device,
                                       &(qhm_chip_plan_options){.mitigation = "zne,zne_linear"},
                                       &plan),
                  QHM_ERROR_INVALID_ARGUMENT, "two extrapolations");
    REQUIRE_FAILS(qhm_chip_plan_create(f->circuit, list(f), 0, f->device, NULL, &plan),
                  QHM_ERROR_INVALID_ARGUMENT, "observables");
    qhm_circuit *large;
    REQUIRE_OK(qhm_circuit_create(106, 0, &large));
    for (uint32_t q = 0; q < 106; q++)
        REQUIRE_OK(qhm_circuit_append(large, QHM_GATE_H, &q, NULL));
    REQUIRE_FAILS(qhm_chip_plan_create(large, list(f), 2, f->device, NULL, &plan),
                  QHM_ERROR_RESOURCE_LIMIT, "10");
    qhm_circuit_destroy(large);
    assert_null(plan);
    double values[4], probabilities[16];
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, f->device, NULL, &plan));
    REQUIRE_FAILS(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                         .inputs = inputs,
                                                         .weights = weights,
                                                         .expectations = values,
                                                         .probabilities = probabilities}),
                  QHM_ERROR_INVALID_ARGUMENT, "nothing else");
    qhm_chip_plan_destroy(plan);
}

static qhm_status build(void *context)
{
    const fixture *f = context;
    qhm_chip_plan *plan = NULL;
    qhm_status status =
        qhm_chip_plan_create(f->circuit, list(f), 2, f->device,
                             &(qhm_chip_plan_options){.mitigation = "readout,zne"}, &plan);
    double values[4];
    if (status == QHM_OK)
        status = qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                        .inputs = inputs,
                                                        .weights = weights,
                                                        .expectations = values});
    qhm_chip_plan_destroy(plan);
    return status;
}

static void failing_memory_is_an_error(void **state)
{
    require_survives_failing_memory(build, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_device_is_the_plain_plan),
        cmocka_unit_test(a_chip_plan_is_compiling_noise_and_a_plan),
        cmocka_unit_test(readout_errors_divide_out),
        cmocka_unit_test(extrapolation_gets_nearer),
        cmocka_unit_test(it_says_what_it_runs),
        cmocka_unit_test(tetrons_are_read_by_letters),
        cmocka_unit_test(shots_scatter_about_exact_values),
        cmocka_unit_test(gradients_are_those_of_its_values),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(failing_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
