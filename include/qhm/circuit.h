/** @file circuit.h
 *  Quantum circuits: a flat array of instructions over one gate table.
 *
 *  A circuit is written once, with slots for inputs and weights, and planned, run, inverted,
 *  controlled or drawn many times. Qubit 0 is the least significant bit of a basis state and is
 *  printed rightmost. Angles are in radians; RX(t) = exp(-i t X / 2) and so on.
 *
 *  @code
 *  qhm_circuit *bell;
 *  qhm_status status = qhm_circuit_create(2, 0, &bell);
 *  if (status == QHM_OK)
 *      status = qhm_circuit_append(bell, QHM_GATE_H, (uint32_t[]){0}, NULL);
 *  if (status == QHM_OK)
 *      status = qhm_circuit_append(bell, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL);
 *  qhm_circuit_destroy(bell);
 *  @endcode */
#ifndef QHM_CIRCUIT_H
#define QHM_CIRCUIT_H

#include <qhm/status.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The operations of the gate table (qhm_gate_find, qhm_gate_information). Numbers are stable. */
typedef enum qhm_gate {
    QHM_GATE_H = 0,
    QHM_GATE_X,
    QHM_GATE_Y,
    QHM_GATE_Z,
    QHM_GATE_S,
    QHM_GATE_SDG,
    QHM_GATE_T,
    QHM_GATE_TDG,
    QHM_GATE_SX,
    QHM_GATE_SXDG,
    QHM_GATE_RX,
    QHM_GATE_RY,
    QHM_GATE_RZ,
    QHM_GATE_P, /**< diag(1, e^{i a}) */
    QHM_GATE_U, /**< U(a, b, c) = [[cos(a/2), -e^{ic} sin(a/2)], [e^{ib} sin(a/2), e^{i(b+c)}
                   cos(a/2)]] */
    QHM_GATE_CX,
    QHM_GATE_CY,
    QHM_GATE_CZ,
    QHM_GATE_CH,
    QHM_GATE_CP,
    QHM_GATE_CRX,
    QHM_GATE_CRY,
    QHM_GATE_CRZ,
    QHM_GATE_SWAP,
    QHM_GATE_ISWAP,
    QHM_GATE_ISWAPDG,
    QHM_GATE_ECR, /**< (IX - XY) / sqrt 2, the first qubit as the right factor */
    QHM_GATE_RXX, /**< exp(-i a X X / 2) */
    QHM_GATE_RYY,
    QHM_GATE_RZZ,
    QHM_GATE_CCX,
    QHM_GATE_CSWAP,
    QHM_GATE_UNITARY, /**< any matrix on 1 to 4 qubits */
    QHM_GATE_MEASURE, /**< one qubit in the computational basis, into a classical bit */
    QHM_GATE_RESET,   /**< one qubit to |0> */
    QHM_GATE_BARRIER, /**< no operation; nothing moves across it */
    QHM_GATE_SET,     /**< a classical bit becomes 0 or 1 */
    QHM_GATE_WHILE,   /**< unless its condition holds, go on after the matching end */
    QHM_GATE_END,     /**< back to the matching while */
    QHM_GATE_DELAY,   /**< one qubit waits for duration_ns */
    QHM_GATE_CHANNEL, /**< noise: a trace-preserving map on 1 to 4 qubits, by its Kraus operators */
    QHM_GATE_MEASURE_PAULI, /**< a Pauli string on its qubits, into a bit: 0 for +1, 1 for -1 */
    QHM_GATE_COUNT
} qhm_gate;

/** What is true of a gate whatever its qubits and angles. */
typedef struct qhm_gate_info {
    const char *name;       /**< as in OpenQASM where it has a name there: "crx" */
    unsigned control_count; /**< built-in controls: the first qubits of an instruction */
    unsigned target_count;  /**< qubits that the base matrix acts on; 0: any number, and none for
                               set, while and end */
    unsigned angle_count;
    bool is_unitary;     /**< false for measure, reset, barrier and all after it in qhm_gate */
    const char *formula; /**< the matrix in words, for documentation */
} qhm_gate_info;

