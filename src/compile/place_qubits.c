// Pass: which of the chip's qubits each logical qubit starts on. The best subgraph that needs no
// swaps; if there is none, walks there and back through the circuit from many beginnings.
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"
#include "compile/chip_graph.h"
#include "compile/compile_internal.h"
#include "compile/subgraph_search.h"
#include "compile/swap_search.h"

#include <math.h>
#include <string.h>

enum { NOWHERE = UINT32_MAX, ROUNDS = 2, MOST_TRIALS = 128 };

// One beginning and where it led.
struct trial {
    qhm_swap_walk *walk;
    uint32_t *place, *kept; // [wires]
    qhm_swap_result result;
};

struct layout_search {
    const qhm_swap_search *search;
    uint64_t seed;
    struct trial *trials;
};

// Places for the wires that have none: each beside those that are placed, else near them; ties at
// random.
static void fill_places(const qhm_chip_graph *chip, size_t wires, qhm_random *random,
                        uint32_t *place, bool *is_taken, size_t *order)
{
    uint32_t root = NOWHERE;
    for (size_t q = 0; q < chip->qubit_count; q++)
        is_taken[q] = !chip->is_working[q] || chip->parts[q] != chip->largest_part;
    for (size_t w = 0; w < wires; w++)
        if (place[w] != NOWHERE) {
            is_taken[place[w]] = true;
            root = place[w];
        }
    while (root == NOWHERE) {
        const uint32_t any = (uint32_t)qhm_random_below(random, chip->qubit_count);
        root = is_taken[any] ? NOWHERE : any;
    }
    for (size_t w = 0; w < wires; w++)
        order[w] = w;
    qhm_random_shuffle(random, order, wires);
    for (size_t i = 0; i < wires; i++) {
        if (place[order[i]] != NOWHERE)
            continue;
        uint32_t best = NOWHERE;
        double best_score = INFINITY;
        for (uint32_t q = 0; q < chip->qubit_count; q++) {
            if (is_taken[q])
                continue;
            const double score = qhm_chip_distance(chip, root, q) + qhm_random_uniform(random);
            if (score < best_score) {
                best_score = score;
                best = q;
            }
        }
        place[order[i]] = best;
        is_taken[best] = true;
    }
}

static void run_trials(size_t first, size_t last, void *context)
{
    const struct layout_search *layouts = context;
    const size_t wires = layouts->search->circuit->qubit_count;
    for (size_t t = first; t < last; t++) {
        struct trial *trial = &layouts->trials[t];
        qhm_swap_result result;
        for (uint64_t round = 0; round < ROUNDS; round++)
            for (int back = 0; back < 2; back++) {
                const qhm_random random = qhm_random_stream(layouts->seed, QHM_RANDOM_COMPILE, 1, t,
                                                            2 * round + (uint64_t)back);
                qhm_swap_walk_count(trial->walk, random, back == 1, trial->place, NULL, &result);
            }
        memcpy(trial->kept, trial->place, wires * sizeof *trial->kept);
        qhm_swap_walk_count(trial->walk,
                            qhm_random_stream(layouts->seed, QHM_RANDOM_COMPILE, 2, t, 0), false,
                            trial->place, NULL, &trial->result);
    }
}

// Swaps join no parts: what the subgraph search put outside the largest is dropped.
static uint32_t within_part(const qhm_chip_graph *chip, uint32_t qubit)
{
    return qubit != NOWHERE && chip->parts[qubit] == chip->largest_part ? qubit : NOWHERE;
}

// Every other trial begins with what the subgraph search left.
static qhm_status prepare_trials(struct layout_search *layouts, size_t count,
                                 const uint32_t *partial)
{
    const qhm_chip_graph *chip = layouts->search->chip;
    const size_t wires = layouts->search->circuit->qubit_count;
    bool *is_taken;
    size_t *order;
    QHM_TRY(qhm_allocate(chip->qubit_count, sizeof *is_taken, &is_taken));
    qhm_status status = qhm_allocate(wires, sizeof *order, &order);
    for (size_t t = 0; t < count && status == QHM_OK; t++) {
        struct trial *trial = &layouts->trials[t];
        qhm_random random = qhm_random_stream(layouts->seed, QHM_RANDOM_COMPILE, 0, t, 0);
        status = qhm_swap_walk_create(layouts->search, &trial->walk);
        if (status == QHM_OK)
            status = qhm_allocate(wires, sizeof *trial->place, &trial->place);
        if (status == QHM_OK)
            status = qhm_allocate(wires, sizeof *trial->kept, &trial->kept);
        if (status != QHM_OK)
            break;
        for (size_t w = 0; w < wires; w++)
            trial->place[w] = t % 2 == 0 ? within_part(chip, partial[w]) : NOWHERE;
        fill_places(chip, wires, &random, trial->place, is_taken, order);
    }
    qhm_release(is_taken);
    qhm_release(order);
    return status;
}

static uint64_t take_best(const struct layout_search *layouts, size_t count, uint32_t *place)
{
    const struct trial *best = &layouts->trials[0];
    for (size_t t = 1; t < count; t++)
        if (layouts->trials[t].result.cost < best->result.cost)
            best = &layouts->trials[t];
    memcpy(place, best->kept, layouts->search->circuit->qubit_count * sizeof *place);
    return (uint64_t)(best - layouts->trials);
}

