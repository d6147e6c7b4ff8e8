// Channels of tests, entry by entry.
#ifndef QHM_TESTS_CHANNELS_H
#define QHM_TESTS_CHANNELS_H

#include "support/checks.h"
#include "support/reference_density.h"

#include <qhm/channel.h>
#include <qhm/random.h>

#include <complex.h>

static inline double complex number(qhm_complex value)
{
    return value.re + I * value.im;
}

// Letters of one qubit, written out.
static const double complex letters[4][2][2] = {
    {{1, 0}, {0, 1}}, {{0, 1}, {1, 0}}, {{0, -I}, {I, 0}}, {{1, 0}, {0, -1}}};

static inline double complex pauli_entry(size_t string, size_t qubits, size_t row, size_t column)
{
    double complex entry = 1;
    for (size_t q = 0; q < qubits; q++)
        entry *= letters[string >> 2 * q & 3][row >> q & 1][column >> q & 1];
    return entry;
}

static inline void require_same_map(const qhm_channel *a, const qhm_channel *b, double tolerance)
{
    assert_int_equal(a->qubit_count, b->qubit_count);
    const size_t n = (size_t)1 << 4 * a->qubit_count;
    qhm_complex *choi = calloc(2 * n, sizeof *choi);
    qhm_channel_choi(a, choi);
    qhm_channel_choi(b, choi + n);
    for (size_t i = 0; i < n; i++)
        REQUIRE_NEAR(cabs(number(choi[i]) - number(choi[n + i])), 0, tolerance);
    free(choi);
}

// A channel without any structure.
static inline qhm_channel *random_channel(qhm_random *random, size_t qubits, size_t count)
{
    qhm_complex *kraus = reference_random_kraus(random, qubits, count, 0);
    qhm_channel *channel;
    REQUIRE_OK(qhm_channel_create(qubits, count, kraus, &channel));
    free(kraus);
    return channel;
}

static inline qhm_random stream(uint64_t step)
{
    return qhm_random_stream(test_seed(), QHM_RANDOM_USER, 61, 0, step);
}

#endif
