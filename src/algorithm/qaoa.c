// QAOA's state: forward, and one walk back for all derivatives.
#include <qhm/qaoa.h>

#include "algorithm/qaoa_kernels.h"
#include "base/cpu.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_SPINS = 30, LOW = QHM_QAOA_LOW, LOWEST = 6, MOST_HIGH = 8 };

static const qhm_qaoa_kernels *const tables[QHM_ISA_COUNT][2] = {
    {&qhm_qaoa_kernels_baseline_double, &qhm_qaoa_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_qaoa_kernels_avx2_double, &qhm_qaoa_kernels_avx2_float},
    {&qhm_qaoa_kernels_avx512_double, &qhm_qaoa_kernels_avx512_float},
#endif
};

typedef struct part {
    void *re, *im;
} part;

struct qhm_qaoa {
    qhm_ising *ising;
    size_t count, low, layers, real_bytes;
    const qhm_qaoa_kernels *kernels;
    part psi, left;   // [2^count]; left is the adjoint's, made when a gradient is first asked for
    part low_phases;  // [2^low]: of the costs among low spins
    double *costs;    // [2^low]: the same costs
    void *low_costs;  // [2^low], in the state's precision
    double *sums;     // [2][items]: what blocks or columns add up to
    size_t sum_count; // items
};

static size_t block_count(const qhm_qaoa *q)
{
    return (size_t)1 << (q->count - q->low);
}

static part at(const qhm_qaoa *q, part whole, size_t index)
{
    return (part){(char *)whole.re + index * q->real_bytes,
                  (char *)whole.im + index * q->real_bytes};
}

static qhm_status allocate_part(const qhm_qaoa *q, size_t count, part *made)
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
    QHM_TRY(allocate_part(q, all, &q->psi));
    QHM_TRY(allocate_part(q, low, &q->low_phases));
    QHM_TRY(qhm_allocate(low, sizeof(double), &q->costs));
    QHM_TRY(qhm_allocate(low, q->real_bytes, &q->low_costs));
    return qhm_allocate(2 * q->sum_count, sizeof(double), &q->sums);
}

qhm_status qhm_qaoa_create(const qhm_ising *ising, const qhm_qaoa_options *options, qhm_qaoa **qaoa)
{
    static const qhm_qaoa_options defaults;
    qhm_qaoa *q;
    QHM_REQUIRE(ising && qaoa, "ising or qaoa is NULL");
    options = options ? options : &defaults;
    const size_t count = qhm_ising_spin_count(ising);
    const size_t real_bytes = options->precision == QHM_FLOAT32 ? sizeof(float) : sizeof(double);
    if (count > MOST_SPINS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins for a state vector, more than %d",
                        count, MOST_SPINS);
    const size_t bytes = ((size_t)4 * real_bytes) << count;
    if (bytes > qhm_memory_available_bytes())
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins take %zu bytes, %zu are available",
                        count, bytes, qhm_memory_available_bytes());
    QHM_TRY(qhm_allocate(1, sizeof *q, &q));
    q->count = count;
    q->low = count < LOW ? count : LOW;
    q->layers = options->layers ? options->layers : 1;
    q->real_bytes = real_bytes;
    q->kernels = tables[qhm_cpu_isa()][options->precision == QHM_FLOAT32];
    qhm_status status = qhm_ising_copy(ising, &q->ising);
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

// What the spins from `from` on, which are bits of z, mean for those below: the cost without
// spins below (all below up, their couplings among themselves aside), and a field on each.
static double find_outside(const qhm_ising *ising, size_t from, size_t below, size_t z,
                           double *fields)
{
    const size_t count = qhm_ising_spin_count(ising);
    double cost = 0;
    for (size_t i = from; i < count; i++) {
        double field = qhm_ising_field(ising, i);
        for (size_t j = from; j < i; j++)
            field +=
                z >> j & 1 ? -qhm_ising_coupling(ising, i, j) : qhm_ising_coupling(ising, i, j);
        cost += z >> i & 1 ? -field : field;
    }
    for (size_t k = 0; k < below; k++) {
        fields[k] = qhm_ising_field(ising, k);
        for (size_t j = from; j < count; j++)
            fields[k] +=
                z >> j & 1 ? -qhm_ising_coupling(ising, k, j) : qhm_ising_coupling(ising, k, j);
        cost += fields[k];
    }
    return cost;
}

