// RBF-SVM over LIBSVM on the features that every model starts from.
#include "experiment/features_svm.h"

#include "base/memory.h"
#include "experiment/classification_score.h"

#include <jansson.h>
#include <qhm/svm.h>
#include <string.h>

// Items' rows of all parts side by side, [count][width].
static qhm_status join_parts(const qhm_features *parts, size_t part_count, const size_t *items,
                             size_t count, size_t width, double **out)
{
    size_t elements;
    if (!qhm_multiply_size(count, width, &elements))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu rows of %zu features overflow", count, width);
    double *rows;
    QHM_TRY(qhm_allocate(elements, sizeof *rows, &rows));
    size_t column = 0;
    for (size_t p = 0; p < part_count; p++) {
        for (size_t i = 0; i < count; i++)
            memcpy(rows + i * width + column, parts[p].values + items[i] * parts[p].width,
                   parts[p].width * sizeof *rows);
        column += parts[p].width;
    }
    *out = rows;
    return QHM_OK;
}

double qhm_svm_variance(const double *numbers, size_t count)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        mean += numbers[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        sum += (numbers[i] - mean) * (numbers[i] - mean) / (double)count;
    return sum;
}

typedef struct svm_answers {
    const qhm_svm *svm;
    const double *rows; // [count][width]
    size_t count, width;
    size_t *answers; // [count]
} svm_answers;

static qhm_status answer(void *data)
{
    const svm_answers *a = data;
    return qhm_svm_forward(a->svm, a->rows, a->count, a->width, a->answers);
}

static qhm_status fit_and_score(const double *train, const double *test, size_t width,
                                const size_t *labels, size_t class_count,
                                const qhm_fit_request *request, qhm_fit_result *result)
{
    size_t *truth, *answers = NULL;
    qhm_svm *svm = NULL;
    double variance = qhm_svm_variance(train, request->train_count * width);
    double gamma = qhm_trial_scale(request->trial.second, 0.25, 4) /
                   ((double)width * (variance > 0 ? variance : 1));
    qhm_svm_options options = {.kernel = QHM_SVM_RBF,
                               .cost = qhm_trial_scale(request->trial.first, 1, 100),
                               .gamma = gamma};
    result->settings = json_pack("{s:f, s:f}", "C", options.cost, "gamma", options.gamma);
    QHM_TRY(qhm_allocate(request->train_count, sizeof *truth, &truth));
    for (size_t i = 0; i < request->train_count; i++)
        truth[i] = labels[request->train[i]];
    qhm_status status = qhm_allocate(request->score_count, sizeof *answers, &answers);
    if (status == QHM_OK)
        status = qhm_svm_fit(train, truth, request->train_count, width, &options, &svm);
    svm_answers all = {svm, test, request->score_count, width, answers};
    if (status == QHM_OK)
        status = answer(&all);
    if (status == QHM_OK && request->inspector)
        status = request->inspector->repeat(request->inspector->context, answer, &all);
    if (status == QHM_OK)
        status = qhm_classification_score(labels, class_count, request, answers, result);
    if (status == QHM_OK) {
        // What it keeps are rows and a weight for each; a prediction takes |x - y|^2, exp, product.
        size_t support = qhm_svm_support_count(svm);
        result->parameters = support * (width + 1);
        result->flops = (double)support * (3 * (double)width + 2);
    }
    qhm_svm_destroy(svm);
    qhm_release(answers);
    qhm_release(truth);
    return status;
}

qhm_status qhm_features_svm_fit(const qhm_features *parts, size_t part_count, const size_t *labels,
                                size_t class_count, const qhm_fit_request *request,
                                qhm_fit_result *result)
{
    size_t width = 0;
    for (size_t p = 0; p < part_count; p++)
        width += parts[p].width;
    double *train, *test = NULL;
    QHM_TRY(join_parts(parts, part_count, request->train, request->train_count, width, &train));
    qhm_status status =
        join_parts(parts, part_count, request->score, request->score_count, width, &test);
    if (status == QHM_OK)
        status = fit_and_score(train, test, width, labels, class_count, request, result);
    qhm_release(test);
    qhm_release(train);
    return status;
}
