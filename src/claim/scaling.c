// Exponents with intervals, and plots.
#include "claim/scaling.h"

#include "base/memory.h"
#include "base/statistics.h"
#include "base/svg.h"

#include <math.h>
#include <stdio.h>

qhm_interval qhm_scaling_exponent(const double *x, const double *y, size_t count)
{
    qhm_interval e = {qhm_statistics_log_slope(x, y, count), NAN, NAN};
    if (count < 3 || isnan(e.mean))
        return e;
    double mean_x = 0, mean_y = 0, spread = 0, rest = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += log(x[i]) / (double)count;
        mean_y += log(y[i]) / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        const double u = log(x[i]) - mean_x, miss = log(y[i]) - mean_y - e.mean * u;
        spread += u * u;
        rest += miss * miss;
    }
    const double freedom = (double)(count - 2);
    const double half = qhm_statistics_t_quantile(0.975, freedom) * sqrt(rest / freedom / spread);
    return (qhm_interval){e.mean, e.mean - half, e.mean + half};
}

void qhm_scaling_print(qhm_interval exponent, char text[64])
{
    if (isnan(exponent.lower))
        snprintf(text, 64, "%.2f", exponent.mean);
    else
        snprintf(text, 64, "%.2f (%.2f to %.2f)", exponent.mean, exponent.lower, exponent.upper);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

void qhm_scaling_append(json_t *list, const char *quantity, qhm_interval exponent)
{
    json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "quantity", quantity, "exponent",
                                          number(exponent.mean), "lower", number(exponent.lower),
                                          "upper", number(exponent.upper)));
}

void qhm_plot_begin(json_t *plot, const char *title, const char *x_label, const char *y_label)
{
    json_object_set_new(plot, "title", json_string(title));
    json_object_set_new(plot, "x_label", json_string(x_label));
    json_object_set_new(plot, "y_label", json_string(y_label));
    json_object_set_new(plot, "series", json_array());
}

void qhm_plot_add(json_t *plot, const char *name, const double *x, const double *y, size_t count)
{
    json_t *xs = json_array(), *ys = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(xs, number(x[i]));
        json_array_append_new(ys, number(y[i]));
    }
    json_array_append_new(json_object_get(plot, "series"),
                          json_pack("{s:s, s:o, s:o}", "name", name, "x", xs, "y", ys));
}

enum { MOST_SERIES = 16 };

// Both rows [count] of a line, as logarithms.
static qhm_status read_line(const json_t *line, double **values, qhm_svg_series *series)
{
    const json_t *x = json_object_get(line, "x"), *y = json_object_get(line, "y");
    const size_t count = json_array_size(x);
    if (!json_is_string(json_object_get(line, "name")) || json_array_size(y) != count)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "a line of the plot has no name, or %zu x and %zu y",
                        count, json_array_size(y));
    QHM_TRY(qhm_allocate(2 * count, sizeof **values, values));
    for (size_t i = 0; i < count; i++) {
        const double u = json_number_value(json_array_get(x, i));
        const double v = json_number_value(json_array_get(y, i));
        (*values)[i] = u > 0 ? log10(u) : (double)NAN;
        (*values)[count + i] = v > 0 ? log10(v) : (double)NAN;
    }
    series->name = json_string_value(json_object_get(line, "name"));
    series->x = *values;
    series->y = *values + count;
    series->count = count;
    return QHM_OK;
}

qhm_status qhm_plot_draw_svg(const json_t *plot, char **svg)
{
    const json_t *lines = json_object_get(plot, "series");
    const size_t count = json_array_size(lines);
    qhm_svg_series series[MOST_SERIES] = {0};
    double *values[MOST_SERIES] = {0};
    if (count == 0 || count > MOST_SERIES)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the plot has %zu lines, not 1 to %d", count,
                        MOST_SERIES);
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        series[i].colour = i;
        status = read_line(json_array_get(lines, i), &values[i], &series[i]);
    }
    const qhm_svg_line_chart chart = {
        .title = json_string_value(json_object_get(plot, "title")),
        .x_label = json_string_value(json_object_get(plot, "x_label")),
        .y_label = json_string_value(json_object_get(plot, "y_label")),
        .series = series,
        .series_count = count,
    };
    if (status == QHM_OK && !(chart.title && chart.x_label && chart.y_label))
        status = QHM_FAIL(QHM_ERROR_BAD_INPUT, "the plot has no title, or an axis no label");
    if (status == QHM_OK)
        status = qhm_svg_print_line_chart_file(&chart, svg);
    for (size_t i = 0; i < count; i++)
        qhm_release(values[i]);
    return status;
}
