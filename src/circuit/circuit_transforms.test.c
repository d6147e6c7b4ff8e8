// Transforms of whole circuits, by the matrices that they must have.
#include "circuit/circuit_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

enum { INPUTS = 2, WEIGHTS = 3, TRIALS = 8 };

// A random circuit with a unitary in its middle, and values for its slots.
struct sample {
    qhm_circuit *circuit;
    double *inputs, *weights;
    qhm_complex *matrix;
    size_t qubits, dimension;
};

static struct sample create_sample(uint64_t trial, size_t qubits, size_t gates)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 30, trial, qubits);
    struct sample sample = {.qubits = qubits, .dimension = (size_t)1 << qubits};
    sample.circuit = reference_random_circuit(&random, qubits, gates, INPUTS, WEIGHTS);
    qhm_circuit *two = reference_random_circuit(&random, 2, 6, 0, 0);
    qhm_complex *matrix = reference_circuit_matrix(two, NULL, NULL);
    qhm_instruction unitary = {.gate = QHM_GATE_UNITARY,
                               .qubit_count = 2,
                               .qubits = (uint32_t[]){(uint32_t)qubits - 1, 0},
                               .matrix = matrix};
    REQUIRE_OK(qhm_circuit_append_instruction(sample.circuit, &unitary));
    REQUIRE_OK(qhm_circuit_append(sample.circuit, QHM_GATE_BARRIER, NULL, NULL));
    qhm_angle angle = qhm_angle_weight(WEIGHTS - 1); // so that all slots are counted
    REQUIRE_OK(qhm_circuit_append(sample.circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    angle = qhm_angle_input(INPUTS - 1, 1);
    REQUIRE_OK(qhm_circuit_append(sample.circuit, QHM_GATE_RX, (uint32_t[]){1}, &angle));
    sample.inputs = reference_random_angles(&random, INPUTS);
    sample.weights = reference_random_angles(&random, WEIGHTS);
    sample.matrix = reference_circuit_matrix(sample.circuit, sample.inputs, sample.weights);
    free(matrix);
    qhm_circuit_destroy(two);
    return sample;
}

static void destroy_sample(struct sample *sample)
{
    qhm_circuit_destroy(sample->circuit);
    free(sample->inputs);
    free(sample->weights);
    free(sample->matrix);
}

static void a_circuit_and_its_inverse_are_the_identity(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct sample sample = create_sample(trial, 3, 20);
        qhm_circuit *inverse;
        REQUIRE_OK(qhm_circuit_invert(sample.circuit, &inverse));
        assert_int_equal(qhm_circuit_weight_count(inverse), WEIGHTS);
        qhm_complex *matrix = reference_circuit_matrix(inverse, sample.inputs, sample.weights);
        qhm_complex *product = reference_multiply(sample.matrix, matrix, sample.dimension);
        for (size_t i = 0; i < 64; i++) {
            REQUIRE_NEAR(product[i].re, i % 9 == 0, 1e-13);
            REQUIRE_NEAR(product[i].im, 0, 1e-13);
        }
        free(matrix);
        free(product);
        qhm_circuit_destroy(inverse);
        destroy_sample(&sample);
    }
}

static void control_adds_exactly_ones_tensor_u(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++)
        for (size_t controls = 1; controls <= 2; controls++) {
            struct sample sample = create_sample(trial, 3, 12);
            qhm_circuit *controlled;
            REQUIRE_OK(qhm_circuit_control(sample.circuit, controls, &controlled));
            assert_int_equal(qhm_circuit_qubit_count(controlled), 3 + controls);
            qhm_complex *matrix =
                reference_circuit_matrix(controlled, sample.inputs, sample.weights);
            size_t dimension = (size_t)8 << controls, on = dimension - 8;
            for (size_t row = 0; row < dimension; row++)
                for (size_t column = 0; column < dimension; column++) {
                    qhm_complex expected = {row == column, 0};
                    if (row >= on && column >= on)
                        expected = sample.matrix[(row - on) * 8 + column - on];
                    REQUIRE_NEAR(matrix[row * dimension + column].re, expected.re, 1e-13);
                    REQUIRE_NEAR(matrix[row * dimension + column].im, expected.im, 1e-13);
                }
            free(matrix);
            qhm_circuit_destroy(controlled);
            destroy_sample(&sample);
        }
}

