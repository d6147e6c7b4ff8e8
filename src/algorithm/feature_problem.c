// The problem "select-features": a given number of features that tell much and repeat little.
#include "algorithm/budget_row.h"
#include "algorithm/problem_numbers.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/csv_table.h"

#include <math.h>
#include <qhm/feature_selection.h>
#include <string.h>

enum { MOST_FEATURES = 24, MOST_BYTES = 1 << 26 };

typedef struct feature_options {
    const qhm_node *samples, *target, *relevance, *redundancy;
    const char *csv, *target_column;
    size_t count, bins;
    int measure, mixer;
    double weight;
    qhm_qaoa_settings qaoa;
} feature_options;

static const char *const measures[] = {"correlation", "mutual_information", NULL};

static const qhm_option_info fields[] = {
    {.name = "samples",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(feature_options, samples),
     .help = "a row for each sample, a number for each of up to 24 features"},
    {.name = "target",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(feature_options, target),
     .help = "of samples: a number for each, classes as numbers too",
     .used_with = "samples"},
    {.name = "csv",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(feature_options, csv),
     .help = "in place of samples: a table with a header, whose other columns are the features"},
    {.name = "target_column",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(feature_options, target_column),
     .help = "of the table: the header name of the target",
     .used_with = "csv"},
    {.name = "relevance",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(feature_options, relevance),
     .help = "in place of samples: what each feature tells"},
    {.name = "redundancy",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(feature_options, redundancy),
     .help = "with relevance: a symmetric matrix of what pairs repeat",
     .used_with = "relevance"},
    {.name = "count",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(feature_options, count),
     .minimum = 1,
     .maximum = MOST_FEATURES,
     .help = "how many features to keep; required"},
    {.name = "measure",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(feature_options, measure),
     .default_text = "correlation",
     .choices = measures,
     .help = "of samples: the magnitude of Pearson's, or mutual information of bins",
     .used_with = "samples or csv"},
    {.name = "bins",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(feature_options, bins),
     .default_text = "8",
     .minimum = 2,
     .maximum = 256,
     .help = "of mutual information: a column of more values is cut into bins of equal counts",
     .used_with = "measure=mutual_information and samples or csv"},
    {.name = "weight",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(feature_options, weight),
     .default_text = "1",
     .minimum = 1e-9,
     .maximum = 1e6,
     .help = "of redundancy, beside relevance"},
    QHM_BUDGET_MIXER_FIELD(feature_options),
    QHM_QAOA_FIELDS(feature_options),
    {0},
};

// What is known of features; names of a table's columns stay in the table.
typedef struct table {
    size_t samples, features;
    double *values, *target, *relevance, *redundancy;
    const char *names[MOST_FEATURES];
    qhm_csv_table csv;
} table;

static void close_table(table *t)
{
    qhm_release(t->values);
    qhm_release(t->target);
    qhm_release(t->relevance);
    qhm_release(t->redundancy);
    qhm_csv_table_release(&t->csv);
}

static qhm_status check_size(const qhm_problem *problem, const table *t)
{
    if (t->features < 1 || t->features > MOST_FEATURES)
        return qhm_node_fail(problem->node, "%zu features, not 1 to %d", t->features,
                             MOST_FEATURES);
    return QHM_OK;
}

static qhm_status read_cells(const qhm_problem *problem, table *t, size_t target)
{
    for (size_t row = 0; row < t->samples; row++)
        for (size_t column = 0, feature = 0; column < t->csv.columns; column++) {
            const char *text = qhm_csv_table_field(&t->csv, row + 1, column);
            double *place =
                column == target ? &t->target[row] : &t->values[row * t->features + feature++];
            if (!qhm_parse_double(text, place))
                return qhm_node_fail(problem->node, "line %zu of the table: '%s' is no number",
                                     t->csv.lines[row + 1], text);
        }
    return QHM_OK;
}

static qhm_status read_csv(const feature_options *options, const qhm_problem *problem, table *t)
{
    char *text;
    size_t bytes, target;
    if (!options->target_column)
        return qhm_node_fail(problem->node, "field 'target_column' is missing");
    QHM_TRY(qhm_file_read(options->csv, MOST_BYTES, &text, &bytes));
    qhm_status status = qhm_csv_table_parse(text, bytes, ',', &t->csv);
    if (status == QHM_OK)
        status = qhm_csv_table_find(&t->csv, options->target_column, &target);
    if (status == QHM_ERROR_BAD_INPUT)
        return qhm_node_fail(problem->node, "%s: %s", options->csv, qhm_error_message());
    QHM_TRY(status);
    t->features = t->csv.columns - 1;
    t->samples = t->csv.rows - 1;
    QHM_TRY(check_size(problem, t));
    for (size_t column = 0, feature = 0; column < t->csv.columns; column++)
        if (column != target)
            t->names[feature++] = qhm_csv_table_field(&t->csv, 0, column);
    QHM_TRY(qhm_allocate(t->samples * t->features + 1, sizeof(double), &t->values));
    QHM_TRY(qhm_allocate(t->samples + 1, sizeof(double), &t->target));
    return read_cells(problem, t, target);
}

static qhm_status read_samples(const feature_options *options, const qhm_problem *problem, table *t)
{
    size_t count;
    QHM_TRY(qhm_problem_matrix(problem->node, options->samples, "samples", &t->values, &t->samples,
                               &t->features));
    QHM_TRY(qhm_problem_numbers(problem->node, options->target, "target", 2, &t->target, &count));
    if (count != t->samples)
        return qhm_node_fail(options->target, "field 'target' has %zu entries for %zu samples",
                             count, t->samples);
    return check_size(problem, t);
}

