// OpenQASM 2.0 and 3.0 from circuits: declarations, then a line an instruction.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/qasm/qasm_print_internal.h"

#include <assert.h>
#include <qhm/qasm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const relations[] = {"", "==", "!=", "<", "<=", ">", ">="};

static int compare_with_register(const void *key, const void *element)
{
    const uint32_t place = *(const uint32_t *)key;
    const qasm_print_register *range = element;
    return place < range->first ? -1 : place >= range->first + range->count;
}

static const qasm_print_register *find_register(const qasm_print_register *registers, size_t count,
                                                uint32_t place)
{
    const qasm_print_register *found =
        bsearch(&place, registers, count, sizeof *registers, compare_with_register);
    assert(found);
    return found;
}

static void print_place(const qasm_print *print, const qasm_print_register *registers, size_t count,
                        uint32_t place)
{
    const qasm_print_register *found = find_register(registers, count, place);
    if (found->is_hardware)
        qhm_text_append(print->text, found->name);
    else
        qhm_text_print(print->text, "%s[%u]", found->name, place - found->first);
}

static void print_qubit(const qasm_print *print, uint32_t qubit)
{
    print_place(print, print->qubits, print->qubit_register_count, qubit);
}

static void print_bit(const qasm_print *print, uint32_t bit)
{
    print_place(print, print->bits, print->bit_register_count, bit);
}

// "q[0], q[1]"; whole registers by their names.
static void print_barrier_qubits(const qasm_print *print, const qhm_instruction *barrier)
{
    for (uint32_t i = 0; i < barrier->qubit_count;) {
        const qasm_print_register *range =
            find_register(print->qubits, print->qubit_register_count, barrier->qubits[i]);
        uint32_t run = 0;
        while (run < range->count && i + run < barrier->qubit_count &&
               barrier->qubits[i + run] == range->first + run)
            run++;
        qhm_text_append(print->text, i > 0 ? ", " : " ");
        if (run == range->count) {
            qhm_text_append(print->text, range->name);
            i += run;
        } else {
            print_qubit(print, barrier->qubits[i++]);
        }
    }
}

// "ctrl(2) @ " and the gate's name: controls on U count from the cu of the library, whose phase is
// that of the table.
static void print_gate_name(const qasm_print *print, const qhm_instruction *instruction,
                            const char *unitary)
{
    const bool is_u = instruction->gate == QHM_GATE_U && instruction->control_count > 0;
    const uint32_t controls = instruction->control_count - is_u;
    if (controls == 1)
        qhm_text_append(print->text, "ctrl @ ");
    if (controls > 1)
        qhm_text_print(print->text, "ctrl(%u) @ ", controls);
    qhm_text_append(print->text, is_u      ? "cu"
                                 : unitary ? unitary
                                           : qhm_qasm_gate_name(print->version, instruction->gate));
    const unsigned angle_count = qhm_gate_information(instruction->gate)->angle_count;
    for (unsigned i = 0; i < angle_count; i++) {
        qhm_text_append(print->text, i > 0 ? ", " : "(");
        qhm_qasm_print_angle(print, &instruction->angles[i]);
    }
    qhm_text_append(print->text, angle_count == 0 ? "" : is_u ? ", 0)" : ")");
}

// The index of the printed matrix that is this one's.
static size_t find_unitary(const qasm_print *print, const qhm_instruction *instruction)
{
    const uint32_t targets = qhm_instruction_target_count(instruction);
    const size_t bytes = ((size_t)1 << (2 * targets)) * sizeof *instruction->matrix;
    size_t i = 0;
    while (i < print->unitary_count &&
           (qhm_instruction_target_count(print->unitaries[i]) != targets ||
            memcmp(print->unitaries[i]->matrix, instruction->matrix, bytes) != 0))
        i++;
    return i;
}

static void print_matrix(const qasm_print *print, const qhm_instruction *unitary)
{
    const size_t rows = (size_t)1 << qhm_instruction_target_count(unitary);
    qhm_text_print(print->text, "@qhm.unitary %zu", rows);
    for (size_t i = 0; i < rows * rows; i++) {
        qhm_text_append(print->text, " ");
        qhm_qasm_print_number(print->text, unitary->matrix[i].re);
        qhm_text_append(print->text, " ");
        qhm_qasm_print_number(print->text, unitary->matrix[i].im);
    }
    qhm_text_append(print->text, "\n");
}

