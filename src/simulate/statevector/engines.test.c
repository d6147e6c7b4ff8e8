// The fast engines against gate by gate: states and gradients of every gate in every place, of
// random circuits, and of circuits made to be hard for tangents and for renamed rows.
#include "circuit/gate_table.h"
#include "support/plans.h"

#include <math.h>
#include <qhm/threads.h>

enum { BATCH = 5, INPUTS = 4, WEIGHTS = 3 };

// Largest difference of states and of gradients, per unit of what can add up.
static const double tolerances[2] = {2e-13, 2e-5}; // by precision

typedef struct results {
    qhm_complex *states;
    double expectations[BATCH][3], input_gradients[BATCH][INPUTS], weight_gradients[WEIGHTS];
} results;

static results run(const qhm_circuit *circuit, const qhm_backend_options *backend,
                   qhm_plan_options options, const double *inputs, const double *weights)
{
    static const char *const texts[3] = {"Z0", "0.5 X0 + Y0", "Z0 - 0.25 X0"};
    qhm_observable *observables[3];
    double cotangents[BATCH][3];
    for (int k = 0; k < 3; k++) {
        char last[32]; // on the last qubit as well
        size_t qubit = qhm_circuit_qubit_count(circuit) - 1;
        snprintf(last, sizeof last, "%s + Z%zu", texts[k], qubit);
        observables[k] = test_observable(last);
        for (int i = 0; i < BATCH; i++)
            cotangents[i][k] = 0.3 + 0.2 * k - 0.1 * i;
    }
    test_plan made =
        test_plan_on(backend, circuit, (const qhm_observable *const *)observables, 3, &options);
    const bool has_inputs = qhm_circuit_input_count(circuit) > 0;
    const bool has_weights = qhm_circuit_weight_count(circuit) > 0;
    results out = {
        .states = calloc((size_t)BATCH << qhm_circuit_qubit_count(circuit), sizeof *out.states)};
    assert_non_null(out.states);
    qhm_request request = {.batch_count = BATCH,
                           .inputs = inputs,
                           .weights = weights,
                           .states = out.states,
                           .expectations = &out.expectations[0][0],
                           .cotangents = &cotangents[0][0],
                           .input_gradients = has_inputs ? &out.input_gradients[0][0] : NULL,
                           .weight_gradients = has_weights ? out.weight_gradients : NULL};
    REQUIRE_OK(qhm_plan_run(made.plan, &request));
    test_plan_destroy(made);
    for (int k = 0; k < 3; k++)
        qhm_observable_destroy(observables[k]);
    return out;
}

static double largest_difference(const double *a, const double *b, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        const double difference = fabs(a[i] - b[i]);
        if (!(difference <= largest)) // fmax would overlook a NaN
            largest = difference;
        if (isnan(difference))
            return INFINITY;
    }
    return largest;
}

// On every instruction set, in both precisions, against gate by gate in float64.
static void require_same(const qhm_circuit *circuit, qhm_random *random, const char *what)
{
    double *x = reference_random_angles(random, BATCH * INPUTS);
    double *w = reference_random_angles(random, WEIGHTS);
    const size_t numbers = (size_t)2 * BATCH << qhm_circuit_qubit_count(circuit);
    qhm_backend_options plain = {.gate_by_gate = true};
    results expected = run(circuit, &plain, (qhm_plan_options){0}, x, w);
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (int kind = 0; kind < 4; kind++) { // planned for batches, or for one at a time
            const int precision = kind & 1;
            qhm_backend_options fast = {.instruction_set = qhm_isa_text((qhm_isa)isa)};
            qhm_plan_options options = {.precision = (qhm_precision)precision,
                                        .max_batch = kind / 2};
            results got = run(circuit, &fast, options, x, w);
            const double tolerance = tolerances[precision];
            const double errors[] = {
                largest_difference(&got.states->re, &expected.states->re, numbers),
                largest_difference(got.expectations[0], expected.expectations[0], BATCH * 3),
                largest_difference(got.input_gradients[0], expected.input_gradients[0],
                                   BATCH * INPUTS) /
                    8,
                largest_difference(got.weight_gradients, expected.weight_gradients, WEIGHTS) / 8};
            for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
                if (!(errors[i] <= tolerance))
                    fail_msg("%s, %s, precision %d, max_batch %zu: output %zu is off by %g", what,
                             fast.instruction_set, precision, options.max_batch, i, errors[i]);
            free(got.states);
        }
    free(expected.states);
    free(x);
    free(w);
}

