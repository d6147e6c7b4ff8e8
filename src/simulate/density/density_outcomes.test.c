// The density-matrix backend where outcomes count: shots, wrong bits, measurements on the way,
// conditions; and everything that it refuses.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/observables.h"
#include "support/reference_density.h"
#include "support/reference_simulator.h"

#include <math.h>
#include <qhm/distribution.h>
#include <qhm/plan.h>
#include <qhm/qasm.h>
#include <qhm/threads.h>

enum { QUBITS = 3, BITS = 3, SHOTS = 4000 };

typedef struct subject {
    qhm_backend *backend;
    qhm_plan *plan;
} subject;

static subject create(const qhm_circuit *circuit, const qhm_observable *observable,
                      const qhm_plan_options *options)
{
    subject made;
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &made.backend));
    REQUIRE_OK(qhm_plan_create(made.backend, circuit, &observable, observable ? 1 : 0, options,
                               &made.plan));
    return made;
}

static void destroy(subject made)
{
    qhm_plan_destroy(made.plan);
    qhm_backend_destroy(made.backend);
}

static void append_random_channel(qhm_circuit *circuit, qhm_random *random, const uint32_t *qubits)
{
    const uint32_t count = 1 + (uint32_t)qhm_random_below(random, 2);
    qhm_complex *kraus = reference_random_kraus(random, count, 2, 0);
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                                                          .qubit_count = count,
                                                                          .qubits = qubits,
                                                                          .kraus_count = 2,
                                                                          .matrix = kraus}));
    free(kraus);
}

typedef enum following { NOTHING, EARLY_BITS, CONDITIONS } following;

// Gates with a few channels, resets and measurements that write wrong bits now and then.
static qhm_circuit *random_circuit(qhm_random *random, following what)
{
    static const qhm_gate gates[] = {QHM_GATE_H,  QHM_GATE_RY,   QHM_GATE_CX,  QHM_GATE_RZ,
                                     QHM_GATE_CZ, QHM_GATE_SWAP, QHM_GATE_CRX, QHM_GATE_SX};
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(QUBITS, BITS, &circuit));
    size_t channels = 0;
    for (size_t i = 0; i < 16; i++) {
        const uint32_t first = (uint32_t)qhm_random_below(random, QUBITS);
        const uint32_t qubits[2] = {first, (first + 1 + (uint32_t)qhm_random_below(random, 2)) % 3};
        const qhm_angle angle = qhm_angle_constant(6 * qhm_random_uniform(random));
        const uint64_t kind = qhm_random_below(random, 8);
        qhm_instruction instruction = {.gate = gates[qhm_random_below(random, 8)],
                                       .qubits = qubits,
                                       .angles = &angle,
                                       .bit = first};
        if (kind < 2 && channels++ < 4) {
            append_random_channel(circuit, random, qubits);
            continue;
        }
        if (kind == 2 && what != NOTHING) {
            instruction.gate = QHM_GATE_MEASURE;
            instruction.flips[0] = 0.1 * qhm_random_uniform(random);
            instruction.flips[1] = 0.2 * qhm_random_uniform(random);
        }
        if (kind == 3)
            instruction.gate = QHM_GATE_RESET;
        if (kind >= 6 && what == CONDITIONS)
            instruction.condition = qhm_condition_bit(qubits[1], kind == 6);
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
    }
    for (uint32_t b = 0; b < 2; b++)
        REQUIRE_OK(qhm_circuit_append_instruction(circuit,
                                                  &(qhm_instruction){.gate = QHM_GATE_MEASURE,
                                                                     .qubits = (uint32_t[]){2 - b},
                                                                     .bit = b,
                                                                     .flips = {0.03, 0.08 * b}}));
    return circuit;
}

typedef struct expected {
    double probabilities[1 << BITS], value;
    const qhm_observable *observable;
} expected;

static void visit(const unsigned char *bits, const qhm_complex *state, void *context)
{
    expected *e = context;
    for (size_t i = 0; i < 1 << QUBITS; i++)
        e->probabilities[bits[0] | bits[1] << 1 | bits[2] << 2] +=
            state[i].re * state[i].re + state[i].im * state[i].im;
    e->value += reference_expectation(e->observable, QUBITS, state);
}

