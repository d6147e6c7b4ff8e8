#include "base/svg.h"

#include "base/memory.h"
#include "base/svg_internal.h"
#include "support/german_locale.h"
#include "support/well_formed.h"

static const double epochs[] = {1, 2, 3, 4}, scores[] = {0.2, NAN, 0.5, 0.55},
                    lower[] = {0.1, NAN, 0.4, 0.5}, upper[] = {0.3, NAN, 0.6, 0.6};

static char *line_chart(const char *name)
{
    qhm_text out = {0};
    char *text;
    const qhm_svg_series series[] = {
        {.name = name, .x = epochs, .y = scores, .lower = lower, .upper = upper, .count = 4},
        {.name = "other", .x = epochs, .y = upper, .count = 4, .colour = 13}};
    qhm_svg_print_line_chart(&(qhm_svg_line_chart){.title = name,
                                                   .x_label = "epoch",
                                                   .y_label = "score",
                                                   .series = series,
                                                   .series_count = 2},
                             &out);
    REQUIRE_OK(qhm_text_take(&out, &text));
    return text;
}

static char *interval_chart(double mean, double low, double high)
{
    qhm_text out = {0};
    char *text;
    const qhm_svg_row rows[] = {{.name = "a & b", .value = {mean, low, high}, .colour = 0},
                                {.name = "c", .value = {NAN, NAN, NAN}, .colour = 1}};
    const qhm_svg_mark marks[] = {{0, "no difference"}, {0.02, "margin"}};
    qhm_svg_print_interval_chart(&(qhm_svg_interval_chart){.title = "t",
                                                           .x_label = "x",
                                                           .rows = rows,
                                                           .row_count = 2,
                                                           .marks = marks,
                                                           .mark_count = 2},
                                 &out);
    REQUIRE_OK(qhm_text_take(&out, &text));
    return text;
}

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

static void ticks_are_round_numbers_around_the_data(void **state)
{
    (void)state;
    for (int i = 0; i < 400; i++) {
        double low = pow(10, (i % 20) - 8) * (i % 7 - 3),
               high = low + pow(10, i % 11 - 5) * (1 + i);
        if (high - low <= 1e-9 * fabs(high))
            continue;
        qhm_svg_axis axis = qhm_svg_axis_over(low, high, 5, 0, 100);
        double mantissa = axis.step / pow(10, floor(log10(axis.step) + 1e-9));
        assert_true(fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 ||
                    fabs(mantissa - 5) < 1e-6);
        assert_in_range(axis.tick_count, 3, 8);
        double slack = 1e-5 * axis.step;
        assert_true(axis.low <= low + slack && axis.high >= high - slack);
        assert_true(qhm_svg_place(&axis, low) >= -0.1 && qhm_svg_place(&axis, high) <= 100.1);
        REQUIRE_NEAR(qhm_svg_tick(&axis, axis.tick_count - 1), axis.high, slack);
    }
    qhm_svg_axis axis = qhm_svg_axis_over(0.43, 0.81, 5, 0, 1);
    REQUIRE_NEAR(axis.step, 0.1, 1e-15);
    assert_int_equal(axis.decimals, 1);
    assert_int_equal(qhm_svg_axis_over(0, 0.02, 5, 0, 1).decimals, 3);
    assert_int_equal(qhm_svg_axis_over(0, 3000, 5, 0, 1).decimals, 0);
    axis = qhm_svg_axis_over(0.5, 0.5, 5, 0, 1); // equal ends are drawn apart
    assert_true(axis.low < 0.5 && axis.high > 0.5);
}

static void a_line_chart_has_its_curves_band_and_gap(void **state)
{
    (void)state;
    char *text = line_chart("hybrid");
    assert_int_equal(require_well_formed(text, "path"), 3); // a band and two curves
    assert_non_null(strstr(text, "curve c1\""));            // colour 13 is colour 1 again
    const char *curve = strstr(text, "curve c0\" d=\"");
    assert_non_null(curve);
    char path[200] = {0};
    strncpy(path, curve, strcspn(curve + 14, "\"") + 14);
    assert_int_equal(count_of(path, "M"), 2); // the NaN breaks the line
    assert_null(strstr(text, "nan"));
    qhm_release(text);
}

