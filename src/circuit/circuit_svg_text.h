// Text in pictures: how wide it will be in a font that is not known, and its subscripts.
#ifndef QHM_CIRCUIT_CIRCUIT_SVG_TEXT_H
#define QHM_CIRCUIT_CIRCUIT_SVG_TEXT_H

#include "circuit/circuit_layout.h"

// The width at a font size, generous for the common sans-serif faces.
double qhm_svg_text_width(const char *text, double size);

// The same of a text that is shown without subscripts.
double qhm_svg_plain_width(const char *text, double size);

// Appends text as markup. What follows an underscore, and digits after a letter, are subscripts:
// "R_ZZ", "x0", "w12".
void qhm_svg_text_print(const char *text, qhm_text *out);

// The name of a line in that notation: "q_3", "c".
void qhm_svg_line_label(const qhm_layout_line *line, qhm_text *text);

#endif
