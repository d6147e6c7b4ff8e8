// Extractors: known transforms, two routes to one result, storage to the bit.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "data/extractor_internal.h"
#include "data/image_descriptor.h"
#include "data/principal_components.h"
#include "data/term_components.h"

#include <qhm/extractor.h>
#include <qhm/random.h>
#include <qhm/threads.h>

enum { ITEMS = 60, SIDE = 20 };

static const char *const subjects[] = {"red apple",  "green pear", "blue car",
                                       "fast train", "Old Ship",   "ripe banana"};
static const char *const colours[] = {"bright", "dark", "tiny", "huge", "plain"};

// Items with a picture, a text and three numbers.
static qhm_dataset *make_data(void)
{
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(3, (const char *const[]){"a", "b", "c"}, &d));
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < ITEMS; i++) {
        uint8_t pixels[SIDE * SIDE * 3];
        for (size_t p = 0; p < sizeof pixels; p++)
            pixels[p] = (uint8_t)qhm_random_below(&random, 256);
        char name[16], text[64];
        snprintf(name, sizeof name, "%zu", i);
        snprintf(text, sizeof text, "%s %s", colours[i % 5], subjects[i % 6]);
        double u = qhm_random_normal(&random);
        double numbers[] = {1 + 2 * u, 5 - u, 7};
        REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = name,
                                                             .text = text,
                                                             .image = {pixels, SIDE, SIDE},
                                                             .features = numbers}));
    }
    return d;
}

static void all_items(size_t *items)
{
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = i;
}

static void numbers_are_scaled_as_asked(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    size_t items[ITEMS];
    all_items(items);
    double out[ITEMS * 3];
    qhm_extractor *e;
    REQUIRE_OK(qhm_extractor_fit(
        d, items, ITEMS,
        &(qhm_extractor_options){.kind = QHM_EXTRACTOR_NUMBERS, .scaling = QHM_SCALING_STANDARD},
        &e));
    assert_int_equal(qhm_extractor_width(e), 3);
    REQUIRE_OK(qhm_extractor_forward(e, d, items, ITEMS, out));
    double mean[3] = {0}, square[3] = {0};
    for (size_t i = 0; i < ITEMS; i++)
        for (size_t j = 0; j < 3; j++) {
            mean[j] += out[i * 3 + j] / ITEMS;
            square[j] += out[i * 3 + j] * out[i * 3 + j] / ITEMS;
        }
    for (size_t j = 0; j < 3; j++) {
        REQUIRE_NEAR(mean[j], 0, 1e-12);
        REQUIRE_NEAR(square[j], j < 2, 1e-12); // the last column is constant
    }
    qhm_extractor_destroy(e);

    // Angles are fitted to the first half; the rest is clipped to the range.
    REQUIRE_OK(qhm_extractor_fit(
        d, items, ITEMS / 2,
        &(qhm_extractor_options){.kind = QHM_EXTRACTOR_NUMBERS, .scaling = QHM_SCALING_ANGLE}, &e));
    REQUIRE_OK(qhm_extractor_forward(e, d, items, ITEMS, out));
    double low = 9, high = -9;
    for (size_t i = 0; i < ITEMS; i++) {
        assert_true(out[i * 3] >= 0 && out[i * 3] <= M_PI);
        if (i < ITEMS / 2) {
            low = fmin(low, out[i * 3]);
            high = fmax(high, out[i * 3]);
        }
    }
    REQUIRE_NEAR(low, 0, 1e-12);
    REQUIRE_NEAR(high, M_PI, 1e-12);
    qhm_extractor_destroy(e);

    REQUIRE_OK(qhm_extractor_fit(
        d, items, ITEMS,
        &(qhm_extractor_options){.kind = QHM_EXTRACTOR_NUMBERS, .scaling = QHM_SCALING_NONE}, &e));
    REQUIRE_OK(qhm_extractor_forward(e, d, items, ITEMS, out));
    for (size_t i = 0; i < ITEMS; i++)
        assert_memory_equal(out + i * 3, qhm_dataset_features(d, i), 3 * sizeof *out);
    qhm_extractor_destroy(e);
    qhm_dataset_destroy(d);
}

// Columns a and b are one number u: standardised, the first component is all there is.
static void components_find_the_line_that_the_data_lies_on(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    size_t items[ITEMS];
    all_items(items);
    qhm_extractor *e;
    REQUIRE_OK(qhm_extractor_fit(d, items, ITEMS,
                                 &(qhm_extractor_options){.kind = QHM_EXTRACTOR_NUMBERS,
                                                          .width = 2,
                                                          .scaling = QHM_SCALING_NONE},
                                 &e));
    double out[ITEMS * 2], square = 0;
    REQUIRE_OK(qhm_extractor_forward(e, d, items, ITEMS, out));
    for (size_t i = 0; i < ITEMS; i++) {
        square += out[2 * i] * out[2 * i] / ITEMS;
        REQUIRE_NEAR(out[2 * i + 1], 0, 1e-12);
    }
    REQUIRE_NEAR(square, 2, 1e-12); // two columns of variance 1, fully correlated
    qhm_extractor_destroy(e);
    qhm_dataset_destroy(d);
}

