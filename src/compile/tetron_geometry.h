// Where data and ancillas lie on a grid of tetrons.
//
// Data are on one colour of the checkerboard, so that all neighbours of a data tetron are ancillas.
// Two data tetrons at the ends of a diagonal interact through the corners of its square.
#ifndef QHM_COMPILE_TETRON_GEOMETRY_H
#define QHM_COMPILE_TETRON_GEOMETRY_H

#include "base/status_internal.h"

#include <qhm/device.h>
#include <stdint.h>

#define QHM_TETRON_NONE UINT32_MAX

typedef struct qhm_tetron_geometry {
    const qhm_device *device;
    size_t count;
    uint8_t *colours; // [count] 0 or 1
    uint8_t colour;   // of the data
    bool *is_site;    // [count] works, has the colour and an ancilla of either kind
    size_t room;      // sites of the largest part that diagonals join
} qhm_tetron_geometry;

// Zero-initialise; release in any case. layout: [layout_count] where the data are to be, or NULL.
// Of the two colours the one with more room is taken, or the layout's.
QHM_MUST_CHECK qhm_status qhm_tetron_geometry_create(const qhm_device *device,
                                                     const uint32_t *layout, size_t layout_count,
                                                     qhm_tetron_geometry *geometry);
void qhm_tetron_geometry_release(qhm_tetron_geometry *geometry);

// The neighbours of a tetron by working couplers of a kind, "zz" or "xx", into out [room for 8];
// returns their number.
unsigned qhm_tetron_neighbours(const qhm_tetron_geometry *geometry, uint32_t tetron,
                               const char *kind, uint32_t out[8]);

// The tetron that has a zz coupler with the first and an xx coupler with the second, or
// QHM_TETRON_NONE.
uint32_t qhm_tetron_corner(const qhm_tetron_geometry *geometry, uint32_t first, uint32_t second);

// The sites that share both corners with a site, ascending, into out [room for 16].
unsigned qhm_tetron_diagonals(const qhm_tetron_geometry *geometry, uint32_t site, uint32_t out[16]);

#endif
