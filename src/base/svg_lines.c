// Line charts with bands.
#include "base/svg_internal.h"

enum {
    LEFT = 38,
    RIGHT = 392,
    TOP = 22,
    BOTTOM = 196,
    LEGEND_TOP = 242,
    LEGEND_ROW = 17,
    LEGEND_COLUMN = 196
};

typedef struct line_frame {
    qhm_svg_axis x, y;
} line_frame;

static bool find_frame(const qhm_svg_line_chart *chart, line_frame *frame)
{
    double low_x = 1, high_x = 0, low_y = 1, high_y = 0;
    for (size_t s = 0; s < chart->series_count; s++) {
        const qhm_svg_series *series = &chart->series[s];
        for (size_t i = 0; i < series->count; i++) {
            if (!qhm_svg_is_drawable(series->x[i]) || !qhm_svg_is_drawable(series->y[i]))
                continue;
            qhm_svg_include(series->x[i], &low_x, &high_x);
            qhm_svg_include(series->y[i], &low_y, &high_y);
            if (series->lower && series->upper) {
                qhm_svg_include(series->lower[i], &low_y, &high_y);
                qhm_svg_include(series->upper[i], &low_y, &high_y);
            }
        }
    }
    if (low_x > high_x)
        return false;
    frame->x = qhm_svg_axis_over(low_x, high_x, 6, LEFT, RIGHT);
    frame->y = qhm_svg_axis_over(low_y, high_y, 5, BOTTOM, TOP);
    return true;
}

static void print_axes(const qhm_svg_line_chart *chart, const line_frame *frame, qhm_text *out)
{
    for (size_t i = 0; i < frame->y.tick_count; i++) {
        double value = qhm_svg_tick(&frame->y, i), y = qhm_svg_place(&frame->y, value);
        qhm_svg_line(i == 0 ? "axis" : "grid", LEFT, y, RIGHT, y, out);
        qhm_svg_number_label("soft", LEFT - 5, y + 3.7, "end", value, frame->y.decimals, out);
    }
    for (size_t i = 0; i < frame->x.tick_count; i++) {
        double value = qhm_svg_tick(&frame->x, i), x = qhm_svg_place(&frame->x, value);
        qhm_svg_line("axis", x, BOTTOM, x, BOTTOM + 3, out);
        qhm_svg_number_label("soft", x, BOTTOM + 15, "middle", value, frame->x.decimals, out);
    }
    qhm_svg_label("soft", 0, 10, "start", chart->y_label, 70, out);
    qhm_svg_label("soft", RIGHT, BOTTOM + 29, "end", chart->x_label, 70, out);
}

static bool has_band(const qhm_svg_series *series, size_t i)
{
    return series->lower && series->upper && qhm_svg_is_drawable(series->x[i]) &&
           qhm_svg_is_drawable(series->lower[i]) && qhm_svg_is_drawable(series->upper[i]);
}

static void append_place(const line_frame *frame, double x, double y, qhm_text *out)
{
    qhm_svg_number(qhm_svg_place(&frame->x, x), 1, out);
    qhm_text_append(out, " ");
    qhm_svg_number(qhm_svg_place(&frame->y, y), 1, out);
}

// There along the upper limits, back along the lower ones.
static void print_band(const qhm_svg_series *series, const line_frame *frame, qhm_text *out)
{
    qhm_text path = {0};
    for (size_t i = 0; i < series->count; i++)
        if (has_band(series, i)) {
            qhm_text_append(&path, path.length == 0 ? "M" : "L");
            append_place(frame, series->x[i], series->upper[i], &path);
        }
    for (size_t i = series->count; i-- > 0;)
        if (has_band(series, i)) {
            qhm_text_append(&path, "L");
            append_place(frame, series->x[i], series->lower[i], &path);
        }
    if (path.length > 0) {
        qhm_text_append(out, "<path class=\"band ");
        qhm_svg_colour(series->colour, out);
        qhm_text_print(out, "\" d=\"%sZ\"/>\n", path.bytes);
    }
    qhm_text_release_part(out, &path);
}

static void print_curve(const qhm_svg_series *series, const line_frame *frame, qhm_text *out)
{
    qhm_text_append(out, "<path class=\"curve ");
    qhm_svg_colour(series->colour, out);
    qhm_text_append(out, "\" d=\"");
    bool is_broken = true; // a gap in the data is a gap in the line
    for (size_t i = 0; i < series->count; i++) {
        if (!qhm_svg_is_drawable(series->x[i]) || !qhm_svg_is_drawable(series->y[i])) {
            is_broken = true;
            continue;
        }
        qhm_text_append(out, is_broken ? "M" : "L");
        append_place(frame, series->x[i], series->y[i], out);
        is_broken = false;
    }
    qhm_text_append(out, "\"/>\n");
}

static void print_legend(const qhm_svg_line_chart *chart, qhm_text *out)
{
    for (size_t s = 0; s < chart->series_count; s++) {
        size_t row = s / 2, column = s % 2;
        double x = (double)column * LEGEND_COLUMN, y = LEGEND_TOP + (double)row * LEGEND_ROW;
        qhm_text_append(out, "<g class=\"");
        qhm_svg_colour(chart->series[s].colour, out);
        qhm_text_append(out, "\">");
        qhm_svg_line("curve", x, y - 4, x + 24, y - 4, out);
        qhm_svg_label("", x + 30, y, "start", chart->series[s].name, 28, out);
        qhm_text_append(out, "</g>\n");
    }
}

void qhm_svg_print_line_chart(const qhm_svg_line_chart *chart, qhm_text *out)
{
    line_frame frame;
    if (!find_frame(chart, &frame)) {
        qhm_svg_print_nothing(chart->title, out);
        return;
    }
    size_t legend_rows = (chart->series_count + 1) / 2;
    qhm_svg_open(chart->title, LEGEND_TOP + LEGEND_ROW * (double)legend_rows - 10, out);
    print_axes(chart, &frame, out);
    for (size_t s = 0; s < chart->series_count; s++)
        print_band(&chart->series[s], &frame, out);
    for (size_t s = chart->series_count; s-- > 0;) // the first on top
        print_curve(&chart->series[s], &frame, out);
    print_legend(chart, out);
    qhm_svg_close(out);
}

// The inline plots of reports take colours from their page; a file of its own brings them, and a
// margin.
qhm_status qhm_svg_print_line_chart_file(const qhm_svg_line_chart *chart, char **svg)
{
    qhm_text file = {0};
    qhm_text_append(&file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"645\" height=\"435\" "
                           "viewBox=\"-15 -10 430 290\">"
                           "<style>");
    qhm_text_append(&file, qhm_svg_style());
    qhm_text_append(&file, ".plot{max-width:none}</style>\n"
                           "<rect x=\"-15\" y=\"-10\" width=\"430\" height=\"290\" "
                           "fill=\"var(--paper)\"/>\n"
                           "<svg width=\"400\" height=\"280\">\n");
    qhm_svg_print_line_chart(chart, &file);
    qhm_text_append(&file, "</svg>\n</svg>\n");
    return qhm_text_take(&file, svg);
}
