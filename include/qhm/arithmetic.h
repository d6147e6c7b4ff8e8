/** @file arithmetic.h
 *  Circuits that calculate with whole numbers in registers of qubits: what oracles are made of.
 *
 *  Numbers are unsigned, qubit 0 of a register their least significant bit. All circuits are made
 *  of X, CX and Toffoli gates and return their work qubits to 0, so that they can be inverted
 *  (a subtraction is the inverse of an addition) and run on any superposition.
 *
 *  @code
 *  qhm_arithmetic_options options = {.width = 8};
 *  status = qhm_arithmetic_create(QHM_ARITHMETIC_ADD, &options, &circuit);
 *  status = qhm_circuit_count_ledger(circuit, NULL, &ledger); // its T gates
 *  @endcode */
#ifndef QHM_ARITHMETIC_H
#define QHM_ARITHMETIC_H

#include <qhm/circuit.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a circuit calculates on numbers of w qubits. Its registers come in the order listed; a
 *  register `control` of one qubit follows them if it is controlled. Toffoli gates are given
 *  without and with the control. */
typedef enum qhm_arithmetic_kind {
    QHM_ARITHMETIC_ADD = 0,          /**< a [w], b [w], carry [1], work [1]: b becomes a + b modulo
                                        2^w, carry ^= its bit w; 2 w or 3 w + 1 Toffoli gates
                                        [cuccaro2004] */
    QHM_ARITHMETIC_ADD_CONSTANT,     /**< b [w], carry [1], work [w + 1]: the same with a constant
                                        in the place of a; 2 w Toffoli gates, also if controlled */
    QHM_ARITHMETIC_COMPARE,          /**< a [w], b [w], flag [1], work [1]: flag ^= a < b; 2 w
                                        Toffoli gates, one more if controlled */
    QHM_ARITHMETIC_COMPARE_CONSTANT, /**< a [w], flag [1], work [w]: flag ^= a < constant; with z
                                        zeros at the constant's end at most 2 (w - z) - 3 Toffoli
                                        gates, 2 more if controlled */
    QHM_ARITHMETIC_MULTIPLY,         /**< a [w], b [w], product [2 w], work [1], or [2] if
                                        controlled: product, which has to be 0, becomes a b;
                                        w (3 w + 1) Toffoli gates, 2 w more if controlled */
    QHM_ARITHMETIC_KIND_COUNT
} qhm_arithmetic_kind;

/** What a circuit of arithmetic is for. */
typedef struct qhm_arithmetic_options {
    size_t width;      /**< w, 1 to 62 */
    uint64_t constant; /**< of the kinds that have one: below 2^w, or 2^w to compare with */
    bool is_controlled;
} qhm_arithmetic_options;

/** The names: "add", "add_constant", "compare", "compare_constant", "multiply". */
QHM_API const char *qhm_arithmetic_kind_name(qhm_arithmetic_kind kind);

/** Creates a circuit of arithmetic, with its registers by name.
 *  @param circuit  free it with qhm_circuit_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_arithmetic_create(qhm_arithmetic_kind kind,
                                                        const qhm_arithmetic_options *options,
                                                        qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
