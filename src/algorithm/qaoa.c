// QAOA's state: forward, and one walk back for all derivatives.
#include <qhm/qaoa.h>

#include "algorithm/qaoa_internal.h"
#include "base/parallel.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdbool.h>

enum { LOW = QHM_QAOA_LOW, LOWEST = 6, MOST_HIGH = 8 };

static size_t block_count(const qhm_qaoa *q)
{
    return (size_t)1 << (q->count - q->low);
}

static qhm_qaoa_part at(const qhm_qaoa *q, qhm_qaoa_part whole, size_t index)
{
    return (qhm_qaoa_part){(char *)whole.re + index * q->real_bytes,
                           (char *)whole.im + index * q->real_bytes};
}

// What the spins from `low` on, which are bits of z, mean for those below: the cost without
// spins below (all below up, their couplings among themselves aside), and a field on each.
static double find_outside(const qhm_qaoa *q, bool is_turned, size_t z, double *fields)
{
    const qhm_ising *ising = q->ising;
    const double sign = is_turned ? -1 : 1;
    double cost = 0;
    for (size_t i = q->low; i < q->count; i++) {
        double field = sign * qhm_ising_field(ising, i);
        for (size_t j = q->low; j < i; j++)
            field +=
                z >> j & 1 ? -qhm_ising_coupling(ising, i, j) : qhm_ising_coupling(ising, i, j);
        cost += z >> i & 1 ? -field : field;
    }
    for (size_t k = 0; k < q->low; k++) {
        fields[k] = sign * qhm_ising_field(ising, k);
        for (size_t j = q->low; j < q->count; j++)
            fields[k] +=
                z >> j & 1 ? -qhm_ising_coupling(ising, k, j) : qhm_ising_coupling(ising, k, j);
        cost += fields[k];
    }
    return cost;
}

static void find_phases(double gamma, double cost, double scale, size_t count, const double *fields,
                        double first[2], double *steps)
{
    first[0] = scale * cos(gamma * cost);
    first[1] = scale * -sin(gamma * cost);
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
    qhm_qaoa_part table = q->low_phases;
    for (size_t z = 0; z < (size_t)1 << lowest; z++) {
        phases[0][z] = cos(gamma * q->costs[z]);
        phases[1][z] = -sin(gamma * q->costs[z]);
    }
    for (size_t block = (size_t)1 << (q->low - lowest); block-- > 0;) {
        const qhm_qaoa_part here = at(q, table, block << lowest);
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
        find_phases(gamma, cost - q->costs[0], 1, lowest, fields, first, steps);
        q->kernels->phase(lowest, first, steps, NULL, NULL, here.re, here.im);
    }
}

typedef struct pass {
    qhm_qaoa *q;
    double gamma;       // of the layer
    double t, per_spin; // of the layer: exp(-i beta X) is per_spin (1 - i t X), see mixing
    bool is_turned;     // before the layer
    size_t bit, bits;   // of a pass over high bits
    bool first, last;   // forward: begins with the sum of all; backward: ends
    double *sums[2];
} pass;

// cos b - i sin b X is cos b (1 - i t X) with t = tan b, which saves half the products, and where
// |tan b| > 1 it is -i sin b X (1 - i t X) with t = -1 / tan b. X on every spin turns all bits
// over, which is left to the reading of the state. A phase of the whole state is left out.
static pass mixing(qhm_qaoa *q, const double *angles, size_t layer)
{
    const double beta = angles[q->layers + layer], c = cos(beta), s = sin(beta);
    const bool is_small = fabs(s) <= fabs(c);
    return (pass){.q = q,
                  .gamma = angles[layer],
                  .t = is_small ? s / c : -c / s,
                  .per_spin = fabs(is_small ? c : s)};
}

static bool turns_over(const qhm_qaoa *q, const double *angles, size_t layer)
{
    const double beta = angles[q->layers + layer];
    return !q->is_half && fabs(sin(beta)) > fabs(cos(beta));
}

static size_t spin_count(const qhm_qaoa *q)
{
    return q->count + q->is_half;
}

// Blocks that F exchanges are one item: the block, and the one of the turned over number.
static size_t item_count(const qhm_qaoa *q)
{
    return q->is_half && block_count(q) > 1 ? block_count(q) / 2 : block_count(q);
}

static size_t members(const qhm_qaoa *q, size_t item, size_t blocks[2])
{
    blocks[0] = item;
    blocks[1] = block_count(q) - 1 - item;
    return item_count(q) < block_count(q) ? 2 : 1;
}

// What F exchanges in an item; a single block has it in its halves. Returns the amplitudes of each.
static size_t exchanged(const qhm_qaoa *q, qhm_qaoa_part state, const size_t blocks[2],
                        void *arrays[4])
{
    const bool is_single = block_count(q) == 1;
    const qhm_qaoa_part a = at(q, state, blocks[0] << q->low);
    const qhm_qaoa_part b =
        at(q, state, is_single ? (size_t)1 << (q->low - 1) : blocks[1] << q->low);
    arrays[0] = a.re;
    arrays[1] = a.im;
    arrays[2] = b.re;
    arrays[3] = b.im;
    return (size_t)1 << (is_single ? q->low - 1 : q->low);
}

