// One statement: what its first word says it is.
#include "base/text.h"
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

// "reset q;"
static qhm_status reset(qasm_reader *reader)
{
    qasm_operand operand;
    reader->call = qhm_qasm_take(reader);
    do {
        QHM_TRY(qhm_qasm_read_operand(reader, &operand));
        for (uint32_t i = 0; i < operand.value.width; i++) {
            uint32_t qubit = operand.value.list ? operand.value.list[i] : operand.value.first + i;
            QHM_TRY(
                qhm_qasm_emit(reader, (qhm_instruction){.gate = QHM_GATE_RESET, .qubits = &qubit}));
        }
    } while (!reader->options.strict && qhm_qasm_accept(reader, QASM_COMMA));
    return qhm_qasm_expect(reader, QASM_SEMICOLON, "after reset");
}

static qhm_status emit_delays(qasm_reader *reader, const qasm_operand *operand, double duration_ns)
{
    for (uint32_t i = 0; i < operand->value.width && isfinite(duration_ns); i++) {
        uint32_t qubit = operand->value.list ? operand->value.list[i] : operand->value.first + i;
        QHM_TRY(qhm_qasm_emit(reader, (qhm_instruction){.gate = QHM_GATE_DELAY,
                                                        .qubits = &qubit,
                                                        .duration_ns = duration_ns}));
    }
    return QHM_OK;
}

// "delay[100ns] q;", and "delay(100) q;" as Qiskit writes it for version 2. In a unit that is not
// known it is left out, which changes nothing without noise.
static qhm_status delay(qasm_reader *reader)
{
    qasm_token token = qhm_qasm_take(reader), place;
    qasm_operand operand;
    qasm_value value;
    double duration_ns = NAN;
    reader->call = token;
    bool has_parentheses = qhm_qasm_accept(reader, QASM_LPAREN);
    if (has_parentheses || qhm_qasm_accept(reader, QASM_LBRACKET)) {
        QHM_TRY(qhm_qasm_read_value(reader, &value, &place));
        QHM_TRY(qhm_qasm_expect(reader, has_parentheses ? QASM_RPAREN : QASM_RBRACKET,
                                "after the duration"));
        if (value.kind == QASM_DURATION && value.form == QASM_CONSTANT)
            duration_ns = value.real;
        if (duration_ns < 0)
            return qhm_qasm_fail(reader, place, NULL, "a delay cannot last %g ns", duration_ns);
    }
    while (qhm_qasm_peek(reader).kind != QASM_SEMICOLON) {
        QHM_TRY(qhm_qasm_read_operand(reader, &operand));
        QHM_TRY(emit_delays(reader, &operand, duration_ns));
        if (!qhm_qasm_accept(reader, QASM_COMMA))
            break;
    }
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after delay"));
    if (isfinite(duration_ns) || reader->has_warned_timing)
        return QHM_OK;
    reader->has_warned_timing = true;
    return qhm_qasm_warn(reader, token, NULL, "delays without a known unit of time are left out");
}

// "nop q;"
static qhm_status nop(qasm_reader *reader)
{
    qasm_operand operand;
    qhm_qasm_take(reader);
    while (qhm_qasm_peek(reader).kind != QASM_SEMICOLON) {
        QHM_TRY(qhm_qasm_read_operand(reader, &operand));
        if (!qhm_qasm_accept(reader, QASM_COMMA))
            break;
    }
    return qhm_qasm_expect(reader, QASM_SEMICOLON, "after nop");
}

static qhm_status box(qasm_reader *reader)
{
    qasm_token place;
    qasm_value value;
    qhm_qasm_take(reader);
    if (qhm_qasm_accept(reader, QASM_LBRACKET)) {
        QHM_TRY(qhm_qasm_read_value(reader, &value, &place));
        QHM_TRY(qhm_qasm_expect(reader, QASM_RBRACKET, "after the duration"));
    }
    if (qhm_qasm_peek(reader).kind != QASM_LBRACE)
        return qhm_qasm_expect(reader, QASM_LBRACE, "after box");
    return qhm_qasm_block(reader);
}

// break, continue and end: what is known while reading can be left while reading.
static qhm_status leave(qasm_reader *reader, qasm_keyword keyword)
{
    qasm_token token = qhm_qasm_take(reader);
    bool is_end = keyword == QASM_KEY_END;
    if (!is_end && !reader->is_in_loop)
        return qhm_qasm_fail(reader, token, NULL,
                             reader->run_time_depth > 0
                                 ? "%s cannot leave a loop that runs on measured bits"
                                 : "%s outside of a loop",
                             qhm_qasm_text(reader, token));
    if (reader->run_time_depth > (is_end ? 0 : reader->breakable_depth))
        return qhm_qasm_fail(reader, token, NULL,
                             "%s under a condition on measured bits is not supported",
                             qhm_qasm_text(reader, token));
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after this"));
    reader->flow = is_end                      ? QASM_FLOW_END
                   : keyword == QASM_KEY_BREAK ? QASM_FLOW_BREAK
                                               : QASM_FLOW_CONTINUE;
    return QHM_OK;
}

