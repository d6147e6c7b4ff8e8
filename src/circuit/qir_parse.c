// QIR Base Profile text to circuits: line by line, without LLVM. Calls, branches to the next block
// and ret are all that the profile allows.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"

#include <qhm/qir.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ARGUMENTS = 4, NO_BIT = UINT32_MAX };

// A call of a gate, a measurement or a reset.
struct operation {
    qhm_gate gate;
    uint32_t qubits[QHM_GATE_MAX_QUBITS];
    uint32_t result;
    double angle;
};

// What is recorded: an array of `number` results, or the result of this number.
struct record {
    bool is_array;
    uint32_t number;
    const char *label; // borrowed; NULL: none
};

struct label {
    char *name, *text; // without the @; the constant's bytes
};

struct reader {
    const char *file_name;
    size_t line;
    char *text; // lines end with NUL
    struct operation *operations;
    size_t operation_count, operation_capacity;
    struct record *records;
    size_t record_count, record_capacity;
    struct label *labels;
    size_t label_count, label_capacity, next_label; // they are mostly used in their order
    uint32_t qubit_count, result_count;
    bool is_inside, was_inside, is_returned;
    char next_block[64]; // "" where no branch was taken
};

static qhm_status fail(const struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static qhm_status fail(const struct reader *reader, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    qhm_format(message, sizeof message, format, arguments);
    va_end(arguments);
    return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s:%zu: %s", reader->file_name, reader->line, message);
}

// Calls are named __quantum__qis__<this>, and take an angle and qubits as the gate table says.
static const struct function {
    const char *name;
    qhm_gate gate;
} functions[] = {
    {"h__body", QHM_GATE_H},     {"x__body", QHM_GATE_X},         {"y__body", QHM_GATE_Y},
    {"z__body", QHM_GATE_Z},     {"s__body", QHM_GATE_S},         {"s__adj", QHM_GATE_SDG},
    {"t__body", QHM_GATE_T},     {"t__adj", QHM_GATE_TDG},        {"sx__body", QHM_GATE_SX},
    {"sx__adj", QHM_GATE_SXDG},  {"rx__body", QHM_GATE_RX},       {"ry__body", QHM_GATE_RY},
    {"rz__body", QHM_GATE_RZ},   {"cnot__body", QHM_GATE_CX},     {"cx__body", QHM_GATE_CX},
    {"cy__body", QHM_GATE_CY},   {"cz__body", QHM_GATE_CZ},       {"swap__body", QHM_GATE_SWAP},
    {"ccx__body", QHM_GATE_CCX}, {"rxx__body", QHM_GATE_RXX},     {"ryy__body", QHM_GATE_RYY},
    {"rzz__body", QHM_GATE_RZZ}, {"reset__body", QHM_GATE_RESET}, {"mz__body", QHM_GATE_MEASURE},
};

static char *skip_spaces(char *text)
{
    return text + strspn(text, " \t");
}

// "ptr null", "%Qubit* inttoptr (i64 3 to %Qubit*)" or "i64 3".
static qhm_status read_number(const struct reader *reader, const char *argument, uint64_t most,
                              uint32_t *number)
{
    const char *found = strstr(argument, "i64 ");
    const size_t length = strlen(argument);
    *number = 0;
    if (!found && length >= 4 && strcmp(argument + length - 4, "null") == 0)
        return QHM_OK;
    char digits[24] = "";
    if (found)
        snprintf(digits, sizeof digits, "%.*s", (int)strspn(found + 4, "0123456789"), found + 4);
    uint64_t value;
    if (!qhm_parse_uint64(digits, &value))
        return fail(reader, "\"%.60s\" is no qubit, result or whole number", argument);
    if (value >= most)
        return fail(reader, "%llu is not below %llu", (unsigned long long)value,
                    (unsigned long long)most);
    *number = (uint32_t)value;
    return QHM_OK;
}

// "double 5.0e-01", or the bits of the number, "double 0x3FE0000000000000".
static qhm_status read_double(const struct reader *reader, const char *argument, double *value)
{
    static const char keyword[] = "double ";
    const char *text = argument + (sizeof keyword - 1);
    uint64_t bits = 0;
    if (strncmp(argument, keyword, sizeof keyword - 1) != 0)
        return fail(reader, "\"%.60s\" is no angle", argument);
    if (strncmp(text, "0x", 2) == 0 && strlen(text) == 18 &&
        strspn(text + 2, "0123456789abcdefABCDEF") == 16) {
        for (const char *c = text + 2; *c; c++)
            bits = bits << 4 | (uint64_t)(*c <= '9' ? *c - '0' : (*c | 32) - 'a' + 10);
        memcpy(value, &bits, sizeof *value);
        return QHM_OK;
    }
    return qhm_parse_double(text, value) ? QHM_OK : fail(reader, "\"%.60s\" is no angle", argument);
}

// The text of the constant that an argument points to; NULL for a null pointer.
static const char *find_label(struct reader *reader, const char *argument)
{
    const char *at = strchr(argument, '@');
    const size_t length = at ? strcspn(at + 1, " ,)") : 0;
    for (size_t i = 0; at && i < reader->label_count; i++) {
        const size_t tried = (reader->next_label + i) % reader->label_count;
        const struct label *label = &reader->labels[tried];
        if (strlen(label->name) == length && memcmp(label->name, at + 1, length) == 0) {
            reader->next_label = tried + 1;
            return label->text;
        }
    }
    return NULL;
}

// Cuts "a, b (c, d)" at the commas outside parentheses and brackets.
static qhm_status cut_arguments(const struct reader *reader, char *text,
                                char *arguments[MOST_ARGUMENTS], size_t *count)
{
    int depth = 0;
    *count = 0;
    if (*text == '\0')
        return QHM_OK;
    for (char *c = text, *begin = text;; c++) {
        depth += *c == '(' || *c == '[';
        depth -= *c == ')' || *c == ']';
        const bool is_last = *c == '\0';
        if (!is_last && (*c != ',' || depth > 0))
            continue;
        if (*count == MOST_ARGUMENTS)
            return fail(reader, "a call has more than %d arguments", MOST_ARGUMENTS);
        *c = '\0';
        arguments[(*count)++] = skip_spaces(begin);
        if (is_last)
            return QHM_OK;
        begin = c + 1;
    }
}

static qhm_status append_operation(struct reader *reader, const struct function *function,
                                   char *const *arguments, size_t count)
{
    struct operation operation = {.gate = function->gate};
    const qhm_gate_info *info = qhm_gate_information(function->gate);
    const bool is_measurement = function->gate == QHM_GATE_MEASURE;
    const size_t qubits = info->control_count + info->target_count;
    const size_t expected = info->angle_count + qubits + is_measurement;
    if (count != expected)
        return fail(reader, "%s has %zu arguments, not %zu", function->name, count, expected);
    if (info->angle_count > 0)
        QHM_TRY(read_double(reader, *arguments++, &operation.angle));
    for (size_t i = 0; i < qubits; i++) {
        QHM_TRY(read_number(reader, *arguments++, QHM_CIRCUIT_MAX_QUBITS, &operation.qubits[i]));
        if (operation.qubits[i] >= reader->qubit_count)
            reader->qubit_count = operation.qubits[i] + 1;
    }
    if (is_measurement) {
        QHM_TRY(read_number(reader, *arguments, QHM_CIRCUIT_MAX_BITS, &operation.result));
        if (operation.result >= reader->result_count)
            reader->result_count = operation.result + 1;
    }
    QHM_TRY(qhm_reserve(reader->operation_count + 1, &reader->operation_capacity, sizeof operation,
                        &reader->operations));
    reader->operations[reader->operation_count++] = operation;
    return QHM_OK;
}

static qhm_status append_record(struct reader *reader, bool is_array, char *const *arguments,
                                size_t count)
{
    struct record record = {.is_array = is_array};
    if (count != 2)
        return fail(reader, "a call that records has %zu arguments, not 2", count);
    QHM_TRY(read_number(reader, arguments[0], QHM_CIRCUIT_MAX_BITS, &record.number));
    record.label = find_label(reader, arguments[1]);
    if (!is_array && record.number >= reader->result_count)
        reader->result_count = record.number + 1;
    QHM_TRY(qhm_reserve(reader->record_count + 1, &reader->record_capacity, sizeof record,
                        &reader->records));
    reader->records[reader->record_count++] = record;
    return QHM_OK;
}

static qhm_status read_call(struct reader *reader, char *text)
{
    static const char gate_prefix[] = "__quantum__qis__", run_time_prefix[] = "__quantum__rt__";
    char *name = strchr(text, '@'), *open = name ? strchr(name, '(') : NULL;
    char *close = open ? strrchr(open, ')') : NULL;
    char *arguments[MOST_ARGUMENTS];
    size_t count;
    if (!close)
        return fail(reader, "a call lacks its function or its arguments");
    *open = *close = '\0';
    name++;
    QHM_TRY(cut_arguments(reader, open + 1, arguments, &count));
    if (strncmp(name, gate_prefix, sizeof gate_prefix - 1) == 0) {
        const char *gate = name + sizeof gate_prefix - 1;
        for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
            if (strcmp(functions[i].name, gate) == 0)
                return append_operation(reader, &functions[i], arguments, count);
        if (strcmp(gate, "barrier__body") == 0)
            return QHM_OK;
    }
    if (strncmp(name, run_time_prefix, sizeof run_time_prefix - 1) == 0) {
        const char *call = name + sizeof run_time_prefix - 1;
        if (strcmp(call, "array_record_output") == 0)
            return append_record(reader, true, arguments, count);
        if (strcmp(call, "result_record_output") == 0)
            return append_record(reader, false, arguments, count);
        if (strcmp(call, "tuple_record_output") == 0 || strcmp(call, "initialize") == 0)
            return QHM_OK;
    }
    return fail(reader, "%.80s is not in the Base Profile", name);
}

static qhm_status read_branch(struct reader *reader, const char *text)
{
    static const char plain[] = "br label %";
    if (strncmp(text, plain, sizeof plain - 1) != 0)
        return fail(reader, "only the Base Profile is read, which has no conditional branches");
    const char *name = text + sizeof plain - 1;
    const size_t length = strcspn(name, " \t,");
    if (length == 0 || length >= sizeof reader->next_block)
        return fail(reader, "a branch has no block, or one of too long a name");
    memcpy(reader->next_block, name, length);
    reader->next_block[length] = '\0';
    return QHM_OK;
}

static qhm_status read_inside(struct reader *reader, char *text)
{
    const size_t length = strlen(text);
    char *call = strstr(text, "call ");
    if (strcmp(text, "}") == 0) {
        reader->is_inside = false;
        return reader->is_returned ? QHM_OK : fail(reader, "the function has no ret at its end");
    }
    if (text[length - 1] == ':') {
        text[length - 1] = '\0';
        if (reader->is_returned || (*reader->next_block && strcmp(reader->next_block, text) != 0))
            return fail(reader, "block %.60s does not follow where it stands", text);
        *reader->next_block = '\0';
        return QHM_OK;
    }
    if (reader->is_returned || *reader->next_block)
        return fail(reader, "something stands between a block's end and the next block");
    if (strncmp(text, "br ", 3) == 0)
        return read_branch(reader, text);
    if (strncmp(text, "ret ", 4) == 0) {
        reader->is_returned = true;
        return QHM_OK;
    }
    if (call && (call == text || strncmp(text, "tail ", 5) == 0))
        return read_call(reader, call);
    return fail(reader, "only the Base Profile is read: calls, branches to the next block and ret");
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// @0 = internal constant [5 x i8] c"c[0]\00"
static qhm_status read_label(struct reader *reader, char *text)
{
    char *value = strstr(text, " c\""), *end = value ? strrchr(value + 3, '"') : NULL;
    if (!end)
        return QHM_OK; // no label: nothing points to it
    *end = '\0';
    qhm_text bytes = {0};
    for (const char *c = value + 3; *c; c++) {
        char byte = *c;
        if (c[0] == '\\' && hex_digit(c[1]) >= 0 && hex_digit(c[2]) >= 0) {
            byte = (char)(16 * hex_digit(c[1]) + hex_digit(c[2]));
            c += 2;
        }
        if (byte == '\0')
            break;
        qhm_text_append_bytes(&bytes, &byte, 1);
    }
    struct label label = {0};
    QHM_TRY(qhm_text_take(&bytes, &label.text));
    text[strcspn(text, " =")] = '\0';
    qhm_status status = qhm_copy_text(text + 1, &label.name);
    if (status == QHM_OK)
        status = qhm_reserve(reader->label_count + 1, &reader->label_capacity, sizeof label,
                             &reader->labels);
    if (status != QHM_OK) {
        qhm_release(label.text);
        qhm_release(label.name);
        return status;
    }
    reader->labels[reader->label_count++] = label;
    return QHM_OK;
}

// Outside, declarations, attributes and metadata say nothing that a circuit needs.
static qhm_status read_line(struct reader *reader, char *text)
{
    text = skip_spaces(text);
    if (*text == '@')
        return read_label(reader, text);
    text[strcspn(text, ";")] = '\0';
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]))
        text[--length] = '\0';
    if (length == 0)
        return QHM_OK;
    if (reader->is_inside)
        return read_inside(reader, text);
    if (strncmp(text, "define ", 7) != 0)
        return QHM_OK;
    if (reader->was_inside)
        return fail(reader, "only the Base Profile is read, which has one function");
    if (text[length - 1] != '{')
        return fail(reader, "the function's { is not on its first line");
    reader->is_inside = reader->was_inside = true;
    return QHM_OK;
}

