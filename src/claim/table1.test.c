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

static double find_kept(const qhm_circuit *circuit, size_t n)
{
    qhm_complex *made;
    double kept = 0;
    REQUIRE_OK(qhm_counted_state(circuit, NULL, &made));
    for (size_t i = 0; i < n * n; i += n)
        kept += made[i].re * made[i].re + made[i].im * made[i].im;
    qhm_release(made);
    return kept;
}

// sin^2((2 k + 1) theta) after k iterations, theta from |A x|^2 / |A|^2 |x|^2: by a state of the
// whole circuit. Reflections about another state would leave it.
static void a_product_is_amplified(void **state)
{
    (void)state;
    enum { QUBITS = 3, N = 1 << QUBITS };
    double numbers[N * N + N], product = 0, of_matrix = 0, of_x = 0;
    qhm_complex given[N * N + N] = {{0, 0}};
    qhm_circuit *once, *more;
    qhm_table1_draw(5, 99, numbers, N * N + N);
    for (size_t i = 0; i < N * N + N; i++)
        given[i].re = numbers[i];
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        for (size_t j = 0; j < N; j++) {
            sum += numbers[i * N + j] * numbers[N * N + j];
            of_matrix += numbers[i * N + j] * numbers[i * N + j];
        }
        product += sum * sum;
        of_x += numbers[N * N + i] * numbers[N * N + i];
    }
    const double angle = asin(sqrt(product / of_matrix / of_x));
    REQUIRE_OK(qhm_table1_product_create(QUBITS, given, given + N * N, &once));
    for (size_t k = 0; k < 6; k++) {
        REQUIRE_OK(qhm_table1_product_amplify(QUBITS, once, k, &more));
        REQUIRE_NEAR(find_kept(more, N), pow(sin((2 * (double)k + 1) * angle), 2), 1e-10);
        double gates, depth, counted, deep;
        REQUIRE_OK(qhm_table1_count_gates(more, &gates, &depth));
        REQUIRE_OK(qhm_table1_product_count(QUBITS, once, k, &counted, &deep));
        REQUIRE_NEAR(counted, gates, 0);
        REQUIRE_NEAR(deep, depth, 0);
        qhm_circuit_destroy(more);
    }
    qhm_circuit_destroy(once);
}

// Both Hadamard tests give the discrete transform with its phases, and in the runs that are charged
// the error that is promised, by the variance of their outcomes. Its sizes alone would be as good
// for the conjugate.
static void a_transform_is_read_with_its_phases(void **state)
{
    (void)state;
    enum { QUBITS = 4, N = 1 << QUBITS };
    double numbers[2 * N], norm = 0, error = 0, away = 0;
    qhm_complex signal[N], wanted[N] = {{0, 0}}, *made;
    qhm_table1_draw(3, 98, numbers, 2 * N);
    for (size_t i = 0; i < N; i++) {
        signal[i] = (qhm_complex){numbers[2 * i], numbers[2 * i + 1]};
        norm = hypot(norm, hypot(signal[i].re, signal[i].im));
    }
    for (size_t k = 0; k < N; k++)
        for (size_t j = 0; j < N; j++) {
            const double turn = 2 * M_PI * (double)(j * k) / N, size = norm * sqrt(N);
            wanted[k].re += (cos(turn) * signal[j].re - sin(turn) * signal[j].im) / size;
            wanted[k].im += (sin(turn) * signal[j].re + cos(turn) * signal[j].im) / size;
        }
    for (int part = 0; part < 2; part++) {
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_table1_transform_create(QUBITS, signal, part == 1, &circuit));
        REQUIRE_OK(qhm_counted_state(circuit, NULL, &made));
        for (size_t k = 0; k < N; k++) {
            const qhm_complex zero = made[k], one = made[N + k];
            const double p = zero.re * zero.re + zero.im * zero.im;
            const double q = one.re * one.re + one.im * one.im;
            REQUIRE_NEAR(sqrt(N) * (p - q), part == 0 ? wanted[k].re : wanted[k].im, 1e-10);
            error += N * (p + q - (p - q) * (p - q)) / qhm_table1_phase_runs(N);
        }
        qhm_release(made);
        qhm_circuit_destroy(circuit);
    }
    for (size_t k = 0; k < N; k++)
        away += fabs(wanted[k].im);
    assert_true(away > 0.1);
    assert_true(error < 0.01 && error > 0.008);
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

static const json_t *last_size(const json_t *result)
{
    const json_t *row = json_array_get(json_object_get(result, "rows"), 0);
    const json_t *sizes = json_object_get(row, "sizes");
    return json_array_get(sizes, json_array_size(sizes) - 1);
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
    // sqrt(n) uses that amplify, for each of n runs: waiting for the product would take n^2. A use
    // is 2 n^2 gates, and with its reflection less than 2.4 n^2: together n^3.5.
    REQUIRE_NEAR(exponent(product, QUERIES), 1.5, 0.1);
    const json_t *last = last_size(product);
    const double n = json_number_value(json_object_get(last, "n"));
    const double use = json_number_value(json_object_get(last, "gates")) /
                       json_number_value(json_object_get(last, "queries"));
    assert_true(n >= 128 && use > 2 * n * n && use < 2.4 * n * n);
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
    qhm_circuit *amplified = NULL;
    QHM_TRY(qhm_table1_product_create(1, numbers, numbers, &circuit));
    const qhm_status status = qhm_table1_product_amplify(1, circuit, 1, &amplified);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(amplified);
    return status;
}

static qhm_status create_transform(void *context)
{
    qhm_circuit *circuit = NULL;
    const qhm_status status = qhm_table1_transform_create(2, context, true, &circuit);
    qhm_circuit_destroy(circuit);
    return status;
}

static void a_product_survives_failing_memory(void **state)
{
    (void)state;
    qhm_complex numbers[4] = {{1, 0}, {2, 0}, {3, 0}, {4, 0}};
    require_survives_failing_memory(create_product, numbers);
    require_survives_failing_memory(create_transform, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loaded_matrix_multiplies),
        cmocka_unit_test(a_product_is_amplified),
        cmocka_unit_test(a_transform_is_read_with_its_phases),
        cmocka_unit_test(a_product_survives_failing_memory),
        cmocka_unit_test(searches_gain_in_calls_and_lose_in_loads),
        cmocka_unit_test(loads_and_read_outs_are_charged),
        cmocka_unit_test(every_row_has_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
