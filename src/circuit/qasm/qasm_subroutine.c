// def: subroutines, written out where they are called.
#include "base/memory.h"
#include "circuit/qasm/qasm_internal.h"

#include <string.h>

// "qubit q", "qubit[n] q", "int[32] i", "bit[4] c", also the older "qreg q[n]".
static qhm_status read_parameter(qasm_reader *reader, qasm_parameter *parameter)
{
    qasm_token first = qhm_qasm_peek(reader);
    qasm_keyword keyword = qhm_qasm_keyword_of(reader, first);
    bool is_old = keyword == QASM_KEY_QREG || keyword == QASM_KEY_CREG;
    parameter->type =
        (qasm_type){.kind = keyword == QASM_KEY_CREG ? QASM_BITS : QASM_QUBITS, .is_single = true};
    if (keyword == QASM_KEY_READONLY || keyword == QASM_KEY_MUTABLE || keyword == QASM_KEY_ARRAY)
        return qhm_qasm_fail(reader, first, NULL, "arrays as parameters are not supported");
    bool is_known = is_old || keyword == QASM_KEY_QUBIT;
    if (is_known)
        qhm_qasm_take(reader);
    else if (qhm_qasm_is_type(reader, first))
        QHM_TRY(qhm_qasm_read_type(reader, &parameter->type));
    else
        return qhm_qasm_fail(reader, first, NULL, "expected the type of a parameter");
    if (is_old)
        QHM_TRY(qhm_qasm_expect_name(reader, "a parameter's name", &parameter->token));
    if (is_known && qhm_qasm_accept(reader, QASM_LBRACKET)) {
        int64_t width;
        QHM_TRY(qhm_qasm_read_integer(reader, "the size", 1, QHM_CIRCUIT_MAX_QUBITS, &width));
        QHM_TRY(qhm_qasm_expect(reader, QASM_RBRACKET, "after the size"));
        parameter->type.width = (uint32_t)width;
        parameter->type.is_single = false;
    }
    if (!is_old)
        QHM_TRY(qhm_qasm_expect_name(reader, "a parameter's name", &parameter->token));
    parameter->name = parameter->token.name;
    return QHM_OK;
}

static qhm_status read_parameters(qasm_reader *reader, qasm_subroutine *subroutine)
{
    enum { MOST = 1000 };
    qasm_parameter *parameters;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, MOST, sizeof *parameters, &parameters));
    QHM_TRY(qhm_qasm_expect(reader, QASM_LPAREN, "after the subroutine's name"));
    size_t count = 0;
    while (qhm_qasm_peek(reader).kind != QASM_RPAREN) {
        if (count == MOST)
            return qhm_qasm_fail(reader, reader->last, NULL, "more than %d parameters", MOST);
        QHM_TRY(read_parameter(reader, &parameters[count++]));
        if (!qhm_qasm_accept(reader, QASM_COMMA))
            break;
    }
    subroutine->parameter_count = count;
    QHM_TRY(qhm_qasm_arena_copy(&reader->kept, parameters, count, sizeof *parameters,
                                &subroutine->parameters));
    return qhm_qasm_expect(reader, QASM_RPAREN, "after the parameters");
}

qhm_status qhm_qasm_subroutine_definition(qasm_reader *reader)
{
    qasm_token token, def = qhm_qasm_take(reader);
    QHM_TRY(qhm_qasm_expect_name(reader, "a subroutine's name", &token));
    if (reader->scope_depth > 0)
        return qhm_qasm_fail(reader, def, NULL, "subroutines are defined outside of blocks");
    if (qhm_qasm_name_of(reader, token)->subroutine)
        return qhm_qasm_fail(reader, token, NULL, "subroutine \"%s\" is defined already",
                             qhm_qasm_text(reader, token));
    qasm_subroutine *subroutine;
    QHM_TRY(qhm_qasm_arena_take(&reader->kept, 1, sizeof *subroutine, &subroutine));
    *subroutine = (qasm_subroutine){.name = token.name};
    QHM_TRY(read_parameters(reader, subroutine));
    if (qhm_qasm_accept(reader, QASM_ARROW))
        QHM_TRY(qhm_qasm_read_type(reader, &subroutine->result));
    if (qhm_qasm_peek(reader).kind != QASM_LBRACE)
        return qhm_qasm_expect(reader, QASM_LBRACE, "before the subroutine's body");
    size_t begin = reader->stream->position;
    qhm_qasm_skip_statement(reader);
    subroutine->token_count = reader->stream->position - begin;
    QHM_TRY(qhm_qasm_arena_copy(&reader->kept, reader->stream->tokens + begin,
                                subroutine->token_count, sizeof *subroutine->tokens,
                                &subroutine->tokens));
    if (reader->last.kind != QASM_RBRACE)
        return qhm_qasm_expect(reader, QASM_RBRACE, "after the subroutine's body");
    qhm_qasm_name_of(reader, token)->subroutine = subroutine;
    return QHM_OK;
}

