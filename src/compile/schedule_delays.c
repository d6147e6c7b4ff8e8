// Pass: when everything happens, as late as possible, and delays wherever a qubit waits.
//
// Times count backwards from the end. A qubit waits from its first operation on: before it, it is
// in |0>, where it loses nothing. Loops: all qubits wait for each other at their beginnings and
// ends.
#include "base/memory.h"
#include "compile/chip_operations.h"
#include "compile/compile_internal.h"

#include <math.h>
#include <stdlib.h>

static const double shortest_delay_ns = 1e-6; // below it is rounding

struct moment {
    size_t instruction;
    double start, end; // ns before the end of the circuit
};

struct work {
    const qhm_circuit *circuit;
    qhm_circuit *made;
    double *durations;              // [instructions]
    bool *is_frame;                 // [instructions] a Pauli gate that is only tracked
    struct moment *moments;         // [instructions]
    double *qubit_free;             // [qubits] until when it is free, as the walk goes backwards
    double *bit_written, *bit_read; // [bits] the start of the next write, of the first read
    bool *has_begun;                // [qubits]
    double feedback_ns;             // from a measurement to a gate that depends on it
    size_t delays;
};

static qhm_status find_durations(const qhm_compilation *compilation, struct work *work,
                                 bool *is_in_run)
{
    const qhm_circuit *circuit = compilation->circuit;
    qhm_chip_operations operations;
    QHM_TRY(qhm_chip_operations_find(compilation->device, compilation->options.allow_assumed_gates,
                                     &operations));
    operations.physical = compilation->physical;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        const qhm_chip_use use = qhm_chip_use_of(&operations, instruction, is_in_run);
        work->is_frame[i] = operations.by_place && use.operation && use.operation->is_virtual;
        if (instruction->gate == QHM_GATE_DELAY)
            work->durations[i] = instruction->duration_ns;
        if (!use.operation || use.operation->is_virtual)
            continue;
        uint32_t places[2] = {0, 0};
        for (uint32_t q = 0; q < instruction->qubit_count && q < 2; q++)
            places[q] = compilation->physical[instruction->qubits[q]];
        const double duration =
            qhm_device_operation_duration_ns(compilation->device, use.operation, places);
        work->durations[i] = isnan(duration) ? 0 : duration * use.times;
    }
    return QHM_OK;
}

static double later(double a, double b)
{
    return a > b ? a : b;
}

// How early an instruction must have ended.
static double find_end(const struct work *work, const qhm_instruction *instruction)
{
    double end = 0;
    if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END)
        for (size_t q = 0; q < work->circuit->qubit_count; q++)
            end = later(end, work->qubit_free[q]);
    for (uint32_t q = 0; q < instruction->qubit_count; q++)
        end = later(end, work->qubit_free[instruction->qubits[q]]);
    for (uint32_t b = 0; b < instruction->condition.bit_count; b++)
        end = later(end, work->bit_written[instruction->condition.first_bit + b]);
    if (qhm_gate_writes_bit(instruction->gate))
        end = later(end,
                    later(work->bit_written[instruction->bit], work->bit_read[instruction->bit]));
    return end;
}

static void occupy(struct work *work, size_t index, double start)
{
    const qhm_instruction *instruction = &work->circuit->instructions[index];
    if (instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END) {
        for (size_t q = 0; q < work->circuit->qubit_count; q++)
            work->qubit_free[q] = start;
        for (size_t b = 0; b < work->circuit->bit_count; b++)
            work->bit_written[b] = work->bit_read[b] = start;
    }
    for (uint32_t q = 0; q < instruction->qubit_count; q++)
        work->qubit_free[instruction->qubits[q]] = start;
    for (uint32_t b = 0; b < instruction->condition.bit_count; b++) {
        double *read = &work->bit_read[instruction->condition.first_bit + b];
        const bool is_classical = instruction->gate == QHM_GATE_SET || work->is_frame[index];
        *read = later(*read, start + (is_classical ? 0 : work->feedback_ns));
    }
    if (qhm_gate_writes_bit(instruction->gate))
        work->bit_written[instruction->bit] = start;
}

