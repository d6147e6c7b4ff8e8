// Reading the budget of a run file.
#include "experiment/contest_budget.h"

#include "base/options_internal.h"

typedef struct budget_section {
    qhm_budget budget;
    const qhm_node *accelerators;
} budget_section;

const qhm_option_info qhm_budget_table[] = {
    {.name = "seconds",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(budget_section, budget.seconds),
     .minimum = 1e-9,
     .maximum = 1e12,
     .help = "for answering all test rows once: begins a contest of all models, here, on the "
             "devices and on accelerators; no limit if absent"},
    {.name = "joules",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(budget_section, budget.joules),
     .minimum = 1e-9,
     .maximum = 1e18,
     .help = "for the same, chips' machines and this one together; with seconds both must hold"},
    {.name = "host_watts",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(budget_section, budget.host_watts),
     .default_text = "0",
     .minimum = 0,
     .maximum = 1e9,
     .help = "power of this machine, where no counter can be read; marked as assumed; 0: not "
             "known"},
    {.name = "improvement",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(budget_section, budget.improvement),
     .default_text = "1",
     .minimum = 1e-3,
     .maximum = 1e3,
     .help = "factor a year by which the classical side of the break-even plot gets faster",
     .used_with = "years"},
    {.name = "years",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(budget_section, budget.years),
     .default_text = "0",
     .minimum = 0,
     .maximum = 1000,
     .help = "of that; 0: today",
     .used_with = "improvement"},
    {.name = "resamples",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(budget_section, budget.resamples),
     .default_text = "3",
     .minimum = 1,
     .maximum = 1000,
     .help = "of the run's resamples, and of those scored on devices, in how many contestants "
             "are scored",
     .used_with = "seconds or joules"},
    {.name = "accelerators",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(budget_section, accelerators),
     .help = "a list of machines for the best classical model, by the figures of docs/cost.md: "
             "h100-fp64, h100-fp16, h100-fp8, loihi, hala-point, lightmatter, aoc",
     .used_with = "seconds or joules"},
    {0},
};

static qhm_status read_accelerators(const qhm_node *list, qhm_budget *budget)
{
    if (!list)
        return QHM_OK;
    const size_t count = qhm_node_count(list);
    if (qhm_node_kind_of(list) != QHM_NODE_SEQUENCE || count > QHM_BUDGET_MOST_ACCELERATORS)
        return qhm_node_fail(list, "field 'accelerators' is no list of up to %d names",
                             QHM_BUDGET_MOST_ACCELERATORS);
    for (size_t i = 0; i < count; i++) {
        const qhm_node *name = qhm_node_at(list, i);
        if (qhm_node_kind_of(name) != QHM_NODE_SCALAR)
            return qhm_node_fail(name, "an accelerator is %s, not a name",
                                 qhm_node_kind_name(qhm_node_kind_of(name)));
        if (qhm_accelerator_find(qhm_node_text(name), &budget->accelerators[i]) != QHM_OK)
            return qhm_node_fail(name, "%s", qhm_error_message());
    }
    budget->accelerator_count = count;
    return QHM_OK;
}

qhm_status qhm_budget_read(const qhm_node *section, qhm_budget *budget, qhm_option_notes *notes)
{
    budget_section read = {0};
    QHM_TRY(qhm_options_read_used(qhm_budget_table, section, &read, notes));
    QHM_TRY(read_accelerators(read.accelerators, &read.budget));
    if (read.budget.joules > 0 && read.budget.host_watts == 0)
        return qhm_node_fail(qhm_node_find(section, "joules"),
                             "field 'joules' needs 'host_watts' beside it, for machines whose "
                             "counters cannot be read");
    *budget = read.budget;
    return QHM_OK;
}

bool qhm_budget_has_contest(const qhm_budget *budget)
{
    return budget->seconds > 0 || budget->joules > 0;
}
