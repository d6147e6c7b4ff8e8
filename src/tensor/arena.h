// Memory of one recording: handed out in order, rewound at once, kept for the next.
#ifndef QHM_TENSOR_ARENA_H
#define QHM_TENSOR_ARENA_H

#include "base/status_internal.h"

#include <stddef.h>

typedef struct qhm_arena_block {
    char *bytes;
    size_t capacity, used;
} qhm_arena_block;

// Zero-initialise; release with qhm_arena_release.
typedef struct qhm_arena {
    qhm_arena_block *blocks; // only the last one is handed out from
    size_t block_count, block_capacity;
} qhm_arena;

// Gives bytes, 64-byte aligned, with whatever an earlier recording left in them.
QHM_MUST_CHECK qhm_status qhm_arena_take(qhm_arena *arena, size_t bytes, void *out_pointer);

// Takes all back. Several blocks become one that holds as much as was in use.
void qhm_arena_rewind(qhm_arena *arena);

size_t qhm_arena_bytes(const qhm_arena *arena);
void qhm_arena_release(qhm_arena *arena);

#endif
