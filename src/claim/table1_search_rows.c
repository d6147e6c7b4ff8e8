// Rows of Table 1 that search: unstructured, structured, a database, optimisation.
#include "base/memory.h"
#include "base/statistics.h"
#include "claim/table1_internal.h"

#include <math.h>
#include <qhm/grover.h>
#include <qhm/ising.h>
#include <qhm/lookup.h>
#include <qhm/qaoa.h>
#include <qhm/random.h>
#include <stdlib.h>

enum { VALUE_BITS = 8 };

static double size_at(size_t index, size_t first_bits, size_t step)
{
    return exp2((double)(first_bits + step * index));
}

// A search of k iterations with as many spare qubits, which gates under many controls borrow.
static qhm_status create_search(const qhm_oracle *oracle, size_t iterations, qhm_circuit **wide)
{
    qhm_circuit *narrow, *made = NULL;
    QHM_TRY(qhm_grover_create(oracle, &(qhm_grover_options){.iterations = iterations}, &narrow));
    qhm_status status = qhm_circuit_create(2 * qhm_circuit_qubit_count(narrow), 0, &made);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(made, narrow, NULL, NULL, 0, 0);
    qhm_circuit_destroy(narrow);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *wide = made;
    return QHM_OK;
}

// Gates and depth of k iterations from those of one and two.
static qhm_status count_search(const qhm_oracle *oracle, double iterations,
                               qhm_table1_quantum *point)
{
    double gates[2], depth[2];
    for (size_t k = 0; k < 2; k++) {
        qhm_circuit *circuit;
        QHM_TRY(create_search(oracle, k + 1, &circuit));
        const qhm_status status = qhm_table1_count_gates(circuit, &gates[k], &depth[k]);
        qhm_circuit_destroy(circuit);
        QHM_TRY(status);
    }
    point->queries = iterations;
    point->gates = gates[0] + (iterations - 1) * (gates[1] - gates[0]);
    point->depth = depth[0] + (iterations - 1) * (depth[1] - depth[0]);
    point->runs = 1;
    return QHM_OK;
}

static qhm_status search_condition(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    const size_t bits = 8 + 6 * index; // to 2^44: a power from small sizes has their logarithms
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x743101, bits, 0);
    const uint64_t item = qhm_random_below(&random, (uint64_t)1 << bits);
    qhm_oracle *oracle;
    *point = (qhm_table1_quantum){.n = exp2((double)bits)};
    QHM_TRY(qhm_oracle_create_marked(bits, &item, 1, &oracle));
    const qhm_status status =
        count_search(oracle, (double)qhm_grover_iterations(1 / point->n), point);
    qhm_oracle_destroy(oracle);
    return status;
}

typedef struct scan {
    size_t count;
    uint64_t wanted, factor;
    const double *values; // [count] of a database
    double value;
} scan;

// Tries items one by one until a condition holds that only calculation tells.
static double scan_condition(void *context)
{
    const scan *s = context;
    size_t i = 0;
    while (i < s->count && ((i * s->factor) ^ (i >> 3)) != s->wanted)
        i++;
    return (double)i;
}

static qhm_status time_condition(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    const size_t count = (size_t)size_at(index, 8, 2), middle = count / 2;
    const uint64_t factor = seed | 0x9e3779b97f4a7c15U;
    scan s = {.count = count, .factor = factor, .wanted = (middle * factor) ^ (middle >> 3)};
    *point = (qhm_table1_classical){(double)count, qhm_table1_time(scan_condition, &s)};
    return QHM_OK;
}

const qhm_table1_row qhm_table1_unstructured_search = {
    .info = {.name = "unstructured-search",
             .operation = "Unstructured search",
             .classical = "O(N) linear search",
             .quantum = "O(sqrt(N)) Grover's algorithm (quadratic speedup)",
             .task = "find the one item of n that meets a condition; a call of it is one "
                     "multi-controlled gate here, a few instructions on the processor"},
    .query = "calls of the condition",
    .sentence = "The square root holds for conditions that are calculated, on chips whose gates "
                "make no errors; on P processors a scan gets faster by P, Grover by sqrt(P).",
    .quantum_sizes = 7,
    .classical_sizes = 7,
    .first = 2,
    .measure = search_condition,
    .time = time_condition,
};

// Gates and depth of a load of n values of 8 bits by a QROM, there and back.
static qhm_status count_table(size_t bits, uint64_t seed, double *gates, double *depth)
{
    uint64_t *words;
    qhm_circuit *circuit = NULL;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x743102, bits, 0);
    QHM_TRY(qhm_allocate((size_t)1 << bits, sizeof *words, &words));
    for (size_t i = 0; i < (size_t)1 << bits; i++)
        words[i] = qhm_random_below(&random, 1 << VALUE_BITS);
    const qhm_lookup_data data = {bits, VALUE_BITS, words};
    qhm_status status = qhm_lookup_create(QHM_LOOKUP_QROM, &data, 0, &circuit);
    if (status == QHM_OK)
        status = qhm_table1_count_gates(circuit, gates, depth);
    qhm_circuit_destroy(circuit);
    qhm_release(words);
    return status;
}

