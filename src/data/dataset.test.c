// Datasets: what is appended comes back, what is wrong is refused by name.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "data/png_codec.h"

#include <qhm/dataset.h>

static const uint8_t red_and_blue[] = {255, 0, 0, 0, 0, 255};

static void what_is_appended_comes_back(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(2, (const char *const[]){"mass", "charge"}, &d));
    REQUIRE_OK(qhm_dataset_append_class(d, "quark"));
    REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = "e",
                                                         .text = "electron",
                                                         .image = {red_and_blue, 2, 1},
                                                         .class_name = "lepton",
                                                         .group = "light",
                                                         .features = (double[]){0.511, -1}}));
    REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = "u",
                                                         .class_name = "quark",
                                                         .features = (double[]){2.2, 2. / 3},
                                                         .part = QHM_PART_TEST}));
    assert_int_equal(qhm_dataset_count(d), 2);
    assert_string_equal(qhm_dataset_name(d, 0), "e");
    assert_string_equal(qhm_dataset_text(d, 0), "electron");
    assert_null(qhm_dataset_text(d, 1));
    qhm_image image = qhm_dataset_image(d, 0);
    assert_int_equal(image.width, 2);
    assert_int_equal(image.height, 1);
    assert_memory_equal(image.pixels, red_and_blue, 6);
    assert_null(qhm_dataset_image(d, 1).pixels);
    assert_int_equal(qhm_dataset_class_count(d), 2);
    assert_string_equal(qhm_dataset_class_name(d, 0), "quark");
    assert_int_equal(qhm_dataset_label(d, 0), 1);
    assert_int_equal(qhm_dataset_label(d, 1), 0);
    assert_string_equal(qhm_dataset_group_name(d, qhm_dataset_group(d, 0)), "light");
    assert_string_equal(qhm_dataset_group_name(d, qhm_dataset_group(d, 1)), "u");
    assert_string_equal(qhm_dataset_feature_name(d, 1), "charge");
    assert_true(qhm_dataset_features(d, 1)[0] == 2.2);
    assert_int_equal(qhm_dataset_item_part(d, 1), QHM_PART_TEST);
    REQUIRE_FAILS(qhm_dataset_check(d), QHM_ERROR_BAD_INPUT, "item \"u\" has no text");
    qhm_dataset_destroy(d);
}

static void wrong_items_are_refused_by_name(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_FAILS(qhm_dataset_create(2, (const char *const[]){"a", "a"}, &d),
                  QHM_ERROR_INVALID_ARGUMENT, "column 1 and column 2 are both \"a\"");
    REQUIRE_OK(qhm_dataset_create(1, (const char *const[]){"a"}, &d));
    qhm_dataset_item item = {.name = "one", .features = (double[]){1}};
    REQUIRE_FAILS(qhm_dataset_append(d, &(qhm_dataset_item){.features = item.features}),
                  QHM_ERROR_INVALID_ARGUMENT, "item 0 has no name");
    REQUIRE_FAILS(qhm_dataset_append(d, &(qhm_dataset_item){.name = "x"}),
                  QHM_ERROR_INVALID_ARGUMENT, "item \"x\" lacks");
    REQUIRE_FAILS(
        qhm_dataset_append(d, &(qhm_dataset_item){.name = "x", .features = (double[]){NAN}}),
        QHM_ERROR_INVALID_ARGUMENT, "feature \"a\" of item \"x\" is");
    REQUIRE_FAILS(
        qhm_dataset_append(d, &(qhm_dataset_item){.name = "x", .features = (double[]){INFINITY}}),
        QHM_ERROR_INVALID_ARGUMENT, "inf");
    assert_int_equal(qhm_dataset_count(d), 0);
    REQUIRE_OK(qhm_dataset_append(d, &item));
    REQUIRE_FAILS(qhm_dataset_check(d), QHM_ERROR_BAD_INPUT, "1 items, not at least 2");
    REQUIRE_OK(qhm_dataset_append(d, &item));
    REQUIRE_OK(qhm_dataset_check(d));
    REQUIRE_OK(qhm_dataset_append_class(d, "nobody"));
    REQUIRE_FAILS(qhm_dataset_check(d), QHM_ERROR_BAD_INPUT, "class \"nobody\" has no items");
    uint8_t *bytes;
    size_t count;
    REQUIRE_FAILS(qhm_dataset_image_png(d, 0, &bytes, &count), QHM_ERROR_NOT_FOUND, "no picture");
    REQUIRE_FAILS(qhm_dataset_image_png(d, 9, &bytes, &count), QHM_ERROR_NOT_FOUND, "item 9");
    qhm_dataset_destroy(d);
}

