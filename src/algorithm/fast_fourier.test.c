// The fast Fourier transform against its sum, and against the circuit.
#include "algorithm/fast_fourier.h"
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/fourier.h>
#include <qhm/state_preparation.h>

enum { MOST_BITS = 6, MOST_SIZE = 1 << MOST_BITS };

// No symmetry that a wrong sign or order would keep.
static void fill(size_t size, qhm_complex *data)
{
    for (size_t i = 0; i < size; i++)
        data[i] = (qhm_complex){cos(1.7 * (double)(i * i)) + 0.1 * (double)i, sin(0.3 + (double)i)};
}

static void all_sizes_and_signs_give_the_sum(void **state)
{
    (void)state;
    for (size_t bits = 0; bits <= MOST_BITS; bits++)
        for (int is_inverse = 0; is_inverse < 2; is_inverse++) {
            const size_t size = (size_t)1 << bits;
            qhm_complex data[MOST_SIZE], made[MOST_SIZE];
            qhm_fast_fourier fourier;
            fill(size, data);
            fill(size, made);
            REQUIRE_OK(qhm_fast_fourier_create(bits, is_inverse, &fourier));
            qhm_fast_fourier_run(&fourier, made);
            for (size_t k = 0; k < size; k++) {
                double re = 0, im = 0;
                for (size_t j = 0; j < size; j++) {
                    const double angle =
                        (is_inverse ? -2 : 2) * M_PI * (double)(j * k % size) / (double)size;
                    re += data[j].re * cos(angle) - data[j].im * sin(angle);
                    im += data[j].re * sin(angle) + data[j].im * cos(angle);
                }
                REQUIRE_NEAR(made[k].re, re / sqrt((double)size), 1e-12);
                REQUIRE_NEAR(made[k].im, im / sqrt((double)size), 1e-12);
            }
            qhm_fast_fourier_destroy(&fourier);
        }
}

// The state after load and circuit, up to a phase, which a load loses.
static double overlap_with_circuit(size_t bits, bool is_inverse, const qhm_complex *expected)
{
    const size_t size = (size_t)1 << bits;
    qhm_complex data[MOST_SIZE], *made;
    qhm_circuit *circuit, *transform;
    double re = 0, im = 0, squares = 0;
    fill(size, data);
    REQUIRE_OK(qhm_state_preparation_bind(bits, QHM_STATE_COMPLEX, data, &circuit));
    REQUIRE_OK(
        qhm_fourier_create(bits, &(qhm_fourier_options){.is_inverse = is_inverse}, &transform));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, transform, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &made));
    for (size_t k = 0; k < size; k++) {
        re += expected[k].re * made[k].re + expected[k].im * made[k].im;
        im += expected[k].re * made[k].im - expected[k].im * made[k].re;
        squares += expected[k].re * expected[k].re + expected[k].im * expected[k].im;
    }
    qhm_release(made);
    qhm_circuit_destroy(transform);
    qhm_circuit_destroy(circuit);
    return (re * re + im * im) / squares;
}

static void the_circuit_makes_the_same_state(void **state)
{
    (void)state;
    for (int is_inverse = 0; is_inverse < 2; is_inverse++) {
        qhm_complex data[MOST_SIZE];
        qhm_fast_fourier fourier;
        fill(32, data);
        REQUIRE_OK(qhm_fast_fourier_create(5, is_inverse, &fourier));
        qhm_fast_fourier_run(&fourier, data);
        REQUIRE_NEAR(overlap_with_circuit(5, is_inverse, data), 1, 1e-12);
        // The other sign is another state.
        assert_true(overlap_with_circuit(5, !is_inverse, data) < 0.9);
        qhm_fast_fourier_destroy(&fourier);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sizes_and_signs_give_the_sum),
        cmocka_unit_test(the_circuit_makes_the_same_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
