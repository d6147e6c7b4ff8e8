// Search with a trained run: all items embedded once, then cosine similarity to a text or picture.
#include "base/memory.h"
#include "base/text.h"
#include "experiment/retrieval_task.h"
#include "experiment/run_internal.h"

#include <math.h>
#include <qhm/image.h>
#include <stdio.h>
#include <string.h>

struct qhm_search {
    qhm_saved_run saved;
    qhm_run_state run;
    const qhm_run_task *task;
    const qhm_retrieval_prepared *prepared;
    qhm_module *root;
    qhm_tape *tape;
    size_t width;   // of the shared space
    double *images; // [items][width] unit vectors
    double *texts;
};

static qhm_status embed(qhm_search *search, bool is_text, const double *features, size_t count,
                        double *out)
{
    const qhm_retrieval_prepared *p = search->prepared;
    size_t width = is_text ? p->texts.width : p->images.width;
    qhm_value x, embedding;
    qhm_tape_reset(search->tape);
    QHM_TRY(qhm_tape_constant(search->tape, (qhm_shape){2, {count, width}}, features, &x));
    QHM_TRY(qhm_retrieval_forward(search->root, search->tape, is_text, x, &embedding));
    for (size_t i = 0; i < count * search->width; i++)
        out[i] = qhm_tape_item(search->tape, embedding, i);
    return QHM_OK;
}

static qhm_status embed_all(qhm_search *search)
{
    const qhm_retrieval_prepared *p = search->prepared;
    size_t count = p->images.count;
    search->width = qhm_module_output_shape(search->root).sizes[0];
    QHM_TRY(qhm_allocate(count * search->width, sizeof(double), &search->images));
    QHM_TRY(qhm_allocate(count * search->width, sizeof(double), &search->texts));
    QHM_TRY(embed(search, false, p->images.values, count, search->images));
    return embed(search, true, p->texts.values, count, search->texts);
}

static qhm_status find_task(qhm_search *search, const char *folder)
{
    for (size_t i = 0; i < search->run.file->task_count; i++)
        if (search->run.tasks[i].task->kind == &qhm_task_retrieval && !search->task)
            search->task = &search->run.tasks[i];
    if (search->task)
        return QHM_OK;
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the run in %s has no retrieval task", folder);
}

// The run must be finished, and the data must be what the run was trained on: its hash is in the
// manifest.
static qhm_status check_data(const qhm_search *search, const char *folder)
{
    qhm_run_store *store;
    QHM_TRY(qhm_run_store_load(folder, &store));
    char hash[20];
    snprintf(hash, sizeof hash, "%016llx",
             (unsigned long long)qhm_dataset_hash(search->task->dataset));
    bool is_finished = qhm_run_store_info(store)->status == QHM_RUN_FINISHED;
    bool is_same = strstr(qhm_run_store_info(store)->manifest, hash) != NULL;
    qhm_run_store_destroy(store);
    if (!is_finished)
        return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "the run in %s is not finished", folder);
    if (is_same)
        return QHM_OK;
    return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                    "the data of the run in %s has changed since: its hash is %s now", folder,
                    hash);
}

static qhm_status open_run(qhm_search *search, const char *folder)
{
    static const qhm_run_options none;
    QHM_TRY(qhm_saved_run_load(folder, &search->saved));
    search->run = (qhm_run_state){.file = search->saved.file,
                                  .options = &none,
                                  .folder = folder,
                                  .seed = search->saved.seed,
                                  .quick = search->saved.quick,
                                  .resample_count = 1};
    QHM_TRY(qhm_run_tasks_create(&search->run));
    QHM_TRY(find_task(search, folder));
    QHM_TRY(check_data(search, folder));
    qhm_run_task *task = &search->run.tasks[search->task - search->run.tasks];
    QHM_TRY(qhm_run_resample_prepare(&search->run, task, 0));
    search->prepared = task->resamples[0].prepared;
    qhm_fit_request request = {.task = task->task,
                               .contender = &task->contenders[0],
                               .prepared = search->prepared,
                               .seed = search->run.seed};
    QHM_TRY(qhm_retrieval_create(&request, &search->root));
    char *path;
    QHM_TRY(qhm_run_artifact_path(folder, task->task->name, task->contenders[0].name, 0,
                                  ".safetensors", &path));
    qhm_status status = qhm_module_load(search->root, path);
    qhm_release(path);
    if (status == QHM_OK)
        status = qhm_tape_create(task->task->precision, &search->tape);
    return status == QHM_OK ? embed_all(search) : status;
}

