// The emoji source: Debian's files to pictures, texts, groups and families.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "base/memory.h"
#include "data/cldr_annotations.h"
#include "data/emoji_list.h"
#include "data/sources.h"

#include <qhm/threads.h>

static qhm_dataset *load(const qhm_emoji_options *options)
{
    qhm_dataset *d;
    REQUIRE_OK(qhm_data_source_load(&qhm_data_source_emoji, options, 0, 0, &d));
    return d;
}

static size_t find(const qhm_dataset *d, const char *name)
{
    for (size_t i = 0; i < qhm_dataset_count(d); i++)
        if (strcmp(qhm_dataset_name(d, i), name) == 0)
            return i;
    fail_msg("no item %s", name);
    return 0;
}

static void every_emoji_has_a_picture_a_text_and_a_group(void **state)
{
    (void)state;
    qhm_dataset *d = load(NULL);
    assert_int_equal(qhm_dataset_count(d), 1870);
    assert_int_equal(qhm_dataset_class_count(d), 9);
    for (size_t i = 0; i < qhm_dataset_count(d); i++) {
        qhm_image image = qhm_dataset_image(d, i);
        assert_int_equal(image.width, 64);
        assert_int_equal(image.height, 64);
        size_t coloured = 0;
        for (size_t p = 0; p < 64 * 64 * 3; p++)
            coloured += image.pixels[p] < 250;
        assert_true(coloured > 100);
        assert_true(strlen(qhm_dataset_text(d, i)) > 1);
    }
    size_t octopus = find(d, "1F419");
    assert_string_equal(qhm_dataset_text(d, octopus), "octopus");
    assert_string_equal(qhm_dataset_class_name(d, qhm_dataset_label(d, octopus)),
                        "Animals & Nature");
    // A red apple on white: its middle is red, its corner white.
    qhm_image apple = qhm_dataset_image(d, find(d, "1F34E"));
    const uint8_t *middle = apple.pixels + 3 * (36 * 64 + 32), *corner = apple.pixels;
    assert_true(middle[0] > 150 && middle[1] < 100 && middle[2] < 100);
    assert_true(corner[0] == 255 && corner[1] == 255 && corner[2] == 255);
    // Women and men at the same work are one family; flags and sequences are rendered, too.
    assert_int_equal(qhm_dataset_group(d, find(d, "1F469-200D-1F4BB")),
                     qhm_dataset_group(d, find(d, "1F468-200D-1F4BB")));
    assert_string_equal(qhm_dataset_text(d, find(d, "1F1E9-1F1EA")), "flag: Germany, flag");
    qhm_dataset_destroy(d);
}

static void other_languages_and_labels_alone_can_be_asked_for(void **state)
{
    (void)state;
    qhm_dataset *d = load(&(qhm_emoji_options){.locale = "de", .size = 16});
    assert_true(qhm_dataset_count(d) > 1800);
    assert_non_null(strstr(qhm_dataset_text(d, find(d, "1F34E")), "roter Apfel"));
    qhm_dataset_destroy(d);
    d = load(
        &(qhm_emoji_options){.text = QHM_EMOJI_LABEL, .classes = QHM_EMOJI_SUBGROUPS, .size = 16});
    assert_string_equal(qhm_dataset_text(d, find(d, "1F34E")), "red apple");
    size_t label = qhm_dataset_label(d, find(d, "1F34E"));
    assert_string_equal(qhm_dataset_class_name(d, label), "food-fruit");
    qhm_dataset_destroy(d);
}

static void the_same_bits_come_from_any_number_of_threads(void **state)
{
    (void)state;
    qhm_emoji_options small = {.size = 16};
    REQUIRE_OK(qhm_threads_set_count(1));
    qhm_dataset *one = load(&small);
    REQUIRE_OK(qhm_threads_set_count(3));
    qhm_dataset *three = load(&small);
    REQUIRE_OK(qhm_threads_set_count(0));
    assert_true(qhm_dataset_hash(one) == qhm_dataset_hash(three));
    qhm_dataset_destroy(one);
    qhm_dataset_destroy(three);
}

static void missing_inputs_are_named(void **state)
{
    (void)state;
    qhm_dataset *d;
    const qhm_data_source *emoji = &qhm_data_source_emoji;
    REQUIRE_FAILS(qhm_data_source_load(emoji, &(qhm_emoji_options){.font = "/none.ttf"}, 0, 0, &d),
                  QHM_ERROR_NOT_FOUND, "/none.ttf");
    REQUIRE_FAILS(qhm_data_source_load(emoji, &(qhm_emoji_options){.list = "/none.txt"}, 0, 0, &d),
                  QHM_ERROR_NOT_FOUND, "/none.txt");
    REQUIRE_FAILS(qhm_data_source_load(emoji, &(qhm_emoji_options){.locale = "qq"}, 0, 0, &d),
                  QHM_ERROR_NOT_FOUND, "locale is \"qq\"");
    REQUIRE_FAILS(qhm_data_source_load(emoji, &(qhm_emoji_options){.locale = "../en"}, 0, 0, &d),
                  QHM_ERROR_INVALID_ARGUMENT, "locale is \"../en\"");
    REQUIRE_FAILS(qhm_data_source_load(
                      emoji,
                      &(qhm_emoji_options){.font = "/usr/share/unicode/emoji/emoji-test.txt"}, 0, 0,
                      &d),
                  QHM_ERROR_BAD_INPUT, "not a font with colour bitmaps");
}

