// A circuit as turns (any maps of one qubit, fused) and maps of several qubits.
#ifndef QHM_SIMULATE_DENSITY_PROGRAM_H
#define QHM_SIMULATE_DENSITY_PROGRAM_H

#include "base/status_internal.h"
#include "simulate/density/density_kernels.h"

#include <qhm/circuit.h>

#define QHM_DENSITY_NONE SIZE_MAX
#define QHM_DENSITY_NO_ANGLE UINT32_MAX

// A factor of a turn: a rotation by scale * (value of an angle of the circuit) + offset, or
// constant.
typedef struct qhm_density_factor {
    unsigned axis;  // 1 to 3: X, Y, Z; 0: constant
    uint32_t angle; // its number in circuit order, or QHM_DENSITY_NO_ANGLE
    double scale, offset;
    double constant[QHM_TURN_ENTRIES];
} qhm_density_factor;

// A product of factors, the first first.
typedef struct qhm_density_turn {
    size_t first, count; // factors
    bool is_constant;    // no angle
    bool uses_input, uses_weight;
} qhm_density_turn;

typedef enum qhm_density_kind {
    QHM_DENSITY_PAIR,  // turns on two qubits, then perhaps a map that is a scaled permutation
    QHM_DENSITY_TURN,  // a turn on one
    QHM_DENSITY_SPARSE // any map
} qhm_density_kind;

// What is done in one visit of all coefficients.
typedef struct qhm_density_op {
    qhm_density_kind kind;
    unsigned qubit_count;
    uint32_t lines[QHM_DENSITY_MAP_QUBITS]; // qubits as they lie: swaps only rename them
    size_t turns[2];                        // or QHM_DENSITY_NONE
    bool has_map;
    uint8_t targets[16]; // PAIR: row k goes to targets[k] times factors[k]
    double factors[16];
    uint32_t *starts; // SPARSE: see qhm_sparse_map; and the same transposed
    uint8_t *columns;
    double *values;
    uint32_t *back_starts;
    uint8_t *back_columns;
    double *back_values;
} qhm_density_op;

typedef struct qhm_density_program {
    qhm_density_factor *factors;
    size_t factor_count, factor_capacity;
    qhm_density_turn *turns;
    size_t turn_count, turn_capacity;
    qhm_density_op *ops;
    size_t op_count, op_capacity;
    size_t longest_turn; // factors
    uint32_t *lines;     // [qubits] at the end
    size_t qubit_count;
    size_t bytes; // beside the arrays above
} qhm_density_program;

// Of a circuit without conditions and operations on classical bits. is_dephased [instructions]: the
// measurements that do not wait until the end. QHM_ERROR_OUT_OF_MEMORY; errors of
// qhm_circuit_expand, for gates on more than four qubits.
QHM_MUST_CHECK qhm_status qhm_density_program_create(const qhm_circuit *circuit,
                                                     const bool *is_dephased,
                                                     qhm_density_program *program);
void qhm_density_program_release(qhm_density_program *program);
size_t qhm_density_program_bytes(const qhm_density_program *program);

#endif
