// Gate definitions become lists of steps.
#include "base/memory.h"
#include "circuit/qasm/qasm_internal.h"

#include <string.h>

// Names in a list up to `end`, declared as the parameters or qubits of the gate.
static qhm_status read_formals(qasm_reader *reader, qasm_symbol_kind kind, qasm_token_kind end,
                               uint32_t *count)
{
    *count = 0;
    while (qhm_qasm_peek(reader).kind != (uint8_t)end) {
        qasm_token token;
        QHM_TRY(qhm_qasm_expect_name(
            reader, kind == QASM_SYMBOL_FORMAL ? "a qubit's name" : "a parameter's name", &token));
        qasm_value value = qhm_qasm_integer(*count);
        if (kind == QASM_SYMBOL_FORMAL)
            value =
                (qasm_value){.kind = QASM_QUBITS, .is_single = true, .width = 1, .first = *count};
        QHM_TRY(qhm_qasm_declare(reader, token, kind, value, NULL));
        (*count)++;
        if (!qhm_qasm_accept(reader, QASM_COMMA))
            break;
    }
    return QHM_OK;
}

// From the name's parentheses to the closing brace, inside the gate's scope.
static qhm_status read_definition(qasm_reader *reader, qasm_gate *gate)
{
    if (qhm_qasm_accept(reader, QASM_LPAREN)) {
        QHM_TRY(read_formals(reader, QASM_SYMBOL_PARAMETER, QASM_RPAREN, &gate->parameter_count));
        QHM_TRY(qhm_qasm_expect(reader, QASM_RPAREN, "after the parameters"));
    }
    QHM_TRY(read_formals(reader, QASM_SYMBOL_FORMAL, QASM_LBRACE, &gate->qubit_count));
    if (gate->qubit_count == 0)
        return qhm_qasm_fail(reader, qhm_qasm_peek(reader), NULL, "a gate needs a qubit");
    QHM_TRY(qhm_qasm_expect(reader, QASM_LBRACE, "before the gate's body"));
    qasm_gate *outer = reader->defining;
    size_t base = reader->recorded_count;
    reader->defining = gate;
    qhm_status status = QHM_OK, first = QHM_OK;
    while (qhm_qasm_peek(reader).kind != QASM_RBRACE &&
           qhm_qasm_peek(reader).kind != QASM_END_OF_TEXT) {
        size_t begin = reader->stream->position;
        status = qhm_qasm_statement(reader);
        if (status == QHM_ERROR_BAD_INPUT) { // the other statements are checked too
            first = status;
            reader->stream->position = begin;
            qhm_qasm_skip_statement(reader);
        } else if (status != QHM_OK) {
            break;
        }
    }
    reader->defining = outer;
    if (status == QHM_OK || status == QHM_ERROR_BAD_INPUT)
        status = first;
    if (status == QHM_OK)
        status = qhm_qasm_expect(reader, QASM_RBRACE, "after the gate's body");
    gate->step_count = reader->recorded_count - base;
    if (status == QHM_OK && gate->step_count > 0)
        status = qhm_qasm_arena_copy(&reader->kept, reader->recorded + base, gate->step_count,
                                     sizeof *gate->steps, &gate->steps);
    reader->recorded_count = base;
    return status;
}

qhm_status qhm_qasm_definition_into(qasm_reader *reader, qasm_gate *gate)
{
    qhm_qasm_take(reader); // gate
    qhm_qasm_take(reader); // its name
    qasm_symbol *outer;
    QHM_TRY(qhm_qasm_scope_open(reader, &outer));
    gate->meaning = QASM_GATE_STEPS;
    qhm_status status = read_definition(reader, gate);
    qhm_qasm_scope_close(reader, outer);
    return status;
}

static bool are_same(const qasm_reader *reader, const qasm_gate *a, const qasm_gate *b)
{
    if (a->token_count != b->token_count)
        return false;
    for (size_t i = 0; i < a->token_count; i++)
        if (a->tokens[i].length != b->tokens[i].length ||
            memcmp(qhm_qasm_bytes(reader, a->tokens[i]), qhm_qasm_bytes(reader, b->tokens[i]),
                   a->tokens[i].length) != 0)
            return false;
    return true;
}

