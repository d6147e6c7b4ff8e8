// Rows of Table 1 about chance and errors.
#include "base/memory.h"
#include "claim/table1_internal.h"

#include <math.h>
#include <qhm/device.h>
#include <qhm/random.h>

enum { SAMPLES = 1000 };

static qhm_status sample(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    qhm_circuit *load;
    double gates, depth;
    QHM_TRY(qhm_table1_load(index + 2, seed, &load));
    const qhm_status status = qhm_table1_count_gates(load, &gates, &depth);
    qhm_circuit_destroy(load);
    QHM_TRY(status);
    *point = (qhm_table1_quantum){.n = exp2((double)index + 2),
                                  .queries = SAMPLES,
                                  .gates = SAMPLES * gates,
                                  .depth = SAMPLES * depth,
                                  .runs = SAMPLES};
    return QHM_OK;
}

typedef struct urn {
    size_t n;
    const double *weights; // [n]
    double *share;         // [n]: of a slot that is its own
    size_t *other;         // [n]: what the rest of the slot is
    size_t *stack;         // [n]
    qhm_random random;
} urn;

// Walker's table: each of n slots holds two outcomes at most.
static void fill_slots(const urn *u)
{
    size_t small = 0, large = u->n;
    for (size_t i = 0; i < u->n; i++) {
        u->share[i] = u->weights[i] * (double)u->n;
        u->other[i] = i;
        u->stack[u->share[i] < 1 ? small++ : --large] = i;
    }
    while (small > 0 && large < u->n) {
        const size_t little = u->stack[--small], much = u->stack[large];
        u->other[little] = much;
        u->share[much] -= 1 - u->share[little];
        if (u->share[much] < 1) {
            large++;
            u->stack[small++] = much;
        }
    }
}

static double sample_here(void *context)
{
    urn *u = context;
    double sum = 0;
    fill_slots(u);
    for (size_t i = 0; i < SAMPLES; i++) {
        const double place = qhm_random_uniform(&u->random) * (double)u->n;
        const size_t slot = (size_t)place;
        sum += (double)(place - (double)slot < u->share[slot] ? slot : u->other[slot]);
    }
    return sum;
}

static qhm_status time_sample(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    const size_t n = (size_t)16 << 2 * index;
    double *weights, total = 0;
    size_t *places;
    QHM_TRY(qhm_allocate(2 * n, sizeof *weights, &weights));
    qhm_status status = qhm_allocate(2 * n, sizeof *places, &places);
    if (status == QHM_OK) {
        qhm_table1_draw(seed, 13, weights, n);
        for (size_t i = 0; i < n; i++)
            total += weights[i] *= weights[i];
        for (size_t i = 0; i < n; i++)
            weights[i] /= total;
        urn u = {n,      weights,    weights + n,
                 places, places + n, qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x743114, n, 0)};
        *point = (qhm_table1_classical){(double)n, qhm_table1_time(sample_here, &u)};
        qhm_release(places);
    }
    qhm_release(weights);
    return status;
}

const qhm_table1_row qhm_table1_sampling = {
    .info = {.name = "sampling",
             .operation = "Sampling from distribution",
             .classical = "depends on distribution (often O(N))",
             .quantum = "quantum sampling can leverage superposition to sample in one step from "
                        "prepared distribution",
             .task = "1,000 samples of a given distribution over n outcomes; on the processor by "
                     "a table made first [walker1977]"},
    .query = "samples",
    .sentence = "One step a sample holds after a preparation of n gates, which every sample needs "
                "anew; for distributions that short circuits make and processors cannot, it is "
                "another matter.",
    .quantum_sizes = 8,
    .classical_sizes = 6,
    .first = 2,
    .measure = sample,
    .time = time_sample,
};

// The least odd distance at which n gates of a surface code with gate errors of 10^-3 fail with 1 %
// at most, d cycles a gate [fowler2012].
static double find_distance(double n)
{
    double d = 3;
    while (n * d * 0.1 * pow(0.1, (d + 1) / 2) > 0.01)
        d += 2;
    return d;
}

static qhm_status correct(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    qhm_device *device;
    (void)seed;
    const double n = pow(10, 2 + (double)index), d = find_distance(n);
    QHM_TRY(qhm_device_load("willow", NULL, &device));
    const double cycle = 1e-9 * qhm_device_figure(device, "cycle_duration_ns").value;
    qhm_device_destroy(device);
    *point = (qhm_table1_quantum){.n = n,
                                  .queries = n,
                                  .gates = n * d * 4 * (d * d - 1), // of every check, every cycle
                                  .depth = n * d * 4,
                                  .runs = 1,
                                  .seconds = n * d * cycle};
    return QHM_OK;
}

static double add_here(void *context)
{
    const size_t n = *(const size_t *)context;
    uint64_t sum = 1;
    for (size_t i = 0; i < n; i++)
        sum = sum * 6364136223846793005U + i;
    return (double)sum;
}

static qhm_status time_add(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    size_t n = 100;
    (void)seed;
    for (size_t i = 0; i < index; i++)
        n *= 10;
    *point = (qhm_table1_classical){(double)n, qhm_table1_time(add_here, &n)};
    return QHM_OK;
}

const qhm_table1_row qhm_table1_noise = {
    .info = {.name = "noise",
             .operation = "Robustness to noise",
             .classical = "classical bits stable (error correcting codes rarely needed at hardware "
                          "level)",
             .quantum = "qubits fragile, require quantum error correction (overhead in qubit count "
                        "and operations)",
             .task = "n logical gates on one qubit of a surface code at gate errors of 10^-3, so "
                     "that 1 % fail, by formula; n multiplications on the processor"},
    .query = "logical gates",
    .sentence = "The overhead grows by logarithms only, but from some hundred physical gates a "
                "logical one; a processor needs none.",
    .quantum_sizes = 8,
    .classical_sizes = 6,
    .first = 0,
    .measure = correct,
    .time = time_add,
};
