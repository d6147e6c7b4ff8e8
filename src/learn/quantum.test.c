// The kind "quantum": its named pieces, widths, twin and amplitude encoding.
#include "learn/amplitude_encoding.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/ansatz.h>
#include <qhm/quantum_layer.h>
#include <qhm/state_preparation.h>

enum { MOST = 32 };

static qhm_module *make_module(qhm_precision precision, size_t width,
                               const qhm_quantum_options *options)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_INITIALISE, 0, 0, 0);
    qhm_module_setting setting = {.precision = precision, .input = {1, {width}}, .random = &random};
    qhm_quantum_options wide = {0};
    if (options)
        wide = *options;
    if (!(wide.weight_range > 0))
        wide.weight_range = 3; // no angle small
    qhm_module *module;
    REQUIRE_OK(qhm_module_create("quantum", &setting, &wide, &module));
    return module;
}

static void fill_features(double *x, size_t count)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_DATA, 0, 0, 0);
    for (size_t i = 0; i < count; i++)
        x[i] = qhm_random_normal(&random);
}

// One sample through the module; returns the sum of i * output_i and, if wanted, its gradient.
static double run(qhm_module *module, const double *x, double *output, double *gradient)
{
    size_t width = qhm_module_input_shape(module).sizes[0];
    size_t count = qhm_module_output_shape(module).sizes[0];
    qhm_precision precision = qhm_module_precision(module);
    qhm_tape *tape;
    qhm_tensor *tensor;
    qhm_value input, result, factor, product, loss;
    double factors[3 * MOST], total = 0;
    for (size_t i = 0; i < count; i++)
        factors[i] = (double)(i + 1);
    REQUIRE_OK(qhm_tape_create(precision, &tape));
    REQUIRE_OK(qhm_tensor_create(precision, (qhm_shape){2, {1, width}}, &tensor));
    REQUIRE_OK(qhm_tensor_set(tensor, 0, width, x));
    REQUIRE_OK(gradient ? qhm_tape_variable(tape, tensor, &input)
                        : qhm_tape_borrow(tape, tensor, &input));
    REQUIRE_OK(qhm_module_forward(module, tape, input, QHM_NO_VALUE, &result));
    for (size_t i = 0; i < count; i++) {
        double value = qhm_tape_item(tape, result, i);
        total += factors[i] * value;
        if (output)
            output[i] = value;
    }
    if (gradient) {
        REQUIRE_OK(qhm_tape_constant(tape, (qhm_shape){2, {1, count}}, factors, &factor));
        REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){result, factor}, 2, NULL,
                                  &product));
        REQUIRE_OK(qhm_tape_apply(tape, QHM_OP_SUM, &product, 1, NULL, &loss));
        REQUIRE_OK(qhm_tape_backward(tape, loss));
        const void *found = qhm_tape_gradient(tape, input);
        for (size_t i = 0; i < width; i++)
            gradient[i] = precision == QHM_FLOAT64 ? ((const double *)found)[i]
                                                   : (double)((const float *)found)[i];
    }
    qhm_tensor_destroy(tensor);
    qhm_tape_destroy(tape);
    return total;
}

// The gradient of one sample against central differences.
static void require_gradient(qhm_module *module, double *x, double tolerance)
{
    const double h = 1e-5;
    double gradient[MOST] = {0};
    (void)run(module, x, NULL, gradient);
    for (size_t i = 0; i < qhm_module_input_shape(module).sizes[0]; i++) {
        double kept = x[i];
        x[i] = kept + h;
        double above = run(module, x, NULL, NULL);
        x[i] = kept - h;
        double below = run(module, x, NULL, NULL);
        x[i] = kept;
        REQUIRE_NEAR(gradient[i], (above - below) / (2 * h), tolerance);
    }
}

