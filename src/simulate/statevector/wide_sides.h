// Numbering the rows of a tile so that strings of Z become factors of two small arrays.
#ifndef QHM_SIMULATE_STATEVECTOR_WIDE_SIDES_H
#define QHM_SIMULATE_STATEVECTOR_WIDE_SIDES_H

#include "simulate/statevector/wide.h"

// Row bits by coordinates: coordinate i of a string is parity(string & rows[i]); the row whose
// only coordinate is i is rows[i].
typedef struct qhm_wide_coordinates {
    uint32_t rows[QHM_WIDE_MAX_TILE_BITS];
    unsigned count;
    uint32_t sections, sides[2]; // sets of coordinates, disjoint
} qhm_wide_coordinates;

// The items of one product of parities.
typedef struct qhm_wide_z_string {
    uint32_t row_signs, lane_signs;
    size_t item, count;
    bool is_fixed;    // the same in all tiles
    bool is_constant; // without angles of slots
    bool is_tabled;   // part of the table
} qhm_wide_z_string;

typedef struct qhm_wide_splitting {
    qhm_wide *wide;
    qhm_wide_z_string *strings;
    size_t count;
    bool is_folded; // rows lie as qhm_wide_fold puts them
} qhm_wide_splitting;

// The coordinates in which fewest strings cross and the sides have fewest phases.
void qhm_wide_choose_coordinates(const qhm_wide_splitting *s, qhm_wide_coordinates *c);
bool qhm_wide_crosses(const qhm_wide_coordinates *c, uint32_t row_signs);
// The sections and sides of a split in these coordinates, with the products that do not cross.
QHM_MUST_CHECK qhm_status qhm_wide_append_sides(const qhm_wide_splitting *s,
                                                const qhm_wide_coordinates *c,
                                                qhm_wide_split *split);
// Adds room for `size` reals, on lines of their own, to a count; returns where.
size_t qhm_wide_take_reals(const qhm_wide *wide, size_t *count, size_t size);

#endif
