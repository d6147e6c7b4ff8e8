// Angles of QAOA: fitted, interpolated, published, and those that are best on trees.
#include <qhm/qaoa.h>

#include "algorithm/bfgs.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static qhm_status find_cost(void *context, const double *x, double *value, double *gradient)
{
    return qhm_qaoa_run(context, x, value, gradient);
}

qhm_status qhm_qaoa_fit(qhm_qaoa *qaoa, const qhm_qaoa_fit_options *options, double *angles,
                        qhm_qaoa_fitted *fitted)
{
    static const qhm_qaoa_fit_options defaults;
    qhm_bfgs_result found;
    QHM_REQUIRE(qaoa && angles && fitted, "qaoa, angles or fitted is NULL");
    options = options ? options : &defaults;
    QHM_TRY(qhm_bfgs(2 * qhm_qaoa_layers(qaoa), find_cost, qaoa,
                     options->iterations ? options->iterations : 100,
                     options->tolerance > 0 ? options->tolerance : 1e-6, angles, &found));
    *fitted = (qhm_qaoa_fitted){found.value, found.iterations, found.calls};
    return QHM_OK;
}

void qhm_qaoa_interpolate(size_t layers, const double *angles, double *more)
{
    for (size_t half = 0; half < 2; half++)
        for (size_t i = 0; i <= layers; i++) {
            const double *from = angles + half * layers;
            const double before = i > 0 ? from[i - 1] : 0, here = i < layers ? from[i] : 0;
            more[half * (layers + 1) + i] =
                ((double)i * before + (double)(layers - i) * here) / (double)layers;
        }
}

// Walsh-Hadamard transform, not normalised.
static void transform(size_t count, qhm_complex *x)
{
    for (size_t half = 1; half < count; half *= 2)
        for (size_t i = 0; i < count; i++)
            if (!(i & half)) {
                const qhm_complex a = x[i], b = x[i | half];
                x[i] = (qhm_complex){a.re + b.re, a.im + b.im};
                x[i | half] = (qhm_complex){a.re - b.re, a.im - b.im};
            }
}

