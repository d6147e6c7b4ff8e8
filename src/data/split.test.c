// Splits: groups stay whole, classes stay even, every item is tested once a repeat.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/split.h>

enum { ITEMS = 400 };

// 3 classes of 60, 30 and 10 %, in families of 1 to 4 items.
static qhm_dataset *make_data(void)
{
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(1, (const char *const[]){"x"}, &d));
    size_t family = 0, left = 1;
    for (size_t i = 0; i < ITEMS; i++) {
        if (left-- == 0) {
            family++;
            left = family % 4;
        }
        char name[32], group[32];
        snprintf(name, sizeof name, "item %zu", i);
        snprintf(group, sizeof group, "family %zu", family);
        const char *class_name = family % 10 < 6 ? "a" : family % 10 < 9 ? "b" : "c";
        REQUIRE_OK(qhm_dataset_append(d, &(qhm_dataset_item){.name = name,
                                                             .group = group,
                                                             .class_name = class_name,
                                                             .features = (double[]){(double)i}}));
    }
    return d;
}

static void every_item_is_tested_once_in_a_repeat(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    size_t class_totals[3] = {0};
    for (size_t i = 0; i < ITEMS; i++)
        class_totals[qhm_dataset_label(d, i)]++;
    for (size_t repeat = 0; repeat < 2; repeat++) {
        size_t tested[ITEMS] = {0};
        for (size_t fold = 0; fold < 5; fold++) {
            qhm_split *split;
            REQUIRE_OK(
                qhm_split_create(d, &(qhm_split_options){.seed = 3}, repeat * 5 + fold, &split));
            size_t train_count, test_count, classes[3] = {0};
            (void)qhm_split_train(split, &train_count);
            const size_t *test = qhm_split_test(split, &test_count);
            assert_int_equal(train_count + test_count, ITEMS);
            for (size_t i = 0; i < test_count; i++) {
                tested[test[i]]++;
                classes[qhm_dataset_label(d, test[i])]++;
            }
            // Families have at most 4 items: no class misses its fifth by more than that.
            for (size_t c = 0; c < 3; c++)
                REQUIRE_NEAR(classes[c], (double)class_totals[c] / 5, 4);
            REQUIRE_NEAR(test_count, ITEMS / 5., 4);
            qhm_split_leaks leaks;
            REQUIRE_OK(qhm_split_check(split, d, &leaks));
            assert_int_equal(leaks.shared_items, 0);
            assert_int_equal(leaks.shared_groups, 0);
            assert_int_equal(leaks.same_content, 0);
            qhm_split_destroy(split);
        }
        for (size_t i = 0; i < ITEMS; i++)
            assert_int_equal(tested[i], 1);
    }
    qhm_dataset_destroy(d);
}

static bool same_test(const qhm_dataset *d, qhm_split_options a, size_t resample_a,
                      qhm_split_options b, size_t resample_b)
{
    qhm_split *x, *y;
    REQUIRE_OK(qhm_split_create(d, &a, resample_a, &x));
    REQUIRE_OK(qhm_split_create(d, &b, resample_b, &y));
    size_t x_count, y_count;
    const size_t *xs = qhm_split_test(x, &x_count), *ys = qhm_split_test(y, &y_count);
    bool same = x_count == y_count && memcmp(xs, ys, x_count * sizeof *xs) == 0;
    qhm_split_destroy(x);
    qhm_split_destroy(y);
    return same;
}

static void seeds_and_repeats_shuffle_anew(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    qhm_split_options one = {.seed = 1}, two = {.seed = 2};
    assert_true(same_test(d, one, 3, one, 3));
    assert_false(same_test(d, one, 3, two, 3));
    assert_false(same_test(d, one, 3, one, 8));
    qhm_dataset_destroy(d);
}

