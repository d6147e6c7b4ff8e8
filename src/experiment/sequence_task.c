// Classification of texts word by word: a word table, the attention module, the mean over words,
// a linear map to the classes.
#include "base/memory.h"
#include "experiment/classification_score.h"
#include "experiment/features_svm.h"
#include "experiment/substitution.h"
#include "experiment/trained_model.h"

#include <qhm/module_kinds.h>
#include <qhm/quantum_layer.h>
#include <qhm/vocabulary.h>

typedef struct sequence_inputs {
    size_t width, max_length, text_width;
} sequence_inputs;

static const qhm_option_info inputs_table[] = {
    {.name = "width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(sequence_inputs, width),
     .default_text = "6",
     .minimum = 1,
     .maximum = 1024,
     .help = "numbers of a word in the word table, which is trained with the model"},
    {.name = "max_length",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(sequence_inputs, max_length),
     .default_text = "64",
     .minimum = 1,
     .maximum = 4096,
     .help = "words of a text that are read; the longest training text sets the length below it"},
    {.name = "text_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(sequence_inputs, text_width),
     .default_text = "64",
     .minimum = 1,
     .maximum = 4096,
     .help = "principal components of TF-IDF that the strong classical model starts from"},
    {0},
};

typedef struct prepared_sequences {
    const qhm_dataset *dataset;
    qhm_vocabulary *vocabulary;
    size_t length;
    size_t *words; // [items][length]
    double *mask;  // [items][length]
    size_t class_count;
    size_t *labels;
    qhm_features texts; // for the strong model
} prepared_sequences;

static void release(void *prepared)
{
    prepared_sequences *p = prepared;
    qhm_features_release(&p->texts);
    qhm_release(p->labels);
    qhm_release(p->mask);
    qhm_release(p->words);
    qhm_vocabulary_destroy(p->vocabulary);
    qhm_release(p);
}

static size_t bytes(const void *prepared)
{
    const prepared_sequences *p = prepared;
    size_t items = qhm_dataset_count(p->dataset);
    return items * p->length * (sizeof(size_t) + sizeof(double)) + qhm_features_bytes(&p->texts);
}

static qhm_status read_words(prepared_sequences *p, const qhm_split *split,
                             const sequence_inputs *inputs)
{
    size_t train_count, count = qhm_dataset_count(p->dataset);
    const size_t *train = qhm_split_train(split, &train_count);
    QHM_TRY(qhm_vocabulary_fit(p->dataset, train, train_count,
                               &(qhm_vocabulary_options){.max_length = inputs->max_length},
                               &p->vocabulary));
    p->length = qhm_vocabulary_length(p->vocabulary);
    QHM_TRY(qhm_allocate(count * p->length, sizeof *p->words, &p->words));
    QHM_TRY(qhm_allocate(count * p->length, sizeof *p->mask, &p->mask));
    QHM_TRY(qhm_allocate(count, sizeof *p->labels, &p->labels));
    size_t *items;
    QHM_TRY(qhm_allocate(count, sizeof *items, &items));
    for (size_t i = 0; i < count; i++) {
        items[i] = i;
        p->labels[i] = qhm_dataset_label(p->dataset, i);
    }
    qhm_status status =
        qhm_vocabulary_forward(p->vocabulary, p->dataset, items, count, p->words, p->mask);
    qhm_release(items);
    return status;
}

static qhm_status prepare(const qhm_task *task, const qhm_dataset *dataset, const qhm_split *split,
                          uint64_t seed, size_t resample, void **prepared)
{
    (void)seed;
    (void)resample;
    const sequence_inputs *inputs = task->inputs;
    if (qhm_dataset_class_count(dataset) < 2)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "task '%s': the data has %zu classes, not at least 2",
                        task->name, qhm_dataset_class_count(dataset));
    prepared_sequences *p;
    QHM_TRY(qhm_allocate(1, sizeof *p, &p));
    p->dataset = dataset;
    p->class_count = qhm_dataset_class_count(dataset);
    qhm_status status = read_words(p, split, inputs);
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

static qhm_status forward(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                          size_t count, qhm_value *logits)
{
    const prepared_sequences *p = model->prepared;
    size_t *words;
    double *mask;
    qhm_value x, masked;
    QHM_TRY(qhm_tape_scratch(tape, count * p->length * sizeof *words, &words));
    QHM_TRY(qhm_tape_scratch(tape, count * p->length * sizeof *mask, &mask));
    for (size_t i = 0; i < count * p->length; i++) {
        size_t place = rows[i / p->length] * p->length + i % p->length;
        words[i] = p->words[place];
        mask[i] = p->mask[place];
    }
    qhm_shape shape = {2, {count, p->length}};
    QHM_TRY(qhm_tape_indices(tape, shape, words, &x));
    QHM_TRY(qhm_tape_constant(tape, shape, mask, &masked));
    return qhm_module_forward(model->root, tape, x, masked, logits);
}

static qhm_status loss(const qhm_trained_model *model, qhm_tape *tape, const size_t *rows,
                       size_t count, qhm_value *out)
{
    const prepared_sequences *p = model->prepared;
    qhm_value logits;
    QHM_TRY(forward(model, tape, rows, count, &logits));
    return qhm_classification_loss(tape, logits, p->labels, rows, count, out);
}

static qhm_status score(const qhm_trained_model *model, qhm_tape *tape,
                        const qhm_fit_request *request, qhm_fit_result *result)
{
    const prepared_sequences *p = model->prepared;
    qhm_value logits;
    qhm_tape_reset(tape);
    QHM_TRY(forward(model, tape, request->score, request->score_count, &logits));
    return qhm_classification_score_logits(tape, logits, p->labels, p->class_count, request,
                                           result);
}

static const qhm_trained_ops trained_ops = {.loss = loss, .score = score};

