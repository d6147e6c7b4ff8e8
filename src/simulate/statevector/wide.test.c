// The wide engine against gate by gate: every gate on qubits that lie in different tiles or in one,
// circuits of all kinds of strings, samples, and any number of threads.
#include "circuit/gate_table.h"
#include "support/plans.h"

#include <math.h>
#include <qhm/threads.h>

enum { QUBITS = 17, FEW_QUBITS = 12 }; // several tiles, and one

static const double tolerances[2] = {2e-13, 2e-5}; // by precision

// Every qubit in a state of its own.
static qhm_circuit *spread_circuit(size_t qubit_count)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubit_count, 0, &circuit));
    for (uint32_t q = 0; q < qubit_count; q++) {
        qhm_angle y = qhm_angle_constant(0.3 + 0.4 * q), z = qhm_angle_constant(0.2 - 0.3 * q);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &y));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, &q, &z));
    }
    return circuit;
}

// A gate on random qubits, with random further controls.
static void append_somewhere(qhm_circuit *circuit, qhm_gate gate, uint32_t extra_controls,
                             qhm_random *random)
{
    const size_t qubit_count = qhm_circuit_qubit_count(circuit);
    size_t order[32];
    uint32_t qubits[32];
    for (size_t q = 0; q < qubit_count; q++)
        order[q] = q;
    qhm_random_shuffle(random, order, qubit_count);
    for (size_t q = 0; q < qubit_count; q++)
        qubits[q] = (uint32_t)order[q];
    qhm_angle angles[3] = {qhm_angle_input(0, 0.7), qhm_angle_weight(0), qhm_angle_input(1, -1.1)};
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit,
        &(qhm_instruction){
            .gate = gate, .control_count = extra_controls, .qubits = qubits, .angles = angles}));
}

// What one request gives.
typedef struct results {
    qhm_complex *states;
    double expectations[3], input_gradients[2], weight_gradients[1];
} results;

static results run(const qhm_circuit *circuit, const qhm_backend_options *backend,
                   qhm_precision precision)
{
    const size_t qubit_count = qhm_circuit_qubit_count(circuit);
    qhm_observable *observables[3] = {test_observable("Z0 + 0.5 Z3 Z11"),
                                      test_observable("X1 Z11 - Y10 Y2"),
                                      test_observable(qubit_count > 12 ? "Z5 + X16 Z15" : "X4")};
    const double x[2] = {0.4, -1.3}, w[1] = {2.2}, cotangents[3] = {1, -0.5, 0.7};
    qhm_plan_options options = {.precision = precision};
    test_plan made =
        test_plan_on(backend, circuit, (const qhm_observable *const *)observables, 3, &options);
    results out = {.states = calloc((size_t)1 << qubit_count, sizeof *out.states)};
    assert_non_null(out.states);
    REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = 1,
                                                      .inputs = x,
                                                      .weights = w,
                                                      .states = out.states,
                                                      .expectations = out.expectations}));
    const bool has_inputs = qhm_circuit_input_count(circuit) > 0;
    const bool has_weights = qhm_circuit_weight_count(circuit) > 0;
    qhm_request gradients = {.batch_count = 1,
                             .inputs = x,
                             .weights = w,
                             .cotangents = cotangents,
                             .input_gradients = has_inputs ? out.input_gradients : NULL,
                             .weight_gradients = has_weights ? out.weight_gradients : NULL};
    if (has_inputs || has_weights)
        REQUIRE_OK(qhm_plan_run(made.plan, &gradients));
    test_plan_destroy(made);
    for (int k = 0; k < 3; k++)
        qhm_observable_destroy(observables[k]);
    return out;
}

static double distance(const double *a, const double *b, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= largest))
            largest = fabs(a[i] - b[i]);
    return largest;
}

static void require_same(const qhm_circuit *circuit, const char *what)
{
    qhm_backend_options plain = {.gate_by_gate = true};
    results expected = run(circuit, &plain, QHM_FLOAT64);
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (int precision = 0; precision < 2; precision++) {
            qhm_backend_options fast = {.instruction_set = qhm_isa_text((qhm_isa)isa)};
            results got = run(circuit, &fast, (qhm_precision)precision);
            const double errors[] = {
                reference_distance(got.states, expected.states,
                                   (size_t)1 << qhm_circuit_qubit_count(circuit)),
                distance(got.expectations, expected.expectations, 3),
                distance(got.input_gradients, expected.input_gradients, 2) / 16,
                distance(got.weight_gradients, expected.weight_gradients, 1) / 16};
            for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
                if (!(errors[i] <= tolerances[precision]))
                    fail_msg("%s, %s, precision %d: output %zu is off by %g", what,
                             fast.instruction_set, precision, i, errors[i]);
            free(got.states);
        }
    free(expected.states);
}

