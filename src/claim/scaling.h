// How numbers grow: exponents with intervals, and plots on logarithmic axes kept as JSON.
#ifndef QHM_CLAIM_SCALING_H
#define QHM_CLAIM_SCALING_H

#include "base/status_internal.h"

#include <jansson.h>
#include <qhm/types.h>
#include <stddef.h>

// The exponent of y over x by least squares of the logarithms, with the 95 % interval of a straight
// line's slope: how far the points are from any one power. NaN for fewer than two points; limits
// NaN for two.
qhm_interval qhm_scaling_exponent(const double *x, const double *y, size_t count);

// "1.50 (1.48 to 1.52)".
void qhm_scaling_print(qhm_interval exponent, char text[64]);

// Appends {quantity, exponent, lower, upper} to a list.
void qhm_scaling_append(json_t *list, const char *quantity, qhm_interval exponent);

// A plot in the making: its title and axes, then its lines.
void qhm_plot_begin(json_t *plot, const char *title, const char *x_label, const char *y_label);
void qhm_plot_add(json_t *plot, const char *name, const double *x, const double *y, size_t count);

// Draws it; points that are not positive are left out.
// @return QHM_OK; QHM_ERROR_BAD_INPUT for what is no plot; QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_plot_draw_svg(const json_t *plot, char **svg);

#endif
