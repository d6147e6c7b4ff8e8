// The density-matrix backend: exact simulation of circuits with noise.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/density/density_internal.h"
#include "simulate/readout_flips.h"
#include "simulate/walk.h"

#include <string.h>

enum {
    WIDE_BATCH_QUBITS = 7, // from here on lanes are qubits: of batches, and of single samples
    WIDE_SINGLE_QUBITS = 4,
    LARGEST_WHOLE_DIGITS = 8, // states up to here are not cut into tiles
    TILE_BYTES = 1 << 18,     // half of the second cache
    BATCH_BYTES = 1 << 14,    // of a block of samples, so that it stays in the first cache
    BATCH_LANES = 64,         // at most
    RECORD_BYTES = 1 << 23,   // of the tiles before each step of a pass
    FEWEST_STEPS = 16,
    MOST_STEPS = 4096
};

static const qhm_density_kernels *const tables[QHM_ISA_COUNT][2] = {
    {&qhm_density_kernels_baseline_double, &qhm_density_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_density_kernels_avx2_double, &qhm_density_kernels_avx2_float},
    {&qhm_density_kernels_avx512_double, &qhm_density_kernels_avx512_float},
#endif
};

static const qhm_statevector_kernels *const sincos_tables[QHM_ISA_COUNT] = {
    &qhm_statevector_kernels_baseline_double,
#if defined(__x86_64__)
    &qhm_statevector_kernels_avx2_double,
    &qhm_statevector_kernels_avx512_double,
#endif
};

const qhm_density_kernels *qhm_density_kernels_find(qhm_isa isa, qhm_precision precision)
{
    return tables[isa][precision == QHM_FLOAT32];
}

// Finds which measurements do not wait until the end, and whether anything follows outcomes.
static qhm_status find_outcomes(qhm_density *plan, const qhm_observable *const *observables,
                                bool *is_dephased)
{
    enum { BY_OBSERVABLE = 1, BY_OPERATION = 2 };
    uint8_t *touched;
    QHM_TRY(qhm_allocate(plan->qubit_count, sizeof *touched, &touched));
    for (size_t k = 0; k < plan->observable_count; k++)
        for (size_t t = 0; t < qhm_observable_term_count(observables[k]); t++) {
            const qhm_pauli_term *term = qhm_observable_term(observables[k], t);
            for (size_t f = 0; f < term->factor_count; f++)
                if (term->factors[f].pauli != QHM_PAULI_Z)
                    touched[term->factors[f].qubit] = BY_OBSERVABLE;
        }
    for (size_t i = qhm_circuit_instruction_count(plan->circuit); i-- > 0;) {
        const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, i);
        plan->needs_outcomes |= instruction->condition.relation != QHM_RELATION_NONE ||
                                qhm_gate_is_classical(instruction->gate);
        if (qhm_gate_is_idle(instruction->gate))
            continue;
        if (instruction->gate == QHM_GATE_MEASURE) {
            is_dephased[i] = touched[instruction->qubits[0]] != 0;
            plan->has_early_bits |= (touched[instruction->qubits[0]] & BY_OPERATION) != 0;
            continue;
        }
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            touched[instruction->qubits[q]] |= BY_OPERATION;
    }
    qhm_release(touched);
    return QHM_OK;
}

