// Cross-entropy benchmarking: the linear estimate, and how random a circuit's output is.
#include <qhm/xeb.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/channel.h>
#include <stdlib.h>

enum { MOST_QUBITS = 30 };

static qhm_status check_shape(size_t qubit_count, const double *probabilities)
{
    QHM_REQUIRE(probabilities, "probabilities is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d",
                qubit_count, MOST_QUBITS);
    return QHM_OK;
}

qhm_status qhm_xeb_estimate_outcomes(size_t qubit_count, const double *probabilities,
                                     const qhm_distribution *outcomes, qhm_xeb_estimate *estimate)
{
    double collision = 0, sum = 0, squares = 0;
    QHM_REQUIRE(outcomes && estimate, "outcomes or estimate is NULL");
    QHM_TRY(check_shape(qubit_count, probabilities));
    QHM_REQUIRE(qhm_distribution_bit_count(outcomes) == qubit_count,
                "outcomes have %zu bits, the circuit %zu qubits",
                qhm_distribution_bit_count(outcomes), qubit_count);
    const double count = qhm_distribution_total(outcomes), size = ldexp(1, (int)qubit_count);
    QHM_REQUIRE(count > 0, "there are no samples");
    for (size_t x = 0; x < (size_t)1 << qubit_count; x++)
        collision += size * probabilities[x] * probabilities[x];
    collision -= 1;
    QHM_REQUIRE(collision > 1e-12, "all probabilities are equal: no sample tells anything");
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        const double value = size * probabilities[bits[0]] - 1;
        sum += weight * value;
        squares += weight * value * value;
    }
    const double mean = sum / count;
    const double variance = fmax(0, squares / count - mean * mean);
    const double error = count > 1 ? sqrt(variance / (count - 1)) : INFINITY;
    *estimate = (qhm_xeb_estimate){mean, error, mean / collision, error / collision, collision};
    return QHM_OK;
}

double qhm_xeb_ideal(size_t qubit_count)
{
    const double size = ldexp(1, (int)qubit_count);
    return (size - 1) / (size + 1);
}

double qhm_xeb_entropy(size_t qubit_count, const double *probabilities)
{
    double sum = 0;
    for (size_t x = 0; x < (size_t)1 << qubit_count; x++)
        if (probabilities[x] > 0)
            sum -= probabilities[x] * log(probabilities[x]);
    return sum;
}

double qhm_xeb_ideal_entropy(size_t qubit_count)
{
    double sum = 0;
    for (size_t k = (size_t)1 << qubit_count; k >= 2; k--) // the smallest first
        sum += 1 / (double)k;
    return sum;
}

// Kolmogorov's probability of a larger distance, Stephens' form for finite numbers.
static double find_p_value(double distance, double count)
{
    const double root = sqrt(count), at = (root + 0.12 + 0.11 / root) * distance;
    double sum = 0;
    if (at < 0.2) // where the series has not begun to fall, and the probability is 1
        return 1;
    for (int k = 1; k <= 100; k++)
        sum += (k % 2 == 1 ? 2 : -2) * exp(-2 * at * at * k * k);
    return fmin(1, fmax(0, sum));
}

qhm_status qhm_xeb_porter_thomas(size_t qubit_count, const double *probabilities, double *distance,
                                 double *p_value)
{
    const size_t size = (size_t)1 << qubit_count;
    double *sorted, largest = 0;
    QHM_REQUIRE(distance && p_value, "distance or p_value is NULL");
    QHM_TRY(check_shape(qubit_count, probabilities));
    QHM_TRY(qhm_allocate(size, sizeof *sorted, &sorted));
    for (size_t x = 0; x < size; x++)
        sorted[x] = probabilities[x] * (double)size;
    qsort(sorted, size, sizeof *sorted, qhm_compare_numbers);
    for (size_t i = 0; i < size; i++) {
        const double expected = -expm1(-sorted[i]);
        largest = fmax(largest, fmax(expected - (double)i / (double)size,
                                     (double)(i + 1) / (double)size - expected));
    }
    qhm_release(sorted);
    *distance = largest;
    *p_value = find_p_value(largest, (double)size);
    return QHM_OK;
}

static qhm_status append_noisy(qhm_circuit *noisy, const qhm_circuit *circuit,
                               const qhm_channel *channel)
{
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *gate = qhm_circuit_instruction(circuit, i);
        QHM_TRY(qhm_circuit_append_instruction(noisy, gate));
        if (gate->qubit_count != 2 || !qhm_gate_information(gate->gate)->is_unitary)
            continue;
        const qhm_instruction error = {.gate = QHM_GATE_CHANNEL,
                                       .qubit_count = 2,
                                       .qubits = gate->qubits,
                                       .matrix = channel->kraus,
                                       .kraus_count = (uint32_t)channel->kraus_count};
        QHM_TRY(qhm_circuit_append_instruction(noisy, &error));
    }
    return QHM_OK;
}

qhm_status qhm_xeb_add_noise(const qhm_circuit *circuit, double error, qhm_circuit **noisy)
{
    qhm_channel *channel;
    qhm_circuit *made = NULL;
    QHM_REQUIRE(circuit && noisy, "circuit or noisy is NULL");
    QHM_REQUIRE(error >= 0 && error <= 1, "error is %g, not 0 to 1", error);
    QHM_TRY(qhm_channel_create_depolarizing(2, error * 16 / 15, &channel));
    qhm_status status =
        qhm_circuit_create(qhm_circuit_qubit_count(circuit), qhm_circuit_bit_count(circuit), &made);
    if (status == QHM_OK)
        status = append_noisy(made, circuit, channel);
    qhm_channel_destroy(channel);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *noisy = made;
    return QHM_OK;
}
