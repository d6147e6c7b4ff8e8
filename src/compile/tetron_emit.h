// Writes gadgets and frame changes of tetrons into a circuit.
#ifndef QHM_COMPILE_TETRON_EMIT_H
#define QHM_COMPILE_TETRON_EMIT_H

#include "compile/tetron_gadgets.h"
#include "compile/tetron_geometry.h"

#include <qhm/circuit.h>

enum { QHM_TETRON_BITS = QHM_TETRON_OUTCOMES }; // scratch bits of each tetron

// Runs twice: once with made NULL to see which tetrons are used, once to write.
typedef struct qhm_tetron_writer {
    const qhm_tetron_geometry *geometry;
    qhm_circuit *made;                       // NULL: only note what is used
    const uint32_t *compact;                 // [tetrons] their numbers in made
    bool *is_used;                           // [tetrons]
    size_t *use_counts;                      // [tetrons] as ancillas, to spread the work
    uint32_t first_bit;                      // of the scratch bits in made
    qhm_condition condition;                 // of all that is written
    size_t gadgets[QHM_TETRON_GADGET_COUNT]; // so far, without corrections of T
    size_t analog_count;
} qhm_tetron_writer;

// A gadget; the correction of T included. second: of CX. ancilla: where a move goes, else
// QHM_TETRON_NONE for the neighbour that has done least.
QHM_MUST_CHECK qhm_status qhm_tetron_write_gadget(qhm_tetron_writer *writer,
                                                  qhm_tetron_gadget_id id, uint32_t first,
                                                  uint32_t second, uint32_t ancilla);

// X, Y or Z, which is a change of frame. I: nothing.
QHM_MUST_CHECK qhm_status qhm_tetron_write_pauli(qhm_tetron_writer *writer, uint32_t tetron,
                                                 qhm_pauli pauli);

// A measurement of one Pauli matrix into a bit of the circuit; flips as in qhm_instruction.
QHM_MUST_CHECK qhm_status qhm_tetron_write_measure(qhm_tetron_writer *writer, uint32_t tetron,
                                                   qhm_pauli pauli, uint32_t bit,
                                                   const double flips[2]);

// Measures Z and turns the tetron to |0>, or to |1> where `bit` is 1 (QHM_TETRON_NONE: no bit).
QHM_MUST_CHECK qhm_status qhm_tetron_write_prepare(qhm_tetron_writer *writer, uint32_t tetron,
                                                   uint32_t bit);

// A rotation as one operation: rx, ry or rz.
QHM_MUST_CHECK qhm_status qhm_tetron_write_analog(qhm_tetron_writer *writer, uint32_t tetron,
                                                  qhm_gate gate, const qhm_angle *angle);

// Any other instruction, with its qubits (tetrons) given anew.
QHM_MUST_CHECK qhm_status qhm_tetron_write_other(qhm_tetron_writer *writer,
                                                 const qhm_instruction *instruction,
                                                 const uint32_t *tetrons);

#endif
