// What a problem of choices holds.
#ifndef QHM_ALGORITHM_CHOICE_INTERNAL_H
#define QHM_ALGORITHM_CHOICE_INTERNAL_H

#include "base/status_internal.h"

#include <qhm/choice.h>
#include <stdbool.h>

struct qhm_choice {
    size_t things, options;
    double *costs;   // [things * options]
    double *pairs;   // [things * options][things * options], symmetric
    bool *conflicts; // the same shape
};

// Costs of choices closer than this may be the same but for rounding.
double qhm_choice_rounding(const qhm_choice *choice);

#endif
