/** @file entanglement.h
 *  Which pairs of qubits the two-qubit gates of feature maps and ansatz layers connect. */
#ifndef QHM_ENTANGLEMENT_H
#define QHM_ENTANGLEMENT_H

#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A pattern of pairs. Numbers are stable. */
typedef enum qhm_entanglement {
    QHM_ENTANGLEMENT_DEFAULT = 0, /**< as the map or ansatz that asks documents */
    QHM_ENTANGLEMENT_LINEAR = 1,  /**< (0,1) (1,2) ... (n-2,n-1) */
    QHM_ENTANGLEMENT_RING = 2,    /**< linear, and (n-1,0) when there are three qubits or more */
    QHM_ENTANGLEMENT_FULL = 3,    /**< every i < j */
    QHM_ENTANGLEMENT_NONE = 4     /**< no pair */
} qhm_entanglement;

/** The name of a pattern: "default", "linear", "ring", "full", "none". */
QHM_API const char *qhm_entanglement_name(qhm_entanglement entanglement);

/** Finds a pattern by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_entanglement_find(const char *name,
                                                        qhm_entanglement *entanglement);

#ifdef __cplusplus
}
#endif
#endif
