// Unitary folding: gates, parts of a circuit or all of it followed by inverse and repetition.
#include "mitigate/folding.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"

#include <math.h>
#include <qhm/mitigation.h>
#include <qhm/random.h>

#define NO_UNIT SIZE_MAX

static bool is_gate(const qhm_instruction *instruction)
{
    return qhm_gate_information(instruction->gate)->is_unitary;
}

qhm_status qhm_folding_begin(const qhm_circuit *circuit, qhm_circuit **begun)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    const qhm_status status = qhm_circuit_copy_names(made, circuit, true, true);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *begun = made;
    return QHM_OK;
}

// Instructions first to last - 1, forwards, or their inverses backwards. Barriers and delays of the
// range are repeated too.
static qhm_status append_range(qhm_circuit *made, const qhm_circuit *circuit, size_t first,
                               size_t last, bool is_inverse)
{
    for (size_t k = first; k < last; k++) {
        const size_t i = is_inverse ? last - 1 - (k - first) : k;
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (!is_gate(instruction) && !qhm_gate_is_idle(instruction->gate))
            continue; // a measurement at the end
        QHM_TRY(is_inverse ? qhm_circuit_append_inverse(made, instruction)
                           : qhm_circuit_append_instruction(made, instruction));
    }
    return QHM_OK;
}

// Behind the range itself: its inverse and itself, `folds` times.
static qhm_status append_folds(qhm_circuit *made, const qhm_circuit *circuit, size_t first,
                               size_t last, size_t folds)
{
    for (size_t f = 0; f < 2 * folds; f++) {
        QHM_TRY(qhm_circuit_append(made, QHM_GATE_BARRIER, NULL, NULL));
        QHM_TRY(append_range(made, circuit, first, last, f % 2 == 0));
    }
    return QHM_OK;
}

// The measurements, which come last.
static qhm_status append_measurements(qhm_circuit *made, const qhm_circuit *circuit)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (!is_gate(instruction) && !qhm_gate_is_idle(instruction->gate))
            QHM_TRY(qhm_circuit_append_instruction(made, instruction));
    }
    return QHM_OK;
}

static qhm_status refuse_channel(const qhm_instruction *instruction, size_t index)
{
    if (instruction->gate == QHM_GATE_CHANNEL)
        return QHM_FAIL(
            QHM_ERROR_UNSUPPORTED,
            "instruction %zu is a channel, which cannot be folded: fold before noise is "
            "added",
            index);
    return QHM_OK;
}

static qhm_status check_whole(const qhm_circuit *circuit, bool *is_measured, size_t *gate_count)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        const char *name = qhm_gate_information(instruction->gate)->name;
        QHM_TRY(refuse_channel(instruction, i));
        if (qhm_gate_is_idle(instruction->gate))
            continue;
        const bool measures = qhm_gate_is_measurement(instruction->gate);
        if (instruction->condition.relation != QHM_RELATION_NONE ||
            (!is_gate(instruction) && !measures))
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "instruction %zu, %s%s, cannot be folded with the whole circuit: fold "
                            "locally",
                            i, name, is_gate(instruction) ? " with a condition" : "");
        for (uint32_t q = 0; q < instruction->qubit_count; q++) {
            bool *is_done = &is_measured[instruction->qubits[q]];
            if (*is_done && !measures)
                return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                                "instruction %zu, %s, is on qubit %u after its measurement: fold "
                                "locally",
                                i, name, instruction->qubits[q]);
            *is_done |= measures;
        }
        *gate_count += is_gate(instruction);
    }
    if (*gate_count == 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the circuit has no gate to fold");
    return QHM_OK;
}

qhm_status qhm_folding_check_whole(const qhm_circuit *circuit, size_t *gate_count)
{
    bool *is_measured;
    size_t count = 0;
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(circuit), sizeof *is_measured, &is_measured));
    const qhm_status status = check_whole(circuit, is_measured, &count);
    qhm_release(is_measured);
    if (status == QHM_OK)
        *gate_count = count;
    return status;
}

// The end of the shortest range from `first` that holds `count` gates.
static size_t end_of_gates(const qhm_circuit *circuit, size_t first, size_t count)
{
    size_t i = first;
    for (; count > 0; i++)
        count -= is_gate(qhm_circuit_instruction(circuit, i));
    return i;
}

