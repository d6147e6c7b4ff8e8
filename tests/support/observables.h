// Observables from text.
#ifndef QHM_TESTS_OBSERVABLES_H
#define QHM_TESTS_OBSERVABLES_H

#include "support/checks.h"

#include <qhm/observable.h>

static inline qhm_observable *parse_observable(const char *text)
{
    qhm_observable *observable = NULL;
    REQUIRE_OK(qhm_observable_parse(text, &observable));
    return observable;
}

#endif
