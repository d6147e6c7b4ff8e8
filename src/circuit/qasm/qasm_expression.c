// Expressions: a shunting yard to postfix code, a stack machine to run it. Neither recurses, so
// that parentheses may be as deep as memory.
#include "base/memory.h"
#include "circuit/qasm/qasm_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// What waits for its right-hand side or its closing bracket.
typedef enum pending_kind {
    PENDING_OPERATOR,
    PENDING_UNARY,
    PENDING_GROUP,
    PENDING_FUNCTION,
    PENDING_CAST,
    PENDING_CALL,
    PENDING_INDEX,
    PENDING_LIST,
    PENDING_RANGE // [a:b] without a base
} pending_kind;

typedef struct qasm_pending {
    uint8_t kind, precedence, operation, colons;
    uint32_t count; // items so far
    qasm_token token;
    union {
        int function;
        qasm_type type;
        qasm_subroutine *subroutine;
    };
} qasm_pending;

enum { UNARY_PRECEDENCE = 12, POWER_PRECEDENCE = 13 };

// Larger binds tighter; 0: no binary operator.
static unsigned precedence_of(const qasm_reader *reader, uint8_t kind)
{
    switch (kind) {
    case QASM_CONCAT:
        return 1;
    case QASM_OR_OR:
        return 2;
    case QASM_AND_AND:
        return 3;
    case QASM_OR:
        return 4;
    case QASM_CARET:
        return reader->version == 2 ? POWER_PRECEDENCE : 5;
    case QASM_AND:
        return 6;
    case QASM_EQUAL:
    case QASM_NOT_EQUAL:
        return 7;
    case QASM_LESS:
    case QASM_LESS_EQUAL:
    case QASM_GREATER:
    case QASM_GREATER_EQUAL:
        return 8;
    case QASM_SHIFT_LEFT:
    case QASM_SHIFT_RIGHT:
        return 9;
    case QASM_PLUS:
    case QASM_MINUS:
        return 10;
    case QASM_STAR:
    case QASM_SLASH:
    case QASM_PERCENT:
        return 11;
    case QASM_POWER:
        return POWER_PRECEDENCE;
    default:
        return 0;
    }
}

static qhm_status push_code(qasm_reader *reader, qasm_code code)
{
    QHM_TRY(qhm_reserve(reader->code_count + 1, &reader->code_capacity, sizeof *reader->codes,
                        &reader->codes));
    reader->codes[reader->code_count++] = code;
    return QHM_OK;
}

static qhm_status push_constant(qasm_reader *reader, qasm_token token, qasm_value value)
{
    return push_code(reader,
                     (qasm_code){.operation = CODE_CONSTANT, .token = token, .value = value});
}

static qhm_status push_pending(qasm_reader *reader, qasm_pending pending)
{
    QHM_TRY(qhm_reserve(reader->pending_count + 1, &reader->pending_capacity,
                        sizeof *reader->pending, &reader->pending));
    reader->pending[reader->pending_count++] = pending;
    return QHM_OK;
}

// Writes out the operators that wait and bind at least as tightly.
static qhm_status pop_operators(qasm_reader *reader, size_t base, unsigned precedence)
{
    while (reader->pending_count > base) {
        qasm_pending top = reader->pending[reader->pending_count - 1];
        if ((top.kind != PENDING_OPERATOR && top.kind != PENDING_UNARY) ||
            top.precedence < precedence)
            return QHM_OK;
        reader->pending_count--;
        QHM_TRY(push_code(reader, (qasm_code){.operation = top.operation,
                                              .detail = top.kind == PENDING_UNARY,
                                              .token = top.token}));
    }
    return QHM_OK;
}

