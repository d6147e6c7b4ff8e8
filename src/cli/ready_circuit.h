// The library's ready-made circuits by name: feature maps, ansatz layers, amplitude encoding.
#ifndef QHM_CLI_READY_CIRCUIT_H
#define QHM_CLI_READY_CIRCUIT_H

#include "cli/command.h"

#include <qhm/circuit.h>

// True for a name that stands for a ready-made circuit.
bool qhm_ready_circuit_is_name(const char *name);

// Fills names with all of them and returns how many there are, at most `most`.
size_t qhm_ready_circuit_names(const char **names, size_t most);

// Creates the circuit `name` as --qubits, --layers and --entanglement say.
qhm_status qhm_ready_circuit_create(const qhm_arguments *arguments, const char *name,
                                    qhm_circuit **circuit);

#endif
