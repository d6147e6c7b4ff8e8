// Branches: how many wait at once.
#include "simulate/branches.h"

#include "base/memory.h"
#include "support/checks.h"

enum { TURNS = 2000 };

// A loop that goes on after an outcome of its own, as long as there are turns left.
typedef struct loop_branch {
    size_t turns;
    bool has_left;
} loop_branch;

typedef struct loop {
    double leaving; // probability of 1, which leaves the loop
    size_t made;
} loop;

static qhm_status create(void *context, void **branch)
{
    loop_branch *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    ((loop *)context)->made++;
    *branch = made;
    return QHM_OK;
}

static void destroy(void *context, void *branch)
{
    (void)context;
    qhm_release(branch);
}

static qhm_status copy(void *context, void *to, const void *from)
{
    (void)context;
    *(loop_branch *)to = *(const loop_branch *)from;
    return QHM_OK;
}

static qhm_status advance(void *context, void *branch, double *one, bool *is_at_end)
{
    const loop_branch *b = branch;
    *one = ((const loop *)context)->leaving;
    *is_at_end = b->has_left || b->turns == TURNS;
    return QHM_OK;
}

static qhm_status choose(void *context, void *branch, bool outcome)
{
    loop_branch *b = branch;
    (void)context;
    b->turns++;
    b->has_left = outcome;
    return QHM_OK;
}

static const uint64_t *bits(const void *branch)
{
    (void)branch;
    return NULL;
}

// [0]: turns, [1]: 1 if the loop was left.
static qhm_status expectations(void *context, void *branch, double *values)
{
    const loop_branch *b = branch;
    (void)context;
    values[0] = (double)b->turns;
    values[1] = b->has_left;
    return QHM_OK;
}

static void few_branches_wait_however_long_a_loop_is(void **unused)
{
    const qhm_branch_ops ops = {.create = create,
                                .destroy = destroy,
                                .copy = copy,
                                .advance = advance,
                                .choose = choose,
                                .bits = bits,
                                .expectations = expectations};
    const double leaving[] = {0.01, 0.5, 0.99};
    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        double values[2], lost = 0;
        loop context = {.leaving = leaving[i]};
        const qhm_exact_request request = {.expectations = values,
                                           .lost_probability = &lost,
                                           .max_outcomes = 10000,
                                           .least_probability = 1e-14};
        REQUIRE_OK(qhm_branches_run(&ops, &context, &request, 2, NULL, 0, NULL));
        assert_in_range(context.made, 1, 48);          // 2^-47 < 1e-14
        REQUIRE_NEAR(values[0], 1 / leaving[i], 1e-5); // the mean of geometric turns
        REQUIRE_NEAR(values[1] + lost, 1, 1e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(few_branches_wait_however_long_a_loop_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
