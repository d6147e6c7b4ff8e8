// The rows of the table of sources, each defined in <name>_source.c.
#ifndef QHM_DATA_SOURCES_H
#define QHM_DATA_SOURCES_H

#include <qhm/data_source.h>
#include <qhm/types.h>

extern const qhm_data_source qhm_data_source_emoji;
extern const qhm_data_source qhm_data_source_havlicek;
extern const qhm_data_source qhm_data_source_separable;

// The state [2^qubits] of the ZZ feature map with two repetitions: per repetition Hadamards,
// P(2x_i), and for every pair CX P(2(π-x_i)(π-x_j)) CX. Qubit 0 is the least significant bit.
void qhm_zz_feature_state(const double *x, size_t qubits, qhm_complex *state);

#endif
