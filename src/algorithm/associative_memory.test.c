// Associative memory: stored states, recalls against closed forms, amplification of memories.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/plans.h"

#include <qhm/associative_memory.h>
#include <qhm/grover.h>

static void patterns_are_stored_evenly(void **state)
{
    (void)state;
    const uint64_t stored[] = {0, 3, 5, 6, 9, 10, 12, 15};
    for (size_t count = 1; count <= 8; count++) {
        const qhm_memory_patterns patterns = {4, stored, count};
        qhm_circuit *circuit;
        qhm_complex *amplitudes;
        REQUIRE_OK(qhm_associative_memory_store(&patterns, &circuit));
        REQUIRE_OK(qhm_counted_state(circuit, NULL, &amplitudes));
        for (size_t i = 0; i < count; i++)
            REQUIRE_NEAR(amplitudes[stored[i]].re, sqrt(1.0 / (double)count), 1e-12);
        qhm_release(amplitudes);
        qhm_circuit_destroy(circuit);
    }
}

// The circuit and the formula both give what is known.
static void require_recall(const qhm_memory_patterns *patterns, uint64_t query, uint64_t known,
                           size_t controls, double counts, const double *recalled)
{
    double formula[8];
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_associative_memory_create(patterns, query, known, controls, &circuit));
    qhm_distribution *outcomes = test_exact_outcomes(circuit);
    REQUIRE_NEAR(qhm_associative_memory_probability(patterns, query, known, controls, formula),
                 counts, 1e-11);
    double kept = 0;
    for (size_t i = 0; i < patterns->count; i++)
        kept += qhm_distribution_weight(outcomes, &patterns->patterns[i]);
    REQUIRE_NEAR(kept, counts, 1e-10);
    for (size_t i = 0; i < patterns->count; i++) {
        REQUIRE_NEAR(formula[i], recalled[i], 1e-11);
        REQUIRE_NEAR(qhm_distribution_weight(outcomes, &patterns->patterns[i]) / kept, recalled[i],
                     1e-10);
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
}

// Patterns are written with bit 0 on the right; the known answers only see distances.
static void known_recalls_come_out(void **state)
{
    (void)state;
    const uint64_t three[] = {0x0, 0x6, 0xf}, four[] = {0x0, 0x3, 0x5, 0x9};
    const qhm_memory_patterns first = {4, three, 3}, second = {4, four, 4};
    require_recall(&first, 0x7, 0xf, 1, .617851130198,
                   (double[]){.079008573559, .460495713220, .460495713220});
    const double even[] = {.25, .25, .25, .25};
    require_recall(&second, 0x1, 0xf, 1, .853553390593, even);
    require_recall(&second, 0x1, 0xf, 2, .728553390593, even);
}

// Of two known bits, the memory's other bits do not count: distances 1, 0, 2, each in m = 2.
static void unknown_bits_do_not_count(void **state)
{
    (void)state;
    const uint64_t stored[] = {0x9, 0xb, 0x4};
    const qhm_memory_patterns patterns = {4, stored, 3};
    require_recall(&patterns, 0x3, 0x3, 1, (0.5 + 1 + 0) / 3, (double[]){1.0 / 3, 2.0 / 3, 0});
}

// Amplification about the stored state, with the storage circuit as its preparation.
static void memories_are_amplified(void **state)
{
    (void)state;
    static const double known[] = {.78125, .9453125, .33007812, .01220703};
    const uint64_t stored[] = {0, 3, 5, 6, 9, 10, 12, 15};
    qhm_circuit *storage;
    qhm_oracle *oracle;
    REQUIRE_OK(qhm_associative_memory_store(&(qhm_memory_patterns){4, stored, 8}, &storage));
    REQUIRE_OK(qhm_oracle_create_marked(4, (uint64_t[]){5}, 1, &oracle));
    for (size_t k = 1; k <= 4; k++) {
        qhm_circuit *circuit;
        const qhm_grover_options options = {
            .preparation = storage, .iterations = k, .is_measured = true};
        REQUIRE_OK(qhm_grover_create(oracle, &options, &circuit));
        qhm_distribution *outcomes = test_exact_outcomes(circuit);
        REQUIRE_NEAR(qhm_distribution_weight(outcomes, (uint64_t[]){5}), known[k - 1], 1e-8);
        qhm_distribution_destroy(outcomes);
        qhm_circuit_destroy(circuit);
    }
    qhm_circuit_destroy(storage);
    qhm_oracle_destroy(oracle);
}

static void wrong_patterns_are_refused(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    const uint64_t twice[] = {1, 1}, wide[] = {4};
    REQUIRE_FAILS(qhm_associative_memory_store(&(qhm_memory_patterns){2, twice, 2}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "patterns 0 and 1 are equal");
    REQUIRE_FAILS(qhm_associative_memory_store(&(qhm_memory_patterns){2, wide, 1}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "pattern 0 does not fit 2 bits");
    REQUIRE_FAILS(qhm_associative_memory_store(&(qhm_memory_patterns){2, wide, 0}, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "no patterns");
    REQUIRE_FAILS(
        qhm_associative_memory_create(&(qhm_memory_patterns){3, wide, 1}, 0, 0, 1, &circuit),
        QHM_ERROR_INVALID_ARGUMENT, "known bits");
    assert_null(circuit);
}

static qhm_status attempt(void *context)
{
    (void)context;
    const uint64_t stored[] = {0, 3, 5};
    qhm_circuit *circuit;
    QHM_TRY(
        qhm_associative_memory_create(&(qhm_memory_patterns){4, stored, 3}, 1, 15, 1, &circuit));
    qhm_circuit_destroy(circuit);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_are_stored_evenly), cmocka_unit_test(known_recalls_come_out),
        cmocka_unit_test(unknown_bits_do_not_count),  cmocka_unit_test(memories_are_amplified),
        cmocka_unit_test(wrong_patterns_are_refused), cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
