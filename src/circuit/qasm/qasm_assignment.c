// Assignments and measurements: where values go.
#include "circuit/qasm/qasm_internal.h"

#include <string.h>

// Bits of the circuit that can be written, each as it is.
static bool is_writable(const qasm_value *value)
{
    if (value->kind != QASM_BITS || value->form != QASM_BIT_LIST)
        return false;
    for (uint32_t i = 0; value->list && i < value->width; i++)
        if (qhm_qasm_bit_is_constant(value->list[i]) || (value->list[i] & 1))
            return false;
    return true;
}

static uint32_t qubit_at(const qasm_value *qubits, uint32_t index)
{
    return qubits->list ? qubits->list[index] : qubits->first + index;
}

static qhm_status emit_measure(qasm_reader *reader, uint32_t qubit, uint32_t bit)
{
    return qhm_qasm_emit(reader,
                         (qhm_instruction){.gate = QHM_GATE_MEASURE, .qubits = &qubit, .bit = bit});
}

static qhm_status measure_into(qasm_reader *reader, const qasm_operand *operand,
                               const qasm_value *target)
{
    if (operand->value.width != target->width)
        return qhm_qasm_fail(reader, operand->token, NULL, "%u qubit%s measured into %u bit%s",
                             operand->value.width, operand->value.width == 1 ? "" : "s",
                             target->width, target->width == 1 ? "" : "s");
    for (uint32_t i = 0; i < target->width; i++)
        QHM_TRY(emit_measure(reader, qubit_at(&operand->value, i),
                             qhm_qasm_bit_place(qhm_qasm_bit_at(target, i))));
    return QHM_OK;
}

// Without a target the outcomes go to one scratch bit, for the qubits are changed all the same.
static qhm_status measure_and_forget(qasm_reader *reader, const qasm_operand *operand)
{
    QHM_TRY(qhm_qasm_warn(reader, operand->token, NULL, "the outcome of this measurement is lost"));
    if (reader->discard_bit == 0) {
        QHM_TRY(qhm_qasm_take_bits(reader, 1, false, &reader->discard_bit));
        reader->discard_bit++;
    }
    for (uint32_t i = 0; i < operand->value.width; i++)
        QHM_TRY(emit_measure(reader, qubit_at(&operand->value, i), reader->discard_bit - 1));
    return QHM_OK;
}

// "measure q -> c;", "measure q;"
qhm_status qhm_qasm_measure_arrow(qasm_reader *reader)
{
    qasm_operand operand;
    qasm_value target;
    qasm_token token;
    reader->call = qhm_qasm_take(reader);
    QHM_TRY(qhm_qasm_read_operand(reader, &operand));
    if (!qhm_qasm_accept(reader, QASM_ARROW)) {
        QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "or \"->\" after the qubits"));
        return measure_and_forget(reader, &operand);
    }
    QHM_TRY(qhm_qasm_read_value(reader, &target, &token));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after a measurement"));
    if (!is_writable(&target))
        return qhm_qasm_fail(reader, token, NULL, "a measurement goes into bits, not %s",
                             qhm_qasm_kind_text((qasm_kind)target.kind));
    return measure_into(reader, &operand, &target);
}

qhm_status qhm_qasm_read_assigned(qasm_reader *reader, const qasm_value *target, qasm_value *result,
                                  qasm_token *token)
{
    *token = qhm_qasm_peek(reader);
    if (qhm_qasm_keyword_of(reader, *token) != QASM_KEY_MEASURE)
        return qhm_qasm_read_value(reader, result, token);
    qasm_operand operand;
    reader->call = qhm_qasm_take(reader);
    QHM_TRY(qhm_qasm_read_operand(reader, &operand));
    *token = operand.token;
    *result = (qasm_value){0};
    if (target)
        return measure_into(reader, &operand, target);
    *result = (qasm_value){.kind = QASM_BITS,
                           .form = QASM_BIT_LIST,
                           .is_single = operand.value.is_single,
                           .width = operand.value.width};
    QHM_TRY(qhm_qasm_take_bits(reader, result->width, true, &result->first));
    return measure_into(reader, &operand, result);
}

