// Probabilities, projections, samples, expectation values and amplitudes of a matrix product state.
#include "base/memory.h"
#include "simulate/mps/mps_state.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// The squared norms of a centre's two halves.
static void find_weights(const qhm_mps_site *site, double weights[2])
{
    weights[0] = weights[1] = 0;
    for (size_t l = 0; l < site->left_bond; l++)
        for (size_t s = 0; s < 2; s++)
            weights[s] += qhm_mps_norm(site->tensor.entries + (2 * l + s) * site->right_bond,
                                       site->right_bond);
}

qhm_status qhm_mps_one_probability(qhm_mps *state, uint32_t qubit, double *one)
{
    const uint32_t site = state->site_of[qubit];
    double weights[2];
    QHM_TRY(qhm_mps_move_centre(state, site));
    find_weights(&state->sites[site], weights);
    *one = weights[1] / (weights[0] + weights[1]);
    return QHM_OK;
}

// Cuts to both sides of a centre as long as cuts make bonds smaller: after a projection they may.
static qhm_status shrink(qhm_mps *state, uint32_t centre)
{
    for (uint32_t site = centre; state->sites[site].right != QHM_NO_SITE;) {
        const uint32_t next = state->sites[site].right;
        const size_t before = state->sites[site].right_bond;
        QHM_TRY(qhm_mps_move_right(state, site, true));
        if (state->sites[site].right_bond == before)
            break;
        site = next;
    }
    QHM_TRY(qhm_mps_move_centre(state, centre));
    for (uint32_t site = centre; state->sites[site].left != QHM_NO_SITE;) {
        const uint32_t next = state->sites[site].left;
        const size_t before = state->sites[site].left_bond;
        QHM_TRY(qhm_mps_move_left(state, site, true));
        if (state->sites[site].left_bond == before)
            break;
        site = next;
    }
    return QHM_OK;
}

// Takes a projected centre out of its chain: the matrix that is left of it, [left bond][right
// bond] in buffer a, goes into a neighbour, the new centre.
static qhm_status take_out(qhm_mps *state, uint32_t site, uint32_t *centre)
{
    qhm_mps_site *here = &state->sites[site];
    const size_t left = here->left_bond, right = here->right_bond;
    const bool goes_right = here->right != QHM_NO_SITE;
    *centre = goes_right ? here->right : here->left;
    qhm_mps_site *to = &state->sites[*centre];
    if (goes_right) {
        QHM_TRY(qhm_mps_reserve(state, &state->b, left * 2 * to->right_bond));
        qhm_complex_multiply(left, 2 * to->right_bond, right, state->a.entries, to->tensor.entries,
                             state->b.entries);
        to->left_bond = left;
        to->left = here->left;
        if (here->left != QHM_NO_SITE)
            state->sites[here->left].right = *centre;
    } else {
        QHM_TRY(qhm_mps_reserve(state, &state->b, 2 * to->left_bond * right));
        qhm_complex_multiply(2 * to->left_bond, right, left, to->tensor.entries, state->a.entries,
                             state->b.entries);
        to->right_bond = right;
        to->right = QHM_NO_SITE;
    }
    qhm_mps_adopt(to, &state->b);
    to->form = QHM_MPS_CENTRE;
    return QHM_OK;
}

qhm_status qhm_mps_collapse(qhm_mps *state, uint32_t qubit, bool outcome)
{
    const uint32_t site = state->site_of[qubit];
    qhm_mps_site *here = &state->sites[site];
    double weights[2];
    QHM_TRY(qhm_mps_move_centre(state, site));
    find_weights(here, weights);
    if (!qhm_mps_is_alone(here)) {
        const double scale = 1 / sqrt(weights[outcome]);
        uint32_t centre;
        QHM_TRY(qhm_mps_reserve(state, &state->a, here->left_bond * here->right_bond));
        for (size_t l = 0; l < here->left_bond; l++)
            for (size_t r = 0; r < here->right_bond; r++) {
                const qhm_complex entry =
                    here->tensor.entries[(2 * l + outcome) * here->right_bond + r];
                state->a.entries[l * here->right_bond + r] =
                    (qhm_complex){scale * entry.re, scale * entry.im};
            }
        QHM_TRY(take_out(state, site, &centre));
        here->left = here->right = QHM_NO_SITE;
        here->left_bond = here->right_bond = 1;
        QHM_TRY(shrink(state, centre));
    }
    here->tensor.entries[outcome] = (qhm_complex){1, 0};
    here->tensor.entries[!outcome] = (qhm_complex){0, 0};
    here->form = QHM_MPS_CENTRE;
    return QHM_OK;
}

