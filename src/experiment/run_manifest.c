// The manifest: everything that decides a run's bits, so that it can be repeated and checked.
#include "base/files.h"
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/text.h"
#include "experiment/run_internal.h"

#include <jansson.h>
#include <qhm/version.h>
#include <stdlib.h>
#include <xxhash.h>

static qhm_status add_options(json_t *object, const char *name, const qhm_option_info *table,
                              const void *options)
{
    json_t *values;
    QHM_TRY(qhm_options_to_json(table, options, &values));
    json_object_set_new(object, name, values);
    return QHM_OK;
}

static void add_hash(json_t *object, const char *name, uint64_t hash)
{
    char digits[20];
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)hash);
    json_object_set_new(object, name, json_string(digits));
}

static json_t *describe_training(const qhm_training_options *training)
{
    json_t *object = json_object();
    json_object_set_new(object, "epochs", json_integer((json_int_t)training->epochs));
    json_object_set_new(object, "batch", json_integer((json_int_t)training->batch));
    json_object_set_new(object, "trials", json_integer((json_int_t)training->trials));
    json_object_set_new(object, "validation_folds",
                        json_integer((json_int_t)training->validation_folds));
    json_object_set_new(object, "learning_rate_low", json_real(training->learning_rate_low));
    json_object_set_new(object, "learning_rate_high", json_real(training->learning_rate_high));
    json_object_set_new(object, "weight_decay_low", json_real(training->weight_decay_low));
    json_object_set_new(object, "weight_decay_high", json_real(training->weight_decay_high));
    return object;
}

// A chip by its file's bytes; "ideal" has none.
static qhm_status add_device(json_t *devices, const char *name, const qhm_device *chip)
{
    enum { MOST_BYTES = 1 << 24 };
    const char *path = chip ? qhm_device_path(chip) : NULL;
    if (!path || json_object_get(devices, name))
        return QHM_OK;
    char *bytes;
    size_t count;
    QHM_TRY(qhm_file_read(path, MOST_BYTES, &bytes, &count));
    add_hash(devices, name, XXH3_64bits(bytes, count));
    qhm_release(bytes);
    return QHM_OK;
}

static qhm_status add_chips(json_t *devices, const qhm_quantum_spec *spec)
{
    QHM_TRY(add_device(devices, spec->trained_on, spec->chip));
    QHM_TRY(add_device(devices, spec->chosen_on, spec->chosen_chip));
    return add_device(devices, spec->finished_on, spec->finished_chip);
}

static qhm_status add_devices(const qhm_run_file *file, json_t *root)
{
    json_t *devices = json_object();
    json_object_set_new(root, "device_hashes", devices);
    for (size_t i = 0; i < file->ladder.rung_count; i++)
        QHM_TRY(add_device(devices, file->ladder.rungs[i].name, file->ladder.rungs[i].chip));
    for (size_t i = 0; i < file->ladder.placement.place_count; i++) {
        const qhm_ladder_place *place = &file->ladder.placement.places[i];
        QHM_TRY(add_device(devices, place->device, place->chip));
    }
    for (size_t i = 0; i < file->task_count; i++) {
        const qhm_task *task = &file->tasks[i];
        QHM_TRY(add_chips(devices, &task->quantum));
        for (size_t v = 0; v < task->variant_count; v++)
            QHM_TRY(add_chips(devices, &task->variants[v]));
    }
    return QHM_OK;
}

static qhm_status describe_task(const qhm_run_state *run, const qhm_run_task *task, json_t *object)
{
    const qhm_task_kind *kind = task->task->kind;
    qhm_training_options training = qhm_run_training(run, task->task);
    json_object_set_new(object, "name", json_string(task->task->name));
    json_object_set_new(object, "kind", json_string(kind->name));
    json_object_set_new(object, "metric", json_string(kind->metrics[task->task->metric]));
    json_object_set_new(object, "training", describe_training(&training));
    QHM_TRY(add_options(object, "inputs", kind->inputs, task->task->inputs));
    size_t bytes;
    QHM_TRY(add_options(object, "quantum", kind->quantum(&bytes), task->task->quantum.options));
    json_t *variants = json_object();
    json_object_set_new(object, "variants", variants);
    for (size_t v = 0; v < task->task->variant_count; v++)
        QHM_TRY(add_options(variants, task->task->variants[v].name, kind->quantum(&bytes),
                            task->task->variants[v].options));
    json_object_set_new(object, "source", json_string(task->data->source->name));
    QHM_TRY(add_options(object, "data", task->data->source->options, task->data->options));
    if (task->dataset) {
        json_object_set_new(object, "items",
                            json_integer((json_int_t)qhm_dataset_count(task->dataset)));
        add_hash(object, "data_hash", qhm_dataset_hash(task->dataset));
    }
    return QHM_OK;
}

static qhm_status describe(const qhm_run_state *run, json_t *root)
{
    json_object_set_new(root, "schema_version", json_integer(1));
    json_object_set_new(root, "qhm_version", json_string(qhm_version()));
    json_object_set_new(root, "instruction_set", json_string(qhm_isa_name()));
    json_object_set_new(root, "compiler", json_string(__VERSION__));
    json_object_set_new(root, "name", json_string(run->file->name));
    char seed[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)run->seed);
    json_object_set_new(root, "seed", json_string(seed)); // beyond the integers of most readers
    json_object_set_new(root, "quick", json_boolean(run->quick));
    json_object_set_new(root, "margin", json_real(run->file->margin));
    json_object_set_new(root, "precision",
                        json_string(run->file->precision == QHM_FLOAT32 ? "float32" : "float64"));
    json_object_set_new(root, "resamples", json_integer((json_int_t)run->resample_count));
    add_hash(root, "run_file_hash", XXH3_64bits(run->file->text, run->file->text_bytes));
    QHM_TRY(add_devices(run->file, root));
    json_t *overrides = json_array(), *tasks = json_array();
    json_object_set_new(root, "overrides", overrides);
    json_object_set_new(root, "tasks", tasks);
    for (size_t i = 0; i < run->file->override_count; i++)
        json_array_append_new(overrides, json_string(run->file->overrides[i]));
    for (size_t i = 0; i < run->file->task_count; i++) {
        json_t *task = json_object();
        json_array_append_new(tasks, task);
        QHM_TRY(describe_task(run, &run->tasks[i], task));
    }
    return QHM_OK;
}

qhm_status qhm_run_manifest_print(const qhm_run_state *run, char **out)
{
    json_t *root = json_object();
    qhm_status status = describe(run, root);
    char *text = NULL;
    if (status == QHM_OK) {
        text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
        status = text ? qhm_copy_text(text, out)
                      : QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot print the manifest");
    }
    free(text);
    json_decref(root);
    return status;
}
