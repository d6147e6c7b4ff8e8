// Where a search can start: bits by greed, and the lowest point of a convex relaxation.
#include <qhm/ising.h>

#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <stdbool.h>

enum { MOST_SPINS = 64 };

// pulls[i]: what the spin's sign is multiplied with in the cost, given those that are set.
static uint64_t build(const qhm_ising *ising, uint64_t *steps)
{
    const size_t n = qhm_ising_spin_count(ising);
    double pulls[MOST_SPINS];
    bool is_set[MOST_SPINS] = {false};
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++)
        pulls[i] = qhm_ising_field(ising, i);
    for (size_t round = 0; round < n; round++) {
        size_t next = n;
        for (size_t i = 0; i < n; i++)
            if (!is_set[i] && (next == n || fabs(pulls[i]) > fabs(pulls[next]) * (1 + 1e-12)))
                next = i;
        const double sign = pulls[next] > 0 ? -1 : 1;
        is_set[next] = true;
        bits |= (uint64_t)(sign < 0) << next;
        for (size_t i = 0; i < n; i++)
            pulls[i] += sign * qhm_ising_coupling(ising, i, next);
        *steps += n;
    }
    return bits;
}

qhm_status qhm_ising_find_greedy(const qhm_ising *ising, qhm_ising_solution *solution)
{
    QHM_REQUIRE(ising && solution, "ising or solution is NULL");
    uint64_t steps = 0, bits = build(ising, &steps);
    const double equal = qhm_ising_rounding(ising);
    double energy = qhm_ising_energy(ising, bits);
    for (bool improved = true; improved;) {
        improved = false;
        for (size_t i = 0; i < qhm_ising_spin_count(ising); i++) {
            const double other = qhm_ising_energy(ising, bits ^ (uint64_t)1 << i);
            steps++;
            if (other < energy - equal) {
                energy = other;
                bits ^= (uint64_t)1 << i;
                improved = true;
            }
        }
    }
    *solution =
        (qhm_ising_solution){.bits = bits, .energy = energy, .nodes = steps, .bound = -INFINITY};
    return QHM_OK;
}

// The least d with sum J_ij s_i s_j + d |s|^2 convex: minus half the lowest eigenvalue of J.
static qhm_status find_shift(const qhm_ising *ising, double *shift)
{
    double *matrix, highest;
    const size_t n = qhm_ising_spin_count(ising);
    QHM_TRY(qhm_allocate(n * n + n, sizeof *matrix, &matrix));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            matrix[i * n + j] = j == i ? 0 : -qhm_ising_coupling(ising, i, j);
    const qhm_status status = qhm_symmetric_eigen(matrix, n, 1, &highest, matrix + n * n);
    qhm_release(matrix);
    *shift = fmax(0, highest / 2);
    return status;
}

// Each number to where it costs least while the others stay; returns the largest move.
static double sweep(const qhm_ising *ising, double shift, double *s)
{
    const size_t n = qhm_ising_spin_count(ising);
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        double pull = qhm_ising_field(ising, i);
        for (size_t j = 0; j < n; j++)
            pull += qhm_ising_coupling(ising, i, j) * s[j];
        const double free = shift > 0 ? -pull / (2 * shift) : pull > 0 ? -1 : pull < 0 ? 1 : s[i];
        const double next = fmax(-1, fmin(1, free));
        largest = fmax(largest, fabs(next - s[i]));
        s[i] = next;
    }
    return largest;
}

qhm_status qhm_ising_relax_box(const qhm_ising *ising, double *chances, double *bound)
{
    enum { MOST_SWEEPS = 100000 };
    QHM_REQUIRE(ising && chances, "ising or chances is NULL");
    const size_t n = qhm_ising_spin_count(ising);
    double shift, s[MOST_SPINS] = {0}, cost = qhm_ising_constant(ising);
    QHM_TRY(find_shift(ising, &shift));
    for (size_t i = 0; i < MOST_SWEEPS && sweep(ising, shift, s) > 1e-12; i++)
        continue;
    for (size_t i = 0; i < n; i++) {
        chances[i] = fmax(0, fmin(1, (1 - s[i]) / 2));
        cost += qhm_ising_field(ising, i) * s[i] + shift * (s[i] * s[i] - 1);
        for (size_t j = 0; j < i; j++)
            cost += qhm_ising_coupling(ising, i, j) * s[i] * s[j];
    }
    if (bound)
        *bound = cost;
    return QHM_OK;
}
