// Which of a chip's operations the passes use, and what an instruction of a native circuit takes.
#ifndef QHM_COMPILE_CHIP_OPERATIONS_H
#define QHM_COMPILE_CHIP_OPERATIONS_H

#include "circuit/circuit_internal.h"

#include <qhm/device.h>

// NULL: the chip has none. Gates on one qubit go by `any`, or by rz, sx and perhaps x.
typedef struct qhm_chip_operations {
    const qhm_device_operation *two_qubit; // equal to CX up to one-qubit gates
    const qhm_device_operation *any, *rz, *sx, *x, *measure, *reset;
    // Tetrons and cats: what an instruction takes depends on the kinds of its qubits and couplers.
    const qhm_device *by_place; // NULL: other chips
    const uint32_t *physical;   // [the circuit's qubits] set by who asks what instructions take
    const uint32_t *placed;     // [placed_count] where data are, for graphs; NULL: nowhere yet
    size_t placed_count;
} qhm_chip_operations;

// Of several two-qubit operations the one with the smallest error. QHM_ERROR_UNSUPPORTED if gates
// on one qubit, or on two where pairs are coupled, cannot be expressed.
QHM_MUST_CHECK qhm_status qhm_chip_operations_find(const qhm_device *device, bool allow_assumed,
                                                   qhm_chip_operations *operations);

// The operation that an instruction is on these qubits of a chip, published if there is one; NULL:
// none. The instruction is on one or two qubits.
const qhm_device_operation *qhm_chip_operation_at(const qhm_device *device,
                                                  const qhm_instruction *instruction,
                                                  const uint32_t *qubits);

// What an instruction takes: an operation so many times. NULL: no operation of the chip.
typedef struct qhm_chip_use {
    const qhm_device_operation *operation;
    unsigned times; // 0: part of a run that its first gate has paid for
} qhm_chip_use;

// Adjacent gates on a qubit that are not native by their own name are one operation `any`, or two
// sx. Ask in the order of the circuit. is_in_run: [qubits], zeroed at the start.
qhm_chip_use qhm_chip_use_of(const qhm_chip_operations *operations,
                             const qhm_instruction *instruction, bool *is_in_run);

// The fidelity of a wait by relaxation, averaged over pure states [nielsen2002]; times that the
// device does not give take nothing.
double qhm_wait_fidelity(const qhm_device_qubit *qubit, double duration_ns);

#endif
