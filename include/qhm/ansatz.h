/** @file ansatz.h
 *  Trainable circuits: layers of rotations and entangling gates.
 *
 *  Their entanglement-free twins come from qhm_circuit_copy_unentangled. */
#ifndef QHM_ANSATZ_H
#define QHM_ANSATZ_H

#include <qhm/circuit.h>
#include <qhm/entanglement.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kinds of layers. Numbers are stable. */
typedef enum qhm_ansatz {
    QHM_ANSATZ_HARDWARE_EFFICIENT = 0,  /**< RY and RZ on every qubit, then CX on the pairs */
    QHM_ANSATZ_STRONGLY_ENTANGLING = 1, /**< U on every qubit, then CX from i to i + range */
    QHM_ANSATZ_GIVENS = 2, /**< Givens rotations of neighbours: the number of ones is kept */
    QHM_ANSATZ_COUNT
} qhm_ansatz;

/** The name of an ansatz: "hardware_efficient", "strongly_entangling", "givens". */
QHM_API const char *qhm_ansatz_name(qhm_ansatz ansatz);

/** Finds an ansatz by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ansatz_find(const char *name, qhm_ansatz *ansatz);

/** Options of qhm_ansatz_create; zero means the default in every field. */
typedef struct qhm_ansatz_options {
    size_t layers;                 /**< 0: 1 */
    qhm_entanglement entanglement; /**< hardware_efficient; default: linear */
} qhm_ansatz_options;

/** Creates the circuit of an ansatz.
 *
 *  hardware_efficient: weight [layer][2][qubit], RY then RZ. Kandala et al., Hardware-efficient
 *  variational quantum eigensolver [kandala2017].
 *  strongly_entangling: weight [layer][qubit][3], the angles of U; in layer l the CX go from
 *  qubit i to (i + r) mod n with range r = l mod (n - 1) + 1. Schuld, Bocharov, Svore, Wiebe:
 *  Circuit-centric quantum classifiers [schuld2020].
 *  givens: weight [layer][n - 1], qhm_circuit_append_givens on the pairs (0, 1), (2, 3), ..., then
 *  on (1, 2), (3, 4), ... On states of a unary loader n / 2 layers are any rotation of the features
 *  but for signs. Landman et al. [landman2022].
 *  @param qubit_count  1 or more; one qubit has no CX and no Givens rotation.
 *  @param options      NULL: the defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_ansatz_create(qhm_ansatz ansatz, size_t qubit_count,
                                                    const qhm_ansatz_options *options,
                                                    qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
