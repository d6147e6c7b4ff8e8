#include "base/document.h"

#include "base/text.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <unistd.h>

static qhm_status parse_yaml(const char *text, qhm_document **out)
{
    return qhm_document_parse_yaml(text, strlen(text), "x.yaml", out);
}

static qhm_status parse_json(const char *text, qhm_document **out)
{
    return qhm_document_parse_json(text, strlen(text), "x.json", out);
}

static void yaml_values_keep_kind_text_and_line(void **state)
{
    (void)state;
    qhm_document *document;
    REQUIRE_OK(parse_yaml("name: emoji  # a comment\n"
                          "quoted: '12'\n"
                          "empty:\n"
                          "tasks:\n"
                          "  - metric: r_at_10\n"
                          "    sizes: [1, 2.5, \"x\"]\n"
                          "block: |\n"
                          "  two\n"
                          "  lines\n",
                          &document));
    const qhm_node *root = qhm_document_root(document);
    assert_int_equal(qhm_node_kind_of(root), QHM_NODE_MAPPING);
    assert_int_equal(qhm_node_count(root), 5);
    assert_string_equal(qhm_node_name(qhm_node_at(root, 3)), "tasks");
    assert_string_equal(qhm_node_text(qhm_node_find(root, "name")), "emoji");
    assert_false(qhm_node_is_quoted(qhm_node_find(root, "name")));
    assert_true(qhm_node_is_quoted(qhm_node_find(root, "quoted")));
    assert_int_equal(qhm_node_kind_of(qhm_node_find(root, "empty")), QHM_NODE_NULL);
    const qhm_node *task = qhm_node_at(qhm_node_find(root, "tasks"), 0);
    assert_null(qhm_node_name(task));
    assert_int_equal(qhm_node_line(task), 5);
    const qhm_node *sizes = qhm_node_find(task, "sizes");
    assert_int_equal(qhm_node_count(sizes), 3);
    assert_string_equal(qhm_node_text(qhm_node_at(sizes, 1)), "2.5");
    assert_true(qhm_node_is_quoted(qhm_node_at(sizes, 2)));
    assert_int_equal(qhm_node_line(sizes), 6);
    assert_string_equal(qhm_node_text(qhm_node_find(root, "block")), "two\nlines\n");
    assert_null(qhm_node_find(root, "absent"));
    assert_null(qhm_node_find(sizes, "absent"));
    qhm_document_destroy(document);
}

static void an_empty_yaml_file_is_nothing(void **state)
{
    (void)state;
    const char *const texts[] = {"", "# only a comment\n", "---\n", "~"};
    for (size_t i = 0; i < 4; i++) {
        qhm_document *document;
        REQUIRE_OK(parse_yaml(texts[i], &document));
        assert_int_equal(qhm_node_kind_of(qhm_document_root(document)), QHM_NODE_NULL);
        qhm_document_destroy(document);
    }
}

static void bad_yaml_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", "x.yaml:3: \"a\" is already on line 1"},
        {"a: {b: 1,\n    b: 2}\n", "x.yaml:2: \"b\" is already on line 1"},
        {"a: &x 1\n", "x.yaml:1: anchors"},
        {"b:\n  - *x\n", "x.yaml:2: anchors"},
        {"a: !!int 3\n", "x.yaml:1: tags"},
        {"a: 1\n---\nb: 2\n", "x.yaml:2: a second document"},
        {"? [1, 2]\n: 3\n", "x.yaml:1: a name must be a plain text"},
        {"a: 1\n  b: 2\n", "x.yaml:2: "},
        {"a: [1, 2\n", "x.yaml:2: "},
        {"a: 1\nb: \"\\0\"\n", "x.yaml:2: a text holds the character NUL"},
        {"a: 1\nb: \xff\n", "x.yaml:2: invalid leading UTF-8 octet"},
        {"a:\n\tb: 1\n", "x.yaml:2: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_document *document = NULL;
        REQUIRE_FAILS(parse_yaml(cases[i].text, &document), QHM_ERROR_BAD_INPUT, cases[i].message);
        assert_null(document);
    }
    qhm_document *document = NULL;
    REQUIRE_FAILS(qhm_document_parse_yaml("a: 1\0b", 6, "x.yaml", &document), QHM_ERROR_BAD_INPUT,
                  "x.yaml:1: control characters");
}

