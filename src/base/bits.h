// Numbers of bits.
#ifndef QHM_BASE_BITS_H
#define QHM_BASE_BITS_H

#include <stddef.h>

// The least n with 2^n >= count: the bits, or qubits, that tell so many things apart.
static inline size_t qhm_bits_for(size_t count)
{
    size_t bits = 0;
    while (bits < 63 && (size_t)1 << bits < count)
        bits++;
    return bits;
}

#endif
