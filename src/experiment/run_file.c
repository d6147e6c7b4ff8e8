// Reading run files: sections to option structs, names to kinds, every mistake with its line.
#include "base/files.h"
#include "base/memory.h"
#include "base/option_use.h"
#include "base/options_internal.h"
#include "experiment/module_placement.h"
#include "experiment/quantum_section.h"
#include "experiment/run_file_internal.h"

#include <string.h>

static const char *const precisions[] = {"float32", "float64", NULL};

typedef struct run_section {
    const char *name, *description;
    uint64_t seed;
    double margin;
    int precision;
    const qhm_node *data, *resamples, *training, *devices, *execution, *budget, *tasks;
} run_section;

static const qhm_option_info run_table[] = {
    {.name = "name",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(run_section, name),
     .help = "what the run is called: part of its folder's name; required"},
    {.name = "description",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(run_section, description),
     .help = "one or two sentences for the report"},
    {.name = "seed",
     .type = QHM_OPTION_UINT64,
     .offset = offsetof(run_section, seed),
     .help = "seed of every random stream; 0 is a seed like any other"},
    {.name = "margin",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(run_section, margin),
     .default_text = "0.02",
     .minimum = 1e-6,
     .maximum = 1,
     .help = "the smallest difference of the primary metric that matters, absolute"},
    {.name = "precision",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(run_section, precision),
     .default_text = "float32",
     .choices = precisions,
     .help = "type of trained numbers and quantum states"},
    {.name = "data",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(run_section, data),
     .help = "where the items come from: `source` and that source's own fields; required"},
    {.name = "resamples",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(run_section, resamples),
     .help = "how the data is split again and again"},
    {.name = "training",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(run_section, training),
     .help = "how every model is tuned and trained; a task may have its own"},
    {.name = "devices",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(run_section, devices),
     .help = "a list of what the trained circuits are run on: ideal, shots, names of chips"},
    {.name = "execution",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(run_section, execution),
     .help = "how they are run there"},
    {.name = "budget",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(run_section, budget),
     .help = "what answers may cost, and what costs rest on that cannot be measured"},
    {.name = "tasks",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(run_section, tasks),
     .help = "a list of tasks; the run's verdict is that of the first; required"},
    {0},
};

static const qhm_option_info resample_table[] = {
    {.name = "repeats",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_resample_options, repeats),
     .default_text = "2",
     .minimum = 1,
     .maximum = 1000,
     .help = "how often the folds are drawn anew; repeats times folds is R, at least 10"},
    {.name = "folds",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_resample_options, folds),
     .default_text = "5",
     .minimum = 2,
     .maximum = 1000,
     .help = "parts of the data; each tests once a repeat. Generated data is fresh each time"},
    {.name = "ignores_groups",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(qhm_resample_options, ignores_groups),
     .help = "split by item, not by family: flatters data with families, for comparison only"},
    {0},
};

static const qhm_option_info training_table[] = {
    {.name = "epochs",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_training_options, epochs),
     .default_text = "20",
     .minimum = 1,
     .maximum = 100000,
     .help = "passes over the training rows"},
    {.name = "batch",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_training_options, batch),
     .default_text = "128",
     .minimum = 2,
     .maximum = 65536,
     .help = "rows of one training step"},
    {.name = "trials",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_training_options, trials),
     .default_text = "4",
     .minimum = 1,
     .maximum = 1000,
     .help = "hyperparameter settings tried for every model alike, inside the training rows"},
    {.name = "validation_folds",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_training_options, validation_folds),
     .default_text = "5",
     .minimum = 2,
     .maximum = 100,
     .help = "one part in so many of the training rows scores the trials"},
    {.name = "learning_rate_low",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_training_options, learning_rate_low),
     .default_text = "0.003",
     .minimum = 1e-7,
     .maximum = 10,
     .help = "lower end of the trials' learning rates of AdamW"},
    {.name = "learning_rate_high",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_training_options, learning_rate_high),
     .default_text = "0.03",
     .minimum = 1e-7,
     .maximum = 10,
     .help = "upper end of the trials' learning rates of AdamW"},
    {.name = "weight_decay_low",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_training_options, weight_decay_low),
     .default_text = "0.001",
     .minimum = 1e-9,
     .maximum = 100,
     .help = "lower end of the trials' weight decays"},
    {.name = "weight_decay_high",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_training_options, weight_decay_high),
     .default_text = "0.3",
     .minimum = 1e-9,
     .maximum = 100,
     .help = "upper end of the trials' weight decays"},
    {0},
};

