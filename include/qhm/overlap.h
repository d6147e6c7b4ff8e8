/** @file overlap.h
 *  Overlaps of two states that circuits prepare: SWAP test and its relatives.
 *
 *  None of them is a constant-cost inner product: every shot pays both preparations, and an error
 *  of epsilon takes about 1 / epsilon^2 shots.
 *
 *  @code
 *  status = qhm_overlap_circuit_create(QHM_OVERLAP_SWAP_TEST, a, b, &circuit);
 *  // run it with shots, then
 *  qhm_overlap_estimate_outcomes(QHM_OVERLAP_SWAP_TEST, outcomes, &estimate);
 *  @endcode */
#ifndef QHM_OVERLAP_H
#define QHM_OVERLAP_H

#include <qhm/circuit.h>
#include <qhm/distribution.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How an overlap of |a> and |b>, both of n qubits, is found. */
typedef enum qhm_overlap_method {
    QHM_OVERLAP_SWAP_TEST = 0, /**< |<a|b>|^2 = 2 P(0) - 1; 2 n + 1 qubits, n controlled swaps
                                  [buhrman2001] */
    QHM_OVERLAP_DESTRUCTIVE, /**< the mean of (-1)^(parity of the bitwise and of both halves) after
                                a Bell measurement of each pair; 2 n qubits, n CX
                                [garcia-escartin2013] */
    QHM_OVERLAP_INVERSION,   /**< |<a|b>|^2 = P(0...0) after a and the inverse of b; n qubits */
    QHM_OVERLAP_HADAMARD_REAL,      /**< Re <b|a> = 2 P(0) - 1, with its sign; n + 1 qubits, both
                                       preparations controlled [aharonov2006] */
    QHM_OVERLAP_HADAMARD_IMAGINARY, /**< Im <b|a>, the same with S dagger on the ancilla */
    QHM_OVERLAP_METHOD_COUNT
} qhm_overlap_method;

/** The names: "swap", "destructive", "inversion", "hadamard", "hadamard_imaginary". */
QHM_API const char *qhm_overlap_method_name(qhm_overlap_method method);

/** Creates the circuit of a test, with its measurements.
 *  @param a, b     prepare the states from |0...0>, on as many qubits, without measurements.
 *  @param circuit  free it with qhm_circuit_destroy.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (different numbers of qubits);
 *          QHM_ERROR_UNSUPPORTED (what cannot be inverted or controlled);
 *          QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_overlap_circuit_create(qhm_overlap_method method,
                                                             const qhm_circuit *a,
                                                             const qhm_circuit *b,
                                                             qhm_circuit **circuit);

/** An estimate. */
typedef struct qhm_overlap_estimate {
    double value;          /**< not clipped: estimates of 0 come out negative half of the time */
    double standard_error; /**< of chance, from the outcomes */
} qhm_overlap_estimate;

/** Estimates the overlap from outcomes of the circuit. @param outcomes  numbers of shots.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (no outcomes). */
QHM_API QHM_MUST_CHECK qhm_status qhm_overlap_estimate_outcomes(qhm_overlap_method method,
                                                                const qhm_distribution *outcomes,
                                                                qhm_overlap_estimate *estimate);

/** Shots for an error of at most `error` with the given confidence, by the normal approximation:
 *  z^2 (1 - v^2) / error^2, of the inversion test z^2 v (1 - v) / error^2.
 *  @param value       the overlap; 0 is the worst case of all but the inversion test, whose is 1/2.
 *  @param confidence  in (0, 1), such as 0.95.
 *  @return NaN for arguments out of range. */
QHM_API double qhm_overlap_shots(qhm_overlap_method method, double value, double error,
                                 double confidence);

#ifdef __cplusplus
}
#endif
#endif
