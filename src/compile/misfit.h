// Errors which say that a circuit and a chip do not go together.
#ifndef QHM_COMPILE_MISFIT_H
#define QHM_COMPILE_MISFIT_H

#include <qhm/status.h>
#include <stdbool.h>

// The chip has no such operation or too few qubits: another chip or circuit may do.
static inline bool qhm_is_misfit(qhm_status status)
{
    return status == QHM_ERROR_UNSUPPORTED || status == QHM_ERROR_RESOURCE_LIMIT;
}

#endif