static void every_gate_agrees_within_and_across_tiles(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 31, 0, 0);
    for (int gate = 0; gate < QHM_GATE_UNITARY; gate++)
        for (int is_large = 0; is_large < 2; is_large++) {
            qhm_circuit *circuit = spread_circuit(is_large ? QUBITS : FEW_QUBITS);
            for (uint32_t i = 0; i < 6; i++) {
                append_somewhere(circuit, (qhm_gate)gate, i % 3, &random);
                append_somewhere(circuit, QHM_GATE_CX, 0, &random);
                append_somewhere(circuit, QHM_GATE_RY, 0, &random);
            }
            require_same(circuit, qhm_gate_information((qhm_gate)gate)->name);
            qhm_circuit_destroy(circuit);
        }
}

// Layers whose diagonals connect all qubits: sides, sections, tables and strings by themselves.
static void connected_diagonals_agree(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 32, 0, 0);
    for (int density = 4; density <= 60; density += 14) {
        const uint32_t qubits = density % 28 == 4 ? QUBITS : FEW_QUBITS;
        qhm_circuit *circuit = spread_circuit(qubits);
        for (int layer = 0; layer < 3; layer++) {
            for (int i = 0; i < density; i++)
                append_somewhere(circuit, i % 2 ? QHM_GATE_RZZ : QHM_GATE_CZ, i % 7 == 6, &random);
            for (uint32_t q = 0; q < qubits; q++) {
                qhm_angle angle = qhm_angle_weight(0);
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, &q, &angle));
            }
        }
        require_same(circuit, "connected");
        qhm_circuit_destroy(circuit);
    }
}

// All pairs, and longer strings: more than two sides can hold, so that the state is read again.
static void many_strings_of_z_agree(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 35, 0, 0);
    for (uint32_t qubits = FEW_QUBITS; qubits <= QUBITS; qubits += QUBITS - FEW_QUBITS) {
        qhm_circuit *circuit = spread_circuit(qubits);
        for (int i = 0; i < 40; i++)
            append_somewhere(circuit, i % 2 ? QHM_GATE_RX : QHM_GATE_CX, 0, &random);
        qhm_observable *observable;
        REQUIRE_OK(qhm_observable_create(&observable));
        for (uint32_t p = 0; p < qubits; p++)
            for (uint32_t q = 0; q < p; q++) {
                qhm_pauli_factor factors[3] = {
                    {p, QHM_PAULI_Z}, {q, QHM_PAULI_Z}, {(p + q) % qubits, QHM_PAULI_Z}};
                const size_t count = (p + q) % qubits == p || (p + q) % qubits == q ? 2 : 2 + q % 2;
                REQUIRE_OK(
                    qhm_observable_append(observable, 0.1 * p - 0.2 * q + 0.5, factors, count));
            }
        const qhm_observable *const one[1] = {observable};
        double values[2][4];
        for (int plain = 0; plain < 2; plain++) {
            qhm_backend_options backend = {.gate_by_gate = plain};
            test_plan made = test_plan_on(&backend, circuit, one, 1, NULL);
            qhm_request request = {.batch_count = 1,
                                   .inputs = (double[]){0.3, 1.9},
                                   .weights = (double[]){-0.7},
                                   .expectations = values[plain]};
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
            request.expectations = NULL;
            request.cotangents = (double[]){1.5};
            request.input_gradients = values[plain] + 1;
            values[plain][2] = values[plain][3] = 0;
            REQUIRE_OK(qhm_plan_run(made.plan, &request));
            test_plan_destroy(made);
        }
        assert_true(distance(values[0], values[1], 3) <= 1e-10);
        assert_true(fabs(values[1][1]) > 1e-3);
        qhm_observable_destroy(observable);
        qhm_circuit_destroy(circuit);
    }
}

