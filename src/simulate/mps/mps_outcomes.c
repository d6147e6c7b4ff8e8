// The distribution of measured qubits of a matrix product state, outcome by outcome.
#include "simulate/mps/mps_outcomes.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/branches.h"

#include <string.h>

// One site on the way. Its environment [left_bond][left_bond] is what the sites before it, with
// the outcomes chosen, have left of the chain; its trace is 1.
typedef struct level {
    uint32_t site;
    bool is_measured, is_first; // of its chain
    qhm_mps_buffer environment;
    double weight;   // of the outcomes chosen so far
    unsigned tried;  // outcomes that have been followed
    double parts[2]; // conditional probabilities, once tried > 0
} level;

typedef struct listing {
    qhm_mps *state;
    const qhm_circuit *circuit;
    const uint32_t *deferred;
    const qhm_exact_request *request;
    qhm_distribution *distribution;
    level *levels; // [count + 1]
    size_t count;
    bool *is_measured; // [qubit_count]
    uint64_t *qubits;  // the outcome so far
    uint64_t *mask, *bits, *scratch;
    size_t words;
} listing;

// Buffer a: the environment behind a site for one outcome, or (outcome 2) summed over both.
static qhm_status pass(listing *l, const level *here, unsigned outcome)
{
    qhm_mps *state = l->state;
    const qhm_mps_site *site = &state->sites[here->site];
    const size_t left = site->left_bond, right = site->right_bond;
    QHM_TRY(qhm_mps_reserve(state, &state->b, left * 2 * right));
    QHM_TRY(qhm_mps_reserve(state, &state->a, right * right));
    qhm_complex_multiply(left, 2 * right, left, here->environment.entries, site->tensor.entries,
                         state->b.entries);
    for (size_t i = 0; outcome < 2 && i < left; i++)
        memset(state->b.entries + (2 * i + !outcome) * right, 0, right * sizeof *state->b.entries);
    qhm_complex_multiply_adjoint(right, right, 2 * left, site->tensor.entries, state->b.entries,
                                 state->a.entries);
    return QHM_OK;
}

static double trace(const qhm_complex *a, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i * n + i].re;
    return sum > 0 ? sum : 0;
}

// Makes the environment of the next level from buffer a, or a new one where a chain begins.
static qhm_status enter(listing *l, size_t next, double weight)
{
    level *to = &l->levels[next];
    to->weight = weight;
    to->tried = 0;
    if (next == l->count)
        return QHM_OK;
    const size_t bond = to->is_first ? 1 : l->state->sites[to->site].left_bond;
    QHM_TRY(qhm_mps_reserve(l->state, &to->environment, bond * bond));
    if (to->is_first) {
        to->environment.entries[0] = (qhm_complex){1, 0};
        return QHM_OK;
    }
    const double scale = 1 / trace(l->state->a.entries, bond);
    for (size_t i = 0; i < bond * bond; i++)
        to->environment.entries[i] =
            (qhm_complex){scale * l->state->a.entries[i].re, scale * l->state->a.entries[i].im};
    return QHM_OK;
}

static qhm_status find_parts(listing *l, level *here)
{
    const size_t right = l->state->sites[here->site].right_bond;
    for (unsigned s = 0; s < 2; s++) {
        QHM_TRY(pass(l, here, s));
        here->parts[s] = trace(l->state->a.entries, right);
    }
    const double sum = here->parts[0] + here->parts[1];
    here->parts[0] /= sum;
    here->parts[1] /= sum;
    return QHM_OK;
}

static qhm_status add_outcome(listing *l)
{
    memset(l->bits, 0, l->words * sizeof *l->bits);
    for (size_t b = 0; b < qhm_circuit_bit_count(l->circuit); b++) {
        const uint32_t qubit = l->deferred[b];
        if (qubit != UINT32_MAX)
            l->bits[b / 64] |= (l->qubits[qubit / 64] >> qubit % 64 & 1) << b % 64;
    }
    return qhm_branches_append(l->request, l->bits, l->mask, l->words, l->scratch,
                               l->levels[l->count].weight, l->distribution);
}

