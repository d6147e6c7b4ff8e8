/** @file quantum_kernel.h
 *  Quantum kernels: similarities of data points as a feature-map circuit sees them.
 *
 *  The fidelity kernel is |⟨phi(y)|phi(x)⟩|^2 [havlicek2019], the projected kernel
 *  exp(-gamma sum_k |rho_k(x) - rho_k(y)|_F^2) over the one-qubit reduced states [huang2021].
 *  Every point is simulated once, in batches; the matrix is then a matrix product, not a circuit
 *  a pair.
 *
 *  @code
 *  status = qhm_quantum_kernel_create(feature_map, NULL, &kernel);
 *  status = qhm_quantum_kernel_run(kernel, train, 100, NULL, 0, gram);           // [100][100]
 *  status = qhm_quantum_kernel_run(kernel, test, 1000, train, 100, test_gram);   // [1000][100]
 *  @endcode */
#ifndef QHM_QUANTUM_KERNEL_H
#define QHM_QUANTUM_KERNEL_H

#include <qhm/circuit.h>
#include <qhm/options.h>
#include <qhm/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which similarity; numbered as an option table's choice is. */
typedef enum qhm_quantum_kernel_type {
    QHM_QUANTUM_KERNEL_FIDELITY = 1, /**< |⟨phi(y)|phi(x)⟩|^2 */
    QHM_QUANTUM_KERNEL_PROJECTED = 2 /**< exp(-gamma sum_k |rho_k(x) - rho_k(y)|_F^2) */
} qhm_quantum_kernel_type;

/** Options of qhm_quantum_kernel_create; zero means the default in every field. */
typedef struct qhm_quantum_kernel_options {
    int type;                  /**< a qhm_quantum_kernel_type; 0: fidelity */
    double gamma;              /**< of the projected kernel, above 0; 0: 1 */
    size_t shots;              /**< fidelity: repetitions a pair; projected: repetitions a point and
                                    measurement setting; 0: exact values */
    uint64_t seed;             /**< of the shots */
    const char *backend;       /**< NULL: "statevector" */
    qhm_precision precision;   /**< of the states; sums are float64 */
    size_t memory_limit_bytes; /**< refuse what needs more; 0: what the machine can give */
} qhm_quantum_kernel_options;

/** The table of qhm_quantum_kernel_options' fields, ending with a row without a name. */
QHM_API const qhm_option_info *qhm_quantum_kernel_option_table(void);

/** A feature map prepared for kernels. */
typedef struct qhm_quantum_kernel qhm_quantum_kernel;

/** Prepares a kernel.
 *  @param feature_map  with input slots and no weight slots (bind them first), without
 *                      measurement; copied.
 *  @param options      NULL: all defaults.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_UNSUPPORTED (the circuit measures,
 *          resets or has conditions); QHM_ERROR_NOT_FOUND (no such backend);
 *          QHM_ERROR_RESOURCE_LIMIT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_quantum_kernel_create(const qhm_circuit *feature_map, const qhm_quantum_kernel_options *options,
                          qhm_quantum_kernel **kernel);

/** Frees a kernel; NULL is fine. */
QHM_API void qhm_quantum_kernel_destroy(qhm_quantum_kernel *kernel);

/** The number of features of a point: the input slots of the feature map. */
QHM_API size_t qhm_quantum_kernel_input_count(const qhm_quantum_kernel *kernel);

/** What simulating one point takes; borrowed. */
QHM_API const qhm_plan_info *qhm_quantum_kernel_plan_information(const qhm_quantum_kernel *kernel);

/** Computes a kernel matrix.
 *
 *  Among the points x themselves (y NULL) the matrix is exactly symmetric with a diagonal of
 *  exactly 1. Shots make the estimate of a fidelity matrix indefinite; its negative eigenvalues
 *  are then set to 0 and its rows and columns scaled back to the unit diagonal, as a support
 *  vector machine needs. Between x and y the sampled entries stay as they came: with S shots, of
 *  standard deviation sqrt(k (1 - k) / S). In a projected kernel the points y have the same
 *  outcomes that they had as the x of an earlier call: they are measured once.
 *
 *  @param x    [x_count][input_count], finite.
 *  @param y    [y_count][input_count], finite; NULL: x with itself, and y_count is not read.
 *  @param out  [x_count][y_count], or [x_count][x_count].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_RESOURCE_LIMIT (the states do not fit in
 *          memory: 16 bytes * 2^n a point); QHM_ERROR_OUT_OF_MEMORY.
 *
 *  Cost: x_count + y_count circuits, and 8 * 2^n flops a pair (fidelity) or 9 n (projected);
 *  sampling S shots of a pair costs about S / 4 random words; the repair n^3. */
QHM_API QHM_MUST_CHECK qhm_status qhm_quantum_kernel_run(qhm_quantum_kernel *kernel,
                                                         const double *x, size_t x_count,
                                                         const double *y, size_t y_count,
                                                         double *out);

/** Counts what the kernel has run since it was made, as a chip would have to.
 *
 *  Of a fidelity kernel every pair of different points is a circuit: the feature map of one point,
 *  the inverse of the other's, and a measurement of all qubits; two state preparations. Of a
 *  projected kernel every point is one in each of its measurement settings.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_quantum_kernel_ledger(const qhm_quantum_kernel *kernel,
                                                            qhm_ledger *ledger);

/** How far a kernel matrix is from being the same for every pair. */
typedef struct qhm_kernel_concentration {
    double mean, variance;    /**< of the entries off the diagonal; the variance over pairs */
    double smallest, largest; /**< of the same */
} qhm_kernel_concentration;

/** Examines the entries above the diagonal of a symmetric matrix.
 *
 *  A variance that falls exponentially in the qubits means that exponentially many shots are
 *  needed to tell points apart [thanasilp2024].
 *  @param gram  [count][count], finite; count is at least 2.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_quantum_kernel_concentration(
    const double *gram, size_t count, qhm_kernel_concentration *concentration);

#ifdef __cplusplus
}
#endif
#endif
