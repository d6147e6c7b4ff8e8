// Checks of requests: everything a caller can get wrong, named.
#include "base/status_internal.h"
#include "simulate/backend_internal.h"

#include <math.h>
#include <string.h>

// x - x is 0 for what is finite, and NaN for the rest: two operations a number, vectorised.
static bool are_finite(const double *values, size_t count)
{
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++) {
        const double zero = values[i] - values[i];
        uint64_t bits;
        memcpy(&bits, &zero, sizeof bits);
        all |= bits;
    }
    return all == 0;
}

static qhm_status check_finite(const char *name, const double *values, size_t rows, size_t columns)
{
    if (are_finite(values, rows * columns))
        return QHM_OK;
    for (size_t i = 0; i < rows * columns; i++)
        if (!isfinite(values[i]))
            return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "%s[%zu][%zu] is %s, not a finite number",
                            name, i / columns, i % columns, isnan(values[i]) ? "NaN" : "infinite");
    return QHM_OK;
}

static qhm_status check_slots(const qhm_plan_info *plan, const qhm_request *request)
{
    if (plan->input_count > 0) {
        QHM_REQUIRE(request->inputs, "the circuit has %zu inputs, but inputs is NULL",
                    plan->input_count);
        QHM_TRY(check_finite("inputs", request->inputs, request->batch_count, plan->input_count));
    }
    if (plan->weight_count > 0) {
        QHM_REQUIRE(request->weights, "the circuit has %zu weights, but weights is NULL",
                    plan->weight_count);
        QHM_TRY(check_finite("weights", request->weights,
                             request->weights_per_sample ? request->batch_count : 1,
                             plan->weight_count));
    }
    for (size_t i = 0; request->shifts && i < request->batch_count; i++) {
        QHM_REQUIRE(request->shifts[i].angle < plan->angle_count,
                    "shifts[%zu].angle is %u, but the circuit has %zu angles", i,
                    request->shifts[i].angle, plan->angle_count);
        QHM_REQUIRE(isfinite(request->shifts[i].radians), "shifts[%zu].radians is not finite", i);
    }
    return QHM_OK;
}

static qhm_status check_shots(const qhm_plan_info *plan, const qhm_request *request)
{
    QHM_REQUIRE(request->shots <= INT32_MAX, "shots is %zu, not 0 to %d", request->shots,
                INT32_MAX);
    QHM_REQUIRE(!(request->samples || request->bits) || request->shots > 0,
                "samples and bits need shots, but shots is 0");
    QHM_REQUIRE(!request->bits || plan->bit_count > 0,
                "bits are wanted of a circuit without classical bits");
    if (!plan->has_random_states)
        return QHM_OK;
    const char *why = "the circuit resets, has conditions or measures before its end";
    if (request->shots == 0)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "exact results are wanted, but %s; set shots", why);
    if ((request->states || request->probabilities) && request->shots != 1)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the states of %zu shots are wanted, but %s; use shots = 1", request->shots,
                        why);
    return QHM_OK;
}

qhm_status qhm_request_check(const qhm_plan_info *plan, const qhm_request *request)
{
    QHM_REQUIRE(request->batch_count > 0, "batch_count is 0, not 1 or more");
    QHM_TRY(check_slots(plan, request));
    QHM_TRY(check_shots(plan, request));
    QHM_REQUIRE(!request->expectations || plan->observable_count > 0,
                "expectations are wanted of a plan without observables");
    if (!qhm_request_wants_gradients(request))
        return QHM_OK;
    QHM_REQUIRE(request->cotangents && plan->observable_count > 0,
                "gradients need observables and their cotangents");
    QHM_REQUIRE(request->gradient_method <= QHM_GRADIENT_PARAMETER_SHIFT,
                "gradient_method is %d, not 0 to 2", (int)request->gradient_method);
    QHM_REQUIRE(!request->shifts, "gradients of shifted angles are not defined");
    return check_finite("cotangents", request->cotangents, request->batch_count,
                        plan->observable_count);
}