typedef struct task_section {
    const char *name, *kind, *metric;
    const qhm_node *data, *inputs, *quantum, *variants, *training;
} task_section;

static const qhm_option_info task_table[] = {
    {.name = "name",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(task_section, name),
     .help = "what the task is called; the kind if absent"},
    {.name = "kind",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(task_section, kind),
     .help = "retrieval, classification, sequence or kernel; required"},
    {.name = "metric",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(task_section, metric),
     .help = "the primary metric, which the verdict is about; the kind's first if absent"},
    {.name = "data",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(task_section, data),
     .help = "fields of the run's source that differ for this task"},
    {.name = "inputs",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(task_section, inputs),
     .help = "how features are made from the items: the kind's own fields"},
    {.name = "quantum",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(task_section, quantum),
     .help = "the quantum module: the kind's own fields"},
    {.name = "variants",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(task_section, variants),
     .help = "further quantum modules by name, trained and shown but no part of the verdict"},
    {.name = "training",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(task_section, training),
     .help = "fields of the run's training that differ for this task"},
    {0},
};

// A table with one more row before it.
static qhm_status create_table_with(qhm_option_info row, const qhm_option_info *table,
                                    qhm_option_info **out)
{
    size_t count = 0;
    while (table[count].name)
        count++;
    QHM_TRY(qhm_allocate(count + 2, sizeof **out, out));
    (*out)[0] = row;
    for (size_t i = 0; i < count; i++)
        (*out)[i + 1] = table[i];
    return QHM_OK;
}

// The row `source`, whose text is kept after the source's struct.
static qhm_option_info source_row(const qhm_data_source *source)
{
    return (qhm_option_info){.name = "source",
                             .type = QHM_OPTION_TEXT,
                             .offset = source->options_bytes,
                             .help = "which source"};
}

static qhm_status find_source(const qhm_node *node, const qhm_data_source **source)
{
    const qhm_node *name = node ? qhm_node_find(node, "source") : NULL;
    if (!name)
        return qhm_node_fail(node, "field 'source' is missing");
    if (qhm_data_source_find(qhm_node_text(name), source) != QHM_OK)
        return qhm_node_fail(name, "field 'source': %s", qhm_error_message());
    return QHM_OK;
}

// Reads a data section, or the run's and then the task's changes to it.
static qhm_status read_data(const qhm_node *section, const qhm_node *changes,
                            qhm_data_setting *setting, qhm_option_notes *notes)
{
    QHM_TRY(find_source(section, &setting->source));
    if (changes && qhm_node_find(changes, "source"))
        return qhm_node_fail(qhm_node_find(changes, "source"),
                             "field 'source' is the run's and cannot differ in a task");
    QHM_TRY(
        qhm_allocate(setting->source->options_bytes + sizeof(const char *), 1, &setting->options));
    qhm_option_info *table;
    QHM_TRY(create_table_with(source_row(setting->source), setting->source->options, &table));
    qhm_status status = qhm_options_read(table, section, setting->options);
    if (status == QHM_OK && changes)
        status = qhm_options_read(table, changes, setting->options);
    if (status == QHM_OK) // with the line of the section: the value may be a default's fault
        status = qhm_options_resolve(setting->source->options, setting->options);
    if (status == QHM_OK)
        status = qhm_option_use_check(&(qhm_option_use){table, section, changes, setting->options},
                                      notes);
    qhm_release(table);
    return status;
}