/** The row of a gate. @param gate  less than QHM_GATE_COUNT. */
QHM_API const qhm_gate_info *qhm_gate_information(qhm_gate gate);

/** Finds a gate by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_gate_find(const char *name, qhm_gate *gate);

/** All gates as a page of Markdown: matrices, inverses, decompositions, names in OpenQASM,
 * drawings.
 *  @param markdown  free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_gate_reference(char **markdown);

/** Where a factor of an angle gets its value when a circuit runs. */
typedef enum qhm_slot {
    QHM_SLOT_NONE = 0,  /**< the factor is 1 */
    QHM_SLOT_INPUT = 1, /**< a feature: one value a sample */
    QHM_SLOT_WEIGHT = 2 /**< a trainable parameter */
} qhm_slot;

/** One factor of an angle: (value of the slot + shift), or 1 for QHM_SLOT_NONE. */
typedef struct qhm_angle_factor {
    qhm_slot slot;
    uint32_t index;
    double shift; /**< radians or feature units */
} qhm_angle_factor;

/** An angle: scale * factor[0] * factor[1] + offset, in radians.
 *
 *  Affine in one slot, or in a product of two (a ZZ feature map needs (pi - x)(pi - y)). Circuits
 *  keep angles in one form: unused factors are zero and last, and scale is 0 without slots. */
typedef struct qhm_angle {
    double scale, offset;
    qhm_angle_factor factors[2];
} qhm_angle;

/** The constant angle `radians`. */
static inline qhm_angle qhm_angle_constant(double radians)
{
    qhm_angle angle = {0};
    angle.offset = radians;
    return angle;
}

/** The angle scale * input[index]. */
static inline qhm_angle qhm_angle_input(uint32_t index, double scale)
{
    qhm_angle angle = {0};
    angle.scale = scale;
    angle.factors[0].slot = QHM_SLOT_INPUT;
    angle.factors[0].index = index;
    return angle;
}

/** The angle weight[index]. */
static inline qhm_angle qhm_angle_weight(uint32_t index)
{
    qhm_angle angle = {0};
    angle.scale = 1;
    angle.factors[0].slot = QHM_SLOT_WEIGHT;
    angle.factors[0].index = index;
    return angle;
}

/** How a condition compares a range of classical bits with its value, as unsigned numbers. */
typedef enum qhm_relation {
    QHM_RELATION_NONE = 0, /**< no condition */
    QHM_RELATION_EQUAL = 1,
    QHM_RELATION_NOT_EQUAL = 2,
    QHM_RELATION_LESS = 3, /**< the bits are less than the value */
    QHM_RELATION_LESS_EQUAL = 4,
    QHM_RELATION_GREATER = 5,
    QHM_RELATION_GREATER_EQUAL = 6
} qhm_relation;

/** A condition on classical bits; zero-initialised: none. */
typedef struct qhm_condition {
    qhm_relation relation;
    uint32_t first_bit; /**< the least significant bit of the number */
    uint32_t bit_count; /**< at least 1; any width */
    const uint64_t
        *value; /**< [(bit_count + 63) / 64], lowest word first; no bit above the range */
} qhm_condition;

/** The condition that one bit has a value. */
static inline qhm_condition qhm_condition_bit(uint32_t bit, bool value)
{
    static const uint64_t words[2] = {0, 1};
    qhm_condition condition = {QHM_RELATION_EQUAL, 0, 1, 0};
    condition.first_bit = bit;
    condition.value = &words[value];
    return condition;
}

/** True when a condition holds, or when there is none.
 *  @param bits  all classical bits of the circuit, bit 0 lowest in the first word. */
QHM_API bool qhm_condition_holds(const qhm_condition *condition, const uint64_t *bits);

