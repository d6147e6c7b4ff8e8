// What one circuit takes, phase by phase.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "circuit/ledger_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Clifford gates, T, and rotations of one qubit: what T gates are counted in.
static const qhm_gate plain_gates[] = {
    QHM_GATE_H,     QHM_GATE_X,       QHM_GATE_Y,   QHM_GATE_Z,   QHM_GATE_S,  QHM_GATE_SDG,
    QHM_GATE_SX,    QHM_GATE_SXDG,    QHM_GATE_T,   QHM_GATE_TDG, QHM_GATE_RX, QHM_GATE_RY,
    QHM_GATE_RZ,    QHM_GATE_P,       QHM_GATE_CX,  QHM_GATE_CY,  QHM_GATE_CZ, QHM_GATE_SWAP,
    QHM_GATE_ISWAP, QHM_GATE_ISWAPDG, QHM_GATE_ECR,
};
enum { PLAIN_GATES = sizeof plain_gates / sizeof plain_gates[0] };

static bool is_plain(const qhm_instruction *instruction)
{
    if (!qhm_gate_information(instruction->gate)->is_unitary)
        return true;
    bool is_found = false;
    for (size_t i = 0; i < PLAIN_GATES; i++)
        is_found = is_found || plain_gates[i] == instruction->gate;
    return is_found && instruction->control_count == 0;
}

static bool has_input(const qhm_instruction *instruction)
{
    const size_t angles = qhm_instruction_angle_count(instruction);
    for (size_t a = 0; a < angles; a++)
        for (int f = 0; f < 2; f++)
            if (instruction->angles[a].factors[f].slot == QHM_SLOT_INPUT)
                return true;
    return false;
}

static size_t find_encode_end(const qhm_circuit *circuit)
{
    size_t end = circuit->instruction_count;
    while (end > 0 && !has_input(&circuit->instructions[end - 1]))
        end--;
    return end;
}

// What happens after an instruction, found from the last one backwards.
typedef struct later_uses {
    bool *qubits, *bits; // acted on, and read by a condition
    size_t open_loops;   // whose end has been passed
} later_uses;

// True for a measurement that nothing follows; takes note of the instruction.
static bool take_note(const qhm_instruction *instruction, later_uses *later)
{
    const qhm_condition *condition = &instruction->condition;
    bool is_last = qhm_gate_is_measurement(instruction->gate) && later->open_loops == 0 &&
                   !later->bits[instruction->bit];
    for (uint32_t i = 0; i < instruction->qubit_count; i++)
        is_last = is_last && !later->qubits[instruction->qubits[i]];
    for (uint32_t i = 0; !qhm_gate_is_idle(instruction->gate) && i < instruction->qubit_count; i++)
        later->qubits[instruction->qubits[i]] = true;
    for (uint32_t b = 0; b < condition->bit_count; b++)
        later->bits[condition->first_bit + b] = true;
    later->open_loops += instruction->gate == QHM_GATE_END;
    later->open_loops -= instruction->gate == QHM_GATE_WHILE && later->open_loops > 0;
    return is_last;
}

// phases [instruction_count], free with qhm_release.
static qhm_status find_phases(const qhm_circuit *circuit, uint8_t **phases)
{
    uint8_t *found;
    bool *uses;
    QHM_TRY(qhm_allocate(circuit->instruction_count, sizeof *found, &found));
    qhm_status status =
        qhm_allocate(circuit->qubit_count + circuit->bit_count, sizeof *uses, &uses);
    if (status != QHM_OK) {
        qhm_release(found);
        return status;
    }
    later_uses later = {.qubits = uses, .bits = uses + circuit->qubit_count};
    const size_t encode_end = find_encode_end(circuit);
    for (size_t i = circuit->instruction_count; i-- > 0;) {
        const bool is_last = take_note(&circuit->instructions[i], &later);
        found[i] = is_last          ? QHM_PHASE_READ_OUT
                   : i < encode_end ? QHM_PHASE_ENCODE
                                    : QHM_PHASE_EXECUTE;
    }
    qhm_release(uses);
    *phases = found;
    return QHM_OK;
}

static void count_gate(const qhm_instruction *instruction, qhm_phase_counts *counts)
{
    const bool is_noise = instruction->gate == QHM_GATE_CHANNEL;
    counts->by_gate[instruction->gate] += !qhm_gate_is_idle(instruction->gate) && !is_noise;
    counts->measurements += qhm_gate_is_measurement(instruction->gate);
    counts->resets += instruction->gate == QHM_GATE_RESET;
    if (!qhm_gate_information(instruction->gate)->is_unitary)
        return;
    counts->one_qubit_gates += instruction->qubit_count == 1;
    counts->two_qubit_gates += instruction->qubit_count == 2;
    counts->larger_gates += instruction->qubit_count > 2;
}

