// Passes for tetrons: gates that their sequences know, and the sequences of measurements
// themselves.
#include "base/memory.h"
#include "base/status_internal.h"
#include "compile/compile_internal.h"
#include "compile/tetron_lower.h"

#include <string.h>

static const double default_precision = 1e-3;

static bool is_lost(const qhm_compilation *compilation, const qhm_device_operation *operation)
{
    return operation->is_assumed && !compilation->options.allow_assumed_gates;
}

// The measurements and the magic state that the gadgets use.
static qhm_status check_operations(const qhm_compilation *compilation)
{
    static const struct {
        const char *name;
        qhm_gate gate;
        uint8_t count, paulis[2];
        const char *on;
    } needed[] = {
        {"a measurement of X", QHM_GATE_MEASURE_PAULI, 1, {QHM_PAULI_X}, NULL},
        {"a measurement of Y", QHM_GATE_MEASURE_PAULI, 1, {QHM_PAULI_Y}, NULL},
        {"a measurement of Z", QHM_GATE_MEASURE_PAULI, 1, {QHM_PAULI_Z}, NULL},
        {"a joint measurement of XX", QHM_GATE_MEASURE_PAULI, 2, {QHM_PAULI_X, QHM_PAULI_X}, "xx"},
        {"a joint measurement of ZZ", QHM_GATE_MEASURE_PAULI, 2, {QHM_PAULI_Z, QHM_PAULI_Z}, "zz"},
        {"a T state", QHM_GATE_T, 1, {0}, NULL}};
    for (size_t n = 0; n < sizeof needed / sizeof *needed; n++) {
        bool is_found = false;
        for (size_t i = 0; i < qhm_device_operation_count(compilation->device); i++) {
            const qhm_device_operation *operation = qhm_device_operation_at(compilation->device, i);
            is_found =
                is_found ||
                (operation->gate == needed[n].gate && operation->qubit_count == needed[n].count &&
                 !is_lost(compilation, operation) &&
                 (operation->gate != QHM_GATE_MEASURE_PAULI ||
                  memcmp(operation->paulis, needed[n].paulis, needed[n].count) == 0) &&
                 (!needed[n].on || !operation->on || strcmp(operation->on, needed[n].on) == 0));
        }
        if (!is_found)
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "%s lacks %s, so that circuits are not expressible on it",
                            qhm_device_name(compilation->device), needed[n].name);
    }
    return QHM_OK;
}

static qhm_status check_room(const qhm_compilation *compilation)
{
    qhm_tetron_geometry geometry = {0};
    qhm_status status = qhm_tetron_geometry_create(compilation->device, compilation->options.layout,
                                                   compilation->logical_count, &geometry);
    if (status == QHM_OK && compilation->logical_count > geometry.room)
        status = QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                          "the circuit has %zu qubits, but %s has room for %zu: every data tetron "
                          "needs ancillas beside it",
                          compilation->logical_count, qhm_device_name(compilation->device),
                          geometry.room);
    qhm_tetron_geometry_release(&geometry);
    return status;
}

static qhm_status check_parameters(const qhm_compilation *compilation)
{
    const qhm_circuit *circuit = compilation->circuit;
    if (compilation->options.rotations == QHM_ROTATIONS_ANALOG)
        return QHM_OK;
    for (size_t i = 0; i < circuit->instruction_count; i++)
        if (!qhm_has_constant_angles(&circuit->instructions[i]))
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "a gate %s has parameters, and Clifford+T gates depend on its angle: "
                            "bind the circuit first, or take analog rotations",
                            qhm_gate_information(circuit->instructions[i].gate)->name);
    return QHM_OK;
}

static qhm_status run_gates(qhm_compilation *compilation)
{
    static const qhm_gate gates[] = {QHM_GATE_H,  QHM_GATE_X,   QHM_GATE_Y,   QHM_GATE_Z,
                                     QHM_GATE_S,  QHM_GATE_SDG, QHM_GATE_SX,  QHM_GATE_SXDG,
                                     QHM_GATE_T,  QHM_GATE_TDG, QHM_GATE_RX,  QHM_GATE_RY,
                                     QHM_GATE_RZ, QHM_GATE_CX,  QHM_GATE_SWAP};
    const qhm_expand_options options = {.gates = gates, .gate_count = sizeof gates / sizeof *gates};
    qhm_circuit *expanded;
    if (compilation->options.decoupling)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "decoupling needs pulses, and tetrons have none: they only measure");
    QHM_TRY(check_operations(compilation));
    QHM_TRY(check_room(compilation));
    QHM_TRY(check_parameters(compilation));
    QHM_TRY(qhm_circuit_expand(compilation->circuit, &options, &expanded));
    qhm_compilation_replace(compilation, expanded);
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_tetron_gates = {
    .name = "express", .help = "Clifford gates, T, rotations and CX", .run = run_gates};

// What the two runs of the lowering share. [tetrons] of the device.
typedef struct lowering_work {
    qhm_tetron_geometry geometry;
    qhm_circuit *made;
    bool *is_used, *is_data; // is_data: [qubits of the circuit]
    size_t *use_counts;
    uint32_t *compact;
} lowering_work;

