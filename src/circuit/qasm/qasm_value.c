// Values: literals, operators, conversions, indices. What is constant is computed here, what
// depends on measured bits in qasm_bits.c, what has slots in qasm_symbolic.c.
#include "base/text.h"
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

enum { MOST_DECIMAL_DIGITS = 4096 };

qasm_value qhm_qasm_integer(int64_t value)
{
    return (qasm_value){.kind = QASM_INT, .integer = value};
}

qasm_value qhm_qasm_real(double value)
{
    return (qasm_value){.kind = QASM_REAL, .real = value};
}

qasm_value qhm_qasm_bool(bool value)
{
    return (qasm_value){.kind = QASM_BOOL, .width = 1, .integer = value};
}

qasm_value qhm_qasm_condition_value(const qhm_condition *condition)
{
    return (qasm_value){
        .kind = QASM_BOOL, .form = QASM_CONDITIONAL, .width = 1, .condition = condition};
}

const char *qhm_qasm_kind_text(qasm_kind kind)
{
    static const char *const texts[QASM_KIND_COUNT] = {
        [QASM_NOTHING] = "nothing", [QASM_BOOL] = "a bool",         [QASM_INT] = "an int",
        [QASM_UINT] = "a uint",     [QASM_REAL] = "a float",        [QASM_ANGLE] = "an angle",
        [QASM_BITS] = "bits",       [QASM_DURATION] = "a duration", [QASM_QUBITS] = "qubits",
        [QASM_RANGE] = "a range",   [QASM_LIST] = "a list",
    };
    return texts[kind];
}

static bool is_whole(const qasm_value *value)
{
    return value->form == QASM_CONSTANT &&
           (value->kind == QASM_INT || value->kind == QASM_UINT || value->kind == QASM_BOOL);
}

static bool is_real(const qasm_value *value)
{
    return value->form == QASM_CONSTANT && (value->kind == QASM_REAL || value->kind == QASM_ANGLE);
}

bool qhm_qasm_is_number(const qasm_value *value)
{
    return is_whole(value) || is_real(value);
}

double qhm_qasm_number(const qasm_value *value)
{
    return is_real(value) ? value->real : (double)value->integer;
}

// Bits that are all constant and fit a word become a number.
static qasm_value fold_bits(qasm_value value)
{
    if (value.form != QASM_BIT_LIST || value.width > 63 || value.kind == QASM_BITS)
        return value;
    int64_t integer = 0;
    for (uint32_t i = 0; i < value.width; i++) {
        qasm_bit bit = qhm_qasm_bit_at(&value, i);
        if (!qhm_qasm_bit_is_constant(bit))
            return value;
        integer |= (int64_t)bit << i;
    }
    if (value.kind == QASM_INT && value.width > 0 && ((integer >> (value.width - 1)) & 1))
        integer -= (int64_t)1 << value.width;
    value.form = QASM_CONSTANT;
    value.integer = integer;
    return value;
}

static qasm_value bit_list(qasm_kind kind, uint32_t width, const qasm_bit *bits)
{
    return (qasm_value){.kind = (uint8_t)kind, .form = QASM_BIT_LIST, .width = width, .list = bits};
}

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return 99;
}

// A whole number wider than 63 bits: a bit list, by multiplying words.
static qhm_status wide_literal(qasm_reader *reader, qasm_token token, const char *digits,
                               size_t count, unsigned base, qasm_value *value)
{
    size_t word_count = count / 8 + 2; // 4 bits a digit at most, 32 bits a word
    uint32_t *words;
    if (count > MOST_DECIMAL_DIGITS)
        return qhm_qasm_fail(reader, token, NULL, "a number has %zu digits, more than %d", count,
                             MOST_DECIMAL_DIGITS);
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, word_count, sizeof *words, &words));
    memset(words, 0, word_count * sizeof *words);
    for (size_t i = 0; i < count; i++) {
        if (digits[i] == '_')
            continue;
        uint64_t carry = (uint64_t)digit_value(digits[i]);
        for (size_t w = 0; w < word_count; w++) {
            carry += (uint64_t)words[w] * base;
            words[w] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    uint32_t width = (uint32_t)word_count * 32;
    while (width > 1 && !((words[(width - 1) / 32] >> ((width - 1) % 32)) & 1))
        width--;
    qasm_bit *bits;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *bits, &bits));
    for (uint32_t i = 0; i < width; i++)
        bits[i] = (words[i / 32] >> (i % 32)) & 1;
    *value = bit_list(QASM_UINT, width, bits);
    return QHM_OK;
}

