// Sources: the table is sound, generators are fresh, balanced and what their papers say.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "base/options_internal.h"
#include "data/sources.h"

static void every_row_of_the_table_is_complete(void **state)
{
    (void)state;
    size_t count;
    const qhm_data_source *const *sources = qhm_data_sources(&count);
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++) {
        const qhm_data_source *found;
        REQUIRE_OK(qhm_data_source_find(sources[i]->name, &found));
        assert_ptr_equal(found, sources[i]);
        assert_true(sources[i]->help[0] && sources[i]->load);
        REQUIRE_OK(qhm_options_check_table(sources[i]->options));
    }
    const qhm_data_source *none;
    REQUIRE_FAILS(qhm_data_source_find("havlichek", &none), QHM_ERROR_NOT_FOUND,
                  "did you mean \"havlicek\"");
}

// |<phi(y)|phi(x)>|^2 of Qiskit's ZZ feature map, two repetitions, computed with another program.
static void the_closed_form_state_has_the_known_kernel(void **state)
{
    (void)state;
    static const struct {
        size_t qubits;
        double x[3], y[3], kernel;
    } cases[] = {
        {2, {0.1, 0.2}, {0.3, 0.4}, 0.103484104662},
        {2, {1, 2}, {2, 1}, 0.784072969343},
        {2, {0.5, -0.5}, {0.25, 0.75}, 0.696273500492},
        {2, {3, 0.5}, {1, 2}, 0.322642567044},
        {3, {0.1, 0.2, 0.3}, {0.4, 0.5, 0.6}, 0.493544482116},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        qhm_complex x[8], y[8];
        qhm_zz_feature_state(cases[c].x, cases[c].qubits, x);
        qhm_zz_feature_state(cases[c].y, cases[c].qubits, y);
        double re = 0, im = 0;
        for (size_t b = 0; b < (size_t)1 << cases[c].qubits; b++) {
            re += x[b].re * y[b].re + x[b].im * y[b].im;
            im += x[b].re * y[b].im - x[b].im * y[b].re;
        }
        REQUIRE_NEAR(re * re + im * im, cases[c].kernel, 1e-11);
    }
    qhm_complex known[4];
    qhm_zz_feature_state((double[]){0.1, 0.2}, 2, known);
    REQUIRE_NEAR(known[1].re, -0.01569755, 1e-8);
    REQUIRE_NEAR(known[2].re, -0.08402862, 1e-8);
    REQUIRE_NEAR(known[3].im, 0.40166958, 1e-8);
}

static void generators_are_fresh_balanced_and_repeatable(void **state)
{
    (void)state;
    size_t count;
    const qhm_data_source *const *sources = qhm_data_sources(&count);
    for (size_t s = 0; s < count; s++) {
        if (!sources[s]->is_generator)
            continue;
        qhm_dataset *first, *again, *other_resample, *other_seed;
        REQUIRE_OK(qhm_data_source_load(sources[s], NULL, 5, 0, &first));
        REQUIRE_OK(qhm_data_source_load(sources[s], NULL, 5, 0, &again));
        REQUIRE_OK(qhm_data_source_load(sources[s], NULL, 5, 1, &other_resample));
        REQUIRE_OK(qhm_data_source_load(sources[s], NULL, 6, 0, &other_seed));
        assert_true(qhm_dataset_hash(first) == qhm_dataset_hash(again));
        assert_true(qhm_dataset_hash(first) != qhm_dataset_hash(other_resample));
        assert_true(qhm_dataset_hash(first) != qhm_dataset_hash(other_seed));
        assert_true(qhm_dataset_has_parts(first));
        size_t counts[3][2] = {{0}};
        for (size_t i = 0; i < qhm_dataset_count(first); i++)
            counts[qhm_dataset_item_part(first, i)][qhm_dataset_label(first, i)]++;
        assert_int_equal(counts[QHM_PART_TRAIN][0], 50);
        assert_int_equal(counts[QHM_PART_TRAIN][1], 50);
        assert_int_equal(counts[QHM_PART_TEST][0], 500);
        assert_int_equal(counts[QHM_PART_TEST][1], 500);
        qhm_dataset_destroy(first);
        qhm_dataset_destroy(again);
        qhm_dataset_destroy(other_resample);
        qhm_dataset_destroy(other_seed);
    }
}

