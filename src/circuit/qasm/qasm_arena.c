// Chunks of growing size; a block never moves.
#include "circuit/qasm/qasm_arena.h"

#include "base/memory.h"

#include <string.h>

enum { FIRST_BYTES = 16384, MOST_BYTES = 1 << 20, ALIGNMENT = 16 };

struct qasm_chunk {
    qasm_chunk *before;
    size_t used, capacity;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

static qhm_status add_chunk(qasm_arena *arena, size_t needed)
{
    size_t capacity = arena->chunk ? 2 * arena->chunk->capacity : FIRST_BYTES, total;
    if (capacity > MOST_BYTES)
        capacity = MOST_BYTES;
    if (capacity < needed)
        capacity = needed;
    if (!qhm_add_size(capacity, sizeof(qasm_chunk), &total))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu bytes overflow", needed);
    qasm_chunk *chunk;
    QHM_TRY(qhm_allocate(total, 1, &chunk));
    chunk->before = arena->chunk;
    chunk->capacity = capacity;
    arena->chunk = chunk;
    return QHM_OK;
}

qhm_status qhm_qasm_arena_take(qasm_arena *arena, size_t count, size_t size, void *out_pointer)
{
    size_t bytes;
    if (!qhm_multiply_size(count, size, &bytes) || !qhm_add_size(bytes, ALIGNMENT, &bytes))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu elements overflow", count);
    bytes = bytes / ALIGNMENT * ALIGNMENT;
    if (!arena->chunk || arena->chunk->capacity - arena->chunk->used < bytes)
        QHM_TRY(add_chunk(arena, bytes));
    *(void **)out_pointer = arena->chunk->bytes + arena->chunk->used;
    arena->chunk->used += bytes;
    return QHM_OK;
}

qhm_status qhm_qasm_arena_copy(qasm_arena *arena, const void *items, size_t count, size_t size,
                               void *out_pointer)
{
    void *block;
    QHM_TRY(qhm_qasm_arena_take(arena, count, size, &block));
    if (count > 0)
        memcpy(block, items, count * size);
    *(void **)out_pointer = block;
    return QHM_OK;
}

qasm_arena_mark qhm_qasm_arena_mark(const qasm_arena *arena)
{
    return (qasm_arena_mark){arena->chunk, arena->chunk ? arena->chunk->used : 0};
}

void qhm_qasm_arena_return(qasm_arena *arena, qasm_arena_mark mark)
{
    while (arena->chunk != mark.chunk && arena->chunk->before) {
        qasm_chunk *before = arena->chunk->before;
        qhm_release(arena->chunk);
        arena->chunk = before;
    }
    if (arena->chunk) // a first chunk that came after the mark stays, empty
        arena->chunk->used = mark.used;
}

static void release_from(qasm_chunk *chunk)
{
    while (chunk) {
        qasm_chunk *before = chunk->before;
        qhm_release(chunk);
        chunk = before;
    }
}

void qhm_qasm_arena_reset(qasm_arena *arena)
{
    if (!arena->chunk)
        return;
    release_from(arena->chunk->before);
    arena->chunk->before = NULL;
    arena->chunk->used = 0;
}

void qhm_qasm_arena_release(qasm_arena *arena)
{
    release_from(arena->chunk);
    arena->chunk = NULL;
}