static qhm_status read_lines(struct reader *reader, size_t length)
{
    for (char *next = reader->text, *end = next + length; next < end;) {
        char *line = next, *stop = memchr(line, '\n', (size_t)(end - line));
        next = stop ? stop + 1 : end;
        *(stop ? stop : end) = '\0';
        reader->line++;
        if (strlen(line) != (size_t)((stop ? stop : end) - line))
            return fail(reader, "there is a NUL; is this bitcode? llvm-dis makes text of it");
        QHM_TRY(read_line(reader, line));
    }
    if (!reader->was_inside)
        return fail(reader, "there is no function");
    return reader->is_inside ? fail(reader, "the function does not end") : QHM_OK;
}

// Every array that is recorded is a register, results between them make registers too; bits[result]
// is where it goes, or NO_BIT.
static qhm_status make_registers(const struct reader *reader, qhm_circuit *circuit, uint32_t *bits)
{
    uint32_t next = 0;
    for (size_t i = 0; i < reader->record_count;) {
        const struct record *first = &reader->records[i];
        const char *name = first->is_array && first->label && *first->label ? first->label : "c";
        const size_t most = first->is_array ? first->number : SIZE_MAX;
        uint32_t count = 0;
        i += first->is_array;
        for (; count < most && i < reader->record_count && !reader->records[i].is_array; i++) {
            uint32_t *bit = &bits[reader->records[i].number];
            if (*bit != NO_BIT)
                return QHM_FAIL(QHM_ERROR_BAD_INPUT, "%s: result %u is recorded twice",
                                reader->file_name, reader->records[i].number);
            *bit = next + count++;
        }
        if (count > 0)
            QHM_TRY(qhm_circuit_append_bits(circuit, name, count));
        next += count;
    }
    uint32_t scratch = 0;
    for (uint32_t r = 0; r < reader->result_count; r++)
        if (bits[r] == NO_BIT)
            bits[r] = next + scratch++;
    return scratch > 0 ? qhm_circuit_append_bits(circuit, NULL, scratch) : QHM_OK;
}