// The paper's point: in the ZZ kernel, points of one class are alike.
static void the_ad_hoc_classes_are_alike_in_their_kernel(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_OK(qhm_data_source_load(
        &qhm_data_source_havlicek,
        &(qhm_havlicek_options){.features = 2, .train_count = 200, .test_count = 200}, 1, 0, &d));
    double kernel_sum[2] = {0, 0};
    size_t pairs[2] = {0, 0};
    size_t count = qhm_dataset_count(d);
    for (size_t i = 0; i < count; i++) {
        qhm_complex x[4], y[4];
        qhm_zz_feature_state(qhm_dataset_features(d, i), 2, x);
        for (size_t j = 0; j < i; j++) {
            qhm_zz_feature_state(qhm_dataset_features(d, j), 2, y);
            double re = 0, im = 0;
            for (size_t b = 0; b < 4; b++) {
                re += x[b].re * y[b].re + x[b].im * y[b].im;
                im += x[b].re * y[b].im - x[b].im * y[b].re;
            }
            size_t same = qhm_dataset_label(d, i) == qhm_dataset_label(d, j);
            kernel_sum[same] += re * re + im * im;
            pairs[same]++;
        }
    }
    // Alike points overlap more: <parity> of at least 0.3 on either side forces it.
    assert_true(kernel_sum[1] / (double)pairs[1] > 1.2 * kernel_sum[0] / (double)pairs[0]);
    qhm_dataset_destroy(d);
}

static void separable_points_keep_the_gap(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_OK(qhm_data_source_load(&qhm_data_source_separable,
                                    &(qhm_separable_options){.gap = 1, .train_count = 400}, 3, 0,
                                    &d));
    // The perceptron converges on separable data only.
    double w[5] = {0};
    size_t wrong = 1;
    for (int epoch = 0; epoch < 1000 && wrong > 0; epoch++) {
        wrong = 0;
        for (size_t i = 0; i < qhm_dataset_count(d); i++) {
            const double *x = qhm_dataset_features(d, i);
            double y = qhm_dataset_label(d, i) ? -1 : 1, score = w[4];
            for (size_t j = 0; j < 4; j++)
                score += w[j] * x[j];
            if (y * score > 0)
                continue;
            wrong++;
            for (size_t j = 0; j < 4; j++)
                w[j] += y * x[j];
            w[4] += y;
        }
    }
    assert_int_equal(wrong, 0);
    qhm_dataset_destroy(d);
}

static void sentences_are_distinct_and_half_about_either(void **state)
{
    (void)state;
    static const size_t counts[] = {130, 216};
    for (size_t c = 0; c < 2; c++) {
        qhm_dataset *d;
        REQUIRE_OK(qhm_data_source_load(&qhm_data_source_sentences,
                                        &(qhm_sentences_options){.count = counts[c]}, 1, 0, &d));
        assert_int_equal(qhm_dataset_count(d), counts[c]);
        size_t food = 0;
        for (size_t i = 0; i < counts[c]; i++) {
            const char *text = qhm_dataset_text(d, i);
            bool is_food = strstr(text, "meal") || strstr(text, "dinner") || strstr(text, "sauce");
            assert_string_equal(qhm_dataset_class_name(d, qhm_dataset_label(d, i)),
                                is_food ? "food" : "IT");
            food += is_food;
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(text, qhm_dataset_text(d, j));
        }
        assert_int_equal(food, counts[c] / 2);
        qhm_dataset_destroy(d);
    }
    char good[] = "1\tskillful man prepares sauce\r\n\n0\tx", bad[] = "1\ta\nno tab here\n";
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(0, NULL, &d));
    REQUIRE_OK(qhm_sentences_read(good, strlen(good), d));
    assert_string_equal(qhm_dataset_text(d, 0), "skillful man prepares sauce");
    assert_string_equal(qhm_dataset_name(d, 1), "line 3");
    REQUIRE_FAILS(qhm_sentences_read(bad, strlen(bad), d), QHM_ERROR_BAD_INPUT,
                  "line 2 is not \"label<tab>sentence\"");
    qhm_dataset_destroy(d);
}

static void bad_options_are_refused_by_name(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_havlicek,
                                       &(qhm_havlicek_options){.features = 60}, 1, 0, &d),
                  QHM_ERROR_INVALID_ARGUMENT, "features is 60, not a whole number from 1 to 6");
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_havlicek,
                                       &(qhm_havlicek_options){.gap = NAN}, 1, 0, &d),
                  QHM_ERROR_INVALID_ARGUMENT, "gap is");
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_havlicek,
                                       &(qhm_havlicek_options){.features = 6, .gap = 0.9}, 1, 0,
                                       &d),
                  QHM_ERROR_RESOURCE_LIMIT, "lower gap or features");
}

static qhm_status load_small(void *context)
{
    qhm_dataset *d = NULL;
    qhm_status status = qhm_data_source_load(
        context, &(qhm_separable_options){.train_count = 9, .test_count = 9}, 1, 0, &d);
    qhm_dataset_destroy(d);
    return status;
}

static void loading_survives_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(load_small, (void *)&qhm_data_source_separable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_is_complete),
        cmocka_unit_test(the_closed_form_state_has_the_known_kernel),
        cmocka_unit_test(generators_are_fresh_balanced_and_repeatable),
        cmocka_unit_test(the_ad_hoc_classes_are_alike_in_their_kernel),
        cmocka_unit_test(separable_points_keep_the_gap),
        cmocka_unit_test(sentences_are_distinct_and_half_about_either),
        cmocka_unit_test(bad_options_are_refused_by_name),
        cmocka_unit_test(loading_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
