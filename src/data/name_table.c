// Strings to numbers: a hash table over one pool.
#include "data/name_table.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>
#include <xxhash.h>

void qhm_name_table_release(qhm_name_table *table)
{
    qhm_release(table->pool);
    qhm_release(table->offsets);
    qhm_release(table->slots);
    *table = (qhm_name_table){0};
}

// The slot of the name, or the free one where it would go. There is always a free slot.
static size_t slot_of(const qhm_name_table *table, const uint32_t *slots, size_t slot_count,
                      const char *name, size_t length)
{
    size_t slot = (size_t)XXH3_64bits(name, length) & (slot_count - 1);
    while (slots[slot] != 0) {
        const char *other = table->pool + table->offsets[slots[slot] - 1];
        if (strlen(other) == length && memcmp(other, name, length) == 0)
            break;
        slot = (slot + 1) & (slot_count - 1);
    }
    return slot;
}

size_t qhm_name_table_find(const qhm_name_table *table, const char *name, size_t length)
{
    if (table->slot_count == 0)
        return QHM_NAME_ABSENT;
    uint32_t found = table->slots[slot_of(table, table->slots, table->slot_count, name, length)];
    return found == 0 ? QHM_NAME_ABSENT : found - 1;
}

static qhm_status grow_slots(qhm_name_table *table)
{
    size_t slot_count = table->slot_count == 0 ? 64 : 2 * table->slot_count;
    uint32_t *slots;
    QHM_TRY(qhm_allocate(slot_count, sizeof *slots, &slots));
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->pool + table->offsets[i];
        slots[slot_of(table, slots, slot_count, name, strlen(name))] = (uint32_t)(i + 1);
    }
    qhm_release(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return QHM_OK;
}

qhm_status qhm_name_table_insert(qhm_name_table *table, const char *name, size_t length,
                                 size_t *out_number)
{
    assert(memchr(name, '\0', length) == NULL);
    size_t found = qhm_name_table_find(table, name, length);
    if (found != QHM_NAME_ABSENT) {
        *out_number = found;
        return QHM_OK;
    }
    if (2 * (table->count + 1) > table->slot_count)
        QHM_TRY(grow_slots(table));
    if (table->count >= UINT32_MAX - 1)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "more than %u different names", UINT32_MAX - 1);
    QHM_TRY(
        qhm_reserve(table->count + 1, &table->capacity, sizeof *table->offsets, &table->offsets));
    QHM_TRY(qhm_reserve(table->pool_length + length + 1, &table->pool_capacity, 1, &table->pool));
    memcpy(table->pool + table->pool_length, name, length);
    table->pool[table->pool_length + length] = '\0';
    size_t slot = slot_of(table, table->slots, table->slot_count, name, length);
    table->offsets[table->count] = table->pool_length;
    table->pool_length += length + 1;
    table->slots[slot] = (uint32_t)++table->count;
    *out_number = table->count - 1;
    return QHM_OK;
}

const char *qhm_name_table_name(const qhm_name_table *table, size_t number)
{
    assert(number < table->count);
    return table->pool + table->offsets[number];
}

size_t qhm_name_table_bytes(const qhm_name_table *table)
{
    return table->pool_capacity + table->capacity * sizeof *table->offsets +
           table->slot_count * sizeof *table->slots;
}
