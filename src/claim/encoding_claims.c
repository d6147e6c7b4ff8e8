// Claims about bringing data into states: amplitudes, addresses, memories.
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "claim/claim_internal.h"
#include "claim/scaling.h"
#include "claim/score_oracle.h"

#include <math.h>
#include <qhm/device.h>
#include <qhm/oracle.h>
#include <qhm/overlap.h>
#include <qhm/random.h>
#include <qhm/state_preparation.h>

enum { MOST_BITS = 8 };

// A random vector of 2^n numbers and the circuit that prepares it.
static qhm_status draw_vector(size_t qubits, uint64_t seed, qhm_complex *amplitudes,
                              qhm_circuit **circuit)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x656e63, qubits, 0);
    for (size_t i = 0; i < (size_t)1 << qubits; i++)
        amplitudes[i] = (qhm_complex){qhm_random_normal(&random), 0};
    return qhm_state_preparation_bind(qubits, QHM_STATE_REAL, amplitudes, circuit);
}

static qhm_status find_fidelity(const qhm_circuit *circuit, const qhm_complex *wanted, size_t count,
                                double *fidelity)
{
    qhm_complex *made;
    double dot = 0, norm = 0;
    QHM_TRY(qhm_counted_state(circuit, NULL, &made));
    for (size_t i = 0; i < count; i++) {
        dot += made[i].re * wanted[i].re;
        norm += wanted[i].re * wanted[i].re;
    }
    qhm_release(made);
    *fidelity = dot * dot / norm;
    return QHM_OK;
}

static qhm_status run_sixty_four(const qhm_claim_options *options, qhm_claim_result *result)
{
    qhm_complex wanted[64];
    qhm_circuit *circuit;
    qhm_device *device;
    qhm_part_cost cost = {0};
    double fidelity = 0;
    QHM_TRY(draw_vector(6, options->seed, wanted, &circuit));
    qhm_status status = qhm_part_count(circuit, &cost);
    if (status == QHM_OK)
        status = find_fidelity(circuit, wanted, 64, &fidelity);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    QHM_TRY(qhm_device_load("willow", NULL, &device));
    const double error = qhm_device_figure(device, "two_qubit_error").value;
    qhm_device_destroy(device);
    qhm_claim_number(result->numbers, "dimensions", 64);
    qhm_claim_number(result->numbers, "qubits", cost.qubits);
    qhm_claim_number(result->numbers, "fidelity", fidelity);
    qhm_claim_number(result->numbers, "gates", cost.gates);
    qhm_claim_number(result->numbers, "depth", cost.depth);
    qhm_claim_number(result->numbers, "share_without_error_on_willow", pow(1 - error, 62));
    const bool holds = cost.qubits == 6 && fidelity > 1 - 1e-10;
    qhm_claim_find_that(result, holds ? QHM_CLAIM_HOLDS : QHM_CLAIM_FAILS,
                        "%.0f qubits hold 64 random numbers as amplitudes, with a fidelity of "
                        "%.10f. It takes %.0f gates, %.1f for each number, before every shot.",
                        cost.qubits, fidelity, cost.gates, cost.gates / 64);
    return QHM_OK;
}

const qhm_claim qhm_claim_sixty_four_dimensions = {
    .info = {.name = "sixty-four-dimensions",
             .place = "section 3.3",
             .claim = "On present hardware, d = 64 would require 6 qubits (since 2^6 = 64) if "
                      "using amplitude encoding, which is well within reach.",
             .details = "Prepares a random vector of 64 numbers and compares the state with it."},
    .run = run_sixty_four,
};

