// The executor over a backend: plans made for each circuit, outcomes drawn or found exactly.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "mitigate/executor_internal.h"

#include <math.h>
#include <string.h>

enum { SHOTS_AT_ONCE = 65536 };

typedef struct backend_executor {
    qhm_backend *backend;
    qhm_executor_options options;
} backend_executor;

static void release(void *state)
{
    qhm_release(state);
}

// A circuit as the machine has it.
typedef struct machine_circuit {
    qhm_circuit *circuit;
    double (*flips)[2]; // [its qubits] or NULL
} machine_circuit;

static void release_machine_circuit(machine_circuit *m)
{
    qhm_circuit_destroy(m->circuit);
    qhm_release(m->flips);
}

static qhm_status change_circuit(const backend_executor *b, const qhm_circuit *circuit,
                                 qhm_circuit **changed)
{
    const qhm_executor_options *options = &b->options;
    const size_t qubits = qhm_circuit_qubit_count(circuit);
    if (!options->change)
        return qhm_circuit_copy(circuit, changed);
    qhm_circuit *made;
    QHM_TRY(options->change(options->change_context, circuit, &made));
    if (qhm_circuit_qubit_count(made) == qubits) {
        *changed = made;
        return QHM_OK;
    }
    const size_t now = qhm_circuit_qubit_count(made);
    qhm_circuit_destroy(made);
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                    "the change of a circuit on %zu qubits has %zu qubits", qubits, now);
}

static qhm_status add_noise(const backend_executor *b, qhm_circuit **circuit)
{
    qhm_circuit *noisy;
    if (!b->options.noise)
        return QHM_OK;
    QHM_TRY(qhm_noise_model_apply(b->options.noise, *circuit, &noisy));
    qhm_circuit_destroy(*circuit);
    *circuit = noisy;
    return QHM_OK;
}

// Flips of `qubits` of the circuit; noise may have added others, which are not read.
static qhm_status find_flips(const backend_executor *b, size_t qubits, machine_circuit *m)
{
    const qhm_executor_options *options = &b->options;
    if (!options->readout_flips && !options->noise)
        return QHM_OK;
    QHM_TRY(qhm_allocate(qhm_circuit_qubit_count(m->circuit), sizeof *m->flips, &m->flips));
    for (uint32_t q = 0; q < qubits; q++)
        if (options->readout_flips)
            memcpy(m->flips[q], options->readout_flips[q], sizeof m->flips[q]);
        else
            qhm_noise_model_readout(options->noise, q, m->flips[q]);
    return QHM_OK;
}

static qhm_status prepare(const backend_executor *b, const qhm_circuit *circuit, machine_circuit *m)
{
    const qhm_executor_options *options = &b->options;
    const size_t qubits = qhm_circuit_qubit_count(circuit);
    QHM_REQUIRE(!options->readout_flips || qubits <= options->flip_count,
                "the circuit has %zu qubits, but readout_flips are of %zu", qubits,
                options->flip_count);
    *m = (machine_circuit){0};
    qhm_status status = change_circuit(b, circuit, &m->circuit);
    if (status == QHM_OK)
        status = add_noise(b, &m->circuit);
    if (status == QHM_OK)
        status = find_flips(b, qubits, m);
    if (status != QHM_OK)
        release_machine_circuit(m);
    return status;
}

static qhm_plan_options plan_options(const backend_executor *b, const machine_circuit *m)
{
    return (qhm_plan_options){.precision = b->options.precision,
                              .max_batch = 1,
                              .memory_limit_bytes = b->options.memory_limit_bytes,
                              .forward_only = true,
                              .readout_flips = (const double(*)[2])m->flips};
}

// Changes of basis and flips are part of reading out: they have no noise of their own.
static qhm_status append_bases(qhm_circuit *circuit, const qhm_sampling *s)
{
    for (uint32_t q = 0; q < qhm_circuit_qubit_count(s->circuit); q++) {
        const uint8_t letter = s->letters ? s->letters[q] : (uint8_t)QHM_PAULI_Z;
        if (letter == QHM_PAULI_Y)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_SDG, &q, NULL));
        if (letter == QHM_PAULI_X || letter == QHM_PAULI_Y)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
        if (s->flips && s->flips[q / 64] >> q % 64 & 1)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
    }
    return QHM_OK;
}

static qhm_status run_shots(qhm_plan *plan, const qhm_sampling *s, qhm_distribution *outcomes)
{
    const size_t words = qhm_bit_words(qhm_plan_information(plan)->qubit_count);
    const size_t most = s->shots < SHOTS_AT_ONCE ? s->shots : SHOTS_AT_ONCE;
    uint64_t *samples;
    QHM_TRY(qhm_allocate(most * words, sizeof *samples, &samples));
    qhm_status status = QHM_OK;
    for (size_t first = 0; first < s->shots && status == QHM_OK; first += most) {
        const size_t count = s->shots - first < most ? s->shots - first : most;
        status = qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                   .inputs = s->inputs,
                                                   .weights = s->weights,
                                                   .shots = count,
                                                   .seed = s->seed,
                                                   .step = first / most,
                                                   .samples = samples});
        for (size_t i = 0; i < count && status == QHM_OK; i++)
            status = qhm_distribution_append(outcomes, samples + i * words, 1);
    }
    qhm_release(samples);
    return status;
}

