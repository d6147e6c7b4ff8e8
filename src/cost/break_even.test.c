// Crossings that are known on paper, and those that there are not.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/break_even.h>
#include <qhm/types.h>

static qhm_cost_law parse(const char *text)
{
    qhm_cost_law law;
    REQUIRE_OK(qhm_cost_law_parse(text, &law));
    return law;
}

static qhm_break_even_options sides(const char *classical, const char *layers, double seconds)
{
    return (qhm_break_even_options){.classical_seconds = parse(classical),
                                    .quantum_layers = parse(layers),
                                    .layer_seconds = seconds};
}

static qhm_break_even find(const qhm_break_even_options *options)
{
    qhm_break_even result;
    REQUIRE_OK(qhm_break_even_find(options, &result));
    return result;
}

static void laws_are_read_as_they_are_written(void **state)
{
    (void)state;
    REQUIRE_NEAR(qhm_cost_law_value(&(qhm_cost_law){0}, 5), 0, 0);
    const struct {
        const char *text;
        double at_16;
    } known[] = {{"1e-9*n^2", 256e-9},
                 {"2", 2},
                 {"n", 16},
                 {"3*lg(n)^2", 48},
                 {"n*lg(n)", 64},
                 {"  2 * n ^ 0.5 + 1.5e+0*n^-1 ", 8.09375},
                 {"n*n*2*3", 6 * 256.0},
                 {"lg(n)+n+.5", 20.5}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const qhm_cost_law law = parse(known[i].text);
        REQUIRE_NEAR(qhm_cost_law_value(&law, 16), known[i].at_16, 1e-12 * known[i].at_16);
    }
}

static void mistakes_in_laws_have_their_column(void **state)
{
    (void)state;
    const struct {
        const char *text, *part;
    } wrong[] = {{"", "column 1 of the law \"\" is not a number, n or lg(n)"},
                 {"2 n", "column 3"},
                 {"2*", "column 3"},
                 {"n^", "column 3 of the law \"n^\" is not a number"},
                 {"n^2+", "column 5"},
                 {"-1*n", "column 1"},
                 {"0*n", "a coefficient above 0"},
                 {"lg(m)", "column 1"},
                 {"1e999", "a number"},
                 {"n^1.2.3", "a number"},
                 {"1+1+1+1+1+1+1+1+1", "more than 8 terms"}};
    qhm_cost_law law;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        REQUIRE_FAILS(qhm_cost_law_parse(wrong[i].text, &law), QHM_ERROR_BAD_INPUT, wrong[i].part);
    REQUIRE_FAILS(qhm_cost_law_parse(NULL, &law), QHM_ERROR_INVALID_ARGUMENT, "a law needs");
}

static void measured_points_give_back_their_law(void **state)
{
    (void)state;
    const double n[] = {4, 16, 64}, seconds[] = {3e-6 * 8, 3e-6 * 64, 3e-6 * 512};
    qhm_cost_law law;
    REQUIRE_OK(qhm_cost_law_fit(n, seconds, 3, &law));
    assert_int_equal(law.count, 1);
    REQUIRE_NEAR(law.terms[0].power, 1.5, 1e-12);
    REQUIRE_NEAR(law.terms[0].coefficient, 3e-6, 1e-17);
    REQUIRE_FAILS(qhm_cost_law_fit(n, seconds, 1, &law), QHM_ERROR_INVALID_ARGUMENT, "two points");
    REQUIRE_FAILS(qhm_cost_law_fit((double[]){2, 2}, seconds, 2, &law), QHM_ERROR_INVALID_ARGUMENT,
                  "the same n");
    REQUIRE_FAILS(qhm_cost_law_fit((double[]){2, -1}, seconds, 2, &law), QHM_ERROR_INVALID_ARGUMENT,
                  "point 1 is -1");
}

// 1e-9 n^2 = 1e-6 n^1.5 at n = 10^6.
static void power_laws_cross_where_they_must(void **state)
{
    (void)state;
    qhm_break_even_options options = sides("1e-9*n^2", "n^1.5", 1e-6);
    options.size = 1e4;
    const qhm_break_even result = find(&options);
    REQUIRE_NEAR(result.from / 1e6, 1, 1e-9);
    assert_true(isnan(result.until));
    REQUIRE_NEAR(result.classical_seconds, 0.1, 1e-12);
    REQUIRE_NEAR(result.quantum_seconds, 1, 1e-12);
    REQUIRE_NEAR(result.layer_seconds, 1e-7, 1e-18); // ten times as fast
    assert_true(isnan(result.error));                // slower even without errors
}

static void a_better_classical_side_moves_the_crossing(void **state)
{
    (void)state;
    qhm_break_even_options options = sides("1e-9*n^2", "n^1.5", 1e-6);
    options.improvement = 2;
    options.years = 5; // 32 times as fast: sqrt(n) grows by 32
    REQUIRE_NEAR(find(&options).from / (1e6 * 1024), 1, 1e-9);
}

static void what_is_never_won_is_none(void **state)
{
    (void)state;
    qhm_break_even_options options = sides("1e-9*n", "n", 1e-6); // always a thousandfold
    assert_true(isnan(find(&options).from));
    assert_true(isnan(find(&options).until));
    options = sides("1e-9*n^2", "n^1.5", 10); // at 10^20, beyond 2^60
    assert_true(isnan(find(&options).from));
    options = sides("1e-9*n^2", "n^1.5", 1e-6);
    options.overhead_seconds = 1e30; // more than the classical side ever takes
    const qhm_break_even result = find(&options);
    assert_true(isnan(result.from));
    assert_true(isnan(result.layer_seconds));
    assert_true(isnan(result.error));
}

