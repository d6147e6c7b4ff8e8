// Devices in memory: building their graph, and what they answer.
#include "device/device_internal.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

qhm_status qhm_device_create_empty(qhm_device **device)
{
    qhm_device *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    qhm_status status = qhm_allocate(qhm_figure_row_count, sizeof *made->figures, &made->figures);
    if (status != QHM_OK) {
        qhm_release(made);
        return status;
    }
    for (size_t i = 0; i < qhm_figure_row_count; i++)
        made->figures[i] = (qhm_device_figure_value){
            .figure = {.value = NAN, .unit = qhm_figure_unit(qhm_figure_rows[i].name)},
            .p10 = NAN,
            .p90 = NAN,
        };
    *device = made;
    return QHM_OK;
}

void qhm_device_destroy(qhm_device *device)
{
    if (!device)
        return;
    for (size_t i = 0; i < device->source_count; i++)
        qhm_release(device->sources[i]);
    qhm_release(device->sources);
    qhm_release(device->path);
    qhm_release(device->name);
    qhm_release(device->title);
    qhm_release(device->preset);
    qhm_release(device->qubits);
    qhm_release(device->couplers);
    qhm_release(device->first_coupler);
    qhm_release(device->qubit_couplers);
    qhm_release(device->figures);
    qhm_release(device->operations);
    qhm_release(device->operation_figures);
    qhm_document_destroy(device->document);
    qhm_release(device);
}

qhm_status qhm_device_add_qubit(qhm_device *device, double x, double y, const char *kind)
{
    QHM_TRY(qhm_reserve(device->qubit_count + 1, &device->qubit_capacity, sizeof *device->qubits,
                        &device->qubits));
    device->qubits[device->qubit_count++] = (qhm_device_qubit){
        .kind = kind,
        .x = x,
        .y = y,
        .is_working = true,
        .t1_us = NAN,
        .t2_us = NAN,
        .frequency_ghz = NAN,
        .detuning_khz = NAN,
        .readout_flips = {NAN, NAN},
        .one_qubit_error = NAN,
    };
    return QHM_OK;
}

qhm_status qhm_device_add_coupler(qhm_device *device, size_t a, size_t b, const char *kind)
{
    QHM_TRY(qhm_reserve(device->coupler_count + 1, &device->coupler_capacity,
                        sizeof *device->couplers, &device->couplers));
    device->couplers[device->coupler_count++] = (qhm_device_coupler){
        .qubits = {(uint32_t)(a < b ? a : b), (uint32_t)(a < b ? b : a)},
        .kind = kind,
        .is_working = true,
        .error = NAN,
        .duration_ns = NAN,
    };
    return QHM_OK;
}

static int compare_couplers(const void *a, const void *b)
{
    const qhm_device_coupler *first = a, *second = b;
    for (size_t i = 0; i < 2; i++)
        if (first->qubits[i] != second->qubits[i])
            return first->qubits[i] < second->qubits[i] ? -1 : 1;
    return 0;
}

qhm_status qhm_device_index_couplers(qhm_device *device)
{
    size_t qubits = device->qubit_count, couplers = device->coupler_count;
    if (couplers > 0)
        qsort(device->couplers, couplers, sizeof *device->couplers, compare_couplers);
    QHM_TRY(qhm_allocate(qubits + 1, sizeof *device->first_coupler, &device->first_coupler));
    QHM_TRY(qhm_allocate(2 * couplers, sizeof *device->qubit_couplers, &device->qubit_couplers));
    size_t *first = device->first_coupler; // first[q + 1] is where q's next coupler goes
    for (size_t i = 0; i < couplers; i++)
        for (size_t end = 0; end < 2; end++)
            if (device->couplers[i].qubits[end] + 2 <= qubits)
                first[device->couplers[i].qubits[end] + 2]++;
    for (size_t q = 2; q <= qubits; q++)
        first[q] += first[q - 1];
    for (size_t i = 0; i < couplers; i++)
        for (size_t end = 0; end < 2; end++)
            device->qubit_couplers[first[device->couplers[i].qubits[end] + 1]++] = (uint32_t)i;
    return QHM_OK;
}

const char *qhm_device_name(const qhm_device *device)
{
    return device->name;
}

const char *qhm_device_title(const qhm_device *device)
{
    return device->title;
}

