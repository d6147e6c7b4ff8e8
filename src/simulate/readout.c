// Observables on any number of qubits: strings, and settings of strings that agree qubit by qubit.
#include "simulate/readout.h"

#include "base/memory.h"

#include <string.h>

void qhm_readout_release(qhm_readout *readout)
{
    void *pointers[] = {readout->terms, readout->factors, readout->constants, readout->letters};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
    *readout = (qhm_readout){0};
}

static void count_terms(const qhm_observable *const *observables, size_t count, size_t *terms,
                        size_t *factors)
{
    *terms = *factors = 0;
    for (size_t k = 0; k < count; k++)
        for (size_t t = 0; t < qhm_observable_term_count(observables[k]); t++) {
            *terms += 1;
            *factors += qhm_observable_term(observables[k], t)->factor_count;
        }
}

static void copy_terms(qhm_readout *readout, const qhm_observable *const *observables)
{
    size_t next = 0;
    for (size_t k = 0; k < readout->observable_count; k++)
        for (size_t t = 0; t < qhm_observable_term_count(observables[k]); t++) {
            const qhm_pauli_term *term = qhm_observable_term(observables[k], t);
            if (term->factor_count == 0) {
                readout->constants[k] += term->coefficient;
                continue;
            }
            readout->terms[readout->term_count++] =
                (qhm_readout_term){.observable = k,
                                   .coefficient = term->coefficient,
                                   .first_factor = next,
                                   .factor_count = term->factor_count};
            for (size_t f = 0; f < term->factor_count; f++)
                readout->factors[next++] = term->factors[f];
        }
}

static bool agrees(const qhm_readout *readout, const qhm_readout_term *term, size_t setting)
{
    const uint8_t *letters = readout->letters + setting * readout->qubit_count;
    for (size_t f = 0; f < term->factor_count; f++) {
        const qhm_pauli_factor *factor = &readout->factors[term->first_factor + f];
        if (letters[factor->qubit] != QHM_PAULI_I && letters[factor->qubit] != factor->pauli)
            return false;
    }
    return true;
}

// Each term joins the first setting that it agrees with.
static qhm_status find_settings(qhm_readout *readout)
{
    size_t capacity = 0;
    for (size_t t = 0; t < readout->term_count; t++) {
        qhm_readout_term *term = &readout->terms[t];
        while (term->setting < readout->setting_count && !agrees(readout, term, term->setting))
            term->setting++;
        if (term->setting == readout->setting_count) {
            QHM_TRY(qhm_reserve((readout->setting_count + 1) * readout->qubit_count, &capacity,
                                sizeof *readout->letters, &readout->letters));
            readout->setting_count++;
        }
        uint8_t *letters = readout->letters + term->setting * readout->qubit_count;
        for (size_t f = 0; f < term->factor_count; f++) {
            const qhm_pauli_factor *factor = &readout->factors[term->first_factor + f];
            letters[factor->qubit] = (uint8_t)factor->pauli;
        }
    }
    return QHM_OK;
}

qhm_status qhm_readout_create(size_t qubit_count, const qhm_observable *const *observables,
                              size_t count, qhm_readout *readout)
{
    qhm_readout made = {.qubit_count = qubit_count, .observable_count = count};
    size_t terms, factors;
    count_terms(observables, count, &terms, &factors);
    qhm_status status = qhm_allocate(terms, sizeof *made.terms, &made.terms);
    if (status == QHM_OK)
        status = qhm_allocate(factors, sizeof *made.factors, &made.factors);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *made.constants, &made.constants);
    if (status == QHM_OK) {
        copy_terms(&made, observables);
        status = find_settings(&made);
    }
    if (status != QHM_OK) {
        qhm_readout_release(&made);
        return status;
    }
    *readout = made;
    return QHM_OK;
}

size_t qhm_readout_bytes(const qhm_readout *readout)
{
    size_t factors = 0;
    for (size_t t = 0; t < readout->term_count; t++)
        factors += readout->terms[t].factor_count;
    return readout->term_count * sizeof *readout->terms + factors * sizeof *readout->factors +
           readout->observable_count * sizeof *readout->constants +
           readout->setting_count * readout->qubit_count;
}

int qhm_readout_sign(const qhm_readout *readout, const qhm_readout_term *term,
                     const uint64_t *outcome)
{
    bool is_odd = false;
    for (size_t f = 0; f < term->factor_count; f++) {
        const uint32_t qubit = readout->factors[term->first_factor + f].qubit;
        is_odd ^= outcome[qubit / 64] >> qubit % 64 & 1;
    }
    return is_odd ? -1 : 1;
}
