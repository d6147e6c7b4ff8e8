// Clifford data regression: a line from noisy to exact values, learned on circuits of the same
// shape that are nearly Clifford.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "mitigate/folding.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>
#include <qhm/method.h>
#include <qhm/random.h>

enum { DEFAULT_CIRCUITS = 10, MOST_CIRCUITS = 10000 };

#define DEFAULT_SHARE 0.1
#define SNAP_WIDTH 0.5 // radians: how far Clifford angles are that replace an angle
#define IS_CLIFFORD 1e-9

struct work {
    qhm_circuit *bound;
    size_t odd_count;
    size_t *odd;  // [instructions] those that are not Clifford and can be made so
    bool *is_odd; // [instructions] and change in this circuit
    size_t circuits;
    double *noisy, *exact; // [circuits][observables]
    double *room;          // [2][observables]
};

static void release(struct work *w)
{
    qhm_circuit_destroy(w->bound);
    qhm_release(w->odd);
    qhm_release(w->is_odd);
    qhm_release(w->noisy);
    qhm_release(w->exact);
    qhm_release(w->room);
}

static qhm_status check(const qhm_mitigation_options *options)
{
    const qhm_regression_options *o = &options->regression;
    QHM_REQUIRE(o->training_circuits == 0 ||
                    (o->training_circuits >= 3 && o->training_circuits <= MOST_CIRCUITS),
                "cdr: training_circuits is %zu, not 3 to %d", o->training_circuits, MOST_CIRCUITS);
    QHM_REQUIRE(o->kept_share >= 0 && o->kept_share < 1,
                "cdr: kept_share is %g, not 0 or more and below 1", o->kept_share);
    return QHM_OK;
}

// The angles whose multiples make a gate Clifford; 0: none do.
static double step_of(const qhm_instruction *instruction)
{
    if (instruction->control_count > 0 || instruction->condition.relation != QHM_RELATION_NONE)
        return 0;
    if (instruction->gate == QHM_GATE_T || instruction->gate == QHM_GATE_TDG)
        return M_PI / 2;
    if (qhm_gate_information(instruction->gate)->angle_count == 0)
        return 0;
    return qhm_gate_information(instruction->gate)->control_count > 0 ? M_PI : M_PI / 2;
}

static bool is_odd(const qhm_instruction *instruction)
{
    const double step = step_of(instruction);
    if (step == 0)
        return false;
    if (instruction->gate == QHM_GATE_T || instruction->gate == QHM_GATE_TDG)
        return true;
    for (size_t a = 0; a < qhm_instruction_angle_count(instruction); a++) {
        const double steps = instruction->angles[a].offset / step;
        if (fabs(steps - nearbyint(steps)) > IS_CLIFFORD)
            return true;
    }
    return false;
}

// A multiple of `step` near an angle: the nearer, the likelier [czarnik2021].
static double snap(double angle, double step, qhm_random *random)
{
    enum { CANDIDATES = 4 };
    double weights[CANDIDATES], total = 0;
    const double first = floor(angle / step) - 1;
    for (int i = 0; i < CANDIDATES; i++) {
        const double distance = (angle - (first + i) * step) / SNAP_WIDTH;
        weights[i] = exp(-distance * distance);
        total += weights[i];
    }
    double left = qhm_random_uniform(random) * total;
    int chosen = 0;
    while (chosen + 1 < CANDIDATES && left >= weights[chosen])
        left -= weights[chosen++];
    return (first + chosen) * step;
}

static qhm_status append_snapped(qhm_circuit *made, const qhm_instruction *instruction,
                                 qhm_random *random)
{
    qhm_instruction snapped = *instruction;
    qhm_angle angles[QHM_GATE_MAX_ANGLES];
    const double step = step_of(instruction);
    if (instruction->gate == QHM_GATE_T || instruction->gate == QHM_GATE_TDG) {
        snapped.gate = QHM_GATE_P;
        angles[0] = qhm_angle_constant(
            snap(instruction->gate == QHM_GATE_T ? M_PI / 4 : -M_PI / 4, step, random));
    }
    for (size_t a = 0; a < qhm_instruction_angle_count(instruction); a++)
        angles[a] = qhm_angle_constant(snap(instruction->angles[a].offset, step, random));
    snapped.angles = angles;
    return qhm_circuit_append_instruction(made, &snapped);
}

static qhm_status append_training(const struct work *w, qhm_circuit *made, qhm_random *random)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(w->bound); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(w->bound, i);
        QHM_TRY(w->is_odd[i] ? append_snapped(made, instruction, random)
                             : qhm_circuit_append_instruction(made, instruction));
    }
    return QHM_OK;
}

static qhm_status create_training(struct work *w, const qhm_regression_options *o, uint64_t seed,
                                  size_t index, qhm_circuit **training)
{
    const double share = o->kept_share > 0 ? o->kept_share : DEFAULT_SHARE;
    size_t kept = (size_t)floor(share * (double)w->odd_count + 0.5);
    qhm_random random =
        qhm_random_stream(seed, QHM_RANDOM_MITIGATION, QHM_STREAM_TRAINING, index, 1);
    if (kept == 0)
        kept = 1;
    qhm_random_shuffle(&random, w->odd, w->odd_count);
    for (size_t i = 0; i < w->odd_count; i++)
        w->is_odd[w->odd[i]] = i >= kept;
    qhm_circuit *made;
    QHM_TRY(qhm_folding_begin(w->bound, &made));
    const qhm_status status = append_training(w, made, &random);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *training = made;
    return QHM_OK;
}

