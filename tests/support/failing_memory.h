// Makes every allocation of an attempt fail in turn, until the attempt succeeds.
#ifndef QHM_TESTS_FAILING_MEMORY_H
#define QHM_TESTS_FAILING_MEMORY_H

#include "base/memory.h"
#include "support/checks.h"

// attempt(context) must return QHM_OK without faults, QHM_ERROR_OUT_OF_MEMORY with one, and
// leave nothing behind either way (LeakSanitizer sees to that in the sanitize preset).
static inline void require_survives_failing_memory(qhm_status (*attempt)(void *context),
                                                   void *context)
{
    for (long nth = 1; nth < 100000; nth++) {
        qhm_memory_fail_from(nth);
        qhm_status status = attempt(context);
        bool refused = qhm_memory_has_failed();
        qhm_memory_fail_from(0);
        if (!refused) {
            if (status != QHM_OK)
                fail_msg("without a fault: %s", qhm_error_message());
            return;
        }
        if (status != QHM_ERROR_OUT_OF_MEMORY)
            fail_msg("allocation %ld failed, but the status is %s", nth, qhm_status_name(status));
    }
    fail_msg("100000 allocations and no end");
}

#endif
