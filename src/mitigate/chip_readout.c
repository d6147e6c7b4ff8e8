// Readout errors of any native measurement, by running it on both of its eigenstates.
#include "mitigate/chip_readout.h"

#include <qhm/backend.h>
#include <qhm/plan.h>

// Turns |0> or |1> into the eigenstate of the letter with that outcome.
static qhm_status prepare(qhm_circuit *circuit, uint32_t qubit, qhm_pauli letter, bool value)
{
    if (value)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &qubit, NULL));
    if (letter != QHM_PAULI_Z)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &qubit, NULL));
    if (letter == QHM_PAULI_Y)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_S, &qubit, NULL));
    return QHM_OK;
}

static qhm_status find_flip(const qhm_circuit *noisy, uint32_t qubit, qhm_pauli letter, bool value,
                            double *flip)
{
    qhm_circuit *circuit;
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_circuit_create(qhm_circuit_qubit_count(noisy), 1, &circuit));
    qhm_status status = prepare(circuit, qubit, letter, value);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(circuit, noisy, NULL, NULL, 0, 0);
    if (status == QHM_OK)
        status = qhm_backend_create("density_matrix", NULL, &backend);
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &outcomes);
    if (status == QHM_OK)
        *flip = qhm_distribution_weight(outcomes, &(uint64_t){!value});
    qhm_distribution_destroy(outcomes);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    return status;
}

qhm_status qhm_chip_readout_find(const qhm_noise_model *noise, size_t qubit_count, uint32_t qubit,
                                 qhm_pauli letter, double flips[2])
{
    qhm_circuit *measurement, *noisy = NULL;
    const uint8_t paulis[1] = {(uint8_t)letter};
    QHM_TRY(qhm_circuit_create(qubit_count, 1, &measurement));
    qhm_status status = qhm_circuit_append_pauli_measure(measurement, 1, paulis, &qubit, 0);
    if (status == QHM_OK)
        status = qhm_noise_model_apply(noise, measurement, &noisy);
    qhm_circuit_destroy(measurement);
    if (status == QHM_ERROR_UNSUPPORTED) { // not native
        qhm_noise_model_readout(noise, qubit, flips);
        return QHM_OK;
    }
    QHM_TRY(status);
    double found[2] = {0, 0};
    for (int value = 0; value < 2 && status == QHM_OK; value++)
        status = find_flip(noisy, qubit, letter, value, &found[value]);
    qhm_circuit_destroy(noisy);
    QHM_TRY(status);
    flips[0] = found[0];
    flips[1] = found[1];
    return QHM_OK;
}
