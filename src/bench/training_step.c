// The training step of a hybrid model: linear, tanh, a quantum layer, linear, softmax
// cross-entropy, backward and Adam, as any user of the library would write it.
#include "base/memory.h"
#include "bench/bench_internal.h"

#include <math.h>
#include <qhm/module_kinds.h>
#include <qhm/optimizer.h>
#include <qhm/quantum_layer.h>
#include <qhm/tape.h>

enum { FEATURES = 16, CLASSES = 4, LOSSES = 3, MOST_QUBITS = 40 };

typedef struct step_subject {
    qhm_module *model;
    qhm_tape *tape;
    qhm_optimizer *optimizer;
    qhm_tensor *features; // [batch, FEATURES]
    size_t *labels;       // [batch]
    size_t batch;
    double losses[LOSSES]; // of the first steps
    size_t step_count;
} step_subject;

static void destroy(void *state)
{
    step_subject *subject = state;
    if (!subject)
        return;
    qhm_optimizer_destroy(subject->optimizer);
    qhm_tape_destroy(subject->tape);
    qhm_module_destroy(subject->model);
    qhm_tensor_destroy(subject->features);
    qhm_release(subject->labels);
    qhm_release(subject);
}

// Angle encoding of every feature, then layers with weights that all samples share.
static qhm_status create_circuit(size_t qubits, qhm_circuit **circuit)
{
    QHM_TRY(qhm_circuit_create(qubits, 0, circuit));
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < qubits && status == QHM_OK; q++) {
        qhm_angle feature = qhm_angle_input(q, 1);
        status = qhm_circuit_append(*circuit, QHM_GATE_RY, &q, &feature);
    }
    if (status == QHM_OK)
        status = qhm_bench_append_layers(*circuit, QHM_BENCH_STEP_LAYERS, QHM_SLOT_WEIGHT);
    if (status != QHM_OK)
        qhm_circuit_destroy(*circuit);
    return status;
}

static qhm_status create_quantum_layer(qhm_bench_row *row, qhm_module **layer)
{
    qhm_circuit *circuit;
    qhm_observable *observables[MOST_QUBITS] = {NULL};
    QHM_TRY(create_circuit(row->qubits, &circuit));
    row->gates = qhm_circuit_instruction_count(circuit);
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < row->qubits && status == QHM_OK; q++) {
        status = qhm_observable_create(&observables[q]);
        if (status == QHM_OK)
            status =
                qhm_observable_append(observables[q], 1, &(qhm_pauli_factor){q, QHM_PAULI_Z}, 1);
    }
    qhm_module_setting setting = {.precision = row->precision, .input = {1, {row->qubits}}};
    if (status == QHM_OK)
        status = qhm_quantum_layer_create(circuit, (const qhm_observable *const *)observables,
                                          row->qubits, &setting, NULL, layer);
    for (size_t q = 0; q < row->qubits; q++)
        qhm_observable_destroy(observables[q]);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status append_kind(qhm_module *model, const char *kind, const void *options,
                              qhm_precision precision, size_t in, size_t out)
{
    qhm_module *module;
    qhm_module_setting setting = {.precision = precision, .input = {1, {in}}, .output_width = out};
    QHM_TRY(qhm_module_create(kind, &setting, options, &module));
    return qhm_module_append_take(model, NULL, module);
}

static qhm_status create_model(qhm_bench_row *row, qhm_module **model)
{
    qhm_precision precision = row->precision;
    const qhm_activation_options tanh = {.activation = QHM_ACTIVATION_TANH};
    qhm_module *layer;
    QHM_TRY(qhm_sequential_create(precision, (qhm_shape){1, {FEATURES}}, model));
    QHM_TRY(append_kind(*model, "linear", NULL, precision, FEATURES, row->qubits));
    QHM_TRY(append_kind(*model, "activation", &tanh, precision, row->qubits, row->qubits));
    QHM_TRY(create_quantum_layer(row, &layer));
    QHM_TRY(qhm_module_append_take(*model, NULL, layer));
    return append_kind(*model, "linear", NULL, precision, row->qubits, CLASSES);
}

// Known first values, so that another library can start from the same: element k of all
// parameters in a row is sin(k + 1) / 2, and feature k of all samples is cos(k + 1).
static qhm_status set_values(step_subject *subject)
{
    size_t count, k = 0;
    qhm_parameter *const *parameters = qhm_module_parameters(subject->model, &count);
    for (size_t p = 0; p < count; p++) {
        qhm_tensor *tensor = qhm_parameter_value(parameters[p]);
        for (size_t i = 0; i < qhm_tensor_count(tensor); i++, k++)
            QHM_TRY(qhm_tensor_set(tensor, i, 1, &(double){0.5 * sin((double)k + 1)}));
    }
    for (size_t i = 0; i < subject->batch * FEATURES; i++)
        QHM_TRY(qhm_tensor_set(subject->features, i, 1, &(double){cos((double)i + 1)}));
    for (size_t i = 0; i < subject->batch; i++)
        subject->labels[i] = i % CLASSES;
    return QHM_OK;
}

static qhm_status fill(step_subject *subject, qhm_bench_row *row)
{
    size_t count;
    subject->batch = row->batch;
    QHM_TRY(create_model(row, &subject->model));
    QHM_TRY(qhm_tape_create(row->precision, &subject->tape));
    QHM_TRY(qhm_tensor_create(row->precision, (qhm_shape){2, {row->batch, FEATURES}},
                              &subject->features));
    QHM_TRY(qhm_allocate(row->batch, sizeof *subject->labels, &subject->labels));
    QHM_TRY(set_values(subject));
    qhm_parameter *const *parameters = qhm_module_parameters(subject->model, &count);
    qhm_optimizer_options options = {.learning_rate = 0.001};
    return qhm_optimizer_create(parameters, count, &options, &subject->optimizer);
}

static qhm_status create(qhm_bench_row *row, void **state)
{
    step_subject *subject;
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
    step_subject *subject = state;
    qhm_tape *tape = subject->tape;
    qhm_value features, labels, logits, loss;
    qhm_tape_reset(tape);
    QHM_TRY(qhm_tape_borrow(tape, subject->features, &features));
    QHM_TRY(qhm_tape_indices(tape, (qhm_shape){1, {subject->batch}}, subject->labels, &labels));
    QHM_TRY(qhm_module_forward(subject->model, tape, features, QHM_NO_VALUE, &logits));
    QHM_TRY(
        qhm_tape_apply(tape, QHM_OP_CROSS_ENTROPY, (qhm_value[]){logits, labels}, 2, NULL, &loss));
    QHM_TRY(qhm_tape_backward(tape, loss));
    QHM_TRY(qhm_optimizer_step(subject->optimizer, 1));
    if (subject->step_count < LOSSES)
        subject->losses[subject->step_count] = qhm_tape_item(tape, loss, 0);
    subject->step_count++;
    return QHM_OK;
}

static double flops(const void *state)
{
    (void)state;
    return 0;
}

static qhm_status values(void *state, double **values, size_t *count)
{
    step_subject *subject = state;
    while (subject->step_count < LOSSES)
        QHM_TRY(run(state));
    *count = LOSSES;
    return qhm_copy_bytes(subject->losses, LOSSES, sizeof **values, values);
}

const qhm_bench_subject qhm_bench_step_subject = {create, run, flops, values, destroy};
