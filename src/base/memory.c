// Checked, aligned, zeroed memory with fault injection.
#include "base/memory.h"

#include <qhm/types.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ALIGNMENT = 64 };

static atomic_long countdown;          // allocations until the first refused one; 0: off
static atomic_bool refused;            // one was refused since fail_from
static atomic_size_t allocation_count; // for tests that a step allocates nothing

bool qhm_multiply_size(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

bool qhm_add_size(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

void qhm_memory_fail_from(long nth)
{
    atomic_store(&refused, false);
    atomic_store(&countdown, nth);
}

bool qhm_memory_has_failed(void)
{
    return atomic_load(&refused);
}

size_t qhm_memory_allocation_count(void)
{
    return atomic_load(&allocation_count);
}

static bool is_refused_by_test(void)
{
    long left = atomic_load_explicit(&countdown, memory_order_relaxed);
    if (left == 0)
        return false;
    if (left > 1) {
        atomic_store(&countdown, left - 1);
        return false;
    }
    atomic_store(&refused, true);
    return true;
}

qhm_status qhm_allocate(size_t count, size_t size, void *out_pointer)
{
    void **out = out_pointer;
    *out = NULL;
    size_t bytes;
    if (!qhm_multiply_size(count, size, &bytes) || bytes > SIZE_MAX - ALIGNMENT)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu elements of %zu bytes overflow", count, size);
    bytes = (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT; // at least one line, so count 0 works
    atomic_fetch_add_explicit(&allocation_count, 1, memory_order_relaxed);
    void *block = is_refused_by_test() ? NULL : aligned_alloc(ALIGNMENT, bytes);
    if (!block)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot allocate %zu bytes", bytes);
    memset(block, 0, bytes);
    *out = block;
    return QHM_OK;
}

qhm_status qhm_reallocate(size_t old_count, size_t new_count, size_t size, void *inout_pointer)
{
    void **inout = inout_pointer;
    void *block;
    QHM_TRY(qhm_allocate(new_count, size, &block));
    size_t kept = old_count < new_count ? old_count : new_count;
    if (*inout && kept > 0)
        memcpy(block, *inout, kept * size);
    qhm_release(*inout);
    *inout = block;
    return QHM_OK;
}

qhm_status qhm_reserve(size_t needed, size_t *capacity, size_t size, void *inout_pointer)
{
    if (needed <= *capacity)
        return QHM_OK;
    size_t next = *capacity < 8 ? 8 : *capacity;
    while (next < needed)
        if (!qhm_multiply_size(next, 2, &next))
            return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu elements overflow", needed);
    QHM_TRY(qhm_reallocate(*capacity, next, size, inout_pointer));
    *capacity = next;
    return QHM_OK;
}

qhm_status qhm_copy_bytes(const void *bytes, size_t count, size_t size, void *out_pointer)
{
    void **out = out_pointer;
    void *block;
    QHM_TRY(qhm_allocate(count, size, &block));
    if (count > 0)
        memcpy(block, bytes, count * size);
    *out = block;
    return QHM_OK;
}

qhm_status qhm_copy_text(const char *text, char **out)
{
    return qhm_copy_bytes(text, strlen(text) + 1, 1, out);
}

void qhm_release(void *pointer)
{
    free(pointer);
}

void qhm_string_destroy(char *string)
{
    qhm_release(string);
}

// The first number after `label` in a file of "label: number" lines, times unit; 0 if absent.
static size_t read_number(const char *path, const char *label, size_t unit)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    char line[256];
    size_t found = 0;
    while (found == 0 && fgets(line, sizeof line, file))
        if (strncmp(line, label, strlen(label)) == 0)
            found = (size_t)strtoull(line + strlen(label), NULL, 10) * unit;
    fclose(file);
    return found;
}

size_t qhm_memory_available_bytes(void)
{
    size_t available = read_number("/proc/meminfo", "MemAvailable:", 1024);
    size_t limit = read_number("/sys/fs/cgroup/memory.max", "", 1);
    size_t used = read_number("/sys/fs/cgroup/memory.current", "", 1);
    if (limit > used && limit - used < available)
        available = limit - used;
    return available > 0 ? available : SIZE_MAX;
}

size_t qhm_memory_peak_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return (size_t)usage.ru_maxrss * 1024;
}
