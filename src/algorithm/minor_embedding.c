// Chains of qubits: what they must be, the problem on the chip, and the way back.
#include <qhm/minor_embedding.h>

#include "algorithm/sparse_ising_internal.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct qhm_minor_embedding {
    size_t count;
    size_t *first;    // [count + 1] into qubits
    uint32_t *qubits; // chains, one after another
};

qhm_status qhm_minor_embedding_create(size_t spin_count, const size_t *lengths,
                                      const uint32_t *qubits, qhm_minor_embedding **embedding)
{
    qhm_minor_embedding *made;
    size_t total = 0;
    QHM_REQUIRE(lengths && qubits && embedding, "lengths, qubits or embedding is NULL");
    QHM_REQUIRE(spin_count >= 1, "an embedding of no spins");
    for (size_t i = 0; i < spin_count; i++)
        total += lengths[i];
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->count = spin_count;
    qhm_status status = qhm_allocate(spin_count + 1, sizeof(size_t), &made->first);
    if (status == QHM_OK)
        status = qhm_copy_bytes(qubits, total, sizeof *qubits, &made->qubits);
    if (status != QHM_OK) {
        qhm_minor_embedding_destroy(made);
        return status;
    }
    for (size_t i = 0; i < spin_count; i++)
        made->first[i + 1] = made->first[i] + lengths[i];
    *embedding = made;
    return QHM_OK;
}

void qhm_minor_embedding_destroy(qhm_minor_embedding *embedding)
{
    if (!embedding)
        return;
    qhm_release(embedding->first);
    qhm_release(embedding->qubits);
    qhm_release(embedding);
}

size_t qhm_minor_embedding_spin_count(const qhm_minor_embedding *embedding)
{
    return embedding->count;
}

size_t qhm_minor_embedding_qubit_count(const qhm_minor_embedding *embedding)
{
    return embedding->first[embedding->count];
}

size_t qhm_minor_embedding_longest_chain(const qhm_minor_embedding *embedding)
{
    size_t longest = 0;
    for (size_t i = 0; i < embedding->count; i++) {
        const size_t length = embedding->first[i + 1] - embedding->first[i];
        longest = length > longest ? length : longest;
    }
    return longest;
}

size_t qhm_minor_embedding_chain(const qhm_minor_embedding *embedding, size_t spin,
                                 const uint32_t **qubits)
{
    *qubits = embedding->qubits + embedding->first[spin];
    return embedding->first[spin + 1] - embedding->first[spin];
}

// Where each qubit of the chip is in the chains, and whose it is; SIZE_MAX: nobody's.
typedef struct places {
    size_t *spin, *place; // [qubits of the chip]
    size_t *stack;        // [qubits of the chains]
} places;

static void close_places(places *p)
{
    qhm_release(p->spin);
    qhm_release(p->place);
    qhm_release(p->stack);
}

static qhm_status open_places(const qhm_minor_embedding *embedding, const qhm_device *device,
                              places *p)
{
    const size_t qubits = qhm_device_qubit_count(device);
    *p = (places){0};
    qhm_status status = qhm_allocate(qubits, sizeof(size_t), &p->spin);
    if (status == QHM_OK)
        status = qhm_allocate(qubits, sizeof(size_t), &p->place);
    if (status == QHM_OK)
        status =
            qhm_allocate(qhm_minor_embedding_qubit_count(embedding), sizeof(size_t), &p->stack);
    if (status != QHM_OK) {
        close_places(p);
        return status;
    }
    memset(p->spin, 0xff, qubits * sizeof(size_t));
    return QHM_OK;
}

static qhm_status take_places(const qhm_minor_embedding *e, const qhm_device *device, places *p)
{
    for (size_t i = 0; i < e->count; i++) {
        if (e->first[i] == e->first[i + 1])
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "the chain of spin %zu is empty", i);
        for (size_t k = e->first[i]; k < e->first[i + 1]; k++) {
            const uint32_t qubit = e->qubits[k];
            if (qubit >= qhm_device_qubit_count(device) ||
                !qhm_device_qubit_at(device, qubit)->is_working)
                return QHM_FAIL(QHM_ERROR_BAD_INPUT, "qubit %u of spin %zu does not work", qubit,
                                i);
            if (p->spin[qubit] != SIZE_MAX)
                return QHM_FAIL(QHM_ERROR_BAD_INPUT, "qubit %u is of spins %zu and %zu", qubit,
                                p->spin[qubit], i);
            p->spin[qubit] = i;
            p->place[qubit] = k;
        }
    }
    return QHM_OK;
}

