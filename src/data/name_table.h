// A set of strings, numbered in the order they came: classes, families, vocabularies.
#ifndef QHM_DATA_NAME_TABLE_H
#define QHM_DATA_NAME_TABLE_H

#include "base/status_internal.h"

#include <stddef.h>
#include <stdint.h>

#define QHM_NAME_ABSENT ((size_t)-1)

// Zero-initialise; release with qhm_name_table_release.
typedef struct qhm_name_table {
    char *pool; // NUL-terminated names, one after the other
    size_t pool_length, pool_capacity;
    size_t *offsets; // [count] starts in pool
    size_t count, capacity;
    uint32_t *slots; // [slot_count] open addressing, 1 + number of the name; 0 is free
    size_t slot_count;
} qhm_name_table;

void qhm_name_table_release(qhm_name_table *table);

// The number of name[length], or QHM_NAME_ABSENT.
size_t qhm_name_table_find(const qhm_name_table *table, const char *name, size_t length);

// The number of name[length], which is added when it is new. On failure nothing changes.
QHM_MUST_CHECK qhm_status qhm_name_table_insert(qhm_name_table *table, const char *name,
                                                size_t length, size_t *out_number);

// Borrowed until the next insert.
const char *qhm_name_table_name(const qhm_name_table *table, size_t number);

size_t qhm_name_table_bytes(const qhm_name_table *table);

#endif
