// Equally likely outcomes that form an affine space over bits.
#include "simulate/stabilizer/affine_outcomes.h"

#include "base/memory.h"

#include <string.h>

void qhm_affine_outcomes_release(qhm_affine_outcomes *outcomes)
{
    qhm_release(outcomes->base);
    qhm_release(outcomes->generators);
    *outcomes = (qhm_affine_outcomes){0};
}

qhm_status qhm_affine_outcomes_begin(qhm_affine_outcomes *outcomes, size_t words,
                                     size_t variable_count)
{
    QHM_TRY(qhm_reserve(words, &outcomes->base_capacity, sizeof *outcomes->base, &outcomes->base));
    QHM_TRY(qhm_reserve(variable_count * words, &outcomes->generator_capacity,
                        sizeof *outcomes->generators, &outcomes->generators));
    outcomes->words = words;
    outcomes->count = variable_count;
    if (words > 0)
        memset(outcomes->base, 0, words * sizeof *outcomes->base);
    if (variable_count * words > 0)
        memset(outcomes->generators, 0, variable_count * words * sizeof *outcomes->generators);
    return QHM_OK;
}

void qhm_affine_outcomes_set(qhm_affine_outcomes *outcomes, size_t bit, const qhm_affine *sum)
{
    const uint64_t one = (uint64_t)1 << bit % 64;
    for (size_t word = 0; word < sum->words; word++)
        for (uint64_t left = sum->terms[word]; left; left &= left - 1) {
            const size_t term = 64 * word + (size_t)__builtin_ctzll(left);
            uint64_t *to =
                term == 0 ? outcomes->base : outcomes->generators + (term - 1) * outcomes->words;
            to[bit / 64] |= one;
        }
}

static void add(uint64_t *restrict to, const uint64_t *restrict from, size_t words)
{
    for (size_t w = 0; w < words; w++)
        to[w] ^= from[w];
}

// Gauss-Jordan: each generator has a bit of its own, its lowest.
void qhm_affine_outcomes_reduce(qhm_affine_outcomes *outcomes)
{
    const size_t words = outcomes->words;
    size_t rank = 0;
    for (size_t i = 0; i < outcomes->count; i++) {
        uint64_t *row = outcomes->generators + i * words;
        size_t word = 0;
        while (word < words && row[word] == 0)
            word++;
        if (word == words)
            continue;
        const unsigned bit = (unsigned)__builtin_ctzll(row[word]);
        for (size_t j = 0; j < outcomes->count; j++) {
            uint64_t *other = outcomes->generators + j * words;
            if (j != i && other[word] >> bit & 1)
                add(other, row, words);
        }
        if (outcomes->base[word] >> bit & 1)
            add(outcomes->base, row, words);
        if (rank != i) {
            memcpy(outcomes->generators + rank * words, row, words * sizeof *row);
            memset(row, 0, words * sizeof *row);
        }
        rank++;
    }
    outcomes->count = rank;
}

void qhm_affine_outcomes_draw(const qhm_affine_outcomes *outcomes, qhm_random *random,
                              uint64_t *outcome)
{
    const size_t words = outcomes->words;
    uint64_t coins = 0;
    if (words > 0)
        memcpy(outcome, outcomes->base, words * sizeof *outcome);
    for (size_t g = 0; g < outcomes->count; g++, coins >>= 1) {
        if (g % 64 == 0)
            coins = qhm_random_u64(random);
        if (coins & 1)
            add(outcome, outcomes->generators + g * words, words);
    }
}