static void flip(const qhm_qaoa *q, qhm_qaoa_part state, const size_t blocks[2], double t)
{
    void *arrays[4];
    const size_t count = exchanged(q, state, blocks, arrays);
    q->kernels->flip(count, t, arrays);
}

static double flip_slope(const qhm_qaoa *q, const size_t blocks[2])
{
    void *left[4], *right[4];
    (void)exchanged(q, q->left, blocks, left);
    const size_t count = exchanged(q, q->psi, blocks, right);
    return q->kernels->flip_slope(count, left, right);
}

static void run_items(size_t first, size_t last, void *context)
{
    const pass *p = context;
    qhm_qaoa *q = p->q;
    const double scale = pow(p->per_spin, (double)spin_count(q));
    double fields[LOW], start[2], steps[2 * LOW];
    size_t blocks[2];
    for (size_t item = first; item < last; item++) {
        const size_t count = members(q, item, blocks);
        for (size_t m = 0; m < count; m++) {
            const qhm_qaoa_part here = at(q, q->psi, blocks[m] << q->low);
            const double cost = find_outside(q, p->is_turned, blocks[m] << q->low, fields);
            find_phases(p->gamma, cost, scale, q->low, fields, start, steps);
            if (p->first) {
                q->kernels->fill((size_t)1 << q->low, pow(2, -0.5 * (double)q->count), here.re);
                q->kernels->fill((size_t)1 << q->low, 0, here.im);
            }
            q->kernels->phase(q->low, start, steps, q->low_phases.re, q->low_phases.im, here.re,
                              here.im);
            q->kernels->mix(0, q->low, p->t, here.re, here.im);
        }
        if (q->is_half)
            flip(q, q->psi, blocks, p->t);
    }
}

// Backward: slopes by both angles, and both states to before the layer.
static void unrun_items(size_t first, size_t last, void *context)
{
    const pass *p = context;
    qhm_qaoa *q = p->q;
    const double scale = pow(p->per_spin, (double)spin_count(q));
    double fields[LOW], start[2], steps[2 * LOW];
    size_t blocks[2];
    for (size_t item = first; item < last; item++) {
        const size_t count = members(q, item, blocks);
        double slopes[2] = {q->is_half ? flip_slope(q, blocks) : 0, 0};
        for (size_t m = 0; m < count; m++) {
            const qhm_qaoa_part a = at(q, q->psi, blocks[m] << q->low);
            const qhm_qaoa_part b = at(q, q->left, blocks[m] << q->low);
            slopes[0] += q->kernels->mixer_slope(0, q->low, b.re, b.im, a.re, a.im);
            q->kernels->mix(0, q->low, -p->t, a.re, a.im);
            q->kernels->mix(0, q->low, -p->t, b.re, b.im);
        }
        if (q->is_half) {
            flip(q, q->psi, blocks, -p->t);
            flip(q, q->left, blocks, -p->t);
        }
        for (size_t m = 0; m < count; m++) {
            const qhm_qaoa_part a = at(q, q->psi, blocks[m] << q->low);
            const qhm_qaoa_part b = at(q, q->left, blocks[m] << q->low);
            const double cost = find_outside(q, p->is_turned, blocks[m] << q->low, fields);
            slopes[1] +=
                q->kernels->phase_slope(q->low, cost, fields, q->low_costs, b.re, b.im, a.re, a.im);
            if (p->last)
                continue;
            find_phases(-p->gamma, cost, scale, q->low, fields, start, steps);
            q->kernels->phase(q->low, start, steps, q->low_phases.re, q->low_phases.im, a.re, a.im);
            q->kernels->phase(q->low, start, steps, q->low_phases.re, q->low_phases.im, b.re, b.im);
        }
        p->sums[0][item] = slopes[0];
        p->sums[1][item] = slopes[1];
    }
}

static void weigh_block(size_t first, size_t last, void *context)
{
    const pass *p = context;
    qhm_qaoa *q = p->q;
    double fields[LOW];
    for (size_t block = first; block < last; block++) {
        const qhm_qaoa_part a = at(q, q->psi, block << q->low);
        const qhm_qaoa_part b =
            p->last ? (qhm_qaoa_part){NULL, NULL} : at(q, q->left, block << q->low);
        const double cost = find_outside(q, p->is_turned, block << q->low, fields);
        p->sums[0][block] =
            q->kernels->weigh(q->low, cost, fields, q->low_costs, a.re, a.im, b.re, b.im);
    }
}

