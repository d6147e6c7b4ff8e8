// Observables: building, reading, printing, and every documented mistake.
#include "circuit/observable_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/observables.h"
#include "support/reference_simulator.h"

#include <qhm/types.h>

static void require_prints(const char *text, const char *expected)
{
    qhm_observable *observable = parse_observable(text);
    char *printed;
    REQUIRE_OK(qhm_observable_print(observable, &printed));
    assert_string_equal(printed, expected);
    qhm_string_destroy(printed);
    qhm_observable_destroy(observable);
}

static void sums_are_read_and_printed(void **state)
{
    (void)state;
    require_prints("Z0", "Z0");
    require_prints("Z0 Z1 + 0.5 X2 - 1.5", "Z0 Z1 + 0.5 X2 - 1.5");
    require_prints("  -Z0Z1+.5*X2  -1.5e0 ", "-Z0 Z1 + 0.5 X2 - 1.5");
    require_prints("2 * Z3 * X1", "2 X1 Z3");
    require_prints("0.5 XIZ", "0.5 Z0 X2");
    require_prints("X", "X0");
    require_prints("I + 2 II - 3 I7", "0");
    require_prints("0", "0");
    require_prints("1e-3 Y1048575", "0.001 Y1048575");
    require_prints("Z0 + X1 + 2 Z0", "3 Z0 + X1");
}

static void equal_strings_add_up(void **state)
{
    (void)state;
    qhm_observable *observable;
    REQUIRE_OK(qhm_observable_create(&observable));
    qhm_pauli_factor one[] = {{5, QHM_PAULI_Z}, {2, QHM_PAULI_X}, {3, QHM_PAULI_I}};
    qhm_pauli_factor two[] = {{2, QHM_PAULI_X}, {5, QHM_PAULI_Z}};
    REQUIRE_OK(qhm_observable_append(observable, 0.25, one, 3));
    REQUIRE_OK(qhm_observable_append(observable, 1, NULL, 0));
    REQUIRE_OK(qhm_observable_append(observable, 0.5, two, 2));
    assert_int_equal(qhm_observable_term_count(observable), 2);
    const qhm_pauli_term *term = qhm_observable_term(observable, 0);
    REQUIRE_NEAR(term->coefficient, 0.75, 0);
    assert_int_equal(term->factor_count, 2);
    assert_int_equal(term->factors[0].qubit, 2);
    assert_int_equal(term->factors[1].qubit, 5);
    assert_int_equal(qhm_observable_term(observable, 1)->factor_count, 0);
    assert_int_equal(qhm_observable_qubit_count(observable), 6);
    qhm_pauli_masks masks;
    REQUIRE_OK(qhm_pauli_term_masks(term, &masks));
    assert_int_equal(masks.x, 4);
    assert_int_equal(masks.z, 32);
    qhm_observable_destroy(observable);
}

static void dense_labels_have_qubit_0_rightmost(void **state)
{
    (void)state;
    qhm_observable *dense = parse_observable("0.5 XYZ - 2 IIZ"),
                   *sparse = parse_observable("0.5 Z0 Y1 X2 - 2 Z0");
    qhm_complex *a = reference_observable_matrix(dense, 3);
    qhm_complex *b = reference_observable_matrix(sparse, 3);
    REQUIRE_NEAR(reference_distance(a, b, 64), 0, 0);
    free(a);
    free(b);
    qhm_observable_destroy(dense);
    qhm_observable_destroy(sparse);
}

static void printing_is_undone_by_reading(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 9, 0, 0);
    for (int trial = 0; trial < 50; trial++) {
        qhm_observable *observable;
        REQUIRE_OK(qhm_observable_create(&observable));
        for (uint64_t t = qhm_random_below(&random, 6) + 1; t > 0; t--) {
            qhm_pauli_factor factors[4];
            for (uint32_t f = 0; f < 4; f++)
                factors[f] = (qhm_pauli_factor){f, (qhm_pauli)qhm_random_below(&random, 4)};
            double coefficient = qhm_random_normal(&random) * 1e-3;
            REQUIRE_OK(qhm_observable_append(observable, coefficient, factors, 4));
        }
        char *text;
        REQUIRE_OK(qhm_observable_print(observable, &text));
        qhm_observable *again = parse_observable(text);
        qhm_complex *a = reference_observable_matrix(observable, 4);
        qhm_complex *b = reference_observable_matrix(again, 4);
        REQUIRE_NEAR(reference_distance(a, b, 256), 0, 0);
        free(a);
        free(b);
        qhm_string_destroy(text);
        qhm_observable_destroy(observable);
        qhm_observable_destroy(again);
    }
}

