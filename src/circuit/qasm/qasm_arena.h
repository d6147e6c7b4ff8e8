// Memory of a phase: many small blocks, released together.
#ifndef QHM_CIRCUIT_QASM_ARENA_H
#define QHM_CIRCUIT_QASM_ARENA_H

#include "base/status_internal.h"

#include <stddef.h>

typedef struct qasm_chunk qasm_chunk;

// Zero-initialise; release with qhm_qasm_arena_release.
typedef struct qasm_arena {
    qasm_chunk *chunk; // the newest; it knows the one before
} qasm_arena;

// count * size bytes, 16-byte aligned, not zeroed. count = 0 gives a valid pointer.
QHM_MUST_CHECK qhm_status qhm_qasm_arena_take(qasm_arena *arena, size_t count, size_t size,
                                              void *out_pointer);
QHM_MUST_CHECK qhm_status qhm_qasm_arena_copy(qasm_arena *arena, const void *items, size_t count,
                                              size_t size, void *out_pointer);
// Where the arena is now; going back forgets all blocks taken since.
typedef struct qasm_arena_mark {
    qasm_chunk *chunk;
    size_t used;
} qasm_arena_mark;
qasm_arena_mark qhm_qasm_arena_mark(const qasm_arena *arena);
void qhm_qasm_arena_return(qasm_arena *arena, qasm_arena_mark mark);
// Forgets all blocks; one chunk is kept for the next phase.
void qhm_qasm_arena_reset(qasm_arena *arena);
void qhm_qasm_arena_release(qasm_arena *arena);

#endif
