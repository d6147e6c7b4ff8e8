// What checkpoints of trainings and files of modules share: arrays found by name and checked.
#include "learn/checkpoint.h"

#include "base/memory.h"
#include "base/text.h"
#include "tensor/tensor_internal.h"

#include <math.h>

// "prefix.name", to be released.
static qhm_status join_name(const char *prefix, const char *name, char **out)
{
    qhm_text joined = {0};
    qhm_text_print(&joined, "%s%s%s", prefix, prefix[0] ? "." : "", name);
    return qhm_text_take(&joined, out);
}

qhm_status qhm_checkpoint_append(qhm_safetensors *list, const char *prefix, const char *name,
                                 const qhm_tensor *tensor)
{
    char *joined;
    QHM_TRY(join_name(prefix, name, &joined));
    qhm_status status = qhm_safetensors_append(list, joined, tensor);
    qhm_release(joined);
    return status;
}

static qhm_status check_array(const char *path, const char *name, const qhm_tensor *found,
                              const qhm_tensor *like)
{
    if (!found)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: there is no array \"%s\"", path, name);
    qhm_shape shape = qhm_tensor_shape(found), expected = qhm_tensor_shape(like);
    if (!qhm_shape_is_equal(shape, expected))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: array \"%s\" is %s, not %s", path, name,
                        qhm_shape_print(shape).characters, qhm_shape_print(expected).characters);
    bool is_narrow = qhm_tensor_precision(found) == QHM_FLOAT32;
    if (qhm_tensor_precision(found) != qhm_tensor_precision(like))
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: array \"%s\" is %s, not %s", path, name,
                        is_narrow ? "F32" : "F64", is_narrow ? "F64" : "F32");
    for (size_t i = 0; i < qhm_tensor_count(found); i++)
        if (!isfinite(qhm_tensor_item(found, i)))
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: element %zu of array \"%s\" is %g", path, i,
                            name, qhm_tensor_item(found, i));
    return QHM_OK;
}

qhm_status qhm_checkpoint_find(const qhm_safetensors *list, const char *path, const char *prefix,
                               const char *name, const qhm_tensor *like, const qhm_tensor **out)
{
    char *joined;
    QHM_TRY(join_name(prefix, name, &joined));
    const qhm_tensor *found = qhm_safetensors_find(list, joined);
    qhm_status status = check_array(path, joined, found, like);
    if (status == QHM_OK)
        *out = found;
    qhm_release(joined);
    return status;
}

void qhm_checkpoint_copy(qhm_tensor *to, const qhm_tensor *from)
{
    qhm_convert(qhm_tensor_precision(to), qhm_tensor_data(to), qhm_tensor_precision(from),
                qhm_tensor_view(from), qhm_tensor_count(to));
}
