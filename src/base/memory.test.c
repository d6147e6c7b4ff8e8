// The heap's door: alignment, zeroes, overflow, growth, injected faults, what is available.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "base/memory.h"

#include <sys/resource.h>

static void blocks_are_aligned_and_zero(void **state)
{
    (void)state;
    for (size_t bytes = 0; bytes < 300; bytes += 7) {
        unsigned char *block;
        REQUIRE_OK(qhm_allocate(bytes, 1, &block));
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 64, 0);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(block[i], 0);
        memset(block, 0xAB, bytes); // so that the next one is not zero by luck
        qhm_release(block);
    }
    qhm_release(NULL);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    void *block = &block;
    REQUIRE_FAILS(qhm_allocate(SIZE_MAX / 8 + 1, 8, &block), QHM_ERROR_OUT_OF_MEMORY, "overflow");
    assert_null(block);
    REQUIRE_FAILS(qhm_allocate(SIZE_MAX / 4, 2, &block), QHM_ERROR_OUT_OF_MEMORY,
                  "cannot allocate");
    assert_null(block);
    size_t out = 5;
    assert_false(qhm_multiply_size(SIZE_MAX, 2, &out));
    assert_false(qhm_add_size(SIZE_MAX, 1, &out));
    assert_true(qhm_multiply_size(6, 7, &out));
    assert_int_equal(out, 42);
    assert_true(qhm_add_size(6, 7, &out));
    assert_int_equal(out, 13);
}

static void reallocation_keeps_what_fits_and_zeroes_the_rest(void **state)
{
    (void)state;
    int *items = NULL;
    REQUIRE_OK(qhm_reallocate(0, 3, sizeof *items, &items));
    for (int i = 0; i < 3; i++)
        items[i] = i + 1;
    REQUIRE_OK(qhm_reallocate(3, 50, sizeof *items, &items));
    for (int i = 0; i < 50; i++)
        assert_int_equal(items[i], i < 3 ? i + 1 : 0);
    REQUIRE_OK(qhm_reallocate(50, 2, sizeof *items, &items));
    assert_int_equal(items[0] + items[1], 3);

    int *before = items;
    qhm_memory_fail_from(1);
    qhm_status status = qhm_reallocate(2, 5, sizeof *items, &items);
    qhm_memory_fail_from(0);
    assert_int_equal(status, QHM_ERROR_OUT_OF_MEMORY);
    assert_ptr_equal(items, before);
    assert_int_equal(items[0] + items[1], 3);
    qhm_release(items);
}

static void growth_doubles_so_that_appending_is_cheap(void **state)
{
    (void)state;
    double *items = NULL;
    size_t capacity = 0;
    size_t before = qhm_memory_allocation_count();
    for (size_t count = 1; count <= 1000; count++) {
        REQUIRE_OK(qhm_reserve(count, &capacity, sizeof *items, &items));
        assert_true(capacity >= count);
        items[count - 1] = (double)count;
    }
    assert_int_equal(qhm_memory_allocation_count() - before, 8); // 8, 16, ..., 1024
    for (size_t i = 0; i < 1000; i++)
        REQUIRE_NEAR(items[i], (double)i + 1, 0);
    REQUIRE_FAILS(qhm_reserve(SIZE_MAX, &capacity, sizeof *items, &items), QHM_ERROR_OUT_OF_MEMORY,
                  "overflow");
    assert_int_equal(capacity, 1024);
    qhm_release(items);
}

static qhm_status copy_three_things(void *context)
{
    (void)context;
    char *texts[3] = {NULL};
    qhm_status status = QHM_OK;
    for (int i = 0; i < 3 && status == QHM_OK; i++)
        status = qhm_copy_text("word", &texts[i]);
    for (int i = 0; i < 3; i++)
        qhm_release(texts[i]);
    return status;
}

static void every_allocation_can_be_made_to_fail(void **state)
{
    (void)state;
    for (long nth = 1; nth <= 4; nth++) {
        qhm_memory_fail_from(nth);
        qhm_status status = copy_three_things(NULL);
        bool refused = qhm_memory_has_failed();
        qhm_memory_fail_from(0);
        assert_int_equal(status, nth <= 3 ? QHM_ERROR_OUT_OF_MEMORY : QHM_OK);
        assert_int_equal(refused, nth <= 3);
    }
    require_survives_failing_memory(copy_three_things, NULL);
    REQUIRE_OK(copy_three_things(NULL)); // and the fault is over
}

static void a_limit_on_the_address_space_is_seen(void **state)
{
    (void)state;
    size_t before = qhm_memory_available_bytes();
    assert_true(before > 0);
    struct rlimit kept, limit;
    assert_int_equal(getrlimit(RLIMIT_AS, &kept), 0);
    limit = kept;
    limit.rlim_cur = (rlim_t)1 << 20; // less than is in use already
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    size_t with_limit = qhm_memory_available_bytes();
    setrlimit(RLIMIT_AS, &kept);
    assert_int_equal(with_limit, 0);
}

static void the_peak_grows_with_what_is_used(void **state)
{
    (void)state;
    size_t before = qhm_memory_peak_bytes();
    size_t bytes = before + ((size_t)64 << 20); // more than was ever resident
    void *block;
    REQUIRE_OK(qhm_allocate(bytes, 1, &block));
    size_t after = qhm_memory_peak_bytes();
    qhm_release(block);
    assert_true(before > 0);
    assert_true(after > bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_zero),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(reallocation_keeps_what_fits_and_zeroes_the_rest),
        cmocka_unit_test(growth_doubles_so_that_appending_is_cheap),
        cmocka_unit_test(every_allocation_can_be_made_to_fail),
        cmocka_unit_test(a_limit_on_the_address_space_is_seen),
        cmocka_unit_test(the_peak_grows_with_what_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
