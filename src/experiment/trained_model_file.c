// Trained parameters in safetensors files, under "<module>.<parameter>".
#include "base/memory.h"
#include "base/text.h"
#include "experiment/trained_model.h"

#include <qhm/safetensors.h>
#include <string.h>

typedef qhm_status parameter_visit(const char *name, qhm_parameter *parameter, void *context);

// Visits every parameter with its name in files.
static qhm_status visit(const qhm_trained_model *model, parameter_visit *act, void *context)
{
    for (size_t m = 0; m < model->module_count; m++) {
        size_t count;
        qhm_parameter *const *list = qhm_module_parameters(model->modules[m], &count);
        for (size_t i = 0; i < count; i++) {
            qhm_text text = {0};
            char *name;
            qhm_text_print(&text, "%s.%s", model->names[m], qhm_parameter_name(list[i]));
            QHM_TRY(qhm_text_take(&text, &name));
            qhm_status status = act(name, list[i], context);
            qhm_release(name);
            QHM_TRY(status);
        }
    }
    return model->extra ? act(qhm_parameter_name(model->extra), model->extra, context) : QHM_OK;
}

static qhm_status append(const char *name, qhm_parameter *parameter, void *context)
{
    return qhm_safetensors_append(context, name, qhm_parameter_value(parameter));
}

qhm_status qhm_trained_model_save(const qhm_trained_model *model, const char *path)
{
    qhm_safetensors *list;
    QHM_TRY(qhm_safetensors_create(&list));
    qhm_status status = qhm_safetensors_set_metadata(list, "task", model->task->name);
    if (status == QHM_OK)
        status = visit(model, append, list);
    if (status == QHM_OK)
        status = qhm_safetensors_save(list, path);
    qhm_safetensors_destroy(list);
    return status;
}

typedef struct reading {
    const qhm_safetensors *list;
    const char *path;
} reading;

static qhm_status read_parameter(const char *name, qhm_parameter *parameter, void *context)
{
    const reading *from = context;
    const qhm_tensor *saved = qhm_safetensors_find(from->list, name);
    qhm_tensor *value = qhm_parameter_value(parameter);
    if (!saved)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: array '%s' is missing", from->path, name);
    if (qhm_tensor_precision(saved) != qhm_tensor_precision(value) ||
        !qhm_shape_is_equal(qhm_tensor_shape(saved), qhm_tensor_shape(value)))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: array '%s' has another shape or precision",
                        from->path, name);
    memcpy(qhm_tensor_data(value), qhm_tensor_view(saved),
           qhm_tensor_count(value) * qhm_precision_bytes(qhm_tensor_precision(value)));
    return QHM_OK;
}

qhm_status qhm_trained_model_load(qhm_trained_model *model, const char *path)
{
    qhm_safetensors *list;
    QHM_TRY(qhm_safetensors_load(path, &list));
    qhm_status status = visit(model, read_parameter, &(reading){list, path});
    qhm_safetensors_destroy(list);
    return status;
}
