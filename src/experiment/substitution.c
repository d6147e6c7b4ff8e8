// Ablation by substitution: one function from a role to a module of the right widths.
#include "experiment/substitution.h"

#include "base/memory.h"
#include "base/options_internal.h"

#include <qhm/module_kinds.h>
#include <string.h>

const char *const qhm_layer_kind = "quantum";
const char *const qhm_attention_kind = "qsann";

static const qhm_module_info *find_kind(const char *kind)
{
    size_t count;
    const qhm_module_info *const *kinds = qhm_module_kinds(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(kinds[i]->kind, kind) == 0)
            return kinds[i];
    return NULL; // not reached: both kinds are QHM's own
}

const qhm_option_info *qhm_substitution_table(const char *kind, size_t *bytes)
{
    const qhm_module_info *info = find_kind(kind);
    *bytes = info->options_bytes;
    return info->options;
}

// The quantum module, or its entanglement-free twin: the same options with "unentangled" set.
static qhm_status create_quantum(const qhm_contender *contender, const char *kind,
                                 const qhm_module_setting *setting, bool unentangled,
                                 qhm_module **out)
{
    const qhm_module_info *info = find_kind(kind);
    void *options;
    QHM_TRY(qhm_copy_bytes(contender->quantum->options, info->options_bytes, 1, &options));
    qhm_status status = QHM_OK;
    if (unentangled)
        status = qhm_options_set_text(info->options, "unentangled", "true", options);
    if (status == QHM_OK)
        status = qhm_module_create(kind, setting, options, out);
    qhm_release(options);
    return status;
}

// What the substitutes have to equal: the quantum module's output width and cost.
static qhm_status measure_quantum(const qhm_contender *contender, const char *kind,
                                  const qhm_module_setting *setting, size_t *width,
                                  qhm_module_cost *cost)
{
    qhm_module_setting own = *setting; // the substitute draws its own first values
    own.random = NULL;
    qhm_module *module;
    QHM_TRY(create_quantum(contender, kind, &own, false, &module));
    qhm_shape output = qhm_module_output_shape(module);
    *width = output.sizes[output.rank - 1];
    *cost = qhm_module_total_cost(module);
    qhm_module_destroy(module);
    return QHM_OK;
}

qhm_status qhm_substitute_create(const qhm_contender *contender, const char *kind,
                                 const qhm_module_setting *setting, qhm_module **out)
{
    qhm_role role = contender->role;
    if (role == QHM_ROLE_HYBRID || role == QHM_ROLE_VARIANT || role == QHM_ROLE_UNENTANGLED)
        return create_quantum(contender, kind, setting, role == QHM_ROLE_UNENTANGLED, out);
    qhm_module_setting place = *setting;
    qhm_module_cost cost;
    QHM_TRY(measure_quantum(contender, kind, setting, &place.output_width, &cost));
    if (setting->input.rank == 2) // a sequence counts as its words, each through the same module
        cost.flops /= (double)setting->input.sizes[0];
    switch (role) {
    case QHM_ROLE_IDENTITY:
        return qhm_module_create("identity", &place, NULL, out);
    case QHM_ROLE_RANDOM_FEATURES:
        return qhm_module_create("random_features", &place, NULL, out);
    case QHM_ROLE_LINEAR:
        return qhm_module_create("linear", &place, NULL, out);
    case QHM_ROLE_MLP_PARAMETERS:
        return qhm_module_create(
            "matched_mlp", &place,
            &(qhm_matched_mlp_options){.parameter_target = cost.parameter_count}, out);
    case QHM_ROLE_MLP_FLOPS:
        return qhm_module_create("matched_mlp", &place,
                                 &(qhm_matched_mlp_options){.flop_target = cost.flops}, out);
    case QHM_ROLE_HYBRID:
    case QHM_ROLE_VARIANT:
    case QHM_ROLE_UNENTANGLED:
    case QHM_ROLE_CLASSICAL: // the task kind builds these
    case QHM_ROLE_RBF:
    case QHM_ROLE_STRONG:
    case QHM_ROLE_COUNT:
        break;
    }
    return QHM_FAIL(QHM_ERROR_INTERNAL, "the role '%s' is no substitute of a module",
                    qhm_role_information(role)->name);
}

qhm_status qhm_substitution_check(const qhm_quantum_spec *spec, const char *kind,
                                  const qhm_module_setting *setting)
{
    const qhm_contender rival = {QHM_ROLE_MLP_PARAMETERS, spec, ""};
    qhm_module *module;
    qhm_status status = qhm_substitute_create(&rival, kind, setting, &module);
    if (status == QHM_OK)
        qhm_module_destroy(module);
    else if (status == QHM_ERROR_INVALID_ARGUMENT)
        qhm_prefix_error_message("no MLP has as few weights as this module; give it more layers");
    return status;
}
