// Figures of device files, those of a preset, and the operations that refer to them.
#include "device/device_reader.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// One figure; `outer` may give its status and source.
static void read_figure(qhm_device_reader *reader, const qhm_node *node, const qhm_node *outer,
                        size_t row, double factor)
{
    static const char *const fields[] = {"value", "status", "source", "note", "p10", "p90"};
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING) {
        qhm_device_mistake(reader, node, NULL,
                           "is %s, not a mapping with its value, status and source",
                           qhm_node_kind_name(qhm_node_kind_of(node)));
        return;
    }
    qhm_figure_range range = qhm_figure_rows[row].range;
    qhm_device_check_fields(reader, node, fields, sizeof fields / sizeof fields[0]);
    qhm_device_figure_value *out = &reader->device->figures[row];
    out->figure.value = qhm_device_number_field(reader, node, "value", range, true) * factor;
    out->figure.status = qhm_device_status_field(reader, node, outer);
    out->figure.source = qhm_device_source_field(reader, node, outer);
    out->figure.note = qhm_device_text_field(reader, node, "note", false);
    bool has_spread = qhm_node_find(node, "p10") || qhm_node_find(node, "p90");
    double p10 = qhm_device_number_field(reader, node, "p10", range, has_spread);
    double p90 = qhm_device_number_field(reader, node, "p90", range, has_spread);
    out->p10 = p10 * factor;
    out->p90 = p90 * factor;
    if (p10 > p90 || p10 <= 0)
        qhm_device_mistake(reader, qhm_node_find(node, "p10"), NULL,
                           "is %g, not above 0 and at most p90, %g", p10, p90);
}

static bool find_row(qhm_device_reader *reader, const qhm_node *node, size_t *row, double *factor)
{
    if (qhm_figure_row_find(qhm_node_name(node), row, factor))
        return true;
    const char *nearest = qhm_figure_nearest(qhm_node_name(node));
    char hint[128];
    snprintf(hint, sizeof hint, "did you mean \"%s\"?", nearest ? nearest : "");
    qhm_device_mistake(reader, node, nearest ? hint : NULL, "is not a figure that is known");
    return false;
}

static const qhm_node *given_figure(const qhm_node *figures, size_t row)
{
    size_t other;
    double factor;
    for (size_t i = 0; i < qhm_node_count(figures); i++)
        if (qhm_figure_row_find(qhm_node_name(qhm_node_at(figures, i)), &other, &factor) &&
            other == row)
            return qhm_node_at(figures, i);
    return NULL;
}

// All presets are checked; the chosen one is kept.
static void read_presets(qhm_device_reader *reader, const qhm_node *figures)
{
    qhm_device *device = reader->device;
    size_t row;
    double factor;
    for (size_t i = 0; i < qhm_device_preset_count(device) && reader->status == QHM_OK; i++) {
        const qhm_node *preset = qhm_node_at(device->presets, i);
        const qhm_node *own = qhm_device_field(reader, preset, "figures", QHM_NODE_MAPPING, false);
        bool is_chosen = device->preset && strcmp(qhm_node_name(preset), device->preset) == 0;
        for (size_t n = 0; own && n < qhm_node_count(own); n++) {
            const qhm_node *node = qhm_node_at(own, n);
            if (!find_row(reader, node, &row, &factor))
                continue;
            if (!given_figure(figures, row)) {
                qhm_device_mistake(reader, node, NULL, "replaces a figure that the file lacks");
                continue;
            }
            qhm_device_figure_value kept = device->figures[row];
            read_figure(reader, node, preset, row, factor);
            if (!is_chosen)
                device->figures[row] = kept;
        }
    }
}

static void check_times(qhm_device_reader *reader, const qhm_node *figures, const char *t1_name,
                        const char *t2_name)
{
    double t1 = qhm_device_value(reader->device, t1_name);
    double t2 = qhm_device_value(reader->device, t2_name);
    size_t row;
    double factor;
    if (!(t2 > 2 * t1) || !qhm_figure_row_find(t2_name, &row, &factor))
        return;
    qhm_device_mistake(reader, given_figure(figures, row), NULL,
                       "is %g us, more than twice %s, %g us", t2, t1_name, t1);
}

