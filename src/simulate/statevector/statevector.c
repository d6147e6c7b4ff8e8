// The state-vector backend: plans of exact simulation on this machine.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_run.h"
#include "simulate/walk.h"

static const qhm_statevector_kernels *const tables[QHM_ISA_COUNT][2] = {
    {&qhm_statevector_kernels_baseline_double, &qhm_statevector_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_statevector_kernels_avx2_double, &qhm_statevector_kernels_avx2_float},
    {&qhm_statevector_kernels_avx512_double, &qhm_statevector_kernels_avx512_float},
#endif
};

enum {
    // From here on the lanes are qubits (see qhm bench): batches, one sample at a time, and gate by
    // gate, where a dense gate needs row bits for its targets.
    WIDE_BATCH_QUBITS = 13,
    WIDE_SINGLE_ROW_QUBITS = 2,
    WIDE_PLAIN_QUBITS = 10,
    WIDE_PLAIN_ROW_QUBITS = 4,
    ROW_PARALLEL_QUBITS = 17, // from here on threads share one state
    BATCHED_BYTES = 24576,    // of psi and lambda of a block, so that they stay in the first cache
    BATCHED_LANES = 64,       // at most: more share no more of what is done once a block
    BATCHED_ANGLES = 1 << 16, // of all lanes, at some 40 bytes
    ROW_BLOCK_AMPLITUDES = 1 << 14,
    SUM_BLOCK_ROWS = 1024,
};

static size_t row_block(size_t lanes)
{
    return ROW_BLOCK_AMPLITUDES / lanes;
}

static bool wants_wide(const qhm_statevector *plan, size_t max_batch)
{
    const unsigned lane_qubits = (unsigned)__builtin_ctzll(plan->kernels->lanes);
    if (plan->reduction.is_incomplete)
        return plan->qubit_count >= WIDE_PLAIN_QUBITS &&
               plan->qubit_count >= lane_qubits + WIDE_PLAIN_ROW_QUBITS;
    if (max_batch == 1)
        return plan->qubit_count >= lane_qubits + WIDE_SINGLE_ROW_QUBITS;
    return plan->qubit_count >= WIDE_BATCH_QUBITS;
}

static void choose_layout(qhm_statevector *plan)
{
    const qhm_statevector_kernels *kernels = plan->kernels;
    const size_t all = (size_t)1 << plan->qubit_count;
    unsigned lane_qubits = (unsigned)__builtin_ctzll(kernels->lanes);
    plan->is_row_parallel = plan->qubit_count >= ROW_PARALLEL_QUBITS;
    plan->lanes = kernels->lanes;
    if (plan->is_wide) {
        plan->lane_qubits = lane_qubits;
        plan->block_samples = 1;
        plan->row_count = all >> lane_qubits;
    } else {
        while (plan->lanes < BATCHED_LANES &&
               4 * all * plan->lanes * kernels->real_bytes <= BATCHED_BYTES &&
               2 * plan->lanes * plan->angle_count <= BATCHED_ANGLES)
            plan->lanes *= 2;
        plan->block_samples = plan->lanes;
        plan->row_count = all;
    }
    plan->row_block = row_block(plan->lanes);
    plan->sum_block = SUM_BLOCK_ROWS;
    plan->stretch = 1;
    if (plan->qubit_count > QHM_STATEVECTOR_PREFIX_QUBITS)
        plan->stretch = all >> QHM_STATEVECTOR_PREFIX_QUBITS;
}

static qhm_status copy_angles(qhm_statevector *plan, const qhm_circuit *circuit)
{
    QHM_TRY(qhm_allocate(plan->angle_count, sizeof *plan->angles, &plan->angles));
    size_t next = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++)
            plan->angles[next++] = instruction->angles[a];
    }
    return QHM_OK;
}

static uint64_t expectation_flops(const qhm_statevector *plan)
{
    uint64_t all = (uint64_t)1 << plan->qubit_count;
    uint64_t others = plan->term_count - plan->diagonal_count;
    return (plan->diagonal_count > 0 ? 3 + plan->diagonal_count : 0) * all + 4 * others * all;
}

static qhm_status choose_engine(qhm_statevector *plan, qhm_isa isa, const qhm_circuit *circuit,
                                size_t max_batch, uint64_t *flops)
{
    if (plan->is_gate_by_gate || plan->is_random)
        plan->reduction.is_incomplete = true;
    else
        QHM_TRY(qhm_statevector_reduce(plan, circuit, flops));
    plan->is_wide = wants_wide(plan, max_batch);
    choose_layout(plan);
    if (plan->reduction.is_incomplete)
        return qhm_statevector_lower(plan, circuit, flops);
    if (plan->is_wide) {
        QHM_TRY(qhm_wide_create(plan, isa, &plan->wide));
        plan->frame = &plan->wide->frame;
    } else {
        QHM_TRY(qhm_batch_create(plan, &plan->batch));
        plan->frame = &plan->batch->frame;
    }
    qhm_reduction_release(&plan->reduction);
    return QHM_OK;
}