static void exact_and_drawn_outcomes_are_those_of_all_branches(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(20240607, QHM_RANDOM_USER, 70, 0, 0);
    qhm_observable *observable = parse_observable("Z0 X1 + 0.5 Y2 - Z1");
    for (size_t round = 0; round < 18; round++) {
        const following what = (following)(round % 3);
        qhm_circuit *circuit = random_circuit(&random, what);
        expected e = {.observable = observable};
        reference_run_branches(circuit, NULL, NULL, visit, &e);
        subject s = create(circuit, observable, NULL);
        assert_int_equal(qhm_plan_information(s.plan)->has_random_states, what == CONDITIONS);
        qhm_distribution *found;
        double value;
        REQUIRE_OK(
            qhm_plan_run_exact(s.plan, &(qhm_exact_request){.expectations = &value}, &found));
        for (uint64_t i = 0; i < 1 << BITS; i++)
            REQUIRE_NEAR(qhm_distribution_weight(found, &i), e.probabilities[i], 1e-10);
        REQUIRE_NEAR(value, e.value, 1e-10);
        qhm_distribution_destroy(found);
        if (what != CONDITIONS) {
            REQUIRE_OK(
                qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .expectations = &value}));
            REQUIRE_NEAR(value, e.value, 1e-10);
        }
        static uint64_t bits[SHOTS];
        double counts[1 << BITS] = {0};
        REQUIRE_OK(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1,
                                                       .shots = SHOTS,
                                                       .seed = 3,
                                                       .bits = bits,
                                                       .expectations = &value}));
        for (size_t i = 0; i < SHOTS; i++)
            counts[bits[i]]++;
        for (size_t i = 0; i < 1 << BITS; i++) {
            const double p = e.probabilities[i];
            REQUIRE_NEAR(counts[i] / SHOTS, p, 5 * sqrt(fmax(0, p * (1 - p)) / SHOTS) + 1e-9);
        }
        REQUIRE_NEAR(value, e.value, 5 * 2.5 / sqrt(SHOTS));
        destroy(s);
        qhm_circuit_destroy(circuit);
    }
    qhm_observable_destroy(observable);
}

// cos(a) is read as (1 - p10 - p01) cos(a) + p01 - p10, in every basis.
static void readout_flips_have_their_closed_form(void **state)
{
    (void)state;
    const double flips[2][2] = {{0.02, 0.09}, {0.11, 0.05}}, c = cos(0.8), d = cos(1.9);
    const double read[2] = {(1 - 0.11) * c + 0.07, (1 - 0.16) * d - 0.06};
    static const char *const texts[4] = {"Z0", "X1", "Z0 X1", "Y1"};
    const double wanted[4] = {read[0], read[1], read[0] * read[1],
                              (1 - 0.16) * sin(1.9) * sin(0.3) - 0.06};
    for (int has_condition = 0; has_condition < 2; has_condition++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
        const qhm_angle angles[3] = {qhm_angle_constant(0.8), qhm_angle_constant(1.9),
                                     qhm_angle_constant(0.3)};
        const qhm_condition never = qhm_condition_bit(0, true);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angles[0]));
        // H and RZ turn qubit 1 to X cos 1.9 + Y sin 1.9; RX leaves X, and Y times sin 0.3.
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){1}, &angles[1]));
        const qhm_angle back = qhm_angle_constant(M_PI / 2 - 0.3);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){1}, &back));
        if (has_condition)
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){
                             .gate = QHM_GATE_X, .qubits = (uint32_t[]){0}, .condition = never}));
        for (size_t k = 0; k < 4; k++) {
            qhm_observable *observable = parse_observable(texts[k]);
            subject s = create(circuit, observable, &(qhm_plan_options){.readout_flips = flips});
            double value;
            REQUIRE_OK(
                qhm_plan_run_exact(s.plan, &(qhm_exact_request){.expectations = &value}, NULL));
            REQUIRE_NEAR(value, wanted[k], 1e-12);
            REQUIRE_OK(qhm_plan_run(
                s.plan, &(qhm_request){
                            .batch_count = 1, .shots = SHOTS, .seed = k, .expectations = &value}));
            REQUIRE_NEAR(value, wanted[k], 5 / sqrt(SHOTS));
            static uint64_t samples[SHOTS];
            REQUIRE_OK(qhm_plan_run(
                s.plan, &(qhm_request){.batch_count = 1, .shots = SHOTS, .samples = samples}));
            double ones = 0;
            for (size_t i = 0; i < SHOTS; i++)
                ones += (double)(samples[i] & 1);
            REQUIRE_NEAR(1 - 2 * ones / SHOTS, read[0], 5 / sqrt(SHOTS));
            destroy(s);
            qhm_observable_destroy(observable);
        }
        qhm_circuit_destroy(circuit);
    }
}

