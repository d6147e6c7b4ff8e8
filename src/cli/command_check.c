// qhm check: is a circuit's file right, and what is in it?
#include "cli/circuit_file.h"
#include "cli/console.h"
#include "cli/json_output.h"

#include <qhm/circuit.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

// What the library does not count.
typedef struct census {
    size_t conditions, loops, assignments;
    bool is_clifford;
} census;

static bool is_multiple(const qhm_angle *angle, double unit)
{
    double turns = angle->offset / unit;
    if (angle->scale != 0 || turns > 1e9 || turns < -1e9)
        return false;
    double rest = turns - (double)(int64_t)(turns + (turns > 0 ? 0.5 : -0.5));
    return rest < 1e-9 && rest > -1e-9;
}

// Gates that take strings of Paulis to strings of Paulis.
static bool is_clifford(const qhm_instruction *instruction)
{
    uint32_t extra = instruction->control_count;
    switch (instruction->gate) {
    case QHM_GATE_X:
    case QHM_GATE_Y:
    case QHM_GATE_Z:
        return extra <= 1;
    case QHM_GATE_H:
    case QHM_GATE_S:
    case QHM_GATE_SDG:
    case QHM_GATE_SX:
    case QHM_GATE_SXDG:
    case QHM_GATE_CX:
    case QHM_GATE_CY:
    case QHM_GATE_CZ:
    case QHM_GATE_SWAP:
    case QHM_GATE_ISWAP:
    case QHM_GATE_ISWAPDG:
    case QHM_GATE_ECR:
        return extra == 0;
    case QHM_GATE_P:
        return is_multiple(instruction->angles, extra == 0 ? M_PI_2 : M_PI) && extra <= 1;
    case QHM_GATE_RX:
    case QHM_GATE_RY:
    case QHM_GATE_RZ:
    case QHM_GATE_RXX:
    case QHM_GATE_RYY:
    case QHM_GATE_RZZ:
        return extra == 0 && is_multiple(instruction->angles, M_PI_2);
    case QHM_GATE_CP:
    case QHM_GATE_CRX:
    case QHM_GATE_CRY:
    case QHM_GATE_CRZ:
        return extra == 0 && is_multiple(instruction->angles, M_PI);
    case QHM_GATE_U:
        return extra == 0 && is_multiple(&instruction->angles[0], M_PI_2) &&
               is_multiple(&instruction->angles[1], M_PI_2) &&
               is_multiple(&instruction->angles[2], M_PI_2);
    default:
        return !qhm_gate_information(instruction->gate)->is_unitary;
    }
}

static census count_rest(const qhm_circuit *circuit)
{
    census counted = {.is_clifford = true};
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        bool is_loop = instruction->gate == QHM_GATE_WHILE;
        counted.loops += is_loop;
        counted.assignments += instruction->gate == QHM_GATE_SET;
        counted.conditions += !is_loop && instruction->condition.relation != QHM_RELATION_NONE;
        counted.is_clifford = counted.is_clifford && is_clifford(instruction);
    }
    return counted;
}

static json_t *registers_json(const qhm_circuit *circuit, bool are_qubits)
{
    json_t *list = json_array();
    size_t count = are_qubits ? qhm_circuit_qubit_register_count(circuit)
                              : qhm_circuit_bit_register_count(circuit);
    for (size_t i = 0; i < count; i++) {
        const qhm_register *item = are_qubits ? qhm_circuit_qubit_register(circuit, i)
                                              : qhm_circuit_bit_register(circuit, i);
        json_array_append_new(list, json_pack("{s:o, s:I}", "name", qhm_json_text(item->name),
                                              "size", (json_int_t)item->count));
    }
    return list;
}

static json_t *slots_json(const qhm_circuit *circuit, qhm_slot slot)
{
    json_t *list = json_array();
    size_t count = slot == QHM_SLOT_INPUT ? qhm_circuit_input_count(circuit)
                                          : qhm_circuit_weight_count(circuit);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              qhm_json_text(qhm_circuit_slot_name(circuit, slot, (uint32_t)i)));
    return list;
}

