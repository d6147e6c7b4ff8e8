// What the kinds of modules share: first values, and the face filled in from one list.
#ifndef QHM_MODULE_INTERNAL_H
#define QHM_MODULE_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/module.h>

// Normal numbers of the given standard deviation. The draws do not depend on the precision.
void qhm_initialise_normal(qhm_tensor *tensor, double deviation, qhm_random *random);

// Uniform numbers in [-bound, bound).
void qhm_initialise_uniform(qhm_tensor *tensor, double bound, qhm_random *random);

void qhm_initialise_constant(qhm_tensor *tensor, double value);

// The setting's stream, or *fallback set to the fixed one.
qhm_random *qhm_module_stream(const qhm_module_setting *setting, qhm_random *fallback);

// What a kind's create function says to qhm_module_build.
typedef struct qhm_module_plan {
    const qhm_module_ops *ops;
    size_t state_bytes;  // 0: no state
    const void *options; // copied to the beginning of the state; NULL: none
    size_t options_bytes;
    qhm_shape output;
    // Adds parameters and children and fills the state; NULL: nothing to do.
    qhm_status (*fill)(qhm_module *module, void *state, const qhm_module_setting *setting);
} qhm_module_plan;

// Creates a module with its state, which ops->destroy (qhm_release) frees.
QHM_MUST_CHECK qhm_status qhm_module_build(const qhm_module_plan *plan,
                                           const qhm_module_setting *setting, qhm_module **out);

// Creates a module of a kind as a child called `name`: input and output width as given.
QHM_MUST_CHECK qhm_status qhm_module_append_kind(qhm_module *module, const char *name,
                                                 const char *kind, const void *options,
                                                 qhm_shape input, size_t output_width,
                                                 qhm_random *random);

// The operation of a qhm_activation, and the names of all for option tables.
qhm_op qhm_activation_op(int activation);
extern const char *const qhm_activation_names[];

// The forward of chains of children; append_take checks shapes for every kind that uses it.
qhm_status qhm_sequential_forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                                  qhm_value mask, qhm_value *output);

// The kinds, listed in module_kinds.c.
extern const qhm_module_info qhm_module_linear, qhm_module_mlp, qhm_module_matched_mlp,
    qhm_module_conv_net, qhm_module_embedding, qhm_module_sequence_pool, qhm_module_layernorm,
    qhm_module_dropout, qhm_module_activation, qhm_module_l2_normalise, qhm_module_identity,
    qhm_module_random_features, qhm_module_quantum, qhm_module_dot_product_attention,
    qhm_module_qsann, qhm_module_qaoa;

// The setting's input shape with output_width, if it is given, as its last axis.
qhm_shape qhm_module_widened(const qhm_module_setting *setting);

// The size of the last axis.
size_t qhm_shape_width(qhm_shape shape);

#endif
