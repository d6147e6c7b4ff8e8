// Phases of signal processing: the response, and the fixed-point iteration that finds them.
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/block_encoding.h>
#include <stdbool.h>

enum { MOST_DEGREE = 1000, MOST_STEPS = 1000 };

qhm_complex qhm_signal_response(size_t degree, const double *phases, double x)
{
    const double s = sqrt(fmax(0, (1 - x) * (1 + x)));
    qhm_complex a = {cos(phases[0]), sin(phases[0])}, b = {0, 0}; // the row <0|
    for (size_t j = 1; j <= degree; j++) {
        const double c = cos(phases[j]), d = sin(phases[j]);
        const qhm_complex u = {x * a.re - s * b.im, x * a.im + s * b.re};
        const qhm_complex v = {x * b.re - s * a.im, x * b.im + s * a.re};
        a = (qhm_complex){u.re * c - u.im * d, u.re * d + u.im * c};
        b = (qhm_complex){v.re * c + v.im * d, v.im * c - v.re * d};
    }
    return a;
}

// Chebyshev coefficients [degree + 1] of the imaginary part, from degree + 1 nodes.
static void find_coefficients(size_t degree, const double *phases, double *coefficients)
{
    const double count = (double)degree + 1;
    for (size_t k = 0; k <= degree; k++)
        coefficients[k] = 0;
    for (size_t i = 0; i <= degree; i++) {
        const double angle = M_PI * ((double)i + 0.5) / count;
        const double value = qhm_signal_response(degree, phases, cos(angle)).im;
        for (size_t k = 0; k <= degree; k++)
            coefficients[k] += (k > 0 ? 2 : 1) * value * cos((double)k * angle) / count;
    }
}

static double polynomial(size_t degree, const double *coefficients, double x)
{
    double sum = 0;
    for (size_t k = 0; k <= degree; k++)
        sum += coefficients[k] * cos((double)k * acos(x));
    return sum;
}

static qhm_status require_polynomial(size_t degree, const double *coefficients)
{
    for (size_t k = 0; k <= degree; k++) {
        QHM_REQUIRE(isfinite(coefficients[k]), "coefficient %zu is not finite", k);
        QHM_REQUIRE((degree - k) % 2 == 0 || coefficients[k] == 0,
                    "coefficient %zu is %g, in a polynomial of degree %zu: of one parity only", k,
                    coefficients[k], degree);
    }
    for (size_t i = 0; i <= 8 * degree; i++) {
        const double x = cos(M_PI * (double)i / (double)(8 * degree));
        const double value = polynomial(degree, coefficients, x);
        QHM_REQUIRE(fabs(value) <= 1 + 1e-12, "the polynomial is %g at %g: beyond 1", value, x);
    }
    return QHM_OK;
}

// found [degree + 1] is room for the coefficients of a step.
static qhm_status iterate(size_t degree, const double *coefficients, double *phases, double *found)
{
    double error = INFINITY;
    for (size_t step = 0; step < MOST_STEPS && error > 1e-13; step++) {
        error = 0;
        find_coefficients(degree, phases, found);
        for (size_t j = 0; 2 * j <= degree; j++) {
            const size_t k = degree - 2 * j;
            const double change = (coefficients[k] - found[k]) / (k > 0 ? 2 : 1);
            phases[j] += change;
            if (k > 0)
                phases[degree - j] += change;
            error = fmax(error, fabs(change));
        }
    }
    if (!(error <= 1e-12))
        return QHM_FAIL(QHM_ERROR_NUMERIC,
                        "the phases do not converge: coefficients whose magnitudes sum to less "
                        "than 0.86 do");
    return QHM_OK;
}

qhm_status qhm_signal_phases_find(size_t degree, const double *coefficients, double *phases)
{
    double *work;
    QHM_REQUIRE(coefficients && phases, "coefficients or phases is NULL");
    QHM_REQUIRE(degree >= 1 && degree <= MOST_DEGREE, "degree is %zu, not 1 to %d", degree,
                (int)MOST_DEGREE);
    QHM_TRY(require_polynomial(degree, coefficients));
    if (fabs(coefficients[degree]) == 1) { // a Chebyshev polynomial, to which no step leads
        for (size_t j = 0; j <= degree; j++)
            phases[j] = j == 0 && coefficients[degree] < 0 ? M_PI : 0;
        return QHM_OK;
    }
    QHM_TRY(qhm_allocate(2 * (degree + 1), sizeof *work, &work));
    const qhm_status status = iterate(degree, coefficients, work, work + degree + 1);
    for (size_t j = 0; j <= degree && status == QHM_OK; j++)
        phases[j] = work[j] - (j == 0 || j == degree ? M_PI / 4 : 0); // imaginary to real part
    qhm_release(work);
    return status;
}