static void control_uses_the_names_of_the_table(void **state)
{
    (void)state;
    qhm_circuit *circuit, *once, *thrice;
    qhm_angle angle = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SWAP, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_circuit_control(circuit, 1, &once));
    REQUIRE_OK(qhm_circuit_control(circuit, 3, &thrice));
    static const qhm_gate names[2][3] = {{QHM_GATE_CX, QHM_GATE_CSWAP, QHM_GATE_CRY},
                                         {QHM_GATE_CCX, QHM_GATE_CSWAP, QHM_GATE_CRY}};
    static const uint32_t extras[2][3] = {{0, 0, 0}, {1, 2, 2}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(qhm_circuit_instruction(once, i)->gate, names[0][i]);
        assert_int_equal(qhm_circuit_instruction(once, i)->control_count, extras[0][i]);
        assert_int_equal(qhm_circuit_instruction(thrice, i)->gate, names[1][i]);
        assert_int_equal(qhm_circuit_instruction(thrice, i)->control_count, extras[1][i]);
    }
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(once);
    qhm_circuit_destroy(thrice);
}

static void repetition_is_a_power(void **state)
{
    (void)state;
    struct sample sample = create_sample(1, 2, 10);
    for (size_t times = 0; times < 4; times++) {
        qhm_circuit *repeated;
        REQUIRE_OK(qhm_circuit_repeat(sample.circuit, times, false, &repeated));
        qhm_complex expected[16] = {{1, 0}};
        expected[5].re = expected[10].re = expected[15].re = 1;
        for (size_t t = 0; t < times; t++) {
            qhm_complex *next = reference_multiply(sample.matrix, expected, 4);
            memcpy(expected, next, sizeof expected);
            free(next);
        }
        qhm_complex *matrix = reference_circuit_matrix(repeated, sample.inputs, sample.weights);
        REQUIRE_NEAR(reference_distance(matrix, expected, 16), 0, 1e-13);
        assert_int_equal(qhm_circuit_weight_count(repeated), times > 0 ? WEIGHTS : 0);
        free(matrix);
        qhm_circuit_destroy(repeated);
    }
    destroy_sample(&sample);
}

static void fresh_weights_are_each_repetitions_own(void **state)
{
    (void)state;
    struct sample sample = create_sample(2, 2, 10);
    qhm_circuit *repeated;
    REQUIRE_OK(qhm_circuit_repeat(sample.circuit, 2, true, &repeated));
    assert_int_equal(qhm_circuit_weight_count(repeated), 2 * WEIGHTS);
    assert_int_equal(qhm_circuit_input_count(repeated), INPUTS);
    double weights[2 * WEIGHTS] = {0.1, 0.2, 0.3, -1, 2, 0.7};
    qhm_complex *first = reference_circuit_matrix(sample.circuit, sample.inputs, weights);
    qhm_complex *second =
        reference_circuit_matrix(sample.circuit, sample.inputs, weights + WEIGHTS);
    qhm_complex *expected = reference_multiply(second, first, 4);
    qhm_complex *matrix = reference_circuit_matrix(repeated, sample.inputs, weights);
    REQUIRE_NEAR(reference_distance(matrix, expected, 16), 0, 1e-13);
    free(first);
    free(second);
    free(expected);
    free(matrix);
    qhm_circuit_destroy(repeated);
    destroy_sample(&sample);
}

static void binding_gives_the_matrix_of_the_slots(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct sample sample = create_sample(trial, 3, 20);
        for (int what = 0; what < 4; what++) {
            const double *inputs = what & 1 ? sample.inputs : NULL;
            const double *weights = what & 2 ? sample.weights : NULL;
            qhm_circuit *bound;
            REQUIRE_OK(qhm_circuit_bind(sample.circuit, inputs, weights, &bound));
            assert_int_equal(qhm_circuit_input_count(bound), inputs ? 0 : INPUTS);
            assert_int_equal(qhm_circuit_weight_count(bound), weights ? 0 : WEIGHTS);
            qhm_complex *matrix = reference_circuit_matrix(bound, sample.inputs, sample.weights);
            // Whole or not at all: the same bits. In part: products are rounded in another order.
            double tolerance = what == 0 || what == 3 ? 0 : 1e-13;
            REQUIRE_NEAR(reference_distance(matrix, sample.matrix, 64), 0, tolerance);
            free(matrix);
            qhm_circuit_destroy(bound);
        }
        destroy_sample(&sample);
    }
}

