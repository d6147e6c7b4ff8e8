// What a compiled circuit takes and how well it may be expected to work.
#ifndef QHM_COMPILE_COMPILE_SUMMARY_H
#define QHM_COMPILE_COMPILE_SUMMARY_H

#include "compile/compile_internal.h"

// Fills compilation->summary, but for the fields that passes set: swap_count, duration_ns, t_count,
// rotation_error.
QHM_MUST_CHECK qhm_status qhm_compile_summarise(qhm_compilation *compilation);

#endif
