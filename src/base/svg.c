// What all plots share: the style sheet, axes over nice numbers, small pieces of markup.
#include "base/svg_internal.h"

#include <math.h>
#include <string.h>

const char *qhm_svg_style(void)
{
    return ":root{color-scheme:light dark;--paper:#fdfdfb;--panel:#f3f4f2;--ink:#1b1e22;"
           "--muted:#59616b;--rule:#d6d9dc;"
           "--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b0508a;--c4:#b87d00;--c5:#3f9bd4;"
           "--c6:#6f7680;--c7:#1b1e22}\n"
           "@media screen and (prefers-color-scheme:dark){:root{--paper:#15181b;--panel:#1e2226;"
           "--ink:#e7e9ea;--muted:#a0a8b0;--rule:#343a40;"
           "--c0:#56b4e9;--c1:#ff9550;--c2:#2fc79b;--c3:#e59cc6;--c4:#f0b93f;--c5:#8fc9ff;"
           "--c6:#9aa2ab;--c7:#e7e9ea}}\n"
           ".plot{display:block;width:100%;height:auto;max-width:30rem;overflow:visible}\n"
           ".plot text{font:11px system-ui,sans-serif;fill:var(--ink);"
           "font-variant-numeric:tabular-nums}\n"
           ".plot .name{paint-order:stroke;stroke:var(--paper);stroke-width:4px;"
           "stroke-linejoin:round}\n"
           ".plot .soft{fill:var(--muted)}\n"
           ".plot .bold{font-weight:600}\n"
           ".plot .grid{stroke:var(--rule);stroke-width:.7}\n"
           ".plot .axis{stroke:var(--muted);stroke-width:.8}\n"
           ".plot .mark{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 3}\n"
           ".plot .curve{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linejoin:round;"
           "stroke-dasharray:var(--d)}\n"
           ".plot .band{fill:var(--c);opacity:.14}\n"
           ".plot .range{stroke:var(--c);stroke-width:2.4;stroke-linecap:round}\n"
           ".plot .dot{fill:var(--c);stroke:var(--paper);stroke-width:1.2}\n"
           ".plot .cell{fill:var(--c0)}\n"
           ".plot .on-dark{fill:var(--paper)}\n"
           ".c0{--c:var(--c0);--d:none}.c1{--c:var(--c1);--d:6 3}.c2{--c:var(--c2);--d:2 3}"
           ".c3{--c:var(--c3);--d:8 3 2 3}.c4{--c:var(--c4);--d:4 2}.c5{--c:var(--c5);--d:1 2}"
           ".c6{--c:var(--c6);--d:10 4}.c7{--c:var(--c7);--d:6 2 2 2}"
           ".c8{--c:var(--c0);--d:12 3 2 3}.c9{--c:var(--c1);--d:none}"
           ".c10{--c:var(--c2);--d:9 3}.c11{--c:var(--c3);--d:none}\n";
}

bool qhm_svg_is_drawable(double value)
{
    return fabs(value) <= 1e100; // false for NaN
}

void qhm_svg_include(double value, double *low, double *high)
{
    if (!qhm_svg_is_drawable(value))
        return;
    if (fabs(value) < 1e-100)
        value = 0; // a scale over less would underflow
    if (*low > *high)
        *low = *high = value;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

// The smallest of 1, 2, 5, 10 times a power of ten that is at least `rough`.
static double nice_step(double rough)
{
    double power = pow(10, floor(log10(rough)));
    const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 3; i++)
        if (rough <= steps[i] * power * (1 + 1e-9))
            return steps[i] * power;
    return 10 * power;
}

qhm_svg_axis qhm_svg_axis_over(double low, double high, size_t ticks, double from, double to)
{
    if (!(high - low > 1e-9 * fmax(fabs(low), fabs(high)))) {
        double apart = low == 0 ? 1 : 0.1 * fabs(low);
        low -= apart;
        high += apart;
    }
    qhm_svg_axis axis = {.from = from, .to = to};
    axis.step = nice_step((high - low) / (double)ticks);
    axis.low = floor(low / axis.step + 1e-6) * axis.step;
    axis.high = ceil(high / axis.step - 1e-6) * axis.step;
    axis.tick_count = (size_t)lround((axis.high - axis.low) / axis.step) + 1;
    double digits = -floor(log10(axis.step) + 1e-9);
    axis.decimals = digits > 0 ? (int)fmin(digits, 12) : 0;
    return axis;
}

