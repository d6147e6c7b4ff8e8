// The texts of drawings: gates with their angles, conditions, names of lines.
#include "circuit/circuit_labels.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

qhm_mark qhm_instruction_mark(const qhm_instruction *instruction)
{
    if (instruction->gate == QHM_GATE_BARRIER)
        return QHM_MARK_BARRIER;
    if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END)
        return QHM_MARK_LOOP;
    if (instruction->gate == QHM_GATE_SET)
        return QHM_MARK_NONE;
    qhm_gate base = qhm_gate_table_row(instruction->gate)->base;
    bool is_controlled = qhm_instruction_control_count(instruction) > 0;
    if (base == QHM_GATE_SWAP)
        return QHM_MARK_SWAP;
    if (base == QHM_GATE_X && is_controlled)
        return QHM_MARK_FLIP;
    if (base == QHM_GATE_Z && is_controlled)
        return QHM_MARK_CONTROL;
    return QHM_MARK_BOX;
}

bool qhm_layout_has_one_box(const qhm_circuit_layout *layout, const qhm_layout_item *item)
{
    const qhm_instruction *instruction = item->instruction;
    uint32_t first = UINT32_MAX, last = 0, controls = qhm_instruction_control_count(instruction);
    for (uint32_t i = controls; i < instruction->qubit_count; i++) {
        uint32_t line = layout->line_of_qubit[instruction->qubits[i]];
        first = line < first ? line : first;
        last = line > last ? line : last;
    }
    return last - first + 1 == instruction->qubit_count - controls;
}

bool qhm_instruction_has_numbers(const qhm_instruction *instruction)
{
    return qhm_instruction_target_count(instruction) > 1 &&
           !qhm_gate_table_row(instruction->gate)->is_symmetric;
}

void qhm_label_gate(const qhm_instruction *instruction, bool ascii, qhm_text *text)
{
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    if (instruction->gate == QHM_GATE_MEASURE_PAULI) {
        qhm_text_append(text, "M ");
        for (uint32_t i = 0; i < instruction->qubit_count; i++)
            qhm_text_print(text, "%c", "IXYZ"[instruction->paulis[i]]);
        return;
    }
    if (instruction->gate == QHM_GATE_DELAY) {
        qhm_text_print(text, "%.6g ns", instruction->duration_ns);
        return;
    }
    bool is_plain = true;
    for (const char *c = row->label; *c; c++)
        is_plain = is_plain && (unsigned char)*c < 0x80;
    if (!ascii || is_plain) {
        qhm_text_append(text, row->label);
    } else if (instruction->gate == QHM_GATE_RESET) {
        qhm_text_append(text, "|0>");
    } else {
        const qhm_gate_row *base = qhm_gate_table_row(row->base);
        for (const char *c = base->information.name; *c; c++)
            qhm_text_print(text, "%c", toupper((unsigned char)*c));
    }
}

void qhm_label_angles(const qhm_circuit *circuit, const qhm_instruction *instruction, bool ascii,
                      qhm_text *text)
{
    for (size_t i = 0; i < qhm_gate_information(instruction->gate)->angle_count; i++) {
        qhm_text_append(text, i > 0 ? ", " : "");
        qhm_angle_print(circuit, &instruction->angles[i], ascii, text);
    }
}

uint32_t qhm_layout_condition_line(const qhm_circuit_layout *layout, const qhm_layout_item *item)
{
    const qhm_condition *condition = &item->instruction->condition;
    return layout->line_of_bit[condition->first_bit + condition->bit_count - 1];
}

uint32_t qhm_layout_last_bit_line(const qhm_circuit_layout *layout, const qhm_layout_item *item)
{
    const qhm_instruction *instruction = item->instruction;
    uint32_t last = UINT32_MAX;
    if (qhm_gate_writes_bit(instruction->gate))
        last = layout->line_of_bit[instruction->bit];
    if (instruction->condition.relation != QHM_RELATION_NONE) {
        uint32_t line = qhm_layout_condition_line(layout, item);
        last = last == UINT32_MAX || line > last ? line : last;
    }
    return last;
}

static bool has_condition_on(const qhm_circuit_layout *layout, const qhm_layout_item *item,
                             uint32_t line)
{
    return item->instruction->condition.relation != QHM_RELATION_NONE &&
           qhm_layout_condition_line(layout, item) == line;
}

bool qhm_layout_has_bit_box(const qhm_circuit_layout *layout, const qhm_layout_item *item,
                            uint32_t line)
{
    const qhm_instruction *instruction = item->instruction;
    bool is_set_here =
        instruction->gate == QHM_GATE_SET && layout->line_of_bit[instruction->bit] == line;
    return is_set_here || has_condition_on(layout, item, line);
}

// A value of many bits: a power of two as such, else its ends in hexadecimal.
static void print_long_value(const uint64_t *words, size_t count, bool ascii, qhm_text *text)
{
    size_t top = count;
    while (words[top - 1] == 0)
        top--;
    size_t ones = 0, bit = 0;
    for (size_t w = 0; w < count; w++)
        if (words[w] != 0) {
            ones += (size_t)__builtin_popcountll(words[w]);
            bit = 64 * w + (size_t)__builtin_ctzll(words[w]);
        }
    if (ones == 1) {
        qhm_text_print(text, "2^%zu", bit);
        return;
    }
    uint64_t high = words[top - 1];
    qhm_text_print(text, "0x%" PRIx64, high);
    if (top > 2)
        qhm_text_append(text, ascii ? "..." : "…");
    qhm_text_print(text, "%016" PRIx64, words[top > 2 ? 0 : top - 2]);
}