// Follows the next outcome of a level; *level_index moves down, or back up when all were.
static qhm_status go_on(listing *l, size_t *at)
{
    level *here = &l->levels[*at];
    const uint32_t qubit = l->state->sites[here->site].qubit;
    if (!here->is_measured) {
        if (here->tried++ > 0) {
            *at -= 1;
            return QHM_OK;
        }
        QHM_TRY(pass(l, here, 2));
        return enter(l, ++*at, here->weight);
    }
    if (here->tried == 0)
        QHM_TRY(find_parts(l, here));
    if (here->tried == 2) {
        *at -= 1;
        return QHM_OK;
    }
    const unsigned outcome = here->tried++;
    const double weight = here->weight * here->parts[outcome];
    if (weight < l->request->least_probability) {
        *l->request->lost_probability += weight;
        return QHM_OK;
    }
    const uint64_t bit = (uint64_t)1 << qubit % 64;
    l->qubits[qubit / 64] = (l->qubits[qubit / 64] & ~bit) | (outcome ? bit : 0);
    QHM_TRY(pass(l, here, outcome));
    return enter(l, ++*at, weight);
}

static qhm_status follow(listing *l)
{
    size_t at = 0; // SIZE_MAX: the first level is done
    QHM_TRY(enter(l, 0, 1));
    while (at != SIZE_MAX) {
        if (at == l->count) {
            QHM_TRY(add_outcome(l));
            at--;
            continue;
        }
        QHM_TRY(go_on(l, &at));
    }
    return QHM_OK;
}

// The sites from the beginning of each chain to the last that is measured.
static void list_levels(listing *l)
{
    const qhm_mps *state = l->state;
    for (uint32_t start = 0; start < state->qubit_count; start++) {
        if (state->sites[start].left != QHM_NO_SITE)
            continue;
        size_t end = l->count, next = l->count;
        for (uint32_t s = start; s != QHM_NO_SITE; s = state->sites[s].right) {
            const bool is_measured = l->is_measured[state->sites[s].qubit];
            l->levels[next].site = s;
            l->levels[next].is_measured = is_measured;
            l->levels[next].is_first = s == start;
            next++;
            if (is_measured)
                end = next;
        }
        l->count = end;
    }
}

static qhm_status run(listing *l)
{
    const size_t qubits = l->state->qubit_count, bits = qhm_circuit_bit_count(l->circuit);
    l->words = qhm_bit_words(bits);
    QHM_TRY(qhm_allocate(qubits + 1, sizeof *l->levels, &l->levels));
    QHM_TRY(qhm_allocate(qubits, sizeof *l->is_measured, &l->is_measured));
    QHM_TRY(qhm_allocate(qhm_bit_words(qubits), sizeof *l->qubits, &l->qubits));
    QHM_TRY(qhm_allocate(3 * l->words, sizeof *l->mask, &l->mask));
    l->bits = l->mask + l->words;
    l->scratch = l->bits + l->words;
    qhm_circuit_mark_registers(l->circuit, l->mask);
    for (size_t b = 0; b < bits; b++)
        if (l->deferred[b] != UINT32_MAX && l->mask[b / 64] >> b % 64 & 1)
            l->is_measured[l->deferred[b]] = true;
    QHM_TRY(qhm_mps_prepare_samples(l->state));
    list_levels(l);
    return follow(l);
}

qhm_status qhm_mps_list_outcomes(qhm_mps *state, const qhm_circuit *circuit,
                                 const uint32_t *deferred, const qhm_exact_request *request,
                                 qhm_distribution *distribution)
{
    listing l = {.state = state,
                 .circuit = circuit,
                 .deferred = deferred,
                 .request = request,
                 .distribution = distribution};
    qhm_status status = run(&l);
    for (size_t i = 0; l.levels && i <= state->qubit_count; i++) {
        state->bytes -= l.levels[i].environment.capacity * sizeof(qhm_complex);
        qhm_release(l.levels[i].environment.entries);
    }
    qhm_release(l.levels);
    qhm_release(l.is_measured);
    qhm_release(l.qubits);
    qhm_release(l.mask);
    return status;
}
