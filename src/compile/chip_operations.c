// Operations are found by the gates that stand for them in circuits, not by their names.
#include "compile/chip_operations.h"

#include "base/status_internal.h"

#include <math.h>
#include <string.h>

static bool is_like_cx(qhm_gate gate)
{
    return gate == QHM_GATE_CX || gate == QHM_GATE_CZ || gate == QHM_GATE_ECR;
}

static bool is_better(const qhm_device *device, const qhm_device_operation *operation,
                      const qhm_device_operation *than)
{
    return !than || qhm_device_operation_error(device, operation, NULL) <
                        qhm_device_operation_error(device, than, NULL);
}

static void take(const qhm_device *device, const qhm_device_operation *operation,
                 qhm_chip_operations *found)
{
    const qhm_device_operation **place = NULL;
    if (operation->qubit_count == 2 && is_like_cx(operation->gate)) {
        if (is_better(device, operation, found->two_qubit))
            found->two_qubit = operation;
        return;
    }
    if (operation->qubit_count != 1)
        return;
    if (operation->is_any_one_qubit_gate)
        place = &found->any;
    else if (operation->gate == QHM_GATE_RZ && operation->is_virtual)
        place = &found->rz;
    else if (operation->gate == QHM_GATE_SX)
        place = &found->sx;
    else if (operation->gate == QHM_GATE_X)
        place = &found->x;
    else if (operation->gate == QHM_GATE_MEASURE)
        place = &found->measure;
    else if (operation->gate == QHM_GATE_RESET)
        place = &found->reset;
    if (place && !*place)
        *place = operation;
}

static bool is_by_place(const qhm_device *device)
{
    const qhm_device_family family = qhm_device_family_of(device);
    return family == QHM_DEVICE_TETRON || family == QHM_DEVICE_CAT;
}

qhm_status qhm_chip_operations_find(const qhm_device *device, bool allow_assumed,
                                    qhm_chip_operations *operations)
{
    if (is_by_place(device)) { // whose own passes say what they lack
        *operations = (qhm_chip_operations){.by_place = device};
        return QHM_OK;
    }
    qhm_chip_operations found = {0};
    size_t left_out = 0;
    for (size_t i = 0; i < qhm_device_operation_count(device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(device, i);
        if (operation->is_assumed && !allow_assumed)
            left_out++;
        else
            take(device, operation, &found);
    }
    const char *missing = NULL;
    if (!found.any && !(found.rz && found.sx))
        missing = "any gate on one qubit (u, or a virtual rz and sx)";
    else if (!found.two_qubit &&
             (qhm_device_coupler_count(device) > 0 || qhm_device_is_all_to_all(device)))
        missing = "cx, cz or ecr";
    if (missing)
        return QHM_FAIL(
            QHM_ERROR_UNSUPPORTED, "%s lacks %s, so that circuits are not expressible on it%s",
            qhm_device_name(device), missing, left_out > 0 ? " without assumed gates" : "");
    *operations = found;
    return QHM_OK;
}

static const qhm_device_operation *named(const qhm_chip_operations *operations, qhm_gate gate)
{
    const qhm_device_operation *const list[] = {operations->rz,    operations->sx,
                                                operations->x,     operations->measure,
                                                operations->reset, operations->two_qubit};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (list[i] && list[i]->gate == gate)
            return list[i];
    return NULL;
}

const qhm_device_operation *qhm_chip_operation_at(const qhm_device *device,
                                                  const qhm_instruction *instruction,
                                                  const uint32_t *qubits)
{
    const qhm_device_operation *best = NULL;
    const bool is_one_qubit_gate =
        qhm_gate_information(instruction->gate)->is_unitary && instruction->qubit_count == 1;
    for (size_t i = 0; i < qhm_device_operation_count(device); i++) {
        const qhm_device_operation *operation = qhm_device_operation_at(device, i);
        const bool is_any = operation->is_any_one_qubit_gate && is_one_qubit_gate;
        if (operation->qubit_count != instruction->qubit_count ||
            (operation->gate != instruction->gate && !is_any) ||
            (best && (best->is_assumed <= operation->is_assumed)))
            continue;
        if (instruction->gate == QHM_GATE_MEASURE_PAULI &&
            memcmp(operation->paulis, instruction->paulis, instruction->qubit_count) != 0)
            continue;
        if (qhm_device_has_operation(device, operation, qubits))
            best = operation;
    }
    return best;
}

static qhm_chip_use use_at_place(const qhm_chip_operations *operations,
                                 const qhm_instruction *instruction, bool *is_in_run)
{
    uint32_t places[2] = {0, 0};
    const qhm_device_operation *operation = NULL;
    for (uint32_t i = 0; i < instruction->qubit_count && i < 2; i++)
        places[i] = operations->physical[instruction->qubits[i]];
    if (instruction->qubit_count == 1 || instruction->qubit_count == 2)
        operation = qhm_chip_operation_at(operations->by_place, instruction, places);
    if (operation && operation->is_any_one_qubit_gate) {
        bool *is_running = &is_in_run[instruction->qubits[0]];
        const bool is_paid = *is_running;
        *is_running = instruction->condition.relation == QHM_RELATION_NONE;
        return (qhm_chip_use){operation, is_paid && *is_running ? 0 : 1};
    }
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        is_in_run[instruction->qubits[i]] = false;
    return (qhm_chip_use){operation, operation ? 1 : 0};
}

qhm_chip_use qhm_chip_use_of(const qhm_chip_operations *operations,
                             const qhm_instruction *instruction, bool *is_in_run)
{
    if (operations->by_place)
        return use_at_place(operations, instruction, is_in_run);
    const qhm_device_operation *own = named(operations, instruction->gate);
    const bool is_gate = qhm_gate_information(instruction->gate)->is_unitary;
    const bool is_conditional = instruction->condition.relation != QHM_RELATION_NONE;
    if (!is_gate || instruction->qubit_count != 1 || is_conditional)
        for (uint32_t i = 0; i < instruction->qubit_count; i++)
            is_in_run[instruction->qubits[i]] = false;
    if (own && own->is_virtual) // breaks no run
        return (qhm_chip_use){own, 1};
    if (own || !is_gate || instruction->qubit_count != 1) {
        if (instruction->qubit_count == 1)
            is_in_run[instruction->qubits[0]] = false;
        return (qhm_chip_use){own, own ? 1 : 0};
    }
    bool *is_running = &is_in_run[instruction->qubits[0]];
    const bool is_paid = *is_running;
    *is_running = !is_conditional;
    if (operations->any)
        return (qhm_chip_use){operations->any, is_paid ? 0 : 1};
    return (qhm_chip_use){operations->sx, operations->sx && !is_paid ? 2 : 0};
}

double qhm_wait_fidelity(const qhm_device_qubit *qubit, double duration_ns)
{
    const double t = duration_ns / 1000;
    const double energy = isnan(qubit->t1_us) ? 1 : exp(-t / qubit->t1_us);
    const double phase = isnan(qubit->t2_us) ? sqrt(energy) : exp(-t / qubit->t2_us);
    return 0.5 + energy / 6 + phase / 3;
}
