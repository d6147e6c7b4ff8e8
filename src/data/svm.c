// LIBSVM behind a checked, silent interface. The only file that includes it.
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/status_internal.h"

#include <qhm/svm.h>

#include <libsvm/svm.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>

#define FIELD(field) offsetof(qhm_svm_options, field)

static const char *const kernels[] = {"linear", "rbf", "precomputed", NULL};

static const qhm_option_info table[] = {
    {"kernel", QHM_OPTION_CHOICE, FIELD(kernel), "rbf", 0, 0, kernels,
     "linear, rbf, or a kernel matrix that was computed before", NULL},
    {"cost", QHM_OPTION_DOUBLE, FIELD(cost), "1", 1e-9, 1e9, NULL, "C, the price of an error",
     NULL},
    {"gamma", QHM_OPTION_DOUBLE, FIELD(gamma), NULL, 0, 1e12, NULL,
     "of exp(-gamma |x - y|^2); 0 is 1 / (width * variance of all numbers)", NULL},
    {0},
};

const qhm_option_info *qhm_svm_option_table(void)
{
    return table;
}

struct qhm_svm {
    struct svm_model *model;
    struct svm_node *nodes; // [count][width + 2]: LIBSVM's model points into its training rows
    size_t width;
    bool is_precomputed;
};

static void print_nothing(const char *text)
{
    (void)text;
}

static void silence(void)
{
    svm_set_print_string_function(print_nothing);
}

static pthread_once_t silence_once = PTHREAD_ONCE_INIT;

// LIBSVM's sparse rows: (index from 1, value)..., ended by index -1. A precomputed kernel begins
// with index 0 and the number of the row.
static void fill_row(const double *row, size_t width, bool is_precomputed, size_t number,
                     struct svm_node *out)
{
    if (is_precomputed)
        *out++ = (struct svm_node){0, (double)number};
    for (size_t i = 0; i < width; i++)
        *out++ = (struct svm_node){(int)(i + 1), row[i]};
    *out = (struct svm_node){-1, 0};
}

static qhm_status require_finite(const double *rows, size_t count, size_t width)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width; j++)
            if (!isfinite(rows[i * width + j]))
                return QHM_FAIL(QHM_ERROR_NUMERIC, "row %zu, column %zu of the data is %g", i, j,
                                rows[i * width + j]);
    return QHM_OK;
}

static double default_gamma(const double *rows, size_t count, size_t width)
{
    double mean = 0, variance = 0, total = (double)count * (double)width;
    for (size_t i = 0; i < count * width; i++)
        mean += rows[i] / total;
    for (size_t i = 0; i < count * width; i++)
        variance += (rows[i] - mean) * (rows[i] - mean) / total;
    return variance > 0 ? 1 / ((double)width * variance) : 1;
}

static qhm_status train(qhm_svm *svm, const double *rows, const size_t *labels, size_t count,
                        size_t width, const qhm_svm_options *o)
{
    static const int kinds[] = {
        [QHM_SVM_LINEAR] = LINEAR, [QHM_SVM_RBF] = RBF, [QHM_SVM_PRECOMPUTED] = PRECOMPUTED};
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = kinds[o->kernel],
        .gamma = o->gamma > 0 ? o->gamma : default_gamma(rows, count, width),
        .cache_size = 100,
        .eps = 1e-3,
        .C = o->cost,
        .shrinking = 1,
    };
    double *classes;
    struct svm_node **starts = NULL;
    QHM_TRY(qhm_allocate(count, sizeof *classes, &classes));
    qhm_status status = qhm_allocate(count, sizeof *starts, &starts);
    if (status == QHM_OK)
        status = qhm_allocate(count * (width + 2), sizeof *svm->nodes, &svm->nodes);
    if (status == QHM_OK) {
        for (size_t i = 0; i < count; i++) {
            starts[i] = svm->nodes + i * (width + 2);
            fill_row(rows + i * width, width, svm->is_precomputed, i + 1, starts[i]);
            classes[i] = (double)labels[i];
        }
        struct svm_problem problem = {.l = (int)count, .y = classes, .x = starts};
        const char *wrong = svm_check_parameter(&problem, &parameter);
        if (wrong)
            status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "LIBSVM refuses its options: %s", wrong);
        else
            svm->model = svm_train(&problem, &parameter);
    }
    qhm_release(classes);
    qhm_release(starts);
    return status;
}

qhm_status qhm_svm_fit(const double *rows, const size_t *labels, size_t count, size_t width,
                       const qhm_svm_options *options, qhm_svm **out_svm)
{
    QHM_REQUIRE(rows && labels && out_svm, "rows, labels or out_svm is NULL");
    QHM_REQUIRE(count >= 2 && count < INT_MAX / 2 && width >= 1 && width < INT_MAX / 2,
                "%zu rows of %zu numbers, not at least 2 of 1", count, width);
    qhm_svm_options o = options ? *options : (qhm_svm_options){0};
    QHM_TRY(qhm_options_resolve(table, &o));
    bool is_precomputed = o.kernel == QHM_SVM_PRECOMPUTED;
    QHM_REQUIRE(!is_precomputed || width == count,
                "a precomputed kernel of %zu rows has %zu columns, not as many", count, width);
    size_t same = 0;
    while (same < count && labels[same] == labels[0])
        same++;
    QHM_REQUIRE(same < count, "all %zu labels are class %zu: at least two classes are needed",
                count, labels[0]);
    QHM_TRY(require_finite(rows, count, width));
    pthread_once(&silence_once, silence);
    qhm_svm *svm;
    QHM_TRY(qhm_allocate(1, sizeof *svm, &svm));
    svm->width = width;
    svm->is_precomputed = is_precomputed;
    qhm_status status = train(svm, rows, labels, count, width, &o);
    if (status != QHM_OK) {
        qhm_svm_destroy(svm);
        return status;
    }
    *out_svm = svm;
    return QHM_OK;
}

void qhm_svm_destroy(qhm_svm *svm)
{
    if (!svm)
        return;
    svm_free_and_destroy_model(&svm->model);
    qhm_release(svm->nodes);
    qhm_release(svm);
}

size_t qhm_svm_support_count(const qhm_svm *svm)
{
    return (size_t)svm->model->l;
}

qhm_status qhm_svm_forward(const qhm_svm *svm, const double *rows, size_t count, size_t width,
                           size_t *labels)
{
    QHM_REQUIRE(svm && (rows || count == 0) && (labels || count == 0),
                "the machine, rows or labels is NULL");
    QHM_REQUIRE(width == svm->width, "rows have %zu numbers, not the %zu of the fit", width,
                svm->width);
    QHM_TRY(require_finite(rows, count, width));
    struct svm_node *nodes;
    QHM_TRY(qhm_allocate(width + 2, sizeof *nodes, &nodes));
    for (size_t i = 0; i < count; i++) {
        fill_row(rows + i * width, width, svm->is_precomputed, 0, nodes);
        labels[i] = (size_t)svm_predict(svm->model, nodes);
    }
    qhm_release(nodes);
    return QHM_OK;
}
