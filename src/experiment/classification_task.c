// Classification from pictures, texts or numbers: features, a linear map to the module's width,
// the module, a linear map to the classes. The first task kind: copy it to write another.
#include "base/memory.h"
#include "experiment/circuit_spec.h"
#include "experiment/classification_score.h"
#include "experiment/features_svm.h"
#include "experiment/substitution.h"
#include "experiment/task_features.h"
#include "experiment/trained_model.h"

enum { USE_IMAGE = 1, USE_TEXT, USE_IMAGE_AND_TEXT, USE_NUMBERS };
enum { MAX_PARTS = 2 };

typedef struct classification_inputs {
    int use, image;
    size_t image_width, text_width;
} classification_inputs;

static const char *const uses[] = {"image", "text", "image_and_text", "numbers", NULL};
static const char *const descriptors[] = {"shapes", "pixels", NULL};

static const qhm_option_info inputs_table[] = {
    {.name = "use",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(classification_inputs, use),
     .default_text = "image",
     .choices = uses,
     .help = "what of an item the class is told from"},
    {.name = "image",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(classification_inputs, image),
     .default_text = "shapes",
     .choices = descriptors,
     .help = "shapes: gradients, colours and a thumbnail; pixels: grey values",
     .used_with = "use=image,image_and_text"},
    {.name = "image_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(classification_inputs, image_width),
     .default_text = "128",
     .minimum = 1,
     .maximum = 4096,
     .help = "principal components of the pictures that every model starts from",
     .used_with = "use=image,image_and_text"},
    {.name = "text_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(classification_inputs, text_width),
     .default_text = "128",
     .minimum = 1,
     .maximum = 4096,
     .help = "principal components of the texts that every model starts from",
     .used_with = "use=text,image_and_text"},
    {0},
};

typedef struct prepared_classes {
    const qhm_dataset *dataset;
    qhm_features parts[MAX_PARTS];
    size_t part_count;
    size_t width; // of all parts together
    size_t class_count;
    size_t *labels; // [items]
} prepared_classes;

static void release(void *prepared)
{
    prepared_classes *p = prepared;
    for (size_t i = 0; i < MAX_PARTS; i++)
        qhm_features_release(&p->parts[i]);
    qhm_release(p->labels);
    qhm_release(p);
}

static size_t bytes(const void *prepared)
{
    const prepared_classes *p = prepared;
    size_t sum = qhm_dataset_count(p->dataset) * sizeof(size_t);
    for (size_t i = 0; i < p->part_count; i++)
        sum += qhm_features_bytes(&p->parts[i]);
    return sum;
}

static qhm_status add_part(prepared_classes *p, const qhm_split *split, qhm_precision precision,
                           qhm_extractor_options options)
{
    QHM_TRY(qhm_features_create(p->dataset, split, &options, precision, &p->parts[p->part_count]));
    p->width += p->parts[p->part_count++].width;
    return QHM_OK;
}

static qhm_status make_parts(const qhm_task *task, const qhm_split *split, prepared_classes *p)
{
    const classification_inputs *inputs = task->inputs;
    if (inputs->use == USE_IMAGE || inputs->use == USE_IMAGE_AND_TEXT)
        QHM_TRY(add_part(p, split, task->precision,
                         (qhm_extractor_options){.kind = inputs->image == 2 ? QHM_EXTRACTOR_PIXELS
                                                                            : QHM_EXTRACTOR_SHAPES,
                                                 .width = inputs->image_width}));
    if (inputs->use == USE_TEXT || inputs->use == USE_IMAGE_AND_TEXT)
        QHM_TRY(add_part(
            p, split, task->precision,
            (qhm_extractor_options){.kind = QHM_EXTRACTOR_WORDS, .width = inputs->text_width}));
    if (inputs->use == USE_NUMBERS)
        QHM_TRY(add_part(p, split, task->precision,
                         (qhm_extractor_options){.kind = QHM_EXTRACTOR_NUMBERS,
                                                 .scaling = QHM_SCALING_STANDARD}));
    return QHM_OK;
}

static qhm_status prepare(const qhm_task *task, const qhm_dataset *dataset, const qhm_split *split,
                          uint64_t seed, size_t resample, void **prepared)
{
    (void)seed;
    (void)resample;
    prepared_classes *p;
    if (qhm_dataset_class_count(dataset) < 2)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "task '%s': the data has %zu classes, not at least 2",
                        task->name, qhm_dataset_class_count(dataset));
    QHM_TRY(qhm_allocate(1, sizeof *p, &p));
    p->dataset = dataset;
    p->class_count = qhm_dataset_class_count(dataset);
    qhm_status status = qhm_allocate(qhm_dataset_count(dataset), sizeof *p->labels, &p->labels);
    for (size_t i = 0; status == QHM_OK && i < qhm_dataset_count(dataset); i++)
        p->labels[i] = qhm_dataset_label(dataset, i);
    if (status == QHM_OK)
        status = make_parts(task, split, p);
    if (status != QHM_OK) {
        release(p);
        return status;
    }
    *prepared = p;
    return QHM_OK;
}

