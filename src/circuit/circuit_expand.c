// A circuit by a set of allowed gates: extra controls, unitaries and other gates expanded.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/expand_internal.h"

#include <math.h>

qhm_status qhm_expand_gate(qhm_expansion *expansion, qhm_gate gate, const uint32_t *qubits,
                           const qhm_angle *angles)
{
    if (expansion->allowed[gate]) {
        const qhm_instruction instruction = {
            .gate = gate, .qubits = qubits, .angles = angles, .condition = expansion->condition};
        return qhm_circuit_append_instruction(expansion->made, &instruction);
    }
    const qhm_expand_choice *choice = &expansion->choices[gate];
    if (isinf(choice->cost))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the allowed gates cannot express %s%s",
                        qhm_gate_information(gate)->name,
                        expansion->keeps_phase ? " with its phase" : "");
    const size_t count = qhm_expand_step_count(choice->rule, gate);
    for (size_t i = 0; i < count; i++) {
        const qhm_rule_step step = qhm_expand_step(choice->rule, gate, i);
        const qhm_gate_info *info = qhm_gate_information(step.gate);
        uint32_t own[QHM_GATE_MAX_QUBITS];
        qhm_angle turned[QHM_GATE_MAX_ANGLES];
        for (unsigned q = 0; q < info->control_count + info->target_count; q++)
            own[q] = qubits[step.qubits[q]];
        for (unsigned a = 0; a < info->angle_count; a++) {
            const qhm_rule_angle *by = &step.angles[a];
            turned[a] = by->scale == 0
                            ? qhm_angle_constant(by->offset)
                            : qhm_angle_affine(angles[by->source], by->scale, by->offset);
        }
        QHM_TRY(qhm_expand_gate(expansion, step.gate, own, turned));
    }
    return QHM_OK;
}

// Some qubits that the instruction leaves alone, as many as X under its controls can use.
static void find_idle(qhm_expansion *expansion, const qhm_instruction *instruction)
{
    expansion->idle_count = 0;
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        expansion->is_touched[instruction->qubits[i]] = true;
    for (uint32_t q = 0; q < expansion->made->qubit_count; q++) {
        if (expansion->idle_count == instruction->qubit_count)
            break;
        if (!expansion->is_touched[q])
            expansion->idle[expansion->idle_count++] = q;
    }
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        expansion->is_touched[instruction->qubits[i]] = false;
}

static qhm_status expand_instruction(qhm_expansion *expansion, const qhm_instruction *instruction);

static qhm_status expand_measurement(qhm_expansion *expansion, const qhm_instruction *measurement)
{
    qhm_circuit *lowered;
    QHM_TRY(qhm_circuit_create(expansion->made->qubit_count, expansion->made->bit_count, &lowered));
    qhm_status status = qhm_circuit_append_lowered(lowered, measurement);
    for (size_t i = 0; i < lowered->instruction_count && status == QHM_OK; i++)
        status = expand_instruction(expansion, &lowered->instructions[i]);
    qhm_circuit_destroy(lowered);
    return status;
}

static qhm_status expand_instruction(qhm_expansion *expansion, const qhm_instruction *instruction)
{
    const qhm_gate_info *info = qhm_gate_information(instruction->gate);
    if (instruction->gate == QHM_GATE_MEASURE_PAULI)
        return expand_measurement(expansion, instruction);
    if (!info->is_unitary ||
        (expansion->allowed[instruction->gate] && instruction->control_count == 0))
        return qhm_circuit_append_instruction(expansion->made, instruction);
    expansion->condition = instruction->condition;
    const size_t extra = instruction->control_count;
    if (extra == 0 && instruction->gate != QHM_GATE_UNITARY)
        return qhm_expand_gate(expansion, instruction->gate, instruction->qubits,
                               instruction->angles);
    for (size_t i = 0; i < extra; i++)
        expansion->controls[i] = instruction->qubits[i];
    find_idle(expansion, instruction);
    const uint32_t *own = instruction->qubits + extra;
    if (instruction->gate == QHM_GATE_UNITARY)
        return qhm_expand_unitary(expansion, extra, own, instruction->qubit_count - extra,
                                  instruction->matrix);
    return qhm_expand_controlled(expansion, instruction->gate, extra, own, instruction->angles);
}

static qhm_status expand_all(qhm_expansion *expansion, const qhm_circuit *circuit)
{
    const size_t qubits = circuit->qubit_count;
    QHM_TRY(qhm_allocate(qubits + 2, sizeof *expansion->controls, &expansion->controls));
    QHM_TRY(qhm_allocate(qubits, sizeof *expansion->idle, &expansion->idle));
    QHM_TRY(qhm_allocate(qubits, sizeof *expansion->is_touched, &expansion->is_touched));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        qhm_status status = expand_instruction(expansion, &circuit->instructions[i]);
        if (status != QHM_OK) {
            qhm_prefix_error_message("instruction %zu", i);
            return status;
        }
    }
    return QHM_OK;
}

static qhm_status read_options(const qhm_expand_options *options, qhm_expansion *expansion)
{
    const bool takes_all = !options || options->gate_count == 0;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++)
        expansion->allowed[gate] = takes_all && gate != QHM_GATE_UNITARY &&
                                   qhm_gate_information((qhm_gate)gate)->is_unitary;
    if (!options)
        return QHM_OK;
    QHM_REQUIRE(options->gates || options->gate_count == 0, "there are %zu allowed gates at NULL",
                options->gate_count);
    for (size_t i = 0; i < options->gate_count; i++) {
        QHM_REQUIRE((unsigned)options->gates[i] < QHM_GATE_COUNT,
                    "allowed gate %zu is %u, not below %d", i, (unsigned)options->gates[i],
                    QHM_GATE_COUNT);
        expansion->allowed[options->gates[i]] = true;
    }
    expansion->keeps_phase = options->keeps_phase;
    return QHM_OK;
}

qhm_status qhm_circuit_expand(const qhm_circuit *circuit, const qhm_expand_options *options,
                              qhm_circuit **expanded)
{
    QHM_REQUIRE(circuit && expanded,
                "qhm_circuit_expand needs a circuit and a place for the result");
    qhm_expansion expansion = {0};
    QHM_TRY(read_options(options, &expansion));
    qhm_expand_choose(expansion.allowed, expansion.keeps_phase, expansion.choices);
    QHM_TRY(qhm_circuit_create(0, 0, &expansion.made));
    qhm_status status = qhm_circuit_copy_names(expansion.made, circuit, true, true);
    if (status == QHM_OK)
        status = expand_all(&expansion, circuit);
    qhm_release(expansion.controls);
    qhm_release(expansion.idle);
    qhm_release(expansion.is_touched);
    if (status != QHM_OK) {
        qhm_circuit_destroy(expansion.made);
        return status;
    }
    *expanded = expansion.made;
    return QHM_OK;
}
