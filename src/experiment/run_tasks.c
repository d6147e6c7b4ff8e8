// A run's tasks: who contends, and the data, splits and features of every resample.
#include "base/memory.h"
#include "experiment/run_internal.h"

#include <string.h>
#include <time.h>

double qhm_run_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

qhm_training_options qhm_run_training(const qhm_run_state *run, const qhm_task *task)
{
    qhm_training_options training = task->training;
    if (run->quick) {
        training.trials = 1;
        training.epochs = training.epochs < 3 ? training.epochs : 3;
    }
    return training;
}

static qhm_status list_contenders(qhm_run_task *run_task)
{
    const qhm_task *task = run_task->task;
    size_t count = 1 + task->variant_count + task->kind->role_count;
    QHM_TRY(qhm_allocate(count, sizeof *run_task->contenders, &run_task->contenders));
    qhm_contender *next = run_task->contenders;
    *next++ = (qhm_contender){QHM_ROLE_HYBRID, &task->quantum, task->quantum.name};
    for (size_t v = 0; v < task->variant_count; v++)
        *next++ = (qhm_contender){QHM_ROLE_VARIANT, &task->variants[v], task->variants[v].name};
    for (size_t k = 0; k < task->kind->role_count; k++) {
        qhm_role role = task->kind->roles[k];
        *next++ = (qhm_contender){role, &task->quantum, qhm_role_information(role)->name};
    }
    run_task->contender_count = count;
    return QHM_OK;
}

// True when an earlier task has loaded the same data.
static bool share_dataset(qhm_run_state *run, size_t index)
{
    qhm_run_task *task = &run->tasks[index];
    for (size_t i = 0; i < index; i++) {
        const qhm_run_task *other = &run->tasks[i];
        if (other->dataset && other->data->source == task->data->source &&
            memcmp(other->data->options, task->data->options, task->data->source->options_bytes) ==
                0) {
            task->dataset = other->dataset;
            return true;
        }
    }
    return false;
}

qhm_status qhm_run_tasks_create(qhm_run_state *run)
{
    QHM_TRY(qhm_allocate(run->file->task_count, sizeof *run->tasks, &run->tasks));
    for (size_t i = 0; i < run->file->task_count; i++) {
        qhm_run_task *task = &run->tasks[i];
        task->task = &run->file->tasks[i];
        task->data = &run->file->data[i];
        QHM_TRY(list_contenders(task));
        QHM_TRY(qhm_allocate(run->resample_count, sizeof *task->resamples, &task->resamples));
        if (task->data->source->is_generator || share_dataset(run, i))
            continue;
        QHM_TRY(qhm_data_source_load(task->data->source, task->data->options, run->seed, 0,
                                     &task->dataset));
        task->owns_dataset = true;
    }
    return QHM_OK;
}

const qhm_dataset *qhm_run_resample_dataset(const qhm_run_task *task, size_t resample)
{
    return task->dataset ? task->dataset : task->resamples[resample].dataset;
}

qhm_status qhm_run_resample_prepare(qhm_run_state *run, qhm_run_task *task, size_t index)
{
    qhm_run_resample *resample = &task->resamples[index];
    if (!task->dataset)
        QHM_TRY(qhm_data_source_load(task->data->source, task->data->options, run->seed, index,
                                     &resample->dataset));
    const qhm_dataset *dataset = qhm_run_resample_dataset(task, index);
    qhm_split_options options = {.seed = run->seed,
                                 .folds = run->file->resamples.folds,
                                 .ignores_groups = run->file->resamples.ignores_groups};
    QHM_TRY(qhm_split_create(dataset, &options, index, &resample->split));
    size_t count;
    const size_t *train = qhm_split_train(resample->split, &count);
    options.folds = task->task->training.validation_folds;
    QHM_TRY(qhm_split_create_within(dataset, train, count, &options, index, &resample->inner));
    return task->task->kind->prepare(task->task, dataset, resample->split, run->seed, index,
                                     &resample->prepared);
}

void qhm_run_resample_release(const qhm_run_task *task, qhm_run_resample *resample)
{
    if (resample->prepared)
        task->task->kind->release(resample->prepared);
    qhm_split_destroy(resample->inner);
    qhm_split_destroy(resample->split);
    qhm_dataset_destroy(resample->dataset);
    *resample = (qhm_run_resample){0};
}

void qhm_run_tasks_destroy(qhm_run_state *run)
{
    for (size_t i = 0; run->tasks && i < run->file->task_count; i++) {
        qhm_run_task *task = &run->tasks[i];
        for (size_t r = 0; task->resamples && r < run->resample_count; r++)
            qhm_run_resample_release(task, &task->resamples[r]);
        qhm_release(task->resamples);
        qhm_release(task->contenders);
        if (task->owns_dataset)
            qhm_dataset_destroy(task->dataset);
    }
    qhm_release(run->tasks);
    run->tasks = NULL;
}
