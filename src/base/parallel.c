// The only file that knows of threads.
#include "base/parallel.h"

#include <assert.h>
#include <omp.h>

static _Thread_local bool inside; // this thread is running a block of a parallel_for

unsigned qhm_parallel_thread_count(void)
{
    return (unsigned)omp_get_max_threads();
}

void qhm_parallel_set_thread_count(unsigned count)
{
    omp_set_num_threads((int)count);
}

unsigned qhm_parallel_core_count(void)
{
    return (unsigned)omp_get_num_procs();
}

bool qhm_parallel_is_nested(void)
{
    return inside;
}

int qhm_serial_begin(void)
{
    int before = omp_get_max_threads();
    if (before != 1)
        omp_set_num_threads(1);
    return before;
}

void qhm_serial_end(int token)
{
    if (token != 1)
        omp_set_num_threads(token);
}

static void run_block(size_t index, size_t count, size_t block, qhm_range_work *work, void *context)
{
    size_t first = index * block;
    size_t last = count - first < block ? count : first + block;
    work(first, last, context);
}

void qhm_parallel_for(size_t count, size_t block, qhm_range_work *work, void *context)
{
    if (count == 0)
        return;
    if (block == 0)
        block = 1;
    size_t blocks = (count - 1) / block + 1;
    if (inside || blocks == 1 || omp_get_max_threads() == 1) {
        int token = qhm_serial_begin();
        for (size_t i = 0; i < blocks; i++)
            run_block(i, count, block, work, context);
        qhm_serial_end(token);
        return;
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < blocks; i++) {
        inside = true;
        run_block(i, count, block, work, context);
        inside = false;
    }
}

enum { MAX_SUM_BLOCKS = 256 };

typedef struct sum_context {
    qhm_range_sum *work;
    void *context;
    size_t block;
    double parts[MAX_SUM_BLOCKS];
} sum_context;

static void sum_block(size_t first, size_t last, void *context)
{
    sum_context *sum = context;
    assert(sum->block > 0);
    sum->parts[first / sum->block] = sum->work(first, last, sum->context);
}

double qhm_parallel_sum(size_t count, size_t block, qhm_range_sum *work, void *context)
{
    if (count == 0)
        return 0;
    size_t least = (count - 1) / MAX_SUM_BLOCKS + 1;
    sum_context sum = {.work = work, .context = context, .block = block > least ? block : least};
    qhm_parallel_for(count, sum.block, sum_block, &sum);
    double total = 0;
    for (size_t i = 0; i < (count - 1) / sum.block + 1; i++)
        total += sum.parts[i];
    return total;
}

void qhm_parallel_exclusive(void (*work)(void *context), void *context)
{
#pragma omp critical(qhm_parallel_exclusive)
    work(context);
}
