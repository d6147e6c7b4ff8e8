// Pairs: people's own folders of pictures and texts, with their mistakes.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "base/files.h"
#include "data/png_codec.h"
#include "data/sources.h"

#include <unistd.h>

typedef struct folder {
    char path[32];
} folder;

static void write_in(const folder *f, const char *name, const void *bytes, size_t count)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", f->path, name);
    REQUIRE_OK(qhm_file_write(path, bytes, count));
}

static void remove_in(const folder *f, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", f->path, name);
    unlink(path);
}

// A new folder with a.png (2 x 1) and wide.png (40 x 10).
static folder make_folder(void)
{
    folder f = {"/tmp/qhm-pairs-XXXXXX"};
    assert_non_null(mkdtemp(f.path));
    uint8_t wide[40 * 10 * 3];
    memset(wide, 77, sizeof wide);
    const qhm_image pictures[] = {{(const uint8_t[]){255, 0, 0, 0, 0, 255}, 2, 1}, {wide, 40, 10}};
    for (size_t i = 0; i < 2; i++) {
        uint8_t *bytes;
        size_t count;
        REQUIRE_OK(qhm_png_encode(pictures[i], &bytes, &count));
        write_in(&f, i == 0 ? "a.png" : "wide.png", bytes, count);
        qhm_release(bytes);
    }
    return f;
}

