// Minor embeddings: complete graphs alone, or with a device's name the graphs of standard input,
// for tools/bench-peers/bench_embedding.py: "spins edges seed" and the edges, one line an answer.
#include <qhm/minor_embedding.h>

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { MOST_EDGES = 100000 };

static qhm_spin_coupling edges[MOST_EDGES];

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Qubits, the longest chain and seconds; no qubits where the search gave up.
static qhm_status embed(const qhm_device *device, size_t spins, size_t count, uint64_t seed)
{
    qhm_sparse_ising *ising;
    qhm_minor_embedding *embedding = NULL;
    qhm_status status = qhm_sparse_ising_create(spins, 0, NULL, count, edges, &ising);
    if (status != QHM_OK)
        return status;
    const double start = seconds();
    status = qhm_minor_embedding_find(ising, device, &(qhm_minor_embedding_options){.seed = seed},
                                      &embedding);
    const double taken = seconds() - start;
    if (status == QHM_OK)
        status = qhm_minor_embedding_check(embedding, ising, device);
    if (status == QHM_OK || status == QHM_ERROR_NOT_FOUND)
        printf("%zu %zu %.6f\n", embedding ? qhm_minor_embedding_qubit_count(embedding) : 0,
               embedding ? qhm_minor_embedding_longest_chain(embedding) : 0, taken);
    fflush(stdout);
    qhm_minor_embedding_destroy(embedding);
    qhm_sparse_ising_destroy(ising);
    return status == QHM_ERROR_NOT_FOUND ? QHM_OK : status;
}

static qhm_status answer_requests(const qhm_device *device)
{
    size_t spins, count;
    uint64_t seed;
    qhm_status status = QHM_OK;
    while (status == QHM_OK && scanf("%zu %zu %" SCNu64, &spins, &count, &seed) == 3) {
        for (size_t i = 0; i < count && i < MOST_EDGES; i++) {
            edges[i].value = 1;
            if (scanf("%" SCNu32 " %" SCNu32, &edges[i].spins[0], &edges[i].spins[1]) != 2)
                return QHM_ERROR_BAD_INPUT;
        }
        status = embed(device, spins, count, seed);
    }
    return status;
}

static qhm_status embed_complete(const qhm_device *device, uint32_t spins)
{
    size_t count = 0;
    for (uint32_t b = 0; b < spins; b++)
        for (uint32_t a = 0; a < b; a++)
            edges[count++] = (qhm_spin_coupling){{a, b}, 1};
    printf("complete graph of %" PRIu32 " on Advantage2 (qubits, longest chain, seconds): ", spins);
    return embed(device, spins, count, 0);
}

int main(int argc, char **argv)
{
    qhm_device *device;
    qhm_status status = qhm_device_load(argc > 1 ? argv[1] : "advantage2", NULL, &device);
    if (status == QHM_OK && argc > 1)
        status = answer_requests(device);
    for (uint32_t spins = 8; status == QHM_OK && argc == 1 && spins <= 24; spins += 8)
        status = embed_complete(device, spins);
    if (status != QHM_OK)
        fprintf(stderr, "%s\n", qhm_error_message());
    qhm_device_destroy(device);
    return status == QHM_OK ? 0 : 1;
}
