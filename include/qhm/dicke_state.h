/** @file dicke_state.h
 *  Dicke states: the even sum of all bit strings that have the same number of ones. With a single
 *  one it is the W state.
 *
 *  @code
 *  status = qhm_circuit_append_dicke(circuit, 0, 4, 2, false); // six bit strings of four qubits
 *  @endcode */
#ifndef QHM_DICKE_STATE_H
#define QHM_DICKE_STATE_H

#include <qhm/circuit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Appends what takes "the last `ones` qubits of the block are 1" to its Dicke state, or back. All
 *  its gates keep the number of ones. [bartschi2019]
 *  @param first  qubit of the block, whose qubits are next to each other.
 *  @param count  qubits of the block, 2 or more.
 *  @param ones   1 to count - 1.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: about count x ones rotations under one or two controls, between two CX each. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_dicke(qhm_circuit *circuit, uint32_t first,
                                                           uint32_t count, uint32_t ones,
                                                           bool back);

#ifdef __cplusplus
}
#endif
#endif
