// Checkpoints of trainings as safetensors files.
#include "base/memory.h"
#include "base/text.h"
#include "learn/trainer_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char format[] = "qhm-training-1";

// What a checkpoint must have in common with the training that loads it.
typedef struct key {
    const char *name;
    uint64_t value;
} key;

enum { KEY_COUNT = 7 };

static void list_keys(const qhm_trainer *trainer, key keys[KEY_COUNT])
{
    const qhm_train_options *o = &trainer->options;
    const key all[KEY_COUNT] = {{"seed", o->seed},
                                {"resample", o->resample},
                                {"model", o->model},
                                {"epochs", o->epochs},
                                {"batch_size", o->batch_size},
                                {"row_count", trainer->task.row_count},
                                {"optimizer", (uint64_t)o->optimizer.kind}};
    memcpy(keys, all, sizeof all);
}

// The arrays of one parameter: prefix and tensor, [MOST_PARTS] at most.
typedef struct part {
    const char *prefix;
    qhm_tensor *tensor;
} part;

enum { MOST_PARTS = 4 };

static size_t list_parts(const qhm_trainer *trainer, size_t index, part parts[MOST_PARTS])
{
    size_t count = 0;
    parts[count++] = (part){"parameter", qhm_parameter_value(trainer->task.parameters[index])};
    if (trainer->best)
        parts[count++] = (part){"best", trainer->best[index]};
    for (size_t slot = 0; slot < qhm_optimizer_slot_count(trainer->optimizer); slot++) {
        qhm_tensor *tensor = qhm_optimizer_slot(trainer->optimizer, index, slot);
        if (!tensor)
            continue;
        parts[count++] = (part){slot == 0 ? "optimizer0" : "optimizer1", tensor};
    }
    return count;
}

static qhm_status list_state(const qhm_trainer *trainer, const qhm_tensor *progress,
                             qhm_safetensors *list)
{
    key keys[KEY_COUNT];
    char text[24];
    list_keys(trainer, keys);
    QHM_TRY(qhm_safetensors_set_metadata(list, "format", format));
    for (size_t i = 0; i < KEY_COUNT; i++) {
        snprintf(text, sizeof text, "%" PRIu64, keys[i].value);
        QHM_TRY(qhm_safetensors_set_metadata(list, keys[i].name, text));
    }
    QHM_TRY(qhm_safetensors_append(list, "progress", progress));
    for (size_t i = 0; i < trainer->task.parameter_count; i++) {
        part parts[MOST_PARTS];
        size_t count = list_parts(trainer, i, parts);
        for (size_t j = 0; j < count; j++)
            QHM_TRY(qhm_checkpoint_append(list, parts[j].prefix,
                                          qhm_parameter_name(trainer->task.parameters[i]),
                                          parts[j].tensor));
    }
    return QHM_OK;
}

static qhm_status create_progress(qhm_tensor **out)
{
    return qhm_tensor_create(QHM_FLOAT64, (qhm_shape){1, {QHM_TRAIN_PROGRESS_COUNT}}, out);
}

qhm_status qhm_trainer_save(const qhm_trainer *trainer, const char *path)
{
    QHM_REQUIRE(trainer && path, "trainer or path is NULL");
    qhm_tensor *progress;
    QHM_TRY(create_progress(&progress));
    memcpy(qhm_tensor_data(progress), &trainer->progress, sizeof trainer->progress);
    qhm_safetensors *list = NULL;
    qhm_status status = qhm_safetensors_create(&list);
    if (status == QHM_OK)
        status = list_state(trainer, progress, list);
    if (status == QHM_OK)
        status = qhm_safetensors_save(list, path);
    qhm_safetensors_destroy(list);
    qhm_tensor_destroy(progress);
    return status;
}

