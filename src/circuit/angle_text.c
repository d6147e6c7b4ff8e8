// Angles as people write them, for drawings.
#include "circuit/circuit_internal.h"
#include "circuit/circuit_labels.h"

#include <math.h>

struct symbols {
    const char *pi, *minus, *times;
    bool ascii;
    const qhm_circuit *circuit; // that names the slots
};

static struct symbols symbols_of(const qhm_circuit *circuit, bool ascii)
{
    return ascii ? (struct symbols){"pi", "-", "*", true, circuit}
                 : (struct symbols){"π", "−", "·", false, circuit};
}

// Four significant digits.
static double round_to_four(double value)
{
    if (value == 0)
        return 0;
    double scale = pow(10, 3 - floor(log10(fabs(value))));
    return isfinite(scale) && scale > 0 ? round(value * scale) / scale : value;
}

// A size that is not negative: as a fraction of pi if it is one, else in four digits.
// in_product: it stands before a factor, so pi needs a sign or parentheses.
static void print_size(double size, bool in_product, const struct symbols *symbols, qhm_text *text)
{
    static const int denominators[] = {1, 2, 3, 4, 6, 8, 16, 32, 64};
    for (size_t i = 0; i < sizeof denominators / sizeof denominators[0]; i++) {
        int denominator = denominators[i];
        double numerator = round(size / M_PI * denominator);
        bool is_fraction = numerator >= 1 && numerator <= 64 &&
                           fabs(numerator * M_PI / denominator - size) <= 1e-12 * size;
        if (!is_fraction)
            continue;
        bool in_parentheses = in_product && denominator > 1;
        qhm_text_append(text, in_parentheses ? "(" : "");
        if (numerator > 1)
            qhm_text_print(text, "%d", (int)numerator);
        qhm_text_append(text, symbols->pi);
        if (denominator > 1)
            qhm_text_print(text, "/%d", denominator);
        if (in_product)
            qhm_text_append(text, in_parentheses ? ")" : symbols->times);
        return;
    }
    qhm_text_append_number(text, round_to_four(size));
}

static void print_slot(const qhm_angle_factor *factor, const struct symbols *symbols,
                       qhm_text *text)
{
    const char *name = symbols->circuit
                           ? qhm_circuit_slot_name(symbols->circuit, factor->slot, factor->index)
                           : NULL;
    if (name)
        qhm_label_name(name, symbols->ascii, text);
    else
        qhm_text_print(text, "%c%u", factor->slot == QHM_SLOT_INPUT ? 'x' : 'w', factor->index);
}

// flipped: the factor times -1, so that (x - pi)(y - pi) reads (pi - x)(pi - y).
static void print_factor(const qhm_angle_factor *factor, bool flipped,
                         const struct symbols *symbols, qhm_text *text)
{
    if (factor->shift == 0) {
        print_slot(factor, symbols, text);
        return;
    }
    qhm_text_append(text, "(");
    if (flipped) {
        print_size(-factor->shift, false, symbols, text);
        qhm_text_append(text, symbols->minus);
        print_slot(factor, symbols, text);
    } else {
        print_slot(factor, symbols, text);
        qhm_text_append(text, factor->shift < 0 ? symbols->minus : "+");
        print_size(fabs(factor->shift), false, symbols, text);
    }
    qhm_text_append(text, ")");
}

void qhm_angle_print(const qhm_circuit *circuit, const qhm_angle *angle, bool ascii, qhm_text *text)
{
    const struct symbols words = symbols_of(circuit, ascii), *symbols = &words;
    const qhm_angle_factor *first = &angle->factors[0], *second = &angle->factors[1];
    if (qhm_angle_is_constant(angle)) {
        qhm_text_append(text, angle->offset < 0 ? symbols->minus : "");
        print_size(fabs(angle->offset), false, symbols, text);
        return;
    }
    qhm_text_append(text, angle->scale < 0 ? symbols->minus : "");
    if (fabs(angle->scale) != 1)
        print_size(fabs(angle->scale), true, symbols, text);
    bool has_two = second->slot != QHM_SLOT_NONE;
    bool flipped = has_two && first->shift < 0 && second->shift < 0;
    print_factor(first, flipped, symbols, text);
    if (has_two) {
        if (first->shift == 0)
            qhm_text_append(text, symbols->times);
        print_factor(second, flipped, symbols, text);
    }
    if (angle->offset != 0) {
        qhm_text_append(text, angle->offset < 0 ? symbols->minus : "+");
        print_size(fabs(angle->offset), false, symbols, text);
    }
}