static qhm_status fill_circuit(const struct reader *reader, qhm_circuit *circuit, uint32_t *bits)
{
    for (uint32_t r = 0; r < reader->result_count; r++)
        bits[r] = NO_BIT;
    if (reader->qubit_count > 0)
        QHM_TRY(qhm_circuit_append_qubits(circuit, "q", reader->qubit_count));
    QHM_TRY(make_registers(reader, circuit, bits));
    for (size_t i = 0; i < reader->operation_count; i++) {
        const struct operation *operation = &reader->operations[i];
        const qhm_angle angle = qhm_angle_constant(operation->angle);
        const qhm_instruction instruction = {
            .gate = operation->gate,
            .qubits = operation->qubits,
            .angles = &angle,
            .bit = operation->gate == QHM_GATE_MEASURE ? bits[operation->result] : 0};
        qhm_status status = qhm_circuit_append_instruction(circuit, &instruction);
        if (status == QHM_ERROR_INVALID_ARGUMENT) { // a qubit twice, an angle that is not finite
            qhm_prefix_error_message("%s", reader->file_name);
            return QHM_ERROR_BAD_INPUT;
        }
        QHM_TRY(status);
    }
    return QHM_OK;
}

static qhm_status make_circuit(const struct reader *reader, qhm_circuit **circuit)
{
    uint32_t *bits;
    qhm_circuit *made;
    QHM_TRY(qhm_allocate(reader->result_count, sizeof *bits, &bits));
    qhm_status status = qhm_circuit_create(0, 0, &made);
    if (status == QHM_OK) {
        status = fill_circuit(reader, made, bits);
        if (status == QHM_OK)
            *circuit = made;
        else
            qhm_circuit_destroy(made);
    }
    qhm_release(bits);
    return status;
}

qhm_status qhm_qir_parse(const char *text, size_t length, const char *file_name,
                         qhm_circuit **circuit)
{
    QHM_REQUIRE(text && circuit, "qhm_qir_parse needs a text and a place for the circuit");
    struct reader reader = {.file_name = file_name ? file_name : "<input>"};
    QHM_REQUIRE(length < SIZE_MAX, "the text is too long");
    QHM_TRY(qhm_allocate(length + 1, 1, &reader.text));
    memcpy(reader.text, text, length);
    qhm_status status = read_lines(&reader, length);
    if (status == QHM_OK)
        status = make_circuit(&reader, circuit);
    for (size_t i = 0; i < reader.label_count; i++) {
        qhm_release(reader.labels[i].name);
        qhm_release(reader.labels[i].text);
    }
    qhm_release(reader.labels);
    qhm_release(reader.operations);
    qhm_release(reader.records);
    qhm_release(reader.text);
    return status;
}
