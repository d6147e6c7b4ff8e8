// Real symmetric matrices as sums of Pauli strings.
#include "algorithm/pauli_sum.h"

#include "base/memory.h"

#include <math.h>

// tr(P matrix) / 2^n; its imaginary part is 0 for a symmetric matrix.
static double coefficient_of(size_t size, const double *matrix, qhm_pauli_masks string)
{
    double sum = 0;
    for (size_t b = 0; b < size; b++) {
        const qhm_complex value = {matrix[b * size + (b ^ string.x)], 0};
        sum += qhm_complex_times_i(value, qhm_pauli_phase(string, b)).re;
    }
    return sum / (double)size;
}

qhm_status qhm_pauli_sum_find(size_t qubit_count, const double *matrix, qhm_pauli_weight **terms,
                              size_t *count)
{
    const size_t size = (size_t)1 << qubit_count;
    qhm_pauli_weight *found;
    double largest = 0;
    QHM_TRY(qhm_allocate(size * size, sizeof *found, &found));
    for (size_t i = 0; i < size * size; i++)
        largest = fmax(largest, fabs(matrix[i]));
    *count = 0;
    for (uint64_t x = 0; x < size; x++)
        for (uint64_t z = 0; z < size; z++) {
            const double value = coefficient_of(size, matrix, (qhm_pauli_masks){x, z});
            if (fabs(value) > 1e-14 * largest)
                found[(*count)++] = (qhm_pauli_weight){{x, z}, value};
        }
    *terms = found;
    return QHM_OK;
}

static qhm_status append_term(const qhm_pauli_weight *term, size_t qubit_count,
                              qhm_observable *observable)
{
    qhm_pauli_factor factors[64];
    size_t count = 0;
    for (uint32_t q = 0; q < qubit_count; q++) {
        const unsigned letter = (term->string.x >> q & 1) | (unsigned)(term->string.z >> q & 1)
                                                                << 1;
        static const qhm_pauli letters[] = {QHM_PAULI_I, QHM_PAULI_X, QHM_PAULI_Z, QHM_PAULI_Y};
        if (letter > 0)
            factors[count++] = (qhm_pauli_factor){q, letters[letter]};
    }
    return qhm_observable_append(observable, term->coefficient, factors, count);
}

qhm_status qhm_pauli_sum_observable(size_t qubit_count, const double *matrix,
                                    qhm_observable **observable)
{
    qhm_pauli_weight *terms;
    size_t count;
    qhm_observable *made = NULL;
    QHM_TRY(qhm_pauli_sum_find(qubit_count, matrix, &terms, &count));
    qhm_status status = qhm_observable_create(&made);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = append_term(&terms[i], qubit_count, made);
    qhm_release(terms);
    if (status != QHM_OK) {
        qhm_observable_destroy(made);
        return status;
    }
    *observable = made;
    return QHM_OK;
}

qhm_status qhm_pauli_append(qhm_circuit *circuit, qhm_pauli_masks string, uint32_t control)
{
    static const qhm_gate plain[] = {QHM_GATE_X, QHM_GATE_Z, QHM_GATE_Y};
    static const qhm_gate controlled[] = {QHM_GATE_CX, QHM_GATE_CZ, QHM_GATE_CY};
    const bool is_controlled = control != UINT32_MAX;
    for (uint32_t q = 0; q < 64; q++) {
        const unsigned letter = (string.x >> q & 1) | (unsigned)(string.z >> q & 1) << 1;
        if (letter > 0)
            QHM_TRY(qhm_circuit_append(circuit, (is_controlled ? controlled : plain)[letter - 1],
                                       is_controlled ? (uint32_t[]){control, q} : &q, NULL));
    }
    return QHM_OK;
}
