// CCA between picture and text features; cosine similarity of the canonical variates.
#include "experiment/canonical_retrieval.h"

#include "base/memory.h"
#include "experiment/retrieval_score.h"
#include "experiment/retrieval_task.h"
#include "linalg/matrix_product.h"

#include <jansson.h>
#include <math.h>
#include <qhm/canonical_correlation.h>

// Everything that a fit allocates; zero it before, release it after.
typedef struct workspace {
    double *train_images, *train_texts, *images, *texts, *image_space, *text_space, *similarity;
    size_t count; // of scored items
    qhm_cca *cca;
} workspace;

static void release(workspace *w)
{
    qhm_cca_destroy(w->cca);
    qhm_release(w->similarity);
    qhm_release(w->text_space);
    qhm_release(w->image_space);
    qhm_release(w->texts);
    qhm_release(w->images);
    qhm_release(w->train_texts);
    qhm_release(w->train_images);
}

static qhm_status gather(const qhm_features *features, const size_t *items, size_t count,
                         double **out)
{
    QHM_TRY(qhm_allocate(count * features->width, sizeof **out, out));
    qhm_features_gather(features, items, count, *out);
    return QHM_OK;
}

static void normalise_rows(double *rows, size_t count, size_t width)
{
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t c = 0; c < width; c++)
            sum += rows[i * width + c] * rows[i * width + c];
        for (size_t c = 0; sum > 0 && c < width; c++)
            rows[i * width + c] /= sqrt(sum);
    }
}

static qhm_status answer(void *data)
{
    workspace *w = data;
    const size_t n = w->count, k = qhm_cca_components(w->cca);
    qhm_cca_forward_first(w->cca, w->images, n, w->image_space);
    qhm_cca_forward_second(w->cca, w->texts, n, w->text_space);
    normalise_rows(w->image_space, n, k);
    normalise_rows(w->text_space, n, k);
    qhm_matrix_product(false, true, n, n, k, w->text_space, w->image_space, w->similarity);
    return QHM_OK;
}

static qhm_status fit(const qhm_fit_request *request, workspace *w, qhm_fit_result *result)
{
    const qhm_retrieval_prepared *p = request->prepared;
    size_t n = request->score_count;
    size_t most = p->images.width < p->texts.width ? p->images.width : p->texts.width;
    double least = most < 16 ? (double)most : 16;
    qhm_cca_options options = {
        .ridge = qhm_trial_scale(request->trial.first, 0.01, 1),
        .components = (size_t)lround(qhm_trial_scale(request->trial.second, least, (double)most))};
    result->settings =
        json_pack("{s:f, s:i}", "ridge", options.ridge, "components", (int)options.components);
    QHM_TRY(gather(&p->images, request->train, request->train_count, &w->train_images));
    QHM_TRY(gather(&p->texts, request->train, request->train_count, &w->train_texts));
    QHM_TRY(gather(&p->images, request->score, n, &w->images));
    QHM_TRY(gather(&p->texts, request->score, n, &w->texts));
    QHM_TRY(qhm_cca_fit(w->train_images, p->images.width, w->train_texts, p->texts.width,
                        request->train_count, &options, &w->cca));
    size_t k = qhm_cca_components(w->cca);
    QHM_TRY(qhm_allocate(n * k, sizeof(double), &w->image_space));
    QHM_TRY(qhm_allocate(n * k, sizeof(double), &w->text_space));
    QHM_TRY(qhm_allocate(n * n, sizeof(double), &w->similarity));
    w->count = n;
    QHM_TRY(answer(w));
    if (request->inspector)
        QHM_TRY(request->inspector->repeat(request->inspector->context, answer, w));
    QHM_TRY(qhm_retrieval_score(request, w->similarity, result));
    result->parameters = (p->images.width + p->texts.width) * k;
    result->flops = 2 * (double)result->parameters;
    return QHM_OK;
}

qhm_status qhm_canonical_retrieval_fit(const qhm_fit_request *request, qhm_fit_result *result)
{
    workspace w = {0};
    qhm_status status = fit(request, &w, result);
    release(&w);
    return status;
}
