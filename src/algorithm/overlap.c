// Overlaps of two prepared states: circuits, estimators, shots.
#include <qhm/overlap.h>

#include "algorithm/append_at.h"
#include "base/statistics.h"
#include "base/status_internal.h"

#include <math.h>

const char *qhm_overlap_method_name(qhm_overlap_method method)
{
    static const char *const names[QHM_OVERLAP_METHOD_COUNT] = {"swap", "destructive", "inversion",
                                                                "hadamard", "hadamard_imaginary"};
    return names[method];
}

static qhm_status append(qhm_circuit *circuit, qhm_gate gate, size_t a, size_t b, size_t c)
{
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)a, (uint32_t)b, (uint32_t)c},
                              NULL);
}

static qhm_status append_both(qhm_circuit *circuit, const qhm_circuit *a, const qhm_circuit *b)
{
    QHM_TRY(qhm_append_at(circuit, a, 0));
    return qhm_append_at(circuit, b, qhm_circuit_qubit_count(a));
}

static qhm_status append_swap_test(qhm_circuit *circuit, const qhm_circuit *a, const qhm_circuit *b)
{
    const size_t n = qhm_circuit_qubit_count(a), ancilla = 2 * n;
    QHM_TRY(append_both(circuit, a, b));
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla, 0, 0));
    for (size_t q = 0; q < n; q++)
        QHM_TRY(append(circuit, QHM_GATE_CSWAP, ancilla, q, n + q));
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla, 0, 0));
    return qhm_circuit_append_measure(circuit, (uint32_t)ancilla, 0);
}

static qhm_status append_destructive(qhm_circuit *circuit, const qhm_circuit *a,
                                     const qhm_circuit *b)
{
    const size_t n = qhm_circuit_qubit_count(a);
    QHM_TRY(append_both(circuit, a, b));
    for (size_t q = 0; q < n; q++) {
        QHM_TRY(append(circuit, QHM_GATE_CX, q, n + q, 0));
        QHM_TRY(append(circuit, QHM_GATE_H, q, 0, 0));
    }
    for (uint32_t q = 0; q < 2 * n; q++)
        QHM_TRY(qhm_circuit_append_measure(circuit, q, q));
    return QHM_OK;
}

static qhm_status append_inversion(qhm_circuit *circuit, const qhm_circuit *a, const qhm_circuit *b)
{
    qhm_circuit *inverse;
    QHM_TRY(qhm_append_at(circuit, a, 0));
    QHM_TRY(qhm_circuit_invert(b, &inverse));
    qhm_status status = qhm_append_at(circuit, inverse, 0);
    qhm_circuit_destroy(inverse);
    for (uint32_t q = 0; q < qhm_circuit_qubit_count(a) && status == QHM_OK; q++)
        status = qhm_circuit_append_measure(circuit, q, q);
    return status;
}

static qhm_status append_controlled(qhm_circuit *circuit, const qhm_circuit *part)
{
    qhm_circuit *controlled;
    QHM_TRY(qhm_circuit_control(part, 1, &controlled));
    const qhm_status status = qhm_append_at(circuit, controlled, 0);
    qhm_circuit_destroy(controlled);
    return status;
}

// The ancilla's |1> goes with |a>, its |0> with |b>.
static qhm_status append_hadamard(qhm_circuit *circuit, const qhm_circuit *a, const qhm_circuit *b,
                                  bool is_imaginary)
{
    const size_t ancilla = qhm_circuit_qubit_count(a);
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla, 0, 0));
    if (is_imaginary)
        QHM_TRY(append(circuit, QHM_GATE_SDG, ancilla, 0, 0));
    QHM_TRY(append_controlled(circuit, a));
    QHM_TRY(append(circuit, QHM_GATE_X, ancilla, 0, 0));
    QHM_TRY(append_controlled(circuit, b));
    QHM_TRY(append(circuit, QHM_GATE_X, ancilla, 0, 0));
    QHM_TRY(append(circuit, QHM_GATE_H, ancilla, 0, 0));
    return qhm_circuit_append_measure(circuit, (uint32_t)ancilla, 0);
}

