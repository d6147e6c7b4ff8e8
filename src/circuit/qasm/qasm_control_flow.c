// if, while, for and switch: run while reading where that is possible, else as conditions and loops
// of the circuit.
#include "circuit/qasm/qasm_internal.h"

#include <string.h>

// Where the statement that begins here ends; the stream stays.
static size_t end_of_statement(qasm_reader *reader)
{
    size_t begin = reader->stream->position, end;
    qhm_qasm_skip_statement(reader);
    end = reader->stream->position;
    reader->stream->position = begin;
    return end;
}

// Where the body of an if ends: an else after it belongs to the if.
static size_t end_of_body(qasm_reader *reader)
{
    if (qhm_qasm_peek(reader).kind != QASM_LBRACE)
        return end_of_statement(reader);
    size_t begin = reader->stream->position, end;
    qhm_qasm_skip_statement(reader);
    end = reader->stream->position;
    reader->stream->position = begin;
    return end;
}

static qhm_status read_condition(qasm_reader *reader, const char *after, qasm_value *condition)
{
    qasm_token token;
    QHM_TRY(qhm_qasm_expect(reader, QASM_LPAREN, after));
    QHM_TRY(qhm_qasm_read_value(reader, condition, &token));
    QHM_TRY(qhm_qasm_expect(reader, QASM_RPAREN, "after the condition"));
    return qhm_qasm_as_condition(reader, token, condition, condition);
}

static qhm_status run_range(qasm_reader *reader, size_t begin)
{
    reader->stream->position = begin;
    return qhm_qasm_block(reader);
}

// Runs a body of which everything happens under one more condition.
static qhm_status run_under(qasm_reader *reader, qhm_condition path, size_t begin)
{
    qhm_condition outer = reader->path;
    reader->path = path;
    reader->run_time_depth++;
    qhm_status status = run_range(reader, begin);
    reader->run_time_depth--;
    reader->path = outer;
    return status;
}

// A scratch bit that is 1 where the path is taken and the condition holds.
static qhm_status both(qasm_reader *reader, const qhm_condition *condition, qhm_condition *result)
{
    uint32_t bit;
    QHM_TRY(qhm_qasm_take_bits(reader, 1, true, &bit));
    QHM_TRY(qhm_qasm_set(reader, bit, false, NULL));
    QHM_TRY(qhm_qasm_set(reader, bit, true, condition));
    if (reader->path.relation != QHM_RELATION_NONE) {
        qhm_condition not_taken = qhm_qasm_opposite(reader->path);
        QHM_TRY(qhm_qasm_set(reader, bit, false, &not_taken));
    }
    *result = qhm_condition_bit(bit, true);
    return QHM_OK;
}

// Ranges of tokens of an if; else_begin is 0 without else.
typedef struct branches {
    size_t then_begin, else_begin, end;
} branches;

static qhm_status run_branches(qasm_reader *reader, const qhm_condition *condition, branches range)
{
    bool has_else = range.else_begin > 0;
    qhm_condition holds = *condition, fails = qhm_qasm_opposite(*condition);
    bool is_direct =
        reader->path.relation == QHM_RELATION_NONE &&
        !qhm_qasm_changes_condition(reader, condition, range.then_begin,
                                    has_else ? range.else_begin - 1 : range.end, !has_else) &&
        !(has_else &&
          qhm_qasm_changes_condition(reader, condition, range.else_begin, range.end, true));
    QHM_TRY(qhm_qasm_store_assigned(reader, range.then_begin, range.end));
    if (!is_direct) {
        if (has_else)
            QHM_TRY(both(reader, &fails, &fails));
        QHM_TRY(both(reader, condition, &holds));
    }
    QHM_TRY(run_under(reader, holds, range.then_begin));
    return has_else ? run_under(reader, fails, range.else_begin) : QHM_OK;
}

qhm_status qhm_qasm_if(qasm_reader *reader)
{
    qasm_value condition;
    qhm_qasm_take(reader);
    QHM_TRY(read_condition(reader, "after if", &condition));
    branches range = {.then_begin = reader->stream->position};
    range.end = end_of_body(reader);
    reader->stream->position = range.end;
    if (qhm_qasm_accept_keyword(reader, QASM_KEY_ELSE)) {
        range.else_begin = reader->stream->position;
        range.end = end_of_body(reader);
    }
    qhm_status status = QHM_OK;
    if (condition.form != QASM_CONSTANT)
        status = run_branches(reader, condition.condition, range);
    else if (condition.integer)
        status = run_range(reader, range.then_begin);
    else if (range.else_begin > 0)
        status = run_range(reader, range.else_begin);
    QHM_TRY(status);
    reader->stream->position = range.end;
    return QHM_OK;
}

