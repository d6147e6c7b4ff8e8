// Retrieval between pictures and texts: two towers, each features, a linear map to the module's
// width and the module, meet in one space where cosine similarity ranks the candidates.
#include "experiment/retrieval_task.h"

#include "base/memory.h"
#include "experiment/canonical_retrieval.h"
#include "experiment/circuit_spec.h"
#include "experiment/retrieval_score.h"
#include "experiment/substitution.h"

#include <math.h>

typedef struct retrieval_inputs {
    size_t image_width, text_width, space_width;
} retrieval_inputs;

static const qhm_option_info inputs_table[] = {
    {.name = "image_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(retrieval_inputs, image_width),
     .default_text = "128",
     .minimum = 1,
     .maximum = 4096,
     .help = "principal components of the pictures that every model starts from"},
    {.name = "text_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(retrieval_inputs, text_width),
     .default_text = "128",
     .minimum = 1,
     .maximum = 4096,
     .help = "principal components of the texts that every model starts from"},
    {.name = "space_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(retrieval_inputs, space_width),
     .default_text = "32",
     .minimum = 2,
     .maximum = 4096,
     .help = "dimensions of the space in which pictures and texts meet"},
    {0},
};

static void release(void *prepared)
{
    qhm_retrieval_prepared *p = prepared;
    qhm_features_release(&p->images);
    qhm_features_release(&p->texts);
    qhm_release(p);
}

static size_t bytes(const void *prepared)
{
    const qhm_retrieval_prepared *p = prepared;
    return qhm_features_bytes(&p->images) + qhm_features_bytes(&p->texts);
}

static qhm_status prepare(const qhm_task *task, const qhm_dataset *dataset, const qhm_split *split,
                          uint64_t seed, size_t resample, void **prepared)
{
    (void)seed;
    (void)resample;
    const retrieval_inputs *inputs = task->inputs;
    qhm_retrieval_prepared *p;
    QHM_TRY(qhm_allocate(1, sizeof *p, &p));
    qhm_status status = qhm_features_create(
        dataset, split,
        &(qhm_extractor_options){.kind = QHM_EXTRACTOR_SHAPES, .width = inputs->image_width},
        task->precision, &p->images);
    if (status == QHM_OK)
        status = qhm_features_create(
            dataset, split,
            &(qhm_extractor_options){.kind = QHM_EXTRACTOR_WORDS, .width = inputs->text_width},
            task->precision, &p->texts);
    if (status != QHM_OK) {
        release(p);
        return status;
    }
    *prepared = p;
    return QHM_OK;
}

// The root's children: a tower each for pictures and texts, and beside them its own parameter,
// the logarithm of the similarities' scale.
enum { IMAGE_TOWER = 0, TEXT_TOWER = 1 };
enum { MODULE_CHILD = 1 }; // of a tower

qhm_status qhm_retrieval_forward(const qhm_module *root, qhm_tape *tape, bool is_text,
                                 qhm_value features, qhm_value *embedding)
{
    qhm_value x;
    QHM_TRY(qhm_module_forward(qhm_module_child(root, is_text ? TEXT_TOWER : IMAGE_TOWER), tape,
                               features, QHM_NO_VALUE, &x));
    return qhm_tape_apply(tape, QHM_OP_L2_NORMALISE, &x, 1, NULL, embedding);
}

static qhm_status embed(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                        size_t count, qhm_value *images, qhm_value *texts)
{
    const qhm_retrieval_prepared *p = model->prepared;
    qhm_value image, text;
    QHM_TRY(qhm_tape_rows(tape, p->images.tensor, rows, count, &image));
    QHM_TRY(qhm_tape_rows(tape, p->texts.tensor, rows, count, &text));
    QHM_TRY(qhm_retrieval_forward(model->root, tape, false, image, images));
    return qhm_retrieval_forward(model->root, tape, true, text, texts);
}

typedef struct root_state {
    qhm_parameter *log_scale; // the root's
} root_state;

// As a module of its own, the root is its tower for pictures.
static qhm_status root_forward(qhm_module *root, void *state, qhm_tape *tape, qhm_value input,
                               qhm_value mask, qhm_value *output)
{
    (void)state;
    (void)mask;
    return qhm_retrieval_forward(root, tape, false, input, output);
}

static const qhm_module_ops root_ops = {
    .kind = "two_towers", .forward = root_forward, .destroy = qhm_release};

static qhm_status loss(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                       size_t count, qhm_value *out)
{
    qhm_value inputs[3];
    QHM_TRY(embed(model, tape, rows, count, &inputs[0], &inputs[1]));
    const root_state *state = qhm_module_state(model->root, &root_ops);
    QHM_TRY(qhm_tape_parameter(tape, state->log_scale, &inputs[2]));
    return qhm_tape_apply(tape, QHM_OP_INFO_NCE, inputs, 3, NULL, out);
}

static qhm_status score(const qhm_trained_model *model, qhm_tape *tape,
                        const qhm_fit_request *request, qhm_fit_result *result)
{
    qhm_value images, texts, similarity;
    size_t count = request->score_count;
    double *scores;
    qhm_tape_reset(tape);
    QHM_TRY(embed(model, tape, request->score, count, &images, &texts));
    QHM_TRY(qhm_tape_apply(tape, QHM_OP_MATMUL, (qhm_value[]){texts, images}, 2,
                           &(qhm_op_attributes){.transpose_b = true}, &similarity));
    QHM_TRY(qhm_tape_scratch(tape, count * count * sizeof *scores, &scores));
    for (size_t i = 0; i < count * count; i++)
        scores[i] = qhm_tape_item(tape, similarity, i);
    return qhm_retrieval_score(request, scores, result);
}

