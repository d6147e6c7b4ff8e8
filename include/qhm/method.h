/** @file method.h
 *  Which simulator suits a circuit, and why. */
#ifndef QHM_METHOD_H
#define QHM_METHOD_H

#include <qhm/circuit.h>
#include <qhm/status.h>
#include <qhm/types.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of qhm_method_find; zero means the default in every field. */
typedef struct qhm_method_options {
    qhm_precision precision;   /**< of a state vector */
    size_t memory_limit_bytes; /**< 0: what the machine can give */
} qhm_method_options;

/** A choice of method. */
typedef struct qhm_method {
    const char *backend; /**< for qhm_backend_create */
    char reason[256];    /**< one sentence: "all 4,012 gates are Clifford, on 130 qubits" */
} qhm_method;

/** Finds the method for a circuit.
 *
 *  With channels or measurements that write wrong bits: the density matrix up to 12 qubits (6 where
 *  something depends on outcomes) if it takes at most half of the memory; else the stabilizer
 *  simulator where gates are Clifford and channels mixtures of Pauli strings; else trajectories.
 *  Without noise:
 *  The state vector where it is small (up to 20 qubits); the stabilizer simulator for wider
 *  circuits of Clifford gates, if its tableau fits in memory, and for such of more than 10 qubits
 *  whose states depend on outcomes, since it runs them once for all shots; else the state vector
 *  if it takes at most half of the memory, but matrix product states where small bonds do; and
 *  beyond that memory matrix product states too, which may turn out slow or inexact: see
 *  qhm_plan_accuracy. Whether small bonds do (4 to 16, by the number of qubits) is found by
 *  running the gates so until they do not, unless states depend on outcomes or slots.
 *
 *  Angles with slots do not count as Clifford: bind them first.
 *  @param options  NULL: all defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. Cost: linear, with
 *          small matrices for each gate on more than 20 qubits. */
QHM_API QHM_MUST_CHECK qhm_status qhm_method_find(const qhm_circuit *circuit,
                                                  const qhm_method_options *options,
                                                  qhm_method *method);

#ifdef __cplusplus
}
#endif
#endif
