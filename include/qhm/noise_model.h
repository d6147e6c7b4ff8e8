/** @file noise_model.h
 *  Noise models: rules by which a circuit becomes a noisy one.
 *
 *  Noise is part of the circuit: qhm_noise_model_apply puts channels after operations, relaxation
 *  in the place of delays, and probabilities of flips on measurements. Whatever takes channels runs
 *  the result. A model comes from a device's figures or from a hand-written file (docs/noise.md has
 *  the formulas and the schema).
 *
 *  @code
 *  qhm_device *device;
 *  qhm_noise_model *model = NULL;
 *  qhm_circuit *noisy = NULL;
 *  qhm_status status = qhm_device_load("willow", NULL, &device);
 *  if (status == QHM_OK) // the circuit's qubits 0 and 1 are the chip's 51 and 52
 *      status = qhm_noise_model_create_from_device(device, (uint32_t[]){51, 52}, 2, NULL, &model);
 *  if (status == QHM_OK)
 *      status = qhm_noise_model_apply(model, circuit, &noisy);
 *  @endcode */
#ifndef QHM_NOISE_MODEL_H
#define QHM_NOISE_MODEL_H

#include <qhm/channel.h>
#include <qhm/circuit.h>
#include <qhm/device.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a quasiparticle that hits a tetron is represented. */
typedef enum qhm_poisoning {
    QHM_POISONING_PAULI = 0, /**< it leaves at once: a random Pauli error stays */
    QHM_POISONING_PARITY = 1 /**< it stays: every tetron has a qubit of the register "leak", after
                                the circuit's own, that holds its parity, always 0 or 1; joint
                                measurements through the other pair of modes read its sign too */
} qhm_poisoning;

/** What of a device's noise is wanted; zero means all of it, as the figures say. */
typedef struct qhm_noise_options {
    double scale; /**< factor of every probability and every time of exposure; 0: 1. Probabilities
                     stay below what is possible */
    bool is_twirled;      /**< every channel becomes its Pauli twirl: for the stabilizer backend */
    bool without_gates;   /**< gates, preparations and resets are perfect */
    bool without_idle;    /**< delays do nothing */
    bool without_readout; /**< measurements tell the truth */
    bool has_crosstalk;   /**< of devices: two-qubit gates have their whole error only beside others
                             at the same time, and less by the device's figure without; idle
                             neighbours turn by its zz_khz. Off, gates have the whole error always,
                             and nobody turns. Hand-written models have what they say */
    double detuning_khz;  /**< root mean square of the qubits' errors of frequency, which turn them
                             about Z in delays; 0: the device's figure, if it has one */
    uint64_t seed;        /**< draws each qubit's detuning, normal with that size */
    qhm_poisoning poisoning;
} qhm_noise_options;

/** Noise of operations on the qubits of a circuit. Immutable once made. */
typedef struct qhm_noise_model qhm_noise_model;

/** Builds the model of a device's figures for circuits that are compiled for it.
 *  @param physical_qubits  [count] the chip's qubit of each of the circuit's, distinct; NULL: the
 *                          chip's own numbers. One that does not work has no operations.
 *  @param count            of the circuit's qubits; with NULL: 0 for all of the chip's.
 *  @param options          NULL: defaults.
 *  @param model            keeps no pointer to the device.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a qubit out of range or repeated; options
 *          out of range); QHM_ERROR_UNSUPPORTED (an annealer); QHM_ERROR_NUMERIC;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_noise_model_create_from_device(
    const qhm_device *device, const uint32_t *physical_qubits, size_t count,
    const qhm_noise_options *options, qhm_noise_model **model);

/** Reads a hand-written model: YAML, or JSON if the name ends in .json.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT with "path:line: "; QHM_ERROR_IO; QHM_ERROR_NOT_FOUND;
 *          QHM_ERROR_INVALID_ARGUMENT (options); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_noise_model_load(const char *path,
                                                       const qhm_noise_options *options,
                                                       qhm_noise_model **model);

/** The same from memory.
 *  @param bytes  [count] of YAML.
 *  @param name   stands for the path in messages. */