// The other end of coupler `index` of a qubit; SIZE_MAX if it does not work.
static size_t other_end(const qhm_device *device, uint32_t index, uint32_t qubit)
{
    const qhm_device_coupler *coupler = qhm_device_coupler_at(device, index);
    if (!coupler->is_working)
        return SIZE_MAX;
    return coupler->qubits[coupler->qubits[0] == qubit ? 1 : 0];
}

// Walks from a chain's first qubit; visited qubits lose their place for a moment.
static qhm_status check_connected(const qhm_minor_embedding *e, const qhm_device *device, places *p,
                                  size_t spin)
{
    size_t reached = 1, waiting = 1;
    const size_t length = e->first[spin + 1] - e->first[spin];
    p->stack[0] = e->qubits[e->first[spin]];
    p->spin[p->stack[0]] = SIZE_MAX;
    while (waiting > 0) {
        const uint32_t *couplers, qubit = (uint32_t)p->stack[--waiting];
        const size_t count = qhm_device_qubit_couplers(device, qubit, &couplers);
        for (size_t c = 0; c < count; c++) {
            const size_t next = other_end(device, couplers[c], qubit);
            if (next == SIZE_MAX || p->spin[next] != spin)
                continue;
            p->spin[next] = SIZE_MAX;
            p->stack[waiting++] = next;
            reached++;
        }
    }
    for (size_t k = e->first[spin]; k < e->first[spin + 1]; k++)
        p->spin[e->qubits[k]] = spin;
    return reached == length ? QHM_OK
                             : QHM_FAIL(QHM_ERROR_BAD_INPUT,
                                        "the chain of spin %zu is in pieces: %zu of %zu qubits "
                                        "are connected",
                                        spin, reached, length);
}

// Couplers between a spin's chain and those of others: counts [count].
static void count_couplers(const qhm_minor_embedding *e, const qhm_device *device, const places *p,
                           size_t spin, size_t *counts)
{
    for (size_t k = e->first[spin]; k < e->first[spin + 1]; k++) {
        const uint32_t *couplers;
        const size_t count = qhm_device_qubit_couplers(device, e->qubits[k], &couplers);
        for (size_t c = 0; c < count; c++) {
            const size_t next = other_end(device, couplers[c], e->qubits[k]);
            if (next != SIZE_MAX && p->spin[next] != SIZE_MAX)
                counts[p->spin[next]]++;
        }
    }
}

static qhm_status check_pairs(const qhm_sparse_ising *problem, size_t spin, const size_t *counts)
{
    if (!problem) {
        for (size_t j = 0; j < spin; j++)
            if (counts[j] == 0)
                return QHM_FAIL(QHM_ERROR_BAD_INPUT, "no coupler joins spins %zu and %zu", j, spin);
        return QHM_OK;
    }
    for (size_t k = problem->first[spin]; k < problem->first[spin + 1]; k++)
        if (counts[problem->neighbours[k]] == 0)
            return QHM_FAIL(QHM_ERROR_BAD_INPUT, "no coupler joins spins %zu and %u", spin,
                            problem->neighbours[k]);
    return QHM_OK;
}

static qhm_status check_chains(const qhm_minor_embedding *e, const qhm_sparse_ising *problem,
                               const qhm_device *device, places *p)
{
    size_t *counts;
    QHM_TRY(take_places(e, device, p));
    QHM_TRY(qhm_allocate(e->count, sizeof *counts, &counts));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < e->count && status == QHM_OK; i++) {
        memset(counts, 0, e->count * sizeof *counts);
        status = check_connected(e, device, p, i);
        count_couplers(e, device, p, i, counts);
        if (status == QHM_OK)
            status = check_pairs(problem, i, counts);
    }
    qhm_release(counts);
    return status;
}

qhm_status qhm_minor_embedding_check(const qhm_minor_embedding *embedding,
                                     const qhm_sparse_ising *problem, const qhm_device *device)
{
    places p;
    QHM_REQUIRE(embedding && device, "embedding or device is NULL");
    QHM_REQUIRE(!problem || problem->count == embedding->count,
                "an embedding of %zu spins for a problem of %zu", embedding->count,
                problem ? problem->count : 0);
    QHM_TRY(open_places(embedding, device, &p));
    const qhm_status status = check_chains(embedding, problem, device, &p);
    close_places(&p);
    return status;
}

double qhm_minor_embedding_find_strength(const qhm_sparse_ising *problem)
{
    double squares = 0;
    const size_t ends = problem->first[problem->count];
    for (size_t e = 0; e < ends; e++)
        squares += problem->couplings[e] * problem->couplings[e];
    if (squares == 0)
        return 1;
    return sqrt(2 * squares / (double)ends) * sqrt((double)ends / (double)problem->count);
}

