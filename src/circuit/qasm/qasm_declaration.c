// Declarations: qubits, bits, variables, constants, aliases, inputs.
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

// "[n]" after qreg q or qubit; the width is 1 and is_single true without it.
static qhm_status read_size(qasm_reader *reader, uint32_t *size, bool *is_single)
{
    *size = 1;
    *is_single = !qhm_qasm_accept(reader, QASM_LBRACKET);
    if (*is_single)
        return QHM_OK;
    int64_t count;
    QHM_TRY(qhm_qasm_read_integer(reader, "the size", 1, QHM_CIRCUIT_MAX_QUBITS, &count));
    *size = (uint32_t)count;
    return qhm_qasm_expect(reader, QASM_RBRACKET, "after the size");
}

static qhm_status declare_qubits(qasm_reader *reader, qasm_token token, uint32_t size,
                                 bool is_single)
{
    qasm_value value = {.kind = QASM_QUBITS, .is_single = is_single, .width = size};
    value.first = (uint32_t)qhm_circuit_qubit_count(reader->circuit);
    if (reader->scope_depth > 0)
        return qhm_qasm_fail(reader, token, NULL, "qubits are declared outside of blocks");
    if (size > QHM_CIRCUIT_MAX_QUBITS - value.first)
        return qhm_qasm_fail(reader, token, NULL, "more than %d qubits", QHM_CIRCUIT_MAX_QUBITS);
    QHM_TRY(qhm_qasm_declare(reader, token, QASM_SYMBOL_CONSTANT, value, NULL));
    return qhm_circuit_append_qubits(reader->circuit, qhm_qasm_name_of(reader, token)->text, size);
}

// "qubit[n] q;", "qreg q[n];"
qhm_status qhm_qasm_qubit_declaration(qasm_reader *reader)
{
    bool is_old = qhm_qasm_keyword_of(reader, qhm_qasm_take(reader)) == QASM_KEY_QREG;
    uint32_t size = 1;
    bool is_single = true;
    qasm_token token;
    if (!is_old)
        QHM_TRY(read_size(reader, &size, &is_single));
    QHM_TRY(qhm_qasm_expect_name(reader, "a register's name", &token));
    if (is_old) {
        QHM_TRY(read_size(reader, &size, &is_single));
        if (is_single && reader->version == 2)
            return qhm_qasm_fail(reader, token, NULL, "qreg needs a size: qreg q[2];");
    }
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after a declaration"));
    return declare_qubits(reader, token, size, is_single);
}

qhm_status qhm_qasm_bit_variable(qasm_reader *reader, qasm_token token, qasm_type type,
                                 qasm_symbol **symbol)
{
    uint32_t width = type.width > 0 ? type.width : 1;
    size_t present = qhm_circuit_bit_count(reader->circuit);
    qasm_value value = {.kind = QASM_BITS,
                        .form = QASM_BIT_LIST,
                        .is_single = type.is_single,
                        .width = width,
                        .first = (uint32_t)present};
    if (width > QHM_CIRCUIT_MAX_BITS - present)
        return qhm_qasm_fail(reader, token, NULL, "more than %d bits", QHM_CIRCUIT_MAX_BITS);
    QHM_TRY(qhm_qasm_declare(reader, token, QASM_SYMBOL_VARIABLE, value, symbol));
    (*symbol)->type = type;
    (*symbol)->is_stored = true;
    if (reader->scope_depth == 0) {
        const char *name =
            reader->annotations.is_scratch ? NULL : qhm_qasm_name_of(reader, token)->text;
        return qhm_circuit_append_bits(reader->circuit, name, width);
    }
    QHM_TRY(qhm_qasm_take_bits(reader, width, false, &(*symbol)->value.first));
    (*symbol)->owned_first = (*symbol)->value.first;
    (*symbol)->owned_count = width;
    return QHM_OK;
}

qhm_status qhm_qasm_variable(qasm_reader *reader, qasm_token token, qasm_type type,
                             bool is_constant, qasm_value value)
{
    QHM_TRY(qhm_qasm_convert(reader, token, type, &value));
    bool is_run_time = value.form == QASM_BIT_LIST || value.form == QASM_CONDITIONAL;
    if (is_constant || type.kind == QASM_DURATION) {
        if (is_run_time && type.kind != QASM_BITS)
            return qhm_qasm_fail(reader, token, NULL,
                                 "a constant must be known before the circuit runs");
        return qhm_qasm_declare(reader, token, QASM_SYMBOL_CONSTANT, value, NULL);
    }
    qasm_symbol *symbol;
    qasm_value initial = is_run_time ? (qasm_value){0} : value;
    QHM_TRY(qhm_qasm_declare(reader, token, QASM_SYMBOL_VARIABLE, initial, &symbol));
    symbol->type = type;
    return is_run_time ? qhm_qasm_assign(reader, token, symbol, value) : QHM_OK;
}