// Classical bits for a variable, holding its present value.
static qhm_status make_stored(qasm_reader *reader, qasm_token token, qasm_symbol *symbol)
{
    qasm_value old = symbol->value;
    bool is_bool = symbol->type.kind == QASM_BOOL;
    bool is_whole = symbol->type.kind == QASM_INT || symbol->type.kind == QASM_UINT;
    if (!is_bool && !is_whole)
        return qhm_qasm_fail(reader, token, NULL, "%s cannot change while the circuit runs",
                             qhm_qasm_kind_text(symbol->type.kind));
    uint32_t width = is_bool ? 1 : symbol->type.width > 0 ? symbol->type.width : QASM_INT_WIDTH;
    if (symbol->owned_count == 0)
        QHM_TRY(qhm_qasm_take_bits(reader, width, false, &symbol->owned_first));
    symbol->owned_count = width;
    symbol->value = (qasm_value){.kind = (uint8_t)symbol->type.kind,
                                 .form = QASM_BIT_LIST,
                                 .is_single = true,
                                 .width = width,
                                 .first = symbol->owned_first};
    symbol->is_stored = true;
    reader->moved_count++;
    if (old.kind == QASM_NOTHING)
        return QHM_OK;
    const qasm_bit *bits;
    QHM_TRY(qhm_qasm_as_bits(reader, &old, width, &bits));
    return qhm_qasm_store(reader, &symbol->value, bits);
}

qhm_status qhm_qasm_assign(qasm_reader *reader, qasm_token token, qasm_symbol *symbol,
                           qasm_value value)
{
    QHM_TRY(qhm_qasm_convert(reader, token, symbol->type, &value));
    bool is_known = value.form == QASM_CONSTANT || value.form == QASM_SYMBOLIC;
    bool is_local = symbol->run_time_depth == reader->run_time_depth;
    if (is_known && symbol->type.kind != QASM_BITS && (is_local || !symbol->is_stored)) {
        if (!is_local)
            return qhm_qasm_fail(reader, token, NULL, "%s cannot change while the circuit runs",
                                 qhm_qasm_kind_text(symbol->type.kind));
        QHM_TRY(qhm_qasm_keep(reader, &value));
        symbol->value = value;
        symbol->is_stored = false;
        return QHM_OK;
    }
    qhm_condition path = reader->path;
    if (is_local && symbol->type.kind != QASM_BITS) { // nothing outside the path reads it
        reader->path = (qhm_condition){0};
    }
    qhm_status status = QHM_OK;
    const qasm_bit *bits;
    if (!symbol->is_stored) {
        symbol->value = (qasm_value){0};
        status = make_stored(reader, token, symbol);
    }
    if (status == QHM_OK)
        status = qhm_qasm_as_bits(reader, &value, symbol->value.width, &bits);
    if (status == QHM_OK)
        status = qhm_qasm_store(reader, &symbol->value, bits);
    reader->path = path;
    return status;
}

static qhm_status assign_bits(qasm_reader *reader, qasm_token token, const qasm_value *target,
                              qasm_value value)
{
    qasm_type type = {.kind = QASM_BITS, .width = target->width, .is_single = target->is_single};
    QHM_TRY(qhm_qasm_convert(reader, token, type, &value));
    const qasm_bit *bits;
    QHM_TRY(qhm_qasm_as_bits(reader, &value, target->width, &bits));
    return qhm_qasm_store(reader, target, bits);
}

// "c[0:2] = ...", "x[3] = 1": some bits of a variable, or bits under another name.
static qhm_status assign_elements(qasm_reader *reader, qasm_symbol *symbol)
{
    qasm_token token, place;
    qasm_value target, value;
    bool is_number = symbol->type.kind == QASM_INT || symbol->type.kind == QASM_UINT;
    if (symbol->kind == QASM_SYMBOL_VARIABLE && is_number && !symbol->is_stored)
        QHM_TRY(make_stored(reader, qhm_qasm_peek(reader), symbol));
    QHM_TRY(qhm_qasm_read_value(reader, &target, &token));
    if (!is_writable(&target))
        return qhm_qasm_fail(reader, token, NULL, "%s cannot be assigned to",
                             target.kind == QASM_BITS ? "a constant"
                                                      : qhm_qasm_kind_text((qasm_kind)target.kind));
    qasm_token operation = qhm_qasm_take(reader);
    QHM_TRY(qhm_qasm_read_assigned(reader, operation.kind == QASM_ASSIGN ? &target : NULL, &value,
                                   &place));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after an assignment"));
    if (value.kind == QASM_NOTHING)
        return QHM_OK; // measured into place
    if (operation.kind == QASM_ASSIGN_OP)
        QHM_TRY(qhm_qasm_binary(reader, operation, operation.operation, &target, &value, &value));
    return assign_bits(reader, place, &target, value);
}

