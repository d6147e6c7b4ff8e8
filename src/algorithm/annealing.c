// Quantum annealing as layers of QAOA, and schedules.
#include <qhm/annealing.h>

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/qaoa.h>

enum { MOST_STEPS = 1 << 18 };

static const qhm_annealing_point linear[] = {{0, 1, 0}, {1, 0, 1}};

static qhm_status check(const qhm_annealing_options *options)
{
    QHM_REQUIRE(options, "options is NULL");
    QHM_REQUIRE(options->time > 0 && isfinite(options->time), "time is %g, not a positive number",
                options->time);
    QHM_REQUIRE(options->tolerance >= 0, "tolerance is %g, not positive", options->tolerance);
    const size_t count = options->point_count;
    if (count == 0)
        return QHM_OK;
    const qhm_annealing_point *points = options->points;
    QHM_REQUIRE(points && count >= 2, "a schedule of %zu points, not 2 or more", count);
    QHM_REQUIRE(points[0].share == 0 && points[count - 1].share == 1,
                "a schedule from %g to %g of the time, not 0 to 1", points[0].share,
                points[count - 1].share);
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(isfinite(points[i].driver) && isfinite(points[i].problem),
                    "point %zu of the schedule is not finite", i);
        QHM_REQUIRE(i == 0 || points[i].share > points[i - 1].share,
                    "point %zu of the schedule is at %g, not after %g", i, points[i].share,
                    points[i - 1].share);
    }
    return QHM_OK;
}

// Weights at a share of the time; *at is the point before it, and only moves on.
static qhm_annealing_point weights_at(const qhm_annealing_options *options, double share,
                                      size_t *at)
{
    const qhm_annealing_point *points = options->point_count ? options->points : linear;
    const size_t count = options->point_count ? options->point_count : 2;
    while (*at + 2 < count && points[*at + 1].share <= share)
        ++*at;
    const qhm_annealing_point a = points[*at], b = points[*at + 1];
    const double along = (share - a.share) / (b.share - a.share);
    return (qhm_annealing_point){share, a.driver + along * (b.driver - a.driver),
                                 a.problem + along * (b.problem - a.problem)};
}

// Weights in the middle of each step. Before the first phase, half a mixer would only change the
// phase of the start; after it, each mixer is half of one step and half of the next.
qhm_status qhm_annealing_find_angles(const qhm_annealing_options *options, size_t steps,
                                     double *angles)
{
    QHM_TRY(check(options));
    QHM_REQUIRE(angles && steps >= 1 && steps <= MOST_STEPS, "steps is %zu, not 1 to %d", steps,
                MOST_STEPS);
    const double step = options->time / (double)steps;
    size_t at = 0;
    for (size_t k = 0; k < steps; k++) {
        const double share = ((double)k + 0.5) / (double)steps;
        const qhm_annealing_point here = weights_at(options, share, &at);
        angles[k] = here.problem * step;
        angles[steps + k] = -here.driver * step / 2;
        if (k > 0)
            angles[steps + k - 1] -= here.driver * step / 2;
    }
    return QHM_OK;
}

static qhm_status evolve(const qhm_ising *ising, const qhm_annealing_options *options, size_t steps,
                         double *probabilities)
{
    qhm_qaoa *qaoa = NULL;
    double *angles;
    QHM_TRY(qhm_allocate(2 * steps, sizeof *angles, &angles));
    qhm_status status = qhm_annealing_find_angles(options, steps, angles);
    if (status == QHM_OK)
        status = qhm_qaoa_create(ising, &(qhm_qaoa_options){.layers = steps}, &qaoa);
    if (status == QHM_OK)
        status = qhm_qaoa_probabilities(qaoa, angles, probabilities);
    qhm_qaoa_destroy(qaoa);
    qhm_release(angles);
    return status;
}

static double distance(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t z = 0; z < count; z++)
        sum += fabs(a[z] - b[z]);
    return sum / 2;
}

// The formula's error falls by four when steps double: a third of their difference is what is left.
// Taken off (Richardson), it leaves far less than the error that is told.
static void extrapolate(double *probabilities, const double *coarse, size_t count)
{
    for (size_t z = 0; z < count; z++)
        probabilities[z] = fmax(0, probabilities[z] + (probabilities[z] - coarse[z]) / 3);
}

