// Grouped, stratified, seeded splits and the leakage guards.
#include "base/memory.h"

#include <qhm/random.h>
#include <qhm/split.h>

#include <math.h>
#include <stdlib.h>

struct qhm_split {
    size_t *train, *test; // ascending
    size_t train_count, test_count;
};

// One family as the fold assignment sees it: its items are members[first..first + size).
typedef struct family {
    size_t first, size;
    size_t order; // place in the shuffle: ties between sizes are broken by it
} family;

typedef struct folding {
    const qhm_dataset *dataset;
    size_t folds, class_count;
    family *families; // [family_count]
    size_t family_count;
    size_t *members;      // [count] items, family by family
    double *class_totals; // [class_count + 1], the last is all items
    double *fold_counts;  // [folds][class_count + 1]
    size_t *fold_of;      // [family_count]
} folding;

static void release_folding(folding *f)
{
    qhm_release(f->families);
    qhm_release(f->members);
    qhm_release(f->class_totals);
    qhm_release(f->fold_counts);
    qhm_release(f->fold_of);
}

// Larger first, then by the shuffle.
static int compare_families(const void *a, const void *b)
{
    const family *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

// Counting sort of the items by family, then a shuffle of the families.
static qhm_status gather_families(folding *f, const size_t *items, size_t count,
                                  bool ignores_groups, qhm_random *random)
{
    size_t id_count = ignores_groups ? count : qhm_dataset_group_count(f->dataset);
    size_t *sizes, *numbers;
    QHM_TRY(qhm_allocate(id_count, sizeof *sizes, &sizes));
    qhm_status status = qhm_allocate(id_count, sizeof *numbers, &numbers);
    if (status != QHM_OK) {
        qhm_release(sizes);
        return status;
    }
    for (size_t i = 0; i < count; i++)
        sizes[ignores_groups ? i : qhm_dataset_group(f->dataset, items[i])]++;
    for (size_t id = 0; id < id_count; id++)
        if (sizes[id] > 0)
            numbers[id] = f->family_count++;
    status = qhm_allocate(f->family_count, sizeof *f->families, &f->families);
    if (status == QHM_OK)
        status = qhm_allocate(f->family_count, sizeof *f->fold_of, &f->fold_of);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *f->members, &f->members);
    if (status == QHM_OK) {
        size_t next = 0;
        for (size_t id = 0; id < id_count; id++)
            if (sizes[id] > 0) {
                f->families[numbers[id]].first = next;
                next += sizes[id];
            }
        for (size_t i = 0; i < count; i++) {
            size_t id = ignores_groups ? i : qhm_dataset_group(f->dataset, items[i]);
            family *home = &f->families[numbers[id]];
            f->members[home->first + home->size++] = items[i];
        }
        for (size_t i = 0; i < f->family_count; i++)
            f->fold_of[i] = i; // lent to the shuffle
        qhm_random_shuffle(random, f->fold_of, f->family_count);
        for (size_t i = 0; i < f->family_count; i++)
            f->families[i].order = f->fold_of[i];
        qsort(f->families, f->family_count, sizeof *f->families, compare_families);
    }
    qhm_release(sizes);
    qhm_release(numbers);
    return status;
}

static size_t class_of(const folding *f, size_t item)
{
    size_t label = qhm_dataset_label(f->dataset, item);
    return label == QHM_NO_LABEL ? f->class_count : label;
}

// Adding counts c to fold k raises sum_class (n / total)^2 by (2 n c + c^2) / total^2; the c^2
// part is the same for every fold, so the least n c / total^2 keeps all folds most even.
static size_t best_fold(const folding *f, const family *candidate)
{
    size_t width = f->class_count + 1, best = 0;
    double least = INFINITY;
    for (size_t k = 0; k < f->folds; k++) {
        const double *counts = f->fold_counts + k * width;
        double all = f->class_totals[f->class_count];
        double rise = counts[f->class_count] * (double)candidate->size / (all * all);
        for (size_t m = 0; m < candidate->size; m++) {
            size_t label = class_of(f, f->members[candidate->first + m]);
            if (label < f->class_count)
                rise += counts[label] / (f->class_totals[label] * f->class_totals[label]);
        }
        if (rise < least) {
            least = rise;
            best = k;
        }
    }
    return best;
}

static void count_members(const folding *f, const family *one, double *counts)
{
    counts[f->class_count] += (double)one->size;
    for (size_t m = 0; m < one->size; m++) {
        size_t label = class_of(f, f->members[one->first + m]);
        if (label < f->class_count)
            counts[label]++;
    }
}

static qhm_status assign_folds(folding *f)
{
    size_t width = f->class_count + 1;
    QHM_TRY(qhm_allocate(width, sizeof *f->class_totals, &f->class_totals));
    QHM_TRY(qhm_allocate(f->folds * width, sizeof *f->fold_counts, &f->fold_counts));
    for (size_t i = 0; i < f->family_count; i++)
        count_members(f, &f->families[i], f->class_totals);
    for (size_t i = 0; i < f->family_count; i++) {
        f->fold_of[i] = best_fold(f, &f->families[i]);
        count_members(f, &f->families[i], f->fold_counts + f->fold_of[i] * width);
    }
    return QHM_OK;
}