static qhm_status append_test(qhm_circuit *circuit, qhm_overlap_method method, const qhm_circuit *a,
                              const qhm_circuit *b)
{
    switch (method) {
    case QHM_OVERLAP_SWAP_TEST:
        return append_swap_test(circuit, a, b);
    case QHM_OVERLAP_DESTRUCTIVE:
        return append_destructive(circuit, a, b);
    case QHM_OVERLAP_INVERSION:
        return append_inversion(circuit, a, b);
    default:
        return append_hadamard(circuit, a, b, method == QHM_OVERLAP_HADAMARD_IMAGINARY);
    }
}

qhm_status qhm_overlap_circuit_create(qhm_overlap_method method, const qhm_circuit *a,
                                      const qhm_circuit *b, qhm_circuit **circuit)
{
    QHM_REQUIRE(a && b && circuit, "a circuit is NULL");
    QHM_REQUIRE(method >= 0 && method < QHM_OVERLAP_METHOD_COUNT, "method is %d, not below %d",
                (int)method, QHM_OVERLAP_METHOD_COUNT);
    const size_t n = qhm_circuit_qubit_count(a);
    QHM_REQUIRE(n == qhm_circuit_qubit_count(b), "the states have %zu and %zu qubits", n,
                qhm_circuit_qubit_count(b));
    const struct {
        size_t qubits, bits;
    } sizes[QHM_OVERLAP_METHOD_COUNT] = {
        {2 * n + 1, 1}, {2 * n, 2 * n}, {n, n}, {n + 1, 1}, {n + 1, 1}};
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(sizes[method].qubits, sizes[method].bits, &made));
    const qhm_status status = append_test(made, method, a, b);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

// What an outcome says: +1 or -1; of the inversion test 1 or 0.
static double value_of(qhm_overlap_method method, const uint64_t *bits, size_t bit_count)
{
    if (method == QHM_OVERLAP_INVERSION) {
        bool is_zero = true;
        for (size_t w = 0; w < (bit_count + 63) / 64; w++)
            is_zero = is_zero && bits[w] == 0;
        return is_zero;
    }
    bool is_odd = bits[0] & 1;
    if (method == QHM_OVERLAP_DESTRUCTIVE) {
        const size_t n = bit_count / 2;
        is_odd = false;
        for (size_t q = 0; q < n; q++) {
            const size_t other = n + q;
            is_odd ^= (bits[q / 64] >> q % 64 & 1) & (bits[other / 64] >> other % 64 & 1);
        }
    }
    return is_odd ? -1 : 1;
}

qhm_status qhm_overlap_estimate_outcomes(qhm_overlap_method method,
                                         const qhm_distribution *outcomes,
                                         qhm_overlap_estimate *estimate)
{
    QHM_REQUIRE(outcomes && estimate, "outcomes or estimate is NULL");
    const double shots = qhm_distribution_total(outcomes);
    QHM_REQUIRE(shots > 0, "there are no outcomes to estimate an overlap from");
    double sum = 0, squares = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        const double value = value_of(method, bits, qhm_distribution_bit_count(outcomes));
        sum += weight * value;
        squares += weight * value * value;
    }
    const double mean = sum / shots;
    *estimate = (qhm_overlap_estimate){mean, sqrt(fmax(0, squares / shots - mean * mean) / shots)};
    return QHM_OK;
}

double qhm_overlap_shots(qhm_overlap_method method, double value, double error, double confidence)
{
    if (!(error > 0 && confidence > 0 && confidence < 1 && fabs(value) <= 1))
        return NAN;
    const double variance =
        method == QHM_OVERLAP_INVERSION ? value * (1 - value) : 1 - value * value;
    const double z = qhm_statistics_normal_quantile((1 + confidence) / 2);
    return ceil(z * z * variance / (error * error));
}