static qhm_status prepare(qhm_statevector *plan, qhm_isa isa, const qhm_circuit *circuit,
                          const qhm_observable *const *observables, qhm_plan_info *information,
                          const qhm_plan_options *options)
{
    QHM_TRY(
        qhm_walk_find_randomness(circuit, observables, plan->observable_count, &plan->is_random));
    information->has_random_states = plan->is_random;
    plan->is_random |= plan->noise != NULL && !plan->noise->is_shared;
    plan->has_lambda = !options->forward_only && !plan->is_random;
    QHM_TRY(qhm_statevector_check_memory(plan, qhm_statevector_state_bytes(plan),
                                         options->memory_limit_bytes));
    QHM_TRY(qhm_allocate(plan->qubit_count, sizeof *plan->positions, &plan->positions));
    QHM_TRY(qhm_allocate(plan->bit_count, sizeof *plan->deferred, &plan->deferred));
    QHM_TRY(copy_angles(plan, circuit));
    QHM_TRY(choose_engine(plan, isa, circuit, options->max_batch, &information->flops));
    QHM_TRY(qhm_statevector_collect_terms(plan, observables, plan->observable_count));
    if (plan->batch)
        qhm_batch_split_observables(plan->batch, plan);
    information->flops += expectation_flops(plan);
    plan->flops = information->flops;
    information->setting_count = plan->setting_count;
    const size_t batch = options->max_batch > 0 ? options->max_batch : 64;
    QHM_TRY(qhm_statevector_check_memory(plan, qhm_statevector_needed_bytes(plan, batch),
                                         options->memory_limit_bytes));
    return qhm_statevector_reserve(plan, batch, 0);
}

void qhm_statevector_release(void *state)
{
    qhm_statevector *plan = state;
    qhm_reduction_release(&plan->reduction);
    qhm_batch_destroy(plan->batch);
    qhm_wide_destroy(plan->wide);
    for (size_t i = 0; i < plan->workspace_count; i++)
        qhm_release(plan->workspaces[i].memory);
    void *pointers[] = {plan->workspaces,
                        plan->shared_memory,
                        plan->partial_gradients,
                        plan->outcome_sums,
                        plan->kept.memory,
                        plan->positions,
                        plan->angles,
                        plan->steps,
                        plan->constants,
                        plan->deferred,
                        plan->terms,
                        plan->diagonal_rows,
                        plan->uses,
                        plan->constant_values,
                        plan->setting_steps,
                        plan};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

qhm_status qhm_statevector_create(const qhm_backend *backend, const qhm_statevector_noise *noise,
                                  const qhm_circuit *circuit,
                                  const qhm_observable *const *observables, size_t observable_count,
                                  const qhm_plan_options *options, qhm_plan_info *information,
                                  void **state)
{
    qhm_statevector *plan;
    QHM_TRY(qhm_allocate(1, sizeof *plan, &plan));
    plan->kernels = tables[backend->isa][options->precision == QHM_FLOAT32];
    plan->circuit = circuit;
    plan->noise = noise;
    plan->isa = backend->isa;
    plan->is_gate_by_gate = backend->is_gate_by_gate;
    plan->qubit_count = information->qubit_count;
    plan->bit_count = information->bit_count;
    plan->bit_words = (information->bit_count + 63) / 64;
    plan->input_count = information->input_count;
    plan->weight_count = information->weight_count;
    plan->angle_count = information->angle_count;
    plan->observable_count = observable_count;
    qhm_status status = prepare(plan, backend->isa, circuit, observables, information, options);
    if (status != QHM_OK) {
        qhm_statevector_release(plan);
        return status;
    }
    *state = plan;
    return QHM_OK;
}

static qhm_status create_plan(const qhm_backend *backend, const qhm_circuit *circuit,
                              const qhm_observable *const *observables, size_t observable_count,
                              const qhm_plan_options *options, qhm_plan_info *information,
                              void **state)
{
    return qhm_statevector_create(backend, NULL, circuit, observables, observable_count, options,
                                  information, state);
}

size_t qhm_statevector_bytes(const void *state)
{
    const qhm_statevector *plan = state;
    return sizeof *plan + plan->bytes + (plan->batch ? plan->batch->bytes : 0) +
           (plan->wide ? qhm_wide_bytes(plan->wide) : 0) +
           plan->angle_count * sizeof *plan->angles + plan->step_capacity * sizeof *plan->steps +
           plan->constant_capacity * plan->kernels->real_bytes +
           plan->use_count * (sizeof *plan->terms + sizeof *plan->uses);
}

const qhm_backend_ops qhm_statevector_backend = {
    .information = {"statevector", "exact simulation of all 2^n amplitudes on this machine", false},
    .has_adjoint = true,
    .prepare = create_plan,
    .release = qhm_statevector_release,
    .bytes = qhm_statevector_bytes,
    .submit = qhm_statevector_submit,
    .run_exact = qhm_statevector_run_exact,
};