static qhm_status read_training(const qhm_node *section, const qhm_node *changes,
                                qhm_training_options *training)
{
    QHM_TRY(qhm_options_read(training_table, section, training));
    QHM_TRY(qhm_options_read(training_table, changes, training));
    QHM_TRY(qhm_options_resolve(training_table, training));
    const qhm_node *place = changes ? changes : section;
    if (training->learning_rate_low > training->learning_rate_high)
        return qhm_node_fail(place, "learning_rate_low is %g, above learning_rate_high %g",
                             training->learning_rate_low, training->learning_rate_high);
    if (training->weight_decay_low > training->weight_decay_high)
        return qhm_node_fail(place, "weight_decay_low is %g, above weight_decay_high %g",
                             training->weight_decay_low, training->weight_decay_high);
    return QHM_OK;
}

static qhm_status find_kind(const qhm_node *node, const char *name, const qhm_task_kind **kind)
{
    size_t count;
    const qhm_task_kind *const *kinds = qhm_task_kinds(&count);
    const char *names[16];
    for (size_t i = 0; i < count; i++) {
        names[i] = kinds[i]->name;
        if (name && strcmp(name, kinds[i]->name) == 0) {
            *kind = kinds[i];
            return QHM_OK;
        }
    }
    if (!name)
        return qhm_node_fail(node, "field 'kind' is missing");
    const char *nearest = qhm_nearest_name(name, names, count);
    return qhm_node_fail(qhm_node_find(node, "kind"), "field 'kind' is '%s', no kind of task%s%s%s",
                         name, nearest ? ": did you mean '" : "", nearest ? nearest : "",
                         nearest ? "'" : "");
}

static qhm_status find_metric(const qhm_node *node, const qhm_task_kind *kind, const char *name,
                              size_t *metric)
{
    for (size_t m = 0; m < kind->primary_count; m++)
        if (!name || strcmp(name, kind->metrics[m]) == 0) {
            *metric = m;
            return QHM_OK;
        }
    const char *nearest = qhm_nearest_name(name, kind->metrics, kind->primary_count);
    return qhm_node_fail(qhm_node_find(node, "metric"),
                         "field 'metric' is '%s', no primary metric of %s: the nearest is '%s'",
                         name, kind->name, nearest ? nearest : kind->metrics[0]);
}

// A name that is a part of file names and table keys.
static bool is_plain_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= 60 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               length;
}

static qhm_status read_variants(const qhm_node *node, qhm_task *task, qhm_option_notes *notes)
{
    if (!node)
        return QHM_OK;
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING)
        return qhm_node_fail(node, "field 'variants' is %s, not a mapping of names",
                             qhm_node_kind_name(qhm_node_kind_of(node)));
    QHM_TRY(qhm_allocate(qhm_node_count(node), sizeof *task->variants, &task->variants));
    task->variant_count = qhm_node_count(node);
    for (size_t v = 0; v < task->variant_count; v++) {
        const qhm_node *variant = qhm_node_at(node, v);
        const char *name = qhm_node_name(variant);
        bool is_taken = false;
        for (int role = 0; role < QHM_ROLE_COUNT; role++)
            is_taken |= strcmp(name, qhm_role_information((qhm_role)role)->name) == 0;
        if (is_taken || !is_plain_name(name))
            return qhm_node_fail(variant,
                                 "variant '%s' needs a name of letters, digits, '_' and '-' that "
                                 "no other model has",
                                 name);
        QHM_TRY(
            qhm_quantum_section_read(task->kind, name, variant, true, &task->variants[v], notes));
        if (task->variants[v].choice_count > task->training.trials)
            return qhm_node_fail(qhm_node_find(variant, "choices"),
                                 "field 'choices' has %zu, but there are %zu trials, each of one",
                                 task->variants[v].choice_count, task->training.trials);
    }
    return QHM_OK;
}

