// Checked, aligned, zeroed memory with fault injection.
#include "base/memory.h"

#include <qhm/types.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { ALIGNMENT = 64, HUGE_PAGE_BYTES = 1 << 21, HUGE_FROM_BYTES = 1 << 23 };

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
    while (left > 1)
        if (atomic_compare_exchange_weak(&countdown, &left, left - 1))
            return false;
    if (left == 0)
        return false;
    atomic_store(&refused, true);
    return true;
}

qhm_status qhm_allocate(size_t count, size_t size, void *out_pointer)
{
    void **out = out_pointer;
    *out = NULL;
    size_t bytes;
    if (!qhm_multiply_size(count, size, &bytes))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu elements of %zu bytes overflow", count, size);
    atomic_fetch_add_explicit(&allocation_count, 1, memory_order_relaxed);
    // Not aligned_alloc: it wants a multiple of the alignment, and the padding would hide small
    // overruns from AddressSanitizer.
    void *block = NULL;
    const size_t alignment = bytes >= HUGE_FROM_BYTES ? HUGE_PAGE_BYTES : ALIGNMENT;
    if (is_refused_by_test() || posix_memalign(&block, alignment, bytes > 0 ? bytes : 1) != 0)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot allocate %zu bytes", bytes);
    if (bytes >= HUGE_FROM_BYTES)
        (void)madvise(block, bytes, MADV_HUGEPAGE); // only faster: no error if it is refused
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

// The first number after `label` in a file of "label number" lines; SIZE_MAX if there is none.
static size_t read_number(const char *path, const char *label)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return SIZE_MAX;
    char line[256];
    size_t found = SIZE_MAX;
    while (found == SIZE_MAX && fgets(line, sizeof line, file)) {
        char *end;
        if (strncmp(line, label, strlen(label)) != 0)
            continue;
        const char *digits = line + strlen(label);
        unsigned long long value = strtoull(digits, &end, 10);
        if (end != digits) // not "max"
            found = (size_t)value;
    }
    fclose(file);
    return found;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// What the control groups above this process leave: limit - used, with file cache not counted
// as used, since the kernel gives it up first.
static size_t control_group_bytes(void)
{
    char group[512] = "", path[1024];
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file)
        return SIZE_MAX;
    while (fgets(group, sizeof group, file) && strncmp(group, "0::/", 4) != 0)
        group[0] = '\0';
    fclose(file);
    group[strcspn(group, "\n")] = '\0';

    size_t least = SIZE_MAX;
    for (char *end = group + strlen(group); end >= group + 3; end = strrchr(group + 3, '/')) {
        *end = '\0';
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", group + 3);
        size_t limit = read_number(path, "");
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.current", group + 3);
        size_t used = read_number(path, "");
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.stat", group + 3);
        size_t cache = read_number(path, "inactive_file ");
        if (used != SIZE_MAX && cache != SIZE_MAX)
            used -= smaller(used, cache);
        if (limit != SIZE_MAX && used != SIZE_MAX)
            least = smaller(least, limit > used ? limit - used : 0);
        if (end == group + 3)
            break;
    }
    return least;
}

// What `ulimit -v` leaves.
static size_t address_space_bytes(void)
{
    struct rlimit limit;
    size_t used = read_number("/proc/self/status", "VmSize:");
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || used == SIZE_MAX)
        return SIZE_MAX;
    used *= 1024;
    return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

size_t qhm_memory_available_bytes(void)
{
    size_t machine = read_number("/proc/meminfo", "MemAvailable:");
    if (machine != SIZE_MAX)
        machine *= 1024;
    return smaller(smaller(machine, control_group_bytes()), address_space_bytes());
}

size_t qhm_memory_resident_bytes(void)
{
    size_t kibibytes = read_number("/proc/self/status", "VmRSS:");
    return kibibytes == SIZE_MAX ? 0 : kibibytes * 1024;
}

size_t qhm_memory_peak_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return (size_t)usage.ru_maxrss * 1024;
}