static void components_agree_on_both_sides_of_the_matrix(void **state)
{
    (void)state;
    // 12 x 30 through its rows against the same data padded to 40 rows with zeros.
    enum { ROWS = 12, COLUMNS = 30, WANTED = 5 };
    double x[40 * COLUMNS] = {0}, by_rows[WANTED * COLUMNS], by_columns[WANTED * COLUMNS];
    qhm_random random = qhm_random_stream(2, QHM_RANDOM_USER, 0, 0, 0);
    for (size_t j = 0; j < COLUMNS; j++) {
        double mean = 0;
        for (size_t i = 0; i < ROWS; i++)
            mean += (x[i * COLUMNS + j] = qhm_random_normal(&random)) / ROWS;
        for (size_t i = 0; i < ROWS; i++)
            x[i * COLUMNS + j] -= mean;
    }
    REQUIRE_OK(qhm_principal_components(x, ROWS, COLUMNS, WANTED, by_rows));
    REQUIRE_OK(qhm_principal_components(x, 40, COLUMNS, WANTED, by_columns));
    for (size_t i = 0; i < WANTED * COLUMNS; i++)
        REQUIRE_NEAR(by_rows[i], by_columns[i], 1e-10);
}

// The sparse route against the dense one, with fewer and with more words than texts.
static void word_components_are_those_of_the_dense_matrix(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{25, 10}, {10, 25}};
    for (size_t s = 0; s < 2; s++) {
        size_t count = shapes[s][0], length = shapes[s][1];
        enum { WANTED = 4 };
        double dense[250] = {0}, mean[25], expected[WANTED * 25], components[WANTED * 25];
        struct qhm_term_weight entries[25][3];
        qhm_term_row rows[25];
        qhm_random random = qhm_random_stream(3, QHM_RANDOM_USER, s, 0, 0);
        for (size_t i = 0; i < count; i++) {
            rows[i] = (qhm_term_row){3, 3, entries[i]};
            for (size_t a = 0; a < 3; a++) {
                entries[i][a].term = a * length / 3 + qhm_random_below(&random, length / 3);
                entries[i][a].weight = qhm_random_uniform(&random);
                dense[i * length + entries[i][a].term] = entries[i][a].weight;
            }
        }
        REQUIRE_OK(qhm_term_components(rows, count, length, WANTED, mean, components));
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < length; j++)
                dense[i * length + j] -= mean[j];
        REQUIRE_OK(qhm_principal_components(dense, count, length, WANTED, expected));
        for (size_t i = 0; i < WANTED * length; i++)
            REQUIRE_NEAR(components[i], expected[i], 1e-9);
    }
}

static void texts_are_weighed_by_words_in_any_case(void **state)
{
    (void)state;
    qhm_terms terms;
    REQUIRE_OK(qhm_terms_fit((const char *const[]){"Red apple", "red CAR", "a red-red sky"}, 3, 100,
                             &terms));
    assert_int_equal(terms.names.count, 5);
    assert_string_equal(qhm_name_table_name(&terms.names, 0), "red");
    REQUIRE_NEAR(terms.inverse_frequency[0], 1, 1e-15); // in all 3 of 3
    REQUIRE_NEAR(terms.inverse_frequency[1], log(4. / 2) + 1, 1e-15);
    qhm_term_row row = {0};
    REQUIRE_OK(qhm_terms_weigh(&terms, "RED red sky unknown", &row));
    assert_int_equal(row.count, 2);
    double sky = log(2) + 1, norm = sqrt(4 + sky * sky);
    REQUIRE_NEAR(row.entries[0].weight, 2 / norm, 1e-15);
    REQUIRE_NEAR(row.entries[1].weight, sky / norm, 1e-15);
    REQUIRE_OK(qhm_terms_weigh(&terms, "  ", &row));
    assert_int_equal(row.count, 0);
    qhm_release(row.entries);
    qhm_terms_release(&terms);

    REQUIRE_OK(qhm_terms_fit((const char *const[]){"x y z", "z", "z y"}, 3, 2, &terms));
    assert_int_equal(terms.names.count, 2); // the rarest word is left out
    assert_string_equal(qhm_name_table_name(&terms.names, 0), "y");
    assert_string_equal(qhm_name_table_name(&terms.names, 1), "z");
    qhm_terms_release(&terms);

    // German case folding by character, Japanese by character.
    REQUIRE_OK(qhm_terms_fit((const char *const[]){"ÄPFEL äpfel", "笑う顔"}, 2, 100, &terms));
    assert_int_equal(terms.names.count, 4);
    assert_string_equal(qhm_name_table_name(&terms.names, 0), "äpfel");
    assert_string_equal(qhm_name_table_name(&terms.names, 1), "笑");
    qhm_terms_release(&terms);
}

