// Vectors in place of spins: the semidefinite relaxation in low rank, rounded by hyperplanes.
#include <qhm/ising.h>

#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <qhm/random.h>

// Fields are couplings to one more vector, which is spin +1 by definition.
typedef struct relaxation {
    const qhm_ising *ising;
    size_t count, rank; // count of vectors
    double *vectors;    // [count][rank]
    double *pulls;      // [count]: lengths of sum_j J_ij v_j
    double *sum;        // [rank]
    double *couplings;  // [count][count]
} relaxation;

static void close_relaxation(relaxation *r)
{
    qhm_release(r->vectors);
    qhm_release(r->pulls);
    qhm_release(r->sum);
    qhm_release(r->couplings);
}

static qhm_status open_relaxation(relaxation *r, const qhm_ising *ising, uint64_t seed)
{
    const size_t n = qhm_ising_spin_count(ising);
    *r = (relaxation){.ising = ising, .count = n + 1};
    r->rank = (size_t)ceil(sqrt(2.0 * (double)r->count)) + 1;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 1, 0, 0);
    qhm_status status = qhm_allocate(r->count * r->rank, sizeof(double), &r->vectors);
    if (status == QHM_OK)
        status = qhm_allocate(r->count, sizeof(double), &r->pulls);
    if (status == QHM_OK)
        status = qhm_allocate(r->rank, sizeof(double), &r->sum);
    if (status == QHM_OK)
        status = qhm_allocate(r->count * r->count, sizeof(double), &r->couplings);
    if (status != QHM_OK) {
        close_relaxation(r);
        return status;
    }
    for (size_t i = 0; i < r->count; i++) {
        double length = 0;
        for (size_t k = 0; k < r->rank; k++) {
            r->vectors[i * r->rank + k] = qhm_random_normal(&random);
            length = hypot(length, r->vectors[i * r->rank + k]);
        }
        for (size_t k = 0; k < r->rank; k++)
            r->vectors[i * r->rank + k] /= length;
        for (size_t j = 0; j < n && i < n; j++)
            r->couplings[i * r->count + j] = qhm_ising_coupling(ising, i, j);
        if (i < n)
            r->couplings[i * r->count + n] = r->couplings[n * r->count + i] =
                qhm_ising_field(ising, i);
    }
    return QHM_OK;
}

// Each vector to where it costs least while the others stay; returns the gain.
static double sweep(relaxation *r)
{
    double change = 0;
    for (size_t i = 0; i < r->count; i++) {
        double *own = r->vectors + i * r->rank, length = 0, along = 0;
        for (size_t k = 0; k < r->rank; k++)
            r->sum[k] = 0;
        for (size_t j = 0; j < r->count; j++) {
            const double coupling = r->couplings[i * r->count + j];
            for (size_t k = 0; k < r->rank && coupling != 0; k++)
                r->sum[k] += coupling * r->vectors[j * r->rank + k];
        }
        for (size_t k = 0; k < r->rank; k++) {
            length += r->sum[k] * r->sum[k];
            along += r->sum[k] * own[k];
        }
        length = sqrt(length);
        r->pulls[i] = length;
        change += along + length;
        for (size_t k = 0; k < r->rank && length > 0; k++)
            own[k] = -r->sum[k] / length;
    }
    return change;
}

static double cost_of_vectors(const relaxation *r)
{
    double cost = 0;
    for (size_t i = 0; i < r->count; i++)
        for (size_t j = 0; j < i; j++)
            for (size_t k = 0; k < r->rank; k++)
                cost += r->couplings[i * r->count + j] * r->vectors[i * r->rank + k] *
                        r->vectors[j * r->rank + k];
    return cost;
}

