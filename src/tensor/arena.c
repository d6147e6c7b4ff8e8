// Memory of one recording.
#include "tensor/arena.h"

#include "base/memory.h"

enum { ALIGNMENT = 64, LEAST_BLOCK = 1 << 16 };

static qhm_status append_block(qhm_arena *arena, size_t capacity)
{
    QHM_TRY(qhm_reserve(arena->block_count + 1, &arena->block_capacity, sizeof *arena->blocks,
                        &arena->blocks));
    qhm_arena_block block = {.capacity = capacity};
    QHM_TRY(qhm_allocate(capacity, 1, &block.bytes));
    arena->blocks[arena->block_count++] = block;
    return QHM_OK;
}

size_t qhm_arena_bytes(const qhm_arena *arena)
{
    size_t total = 0;
    for (size_t i = 0; i < arena->block_count; i++)
        total += arena->blocks[i].capacity;
    return total;
}

qhm_status qhm_arena_take(qhm_arena *arena, size_t bytes, void *out_pointer)
{
    void **out = out_pointer;
    if (bytes > SIZE_MAX / 2)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "a value of %zu bytes is too large", bytes);
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    qhm_arena_block *last = arena->block_count ? &arena->blocks[arena->block_count - 1] : NULL;
    if (!last || last->capacity - last->used < bytes) {
        size_t capacity = qhm_arena_bytes(arena) / 4; // growing costs at most a quarter
        capacity = capacity < LEAST_BLOCK ? LEAST_BLOCK : capacity;
        QHM_TRY(append_block(arena, capacity < bytes ? bytes : capacity));
        last = &arena->blocks[arena->block_count - 1];
    }
    *out = last->bytes + last->used;
    last->used += bytes;
    return QHM_OK;
}

void qhm_arena_rewind(qhm_arena *arena)
{
    if (arena->block_count == 1)
        arena->blocks[0].used = 0;
    if (arena->block_count < 2)
        return;
    size_t used = 0;
    for (size_t i = 0; i < arena->block_count; i++) {
        used += arena->blocks[i].used;
        qhm_release(arena->blocks[i].bytes);
    }
    arena->block_count = 0;
    // Refused memory is no loss here: the next take asks again and reports it.
    (void)!append_block(arena, used);
}

void qhm_arena_release(qhm_arena *arena)
{
    for (size_t i = 0; i < arena->block_count; i++)
        qhm_release(arena->blocks[i].bytes);
    qhm_release(arena->blocks);
    *arena = (qhm_arena){0};
}
