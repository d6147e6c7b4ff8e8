/** @file vqe.h
 *  The variational quantum eigensolver: weights of a circuit for which an observable's mean is
 *  least [peruzzo2014].
 *
 *  @code
 *  double weights[3] = {0};
 *  status = qhm_vqe_uccsd_create(h2, QHM_ELECTRONS_JORDAN_WIGNER, &circuit);
 *  if (status == QHM_OK)
 *      status = qhm_vqe_minimize(circuit, hamiltonian, NULL, weights, &result, &ledger);
 *  @endcode */
#ifndef QHM_VQE_H
#define QHM_VQE_H

#include <qhm/circuit.h>
#include <qhm/electronic_problem.h>
#include <qhm/ledger.h>
#include <qhm/observable.h>
#include <qhm/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How weights are improved. Those from COBYLA on are NLopt's [johnson2007]. */
typedef enum qhm_vqe_method {
    QHM_VQE_BFGS = 0,             /**< steps by an estimate of the inverse Hessian */
    QHM_VQE_ADAM = 1,             /**< as in training */
    QHM_VQE_NATURAL_GRADIENT = 2, /**< steps by the inverse of the state's metric [stokes2020] */
    QHM_VQE_SPSA = 3,             /**< two values a step, however many weights [spall1992] */
    QHM_VQE_ROTOSOLVE = 4,        /**< weight by weight to its minimum [ostaszewski2021] */
    QHM_VQE_COBYLA = 5,           /**< linear models on a simplex */
    QHM_VQE_BOBYQA = 6,           /**< quadratic models; two weights or more */
    QHM_VQE_NELDER_MEAD = 7,      /**< a simplex */
    QHM_VQE_LBFGS = 8,            /**< with gradients */
    QHM_VQE_SBPLX = 9,            /**< simplices in subspaces */
    QHM_VQE_METHOD_COUNT
} qhm_vqe_method;

/** How to minimise; zero means the default in every field. */
typedef struct qhm_vqe_options {
    qhm_vqe_method method; /**< BFGS unless another is said */
    size_t iterations;     /**< steps; sweeps of rotosolve; values of NLopt's methods; 0: 500 */
    double tolerance;      /**< of the gradient's largest entry; rotosolve: of a sweep's gain;
                              NLopt's methods: of steps in weights; 0: 1e-6 */
    double learning_rate;  /**< of adam, natural gradient and spsa; NLopt's: first step; 0: 0.1 */
    size_t frequencies;    /**< rotosolve: the energy is a sum of waves of frequency 0, 1, ... this
                              in every weight; 0: as the circuit's gates tell */
    size_t shots;          /**< for each setting and value; 0: exact, with adjoint gradients */
    uint64_t seed;         /**< of shots and spsa */
} qhm_vqe_options;

/** What was found. */
typedef struct qhm_vqe_result {
    double energy;      /**< of the last weights, exact even if shots were taken on the way */
    double gradient;    /**< its largest entry there, exact */
    size_t iterations;  /**< as in the options */
    size_t evaluations; /**< values asked for, each with its shots */
    size_t gradients;   /**< of these, with their gradients */
} qhm_vqe_result;

/** The word for a method: "natural_gradient". */
QHM_API const char *qhm_vqe_method_name(qhm_vqe_method method);

