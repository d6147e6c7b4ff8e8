// Embeddings: a table of words, one row for each token.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <qhm/module_kinds.h>

typedef struct embedding_state {
    qhm_embedding_options options;
    qhm_parameter *table; // [vocabulary_size, width]
} embedding_state;

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)module, (void)mask;
    qhm_value inputs[2] = {{0}, input};
    QHM_TRY(qhm_tape_parameter(tape, ((embedding_state *)state)->table, &inputs[0]));
    return qhm_tape_apply(tape, QHM_OP_EMBEDDING, inputs, 2, NULL, output);
}

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    embedding_state *embedding = state;
    const qhm_shape shape = {2, {embedding->options.vocabulary_size, setting->output_width}};
    QHM_TRY(qhm_module_append_parameter(module, "table", shape, QHM_PARAMETER_EMBEDDING,
                                        &embedding->table));
    qhm_random fallback;
    qhm_initialise_normal(qhm_parameter_value(embedding->table), 0.1,
                          qhm_module_stream(setting, &fallback));
    return QHM_OK;
}

static const qhm_module_ops ops = {.kind = "embedding", .forward = forward, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    QHM_REQUIRE(setting->input.rank == 1, "embedding takes tokens {length}, not rank %zu",
                setting->input.rank);
    QHM_REQUIRE(setting->output_width > 0, "embedding needs an output width");
    QHM_REQUIRE(((const qhm_embedding_options *)options)->vocabulary_size > 0,
                "embedding needs a vocabulary_size");
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(embedding_state),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_embedding_options),
                                  .output = {2, {setting->input.sizes[0], setting->output_width}},
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info options[] = {
    {.name = "vocabulary_size",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_embedding_options, vocabulary_size),
     .maximum = 1 << 24,
     .help = "number of different tokens; must be given"},
    {0},
};

const qhm_module_info qhm_module_embedding = {.kind = "embedding",
                                              .help = "a trained row for each token",
                                              .options = options,
                                              .options_bytes = sizeof(qhm_embedding_options),
                                              .create = create};
