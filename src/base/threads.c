// How many threads: the public face of parallel.c.
#include <qhm/threads.h>

#include "base/parallel.h"
#include "base/status_internal.h"

#include <stdlib.h>

enum { MAX_THREADS = 1024 };

static unsigned default_count(void)
{
    const char *text = getenv("OMP_NUM_THREADS");
    long value = text ? strtol(text, NULL, 10) : 0; // "4,2" has a number for each nesting level
    return value >= 1 && value <= MAX_THREADS ? (unsigned)value : qhm_parallel_core_count();
}

qhm_status qhm_threads_set_count(unsigned count)
{
    QHM_REQUIRE(count <= MAX_THREADS, "thread count is %u, not 0 to %d", count, MAX_THREADS);
    qhm_parallel_set_thread_count(count > 0 ? count : default_count());
    return QHM_OK;
}

unsigned qhm_threads_count(void)
{
    return qhm_parallel_thread_count();
}
