// Trajectories of a circuit that the wide engine runs: they share all that is the same in them.
//
// A Pauli string that strikes between two rotations is the same string after them, with the signs
// of those angles turned that do not commute with it: so trajectories of Pauli strings are runs of
// one plan with other signs, and end with a string that only changes what is read. Trajectories
// with the same signs up to a pass are one state up to there. What needs the state stops the run:
// passes that hold operations on both sides of it are run twice, each time with the others' angles
// at 0.
#ifndef QHM_SIMULATE_TRAJECTORIES_SHARED_H
#define QHM_SIMULATE_TRAJECTORIES_SHARED_H

#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_run.h"
#include "simulate/trajectories/event_kernels.h"

// Where a site lies among the passes: what does not commute with its qubits and comes later in the
// circuit is in passes from `first` on, what comes earlier in passes before `last`.
typedef struct qhm_site_range {
    uint32_t first, last;
} qhm_site_range;

// Something happens that needs the state.
typedef struct qhm_rest_event {
    uint32_t site;
    uint32_t pass; // to which all passes before may be run in full
    uint32_t x, z; // what strings before it do to its qubits
    double number; // in [0, 1): which operator
} qhm_rest_event;

typedef struct qhm_trajectory {
    size_t state;  // its number among those of the request's sample: its shot
    uint64_t x, z; // the string at its end, as the engine stores the state
    size_t first_event, event_count, next_event;
    qhm_random noise; // for what its measurements write
} qhm_trajectory;

typedef struct qhm_state_buffer {
    char *memory;
    qhm_rows rows;
} qhm_state_buffer;

// What a thread works in.
typedef struct qhm_shared_worker {
    atomic_bool is_taken;
    qhm_trajectory *trajectories; // [at once]
    uint32_t *order;              // [at once]
    uint64_t *signs;              // [at once][words]: items whose angles are turned
    qhm_rest_event *events;
    size_t event_capacity, event_count;
    double *arguments; // [items]
    qhm_state_buffer *buffers;
    size_t buffer_count;
    double *sums;         // [blocks + 1] of probabilities
    double *factors;      // [most operators]
    qhm_complex *entries; // [blocks][4^k] of reduced states
} qhm_shared_worker;

typedef struct qhm_shared {
    qhm_statevector *plan;
    const qhm_event_kernels *kernels;
    size_t words;           // of a trajectory's signs
    size_t at_once;         // trajectories that share
    size_t block_count;     // of amplitudes, for sums
    qhm_site_range *ranges; // [sites]
    double (*bit_flips)[2]; // [bits] of measurements that wait
    qhm_shared_worker *workers;
    size_t worker_count, bytes;
} qhm_shared;

// A circuit without measurements on the way; *shared is NULL if the wide engine cannot run it.
QHM_MUST_CHECK qhm_status qhm_shared_create(
    const qhm_backend *backend, const qhm_statevector_noise *noise, const qhm_circuit *circuit,
    const qhm_observable *const *observables, size_t observable_count,
    const qhm_plan_options *options, qhm_plan_info *information, qhm_shared **shared);
void qhm_shared_destroy(qhm_shared *shared);
size_t qhm_shared_bytes(const qhm_shared *shared);

// Shots; or, without them, expectation values of every trajectory: values [batch][trajectories]
// [observables].
QHM_MUST_CHECK qhm_status qhm_shared_run(qhm_shared *shared, const qhm_request *request,
                                         double *values);

// Makes room for a request.
QHM_MUST_CHECK qhm_status qhm_shared_reserve(qhm_shared *shared, const qhm_request *request);

// shared_draw.c: draws trajectories [first, first + count) of a sample.
QHM_MUST_CHECK qhm_status qhm_shared_draw(const qhm_shared *shared, const qhm_request *request,
                                          size_t sample, size_t setting, size_t first, size_t count,
                                          qhm_shared_worker *worker);

// shared_read.c: reads the block's psi, which may be spoilt, for these trajectories.
void qhm_shared_read(const qhm_shared *shared, const qhm_block *block, qhm_shared_worker *worker,
                     const uint32_t *group, size_t count, double *values);

#endif
