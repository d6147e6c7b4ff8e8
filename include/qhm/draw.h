/** @file draw.h
 *  Pictures of circuits, as text and as SVG.
 *
 *  Qubit 0 is on top, classical registers are below, each one double line. Gates stand in the first
 *  column where all lines that they touch or cross are free. A dot is a control, a circled plus an
 * X under controls, two crosses a swap, "while" and "end" hold a loop. A box on a classical line is
 *  a condition: "=3" on all its bits as a number, "[1]=0" on one. Slots have their names, or x0 for
 *  input 0 and w0 for weight 0. */
#ifndef QHM_DRAW_H
#define QHM_DRAW_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of the drawings; zero means default in every field. */
typedef struct qhm_draw_options {
    size_t width; /**< where the drawing folds: columns of text, by default 100; units of an SVG, by
                     default 960, which are pixels at its natural size */
    bool ascii;   /**< text without characters outside ASCII */
    bool all;     /**< every column, and idle qubits too; else a long drawing is cut off after about
                     1,000 rows of text or 10,000 gates of an SVG, and qubits without gates are left out
                     of     circuits with more than 40; the drawing says so */
} qhm_draw_options;

/** Draws a circuit as text.
 *  @param options  NULL for defaults.
 *  @param text     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: O(instructions * log(lines) + characters drawn). */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_draw(const qhm_circuit *circuit,
                                                   const qhm_draw_options *options, char **text);

/** Draws a circuit as one `svg` element that needs nothing else: a file of its own, or a part of a
 *  page. Its colours follow the reader's light or dark scheme.
 *  @param options  NULL for defaults; ascii has no effect.
 *  @param text     free it with qhm_string_destroy.
 *  @return as qhm_circuit_draw. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_draw_svg(const qhm_circuit *circuit,
                                                       const qhm_draw_options *options,
                                                       char **text);

#ifdef __cplusplus
}
#endif
#endif
