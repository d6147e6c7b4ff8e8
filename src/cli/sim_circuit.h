// The measurements of a circuit that is run on its own.
#ifndef QHM_CLI_SIM_CIRCUIT_H
#define QHM_CLI_SIM_CIRCUIT_H

#include <qhm/circuit.h>

bool qhm_sim_has_measurements(const qhm_circuit *circuit);

// The circuit with all qubits measured at its end into a register meas; its own bits, which a
// circuit without measurements cannot have made random, are in none.
qhm_status qhm_sim_measure_all(const qhm_circuit *circuit, qhm_circuit **measured);

// The circuit without its final measurements: those with nothing after them on their qubit and bit.
qhm_status qhm_sim_drop_measurements(const qhm_circuit *circuit, qhm_circuit **unmeasured);

#endif
