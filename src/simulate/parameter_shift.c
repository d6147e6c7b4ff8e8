// Gradients by parameter shift, on any backend, exact or with shots.
//
// df/da = sum_m c_m f(a + s_m) for each occurrence of an angle; the shifted circuits are samples
// of one large batch, cut into parts of a fixed size. Slots add up their occurrences.
// D. Wierichs, J. Izaac, C. Wang, C. Y.-Y. Lin: General parameter-shift rules for quantum
// gradients, Quantum 6, 677 (2022).
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/gate_table.h"
#include "simulate/backend_internal.h"

#include <qhm/ledger.h>
#include <string.h>

enum { ROWS = 1024 }; // shifted circuits a part

// One shifted evaluation of an occurrence.
typedef struct shift_term {
    const qhm_angle *angle;
    uint32_t occurrence;
    double shift, coefficient;
} shift_term;

struct qhm_parameter_shift {
    shift_term *terms;
    size_t term_count;
    double *inputs;       // [ROWS][input_count]
    double *weights;      // [ROWS][weight_count] when they differ from sample to sample
    double *expectations; // [ROWS][observable_count]
    qhm_angle_shift *shifts;
    size_t bytes;
};

double qhm_angle_derivative(const qhm_angle *angle, unsigned which, const double *inputs,
                            const double *weights)
{
    if (angle->factors[which].slot == QHM_SLOT_NONE)
        return 0;
    qhm_angle other = *angle; // the same without the offset and this factor
    other.offset = 0;
    other.factors[which].slot = QHM_SLOT_NONE;
    return qhm_angle_value(&other, inputs, weights);
}

static bool has_slot(const qhm_angle *angle)
{
    return angle->factors[0].slot != QHM_SLOT_NONE || angle->factors[1].slot != QHM_SLOT_NONE;
}

// Lists the shifts of every angle with a slot: qhm_circuit_shift_count of them.
static void list_terms(const qhm_circuit *circuit, shift_term *terms)
{
    size_t count = 0;
    uint32_t occurrence = 0;
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        unsigned angles = qhm_gate_information(instruction->gate)->angle_count;
        for (unsigned a = 0; a < angles; a++, occurrence++) {
            if (!has_slot(&instruction->angles[a]))
                continue;
            qhm_shift_rule rule;
            qhm_gate_shift_rule(instruction->gate, a, instruction->control_count, &rule);
            for (size_t m = 0; m < rule.count; m++, count++)
                terms[count] = (shift_term){&instruction->angles[a], occurrence, rule.shifts[m],
                                            rule.coefficients[m]};
        }
    }
}

static qhm_status create_shift(qhm_plan *plan, struct qhm_parameter_shift **out)
{
    const qhm_plan_info *info = &plan->information;
    struct qhm_parameter_shift *shift;
    QHM_TRY(qhm_allocate(1, sizeof *shift, &shift));
    shift->term_count = qhm_circuit_shift_count(plan->circuit);
    qhm_status status = qhm_allocate(shift->term_count, sizeof *shift->terms, &shift->terms);
    if (status == QHM_OK)
        status = qhm_allocate(ROWS * info->input_count, sizeof(double), &shift->inputs);
    if (status == QHM_OK)
        status = qhm_allocate(ROWS * info->weight_count, sizeof(double), &shift->weights);
    if (status == QHM_OK)
        status = qhm_allocate(ROWS * info->observable_count, sizeof(double), &shift->expectations);
    if (status == QHM_OK)
        status = qhm_allocate(ROWS, sizeof *shift->shifts, &shift->shifts);
    if (status != QHM_OK) {
        qhm_parameter_shift_destroy(shift);
        return status;
    }
    list_terms(plan->circuit, shift->terms);
    shift->bytes =
        sizeof *shift + shift->term_count * sizeof *shift->terms +
        ROWS * (sizeof *shift->shifts +
                sizeof(double) * (info->input_count + info->weight_count + info->observable_count));
    *out = shift;
    return QHM_OK;
}

void qhm_parameter_shift_destroy(struct qhm_parameter_shift *shift)
{
    if (!shift)
        return;
    qhm_release(shift->terms);
    qhm_release(shift->inputs);
    qhm_release(shift->weights);
    qhm_release(shift->expectations);
    qhm_release(shift->shifts);
    qhm_release(shift);
}