static void mistakes_in_texts_are_located(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "column 1: it ends"},
        {"   ", "column 4: it ends"},
        {"Z0 +", "column 5: it ends"},
        {"Z0 X", "column 5: it ends, expected the number of a qubit"},
        {"Z0 + Q1", "column 6: 'Q'"},
        {"Z0 & Z1", "column 4: '&', expected + or -"},
        {"0.5 *", "column 6: it ends"},
        {"2 3 Z0", "column 3: '3', expected + or -"},
        {"XX Z", "column 4: 'Z', expected + or -"},
        {"XZ1", "column 3: '1', expected letters only"},
        {"1.2.3 Z0", "column 1: '1', expected a finite number"},
        {"1e999 Z0", "column 1: '1', expected a finite number"},
        {"nan", "column 1: 'n'"},
        {"Z0 Z0", "column 1: a pauli string uses qubit 0 twice"},
        {"Z0 - 2 X3 Y3", "column 6: a pauli string uses qubit 3 twice"},
        {"Z1048576", "column 2: '1', expected a qubit from 0 to 1048575"},
        {"Z99999999999999999999999", "column 2: '9', expected a qubit"},
        {"Z0 \xff", "column 4: byte 0xff"},
        {"Z0 *", "column 5: it ends"},
        {"z0", "column 1: 'z'"},
        {"+ - Z0", "column 3: '-'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_observable *observable = NULL;
        REQUIRE_FAILS(qhm_observable_parse(cases[i][0], &observable), QHM_ERROR_BAD_INPUT,
                      cases[i][1]);
        assert_null(observable);
    }
    char digits[500];
    memset(digits, '7', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    qhm_observable *observable;
    REQUIRE_FAILS(qhm_observable_parse(digits, &observable), QHM_ERROR_BAD_INPUT, "400 characters");
    REQUIRE_FAILS(qhm_observable_parse(NULL, &observable), QHM_ERROR_INVALID_ARGUMENT, "text");
}

static void bad_terms_are_refused_and_change_nothing(void **state)
{
    (void)state;
    qhm_observable *observable;
    REQUIRE_OK(qhm_observable_create(&observable));
    qhm_pauli_factor twice[] = {{1, QHM_PAULI_X}, {1, QHM_PAULI_Z}};
    qhm_pauli_factor far = {1048576, QHM_PAULI_X}, strange = {0, (qhm_pauli)4};
    qhm_pauli_factor z = {0, QHM_PAULI_Z};
    REQUIRE_FAILS(qhm_observable_append(observable, 1, twice, 2), QHM_ERROR_INVALID_ARGUMENT,
                  "qubit 1 twice");
    REQUIRE_FAILS(qhm_observable_append(observable, 1, &far, 1), QHM_ERROR_INVALID_ARGUMENT,
                  "1048576, not 0 to 1048575");
    REQUIRE_FAILS(qhm_observable_append(observable, 1, &strange, 1), QHM_ERROR_INVALID_ARGUMENT,
                  "4 is not a pauli");
    REQUIRE_FAILS(qhm_observable_append(observable, NAN, &z, 1), QHM_ERROR_INVALID_ARGUMENT,
                  "not finite");
    REQUIRE_FAILS(qhm_observable_append(observable, 1, NULL, 1), QHM_ERROR_INVALID_ARGUMENT,
                  "needs them");
    REQUIRE_OK(qhm_observable_append(observable, 1e308, &z, 1));
    REQUIRE_FAILS(qhm_observable_append(observable, 1e308, &z, 1), QHM_ERROR_INVALID_ARGUMENT,
                  "infinity");
    assert_int_equal(qhm_observable_term_count(observable), 1);
    qhm_observable_destroy(observable);
    qhm_observable_destroy(NULL);
}

static void masks_end_at_qubit_63(void **state)
{
    (void)state;
    qhm_observable *observable = parse_observable("Y63 + Z64");
    qhm_pauli_masks masks;
    REQUIRE_OK(qhm_pauli_term_masks(qhm_observable_term(observable, 0), &masks));
    assert_true(masks.x == (uint64_t)1 << 63 && masks.z == masks.x);
    REQUIRE_FAILS(qhm_pauli_term_masks(qhm_observable_term(observable, 1), &masks),
                  QHM_ERROR_UNSUPPORTED, "qubit 64");
    qhm_observable_destroy(observable);
}

static qhm_status read_and_print(void *context)
{
    (void)context;
    qhm_observable *observable;
    char *text = NULL;
    qhm_status status = qhm_observable_parse("Z0 Z1 + 0.5 XYZ + 3 Z0 Z1 - 1", &observable);
    if (status != QHM_OK)
        return status;
    status = qhm_observable_print(observable, &text);
    if (status == QHM_OK)
        qhm_string_destroy(text);
    qhm_observable_destroy(observable);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    require_survives_failing_memory(read_and_print, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_read_and_printed),
        cmocka_unit_test(equal_strings_add_up),
        cmocka_unit_test(dense_labels_have_qubit_0_rightmost),
        cmocka_unit_test(printing_is_undone_by_reading),
        cmocka_unit_test(mistakes_in_texts_are_located),
        cmocka_unit_test(bad_terms_are_refused_and_change_nothing),
        cmocka_unit_test(masks_end_at_qubit_63),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
