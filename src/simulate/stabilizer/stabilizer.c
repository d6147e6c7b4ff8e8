// The stabilizer backend: circuits of Clifford gates on thousands of qubits.
#include "base/memory.h"
#include "base/text.h"
#include "circuit/circuit_internal.h"
#include "simulate/stabilizer/pauli_frames.h"

#include <assert.h>

static bool is_unitary(const qhm_instruction *instruction)
{
    return qhm_gate_information(instruction->gate)->is_unitary;
}

static bool has_constant_angles(const qhm_instruction *instruction)
{
    for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++)
        if (!qhm_angle_is_constant(&instruction->angles[a]))
            return false;
    return true;
}

qhm_status qhm_stabilizer_fail_gate(const qhm_instruction *instruction, size_t index,
                                    const double *angles)
{
    const qhm_gate_info *info = qhm_gate_information(instruction->gate);
    if (info->angle_count == 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "instruction %zu, %s%s, is not a Clifford gate",
                        index, info->name, instruction->control_count > 0 ? " under controls" : "");
    return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "instruction %zu, %s of %.17g, is not a Clifford gate",
                    index, info->name, angles[0]);
}

static qhm_status compile(const qhm_circuit *circuit, qhm_stabilizer_program *program)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        program->is_constant[i] = is_unitary(instruction) && has_constant_angles(instruction);
        if (program->is_constant[i]) {
            double angles[QHM_GATE_MAX_ANGLES];
            bool is_clifford;
            for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++)
                angles[a] = qhm_angle_value(&instruction->angles[a], NULL, NULL);
            QHM_TRY(qhm_clifford_append(&program->list, instruction, angles, &is_clifford));
            if (!is_clifford)
                return qhm_stabilizer_fail_gate(instruction, i, angles);
        }
        program->ends[i + 1] = program->list.count;
    }
    return QHM_OK;
}

static void release(qhm_stepper *plan)
{
    qhm_stabilizer_program *program = plan->program;
    if (!program)
        return;
    qhm_release(program->list.ops);
    qhm_release(program->ends);
    qhm_release(program->is_constant);
    qhm_release(program);
    plan->program = NULL;
}

static qhm_status check_memory(const qhm_stepper *plan)
{
    if (qhm_tableau_needed_bytes((double)plan->qubit_count) <= (double)plan->limit_bytes)
        return QHM_OK;
    size_t fits = 1;
    while (qhm_tableau_needed_bytes((double)(2 * fits)) <= (double)plan->limit_bytes)
        fits *= 2;
    char needed[32], available[32];
    qhm_format_memory(qhm_tableau_needed_bytes((double)plan->qubit_count), needed, sizeof needed);
    qhm_format_memory((double)plan->limit_bytes, available, sizeof available);
    return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                    "a stabilizer state of %zu qubits needs %s, but %s are available; %zu qubits "
                    "fit",
                    plan->qubit_count, needed, available, fits);
}

static qhm_status prepare(qhm_stepper *plan)
{
    const size_t count = qhm_circuit_instruction_count(plan->circuit);
    qhm_stabilizer_program *program;
    QHM_TRY(check_memory(plan));
    QHM_TRY(qhm_allocate(1, sizeof *program, &program));
    plan->program = program;
    QHM_TRY(qhm_allocate(count + 1, sizeof *program->ends, &program->ends));
    QHM_TRY(qhm_allocate(count, sizeof *program->is_constant, &program->is_constant));
    return compile(plan->circuit, program);
}

static void destroy(void *state)
{
    qhm_stabilizer_state *s = state;
    for (size_t b = 0; s->bits && b < s->plan->bit_count; b++)
        qhm_affine_release(&s->bits[b]);
    qhm_release(s->bits);
    qhm_tableau_destroy(s->tableau);
    qhm_release(s->list.ops);
    qhm_affine_release(&s->outcome);
    qhm_affine_outcomes_release(&s->outcomes);
    qhm_release(s);
}

static qhm_status create(const qhm_stepper *plan, void **state)
{
    qhm_stabilizer_state *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->plan = plan;
    qhm_status status = qhm_tableau_create(plan->qubit_count, &made->tableau);
    if (status == QHM_OK)
        status = qhm_allocate(plan->bit_count, sizeof *made->bits, &made->bits);
    if (status != QHM_OK) {
        destroy(made);
        return status;
    }
    *state = made;
    return QHM_OK;
}

