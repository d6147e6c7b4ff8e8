// The list of the kinds of modules that run files can name.
#include "base/memory.h"
#include "base/options_internal.h"
#include "base/text.h"
#include "learn/module_internal.h"

#include <string.h>

static const qhm_module_info *const kinds[] = {
    &qhm_module_linear,      &qhm_module_mlp,
    &qhm_module_matched_mlp, &qhm_module_conv_net,
    &qhm_module_embedding,   &qhm_module_sequence_pool,
    &qhm_module_layernorm,   &qhm_module_dropout,
    &qhm_module_activation,  &qhm_module_l2_normalise,
    &qhm_module_identity,    &qhm_module_random_features,
    &qhm_module_quantum,     &qhm_module_dot_product_attention,
    &qhm_module_qsann,       &qhm_module_qaoa,
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

const qhm_module_info *const *qhm_module_kinds(size_t *count)
{
    *count = KIND_COUNT;
    return kinds;
}

static qhm_status create_resolved(const qhm_module_info *info, const qhm_module_setting *setting,
                                  const void *given, qhm_module **out)
{
    if (!info->options)
        return info->create(setting, NULL, out);
    void *options;
    QHM_TRY(qhm_allocate(1, info->options_bytes, &options));
    if (given)
        memcpy(options, given, info->options_bytes);
    qhm_status status = qhm_options_resolve(info->options, options);
    if (status == QHM_OK)
        status = info->create(setting, options, out);
    qhm_release(options);
    return status;
}

qhm_status qhm_module_create(const char *kind, const qhm_module_setting *setting,
                             const void *options, qhm_module **out)
{
    QHM_REQUIRE(kind && setting && out, "kind, setting or out is NULL");
    const char *names[KIND_COUNT];
    for (size_t i = 0; i < KIND_COUNT; i++) {
        names[i] = kinds[i]->kind;
        if (strcmp(kind, names[i]) == 0)
            return create_resolved(kinds[i], setting, options, out);
    }
    const char *nearest = qhm_nearest_name(kind, names, KIND_COUNT);
    return QHM_FAIL(QHM_ERROR_NOT_FOUND, "there is no module kind \"%s\"%s%s%s", kind,
                    nearest ? ", did you mean \"" : "", nearest ? nearest : "",
                    nearest ? "\"" : "");
}
