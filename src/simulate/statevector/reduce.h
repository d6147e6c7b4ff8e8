// A circuit reduced to three kinds of operation, from which both engines plan.
//
// Every one-qubit gate is a diagonal, a real rotation and a diagonal; every diagonal gate is a
// product of parities exp(-i a Z...Z); X and CX only rename basis states. What is left over
// (dense unitaries, measurements, conditions, phases under very many controls) makes the whole
// circuit run gate by gate.
#ifndef QHM_SIMULATE_STATEVECTOR_REDUCE_H
#define QHM_SIMULATE_STATEVECTOR_REDUCE_H

#include "base/status_internal.h"

#include <qhm/channel.h>
#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QHM_REDUCTION_MAX_CONTROLS = 4 }; // of a gate: each doubles the number of its strings

struct qhm_step;
struct qhm_channel_split;

typedef enum qhm_reduced_kind {
    QHM_REDUCED_ROTATION, // exp(-i a Y): [[cos a, -sin a], [sin a, cos a]] on the target
    QHM_REDUCED_PARITY,   // exp(-i a Z...Z) on `mask`; mask 0: a global phase
    QHM_REDUCED_EXCHANGE, // X on the target
    QHM_REDUCED_CHANNEL   // noise may happen here
} qhm_reduced_kind;

// Qubits are positions, as in qhm_step: swaps are gone.
typedef struct qhm_reduced {
    qhm_reduced_kind kind;
    uint32_t target;   // ROTATION, EXCHANGE
    uint64_t controls; // ROTATION, EXCHANGE: positions that must be 1
    uint64_t mask;     // PARITY
    uint32_t angle;    // occurrence in circuit order, or QHM_NO_ANGLE
    double scale;      // a = scale * angle + offset
    double offset;
    bool uses_input, uses_weight;
    const struct qhm_channel_split *split; // CHANNEL, on these positions
    uint32_t targets[QHM_CHANNEL_MAX_QUBITS];
} qhm_reduced;

// Constant one-qubit gates that wait for more of their kind, one matrix a position.
typedef struct qhm_waiting {
    bool is_some;
    qhm_complex matrix[4];
} qhm_waiting;

typedef struct qhm_reduction {
    qhm_reduced *items;
    size_t count, capacity;
    bool is_incomplete; // something could not be reduced
    qhm_waiting *waiting;
    size_t position_count;
} qhm_reduction;

QHM_MUST_CHECK qhm_status qhm_reduction_begin(qhm_reduction *reduction, size_t position_count);
// matrix: of constant steps, as qhm_statevector_place wants it; else NULL.
QHM_MUST_CHECK qhm_status qhm_reduction_append(qhm_reduction *reduction,
                                               const struct qhm_step *step,
                                               const qhm_complex *matrix);
QHM_MUST_CHECK qhm_status qhm_reduction_end(qhm_reduction *reduction);
void qhm_reduction_release(qhm_reduction *reduction);

#endif