// Makes a parameter stand for its argument: qubits by reference, the rest as copies.
static qhm_status bind(qasm_reader *reader, qasm_token call, const qasm_parameter *parameter,
                       qasm_value value)
{
    const char *name = reader->names.names[parameter->name].text;
    if (parameter->type.kind != QASM_QUBITS) {
        if (parameter->type.kind != QASM_BITS)
            return qhm_qasm_variable(reader, parameter->token, parameter->type, false, value);
        qasm_symbol *symbol;
        QHM_TRY(qhm_qasm_convert(reader, call, parameter->type, &value));
        QHM_TRY(qhm_qasm_bit_variable(reader, parameter->token, parameter->type, &symbol));
        return qhm_qasm_assign(reader, call, symbol, value);
    }
    if (value.kind != QASM_QUBITS)
        return qhm_qasm_fail(reader, call, NULL, "the argument %s is %s, not qubits", name,
                             qhm_qasm_kind_text((qasm_kind)value.kind));
    uint32_t width = parameter->type.width > 0 ? parameter->type.width : 1;
    if (value.width != width)
        return qhm_qasm_fail(reader, call, NULL, "the argument %s has %u qubits, not %u", name,
                             value.width, width);
    value.is_single = parameter->type.is_single;
    return qhm_qasm_declare(reader, parameter->token, QASM_SYMBOL_CONSTANT, value, NULL);
}

// No qubit in two arguments.
static qhm_status check_distinct(qasm_reader *reader, qasm_token call, const qasm_value *arguments,
                                 size_t count)
{
    size_t width = qhm_circuit_qubit_count(reader->circuit);
    bool *seen;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *seen, &seen));
    memset(seen, 0, width * sizeof *seen);
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < arguments[i].width && arguments[i].kind == QASM_QUBITS; k++) {
            uint32_t qubit = arguments[i].list ? arguments[i].list[k] : arguments[i].first + k;
            if (seen[qubit])
                return qhm_qasm_fail(reader, call, NULL, "%s is called with the same qubit twice",
                                     qhm_qasm_text(reader, call));
            seen[qubit] = true;
        }
    return QHM_OK;
}

static qhm_status run_body(qasm_reader *reader, qasm_token call, const qasm_subroutine *subroutine,
                           const qasm_value *arguments, qasm_value *result)
{
    for (size_t i = 0; i < subroutine->parameter_count; i++)
        QHM_TRY(bind(reader, call, &subroutine->parameters[i], arguments[i]));
    qasm_stream stream = {.tokens = subroutine->tokens, .count = subroutine->token_count},
                *outer = reader->stream;
    // cppcheck-suppress autoVariables ; taken back below
    reader->stream = &stream;
    reader->result_type = subroutine->result;
    reader->result = (qasm_value){0};
    qhm_status status = qhm_qasm_block(reader);
    reader->stream = outer;
    if (status != QHM_OK)
        return status;
    *result = reader->result;
    if (subroutine->result.kind != QASM_NOTHING && result->kind == QASM_NOTHING &&
        reader->flow != QASM_FLOW_END)
        return qhm_qasm_fail(reader, call, NULL, "%s returns no value",
                             qhm_qasm_text(reader, call));
    return QHM_OK;
}