void qhm_device_read_figures(qhm_device_reader *reader, const qhm_node *root)
{
    const qhm_node *figures = qhm_device_field(reader, root, "figures", QHM_NODE_MAPPING, true);
    size_t row;
    double factor;
    if (!figures)
        return;
    for (size_t i = 0; i < qhm_node_count(figures) && reader->status == QHM_OK; i++) {
        const qhm_node *node = qhm_node_at(figures, i);
        if (!find_row(reader, node, &row, &factor))
            continue;
        if (given_figure(figures, row) != node)
            qhm_device_mistake(reader, node, NULL, "is %s again in another unit",
                               qhm_node_name(given_figure(figures, row)));
        read_figure(reader, node, NULL, row, factor);
    }
    read_presets(reader, figures);
    check_times(reader, figures, "t1_us", "t2_us");
    check_times(reader, figures, "t1_us", "t2_echo_us");
    check_times(reader, figures, "ancilla_t1_us", "ancilla_t2_us");
    check_times(reader, figures, "storage_t1_us", "storage_t2_us");
}

// The figure that a field of an operation names; SIZE_MAX if there is none.
static size_t figure_field(qhm_device_reader *reader, const qhm_node *node, const char *name,
                           bool is_needed)
{
    const char *text = qhm_device_text_field(reader, node, name, is_needed);
    size_t row;
    double factor;
    if (!text)
        return SIZE_MAX;
    bool is_figure = qhm_figure_row_find(text, &row, &factor) && factor == 1;
    const char *unit = strcmp(name, "duration") == 0 ? "ns" : "";
    if (is_figure && strcmp(qhm_figure_unit(text), unit) != 0)
        qhm_device_mistake(reader, qhm_node_find(node, name), NULL, "is \"%s\", no %s", text,
                           unit[0] ? "time in ns" : "pure number");
    else if (is_figure && reader->device->figures[row].figure.status != QHM_FIGURE_NONE)
        return row;
    else
        qhm_device_mistake(reader, qhm_node_find(node, name), NULL,
                           "is \"%s\", which is not among the file's figures", text);
    return SIZE_MAX;
}

// "zz" of a joint measurement.
static void read_paulis(qhm_device_reader *reader, const qhm_node *node,
                        qhm_device_operation *operation)
{
    const char *text = qhm_device_text_field(reader, node, "paulis", true);
    size_t count = text ? strlen(text) : 0;
    if (text && (count > 2 || strspn(text, "xyz") != count)) {
        qhm_device_mistake(reader, qhm_node_find(node, "paulis"), NULL,
                           "is \"%s\", not one or two of x, y and z", text);
        return;
    }
    for (size_t i = 0; i < count; i++)
        operation->paulis[i] = (uint8_t)(text[i] - 'x' + 1);
    operation->qubit_count = count;
}

static void read_kinds(qhm_device_reader *reader, const qhm_node *node,
                       qhm_device_operation *operation)
{
    const qhm_node *kinds = qhm_device_field(reader, node, "kinds", QHM_NODE_SEQUENCE, false);
    if (kinds && operation->qubit_count > 0 && qhm_node_count(kinds) != operation->qubit_count)
        qhm_device_mistake(reader, kinds, NULL, "has %zu kinds for %zu qubits",
                           qhm_node_count(kinds), operation->qubit_count);
    for (size_t i = 0; kinds && i < qhm_node_count(kinds) && i < 2; i++) {
        const qhm_node *kind = qhm_node_at(kinds, i);
        operation->kinds[i] = qhm_node_text(kind);
        if (!qhm_node_is_quoted(kind) || !qhm_node_text(kind)[0])
            qhm_device_mistake(reader, kind, NULL, "is not the name of a kind");
    }
}

