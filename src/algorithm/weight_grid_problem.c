// The problem "quantise-weights": weights of a small layer on a grid of few bits.
#include "algorithm/problem_numbers.h"
#include "algorithm/qaoa_row.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/weight_grid.h>

enum { MOST_BITS = 24 };

typedef struct quantise_options {
    const qhm_node *weights, *inputs, *targets;
    size_t bits;
    double range;
    qhm_qaoa_settings qaoa;
} quantise_options;

static const qhm_option_info fields[] = {
    {.name = "weights",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(quantise_options, weights),
     .help = "of a linear layer: a row for each output, a number for each input; required. Weights "
             "times bits: at most 24"},
    {.name = "inputs",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(quantise_options, inputs),
     .help = "samples of the layer's input: a row for each; required"},
    {.name = "targets",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(quantise_options, targets),
     .help = "what the outputs should be, a row for each sample; not given: what the layer gives"},
    {.name = "bits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(quantise_options, bits),
     .default_text = "2",
     .minimum = 1,
     .maximum = 8,
     .help = "of a weight on the grid"},
    {.name = "range",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(quantise_options, range),
     .minimum = 1e-12,
     .maximum = 1e9,
     .help = "the grid goes from -range to range; not given: the largest weight"},
    QHM_QAOA_FIELDS(quantise_options),
    {0},
};

typedef struct layer {
    size_t outputs, width, samples;
    double *weights, *inputs, *targets;
    qhm_weight_grid grid;
} layer;

static void close_layer(layer *l)
{
    qhm_release(l->weights);
    qhm_release(l->inputs);
    qhm_release(l->targets);
}

static qhm_status read_targets(const quantise_options *options, const qhm_problem *problem,
                               layer *l)
{
    size_t rows, columns;
    if (options->targets) {
        QHM_TRY(qhm_problem_matrix(problem->node, options->targets, "targets", &l->targets, &rows,
                                   &columns));
        if (rows != l->samples || columns != l->outputs)
            return qhm_node_fail(options->targets,
                                 "field 'targets' is %zu by %zu for %zu samples and %zu outputs",
                                 rows, columns, l->samples, l->outputs);
        return QHM_OK;
    }
    QHM_TRY(qhm_allocate(l->samples * l->outputs, sizeof(double), &l->targets));
    for (size_t n = 0; n < l->samples; n++)
        for (size_t o = 0; o < l->outputs; o++)
            for (size_t i = 0; i < l->width; i++)
                l->targets[n * l->outputs + o] +=
                    l->weights[o * l->width + i] * l->inputs[n * l->width + i];
    return QHM_OK;
}

static qhm_status read_layer(const quantise_options *options, const qhm_problem *problem, layer *l)
{
    size_t columns;
    double range = options->range;
    QHM_TRY(qhm_problem_matrix(problem->node, options->weights, "weights", &l->weights, &l->outputs,
                               &l->width));
    QHM_TRY(qhm_problem_matrix(problem->node, options->inputs, "inputs", &l->inputs, &l->samples,
                               &columns));
    if (columns != l->width)
        return qhm_node_fail(options->inputs, "field 'inputs' has %zu columns for %zu weights",
                             columns, l->width);
    if (l->outputs * l->width > MOST_BITS / options->bits)
        return qhm_node_fail(options->weights, "%zu weights of %zu bits are more than %d bits",
                             l->outputs * l->width, options->bits, MOST_BITS);
    for (size_t i = 0; i < l->outputs * l->width && options->range == 0; i++)
        range = fmax(range, fabs(l->weights[i]));
    if (!(range > 0))
        return qhm_node_fail(options->weights, "all weights are 0: there is no grid for them");
    l->grid = qhm_weight_grid_even(l->outputs, l->width, options->bits, range);
    return read_targets(options, problem, l);
}

static qhm_status tell(json_t *object, const layer *l, uint64_t bits, double loss)
{
    double *weights;
    json_t *rows = json_array();
    QHM_TRY(qhm_allocate(l->outputs * l->width, sizeof *weights, &weights));
    qhm_weight_grid_read(&l->grid, bits, weights);
    for (size_t o = 0; o < l->outputs; o++) {
        json_t *row = json_object();
        qhm_result_numbers(row, "row", weights + o * l->width, l->width);
        json_array_append(rows, json_object_get(row, "row"));
        json_decref(row);
    }
    json_object_set_new(object, "weights", rows);
    qhm_result_number(object, "loss", loss);
    qhm_release(weights);
    return QHM_OK;
}

static qhm_status solve(const quantise_options *options, const qhm_problem *problem, const layer *l,
                        const qhm_ising *ising, qhm_result *result)
{
    qhm_qaoa_rivals rivals;
    qhm_qaoa_best best;
    QHM_TRY(qhm_qaoa_run_rivals(ising, problem->seed, result, &rivals));
    QHM_TRY(qhm_qaoa_run_task(&(qhm_qaoa_task){.ising = ising, .optimum = rivals.best.energy},
                              &options->qaoa, problem, result, &best));
    QHM_TRY(tell(result->answer, l, best.bits, best.cost));
    QHM_TRY(tell(result->opponent, l, rivals.best.bits, rivals.best.energy));
    json_t *object = json_object();
    const uint64_t rounded = qhm_weight_grid_round(&l->grid, l->weights);
    qhm_result_text(object, "method", "each weight to the nearest of the grid");
    const qhm_status status = tell(object, l, rounded, qhm_ising_energy(ising, rounded));
    json_object_set_new(result->opponent, "rounding", object);
    QHM_TRY(status);
    qhm_result_number(result->answer, "step", l->grid.step);
    qhm_result_note(result, "The loss is the mean over samples of the squared error of all "
                            "outputs, which is quadratic in bits for a linear layer alone.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const quantise_options *options = given;
    layer l = {0};
    qhm_ising *ising = NULL;
    qhm_status status = read_layer(options, problem, &l);
    if (status == QHM_OK)
        status = qhm_weight_grid_ising(&l.grid, l.samples, l.inputs, l.targets, &ising);
    if (status == QHM_OK)
        status = solve(options, problem, &l, ising, result);
    qhm_ising_destroy(ising);
    close_layer(&l);
    return status;
}

const qhm_algorithm qhm_algorithm_quantise_weights = {
    .info = {.name = "quantise-weights",
             .help = "weights of a small linear layer on a grid of few bits by QAOA",
             .details = "The layer's squared error is the cost over the bits of its weights. "
                        "Opponents: rounding each weight,\nand those of maxcut: branch and bound "
                        "is exact. [frantar2022]\n",
             .example = "weights: [[0.9, 0.55, -0.1]]\n"
                        "inputs: [[1, 0.9, 0.2], [0.8, 1, 0.1], [0.2, 0.3, 1], [1, 0.8, 0.9]]\n"
                        "bits: 2\nlayers: 1\nshots: 500\n",
             .fields = fields},
    .options_size = sizeof(quantise_options),
    .run = run,
};