// A binary search whose reads are looked up in a table that the chip holds as a circuit.
static qhm_status search_sorted(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    const size_t bits = 3 + index;
    double gates, depth;
    QHM_TRY(count_table(bits, seed, &gates, &depth));
    *point = (qhm_table1_quantum){.n = exp2((double)bits),
                                  .queries = (double)bits,
                                  .gates = (double)bits * gates,
                                  .depth = (double)bits * depth,
                                  .runs = (double)bits};
    return QHM_OK;
}

static double search_binary(void *context)
{
    const scan *s = context;
    size_t low = 0, high = s->count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(s->value < s->values[middle] ? &high : &low) = middle;
    }
    return (double)low;
}

static double scan_table(void *context)
{
    const scan *s = context;
    size_t i = 0;
    while (i < s->count && s->values[i] != s->value)
        i++;
    return (double)i;
}

static qhm_status time_table(size_t index, uint64_t seed, bool is_sorted,
                             qhm_table1_classical *point)
{
    const size_t count = (size_t)size_at(index, 6, 2);
    double *values;
    QHM_TRY(qhm_allocate(count, sizeof *values, &values));
    qhm_table1_draw(seed, 4, values, count);
    if (is_sorted)
        qsort(values, count, sizeof *values, qhm_compare_numbers);
    scan s = {.count = count, .values = values, .value = values[count / 2]};
    *point = (qhm_table1_classical){(double)count,
                                    qhm_table1_time(is_sorted ? search_binary : scan_table, &s)};
    qhm_release(values);
    return QHM_OK;
}

static qhm_status time_sorted(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    return time_table(index, seed, true, point);
}

const qhm_table1_row qhm_table1_structured_search = {
    .info = {.name = "structured-search",
             .operation = "Structured search (e.g. BST)",
             .classical = "O(log N) for balanced tree",
             .quantum = "O(log N) (no known speedup if structure can be exploited classically)",
             .task = "find a value in a sorted list of n; on the chip the same search, each read a "
                     "look-up of the table as a circuit"},
    .query = "reads",
    .sentence = "No gain: lg n reads on both sides, up to a constant factor [hoyer2002], and a "
                "table that is a circuit has n gates a read.",
    .quantum_sizes = 8,
    .classical_sizes = 8,
    .first = 3,
    .measure = search_sorted,
    .time = time_sorted,
};

// Grover over a stored table: each call loads and compares, and takes both back.
static qhm_status search_table(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    const size_t bits = 3 + index, count = (size_t)1 << bits;
    uint64_t *values;
    qhm_oracle *oracle = NULL;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x743103, bits, 0);
    *point = (qhm_table1_quantum){.n = (double)count};
    QHM_TRY(qhm_allocate(count, sizeof *values, &values));
    for (size_t i = 0; i < count; i++)
        values[i] = 1 + qhm_random_below(&random, (1 << VALUE_BITS) - 1);
    values[qhm_random_below(&random, count)] = 0;
    qhm_status status = qhm_oracle_create_less(bits, VALUE_BITS, values, count, 1, &oracle);
    if (status == QHM_OK)
        status = count_search(oracle, (double)qhm_grover_iterations(1 / point->n), point);
    qhm_oracle_destroy(oracle);
    qhm_release(values);
    return status;
}

static qhm_status time_scan(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    return time_table(index, seed, false, point);
}

const qhm_table1_row qhm_table1_database_search = {
    .info = {.name = "database-search",
             .operation = "Search in database of size N",
             .classical = "O(log N) if sorted (binary search) / O(N) if unsorted",
             .quantum = "O(sqrt(N)) (Grover) unsorted; no gain if sorted (need classical sort)",
             .task = "find the one value of n stored in no order; the chip loads all of them in "
                     "every oracle call"},
    .query = "oracle calls",
    .sentence = "Whoever loads n values to search them has read each once, which is all that a "
                "scan does.",
    .quantum_sizes = 8,
    .classical_sizes = 8,
    .first = 3,
    .measure = search_table,
    .time = time_scan,
};

// The largest cut of a random graph of degree 3: a ring with a random matching across.
static qhm_status create_cut(size_t nodes, uint64_t seed, qhm_ising **ising)
{
    size_t order[32];
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, 0x743105, nodes, 0);
    for (size_t i = 0; i < nodes; i++)
        order[i] = i;
    qhm_random_shuffle(&random, order, nodes);
    qhm_ising *made;
    QHM_TRY(qhm_ising_create(nodes, &made));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < nodes && status == QHM_OK; i++)
        status = qhm_ising_append_coupling(made, i, (i + 1) % nodes, 0.5);
    for (size_t i = 0; i + 1 < nodes && status == QHM_OK; i += 2)
        status = qhm_ising_append_coupling(made, order[i], order[i + 1], 0.5);
    if (status != QHM_OK) {
        qhm_ising_destroy(made);
        return status;
    }
    *ising = made;
    return QHM_OK;
}

