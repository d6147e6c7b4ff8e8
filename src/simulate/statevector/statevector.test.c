// The state-vector simulator against the reference simulator: every gate, layout, precision and
// instruction set; the same bits for any threads and batches.
#include "circuit/gate_table.h"
#include "support/plans.h"

#include <qhm/threads.h>

static const double tolerances[2] = {1e-12, 3e-6}; // by precision

// Compares the states of the first samples of every batch with the reference, everywhere.
static void require_reference_everywhere(const qhm_circuit *circuit, qhm_random *random)
{
    static const size_t batches[] = {3, 1, 64, 3}; // the last one gate by gate
    const size_t dimension = (size_t)1 << qhm_circuit_qubit_count(circuit);
    const size_t input_count = qhm_circuit_input_count(circuit);
    double *inputs = reference_random_angles(random, 64 * input_count + 1);
    double *weights = reference_random_angles(random, qhm_circuit_weight_count(circuit) + 1);
    const size_t samples = dimension > 256 ? 1 : 3; // large references are slow
    qhm_complex *expected[3];
    for (size_t i = 0; i < samples; i++)
        expected[i] = reference_run(circuit, inputs + i * input_count, weights);
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (int precision = 0; precision < 2; precision++)
            for (size_t b = 0; b < 4; b++) {
                const char *name = qhm_isa_text((qhm_isa)isa);
                qhm_backend_options backend = {.instruction_set = name, .gate_by_gate = b == 3};
                qhm_complex *states = test_states_on(&backend, (qhm_precision)precision, circuit,
                                                     batches[b], inputs, weights);
                for (size_t i = 0; i < samples && i < batches[b]; i++) {
                    double error =
                        reference_distance(states + i * dimension, expected[i], dimension);
                    if (!(error <= tolerances[precision]))
                        fail_msg("sample %zu of %zu, %s, precision %d: off by %g", i, batches[b],
                                 name, precision, error);
                }
                free(states);
            }
    for (size_t i = 0; i < samples; i++)
        free(expected[i]);
    free(inputs);
    free(weights);
}

// H on all qubits with different rotations, so that every amplitude differs.
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

static void append_gate(qhm_circuit *circuit, qhm_gate gate, uint32_t extra_controls,
                        qhm_random *random)
{
    const qhm_gate_info *info = qhm_gate_information(gate);
    size_t qubit_count = qhm_circuit_qubit_count(circuit), order[16];
    uint32_t qubits[16];
    for (size_t q = 0; q < qubit_count; q++)
        order[q] = q;
    qhm_random_shuffle(random, order, qubit_count);
    for (size_t q = 0; q < qubit_count; q++)
        qubits[q] = (uint32_t)order[q];
    qhm_angle angles[3] = {qhm_angle_input(0, 0.7), qhm_angle_weight(0), qhm_angle_input(1, -1.1)};
    qhm_instruction instruction = {
        .gate = gate, .control_count = extra_controls, .qubits = qubits, .angles = angles};
    if (extra_controls + info->control_count + info->target_count <= qubit_count)
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
}

static void every_gate_matches_the_reference_in_the_batched_layout(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (int gate = 0; gate < QHM_GATE_UNITARY; gate++) {
        qhm_circuit *circuit = spread_circuit(5);
        for (uint32_t extra = 0; extra < 3; extra++)
            append_gate(circuit, (qhm_gate)gate, extra, &random);
        require_reference_everywhere(circuit, &random);
        qhm_circuit_destroy(circuit);
    }
}

static void every_gate_matches_the_reference_in_the_wide_layout(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    // Several circuits of all gates, so that targets and controls fall in lanes and rows.
    for (int repeat = 0; repeat < 2; repeat++) {
        qhm_circuit *circuit = spread_circuit(10);
        for (int gate = 0; gate < QHM_GATE_UNITARY; gate++)
            append_gate(circuit, (qhm_gate)gate, (uint32_t)qhm_random_below(&random, 3), &random);
        require_reference_everywhere(circuit, &random);
        qhm_circuit_destroy(circuit);
    }
}