static void deep_nesting_is_refused_not_followed(void **state)
{
    (void)state;
    qhm_text deep = {0};
    for (int i = 0; i < 5000; i++)
        qhm_text_append(&deep, "[");
    qhm_document *document = NULL;
    REQUIRE_FAILS(qhm_document_parse_yaml(deep.bytes, 900, "x.yaml", &document),
                  QHM_ERROR_BAD_INPUT, "x.yaml:1: nested more than 64 deep");
    REQUIRE_FAILS(qhm_document_parse_json(deep.bytes, 5000, "x.json", &document),
                  QHM_ERROR_BAD_INPUT, "x.json:1: maximum parsing depth");
    for (size_t i = 100; i < 200; i++)
        deep.bytes[i] = ']';
    REQUIRE_FAILS(qhm_document_parse_json(deep.bytes, 200, "x.json", &document),
                  QHM_ERROR_BAD_INPUT, "x.json: nested more than 64 deep");
    qhm_text_release(&deep);
}

static void json_values_keep_kind_and_text(void **state)
{
    (void)state;
    qhm_document *document;
    REQUIRE_OK(
        parse_json("{\"b\": 0.1, \"a\": [true, null, -7, \"\\u00e9\"], \"c\": 1e300}", &document));
    const qhm_node *root = qhm_document_root(document);
    assert_string_equal(qhm_node_name(qhm_node_at(root, 0)), "b");
    assert_string_equal(qhm_node_text(qhm_node_at(root, 0)), "0.1");
    const qhm_node *list = qhm_node_find(root, "a");
    assert_string_equal(qhm_node_text(qhm_node_at(list, 0)), "true");
    assert_int_equal(qhm_node_kind_of(qhm_node_at(list, 1)), QHM_NODE_NULL);
    assert_string_equal(qhm_node_text(qhm_node_at(list, 2)), "-7");
    assert_string_equal(qhm_node_text(qhm_node_at(list, 3)), "é");
    assert_true(qhm_node_is_quoted(qhm_node_at(list, 3)));
    (void)qhm_node_fail(qhm_node_at(list, 3), "is wrong");
    assert_string_equal(qhm_error_message(), "x.json: a.3: is wrong");
    qhm_document_destroy(document);
}

static void json_values_know_their_places(void **state)
{
    (void)state;
    static const char text[] =
        " {\"a\\\"b\" : [ 1 , \"x\\\\\",{ } ,[]],\n\"c\":{\"d\":null , \"e\":-2.5e3}}\n";
    qhm_document *document;
    REQUIRE_OK(parse_json(text, &document));
    const qhm_node *root = qhm_document_root(document), *list = qhm_node_at(root, 0);
    assert_int_equal(qhm_node_offset(root), 1);
    assert_int_equal(qhm_node_offset(list), strstr(text, "\"a") - text);
    const char *const starts[] = {"1", "\"x", "{ }", "[]"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(qhm_node_offset(qhm_node_at(list, i)), strstr(text, starts[i]) - text);
    const qhm_node *last = qhm_node_find(qhm_node_at(root, 1), "e");
    assert_int_equal(qhm_node_offset(last), strstr(text, "\"e") - text);
    qhm_text path = {0};
    qhm_node_append_path(last, &path);
    assert_string_equal(path.bytes, "c.e");
    qhm_text_release(&path);
    qhm_document_destroy(document);
    REQUIRE_OK(parse_json("  17", &document));
    assert_int_equal(qhm_node_offset(qhm_document_root(document)), 2);
    qhm_document_destroy(document);
}

static void bad_json_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "x.json:1: "},
        {"{\"a\": 1,\n \"a\": 2}", "x.json:2: duplicate object key"},
        {"{\"a\": 1,\n \"b\": }", "x.json:2: "},
        {"[1, 2", "x.json:1: "},
        {"\"\\u0000\"", "x.json:1: \\u0000 is not allowed"},
        {"\"\xff\"", "x.json:1: unable to decode"},
        {"1 2", "x.json:1: end of file expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_document *document = NULL;
        REQUIRE_FAILS(parse_json(cases[i].text, &document), QHM_ERROR_BAD_INPUT, cases[i].message);
    }
}

