// The classical baselines of the main job, measured: canonical correlation for retrieval, tuned
// support vector machines for classification, on the very splits that runs use.
//
// emoji_baselines.bench [RESAMPLES]: 1 by default; docs/baselines.md has the figures of 10.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"

#include <qhm/canonical_correlation.h>
#include <qhm/data_source.h>
#include <qhm/extractor.h>
#include <qhm/retrieval_metrics.h>
#include <qhm/split.h>
#include <qhm/svm.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDE = 128, MAX_RESAMPLES = 40, MAX_ROWS = 128, INNER_FOLDS = 5 };

static void require(qhm_status status)
{
    if (status == QHM_OK)
        return;
    fprintf(stderr, "emoji_baselines: %s: %s\n", qhm_status_name(status), qhm_error_message());
    exit(1);
}

static double *doubles(size_t count)
{
    double *values;
    require(qhm_allocate(count, sizeof *values, &values));
    return values;
}

// One line of the final table: a name and one figure a resample.
typedef struct line {
    char name[96];
    double values[MAX_RESAMPLES];
    size_t count;
} line;

static line lines[MAX_ROWS];
static size_t line_count;

static void record(const char *name, double value)
{
    size_t i = 0;
    while (i < line_count && strcmp(lines[i].name, name) != 0)
        i++;
    if (i == line_count)
        snprintf(lines[line_count++].name, sizeof lines[i].name, "%s", name);
    lines[i].values[lines[i].count++] = value;
}

static void print_lines(void)
{
    printf("| figure | mean | sd over resamples |\n|---|---|---|\n");
    for (size_t i = 0; i < line_count; i++) {
        double mean = 0, square = 0, n = (double)lines[i].count;
        for (size_t r = 0; r < lines[i].count; r++)
            mean += lines[i].values[r] / n;
        for (size_t r = 0; r < lines[i].count; r++)
            square += pow(lines[i].values[r] - mean, 2);
        printf("| %s | %.3f | %.3f |\n", lines[i].name, mean, n > 1 ? sqrt(square / (n - 1)) : 0);
    }
}

// Features of the two parts of a split, [count][width].
typedef struct view {
    double *train, *test;
    size_t width;
} view;

static void release_view(view *v)
{
    qhm_release(v->train);
    qhm_release(v->test);
}

static view extract(const qhm_dataset *d, const qhm_split *split, qhm_extractor_kind kind)
{
    size_t train_count, test_count;
    const size_t *train = qhm_split_train(split, &train_count);
    const size_t *test = qhm_split_test(split, &test_count);
    qhm_extractor *e;
    require(qhm_extractor_fit(
        d, train, train_count,
        &(qhm_extractor_options){.kind = (int)kind, .width = WIDE, .scaling = QHM_SCALING_NONE},
        &e));
    view v = {doubles(train_count * WIDE), doubles(test_count * WIDE), WIDE};
    require(qhm_extractor_forward(e, d, train, train_count, v.train));
    require(qhm_extractor_forward(e, d, test, test_count, v.test));
    qhm_extractor_destroy(e);
    return v;
}

// The first `width` components of one or two views side by side, each with mean variance 1.
static view combine(const view *const *views, size_t view_count, size_t width, size_t train_count,
                    size_t test_count)
{
    size_t total = width * view_count;
    view out = {doubles(train_count * total), doubles(test_count * total), total};
    for (size_t k = 0; k < view_count; k++) {
        double variance = 0;
        for (size_t i = 0; i < train_count; i++)
            for (size_t j = 0; j < width; j++)
                variance += pow(views[k]->train[i * WIDE + j], 2) / (double)(train_count * width);
        double scale = 1 / sqrt(variance);
        for (size_t i = 0; i < train_count; i++)
            for (size_t j = 0; j < width; j++)
                out.train[i * total + k * width + j] = scale * views[k]->train[i * WIDE + j];
        for (size_t i = 0; i < test_count; i++)
            for (size_t j = 0; j < width; j++)
                out.test[i * total + k * width + j] = scale * views[k]->test[i * WIDE + j];
    }
    return out;
}

// All that one training and test part gives: pictures, label texts, full texts, classes.
typedef struct part {
    view pictures, labels, full;
    size_t *train_classes, *test_classes;
    size_t train_count, test_count;
} part;