// "bit[n] c;", "creg c[n];", "bit c = measure q;", "bit[4] c = "0101";"
static qhm_status read_bits(qasm_reader *reader, qasm_token token, qasm_type type)
{
    qasm_symbol *symbol;
    if (!qhm_qasm_accept(reader, QASM_ASSIGN)) {
        QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after a declaration"));
        QHM_TRY(qhm_qasm_bit_variable(reader, token, type, &symbol));
        if (reader->scope_depth == 0)
            return QHM_OK;
        // Scratch bits are used again and again.
        for (uint32_t i = 0; i < symbol->value.width; i++)
            QHM_TRY(qhm_qasm_set(reader, symbol->value.first + i, false, NULL));
        return QHM_OK;
    }
    bool is_measured = qhm_qasm_keyword_of(reader, qhm_qasm_peek(reader)) == QASM_KEY_MEASURE;
    qasm_token place;
    qasm_value value;
    if (is_measured)
        QHM_TRY(qhm_qasm_bit_variable(reader, token, type, &symbol));
    QHM_TRY(qhm_qasm_read_assigned(reader, is_measured ? &symbol->value : NULL, &value, &place));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after a declaration"));
    if (is_measured)
        return QHM_OK;
    QHM_TRY(qhm_qasm_bit_variable(reader, token, type, &symbol));
    return qhm_qasm_assign(reader, place, symbol, value);
}

static qhm_status read_creg(qasm_reader *reader)
{
    qasm_token token;
    qasm_type type = {.kind = QASM_BITS};
    qasm_symbol *symbol;
    qhm_qasm_take(reader);
    QHM_TRY(qhm_qasm_expect_name(reader, "a register's name", &token));
    QHM_TRY(read_size(reader, &type.width, &type.is_single));
    if (type.is_single && reader->version == 2)
        return qhm_qasm_fail(reader, token, NULL, "creg needs a size: creg c[2];");
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after a declaration"));
    return qhm_qasm_bit_variable(reader, token, type, &symbol);
}

// "array[int[32], 3] a = {1, 2, 3};": a constant, whether it says so or not.
static qhm_status read_array(qasm_reader *reader)
{
    qasm_token array = qhm_qasm_take(reader), token, place;
    qasm_type type;
    int64_t count;
    qasm_value value;
    QHM_TRY(qhm_qasm_expect(reader, QASM_LBRACKET, "after array"));
    if (!qhm_qasm_is_type(reader, qhm_qasm_peek(reader)))
        return qhm_qasm_fail(reader, qhm_qasm_peek(reader), NULL, "expected the type of elements");
    QHM_TRY(qhm_qasm_read_type(reader, &type));
    if (!qhm_qasm_accept(reader, QASM_COMMA))
        return qhm_qasm_fail(reader, array, NULL, "an array needs its size");
    QHM_TRY(qhm_qasm_read_integer(reader, "the size of an array", 1, QASM_MOST_WIDTH, &count));
    if (qhm_qasm_peek(reader).kind == QASM_COMMA)
        return qhm_qasm_fail(reader, array, NULL,
                             "arrays of more than one dimension are not supported");
    QHM_TRY(qhm_qasm_expect(reader, QASM_RBRACKET, "after the size"));
    QHM_TRY(qhm_qasm_expect_name(reader, "an array's name", &token));
    if (!qhm_qasm_accept(reader, QASM_ASSIGN))
        return qhm_qasm_fail(reader, array, NULL, "arrays are supported as constants only");
    QHM_TRY(qhm_qasm_read_value(reader, &value, &place));
    if (value.kind != QASM_LIST || value.width != count)
        return qhm_qasm_fail(reader, place, NULL, "expected a list of %lld values",
                             (long long)count);
    qasm_value *items;
    QHM_TRY(qhm_qasm_arena_copy(&reader->scratch, value.items, value.width, sizeof *items, &items));
    for (uint32_t i = 0; i < value.width; i++) {
        QHM_TRY(qhm_qasm_convert(reader, place, type, &items[i]));
        if (items[i].form != QASM_CONSTANT && type.kind != QASM_BITS)
            return qhm_qasm_fail(reader, place, NULL, "arrays are supported as constants only");
    }
    value.items = items;
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after a declaration"));
    return qhm_qasm_declare(reader, token, QASM_SYMBOL_CONSTANT, value, NULL);
}

