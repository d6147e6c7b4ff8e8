// Sequences of measurements as gates and channels, against the same sequences branch by branch.
#include "support/failing_memory.h"
#include "support/measured_chips.h"

#include <math.h>
#include <qhm/backend.h>
#include <qhm/channel.h>
#include <qhm/noise_model.h>
#include <qhm/plan.h>

typedef struct chip {
    qhm_device *device;
    qhm_compiled *compiled;
    qhm_circuit *noisy, *merged;
} chip;

static chip prepare(const char *device, const qhm_circuit *circuit,
                    const qhm_compile_options *options, const qhm_noise_options *noise)
{
    chip made;
    qhm_noise_model *model;
    size_t count;
    REQUIRE_OK(qhm_device_load(device, NULL, &made.device));
    REQUIRE_OK(qhm_circuit_compile(circuit, made.device, options, &made.compiled));
    const uint32_t *physical = qhm_compiled_physical_qubits(made.compiled, &count);
    REQUIRE_OK(qhm_noise_model_create_from_device(made.device, physical, count, noise, &model));
    REQUIRE_OK(qhm_noise_model_apply(model, qhm_compiled_circuit(made.compiled), &made.noisy));
    REQUIRE_OK(qhm_compiled_merge_sequences(made.compiled, made.noisy, &made.merged));
    qhm_noise_model_destroy(model);
    return made;
}

static void release(chip *made)
{
    qhm_circuit_destroy(made->merged);
    qhm_circuit_destroy(made->noisy);
    qhm_compiled_destroy(made->compiled);
    qhm_device_destroy(made->device);
}

// The values of observables of the logical qubits: by all branches of the sequences, or merged.
static void find_values(const chip *made, bool is_merged, const qhm_observable *const *observables,
                        size_t count, double *values)
{
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_observable *mapped[15];
    for (size_t k = 0; k < count; k++)
        REQUIRE_OK(qhm_compiled_map_observable(made->compiled, observables[k], &mapped[k]));
    const qhm_observable *const *asked =
        is_merged ? observables : (const qhm_observable *const *)mapped;
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, is_merged ? made->merged : made->noisy, asked, count, NULL,
                               &plan));
    REQUIRE_OK(qhm_plan_run_exact(
        plan, &(qhm_exact_request){.expectations = values, .least_probability = 1e-30}, NULL));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    for (size_t k = 0; k < count; k++)
        qhm_observable_destroy(mapped[k]);
}

// All strings on up to two qubits but the identity.
static size_t all_strings(size_t qubits, qhm_observable **observables)
{
    const size_t count = ((size_t)1 << 2 * qubits) - 1;
    for (size_t s = 1; s <= count; s++) {
        qhm_pauli_factor factors[2];
        size_t used = 0;
        for (uint32_t q = 0; q < qubits; q++)
            if (s >> 2 * q & 3)
                factors[used++] = (qhm_pauli_factor){q, (qhm_pauli)(s >> 2 * q & 3)};
        REQUIRE_OK(qhm_observable_create(&observables[s - 1]));
        REQUIRE_OK(qhm_observable_append(observables[s - 1], 1, factors, used));
    }
    return count;
}

static void require_same_values(const chip *made, size_t qubits, double least)
{
    qhm_observable *observables[15];
    double explicit[15], merged[15];
    const size_t count = all_strings(qubits, observables);
    find_values(made, false, (const qhm_observable *const *)observables, count, explicit);
    find_values(made, true, (const qhm_observable *const *)observables, count, merged);
    double size = 0;
    for (size_t k = 0; k < count; k++) {
        REQUIRE_NEAR(merged[k], explicit[k], 1e-10);
        size = fmax(size, fabs(explicit[k]));
        qhm_observable_destroy(observables[k]);
    }
    assert_true(size > least); // there was something to compare
}

// Each gate after analog rotations, which leave every Pauli string a value of its own; as measured,
// the chip wipes out most of them.
static void single_gates_are_those_of_all_branches(void **state)
{
    (void)state;
    static const struct {
        qhm_gate gate;
        uint32_t qubits[2];
    } gates[] = {{QHM_GATE_S, {0}},  {QHM_GATE_SX, {0}},    {QHM_GATE_T, {0}},
                 {QHM_GATE_H, {0}},  {QHM_GATE_CX, {0, 1}}, {QHM_GATE_CX, {1, 0}},
                 {QHM_GATE_TDG, {0}}};
    static const char *const devices[] = {"majorana1", "majorana1:projected_1e-4"};
    for (size_t d = 0; d < 2; d++)
        for (size_t g = 0; g < sizeof gates / sizeof *gates; g++) {
            const size_t qubits = gates[g].gate == QHM_GATE_CX ? 2 : 1;
            qhm_circuit *circuit = create(qubits, 0);
            for (uint32_t q = 0; q < qubits; q++) {
                append(circuit, QHM_GATE_RX, &q, 0.7 + q);
                append(circuit, QHM_GATE_RZ, &q, 0.4 - q);
            }
            append(circuit, gates[g].gate, gates[g].qubits, 0);
            chip made = prepare(devices[d], circuit,
                                &(qhm_compile_options){.allow_assumed_gates = true,
                                                       .rotations = QHM_ROTATIONS_ANALOG},
                                NULL);
            assert_int_equal(qhm_circuit_qubit_count(made.merged), qubits);
            require_same_values(&made, qubits, d == 0 ? -1 : 0.1);
            release(&made);
            qhm_circuit_destroy(circuit);
        }
}

