/** @file svm.h
 *  Support vector classification over LIBSVM: linear, RBF or any precomputed (quantum) kernel.
 *
 *  Chang, Lin: LIBSVM, a library for support vector machines [chang2011]. Several classes are
 *  told apart pair by pair with votes. The same input gives the same bits. LIBSVM's progress is
 *  silenced, but for one warning that it writes to stderr itself, when it stops after 10 million
 *  steps: a linear kernel with a large cost on data that no plane separates. The machine is then
 *  approximate; a lower cost fits sooner and tells as much. */
#ifndef QHM_SVM_H
#define QHM_SVM_H

#include <qhm/options.h>
#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kernel of a machine. */
typedef enum qhm_svm_kernel {
    QHM_SVM_LINEAR = 1,     /**< x · y */
    QHM_SVM_RBF = 2,        /**< exp(-gamma |x - y|^2) */
    QHM_SVM_PRECOMPUTED = 3 /**< rows are kernel values with the training rows */
} qhm_svm_kernel;

/** How a machine is fitted. A zero field means its default. */
typedef struct qhm_svm_options {
    int kernel;   /**< qhm_svm_kernel; default RBF */
    double cost;  /**< C, the price of an error; default 1 */
    double gamma; /**< of the RBF kernel; default 1 / (width · variance of all numbers) */
} qhm_svm_options;

/** The table of qhm_svm_options, for run files, help and manifests. */
QHM_API const qhm_option_info *qhm_svm_option_table(void);

/** A fitted machine. It is only read after the fit, so threads may share it. */
typedef struct qhm_svm qhm_svm;

/** Fits a machine.
 *
 *  @param rows    [count][width]; for a precomputed kernel width is count and rows is symmetric.
 *  @param labels  [count] classes; any numbers, at least two different ones.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (an option, one class only, a precomputed kernel that
 *          is not square); QHM_ERROR_NUMERIC (a number that is not finite);
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: between count^2 and count^3 kernel values;
 *          memory 16 · count · width bytes and a cache of 100 MB. */
QHM_API QHM_MUST_CHECK qhm_status qhm_svm_fit(const double *rows, const size_t *labels,
                                              size_t count, size_t width,
                                              const qhm_svm_options *options, qhm_svm **out_svm);

/** Frees a machine; NULL is fine. */
QHM_API void qhm_svm_destroy(qhm_svm *svm);

/** The number of support vectors. */
QHM_API size_t qhm_svm_support_count(const qhm_svm *svm);

/** Predicts classes.
 *
 *  @param rows         [count][width], width as in the fit; for a precomputed kernel the values
 * with every training row.
 *  @param[out] labels  [count].
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (another width); QHM_ERROR_NUMERIC;
 *          QHM_ERROR_OUT_OF_MEMORY. Cost: count · support vectors · width. */
QHM_API QHM_MUST_CHECK qhm_status qhm_svm_forward(const qhm_svm *svm, const double *rows,
                                                  size_t count, size_t width, size_t *labels);

#ifdef __cplusplus
}
#endif
#endif