qhm_status qhm_qasm_gate_definition(qasm_reader *reader)
{
    size_t begin = reader->stream->position;
    bool is_table_gate = reader->annotations.is_table_gate;
    qhm_qasm_take(reader);
    qasm_token token;
    QHM_TRY(qhm_qasm_expect_name(reader, "a gate's name", &token));
    qasm_gate *gate, *old = qhm_qasm_name_of(reader, token)->gate;
    QHM_TRY(qhm_qasm_arena_take(&reader->kept, 1, sizeof *gate, &gate));
    *gate = (qasm_gate){.name = qhm_qasm_name_of(reader, token)->text};
    reader->stream->position = begin;
    qhm_status status = qhm_qasm_definition_into(reader, gate);
    if (status == QHM_ERROR_BAD_INPUT)
        qhm_qasm_name_of(reader, token)->is_reported = true; // calls have the same cause
    QHM_TRY(status);
    gate->token_count = reader->stream->position - begin;
    QHM_TRY(qhm_qasm_arena_copy(&reader->kept, reader->stream->tokens + begin, gate->token_count,
                                sizeof *gate->tokens, &gate->tokens));
    const qasm_gate *known;
    bool is_known; // QHM printed it, or others did: the gate of the table, spelled out
    QHM_TRY(qhm_qasm_built_in(reader, gate->name, &known));
    is_known = known && known->qubit_count == gate->qubit_count &&
               known->parameter_count == gate->parameter_count;
    if (is_known && !is_table_gate)
        QHM_TRY(qhm_qasm_recognise(reader, gate, known, &is_known));
    if (is_known) {
        *gate = *known;
        gate->libraries = QASM_ALWAYS_2 | QASM_ALWAYS_3;
    }
    bool is_again = old && !old->is_built_in && old->meaning != QASM_GATE_OPAQUE;
    if (is_again && are_same(reader, old, gate))
        return qhm_qasm_warn(reader, token, NULL, "gate \"%s\" is defined twice, alike",
                             gate->name);
    if (is_again)
        return qhm_qasm_fail(reader, token, NULL, "gate \"%s\" is defined already, otherwise",
                             gate->name);
    qhm_qasm_name_of(reader, token)->gate = gate;
    return QHM_OK;
}

// A known name keeps its built-in meaning; another may be declared but not called.
qhm_status qhm_qasm_opaque(qasm_reader *reader)
{
    qhm_qasm_take(reader);
    qasm_token token;
    QHM_TRY(qhm_qasm_expect_name(reader, "a gate's name", &token));
    const qasm_gate *known;
    QHM_TRY(qhm_qasm_built_in(reader, qhm_qasm_name_of(reader, token)->text, &known));
    qasm_gate *gate;
    QHM_TRY(qhm_qasm_arena_take(&reader->kept, 1, sizeof *gate, &gate));
    *gate = (qasm_gate){.name = qhm_qasm_name_of(reader, token)->text, .meaning = QASM_GATE_OPAQUE};
    qasm_symbol *outer;
    QHM_TRY(qhm_qasm_scope_open(reader, &outer));
    qhm_status status = QHM_OK;
    if (qhm_qasm_accept(reader, QASM_LPAREN)) {
        status = read_formals(reader, QASM_SYMBOL_PARAMETER, QASM_RPAREN, &gate->parameter_count);
        if (status == QHM_OK)
            status = qhm_qasm_expect(reader, QASM_RPAREN, "after the parameters");
    }
    if (status == QHM_OK)
        status = read_formals(reader, QASM_SYMBOL_FORMAL, QASM_SEMICOLON, &gate->qubit_count);
    qhm_qasm_scope_close(reader, outer);
    QHM_TRY(status);
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after the qubits"));
    if (known && known->qubit_count == gate->qubit_count &&
        known->parameter_count == gate->parameter_count) { // as if the file defined it
        *gate = *known;
        gate->libraries = QASM_ALWAYS_2 | QASM_ALWAYS_3;
    }
    qhm_qasm_name_of(reader, token)->gate = gate;
    return QHM_OK;
}