static void what_is_won_from_the_start_is_from_2(void **state)
{
    (void)state;
    const qhm_break_even_options options = sides("1*n", "n", 1e-6);
    REQUIRE_NEAR(find(&options).from, 2, 0);
}

// Dense attention at 1e14 operations a second, 128 wide, against Groverised rows with a free
// memory and 8-bit numbers: pi/4 n^1.5 queries of 2 (2 lg n + 2 * 1024) layers. By hand the
// crossing is near 7e18 for layers of 1 us, where 2^60 is 1.15e18, and near 7e14 for 10 ns.
static void grover_attention_breaks_even_where_it_is_known_to(void **state)
{
    (void)state;
    qhm_break_even_options options =
        sides("1.28e-12*n^2", "3.141592653589793*n^1.5*lg(n) + 3216.990877275948*n^1.5", 1e-8);
    const qhm_break_even result = find(&options);
    REQUIRE_NEAR(result.from / 6.9e14, 1, 0.01);
    options.layer_seconds = 1e-6;
    assert_true(isnan(find(&options).from));
}

static void errors_end_a_win_that_they_do_not_prevent(void **state)
{
    (void)state;
    qhm_break_even_options options = sides("1e-6*n^2", "n", 1e-6);
    options.error = 1e-3;
    // n^2 = n exp(0.002001 n): won from the start, lost where ln n = 0.002001 n.
    const qhm_break_even result = find(&options);
    REQUIRE_NEAR(result.from, 2, 0);
    assert_true(result.until > 1000);
    REQUIRE_NEAR(log(result.until), -2 * log1p(-1e-3) * result.until, 1e-6);
}

static void the_break_even_error_makes_both_sides_equal(void **state)
{
    (void)state;
    qhm_break_even_options options = sides("1e-6*n^2", "n", 1e-6);
    options.size = 100;
    options.quantum_gates = parse("3*n");
    options.error = find(&options).error;
    REQUIRE_NEAR(options.error, log(100) / 600, 1e-4);
    const qhm_break_even again = find(&options);
    REQUIRE_NEAR(again.quantum_seconds / again.classical_seconds, 1, 1e-9);
    // And the layer time is the one that there is.
    REQUIRE_NEAR(again.layer_seconds, 1e-6, 1e-14);
}

static void options_out_of_range_are_named(void **state)
{
    (void)state;
    const qhm_break_even_options good = sides("1*n", "n", 1e-6);
    qhm_break_even result;
    qhm_break_even_options bad = good;
    bad.layer_seconds = 0;
    REQUIRE_FAILS(qhm_break_even_find(&bad, &result), QHM_ERROR_INVALID_ARGUMENT,
                  "layer_seconds is 0");
    bad = good;
    bad.error = 1;
    REQUIRE_FAILS(qhm_break_even_find(&bad, &result), QHM_ERROR_INVALID_ARGUMENT, "error is 1");
    bad = good;
    bad.size = 1;
    REQUIRE_FAILS(qhm_break_even_find(&bad, &result), QHM_ERROR_INVALID_ARGUMENT, "size is 1");
    bad = good;
    bad.years = -1;
    REQUIRE_FAILS(qhm_break_even_find(&bad, &result), QHM_ERROR_INVALID_ARGUMENT, "years is -1");
    bad = good;
    bad.classical_seconds.count = 0;
    REQUIRE_FAILS(qhm_break_even_find(&bad, &result), QHM_ERROR_INVALID_ARGUMENT,
                  "classical_seconds has 0 terms");
    bad = good;
    bad.quantum_layers.terms[0].coefficient = -1;
    REQUIRE_FAILS(qhm_break_even_find(&bad, &result), QHM_ERROR_INVALID_ARGUMENT,
                  "term 0 of quantum_layers");
    REQUIRE_FAILS(qhm_break_even_find(NULL, &result), QHM_ERROR_INVALID_ARGUMENT, "options");
    REQUIRE_FAILS(qhm_break_even_draw_svg(&good, NULL), QHM_ERROR_INVALID_ARGUMENT, "place");
}

static qhm_status draw(void *context)
{
    char *text;
    const qhm_status status = qhm_break_even_draw_svg(context, &text);
    if (status != QHM_OK)
        return status;
    assert_non_null(strstr(text, "<svg xmlns"));
    assert_non_null(strstr(text, "classical"));
    assert_null(strstr(text, "nan"));
    qhm_string_destroy(text);
    return QHM_OK;
}

static void curves_are_drawn_also_where_errors_explode(void **state)
{
    (void)state;
    qhm_break_even_options options = sides("1e-9*n^2", "n^1.5", 1e-6);
    options.error = 0.5;
    require_survives_failing_memory(draw, &options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_are_read_as_they_are_written),
        cmocka_unit_test(mistakes_in_laws_have_their_column),
        cmocka_unit_test(measured_points_give_back_their_law),
        cmocka_unit_test(power_laws_cross_where_they_must),
        cmocka_unit_test(a_better_classical_side_moves_the_crossing),
        cmocka_unit_test(what_is_never_won_is_none),
        cmocka_unit_test(what_is_won_from_the_start_is_from_2),
        cmocka_unit_test(grover_attention_breaks_even_where_it_is_known_to),
        cmocka_unit_test(errors_end_a_win_that_they_do_not_prevent),
        cmocka_unit_test(the_break_even_error_makes_both_sides_equal),
        cmocka_unit_test(options_out_of_range_are_named),
        cmocka_unit_test(curves_are_drawn_also_where_errors_explode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