static uint64_t hash_of(const qhm_dataset_item *item)
{
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(1, (const char *const[]){"a"}, &d));
    REQUIRE_OK(qhm_dataset_append(d, item));
    uint64_t hash = qhm_dataset_hash(d);
    qhm_dataset_destroy(d);
    return hash;
}

static void every_field_changes_the_hash(void **state)
{
    (void)state;
    static const uint8_t red_and_green[] = {255, 0, 0, 0, 255, 0};
    double one = 1, two = 2;
    qhm_dataset_item base = {"n", "t", {red_and_blue, 2, 1}, "c", "g", &one, QHM_PART_ANY};
    qhm_dataset_item changed[] = {base, base, base, base, base, base, base, base};
    changed[0].name = "m";
    changed[1].text = "s";
    changed[2].image.pixels = red_and_green;
    changed[3].image = (qhm_image){red_and_blue, 1, 2};
    changed[4].class_name = "k";
    changed[5].group = "h";
    changed[6].features = &two;
    changed[7].part = QHM_PART_TRAIN;
    assert_true(hash_of(&base) == hash_of(&base));
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        assert_true(hash_of(&base) != hash_of(&changed[i]));
}

static void pictures_survive_png_and_truncation_is_an_error(void **state)
{
    (void)state;
    uint8_t pixels[7 * 5 * 3];
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * 37 + 11);
    uint8_t *bytes, *back;
    size_t count, width, height;
    REQUIRE_OK(qhm_png_encode((qhm_image){pixels, 7, 5}, &bytes, &count));
    REQUIRE_OK(qhm_png_decode(bytes, count, &back, &width, &height));
    assert_int_equal(width, 7);
    assert_int_equal(height, 5);
    assert_memory_equal(back, pixels, sizeof pixels);
    qhm_release(back);
    for (size_t kept = 0; kept < count - 16; kept++) // the last 16 bytes are checksum and trailer
        REQUIRE_FAILS(qhm_png_decode(bytes, kept, &back, &width, &height), QHM_ERROR_BAD_INPUT,
                      "PNG");
    // A header that claims 65536 x 65536 pixels; libpng checks the header's CRC first.
    bytes[17] = 1;
    bytes[18] = bytes[19] = 0;
    qhm_status status = qhm_png_decode(bytes, count, &back, &width, &height);
    assert_true(status == QHM_ERROR_BAD_INPUT || status == QHM_ERROR_RESOURCE_LIMIT);
    qhm_release(bytes);
}

static qhm_status build(void *context)
{
    (void)context;
    qhm_dataset *d;
    QHM_TRY(qhm_dataset_create(1, (const char *const[]){"a"}, &d));
    qhm_status status = QHM_OK;
    for (int i = 0; status == QHM_OK && i < 3; i++)
        status = qhm_dataset_append(
            d, &(qhm_dataset_item){
                   "n", "t", {red_and_blue, 2, 1}, "c", "g", (double[]){1}, QHM_PART_ANY});
    if (status == QHM_OK)
        status = qhm_dataset_check(d);
    qhm_dataset_destroy(d);
    return status;
}

static void building_survives_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(build, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_comes_back),
        cmocka_unit_test(wrong_items_are_refused_by_name),
        cmocka_unit_test(every_field_changes_the_hash),
        cmocka_unit_test(pictures_survive_png_and_truncation_is_an_error),
        cmocka_unit_test(building_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
