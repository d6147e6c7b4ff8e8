// The gradient doctor: three independent gradients of a circuit at random points, and verdicts.
#include <qhm/gradient_doctor.h>

#include "base/memory.h"
#include "base/options_internal.h"
#include "base/status_internal.h"
#include "simulate/backend_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

static const double dead_below = 1e-10;
enum { VANISHING_QUBITS = 6, SIDES = 4 };

#define FIELD(name) offsetof(qhm_gradient_doctor_options, name)

static const qhm_option_info options_table[] = {
    {"points", QHM_OPTION_SIZE, FIELD(points), "32", 2, 1e6, NULL,
     "random points of inputs and weights at which gradients are compared", NULL},
    {"input_range", QHM_OPTION_DOUBLE, FIELD(input_range), "3.141592653589793", 1e-6, 1e6, NULL,
     "inputs are uniform between minus this and this", NULL},
    {"tolerance", QHM_OPTION_DOUBLE, FIELD(tolerance), "1e-8", 1e-15, 1, NULL,
     "largest difference of parameter shift and adjoint", NULL},
    {"difference_step", QHM_OPTION_DOUBLE, FIELD(difference_step), "1e-3", 1e-6, 0.1, NULL,
     "step of the finite differences", NULL},
    {"difference_tolerance", QHM_OPTION_DOUBLE, FIELD(difference_tolerance), "1e-5", 1e-15, 1, NULL,
     "largest difference of finite differences and adjoint", NULL},
    {"vanishing_factor", QHM_OPTION_DOUBLE, FIELD(vanishing_factor), "1", 1e-6, 1e6, NULL,
     "a gradient vanishes when its variance is below this over 2^n", NULL},
    {"seed", QHM_OPTION_UINT64, FIELD(seed), NULL, 0, 0, NULL, "seed of the random points", NULL},
    {0},
};

const qhm_option_info *qhm_gradient_doctor_option_table(void)
{
    return options_table;
}

// Jacobians are [observables][inputs + weights], divided by the observables' norm bounds.
typedef struct doctor {
    const qhm_gradient_doctor_options *options;
    qhm_plan *plan;
    const qhm_plan_info *info;
    qhm_gradient_report *report;
    size_t slots, batch;
    double *norms;      // [observables]
    double *inputs;     // [batch][inputs]
    double *weights;    // [batch][weights]
    double *cotangents; // [observables][observables]
    double *input_part, *weight_part;
    double *values;                   // [batch][observables]
    double *adjoint, *shift, *slopes; // Jacobians
    double *sums, *squares;           // of the adjoint one, over points
    double *point;                    // [slots]
} doctor;

