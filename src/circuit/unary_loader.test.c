#include <qhm/unary_loader.h>

#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

#include <qhm/ansatz.h>
#include <string.h>

enum { N = 5 };

static void a_givens_rotation_turns_the_states_with_a_single_one(void **state)
{
    (void)state;
    const double a = 0.7;
    for (unsigned start = 0; start < 4; start++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
        for (uint32_t q = 0; q < 2; q++)
            if (start >> q & 1)
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
        REQUIRE_OK(qhm_circuit_append_givens(circuit, 0, 1, qhm_angle_constant(a)));
        double expected[4] = {0}; // index: qubit 0 is the lowest bit
        expected[start] = start == 0 || start == 3 ? 1 : cos(a);
        if (start == 1)
            expected[2] = sin(a);
        if (start == 2)
            expected[1] = -sin(a);
        qhm_complex *found = reference_run(circuit, NULL, NULL);
        for (unsigned i = 0; i < 4; i++) {
            REQUIRE_NEAR(found[i].re, expected[i], 1e-14);
            REQUIRE_NEAR(found[i].im, 0, 1e-14);
        }
        free(found);
        qhm_circuit_destroy(circuit);
    }
}

static void features_are_the_amplitudes_of_single_ones(void **state)
{
    (void)state;
    const double vectors[][N] = {
        {0.5, -1, 2, 0.25, -3}, {0, 0, 0, 0, -2}, {-4, 0, 0, 0, 0}, {0, 1, 0, 1, 0}};
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_unary_loader_create(N, &circuit));
    assert_int_equal(qhm_circuit_input_count(circuit), N - 1);
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) {
        double angles[N - 1], norm, squares = 0;
        REQUIRE_OK(qhm_unary_loader_angles(N, vectors[v], angles, &norm));
        for (size_t i = 0; i < N; i++)
            squares += vectors[v][i] * vectors[v][i];
        REQUIRE_NEAR(norm, sqrt(squares), 1e-14);
        qhm_complex *found = reference_run(circuit, angles, NULL);
        for (size_t s = 0; s < 1 << N; s++) {
            double expected = 0;
            for (size_t i = 0; i < N; i++)
                if (s == (size_t)1 << i)
                    expected = vectors[v][i] / norm;
            REQUIRE_NEAR(found[s].re, expected, 1e-13);
            REQUIRE_NEAR(found[s].im, 0, 1e-13);
        }
        free(found);
    }
    qhm_circuit_destroy(circuit);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    double angles[N];
    REQUIRE_FAILS(qhm_unary_loader_create(1, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit_count of a unary loader is 1, not at least 2");
    REQUIRE_FAILS(qhm_unary_loader_create(2, NULL), QHM_ERROR_INVALID_ARGUMENT, "place");
    REQUIRE_FAILS(qhm_unary_loader_angles(1, angles, angles, NULL), QHM_ERROR_INVALID_ARGUMENT,
                  "not at least 2");
    REQUIRE_FAILS(qhm_unary_loader_angles(2, (double[]){0, 0}, angles, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "all features are 0");
    REQUIRE_FAILS(qhm_unary_loader_angles(2, (double[]){0, INFINITY}, angles, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "feature 1 is not finite");
    REQUIRE_FAILS(qhm_circuit_append_givens(NULL, 0, 1, qhm_angle_constant(1)),
                  QHM_ERROR_INVALID_ARGUMENT, "needs a circuit");
    assert_null(circuit);
}

static qhm_status create_only(void *context)
{
    (void)context;
    qhm_circuit *circuit = NULL;
    const qhm_status status = qhm_unary_loader_create(3, &circuit);
    qhm_circuit_destroy(circuit);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    require_survives_failing_memory(create_only, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_givens_rotation_turns_the_states_with_a_single_one),
        cmocka_unit_test(features_are_the_amplitudes_of_single_ones),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("circuit/unary_loader", tests, NULL, NULL);
}