static void every_combination_has_its_width_and_its_gradient(void **state)
{
    (void)state;
    double x[MOST];
    const size_t widths[] = {5, 3, 3, 3, 3, 7, 3}; // of 3 qubits
    const size_t outputs[] = {3, 6, 9, 6};
    for (int encoding = 1; encoding <= QHM_QUANTUM_ENCODING_UNARY; encoding++)
        for (int ansatz = 1; ansatz <= QHM_ANSATZ_COUNT; ansatz++)
            for (int readout = 1; readout <= QHM_QUANTUM_READOUT_Z_ZZ; readout++) {
                qhm_quantum_options options = {
                    .qubits = 3, .encoding = encoding, .ansatz = ansatz, .readout = readout};
                qhm_module *module = make_module(QHM_FLOAT64, widths[encoding - 1], &options);
                assert_int_equal(qhm_module_output_shape(module).sizes[0], outputs[readout - 1]);
                fill_features(x, widths[encoding - 1]);
                double output[MOST];
                (void)run(module, x, output, NULL);
                for (size_t i = 0; i < outputs[readout - 1]; i++)
                    assert_true(fabs(output[i]) <= 1 + 1e-12);
                require_gradient(module, x, 2e-6);
                qhm_module_destroy(module);
            }
}

static void outputs_are_those_of_the_reference_simulator(void **state)
{
    (void)state;
    double x[4], weights[MOST], output[MOST];
    fill_features(x, 4);
    for (int readout = QHM_QUANTUM_READOUT_ZXY; readout <= QHM_QUANTUM_READOUT_Z_ZZ; readout++) {
        qhm_quantum_options options = {
            .qubits = 2, .layers = 3, .readout = readout, .reupload = true, .input_scale = 0.7};
        qhm_module *module = make_module(QHM_FLOAT64, 4, &options);
        size_t count;
        qhm_parameter *weight = qhm_module_parameters(module, &count)[0];
        size_t weight_count = qhm_tensor_count(qhm_parameter_value(weight));
        assert_int_equal(weight_count, 3 * 2 * 3);
        REQUIRE_OK(qhm_tensor_read(qhm_parameter_value(weight), 0, weight_count, weights));
        (void)run(module, x, output, NULL);
        qhm_complex *states = reference_run(qhm_quantum_layer_circuit(module), x, weights);
        const char *const zxy[] = {"Z0", "Z1", "X0", "X1", "Y0", "Y1"};
        const char *const z_zz[] = {"Z0", "Z1", "Z0 Z1"};
        bool has_pairs = readout == QHM_QUANTUM_READOUT_Z_ZZ;
        for (size_t i = 0; i < (has_pairs ? 3 : 6); i++) {
            qhm_observable *observable;
            REQUIRE_OK(qhm_observable_parse(has_pairs ? z_zz[i] : zxy[i], &observable));
            REQUIRE_NEAR(output[i], reference_expectation(observable, 2, states), 1e-13);
            qhm_observable_destroy(observable);
        }
        free(states);
        qhm_module_destroy(module);
    }
}

static void angles_beyond_the_qubits_are_rx(void **state)
{
    (void)state;
    // one qubit, weights at zero: RY(a), RX(b) gives <Z> = cos a cos b
    qhm_quantum_options options = {.qubits = 1, .layers = 1, .weight_range = 1e-9};
    qhm_module *module = make_module(QHM_FLOAT64, 2, &options);
    double output[1];
    (void)run(module, (double[]){0.4, 1.1}, output, NULL);
    REQUIRE_NEAR(output[0], cos(0.4) * cos(1.1), 1e-8);
    qhm_module_destroy(module);
}

static void layers_are_those_of_the_whole_ansatz(void **state)
{
    (void)state;
    const qhm_ansatz ansatzes[] = {QHM_ANSATZ_STRONGLY_ENTANGLING, QHM_ANSATZ_HARDWARE_EFFICIENT};
    for (size_t a = 0; a < 2; a++) {
        qhm_quantum_options options = {.layers = 3, .ansatz = 1 + (int)ansatzes[a]};
        qhm_module *module = make_module(QHM_FLOAT64, 4, &options);
        const qhm_circuit *found = qhm_quantum_layer_circuit(module);
        qhm_circuit *ansatz;
        REQUIRE_OK(qhm_ansatz_create(ansatzes[a], 4, &(qhm_ansatz_options){.layers = 3}, &ansatz));
        size_t count = qhm_circuit_instruction_count(ansatz);
        assert_int_equal(qhm_circuit_instruction_count(found), 4 + count);
        for (size_t i = 0; i < count; i++) {
            const qhm_instruction *one = qhm_circuit_instruction(found, 4 + i);
            const qhm_instruction *other = qhm_circuit_instruction(ansatz, i);
            assert_int_equal(one->gate, other->gate);
            for (size_t q = 0; q < one->qubit_count; q++)
                assert_int_equal(one->qubits[q], other->qubits[q]);
        }
        qhm_circuit_destroy(ansatz);
        qhm_module_destroy(module);
    }
}

