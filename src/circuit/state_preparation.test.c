// State preparation: exact states, exact counts, published angles, and the traps.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/state_preparation.h>

#include <complex.h>

static qhm_complex *prepare(size_t qubits, qhm_state_kind kind, const qhm_complex *amplitudes)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_state_preparation_bind(qubits, kind, amplitudes, &circuit));
    assert_int_equal(qhm_circuit_input_count(circuit), 0);
    qhm_complex *state = reference_run(circuit, NULL, NULL);
    qhm_circuit_destroy(circuit);
    return state;
}

static double norm_of(const qhm_complex *amplitudes, size_t count)
{
    double norm = 0;
    for (size_t i = 0; i < count; i++)
        norm = hypot(norm, hypot(amplitudes[i].re, amplitudes[i].im));
    return norm;
}

// The state is amplitudes / norm, divided by exp(i mean phase) if complex.
static void require_prepared(size_t qubits, qhm_state_kind kind, const qhm_complex *amplitudes)
{
    size_t count = (size_t)1 << qubits;
    qhm_complex *state = prepare(qubits, kind, amplitudes);
    double norm = norm_of(amplitudes, count), mean = 0;
    for (size_t i = 0; i < count && kind == QHM_STATE_COMPLEX; i++)
        mean += atan2(amplitudes[i].im, amplitudes[i].re) / (double)count;
    for (size_t i = 0; i < count; i++) {
        double complex target = (amplitudes[i].re + I * amplitudes[i].im) / norm * cexp(-I * mean);
        REQUIRE_NEAR(state[i].re, creal(target), 1e-14);
        REQUIRE_NEAR(state[i].im, cimag(target), 1e-14);
    }
    free(state);
}

static void random_states_are_prepared_exactly(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 5; trial++)
        for (size_t qubits = 1; qubits <= 4; qubits++) {
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 60, trial, qubits);
            size_t count = (size_t)1 << qubits;
            qhm_complex *amplitudes = reference_random_state(&random, count);
            require_prepared(qubits, QHM_STATE_COMPLEX, amplitudes);
            for (size_t i = 0; i < count; i++) {
                amplitudes[i].im = 0;
                amplitudes[i].re *= 1e200; // the norm does not matter, nor how large it is
            }
            require_prepared(qubits, QHM_STATE_REAL, amplitudes);
            free(amplitudes);
        }
}

static void signs_of_real_amplitudes_are_kept(void **state)
{
    (void)state;
    for (unsigned signs = 0; signs < 16; signs++) {
        qhm_complex amplitudes[4];
        for (unsigned i = 0; i < 4; i++)
            amplitudes[i] = (qhm_complex){(signs >> i & 1 ? -1.0 : 1.0) * (i + 1), 0};
        require_prepared(2, QHM_STATE_REAL, amplitudes);
    }
}

static void empty_branches_are_prepared(void **state)
{
    (void)state;
    for (unsigned filled = 1; filled < 16; filled++) { // every set of zeros, -0 among them
        qhm_complex amplitudes[4];
        for (unsigned i = 0; i < 4; i++)
            amplitudes[i] = (qhm_complex){filled >> i & 1 ? -0.5 - i : (i % 2 ? -0.0 : 0.0), 0};
        require_prepared(2, QHM_STATE_REAL, amplitudes);
        for (unsigned i = 0; i < 4; i++)
            amplitudes[i] = (qhm_complex){filled >> i & 1 ? 0.5 + i : 0, filled >> i & 1 ? i : 0};
        require_prepared(2, QHM_STATE_COMPLEX, amplitudes);
    }
    double angles[3];
    qhm_complex one[4] = {{0, 0}, {0, 0}, {-0.0, 0}, {0, 0}};
    one[0].re = 1;
    REQUIRE_OK(qhm_state_preparation_angles(2, QHM_STATE_REAL, one, angles));
    for (int i = 0; i < 3; i++)
        REQUIRE_NEAR(angles[i], 0, 0);
}

static void gate_counts_are_exact(void **state)
{
    (void)state;
    static const struct {
        size_t qubits, rotations, real_cx, complex_cx;
    } cases[] = {{1, 1, 0, 0}, {2, 3, 2, 2}, {3, 7, 6, 8}, {4, 15, 14, 22}, {10, 1023, 1022, 2026}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int kind = 0; kind < 2; kind++) {
            qhm_circuit *circuit;
            qhm_circuit_counts counts;
            bool is_real = kind == QHM_STATE_REAL;
            REQUIRE_OK(
                qhm_state_preparation_create(cases[i].qubits, (qhm_state_kind)kind, &circuit));
            REQUIRE_OK(qhm_circuit_count(circuit, &counts));
            assert_int_equal(counts.by_gate[QHM_GATE_RY], cases[i].rotations);
            assert_int_equal(counts.by_gate[QHM_GATE_RZ], is_real ? 0 : cases[i].rotations);
            assert_int_equal(counts.by_gate[QHM_GATE_CX],
                             is_real ? cases[i].real_cx : cases[i].complex_cx);
            assert_int_equal(counts.inputs, qhm_state_preparation_angle_count(
                                                cases[i].qubits, (qhm_state_kind)kind));
            qhm_circuit_destroy(circuit);
        }
}

