// The budget of a run file: what answers may cost, and what costs rest on that nobody measured.
#ifndef QHM_EXPERIMENT_CONTEST_BUDGET_H
#define QHM_EXPERIMENT_CONTEST_BUDGET_H

#include "base/document.h"
#include "base/status_internal.h"

#include <qhm/options.h>

typedef struct qhm_budget {
    double host_watts; // of this machine, where they cannot be measured; 0: not known
} qhm_budget;

extern const qhm_option_info qhm_budget_table[];

// Reads the section; NULL: none, all defaults.
QHM_MUST_CHECK qhm_status qhm_budget_read(const qhm_node *section, qhm_budget *budget);

#endif
