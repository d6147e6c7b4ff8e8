// Growing strings, numbers in a foreign locale, UTF-8, spelling suggestions.
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/german_locale.h"

#include "base/text.h"

#include <float.h>
#include <qhm/random.h>

static void texts_grow_and_are_handed_over(void **state)
{
    (void)state;
    qhm_text text = {0};
    char *taken = NULL;
    REQUIRE_OK(qhm_text_take(&text, &taken));
    assert_string_equal(taken, "");
    qhm_release(taken);

    for (int i = 0; i < 100; i++)
        qhm_text_print(&text, "%d,", i % 10);
    qhm_text_append_bytes(&text, "end!", 3);
    qhm_text_append_bytes(&text, NULL, 0);
    assert_int_equal(text.length, 203);
    REQUIRE_OK(qhm_text_take(&text, &taken));
    assert_int_equal(strlen(taken), 203);
    assert_memory_equal(taken, "0,1,2,", 6);
    assert_string_equal(taken + 200, "end");
    assert_null(text.bytes);
    qhm_release(taken);
}

static qhm_status print_a_page(void *context)
{
    (void)context;
    qhm_text text = {0};
    char *page;
    for (int i = 0; i < 50; i++) {
        qhm_text_print(&text, "line %d ", i);
        qhm_text_append_number(&text, i / 7.0);
        qhm_text_append(&text, "\n");
    }
    QHM_TRY(qhm_text_take(&text, &page));
    qhm_release(page);
    return QHM_OK;
}

static void the_first_failure_sticks_and_leaks_nothing(void **state)
{
    (void)state;
    require_survives_failing_memory(print_a_page, NULL);
}

static void require_number(double value, const char *expected)
{
    qhm_text text = {0};
    char *printed;
    qhm_text_append_number(&text, value);
    REQUIRE_OK(qhm_text_take(&text, &printed));
    assert_string_equal(printed, expected);
    qhm_release(printed);
}

static void require_fixed(double value, int decimals, const char *expected)
{
    qhm_text text = {0};
    char *printed;
    qhm_text_append_fixed(&text, value, decimals);
    REQUIRE_OK(qhm_text_take(&text, &printed));
    assert_string_equal(printed, expected);
    qhm_release(printed);
}

static void numbers_print_the_same_in_every_locale(void **state)
{
    (void)state;
    for (int german = 0; german < 2; german++) {
        if (german)
            enter_german_locale();
        require_number(0.1, "0.1");
        require_number(1.0 / 3, "0.3333333333333333");
        require_number(-0.0, "-0");
        require_number(5e-324, "4.94065645841247e-324");
        require_number(1e22, "1e+22");
        require_fixed(2.675, 2, "2.67");
        require_fixed(-1.5, 0, "-2");
        require_fixed(0.125, 6, "0.125000");
        qhm_text text = {0};
        char *printed;
        qhm_text_print(&text, "%.2f %g", 0.5, 1e-3);
        REQUIRE_OK(qhm_text_take(&text, &printed));
        assert_string_equal(printed, "0.50 0.001");
        qhm_release(printed);
        double value = 0;
        assert_true(qhm_parse_double("-2.5e-1", &value));
        REQUIRE_NEAR(value, -0.25, 0);
        assert_false(qhm_parse_double("2,5", &value));
    }
    char digits[8];
    snprintf(digits, sizeof digits, "%.1f", 0.5);
    assert_string_equal(digits, "0,5"); // the caller's locale is left as it was
    leave_german_locale();
}

static void the_widest_fixed_number_is_whole(void **state)
{
    (void)state;
    qhm_text text = {0};
    char *printed;
    qhm_text_append_fixed(&text, -DBL_MAX, 200);
    REQUIRE_OK(qhm_text_take(&text, &printed));
    assert_int_equal(strlen(printed), 1 + 309 + 1 + 200);
    qhm_release(printed);
}

static void printed_numbers_read_back_the_same(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 2, 0, 0);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = qhm_random_u64(&random);
        double value, again = 0;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        qhm_text text = {0};
        char *printed;
        qhm_text_append_number(&text, value);
        REQUIRE_OK(qhm_text_take(&text, &printed));
        assert_true(qhm_parse_double(printed, &again));
        assert_memory_equal(&again, &value, sizeof value);
        qhm_release(printed);
    }
}

