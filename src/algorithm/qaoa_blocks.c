// QAOA with the exact one-hot mixer among the states that it can reach.
#include "algorithm/qaoa_blocks.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

// State s has option s / E^i mod E of block i.
struct qhm_qaoa_blocks {
    size_t spins, options, things, layers, count;
    uint64_t *bits;
    double *costs;
    double *psi[2], *left[2]; // real and imaginary parts
};

static qhm_status allocate_all(qhm_qaoa_blocks *b)
{
    QHM_TRY(qhm_allocate(b->count, sizeof *b->bits, &b->bits));
    QHM_TRY(qhm_allocate(b->count, sizeof *b->costs, &b->costs));
    for (size_t part = 0; part < 2; part++) {
        QHM_TRY(qhm_allocate(b->count, sizeof(double), &b->psi[part]));
        QHM_TRY(qhm_allocate(b->count, sizeof(double), &b->left[part]));
    }
    return QHM_OK;
}

qhm_status qhm_qaoa_blocks_create(const qhm_ising *ising, size_t block, size_t layers,
                                  qhm_qaoa_blocks **blocks)
{
    qhm_qaoa_blocks *b;
    const size_t spins = qhm_ising_spin_count(ising);
    QHM_REQUIRE(block >= 2 && spins % block == 0, "blocks of %zu qubits do not divide %zu", block,
                spins);
    QHM_TRY(qhm_allocate(1, sizeof *b, &b));
    b->spins = spins;
    b->options = block;
    b->things = spins / block;
    b->layers = layers > 0 ? layers : 1;
    b->count = 1;
    for (size_t i = 0; i < b->things; i++)
        b->count *= block;
    const qhm_status status = allocate_all(b);
    if (status != QHM_OK) {
        qhm_qaoa_blocks_destroy(b);
        return status;
    }
    for (size_t s = 0; s < b->count; s++) {
        for (size_t i = 0, rest = s; i < b->things; i++, rest /= block)
            b->bits[s] |= (uint64_t)1 << (i * block + rest % block);
        b->costs[s] = qhm_ising_energy(ising, b->bits[s]);
    }
    *blocks = b;
    return QHM_OK;
}

void qhm_qaoa_blocks_destroy(qhm_qaoa_blocks *blocks)
{
    if (!blocks)
        return;
    qhm_release(blocks->bits);
    qhm_release(blocks->costs);
    for (size_t part = 0; part < 2; part++) {
        qhm_release(blocks->psi[part]);
        qhm_release(blocks->left[part]);
    }
    qhm_release(blocks);
}

static void turn(const qhm_qaoa_blocks *b, double gamma, double *const state[2])
{
    for (size_t s = 0; s < b->count; s++) {
        const double c = cos(gamma * b->costs[s]), sine = -sin(gamma * b->costs[s]);
        const double re = state[0][s], im = state[1][s];
        state[0][s] = c * re - sine * im;
        state[1][s] = c * im + sine * re;
    }
}

// For each block: adds (e^{-2 i E beta} - 1) times the mean over its options.
static void mix(const qhm_qaoa_blocks *b, double beta, double *const state[2])
{
    const double angle = 2 * (double)b->options * beta;
    const double re = cos(angle) - 1, im = -sin(angle);
    for (size_t step = 1; step < b->count; step *= b->options)
        for (size_t first = 0; first < b->count; first++) {
            if (first / step % b->options != 0)
                continue;
            double mean[2] = {0};
            for (size_t a = 0; a < b->options; a++)
                for (size_t part = 0; part < 2; part++)
                    mean[part] += state[part][first + a * step] / (double)b->options;
            for (size_t a = 0; a < b->options; a++) {
                state[0][first + a * step] += re * mean[0] - im * mean[1];
                state[1][first + a * step] += re * mean[1] + im * mean[0];
            }
        }
}

// Im <left| sum over blocks of |W><W| |psi>
static double mixer_slope(const qhm_qaoa_blocks *b)
{
    double slope = 0;
    for (size_t step = 1; step < b->count; step *= b->options)
        for (size_t first = 0; first < b->count; first++) {
            if (first / step % b->options != 0)
                continue;
            double psi[2] = {0}, left[2] = {0};
            for (size_t a = 0; a < b->options; a++)
                for (size_t part = 0; part < 2; part++) {
                    psi[part] += b->psi[part][first + a * step];
                    left[part] += b->left[part][first + a * step];
                }
            slope += (left[0] * psi[1] - left[1] * psi[0]) / (double)b->options;
        }
    return slope;
}

static double phase_slope(const qhm_qaoa_blocks *b)
{
    double slope = 0;
    for (size_t s = 0; s < b->count; s++)
        slope += b->costs[s] * (b->left[0][s] * b->psi[1][s] - b->left[1][s] * b->psi[0][s]);
    return slope;
}

static void run_forward(qhm_qaoa_blocks *b, const double *angles)
{
    for (size_t s = 0; s < b->count; s++) {
        b->psi[0][s] = 1 / sqrt((double)b->count);
        b->psi[1][s] = 0;
    }
    for (size_t layer = 0; layer < b->layers; layer++) {
        turn(b, angles[layer], b->psi);
        mix(b, angles[b->layers + layer], b->psi);
    }
}

double qhm_qaoa_blocks_run(qhm_qaoa_blocks *blocks, const double *angles, double *gradient)
{
    qhm_qaoa_blocks *b = blocks;
    double cost = 0;
    run_forward(b, angles);
    for (size_t s = 0; s < b->count; s++) {
        cost += b->costs[s] * (b->psi[0][s] * b->psi[0][s] + b->psi[1][s] * b->psi[1][s]);
        for (size_t part = 0; part < 2; part++)
            b->left[part][s] = b->costs[s] * b->psi[part][s];
    }
    for (size_t layer = b->layers; layer-- > 0 && gradient;) {
        const double beta = angles[b->layers + layer];
        gradient[b->layers + layer] = 4 * (double)b->options * mixer_slope(b);
        mix(b, -beta, b->psi);
        mix(b, -beta, b->left);
        gradient[layer] = 2 * phase_slope(b);
        turn(b, -angles[layer], b->psi);
        turn(b, -angles[layer], b->left);
    }
    return cost;
}

void qhm_qaoa_blocks_probabilities(qhm_qaoa_blocks *blocks, const double *angles,
                                   double *probabilities)
{
    run_forward(blocks, angles);
    memset(probabilities, 0, sizeof *probabilities << blocks->spins);
    for (size_t s = 0; s < blocks->count; s++)
        probabilities[blocks->bits[s]] =
            blocks->psi[0][s] * blocks->psi[0][s] + blocks->psi[1][s] * blocks->psi[1][s];
}