// Bits do not suffer readout_flips, only what their measurement says; samples the reverse.
static void wrong_bits_are_those_of_measurements(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_MEASURE,
                                                                          .qubits = (uint32_t[]){0},
                                                                          .flips = {0.5, 0.25}}));
    const double flips[1][2] = {{0, 1}};
    subject s = create(circuit, NULL, &(qhm_plan_options){.readout_flips = flips});
    static uint64_t bits[SHOTS], samples[SHOTS];
    REQUIRE_OK(qhm_plan_run(
        s.plan,
        &(qhm_request){.batch_count = 1, .shots = SHOTS, .bits = bits, .samples = samples}));
    double ones = 0;
    for (size_t i = 0; i < SHOTS; i++) {
        ones += (double)bits[i];
        assert_int_equal(samples[i], 0);
    }
    REQUIRE_NEAR(ones / SHOTS, 0.75, 5 * sqrt(0.75 * 0.25 / SHOTS));
    qhm_distribution *found;
    REQUIRE_OK(qhm_plan_run_exact(s.plan, &(qhm_exact_request){0}, &found));
    REQUIRE_NEAR(qhm_distribution_weight(found, &(uint64_t){0}), 0.25, 1e-15);
    qhm_distribution_destroy(found);
    destroy(s);
    qhm_circuit_destroy(circuit);
}

static void what_is_too_large_is_refused_before_it_is_allocated(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_circuit_create(14, 0, &circuit));
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    const size_t limit = (size_t)512 << 20;
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0,
                                  &(qhm_plan_options){.memory_limit_bytes = limit}, &plan),
                  QHM_ERROR_RESOURCE_LIMIT,
                  "a density matrix of 14 qubits needs 2 GiB in float64, but 512 MiB are "
                  "available; at most 13 qubits fit");
    qhm_circuit_destroy(circuit);
    REQUIRE_OK(qhm_circuit_create(500, 0, &circuit));
    REQUIRE_FAILS(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan), QHM_ERROR_RESOURCE_LIMIT,
                  "a density matrix of 500 qubits needs");
    qhm_circuit_destroy(circuit);
    qhm_backend_destroy(backend);
}

static void states_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    subject s = create(circuit, NULL, NULL);
    qhm_complex amplitudes[2];
    REQUIRE_FAILS(qhm_plan_run(s.plan, &(qhm_request){.batch_count = 1, .states = amplitudes}),
                  QHM_ERROR_UNSUPPORTED,
                  "a density matrix has no amplitudes; ask for probabilities or expectations");
    destroy(s);
    qhm_circuit_destroy(circuit);
}

static void gradients_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(9, 0, &circuit));
    const qhm_angle angle = qhm_angle_weight(0);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &angle));
    qhm_observable *observable = parse_observable("Z0");
    subject s =
        create(circuit, observable, &(qhm_plan_options){.memory_limit_bytes = (size_t)5 << 20});
    double value, gradient, one = 1;
    qhm_request request = {.batch_count = 1, .weights = (double[]){0.3}, .expectations = &value};
    REQUIRE_OK(qhm_plan_run(s.plan, &request));
    REQUIRE_NEAR(value, cos(0.3), 1e-12);
    request.cotangents = &one;
    request.weight_gradients = &gradient;
    request.gradient_method = QHM_GRADIENT_ADJOINT;
    REQUIRE_FAILS(qhm_plan_run(s.plan, &request), QHM_ERROR_RESOURCE_LIMIT,
                  "gradients on 9 qubits need");
    request.gradient_method = QHM_GRADIENT_PARAMETER_SHIFT;
    REQUIRE_OK(qhm_plan_run(s.plan, &request));
    REQUIRE_NEAR(gradient, -sin(0.3), 1e-12);
    destroy(s);
    qhm_observable_destroy(observable);
    qhm_circuit_destroy(circuit);
}

typedef struct failing {
    const qhm_circuit *circuit;
    const qhm_observable *observable;
    bool has_gradients;
} failing;

static qhm_status attempt(void *context)
{
    const failing *f = context;
    static const double flips[9][2] = {{0.1, 0.2}};
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_distribution *found = NULL;
    uint64_t bits[4];
    double value, gradients[2], one = 1;
    const double weights[2] = {0.1, 0.2};
    qhm_status status = qhm_backend_create("density_matrix", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, f->circuit, &f->observable, 1,
                                 &(qhm_plan_options){.readout_flips = flips}, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                   .weights = weights,
                                                   .shots = 4,
                                                   .bits = bits,
                                                   .expectations = &value});
    if (status == QHM_OK && f->has_gradients)
        status = qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                   .weights = weights,
                                                   .cotangents = &one,
                                                   .gradient_method = QHM_GRADIENT_ADJOINT,
                                                   .weight_gradients = gradients});
    if (status == QHM_OK && !f->has_gradients)
        status = qhm_plan_run_exact(
            plan, &(qhm_exact_request){.weights = weights, .expectations = &value}, &found);
    qhm_distribution_destroy(found);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(20240607, QHM_RANDOM_USER, 71, 0, 0);
    qhm_observable *observable = parse_observable("Z0 + X1 Z2");
    const unsigned threads = qhm_threads_count();
    REQUIRE_OK(qhm_threads_set_count(1));
    for (int what = EARLY_BITS; what <= CONDITIONS; what++) {
        qhm_circuit *circuit = random_circuit(&random, (following)what);
        require_survives_failing_memory(attempt, &(failing){circuit, observable, false});
        qhm_circuit_destroy(circuit);
    }
    for (size_t n = 3; n <= 9; n += 6) {
        qhm_circuit *circuit = reference_random_noisy_circuit(&random, n, 10, 3, 0, 2);
        REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
        require_survives_failing_memory(attempt, &(failing){circuit, observable, true});
        qhm_circuit_destroy(circuit);
    }
    REQUIRE_OK(qhm_threads_set_count(threads));
    qhm_observable_destroy(observable);
}

