// Follows all branches of a circuit with random outcomes, depth first.
#include "simulate/branches.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <string.h>

// A branch that waits for its turn. States of branches that have ended are used again.
typedef struct waiting {
    void *branch;
    double weight;
} waiting;

typedef struct search {
    const qhm_branch_ops *ops;
    void *context;
    const qhm_exact_request *request;
    size_t value_count, words;
    const uint64_t *bit_mask;
    qhm_distribution *distribution;
    waiting *stack; // [capacity] the first `count` wait; the rest are spare
    size_t count, made, capacity;
    size_t ended;
    double *values;    // [value_count]
    uint64_t *scratch; // [words]
} search;

qhm_status qhm_fail_outcome_limit(const qhm_exact_request *request)
{
    return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                    "the circuit has more than %zu outcomes or branches; use shots",
                    request->max_outcomes);
}

qhm_status qhm_branches_append(const qhm_exact_request *request, const uint64_t *bits,
                               const uint64_t *bit_mask, size_t words, uint64_t *scratch,
                               double weight, qhm_distribution *distribution)
{
    for (size_t w = 0; w < words; w++)
        scratch[w] = bits[w] & bit_mask[w];
    QHM_TRY(qhm_distribution_append(distribution, scratch, weight));
    if (qhm_distribution_outcome_count(distribution) > request->max_outcomes)
        return qhm_fail_outcome_limit(request);
    return QHM_OK;
}

// Makes sure that the stack has a spare branch.
static qhm_status make_spare(search *s)
{
    if (s->count < s->made)
        return QHM_OK;
    QHM_TRY(qhm_reserve(s->made + 1, &s->capacity, sizeof *s->stack, &s->stack));
    QHM_TRY(s->ops->create(s->context, &s->stack[s->made].branch));
    s->made++;
    return QHM_OK;
}

static qhm_status end_branch(search *s, const waiting *top)
{
    if (++s->ended > s->request->max_outcomes)
        return qhm_fail_outcome_limit(s->request);
    if (s->distribution)
        QHM_TRY(qhm_branches_append(s->request, s->ops->bits(top->branch), s->bit_mask, s->words,
                                    s->scratch, top->weight, s->distribution));
    if (!s->request->expectations)
        return QHM_OK;
    QHM_TRY(s->ops->expectations(s->context, top->branch, s->values));
    for (size_t k = 0; k < s->value_count; k++)
        s->request->expectations[k] += top->weight * s->values[k];
    return QHM_OK;
}

// Splits the branch on top where both outcomes have a probability. The less likely one goes first:
// each branch on the stack then has at most half the weight of the one below it, so that few wait,
// however long a loop is.
static qhm_status split(search *s, double one)
{
    const double weight = s->stack[s->count - 1].weight;
    const double weights[2] = {weight * (1 - one), weight * one};
    const bool is_possible[2] = {weights[0] >= s->request->least_probability,
                                 weights[1] >= s->request->least_probability};
    for (int outcome = 0; outcome < 2; outcome++)
        if (!is_possible[outcome])
            *s->request->lost_probability += weights[outcome];
    if (!is_possible[0] && !is_possible[1]) {
        s->count--;
        return QHM_OK;
    }
    if (is_possible[0] && is_possible[1]) {
        QHM_TRY(make_spare(s));
        const bool likely = weights[1] >= weights[0];
        waiting *first = &s->stack[s->count - 1], *second = &s->stack[s->count];
        QHM_TRY(s->ops->copy(s->context, second->branch, first->branch));
        QHM_TRY(s->ops->choose(s->context, first->branch, likely));
        first->weight = weights[likely];
        second->weight = weights[!likely];
        s->count++;
        return s->ops->choose(s->context, second->branch, !likely);
    }
    waiting *top = &s->stack[s->count - 1];
    top->weight = weights[is_possible[1]];
    return s->ops->choose(s->context, top->branch, is_possible[1]);
}

static qhm_status run(search *s)
{
    QHM_TRY(qhm_allocate(s->value_count, sizeof *s->values, &s->values));
    QHM_TRY(qhm_allocate(s->words, sizeof *s->scratch, &s->scratch));
    QHM_TRY(make_spare(s));
    s->stack[0].weight = 1;
    s->count = 1;
    if (s->request->expectations)
        memset(s->request->expectations, 0, s->value_count * sizeof *s->values);
    while (s->count > 0) {
        double one;
        bool is_at_end;
        QHM_TRY(s->ops->advance(s->context, s->stack[s->count - 1].branch, &one, &is_at_end));
        if (!is_at_end) {
            QHM_TRY(split(s, one));
            continue;
        }
        QHM_TRY(end_branch(s, &s->stack[s->count - 1]));
        s->count--;
    }
    return QHM_OK;
}

qhm_status qhm_branches_run(const qhm_branch_ops *ops, void *context,
                            const qhm_exact_request *request, size_t value_count,
                            const uint64_t *bit_mask, size_t words, qhm_distribution *distribution)
{
    search s = {.ops = ops,
                .context = context,
                .request = request,
                .value_count = value_count,
                .bit_mask = bit_mask,
                .words = words,
                .distribution = distribution};
    qhm_status status = run(&s);
    for (size_t i = 0; i < s.made; i++)
        ops->destroy(context, s.stack[i].branch);
    qhm_release(s.stack);
    qhm_release(s.values);
    qhm_release(s.scratch);
    return status;
}
