// The channels that noise models are made of.
#include "base/memory.h"
#include "circuit/channel_internal.h"

#include <math.h>

#define SUM_TOLERANCE 1e-10

static qhm_status check_probability(const char *what, double value)
{
    QHM_REQUIRE(value >= 0 && value <= 1, "%s is %g, not 0 to 1", what, value); // not so for NaN
    return QHM_OK;
}

qhm_status qhm_channel_create_identity(size_t qubit_count, qhm_channel **channel)
{
    double only[QHM_CHANNEL_MAX_STRINGS] = {1};
    return qhm_channel_create_pauli(qubit_count, only, channel);
}

qhm_status qhm_channel_create_pauli(size_t qubit_count, const double *probabilities,
                                    qhm_channel **channel)
{
    QHM_REQUIRE(channel && probabilities, "qhm_channel_create_pauli needs probabilities and a "
                                          "place for the channel");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= QHM_CHANNEL_MAX_QUBITS,
                "a channel on %zu qubits, not 1 to %d", qubit_count, QHM_CHANNEL_MAX_QUBITS);
    const size_t n = (size_t)1 << 2 * qubit_count, d = (size_t)1 << qubit_count;
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        QHM_TRY(check_probability("the probability of a Pauli string", probabilities[i]));
        sum += probabilities[i];
        count += probabilities[i] > 0;
    }
    QHM_REQUIRE(fabs(sum - 1) <= SUM_TOLERANCE,
                "the probabilities of Pauli strings add up to %.12g, not 1", sum);
    qhm_complex *kraus;
    QHM_TRY(qhm_channel_allocate(qubit_count, count, channel, &kraus));
    for (size_t i = 0; i < n; i++) {
        if (probabilities[i] <= 0)
            continue;
        qhm_pauli_add_matrix(qhm_channel_pauli(i, qubit_count), sqrt(probabilities[i] / sum),
                             (unsigned)qubit_count, kraus);
        kraus += d * d;
    }
    return QHM_OK;
}

// The expectation of string P decays at twice the sum of the rates of strings that anticommute with
// it; probabilities are the transform of these decays. 1 - decay is summed, so that rare errors
// keep their digits.
qhm_status qhm_channel_create_pauli_rates(size_t qubit_count, const double *rates_per_second,
                                          double duration_ns, qhm_channel **channel)
{
    QHM_REQUIRE(channel && rates_per_second, "qhm_channel_create_pauli_rates needs rates and a "
                                             "place for the channel");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= QHM_CHANNEL_MAX_QUBITS,
                "a channel on %zu qubits, not 1 to %d", qubit_count, QHM_CHANNEL_MAX_QUBITS);
    QHM_REQUIRE(duration_ns >= 0 && isfinite(duration_ns),
                "the duration of errors is %g ns, not finite and at least 0", duration_ns);
    const size_t n = (size_t)1 << 2 * qubit_count;
    double lost[QHM_CHANNEL_MAX_STRINGS], probabilities[QHM_CHANNEL_MAX_STRINGS], sum = 0;
    for (size_t i = 0; i < n; i++) {
        const qhm_pauli_masks string = qhm_channel_pauli(i, qubit_count);
        QHM_REQUIRE(rates_per_second[i] >= 0 && isfinite(rates_per_second[i]),
                    "the rate of a Pauli string is %g, not finite and at least 0",
                    rates_per_second[i]);
        double rate = 0;
        for (size_t j = 0; j < n; j++)
            if (!qhm_pauli_commute(string, qhm_channel_pauli(j, qubit_count)))
                rate += rates_per_second[j];
        lost[i] = -expm1(-2 * rate * duration_ns * 1e-9);
    }
    for (size_t i = 1; i < n; i++) {
        double probability = 0;
        for (size_t j = 0; j < n; j++)
            probability += qhm_pauli_commute(qhm_channel_pauli(i, qubit_count),
                                             qhm_channel_pauli(j, qubit_count))
                               ? -lost[j]
                               : lost[j];
        // What is left of rounding where nothing can happen.
        probability /= (double)n;
        probabilities[i] = probability > 1e-16 ? probability : 0;
        sum += probabilities[i];
    }
    probabilities[0] = fmax(0, 1 - sum);
    return qhm_channel_create_pauli(qubit_count, probabilities, channel);
}

qhm_status qhm_channel_create_depolarizing(size_t qubit_count, double probability,
                                           qhm_channel **channel)
{
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= QHM_CHANNEL_MAX_QUBITS,
                "a channel on %zu qubits, not 1 to %d", qubit_count, QHM_CHANNEL_MAX_QUBITS);
    const size_t n = (size_t)1 << 2 * qubit_count;
    const double most = (double)n / ((double)n - 1);
    QHM_REQUIRE(probability >= 0 && probability <= most * (1 + 1e-15),
                "the probability of depolarising is %g, not 0 to %.9g", probability, most);
    double probabilities[QHM_CHANNEL_MAX_STRINGS];
    for (size_t i = 0; i < n; i++)
        probabilities[i] = probability / (double)n;
    probabilities[0] = fmax(0, 1 - probability / most);
    return qhm_channel_create_pauli(qubit_count, probabilities, channel);
}

