// The figures that a device may have: one row each, with what their values may be.
#ifndef QHM_DEVICE_FIGURE_TABLE_H
#define QHM_DEVICE_FIGURE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum qhm_figure_range {
    QHM_RANGE_PROBABILITY,  // 0 to 1
    QHM_RANGE_POSITIVE,     // above 0
    QHM_RANGE_NOT_NEGATIVE, // 0 and above
    QHM_RANGE_ANY           // finite
} qhm_figure_range;

typedef struct qhm_figure_row {
    const char *name; // ends in its unit: "t1_us"
    qhm_figure_range range;
    const char *help;
} qhm_figure_row;

extern const qhm_figure_row qhm_figure_rows[];
extern const size_t qhm_figure_row_count;

// Finds a figure's row. The name may end in another unit of the same kind ("repetition_delay_ns"
// for the row repetition_delay_us): a value under that name times *factor is one in the row's unit.
bool qhm_figure_row_find(const char *name, size_t *row, double *factor);

// The unit as it is printed, such as "us"; "" for pure numbers.
const char *qhm_figure_unit(const char *name);

// The row nearest to a wrong name, or NULL.
const char *qhm_figure_nearest(const char *wrong);

// True for a value in the range; *expected says what the range is.
bool qhm_figure_is_in_range(qhm_figure_range range, double value, const char **expected);

#endif
