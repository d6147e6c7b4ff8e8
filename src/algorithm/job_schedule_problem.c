// The problem "schedule": jobs on machines, done soon, or each in time.
#include "algorithm/choice_row.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <qhm/job_schedule.h>

enum { MOST_BITS = 20, TARDINESS = 2 }; // of `minimise`; 1 is makespan

typedef struct schedule_options {
    qhm_choice_settings choice;
    const qhm_node *durations, *due, *weights, *conflicts;
    size_t machines, slots;
    int minimise;
} schedule_options;

static const double LEAST_DURATION = 1e-50; // squares of less are lost in the cost

static const char *const aims[] = {"makespan", "tardiness", NULL};

static const qhm_option_info fields[] = {
    {.name = "durations",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(schedule_options, durations),
     .help = "of jobs; or a row for each job, a number for each machine; required"},
    {.name = "machines",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(schedule_options, machines),
     .default_text = "1",
     .minimum = 1,
     .maximum = 20,
     .help = "alike, if durations are a list"},
    {.name = "minimise",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(schedule_options, minimise),
     .default_text = "makespan",
     .choices = aims,
     .help = "when the last machine is done, or the weighted sum of how late jobs are"},
    {.name = "conflicts",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(schedule_options, conflicts),
     .help = "a list of [job, job] that cannot have the same machine; of tardiness: not run at "
             "once"},
    {.name = "due",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(schedule_options, due),
     .help = "of tardiness: when each job should be done",
     .used_with = "minimise=tardiness"},
    {.name = "weights",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(schedule_options, weights),
     .help = "of tardiness: what a unit of time late costs; not given: 1",
     .used_with = "minimise=tardiness"},
    {.name = "slots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(schedule_options, slots),
     .default_text = "4",
     .minimum = 1,
     .maximum = 20,
     .help = "of tardiness: jobs start at times 0 to slots - 1. Jobs times machines times slots: "
             "at most 20",
     .used_with = "minimise=tardiness"},
    QHM_CHOICE_FIELDS,
    {0},
};

// What a schedule points to.
typedef struct plant {
    qhm_job_schedule schedule;
    double *durations, *due, *weights;
    bool *conflicts;
} plant;

static void close_plant(plant *p)
{
    qhm_release(p->durations);
    qhm_release(p->due);
    qhm_release(p->weights);
    qhm_release(p->conflicts);
}

static qhm_status read_durations(const schedule_options *options, const qhm_problem *problem,
                                 plant *p)
{
    const qhm_node *node = options->durations, *first = NULL;
    qhm_job_schedule *s = &p->schedule;
    double *list;
    s->machines = options->machines;
    if (node && qhm_node_kind_of(node) == QHM_NODE_SEQUENCE && qhm_node_count(node) > 0)
        first = qhm_node_at(node, 0);
    if (first && qhm_node_kind_of(first) == QHM_NODE_SEQUENCE) {
        QHM_TRY(qhm_problem_matrix(problem->node, node, "durations", &p->durations, &s->jobs,
                                   &s->machines));
    } else {
        QHM_TRY(qhm_problem_numbers(problem->node, node, "durations", 1, &list, &s->jobs));
        const qhm_status status =
            qhm_allocate(s->jobs * s->machines, sizeof(double), &p->durations);
        for (size_t i = 0; i < s->jobs * s->machines && status == QHM_OK; i++)
            p->durations[i] = list[i / s->machines];
        qhm_release(list);
        QHM_TRY(status);
    }
    for (size_t i = 0; i < s->jobs * s->machines; i++)
        if (!(p->durations[i] > 0))
            return qhm_node_fail(node, "job %zu takes %g, which is no time", i / s->machines,
                                 p->durations[i]);
        else if (p->durations[i] < LEAST_DURATION)
            return qhm_node_fail(node, "job %zu takes %g, below %g: give times in another unit",
                                 i / s->machines, p->durations[i], LEAST_DURATION);
    return QHM_OK;
}

static qhm_status read_list(const qhm_problem *problem, const qhm_node *node, const char *name,
                            size_t jobs, double **values)
{
    size_t count;
    QHM_TRY(qhm_problem_numbers(problem->node, node, name, 1, values, &count));
    if (count != jobs)
        return qhm_node_fail(node, "field '%s' has %zu entries for %zu jobs", name, count, jobs);
    return QHM_OK;
}

static qhm_status read_conflicts(const schedule_options *options, const qhm_problem *problem,
                                 plant *p)
{
    const size_t jobs = p->schedule.jobs;
    QHM_TRY(qhm_allocate(jobs * jobs, sizeof(bool), &p->conflicts));
    p->schedule.conflicts = p->conflicts;
    if (options->conflicts && qhm_node_kind_of(options->conflicts) != QHM_NODE_SEQUENCE)
        return qhm_node_fail(options->conflicts, "field 'conflicts' is no list of [job, job]");
    for (size_t i = 0; options->conflicts && i < qhm_node_count(options->conflicts); i++) {
        const qhm_node *node = qhm_node_at(options->conflicts, i);
        size_t *pair, count;
        QHM_TRY(qhm_problem_indices(problem->node, node, "conflicts", jobs - 1, &pair, &count));
        const bool is_pair = count == 2 && pair[0] != pair[1];
        if (is_pair)
            p->conflicts[pair[0] * jobs + pair[1]] = p->conflicts[pair[1] * jobs + pair[0]] = true;
        qhm_release(pair);
        if (!is_pair)
            return qhm_node_fail(node, "a conflict is of two different jobs");
    }
    return QHM_OK;
}

