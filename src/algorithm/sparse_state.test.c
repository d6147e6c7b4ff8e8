// Sparse states against their amplitudes, and their gates against those of a dense load.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/random.h>
#include <qhm/sparse_state.h>

// |<target|prepared>|^2.
static double fidelity(size_t qubits, const uint64_t *states, const qhm_complex *amplitudes,
                       size_t count)
{
    qhm_circuit *circuit;
    qhm_complex *prepared;
    double re = 0, im = 0, norm = 0;
    REQUIRE_OK(qhm_sparse_state_create(qubits, states, amplitudes, count, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &prepared));
    for (size_t i = 0; i < count; i++) {
        const qhm_complex a = amplitudes[i], p = prepared[states[i]];
        re += a.re * p.re + a.im * p.im;
        im += a.re * p.im - a.im * p.re;
        norm += a.re * a.re + a.im * a.im;
    }
    qhm_release(prepared);
    qhm_circuit_destroy(circuit);
    return (re * re + im * im) / norm;
}

static void random_states_are_prepared(void **state)
{
    (void)state;
    enum { QUBITS = 7, MOST = 128 };
    qhm_random random = qhm_random_stream(3, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t count = 1; count <= MOST; count = count < 9 ? count + 1 : 2 * count - 2) {
        size_t order[MOST];
        uint64_t states[MOST];
        qhm_complex amplitudes[MOST];
        for (size_t i = 0; i < MOST; i++)
            order[i] = i;
        qhm_random_shuffle(&random, order, MOST);
        for (size_t i = 0; i < count; i++) {
            states[i] = order[i];
            amplitudes[i] =
                (qhm_complex){qhm_random_uniform(&random) - 0.5, qhm_random_uniform(&random) - 0.5};
        }
        REQUIRE_NEAR(fidelity(QUBITS, states, amplitudes, count), 1, 1e-12);
    }
}

// A real state may not come out with the wrong sign of one amplitude: the fidelity would be
// (1 - 2 / count)^2.
static void signs_are_kept(void **state)
{
    (void)state;
    const uint64_t states[] = {0, 3, 5, 14};
    const qhm_complex amplitudes[] = {{1, 0}, {-1, 0}, {1, 0}, {-1, 0}};
    REQUIRE_NEAR(fidelity(4, states, amplitudes, 4), 1, 1e-13);
}

static void gates_grow_with_the_basis_states_not_with_the_space(void **state)
{
    (void)state;
    enum { QUBITS = 40, COUNT = 10 };
    uint64_t states[COUNT];
    qhm_complex amplitudes[COUNT];
    qhm_random random = qhm_random_stream(4, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < COUNT; i++) {
        states[i] = qhm_random_u64(&random) >> 24;
        amplitudes[i] = (qhm_complex){1 + (double)i, 0};
    }
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_sparse_state_create(QUBITS, states, amplitudes, COUNT, &circuit));
    assert_true(qhm_circuit_instruction_count(circuit) < COUNT * 2 * QUBITS);
    qhm_circuit_destroy(circuit);
}

static void bad_states_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    const qhm_complex amplitudes[] = {{1, 0}, {0, 0}};
    REQUIRE_FAILS(qhm_sparse_state_create(2, (uint64_t[]){1, 2}, amplitudes, 2, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "amplitude 1 is 0");
    const qhm_complex ones[] = {{1, 0}, {1, 0}};
    REQUIRE_FAILS(qhm_sparse_state_create(2, (uint64_t[]){1, 4}, ones, 2, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "state 1 is 4, which has more than 2 bits");
    REQUIRE_FAILS(qhm_sparse_state_create(2, (uint64_t[]){3, 3}, ones, 2, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "state 3 is there twice");
    assert_null(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_states_are_prepared),
        cmocka_unit_test(signs_are_kept),
        cmocka_unit_test(gates_grow_with_the_basis_states_not_with_the_space),
        cmocka_unit_test(bad_states_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
