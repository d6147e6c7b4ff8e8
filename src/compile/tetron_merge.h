// Circuits of tetrons without their ancillas: every sequence of measurements becomes the gate that
// it stands for and the noise that it leaves.
#ifndef QHM_COMPILE_TETRON_MERGE_H
#define QHM_COMPILE_TETRON_MERGE_H

#include <qhm/circuit.h>

typedef struct qhm_tetron_merging {
    const qhm_circuit *circuit; // as lowered and scheduled, with noise or without
    uint32_t first_bit;         // of the scratch bits, QHM_TETRON_BITS for each tetron
    size_t wire_count;
    const uint32_t *initial, *final; // [wire_count] the tetrons of the logical qubits
} qhm_tetron_merging;

// The circuit on the logical qubits. QHM_ERROR_UNSUPPORTED for loops, gates under conditions of the
// circuit's own bits, and noise that an ancilla remembers.
QHM_MUST_CHECK qhm_status qhm_tetron_merge(const qhm_tetron_merging *merging, qhm_circuit **merged);

#endif