static size_t *classes_of(const qhm_dataset *d, const size_t *items, size_t count)
{
    size_t *classes;
    require(qhm_allocate(count, sizeof *classes, &classes));
    for (size_t i = 0; i < count; i++)
        classes[i] = qhm_dataset_label(d, items[i]);
    return classes;
}

static part prepare(const qhm_dataset *label_data, const qhm_dataset *full_data,
                    const qhm_split *split)
{
    part p;
    p.pictures = extract(label_data, split, QHM_EXTRACTOR_SHAPES);
    p.labels = extract(label_data, split, QHM_EXTRACTOR_WORDS);
    p.full = extract(full_data, split, QHM_EXTRACTOR_WORDS);
    const size_t *train = qhm_split_train(split, &p.train_count);
    const size_t *test = qhm_split_test(split, &p.test_count);
    p.train_classes = classes_of(label_data, train, p.train_count);
    p.test_classes = classes_of(label_data, test, p.test_count);
    return p;
}

static void release_part(part *p)
{
    release_view(&p->pictures);
    release_view(&p->labels);
    release_view(&p->full);
    qhm_release(p->train_classes);
    qhm_release(p->test_classes);
}

static double svm_accuracy(const part *p, const view *v, const qhm_svm_options *options)
{
    qhm_svm *svm;
    size_t *predicted, right = 0;
    require(qhm_allocate(p->test_count, sizeof *predicted, &predicted));
    require(qhm_svm_fit(v->train, p->train_classes, p->train_count, v->width, options, &svm));
    require(qhm_svm_forward(svm, v->test, p->test_count, v->width, predicted));
    for (size_t i = 0; i < p->test_count; i++)
        right += predicted[i] == p->test_classes[i];
    qhm_svm_destroy(svm);
    qhm_release(predicted);
    return (double)right / (double)p->test_count;
}

// A grid of machines, each with its accuracy on the validation part.
typedef struct svm_grid {
    const part *inner;
    const view *inner_view;
    qhm_svm_options options[64];
    double accuracies[64];
    size_t count;
} svm_grid;

static void try_machines(size_t first, size_t last, void *context)
{
    svm_grid *g = context;
    for (size_t i = first; i < last; i++)
        g->accuracies[i] = svm_accuracy(g->inner, g->inner_view, &g->options[i]);
}

static void measure_svm(const char *what, qhm_svm_kernel kernel, const part *inner,
                        const view *inner_view, const part *outer, const view *outer_view)
{
    static const double costs[] = {0.3, 1, 3, 10, 30};
    static const double widths[] = {0.1, 0.3, 1, 3}; // gamma in units of 1 / width
    svm_grid g = {.inner = inner, .inner_view = inner_view};
    for (size_t c = 0; c < sizeof costs / sizeof *costs; c++)
        for (size_t w = 0; w < (kernel == QHM_SVM_RBF ? sizeof widths / sizeof *widths : 1); w++)
            g.options[g.count++] =
                (qhm_svm_options){.kernel = (int)kernel,
                                  .cost = costs[c],
                                  .gamma = widths[w] / (double)outer_view->width};
    qhm_parallel_for(g.count, 1, try_machines, &g);
    size_t best = 0;
    for (size_t i = 1; i < g.count; i++)
        if (g.accuracies[i] > g.accuracies[best])
            best = i;
    char name[96];
    snprintf(name, sizeof name, "accuracy, %s, %s SVM", what,
             kernel == QHM_SVM_RBF ? "RBF" : "linear");
    record(name, svm_accuracy(outer, outer_view, &g.options[best]));
}