static qhm_status append_layers(qhm_circuit *made, const qhm_circuit *circuit, size_t layers,
                                const size_t *folds, size_t gates)
{
    size_t first = 0;
    for (size_t l = 0; l < layers; l++) {
        const size_t size = gates / layers + (l < gates % layers);
        const size_t last = l + 1 == layers ? qhm_circuit_instruction_count(circuit)
                                            : end_of_gates(circuit, first, size);
        if (l > 0 && (folds[l] > 0 || folds[l - 1] > 0))
            QHM_TRY(qhm_circuit_append(made, QHM_GATE_BARRIER, NULL, NULL));
        QHM_TRY(append_range(made, circuit, first, last, false));
        QHM_TRY(append_folds(made, circuit, first, last, folds[l]));
        first = last;
    }
    return append_measurements(made, circuit);
}

qhm_status qhm_circuit_fold_layers(const qhm_circuit *circuit, size_t layers, const size_t *folds,
                                   qhm_circuit **folded)
{
    size_t gates = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++)
        gates += is_gate(qhm_circuit_instruction(circuit, i));
    qhm_circuit *made;
    QHM_TRY(qhm_folding_begin(circuit, &made));
    const qhm_status status = append_layers(made, circuit, layers, folds, gates);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *folded = made;
    return QHM_OK;
}

static qhm_status append_global(qhm_circuit *made, const qhm_circuit *circuit, size_t whole,
                                size_t extra, size_t gates)
{
    const size_t count = qhm_circuit_instruction_count(circuit);
    QHM_TRY(append_range(made, circuit, 0, count, false));
    QHM_TRY(append_folds(made, circuit, 0, count, whole));
    if (extra > 0)
        QHM_TRY(append_folds(made, circuit, end_of_gates(circuit, 0, gates - extra), count, 1));
    return append_measurements(made, circuit);
}

// The part of local folding that a circuit's shape decides.
typedef struct units {
    size_t count;     // that are folded
    size_t *of;       // [instructions] the unit, or NO_UNIT
    size_t *first;    // [instructions] for each unit its first instruction
    size_t *last;     // and its last
    size_t *open;     // [qubits] the run on one qubit that may go on, or NO_UNIT
    size_t *folds;    // [instructions] for each unit
    size_t *shuffled; // [instructions]
} units;

static void release_units(units *u)
{
    size_t *const arrays[] = {u->of, u->first, u->last, u->open, u->folds, u->shuffled};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        qhm_release(arrays[i]);
}

static qhm_status allocate_units(const qhm_circuit *circuit, units *u)
{
    const size_t count = qhm_circuit_instruction_count(circuit);
    size_t **const arrays[] = {&u->of, &u->first, &u->last, &u->folds, &u->shuffled};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        QHM_TRY(qhm_allocate(count, sizeof **arrays[i], arrays[i]));
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(circuit), sizeof *u->open, &u->open));
    for (size_t q = 0; q < qhm_circuit_qubit_count(circuit); q++)
        u->open[q] = NO_UNIT;
    return QHM_OK;
}

static qhm_status find_units(const qhm_circuit *circuit, bool two_qubit_only, units *u)
{
    QHM_TRY(allocate_units(circuit, u));
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        QHM_TRY(refuse_channel(instruction, i));
        u->of[i] = NO_UNIT;
        const bool is_single = instruction->qubit_count == 1 && is_gate(instruction) &&
                               instruction->condition.relation == QHM_RELATION_NONE;
        const bool is_unit =
            is_gate(instruction) && (instruction->qubit_count > 1 || !two_qubit_only);
        size_t *open = is_single ? &u->open[instruction->qubits[0]] : NULL;
        if (is_unit) {
            const bool goes_on = open && *open != NO_UNIT;
            u->of[i] = goes_on ? *open : u->count++;
            if (!goes_on)
                u->first[u->of[i]] = i;
            u->last[u->of[i]] = i;
        }
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            u->open[instruction->qubits[q]] = is_single ? u->of[i] : NO_UNIT;
    }
    if (u->count == 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the circuit has no gate%s to fold",
                        two_qubit_only ? " on two qubits" : "");
    return QHM_OK;
}