static void find_phases(double gamma, double cost, size_t count, const double *fields,
                        double first[2], double *steps)
{
    first[0] = cos(gamma * cost);
    first[1] = -sin(gamma * cost);
    for (size_t k = 0; k < count; k++) {
        steps[2 * k] = cos(2 * gamma * fields[k]);
        steps[2 * k + 1] = sin(2 * gamma * fields[k]);
    }
}

// The phases of low spins among themselves: in the same way, by blocks of the lowest.
static void find_low_phases(qhm_qaoa *q, double gamma)
{
    const size_t lowest = q->low < LOWEST ? q->low : LOWEST;
    double phases[2][1 << LOWEST], fields[LOWEST], first[2], steps[2 * LOWEST];
    part table = q->low_phases;
    for (size_t z = 0; z < (size_t)1 << lowest; z++) {
        phases[0][z] = cos(gamma * q->costs[z]);
        phases[1][z] = -sin(gamma * q->costs[z]);
    }
    for (size_t block = (size_t)1 << (q->low - lowest); block-- > 0;) {
        const part here = at(q, table, block << lowest);
        const double cost = q->costs[block << lowest];
        q->kernels->narrow((size_t)1 << lowest, phases[0], here.re);
        q->kernels->narrow((size_t)1 << lowest, phases[1], here.im);
        if (block == 0)
            break;
        // What the first block has is left to correct, by what the spins between change.
        for (size_t k = 0; k < lowest; k++) {
            fields[k] = 0;
            for (size_t j = lowest; j < q->low; j++)
                if ((block << lowest) >> j & 1)
                    fields[k] -= 2 * qhm_ising_coupling(q->ising, k, j);
        }
        find_phases(gamma, cost - q->costs[0], lowest, fields, first, steps);
        q->kernels->phase(lowest, first, steps, NULL, NULL, here.re, here.im);
    }
}

typedef struct pass {
    qhm_qaoa *q;
    double gamma, c, s; // of the layer
    size_t bit, bits;   // of a pass over high bits
    bool first, last;   // forward: begins with the sum of all; backward: ends
    double *sums[2];
} pass;

static void run_block(size_t first, size_t last, void *context)
{
    const pass *p = context;
    qhm_qaoa *q = p->q;
    double fields[LOW], start[2], steps[2 * LOW];
    for (size_t block = first; block < last; block++) {
        const part here = at(q, q->psi, block << q->low);
        const double cost = find_outside(q->ising, q->low, q->low, block << q->low, fields);
        find_phases(p->gamma, cost, q->low, fields, start, steps);
        if (p->first) {
            q->kernels->fill((size_t)1 << q->low, pow(2, -0.5 * (double)q->count), here.re);
            q->kernels->fill((size_t)1 << q->low, 0, here.im);
        }
        q->kernels->phase(q->low, start, steps, q->low_phases.re, q->low_phases.im, here.re,
                          here.im);
        q->kernels->mix(0, q->low, p->c, p->s, here.re, here.im);
    }
}

// Backward: slopes by both angles, and both states to before the layer.
static void unrun_block(size_t first, size_t last, void *context)
{
    const pass *p = context;
    qhm_qaoa *q = p->q;
    double fields[LOW], start[2], steps[2 * LOW];
    for (size_t block = first; block < last; block++) {
        const part a = at(q, q->psi, block << q->low), b = at(q, q->left, block << q->low);
        const double cost = find_outside(q->ising, q->low, q->low, block << q->low, fields);
        p->sums[0][block] = q->kernels->mixer_slope(0, q->low, b.re, b.im, a.re, a.im);
        q->kernels->mix(0, q->low, p->c, -p->s, a.re, a.im);
        q->kernels->mix(0, q->low, p->c, -p->s, b.re, b.im);
        p->sums[1][block] =
            q->kernels->phase_slope(q->low, cost, fields, q->low_costs, b.re, b.im, a.re, a.im);
        if (p->last)
            continue;
        find_phases(-p->gamma, cost, q->low, fields, start, steps);
        q->kernels->phase(q->low, start, steps, q->low_phases.re, q->low_phases.im, a.re, a.im);
        q->kernels->phase(q->low, start, steps, q->low_phases.re, q->low_phases.im, b.re, b.im);
    }
}