static qhm_status check_keys(const qhm_trainer *trainer, const qhm_safetensors *list,
                             const char *path)
{
    const char *found = qhm_safetensors_metadata(list, "format");
    if (!found || strcmp(found, format) != 0)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: format is \"%s\", not \"%s\"", path,
                        found ? found : "", format);
    key keys[KEY_COUNT];
    list_keys(trainer, keys);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        uint64_t value = 0;
        const char *text = qhm_safetensors_metadata(list, keys[i].name);
        if (!text || !qhm_parse_uint64(text, &value) || value != keys[i].value)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: %s is \"%s\", not %" PRIu64, path,
                            keys[i].name, text ? text : "", keys[i].value);
    }
    return QHM_OK;
}

static bool is_count(double value, double limit)
{
    return value >= 0 && value <= limit && value == floor(value);
}

static qhm_status read_progress(const qhm_trainer *trainer, const qhm_safetensors *list,
                                const char *path, qhm_train_progress *out)
{
    qhm_tensor *like;
    const qhm_tensor *found = NULL;
    QHM_TRY(create_progress(&like));
    qhm_status status = qhm_checkpoint_find(list, path, "", "progress", like, &found);
    qhm_tensor_destroy(like);
    if (status != QHM_OK)
        return status;
    qhm_train_progress p;
    memcpy(&p, qhm_tensor_view(found), sizeof p);
    double an_epoch = (double)trainer->steps_an_epoch, all = (double)trainer->options.epochs;
    bool is_possible = is_count(p.step, all * an_epoch) && is_count(p.ended_epochs, all) &&
                       p.step >= p.ended_epochs * an_epoch &&
                       p.step <= (p.ended_epochs + 1) * an_epoch && is_count(p.is_done, 1) &&
                       is_count(p.has_best, 1) && is_count(p.best_epoch, all) &&
                       (p.has_best != 0) == (trainer->best && p.ended_epochs > 0) &&
                       p.best_epoch <= p.ended_epochs && (p.is_done != 0 || p.ended_epochs < all);
    if (!is_possible)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: the progress is not one of this training", path);
    *out = p;
    return QHM_OK;
}

// Finds every array, found [parameter_count][MOST_PARTS], before any is copied.
static qhm_status find_arrays(const qhm_trainer *trainer, const qhm_safetensors *list,
                              const char *path, const qhm_tensor *(*found)[MOST_PARTS])
{
    size_t expected = 1;
    for (size_t i = 0; i < trainer->task.parameter_count; i++) {
        part parts[MOST_PARTS];
        size_t count = list_parts(trainer, i, parts);
        for (size_t j = 0; j < count; j++)
            QHM_TRY(qhm_checkpoint_find(list, path, parts[j].prefix,
                                        qhm_parameter_name(trainer->task.parameters[i]),
                                        parts[j].tensor, &found[i][j]));
        expected += count;
    }
    if (qhm_safetensors_count(list) != expected)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: there are %zu arrays, not %zu", path,
                        qhm_safetensors_count(list), expected);
    return QHM_OK;
}

static qhm_status take(qhm_trainer *trainer, const qhm_safetensors *list, const char *path)
{
    qhm_train_progress progress;
    const qhm_tensor *(*found)[MOST_PARTS];
    QHM_TRY(check_keys(trainer, list, path));
    QHM_TRY(read_progress(trainer, list, path, &progress));
    QHM_TRY(qhm_allocate(trainer->task.parameter_count, sizeof *found, &found));
    qhm_status status = find_arrays(trainer, list, path, found);
    for (size_t i = 0; i < trainer->task.parameter_count && status == QHM_OK; i++) {
        part parts[MOST_PARTS];
        size_t count = list_parts(trainer, i, parts);
        for (size_t j = 0; j < count; j++)
            qhm_checkpoint_copy(parts[j].tensor, found[i][j]);
    }
    if (status == QHM_OK) {
        trainer->progress = progress;
        qhm_optimizer_set_step_count(trainer->optimizer, (uint64_t)progress.step);
    }
    qhm_release(found);
    return status;
}

qhm_status qhm_trainer_load(qhm_trainer *trainer, const char *path)
{
    QHM_REQUIRE(trainer && path, "trainer or path is NULL");
    qhm_safetensors *list;
    QHM_TRY(qhm_safetensors_load(path, &list));
    qhm_status status = take(trainer, list, path);
    qhm_safetensors_destroy(list);
    return status;
}
