// The grammar of used_with, what is refused, and what an assignment turns into notes.
#include "base/option_use.h"

#include "base/options_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

typedef struct search_options {
    int method;
    double error, rate;
    bool is_fast;
    const char *csv, *column;
    size_t bins;
    const qhm_node *rows;
} search_options;

static const char *const methods[] = {"exact", "iterative", "bayesian", NULL};

static const qhm_option_info search_table[] = {
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(search_options, method),
     .default_text = "exact",
     .choices = methods,
     .help = "How."},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(search_options, error),
     .default_text = "0.1",
     .help = "Where it ends.",
     .used_with = "method=iterative,bayesian"},
    {.name = "rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(search_options, rate),
     .help = "How fast.",
     .used_with = "no is_fast=true"},
    {.name = "is_fast",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(search_options, is_fast),
     .help = "Whether.",
     .used_with = "method=iterative"},
    {.name = "csv", .type = QHM_OPTION_TEXT, .offset = offsetof(search_options, csv), .help = "A."},
    {.name = "rows",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(search_options, rows),
     .help = "In place of a table.",
     .used_with = "no csv"},
    {.name = "column",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(search_options, column),
     .help = "Of the table.",
     .used_with = "csv"},
    {.name = "bins",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(search_options, bins),
     .help = "Of data.",
     .used_with = "method=bayesian and csv or rows"},
    {0},
};

// Reads a text with one assignment more, or NULL, into notes.
static qhm_status read_with(const char *text, const char *assignment, qhm_option_notes *notes)
{
    qhm_document *document;
    search_options options = {0};
    QHM_TRY(qhm_document_parse_yaml(text, strlen(text), "x.yaml", &document));
    qhm_status status = assignment ? qhm_document_set(document, assignment) : QHM_OK;
    if (status == QHM_OK)
        status = qhm_options_read_used(search_table, qhm_document_root(document), &options, notes);
    qhm_document_destroy(document);
    return status;
}

static void fields_with_an_effect_pass(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "method: exact\n",
        "method: iterative\nerror: 0.2\n",
        "method: bayesian\nerror: 0.2\ncsv: a\nbins: 3\n",
        "method: bayesian\nrows: [1]\nbins: 0\n", // given, whatever its value
        "csv: a\ncolumn: b\n",
        "rate: 2\n",
        "is_fast: false\nrate: 2\n", // "false" asks for nothing
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        qhm_option_notes notes = {0};
        REQUIRE_OK(read_with(texts[i], NULL, &notes));
        assert_int_equal(notes.lines.length, 0);
    }
}

static void a_field_without_effect_is_refused_with_what_would_make_it_count(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"error: 0.2\n", "x.yaml:1: field 'error' has no effect: it is used only with "
                         "method=iterative,bayesian; method is exact by default"},
        {"error: 0.2\nmethod: exact\n",
         "x.yaml:1: field 'error' has no effect: it is used only with "
         "method=iterative,bayesian; method is exact on line 2"},
        {"column: b\n", "x.yaml:1: field 'column' has no effect: it is used only with csv"},
        {"csv: a\nrows:\n  - 1\n", "x.yaml:2: field 'rows' has no effect: it is used only with no "
                                   "csv; csv is given on line 1"},
        {"is_fast: true\n", "x.yaml:1: field 'is_fast' has no effect: it is used only with "
                            "method=iterative; method is exact by default"},
        {"method: iterative\nis_fast: true\nrate: 1\n",
         "x.yaml:3: field 'rate' has no effect: it is used only with no is_fast=true; is_fast is "
         "true on line 2"},
        {"csv: a\nbins: 3\n", "x.yaml:2: field 'bins' has no effect: it is used only with "
                              "method=bayesian; method is exact by default"},
        {"method: bayesian\nbins: 3\n",
         "x.yaml:2: field 'bins' has no effect: it is used only with csv or rows"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_option_notes notes = {0};
        if (read_with(cases[i].text, NULL, &notes) != QHM_ERROR_BAD_INPUT)
            fail_msg("case %zu is not refused", i);
        assert_string_equal(qhm_error_message(), cases[i].message);
    }
}

static void an_assignment_to_another_field_makes_a_note(void **state)
{
    (void)state;
    qhm_option_notes notes = {0};
    REQUIRE_OK(read_with("method: iterative\nerror: 0.2\nis_fast: true\n", "method=exact", &notes));
    assert_string_equal(notes.lines.bytes,
                        "x.yaml:2: field 'error' has no effect: it is used only with "
                        "method=iterative,bayesian; method is exact by --set\n"
                        "x.yaml:3: field 'is_fast' has no effect: it is used only with "
                        "method=iterative; method is exact by --set\n");
    qhm_text_release(&notes.lines);
    REQUIRE_OK(read_with("rows: [1]\n", "csv=a", &notes));
    assert_non_null(strstr(notes.lines.bytes, "csv is given by --set"));
    qhm_text_release(&notes.lines);
}