static void assignments_change_add_and_replace_values(void **state)
{
    (void)state;
    qhm_document *document;
    REQUIRE_OK(parse_yaml("tuning: {trials: 4}\ntasks:\n - name: a\n - name: b\n", &document));
    REQUIRE_OK(qhm_document_set(document, "tuning.trials=9"));
    REQUIRE_OK(qhm_document_set(document, "tasks.1.name=c=d"));
    REQUIRE_OK(qhm_document_set(document, "train.epochs=[1, 2]"));
    const qhm_node *root = qhm_document_root(document);
    const qhm_node *trials = qhm_node_find(qhm_node_find(root, "tuning"), "trials");
    assert_string_equal(qhm_node_text(trials), "9");
    assert_string_equal(
        qhm_node_text(qhm_node_find(qhm_node_at(qhm_node_find(root, "tasks"), 1), "name")), "c=d");
    assert_int_equal(qhm_node_count(qhm_node_find(qhm_node_find(root, "train"), "epochs")), 2);
    (void)qhm_node_fail(trials, "too many");
    assert_string_equal(qhm_error_message(), "--set tuning.trials: too many");
    REQUIRE_FAILS(qhm_document_set(document, "tasks.2.name=c"), QHM_ERROR_BAD_INPUT,
                  "no position in a list of 2");
    REQUIRE_FAILS(qhm_document_set(document, "tuning.trials.x=c"), QHM_ERROR_BAD_INPUT,
                  "asked of a value");
    REQUIRE_FAILS(qhm_document_set(document, "novalue"), QHM_ERROR_BAD_INPUT, "name=value");
    REQUIRE_FAILS(qhm_document_set(document, "=3"), QHM_ERROR_BAD_INPUT, "name=value");
    REQUIRE_FAILS(qhm_document_set(document, "a=[1"), QHM_ERROR_BAD_INPUT, "--set a:2: ");
    qhm_document_destroy(document);
}

static void files_are_read_by_their_ending(void **state)
{
    (void)state;
    char yaml[] = "/tmp/qhm-document-XXXXXX.yaml";
    int file = mkstemps(yaml, 5);
    assert_true(file >= 0);
    assert_int_equal(write(file, "a: [1]\n", 7), 7);
    close(file);
    qhm_document *document;
    REQUIRE_OK(qhm_document_load(yaml, &document));
    assert_int_equal(qhm_node_count(qhm_document_root(document)), 1);
    qhm_document_destroy(document);
    unlink(yaml);
    REQUIRE_FAILS(qhm_document_load(yaml, &document), QHM_ERROR_NOT_FOUND, yaml);
    REQUIRE_FAILS(qhm_document_load("/tmp", &document), QHM_ERROR_IO, "/tmp");
}

static qhm_status parse_and_set(void *context)
{
    (void)context;
    qhm_document *document;
    QHM_TRY(parse_yaml("a: {b: [1, x, 'y']}\nc: 2\n", &document));
    qhm_status status = qhm_document_set(document, "a.d={e: 3}");
    qhm_document_destroy(document);
    if (status == QHM_OK)
        status = parse_json("{\"a\": [1, 2.5, \"x\", {\"b\": null}]}", &document);
    if (status == QHM_OK)
        qhm_document_destroy(document);
    return status;
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    require_survives_failing_memory(parse_and_set, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_values_keep_kind_text_and_line),
        cmocka_unit_test(an_empty_yaml_file_is_nothing),
        cmocka_unit_test(bad_yaml_is_refused_with_its_line),
        cmocka_unit_test(deep_nesting_is_refused_not_followed),
        cmocka_unit_test(json_values_keep_kind_and_text),
        cmocka_unit_test(json_values_know_their_places),
        cmocka_unit_test(bad_json_is_refused_with_its_line),
        cmocka_unit_test(assignments_change_add_and_replace_values),
        cmocka_unit_test(files_are_read_by_their_ending),
        cmocka_unit_test(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