double qhm_svg_place(const qhm_svg_axis *axis, double value)
{
    return axis->from + (value - axis->low) / (axis->high - axis->low) * (axis->to - axis->from);
}

double qhm_svg_tick(const qhm_svg_axis *axis, size_t index)
{
    return axis->low + (double)index * axis->step;
}

void qhm_svg_attribute(const char *name, double value, qhm_text *out)
{
    qhm_text_print(out, " %s=\"", name);
    qhm_svg_number(value, 1, out);
    qhm_text_append(out, "\"");
}

void qhm_svg_number(double value, int decimals, qhm_text *out)
{
    bool is_zero = fabs(value) < 0.5 * pow(10, -decimals);
    qhm_text_append_fixed(out, is_zero ? 0 : value, decimals);
}

void qhm_svg_append_value(double value, int decimals, qhm_text *out)
{
    if (!isfinite(value)) {
        qhm_text_append(out, "–");
        return;
    }
    if (value <= -0.5 * pow(10, -decimals))
        qhm_text_append(out, "−");
    qhm_text_append_fixed(out, fabs(value), decimals);
}

void qhm_svg_colour(size_t colour, qhm_text *out)
{
    qhm_text_print(out, "c%zu", colour % QHM_SVG_COLOURS);
}

void qhm_svg_open(const char *title, double height, qhm_text *out)
{
    qhm_text_print(out, "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 %d ", QHM_SVG_WIDTH);
    qhm_svg_number(height, 0, out);
    qhm_text_append(out, "\" aria-label=\"");
    qhm_text_append_markup(out, title);
    qhm_text_append(out, "\">\n");
}

void qhm_svg_close(qhm_text *out)
{
    qhm_text_append(out, "</svg>\n");
}

void qhm_svg_print_nothing(const char *title, qhm_text *out)
{
    qhm_svg_open(title, 40, out);
    qhm_svg_label("soft", QHM_SVG_WIDTH / 2.0, 24, "middle", "nothing was measured", 40, out);
    qhm_svg_close(out);
}

void qhm_svg_line(const char *classes, double x1, double y1, double x2, double y2, qhm_text *out)
{
    qhm_text_print(out, "<line class=\"%s\"", classes);
    qhm_svg_attribute("x1", x1, out);
    qhm_svg_attribute("y1", y1, out);
    qhm_svg_attribute("x2", x2, out);
    qhm_svg_attribute("y2", y2, out);
    qhm_text_append(out, "/>\n");
}

static void open_label(const char *classes, double x, double y, const char *anchor, qhm_text *out)
{
    qhm_text_append(out, "<text");
    if (classes[0])
        qhm_text_print(out, " class=\"%s\"", classes);
    qhm_svg_attribute("x", x, out);
    qhm_svg_attribute("y", y, out);
    if (strcmp(anchor, "start") != 0)
        qhm_text_print(out, " text-anchor=\"%s\"", anchor);
    qhm_text_append(out, ">");
}

void qhm_svg_label(const char *classes, double x, double y, const char *anchor, const char *text,
                   size_t limit, qhm_text *out)
{
    open_label(classes, x, y, anchor, out);
    const char *end = text;
    size_t count = 0;
    while (count < limit && qhm_utf8_next(&end))
        count++;
    if (*end == '\0') {
        qhm_text_append_markup(out, text);
    } else {
        qhm_text cut = {0};
        qhm_text_append_bytes(&cut, text, (size_t)(end - text));
        qhm_text_append_markup(out, cut.bytes ? cut.bytes : "");
        qhm_text_append(out, "…");
        qhm_text_release_part(out, &cut);
    }
    qhm_text_append(out, "</text>\n");
}

void qhm_svg_number_label(const char *classes, double x, double y, const char *anchor, double value,
                          int decimals, qhm_text *out)
{
    open_label(classes, x, y, anchor, out);
    qhm_svg_append_value(value, decimals, out);
    qhm_text_append(out, "</text>\n");
}