// The circuit with its first `qubits` measured into as many bits before its own.
static qhm_status append_measured(const machine_circuit *m, size_t qubits, uint32_t *bits,
                                  qhm_circuit *measured)
{
    const size_t own = qhm_circuit_bit_count(m->circuit);
    QHM_TRY(qhm_circuit_append_bits(measured, "all", qubits));
    if (own > 0)
        QHM_TRY(qhm_circuit_append_bits(measured, NULL, own));
    for (size_t i = 0; i < own; i++)
        bits[i] = (uint32_t)(qubits + i);
    QHM_TRY(qhm_circuit_append_circuit(measured, m->circuit, NULL, bits, 0, 0));
    for (uint32_t q = 0; q < qubits; q++) {
        qhm_instruction measure = {.gate = QHM_GATE_MEASURE, .qubits = &q, .bit = q};
        for (int v = 0; m->flips && v < 2; v++)
            measure.flips[v] = m->flips[q][v];
        QHM_TRY(qhm_circuit_append_instruction(measured, &measure));
    }
    return QHM_OK;
}

static qhm_status create_measured(const machine_circuit *m, size_t qubits, qhm_circuit **measured)
{
    qhm_circuit *made = NULL;
    uint32_t *bits;
    QHM_TRY(qhm_allocate(qhm_circuit_bit_count(m->circuit), sizeof *bits, &bits));
    qhm_status status = qhm_circuit_create(qhm_circuit_qubit_count(m->circuit), 0, &made);
    if (status == QHM_OK)
        status = append_measured(m, qubits, bits, made);
    qhm_release(bits);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *measured = made;
    return QHM_OK;
}

// The exact distribution of the qubits that were asked for.
static qhm_status run_exact(const backend_executor *b, const machine_circuit *m,
                            const qhm_sampling *s, qhm_distribution *outcomes)
{
    qhm_circuit *measured;
    qhm_plan *plan = NULL;
    qhm_distribution *found = NULL;
    QHM_TRY(create_measured(m, qhm_circuit_qubit_count(s->circuit), &measured));
    qhm_plan_options options = plan_options(b, m);
    options.readout_flips = NULL; // the measurements have them
    qhm_status status = qhm_plan_create(b->backend, measured, NULL, 0, &options, &plan);
    if (status == QHM_OK)
        status = qhm_plan_run_exact(
            plan, &(qhm_exact_request){.inputs = s->inputs, .weights = s->weights}, &found);
    for (size_t i = 0; status == QHM_OK && i < qhm_distribution_outcome_count(found); i++) {
        const uint64_t *outcome;
        double weight;
        qhm_distribution_outcome(found, i, &outcome, &weight);
        status = qhm_distribution_append(outcomes, outcome, weight);
    }
    qhm_circuit_destroy(measured);
    qhm_plan_destroy(plan);
    qhm_distribution_destroy(found);
    return status;
}

static qhm_status sample(void *state, const qhm_sampling *s, qhm_distribution *outcomes,
                         qhm_overhead *overhead)
{
    backend_executor *b = state;
    machine_circuit m;
    qhm_plan *plan = NULL;
    QHM_TRY(prepare(b, s->circuit, &m));
    qhm_status status = append_bases(m.circuit, s);
    if (status == QHM_OK && s->shots == 0)
        status = run_exact(b, &m, s, outcomes);
    if (status == QHM_OK && s->shots > 0) {
        const qhm_plan_options options = plan_options(b, &m);
        status = qhm_plan_create(b->backend, m.circuit, NULL, 0, &options, &plan);
        if (status == QHM_OK)
            status = run_shots(plan, s, outcomes);
    }
    qhm_plan_destroy(plan);
    release_machine_circuit(&m);
    if (status == QHM_OK) {
        overhead->circuits++;
        overhead->shots += s->shots;
    }
    return status;
}

static qhm_status estimate_exactly(backend_executor *b, const qhm_execution *e)
{
    machine_circuit m;
    qhm_plan *plan = NULL;
    QHM_TRY(prepare(b, e->circuit, &m));
    const qhm_plan_options options = plan_options(b, &m);
    qhm_status status = qhm_plan_create(b->backend, m.circuit, e->observables, e->observable_count,
                                        &options, &plan);
    if (status == QHM_OK && qhm_plan_information(plan)->has_random_states)
        status = qhm_plan_run_exact(plan,
                                    &(qhm_exact_request){.inputs = e->inputs,
                                                         .weights = e->weights,
                                                         .expectations = e->values},
                                    NULL);
    else if (status == QHM_OK)
        status = qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                                   .inputs = e->inputs,
                                                   .weights = e->weights,
                                                   .expectations = e->values});
    qhm_plan_destroy(plan);
    release_machine_circuit(&m);
    for (size_t k = 0; status == QHM_OK && k < e->observable_count; k++)
        e->variances[k] = 0;
    e->overhead->circuits++;
    return status;
}

static const qhm_executor_ops sampling_ops;

static qhm_status estimate(void *state, const qhm_execution *e)
{
    if (e->shots == 0)
        return estimate_exactly(state, e);
    qhm_executor *sampler; // the same without exact values
    QHM_TRY(qhm_executor_create(&sampling_ops, state, &sampler));
    const qhm_status status = qhm_executor_measure(sampler, e, &(qhm_setting_hooks){0});
    qhm_executor_destroy(sampler);
    return status;
}

static const qhm_executor_ops sampling_ops = {.name = "backend", .sample = sample};
static const qhm_executor_ops ops = {
    .name = "backend", .estimate = estimate, .sample = sample, .release = release};

qhm_status qhm_executor_create_on_backend(qhm_backend *backend, const qhm_executor_options *options,
                                          qhm_executor **executor)
{
    QHM_REQUIRE(backend && executor, "an executor needs a backend and a place to go");
    backend_executor *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->backend = backend;
    if (options)
        made->options = *options;
    qhm_executor *around;
    const qhm_status status = qhm_executor_create(&ops, made, &around);
    if (status != QHM_OK) {
        qhm_release(made);
        return status;
    }
    *executor = around;
    return QHM_OK;
}