static qhm_status integer_literal(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    const char *digits = qhm_qasm_bytes(reader, token);
    size_t count = token.length;
    unsigned base = 10;
    if (count > 1 && digits[0] == '0' && digit_value(digits[1]) > 9) {
        char letter = digits[1];
        base = letter == 'x' || letter == 'X' ? 16 : 0;
        base = letter == 'b' || letter == 'B' ? 2 : base;
        base = letter == 'o' ? 8 : base;
    }
    if (count > 1 && (digits[1] == 'o' || digits[1] == 'O'))
        base = 8;
    if (base != 10) {
        digits += 2;
        count -= 2;
    }
    uint64_t number = 0;
    bool is_wide = false, has_digit = false;
    for (size_t i = 0; i < count; i++) {
        if (digits[i] == '_')
            continue;
        int digit = digit_value(digits[i]);
        if (digit >= (int)base)
            return qhm_qasm_fail(reader, token, NULL, "\"%s\" is not a number",
                                 qhm_qasm_text(reader, token));
        has_digit = true;
        is_wide = is_wide || number > (INT64_MAX - (uint64_t)digit) / base;
        number = number * base + (uint64_t)digit;
    }
    if (!has_digit)
        return qhm_qasm_fail(reader, token, NULL, "\"%s\" is not a number",
                             qhm_qasm_text(reader, token));
    if (is_wide)
        return wide_literal(reader, token, digits, count, base, value);
    *value = qhm_qasm_integer((int64_t)number);
    return QHM_OK;
}

static qhm_status float_literal(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    enum { MOST = 400 };
    char text[MOST];
    const char *bytes = qhm_qasm_bytes(reader, token);
    size_t count = 0;
    for (size_t i = 0; i < token.length && count < MOST - 1; i++) {
        if (token.kind == QASM_TIMING &&
            !((bytes[i] >= '0' && bytes[i] <= '9') || (bytes[i] && strchr("._eE+-", bytes[i]))))
            break;
        if (bytes[i] != '_')
            text[count++] = bytes[i];
    }
    text[count] = '\0';
    double number;
    if (count == MOST - 1 || !qhm_parse_double(text, &number))
        return qhm_qasm_fail(reader, token, NULL, "\"%s\" is not a finite number",
                             qhm_qasm_text(reader, token));
    *value = qhm_qasm_real(number);
    if (token.kind == QASM_TIMING)
        value->kind = QASM_DURATION;
    return QHM_OK;
}

static qhm_status bits_literal(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    const char *bytes = qhm_qasm_bytes(reader, token);
    qasm_bit *bits;
    uint32_t width = 0;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, token.length, sizeof *bits, &bits));
    for (size_t i = token.length - 1; i-- > 1;) { // the last character is bit 0
        if (bytes[i] == '_')
            continue;
        if (bytes[i] != '0' && bytes[i] != '1')
            return qhm_qasm_fail(reader, token, NULL, "%s is no string of bits",
                                 qhm_qasm_text(reader, token));
        bits[width++] = bytes[i] == '1';
    }
    if (width == 0)
        return qhm_qasm_fail(reader, token, NULL, "a string of bits needs at least one");
    *value = bit_list(QASM_BITS, width, bits);
    return QHM_OK;
}