// The share of the best bit strings in QAOA's state of 4 layers at published angles.
static qhm_status find_share(const qhm_ising *ising, const double *angles, double *share)
{
    const size_t count = (size_t)1 << qhm_ising_spin_count(ising);
    double *energies, least = INFINITY;
    qhm_qaoa *qaoa = NULL;
    QHM_TRY(qhm_allocate(2 * count, sizeof *energies, &energies));
    qhm_status status = qhm_ising_energies(ising, energies);
    if (status == QHM_OK)
        status = qhm_qaoa_create(ising, &(qhm_qaoa_options){.layers = 4}, &qaoa);
    if (status == QHM_OK)
        status = qhm_qaoa_probabilities(qaoa, angles, energies + count);
    *share = 0;
    for (size_t i = 0; i < count; i++)
        least = fmin(least, energies[i]);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        if (energies[i] < least + 1e-9)
            *share += energies[count + i];
    qhm_qaoa_destroy(qaoa);
    qhm_release(energies);
    return status;
}

static qhm_status count_qaoa(const qhm_ising *ising, const double *angles,
                             qhm_table1_quantum *point)
{
    enum { LAYERS = 4 };
    qhm_circuit *circuit, *bound = NULL;
    double share = 1, gates = 0, depth = 0;
    QHM_TRY(find_share(ising, angles, &share));
    QHM_TRY(
        qhm_qaoa_circuit_create(ising, &(qhm_qaoa_circuit_options){.layers = LAYERS}, &circuit));
    qhm_status status = qhm_circuit_bind(circuit, NULL, angles, &bound);
    if (status == QHM_OK)
        status = qhm_table1_count_gates(bound, &gates, &depth);
    qhm_circuit_destroy(bound);
    qhm_circuit_destroy(circuit);
    point->runs = fmax(1, log(0.01) / log1p(-fmin(share, 1 - 1e-9)));
    point->queries = LAYERS * point->runs;
    point->gates = gates * point->runs;
    point->depth = depth * point->runs;
    return status;
}

static qhm_status optimise(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    enum { GRAPHS = 8 };
    const size_t nodes = 6 + 2 * index;
    double angles[8];
    *point = (qhm_table1_quantum){.n = exp2((double)nodes)};
    QHM_TRY(qhm_qaoa_fixed_angles(4, angles));
    for (uint64_t g = 0; g < GRAPHS; g++) {
        qhm_ising *ising;
        qhm_table1_quantum one = {0};
        QHM_TRY(create_cut(nodes, seed * GRAPHS + g, &ising));
        const qhm_status status = count_qaoa(ising, angles, &one);
        qhm_ising_destroy(ising);
        QHM_TRY(status);
        point->runs += one.runs / GRAPHS;
        point->queries += one.queries / GRAPHS;
        point->gates += one.gates / GRAPHS;
        point->depth += one.depth / GRAPHS;
    }
    return QHM_OK;
}

static double bound_branches(void *context)
{
    qhm_ising_solution solution = {0};
    return qhm_ising_branch_and_bound(context, 0, &solution) == QHM_OK ? solution.energy
                                                                       : (double)NAN;
}

static qhm_status time_bound(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    enum { GRAPHS = 8 };
    const size_t nodes = 6 + 2 * index;
    *point = (qhm_table1_classical){exp2((double)nodes), 0};
    for (uint64_t g = 0; g < GRAPHS; g++) {
        qhm_ising *ising;
        QHM_TRY(create_cut(nodes, seed * GRAPHS + g, &ising));
        point->seconds += qhm_table1_time(bound_branches, ising) / GRAPHS;
        qhm_ising_destroy(ising);
    }
    return QHM_OK;
}

const qhm_table1_row qhm_table1_optimisation = {
    .info = {.name = "optimisation",
             .operation = "Optimization (generic)",
             .classical = "no general polytime method for NP-hard problems (often exponential)",
             .quantum = "quadratic speedup in exhaustive search (Grover); QAOA heuristic (no "
                        "guaranteed global speedup in worst-case)",
             .task = "the largest cut of graphs of degree 3, n = 2^nodes: QAOA of 4 layers at "
                     "published angles until it is found with 99 %, against branch and bound, "
                     "which proves it"},
    .query = "layers of the cost",
    .sentence = "Both are exponential in the nodes, with exponents well below exhaustive search; "
                "that of QAOA rests on few and small graphs and on knowing when to stop.",
    .quantum_sizes = 6,
    .classical_sizes = 6,
    .first = 1,
    .measure = optimise,
    .time = time_bound,
};