static void pictures_are_resampled_by_area_and_described(void **state)
{
    (void)state;
    const uint8_t pixels[] = {0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 0, 0, 0, 9, 9, 9};
    float small[3];
    qhm_image_resample((qhm_image){pixels, 3, 2}, 1, 1, small);
    REQUIRE_NEAR(small[0], (255 + 255 + 9) / 6. / 255, 1e-6);
    REQUIRE_NEAR(small[2], (255 + 255 + 9) / 6. / 255, 1e-6);

    // Vertical stripes: every gradient is horizontal, so all votes are in the first and last angle.
    enum { N = 32 };
    uint8_t stripes[N * N * 3], red[N * N * 3];
    for (size_t i = 0; i < N * N; i++)
        for (size_t c = 0; c < 3; c++) {
            stripes[3 * i + c] = i % N / 4 % 2 ? 255 : 0;
            red[3 * i + c] = c == 0 ? 200 : 0;
        }
    double out[QHM_SHAPE_LENGTH];
    qhm_image_describe_shapes((qhm_image){stripes, N, N}, out);
    for (size_t i = 0; i < QHM_SHAPE_HOG; i++)
        if (i % QHM_SHAPE_ANGLES == 0 || i % QHM_SHAPE_ANGLES == QHM_SHAPE_ANGLES - 1)
            assert_true(out[i] > 0.1);
        else
            assert_true(out[i] == 0);
    qhm_image_describe_shapes((qhm_image){red, N, N}, out);
    for (size_t i = 0; i < QHM_SHAPE_HOG; i++)
        assert_true(out[i] == 0);
    assert_true(out[QHM_SHAPE_HOG] > 0.8); // hue 0
    for (size_t i = 1; i < QHM_SHAPE_HUES; i++)
        assert_true(out[QHM_SHAPE_HOG + i] == 0);
    REQUIRE_NEAR(out[QHM_SHAPE_HOG + QHM_SHAPE_COLOURS], 200 / 255., 1e-6);
    REQUIRE_NEAR(out[QHM_SHAPE_HOG + QHM_SHAPE_COLOURS + 1], 0, 1e-6);
    double grey;
    qhm_image_describe_pixels((qhm_image){red, N, N}, 1, &grey);
    REQUIRE_NEAR(grey, 0.299 * 200 / 255, 1e-6);
}

static const qhm_extractor_options every_kind[] = {
    {.kind = QHM_EXTRACTOR_SHAPES, .width = 5},
    {.kind = QHM_EXTRACTOR_PIXELS, .width = 7, .image_side = 10},
    {.kind = QHM_EXTRACTOR_WORDS, .width = 4, .scaling = QHM_SCALING_ANGLE},
    {.kind = QHM_EXTRACTOR_NUMBERS},
};

static void stored_extractors_give_the_same_bits(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    size_t items[ITEMS];
    all_items(items);
    for (size_t k = 0; k < 4; k++) {
        qhm_extractor *e, *back;
        REQUIRE_OK(qhm_threads_set_count(1));
        REQUIRE_OK(qhm_extractor_fit(d, items, ITEMS / 2, &every_kind[k], &e));
        unsigned char *bytes, *again;
        size_t count, again_count;
        REQUIRE_OK(qhm_extractor_print(e, &bytes, &count));
        REQUIRE_OK(qhm_extractor_parse(bytes, count, &back));
        double out[ITEMS * 8], other[ITEMS * 8];
        REQUIRE_OK(qhm_extractor_forward(e, d, items, ITEMS, out));
        REQUIRE_OK(qhm_threads_set_count(3));
        REQUIRE_OK(qhm_extractor_forward(back, d, items, ITEMS, other));
        assert_memory_equal(out, other, ITEMS * qhm_extractor_width(e) * sizeof *out);
        qhm_extractor_destroy(back);
        REQUIRE_OK(qhm_extractor_fit(d, items, ITEMS / 2, &every_kind[k], &back));
        REQUIRE_OK(qhm_extractor_print(back, &again, &again_count));
        assert_int_equal(count, again_count); // any number of threads fits the same bits
        assert_memory_equal(bytes, again, count);
        REQUIRE_OK(qhm_threads_set_count(0));
        qhm_extractor_destroy(back);
        qhm_extractor_release_bytes(again);
        if (k == 2) {
            double one[4];
            REQUIRE_OK(qhm_extractor_forward_text(e, qhm_dataset_text(d, 7), one));
            assert_memory_equal(one, out + 7 * 4, sizeof one);
        }
        if (k < 2) {
            double one[8];
            REQUIRE_OK(qhm_extractor_forward_image(e, qhm_dataset_image(d, 7), one));
            assert_memory_equal(one, out + 7 * qhm_extractor_width(e),
                                qhm_extractor_width(e) * sizeof *one);
        }
        for (size_t kept = 0; kept < count; kept += 1 + kept / 50)
            REQUIRE_FAILS(qhm_extractor_parse(bytes, kept, &back), QHM_ERROR_BAD_INPUT,
                          "extractor");
        for (size_t i = 0; i < count; i += 1 + i / 50) {
            bytes[i] ^= 4;
            REQUIRE_FAILS(qhm_extractor_parse(bytes, count, &back), QHM_ERROR_BAD_INPUT,
                          "extractor");
            bytes[i] ^= 4;
        }
        qhm_extractor_release_bytes(bytes);
        qhm_extractor_destroy(e);
    }
    qhm_dataset_destroy(d);
}