static void doubles_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",     " 1", "1 ",    "1.2.3", "0x10", "nan", "inf",
                                        "-inf", "1e", "1e999", "--1",   "1d0",  "1_0", "\xd9\xa1"};
    static const struct {
        const char *text;
        double value;
    } right[] = {{"1", 1}, {"-.5", -0.5}, {"+3.", 3}, {"1E3", 1000}, {"1e-999", 0}};
    double value = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (qhm_parse_double(wrong[i], &value))
            fail_msg("\"%s\" was read as %g", wrong[i], value);
    REQUIRE_NEAR(value, 7, 0);
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_true(qhm_parse_double(right[i].text, &value));
        REQUIRE_NEAR(value, right[i].value, 0);
    }
}

static void integers_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", " 1", "1 ", "1.0", "1e3", "0x1", "-", "+", "a"};
    int64_t whole = 7;
    uint64_t natural = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(qhm_parse_int64(wrong[i], &whole));
        assert_false(qhm_parse_uint64(wrong[i], &natural));
    }
    assert_false(qhm_parse_uint64("-1", &natural));
    assert_false(qhm_parse_uint64("18446744073709551616", &natural));
    assert_false(qhm_parse_int64("9223372036854775808", &whole));
    assert_int_equal(whole, 7);
    assert_int_equal(natural, 7);
    assert_true(qhm_parse_uint64("18446744073709551615", &natural));
    assert_true(natural == UINT64_MAX);
    assert_true(qhm_parse_int64("-9223372036854775808", &whole));
    assert_true(whole == INT64_MIN);
}

static void truth_has_three_spellings(void **state)
{
    (void)state;
    bool value = false;
    assert_true(qhm_parse_bool("yes", &value) && value);
    assert_true(qhm_parse_bool("off", &value) && !value);
    assert_true(qhm_parse_bool("true", &value) && value);
    assert_false(qhm_parse_bool("maybe", &value));
    assert_false(qhm_parse_bool("", &value));
    assert_true(value);
}

static void every_character_survives_utf8(void **state)
{
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        char room[8] = "";
        // Not through the heap each time: a text with room of its own never grows.
        qhm_text text = {.bytes = room, .capacity = sizeof room};
        qhm_text_append_utf8(&text, c);
        const char *cursor = room;
        if (qhm_utf8_next(&cursor) != c || *cursor != '\0' || cursor != room + text.length)
            fail_msg("U+%04X is not itself after encoding and decoding", c);
    }
}

static void malformed_utf8_is_replaced_byte_by_byte(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "\x80",             // a continuation alone
        "\xff",             // never a byte of UTF-8
        "\xc0\xaf",         // "/" in two bytes
        "\xe0\x80\xaf",     // "/" in three
        "\xed\xa0\x80",     // a surrogate
        "\xf4\x90\x80\x80", // beyond U+10FFFF
        "\xe2\x82",         // cut
        "\xf0\x9f\x98",     // cut
    };
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        const char *cursor = malformed[i];
        for (size_t byte = 0; byte < strlen(malformed[i]); byte++)
            assert_int_equal(qhm_utf8_next(&cursor), 0xFFFD);
        assert_int_equal(qhm_utf8_next(&cursor), 0);
        assert_int_equal(qhm_utf8_next(&cursor), 0); // the end is not passed
    }
    qhm_text text = {0};
    char *printed;
    qhm_text_append_utf8(&text, 0xD800);
    qhm_text_append_utf8(&text, 0x110000);
    REQUIRE_OK(qhm_text_take(&text, &printed));
    assert_string_equal(printed, "\xef\xbf\xbd\xef\xbf\xbd");
    qhm_release(printed);
}