const char *qhm_device_preset(const qhm_device *device)
{
    return device->preset;
}

const char *qhm_device_path(const qhm_device *device)
{
    return device->path;
}

const char *qhm_device_note(const qhm_device *device)
{
    return device->note;
}

qhm_device_family qhm_device_family_of(const qhm_device *device)
{
    return device->family;
}

const char *qhm_device_family_name(qhm_device_family family)
{
    switch (family) {
    case QHM_DEVICE_IDEAL:
        return "ideal";
    case QHM_DEVICE_SUPERCONDUCTING:
        return "superconducting";
    case QHM_DEVICE_CAT:
        return "cat";
    case QHM_DEVICE_TETRON:
        return "tetron";
    case QHM_DEVICE_ANNEALER:
        return "annealer";
    }
    return "unknown";
}

const char *qhm_figure_status_name(qhm_figure_status status)
{
    switch (status) {
    case QHM_FIGURE_NONE:
        return "none";
    case QHM_FIGURE_MEASURED:
        return "measured";
    case QHM_FIGURE_PROJECTED:
        return "projected";
    case QHM_FIGURE_ASSUMED:
        return "assumed";
    }
    return "unknown";
}

size_t qhm_device_qubit_count(const qhm_device *device)
{
    return device->qubit_count;
}

size_t qhm_device_coupler_count(const qhm_device *device)
{
    return device->coupler_count;
}

bool qhm_device_is_all_to_all(const qhm_device *device)
{
    return device->is_all_to_all;
}

const qhm_device_qubit *qhm_device_qubit_at(const qhm_device *device, size_t index)
{
    assert(index < device->qubit_count);
    return &device->qubits[device->shares_qubit ? 0 : index];
}

const qhm_device_coupler *qhm_device_coupler_at(const qhm_device *device, size_t index)
{
    assert(index < device->coupler_count);
    return &device->couplers[index];
}

size_t qhm_device_qubit_couplers(const qhm_device *device, uint32_t qubit,
                                 const uint32_t **couplers)
{
    assert(qubit < device->qubit_count);
    *couplers = NULL;
    if (device->is_all_to_all)
        return 0;
    *couplers = device->qubit_couplers + device->first_coupler[qubit];
    return device->first_coupler[qubit + 1] - device->first_coupler[qubit];
}

size_t qhm_device_coupler_of(const qhm_device *device, uint32_t a, uint32_t b)
{
    const uint32_t *couplers;
    size_t degree = qhm_device_qubit_couplers(device, a, &couplers);
    for (size_t i = 0; i < degree && a != b; i++) {
        const uint32_t *ends = device->couplers[couplers[i]].qubits;
        if (ends[0] == b || ends[1] == b)
            return couplers[i];
    }
    return SIZE_MAX;
}

bool qhm_device_find_coupler(const qhm_device *device, uint32_t a, uint32_t b, size_t *index)
{
    if (a >= device->qubit_count || b >= device->qubit_count || a == b)
        return false;
    if (device->is_all_to_all) {
        *index = SIZE_MAX;
        return qhm_device_qubit_at(device, a)->is_working &&
               qhm_device_qubit_at(device, b)->is_working;
    }
    size_t found = qhm_device_coupler_of(device, a, b);
    if (found == SIZE_MAX || !device->couplers[found].is_working)
        return false;
    *index = found;
    return true;
}

size_t qhm_device_operation_count(const qhm_device *device)
{
    return device->operation_count;
}

const qhm_device_operation *qhm_device_operation_at(const qhm_device *device, size_t index)
{
    assert(index < device->operation_count);
    return &device->operations[index];
}

bool qhm_device_find_operation(const qhm_device *device, const char *name,
                               const qhm_device_operation **operation)
{
    for (size_t i = 0; i < device->operation_count; i++)
        if (strcmp(device->operations[i].name, name) == 0) {
            *operation = &device->operations[i];
            return true;
        }
    return false;
}

void qhm_device_refresh(qhm_device *device)
{
    for (size_t i = 0; i < device->operation_count; i++) {
        size_t duration = device->operation_figures[i][0], error = device->operation_figures[i][1];
        if (duration != SIZE_MAX)
            device->operations[i].duration_ns = device->figures[duration].figure;
        if (error != SIZE_MAX)
            device->operations[i].average_error = device->figures[error].figure;
    }
    for (size_t i = 0; i < device->coupler_count; i++) {
        qhm_device_coupler *coupler = &device->couplers[i];
        for (size_t end = 0; end < 2; end++)
            coupler->is_working =
                coupler->is_working && device->qubits[coupler->qubits[end]].is_working;
    }
}

