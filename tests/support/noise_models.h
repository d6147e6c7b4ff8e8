// Noise models of devices on small circuits, for tests.
#ifndef QHM_TESTS_NOISE_MODELS_H
#define QHM_TESTS_NOISE_MODELS_H

#include "support/checks.h"

#include <qhm/noise_model.h>

static inline qhm_device *load(const char *name, const qhm_device_options *options)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, options, &device));
    return device;
}

static inline qhm_noise_model *model_of(const char *name, const uint32_t *qubits, size_t count,
                                        const qhm_noise_options *options)
{
    qhm_device *device = load(name, NULL);
    qhm_noise_model *model;
    REQUIRE_OK(qhm_noise_model_create_from_device(device, qubits, count, options, &model));
    qhm_device_destroy(device);
    return model;
}

static inline qhm_circuit *apply(const qhm_noise_model *model, const qhm_circuit *circuit)
{
    qhm_circuit *noisy;
    REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
    return noisy;
}

static inline qhm_circuit *circuit_of(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static inline void append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b,
                          double radians)
{
    const qhm_angle angles[3] = {qhm_angle_constant(radians), qhm_angle_constant(0.3),
                                 qhm_angle_constant(-0.8)};
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b}, angles));
}

// The names of the gates, "channel" with its qubits: "u channel0 cz channel01".
static inline char *text_of(const qhm_circuit *circuit)
{
    char *text = calloc(4096, 1);
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(circuit, i);
        strcat(text, i ? " " : "");
        strcat(text, qhm_gate_information(instruction->gate)->name);
        for (uint32_t q = 0; instruction->gate == QHM_GATE_CHANNEL && q < instruction->qubit_count;
             q++)
            sprintf(text + strlen(text), "%u", instruction->qubits[q]);
    }
    return text;
}

static inline void require_noisy(const qhm_noise_model *model, const qhm_circuit *circuit,
                                 const char *expected)
{
    qhm_circuit *noisy = apply(model, circuit);
    char *text = text_of(noisy);
    assert_string_equal(text, expected);
    free(text);
    qhm_circuit_destroy(noisy);
}

#endif
