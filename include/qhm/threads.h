/** @file threads.h
 *  How many threads QHM uses. Results have the same bits for any number. */
#ifndef QHM_THREADS_H
#define QHM_THREADS_H

#include <qhm/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Sets the number of threads for work started from the calling thread.
 *
 *  @param count  1 to 1024, or 0 for the default (OMP_NUM_THREADS, else all cores).
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT. */
QHM_API QHM_MUST_CHECK qhm_status qhm_threads_set_count(unsigned count);

/** The number of threads that work started from the calling thread will use. */
QHM_API unsigned qhm_threads_count(void);

#ifdef __cplusplus
}
#endif
#endif