static void weigh_block(size_t first, size_t last, void *context)
{
    const pass *p = context;
    qhm_qaoa *q = p->q;
    double fields[LOW];
    for (size_t block = first; block < last; block++) {
        const part a = at(q, q->psi, block << q->low);
        const part b = p->last ? (part){NULL, NULL} : at(q, q->left, block << q->low);
        const double cost = find_outside(q->ising, q->low, q->low, block << q->low, fields);
        p->sums[0][block] =
            q->kernels->weigh(q->low, cost, fields, q->low_costs, a.re, a.im, b.re, b.im);
    }
}

// Rows of `width` amplitudes that differ in bits [bit, bit + bits), to a buffer or back.
static void move_rows(const pass *p, part state, size_t item, part buffer, bool back)
{
    const size_t log_width = QHM_QAOA_BUFFER - p->bits, inner = p->bit - log_width;
    const size_t column = item & (((size_t)1 << inner) - 1);
    const size_t base = (item >> inner) << (p->bit + p->bits) | column << log_width;
    const part there = at(p->q, state, base);
    const size_t rows = (size_t)1 << p->bits, width = (size_t)1 << log_width;
    const size_t stride = (size_t)1 << p->bit;
    const qhm_qaoa_kernels *kernels = p->q->kernels;
    if (back) {
        kernels->move(rows, width, buffer.re, width, there.re, stride);
        kernels->move(rows, width, buffer.im, width, there.im, stride);
    } else {
        kernels->move(rows, width, there.re, stride, buffer.re, width);
        kernels->move(rows, width, there.im, stride, buffer.im, width);
    }
}

typedef struct buffer {
    _Alignas(64) char bytes[sizeof(double) << QHM_QAOA_BUFFER];
} buffer;

static void run_columns(size_t first, size_t last, void *context)
{
    const pass *p = context;
    buffer re, im;
    const part here = {re.bytes, im.bytes};
    for (size_t item = first; item < last; item++) {
        move_rows(p, p->q->psi, item, here, false);
        p->q->kernels->mix(QHM_QAOA_BUFFER - p->bits, QHM_QAOA_BUFFER, p->c, p->s, here.re,
                           here.im);
        move_rows(p, p->q->psi, item, here, true);
    }
}

static void unrun_columns(size_t first, size_t last, void *context)
{
    const pass *p = context;
    buffer re, im, left_re, left_im;
    const part a = {re.bytes, im.bytes}, b = {left_re.bytes, left_im.bytes};
    const size_t bit = QHM_QAOA_BUFFER - p->bits;
    for (size_t item = first; item < last; item++) {
        move_rows(p, p->q->psi, item, a, false);
        move_rows(p, p->q->left, item, b, false);
        p->sums[0][item] = p->q->kernels->mixer_slope(bit, QHM_QAOA_BUFFER, b.re, b.im, a.re, a.im);
        p->q->kernels->mix(bit, QHM_QAOA_BUFFER, p->c, -p->s, a.re, a.im);
        p->q->kernels->mix(bit, QHM_QAOA_BUFFER, p->c, -p->s, b.re, b.im);
        move_rows(p, p->q->psi, item, a, true);
        move_rows(p, p->q->left, item, b, true);
    }
}