static void print_value(const qhm_condition *condition, bool ascii, qhm_text *text)
{
    size_t count = qhm_bit_words(condition->bit_count);
    bool is_long = false;
    for (size_t w = 1; w < count; w++)
        is_long = is_long || condition->value[w] != 0;
    if (is_long)
        print_long_value(condition->value, count, ascii, text);
    else
        qhm_text_print(text, "%" PRIu64, condition->value[0]);
}

// "[2]" or "[0:3]" of a register; nothing for all of it.
static void print_bits(const qhm_layout_line *line, uint32_t first, uint32_t count, qhm_text *text)
{
    if (first < line->first) { // bits of several registers
        qhm_text_print(text, "bits %u:%u ", first, first + count - 1);
        return;
    }
    if (count == line->count)
        return;
    uint32_t from = first - line->first;
    if (count == 1)
        qhm_text_print(text, "[%u]", from);
    else
        qhm_text_print(text, "[%u:%u]", from, from + count - 1);
}

void qhm_label_bits(const qhm_circuit_layout *layout, const qhm_layout_item *item, uint32_t line,
                    bool ascii, qhm_text *text)
{
    static const char *const relations[][2] = {
        [QHM_RELATION_NONE] = {"", ""},
        [QHM_RELATION_EQUAL] = {"=", "="},
        [QHM_RELATION_NOT_EQUAL] = {"≠", "!="},
        [QHM_RELATION_LESS] = {"<", "<"},
        [QHM_RELATION_LESS_EQUAL] = {"≤", "<="},
        [QHM_RELATION_GREATER] = {">", ">"},
        [QHM_RELATION_GREATER_EQUAL] = {"≥", ">="},
    };
    const qhm_instruction *instruction = item->instruction;
    const qhm_layout_line *row = &layout->lines[line];
    bool has_condition = has_condition_on(layout, item, line);
    if (has_condition) {
        const qhm_condition *condition = &instruction->condition;
        if (instruction->gate == QHM_GATE_WHILE && item->first_qubit > item->last_qubit)
            qhm_text_append(text, "while ");
        print_bits(row, condition->first_bit, condition->bit_count, text);
        qhm_text_append(text, relations[condition->relation][ascii]);
        print_value(condition, ascii, text);
    }
    if (!qhm_gate_writes_bit(instruction->gate) || layout->line_of_bit[instruction->bit] != line)
        return;
    if (has_condition)
        qhm_text_append(text, ascii ? "->" : "→");
    print_bits(row, instruction->bit, 1, text);
    if (instruction->gate == QHM_GATE_SET)
        qhm_text_append(text, instruction->bit_value ? ":=1" : ":=0");
}

void qhm_label_line(const qhm_layout_line *line, bool ascii, qhm_text *text)
{
    if (line->name)
        qhm_label_name(line->name, ascii, text);
    else
        qhm_text_append(text, "scratch");
    if (!line->is_bits && !line->is_single)
        qhm_text_print(text, "[%u]", line->index);
}

void qhm_label_name(const char *name, bool ascii, qhm_text *text)
{
    static const char *const greek[] = {
        "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
        "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "sigma",
        "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"};
    for (uint32_t c = qhm_utf8_next(&name); c != 0; c = qhm_utf8_next(&name)) {
        if (!ascii || c < 0x80)
            qhm_text_append_utf8(text, c < 0x20 || c == 0x7f ? '?' : c);
        else if (c >= 0x3b1 && c <= 0x3c9)
            qhm_text_append(text, greek[c - 0x3b1]);
        else if (c == 0x3d5)
            qhm_text_append(text, "phi");
        else
            qhm_text_append(text, "?");
    }
}

static void print_count(size_t count, qhm_text *text)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%zu", count);
    for (int i = 0; i < length; i++) {
        qhm_text_append(text, i > 0 && (length - i) % 3 == 0 ? "," : "");
        qhm_text_append_bytes(text, &digits[i], 1);
    }
}

void qhm_label_idle(const qhm_circuit_layout *layout, qhm_text *text)
{
    print_count(layout->idle_count, text);
    qhm_text_append(text, " of ");
    print_count(layout->circuit->qubit_count, text);
    qhm_text_append(text, " qubits are idle and left out; qhm draw --all draws them");
}

void qhm_label_rest(const qhm_circuit_layout *layout, size_t drawn, qhm_text *text)
{
    print_count(layout->column_count - drawn, text);
    qhm_text_append(text, " more columns; qhm draw --all draws them");
}

size_t qhm_character_width(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        size_t width;
    } ranges[] = {{0x300, 0x36f, 0},   {0x200b, 0x200f, 0},   {0x1100, 0x115f, 2},
                  {0x2e80, 0xa4cf, 2}, {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},
                  {0xfe00, 0xfe0f, 0}, {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},
                  {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return ranges[i].width;
    return 1;
}