static qhm_status run_fifteen(const qhm_claim_options *options, qhm_claim_result *result)
{
    enum { BITS = 15, WIDTH = 8, ITEMS = 20000 }; // "tens of thousands"
    const size_t bits = options->is_quick ? 10 : BITS, count = (size_t)1 << bits;
    uint64_t *values;
    qhm_oracle *oracle = NULL;
    qhm_circuit *call = NULL;
    qhm_part_cost cost = {0};
    qhm_random random = qhm_random_stream(options->seed, QHM_RANDOM_DATA, 0x666966, 0, 0);
    QHM_TRY(qhm_allocate(count, sizeof *values, &values));
    for (size_t i = 0; i < count; i++)
        values[i] = qhm_random_below(&random, 1 << WIDTH);
    qhm_status status = qhm_oracle_create_less(bits, WIDTH, values, count, 1, &oracle);
    if (status == QHM_OK)
        status = qhm_oracle_circuit_create(oracle, M_PI, 0, &call);
    if (status == QHM_OK)
        status = qhm_part_count(call, &cost);
    qhm_circuit_destroy(call);
    qhm_oracle_destroy(oracle);
    qhm_release(values);
    QHM_TRY(status);
    qhm_claim_number(result->numbers, "address_qubits", (double)bits);
    qhm_claim_number(result->numbers, "items", (double)count);
    qhm_claim_number(result->numbers, "qubits_of_a_search", cost.qubits);
    qhm_claim_number(result->numbers, "gates_of_an_oracle_call", cost.gates);
    qhm_claim_number(result->numbers, "t_gates_of_an_oracle_call", cost.t_gates);
    qhm_claim_number(result->numbers, "calls", M_PI / 4 * sqrt((double)count));
    const double needed = ceil(log2(ITEMS));
    qhm_claim_number(result->numbers, "qubits_to_address_20000_items", needed);
    qhm_claim_find_that(
        result,
        needed != BITS ? QHM_CLAIM_FAILS
                       : (cost.qubits > (double)bits ? QHM_CLAIM_HOLDS_IF : QHM_CLAIM_HOLDS),
        "The address of %d items takes %.0f qubits. With %zu items of 8 bits, an address of %zu, "
        "as an oracle that loads and compares, a search takes %.0f qubits, and each of %.0f calls "
        "%.3g gates.",
        ITEMS, needed, count, bits, cost.qubits, M_PI / 4 * sqrt((double)count), cost.gates);
    return QHM_OK;
}

const qhm_claim qhm_claim_fifteen_qubits = {
    .info = {.name = "fifteen-qubits",
             .place = "section 3.3.1",
             .claim = "Small instances could be tried on tens of thousands of items (which might "
                      "require around 15 qubits for sqrt(N) search if structured appropriately).",
             .details = "Builds the oracle of a search over stored values as a circuit and counts "
                        "its qubits and gates; with --quick for 1,024 items."},
    .run = run_fifteen,
};

// A SWAP test of two random vectors of 2^n numbers, preparations included.
static qhm_status count_overlap(size_t qubits, uint64_t seed, qhm_part_cost *cost)
{
    qhm_complex *amplitudes;
    qhm_circuit *a = NULL, *b = NULL, *test = NULL;
    QHM_TRY(qhm_allocate((size_t)1 << qubits, sizeof *amplitudes, &amplitudes));
    qhm_status status = draw_vector(qubits, seed, amplitudes, &a);
    if (status == QHM_OK)
        status = draw_vector(qubits, seed + 1, amplitudes, &b);
    if (status == QHM_OK)
        status = qhm_overlap_circuit_create(QHM_OVERLAP_SWAP_TEST, a, b, &test);
    if (status == QHM_OK)
        status = qhm_part_count(test, cost);
    qhm_release(amplitudes);
    qhm_circuit_destroy(a);
    qhm_circuit_destroy(b);
    qhm_circuit_destroy(test);
    return status;
}

static qhm_status run_inner_product(const qhm_claim_options *options, qhm_claim_result *result)
{
    double d[MOST_BITS], gates[MOST_BITS], test[MOST_BITS];
    const double shots = qhm_overlap_shots(QHM_OVERLAP_SWAP_TEST, 0.25, 0.01, 0.95);
    json_t *list = json_array();
    json_object_set_new(result->numbers, "sizes", list);
    for (size_t i = 0; i < MOST_BITS; i++) {
        qhm_part_cost cost;
        json_t *row = qhm_claim_row(list);
        QHM_TRY(count_overlap(i + 1, options->seed, &cost));
        d[i] = exp2((double)i + 1);
        gates[i] = cost.gates;
        test[i] = 3 + (double)(i + 1); // two H, a measurement, a controlled swap for each qubit
        qhm_claim_number(row, "d", d[i]);
        qhm_claim_number(row, "gates_of_a_shot", gates[i]);
        qhm_claim_number(row, "of_these_after_preparation", test[i]);
        qhm_claim_number(row, "depth_of_a_shot", cost.depth);
        qhm_claim_number(row, "shots", shots);
        qhm_claim_number(row, "classical_multiplications", d[i]);
    }
    const size_t first = MOST_BITS / 2;
    const qhm_interval whole = qhm_scaling_exponent(d + first, gates + first, MOST_BITS - first);
    qhm_claim_number(result->numbers, "exponent_of_gates", whole.mean);
    qhm_plot_begin(result->plot, "SWAP test of vectors of d numbers", "d, as powers of ten",
                   "operations, as powers of ten");
    qhm_plot_add(result->plot, "gates of a shot", d, gates, MOST_BITS);
    qhm_plot_add(result->plot, "after preparation", d, test, MOST_BITS);
    qhm_plot_add(result->plot, "multiplications of a processor", d, d, MOST_BITS);
    qhm_claim_find_that(
        result, whole.mean < 0.5 ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF,
        "With prepared states the shots do not depend on d: %.0f for an error of 0.01 with 95 %%. "
        "Preparing both states belongs to every shot, and gates grow as d^%.2f: at d = %.0f %.3g "
        "gates in all, for %.0f multiplications of a processor.",
        shots, whole.mean, d[MOST_BITS - 1], shots * gates[MOST_BITS - 1], d[MOST_BITS - 1]);
    return QHM_OK;
}

