// Plans of simulators that go gate by gate, and what their threads work in.
#include "simulate/stepper.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "circuit/circuit_internal.h"
#include "simulate/readout_flips.h"

#include <qhm/threads.h>

qhm_status qhm_stepper_reserve(qhm_stepper *plan)
{
    const size_t wanted = qhm_parallel_is_nested() ? 2 : 2 * (size_t)qhm_threads_count();
    if (wanted <= plan->worker_count)
        return QHM_OK;
    QHM_TRY(qhm_reallocate(plan->worker_count, wanted, sizeof *plan->workers, &plan->workers));
    while (plan->worker_count < wanted) {
        qhm_step_worker *next = &plan->workers[plan->worker_count];
        QHM_TRY(qhm_allocate(plan->bit_words, sizeof *next->walk.bits, &next->walk.bits));
        qhm_status status = qhm_allocate(plan->qubit_words, sizeof *next->qubits, &next->qubits);
        if (status != QHM_OK) {
            qhm_release(next->walk.bits);
            return status;
        }
        plan->worker_count++;
    }
    return QHM_OK;
}

// Noise must be of Pauli strings alone.
static qhm_status check_channels(const qhm_stepper *plan)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(plan->circuit); i++) {
        const uint32_t number = plan->splits.of_instruction[i];
        if (number != UINT32_MAX && plan->splits.splits[number].rest_count > 0)
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "instruction %zu, channel, is not a mixture of Pauli strings, which "
                            "stabilizer needs; twirl the noise model",
                            i);
    }
    return QHM_OK;
}

static qhm_status fold_readout(qhm_stepper *plan, const qhm_observable *const *observables)
{
    const size_t count = plan->observable_count;
    qhm_observable **folded;
    QHM_TRY(qhm_allocate(count, sizeof *folded, &folded));
    qhm_status status =
        qhm_readout_fold(observables, count, (const double(*)[2])plan->readout_flips, folded);
    if (status == QHM_OK) {
        status = qhm_readout_create(plan->qubit_count, (const qhm_observable *const *)folded, count,
                                    &plan->exact_readout);
        for (size_t k = 0; k < count; k++)
            qhm_observable_destroy(folded[k]);
    }
    qhm_release(folded);
    return status;
}

static qhm_status prepare_noise(qhm_stepper *plan, const qhm_observable *const *observables,
                                const qhm_plan_options *options)
{
    plan->is_noisy = options->readout_flips != NULL;
    for (size_t i = 0; i < qhm_circuit_instruction_count(plan->circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, i);
        plan->is_noisy |= qhm_instruction_is_noise(instruction);
        plan->has_feedback |= instruction->condition.relation != QHM_RELATION_NONE ||
                              qhm_gate_is_classical(instruction->gate);
    }
    if (!plan->is_noisy)
        return QHM_OK;
    QHM_TRY(qhm_channel_splits_create(plan->circuit, &plan->splits));
    QHM_TRY(check_channels(plan));
    if (!options->readout_flips)
        return QHM_OK;
    QHM_TRY(qhm_copy_bytes(options->readout_flips, plan->qubit_count, sizeof *plan->readout_flips,
                           &plan->readout_flips));
    return fold_readout(plan, observables);
}

static qhm_status prepare(qhm_stepper *plan, const qhm_observable *const *observables,
                          const qhm_plan_options *options, qhm_plan_info *information)
{
    const qhm_circuit *circuit = plan->circuit;
    QHM_TRY(qhm_walk_plan_create(circuit, &plan->walk));
    QHM_TRY(
        qhm_readout_create(plan->qubit_count, observables, plan->observable_count, &plan->readout));
    QHM_TRY(
        qhm_walk_find_randomness(circuit, observables, plan->observable_count, &plan->is_random));
    QHM_TRY(qhm_allocate(plan->bit_count, sizeof *plan->deferred, &plan->deferred));
    const size_t letters = plan->readout.setting_count * plan->qubit_count;
    QHM_TRY(qhm_allocate(letters + plan->qubit_count, sizeof *plan->is_wanted, &plan->is_wanted));
    for (size_t i = 0; i < letters; i++)
        plan->is_wanted[i] = plan->readout.letters[i] != QHM_PAULI_I;
    qhm_walk_find_deferred(circuit, plan->deferred);
    for (size_t b = 0; !plan->is_random && b < plan->bit_count; b++)
        if (plan->deferred[b] != UINT32_MAX)
            plan->is_wanted[letters + plan->deferred[b]] = true;
    QHM_TRY(prepare_noise(plan, observables, options));
    QHM_TRY(qhm_stepper_reserve(plan));
    QHM_TRY(plan->ops->prepare(plan));
    information->setting_count = plan->readout.setting_count;
    information->has_random_states = plan->is_random;
    return QHM_OK;
}

