// How a reader fills a list of diagnostics.
#ifndef QHM_BASE_DIAGNOSTICS_INTERNAL_H
#define QHM_BASE_DIAGNOSTICS_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/diagnostics.h>

QHM_MUST_CHECK qhm_status qhm_diagnostics_create(qhm_diagnostics **diagnostics);

// Adds an error or a warning at bytes[offset]; line and column are counted from there. A second
// error at the same place is left out: it has the same cause. message and hint (or NULL) are
// copied; the message is cut at a few hundred bytes.
QHM_MUST_CHECK qhm_status qhm_diagnostics_add(qhm_diagnostics *diagnostics, bool is_error,
                                              const char *file, const char *bytes, size_t length,
                                              size_t offset, const char *message, const char *hint);

// QHM_OK without errors; else QHM_ERROR_BAD_INPUT with the first as the thread's message.
QHM_MUST_CHECK qhm_status qhm_diagnostics_status(const qhm_diagnostics *diagnostics);

#endif
