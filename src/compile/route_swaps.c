// Pass: the circuit on the chip's qubits, with swaps where its gates' qubits are not neighbours.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"
#include "compile/chip_graph.h"
#include "compile/compile_internal.h"
#include "compile/swap_search.h"

#include <math.h>
#include <string.h>

enum { NOWHERE = UINT32_MAX, MOST_TRIALS = 64 };

struct trials {
    const qhm_swap_search *search;
    const uint32_t *placement;
    uint64_t seed, first;
    qhm_swap_walk *walks[MOST_TRIALS];
    uint32_t *places[MOST_TRIALS]; // [wires]
    qhm_swap_result results[MOST_TRIALS];
};

// The first walk is the one that the place was found with.
static qhm_random stream(uint64_t seed, uint64_t first, size_t trial)
{
    return trial == 0 ? qhm_random_stream(seed, QHM_RANDOM_COMPILE, 2, first, 0)
                      : qhm_random_stream(seed, QHM_RANDOM_COMPILE, 3, trial, 0);
}

static void run_trials(size_t first, size_t last, void *context)
{
    struct trials *trials = context;
    const size_t wires = trials->search->circuit->qubit_count;
    for (size_t t = first; t < last; t++) {
        memcpy(trials->places[t], trials->placement, wires * sizeof(uint32_t));
        qhm_swap_walk_count(trials->walks[t], stream(trials->seed, trials->first, t), false,
                            trials->places[t], NULL, &trials->results[t]);
    }
}

// The number of the trial with the least cost.
static qhm_status find_best(struct trials *trials, size_t count, size_t *best)
{
    const size_t wires = trials->search->circuit->qubit_count;
    qhm_status status = QHM_OK;
    for (size_t t = 0; t < count && status == QHM_OK; t++) {
        status = qhm_swap_walk_create(trials->search, &trials->walks[t]);
        if (status == QHM_OK)
            status = qhm_allocate(wires, sizeof(uint32_t), &trials->places[t]);
    }
    if (status == QHM_OK)
        qhm_parallel_for(count, 1, run_trials, trials);
    *best = 0;
    for (size_t t = 0; t < count; t++) {
        if (status == QHM_OK && trials->results[t].cost < trials->results[*best].cost)
            *best = t;
        qhm_swap_walk_destroy(trials->walks[t]);
        qhm_release(trials->places[t]);
    }
    return status;
}

static qhm_status check_joined(const qhm_compilation *compilation, const qhm_chip_graph *chip)
{
    const qhm_circuit *circuit = compilation->circuit;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (!qhm_gate_information(instruction->gate)->is_unitary || instruction->qubit_count != 2)
            continue;
        const uint32_t a = compilation->placement[instruction->qubits[0]],
                       b = compilation->placement[instruction->qubits[1]];
        if (chip->parts[a] != chip->parts[b])
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "a gate %s needs qubits %u and %u of %s, which no working couplers "
                            "join",
                            qhm_gate_information(instruction->gate)->name, a, b,
                            qhm_device_name(compilation->device));
    }
    return QHM_OK;
}

// Sets what the compilation knows of the chip's qubits. compact: [qubits] by is_used.
static qhm_status number_qubits(qhm_compilation *compilation, const bool *is_used, size_t qubits,
                                uint32_t *compact)
{
    size_t count = 0;
    for (size_t q = 0; q < qubits; q++)
        count += is_used[q];
    QHM_TRY(qhm_allocate(count, sizeof(uint32_t), &compilation->physical));
    QHM_TRY(
        qhm_allocate(compilation->logical_count, sizeof(uint32_t), &compilation->initial_layout));
    QHM_TRY(qhm_allocate(compilation->logical_count, sizeof(uint32_t), &compilation->final_layout));
    compilation->qubit_count = 0;
    for (uint32_t q = 0; q < qubits; q++)
        if (is_used[q]) {
            compact[q] = (uint32_t)compilation->qubit_count;
            compilation->physical[compilation->qubit_count++] = q;
        }
    for (size_t l = 0; l < compilation->logical_count; l++)
        compilation->initial_layout[l] = compact[compilation->placement[l]];
    return QHM_OK;
}

// Runs the best walk once to see which qubits it uses, and once to write it down.
static qhm_status write_walk(qhm_compilation *compilation, const qhm_swap_search *search,
                             qhm_random random, uint32_t *place, bool *is_used, uint32_t *compact)
{
    const size_t wires = compilation->logical_count;
    qhm_swap_result result;
    qhm_swap_walk *walk;
    QHM_TRY(qhm_swap_walk_create(search, &walk));
    memcpy(place, compilation->placement, wires * sizeof *place);
    qhm_swap_walk_count(walk, random, false, place, is_used, &result);
    qhm_status status = number_qubits(compilation, is_used, search->chip->qubit_count, compact);
    qhm_circuit *made = NULL;
    if (status == QHM_OK)
        status = qhm_compilation_begin(compilation->circuit, compilation->qubit_count, &made);
    if (status == QHM_OK) {
        const qhm_swap_output output = {made, compact};
        memcpy(place, compilation->placement, wires * sizeof *place);
        status = qhm_swap_walk_write(walk, random, place, &output);
    }
    qhm_swap_walk_destroy(walk);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    for (size_t l = 0; l < wires; l++)
        compilation->final_layout[l] = compact[place[compilation->final_wires[l]]];
    compilation->summary.swap_count = result.swaps;
    qhm_compilation_replace(compilation, made);
    return QHM_OK;
}

