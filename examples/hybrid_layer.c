// A hybrid model in one file: a linear map, a quantum layer of one's own, and a linear classifier,
// trained to tell points inside a circle from points outside it.
//
//     cc hybrid_layer.c $(pkg-config --cflags --libs qhm) -o hybrid_layer && ./hybrid_layer
#include <qhm/circuit.h>
#include <qhm/module.h>
#include <qhm/observable.h>
#include <qhm/optimizer.h>
#include <qhm/quantum_layer.h>
#include <qhm/random.h>
#include <qhm/tape.h>

#include <stdio.h>

enum { QUBITS = 2, LAYERS = 3, POINTS = 128, EPOCHS = 60 };

// Two features are encoded again before every layer of weights: data re-uploading.
static qhm_status append_layer(qhm_circuit *circuit, uint32_t layer)
{
    qhm_status status = QHM_OK;
    for (uint32_t qubit = 0; status == QHM_OK && qubit < QUBITS; qubit++) {
        uint32_t weight = (layer * QUBITS + qubit) * 2;
        qhm_angle x = qhm_angle_input(qubit, 1), y = qhm_angle_weight(weight),
                  z = qhm_angle_weight(weight + 1);
        status = qhm_circuit_append(circuit, QHM_GATE_RX, &qubit, &x);
        if (status == QHM_OK)
            status = qhm_circuit_append(circuit, QHM_GATE_RY, &qubit, &y);
        if (status == QHM_OK)
            status = qhm_circuit_append(circuit, QHM_GATE_RZ, &qubit, &z);
    }
    if (status == QHM_OK)
        status = qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL);
    return status;
}

// The quantum layer: the circuit, read out by <Z> of both qubits and their product.
static qhm_status create_quantum_layer(qhm_random *random, qhm_module **layer)
{
    const char *const texts[3] = {"Z0", "Z1", "Z0 Z1"};
    qhm_observable *observables[3] = {NULL};
    qhm_circuit *circuit = NULL;
    qhm_status status = qhm_circuit_create(QUBITS, 0, &circuit);
    for (uint32_t i = 0; status == QHM_OK && i < LAYERS; i++)
        status = append_layer(circuit, i);
    for (size_t i = 0; status == QHM_OK && i < 3; i++)
        status = qhm_observable_parse(texts[i], &observables[i]);
    if (status == QHM_OK) {
        qhm_module_setting setting = {.input = {1, {QUBITS}}, .random = random};
        status = qhm_quantum_layer_create(circuit, (const qhm_observable *const *)observables, 3,
                                          &setting, NULL, layer);
    }
    for (size_t i = 0; i < 3; i++)
        qhm_observable_destroy(observables[i]);
    qhm_circuit_destroy(circuit);
    return status;
}

// Appends a linear module to the chain.
static qhm_status append_linear(qhm_module *model, size_t in, size_t out, qhm_random *random)
{
    qhm_module_setting setting = {.input = {1, {in}}, .output_width = out, .random = random};
    qhm_module *linear;
    qhm_status status = qhm_module_create("linear", &setting, NULL, &linear);
    return status == QHM_OK ? qhm_module_append_take(model, NULL, linear) : status;
}

static qhm_status create_model(qhm_module **model)
{
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_INITIALISE, 0, 0, 0);
    qhm_module *quantum;
    qhm_status status = qhm_sequential_create(QHM_FLOAT64, (qhm_shape){1, {2}}, model);
    if (status == QHM_OK)
        status = append_linear(*model, 2, QUBITS, &random);
    if (status == QHM_OK)
        status = create_quantum_layer(&random, &quantum);
    if (status == QHM_OK)
        status = qhm_module_append_take(*model, NULL, quantum);
    if (status == QHM_OK)
        status = append_linear(*model, 3, 2, &random);
    return status;
}

static void draw_points(double *x, size_t *labels)
{
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_DATA, 0, 0, 0);
    for (size_t i = 0; i < POINTS; i++) {
        x[2 * i] = 2 * qhm_random_uniform(&random) - 1;
        x[2 * i + 1] = 2 * qhm_random_uniform(&random) - 1;
        labels[i] = x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1] < 0.6;
    }
}

// One step over all points; `right` counts those that the model told before it.
static qhm_status train_step(qhm_module *model, qhm_tape *tape, qhm_optimizer *optimizer,
                             const double *x, const size_t *labels, double *loss, size_t *right)
{
    qhm_value points, classes, logits, mean;
    qhm_tape_reset(tape);
    qhm_status status = qhm_tape_constant(tape, (qhm_shape){2, {POINTS, 2}}, x, &points);
    if (status == QHM_OK)
        status = qhm_tape_indices(tape, (qhm_shape){1, {POINTS}}, labels, &classes);
    if (status == QHM_OK)
        status = qhm_module_forward(model, tape, points, QHM_NO_VALUE, &logits);
    if (status == QHM_OK)
        status = qhm_tape_apply(tape, QHM_OP_CROSS_ENTROPY, (qhm_value[]){logits, classes}, 2, NULL,
                                &mean);
    if (status == QHM_OK)
        status = qhm_tape_backward(tape, mean);
    if (status == QHM_OK)
        status = qhm_optimizer_step(optimizer, 1);
    if (status != QHM_OK)
        return status;
    *loss = qhm_tape_item(tape, mean, 0);
    *right = 0;
    for (size_t i = 0; i < POINTS; i++) {
        double inside = qhm_tape_item(tape, logits, 2 * i + 1);
        *right += (inside > qhm_tape_item(tape, logits, 2 * i)) == labels[i];
    }
    return QHM_OK;
}

static qhm_status train(qhm_module *model, qhm_tape *tape, size_t *right)
{
    double x[2 * POINTS], loss;
    size_t labels[POINTS], count;
    draw_points(x, labels);
    qhm_parameter *const *parameters = qhm_module_parameters(model, &count);
    qhm_optimizer *optimizer;
    qhm_optimizer_options options = {.learning_rate = 0.1};
    qhm_status status = qhm_optimizer_create(parameters, count, &options, &optimizer);
    if (status != QHM_OK)
        return status;
    for (int epoch = 0; status == QHM_OK && epoch <= EPOCHS; epoch++) {
        status = train_step(model, tape, optimizer, x, labels, &loss, right);
        if (status == QHM_OK && epoch % 20 == 0)
            printf("epoch %2d  loss %.3f  right %zu of %d\n", epoch, loss, *right, POINTS);
    }
    qhm_optimizer_destroy(optimizer);
    return status;
}

int main(void)
{
    qhm_module *model = NULL;
    qhm_tape *tape = NULL;
    size_t right = 0;
    qhm_status status = create_model(&model);
    if (status == QHM_OK)
        status = qhm_tape_create(QHM_FLOAT64, &tape);
    if (status == QHM_OK)
        status = train(model, tape, &right);
    if (status == QHM_OK) {
        qhm_module_cost cost = qhm_module_total_cost(model);
        printf("%zu parameters, %.0f flops and %.0f circuits a sample\n", cost.parameter_count,
               cost.flops, cost.circuits);
    } else {
        fprintf(stderr, "hybrid_layer: %s\n", qhm_error_message());
    }
    qhm_tape_destroy(tape);
    qhm_module_destroy(model);
    return status == QHM_OK && right >= POINTS * 9 / 10 ? 0 : 1;
}