// Classical attention whose key width makes its trained numbers come nearest to the quantum ones.
static qhm_status create_classical(const qhm_fit_request *request,
                                   const qhm_module_setting *setting, qhm_module **out)
{
    qhm_contender quantum = {QHM_ROLE_HYBRID, request->contender->quantum, ""};
    qhm_module_setting own = *setting;
    own.random = NULL;
    qhm_module *module;
    QHM_TRY(qhm_substitute_create(&quantum, qhm_attention_kind, &own, &module));
    double target = (double)qhm_module_total_cost(module).parameter_count, best = -1;
    qhm_module_destroy(module);
    qhm_dot_product_attention_options nearest = {0};
    size_t width = setting->input.sizes[1];
    for (size_t keys = 1; keys <= 4 * width; keys++)
        for (int form = 0; form < 4; form++) {
            qhm_dot_product_attention_options options = {
                .key_width = keys, .no_output = form & 1, .no_bias = form & 2};
            QHM_TRY(qhm_module_create("dot_product_attention", &own, &options, &module));
            double away = (double)qhm_module_total_cost(module).parameter_count - target;
            qhm_module_destroy(module);
            away = away < 0 ? -away : away;
            if (best < 0 || away < best) {
                best = away;
                nearest = options;
            }
        }
    return qhm_module_create("dot_product_attention", setting, &nearest, out);
}

enum { MODULE_CHILD = 1 }; // after the word table

static qhm_status append_modules(const qhm_fit_request *request, qhm_module *root)
{
    const sequence_inputs *inputs = request->task->inputs;
    const prepared_sequences *p = request->prepared;
    qhm_random random = qhm_trained_model_random(request);
    qhm_module *module;
    qhm_module_setting setting = {.precision = request->task->precision,
                                  .input = {1, {p->length}},
                                  .output_width = inputs->width,
                                  .random = &random};
    QHM_TRY(qhm_module_create(
        "embedding", &setting,
        &(qhm_embedding_options){.vocabulary_size = qhm_vocabulary_size(p->vocabulary)}, &module));
    setting.input = qhm_module_output_shape(module);
    setting.output_width = 0;
    QHM_TRY(qhm_module_append_take(root, "words", module));
    if (request->contender->role == QHM_ROLE_CLASSICAL)
        QHM_TRY(create_classical(request, &setting, &module));
    else
        QHM_TRY(qhm_substitute_create(request->contender, qhm_attention_kind, &setting, &module));
    QHM_TRY(qhm_module_append_take(root, "module", module));
    QHM_TRY(qhm_module_create("sequence_pool", &setting, NULL, &module));
    setting.input = qhm_module_output_shape(module);
    setting.output_width = p->class_count;
    QHM_TRY(qhm_module_append_take(root, "pool", module));
    QHM_TRY(qhm_module_create("linear", &setting, NULL, &module));
    return qhm_module_append_take(root, "output", module);
}

static qhm_status fit(const qhm_fit_request *request, qhm_fit_result *result)
{
    const prepared_sequences *p = request->prepared;
    if (request->contender->role == QHM_ROLE_STRONG)
        return qhm_features_svm_fit(&p->texts, 1, p->labels, p->class_count, request, result);
    qhm_trained_model model = {.ops = &trained_ops, .prepared = p};
    QHM_TRY(
        qhm_sequential_create(request->task->precision, (qhm_shape){1, {p->length}}, &model.root));
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
    const prepared_sequences *p = prepared;
    qhm_classification_chance(p->labels, p->class_count, items, count, levels);
}

static const qhm_option_info *quantum_table(size_t *table_bytes)
{
    return qhm_substitution_table(qhm_attention_kind, table_bytes);
}

// QSANN's quantum layers are its children: query, key, value. The value circuit stands for them:
// the others differ in their weights and observables only.
enum { VALUE_CHILD = 2 };

static qhm_status build_circuit(const qhm_task *task, const qhm_quantum_spec *spec,
                                qhm_spec_circuit *circuit)
{
    const sequence_inputs *inputs = task->inputs;
    qhm_module_setting setting = {.input = {2, {1, inputs->width}}};
    QHM_TRY(qhm_module_create(qhm_attention_kind, &setting, spec->options, &circuit->module));
    if (spec == &task->quantum)
        QHM_TRY(qhm_substitution_check(spec, qhm_attention_kind, &setting));
    const qhm_module *values = qhm_module_child(circuit->module, VALUE_CHILD);
    circuit->circuit = qhm_quantum_layer_circuit(values);
    circuit->observables = qhm_quantum_layer_observables(values, &circuit->observable_count);
    return QHM_OK;
}

static const qhm_role roles[] = {
    QHM_ROLE_CLASSICAL,      QHM_ROLE_IDENTITY,  QHM_ROLE_RANDOM_FEATURES, QHM_ROLE_LINEAR,
    QHM_ROLE_MLP_PARAMETERS, QHM_ROLE_MLP_FLOPS, QHM_ROLE_UNENTANGLED,     QHM_ROLE_STRONG,
};

const qhm_task_kind qhm_task_sequence = {
    .name = "sequence",
    .help = "classes of texts read word by word, by attention between the words",
    .runs_on_devices = true,
    .layers = (const char *const[]){"query", "key", "value", NULL},
    .inputs = inputs_table,
    .inputs_bytes = sizeof(sequence_inputs),
    .quantum = quantum_table,
    .metrics = qhm_classification_metrics,
    .primary_count = QHM_CLASSIFICATION_METRIC_COUNT,
    .roles = roles,
    .role_count = sizeof roles / sizeof roles[0],
    .chance = chance,
    .prepare = prepare,
    .release = release,
    .bytes = bytes,
    .fit = fit,
    .circuit = build_circuit,
};
