// Ising problems of many spins and few couplings.
#include "algorithm/sparse_ising_internal.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>

enum { MOST_SPINS = 1 << 20, MOST_DENSE_SPINS = 64 };

static qhm_status check(size_t spin_count, double constant, const double *fields,
                        size_t coupling_count, const qhm_spin_coupling *couplings)
{
    QHM_REQUIRE(spin_count >= 1 && spin_count <= MOST_SPINS, "spin_count is %zu, not 1 to %d",
                spin_count, MOST_SPINS);
    QHM_REQUIRE(isfinite(constant), "the constant is %g, which is not finite", constant);
    QHM_REQUIRE(couplings || coupling_count == 0, "couplings is NULL");
    for (size_t i = 0; fields && i < spin_count; i++)
        QHM_REQUIRE(isfinite(fields[i]), "the field on spin %zu is %g, which is not finite", i,
                    fields[i]);
    for (size_t i = 0; i < coupling_count; i++) {
        const uint32_t *spins = couplings[i].spins;
        QHM_REQUIRE(spins[0] < spin_count && spins[1] < spin_count && spins[0] != spins[1],
                    "coupling %zu joins spins %u and %u of %zu", i, spins[0], spins[1], spin_count);
        QHM_REQUIRE(isfinite(couplings[i].value), "coupling %zu is %g, which is not finite", i,
                    couplings[i].value);
    }
    return QHM_OK;
}

static qhm_status allocate(qhm_sparse_ising *made)
{
    QHM_TRY(qhm_allocate(made->count, sizeof(double), &made->fields));
    QHM_TRY(qhm_allocate(made->count + 1, sizeof(size_t), &made->first));
    QHM_TRY(qhm_allocate(2 * made->coupling_count, sizeof(uint32_t), &made->neighbours));
    return qhm_allocate(2 * made->coupling_count, sizeof(double), &made->couplings);
}

// Counts, then places from the back: first[i] ends where spin i begins.
static void place(qhm_sparse_ising *made, const qhm_spin_coupling *couplings)
{
    for (size_t i = 0; i < made->coupling_count; i++)
        for (size_t k = 0; k < 2; k++)
            made->first[couplings[i].spins[k]]++;
    for (size_t i = 0; i < made->count; i++)
        made->first[i + 1] += made->first[i];
    for (size_t i = made->coupling_count; i-- > 0;)
        for (size_t k = 0; k < 2; k++) {
            const size_t at = --made->first[couplings[i].spins[k]];
            made->neighbours[at] = couplings[i].spins[1 - k];
            made->couplings[at] = couplings[i].value;
        }
}

qhm_status qhm_sparse_ising_create(size_t spin_count, double constant, const double *fields,
                                   size_t coupling_count, const qhm_spin_coupling *couplings,
                                   qhm_sparse_ising **ising)
{
    qhm_sparse_ising *made;
    QHM_REQUIRE(ising, "ising is NULL");
    QHM_TRY(check(spin_count, constant, fields, coupling_count, couplings));
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->count = spin_count;
    made->coupling_count = coupling_count;
    made->constant = constant;
    const qhm_status status = allocate(made);
    if (status != QHM_OK) {
        qhm_sparse_ising_destroy(made);
        return status;
    }
    for (size_t i = 0; fields && i < spin_count; i++)
        made->fields[i] = fields[i];
    place(made, couplings);
    *ising = made;
    return QHM_OK;
}

qhm_status qhm_sparse_ising_convert(const qhm_ising *dense, qhm_sparse_ising **ising)
{
    double fields[MOST_DENSE_SPINS];
    qhm_spin_coupling *couplings;
    size_t count = 0;
    QHM_REQUIRE(dense && ising, "dense or ising is NULL");
    const size_t n = qhm_ising_spin_count(dense);
    QHM_TRY(qhm_allocate(n * (n - 1) / 2, sizeof *couplings, &couplings));
    for (size_t i = 0; i < n; i++) {
        fields[i] = qhm_ising_field(dense, i);
        for (size_t j = 0; j < i; j++) {
            const double value = qhm_ising_coupling(dense, i, j);
            if (value != 0)
                couplings[count++] = (qhm_spin_coupling){{(uint32_t)j, (uint32_t)i}, value};
        }
    }
    const qhm_status status =
        qhm_sparse_ising_create(n, qhm_ising_constant(dense), fields, count, couplings, ising);
    qhm_release(couplings);
    return status;
}

void qhm_sparse_ising_destroy(qhm_sparse_ising *ising)
{
    if (!ising)
        return;
    qhm_release(ising->fields);
    qhm_release(ising->first);
    qhm_release(ising->neighbours);
    qhm_release(ising->couplings);
    qhm_release(ising);
}

size_t qhm_sparse_ising_spin_count(const qhm_sparse_ising *ising)
{
    return ising->count;
}

size_t qhm_sparse_ising_coupling_count(const qhm_sparse_ising *ising)
{
    return ising->coupling_count;
}

double qhm_sparse_ising_energy(const qhm_sparse_ising *ising, const int8_t *spins)
{
    double energy = ising->constant;
    for (size_t i = 0; i < ising->count; i++) {
        double half = 0; // each coupling is met from both ends
        for (size_t e = ising->first[i]; e < ising->first[i + 1]; e++)
            half += ising->couplings[e] * spins[ising->neighbours[e]];
        energy += (ising->fields[i] + half / 2) * spins[i];
    }
    return energy;
}

void qhm_sparse_ising_scales(const qhm_sparse_ising *ising, double *largest, double *smallest)
{
    *largest = 0;
    *smallest = INFINITY;
    for (size_t i = 0; i < ising->count; i++) {
        double sum = fabs(ising->fields[i]);
        if (sum > 0)
            *smallest = fmin(*smallest, 2 * sum);
        for (size_t e = ising->first[i]; e < ising->first[i + 1]; e++) {
            const double term = fabs(ising->couplings[e]);
            sum += term;
            if (term > 0)
                *smallest = fmin(*smallest, 2 * term);
        }
        *largest = fmax(*largest, 2 * sum);
    }
}