// Both directions of retrieval among the test items, by cosine in the common space.
static void cca_ranks(const part *p, const view *pictures, const view *texts,
                      const qhm_cca_options *options, double *text_to_image, double *image_to_text)
{
    qhm_cca *cca;
    require(qhm_cca_fit(pictures->train, pictures->width, texts->train, texts->width,
                        p->train_count, options, &cca));
    size_t n = p->test_count, k = qhm_cca_components(cca);
    double *a = doubles(n * k), *b = doubles(n * k), *scores = doubles(n * n);
    qhm_cca_forward_first(cca, pictures->test, n, a);
    qhm_cca_forward_second(cca, texts->test, n, b);
    double *const both[] = {a, b};
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < n; i++) {
            double square = 1e-300;
            for (size_t c = 0; c < k; c++)
                square += pow(both[side][i * k + c], 2);
            for (size_t c = 0; c < k; c++)
                both[side][i * k + c] /= sqrt(square);
        }
    for (int direction = 0; direction < 2; direction++) {
        const double *queries = direction == 0 ? b : a, *candidates = direction == 0 ? a : b;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double dot = 0;
                for (size_t c = 0; c < k; c++)
                    dot += queries[i * k + c] * candidates[j * k + c];
                scores[i * n + j] = dot;
            }
        require(qhm_retrieval_ranks(scores, n, n, NULL,
                                    direction == 0 ? text_to_image : image_to_text));
    }
    qhm_release(a);
    qhm_release(b);
    qhm_release(scores);
    qhm_cca_destroy(cca);
}

typedef struct cca_grid {
    const part *inner;
    const view *pictures, *texts;
    qhm_cca_options options[128];
    double recalls[128];
    size_t count;
} cca_grid;

static void try_correlations(size_t first, size_t last, void *context)
{
    cca_grid *g = context;
    size_t n = g->inner->test_count;
    double *ranks = doubles(2 * n);
    for (size_t i = first; i < last; i++) {
        qhm_retrieval_metrics m;
        cca_ranks(g->inner, g->pictures, g->texts, &g->options[i], ranks, ranks + n);
        require(qhm_retrieval_metrics_compute(ranks, 2 * n, &m));
        g->recalls[i] = m.recall_at_10;
    }
    qhm_release(ranks);
}

static void record_ranks(const char *what, const char *direction, const double *ranks, size_t n)
{
    qhm_retrieval_metrics m;
    require(qhm_retrieval_metrics_compute(ranks, n, &m));
    const struct {
        const char *name;
        double value;
    } figures[] = {{"R@1", m.recall_at_1},
                   {"R@5", m.recall_at_5},
                   {"R@10", m.recall_at_10},
                   {"median rank", m.median_rank}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s, %s, %s", what, direction, figures[i].name);
        record(name, figures[i].value);
    }
}

// components: the only size of the common space that is tried, or 0: it is tuned, too.
static void measure_cca(const char *what, size_t components, const part *inner,
                        const view *const inner_views[2], const part *outer,
                        const view *const outer_views[2])
{
    static const double ridges[] = {0.03, 0.1, 0.3, 1, 3, 10}, powers[] = {0, 1, 2};
    static const size_t sizes[] = {16, 32, 64, 128};
    cca_grid g = {.inner = inner, .pictures = inner_views[0], .texts = inner_views[1]};
    for (size_t s = 0; s < (components > 0 ? 1 : sizeof sizes / sizeof *sizes); s++)
        for (size_t r = 0; r < sizeof ridges / sizeof *ridges; r++)
            for (size_t p = 0; p < sizeof powers / sizeof *powers; p++)
                g.options[g.count++] =
                    (qhm_cca_options){.components = components > 0 ? components : sizes[s],
                                      .ridge = ridges[r],
                                      .power = powers[p]};
    qhm_parallel_for(g.count, 1, try_correlations, &g);
    size_t best = 0, n = outer->test_count;
    for (size_t i = 1; i < g.count; i++)
        if (g.recalls[i] > g.recalls[best])
            best = i;
    double *ranks = doubles(2 * n);
    cca_ranks(outer, outer_views[0], outer_views[1], &g.options[best], ranks, ranks + n);
    record_ranks(what, "text to image", ranks, n);
    record_ranks(what, "image to text", ranks + n, n);
    qhm_release(ranks);
}

