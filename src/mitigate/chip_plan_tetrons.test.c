// Chip plans on tetrons: sequences of measurements as channels, repeated, and read letter by
// letter.
#include "mitigate/chip_readout.h"
#include "support/checks.h"
#include "support/chip_subject.h"

#include <math.h>
#include <qhm/chip_plan.h>
#include <qhm/noise_model.h>
#include <string.h>

enum { QUBITS = 3, WEIGHTS = 3 };

static const double weights[WEIGHTS] = {0.4, -0.9, 1.3};
static const double inputs[4] = {0.3, -0.7, 1.1, 0.25}; // two rows of two

static int setup(void **state)
{
    static fixture f;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &f.circuit));
    for (uint32_t q = 0; q < QUBITS; q++) {
        const qhm_angle angle = q < 2 ? qhm_angle_input(q, 1) : qhm_angle_constant(0.3);
        REQUIRE_OK(qhm_circuit_append(f.circuit, QHM_GATE_RY, &q, &angle));
    }
    for (uint32_t q = 0; q < QUBITS; q++) {
        const qhm_angle angle = qhm_angle_weight(q);
        REQUIRE_OK(
            qhm_circuit_append(f.circuit, QHM_GATE_CX, (uint32_t[]){q, (q + 1) % QUBITS}, NULL));
        REQUIRE_OK(qhm_circuit_append(f.circuit, QHM_GATE_RX, &q, &angle));
    }
    REQUIRE_OK(qhm_observable_parse("Z0 Z2 + 0.5 X1", &f.observables[0]));
    REQUIRE_OK(qhm_observable_parse("Z1", &f.observables[1]));
    REQUIRE_OK(qhm_device_load("majorana1:projected_1e-4", NULL, &f.device));
    *state = &f;
    return 0;
}

static qhm_chip_plan *create(const fixture *f, const qhm_device *device,
                             qhm_chip_plan_options options)
{
    qhm_chip_plan *plan;
    options.compile.allow_assumed_gates = true;
    options.compile.rotations = QHM_ROTATIONS_ANALOG;
    REQUIRE_OK(qhm_chip_plan_create(f->circuit, list(f), 2, device, &options, &plan));
    return plan;
}

static void run(qhm_chip_plan *plan, const double *own_weights, double values[4])
{
    REQUIRE_OK(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                      .inputs = inputs,
                                                      .weights = own_weights,
                                                      .seed = 7,
                                                      .expectations = values}));
}

static double largest_difference(const double a[4], const double b[4])
{
    double largest = 0;
    for (int i = 0; i < 4; i++)
        largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

static void merged_sequences_are_those_that_are_followed(void **state)
{
    const fixture *f = *state;
    enum { SHOTS = 4000 };
    double merged[4], followed[4], ideal[4];
    qhm_chip_plan *plans[2] = {
        create(f, f->device, (qhm_chip_plan_options){0}),
        create(f, f->device, (qhm_chip_plan_options){.shots = SHOTS, .follows_outcomes = true})};
    const qhm_chip_plan_info *info = qhm_chip_plan_information(plans[0]);
    assert_string_equal(info->backend, "density_matrix");
    assert_string_equal(qhm_chip_plan_information(plans[1])->backend, "trajectories");
    assert_int_equal(info->circuit_count, qhm_chip_plan_information(plans[1])->circuit_count);
    run(plans[0], weights, merged);
    run(plans[1], weights, followed);
    // |coefficients| of the first sum to 1.5
    assert_true(largest_difference(merged, followed) < 5 * 1.5 / sqrt(SHOTS));
    qhm_chip_plan *perfect = create(f, NULL, (qhm_chip_plan_options){0});
    run(perfect, weights, ideal);
    assert_true(largest_difference(merged, ideal) > 5 * 1.5 / sqrt(SHOTS)); // it is seen

    // The ledger has what the chip runs, not what stands for it: once per circuit or shot.
    qhm_ledger ledgers[2];
    for (int i = 0; i < 2; i++)
        REQUIRE_OK(qhm_chip_plan_ledger(plans[i], &ledgers[i]));
    assert_int_equal(ledgers[0].qubits, ledgers[1].qubits);
    assert_int_equal(ledgers[0].depth, ledgers[1].depth);
    for (int p = 0; p < QHM_PHASE_READ_OUT; p++)
        assert_int_equal(ledgers[0].phases[p].measurements * SHOTS,
                         ledgers[1].phases[p].measurements);
    for (int i = 0; i < 2; i++)
        qhm_chip_plan_destroy(plans[i]);
    qhm_chip_plan_destroy(perfect);
}

static void gradients_are_those_of_its_values(void **state)
{
    const fixture *f = *state;
    const double cotangents[4] = {1, 0.5, -0.3, 0.8};
    double shifted[WEIGHTS], gradients[WEIGHTS], values[4];
    qhm_chip_plan *plan = create(f, f->device, (qhm_chip_plan_options){.mitigation = "readout"});
    REQUIRE_OK(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 2,
                                                      .inputs = inputs,
                                                      .weights = weights,
                                                      .cotangents = cotangents,
                                                      .weight_gradients = gradients}));
    for (int w = 0; w < WEIGHTS; w++) {
        double sums[2] = {0, 0};
        for (int side = 0; side < 2; side++) {
            memcpy(shifted, weights, sizeof shifted);
            shifted[w] += side == 0 ? -1e-5 : 1e-5;
            run(plan, shifted, values);
            for (int i = 0; i < 4; i++)
                sums[side] += cotangents[i] * values[i];
        }
        REQUIRE_NEAR(gradients[w], (sums[1] - sums[0]) / 2e-5, 1e-7);
    }
    qhm_chip_plan_destroy(plan);
}

