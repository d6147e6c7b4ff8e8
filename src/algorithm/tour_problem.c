// The problem "tsp": the shortest way through a few cities and back.
#include "algorithm/choice_row.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/tour.h>

enum { MOST_CITIES = 5 };

typedef struct tour_options {
    qhm_choice_settings choice;
    const qhm_node *distances, *points;
} tour_options;

static const qhm_option_info fields[] = {
    {.name = "distances",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(tour_options, distances),
     .help = "a square matrix as a list of rows, from the row's city to the column's, 3 to 5 "
             "cities"},
    {.name = "points",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(tour_options, points),
     .help = "in place of distances: a list of [x, y]"},
    QHM_CHOICE_FIELDS,
    {0},
};

static qhm_status check_distances(const qhm_node *node, const double *values, size_t rows,
                                  size_t columns)
{
    if (rows != columns)
        return qhm_node_fail(node, "field 'distances' is %zu by %zu, not square", rows, columns);
    for (size_t i = 0; i < rows * columns; i++)
        if (values[i] < 0)
            return qhm_node_fail(node, "the distance from city %zu to %zu is %g, below 0", i / rows,
                                 i % rows, values[i]);
    return QHM_OK;
}

static qhm_status measure(const qhm_node *node, const double *points, size_t rows, size_t columns,
                          double **distances)
{
    if (columns != 2)
        return qhm_node_fail(node, "field 'points' has rows of %zu numbers, not 2", columns);
    QHM_TRY(qhm_allocate(rows * rows, sizeof **distances, distances));
    for (size_t i = 0; i < rows * rows; i++)
        (*distances)[i] = hypot(points[i / rows * 2] - points[i % rows * 2],
                                points[i / rows * 2 + 1] - points[i % rows * 2 + 1]);
    return QHM_OK;
}

static qhm_status read_distances(const tour_options *options, const qhm_problem *problem,
                                 double **distances, size_t *cities)
{
    double *values;
    size_t columns;
    const qhm_node *node = options->points ? options->points : options->distances;
    if (options->points && options->distances)
        return qhm_node_fail(node, "field 'points' is in place of field 'distances'");
    QHM_TRY(qhm_problem_matrix(problem->node, node, options->points ? "points" : "distances",
                               &values, cities, &columns));
    qhm_status status = QHM_OK;
    if (*cities < 3 || *cities > MOST_CITIES)
        status = qhm_node_fail(node, "%zu cities, not 3 to %d", *cities, MOST_CITIES);
    else if (options->points)
        status = measure(node, values, *cities, columns, distances);
    else
        status = check_distances(node, values, *cities, columns);
    if (status != QHM_OK || options->points)
        qhm_release(values);
    else
        *distances = values;
    return status;
}

static void tell_tour(json_t *object, const qhm_choice_solution *best, size_t cities)
{
    size_t order[MOST_CITIES] = {0};
    qhm_result_number(object, "length", best->cost);
    for (size_t i = 1; i < cities; i++)
        order[i] = best->options_of[i - 1] + 1;
    if (isfinite(best->cost))
        qhm_result_indices(object, "order", order, cities);
    else
        qhm_result_text(object, "order", "none");
}

static qhm_status solve(const tour_options *options, const qhm_problem *problem,
                        const double *distances, size_t cities, qhm_result *result)
{
    size_t order[MOST_CITIES];
    double length, penalty;
    qhm_choice *choice;
    qhm_choice_solution best = {.cost = INFINITY};
    const double start = qhm_algorithm_clock();
    QHM_TRY(qhm_tour_find(cities, distances, order, &length));
    const double seconds = qhm_algorithm_clock() - start;
    QHM_TRY(qhm_tour_choice(cities, distances, &choice, &penalty));
    const qhm_choice_task task = {.choice = choice, .penalty = penalty, .optimum = length};
    const qhm_status status = qhm_choice_run_task(&task, &options->choice, problem, result, &best);
    qhm_choice_destroy(choice);
    QHM_TRY(status);
    tell_tour(result->answer, &best, cities);
    qhm_result_text(result->opponent, "method", "Held and Karp: shortest ways through sets");
    qhm_result_number(result->opponent, "length", length);
    qhm_result_indices(result->opponent, "order", order, cities);
    qhm_result_number(result->opponent, "seconds", seconds);
    double tours = 1;
    for (size_t i = 2; i < cities; i++)
        tours *= (double)i;
    qhm_result_note(result,
                    "There are %.0f tours, among %.0f choices of one city a stop and 2^%zu bit "
                    "strings.",
                    tours, pow((double)cities - 1, (double)cities - 1),
                    (cities - 1) * (cities - 1));
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const tour_options *options = given;
    double *distances;
    size_t cities;
    QHM_TRY(read_distances(options, problem, &distances, &cities));
    const qhm_status status = solve(options, problem, distances, cities, result);
    qhm_release(distances);
    return status;
}

const qhm_algorithm qhm_algorithm_tsp = {
    .info = {.name = "tsp",
             .help = "the shortest way through a few cities and back by QAOA",
             .details = "A qubit for each city at each stop after city 0: (n - 1)^2. The mixer "
                        "keeps one city a stop, and a city\ntaken twice is a conflict. The "
                        "opponent finds the shortest tour exactly, up to some 20 cities.\n"
                        "[lucas2014] [hadfield2019] [held1962]\n",
             .example = "distances: [[0, 10, 15, 20], [10, 0, 35, 25], [15, 35, 0, 30], "
                        "[20, 25, 30, 0]]\nlayers: 1\n",
             .fields = fields},
    .options_size = sizeof(tour_options),
    .run = run,
};
