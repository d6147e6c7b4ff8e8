// Arithmetic on every pair of small numbers, its Toffoli gates, and a superposition.
#include "algorithm/counted_run.h"
#include "algorithm/reversible.h"
#include "base/memory.h"
#include "support/checks.h"

#include <qhm/arithmetic.h>

enum { W = 3 };

static qhm_circuit *create(qhm_arithmetic_kind kind, uint64_t constant, bool is_controlled)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_arithmetic_create(kind, &(qhm_arithmetic_options){W, constant, is_controlled},
                                     &circuit));
    return circuit;
}

static size_t toffolis(const qhm_circuit *circuit)
{
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    assert_int_equal(counts.larger_gates, counts.by_gate[QHM_GATE_CCX]);
    return counts.by_gate[QHM_GATE_CCX];
}

// Runs a circuit on a basis state given as a number.
static uint64_t apply(const qhm_circuit *circuit, uint64_t input)
{
    uint8_t bits[32];
    const size_t count = qhm_circuit_qubit_count(circuit);
    uint64_t output = 0;
    assert_true(count <= 32);
    for (size_t q = 0; q < count; q++)
        bits[q] = input >> q & 1;
    REQUIRE_OK(qhm_reversible_run(circuit, bits));
    for (size_t q = 0; q < count; q++)
        output |= (uint64_t)bits[q] << q;
    return output;
}

// The control is the last qubit; without one it is on.
static void require_sums(bool is_controlled)
{
    qhm_circuit *circuit = create(QHM_ARITHMETIC_ADD, 0, is_controlled);
    assert_int_equal(toffolis(circuit), is_controlled ? 3 * W + 1 : 2 * W);
    for (uint64_t a = 0; a < 8; a++)
        for (uint64_t b = 0; b < 8; b++)
            for (uint64_t rest = 0; rest < 4; rest++) {
                const uint64_t carry = rest & 1, control = is_controlled ? rest >> 1 : 1;
                const uint64_t sum = b + control * a;
                const uint64_t high = is_controlled ? control << 8 : 0;
                assert_int_equal(apply(circuit, a | b << 3 | carry << 6 | high),
                                 a | (sum & 7) << 3 | (carry ^ sum >> 3) << 6 | high);
            }
    qhm_circuit_destroy(circuit);
}

static void sums_are_right_and_work_qubits_clean(void **state)
{
    (void)state;
    require_sums(false);
    require_sums(true);
}

static void require_constant_sums(uint64_t constant, bool is_controlled)
{
    qhm_circuit *circuit = create(QHM_ARITHMETIC_ADD_CONSTANT, constant, is_controlled);
    assert_int_equal(toffolis(circuit), 2 * W);
    for (uint64_t b = 0; b < 8; b++)
        for (uint64_t control = !is_controlled; control < 2; control++) {
            const uint64_t sum = b + control * constant, high = is_controlled ? control << 8 : 0;
            assert_int_equal(apply(circuit, b | high), (sum & 7) | (sum >> 3) << 3 | high);
        }
    qhm_circuit_destroy(circuit);
}

static void constants_are_added(void **state)
{
    (void)state;
    for (uint64_t constant = 0; constant < 8; constant++) {
        require_constant_sums(constant, false);
        require_constant_sums(constant, true);
    }
}

static void an_inverse_subtracts(void **state)
{
    (void)state;
    qhm_circuit *circuit = create(QHM_ARITHMETIC_ADD, 0, false), *inverse;
    REQUIRE_OK(qhm_circuit_invert(circuit, &inverse));
    assert_int_equal(apply(inverse, 3 | 7 << 3), 3 | 4 << 3);
    assert_int_equal(apply(inverse, 3 | 1 << 3), 3 | 6 << 3 | 1 << 6); // 1 - 3 borrows
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(inverse);
}

static void require_comparisons(bool is_controlled)
{
    qhm_circuit *circuit = create(QHM_ARITHMETIC_COMPARE, 0, is_controlled);
    assert_int_equal(toffolis(circuit), 2 * W + is_controlled);
    for (uint64_t a = 0; a < 8; a++)
        for (uint64_t b = 0; b < 8; b++)
            for (uint64_t rest = 0; rest < 4; rest++) {
                const uint64_t flag = rest & 1, control = is_controlled ? rest >> 1 : 1;
                const uint64_t others = a | b << 3 | (is_controlled ? control << 8 : 0);
                assert_int_equal(apply(circuit, others | flag << 6),
                                 others | (flag ^ (control && a < b)) << 6);
            }
    qhm_circuit_destroy(circuit);
}

