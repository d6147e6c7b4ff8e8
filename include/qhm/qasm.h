/** @file qasm.h
 *  OpenQASM 2.0 and 3: circuits to text.
 *
 *  @code
 *  char *text;
 *  qhm_status status = qhm_qasm_print(circuit, NULL, &text);
 *  if (status == QHM_OK)
 *      fputs(text, stdout);
 *  qhm_string_destroy(text);
 *  @endcode */
#ifndef QHM_QASM_H
#define QHM_QASM_H

#include <qhm/circuit.h>
#include <qhm/status.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of qhm_qasm_print. */
typedef struct qhm_qasm_print_options {
    unsigned version;       /**< 2 or 3; 0: 3 */
    bool omits_annotations; /**< for tools that refuse what they do not know */
} qhm_qasm_print_options;

/** Writes a circuit as a program that any tool can run.
 *
 *  Gates that the language's library lacks are defined in the text, matrices written out as gates.
 *  In version 3, slots are `input float[64]`, and annotations (`@qhm.weight`, `@qhm.scratch`,
 *  `@qhm.gate`, `@qhm.unitary`), which other tools pass over, let qhm_qasm_parse make the very same
 *  circuit again, every number bit for bit. Names are changed where the language forbids them or
 * has them already; slots without a name become x0, x1, ... and weights w0, w1, ...
 *
 *  Version 2 has no controls by modifiers, so that extra controls are expanded; a condition on a
 * part of a register of up to 8 bits, or by another relation than equality, becomes a statement for
 *  each value; scratch bits become registers.
 *  @param options  NULL: defaults.
 *  @param text     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED for what version 2 lacks (slots, loops, assignments, other
 *          conditions), with the instruction's number; QHM_ERROR_INVALID_ARGUMENT;
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: linear, but each matrix is compared with those before. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qasm_print(const qhm_circuit *circuit,
                                                 const qhm_qasm_print_options *options,
                                                 char **text);

#ifdef __cplusplus
}
#endif
#endif