static void every_gate_agrees_in_every_place(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 21, 0, 0);
    const qhm_angle angles[3] = {
        {.scale = 0.8, .offset = 0.4, .factors = {{QHM_SLOT_WEIGHT, 0, 0}}},
        {.scale = -1.2, .factors = {{QHM_SLOT_INPUT, 1, 0.5}}},
        {.scale = 0.5, .factors = {{QHM_SLOT_INPUT, 0, 0}, {QHM_SLOT_WEIGHT, 1, 0}}}};
    for (size_t qubits = 3; qubits <= 11; qubits += 4)
        for (int gate = 0; gate < QHM_GATE_UNITARY; gate++) {
            const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
            const uint32_t used = info->control_count + info->target_count;
            qhm_circuit *circuit = reference_random_circuit(&random, qubits, 12, INPUTS, WEIGHTS);
            for (uint32_t first = 0; first + used <= qubits; first++) {
                uint32_t on[3] = {first, first + 1, first + 2};
                if (first % 2 == 1 && used > 1) { // both orders
                    on[0] = first + used - 1;
                    on[used - 1] = first;
                }
                REQUIRE_OK(qhm_circuit_append(circuit, (qhm_gate)gate, on, angles));
            }
            require_same(circuit, &random, info->name);
            qhm_circuit_destroy(circuit);
        }
}

static void random_circuits_agree(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 22, 0, 0);
    for (size_t qubits = 1; qubits <= 12; qubits++)
        for (int repeat = 0; repeat < (qubits < 8 ? 6 : 2); repeat++) {
            qhm_circuit *circuit = reference_random_circuit(&random, qubits, 80, INPUTS, WEIGHTS);
            require_same(circuit, &random, "random");
            qhm_circuit_destroy(circuit);
        }
}

// What is a turn but for rounding: the small diagonal's phase is noise.
static void almost_exchanges_agree(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 26, 0, 0);
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    const qhm_angle input = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &input));
    for (int i = 0; i < 80; i++) {
        static const qhm_gate there[2] = {QHM_GATE_T, QHM_GATE_H};
        static const qhm_gate back[2] = {QHM_GATE_H, QHM_GATE_TDG};
        for (int g = 0; g < 2; g++)
            REQUIRE_OK(
                qhm_circuit_append(circuit, i < 40 ? there[g] : back[g], (uint32_t[]){0}, NULL));
    }
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &input));
    require_same(circuit, &random, "almost an exchange");
    qhm_circuit_destroy(circuit);
}

