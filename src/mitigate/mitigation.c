// The table of techniques, and executors around executors.
#include "mitigate/mitigation_internal.h"

#include "base/memory.h"
#include "base/text.h"

static const qhm_technique *const techniques[] = {
    &qhm_zero_noise_technique, &qhm_layerwise_technique,        &qhm_cancellation_technique,
    &qhm_readout_technique,    &qhm_readout_twirling_technique, &qhm_twirling_technique,
    &qhm_regression_technique, &qhm_symmetry_technique,         &qhm_distillation_technique,
};

enum { TECHNIQUE_COUNT = sizeof techniques / sizeof techniques[0] };

typedef struct mitigated_executor {
    const qhm_technique *technique;
    qhm_executor *inner;
    qhm_mitigation_options options;
    qhm_executor_ops ops; // of this executor
} mitigated_executor;

size_t qhm_technique_count(void)
{
    return TECHNIQUE_COUNT;
}

const qhm_technique_info *qhm_technique_information(size_t index)
{
    return &techniques[index]->information;
}

static qhm_status estimate(void *state, const qhm_execution *execution)
{
    mitigated_executor *m = state;
    return m->technique->estimate(m->inner, &m->options, execution);
}

static qhm_status sample(void *state, const qhm_sampling *sampling, qhm_distribution *outcomes,
                         qhm_overhead *overhead)
{
    mitigated_executor *m = state;
    return m->technique->sample(m->inner, &m->options, sampling, outcomes, overhead);
}

static void release(void *state)
{
    qhm_release(state);
}

qhm_status qhm_executor_mitigate(qhm_executor *inner, const char *technique,
                                 const qhm_mitigation_options *options, qhm_executor **executor)
{
    static const qhm_mitigation_options defaults = {0};
    QHM_REQUIRE(inner && technique && executor,
                "mitigation needs an executor, the name of a technique and a place to go");
    const char *names[TECHNIQUE_COUNT];
    for (size_t i = 0; i < TECHNIQUE_COUNT; i++)
        names[i] = techniques[i]->information.name;
    size_t index;
    QHM_TRY(qhm_find_name("technique", technique, names, TECHNIQUE_COUNT, &index));
    const qhm_technique *found = techniques[index];
    if (found->information.needs_samples && !qhm_executor_has_samples(inner))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "%s needs outcomes, but the executor %s gives expectation values only: put "
                        "%s inside it",
                        technique, qhm_executor_name(inner), technique);
    if (!options)
        options = &defaults;
    if (found->check)
        QHM_TRY(found->check(options));
    mitigated_executor *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    *made = (mitigated_executor){.technique = found,
                                 .inner = inner,
                                 .options = *options,
                                 .ops = {.name = found->information.name,
                                         .estimate = estimate,
                                         .sample = found->sample ? sample : NULL,
                                         .release = release}};
    const qhm_status status = qhm_executor_create(&made->ops, made, executor);
    if (status != QHM_OK)
        qhm_release(made);
    return status;
}

qhm_status qhm_mitigation_estimate(qhm_executor *inner, const qhm_execution *e,
                                   const qhm_circuit *circuit, size_t shots, uint64_t seed,
                                   double *values, double *variances)
{
    qhm_overhead overhead;
    qhm_execution part = *e;
    part.circuit = circuit;
    part.shots = shots;
    part.seed = seed;
    part.values = values;
    part.variances = variances;
    part.overhead = &overhead;
    QHM_TRY(qhm_executor_estimate(inner, &part));
    qhm_overhead_add(e->overhead, &overhead);
    return QHM_OK;
}

qhm_status qhm_mitigation_begin(const qhm_mitigation_options *options, const qhm_circuit *circuit,
                                qhm_circuit **begun)
{
    qhm_circuit *changed = NULL, *noisy = NULL;
    QHM_TRY(options->before ? options->before(options->before_context, circuit, &changed)
                            : qhm_circuit_copy(circuit, &changed));
    if (!options->noise) {
        *begun = changed;
        return QHM_OK;
    }
    const qhm_status status = qhm_noise_model_apply(options->noise, changed, &noisy);
    qhm_circuit_destroy(changed);
    if (status == QHM_OK)
        *begun = noisy;
    return status;
}

size_t qhm_share_of(size_t shots, size_t parts, size_t index)
{
    return shots / parts + (index < shots % parts);
}