// Two CX that share a qubit run side by side as far as they can, and the first qubit waits.
static void sequences_that_overlap_are_parted(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(2, 0);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, 0.7);
    append(circuit, QHM_GATE_RX, (uint32_t[]){1}, 0.4);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    append(circuit, QHM_GATE_RX, (uint32_t[]){1}, 0.3);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    chip made = prepare(
        "majorana1:projected_1e-4", circuit,
        &(qhm_compile_options){.allow_assumed_gates = true, .rotations = QHM_ROTATIONS_ANALOG},
        &(qhm_noise_options){.scale = 50});
    require_same_values(&made, 2, 1e-3);
    release(&made);
    qhm_circuit_destroy(circuit);
}

static void final_measurements_are_kept(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(2, 2);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
    append(circuit, QHM_GATE_T, (uint32_t[]){0}, 0);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, 0);
    for (uint32_t q = 0; q < 2; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    chip made = prepare("majorana1:projected_1e-4", circuit, NULL, NULL);
    qhm_distribution *found[2];
    const qhm_circuit *circuits[2] = {made.noisy, made.merged};
    for (int i = 0; i < 2; i++) {
        qhm_backend *backend;
        qhm_plan *plan;
        REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
        REQUIRE_OK(qhm_plan_create(backend, circuits[i], NULL, 0, NULL, &plan));
        REQUIRE_OK(
            qhm_plan_run_exact(plan, &(qhm_exact_request){.least_probability = 1e-30}, &found[i]));
        qhm_plan_destroy(plan);
        qhm_backend_destroy(backend);
    }
    for (uint64_t bits = 0; bits < 4; bits++) {
        const double weight = qhm_distribution_weight(found[0], &bits);
        assert_true(weight > 1e-3);
        REQUIRE_NEAR(qhm_distribution_weight(found[1], &bits), weight, 1e-10);
    }
    for (int i = 0; i < 2; i++)
        qhm_distribution_destroy(found[i]);
    release(&made);
    qhm_circuit_destroy(circuit);
}

static double find_mean(const qhm_circuit *circuit, const char *backend_name,
                        const qhm_observable *observable, size_t shots, const double *inputs)
{
    qhm_backend *backend;
    qhm_plan *plan;
    double value;
    REQUIRE_OK(qhm_backend_create(backend_name, NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, (const qhm_observable *const[]){observable}, 1,
                               NULL, &plan));
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                 .inputs = inputs,
                                                 .shots = shots,
                                                 .seed = test_seed(),
                                                 .expectations = &value}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return value;
}

// Every qubit meets every other, so that data move about the chip; far too many branches to follow.
static void moved_data_agree_with_trajectories(void **state)
{
    (void)state;
    enum { SHOTS = 6000 };
    const double inputs[4] = {0.5, -0.8, 1.2, 0.3};
    qhm_circuit *circuit = create(4, 0);
    for (uint32_t q = 0; q < 4; q++) {
        const qhm_angle angle = qhm_angle_input(q, 1);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
    }
    for (uint32_t a = 0; a < 4; a++)
        for (uint32_t b = a + 1; b < 4; b++)
            append(circuit, QHM_GATE_CX, (uint32_t[]){b, a}, 0);
    chip made =
        prepare("majorana1:projected_1e-4", circuit,
                &(qhm_compile_options){
                    .seed = 3, .allow_assumed_gates = true, .rotations = QHM_ROTATIONS_ANALOG},
                &(qhm_noise_options){.scale = 20});
    assert_true(qhm_compiled_summary_of(made.compiled)->swap_count > 0);
    static const char *const texts[] = {"Z0", "Z0 Z1", "Z0 Z1 Z2 Z3", "X1", "Z3 Y0 Y2"};
    double largest = 0;
    for (size_t k = 0; k < 5; k++) {
        qhm_observable *observable, *mapped;
        REQUIRE_OK(qhm_observable_parse(texts[k], &observable));
        REQUIRE_OK(qhm_compiled_map_observable(made.compiled, observable, &mapped));
        const double exact = find_mean(made.merged, "density_matrix", observable, 0, inputs);
        const double ideal = find_mean(circuit, "statevector", observable, 0, inputs);
        REQUIRE_NEAR(find_mean(made.noisy, "trajectories", mapped, SHOTS, inputs), exact,
                     5 / sqrt(SHOTS));
        REQUIRE_NEAR(find_mean(made.merged, "trajectories", observable, SHOTS, inputs), exact,
                     5 / sqrt(SHOTS));
        largest = fmax(largest, fabs(exact - ideal));
        qhm_observable_destroy(observable);
        qhm_observable_destroy(mapped);
    }
    assert_true(largest > 5 / sqrt(SHOTS)); // the noise is seen
    release(&made);
    qhm_circuit_destroy(circuit);
}

