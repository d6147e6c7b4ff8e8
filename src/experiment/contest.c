// The arithmetic of a contest within a budget.
#include "experiment/contest.h"

#include <math.h>

// More shots than this nobody runs.
#define MOST_SHOTS (UINT64_C(1) << 40)

double qhm_budget_share(const qhm_budget *budget, double seconds, double joules)
{
    double share = 0;
    if (budget->seconds > 0)
        share = seconds / budget->seconds;
    if (budget->joules > 0 && !(joules / budget->joules <= share)) // also when it is not known
        share = joules / budget->joules;
    return budget->seconds > 0 && isnan(seconds) ? seconds : share;
}

bool qhm_budget_holds(const qhm_budget *budget, double seconds, double joules)
{
    return (budget->seconds == 0 || seconds <= budget->seconds) &&
           (budget->joules == 0 || joules <= budget->joules);
}

static qhm_status try_shots(const qhm_budget *budget, const qhm_model_costs *costs,
                            const qhm_chip_probe *probe, const qhm_device *chip, uint64_t shots,
                            qhm_cost *cost, bool *holds)
{
    QHM_TRY(qhm_costs_on_chip(costs, probe, chip, shots, cost));
    *holds = qhm_budget_holds(budget, cost->total_seconds, cost->total_joules);
    return QHM_OK;
}

// Costs grow with every shot, so that a bisection finds the last that is paid for.
qhm_status qhm_budget_find_shots(const qhm_budget *budget, const qhm_model_costs *costs,
                                 const qhm_chip_probe *probe, const qhm_device *chip,
                                 uint64_t *shots, qhm_cost *cost)
{
    uint64_t low = 0, high = 1;
    bool holds;
    for (;; low = high, high *= 2) {
        QHM_TRY(try_shots(budget, costs, probe, chip, high, cost, &holds));
        if (!holds)
            break;
        if (high >= MOST_SHOTS) {
            *shots = high;
            return QHM_OK;
        }
    }
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        QHM_TRY(try_shots(budget, costs, probe, chip, middle, cost, &holds));
        if (holds)
            low = middle;
        else
            high = middle;
    }
    *shots = low;
    return qhm_costs_on_chip(costs, probe, chip, low > 0 ? low : 1, cost);
}

static bool is_before(const qhm_report_contestant *a, const qhm_report_contestant *b)
{
    const bool has_a = isfinite(a->metric.mean), has_b = isfinite(b->metric.mean);
    if (!has_a || !has_b)
        return has_a && !has_b;
    if (a->metric.mean != b->metric.mean)
        return a->metric.mean > b->metric.mean;
    return a->share < b->share;
}

// By insertion: contestants are few, and equals stay in their order.
void qhm_contest_rank(qhm_report_contestant *contestants, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const qhm_report_contestant moved = contestants[i];
        size_t k = i;
        for (; k > 0 && is_before(&moved, &contestants[k - 1]); k--)
            contestants[k] = contestants[k - 1];
        contestants[k] = moved;
    }
    for (size_t i = 0; i < count; i++)
        contestants[i].place = isfinite(contestants[i].metric.mean) ? i + 1 : 0;
}
