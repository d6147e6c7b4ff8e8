// The library's only door to the heap: checked, zeroed, 64-byte aligned, made to fail by tests.
#ifndef QHM_BASE_MEMORY_H
#define QHM_BASE_MEMORY_H

#include "base/status_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Allocates count * size zeroed bytes, 64-byte aligned. count = 0 gives a valid pointer.
// On failure *out is NULL and the message names the size.
QHM_MUST_CHECK qhm_status qhm_allocate(size_t count, size_t size, void *out_pointer);

// Grows or shrinks *inout to new_count elements, keeping min(old, new) of them; new ones are 0.
// On failure *inout is unchanged.
QHM_MUST_CHECK qhm_status qhm_reallocate(size_t old_count, size_t new_count, size_t size,
                                         void *inout_pointer);

// Makes room for needed elements by doubling: the one growth rule of growing arrays.
QHM_MUST_CHECK qhm_status qhm_reserve(size_t needed, size_t *capacity, size_t size,
                                      void *inout_pointer);

// Copies a string, or count bytes.
QHM_MUST_CHECK qhm_status qhm_copy_text(const char *text, char **out);
QHM_MUST_CHECK qhm_status qhm_copy_bytes(const void *bytes, size_t count, size_t size,
                                         void *out_pointer);

// NULL is fine.
void qhm_release(void *pointer);

// a * b and a + b, false on overflow.
bool qhm_multiply_size(size_t a, size_t b, size_t *out);
bool qhm_add_size(size_t a, size_t b, size_t *out);

// What this machine can still give, in bytes: physical memory that is free or reclaimable,
// within the control groups' and ulimit's limits; SIZE_MAX when nothing is known. Used to refuse
// work before it begins.
size_t qhm_memory_available_bytes(void);

// The process's peak resident size so far, in bytes.
size_t qhm_memory_peak_bytes(void);
// The process's resident size now, in bytes; 0 where the system does not tell.
size_t qhm_memory_resident_bytes(void);

// For tests: the nth allocation from now (1 is the next) and all later ones fail; 0 ends it.
void qhm_memory_fail_from(long nth);
// For tests: true when an allocation was refused since qhm_memory_fail_from.
bool qhm_memory_has_failed(void);
// For tests: allocations made so far by this process.
size_t qhm_memory_allocation_count(void);

#endif
