// Modules in files: all parameters by name.
#include "learn/checkpoint.h"

#include <qhm/module.h>

qhm_status qhm_module_save(const qhm_module *module, const char *path)
{
    QHM_REQUIRE(module && path, "module or path is NULL");
    size_t count;
    qhm_parameter *const *parameters = qhm_module_parameters(module, &count);
    qhm_safetensors *list;
    QHM_TRY(qhm_safetensors_create(&list));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = qhm_safetensors_append(list, qhm_parameter_name(parameters[i]),
                                        qhm_parameter_value(parameters[i]));
    if (status == QHM_OK)
        status = qhm_safetensors_save(list, path);
    qhm_safetensors_destroy(list);
    return status;
}

qhm_status qhm_module_load(qhm_module *module, const char *path)
{
    QHM_REQUIRE(module && path, "module or path is NULL");
    size_t count;
    qhm_parameter *const *parameters = qhm_module_parameters(module, &count);
    qhm_safetensors *list;
    QHM_TRY(qhm_safetensors_load(path, &list));
    qhm_status status = QHM_OK;
    const qhm_tensor *found;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = qhm_checkpoint_find(list, path, "", qhm_parameter_name(parameters[i]),
                                     qhm_parameter_value(parameters[i]), &found);
    if (status == QHM_OK && qhm_safetensors_count(list) != count)
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: there are %zu arrays, not %zu", path,
                          qhm_safetensors_count(list), count);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        qhm_checkpoint_copy(qhm_parameter_value(parameters[i]),
                            qhm_safetensors_find(list, qhm_parameter_name(parameters[i])));
    qhm_safetensors_destroy(list);
    return status;
}