static qhm_status read_relations(const feature_options *options, const qhm_problem *problem,
                                 table *t)
{
    size_t rows, columns;
    QHM_TRY(qhm_problem_numbers(problem->node, options->relevance, "relevance", 1, &t->relevance,
                                &t->features));
    QHM_TRY(check_size(problem, t));
    QHM_TRY(qhm_problem_matrix(problem->node, options->redundancy, "redundancy", &t->redundancy,
                               &rows, &columns));
    if (rows != t->features || columns != t->features)
        return qhm_node_fail(options->redundancy,
                             "field 'redundancy' is %zu by %zu for %zu features", rows, columns,
                             t->features);
    return qhm_problem_require_symmetric(options->redundancy, "redundancy", t->redundancy, rows);
}

// Of a target that never changes no feature tells anything, and all choices would be alike.
static qhm_status check_target(const qhm_problem *problem, const table *t)
{
    if (t->samples < 2)
        return qhm_node_fail(problem->node, "%zu samples, at least 2 are needed", t->samples);
    for (size_t i = 1; i < t->samples; i++)
        if (t->target[i] != t->target[0])
            return QHM_OK;
    return qhm_node_fail(problem->node, "the target is %g in all samples: nothing tells of it",
                         t->target[0]);
}

static qhm_status read_table(const feature_options *options, const qhm_problem *problem, table *t)
{
    const int given =
        (options->samples != NULL) + (options->csv != NULL) + (options->relevance != NULL);
    if (given != 1)
        return qhm_node_fail(problem->node,
                             "%d of the fields 'samples', 'csv' and 'relevance' are "
                             "there, not one",
                             given);
    if (options->relevance)
        return read_relations(options, problem, t);
    QHM_TRY(options->csv ? read_csv(options, problem, t) : read_samples(options, problem, t));
    QHM_TRY(check_target(problem, t));
    QHM_TRY(qhm_allocate(t->features, sizeof(double), &t->relevance));
    QHM_TRY(qhm_allocate(t->features * t->features, sizeof(double), &t->redundancy));
    const qhm_feature_options relations = {
        .measure = options->measure == 2 ? QHM_FEATURE_MUTUAL_INFORMATION : QHM_FEATURE_CORRELATION,
        .bins = options->bins};
    return qhm_feature_relations(t->samples, t->features, t->values, t->target, &relations,
                                 t->relevance, t->redundancy);
}

static void tell(json_t *object, const table *t, uint64_t bits)
{
    json_t *list = json_array(), *names = json_array();
    for (size_t i = 0; i < t->features; i++) {
        if (!(bits >> i & 1))
            continue;
        json_array_append_new(list, json_integer((json_int_t)i));
        json_array_append_new(names, json_string(t->names[i] ? t->names[i] : ""));
    }
    json_object_set_new(object, "features", list);
    if (t->names[0])
        json_object_set(object, "names", names);
    json_decref(names);
}

static qhm_status solve(const feature_options *options, const qhm_problem *problem, const table *t,
                        const qhm_ising *ising, qhm_result *result)
{
    const qhm_budget_task task = {.bare = ising,
                                  .budget = options->count,
                                  .penalty = qhm_budget_penalty(ising),
                                  .mixer = options->mixer};
    qhm_qaoa_best best = {.cost = INFINITY};
    qhm_qaoa_rivals rivals;
    QHM_TRY(qhm_budget_run(&task, &options->qaoa, problem, result, &best, &rivals));
    const double start = qhm_algorithm_clock();
    const uint64_t greedy = qhm_feature_greedy(t->features, t->relevance, t->redundancy,
                                               options->count, options->weight);
    const double seconds = qhm_algorithm_clock() - start;
    if (isfinite(best.cost))
        tell(result->answer, t, best.bits);
    else
        qhm_result_text(result->answer, "features", "none");
    tell(result->opponent, t, rivals.best.bits);
    json_t *object = json_object();
    qhm_result_text(object, "method", "greedy: relevance less mean redundancy");
    qhm_result_number(object, "cost", qhm_ising_energy(ising, greedy));
    tell(object, t, greedy);
    qhm_result_number(object, "seconds", seconds);
    json_object_set_new(result->opponent, "greedy", object);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const feature_options *options = given;
    table t = {0};
    qhm_ising *ising = NULL;
    qhm_status status = read_table(options, problem, &t);
    if (status == QHM_OK && options->count == 0)
        status = qhm_node_fail(problem->node, "field 'count' is missing: how many to keep");
    if (status == QHM_OK && options->count > t.features)
        status = qhm_node_fail(problem->node, "a count of %zu features out of %zu", options->count,
                               t.features);
    if (status == QHM_OK)
        status = qhm_feature_ising(t.features, t.relevance, t.redundancy, options->count,
                                   options->weight, &ising);
    if (status == QHM_OK)
        status = solve(options, problem, &t, ising, result);
    qhm_ising_destroy(ising);
    close_table(&t);
    return status;
}

const qhm_algorithm qhm_algorithm_select_features = {
    .info = {.name = "select-features",
             .help = "features that tell much and repeat little by QAOA",
             .details = "The cost of k features is minus their mean relevance to the target plus "
                        "weight times the mean redundancy\nof their pairs. Opponents as for "
                        "maxcut, and the usual greedy way. [peng2005] [mucke2023]\n",
             .example = "samples: [[1, 2, 0, 5], [2, 4, 1, 3], [3, 6, 0, 4], [4, 8, 1, 1], "
                        "[5, 9, 1, 2]]\n"
                        "target: [1, 3, 3, 5, 6]\ncount: 2\nmixer: dicke\nlayers: 1\n",
             .fields = fields},
    .options_size = sizeof(feature_options),
    .run = run,
};
