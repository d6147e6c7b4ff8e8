// Choices between chips whose figures are known.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/placement.h>
#include <qhm/types.h>
#include <string.h>

enum { MOST = 3 };

typedef struct chips {
    qhm_device *made[MOST];
    const qhm_device *devices[MOST];
    size_t count;
} chips;

static chips load(const char *const *names, size_t count)
{
    chips loaded = {.count = count};
    for (size_t i = 0; i < count; i++) {
        REQUIRE_OK(qhm_device_load(names[i], NULL, &loaded.made[i]));
        loaded.devices[i] = loaded.made[i];
    }
    return loaded;
}

static void release(chips *loaded)
{
    for (size_t i = 0; i < loaded->count; i++)
        qhm_device_destroy(loaded->made[i]);
}

// A chain of CZ over so many qubits.
static qhm_circuit *create_chain(uint32_t qubits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
    for (uint32_t q = 0; q < qubits; q++) {
        const qhm_angle angle = qhm_angle_constant(0.3);
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle));
        if (q > 0)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CZ, (uint32_t[]){q - 1, q}, NULL));
    }
    return circuit;
}

static void the_best_success_wins_where_it_is_clearly_better(void **state)
{
    (void)state;
    chips loaded = load((const char *const[]){"condor", "willow", "ocelot"}, 3);
    qhm_circuit *circuit = create_chain(12);
    qhm_placement_candidate candidates[MOST];
    size_t chosen;
    char *reason;
    REQUIRE_OK(
        qhm_placement_choose(circuit, loaded.devices, 3, NULL, candidates, &chosen, &reason));
    assert_int_equal(chosen, 1);
    assert_true(candidates[1].estimate.compiled.estimated_success >
                candidates[0].estimate.compiled.estimated_success + 0.01);
    assert_true(candidates[0].fits && !candidates[2].fits);
    assert_non_null(strstr(reason, "on willow: expected success with readout 0."));
    assert_non_null(strstr(reason, " on condor"));
    assert_non_null(strstr(reason, "; does not fit ocelot"));
    qhm_string_destroy(reason);
    qhm_circuit_destroy(circuit);
    release(&loaded);
}

// With a tolerance of 1 all that fit are equal, so that seconds decide: those of qhm_cost_find.
static void of_equal_ones_the_quickest_wins_and_of_those_the_first(void **state)
{
    (void)state;
    chips loaded = load((const char *const[]){"heron", "willow", "willow"}, 3);
    qhm_circuit *circuit = create_chain(4);
    qhm_placement_candidate candidates[MOST];
    size_t chosen;
    char *reason;
    const qhm_placement_options options = {.tolerance = 1, .executions = 10};
    REQUIRE_OK(
        qhm_placement_choose(circuit, loaded.devices, 3, &options, candidates, &chosen, &reason));
    const size_t quicker =
        candidates[0].cost.total_seconds <= candidates[1].cost.total_seconds ? 0 : 1;
    assert_true(candidates[0].cost.total_seconds != candidates[1].cost.total_seconds);
    assert_int_equal(chosen, quicker);
    assert_int_equal(candidates[1].cost.shots, 10 * candidates[1].estimate.shots);
    qhm_string_destroy(reason);
    REQUIRE_OK(
        qhm_placement_choose(circuit, &loaded.devices[1], 2, NULL, candidates, &chosen, &reason));
    assert_int_equal(chosen, 0);
    qhm_string_destroy(reason);
    qhm_circuit_destroy(circuit);
    release(&loaded);
}

// A slower chip is left for one that is as good within the tolerance, and the sentence says so.
static void time_decides_within_the_tolerance(void **state)
{
    (void)state;
    chips loaded = load((const char *const[]){"willow", "heron"}, 2);
    qhm_circuit *circuit = create_chain(4);
    qhm_placement_candidate candidates[MOST];
    size_t best, chosen;
    char *reason;
    const qhm_placement_options strict = {.tolerance = 1e-9}, loose = {.tolerance = 1};
    REQUIRE_OK(
        qhm_placement_choose(circuit, loaded.devices, 2, &strict, candidates, &best, &reason));
    assert_null(strstr(reason, "the least time"));
    qhm_string_destroy(reason);
    REQUIRE_OK(
        qhm_placement_choose(circuit, loaded.devices, 2, &loose, candidates, &chosen, &reason));
    const bool is_slower =
        candidates[best].cost.total_seconds > candidates[1 - best].cost.total_seconds;
    assert_int_equal(chosen, is_slower ? 1 - best : best);
    assert_int_equal(strstr(reason, "the least time within 1 of the best") != NULL, is_slower);
    qhm_string_destroy(reason);
    qhm_circuit_destroy(circuit);
    release(&loaded);
}

static void a_circuit_that_fits_nowhere_has_no_chip(void **state)
{
    (void)state;
    chips loaded = load((const char *const[]){"ocelot", "majorana1"}, 2);
    qhm_circuit *circuit = create_chain(20);
    qhm_placement_candidate candidates[MOST];
    size_t chosen;
    char *reason;
    REQUIRE_OK(
        qhm_placement_choose(circuit, loaded.devices, 2, NULL, candidates, &chosen, &reason));
    assert_int_equal(chosen, 2);
    assert_non_null(strstr(reason, "does not fit ocelot"));
    assert_non_null(strstr(reason, "; does not fit majorana1"));
    qhm_string_destroy(reason);
    qhm_circuit_destroy(circuit);
    release(&loaded);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    chips loaded = load((const char *const[]){"willow"}, 1);
    qhm_circuit *circuit = create_chain(2);
    qhm_placement_candidate candidates[MOST];
    size_t chosen;
    char *reason;
    REQUIRE_FAILS(
        qhm_placement_choose(circuit, loaded.devices, 0, NULL, candidates, &chosen, &reason),
        QHM_ERROR_INVALID_ARGUMENT, "devices");
    REQUIRE_FAILS(qhm_placement_choose(circuit, loaded.devices, 1,
                                       &(qhm_placement_options){.tolerance = 2}, candidates,
                                       &chosen, &reason),
                  QHM_ERROR_INVALID_ARGUMENT, "tolerance is 2");
    REQUIRE_FAILS(qhm_placement_choose(circuit, (const qhm_device *[]){NULL}, 1, NULL, candidates,
                                       &chosen, &reason),
                  QHM_ERROR_INVALID_ARGUMENT, "device 0");
    qhm_circuit_destroy(circuit);
    release(&loaded);
}

static qhm_status choose(void *context)
{
    chips *loaded = context;
    qhm_placement_candidate candidates[MOST];
    qhm_circuit *circuit = NULL;
    size_t chosen;
    char *reason = NULL;
    qhm_status status = qhm_circuit_create(2, 0, &circuit);
    if (status == QHM_OK)
        status =
            qhm_placement_choose(circuit, loaded->devices, 1, NULL, candidates, &chosen, &reason);
    qhm_string_destroy(reason);
    qhm_circuit_destroy(circuit);
    return status;
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    chips loaded = load((const char *const[]){"willow"}, 1);
    require_survives_failing_memory(choose, &loaded);
    release(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_success_wins_where_it_is_clearly_better),
        cmocka_unit_test(of_equal_ones_the_quickest_wins_and_of_those_the_first),
        cmocka_unit_test(time_decides_within_the_tolerance),
        cmocka_unit_test(a_circuit_that_fits_nowhere_has_no_chip),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
        cmocka_unit_test(every_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
