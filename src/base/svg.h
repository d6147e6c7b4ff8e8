// Plots as inline SVG: they follow the page's light or dark scheme and need no script.
//
// Sizes are in units of a figure 400 wide, which pages show at 300 to 500 pixels: texts stay
// readable on a telephone. Colours are Okabe and Ito's, told apart by dashes too. Values that are
// not finite, or beyond 1e100, are left out; a plot without any says so.
#ifndef QHM_BASE_SVG_H
#define QHM_BASE_SVG_H

#include "base/text.h"

#include <qhm/types.h>

// The style sheet that a page with plots must hold: the colours of both schemes, as variables
// that the page may use too (--ink --muted --rule --paper --panel --c0 ... --c7).
const char *qhm_svg_style(void);

enum { QHM_SVG_COLOURS = 12 };

// A number for readers: with a true minus sign, never "−0.00"; "–" when it is not finite.
void qhm_svg_append_value(double value, int decimals, qhm_text *out);

typedef struct qhm_svg_series {
    const char *name;
    const double *x, *y;         // [count]
    const double *lower, *upper; // [count] a band around y, or NULL
    size_t count;
    size_t colour; // any number; they repeat after QHM_SVG_COLOURS
} qhm_svg_series;

typedef struct qhm_svg_line_chart {
    const char *title; // for those who hear the page
    const char *x_label, *y_label;
    const qhm_svg_series *series;
    size_t series_count;
} qhm_svg_line_chart;

void qhm_svg_print_line_chart(const qhm_svg_line_chart *chart, qhm_text *out);

// The same as a file of its own; qhm_release it. QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_svg_print_line_chart_file(const qhm_svg_line_chart *chart,
                                                        char **svg);

typedef struct qhm_svg_row {
    const char *name;
    qhm_interval value; // limits may be NaN: a point alone
    size_t colour;
} qhm_svg_row;

// A vertical line at a value that matters.
typedef struct qhm_svg_mark {
    double value;
    const char *label;
} qhm_svg_mark;

typedef struct qhm_svg_interval_chart {
    const char *title, *x_label;
    const qhm_svg_row *rows;
    size_t row_count;
    const qhm_svg_mark *marks;
    size_t mark_count;
} qhm_svg_interval_chart;

void qhm_svg_print_interval_chart(const qhm_svg_interval_chart *chart, qhm_text *out);

// A square table of counts, shaded by each row's shares; row is the truth, column the answer.
typedef struct qhm_svg_heat_map {
    const char *title, *row_label, *column_label;
    const char *const *labels; // [label_count]
    size_t label_count;
    const size_t *counts; // [label_count, label_count]
} qhm_svg_heat_map;

void qhm_svg_print_heat_map(const qhm_svg_heat_map *map, qhm_text *out);

#endif