static qhm_status refine(const qhm_ising *ising, const qhm_annealing_options *options,
                         double *probabilities, double *coarse, qhm_annealing_outcome *outcome)
{
    const size_t count = (size_t)1 << qhm_ising_spin_count(ising);
    const double tolerance = options->tolerance > 0 ? options->tolerance : 1e-6;
    size_t steps = 8;
    while (steps < options->time && steps < MOST_STEPS)
        steps *= 2;
    QHM_TRY(evolve(ising, options, steps, probabilities));
    do {
        for (size_t z = 0; z < count; z++)
            coarse[z] = probabilities[z];
        if (steps == MOST_STEPS)
            return QHM_FAIL(QHM_ERROR_NUMERIC,
                            "an anneal of time %g is off by %g with %d steps, not %g",
                            options->time, outcome->error, MOST_STEPS, tolerance);
        steps *= 2;
        QHM_TRY(evolve(ising, options, steps, probabilities));
        outcome->error = distance(probabilities, coarse, count) / 3;
    } while (!(outcome->error <= tolerance));
    extrapolate(probabilities, coarse, count);
    outcome->steps = steps;
    return QHM_OK;
}

static void weigh(const double *energies, const double *probabilities, size_t count, double equal,
                  qhm_annealing_outcome *outcome)
{
    outcome->lowest_cost = INFINITY;
    for (size_t z = 0; z < count; z++)
        outcome->lowest_cost = fmin(outcome->lowest_cost, energies[z]);
    for (size_t z = 0; z < count; z++) {
        outcome->mean_cost += probabilities[z] * energies[z];
        if (energies[z] <= outcome->lowest_cost + equal)
            outcome->ground_probability += probabilities[z];
    }
}

qhm_status qhm_annealing_run(const qhm_ising *ising, const qhm_annealing_options *options,
                             double *probabilities, qhm_annealing_outcome *outcome)
{
    double *made = NULL, *other = NULL;
    qhm_annealing_outcome found = {.error = NAN};
    QHM_REQUIRE(ising, "ising is NULL");
    QHM_TRY(check(options));
    const size_t n = qhm_ising_spin_count(ising), count = n < 40 ? (size_t)1 << n : SIZE_MAX;
    if (n > 30)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "%zu spins have no state vector, not 1 to 30", n);
    qhm_status status = qhm_allocate(count, sizeof *made, &made);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *other, &other);
    if (status == QHM_OK && options->steps > 0) {
        status = evolve(ising, options, options->steps, made);
        found.steps = options->steps;
    } else if (status == QHM_OK) {
        status = refine(ising, options, made, other, &found);
    }
    if (status == QHM_OK)
        status = qhm_ising_energies(ising, other);
    if (status == QHM_OK && outcome) {
        weigh(other, made, count, qhm_ising_rounding(ising), &found);
        *outcome = found;
    }
    for (size_t z = 0; status == QHM_OK && probabilities && z < count; z++)
        probabilities[z] = made[z];
    qhm_release(made);
    qhm_release(other);
    return status;
}

qhm_status qhm_annealing_find_schedule(size_t count, const double *shares, const double *gaps,
                                       qhm_annealing_point *points, double *time)
{
    double sum = 0;
    QHM_REQUIRE(shares && gaps && points && time, "shares, gaps, points or time is NULL");
    QHM_REQUIRE(count >= 2 && shares[0] == 0 && shares[count - 1] == 1,
                "%zu shares, not 2 or more from 0 to 1", count);
    for (size_t i = 0; i < count; i++) {
        QHM_REQUIRE(gaps[i] > 0 && isfinite(gaps[i]), "gap %zu is %g, not a positive number", i,
                    gaps[i]);
        QHM_REQUIRE(i == 0 || shares[i] > shares[i - 1], "share %zu is %g, not after %g", i,
                    shares[i], shares[i - 1]);
        if (i > 0)
            sum += (shares[i] - shares[i - 1]) / 2 *
                   (1 / (gaps[i] * gaps[i]) + 1 / (gaps[i - 1] * gaps[i - 1]));
        points[i] = (qhm_annealing_point){sum, 1 - shares[i], shares[i]};
    }
    for (size_t i = 0; i < count; i++)
        points[i].share /= sum;
    *time = sum;
    return QHM_OK;
}
