// The fast Fourier transform, radix 2, by Stockham's order, which needs no reversal of bits.
#include "algorithm/fast_fourier.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

qhm_status qhm_fast_fourier_create(size_t bits, bool is_inverse, qhm_fast_fourier *fourier)
{
    const size_t size = (size_t)1 << bits;
    *fourier = (qhm_fast_fourier){.size = size};
    QHM_TRY(qhm_allocate(size, sizeof *fourier->roots, &fourier->roots));
    QHM_TRY(qhm_allocate(size, sizeof *fourier->work, &fourier->work));
    for (size_t k = 0; 2 * k < size; k++) {
        const double angle = 2 * M_PI * (double)k / (double)size;
        fourier->roots[k] = (qhm_complex){cos(angle), is_inverse ? -sin(angle) : sin(angle)};
    }
    return QHM_OK;
}

void qhm_fast_fourier_destroy(qhm_fast_fourier *fourier)
{
    qhm_release(fourier->roots);
    qhm_release(fourier->work);
}

// Sums and turned differences of pairs half an array apart, `stride` transforms side by side.
static void run_level(const qhm_complex *roots, size_t half, size_t stride, const qhm_complex *from,
                      qhm_complex *to)
{
    for (size_t p = 0; p < half; p++) {
        const qhm_complex w = roots[p * stride];
        const qhm_complex *low = from + stride * p, *high = from + stride * (p + half);
        qhm_complex *sum = to + stride * 2 * p, *turned = sum + stride;
        for (size_t q = 0; q < stride; q++) {
            const qhm_complex a = low[q], b = high[q], d = {a.re - b.re, a.im - b.im};
            sum[q] = (qhm_complex){a.re + b.re, a.im + b.im};
            turned[q] = (qhm_complex){d.re * w.re - d.im * w.im, d.re * w.im + d.im * w.re};
        }
    }
}

void qhm_fast_fourier_run(const qhm_fast_fourier *fourier, qhm_complex *data)
{
    const size_t size = fourier->size;
    const double scale = 1 / sqrt((double)size);
    qhm_complex *from = data, *to = fourier->work;
    for (size_t half = size / 2, stride = 1; half >= 1; half /= 2, stride *= 2) {
        run_level(fourier->roots, half, stride, from, to);
        qhm_complex *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != data)
        memcpy(data, from, size * sizeof *data);
    for (size_t i = 0; i < size; i++)
        data[i] = (qhm_complex){scale * data[i].re, scale * data[i].im};
}
