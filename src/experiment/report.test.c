#include <qhm/report.h>

#include "base/files.h"
#include "base/memory.h"
#include "experiment/report_internal.h"
#include "support/failing_memory.h"
#include "support/german_locale.h"
#include "support/report_example.h"
#include "support/temporary_folder.h"
#include "support/well_formed.h"

static report_example example;

static char *html_of(const qhm_report *report, const char *folder)
{
    qhm_text out = {0};
    char *text;
    REQUIRE_OK(qhm_report_print_html(report, folder, &out));
    REQUIRE_OK(qhm_text_take(&out, &text));
    return text;
}

static char *json_of(const qhm_report *report)
{
    qhm_text out = {0};
    char *text;
    REQUIRE_OK(qhm_report_print_json(report, &out));
    REQUIRE_OK(qhm_text_take(&out, &text));
    return text;
}

static void a_saved_report_loads_to_the_same(void **state)
{
    build_report_example(&example, *state);
    const char *path = in_folder(state, "results.json");
    REQUIRE_OK(qhm_report_save(&example.report, path));
    qhm_report *loaded;
    REQUIRE_OK(qhm_report_load(path, &loaded));
    assert_true(loaded->seed == UINT64_MAX);
    assert_int_equal(loaded->task_count, 2);
    assert_true(isnan(loaded->tasks[0].models[0].difference.mean));
    REQUIRE_NEAR(loaded->tasks[1].models[3].metric.upper, example.models[1][3].metric.upper, 0);
    assert_null(loaded->tasks[0].models[1].summary);
    char *before = json_of(&example.report), *after = json_of(loaded);
    assert_string_equal(before, after);
    char *page = html_of(&example.report, *state), *page_again = html_of(loaded, *state);
    assert_string_equal(page, page_again);
    qhm_release(before);
    qhm_release(after);
    qhm_release(page);
    qhm_release(page_again);
    qhm_report_destroy(loaded);
}

static void the_page_shows_everything_and_needs_nothing_else(void **state)
{
    build_report_example(&example, *state);
    const char *path = in_folder(state, "report.html");
    REQUIRE_OK(qhm_report_save_html(&example.report, *state, path));
    char *page;
    size_t count;
    REQUIRE_OK(qhm_file_read(path, 1 << 24, &page, &count));
    // 2 tasks x 4 plots, 1 ladder, 2 of yield, 1 confusion, 2 break-evens
    assert_int_equal(require_well_formed(page, "svg"), 14);
    assert_int_equal(require_well_formed(page, "img"),
                     13); // 2 x 5 answers, 2 picture queries, a circuit
    assert_int_equal(require_well_formed(page, "script"), 0);
    assert_null(strstr(page, "http"));
    size_t pictures = 0;
    for (const char *at = page; (at = strstr(at, "src=")); at++)
        if (strncmp(at, "src=\"data:image/svg+xml;base64,PHN2ZyB4bWxucz0", 46) == 0)
            pictures++; // "<svg xmlns="
        else
            assert_memory_equal(at, "src=\"data:image/png;base64,iVBORw0KGgo", 38);
    assert_int_equal(pictures, 1);
    static const char *const parts[] = {"On retrieval the quantum layer does not help",
                                        "The quantum part helps",
                                        "a red fruit &amp; &lt;its&gt; leaf",
                                        "right answer at rank 1 of 374",
                                        "MLP of equal parameters",
                                        "1\u202F234",
                                        "10 min 11 s",
                                        "18446744073709551615",
                                        "ry(x0)",
                                        "weight 4 is dead",
                                        "willow<small>mitigated: readout,zne",
                                        "8 qubits do not fit on 5 cats",
                                        "image<small>hybrid</small></th><td>willow</td>",
                                        "as the &lt;run file&gt; says",
                                        "<td>0.5</td><td>3 of 5</td>",
                                        "6 qubits work, not &lt;8&gt;",
                                        "1.4 µs",
                                        "<td>97.8 ms</td><td>654 µs</td><td><b>98.5 ms</b></td>",
                                        "8 qubits do not fit on &lt;5&gt; cats",
                                        "energy is measured &amp; counted.",
                                        "timed &lt;here&gt;",
                                        "with its errors none &amp; never",
                                        "Within 60 s &amp; 0.5 MJ the hybrid wins.",
                                        "1. hybrid<small>on willow, mitigated",
                                        "<td>84 %</td><td>710 ks</td>",
                                        "its speed is &lt;not&gt; published",
                                        "2.54 kJ",
                                        "class=\"bad\">dead",
                                        "failed: same tuning budget",
                                        "qhm run examples/emoji.yaml --seed 7",
                                        "2f1c9a77d0e35b18",
                                        "Nadeau and Bengio",
                                        "smallest difference that could show"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!strstr(page, parts[i]))
            fail_msg("the page lacks \"%s\"", parts[i]);
    qhm_release(page);
}