static void remove_folder(const folder *f)
{
    static const char *const names[] = {"a.png", "wide.png", "bad.png", "pairs.jsonl", "pairs.csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove_in(f, names[i]);
    assert_int_equal(rmdir(f->path), 0);
}

static qhm_status load(const folder *f, size_t max_side, qhm_dataset **out)
{
    return qhm_data_source_load(&qhm_data_source_pairs,
                                &(qhm_pairs_options){.path = f->path, .max_side = max_side}, 0, 0,
                                out);
}

static void check_pairs(const qhm_dataset *d)
{
    assert_int_equal(qhm_dataset_count(d), 2);
    assert_string_equal(qhm_dataset_name(d, 0), "a.png");
    assert_string_equal(qhm_dataset_text(d, 0), "red, then blue");
    assert_string_equal(qhm_dataset_class_name(d, qhm_dataset_label(d, 1)), "grey");
    assert_int_equal(qhm_dataset_group_count(d), 1);
    qhm_image first = qhm_dataset_image(d, 0), second = qhm_dataset_image(d, 1);
    assert_int_equal(first.width, 2);
    assert_int_equal(first.pixels[5], 255);
    assert_int_equal(second.width, 20);
    assert_int_equal(second.height, 5);
    assert_int_equal(second.pixels[0], 77);
    uint8_t *png;
    size_t count;
    REQUIRE_OK(qhm_dataset_image_png(d, 1, &png, &count));
    assert_memory_equal(png, "\x89PNG", 4);
    qhm_dataset_release_png(png);
}

static void both_kinds_of_list_give_the_same_items(void **state)
{
    (void)state;
    folder f = make_folder();
    static const char jsonl[] =
        "{\"image\": \"a.png\", \"text\": \"red, then blue\", \"label\": \"rb\", \"group\": "
        "\"g\"}\n"
        "\n{\"text\": \"plain\", \"image\": \"wide.png\", \"label\": \"grey\", \"group\": \"g\"}\n";
    static const char csv[] = "text,image,group,label\n\"red, then blue\",a.png,g,rb\n"
                              "plain,wide.png,g,grey\n";
    qhm_dataset *d;
    write_in(&f, "pairs.jsonl", jsonl, strlen(jsonl));
    REQUIRE_OK(load(&f, 20, &d));
    check_pairs(d);
    uint64_t hash = qhm_dataset_hash(d);
    qhm_dataset_destroy(d);
    write_in(&f, "pairs.csv", csv, strlen(csv));
    REQUIRE_FAILS(load(&f, 20, &d), QHM_ERROR_BAD_INPUT, "both pairs.jsonl and pairs.csv");
    remove_in(&f, "pairs.jsonl");
    REQUIRE_OK(load(&f, 20, &d));
    check_pairs(d);
    assert_true(qhm_dataset_hash(d) == hash);
    qhm_dataset_destroy(d);
    remove_in(&f, "pairs.csv");
    REQUIRE_FAILS(load(&f, 20, &d), QHM_ERROR_NOT_FOUND, "neither pairs.jsonl nor pairs.csv");
    remove_folder(&f);
}

static void mistakes_are_named_by_line(void **state)
{
    (void)state;
    folder f = make_folder();
    static const struct {
        const char *jsonl, *part;
        qhm_status status;
    } cases[] = {
        {"{\"image\": \"a.png\"}", "line 1: \"text\" is missing", QHM_ERROR_BAD_INPUT},
        {"{\"image\": \"\", \"text\": \"t\"}", "line 1: \"image\" is empty", QHM_ERROR_BAD_INPUT},
        {"{\"image\": \"a.png\", \"text\": 3}", "line 1: \"text\" is not a text",
         QHM_ERROR_BAD_INPUT},
        {"{\"image\": \"a.png\", \"txt\": \"t\"}", "line 1: no field \"txt\", only image, text",
         QHM_ERROR_BAD_INPUT},
        {"[1]", "line 1 is not a JSON object", QHM_ERROR_BAD_INPUT},
        {"\n{\"image\": \"a.png\", \"image\": \"a.png\"}", "line 2, column", QHM_ERROR_BAD_INPUT},
        {"{\"image\": \"a.png\",", "line 1, column", QHM_ERROR_BAD_INPUT},
        {"{\"image\": \"none.png\", \"text\": \"t\"}", "none.png", QHM_ERROR_NOT_FOUND},
        {"{\"image\": \"bad.png\", \"text\": \"t\"}", "bad.png: not a PNG", QHM_ERROR_BAD_INPUT},
        {"{\"image\": \"a.png\", \"text\": \"t\"}", "1 items, not at least 2", QHM_ERROR_BAD_INPUT},
        {"{\"image\": \"a.png\", \"text\": \"t\", \"label\": \"x\"}\n"
         "{\"image\": \"wide.png\", \"text\": \"t\"}",
         "item \"wide.png\" has no label", QHM_ERROR_BAD_INPUT},
    };
    write_in(&f, "bad.png", "\x89PNG nonsense", 13);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        qhm_dataset *d;
        write_in(&f, "pairs.jsonl", cases[i].jsonl, strlen(cases[i].jsonl));
        REQUIRE_FAILS(load(&f, 0, &d), cases[i].status, cases[i].part);
    }
    remove_in(&f, "pairs.jsonl");
    qhm_dataset *d;
    write_in(&f, "pairs.csv", "image,text,kind\na.png,t,k\n", 26);
    REQUIRE_FAILS(load(&f, 0, &d), QHM_ERROR_BAD_INPUT, "line 1: no column \"kind\", only image");
    write_in(&f, "pairs.csv", "image,label\na.png,k\n", 20);
    REQUIRE_FAILS(load(&f, 0, &d), QHM_ERROR_BAD_INPUT, "line 2: \"text\" is missing");
    remove_folder(&f);
}

static qhm_status load_once(void *context)
{
    qhm_dataset *d = NULL;
    qhm_status status = load(context, 20, &d);
    if (status == QHM_OK)
        qhm_dataset_destroy(d);
    return status;
}

static void loading_survives_failing_memory(void **state)
{
    (void)state;
    folder f = make_folder();
    static const char csv[] = "image,text\na.png,t\nwide.png,u\n";
    write_in(&f, "pairs.csv", csv, strlen(csv));
    require_survives_failing_memory(load_once, &f);
    remove_folder(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_kinds_of_list_give_the_same_items),
        cmocka_unit_test(mistakes_are_named_by_line),
        cmocka_unit_test(loading_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
