// The compiler's own vectors, for kernel files: the same arithmetic lane by lane, whatever the
// width of a register. Included by files that are compiled once per precision and instruction set.
#ifndef QHM_BASE_VECTORS_H
#define QHM_BASE_VECTORS_H

#include <stddef.h>
#include <stdint.h>

typedef QHM_REAL real;

#if defined(QHM_VECTOR_BYTES) // to test other widths than the processor has: see CONTRIBUTING.md
#define VECTOR_BYTES QHM_VECTOR_BYTES
#elif defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

typedef real vec __attribute__((vector_size(VECTOR_BYTES)));
typedef vec vec_memory __attribute__((may_alias));
#ifdef QHM_REAL_IS_double
typedef int64_t lane_index;
#else
typedef int32_t lane_index;
#endif
typedef lane_index vec_index __attribute__((vector_size(VECTOR_BYTES)));

enum { LANES = VECTOR_BYTES / sizeof(real) };

#define INLINE static inline __attribute__((always_inline))

INLINE vec splat(real value)
{
    return value - (vec){0};
}

INLINE vec load(const real *from)
{
    return *(const vec_memory *)from;
}

INLINE void store(real *to, vec value)
{
    *(vec_memory *)to = value;
}

#endif