// A name as an operand: a constant of mathematics, a symbol, a function, a subroutine.
static qhm_status compile_name(qasm_reader *reader, qasm_token token, bool *is_call)
{
    qasm_name *name = qhm_qasm_name_of(reader, token);
    *is_call = qhm_qasm_peek(reader).kind == QASM_LPAREN;
    if (*is_call) {
        qhm_qasm_take(reader);
        if (name->subroutine)
            return push_pending(reader, (qasm_pending){.kind = PENDING_CALL,
                                                       .token = token,
                                                       .subroutine = name->subroutine});
        int function = qhm_qasm_function_find(name->text);
        if (function >= 0)
            return push_pending(
                reader,
                (qasm_pending){.kind = PENDING_FUNCTION, .token = token, .function = function});
        return qhm_qasm_fail(reader, token, NULL, "there is no function \"%s\"",
                             qhm_qasm_text(reader, token));
    }
    qasm_symbol *symbol = qhm_qasm_symbol_of(reader, token);
    if (symbol && symbol->kind == QASM_SYMBOL_PARAMETER)
        return push_code(reader, (qasm_code){.operation = CODE_PARAMETER,
                                             .count = (uint32_t)symbol->value.integer,
                                             .token = token});
    if (symbol && (symbol->kind == QASM_SYMBOL_CONSTANT || reader->defining))
        return push_constant(reader, token, symbol->value);
    if (symbol)
        return push_code(reader,
                         (qasm_code){.operation = CODE_SYMBOL, .token = token, .symbol = symbol});
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", M_PI},           {"\xCF\x80", M_PI}, {"tau", 2 * M_PI},
                     {"\xCF\x84", 2 * M_PI}, {"euler", M_E},     {"\xE2\x84\x87", M_E}};
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
        if (strcmp(constants[i].name, name->text) == 0)
            return push_constant(reader, token, qhm_qasm_real(constants[i].value));
    return qhm_qasm_fail_undeclared(reader, token);
}

static qhm_status compile_keyword(qasm_reader *reader, qasm_token token, qasm_keyword keyword,
                                  bool *is_open)
{
    *is_open = false;
    if (keyword == QASM_KEY_TRUE || keyword == QASM_KEY_FALSE) {
        qhm_qasm_take(reader);
        return push_constant(reader, token, qhm_qasm_bool(keyword == QASM_KEY_TRUE));
    }
    if (keyword == QASM_KEY_POW && qhm_qasm_peek_at(reader, 1).kind == QASM_LPAREN) {
        qhm_qasm_take(reader);
        *is_open = true;
        return compile_name(reader, token, &(bool){false});
    }
    if (qhm_qasm_is_type(reader, token)) {
        qasm_type type;
        QHM_TRY(qhm_qasm_read_type(reader, &type));
        QHM_TRY(qhm_qasm_expect(reader, QASM_LPAREN, "after the type of a cast"));
        *is_open = true;
        return push_pending(reader,
                            (qasm_pending){.kind = PENDING_CAST, .token = token, .type = type});
    }
    if (keyword == QASM_KEY_MEASURE)
        return qhm_qasm_fail(reader, token, "assign the outcome to a bit first",
                             "measure cannot stand inside an expression");
    if (keyword == QASM_KEY_DURATIONOF)
        return qhm_qasm_fail(reader, token, NULL, "durationof is not supported");
    return qhm_qasm_fail(reader, token, NULL, "expected an expression, not \"%s\"",
                         qhm_qasm_text(reader, token));
}

// Reads one operand or what opens one. *is_open: an operand is still expected.
static qhm_status compile_operand(qasm_reader *reader, bool *is_open)
{
    qasm_token token = qhm_qasm_peek(reader);
    *is_open = true;
    switch (token.kind) {
    case QASM_LPAREN:
        qhm_qasm_take(reader);
        return push_pending(reader, (qasm_pending){.kind = PENDING_GROUP, .token = token});
    case QASM_LBRACE:
        qhm_qasm_take(reader);
        return push_pending(reader, (qasm_pending){.kind = PENDING_LIST, .token = token});
    case QASM_LBRACKET:
        qhm_qasm_take(reader);
        return push_pending(reader, (qasm_pending){.kind = PENDING_RANGE, .token = token});
    case QASM_PLUS:
        qhm_qasm_take(reader);
        return QHM_OK;
    case QASM_MINUS:
    case QASM_TILDE:
    case QASM_BANG:
        qhm_qasm_take(reader);
        return push_pending(
            reader, (qasm_pending){.kind = PENDING_UNARY,
                                   .precedence = UNARY_PRECEDENCE,
                                   .operation = token.kind == QASM_MINUS ? CODE_NEGATE : token.kind,
                                   .token = token});
    case QASM_NAME: {
        qasm_keyword keyword = qhm_qasm_keyword_of(reader, token);
        if (keyword != QASM_KEY_NONE)
            return compile_keyword(reader, token, keyword, is_open);
        qhm_qasm_take(reader);
        return compile_name(reader, token, is_open);
    }
    case QASM_INTEGER:
    case QASM_FLOAT:
    case QASM_TIMING:
    case QASM_STRING:
    case QASM_HARDWARE: {
        qhm_qasm_take(reader);
        *is_open = false;
        qasm_value value;
        QHM_TRY(qhm_qasm_literal(reader, token, &value));
        return push_constant(reader, token, value);
    }
    default: {
        bool is_end = token.kind == QASM_END_OF_TEXT;
        return qhm_qasm_fail(reader, token, NULL, "expected an expression, not %s%s%s",
                             is_end ? "" : "\"", qhm_qasm_text(reader, token), is_end ? "" : "\"");
    }
    }
}

