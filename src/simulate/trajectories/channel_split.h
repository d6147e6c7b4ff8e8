// A channel as what a trajectory does: nothing, a Pauli string, or one of a few operators whose
// probabilities depend on the state.
//
// channel = identity * 1 + (1 - identity) * (Pauli strings with fixed probabilities, and a rest).
// The first two are picked by coins alone; the rest is as small as can be, for it needs the state.
#ifndef QHM_SIMULATE_CHANNEL_SPLIT_H
#define QHM_SIMULATE_CHANNEL_SPLIT_H

#include "base/status_internal.h"

#include <qhm/channel.h>
#include <qhm/circuit.h>

// A string on the channel's qubits: bit i of x and z is that of its qubit i; both: Y.
typedef struct qhm_split_string {
    uint32_t x, z;
    double probability; // once something happens: of this string and those before it
} qhm_split_string;

typedef struct qhm_channel_split {
    uint32_t qubit_count, kraus_count;
    const qhm_complex *source; // of the circuit that was split: [kraus_count][2^k][2^k]
    double identity;           // the probability that nothing happens, by coins alone
    double hazard;             // -ln(identity); infinite if something always happens
    qhm_split_string *strings;
    size_t string_count;
    double string_probability; // of any string, once something happens
    qhm_complex *rest;         // [rest_count][2^k][2^k] Kraus operators, summing to the identity
    size_t rest_count;
} qhm_channel_split;

// The splits of all channels of a circuit, equal channels split once.
typedef struct qhm_channel_splits {
    qhm_channel_split *splits;
    size_t count, capacity;
    uint32_t *of_instruction; // [instructions]: number of the split; UINT32_MAX: not a channel
} qhm_channel_splits;

// The circuit must outlive the splits. QHM_ERROR_NUMERIC, QHM_ERROR_OUT_OF_MEMORY.
QHM_MUST_CHECK qhm_status qhm_channel_splits_create(const qhm_circuit *circuit,
                                                    qhm_channel_splits *splits);
void qhm_channel_splits_release(qhm_channel_splits *splits);
size_t qhm_channel_splits_bytes(const qhm_channel_splits *splits, size_t instruction_count);

// Which string the number in [0, 1) picks, below string_probability.
const qhm_split_string *qhm_channel_split_pick(const qhm_channel_split *split, double number);
// A string as a matrix [dimension][dimension].
void qhm_split_string_matrix(const qhm_split_string *string, size_t dimension, qhm_complex *matrix);
// Which operator of the rest a number in [0, 1) picks, given their probabilities up to a factor,
// at a stride; *scale is what normalises the state after it.
size_t qhm_channel_split_pick_rest(const qhm_channel_split *split, const double *probabilities,
                                   size_t stride, double number, double *scale);

#endif
