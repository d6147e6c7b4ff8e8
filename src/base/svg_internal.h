// What the plots share: axes over nice numbers and small pieces of markup.
#ifndef QHM_BASE_SVG_INTERNAL_H
#define QHM_BASE_SVG_INTERNAL_H

#include "base/svg.h"

#include <stdbool.h>

enum { QHM_SVG_WIDTH = 400 };

// A linear scale from values to units, and its ticks.
typedef struct qhm_svg_axis {
    double low, high; // values at the ends; multiples of step
    double from, to;  // units at the ends
    double step;      // between ticks: 1, 2 or 5 times a power of ten
    int decimals;     // that a tick's label needs
    size_t tick_count;
} qhm_svg_axis;

// Finite, and not so large that a scale over it would overflow.
bool qhm_svg_is_drawable(double value);

// Widens low..high to hold value, if that is drawable. Begin with low > high.
void qhm_svg_include(double value, double *low, double *high);

// An axis over low..high with about `ticks` ticks. Equal ends are drawn apart.
qhm_svg_axis qhm_svg_axis_over(double low, double high, size_t ticks, double from, double to);

double qhm_svg_place(const qhm_svg_axis *axis, double value);
double qhm_svg_tick(const qhm_svg_axis *axis, size_t index);

void qhm_svg_open(const char *title, double height, qhm_text *out);
void qhm_svg_close(qhm_text *out);
void qhm_svg_print_nothing(const char *title, qhm_text *out);

// <line class=... x1 y1 x2 y2>
void qhm_svg_line(const char *classes, double x1, double y1, double x2, double y2, qhm_text *out);
// A text; anchor is "start", "middle" or "end". Longer than `limit` characters it is cut with "…".
void qhm_svg_label(const char *classes, double x, double y, const char *anchor, const char *text,
                   size_t limit, qhm_text *out);
// A number for attributes, with fixed decimals; never "-0".
void qhm_svg_number(double value, int decimals, qhm_text *out);
void qhm_svg_number_label(const char *classes, double x, double y, const char *anchor, double value,
                          int decimals, qhm_text *out);
// " x=\"12.5\""
void qhm_svg_attribute(const char *name, double value, qhm_text *out);
// "c3" for colour 3 or 11.
void qhm_svg_colour(size_t colour, qhm_text *out);

#endif