// One turn of a loop that is run while reading. *goes_on: break, return or end have not come.
static qhm_status run_turn(qasm_reader *reader, size_t begin, bool *goes_on)
{
    bool outer_loop = reader->is_in_loop;
    size_t outer_breakable = reader->breakable_depth;
    reader->is_in_loop = true;
    reader->breakable_depth = reader->run_time_depth;
    qhm_status status = qhm_qasm_count_step(reader);
    if (status == QHM_OK)
        status = run_range(reader, begin);
    reader->is_in_loop = outer_loop;
    reader->breakable_depth = outer_breakable;
    *goes_on = reader->flow == QASM_FLOW_ON || reader->flow == QASM_FLOW_CONTINUE;
    if (reader->flow == QASM_FLOW_BREAK || reader->flow == QASM_FLOW_CONTINUE)
        reader->flow = QASM_FLOW_ON;
    return status;
}

// The loop's condition, evaluated once more: whether it is a condition that needs no steps of its
// own, and else its bit.
static qhm_status run_loop(qasm_reader *reader, const qhm_condition *condition, bool is_direct,
                           size_t condition_begin, size_t body_begin)
{
    qhm_condition test = *condition;
    bool outer_loop = reader->is_in_loop;
    if (!is_direct)
        QHM_TRY(both(reader, condition, &test));
    qhm_instruction loop = {.gate = QHM_GATE_WHILE, .condition = test};
    QHM_TRY(qhm_circuit_append_instruction(reader->circuit, &loop));
    reader->is_in_loop = false; // break and continue cannot leave a loop of the circuit
    qhm_status status = run_under(reader, (qhm_condition){0}, body_begin);
    reader->is_in_loop = outer_loop;
    if (status == QHM_OK && !is_direct) {
        qasm_value again;
        qhm_condition path = reader->path;
        reader->path = (qhm_condition){0}; // who is in the loop has taken the path
        reader->stream->position = condition_begin;
        status = read_condition(reader, "after while", &again);
        bool is_known = status == QHM_OK && again.form == QASM_CONSTANT;
        if (status == QHM_OK)
            status = qhm_qasm_set(reader, test.first_bit, is_known && again.integer, NULL);
        if (status == QHM_OK && !is_known)
            status = qhm_qasm_set(reader, test.first_bit, true, again.condition);
        reader->path = path;
    }
    qhm_instruction end = {.gate = QHM_GATE_END};
    qhm_status end_status = qhm_circuit_append_instruction(reader->circuit, &end);
    return status == QHM_OK ? end_status : status;
}

enum { MOST_TURNS = 1000000 }; // of a while that is run while reading

qhm_status qhm_qasm_while(qasm_reader *reader)
{
    const qasm_token keyword = qhm_qasm_take(reader);
    size_t condition_begin = reader->stream->position, body_begin, end, turns = 0;
    for (;;) {
        size_t instructions = qhm_circuit_instruction_count(reader->circuit);
        qasm_arena_mark mark = qhm_qasm_arena_mark(&reader->scratch);
        qasm_value condition;
        reader->stream->position = condition_begin;
        QHM_TRY(read_condition(reader, "after while", &condition));
        body_begin = reader->stream->position;
        end = end_of_statement(reader);
        if (condition.form != QASM_CONSTANT) {
            if (reader->defining)
                return qhm_qasm_fail(reader, reader->last, NULL, "a gate cannot measure");
            size_t moved = reader->moved_count;
            QHM_TRY(qhm_qasm_store_assigned(reader, body_begin, end));
            if (reader->moved_count != moved) { // variables that it reads are in bits now
                reader->stream->position = condition_begin;
                instructions = qhm_circuit_instruction_count(reader->circuit);
                QHM_TRY(read_condition(reader, "after while", &condition));
            }
            if (condition.form == QASM_CONSTANT)
                return qhm_qasm_fail(reader, reader->last, NULL, "this condition never changes");
            bool is_direct = reader->path.relation == QHM_RELATION_NONE &&
                             instructions == qhm_circuit_instruction_count(reader->circuit);
            QHM_TRY(run_loop(reader, condition.condition, is_direct, condition_begin, body_begin));
            break;
        }
        bool goes_on = condition.integer != 0;
        if (goes_on)
            QHM_TRY(run_turn(reader, body_begin, &goes_on));
        if (reader->flow == QASM_FLOW_ON)
            qhm_qasm_arena_return(&reader->scratch, mark);
        if (!goes_on)
            break;
        if (++turns > MOST_TURNS)
            return qhm_qasm_fail(reader, keyword, NULL,
                                 "this loop does not end: it has turned %d times", MOST_TURNS);
    }
    reader->stream->position = end;
    return QHM_OK;
}