// Rows of `width` amplitudes that differ in bits [bit, bit + bits), to a buffer or back.
static void move_rows(const pass *p, qhm_qaoa_part state, size_t item, qhm_qaoa_part buffer,
                      bool back)
{
    const size_t log_width = QHM_QAOA_BUFFER - p->bits, inner = p->bit - log_width;
    const size_t column = item & (((size_t)1 << inner) - 1);
    const size_t base = (item >> inner) << (p->bit + p->bits) | column << log_width;
    const qhm_qaoa_part there = at(p->q, state, base);
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
    const qhm_qaoa_part here = {re.bytes, im.bytes};
    for (size_t item = first; item < last; item++) {
        move_rows(p, p->q->psi, item, here, false);
        p->q->kernels->mix(QHM_QAOA_BUFFER - p->bits, QHM_QAOA_BUFFER, p->t, here.re, here.im);
        move_rows(p, p->q->psi, item, here, true);
    }
}

static void unrun_columns(size_t first, size_t last, void *context)
{
    const pass *p = context;
    buffer re, im, left_re, left_im;
    const qhm_qaoa_part a = {re.bytes, im.bytes}, b = {left_re.bytes, left_im.bytes};
    const size_t bit = QHM_QAOA_BUFFER - p->bits;
    for (size_t item = first; item < last; item++) {
        move_rows(p, p->q->psi, item, a, false);
        move_rows(p, p->q->left, item, b, false);
        p->sums[0][item] = p->q->kernels->mixer_slope(bit, QHM_QAOA_BUFFER, b.re, b.im, a.re, a.im);
        p->q->kernels->mix(bit, QHM_QAOA_BUFFER, -p->t, a.re, a.im);
        p->q->kernels->mix(bit, QHM_QAOA_BUFFER, -p->t, b.re, b.im);
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

// What a slope of two states is worth after `spins` of them were mixed without their factors.
static double factor(const pass *p, size_t spins)
{
    return pow(p->per_spin, 2 * (double)spins);
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
        sum += sums ? factor(p, p->bit - p->q->low) * add_up(p->sums[0], items) : 0;
        p->bit += p->bits;
    }
    return sum;
}

static void run_forward(qhm_qaoa *q, const double *angles)
{
    q->is_turned = false;
    for (size_t layer = 0; layer < q->layers; layer++) {
        pass p = mixing(q, angles, layer);
        p.first = layer == 0;
        p.is_turned = q->is_turned;
        find_low_phases(q, p.gamma);
        qhm_parallel_for(item_count(q), 4, run_items, &p);
        (void)over_high(&p, run_columns, false);
        q->is_turned ^= turns_over(q, angles, layer);
    }
}

static double find_cost(qhm_qaoa *q, bool keeps_left)
{
    pass p = {.q = q,
              .is_turned = q->is_turned,
              .last = !keeps_left,
              .sums = {q->sums, q->sums + q->sum_count}};
    qhm_parallel_for(block_count(q), 4, weigh_block, &p);
    return add_up(p.sums[0], block_count(q)) + qhm_ising_constant(q->ising);
}

// d/d beta = 2 Im <left| sum X |psi>, d/d gamma = 2 Im <left| cost |psi>. What the constant would
// add to the latter is Im <psi| cost |psi> = 0.
static void run_backward(qhm_qaoa *q, const double *angles, double *gradient)
{
    bool is_turned = q->is_turned;
    for (size_t layer = q->layers; layer-- > 0;) {
        pass p = mixing(q, angles, layer);
        is_turned ^= turns_over(q, angles, layer);
        p.is_turned = is_turned;
        p.sums[0] = q->sums;
        p.sums[1] = q->sums + q->sum_count;
        p.last = layer == 0;
        double slope = over_high(&p, unrun_columns, true);
        if (!p.last)
            find_low_phases(q, -p.gamma);
        qhm_parallel_for(item_count(q), 4, unrun_items, &p);
        slope += factor(&p, q->count - q->low) * add_up(p.sums[0], item_count(q));
        gradient[q->layers + layer] = 2 * slope;
        gradient[layer] = 2 * factor(&p, spin_count(q)) * add_up(p.sums[1], item_count(q));
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
        QHM_TRY(qhm_qaoa_allocate(qaoa, (size_t)1 << qaoa->count, &qaoa->left));
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
    const size_t count = (size_t)1 << qaoa->count, all = count << qaoa->is_half;
    for (size_t z = 0; z < count; z++) {
        const double re =
            narrow ? (double)((const float *)qaoa->psi.re)[z] : ((const double *)qaoa->psi.re)[z];
        const double im =
            narrow ? (double)((const float *)qaoa->psi.im)[z] : ((const double *)qaoa->psi.im)[z];
        const double p = re * re + im * im;
        probabilities[qaoa->is_turned ? all - 1 - z : z] = qaoa->is_half ? p / 2 : p;
        if (qaoa->is_half)
            probabilities[all - 1 - z] = p / 2;
    }
    return QHM_OK;
}