static qhm_status hardware_literal(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    uint64_t number = 0;
    const char *bytes = qhm_qasm_bytes(reader, token);
    for (size_t i = 1; i < token.length && number < QHM_CIRCUIT_MAX_QUBITS; i++)
        number = 10 * number + (uint64_t)(bytes[i] - '0');
    if (number >= QHM_CIRCUIT_MAX_QUBITS)
        return qhm_qasm_fail(reader, token, NULL,
                             "%s is beyond the %d qubits that a circuit can "
                             "have",
                             qhm_qasm_text(reader, token), QHM_CIRCUIT_MAX_QUBITS);
    if (reader->hardware_count == 0) {
        uint32_t count = qhm_qasm_hardware_count(reader), first;
        if (count <= number)
            count = (uint32_t)number + 1;
        first = (uint32_t)qhm_circuit_qubit_count(reader->circuit);
        if (count > QHM_CIRCUIT_MAX_QUBITS - first)
            return qhm_qasm_fail(reader, token, NULL, "more than %d qubits",
                                 QHM_CIRCUIT_MAX_QUBITS);
        QHM_TRY(qhm_circuit_append_qubits(reader->circuit, "$", count));
        reader->hardware_first = first;
        reader->hardware_count = count;
    }
    if (number >= reader->hardware_count)
        return qhm_qasm_fail(reader, token, NULL, "%s is beyond the physical qubits of the file",
                             qhm_qasm_text(reader, token));
    *value = (qasm_value){.kind = QASM_QUBITS,
                          .is_single = true,
                          .width = 1,
                          .first = reader->hardware_first + (uint32_t)number};
    return QHM_OK;
}

qhm_status qhm_qasm_literal(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    switch (token.kind) {
    case QASM_INTEGER:
        return integer_literal(reader, token, value);
    case QASM_STRING:
        return bits_literal(reader, token, value);
    case QASM_HARDWARE:
        return hardware_literal(reader, token, value);
    default:
        return float_literal(reader, token, value);
    }
}

static bool has_bits(const qasm_value *value)
{
    return value->form == QASM_BIT_LIST || value->form == QASM_CONDITIONAL;
}

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
    *value = bit_list(kind, value->width, inverted);
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

static int64_t wrap(int64_t integer, const qasm_value *type)
{
    if (type->width == 0 || type->width >= 64)
        return integer;
    int64_t mask = ((int64_t)1 << type->width) - 1;
    integer &= mask;
    if (type->kind == QASM_INT && ((integer >> (type->width - 1)) & 1))
        integer -= (int64_t)1 << type->width;
    return integer;
}

