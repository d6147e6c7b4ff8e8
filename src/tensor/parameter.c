// Named arrays with a gradient.
#include <qhm/parameter.h>

#include "base/memory.h"
#include "base/text.h"
#include "tensor/tensor_internal.h"

#include <string.h>

struct qhm_parameter {
    char *name;
    unsigned flags;
    qhm_tensor *value;
    qhm_tensor *gradient; // NULL when fixed
};

qhm_status qhm_parameter_create(const char *name, qhm_precision precision, qhm_shape shape,
                                unsigned flags, qhm_parameter **out)
{
    QHM_REQUIRE(out, "out is NULL");
    QHM_REQUIRE(name && name[0], "the parameter's name is empty");
    qhm_parameter *parameter;
    QHM_TRY(qhm_allocate(1, sizeof *parameter, &parameter));
    parameter->flags = flags;
    qhm_status status = qhm_copy_text(name, &parameter->name);
    if (status == QHM_OK)
        status = qhm_tensor_create(precision, shape, &parameter->value);
    if (status == QHM_OK && !(flags & QHM_PARAMETER_FIXED))
        status = qhm_tensor_create(precision, shape, &parameter->gradient);
    if (status != QHM_OK) {
        qhm_parameter_destroy(parameter);
        return status;
    }
    *out = parameter;
    return QHM_OK;
}

void qhm_parameter_destroy(qhm_parameter *parameter)
{
    if (!parameter)
        return;
    qhm_release(parameter->name);
    qhm_tensor_destroy(parameter->value);
    qhm_tensor_destroy(parameter->gradient);
    qhm_release(parameter);
}

qhm_status qhm_parameter_prefix_name(qhm_parameter *parameter, const char *prefix)
{
    qhm_text longer = {0};
    qhm_text_print(&longer, "%s.%s", prefix, parameter->name);
    char *name;
    QHM_TRY(qhm_text_take(&longer, &name));
    qhm_release(parameter->name);
    parameter->name = name;
    return QHM_OK;
}

const char *qhm_parameter_name(const qhm_parameter *parameter)
{
    return parameter->name;
}

unsigned qhm_parameter_flags(const qhm_parameter *parameter)
{
    return parameter->flags;
}

qhm_tensor *qhm_parameter_value(const qhm_parameter *parameter)
{
    return parameter->value;
}

qhm_tensor *qhm_parameter_gradient(const qhm_parameter *parameter)
{
    return parameter->gradient;
}

void qhm_parameter_clear_gradients(qhm_parameter *const *parameters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        qhm_tensor *gradient = parameters[i]->gradient;
        if (gradient)
            memset(qhm_tensor_data(gradient), 0,
                   qhm_tensor_count(gradient) *
                       qhm_precision_bytes(qhm_tensor_precision(gradient)));
    }
}