static void measure_retrieval(const part *inner, const part *outer)
{
    for (int text = 0; text < 2; text++) {
        static const struct {
            size_t width, components;
            const char *name;
        } cases[] = {{8, 8, "8 dims a side to 8"},
                     {128, 8, "128 a side to 8"},
                     {128, 0, "128 a side, size tuned"}};
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
            const view *in[] = {&inner->pictures, text ? &inner->labels : &inner->full};
            const view *out[] = {&outer->pictures, text ? &outer->labels : &outer->full};
            view inner_views[2], outer_views[2];
            for (int side = 0; side < 2; side++) {
                inner_views[side] =
                    combine(&in[side], 1, cases[c].width, inner->train_count, inner->test_count);
                outer_views[side] =
                    combine(&out[side], 1, cases[c].width, outer->train_count, outer->test_count);
            }
            char name[64];
            snprintf(name, sizeof name, "CCA, %s, %s", text ? "label text" : "full text",
                     cases[c].name);
            const view *const tuned[] = {&inner_views[0], &inner_views[1]};
            const view *const tested[] = {&outer_views[0], &outer_views[1]};
            measure_cca(name, cases[c].components, inner, tuned, outer, tested);
            for (int side = 0; side < 2; side++) {
                release_view(&inner_views[side]);
                release_view(&outer_views[side]);
            }
        }
    }
}

static void measure_classification(const part *inner, const part *outer)
{
    static const size_t widths[] = {8, 16, 128};
    static const char *const names[] = {"image", "label text", "image and label text"};
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        for (int set = 0; set < 3; set++) {
            const view *in[] = {&inner->pictures, &inner->labels};
            const view *out[] = {&outer->pictures, &outer->labels};
            size_t first = set == 1, count = set == 2 ? 2 : 1;
            view inner_view =
                combine(in + first, count, widths[w], inner->train_count, inner->test_count);
            view outer_view =
                combine(out + first, count, widths[w], outer->train_count, outer->test_count);
            char name[64];
            snprintf(name, sizeof name, "%s, %zu dims a side", names[set], widths[w]);
            measure_svm(name, QHM_SVM_LINEAR, inner, &inner_view, outer, &outer_view);
            measure_svm(name, QHM_SVM_RBF, inner, &inner_view, outer, &outer_view);
            release_view(&inner_view);
            release_view(&outer_view);
        }
}

static void measure(const qhm_dataset *label_data, const qhm_dataset *full_data, size_t resample)
{
    qhm_split *outer_split, *inner_split;
    size_t train_count;
    require(qhm_split_create(label_data, &(qhm_split_options){.seed = 1}, resample, &outer_split));
    const size_t *train = qhm_split_train(outer_split, &train_count);
    require(qhm_split_create_within(label_data, train, train_count,
                                    &(qhm_split_options){.seed = 1, .folds = INNER_FOLDS}, resample,
                                    &inner_split));
    part outer = prepare(label_data, full_data, outer_split);
    part inner = prepare(label_data, full_data, inner_split);
    fprintf(stderr, "resample %zu: %zu items train, %zu test\n", resample, outer.train_count,
            outer.test_count);
    measure_retrieval(&inner, &outer);
    measure_classification(&inner, &outer);
    release_part(&outer);
    release_part(&inner);
    qhm_split_destroy(outer_split);
    qhm_split_destroy(inner_split);
}

static qhm_dataset *load(int text)
{
    const qhm_data_source *source;
    qhm_dataset *dataset;
    require(qhm_data_source_find("emoji", &source));
    require(qhm_data_source_load(source, &(qhm_emoji_options){.text = text}, 1, 0, &dataset));
    return dataset;
}

int main(int argument_count, char **arguments)
{
    long resamples = argument_count > 1 ? strtol(arguments[1], NULL, 10) : 1;
    if (resamples < 1 || resamples > MAX_RESAMPLES) {
        fprintf(stderr, "usage: emoji_baselines.bench [RESAMPLES, 1 to %d]\n", MAX_RESAMPLES);
        return 2;
    }
    qhm_dataset *label_data = load(QHM_EMOJI_LABEL), *full_data = load(QHM_EMOJI_FULL);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long r = 0; r < resamples; r++)
        measure(label_data, full_data, (size_t)r);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("emoji, %zu items in %zu families, %ld resamples of grouped 5-fold, seed 1\n\n",
           qhm_dataset_count(label_data), qhm_dataset_group_count(label_data), resamples);
    print_lines();
    fprintf(stderr, "%.0f s\n", (double)(end.tv_sec - start.tv_sec));
    qhm_dataset_destroy(label_data);
    qhm_dataset_destroy(full_data);
    return 0;
}