// Only two-qubit sequences err more when they are repeated, and nothing else is in this circuit.
static void extrapolation_gets_nearer(void **state)
{
    fixture f = *(const fixture *)*state;
    double ideal[4], raw[4], straight[4], curved[4];
    qhm_circuit *clifford;
    REQUIRE_OK(qhm_circuit_create(2, 0, &clifford));
    REQUIRE_OK(qhm_circuit_append(clifford, QHM_GATE_X, (uint32_t[]){0}, NULL));
    for (int i = 0; i < 7; i++)
        REQUIRE_OK(qhm_circuit_append(clifford, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    f.circuit = clifford;
    REQUIRE_OK(qhm_observable_parse("Z0 Z1", &f.observables[0]));
    REQUIRE_OK(qhm_observable_parse("Z1", &f.observables[1]));
    const char *names[4] = {NULL, "readout", "readout,zne_linear", "readout,zne"};
    double *const values[4] = {ideal, raw, straight, curved};
    for (int i = 0; i < 4; i++) {
        qhm_chip_plan *plan =
            create(&f, i == 0 ? NULL : f.device,
                   (qhm_chip_plan_options){.compile = {.level = 1}, .mitigation = names[i]});
        REQUIRE_OK(qhm_chip_plan_run(
            plan, &(qhm_request){.batch_count = 2, .seed = 1, .expectations = values[i]}));
        if (i == 3) {
            assert_int_equal(qhm_chip_plan_information(plan)->circuit_count, 3);
            assert_string_equal(qhm_chip_plan_information(plan)->backend, "density_matrix");
            assert_true(qhm_chip_plan_information(plan)->duration_ns >
                        2 * qhm_chip_plan_information(plan)->summary->duration_ns);
        }
        qhm_chip_plan_destroy(plan);
    }
    const double errors[3] = {largest_difference(raw, ideal), largest_difference(straight, ideal),
                              largest_difference(curved, ideal)};
    assert_true(errors[0] > 1e-3);
    assert_true(errors[1] < errors[0] / 5); // the waits at the ends are not repeated
    assert_true(errors[2] < errors[0] / 5);
    for (int k = 0; k < 2; k++)
        qhm_observable_destroy(f.observables[k]);
    qhm_circuit_destroy(clifford);
}

// Z has almost no misreading where X has 16 %.
static void each_setting_has_the_errors_of_its_letters(void **state)
{
    (void)state;
    fixture f = {0};
    qhm_noise_model *noise;
    double x[2], z[2], values[2];
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &f.device));
    REQUIRE_OK(qhm_noise_model_create_from_device(f.device, (uint32_t[]){0}, 1, NULL, &noise));
    REQUIRE_OK(qhm_chip_readout_find(noise, 1, 0, QHM_PAULI_X, x));
    REQUIRE_OK(qhm_chip_readout_find(noise, 1, 0, QHM_PAULI_Z, z));
    assert_true(x[0] > 10 * z[0]);
    REQUIRE_OK(qhm_circuit_create(1, 0, &f.circuit));
    REQUIRE_OK(
        qhm_circuit_append(f.circuit, QHM_GATE_RY, (uint32_t[]){0}, &(qhm_angle){.offset = 0.9}));
    REQUIRE_OK(qhm_observable_parse("0.25 + X0 - 2 Z0", &f.observables[0]));
    REQUIRE_OK(qhm_observable_parse("Z0", &f.observables[1]));
    qhm_chip_plan *plan = create(&f, f.device, (qhm_chip_plan_options){0});
    assert_int_equal(qhm_chip_plan_information(plan)->circuit_count, 2);
    const qhm_request request = {.batch_count = 1, .expectations = values};
    REQUIRE_OK(qhm_chip_plan_run(plan, &request));
    qhm_chip_plan_destroy(plan);
    double bare[2]; // without what the reading adds: divided out exactly
    plan = create(&f, f.device, (qhm_chip_plan_options){.mitigation = "readout"});
    REQUIRE_OK(qhm_chip_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = bare}));
    qhm_chip_plan_destroy(plan);
    REQUIRE_NEAR(values[1], (1 - 2 * z[0]) * bare[1], 1e-9);
    REQUIRE_NEAR(values[0], 0.25 + (1 - 2 * x[0]) * (bare[0] - 0.25 + 2 * bare[1]) - 2 * values[1],
                 1e-9);
    assert_true(bare[1] > 0.5 && fabs(bare[0] - 0.25 + 2 * bare[1]) > 0.2);
    qhm_noise_model_destroy(noise);
    for (int k = 0; k < 2; k++)
        qhm_observable_destroy(f.observables[k]);
    qhm_circuit_destroy(f.circuit);
    qhm_device_destroy(f.device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merged_sequences_are_those_that_are_followed),
        cmocka_unit_test(gradients_are_those_of_its_values),
        cmocka_unit_test(extrapolation_gets_nearer),
        cmocka_unit_test(each_setting_has_the_errors_of_its_letters),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
