// Draws by running sums.
#ifndef QHM_BASE_RUNNING_SUMS_H
#define QHM_BASE_RUNNING_SUMS_H

#include <qhm/random.h>
#include <stddef.h>

// An index with the probability of its step in `sums` [count], which never fall and end above 0.
size_t qhm_running_sums_draw(const double *sums, size_t count, qhm_random *random);

#endif
