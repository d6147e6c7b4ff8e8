// Wrong readout in exact expectation values: it shrinks and shifts each letter of a string.
#include "simulate/readout_flips.h"

#include "base/memory.h"

#include <math.h>

enum { MAX_UNEVEN = 20 };

// Appends the string with those letters left out whose bit of `left_out` is 1, counting the letters
// whose probabilities differ.
static qhm_status append_subset(qhm_observable *folded, const qhm_pauli_term *term,
                                const double (*flips)[2], uint32_t left_out,
                                qhm_pauli_factor *factors)
{
    double coefficient = term->coefficient;
    size_t count = 0;
    for (size_t f = 0; f < term->factor_count; f++) {
        const double *p = flips[term->factors[f].qubit];
        const bool is_uneven = p[0] != p[1];
        const bool is_kept = !is_uneven || !(left_out & 1);
        coefficient *= is_kept ? 1 - p[0] - p[1] : p[1] - p[0];
        if (is_kept)
            factors[count++] = term->factors[f];
        if (is_uneven)
            left_out >>= 1;
    }
    return qhm_observable_append(folded, coefficient, factors, count);
}

static qhm_status fold_term(qhm_observable *folded, const qhm_pauli_term *term,
                            const double (*flips)[2])
{
    uint32_t uneven = 0;
    for (size_t f = 0; f < term->factor_count; f++)
        uneven += flips[term->factors[f].qubit][0] != flips[term->factors[f].qubit][1];
    if (uneven > MAX_UNEVEN)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "a string of %zu letters is read with unequal readout_flips on %u qubits, "
                        "not at most %d; set shots",
                        term->factor_count, uneven, MAX_UNEVEN);
    qhm_pauli_factor *factors;
    QHM_TRY(qhm_allocate(term->factor_count, sizeof *factors, &factors));
    qhm_status status = QHM_OK;
    for (uint32_t subset = 0; subset < (uint32_t)1 << uneven && status == QHM_OK; subset++)
        status = append_subset(folded, term, flips, subset, factors);
    qhm_release(factors);
    return status;
}

static qhm_status fold(const qhm_observable *observable, const double (*flips)[2],
                       qhm_observable **out)
{
    qhm_observable *folded;
    QHM_TRY(qhm_observable_create(&folded));
    qhm_status status = QHM_OK;
    for (size_t t = 0; t < qhm_observable_term_count(observable) && status == QHM_OK; t++)
        status = fold_term(folded, qhm_observable_term(observable, t), flips);
    if (status != QHM_OK) {
        qhm_observable_destroy(folded);
        return status;
    }
    *out = folded;
    return QHM_OK;
}

qhm_status qhm_readout_fold(const qhm_observable *const *observables, size_t count,
                            const double (*flips)[2], qhm_observable **folded)
{
    for (size_t k = 0; k < count; k++) {
        qhm_status status = fold(observables[k], flips, &folded[k]);
        if (status == QHM_OK)
            continue;
        while (k-- > 0)
            qhm_observable_destroy(folded[k]);
        return status;
    }
    return QHM_OK;
}
