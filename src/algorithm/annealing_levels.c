// The lowest levels of a transverse-field Ising model, and the smallest gap of an anneal.
#include <qhm/annealing.h>

#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/symmetric_eigen.h"

#include <math.h>
#include <qhm/random.h>

enum { MOST_SPINS = 14, MOST_VECTORS = 400, MOST_LEVELS = 16, PROBE = 10 };
static const double LEVEL_ERROR = 1e-9, LEAST_GAP = 1e-7; // of the largest cost

// Lanczos' vectors span what the Hamiltonian makes of the first: H is tridiagonal between them.
typedef struct lanczos {
    size_t n, size, room, count, wanted; // count: vectors; wanted: levels
    double driver, problem;
    const double *energies; // [size]
    double *vectors;        // [room][size]
    double diagonal[MOST_VECTORS], beside[MOST_VECTORS];
    double scale; // of H
    bool is_even; // only vectors that flipping all bits keeps
} lanczos;

static void apply(const lanczos *l, const double *in, double *out)
{
    for (size_t z = 0; z < l->size; z++) {
        double flipped = 0;
        for (size_t k = 0; k < l->n; k++)
            flipped += in[z ^ (size_t)1 << k];
        out[z] = l->problem * l->energies[z] * in[z] - l->driver * flipped;
    }
}

static double product(const double *a, const double *b, size_t size)
{
    double sum = 0;
    for (size_t z = 0; z < size; z++)
        sum += a[z] * b[z];
    return sum;
}

// Rounding must not bring in what symmetry forbids: it would grow to a level of its own.
static void make_even(const lanczos *l, double *v)
{
    for (size_t z = 0; l->is_even && z < l->size / 2; z++)
        v[z] = v[l->size - 1 - z] = (v[z] + v[l->size - 1 - z]) / 2;
}

// Adds the next vector; false when the space is closed. Orthogonalised twice, which is enough.
static bool extend(lanczos *l)
{
    const double *last = l->vectors + (l->count - 1) * l->size;
    double *next = l->vectors + l->count * l->size;
    apply(l, last, next);
    l->diagonal[l->count - 1] = product(last, next, l->size);
    for (int turn = 0; turn < 2; turn++)
        for (size_t v = 0; v < l->count; v++) {
            const double *other = l->vectors + v * l->size;
            const double part = product(other, next, l->size);
            for (size_t z = 0; z < l->size; z++)
                next[z] -= part * other[z];
        }
    make_even(l, next);
    const double length = sqrt(product(next, next, l->size));
    l->beside[l->count - 1] = length;
    if (length <= 1e-11 * l->scale || l->count == l->size)
        return false;
    for (size_t z = 0; z < l->size; z++)
        next[z] /= length;
    l->count++;
    return true;
}

// The lowest levels of the first `count` vectors, and how far they are from levels of H; NaN where
// there are fewer.
static qhm_status find_lowest(const lanczos *l, size_t count, double *matrix, double *levels,
                              double *residual)
{
    double values[MOST_LEVELS], *vectors = matrix + MOST_VECTORS * MOST_VECTORS;
    const size_t wanted = count < l->wanted ? count : l->wanted;
    for (size_t i = 0; i < count * count; i++)
        matrix[i] = 0;
    for (size_t i = 0; i < count; i++) {
        matrix[i * count + i] = -l->diagonal[i];
        if (i + 1 < count)
            matrix[i * count + i + 1] = matrix[(i + 1) * count + i] = -l->beside[i];
    }
    QHM_TRY(qhm_symmetric_eigen(matrix, count, wanted, values, vectors));
    for (size_t i = 0; i < l->wanted; i++)
        levels[i] = i < wanted ? -values[i] : NAN;
    *residual = 0;
    for (size_t i = 0; i < wanted; i++)
        *residual = fmax(*residual, fabs(vectors[i * count + count - 1]) * l->beside[count - 1]);
    return QHM_OK;
}

