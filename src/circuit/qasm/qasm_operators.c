// Operators. What is constant is computed here, what depends on measured bits in qasm_bits.c, what
// has slots in qasm_symbolic.c.
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

static qhm_status fail_kinds(qasm_reader *reader, qasm_token token, const qasm_value *left,
                             const qasm_value *right)
{
    return qhm_qasm_fail(reader, token, NULL, "\"%s\" does not take %s and %s",
                         qhm_qasm_text(reader, token), qhm_qasm_kind_text((qasm_kind)left->kind),
                         qhm_qasm_kind_text((qasm_kind)right->kind));
}

static qhm_status invert_bits(qasm_reader *reader, qasm_value *value)
{
    const qasm_bit *bits;
    QHM_TRY(qhm_qasm_as_bits(reader, value, value->width, &bits));
    qasm_bit *inverted;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, value->width, sizeof *inverted, &inverted));
    for (uint32_t i = 0; i < value->width; i++)
        inverted[i] = qhm_qasm_bit_not(bits[i]);
    qasm_kind kind = value->kind == QASM_BOOL ? QASM_BITS : (qasm_kind)value->kind;
    *value = qhm_qasm_bit_list(kind, value->width, inverted);
    return QHM_OK;
}

static qhm_status unary_not(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    if (qhm_qasm_is_number(value)) {
        *value = qhm_qasm_bool(qhm_qasm_number(value) == 0);
        return QHM_OK;
    }
    QHM_TRY(qhm_qasm_as_condition(reader, token, value, value));
    if (value->form == QASM_CONSTANT) {
        *value = qhm_qasm_bool(!value->integer);
        return QHM_OK;
    }
    return qhm_qasm_condition_copy(reader, qhm_qasm_opposite(*value->condition), &value->condition);
}

qhm_status qhm_qasm_unary(qasm_reader *reader, qasm_token token, uint8_t operation,
                          qasm_value *value)
{
    if (operation == QASM_BANG)
        return unary_not(reader, token, value);
    if (operation == QASM_TILDE) {
        if (qhm_qasm_is_whole(value) && value->kind != QASM_BOOL) {
            value->integer = qhm_qasm_wrap(~value->integer, value);
            return QHM_OK;
        }
        if (qhm_qasm_has_bits(value) || value->kind == QASM_BOOL)
            return invert_bits(reader, value);
    } else {
        if (value->form == QASM_SYMBOLIC)
            return qhm_qasm_sum_scale(reader, value, -1, value);
        if (qhm_qasm_is_number(value) && !qhm_qasm_is_whole(value)) {
            value->real = -value->real;
            return QHM_OK;
        }
        if (qhm_qasm_is_whole(value)) {
            value->integer = value->integer == INT64_MIN ? INT64_MIN : -value->integer;
            value->kind = QASM_INT;
            return QHM_OK;
        }
        qasm_value zero = qhm_qasm_integer(0);
        if (qhm_qasm_has_bits(value))
            return qhm_qasm_binary(reader, token, QASM_MINUS, &zero, value, value);
    }
    return qhm_qasm_fail(reader, token, NULL, "\"%s\" does not take %s",
                         qhm_qasm_text(reader, token), qhm_qasm_kind_text((qasm_kind)value->kind));
}

