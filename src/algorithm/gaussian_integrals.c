// Integrals over Gaussians by McMurchie and Davidson: products of two as Hermite Gaussians.
#include "algorithm/gaussian_integrals.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <string.h>

// Powers: of an orbital at most 1, of a product of two 2, of two products 4. The kinetic energy
// raises one power by 2.
enum { PAIR = 3, FOUR = 5, RAISED = 4, PRIMITIVE_PAIRS = QHM_PRIMITIVES * QHM_PRIMITIVES };

static const double PI = 3.14159265358979323846;

void qhm_boys(unsigned order, double x, double *values)
{
    if (x > 35) { // exp(-x) is below what a sum can see: F_0 as for infinite x, then upwards
        const double tail = exp(-x);
        values[0] = 0.5 * sqrt(PI / x);
        for (unsigned m = 0; m < order; m++)
            values[m + 1] = ((2 * m + 1) * values[m] - tail) / (2 * x);
        return;
    }
    double term = 1 / (2.0 * order + 1), sum = term;
    for (unsigned i = 1; term > 1e-17 * sum; i++) {
        term *= 2 * x / (2.0 * (order + i) + 1);
        sum += term;
    }
    values[order] = exp(-x) * sum;
    for (unsigned m = order; m-- > 0;)
        values[m] = (2 * x * values[m + 1] + exp(-x)) / (2.0 * m + 1);
}

// Along one axis: x_a^i x_b^j exp(-a x_a^2 - b x_b^2) = sum_t table[i][j][t] Hermite_t at the
// common centre.
typedef double hermite_table[2][RAISED][RAISED + 1];

static double entry(hermite_table table, int i, int j, int t)
{
    return t < 0 || t > i + j ? 0 : table[i][j][t];
}

static void fill_hermite(double a, double b, double distance, hermite_table table)
{
    const double p = a + b, q = a * b / p;
    memset(table, 0, sizeof(hermite_table));
    table[0][0][0] = exp(-q * distance * distance);
    for (int t = 0; t <= 1; t++)
        table[1][0][t] = entry(table, 0, 0, t - 1) / (2 * p) -
                         q * distance / a * entry(table, 0, 0, t) +
                         (t + 1) * entry(table, 0, 0, t + 1);
    for (int i = 0; i < 2; i++)
        for (int j = 1; j < RAISED; j++)
            for (int t = 0; t <= i + j; t++)
                table[i][j][t] = entry(table, i, j - 1, t - 1) / (2 * p) +
                                 q * distance / b * entry(table, i, j - 1, t) +
                                 (t + 1) * entry(table, i, j - 1, t + 1);
}

// A product of two primitives.
typedef struct primitive_pair {
    double p, centre[3], coefficient;
    double hermite[3][PAIR];
} primitive_pair;

// A product of two orbitals.
typedef struct orbital_pair {
    unsigned power[3];
    primitive_pair parts[PRIMITIVE_PAIRS];
} orbital_pair;

typedef struct pair_integrals {
    double overlap, kinetic;
} pair_integrals;

// Of two primitives, from the tables of the three axes.
static void add_one_electron(const qhm_gaussian_orbital *right, double b, double p,
                             double coefficient, const unsigned left_power[3],
                             hermite_table tables[3], pair_integrals *sums)
{
    double overlap[3], kinetic[3];
    for (size_t d = 0; d < 3; d++) {
        const unsigned i = left_power[d], j = right->power[d];
        overlap[d] = tables[d][i][j][0];
        kinetic[d] = b * (2 * j + 1) * tables[d][i][j][0] - 2 * b * b * tables[d][i][j + 2][0];
    }
    const double factor = coefficient * pow(PI / p, 1.5);
    sums->overlap += factor * overlap[0] * overlap[1] * overlap[2];
    sums->kinetic +=
        factor * (kinetic[0] * overlap[1] * overlap[2] + overlap[0] * kinetic[1] * overlap[2] +
                  overlap[0] * overlap[1] * kinetic[2]);
}

