// The built-in device: every gate of the table, between any qubits, without errors or time.
#include "device/device_internal.h"

#include "base/memory.h"

static bool is_native(qhm_gate gate)
{
    return qhm_gate_information(gate)->is_unitary || gate == QHM_GATE_MEASURE ||
           gate == QHM_GATE_RESET;
}

static qhm_device_operation operation_of(qhm_gate gate)
{
    const qhm_gate_info *information = qhm_gate_information(gate);
    const qhm_figure nothing = {.value = 0, .unit = "", .note = "by definition"};
    qhm_device_operation operation = {
        .name = information->name,
        .gate = gate,
        .qubit_count = information->control_count + information->target_count,
        .duration_ns = nothing,
        .average_error = nothing,
        .is_any_one_qubit_gate = gate == QHM_GATE_U,
    };
    operation.duration_ns.unit = "ns";
    return operation;
}

static qhm_status add_operations(qhm_device *device)
{
    QHM_TRY(qhm_allocate(QHM_GATE_COUNT, sizeof *device->operations, &device->operations));
    QHM_TRY(qhm_allocate(QHM_GATE_COUNT, sizeof *device->operation_figures,
                         &device->operation_figures));
    for (int gate = 0; gate < QHM_GATE_COUNT; gate++) {
        if (!is_native((qhm_gate)gate))
            continue;
        size_t index = device->operation_count++;
        device->operations[index] = operation_of((qhm_gate)gate);
        device->operation_figures[index][0] = device->operation_figures[index][1] = SIZE_MAX;
    }
    return QHM_OK;
}

static qhm_status fill(qhm_device *device)
{
    device->is_all_to_all = true;
    device->shares_qubit = true;
    QHM_TRY(qhm_copy_text("ideal", &device->name));
    QHM_TRY(qhm_copy_text("Ideal machine without errors", &device->title));
    QHM_TRY(qhm_device_add_qubit(device, 0, 0, NULL));
    qhm_device_qubit *qubit = &device->qubits[0];
    qubit->readout_flips[0] = qubit->readout_flips[1] = qubit->one_qubit_error = 0;
    device->qubit_count = QHM_DEVICE_MOST_QUBITS;
    return add_operations(device);
}

qhm_status qhm_device_create_ideal(qhm_device **device)
{
    qhm_device *made;
    QHM_TRY(qhm_device_create_empty(&made));
    qhm_status status = fill(made);
    if (status != QHM_OK) {
        qhm_device_destroy(made);
        return status;
    }
    *device = made;
    return QHM_OK;
}