const qhm_claim qhm_claim_inner_product = {
    .info = {.name = "inner-product",
             .place = "table 1, row 5; section 2.1",
             .claim = "Distance / inner product: O(d) for vectors in R^d, O(1) with quantum state "
                      "overlap (assuming states prepared).",
             .details = "Counts SWAP tests of random vectors of 2 to 256 numbers, preparations "
                        "included; holds without a condition if gates grow slower than sqrt(d)."},
    .run = run_inner_product,
};

static qhm_status run_qram(const qhm_claim_options *options, qhm_claim_result *result)
{
    double cells[MOST_BITS - 1], gates[MOST_BITS - 1], depth[MOST_BITS - 1], lg[MOST_BITS - 1];
    json_t *list = json_array();
    json_object_set_new(result->numbers, "sizes", list);
    for (size_t i = 0; i < MOST_BITS - 1; i++) {
        qhm_part_cost tree, chain;
        const size_t bits = i + 2;
        json_t *row = qhm_claim_row(list);
        QHM_TRY(qhm_memory_cost(QHM_LOOKUP_BUCKET_BRIGADE, bits, 1, options->seed, &tree));
        QHM_TRY(qhm_memory_cost(QHM_LOOKUP_QROM, bits, 1, options->seed, &chain));
        cells[i] = exp2((double)bits);
        lg[i] = (double)bits;
        gates[i] = tree.gates;
        depth[i] = tree.depth;
        qhm_claim_number(row, "cells", cells[i]);
        qhm_claim_number(row, "qubits", tree.qubits);
        qhm_claim_number(row, "gates", tree.gates);
        qhm_claim_number(row, "depth", tree.depth);
        qhm_claim_number(row, "qrom_depth", chain.depth);
    }
    const size_t first = 2, count = MOST_BITS - 1 - first;
    const qhm_interval by_cells = qhm_scaling_exponent(cells + first, gates + first, count);
    const qhm_interval by_log = qhm_scaling_exponent(lg + first, depth + first, count);
    qhm_claim_number(result->numbers, "exponent_of_gates_by_cells", by_cells.mean);
    qhm_claim_number(result->numbers, "exponent_of_depth_by_lg_cells", by_log.mean);
    qhm_plot_begin(result->plot, "A query of bucket-brigade qRAM", "cells, as powers of ten",
                   "gates and depth, as powers of ten");
    qhm_plot_add(result->plot, "gates", cells, gates, MOST_BITS - 1);
    qhm_plot_add(result->plot, "depth", cells, depth, MOST_BITS - 1);
    const bool is_shallow = by_log.mean < 3, is_light = by_cells.mean < 0.5;
    qhm_claim_find_that(
        result, !is_shallow ? QHM_CLAIM_FAILS : (is_light ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF),
        "A query through our tree of routers takes layers as (lg N)^%.1f and gates as N^%.2f%s.",
        by_log.mean, by_cells.mean,
        is_shallow && !is_light ? ", in every query: it holds in depth, where all routers act at "
                                  "once and are not paid for"
                                : "");
    return QHM_OK;
}

const qhm_claim qhm_claim_qram = {
    .info = {.name = "qram",
             .place = "section 5.5; table 1, row 10",
             .claim = "qRAM hardware can load data in O(log N) by routing down a binary tree of "
                      "address qubits.",
             .details = "Builds bucket-brigade queries of 4 to 256 cells and counts gates and "
                        "depth."},
    .run = run_qram,
};
