// Literals: numbers of any width and strings of bits; physical qubits are in qasm_hardware.c.
#include "base/text.h"
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

enum { MOST_DECIMAL_DIGITS = 4096 };

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
    *value = qhm_qasm_bit_list(QASM_UINT, width, bits);
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

// A duration's unit in nanoseconds; NaN for dt, whose length is the machine's own affair.
static double unit_ns(const char *unit, size_t length)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].name) == length && memcmp(units[i].name, unit, length) == 0)
            return units[i].ns;
    return NAN;
}

static qhm_status float_literal(qasm_reader *reader, qasm_token token, qasm_value *value)
{
    enum { MOST = 400 };
    char text[MOST];
    const char *bytes = qhm_qasm_bytes(reader, token);
    size_t count = 0, i = 0;
    for (; i < token.length && count < MOST - 1; i++) {
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
    if (token.kind == QASM_TIMING)
        number *= unit_ns(bytes + i, token.length - i);
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
    *value = qhm_qasm_bit_list(QASM_BITS, width, bits);
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
        return qhm_qasm_hardware_literal(reader, token, value);
    default:
        return float_literal(reader, token, value);
    }
}
