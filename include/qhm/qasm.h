/** @file qasm.h
 *  OpenQASM 2.0 and 3: circuits from text, and text from circuits.
 *
 *  Everything classical that is known while reading is computed while reading: constants, loops,
 *  conditions, subroutines. What depends on measured bits becomes conditions, classical
 *  assignments and loops of the circuit. Gate definitions are written out; qubits and bits are
 *  numbered in the order of declaration, physical qubits where the first is used: those that the
 *  program names, ascending, each a register called `$41`. Pulses, timing and extern functions are
 *  refused by name; delays in other units than those of time are left out with a warning.
 *
 *  @code
 *  qhm_circuit *circuit;
 *  qhm_diagnostics *diagnostics;
 *  qhm_status status = qhm_qasm_load("bell.qasm", NULL, &circuit, &diagnostics);
 *  if (status != QHM_OK)
 *      fprintf(stderr, "%s\n", qhm_error_message()); // bell.qasm:3:1: no gate "hh"
 *  char *text = NULL;
 *  if (status == QHM_OK)
 *      status = qhm_qasm_print(circuit, NULL, &text);
 *  qhm_string_destroy(text);
 *  qhm_diagnostics_destroy(diagnostics);
 *  @endcode */
#ifndef QHM_QASM_H
#define QHM_QASM_H

#include <qhm/circuit.h>
#include <qhm/diagnostics.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The value of one `input` of a program. */
typedef struct qhm_qasm_value {
    const char *name;
    double value; /**< finite */
} qhm_qasm_value;

/** Options of qhm_qasm_parse and qhm_qasm_load. */
typedef struct qhm_qasm_options {
    const char *file_name; /**< in messages, and includes are looked for in its folder; NULL:
                                "<input>", or the path for qhm_qasm_load */
    bool strict; /**< to the letter of the specification; otherwise a missing version line, gates
                      that no include defines, stray commas and the like are warnings or fine */
    const qhm_qasm_value *values; /**< inputs that are constants while reading, so that any
                                       function of them can be an angle; the others become slots */
    size_t value_count;
    size_t max_errors;       /**< reading ends after so many; 0: 20 */
    size_t max_instructions; /**< of the circuit, and steps to make it; 0: 100,000,000 */
} qhm_qasm_options;

/** Reads a program.
 *
 *  `input float` and `input angle` become input slots with their names, or weight slots after the
 *  annotation `@qhm.weight`. Bits after `@qhm.scratch` belong to no register. A global phase that
 *  no control makes visible is left out.
 *  @param text         [length] bytes of UTF-8; no NUL at the end is needed.
 *  @param options      NULL: all defaults.
 *  @param circuit      the caller's, on success only.
 *  @param diagnostics  NULL, or a place for the warnings and errors: the caller's, set on success
 *                      and on failure, NULL when there is no memory for them.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message is the first error with its place;
 *          QHM_ERROR_NOT_FOUND for a value whose name no input has; QHM_ERROR_RESOURCE_LIMIT
 *          beyond max_instructions or 4 GiB of text; QHM_ERROR_INVALID_ARGUMENT;
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: linear in the text and the circuit. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qasm_parse(const char *text, size_t length,
                                                 const qhm_qasm_options *options,
                                                 qhm_circuit **circuit,
                                                 qhm_diagnostics **diagnostics);

/** Reads a program from a file. @return as qhm_qasm_parse; QHM_ERROR_NOT_FOUND, QHM_ERROR_IO. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qasm_load(const char *path, const qhm_qasm_options *options,
                                                qhm_circuit **circuit,
                                                qhm_diagnostics **diagnostics);

/** The version of OpenQASM that a program says it is, or seems to be without a version line.
 *  @return 2 or 3; of a text that is no program, 3. */
QHM_API unsigned qhm_qasm_version(const char *text, size_t length);

/** Options of qhm_qasm_print. */
typedef struct qhm_qasm_print_options {
    unsigned version;       /**< 2 or 3; 0: 3 */
    bool omits_annotations; /**< for tools that refuse what they do not know */
} qhm_qasm_print_options;

/** Writes a circuit as a program that any tool can run.
 *
 *  Gates that the language's library lacks are defined in the text, matrices written out as gates.
 *  The last registers are physical qubits in version 3 if they are such as reading makes.
 *  In version 3, slots are `input float[64]`, and annotations (`@qhm.weight`, `@qhm.scratch`,
 *  `@qhm.gate`, `@qhm.unitary`), which other tools pass over, let qhm_qasm_parse make the very same
 *  circuit again, every number bit for bit. Names are changed where the language forbids them or
 *  has them already; slots without a name become x0, x1, ... and weights w0, w1, ...
 *
 *  Version 2 has no controls by modifiers, so that extra controls are expanded; a condition on a
 *  part of a register of up to 8 bits, or by another relation than equality, becomes a statement
 *  for each value; scratch bits become registers; delays are left out. In both versions a
 *  measurement of a Pauli string is written as a measurement between changes of basis.
 *  @param options  NULL: defaults.
 *  @param text     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED for noise, and for what version 2 lacks (slots, loops,
 *          assignments, other conditions), with the instruction's number;
 *          QHM_ERROR_INVALID_ARGUMENT;
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: linear, but each matrix is compared with those before. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qasm_print(const qhm_circuit *circuit,
                                                 const qhm_qasm_print_options *options,
                                                 char **text);

#ifdef __cplusplus
}
#endif
#endif