// T gates are odd multiples of pi / 4; even ones are Clifford gates.
static void count_t(const qhm_instruction *instruction, qhm_phase_counts *counts)
{
    counts->t_gates += instruction->gate == QHM_GATE_T || instruction->gate == QHM_GATE_TDG;
    if (qhm_instruction_angle_count(instruction) == 0)
        return;
    const qhm_angle *angle = &instruction->angles[0];
    const double eighths = angle->offset / (M_PI / 4);
    if (!qhm_angle_is_constant(angle) || fabs(eighths - round(eighths)) > 1e-9)
        counts->rotations++;
    else
        counts->t_gates += fmod(fabs(round(eighths)), 2) == 1;
}

static qhm_status count_t_gates(const qhm_circuit *circuit, qhm_phase_counts *phases)
{
    uint8_t *of = NULL;
    QHM_TRY(find_phases(circuit, &of));
    for (size_t i = 0; i < circuit->instruction_count; i++)
        count_t(&circuit->instructions[i], &phases[of[i]]);
    qhm_release(of);
    return QHM_OK;
}

static qhm_status expand_plainly(const qhm_circuit *circuit, qhm_circuit **expanded)
{
    const qhm_expand_options options = {.gates = plain_gates, .gate_count = PLAIN_GATES};
    return qhm_circuit_expand(circuit, &options, expanded);
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

// 0 if two instructions expand alike but for the qubits' names: how a gate expands depends on
// itself, its angles or matrix, and the number of its controls and of idle qubits.
static int compare_kinds(const void *left, const void *right)
{
    const qhm_instruction *a = *(const qhm_instruction *const *)left;
    const qhm_instruction *b = *(const qhm_instruction *const *)right;
    int order = compare_sizes(a->gate, b->gate);
    if (order == 0)
        order = compare_sizes(a->control_count, b->control_count);
    if (order == 0)
        order = compare_sizes(a->qubit_count, b->qubit_count);
    const size_t angles = qhm_instruction_angle_count(a);
    if (order == 0 && angles > 0)
        order = memcmp(a->angles, b->angles, angles * sizeof *a->angles);
    if (order == 0 && a->gate == QHM_GATE_UNITARY) {
        const size_t targets = a->qubit_count - a->control_count;
        order = memcmp(a->matrix, b->matrix, sizeof *a->matrix << (2 * targets));
    }
    return order;
}

// One instruction of every kind, each followed by a barrier. sorted [count]: by kind.
static qhm_status append_kinds(const qhm_instruction *const *sorted, size_t count,
                               qhm_circuit *kinds)
{
    static const uint32_t first = 0;
    const qhm_instruction barrier = {.gate = QHM_GATE_BARRIER, .qubit_count = 1, .qubits = &first};
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_kinds(&sorted[i - 1], &sorted[i]) == 0)
            continue;
        QHM_TRY(qhm_circuit_append_instruction(kinds, sorted[i]));
        QHM_TRY(qhm_circuit_append_instruction(kinds, &barrier));
    }
    return QHM_OK;
}

// Adds what every kind's expansion has, times the instructions of that kind.
static void add_kinds(const qhm_circuit *expanded, const qhm_instruction *const *sorted,
                      size_t count, qhm_phase_counts *counts)
{
    size_t position = 0;
    for (size_t i = 0; i < count;) {
        size_t next = i + 1;
        while (next < count && compare_kinds(&sorted[i], &sorted[next]) == 0)
            next++;
        qhm_phase_counts one = {0};
        for (; expanded->instructions[position].gate != QHM_GATE_BARRIER; position++)
            count_t(&expanded->instructions[position], &one);
        position++;
        counts->t_gates += one.t_gates * (next - i);
        counts->rotations += one.rotations * (next - i);
        i = next;
    }
}

// sorted [count]: the instructions that are not plain, by kind.
static qhm_status expand_kinds(const qhm_circuit *circuit, const qhm_instruction *const *sorted,
                               size_t count, qhm_phase_counts *counts)
{
    qhm_circuit *kinds, *expanded = NULL;
    QHM_TRY(qhm_circuit_create(circuit->qubit_count, circuit->bit_count, &kinds));
    qhm_status status = append_kinds(sorted, count, kinds);
    if (status == QHM_OK)
        status = expand_plainly(kinds, &expanded);
    if (status == QHM_OK)
        add_kinds(expanded, sorted, count, counts);
    qhm_circuit_destroy(kinds);
    qhm_circuit_destroy(expanded);
    return status;
}

