// What chips leave of the answers of small algorithms, compiled for them and with their noise.
#include "algorithm/robustness_devices.h"

#include "algorithm/algorithm_internal.h"
#include "base/memory.h"
#include "compile/misfit.h"

#include <math.h>
#include <qhm/noise_model.h>
#include <string.h>

static qhm_status read_device(const qhm_node *node, qhm_robustness_devices *d)
{
    if (qhm_node_kind_of(node) != QHM_NODE_SCALAR)
        return qhm_node_fail(node, "a device is %s, not a name",
                             qhm_node_kind_name(qhm_node_kind_of(node)));
    const char *name = qhm_node_text(node);
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->names[i], name) == 0)
            return qhm_node_fail(node, "device '%s' is there twice", name);
    const qhm_status status = qhm_device_load(name, NULL, &d->devices[d->count]);
    if (status == QHM_ERROR_OUT_OF_MEMORY)
        return status;
    if (status != QHM_OK)
        return qhm_node_fail(node, "%s", qhm_error_message());
    d->names[d->count++] = name;
    return QHM_OK;
}

qhm_status qhm_robustness_devices_read(const qhm_node *list, qhm_robustness_devices *devices)
{
    if (!list)
        return QHM_OK;
    if (qhm_node_kind_of(list) != QHM_NODE_SEQUENCE || qhm_node_count(list) == 0)
        return qhm_node_fail(list, "field 'devices' is %s, not a list of names",
                             qhm_node_kind_of(list) == QHM_NODE_SEQUENCE
                                 ? "empty"
                                 : qhm_node_kind_name(qhm_node_kind_of(list)));
    const size_t count = qhm_node_count(list);
    QHM_TRY(qhm_allocate(count, sizeof(char *), &devices->names));
    QHM_TRY(qhm_allocate(count, sizeof(qhm_device *), &devices->devices));
    for (size_t i = 0; i < count; i++)
        QHM_TRY(read_device(qhm_node_at(list, i), devices));
    return QHM_OK;
}

void qhm_robustness_devices_release(qhm_robustness_devices *devices)
{
    for (size_t i = 0; i < devices->count; i++)
        qhm_device_destroy(devices->devices[i]);
    qhm_release(devices->devices);
    qhm_release(devices->names);
}

// The circuit as the chip runs it, one without outcomes on the way in place of tetrons' sequences.
static qhm_status make_noisy(const qhm_device *device, const qhm_compiled *compiled,
                             qhm_circuit **noisy)
{
    size_t count;
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
    qhm_noise_model *model;
    qhm_circuit *made = NULL;
    QHM_TRY(qhm_noise_model_create_from_device(device, physical, count, NULL, &model));
    qhm_status status = qhm_noise_model_apply(model, qhm_compiled_circuit(compiled), &made);
    qhm_noise_model_destroy(model);
    QHM_TRY(status);
    if (qhm_device_family_of(device) != QHM_DEVICE_TETRON) {
        *noisy = made;
        return QHM_OK;
    }
    status = qhm_compiled_merge_sequences(compiled, made, noisy);
    qhm_circuit_destroy(made);
    return status;
}

// Only the bits of the circuit that was compiled: chips may need more on the way.
static qhm_status keep_bits(const qhm_distribution *outcomes, size_t bit_count,
                            qhm_distribution **kept)
{
    qhm_distribution *made;
    QHM_TRY(qhm_distribution_create(bit_count, &made));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes) && status == QHM_OK; i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        const uint64_t own = bits[0] & (((uint64_t)1 << bit_count) - 1);
        status = qhm_distribution_append(made, &own, weight);
    }
    if (status != QHM_OK) {
        qhm_distribution_destroy(made);
        return status;
    }
    *kept = made;
    return QHM_OK;
}

static qhm_status read_noisy(const qhm_robustness_request *request, const qhm_circuit *noisy,
                             qhm_robustness_reading *reading)
{
    qhm_distribution *all, *outcomes = NULL;
    QHM_TRY(qhm_robustness_outcomes(noisy, &all));
    const qhm_status status = keep_bits(all, qhm_circuit_bit_count(request->circuit), &outcomes);
    if (status == QHM_OK)
        *reading = qhm_robustness_read(request->subject, request->ideal, outcomes, request->shots);
    qhm_distribution_destroy(outcomes);
    qhm_distribution_destroy(all);
    return status;
}

typedef struct device_run {
    qhm_robustness_reading reading;
    qhm_compile_summary summary;
    qhm_ledger ledger;
} device_run;

static qhm_status run_device(const qhm_device *device, const qhm_robustness_request *request,
                             device_run *run)
{
    qhm_compiled *compiled;
    qhm_circuit *noisy = NULL;
    QHM_TRY(qhm_circuit_compile(request->circuit, device, &request->compile, &compiled));
    run->summary = *qhm_compiled_summary_of(compiled);
    qhm_status status =
        qhm_circuit_count_ledger(qhm_compiled_circuit(compiled),
                                 &(qhm_ledger_options){.shots = request->shots}, &run->ledger);
    if (status == QHM_OK)
        status = make_noisy(device, compiled, &noisy);
    if (status == QHM_OK)
        status = read_noisy(request, noisy, &run->reading);
    qhm_circuit_destroy(noisy);
    qhm_compiled_destroy(compiled);
    return status;
}

// Every row has all names, so that they make a table.
static void describe(const char *name, const device_run *run, const char *misfit, json_t *row)
{
    const bool fits = misfit == NULL;
    const qhm_robustness_reading *r = &run->reading;
    const qhm_compile_summary *s = &run->summary;
    qhm_result_text(row, "device", name);
    qhm_result_number(row, "signal", fits ? r->signal : NAN);
    qhm_result_number(row, "signal_standard_error", fits ? r->standard_error : NAN);
    qhm_result_number(row, "distance", fits ? r->distance : NAN);
    qhm_result_number(row, "kept_share", fits ? r->kept : NAN);
    if (fits) {
        qhm_result_count(row, "qubits", s->qubit_count);
        qhm_result_count(row, "two_qubit_operations",
                         s->two_qubit_gates + s->joint_measurement_count);
    } else {
        qhm_result_number(row, "qubits", NAN);
        qhm_result_number(row, "two_qubit_operations", NAN);
    }
    qhm_result_number(row, "duration_ns", fits ? s->duration_ns : NAN);
    qhm_result_number(row, "estimated_success", fits ? s->estimated_success : NAN);
    if (fits)
        qhm_result_text(row, "note", "");
    else
        json_object_set_new(row, "note", json_sprintf("does not fit: %s", misfit));
}

qhm_status qhm_robustness_devices_run(const qhm_robustness_devices *devices,
                                      const qhm_robustness_request *request, qhm_ledger *ledger,
                                      json_t *rows)
{
    for (size_t i = 0; i < devices->count; i++) {
        device_run run = {0};
        const qhm_status status = run_device(devices->devices[i], request, &run);
        const bool is_misfit = qhm_is_misfit(status);
        if (status != QHM_OK && !is_misfit)
            return status;
        if (status == QHM_OK)
            qhm_ledger_add(ledger, &run.ledger);
        json_t *row = json_object();
        describe(devices->names[i], &run, is_misfit ? qhm_error_message() : NULL, row);
        if (json_array_append_new(rows, row) != 0)
            return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep the rows of devices");
    }
    return QHM_OK;
}
