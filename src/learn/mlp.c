// The multilayer perceptron: a chain of linear layers with activations and dropout between them.
#include "base/memory.h"
#include "learn/module_internal.h"

#include <qhm/module_kinds.h>
#include <stdio.h>

static qhm_status fill(qhm_module *module, void *state, const qhm_module_setting *setting)
{
    const qhm_mlp_options *mlp = state;
    qhm_random fallback, *random = qhm_module_stream(setting, &fallback);
    qhm_shape at = setting->input;
    for (size_t i = 0; i < mlp->hidden_layers; i++) {
        char name[32];
        snprintf(name, sizeof name, "hidden%zu", i);
        QHM_TRY(
            qhm_module_append_kind(module, name, "linear", NULL, at, mlp->hidden_width, random));
        at = qhm_module_output_shape(module);
        QHM_TRY(qhm_module_append_kind(module, NULL, "activation",
                                       &(qhm_activation_options){.activation = mlp->activation}, at,
                                       0, random));
        if (mlp->dropout > 0)
            QHM_TRY(qhm_module_append_kind(module, NULL, "dropout",
                                           &(qhm_dropout_options){.rate = mlp->dropout}, at, 0,
                                           random));
    }
    size_t width = setting->output_width ? setting->output_width : qhm_shape_width(setting->input);
    return qhm_module_append_kind(module, "output", "linear", NULL, at, width, random);
}

static const qhm_module_ops ops = {
    .kind = "mlp", .forward = qhm_sequential_forward, .destroy = qhm_release};

static qhm_status create(const qhm_module_setting *setting, const void *options, qhm_module **out)
{
    const qhm_module_plan plan = {.ops = &ops,
                                  .state_bytes = sizeof(qhm_mlp_options),
                                  .options = options,
                                  .options_bytes = sizeof(qhm_mlp_options),
                                  .output = setting->input, // the chain grows from it
                                  .fill = fill};
    return qhm_module_build(&plan, setting, out);
}

static const qhm_option_info options[] = {
    {.name = "hidden_width",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_mlp_options, hidden_width),
     .default_text = "64",
     .minimum = 1,
     .maximum = 1 << 20,
     .help = "units of a hidden layer"},
    {.name = "hidden_layers",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_mlp_options, hidden_layers),
     .default_text = "1",
     .minimum = 1,
     .maximum = 100,
     .help = "number of hidden layers"},
    {.name = "activation",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_mlp_options, activation),
     .default_text = "gelu",
     .choices = qhm_activation_names,
     .help = "what follows each hidden layer"},
    {.name = "dropout",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_mlp_options, dropout),
     .maximum = 0.99,
     .help = "share of hidden units set to 0 in training"},
    {0},
};

const qhm_module_info qhm_module_mlp = {.kind = "mlp",
                                        .help = "linear layers with activations between them",
                                        .options = options,
                                        .options_bytes = sizeof(qhm_mlp_options),
                                        .create = create};
