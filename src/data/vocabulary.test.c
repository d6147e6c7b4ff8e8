// Vocabularies: numbers, masks, storage.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/vocabulary.h>

static qhm_dataset *make_texts(void)
{
    static const char *const texts[] = {"Man cooks meal", "woman cooks tasty meal", "!",
                                        "man runs"};
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(0, NULL, &d));
    for (size_t i = 0; i < 4; i++)
        REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = "n", .text = texts[i]}));
    return d;
}

static const size_t items[] = {0, 1, 2, 3};

static void texts_become_numbered_and_masked(void **state)
{
    (void)state;
    qhm_dataset *d = make_texts();
    qhm_vocabulary *v;
    REQUIRE_OK(qhm_vocabulary_fit(d, items, 2, NULL, &v)); // "runs" is not in the first two
    assert_int_equal(qhm_vocabulary_size(v), 2 + 5);
    assert_int_equal(qhm_vocabulary_length(v), 4);
    assert_string_equal(qhm_vocabulary_word(v, 2), "man");
    assert_null(qhm_vocabulary_word(v, QHM_WORD_UNKNOWN));
    assert_null(qhm_vocabulary_word(v, 7));
    size_t words[16];
    double mask[16];
    REQUIRE_OK(qhm_vocabulary_forward(v, d, items, 4, words, mask));
    static const size_t expected[] = {2, 3, 4, 0, 5, 3, 6, 4, 1, 0, 0, 0, 2, 1, 0, 0};
    static const double shown[] = {1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0};
    assert_memory_equal(words, expected, sizeof words);
    assert_memory_equal(mask, shown, sizeof mask);
    qhm_vocabulary_destroy(v);
    REQUIRE_OK(qhm_vocabulary_fit(d, items, 4,
                                  &(qhm_vocabulary_options){.max_words = 2, .max_length = 2}, &v));
    assert_int_equal(qhm_vocabulary_size(v), 4); // "man" and "cooks": in two texts, and first
    REQUIRE_OK(qhm_vocabulary_forward_text(v, "one two cooks man", words, mask));
    assert_int_equal(words[0], QHM_WORD_UNKNOWN); // cut after two
    assert_int_equal(words[1], QHM_WORD_UNKNOWN);
    qhm_vocabulary_destroy(v);
    qhm_dataset_destroy(d);
}

static void stored_vocabularies_read_back(void **state)
{
    (void)state;
    qhm_dataset *d = make_texts();
    qhm_vocabulary *v, *back;
    REQUIRE_OK(qhm_vocabulary_fit(d, items, 4, NULL, &v));
    char *text, *again;
    REQUIRE_OK(qhm_vocabulary_print(v, &text));
    REQUIRE_OK(qhm_vocabulary_parse(text, &back));
    REQUIRE_OK(qhm_vocabulary_print(back, &again));
    assert_string_equal(text, again);
    assert_int_equal(qhm_vocabulary_length(back), 4);
    qhm_vocabulary_release_text(text);
    qhm_vocabulary_release_text(again);
    qhm_vocabulary_destroy(v);
    qhm_vocabulary_destroy(back);
    static const struct {
        const char *text, *part;
    } bad[] = {
        {"", "line 1"},
        {"qhm vocabulary 2\n4\n", "line 1"},
        {"qhm vocabulary 1\n", "line 2"},
        {"qhm vocabulary 1\n0\n", "line 2"},
        {"qhm vocabulary 1\n9999999999\n", "line 2"},
        {"qhm vocabulary 1\n4\na\na\n", "line 4"},
        {"qhm vocabulary 1\n4\na\n\nb", "again"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        REQUIRE_FAILS(qhm_vocabulary_parse(bad[i].text, &back), QHM_ERROR_BAD_INPUT, bad[i].part);
    qhm_dataset_destroy(d);
}

static void data_without_texts_is_refused(void **state)
{
    (void)state;
    qhm_dataset *d;
    qhm_vocabulary *v;
    REQUIRE_OK(qhm_dataset_create(0, NULL, &d));
    REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = "n"}));
    REQUIRE_FAILS(qhm_vocabulary_fit(d, items, 1, NULL, &v), QHM_ERROR_UNSUPPORTED, "no texts");
    qhm_dataset_destroy(d);
    d = make_texts();
    REQUIRE_FAILS(qhm_vocabulary_fit(d, (const size_t[]){9}, 1, NULL, &v),
                  QHM_ERROR_INVALID_ARGUMENT, "item 9");
    qhm_dataset_destroy(d);
}

static qhm_status fit_and_store(void *context)
{
    qhm_vocabulary *v, *back = NULL;
    QHM_TRY(qhm_vocabulary_fit(context, items, 4, NULL, &v));
    size_t words[16];
    double mask[16];
    char *text = NULL;
    qhm_status status = qhm_vocabulary_forward(v, context, items, 4, words, mask);
    if (status == QHM_OK)
        status = qhm_vocabulary_print(v, &text);
    if (status == QHM_OK)
        status = qhm_vocabulary_parse(text, &back);
    qhm_vocabulary_release_text(text);
    qhm_vocabulary_destroy(v);
    qhm_vocabulary_destroy(back);
    return status;
}

static void fitting_survives_failing_memory(void **state)
{
    (void)state;
    qhm_dataset *d = make_texts();
    require_survives_failing_memory(fit_and_store, d);
    qhm_dataset_destroy(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_numbered_and_masked),
        cmocka_unit_test(stored_vocabularies_read_back),
        cmocka_unit_test(data_without_texts_is_refused),
        cmocka_unit_test(fitting_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
