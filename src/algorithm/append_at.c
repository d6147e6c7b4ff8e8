// Circuits appended on a range of qubits, among them Fourier transforms.
#include "algorithm/append_at.h"

#include "base/memory.h"

#include <qhm/fourier.h>

qhm_status qhm_append_at(qhm_circuit *circuit, const qhm_circuit *part, size_t first)
{
    uint32_t *qubits;
    const size_t count = qhm_circuit_qubit_count(part);
    QHM_TRY(qhm_allocate(count, sizeof *qubits, &qubits));
    for (size_t q = 0; q < count; q++)
        qubits[q] = (uint32_t)(first + q);
    const qhm_status status = qhm_circuit_append_circuit(circuit, part, qubits, NULL, 0, 0);
    qhm_release(qubits);
    return status;
}

qhm_status qhm_append_fourier_at(qhm_circuit *circuit, size_t first, size_t count, bool is_inverse)
{
    qhm_circuit *fourier;
    QHM_TRY(qhm_fourier_create(count, &(qhm_fourier_options){.is_inverse = is_inverse}, &fourier));
    const qhm_status status = qhm_append_at(circuit, fourier, first);
    qhm_circuit_destroy(fourier);
    return status;
}

qhm_status qhm_append_measures(qhm_circuit *circuit, const char *name, size_t count)
{
    QHM_TRY(qhm_circuit_append_bits(circuit, name, count));
    for (uint32_t q = 0; q < count; q++)
        QHM_TRY(qhm_circuit_append_measure(circuit, q, q));
    return QHM_OK;
}
