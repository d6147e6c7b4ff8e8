// Canonical amplitude estimation: phase estimation of the operator Q.
#include <qhm/amplitude_estimation.h>

#include "algorithm/phase_estimation_internal.h"

#include <math.h>
#include <qhm/phase_estimation.h>

enum { MOST_BITS = 12 };

qhm_status qhm_amplitude_estimation_create(const qhm_amplitude_problem *problem, size_t bit_count,
                                           bool is_measured, qhm_circuit **circuit)
{
    qhm_circuit *controlled;
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(bit_count >= 1 && bit_count <= MOST_BITS, "bit_count is %zu, not 1 to %d",
                bit_count, MOST_BITS);
    QHM_TRY(qhm_amplitude_operator_create(problem, true, &controlled));
    const qhm_status status = qhm_phase_estimation_create_controlled(
        problem->preparation, controlled, bit_count, is_measured, circuit);
    qhm_circuit_destroy(controlled);
    return status;
}

double qhm_amplitude_estimation_probability(double share, size_t bit_count, size_t y)
{
    const double turn = asin(sqrt(fmin(1, fmax(0, share)))) / M_PI;
    return (qhm_phase_estimation_probability(turn, bit_count, y) +
            qhm_phase_estimation_probability(-turn, bit_count, y)) /
           2;
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