static double norm_bound(const qhm_observable *observable)
{
    double sum = 0;
    for (size_t t = 0; t < qhm_observable_term_count(observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        if (term->factor_count > 0)
            sum += fabs(term->coefficient);
    }
    return sum > 0 ? sum : 1;
}

static qhm_status allocate(doctor *d)
{
    const size_t count = d->info->observable_count, jacobian = count * d->slots;
    d->batch = count > SIDES * d->slots ? count : SIDES * d->slots;
    struct {
        double **array;
        size_t count;
    } arrays[] = {{&d->norms, count},
                  {&d->inputs, d->batch * d->info->input_count},
                  {&d->weights, d->batch * d->info->weight_count},
                  {&d->cotangents, count * count},
                  {&d->input_part, count * d->info->input_count},
                  {&d->weight_part, count * d->info->weight_count},
                  {&d->values, d->batch * count},
                  {&d->adjoint, jacobian},
                  {&d->shift, jacobian},
                  {&d->slopes, jacobian},
                  {&d->sums, jacobian},
                  {&d->squares, jacobian},
                  {&d->point, d->slots}};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        QHM_TRY(qhm_allocate(arrays[i].count, sizeof(double), arrays[i].array));
    return qhm_allocate(d->slots, sizeof *d->report->parameters, &d->report->parameters);
}

static void release(doctor *d)
{
    double *arrays[] = {d->norms,       d->inputs,  d->weights, d->cotangents, d->input_part,
                        d->weight_part, d->values,  d->adjoint, d->shift,      d->slopes,
                        d->sums,        d->squares, d->point};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        qhm_release(arrays[i]);
    qhm_plan_destroy(d->plan);
}

static void choose_point(doctor *d, size_t number)
{
    qhm_random random =
        qhm_random_stream(d->options->seed, QHM_RANDOM_USER, (uint64_t)number, 0, 0);
    for (size_t s = 0; s < d->slots; s++) {
        double range = s < d->info->input_count ? d->options->input_range : M_PI;
        d->point[s] = range * (2 * qhm_random_uniform(&random) - 1);
    }
}

// Writes the point, with one slot moved, as a row of the batch.
static void write_row(doctor *d, size_t row, size_t slot, double change)
{
    const size_t inputs = d->info->input_count;
    for (size_t s = 0; s < d->slots; s++) {
        double value = d->point[s] + (s == slot ? change : 0);
        if (s < inputs)
            d->inputs[row * inputs + s] = value;
        else
            d->weights[row * d->info->weight_count + s - inputs] = value;
    }
}

// All observables' gradients in one call: row k of the batch has the cotangent of observable k.
static qhm_status find_jacobian(doctor *d, qhm_gradient_method method, double *jacobian)
{
    const size_t count = d->info->observable_count, inputs = d->info->input_count;
    for (size_t k = 0; k < count; k++) {
        write_row(d, k, SIZE_MAX, 0);
        d->cotangents[k * count + k] = 1 / d->norms[k];
    }
    QHM_TRY(qhm_plan_run(d->plan, &(qhm_request){.batch_count = count,
                                                 .inputs = d->inputs,
                                                 .weights = d->weights,
                                                 .weights_per_sample = true,
                                                 .gradient_method = method,
                                                 .cotangents = d->cotangents,
                                                 .input_gradients = d->input_part,
                                                 .weight_gradients = d->weight_part}));
    for (size_t k = 0; k < count; k++)
        for (size_t s = 0; s < d->slots; s++)
            jacobian[k * d->slots + s] =
                s < inputs ? d->input_part[k * inputs + s]
                           : d->weight_part[k * d->info->weight_count + s - inputs];
    return QHM_OK;
}

// Five-point differences: their error falls with the fourth power of the step.
static qhm_status find_slopes(doctor *d)
{
    static const double moves[SIDES] = {1, -1, 2, -2}, shares[SIDES] = {8, -8, -1, 1};
    const size_t count = d->info->observable_count;
    const double step = d->options->difference_step;
    for (size_t s = 0; s < d->slots; s++)
        for (size_t i = 0; i < SIDES; i++)
            write_row(d, SIDES * s + i, s, moves[i] * step);
    QHM_TRY(qhm_plan_run(d->plan, &(qhm_request){.batch_count = SIDES * d->slots,
                                                 .inputs = d->inputs,
                                                 .weights = d->weights,
                                                 .weights_per_sample = true,
                                                 .expectations = d->values}));
    for (size_t s = 0; s < d->slots; s++)
        for (size_t k = 0; k < count; k++) {
            double sum = 0;
            for (size_t i = 0; i < SIDES; i++)
                sum += shares[i] * d->values[(SIDES * s + i) * count + k];
            d->slopes[k * d->slots + s] = sum / (12 * step * d->norms[k]);
        }
    return QHM_OK;
}

static void compare(doctor *d)
{
    for (size_t k = 0; k < d->info->observable_count; k++)
        for (size_t s = 0; s < d->slots; s++) {
            const size_t place = k * d->slots + s;
            qhm_parameter_health *health = &d->report->parameters[s];
            double gradient = d->adjoint[place];
            health->largest = fmax(health->largest, fabs(gradient));
            health->shift_error = fmax(health->shift_error, fabs(d->shift[place] - gradient));
            health->difference_error =
                fmax(health->difference_error, fabs(d->slopes[place] - gradient));
            d->sums[place] += gradient;
            d->squares[place] += gradient * gradient;
        }
}

static void count_occurrences(const qhm_circuit *circuit, size_t input_count,
                              qhm_parameter_health *parameters)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        for (unsigned a = 0; a < qhm_gate_information(instruction->gate)->angle_count; a++) {
            const qhm_angle_factor *f = instruction->angles[a].factors;
            for (int j = 0; j < 2; j++) {
                bool is_same = j == 1 && f[0].slot == f[1].slot && f[0].index == f[1].index;
                if (f[j].slot != QHM_SLOT_NONE && !is_same)
                    parameters[f[j].index + (f[j].slot == QHM_SLOT_WEIGHT ? input_count : 0)]
                        .occurrences++;
            }
        }
    }
}

