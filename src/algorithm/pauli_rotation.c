// Rotations about Pauli strings: a change of basis, a ladder of CX, one RZ, and back.
#include "algorithm/pauli_rotation.h"

#include <stdbool.h>

static qhm_status append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b)
{
    return qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, NULL);
}

// From the letter's eigenvectors to those of Z, or back.
static qhm_status append_basis(qhm_circuit *circuit, const qhm_pauli_factor *factor, bool is_back)
{
    if (factor->pauli == QHM_PAULI_Y && !is_back)
        QHM_TRY(append(circuit, QHM_GATE_SDG, factor->qubit, 0));
    if (factor->pauli != QHM_PAULI_Z)
        QHM_TRY(append(circuit, QHM_GATE_H, factor->qubit, 0));
    if (factor->pauli == QHM_PAULI_Y && is_back)
        QHM_TRY(append(circuit, QHM_GATE_S, factor->qubit, 0));
    return QHM_OK;
}

qhm_status qhm_append_pauli_rotation(qhm_circuit *circuit, const qhm_pauli_term *term,
                                     qhm_angle angle)
{
    const qhm_pauli_factor *f = term->factors;
    const size_t count = term->factor_count;
    for (size_t i = 0; i < count; i++)
        QHM_TRY(append_basis(circuit, &f[i], false));
    for (size_t i = 0; i + 1 < count; i++)
        QHM_TRY(append(circuit, QHM_GATE_CX, f[i].qubit, f[i + 1].qubit));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_RZ, &f[count - 1].qubit, &angle));
    for (size_t i = count - 1; i-- > 0;)
        QHM_TRY(append(circuit, QHM_GATE_CX, f[i].qubit, f[i + 1].qubit));
    for (size_t i = 0; i < count; i++)
        QHM_TRY(append_basis(circuit, &f[i], true));
    return QHM_OK;
}
