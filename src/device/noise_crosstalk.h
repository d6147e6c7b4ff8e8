// Crosstalk in a circuit: which gates run beside each other, which qubits wait beside each other.
#ifndef QHM_DEVICE_NOISE_CROSSTALK_H
#define QHM_DEVICE_NOISE_CROSSTALK_H

#include "device/noise_internal.h"

// Two coupled qubits that waited at the same time: exp(-i radians ZZ / 2).
typedef struct qhm_noise_turn {
    size_t after; // the instruction that it comes after
    uint32_t qubits[2];
    double radians;
} qhm_noise_turn;

typedef struct qhm_noise_crosstalk {
    size_t *order;   // [instructions] as they begin in time, which keeps the circuit's meaning
    bool *is_beside; // [instructions] two-qubit gates with a neighbour at the same time
    qhm_noise_turn *turns; // [turn_count] in the order of `order`
    size_t turn_count, turn_capacity;
} qhm_noise_crosstalk;

// For a model with couplings. durations_ns: [instructions]. Release the plan whatever happens.
QHM_MUST_CHECK qhm_status qhm_noise_find_crosstalk(const qhm_noise_model *model,
                                                   const qhm_circuit *circuit,
                                                   const double *durations_ns,
                                                   qhm_noise_crosstalk *plan);
void qhm_noise_crosstalk_release(qhm_noise_crosstalk *plan);

// Marks two qubits as neighbours.
QHM_MUST_CHECK qhm_status qhm_noise_add_coupling(qhm_noise_model *model, uint32_t a, uint32_t b,
                                                 double zz_hz);

// The channels of a turn, and of a two-qubit gate beside another one.
QHM_MUST_CHECK qhm_status qhm_noise_create_turn(const qhm_noise_model *model, double radians,
                                                qhm_channel **channel);
QHM_MUST_CHECK qhm_status qhm_noise_create_beside(const qhm_noise_model *model,
                                                  const qhm_noise_entry *entry,
                                                  qhm_channel **channel);

#endif
