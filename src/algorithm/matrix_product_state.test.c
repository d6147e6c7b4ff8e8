// Matrix product loads against exact states, Schmidt weights and known bonds.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/complex_factor.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/matrix_product_state.h>
#include <qhm/random.h>

enum { MOST_SIZE = 256 };

static void normalise(size_t size, qhm_complex *a)
{
    double square = 0;
    for (size_t i = 0; i < size; i++)
        square += a[i].re * a[i].re + a[i].im * a[i].im;
    for (size_t i = 0; i < size; i++)
        a[i] = (qhm_complex){a[i].re / sqrt(square), a[i].im / sqrt(square)};
}

static void draw_state(uint64_t seed, bool is_real, size_t size, qhm_complex *a)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < size; i++) {
        a[i].re = qhm_random_normal(&random);
        a[i].im = is_real ? 0 : qhm_random_normal(&random);
    }
    normalise(size, a);
}

static double find_fidelity(size_t size, const qhm_complex *a, const qhm_complex *b)
{
    double re = 0, im = 0;
    for (size_t i = 0; i < size; i++) {
        re += a[i].re * b[i].re + a[i].im * b[i].im;
        im += a[i].re * b[i].im - a[i].im * b[i].re;
    }
    return re * re + im * im;
}

// Prepares and runs; prepared [2^qubits].
static qhm_matrix_product_load prepare(size_t qubits, const qhm_complex *a, size_t bond,
                                       qhm_complex *prepared, uint64_t *cx)
{
    static const qhm_gate allowed[] = {QHM_GATE_U, QHM_GATE_CX};
    qhm_matrix_product_load load;
    qhm_circuit *circuit, *expanded;
    qhm_complex *state;
    qhm_ledger ledger;
    REQUIRE_OK(qhm_matrix_product_state_create(qubits, a, bond, &load, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &state));
    memcpy(prepared, state, sizeof *state << qubits);
    REQUIRE_OK(qhm_circuit_expand(circuit, &(qhm_expand_options){.gates = allowed, .gate_count = 2},
                                  &expanded));
    REQUIRE_OK(qhm_circuit_count_ledger(expanded, NULL, &ledger));
    *cx = qhm_ledger_total(&ledger).two_qubit_gates;
    qhm_release(state);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(expanded);
    return load;
}

static void product_states_take_no_cx(void **state)
{
    (void)state;
    enum { QUBITS = 6 };
    qhm_complex a[1 << QUBITS], prepared[1 << QUBITS];
    uint64_t cx;
    for (size_t i = 0; i < 1 << QUBITS; i++) {
        a[i] = (qhm_complex){1, 0};
        for (size_t q = 0; q < QUBITS; q++)
            a[i].re *= i >> q & 1 ? sin(0.3 + 0.9 * (double)q) : cos(0.3 + 0.9 * (double)q);
    }
    for (size_t bond = 1; bond <= 8; bond++) {
        const qhm_matrix_product_load load = prepare(QUBITS, a, bond, prepared, &cx);
        assert_int_equal(cx, 0);
        assert_int_equal(load.bond, 1);
        REQUIRE_NEAR(load.fidelity, 1, 1e-12);
        for (size_t i = 0; i < 1 << QUBITS; i++)
            REQUIRE_NEAR(prepared[i].re, a[i].re, 1e-12);
    }
}