static bool begins_with(const qasm_reader *reader, qasm_token token, const char *text)
{
    size_t length = strlen(text);
    return token.length >= length && memcmp(qhm_qasm_bytes(reader, token), text, length) == 0;
}

// The numbers after "@qhm.unitary": the dimension, then re and im of every entry, row by row.
static qhm_status read_unitary(qasm_reader *reader, qasm_token token, qhm_complex **matrix,
                               size_t *dimension)
{
    enum { MOST = QHM_UNITARY_MAX_DIMENSION, DIGITS = 64 };
    const char *bytes = qhm_qasm_bytes(reader, token);
    double *numbers;
    size_t count = 0, most = 1 + 2 * (size_t)MOST * MOST;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, most, sizeof *numbers, &numbers));
    for (size_t i = strlen("@qhm.unitary"); i < token.length;) {
        char word[DIGITS];
        size_t length = 0;
        while (i < token.length && (bytes[i] == ' ' || bytes[i] == '\t'))
            i++;
        while (i < token.length && bytes[i] != ' ' && bytes[i] != '\t' && length < DIGITS - 1)
            word[length++] = bytes[i++];
        word[length] = '\0';
        if (length == 0)
            break;
        if (count == most || !qhm_parse_double(word, &numbers[count++]))
            return qhm_qasm_fail(reader, token, NULL, "@qhm.unitary holds \"%s\"", word);
    }
    *dimension = count > 0 && numbers[0] >= 2 && numbers[0] <= MOST ? (size_t)numbers[0] : 0;
    if (*dimension == 0 || count != 1 + 2 * *dimension * *dimension)
        return qhm_qasm_fail(reader, token, NULL,
                             "@qhm.unitary needs a dimension and its matrix, not %zu numbers",
                             count);
    QHM_TRY(
        qhm_qasm_arena_take(&reader->scratch, *dimension * *dimension, sizeof **matrix, matrix));
    for (size_t i = 0; i < *dimension * *dimension; i++)
        (*matrix)[i] = (qhm_complex){numbers[1 + 2 * i], numbers[2 + 2 * i]};
    return QHM_OK;
}

// Annotations that are not ours are for other tools.
static void read_annotation(qasm_reader *reader, qasm_token token)
{
    qasm_annotations *annotations = &reader->annotations;
    if (begins_with(reader, token, "@qhm.unitary"))
        annotations->unitary = token;
    annotations->is_weight |= begins_with(reader, token, "@qhm.weight");
    annotations->is_scratch |= begins_with(reader, token, "@qhm.scratch");
    annotations->is_table_gate |= begins_with(reader, token, "@qhm.gate");
}

// Pragmas that change what the circuit does are refused, the others told.
static qhm_status read_pragma(qasm_reader *reader, qasm_token token)
{
    static const char *const refused[] = {"braket unitary", "braket noise"};
    const char *bytes = qhm_qasm_bytes(reader, token);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (memmem(bytes, token.length, refused[i], strlen(refused[i])))
            return qhm_qasm_fail(reader, token, NULL, "the pragma \"%s\" is not supported",
                                 refused[i]);
    return qhm_qasm_warn(reader, token, NULL, "this pragma is left out");
}

static qhm_status call_gate(qasm_reader *reader)
{
    qasm_token token = reader->annotations.unitary;
    if (token.kind != QASM_ANNOTATION || reader->defining)
        return qhm_qasm_gate_call(reader);
    qhm_complex *matrix = NULL;
    QHM_TRY(read_unitary(reader, token, &matrix, &reader->unitary_dimension));
    reader->unitary = matrix;
    qhm_status status = qhm_qasm_gate_call(reader);
    reader->unitary = NULL;
    return status;
}

// "f(q);", a subroutine for its effect.
static qhm_status call_subroutine(qasm_reader *reader)
{
    qasm_value value;
    qasm_token token;
    QHM_TRY(qhm_qasm_read_value(reader, &value, &token));
    return qhm_qasm_expect(reader, QASM_SEMICOLON, "after a call");
}