static qhm_status find_deferred(qhm_density *plan)
{
    QHM_TRY(qhm_allocate(plan->bit_count, sizeof *plan->deferred, &plan->deferred));
    QHM_TRY(qhm_allocate(plan->bit_count, sizeof *plan->flips, &plan->flips));
    qhm_walk_find_deferred(plan->circuit, plan->deferred);
    for (size_t i = 0; i < qhm_circuit_instruction_count(plan->circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(plan->circuit, i);
        if (instruction->gate == QHM_GATE_MEASURE)
            memcpy(plan->flips[instruction->bit], instruction->flips, sizeof instruction->flips);
    }
    return QHM_OK;
}

static unsigned largest_op(const qhm_density_program *program)
{
    unsigned most = 2;
    for (size_t i = 0; i < program->op_count; i++)
        if (program->ops[i].qubit_count > most)
            most = program->ops[i].qubit_count;
    return most;
}

static void choose_shape(qhm_density *plan, size_t max_batch)
{
    const size_t real = plan->kernels->real_bytes;
    qhm_density_shape *shape = &plan->shape;
    *shape = (qhm_density_shape){.digits = plan->qubit_count};
    plan->is_wide = plan->qubit_count >= (max_batch == 1 ? WIDE_SINGLE_QUBITS : WIDE_BATCH_QUBITS);
    if (plan->is_wide) {
        plan->lanes = plan->kernels->lanes > 4 ? 16 : 4;
        shape->lane_digits = plan->lanes == 16 ? 2 : 1;
        const size_t least = shape->lane_digits + largest_op(&plan->program);
        if (shape->digits < least)
            shape->digits = least;
        plan->elements = (size_t)1 << 2 * shape->digits;
        shape->tile_digits = shape->digits;
        if (shape->digits > LARGEST_WHOLE_DIGITS)
            for (shape->tile_digits = 2 * QHM_DENSITY_RUN_DIGITS;
                 (real << 2 * (shape->tile_digits + 1)) <= TILE_BYTES;)
                shape->tile_digits++;
    } else {
        const size_t rows = (size_t)1 << 2 * shape->digits;
        plan->lanes = plan->kernels->lanes;
        while (plan->lanes < BATCH_LANES && 2 * plan->lanes * rows * real <= BATCH_BYTES)
            plan->lanes *= 2;
        plan->elements = rows * plan->lanes;
        shape->tile_digits = shape->digits;
    }
    plan->tile_elements =
        shape->tile_digits < shape->digits ? (size_t)1 << 2 * shape->tile_digits : plan->elements;
    shape->most_steps = RECORD_BYTES / (plan->tile_elements * real);
    if (shape->most_steps < FEWEST_STEPS)
        shape->most_steps = FEWEST_STEPS;
    if (shape->most_steps > MOST_STEPS)
        shape->most_steps = MOST_STEPS;
}

// Numbers of maps as reals, where the kernels read them.
static qhm_status store_maps(qhm_density *plan)
{
    const qhm_density_program *program = &plan->program;
    const size_t real = plan->kernels->real_bytes;
    size_t next = 0;
    QHM_TRY(qhm_allocate(2 * program->op_count, sizeof *plan->map_offsets, &plan->map_offsets));
    for (size_t i = 0; i < program->op_count; i++) {
        const qhm_density_op *op = &program->ops[i];
        const size_t count = op->starts    ? op->starts[(size_t)1 << 2 * op->qubit_count]
                             : op->has_map ? 16
                                           : 0;
        plan->map_offsets[2 * i] = next;
        plan->map_offsets[2 * i + 1] = next + count;
        next += op->starts ? 2 * count : count;
    }
    QHM_TRY(qhm_allocate(next, real, &plan->map_values));
    plan->bytes += 2 * program->op_count * sizeof *plan->map_offsets + next * real;
    for (size_t i = 0; i < program->op_count; i++) {
        const qhm_density_op *op = &program->ops[i];
        char *values = (char *)plan->map_values + plan->map_offsets[2 * i] * real;
        if (op->has_map)
            plan->kernels->from_double(16, op->factors, values);
        if (!op->starts)
            continue;
        const size_t count = op->starts[(size_t)1 << 2 * op->qubit_count];
        plan->kernels->from_double(count, op->values, values);
        plan->kernels->from_double(count, op->back_values, values + count * real);
    }
    return QHM_OK;
}

static qhm_status number_rotations(qhm_density *plan)
{
    const qhm_density_program *program = &plan->program;
    QHM_TRY(qhm_allocate(program->turn_count + 1, sizeof *plan->rotations, &plan->rotations));
    plan->bytes += (program->turn_count + 1) * sizeof *plan->rotations;
    for (size_t t = 0; t < program->turn_count; t++) {
        const qhm_density_turn *turn = &program->turns[t];
        plan->rotations[t + 1] = plan->rotations[t];
        for (size_t f = turn->first; f < turn->first + turn->count; f++)
            plan->rotations[t + 1] += program->factors[f].axis != 0;
    }
    return QHM_OK;
}

// A turn takes 6 operations a coefficient, a permutation 1, a sparse map 2 an entry.
static uint64_t count_flops(const qhm_density *plan)
{
    const double all = (double)((uint64_t)1 << 2 * plan->qubit_count);
    double flops =
        (double)plan->exact.term_count * 2 + 30 * (double)plan->rotations[plan->program.turn_count];
    for (size_t i = 0; i < plan->program.op_count; i++) {
        const qhm_density_op *op = &plan->program.ops[i];
        for (int t = 0; t < 2; t++)
            flops += op->turns[t] != QHM_DENSITY_NONE ? 6 * all : 0;
        flops += op->has_map ? all : 0;
        if (op->starts) {
            const size_t size = (size_t)1 << 2 * op->qubit_count;
            flops += 2 * all * (double)op->starts[size] / (double)size;
        }
    }
    return (uint64_t)flops;
}

static qhm_status prepare_engine(qhm_density *plan, const bool *is_dephased,
                                 const qhm_plan_options *options)
{
    QHM_TRY(qhm_density_program_create(plan->circuit, is_dephased, &plan->program));
    choose_shape(plan, options->max_batch);
    QHM_TRY(qhm_density_schedule_create(&plan->program, &plan->shape, &plan->schedule));
    plan->shape.most_steps = 1;
    for (size_t p = 0; p < plan->schedule.pass_count; p++)
        if (plan->schedule.passes[p].count > plan->shape.most_steps)
            plan->shape.most_steps = plan->schedule.passes[p].count;
    for (size_t q = 0; q < plan->qubit_count; q++)
        plan->places[q] = plan->schedule.positions[plan->program.lines[q]];
    QHM_TRY(store_maps(plan));
    QHM_TRY(number_rotations(plan));
    plan->flops = count_flops(plan);
    return qhm_density_reserve(plan, 1, false, false);
}

// The observables as a readout sees them that writes some bits wrong.
static qhm_status fold_readout(qhm_density *plan, const qhm_observable *const *observables)
{
    const size_t count = plan->observable_count;
    if (!plan->readout_flips)
        return qhm_readout_create(plan->qubit_count, observables, count, &plan->exact);
    qhm_observable **folded;
    QHM_TRY(qhm_allocate(count, sizeof *folded, &folded));
    qhm_status status =
        qhm_readout_fold(observables, count, (const double(*)[2])plan->readout_flips, folded);
    if (status == QHM_OK) {
        status = qhm_readout_create(plan->qubit_count, (const qhm_observable *const *)folded, count,
                                    &plan->exact);
        for (size_t k = 0; k < count; k++)
            qhm_observable_destroy(folded[k]);
    }
    qhm_release(folded);
    return status;
}

static qhm_status prepare(qhm_density *plan, const qhm_observable *const *observables,
                          const qhm_plan_options *options, qhm_plan_info *information)
{
    QHM_TRY(qhm_density_check_memory(plan));
    QHM_TRY(
        qhm_readout_create(plan->qubit_count, observables, plan->observable_count, &plan->readout));
    if (options->readout_flips)
        QHM_TRY(qhm_copy_bytes(options->readout_flips, plan->qubit_count,
                               sizeof *plan->readout_flips, &plan->readout_flips));
    QHM_TRY(fold_readout(plan, observables));
    QHM_TRY(find_deferred(plan));
    bool *is_dephased;
    QHM_TRY(qhm_allocate(qhm_circuit_instruction_count(plan->circuit), sizeof *is_dephased,
                         &is_dephased));
    qhm_status status = find_outcomes(plan, observables, is_dephased);
    if (status == QHM_OK && !plan->needs_outcomes)
        status = prepare_engine(plan, is_dephased, options);
    qhm_release(is_dephased);
    QHM_TRY(status);
    if (plan->needs_outcomes || plan->has_early_bits)
        QHM_TRY(qhm_density_outcomes_create(plan, &plan->outcomes));
    information->setting_count = plan->readout.setting_count;
    information->has_random_states = plan->needs_outcomes;
    information->flops = plan->flops;
    return QHM_OK;
}

static void release_plan(void *state)
{
    qhm_density *plan = state;
    qhm_density_outcomes_destroy(plan->outcomes);
    qhm_density_release_memory(plan);
    qhm_density_program_release(&plan->program);
    qhm_density_schedule_release(&plan->schedule);
    qhm_readout_release(&plan->readout);
    qhm_readout_release(&plan->exact);
    void *pointers[] = {
        plan->deferred,  plan->flips, plan->readout_flips, plan->map_values, plan->map_offsets,
        plan->rotations, plan};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

static qhm_status create_plan(const qhm_backend *backend, const qhm_circuit *circuit,
                              const qhm_observable *const *observables, size_t observable_count,
                              const qhm_plan_options *options, qhm_plan_info *information,
                              void **state)
{
    qhm_density *plan;
    QHM_TRY(qhm_allocate(1, sizeof *plan, &plan));
    plan->circuit = circuit;
    plan->kernels = qhm_density_kernels_find(backend->isa, options->precision);
    plan->sincos = sincos_tables[backend->isa];
    plan->options = backend->options;
    plan->qubit_count = information->qubit_count;
    plan->bit_count = information->bit_count;
    plan->bit_words = qhm_bit_words(information->bit_count);
    plan->input_count = information->input_count;
    plan->weight_count = information->weight_count;
    plan->observable_count = observable_count;
    plan->limit_bytes = qhm_memory_available_bytes();
    if (options->memory_limit_bytes > 0 && options->memory_limit_bytes < plan->limit_bytes)
        plan->limit_bytes = options->memory_limit_bytes;
    const qhm_status status = prepare(plan, observables, options, information);
    if (status != QHM_OK) {
        release_plan(plan);
        return status;
    }
    *state = plan;
    return QHM_OK;
}

static size_t plan_bytes(const void *state)
{
    const qhm_density *plan = state;
    return sizeof *plan + plan->bytes + qhm_density_program_bytes(&plan->program) +
           qhm_density_schedule_bytes(&plan->schedule, &plan->shape) +
           qhm_readout_bytes(&plan->readout) + qhm_readout_bytes(&plan->exact) +
           qhm_density_outcomes_bytes(plan->outcomes) +
           plan->bit_count * (sizeof *plan->deferred + sizeof *plan->flips) +
           (plan->readout_flips ? plan->qubit_count * sizeof *plan->readout_flips : 0);
}

const qhm_backend_ops qhm_density_backend = {
    .information = {"density_matrix", "exact simulation of noise: all 4^n Pauli coefficients",
                    false, true},
    .has_adjoint = true,
    .has_channels = true,
    .prepare = create_plan,
    .release = release_plan,
    .bytes = plan_bytes,
    .submit = qhm_density_submit,
    .run_exact = qhm_density_run_exact,
};
