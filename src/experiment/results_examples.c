// What a reader wants to see of the answers: retrieval examples with pictures, confusion counts.
//
// A task kind leaves them in its jobs as JSON:
//   {"queries": [{"by": "text" | "picture", "item": i, "rank": r, "count": n,
//                 "candidates": [{"item": j, "score": s}, ...]}, ...]}
//   {"confusion": [[count of truth 0 as answer 0, ...], ...]}
#include "base/files.h"
#include "base/memory.h"
#include "experiment/results_internal.h"

#include <string.h>

// Saves an item's picture in the run folder and gives its name there.
static qhm_status save_picture(qhm_results *results, const qhm_dataset *dataset, size_t item,
                               const char **name)
{
    QHM_TRY(qhm_results_text(results, name, "pictures/%zu.png", item));
    char *path, *folder = NULL;
    QHM_TRY(qhm_path_join(results->run->folder, *name, &path));
    uint8_t *bytes = NULL;
    size_t count;
    qhm_status status = qhm_path_folder(path, &folder);
    if (status == QHM_OK)
        status = qhm_folder_create(folder);
    if (status == QHM_OK && !qhm_file_exists(path)) {
        status = qhm_dataset_image_png(dataset, item, &bytes, &count);
        if (status == QHM_OK)
            status = qhm_file_write(path, bytes, count);
    }
    qhm_dataset_release_png(bytes);
    qhm_release(folder);
    qhm_release(path);
    return status;
}

static qhm_status read_item(const json_t *object, const qhm_dataset *dataset, size_t *item)
{
    const json_t *value = json_object_get(object, "item");
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        (size_t)json_integer_value(value) >= qhm_dataset_count(dataset))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "a retrieval example names no item of the data");
    *item = (size_t)json_integer_value(value);
    return QHM_OK;
}

static qhm_status read_query(qhm_results *results, const qhm_dataset *dataset, const json_t *object,
                             qhm_report_query *query)
{
    size_t item;
    QHM_TRY(read_item(object, dataset, &item));
    const char *by = json_string_value(json_object_get(object, "by"));
    bool by_text = by && strcmp(by, "text") == 0;
    const json_t *list = json_object_get(object, "candidates");
    size_t count = json_array_size(list);
    qhm_report_candidate *candidates;
    QHM_TRY(qhm_results_take(results, count, sizeof *candidates, &candidates));
    *query = (qhm_report_query){
        .right_rank = (size_t)json_integer_value(json_object_get(object, "rank")),
        .pool_count = (size_t)json_integer_value(json_object_get(object, "count")),
        .candidates = candidates,
        .candidate_count = count};
    if (by_text)
        query->text = qhm_dataset_text(dataset, item);
    else
        QHM_TRY(save_picture(results, dataset, item, &query->picture));
    for (size_t i = 0; i < count; i++) {
        size_t answer;
        const json_t *candidate = json_array_get(list, i);
        QHM_TRY(read_item(candidate, dataset, &answer));
        candidates[i] =
            (qhm_report_candidate){.text = qhm_dataset_text(dataset, answer),
                                   .score = json_number_value(json_object_get(candidate, "score")),
                                   .is_right = answer == item};
        if (by_text)
            QHM_TRY(save_picture(results, dataset, answer, &candidates[i].picture));
    }
    return QHM_OK;
}

static qhm_status add_queries(qhm_results *results, const qhm_run_task *task,
                              const qhm_result_cell *hybrid, qhm_report_task *out)
{
    const json_t *list = json_object_get(hybrid->examples, "queries");
    size_t count = json_array_size(list);
    qhm_report_query *queries;
    QHM_TRY(qhm_results_take(results, count, sizeof *queries, &queries));
    for (size_t i = 0; i < count; i++)
        QHM_TRY(read_query(results, qhm_run_resample_dataset(task, 0), json_array_get(list, i),
                           &queries[i]));
    out->queries = queries;
    out->query_count = count;
    return QHM_OK;
}

// Adds the hybrid's confusion counts of all resamples.
static qhm_status add_confusion(qhm_results *results, const qhm_run_task *task,
                                const qhm_result_cell *cells, qhm_report_task *out)
{
    if (!json_object_get(cells[0].examples, "confusion"))
        return QHM_OK;
    const qhm_dataset *dataset = qhm_run_resample_dataset(task, 0);
    size_t classes = qhm_dataset_class_count(dataset);
    qhm_report_confusion *confusion;
    const char **labels;
    size_t *counts;
    QHM_TRY(qhm_results_take(results, 1, sizeof *confusion, &confusion));
    QHM_TRY(qhm_results_take(results, classes, sizeof *labels, &labels));
    QHM_TRY(qhm_results_take(results, classes * classes, sizeof *counts, &counts));
    for (size_t truth = 0; truth < classes; truth++) {
        labels[truth] = qhm_dataset_class_name(dataset, truth);
        for (size_t r = 0; r < results->run->resample_count; r++) {
            const json_t *row =
                json_array_get(json_object_get(cells[r].examples, "confusion"), truth);
            for (size_t answer = 0; answer < classes; answer++)
                counts[truth * classes + answer] +=
                    (size_t)json_integer_value(json_array_get(row, answer));
        }
    }
    *confusion = (qhm_report_confusion){.model = task->contenders[0].name,
                                        .labels = labels,
                                        .label_count = classes,
                                        .counts = counts,
                                        .counts_count = classes * classes};
    out->confusions = confusion;
    out->confusion_count = 1;
    return QHM_OK;
}

qhm_status qhm_results_add_examples(qhm_results *results, const qhm_run_task *task,
                                    const qhm_result_cell *cells, qhm_report_task *out)
{
    QHM_TRY(add_queries(results, task, &cells[0], out));
    return add_confusion(results, task, cells, out);
}
