// Follows all branches of a circuit with random outcomes: depth first, or side by side.
#include "simulate/branches.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <string.h>

// A branch that waits for its turn. States of branches that have ended are used again.
typedef struct waiting {
    void *branch;
    double weight;
    double one; // side by side: the probability of 1, if it is not at the end
    bool is_at_end;
    bool is_running; // side by side: not yet where it waits
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

static qhm_status run_depth_first(search *s)
{
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

static bool may_mix(const search *s, const waiting *a, const waiting *b)
{
    if (b->is_running || a->is_at_end != b->is_at_end ||
        s->ops->place(a->branch) != s->ops->place(b->branch))
        return false;
    const uint64_t *live = s->ops->live_bits(s->context, a->branch);
    const uint64_t *left = s->ops->bits(a->branch), *right = s->ops->bits(b->branch);
    for (size_t w = 0; w < s->words; w++)
        if ((left[w] ^ right[w]) & live[w])
            return false;
    return true;
}

static void remove_branch(search *s, size_t index)
{
    const waiting removed = s->stack[index];
    s->stack[index] = s->stack[--s->count];
    s->stack[s->count] = removed; // a spare
}

// Runs a branch on, and mixes it with one that waits where it arrives.
static qhm_status arrive(search *s, size_t index)
{
    waiting *here = &s->stack[index];
    QHM_TRY(s->ops->advance(s->context, here->branch, &here->one, &here->is_at_end));
    here->is_running = false;
    for (size_t i = 0; i < s->count; i++) {
        waiting *other = &s->stack[i];
        if (i == index || !may_mix(s, here, other))
            continue;
        const double weight = other->weight + here->weight;
        s->ops->mix(s->context, other->branch, here->branch, here->weight / weight);
        other->one += (here->one - other->one) * here->weight / weight;
        other->weight = weight;
        remove_branch(s, index);
        break;
    }
    return QHM_OK;
}

// The branch that is least far, so that others wait where it may arrive; if too many wait, the one
// of least weight, as depth first.
static size_t choose_next(const search *s, size_t most)
{
    size_t chosen = 0;
    for (size_t i = 1; i < s->count; i++) {
        const waiting *a = &s->stack[i], *b = &s->stack[chosen];
        const bool is_first = s->count > most ? a->weight < b->weight
                                              : s->ops->place(a->branch) < s->ops->place(b->branch);
        chosen = is_first ? i : chosen;
    }
    return chosen;
}

// Takes the outcomes of a branch, and runs on with each.
static qhm_status split_chosen(search *s, size_t chosen)
{
    const waiting last = s->stack[s->count - 1];
    s->stack[s->count - 1] = s->stack[chosen];
    s->stack[chosen] = last;
    const size_t before = s->count;
    QHM_TRY(split(s, s->stack[s->count - 1].one));
    if (s->count < before)
        return QHM_OK;
    for (size_t i = before - 1; i < s->count; i++)
        s->stack[i].is_running = true;
    if (s->count > before)
        QHM_TRY(arrive(s, before)); // which leaves the one below it where it is
    return arrive(s, before - 1);
}

static qhm_status run_side_by_side(search *s)
{
    const size_t most = s->ops->most_waiting(s->context);
    QHM_TRY(arrive(s, 0));
    while (s->count > 0) {
        const size_t chosen = choose_next(s, most);
        if (!s->stack[chosen].is_at_end) {
            QHM_TRY(split_chosen(s, chosen));
            continue;
        }
        QHM_TRY(end_branch(s, &s->stack[chosen]));
        remove_branch(s, chosen);
    }
    return QHM_OK;
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
    return s->ops->mix ? run_side_by_side(s) : run_depth_first(s);
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
