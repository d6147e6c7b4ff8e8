// The list of task kinds, the roles of models, and the trials that all of them share.
#include "base/memory.h"
#include "experiment/task_kind.h"

#include <jansson.h>
#include <math.h>

extern const qhm_task_kind qhm_task_classification;
extern const qhm_task_kind qhm_task_kernel;
extern const qhm_task_kind qhm_task_retrieval;
extern const qhm_task_kind qhm_task_sequence;

static const qhm_task_kind *const kinds[] = {
    &qhm_task_retrieval,
    &qhm_task_classification,
    &qhm_task_sequence,
    &qhm_task_kernel,
};

const qhm_task_kind *const *qhm_task_kinds(size_t *count)
{
    *count = sizeof kinds / sizeof kinds[0];
    return kinds;
}

static const qhm_role_info roles[QHM_ROLE_COUNT] = {
    [QHM_ROLE_HYBRID] = {"hybrid", "the model with the quantum module"},
    [QHM_ROLE_VARIANT] = {"variant", "another quantum module, trained separately"},
    [QHM_ROLE_IDENTITY] = {"identity", "nothing in the module's place: padded or truncated"},
    [QHM_ROLE_RANDOM_FEATURES] = {"random_features", "fixed random features in its place"},
    [QHM_ROLE_LINEAR] = {"linear", "one linear map in its place"},
    [QHM_ROLE_MLP_PARAMETERS] = {"mlp_parameters", "an MLP with as many trained numbers"},
    [QHM_ROLE_MLP_FLOPS] = {"mlp_flops", "an MLP with as many operations a sample"},
    [QHM_ROLE_CLASSICAL] = {"classical", "the usual classical block, equal in trained numbers"},
    [QHM_ROLE_RBF] = {"rbf", "a tuned Gaussian kernel in its place"},
    [QHM_ROLE_UNENTANGLED] = {"unentangled", "the same circuit without entanglement"},
    [QHM_ROLE_STRONG] = {"strong", "a strong classical model of any width"},
};

const qhm_role_info *qhm_role_information(qhm_role role)
{
    return &roles[role];
}

// The van der Corput sequence: the digits of index in a base, mirrored at the point.
static double mirrored_digits(size_t index, size_t base)
{
    double value = 0, place = 1;
    for (; index > 0; index /= base) {
        place /= (double)base;
        value += place * (double)(index % base);
    }
    return value;
}

qhm_trial qhm_trial_at(size_t index)
{
    if (index == 0)
        return (qhm_trial){0.5, 0.5};
    // Halton: bases 2 and 3. The middle was trial 0, so base 2 begins after its 1/2.
    return (qhm_trial){mirrored_digits(index + 1, 2), mirrored_digits(index, 3)};
}

double qhm_trial_scale(double place, double low, double high)
{
    return low * pow(high / low, place);
}

void qhm_fit_result_release(qhm_fit_result *result)
{
    qhm_release(result->points);
    json_decref(result->settings);
    json_decref(result->examples);
    json_decref(result->ladder);
    json_decref(result->yields);
    *result = (qhm_fit_result){0};
}