qhm_status qhm_qasm_unary(qasm_reader *reader, qasm_token token, uint8_t operation,
                          qasm_value *value)
{
    if (operation == QASM_BANG)
        return unary_not(reader, token, value);
    if (operation == QASM_TILDE) {
        if (is_whole(value) && value->kind != QASM_BOOL) {
            value->integer = wrap(~value->integer, value);
            return QHM_OK;
        }
        if (has_bits(value) || value->kind == QASM_BOOL)
            return invert_bits(reader, value);
    } else {
        if (value->form == QASM_SYMBOLIC)
            return qhm_qasm_sum_scale(reader, value, -1, value);
        if (is_real(value)) {
            value->real = -value->real;
            return QHM_OK;
        }
        if (is_whole(value)) {
            value->integer = value->integer == INT64_MIN ? INT64_MIN : -value->integer;
            value->kind = QASM_INT;
            return QHM_OK;
        }
        qasm_value zero = qhm_qasm_integer(0);
        if (has_bits(value))
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
    if (is_whole(result))
        result->integer = wrap(result->integer, result);
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
    if (!is_whole(right) || right->integer < 0)
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
    *result = fold_bits(bit_list((qasm_kind)left->kind, width, shifted));
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
    *result = fold_bits(bit_list((qasm_kind)type.kind, type.width, c));
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
        *result = fold_bits(bit_list(QASM_BOOL, 1, both));
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
    if (is_whole(left) && is_whole(right))
        return integer_binary(reader, token, operation, left, right, result);
    if (are_plain)
        return real_binary(reader, token, operation, qhm_qasm_number(left), qhm_qasm_number(right),
                           result);
    bool is_left_sum = left->form == QASM_SYMBOLIC, is_right_sum = right->form == QASM_SYMBOLIC;
    if ((is_left_sum || is_right_sum) && (is_left_sum || qhm_qasm_is_number(left)) &&
        (is_right_sum || qhm_qasm_is_number(right)))
        return qhm_qasm_sum_binary(reader, token, operation, left, right, result);
    bool are_bits = (has_bits(left) || is_whole(left)) && (has_bits(right) || is_whole(right));
    if (!are_bits)
        return fail_kinds(reader, token, left, right);
    if (is_comparison(operation))
        return compare_bits(reader, operation, left, right, result);
    if (operation == QASM_SHIFT_LEFT || operation == QASM_SHIFT_RIGHT)
        return shift_bits(reader, token, operation, left, right, result);
    return combine_bits(reader, token, operation, left, right, result);
}

static qhm_status fail_conversion(qasm_reader *reader, qasm_token token, qasm_type type,
                                  const qasm_value *value)
{
    bool is_run_time = has_bits(value) && value->kind != QASM_BITS;
    return qhm_qasm_fail(
        reader, token, NULL, "%s%s cannot become %s", qhm_qasm_kind_text((qasm_kind)value->kind),
        is_run_time ? " that depends on measured bits" : "", qhm_qasm_kind_text(type.kind));
}

static qhm_status to_integer(qasm_reader *reader, qasm_token token, qasm_type type,
                             qasm_value *value)
{
    if (is_real(value)) {
        if (fabs(value->real) >= 9.2e18)
            return qhm_qasm_fail(reader, token, NULL, "%g does not fit an int", value->real);
        *value = qhm_qasm_integer((int64_t)value->real);
    }
    if (is_whole(value) && type.width <= 63) {
        *value = (qasm_value){.kind = (uint8_t)type.kind,
                              .is_single = true,
                              .width = type.width,
                              .integer = value->integer};
        value->integer = wrap(value->integer, value);
        return QHM_OK;
    }
    if (!has_bits(value) && !is_whole(value))
        return fail_conversion(reader, token, type, value);
    const qasm_bit *bits;
    uint32_t width = type.width > 0 ? type.width : value->width > 0 ? value->width : 64;
    QHM_TRY(qhm_qasm_as_bits(reader, value, width, &bits));
    *value = fold_bits(bit_list(type.kind, width, bits));
    value->is_single = true;
    return QHM_OK;
}

static qhm_status to_real(qasm_reader *reader, qasm_token token, qasm_type type, qasm_value *value)
{
    if (value->form == QASM_SYMBOLIC) {
        value->kind = (uint8_t)type.kind;
        return QHM_OK;
    }
    if (type.kind == QASM_ANGLE && value->form == QASM_BIT_LIST && value->kind == QASM_BITS) {
        double angle = 0; // bit k of n turns by 2 pi / 2^(n-k)
        for (uint32_t i = 0; i < value->width; i++) {
            qasm_bit bit = qhm_qasm_bit_at(value, i);
            if (!qhm_qasm_bit_is_constant(bit))
                return fail_conversion(reader, token, type, value);
            angle += bit ? 2 * M_PI * ldexp(1, (int)i - (int)value->width) : 0;
        }
        *value = qhm_qasm_real(angle);
    }
    if (!qhm_qasm_is_number(value))
        return fail_conversion(reader, token, type, value);
    *value = qhm_qasm_real(qhm_qasm_number(value));
    value->kind = (uint8_t)type.kind;
    return QHM_OK;
}

static qhm_status to_bits(qasm_reader *reader, qasm_token token, qasm_type type, qasm_value *value)
{
    uint32_t width = type.width > 0 ? type.width : 1;
    bool is_angle = value->kind == QASM_ANGLE && value->form == QASM_CONSTANT;
    if (is_angle && width <= 62) {
        double turns = value->real / (2 * M_PI);
        turns -= floor(turns);
        *value = qhm_qasm_integer((int64_t)nearbyint(ldexp(turns, (int)width)));
    }
    if (!has_bits(value) && !is_whole(value))
        return fail_conversion(reader, token, type, value);
    if (value->kind == QASM_BITS && value->width != width)
        return qhm_qasm_fail(reader, token, NULL, "%u bits do not fit bit[%u]", value->width,
                             width);
    const qasm_bit *bits;
    if (value->kind != QASM_BITS) {
        QHM_TRY(qhm_qasm_as_bits(reader, value, width, &bits));
        *value = bit_list(QASM_BITS, width, bits);
    }
    value->is_single = type.is_single;
    return QHM_OK;
}

qhm_status qhm_qasm_convert(qasm_reader *reader, qasm_token token, qasm_type type,
                            qasm_value *value)
{
    switch (type.kind) {
    case QASM_BOOL:
        return qhm_qasm_as_condition(reader, token, value, value);
    case QASM_INT:
    case QASM_UINT:
        return to_integer(reader, token, type, value);
    case QASM_REAL:
    case QASM_ANGLE:
        return to_real(reader, token, type, value);
    case QASM_BITS:
        return to_bits(reader, token, type, value);
    default:
        if (value->kind == type.kind)
            return QHM_OK;
        return fail_conversion(reader, token, type, value);
    }
}

// A position among `count` elements; negative ones count from the end.
static qhm_status position(qasm_reader *reader, qasm_token token, const qasm_value *index,
                           uint32_t count, uint32_t *at)
{
    if (index->form != QASM_CONSTANT && has_bits(index))
        return qhm_qasm_fail(reader, token, NULL, "an index must be known before the circuit runs");
    if (!is_whole(index))
        return qhm_qasm_fail(reader, token, NULL, "an index is a whole number, not %s",
                             qhm_qasm_kind_text((qasm_kind)index->kind));
    int64_t integer = index->integer;
    if (integer < 0 && reader->version == 3)
        integer += count;
    if (integer < 0 || integer >= count)
        return qhm_qasm_fail(reader, token, NULL, "index %lld is not 0 to %u",
                             (long long)index->integer, count - 1);
    *at = (uint32_t)integer;
    return QHM_OK;
}

static qhm_status elements(qasm_reader *reader, qasm_token token, const qasm_value *base,
                           const uint32_t *places, uint32_t count, qasm_value *result)
{
    *result = (qasm_value){.kind = base->kind, .form = base->form, .width = count};
    if (base->kind == QASM_LIST) {
        qasm_value *items;
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *items, &items));
        for (uint32_t i = 0; i < count; i++)
            items[i] = base->items[places[i]];
        result->items = items;
        return QHM_OK;
    }
    if (base->kind != QASM_QUBITS)
        result->kind = QASM_BITS;
    bool is_row = !base->list;
    for (uint32_t i = 1; i < count; i++)
        is_row = is_row && places[i] == places[i - 1] + 1;
    if (is_row && count > 0) {
        result->first = base->first + places[0];
        return QHM_OK;
    }
    if (count == 0)
        return qhm_qasm_fail(reader, token, NULL, "nothing is selected");
    uint32_t *list;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *list, &list));
    for (uint32_t i = 0; i < count; i++)
        list[i] = base->kind == QASM_QUBITS
                      ? (base->list ? base->list[places[i]] : base->first + places[i])
                      : qhm_qasm_bit_at(base, places[i]);
    result->list = list;
    return QHM_OK;
}

