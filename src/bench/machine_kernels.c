// The loops behind the machine's limits, compiled per precision and instruction set.
#include "bench/machine_limits.h"

typedef QHM_REAL real;

#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64 };
#elif defined(__AVX2__)
enum { VECTOR_BYTES = 32 };
#else
enum { VECTOR_BYTES = 16 };
#endif

typedef real vector __attribute__((vector_size(VECTOR_BYTES)));

// Enough to hide a latency of 4 cycles on two units, and no more than 16 registers hold.
enum { CHAINS = 12, LANES = VECTOR_BYTES / sizeof(real) };

static double multiply_add(size_t rounds)
{
    vector sums[CHAINS], x, y;
    for (size_t lane = 0; lane < LANES; lane++) {
        x[lane] = (real)0.5;
        y[lane] = (real)(lane + 1);
    }
    for (int chain = 0; chain < CHAINS; chain++)
        sums[chain] = y * (real)chain;
    for (size_t i = 0; i < rounds; i++)
        for (int chain = 0; chain < CHAINS; chain++)
            sums[chain] = sums[chain] * x + y;
    real total = 0;
    for (int chain = 0; chain < CHAINS; chain++)
        for (size_t lane = 0; lane < LANES; lane++)
            total += sums[chain][lane];
    return (double)total;
}

static void sweep(void *numbers, size_t count)
{
    real *x = numbers;
    for (size_t i = 0; i < count; i++)
        x[i] += (real)1;
}

const qhm_machine_kernels QHM_TABLE = {multiply_add, 2 * CHAINS *LANES, sweep};