size_t qhm_parameter_shift_bytes(const struct qhm_parameter_shift *shift)
{
    return shift ? shift->bytes : 0;
}

// Adds one shifted circuit's share to the gradients of its angle's slots.
static void add_share(const qhm_plan *plan, const qhm_request *request, const shift_term *term,
                      size_t sample, const double *expectations)
{
    const qhm_plan_info *info = &plan->information;
    const double *cotangents = request->cotangents + sample * info->observable_count;
    double value = 0;
    for (size_t k = 0; k < info->observable_count; k++)
        value += cotangents[k] * expectations[k];
    value *= term->coefficient;
    const double *inputs = request->inputs ? request->inputs + sample * info->input_count : NULL;
    const double *weights = request->weights;
    size_t row = request->weights_per_sample ? sample * info->weight_count : 0;
    if (weights)
        weights += row;
    for (unsigned f = 0; f < 2; f++) {
        const qhm_angle_factor *factor = &term->angle->factors[f];
        double change = value * qhm_angle_derivative(term->angle, f, inputs, weights);
        if (factor->slot == QHM_SLOT_INPUT && request->input_gradients)
            request->input_gradients[sample * info->input_count + factor->index] += change;
        if (factor->slot == QHM_SLOT_WEIGHT && request->weight_gradients)
            request->weight_gradients[row + factor->index] += change;
    }
}

// Runs shifted circuits [first, first + count), numbered sample by sample.
static qhm_status run_part(qhm_plan *plan, const qhm_request *request, size_t first, size_t count)
{
    const qhm_plan_info *info = &plan->information;
    struct qhm_parameter_shift *shift = plan->shift;
    for (size_t i = 0; i < count; i++) {
        size_t sample = (first + i) / shift->term_count, term = (first + i) % shift->term_count;
        shift->shifts[i] =
            (qhm_angle_shift){shift->terms[term].occurrence, shift->terms[term].shift};
        if (info->input_count > 0)
            memcpy(shift->inputs + i * info->input_count,
                   request->inputs + sample * info->input_count,
                   info->input_count * sizeof(double));
        if (request->weights_per_sample && info->weight_count > 0)
            memcpy(shift->weights + i * info->weight_count,
                   request->weights + sample * info->weight_count,
                   info->weight_count * sizeof(double));
    }
    // The top bit keeps the streams of shifted circuits apart from those of samples.
    const size_t streams = (SIZE_MAX / 2 + 1) | (request->first_sample * shift->term_count + first);
    qhm_request part = {.batch_count = count,
                        .inputs = shift->inputs,
                        .weights = request->weights_per_sample ? shift->weights : request->weights,
                        .weights_per_sample = request->weights_per_sample,
                        .shifts = shift->shifts,
                        .shots = request->shots,
                        .seed = request->seed,
                        .step = request->step,
                        .first_sample = streams,
                        .expectations = shift->expectations};
    QHM_TRY(qhm_plan_submit_and_wait(plan, &part));
    for (size_t i = 0; i < count; i++)
        add_share(plan, request, &shift->terms[(first + i) % shift->term_count],
                  (first + i) / shift->term_count,
                  shift->expectations + i * info->observable_count);
    return QHM_OK;
}

qhm_status qhm_parameter_shift_run(qhm_plan *plan, const qhm_request *request)
{
    const qhm_plan_info *info = &plan->information;
    if (!plan->shift)
        QHM_TRY(create_shift(plan, &plan->shift));
    const size_t rows = request->weights_per_sample ? request->batch_count : 1;
    if (request->input_gradients)
        memset(request->input_gradients, 0,
               request->batch_count * info->input_count * sizeof(double));
    if (request->weight_gradients)
        memset(request->weight_gradients, 0, rows * info->weight_count * sizeof(double));
    const size_t all = request->batch_count * plan->shift->term_count;
    for (size_t first = 0; first < all; first += ROWS)
        QHM_TRY(run_part(plan, request, first, all - first < ROWS ? all - first : ROWS));
    return QHM_OK;
}