static qhm_status read_plant(const schedule_options *options, const qhm_problem *problem, plant *p)
{
    qhm_job_schedule *s = &p->schedule;
    QHM_TRY(read_durations(options, problem, p));
    size_t bits = s->jobs * s->machines;
    if (options->minimise == TARDINESS) {
        QHM_TRY(read_list(problem, options->due, "due", s->jobs, &p->due));
        if (options->weights)
            QHM_TRY(read_list(problem, options->weights, "weights", s->jobs, &p->weights));
        for (size_t i = 0; p->weights && i < s->jobs; i++)
            if (p->weights[i] < 0)
                return qhm_node_fail(options->weights, "the weight of job %zu is %g, below 0", i,
                                     p->weights[i]);
        bits *= options->slots;
    }
    if (bits > MOST_BITS)
        return qhm_node_fail(options->durations, "%zu jobs take %zu qubits, more than %d", s->jobs,
                             bits, MOST_BITS);
    if (bits == s->jobs)
        return qhm_node_fail(options->durations,
                             "one option for each job leaves nothing to choose");
    s->durations = p->durations;
    s->due = p->due;
    s->weights = p->weights;
    s->slots = options->slots;
    return read_conflicts(options, problem, p);
}

static double judge_makespan(const void *context, const size_t *options_of)
{
    return qhm_job_makespan(context, options_of);
}

static qhm_status solve_makespan(const schedule_options *options, const qhm_problem *problem,
                                 const qhm_job_schedule *s, const qhm_choice *choice,
                                 qhm_result *result)
{
    qhm_choice_solution exact = {0}, even, best = {.cost = INFINITY};
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_job_makespan_find(s, exact.options_of, &exact.cost));
    const double seconds = qhm_algorithm_clock() - start;
    if (!isfinite(exact.cost))
        return qhm_node_fail(problem->node, "conflicts leave no schedule on %zu machines",
                             s->machines);
    const qhm_choice_task task = {.choice = choice,
                                  .penalty = qhm_choice_penalty(choice),
                                  .judge = judge_makespan,
                                  .context = s,
                                  .optimum = exact.cost,
                                  .rounding = 2 * (double)(s->jobs + 1) * DBL_EPSILON * exact.cost};
    QHM_TRY(qhm_choice_run_task(&task, &options->choice, problem, result, &best));
    if (isfinite(best.cost)) // as the means beside it, of what QAOA lowers
        qhm_result_number(result->answer, "cost", qhm_choice_cost(choice, best.options_of));
    qhm_result_number(result->answer, "makespan", best.cost);
    qhm_choice_tell(result->answer, "machines", choice, &best);
    qhm_result_text(result->opponent, "method", "depth-first search, longest jobs first");
    qhm_result_number(result->opponent, "makespan", exact.cost);
    qhm_choice_tell(result->opponent, "machines", choice, &exact);
    qhm_result_number(result->opponent, "seconds", seconds);
    QHM_TRY(qhm_choice_find(choice, 0, &even));
    qhm_result_note(result,
                    "QAOA lowers the sum of squared loads, since a makespan is no sum of pairs; "
                    "the lowest sum has a makespan of %g, the shortest is %g.",
                    qhm_job_makespan(s, even.options_of), exact.cost);
    return QHM_OK;
}

static void tell_times(json_t *object, const qhm_job_schedule *s, const qhm_choice *choice,
                       const qhm_choice_solution *solution)
{
    qhm_choice_solution machines = *solution, starts = *solution;
    for (size_t i = 0; i < s->jobs; i++) {
        machines.options_of[i] = solution->options_of[i] / s->slots;
        starts.options_of[i] = solution->options_of[i] % s->slots;
    }
    qhm_result_number(object, "tardiness", solution->cost);
    qhm_choice_tell(object, "machines", choice, &machines);
    qhm_choice_tell(object, "starts", choice, &starts);
}

static qhm_status solve_tardiness(const schedule_options *options, const qhm_problem *problem,
                                  const qhm_job_schedule *s, const qhm_choice *choice,
                                  qhm_result *result)
{
    qhm_choice_solution exact, best = {.cost = INFINITY};
    QHM_TRY(qhm_choice_run_rivals(choice, problem, result, &exact));
    const qhm_choice_task task = {
        .choice = choice, .penalty = qhm_choice_penalty(choice), .optimum = exact.cost};
    QHM_TRY(qhm_choice_run_task(&task, &options->choice, problem, result, &best));
    tell_times(result->answer, s, choice, &best);
    tell_times(result->opponent, s, choice, &exact);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const schedule_options *options = given;
    const bool is_late = options->minimise == TARDINESS;
    plant p = {0};
    qhm_choice *choice = NULL;
    qhm_status status = read_plant(options, problem, &p);
    if (status == QHM_OK)
        status = is_late ? qhm_job_tardiness_choice(&p.schedule, &choice)
                         : qhm_job_makespan_choice(&p.schedule, &choice);
    if (status == QHM_OK)
        status = is_late ? solve_tardiness(options, problem, &p.schedule, choice, result)
                         : solve_makespan(options, problem, &p.schedule, choice, result);
    qhm_choice_destroy(choice);
    close_plant(&p);
    return status;
}

const qhm_algorithm qhm_algorithm_schedule = {
    .info = {.name = "schedule",
             .help = "jobs on machines, done soon or each in time, by QAOA",
             .details = "Makespan: a qubit for each job and machine, and squared loads as the "
                        "cost. Tardiness: a qubit for each job,\nmachine and start, and the "
                        "weighted lateness itself as the cost; jobs that meet are in conflict. "
                        "The opponents\nare exact. [lucas2014] [venturelli2015]\n",
             .example = "durations: [3, 3, 2, 2, 2]\nmachines: 2\nlayers: 1\n",
             .fields = fields},
    .options_size = sizeof(schedule_options),
    .run = run,
};
