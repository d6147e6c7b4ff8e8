// Angles of QAOA for any mixer, fitted to the mean cost or to the mean of the lowest costs.
#ifndef QHM_ALGORITHM_QAOA_SEARCH_H
#define QHM_ALGORITHM_QAOA_SEARCH_H

#include "base/status_internal.h"

#include <qhm/ising.h>
#include <qhm/ledger.h>
#include <qhm/qaoa.h>

enum { QHM_QAOA_MOST_LAYERS = 20 };

typedef struct qhm_qaoa_search {
    const qhm_ising *ising;
    qhm_qaoa_circuit_options shape; // its layers are those wanted
    double share;                   // of the lowest costs whose mean is lowered; 1: the mean cost
    double angles[2 * QHM_QAOA_MOST_LAYERS];
    double value;           // what was lowered, at the angles
    size_t runs, gradients; // exact circuits, and those that gave a gradient too
} qhm_qaoa_search;

// The root mean square of couplings and fields, of which 1 / gamma is a multiple.
double qhm_qaoa_scale(const qhm_ising *ising, double *mean_degree);

// Fails where that is below 1e-100: gradients of fits would vanish, or gammas would not be finite.
QHM_MUST_CHECK qhm_status qhm_qaoa_require_scale(const qhm_ising *ising);

// One layer from a grid, each further one from the last by interpolation; exact gradients of means,
// differences of lowest means. The ledger counts each run as an exact circuit.
QHM_MUST_CHECK qhm_status qhm_qaoa_search_run(qhm_qaoa_search *search, qhm_ledger *ledger);

// All probabilities at given angles: [2^n].
QHM_MUST_CHECK qhm_status qhm_qaoa_find_probabilities(const qhm_ising *ising,
                                                      const qhm_qaoa_circuit_options *shape,
                                                      const double *angles, double *probabilities);

#endif
