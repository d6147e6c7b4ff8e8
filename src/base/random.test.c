// Streams: published Philox vectors, independence of keys, moments.
#include "support/checks.h"

#include <qhm/random.h>

// Known answers of the authors' Random123 distribution (kat_vectors).
static void blocks_match_the_published_vectors(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t out[4];
        qhm_random_block(cases[i].counter, cases[i].key, out);
        for (int w = 0; w < 4; w++)
            assert_int_equal(out[w], cases[i].out[w]);
    }
}

static void every_part_of_the_key_changes_the_stream(void **state)
{
    (void)state;
    qhm_random streams[] = {
        qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 0),
        qhm_random_stream(2, QHM_RANDOM_USER, 0, 0, 0),
        qhm_random_stream(1, QHM_RANDOM_SPLIT, 0, 0, 0),
        qhm_random_stream(1, QHM_RANDOM_USER, 1, 0, 0),
        qhm_random_stream(1, QHM_RANDOM_USER, 0, 1, 0),
        qhm_random_stream(1, QHM_RANDOM_USER, 0, 0, 1),
    };
    uint64_t words[6];
    for (int i = 0; i < 6; i++)
        words[i] = qhm_random_u64(&streams[i]);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < i; j++)
            assert_true(words[i] != words[j]);
}

static void a_copied_stream_continues_with_the_same_words(void **state)
{
    (void)state;
    qhm_random a = qhm_random_stream(7, QHM_RANDOM_USER, 0, 0, 0);
    (void)qhm_random_u32(&a);
    qhm_random b = a;
    for (int i = 0; i < 100; i++)
        assert_int_equal(qhm_random_u32(&a), qhm_random_u32(&b));
}

static void moments_are_those_of_the_distributions(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    double uniform = 0, normal = 0, square = 0;
    for (int i = 0; i < DRAWS; i++) {
        double u = qhm_random_uniform(&random), n = qhm_random_normal(&random);
        assert_true(u >= 0 && u < 1);
        uniform += u;
        normal += n;
        square += n * n;
    }
    // Five standard deviations of each mean.
    REQUIRE_NEAR(uniform / DRAWS, 0.5, 5 * sqrt(1.0 / 12 / DRAWS));
    REQUIRE_NEAR(normal / DRAWS, 0, 5 * sqrt(1.0 / DRAWS));
    REQUIRE_NEAR(square / DRAWS, 1, 5 * sqrt(2.0 / DRAWS));
}

static void below_is_unbiased_and_shuffle_permutes(void **state)
{
    (void)state;
    enum { DRAWS = 60000 };
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    size_t counts[3] = {0}, first[3] = {0};
    for (int i = 0; i < DRAWS; i++) {
        counts[qhm_random_below(&random, 3)]++;
        size_t items[3] = {0, 1, 2};
        qhm_random_shuffle(&random, items, 3);
        assert_int_equal(items[0] + items[1] + items[2], 3);
        assert_int_equal(items[0] * items[1] * items[2], 0);
        first[items[0]]++;
    }
    for (int i = 0; i < 3; i++) {
        REQUIRE_NEAR(counts[i], DRAWS / 3.0, 5 * sqrt(DRAWS * 2.0 / 9));
        REQUIRE_NEAR(first[i], DRAWS / 3.0, 5 * sqrt(DRAWS * 2.0 / 9));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_match_the_published_vectors),
        cmocka_unit_test(every_part_of_the_key_changes_the_stream),
        cmocka_unit_test(a_copied_stream_continues_with_the_same_words),
        cmocka_unit_test(moments_are_those_of_the_distributions),
        cmocka_unit_test(below_is_unbiased_and_shuffle_permutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