static qhm_distribution *run_exactly(const char *backend_name, const char *text, double least)
{
    qhm_circuit *circuit;
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_distribution *found;
    double lost;
    REQUIRE_OK(qhm_qasm_parse(text, strlen(text), NULL, &circuit, NULL));
    REQUIRE_OK(qhm_backend_create(backend_name, NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    REQUIRE_OK(qhm_plan_run_exact(
        plan, &(qhm_exact_request){.least_probability = least, .lost_probability = &lost}, &found));
    REQUIRE_NEAR(qhm_distribution_total(found) + lost, 1, 1e-12);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    return found;
}

// 300 outcomes, each of which a condition undoes: without mixing there were 2^300 branches.
static void branches_that_no_bit_tells_apart_go_on_as_one(void **state)
{
    (void)state;
    qhm_distribution *found = run_exactly(
        "density_matrix",
        "OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit shown; @qhm.scratch\nbit out;"
        "for int i in [1:300] { h q[0]; cx q[0], q[1]; out = measure q[0]; if (out) { x q[1]; }"
        "ry(0.01) q[1]; reset q[0]; } shown = measure q[1];",
        0);
    double weight;
    assert_int_equal(qhm_distribution_outcome_count(found), 2);
    for (size_t i = 0; i < 2; i++) {
        const uint64_t *bits;
        qhm_distribution_outcome(found, i, &bits, &weight);
        REQUIRE_NEAR(weight, bits[0] ? pow(sin(1.5), 2) : pow(cos(1.5), 2), 1e-12);
    }
    qhm_distribution_destroy(found);
}

// Outcomes that a register shows, that a later condition reads, and that turns of a loop write.
static void mixing_keeps_what_bits_tell_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double least, tolerance;
    } programs[] = {
        {"OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit[4] c; bit d; @qhm.scratch\nbit s;"
         "for int i in [0:3] { ry(0.3 + i) q[0]; cx q[0], q[1]; c[i] = measure q[0]; }"
         "s = measure q[1]; h q[0]; d = measure q[0]; if (s) { ry(0.4) q[1]; } h q[1];"
         "d = measure q[1];",
         0, 1e-10},
        {"OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit[2] c; bit d; c[0] = 1;"
         "while (c[0]) { reset q[0]; ry(0.7) q[0]; cx q[0], q[1]; h q[0]; c[0] = measure q[0];"
         "if (c[0]) { ry(0.2) q[1]; } } c[1] = measure q[1]; d = measure q[0];",
         0, 1e-10},
        {"OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit[2] c; @qhm.scratch\nbit[2] s;"
         "s[0] = 1; while (s[0]) { ry(0.9) q[0]; s[1] = measure q[0]; while (s[1]) { ry(0.5) q[1];"
         "cx q[1], q[0]; s[1] = measure q[0]; } ry(1.1) q[1]; s[0] = measure q[1]; }"
         "h q; c = measure q;",
         1e-5, 2e-3}};
    for (size_t p = 0; p < sizeof programs / sizeof programs[0]; p++) {
        qhm_distribution *mixed =
            run_exactly("density_matrix", programs[p].text, programs[p].least);
        qhm_distribution *followed =
            run_exactly("statevector", programs[p].text, programs[p].least);
        REQUIRE_NEAR(qhm_distribution_variation_distance(mixed, followed), 0,
                     programs[p].tolerance);
        qhm_distribution_destroy(mixed);
        qhm_distribution_destroy(followed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_and_drawn_outcomes_are_those_of_all_branches),
        cmocka_unit_test(readout_flips_have_their_closed_form),
        cmocka_unit_test(wrong_bits_are_those_of_measurements),
        cmocka_unit_test(what_is_too_large_is_refused_before_it_is_allocated),
        cmocka_unit_test(states_are_refused),
        cmocka_unit_test(gradients_that_do_not_fit_are_refused),
        cmocka_unit_test(branches_that_no_bit_tells_apart_go_on_as_one),
        cmocka_unit_test(mixing_keeps_what_bits_tell_apart),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