qhm_status qhm_channel_create_bit_flip(double probability, qhm_channel **channel)
{
    QHM_TRY(check_probability("the probability of a bit flip", probability));
    const double probabilities[4] = {1 - probability, probability, 0, 0};
    return qhm_channel_create_pauli(1, probabilities, channel);
}

qhm_status qhm_channel_create_phase_flip(double probability, qhm_channel **channel)
{
    QHM_TRY(check_probability("the probability of a phase flip", probability));
    const double probabilities[4] = {1 - probability, 0, 0, probability};
    return qhm_channel_create_pauli(1, probabilities, channel);
}

// A map of one qubit that moves |0> up and |1> down, and shrinks the coherences by a factor.
//
// The diagonal operators come from the matrix [[1 - up, c], [c, 1 - down]], which is positive:
// its eigenvectors times the roots of its eigenvalues. `lost` is its determinant, given because
// it may be the difference of nearly equal numbers.
static qhm_status create_relaxation(double up, double down, double coherence, double lost,
                                    qhm_channel **channel)
{
    const double a = 1 - up, b = 1 - down, c = coherence;
    const double half = (a - b) / 2, root = hypot(half, c), mean = (a + b) / 2;
    const double high = mean + root, low = high > 0 ? fmax(0, lost / high) : 0;
    // The angle of the eigenvector to `high`; at c = 0 the axes themselves.
    const double angle = atan2(c, half) / 2, cosine = cos(angle), sine = sin(angle);
    qhm_complex all[16] = {{0, 0}};
    size_t count = 0;
    if (high > 0) {
        all[0].re = sqrt(high) * cosine;
        all[3].re = sqrt(high) * sine;
        count++;
    }
    if (low > 0) {
        all[4 * count].re = -sqrt(low) * sine;
        all[4 * count + 3].re = sqrt(low) * cosine;
        count++;
    }
    if (down > 0)
        all[4 * count++ + 1].re = sqrt(down);
    if (up > 0)
        all[4 * count++ + 2].re = sqrt(up);
    return qhm_channel_create(1, count, all, channel);
}

qhm_status qhm_channel_create_amplitude_damping(double gamma, double excited, qhm_channel **channel)
{
    QHM_TRY(check_probability("gamma of amplitude damping", gamma));
    QHM_TRY(check_probability("the excited population", excited));
    const double up = gamma * excited, down = gamma * (1 - excited);
    return create_relaxation(up, down, sqrt(1 - gamma), up * down, channel);
}

qhm_status qhm_channel_create_phase_damping(double lambda, qhm_channel **channel)
{
    QHM_TRY(check_probability("lambda of phase damping", lambda));
    // As a phase flip that shrinks coherences by 1 - 2p: two unitaries.
    return qhm_channel_create_phase_flip(lambda / (2 * (1 + sqrt(1 - lambda))), channel);
}

qhm_status qhm_channel_create_thermal_relaxation(double duration_ns, double t1_ns, double t2_ns,
                                                 double excited, qhm_channel **channel)
{
    QHM_REQUIRE(duration_ns >= 0 && isfinite(duration_ns),
                "the duration of relaxation is %g ns, not finite and at least 0", duration_ns);
    QHM_REQUIRE(t1_ns > 0 && t2_ns > 0, "T1 is %g ns and T2 %g ns, not above 0", t1_ns, t2_ns);
    QHM_REQUIRE(t2_ns <= 2 * t1_ns, "T2 is %g ns, above twice T1, which is %g ns", t2_ns, t1_ns);
    QHM_TRY(check_probability("the excited population", excited));
    const double rate1 = duration_ns / t1_ns, rate2 = duration_ns / t2_ns;
    const double moved = -expm1(-rate1);
    const double up = moved * excited, down = moved * (1 - excited);
    // (1 - up)(1 - down) - exp(-2 rate2), without cancellation.
    const double lost = -exp(-rate1) * expm1(rate1 - 2 * rate2) + up * down;
    return create_relaxation(up, down, exp(-rate2), lost, channel);
}

qhm_status qhm_channel_create_reset(double excited, qhm_channel **channel)
{
    QHM_TRY(check_probability("the excited population", excited));
    qhm_complex all[16] = {{0, 0}};
    size_t count = 0;
    for (size_t from = 0; from < 2 && excited < 1; from++)
        all[4 * count++ + from].re = sqrt(1 - excited);
    for (size_t from = 0; from < 2 && excited > 0; from++)
        all[4 * count++ + 2 + from].re = sqrt(excited);
    return qhm_channel_create(1, count, all, channel);
}
