// Samples of a list of weights in constant time each.
#include "algorithm/alias_table.h"

#include "base/memory.h"

// Cells with too little take from cells with too much. small and large are stacks [count].
static void fill(qhm_alias_table *table, size_t *small, size_t *large)
{
    size_t small_count = 0, large_count = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->shares[i] < 1)
            small[small_count++] = i;
        else
            large[large_count++] = i;
    while (small_count > 0 && large_count > 0) {
        const size_t poor = small[--small_count], rich = large[large_count - 1];
        table->others[poor] = rich;
        table->shares[rich] -= 1 - table->shares[poor];
        if (table->shares[rich] < 1) {
            large_count--;
            small[small_count++] = rich;
        }
    }
    while (large_count > 0) // rounding leaves one kind over: those cells are their own
        table->shares[large[--large_count]] = 1;
    while (small_count > 0)
        table->shares[small[--small_count]] = 1;
}

qhm_status qhm_alias_table_create(const double *weights, size_t count, qhm_alias_table *table)
{
    double sum = 0;
    size_t *stacks;
    qhm_alias_table made = {.count = count};
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    QHM_REQUIRE(sum > 0, "the weights add up to %g, not above 0", sum);
    QHM_TRY(qhm_allocate(2 * count, sizeof *stacks, &stacks));
    qhm_status status = qhm_allocate(count, sizeof *made.shares, &made.shares);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *made.others, &made.others);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        made.shares[i] = weights[i] / sum * (double)count;
    if (status == QHM_OK)
        fill(&made, stacks, stacks + count);
    qhm_release(stacks);
    if (status != QHM_OK) {
        qhm_alias_table_release(&made);
        return status;
    }
    *table = made;
    return QHM_OK;
}

void qhm_alias_table_release(qhm_alias_table *table)
{
    qhm_release(table->shares);
    qhm_release(table->others);
    *table = (qhm_alias_table){0};
}

size_t qhm_alias_table_draw(const qhm_alias_table *table, qhm_random *random)
{
    const size_t cell = (size_t)qhm_random_below(random, table->count);
    return qhm_random_uniform(random) < table->shares[cell] ? cell : table->others[cell];
}