// With y_i = -|sum_j J_ij v_j| / 2, the cost is at least sum y + count * lowest eigenvalue of
// J / 2 - diag y, whatever the vectors. Rounding is taken off, so that the bound stays one.
static qhm_status find_bound(const relaxation *r, double *bound)
{
    double *matrix, *vector, value, total = 0;
    const size_t n = r->count;
    QHM_TRY(qhm_allocate(n * n + n, sizeof *matrix, &matrix));
    vector = matrix + n * n;
    for (size_t i = 0; i < n; i++) {
        total -= r->pulls[i] / 2;
        for (size_t j = 0; j < n; j++)
            matrix[i * n + j] = -r->couplings[i * n + j] / 2;
        matrix[i * n + i] = -r->pulls[i] / 2;
    }
    const qhm_status status = qhm_symmetric_eigen(matrix, n, 1, &value, vector);
    qhm_release(matrix);
    *bound = total - (double)n * fmax(0, value) + qhm_ising_constant(r->ising) -
             qhm_ising_rounding(r->ising);
    return status;
}

static uint64_t round_once(const relaxation *r, qhm_random *random)
{
    uint64_t bits = 0;
    double last = 0;
    for (size_t k = 0; k < r->rank; k++)
        r->sum[k] = qhm_random_normal(random);
    for (size_t i = r->count; i-- > 0;) {
        double side = 0;
        for (size_t k = 0; k < r->rank; k++)
            side += r->sum[k] * r->vectors[i * r->rank + k];
        if (i == r->count - 1)
            last = side;
        else if ((side < 0) != (last < 0))
            bits |= (uint64_t)1 << i;
    }
    return bits;
}

// Flips what lowers the cost until nothing does.
static uint64_t improve(const qhm_ising *ising, uint64_t bits)
{
    const double equal = qhm_ising_rounding(ising);
    double energy = qhm_ising_energy(ising, bits);
    for (bool improved = true; improved;) {
        improved = false;
        for (size_t i = 0; i < qhm_ising_spin_count(ising); i++) {
            const double other = qhm_ising_energy(ising, bits ^ (uint64_t)1 << i);
            if (other < energy - equal) {
                energy = other;
                bits ^= (uint64_t)1 << i;
                improved = true;
            }
        }
    }
    return bits;
}

static void round_all(const relaxation *r, size_t roundings, uint64_t seed,
                      qhm_ising_relaxation *found)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 2, 0, 0);
    found->rounded.energy = INFINITY;
    for (size_t i = 0; i < roundings; i++) {
        const uint64_t bits = round_once(r, &random);
        found->mean_rounded += qhm_ising_energy(r->ising, bits) / (double)roundings;
        const uint64_t better = improve(r->ising, bits);
        const double energy = qhm_ising_energy(r->ising, better);
        if (energy < found->rounded.energy) {
            found->rounded.energy = energy;
            found->rounded.bits = better;
        }
    }
    found->rounded.nodes = roundings;
}

qhm_status qhm_ising_relax(const qhm_ising *ising, const qhm_ising_relax_options *options,
                           qhm_ising_relaxation *relaxed)
{
    enum { MOST_SWEEPS = 10000 };
    static const qhm_ising_relax_options defaults;
    relaxation r;
    qhm_ising_relaxation found = {0};
    QHM_REQUIRE(ising && relaxed, "ising or relaxation is NULL");
    options = options ? options : &defaults;
    const double tolerance = options->tolerance > 0 ? options->tolerance : 1e-12;
    QHM_TRY(open_relaxation(&r, ising, options->seed));
    for (double first = 0; found.sweeps < MOST_SWEEPS; found.sweeps++) {
        const double change = sweep(&r);
        first = fmax(first, change);
        if (change <= tolerance * first)
            break;
    }
    found.rank = r.rank;
    found.relaxed = qhm_ising_constant(ising) + cost_of_vectors(&r);
    round_all(&r, options->roundings ? options->roundings : 100, options->seed, &found);
    const qhm_status status = find_bound(&r, &found.rounded.bound);
    close_relaxation(&r);
    if (status == QHM_OK)
        *relaxed = found;
    return status;
}