static void choose_folds(units *u, const qhm_fold_options *options, size_t whole, size_t extra)
{
    qhm_random random = qhm_random_stream(options->seed, QHM_RANDOM_MITIGATION, 0, 0, 1);
    for (size_t i = 0; i < u->count; i++) {
        u->folds[i] = whole;
        u->shuffled[i] = options->order == QHM_FOLDING_BACK ? u->count - 1 - i : i;
    }
    if (options->order == QHM_FOLDING_RANDOM)
        qhm_random_shuffle(&random, u->shuffled, u->count);
    for (size_t i = 0; i < extra; i++)
        u->folds[u->shuffled[i]]++;
}

// The gates of the unit that ends at instruction `last`.
static qhm_status append_unit(qhm_circuit *made, const qhm_circuit *circuit, const units *u,
                              size_t last, bool is_inverse)
{
    const size_t unit = u->of[last], first = u->first[unit];
    for (size_t k = first; k <= last; k++) {
        const size_t i = is_inverse ? last - (k - first) : k;
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        if (u->of[i] == unit)
            QHM_TRY(is_inverse ? qhm_circuit_append_inverse(made, instruction)
                               : qhm_circuit_append_instruction(made, instruction));
    }
    return QHM_OK;
}

static qhm_status append_local(qhm_circuit *made, const qhm_circuit *circuit, const units *u)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        QHM_TRY(qhm_circuit_append_instruction(made, instruction));
        const size_t unit = u->of[i];
        if (unit == NO_UNIT || u->last[unit] != i)
            continue;
        const qhm_instruction barrier = {.gate = QHM_GATE_BARRIER,
                                         .qubit_count = instruction->qubit_count,
                                         .qubits = instruction->qubits};
        for (size_t f = 0; f < 2 * u->folds[unit]; f++) {
            QHM_TRY(qhm_circuit_append_instruction(made, &barrier));
            QHM_TRY(append_unit(made, circuit, u, i, f % 2 == 0));
        }
    }
    return QHM_OK;
}

// Folds of all units, and how many units are folded once more: at least one if any is due.
static double count_folds(double scale, size_t count, size_t *whole, size_t *extra)
{
    const double folds = (scale - 1) / 2, base = floor(folds);
    *whole = (size_t)base;
    *extra = (size_t)floor((folds - base) * (double)count + 0.5);
    if (*extra == 0 && folds - base > 1e-9)
        *extra = 1;
    return 1 + 2 * (base + (double)*extra / (double)count);
}

static qhm_status fold(const qhm_circuit *circuit, const qhm_fold_options *options, double scale,
                       units *u, qhm_circuit *made, double *reached)
{
    size_t whole, extra, gates;
    if (options->folding == QHM_FOLDING_GLOBAL) {
        QHM_TRY(qhm_folding_check_whole(circuit, &gates));
        *reached = count_folds(scale, gates, &whole, &extra);
        return append_global(made, circuit, whole, extra, gates);
    }
    QHM_TRY(find_units(circuit, options->two_qubit_only, u));
    *reached = count_folds(scale, u->count, &whole, &extra);
    choose_folds(u, options, whole, extra);
    return append_local(made, circuit, u);
}

qhm_status qhm_circuit_fold(const qhm_circuit *circuit, const qhm_fold_options *options,
                            double scale, qhm_circuit **folded, double *reached)
{
    static const qhm_fold_options defaults = {0};
    QHM_REQUIRE(circuit && folded, "folding needs a circuit and a place for the result");
    QHM_REQUIRE(scale >= 1 && scale <= 1000, "scale is %g, not 1 to 1000", scale);
    if (!options)
        options = &defaults;
    QHM_REQUIRE(options->folding <= QHM_FOLDING_GLOBAL, "folding is %d, not local or global",
                (int)options->folding);
    QHM_REQUIRE(options->order <= QHM_FOLDING_BACK, "order is %d, not random, front or back",
                (int)options->order);
    qhm_circuit *made;
    units u = {0};
    double exact = 1;
    QHM_TRY(qhm_folding_begin(circuit, &made));
    const qhm_status status = fold(circuit, options, scale, &u, made, &exact);
    release_units(&u);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *folded = made;
    if (reached)
        *reached = exact;
    return QHM_OK;
}
