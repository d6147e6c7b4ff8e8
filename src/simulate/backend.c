// The kinds of backend, and their creation by name.
#include "base/memory.h"
#include "base/status_internal.h"
#include "base/text.h"
#include "simulate/backend_internal.h"

#include <string.h>

// Adding a backend is adding it here.
static const qhm_backend_ops *const backends[] = {&qhm_statevector_backend, &qhm_stabilizer_backend,
                                                  &qhm_mps_backend, &qhm_trajectories_backend,
                                                  &qhm_density_backend};

enum { BACKEND_COUNT = sizeof backends / sizeof backends[0] };

size_t qhm_backend_count(void)
{
    return BACKEND_COUNT;
}

const qhm_backend_info *qhm_backend_information(size_t index)
{
    return &backends[index]->information;
}

static qhm_status find_backend(const char *name, const qhm_backend_ops **ops)
{
    const char *names[BACKEND_COUNT];
    for (size_t i = 0; i < BACKEND_COUNT; i++) {
        names[i] = backends[i]->information.name;
        if (strcmp(names[i], name) == 0) {
            *ops = backends[i];
            return QHM_OK;
        }
    }
    const char *nearest = qhm_nearest_name(name, names, BACKEND_COUNT);
    return QHM_FAIL(QHM_ERROR_NOT_FOUND, "no backend is called \"%s\"; did you mean \"%s\"", name,
                    nearest ? nearest : names[0]);
}

qhm_status qhm_fail_endless_loop(void)
{
    return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                    "the loops of the circuit turned more than %d times in one run",
                    QHM_LOOP_MAX_TURNS);
}

static qhm_status find_isa(const char *name, qhm_isa *isa)
{
    *isa = qhm_cpu_isa();
    if (!name)
        return QHM_OK;
    for (int i = 0; i < QHM_ISA_COUNT; i++) {
        if (strcmp(name, qhm_isa_text((qhm_isa)i)) != 0)
            continue;
        *isa = (qhm_isa)i;
        if (*isa > qhm_cpu_isa_supported())
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "this processor has no %s, at best %s", name,
                            qhm_isa_text(qhm_cpu_isa_supported()));
        return QHM_OK;
    }
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                    "instruction_set is \"%s\", not baseline, avx2 or avx512", name);
}

// Fills in defaults, and checks what is there.
static qhm_status resolve_options(qhm_backend_options *options)
{
    if (options->max_bond == 0)
        options->max_bond = 256;
    if (options->discarded_weight == 0)
        options->discarded_weight = 1e-24;
    if (options->truncation_bound == 0)
        options->truncation_bound = 1e-6;
    if (options->trajectories == 0)
        options->trajectories = 1024;
    QHM_REQUIRE(options->max_bond <= 65536, "max_bond is %zu, not 1 to 65536", options->max_bond);
    QHM_REQUIRE(options->discarded_weight > 0 && options->discarded_weight < 1,
                "discarded_weight is %g, not between 0 and 1", options->discarded_weight);
    QHM_REQUIRE(options->truncation_bound > 0 && options->truncation_bound <= 1,
                "truncation_bound is %g, not above 0 and at most 1", options->truncation_bound);
    QHM_REQUIRE(options->trajectories <= 1 << 30, "trajectories is %zu, not 1 to %d",
                options->trajectories, 1 << 30);
    return QHM_OK;
}

qhm_status qhm_backend_create(const char *name, const qhm_backend_options *options,
                              qhm_backend **backend)
{
    QHM_REQUIRE(name && backend, "a backend needs a name and a place to go");
    qhm_backend made = {.is_gate_by_gate = options && options->gate_by_gate};
    QHM_TRY(find_backend(name, &made.ops));
    QHM_TRY(find_isa(options ? options->instruction_set : NULL, &made.isa));
    if (options)
        made.options = *options;
    made.options.instruction_set = NULL; // the caller's
    QHM_TRY(resolve_options(&made.options));
    return qhm_copy_bytes(&made, 1, sizeof made, backend);
}

void qhm_backend_destroy(qhm_backend *backend)
{
    qhm_release(backend);
}

const char *qhm_backend_name(const qhm_backend *backend)
{
    return backend->ops->information.name;
}