static bool holds(uint8_t operation, int order)
{
    switch (operation) {
    case QASM_EQUAL:
        return order == 0;
    case QASM_NOT_EQUAL:
        return order != 0;
    case QASM_LESS:
        return order < 0;
    case QASM_LESS_EQUAL:
        return order <= 0;
    case QASM_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool is_comparison(uint8_t operation)
{
    return operation >= QASM_EQUAL && operation <= QASM_GREATER_EQUAL;
}

static qhm_status real_binary(qasm_reader *reader, qasm_token token, uint8_t operation, double left,
                              double right, qasm_value *result)
{
    double value;
    switch (operation) {
    case QASM_PLUS:
        value = left + right;
        break;
    case QASM_MINUS:
        value = left - right;
        break;
    case QASM_STAR:
        value = left * right;
        break;
    case QASM_SLASH:
        if (right == 0)
            return qhm_qasm_fail(reader, token, NULL, "division by zero");
        value = left / right;
        break;
    case QASM_PERCENT:
        if (right == 0)
            return qhm_qasm_fail(reader, token, NULL, "division by zero");
        value = fmod(left, right);
        break;
    case QASM_POWER:
        value = pow(left, right);
        break;
    default:
        if (!is_comparison(operation))
            return qhm_qasm_fail(reader, token, NULL, "\"%s\" does not take floats",
                                 qhm_qasm_text(reader, token));
        *result = qhm_qasm_bool(holds(operation, (left > right) - (left < right)));
        return QHM_OK;
    }
    if (!isfinite(value))
        return qhm_qasm_fail(reader, token, NULL, "\"%s\" gives no finite number here",
                             qhm_qasm_text(reader, token));
    *result = qhm_qasm_real(value);
    return QHM_OK;
}

// left ** right for right >= 0; false on overflow.
static bool integer_power(int64_t left, int64_t right, int64_t *power)
{
    *power = 1;
    for (int64_t i = 0; i < right; i++) {
        if (i > 64 && (left == 0 || left == 1 || left == -1))
            i += (right - i) / 2 * 2; // the rest repeats in pairs
        if (i < right && __builtin_mul_overflow(*power, left, power))
            return false;
    }
    return true;
}

static int64_t shift(int64_t left, int64_t right, bool is_left)
{
    if (right < 0)
        return shift(left, right == INT64_MIN ? INT64_MAX : -right, !is_left);
    if (right >= 63)
        return is_left || left >= 0 ? 0 : -1;
    return is_left ? (int64_t)((uint64_t)left << right) : left >> right;
}

// Typed integers divide to integers; literals such as 1/2 mean the quotient.
static qhm_status divide(qasm_reader *reader, qasm_token token, uint8_t operation,
                         const qasm_value *left, const qasm_value *right, qasm_value *result)
{
    if (right->integer == 0)
        return qhm_qasm_fail(reader, token, NULL, "division by zero");
    if (left->integer == INT64_MIN && right->integer == -1)
        return qhm_qasm_fail(reader, token, NULL, "the result overflows 64 bits");
    int64_t remainder = left->integer % right->integer;
    if (operation == QASM_PERCENT)
        result->integer = remainder;
    else if (remainder != 0 && (reader->version == 2 || (!left->is_single && !right->is_single)))
        *result = qhm_qasm_real((double)left->integer / (double)right->integer);
    else
        result->integer = left->integer / right->integer;
    return QHM_OK;
}

static qhm_status integer_binary(qasm_reader *reader, qasm_token token, uint8_t operation,
                                 const qasm_value *left, const qasm_value *right,
                                 qasm_value *result)
{
    int64_t a = left->integer, b = right->integer;
    bool overflows = false;
    qasm_value type = left->is_single ? *left : *right; // the one with a declared type
    if (left->is_single && right->is_single && right->width > left->width)
        type = *right;
    *result = (qasm_value){.kind = type.is_single ? type.kind : QASM_INT,
                           .is_single = type.is_single,
                           .width = type.is_single ? type.width : 0};
    if (result->kind == QASM_BOOL)
        *result = qhm_qasm_integer(0);
    switch (operation) {
    case QASM_PLUS:
        overflows = __builtin_add_overflow(a, b, &result->integer);
        break;
    case QASM_MINUS:
        overflows = __builtin_sub_overflow(a, b, &result->integer);
        break;
    case QASM_STAR:
        overflows = __builtin_mul_overflow(a, b, &result->integer);
        break;
    case QASM_SLASH:
    case QASM_PERCENT:
        QHM_TRY(divide(reader, token, operation, left, right, result));
        break;
    case QASM_POWER:
        if (b < 0 || !integer_power(a, b, &result->integer))
            return real_binary(reader, token, operation, (double)a, (double)b, result);
        break;
    case QASM_AND:
        result->integer = a & b;
        break;
    case QASM_OR:
        result->integer = a | b;
        break;
    case QASM_CARET:
        result->integer = a ^ b;
        break;
    case QASM_SHIFT_LEFT:
    case QASM_SHIFT_RIGHT:
        *result = *left;
        result->integer = shift(a, b, operation == QASM_SHIFT_LEFT);
        break;
    default:
        if (!is_comparison(operation))
            return fail_kinds(reader, token, left, right);
        *result = qhm_qasm_bool(holds(operation, (a > b) - (a < b)));
        return QHM_OK;
    }
    if (overflows && (result->width == 0 || result->width >= 64))
        return qhm_qasm_fail(reader, token, NULL, "the result overflows 64 bits");
    if (qhm_qasm_is_whole(result))
        result->integer = qhm_qasm_wrap(result->integer, result);
    return QHM_OK;
}

static qhm_relation relation_of(uint8_t operation)
{
    switch (operation) {
    case QASM_EQUAL:
        return QHM_RELATION_EQUAL;
    case QASM_NOT_EQUAL:
        return QHM_RELATION_NOT_EQUAL;
    case QASM_LESS:
        return QHM_RELATION_LESS;
    case QASM_LESS_EQUAL:
        return QHM_RELATION_LESS_EQUAL;
    case QASM_GREATER:
        return QHM_RELATION_GREATER;
    default:
        return QHM_RELATION_GREATER_EQUAL;
    }
}

// The bits that a value needs: of a constant, as few as hold it.
static uint32_t needed_width(const qasm_value *value, bool *is_signed)
{
    if (value->form != QASM_CONSTANT) {
        *is_signed = value->kind == QASM_INT;
        return value->width;
    }
    *is_signed = value->integer < 0;
    uint64_t magnitude = (uint64_t)(value->integer < 0 ? ~value->integer : value->integer);
    uint32_t width = *is_signed;
    for (; magnitude > 0; magnitude >>= 1)
        width++;
    return width;
}

static qhm_status compare_bits(qasm_reader *reader, uint8_t operation, const qasm_value *left,
                               const qasm_value *right, qasm_value *result)
{
    bool left_signed, right_signed;
    uint32_t left_width = needed_width(left, &left_signed);
    uint32_t right_width = needed_width(right, &right_signed);
    bool is_signed = left_signed || right_signed;
    left_width += is_signed && !left_signed;
    right_width += is_signed && !right_signed;
    uint32_t width = left_width > right_width ? left_width : right_width;
    width = width > 0 ? width : 1;
    const qasm_bit *a, *b;
    QHM_TRY(qhm_qasm_as_bits(reader, left, width, &a));
    QHM_TRY(qhm_qasm_as_bits(reader, right, width, &b));
    if (is_signed && operation != QASM_EQUAL && operation != QASM_NOT_EQUAL) {
        qasm_bit *c, *d; // with the sign bits inverted, order is that of unsigned numbers
        QHM_TRY(qhm_qasm_arena_copy(&reader->scratch, a, width, sizeof *c, &c));
        QHM_TRY(qhm_qasm_arena_copy(&reader->scratch, b, width, sizeof *d, &d));
        c[width - 1] = qhm_qasm_bit_not(c[width - 1]);
        d[width - 1] = qhm_qasm_bit_not(d[width - 1]);
        return qhm_qasm_bits_compare(reader, relation_of(operation), width, c, d, result);
    }
    return qhm_qasm_bits_compare(reader, relation_of(operation), width, a, b, result);
}

// The width and kind of what combines two values bit by bit.
static qasm_value common_type(const qasm_value *left, const qasm_value *right)
{
    const qasm_value *wide = left->form == QASM_CONSTANT ? right : left;
    uint32_t width = wide->width;
    if (left->form != QASM_CONSTANT && right->width > width && right->form != QASM_CONSTANT)
        width = right->width;
    const qasm_value *other = wide == left ? right : left;
    if (other->form == QASM_CONSTANT && other->is_single && other->width > width)
        width = other->width;
    qasm_value type = *wide;
    type.width = width;
    if (type.kind == QASM_BOOL)
        type.kind = QASM_BITS;
    return type;
}

static qhm_status shift_bits(qasm_reader *reader, qasm_token token, uint8_t operation,
                             const qasm_value *left, const qasm_value *right, qasm_value *result)
{
    if (!qhm_qasm_is_whole(right) || right->integer < 0)
        return qhm_qasm_fail(reader, token, NULL,
                             "bits can be shifted by a constant whole number only");
    const qasm_bit *bits;
    qasm_bit *shifted;
    uint32_t width = left->width;
    uint64_t by = (uint64_t)right->integer;
    QHM_TRY(qhm_qasm_as_bits(reader, left, width, &bits));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *shifted, &shifted));
    qasm_bit fill = operation == QASM_SHIFT_RIGHT && left->kind == QASM_INT && width > 0
                        ? bits[width - 1]
                        : QASM_ZERO;
    for (uint32_t i = 0; i < width; i++) {
        if (operation == QASM_SHIFT_LEFT)
            shifted[i] = i >= by ? bits[i - by] : QASM_ZERO;
        else
            shifted[i] = by < width - i ? bits[i + by] : fill;
    }
    *result = qhm_qasm_fold_bits(qhm_qasm_bit_list((qasm_kind)left->kind, width, shifted));
    return QHM_OK;
}

