// Threads, behind one primitive: a serial function over [first, last). OpenMP is in parallel.c
// alone.
#ifndef QHM_BASE_PARALLEL_H
#define QHM_BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

typedef void qhm_range_work(size_t first, size_t last, void *context);
typedef double qhm_range_sum(size_t first, size_t last, void *context);

// Runs work over [0, count) in blocks of `block` items (the last may be shorter). Which thread
// runs which block is not fixed, but the blocks are: they depend on count and block only, so
// per-block results have the same bits for any number of threads. Serial inside another
// parallel_for, when there is one block, or when one thread is set. BLAS inside runs serially.
void qhm_parallel_for(size_t count, size_t block, qhm_range_work *work, void *context);

// The sum of work over the blocks, added in block order: the same bits for any thread count.
// At most 256 blocks are used; block is raised to keep to that.
double qhm_parallel_sum(size_t count, size_t block, qhm_range_sum *work, void *context);

// True while the calling thread is inside a parallel_for that runs on several threads.
bool qhm_parallel_is_nested(void);

// The public face of these three is <qhm/threads.h>.
unsigned qhm_parallel_thread_count(void);
void qhm_parallel_set_thread_count(unsigned count); // of the calling thread; at least 1
unsigned qhm_parallel_core_count(void);             // that this process may use

// Runs work(context) while no other thread is inside another qhm_parallel_exclusive.
void qhm_parallel_exclusive(void (*work)(void *context), void *context);

// Between these two, BLAS and LAPACK run on the calling thread alone: a threaded BLAS may
// round differently for each number of threads. begin returns what end needs.
int qhm_serial_begin(void);
void qhm_serial_end(int token);

#endif