static void a_slip_finds_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"epochs", "learning_rate", "batch_size", "seed"};
    static const struct {
        const char *wrong, *meant;
    } cases[] = {
        {"epoch", "epochs"},
        {"epcohs", "epochs"},
        {"learning-rate", "learning_rate"},
        {"batchsize", "batch_size"},
        {"sede", "seed"},
        {"seed", "seed"},
        {"qubits", NULL},
        {"zzzz", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *found = qhm_nearest_name(cases[i].wrong, names, 4);
        if (!cases[i].meant)
            assert_null(found);
        else
            assert_string_equal(found, cases[i].meant);
    }
    char endless[200];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(qhm_nearest_name(endless, names, 4));
    const char *const longest[] = {endless};
    assert_null(qhm_nearest_name("a", longest, 1));
    assert_null(qhm_nearest_name("seed", names, 0));
}

static void names_are_found_or_the_nearest_is_suggested(void **state)
{
    (void)state;
    static const char *const names[] = {"angle", "basis", "zz"};
    size_t index = 7;
    REQUIRE_OK(qhm_find_name("map", "basis", names, 3, &index));
    assert_int_equal(index, 1);
    REQUIRE_FAILS(qhm_find_name("map", "angel", names, 3, &index), QHM_ERROR_NOT_FOUND,
                  "there is no map \"angel\"; did you mean \"angle\"?");
    REQUIRE_FAILS(qhm_find_name("map", "amplitude", names, 3, &index), QHM_ERROR_NOT_FOUND,
                  "there is no map \"amplitude\"");
    REQUIRE_FAILS(qhm_find_name("map", NULL, names, 3, &index), QHM_ERROR_INVALID_ARGUMENT,
                  "finding a map");
    assert_int_equal(index, 1);
}

static void markup_is_escaped_and_cleaned(void **state)
{
    (void)state;
    qhm_text text = {0};
    qhm_text_append_markup(&text, "<a href='x'>\"é\" & co</a>\n\x01\xff");
    assert_string_equal(text.bytes, "&lt;a href=&#39;x&#39;&gt;&quot;é&quot; &amp; co&lt;/a&gt;\n"
                                    "\uFFFD\uFFFD");
    qhm_text_release(&text);
}

static void a_part_that_failed_fails_its_text(void **state)
{
    (void)state;
    qhm_text text = {0}, part = {0};
    qhm_text_append(&text, "whole");
    qhm_memory_fail_from(1);
    qhm_text_append(&part, "lost");
    qhm_memory_fail_from(0);
    qhm_text_release_part(&text, &part);
    char *taken = NULL;
    assert_int_equal(qhm_text_take(&text, &taken), QHM_ERROR_OUT_OF_MEMORY);
    assert_null(taken);
}

static void memory_is_told_in_binary_units(void **state)
{
    (void)state;
    const struct {
        double bytes;
        const char *text;
    } cases[] = {{0, "0 bytes"},
                 {1023, "1023 bytes"},
                 {1536, "1.5 KiB"},
                 {64.0 * (1 << 30), "64 GiB"},
                 {24696061952.0, "23 GiB"},
                 {ldexp(1, 69), "512 EiB"},
                 {ldexp(1, 70), "more than 1024 EiB"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        qhm_format_memory(cases[i].bytes, text, sizeof text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_grow_and_are_handed_over),
        cmocka_unit_test(the_first_failure_sticks_and_leaks_nothing),
        cmocka_unit_test(numbers_print_the_same_in_every_locale),
        cmocka_unit_test(the_widest_fixed_number_is_whole),
        cmocka_unit_test(printed_numbers_read_back_the_same),
        cmocka_unit_test(doubles_are_read_whole_or_not_at_all),
        cmocka_unit_test(integers_are_read_whole_or_not_at_all),
        cmocka_unit_test(truth_has_three_spellings),
        cmocka_unit_test(every_character_survives_utf8),
        cmocka_unit_test(malformed_utf8_is_replaced_byte_by_byte),
        cmocka_unit_test(a_slip_finds_its_name),
        cmocka_unit_test(names_are_found_or_the_nearest_is_suggested),
        cmocka_unit_test(markup_is_escaped_and_cleaned),
        cmocka_unit_test(a_part_that_failed_fails_its_text),
        cmocka_unit_test(memory_is_told_in_binary_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
