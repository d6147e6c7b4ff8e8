// Interval charts: a point with its limits for each row, its name above it.
#include "base/svg_internal.h"

// TOP leaves room for the labels of two marks.
enum { LEFT = 6, RIGHT = 394, TOP = 32, ROW = 33, MARK_LINE = 12 };

static bool has_limits(const qhm_svg_row *row)
{
    return qhm_svg_is_drawable(row->value.lower) && qhm_svg_is_drawable(row->value.upper);
}

// Decimals in which an interval of this width is worth reading.
static int decimals_of(const qhm_svg_axis *axis)
{
    return axis->decimals + 1;
}

static void print_values(const qhm_svg_row *row, int decimals, qhm_text *out)
{
    qhm_svg_append_value(row->value.mean, decimals, out);
    if (!has_limits(row))
        return;
    qhm_text_append(out, " (");
    qhm_svg_append_value(row->value.lower, decimals, out);
    qhm_text_append(out, " to ");
    qhm_svg_append_value(row->value.upper, decimals, out);
    qhm_text_append(out, ")");
}

static void print_row(const qhm_svg_row *row, const qhm_svg_axis *axis, double y, qhm_text *out)
{
    qhm_text values = {0};
    if (qhm_svg_is_drawable(row->value.mean))
        print_values(row, decimals_of(axis), &values);
    qhm_text_append(out, "<g class=\"");
    qhm_svg_colour(row->colour, out);
    qhm_text_append(out, "\">");
    qhm_svg_label(row->colour == 0 ? "name bold" : "name", LEFT, y, "start", row->name, 38, out);
    qhm_svg_label("name soft", RIGHT, y, "end", values.length > 0 ? values.bytes : "not measured",
                  60, out);
    double middle = y + 11;
    if (qhm_svg_is_drawable(row->value.mean)) {
        if (has_limits(row))
            qhm_svg_line("range", qhm_svg_place(axis, row->value.lower), middle,
                         qhm_svg_place(axis, row->value.upper), middle, out);
        qhm_text_append(out, "<circle class=\"dot\" r=\"4.5\"");
        qhm_svg_attribute("cx", qhm_svg_place(axis, row->value.mean), out);
        qhm_svg_attribute("cy", middle, out);
        qhm_text_append(out, "/>");
    }
    qhm_text_append(out, "</g>\n");
    qhm_text_release_part(out, &values);
}

static bool find_axis(const qhm_svg_interval_chart *chart, qhm_svg_axis *axis)
{
    double low = 1, high = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        qhm_svg_include(chart->rows[i].value.mean, &low, &high);
        if (qhm_svg_is_drawable(chart->rows[i].value.mean) && has_limits(&chart->rows[i])) {
            qhm_svg_include(chart->rows[i].value.lower, &low, &high);
            qhm_svg_include(chart->rows[i].value.upper, &low, &high);
        }
    }
    if (low > high)
        return false;
    for (size_t i = 0; i < chart->mark_count; i++)
        qhm_svg_include(chart->marks[i].value, &low, &high);
    *axis = qhm_svg_axis_over(low, high, 6, LEFT + 12, RIGHT - 12);
    return true;
}

// Each mark's label has a line of its own: neighbouring marks may be near each other.
static void print_marks(const qhm_svg_interval_chart *chart, const qhm_svg_axis *axis,
                        double bottom, qhm_text *out)
{
    for (size_t i = 0; i < chart->mark_count; i++) {
        const qhm_svg_mark *mark = &chart->marks[i];
        if (!qhm_svg_is_drawable(mark->value))
            continue;
        double x = qhm_svg_place(axis, mark->value);
        bool is_left = x > 0.5 * (LEFT + RIGHT);
        double y = TOP - 8 - MARK_LINE * (double)(chart->mark_count - 1 - i);
        qhm_svg_line("mark", x, y + 2, x, bottom, out);
        qhm_svg_label("soft", is_left ? x - 3 : x + 3, y, is_left ? "end" : "start", mark->label,
                      40, out);
    }
}

void qhm_svg_print_interval_chart(const qhm_svg_interval_chart *chart, qhm_text *out)
{
    qhm_svg_axis axis;
    if (!find_axis(chart, &axis)) {
        qhm_svg_print_nothing(chart->title, out);
        return;
    }
    double bottom = TOP + ROW * (double)chart->row_count + 4;
    qhm_svg_open(chart->title, bottom + 34, out);
    for (size_t i = 0; i < axis.tick_count; i++) {
        double value = qhm_svg_tick(&axis, i), x = qhm_svg_place(&axis, value);
        qhm_svg_line("grid", x, TOP - 4, x, bottom, out);
        qhm_svg_number_label("soft", x, bottom + 13, "middle", value, axis.decimals, out);
    }
    qhm_svg_line("axis", LEFT, bottom, RIGHT, bottom, out);
    print_marks(chart, &axis, bottom, out);
    for (size_t i = 0; i < chart->row_count; i++)
        print_row(&chart->rows[i], &axis, TOP + 11 + ROW * (double)i, out);
    qhm_svg_label("soft", RIGHT, bottom + 28, "end", chart->x_label, 70, out);
    qhm_svg_close(out);
}
