// Which operations of a circuit are one of the chip's: runs of one-qubit gates, conditions, and
// what is not native.
#include "support/noise_models.h"

static void runs_of_one_qubit_gates_are_one_operation(void **state)
{
    (void)state;
    const uint32_t qubits[] = {50, 51};
    qhm_noise_model *willow = model_of("willow", qubits, 2, NULL);
    qhm_circuit *circuit = circuit_of(2, 0);
    const qhm_angle input = qhm_angle_input(0, 1);
    append(circuit, QHM_GATE_RZ, 0, 0, 0.1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &input));
    append(circuit, QHM_GATE_RX, 1, 0, 0.2);
    append(circuit, QHM_GATE_H, 0, 0, 0);
    append(circuit, QHM_GATE_T, 0, 0, 0);
    append(circuit, QHM_GATE_CZ, 0, 1, 0);
    append(circuit, QHM_GATE_S, 0, 0, 0); // free
    append(circuit, QHM_GATE_SX, 1, 0, 0);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
    append(circuit, QHM_GATE_SX, 1, 0, 0); // not in the run across the barrier
    require_noisy(willow, circuit,
                  "rz ry rx channel1 h t channel0 cz channel01 channel0 channel1 s sx channel1 "
                  "barrier sx channel1");
    qhm_circuit *noisy = apply(willow, circuit);
    assert_int_equal(qhm_circuit_input_count(noisy), 1);
    assert_string_equal(qhm_circuit_qubit_register(noisy, 0)->name, "q");
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
    qhm_noise_model_destroy(willow);
}

static void chips_of_sx_take_two_for_what_is_not_native(void **state)
{
    (void)state;
    const uint32_t qubits[] = {0, 1};
    qhm_noise_model *condor = model_of("condor", qubits, 2, NULL);
    qhm_circuit *circuit = circuit_of(2, 0);
    append(circuit, QHM_GATE_RZ, 0, 0, 0.1);
    append(circuit, QHM_GATE_SX, 0, 0, 0);
    append(circuit, QHM_GATE_RZ, 0, 0, 0.1);
    append(circuit, QHM_GATE_X, 0, 0, 0);
    append(circuit, QHM_GATE_SX, 1, 0, 0);
    append(circuit, QHM_GATE_RY, 1, 0, 0.4);
    append(circuit, QHM_GATE_ECR, 1, 0, 0);
    require_noisy(condor, circuit,
                  "rz sx channel0 rz x channel0 sx ry channel1 channel1 ecr channel10 channel1 "
                  "channel0");
    qhm_circuit_destroy(circuit);
    qhm_noise_model_destroy(condor);
}

static void conditions_part_runs_and_go_with_their_noise(void **state)
{
    (void)state;
    const uint32_t qubits[] = {50, 51};
    qhm_noise_model *willow = model_of("willow", qubits, 2, NULL);
    qhm_circuit *circuit = circuit_of(2, 2);
    const uint32_t target = 1;
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    qhm_instruction flip = {.gate = QHM_GATE_X,
                            .qubit_count = 1,
                            .qubits = &target,
                            .condition = qhm_condition_bit(0, true)};
    append(circuit, QHM_GATE_H, 1, 0, 0);
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &flip));
    flip.gate = QHM_GATE_Y;
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &flip));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0)); // the condition changes here
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &flip));
    require_noisy(willow, circuit, "measure h channel1 x y channel1 measure y channel1");
    qhm_circuit *noisy = apply(willow, circuit);
    assert_int_equal(qhm_circuit_instruction(noisy, 2)->condition.relation, QHM_RELATION_NONE);
    assert_int_equal(qhm_circuit_instruction(noisy, 5)->condition.relation, QHM_RELATION_EQUAL);
    // The measurements flip as the chip's do.
    double flips[2];
    qhm_noise_model_readout(willow, 0, flips);
    REQUIRE_NEAR(flips[0], 3.84e-3, 1e-12);
    REQUIRE_NEAR(flips[1], 1.146e-2, 1e-12);
    assert_true(qhm_circuit_instruction(noisy, 0)->flips[0] == flips[0]);
    assert_true(qhm_circuit_instruction(noisy, 0)->flips[1] == flips[1]);
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
    qhm_noise_model_destroy(willow);
}

static void what_is_not_native_is_refused(void **state)
{
    (void)state;
    const uint32_t qubits[] = {50, 51, 0}; // the last is not beside the others
    qhm_noise_model *willow = model_of("willow", qubits, 3, NULL);
    qhm_circuit *noisy, *circuit = circuit_of(3, 0);
    append(circuit, QHM_GATE_H, 0, 0, 0);
    append(circuit, QHM_GATE_CX, 0, 1, 0);
    REQUIRE_FAILS(qhm_noise_model_apply(willow, circuit, &noisy), QHM_ERROR_UNSUPPORTED,
                  "instruction 1, cx on qubits 0 and 1, is not native to willow there: compile the "
                  "circuit first");
    qhm_circuit_destroy(circuit);
    circuit = circuit_of(3, 0);
    append(circuit, QHM_GATE_CZ, 1, 2, 0);
    REQUIRE_FAILS(qhm_noise_model_apply(willow, circuit, &noisy), QHM_ERROR_UNSUPPORTED,
                  "cz on qubits 1 and 2");
    qhm_circuit_destroy(circuit);
    circuit = circuit_of(4, 0);
    REQUIRE_FAILS(qhm_noise_model_apply(willow, circuit, &noisy), QHM_ERROR_INVALID_ARGUMENT,
                  "the circuit has 4 qubits, the noise model willow 3");
    qhm_circuit_destroy(circuit);
    qhm_noise_model_destroy(willow);
    qhm_device *device = load("willow", NULL);
    const uint32_t twice[] = {3, 3}, far[] = {105};
    REQUIRE_FAILS(qhm_noise_model_create_from_device(device, twice, 2, NULL, &willow),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit 3 of willow stands for two");
    REQUIRE_FAILS(qhm_noise_model_create_from_device(device, far, 1, NULL, &willow),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit 105 is not one of the 105");
    REQUIRE_FAILS(qhm_noise_model_create_from_device(device, far, 1,
                                                     &(qhm_noise_options){.scale = -1}, &willow),
                  QHM_ERROR_INVALID_ARGUMENT, "scale of noise is -1");
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_one_qubit_gates_are_one_operation),
        cmocka_unit_test(chips_of_sx_take_two_for_what_is_not_native),
        cmocka_unit_test(conditions_part_runs_and_go_with_their_noise),
        cmocka_unit_test(what_is_not_native_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
