// Rows of Table 1 about chance and errors.
#include "algorithm/alias_table.h"
#include "base/memory.h"
#include "claim/table1_internal.h"

#include <math.h>
#include <qhm/device.h>
#include <qhm/random.h>

// As many samples as outcomes: with a fixed number, the table that is made first would hide behind
// them up to some size, and no power would fit.
static qhm_status sample(size_t index, uint64_t seed, qhm_table1_quantum *point)
{
    qhm_circuit *load;
    double gates, depth;
    const double n = exp2((double)index + 2);
    QHM_TRY(qhm_table1_load(index + 2, seed, &load));
    const qhm_status status = qhm_table1_count_gates(load, &gates, &depth);
    qhm_circuit_destroy(load);
    QHM_TRY(status);
    *point = (qhm_table1_quantum){
        .n = n, .queries = n, .gates = n * gates, .depth = n * depth, .runs = n};
    return QHM_OK;
}

typedef struct urn {
    const double *weights; // [n]
    size_t n;
    qhm_random random;
    qhm_status status;
} urn;

// The table, then n samples from it.
static double sample_here(void *context)
{
    urn *u = context;
    qhm_alias_table table = {0};
    double sum = 0;
    const qhm_status status = qhm_alias_table_create(u->weights, u->n, &table);
    if (status != QHM_OK) {
        u->status = status;
        return 0;
    }
    for (size_t i = 0; i < u->n; i++)
        sum += (double)qhm_alias_table_draw(&table, &u->random);
    qhm_alias_table_release(&table);
    return sum;
}

static qhm_status time_sample(size_t index, uint64_t seed, qhm_table1_classical *point)
{
    const size_t n = (size_t)64 << 2 * index;
    double *weights;
    QHM_TRY(qhm_allocate(n, sizeof *weights, &weights));
    qhm_table1_draw(seed, 13, weights, n);
    for (size_t i = 0; i < n; i++)
        weights[i] *= weights[i];
    urn u = {weights, n, qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x743114, n, 0), QHM_OK};
    *point = (qhm_table1_classical){(double)n, qhm_table1_time(sample_here, &u)};
    qhm_release(weights);
    return u.status;
}

const qhm_table1_row qhm_table1_sampling = {
    .info = {.name = "sampling",
             .operation = "Sampling from distribution",
             .classical = "depends on distribution (often O(N))",
             .quantum = "quantum sampling can leverage superposition to sample in one step from "
                        "prepared distribution",
             .task = "n samples of a given distribution over n outcomes; on the processor by a "
                     "table, whose making is timed with them [walker1977]"},
    .query = "samples",
    .sentence = "One step a sample holds after a preparation of n gates, which every sample needs "
                "anew, where a processor makes its table once, in n steps; for distributions that "
                "short circuits make and processors cannot, it is "
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