static qhm_status read_task(const qhm_node *node, const run_section *run, qhm_run_file *file,
                            size_t index)
{
    qhm_task *task = &file->tasks[index];
    task_section section = {0};
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING)
        return qhm_node_fail(node, "a task is %s, not a mapping",
                             qhm_node_kind_name(qhm_node_kind_of(node)));
    QHM_TRY(qhm_options_read(task_table, node, &section));
    QHM_TRY(find_kind(node, section.kind, &task->kind));
    task->name = section.name ? section.name : task->kind->name;
    if (!is_plain_name(task->name))
        return qhm_node_fail(node, "name '%s' is not 1 to 60 letters, digits, '_' or '-'",
                             task->name);
    for (size_t i = 0; i < index; i++)
        if (strcmp(file->tasks[i].name, task->name) == 0)
            return qhm_node_fail(node, "two tasks are called '%s'", task->name);
    if (file->ladder.rung_count > 0 && !task->kind->runs_on_devices)
        return qhm_node_fail(node, "the run has 'devices', but %s tasks do not run on them",
                             task->kind->name);
    QHM_TRY(find_metric(node, task->kind, section.metric, &task->metric));
    QHM_TRY(qhm_allocate(task->kind->inputs_bytes, 1, &task->inputs));
    QHM_TRY(qhm_options_read_used(task->kind->inputs, section.inputs, task->inputs, &file->notes));
    QHM_TRY(read_training(run->training, section.training, &task->training));
    QHM_TRY(qhm_quantum_section_read(task->kind, qhm_role_information(QHM_ROLE_HYBRID)->name,
                                     section.quantum, false, &task->quantum, &file->notes));
    QHM_TRY(read_variants(section.variants, task, &file->notes));
    task->precision = file->precision;
    return read_data(run->data, section.data, &file->data[index], &file->notes);
}

// Builds what a variant may choose, so that mistakes are told before anything is trained.
static qhm_status check_choices(const qhm_task *task, const qhm_quantum_spec *spec)
{
    for (size_t i = 0; i < spec->choice_count; i++) {
        qhm_spec_circuit built = {0};
        const qhm_status status = task->kind->circuit(task, &spec->choices[i], &built);
        qhm_module_destroy(built.module);
        qhm_circuit_destroy(built.owned);
        if (status != QHM_OK) {
            qhm_prefix_error_message("choice '%s'", spec->choices[i].choice);
            return status;
        }
    }
    return QHM_OK;
}

static qhm_status append_circuit(qhm_run_file *file, const qhm_task *task,
                                 const qhm_quantum_spec *spec)
{
    qhm_spec_circuit *holder = &file->holders[file->circuit_count];
    qhm_status status = task->kind->circuit(task, spec, holder);
    if (status == QHM_OK)
        status = check_choices(task, spec);
    if (status != QHM_OK) {
        qhm_module_destroy(holder->module);
        qhm_circuit_destroy(holder->owned);
        qhm_prefix_error_message("%s: task '%s', module '%s'", file->path, task->name, spec->name);
        return status == QHM_ERROR_INVALID_ARGUMENT ? QHM_ERROR_BAD_INPUT : status;
    }
    file->circuits[file->circuit_count++] =
        (qhm_run_circuit){.task = task->name,
                          .model = spec->name,
                          .circuit = holder->circuit,
                          .observables = holder->observables,
                          .observable_count = holder->observable_count,
                          .epochs = task->training.epochs,
                          .batch = task->training.batch};
    return QHM_OK;
}

static qhm_status build_circuits(qhm_run_file *file)
{
    size_t count = 0;
    for (size_t i = 0; i < file->task_count; i++)
        count += 1 + file->tasks[i].variant_count;
    QHM_TRY(qhm_allocate(count, sizeof *file->circuits, &file->circuits));
    QHM_TRY(qhm_allocate(count, sizeof *file->holders, &file->holders));
    for (size_t i = 0; i < file->task_count; i++) {
        QHM_TRY(append_circuit(file, &file->tasks[i], &file->tasks[i].quantum));
        for (size_t v = 0; v < file->tasks[i].variant_count; v++)
            QHM_TRY(append_circuit(file, &file->tasks[i], &file->tasks[i].variants[v]));
    }
    return QHM_OK;
}