static qhm_status route_on(qhm_compilation *compilation, const qhm_swap_search *search,
                           size_t trial_count)
{
    struct trials trials = {.search = search,
                            .placement = compilation->placement,
                            .seed = compilation->options.seed,
                            .first = compilation->best_walk};
    size_t best = 0;
    if (trial_count > 1)
        QHM_TRY(find_best(&trials, trial_count, &best));
    uint32_t *place = NULL, *compact = NULL;
    bool *is_used = NULL;
    const size_t qubits = search->chip->qubit_count;
    qhm_status status = qhm_allocate(compilation->logical_count, sizeof *place, &place);
    if (status == QHM_OK)
        status = qhm_allocate(qubits, sizeof *compact, &compact);
    if (status == QHM_OK)
        status = qhm_allocate(qubits, sizeof *is_used, &is_used);
    const qhm_random random = stream(compilation->options.seed, compilation->best_walk, best);
    if (status == QHM_OK)
        status = write_walk(compilation, search, random, place, is_used, compact);
    qhm_release(place);
    qhm_release(compact);
    qhm_release(is_used);
    if (status == QHM_OK)
        qhm_text_print(&compilation->detail, "%zu swap%s, %zu walk%s",
                       compilation->summary.swap_count,
                       compilation->summary.swap_count == 1 ? "" : "s", trial_count,
                       trial_count == 1 ? "" : "s");
    return status;
}

// True when every gate is on a coupler as it is: one walk will do.
static bool fits(const qhm_compilation *compilation, const qhm_chip_graph *chip)
{
    const qhm_circuit *circuit = compilation->circuit;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (qhm_gate_information(instruction->gate)->is_unitary && instruction->qubit_count == 2 &&
            !qhm_chip_graph_is_coupled(chip, compilation->placement[instruction->qubits[0]],
                                       compilation->placement[instruction->qubits[1]], NULL))
            return false;
    }
    return true;
}

size_t qhm_swap_trial_count(const qhm_compilation *compilation, size_t most)
{
    const qhm_circuit *circuit = compilation->circuit;
    static const double work[4] = {0, 2e5, 5e5, 3e6}, share[4] = {0, 0.1, 0.4, 1};
    double pairs = 1;
    for (size_t i = 0; i < circuit->instruction_count; i++)
        pairs += qhm_gate_information(circuit->instructions[i].gate)->is_unitary &&
                 circuit->instructions[i].qubit_count == 2;
    const double trials = work[compilation->level] / (pairs * (double)circuit->qubit_count);
    return (size_t)fmax(compilation->level == 0 ? 1 : 2,
                        fmin(share[compilation->level] * (double)most, trials));
}

static qhm_status route(qhm_compilation *compilation, qhm_chip_graph *chip)
{
    QHM_TRY(check_joined(compilation, chip));
    QHM_TRY(qhm_chip_graph_measure(chip));
    qhm_swap_search search = {0};
    QHM_TRY(qhm_swap_search_create(compilation->circuit, chip, compilation->level >= 2, &search));
    const size_t count =
        fits(compilation, chip) ? 1 : qhm_swap_trial_count(compilation, MOST_TRIALS);
    const qhm_status status = route_on(compilation, &search, count);
    qhm_swap_search_release(&search);
    return status;
}

// Every pair is coupled: the circuit as it is.
static qhm_status keep_all(qhm_compilation *compilation)
{
    const size_t count = compilation->logical_count;
    QHM_TRY(qhm_allocate(count, sizeof(uint32_t), &compilation->physical));
    QHM_TRY(qhm_allocate(count, sizeof(uint32_t), &compilation->initial_layout));
    QHM_TRY(qhm_allocate(count, sizeof(uint32_t), &compilation->final_layout));
    compilation->qubit_count = count;
    for (uint32_t l = 0; l < count; l++) {
        compilation->physical[l] = compilation->placement[l];
        compilation->initial_layout[l] = l;
        compilation->final_layout[l] = compilation->final_wires[l];
    }
    qhm_circuit *made;
    QHM_TRY(qhm_compilation_begin(compilation->circuit, count, &made));
    const qhm_status status =
        qhm_circuit_append_circuit(made, compilation->circuit, NULL, NULL, 0, 0);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    qhm_compilation_replace(compilation, made);
    qhm_text_print(&compilation->detail, "0 swaps");
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    if (qhm_device_is_all_to_all(compilation->device))
        return keep_all(compilation);
    qhm_chip_operations operations;
    qhm_chip_graph chip = {0};
    QHM_TRY(qhm_chip_operations_find(compilation->device, compilation->options.allow_assumed_gates,
                                     &operations));
    operations.placed = compilation->placement;
    operations.placed_count = compilation->logical_count;
    QHM_TRY(qhm_chip_graph_create(compilation->device, &operations, &chip));
    const qhm_status status = route(compilation, &chip);
    qhm_chip_graph_release(&chip);
    return status;
}

const qhm_compile_pass qhm_pass_route = {
    .name = "route", .help = "swaps where a gate's qubits are not neighbours", .run = run};
