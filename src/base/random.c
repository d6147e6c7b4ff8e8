// Philox4x32-10 in named streams.
#include <assert.h>
#include <math.h>
#include <qhm/random.h>

static const uint32_t multiplier[2] = {0xD2511F53u, 0xCD9E8D57u};
static const uint32_t weyl[2] = {0x9E3779B9u, 0xBB67AE85u}; // golden ratio, sqrt(3) - 1

void qhm_random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint32_t k[2] = {key[0], key[1]};
    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)multiplier[0] * c[0];
        uint64_t product1 = (uint64_t)multiplier[1] * c[2];
        uint32_t next[4] = {(uint32_t)(product1 >> 32) ^ c[1] ^ k[0], (uint32_t)product1,
                            (uint32_t)(product0 >> 32) ^ c[3] ^ k[1], (uint32_t)product0};
        for (int i = 0; i < 4; i++)
            c[i] = next[i];
        k[0] += weyl[0];
        k[1] += weyl[1];
    }
    for (int i = 0; i < 4; i++)
        out[i] = c[i];
}

// A bijective mix of 64 bits (the finaliser of splitmix64).
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

qhm_random qhm_random_stream(uint64_t seed, qhm_random_purpose purpose, uint64_t a, uint64_t b,
                             uint64_t c)
{
    // The seed and purpose make the key; (a, b, c) the upper half of the counter. The lower
    // half counts blocks, so that a stream has 2^66 words before it could meet another.
    uint64_t key = mix(mix(seed) + (uint64_t)purpose);
    uint64_t place = mix(mix(mix(a) + b) + c);
    return (qhm_random){.key = {(uint32_t)key, (uint32_t)(key >> 32)},
                        .counter = {0, 0, (uint32_t)place, (uint32_t)(place >> 32)},
                        .used = 4};
}

uint32_t qhm_random_u32(qhm_random *random)
{
    if (random->used >= 4) {
        qhm_random_block(random->counter, random->key, random->words);
        if (++random->counter[0] == 0)
            random->counter[1]++;
        random->used = 0;
    }
    return random->words[random->used++];
}

uint64_t qhm_random_u64(qhm_random *random)
{
    uint64_t low = qhm_random_u32(random);
    return low | (uint64_t)qhm_random_u32(random) << 32;
}

double qhm_random_uniform(qhm_random *random)
{
    return (double)(qhm_random_u64(random) >> 11) * 0x1p-53;
}

double qhm_random_normal(qhm_random *random)
{
    const double two_pi = 6.283185307179586476925;
    double radius = sqrt(-2 * log(1 - qhm_random_uniform(random)));
    return radius * cos(two_pi * qhm_random_uniform(random));
}

uint64_t qhm_random_below(qhm_random *random, uint64_t bound)
{
    assert(bound > 0);
    // Words below 2^64 mod bound would favour small results; they are drawn again.
    uint64_t least = (0 - bound) % bound;
    uint64_t word;
    do
        word = qhm_random_u64(random);
    while (word < least);
    return word % bound;
}

void qhm_random_shuffle(qhm_random *random, size_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)qhm_random_below(random, i);
        size_t kept = items[i - 1];
        items[i - 1] = items[j];
        items[j] = kept;
    }
}
