// The rows of a bench: which workload, size and precision each stands for.
#ifndef QHM_BENCH_ROWS_H
#define QHM_BENCH_ROWS_H

#include "base/status_internal.h"

#include <qhm/bench.h>

// The rows that options, with their defaults put in, ask for. qhm_release them.
QHM_MUST_CHECK qhm_status qhm_bench_list_rows(const qhm_bench_options *options,
                                              qhm_bench_row **rows, size_t *count);

#endif
