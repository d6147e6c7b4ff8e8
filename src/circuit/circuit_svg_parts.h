// What the SVG painter needs to know before it paints: sizes of boxes, families of gates, styles.
#ifndef QHM_CIRCUIT_CIRCUIT_SVG_PARTS_H
#define QHM_CIRCUIT_CIRCUIT_SVG_PARTS_H

#include "circuit/circuit_layout.h"

enum { QHM_SVG_BOX = 36 }; // height of a box and its least width

// Colours of gates by what decides their angle, as the style sheet has them: .f0 and so on.
typedef enum qhm_svg_family {
    QHM_SVG_FIXED,
    QHM_SVG_CONSTANT,
    QHM_SVG_INPUT,
    QHM_SVG_WEIGHT,
    QHM_SVG_SEVERAL, // on several qubits without angles, and loops
    QHM_SVG_PLAIN    // measurements and resets
} qhm_svg_family;

qhm_svg_family qhm_svg_family_of(const qhm_instruction *instruction);

// The style element of a picture.
const char *qhm_svg_circuit_style(void);

// A label and angles: "R_X" and "π/2"; angles may be empty. Release it; that tells its failure.
typedef struct qhm_svg_label {
    qhm_text name, angles;
} qhm_svg_label;

qhm_svg_label qhm_svg_label_of(const qhm_circuit_layout *layout,
                               const qhm_instruction *instruction);
QHM_MUST_CHECK qhm_status qhm_svg_label_release(qhm_svg_label *label);

size_t qhm_svg_box_width(const qhm_svg_label *label, const qhm_instruction *instruction);

// The width of a box on a classical line.
size_t qhm_svg_pill_width(const qhm_text *label);

// A qhm_layout_measure.
QHM_MUST_CHECK qhm_status qhm_svg_measure(const qhm_circuit_layout *layout,
                                          const qhm_layout_item *item, bool ascii, size_t *width);

#endif
