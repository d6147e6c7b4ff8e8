// Values of single qubits and couplers: the chip's figures, then those that the file gives.
#include "device/device_reader.h"

#include <math.h>
#include <string.h>

static double first_number(double a, double b)
{
    return isnan(a) ? b : a;
}

// What the chip's figures give a qubit; transmons beside cats have figures of their own.
static qhm_device_qubit chip_values(const qhm_device *device, bool is_ancilla)
{
    double readout =
        qhm_device_value(device, is_ancilla ? "ancilla_readout_error" : "readout_error");
    return (qhm_device_qubit){
        .t1_us = qhm_device_value(device, is_ancilla ? "ancilla_t1_us" : "t1_us"),
        .t2_us = qhm_device_value(device, is_ancilla ? "ancilla_t2_us" : "t2_us"),
        .frequency_ghz = qhm_device_value(device, "frequency_ghz"),
        .detuning_khz = qhm_device_value(device, "detuning_khz"),
        .readout_flips = {first_number(qhm_device_value(device, "readout_error_0"), readout),
                          first_number(qhm_device_value(device, "readout_error_1"), readout)},
        .one_qubit_error =
            qhm_device_value(device, is_ancilla ? "ancilla_one_qubit_error" : "one_qubit_error"),
    };
}

void qhm_device_fill_values(qhm_device *device)
{
    const qhm_device_qubit usual = chip_values(device, false), ancilla = chip_values(device, true);
    double error = qhm_device_value(device, "two_qubit_error");
    double duration_ns = qhm_device_value(device, "two_qubit_duration_ns");
    for (size_t i = 0; i < device->qubit_count; i++) {
        qhm_device_qubit *qubit = &device->qubits[i];
        bool is_ancilla =
            device->family == QHM_DEVICE_CAT && qubit->kind && strcmp(qubit->kind, "transmon") == 0;
        qhm_device_qubit filled = is_ancilla ? ancilla : usual;
        filled.kind = qubit->kind;
        filled.x = qubit->x;
        filled.y = qubit->y;
        filled.is_working = qubit->is_working;
        *qubit = filled;
    }
    for (size_t i = 0; i < device->coupler_count; i++) {
        device->couplers[i].error = error;
        device->couplers[i].duration_ns = duration_ns;
    }
}

// Replaces *value by the field, if it is there.
static void replace(qhm_device_reader *reader, const qhm_node *node, const char *name,
                    qhm_figure_range range, double *value)
{
    if (qhm_node_find(node, name))
        *value = qhm_device_number_field(reader, node, name, range, false);
}

static void replace_flag(qhm_device_reader *reader, const qhm_node *node, bool *is_working)
{
    if (qhm_node_find(node, "is_working"))
        *is_working = qhm_device_flag_field(reader, node, "is_working");
}

static void read_qubit(qhm_device_reader *reader, const qhm_node *node)
{
    static const char *const fields[] = {
        "qubit",           "is_working",      "t1_us",           "t2_us",        "frequency_ghz",
        "readout_error_0", "readout_error_1", "one_qubit_error", "detuning_khz",
    };
    qhm_device_check_fields(reader, node, fields, sizeof fields / sizeof fields[0]);
    size_t count = reader->device->qubit_count;
    uint64_t index = qhm_device_whole_field(reader, node, "qubit", 0, count - 1, UINT64_MAX, true);
    if (index == UINT64_MAX)
        return;
    qhm_device_qubit *qubit = &reader->device->qubits[index];
    replace_flag(reader, node, &qubit->is_working);
    replace(reader, node, "t1_us", QHM_RANGE_POSITIVE, &qubit->t1_us);
    replace(reader, node, "t2_us", QHM_RANGE_POSITIVE, &qubit->t2_us);
    replace(reader, node, "frequency_ghz", QHM_RANGE_POSITIVE, &qubit->frequency_ghz);
    replace(reader, node, "detuning_khz", QHM_RANGE_NOT_NEGATIVE, &qubit->detuning_khz);
    replace(reader, node, "readout_error_0", QHM_RANGE_PROBABILITY, &qubit->readout_flips[0]);
    replace(reader, node, "readout_error_1", QHM_RANGE_PROBABILITY, &qubit->readout_flips[1]);
    replace(reader, node, "one_qubit_error", QHM_RANGE_PROBABILITY, &qubit->one_qubit_error);
    if (qubit->t2_us > 2 * qubit->t1_us)
        qhm_device_mistake(reader, node, NULL, "has a t2_us of %g, more than twice its t1_us of %g",
                           qubit->t2_us, qubit->t1_us);
}

static void read_coupler(qhm_device_reader *reader, const qhm_node *node)
{
    static const char *const fields[] = {"qubits", "is_working", "two_qubit_error",
                                         "two_qubit_duration_ns"};
    qhm_device_check_fields(reader, node, fields, sizeof fields / sizeof fields[0]);
    const qhm_node *pair = qhm_device_field(reader, node, "qubits", QHM_NODE_SEQUENCE, true);
    qhm_device *device = reader->device;
    uint64_t ends[2];
    if (!pair)
        return;
    if (qhm_node_count(pair) != 2) {
        qhm_device_mistake(reader, pair, NULL, "is not a pair of qubits");
        return;
    }
    for (size_t i = 0; i < 2; i++)
        if (!qhm_device_whole(reader, qhm_node_at(pair, i), 0, device->qubit_count - 1, &ends[i]))
            return;
    size_t index = qhm_device_coupler_of(device, (uint32_t)ends[0], (uint32_t)ends[1]);
    if (index == SIZE_MAX) {
        qhm_device_mistake(reader, pair, NULL, "are qubits %llu and %llu, which share no coupler",
                           (unsigned long long)ends[0], (unsigned long long)ends[1]);
        return;
    }
    qhm_device_coupler *coupler = &device->couplers[index];
    replace_flag(reader, node, &coupler->is_working);
    replace(reader, node, "two_qubit_error", QHM_RANGE_PROBABILITY, &coupler->error);
    replace(reader, node, "two_qubit_duration_ns", QHM_RANGE_NOT_NEGATIVE, &coupler->duration_ns);
}

static void read_items(qhm_device_reader *reader, const qhm_node *node, const char *name,
                       void (*read)(qhm_device_reader *reader, const qhm_node *node))
{
    const qhm_node *list = qhm_device_field(reader, node, name, QHM_NODE_SEQUENCE, false);
    for (size_t i = 0; list && i < qhm_node_count(list) && reader->status == QHM_OK; i++) {
        const qhm_node *item = qhm_node_at(list, i);
        if (qhm_node_kind_of(item) == QHM_NODE_MAPPING)
            read(reader, item);
        else
            qhm_device_mistake(reader, item, NULL, "is %s, not a mapping",
                               qhm_node_kind_name(qhm_node_kind_of(item)));
    }
}

void qhm_device_read_calibration(qhm_device_reader *reader, const qhm_node *root)
{
    static const char *const fields[] = {"status", "source", "note", "qubits", "couplers"};
    const qhm_node *node = qhm_device_field(reader, root, "calibration", QHM_NODE_MAPPING, false);
    if (!node)
        return;
    qhm_device_check_fields(reader, node, fields, sizeof fields / sizeof fields[0]);
    (void)qhm_device_status_field(reader, node, NULL);
    (void)qhm_device_source_field(reader, node, NULL);
    (void)qhm_device_text_field(reader, node, "note", false);
    read_items(reader, node, "qubits", read_qubit);
    read_items(reader, node, "couplers", read_coupler);
}
