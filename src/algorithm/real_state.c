// Real numbers as the amplitudes of a state.
#include "algorithm/real_state.h"

#include "base/bits.h"
#include "base/memory.h"

#include <qhm/state_preparation.h>

qhm_status qhm_real_state_create(const double *values, size_t count, double *norm,
                                 qhm_circuit **circuit)
{
    const size_t qubits = count > 1 ? qhm_bits_for(count) : 1;
    double *angles;
    qhm_circuit *open = NULL;
    QHM_TRY(qhm_allocate((size_t)1 << qubits, sizeof *angles, &angles));
    qhm_status status = qhm_state_preparation_encode(qubits, values, count, angles, norm);
    if (status == QHM_OK)
        status = qhm_state_preparation_create(qubits, QHM_STATE_REAL, &open);
    if (status == QHM_OK)
        status = qhm_circuit_bind(open, angles, NULL, circuit);
    qhm_circuit_destroy(open);
    qhm_release(angles);
    return status;
}

qhm_status qhm_problem_real_state(const qhm_node *node, const double *values, size_t count,
                                  double *norm, qhm_circuit **circuit)
{
    const qhm_status status = qhm_real_state_create(values, count, norm, circuit);
    return status == QHM_ERROR_INVALID_ARGUMENT ? qhm_node_fail(node, "%s", qhm_error_message())
                                                : status;
}