// The statement without its condition.
static void print_operation(const qasm_print *print, const qhm_instruction *instruction)
{
    const char *unitary = NULL;
    switch (instruction->gate) {
    case QHM_GATE_MEASURE:
        if (print->version == 3) {
            print_bit(print, instruction->bit);
            qhm_text_append(print->text, " = measure ");
            print_qubit(print, instruction->qubits[0]);
        } else {
            qhm_text_append(print->text, "measure ");
            print_qubit(print, instruction->qubits[0]);
            qhm_text_append(print->text, " -> ");
            print_bit(print, instruction->bit);
        }
        break;
    case QHM_GATE_BARRIER:
        qhm_text_append(print->text, "barrier");
        print_barrier_qubits(print, instruction);
        break;
    case QHM_GATE_DELAY:
        qhm_text_append(print->text, "delay[");
        qhm_qasm_print_number(print->text, instruction->duration_ns);
        qhm_text_append(print->text, "ns] ");
        print_qubit(print, instruction->qubits[0]);
        break;
    case QHM_GATE_SET:
        print_bit(print, instruction->bit);
        qhm_text_print(print->text, " = %d", instruction->bit_value);
        break;
    default:
        if (instruction->gate == QHM_GATE_UNITARY)
            unitary = print->unitary_names[find_unitary(print, instruction)];
        print_gate_name(print, instruction, unitary);
        for (uint32_t i = 0; i < instruction->qubit_count; i++) {
            qhm_text_append(print->text, i > 0 ? ", " : " ");
            print_qubit(print, instruction->qubits[i]);
        }
    }
    qhm_text_append(print->text, ";\n");
}

static void indent(const qasm_print *print, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        qhm_text_append(print->text, "  ");
}

// Version 3: "let bits_4_9 = a[2:3] ++ b;" for a range that is not within one register.
static qhm_status print_alias(qasm_print *print, const qhm_condition *condition, size_t depth,
                              const char **alias)
{
    char wanted[48];
    const uint32_t end = condition->first_bit + condition->bit_count;
    snprintf(wanted, sizeof wanted, "bits_%u_%u", condition->first_bit, end - 1);
    QHM_TRY(qhm_qasm_print_name(&print->names, wanted, NULL, alias));
    indent(print, depth);
    qhm_text_print(print->text, "let %s = ", *alias);
    for (uint32_t bit = condition->first_bit; bit < end;) {
        const qasm_print_register *range =
            find_register(print->bits, print->bit_register_count, bit);
        const uint32_t last = range->first + range->count < end ? range->first + range->count : end;
        qhm_text_append(print->text, bit > condition->first_bit ? " ++ " : "");
        qhm_text_append(print->text, range->name);
        if (bit != range->first || last != range->first + range->count)
            qhm_text_print(print->text, "[%u:%u]", bit - range->first, last - range->first - 1);
        bit = last;
    }
    qhm_text_append(print->text, ";\n");
    return QHM_OK;
}

static bool is_whole(const qasm_print_register *range, const qhm_condition *condition)
{
    return range->first == condition->first_bit && range->count == condition->bit_count;
}

// Version 3: "if (c == 5) {" or "while (...) {".
static qhm_status print_head(qasm_print *print, const char *keyword, const qhm_condition *condition,
                             size_t depth)
{
    const qasm_print_register *range =
        find_register(print->bits, print->bit_register_count, condition->first_bit);
    const char *alias = NULL;
    const uint32_t from = condition->first_bit - range->first;
    if (from + condition->bit_count > range->count)
        QHM_TRY(print_alias(print, condition, depth, &alias));
    indent(print, depth);
    qhm_text_print(print->text, "%s (", keyword);
    if (condition->bit_count == 1 && condition->relation == QHM_RELATION_EQUAL) {
        qhm_text_print(print->text, "%s%s[%u]) {\n", condition->value[0] ? "" : "!", range->name,
                       from);
        return QHM_OK;
    }
    qhm_text_append(print->text, alias ? alias : range->name);
    if (!alias && condition->bit_count == 1 && range->count > 1)
        qhm_text_print(print->text, "[%u]", from);
    else if (!alias && !is_whole(range, condition))
        qhm_text_print(print->text, "[%u:%u]", from, from + condition->bit_count - 1);
    qhm_text_print(print->text, " %s ", relations[condition->relation]);
    QHM_TRY(
        qhm_qasm_print_value(print->text, condition->value, qhm_bit_words(condition->bit_count)));
    qhm_text_append(print->text, ") {\n");
    return QHM_OK;
}

