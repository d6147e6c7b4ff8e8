// The problem "traffic": cars choose among their routes so that few meet on the same roads.
#include "algorithm/choice_row.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"

#include <math.h>

enum { MOST_ROADS = 1000, MOST_BITS = 20 };

typedef struct traffic_options {
    qhm_choice_settings choice;
    const qhm_node *routes;
} traffic_options;

static const qhm_option_info fields[] = {
    {.name = "routes",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(traffic_options, routes),
     .help = "a list of cars, each a list of routes, each a list of roads from 0; required. Cars "
             "times the most routes of one: at most 20"},
    QHM_CHOICE_RUN_FIELDS,
    {0},
};

// uses[car * options + route][road]: how often; a car with fewer routes has its first again.
typedef struct traffic {
    size_t cars, options, roads;
    size_t *route_counts; // [cars]
    double *uses;
} traffic;

static qhm_status count_routes(const qhm_problem *problem, const qhm_node *routes, traffic *t)
{
    if (!routes || qhm_node_kind_of(routes) != QHM_NODE_SEQUENCE || qhm_node_count(routes) == 0)
        return qhm_node_fail(routes ? routes : problem->node,
                             "field 'routes' is no list of cars with lists of routes");
    t->cars = qhm_node_count(routes);
    QHM_TRY(qhm_allocate(t->cars, sizeof *t->route_counts, &t->route_counts));
    for (size_t i = 0; i < t->cars; i++) {
        const qhm_node *car = qhm_node_at(routes, i);
        if (qhm_node_kind_of(car) != QHM_NODE_SEQUENCE || qhm_node_count(car) == 0)
            return qhm_node_fail(car, "car %zu has no route", i);
        t->route_counts[i] = qhm_node_count(car);
        t->options = t->route_counts[i] > t->options ? t->route_counts[i] : t->options;
    }
    if (t->options < 2)
        return qhm_node_fail(routes, "no car has a second route: there is nothing to choose");
    if (t->options > MOST_BITS || t->cars > MOST_BITS / t->options)
        return qhm_node_fail(routes, "%zu cars with up to %zu routes, more than %d in all", t->cars,
                             t->options, MOST_BITS);
    return QHM_OK;
}

static qhm_status read_route(const qhm_node *route, double *uses)
{
    size_t *roads, count;
    QHM_TRY(qhm_problem_indices(route, route, "routes", MOST_ROADS - 1, &roads, &count));
    for (size_t i = 0; i < count; i++)
        uses[roads[i]]++;
    qhm_release(roads);
    return count > 0 ? QHM_OK : qhm_node_fail(route, "a route without roads");
}

static qhm_status read_traffic(const qhm_problem *problem, const qhm_node *routes, traffic *t)
{
    QHM_TRY(count_routes(problem, routes, t));
    t->roads = MOST_ROADS;
    QHM_TRY(qhm_allocate(t->cars * t->options * t->roads, sizeof *t->uses, &t->uses));
    for (size_t i = 0; i < t->cars; i++)
        for (size_t a = 0; a < t->options; a++)
            QHM_TRY(read_route(qhm_node_at(qhm_node_at(routes, i), a < t->route_counts[i] ? a : 0),
                               t->uses + (i * t->options + a) * t->roads));
    return QHM_OK;
}

// The sum over roads of the squared number of cars.
static qhm_status build(const traffic *t, qhm_choice **choice)
{
    QHM_TRY(qhm_choice_create(t->cars, t->options, choice));
    const size_t all = t->cars * t->options;
    for (size_t a = 0; a < all; a++)
        for (size_t b = 0; b <= a; b++) {
            double meet = 0;
            for (size_t road = 0; road < t->roads; road++)
                meet += t->uses[a * t->roads + road] * t->uses[b * t->roads + road];
            if (a == b)
                QHM_TRY(qhm_choice_append_cost(*choice, a / t->options, a % t->options, meet));
            else if (a / t->options != b / t->options)
                QHM_TRY(qhm_choice_append_pair(*choice, a / t->options, a % t->options,
                                               b / t->options, b % t->options, 2 * meet));
        }
    return QHM_OK;
}

static void tell(json_t *object, const traffic *t, const qhm_choice *choice,
                 qhm_choice_solution *best)
{
    qhm_result_number(object, "congestion", best->cost);
    for (size_t i = 0; i < t->cars; i++)
        if (best->options_of[i] >= t->route_counts[i])
            best->options_of[i] = 0;
    qhm_choice_tell(object, "routes", choice, best);
}

static qhm_status solve(const traffic_options *options, const qhm_problem *problem,
                        const traffic *t, const qhm_choice *choice, qhm_result *result)
{
    const size_t first[MOST_BITS] = {0};
    qhm_choice_solution exact, best = {.cost = INFINITY};
    QHM_TRY(qhm_choice_run_rivals(choice, problem, result, &exact));
    const qhm_choice_task task = {.choice = choice, .penalty = 1, .optimum = exact.cost};
    QHM_TRY(qhm_choice_run_task(&task, &options->choice, problem, result, &best));
    tell(result->answer, t, choice, &best);
    tell(result->opponent, t, choice, &exact);
    qhm_result_number(result->answer, "congestion_of_first_routes", qhm_choice_cost(choice, first));
    qhm_result_note(result, "Congestion is the sum over roads of the squared number of cars.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const traffic_options *options = given;
    traffic t = {0};
    qhm_choice *choice = NULL;
    qhm_status status = read_traffic(problem, options->routes, &t);
    if (status == QHM_OK)
        status = build(&t, &choice);
    if (status == QHM_OK)
        status = solve(options, problem, &t, choice, result);
    qhm_choice_destroy(choice);
    qhm_release(t.route_counts);
    qhm_release(t.uses);
    return status;
}

const qhm_algorithm qhm_algorithm_traffic = {
    .info = {.name = "traffic",
             .help = "cars to routes, so that few meet on the same roads, by QAOA",
             .details = "A qubit for each route of each car; the mixer keeps one route a car. The "
                        "cost is the sum over roads of\nthe squared number of cars, as in the "
                        "study of taxis with an annealer. [neukart2017]\n",
             .example = "routes: [[[0, 1], [2, 3]], [[0, 1], [2, 4]], [[0, 3], [4, 5]]]\n"
                        "layers: 1\n",
             .fields = fields},
    .options_size = sizeof(traffic_options),
    .run = run,
};