static qhm_status read_sections(qhm_run_file *file)
{
    const qhm_node *root = qhm_document_root(file->document);
    run_section run = {0};
    if (qhm_node_kind_of(root) != QHM_NODE_MAPPING)
        return qhm_node_fail(root, "a run file is a mapping, this is %s",
                             qhm_node_kind_name(qhm_node_kind_of(root)));
    QHM_TRY(qhm_options_read(run_table, root, &run));
    QHM_TRY(qhm_options_resolve(run_table, &run));
    if (!run.name || !is_plain_name(run.name))
        return qhm_node_fail(run.name ? qhm_node_find(root, "name") : root,
                             "field 'name' is %s%s%s, not 1 to 60 letters, digits, '_' or '-'",
                             run.name ? "'" : "", run.name ? run.name : "missing",
                             run.name ? "'" : "");
    if (!run.data)
        return qhm_node_fail(root, "field 'data' is missing");
    if (!run.tasks || qhm_node_kind_of(run.tasks) != QHM_NODE_SEQUENCE ||
        qhm_node_count(run.tasks) == 0)
        return qhm_node_fail(run.tasks ? run.tasks : root,
                             "field 'tasks' is not a list of one task or more");
    file->name = run.name;
    file->description = run.description;
    file->seed = run.seed;
    file->margin = run.margin;
    file->precision = run.precision == 2 ? QHM_FLOAT64 : QHM_FLOAT32;
    QHM_TRY(qhm_options_read(resample_table, run.resamples, &file->resamples));
    QHM_TRY(qhm_options_resolve(resample_table, &file->resamples));
    if (file->resamples.repeats * file->resamples.folds < 10)
        return qhm_node_fail(run.resamples ? run.resamples : root,
                             "repeats times folds is %zu resamples, not at least 10",
                             file->resamples.repeats * file->resamples.folds);
    QHM_TRY(qhm_noise_ladder_read(run.devices, run.execution, &file->ladder, &file->notes));
    QHM_TRY(qhm_budget_read(run.budget, &file->budget, &file->notes));
    if (file->ladder.rung_count == 0 && qhm_budget_has_contest(&file->budget))
        return qhm_node_fail(run.budget, "field 'budget' needs 'devices', which contend within it");
    size_t count = qhm_node_count(run.tasks);
    QHM_TRY(qhm_allocate(count, sizeof *file->tasks, &file->tasks));
    QHM_TRY(qhm_allocate(count, sizeof *file->data, &file->data));
    file->task_count = count; // all zero until read, so that destroy may run at any time
    for (size_t i = 0; i < count; i++)
        QHM_TRY(read_task(qhm_node_at(run.tasks, i), &run, file, i));
    QHM_TRY(qhm_module_placement_check(&file->ladder.placement, file->tasks, count));
    return build_circuits(file);
}

static qhm_status keep_overrides(qhm_run_file *file, const char *const *overrides, size_t count)
{
    QHM_TRY(qhm_allocate(count, sizeof *file->overrides, &file->overrides));
    file->override_count = count; // all NULL until copied, so that destroy may run at any time
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(!strchr(overrides[i], '\n'), "--set takes one line, not '%s'", overrides[i]);
        QHM_TRY(qhm_copy_text(overrides[i], &file->overrides[i]));
        QHM_TRY(qhm_document_set(file->document, overrides[i]));
    }
    return QHM_OK;
}

qhm_status qhm_run_file_read(const char *path, const char *const *overrides, size_t override_count,
                             bool is_saved, qhm_run_file **out)
{
    qhm_run_file *file;
    QHM_TRY(qhm_allocate(1, sizeof *file, &file));
    file->notes.takes_all = is_saved;
    qhm_status status = qhm_copy_text(path, &file->path);
    if (status == QHM_OK)
        status = qhm_file_read(path, QHM_DOCUMENT_MAX_YAML_BYTES, &file->text, &file->text_bytes);
    if (status == QHM_OK)
        status = qhm_document_parse_yaml(file->text, file->text_bytes, path, &file->document);
    if (status == QHM_OK)
        status = keep_overrides(file, overrides, override_count);
    if (status == QHM_OK)
        status = read_sections(file);
    if (status != QHM_OK) {
        qhm_run_file_destroy(file);
        return status;
    }
    *out = file;
    return QHM_OK;
}

