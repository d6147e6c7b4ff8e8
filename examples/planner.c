// A planner that leaves its sub-problem to QAOA: every day it sees three numbers and has to choose
// which of four jobs to do, where jobs pay by the day and some get into each other's way. A linear
// map guesses the costs, QAOA makes plans of them, and both are trained by what plans truly cost.
//
//     cc planner.c $(pkg-config --cflags --libs qhm) -lm -o planner && ./planner
#include <qhm/ising.h>
#include <qhm/module.h>
#include <qhm/optimizer.h>
#include <qhm/qaoa_layer.h>
#include <qhm/random.h>
#include <qhm/tape.h>

#include <math.h>
#include <stdio.h>

enum { SEEN = 3, JOBS = 4, COSTS = JOBS * (JOBS + 1) / 2, DAYS = 64, STEPS = 120 };

// What a day shows, and what the jobs truly cost on it: a field each, then a coupling a pair.
static void draw_days(double *seen, double *costs)
{
    qhm_random random = qhm_random_stream(3, QHM_RANDOM_DATA, 0, 0, 0);
    double map[COSTS][SEEN];
    for (size_t k = 0; k < COSTS; k++)
        for (size_t i = 0; i < SEEN; i++)
            map[k][i] = (k < JOBS ? 0.8 : 0.3) * qhm_random_normal(&random);
    for (size_t day = 0; day < DAYS; day++) {
        for (size_t i = 0; i < SEEN; i++)
            seen[day * SEEN + i] = qhm_random_normal(&random);
        for (size_t k = 0; k < COSTS; k++) {
            costs[day * COSTS + k] = 0;
            for (size_t i = 0; i < SEEN; i++)
                costs[day * COSTS + k] += map[k][i] * seen[day * SEEN + i];
        }
    }
}

static qhm_status append(qhm_module *model, const char *kind, size_t in, size_t out,
                         const void *options, qhm_random *random)
{
    const qhm_module_setting setting = {.input = {1, {in}}, .output_width = out, .random = random};
    qhm_module *module;
    const qhm_status status = qhm_module_create(kind, &setting, options, &module);
    return status == QHM_OK ? qhm_module_append_take(model, NULL, module) : status;
}

static qhm_status create_planner(qhm_module **model)
{
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_INITIALISE, 0, 0, 0);
    const qhm_qaoa_layer_options qaoa = {.layers = 3, .readout = QHM_QAOA_READOUT_Z_ZZ};
    qhm_status status = qhm_sequential_create(QHM_FLOAT64, (qhm_shape){1, {SEEN}}, model);
    if (status == QHM_OK)
        status = append(*model, "linear", SEEN, COSTS, NULL, &random);
    if (status == QHM_OK)
        status = append(*model, "qaoa", COSTS, COSTS, &qaoa, &random);
    return status;
}

// The mean of what plans truly cost: costs times <Z> and <ZZ>.
static qhm_status step(qhm_module *model, qhm_tape *tape, qhm_optimizer *optimizer,
                       const double *seen, const double *costs, double *mean_cost)
{
    qhm_value days, truth, plans, product, loss;
    qhm_tape_reset(tape);
    qhm_status status = qhm_tape_constant(tape, (qhm_shape){2, {DAYS, SEEN}}, seen, &days);
    if (status == QHM_OK)
        status = qhm_tape_constant(tape, (qhm_shape){2, {DAYS, COSTS}}, costs, &truth);
    if (status == QHM_OK)
        status = qhm_module_forward(model, tape, days, QHM_NO_VALUE, &plans);
    if (status == QHM_OK)
        status =
            qhm_tape_apply(tape, QHM_OP_MULTIPLY, (qhm_value[]){plans, truth}, 2, NULL, &product);
    if (status == QHM_OK)
        status = qhm_tape_apply(tape, QHM_OP_MEAN, &product, 1, NULL, &loss);
    if (status == QHM_OK)
        status = qhm_tape_backward(tape, loss);
    if (status == QHM_OK)
        status = qhm_optimizer_step(optimizer, 1);
    if (status == QHM_OK)
        *mean_cost = COSTS * qhm_tape_item(tape, loss, 0);
    return status;
}

// What the best plan of each day costs, on average, by looking at all sixteen.
static qhm_status find_best(const double *costs, double *mean)
{
    *mean = 0;
    for (size_t day = 0; day < DAYS; day++) {
        const double *today = costs + day * COSTS;
        qhm_ising_solution best;
        qhm_ising *ising;
        qhm_status status = qhm_ising_create(JOBS, &ising);
        for (size_t i = 0, pair = JOBS; status == QHM_OK && i < JOBS; i++) {
            status = qhm_ising_append_field(ising, i, today[i]);
            for (size_t j = i + 1; status == QHM_OK && j < JOBS; j++)
                status = qhm_ising_append_coupling(ising, i, j, today[pair++]);
        }
        if (status == QHM_OK)
            status = qhm_ising_find_all(ising, &best);
        qhm_ising_destroy(ising);
        if (status != QHM_OK)
            return status;
        *mean += best.energy / DAYS;
    }
    return QHM_OK;
}

static qhm_status train(qhm_module *model, qhm_tape *tape, const double *seen, const double *costs,
                        double *first, double *last)
{
    size_t count;
    qhm_parameter *const *parameters = qhm_module_parameters(model, &count);
    const qhm_optimizer_options options = {.learning_rate = 0.05};
    qhm_optimizer *optimizer;
    qhm_status status = qhm_optimizer_create(parameters, count, &options, &optimizer);
    if (status != QHM_OK)
        return status;
    for (int i = 0; status == QHM_OK && i <= STEPS; i++) {
        status = step(model, tape, optimizer, seen, costs, last);
        if (i == 0)
            *first = *last;
        if (status == QHM_OK && i % 40 == 0)
            printf("step %3d  plans cost %.3f\n", i, *last);
    }
    qhm_optimizer_destroy(optimizer);
    return status;
}

int main(void)
{
    double seen[DAYS * SEEN], costs[DAYS * COSTS], first = 0, last = 0, best = 0;
    qhm_module *model = NULL;
    qhm_tape *tape = NULL;
    draw_days(seen, costs);
    qhm_status status = find_best(costs, &best);
    if (status == QHM_OK)
        status = create_planner(&model);
    if (status == QHM_OK)
        status = qhm_tape_create(QHM_FLOAT64, &tape);
    if (status == QHM_OK)
        status = train(model, tape, seen, costs, &first, &last);
    qhm_tape_destroy(tape);
    qhm_module_destroy(model);
    if (status != QHM_OK) {
        fprintf(stderr, "planner: %s\n", qhm_error_message());
        return 1;
    }
    printf("best plans, by trying all: %.3f\n", best);
    return last < first && last < 0.6 * best ? 0 : 1; // costs are below 0
}
