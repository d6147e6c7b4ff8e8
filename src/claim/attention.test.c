// The parts of theorem A.1: searches against exact expectations, circuits against arithmetic.
#include "algorithm/reversible.h"
#include "claim/attention_classical.h"
#include "claim/attention_rows.h"
#include "claim/attention_study.h"
#include "claim/score_oracle.h"
#include "support/checks.h"

#include <math.h>
#include <qhm/arithmetic.h>

// Every key of 3 entries of 2 bits: the circuit's score is the inner product, and all else is as
// it was.
static void the_circuit_adds_the_inner_product(void **state)
{
    (void)state;
    const uint64_t query[3] = {3, 1, 2};
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_score_circuit_create(query, 3, 2, &circuit));
    const size_t width = qhm_score_width(3, 2), qubits = qhm_circuit_qubit_count(circuit);
    assert_int_equal(width, 6);
    assert_int_equal(qubits, 6 + 6 + 8);
    for (uint64_t keys = 0; keys < 64; keys++) {
        uint8_t bits[20] = {0};
        uint64_t score = 0;
        for (size_t i = 0; i < 6; i++)
            bits[i] = keys >> i & 1;
        REQUIRE_OK(qhm_reversible_run(circuit, bits));
        for (size_t i = 0; i < width; i++)
            score |= (uint64_t)bits[6 + i] << i;
        assert_int_equal(score, 3 * (keys & 3) + (keys >> 2 & 3) + 2 * (keys >> 4));
        for (size_t i = 0; i < qubits; i++)
            assert_int_equal(bits[i], i < 6 ? keys >> i & 1 : (i < 12 ? bits[i] : 0));
    }
    qhm_circuit_destroy(circuit);
}

// QROM of N words: 2 (2N - 4) / 2 pairs of Toffoli gates, 7 T each, whatever the words' length.
static void a_load_touches_every_key(void **state)
{
    (void)state;
    qhm_part_cost short_words, long_words, formula;
    REQUIRE_OK(qhm_diffusion_cost(7, &formula));
    REQUIRE_NEAR(formula.depth, QHM_DIFFUSION_DEPTH, 0);
    REQUIRE_OK(qhm_memory_cost(QHM_LOOKUP_QROM, 5, 8, 1, &short_words));
    REQUIRE_OK(qhm_memory_cost(QHM_LOOKUP_QROM, 5, 512, 1, &long_words));
    REQUIRE_NEAR(short_words.t_gates, 2 * 7 * (32 - 2), 0);
    REQUIRE_NEAR(long_words.t_gates, short_words.t_gates, 0);
    assert_true(long_words.gates > 32 * 512 / 3.0); // half of the bits are written
    for (int m = 0; m < QHM_LOOKUP_METHOD_COUNT; m++) {
        REQUIRE_OK(qhm_memory_cost((qhm_lookup_method)m, 4, 128, 1, &long_words));
        REQUIRE_OK(qhm_memory_count((qhm_lookup_method)m, 4, 128, &formula));
        REQUIRE_NEAR(long_words.t_gates, formula.t_gates, 0);
        assert_true(long_words.gates <= formula.gates && long_words.gates > 0.4 * formula.gates);
        REQUIRE_NEAR(long_words.qubits, formula.qubits, 0);
    }
}

// What is counted without expanding gates is what expanding them gives.
static void toffolis_are_seven_t_gates(void **state)
{
    (void)state;
    const uint64_t query[4] = {5, 0, 7, 2};
    qhm_circuit *circuit, *comparison;
    qhm_part_cost sum, other, quick;
    const qhm_arithmetic_options options = {.width = qhm_score_width(4, 3), .constant = 37};
    REQUIRE_OK(qhm_score_circuit_create(query, 4, 3, &circuit));
    REQUIRE_OK(qhm_arithmetic_create(QHM_ARITHMETIC_COMPARE_CONSTANT, &options, &comparison));
    REQUIRE_OK(qhm_part_count(circuit, &sum));
    REQUIRE_OK(qhm_part_count(comparison, &other));
    REQUIRE_OK(qhm_score_cost(query, 4, 3, 37, &quick));
    REQUIRE_NEAR(quick.t_gates, sum.t_gates + other.t_gates, 0);
    REQUIRE_NEAR(quick.gates, sum.gates + other.gates, 0);
    REQUIRE_NEAR(quick.depth, sum.depth + other.depth, 0);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(comparison);
}