/** One step of a circuit. Arrays are borrowed on the way in and owned by the circuit after. */
typedef struct qhm_instruction {
    qhm_gate gate;
    uint32_t control_count;    /**< controls beyond the gate's own; they come first in qubits */
    uint32_t qubit_count;      /**< 0 on the way in: as the gate table says */
    const uint32_t *qubits;    /**< [qubit_count]: extra controls, the gate's controls, targets */
    const qhm_angle *angles;   /**< [angle_count of the gate] */
    const qhm_complex *matrix; /**< QHM_GATE_UNITARY: [2^k][2^k] row-major, targets' first = bit 0;
                                  QHM_GATE_CHANNEL: [kraus_count][2^k][2^k] */
    uint32_t kraus_count;      /**< QHM_GATE_CHANNEL: 1 to 4^k operators */
    const uint8_t *paulis;     /**< QHM_GATE_MEASURE_PAULI: [qubit_count] of qhm_pauli, none I */
    double duration_ns;        /**< QHM_GATE_DELAY: finite, at least 0 */
    double flips[2]; /**< of measurements: probability that the bit is written wrong when it should
                        be 0, p(1|0), and when it should be 1, p(0|1) */
    uint32_t bit;    /**< of measurements and QHM_GATE_SET: the classical bit that is written */
    bool bit_value;  /**< QHM_GATE_SET: what it becomes */
    qhm_condition condition; /**< run only if it holds; what QHM_GATE_WHILE tests */
} qhm_instruction;

/** A circuit over registers of qubits and classical bits. */
typedef struct qhm_circuit qhm_circuit;

/** Creates an empty circuit.
 *
 *  The qubits are one register, q, and the bits another, c. Without qubits or bits there is no
 *  such register: qhm_circuit_append_qubits and qhm_circuit_append_bits make named ones.
 *  @param qubit_count  0 to 1,048,576; running needs at least one.
 *  @param bit_count    classical bits, 0 to 1,048,576.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_create(size_t qubit_count, size_t bit_count,
                                                     qhm_circuit **circuit);

/** Frees a circuit; NULL is fine. */
QHM_API void qhm_circuit_destroy(qhm_circuit *circuit);

/** Copies a circuit. @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_copy(const qhm_circuit *circuit, qhm_circuit **copy);

/** Appends a gate from the table.
 *  @param qubits  [control_count + target_count of the gate], distinct, controls first; NULL for
 *                 a barrier on all qubits.
 *  @param angles  [angle_count of the gate], finite; NULL if none.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a qubit out of range or repeated, an angle that is
 *          not finite, a gate that needs qhm_circuit_append_instruction); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: amortised constant. The circuit is unchanged on failure. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append(qhm_circuit *circuit, qhm_gate gate,
                                                     const uint32_t *qubits,
                                                     const qhm_angle *angles);

/** Appends any instruction: extra controls, conditions, unitaries, channels, measurements, delays,
 *  classical bits.
 *  @return as qhm_circuit_append; also QHM_ERROR_INVALID_ARGUMENT for a matrix that is not
 *          unitary within 1e-10, Kraus operators that do not preserve the trace within 1e-10, a
 *          probability outside [0, 1], a classical bit out of range, a while without a condition,
 *          or an end without its while. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_circuit_append_instruction(qhm_circuit *circuit, const qhm_instruction *instruction);

/** Appends a measurement of `qubit` into classical `bit`. @return as qhm_circuit_append. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_measure(qhm_circuit *circuit, uint32_t qubit,
                                                             uint32_t bit);

/** Appends a joint measurement of a Pauli string into classical `bit`.
 *  @param paulis  [qubit_count] of qhm_pauli, none I.
 *  @param qubits  [qubit_count], distinct, at least one.
 *  @return as qhm_circuit_append. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_pauli_measure(qhm_circuit *circuit,
                                                                   size_t qubit_count,
                                                                   const uint8_t *paulis,
                                                                   const uint32_t *qubits,
                                                                   uint32_t bit);

/** Appends a wait of one qubit. @return as qhm_circuit_append. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_delay(qhm_circuit *circuit, uint32_t qubit,
                                                           double duration_ns);

/** Appends all instructions of another circuit, without its names of registers and slots.
 *  @param qubit_map      [qubits of other] where each of its qubits goes; NULL: the same.
 *  @param bit_map        [bits of other], distinct like the qubits; NULL: the same.
 *  @param input_offset   added to its input slots.
 *  @param weight_offset  added to its weight slots.
 *  @return as qhm_circuit_append; all or nothing. `other` may be `circuit` itself. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_circuit(
    qhm_circuit *circuit, const qhm_circuit *other, const uint32_t *qubit_map,
    const uint32_t *bit_map, uint32_t input_offset, uint32_t weight_offset);

/** Adds new qubits after those that the circuit has, as a register.
 *  @param name   not empty; copied. That names differ is the caller's affair.
 *  @param count  at least 1; at most 1,048,576 qubits in all.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_qubits(qhm_circuit *circuit, const char *name,
                                                            size_t count);

/** Adds new classical bits after those that the circuit has, as a register.
 *  @param name   as for qubits; NULL: scratch bits, in no register, which results do not show.
 *  @param count  at least 1; at most 1,048,576 bits in all.
 *  @return as qhm_circuit_append_qubits. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_append_bits(qhm_circuit *circuit, const char *name,
                                                          size_t count);

/** A named range of qubits or of classical bits. */
typedef struct qhm_register {
    const char *name;
    uint32_t first, count;
} qhm_register;