static qhm_status search_layouts(qhm_compilation *compilation, qhm_chip_graph *chip,
                                 const uint32_t *partial)
{
    const size_t count = qhm_swap_trial_count(compilation, MOST_TRIALS);
    qhm_swap_search search = {0};
    QHM_TRY(qhm_chip_graph_measure(chip));
    QHM_TRY(qhm_swap_search_create(compilation->circuit, chip, compilation->level >= 2, &search));
    struct layout_search layouts = {.search = &search, .seed = compilation->options.seed};
    qhm_status status = qhm_allocate(count, sizeof *layouts.trials, &layouts.trials);
    if (status == QHM_OK) {
        status = prepare_trials(&layouts, count, partial);
        if (status == QHM_OK) {
            qhm_parallel_for(count, 1, run_trials, &layouts);
            compilation->best_walk = take_best(&layouts, count, compilation->placement);
            qhm_text_print(&compilation->detail, "needs swaps; best of %zu layouts", count);
        }
        for (size_t t = 0; t < count; t++) {
            qhm_swap_walk_destroy(layouts.trials[t].walk);
            qhm_release(layouts.trials[t].place);
            qhm_release(layouts.trials[t].kept);
        }
    }
    qhm_release(layouts.trials);
    qhm_swap_search_release(&search);
    return status;
}

static qhm_status search_places(qhm_compilation *compilation, const qhm_wire_graph *wires,
                                qhm_chip_graph *chip)
{
    const size_t steps = compilation->level >= 3 ? 2000000 : 200000;
    qhm_subgraph_result result;
    uint32_t *place;
    QHM_TRY(qhm_allocate(compilation->logical_count, sizeof *place, &place));
    qhm_status status = qhm_subgraph_search(wires, chip, steps, place, &result);
    if (status == QHM_OK && result.is_complete) {
        memcpy(compilation->placement, place, compilation->logical_count * sizeof *place);
        qhm_text_print(&compilation->detail, "fits without swaps; %zu places compared",
                       result.found);
    } else if (status == QHM_OK &&
               compilation->logical_count > chip->part_sizes[chip->largest_part]) {
        status = QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                          "the circuit has %zu qubits, but at most %zu of %s are joined by working "
                          "couplers",
                          compilation->logical_count, chip->part_sizes[chip->largest_part],
                          qhm_device_name(compilation->device));
    } else if (status == QHM_OK) {
        status = search_layouts(compilation, chip, place);
    }
    qhm_release(place);
    return status;
}

// Logical qubit i on the i-th qubit that works, of the largest part if that has room.
static void place_in_order(qhm_compilation *compilation, const qhm_chip_graph *chip)
{
    const bool has_room = chip->part_sizes[chip->largest_part] >= compilation->logical_count;
    size_t next = 0;
    for (uint32_t q = 0; q < chip->qubit_count && next < compilation->logical_count; q++)
        if (chip->is_working[q] && (!has_room || chip->parts[q] == chip->largest_part))
            compilation->placement[next++] = q;
    qhm_text_print(&compilation->detail, "in order");
}

static qhm_status place_on_graph(qhm_compilation *compilation)
{
    qhm_chip_operations operations;
    qhm_chip_graph chip = {0};
    qhm_wire_graph wires = {0};
    QHM_TRY(qhm_chip_operations_find(compilation->device, compilation->options.allow_assumed_gates,
                                     &operations));
    QHM_TRY(qhm_chip_graph_create(compilation->device, &operations, &chip));
    qhm_status status = QHM_OK;
    if (compilation->logical_count > chip.working_count) {
        status = QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                          "the circuit has %zu qubits, but %zu of the %zu of %s work",
                          compilation->logical_count, chip.working_count, chip.qubit_count,
                          qhm_device_name(compilation->device));
    } else if (compilation->level < 2) {
        place_in_order(compilation, &chip);
    } else {
        status = qhm_wire_graph_create(compilation->circuit, &wires);
        if (status == QHM_OK)
            status = search_places(compilation, &wires, &chip);
        qhm_wire_graph_release(&wires);
    }
    qhm_chip_graph_release(&chip);
    return status;
}

static qhm_status run(qhm_compilation *compilation)
{
    const size_t count = compilation->logical_count;
    QHM_TRY(qhm_allocate(count, sizeof(uint32_t), &compilation->placement));
    if (compilation->options.layout) {
        memcpy(compilation->placement, compilation->options.layout, count * sizeof(uint32_t));
        qhm_text_print(&compilation->detail, "as given");
        return QHM_OK;
    }
    if (!qhm_device_is_all_to_all(compilation->device))
        return place_on_graph(compilation);
    if (count > qhm_device_qubit_count(compilation->device))
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "the circuit has %zu qubits, but %s has %zu",
                        count, qhm_device_name(compilation->device),
                        qhm_device_qubit_count(compilation->device));
    for (size_t i = 0; i < count; i++)
        compilation->placement[i] = (uint32_t)i;
    qhm_text_print(&compilation->detail, "every pair is coupled");
    return QHM_OK;
}

const qhm_compile_pass qhm_pass_place = {
    .name = "place", .help = "the chip's qubits that the circuit starts on", .run = run};