static qhm_status combine_bits(qasm_reader *reader, qasm_token token, uint8_t operation,
                               const qasm_value *left, const qasm_value *right, qasm_value *result)
{
    qasm_value type = common_type(left, right);
    const qasm_bit *a, *b;
    qasm_bit *c;
    QHM_TRY(qhm_qasm_as_bits(reader, left, type.width, &a));
    QHM_TRY(qhm_qasm_as_bits(reader, right, type.width, &b));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, type.width, sizeof *c, &c));
    if (operation == QASM_PLUS || operation == QASM_MINUS) {
        qasm_bit *d = NULL;
        if (operation == QASM_MINUS) {
            QHM_TRY(qhm_qasm_arena_take(&reader->scratch, type.width, sizeof *d, &d));
            for (uint32_t i = 0; i < type.width; i++)
                d[i] = qhm_qasm_bit_not(b[i]);
        }
        QHM_TRY(
            qhm_qasm_bits_add(reader, type.width, a, d ? d : b, d ? QASM_ONE : QASM_ZERO, c, NULL));
    } else {
        unsigned table = operation == QASM_AND ? 0x8 : operation == QASM_OR ? 0xE : 0x6;
        if (operation != QASM_AND && operation != QASM_OR && operation != QASM_CARET)
            return qhm_qasm_fail(reader, token, NULL,
                                 "\"%s\" cannot be computed from measured bits",
                                 qhm_qasm_text(reader, token));
        for (uint32_t i = 0; i < type.width; i++)
            QHM_TRY(qhm_qasm_logic(reader, table, 2, (qasm_bit[]){a[i], b[i]}, &c[i]));
    }
    *result = qhm_qasm_fold_bits(qhm_qasm_bit_list((qasm_kind)type.kind, type.width, c));
    return QHM_OK;
}