static void begin(lanczos *l, const qhm_ising *ising, bool is_reachable)
{
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0);
    double highest = 0, length = 0;
    l->is_even = is_reachable;
    for (size_t i = 0; i < l->n; i++)
        l->is_even = l->is_even && qhm_ising_field(ising, i) == 0;
    for (size_t z = 0; z < l->size; z++) {
        highest = fmax(highest, fabs(l->energies[z]));
        l->vectors[z] = is_reachable ? 1 : qhm_random_normal(&random);
        length += l->vectors[z] * l->vectors[z];
    }
    for (size_t z = 0; z < l->size; z++)
        l->vectors[z] /= sqrt(length);
    l->scale = fabs(l->driver) * (double)l->n + fabs(l->problem) * highest;
    l->count = 1;
}

static qhm_status iterate(lanczos *l, double *matrix, double *levels)
{
    double residual = INFINITY;
    bool is_open = true;
    while (is_open) {
        const size_t known = l->count; // vectors whose row of the tridiagonal matrix is there
        is_open = extend(l);
        if (!is_open || known % PROBE == 0 || known + 1 == l->room)
            QHM_TRY(find_lowest(l, known, matrix, levels, &residual));
        if (!is_open || (known >= l->wanted && residual <= LEVEL_ERROR * l->scale))
            return QHM_OK;
        if (known + 1 == l->room)
            return QHM_FAIL(QHM_ERROR_NUMERIC,
                            "levels are off by %g of %g after %zu steps of Lanczos' method",
                            residual, l->scale, known);
    }
    return QHM_OK;
}

// energies: [2^n]; levels: [wanted].
static qhm_status find_levels(const qhm_ising *ising, const double *energies, double driver,
                              double problem, bool is_reachable, size_t wanted, double *levels)
{
    double *matrix = NULL;
    lanczos *l;
    QHM_TRY(qhm_allocate(1, sizeof *l, &l));
    l->n = qhm_ising_spin_count(ising);
    l->size = (size_t)1 << l->n;
    l->room = l->size + 1 < MOST_VECTORS ? l->size + 1 : MOST_VECTORS;
    l->wanted = wanted;
    l->driver = driver;
    l->problem = problem;
    l->energies = energies;
    qhm_status status = qhm_allocate(l->room * l->size, sizeof(double), &l->vectors);
    if (status == QHM_OK)
        status = qhm_allocate((MOST_VECTORS + MOST_LEVELS) * MOST_VECTORS, sizeof(double), &matrix);
    if (status == QHM_OK) {
        begin(l, ising, is_reachable);
        status = iterate(l, matrix, levels);
    }
    qhm_release(matrix);
    qhm_release(l->vectors);
    qhm_release(l);
    return status;
}

static qhm_status allocate_energies(const qhm_ising *ising, double **energies)
{
    const size_t n = qhm_ising_spin_count(ising);
    if (n > MOST_SPINS)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "levels of %zu spins, not 1 to %d", n,
                        MOST_SPINS);
    QHM_TRY(qhm_allocate((size_t)1 << n, sizeof(double), energies));
    const qhm_status status = qhm_ising_energies(ising, *energies);
    if (status != QHM_OK)
        qhm_release(*energies);
    return status;
}

qhm_status qhm_annealing_find_levels(const qhm_ising *ising, double driver, double problem,
                                     bool is_reachable, double *levels)
{
    double *energies, found[2];
    QHM_REQUIRE(ising && levels, "ising or levels is NULL");
    QHM_REQUIRE(isfinite(driver) && isfinite(problem), "weights of %g and %g", driver, problem);
    QHM_TRY(allocate_energies(ising, &energies));
    const qhm_status status = find_levels(ising, energies, driver, problem, is_reachable, 2, found);
    qhm_release(energies);
    QHM_TRY(status);
    levels[0] = found[0];
    levels[1] = found[1];
    return QHM_OK;
}

