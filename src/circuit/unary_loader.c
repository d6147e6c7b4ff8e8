// Unary loaders: a chain of Givens rotations passes the rest of the features from qubit to qubit.
#include <qhm/unary_loader.h>

#include "base/status_internal.h"

#include <math.h>

// H H CZ (RY(a) RY(-a)) CZ H H = exp(-i a (X Y - Y X) / 2), which turns |10> to |01>.
qhm_status qhm_circuit_append_givens(qhm_circuit *circuit, uint32_t first, uint32_t second,
                                     qhm_angle angle)
{
    const uint32_t qubits[2] = {first, second};
    QHM_REQUIRE(circuit, "a Givens rotation needs a circuit");
    for (int q = 0; q < 2; q++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &qubits[q], NULL));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CZ, qubits, NULL));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_RY, &first, &angle));
    angle.scale = -angle.scale;
    angle.offset = -angle.offset;
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_RY, &second, &angle));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CZ, qubits, NULL));
    for (int q = 0; q < 2; q++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &qubits[q], NULL));
    return QHM_OK;
}

static qhm_status append_chain(qhm_circuit *circuit, uint32_t qubit_count)
{
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL));
    for (uint32_t q = 0; q + 1 < qubit_count; q++)
        QHM_TRY(qhm_circuit_append_givens(circuit, q, q + 1, qhm_angle_input(q, 1)));
    return QHM_OK;
}

qhm_status qhm_unary_loader_create(size_t qubit_count, qhm_circuit **circuit)
{
    QHM_REQUIRE(circuit, "a unary loader needs a place to go");
    QHM_REQUIRE(qubit_count >= 2, "qubit_count of a unary loader is %zu, not at least 2",
                qubit_count);
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(qubit_count, 0, &made));
    const qhm_status status = append_chain(made, (uint32_t)qubit_count);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

qhm_status qhm_unary_loader_angles(size_t qubit_count, const double *features, double *angles,
                                   double *norm)
{
    QHM_REQUIRE(features && angles, "a unary loader needs features and a place for angles");
    QHM_REQUIRE(qubit_count >= 2, "qubit_count of a unary loader is %zu, not at least 2",
                qubit_count);
    double rest = 0; // the norm of the features from the last down to i + 1
    for (size_t i = 0; i < qubit_count; i++) {
        QHM_REQUIRE(isfinite(features[i]), "feature %zu is not finite", i);
        rest = hypot(rest, features[i]);
    }
    QHM_REQUIRE(rest > 0, "all features are 0: no state is proportional to them");
    if (norm)
        *norm = rest;
    rest = features[qubit_count - 1]; // with its sign: nothing comes after
    for (size_t i = qubit_count - 1; i-- > 0;) {
        angles[i] = atan2(rest, features[i]);
        rest = hypot(rest, features[i]);
    }
    return QHM_OK;
}