static qhm_status logical(qasm_reader *reader, qasm_token token, uint8_t operation,
                          const qasm_value *left, const qasm_value *right, qasm_value *result)
{
    qasm_value a, b;
    QHM_TRY(qhm_qasm_as_condition(reader, token, left, &a));
    QHM_TRY(qhm_qasm_as_condition(reader, token, right, &b));
    bool is_or = operation == QASM_OR_OR;
    if (a.form == QASM_CONSTANT) {
        *result = (a.integer != 0) == is_or ? a : b;
    } else if (b.form == QASM_CONSTANT) {
        *result = (b.integer != 0) == is_or ? b : a;
    } else {
        qasm_bit bits[2], *both;
        QHM_TRY(qhm_qasm_as_bit(reader, &a, &bits[0]));
        QHM_TRY(qhm_qasm_as_bit(reader, &b, &bits[1]));
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch, 1, sizeof *both, &both));
        QHM_TRY(qhm_qasm_logic(reader, is_or ? 0xE : 0x8, 2, bits, both));
        *result = qhm_qasm_fold_bits(qhm_qasm_bit_list(QASM_BOOL, 1, both));
    }
    return QHM_OK;
}

// a ++ b: the elements of a first.
static qhm_status concatenate(qasm_reader *reader, qasm_token token, const qasm_value *left,
                              const qasm_value *right, qasm_value *result)
{
    bool are_qubits = left->kind == QASM_QUBITS && right->kind == QASM_QUBITS;
    bool are_bits = left->kind == QASM_BITS && right->kind == QASM_BITS;
    if (!are_qubits && !are_bits)
        return fail_kinds(reader, token, left, right);
    uint32_t *list, width = left->width + right->width;
    if (width > QASM_MOST_WIDTH)
        return qhm_qasm_fail(reader, token, NULL, "more than %d elements", QASM_MOST_WIDTH);
    *result = (qasm_value){.kind = left->kind, .form = left->form, .width = width};
    result->first = left->first;
    if (!left->list && !right->list && right->first == left->first + left->width)
        return QHM_OK; // still in a row
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *list, &list));
    for (uint32_t i = 0; i < width; i++) {
        const qasm_value *from = i < left->width ? left : right;
        uint32_t at = i < left->width ? i : i - left->width;
        if (are_qubits)
            list[i] = from->list ? from->list[at] : from->first + at;
        else
            list[i] = qhm_qasm_bit_at(from, at);
    }
    result->list = list;
    return QHM_OK;
}