// The letter of the string on a qubit.
static qhm_pauli find_letter(const qhm_pauli_factor *factors, size_t count, uint32_t qubit)
{
    for (size_t f = 0; f < count; f++)
        if (factors[f].qubit == qubit)
            return factors[f].pauli;
    return QHM_PAULI_I;
}

// Applies a letter to the middle index of t [left][2][right].
static void apply_letter(qhm_pauli letter, size_t left, size_t right, qhm_complex *t)
{
    if (letter == QHM_PAULI_I)
        return;
    for (size_t l = 0; l < left; l++) {
        qhm_complex *zero = t + 2 * l * right, *one = zero + right;
        for (size_t r = 0; r < right; r++) {
            const qhm_complex a = zero[r], b = one[r];
            if (letter == QHM_PAULI_X) {
                zero[r] = b;
                one[r] = a;
            } else if (letter == QHM_PAULI_Y) {
                zero[r] = (qhm_complex){b.im, -b.re};
                one[r] = (qhm_complex){-a.im, a.re};
            } else {
                one[r] = (qhm_complex){-b.re, -b.im};
            }
        }
    }
}

// The part of the string on one chain, from its first factor to its last with the centre among
// them: outside, tensors multiply to the identity.
static qhm_status chain_expectation(qhm_mps *state, uint32_t first, uint32_t last,
                                    const qhm_pauli_factor *factors, size_t count, double *value)
{
    if (state->sites[first].form == QHM_MPS_RIGHT)
        QHM_TRY(qhm_mps_move_centre(state, first));
    else if (state->sites[last].form == QHM_MPS_LEFT)
        QHM_TRY(qhm_mps_move_centre(state, last));
    size_t bond = state->sites[first].left_bond;
    QHM_TRY(qhm_mps_reserve(state, &state->a, bond * bond));
    memset(state->a.entries, 0, bond * bond * sizeof *state->a.entries);
    for (size_t i = 0; i < bond; i++)
        state->a.entries[i * bond + i].re = 1;
    for (uint32_t s = first;; s = state->sites[s].right) { // a [bra bond][ket bond]
        const qhm_mps_site *site = &state->sites[s];
        const size_t right = site->right_bond;
        QHM_TRY(qhm_mps_reserve(state, &state->b, bond * 2 * right));
        qhm_complex_multiply(bond, 2 * right, bond, state->a.entries, site->tensor.entries,
                             state->b.entries);
        apply_letter(find_letter(factors, count, site->qubit), bond, right, state->b.entries);
        QHM_TRY(qhm_mps_reserve(state, &state->a, right * right));
        qhm_complex_multiply_adjoint(right, right, 2 * bond, site->tensor.entries, state->b.entries,
                                     state->a.entries);
        bond = right;
        if (s == last)
            break;
    }
    double trace = 0;
    for (size_t i = 0; i < bond; i++)
        trace += state->a.entries[i * bond + i].re;
    *value = trace;
    return QHM_OK;
}

qhm_status qhm_mps_expectation(qhm_mps *state, const qhm_pauli_factor *factors, size_t count,
                               double *value)
{
    double product = 1;
    for (size_t f = 0; f < count; f++) {
        // The first factor of its chain, from the left, answers for the chain.
        uint32_t first = state->site_of[factors[f].qubit], last = first;
        bool is_first = true;
        for (uint32_t s = state->sites[first].left; is_first && s != QHM_NO_SITE;
             s = state->sites[s].left)
            is_first = find_letter(factors, count, state->sites[s].qubit) == QHM_PAULI_I;
        if (!is_first)
            continue;
        for (uint32_t s = state->sites[first].right; s != QHM_NO_SITE; s = state->sites[s].right)
            if (find_letter(factors, count, state->sites[s].qubit) != QHM_PAULI_I)
                last = s;
        double part;
        QHM_TRY(chain_expectation(state, first, last, factors, count, &part));
        product *= part;
    }
    *value = product;
    return QHM_OK;
}