static void an_interval_chart_shows_values_and_what_is_missing(void **state)
{
    (void)state;
    char *text = interval_chart(-0.015, -0.04, 0.0101);
    assert_int_equal(require_well_formed(text, "circle"), 1);
    assert_non_null(strstr(text, "−0.015 (−0.040 to 0.010)"));
    assert_non_null(strstr(text, "a &amp; b"));
    assert_non_null(strstr(text, "not measured"));
    qhm_release(text);
    text = interval_chart(0.5, NAN, NAN);
    assert_int_equal(require_well_formed(text, "circle"), 1);
    assert_null(strstr(text, "nan"));
    qhm_release(text);
}

static void a_heat_map_has_every_cell(void **state)
{
    (void)state;
    const char *const labels[] = {"<cat>", "dog", "an animal with a very long name"};
    const size_t counts[] = {5, 1, 0, 2, 7, 0, 0, 0, 0};
    qhm_text out = {0};
    qhm_svg_print_heat_map(&(qhm_svg_heat_map){.title = "t",
                                               .row_label = "truth",
                                               .column_label = "answer",
                                               .labels = labels,
                                               .label_count = 3,
                                               .counts = counts},
                           &out);
    assert_int_equal(require_well_formed(out.bytes, "rect"), 9);
    assert_non_null(strstr(out.bytes, "&lt;cat&gt; taken for dog: 1 of 6"));
    assert_non_null(strstr(out.bytes, "an animal with a …"));
    assert_null(strstr(out.bytes, "nan")); // the empty last row
    qhm_text_release(&out);
}

static void plots_without_values_say_so(void **state)
{
    (void)state;
    char *text = interval_chart(NAN, 0, 1);
    require_well_formed(text, "svg");
    assert_non_null(strstr(text, "nothing was measured"));
    qhm_release(text);
    qhm_text out = {0};
    qhm_svg_print_line_chart(&(qhm_svg_line_chart){.title = "t"}, &out);
    qhm_svg_print_heat_map(&(qhm_svg_heat_map){.title = "t"}, &out);
    assert_int_equal(count_of(out.bytes, "nothing was measured"), 2);
    qhm_text_release(&out);
}

static void values_out_of_all_proportion_are_left_out(void **state)
{
    (void)state;
    static const double extremes[][3] = {{1e308, -1e308, 1e308},
                                         {5e-324, 0, 1e-300},
                                         {1, 1, 1e308},
                                         {0, -5e-324, 5e-324},
                                         {1e99, -1e99, 1e99}};
    for (size_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
        char *text = interval_chart(extremes[i][0], extremes[i][1], extremes[i][2]);
        assert_in_range(require_well_formed(text, "line"), 0, 20);
        qhm_release(text);
    }
}

static void names_cannot_break_the_markup(void **state)
{
    (void)state;
    static const char *const names[] = {"</text><script>x</script>", "a \"b\" 'c' & d",
                                        "broken \xff utf-8", "bell \a and escape \x1b",
                                        "ein sehr langer Name, der abgeschnitten wird: <&>\"'"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *text = line_chart(names[i]);
        assert_int_equal(require_well_formed(text, "script"), 0);
        qhm_release(text);
    }
}

static void numbers_have_a_point_in_every_locale(void **state)
{
    (void)state;
    char *plain = line_chart("a");
    enter_german_locale();
    char *german = line_chart("a");
    leave_german_locale();
    assert_string_equal(plain, german);
    qhm_release(plain);
    qhm_release(german);
}

static void values_for_readers_have_a_true_minus(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{-0.25, "−0.25"}, {-0.001, "0.00"}, {0, "0.00"}, {NAN, "–"}, {12.345, "12.35"}};
    for (size_t i = 0; i < 5; i++) {
        qhm_text out = {0};
        qhm_svg_append_value(rows[i].value, 2, &out);
        assert_string_equal(out.bytes, rows[i].text);
        qhm_text_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round_numbers_around_the_data),
        cmocka_unit_test(a_line_chart_has_its_curves_band_and_gap),
        cmocka_unit_test(an_interval_chart_shows_values_and_what_is_missing),
        cmocka_unit_test(a_heat_map_has_every_cell),
        cmocka_unit_test(plots_without_values_say_so),
        cmocka_unit_test(values_out_of_all_proportion_are_left_out),
        cmocka_unit_test(names_cannot_break_the_markup),
        cmocka_unit_test(numbers_have_a_point_in_every_locale),
        cmocka_unit_test(values_for_readers_have_a_true_minus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