static void an_appended_circuit_acts_where_its_maps_say(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct sample sample = create_sample(trial, 3, 12);
        uint32_t map[3] = {4, 0, 3};
        qhm_circuit *whole, *direct;
        REQUIRE_OK(qhm_circuit_create(5, 0, &whole));
        REQUIRE_OK(qhm_circuit_create(5, 0, &direct));
        REQUIRE_OK(qhm_circuit_append_circuit(whole, sample.circuit, map, NULL, 2, 1));
        qhm_instruction unitary = {
            .gate = QHM_GATE_UNITARY, .qubit_count = 3, .qubits = map, .matrix = sample.matrix};
        REQUIRE_OK(qhm_circuit_append_instruction(direct, &unitary));
        double inputs[2 + INPUTS] = {NAN, NAN}, weights[1 + WEIGHTS] = {NAN};
        memcpy(inputs + 2, sample.inputs, INPUTS * sizeof *inputs);
        memcpy(weights + 1, sample.weights, WEIGHTS * sizeof *weights);
        qhm_complex *a = reference_circuit_matrix(whole, inputs, weights);
        qhm_complex *b = reference_circuit_matrix(direct, NULL, NULL);
        REQUIRE_NEAR(reference_distance(a, b, 32 * 32), 0, 1e-13);
        assert_int_equal(qhm_circuit_input_count(whole), 2 + INPUTS);
        assert_int_equal(qhm_circuit_weight_count(whole), 1 + WEIGHTS);
        free(a);
        free(b);
        qhm_circuit_destroy(whole);
        qhm_circuit_destroy(direct);
        destroy_sample(&sample);
    }
}

static void a_circuit_may_be_appended_to_itself(void **state)
{
    (void)state;
    struct sample sample = create_sample(3, 2, 9);
    REQUIRE_OK(qhm_circuit_append_circuit(sample.circuit, sample.circuit, NULL, NULL, 0, 0));
    qhm_complex *expected = reference_multiply(sample.matrix, sample.matrix, 4);
    qhm_complex *matrix = reference_circuit_matrix(sample.circuit, sample.inputs, sample.weights);
    REQUIRE_NEAR(reference_distance(matrix, expected, 16), 0, 1e-13);
    free(expected);
    free(matrix);
    destroy_sample(&sample);
}

static void bits_are_mapped_in_measurements_and_conditions(void **state)
{
    (void)state;
    qhm_circuit *small, *large;
    REQUIRE_OK(qhm_circuit_create(1, 2, &small));
    REQUIRE_OK(qhm_circuit_create(2, 3, &large));
    REQUIRE_OK(qhm_circuit_append_measure(small, 0, 1));
    qhm_instruction flip = {
        .gate = QHM_GATE_X, .qubits = (uint32_t[]){0}, .condition = qhm_condition_bit(1, true)};
    REQUIRE_OK(qhm_circuit_append_instruction(small, &flip));
    REQUIRE_OK(qhm_circuit_append_circuit(large, small, (uint32_t[]){1}, (uint32_t[]){2, 0}, 0, 0));
    assert_int_equal(qhm_circuit_instruction(large, 0)->bit, 0);
    assert_int_equal(qhm_circuit_instruction(large, 0)->qubits[0], 1);
    assert_int_equal(qhm_circuit_instruction(large, 1)->condition.first_bit, 0);
    qhm_circuit_destroy(small);
    qhm_circuit_destroy(large);
}

static void the_twin_keeps_slots_and_entangles_nothing(void **state)
{
    (void)state;
    qhm_circuit *circuit, *twin;
    REQUIRE_OK(qhm_circuit_create(3, 1, &circuit));
    static const struct {
        qhm_gate gate;
        uint32_t qubits[3];
        bool has_angle;
        qhm_gate twin; // QHM_GATE_COUNT: none
        uint32_t twin_qubit;
    } steps[] = {
        {QHM_GATE_H, {0}, false, QHM_GATE_H, 0},
        {QHM_GATE_RX, {1}, true, QHM_GATE_RX, 1},
        {QHM_GATE_CX, {0, 1}, false, QHM_GATE_COUNT, 0},
        {QHM_GATE_CRX, {0, 2}, true, QHM_GATE_RX, 2},
        {QHM_GATE_CP, {2, 1}, true, QHM_GATE_P, 1},
        {QHM_GATE_RXX, {0, 1}, true, QHM_GATE_RX, 1},
        {QHM_GATE_RYY, {2, 0}, true, QHM_GATE_RY, 0},
        {QHM_GATE_RZZ, {1, 2}, true, QHM_GATE_RZ, 2},
        {QHM_GATE_SWAP, {0, 1}, false, QHM_GATE_COUNT, 0},
        {QHM_GATE_ECR, {0, 1}, false, QHM_GATE_COUNT, 0},
        {QHM_GATE_CCX, {0, 1, 2}, false, QHM_GATE_COUNT, 0},
        {QHM_GATE_RESET, {1}, false, QHM_GATE_RESET, 1},
    };
    uint32_t weights = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        qhm_angle angle = qhm_angle_weight(weights);
        weights += steps[i].has_angle;
        REQUIRE_OK(qhm_circuit_append(circuit, steps[i].gate, steps[i].qubits, &angle));
    }
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 2, 0));
    REQUIRE_OK(qhm_circuit_copy_unentangled(circuit, &twin));
    assert_int_equal(qhm_circuit_weight_count(twin), qhm_circuit_weight_count(circuit));
    size_t at = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].twin == QHM_GATE_COUNT)
            continue;
        const qhm_instruction *kept = qhm_circuit_instruction(twin, at++);
        assert_int_equal(kept->gate, steps[i].twin);
        assert_int_equal(kept->qubit_count, 1);
        assert_int_equal(kept->qubits[0], steps[i].twin_qubit);
    }
    assert_int_equal(qhm_circuit_instruction_count(twin), at + 1);
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_circuit_count(twin, &counts));
    assert_int_equal(counts.two_qubit_gates + counts.larger_gates, 0);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(twin);
}