static const qhm_trained_ops trained_ops = {.loss = loss, .score = score};

static qhm_status append_tower(const qhm_fit_request *request, const char *name,
                               size_t feature_width, qhm_random *random, qhm_module *root)
{
    const retrieval_inputs *inputs = request->task->inputs;
    qhm_module *tower, *module;
    size_t width = qhm_circuit_spec_width(request->contender->quantum);
    qhm_module_setting setting = {.precision = request->task->precision,
                                  .input = {1, {feature_width}},
                                  .output_width = width,
                                  .random = random};
    QHM_TRY(qhm_sequential_create(setting.precision, setting.input, &tower));
    qhm_status status = qhm_module_create("linear", &setting, NULL, &module);
    if (status == QHM_OK)
        status = qhm_module_append_take(tower, "input", module);
    setting.input = (qhm_shape){1, {width}};
    setting.output_width = 0;
    if (status == QHM_OK)
        status = qhm_substitute_create(request->contender, qhm_layer_kind, &setting, &module);
    if (status == QHM_OK)
        status = qhm_module_append_take(tower, "module", module);
    setting.input = qhm_module_output_shape(tower);
    setting.output_width = inputs->space_width;
    if (status == QHM_OK)
        status = qhm_module_create("linear", &setting, NULL, &module);
    if (status == QHM_OK)
        status = qhm_module_append_take(tower, "output", module);
    if (status != QHM_OK) {
        qhm_module_destroy(tower);
        return status;
    }
    return qhm_module_append_take(root, name, tower);
}

static qhm_status append_towers(const qhm_fit_request *request, qhm_module *root)
{
    const qhm_retrieval_prepared *p = request->prepared;
    qhm_random random = qhm_trained_model_random(request);
    QHM_TRY(append_tower(request, "image", p->images.width, &random, root));
    return append_tower(request, "text", p->texts.width, &random, root);
}

qhm_status qhm_retrieval_create(const qhm_fit_request *request, qhm_module **out)
{
    const qhm_retrieval_prepared *p = request->prepared;
    const retrieval_inputs *inputs = request->task->inputs;
    const double first_scale = 2.659260036932778; // log(1 / 0.07), as CLIP begins
    qhm_module_setting setting = {.precision = request->task->precision,
                                  .input = {1, {p->images.width}}};
    root_state *state;
    qhm_module *root;
    QHM_TRY(qhm_allocate(1, sizeof *state, &state));
    qhm_status status = qhm_module_create_custom(&root_ops, state, &setting,
                                                 (qhm_shape){1, {inputs->space_width}}, &root);
    if (status != QHM_OK) {
        qhm_release(state);
        return status;
    }
    status = qhm_module_append_parameter(root, "log_scale", (qhm_shape){1, {1}},
                                         QHM_PARAMETER_NO_DECAY, &state->log_scale);
    if (status == QHM_OK)
        status = qhm_tensor_set(qhm_parameter_value(state->log_scale), 0, 1, &first_scale);
    if (status == QHM_OK)
        status = append_towers(request, root);
    if (status != QHM_OK) {
        qhm_module_destroy(root);
        return status;
    }
    *out = root;
    return QHM_OK;
}

static qhm_status fit(const qhm_fit_request *request, qhm_fit_result *result)
{
    if (request->contender->role == QHM_ROLE_STRONG)
        return qhm_canonical_retrieval_fit(request, result);
    qhm_trained_model model = {.ops = &trained_ops, .prepared = request->prepared};
    QHM_TRY(qhm_retrieval_create(request, &model.root));
    for (size_t i = IMAGE_TOWER; i <= TEXT_TOWER; i++)
        model.slots[model.slot_count++] =
            qhm_module_child(qhm_module_child(model.root, i), MODULE_CHILD);
    qhm_status status = qhm_trained_model_fit(&model, request, result);
    qhm_module_destroy(model.root);
    return status;
}

static void chance(const void *prepared, const size_t *items, size_t count, double *levels)
{
    (void)prepared;
    (void)items;
    qhm_retrieval_chance(count, levels);
}

static const qhm_role roles[] = {
    QHM_ROLE_IDENTITY,  QHM_ROLE_RANDOM_FEATURES, QHM_ROLE_LINEAR, QHM_ROLE_MLP_PARAMETERS,
    QHM_ROLE_MLP_FLOPS, QHM_ROLE_UNENTANGLED,     QHM_ROLE_STRONG,
};

const qhm_task_kind qhm_task_retrieval = {
    .name = "retrieval",
    .help = "pictures for texts and texts for pictures, by two towers that meet after the module",
    .runs_on_devices = true,
    .layers = (const char *const[]){"image", "text", NULL},
    .inputs = inputs_table,
    .inputs_bytes = sizeof(retrieval_inputs),
    .quantum = qhm_circuit_spec_table,
    .metrics = qhm_retrieval_metrics_names,
    .primary_count = QHM_RETRIEVAL_PRIMARY_COUNT,
    .roles = roles,
    .role_count = sizeof roles / sizeof roles[0],
    .chance = chance,
    .prepare = prepare,
    .release = release,
    .bytes = bytes,
    .fit = fit,
    .circuit = qhm_circuit_spec_build,
};