static void require_family(const char *name, const char *expected)
{
    char *family;
    REQUIRE_OK(qhm_emoji_family(name, &family));
    assert_string_equal(family, expected);
    qhm_release(family);
}

static void families_forget_who_is_shown(void **state)
{
    (void)state;
    require_family("woman health worker", "health worker");
    require_family("woman: blond hair", "blond hair");
    require_family("family: man, woman, girl, boy", "family");
    require_family("woman and man holding hands", "holding hands");
    require_family("man", "person");
    require_family("mermaid", "merperson");
    require_family("two o’clock", "clock face");
    require_family("eleven-thirty", "clock face");
    require_family("alarm clock", "alarm clock");
    require_family("up-right arrow", "arrow");
    require_family("red apple", "red apple");
}

static qhm_status parse_list(const char *text, qhm_emoji_list *list)
{
    char *copy;
    QHM_TRY(qhm_copy_text(text, &copy));
    return qhm_emoji_list_parse(copy, list);
}

static void the_list_is_read_strictly(void **state)
{
    (void)state;
    qhm_emoji_list list;
    REQUIRE_OK(parse_list("# group: G\r\n# subgroup: s\r\n"
                          "1F44B ; fully-qualified # x E0.6 waving hand\r\n"
                          "1F44B 1F3FB ; fully-qualified # x E1.0 waving hand: light skin tone\n"
                          "263A ; unqualified # x E0.6 smiling face\n"
                          "# group: Component\n1F9B0 ; fully-qualified # x E11.0 red hair\n",
                          &list));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.emoji[0].points[0], 0x1F44B);
    assert_string_equal(list.emoji[0].name, "waving hand");
    assert_string_equal(list.emoji[0].group, "G");
    assert_string_equal(list.emoji[0].subgroup, "s");
    qhm_emoji_list_release(&list);
    REQUIRE_FAILS(parse_list("# group: G\nhello\n", &list), QHM_ERROR_BAD_INPUT, "line 2");
    REQUIRE_FAILS(parse_list("# group: G\n110000 ; fully-qualified # x E1 n\n", &list),
                  QHM_ERROR_BAD_INPUT, "line 2");
    REQUIRE_FAILS(parse_list("# group: G\n41 ; fully-qualified # x\n", &list), QHM_ERROR_BAD_INPUT,
                  "line 2 has no name");
    REQUIRE_FAILS(parse_list("", &list), QHM_ERROR_BAD_INPUT, "no fully qualified emoji");
}

static const char xml[] = "<ldml><annotations><annotation cp=\"a\">x | y &amp; z</annotation>\n"
                          "<annotation cp=\"a\" type=\"tts\">letter</annotation>"
                          "<annotation cp=\"b\">only words</annotation></annotations></ldml>";

static void annotations_are_read_and_broken_xml_is_refused(void **state)
{
    (void)state;
    qhm_annotations a = {0};
    REQUIRE_OK(qhm_annotations_parse(xml, strlen(xml), &a));
    assert_int_equal(a.characters.count, 2);
    assert_string_equal(a.entries[0].name, "letter");
    assert_string_equal(a.entries[0].keywords, "x | y & z");
    assert_null(a.entries[1].name);
    REQUIRE_FAILS(qhm_annotations_parse(xml, strlen(xml) - 3, &a), QHM_ERROR_BAD_INPUT,
                  "line 2 is not well-formed XML");
    // Ten levels of ten entities each would be 10^10 characters.
    static const char laughs[] =
        "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">"
        "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
        "\"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
        "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e "
        "\"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">"
        "<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\"><!ENTITY g "
        "\"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\">"
        "]><l><annotation cp=\"a\">&g;</annotation></l>";
    REQUIRE_FAILS(qhm_annotations_parse(laughs, strlen(laughs), &a), QHM_ERROR_BAD_INPUT, "XML");
    qhm_annotations_release(&a);
}

static qhm_status parse_both(void *context)
{
    (void)context;
    qhm_emoji_list list;
    QHM_TRY(parse_list("# group: G\n1F44B ; fully-qualified # x E0.6 man waving\n", &list));
    qhm_annotations a = {0};
    char *family = NULL;
    qhm_status status = qhm_annotations_parse(xml, strlen(xml), &a);
    if (status == QHM_OK)
        status = qhm_emoji_family(list.emoji[0].name, &family);
    qhm_release(family);
    qhm_annotations_release(&a);
    qhm_emoji_list_release(&list);
    return status;
}

static void parsing_survives_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(parse_both, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_emoji_has_a_picture_a_text_and_a_group),
        cmocka_unit_test(other_languages_and_labels_alone_can_be_asked_for),
        cmocka_unit_test(the_same_bits_come_from_any_number_of_threads),
        cmocka_unit_test(missing_inputs_are_named),
        cmocka_unit_test(families_forget_who_is_shown),
        cmocka_unit_test(the_list_is_read_strictly),
        cmocka_unit_test(annotations_are_read_and_broken_xml_is_refused),
        cmocka_unit_test(parsing_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
