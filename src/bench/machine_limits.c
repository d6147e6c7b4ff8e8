#include "bench/machine_limits.h"

#include "base/cpu.h"
#include "base/parallel.h"

#include <time.h>

extern const qhm_machine_kernels qhm_machine_kernels_baseline_float;
extern const qhm_machine_kernels qhm_machine_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_machine_kernels qhm_machine_kernels_avx2_float;
extern const qhm_machine_kernels qhm_machine_kernels_avx2_double;
extern const qhm_machine_kernels qhm_machine_kernels_avx512_float;
extern const qhm_machine_kernels qhm_machine_kernels_avx512_double;
#endif

static const qhm_machine_kernels *const tables[QHM_ISA_COUNT][2] = {
    {&qhm_machine_kernels_baseline_double, &qhm_machine_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_machine_kernels_avx2_double, &qhm_machine_kernels_avx2_float},
    {&qhm_machine_kernels_avx512_double, &qhm_machine_kernels_avx512_float},
#endif
};

enum {
    PEAK_ROUNDS = 200000,
    SHORTEST_SWEEP_BYTES = 1 << 22, // of all repeats together, so that the clock can see them
    LEAST_SHARED_BYTES = 1 << 14,
};

double qhm_bench_now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

typedef struct peak_work {
    const qhm_machine_kernels *kernels;
    double sums[1024]; // by thread: kept, so that the work is done
} peak_work;

static void peak_block(size_t first, size_t last, void *context)
{
    peak_work *work = context;
    for (size_t i = first; i < last; i++)
        work->sums[i % 1024] = work->kernels->multiply_add(PEAK_ROUNDS);
}

double qhm_machine_peak(qhm_precision precision, unsigned threads)
{
    peak_work work = {.kernels = tables[qhm_cpu_isa()][precision]};
    double start = qhm_bench_now_seconds();
    qhm_parallel_for(threads, 1, peak_block, &work);
    double seconds = qhm_bench_now_seconds() - start;
    return (double)threads * PEAK_ROUNDS * (double)work.kernels->round_operations / seconds;
}

typedef struct sweep_work {
    const qhm_machine_kernels *kernels;
    float *array;
    size_t count;   // numbers of one array
    size_t repeats; // over each part
    bool each;
} sweep_work;

static void sweep_parts(size_t first, size_t last, void *context)
{
    const sweep_work *work = context;
    for (size_t r = 0; r < work->repeats; r++) {
        if (!work->each)
            work->kernels->sweep(work->array + first, last - first);
        for (size_t i = first; work->each && i < last; i++)
            work->kernels->sweep(work->array + i * work->count, work->count);
    }
}

static double shared_seconds(sweep_work *work, unsigned threads)
{
    double start = qhm_bench_now_seconds();
    qhm_parallel_for(work->count, (work->count - 1) / threads + 1, sweep_parts, work);
    return (qhm_bench_now_seconds() - start) / (double)work->repeats;
}

double qhm_machine_sweep_seconds(void *array, size_t bytes, unsigned threads, bool each)
{
    sweep_work work = {
        .kernels = tables[qhm_cpu_isa()][QHM_FLOAT32],
        .array = array,
        .count = bytes / sizeof(float),
        .repeats = SHORTEST_SWEEP_BYTES / bytes + 1,
        .each = each,
    };
    if (each) {
        double start = qhm_bench_now_seconds();
        qhm_parallel_for(threads, 1, sweep_parts, &work);
        return (qhm_bench_now_seconds() - start) / (double)work.repeats / threads;
    }
    double alone = shared_seconds(&work, 1);
    if (threads == 1 || bytes < LEAST_SHARED_BYTES)
        return alone;
    double shared = shared_seconds(&work, threads);
    return shared < alone ? shared : alone;
}
