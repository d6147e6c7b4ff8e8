/** @file feature_map.h
 *  Circuits that carry data into a quantum state: input i of a sample becomes angles on qubit i.
 *
 *  Amplitude encoding, which needs its angles computed classically, is in state_preparation.h. */
#ifndef QHM_FEATURE_MAP_H
#define QHM_FEATURE_MAP_H

#include <qhm/circuit.h>
#include <qhm/entanglement.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The maps. x is the sample, one feature a qubit. Numbers are stable. */
typedef enum qhm_feature_map {
    QHM_FEATURE_MAP_ANGLE = 0, /**< a rotation by x_i; before RZ a Hadamard gate */
    QHM_FEATURE_MAP_BASIS = 1, /**< RY(pi x_i): |x> exactly for features 0 and 1 */
    QHM_FEATURE_MAP_Z = 2,     /**< H, P(2 x_i) */
    QHM_FEATURE_MAP_ZZ = 3,    /**< H, P(2 x_i); for pairs CX, P(2 (pi - x_i)(pi - x_j)), CX */
    QHM_FEATURE_MAP_IQP = 4,   /**< H, then exp(i sum x_i Z_i + i sum x_i x_j Z_i Z_j) */
    QHM_FEATURE_MAP_COUNT
} qhm_feature_map;

/** The name of a map: "angle", "basis", "z", "zz", "iqp". */
QHM_API const char *qhm_feature_map_name(qhm_feature_map map);

/** Finds a map by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_feature_map_find(const char *name, qhm_feature_map *map);

/** Options of qhm_feature_map_create; zero means the default in every field. */
typedef struct qhm_feature_map_options {
    size_t repetitions;            /**< 0: 2 for z, zz and iqp, 1 for angle and basis */
    qhm_entanglement entanglement; /**< of zz and iqp; default: full */
    double scale;                  /**< every feature times this, before anything else; 0: 1 */
    qhm_gate rotation;             /**< angle: QHM_GATE_RX, RY or RZ; 0: RY */
    const qhm_circuit *layer; /**< data re-uploading: follows every repetition, with weights of its
                                 own each time; on as many qubits; NULL: none */
} qhm_feature_map_options;

/** Creates the circuit of a feature map.
 *
 *  Input slot i is feature i. The zz map is that of Qiskit; its fidelity kernel is that of
 *  Havlicek et al., Supervised learning with quantum-enhanced feature spaces [havlicek2019].
 *  Re-uploading: Perez-Salinas et al., Data re-uploading for a universal quantum classifier
 *  [perez-salinas2020].
 *  @param feature_count  features, and qubits of the circuit.
 *  @param options        NULL: the defaults.
 *  @param circuit        inputs: feature_count; weights: repetitions times those of the layer.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no feature, a scale that is not finite, another
 *          rotation, a layer on another number of qubits); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: full entanglement takes n(n-1) CX a repetition in zz, n(n-1)/2 RZZ in iqp. */
QHM_API QHM_MUST_CHECK qhm_status qhm_feature_map_create(qhm_feature_map map, size_t feature_count,
                                                         const qhm_feature_map_options *options,
                                                         qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
