// Pass: two-qubit gates become the chip's own, with one-qubit gates around them.
#include "compile/chip_operations.h"
#include "compile/compile_internal.h"
#include "compile/two_qubit_blocks.h"

static qhm_status split(const qhm_circuit *circuit, qhm_circuit *made)
{
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (instruction->gate == QHM_GATE_UNITARY && instruction->qubit_count == 2)
            QHM_TRY(qhm_append_two_qubit(made, instruction));
        else
            QHM_TRY(qhm_circuit_append_instruction(made, instruction));
    }
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    qhm_chip_operations operations;
    QHM_TRY(qhm_chip_operations_find(compilation->device, compilation->options.allow_assumed_gates,
                                     &operations));
    qhm_gate gates[QHM_GATE_COUNT];
    size_t count = 0;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
        if (info->is_unitary && info->target_count + info->control_count == 1)
            gates[count++] = (qhm_gate)gate;
    }
    if (operations.two_qubit)
        gates[count++] = operations.two_qubit->gate;
    const qhm_expand_options options = {.gates = gates, .gate_count = count};
    qhm_circuit *made = NULL, *expanded = NULL;
    QHM_TRY(qhm_compilation_begin(compilation->circuit, 0, &made));
    qhm_status status = split(compilation->circuit, made);
    if (status == QHM_OK)
        status = qhm_circuit_expand(made, &options, &expanded);
    qhm_circuit_destroy(made);
    QHM_TRY(status);
    qhm_compilation_replace(compilation, expanded);
    if (operations.two_qubit)
        qhm_text_print(&compilation->detail, "two-qubit gates by %s", operations.two_qubit->name);
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_translate = {
    .name = "translate", .help = "two-qubit gates by the chip's own", .run = run};