// [first:step:last], both ends included.
static qhm_status range_places(qasm_reader *reader, qasm_token token, uint32_t size,
                               const qasm_value *range, const uint32_t **places, uint32_t *count)
{
    int64_t step = 1;
    uint32_t first, last;
    if (range->items[1].kind != QASM_NOTHING) {
        if (!is_whole(&range->items[1]) || range->items[1].integer == 0)
            return qhm_qasm_fail(reader, token, NULL, "the step of a range is not 0");
        step = range->items[1].integer;
    }
    qasm_value from = qhm_qasm_integer(step > 0 ? 0 : (int64_t)size - 1);
    qasm_value to = qhm_qasm_integer(step > 0 ? (int64_t)size - 1 : 0);
    if (range->items[0].kind != QASM_NOTHING)
        from = range->items[0];
    if (range->items[2].kind != QASM_NOTHING)
        to = range->items[2];
    QHM_TRY(position(reader, token, &from, size, &first));
    QHM_TRY(position(reader, token, &to, size, &last));
    uint32_t *list;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, size, sizeof *list, &list));
    *count = 0;
    if (step > size || step < -(int64_t)size)
        step = step > 0 ? size : -(int64_t)size;
    for (int64_t at = first; step > 0 ? at <= last : at >= last; at += step)
        list[(*count)++] = (uint32_t)at;
    *places = list;
    return QHM_OK;
}