// The innermost thing that waits for a bracket or a comma; NULL: none.
static qasm_pending *innermost(qasm_reader *reader, size_t base)
{
    return reader->pending_count > base ? &reader->pending[reader->pending_count - 1] : NULL;
}

// Ends the item before a comma, a colon's last part or a closing bracket.
static qhm_status end_item(qasm_reader *reader, size_t base, bool has_operand)
{
    QHM_TRY(pop_operators(reader, base, 0));
    qasm_pending *top = innermost(reader, base);
    if (top->colons > 0) {
        qasm_token token = top->token;
        uint8_t parts = (uint8_t)(top->colons + 1);
        top->colons = 0;
        top->count++;
        if (!has_operand)
            QHM_TRY(push_constant(reader, token, (qasm_value){0}));
        return push_code(reader,
                         (qasm_code){.operation = CODE_RANGE, .count = parts, .token = token});
    }
    top->count += has_operand;
    return QHM_OK;
}

static qhm_status close_pending(qasm_reader *reader, size_t base)
{
    qasm_pending top = reader->pending[--reader->pending_count];
    (void)base;
    switch ((pending_kind)top.kind) {
    case PENDING_GROUP:
        if (top.count != 1)
            return qhm_qasm_fail(reader, top.token, NULL,
                                 "expected one expression between the parentheses");
        return QHM_OK;
    case PENDING_FUNCTION:
        return push_code(reader, (qasm_code){.operation = CODE_FUNCTION,
                                             .detail = (uint8_t)top.function,
                                             .count = top.count,
                                             .token = top.token});
    case PENDING_CAST:
        if (top.count != 1)
            return qhm_qasm_fail(reader, top.token, NULL, "a cast takes one value, not %u",
                                 top.count);
        return push_code(reader,
                         (qasm_code){.operation = CODE_CAST, .token = top.token, .type = top.type});
    case PENDING_CALL:
        return push_code(reader, (qasm_code){.operation = CODE_CALL,
                                             .count = top.count,
                                             .token = top.token,
                                             .subroutine = top.subroutine});
    case PENDING_INDEX:
        if (top.count == 0)
            return qhm_qasm_fail(reader, top.token, NULL, "expected an index between [ and ]");
        return push_code(
            reader, (qasm_code){.operation = CODE_INDEX, .count = top.count, .token = top.token});
    case PENDING_LIST:
        return push_code(
            reader, (qasm_code){.operation = CODE_LIST, .count = top.count, .token = top.token});
    case PENDING_RANGE:
        if (top.count == 1 && reader->codes[reader->code_count - 1].operation == CODE_RANGE)
            return QHM_OK;
        return qhm_qasm_fail(reader, top.token, NULL, "expected a range such as [0:3]");
    case PENDING_OPERATOR:
    case PENDING_UNARY:
        break;
    }
    return QHM_OK;
}

static uint8_t opener_of(const qasm_pending *pending)
{
    switch ((pending_kind)pending->kind) {
    case PENDING_INDEX:
    case PENDING_RANGE:
        return QASM_RBRACKET;
    case PENDING_LIST:
        return QASM_RBRACE;
    default:
        return QASM_RPAREN;
    }
}

// The bracket, list or call that is innermost when all operators are written out.
static qasm_pending *innermost_open(qasm_reader *reader, size_t base)
{
    for (size_t i = reader->pending_count; i > base; i--)
        if (reader->pending[i - 1].kind != PENDING_OPERATOR &&
            reader->pending[i - 1].kind != PENDING_UNARY)
            return &reader->pending[i - 1];
    return NULL;
}

