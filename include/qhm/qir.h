/** @file qir.h
 *  QIR: circuits to and from LLVM programs, by the Base Profile of the QIR Alliance.
 *
 *  @code
 *  char *text;
 *  qhm_status status = qhm_qir_print(circuit, NULL, &text);
 *  if (status == QHM_OK)
 *      fputs(text, stdout); // llvm-as, clang and lli read it
 *  qhm_string_destroy(text);
 *  @endcode */
#ifndef QHM_QIR_H
#define QHM_QIR_H

#include <qhm/circuit.h>
#include <qhm/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of qhm_qir_print. */
typedef struct qhm_qir_print_options {
    unsigned version;  /**< 2: opaque pointers; 1: typed pointers, for older tools; 0: 2 */
    const char *entry; /**< name of the entry function: letters, digits and _, not first a digit;
                            NULL: main */
} qhm_qir_print_options;

/** Writes a circuit as the text of a Base Profile program.
 *
 *  Gates outside the common instruction set (h x y z s t and their adjoints, rx ry rz, cnot cz swap
 *  ccx, rxx ryy rzz) are expanded. All measurements come last, in the order of their results;
 *  results are recorded register by register, bit 0 first, each register as an array, with the
 *  labels c and c[0]. Bits that are never measured have no result and are left out. Barriers are
 *  left out, and resets of qubits that nothing has touched.
 *  @param options  NULL: defaults.
 *  @param text     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED for what the profile lacks (slots, conditions, loops,
 *          assignments, resets on the way, gates after a measurement of their qubit), with the
 *          instruction's number; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qir_print(const qhm_circuit *circuit,
                                                const qhm_qir_print_options *options, char **text);

/** Reads the text of a Base Profile program, with opaque or typed pointers; LLVM is not needed.
 *  Bitcode becomes text by llvm-dis.
 *
 *  Every array that is recorded becomes a register of classical bits with its label as the name,
 *  results that are recorded outside arrays make registers called c, and results that are not
 *  recorded are scratch bits.
 *  @param text       [length]; no NUL at the end is needed.
 *  @param file_name  in messages; NULL: "<input>".
 *  @param circuit    the caller's, on success only.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message begins with the file and the line, also for
 *          what the Base Profile does not have; QHM_ERROR_INVALID_ARGUMENT;
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: linear, but each label is looked for among all. */
QHM_API QHM_MUST_CHECK qhm_status qhm_qir_parse(const char *text, size_t length,
                                                const char *file_name, qhm_circuit **circuit);

#ifdef __cplusplus
}
#endif
#endif