static qhm_status fail_refused(qasm_reader *reader, qasm_token token, qasm_keyword keyword)
{
    const char *what = "pulses are";
    if (keyword == QASM_KEY_EXTERN)
        what = "extern functions are";
    if (keyword == QASM_KEY_STRETCH || keyword == QASM_KEY_DURATIONOF)
        what = "stretches are";
    return qhm_qasm_fail(reader, token, NULL, "%s: %s not supported", qhm_qasm_text(reader, token),
                         what);
}

static qhm_status word_statement(qasm_reader *reader, qasm_token token)
{
    qasm_symbol *symbol = qhm_qasm_symbol_of(reader, token);
    uint8_t next = qhm_qasm_peek_at(reader, 1).kind;
    if (next == QASM_ASSIGN || next == QASM_ASSIGN_OP || (symbol && next == QASM_LBRACKET)) {
        if (!symbol)
            return qhm_qasm_fail_undeclared(reader, token);
        if (reader->defining)
            return qhm_qasm_fail(reader, token, NULL, "a gate cannot assign");
        return qhm_qasm_assignment(reader);
    }
    if (next == QASM_LBRACKET && !qhm_qasm_name_of(reader, token)->gate)
        return qhm_qasm_fail_undeclared(reader, token);
    const qasm_name *name = qhm_qasm_name_of(reader, token);
    if (name->subroutine && next == QASM_LPAREN)
        return call_subroutine(reader);
    bool is_undefined = !name->gate || name->gate->meaning == QASM_GATE_OPAQUE;
    if (reader->version == 2 && is_undefined && strcmp(name->text, "delay") == 0)
        return delay(reader); // as Qiskit writes it
    return call_gate(reader);
}

static bool may_stand_in_gate(qasm_keyword keyword)
{
    switch (keyword) {
    case QASM_KEY_NONE:
    case QASM_KEY_BARRIER:
    case QASM_KEY_IF:
    case QASM_KEY_FOR:
    case QASM_KEY_WHILE:
    case QASM_KEY_BREAK:
    case QASM_KEY_CONTINUE:
    case QASM_KEY_CONST:
    case QASM_KEY_CTRL:
    case QASM_KEY_NEGCTRL:
    case QASM_KEY_INV:
    case QASM_KEY_POW:
    case QASM_KEY_GPHASE:
    case QASM_KEY_DELAY:
    case QASM_KEY_NOP:
    case QASM_KEY_BOX:
        return true;
    default:
        return false;
    }
}

static qhm_status output_declaration(qasm_reader *reader)
{
    qhm_qasm_take(reader);
    return qhm_qasm_declaration(reader);
}

typedef qhm_status statement_reader(qasm_reader *reader);

// Statements that their first word decides.
static statement_reader *const readers[] = {
    [QASM_KEY_CTRL] = call_gate,
    [QASM_KEY_NEGCTRL] = call_gate,
    [QASM_KEY_INV] = call_gate,
    [QASM_KEY_POW] = call_gate,
    [QASM_KEY_GPHASE] = call_gate,
    [QASM_KEY_MEASURE] = qhm_qasm_measure_arrow,
    [QASM_KEY_BARRIER] = qhm_qasm_barrier,
    [QASM_KEY_RESET] = reset,
    [QASM_KEY_QREG] = qhm_qasm_qubit_declaration,
    [QASM_KEY_QUBIT] = qhm_qasm_qubit_declaration,
    [QASM_KEY_INPUT] = qhm_qasm_input,
    [QASM_KEY_OUTPUT] = output_declaration,
    [QASM_KEY_CREG] = qhm_qasm_declaration,
    [QASM_KEY_CONST] = qhm_qasm_declaration,
    [QASM_KEY_BIT] = qhm_qasm_declaration,
    [QASM_KEY_BOOL] = qhm_qasm_declaration,
    [QASM_KEY_INT] = qhm_qasm_declaration,
    [QASM_KEY_UINT] = qhm_qasm_declaration,
    [QASM_KEY_FLOAT] = qhm_qasm_declaration,
    [QASM_KEY_ANGLE] = qhm_qasm_declaration,
    [QASM_KEY_COMPLEX] = qhm_qasm_declaration,
    [QASM_KEY_ARRAY] = qhm_qasm_declaration,
    [QASM_KEY_DURATION] = qhm_qasm_declaration,
    [QASM_KEY_LET] = qhm_qasm_alias,
    [QASM_KEY_GATE] = qhm_qasm_gate_definition,
    [QASM_KEY_OPAQUE] = qhm_qasm_opaque,
    [QASM_KEY_DEF] = qhm_qasm_subroutine_definition,
    [QASM_KEY_RETURN] = qhm_qasm_return,
    [QASM_KEY_IF] = qhm_qasm_if,
    [QASM_KEY_WHILE] = qhm_qasm_while,
    [QASM_KEY_FOR] = qhm_qasm_for,
    [QASM_KEY_SWITCH] = qhm_qasm_switch,
    [QASM_KEY_INCLUDE] = qhm_qasm_include,
    [QASM_KEY_DELAY] = delay,
    [QASM_KEY_BOX] = box,
    [QASM_KEY_NOP] = nop,
};

