// Gradients: adjoint, parameter shift and finite differences agree on every gate with an angle;
// published values; shots give unbiased estimates.
#include "circuit/gate_table.h"
#include "support/plans.h"

typedef struct gradients {
    double inputs[3][2], weights[3][2];
} gradients;

static const char *const observable_texts[] = {"Z0 + 0.5 X1", "Y2 Z0 - 0.7 X3 + 0.2"};
static const double cotangents[3][2] = {{1, -0.4}, {0.3, 2}, {-1.5, 0.8}};

static void make_observables(qhm_observable *observables[2])
{
    for (int k = 0; k < 2; k++)
        observables[k] = test_observable(observable_texts[k]);
}

static gradients run_gradients(qhm_plan *plan, const double *x, const double *w, bool per_sample,
                               qhm_gradient_method method)
{
    gradients out = {0};
    qhm_request request = {.batch_count = 3,
                           .inputs = x,
                           .weights = w,
                           .weights_per_sample = per_sample,
                           .gradient_method = method,
                           .cotangents = cotangents[0],
                           .input_gradients = out.inputs[0],
                           .weight_gradients = out.weights[0]};
    REQUIRE_OK(qhm_plan_run(plan, &request));
    return out;
}

// The sum over observables of cotangent times value, for each sample.
static void run_losses(qhm_plan *plan, const double *x, const double *w, bool per_sample,
                       double losses[3])
{
    double values[3][2];
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 3,
                                                 .inputs = x,
                                                 .weights = w,
                                                 .weights_per_sample = per_sample,
                                                 .expectations = values[0]}));
    for (int i = 0; i < 3; i++)
        losses[i] = cotangents[i][0] * values[i][0] + cotangents[i][1] * values[i][1];
}

static gradients run_differences(qhm_plan *plan, const double *x, const double *w, bool per_sample)
{
    const double step = 1e-5;
    gradients out = {0};
    for (int slot = 0; slot < 4; slot++) {
        double losses[2][3];
        for (int side = 0; side < 2; side++) {
            double moved_x[6], moved_w[6], change = side ? -step : step;
            memcpy(moved_x, x, sizeof moved_x);
            memcpy(moved_w, w, sizeof moved_w);
            for (int i = 0; i < 3; i++) {
                if (slot < 2)
                    moved_x[2 * i + slot] += change;
                else if (i == 0 || per_sample)
                    moved_w[2 * i + slot - 2] += change;
            }
            run_losses(plan, moved_x, moved_w, per_sample, losses[side]);
        }
        for (int i = 0; i < 3; i++) {
            double slope = (losses[0][i] - losses[1][i]) / (2 * step);
            if (slot < 2)
                out.inputs[i][slot] = slope;
            else
                out.weights[per_sample ? i : 0][slot - 2] += slope;
        }
    }
    return out;
}

static void require_equal_gradients(const gradients *a, const gradients *b, double tolerance,
                                    const char *what)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++) {
            double error = fmax(fabs(a->inputs[i][j] - b->inputs[i][j]),
                                fabs(a->weights[i][j] - b->weights[i][j]));
            if (!(error <= tolerance))
                fail_msg("%s: sample %d, slot %d: off by %g", what, i, j, error);
        }
}

// A layer that entangles, so that every later angle matters.
static qhm_circuit *start_circuit(size_t qubit_count)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubit_count, 0, &circuit));
    for (uint32_t q = 0; q < qubit_count; q++) {
        qhm_angle angle = {.scale = 1, .offset = 0.3 * q, .factors = {{QHM_SLOT_INPUT, q % 2, 0}}};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
        angle.factors[0].slot = QHM_SLOT_WEIGHT; // all slots are used: rows have two columns
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, &q, &angle));
        if (q > 0)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q - 1, q}, NULL));
    }
    return circuit;
}

static void append_with_slots(qhm_circuit *circuit, qhm_gate gate, uint32_t extra_controls,
                              qhm_random *random)
{
    // Affine in an input, in a weight, and a product of the two.
    qhm_angle angles[3] = {
        {.scale = 0.8, .offset = 0.4, .factors = {{QHM_SLOT_WEIGHT, 0, 0}}},
        {.scale = -1.2, .factors = {{QHM_SLOT_INPUT, 1, 0.5}, {QHM_SLOT_WEIGHT, 1, -0.3}}},
        {.scale = 0.5, .offset = 1, .factors = {{QHM_SLOT_INPUT, 0, 0}, {QHM_SLOT_INPUT, 0, 0}}}};
    size_t order[16];
    uint32_t qubits[16];
    size_t count = qhm_circuit_qubit_count(circuit);
    for (size_t q = 0; q < count; q++)
        order[q] = q;
    qhm_random_shuffle(random, order, count);
    for (size_t q = 0; q < count; q++)
        qubits[q] = (uint32_t)order[q];
    size_t first = qhm_random_below(random, 3); // which slots come first
    qhm_angle turned[3] = {angles[first], angles[(first + 1) % 3], angles[(first + 2) % 3]};
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit,
        &(qhm_instruction){
            .gate = gate, .control_count = extra_controls, .qubits = qubits, .angles = turned}));
}

