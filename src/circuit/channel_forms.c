// Other forms of a channel, and what they tell: chi, Pauli transfer and Choi matrices; fidelities;
// probabilities of Pauli strings.
#include "base/memory.h"
#include "circuit/channel_internal.h"
#include "linalg/complex_matrix.h"

#include <math.h>
#include <string.h>

#define RECOGNITION_LIMIT 1e-12 // below it a channel counts as a mixture of Paulis or unitaries

static qhm_complex multiply(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static qhm_complex conjugate(qhm_complex a)
{
    return (qhm_complex){a.re, -a.im};
}

static void add(qhm_complex *sum, qhm_complex term)
{
    sum->re += term.re;
    sum->im += term.im;
}

qhm_pauli_masks qhm_channel_pauli(size_t index, size_t qubit_count)
{
    qhm_pauli_masks masks = {0, 0};
    for (size_t q = 0; q < qubit_count; q++) {
        const size_t letter = index >> 2 * q & 3;
        masks.x |= (uint64_t)(letter == QHM_PAULI_X || letter == QHM_PAULI_Y) << q;
        masks.z |= (uint64_t)(letter == QHM_PAULI_Y || letter == QHM_PAULI_Z) << q;
    }
    return masks;
}

// tr(P matrix) / 2^k for all P.
void qhm_channel_coefficients(size_t qubit_count, const qhm_complex *matrix,
                              qhm_complex *coefficients)
{
    const size_t d = (size_t)1 << qubit_count;
    for (size_t i = 0; i < d * d; i++) {
        const qhm_pauli_masks pauli = qhm_channel_pauli(i, qubit_count);
        qhm_complex sum = {0, 0};
        for (size_t b = 0; b < d; b++)
            add(&sum,
                qhm_complex_times_i(matrix[(b ^ pauli.x) * d + b], 4 - qhm_pauli_phase(pauli, b)));
        coefficients[i] = (qhm_complex){sum.re / (double)d, sum.im / (double)d};
    }
}

void qhm_channel_add_chi(size_t qubit_count, const qhm_complex *matrix, qhm_complex *chi)
{
    const size_t n = (size_t)1 << 2 * qubit_count;
    qhm_complex c[QHM_CHANNEL_MAX_STRINGS];
    qhm_channel_coefficients(qubit_count, matrix, c);
    for (size_t i = 0; i < n; i++) {
        if (c[i].re == 0 && c[i].im == 0)
            continue;
        for (size_t j = 0; j < n; j++)
            add(&chi[i * n + j], multiply(c[i], conjugate(c[j])));
    }
}

qhm_status qhm_channel_chi(const qhm_channel *channel, qhm_complex **chi)
{
    const size_t n = (size_t)1 << 2 * channel->qubit_count;
    QHM_TRY(qhm_allocate(n * n, sizeof **chi, chi));
    for (size_t i = 0; i < channel->kraus_count; i++)
        qhm_channel_add_chi(channel->qubit_count, channel->kraus + i * n, *chi);
    return QHM_OK;
}

bool qhm_channel_is_diagonal(size_t n, const qhm_complex *chi, double tolerance)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != j && !(hypot(chi[i * n + j].re, chi[i * n + j].im) <= tolerance))
                return false;
    return true;
}

void qhm_channel_choi(const qhm_channel *channel, qhm_complex *out)
{
    const size_t d = (size_t)1 << channel->qubit_count, n = d * d;
    memset(out, 0, n * n * sizeof *out);
    for (const qhm_complex *k = channel->kraus; k < channel->kraus + channel->kraus_count * n;
         k += n)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                add(&out[i * n + j],
                    multiply(k[i % d * d + i / d], conjugate(k[j % d * d + j / d])));
}

qhm_status qhm_channel_twirl(const qhm_channel *channel, qhm_channel **twirled)
{
    QHM_REQUIRE(twirled, "qhm_channel_twirl needs a place for the channel");
    double probabilities[QHM_CHANNEL_MAX_STRINGS];
    QHM_TRY(qhm_channel_pauli_probabilities(channel, probabilities, NULL));
    return qhm_channel_create_pauli(channel->qubit_count, probabilities, twirled);
}

void qhm_channel_apply(const qhm_channel *channel, const qhm_complex *rho, qhm_complex *out)
{
    const size_t d = (size_t)1 << channel->qubit_count;
    qhm_complex half[QHM_CHANNEL_MAX_STRINGS];
    memset(out, 0, d * d * sizeof *out);
    for (size_t i = 0; i < channel->kraus_count; i++) {
        const qhm_complex *k = channel->kraus + i * d * d;
        qhm_complex_product(d, k, rho, half);
        for (size_t a = 0; a < d; a++)
            for (size_t b = 0; b < d; b++)
                for (size_t c = 0; c < d; c++)
                    add(&out[a * d + b], multiply(half[a * d + c], conjugate(k[b * d + c])));
    }
}