static void weights_begin_small_and_from_the_stream(void **state)
{
    (void)state;
    double weights[2][36];
    for (uint64_t seed = 0; seed < 2; seed++) {
        qhm_random random = qhm_random_stream(seed, QHM_RANDOM_INITIALISE, 0, 0, 0);
        qhm_module_setting setting = {.input = {1, {6}}, .random = &random};
        qhm_module *module;
        REQUIRE_OK(qhm_module_create("quantum", &setting, NULL, &module));
        size_t count;
        qhm_parameter *weight = qhm_module_parameters(module, &count)[0];
        REQUIRE_OK(qhm_tensor_read(qhm_parameter_value(weight), 0, 36, weights[seed]));
        double largest = 0;
        for (size_t i = 0; i < 36; i++)
            largest = fmax(largest, fabs(weights[seed][i]));
        assert_true(largest <= 0.3 && largest > 0.2);
        qhm_module_destroy(module);
    }
    assert_memory_not_equal(weights[0], weights[1], sizeof weights[0]);
}

static void reuploading_encodes_before_each_layer(void **state)
{
    (void)state;
    for (int reupload = 0; reupload < 2; reupload++) {
        qhm_quantum_options options = {.layers = 3, .reupload = reupload};
        qhm_module *module = make_module(QHM_FLOAT64, 4, &options);
        qhm_circuit_counts counts;
        REQUIRE_OK(qhm_circuit_count(qhm_quantum_layer_circuit(module), &counts));
        assert_int_equal(counts.by_gate[QHM_GATE_RY], reupload ? 12 : 4);
        assert_int_equal(counts.inputs, 4);
        assert_int_equal(counts.weights, 3 * 4 * 3);
        qhm_module_destroy(module);
    }
}

static void the_twin_keeps_slots_and_loses_entanglement(void **state)
{
    (void)state;
    for (int encoding = 1; encoding <= QHM_QUANTUM_ENCODING_UNARY; encoding++) {
        qhm_circuit_counts counts[2];
        for (int twin = 0; twin < 2; twin++) {
            qhm_quantum_options options = {.encoding = encoding, .unentangled = twin};
            qhm_module *module = make_module(QHM_FLOAT64, 4, &options);
            REQUIRE_OK(qhm_circuit_count(qhm_quantum_layer_circuit(module), &counts[twin]));
            qhm_module_destroy(module);
        }
        assert_true(counts[0].two_qubit_gates > 0);
        assert_int_equal(counts[1].two_qubit_gates + counts[1].larger_gates, 0);
        assert_int_equal(counts[1].weights, counts[0].weights);
        assert_int_equal(counts[1].inputs, counts[0].inputs);
    }
}

// The angles [2^n - 1] of one vector of features, recorded as a constant or as a variable.
static void find_angles(const double *x, size_t width, size_t n, bool is_variable, double *angles)
{
    qhm_tape *tape;
    qhm_tensor *tensor;
    qhm_value input, result;
    REQUIRE_OK(qhm_tape_create(QHM_FLOAT64, &tape));
    REQUIRE_OK(qhm_tensor_create(QHM_FLOAT64, (qhm_shape){2, {1, width}}, &tensor));
    REQUIRE_OK(qhm_tensor_set(tensor, 0, width, x));
    REQUIRE_OK(is_variable ? qhm_tape_variable(tape, tensor, &input)
                           : qhm_tape_borrow(tape, tensor, &input));
    REQUIRE_OK(qhm_amplitude_encoding_angles(tape, input, n, &result));
    for (size_t i = 0; i < ((size_t)1 << n) - 1; i++)
        angles[i] = qhm_tape_item(tape, result, i);
    qhm_tensor_destroy(tensor);
    qhm_tape_destroy(tape);
}