// A random unitary on k qubits: the reference's matrix of a random circuit.
static void append_random_unitary(qhm_circuit *circuit, size_t k, uint32_t extra_controls,
                                  qhm_random *random)
{
    qhm_circuit *part = reference_random_circuit(random, k, 12, 0, 0);
    qhm_complex *matrix = reference_circuit_matrix(part, NULL, NULL);
    size_t order[16], qubit_count = qhm_circuit_qubit_count(circuit);
    uint32_t qubits[16];
    for (size_t q = 0; q < qubit_count; q++)
        order[q] = q;
    qhm_random_shuffle(random, order, qubit_count);
    for (size_t q = 0; q < qubit_count; q++)
        qubits[q] = (uint32_t)order[q];
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                    .control_count = extra_controls,
                                    .qubit_count = extra_controls + (uint32_t)k,
                                    .qubits = qubits,
                                    .matrix = matrix}));
    free(matrix);
    qhm_circuit_destroy(part);
}

static void unitaries_match_the_reference(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 3, 0, 0);
    for (size_t qubits = 6; qubits <= 10; qubits += 4) {
        qhm_circuit *circuit = spread_circuit(qubits);
        for (size_t k = 1; k <= 4; k++)
            for (uint32_t extra = 0; extra < 3; extra++)
                append_random_unitary(circuit, k, extra, &random);
        require_reference_everywhere(circuit, &random);
        qhm_circuit_destroy(circuit);
    }
}

static void random_circuits_match_the_reference(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 4, 0, 0);
    for (size_t qubits = 1; qubits <= 6; qubits++) {
        qhm_circuit *circuit = reference_random_circuit(&random, qubits, 60, 3, 4);
        require_reference_everywhere(circuit, &random);
        qhm_circuit_destroy(circuit);
    }
}

static void require_reference_expectations(size_t qubits, qhm_observable *const *observables,
                                           qhm_random *random)
{
    qhm_circuit *circuit = reference_random_circuit(random, qubits, 40, 2, 2);
    double *x = reference_random_angles(random, 10), *w = reference_random_angles(random, 2);
    double expected[2][4];
    for (size_t i = 0; i < 2; i++) {
        qhm_complex *psi = reference_run(circuit, x + 2 * i, w);
        for (size_t k = 0; k < 4; k++)
            expected[i][k] = reference_expectation(observables[k], qubits, psi);
        free(psi);
    }
    for (int precision = 0; precision < 2; precision++)
        for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++) {
            qhm_plan_options options = {.precision = (qhm_precision)precision};
            test_plan made =
                test_plan_create(qhm_isa_text((qhm_isa)isa), circuit,
                                 (const qhm_observable *const *)observables, 4, &options);
            double values[5][4];
            REQUIRE_OK(qhm_plan_run(made.plan, &(qhm_request){.batch_count = 5,
                                                              .inputs = x,
                                                              .weights = w,
                                                              .expectations = values[0]}));
            for (size_t i = 0; i < 2; i++)
                for (size_t k = 0; k < 4; k++)
                    REQUIRE_NEAR(values[i][k], expected[i][k], 4 * tolerances[precision]);
            test_plan_destroy(made);
        }
    free(x);
    free(w);
    qhm_circuit_destroy(circuit);
}

static void expectations_match_the_reference_in_both_layouts(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 5, 0, 0);
    qhm_observable *observables[] = {
        test_observable("Z0"), test_observable("0.5 Z0 Z3 - 1.5 X1 + 2 Y2"),
        test_observable("X0 Y1 Z2 X3 - 0.25 Y0 Y3 + 0.75"), test_observable("Z1 Z2 + X0 X1 X2 X3")};
    require_reference_expectations(4, observables, &random);
    require_reference_expectations(10, observables, &random);
    for (size_t k = 0; k < 4; k++)
        qhm_observable_destroy(observables[k]);
}

