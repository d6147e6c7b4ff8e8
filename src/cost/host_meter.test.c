// The meter against counters that the work itself turns.
#include "cost/host_meter_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include <time.h>

static void write_counter(const char *folder, int package, const char *name, long long value)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/intel-rapl:%d", folder, package);
    mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/intel-rapl:%d/%s", folder, package, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%lld\n", value);
    fclose(file);
}

// Two processors spend 2 J and 3 J; the second's counter wraps at 10 J.
static void set_counters(const char *folder, long long first, long long second)
{
    write_counter(folder, 0, "energy_uj", first);
    write_counter(folder, 0, "max_energy_range_uj", 10000000);
    write_counter(folder, 1, "energy_uj", second);
    write_counter(folder, 1, "max_energy_range_uj", 10000000);
}

static void spend(void *context)
{
    set_counters(context, 3000000, 1000000);
    const struct timespec wait = {.tv_nsec = 20000000};
    nanosleep(&wait, NULL);
}

static void counters_of_all_processors_add_up_and_may_wrap(void **state)
{
    set_counters(*state, 1000000, 8000000);
    qhm_host_cost cost;
    REQUIRE_OK(qhm_host_measure_in(*state, spend, *state, 50, &cost));
    assert_true(cost.is_measured);
    REQUIRE_NEAR(cost.joules, 5, 1e-9);
    assert_true(cost.seconds >= 0.02 && cost.seconds < 20);
}

static void sleep_shortly(void *context)
{
    (void)context;
    const struct timespec wait = {.tv_nsec = 10000000};
    nanosleep(&wait, NULL);
}

static void without_counters_watts_are_taken_or_nothing_is_known(void **state)
{
    qhm_host_cost cost;
    REQUIRE_OK(qhm_host_measure_in(in_folder(state, "none"), sleep_shortly, NULL, 50, &cost));
    assert_false(cost.is_measured);
    REQUIRE_NEAR(cost.joules, 50 * cost.seconds, 1e-12);
    REQUIRE_OK(qhm_host_measure_in(in_folder(state, "none"), sleep_shortly, NULL, 0, &cost));
    assert_true(isnan(cost.joules));
    assert_true(cost.seconds >= 0.01);
}

static void this_machine_can_be_measured(void **state)
{
    (void)state;
    qhm_host_cost cost;
    REQUIRE_OK(qhm_host_measure(sleep_shortly, NULL, 50, &cost));
    assert_true(cost.joules > 0);
    REQUIRE_FAILS(qhm_host_measure(NULL, NULL, 50, &cost), QHM_ERROR_INVALID_ARGUMENT, "work");
    REQUIRE_FAILS(qhm_host_measure(sleep_shortly, NULL, -1, &cost), QHM_ERROR_INVALID_ARGUMENT,
                  "watts is -1");
}

static void do_nothing(void *context)
{
    (void)context;
}

// Memory that fails after the work only costs the counters.
static void failing_memory_is_survived(void **state)
{
    set_counters(*state, 1000000, 8000000);
    bool was_refused = false;
    for (long nth = 1; nth < 1000; nth++) {
        qhm_host_cost cost;
        qhm_memory_fail_from(nth);
        const qhm_status status = qhm_host_measure_in(*state, do_nothing, NULL, 50, &cost);
        const bool has_failed = qhm_memory_has_failed();
        qhm_memory_fail_from(0);
        assert_true(status == QHM_OK || (has_failed && status == QHM_ERROR_OUT_OF_MEMORY));
        was_refused |= status != QHM_OK;
        if (!has_failed) {
            assert_true(cost.is_measured);
            break;
        }
    }
    assert_true(was_refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(counters_of_all_processors_add_up_and_may_wrap),
        in_temporary_folder(without_counters_watts_are_taken_or_nothing_is_known),
        cmocka_unit_test(this_machine_can_be_measured),
        in_temporary_folder(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
