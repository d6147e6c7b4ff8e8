/** @file accelerator.h
 *  Classical accelerators as contestants: joules and seconds of an operation, with sources.
 *
 *  Digital, neuromorphic, photonic and analog-optical machines, each with what its maker or a
 *  paper says that an operation takes. Operations differ: a FLOP of 64 bits, a multiplication or
 *  addition of 8 bits, a synaptic event. The row says which. */
#ifndef QHM_ACCELERATOR_H
#define QHM_ACCELERATOR_H

#include <qhm/device.h>
#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One accelerator with one kind of operation. */
typedef struct qhm_accelerator {
    const char *name;      /**< "h100-fp64" */
    const char *title;     /**< "NVIDIA H100 SXM, FP64 tensor cores" */
    const char *operation; /**< what is counted: "64-bit floating-point operation" */
    double joules_per_operation;
    double operations_per_second; /**< at its peak; NaN: not published */
    double watts;                 /**< of the whole; NaN: not published */
    double bytes_per_second;      /**< of its memory; NaN: not published */
    qhm_figure_status status;
    const char *source;
} qhm_accelerator;

/** The accelerators, [*count]. */
QHM_API const qhm_accelerator *qhm_accelerators(size_t *count);

/** Finds an accelerator by its name.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND, whose message suggests the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_accelerator_find(const char *name,
                                                       const qhm_accelerator **accelerator);

/** What operations take at the accelerator's peak, which no real program reaches.
 *  @param seconds  NaN if its speed is not published; NULL: not wanted.
 *  @param joules   NULL: not wanted. */
QHM_API void qhm_accelerator_cost(const qhm_accelerator *accelerator, double operations,
                                  double *seconds, double *joules);

/** What one gate takes on a state vector of 16 bytes an amplitude that the memory's speed limits:
 *  all of it is read and written once. NaN if that speed or the power is not published. */
QHM_API void qhm_accelerator_gate_cost(const qhm_accelerator *accelerator, size_t qubits,
                                       double *seconds, double *joules);

#ifdef __cplusplus
}
#endif
#endif
