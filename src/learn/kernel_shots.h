// Kernel matrices from a finite number of shots: sampled, then made fit for a kernel machine.
#ifndef QHM_LEARN_KERNEL_SHOTS_H
#define QHM_LEARN_KERNEL_SHOTS_H

#include "base/status_internal.h"

#include <qhm/random.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How many of `trials` independent events of this probability happened: exact to 2^-53.
// Cost: about trials / 8 words of 64 bits.
uint64_t qhm_random_binomial(qhm_random *random, uint64_t trials, double probability);

// Copies the upper triangle of matrix [n][n] to the lower one and sets the diagonal to 1.
void qhm_kernel_symmetrise(double *matrix, size_t n);

// Replaces every probability of matrix [rows][columns] by its estimate from shots, with a stream
// for each entry. A Gram matrix is sampled above the diagonal and mirrored.
void qhm_kernel_sample(double *matrix, size_t rows, size_t columns, bool is_gram, size_t shots,
                       uint64_t seed);

// repaired [n][n] is sampled [n][n], symmetric with a unit diagonal, with its negative eigenvalues
// set to 0 and its rows and columns scaled back to the unit diagonal. Written on success only.
// QHM_ERROR_NUMERIC; QHM_ERROR_OUT_OF_MEMORY. Cost: n^3.
QHM_MUST_CHECK qhm_status qhm_kernel_repair(const double *sampled, size_t n, double *repaired);

#endif
