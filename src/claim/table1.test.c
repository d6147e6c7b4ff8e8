// Table 1: what its tasks compute, and the exponents that must come out.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "claim/table1_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <string.h>

// The block where |j> is 0 holds A x / |A| |x|; with the registers the other way round it would
// hold the product with the transpose.
static void a_loaded_matrix_multiplies(void **state)
{
    (void)state;
    const double a[4][4] = {{1, 2, 0, -1}, {0, 3, 1, 0}, {2, 0, 0, 5}, {-1, 1, 4, 0}};
    const double x[4] = {1, -2, 0.5, 3};
    qhm_complex matrix[16] = {{0, 0}}, vector[4] = {{0, 0}}, *made;
    qhm_circuit *circuit;
    double norm_a = 0, norm_x = 0;
    for (size_t i = 0; i < 4; i++) {
        vector[i].re = x[i];
        norm_x += x[i] * x[i];
        for (size_t j = 0; j < 4; j++) {
            matrix[4 * i + j].re = a[i][j];
            norm_a += a[i][j] * a[i][j];
        }
    }
    REQUIRE_OK(qhm_table1_product_create(2, matrix, vector, &circuit));
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &made));
    double sign = 0; // the loads may differ from the vectors by a sign, one for all
    for (size_t i = 0; i < 4; i++) {
        double sum = 0;
        for (size_t j = 0; j < 4; j++)
            sum += a[i][j] * x[j] / sqrt(norm_a * norm_x);
        sign = i == 0 ? copysign(1, sum * made[0].re) : sign;
        REQUIRE_NEAR(made[4 * i].re, sign * sum, 1e-10);
    }
    qhm_release(made);
    qhm_circuit_destroy(circuit);
}

static json_t *run_row(const char *name)
{
    char *text;
    REQUIRE_OK(qhm_table1_run(name, &(qhm_claim_options){.is_quick = true}, &text));
    json_t *result = json_loads(text, 0, NULL);
    qhm_string_destroy(text);
    assert_int_equal(json_array_size(json_object_get(result, "rows")), 1);
    return result;
}

static double exponent(const json_t *result, size_t index)
{
    const json_t *row = json_array_get(json_object_get(result, "rows"), 0);
    const json_t *e = json_array_get(json_object_get(row, "exponents"), index);
    return json_number_value(json_object_get(e, "exponent"));
}

enum { QUERIES, GATES, DEPTH, SECONDS };

static void searches_gain_in_calls_and_lose_in_loads(void **state)
{
    (void)state;
    json_t *condition = run_row("unstructured-search"), *table = run_row("database-search");
    REQUIRE_NEAR(exponent(condition, QUERIES), 0.5, 0.02);
    assert_true(exponent(condition, GATES) < 0.6); // the square root and lg n
    assert_true(exponent(condition, SECONDS) < 0.6);
    REQUIRE_NEAR(exponent(table, QUERIES), 0.5, 0.05);
    REQUIRE_NEAR(exponent(table, GATES), 1.5,
                 0.1); // one load a call: 1 would be a load for nothing
    json_decref(condition);
    json_decref(table);
}

static void loads_and_read_outs_are_charged(void **state)
{
    (void)state;
    json_t *product = run_row("matrix-vector"), *fourier = run_row("fourier");
    json_t *overlap = run_row("inner-product"), *sampling = run_row("sampling");
    REQUIRE_NEAR(exponent(product, GATES), 4, 0.6); // n^2 a run, n to read, 1 / n of them kept
    REQUIRE_NEAR(exponent(fourier, GATES), 2, 0.3); // n a run, n runs, and lg(n)^2 at small n
    REQUIRE_NEAR(exponent(overlap, QUERIES), 0, 1e-9);
    REQUIRE_NEAR(exponent(overlap, GATES), 1, 0.1);
    // n gates for each of n samples; on the processor a table of n cells, then n steps. A table
    // that is not charged, or a fixed number of samples, would leave one of them a power lower.
    REQUIRE_NEAR(exponent(sampling, QUERIES), 1, 1e-9);
    REQUIRE_NEAR(exponent(sampling, GATES), 2, 0.1);
    json_decref(product);
    json_decref(fourier);
    json_decref(overlap);
    json_decref(sampling);
}

static void every_row_has_its_sentence(void **state)
{
    (void)state;
    char *text, *svg;
    REQUIRE_OK(qhm_table1_run(NULL, &(qhm_claim_options){.is_quick = true}, &text));
    json_t *result = json_loads(text, 0, NULL);
    const json_t *rows = json_object_get(result, "rows");
    assert_int_equal(json_array_size(rows), qhm_table1_count());
    for (size_t i = 0; i < qhm_table1_count(); i++) {
        const json_t *row = json_array_get(rows, i);
        const qhm_table1_info *info = qhm_table1_information(i);
        const char *sentence = json_string_value(json_object_get(row, "sentence"));
        assert_string_equal(json_string_value(json_object_get(row, "name")), info->name);
        assert_non_null(strstr(sentence, info->operation));
        assert_non_null(strstr(sentence, "Break-even"));
        assert_int_equal(json_array_size(json_object_get(row, "exponents")), 5);
        assert_true(json_array_size(json_object_get(row, "sizes")) >= 3);
    }
    REQUIRE_OK(qhm_claim_draw_svg(text, &svg));
    assert_non_null(strstr(svg, "data-encoding"));
    qhm_string_destroy(svg);
    qhm_string_destroy(text);
    json_decref(result);
    REQUIRE_FAILS(qhm_table1_run("furier", NULL, &text), QHM_ERROR_NOT_FOUND, "fourier");
}

static qhm_status create_product(void *context)
{
    const qhm_complex *numbers = context;
    qhm_circuit *circuit;
    const qhm_status status = qhm_table1_product_create(1, numbers, numbers, &circuit);
    if (status == QHM_OK)
        qhm_circuit_destroy(circuit);
    return status;
}

static void a_product_survives_failing_memory(void **state)
{
    (void)state;
    qhm_complex numbers[4] = {{1, 0}, {2, 0}, {3, 0}, {4, 0}};
    require_survives_failing_memory(create_product, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loaded_matrix_multiplies),
        cmocka_unit_test(a_product_survives_failing_memory),
        cmocka_unit_test(searches_gain_in_calls_and_lose_in_loads),
        cmocka_unit_test(loads_and_read_outs_are_charged),
        cmocka_unit_test(every_row_has_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
