// The claims by their names: every row runs, and its verdict comes with numbers.
#include "claim/claim_internal.h"
#include "claim/scaling.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/types.h>
#include <stdlib.h>
#include <string.h>

static void every_claim_runs_and_says_why(void **state)
{
    (void)state;
    static const char *const verdicts[] = {"holds", "holds with a condition", "does not hold",
                                           "cannot be checked here"};
    for (size_t i = 0; i < qhm_claim_count(); i++) {
        const qhm_claim_info *info = qhm_claim_information(i);
        char *text;
        bool is_known = false;
        REQUIRE_OK(qhm_claim_run(info->name, &(qhm_claim_options){.is_quick = true}, &text));
        json_t *result = json_loads(text, 0, NULL);
        const char *verdict = json_string_value(json_object_get(result, "verdict"));
        for (size_t v = 0; v < 4; v++)
            is_known = is_known || strcmp(verdict, verdicts[v]) == 0;
        assert_true(is_known);
        assert_true(strlen(json_string_value(json_object_get(result, "finding"))) > 20);
        assert_true(json_object_size(json_object_get(result, "numbers")) > 0);
        assert_non_null(
            strstr(json_string_value(json_object_get(result, "reproduce")), info->name));
        json_decref(result);
        qhm_string_destroy(text);
    }
}

static void a_name_that_slipped_is_suggested(void **state)
{
    (void)state;
    const qhm_claim_info *info;
    char *text;
    REQUIRE_OK(qhm_claim_find("theorem-a1", &info));
    assert_string_equal(info->name, "theorem-a1");
    REQUIRE_FAILS(qhm_claim_find("theorem-a2", &info), QHM_ERROR_NOT_FOUND, "theorem-a1");
    REQUIRE_FAILS(qhm_claim_run("nothing", NULL, &text), QHM_ERROR_NOT_FOUND, "nothing");
}

static bool always(void *context)
{
    (void)context;
    return true;
}

static void work_ends_when_it_is_asked_to(void **state)
{
    (void)state;
    char *text;
    REQUIRE_FAILS(qhm_claim_run("theorem-a1", &(qhm_claim_options){.should_stop = always}, &text),
                  QHM_ERROR_CANCELLED, "stopped");
}

static qhm_status try_named(void *name)
{
    char *text;
    const qhm_claim_options options = {.is_quick = true};
    const qhm_status status = qhm_claim_run(name, &options, &text);
    if (status == QHM_OK)
        qhm_string_destroy(text);
    return status;
}

static void claims_survive_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(try_named, "softmax-state");
    require_survives_failing_memory(try_named, "sixty-four-dimensions");
    require_survives_failing_memory(try_named, "two-decimals");
}

static void exponents_come_with_how_straight_the_line_is(void **state)
{
    (void)state;
    const double x[] = {2, 4, 8, 16}, cubes[] = {8, 64, 512, 4096}, bent[] = {8, 64, 600, 4096};
    const qhm_interval straight = qhm_scaling_exponent(x, cubes, 4);
    REQUIRE_NEAR(straight.mean, 3, 1e-12);
    REQUIRE_NEAR(straight.lower, 3, 1e-6);
    REQUIRE_NEAR(straight.upper, 3, 1e-6);
    // Student's t for two degrees of freedom is 4.3027.
    const qhm_interval wide = qhm_scaling_exponent(x, bent, 4);
    REQUIRE_NEAR(wide.mean, 3.022881869, 1e-8);
    REQUIRE_NEAR(wide.lower, 2.762400413, 1e-8);
    REQUIRE_NEAR(wide.upper, 3.283363325, 1e-8);
    assert_true(isnan(qhm_scaling_exponent(x, cubes, 1).mean));
    assert_true(isnan(qhm_scaling_exponent(x, cubes, 2).lower));
}

static void plots_are_drawn_from_results(void **state)
{
    (void)state;
    char *svg;
    json_t *plot = json_object();
    qhm_plot_begin(plot, "growth", "n", "gates");
    qhm_plot_add(plot, "line <1>", (double[]){1, 10, 100}, (double[]){5, 0, 500}, 3);
    json_t *result = json_pack("{s:o}", "plot", plot);
    char *text = json_dumps(result, 0);
    REQUIRE_OK(qhm_claim_draw_svg(text, &svg));
    assert_non_null(strstr(svg, "line &lt;1&gt;"));
    qhm_string_destroy(svg);
    free(text);
    json_decref(result);
    REQUIRE_FAILS(qhm_claim_draw_svg("{\"numbers\": {}}", &svg), QHM_ERROR_UNSUPPORTED, "plot");
    REQUIRE_FAILS(qhm_claim_draw_svg("no", &svg), QHM_ERROR_BAD_INPUT, "result");
    REQUIRE_FAILS(qhm_claim_draw_svg("{\"plot\": {\"series\": []}}", &svg), QHM_ERROR_BAD_INPUT,
                  "0 lines");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_claim_runs_and_says_why),
        cmocka_unit_test(a_name_that_slipped_is_suggested),
        cmocka_unit_test(work_ends_when_it_is_asked_to),
        cmocka_unit_test(claims_survive_failing_memory),
        cmocka_unit_test(exponents_come_with_how_straight_the_line_is),
        cmocka_unit_test(plots_are_drawn_from_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