static qhm_status keyword_statement(qasm_reader *reader, qasm_token token, qasm_keyword keyword)
{
    if (reader->defining && !may_stand_in_gate(keyword))
        return qhm_qasm_fail(reader, token, NULL, "\"%s\" cannot stand in a gate",
                             qhm_qasm_text(reader, token));
    if ((size_t)keyword < sizeof readers / sizeof readers[0] && readers[keyword])
        return readers[keyword](reader);
    switch (keyword) {
    case QASM_KEY_NONE:
        return word_statement(reader, token);
    case QASM_KEY_BREAK:
    case QASM_KEY_CONTINUE:
    case QASM_KEY_END:
        return leave(reader, keyword);
    case QASM_KEY_EXTERN:
    case QASM_KEY_STRETCH:
    case QASM_KEY_DURATIONOF:
    case QASM_KEY_CAL:
    case QASM_KEY_DEFCAL:
    case QASM_KEY_DEFCALGRAMMAR:
    case QASM_KEY_PORT:
    case QASM_KEY_FRAME:
    case QASM_KEY_WAVEFORM:
        return fail_refused(reader, token, keyword);
    case QASM_KEY_OPENQASM:
        return qhm_qasm_fail(reader, token, NULL, "the version comes first in a file");
    default:
        return qhm_qasm_fail(reader, token, NULL, "\"%s\" cannot begin a statement",
                             qhm_qasm_text(reader, token));
    }
}

static qhm_status one_statement(qasm_reader *reader)
{
    qasm_token token = qhm_qasm_peek(reader);
    while (token.kind == QASM_ANNOTATION) {
        read_annotation(reader, qhm_qasm_take(reader));
        token = qhm_qasm_peek(reader);
    }
    switch (token.kind) {
    case QASM_NAME:
        return keyword_statement(reader, token, qhm_qasm_keyword_of(reader, token));
    case QASM_PRAGMA:
        return read_pragma(reader, qhm_qasm_take(reader));
    case QASM_SEMICOLON:
        qhm_qasm_take(reader);
        if (reader->options.strict && reader->version == 2)
            return qhm_qasm_fail(reader, token, NULL, "nothing stands before this \";\"");
        return QHM_OK;
    case QASM_LBRACE:
        return qhm_qasm_block(reader);
    default:
        if (token.kind == QASM_END_OF_TEXT)
            return qhm_qasm_fail(reader, token, NULL, "expected a statement, not %s",
                                 qhm_qasm_text(reader, token));
        return qhm_qasm_fail(reader, token, NULL, "\"%s\" cannot begin a statement",
                             qhm_qasm_text(reader, token));
    }
}

qhm_status qhm_qasm_statement(qasm_reader *reader)
{
    size_t temporaries = reader->temporary_count;
    qhm_status status = one_statement(reader);
    reader->annotations = (qasm_annotations){0};
    if (reader->failure != QHM_OK)
        return reader->failure;
    if (reader->temporary_count > temporaries) {
        qhm_status freed = qhm_qasm_free_temporaries(reader, temporaries);
        status = status == QHM_OK ? freed : status;
    }
    return status;
}

// Statements in braces, or one statement; after break, return and the like the rest is left.
qhm_status qhm_qasm_block(qasm_reader *reader)
{
    qasm_symbol *outer;
    QHM_TRY(qhm_qasm_scope_open(reader, &outer));
    qhm_status status = QHM_OK, first = QHM_OK;
    if (!qhm_qasm_accept(reader, QASM_LBRACE)) {
        status = qhm_qasm_statement(reader);
        qhm_qasm_scope_close(reader, outer);
        return status;
    }
    while (reader->flow == QASM_FLOW_ON && qhm_qasm_peek(reader).kind != QASM_RBRACE &&
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
    if (status == QHM_OK || status == QHM_ERROR_BAD_INPUT)
        status = first;
    if (status == QHM_OK && reader->flow == QASM_FLOW_ON)
        status = qhm_qasm_expect(reader, QASM_RBRACE, "at the end of the block");
    qhm_qasm_scope_close(reader, outer);
    return reader->failure != QHM_OK ? reader->failure : status;
}