static void what_cannot_be_described_is_refused(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(0, NULL, &d));
    REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = "a", .text = "b"}));
    REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = "c", .text = "d"}));
    size_t items[] = {0, 1, 2};
    qhm_extractor *e;
    qhm_extractor_options shapes = {.kind = QHM_EXTRACTOR_SHAPES}, none = {0};
    qhm_extractor_options words = {.kind = QHM_EXTRACTOR_WORDS, .width = 4};
    REQUIRE_FAILS(qhm_extractor_fit(d, items, 2, &shapes, &e), QHM_ERROR_UNSUPPORTED,
                  "no pictures, which extractor \"shapes\"");
    REQUIRE_FAILS(qhm_extractor_fit(d, items, 2, &none, &e), QHM_ERROR_INVALID_ARGUMENT, "kind");
    REQUIRE_FAILS(qhm_extractor_fit(d, items, 1, &words, &e), QHM_ERROR_INVALID_ARGUMENT,
                  "1 items to fit");
    REQUIRE_FAILS(qhm_extractor_fit(d, items, 3, &words, &e), QHM_ERROR_INVALID_ARGUMENT,
                  "item 2 does not exist");
    REQUIRE_OK(qhm_extractor_fit(d, items, 2, &words, &e));
    double out[4];
    REQUIRE_FAILS(
        qhm_extractor_forward_image(e, (qhm_image){(const uint8_t[]){1, 2, 3}, 1, 1}, out),
        QHM_ERROR_UNSUPPORTED, "\"words\" does not describe pictures");
    // Two texts have one direction between them; outputs beyond the rank are 0.
    REQUIRE_OK(qhm_extractor_forward_text(e, "b", out));
    assert_true(out[0] != 0 && out[1] == 0 && out[3] == 0);
    qhm_extractor_destroy(e);
    qhm_dataset_destroy(d);
}

typedef struct attempt {
    const qhm_dataset *dataset;
    const qhm_extractor_options *options;
} attempt;

static qhm_status fit_and_store(void *context)
{
    const attempt *a = context;
    size_t items[] = {0, 1, 2, 3, 4, 5};
    qhm_extractor *e, *back = NULL;
    QHM_TRY(qhm_extractor_fit(a->dataset, items, 6, a->options, &e));
    double out[6 * 8];
    qhm_status status = qhm_extractor_forward(e, a->dataset, items, 6, out);
    unsigned char *bytes = NULL;
    size_t count;
    if (status == QHM_OK)
        status = qhm_extractor_print(e, &bytes, &count);
    if (status == QHM_OK)
        status = qhm_extractor_parse(bytes, count, &back);
    qhm_extractor_release_bytes(bytes);
    qhm_extractor_destroy(back);
    qhm_extractor_destroy(e);
    return status;
}

static void fitting_survives_failing_memory(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    for (size_t k = 0; k < 4; k++)
        require_survives_failing_memory(fit_and_store, &(attempt){d, &every_kind[k]});
    qhm_dataset_destroy(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_scaled_as_asked),
        cmocka_unit_test(components_find_the_line_that_the_data_lies_on),
        cmocka_unit_test(components_agree_on_both_sides_of_the_matrix),
        cmocka_unit_test(word_components_are_those_of_the_dense_matrix),
        cmocka_unit_test(texts_are_weighed_by_words_in_any_case),
        cmocka_unit_test(pictures_are_resampled_by_area_and_described),
        cmocka_unit_test(stored_extractors_give_the_same_bits),
        cmocka_unit_test(what_cannot_be_described_is_refused),
        cmocka_unit_test(fitting_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