qhm_status qhm_stepper_create(const qhm_stepper_ops *ops, const qhm_backend *backend,
                              const qhm_circuit *circuit, const qhm_observable *const *observables,
                              size_t observable_count, const qhm_plan_options *options,
                              qhm_plan_info *information, void **state)
{
    qhm_stepper *plan;
    QHM_TRY(qhm_allocate(1, sizeof *plan, &plan));
    plan->ops = ops;
    plan->circuit = circuit;
    plan->options = backend->options;
    plan->qubit_count = information->qubit_count;
    plan->bit_count = information->bit_count;
    plan->input_count = information->input_count;
    plan->weight_count = information->weight_count;
    plan->observable_count = observable_count;
    plan->qubit_words = qhm_bit_words(plan->qubit_count);
    plan->bit_words = qhm_bit_words(plan->bit_count);
    plan->limit_bytes = qhm_memory_available_bytes();
    if (options->memory_limit_bytes > 0 && options->memory_limit_bytes < plan->limit_bytes)
        plan->limit_bytes = options->memory_limit_bytes;
    qhm_status status = prepare(plan, observables, options, information);
    if (status != QHM_OK) {
        qhm_stepper_release(plan);
        return status;
    }
    *state = plan;
    return QHM_OK;
}

void qhm_stepper_release(void *state)
{
    qhm_stepper *plan = state;
    for (size_t i = 0; i < plan->worker_count; i++) {
        qhm_step_worker *worker = &plan->workers[i];
        if (worker->state)
            plan->ops->destroy(worker->state);
        if (worker->turned)
            plan->ops->destroy(worker->turned);
        qhm_release(worker->walk.bits);
        qhm_release(worker->qubits);
        qhm_release(worker->scratch);
    }
    plan->ops->release(plan);
    qhm_walk_plan_release(&plan->walk);
    qhm_readout_release(&plan->readout);
    qhm_readout_release(&plan->exact_readout);
    qhm_channel_splits_release(&plan->splits);
    void *pointers[] = {plan->workers,       plan->deferred, plan->is_wanted,
                        plan->readout_flips, plan->sums,     plan};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

size_t qhm_stepper_bytes(const void *state)
{
    const qhm_stepper *plan = state;
    size_t bytes =
        sizeof *plan + qhm_readout_bytes(&plan->readout) + qhm_readout_bytes(&plan->exact_readout) +
        plan->sum_capacity * sizeof *plan->sums +
        plan->worker_count *
            (sizeof *plan->workers + (plan->bit_words + plan->qubit_words) * sizeof(uint64_t));
    for (size_t i = 0; i < plan->worker_count; i++) {
        const qhm_step_worker *worker = &plan->workers[i];
        bytes += worker->state ? plan->ops->bytes(worker->state) : 0;
        bytes += worker->turned ? plan->ops->bytes(worker->turned) : 0;
        bytes += worker->scratch_bytes;
    }
    if (plan->is_noisy)
        bytes +=
            qhm_channel_splits_bytes(&plan->splits, qhm_circuit_instruction_count(plan->circuit));
    return bytes;
}

void qhm_stepper_accuracy(const void *state, qhm_accuracy *accuracy)
{
    const qhm_stepper *plan = state;
    accuracy->largest_bond = plan->accuracy.largest_bond;
    accuracy->truncation_error = plan->accuracy.truncation_error;
}

qhm_status qhm_stepper_take(const qhm_stepper *plan, qhm_step_worker **worker)
{
    qhm_step_worker *taken;
    for (size_t i = 0;; i = (i + 1) % plan->worker_count) {
        taken = &plan->workers[i];
        if (!atomic_exchange_explicit(&taken->is_taken, true, memory_order_acquire))
            break;
    }
    *worker = taken;
    qhm_status status = QHM_OK;
    if (!taken->state)
        status = plan->ops->create(plan, &taken->state);
    if (status != QHM_OK)
        qhm_stepper_give_back(taken);
    return status;
}

void qhm_stepper_give_back(qhm_step_worker *worker)
{
    atomic_store_explicit(&worker->is_taken, false, memory_order_release);
}