qhm_status qhm_qasm_subroutine_call(qasm_reader *reader, qasm_token token,
                                    qasm_subroutine *subroutine, const qasm_value *arguments,
                                    size_t count, qasm_value *result)
{
    if (count != subroutine->parameter_count)
        return qhm_qasm_fail(reader, token, NULL, "%s takes %zu argument%s, not %zu",
                             qhm_qasm_text(reader, token), subroutine->parameter_count,
                             subroutine->parameter_count == 1 ? "" : "s", count);
    if (subroutine->is_active)
        return qhm_qasm_fail(reader, token, "recursion has no end that can be known here",
                             "%s calls itself", qhm_qasm_text(reader, token));
    if (reader->defining)
        return qhm_qasm_fail(reader, token, NULL, "a gate cannot call a subroutine");
    QHM_TRY(check_distinct(reader, token, arguments, count));
    QHM_TRY(qhm_qasm_count_step(reader));
    qasm_reader saved = {.last = reader->last,
                         .subroutine_scope = reader->subroutine_scope,
                         .returnable_depth = reader->returnable_depth,
                         .result_type = reader->result_type,
                         .is_in_loop = reader->is_in_loop};
    qasm_symbol *outer;
    QHM_TRY(qhm_qasm_scope_open(reader, &outer));
    reader->subroutine_scope = reader->scope_depth;
    reader->returnable_depth = reader->run_time_depth;
    reader->is_in_loop = false;
    subroutine->is_active = true;
    qhm_status status = run_body(reader, token, subroutine, arguments, result);
    subroutine->is_active = false;
    qhm_qasm_scope_close(reader, outer);
    if (reader->flow == QASM_FLOW_RETURN)
        reader->flow = QASM_FLOW_ON;
    if (status == QHM_OK && reader->returned.count > 0)
        status = qhm_qasm_keep_temporary(reader, reader->returned.first, reader->returned.count);
    reader->returned.count = 0;
    reader->last = saved.last;
    reader->subroutine_scope = saved.subroutine_scope;
    reader->returnable_depth = saved.returnable_depth;
    reader->result_type = saved.result_type;
    reader->is_in_loop = saved.is_in_loop;
    return status;
}

qhm_status qhm_qasm_return(qasm_reader *reader)
{
    qasm_token token = qhm_qasm_take(reader), place;
    if (reader->subroutine_scope == 0)
        return qhm_qasm_fail(reader, token, NULL, "return outside of a subroutine");
    if (reader->run_time_depth > reader->returnable_depth)
        return qhm_qasm_fail(reader, token, "return after the block, from a variable",
                             "return under a condition on measured bits is not supported");
    qasm_value value = {0};
    if (qhm_qasm_peek(reader).kind != QASM_SEMICOLON) {
        QHM_TRY(qhm_qasm_read_assigned(reader, NULL, &value, &place));
        if (reader->result_type.kind == QASM_NOTHING)
            return qhm_qasm_fail(reader, token, NULL, "this subroutine returns no value");
        QHM_TRY(qhm_qasm_convert(reader, place, reader->result_type, &value));
        // Bits that the statement computed are free after it: the caller needs copies.
        if (value.form == QASM_BIT_LIST || value.form == QASM_CONDITIONAL) {
            const qasm_bit *bits;
            qasm_value copy = {.kind = value.kind,
                               .form = QASM_BIT_LIST,
                               .is_single = value.is_single,
                               .width = value.width};
            QHM_TRY(qhm_qasm_as_bits(reader, &value, value.width, &bits));
            QHM_TRY(qhm_qasm_take_bits(reader, copy.width, false, &copy.first));
            qhm_condition path = reader->path;
            reader->path = (qhm_condition){0};
            qhm_status status = qhm_qasm_store(reader, &copy, bits);
            reader->path = path;
            QHM_TRY(status);
            value = copy;
            reader->returned = (qasm_bit_range){copy.first, copy.width};
        }
    }
    QHM_TRY(qhm_qasm_expect(reader, QASM_SEMICOLON, "after return"));
    reader->result = value;
    reader->flow = QASM_FLOW_RETURN;
    return QHM_OK;
}
