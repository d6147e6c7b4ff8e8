// A circuit run by a plan: forward, gradient or one large state.
#include "base/memory.h"
#include "bench/bench_internal.h"

#include <qhm/plan.h>
#include <string.h>

enum { AMPLITUDES = 32 };

static const uint64_t AMPLITUDE_STRIDE = UINT64_C(2654435761); // odd: it visits them all

typedef struct plan_subject {
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_request request;
    double *inputs, *expectations, *cotangents, *gradients;
    bool is_gradient;
} plan_subject;

static void destroy(void *state)
{
    plan_subject *subject = state;
    if (!subject)
        return;
    qhm_plan_destroy(subject->plan);
    qhm_backend_destroy(subject->backend);
    qhm_release(subject->inputs);
    qhm_release(subject->expectations);
    qhm_release(subject->cotangents);
    qhm_release(subject->gradients);
    qhm_release(subject);
}

// <Z> of every qubit; of a large state one is enough to keep it from being left out.
static bool is_one_state(qhm_bench_workload workload)
{
    return workload == QHM_BENCH_RANDOM || workload == QHM_BENCH_QFT || workload == QHM_BENCH_QAOA;
}

static qhm_status create_plan(plan_subject *subject, const qhm_bench_row *row,
                              const qhm_circuit *circuit)
{
    enum { MOST = 64 };
    qhm_observable *observables[MOST] = {NULL};
    size_t count = is_one_state(row->workload) ? 1 : row->qubits;
    qhm_plan_options options = {
        .precision = row->precision,
        .max_batch = row->batch,
        .forward_only = !subject->is_gradient,
    };
    double flips[MOST][2];
    for (size_t q = 0; q < row->qubits; q++)
        memcpy(flips[q], (double[2])QHM_BENCH_READOUT_FLIPS, sizeof flips[q]);
    if (qhm_bench_is_noisy(row->workload))
        options.readout_flips = (const double(*)[2])flips;
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < count && status == QHM_OK; q++) {
        status = qhm_observable_create(&observables[q]);
        if (status == QHM_OK)
            status =
                qhm_observable_append(observables[q], 1, &(qhm_pauli_factor){q, QHM_PAULI_Z}, 1);
    }
    if (status == QHM_OK)
        status =
            qhm_plan_create(subject->backend, circuit, (const qhm_observable *const *)observables,
                            count, &options, &subject->plan);
    for (size_t q = 0; q < count; q++)
        qhm_observable_destroy(observables[q]);
    return status;
}

static qhm_status create_arrays(plan_subject *subject, const qhm_bench_row *row)
{
    const qhm_plan_info *info = qhm_plan_information(subject->plan);
    size_t values = row->batch * info->observable_count, angles = row->batch * info->input_count;
    QHM_TRY(qhm_allocate(values, sizeof(double), &subject->expectations));
    QHM_TRY(qhm_allocate(values, sizeof(double), &subject->cotangents));
    QHM_TRY(qhm_allocate(angles, sizeof(double), &subject->inputs));
    QHM_TRY(qhm_allocate(angles, sizeof(double), &subject->gradients));
    for (size_t i = 0; i < values; i++)
        subject->cotangents[i] = 1;
    qhm_bench_draw_angles(row->qubits, subject->inputs, angles);
    subject->request = (qhm_request){
        .batch_count = row->batch,
        .inputs = info->input_count > 0 ? subject->inputs : NULL,
        .shots = row->workload == QHM_BENCH_TRAJECTORIES ? QHM_BENCH_SHOTS : 0,
    };
    if (subject->is_gradient) {
        subject->request.cotangents = subject->cotangents;
        subject->request.input_gradients = subject->gradients;
    } else {
        subject->request.expectations = subject->expectations;
    }
    return QHM_OK;
}

static const char *backend_name(qhm_bench_workload workload)
{
    switch (workload) {
    case QHM_BENCH_NOISE:
        return "density_matrix";
    case QHM_BENCH_TRAJECTORIES:
        return "trajectories";
    default:
        return "statevector";
    }
}

static qhm_status fill(plan_subject *subject, qhm_bench_row *row)
{
    qhm_circuit *circuit;
    const bool is_noisy = qhm_bench_is_noisy(row->workload);
    QHM_TRY(qhm_backend_create(backend_name(row->workload), NULL, &subject->backend));
    QHM_TRY(qhm_bench_open_circuit_create(row->workload, row->qubits, &circuit));
    subject->is_gradient = row->workload == QHM_BENCH_GRADIENT;
    row->gates = qhm_circuit_instruction_count(circuit);
    qhm_circuit *noisy = NULL;
    qhm_status status = is_noisy ? qhm_bench_noisy_circuit_create(circuit, &noisy) : QHM_OK;
    if (status == QHM_OK)
        status = create_plan(subject, row, noisy ? noisy : circuit);
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
    return status == QHM_OK ? create_arrays(subject, row) : status;
}

static qhm_status create(qhm_bench_row *row, void **state)
{
    plan_subject *subject;
    QHM_TRY(qhm_allocate(1, sizeof *subject, &subject));
    qhm_status status = fill(subject, row);
    if (status != QHM_OK) {
        destroy(subject);
        return status;
    }
    *state = subject;
    return QHM_OK;
}

static qhm_status run(void *state)
{
    plan_subject *subject = state;
    return qhm_plan_run(subject->plan, &subject->request);
}

static double flops(const void *state)
{
    const plan_subject *subject = state;
    return subject->is_gradient ? 0 : (double)qhm_plan_flops(subject->plan);
}

static qhm_status amplitudes(plan_subject *subject, double **values, size_t *count)
{
    size_t mask = ((size_t)1 << qhm_plan_information(subject->plan)->qubit_count) - 1;
    qhm_complex *states;
    QHM_TRY(qhm_allocate(mask + 1, sizeof *states, &states));
    qhm_status status =
        qhm_plan_run(subject->plan, &(qhm_request){.batch_count = 1, .states = states});
    if (status == QHM_OK)
        status = qhm_allocate((size_t)2 * AMPLITUDES, sizeof **values, values);
    for (uint64_t i = 0; i < AMPLITUDES && status == QHM_OK; i++) {
        qhm_complex amplitude = states[i * AMPLITUDE_STRIDE & mask];
        (*values)[2 * i] = amplitude.re;
        (*values)[2 * i + 1] = amplitude.im;
    }
    qhm_release(states);
    *count = (size_t)2 * AMPLITUDES;
    return status;
}

static qhm_status values(void *state, double **values, size_t *count)
{
    plan_subject *subject = state;
    const qhm_plan_info *info = qhm_plan_information(subject->plan);
    QHM_TRY(run(state));
    if (info->observable_count == 1)
        return amplitudes(subject, values, count);
    *count = subject->is_gradient ? info->input_count : info->observable_count;
    return qhm_copy_bytes(subject->is_gradient ? subject->gradients : subject->expectations, *count,
                          sizeof **values, values);
}

const qhm_bench_subject qhm_bench_plan_subject = {create, run, flops, values, destroy};
