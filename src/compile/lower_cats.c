// Passes for cats: what can be done without assumed gates and where, and the native operations.
#include "base/memory.h"
#include "base/status_internal.h"
#include "compile/cat_expression.h"
#include "compile/chip_operations.h"
#include "compile/compile_internal.h"

#include <string.h>

static qhm_status expand(qhm_compilation *compilation)
{
    static const qhm_gate gates[] = {QHM_GATE_H,  QHM_GATE_X,    QHM_GATE_Y,  QHM_GATE_Z,
                                     QHM_GATE_S,  QHM_GATE_SDG,  QHM_GATE_T,  QHM_GATE_TDG,
                                     QHM_GATE_SX, QHM_GATE_SXDG, QHM_GATE_RX, QHM_GATE_RY,
                                     QHM_GATE_RZ, QHM_GATE_CX,   QHM_GATE_CZ, QHM_GATE_SWAP};
    const qhm_expand_options options = {.gates = gates, .gate_count = sizeof gates / sizeof *gates};
    qhm_circuit *expanded;
    QHM_TRY(qhm_circuit_expand(compilation->circuit, &options, &expanded));
    qhm_compilation_replace(compilation, expanded);
    return QHM_OK;
}

// The first instruction with which no places are left; there is one.
static qhm_status refuse(const qhm_compilation *compilation, const uint8_t *roles, uint32_t *places)
{
    const qhm_circuit *circuit = compilation->circuit;
    size_t fitting = 0, failing = circuit->instruction_count;
    while (failing - fitting > 1) {
        const size_t middle = fitting + (failing - fitting) / 2;
        bool is_found;
        QHM_TRY(
            qhm_cat_find_places(compilation->device, circuit, roles, middle, places, &is_found));
        *(is_found ? &fitting : &failing) = middle;
    }
    return QHM_FAIL(
        QHM_ERROR_UNSUPPORTED,
        "not expressible: %s has no published operations for instruction %zu, %s, after "
        "those before it; gates of cats through an ancilla are assumed, and need "
        "allow_assumed_gates",
        qhm_device_name(compilation->device), fitting,
        qhm_gate_information(circuit->instructions[fitting].gate)->name);
}

static bool layout_fits(const qhm_compilation *compilation, const uint8_t *roles)
{
    const qhm_circuit *circuit = compilation->circuit;
    const uint32_t *layout = compilation->options.layout;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        uint32_t places[2] = {0, 0};
        for (uint32_t q = 0; q < instruction->qubit_count && q < 2; q++)
            places[q] = layout[instruction->qubits[q]];
        if (!qhm_cat_is_native(compilation->device, instruction, (qhm_cat_role)roles[i], places,
                               false))
            return false;
    }
    return true;
}

static qhm_status check_cats(const qhm_compilation *compilation)
{
    size_t cats = 0;
    for (uint32_t q = 0; q < qhm_device_qubit_count(compilation->device); q++)
        cats += qhm_is_cat(compilation->device, q) &&
                qhm_device_qubit_at(compilation->device, q)->is_working;
    if (compilation->logical_count > cats)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "the circuit has %zu qubits, but %s has %zu cats",
                        compilation->logical_count, qhm_device_name(compilation->device), cats);
    const uint32_t *layout = compilation->options.layout;
    for (size_t l = 0; layout && l < compilation->logical_count; l++)
        QHM_REQUIRE(qhm_is_cat(compilation->device, layout[l]),
                    "layout[%zu] is qubit %u, which is no cat, but the circuit needs assumed gates "
                    "of cats",
                    l, layout[l]);
    return QHM_OK;
}

// Published operations if they suffice, whatever is allowed.
static qhm_status choose_places(qhm_compilation *compilation, uint8_t *roles)
{
    const size_t qubits = compilation->logical_count;
    bool is_found = false;
    QHM_TRY(qhm_cat_find_roles(compilation->circuit, roles));
    QHM_TRY(qhm_allocate(qubits, sizeof(uint32_t), &compilation->own_layout));
    if (compilation->options.layout)
        is_found = layout_fits(compilation, roles);
    else if (qubits <= qhm_device_qubit_count(compilation->device))
        QHM_TRY(qhm_cat_find_places(compilation->device, compilation->circuit, roles,
                                    compilation->circuit->instruction_count,
                                    compilation->own_layout, &is_found));
    if (is_found) {
        if (!compilation->options.layout)
            compilation->options.layout = compilation->own_layout;
        qhm_text_print(&compilation->detail, "by published operations");
        return QHM_OK;
    }
    if (!compilation->options.allow_assumed_gates && !compilation->options.layout &&
        qubits <= qhm_device_qubit_count(compilation->device))
        return refuse(compilation, roles, compilation->own_layout);
    if (!compilation->options.allow_assumed_gates && compilation->options.layout)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "not expressible: %s has no published operations for the circuit on this "
                        "layout; gates of cats through an ancilla are assumed, and need "
                        "allow_assumed_gates",
                        qhm_device_name(compilation->device));
    QHM_TRY(check_cats(compilation));
    qhm_text_print(&compilation->detail, "with assumed gates of cats through ancillas");
    return QHM_OK;
}

static qhm_status run_express(qhm_compilation *compilation)
{
    if (compilation->options.decoupling)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "decoupling needs pulses that cats do not have");
    QHM_TRY(expand(compilation));
    uint8_t *roles;
    QHM_TRY(qhm_allocate(compilation->circuit->instruction_count, sizeof *roles, &roles));
    const qhm_status status = choose_places(compilation, roles);
    qhm_release(roles);
    return status;
}