// Exact expectations of the search for a minimum, which no run may miss by 5 standard errors;
// stopping at the true answer or charging nothing for checks would.
static void searches_take_what_is_expected(void **state)
{
    (void)state;
    static const double exact[3][3] = {{3.380729, 2.118511, 5.948675},
                                       {4.743891, 6.838386, 12.716417},
                                       {6.124345, 19.878528, 23.696753}};
    for (size_t i = 0; i < 3; i++) {
        qhm_attention_rows r;
        const size_t keys = (size_t)16 << 2 * i;
        REQUIRE_OK(qhm_attention_search(keys, 16, 8, 1000, 3, &r));
        REQUIRE_NEAR(r.expected_thresholds, exact[i][0], 1e-6);
        REQUIRE_NEAR(r.expected_iterations, exact[i][1], 1e-6);
        REQUIRE_NEAR(r.expected_measurements, exact[i][2], 1e-6);
        REQUIRE_NEAR(r.thresholds, exact[i][0], 5 * r.thresholds_error);
        REQUIRE_NEAR(r.last_iterations, exact[i][1], 5 * r.last_iterations_error);
        REQUIRE_NEAR(r.last_measurements, exact[i][2], 5 * r.last_measurements_error);
        assert_true(r.wrong <= 0.5);
        // All of the cap is used up, but for a last round that would not fit.
        const double cap =
            22.5 * sqrt((double)keys) + 1.4 * log2((double)keys) * log2((double)keys);
        assert_true(r.iterations > cap - sqrt((double)keys) - 1 && r.iterations <= ceil(cap));
    }
}

// 12 terms of the series give QSANN's attention to 1e-6; 4 do not.
static void the_series_is_the_sum(void **state)
{
    (void)state;
    double seconds, error;
    REQUIRE_OK(qhm_attention_time_series(64, 4, 12, 1, true, &seconds, &error));
    assert_true(error < 1e-6);
    REQUIRE_OK(qhm_attention_time_series(64, 4, 4, 1, true, &seconds, &error));
    assert_true(error > 1e-4);
}

static void break_even_is_where_the_sides_cross(void **state)
{
    (void)state;
    static qhm_attention_study study;
    for (size_t i = 0; i < QHM_ATTENTION_SIZES; i++) {
        study.memory[2][QHM_LOOKUP_QROM][i].depth = exp2((double)i + 2);
        study.memory[2][QHM_LOOKUP_BUCKET_BRIGADE][i].depth = 1e9;
    }
    study.score[2].depth = 100;
    // Unit cost: the first n with ceil(lg(1000 n)) ceil(22.5 sqrt n + 1.4 lg^2 n) < 0.64 n.
    const double n = qhm_attention_break_even(&study, 2, 1e-9, QHM_ATTENTION_UNIT_COST, 1e-11);
    size_t bits = 2;
    for (double layers = 1e300; layers >= 0.64 * exp2((double)bits); bits++) {
        const double size = exp2((double)bits + 1);
        layers = ceil(log2(size / 1e-3)) * ceil(22.5 * sqrt(size) + 1.4 * log2(size) * log2(size));
    }
    REQUIRE_NEAR(n, exp2((double)bits), 0);
    // A load in n layers: n^2.5 never meets n^2.
    assert_true(isnan(qhm_attention_break_even(&study, 2, 1e-9, QHM_ATTENTION_CIRCUIT, 1e-11)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_circuit_adds_the_inner_product),
        cmocka_unit_test(a_load_touches_every_key),
        cmocka_unit_test(toffolis_are_seven_t_gates),
        cmocka_unit_test(searches_take_what_is_expected),
        cmocka_unit_test(the_series_is_the_sum),
        cmocka_unit_test(break_even_is_where_the_sides_cross),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
