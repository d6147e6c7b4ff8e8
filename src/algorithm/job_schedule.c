// Jobs on machines: the shortest makespan, and both kinds of cost as choices.
#include <qhm/job_schedule.h>

#include "base/status_internal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, MOST_NODES = 100000000 };

static qhm_status check(const qhm_job_schedule *s)
{
    QHM_REQUIRE(s && s->durations, "schedule or durations is NULL");
    QHM_REQUIRE(s->jobs >= 1 && s->machines >= 1 && s->jobs <= MOST && s->machines <= MOST,
                "%zu jobs on %zu machines, not 1 to %d of each", s->jobs, s->machines, MOST);
    for (size_t i = 0; i < s->jobs * s->machines; i++)
        QHM_REQUIRE(s->durations[i] > 0 && isfinite(s->durations[i]),
                    "job %zu takes %g on machine %zu", i / s->machines, s->durations[i],
                    i % s->machines);
    return QHM_OK;
}

static bool exclude(const qhm_job_schedule *s, size_t i, size_t j)
{
    return s->conflicts && s->conflicts[i * s->jobs + j];
}

double qhm_job_makespan(const qhm_job_schedule *schedule, const size_t *machines_of)
{
    double loads[MOST] = {0}, most = 0;
    for (size_t i = 0; i < schedule->jobs; i++) {
        double *load = &loads[machines_of[i]];
        *load += schedule->durations[i * schedule->machines + machines_of[i]];
        most = fmax(most, *load);
        for (size_t j = 0; j < i; j++)
            if (machines_of[i] == machines_of[j] && exclude(schedule, i, j))
                return INFINITY;
    }
    return most;
}

typedef struct job {
    size_t index;
    double fastest;
} job;

static int compare_jobs(const void *a, const void *b)
{
    const job *x = a, *y = b;
    return x->fastest != y->fastest ? (x->fastest < y->fastest) - (x->fastest > y->fastest)
                                    : (x->index > y->index) - (x->index < y->index);
}

typedef struct search {
    const qhm_job_schedule *schedule;
    job order[MOST];
    double rest[MOST + 1]; // what jobs from here on take at their fastest
    size_t machines_of[MOST], best_of[MOST];
    double best;
} search;

// Whether the first jobs of the order can still beat the best.
static bool can_win(const search *s, size_t fixed)
{
    const qhm_job_schedule *given = s->schedule;
    double loads[MOST] = {0}, most = 0, total = s->rest[fixed];
    for (size_t k = 0; k < fixed; k++) {
        const size_t i = s->order[k].index, machine = s->machines_of[i];
        const double time = given->durations[i * given->machines + machine];
        loads[machine] += time;
        total += time;
        most = fmax(most, loads[machine]);
        for (size_t l = 0; l < k; l++)
            if (s->machines_of[s->order[l].index] == machine &&
                exclude(given, i, s->order[l].index))
                return false;
    }
    most = fmax(most, total / (double)given->machines);
    const double rounding = 2 * (double)(given->jobs + 1) * DBL_EPSILON; // of sums of durations
    return isinf(s->best) || most < s->best * (1 - rounding);
}

static qhm_status branch(search *s)
{
    const size_t jobs = s->schedule->jobs;
    size_t depth = 0, next[MOST] = {0}, nodes = 0;
    for (;;) {
        if (next[depth] == s->schedule->machines) {
            if (depth == 0)
                return QHM_OK;
            depth--;
            continue;
        }
        s->machines_of[s->order[depth].index] = next[depth]++;
        if (++nodes > MOST_NODES)
            return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "no end after %d nodes", MOST_NODES);
        if (!can_win(s, depth + 1))
            continue;
        if (depth + 1 < jobs) {
            next[++depth] = 0;
        } else {
            s->best = qhm_job_makespan(s->schedule, s->machines_of);
            memcpy(s->best_of, s->machines_of, sizeof s->best_of);
        }
    }
}