static void require_gradients_agree(const qhm_circuit *circuit, qhm_random *random,
                                    const char *what)
{
    qhm_observable *observables[2];
    make_observables(observables);
    double *x = reference_random_angles(random, 6), *w = reference_random_angles(random, 6);
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (int precision = 0; precision < 2; precision++) {
            qhm_plan_options options = {.precision = (qhm_precision)precision};
            test_plan made =
                test_plan_create(qhm_isa_text((qhm_isa)isa), circuit,
                                 (const qhm_observable *const *)observables, 2, &options);
            double tolerance = precision == QHM_FLOAT64 ? 1e-11 : 1e-4;
            for (int per_sample = 0; per_sample < 2; per_sample++) {
                gradients adjoint =
                    run_gradients(made.plan, x, w, per_sample != 0, QHM_GRADIENT_AUTOMATIC);
                gradients shift =
                    run_gradients(made.plan, x, w, per_sample != 0, QHM_GRADIENT_PARAMETER_SHIFT);
                require_equal_gradients(&adjoint, &shift, tolerance, what);
                if (precision == QHM_FLOAT64) {
                    gradients slopes = run_differences(made.plan, x, w, per_sample != 0);
                    require_equal_gradients(&adjoint, &slopes, 1e-7, what);
                }
            }
            test_plan_destroy(made);
        }
    free(x);
    free(w);
    qhm_observable_destroy(observables[0]);
    qhm_observable_destroy(observables[1]);
}

static void all_gradients_agree_on_every_gate_with_an_angle(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    int tried = 0;
    for (int gate = 0; gate < QHM_GATE_UNITARY; gate++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
        if (info->angle_count == 0)
            continue;
        tried++;
        for (uint32_t extra = 0; extra <= 2; extra++) {
            if (extra + info->control_count + info->target_count > 4)
                continue;
            qhm_circuit *circuit = start_circuit(4);
            append_with_slots(circuit, (qhm_gate)gate, extra, &random);
            require_gradients_agree(circuit, &random, info->name);
            qhm_circuit_destroy(circuit);
        }
    }
    assert_int_equal(tried, 12);
}

static void all_gradients_agree_in_the_wide_layout(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    for (int repeat = 0; repeat < 3; repeat++) {
        qhm_circuit *circuit = start_circuit(10);
        for (int gate = 0; gate < QHM_GATE_UNITARY; gate++)
            append_with_slots(circuit, (qhm_gate)gate, (uint32_t)qhm_random_below(&random, 3),
                              &random);
        require_gradients_agree(circuit, &random, "wide");
        qhm_circuit_destroy(circuit);
    }
}

static void all_gradients_agree_on_random_circuits(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 3, 0, 0);
    for (size_t qubits = 4; qubits <= 6; qubits++) {
        qhm_circuit *circuit = reference_random_circuit(&random, qubits, 40, 2, 2);
        require_gradients_agree(circuit, &random, "random");
        qhm_circuit_destroy(circuit);
    }
}

static void append_angle(qhm_circuit *circuit, qhm_gate gate, uint32_t qubit, uint32_t weight)
{
    qhm_angle angle = qhm_angle_weight(weight);
    REQUIRE_OK(qhm_circuit_append(circuit, gate, &qubit, &angle));
}

static void the_published_gradient_comes_out(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    append_angle(circuit, QHM_GATE_RY, 0, 0);
    append_angle(circuit, QHM_GATE_RX, 1, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    append_angle(circuit, QHM_GATE_RZ, 1, 2);
    append_angle(circuit, QHM_GATE_RY, 1, 3);
    qhm_observable *observable = test_observable("Z1 + 0.5 X0");
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)&observable, 1, NULL);
    static const double w[] = {0.432, -0.123, 0.543, 0.233};
    static const double expected[] = {-0.410425078661, 0.000880722154, 0.022025865088,
                                      -0.152085756920};
    for (int method = 0; method <= 2; method++) {
        double value, gradient[4];
        REQUIRE_OK(
            qhm_plan_run(made.plan, &(qhm_request){.batch_count = 1,
                                                   .weights = w,
                                                   .expectations = &value,
                                                   .gradient_method = (qhm_gradient_method)method,
                                                   .cotangents = (double[]){1},
                                                   .weight_gradients = gradient}));
        REQUIRE_NEAR(value, 0.890208209654, 1e-12);
        for (int j = 0; j < 4; j++)
            REQUIRE_NEAR(gradient[j], expected[j], 1e-12);
    }
    test_plan_destroy(made);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