static void the_twin_drops_extra_controls(void **state)
{
    (void)state;
    qhm_circuit *circuit, *twin;
    qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    qhm_instruction wide = {
        .gate = QHM_GATE_RY, .control_count = 2, .qubits = (uint32_t[]){0, 2, 1}, .angles = &angle};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &wide));
    wide.gate = QHM_GATE_X;
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &wide));
    REQUIRE_OK(qhm_circuit_copy_unentangled(circuit, &twin));
    assert_int_equal(qhm_circuit_instruction_count(twin), 1);
    assert_int_equal(qhm_circuit_instruction(twin, 0)->gate, QHM_GATE_RY);
    assert_int_equal(qhm_circuit_instruction(twin, 0)->control_count, 0);
    assert_int_equal(qhm_circuit_instruction(twin, 0)->qubits[0], 1);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(twin);
}

static void what_cannot_be_done_is_refused(void **state)
{
    (void)state;
    qhm_circuit *gates, *measured, *conditional, *large, *out = NULL;
    REQUIRE_OK(qhm_circuit_create(2, 1, &gates));
    REQUIRE_OK(qhm_circuit_create(1, 1, &measured));
    REQUIRE_OK(qhm_circuit_create(1, 1, &conditional));
    REQUIRE_OK(qhm_circuit_create(1048576, 0, &large));
    REQUIRE_OK(qhm_circuit_append(measured, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(measured, 0, 0));
    qhm_instruction flip = {
        .gate = QHM_GATE_X, .qubits = (uint32_t[]){0}, .condition = qhm_condition_bit(0, false)};
    REQUIRE_OK(qhm_circuit_append_instruction(conditional, &flip));
    qhm_angle angle = {.scale = 1, .factors = {{QHM_SLOT_WEIGHT, 2, 0}, {QHM_SLOT_INPUT, 1, 0}}};
    REQUIRE_OK(qhm_circuit_append(gates, QHM_GATE_RX, (uint32_t[]){1}, &angle));

    REQUIRE_FAILS(qhm_circuit_invert(measured, &out), QHM_ERROR_UNSUPPORTED,
                  "instruction 1: measure cannot be inverted");
    REQUIRE_FAILS(qhm_circuit_invert(conditional, &out), QHM_ERROR_UNSUPPORTED,
                  "x with a condition cannot be inverted");
    REQUIRE_FAILS(qhm_circuit_control(measured, 1, &out), QHM_ERROR_UNSUPPORTED,
                  "measure cannot be controlled");
    REQUIRE_FAILS(qhm_circuit_control(gates, 0, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "control_count is 0, not 1 to 1048574");
    REQUIRE_FAILS(qhm_circuit_control(large, 1, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "control_count is 1, not 1 to 0");
    REQUIRE_FAILS(qhm_circuit_copy_unentangled(conditional, &out), QHM_ERROR_UNSUPPORTED,
                  "x with a condition has no entanglement-free twin");
    double nans[3] = {0, NAN, INFINITY};
    REQUIRE_FAILS(qhm_circuit_bind(gates, nans, NULL, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "input 1 is not finite");
    REQUIRE_FAILS(qhm_circuit_bind(gates, NULL, nans, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "weight 1 is not finite");
    double huge[3] = {1e200, 1e200, 1e200};
    REQUIRE_FAILS(qhm_circuit_bind(gates, huge, huge, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "angle 0 of rx is not finite");
    REQUIRE_FAILS(qhm_circuit_repeat(gates, (size_t)1 << 40, true, &out),
                  QHM_ERROR_INVALID_ARGUMENT, "weight slot 2 moved up");
    REQUIRE_FAILS(qhm_circuit_repeat(gates, SIZE_MAX, false, &out), QHM_ERROR_OUT_OF_MEMORY,
                  "overflow");
    assert_null(out);
    qhm_circuit_destroy(gates);
    qhm_circuit_destroy(measured);
    qhm_circuit_destroy(conditional);
    qhm_circuit_destroy(large);
}

static void bad_maps_are_refused_and_change_nothing(void **state)
{
    (void)state;
    qhm_circuit *circuit, *other;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    REQUIRE_OK(qhm_circuit_create(3, 2, &other));
    qhm_angle angle = qhm_angle_weight(1);
    REQUIRE_OK(qhm_circuit_append(other, QHM_GATE_RX, (uint32_t[]){0}, &angle));
    uint32_t bits[] = {0, 1}, far[] = {0, 1, 2}, twice[] = {1, 0, 1};
    REQUIRE_FAILS(qhm_circuit_append_circuit(circuit, other, NULL, bits, 0, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "has 3 qubits, more than 2");
    REQUIRE_FAILS(qhm_circuit_append_circuit(circuit, other, far, bits, 0, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit 2 goes to 2, but the circuit has 2");
    REQUIRE_FAILS(qhm_circuit_append_circuit(circuit, other, twice, bits, 0, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "two qubits go to qubit 1");
    REQUIRE_FAILS(qhm_circuit_append_circuit(other, other, NULL, (uint32_t[]){2, 0}, 0, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "bit 0 goes to 2, but the circuit has 2");
    REQUIRE_FAILS(qhm_circuit_append_circuit(circuit, other, (uint32_t[]){0, 1, 1}, NULL, 0, 0),
                  QHM_ERROR_INVALID_ARGUMENT, "two qubits go");
    REQUIRE_FAILS(qhm_circuit_append_circuit(other, other, NULL, NULL, 0, UINT32_MAX),
                  QHM_ERROR_INVALID_ARGUMENT, "weight slot 1 moved up by 4294967295");
    assert_int_equal(qhm_circuit_instruction_count(circuit), 0);
    assert_int_equal(qhm_circuit_instruction_count(other), 1);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(other);
}

static qhm_status run_transforms(void *context)
{
    const qhm_circuit *circuit = context;
    double inputs[INPUTS] = {1, 2}, weights[WEIGHTS] = {1, 2, 3};
    qhm_circuit *out[6] = {NULL};
    qhm_circuit_counts counts;
    qhm_status status = qhm_circuit_invert(circuit, &out[0]);
    if (status == QHM_OK)
        status = qhm_circuit_control(circuit, 2, &out[1]);
    if (status == QHM_OK)
        status = qhm_circuit_repeat(circuit, 3, true, &out[2]);
    if (status == QHM_OK)
        status = qhm_circuit_bind(circuit, inputs, weights, &out[3]);
    if (status == QHM_OK)
        status = qhm_circuit_copy(circuit, &out[4]);
    if (status == QHM_OK) {
        size_t before = qhm_circuit_instruction_count(out[4]);
        status = qhm_circuit_append_circuit(out[4], circuit, NULL, NULL, 0, 0);
        assert_int_equal(qhm_circuit_instruction_count(out[4]),
                         status == QHM_OK ? 2 * before : before);
    }
    if (status == QHM_OK)
        status = qhm_circuit_count(circuit, &counts);
    for (int i = 0; i < 6; i++)
        qhm_circuit_destroy(out[i]);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    struct sample sample = create_sample(4, 3, 12);
    require_survives_failing_memory(run_transforms, sample.circuit);
    destroy_sample(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_circuit_and_its_inverse_are_the_identity),
        cmocka_unit_test(control_adds_exactly_ones_tensor_u),
        cmocka_unit_test(control_uses_the_names_of_the_table),
        cmocka_unit_test(repetition_is_a_power),
        cmocka_unit_test(fresh_weights_are_each_repetitions_own),
        cmocka_unit_test(binding_gives_the_matrix_of_the_slots),
        cmocka_unit_test(an_appended_circuit_acts_where_its_maps_say),
        cmocka_unit_test(a_circuit_may_be_appended_to_itself),
        cmocka_unit_test(bits_are_mapped_in_measurements_and_conditions),
        cmocka_unit_test(the_twin_keeps_slots_and_entangles_nothing),
        cmocka_unit_test(the_twin_drops_extra_controls),
        cmocka_unit_test(what_cannot_be_done_is_refused),
        cmocka_unit_test(bad_maps_are_refused_and_change_nothing),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