qhm_status qhm_qasm_index(qasm_reader *reader, qasm_token token, const qasm_value *base,
                          const qasm_value *index, qasm_value *result)
{
    bool is_list = base->kind == QASM_LIST || base->kind == QASM_QUBITS;
    qasm_value sized = *base;
    if (!is_list && is_whole(base) && base->kind != QASM_BOOL) { // the bits of a number
        uint32_t width = base->width > 0 ? base->width : 64;
        const qasm_bit *bits;
        QHM_TRY(qhm_qasm_as_bits(reader, base, width, &bits));
        sized = bit_list(QASM_BITS, width, bits);
    } else if (!is_list && base->form != QASM_BIT_LIST) {
        return qhm_qasm_fail(reader, token, NULL, "%s cannot be indexed",
                             qhm_qasm_kind_text((qasm_kind)base->kind));
    }
    if (sized.is_single && sized.kind != QASM_INT && sized.kind != QASM_UINT)
        return qhm_qasm_fail(reader, token, NULL, "what is not a register cannot be indexed");
    if (sized.width == 0)
        return qhm_qasm_fail(reader, token, NULL, "nothing is there to be indexed");
    if (index->kind == QASM_RANGE || index->kind == QASM_LIST) {
        const uint32_t *places = NULL;
        uint32_t count = index->width;
        if (index->kind == QASM_RANGE) {
            QHM_TRY(range_places(reader, token, sized.width, index, &places, &count));
        } else {
            uint32_t *list;
            QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *list, &list));
            for (uint32_t i = 0; i < count; i++)
                QHM_TRY(position(reader, token, &index->items[i], sized.width, &list[i]));
            places = list;
        }
        return elements(reader, token, &sized, places, count, result);
    }
    uint32_t at;
    QHM_TRY(position(reader, token, index, sized.width, &at));
    if (sized.kind == QASM_LIST) {
        *result = sized.items[at];
        return QHM_OK;
    }
    QHM_TRY(elements(reader, token, &sized, &at, 1, result));
    result->is_single = true;
    return QHM_OK;
}

enum {
    FUNCTION_MOD,
    FUNCTION_POW,
    FUNCTION_POPCOUNT,
    FUNCTION_ROTL,
    FUNCTION_ROTR,
    FUNCTION_SIZEOF,
    FUNCTION_REAL,
    FUNCTION_IMAG,
    FUNCTION_CEILING,
    FUNCTION_FLOOR,
    FUNCTION_FIRST_REAL // functions of one float from here on
};

static const struct {
    const char *name;
    double (*function)(double);
} functions[] = {
    {"mod", NULL},    {"pow", NULL},  {"popcount", NULL}, {"rotl", NULL},    {"rotr", NULL},
    {"sizeof", NULL}, {"real", NULL}, {"imag", NULL},     {"ceiling", ceil}, {"floor", floor},
    {"sin", sin},     {"cos", cos},   {"tan", tan},       {"arcsin", asin},  {"arccos", acos},
    {"arctan", atan}, {"asin", asin}, {"acos", acos},     {"atan", atan},    {"exp", exp},
    {"log", log},     {"ln", log},    {"sqrt", sqrt},
};

int qhm_qasm_function_find(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0)
            return (int)i;
    return -1;
}

// The number of ones: known, or added up.
static qhm_status popcount(qasm_reader *reader, qasm_token token, const qasm_value *value,
                           qasm_value *result)
{
    enum { WIDTH = 21 };
    if (!has_bits(value) && !is_whole(value))
        return qhm_qasm_fail(reader, token, NULL, "popcount takes bits, not %s",
                             qhm_qasm_kind_text((qasm_kind)value->kind));
    uint32_t width = value->width > 0 ? value->width : 64, needed = 1;
    while ((width >> needed) > 0)
        needed++;
    const qasm_bit *bits;
    qasm_bit *sum, one[WIDTH + 1] = {0};
    QHM_TRY(qhm_qasm_as_bits(reader, value, width, &bits));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, needed, sizeof *sum, &sum));
    memset(sum, 0, needed * sizeof *sum);
    for (uint32_t i = 0; i < width; i++) {
        one[0] = bits[i];
        qasm_bit next[WIDTH + 1];
        QHM_TRY(qhm_qasm_bits_add(reader, needed, sum, one, QASM_ZERO, next, NULL));
        memcpy(sum, next, needed * sizeof *sum);
    }
    *result = fold_bits(bit_list(QASM_UINT, needed, sum));
    return QHM_OK;
}

