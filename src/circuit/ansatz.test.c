// Ansatz circuits: their gates, weights and twins.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/ansatz.h>

static qhm_circuit *create(qhm_ansatz ansatz, size_t qubits, const qhm_ansatz_options *options)
{
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_ansatz_create(ansatz, qubits, options, &circuit));
    return circuit;
}

// Ten layers on n qubits have 20 n weights: the circuit that the benches measure.
static void the_hardware_efficient_ansatz_is_as_documented(void **state)
{
    (void)state;
    qhm_circuit_counts counts;
    qhm_circuit *circuit =
        create(QHM_ANSATZ_HARDWARE_EFFICIENT, 4, &(qhm_ansatz_options){.layers = 10});
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    assert_int_equal(counts.weights, 80);
    assert_int_equal(counts.by_gate[QHM_GATE_RY], 40);
    assert_int_equal(counts.by_gate[QHM_GATE_RZ], 40);
    assert_int_equal(counts.by_gate[QHM_GATE_CX], 30);
    const qhm_instruction *second = qhm_circuit_instruction(circuit, 11); // RY of the second layer
    assert_int_equal(second->gate, QHM_GATE_RY);
    assert_int_equal(second->qubits[0], 0);
    assert_int_equal(second->angles[0].factors[0].index, 8);
    qhm_circuit_destroy(circuit);

    circuit = create(QHM_ANSATZ_HARDWARE_EFFICIENT, 4,
                     &(qhm_ansatz_options){.layers = 2, .entanglement = QHM_ENTANGLEMENT_RING});
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_CX], 8);
    qhm_circuit_destroy(circuit);
}

// The layers by hand: RZ RY RZ on each qubit (U up to a phase), then CX at the layer's range.
static void the_strongly_entangling_ansatz_is_as_published(void **state)
{
    (void)state;
    enum { N = 3, LAYERS = 3 };
    double weights[LAYERS * N * 3];
    for (int i = 0; i < LAYERS * N * 3; i++)
        weights[i] = 0.37 * i - 2;
    qhm_circuit *circuit =
        create(QHM_ANSATZ_STRONGLY_ENTANGLING, N, &(qhm_ansatz_options){.layers = LAYERS});
    assert_int_equal(qhm_circuit_weight_count(circuit), LAYERS * N * 3);
    qhm_circuit *by_hand;
    REQUIRE_OK(qhm_circuit_create(N, 0, &by_hand));
    for (uint32_t l = 0; l < LAYERS; l++) {
        for (uint32_t q = 0; q < N; q++) {
            const double *angles = weights + (l * N + q) * 3; // theta, omega, phi
            static const qhm_gate gates[] = {QHM_GATE_RZ, QHM_GATE_RY, QHM_GATE_RZ};
            static const int order[] = {2, 0, 1};
            for (int g = 0; g < 3; g++) {
                qhm_angle angle = qhm_angle_constant(angles[order[g]]);
                REQUIRE_OK(qhm_circuit_append(by_hand, gates[g], &q, &angle));
            }
        }
        static const uint32_t ranges[LAYERS] = {1, 2, 1};
        for (uint32_t q = 0; q < N; q++)
            REQUIRE_OK(qhm_circuit_append(by_hand, QHM_GATE_CX,
                                          (uint32_t[]){q, (q + ranges[l]) % N}, NULL));
    }
    qhm_complex *a = reference_run(circuit, NULL, weights);
    qhm_complex *b = reference_run(by_hand, NULL, NULL);
    REQUIRE_NEAR(reference_fidelity(a, b, 8), 1, 1e-13);
    free(a);
    free(b);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(by_hand);
}

static void one_qubit_is_fine(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < QHM_ANSATZ_COUNT; kind++) {
        qhm_circuit_counts counts;
        qhm_circuit *circuit = create((qhm_ansatz)kind, 1, &(qhm_ansatz_options){.layers = 3});
        REQUIRE_OK(qhm_circuit_count(circuit, &counts));
        assert_int_equal(counts.two_qubit_gates, 0);
        assert_int_equal(counts.weights, ((size_t[]){6, 9, 0})[kind]);
        qhm_circuit_destroy(circuit);
    }
}

