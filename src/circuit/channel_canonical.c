// A channel by as few operators as can be, from the eigenvectors of its chi matrix; and the
// identity taken out of it.
#include "base/memory.h"
#include "circuit/channel_internal.h"
#include "linalg/complex_matrix.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 1e-10 // of what callers give

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

static qhm_status fail_positive(double value)
{
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                    "a map with the eigenvalue %.3g, which is not positive", value);
}

static qhm_status create_from_diagonal(size_t qubit_count, const qhm_complex *chi, double rounding,
                                       qhm_channel **channel)
{
    const size_t n = (size_t)1 << 2 * qubit_count;
    double probabilities[QHM_CHANNEL_MAX_STRINGS], sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double value = chi[i * n + i].re;
        if (value < -fmax(TOLERANCE, rounding))
            return fail_positive(value);
        probabilities[i] = fmax(0, value);
        sum += probabilities[i];
    }
    QHM_REQUIRE(fabs(sum - 1) <= fmax(TOLERANCE, rounding),
                "a map that multiplies the trace by %.12g", sum);
    for (size_t i = 0; i < n; i++)
        probabilities[i] /= sum;
    return qhm_channel_create_pauli(qubit_count, probabilities, channel);
}

// Every operator K becomes K S^-1/2 with S the sum of K^dagger K: what rounding took is put back.
static qhm_status restore_trace(size_t qubit_count, size_t kraus_count, qhm_complex *kraus)
{
    enum { D = QHM_CHANNEL_MAX_DIMENSION };
    const size_t d = (size_t)1 << qubit_count;
    qhm_complex sum[D * D] = {{0, 0}}, root[D * D] = {{0, 0}}, vectors[D * D], old[D * D];
    double values[D];
    for (size_t r = 0; r < kraus_count * d; r++)
        for (size_t i = 0; i < d; i++)
            for (size_t j = 0; j < d; j++)
                add(&sum[i * d + j], multiply(conjugate(kraus[r * d + i]), kraus[r * d + j]));
    QHM_TRY(qhm_hermitian_eigen(d, sum, values, vectors));
    for (size_t v = 0; v < d; v++)
        for (size_t i = 0; i < d; i++)
            for (size_t j = 0; j < d; j++) {
                const qhm_complex term =
                    multiply(vectors[v * d + i], conjugate(vectors[v * d + j]));
                const double scale = 1 / sqrt(values[v]); // near 1
                add(&root[i * d + j], (qhm_complex){scale * term.re, scale * term.im});
            }
    for (size_t k = 0; k < kraus_count; k++) {
        memcpy(old, kraus + k * d * d, d * d * sizeof *old);
        qhm_complex_product(d, old, root, kraus + k * d * d);
    }
    return QHM_OK;
}

// Eigenvalues ascend: the operators are those of the last `count`, backwards.
static qhm_status create_from_eigen(size_t qubit_count, const double *values,
                                    const qhm_complex *vectors, double rounding,
                                    qhm_channel **channel)
{
    const size_t n = (size_t)1 << 2 * qubit_count, d = (size_t)1 << qubit_count;
    if (values[0] < -fmax(TOLERANCE, rounding))
        return fail_positive(values[0]);
    size_t count = 0;
    while (count < n && values[n - 1 - count] >= rounding)
        count++;
    QHM_REQUIRE(count > 0, "a map without any weight");
    qhm_channel *made;
    qhm_complex *kraus;
    QHM_TRY(qhm_channel_allocate(qubit_count, count, &made, &kraus));
    for (size_t k = 0; k < count; k++) {
        const double scale = sqrt(values[n - 1 - k]);
        const qhm_complex *vector = vectors + (n - 1 - k) * n;
        for (size_t i = 0; i < n; i++) {
            const qhm_pauli_masks pauli = qhm_channel_pauli(i, qubit_count);
            const qhm_complex c = {scale * vector[i].re, scale * vector[i].im};
            for (size_t b = 0; b < d; b++)
                add(&kraus[k * n + (b ^ pauli.x) * d + b],
                    qhm_complex_times_i(c, qhm_pauli_phase(pauli, b)));
        }
    }
    const double error = qhm_channel_trace_error(made);
    qhm_status status = QHM_OK;
    if (!(error <= fmax(TOLERANCE, (double)n * rounding)))
        status =
            QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                     "a map that changes the trace: its sum of K^dagger K is %.3g from 1", error);
    if (status == QHM_OK && error > 4 * QHM_CHANNEL_ROUNDING)
        status = restore_trace(qubit_count, count, kraus);
    if (status != QHM_OK) {
        qhm_channel_destroy(made);
        return status;
    }
    *channel = made;
    return QHM_OK;
}

qhm_status qhm_channel_create_from_chi(size_t qubit_count, const qhm_complex *chi, double rounding,
                                       qhm_channel **channel)
{
    const size_t n = (size_t)1 << 2 * qubit_count;
    if (qhm_channel_is_diagonal(n, chi, rounding / 10))
        return create_from_diagonal(qubit_count, chi, rounding, channel);
    qhm_complex *vectors;
    double values[QHM_CHANNEL_MAX_STRINGS];
    QHM_TRY(qhm_allocate(n * n, sizeof *vectors, &vectors));
    qhm_status status = qhm_hermitian_eigen(n, chi, values, vectors);
    if (status == QHM_OK)
        status = create_from_eigen(qubit_count, values, vectors, rounding, channel);
    qhm_release(vectors);
    return status;
}

