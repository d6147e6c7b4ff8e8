#include "experiment/finished_head.h"

#include "support/checks.h"
#include "support/failing_memory.h"

#include <string.h>

// A sequence of kinds of modules of width 2, each named by its place: "m0", "m1", ...
static qhm_module *create_sequence(const char *const *kinds, size_t count)
{
    qhm_module *sequence, *module;
    const qhm_module_setting setting = {.input = {1, {2}}, .output_width = 2};
    REQUIRE_OK(qhm_sequential_create(QHM_FLOAT64, setting.input, &sequence));
    for (size_t i = 0; i < count; i++) {
        char name[8];
        snprintf(name, sizeof name, "m%zu", i);
        REQUIRE_OK(qhm_module_create(kinds[i], &setting, NULL, &module));
        REQUIRE_OK(qhm_module_append_take(sequence, name, module));
    }
    return sequence;
}

static void only_what_follows_the_quantum_module_is_found(void **state)
{
    (void)state;
    qhm_module *model =
        create_sequence((const char *const[]){"linear", "quantum", "activation", "linear"}, 4);
    qhm_finished_head head = {0};
    REQUIRE_OK(qhm_finished_head_find(model, &head));
    assert_int_equal(head.parameter_count, 2);
    assert_string_equal(qhm_parameter_name(head.parameters[0]), "m3.weight");
    assert_string_equal(qhm_parameter_name(head.parameters[1]), "m3.bias");
    qhm_finished_head_release(&head);
    qhm_module_destroy(model);
}

static void sequences_within_a_sequence_have_their_ends_too(void **state)
{
    (void)state;
    qhm_module *outer =
        create_sequence((const char *const[]){"linear", "random_features", "linear"}, 3);
    qhm_module *inner = create_sequence((const char *const[]){"quantum", "linear"}, 2), *last;
    REQUIRE_OK(qhm_module_append_take(outer, "inner", inner));
    const qhm_module_setting setting = {.input = {1, {2}}, .output_width = 2};
    REQUIRE_OK(qhm_module_create("random_features", &setting, NULL, &last)); // fixed numbers
    REQUIRE_OK(qhm_module_append_take(outer, "fixed", last));
    REQUIRE_OK(qhm_module_create("linear", &setting, NULL, &last));
    REQUIRE_OK(qhm_module_append_take(outer, "last", last));
    qhm_finished_head head = {0};
    REQUIRE_OK(qhm_finished_head_find(outer, &head));
    static const char *const names[] = {"inner.m1.weight", "inner.m1.bias", "last.weight",
                                        "last.bias"};
    assert_int_equal(head.parameter_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(qhm_parameter_name(head.parameters[i]), names[i]);
    qhm_finished_head_release(&head);
    qhm_module_destroy(outer);
}

static void a_model_without_a_classical_end_is_refused(void **state)
{
    (void)state;
    static const char *const kinds[] = {"linear", "quantum", "activation"};
    for (size_t count = 1; count <= 3; count++) {
        qhm_module *model = create_sequence(kinds, count);
        qhm_finished_head head = {0};
        REQUIRE_FAILS(qhm_finished_head_find(model, &head), QHM_ERROR_UNSUPPORTED,
                      "no classical module with weights comes after a quantum one");
        qhm_finished_head_release(&head);
        qhm_module_destroy(model);
    }
}

static qhm_status find_only(void *context)
{
    qhm_finished_head head = {0};
    const qhm_status status = qhm_finished_head_find(context, &head);
    qhm_finished_head_release(&head);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_module *model = create_sequence((const char *const[]){"quantum", "linear"}, 2);
    require_survives_failing_memory(find_only, model);
    qhm_module_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_follows_the_quantum_module_is_found),
        cmocka_unit_test(sequences_within_a_sequence_have_their_ends_too),
        cmocka_unit_test(a_model_without_a_classical_end_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("experiment/finished_head", tests, NULL, NULL);
}