// Havlicek's map, twice; the state was computed by two independent programs.
static void the_zz_feature_map_gives_the_published_state(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    uint32_t q[2] = {0, 1};
    qhm_angle pair = {.scale = 2,
                      .factors = {{QHM_SLOT_INPUT, 0, -M_PI}, {QHM_SLOT_INPUT, 1, -M_PI}}};
    for (int repeat = 0; repeat < 2; repeat++) {
        for (uint32_t i = 0; i < 2; i++) {
            qhm_angle single = qhm_angle_input(i, 2);
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q[i], NULL));
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_P, &q[i], &single));
        }
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, q, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_P, &q[1], &pair));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, q, NULL));
    }
    static const qhm_complex expected[4] = {{0.85078514, -0.16201679},
                                            {-0.01569755, -0.12474543},
                                            {-0.08402862, -0.16056403},
                                            {-0.19981816, 0.40166958}};
    qhm_complex *psi = test_states(NULL, QHM_FLOAT64, circuit, 1, (double[]){0.1, 0.2}, NULL);
    REQUIRE_NEAR(reference_distance(psi, expected, 4), 0, 1e-8);
    free(psi);

    static const struct {
        double x[2], y[2], kernel;
    } kernels[] = {{{0.1, 0.2}, {0.3, 0.4}, 0.103484104662},
                   {{1, 2}, {2, 1}, 0.784072969343},
                   {{0.5, -0.5}, {0.25, 0.75}, 0.696273500492},
                   {{3, 0.5}, {1, 2}, 0.322642567044},
                   // users' known answers: the ZZ map's K01 and K23
                   {{3.07876080, 1.75929189}, {6.03185789, 5.27787566}, 0.81376617},
                   {{6.22035345, 2.70176968}, {0.18849556, 2.82743339}, 0.26196463}};
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        double both[4] = {kernels[i].x[0], kernels[i].x[1], kernels[i].y[0], kernels[i].y[1]};
        qhm_complex *states = test_states(NULL, QHM_FLOAT64, circuit, 2, both, NULL);
        REQUIRE_NEAR(reference_fidelity(states, states + 4, 4), kernels[i].kernel,
                     i < 4 ? 1e-11 : 1e-7);
        free(states);
    }
    qhm_circuit_destroy(circuit);
}

static void large_and_huge_angles_keep_their_precision(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    double x[] = {0, 1e-9, 3.14159, -2.5, 100.25, -12345.678, 1.9e6, 1e9, -3e15, 1e300};
    const size_t count = sizeof x / sizeof x[0];
    for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++)
        for (int precision = 0; precision < 2; precision++) {
            qhm_complex *psi = test_states(qhm_isa_text((qhm_isa)isa), (qhm_precision)precision,
                                           circuit, count, x, NULL);
            for (size_t i = 0; i < count; i++) {
                double tolerance = precision == QHM_FLOAT64 ? 4e-16 : 2e-7;
                REQUIRE_NEAR(psi[2 * i].re, cos(x[i] / 2), tolerance);
                REQUIRE_NEAR(psi[2 * i + 1].re, sin(x[i] / 2), tolerance);
            }
            free(psi);
        }
    qhm_circuit_destroy(circuit);
}

// All outputs of a request, so that two runs can be compared bit by bit.
typedef struct outputs {
    double expectations[64][3], probabilities[64], gradients[64][4], weight_gradients[4];
    uint64_t samples[64][5];
} outputs;

static const char *const three[] = {"Z0", "0.5 X1 Z2 + Y0", "Z1 Z2 - X0"};

static void run_all_outputs(qhm_circuit *circuit, qhm_precision precision, size_t batch,
                            const double *x, const double *w, outputs *out)
{
    qhm_observable *observables[3];
    for (int k = 0; k < 3; k++)
        observables[k] = test_observable(three[k]);
    qhm_plan_options options = {.precision = precision};
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 3, &options);
    double cotangents[64][3];
    for (int i = 0; i < 64; i++)
        for (int k = 0; k < 3; k++)
            cotangents[i][k] = 0.3 * k - 0.01 * i + 1;
    memset(out, 0, sizeof *out);
    for (size_t first = 0; first < 64; first += batch) {
        qhm_request request = {.batch_count = batch,
                               .inputs = x + 4 * first,
                               .weights = w,
                               .expectations = out->expectations[first],
                               .cotangents = cotangents[first],
                               .input_gradients = out->gradients[first],
                               .weight_gradients = batch == 64 ? out->weight_gradients : NULL};
        REQUIRE_OK(qhm_plan_run(made.plan, &request));
        qhm_request shots = {.batch_count = batch,
                             .inputs = x + 4 * first,
                             .weights = w,
                             .shots = 5,
                             .seed = 7,
                             .first_sample = first,
                             .samples = out->samples[first]};
        REQUIRE_OK(qhm_plan_run(made.plan, &shots));
    }
    test_plan_destroy(made);
    for (int k = 0; k < 3; k++)
        qhm_observable_destroy(observables[k]);
}

