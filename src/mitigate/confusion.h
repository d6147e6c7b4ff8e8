// Confusion matrices of readout, inverted: qubit by qubit, among observed strings, or whole.
#ifndef QHM_MITIGATE_CONFUSION_H
#define QHM_MITIGATE_CONFUSION_H

#include "base/status_internal.h"

#include <qhm/distribution.h>
#include <qhm/mitigation.h>

enum { QHM_TENSORED_MAX_QUBITS = 12, QHM_CORRELATED_MAX_QUBITS = 8 };

// Refuses flips [count] that are no probabilities or leave nothing to read.
QHM_MUST_CHECK qhm_status qhm_flips_check(size_t count, const double (*flips)[2]);

// What a read 0 and a read 1 of a qubit say of Z.
void qhm_flips_recover(const double flips[2], double values[2]);

// A square matrix that is solved with: columns add up to 1.
typedef struct qhm_confusion {
    size_t count;   // of strings
    double *matrix; // [count][count] LU factors; NULL: by iteration
    int *pivots;
    // By iteration, or while the matrix is filled: the observed strings and what reads them.
    size_t words, distance;
    uint64_t *strings;   // [count][words]
    double (*ratios)[2]; // [qubits] p(wrong) / p(right) when the bit is 0 and 1
    double *right;       // [count] probability that a string is read as it is
    double *scale;       // [count] of columns, so that each adds up to 1
    double *work;        // of GMRES
} qhm_confusion;

void qhm_confusion_release(qhm_confusion *c);

// Among the strings of `outcomes`. QHM_ERROR_RESOURCE_LIMIT above 65,536 strings.
QHM_MUST_CHECK qhm_status qhm_confusion_create_subspace(const qhm_readout_options *options,
                                                        const qhm_distribution *outcomes,
                                                        qhm_confusion *c);

// All of matrix [count][count].
QHM_MUST_CHECK qhm_status qhm_confusion_create_whole(size_t count, const double *matrix,
                                                     qhm_confusion *c);

// b [count] becomes the inverse, or its transpose, times b.
QHM_MUST_CHECK qhm_status qhm_confusion_solve(qhm_confusion *c, bool transposed, double *b);

// The 1-norm of the inverse: exactly up to 256 strings, else a lower bound by Hager's search,
// mostly exact [hager1984].
QHM_MUST_CHECK qhm_status qhm_confusion_inverse_norm(qhm_confusion *c, double *norm);

#endif