static void twins_keep_weights_and_prepare_product_states(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < QHM_ANSATZ_COUNT; kind++) {
        qhm_circuit *circuit = create((qhm_ansatz)kind, 2, &(qhm_ansatz_options){.layers = 2});
        qhm_circuit *twin;
        REQUIRE_OK(qhm_circuit_copy_unentangled(circuit, &twin));
        size_t weights = qhm_circuit_weight_count(circuit);
        assert_int_equal(qhm_circuit_weight_count(twin), weights);
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 50, kind, 0);
        double *values = reference_random_angles(&random, weights);
        // A two-qubit state is a product exactly when its amplitudes have determinant 0.
        for (int t = 0; t < 2; t++) {
            qhm_complex *s = reference_run(t == 0 ? circuit : twin, NULL, values);
            double re =
                s[0].re * s[3].re - s[0].im * s[3].im - s[1].re * s[2].re + s[1].im * s[2].im;
            double im =
                s[0].re * s[3].im + s[0].im * s[3].re - s[1].re * s[2].im - s[1].im * s[2].re;
            if (t == 0 && kind != QHM_ANSATZ_GIVENS) // which leaves |00> alone
                assert_true(hypot(re, im) > 1e-3);
            else if (t == 1)
                REQUIRE_NEAR(hypot(re, im), 0, 1e-15);
            free(s);
        }
        free(values);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(twin);
    }
}

static void names_are_found_and_mistakes_refused(void **state)
{
    (void)state;
    qhm_ansatz ansatz;
    qhm_circuit *circuit = NULL;
    for (unsigned i = 0; i < QHM_ANSATZ_COUNT; i++) {
        REQUIRE_OK(qhm_ansatz_find(qhm_ansatz_name((qhm_ansatz)i), &ansatz));
        assert_int_equal(ansatz, i);
    }
    REQUIRE_FAILS(qhm_ansatz_find("hardware-efficient", &ansatz), QHM_ERROR_NOT_FOUND,
                  "did you mean \"hardware_efficient\"");
    REQUIRE_FAILS(qhm_ansatz_create(QHM_ANSATZ_COUNT, 2, NULL, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "ansatz is 3, not 0 to 2");
    REQUIRE_FAILS(qhm_ansatz_create(QHM_ANSATZ_HARDWARE_EFFICIENT, 0, NULL, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 0");
    REQUIRE_FAILS(qhm_ansatz_create(QHM_ANSATZ_HARDWARE_EFFICIENT, 60,
                                    &(qhm_ansatz_options){.layers = SIZE_MAX / 2}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "more than 4294967295 weights");
    assert_null(circuit);
    circuit = create(QHM_ANSATZ_HARDWARE_EFFICIENT, 60, NULL);
    qhm_circuit_destroy(circuit);
}

static qhm_status create_both(void *context)
{
    (void)context;
    for (unsigned kind = 0; kind < QHM_ANSATZ_COUNT; kind++) {
        qhm_circuit *circuit;
        qhm_status status =
            qhm_ansatz_create((qhm_ansatz)kind, 3, &(qhm_ansatz_options){.layers = 4}, &circuit);
        if (status != QHM_OK)
            return status;
        qhm_circuit_destroy(circuit);
    }
    return QHM_OK;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    require_survives_failing_memory(create_both, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hardware_efficient_ansatz_is_as_documented),
        cmocka_unit_test(the_strongly_entangling_ansatz_is_as_published),
        cmocka_unit_test(one_qubit_is_fine),
        cmocka_unit_test(twins_keep_weights_and_prepare_product_states),
        cmocka_unit_test(names_are_found_and_mistakes_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