typedef struct building {
    const qhm_minor_embedding *e;
    const qhm_sparse_ising *problem;
    const qhm_device *device;
    const places *p;
    double strength, constant;
    double *fields;               // [qubits of the chains]
    qhm_spin_coupling *couplings; // [couplers of the chip]
    size_t coupling_count;
    size_t *counts; // [count]
    double *shares; // [count]: of the spin's coupling with another, for each coupler
} building;

// Every coupler once, from the chain of its later place.
static void build_chain(building *b, size_t spin)
{
    const qhm_minor_embedding *e = b->e;
    const qhm_sparse_ising *problem = b->problem;
    const double length = (double)(e->first[spin + 1] - e->first[spin]);
    memset(b->counts, 0, e->count * sizeof *b->counts);
    memset(b->shares, 0, e->count * sizeof *b->shares);
    count_couplers(e, b->device, b->p, spin, b->counts);
    for (size_t k = problem->first[spin]; k < problem->first[spin + 1]; k++) {
        const size_t other = problem->neighbours[k];
        b->shares[other] += problem->couplings[k] / (double)b->counts[other];
    }
    for (size_t k = e->first[spin]; k < e->first[spin + 1]; k++) {
        const uint32_t *couplers;
        const size_t count = qhm_device_qubit_couplers(b->device, e->qubits[k], &couplers);
        b->fields[k] = problem->fields[spin] / length;
        for (size_t c = 0; c < count; c++) {
            const size_t next = other_end(b->device, couplers[c], e->qubits[k]);
            if (next == SIZE_MAX || b->p->spin[next] == SIZE_MAX || b->p->place[next] >= k)
                continue;
            const bool is_chain = b->p->spin[next] == spin;
            const double value = is_chain ? -b->strength : b->shares[b->p->spin[next]];
            b->constant += is_chain ? b->strength : 0;
            if (value != 0)
                b->couplings[b->coupling_count++] =
                    (qhm_spin_coupling){{(uint32_t)b->p->place[next], (uint32_t)k}, value};
        }
    }
}

static qhm_status build(building *b, qhm_sparse_ising **physical)
{
    const size_t qubits = qhm_minor_embedding_qubit_count(b->e);
    qhm_status status = qhm_allocate(qubits, sizeof(double), &b->fields);
    if (status == QHM_OK)
        status =
            qhm_allocate(qhm_device_coupler_count(b->device), sizeof *b->couplings, &b->couplings);
    if (status == QHM_OK)
        status = qhm_allocate(b->e->count, sizeof *b->counts, &b->counts);
    if (status == QHM_OK)
        status = qhm_allocate(b->e->count, sizeof *b->shares, &b->shares);
    for (size_t i = 0; i < b->e->count && status == QHM_OK; i++)
        build_chain(b, i);
    if (status == QHM_OK)
        status = qhm_sparse_ising_create(qubits, b->constant, b->fields, b->coupling_count,
                                         b->couplings, physical);
    qhm_release(b->fields);
    qhm_release(b->couplings);
    qhm_release(b->counts);
    qhm_release(b->shares);
    return status;
}

qhm_status qhm_minor_embedding_apply(const qhm_minor_embedding *embedding,
                                     const qhm_sparse_ising *problem, const qhm_device *device,
                                     double strength, qhm_sparse_ising **physical)
{
    places p;
    QHM_REQUIRE(embedding && problem && device && physical,
                "embedding, problem, device or physical is NULL");
    QHM_REQUIRE(strength >= 0 && isfinite(strength), "strength is %g, not a positive number",
                strength);
    QHM_REQUIRE(problem->count == embedding->count,
                "an embedding of %zu spins for a problem of "
                "%zu",
                embedding->count, problem->count);
    QHM_TRY(open_places(embedding, device, &p));
    building b = {.e = embedding,
                  .problem = problem,
                  .device = device,
                  .p = &p,
                  .strength = strength > 0 ? strength : qhm_minor_embedding_find_strength(problem),
                  .constant = problem->constant};
    qhm_status status = check_chains(embedding, problem, device, &p);
    if (status == QHM_OK)
        status = build(&b, physical);
    close_places(&p);
    return status;
}

size_t qhm_minor_embedding_read_out(const qhm_minor_embedding *embedding, const int8_t *physical,
                                    int8_t *spins)
{
    size_t broken = 0;
    for (size_t i = 0; i < embedding->count; i++) {
        const size_t first = embedding->first[i], last = embedding->first[i + 1];
        long sum = 0;
        for (size_t k = first; k < last; k++)
            sum += physical[k];
        broken += (size_t)labs(sum) != last - first;
        spins[i] = sum > 0 || (sum == 0 && physical[first] > 0) ? 1 : -1;
    }
    return broken;
}