// next[s] [right bond] = vector tensor[s]; returns the two squared norms.
static void step(const qhm_mps_site *site, const qhm_complex *vector, qhm_complex *next,
                 size_t stride, double weights[2])
{
    const size_t right = site->right_bond;
    for (size_t s = 0; s < 2; s++) {
        qhm_complex *out = next + s * stride;
        memset(out, 0, right * sizeof *out);
        for (size_t l = 0; l < site->left_bond; l++) {
            const qhm_complex *row = site->tensor.entries + (2 * l + s) * right;
            for (size_t r = 0; r < right; r++) {
                const qhm_complex term = qhm_mps_times(vector[l], row[r]);
                out[r].re += term.re;
                out[r].im += term.im;
            }
        }
        weights[s] = qhm_mps_norm(out, right);
    }
}

void qhm_mps_sample(const qhm_mps *state, qhm_random *random, qhm_complex *scratch,
                    uint64_t *outcome)
{
    const size_t stride = qhm_mps_bond(state);
    qhm_complex *vector = scratch, *next = scratch + stride; // [stride], [2][stride]
    memset(outcome, 0, (state->qubit_count + 63) / 64 * sizeof *outcome);
    for (uint32_t start = 0; start < state->qubit_count; start++) {
        if (state->sites[start].left != QHM_NO_SITE)
            continue;
        vector[0] = (qhm_complex){1, 0};
        for (uint32_t s = start; s != QHM_NO_SITE; s = state->sites[s].right) {
            const qhm_mps_site *site = &state->sites[s];
            double weights[2];
            step(site, vector, next, stride, weights);
            const double target = qhm_random_uniform(random) * (weights[0] + weights[1]);
            const size_t one = target < weights[1] || !(weights[0] > 0);
            const double scale = 1 / sqrt(weights[one]);
            for (size_t r = 0; r < site->right_bond; r++) {
                const qhm_complex entry = next[one * stride + r];
                vector[r] = (qhm_complex){scale * entry.re, scale * entry.im};
            }
            outcome[site->qubit / 64] |= (uint64_t)one << site->qubit % 64;
        }
    }
}

// Buffer a: [basis states of the sites so far][bond].
qhm_status qhm_mps_amplitudes(qhm_mps *state, qhm_complex *amplitudes)
{
    const size_t all = (size_t)1 << state->qubit_count;
    uint32_t order[64];
    size_t done = 0, rows = 1;
    assert(state->qubit_count < 40);
    QHM_TRY(qhm_mps_reserve(state, &state->a, 1));
    state->a.entries[0] = (qhm_complex){1, 0};
    for (uint32_t start = 0; start < state->qubit_count; start++) {
        if (state->sites[start].left != QHM_NO_SITE)
            continue;
        for (uint32_t s = start; s != QHM_NO_SITE; s = state->sites[s].right) {
            const qhm_mps_site *site = &state->sites[s];
            QHM_TRY(qhm_mps_reserve(state, &state->b, rows * 2 * site->right_bond));
            qhm_complex_multiply(rows, 2 * site->right_bond, site->left_bond, state->a.entries,
                                 site->tensor.entries, state->b.entries);
            rows *= 2;
            order[done++] = site->qubit;
            const qhm_mps_buffer product = state->b;
            state->b = state->a;
            state->a = product;
        }
    }
    for (size_t i = 0; i < all; i++) { // the first site is the highest bit of i
        size_t basis = 0;
        for (size_t b = 0; b < done; b++)
            basis |= (i >> (done - 1 - b) & 1) << order[b];
        amplitudes[basis] = state->a.entries[i];
    }
    return QHM_OK;
}
