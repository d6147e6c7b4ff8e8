// Numbers in two groups: the difference of their sums, exactly, and the smallest there is.
#include "algorithm/partition.h"

#include "base/accurate_sum.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

double qhm_partition_difference(const double *numbers, size_t count, uint64_t bits)
{
    qhm_accurate_sum sum = {0};
    for (size_t i = 0; i < count; i++)
        qhm_accurate_sum_add(&sum, bits >> i & 1 ? -numbers[i] : numbers[i]);
    return fabs(qhm_accurate_sum_value(sum));
}

double qhm_partition_rounding(const double *numbers, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs(numbers[i]);
    return DBL_EPSILON * sum;
}

typedef struct search {
    const double *numbers;
    size_t count;
    size_t order[QHM_PARTITION_MOST];    // by falling size
    double rest[QHM_PARTITION_MOST + 1]; // not less than the sizes from here on add up to
    double rounding;
    qhm_partition_solution best;
} search;

static void keep(search *s, double difference, uint64_t bits)
{
    qhm_partition_solution *best = &s->best;
    if (difference < best->difference) {
        if (best->difference > difference + s->rounding)
            best->second = best->difference;
        best->difference = difference;
        best->bits = bits;
    } else if (difference > best->difference + s->rounding && difference < best->second) {
        best->second = difference;
    }
}

static void descend(search *s, size_t depth, qhm_accurate_sum sum, uint64_t bits)
{
    const double here = qhm_accurate_sum_value(sum);
    s->best.nodes++;
    if (depth == s->count) {
        keep(s, fabs(here), bits);
        return;
    }
    if (fabs(here) - s->rest[depth] >= s->best.second)
        return;
    const size_t i = s->order[depth];
    // The first number stays in its group: groups that change places are the same.
    for (int turn = 0; turn < (depth == 0 ? 1 : 2); turn++) {
        const bool adds = (here > 0) != (s->numbers[i] > 0);
        const bool is_minus = depth > 0 && (turn == 0 ? !adds : adds);
        qhm_accurate_sum next = sum;
        qhm_accurate_sum_add(&next, is_minus ? -s->numbers[i] : s->numbers[i]);
        descend(s, depth + 1, next, bits | (uint64_t)is_minus << i);
    }
}

void qhm_partition_find(const double *numbers, size_t count, qhm_partition_solution *solution)
{
    search s = {.numbers = numbers,
                .count = count,
                .rounding = qhm_partition_rounding(numbers, count),
                .best = {.difference = INFINITY, .second = INFINITY}};
    for (size_t i = 0; i < count; i++) {
        size_t place = i;
        for (; place > 0 && fabs(numbers[s.order[place - 1]]) < fabs(numbers[i]); place--)
            s.order[place] = s.order[place - 1];
        s.order[place] = i;
    }
    const double up = 1 + (double)count * DBL_EPSILON;
    for (size_t k = count; k-- > 0;)
        s.rest[k] = (s.rest[k + 1] + fabs(numbers[s.order[k]])) * up;
    descend(&s, 0, (qhm_accurate_sum){0}, 0);
    *solution = s.best;
}