static pair_integrals fill_pair(const qhm_gaussian_orbital *left, const qhm_gaussian_orbital *right,
                                orbital_pair *pair)
{
    pair_integrals sums = {0, 0};
    for (size_t d = 0; d < 3; d++)
        pair->power[d] = left->power[d] + right->power[d];
    for (size_t k = 0; k < PRIMITIVE_PAIRS; k++) {
        const size_t i = k / QHM_PRIMITIVES, j = k % QHM_PRIMITIVES;
        const double a = left->exponent[i], b = right->exponent[j];
        primitive_pair *part = &pair->parts[k];
        hermite_table tables[3];
        part->p = a + b;
        part->coefficient = left->coefficient[i] * right->coefficient[j];
        for (size_t d = 0; d < 3; d++) {
            part->centre[d] = (a * left->centre[d] + b * right->centre[d]) / part->p;
            fill_hermite(a, b, left->centre[d] - right->centre[d], tables[d]);
            for (size_t t = 0; t < PAIR; t++)
                part->hermite[d][t] = tables[d][left->power[d]][right->power[d]][t];
        }
        add_one_electron(right, b, part->p, part->coefficient, left->power, tables, &sums);
    }
    return sums;
}

// Coulomb integrals of Hermite Gaussians [t][u][v] at a distance, t + u + v to `order`.
typedef double coulomb_table[FOUR][FOUR][FOUR];

static double raised(coulomb_table *tables, unsigned n, const unsigned at[3], size_t axis,
                     double distance)
{
    unsigned lower[3] = {at[0], at[1], at[2]};
    lower[axis]--;
    double value = distance * tables[n + 1][lower[0]][lower[1]][lower[2]];
    if (lower[axis] > 0) {
        const unsigned factor = lower[axis]--;
        value += factor * tables[n + 1][lower[0]][lower[1]][lower[2]];
    }
    return value;
}

// tables [FOUR] is room; the result is tables[0].
static void fill_coulomb(unsigned order, double exponent, const double distance[3],
                         coulomb_table *tables)
{
    double boys[FOUR], power = 1;
    const double square =
        distance[0] * distance[0] + distance[1] * distance[1] + distance[2] * distance[2];
    qhm_boys(order, exponent * square, boys);
    for (unsigned n = 0; n <= order; n++, power *= -2 * exponent)
        tables[n][0][0][0] = power * boys[n];
    for (unsigned n = order; n-- > 0;)
        for (unsigned t = 0; t <= order - n; t++)
            for (unsigned u = 0; t + u <= order - n; u++)
                for (unsigned v = 0; t + u + v <= order - n; v++) {
                    const unsigned at[3] = {t, u, v};
                    const size_t axis = t ? 0 : u ? 1 : 2;
                    if (t + u + v > 0)
                        tables[n][t][u][v] = raised(tables, n, at, axis, distance[axis]);
                }
}

static double attraction(const orbital_pair *pair, const qhm_point_charge *charge)
{
    coulomb_table tables[FOUR];
    double sum = 0;
    const unsigned *l = pair->power;
    for (size_t k = 0; k < PRIMITIVE_PAIRS; k++) {
        const primitive_pair *part = &pair->parts[k];
        double distance[3], hermite = 0;
        for (size_t d = 0; d < 3; d++)
            distance[d] = part->centre[d] - charge->position[d];
        fill_coulomb(l[0] + l[1] + l[2], part->p, distance, tables);
        for (unsigned t = 0; t <= l[0]; t++)
            for (unsigned u = 0; u <= l[1]; u++)
                for (unsigned v = 0; v <= l[2]; v++)
                    hermite += part->hermite[0][t] * part->hermite[1][u] * part->hermite[2][v] *
                               tables[0][t][u][v];
        sum -= charge->charge * part->coefficient * 2 * PI / part->p * hermite;
    }
    return sum;
}