/** Minimises the mean of an observable over a circuit's weights; without any, finds the mean.
 *  @param circuit  without inputs and measurements, on the observable's qubits at least.
 *  @param options  NULL: defaults.
 *  @param weights  [weight_count] to begin with; on success those that were found. NULL: none.
 *  @param ledger   all runs are added; NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED (BOBYQA with one weight;
 *          rotosolve with weights whose gates turn by different multiples of them);
 *          QHM_ERROR_NUMERIC (a method of NLopt broke down); QHM_ERROR_RESOURCE_LIMIT;
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vqe_minimize(const qhm_circuit *circuit,
                                                   const qhm_observable *hamiltonian,
                                                   const qhm_vqe_options *options, double *weights,
                                                   qhm_vqe_result *result, qhm_ledger *ledger);

/** The Fubini-Study metric of a circuit's state, g_ij = Re(<d_i|d_j> - <d_i|s><s|d_j>): a quarter
 * of the quantum Fisher information [stokes2020].
 *  @param weights  [weight_count]
 *  @param metric   [weight_count][weight_count]
 *  @param ledger   all runs are added; NULL: not wanted.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (inputs); QHM_ERROR_RESOURCE_LIMIT;
 *          QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: four runs for each gate with a weight, and a state for each weight. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vqe_metric(const qhm_circuit *circuit, const double *weights,
                                                 double *metric, qhm_ledger *ledger);

/** The excitations of one or two electrons from the first determinant's orbitals to others, which
 *  keep the numbers of electrons of each spin. */
QHM_API size_t qhm_vqe_excitation_count(const qhm_electronic_problem *problem);

/** Appends exp(weight (T - T')) of an excitation T, T' its adjoint: 2 rotations of Pauli strings
 *  for one electron, 8 for two, which commute.
 *  @param excitation  less than qhm_vqe_excitation_count; those of one electron come first.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vqe_append_excitation(const qhm_electronic_problem *problem,
                                                            qhm_electron_map map, size_t excitation,
                                                            uint32_t weight, qhm_circuit *circuit);

/** Creates the circuit of the first determinant: X where its bits are set.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (a map that leaves no qubit);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vqe_reference_create(const qhm_electronic_problem *problem,
                                                           qhm_electron_map map,
                                                           qhm_circuit **circuit);

/** Creates the unitary coupled-cluster circuit of all these excitations, one after another, those
 * of two electrons first: one step of Trotter's formula. All weights 0: the first determinant.
 *  @return as qhm_vqe_append_excitation. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vqe_uccsd_create(const qhm_electronic_problem *problem,
                                                       qhm_electron_map map, qhm_circuit **circuit);

/** What a growing circuit may choose from. */
typedef enum qhm_vqe_pool {
    QHM_VQE_POOL_EXCITATIONS = 0, /**< those of qhm_vqe_append_excitation */
    QHM_VQE_POOL_GENERALISED = 1  /**< from any orbitals to any others, full or empty at first */
} qhm_vqe_pool;

/** How a circuit grows; zero means the default in every field. */
typedef struct qhm_vqe_adapt_options {
    qhm_vqe_pool pool;         /**< the larger one ends nearer to the exact energy */
    double threshold;          /**< stop when no excitation's gradient is above; 0: 1e-3 */
    size_t most;               /**< excitations at most; 0: 100 */
    qhm_vqe_options optimizer; /**< after each */
} qhm_vqe_adapt_options;

/** ADAPT-VQE [grimsley2019]: of all excitations the one with the largest gradient is appended, all
 *  weights are fitted, and so on. Where none is above the threshold at first, the circuit is that
 *  of the first determinant.
 *  @param options  NULL: defaults.
 *  @param circuit  the circuit; qhm_circuit_destroy it.
 *  @param weights  [weight_count of it]; qhm_vqe_weights_destroy them.
 *  @param result   of the last fit; its counts are of all.
 *  @return as qhm_vqe_minimize. */
QHM_API QHM_MUST_CHECK qhm_status qhm_vqe_adapt(const qhm_electronic_problem *problem,
                                                qhm_electron_map map,
                                                const qhm_observable *hamiltonian,
                                                const qhm_vqe_adapt_options *options,
                                                qhm_circuit **circuit, double **weights,
                                                qhm_vqe_result *result, qhm_ledger *ledger);

/** Frees weights; NULL is fine. */
QHM_API void qhm_vqe_weights_destroy(double *weights);

#ifdef __cplusplus
}
#endif
#endif