typedef struct gap_search {
    const qhm_ising *ising;
    const double *energies;
    size_t ground; // levels that end in the lowest cost
    qhm_annealing_gap best;
} gap_search;

static qhm_status probe(gap_search *g, double s, double *gap)
{
    double levels[MOST_LEVELS];
    QHM_TRY(find_levels(g->ising, g->energies, 1 - s, s, true, g->ground + 1, levels));
    *gap = levels[g->ground] - levels[0];
    if (*gap < g->best.gap) {
        g->best.gap = *gap;
        g->best.position = s;
    }
    return QHM_OK;
}

// At s = 1 levels are costs: no vectors needed, and there may be too many levels for them.
static double find_end(const double *energies, size_t size, double equal)
{
    double lowest = INFINITY, second = INFINITY;
    for (size_t z = 0; z < size; z++)
        lowest = fmin(lowest, energies[z]);
    for (size_t z = 0; z < size; z++)
        if (energies[z] > lowest + equal)
            second = fmin(second, energies[z]);
    return isfinite(second) ? second - lowest : NAN;
}

// Just before the end, where fields split levels of the same cost by little.
static qhm_status count_ground(gap_search *g)
{
    double levels[MOST_LEVELS];
    double scale = 0;
    for (size_t z = 0; z < (size_t)1 << qhm_ising_spin_count(g->ising); z++)
        scale = fmax(scale, fabs(g->energies[z]));
    if (g->best.end < LEAST_GAP * scale)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "costs of %g end %g apart: closer than levels are known",
                        scale, g->best.end);
    const double rest = 0.01 * fmin(1, g->best.end) / (double)qhm_ising_spin_count(g->ising);
    QHM_TRY(find_levels(g->ising, g->energies, rest, 1 - rest, true, MOST_LEVELS, levels));
    while (g->ground < MOST_LEVELS && levels[g->ground] < levels[0] + g->best.end / 2)
        g->ground++;
    if (g->ground == MOST_LEVELS)
        return QHM_FAIL(QHM_ERROR_NUMERIC, "%d levels or more end in the lowest cost", MOST_LEVELS);
    return QHM_OK;
}

static qhm_status search(gap_search *g)
{
    enum { GRID = 32, SECTIONS = 24 };
    const double golden = (sqrt(5) - 1) / 2;
    double gap;
    QHM_TRY(count_ground(g));
    for (int i = 1; i < GRID; i++)
        QHM_TRY(probe(g, (double)i / GRID, &gap));
    double low = fmax(g->best.position - 1.0 / GRID, 1e-3), high = fmin(low + 2.0 / GRID, 1);
    double a = high - golden * (high - low), b = low + golden * (high - low), at_a, at_b;
    QHM_TRY(probe(g, a, &at_a));
    QHM_TRY(probe(g, b, &at_b));
    for (int i = 0; i < SECTIONS; i++) {
        if (at_a < at_b) {
            high = b;
            b = a;
            at_b = at_a;
            a = high - golden * (high - low);
            QHM_TRY(probe(g, a, &at_a));
        } else {
            low = a;
            a = b;
            at_a = at_b;
            b = low + golden * (high - low);
            QHM_TRY(probe(g, b, &at_b));
        }
    }
    return QHM_OK;
}

qhm_status qhm_annealing_find_gap(const qhm_ising *ising, qhm_annealing_gap *gap)
{
    double *energies;
    QHM_REQUIRE(ising && gap, "ising or gap is NULL");
    QHM_TRY(allocate_energies(ising, &energies));
    gap_search g = {.ising = ising, .energies = energies};
    g.best.end =
        find_end(energies, (size_t)1 << qhm_ising_spin_count(ising), qhm_ising_rounding(ising));
    g.best.gap = g.best.end;
    g.best.position = isnan(g.best.end) ? NAN : 1;
    const qhm_status status = isnan(g.best.end) ? QHM_OK : search(&g);
    qhm_release(energies);
    if (status == QHM_OK)
        *gap = g.best;
    return status;
}
