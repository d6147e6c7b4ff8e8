// Pass: gates on three and more qubits become gates on one and two; swaps become relabellings.
#include "base/memory.h"
#include "compile/compile_internal.h"
#include "compile/two_qubit_blocks.h"

#include <string.h>

// Gates that the next passes take: all of the table on at most two qubits.
static size_t small_gates(qhm_gate *gates)
{
    size_t count = 0;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
        if (info->is_unitary && info->target_count > 0 &&
            info->control_count + info->target_count <= 2)
            gates[count++] = (qhm_gate)gate;
    }
    return count;
}

// Unitaries on two qubits as CX and one-qubit gates: fewer than qhm_circuit_expand would make.
static qhm_status split_unitaries(const qhm_circuit *circuit, qhm_circuit *made)
{
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (instruction->gate == QHM_GATE_UNITARY && instruction->control_count == 0 &&
            instruction->qubit_count == 2)
            QHM_TRY(qhm_append_two_qubit(made, instruction));
        else
            QHM_TRY(qhm_circuit_append_instruction(made, instruction));
    }
    return QHM_OK;
}

static qhm_status expand(qhm_compilation *compilation)
{
    qhm_circuit *split = NULL, *expanded = NULL;
    qhm_gate gates[QHM_GATE_COUNT];
    const qhm_expand_options options = {.gates = gates, .gate_count = small_gates(gates)};
    QHM_TRY(qhm_compilation_begin(compilation->circuit, 0, &split));
    qhm_status status = split_unitaries(compilation->circuit, split);
    if (status == QHM_OK)
        status = qhm_circuit_expand(split, &options, &expanded);
    qhm_circuit_destroy(split);
    QHM_TRY(status);
    qhm_compilation_replace(compilation, expanded);
    return QHM_OK;
}

// A swap that always happens only renames wires from there on. Loops come round again: none in
// them.
static qhm_status drop_swaps(const qhm_circuit *circuit, uint32_t *wires, qhm_circuit *made,
                             size_t *dropped)
{
    size_t loops = 0;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        qhm_instruction moved = circuit->instructions[i];
        uint32_t own[QHM_UNITARY_MAX_TARGETS], *many = NULL;
        loops += moved.gate == QHM_GATE_WHILE;
        loops -= moved.gate == QHM_GATE_END;
        if (moved.gate == QHM_GATE_SWAP && loops == 0 && qhm_is_plain_gate(&moved, 2)) {
            const uint32_t kept = wires[moved.qubits[0]];
            wires[moved.qubits[0]] = wires[moved.qubits[1]];
            wires[moved.qubits[1]] = kept;
            (*dropped)++;
            continue;
        }
        if (moved.qubit_count > QHM_UNITARY_MAX_TARGETS)
            QHM_TRY(qhm_allocate(moved.qubit_count, sizeof *many, &many));
        uint32_t *qubits = many ? many : own;
        for (uint32_t q = 0; q < moved.qubit_count; q++)
            qubits[q] = wires[moved.qubits[q]];
        moved.qubits = qubits;
        const qhm_status status = qhm_circuit_append_instruction(made, &moved);
        qhm_release(many);
        QHM_TRY(status);
    }
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    size_t dropped = 0;
    QHM_TRY(expand(compilation));
    if (compilation->level == 0)
        return QHM_OK;
    qhm_circuit *made;
    QHM_TRY(qhm_compilation_begin(compilation->circuit, 0, &made));
    const qhm_status status =
        drop_swaps(compilation->circuit, compilation->final_wires, made, &dropped);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    qhm_compilation_replace(compilation, made);
    if (dropped > 0)
        qhm_text_print(&compilation->detail, "%zu swap%s relabelled", dropped,
                       dropped == 1 ? "" : "s");
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_decompose = {
    .name = "decompose", .help = "gates on at most two qubits", .run = run};