// GHZ and W states take two terms. With one GHZ keeps 1/2, two Bell pairs 1/4, and three terms
// make no difference.
static void known_states_have_their_known_bonds(void **state)
{
    (void)state;
    enum { QUBITS = 6 };
    qhm_complex ghz[1 << QUBITS] = {{1, 0}}, w[1 << QUBITS] = {{0, 0}}, bell[16] = {{0, 0}};
    qhm_complex prepared[1 << QUBITS];
    uint64_t cx;
    ghz[(1 << QUBITS) - 1] = (qhm_complex){-1, 0};
    normalise(1 << QUBITS, ghz);
    for (size_t q = 0; q < QUBITS; q++)
        w[1 << q] = (qhm_complex){1 / sqrt(QUBITS), 0};
    bell[0].re = bell[3].re = bell[12].re = bell[15].re = 0.5;
    const qhm_matrix_product_load exact = prepare(QUBITS, ghz, 2, prepared, &cx);
    REQUIRE_NEAR(exact.fidelity, 1, 1e-12);
    REQUIRE_NEAR(prepared[0].re, sqrt(0.5), 1e-12);
    REQUIRE_NEAR(prepared[(1 << QUBITS) - 1].re, -sqrt(0.5), 1e-12);
    assert_true(cx <= 3 * (QUBITS - 1));
    assert_int_equal(prepare(QUBITS, ghz, 3, prepared, &cx).bond, 2);
    REQUIRE_NEAR(prepare(QUBITS, ghz, 1, prepared, &cx).fidelity, 0.5, 1e-12);
    assert_int_equal(cx, 0);
    REQUIRE_NEAR(prepare(QUBITS, w, 2, prepared, &cx).fidelity, 1, 1e-12);
    REQUIRE_NEAR(find_fidelity(1 << QUBITS, w, prepared), 1, 1e-12);
    REQUIRE_NEAR(prepare(4, bell, 1, prepared, &cx).fidelity, 0.25, 1e-12);
    REQUIRE_NEAR(prepare(4, bell, 2, prepared, &cx).fidelity, 1, 1e-12);
}

// No state of so many terms comes nearer than the largest Schmidt weights of one cut.
static double bound_fidelity(size_t qubits, size_t low, const qhm_complex *a, size_t bond)
{
    qhm_factor_work work = {0};
    qhm_complex copy[MOST_SIZE], left[MOST_SIZE], right[MOST_SIZE];
    double values[MOST_SIZE], weight = 0;
    const size_t columns = (size_t)1 << low, rows = (size_t)1 << (qubits - low);
    memcpy(copy, a, sizeof *a << qubits);
    const int token = qhm_serial_begin();
    REQUIRE_OK(qhm_complex_singular_values(&work, copy, rows, columns, values, left, right));
    qhm_serial_end(token);
    for (size_t i = 0; i < bond && i < rows && i < columns; i++)
        weight += values[i] * values[i];
    qhm_factor_work_release(&work);
    return weight;
}

static void errors_of_random_states_fall_with_the_bond(void **state)
{
    (void)state;
    enum { QUBITS = 8 };
    qhm_complex a[MOST_SIZE], prepared[MOST_SIZE];
    uint64_t cx, last_cx = 0;
    for (int is_real = 0; is_real < 2; is_real++) {
        double last = 0;
        draw_state(7, is_real, MOST_SIZE, a);
        for (size_t bond = 1; bond <= 8; bond++) {
            const qhm_matrix_product_load load = prepare(QUBITS, a, bond, prepared, &cx);
            double lost = 0;
            REQUIRE_NEAR(find_fidelity(MOST_SIZE, a, prepared), load.fidelity, 1e-10);
            assert_true(load.fidelity > last + 0.01);
            for (size_t low = 1; low < QUBITS; low++) {
                const double weight = bound_fidelity(QUBITS, low, a, bond);
                assert_true(load.fidelity <= weight + 1e-12);
                lost += 1 - weight;
            }
            assert_true(load.fidelity >= 1 - lost - 1e-12);
            last = load.fidelity;
            assert_true(bond == 1 ? cx == 0 : cx > 0);
            last_cx = cx;
        }
        assert_true(last < 0.95 && last_cx > 254); // a full tree is exact and takes fewer
    }
}

// A step on two qubits is at most 3 CX, the highest two are loaded by one: the general rule for a
// matrix on two qubits would take 6 a step. The state that comes out has its signs, so that the
// phases of the steps are not lost.
static void two_terms_take_three_cx_a_qubit(void **state)
{
    (void)state;
    qhm_complex a[MOST_SIZE], prepared[MOST_SIZE], again[MOST_SIZE];
    uint64_t cx;
    for (size_t qubits = 3; qubits <= 8; qubits++) {
        const size_t size = (size_t)1 << qubits;
        draw_state(qubits, true, size, a);
        prepare(qubits, a, 2, prepared, &cx); // a state of two terms
        for (size_t i = 0; i < size; i++)
            a[i] = (qhm_complex){prepared[i].re, 0}; // complex states would lose their phase
        REQUIRE_NEAR(prepare(qubits, a, 2, again, &cx).fidelity, 1, 1e-12);
        assert_true(cx <= 3 * (qubits - 2) + 2 && cx >= qubits - 1);
        for (size_t i = 0; i < size; i++) {
            REQUIRE_NEAR(again[i].re, a[i].re, 1e-9);
            REQUIRE_NEAR(again[i].im, 0, 1e-9);
        }
    }
}