// A classical declaration, from its type or "const" on.
qhm_status qhm_qasm_declaration(qasm_reader *reader)
{
    if (qhm_qasm_keyword_of(reader, qhm_qasm_peek(reader)) == QASM_KEY_CREG)
        return read_creg(reader);
    bool is_constant = qhm_qasm_accept_keyword(reader, QASM_KEY_CONST);
    qasm_token first = qhm_qasm_peek(reader), token, place;
    if (qhm_qasm_keyword_of(reader, first) == QASM_KEY_ARRAY)
        return read_array(reader);
    if (!qhm_qasm_is_type(reader, first))
        return qhm_qasm_fail(reader, first, NULL, "expected a type after const");
    qasm_type type;
    QHM_TRY(qhm_qasm_read_type(reader, &type));
    QHM_TRY(qhm_qasm_expect_name(reader, "a variable's name", &token));
    if (type.kind == QASM_BITS && !is_constant)
        return read_bits(reader, token, type);
    qasm_value value = qhm_qasm_integer(0);
    place = token;
    bool has_value = qhm_qasm_accept(reader, QASM_ASSIGN);
    if (!has_value && is_constant)
        return qhm_qasm_fail(reader, token, NULL, "a constant needs its value");
    if (!has_value && type.kind == QASM_DURATION)
        value = (qasm_value){.kind = QASM_DURATION};
    if (has_value)
        QHM_TRY(qhm_qasm_read_assigned(reader, NULL, &value, &place));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after a declaration"));
    return qhm_qasm_variable(reader, token, type, is_constant, value);
}

// "let a = q[0:2] ++ r;"
qhm_status qhm_qasm_alias(qasm_reader *reader)
{
    qasm_token token, place;
    qasm_value value;
    qhm_qasm_take(reader);
    QHM_TRY(qhm_qasm_expect_name(reader, "an alias", &token));
    QHM_TRY(qhm_qasm_expect(reader, QASM_ASSIGN, "after the alias"));
    QHM_TRY(qhm_qasm_read_value(reader, &value, &place));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after the alias"));
    if (value.kind != QASM_QUBITS && value.kind != QASM_BITS)
        return qhm_qasm_fail(reader, place, NULL, "an alias stands for qubits or bits, not %s",
                             qhm_qasm_kind_text((qasm_kind)value.kind));
    return qhm_qasm_declare(reader, token, QASM_SYMBOL_CONSTANT, value, NULL);
}

static const qhm_qasm_value *find_given(const qasm_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->options.value_count; i++)
        if (strcmp(reader->options.values[i].name, name) == 0) {
            reader->values_used[i] = true;
            return &reader->options.values[i];
        }
    return NULL;
}

// An input with a value is a constant; a float or an angle without becomes a slot.
qhm_status qhm_qasm_input(qasm_reader *reader)
{
    qasm_token token, first = qhm_qasm_take(reader);
    qasm_type type;
    if (reader->scope_depth > 0)
        return qhm_qasm_fail(reader, first, NULL, "inputs are declared outside of blocks");
    if (!qhm_qasm_is_type(reader, qhm_qasm_peek(reader)))
        return qhm_qasm_fail(reader, qhm_qasm_peek(reader), NULL, "expected a type after input");
    QHM_TRY(qhm_qasm_read_type(reader, &type));
    QHM_TRY(qhm_qasm_expect_name(reader, "an input's name", &token));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after an input"));
    const char *name = qhm_qasm_name_of(reader, token)->text;
    const qhm_qasm_value *given = find_given(reader, name);
    bool is_real = type.kind == QASM_REAL || type.kind == QASM_ANGLE;
    qasm_value value;
    if (given) {
        value = qhm_qasm_real(given->value);
        if (!is_real && given->value != nearbyint(given->value))
            return qhm_qasm_fail(reader, token, NULL, "the value %g of %s is no whole number",
                                 given->value, name);
        if (!is_real && fabs(given->value) < 9e15)
            value = qhm_qasm_integer((int64_t)given->value);
        QHM_TRY(qhm_qasm_convert(reader, token, type, &value));
        return qhm_qasm_declare(reader, token, QASM_SYMBOL_CONSTANT, value, NULL);
    }
    if (!is_real)
        return qhm_qasm_fail(reader, token, "give it one, as with --param NAME=VALUE",
                             "the input %s needs a value: only floats and angles can be left open",
                             name);
    bool is_weight = reader->annotations.is_weight;
    qhm_slot slot = is_weight ? QHM_SLOT_WEIGHT : QHM_SLOT_INPUT;
    uint32_t index = (uint32_t)(is_weight ? qhm_circuit_weight_count(reader->circuit)
                                          : qhm_circuit_input_count(reader->circuit));
    QHM_TRY(qhm_qasm_slot_value(reader, slot, index, &value));
    QHM_TRY(qhm_qasm_declare(reader, token, QASM_SYMBOL_CONSTANT, value, NULL));
    return qhm_circuit_set_slot_name(reader->circuit, slot, index, name);
}
