// The matrix-product-state backend: many qubits with little entanglement.
#include "base/memory.h"
#include "base/parallel.h"
#include "simulate/mps/mps_outcomes.h"
#include "simulate/mps/mps_state.h"
#include "simulate/stepper.h"

#include <qhm/threads.h>
#include <string.h>

// A state as a stepper runs it.
typedef struct mps_run {
    const qhm_stepper *plan;
    qhm_mps *state;
} mps_run;

static qhm_status prepare(qhm_stepper *plan)
{
    (void)plan;
    return QHM_OK;
}

static void release(qhm_stepper *plan)
{
    (void)plan;
}

static void destroy(void *state)
{
    mps_run *run = state;
    qhm_mps_destroy(run->state);
    qhm_release(run);
}

static qhm_status create(const qhm_stepper *plan, void **state)
{
    const double bound = plan->options.truncation_bound;
    const qhm_mps_limits limits = {.max_bond = plan->options.max_bond,
                                   .discarded_weight = plan->options.discarded_weight,
                                   .least_kept = plan->options.stops_at_bound ? 1 - bound : 0,
                                   .bytes = plan->limit_bytes / qhm_threads_count()};
    mps_run *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->plan = plan;
    qhm_status status = qhm_mps_create(plan->qubit_count, &limits, &made->state);
    if (status != QHM_OK) {
        destroy(made);
        return status;
    }
    *state = made;
    return QHM_OK;
}

static qhm_mps *mps_of(void *state)
{
    return ((mps_run *)state)->state;
}

static const qhm_mps *const_mps_of(const void *state)
{
    return ((const mps_run *)state)->state;
}

static void reset(void *state)
{
    qhm_mps_reset(mps_of(state));
}

static qhm_status copy(void *to, const void *from)
{
    return qhm_mps_copy(mps_of(to), const_mps_of(from));
}

static size_t bytes(const void *state)
{
    return sizeof(mps_run) + qhm_mps_bytes(const_mps_of(state));
}

static qhm_status apply(void *state, const qhm_instruction *instruction, size_t index,
                        const double *angles)
{
    (void)index;
    return qhm_mps_apply(mps_of(state), instruction, angles);
}

static qhm_status one_probability(void *state, uint32_t qubit, double *one)
{
    return qhm_mps_one_probability(mps_of(state), qubit, one);
}

static qhm_status collapse(void *state, uint32_t qubit, bool outcome)
{
    return qhm_mps_collapse(mps_of(state), qubit, outcome);
}

static qhm_status expectation(void *state, const qhm_pauli_factor *factors, size_t count,
                              double *value)
{
    return qhm_mps_expectation(mps_of(state), factors, count, value);
}

static qhm_status amplitudes(void *state, qhm_complex *amplitudes)
{
    return qhm_mps_amplitudes(mps_of(state), amplitudes);
}

static qhm_status prepare_draws(void *state, const bool *wanted)
{
    (void)wanted; // all qubits take no more time than a few
    return qhm_mps_prepare_samples(mps_of(state));
}

static size_t scratch_bytes(const void *state)
{
    return 3 * qhm_mps_bond(const_mps_of(state)) * sizeof(qhm_complex);
}

static void draw(const void *state, qhm_random *random, void *scratch, uint64_t *qubits,
                 uint64_t *bits)
{
    (void)bits; // of measurements that waited: the caller's
    qhm_mps_sample(const_mps_of(state), random, scratch, qubits);
}

static qhm_status list(void *state, const qhm_exact_request *request,
                       qhm_distribution *distribution)
{
    mps_run *run = state;
    return qhm_mps_list_outcomes(run->state, run->plan->circuit, run->plan->deferred, request,
                                 distribution);
}

static void accuracy(const void *state, qhm_accuracy *accuracy)
{
    const qhm_mps *mps = const_mps_of(state);
    accuracy->largest_bond = mps->largest_bond;
    accuracy->truncation_error = mps->kept < 1 ? 1 - mps->kept : 0;
}

static const qhm_stepper_ops ops = {.prepare = prepare,
                                    .release = release,
                                    .create = create,
                                    .destroy = destroy,
                                    .reset = reset,
                                    .copy = copy,
                                    .bytes = bytes,
                                    .apply = apply,
                                    .one_probability = one_probability,
                                    .collapse = collapse,
                                    .expectation = expectation,
                                    .amplitudes = amplitudes,
                                    .prepare_draws = prepare_draws,
                                    .scratch_bytes = scratch_bytes,
                                    .draw = draw,
                                    .list = list,
                                    .accuracy = accuracy};

static qhm_status create_plan(const qhm_backend *backend, const qhm_circuit *circuit,
                              const qhm_observable *const *observables, size_t observable_count,
                              const qhm_plan_options *options, qhm_plan_info *information,
                              void **state)
{
    return qhm_stepper_create(&ops, backend, circuit, observables, observable_count, options,
                              information, state);
}

const qhm_backend_ops qhm_mps_backend = {
    .information = {"mps", "matrix product states: many qubits with little entanglement", false},
    .prepare = create_plan,
    .release = qhm_stepper_release,
    .bytes = qhm_stepper_bytes,
    .submit = qhm_stepper_submit,
    .run_exact = qhm_stepper_run_exact,
    .accuracy = qhm_stepper_accuracy,
};
