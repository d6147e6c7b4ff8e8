// How many shots a precision takes.
#include "base/status_internal.h"

#include <math.h>
#include <qhm/cost.h>

qhm_status qhm_cost_find_shots(double variance, double precision, uint64_t *shots)
{
    QHM_REQUIRE(shots, "shots have no place to go");
    QHM_REQUIRE(isfinite(variance) && variance >= 0,
                "variance is %g, not a finite number of 0 or more", variance);
    QHM_REQUIRE(isfinite(precision) && precision > 0,
                "precision is %g, not a finite number above 0", precision);
    const double ratio = variance / precision / precision;
    // 1 / 0.01^2 must be 10,000 shots and not one more for rounding.
    const double needed = fmax(1, ceil(ratio * (1 - 1e-12)));
    if (needed > 0x1p53)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "a precision of %g takes %.3g shots, more than 2^53", precision, needed);
    *shots = (uint64_t)needed;
    return QHM_OK;
}