// Handles what may follow an operand, or take its place in brackets. *done: the expression ends.
static qhm_status compile_after(qasm_reader *reader, size_t base, bool *has_operand, bool *done)
{
    qasm_token token = qhm_qasm_peek(reader);
    unsigned precedence = *has_operand ? precedence_of(reader, token.kind) : 0;
    if (precedence > 0) {
        qhm_qasm_take(reader);
        bool is_right = precedence == POWER_PRECEDENCE && token.kind == QASM_POWER;
        QHM_TRY(pop_operators(reader, base, precedence + is_right));
        *has_operand = false;
        uint8_t operation =
            reader->version == 2 && token.kind == QASM_CARET ? QASM_POWER : token.kind;
        return push_pending(reader, (qasm_pending){.kind = PENDING_OPERATOR,
                                                   .precedence = (uint8_t)precedence,
                                                   .operation = operation,
                                                   .token = token});
    }
    if (token.kind == QASM_LBRACKET && *has_operand) {
        qhm_qasm_take(reader);
        *has_operand = false;
        return push_pending(reader,
                            (qasm_pending){.kind = PENDING_INDEX, .token = qhm_qasm_peek(reader)});
    }
    qasm_pending *open = innermost_open(reader, base);
    if (open && token.kind == opener_of(open)) {
        qhm_qasm_take(reader);
        QHM_TRY(end_item(reader, base, *has_operand));
        *has_operand = true;
        return close_pending(reader, base);
    }
    if (open && token.kind == QASM_COMMA && open->kind != PENDING_GROUP) {
        qhm_qasm_take(reader);
        QHM_TRY(end_item(reader, base, *has_operand));
        *has_operand = false;
        return QHM_OK;
    }
    bool takes_colon =
        open && (open->kind == PENDING_INDEX || open->kind == PENDING_RANGE) && open->colons < 2;
    if (takes_colon && token.kind == QASM_COLON) {
        qhm_qasm_take(reader);
        QHM_TRY(pop_operators(reader, base, 0));
        innermost(reader, base)->colons++;
        if (!*has_operand)
            QHM_TRY(push_constant(reader, token, (qasm_value){0}));
        *has_operand = false;
        return QHM_OK;
    }
    if (open && *has_operand) {
        bool is_end = token.kind == QASM_END_OF_TEXT;
        const char *closing = opener_of(open) == QASM_RPAREN     ? ")"
                              : opener_of(open) == QASM_RBRACKET ? "]"
                                                                 : "}";
        return qhm_qasm_fail(reader, token, NULL, "expected \"%s\", not %s%s%s", closing,
                             is_end ? "" : "\"", qhm_qasm_text(reader, token), is_end ? "" : "\"");
    }
    if (!*has_operand)
        return qhm_qasm_fail(reader, token, NULL, "expected an expression, not \"%s\"",
                             qhm_qasm_text(reader, token));
    *done = true;
    return QHM_OK;
}

// True where an operand may be missing: f(), {}, [:3], (a, ).
static bool may_be_missing(qasm_reader *reader, size_t base)
{
    const qasm_pending *top = innermost(reader, base);
    uint8_t kind = qhm_qasm_peek(reader).kind;
    if (!top || top->kind == PENDING_OPERATOR || top->kind == PENDING_UNARY)
        return false;
    return kind == opener_of(top) || kind == QASM_COLON;
}

qhm_status qhm_qasm_compile(qasm_reader *reader, size_t *first)
{
    size_t base = reader->pending_count;
    bool has_operand = false, done = false;
    *first = reader->code_count;
    qhm_status status = QHM_OK;
    while (!done && status == QHM_OK) {
        if (has_operand || may_be_missing(reader, base)) {
            status = compile_after(reader, base, &has_operand, &done);
        } else {
            bool is_open;
            status = compile_operand(reader, &is_open);
            has_operand = !is_open;
        }
    }
    if (status == QHM_OK)
        status = pop_operators(reader, base, 0);
    reader->pending_count = base;
    if (status != QHM_OK)
        reader->code_count = *first;
    return status;
}
