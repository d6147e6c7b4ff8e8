// What the machine can do at most: multiply-adds from registers, and sweeps over memory.
#ifndef QHM_BENCH_MACHINE_LIMITS_H
#define QHM_BENCH_MACHINE_LIMITS_H

#include <qhm/types.h>
#include <stdbool.h>
#include <stddef.h>

// One table per precision and instruction set.
typedef struct qhm_machine_kernels {
    // Multiply-adds in independent chains of registers; returns what they come to, so that none
    // can be left out.
    double (*multiply_add)(size_t rounds);
    size_t round_operations; // of one round, a fused one counted as two
    // Reads and writes count numbers in place.
    void (*sweep)(void *numbers, size_t count);
} qhm_machine_kernels;

// Monotonic.
double qhm_bench_now_seconds(void);

// Operations per second of all threads at once.
double qhm_machine_peak(qhm_precision precision, unsigned threads);

// Seconds to read and write `bytes` once, in place. `array` has room for them; `each`: for as many
// bytes times threads, and the threads take one such array each, so that it is the time per array
// divided by the threads. Else the threads share one array, unless one alone is faster.
double qhm_machine_sweep_seconds(void *array, size_t bytes, unsigned threads, bool each);

#endif