static void an_assignment_without_effect_is_refused(void **state)
{
    (void)state;
    qhm_option_notes notes = {0};
    REQUIRE_FAILS(read_with("method: exact\n", "error=0.2", &notes), QHM_ERROR_BAD_INPUT,
                  "--set error: field 'error' has no effect");
    // What another assignment leaves as it was in the file is the file's fault.
    REQUIRE_FAILS(read_with("column: b\n", "error=0.2", &notes), QHM_ERROR_BAD_INPUT,
                  "field 'column'");
    assert_int_equal(notes.lines.length, 0);
}

static void changes_alone_are_judged_with_what_they_change(void **state)
{
    (void)state;
    const char text[] = "run: {error: 0.2, csv: a}\ntask: {method: bayesian, bins: 3}\n"
                        "other: {column: c, rate: 1, error: 0.3}\n";
    qhm_document *document;
    qhm_option_notes notes = {0};
    REQUIRE_OK(qhm_document_parse_yaml(text, strlen(text), "x.yaml", &document));
    const qhm_node *root = qhm_document_root(document);
    const qhm_node *run = qhm_node_find(root, "run");
    const qhm_node *const changes[] = {qhm_node_find(root, "task"), qhm_node_find(root, "other")};
    for (size_t i = 0; i < 2; i++) {
        search_options options = {0};
        REQUIRE_OK(qhm_options_read(search_table, run, &options));
        REQUIRE_OK(qhm_options_read(search_table, changes[i], &options));
        REQUIRE_OK(qhm_options_resolve(search_table, &options));
        const qhm_option_use use = {search_table, run, changes[i], &options};
        if (i == 0)
            REQUIRE_OK(qhm_option_use_check(&use, &notes));
        else
            REQUIRE_FAILS(qhm_option_use_check(&use, &notes), QHM_ERROR_BAD_INPUT,
                          "x.yaml:3: field 'error'");
    }
    qhm_document_destroy(document);
}

static void nothing_is_refused_where_all_is_noted(void **state)
{
    (void)state;
    qhm_option_notes notes = {.takes_all = true};
    REQUIRE_OK(read_with("error: 0.2\ncolumn: b\n", NULL, &notes));
    assert_non_null(strstr(notes.lines.bytes, "x.yaml:1: field 'error'"));
    assert_non_null(strstr(notes.lines.bytes, "\nx.yaml:2: field 'column'"));
    qhm_text_release(&notes.lines);
}

static void a_table_names_other_fields_and_their_choices(void **state)
{
    (void)state;
    static const struct {
        const char *used_with, *part;
    } wrong[] = {
        {"methods=exact", "'methods', no other field"},
        {"error", "'error', no other field"},
        {"csv or row", "'row'"},
        {"csv and no row", "'row'"},
        {"method=exakt", "method=exakt, which"},
        {"method=exact,", "method=, which"},
        {"csv=a", "csv=a, which"},
        {"is_fast=false", "is_fast=false, which"},
        {"csv  or rows", "'csv ', no other"},
        {"method=exact or method=exact or method=exact or method=exact or method=exact or "
         "method=exact or method=exact or method=exact or method=exact",
         "not below 128"},
    };
    REQUIRE_OK(qhm_options_check_table(search_table));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        qhm_option_info table[sizeof search_table / sizeof search_table[0]];
        memcpy(table, search_table, sizeof table);
        table[1].used_with = wrong[i].used_with;
        REQUIRE_FAILS(qhm_options_check_table(table), QHM_ERROR_INTERNAL, wrong[i].part);
    }
}

static qhm_status note_once(void *context)
{
    qhm_option_notes notes = {0};
    (void)context;
    const qhm_status status = read_with("method: iterative\nerror: 0.2\n", "method=exact", &notes);
    qhm_text_release(&notes.lines);
    return status;
}

static void memory_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(note_once, NULL);
}

static void help_says_what_a_field_is_used_with(void **state)
{
    (void)state;
    qhm_text text = {0};
    qhm_options_print_help(search_table, 0, &text);
    REQUIRE_OK(text.status);
    assert_non_null(
        strstr(text.bytes, "Where it ends.\n    only with method=iterative,bayesian\n"));
    qhm_text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_with_an_effect_pass),
        cmocka_unit_test(a_field_without_effect_is_refused_with_what_would_make_it_count),
        cmocka_unit_test(an_assignment_to_another_field_makes_a_note),
        cmocka_unit_test(an_assignment_without_effect_is_refused),
        cmocka_unit_test(changes_alone_are_judged_with_what_they_change),
        cmocka_unit_test(nothing_is_refused_where_all_is_noted),
        cmocka_unit_test(a_table_names_other_fields_and_their_choices),
        cmocka_unit_test(memory_may_fail),
        cmocka_unit_test(help_says_what_a_field_is_used_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