// Earlier starts first; at the same moment as in the circuit.
static int by_time(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->start != y->start)
        return x->start > y->start ? -1 : 1;
    return x->instruction < y->instruction ? -1 : 1;
}

// The wait of a qubit from when it was last busy until `end`, which is then its last.
static qhm_status wait(struct work *work, uint32_t qubit, double start, double end)
{
    const double gap = work->qubit_free[qubit] - start;
    if (work->has_begun[qubit] && gap > shortest_delay_ns) {
        QHM_TRY(qhm_circuit_append_delay(work->made, qubit, gap));
        work->delays++;
    }
    work->has_begun[qubit] = true;
    work->qubit_free[qubit] = end;
    return QHM_OK;
}

static qhm_status write_down(struct work *work)
{
    const qhm_circuit *circuit = work->circuit;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const struct moment *moment = &work->moments[i];
        const qhm_instruction *instruction = &circuit->instructions[moment->instruction];
        const bool is_loop =
            instruction->gate == QHM_GATE_WHILE || instruction->gate == QHM_GATE_END;
        for (uint32_t q = 0; is_loop && q < circuit->qubit_count; q++)
            QHM_TRY(wait(work, q, moment->start, moment->end));
        const bool is_barrier = instruction->gate == QHM_GATE_BARRIER;
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            if (!is_barrier || work->has_begun[instruction->qubits[q]])
                QHM_TRY(wait(work, instruction->qubits[q], moment->start, moment->end));
        QHM_TRY(qhm_circuit_append_instruction(work->made, instruction));
    }
    for (uint32_t q = 0; q < circuit->qubit_count; q++)
        if (work->has_begun[q])
            QHM_TRY(wait(work, q, 0, 0));
    return QHM_OK;
}

static qhm_status schedule(qhm_compilation *compilation, struct work *work)
{
    const qhm_circuit *circuit = work->circuit;
    const size_t count = circuit->instruction_count, qubits = circuit->qubit_count,
                 bits = circuit->bit_count;
    QHM_TRY(qhm_allocate(count, sizeof *work->durations, &work->durations));
    QHM_TRY(qhm_allocate(count, sizeof *work->is_frame, &work->is_frame));
    QHM_TRY(qhm_allocate(count, sizeof *work->moments, &work->moments));
    QHM_TRY(qhm_allocate(qubits, sizeof *work->qubit_free, &work->qubit_free));
    QHM_TRY(qhm_allocate(bits, sizeof *work->bit_written, &work->bit_written));
    QHM_TRY(qhm_allocate(bits, sizeof *work->bit_read, &work->bit_read));
    QHM_TRY(qhm_allocate(qubits, sizeof *work->has_begun, &work->has_begun));
    QHM_TRY(find_durations(compilation, work, work->has_begun)); // as its list of runs
    const qhm_figure feedback = qhm_device_figure(compilation->device, "feedback_ns");
    work->feedback_ns = isnan(feedback.value) ? 0 : feedback.value;
    double total = 0;
    for (size_t i = count; i-- > 0;) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        const double end = find_end(work, instruction), start = end + work->durations[i];
        work->moments[i] = (struct moment){i, start, end};
        occupy(work, i, start);
        total = later(total, start);
    }
    qsort(work->moments, count, sizeof *work->moments, by_time);
    for (size_t q = 0; q < qubits; q++)
        work->has_begun[q] = false;
    QHM_TRY(qhm_compilation_begin(circuit, 0, &work->made));
    QHM_TRY(write_down(work));
    compilation->summary.duration_ns = total;
    qhm_text_print(&compilation->detail, "%g ns, %zu delay%s", total, work->delays,
                   work->delays == 1 ? "" : "s");
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    struct work work = {.circuit = compilation->circuit};
    const qhm_status status = schedule(compilation, &work);
    qhm_release(work.durations);
    qhm_release(work.is_frame);
    qhm_release(work.moments);
    qhm_release(work.qubit_free);
    qhm_release(work.bit_written);
    qhm_release(work.bit_read);
    qhm_release(work.has_begun);
    if (status != QHM_OK) {
        qhm_circuit_destroy(work.made);
        return status;
    }
    qhm_compilation_replace(compilation, work.made);
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_schedule = {
    .name = "schedule", .help = "as late as possible, with delays where qubits wait", .run = run};