static qhm_status rotate(qasm_reader *reader, qasm_token token, bool is_left,
                         const qasm_value *value, const qasm_value *by, qasm_value *result)
{
    if (!is_whole(by) || !has_bits(value) || value->width == 0)
        return qhm_qasm_fail(reader, token, NULL, "%s takes bits and a constant whole number",
                             qhm_qasm_text(reader, token));
    int64_t width = value->width, turn = by->integer % width;
    turn = (is_left ? turn : -turn) + width;
    const qasm_bit *bits;
    qasm_bit *rotated;
    QHM_TRY(qhm_qasm_as_bits(reader, value, value->width, &bits));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, value->width, sizeof *rotated, &rotated));
    for (int64_t i = 0; i < width; i++)
        rotated[(i + turn) % width] = bits[i];
    *result = bit_list((qasm_kind)value->kind, value->width, rotated);
    return QHM_OK;
}

static qhm_status real_function(qasm_reader *reader, qasm_token token, int function,
                                const qasm_value *argument, qasm_value *result)
{
    if (argument->form == QASM_SYMBOLIC)
        return qhm_qasm_fail(reader, token, "give the input a value, as with --param NAME=VALUE",
                             "%s of an input that has no value cannot be an angle",
                             qhm_qasm_text(reader, token));
    if (!qhm_qasm_is_number(argument))
        return qhm_qasm_fail(reader, token, NULL, "%s takes a number, not %s",
                             qhm_qasm_text(reader, token),
                             qhm_qasm_kind_text((qasm_kind)argument->kind));
    double value = functions[function].function(qhm_qasm_number(argument));
    if (!isfinite(value))
        return qhm_qasm_fail(reader, token, NULL, "%s of %g is not a finite number",
                             qhm_qasm_text(reader, token), qhm_qasm_number(argument));
    *result = qhm_qasm_real(value);
    if (function < FUNCTION_FIRST_REAL && fabs(value) < 9e18)
        *result = qhm_qasm_integer((int64_t)value);
    return QHM_OK;
}

qhm_status qhm_qasm_function_call(qasm_reader *reader, qasm_token token, int function,
                                  const qasm_value *arguments, size_t count, qasm_value *result)
{
    bool takes_two = function == FUNCTION_MOD || function == FUNCTION_POW ||
                     function == FUNCTION_ROTL || function == FUNCTION_ROTR;
    bool may_be_two = takes_two || (function == FUNCTION_SIZEOF && count == 2);
    if (count != 1 + (size_t)may_be_two)
        return qhm_qasm_fail(reader, token, NULL, "%s takes %d value%s, not %zu",
                             qhm_qasm_text(reader, token), 1 + takes_two, takes_two ? "s" : "",
                             count);
    switch (function) {
    case FUNCTION_MOD:
        return qhm_qasm_binary(reader, token, QASM_PERCENT, &arguments[0], &arguments[1], result);
    case FUNCTION_POW:
        return qhm_qasm_binary(reader, token, QASM_POWER, &arguments[0], &arguments[1], result);
    case FUNCTION_POPCOUNT:
        return popcount(reader, token, &arguments[0], result);
    case FUNCTION_ROTL:
    case FUNCTION_ROTR:
        return rotate(reader, token, function == FUNCTION_ROTL, &arguments[0], &arguments[1],
                      result);
    case FUNCTION_SIZEOF:
        *result = qhm_qasm_integer(arguments[0].width);
        return QHM_OK;
    case FUNCTION_REAL:
    case FUNCTION_IMAG:
        return qhm_qasm_fail(reader, token, NULL, "complex numbers are not supported");
    default:
        return real_function(reader, token, function, &arguments[0], result);
    }
}
