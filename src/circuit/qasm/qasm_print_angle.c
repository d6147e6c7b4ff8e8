// Numbers and angles of programs: short where that is exact, with all digits elsewhere.
#include "base/memory.h"
#include "circuit/qasm/qasm_print_internal.h"

#include <math.h>
#include <string.h>

// Every reader takes "1.0e-10"; the grammar of version 2 has no "1e-10".
void qhm_qasm_print_number(qhm_text *text, double value)
{
    if (value == 0) {
        qhm_text_append(text, signbit(value) ? "-0.0" : "0");
        return;
    }
    qhm_text digits = {0};
    qhm_text_append_number(&digits, value);
    const char *written = digits.bytes ? digits.bytes : "";
    const char *exponent = strchr(written, 'e');
    if (exponent && !memchr(written, '.', (size_t)(exponent - written))) {
        qhm_text_append_bytes(text, written, (size_t)(exponent - written));
        qhm_text_append(text, ".0");
        qhm_text_append(text, exponent);
    } else {
        qhm_text_append(text, written);
    }
    qhm_text_release_part(text, &digits);
}

// n*pi/d if that, evaluated from the left, is the very same double; else the digits.
static void print_radians(qhm_text *text, double value)
{
    static const int denominators[] = {1, 2, 3, 4, 5, 6, 8, 12, 16, 32, 64, 128, 256, 512, 1024};
    for (size_t i = 0; i < sizeof denominators / sizeof denominators[0]; i++) {
        const int denominator = denominators[i];
        const double numerator = round(fabs(value) / M_PI * denominator);
        if (!(numerator >= 1 && numerator <= 1024) || numerator * M_PI / denominator != fabs(value))
            continue;
        qhm_text_append(text, value < 0 ? "-" : "");
        if (numerator > 1)
            qhm_text_print(text, "%d*", (int)numerator);
        qhm_text_append(text, "pi");
        if (denominator > 1)
            qhm_text_print(text, "/%d", denominator);
        return;
    }
    qhm_qasm_print_number(text, value);
}

static void print_factor(const qasm_print *print, const qhm_angle_factor *factor)
{
    const char *name = factor->slot == QHM_SLOT_INPUT ? print->inputs[factor->index]
                                                      : print->weights[factor->index];
    if (factor->shift == 0 && !signbit(factor->shift)) {
        qhm_text_append(print->text, name);
        return;
    }
    qhm_text_print(print->text, "(%s %c ", name, signbit(factor->shift) ? '-' : '+');
    print_radians(print->text, fabs(factor->shift));
    qhm_text_append(print->text, ")");
}

// The reader keeps scale * (slot + shift) as a factor with its shift, so a scale of 1 is printed
// where there is one shifted factor.
void qhm_qasm_print_angle(const qasm_print *print, const qhm_angle *angle)
{
    if (qhm_angle_is_constant(angle)) {
        print_radians(print->text, angle->offset);
        return;
    }
    const qhm_angle_factor *first = &angle->factors[0], *second = &angle->factors[1];
    const bool has_two = second->slot != QHM_SLOT_NONE;
    if (angle->scale != 1 || (!has_two && first->shift != 0)) {
        print_radians(print->text, angle->scale);
        qhm_text_append(print->text, "*");
    }
    print_factor(print, first);
    if (has_two) {
        qhm_text_append(print->text, "*");
        print_factor(print, second);
    }
    if (angle->offset != 0) {
        qhm_text_append(print->text, angle->offset < 0 ? " - " : " + ");
        print_radians(print->text, fabs(angle->offset));
    }
}

enum { CHUNK = 1000000000 }; // nine digits

qhm_status qhm_qasm_print_value(qhm_text *text, const uint64_t *words, size_t word_count)
{
    while (word_count > 1 && words[word_count - 1] == 0)
        word_count--;
    if (word_count == 1) {
        qhm_text_print(text, "%llu", (unsigned long long)words[0]);
        return QHM_OK;
    }
    size_t left = 2 * word_count, count = 0;
    uint32_t *halves, *chunks; // lowest first
    QHM_TRY(qhm_allocate(left + left * 32 / 29 + 2, sizeof *halves, &halves));
    chunks = halves + left;
    for (size_t i = 0; i < word_count; i++) {
        halves[2 * i] = (uint32_t)words[i];
        halves[2 * i + 1] = (uint32_t)(words[i] >> 32);
    }
    while (left > 0) {
        uint64_t rest = 0;
        for (size_t i = left; i-- > 0;) {
            rest = (rest << 32) | halves[i];
            halves[i] = (uint32_t)(rest / CHUNK);
            rest %= CHUNK;
        }
        chunks[count++] = (uint32_t)rest;
        while (left > 0 && halves[left - 1] == 0)
            left--;
    }
    for (size_t i = count; i-- > 0;)
        qhm_text_print(text, i + 1 == count ? "%u" : "%09u", chunks[i]);
    qhm_release(halves);
    return QHM_OK;
}