// Without inputs all T gates are the execution's, so that repeated instructions are expanded once.
static qhm_status count_t_by_kinds(const qhm_circuit *circuit, qhm_phase_counts *counts)
{
    const qhm_instruction **sorted;
    QHM_TRY(qhm_allocate(circuit->instruction_count, sizeof *sorted, &sorted));
    size_t count = 0;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        if (is_plain(&circuit->instructions[i]))
            count_t(&circuit->instructions[i], counts);
        else
            sorted[count++] = &circuit->instructions[i];
    }
    qsort(sorted, count, sizeof *sorted, compare_kinds);
    const qhm_status status = expand_kinds(circuit, sorted, count, counts);
    qhm_release(sorted);
    return status;
}

static qhm_status expand_and_count_t(const qhm_circuit *circuit, qhm_phase_counts *phases)
{
    bool all_plain = true;
    for (size_t i = 0; i < circuit->instruction_count && all_plain; i++)
        all_plain = is_plain(&circuit->instructions[i]);
    if (all_plain)
        return count_t_gates(circuit, phases);
    if (find_encode_end(circuit) == 0)
        return count_t_by_kinds(circuit, &phases[QHM_PHASE_EXECUTE]);
    qhm_circuit *expanded;
    QHM_TRY(expand_plainly(circuit, &expanded));
    const qhm_status status = count_t_gates(expanded, phases);
    qhm_circuit_destroy(expanded);
    return status;
}

static qhm_status count_run(const qhm_circuit *circuit, qhm_ledger *ledger)
{
    qhm_circuit_counts counts;
    QHM_TRY(qhm_circuit_count(circuit, &counts));
    ledger->qubits = counts.qubits;
    ledger->depth = counts.depth;
    ledger->two_qubit_depth = counts.two_qubit_depth;
    ledger->settings = ledger->circuits = 1;
    uint8_t *phases;
    QHM_TRY(find_phases(circuit, &phases));
    for (size_t i = 0; i < circuit->instruction_count; i++)
        count_gate(&circuit->instructions[i], &ledger->phases[phases[i]]);
    qhm_release(phases);
    return expand_and_count_t(circuit, ledger->phases);
}

// Shots of which post-selection keeps so many, on average.
static uint64_t find_charged_shots(uint64_t kept, double kept_share)
{
    if (kept_share == 0 || kept_share == 1)
        return kept;
    const double charged = ceil((double)kept / kept_share);
    return charged < 0x1p63 ? (uint64_t)charged : INT64_MAX;
}

qhm_status qhm_circuit_count_ledger(const qhm_circuit *circuit, const qhm_ledger_options *options,
                                    qhm_ledger *ledger)
{
    static const qhm_ledger_options defaults = {0};
    QHM_REQUIRE(circuit && ledger, "a ledger needs a circuit and a place to go");
    if (!options)
        options = &defaults;
    QHM_REQUIRE(options->kept_share >= 0 && options->kept_share <= 1,
                "kept_share is %g, not above 0 and at most 1", options->kept_share);
    qhm_ledger made = {0};
    QHM_TRY(count_run(circuit, &made));
    const uint64_t kept = options->shots ? options->shots : 1;
    const uint64_t shots = find_charged_shots(kept, options->kept_share);
    made.shots = 1;
    made.state_preparations = options->state_preparations;
    if (!made.state_preparations && find_encode_end(circuit) > 0)
        made.state_preparations = 1;
    made.oracle_calls = options->oracle_calls;
    made.circuits = 0;
    qhm_ledger_repeat(&made, shots);
    made.circuits = 1;
    made.discarded_shots = shots - kept;
    *ledger = made;
    return QHM_OK;
}

size_t qhm_circuit_shift_count(const qhm_circuit *circuit)
{
    size_t count = 0;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        const size_t angles = qhm_instruction_angle_count(instruction);
        for (unsigned a = 0; a < angles; a++) {
            if (qhm_angle_is_constant(&instruction->angles[a]))
                continue;
            qhm_shift_rule rule;
            qhm_gate_shift_rule(instruction->gate, a, instruction->control_count, &rule);
            count += rule.count;
        }
    }
    return count;
}
