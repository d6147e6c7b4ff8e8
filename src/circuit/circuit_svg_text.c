// Text in pictures: widths by classes of characters, subscripts as shifted spans.
#include "circuit/circuit_svg_text.h"

#include "circuit/circuit_labels.h"

#include <string.h>

// Widths in ems of a wide sans-serif face.
static double character_width(uint32_t c)
{
    if (c >= 0x80)
        return c == 0x221a ? 0.75 : 0.68 * (double)qhm_character_width(c);
    if (strchr("mwMW@%", (int)c))
        return 0.98;
    if (strchr("il.,:;|'!", (int)c))
        return 0.34;
    if (strchr("jftrI()[]/ -", (int)c))
        return 0.42;
    if (strchr("+=<>", (int)c))
        return 0.8;
    return c >= 'A' && c <= 'Z' ? 0.74 : 0.64;
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x370 && c < 0x400);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

// Reads text character by character and tells which are subscripts.
struct reader {
    const char *at;
    uint32_t before, before_that;
    bool is_low;
};

// The next character to show, or 0.
static uint32_t read_character(struct reader *reader)
{
    uint32_t c = qhm_utf8_next(&reader->at);
    bool is_exponent =
        reader->before == 'e' && (is_digit(reader->before_that) || reader->before_that == '.');
    if (c == '_' && is_letter(reader->before) &&
        (is_letter((unsigned char)reader->at[0]) || is_digit((unsigned char)reader->at[0])) &&
        !reader->is_low) {
        reader->is_low = true;
        c = qhm_utf8_next(&reader->at);
    } else if (!reader->is_low) {
        reader->is_low = is_digit(c) && is_letter(reader->before) && !is_exponent;
    } else {
        reader->is_low = is_digit(c) || (is_letter(c) && is_letter(reader->before));
    }
    reader->before_that = reader->before;
    reader->before = c;
    return c;
}

double qhm_svg_text_width(const char *text, double size)
{
    struct reader reader = {.at = text};
    double width = 0;
    for (uint32_t c = read_character(&reader); c != 0; c = read_character(&reader))
        width += character_width(c) * (reader.is_low ? 0.72 : 1);
    return width * size;
}

double qhm_svg_plain_width(const char *text, double size)
{
    double width = 0;
    for (uint32_t c = qhm_utf8_next(&text); c != 0; c = qhm_utf8_next(&text))
        width += character_width(c);
    return width * size;
}

void qhm_svg_text_print(const char *text, qhm_text *out)
{
    struct reader reader = {.at = text};
    bool is_low = false, has_shift = false;
    for (uint32_t c = read_character(&reader); c != 0; c = read_character(&reader)) {
        if (reader.is_low && !is_low)
            qhm_text_append(out, has_shift ? "</tspan><tspan class=\"u\" dy=\"3\">"
                                           : "<tspan class=\"u\" dy=\"3\">");
        if (!reader.is_low && is_low)
            qhm_text_append(out, "</tspan><tspan dy=\"-3\">");
        has_shift = has_shift || reader.is_low;
        is_low = reader.is_low;
        char bytes[8] = "";
        qhm_text one = {0};
        qhm_text_append_utf8(&one, c);
        if (one.length > 0 && one.length < sizeof bytes)
            memcpy(bytes, one.bytes, one.length);
        qhm_text_release_part(out, &one);
        qhm_text_append_markup(out, bytes);
    }
    if (has_shift)
        qhm_text_append(out, "</tspan>");
}

void qhm_svg_line_label(const qhm_layout_line *line, qhm_text *text)
{
    qhm_text_append(text, line->name ? line->name : "scratch");
    if (!line->is_bits && !line->is_single)
        qhm_text_print(text, "_%u", line->index);
}