static void comparisons_are_strict(void **state)
{
    (void)state;
    require_comparisons(false);
    require_comparisons(true);
}

static void require_constant_comparisons(uint64_t constant, bool is_controlled)
{
    qhm_circuit *circuit = create(QHM_ARITHMETIC_COMPARE_CONSTANT, constant, is_controlled);
    size_t zeros = 0;
    while (zeros < W && !(constant >> zeros & 1))
        zeros++;
    const size_t chain = W - zeros; // qubits from the lowest 1 on
    const size_t plain = zeros == W || chain == 1 ? 0 : 2 * chain - 3;
    if (!is_controlled)
        assert_int_equal(toffolis(circuit), plain);
    else
        assert_true(toffolis(circuit) <= plain + 2);
    for (uint64_t a = 0; a < 8; a++)
        for (uint64_t control = !is_controlled; control < 2; control++) {
            const uint64_t high = is_controlled ? control << 7 : 0;
            assert_int_equal(apply(circuit, a | high),
                             a | (uint64_t)(control && a < constant) << 3 | high);
        }
    qhm_circuit_destroy(circuit);
}

static void constants_from_zero_to_the_end_are_compared(void **state)
{
    (void)state;
    for (uint64_t constant = 0; constant <= 8; constant++) {
        require_constant_comparisons(constant, false);
        require_constant_comparisons(constant, true);
    }
}

static void require_products(bool is_controlled)
{
    qhm_circuit *circuit = create(QHM_ARITHMETIC_MULTIPLY, 0, is_controlled);
    assert_int_equal(toffolis(circuit), W * (3 * W + 1) + (is_controlled ? 2 * W : 0));
    for (uint64_t a = 0; a < 8; a++)
        for (uint64_t b = 0; b < 8; b++)
            for (uint64_t control = !is_controlled; control < 2; control++) {
                const uint64_t others = a | b << 3 | (is_controlled ? control << 14 : 0);
                assert_int_equal(apply(circuit, others), others | control * a * b << 6);
            }
    qhm_circuit_destroy(circuit);
}

static void products_are_right(void **state)
{
    (void)state;
    require_products(false);
    require_products(true);
}

// All of a at once, b = 5: the simulator's state has every sum, with the work qubit at 0.
static void a_superposition_is_added_to(void **state)
{
    (void)state;
    qhm_circuit *sum = create(QHM_ARITHMETIC_ADD, 0, false), *circuit;
    qhm_complex *amplitudes;
    REQUIRE_OK(qhm_circuit_create(8, 0, &circuit));
    for (uint32_t q = 0; q < W; q++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){3}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){5}, NULL));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, sum, NULL, NULL, 0, 0));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &amplitudes));
    for (uint64_t a = 0; a < 8; a++)
        REQUIRE_NEAR(amplitudes[a | ((a + 5) & 7) << 3 | (a + 5) >> 3 << 6].re, sqrt(1.0 / 8),
                     1e-12);
    qhm_release(amplitudes);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(sum);
}

static void wrong_numbers_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    REQUIRE_FAILS(qhm_arithmetic_create(QHM_ARITHMETIC_ADD, &(qhm_arithmetic_options){0}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "width is 0, not 1 to 62");
    REQUIRE_FAILS(qhm_arithmetic_create(QHM_ARITHMETIC_ADD_CONSTANT,
                                        &(qhm_arithmetic_options){.width = 3, .constant = 8},
                                        &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "constant is 8, too large for 3 bits");
    assert_null(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_right_and_work_qubits_clean),
        cmocka_unit_test(constants_are_added),
        cmocka_unit_test(an_inverse_subtracts),
        cmocka_unit_test(comparisons_are_strict),
        cmocka_unit_test(constants_from_zero_to_the_end_are_compared),
        cmocka_unit_test(products_are_right),
        cmocka_unit_test(a_superposition_is_added_to),
        cmocka_unit_test(wrong_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
