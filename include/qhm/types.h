/** @file types.h
 *  Plain values that several topics share. */
#ifndef QHM_TYPES_H
#define QHM_TYPES_H

#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A complex number with the layout of C99 `double _Complex` and NumPy complex128. */
typedef struct qhm_complex {
    double re; /**< real part */
    double im; /**< imaginary part */
} qhm_complex;

/** A Pauli matrix. */
typedef enum qhm_pauli {
    QHM_PAULI_I = 0,
    QHM_PAULI_X = 1,
    QHM_PAULI_Y = 2,
    QHM_PAULI_Z = 3
} qhm_pauli;

/** An estimate with its confidence limits; NaN where nothing is known. */
typedef struct qhm_interval {
    double mean, lower, upper;
} qhm_interval;

/** The floating-point type of states and arrays, chosen at run time. */
typedef enum qhm_precision { QHM_FLOAT64 = 0, QHM_FLOAT32 = 1 } qhm_precision;

/** Frees a string that QHM handed over; NULL is fine. */
QHM_API void qhm_string_destroy(char *string);

#ifdef __cplusplus
}
#endif
#endif
