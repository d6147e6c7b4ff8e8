// The budget of a run file: what answering all test rows once may cost, and what costs rest on
// that nobody measured.
#ifndef QHM_EXPERIMENT_CONTEST_BUDGET_H
#define QHM_EXPERIMENT_CONTEST_BUDGET_H

#include "base/option_use.h"
#include "base/status_internal.h"

#include <qhm/accelerator.h>
#include <qhm/options.h>

enum { QHM_BUDGET_MOST_ACCELERATORS = 16 };

typedef struct qhm_budget {
    double seconds, joules;    // 0: no limit; without either there is no contest
    double host_watts;         // of this machine, where they cannot be measured; 0: not known
    double improvement, years; // the classical side gets faster by a factor a year
    size_t resamples;          // in which contestants are scored
    const qhm_accelerator *accelerators[QHM_BUDGET_MOST_ACCELERATORS]; // [accelerator_count]
    size_t accelerator_count;
} qhm_budget;

extern const qhm_option_info qhm_budget_table[];

// Reads the section; NULL: none, all defaults.
QHM_MUST_CHECK qhm_status qhm_budget_read(const qhm_node *section, qhm_budget *budget,
                                          qhm_option_notes *notes);

bool qhm_budget_has_contest(const qhm_budget *budget);

#endif
