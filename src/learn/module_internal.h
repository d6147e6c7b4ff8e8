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

// Makes a state of bytes, copies options (or zeros, when NULL) into its beginning and creates the
// module around it; the state is released with the module. Kinds' states begin with their options.
QHM_MUST_CHECK qhm_status qhm_module_create_with_options(
    const qhm_module_ops *ops, size_t state_bytes, const void *options, size_t options_bytes,
    const qhm_module_setting *setting, qhm_shape output, qhm_module **out, void *out_state);

// The kind of chains: append_take checks shapes for it.
extern const qhm_module_ops qhm_sequential_ops;

// The kinds, listed in module_kinds.c.
extern const qhm_module_info qhm_module_linear;

// The setting's input shape with output_width, if it is given, as its last axis.
qhm_shape qhm_module_widened(const qhm_module_setting *setting);

// The size of the last axis.
size_t qhm_shape_width(qhm_shape shape);

#endif
