// Values: what they are, and how one becomes another.
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

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

bool qhm_qasm_is_whole(const qasm_value *value)
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
    return qhm_qasm_is_whole(value) || is_real(value);
}

double qhm_qasm_number(const qasm_value *value)
{
    return is_real(value) ? value->real : (double)value->integer;
}

// Bits that are all constant and fit a word become a number.
qasm_value qhm_qasm_fold_bits(qasm_value value)
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

qasm_value qhm_qasm_bit_list(qasm_kind kind, uint32_t width, const qasm_bit *bits)
{
    return (qasm_value){.kind = (uint8_t)kind, .form = QASM_BIT_LIST, .width = width, .list = bits};
}

bool qhm_qasm_has_bits(const qasm_value *value)
{
    return value->form == QASM_BIT_LIST || value->form == QASM_CONDITIONAL;
}

int64_t qhm_qasm_wrap(int64_t integer, const qasm_value *type)
{
    if (type->width == 0 || type->width >= 64)
        return integer;
    const uint64_t mask = ((uint64_t)1 << type->width) - 1;
    uint64_t bits = (uint64_t)integer & mask;
    if (type->kind == QASM_INT && (bits >> (type->width - 1) & 1))
        bits |= ~mask; // the sign
    return (int64_t)bits;
}

static qhm_status fail_conversion(qasm_reader *reader, qasm_token token, qasm_type type,
                                  const qasm_value *value)
{
    bool is_run_time = qhm_qasm_has_bits(value) && value->kind != QASM_BITS;
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
    if (qhm_qasm_is_whole(value) && type.width <= 63) {
        *value = (qasm_value){.kind = (uint8_t)type.kind,
                              .is_single = true,
                              .width = type.width,
                              .integer = value->integer};
        value->integer = qhm_qasm_wrap(value->integer, value);
        return QHM_OK;
    }
    if (!qhm_qasm_has_bits(value) && !qhm_qasm_is_whole(value))
        return fail_conversion(reader, token, type, value);
    const qasm_bit *bits;
    uint32_t width = type.width > 0 ? type.width : value->width > 0 ? value->width : 64;
    if (type.width == 0 && type.kind == QASM_INT && value->kind != QASM_INT) // stays positive
        width = width < QASM_INT_WIDTH ? QASM_INT_WIDTH : width + 1;
    QHM_TRY(qhm_qasm_as_bits(reader, value, width, &bits));
    *value = qhm_qasm_fold_bits(qhm_qasm_bit_list(type.kind, width, bits));
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
    if (!qhm_qasm_has_bits(value) && !qhm_qasm_is_whole(value))
        return fail_conversion(reader, token, type, value);
    if (value->kind == QASM_BITS && value->width != width)
        return qhm_qasm_fail(reader, token, NULL, "%u bits do not fit bit[%u]", value->width,
                             width);
    const qasm_bit *bits;
    if (value->kind != QASM_BITS) {
        QHM_TRY(qhm_qasm_as_bits(reader, value, width, &bits));
        *value = qhm_qasm_bit_list(QASM_BITS, width, bits);
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
