// Every algorithm's row: its fields, its example, and what it says of problems it cannot take.
#include "algorithm/algorithm_internal.h"
#include "base/options_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/types.h>
#include <string.h>

static json_t *run(const char *name, const char *text, const qhm_algorithm_options *options)
{
    char *json;
    REQUIRE_OK(qhm_algorithm_run_text(name, text, options, &json));
    json_t *result = json_loads(json, 0, NULL);
    assert_non_null(result);
    qhm_string_destroy(json);
    return result;
}

static void rows_are_in_order_and_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < qhm_algorithm_count(); i++) {
        const qhm_algorithm_info *info = qhm_algorithm_information(i);
        const qhm_algorithm_info *found;
        REQUIRE_OK(qhm_options_check_table(info->fields));
        REQUIRE_OK(qhm_algorithm_find(info->name, &found));
        assert_ptr_equal(found, info);
        if (i > 0)
            assert_true(strcmp(qhm_algorithm_information(i - 1)->name, info->name) < 0);
    }
}

static void every_example_runs_and_is_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < qhm_algorithm_count(); i++) {
        const qhm_algorithm_info *info = qhm_algorithm_information(i);
        json_t *result = run(info->name, info->example, NULL);
        assert_string_equal(json_string_value(json_object_get(result, "algorithm")), info->name);
        assert_true(json_object_size(json_object_get(result, "answer")) > 0);
        const json_t *ledger = json_object_get(result, "ledger");
        if (json_integer_value(json_object_get(ledger, "qubits")) == 0)
            fail_msg("%s: nothing was counted", info->name);
        json_decref(result);
    }
}

static void the_same_seed_gives_the_same_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < qhm_algorithm_count(); i++) {
        const qhm_algorithm_info *info = qhm_algorithm_information(i);
        const qhm_algorithm_options options = {.seed = 7};
        json_t *first = run(info->name, info->example, &options);
        json_t *second = run(info->name, info->example, &options);
        if (!json_equal(json_object_get(first, "answer"), json_object_get(second, "answer")) ||
            !json_equal(json_object_get(first, "ledger"), json_object_get(second, "ledger")))
            fail_msg("%s: two runs with one seed differ", info->name);
        json_decref(first);
        json_decref(second);
    }
}

static qhm_status attempt(void *context)
{
    const qhm_algorithm_info *info = context;
    char *json;
    QHM_TRY(qhm_algorithm_run_text(info->name, info->example, NULL, &json));
    qhm_string_destroy(json);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const qhm_algorithm_info *info;
    REQUIRE_OK(qhm_algorithm_find("overlap", &info));
    require_survives_failing_memory(attempt, (void *)info);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    char *json = NULL;
    const char *const name = "overlap";
    REQUIRE_FAILS(qhm_algorithm_run_text("overlop", "", NULL, &json), QHM_ERROR_NOT_FOUND,
                  "overlap");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\n", NULL, &json), QHM_ERROR_BAD_INPUT,
                  "field 'b' is missing");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [1, two]\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "problem:2: 'two' in field 'b'");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [0, 0]\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "problem:2");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [1, 2, 3]\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "field 'b' has 3 entries, field 'a' 2");
    REQUIRE_FAILS(qhm_algorithm_run_text(name, "a: [1, 2]\nb: [1, 2]\nshot: 3\n", NULL, &json),
                  QHM_ERROR_BAD_INPUT, "shots");
    REQUIRE_FAILS(qhm_algorithm_run(name, "nowhere.yaml", NULL, &json), QHM_ERROR_NOT_FOUND,
                  "nowhere");
    assert_null(json);
}

static void a_device_adds_what_it_would_cost(void **state)
{
    (void)state;
    const char *const changes[] = {"shots=100"};
    json_t *result = run(
        "overlap", "a: [1, 2]\nb: [2, 1]\n",
        &(qhm_algorithm_options){.device = "willow", .overrides = changes, .override_count = 1});
    assert_int_equal(json_integer_value(json_object_get(json_object_get(result, "cost"), "shots")),
                     100);
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_in_order_and_whole),
        cmocka_unit_test(every_example_runs_and_is_counted),
        cmocka_unit_test(the_same_seed_gives_the_same_answer),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(a_device_adds_what_it_would_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
