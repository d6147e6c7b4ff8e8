// The functions of the language: sin, popcount, ...
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

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
    if (!qhm_qasm_has_bits(value) && !qhm_qasm_is_whole(value))
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
    *result = qhm_qasm_fold_bits(qhm_qasm_bit_list(QASM_UINT, needed, sum));
    return QHM_OK;
}

static qhm_status rotate(qasm_reader *reader, qasm_token token, bool is_left,
                         const qasm_value *value, const qasm_value *by, qasm_value *result)
{
    if (!qhm_qasm_is_whole(by) || !qhm_qasm_has_bits(value) || value->width == 0)
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
    *result = qhm_qasm_bit_list((qasm_kind)value->kind, value->width, rotated);
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
