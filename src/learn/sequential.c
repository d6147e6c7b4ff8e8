// A chain of modules: each one's output is the next one's input.
#include "learn/module_internal.h"

qhm_status qhm_sequential_forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                                  qhm_value mask, qhm_value *output)
{
    (void)state;
    qhm_value value = input;
    for (size_t i = 0; i < qhm_module_child_count(module); i++) {
        qhm_module *child = qhm_module_child(module, i);
        // Pooling ends a sequence, and with it the mask.
        bool is_sequence =
            qhm_module_input_shape(child).rank == 2 || qhm_tape_index_data(tape, value) != NULL;
        QHM_TRY(qhm_module_forward(child, tape, value, is_sequence ? mask : QHM_NO_VALUE, &value));
    }
    *output = value;
    return QHM_OK;
}

static const qhm_module_ops ops = {.kind = "sequential", .forward = qhm_sequential_forward};

qhm_status qhm_sequential_create(qhm_precision precision, qhm_shape input, qhm_module **out)
{
    const qhm_module_setting setting = {.precision = precision, .input = input};
    return qhm_module_create_custom(&ops, NULL, &setting, input, out);
}