static json_t *gates_json(const qhm_circuit_counts *counts)
{
    json_t *gates = json_object();
    for (int i = 0; i < QHM_GATE_COUNT; i++)
        if (counts->by_gate[i] > 0 && qhm_gate_information((qhm_gate)i)->is_unitary)
            json_object_set_new(gates, qhm_gate_information((qhm_gate)i)->name,
                                json_integer((json_int_t)counts->by_gate[i]));
    return gates;
}

static json_t *diagnostics_json(const qhm_diagnostics *diagnostics)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qhm_diagnostics_count(diagnostics); i++) {
        const qhm_diagnostic *item = qhm_diagnostics_item(diagnostics, i);
        json_array_append_new(
            list, json_pack("{s:b, s:o, s:I, s:I, s:o, s:o}", "is_error", item->is_error, "file",
                            qhm_json_text(item->file), "line", (json_int_t)item->line, "column",
                            (json_int_t)item->column, "message", qhm_json_text(item->message),
                            "hint", qhm_json_text(item->hint)));
    }
    return list;
}

static json_t *to_json(const qhm_circuit_file *file, const qhm_circuit_counts *counts)
{
    json_t *object = json_pack("{s:o, s:b, s:o, s:o}", "file", qhm_json_text(file->name), "ok",
                               file->circuit != NULL, "format", qhm_json_text(file->format),
                               "diagnostics", diagnostics_json(file->diagnostics));
    if (!file->circuit)
        return object;
    census rest = count_rest(file->circuit);
    json_t *facts = json_pack(
        "{s:o, s:o, s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:b}",
        "qubit_registers", registers_json(file->circuit, true), "bit_registers",
        registers_json(file->circuit, false), "qubits", (json_int_t)counts->qubits, "bits",
        (json_int_t)qhm_circuit_bit_count(file->circuit), "instructions",
        (json_int_t)qhm_circuit_instruction_count(file->circuit), "gates", gates_json(counts),
        "depth", (json_int_t)counts->depth, "two_qubit_depth", (json_int_t)counts->two_qubit_depth,
        "measurements", (json_int_t)counts->measurements, "resets", (json_int_t)counts->resets,
        "conditions", (json_int_t)rest.conditions, "loops", (json_int_t)rest.loops, "assignments",
        (json_int_t)rest.assignments, "inputs", slots_json(file->circuit, QHM_SLOT_INPUT),
        "weights", slots_json(file->circuit, QHM_SLOT_WEIGHT), "is_clifford", rest.is_clifford);
    json_object_update(object, facts);
    json_decref(facts);
    return object;
}

static void print_registers(const qhm_circuit *circuit, bool are_qubits, FILE *out)
{
    size_t count = are_qubits ? qhm_circuit_qubit_register_count(circuit)
                              : qhm_circuit_bit_register_count(circuit);
    size_t named = 0;
    for (size_t i = 0; i < count; i++) {
        const qhm_register *item = are_qubits ? qhm_circuit_qubit_register(circuit, i)
                                              : qhm_circuit_bit_register(circuit, i);
        fputs(i > 0 ? ", " : ": ", out);
        qhm_print_safe(out, item->name);
        fprintf(out, "[%u]", item->count);
        named += item->count;
    }
    size_t all = qhm_circuit_bit_count(circuit);
    if (!are_qubits && all > named)
        fprintf(out, "%s%zu scratch", count > 0 ? ", " : ": ", all - named);
    fputc('\n', out);
}

static void print_slots(const qhm_circuit *circuit, qhm_slot slot, const char *title, FILE *out)
{
    size_t count = slot == QHM_SLOT_INPUT ? qhm_circuit_input_count(circuit)
                                          : qhm_circuit_weight_count(circuit);
    if (count == 0)
        return;
    fprintf(out, "  %-14s%zu: ", title, count);
    for (size_t i = 0; i < count; i++) {
        const char *name = qhm_circuit_slot_name(circuit, slot, (uint32_t)i);
        fputs(i > 0 ? ", " : "", out);
        qhm_print_safe(out, name ? name : "?");
    }
    fputc('\n', out);
}

