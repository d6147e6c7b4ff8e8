// Postfix code is run by a stack machine.
#include "base/memory.h"
#include "circuit/qasm/qasm_internal.h"

static qhm_status push_value(qasm_reader *reader, qasm_value value)
{
    QHM_TRY(qhm_reserve(reader->value_count + 1, &reader->value_capacity, sizeof *reader->values,
                        &reader->values));
    reader->values[reader->value_count++] = value;
    return QHM_OK;
}

// The items on the stack become one value.
static qhm_status make_list(qasm_reader *reader, qasm_kind kind, uint32_t count, qasm_value *value)
{
    qasm_value *items = NULL;
    reader->value_count -= count;
    if (count > 0)
        QHM_TRY(qhm_qasm_arena_copy(&reader->scratch, reader->values + reader->value_count, count,
                                    sizeof *items, &items));
    *value = (qasm_value){.kind = (uint8_t)kind, .width = count, .items = items};
    return QHM_OK;
}

static qhm_status make_range(qasm_reader *reader, uint32_t parts, qasm_value *value)
{
    if (parts == 2) { // first and last: the step is left out
        qasm_value last = reader->values[reader->value_count - 1];
        reader->values[reader->value_count - 1] = (qasm_value){0};
        QHM_TRY(push_value(reader, last));
    }
    return make_list(reader, QASM_RANGE, 3, value);
}

static qhm_status call(qasm_reader *reader, const qasm_code *code, qasm_value *result)
{
    qasm_value arguments;
    QHM_TRY(make_list(reader, QASM_LIST, code->count, &arguments));
    if (code->operation == CODE_FUNCTION)
        return qhm_qasm_function_call(reader, code->token, code->detail, arguments.items,
                                      code->count, result);
    return qhm_qasm_subroutine_call(reader, code->token, code->subroutine, arguments.items,
                                    code->count, result);
}

static qhm_status run_index(qasm_reader *reader, const qasm_code *code, qasm_value *result)
{
    if (code->count != 1)
        return qhm_qasm_fail(reader, code->token, NULL,
                             "arrays of more than one dimension are not supported");
    reader->value_count -= 2;
    qasm_value base = reader->values[reader->value_count];
    qasm_value index = reader->values[reader->value_count + 1];
    return qhm_qasm_index(reader, code->token, &base, &index, result);
}

// Runs one code that computes.
static qhm_status run_code(qasm_reader *reader, const qasm_code *code, qasm_value *result)
{
    switch (code->operation) {
    case CODE_INDEX:
        return run_index(reader, code, result);
    case CODE_RANGE:
        return make_range(reader, code->count, result);
    case CODE_LIST:
        return make_list(reader, QASM_LIST, code->count, result);
    case CODE_FUNCTION:
    case CODE_CALL:
        return call(reader, code, result);
    case CODE_CAST:
        *result = reader->values[--reader->value_count];
        return qhm_qasm_convert(reader, code->token, code->type, result);
    case CODE_NEGATE:
    case QASM_BANG:
    case QASM_TILDE:
        *result = reader->values[--reader->value_count];
        return qhm_qasm_unary(reader, code->token,
                              code->operation == CODE_NEGATE ? QASM_MINUS : code->operation,
                              result);
    default: {
        reader->value_count -= 2;
        qasm_value left = reader->values[reader->value_count];
        qasm_value right = reader->values[reader->value_count + 1];
        return qhm_qasm_binary(reader, code->token, code->operation, &left, &right, result);
    }
    }
}

// codes may lie in reader->codes, which moves when a call inside compiles more.
qhm_status qhm_qasm_evaluate(qasm_reader *reader, const qasm_code *codes, size_t count,
                             qasm_value *value)
{
    if (count == 1 && codes->operation == CODE_CONSTANT) {
        *value = codes->value;
        return QHM_OK;
    }
    bool is_shared = codes >= reader->codes && codes < reader->codes + reader->code_capacity;
    size_t first = is_shared ? (size_t)(codes - reader->codes) : 0, base = reader->value_count;
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        qasm_code code = is_shared ? reader->codes[first + i] : codes[i];
        qasm_value result = {0};
        if (code.operation == CODE_CONSTANT)
            result = code.value;
        else if (code.operation == CODE_SYMBOL)
            result = code.symbol->value;
        else if (code.operation == CODE_PARAMETER)
            result = reader->arguments[code.count];
        else
            status = run_code(reader, &code, &result);
        if (status == QHM_OK)
            status = push_value(reader, result);
    }
    if (status == QHM_OK)
        *value = reader->values[reader->value_count - 1];
    reader->value_count = base;
    return status;
}