// The terms of the second product for one of the first.
static double second_sum(const orbital_pair *pair, const primitive_pair *part, coulomb_table table,
                         unsigned t, unsigned u, unsigned v)
{
    const unsigned *l = pair->power;
    double sum = 0;
    for (unsigned a = 0; a <= l[0]; a++)
        for (unsigned b = 0; b <= l[1]; b++)
            for (unsigned c = 0; c <= l[2]; c++)
                sum += ((a + b + c) % 2 ? -1 : 1) * part->hermite[0][a] * part->hermite[1][b] *
                       part->hermite[2][c] * table[t + a][u + b][v + c];
    return sum;
}

static double repel(const orbital_pair *first, const primitive_pair *f, const orbital_pair *second,
                    const primitive_pair *s)
{
    coulomb_table tables[FOUR];
    double distance[3], sum = 0;
    unsigned order = 0;
    for (size_t d = 0; d < 3; d++) {
        distance[d] = f->centre[d] - s->centre[d];
        order += first->power[d] + second->power[d];
    }
    fill_coulomb(order, f->p * s->p / (f->p + s->p), distance, tables);
    for (unsigned t = 0; t <= first->power[0]; t++)
        for (unsigned u = 0; u <= first->power[1]; u++)
            for (unsigned v = 0; v <= first->power[2]; v++)
                sum += f->hermite[0][t] * f->hermite[1][u] * f->hermite[2][v] *
                       second_sum(second, s, tables[0], t, u, v);
    return sum * 2 * pow(PI, 2.5) / (f->p * s->p * sqrt(f->p + s->p)) * f->coefficient *
           s->coefficient;
}

typedef struct repulsion_work {
    const orbital_pair *pairs; // p >= q, by p (p + 1) / 2 + q
    size_t n;
    double *repulsion;
} repulsion_work;

static void set_exchanges(const repulsion_work *w, const size_t i[4], double value)
{
    const size_t n = w->n, pairs = n * n;
    const size_t first[2] = {i[0] * n + i[1], i[1] * n + i[0]};
    const size_t second[2] = {i[2] * n + i[3], i[3] * n + i[2]};
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b < 2; b++) {
            w->repulsion[first[a] * pairs + second[b]] = value;
            w->repulsion[second[b] * pairs + first[a]] = value;
        }
}

static void repel_pairs(size_t first, size_t last, void *context)
{
    const repulsion_work *w = context;
    for (size_t pq = first; pq < last; pq++) {
        size_t p = 0;
        while ((p + 1) * (p + 2) / 2 <= pq)
            p++;
        for (size_t rs = 0, r = 0; r <= p; r++)
            for (size_t s = 0; s <= r && rs <= pq; s++, rs++) {
                double value = 0;
                for (size_t k = 0; k < PRIMITIVE_PAIRS * PRIMITIVE_PAIRS; k++)
                    value += repel(&w->pairs[pq], &w->pairs[pq].parts[k / PRIMITIVE_PAIRS],
                                   &w->pairs[rs], &w->pairs[rs].parts[k % PRIMITIVE_PAIRS]);
                set_exchanges(w, (size_t[]){p, pq - p * (p + 1) / 2, r, s}, value);
            }
    }
}

qhm_status qhm_gaussian_integrals(const qhm_gaussian_orbital *orbitals, size_t n,
                                  const qhm_point_charge *charges, size_t count, double *overlap,
                                  double *hamiltonian, double *repulsion)
{
    orbital_pair *pairs;
    QHM_TRY(qhm_allocate(n * (n + 1) / 2, sizeof *pairs, &pairs));
    for (size_t p = 0, pq = 0; p < n; p++)
        for (size_t q = 0; q <= p; q++, pq++) {
            const pair_integrals sums = fill_pair(&orbitals[p], &orbitals[q], &pairs[pq]);
            double value = sums.kinetic;
            for (size_t c = 0; c < count; c++)
                value += attraction(&pairs[pq], &charges[c]);
            overlap[p * n + q] = overlap[q * n + p] = sums.overlap;
            hamiltonian[p * n + q] = hamiltonian[q * n + p] = value;
        }
    repulsion_work work = {pairs, n, repulsion};
    qhm_parallel_for(n * (n + 1) / 2, 8, repel_pairs, &work);
    qhm_release(pairs);
    return QHM_OK;
}