static qhm_status run_for_turn(qasm_reader *reader, qasm_token name, qasm_type type,
                               qasm_value value, size_t begin, bool *goes_on)
{
    qasm_symbol *outer;
    QHM_TRY(qhm_qasm_scope_open(reader, &outer));
    qhm_status status = qhm_qasm_variable(reader, name, type, false, value);
    if (status == QHM_OK)
        status = run_turn(reader, begin, goes_on);
    qhm_qasm_scope_close(reader, outer);
    return status;
}

// What a for loop runs over, element by element.
typedef struct iteration {
    qasm_value set;
    int64_t next, step, last;
} iteration;

static qhm_status begin_iteration(qasm_reader *reader, qasm_token token, iteration *over)
{
    if (over->set.kind == QASM_LIST ||
        (over->set.kind == QASM_BITS && over->set.form == QASM_BIT_LIST)) {
        *over = (iteration){over->set, 0, 1, (int64_t)over->set.width - 1};
        return QHM_OK;
    }
    if (over->set.kind != QASM_RANGE)
        return qhm_qasm_fail(reader, token, NULL, "for runs over a range or a list, not %s",
                             qhm_qasm_kind_text((qasm_kind)over->set.kind));
    int64_t parts[3];
    for (int i = 0; i < 3; i++) {
        qasm_value part = over->set.items[i];
        if (part.kind == QASM_NOTHING && i == 1)
            part = qhm_qasm_integer(1);
        bool is_whole =
            (part.kind == QASM_INT || part.kind == QASM_UINT) && part.form == QASM_CONSTANT;
        if (!is_whole || part.integer > INT64_MAX / 4 || part.integer < INT64_MIN / 4)
            return qhm_qasm_fail(reader, token, NULL,
                                 "the range of a loop is whole numbers, known before the circuit "
                                 "runs");
        parts[i] = part.integer;
    }
    if (parts[1] == 0)
        return qhm_qasm_fail(reader, token, NULL, "the step of a range is not 0");
    *over = (iteration){over->set, parts[0], parts[1], parts[2]};
    return QHM_OK;
}

static bool next_value(iteration *over, qasm_value *value)
{
    if (over->step > 0 ? over->next > over->last : over->next < over->last)
        return false;
    *value = qhm_qasm_integer(over->next);
    if (over->set.kind == QASM_LIST)
        *value = over->set.items[over->next];
    if (over->set.kind == QASM_BITS)
        *value = (qasm_value){.kind = QASM_BITS,
                              .form = QASM_BIT_LIST,
                              .is_single = true,
                              .width = 1,
                              .first = over->set.first + (uint32_t)over->next,
                              .list = over->set.list ? over->set.list + over->next : NULL};
    over->next += over->step;
    return true;
}

qhm_status qhm_qasm_for(qasm_reader *reader)
{
    qasm_token name, place;
    qasm_type type = {.kind = QASM_INT};
    iteration over = {0};
    qhm_qasm_take(reader);
    if (qhm_qasm_is_type(reader, qhm_qasm_peek(reader)))
        QHM_TRY(qhm_qasm_read_type(reader, &type));
    QHM_TRY(qhm_qasm_expect_name(reader, "the loop's variable", &name));
    if (!qhm_qasm_accept_keyword(reader, QASM_KEY_IN))
        return qhm_qasm_fail(reader, qhm_qasm_peek(reader), NULL, "expected \"in\"");
    QHM_TRY(qhm_qasm_read_value(reader, &over.set, &place));
    QHM_TRY(begin_iteration(reader, place, &over));
    size_t begin = reader->stream->position, end = end_of_statement(reader);
    bool goes_on = true;
    qasm_value value;
    while (goes_on && next_value(&over, &value)) {
        qasm_arena_mark mark = qhm_qasm_arena_mark(&reader->scratch);
        QHM_TRY(run_for_turn(reader, name, type, value, begin, &goes_on));
        if (reader->flow == QASM_FLOW_ON)
            qhm_qasm_arena_return(&reader->scratch, mark);
    }
    reader->stream->position = end;
    return QHM_OK;
}

