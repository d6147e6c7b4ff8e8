// Outcomes as text, and distributions without scratch bits.
#include "circuit/circuit_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/distribution.h>
#include <string.h>

// a[2], two scratch bits, b[65], c[1].
static qhm_circuit *circuit_with_registers(void)
{
    qhm_circuit *circuit = NULL;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "a", 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "b", 65));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "c", 1));
    return circuit;
}

static void the_last_register_is_on_the_left_and_bit_0_on_the_right(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_with_registers();
    // a = 10, scratch = 11, b: bits 0 and 64, c = 1
    const uint64_t bits[2] = {0x2 | 0xc | 0x10, 0x10 | 0x20};
    char *text = NULL, expected[80];
    REQUIRE_OK(qhm_outcome_print(circuit, bits, &text));
    snprintf(expected, sizeof expected, "1 1%063d1 10", 0);
    assert_string_equal(text, expected);

    uint64_t read[2] = {99, 99};
    REQUIRE_OK(qhm_outcome_parse(circuit, text, read));
    assert_int_equal(read[0], bits[0] & ~(uint64_t)0xc);
    assert_int_equal(read[1], bits[1]);
    char packed[80] = "";
    for (const char *c = text; *c; c++)
        if (*c != ' ')
            packed[strlen(packed)] = *c;
    uint64_t again[2];
    REQUIRE_OK(qhm_outcome_parse(circuit, packed, again));
    assert_memory_equal(again, read, sizeof read);
    qhm_string_destroy(text);
    qhm_circuit_destroy(circuit);
}

static void mistakes_in_outcomes_have_their_column(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(1, 3, &circuit));
    uint64_t bits = 77;
    REQUIRE_FAILS(qhm_outcome_parse(circuit, "0x1", &bits), QHM_ERROR_BAD_INPUT,
                  "column 2 of the outcome is not 0 or 1: bit 1 of c is wanted");
    REQUIRE_FAILS(qhm_outcome_parse(circuit, "01", &bits), QHM_ERROR_BAD_INPUT,
                  "column 3 of the outcome is not 0 or 1");
    REQUIRE_FAILS(qhm_outcome_parse(circuit, "0110", &bits), QHM_ERROR_BAD_INPUT,
                  "column 4 of the outcome is after its last bit");
    assert_int_equal(bits, 77);
    qhm_circuit_destroy(circuit);
}

static void outcomes_that_differ_in_scratch_bits_become_one(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_with_registers();
    qhm_distribution *all = NULL, *dropped = NULL;
    REQUIRE_OK(qhm_distribution_create(70, &all));
    for (uint64_t scratch = 0; scratch < 4; scratch++)
        REQUIRE_OK(qhm_distribution_append(all, (uint64_t[]){scratch << 2 | 1, 1}, 0.25));
    REQUIRE_OK(qhm_distribution_drop_scratch(all, circuit, &dropped));
    assert_int_equal(qhm_distribution_outcome_count(dropped), 1);
    REQUIRE_NEAR(qhm_distribution_weight(dropped, (uint64_t[]){1, 1}), 1, 0);
    qhm_distribution_destroy(dropped);
    qhm_distribution_destroy(all);
    REQUIRE_OK(qhm_distribution_create(69, &all));
    REQUIRE_FAILS(qhm_distribution_drop_scratch(all, circuit, &dropped), QHM_ERROR_INVALID_ARGUMENT,
                  "the distribution has 69 bits, but the circuit 70");
    qhm_distribution_destroy(all);
    qhm_circuit_destroy(circuit);
}

static qhm_status drop(void *context)
{
    qhm_circuit *circuit = context;
    qhm_distribution *all = NULL, *dropped = NULL;
    qhm_status status = qhm_distribution_create(70, &all);
    if (status == QHM_OK)
        status = qhm_distribution_append(all, (uint64_t[]){5, 1}, 1);
    if (status == QHM_OK)
        status = qhm_distribution_drop_scratch(all, circuit, &dropped);
    qhm_distribution_destroy(all);
    qhm_distribution_destroy(dropped);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *circuit = circuit_with_registers();
    require_survives_failing_memory(drop, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_register_is_on_the_left_and_bit_0_on_the_right),
        cmocka_unit_test(mistakes_in_outcomes_have_their_column),
        cmocka_unit_test(outcomes_that_differ_in_scratch_bits_become_one),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
