// Messages: one line, valid UTF-8, cut at a character, each thread its own.
#include "support/checks.h"
#include "support/german_locale.h"

#include "base/status_internal.h"

#include <pthread.h>
#include <qhm/version.h>

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = QHM_OK; a <= QHM_ERROR_INTERNAL; a++) {
        assert_string_not_equal(qhm_status_name((qhm_status)a), "unknown status");
        for (int b = QHM_OK; b < a; b++)
            assert_string_not_equal(qhm_status_name((qhm_status)a), qhm_status_name((qhm_status)b));
    }
    assert_string_equal(qhm_status_name((qhm_status)99), "unknown status");
}

static qhm_status fails_with(const char *message)
{
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s", message);
}

static qhm_status adds_the_place(void)
{
    qhm_status status = fails_with("seed is x, not a number");
    qhm_prefix_error_message("%s:%d", "run.yaml", 3);
    return status;
}

static void a_caller_can_prepend_the_place(void **state)
{
    (void)state;
    assert_int_equal(adds_the_place(), QHM_ERROR_BAD_INPUT);
    assert_string_equal(qhm_error_message(), "run.yaml:3: seed is x, not a number");
}

static void a_message_may_quote_the_one_before(void **state)
{
    (void)state;
    qhm_set_error_message("first");
    qhm_set_error_message("second after %s", qhm_error_message());
    assert_string_equal(qhm_error_message(), "second after first");
}

static void a_message_is_one_line_of_valid_utf8(void **state)
{
    (void)state;
    qhm_set_error_message("a\nb\tc\x7f%s", "\xff\xc3"
                                           "(\xe2\x82");
    assert_string_equal(qhm_error_message(), "a b c ??"
                                             "(??");
    qhm_set_error_message("%s", "\xef\xbf\xbd stays"); // U+FFFD itself is well formed
    assert_string_equal(qhm_error_message(), "\xef\xbf\xbd stays");
}

static void a_long_message_is_cut_at_a_character(void **state)
{
    (void)state;
    char euros[3001] = "";
    for (int i = 0; i < 1000; i++)
        strcat(euros, "\xe2\x82\xac");
    for (int shift = 0; shift < 3; shift++) { // each way a cut can fall
        qhm_set_error_message("%.*s%s", shift, "xx", euros);
        const char *message = qhm_error_message();
        size_t length = strlen(message);
        assert_true(length >= 1021 && length <= 1023);
        assert_int_equal((length - (size_t)shift) % 3, 0);
        assert_memory_equal(message + length - 3, "\xe2\x82\xac", 3);
    }
}

static void numbers_have_a_point_in_every_locale(void **state)
{
    (void)state;
    enter_german_locale();
    qhm_set_error_message("%g", 0.5);
    leave_german_locale();
    assert_string_equal(qhm_error_message(), "0.5");
}

static void *fail_elsewhere(void *seen)
{
    strcpy(seen, qhm_error_message());
    qhm_set_error_message("elsewhere");
    return NULL;
}

static void each_thread_has_its_own_message(void **state)
{
    (void)state;
    char seen_by_other[64] = "unset";
    qhm_set_error_message("here");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, seen_by_other), 0);
    pthread_join(thread, NULL);
    assert_string_equal(seen_by_other, "");
    assert_string_equal(qhm_error_message(), "here");
}

static qhm_status require_even(int value)
{
    QHM_REQUIRE(value % 2 == 0, "value is %d, not even", value);
    return QHM_OK;
}

static qhm_status tries(int value)
{
    QHM_TRY(require_even(value));
    return QHM_ERROR_CANCELLED; // reached only when the call succeeded
}

static void try_and_require_return_at_once(void **state)
{
    (void)state;
    REQUIRE_FAILS(tries(3), QHM_ERROR_INVALID_ARGUMENT, "value is 3, not even");
    assert_int_equal(tries(4), QHM_ERROR_CANCELLED);
}

static void the_version_is_that_of_the_header(void **state)
{
    (void)state;
    char expected[32];
    snprintf(expected, sizeof expected, "%d.%d.%d", QHM_VERSION_MAJOR, QHM_VERSION_MINOR,
             QHM_VERSION_PATCH);
    assert_string_equal(qhm_version(), expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_of_its_own),
        cmocka_unit_test(a_caller_can_prepend_the_place),
        cmocka_unit_test(a_message_may_quote_the_one_before),
        cmocka_unit_test(a_message_is_one_line_of_valid_utf8),
        cmocka_unit_test(a_long_message_is_cut_at_a_character),
        cmocka_unit_test(numbers_have_a_point_in_every_locale),
        cmocka_unit_test(each_thread_has_its_own_message),
        cmocka_unit_test(try_and_require_return_at_once),
        cmocka_unit_test(the_version_is_that_of_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