static qhm_status forward(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                          size_t count, qhm_value *logits)
{
    const prepared_classes *p = model->prepared;
    qhm_value parts[MAX_PARTS] = {0}, x;
    for (size_t i = 0; i < p->part_count; i++)
        QHM_TRY(qhm_tape_rows(tape, p->parts[i].tensor, rows, count, &parts[i]));
    x = parts[0];
    if (p->part_count > 1)
        QHM_TRY(qhm_tape_apply(tape, QHM_OP_CONCAT, parts, p->part_count, NULL, &x));
    return qhm_module_forward(model->root, tape, x, QHM_NO_VALUE, logits);
}

static qhm_status loss(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                       size_t count, qhm_value *out)
{
    const prepared_classes *p = model->prepared;
    qhm_value logits;
    QHM_TRY(forward(model, tape, rows, count, &logits));
    return qhm_classification_loss(tape, logits, p->labels, rows, count, out);
}

static qhm_status score(const qhm_trained_model *model, qhm_tape *tape,
                        const qhm_fit_request *request, qhm_fit_result *result)
{
    const prepared_classes *p = model->prepared;
    qhm_value logits;
    qhm_tape_reset(tape);
    QHM_TRY(forward(model, tape, request->score, request->score_count, &logits));
    return qhm_classification_score_logits(tape, logits, p->labels, p->class_count, request,
                                           result);
}

static const qhm_trained_ops trained_ops = {.loss = loss, .score = score};

enum { MODULE_CHILD = 1 }; // between the maps to its width and to the classes

static qhm_status append_modules(const qhm_fit_request *request, qhm_module *root)
{
    const prepared_classes *p = request->prepared;
    qhm_random random = qhm_trained_model_random(request);
    qhm_module *module;
    size_t width = qhm_circuit_spec_width(request->contender->quantum);
    qhm_module_setting setting = {.precision = request->task->precision,
                                  .input = {1, {p->width}},
                                  .output_width = width,
                                  .random = &random};
    QHM_TRY(qhm_module_create("linear", &setting, NULL, &module));
    QHM_TRY(qhm_module_append_take(root, "input", module));
    setting.input = (qhm_shape){1, {width}};
    setting.output_width = 0;
    QHM_TRY(qhm_substitute_create(request->contender, qhm_layer_kind, &setting, &module));
    setting.input = qhm_module_output_shape(module);
    QHM_TRY(qhm_module_append_take(root, "module", module));
    setting.output_width = p->class_count;
    QHM_TRY(qhm_module_create("linear", &setting, NULL, &module));
    return qhm_module_append_take(root, "output", module);
}

static qhm_status fit(const qhm_fit_request *request, qhm_fit_result *result)
{
    const prepared_classes *p = request->prepared;
    if (request->contender->role == QHM_ROLE_STRONG)
        return qhm_features_svm_fit(p->parts, p->part_count, p->labels, p->class_count, request,
                                    result);
    qhm_trained_model model = {.ops = &trained_ops, .prepared = p};
    QHM_TRY(
        qhm_sequential_create(request->task->precision, (qhm_shape){1, {p->width}}, &model.root));
    qhm_status status = append_modules(request, model.root);
    if (status == QHM_OK)
        model.slots[model.slot_count++] = qhm_module_child(model.root, MODULE_CHILD);
    if (status == QHM_OK)
        status = qhm_trained_model_fit(&model, request, result);
    qhm_module_destroy(model.root);
    return status;
}

static void chance(const void *prepared, const size_t *items, size_t count, double *levels)
{
    const prepared_classes *p = prepared;
    qhm_classification_chance(p->labels, p->class_count, items, count, levels);
}

static const qhm_role roles[] = {
    QHM_ROLE_IDENTITY,  QHM_ROLE_RANDOM_FEATURES, QHM_ROLE_LINEAR, QHM_ROLE_MLP_PARAMETERS,
    QHM_ROLE_MLP_FLOPS, QHM_ROLE_UNENTANGLED,     QHM_ROLE_STRONG,
};

const qhm_task_kind qhm_task_classification = {
    .name = "classification",
    .help = "classes from pictures, texts or numbers through the module",
    .runs_on_devices = true,
    .layers = (const char *const[]){"module", NULL},
    .inputs = inputs_table,
    .inputs_bytes = sizeof(classification_inputs),
    .quantum = qhm_circuit_spec_table,
    .metrics = qhm_classification_metrics,
    .primary_count = QHM_CLASSIFICATION_METRIC_COUNT,
    .roles = roles,
    .role_count = sizeof roles / sizeof roles[0],
    .chance = chance,
    .prepare = prepare,
    .release = release,
    .bytes = bytes,
    .fit = fit,
    .circuit = qhm_circuit_spec_build,
};