static void amplitudes_are_the_features_over_their_norm(void **state)
{
    (void)state;
    double x[8], angles[7], known[7], norm;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_state_preparation_create(3, QHM_STATE_REAL, &circuit));
    for (int variant = 0; variant < 4; variant++) {
        size_t width = variant == 1 ? 6 : 8;
        fill_features(x, 8);
        if (variant == 2)
            x[2] = x[3] = x[4] = x[5] = x[6] = x[7] = 0;
        if (variant == 3)
            for (size_t i = 0; i < 8; i++)
                x[i] *= 1e-80;
        REQUIRE_OK(qhm_state_preparation_encode(3, x, width, known, &norm));
        for (int is_variable = 0; is_variable < 2; is_variable++) {
            // Where the gradient is asked for, pairs of zeros are moved by 1e-8.
            double tolerance = is_variable && (variant == 1 || variant == 2) ? 1e-7 : 1e-14;
            find_angles(x, width, 3, is_variable, angles);
            if (tolerance < 1e-10)
                for (size_t i = 0; i < 7; i++)
                    REQUIRE_NEAR(angles[i], known[i], 1e-12);
            qhm_complex *states = reference_run(circuit, angles, NULL);
            for (size_t i = 0; i < 8; i++) {
                REQUIRE_NEAR(states[i].re, i < width ? x[i] / norm : 0, tolerance);
                REQUIRE_NEAR(states[i].im, 0, 1e-15);
            }
            free(states);
        }
    }
    qhm_circuit_destroy(circuit);
}

static void a_zero_vector_is_the_ground_state_with_no_gradient(void **state)
{
    (void)state;
    double zeros[4] = {0}, unit[4] = {1}, at_zero[4], at_unit[4], gradient[4];
    qhm_quantum_options options = {.encoding = QHM_QUANTUM_ENCODING_AMPLITUDE, .readout = 3};
    qhm_module *module = make_module(QHM_FLOAT64, 4, &options);
    double output[2][6];
    (void)run(module, zeros, output[0], gradient);
    (void)run(module, unit, output[1], NULL);
    for (size_t i = 0; i < 6; i++)
        REQUIRE_NEAR(output[0][i], output[1][i], 0);
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(gradient[i], 0, 0);
    find_angles(zeros, 4, 2, true, at_zero);
    find_angles(unit, 4, 2, false, at_unit);
    for (size_t i = 0; i < 3; i++)
        REQUIRE_NEAR(at_zero[i], at_unit[i], 0);
    qhm_module_destroy(module);
}

static void gradients_through_amplitudes_survive_zeros(void **state)
{
    (void)state;
    const double vectors[][8] = {{0.3, -0.2, 0, 0, 0.5, 0.1, -0.4, 0.2},
                                 {0, 0, 0, 0, 0.5, 0, 0, -1},
                                 {0, 0, 0, 0, 0, 0, 0, 1},
                                 {1, 0, 0, 0, 0, 0, 0, 0},
                                 {0.5, 1e-9, 1e-9, 1e-10, 0, -0.3, 2e-8, 0}};
    qhm_quantum_options options = {.encoding = QHM_QUANTUM_ENCODING_AMPLITUDE, .readout = 3};
    const qhm_precision precisions[] = {QHM_FLOAT64, QHM_FLOAT32};
    qhm_module *modules[2];
    for (size_t p = 0; p < 2; p++)
        modules[p] = make_module(precisions[p], 8, &options);
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) {
        double x[8], exact[8], rounded[8];
        memcpy(x, vectors[v], sizeof x);
        require_gradient(modules[0], x, 1e-5);
        (void)run(modules[0], x, NULL, exact);
        (void)run(modules[1], x, NULL, rounded);
        for (size_t i = 0; i < 8; i++)
            REQUIRE_NEAR(rounded[i], exact[i], 0.1); // weights up to 9, norms down to 0.6
    }
    qhm_module_destroy(modules[0]);
    qhm_module_destroy(modules[1]);
}

// Givens rotations turn the unit vector of the features; the ones stay one.
static void a_unary_state_is_a_rotated_vector(void **state)
{
    (void)state;
    enum { N = 5, LAYERS = 2 };
    double x[N], weights[LAYERS * (N - 1)], output[MOST], vector[N] = {0}, norm = 0;
    fill_features(x, N);
    x[N - 1] = 0; // a feature that is missing is 0
    qhm_quantum_options options = {.qubits = N,
                                   .encoding = QHM_QUANTUM_ENCODING_UNARY,
                                   .ansatz = 1 + QHM_ANSATZ_GIVENS,
                                   .layers = LAYERS};
    qhm_module *module = make_module(QHM_FLOAT64, N - 1, &options);
    size_t count;
    qhm_parameter *weight = qhm_module_parameters(module, &count)[0];
    REQUIRE_OK(qhm_tensor_read(qhm_parameter_value(weight), 0, LAYERS * (N - 1), weights));
    for (size_t i = 0; i < N; i++)
        norm = hypot(norm, x[i]);
    for (size_t i = 0; i < N; i++)
        vector[i] = x[i] / norm;
    for (size_t l = 0, w = 0; l < LAYERS; l++)
        for (size_t first = 0; first < 2; first++)
            for (size_t i = first; i + 1 < N; i += 2, w++) {
                const double a = vector[i], b = vector[i + 1];
                vector[i] = cos(weights[w]) * a - sin(weights[w]) * b;
                vector[i + 1] = sin(weights[w]) * a + cos(weights[w]) * b;
            }
    (void)run(module, x, output, NULL);
    for (size_t i = 0; i < N; i++)
        REQUIRE_NEAR(output[i], 1 - 2 * vector[i] * vector[i], 1e-12);
    qhm_module_destroy(module);
}