/** Registers of qubits; every qubit is in one. */
QHM_API size_t qhm_circuit_qubit_register_count(const qhm_circuit *circuit);

/** Qubit register `index`, by ascending first qubit; borrowed until the circuit changes. */
QHM_API const qhm_register *qhm_circuit_qubit_register(const qhm_circuit *circuit, size_t index);

/** Registers of classical bits; scratch bits are in none. */
QHM_API size_t qhm_circuit_bit_register_count(const qhm_circuit *circuit);

/** Bit register `index`, by ascending first bit; borrowed until the circuit changes. */
QHM_API const qhm_register *qhm_circuit_bit_register(const qhm_circuit *circuit, size_t index);

/** Names an input or weight slot, which exists from then on even if no angle uses it.
 *  @param slot  QHM_SLOT_INPUT or QHM_SLOT_WEIGHT.
 *  @param name  not empty; copied. It takes the place of an earlier name.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_set_slot_name(qhm_circuit *circuit, qhm_slot slot,
                                                            uint32_t index, const char *name);

/** The name of a slot; NULL if it has none. */
QHM_API const char *qhm_circuit_slot_name(const qhm_circuit *circuit, qhm_slot slot,
                                          uint32_t index);

/** True when two circuits have the same registers, slots with the same names, and the same
 *  instructions, every number bit for bit. */
QHM_API bool qhm_circuit_is_equal(const qhm_circuit *a, const qhm_circuit *b);

QHM_API size_t qhm_circuit_qubit_count(const qhm_circuit *circuit); /**< Qubits. */
QHM_API size_t qhm_circuit_bit_count(const qhm_circuit *circuit);   /**< Classical bits. */

/** One more than the largest input slot in use or named. */
QHM_API size_t qhm_circuit_input_count(const qhm_circuit *circuit);

/** One more than the largest weight slot in use or named. */
QHM_API size_t qhm_circuit_weight_count(const qhm_circuit *circuit);

/** Instructions, barriers included. */
QHM_API size_t qhm_circuit_instruction_count(const qhm_circuit *circuit);

/** Instruction `index`, borrowed until the circuit changes. @param index  in range. */
QHM_API const qhm_instruction *qhm_circuit_instruction(const qhm_circuit *circuit, size_t index);

/** Memory that the circuit holds, in bytes. */
QHM_API size_t qhm_circuit_bytes(const qhm_circuit *circuit);

/** The value of an angle for given slots.
 *  @param inputs   [input_count of the circuit], NULL if no input slot is used.
 *  @param weights  [weight_count of the circuit], NULL if no weight slot is used. */
QHM_API double qhm_angle_value(const qhm_angle *angle, const double *inputs, const double *weights);

