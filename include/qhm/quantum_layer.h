/** @file quantum_layer.h
 *  The quantum layer: expectation values of a circuit as a module of a model.
 *
 *  Any circuit with input and weight slots and any list of observables becomes a qhm_module: the
 *  features fill the input slots, one parameter fills the weight slots, the expectation values are
 *  the output. Forward is one batched run of a plan, backward one vector-Jacobian product over the
 *  same plan: never a loop over samples.
 *
 *  @code
 *  qhm_module_setting setting = {.input = {1, {2}}};
 *  status = qhm_quantum_layer_create(circuit, observables, 2, &setting, NULL, &module);
 *  // or by kind, as run files do:
 *  status = qhm_module_create("quantum", &setting, &(qhm_quantum_options){.layers = 3}, &module);
 *  @endcode */
#ifndef QHM_QUANTUM_LAYER_H
#define QHM_QUANTUM_LAYER_H

#include <qhm/chip_plan.h>
#include <qhm/circuit.h>
#include <qhm/module.h>
#include <qhm/observable.h>
#include <qhm/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of qhm_quantum_layer_create; zero means the default in every field. */
typedef struct qhm_quantum_layer_options {
    const char *backend; /**< by name, as qhm_backend_create takes it; NULL: "statevector" */
    size_t shots;        /**< per sample and measurement setting; 0: exact expectation values */
    double weight_range; /**< first weights are uniform in [-range, range) radians; 0: 0.3 */
    size_t memory_limit_bytes; /**< of the plan, see qhm_plan_options; 0: what there is */
} qhm_quantum_layer_options;

/** Makes a module of a circuit.
 *
 *  With shots, every forward draws new outcomes, keyed by one number taken from the tape's stream,
 *  and gradients are parameter-shift estimates from as many shots; without, they are adjoint.
 *  First weights are small, because random angles all over the circle hide the features: for 8
 *  qubits and 4 strongly entangling layers the mean squared derivative of a ⟨Z⟩ is 0.0010 by a
 *  weight and 0.0012 by a feature with a range of pi, 0.0034 and 0.027 with 0.3, and at 10 qubits
 *  the ratios are 7 and 50 ([mcclean2018] for the cause).
 *  They are not 0 either: layers of equal angles are a symmetric point.
 *
 *  @param[in]  circuit      copied; without measurement, reset or condition for exact values
 *  @param[in]  observables  [observable_count], at least one; copied
 *  @param[in]  setting      the last axis of `input` is the circuit's input_count, at least 1;
 *                           axes before it (words of a sequence) are batched too. output_width
 *                           is 0 or observable_count. precision is the state's too.
 *  @param[in]  options      NULL: all defaults
 *  @param[out] out          input [batch, ..., input_count], output [batch, ...,
 *                           observable_count], one parameter "weight" [weight_count] that is not
 *                           decayed (none if the circuit has no weight slot)
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (widths that do not fit, counts of 0);
 *          QHM_ERROR_NOT_FOUND (no such backend); QHM_ERROR_RESOURCE_LIMIT (too many qubits);
 *          QHM_ERROR_UNSUPPORTED (exact values of a circuit that measures before its end);
 *          QHM_ERROR_OUT_OF_MEMORY.
 *
 *  The module holds a plan, which serves one thread at a time. Its memory is made for 64 rows and
 *  grows once with the largest batch; after the first step nothing is allocated. Cost: the plan's
 *  flops and measurement settings, times the rows of a sample. */
QHM_API QHM_MUST_CHECK qhm_status qhm_quantum_layer_create(
    const qhm_circuit *circuit, const qhm_observable *const *observables, size_t observable_count,
    const qhm_module_setting *setting, const qhm_quantum_layer_options *options, qhm_module **out);

/** From now on runs all quantum layers of a model on the model of a chip, gradients included: the
 *  chip's noise in the loop.
 *  @param module   a quantum layer, or a module that has some among its descendants.
 *  @param device   NULL: as they were made, exact or with their own shots. It may go afterwards.
 *  @param options  see qhm_chip_plan_create; NULL: defaults.
 *  @return as qhm_chip_plan_create; after a failure layers may differ. */
QHM_API QHM_MUST_CHECK qhm_status qhm_module_set_chip(qhm_module *module, const qhm_device *device,
                                                      const qhm_chip_plan_options *options);

/** What a quantum layer runs on, borrowed; NULL if that is its own plan, or it is none. */
QHM_API qhm_chip_plan *qhm_quantum_layer_chip_plan(const qhm_module *module);

/** The circuit of a quantum layer, borrowed; NULL when the module is not one. */
QHM_API const qhm_circuit *qhm_quantum_layer_circuit(const qhm_module *module);

/** The observables of a quantum layer [*count], borrowed; NULL when the module is not one. */
QHM_API const qhm_observable *const *qhm_quantum_layer_observables(const qhm_module *module,
                                                                   size_t *count);