// The Fourier transform of a basis state is known: amplitude k of |x> is exp(2 pi i k x / N).
static void the_fourier_transform_gives_known_phases(void **state)
{
    (void)state;
    for (uint32_t qubits = FEW_QUBITS; qubits <= QUBITS; qubits += QUBITS - FEW_QUBITS) {
        const size_t dimension = (size_t)1 << qubits, x = 0x0b35 & (dimension - 1);
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
        for (uint32_t q = 0; q < qubits; q++)
            if (x >> q & 1)
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
        for (uint32_t q = qubits; q-- > 0;) {
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
            for (uint32_t p = q; p-- > 0;) {
                qhm_angle angle = qhm_angle_constant(ldexp(M_PI, (int)p - (int)q));
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CP, (uint32_t[]){p, q}, &angle));
            }
        }
        for (uint32_t q = 0; q < qubits / 2; q++)
            REQUIRE_OK(
                qhm_circuit_append(circuit, QHM_GATE_SWAP, (uint32_t[]){q, qubits - 1 - q}, NULL));
        for (int precision = 0; precision < 2; precision++) {
            qhm_complex *psi = test_states(NULL, (qhm_precision)precision, circuit, 1, NULL, NULL);
            for (size_t k = 0; k < dimension; k++) {
                const double angle = ldexp(2 * M_PI * (double)(k * x % dimension), -(int)qubits);
                const double size = ldexp(sqrt((double)dimension), -(int)qubits);
                if (!(hypot(psi[k].re - size * cos(angle), psi[k].im - size * sin(angle)) <=
                      size * tolerances[precision]))
                    fail_msg("%u qubits, precision %d: amplitude %zu is off", qubits, precision, k);
            }
            free(psi);
        }
        qhm_circuit_destroy(circuit);
    }
}

// Tangents have no value there, and what rotations leave out is tiny.
static void turns_by_pi_agree(void **state)
{
    (void)state;
    for (size_t qubits = FEW_QUBITS; qubits <= QUBITS; qubits += QUBITS - FEW_QUBITS) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
        qhm_angle pi = {.scale = M_PI / 2.2, .factors = {{QHM_SLOT_WEIGHT, 0, 0}}}; // w is 2.2
        for (int layer = 0; layer < 3; layer++)
            for (uint32_t q = 0; q + 1 < qubits; q++)
                REQUIRE_OK(
                    qhm_circuit_append(circuit, layer < 2 ? QHM_GATE_RY : QHM_GATE_RX, &q, &pi));
        require_same(circuit, "turns by pi");
        qhm_circuit_destroy(circuit);
    }
}

static void a_circuit_without_gates_stays_at_zero(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &circuit));
    require_same(circuit, "empty");
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){16}, NULL));
    require_same(circuit, "one X");
    qhm_circuit_destroy(circuit);
}

// CX and X change what stored bits mean: samples are to be of qubits all the same.
static void samples_are_of_qubits(void **state)
{
    (void)state;
    for (size_t qubits = FEW_QUBITS; qubits <= QUBITS; qubits += QUBITS - FEW_QUBITS) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
        uint64_t expected = 0;
        for (uint32_t q = 0; q < qubits; q++)
            if (q % 3 == 0) {
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
                expected |= (uint64_t)1 << q;
            }
        for (uint32_t q = 0; q + 1 < qubits; q++) {
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q, q + 1}, NULL));
            expected ^= (expected >> q & 1) << (q + 1);
        }
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SWAP, (uint32_t[]){2, 9}, NULL));
        uint64_t two = expected >> 2 & 1, nine = expected >> 9 & 1;
        expected = (expected & ~(uint64_t)0x204) | two << 9 | nine << 2;
        // Qubit 1 into the eigenstate of X.
        const bool is_minus = expected >> 1 & 1;
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){1, 5}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){1, 5}, NULL));
        qhm_observable *observables[2] = {test_observable("X1 Z0"), test_observable("Z2 + Z9")};
        test_plan made =
            test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 2, NULL);
        uint64_t samples[7];
        double values[2];
        REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = 1,
                                                          .shots = 7,
                                                          .seed = 3,
                                                          .samples = samples,
                                                          .expectations = values}));
        for (int i = 0; i < 7; i++)
            assert_int_equal(samples[i] & ~(uint64_t)2, expected & ~(uint64_t)2);
        const double signs[2] = {1, -1};
        REQUIRE_NEAR(values[0], signs[is_minus] * signs[expected & 1], 1e-12);
        REQUIRE_NEAR(values[1], signs[two] + signs[nine], 1e-12);
        test_plan_destroy(made);
        qhm_observable_destroy(observables[0]);
        qhm_observable_destroy(observables[1]);
        qhm_circuit_destroy(circuit);
    }
}

