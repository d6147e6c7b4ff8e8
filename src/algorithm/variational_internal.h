// The circuits of the variational solver, for its two files.
#ifndef QHM_ALGORITHM_VARIATIONAL_INTERNAL_H
#define QHM_ALGORITHM_VARIATIONAL_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/variational_solver.h>

// U [2^n][2^n], row-major and real, whose first column is b / |b|: that of the circuit.
QHM_MUST_CHECK qhm_status qhm_variational_load_matrix(size_t qubit_count, const double *b,
                                                      double *matrix);

// What a chip would execute for all evaluations in `solved`, whose strings and tests it fills in.
QHM_MUST_CHECK qhm_status qhm_variational_charge(size_t qubit_count, const double *matrix,
                                                 const double *b,
                                                 const qhm_variational_solver_options *options,
                                                 qhm_variational_solved *solved,
                                                 qhm_ledger *ledger);

#endif
