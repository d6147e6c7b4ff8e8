// The classical end of a hybrid model, which can be trained on values that are given.
#include "experiment/finished_head.h"

#include "base/memory.h"

#include <qhm/quantum_layer.h>
#include <string.h>

static bool has_quantum_layer(const qhm_module *module)
{
    bool has = qhm_quantum_layer_circuit(module) != NULL;
    for (size_t i = 0; i < qhm_module_child_count(module) && !has; i++)
        has = has_quantum_layer(qhm_module_child(module, i));
    return has;
}

static qhm_status add_parameters(qhm_module *module, qhm_finished_head *head)
{
    size_t count;
    qhm_parameter *const *parameters = qhm_module_parameters(module, &count);
    QHM_TRY(qhm_reserve(head->parameter_count + count, &head->capacity, sizeof(qhm_parameter *),
                        &head->parameters));
    for (size_t i = 0; i < count; i++)
        if (!(qhm_parameter_flags(parameters[i]) & QHM_PARAMETER_FIXED))
            head->parameters[head->parameter_count++] = parameters[i];
    return QHM_OK;
}

// Only in a sequence do children come after each other; in other modules each is on its own.
static qhm_status collect(const qhm_module *module, qhm_finished_head *head)
{
    const bool is_sequence = strcmp(qhm_module_kind(module), "sequential") == 0;
    bool is_after = false;
    for (size_t i = 0; i < qhm_module_child_count(module); i++) {
        qhm_module *child = qhm_module_child(module, i);
        if (has_quantum_layer(child)) {
            QHM_TRY(collect(child, head));
            is_after = is_sequence;
        } else if (is_after) {
            QHM_TRY(add_parameters(child, head));
        }
    }
    return QHM_OK;
}

qhm_status qhm_finished_head_find(const qhm_module *model, qhm_finished_head *head)
{
    QHM_TRY(collect(model, head));
    if (head->parameter_count == 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "no classical module with weights comes after a quantum one");
    return QHM_OK;
}

void qhm_finished_head_release(qhm_finished_head *head)
{
    qhm_release(head->parameters);
}