static void results_have_the_same_bits_for_any_threads(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 33, 0, 0);
    qhm_circuit *circuit = spread_circuit(QUBITS);
    for (int i = 0; i < 60; i++)
        append_somewhere(circuit, i % 2 ? QHM_GATE_CRX : QHM_GATE_RXX, 0, &random);
    for (int precision = 0; precision < 2; precision++) {
        results first = {0};
        for (unsigned threads = 1; threads <= 3; threads++) {
            REQUIRE_OK(qhm_threads_set_count(threads));
            results next = run(circuit, NULL, (qhm_precision)precision);
            if (threads == 1) {
                first = next;
                continue;
            }
            assert_memory_equal(first.states, next.states,
                                ((size_t)1 << QUBITS) * sizeof *first.states);
            free(next.states);
            next.states = first.states;
            assert_memory_equal(&first, &next, sizeof first);
        }
        free(first.states);
    }
    REQUIRE_OK(qhm_threads_set_count(0));
    qhm_circuit_destroy(circuit);
}

// A pass looks ahead at a few thousand items: more of them, then all of them back.
static void a_circuit_longer_than_what_a_pass_looks_at_undoes_itself(void **state)
{
    (void)state;
    enum { GATES = 2500 };
    static const qhm_gate gates[] = {QHM_GATE_H, QHM_GATE_T, QHM_GATE_CX, QHM_GATE_RY};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 7, 0, 0);
    qhm_circuit *circuit, *inverse;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &circuit));
    for (size_t i = 0; i < GATES; i++)
        append_somewhere(circuit, gates[i % 4], 0, &random);
    REQUIRE_OK(qhm_circuit_invert(circuit, &inverse));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, inverse, NULL, NULL, 0, 0));
    test_plan made = test_plan_create(NULL, circuit, NULL, 0, NULL);
    qhm_complex *psi = calloc((size_t)1 << QUBITS, sizeof *psi);
    assert_non_null(psi);
    REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = 1,
                                                      .inputs = (double[]){0.4, 0},
                                                      .weights = (double[]){0},
                                                      .states = psi}));
    REQUIRE_NEAR(psi[0].re * psi[0].re + psi[0].im * psi[0].im, 1, 1e-10);
    free(psi);
    test_plan_destroy(made);
    qhm_circuit_destroy(inverse);
    qhm_circuit_destroy(circuit);
}

static void the_norm_drifts_little_over_a_thousand_gates(void **state)
{
    (void)state;
    static const double limits[2] = {1e-13, 5e-6};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 34, 0, 0);
    qhm_circuit *circuit = spread_circuit(QUBITS);
    static const qhm_gate gates[] = {QHM_GATE_H, QHM_GATE_RX, QHM_GATE_CX, QHM_GATE_SX,
                                     QHM_GATE_U, QHM_GATE_CP, QHM_GATE_RYY};
    for (size_t i = 0; i < 1000; i++)
        append_somewhere(circuit, gates[i % 7], 0, &random);
    for (int precision = 0; precision < 2; precision++) {
        results got = run(circuit, NULL, (qhm_precision)precision);
        double norm = 0;
        for (size_t i = 0; i < (size_t)1 << QUBITS; i++)
            norm += got.states[i].re * got.states[i].re + got.states[i].im * got.states[i].im;
        if (!(fabs(norm - 1) <= limits[precision]))
            fail_msg("precision %d: the norm is 1 + %g", precision, norm - 1);
        free(got.states);
    }
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate_agrees_within_and_across_tiles),
        cmocka_unit_test(connected_diagonals_agree),
        cmocka_unit_test(many_strings_of_z_agree),
        cmocka_unit_test(the_fourier_transform_gives_known_phases),
        cmocka_unit_test(turns_by_pi_agree),
        cmocka_unit_test(a_circuit_without_gates_stays_at_zero),
        cmocka_unit_test(samples_are_of_qubits),
        cmocka_unit_test(results_have_the_same_bits_for_any_threads),
        cmocka_unit_test(a_circuit_longer_than_what_a_pass_looks_at_undoes_itself),
        cmocka_unit_test(the_norm_drifts_little_over_a_thousand_gates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
