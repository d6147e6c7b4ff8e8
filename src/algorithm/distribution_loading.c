// Loading probability distributions by their integrals.
#include <qhm/distribution_loading.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/state_preparation.h>

enum { MOST_QUBITS = 16 };

qhm_status qhm_distribution_loading_create(size_t qubit_count, double low, double high,
                                           qhm_distribution_integral *integral, void *context,
                                           qhm_circuit **circuit)
{
    qhm_complex *amplitudes;
    double total = 0;
    QHM_REQUIRE(integral && circuit, "integral or circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d",
                qubit_count, MOST_QUBITS);
    QHM_REQUIRE(isfinite(low) && isfinite(high) && low < high, "the interval is %g to %g", low,
                high);
    const size_t size = (size_t)1 << qubit_count;
    QHM_TRY(qhm_allocate(size, sizeof *amplitudes, &amplitudes));
    const double step = (high - low) / (double)size;
    qhm_status status = QHM_OK;
    for (size_t j = 0; j < size && status == QHM_OK; j++) {
        const double share =
            integral(context, low + (double)j * step, low + (double)(j + 1) * step);
        if (!(share >= 0 && isfinite(share)))
            status =
                QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "the integral over cell %zu is %g", j, share);
        amplitudes[j].re = sqrt(fmax(0, share));
        total += share;
    }
    if (status == QHM_OK && !(total > 0))
        status = QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "the integral over all cells is 0");
    if (status == QHM_OK) // the tree's shares are sums of the cells', so its angles are the same
        status = qhm_state_preparation_bind(qubit_count, QHM_STATE_REAL, amplitudes, circuit);
    qhm_release(amplitudes);
    return status;
}

qhm_status qhm_exponential_loading_create(size_t qubit_count, double rate, qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= 1000, "qubit_count is %zu, not 1 to 1000",
                qubit_count);
    QHM_REQUIRE(isfinite(rate), "rate is %g", rate);
    QHM_TRY(qhm_circuit_create(qubit_count, 0, &made));
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < qubit_count && status == QHM_OK; q++) {
        const qhm_angle angle = qhm_angle_constant(2 * atan(exp(-rate * ldexp(0.5, (int)q))));
        status = qhm_circuit_append(made, QHM_GATE_RY, &q, &angle);
    }
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