static qhm_complex times(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// A path of 2 layers + 1 spins, bit k for place k: out along the layers, the measured one in the
// middle, and back. What it weighs is the product of the mixers' elements along it.
static qhm_complex path_weight(size_t layers, const double *betas, size_t path)
{
    qhm_complex weight = {0.5, 0};
    const size_t turns = path ^ path >> 1;
    for (size_t k = 0; k < 2 * layers; k++) {
        const bool back = k >= layers;
        const double beta = betas[back ? 2 * layers - 1 - k : k];
        const double sine = back ? -sin(beta) : sin(beta);
        weight =
            times(weight, turns >> k & 1 ? (qhm_complex){0, sine} : (qhm_complex){cos(beta), 0});
    }
    return weight;
}

// Gamma . (a b) depends on where two paths differ only.
static double path_phase(size_t layers, const double *gammas, size_t differ)
{
    double sum = 0;
    for (size_t k = 0; k <= 2 * layers; k++) {
        const double gamma = k == layers ? 0 : k < layers ? gammas[k] : -gammas[2 * layers - k];
        sum += differ >> k & 1 ? -gamma : gamma;
    }
    return sum / 2;
}

static double cut_share(size_t degree, size_t layers, const double *angles, qhm_complex *work)
{
    const size_t count = (size_t)2 << 2 * layers;
    qhm_complex *weights = work, *phases = work + count, *branch = work + 2 * count;
    for (size_t a = 0; a < count; a++) {
        const double phase = path_phase(layers, angles, a);
        weights[a] = path_weight(layers, angles + layers, a);
        phases[a] = (qhm_complex){cos(phase), sin(phase)}; // costs are minus the cut
        branch[a] = weights[a];
    }
    transform(count, phases);
    qhm_complex correlation = {0, 0};
    for (size_t round = 0; round <= layers; round++) {
        // branch = weights * H of the round; beside it, for the edge itself, with the middle's sign
        if (round == layers)
            for (size_t a = 0; a < count; a++)
                if (a >> layers & 1)
                    branch[a] = (qhm_complex){-branch[a].re, -branch[a].im};
        qhm_complex *sums = work + 3 * count;
        memcpy(sums, branch, count * sizeof *sums);
        transform(count, sums);
        for (size_t a = 0; a < count; a++)
            sums[a] = times(sums[a], phases[a]);
        transform(count, sums);
        for (size_t a = 0; a < count; a++) {
            const qhm_complex sum = {sums[a].re / (double)count, sums[a].im / (double)count};
            if (round == layers) {
                const qhm_complex term = times(branch[a], sum);
                correlation = (qhm_complex){correlation.re + term.re, correlation.im + term.im};
                continue;
            }
            branch[a] = weights[a];
            for (size_t i = 0; i + 1 < degree; i++)
                branch[a] = times(branch[a], sum);
        }
    }
    return (1 - correlation.re) / 2;
}

double qhm_qaoa_tree_cut(size_t degree, size_t layers, const double *angles)
{
    qhm_complex *work;
    if (degree < 2 || layers < 1 || layers > 8 || !angles ||
        qhm_allocate((size_t)8 << 2 * layers, sizeof *work, &work) != QHM_OK)
        return NAN;
    const double share = cut_share(degree, layers, angles, work);
    qhm_release(work);
    return share;
}

typedef struct tree {
    size_t degree, layers;
    qhm_complex *work;
} tree;

// By central differences: the tree costs little.
static qhm_status find_tree_cost(void *context, const double *x, double *value, double *gradient)
{
    enum { MOST = 16 };
    const tree *t = context;
    const double step = 1e-5;
    double moved[MOST];
    memcpy(moved, x, 2 * t->layers * sizeof *x);
    *value = -cut_share(t->degree, t->layers, x, t->work);
    for (size_t i = 0; i < 2 * t->layers; i++) {
        moved[i] = x[i] + step;
        const double more = cut_share(t->degree, t->layers, moved, t->work);
        moved[i] = x[i] - step;
        const double less = cut_share(t->degree, t->layers, moved, t->work);
        moved[i] = x[i];
        gradient[i] = (less - more) / (2 * step);
    }
    return QHM_OK;
}

// One layer has a closed form; each further one begins where interpolation puts it.
qhm_status qhm_qaoa_tree_angles(size_t degree, size_t layers, double *angles)
{
    double from[10], more[10];
    qhm_bfgs_result found;
    tree t = {.degree = degree};
    QHM_REQUIRE(angles, "angles is NULL");
    QHM_REQUIRE(degree >= 2 && degree <= 1000, "degree is %zu, not 2 to 1000", degree);
    QHM_REQUIRE(layers >= 1 && layers <= 5, "layers is %zu, not 1 to 5", layers);
    QHM_TRY(qhm_allocate((size_t)8 << 2 * layers, sizeof *t.work, &t.work));
    from[0] = -atan(1 / sqrt((double)degree - 1));
    from[1] = atan(1) / 2;
    qhm_status status = QHM_OK;
    for (t.layers = 2; t.layers <= layers && status == QHM_OK; t.layers++) {
        qhm_qaoa_interpolate(t.layers - 1, from, more);
        status = qhm_bfgs(2 * t.layers, find_tree_cost, &t, 200, 1e-9, more, &found);
        memcpy(from, more, sizeof from);
    }
    qhm_release(t.work);
    if (status == QHM_OK)
        memcpy(angles, from, 2 * layers * sizeof *angles);
    return status;
}

qhm_status qhm_qaoa_fixed_angles(size_t layers, double *angles)
{
    static const double published[4][8] = {
        {-2.526112630848722, 1.178096198604872},
        {-2.6537053, -5.38542672, 1.01604087, 1.27853893},
        {.41787832, .79214776, .93232948, .60032889, .45241986, .23511412},
        {.40718406, .77873346, .97786102, 1.14390016, .59413038, .44061878, .31250151, .16312574},
    };
    QHM_REQUIRE(angles, "angles is NULL");
    QHM_REQUIRE(layers >= 1 && layers <= 4, "layers is %zu, not 1 to 4", layers);
    for (size_t i = 0; i < layers; i++) {
        angles[i] = -published[layers - 1][i];
        angles[layers + i] = published[layers - 1][layers + i];
    }
    return QHM_OK;
}

typedef struct outcome {
    double cost, weight;
} outcome;

static int by_cost(const void *a, const void *b)
{
    const double x = ((const outcome *)a)->cost, y = ((const outcome *)b)->cost;
    return (x > y) - (x < y);
}

qhm_status qhm_qaoa_lowest_mean(size_t count, const double *costs, const double *weights,
                                double share, double *mean)
{
    outcome *sorted;
    double total = 0, sum = 0;
    QHM_REQUIRE(costs && weights && mean, "costs, weights or mean is NULL");
    QHM_REQUIRE(share > 0 && share <= 1, "share is %g, not in (0, 1]", share);
    QHM_TRY(qhm_allocate(count, sizeof *sorted, &sorted));
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (outcome){costs[i], weights[i]};
        total += weights[i];
    }
    qsort(sorted, count, sizeof *sorted, by_cost);
    double left = share * total;
    for (size_t i = 0; i < count && left > 0; i++) {
        const double taken = fmin(left, sorted[i].weight);
        sum += taken * sorted[i].cost;
        left -= taken;
    }
    qhm_release(sorted);
    QHM_REQUIRE(total > 0, "no outcome has a weight");
    *mean = sum / (share * total);
    return QHM_OK;
}
