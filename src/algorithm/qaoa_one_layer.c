// One layer of QAOA in closed form: means without states.
#include "algorithm/bfgs.h"
#include "algorithm/qaoa_search.h"

#include <math.h>

// <Z_i> = sin 2b sin 2g h_i prod_k cos 2g J_ik
static double mean_field(const qhm_ising *ising, size_t i, double g, double b)
{
    double product = 1;
    for (size_t k = 0; k < qhm_ising_spin_count(ising); k++)
        product *= cos(2 * g * qhm_ising_coupling(ising, i, k));
    return sin(2 * b) * sin(2 * g * qhm_ising_field(ising, i)) * product;
}

// <Z_i Z_j>: a part by either spin's field, and one by how their neighbours are shared.
static double mean_product(const qhm_ising *ising, size_t i, size_t j, double g, double b)
{
    const double h = qhm_ising_field(ising, i), other = qhm_ising_field(ising, j);
    double alone = cos(2 * g * h), alone_other = cos(2 * g * other);
    double sum = cos(2 * g * (h + other)), difference = cos(2 * g * (h - other));
    for (size_t k = 0; k < qhm_ising_spin_count(ising); k++) {
        if (k == i || k == j)
            continue;
        const double u = 2 * g * qhm_ising_coupling(ising, i, k);
        const double v = 2 * g * qhm_ising_coupling(ising, j, k);
        alone *= cos(u);
        alone_other *= cos(v);
        sum *= cos(u + v);
        difference *= cos(u - v);
    }
    const double s = sin(2 * b);
    return sin(4 * b) / 2 * sin(2 * g * qhm_ising_coupling(ising, i, j)) * (alone + alone_other) -
           s * s / 2 * (sum - difference);
}

double qhm_qaoa_one_layer(const qhm_ising *ising, const double *angles)
{
    double cost = qhm_ising_constant(ising);
    for (size_t i = 0; i < qhm_ising_spin_count(ising); i++) {
        const double field = qhm_ising_field(ising, i);
        cost += field != 0 ? field * mean_field(ising, i, angles[0], angles[1]) : 0;
        for (size_t j = 0; j < i; j++) {
            const double coupling = qhm_ising_coupling(ising, i, j);
            cost += coupling != 0 ? coupling * mean_product(ising, i, j, angles[0], angles[1]) : 0;
        }
    }
    return cost;
}

typedef struct formula {
    const qhm_ising *ising;
    double scale;
    size_t evaluations;
} formula;

static double evaluate(formula *f, double gamma, double beta)
{
    f->evaluations++;
    return qhm_qaoa_one_layer(f->ising, (const double[]){gamma / f->scale, beta}) / f->scale;
}

static qhm_status find_cost(void *context, const double *x, double *value, double *gradient)
{
    const double step = 1e-5;
    formula *f = context;
    *value = evaluate(f, x[0], x[1]);
    if (gradient) {
        gradient[0] =
            (evaluate(f, x[0] + step, x[1]) - evaluate(f, x[0] - step, x[1])) / (2 * step);
        gradient[1] =
            (evaluate(f, x[0], x[1] + step) - evaluate(f, x[0], x[1] - step)) / (2 * step);
    }
    return QHM_OK;
}

qhm_status qhm_qaoa_one_layer_angles(const qhm_ising *ising, double *angles, size_t *evaluations)
{
    double degree, lowest = INFINITY, x[2] = {0};
    qhm_bfgs_result found;
    QHM_REQUIRE(ising && angles, "ising or angles is NULL");
    formula f = {.ising = ising, .scale = qhm_qaoa_scale(ising, &degree)};
    for (int i = 0; i < 64; i++) {
        const double gamma = -0.15 * (1 + i / 8) / sqrt(1 + degree), beta = 0.2 * (i % 8 - 3.5);
        const double cost = evaluate(&f, gamma, beta);
        if (cost < lowest) {
            lowest = cost;
            x[0] = gamma;
            x[1] = beta;
        }
    }
    QHM_TRY(qhm_bfgs(2, find_cost, &f, 100, 1e-7, x, &found));
    angles[0] = x[0] / f.scale;
    angles[1] = x[1];
    if (evaluations)
        *evaluations = f.evaluations;
    return QHM_OK;
}
