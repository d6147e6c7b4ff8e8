// Channels: making them from operators, in a row, side by side.
#include "circuit/channel_internal.h"

#include "base/memory.h"
#include "linalg/complex_matrix.h"

#include <math.h>
#include <stdalign.h>
#include <string.h>

#define TRACE_TOLERANCE 1e-10

qhm_status qhm_channel_check(const qhm_channel *channel)
{
    QHM_REQUIRE(channel, "there is no channel");
    QHM_REQUIRE(channel->qubit_count >= 1 && channel->qubit_count <= QHM_CHANNEL_MAX_QUBITS,
                "a channel on %zu qubits, not 1 to %d", channel->qubit_count,
                QHM_CHANNEL_MAX_QUBITS);
    const size_t most = (size_t)1 << 2 * channel->qubit_count;
    QHM_REQUIRE(channel->kraus_count >= 1 && channel->kraus_count <= most,
                "a channel on %zu qubits has %zu operators, not 1 to %zu", channel->qubit_count,
                channel->kraus_count, most);
    QHM_REQUIRE(channel->kraus, "a channel has no operators");
    return QHM_OK;
}

// One block: the struct, then the operators.
qhm_status qhm_channel_allocate(size_t qubit_count, size_t kraus_count, qhm_channel **channel,
                                qhm_complex **kraus)
{
    typedef struct block {
        qhm_channel channel;
        qhm_complex kraus[];
    } block;
    block *made;
    const size_t entries = kraus_count << 2 * qubit_count;
    QHM_TRY(qhm_allocate(1, sizeof(block) + entries * sizeof(qhm_complex), &made));
    made->channel = (qhm_channel){qubit_count, kraus_count, made->kraus};
    *channel = &made->channel;
    *kraus = made->kraus;
    return QHM_OK;
}

double qhm_channel_trace_error(const qhm_channel *channel)
{
    const size_t d = (size_t)1 << channel->qubit_count;
    double worst = 0;
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++) {
            double re = i == j ? -1 : 0, im = 0;
            for (size_t r = 0; r < channel->kraus_count * d; r++) {
                const qhm_complex a = channel->kraus[r * d + i], b = channel->kraus[r * d + j];
                re += a.re * b.re + a.im * b.im;
                im += a.re * b.im - a.im * b.re;
            }
            const double error = hypot(re, im);
            if (!isfinite(error))
                return NAN;
            worst = fmax(worst, error);
        }
    return worst;
}

qhm_status qhm_channel_create(size_t qubit_count, size_t kraus_count, const qhm_complex *kraus,
                              qhm_channel **channel)
{
    QHM_REQUIRE(channel, "qhm_channel_create needs a place for the channel");
    const qhm_channel given = {qubit_count, kraus_count, kraus};
    QHM_TRY(qhm_channel_check(&given));
    const double error = qhm_channel_trace_error(&given);
    QHM_REQUIRE(error <= TRACE_TOLERANCE, // not so for NaN
                "the operators of a channel give a sum of K^dagger K that is %.3g from 1", error);
    qhm_channel *made;
    qhm_complex *copy;
    QHM_TRY(qhm_channel_allocate(qubit_count, kraus_count, &made, &copy));
    memcpy(copy, kraus, (kraus_count << 2 * qubit_count) * sizeof *copy);
    *channel = made;
    return QHM_OK;
}

void qhm_channel_destroy(qhm_channel *channel)
{
    qhm_release(channel);
}

qhm_status qhm_channel_compose(const qhm_channel *first, const qhm_channel *second,
                               qhm_channel **channel)
{
    QHM_REQUIRE(channel, "qhm_channel_compose needs a place for the channel");
    QHM_TRY(qhm_channel_check(first));
    QHM_TRY(qhm_channel_check(second));
    QHM_REQUIRE(first->qubit_count == second->qubit_count,
                "a channel on %zu qubits after one on %zu", second->qubit_count,
                first->qubit_count);
    const size_t k = first->qubit_count, d = (size_t)1 << k, n = d * d;
    qhm_complex *chi, product[QHM_CHANNEL_MAX_STRINGS];
    QHM_TRY(qhm_allocate(n * n, sizeof *chi, &chi));
    for (size_t i = 0; i < first->kraus_count; i++)
        for (size_t j = 0; j < second->kraus_count; j++) {
            qhm_complex_product(d, second->kraus + j * n, first->kraus + i * n, product);
            qhm_channel_add_chi(k, product, chi);
        }
    const qhm_status status = qhm_channel_create_from_chi(k, chi, QHM_CHANNEL_ROUNDING, channel);
    qhm_release(chi);
    return status;
}

qhm_status qhm_channel_tensor(const qhm_channel *low, const qhm_channel *high,
                              qhm_channel **channel)
{
    QHM_REQUIRE(channel, "qhm_channel_tensor needs a place for the channel");
    QHM_TRY(qhm_channel_check(low));
    QHM_TRY(qhm_channel_check(high));
    const size_t k = low->qubit_count + high->qubit_count;
    QHM_REQUIRE(k <= QHM_CHANNEL_MAX_QUBITS, "a channel on %zu qubits, not 1 to %d", k,
                QHM_CHANNEL_MAX_QUBITS);
    const size_t l = (size_t)1 << low->qubit_count, h = (size_t)1 << high->qubit_count, d = l * h;
    qhm_channel *made;
    qhm_complex *out;
    QHM_TRY(qhm_channel_allocate(k, low->kraus_count * high->kraus_count, &made, &out));
    for (size_t i = 0; i < high->kraus_count; i++)
        for (size_t j = 0; j < low->kraus_count; j++, out += d * d)
            for (size_t r = 0; r < d; r++)
                for (size_t c = 0; c < d; c++) {
                    const qhm_complex a = high->kraus[(i * h + r / l) * h + c / l];
                    const qhm_complex b = low->kraus[(j * l + r % l) * l + c % l];
                    out[r * d + c] =
                        (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
                }
    *channel = made;
    return QHM_OK;
}

// base becomes base^2; *power, if this bit is set, power base.
static qhm_status square_and_multiply(qhm_channel **base, qhm_channel **power, bool is_set,
                                      bool is_last)
{
    qhm_channel *next;
    if (is_set) {
        QHM_TRY(qhm_channel_compose(*power, *base, &next));
        qhm_channel_destroy(*power);
        *power = next;
    }
    if (is_last)
        return QHM_OK;
    QHM_TRY(qhm_channel_compose(*base, *base, &next));
    qhm_channel_destroy(*base);
    *base = next;
    return QHM_OK;
}

qhm_status qhm_channel_repeat(const qhm_channel *channel, size_t times, qhm_channel **repeated)
{
    QHM_REQUIRE(repeated, "qhm_channel_repeat needs a place for the channel");
    QHM_TRY(qhm_channel_check(channel));
    qhm_channel *base = NULL, *power = NULL;
    qhm_status status = qhm_channel_create_canonical(channel, &base);
    if (status == QHM_OK)
        status = qhm_channel_create_identity(channel->qubit_count, &power);
    for (; times > 0 && status == QHM_OK; times >>= 1)
        status = square_and_multiply(&base, &power, times & 1, times == 1);
    qhm_channel_destroy(base);
    if (status != QHM_OK) {
        qhm_channel_destroy(power);
        return status;
    }
    *repeated = power;
    return QHM_OK;
}