// Exact values, on the simulator that suits the circuit.
static qhm_status find_exact(const qhm_execution *e, const qhm_circuit *circuit, double *values)
{
    qhm_method method;
    qhm_backend *backend = NULL;
    qhm_executor *executor = NULL;
    QHM_TRY(qhm_method_find(circuit, NULL, &method));
    qhm_status status = qhm_backend_create(method.backend, NULL, &backend);
    if (status == QHM_OK)
        status = qhm_executor_create_on_backend(backend, NULL, &executor);
    if (status == QHM_OK)
        status =
            qhm_executor_run(executor, &(qhm_execution){.circuit = circuit,
                                                        .observables = e->observables,
                                                        .observable_count = e->observable_count,
                                                        .values = values});
    qhm_executor_destroy(executor);
    qhm_backend_destroy(backend);
    return status;
}

static qhm_status prepare(const qhm_regression_options *o, const qhm_execution *e, struct work *w)
{
    QHM_TRY(qhm_circuit_bind(e->circuit, e->inputs, e->weights, &w->bound));
    const size_t count = qhm_circuit_instruction_count(w->bound);
    w->circuits = o->training_circuits > 0 ? o->training_circuits : DEFAULT_CIRCUITS;
    QHM_TRY(qhm_allocate(count, sizeof *w->odd, &w->odd));
    QHM_TRY(qhm_allocate(count, sizeof *w->is_odd, &w->is_odd));
    QHM_TRY(qhm_allocate(w->circuits * e->observable_count, sizeof *w->noisy, &w->noisy));
    QHM_TRY(qhm_allocate(w->circuits * e->observable_count, sizeof *w->exact, &w->exact));
    QHM_TRY(qhm_allocate(2 * e->observable_count, sizeof *w->room, &w->room));
    for (size_t i = 0; i < count; i++)
        if (is_odd(qhm_circuit_instruction(w->bound, i)))
            w->odd[w->odd_count++] = i;
    if (w->odd_count == 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "cdr: the circuit has no angle to make Clifford: if it is Clifford, the "
                        "stabilizer simulator gives its exact values");
    return QHM_OK;
}

static qhm_status run_training(qhm_executor *inner, const qhm_regression_options *o,
                               const qhm_execution *e, struct work *w)
{
    const size_t count = e->observable_count;
    for (size_t i = 0; i < w->circuits; i++) {
        qhm_circuit *training;
        QHM_TRY(create_training(w, o, e->seed, i, &training));
        qhm_status status = find_exact(e, training, w->exact + i * count);
        if (status == QHM_OK)
            status = qhm_mitigation_estimate(inner, e, training, e->shots,
                                             qhm_seed_of(e->seed, QHM_STREAM_TRAINING, i),
                                             w->noisy + i * count, w->room);
        qhm_circuit_destroy(training);
        QHM_TRY(status);
    }
    return QHM_OK;
}

// y = slope x + offset for observable k, and the variance of its value at x.
static qhm_status fit(const struct work *w, size_t observables, size_t k, bool through_zero,
                      double x, double *slope, double *value, double *variance)
{
    const double n = (double)w->circuits;
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0, squares = 0;
    for (size_t i = 0; i < w->circuits && !through_zero; i++) {
        mean_x += w->noisy[i * observables + k] / n;
        mean_y += w->exact[i * observables + k] / n;
    }
    for (size_t i = 0; i < w->circuits; i++) {
        const double dx = w->noisy[i * observables + k] - mean_x;
        const double dy = w->exact[i * observables + k] - mean_y;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    if (!(xx > 1e-18 && yy > 1e-18)) // shots scatter noisy values where the exact ones are alike
        return QHM_FAIL(QHM_ERROR_NUMERIC,
                        "cdr: the training circuits give observable %zu the same value: raise "
                        "kept_share or training_circuits",
                        k);
    *slope = xy / xx;
    *value = mean_y + *slope * (x - mean_x);
    for (size_t i = 0; i < w->circuits; i++) {
        const double residual = w->exact[i * observables + k] - mean_y -
                                *slope * (w->noisy[i * observables + k] - mean_x);
        squares += residual * residual;
    }
    const double freedom = n - (through_zero ? 1 : 2);
    *variance = squares / freedom * ((through_zero ? 0 : 1 / n) + (x - mean_x) * (x - mean_x) / xx);
    return QHM_OK;
}

static qhm_status regress(qhm_executor *inner, const qhm_regression_options *o,
                          const qhm_execution *e, struct work *w)
{
    const size_t count = e->observable_count;
    double steepest = 0;
    QHM_TRY(run_training(inner, o, e, w));
    QHM_TRY(
        qhm_mitigation_estimate(inner, e, w->bound, e->shots, e->seed, w->room, w->room + count));
    for (size_t k = 0; k < count; k++) {
        double slope;
        QHM_TRY(
            fit(w, count, k, o->through_zero, w->room[k], &slope, &e->values[k], &e->variances[k]));
        e->variances[k] += slope * slope * w->room[count + k];
        steepest = fmax(steepest, fabs(slope));
    }
    e->overhead->sampling *= fmax(1, steepest * steepest);
    qhm_overhead_say(e->overhead, "cdr: %zu training circuits, slope %.4g", w->circuits, steepest);
    return QHM_OK;
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    struct work w = {0};
    qhm_status status = prepare(&options->regression, e, &w);
    if (status == QHM_OK)
        status = regress(inner, &options->regression, e, &w);
    release(&w);
    return status;
}

const qhm_technique qhm_regression_technique = {
    .information = {.name = "cdr",
                    .title = "Clifford data regression",
                    .help = "learns how noise changes values from nearly Clifford circuits, which "
                            "are simulated exactly, and undoes it",
                    .cost =
                        "10 training circuits more; error bars grow with the slope, and by what "
                        "the line does not explain"},
    .check = check,
    .estimate = estimate,
};
