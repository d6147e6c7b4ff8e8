// A drawing of text as a grid of cells, in which strokes join.
#ifndef QHM_CIRCUIT_CIRCUIT_GRID_H
#define QHM_CIRCUIT_CIRCUIT_GRID_H

#include "base/text.h"

// A cell holds a character, or strokes from its middle, which later ones join.
enum {
    QHM_GRID_UP = 1,
    QHM_GRID_DOWN = 2,
    QHM_GRID_LEFT = 4,
    QHM_GRID_RIGHT = 8,
    QHM_GRID_DOUBLE_UP = 16,
    QHM_GRID_DOUBLE_DOWN = 32,
    QHM_GRID_DOUBLE_LEFT = 64,
    QHM_GRID_DOUBLE_RIGHT = 128,
    QHM_GRID_WIRE = QHM_GRID_LEFT | QHM_GRID_RIGHT,
    QHM_GRID_LINK = QHM_GRID_UP | QHM_GRID_DOWN,
    QHM_GRID_BIT_WIRE = QHM_GRID_DOUBLE_LEFT | QHM_GRID_DOUBLE_RIGHT,
    QHM_GRID_BIT_LINK = QHM_GRID_DOUBLE_UP | QHM_GRID_DOUBLE_DOWN,
    QHM_GRID_CHARACTER = 0x40000000, // with a code point; without, a cell is strokes
    QHM_GRID_COVERED = 0x7fffffff    // the second half of a wide character
};

typedef struct qhm_grid {
    uint32_t *cells; // [rows][width]
    size_t rows, width;
    bool ascii;
} qhm_grid;

uint32_t *qhm_grid_cell(const qhm_grid *grid, size_t row, size_t x);

// Joins strokes to those of a cell; a character stays.
void qhm_grid_add_strokes(const qhm_grid *grid, size_t row, size_t x, uint32_t strokes);

void qhm_grid_put(const qhm_grid *grid, size_t row, size_t x, uint32_t character);
void qhm_grid_put_text(const qhm_grid *grid, size_t row, size_t x, const char *text);

// Columns that a text takes on a terminal.
size_t qhm_grid_text_width(const char *text);

// A box on the rows `top` to `bottom`; wires end at its odd rows. Its borders join those of its
// neighbours; links that came to it before end at them. The label stands in the middle row, to the
// right.
typedef struct qhm_grid_box {
    size_t left, width, top, bottom;
    bool is_on_bits; // its wires are double
    const char *label;
} qhm_grid_box;

void qhm_grid_draw_box(const qhm_grid *grid, const qhm_grid_box *box);

// The cells of a row up to the last that is not blank; nothing for a blank row.
void qhm_grid_print_row(const qhm_grid *grid, size_t row, qhm_text *text);
bool qhm_grid_is_blank(const qhm_grid *grid, size_t row);

#endif