static void enough_terms_prepare_any_state(void **state)
{
    (void)state;
    qhm_complex a[64], prepared[64], reversed[64];
    uint64_t cx;
    for (size_t qubits = 1; qubits <= 6; qubits++) {
        const size_t size = (size_t)1 << qubits;
        for (int is_real = 0; is_real < 2; is_real++) {
            draw_state(qubits, is_real, size, a);
            REQUIRE_NEAR(prepare(qubits, a, 8, prepared, &cx).fidelity, 1, 1e-12);
            REQUIRE_NEAR(find_fidelity(size, a, prepared), 1, 1e-10);
            for (size_t i = 0; i < size && is_real; i++) {
                REQUIRE_NEAR(prepared[i].re, a[i].re, 1e-10);
                REQUIRE_NEAR(prepared[i].im, 0, 1e-10);
            }
        }
        for (size_t i = 0; i < size; i++) {
            size_t j = 0;
            for (size_t q = 0; q < qubits; q++)
                j |= (i >> q & 1) << (qubits - 1 - q);
            reversed[i] = a[j];
        }
        if (qubits > 2) // qubits in the wrong order are another state
            assert_true(find_fidelity(size, reversed, prepared) < 0.9);
    }
}

static void tiny_amplitudes_are_a_state(void **state)
{
    (void)state;
    const qhm_complex a[4] = {{3e-200, 0}, {0, 0}, {0, 0}, {-4e-200, 0}};
    qhm_complex prepared[4];
    uint64_t cx;
    REQUIRE_NEAR(prepare(2, a, 2, prepared, &cx).fidelity, 1, 1e-12);
    REQUIRE_NEAR(prepared[0].re, 0.6, 1e-12);
    REQUIRE_NEAR(prepared[3].re, -0.8, 1e-12);
}

static qhm_status create_from(void *amplitudes)
{
    qhm_matrix_product_load load;
    qhm_circuit *circuit = NULL;
    const qhm_status status = qhm_matrix_product_state_create(4, amplitudes, 2, &load, &circuit);
    qhm_circuit_destroy(circuit);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_complex a[16];
    draw_state(3, false, 16, a);
    require_survives_failing_memory(create_from, a);
}

static void what_is_no_state_is_refused(void **state)
{
    (void)state;
    qhm_matrix_product_load load;
    qhm_circuit *circuit = NULL;
    const qhm_complex zero[2] = {{0, 0}, {0, 0}}, bad[2] = {{1, 0}, {0, NAN}}, fit[2] = {{1, 0}};
    REQUIRE_FAILS(qhm_matrix_product_state_create(1, zero, 1, &load, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "all amplitudes are 0");
    REQUIRE_FAILS(qhm_matrix_product_state_create(1, bad, 1, &load, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "amplitude 1 is");
    REQUIRE_FAILS(qhm_matrix_product_state_create(1, fit, 9, &load, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "bond is 9, not 1 to 8");
    REQUIRE_FAILS(qhm_matrix_product_state_create(1, fit, 0, &load, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "bond is 0, not 1 to 8");
    REQUIRE_FAILS(qhm_matrix_product_state_create(21, fit, 1, &load, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 21, not 1 to 20");
    REQUIRE_FAILS(qhm_matrix_product_state_create(1, NULL, 1, &load, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "NULL");
    assert_null(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_states_take_no_cx),
        cmocka_unit_test(known_states_have_their_known_bonds),
        cmocka_unit_test(errors_of_random_states_fall_with_the_bond),
        cmocka_unit_test(two_terms_take_three_cx_a_qubit),
        cmocka_unit_test(enough_terms_prepare_any_state),
        cmocka_unit_test(tiny_amplitudes_are_a_state),
        cmocka_unit_test(failing_memory_is_survived),
        cmocka_unit_test(what_is_no_state_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
