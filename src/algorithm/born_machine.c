// Born machines: a circuit of layers, its probabilities, and its gradient by parameter shift.
#include <qhm/born_machine.h>

#include "base/memory.h"

#include <math.h>
#include <qhm/ansatz.h>
#include <qhm/plan.h>

enum { MOST_BITS = 10, MOST_LAYERS = 20 };

struct qhm_born_machine {
    size_t bit_count, weight_count;
    qhm_backend *backend;
    qhm_plan *plan;
    double *shifted;       // [2 weights][weights]
    double *probabilities; // [2 weights][2^bits]
    uint64_t *samples;     // [sample_capacity]
    size_t sample_capacity;
};

static qhm_status open_machine(qhm_born_machine *m, size_t layers)
{
    qhm_circuit *circuit;
    const qhm_ansatz_options shape = {.layers = layers, .entanglement = QHM_ENTANGLEMENT_RING};
    QHM_TRY(qhm_ansatz_create(QHM_ANSATZ_HARDWARE_EFFICIENT, m->bit_count, &shape, &circuit));
    m->weight_count = qhm_circuit_weight_count(circuit);
    const qhm_plan_options options = {
        .precision = QHM_FLOAT64, .max_batch = 2 * m->weight_count, .forward_only = true};
    qhm_status status = qhm_backend_create("statevector", NULL, &m->backend);
    if (status == QHM_OK)
        status = qhm_plan_create(m->backend, circuit, NULL, 0, &options, &m->plan);
    qhm_circuit_destroy(circuit);
    QHM_TRY(status);
    QHM_TRY(qhm_allocate(2 * m->weight_count * m->weight_count, sizeof *m->shifted, &m->shifted));
    return qhm_allocate((2 * m->weight_count) << m->bit_count, sizeof *m->probabilities,
                        &m->probabilities);
}

qhm_status qhm_born_machine_create(size_t bit_count, size_t layers, qhm_born_machine **machine)
{
    qhm_born_machine *made;
    QHM_REQUIRE(machine, "machine is NULL");
    QHM_REQUIRE(bit_count >= 1 && bit_count <= MOST_BITS, "bit_count is %zu, not 1 to %d",
                bit_count, MOST_BITS);
    QHM_REQUIRE(layers >= 1 && layers <= MOST_LAYERS, "layers is %zu, not 1 to %d", layers,
                MOST_LAYERS);
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->bit_count = bit_count;
    const qhm_status status = open_machine(made, layers);
    if (status != QHM_OK) {
        qhm_born_machine_destroy(made);
        return status;
    }
    *machine = made;
    return QHM_OK;
}

void qhm_born_machine_destroy(qhm_born_machine *machine)
{
    if (!machine)
        return;
    qhm_plan_destroy(machine->plan);
    qhm_backend_destroy(machine->backend);
    qhm_release(machine->shifted);
    qhm_release(machine->probabilities);
    qhm_release(machine->samples);
    qhm_release(machine);
}

size_t qhm_born_machine_bit_count(const qhm_born_machine *machine)
{
    return machine->bit_count;
}

size_t qhm_born_machine_weight_count(const qhm_born_machine *machine)
{
    return machine->weight_count;
}

qhm_status qhm_born_machine_ledger(const qhm_born_machine *machine, qhm_ledger *ledger)
{
    QHM_REQUIRE(machine && ledger, "machine or ledger is NULL");
    return qhm_plan_ledger(machine->plan, ledger);
}

// Rows of weights to rows of probabilities or frequencies, [rows][2^bits].
static qhm_status run_rows(qhm_born_machine *m, const double *weights, size_t rows,
                           const qhm_born_run *run, size_t first, double *probabilities)
{
    const size_t size = (size_t)1 << m->bit_count;
    qhm_request request = {.batch_count = rows, .weights = weights, .weights_per_sample = true};
    if (!run || run->shots == 0) {
        request.probabilities = probabilities;
        return qhm_plan_run(m->plan, &request);
    }
    QHM_TRY(qhm_reserve(rows * run->shots, &m->sample_capacity, sizeof *m->samples, &m->samples));
    request.shots = run->shots;
    request.seed = run->seed;
    request.step = run->step;
    request.first_sample = first;
    request.samples = m->samples;
    QHM_TRY(qhm_plan_run(m->plan, &request));
    for (size_t i = 0; i < rows * size; i++)
        probabilities[i] = 0;
    for (size_t row = 0; row < rows; row++)
        for (size_t s = 0; s < run->shots; s++)
            probabilities[row * size + m->samples[row * run->shots + s]] += 1 / (double)run->shots;
    return QHM_OK;
}

qhm_status qhm_born_machine_probabilities(qhm_born_machine *machine, const double *weights,
                                          const qhm_born_run *run, double *probabilities)
{
    QHM_REQUIRE(machine && weights && probabilities, "machine, weights or probabilities is NULL");
    return run_rows(machine, weights, 1, run, 0, probabilities);
}

qhm_status qhm_born_machine_gradient(qhm_born_machine *machine, const double *weights,
                                     const qhm_born_run *run, const double *slopes,
                                     double *gradient)
{
    QHM_REQUIRE(machine && weights && slopes && gradient,
                "machine, weights, slopes or gradient is NULL");
    const size_t count = machine->weight_count, size = (size_t)1 << machine->bit_count;
    for (size_t row = 0; row < 2 * count; row++) {
        for (size_t w = 0; w < count; w++)
            machine->shifted[row * count + w] = weights[w];
        machine->shifted[row * count + row / 2] += row % 2 == 0 ? M_PI / 2 : -M_PI / 2;
    }
    // Sample 0 is the circuit itself: these have others' shots.
    QHM_TRY(run_rows(machine, machine->shifted, 2 * count, run, 1, machine->probabilities));
    for (size_t w = 0; w < count; w++) {
        const double *plus = machine->probabilities + 2 * w * size, *minus = plus + size;
        double sum = 0;
        for (size_t x = 0; x < size; x++)
            sum += slopes[x] * (plus[x] - minus[x]) / 2;
        gradient[w] = sum;
    }
    return QHM_OK;
}