static bool are_equal(const qhm_condition *a, const qhm_condition *b)
{
    return a->relation == b->relation && a->first_bit == b->first_bit &&
           a->bit_count == b->bit_count &&
           memcmp(a->value, b->value, qhm_bit_words(a->bit_count) * sizeof *a->value) == 0;
}

static bool writes_into(const qhm_instruction *instruction, const qhm_condition *condition)
{
    return qhm_gate_writes_bit(instruction->gate) && instruction->bit >= condition->first_bit &&
           instruction->bit - condition->first_bit < condition->bit_count;
}

// Statements in a row under the same condition share one block.
static qhm_status print_body_3(qasm_print *print)
{
    size_t depth = 0;
    const qhm_condition *open = NULL;
    for (size_t i = 0; i < print->circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &print->circuit->instructions[i];
        const qhm_condition *condition = &instruction->condition;
        const bool is_loop =
            instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END;
        const bool has_if = condition->relation != QHM_RELATION_NONE && !is_loop;
        if (open && !(has_if && are_equal(open, condition))) {
            indent(print, --depth);
            qhm_text_append(print->text, "}\n");
            open = NULL;
        }
        if (instruction->gate == QHM_GATE_END) {
            indent(print, --depth);
            qhm_text_append(print->text, "}\n");
            continue;
        }
        if (instruction->gate == QHM_GATE_WHILE) {
            QHM_TRY(print_head(print, "while", condition, depth++));
            continue;
        }
        if (has_if && !open) {
            QHM_TRY(print_head(print, "if", condition, depth++));
            open = condition;
        }
        if (instruction->gate == QHM_GATE_UNITARY && print->has_annotations) {
            indent(print, depth);
            print_matrix(print, instruction);
        }
        indent(print, depth);
        print_operation(print, instruction);
        if (open && writes_into(instruction, open)) {
            indent(print, --depth);
            qhm_text_append(print->text, "}\n");
            open = NULL;
        }
    }
    if (open)
        qhm_text_append(print->text, "}\n");
    return QHM_OK;
}

enum { MOST_TRIED_BITS = 8 };

static bool holds_for(const qhm_condition *condition, const qasm_print_register *range,
                      uint64_t value)
{
    qhm_condition within = *condition;
    within.first_bit -= range->first;
    return qhm_condition_holds(&within, &value);
}

// Version 2 compares whole registers for equality and nothing else. Another condition on a small
// register becomes one statement for each of its values that fulfil it.
static qhm_status print_conditional_2(const qasm_print *print, const qhm_instruction *instruction)
{
    const qhm_condition *condition = &instruction->condition;
    const qasm_print_register *range =
        find_register(print->bits, print->bit_register_count, condition->first_bit);
    if (condition->relation == QHM_RELATION_EQUAL && is_whole(range, condition)) {
        qhm_text_print(print->text, "if(%s==", range->name);
        QHM_TRY(qhm_qasm_print_value(print->text, condition->value,
                                     qhm_bit_words(condition->bit_count)));
        qhm_text_append(print->text, ") ");
        print_operation(print, instruction);
        return QHM_OK;
    }
    const qhm_condition whole = {QHM_RELATION_EQUAL, range->first, range->count, NULL};
    const char *name = qhm_gate_information(instruction->gate)->name;
    if (condition->first_bit - range->first + condition->bit_count > range->count)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "OpenQASM 2 has no condition on bits of several registers, as %s has",
                        name);
    if (range->count > MOST_TRIED_BITS || writes_into(instruction, &whole))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "OpenQASM 2 has no condition on a part of register %s, as %s has",
                        range->name, name);
    for (uint64_t value = 0; value < (uint64_t)1 << range->count; value++)
        if (holds_for(condition, range, value)) {
            qhm_text_print(print->text, "if(%s==%llu) ", range->name, (unsigned long long)value);
            print_operation(print, instruction);
        }
    return QHM_OK;
}