qhm_status qhm_channel_create_canonical(const qhm_channel *channel, qhm_channel **canonical)
{
    QHM_REQUIRE(canonical, "qhm_channel_create_canonical needs a place for the channel");
    QHM_TRY(qhm_channel_check(channel));
    qhm_complex *chi;
    QHM_TRY(qhm_channel_chi(channel, &chi));
    const qhm_status status =
        qhm_channel_create_from_chi(channel->qubit_count, chi, QHM_CHANNEL_ROUNDING, canonical);
    qhm_release(chi);
    return status;
}

// A row (i, a) of the Choi matrix holds the entries K[a][i] of operators: each row and each column
// is written in the basis of Paulis.
qhm_status qhm_channel_create_from_choi(size_t qubit_count, const qhm_complex *choi,
                                        qhm_channel **channel)
{
    QHM_REQUIRE(channel && choi, "qhm_channel_create_from_choi needs a matrix and a place");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= QHM_CHANNEL_MAX_QUBITS,
                "a channel on %zu qubits, not 1 to %d", qubit_count, QHM_CHANNEL_MAX_QUBITS);
    const size_t d = (size_t)1 << qubit_count, n = d * d;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const qhm_complex a = choi[i * n + j], b = choi[j * n + i];
            QHM_REQUIRE(hypot(a.re - b.re, a.im + b.im) <= TOLERANCE, // not so for NaN
                        "a Choi matrix that is not hermitian at (%zu, %zu)", i, j);
        }
    qhm_complex *half, *chi, matrix[QHM_CHANNEL_MAX_STRINGS], coefficients[QHM_CHANNEL_MAX_STRINGS];
    QHM_TRY(qhm_allocate(2 * n * n, sizeof *half, &half));
    chi = half + n * n;
    for (size_t row = 0; row < n; row++) { // half[row][P] of the conjugate: columns
        for (size_t b = 0; b < d; b++)
            for (size_t j = 0; j < d; j++)
                matrix[b * d + j] = conjugate(choi[row * n + j * d + b]);
        qhm_channel_coefficients(qubit_count, matrix, coefficients);
        for (size_t p = 0; p < n; p++)
            half[row * n + p] = conjugate(coefficients[p]);
    }
    for (size_t column = 0; column < n; column++) {
        for (size_t a = 0; a < d; a++)
            for (size_t i = 0; i < d; i++)
                matrix[a * d + i] = half[(i * d + a) * n + column];
        qhm_channel_coefficients(qubit_count, matrix, coefficients);
        for (size_t p = 0; p < n; p++)
            chi[p * n + column] = coefficients[p];
    }
    const qhm_status status =
        qhm_channel_create_from_chi(qubit_count, chi, QHM_CHANNEL_ROUNDING, channel);
    qhm_release(half);
    return status;
}

// The largest w for which chi - w |I><I| is positive: one over <I| chi^-1 |I>.
static qhm_status identity_weight(size_t n, const qhm_complex *chi, double *weight)
{
    if (qhm_channel_is_diagonal(n, chi, QHM_CHANNEL_ROUNDING / 10)) {
        double others = 0;
        for (size_t i = 1; i < n; i++)
            others += fmax(0, chi[i * n + i].re);
        *weight = 1 - others;
        return QHM_OK;
    }
    qhm_complex *vectors;
    double values[QHM_CHANNEL_MAX_STRINGS], inverse = 0;
    QHM_TRY(qhm_allocate(n * n, sizeof *vectors, &vectors));
    const qhm_status status = qhm_hermitian_eigen(n, chi, values, vectors);
    for (size_t v = 0; v < n && status == QHM_OK; v++) {
        const double size = hypot(vectors[v * n].re, vectors[v * n].im);
        inverse += size * size / fmax(values[v], QHM_CHANNEL_ROUNDING / 10);
    }
    qhm_release(vectors);
    *weight = fmin(1, 1 / inverse);
    return status;
}

qhm_status qhm_channel_split_identity(const qhm_channel *channel, double *weight,
                                      qhm_channel **rest)
{
    QHM_REQUIRE(weight && rest, "qhm_channel_split_identity needs places for weight and rest");
    QHM_TRY(qhm_channel_check(channel));
    const size_t k = channel->qubit_count, n = (size_t)1 << 2 * k;
    qhm_complex *chi;
    double found = 0;
    QHM_TRY(qhm_channel_chi(channel, &chi));
    qhm_status status = identity_weight(n, chi, &found);
    if (found < 4 * QHM_CHANNEL_ROUNDING)
        found = 0;
    if (1 - found < 4 * QHM_CHANNEL_ROUNDING)
        found = 1;
    chi[0].re -= found;
    double left = 0;
    for (size_t i = 0; i < n; i++)
        left += chi[i * n + i].re;
    for (size_t i = 0; i < n * n && found < 1; i++)
        chi[i] = (qhm_complex){chi[i].re / left, chi[i].im / left};
    if (status == QHM_OK)
        status = found < 1 ? qhm_channel_create_from_chi(k, chi, QHM_CHANNEL_ROUNDING / left, rest)
                           : qhm_channel_create_identity(k, rest);
    if (status == QHM_OK)
        *weight = found;
    qhm_release(chi);
    return status;
}
