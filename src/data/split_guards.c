// Leakage guards: items, families and contents that are on both sides of a split.
#include "base/memory.h"

#include <qhm/split.h>

#include <stdlib.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY // the state as a plain struct
#include <xxhash.h>

// 128 bits: two different rows have the same fingerprint with a chance below 1e-25 in a million.
typedef struct fingerprint {
    XXH128_hash_t hash;
} fingerprint;

static int compare_fingerprints(const void *a, const void *b)
{
    const fingerprint *x = a, *y = b;
    return XXH128_cmp(&x->hash, &y->hash);
}

static fingerprint of_row(const double *row, size_t width, double *scratch)
{
    for (size_t i = 0; i < width; i++)
        scratch[i] = row[i] + 0.0; // -0 becomes 0
    return (fingerprint){XXH3_128bits(scratch, width * sizeof *scratch)};
}

static fingerprint of_item(const qhm_dataset *dataset, size_t item)
{
    XXH3_state_t state;
    XXH3_128bits_reset(&state);
    const char *text = qhm_dataset_text(dataset, item);
    if (text)
        XXH3_128bits_update(&state, text, strlen(text) + 1);
    qhm_image image = qhm_dataset_image(dataset, item);
    if (image.pixels) {
        uint64_t sides[] = {image.width, image.height};
        XXH3_128bits_update(&state, sides, sizeof sides);
        XXH3_128bits_update(&state, image.pixels, image.width * image.height * 3);
    }
    const double *row = qhm_dataset_features(dataset, item);
    for (size_t i = 0; i < qhm_dataset_feature_count(dataset); i++) {
        double value = row[i] + 0.0;
        XXH3_128bits_update(&state, &value, sizeof value);
    }
    return (fingerprint){XXH3_128bits_digest(&state)};
}

// How many of tests are among trains, which is sorted here.
static size_t count_matches(fingerprint *trains, size_t train_count, const fingerprint *tests,
                            size_t test_count)
{
    qsort(trains, train_count, sizeof *trains, compare_fingerprints);
    size_t matches = 0;
    for (size_t i = 0; i < test_count; i++)
        matches +=
            bsearch(&tests[i], trains, train_count, sizeof *trains, compare_fingerprints) != NULL;
    return matches;
}

qhm_status qhm_split_identical_rows(const double *train, size_t train_count, const double *test,
                                    size_t test_count, size_t width, size_t *out_count)
{
    QHM_REQUIRE((train || train_count == 0) && (test || test_count == 0) && out_count,
                "train, test or out_count is NULL");
    fingerprint *prints;
    QHM_TRY(qhm_allocate(train_count + test_count, sizeof *prints, &prints));
    double *scratch;
    qhm_status status = qhm_allocate(width, sizeof *scratch, &scratch);
    if (status == QHM_OK) {
        for (size_t i = 0; i < train_count; i++)
            prints[i] = of_row(train + i * width, width, scratch);
        for (size_t i = 0; i < test_count; i++)
            prints[train_count + i] = of_row(test + i * width, width, scratch);
        *out_count = count_matches(prints, train_count, prints + train_count, test_count);
    }
    qhm_release(scratch);
    qhm_release(prints);
    return status;
}

static size_t count_shared_groups(const qhm_split *split, const qhm_dataset *dataset,
                                  unsigned char *sides)
{
    size_t train_count, test_count, shared = 0;
    const size_t *train = qhm_split_train(split, &train_count);
    const size_t *test = qhm_split_test(split, &test_count);
    for (size_t i = 0; i < train_count; i++)
        sides[qhm_dataset_group(dataset, train[i])] |= 1;
    for (size_t i = 0; i < test_count; i++)
        sides[qhm_dataset_group(dataset, test[i])] |= 2;
    for (size_t g = 0; g < qhm_dataset_group_count(dataset); g++)
        shared += sides[g] == 3;
    return shared;
}

static size_t count_shared_items(const qhm_split *split)
{
    size_t train_count, test_count, shared = 0, t = 0;
    const size_t *train = qhm_split_train(split, &train_count);
    const size_t *test = qhm_split_test(split, &test_count);
    for (size_t i = 0; i < test_count; i++) { // both ascend
        while (t < train_count && train[t] < test[i])
            t++;
        shared += t < train_count && train[t] == test[i];
    }
    return shared;
}

qhm_status qhm_split_check(const qhm_split *split, const qhm_dataset *dataset,
                           qhm_split_leaks *out_leaks)
{
    QHM_REQUIRE(split && dataset && out_leaks, "the split, dataset or out_leaks is NULL");
    size_t train_count, test_count;
    const size_t *train = qhm_split_train(split, &train_count);
    const size_t *test = qhm_split_test(split, &test_count);
    fingerprint *prints;
    QHM_TRY(qhm_allocate(train_count + test_count, sizeof *prints, &prints));
    unsigned char *sides;
    qhm_status status = qhm_allocate(qhm_dataset_group_count(dataset), 1, &sides);
    if (status == QHM_OK) {
        for (size_t i = 0; i < train_count; i++)
            prints[i] = of_item(dataset, train[i]);
        for (size_t i = 0; i < test_count; i++)
            prints[train_count + i] = of_item(dataset, test[i]);
        *out_leaks = (qhm_split_leaks){
            .shared_items = count_shared_items(split),
            .shared_groups = count_shared_groups(split, dataset, sides),
            .same_content = count_matches(prints, train_count, prints + train_count, test_count),
        };
    }
    qhm_release(sides);
    qhm_release(prints);
    return status;
}
