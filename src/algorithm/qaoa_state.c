// The memory of QAOA: a state, and the costs that its blocks share.
#include "algorithm/qaoa_internal.h"
#include "base/cpu.h"
#include "base/memory.h"
#include "base/status_internal.h"

enum { MOST_SPINS = 30, FEWEST_HALVED = 6, LOW = QHM_QAOA_LOW };

static const qhm_qaoa_kernels *const tables[QHM_ISA_COUNT][2] = {
    {&qhm_qaoa_kernels_baseline_double, &qhm_qaoa_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_qaoa_kernels_avx2_double, &qhm_qaoa_kernels_avx2_float},
    {&qhm_qaoa_kernels_avx512_double, &qhm_qaoa_kernels_avx512_float},
#endif
};

qhm_status qhm_qaoa_allocate(const qhm_qaoa *q, size_t count, qhm_qaoa_part *made)
{
    QHM_TRY(qhm_allocate(2 * count, q->real_bytes, &made->re));
    made->im = (char *)made->re + count * q->real_bytes;
    return QHM_OK;
}

// The costs of low spins among themselves: the problem without its other spins.
static void find_low_costs(qhm_qaoa *q)
{
    for (size_t z = 0; z < (size_t)1 << q->low; z++) {
        double cost = 0;
        for (size_t i = 0; i < q->low; i++) {
            double field = 0;
            for (size_t j = 0; j < i; j++)
                field += z >> j & 1 ? -qhm_ising_coupling(q->ising, i, j)
                                    : qhm_ising_coupling(q->ising, i, j);
            cost += z >> i & 1 ? -field : field;
        }
        q->costs[z] = cost;
    }
    q->kernels->narrow((size_t)1 << q->low, q->costs, q->low_costs);
}

static qhm_status allocate_all(qhm_qaoa *q)
{
    const size_t low = (size_t)1 << q->low, all = (size_t)1 << q->count;
    q->sum_count = all >> (QHM_QAOA_BUFFER - 1);
    q->sum_count = q->sum_count > 0 ? q->sum_count : 1;
    QHM_TRY(qhm_qaoa_allocate(q, all, &q->psi));
    QHM_TRY(qhm_qaoa_allocate(q, low, &q->low_phases));
    QHM_TRY(qhm_allocate(low, sizeof(double), &q->costs));
    QHM_TRY(qhm_allocate(low, q->real_bytes, &q->low_costs));
    return qhm_allocate(2 * q->sum_count, sizeof(double), &q->sums);
}

// The problem with its last spin up.
static qhm_status halve(const qhm_ising *ising, qhm_ising **half)
{
    const size_t last = qhm_ising_spin_count(ising) - 1;
    QHM_TRY(qhm_ising_create(last, half));
    qhm_status status = qhm_ising_append_constant(*half, qhm_ising_constant(ising));
    for (size_t i = 0; i < last && status == QHM_OK; i++) {
        status = qhm_ising_append_field(*half, i, qhm_ising_coupling(ising, i, last));
        for (size_t j = 0; j < i && status == QHM_OK; j++)
            status = qhm_ising_append_coupling(*half, i, j, qhm_ising_coupling(ising, i, j));
    }
    return status;
}

// Small problems are not worth it.
static bool can_halve(const qhm_ising *ising)
{
    const size_t count = qhm_ising_spin_count(ising);
    for (size_t i = 0; i < count; i++)
        if (qhm_ising_field(ising, i) != 0)
            return false;
    return count >= FEWEST_HALVED;
}

qhm_status qhm_qaoa_create(const qhm_ising *ising, const qhm_qaoa_options *options, qhm_qaoa **qaoa)
{
    static const qhm_qaoa_options defaults;
    qhm_qaoa *q;
    QHM_REQUIRE(ising && qaoa, "ising or qaoa is NULL");
    options = options ? options : &defaults;
    const bool is_half = can_halve(ising);
    const size_t count = qhm_ising_spin_count(ising) - is_half;
    const size_t real_bytes = options->precision == QHM_FLOAT32 ? sizeof(float) : sizeof(double);
    if (qhm_ising_spin_count(ising) > MOST_SPINS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins for a state vector, more than %d",
                        qhm_ising_spin_count(ising), MOST_SPINS);
    const size_t bytes = ((size_t)4 * real_bytes) << count;
    if (bytes > qhm_memory_available_bytes())
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins take %zu bytes, %zu are available",
                        qhm_ising_spin_count(ising), bytes, qhm_memory_available_bytes());
    QHM_TRY(qhm_allocate(1, sizeof *q, &q));
    q->count = count;
    q->low = count < LOW ? count : LOW;
    q->layers = options->layers ? options->layers : 1;
    q->real_bytes = real_bytes;
    q->kernels = tables[qhm_cpu_isa()][options->precision == QHM_FLOAT32];
    q->is_half = is_half;
    qhm_status status = is_half ? halve(ising, &q->ising) : qhm_ising_copy(ising, &q->ising);
    if (status == QHM_OK)
        status = allocate_all(q);
    if (status != QHM_OK) {
        qhm_qaoa_destroy(q);
        return status;
    }
    find_low_costs(q);
    *qaoa = q;
    return QHM_OK;
}

void qhm_qaoa_destroy(qhm_qaoa *qaoa)
{
    if (!qaoa)
        return;
    qhm_ising_destroy(qaoa->ising);
    qhm_release(qaoa->psi.re);
    qhm_release(qaoa->left.re);
    qhm_release(qaoa->low_phases.re);
    qhm_release(qaoa->costs);
    qhm_release(qaoa->low_costs);
    qhm_release(qaoa->sums);
    qhm_release(qaoa);
}

size_t qhm_qaoa_layers(const qhm_qaoa *qaoa)
{
    return qaoa->layers;
}

size_t qhm_qaoa_bytes(const qhm_qaoa *qaoa)
{
    const size_t states = qaoa->left.re ? 4 : 2;
    return sizeof *qaoa + (states * qaoa->real_bytes << qaoa->count) +
           ((3 * qaoa->real_bytes + sizeof(double)) << qaoa->low) +
           2 * qaoa->sum_count * sizeof(double);
}
