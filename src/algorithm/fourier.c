// The quantum Fourier transform as a circuit.
#include <qhm/fourier.h>

#include "base/status_internal.h"

#include <math.h>

enum { MOST_QUBITS = 1000 };

static qhm_status append_phases(qhm_circuit *circuit, size_t qubit, size_t distance)
{
    for (size_t d = 1; d <= qubit && d <= distance; d++) {
        const qhm_angle angle = qhm_angle_constant(ldexp(M_PI, -(int)d));
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CP,
                                   (uint32_t[]){(uint32_t)(qubit - d), (uint32_t)qubit}, &angle));
    }
    return QHM_OK;
}

static qhm_status append_transform(qhm_circuit *circuit, size_t n,
                                   const qhm_fourier_options *options)
{
    const size_t distance = options->distance ? options->distance : n;
    for (size_t q = n; q-- > 0;) {
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){(uint32_t)q}, NULL));
        QHM_TRY(append_phases(circuit, q, distance));
    }
    for (size_t q = 0; q < n / 2 && !options->leaves_reversed; q++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_SWAP,
                                   (uint32_t[]){(uint32_t)q, (uint32_t)(n - 1 - q)}, NULL));
    return QHM_OK;
}

qhm_status qhm_fourier_create(size_t qubit_count, const qhm_fourier_options *options,
                              qhm_circuit **circuit)
{
    static const qhm_fourier_options defaults;
    qhm_circuit *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d",
                qubit_count, MOST_QUBITS);
    const qhm_fourier_options *given = options ? options : &defaults;
    QHM_TRY(qhm_circuit_create(qubit_count, 0, &made));
    qhm_status status = append_transform(made, qubit_count, given);
    if (status == QHM_OK && given->is_inverse) {
        qhm_circuit *inverse;
        status = qhm_circuit_invert(made, &inverse);
        if (status == QHM_OK) {
            qhm_circuit_destroy(made);
            made = inverse;
        }
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

double qhm_fourier_error_bound(size_t qubit_count, size_t distance)
{
    double sum = 0;
    for (size_t d = distance + 1; distance > 0 && d < qubit_count; d++)
        sum += (double)(qubit_count - d) * 2 * sin(ldexp(M_PI, -(int)d - 1));
    return sum;
}