qhm_status qhm_run_file_load(const char *path, const char *const *overrides, size_t override_count,
                             qhm_run_file **out)
{
    QHM_REQUIRE(path && out, "the path or out is NULL");
    return qhm_run_file_read(path, overrides, override_count, false, out);
}

static void release_task(qhm_task *task)
{
    for (size_t v = 0; v < task->variant_count; v++)
        qhm_quantum_spec_release(&task->variants[v]);
    qhm_release(task->variants);
    qhm_quantum_spec_release(&task->quantum);
    qhm_release(task->inputs);
}

void qhm_run_file_destroy(qhm_run_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->circuit_count; i++) {
        qhm_module_destroy(file->holders[i].module);
        qhm_circuit_destroy(file->holders[i].owned);
    }
    qhm_release(file->holders);
    qhm_release(file->circuits);
    for (size_t i = 0; i < file->task_count; i++) {
        release_task(&file->tasks[i]);
        qhm_release(file->data[i].options);
    }
    qhm_release(file->data);
    qhm_noise_ladder_release(&file->ladder);
    qhm_release(file->tasks);
    for (size_t i = 0; i < file->override_count; i++)
        qhm_release(file->overrides[i]);
    qhm_release(file->overrides);
    qhm_text_release(&file->notes.lines);
    qhm_document_destroy(file->document);
    qhm_release(file->text);
    qhm_release(file->path);
    qhm_release(file);
}

const char *qhm_run_file_name(const qhm_run_file *file)
{
    return file->name;
}

const char *qhm_run_file_notes(const qhm_run_file *file)
{
    return file->notes.lines.length > 0 ? file->notes.lines.bytes : "";
}

const qhm_run_circuit *qhm_run_file_circuits(const qhm_run_file *file, size_t *count)
{
    *count = file->circuit_count;
    return file->circuits;
}

qhm_status qhm_run_file_help(char **out)
{
    qhm_text text = {0};
    qhm_text_append(&text, "A run file is YAML. Its fields:\n\n");
    qhm_options_print_help(run_table, 2, &text);
    qhm_text_append(&text, "\nresamples:\n");
    qhm_options_print_help(resample_table, 2, &text);
    qhm_text_append(&text, "\ntraining:\n");
    qhm_options_print_help(training_table, 2, &text);
    qhm_text_append(&text, "\nexecution:\n");
    qhm_options_print_help(qhm_ladder_table, 2, &text);
    qhm_text_append(&text, "\nbudget:\n");
    qhm_options_print_help(qhm_budget_table, 2, &text);
    qhm_text_append(&text, "\neach of tasks:\n");
    qhm_options_print_help(task_table, 2, &text);
    size_t count;
    const qhm_task_kind *const *kinds = qhm_task_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        qhm_text_print(&text, "\ntask kind %s: %s\n  metrics:", kinds[i]->name, kinds[i]->help);
        for (size_t m = 0; kinds[i]->metrics[m]; m++)
            qhm_text_print(&text, " %s", kinds[i]->metrics[m]);
        qhm_text_append(&text, "\n  inputs:\n");
        qhm_options_print_help(kinds[i]->inputs, 4, &text);
        qhm_text_append(&text, "  quantum:\n");
        qhm_quantum_section_print_help(kinds[i], 4, &text);
    }
    const qhm_data_source *const *sources = qhm_data_sources(&count);
    for (size_t i = 0; i < count; i++) {
        qhm_text_print(&text, "\ndata source %s: %s\n", sources[i]->name, sources[i]->help);
        qhm_options_print_help(sources[i]->options, 2, &text);
    }
    return qhm_text_take(&text, out);
}