qhm_status qhm_qasm_binary(qasm_reader *reader, qasm_token token, uint8_t operation,
                           const qasm_value *left, const qasm_value *right, qasm_value *result)
{
    if (operation == QASM_CONCAT)
        return concatenate(reader, token, left, right, result);
    bool are_plain = qhm_qasm_is_number(left) && qhm_qasm_is_number(right);
    if (operation == QASM_AND_AND || operation == QASM_OR_OR)
        return logical(reader, token, operation, left, right, result);
    if (qhm_qasm_is_whole(left) && qhm_qasm_is_whole(right))
        return integer_binary(reader, token, operation, left, right, result);
    if (are_plain)
        return real_binary(reader, token, operation, qhm_qasm_number(left), qhm_qasm_number(right),
                           result);
    bool is_left_sum = left->form == QASM_SYMBOLIC, is_right_sum = right->form == QASM_SYMBOLIC;
    if ((is_left_sum || is_right_sum) && (is_left_sum || qhm_qasm_is_number(left)) &&
        (is_right_sum || qhm_qasm_is_number(right)))
        return qhm_qasm_sum_binary(reader, token, operation, left, right, result);
    bool are_bits = (qhm_qasm_has_bits(left) || qhm_qasm_is_whole(left)) &&
                    (qhm_qasm_has_bits(right) || qhm_qasm_is_whole(right));
    if (!are_bits)
        return fail_kinds(reader, token, left, right);
    if (is_comparison(operation))
        return compare_bits(reader, operation, left, right, result);
    if (operation == QASM_SHIFT_LEFT || operation == QASM_SHIFT_RIGHT)
        return shift_bits(reader, token, operation, left, right, result);
    return combine_bits(reader, token, operation, left, right, result);
}
