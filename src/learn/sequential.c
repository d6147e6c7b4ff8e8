// A chain of modules: each one's output is the next one's input.
#include "learn/module_internal.h"

static qhm_status forward(qhm_module *module, void *state, qhm_tape *tape, qhm_value input,
                          qhm_value mask, qhm_value *output)
{
    (void)state;
    qhm_value value = input;
    for (size_t i = 0; i < qhm_module_child_count(module); i++) {
        // Pooling ends a sequence, and with it the mask.
        bool is_sequence =
            qhm_tape_shape(tape, value).rank >= 3 || qhm_tape_index_data(tape, value) != NULL;
        QHM_TRY(qhm_module_forward(qhm_module_child(module, i), tape, value,
                                   is_sequence ? mask : QHM_NO_VALUE, &value));
    }
    *output = value;
    return QHM_OK;
}

const qhm_module_ops qhm_sequential_ops = {.kind = "sequential", .forward = forward};

qhm_status qhm_sequential_create(qhm_precision precision, qhm_shape input, qhm_module **out)
{
    const qhm_module_setting setting = {.precision = precision, .input = input};
    return qhm_module_create_custom(&qhm_sequential_ops, NULL, &setting, input, out);
}