/** The inverse circuit: instructions reversed, each inverted; slots keep their numbers.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED if it measures, resets, sets bits or has conditions;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_invert(const qhm_circuit *circuit,
                                                     qhm_circuit **inverse);

/** The circuit under `control_count` new controls, which are the qubits after its own: a register
 *  called control.
 *
 *  Every gate of the table has an exact matrix, so no global phase is lost. A gate that the table
 *  has with one more control gets that name: x becomes cx. Conditions and barriers stay.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED if it measures, resets, sets bits or has loops;
 *          QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_control(const qhm_circuit *circuit,
                                                      size_t control_count,
                                                      qhm_circuit **controlled);

/** The circuit `times` times in a row; 0 times is the empty circuit.
 *  @param fresh_weights  true: every repetition has weights of its own; inputs are shared.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_repeat(const qhm_circuit *circuit, size_t times,
                                                     bool fresh_weights, qhm_circuit **repeated);

/** The circuit with slots replaced by values.
 *  @param inputs   [input_count], finite; NULL keeps the input slots.
 *  @param weights  [weight_count], finite; NULL keeps the weight slots.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_bind(const qhm_circuit *circuit, const double *inputs,
                                                   const double *weights, qhm_circuit **bound);

/** Options of qhm_circuit_expand. */
typedef struct qhm_expand_options {
    const qhm_gate *gates; /**< [gate_count] what may be used; NULL: all gates but unitary */
    size_t gate_count;
    bool keeps_phase; /**< true: by exact rules only, so that the result may be controlled */
} qhm_expand_options;

/** An equal circuit of allowed gates, each without extra controls.
 *
 *  Equal up to a global phase, or exactly if options say so. Slots stay slots, conditions stay on
 *  every gate; measurements, resets, barriers, delays, channels, loops and assignments are kept,
 *  but Pauli measurements become changes of basis around a measurement. Other gates go by the
 *  cheapest chain of rules (two-qubit gates count ten times). X under n controls takes 4 (n - 2)
 *  Toffoli gates if the circuit has n - 2 other qubits, about 8 n with one, else about 4 n^2; a
 *  rotation 8 n, a phase 4 n^2 [barenco1995]. Unitaries on n qubits take 4^n (3/4) - 2^n (3/2) CX
 *  [shende2006], with an error of the order of 1e-15.
 *  @param options  NULL: defaults.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED if the gates do not suffice; QHM_ERROR_INVALID_ARGUMENT;
 *          QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_expand(const qhm_circuit *circuit,
                                                     const qhm_expand_options *options,
                                                     qhm_circuit **expanded);

/** The entanglement-free twin: the same slots, no gate on more than one qubit.
 *
 *  Controls are dropped from gates that have angles (CRX becomes RX on the target), two-qubit
 *  rotations become the rotation on their last qubit, and entangling gates without angles go.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED for a unitary on several qubits or a condition;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_copy_unentangled(const qhm_circuit *circuit,
                                                               qhm_circuit **twin);

/** What a circuit costs, counted, the body of a loop once; simulators and chips add to such counts
 *  as they run. */
typedef struct qhm_circuit_counts {
    size_t qubits;
    size_t depth;           /**< as soon as possible; every gate 1; barriers, delays, channels
                               and operations on bits alone 0 but ordering */
    size_t two_qubit_depth; /**< the same, counting gates on two or more qubits only */
    size_t one_qubit_gates;
    size_t two_qubit_gates;
    size_t larger_gates; /**< on three or more qubits */
    size_t measurements; /**< of one qubit or of Pauli strings */
    size_t resets;
    size_t weights;
    size_t inputs;
    size_t by_gate[QHM_GATE_COUNT];
} qhm_circuit_counts;

/** Counts gates and depth. @return QHM_OK; QHM_ERROR_OUT_OF_MEMORY. Cost: linear. */
QHM_API QHM_MUST_CHECK qhm_status qhm_circuit_count(const qhm_circuit *circuit,
                                                    qhm_circuit_counts *counts);

#ifdef __cplusplus
}
#endif
#endif
