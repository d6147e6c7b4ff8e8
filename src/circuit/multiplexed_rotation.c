// Uniformly controlled rotations: 2^k plain rotations with CX between them along a Gray code, whose
// angles are the Walsh-Hadamard transform of the branches' angles in Gray order.
#include "circuit/multiplexed_rotation.h"

static size_t gray(size_t m)
{
    return m ^ (m >> 1);
}

uint32_t qhm_multiplexed_control(size_t m, size_t count)
{
    return (uint32_t)__builtin_ctzll(gray(m) ^ gray((m + 1) % count));
}

void qhm_multiplexed_angles(double *branches, size_t count, double *angles)
{
    for (size_t half = 1; half < count; half *= 2)
        for (size_t i = 0; i < count; i++)
            if ((i & half) == 0) {
                double a = branches[i], b = branches[i | half];
                branches[i] = a + b;
                branches[i | half] = a - b;
            }
    for (size_t m = 0; m < count; m++)
        angles[m] = branches[gray(m)] / (double)count;
}
