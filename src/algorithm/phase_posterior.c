// What is known of a phase: a distribution over [0, 1) on an even grid.
#include "algorithm/phase_posterior.h"

#include "base/memory.h"

#include <float.h>
#include <math.h>

enum { FEW = 16 }; // shots whose likelihood is far from underflow: 2^(-52 FEW) at the least

qhm_status qhm_phase_posterior_create(size_t least, qhm_phase_posterior *posterior)
{
    *posterior = (qhm_phase_posterior){.size = 4};
    while (posterior->size < least)
        posterior->size *= 2;
    const size_t size = posterior->size;
    QHM_TRY(qhm_allocate(size, sizeof *posterior->cosines, &posterior->cosines));
    QHM_TRY(qhm_allocate(size, sizeof *posterior->weights, &posterior->weights));
    for (size_t j = 0; j < size; j++) {
        posterior->cosines[j] = cos(2 * M_PI * (double)j / (double)size);
        posterior->weights[j] = 1 / (double)size;
    }
    return QHM_OK;
}

void qhm_phase_posterior_destroy(qhm_phase_posterior *posterior)
{
    qhm_release(posterior->cosines);
    qhm_release(posterior->weights);
    *posterior = (qhm_phase_posterior){0};
}

// A test's parts that are the same for all points.
typedef struct turned {
    uint64_t power;
    double cosine, sine;
} turned;

static turned turn(const qhm_phase_test *test)
{
    return (turned){test->power, cos(2 * M_PI * test->angle), sin(2 * M_PI * test->angle)};
}

// The probability of a 1 at point j; its cosines are in the table, as a multiple of a step is one.
static double one_at(const qhm_phase_posterior *p, const turned *t, size_t j)
{
    const size_t mask = p->size - 1, at = (size_t)(t->power * j) & mask;
    const double sine = p->cosines[(at + 3 * (p->size / 4)) & mask];
    return (1 - p->cosines[at] * t->cosine - sine * t->sine) / 2;
}

// A probability of nothing is one of what its own rounding may be.
static double likelihood(double one, uint64_t ones, uint64_t zeros)
{
    const double is_one = fmax(one, DBL_EPSILON), is_zero = fmax(1 - one, DBL_EPSILON);
    double product = 1;
    for (uint64_t i = 0; i < ones; i++)
        product *= is_one;
    for (uint64_t i = 0; i < zeros; i++)
        product *= is_zero;
    return product;
}

// The same, where the product could vanish at all points; the most likely one has 1.
static void add_many(qhm_phase_posterior *posterior, const qhm_phase_test *test)
{
    const turned t = turn(test);
    const double ones = (double)test->ones, zeros = (double)(test->shots - test->ones);
    double *weights = posterior->weights, most = -INFINITY;
    for (size_t j = 0; j < posterior->size; j++) {
        const double one = one_at(posterior, &t, j);
        weights[j] = log(weights[j]) + ones * log(fmax(one, DBL_EPSILON)) +
                     zeros * log(fmax(1 - one, DBL_EPSILON));
        most = fmax(most, weights[j]);
    }
    for (size_t j = 0; j < posterior->size; j++)
        weights[j] = exp(weights[j] - most);
}

void qhm_phase_posterior_add(qhm_phase_posterior *posterior, const qhm_phase_test *test)
{
    const turned t = turn(test);
    double *weights = posterior->weights, sum = 0;
    if (test->shots > FEW)
        add_many(posterior, test);
    for (size_t j = 0; j < posterior->size && test->shots <= FEW; j++)
        weights[j] *= likelihood(one_at(posterior, &t, j), test->ones, test->shots - test->ones);
    for (size_t j = 0; j < posterior->size; j++)
        sum += weights[j];
    for (size_t j = 0; j < posterior->size; j++)
        weights[j] /= sum;
}

void qhm_phase_posterior_mean(const qhm_phase_posterior *posterior, double *mean, double *deviation)
{
    const size_t size = posterior->size, mask = size - 1;
    double re = 0, im = 0, sum = 0;
    for (size_t j = 0; j < size; j++) {
        re += posterior->weights[j] * posterior->cosines[j];
        im += posterior->weights[j] * posterior->cosines[(j + 3 * (size / 4)) & mask];
    }
    const double turns = hypot(re, im) > 1e-9 ? atan2(im, re) / (2 * M_PI) : 0;
    const double found = turns - floor(turns);
    *mean = found < 1 ? found : 0; // a tiny negative number may round to 1
    for (size_t j = 0; j < size; j++) {
        const double distance = (double)j / (double)size - *mean, near = distance - round(distance);
        sum += posterior->weights[j] * near * near;
    }
    *deviation = sqrt(sum);
}

// Each point's weight is spread evenly over a step about it.
void qhm_phase_posterior_interval(const qhm_phase_posterior *posterior, double mean, double tail,
                                  double *low, double *high)
{
    const size_t size = posterior->size, mask = size - 1;
    const double step = 1 / (double)size;
    const double start = floor((mean - 0.5) * (double)size);
    const size_t first = (size_t)(start + (double)size) & mask;
    const double cuts[] = {tail, 1 - tail};
    double found[] = {start * step, start * step + 1}, below = 0;
    size_t next = 0;
    for (size_t i = 0; i < size && next < 2; i++) {
        const double weight = posterior->weights[(first + i) & mask];
        for (; next < 2 && weight > 0 && below + weight >= cuts[next]; next++)
            found[next] = (start + (double)i - 0.5 + (cuts[next] - below) / weight) * step;
        below += weight;
    }
    *low = found[0];
    *high = found[1];
}

double qhm_phase_posterior_peak(const qhm_phase_posterior *posterior)
{
    const size_t size = posterior->size, mask = size - 1;
    const double *weights = posterior->weights;
    size_t top = 0;
    for (size_t j = 1; j < size; j++)
        top = weights[j] > weights[top] ? j : top;
    double sum = weights[top];
    size_t up = 1, down = 1;
    for (; up < size && weights[(top + up) & mask] <= weights[(top + up - 1) & mask]; up++)
        sum += weights[(top + up) & mask];
    for (; down + up <= size &&
           weights[(top + size - down) & mask] <= weights[(top + size - down + 1) & mask];
         down++)
        sum += weights[(top + size - down) & mask];
    return fmin(sum, 1);
}

double qhm_phase_posterior_predict(const qhm_phase_posterior *posterior, const qhm_phase_test *test,
                                   double share)
{
    const turned t = turn(test);
    double sum = 0;
    for (size_t j = 0; j < posterior->size; j++) {
        if (posterior->weights[j] < DBL_EPSILON / (double)posterior->size)
            continue;
        const double one = (1 - share) * one_at(posterior, &t, j) + share / 2;
        sum += posterior->weights[j] * likelihood(one, test->ones, test->shots - test->ones);
    }
    return sum;
}