static bool is_kind(const char *wanted, const char *kind)
{
    return !wanted || (kind && strcmp(wanted, kind) == 0);
}

bool qhm_device_has_operation(const qhm_device *device, const qhm_device_operation *operation,
                              const uint32_t *qubits)
{
    for (size_t i = 0; i < operation->qubit_count; i++) {
        if (qubits[i] >= device->qubit_count)
            return false;
        const qhm_device_qubit *qubit = qhm_device_qubit_at(device, qubits[i]);
        if (!qubit->is_working || (i < 2 && !is_kind(operation->kinds[i], qubit->kind)))
            return false;
        if (operation->qubit_count == 1)
            return is_kind(operation->on, qubit->kind);
    }
    if (device->is_all_to_all)
        return true;
    size_t coupler;
    return operation->qubit_count == 2 &&
           qhm_device_find_coupler(device, qubits[0], qubits[1], &coupler) &&
           is_kind(operation->on, device->couplers[coupler].kind);
}

qhm_device_figure_value *qhm_device_figure_row(qhm_device *device, const char *name)
{
    size_t row = 0;
    double factor;
    (void)qhm_figure_row_find(name, &row, &factor);
    return &device->figures[row];
}

double qhm_device_value(const qhm_device *device, const char *name)
{
    return qhm_device_figure(device, name).value;
}

qhm_figure qhm_device_figure(const qhm_device *device, const char *name)
{
    size_t row;
    double factor;
    if (!qhm_figure_row_find(name, &row, &factor))
        return (qhm_figure){.value = NAN, .unit = ""};
    qhm_figure figure = device->figures[row].figure;
    figure.value /= factor;
    figure.unit = qhm_figure_unit(name);
    return figure;
}

// Whether an operation takes its value from the figure of this name.
static bool takes_from(const qhm_device *device, const qhm_device_operation *operation,
                       size_t which, const char *name)
{
    size_t row = device->operation_figures[operation - device->operations][which];
    return row != SIZE_MAX && strcmp(qhm_figure_rows[row].name, name) == 0;
}

double qhm_device_operation_error(const qhm_device *device, const qhm_device_operation *operation,
                                  const uint32_t *qubits)
{
    if (operation->is_virtual)
        return 0;
    if (!qubits || device->shares_qubit)
        return operation->average_error.value;
    const qhm_device_qubit *qubit = qhm_device_qubit_at(device, qubits[0]);
    size_t coupler;
    if (takes_from(device, operation, 1, "one_qubit_error"))
        return qubit->one_qubit_error;
    if (takes_from(device, operation, 1, "readout_error"))
        return (qubit->readout_flips[0] + qubit->readout_flips[1]) / 2;
    if (operation->qubit_count == 2 && !device->is_all_to_all &&
        takes_from(device, operation, 1, "two_qubit_error") &&
        qhm_device_find_coupler(device, qubits[0], qubits[1], &coupler))
        return device->couplers[coupler].error;
    return operation->average_error.value;
}

double qhm_device_operation_duration_ns(const qhm_device *device,
                                        const qhm_device_operation *operation,
                                        const uint32_t *qubits)
{
    if (operation->is_virtual)
        return 0;
    size_t coupler;
    if (qubits && !device->is_all_to_all && operation->qubit_count == 2 &&
        takes_from(device, operation, 0, "two_qubit_duration_ns") &&
        qhm_device_find_coupler(device, qubits[0], qubits[1], &coupler))
        return device->couplers[coupler].duration_ns;
    return operation->duration_ns.value;
}

size_t qhm_device_preset_count(const qhm_device *device)
{
    return device->presets ? qhm_node_count(device->presets) : 0;
}

const char *qhm_device_preset_name(const qhm_device *device, size_t index)
{
    assert(index < qhm_device_preset_count(device));
    return qhm_node_name(qhm_node_at(device->presets, index));
}

const char *qhm_device_preset_title(const qhm_device *device, size_t index)
{
    assert(index < qhm_device_preset_count(device));
    return qhm_node_text(qhm_node_find(qhm_node_at(device->presets, index), "title"));
}