static int compare_sizes(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static qhm_status create_empty(size_t count, qhm_split **out_split)
{
    qhm_split *split;
    QHM_TRY(qhm_allocate(1, sizeof *split, &split));
    qhm_status status = qhm_allocate(count, sizeof *split->train, &split->train);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *split->test, &split->test);
    if (status != QHM_OK) {
        qhm_split_destroy(split);
        return status;
    }
    *out_split = split;
    return QHM_OK;
}

static qhm_status split_items(const qhm_dataset *dataset, const size_t *items, size_t count,
                              size_t folds, bool ignores_groups, size_t fold, qhm_random *random,
                              qhm_split **out_split)
{
    folding f = {
        .dataset = dataset, .folds = folds, .class_count = qhm_dataset_class_count(dataset)};
    qhm_split *split = NULL;
    qhm_status status = gather_families(&f, items, count, ignores_groups, random);
    if (status == QHM_OK && f.family_count < folds)
        status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "%zu families of items cannot make %zu folds",
                          f.family_count, folds);
    if (status == QHM_OK)
        status = assign_folds(&f);
    if (status == QHM_OK)
        status = create_empty(count, &split);
    if (status == QHM_OK) {
        for (size_t i = 0; i < f.family_count; i++)
            for (size_t m = 0; m < f.families[i].size; m++) {
                size_t item = f.members[f.families[i].first + m];
                if (f.fold_of[i] == fold)
                    split->test[split->test_count++] = item;
                else
                    split->train[split->train_count++] = item;
            }
        qsort(split->train, split->train_count, sizeof *split->train, compare_sizes);
        qsort(split->test, split->test_count, sizeof *split->test, compare_sizes);
        *out_split = split;
    }
    release_folding(&f);
    return status;
}

static qhm_status split_by_parts(const qhm_dataset *dataset, qhm_split **out_split)
{
    size_t count = qhm_dataset_count(dataset);
    qhm_split *split;
    QHM_TRY(create_empty(count, &split));
    for (size_t i = 0; i < count; i++)
        if (qhm_dataset_item_part(dataset, i) == QHM_PART_TEST)
            split->test[split->test_count++] = i;
        else
            split->train[split->train_count++] = i;
    *out_split = split;
    return QHM_OK;
}

static qhm_status folds_of(const qhm_split_options *options, size_t *out_folds)
{
    *out_folds = options->folds > 0 ? options->folds : 5;
    QHM_REQUIRE(*out_folds >= 2 && *out_folds <= 1000, "folds is %zu, not 2 to 1000", *out_folds);
    return QHM_OK;
}

qhm_status qhm_split_create(const qhm_dataset *dataset, const qhm_split_options *options,
                            size_t resample, qhm_split **out_split)
{
    QHM_REQUIRE(dataset && out_split, "the dataset or out_split is NULL");
    qhm_split_options o = options ? *options : (qhm_split_options){0};
    size_t folds;
    QHM_TRY(folds_of(&o, &folds));
    if (qhm_dataset_has_parts(dataset))
        return split_by_parts(dataset, out_split);
    size_t *items, count = qhm_dataset_count(dataset);
    QHM_TRY(qhm_allocate(count, sizeof *items, &items));
    for (size_t i = 0; i < count; i++)
        items[i] = i;
    qhm_random random = qhm_random_stream(o.seed, QHM_RANDOM_SPLIT, resample / folds, 0, 0);
    qhm_status status = split_items(dataset, items, count, folds, o.ignores_groups,
                                    resample % folds, &random, out_split);
    qhm_release(items);
    return status;
}

qhm_status qhm_split_create_within(const qhm_dataset *dataset, const size_t *items, size_t count,
                                   const qhm_split_options *options, size_t resample,
                                   qhm_split **out_split)
{
    QHM_REQUIRE(dataset && items && out_split, "the dataset, items or out_split is NULL");
    qhm_split_options o = options ? *options : (qhm_split_options){0};
    size_t folds;
    QHM_TRY(folds_of(&o, &folds));
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(items[i] < qhm_dataset_count(dataset), "item %zu does not exist: there are %zu",
                    items[i], qhm_dataset_count(dataset));
    qhm_random random = qhm_random_stream(o.seed, QHM_RANDOM_SPLIT, resample, 1, 0);
    return split_items(dataset, items, count, folds, o.ignores_groups, 0, &random, out_split);
}

void qhm_split_destroy(qhm_split *split)
{
    if (!split)
        return;
    qhm_release(split->train);
    qhm_release(split->test);
    qhm_release(split);
}

const size_t *qhm_split_train(const qhm_split *split, size_t *out_count)
{
    *out_count = split->train_count;
    return split->train;
}

const size_t *qhm_split_test(const qhm_split *split, size_t *out_count)
{
    *out_count = split->test_count;
    return split->test;
}