static void a_controlled_rotation_needs_the_four_term_rule(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    qhm_angle a = qhm_angle_constant(0.7), b = qhm_angle_constant(0.4), d = qhm_angle_constant(0.9);
    qhm_angle w = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &a));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){1}, &b));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CRY, (uint32_t[]){0, 1}, &w));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &d));
    qhm_observable *observable = test_observable("Z0 + Z1");
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)&observable, 1, NULL);
    double value, gradient, weight = 0.6, shifted[2];
    for (int method = 1; method <= 2; method++) {
        REQUIRE_OK(
            qhm_plan_run(made.plan, &(qhm_request){.batch_count = 1,
                                                   .weights = &weight,
                                                   .expectations = &value,
                                                   .gradient_method = (qhm_gradient_method)method,
                                                   .cotangents = (double[]){1},
                                                   .weight_gradients = &gradient}));
        REQUIRE_NEAR(value, 1.435652503195, 1e-12);
        REQUIRE_NEAR(gradient, 0.032718914107, 1e-12);
    }
    // The two-term rule on the same occurrence (angle 2 of the circuit) is wrong, and must differ.
    qhm_angle_shift shifts[2] = {{2, M_PI / 2}, {2, -M_PI / 2}};
    REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = 2,
                                                      .weights = &weight,
                                                      .shifts = shifts,
                                                      .expectations = shifted}));
    REQUIRE_NEAR((shifted[0] - shifted[1]) / 2, 0.071600393340, 1e-12);
    test_plan_destroy(made);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

// d/dx cos x from shots: mean -sin x, variance (1 - E+^2 + 1 - E-^2) / (4 shots).
static void shot_gradients_are_unbiased_with_the_right_variance(void **state)
{
    (void)state;
    enum { COUNT = 4000, SHOTS = 20 };
    const double x_value = -0.8; // a quarter turn on, values are much the same
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    qhm_angle x = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &x));
    qhm_observable *observable = test_observable("Z0");
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)&observable, 1, NULL);
    static double inputs[COUNT], ones[COUNT], slopes[COUNT], values[COUNT];
    for (int i = 0; i < COUNT; i++) {
        inputs[i] = x_value;
        ones[i] = 1;
    }
    REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = COUNT,
                                                      .inputs = inputs,
                                                      .shots = SHOTS,
                                                      .seed = test_seed(),
                                                      .expectations = values,
                                                      .cotangents = ones,
                                                      .input_gradients = slopes}));
    double mean = 0, square = 0, with_value = 0;
    for (int i = 0; i < COUNT; i++) {
        mean += slopes[i] / COUNT;
        square += slopes[i] * slopes[i] / COUNT;
        if (i < COUNT / 2) // sample i's shifted circuits are numbers 2 i and 2 i + 1
            with_value += (slopes[i] + sin(x_value)) * (values[2 * i] - cos(x_value)) / (COUNT / 2);
    }
    double up = cos(x_value + M_PI / 2), down = cos(x_value - M_PI / 2);
    double variance = (2 - up * up - down * down) / (4 * SHOTS);
    REQUIRE_NEAR(mean, -sin(x_value), 5 * sqrt(variance / COUNT));
    REQUIRE_NEAR(square - mean * mean, variance, 5 * variance * sqrt(2.0 / COUNT));
    // Independent of the values of the samples with the same numbers: other streams.
    double value_variance = (1 - cos(x_value) * cos(x_value)) / SHOTS;
    REQUIRE_NEAR(with_value, 0, 5 * sqrt(variance * value_variance / (COUNT / 2)));
    test_plan_destroy(made);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

// Measured, then fed forward: adjoint is refused, the shift rule still holds on average.
static void random_states_have_shift_gradients_only(void **state)
{
    (void)state;
    enum { SHOTS = 40000 };
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
    append_angle(circuit, QHM_GATE_RY, 0, 0);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    qhm_angle turn = qhm_angle_constant(0.5);
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_RY,
                                    .qubits = (uint32_t[]){1},
                                    .angles = &turn,
                                    .condition = qhm_condition_bit(0, true)}));
    qhm_observable *observable = test_observable("Z1");
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)&observable, 1, NULL);
    double w = 1.1, gradient, one = 1;
    qhm_request request = {.batch_count = 1,
                           .weights = &w,
                           .shots = SHOTS,
                           .seed = test_seed(),
                           .cotangents = &one,
                           .weight_gradients = &gradient};
    REQUIRE_OK(qhm_plan_run(made.plan, &request));
    // <Z1> = cos^2(w/2) + sin^2(w/2) cos(0.5)
    REQUIRE_NEAR(gradient, -sin(w) / 2 * (1 - cos(0.5)), 5 / sqrt(2.0 * SHOTS));
    request.gradient_method = QHM_GRADIENT_ADJOINT;
    REQUIRE_FAILS(qhm_plan_run(made.plan, &request), QHM_ERROR_UNSUPPORTED, "parameter shift");
    request.shots = 0;
    REQUIRE_FAILS(qhm_plan_run(made.plan, &request), QHM_ERROR_UNSUPPORTED, "set shots");
    test_plan_destroy(made);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_gradients_agree_on_every_gate_with_an_angle),
        cmocka_unit_test(all_gradients_agree_in_the_wide_layout),
        cmocka_unit_test(all_gradients_agree_on_random_circuits),
        cmocka_unit_test(the_published_gradient_comes_out),
        cmocka_unit_test(a_controlled_rotation_needs_the_four_term_rule),
        cmocka_unit_test(shot_gradients_are_unbiased_with_the_right_variance),
        cmocka_unit_test(random_states_have_shift_gradients_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
