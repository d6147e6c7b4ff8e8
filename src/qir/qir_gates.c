// The instruction set: gates, measurements, resets.
#include "qir/qir_shot.h"

static void append_one(qhm_gate gate, qir_qubit *qubit)
{
    qhm_qir_append(gate, NULL, 0, &qubit, 1);
}

static void append_rotation(qhm_gate gate, double angle, qir_qubit *qubit)
{
    qhm_qir_append(gate, NULL, angle, &qubit, 1);
}

static void append_two(qhm_gate gate, double angle, qir_qubit *a, qir_qubit *b)
{
    qir_qubit *qubits[] = {a, b};
    qhm_qir_append(gate, NULL, angle, qubits, 2);
}

static void append_controlled(qhm_gate gate, const qir_array *controls, qir_qubit *qubit)
{
    qhm_qir_append(gate, controls, 0, &qubit, 1);
}

static void append_controlled_rotation(qhm_gate gate, const qir_array *controls,
                                       const qir_rotation *rotation)
{
    qhm_qir_append(gate, controls, rotation->angle, &rotation->target, 1);
}

void __quantum__qis__h__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_H, qubit);
}

void __quantum__qis__x__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_X, qubit);
}

void __quantum__qis__y__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_Y, qubit);
}

void __quantum__qis__z__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_Z, qubit);
}

void __quantum__qis__s__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_S, qubit);
}

void __quantum__qis__s__adj(qir_qubit *qubit)
{
    append_one(QHM_GATE_SDG, qubit);
}

void __quantum__qis__t__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_T, qubit);
}

void __quantum__qis__t__adj(qir_qubit *qubit)
{
    append_one(QHM_GATE_TDG, qubit);
}

void __quantum__qis__sx__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_SX, qubit);
}

void __quantum__qis__sx__adj(qir_qubit *qubit)
{
    append_one(QHM_GATE_SXDG, qubit);
}

void __quantum__qis__rx__body(double angle, qir_qubit *qubit)
{
    append_rotation(QHM_GATE_RX, angle, qubit);
}

void __quantum__qis__ry__body(double angle, qir_qubit *qubit)
{
    append_rotation(QHM_GATE_RY, angle, qubit);
}

void __quantum__qis__rz__body(double angle, qir_qubit *qubit)
{
    append_rotation(QHM_GATE_RZ, angle, qubit);
}

void __quantum__qis__cnot__body(qir_qubit *control, qir_qubit *target)
{
    append_two(QHM_GATE_CX, 0, control, target);
}

void __quantum__qis__cx__body(qir_qubit *control, qir_qubit *target)
{
    append_two(QHM_GATE_CX, 0, control, target);
}

void __quantum__qis__cy__body(qir_qubit *control, qir_qubit *target)
{
    append_two(QHM_GATE_CY, 0, control, target);
}

void __quantum__qis__cz__body(qir_qubit *control, qir_qubit *target)
{
    append_two(QHM_GATE_CZ, 0, control, target);
}

void __quantum__qis__swap__body(qir_qubit *a, qir_qubit *b)
{
    append_two(QHM_GATE_SWAP, 0, a, b);
}

void __quantum__qis__ccx__body(qir_qubit *a, qir_qubit *b, qir_qubit *target)
{
    qir_qubit *qubits[] = {a, b, target};
    qhm_qir_append(QHM_GATE_CCX, NULL, 0, qubits, 3);
}

void __quantum__qis__rxx__body(double angle, qir_qubit *a, qir_qubit *b)
{
    append_two(QHM_GATE_RXX, angle, a, b);
}

void __quantum__qis__ryy__body(double angle, qir_qubit *a, qir_qubit *b)
{
    append_two(QHM_GATE_RYY, angle, a, b);
}

void __quantum__qis__rzz__body(double angle, qir_qubit *a, qir_qubit *b)
{
    append_two(QHM_GATE_RZZ, angle, a, b);
}

void __quantum__qis__h__ctl(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_H, controls, qubit);
}

void __quantum__qis__x__ctl(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_X, controls, qubit);
}

void __quantum__qis__y__ctl(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_Y, controls, qubit);
}

void __quantum__qis__z__ctl(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_Z, controls, qubit);
}

void __quantum__qis__s__ctl(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_S, controls, qubit);
}

void __quantum__qis__s__ctladj(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_SDG, controls, qubit);
}

void __quantum__qis__t__ctl(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_T, controls, qubit);
}

void __quantum__qis__t__ctladj(qir_array *controls, qir_qubit *qubit)
{
    append_controlled(QHM_GATE_TDG, controls, qubit);
}

void __quantum__qis__rx__ctl(qir_array *controls, const qir_rotation *rotation)
{
    append_controlled_rotation(QHM_GATE_RX, controls, rotation);
}

void __quantum__qis__ry__ctl(qir_array *controls, const qir_rotation *rotation)
{
    append_controlled_rotation(QHM_GATE_RY, controls, rotation);
}

void __quantum__qis__rz__ctl(qir_array *controls, const qir_rotation *rotation)
{
    append_controlled_rotation(QHM_GATE_RZ, controls, rotation);
}

void __quantum__qis__mz__body(qir_qubit *qubit, qir_result *result)
{
    qhm_qir_measure(qubit, result);
}

qir_result *__quantum__qis__m__body(qir_qubit *qubit)
{
    return qhm_qir_measure_new(qubit);
}

void __quantum__qis__mresetz__body(qir_qubit *qubit, qir_result *result)
{
    qhm_qir_measure(qubit, result);
    append_one(QHM_GATE_RESET, qubit);
}

void __quantum__qis__reset__body(qir_qubit *qubit)
{
    append_one(QHM_GATE_RESET, qubit);
}

// Nothing is moved anywhere, so nothing need be kept in its place.
void __quantum__qis__barrier__body(void)
{
}