static void reset(void *state)
{
    qhm_stabilizer_state *s = state;
    qhm_tableau_reset(s->tableau);
    s->has_bits = false;
}

static qhm_status copy(void *to, const void *from)
{
    qhm_stabilizer_state *target = to;
    const qhm_stabilizer_state *source = from;
    target->has_bits = false; // copies are of states to turn or to branch: bits stay behind
    return qhm_tableau_copy(target->tableau, source->tableau);
}

static size_t bytes(const void *state)
{
    const qhm_stabilizer_state *s = state;
    size_t sum = sizeof *s + qhm_tableau_bytes(s->tableau) +
                 s->list.capacity * sizeof *s->list.ops + s->plan->bit_count * sizeof *s->bits +
                 (s->outcomes.base_capacity + s->outcomes.generator_capacity) * sizeof(uint64_t);
    for (size_t b = 0; b < s->plan->bit_count; b++)
        sum += s->bits[b].capacity * sizeof(uint64_t);
    return sum;
}

qhm_status qhm_stabilizer_apply(void *state, const qhm_instruction *instruction, size_t index,
                                const double *angles)
{
    qhm_stabilizer_state *s = state;
    const qhm_stabilizer_program *program = s->plan->program;
    if (index != QHM_NO_INSTRUCTION && program->is_constant[index]) {
        const size_t first = program->ends[index];
        qhm_tableau_apply(s->tableau, program->list.ops + first, program->ends[index + 1] - first);
        return QHM_OK;
    }
    bool is_clifford;
    s->list.count = 0;
    QHM_TRY(qhm_clifford_append(&s->list, instruction, angles, &is_clifford));
    if (!is_clifford)
        return qhm_stabilizer_fail_gate(instruction, index, angles);
    qhm_tableau_apply(s->tableau, s->list.ops, s->list.count);
    return QHM_OK;
}

static qhm_status one_probability(void *state, uint32_t qubit, double *one)
{
    qhm_stabilizer_state *s = state;
    s->pivot = qhm_tableau_find_pivot(s->tableau, qubit);
    *one = s->pivot >= 0 ? 0.5 : qhm_tableau_outcome(s->tableau, qubit);
    return QHM_OK;
}

static qhm_status collapse(void *state, uint32_t qubit, bool outcome)
{
    qhm_stabilizer_state *s = state;
    if (s->pivot >= 0)
        qhm_tableau_collapse(s->tableau, qubit, s->pivot, outcome);
    return QHM_OK;
}

static qhm_status expectation(void *state, const qhm_pauli_factor *factors, size_t count,
                              double *value)
{
    qhm_stabilizer_state *s = state;
    *value = qhm_tableau_expectation(s->tableau, factors, count);
    return QHM_OK;
}

static size_t scratch_bytes(const void *state)
{
    const qhm_stabilizer_state *s = state;
    return (s->outcomes.words + 1) * sizeof(uint64_t);
}

static const qhm_stepper_ops ops = {.prepare = prepare,
                                    .release = release,
                                    .create = create,
                                    .destroy = destroy,
                                    .reset = reset,
                                    .copy = copy,
                                    .bytes = bytes,
                                    .apply = qhm_stabilizer_apply,
                                    .one_probability = one_probability,
                                    .collapse = collapse,
                                    .expectation = expectation,
                                    .amplitudes = qhm_stabilizer_amplitudes,
                                    .prepare_draws = qhm_stabilizer_prepare_draws,
                                    .scratch_bytes = scratch_bytes,
                                    .draw = qhm_stabilizer_draw,
                                    .list = qhm_stabilizer_list,
                                    .describe = qhm_stabilizer_describe,
                                    .run_noisy = qhm_frames_run,
                                    .damping = qhm_frames_damping};

static qhm_status create_plan(const qhm_backend *backend, const qhm_circuit *circuit,
                              const qhm_observable *const *observables, size_t observable_count,
                              const qhm_plan_options *options, qhm_plan_info *information,
                              void **state)
{
    return qhm_stepper_create(&ops, backend, circuit, observables, observable_count, options,
                              information, state);
}

const qhm_backend_ops qhm_stabilizer_backend = {
    .information = {"stabilizer", "exact simulation of Clifford circuits on thousands of qubits",
                    true},
    .has_channels = true,
    .prepare = create_plan,
    .release = qhm_stepper_release,
    .bytes = qhm_stepper_bytes,
    .submit = qhm_stepper_submit,
    .run_exact = qhm_stepper_run_exact,
};