double qhm_channel_process_fidelity(const qhm_channel *channel, const qhm_complex *unitary)
{
    const size_t d = (size_t)1 << channel->qubit_count;
    double fidelity = 0;
    for (size_t i = 0; i < channel->kraus_count; i++) {
        qhm_complex trace = {0, 0};
        for (size_t e = 0; e < d * d; e++) {
            const qhm_complex u = unitary ? unitary[e] : (qhm_complex){e % (d + 1) == 0 ? 1 : 0, 0};
            add(&trace, multiply(conjugate(u), channel->kraus[i * d * d + e]));
        }
        fidelity += (trace.re * trace.re + trace.im * trace.im) / (double)(d * d);
    }
    return fidelity;
}

double qhm_channel_average_fidelity(const qhm_channel *channel, const qhm_complex *unitary)
{
    const double d = (double)((size_t)1 << channel->qubit_count);
    return (d * qhm_channel_process_fidelity(channel, unitary) + 1) / (d + 1);
}

qhm_status qhm_channel_pauli_transfer_matrix(const qhm_channel *channel, double *out)
{
    QHM_TRY(qhm_channel_check(channel));
    QHM_REQUIRE(out, "qhm_channel_pauli_transfer_matrix needs a place for the matrix");
    const size_t k = channel->qubit_count, d = (size_t)1 << k, n = d * d;
    qhm_complex *choi, image[QHM_CHANNEL_MAX_STRINGS], coefficients[QHM_CHANNEL_MAX_STRINGS];
    QHM_TRY(qhm_allocate(n * n, sizeof *choi, &choi));
    qhm_channel_choi(channel, choi);
    for (size_t j = 0; j < n; j++) {
        const qhm_pauli_masks pauli = qhm_channel_pauli(j, k);
        memset(image, 0, n * sizeof *image);
        for (size_t c = 0; c < d; c++) { // P = the sum of i^phase |c ^ x><c|
            const unsigned phase = qhm_pauli_phase(pauli, c);
            for (size_t e = 0; e < n; e++)
                add(&image[e], qhm_complex_times_i(
                                   choi[((c ^ pauli.x) * d + e / d) * n + c * d + e % d], phase));
        }
        qhm_channel_coefficients(k, image, coefficients);
        for (size_t i = 0; i < n; i++)
            out[i * n + j] = coefficients[i].re;
    }
    qhm_release(choi);
    return QHM_OK;
}

qhm_status qhm_channel_pauli_probabilities(const qhm_channel *channel, double *out, bool *is_pauli)
{
    QHM_TRY(qhm_channel_check(channel));
    QHM_REQUIRE(out, "qhm_channel_pauli_probabilities needs a place for the probabilities");
    const size_t n = (size_t)1 << 2 * channel->qubit_count;
    qhm_complex *chi;
    QHM_TRY(qhm_channel_chi(channel, &chi));
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += chi[i * n + i].re;
    for (size_t i = 0; i < n; i++)
        out[i] = fmin(1, chi[i * n + i].re / sum);
    if (is_pauli)
        *is_pauli = qhm_channel_is_diagonal(n, chi, RECOGNITION_LIMIT);
    qhm_release(chi);
    return QHM_OK;
}

bool qhm_channel_is_unitary_mixture(const qhm_channel *channel, double *out)
{
    const size_t d = (size_t)1 << channel->qubit_count;
    bool is_mixture = true;
    for (size_t i = 0; i < channel->kraus_count; i++) {
        const qhm_complex *k = channel->kraus + i * d * d;
        double weight = 0;
        for (size_t e = 0; e < d * d; e++)
            weight += (k[e].re * k[e].re + k[e].im * k[e].im) / (double)d;
        for (size_t a = 0; a < d; a++)
            for (size_t b = 0; b < d; b++) {
                qhm_complex sum = {a == b ? -weight : 0, 0};
                for (size_t r = 0; r < d; r++)
                    add(&sum, multiply(conjugate(k[r * d + a]), k[r * d + b]));
                is_mixture = is_mixture && hypot(sum.re, sum.im) <= RECOGNITION_LIMIT;
            }
        if (out)
            out[i] = weight;
    }
    return is_mixture;
}
