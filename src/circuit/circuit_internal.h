// The inside of a circuit, and what simulators and transforms need to know of an instruction.
#ifndef QHM_CIRCUIT_CIRCUIT_INTERNAL_H
#define QHM_CIRCUIT_CIRCUIT_INTERNAL_H

#include "base/text.h"
#include "circuit/gate_table.h"

#include <qhm/circuit.h>

enum { QHM_CIRCUIT_MAX_QUBITS = 1048576, QHM_CIRCUIT_MAX_BITS = 1048576 };

typedef struct qhm_register_list {
    size_t count, capacity;
    qhm_register *items; // by ascending first; the names are the list's
} qhm_register_list;

// Names of slots; NULL for one without a name.
typedef struct qhm_name_list {
    size_t count, capacity;
    char **items;
} qhm_name_list;

// Instructions in order; their arrays lie in the pools in the same order, without gaps, so that
// the pointers can be set anew when a pool has moved.
struct qhm_circuit {
    size_t qubit_count, bit_count;
    size_t input_count, weight_count;
    size_t instruction_count, instruction_capacity;
    size_t operand_count, operand_capacity;
    size_t angle_count, angle_capacity;
    size_t entry_count, entry_capacity;
    size_t word_count, word_capacity;
    size_t pauli_count, pauli_capacity;
    size_t open_loops; // whiles whose end has not come
    qhm_instruction *instructions;
    uint32_t *operands;   // qubits
    qhm_angle *angles;    // in canonical form: see qhm_angle_canonical
    qhm_complex *entries; // of the matrices
    uint64_t *words;      // values of conditions
    uint8_t *paulis;      // of Pauli measurements
    qhm_register_list qubit_registers, bit_registers;
    qhm_name_list input_names, weight_names;
};

// For circuits whose shape asks for qubits.
QHM_MUST_CHECK qhm_status qhm_circuit_create_on_qubits(size_t qubit_count, size_t bit_count,
                                                       qhm_circuit **circuit);

// Frees the names of registers and slots.
void qhm_circuit_release_names(qhm_circuit *circuit);

// Gives an empty circuit the registers of another, and the names of slots that it keeps.
QHM_MUST_CHECK qhm_status qhm_circuit_copy_names(qhm_circuit *circuit, const qhm_circuit *from,
                                                 bool keeps_inputs, bool keeps_weights);

// Whether a number that is below (order < 0), equal to (0) or above another is in a relation to it.
bool qhm_relation_holds(qhm_relation relation, int order);

// The words that a number of so many bits takes.
static inline size_t qhm_bit_words(size_t bit_count)
{
    return (bit_count + 63) / 64;
}

// Sets the bits of a zeroed mask [qhm_bit_words(bit count)] that are in a register: outcome.c.
void qhm_circuit_mark_registers(const qhm_circuit *circuit, uint64_t *mask);

// Controls of an instruction: its extra ones and the gate's own. They are its first qubits.
uint32_t qhm_instruction_control_count(const qhm_instruction *instruction);

// The qubits after the controls.
uint32_t qhm_instruction_target_count(const qhm_instruction *instruction);

// The lengths of its arrays: angles, entries of its matrices, words of its condition's value, Pauli
// letters.
size_t qhm_instruction_angle_count(const qhm_instruction *instruction);
size_t qhm_instruction_entry_count(const qhm_instruction *instruction);
size_t qhm_instruction_word_count(const qhm_instruction *instruction);
size_t qhm_instruction_pauli_count(const qhm_instruction *instruction);

// The base matrix [2^targets][2^targets] for given slots, unitaries included.
void qhm_instruction_matrix(const qhm_instruction *instruction, const double *inputs,
                            const double *weights, qhm_complex *out);

// True when the base matrix is diagonal whatever the angles; a unitary's entries are looked at.
bool qhm_instruction_is_diagonal(const qhm_instruction *instruction);

// The same angle with unused factors zeroed, a single slot in factors[0], and no slot: scale 0.
qhm_angle qhm_angle_canonical(qhm_angle angle);

// True for a channel or a measurement whose bit may be written wrong.
bool qhm_instruction_is_noise(const qhm_instruction *instruction);

// The circuit with Pauli measurements as changes of basis and parities around a measurement, and
// without delays unless they are kept.
QHM_MUST_CHECK qhm_status qhm_circuit_lower(const qhm_circuit *circuit, bool keeps_delays,
                                            qhm_circuit **lowered);

// Appends a Pauli measurement that way. Its changes of basis undo each other, so they need no
// condition.
QHM_MUST_CHECK qhm_status qhm_circuit_append_lowered(qhm_circuit *circuit,
                                                     const qhm_instruction *measurement);

// Appends the inverse of a gate, under its condition; delays and barriers as they are.
// QHM_ERROR_UNSUPPORTED for other instructions.
QHM_MUST_CHECK qhm_status qhm_circuit_append_inverse(qhm_circuit *circuit,
                                                     const qhm_instruction *instruction);

// True when no slot is used.
bool qhm_angle_is_constant(const qhm_angle *angle);

// factor * angle + offset, of a canonical angle.
qhm_angle qhm_angle_affine(qhm_angle angle, double factor, double offset);

// The same angle with the numbers of its slots moved up.
qhm_angle qhm_angle_offset_slots(qhm_angle angle, uint32_t input_offset, uint32_t weight_offset);

// Appends a canonical angle as people write it: "π/2", "x0", "2(π−x0)(π−x1)", "−0.5w3+π". Slots
// have the circuit's names, or without one (NULL or unnamed) x0 and w0.
void qhm_angle_print(const qhm_circuit *circuit, const qhm_angle *angle, bool ascii,
                     qhm_text *text);

// Where an instruction of another circuit goes: NULL maps and zero offsets change nothing.
typedef struct qhm_instruction_maps {
    const uint32_t *qubits, *bits;
    uint32_t input_offset, weight_offset;
} qhm_instruction_maps;

// Room for `times` times all that `more` holds, so that appending it cannot fail half-way.
// Borrowed pointers into the circuit become invalid, `more` may be the circuit itself.
QHM_MUST_CHECK qhm_status qhm_circuit_reserve(qhm_circuit *circuit, const qhm_circuit *more,
                                              size_t times);

// Copies a valid instruction into reserved room. The maps must lead to valid places.
void qhm_circuit_store(qhm_circuit *circuit, qhm_instruction instruction,
                       const qhm_instruction_maps *maps);

#endif
