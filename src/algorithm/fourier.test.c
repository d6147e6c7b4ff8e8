// The Fourier transform against its formula, on states that show the order of bits and the sign.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/fourier.h>

enum { QUBITS = 4, SIZE = 1 << QUBITS };

// The amplitudes that a transform makes of |j>.
static qhm_complex *transform_basis(size_t j, const qhm_fourier_options *options)
{
    qhm_circuit *circuit, *transform;
    qhm_complex *state;
    REQUIRE_OK(qhm_circuit_create(QUBITS, 0, &circuit));
    for (uint32_t q = 0; q < QUBITS; q++)
        if (j >> q & 1)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
    REQUIRE_OK(qhm_fourier_create(QUBITS, options, &transform));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, transform, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    qhm_circuit_destroy(transform);
    qhm_circuit_destroy(circuit);
    return state;
}

static size_t reverse(size_t k)
{
    size_t reversed = 0;
    for (size_t q = 0; q < QUBITS; q++)
        reversed |= (k >> q & 1) << (QUBITS - 1 - q);
    return reversed;
}

static void require_formula(const qhm_fourier_options *options)
{
    const double sign = options->is_inverse ? -1 : 1;
    for (size_t j = 0; j < SIZE; j++) {
        qhm_complex *state = transform_basis(j, options);
        for (size_t k = 0; k < SIZE; k++) {
            const double phase = sign * 2 * M_PI * (double)(j * k % SIZE) / SIZE;
            const size_t at = options->leaves_reversed ? reverse(k) : k;
            REQUIRE_NEAR(state[at].re, cos(phase) / sqrt(SIZE), 1e-12);
            REQUIRE_NEAR(state[at].im, sin(phase) / sqrt(SIZE), 1e-12);
        }
        qhm_release(state);
    }
}

static void basis_states_become_waves(void **state)
{
    (void)state;
    require_formula(&(qhm_fourier_options){0});
    require_formula(&(qhm_fourier_options){.is_inverse = true});
    require_formula(&(qhm_fourier_options){.leaves_reversed = true});
}

// 2 CX for each phase, 3 for each swap.
static void gates_are_as_many_as_known(void **state)
{
    (void)state;
    static const size_t qubits[] = {4, 8, 12}, known[] = {18, 68, 150};
    for (size_t i = 0; i < 3; i++) {
        qhm_circuit *circuit;
        qhm_circuit_counts counts;
        REQUIRE_OK(qhm_fourier_create(qubits[i], NULL, &circuit));
        REQUIRE_OK(qhm_circuit_count(circuit, &counts));
        assert_int_equal(counts.by_gate[QHM_GATE_H], qubits[i]);
        assert_int_equal(2 * counts.by_gate[QHM_GATE_CP] + 3 * counts.by_gate[QHM_GATE_SWAP],
                         known[i]);
        qhm_circuit_destroy(circuit);
    }
}

// What is dropped shows, and stays within the bound.
static void the_approximate_transform_keeps_its_bound(void **state)
{
    (void)state;
    for (size_t distance = 1; distance < QUBITS; distance++) {
        const double bound = qhm_fourier_error_bound(QUBITS, distance);
        double largest = 0;
        for (size_t j = 0; j < SIZE; j++) {
            qhm_complex *exact = transform_basis(j, NULL);
            qhm_complex *rough = transform_basis(j, &(qhm_fourier_options){.distance = distance});
            double squares = 0;
            for (size_t k = 0; k < SIZE; k++)
                squares += pow(exact[k].re - rough[k].re, 2) + pow(exact[k].im - rough[k].im, 2);
            largest = fmax(largest, sqrt(squares));
            qhm_release(exact);
            qhm_release(rough);
        }
        assert_true(largest <= bound + 1e-12);
        assert_true(distance == QUBITS - 1 ? largest < 1e-12 : largest > bound / 4);
    }
    REQUIRE_NEAR(qhm_fourier_error_bound(QUBITS, 0), 0, 0);
}

static void sizes_out_of_range_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    REQUIRE_FAILS(qhm_fourier_create(0, NULL, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit_count is 0");
    REQUIRE_FAILS(qhm_fourier_create(1001, NULL, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit_count is 1001");
    assert_null(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basis_states_become_waves),
        cmocka_unit_test(gates_are_as_many_as_known),
        cmocka_unit_test(the_approximate_transform_keeps_its_bound),
        cmocka_unit_test(sizes_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
