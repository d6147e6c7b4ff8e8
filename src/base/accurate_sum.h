// A sum whose rounding is that of its result alone, however much cancels before.
#ifndef QHM_BASE_ACCURATE_SUM_H
#define QHM_BASE_ACCURATE_SUM_H

#include <math.h>

// `rest` has the digits that `sum` had no room for.
typedef struct qhm_accurate_sum {
    double sum, rest;
} qhm_accurate_sum;

// What one addition rounds away is a number itself, found by five more: Knuth's two-sum.
static inline void qhm_accurate_sum_add(qhm_accurate_sum *s, double value)
{
    const double sum = s->sum + value, added = sum - s->sum;
    s->rest += (s->sum - (sum - added)) + (value - added);
    s->sum = sum;
}

static inline double qhm_accurate_sum_value(qhm_accurate_sum s)
{
    return isfinite(s.rest) ? s.sum + s.rest : s.sum;
}

#endif