/** What the layer's plan will do, borrowed; NULL when the module is not a quantum layer. */
QHM_API const qhm_plan_info *qhm_quantum_layer_plan_information(const qhm_module *module);

/** How the kind "quantum" turns features into a state, as values of qhm_quantum_options. */
typedef enum qhm_quantum_encoding {
    QHM_QUANTUM_ENCODING_ANGLE = 1, /**< RY(x_i) on qubit i; features n to 2 n - 1 by RX after it */
    QHM_QUANTUM_ENCODING_BASIS = 2, /**< RY(pi x_i): |x> for features 0 and 1 */
    QHM_QUANTUM_ENCODING_Z = 3,     /**< H, P(2 x_i) */
    QHM_QUANTUM_ENCODING_ZZ = 4,    /**< Z, and P(2 (pi - x_i)(pi - x_j)) between CX */
    QHM_QUANTUM_ENCODING_IQP = 5,   /**< H, exp(i sum x_i Z_i + i sum x_i x_j Z_i Z_j) */
    QHM_QUANTUM_ENCODING_AMPLITUDE = 6, /**< features / norm as amplitudes, padded with zeros */
    QHM_QUANTUM_ENCODING_UNARY = 7, /**< the same, of the states with a single 1: unary_loader.h */
    QHM_QUANTUM_ENCODING_QAOA = 8   /**< fields, then couplings, of a cost; the layers are QAOA's */
} qhm_quantum_encoding;

/** What the kind "quantum" measures, and how many values that are on n qubits. */
typedef enum qhm_quantum_readout {
    QHM_QUANTUM_READOUT_Z = 1,   /**< ⟨Z⟩ of every qubit: n */
    QHM_QUANTUM_READOUT_ZX = 2,  /**< ⟨Z⟩ of every qubit, then ⟨X⟩: 2 n */
    QHM_QUANTUM_READOUT_ZXY = 3, /**< ⟨Z⟩, then ⟨X⟩, then ⟨Y⟩: 3 n */
    QHM_QUANTUM_READOUT_Z_ZZ = 4 /**< ⟨Z⟩, then ⟨Z_i Z_j⟩ of pairs i < j: n (n + 1) / 2 */
} qhm_quantum_readout;

/** Options of the kind "quantum"; zero means the default in every field.
 *
 *  The encoding, then `layers` of the ansatz; with reupload the encoding comes again before each
 *  of them, with the same features. The input width is n, for "angle" up to 2 n, for "amplitude"
 *  up to 2^n, for "unary" up to n. The output width is the readout's; another output_width is
 *  refused.
 *
 *  "qaoa" takes n fields and the couplings of the pairs that `entanglement` connects (all, if it is
 *  not given), as the kind "qaoa" does; its layers and their 2 weights each are QAOA's and stand
 *  for the ansatz. Its entanglement-free twin has couplings as further fields of their first
 *  qubits.
 *
 *  Amplitude encoding keeps only the features' direction. A vector of zeros gives |0...0> and a
 *  gradient of 0. Where two neighbouring features 2 k and 2 k + 1 are both 0 and their gradient is
 *  asked for, it has an absolute error of about 1e-8 (float32: 3e-4), since both are moved by that
 *  much of the norm. Unary encoding is alike, with the ground state replaced by "only qubit 0 is 1"
 *  and only the last two features affected.
 *
 *  With learned_scales every angle of the encoding is (1 + w) times what it was, each with a weight
 *  w of its own after those of the layers: the map's scales are trained with the rest, each
 *  re-uploading its own [perez-salinas2020]. Not for zz and iqp, whose angles are products of two
 *  features already, nor for amplitudes. */
typedef struct qhm_quantum_options {
    size_t qubits;       /**< n; 0: as few as take the input width */
    int encoding;        /**< a qhm_quantum_encoding; 0: angle */
    int ansatz;          /**< 1 + a qhm_ansatz; 0: strongly entangling */
    size_t layers;       /**< of the ansatz; 0: 2 */
    bool reupload;       /**< encode again before each layer; not for amplitudes, unary */
    int rotation;        /**< of angle, about an axis: 1 RX, 2 RY, 3 RZ after H; 0: RY. Features
                            beyond n follow by RX, or by RY if rotation is RX */
    bool learned_scales; /**< weights scale the encoding's angles; angle, basis and z */
    size_t repetitions;  /**< of the feature map, each time; 0: 2 for z, zz and iqp, else 1 */
    int entanglement;    /**< a qhm_entanglement: pairs of zz, iqp and hardware-efficient layers */
    int readout;         /**< a qhm_quantum_readout; 0: z */
    double input_scale;  /**< every feature times this, but for amplitudes and unary;
                            0: 1 */
    bool unentangled;    /**< the entanglement-free twin, see qhm_circuit_copy_unentangled */
    double weight_range; /**< see qhm_quantum_layer_options */
    size_t shots;        /**< the same */
    const char *backend; /**< the same */
} qhm_quantum_options;

#ifdef __cplusplus
}
#endif
#endif
