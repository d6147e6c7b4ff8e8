// The energy of a circuit's weights as a function, and the methods that minimise it.
#ifndef QHM_ALGORITHM_VQE_INTERNAL_H
#define QHM_ALGORITHM_VQE_INTERNAL_H

#include "algorithm/bfgs.h"

#include <qhm/backend.h>
#include <qhm/plan.h>
#include <qhm/vqe.h>

// A circuit ready to be run for one observable.
typedef struct qhm_energy {
    const qhm_circuit *circuit;
    qhm_backend *backend;
    qhm_plan *plan;
    size_t weight_count, shots;
    uint64_t seed, step;
    size_t evaluations, gradients;
} qhm_energy;

QHM_MUST_CHECK qhm_status qhm_energy_open(const qhm_circuit *circuit,
                                          const qhm_observable *hamiltonian, size_t shots,
                                          uint64_t seed, qhm_energy *energy);
// Adds what was run to the ledger, which may be NULL.
QHM_MUST_CHECK qhm_status qhm_energy_count(const qhm_energy *energy, qhm_ledger *ledger);
void qhm_energy_close(qhm_energy *energy);

// A qhm_bfgs_function whose context is a qhm_energy; gradient may be NULL.
QHM_MUST_CHECK qhm_status qhm_energy_run(void *context, const double *x, double *value,
                                         double *gradient);

// The choices of a growing circuit, and one of them appended as by qhm_vqe_append_excitation.
size_t qhm_vqe_pool_count(const qhm_electronic_problem *problem, qhm_vqe_pool pool);
QHM_MUST_CHECK qhm_status qhm_vqe_pool_append(const qhm_electronic_problem *problem,
                                              qhm_electron_map map, qhm_vqe_pool pool, size_t index,
                                              uint32_t weight, qhm_circuit *circuit);

// The waves of the energy in each weight: frequencies unit[i], 2 unit[i] to count[i] unit[i].
QHM_MUST_CHECK qhm_status qhm_energy_waves(const qhm_circuit *circuit, double *unit, size_t *count);

// Methods for any function; `gradient` of it may be asked for by lbfgs alone. All change x.
QHM_MUST_CHECK qhm_status qhm_spsa(size_t count, qhm_bfgs_function *function, void *context,
                                   const qhm_vqe_options *options, double *x, size_t *iterations);
QHM_MUST_CHECK qhm_status qhm_rotosolve(size_t count, qhm_bfgs_function *function, void *context,
                                        const qhm_vqe_options *options, const double *unit,
                                        const size_t *waves, double *x, size_t *iterations);
QHM_MUST_CHECK qhm_status qhm_nlopt_minimize(size_t count, qhm_bfgs_function *function,
                                             void *context, const qhm_vqe_options *options,
                                             double *x, size_t *iterations);

#endif
