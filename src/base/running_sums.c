// Bisection in running sums.
#include "base/running_sums.h"

size_t qhm_running_sums_draw(const double *sums, size_t count, qhm_random *random)
{
    const double value = sums[count - 1] * qhm_random_uniform(random);
    size_t low = 0, high = count - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (sums[middle] > value)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