static void gradients_through_unary_states_survive_zeros(void **state)
{
    (void)state;
    const double vectors[][4] = {
        {0.3, -0.2, 0.5, 0.1}, {0.3, -0.2, 0, 0}, {0, 0, 0, -1}, {0, 0.4, 0, 0}, {-1, 0, 0, 0}};
    qhm_quantum_options options = {.encoding = QHM_QUANTUM_ENCODING_UNARY,
                                   .readout = QHM_QUANTUM_READOUT_ZXY};
    qhm_module *module = make_module(QHM_FLOAT64, 4, &options);
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) {
        double x[MOST] = {0};
        memcpy(x, vectors[v], sizeof vectors[v]);
        require_gradient(module, x, 1e-5);
    }
    double zeros[4] = {0}, gradient[4];
    (void)run(module, zeros, NULL, gradient);
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(gradient[i], 0, 0);
    qhm_module_destroy(module);
}

// RX about its own axis from |0> gives the same Z as RY; RZ after H is not seen in Z at all.
static void the_axis_of_the_encoding_can_be_chosen(void **state)
{
    (void)state;
    double x[2] = {0.7, -1.2}, output[MOST];
    for (int rotation = 0; rotation <= 3; rotation++) {
        qhm_quantum_options options = {.rotation = rotation,
                                       .ansatz = 1 + QHM_ANSATZ_GIVENS,
                                       .readout = QHM_QUANTUM_READOUT_ZXY,
                                       .layers = 1,
                                       .weight_range = 1e-9};
        qhm_module *module = make_module(QHM_FLOAT64, 2, &options);
        (void)run(module, x, output, NULL);
        for (size_t i = 0; i < 2; i++) {
            const double s = sin(x[i]), c = cos(x[i]);
            const double expected[4][3] = {{c, s, 0}, {c, 0, -s}, {c, s, 0}, {0, c, s}};
            for (size_t k = 0; k < 3; k++)
                REQUIRE_NEAR(output[2 * k + i], expected[rotation][k], 1e-7);
        }
        qhm_module_destroy(module);
    }
}