static qhm_status allocate(const qhm_compilation *compilation, lowering_work *work)
{
    const size_t tetrons = qhm_device_qubit_count(compilation->device);
    QHM_TRY(qhm_tetron_geometry_create(compilation->device, compilation->placement,
                                       compilation->logical_count, &work->geometry));
    QHM_TRY(qhm_allocate(tetrons, sizeof *work->is_used, &work->is_used));
    QHM_TRY(qhm_allocate(tetrons, sizeof *work->use_counts, &work->use_counts));
    QHM_TRY(qhm_allocate(tetrons, sizeof *work->compact, &work->compact));
    QHM_TRY(qhm_allocate(compilation->qubit_count, sizeof *work->is_data, &work->is_data));
    for (size_t l = 0; l < compilation->logical_count; l++)
        work->is_data[compilation->initial_layout[l]] = true;
    return QHM_OK;
}

static qhm_status lower(qhm_compilation *compilation, lowering_work *work,
                        qhm_tetron_writer *writer)
{
    const double precision = compilation->options.rotation_precision;
    qhm_tetron_lowering lowering = {.circuit = compilation->circuit,
                                    .sites = compilation->physical,
                                    .is_data = work->is_data,
                                    .precision = precision > 0 ? precision : default_precision,
                                    .is_analog =
                                        compilation->options.rotations == QHM_ROTATIONS_ANALOG,
                                    .repeats = compilation->options.two_qubit_repeats};
    memset(work->use_counts, 0, work->geometry.count * sizeof *work->use_counts);
    *writer = (qhm_tetron_writer){.geometry = &work->geometry,
                                  .made = work->made,
                                  .compact = work->compact,
                                  .is_used = work->is_used,
                                  .use_counts = work->use_counts,
                                  .first_bit = (uint32_t)compilation->circuit->bit_count};
    QHM_TRY(qhm_tetron_lower(&lowering, writer));
    compilation->summary.rotation_error = lowering.rotation_error;
    return QHM_OK;
}

// The tetrons that are used, ancillas among them, in order: their numbers, and an empty circuit on
// them. physical: [count], the caller's.
static qhm_status number_tetrons(const qhm_compilation *compilation, lowering_work *work,
                                 size_t *count, uint32_t **physical)
{
    size_t used = 0;
    for (size_t q = 0; q < compilation->qubit_count; q++) // also those that nothing is done to
        work->is_used[compilation->physical[q]] = true;
    for (size_t t = 0; t < work->geometry.count; t++)
        used += work->is_used[t];
    QHM_TRY(qhm_allocate(used, sizeof **physical, physical));
    *count = 0;
    for (uint32_t t = 0; t < work->geometry.count; t++)
        if (work->is_used[t]) {
            work->compact[t] = (uint32_t)*count;
            (*physical)[(*count)++] = t;
        }
    QHM_TRY(qhm_compilation_begin(compilation->circuit, used, &work->made));
    return qhm_circuit_append_bits(work->made, NULL, used * QHM_TETRON_BITS);
}

static void describe(qhm_compilation *compilation, const qhm_tetron_writer *writer,
                     size_t ancilla_count)
{
    qhm_text *detail = &compilation->detail;
    for (unsigned id = 0; id < QHM_TETRON_GADGET_COUNT; id++)
        if (writer->gadgets[id] > 0)
            qhm_text_print(detail, "%zu %s, ", writer->gadgets[id], qhm_tetron_gadgets[id].name);
    if (writer->analog_count > 0)
        qhm_text_print(detail, "%zu analog rotation%s (assumed), ", writer->analog_count,
                       writer->analog_count == 1 ? "" : "s");
    qhm_text_print(detail, "%zu ancilla%s", ancilla_count, ancilla_count == 1 ? "" : "s");
}

static qhm_status lower_twice(qhm_compilation *compilation, lowering_work *work, size_t *count,
                              uint32_t **physical)
{
    qhm_tetron_writer writer;
    QHM_TRY(allocate(compilation, work));
    QHM_TRY(lower(compilation, work, &writer));
    QHM_TRY(number_tetrons(compilation, work, count, physical));
    QHM_TRY(lower(compilation, work, &writer));
    compilation->summary.t_count = writer.gadgets[QHM_TETRON_T];
    describe(compilation, &writer, *count - compilation->qubit_count);
    for (size_t l = 0; l < compilation->logical_count; l++) {
        uint32_t *first = &compilation->initial_layout[l], *last = &compilation->final_layout[l];
        *first = work->compact[compilation->physical[*first]];
        *last = work->compact[compilation->physical[*last]];
    }
    return QHM_OK;
}

static qhm_status run_lower(qhm_compilation *compilation)
{
    lowering_work work = {.made = NULL};
    size_t count = 0;
    uint32_t *physical = NULL;
    const qhm_status status = lower_twice(compilation, &work, &count, &physical);
    qhm_tetron_geometry_release(&work.geometry);
    qhm_release(work.is_used);
    qhm_release(work.is_data);
    qhm_release(work.use_counts);
    qhm_release(work.compact);
    if (status != QHM_OK) {
        qhm_release(physical);
        qhm_circuit_destroy(work.made);
        return status;
    }
    qhm_release(compilation->physical);
    compilation->physical = physical;
    compilation->qubit_count = count;
    compilation->has_sequences = true;
    compilation->sequence_bit = (uint32_t)compilation->circuit->bit_count;
    qhm_compilation_replace(compilation, work.made);
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_tetron_lower = {
    .name = "measure", .help = "sequences of measurements with a Pauli frame", .run = run_lower};