// Layers of one rotation at angles where a cosine is 0: tangents have no value there.
static void turns_by_pi_agree(void **state)
{
    (void)state;
    const double pi = 3.14159265358979323846;
    static const qhm_gate gates[] = {QHM_GATE_RY, QHM_GATE_RX, QHM_GATE_RZ, QHM_GATE_RZZ};
    double x[BATCH] = {pi, -pi, 3 * pi, pi / 2, pi * (1 + 1e-9)};
    for (size_t qubits = 4; qubits <= 12; qubits += 4) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
        qhm_angle all = {.scale = 1, .factors = {{QHM_SLOT_INPUT, 0, 0}}};
        for (int layer = 0; layer < 3; layer++) // no diagonal between the first two
            for (size_t g = layer < 2 ? 0 : 1; g < (layer < 2 ? 1 : 4); g++)
                for (uint32_t q = 0; q + 1 < qubits; q++)
                    REQUIRE_OK(qhm_circuit_append(circuit, gates[g], (uint32_t[]){q, q + 1}, &all));
        qhm_backend_options plain = {.gate_by_gate = true}, fast = {0};
        results expected = run(circuit, &plain, (qhm_plan_options){0}, x, NULL);
        for (int kind = 0; kind < 4; kind++) {
            const int precision = kind & 1;
            qhm_plan_options options = {.precision = (qhm_precision)precision,
                                        .max_batch = kind / 2};
            results got = run(circuit, &fast, options, x, NULL);
            double off = largest_difference(&got.states->re, &expected.states->re,
                                            (size_t)2 * BATCH << qubits);
            off = fmax(off, largest_difference(got.input_gradients[0], expected.input_gradients[0],
                                               BATCH) /
                                30);
            if (!(off <= tolerances[precision]))
                fail_msg("%zu qubits, precision %d: off by %g", qubits, precision, off);
            free(got.states);
        }
        free(expected.states);
        qhm_circuit_destroy(circuit);
    }
}

// Every angle an input of its own, in circuit order: they are read and their gradients written
// in one go. One is so large that it must be reduced first.
static void angles_in_a_row_agree(void **state)
{
    (void)state;
    enum { SAMPLES = 7, LAYERS = 2, MOST = 2 * LAYERS * 9 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 24, 0, 0);
    for (uint32_t qubits = 1; qubits <= 9; qubits++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
        uint32_t count = 0;
        for (int layer = 0; layer < LAYERS; layer++) {
            for (uint32_t q = 0; q < qubits; q++)
                for (int g = 0; g < 2; g++) {
                    qhm_angle angle = {
                        .scale = 1.5, .offset = -0.2, .factors = {{QHM_SLOT_INPUT, count++, 0.1}}};
                    REQUIRE_OK(
                        qhm_circuit_append(circuit, g ? QHM_GATE_RZ : QHM_GATE_RY, &q, &angle));
                }
            for (uint32_t q = 0; q + 1 < qubits; q++)
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q, q + 1}, NULL));
        }
        double *x = reference_random_angles(&random, SAMPLES * count);
        double cotangents[SAMPLES], gradients[3][SAMPLES * MOST], values[3][SAMPLES];
        x[count / 2] = 3e6;
        qhm_observable *sum = test_observable("Z0");
        for (uint32_t q = 0; q < qubits; q++)
            REQUIRE_OK(qhm_observable_append(sum, 1 + q, &(qhm_pauli_factor){q, QHM_PAULI_Z}, 1));
        for (size_t i = 0; i < SAMPLES; i++)
            cotangents[i] = 1 - 0.3 * (double)i;
        for (int which = 0; which < 3; which++) { // gate by gate, float64, float32
            qhm_backend_options backend = {.gate_by_gate = which == 0};
            qhm_plan_options options = {.precision = which == 2 ? QHM_FLOAT32 : QHM_FLOAT64};
            test_plan made =
                test_plan_on(&backend, circuit, (const qhm_observable *const *)&sum, 1, &options);
            qhm_request request = {.batch_count = SAMPLES,
                                   .inputs = x,
                                   .expectations = values[which],
                                   .cotangents = cotangents,
                                   .input_gradients = gradients[which]};
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
            test_plan_destroy(made);
        }
        for (int precision = 0; precision < 2; precision++) {
            // 3e6 is known to 5e-10.
            const double tolerance = precision == 0 ? 1e-8 : 1e-4;
            const double *value = values[1 + precision], *gradient = gradients[1 + precision];
            assert_true(largest_difference(value, values[0], SAMPLES) <= tolerance);
            assert_true(largest_difference(gradient, gradients[0], SAMPLES * count) <= tolerance);
        }
        qhm_observable_destroy(sum);
        qhm_circuit_destroy(circuit);
        free(x);
    }
}