// Whether the switch's value is one of the labels of a case: known, or a condition.
static qhm_status read_labels(qasm_reader *reader, const qasm_value *target, qasm_value *matches)
{
    *matches = qhm_qasm_bool(false);
    for (size_t count = 0;; count++) {
        qasm_value label, equal;
        qasm_token token;
        QHM_TRY(qhm_qasm_read_value(reader, &label, &token));
        QHM_TRY(qhm_qasm_binary(reader, token, QASM_EQUAL, target, &label, &equal));
        if (count == 0)
            *matches = equal;
        else
            QHM_TRY(qhm_qasm_binary(reader, token, QASM_OR_OR, matches, &equal, matches));
        if (!qhm_qasm_accept(reader, QASM_COMMA))
            break;
    }
    QHM_TRY(qhm_qasm_as_condition(reader, reader->last, matches, matches));
    return QHM_OK;
}

// A copy that the bodies cannot change.
static qhm_status copy_target(qasm_reader *reader, qasm_value *target)
{
    if (target->form == QASM_CONSTANT)
        return QHM_OK;
    const qasm_bit *bits;
    uint32_t width = target->width;
    QHM_TRY(qhm_qasm_as_bits(reader, target, width, &bits));
    qasm_value copy = {.kind = target->kind, .form = QASM_BIT_LIST, .width = width};
    QHM_TRY(qhm_qasm_take_bits(reader, width, true, &copy.first));
    qhm_condition path = reader->path;
    reader->path = (qhm_condition){0};
    qhm_status status = qhm_qasm_store(reader, &copy, bits);
    reader->path = path;
    *target = copy;
    return status;
}

static qhm_status run_case(qasm_reader *reader, const qasm_value *matches, size_t begin)
{
    if (matches->form == QASM_CONSTANT)
        return matches->integer ? run_range(reader, begin) : QHM_OK;
    qhm_condition path = *matches->condition;
    if (reader->path.relation != QHM_RELATION_NONE)
        QHM_TRY(both(reader, matches->condition, &path));
    return run_under(reader, path, begin);
}

// case by case; what no case has is left to default.
static qhm_status read_cases(qasm_reader *reader, const qasm_value *target, size_t end)
{
    qasm_value rest = qhm_qasm_bool(true), matches;
    while (reader->stream->position + 1 < end) {
        qasm_token token = qhm_qasm_peek(reader);
        if (qhm_qasm_accept_keyword(reader, QASM_KEY_CASE)) {
            QHM_TRY(read_labels(reader, target, &matches));
            qasm_value other = matches;
            QHM_TRY(qhm_qasm_unary(reader, token, QASM_BANG, &other));
            QHM_TRY(qhm_qasm_binary(reader, token, QASM_AND_AND, &rest, &other, &rest));
            QHM_TRY(qhm_qasm_as_condition(reader, token, &rest, &rest));
        } else if (qhm_qasm_accept_keyword(reader, QASM_KEY_DEFAULT)) {
            matches = rest;
        } else {
            return qhm_qasm_fail(reader, token, NULL, "expected case or default, not \"%s\"",
                                 qhm_qasm_text(reader, token));
        }
        if (qhm_qasm_peek(reader).kind != QASM_LBRACE)
            return qhm_qasm_expect(reader, QASM_LBRACE, "before the body of a case");
        size_t begin = reader->stream->position, body_end = end_of_statement(reader);
        QHM_TRY(run_case(reader, &matches, begin));
        reader->stream->position = body_end;
    }
    return QHM_OK;
}

qhm_status qhm_qasm_switch(qasm_reader *reader)
{
    qasm_value target;
    qasm_token token;
    size_t begin = reader->stream->position, end = end_of_statement(reader);
    reader->stream->position = begin + 1;
    QHM_TRY(qhm_qasm_expect(reader, QASM_LPAREN, "after switch"));
    QHM_TRY(qhm_qasm_read_value(reader, &target, &token));
    QHM_TRY(qhm_qasm_expect(reader, QASM_RPAREN, "after the value"));
    QHM_TRY(qhm_qasm_expect(reader, QASM_LBRACE, "before the cases"));
    if (target.form != QASM_CONSTANT)
        QHM_TRY(qhm_qasm_store_assigned(reader, begin, end));
    QHM_TRY(copy_target(reader, &target));
    QHM_TRY(read_cases(reader, &target, end));
    reader->stream->position = end;
    return QHM_OK;
}