static void what_remembers_is_refused(void **state)
{
    (void)state;
    qhm_device *device;
    qhm_compiled *compiled;
    qhm_circuit *merged = NULL, *circuit = create(2, 2);
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, 0);
    REQUIRE_OK(qhm_device_load("willow", NULL, &device));
    REQUIRE_OK(qhm_circuit_compile(circuit, device, NULL, &compiled));
    REQUIRE_FAILS(qhm_compiled_merge_sequences(compiled, qhm_compiled_circuit(compiled), &merged),
                  QHM_ERROR_UNSUPPORTED, "nothing to merge");
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);

    REQUIRE_OK(qhm_device_load("majorana1", NULL, &device));
    REQUIRE_OK(qhm_circuit_compile(circuit, device, NULL, &compiled));
    size_t count;
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
    qhm_noise_model *model;
    qhm_circuit *noisy;
    REQUIRE_OK(qhm_noise_model_create_from_device(
        device, physical, count, &(qhm_noise_options){.poisoning = QHM_POISONING_PARITY}, &model));
    REQUIRE_OK(qhm_noise_model_apply(model, qhm_compiled_circuit(compiled), &noisy));
    REQUIRE_FAILS(qhm_compiled_merge_sequences(compiled, noisy, &merged), QHM_ERROR_UNSUPPORTED,
                  "parities that outlast");
    qhm_circuit_destroy(noisy);
    qhm_noise_model_destroy(model);
    qhm_compiled_destroy(compiled);

    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_S,
                                    .qubits = (uint32_t[]){1},
                                    .condition = qhm_condition_bit(0, true)}));
    REQUIRE_OK(qhm_circuit_compile(circuit, device, NULL, &compiled));
    REQUIRE_FAILS(qhm_compiled_merge_sequences(compiled, qhm_compiled_circuit(compiled), &merged),
                  QHM_ERROR_UNSUPPORTED, "instruction");
    assert_null(merged);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    qhm_circuit_destroy(circuit);
}

// Flips that favour one outcome tell of the ancilla's past.
static void unequal_flips_are_refused(void **state)
{
    (void)state;
    qhm_device *device;
    qhm_compiled *compiled;
    qhm_circuit *merged = NULL, *uneven, *circuit = create(1, 0);
    append(circuit, QHM_GATE_S, (uint32_t[]){0}, 0);
    REQUIRE_OK(qhm_device_load("majorana1", NULL, &device));
    REQUIRE_OK(qhm_circuit_compile(circuit, device, NULL, &compiled));
    const qhm_circuit *made = qhm_compiled_circuit(compiled);
    REQUIRE_OK(
        qhm_circuit_create(qhm_circuit_qubit_count(made), qhm_circuit_bit_count(made), &uneven));
    for (size_t i = 0; i < qhm_circuit_instruction_count(made); i++) {
        qhm_instruction instruction = *qhm_circuit_instruction(made, i);
        if (instruction.gate == QHM_GATE_MEASURE_PAULI)
            instruction.flips[0] = 0.1;
        REQUIRE_OK(qhm_circuit_append_instruction(uneven, &instruction));
    }
    REQUIRE_FAILS(qhm_compiled_merge_sequences(compiled, uneven, &merged), QHM_ERROR_UNSUPPORTED,
                  "ancilla was in");
    qhm_circuit_destroy(uneven);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    qhm_circuit_destroy(circuit);
}

static qhm_status merge_once(void *context)
{
    const chip *made = context;
    qhm_circuit *merged = NULL;
    const qhm_status status = qhm_compiled_merge_sequences(made->compiled, made->noisy, &merged);
    qhm_circuit_destroy(merged);
    return status;
}

static void failing_memory_is_an_error(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(1, 0);
    append(circuit, QHM_GATE_T, (uint32_t[]){0}, 0);
    chip made = prepare("majorana1", circuit, NULL, NULL);
    require_survives_failing_memory(merge_once, &made);
    release(&made);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_gates_are_those_of_all_branches),
        cmocka_unit_test(sequences_that_overlap_are_parted),
        cmocka_unit_test(final_measurements_are_kept),
        cmocka_unit_test(moved_data_agree_with_trajectories),
        cmocka_unit_test(what_remembers_is_refused),
        cmocka_unit_test(unequal_flips_are_refused),
        cmocka_unit_test(failing_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