qhm_status qhm_qasm_assignment(qasm_reader *reader)
{
    qasm_token token = qhm_qasm_peek(reader), place;
    qasm_symbol *symbol = qhm_qasm_symbol_of(reader, token);
    bool is_whole = qhm_qasm_peek_at(reader, 1).kind != QASM_LBRACKET;
    bool has_bits = symbol->value.kind == QASM_BITS && is_writable(&symbol->value);
    if (symbol->kind != QASM_SYMBOL_VARIABLE && !has_bits)
        return qhm_qasm_fail(reader, token, NULL, "\"%s\" cannot be assigned to",
                             qhm_qasm_text(reader, token));
    if (!is_whole || has_bits)
        return assign_elements(reader, symbol);
    qhm_qasm_take(reader);
    qasm_token operation = qhm_qasm_take(reader);
    qasm_value value, old = symbol->value;
    QHM_TRY(qhm_qasm_read_assigned(reader, NULL, &value, &place));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after an assignment"));
    if (operation.kind == QASM_ASSIGN_OP)
        QHM_TRY(qhm_qasm_binary(reader, operation, operation.operation, &old, &value, &value));
    return qhm_qasm_assign(reader, place, symbol, value);
}

// Finds the next variable or register that the tokens assign to: "x =", "x[i] +=", "-> x".
static qasm_symbol *next_assigned(qasm_reader *reader, size_t *at, size_t end)
{
    const qasm_token *tokens = reader->stream->tokens;
    for (; *at < end; (*at)++) {
        if (tokens[*at].kind != QASM_NAME)
            continue;
        size_t after = *at + 1, depth = 0;
        while (after < end && (tokens[after].kind == QASM_LBRACKET || depth > 0)) {
            depth += tokens[after].kind == QASM_LBRACKET;
            depth -= tokens[after].kind == QASM_RBRACKET;
            after++;
        }
        bool is_assigned = after < end && (tokens[after].kind == QASM_ASSIGN ||
                                           tokens[after].kind == QASM_ASSIGN_OP);
        is_assigned = is_assigned || (*at > 0 && tokens[*at - 1].kind == QASM_ARROW);
        qasm_symbol *symbol = is_assigned ? qhm_qasm_symbol_of(reader, tokens[*at]) : NULL;
        if (symbol)
            return symbol;
    }
    return NULL;
}

qhm_status qhm_qasm_store_assigned(qasm_reader *reader, size_t begin, size_t end)
{
    qasm_symbol *symbol;
    for (size_t at = begin; (symbol = next_assigned(reader, &at, end)); at++)
        if (symbol->kind == QASM_SYMBOL_VARIABLE && !symbol->is_stored &&
            symbol->type.kind != QASM_BITS)
            QHM_TRY(make_stored(reader, reader->stream->tokens[at], symbol));
    return QHM_OK;
}

bool qhm_qasm_changes_condition(qasm_reader *reader, const qhm_condition *condition, size_t begin,
                                size_t end, bool is_last_harmless)
{
    const qasm_token *tokens = reader->stream->tokens;
    qasm_symbol *symbol;
    for (size_t i = begin; i < end; i++) { // a loop's last statement is not the last to run
        qasm_keyword keyword = qhm_qasm_keyword_of(reader, tokens[i]);
        if (keyword == QASM_KEY_FOR || keyword == QASM_KEY_WHILE)
            is_last_harmless = false;
    }
    for (size_t at = begin; (symbol = next_assigned(reader, &at, end)); at++) {
        const qasm_value *value = &symbol->value;
        bool overlaps = false;
        for (uint32_t i = 0; i < value->width && value->form == QASM_BIT_LIST && !overlaps; i++) {
            qasm_bit bit = qhm_qasm_bit_at(value, i);
            overlaps = !qhm_qasm_bit_is_constant(bit) &&
                       qhm_qasm_bit_place(bit) - condition->first_bit < condition->bit_count;
        }
        if (!overlaps)
            continue;
        // One bit that the last statement writes changes nothing that is still to come.
        size_t after = at;
        while (after < end && tokens[after].kind != QASM_SEMICOLON)
            after++;
        bool is_last =
            after + 1 >= end || (after + 2 >= end && tokens[after + 1].kind == QASM_RBRACE);
        bool is_one_bit =
            value->width == 1 ||
            (at + 3 < end && tokens[at + 1].kind == QASM_LBRACKET &&
             tokens[at + 2].kind == QASM_INTEGER && tokens[at + 3].kind == QASM_RBRACKET);
        // What is assigned must be plain, or computing it may take more than one step.
        bool is_plain = false;
        for (size_t i = at; i < after && !is_plain; i++)
            is_plain = qhm_qasm_keyword_of(reader, tokens[i]) == QASM_KEY_MEASURE ||
                       tokens[i].kind == QASM_ARROW ||
                       (tokens[i].kind == QASM_ASSIGN && i + 2 == after &&
                        tokens[i + 1].kind == QASM_INTEGER);
        is_plain = is_plain || (at > 0 && tokens[at - 1].kind == QASM_ARROW);
        if (!is_last_harmless || !is_last || !is_one_bit || !is_plain)
            return true;
    }
    return false;
}
