// Samples of a list of weights in constant time each [walker1977, vose1991].
#ifndef QHM_ALGORITHM_ALIAS_TABLE_H
#define QHM_ALGORITHM_ALIAS_TABLE_H

#include "base/status_internal.h"

#include <qhm/random.h>
#include <stddef.h>

// Zero-initialise.
typedef struct qhm_alias_table {
    double *shares; // [count]: how much of a cell is its own
    size_t *others; // [count]: whose the rest is
    size_t count;
} qhm_alias_table;

// weights [count] finite, 0 or more, not all 0. Cost: linear.
QHM_MUST_CHECK qhm_status qhm_alias_table_create(const double *weights, size_t count,
                                                 qhm_alias_table *table);
void qhm_alias_table_release(qhm_alias_table *table);
size_t qhm_alias_table_draw(const qhm_alias_table *table, qhm_random *random);

#endif