static void learned_scales_stretch_the_features_and_have_gradients(void **state)
{
    (void)state;
    double x[MOST] = {0}, stretched[3], output[2][MOST];
    fill_features(x, 3);
    qhm_quantum_options options = {.layers = 2, .reupload = true, .readout = 3};
    qhm_module *plain = make_module(QHM_FLOAT64, 3, &options);
    options.learned_scales = true;
    qhm_module *learned = make_module(QHM_FLOAT64, 3, &options);
    size_t count;
    qhm_tensor *ours = qhm_parameter_value(qhm_module_parameters(learned, &count)[0]);
    qhm_tensor *theirs = qhm_parameter_value(qhm_module_parameters(plain, &count)[0]);
    enum { LAYERS = 2 * 3 * 3, SCALES = 2 * 3 };
    assert_int_equal(qhm_circuit_weight_count(qhm_quantum_layer_circuit(learned)), LAYERS + SCALES);
    require_gradient(learned, x, 2e-6);
    double weights[LAYERS + SCALES], gradient[3];
    REQUIRE_OK(qhm_tensor_read(theirs, 0, LAYERS, weights));
    for (size_t i = 0; i < SCALES; i++)
        weights[LAYERS + i] = 0.1 * (double)(i % 3 + 1); // the same for both uploads
    REQUIRE_OK(qhm_tensor_set(ours, 0, LAYERS + SCALES, weights));
    for (size_t i = 0; i < 3; i++)
        stretched[i] = x[i] * (1 + weights[LAYERS + i]);
    (void)run(learned, x, output[0], gradient);
    (void)run(plain, stretched, output[1], NULL);
    for (size_t i = 0; i < 9; i++)
        REQUIRE_NEAR(output[0][i], output[1][i], 1e-12);
    qhm_module_destroy(plain);
    qhm_module_destroy(learned);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_module *module = NULL;
    const struct {
        size_t width, output_width;
        qhm_quantum_options options;
        const char *part;
    } mistakes[] = {
        {4, 7, {0}, "output_width is 7, but this readout of 4 qubits has 4 values"},
        {4, 0, {.encoding = 9}, "encoding is choice 9"},
        {4, 0, {.ansatz = -1}, "ansatz is choice -1"},
        {4, 0, {.readout = 5}, "readout is choice 5"},
        {9, 0, {.qubits = 4}, "the input width is 9, but this encoding takes up to 8 features"},
        {4, 0, {.qubits = 3, .encoding = 4}, "takes 3 features on 3 qubits"},
        {2, 0, {.qubits = 3, .encoding = 4}, "takes 3 features on 3 qubits"},
        {9, 0, {.qubits = 3, .encoding = 6}, "takes up to 8 features on 3 qubits"},
        {4, 0, {.encoding = 6, .reupload = true}, "amplitudes can be encoded once only"},
        {5, 0, {.qubits = 4, .encoding = 7}, "takes up to 4 features on 4 qubits"},
        {4, 0, {.encoding = 7, .reupload = true}, "amplitudes can be encoded once only"},
        {4, 0, {.encoding = 4, .learned_scales = true}, "only the encodings angle, basis and z"},
        {4, 0, {.encoding = 7, .learned_scales = true}, "only the encodings angle, basis and z"},
        {4, 0, {.rotation = 4}, "rotation is choice 4"},
        {2, 0, {.qubits = 20000}, "qubits is 20000"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        qhm_module_setting setting = {.input = {1, {mistakes[i].width}},
                                      .output_width = mistakes[i].output_width};
        REQUIRE_FAILS(qhm_module_create("quantum", &setting, &mistakes[i].options, &module),
                      QHM_ERROR_INVALID_ARGUMENT, mistakes[i].part);
    }
    qhm_module_setting setting = {.input = {1, {60}}};
    REQUIRE_FAILS(qhm_module_create("quantum", &setting, NULL, &module), QHM_ERROR_RESOURCE_LIMIT,
                  "");
    assert_null(module);
}

static qhm_status create_only(void *context)
{
    qhm_module_setting setting = {.input = {1, {2}}};
    qhm_module *module = NULL;
    qhm_status status = qhm_module_create("quantum", &setting, context, &module);
    qhm_module_destroy(module);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_quantum_options options = {.layers = 1, .unentangled = true};
    require_survives_failing_memory(create_only, &options);
    options = (qhm_quantum_options){.layers = 1, .encoding = QHM_QUANTUM_ENCODING_AMPLITUDE};
    require_survives_failing_memory(create_only, &options);
    options = (qhm_quantum_options){.layers = 1, .encoding = QHM_QUANTUM_ENCODING_UNARY};
    require_survives_failing_memory(create_only, &options);
    options = (qhm_quantum_options){.layers = 1, .learned_scales = true};
    require_survives_failing_memory(create_only, &options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_has_its_width_and_its_gradient),
        cmocka_unit_test(outputs_are_those_of_the_reference_simulator),
        cmocka_unit_test(angles_beyond_the_qubits_are_rx),
        cmocka_unit_test(layers_are_those_of_the_whole_ansatz),
        cmocka_unit_test(weights_begin_small_and_from_the_stream),
        cmocka_unit_test(reuploading_encodes_before_each_layer),
        cmocka_unit_test(the_twin_keeps_slots_and_loses_entanglement),
        cmocka_unit_test(amplitudes_are_the_features_over_their_norm),
        cmocka_unit_test(a_zero_vector_is_the_ground_state_with_no_gradient),
        cmocka_unit_test(gradients_through_amplitudes_survive_zeros),
        cmocka_unit_test(a_unary_state_is_a_rotated_vector),
        cmocka_unit_test(gradients_through_unary_states_survive_zeros),
        cmocka_unit_test(the_axis_of_the_encoding_can_be_chosen),
        cmocka_unit_test(learned_scales_stretch_the_features_and_have_gradients),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("learn/quantum", tests, NULL, NULL);
}
