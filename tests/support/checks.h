// What numerics tests need on top of cmocka.
#ifndef QHM_TESTS_CHECKS_H
#define QHM_TESTS_CHECKS_H

// cmocka needs these four first.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <qhm/status.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The call succeeds; its message is shown when it does not.
#define REQUIRE_OK(call)                                                                           \
    do {                                                                                           \
        qhm_status status_ = (call);                                                               \
        if (status_ != QHM_OK)                                                                     \
            fail_msg("%s: %s: %s", #call, qhm_status_name(status_), qhm_error_message());          \
    } while (0)

// The call fails with exactly this status, and its message holds `part`.
#define REQUIRE_FAILS(call, expected, part)                                                        \
    do {                                                                                           \
        qhm_status status_ = (call);                                                               \
        if (status_ != (expected))                                                                 \
            fail_msg("%s: %s, not %s (%s)", #call, qhm_status_name(status_),                       \
                     qhm_status_name(expected), qhm_error_message());                              \
        if (!strstr(qhm_error_message(), (part)))                                                  \
            fail_msg("%s: the message \"%s\" lacks \"%s\"", #call, qhm_error_message(), (part));   \
    } while (0)

// |actual - expected| <= tolerance; NaN fails.
#define REQUIRE_NEAR(actual, expected, tolerance)                                                  \
    do {                                                                                           \
        double a_ = (double)(actual), e_ = (double)(expected), t_ = (tolerance);                   \
        if (!(fabs(a_ - e_) <= t_))                                                                \
            fail_msg("%s is %.17g, not %.17g within %.3g", #actual, a_, e_, t_);                   \
    } while (0)

// A seed that QHM_TEST_SEED overrides, so that a failing property test can be repeated.
static inline uint64_t test_seed(void)
{
    const char *text = getenv("QHM_TEST_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : 20240607;
    return seed;
}

#endif
