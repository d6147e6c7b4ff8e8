// The Fubini-Study metric: derivatives of a state from shifted runs, and their overlaps.
#include "algorithm/vqe_internal.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>

enum { SHIFTS = 4 };

static const double PI = 3.14159265358979323846;

// The state in one angle is a sum of waves of frequency 0, 1/2 and 1. Its derivative is the sum
// over shifts of +-pi/2 and +-3 pi/2 with these factors, exactly.
static void fill_shifts(double shifts[SHIFTS], double factors[SHIFTS])
{
    const double root = sqrt(2);
    for (size_t k = 0; k < SHIFTS; k++) {
        shifts[k] = (k < 2 ? 0.5 : 1.5) * PI * (k % 2 ? -1 : 1);
        factors[k] = (k < 2 ? root + 2 : root - 2) / 8 * (k % 2 ? -1 : 1);
    }
}

typedef struct metric_run {
    qhm_plan *plan;
    const double *weights;
    size_t count, size;
    qhm_complex *state, *shifted; // [2^n], [SHIFTS][2^n]
    qhm_complex *derivatives;     // [count][2^n]
} metric_run;

// Of the angle by its factor `which`.
static double slope(const qhm_angle *angle, size_t which, const double *weights)
{
    const qhm_angle_factor *other = &angle->factors[1 - which];
    return angle->scale * (other->slot == QHM_SLOT_NONE ? 1 : weights[other->index] + other->shift);
}

static qhm_status add_occurrence(metric_run *r, const qhm_angle *angle, uint32_t occurrence)
{
    double shifts[SHIFTS], factors[SHIFTS];
    qhm_angle_shift places[SHIFTS];
    fill_shifts(shifts, factors);
    for (size_t k = 0; k < SHIFTS; k++)
        places[k] = (qhm_angle_shift){occurrence, shifts[k]};
    QHM_TRY(qhm_plan_run(r->plan, &(qhm_request){.batch_count = SHIFTS,
                                                 .weights = r->weights,
                                                 .shifts = places,
                                                 .states = r->shifted}));
    for (size_t which = 0; which < 2; which++) {
        if (angle->factors[which].slot != QHM_SLOT_WEIGHT)
            continue;
        const double rate = slope(angle, which, r->weights);
        qhm_complex *derivative = r->derivatives + angle->factors[which].index * r->size;
        for (size_t k = 0; k < SHIFTS; k++)
            for (size_t i = 0; i < r->size; i++) {
                derivative[i].re += rate * factors[k] * r->shifted[k * r->size + i].re;
                derivative[i].im += rate * factors[k] * r->shifted[k * r->size + i].im;
            }
    }
    return QHM_OK;
}

static qhm_complex overlap(size_t size, const qhm_complex *a, const qhm_complex *b)
{
    qhm_complex sum = {0, 0};
    for (size_t i = 0; i < size; i++) {
        sum.re += a[i].re * b[i].re + a[i].im * b[i].im;
        sum.im += a[i].re * b[i].im - a[i].im * b[i].re;
    }
    return sum;
}

static void fill_metric(const metric_run *r, double *metric)
{
    for (size_t i = 0; i < r->count; i++)
        for (size_t j = 0; j <= i; j++) {
            const qhm_complex *a = r->derivatives + i * r->size, *b = r->derivatives + j * r->size;
            const qhm_complex left = overlap(r->size, a, r->state),
                              right = overlap(r->size, r->state, b);
            metric[i * r->count + j] = metric[j * r->count + i] =
                overlap(r->size, a, b).re - (left.re * right.re - left.im * right.im);
        }
}

static qhm_status run_all(metric_run *r, const qhm_circuit *circuit)
{
    uint32_t occurrence = 0;
    QHM_TRY(qhm_plan_run(
        r->plan, &(qhm_request){.batch_count = 1, .weights = r->weights, .states = r->state}));
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        const unsigned angles = qhm_gate_information(instruction->gate)->angle_count;
        for (unsigned a = 0; a < angles; a++, occurrence++)
            if (instruction->angles[a].factors[0].slot == QHM_SLOT_WEIGHT)
                QHM_TRY(add_occurrence(r, &instruction->angles[a], occurrence));
    }
    return QHM_OK;
}

static qhm_status run_and_count(metric_run *r, const qhm_circuit *circuit, double *metric,
                                qhm_ledger *ledger)
{
    qhm_ledger made;
    QHM_TRY(qhm_allocate(r->size, sizeof *r->state, &r->state));
    QHM_TRY(qhm_allocate(SHIFTS * r->size, sizeof *r->shifted, &r->shifted));
    QHM_TRY(qhm_allocate(r->count * r->size, sizeof *r->derivatives, &r->derivatives));
    QHM_TRY(run_all(r, circuit));
    QHM_TRY(qhm_plan_ledger(r->plan, &made));
    fill_metric(r, metric);
    if (ledger)
        qhm_ledger_add(ledger, &made);
    return QHM_OK;
}

qhm_status qhm_vqe_metric(const qhm_circuit *circuit, const double *weights, double *metric,
                          qhm_ledger *ledger)
{
    qhm_backend *backend = NULL;
    QHM_REQUIRE(circuit && weights && metric, "circuit, weights or metric is NULL");
    QHM_REQUIRE(qhm_circuit_input_count(circuit) == 0, "the circuit has inputs: bind them first");
    metric_run r = {.weights = weights, .count = qhm_circuit_weight_count(circuit)};
    QHM_TRY(qhm_backend_create("statevector", NULL, &backend));
    qhm_status status =
        qhm_plan_create(backend, circuit, NULL, 0,
                        &(qhm_plan_options){.max_batch = SHIFTS, .forward_only = true}, &r.plan);
    if (status == QHM_OK) {
        r.size = (size_t)1 << qhm_circuit_qubit_count(circuit);
        status = run_and_count(&r, circuit, metric, ledger);
    }
    qhm_release(r.state);
    qhm_release(r.shifted);
    qhm_release(r.derivatives);
    qhm_plan_destroy(r.plan);
    qhm_backend_destroy(backend);
    return status;
}