static void results_have_the_same_bits_for_any_threads_and_batches(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 6, 0, 0);
    double *x = reference_random_angles(&random, 256), *w = reference_random_angles(&random, 4);
    for (size_t qubits = 4; qubits <= 10; qubits += 6)
        for (int precision = 0; precision < 2; precision++) {
            qhm_circuit *circuit = reference_random_circuit(&random, qubits, 50, 4, 4);
            static outputs one, other;
            REQUIRE_OK(qhm_threads_set_count(1));
            run_all_outputs(circuit, (qhm_precision)precision, 64, x, w, &one);
            for (unsigned threads = 2; threads <= 3; threads++) {
                REQUIRE_OK(qhm_threads_set_count(threads));
                run_all_outputs(circuit, (qhm_precision)precision, 64, x, w, &other);
                assert_memory_equal(&one, &other, sizeof one);
            }
            REQUIRE_OK(qhm_threads_set_count(0));
            run_all_outputs(circuit, (qhm_precision)precision, 1, x, w, &other);
            memcpy(other.weight_gradients, one.weight_gradients, sizeof one.weight_gradients);
            assert_memory_equal(&one, &other, sizeof one);
            qhm_circuit_destroy(circuit);
        }
    free(x);
    free(w);
}

// Large enough for threads to share one state.
static void large_states_keep_norm_and_bits_for_any_threads(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 7, 0, 0);
    qhm_circuit *circuit = reference_random_circuit(&random, 18, 60, 0, 3);
    double *w = reference_random_angles(&random, 3), results[3][5];
    qhm_observable *observables[2] = {test_observable("Z0 + 0.5 X17 Y3"),
                                      test_observable("Z16 Z2")};
    for (unsigned threads = 1; threads <= 3; threads++) {
        REQUIRE_OK(qhm_threads_set_count(threads));
        test_plan made =
            test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 2, NULL);
        qhm_request request = {.batch_count = 1,
                               .weights = w,
                               .expectations = results[threads - 1],
                               .cotangents = (double[]){1, -0.5},
                               .weight_gradients = results[threads - 1] + 2};
        REQUIRE_OK(qhm_plan_run(made.plan, &request));
        test_plan_destroy(made);
        assert_memory_equal(results[0], results[threads - 1], sizeof results[0]);
    }
    REQUIRE_OK(qhm_threads_set_count(0));
    // Against finite differences, and the norm.
    qhm_complex *psi = test_states(NULL, QHM_FLOAT64, circuit, 1, NULL, w);
    double norm = 0;
    for (size_t i = 0; i < (size_t)1 << 18; i++)
        norm += psi[i].re * psi[i].re + psi[i].im * psi[i].im;
    REQUIRE_NEAR(norm, 1, 1e-12);
    free(psi);
    test_plan made =
        test_plan_create(NULL, circuit, (const qhm_observable *const *)observables, 2, NULL);
    for (int j = 0; j < 3; j++) {
        double values[2][2], moved[3] = {w[0], w[1], w[2]};
        for (int side = 0; side < 2; side++) {
            moved[j] = w[j] + (side ? -1e-5 : 1e-5);
            REQUIRE_OK(qhm_plan_run(
                made.plan,
                &(qhm_request){.batch_count = 1, .weights = moved, .expectations = values[side]}));
        }
        double slope = (values[0][0] - values[1][0] - 0.5 * (values[0][1] - values[1][1])) / 2e-5;
        REQUIRE_NEAR(results[0][2 + j], slope, 1e-7);
    }
    test_plan_destroy(made);
    qhm_observable_destroy(observables[0]);
    qhm_observable_destroy(observables[1]);
    qhm_circuit_destroy(circuit);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate_matches_the_reference_in_the_batched_layout),
        cmocka_unit_test(every_gate_matches_the_reference_in_the_wide_layout),
        cmocka_unit_test(unitaries_match_the_reference),
        cmocka_unit_test(random_circuits_match_the_reference),
        cmocka_unit_test(expectations_match_the_reference_in_both_layouts),
        cmocka_unit_test(the_zz_feature_map_gives_the_published_state),
        cmocka_unit_test(large_and_huge_angles_keep_their_precision),
        cmocka_unit_test(results_have_the_same_bits_for_any_threads_and_batches),
        cmocka_unit_test(large_states_keep_norm_and_bits_for_any_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