static void read_gate(qhm_device_reader *reader, const qhm_node *node,
                      qhm_device_operation *operation)
{
    const char *name = qhm_device_text_field(reader, node, "gate", true);
    if (!name)
        return;
    if (qhm_gate_find(name, &operation->gate) != QHM_OK) {
        qhm_device_mistake(reader, qhm_node_find(node, "gate"), NULL, "names no gate: %s",
                           qhm_error_message());
        return;
    }
    const qhm_gate_info *information = qhm_gate_information(operation->gate);
    operation->qubit_count = information->control_count + information->target_count;
    bool is_one = operation->gate == QHM_GATE_MEASURE || operation->gate == QHM_GATE_RESET;
    if (is_one)
        operation->qubit_count = 1;
    if (operation->gate == QHM_GATE_MEASURE_PAULI)
        read_paulis(reader, node, operation);
    else if ((!information->is_unitary && !is_one) || operation->qubit_count < 1 ||
             operation->qubit_count > 2)
        qhm_device_mistake(reader, qhm_node_find(node, "gate"), NULL,
                           "is %s, not an operation on one or two qubits", name);
}

static void read_operation(qhm_device_reader *reader, const qhm_node *node)
{
    static const char *const fields[] = {
        "name",       "gate",       "paulis",
        "on",         "kinds",      "duration",
        "error",      "is_virtual", "is_any_one_qubit_gate",
        "is_assumed", "source",     "note",
    };
    qhm_device *device = reader->device;
    size_t index = device->operation_count;
    if (qhm_node_kind_of(node) != QHM_NODE_MAPPING) {
        qhm_device_mistake(reader, node, NULL, "is %s, not a mapping",
                           qhm_node_kind_name(qhm_node_kind_of(node)));
        return;
    }
    qhm_device_check_fields(reader, node, fields, sizeof fields / sizeof fields[0]);
    qhm_device_operation operation = {
        .name = qhm_device_text_field(reader, node, "name", true),
        .on = qhm_device_text_field(reader, node, "on", false),
        .is_virtual = qhm_device_flag_field(reader, node, "is_virtual"),
        .is_any_one_qubit_gate = qhm_device_flag_field(reader, node, "is_any_one_qubit_gate"),
        .is_assumed = qhm_device_flag_field(reader, node, "is_assumed"),
        .source = qhm_device_source_field(reader, node, NULL),
        .note = qhm_device_text_field(reader, node, "note", false),
    };
    read_gate(reader, node, &operation);
    read_kinds(reader, node, &operation);
    size_t duration = figure_field(reader, node, "duration", !operation.is_virtual);
    size_t error = figure_field(reader, node, "error", false);
    operation.duration_ns = (qhm_figure){.value = NAN, .unit = "ns"};
    operation.average_error = (qhm_figure){.value = NAN, .unit = ""};
    device->operations[index] = operation;
    device->operation_figures[index][0] = duration;
    device->operation_figures[index][1] = error;
    device->operation_count++;
}

static bool has_measurement(const qhm_device *device)
{
    for (size_t i = 0; i < device->operation_count; i++)
        if (device->operations[i].gate == QHM_GATE_MEASURE ||
            device->operations[i].gate == QHM_GATE_MEASURE_PAULI)
            return true;
    return false;
}

void qhm_device_read_operations(qhm_device_reader *reader, const qhm_node *root)
{
    bool is_needed = reader->device->family != QHM_DEVICE_ANNEALER;
    const qhm_node *list =
        qhm_device_field(reader, root, "operations", QHM_NODE_SEQUENCE, is_needed);
    size_t count = list ? qhm_node_count(list) : 0;
    qhm_device *device = reader->device;
    if (count > QHM_DEVICE_MOST_OPERATIONS) {
        qhm_device_mistake(reader, list, NULL, "has %zu operations, not at most %d", count,
                           QHM_DEVICE_MOST_OPERATIONS);
        return;
    }
    qhm_device_keep(reader, qhm_allocate(count, sizeof *device->operations, &device->operations));
    if (!qhm_device_keep(reader, qhm_allocate(count, sizeof *device->operation_figures,
                                              &device->operation_figures)))
        return;
    for (size_t i = 0; i < count && reader->status == QHM_OK; i++)
        read_operation(reader, qhm_node_at(list, i));
    if (list && reader->status == QHM_OK && !has_measurement(device))
        qhm_device_mistake(reader, list, NULL,
                           "has no measurement (gate measure or measure_pauli): nothing could be "
                           "read from this chip");
}