QHM_API QHM_MUST_CHECK qhm_status qhm_noise_model_parse(const char *bytes, size_t count,
                                                        const char *name,
                                                        const qhm_noise_options *options,
                                                        qhm_noise_model **model);

/** Frees a model; NULL is fine. */
QHM_API void qhm_noise_model_destroy(qhm_noise_model *model);

/** Its name: the device's, with its preset, or the file's. */
QHM_API const char *qhm_noise_model_name(const qhm_noise_model *model);

/** Qubits that it knows; SIZE_MAX: any number. */
QHM_API size_t qhm_noise_model_qubit_count(const qhm_noise_model *model);

/** The noisy circuit.
 *
 *  With crosstalk, instructions come in the order in which they begin when all run as late as they
 *  can, and channels on neighbours that wait, or work, at the same time are between them.
 *
 *  On devices that have every one-qubit gate, a run of such gates on a qubit, with nothing between
 *  them, is one operation, with its noise at the end; on those of sx and virtual rz it is two sx,
 *  unless the run has native gates alone. Rotations about Z alone are free where rz is virtual.
 *  Channels have the condition of their operation. Circuits keep registers, names and slots; with
 *  QHM_POISONING_PARITY a register "leak" follows. A circuit may be a noisy one already.
 *  @param noisy  free it with qhm_circuit_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (more qubits than the model's);
 *          QHM_ERROR_UNSUPPORTED (an operation that is not native: compile first);
 *          QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_noise_model_apply(const qhm_noise_model *model,
                                                        const qhm_circuit *circuit,
                                                        qhm_circuit **noisy);

/** What one operation's noise does to its qubits: all channels around it in a row.
 *  @param instruction  a gate, reset, measurement or delay on 1 or 2 qubits of the model.
 *  @param channel      on its qubits; free it with qhm_channel_destroy.
 *  @return as qhm_noise_model_apply; QHM_ERROR_UNSUPPORTED also with QHM_POISONING_PARITY, where
 *          the noise is not on those qubits alone. */
QHM_API QHM_MUST_CHECK qhm_status qhm_noise_model_channel(const qhm_noise_model *model,
                                                          const qhm_instruction *instruction,
                                                          qhm_channel **channel);

/** The probabilities that a final measurement of a qubit is read wrong: p(1|0) and p(0|1); both 0
 *  where the model has none. @param qubit  below qhm_noise_model_qubit_count. */
QHM_API void qhm_noise_model_readout(const qhm_noise_model *model, uint32_t qubit, double flips[2]);

/** The noise of one operation at one place. */
typedef struct qhm_noise_rule {
    const char *operation;  /**< the device's name of it: "cz" */
    size_t qubit_count;     /**< of places; 0: anywhere */
    const uint32_t *qubits; /**< [qubit_count] of the model's */
    double duration_ns;     /**< NaN: not known */
    double error;           /**< the device's figure; NaN: none. Of measurements a probability */
    double model_error;     /**< what the model does: 1 - average fidelity, or the mean of the two
                               flips */
    bool is_measurement;
    qhm_figure_status status; /**< of the error's figure */
} qhm_noise_rule;

QHM_API size_t qhm_noise_model_rule_count(const qhm_noise_model *model); /**< Rules. */

/** Rule `index`, borrowed. @param index  less than qhm_noise_model_rule_count. */
QHM_API const qhm_noise_rule *qhm_noise_model_rule(const qhm_noise_model *model, size_t index);

/** The model for people: every kind of operation with its errors, what exceeds the device's figure
 *  because relaxation alone does, and which figures are assumed.
 *  @param text  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_noise_model_print(const qhm_noise_model *model, char **text);

#ifdef __cplusplus
}
#endif
#endif