qhm_status qhm_search_open(const char *folder, qhm_search **out)
{
    QHM_REQUIRE(folder && out, "the folder or out is NULL");
    qhm_search *search;
    QHM_TRY(qhm_allocate(1, sizeof *search, &search));
    qhm_status status = open_run(search, folder);
    if (status != QHM_OK) {
        qhm_search_destroy(search);
        return status;
    }
    *out = search;
    return QHM_OK;
}

void qhm_search_destroy(qhm_search *search)
{
    if (!search)
        return;
    qhm_release(search->texts);
    qhm_release(search->images);
    qhm_tape_destroy(search->tape);
    qhm_module_destroy(search->root);
    if (search->run.file)
        qhm_run_tasks_destroy(&search->run);
    qhm_saved_run_release(&search->saved);
    qhm_release(search);
}

// Fills hits with the candidates [items][width] nearest to a query [width]; equals in the order
// of the data.
static void rank(const qhm_search *search, const double *query, const double *candidates,
                 qhm_search_hit *hits, size_t hit_count, size_t *found)
{
    const qhm_dataset *dataset = search->task->dataset;
    size_t count = 0;
    for (size_t i = 0; i < qhm_dataset_count(dataset); i++) {
        double score = 0;
        for (size_t c = 0; c < search->width; c++)
            score += query[c] * candidates[i * search->width + c];
        size_t place = count;
        while (place > 0 && hits[place - 1].score < score)
            place--;
        if (place == hit_count)
            continue;
        size_t last = count < hit_count ? count++ : hit_count - 1;
        memmove(&hits[place + 1], &hits[place], (last - place) * sizeof *hits);
        hits[place] =
            (qhm_search_hit){score, qhm_dataset_name(dataset, i), qhm_dataset_text(dataset, i)};
    }
    *found = count;
}

// True when a feature vector is the one of a text without any known word.
static qhm_status require_known_words(const qhm_extractor *extractor, const double *features,
                                      const char *text)
{
    size_t width = qhm_extractor_width(extractor);
    double *nothing;
    QHM_TRY(qhm_allocate(width, sizeof *nothing, &nothing));
    qhm_status status = qhm_extractor_forward_text(extractor, "", nothing);
    bool is_known = status == QHM_OK && memcmp(nothing, features, width * sizeof *nothing) != 0;
    qhm_release(nothing);
    if (status == QHM_OK && !is_known)
        return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                        "no word of '%s' occurs in the texts that the run was trained on", text);
    return status;
}

qhm_status qhm_search_text(qhm_search *search, const char *text, qhm_search_hit *hits,
                           size_t hit_count, size_t *found)
{
    QHM_REQUIRE(search && text && hits && found && hit_count > 0, "an argument is NULL or 0");
    const qhm_retrieval_prepared *p = search->prepared;
    double *features, *query = NULL;
    QHM_TRY(qhm_allocate(p->texts.width, sizeof *features, &features));
    qhm_status status = qhm_allocate(search->width, sizeof *query, &query);
    if (status == QHM_OK)
        status = qhm_extractor_forward_text(p->texts.extractor, text, features);
    if (status == QHM_OK)
        status = require_known_words(p->texts.extractor, features, text);
    if (status == QHM_OK)
        status = embed(search, true, features, 1, query);
    if (status == QHM_OK)
        rank(search, query, search->images, hits, hit_count, found);
    qhm_release(query);
    qhm_release(features);
    return status;
}

qhm_status qhm_search_image(qhm_search *search, const char *path, qhm_search_hit *hits,
                            size_t hit_count, size_t *found)
{
    QHM_REQUIRE(search && path && hits && found && hit_count > 0, "an argument is NULL or 0");
    const qhm_retrieval_prepared *p = search->prepared;
    double *features, *query = NULL;
    qhm_image image = {0};
    QHM_TRY(qhm_allocate(p->images.width, sizeof *features, &features));
    qhm_status status = qhm_allocate(search->width, sizeof *query, &query);
    if (status == QHM_OK)
        status = qhm_image_load(path, &image);
    if (status == QHM_OK)
        status = qhm_extractor_forward_image(p->images.extractor, image, features);
    if (status == QHM_OK)
        status = embed(search, false, features, 1, query);
    if (status == QHM_OK)
        rank(search, query, search->texts, hits, hit_count, found);
    qhm_image_release(&image);
    qhm_release(query);
    qhm_release(features);
    return status;
}