static void judge(doctor *d, const qhm_circuit *circuit)
{
    qhm_gradient_report *report = d->report;
    const double points = (double)report->points;
    if (d->info->qubit_count >= VANISHING_QUBITS)
        report->vanishing_threshold =
            d->options->vanishing_factor * ldexp(1, -(int)d->info->qubit_count);
    count_occurrences(circuit, d->info->input_count, report->parameters);
    for (size_t s = 0; s < d->slots; s++) {
        qhm_parameter_health *health = &report->parameters[s];
        bool is_input = s < d->info->input_count;
        health->slot = is_input ? QHM_SLOT_INPUT : QHM_SLOT_WEIGHT;
        health->index = (uint32_t)(is_input ? s : s - d->info->input_count);
        for (size_t k = 0; k < d->info->observable_count; k++) {
            double mean = d->sums[k * d->slots + s] / points;
            double square = d->squares[k * d->slots + s] / points;
            double variance = (square - mean * mean) * points / (points - 1);
            health->variance = fmax(health->variance, variance);
        }
        health->is_dead = health->largest < dead_below;
        health->is_vanishing = !health->is_dead && health->variance < report->vanishing_threshold;
        health->is_wrong = !(health->shift_error <= d->options->tolerance) ||
                           !(health->difference_error <= d->options->difference_tolerance);
        report->dead_count += health->is_dead;
        report->vanishing_count += health->is_vanishing;
        report->wrong_count += health->is_wrong;
        report->shift_error = fmax(report->shift_error, health->shift_error);
        report->difference_error = fmax(report->difference_error, health->difference_error);
    }
}

static qhm_status examine(doctor *d, const qhm_circuit *circuit,
                          const qhm_observable *const *observables)
{
    QHM_TRY(allocate(d));
    for (size_t k = 0; k < d->info->observable_count; k++)
        d->norms[k] = norm_bound(observables[k]);
    for (size_t i = 0; d->slots > 0 && i < d->report->points; i++) {
        choose_point(d, i);
        QHM_TRY(find_jacobian(d, QHM_GRADIENT_ADJOINT, d->adjoint));
        QHM_TRY(find_jacobian(d, QHM_GRADIENT_PARAMETER_SHIFT, d->shift));
        QHM_TRY(find_slopes(d));
        compare(d);
    }
    d->report->parameter_count = d->slots;
    judge(d, circuit);
    return QHM_OK;
}

qhm_status qhm_gradient_doctor_run(qhm_backend *backend, const qhm_circuit *circuit,
                                   const qhm_observable *const *observables,
                                   size_t observable_count,
                                   const qhm_gradient_doctor_options *options,
                                   qhm_gradient_report **report)
{
    QHM_REQUIRE(backend && circuit && report, "the gradient doctor needs a backend and a circuit");
    QHM_REQUIRE(observable_count > 0, "the gradient doctor needs at least one observable");
    qhm_gradient_doctor_options resolved = {0};
    if (options)
        resolved = *options;
    QHM_TRY(qhm_options_resolve(options_table, &resolved));
    doctor d = {.options = &resolved};
    QHM_TRY(qhm_plan_create(backend, circuit, observables, observable_count, NULL, &d.plan));
    d.info = qhm_plan_information(d.plan);
    d.slots = d.info->input_count + d.info->weight_count;
    qhm_status status;
    if (d.info->has_random_states)
        status = QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                          "the gradient doctor needs a circuit without resets, conditions and "
                          "mid-circuit measurements");
    else
        status = qhm_allocate(1, sizeof *d.report, &d.report);
    if (status == QHM_OK) {
        d.report->points = resolved.points;
        status = examine(&d, circuit, observables);
    }
    release(&d);
    if (status != QHM_OK) {
        qhm_gradient_report_destroy(d.report);
        return status;
    }
    *report = d.report;
    return QHM_OK;
}

void qhm_gradient_report_destroy(qhm_gradient_report *report)
{
    if (!report)
        return;
    qhm_release(report->parameters);
    qhm_release(report);
}
