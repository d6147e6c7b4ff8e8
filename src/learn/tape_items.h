// Single numbers of a tape's data, in either precision.
#ifndef QHM_LEARN_TAPE_ITEMS_H
#define QHM_LEARN_TAPE_ITEMS_H

#include <qhm/tape.h>

static inline double qhm_tape_read_item(const qhm_tape *tape, const void *data, size_t index)
{
    return qhm_tape_precision(tape) == QHM_FLOAT64 ? ((const double *)data)[index]
                                                   : (double)((const float *)data)[index];
}

static inline void qhm_tape_add_item(const qhm_tape *tape, void *data, size_t index, double value)
{
    if (qhm_tape_precision(tape) == QHM_FLOAT64)
        ((double *)data)[index] += value;
    else
        ((float *)data)[index] += (float)value;
}

#endif
