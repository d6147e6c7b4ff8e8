// Circuits from files, for every command that reads one.
#ifndef QHM_CLI_CIRCUIT_FILE_H
#define QHM_CLI_CIRCUIT_FILE_H

#include "cli/command.h"

#include <qhm/circuit.h>
#include <qhm/diagnostics.h>

// What was read. Release it in any case.
typedef struct qhm_circuit_file {
    const char *name;             // in messages: the path, or "<stdin>"
    const char *format;           // such as "OpenQASM 3"; NULL if it was not read so far
    qhm_circuit *circuit;         // NULL after an error
    qhm_diagnostics *diagnostics; // NULL if there were none
} qhm_circuit_file;

// Reads a circuit from a path, or from standard input for "-", with the values of --param and with
// --strict. Errors and warnings go to stderr, with their lines; warnings not with --quiet.
// Returns QHM_EXIT_OK and a circuit, or an exit code. To add a format: read_circuit in
// circuit_file.c.
int qhm_circuit_file_load(const qhm_arguments *arguments, const char *path, qhm_circuit_file *file);
void qhm_circuit_file_release(qhm_circuit_file *file);

// True for a path that names a circuit by its ending, or "-".
bool qhm_circuit_file_is_path(const char *path);

#endif