const qhm_compile_pass qhm_pass_cat_express = {
    .name = "express", .help = "what published operations can do, and where", .run = run_express};

static qhm_status append(qhm_circuit *made, qhm_instruction instruction)
{
    return qhm_circuit_append_instruction(made, &instruction);
}

// A measurement into the scratch bit, a Pauli gate where it is 1, and the bit back to 0.
static qhm_status write_scratch(qhm_circuit *made, const qhm_cat_piece *piece,
                                const uint32_t *qubit, qhm_condition condition, uint32_t scratch)
{
    const uint8_t pauli = piece->pauli;
    QHM_TRY(append(made, (qhm_instruction){.gate = piece->gate,
                                           .qubit_count = 1,
                                           .qubits = qubit,
                                           .paulis = &pauli,
                                           .bit = scratch,
                                           .condition = condition}));
    QHM_TRY(append(made, (qhm_instruction){.gate = piece->if_one,
                                           .qubits = qubit,
                                           .condition = qhm_condition_bit(scratch, true)}));
    return append(made, (qhm_instruction){.gate = QHM_GATE_SET, .bit = scratch});
}

static qhm_status write_piece(qhm_circuit *made, const qhm_instruction *instruction,
                              const qhm_cat_piece *piece, bool is_after_reading, uint32_t scratch)
{
    const uint32_t qubits[2] = {instruction->qubits[piece->qubits[0]],
                                instruction->qubits[piece->qubits[1] % instruction->qubit_count]};
    if (piece->is_scratch)
        return write_scratch(made, piece, qubits, instruction->condition, scratch);
    qhm_instruction native = {.gate = piece->gate,
                              .qubit_count = instruction->qubit_count,
                              .qubits = qubits,
                              .angles = &piece->angle,
                              .paulis = &piece->pauli,
                              .bit = instruction->bit,
                              .flips = {instruction->flips[0], instruction->flips[1]},
                              .condition = instruction->condition};
    if (is_after_reading && piece->gate == QHM_GATE_X)
        native.condition = qhm_condition_bit(instruction->bit, true);
    return append(made, native);
}

static qhm_status lower(const qhm_compilation *compilation, const uint8_t *roles, qhm_circuit *made)
{
    const qhm_circuit *circuit = compilation->circuit;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (qhm_gate_is_classical(instruction->gate) || instruction->gate == QHM_GATE_BARRIER ||
            instruction->gate == QHM_GATE_DELAY) {
            QHM_TRY(qhm_circuit_append_instruction(made, instruction));
            continue;
        }
        uint32_t places[2] = {0, 0};
        qhm_cat_piece pieces[QHM_CAT_MAX_PIECES];
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            places[q] = compilation->physical[instruction->qubits[q]];
        const unsigned count = qhm_cat_express(compilation->device, instruction,
                                               (qhm_cat_role)roles[i], places, pieces);
        const uint32_t scratch = (uint32_t)circuit->bit_count + instruction->qubits[0];
        for (unsigned p = 0; p < count; p++)
            QHM_TRY(write_piece(made, instruction, &pieces[p], roles[i] == QHM_CAT_READS && p > 0,
                                scratch));
    }
    return QHM_OK;
}

// "12 h, 3 cz assumed"
static void describe(qhm_compilation *compilation, const qhm_circuit *made)
{
    const qhm_device *device = compilation->device;
    bool is_any = false;
    for (size_t o = 0; o < qhm_device_operation_count(device); o++) {
        const qhm_device_operation *operation = qhm_device_operation_at(device, o);
        size_t count = 0;
        for (size_t i = 0; operation->is_assumed && i < made->instruction_count; i++) {
            const qhm_instruction *instruction = &made->instructions[i];
            uint32_t places[2] = {0, 0};
            if (instruction->qubit_count < 1 || instruction->qubit_count > 2)
                continue;
            for (uint32_t q = 0; q < instruction->qubit_count; q++)
                places[q] = compilation->physical[instruction->qubits[q]];
            count += qhm_chip_operation_at(device, instruction, places) == operation;
        }
        if (count > 0)
            qhm_text_print(&compilation->detail, "%s%zu %s", is_any ? ", " : "", count,
                           operation->name);
        is_any = is_any || count > 0;
    }
    qhm_text_print(&compilation->detail, is_any ? " assumed" : "nothing assumed");
}

static qhm_status run_on(qhm_compilation *compilation, uint8_t *roles, qhm_circuit *made)
{
    QHM_TRY(qhm_circuit_append_bits(made, NULL, compilation->qubit_count));
    QHM_TRY(qhm_cat_find_roles(compilation->circuit, roles));
    QHM_TRY(lower(compilation, roles, made));
    describe(compilation, made);
    return QHM_OK;
}

static qhm_status run_lower(qhm_compilation *compilation)
{
    qhm_circuit *made;
    uint8_t *roles;
    QHM_TRY(qhm_compilation_begin(compilation->circuit, 0, &made));
    qhm_status status =
        qhm_allocate(compilation->circuit->instruction_count, sizeof *roles, &roles);
    if (status == QHM_OK) {
        status = run_on(compilation, roles, made);
        qhm_release(roles);
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    qhm_compilation_replace(compilation, made);
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_cat_lower = {
    .name = "translate", .help = "operations of cats and transmons", .run = run_lower};
