// What the parts of the bench share: circuits, and subjects that can be run again and again.
#ifndef QHM_BENCH_INTERNAL_H
#define QHM_BENCH_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/bench.h>

enum { QHM_BENCH_ANSATZ_LAYERS = 10, QHM_BENCH_COST_LAYERS = 4, QHM_BENCH_STEP_LAYERS = 4 };

// The numbers of qubits that a workload can have.
QHM_MUST_CHECK qhm_status qhm_bench_check_qubits(qhm_bench_workload workload, size_t qubits);

// Layers of RY and RZ on every qubit and a CX chain; slots from 0, layer by layer.
QHM_MUST_CHECK qhm_status qhm_bench_append_layers(qhm_circuit *circuit, size_t layers,
                                                  qhm_slot slot);

// The circuit of a workload with its input slots open, where it has any.
QHM_MUST_CHECK qhm_status qhm_bench_open_circuit_create(qhm_bench_workload workload, size_t qubits,
                                                        qhm_circuit **circuit);

// Gates on one and two qubits with noise after each.
QHM_MUST_CHECK qhm_status qhm_bench_noisy_circuit_create(const qhm_circuit *gates,
                                                         qhm_circuit **noisy);

enum {
    QHM_BENCH_QAOA_LAYERS = 4,
    QHM_BENCH_QAOA_DEGREE = 3,
    QHM_BENCH_MOST_QUBITS = 40,
    QHM_BENCH_MOST_EDGES = QHM_BENCH_QAOA_DEGREE * QHM_BENCH_MOST_QUBITS / 2
};

// A graph of degree 3, and the angles of the layers' RZZ and RX.
typedef struct qhm_bench_qaoa {
    size_t edge_count, edges[QHM_BENCH_MOST_EDGES][2];
    double cost[QHM_BENCH_QAOA_LAYERS], mixer[QHM_BENCH_QAOA_LAYERS];
} qhm_bench_qaoa;

void qhm_bench_draw_qaoa(size_t qubits, qhm_bench_qaoa *drawn);

// Shots of the workload by trajectories.
enum { QHM_BENCH_SHOTS = 32 };

// Both workloads with noise.
bool qhm_bench_is_noisy(qhm_bench_workload workload);

// How readout of each qubit fails there: p(1|0), p(0|1).
#define QHM_BENCH_READOUT_FLIPS                                                                    \
    {                                                                                              \
        0.01, 0.03                                                                                 \
    }

// The angles of all samples, sample 0 first.
void qhm_bench_draw_angles(size_t qubits, double *angles, size_t count);

// What a row measures. The state is made from the row's workload, precision, qubits and batch.
typedef struct qhm_bench_subject {
    qhm_status (*create)(qhm_bench_row *row, void **state); // fills gates
    qhm_status (*run)(void *state);                         // one call
    // Operations of one sample that qhm_plan_flops counts; 0: none.
    double (*flops)(const void *state);
    // What was computed, as qhm_bench_row.values has it; qhm_release them.
    qhm_status (*values)(void *state, double **values, size_t *count);
    void (*destroy)(void *state);
} qhm_bench_subject;

extern const qhm_bench_subject qhm_bench_plan_subject; // plan_subject.c: all that are circuits
extern const qhm_bench_subject qhm_bench_qaoa_subject; // qaoa_subject.c
extern const qhm_bench_subject qhm_bench_step_subject; // training_step.c

#endif