static void an_empty_report_is_a_page_too(void **state)
{
    qhm_report_task task = {.chance = NAN, .margin = NAN, .smallest_difference = NAN};
    qhm_report report = {.seconds = NAN, .tasks = &task, .task_count = 1};
    char *page = html_of(&report, *state);
    require_well_formed(page, "html");
    assert_non_null(strstr(page, "No verdict"));
    assert_null(strstr(page, "nan"));
    assert_null(strstr(page, "(null)"));
    qhm_release(page);
}

static void texts_cannot_break_the_page(void **state)
{
    static const char *const hostile[] = {"</style><script>alert(1)</script>", "\"' onload=x &amp;",
                                          "\xc3\x28 \x01 \xf0\x9f\x8d\x8e"};
    for (size_t i = 0; i < 3; i++) {
        build_report_example(&example, *state);
        example.report.name = example.report.sentence = example.report.description = hostile[i];
        example.tasks[0].name = example.tasks[0].metric = hostile[i];
        example.models[0][0].name = example.models[0][0].summary = hostile[i];
        example.queries[0].text = example.candidates[0][0].text = hostile[i];
        example.confusion.model = example.circuit.drawing = hostile[i];
        example.circuit.picture = hostile[i];
        example.guards[0].detail = example.gradients[0].finding = hostile[i];
        char *page = html_of(&example.report, *state);
        assert_int_equal(require_well_formed(page, "script"), 0);
        qhm_release(page);
    }
    qhm_text out = {0};
    REQUIRE_FAILS(qhm_report_print_json(&example.report, &out), QHM_ERROR_INVALID_ARGUMENT,
                  "holds a text that is not UTF-8");
    qhm_text_release(&out);
}

static void the_page_is_the_same_in_every_locale(void **state)
{
    build_report_example(&example, *state);
    char *page = html_of(&example.report, *state), *json = json_of(&example.report);
    enter_german_locale();
    char *german = html_of(&example.report, *state), *german_json = json_of(&example.report);
    leave_german_locale();
    assert_string_equal(page, german);
    assert_string_equal(json, german_json);
    qhm_release(page);
    qhm_release(json);
    qhm_release(german);
    qhm_release(german_json);
}

static void pictures_must_be_pngs_inside_the_folder(void **state)
{
    build_report_example(&example, *state);
    const char *path = in_folder(state, "report.html");
    static const char *const outside[] = {"/etc/passwd", "../x.png", "pictures/../../x.png", ".."};
    for (size_t i = 0; i < 4; i++) {
        example.candidates[0][1].picture = outside[i];
        REQUIRE_FAILS(qhm_report_save_html(&example.report, *state, path), QHM_ERROR_BAD_INPUT,
                      "not inside the run's folder");
    }
    example.candidates[0][1].picture = "pictures/absent.png";
    REQUIRE_FAILS(qhm_report_save_html(&example.report, *state, path), QHM_ERROR_NOT_FOUND,
                  "pictures/absent.png");
    REQUIRE_OK(qhm_file_write(in_folder(state, "no.png"), "GIF89a..", 8));
    example.candidates[0][1].picture = "no.png";
    REQUIRE_FAILS(qhm_report_save_html(&example.report, *state, path), QHM_ERROR_BAD_INPUT,
                  "no.png is not a PNG");
    assert_false(qhm_file_exists(path)); // nothing half-written
}

static void counts_and_words_that_do_not_fit_are_refused(void **state)
{
    build_report_example(&example, *state);
    example.tasks[0].verdict = "perhaps";
    REQUIRE_FAILS(qhm_report_check(&example.report), QHM_ERROR_INVALID_ARGUMENT, "\"perhaps\"");
    build_report_example(&example, *state);
    example.models[0][2].role = "friend";
    REQUIRE_FAILS(qhm_report_check(&example.report), QHM_ERROR_INVALID_ARGUMENT,
                  "the role of random features is \"friend\"");
    build_report_example(&example, *state);
    example.models[0][2].secondary_count = 3;
    REQUIRE_FAILS(qhm_report_check(&example.report), QHM_ERROR_INVALID_ARGUMENT,
                  "has 3 secondary values, not 4");
    build_report_example(&example, *state);
    example.confusion.counts_count = 80;
    REQUIRE_FAILS(qhm_report_check(&example.report), QHM_ERROR_INVALID_ARGUMENT,
                  "9 labels has 80 counts");
    build_report_example(&example, *state);
    example.tasks[1].guards = NULL;
    REQUIRE_FAILS(qhm_report_check(&example.report), QHM_ERROR_INVALID_ARGUMENT,
                  "guards is missing, but has a count of 4");
    build_report_example(&example, *state);
    example.models[1][0].embedding_parameters = 99999;
    REQUIRE_FAILS(qhm_report_save(&example.report, in_folder(state, "x.json")),
                  QHM_ERROR_INVALID_ARGUMENT, "99999 embedding parameters");
}

