// Threads: every block once, the same bits for any count, nesting, errors.
#include "support/checks.h"

#include "base/parallel.h"

#include <cblas.h>
#include <qhm/random.h>
#include <qhm/threads.h>
#include <stdatomic.h>

static const unsigned thread_counts[] = {1, 2, 3, 8};
enum { THREAD_COUNTS = sizeof thread_counts / sizeof thread_counts[0], COUNT = 100003 };

typedef struct visits {
    atomic_int seen[COUNT];
    size_t block, count;
    atomic_bool is_wrong;
} visits;

static void visit(size_t first, size_t last, void *context)
{
    visits *v = context;
    if (first % v->block != 0 || (last != v->count && last - first != v->block))
        v->is_wrong = true;
    for (size_t i = first; i < last; i++)
        atomic_fetch_add(&v->seen[i], 1);
}

static void every_item_is_visited_once_in_fixed_blocks(void **state)
{
    (void)state;
    static visits v;
    static const size_t counts[] = {0, 1, 7, 8, 9, COUNT};
    static const size_t blocks[] = {1, 8, 1000, 2 * COUNT};
    for (int t = 0; t < THREAD_COUNTS; t++) {
        REQUIRE_OK(qhm_threads_set_count(thread_counts[t]));
        assert_int_equal(qhm_threads_count(), thread_counts[t]);
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++)
            for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++) {
                memset(&v, 0, sizeof v);
                v.block = blocks[b];
                v.count = counts[c];
                qhm_parallel_for(v.count, v.block, visit, &v);
                assert_false(v.is_wrong);
                for (size_t i = 0; i < COUNT; i++)
                    assert_int_equal(v.seen[i], i < v.count);
            }
    }
}

// A sum whose rounding shows any change of order: large and small terms of both signs.
static double terms[COUNT];

static double sum_terms(size_t first, size_t last, void *context)
{
    (void)context;
    double sum = 0;
    for (size_t i = first; i < last; i++)
        sum += terms[i];
    return sum;
}

static void sums_have_the_same_bits_for_any_thread_count(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < COUNT; i++)
        terms[i] = qhm_random_normal(&random) * pow(10, (double)(i % 13));
    for (size_t block = 1; block <= COUNT; block *= 10) {
        double first = 0;
        for (int t = 0; t < THREAD_COUNTS; t++)
            for (int repeat = 0; repeat < 3; repeat++) {
                REQUIRE_OK(qhm_threads_set_count(thread_counts[t]));
                double sum = qhm_parallel_sum(COUNT, block, sum_terms, NULL);
                if (t == 0 && repeat == 0)
                    first = sum;
                assert_memory_equal(&sum, &first, sizeof sum);
            }
    }
    REQUIRE_NEAR(qhm_parallel_sum(0, 1, sum_terms, NULL), 0, 0);
}

static void an_order_that_changed_would_be_seen(void **state)
{
    (void)state;
    double forward = sum_terms(0, COUNT, NULL), backward = 0;
    for (size_t i = COUNT; i-- > 0;)
        backward += terms[i];
    assert_memory_not_equal(&forward, &backward, sizeof forward);
}

typedef struct nest {
    atomic_int items, not_nested;
} nest;

static void count_items(size_t first, size_t last, void *context)
{
    nest *n = context;
    atomic_fetch_add(&n->items, (int)(last - first));
}

static void nest_again(size_t first, size_t last, void *context)
{
    nest *n = context;
    if (!qhm_parallel_is_nested())
        atomic_fetch_add(&n->not_nested, 1);
    for (size_t i = first; i < last; i++)
        qhm_parallel_for(10, 1, count_items, n);
}

static void a_loop_inside_a_loop_runs_where_it_is(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_threads_set_count(3));
    nest n = {0};
    assert_false(qhm_parallel_is_nested());
    qhm_parallel_for(20, 1, nest_again, &n);
    assert_false(qhm_parallel_is_nested());
    assert_int_equal(n.items, 200);
    assert_int_equal(n.not_nested, 0);
}

static void blas_has_the_same_bits_for_any_thread_count_between_serial_begin_and_end(void **state)
{
    (void)state;
    double first = 0;
    for (int t = 0; t < THREAD_COUNTS; t++) {
        REQUIRE_OK(qhm_threads_set_count(thread_counts[t]));
        int token = qhm_serial_begin();
        double dot = cblas_ddot(COUNT, terms, 1, terms, 1);
        assert_int_equal(qhm_threads_count(), 1);
        qhm_serial_end(token);
        assert_int_equal(qhm_threads_count(), thread_counts[t]);
        if (t == 0)
            first = dot;
        assert_memory_equal(&dot, &first, sizeof dot);
    }
}

typedef struct guarded {
    int inside; // not atomic: the section is what guards it
    int total;
} guarded;

static void enter(void *context)
{
    guarded *g = context;
    g->inside++;
    g->total += g->inside == 1;
    g->inside--;
}

static void enter_often(size_t first, size_t last, void *context)
{
    for (size_t i = first; i < last; i++)
        qhm_parallel_exclusive(enter, context);
}

static void exclusive_work_is_alone(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_threads_set_count(8));
    guarded g = {0};
    qhm_parallel_for(10000, 10, enter_often, &g);
    assert_int_equal(g.total, 10000);
}

static void the_thread_count_has_limits_and_a_default(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_threads_set_count(3));
    REQUIRE_FAILS(qhm_threads_set_count(1025), QHM_ERROR_INVALID_ARGUMENT,
                  "thread count is 1025, not 0 to 1024");
    assert_int_equal(qhm_threads_count(), 3);
    setenv("OMP_NUM_THREADS", "5,2", 1);
    REQUIRE_OK(qhm_threads_set_count(0));
    assert_int_equal(qhm_threads_count(), 5);
    setenv("OMP_NUM_THREADS", "many", 1);
    REQUIRE_OK(qhm_threads_set_count(0));
    assert_int_equal(qhm_threads_count(), qhm_parallel_core_count());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_visited_once_in_fixed_blocks),
        cmocka_unit_test(sums_have_the_same_bits_for_any_thread_count),
        cmocka_unit_test(an_order_that_changed_would_be_seen),
        cmocka_unit_test(a_loop_inside_a_loop_runs_where_it_is),
        cmocka_unit_test(blas_has_the_same_bits_for_any_thread_count_between_serial_begin_and_end),
        cmocka_unit_test(exclusive_work_is_alone),
        cmocka_unit_test(the_thread_count_has_limits_and_a_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