bool qhm_qasm_codes_use_parameters(const qasm_code *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i].operation == CODE_PARAMETER)
            return true;
    return false;
}

qasm_code qhm_qasm_code_constant(qasm_token token, qasm_value value)
{
    return (qasm_code){.operation = CODE_CONSTANT, .token = token, .value = value};
}

qhm_status qhm_qasm_read_value(qasm_reader *reader, qasm_value *value, qasm_token *token)
{
    size_t first;
    *token = qhm_qasm_peek(reader);
    QHM_TRY(qhm_qasm_compile(reader, &first));
    qhm_status status = QHM_OK;
    if (reader->defining &&
        qhm_qasm_codes_use_parameters(reader->codes + first, reader->code_count - first))
        status = qhm_qasm_fail(reader, *token, NULL, "a gate's parameters can be angles only");
    if (status == QHM_OK)
        status =
            qhm_qasm_evaluate(reader, reader->codes + first, reader->code_count - first, value);
    reader->code_count = first;
    return status;
}

qhm_status qhm_qasm_read_integer(qasm_reader *reader, const char *what, int64_t least, int64_t most,
                                 int64_t *integer)
{
    qasm_token token;
    qasm_value value;
    QHM_TRY(qhm_qasm_read_value(reader, &value, &token));
    if (value.form == QASM_BIT_LIST || value.form == QASM_CONDITIONAL)
        return qhm_qasm_fail(reader, token, NULL, "%s must be known before the circuit runs", what);
    bool is_whole = value.kind == QASM_INT || value.kind == QASM_UINT || value.kind == QASM_BOOL;
    if (!is_whole || value.form != QASM_CONSTANT)
        return qhm_qasm_fail(reader, token, NULL, "%s is %s, not a whole number", what,
                             qhm_qasm_kind_text((qasm_kind)value.kind));
    if (value.integer < least || value.integer > most)
        return qhm_qasm_fail(reader, token, NULL, "%s is %lld, not %lld to %lld", what,
                             (long long)value.integer, (long long)least, (long long)most);
    *integer = value.integer;
    return QHM_OK;
}

bool qhm_qasm_is_type(const qasm_reader *reader, qasm_token token)
{
    qasm_keyword keyword = qhm_qasm_keyword_of(reader, token);
    return keyword >= QASM_KEY_BIT && keyword <= QASM_KEY_DURATION;
}

qhm_status qhm_qasm_read_type(qasm_reader *reader, qasm_type *type)
{
    static const qasm_kind kinds[] = {QASM_BITS,    QASM_BOOL,    QASM_INT,
                                      QASM_UINT,    QASM_REAL,    QASM_ANGLE,
                                      QASM_NOTHING, QASM_NOTHING, QASM_DURATION};
    qasm_token token = qhm_qasm_peek(reader);
    qasm_keyword keyword = qhm_qasm_keyword_of(reader, token);
    if (!qhm_qasm_is_type(reader, token))
        return qhm_qasm_fail(reader, token, NULL, "expected a type, not \"%s\"",
                             qhm_qasm_text(reader, token));
    qhm_qasm_take(reader);
    if (keyword == QASM_KEY_COMPLEX)
        return qhm_qasm_fail(reader, token, NULL, "complex numbers are not supported");
    if (keyword == QASM_KEY_ARRAY)
        return qhm_qasm_fail(reader, token, NULL, "arrays are supported as constants only");
    *type = (qasm_type){.kind = kinds[keyword - QASM_KEY_BIT], .is_single = true};
    if (qhm_qasm_peek(reader).kind != QASM_LBRACKET)
        return QHM_OK;
    qhm_qasm_take(reader);
    if (reader->nesting >= QASM_MOST_NESTING)
        return qhm_qasm_fail(reader, token, NULL, "types inside each other are deeper than %d",
                             QASM_MOST_NESTING);
    reader->nesting++;
    int64_t width = 0;
    qhm_status status = qhm_qasm_read_integer(reader, "the width", 1, QASM_MOST_WIDTH, &width);
    reader->nesting--;
    QHM_TRY(status);
    type->width = (uint32_t)width;
    type->is_single = false;
    return qhm_qasm_expect(reader, QASM_RBRACKET, "after the width");
}