static qhm_status print_instruction_2(const qasm_print *print, const qhm_instruction *instruction)
{
    const qhm_gate_info *info = qhm_gate_information(instruction->gate);
    if (qhm_gate_is_classical(instruction->gate))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "OpenQASM 2 has no %s",
                        instruction->gate == QHM_GATE_SET ? "assignment of classical bits"
                                                          : "loops");
    for (unsigned i = 0; i < info->angle_count; i++)
        if (!qhm_angle_is_constant(&instruction->angles[i]))
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "OpenQASM 2 has no parameters, as %s has: bind them first", info->name);
    if (instruction->gate == QHM_GATE_DELAY) // it changes nothing but time
        return QHM_OK;
    if (instruction->condition.relation != QHM_RELATION_NONE &&
        instruction->gate != QHM_GATE_BARRIER)
        return print_conditional_2(print, instruction);
    print_operation(print, instruction);
    return QHM_OK;
}

static qhm_status print_body_2(const qasm_print *print)
{
    for (size_t i = 0; i < print->circuit->instruction_count; i++) {
        qhm_status status = print_instruction_2(print, &print->circuit->instructions[i]);
        if (status != QHM_OK) {
            qhm_prefix_error_message("instruction %zu", i);
            return status;
        }
    }
    return QHM_OK;
}

// All registers by ascending place, the gaps between them as scratch; the last `hardware_count` are
// physical qubits.
static qhm_status list_registers(qasm_print *print, const qhm_register_list *list, size_t total,
                                 size_t hardware_count, qasm_print_register **registers,
                                 size_t *count)
{
    QHM_TRY(qhm_allocate(2 * list->count + 1, sizeof **registers, registers));
    uint32_t next = 0;
    for (size_t i = 0; i <= list->count; i++) {
        const qhm_register *named = i < list->count ? &list->items[i] : NULL;
        const uint32_t begin = named ? named->first : (uint32_t)total;
        if (next < begin) {
            qasm_print_register *gap = &(*registers)[(*count)++];
            *gap = (qasm_print_register){NULL, next, begin - next, true, false};
            QHM_TRY(qhm_qasm_print_name(&print->names, NULL, "scratch", &gap->name));
        }
        if (!named)
            return QHM_OK;
        qasm_print_register *range = &(*registers)[(*count)++];
        *range = (qasm_print_register){named->name, named->first, named->count, false,
                                       i + hardware_count >= list->count};
        if (!range->is_hardware)
            QHM_TRY(qhm_qasm_print_name(&print->names, named->name, NULL, &range->name));
        next = named->first + named->count;
    }
    return QHM_OK;
}

static qhm_status name_slots(qasm_print *print, qhm_slot slot, size_t count, const char ***names)
{
    QHM_TRY(qhm_allocate(count, sizeof **names, names));
    for (size_t i = 0; i < count; i++) {
        char fallback[32];
        snprintf(fallback, sizeof fallback, "%c%zu", slot == QHM_SLOT_INPUT ? 'x' : 'w', i);
        QHM_TRY(qhm_qasm_print_name(&print->names,
                                    qhm_circuit_slot_name(print->circuit, slot, (uint32_t)i),
                                    fallback, &(*names)[i]));
    }
    return QHM_OK;
}

// Registers are named first: they keep their names where slots have the same.
static qhm_status name_everything(qasm_print *print)
{
    const qhm_circuit *circuit = print->circuit;
    QHM_TRY(list_registers(print, &circuit->qubit_registers, circuit->qubit_count,
                           qhm_qasm_print_hardware_count(&circuit->qubit_registers, print->version),
                           &print->qubits, &print->qubit_register_count));
    QHM_TRY(list_registers(print, &circuit->bit_registers, circuit->bit_count, 0, &print->bits,
                           &print->bit_register_count));
    QHM_TRY(name_slots(print, QHM_SLOT_INPUT, circuit->input_count, &print->inputs));
    QHM_TRY(name_slots(print, QHM_SLOT_WEIGHT, circuit->weight_count, &print->weights));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (instruction->gate == QHM_GATE_UNITARY &&
            find_unitary(print, instruction) == print->unitary_count) {
            size_t names = print->unitary_capacity;
            QHM_TRY(qhm_reserve(print->unitary_count + 1, &names, sizeof *print->unitary_names,
                                &print->unitary_names));
            QHM_TRY(qhm_reserve(print->unitary_count + 1, &print->unitary_capacity,
                                sizeof *print->unitaries, &print->unitaries));
            char wanted[32];
            snprintf(wanted, sizeof wanted, "unitary_%zu", print->unitary_count);
            QHM_TRY(qhm_qasm_print_name(&print->names, wanted, NULL,
                                        &print->unitary_names[print->unitary_count]));
            print->unitaries[print->unitary_count++] = instruction;
        } else if (qhm_gate_information(instruction->gate)->is_unitary) {
            print->is_used[instruction->gate] =
                instruction->gate != QHM_GATE_UNITARY &&
                !qhm_qasm_gate_is_known(print->version, instruction->gate);
        }
    }
    return QHM_OK;
}

