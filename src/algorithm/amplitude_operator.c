// The operator Q = -A S0 A^-1 Schi of amplitude amplification and estimation.
#include <qhm/amplitude_operator.h>

#include "algorithm/phase_pattern.h"
#include "base/status_internal.h"

#include <math.h>

enum { MOST_QUBITS = 16 };

static qhm_status check_problem(const qhm_amplitude_problem *problem)
{
    QHM_REQUIRE(problem && problem->preparation, "problem or its preparation is NULL");
    const size_t n = qhm_circuit_qubit_count(problem->preparation);
    QHM_REQUIRE(n >= 1 && n <= MOST_QUBITS, "the preparation has %zu qubits, not 1 to %d", n,
                MOST_QUBITS);
    QHM_REQUIRE(qhm_circuit_input_count(problem->preparation) == 0 &&
                    qhm_circuit_weight_count(problem->preparation) == 0,
                "the preparation has slots: bind them first");
    if (problem->oracle) {
        QHM_REQUIRE(qhm_oracle_qubit_count(problem->oracle) == n,
                    "the oracle has %zu qubits, the preparation %zu",
                    qhm_oracle_qubit_count(problem->oracle), n);
        return QHM_OK;
    }
    QHM_REQUIRE(problem->marked || problem->marked_count == 0, "marked is NULL");
    for (size_t i = 0; i < problem->marked_count; i++) {
        QHM_REQUIRE(problem->marked[i] >> n == 0, "marked state %zu is not below %zu",
                    problem->marked[i], (size_t)1 << n);
        for (size_t j = 0; j < i; j++)
            QHM_REQUIRE(problem->marked[i] != problem->marked[j], "state %zu is marked twice",
                        problem->marked[i]);
    }
    return QHM_OK;
}

size_t qhm_amplitude_qubit_count(const qhm_amplitude_problem *problem)
{
    return qhm_circuit_qubit_count(problem->preparation) +
           (problem->oracle ? qhm_oracle_work_count(problem->oracle) : 0);
}

static qhm_status append_signs(qhm_circuit *circuit, size_t n, const size_t *states, size_t count,
                               size_t control, bool is_controlled)
{
    qhm_pattern_list list = {0};
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        for (uint32_t q = 0; q < n && status == QHM_OK; q++)
            status = qhm_pattern_list_add_bit(&list, q, states[i] >> q & 1);
        if (status == QHM_OK)
            status = qhm_pattern_list_close(&list);
    }
    if (status == QHM_OK && count > 0)
        status = qhm_pattern_list_append_phase(&list, circuit, M_PI, control, is_controlled);
    qhm_pattern_list_release(&list);
    return status;
}

// Its qubits are in the order of Q's.
static qhm_status append_call(qhm_circuit *circuit, const qhm_oracle *oracle, bool is_controlled)
{
    qhm_circuit *call;
    QHM_TRY(qhm_oracle_circuit_create(oracle, M_PI, is_controlled, &call));
    const qhm_status status = qhm_circuit_append_circuit(circuit, call, NULL, NULL, 0, 0);
    qhm_circuit_destroy(call);
    return status;
}

// -1: Z on the control, or Z X Z X on a qubit.
static qhm_status append_minus(qhm_circuit *circuit, size_t control, bool is_controlled)
{
    const uint32_t qubit = is_controlled ? (uint32_t)control : 0;
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_Z, &qubit, NULL));
    if (is_controlled)
        return QHM_OK;
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &qubit, NULL));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_Z, &qubit, NULL));
    return qhm_circuit_append(circuit, QHM_GATE_X, &qubit, NULL);
}

static qhm_status append_operator(qhm_circuit *circuit, const qhm_amplitude_problem *problem,
                                  const qhm_circuit *unprepare, bool is_controlled)
{
    static const size_t zero = 0;
    const size_t n = qhm_circuit_qubit_count(problem->preparation);
    const size_t control = qhm_amplitude_qubit_count(problem);
    QHM_TRY(problem->oracle ? append_call(circuit, problem->oracle, is_controlled)
                            : append_signs(circuit, n, problem->marked, problem->marked_count,
                                           control, is_controlled));
    QHM_TRY(qhm_circuit_append_circuit(circuit, unprepare, NULL, NULL, 0, 0));
    QHM_TRY(append_signs(circuit, n, &zero, 1, control, is_controlled));
    QHM_TRY(qhm_circuit_append_circuit(circuit, problem->preparation, NULL, NULL, 0, 0));
    return append_minus(circuit, control, is_controlled);
}

qhm_status qhm_amplitude_operator_create(const qhm_amplitude_problem *problem, bool is_controlled,
                                         qhm_circuit **circuit)
{
    qhm_circuit *unprepare, *made = NULL;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_TRY(check_problem(problem));
    QHM_TRY(qhm_circuit_invert(problem->preparation, &unprepare));
    qhm_status status =
        qhm_circuit_create(qhm_amplitude_qubit_count(problem) + is_controlled, 0, &made);
    if (status == QHM_OK)
        status = append_operator(made, problem, unprepare, is_controlled);
    qhm_circuit_destroy(unprepare);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