qhm_status qhm_job_makespan_find(const qhm_job_schedule *schedule, size_t *machines_of,
                                 double *makespan)
{
    search s = {.schedule = schedule, .best = INFINITY};
    QHM_TRY(check(schedule));
    QHM_REQUIRE(machines_of && makespan, "machines_of or makespan is NULL");
    for (size_t i = 0; i < schedule->jobs; i++) {
        s.order[i] = (job){i, INFINITY};
        for (size_t m = 0; m < schedule->machines; m++)
            s.order[i].fastest =
                fmin(s.order[i].fastest, schedule->durations[i * schedule->machines + m]);
    }
    qsort(s.order, schedule->jobs, sizeof *s.order, compare_jobs);
    for (size_t i = schedule->jobs; i-- > 0;)
        s.rest[i] = s.rest[i + 1] + s.order[i].fastest;
    QHM_TRY(branch(&s));
    memcpy(machines_of, s.best_of, schedule->jobs * sizeof *machines_of);
    *makespan = s.best;
    return QHM_OK;
}

static qhm_status fill_makespan(const qhm_job_schedule *s, qhm_choice *choice)
{
    for (size_t i = 0; i < s->jobs; i++)
        for (size_t m = 0; m < s->machines; m++) {
            const double time = s->durations[i * s->machines + m];
            QHM_TRY(qhm_choice_append_cost(choice, i, m, time * time));
            for (size_t j = 0; j < i; j++) {
                QHM_TRY(qhm_choice_append_pair(choice, i, m, j, m,
                                               2 * time * s->durations[j * s->machines + m]));
                if (exclude(s, i, j))
                    QHM_TRY(qhm_choice_append_conflict(choice, i, m, j, m));
            }
        }
    return QHM_OK;
}

qhm_status qhm_job_makespan_choice(const qhm_job_schedule *schedule, qhm_choice **choice)
{
    qhm_choice *made;
    QHM_REQUIRE(choice, "choice is NULL");
    QHM_TRY(check(schedule));
    QHM_TRY(qhm_choice_create(schedule->jobs, schedule->machines, &made));
    const qhm_status status = fill_makespan(schedule, made);
    if (status != QHM_OK) {
        qhm_choice_destroy(made);
        return status;
    }
    *choice = made;
    return QHM_OK;
}

// Whether two jobs with these options run on the same machine, or exclude each other, at once.
static bool meet(const qhm_job_schedule *s, size_t i, size_t a, size_t j, size_t b)
{
    const size_t machine = a / s->slots, other = b / s->slots;
    const double start = (double)(a % s->slots), other_start = (double)(b % s->slots);
    const double end = start + s->durations[i * s->machines + machine];
    const double other_end = other_start + s->durations[j * s->machines + other];
    return (machine == other || exclude(s, i, j)) && start < other_end && other_start < end;
}

static qhm_status fill_tardiness(const qhm_job_schedule *s, qhm_choice *choice)
{
    const size_t options = s->machines * s->slots;
    for (size_t i = 0; i < s->jobs; i++)
        for (size_t a = 0; a < options; a++) {
            const double end =
                (double)(a % s->slots) + s->durations[i * s->machines + a / s->slots];
            const double weight = s->weights ? s->weights[i] : 1;
            QHM_TRY(qhm_choice_append_cost(choice, i, a, weight * fmax(0, end - s->due[i])));
            for (size_t j = 0; j < i; j++)
                for (size_t b = 0; b < options; b++)
                    if (meet(s, i, a, j, b))
                        QHM_TRY(qhm_choice_append_conflict(choice, i, a, j, b));
        }
    return QHM_OK;
}

qhm_status qhm_job_tardiness_choice(const qhm_job_schedule *schedule, qhm_choice **choice)
{
    qhm_choice *made;
    QHM_REQUIRE(choice, "choice is NULL");
    QHM_TRY(check(schedule));
    QHM_REQUIRE(schedule->due, "due is NULL");
    QHM_REQUIRE(schedule->slots >= 1 && schedule->slots <= MOST, "slots is %zu, not 1 to %d",
                schedule->slots, MOST);
    for (size_t i = 0; i < schedule->jobs; i++)
        QHM_REQUIRE(isfinite(schedule->due[i]) &&
                        (!schedule->weights ||
                         (isfinite(schedule->weights[i]) && schedule->weights[i] >= 0)),
                    "job %zu has a due time that is not finite, or a weight below 0", i);
    QHM_TRY(qhm_choice_create(schedule->jobs, schedule->machines * schedule->slots, &made));
    const qhm_status status = fill_tardiness(schedule, made);
    if (status != QHM_OK) {
        qhm_choice_destroy(made);
        return status;
    }
    *choice = made;
    return QHM_OK;
}