static void the_control_without_groups_leaks_families_and_is_caught(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    qhm_split *split;
    REQUIRE_OK(qhm_split_create(d, &(qhm_split_options){.ignores_groups = true}, 0, &split));
    qhm_split_leaks leaks;
    REQUIRE_OK(qhm_split_check(split, d, &leaks));
    assert_int_equal(leaks.shared_items, 0);
    assert_true(leaks.shared_groups > 10);
    qhm_split_destroy(split);
    qhm_dataset_destroy(d);
}

static void same_content_is_caught(void **state)
{
    (void)state;
    qhm_dataset *d;
    REQUIRE_OK(qhm_dataset_create(0, NULL, &d));
    // Ten pairs of twins in two families: with two folds, twins are always apart.
    for (int i = 0; i < 20; i++) {
        char name[16], text[16];
        snprintf(name, sizeof name, "%d", i);
        snprintf(text, sizeof text, "text %d", i % 10);
        REQUIRE_OK(qhm_dataset_append(
            d, &(qhm_dataset_item){.name = name, .text = text, .group = i < 10 ? "a" : "b"}));
    }
    qhm_split *split;
    REQUIRE_OK(qhm_split_create(d, &(qhm_split_options){.folds = 2}, 0, &split));
    qhm_split_leaks leaks;
    REQUIRE_OK(qhm_split_check(split, d, &leaks));
    assert_int_equal(leaks.same_content, 10);
    qhm_split_destroy(split);
    REQUIRE_FAILS(qhm_split_create(d, NULL, 0, &split), QHM_ERROR_INVALID_ARGUMENT,
                  "2 families of items cannot make 5 folds");
    qhm_dataset_destroy(d);

    size_t count;
    double train[] = {1, 2, 3, 0}, test[] = {3, -0.0, 1, 3};
    REQUIRE_OK(qhm_split_identical_rows(train, 2, test, 2, 2, &count));
    assert_int_equal(count, 1);
}

static void validation_is_cut_from_the_given_items_alone(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    qhm_split *outer, *inner;
    REQUIRE_OK(qhm_split_create(d, NULL, 1, &outer));
    size_t train_count, inner_train, inner_test;
    const size_t *train = qhm_split_train(outer, &train_count);
    REQUIRE_OK(qhm_split_create_within(d, train, train_count, &(qhm_split_options){.folds = 4}, 1,
                                       &inner));
    (void)qhm_split_train(inner, &inner_train);
    const size_t *validation = qhm_split_test(inner, &inner_test);
    assert_int_equal(inner_train + inner_test, train_count);
    REQUIRE_NEAR(inner_test, (double)train_count / 4, 4);
    for (size_t i = 0, t = 0; i < inner_test; i++) {
        while (t < train_count && train[t] < validation[i])
            t++;
        assert_true(t < train_count && train[t] == validation[i]);
    }
    qhm_split_leaks leaks;
    REQUIRE_OK(qhm_split_check(inner, d, &leaks));
    assert_int_equal(leaks.shared_groups, 0);
    qhm_split_destroy(inner);
    qhm_split_destroy(outer);
    qhm_dataset_destroy(d);
}

static qhm_status split_once(void *context)
{
    qhm_split *split;
    QHM_TRY(qhm_split_create(context, NULL, 0, &split));
    qhm_split_leaks leaks;
    qhm_status status = qhm_split_check(split, context, &leaks);
    qhm_split_destroy(split);
    return status;
}

static void splitting_survives_failing_memory(void **state)
{
    (void)state;
    qhm_dataset *d = make_data();
    require_survives_failing_memory(split_once, d);
    qhm_dataset_destroy(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_tested_once_in_a_repeat),
        cmocka_unit_test(seeds_and_repeats_shuffle_anew),
        cmocka_unit_test(the_control_without_groups_leaks_families_and_is_caught),
        cmocka_unit_test(same_content_is_caught),
        cmocka_unit_test(validation_is_cut_from_the_given_items_alone),
        cmocka_unit_test(splitting_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
