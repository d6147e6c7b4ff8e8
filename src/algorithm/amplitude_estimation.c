// Canonical amplitude estimation: phase estimation of the operator Q.
#include <qhm/amplitude_estimation.h>

#include "base/status_internal.h"

#include <math.h>
#include <qhm/fourier.h>

enum { MOST_BITS = 12, MOST_STATE_QUBITS = 32 };

static qhm_status append_powers(qhm_circuit *circuit, const qhm_circuit *controlled, size_t n,
                                size_t bit_count)
{
    uint32_t map[MOST_STATE_QUBITS + 1];
    for (uint32_t q = 0; q < n; q++)
        map[q] = q;
    for (size_t j = 0; j < bit_count; j++) {
        map[n] = (uint32_t)(n + j);
        for (size_t k = 0; k < (size_t)1 << j; k++)
            QHM_TRY(qhm_circuit_append_circuit(circuit, controlled, map, NULL, 0, 0));
    }
    return QHM_OK;
}

static qhm_status append_inverse_fourier(qhm_circuit *circuit, size_t first, size_t count)
{
    uint32_t map[MOST_BITS];
    qhm_circuit *fourier;
    for (size_t j = 0; j < count; j++)
        map[j] = (uint32_t)(first + j);
    QHM_TRY(qhm_fourier_create(count, &(qhm_fourier_options){.is_inverse = true}, &fourier));
    const qhm_status status = qhm_circuit_append_circuit(circuit, fourier, map, NULL, 0, 0);
    qhm_circuit_destroy(fourier);
    return status;
}

static qhm_status append_run(qhm_circuit *circuit, const qhm_amplitude_problem *problem,
                             const qhm_circuit *controlled, size_t bit_count, bool is_measured)
{
    const size_t n = qhm_amplitude_qubit_count(problem);
    QHM_TRY(qhm_circuit_append_qubits(circuit, "state", n));
    QHM_TRY(qhm_circuit_append_qubits(circuit, "clock", bit_count));
    QHM_TRY(qhm_circuit_append_circuit(circuit, problem->preparation, NULL, NULL, 0, 0));
    for (uint32_t j = 0; j < bit_count; j++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){(uint32_t)n + j}, NULL));
    QHM_TRY(append_powers(circuit, controlled, n, bit_count));
    QHM_TRY(append_inverse_fourier(circuit, n, bit_count));
    if (!is_measured)
        return QHM_OK;
    QHM_TRY(qhm_circuit_append_bits(circuit, "y", bit_count));
    for (uint32_t j = 0; j < bit_count; j++)
        QHM_TRY(qhm_circuit_append_measure(circuit, (uint32_t)n + j, j));
    return QHM_OK;
}

qhm_status qhm_amplitude_estimation_create(const qhm_amplitude_problem *problem, size_t bit_count,
                                           bool is_measured, qhm_circuit **circuit)
{
    qhm_circuit *controlled, *made = NULL;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(bit_count >= 1 && bit_count <= MOST_BITS, "bit_count is %zu, not 1 to %d",
                bit_count, MOST_BITS);
    QHM_TRY(qhm_amplitude_operator_create(problem, true, &controlled));
    if (qhm_amplitude_qubit_count(problem) > MOST_STATE_QUBITS) {
        qhm_circuit_destroy(controlled);
        return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT, "the operator has %zu qubits, more than %d",
                        qhm_amplitude_qubit_count(problem), MOST_STATE_QUBITS);
    }
    qhm_status status = qhm_circuit_create(0, 0, &made);
    if (status == QHM_OK)
        status = append_run(made, problem, controlled, bit_count, is_measured);
    qhm_circuit_destroy(controlled);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

// (sin(M pi x) / (M sin(pi x)))^2, with x taken to its nearest whole number.
static double kernel(double x, double count)
{
    const double near = x - round(x);
    if (fabs(near) < 1e-12)
        return 1;
    const double ratio = sin(count * M_PI * near) / (count * sin(M_PI * near));
    return ratio * ratio;
}

double qhm_amplitude_estimation_probability(double share, size_t bit_count, size_t y)
{
    const double count = ldexp(1, (int)bit_count);
    const double turn = asin(sqrt(fmin(1, fmax(0, share)))) / M_PI, at = (double)y / count;
    return (kernel(turn - at, count) + kernel(-turn - at, count)) / 2;
}

double qhm_amplitude_estimation_value(size_t bit_count, size_t y)
{
    const double sine = sin(ldexp(M_PI * (double)y, -(int)bit_count));
    return sine * sine;
}

double qhm_amplitude_estimation_error_bound(double share, size_t bit_count)
{
    const double step = ldexp(M_PI, -(int)bit_count);
    return 2 * step * sqrt(fmax(0, share * (1 - share))) + step * step;
}

qhm_status qhm_amplitude_estimation_median(const qhm_distribution *outcomes, double *share)
{
    double weights[((size_t)1 << MOST_BITS) / 2 + 1] = {0}, sum = 0;
    QHM_REQUIRE(outcomes && share, "outcomes or share is NULL");
    const size_t bits = qhm_distribution_bit_count(outcomes);
    QHM_REQUIRE(bits >= 1 && bits <= MOST_BITS, "outcomes have %zu bits, not 1 to %d", bits,
                MOST_BITS);
    const double total = qhm_distribution_total(outcomes);
    QHM_REQUIRE(total > 0, "outcomes have the weight %g, not above 0", total);
    const size_t count = (size_t)1 << bits;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *y;
        double weight;
        qhm_distribution_outcome(outcomes, i, &y, &weight);
        weights[y[0] <= count / 2 ? y[0] : count - y[0]] += weight;
    }
    size_t k = 0;
    for (sum = weights[0]; 2 * sum < total && k < count / 2; sum += weights[k])
        k++;
    *share = qhm_amplitude_estimation_value(bits, k);
    return QHM_OK;
}
