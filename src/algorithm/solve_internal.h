// What the files of the problem "solve" share: the system as given, and as it is run.
#ifndef QHM_ALGORITHM_SOLVE_INTERNAL_H
#define QHM_ALGORITHM_SOLVE_INTERNAL_H

#include "algorithm/algorithm_internal.h"

#include <qhm/circuit.h>
#include <qhm/linear_solver.h>
#include <qhm/random.h>

enum { QHM_MOST_SYSTEM = 4, QHM_MOST_SIZE = 1 << QHM_MOST_SYSTEM };

typedef enum qhm_solve_method { QHM_SOLVE_PHASES = 1, QHM_SOLVE_VARIATIONAL } qhm_solve_method;

typedef struct qhm_solve_options {
    const qhm_node *matrix, *b, *property;
    int method, cost;
    size_t clock_qubits, shots, layers;
    double time, constant, error;
} qhm_solve_options;

// a [size][size] x = b as it was given, and the system of 2^n equations that is run.
typedef struct qhm_linear_system {
    const qhm_solve_options *options;
    double *a, *b, *property; // property [size][size], NULL: none is asked for
    size_t size;
    double padded[QHM_MOST_SIZE * QHM_MOST_SIZE], right[QHM_MOST_SIZE];
    size_t qubits, first;          // x is what stands from `first` on
    double x[QHM_MOST_SIZE];       // the opponent's
    double largest, least, length; // singular values, |b|
    qhm_linear_solver_options solver;
} qhm_linear_system;

// How x is in a circuit's state: in the first qubits, where the others show `kept`, x / scale.
typedef struct qhm_solve_state {
    const qhm_circuit *circuit;
    uint64_t kept;  // of the qubits after the system's
    uint64_t loads; // of b, in a run
    double scale;   // |x| = scale sqrt(P(kept))
    double scale_error;
} qhm_solve_state;

// A number that was measured.
typedef struct qhm_solve_reading {
    double value, standard_error;
    double variance; // with one shot in each setting
    size_t settings;
} qhm_solve_reading;

// Measures the mean of a symmetric matrix [2^qubits][2^qubits] over kept runs and 0 over others,
// string by string in settings, `shots` in each: equal streams give the same runs of equal
// settings. Loads are charged to every run.
QHM_MUST_CHECK qhm_status qhm_solve_read(const qhm_linear_system *system,
                                         const qhm_solve_state *state, const double *matrix,
                                         qhm_random random, qhm_ledger *ledger,
                                         qhm_solve_reading *reading);

// Measures x' M x, if it is asked for, and tells what it and the whole vector cost.
QHM_MUST_CHECK qhm_status qhm_solve_property(const qhm_linear_system *system,
                                             const qhm_solve_state *state, uint64_t seed,
                                             qhm_result *result);

// The streams of its readings.
enum { QHM_SOLVE_STREAM = 0x736f6c76, QHM_SOLVE_LENGTH = 0, QHM_SOLVE_SQUARES, QHM_SOLVE_PROPERTY };

// The methods.
QHM_MUST_CHECK qhm_status qhm_solve_by_phases(const qhm_problem *problem, qhm_linear_system *system,
                                              qhm_result *result);
QHM_MUST_CHECK qhm_status qhm_solve_by_variation(const qhm_problem *problem,
                                                 qhm_linear_system *system, qhm_result *result);

#endif
