// Errors and warnings with their places: counted, cut, shown.
#include "base/diagnostics_internal.h"

#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/types.h>

static void add(qhm_diagnostics *diagnostics, bool is_error, const char *text, size_t offset)
{
    REQUIRE_OK(qhm_diagnostics_add(diagnostics, is_error, "a.txt", text, strlen(text), offset,
                                   is_error ? "wrong" : "odd", is_error ? "mend it" : NULL));
}

static void require_printed(const qhm_diagnostics *diagnostics, bool ascii, const char *expected)
{
    char *text;
    REQUIRE_OK(qhm_diagnostics_print(diagnostics, ascii, &text));
    assert_string_equal(text, expected);
    qhm_string_destroy(text);
}

static void places_count_lines_and_characters_from_one(void **state)
{
    (void)state;
    static const char text[] = "one\r\n\tz\xC3\xA4hl x\n\nlast";
    static const struct {
        size_t offset, line, column;
    } rows[] = {{0, 1, 1},  {2, 1, 3},  {5, 2, 1},  {6, 2, 2}, {9, 2, 4},
                {12, 2, 7}, {14, 3, 1}, {15, 4, 1}, {19, 4, 5}};
    qhm_diagnostics *diagnostics;
    REQUIRE_OK(qhm_diagnostics_create(&diagnostics));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        add(diagnostics, true, text, rows[i].offset);
        const qhm_diagnostic *item = qhm_diagnostics_item(diagnostics, i);
        assert_int_equal(item->line, rows[i].line);
        assert_int_equal(item->column, rows[i].column);
    }
    assert_string_equal(qhm_diagnostics_item(diagnostics, 1)->source_line, "one");
    qhm_diagnostics_destroy(diagnostics);
}

static void what_is_printed_has_a_caret_below_its_character(void **state)
{
    (void)state;
    static const char text[] = "\tz\xC3\xA4hl x;\nnext";
    qhm_diagnostics *diagnostics;
    REQUIRE_OK(qhm_diagnostics_create(&diagnostics));
    require_printed(diagnostics, false, "");
    require_printed(NULL, false, "");
    add(diagnostics, true, text, 7);
    add(diagnostics, false, text, 10);
    add(diagnostics, true, text, 7); // the same place: the same cause
    assert_int_equal(qhm_diagnostics_count(diagnostics), 2);
    assert_int_equal(qhm_diagnostics_error_count(diagnostics), 1);
    require_printed(
        diagnostics, false,
        "a.txt:1:7: error: wrong\n    \tz\xC3\xA4hl x;\n    \t     ^\n    hint: mend it\n"
        "a.txt:2:1: warning: odd\n    next\n    ^\n");
    require_printed(diagnostics, true,
                    "a.txt:1:7: error: wrong\n    \tz?hl x;\n    \t     ^\n    hint: mend it\n"
                    "a.txt:2:1: warning: odd\n    next\n    ^\n");
    REQUIRE_FAILS(qhm_diagnostics_status(diagnostics), QHM_ERROR_BAD_INPUT, "a.txt:1:7: wrong");
    add(diagnostics, true, text, 8);
    REQUIRE_FAILS(qhm_diagnostics_status(diagnostics), QHM_ERROR_BAD_INPUT,
                  "a.txt:1:7: wrong (and 1 more)");
    qhm_diagnostics_destroy(diagnostics);
}

static void long_lines_are_cut_at_characters(void **state)
{
    (void)state;
    enum { PAIRS = 1000 };
    char text[2 * PAIRS + 1];
    for (size_t i = 0; i < PAIRS; i++)
        memcpy(text + 2 * i, "\xC3\xA4", 2);
    text[2 * PAIRS] = '\0';
    for (size_t offset = 990; offset < 1010; offset += 2) {
        qhm_diagnostics *diagnostics;
        REQUIRE_OK(qhm_diagnostics_create(&diagnostics));
        add(diagnostics, true, text, offset);
        const char *line = qhm_diagnostics_item(diagnostics, 0)->source_line;
        assert_int_equal(strlen(line), 3 + 72 + 72 + 3);
        assert_memory_equal(line, "...\xC3\xA4", 5);
        char *printed;
        REQUIRE_OK(qhm_diagnostics_print(diagnostics, false, &printed));
        char caret[64];
        snprintf(caret, sizeof caret, "\n    %*s^\n", 3 + 36, "");
        assert_non_null(strstr(printed, caret));
        qhm_string_destroy(printed);
        qhm_diagnostics_destroy(diagnostics);
    }
}

static qhm_status fill_list(void *context)
{
    (void)context;
    qhm_diagnostics *diagnostics;
    char *text;
    QHM_TRY(qhm_diagnostics_create(&diagnostics));
    qhm_status status = qhm_diagnostics_add(diagnostics, true, "a", "b\n", 2, 0, "c", "d");
    if (status == QHM_OK)
        status = qhm_diagnostics_print(diagnostics, false, &text);
    if (status == QHM_OK)
        qhm_string_destroy(text);
    qhm_diagnostics_destroy(diagnostics);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    require_survives_failing_memory(fill_list, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_count_lines_and_characters_from_one),
        cmocka_unit_test(what_is_printed_has_a_caret_below_its_character),
        cmocka_unit_test(long_lines_are_cut_at_characters),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
