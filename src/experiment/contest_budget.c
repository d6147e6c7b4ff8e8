// Reading the budget of a run file.
#include "experiment/contest_budget.h"

#include "base/options_internal.h"

const qhm_option_info qhm_budget_table[] = {
    {.name = "host_watts",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_budget, host_watts),
     .default_text = "0",
     .minimum = 0,
     .maximum = 1e9,
     .help =
         "power of this machine, where no counter can be read; marked as assumed; 0: not known"},
    {0},
};

qhm_status qhm_budget_read(const qhm_node *section, qhm_budget *budget)
{
    QHM_TRY(qhm_options_read(qhm_budget_table, section, budget));
    return qhm_options_resolve(qhm_budget_table, budget);
}