static double add_up(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

// The high bits in as few passes as buffers allow, evenly; returns the slope if `work` finds it.
static double over_high(pass *p, qhm_range_work *work, bool sums)
{
    const size_t high = p->q->count - p->q->low, passes = (high + MOST_HIGH - 1) / MOST_HIGH;
    const size_t items = ((size_t)1 << p->q->count) >> QHM_QAOA_BUFFER;
    double sum = 0;
    p->bit = p->q->low;
    for (size_t i = 0; i < passes; i++) {
        p->bits = (high - (p->bit - p->q->low)) / (passes - i);
        qhm_parallel_for(items, 4, work, p);
        sum += sums ? add_up(p->sums[0], items) : 0;
        p->bit += p->bits;
    }
    return sum;
}

static void run_forward(qhm_qaoa *q, const double *angles)
{
    for (size_t layer = 0; layer < q->layers; layer++) {
        const double beta = angles[q->layers + layer];
        pass p = {.q = q, .gamma = angles[layer], .c = cos(beta), .s = sin(beta)};
        p.first = layer == 0;
        find_low_phases(q, p.gamma);
        qhm_parallel_for(block_count(q), 4, run_block, &p);
        (void)over_high(&p, run_columns, false);
    }
}

static double find_cost(qhm_qaoa *q, bool keeps_left)
{
    pass p = {.q = q, .last = !keeps_left, .sums = {q->sums, q->sums + q->sum_count}};
    qhm_parallel_for(block_count(q), 4, weigh_block, &p);
    return add_up(p.sums[0], block_count(q)) + qhm_ising_constant(q->ising);
}

// d/d beta = 2 Im <left| sum X |psi>, d/d gamma = 2 Im <left| cost |psi>. What the constant would
// add to the latter is Im <psi| cost |psi> = 0.
static void run_backward(qhm_qaoa *q, const double *angles, double *gradient)
{
    for (size_t layer = q->layers; layer-- > 0;) {
        const double beta = angles[q->layers + layer];
        pass p = {.q = q, .gamma = angles[layer], .c = cos(beta), .s = sin(beta)};
        p.sums[0] = q->sums;
        p.sums[1] = q->sums + q->sum_count;
        p.last = layer == 0;
        double slope = over_high(&p, unrun_columns, true);
        if (!p.last)
            find_low_phases(q, -p.gamma);
        qhm_parallel_for(block_count(q), 4, unrun_block, &p);
        slope += add_up(p.sums[0], block_count(q));
        gradient[q->layers + layer] = 2 * slope;
        gradient[layer] = 2 * add_up(p.sums[1], block_count(q));
    }
}

static qhm_status check_angles(const qhm_qaoa *q, const double *angles)
{
    for (size_t i = 0; i < 2 * q->layers; i++)
        QHM_REQUIRE(isfinite(angles[i]), "angle %zu is %g", i, angles[i]);
    return QHM_OK;
}

qhm_status qhm_qaoa_run(qhm_qaoa *qaoa, const double *angles, double *cost, double *gradient)
{
    QHM_REQUIRE(qaoa && angles && cost, "qaoa, angles or cost is NULL");
    QHM_TRY(check_angles(qaoa, angles));
    if (gradient && !qaoa->left.re)
        QHM_TRY(allocate_part(qaoa, (size_t)1 << qaoa->count, &qaoa->left));
    run_forward(qaoa, angles);
    *cost = find_cost(qaoa, gradient);
    if (gradient)
        run_backward(qaoa, angles, gradient);
    return QHM_OK;
}

qhm_status qhm_qaoa_probabilities(qhm_qaoa *qaoa, const double *angles, double *probabilities)
{
    QHM_REQUIRE(qaoa && angles && probabilities, "qaoa, angles or probabilities is NULL");
    QHM_TRY(check_angles(qaoa, angles));
    run_forward(qaoa, angles);
    const bool narrow = qaoa->real_bytes == sizeof(float);
    for (size_t z = 0; z < (size_t)1 << qaoa->count; z++) {
        const double re =
            narrow ? (double)((const float *)qaoa->psi.re)[z] : ((const double *)qaoa->psi.re)[z];
        const double im =
            narrow ? (double)((const float *)qaoa->psi.im)[z] : ((const double *)qaoa->psi.im)[z];
        probabilities[z] = re * re + im * im;
    }
    return QHM_OK;
}
