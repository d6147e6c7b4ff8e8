// A training step of a quantum layer: forward and backward over a batch.
#include <qhm/quantum_layer.h>
#include <qhm/threads.h>

#include <stdio.h>
#include <time.h>

enum { QUBITS = 8, LAYERS = 4, BATCH = 64, STEPS = 30 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Angle encoding, then layers of three rotations a qubit and a ring of CX.
static qhm_status create_circuit(qhm_circuit **circuit)
{
    qhm_status status = qhm_circuit_create(QUBITS, 0, circuit);
    for (uint32_t q = 0; status == QHM_OK && q < QUBITS; q++) {
        qhm_angle x = qhm_angle_input(q, 1);
        status = qhm_circuit_append(*circuit, QHM_GATE_RY, &q, &x);
    }
    const qhm_gate gates[3] = {QHM_GATE_RZ, QHM_GATE_RY, QHM_GATE_RZ};
    for (uint32_t layer = 0; layer < LAYERS; layer++) {
        for (uint32_t i = 0; status == QHM_OK && i < 3 * QUBITS; i++) {
            qhm_angle weight = qhm_angle_weight(layer * 3 * QUBITS + i);
            uint32_t q = i / 3;
            status = qhm_circuit_append(*circuit, gates[i % 3], &q, &weight);
        }
        for (uint32_t q = 0; status == QHM_OK && q < QUBITS; q++) {
            uint32_t pair[2] = {q, (q + 1 + layer % (QUBITS - 1)) % QUBITS};
            status = qhm_circuit_append(*circuit, QHM_GATE_CX, pair, NULL);
        }
    }
    return status;
}

static qhm_status create_layer(qhm_precision precision, qhm_module **layer)
{
    qhm_circuit *circuit;
    qhm_observable *observables[QUBITS] = {NULL};
    qhm_status status = create_circuit(&circuit);
    for (uint32_t q = 0; status == QHM_OK && q < QUBITS; q++) {
        status = qhm_observable_create(&observables[q]);
        if (status == QHM_OK)
            status =
                qhm_observable_append(observables[q], 1, &(qhm_pauli_factor){q, QHM_PAULI_Z}, 1);
    }
    qhm_module_setting setting = {.precision = precision, .input = {1, {QUBITS}}};
    if (status == QHM_OK)
        status = qhm_quantum_layer_create(circuit, (const qhm_observable *const *)observables,
                                          QUBITS, &setting, NULL, layer);
    for (uint32_t q = 0; q < QUBITS; q++)
        qhm_observable_destroy(observables[q]);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status step(qhm_module *layer, qhm_tape *tape, const qhm_tensor *x, bool with_backward)
{
    qhm_value input, output, loss;
    qhm_tape_reset(tape);
    qhm_status status = qhm_tape_variable(tape, x, &input);
    if (status == QHM_OK)
        status = qhm_module_forward(layer, tape, input, QHM_NO_VALUE, &output);
    if (status != QHM_OK || !with_backward)
        return status;
    status = qhm_tape_apply(tape, QHM_OP_SUM, &output, 1, NULL, &loss);
    return status == QHM_OK ? qhm_tape_backward(tape, loss) : status;
}

static qhm_status time_steps(qhm_module *layer, qhm_tape *tape, const qhm_tensor *x,
                             bool with_backward, double *milliseconds)
{
    qhm_status status = step(layer, tape, x, with_backward);
    *milliseconds = 1e9;
    for (int i = 0; status == QHM_OK && i < STEPS; i++) {
        double start = seconds();
        status = step(layer, tape, x, with_backward);
        double took = 1e3 * (seconds() - start);
        if (took < *milliseconds)
            *milliseconds = took;
    }
    return status;
}

static qhm_status run(qhm_precision precision, unsigned threads)
{
    qhm_module *layer = NULL;
    qhm_tape *tape = NULL;
    qhm_tensor *x = NULL;
    double forward = 0, both = 0;
    qhm_status status = qhm_threads_set_count(threads);
    if (status == QHM_OK)
        status = create_layer(precision, &layer);
    if (status == QHM_OK)
        status = qhm_tape_create(precision, &tape);
    if (status == QHM_OK)
        status = qhm_tensor_create(precision, (qhm_shape){2, {BATCH, QUBITS}}, &x);
    for (size_t i = 0; status == QHM_OK && i < BATCH * QUBITS; i++)
        status = qhm_tensor_set(x, i, 1, &(double){0.01 * (double)(i % 300)});
    if (status == QHM_OK)
        status = time_steps(layer, tape, x, false, &forward);
    if (status == QHM_OK)
        status = time_steps(layer, tape, x, true, &both);
    if (status == QHM_OK)
        printf("%s  %u thread%s  forward %7.3f ms  forward + backward %7.3f ms a step, %6.2f us a "
               "sample\n",
               precision == QHM_FLOAT64 ? "float64" : "float32", threads, threads > 1 ? "s" : " ",
               forward, both, 1e3 * both / BATCH);
    qhm_tensor_destroy(x);
    qhm_tape_destroy(tape);
    qhm_module_destroy(layer);
    return status;
}

int main(void)
{
    printf("quantum layer: %d qubits, %d layers of RZ RY RZ and a CX ring, <Z> of each, batch %d, "
           "best of %d\n",
           QUBITS, LAYERS, BATCH, STEPS);
    for (unsigned threads = 1; threads <= 2; threads++)
        for (int p = 0; p < 2; p++)
            if (run(p ? QHM_FLOAT32 : QHM_FLOAT64, threads) != QHM_OK) {
                fprintf(stderr, "quantum_layer.bench: %s\n", qhm_error_message());
                return 1;
            }
    return 0;
}