static void print_slots(const qasm_print *print, const char *annotation, const char **names,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        qhm_text_print(print->text, "%sinput float[64] %s;\n", annotation, names[i]);
}

static void print_registers(const qasm_print *print, const char *keyword,
                            const qasm_print_register *registers, size_t count)
{
    for (size_t i = 0; i < count && !registers[i].is_hardware; i++) {
        if (print->version == 3)
            qhm_text_print(print->text, "%s%s[%u] %s;\n",
                           registers[i].is_scratch && print->has_annotations ? "@qhm.scratch\n"
                                                                             : "",
                           keyword, registers[i].count, registers[i].name);
        else
            qhm_text_print(print->text, "%s %s[%u];\n", keyword, registers[i].name,
                           registers[i].count);
    }
}

static qhm_status print_program(qasm_print *print)
{
    const bool is_3 = print->version == 3;
    QHM_TRY(name_everything(print));
    qhm_text_append(print->text, is_3 ? "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                                      : "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n");
    if (is_3) {
        print_slots(print, "", print->inputs, print->circuit->input_count);
        print_slots(print, print->has_annotations ? "@qhm.weight\n" : "", print->weights,
                    print->circuit->weight_count);
    }
    QHM_TRY(qhm_qasm_print_definitions(print));
    print_registers(print, is_3 ? "qubit" : "qreg", print->qubits, print->qubit_register_count);
    print_registers(print, is_3 ? "bit" : "creg", print->bits, print->bit_register_count);
    return is_3 ? print_body_3(print) : print_body_2(print);
}

static void release(qasm_print *print)
{
    qhm_qasm_print_names_release(&print->names);
    qhm_release(print->qubits);
    qhm_release(print->bits);
    qhm_release(print->inputs);
    qhm_release(print->weights);
    qhm_release(print->unitaries);
    qhm_release(print->unitary_names);
}

// What no version can say is refused; *has_paulis: some measurement has to be written out.
static qhm_status check_printable(const qhm_circuit *circuit, bool *has_paulis)
{
    QHM_REQUIRE(circuit->open_loops == 0, "a while has no end");
    *has_paulis = false;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (qhm_instruction_is_noise(instruction))
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "instruction %zu, %s, is noise, which OpenQASM cannot say", i,
                            qhm_gate_information(instruction->gate)->name);
        *has_paulis = *has_paulis || instruction->gate == QHM_GATE_MEASURE_PAULI;
    }
    return QHM_OK;
}

qhm_status qhm_qasm_print(const qhm_circuit *circuit, const qhm_qasm_print_options *options,
                          char **text)
{
    QHM_REQUIRE(circuit && text, "qhm_qasm_print needs a circuit and a place for the text");
    const unsigned version = options && options->version != 0 ? options->version : 3;
    QHM_REQUIRE(version == 2 || version == 3, "the version of OpenQASM is %u, not 2 or 3", version);
    bool has_paulis;
    QHM_TRY(check_printable(circuit, &has_paulis));
    qhm_circuit *expanded = NULL;
    if (version == 2) // no controls by modifiers
        QHM_TRY(qhm_circuit_expand(circuit, NULL, &expanded));
    else if (has_paulis)
        QHM_TRY(qhm_circuit_lower(circuit, true, &expanded));
    qhm_text made = {0};
    qasm_print print = {.circuit = expanded ? expanded : circuit,
                        .version = (int)version,
                        .has_annotations = version == 3 && !(options && options->omits_annotations),
                        .names = {.version = (int)version},
                        .text = &made};
    qhm_status status = print_program(&print);
    release(&print);
    qhm_circuit_destroy(expanded);
    if (status != QHM_OK) {
        qhm_text_release(&made);
        return status;
    }
    return qhm_text_take(&made, text);
}
