// CSV: RFC 4180 to the letter, and every mistake named by line and column.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "base/files.h"
#include "data/csv_table.h"
#include "data/sources.h"

#include <unistd.h>

static qhm_status parse(const char *text, size_t count, char separator, qhm_csv_table *table)
{
    char *copy;
    QHM_TRY(qhm_copy_bytes(text, count + 1, 1, &copy));
    return qhm_csv_table_parse(copy, count, separator, table);
}

static void quotes_line_ends_and_blank_lines_are_those_of_the_standard(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF"
                               "a,\"b \"\"x\"\"\",c\r\n\n1,\"two\nlines, and a comma\",\r\n,\"\",z";
    qhm_csv_table t;
    REQUIRE_OK(parse(text, strlen(text), ',', &t));
    assert_int_equal(t.rows, 3);
    assert_int_equal(t.columns, 3);
    assert_string_equal(qhm_csv_table_field(&t, 0, 0), "a");
    assert_string_equal(qhm_csv_table_field(&t, 0, 1), "b \"x\"");
    assert_string_equal(qhm_csv_table_field(&t, 1, 1), "two\nlines, and a comma");
    assert_string_equal(qhm_csv_table_field(&t, 1, 2), "");
    assert_string_equal(qhm_csv_table_field(&t, 2, 0), "");
    assert_string_equal(qhm_csv_table_field(&t, 2, 1), "");
    assert_string_equal(qhm_csv_table_field(&t, 2, 2), "z");
    assert_int_equal(t.lines[1], 3);
    assert_int_equal(t.lines[2], 5);
    qhm_csv_table_release(&t);
}

static void malformed_tables_are_refused_by_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"a,b\n1,2\n1,2,3\n", "line 3 has 3 fields, not the header's 2"},
        {"a,b\n1,\"2\n", "line 2, column 2: the quotes are not closed"},
        {"a,b\n1,\"2\"3\n", "line 2, column 2: text after the closing quotes"},
        {"a,b\n1,2\"3\n", "line 2, column 2: quotes inside a field"},
        {"a,a\n1,2\n", "line 1: columns 1 and 2 are both named \"a\""},
        {"a,\n1,2\n", "line 1, column 2: the header has no name"},
        {"a,b\n", "1 rows, not a header and items"},
        {"", "0 rows"},
    };
    qhm_csv_table t;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        REQUIRE_FAILS(parse(cases[i].text, strlen(cases[i].text), ',', &t), QHM_ERROR_BAD_INPUT,
                      cases[i].part);
    REQUIRE_FAILS(parse("a,b\n1,\0", 7, ',', &t), QHM_ERROR_BAD_INPUT, "line 2 has a NUL byte");
}

static qhm_status read_text(const char *text, const qhm_csv_options *options, qhm_dataset **out)
{
    char *copy;
    QHM_TRY(qhm_copy_text(text, &copy));
    return qhm_csv_read(copy, strlen(text), options, out);
}

static const char table[] = "who,x,label,y,kin\nann,1,b,-2.5e-1,k\nbob,2,a,4,k\n";

static void columns_have_the_roles_that_are_asked_for(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_OK(
        read_text(table, &(qhm_csv_options){.path = "t.csv", .name = "who", .group = "kin"}, &d));
    assert_int_equal(qhm_dataset_count(d), 2);
    assert_int_equal(qhm_dataset_feature_count(d), 2);
    assert_string_equal(qhm_dataset_feature_name(d, 1), "y");
    assert_true(qhm_dataset_features(d, 0)[1] == -0.25);
    assert_string_equal(qhm_dataset_name(d, 1), "bob");
    assert_string_equal(qhm_dataset_class_name(d, qhm_dataset_label(d, 1)), "a");
    assert_int_equal(qhm_dataset_group(d, 0), qhm_dataset_group(d, 1));
    qhm_dataset_destroy(d);
    REQUIRE_OK(read_text("x\ty\n1\t2\n", &(qhm_csv_options){.path = "t.tsv"}, &d));
    assert_int_equal(qhm_dataset_feature_count(d), 2);
    assert_int_equal(qhm_dataset_label(d, 0), QHM_NO_LABEL);
    assert_string_equal(qhm_dataset_name(d, 0), "row 1");
    qhm_dataset_destroy(d);
    REQUIRE_OK(read_text(
        "t;u\nhello;x\n",
        &(qhm_csv_options){.path = "t.csv", .separator = ";", .text = "t", .label = "u"}, &d));
    assert_string_equal(qhm_dataset_text(d, 0), "hello");
    qhm_dataset_destroy(d);
}