static void bad_json_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        qhm_status status;
        const char *message;
    } cases[] = {
        {"{\"schema_version\": 1,\n \"id\": }", QHM_ERROR_BAD_INPUT, "r.json:2: "},
        {"[]", QHM_ERROR_BAD_INPUT, "r.json: no report"},
        {"{}", QHM_ERROR_BAD_INPUT, "r.json: no report"},
        {"{\"schema_version\": 2}", QHM_ERROR_UNSUPPORTED, "has schema version 2"},
        {"{\"schema_version\": 1, \"tasks\": [{}, {\"name\": 3}]}", QHM_ERROR_BAD_INPUT,
         "r.json: tasks.1.name: is \"3\", not a text"},
        {"{\"schema_version\": 1, \"tasks\": {}}", QHM_ERROR_BAD_INPUT,
         "r.json: tasks: is a mapping, not a list"},
        {"{\"schema_version\": 1, \"tasks\": [null]}", QHM_ERROR_BAD_INPUT,
         "r.json: tasks.0: is nothing, not an object"},
        {"{\"schema_version\": 1, \"tasks\": [{\"margin\": \"0.1\"}]}", QHM_ERROR_BAD_INPUT,
         "r.json: tasks.0.margin: is \"0.1\", not a number"},
        {"{\"schema_version\": 1, \"tasks\": [{\"resamples\": -1}]}", QHM_ERROR_BAD_INPUT,
         "r.json: tasks.0.resamples: is \"-1\", not a whole number"},
        {"{\"schema_version\": 1, \"tasks\": [{\"guards\": [{\"passed\": 1}]}]}",
         QHM_ERROR_BAD_INPUT, "passed: is \"1\", not true or false"},
        {"{\"schema_version\": 1, \"verdict\": \"x\"}", QHM_ERROR_BAD_INPUT, "r.json: the verdict"},
        {"{\"schema_version\": 1, \"commands\": [null]}", QHM_ERROR_BAD_INPUT,
         "r.json: commands 0 is missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_report *report = NULL;
        REQUIRE_FAILS(qhm_report_parse(cases[i].text, strlen(cases[i].text), "r.json", &report),
                      cases[i].status, cases[i].message);
        assert_null(report);
    }
}

static void what_a_later_version_adds_is_passed_over(void **state)
{
    (void)state;
    const char *text =
        "{\"schema_version\": 1, \"new\": [1], \"tasks\": [{\"name\": \"a\", \"x\": 2}]}";
    qhm_report *report;
    REQUIRE_OK(qhm_report_parse(text, strlen(text), "r.json", &report));
    assert_string_equal(report->tasks[0].name, "a");
    assert_true(isnan(report->tasks[0].margin)); // absent is unknown, not 0
    qhm_report_destroy(report);
}

static qhm_status parse_and_print(void *context)
{
    const char *text =
        "{\"schema_version\": 1, \"commands\": [\"a\", \"b\"], \"tasks\": [{\"name\": "
        "\"a\", \"models\": [{\"name\": \"m\", \"role\": \"hybrid\", \"metric\": "
        "{\"mean\": 0.5}, \"difference\": {\"mean\": 1, \"lower\": 0, \"upper\": 2},"
        " \"curve\": [{\"epoch\": 1, \"training_loss\": 2}]}]}]}";
    qhm_report *report;
    QHM_TRY(qhm_report_parse(text, strlen(text), "r.json", &report));
    qhm_text out = {0};
    qhm_status status = qhm_report_print_html(report, context, &out);
    if (status == QHM_OK)
        status = qhm_report_print_json(report, &out);
    qhm_text_release(&out);
    qhm_report_destroy(report);
    return status;
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    require_survives_failing_memory(parse_and_print, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(a_saved_report_loads_to_the_same),
        in_temporary_folder(the_page_shows_everything_and_needs_nothing_else),
        in_temporary_folder(an_empty_report_is_a_page_too),
        in_temporary_folder(texts_cannot_break_the_page),
        in_temporary_folder(the_page_is_the_same_in_every_locale),
        in_temporary_folder(pictures_must_be_pngs_inside_the_folder),
        in_temporary_folder(counts_and_words_that_do_not_fit_are_refused),
        cmocka_unit_test(bad_json_is_refused_with_its_place),
        cmocka_unit_test(what_a_later_version_adds_is_passed_over),
        in_temporary_folder(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