static void angles_are_the_published_ones(void **state)
{
    (void)state;
    qhm_complex amplitudes[4];
    for (int i = 0; i < 4; i++)
        amplitudes[i] = (qhm_complex){sqrt(0.1 * (i + 1)), 0};
    double angles[6];
    REQUIRE_OK(qhm_state_preparation_angles(2, QHM_STATE_REAL, amplitudes, angles));
    REQUIRE_NEAR(angles[0], 1.9823131729, 1e-10);
    REQUIRE_NEAR(angles[1], 1.8123885660, 1e-10); // (1.9106332362 + 1.7141438957) / 2
    REQUIRE_NEAR(angles[2], 0.0982446703, 1e-10); // their half difference
    REQUIRE_OK(qhm_state_preparation_angles(2, QHM_STATE_COMPLEX, amplitudes, angles));
    for (int i = 3; i < 6; i++)
        REQUIRE_NEAR(angles[i], 0, 0); // no phases, no RZ
}

// <x|y> = x.y / (|x||y|), and the norm is handed back.
static void features_are_padded_and_normalised(void **state)
{
    (void)state;
    double x[3] = {3, -4, 12}, y[3] = {1, 1, 0.5}, angles[3], norms[2];
    const double *features[2] = {x, y};
    qhm_circuit *circuit;
    qhm_complex *states[2];
    REQUIRE_OK(qhm_state_preparation_create(2, QHM_STATE_REAL, &circuit));
    for (int i = 0; i < 2; i++) {
        REQUIRE_OK(qhm_state_preparation_encode(2, features[i], 3, angles, &norms[i]));
        states[i] = reference_run(circuit, angles, NULL);
        for (int j = 0; j < 4; j++)
            REQUIRE_NEAR(states[i][j].re, j < 3 ? features[i][j] / norms[i] : 0, 1e-15);
    }
    REQUIRE_NEAR(norms[0], 13, 1e-14);
    REQUIRE_NEAR(norms[1], 1.5, 1e-15);
    REQUIRE_NEAR(reference_fidelity(states[0], states[1], 4), pow(5 / (13 * 1.5), 2), 1e-15);
    free(states[0]);
    free(states[1]);
    REQUIRE_OK(qhm_state_preparation_encode(2, x, 3, angles, NULL));
    qhm_circuit_destroy(circuit);
}

static void basis_states_are_prepared_by_x(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_state_preparation_create_basis(3, (bool[]){true, false, true}, &circuit));
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_X], 2);
    assert_int_equal(counts.depth, 1);
    qhm_complex *found = reference_run(circuit, NULL, NULL);
    REQUIRE_NEAR(found[5].re, 1, 0);
    free(found);
    qhm_circuit_destroy(circuit);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    qhm_complex zeros[2] = {{0, 0}, {-0.0, 0}}, imaginary[2] = {{1, 0}, {0, 1}};
    qhm_complex with_nan[2] = {{1, 0}, {0, NAN}};
    double angles[2], features[3] = {0, INFINITY, 1};
    REQUIRE_FAILS(qhm_state_preparation_create(0, QHM_STATE_REAL, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 0, not 1 to 24");
    REQUIRE_FAILS(qhm_state_preparation_create(25, QHM_STATE_REAL, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 25");
    REQUIRE_FAILS(qhm_state_preparation_create(1, (qhm_state_kind)2, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "kind of state is 2");
    REQUIRE_FAILS(qhm_state_preparation_bind(1, QHM_STATE_REAL, zeros, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "all 2 amplitudes are zero");
    REQUIRE_FAILS(qhm_state_preparation_bind(1, QHM_STATE_REAL, imaginary, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "amplitude 1 has an imaginary part");
    REQUIRE_FAILS(qhm_state_preparation_bind(1, QHM_STATE_COMPLEX, with_nan, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "amplitude 1 is not finite");
    REQUIRE_FAILS(qhm_state_preparation_encode(1, features, 2, angles, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "amplitude 1 is not finite");
    REQUIRE_FAILS(qhm_state_preparation_encode(1, features, 3, angles, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "feature_count is 3, not 1 to 2");
    REQUIRE_FAILS(qhm_state_preparation_encode(1, features, 1, angles, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "all 2 amplitudes are zero");
    REQUIRE_FAILS(qhm_state_preparation_create_basis(0, (bool[]){true}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 0");
    assert_null(circuit);
}

static qhm_status prepare_all(void *context)
{
    (void)context;
    qhm_complex amplitudes[8] = {{1, 0}, {0, 1}, {2, 0}};
    double features[] = {1, 2, 3}, angles[7];
    qhm_circuit *circuit;
    qhm_status status = qhm_state_preparation_bind(3, QHM_STATE_COMPLEX, amplitudes, &circuit);
    if (status != QHM_OK)
        return status;
    qhm_circuit_destroy(circuit);
    status = qhm_state_preparation_create_basis(2, (bool[]){true, true}, &circuit);
    if (status != QHM_OK)
        return status;
    qhm_circuit_destroy(circuit);
    return qhm_state_preparation_encode(3, features, 3, angles, NULL);
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    require_survives_failing_memory(prepare_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_states_are_prepared_exactly),
        cmocka_unit_test(signs_of_real_amplitudes_are_kept),
        cmocka_unit_test(empty_branches_are_prepared),
        cmocka_unit_test(gate_counts_are_exact),
        cmocka_unit_test(angles_are_the_published_ones),
        cmocka_unit_test(features_are_padded_and_normalised),
        cmocka_unit_test(basis_states_are_prepared_by_x),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