static void wrong_cells_are_refused_by_line_and_column(void **state)
{
    (void)state;
    static const char *const bad[] = {"nan", "inf", "-Infinity", "1e999", "", "1x", "0x10", "1,5"};
    qhm_dataset *d;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64], part[64];
        snprintf(text, sizeof text, "x,y\n1,2\n\"%s\",3\n", bad[i]);
        snprintf(part, sizeof part, "line 3, column \"x\": \"%s\" is not a finite number", bad[i]);
        REQUIRE_FAILS(read_text(text, &(qhm_csv_options){.path = "t.csv"}, &d), QHM_ERROR_BAD_INPUT,
                      part);
    }
    REQUIRE_FAILS(read_text("x,label\n1,a\n2,\n", &(qhm_csv_options){.path = "t"}, &d),
                  QHM_ERROR_BAD_INPUT, "line 3, column \"label\": the label is empty");
    REQUIRE_FAILS(read_text(table, &(qhm_csv_options){.path = "t", .label = "lable"}, &d),
                  QHM_ERROR_BAD_INPUT, "no column \"lable\": did you mean \"label\"");
    REQUIRE_FAILS(read_text(table, &(qhm_csv_options){.path = "t"}, &d), QHM_ERROR_BAD_INPUT,
                  "line 2, column \"who\": \"ann\"");
}

static void files_are_named_in_messages(void **state)
{
    (void)state;
    char path[] = "/tmp/qhm-csv-XXXXXX";
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    close(handle);
    qhm_dataset *d;
    qhm_csv_options options = {.path = path};
    REQUIRE_OK(qhm_file_write(path, "x,label\n1,a\n2,a\n", 16));
    REQUIRE_OK(qhm_data_source_load(&qhm_data_source_csv, &options, 0, 0, &d));
    assert_int_equal(qhm_dataset_count(d), 2);
    qhm_dataset_destroy(d);
    REQUIRE_OK(qhm_file_write(path, "x,label\n1,a\n", 12));
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_csv, &options, 0, 0, &d),
                  QHM_ERROR_BAD_INPUT, "1 items, not at least 2");
    REQUIRE_OK(qhm_file_write(path, "x,label\n1\n", 10));
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_csv, &options, 0, 0, &d),
                  QHM_ERROR_BAD_INPUT, path);
    unlink(path);
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_csv, &options, 0, 0, &d),
                  QHM_ERROR_NOT_FOUND, path);
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_csv, NULL, 0, 0, &d),
                  QHM_ERROR_INVALID_ARGUMENT, "path of the csv file is not given");
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_csv,
                                       &(qhm_csv_options){.path = path, .separator = "ab"}, 0, 0,
                                       &d),
                  QHM_ERROR_INVALID_ARGUMENT, "separator is \"ab\"");
}

static qhm_status read_once(void *context)
{
    (void)context;
    qhm_dataset *d = NULL;
    qhm_status status =
        read_text(table, &(qhm_csv_options){.path = "t.csv", .name = "who", .group = "kin"}, &d);
    if (status == QHM_OK)
        qhm_dataset_destroy(d);
    return status;
}

static void reading_survives_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(read_once, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_line_ends_and_blank_lines_are_those_of_the_standard),
        cmocka_unit_test(malformed_tables_are_refused_by_place),
        cmocka_unit_test(columns_have_the_roles_that_are_asked_for),
        cmocka_unit_test(wrong_cells_are_refused_by_line_and_column),
        cmocka_unit_test(files_are_named_in_messages),
        cmocka_unit_test(reading_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