typedef struct gradients {
    double inputs[65][INPUTS], weights[WEIGHTS];
} gradients;

static void find_gradients(qhm_plan *plan, size_t batch, const double *x, const double *w,
                           gradients *out)
{
    static const double cotangents[65] = {1, -0.5, 2, [64] = 3};
    memset(out, 0, sizeof *out);
    qhm_request request = {.batch_count = batch,
                           .inputs = x,
                           .weights = w,
                           .cotangents = cotangents,
                           .input_gradients = &out->inputs[0][0],
                           .weight_gradients = out->weights};
    REQUIRE_OK(qhm_plan_run(plan, &request));
}

// A request of expectation values keeps its states for the gradients: the same bits as without,
// and only where nothing changed in between.
static void kept_states_change_no_bit(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 25, 0, 0);
    qhm_circuit *circuit = reference_random_circuit(&random, 5, 60, INPUTS, WEIGHTS);
    double *x = reference_random_angles(&random, 65 * INPUTS), y[65];
    double *w = reference_random_angles(&random, WEIGHTS);
    qhm_observable *observable = test_observable("Z0 + X1 Y2 - 0.5 Z3 Z4");
    const qhm_observable *const one[1] = {observable};
    test_plan keeper = test_plan_create(NULL, circuit, one, 1, NULL);
    for (int change = 0; change < 4; change++) {
        static const size_t batches[4] = {65, 65, 65, 3};
        const qhm_request forward = {
            .batch_count = 65, .inputs = x, .weights = w, .expectations = y};
        REQUIRE_OK(qhm_plan_run(keeper.plan, &forward));
        if (change == 1)
            x[64 * INPUTS] += 0.5;
        if (change == 2)
            w[WEIGHTS - 1] += 0.5;
        gradients kept, fresh;
        find_gradients(keeper.plan, batches[change], x, w, &kept);
        test_plan other = test_plan_create(NULL, circuit, one, 1, NULL);
        find_gradients(other.plan, batches[change], x, w, &fresh);
        test_plan_destroy(other);
        assert_memory_equal(&kept, &fresh, sizeof kept);
    }
    test_plan_destroy(keeper);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
    free(x);
    free(w);
}

static void the_norm_drifts_little_over_a_thousand_gates(void **state)
{
    (void)state;
    static const double limits[2] = {1e-13, 5e-6};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 23, 0, 0);
    for (size_t qubits = 4; qubits <= 12; qubits += 4) {
        qhm_circuit *circuit = reference_random_circuit(&random, qubits, 1000, INPUTS, WEIGHTS);
        double *x = reference_random_angles(&random, 2 * INPUTS);
        double *w = reference_random_angles(&random, WEIGHTS);
        for (int kind = 0; kind < 4; kind++) { // one sample, and as one of a batch
            const int precision = kind & 1;
            qhm_complex *psi =
                test_states(NULL, (qhm_precision)precision, circuit, (size_t)kind / 2 + 1, x, w);
            double norm = 0;
            for (size_t i = 0; i < (size_t)1 << qubits; i++)
                norm += psi[i].re * psi[i].re + psi[i].im * psi[i].im;
            if (!(fabs(norm - 1) <= limits[precision]))
                fail_msg("%zu qubits, precision %d: the norm is 1 + %g", qubits, precision,
                         norm - 1);
            free(psi);
        }
        free(x);
        free(w);
        qhm_circuit_destroy(circuit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate_agrees_in_every_place),
        cmocka_unit_test(random_circuits_agree),
        cmocka_unit_test(almost_exchanges_agree),
        cmocka_unit_test(turns_by_pi_agree),
        cmocka_unit_test(angles_in_a_row_agree),
        cmocka_unit_test(kept_states_change_no_bit),
        cmocka_unit_test(the_norm_drifts_little_over_a_thousand_gates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