static void print_gates(const qhm_circuit_counts *counts, FILE *out)
{
    fprintf(out, "  %-14s%zu", "gates",
            counts->one_qubit_gates + counts->two_qubit_gates + counts->larger_gates);
    const char *separator = ": ";
    for (int i = 0; i < QHM_GATE_COUNT; i++)
        if (counts->by_gate[i] > 0 && qhm_gate_information((qhm_gate)i)->is_unitary) {
            fprintf(out, "%s%s %zu", separator, qhm_gate_information((qhm_gate)i)->name,
                    counts->by_gate[i]);
            separator = ", ";
        }
    fputc('\n', out);
}

static void print_facts(const qhm_circuit_file *file, const qhm_circuit_counts *counts, FILE *out)
{
    census rest = count_rest(file->circuit);
    qhm_print_safe(out, file->name);
    fprintf(out, ": %s, no errors\n  %-14s%zu", file->format, "qubits", counts->qubits);
    print_registers(file->circuit, true, out);
    fprintf(out, "  %-14s%zu", "bits", qhm_circuit_bit_count(file->circuit));
    print_registers(file->circuit, false, out);
    print_gates(counts, out);
    fprintf(out, "  %-14s%zu, of gates on two or more qubits %zu\n", "depth", counts->depth,
            counts->two_qubit_depth);
    fprintf(out, "  %-14s%zu, resets %zu\n", "measurements", counts->measurements, counts->resets);
    if (rest.conditions + rest.loops + rest.assignments > 0)
        fprintf(out, "  %-14sconditions %zu, loops %zu, assignments %zu\n", "control flow",
                rest.conditions, rest.loops, rest.assignments);
    print_slots(file->circuit, QHM_SLOT_INPUT, "inputs", out);
    print_slots(file->circuit, QHM_SLOT_WEIGHT, "weights", out);
    fprintf(out, "  %-14s%s\n", "Clifford", rest.is_clifford ? "yes" : "no");
}

static int check_file(const qhm_arguments *arguments, const char *path, json_t *list, FILE *out)
{
    qhm_circuit_file file;
    qhm_circuit_counts counts = {0};
    int code = qhm_circuit_file_load(arguments, path, &file);
    if (code == QHM_EXIT_OK) {
        qhm_status status = qhm_circuit_count(file.circuit, &counts);
        if (status != QHM_OK)
            code = qhm_fail_status(status);
        else if (!arguments->json && !arguments->quiet)
            print_facts(&file, &counts, out);
    }
    if (arguments->json && code != QHM_EXIT_USAGE)
        json_array_append_new(list, to_json(&file, &counts));
    qhm_circuit_file_release(&file);
    return code;
}

static int run_check(const qhm_arguments *arguments, FILE *out)
{
    json_t *list = json_array();
    int worst = QHM_EXIT_OK;
    for (size_t i = 0; i < arguments->operand_count && worst != QHM_EXIT_USAGE; i++) {
        int code = check_file(arguments, arguments->operands[i], list, out);
        if (code != QHM_EXIT_OK && worst != QHM_EXIT_RESOURCE_LIMIT)
            worst = code;
    }
    if (!arguments->json || worst == QHM_EXIT_USAGE) {
        json_decref(list);
        return worst;
    }
    int printed = qhm_json_print(json_pack("{s:o}", "files", list), out);
    return worst != QHM_EXIT_OK ? worst : printed;
}

static const qhm_cli_option option_quiet = {
    .name = "quiet",
    .letter = 'q',
    .type = QHM_CLI_FLAG,
    .offset = offsetof(qhm_arguments, quiet),
    .help = "print errors only: no statistics, no warnings",
};

static const qhm_cli_option *const options[] = {
    &qhm_option_strict, &qhm_option_parameter, &option_quiet, &qhm_option_json, NULL,
};

const qhm_command qhm_command_check = {
    .name = "check",
    .operands = "FILE...",
    .least = 1,
    .most = 1000000,
    .options = options,
    .help = "check circuits in OpenQASM 2 or 3 and say what is in them",
    .details = "FILE is a program, or - for standard input. Every error is told with its line, and "
               "the exit status is 3 if there is any. Loops, conditions and subroutines that are "
               "known beforehand are run while reading, so the numbers are those of the circuit "
               "that a simulator gets. Warnings tell what other tools may refuse; --strict makes "
               "QHM refuse it too.",
    .example = "qhm check bell.qasm\nqhm check --strict --quiet *.qasm",
    .run = run_check,
};
