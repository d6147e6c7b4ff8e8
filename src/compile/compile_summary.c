// Depth counts operations that take time; success multiplies what each operation and wait keeps.
#include "compile/compile_summary.h"

#include "base/memory.h"
#include "compile/chip_operations.h"

#include <math.h>

struct tally {
    const qhm_compilation *compilation;
    qhm_chip_operations operations;
    bool *is_in_run;            // [qubits]
    size_t *levels, *two_qubit; // [qubits] depth so far
    size_t *bits;               // [bits] depth when a bit was written
    double log_success;
};

static double success_of(const struct tally *tally, const qhm_chip_use *use,
                         const qhm_instruction *instruction)
{
    const qhm_compilation *compilation = tally->compilation;
    uint32_t places[2] = {0, 0};
    for (uint32_t i = 0; i < instruction->qubit_count && i < 2; i++)
        places[i] = compilation->physical[instruction->qubits[i]];
    const qhm_device_qubit *qubit = qhm_device_qubit_at(compilation->device, places[0]);
    if (instruction->gate == QHM_GATE_DELAY)
        return qhm_wait_fidelity(qubit, instruction->duration_ns);
    if (instruction->gate == QHM_GATE_MEASURE && !isnan(qubit->readout_flips[0]) &&
        !isnan(qubit->readout_flips[1]))
        return 1 - (qubit->readout_flips[0] + qubit->readout_flips[1]) / 2;
    if (!use->operation)
        return 1;
    const double error = qhm_device_operation_error(compilation->device, use->operation, places);
    return isnan(error) ? 1 : pow(1 - error, use->times);
}

static void place_in_depth(struct tally *tally, const qhm_instruction *instruction, bool takes_time)
{
    const bool is_two =
        instruction->qubit_count >= 2 && (qhm_gate_information(instruction->gate)->is_unitary ||
                                          instruction->gate == QHM_GATE_MEASURE_PAULI);
    size_t level = 0, two_level = 0;
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        const uint32_t q = instruction->qubits[i];
        level = tally->levels[q] > level ? tally->levels[q] : level;
        two_level = tally->two_qubit[q] > two_level ? tally->two_qubit[q] : two_level;
    }
    for (uint32_t b = 0; b < instruction->condition.bit_count; b++) {
        const size_t written = tally->bits[instruction->condition.first_bit + b];
        level = written > level ? written : level;
    }
    level += takes_time ? 1 : 0;
    two_level += is_two ? 1 : 0;
    for (uint32_t i = 0; i < instruction->qubit_count; i++) {
        tally->levels[instruction->qubits[i]] = level;
        tally->two_qubit[instruction->qubits[i]] = two_level;
    }
    if (qhm_gate_writes_bit(instruction->gate))
        tally->bits[instruction->bit] = level;
}

static void count(struct tally *tally, const qhm_instruction *instruction,
                  qhm_compile_summary *summary)
{
    const bool is_ideal = qhm_device_family_of(tally->compilation->device) == QHM_DEVICE_IDEAL;
    const bool is_gate = qhm_gate_information(instruction->gate)->is_unitary;
    const qhm_chip_use use = qhm_chip_use_of(&tally->operations, instruction, tally->is_in_run);
    const bool is_virtual = !is_ideal && use.operation && use.operation->is_virtual;
    unsigned times = is_ideal || !use.operation ? 1 : use.times;
    if (is_virtual)
        summary->virtual_gates++;
    else if (is_gate && instruction->qubit_count == 1)
        summary->one_qubit_gates += times;
    else if (is_gate)
        summary->two_qubit_gates++;
    else if (instruction->gate == QHM_GATE_MEASURE || instruction->gate == QHM_GATE_MEASURE_PAULI) {
        summary->measurement_count++;
        summary->joint_measurement_count += instruction->qubit_count >= 2;
    } else if (instruction->gate == QHM_GATE_RESET)
        summary->reset_count++;
    else {
        summary->delay_count += instruction->gate == QHM_GATE_DELAY;
        times = 0;
    }
    if (!is_ideal && use.operation && use.operation->is_assumed)
        summary->assumed_count += times;
    place_in_depth(tally, instruction, !is_virtual && times > 0);
    if (!is_ideal)
        tally->log_success += log(success_of(tally, &use, instruction));
}

static qhm_status allocate(struct tally *tally, const qhm_circuit *circuit)
{
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof *tally->is_in_run, &tally->is_in_run));
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof *tally->levels, &tally->levels));
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof *tally->two_qubit, &tally->two_qubit));
    return qhm_allocate(circuit->bit_count, sizeof *tally->bits, &tally->bits);
}

static qhm_status summarise(struct tally *tally, qhm_compilation *compilation)
{
    const qhm_circuit *circuit = compilation->circuit;
    qhm_compile_summary summary = compilation->summary;
    QHM_TRY(allocate(tally, circuit));
    if (qhm_device_family_of(compilation->device) != QHM_DEVICE_IDEAL)
        QHM_TRY(qhm_chip_operations_find(
            compilation->device, compilation->options.allow_assumed_gates, &tally->operations));
    tally->operations.physical = compilation->physical;
    for (size_t i = 0; i < circuit->instruction_count; i++)
        count(tally, &circuit->instructions[i], &summary);
    for (size_t q = 0; q < circuit->qubit_count; q++) {
        summary.depth = tally->levels[q] > summary.depth ? tally->levels[q] : summary.depth;
        if (tally->two_qubit[q] > summary.two_qubit_depth)
            summary.two_qubit_depth = tally->two_qubit[q];
    }
    summary.qubit_count = compilation->qubit_count;
    summary.estimated_success = exp(tally->log_success);
    compilation->summary = summary;
    return QHM_OK;
}

qhm_status qhm_compile_summarise(qhm_compilation *compilation)
{
    struct tally tally = {.compilation = compilation};
    const qhm_status status = summarise(&tally, compilation);
    qhm_release(tally.is_in_run);
    qhm_release(tally.levels);
    qhm_release(tally.two_qubit);
    qhm_release(tally.bits);
    return status;
}
