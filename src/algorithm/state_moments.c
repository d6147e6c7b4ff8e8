// Means and variances of Pauli sums: the sum acts on the state once.
#include "algorithm/state_moments.h"

#include "base/memory.h"
#include "circuit/observable_internal.h"
#include "simulate/readout.h"

#include <math.h>
#include <string.h>

static qhm_status add_action(const qhm_pauli_term *term, size_t size, const qhm_complex *state,
                             qhm_complex *out)
{
    qhm_pauli_masks masks;
    QHM_TRY(qhm_pauli_term_masks(term, &masks));
    for (size_t i = 0; i < size; i++) {
        const qhm_complex turned =
            qhm_complex_times_i(state[i], qhm_pauli_phase(masks, (uint64_t)i));
        out[i ^ (size_t)masks.x].re += term->coefficient * turned.re;
        out[i ^ (size_t)masks.x].im += term->coefficient * turned.im;
    }
    return QHM_OK;
}

// <G^2> - <G>^2 from G's action: |G s - <G> s|^2 loses no digits.
static qhm_state_moments moments_of(size_t size, const qhm_complex *state,
                                    const qhm_complex *action)
{
    qhm_state_moments m = {0, 0};
    for (size_t i = 0; i < size; i++)
        m.mean += state[i].re * action[i].re + state[i].im * action[i].im;
    for (size_t i = 0; i < size; i++)
        m.variance += pow(action[i].re - m.mean * state[i].re, 2) +
                      pow(action[i].im - m.mean * state[i].im, 2);
    return m;
}

qhm_status qhm_find_moments(const qhm_observable *sum, size_t qubits, const qhm_complex *state,
                            qhm_state_moments *moments)
{
    const size_t size = (size_t)1 << qubits;
    qhm_complex *action;
    QHM_TRY(qhm_allocate(size, sizeof *action, &action));
    qhm_status status = QHM_OK;
    for (size_t t = 0; t < qhm_observable_term_count(sum) && status == QHM_OK; t++)
        status = add_action(qhm_observable_term(sum, t), size, state, action);
    if (status == QHM_OK)
        *moments = moments_of(size, state, action);
    qhm_release(action);
    return status;
}

// The deviation of one setting's terms together.
static qhm_status find_deviation(const qhm_readout *readout, size_t setting, size_t size,
                                 const qhm_complex *state, qhm_complex *action, double *deviation)
{
    memset(action, 0, size * sizeof *action);
    for (size_t t = 0; t < readout->term_count; t++) {
        const qhm_readout_term *term = &readout->terms[t];
        if (term->setting == setting)
            QHM_TRY(add_action(&(qhm_pauli_term){term->coefficient, term->factor_count,
                                                 readout->factors + term->first_factor},
                               size, state, action));
    }
    *deviation = sqrt(moments_of(size, state, action).variance);
    return QHM_OK;
}

qhm_status qhm_find_shot_needs(const qhm_observable *sum, size_t qubits, const qhm_complex *state,
                               qhm_shot_needs *needs)
{
    const size_t size = (size_t)1 << qubits;
    qhm_readout readout;
    qhm_complex *action;
    double total = 0, weight = 0;
    QHM_TRY(qhm_readout_create(qubits, &sum, 1, &readout));
    qhm_status status = qhm_allocate(size, sizeof *action, &action);
    for (size_t s = 0; s < readout.setting_count && status == QHM_OK; s++) {
        double deviation = 0;
        status = find_deviation(&readout, s, size, state, action, &deviation);
        total += deviation;
    }
    for (size_t t = 0; t < readout.term_count; t++)
        weight += fabs(readout.terms[t].coefficient);
    if (status == QHM_OK)
        *needs = (qhm_shot_needs){readout.setting_count, total * total, weight * weight};
    qhm_release(action);
    qhm_readout_release(&readout);
    return status;
}
