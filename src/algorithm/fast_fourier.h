// The fast Fourier transform, radix 2, in one order throughout: the opponent of the circuit.
#ifndef QHM_ALGORITHM_FAST_FOURIER_H
#define QHM_ALGORITHM_FAST_FOURIER_H

#include "base/status_internal.h"

#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>

// What is prepared once for a size and a sign.
typedef struct qhm_fast_fourier {
    size_t size;
    qhm_complex *roots; // [size / 2]
    qhm_complex *work;  // [size]
} qhm_fast_fourier;

// Of 2^bits numbers, with exp(2 pi i j k / size), or its inverse's sign. Destroy it in any case.
QHM_MUST_CHECK qhm_status qhm_fast_fourier_create(size_t bits, bool is_inverse,
                                                  qhm_fast_fourier *fourier);

void qhm_fast_fourier_destroy(qhm_fast_fourier *fourier);

// data [size] becomes its transform divided by sqrt(size): unitary, as the circuit is.
void qhm_fast_fourier_run(const qhm_fast_fourier *fourier, qhm_complex *data);

#endif
