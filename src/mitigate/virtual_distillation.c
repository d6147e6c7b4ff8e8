// Virtual distillation with two copies: values in rho^2 / tr rho^2, where errors weigh little.
//
// A string is turned into Z of one qubit on both copies; then B, on each pair of equal qubits,
// makes both the exchange of copies and Z of both copies together diagonal [huggins2021].
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>

#define LEAST_PURITY 1e-6

static uint32_t of_copy(uint32_t qubit, size_t copy, size_t qubits)
{
    return qubit + (uint32_t)(copy * qubits);
}

// Turns a string into Z of its first qubit, on one copy.
static qhm_status append_basis(qhm_circuit *made, const qhm_pauli_term *term, size_t copy,
                               size_t qubits)
{
    for (size_t f = 0; f < term->factor_count; f++) {
        const uint32_t qubit = of_copy(term->factors[f].qubit, copy, qubits);
        const uint32_t first = of_copy(term->factors[0].qubit, copy, qubits);
        if (term->factors[f].pauli == QHM_PAULI_Y)
            QHM_TRY(qhm_circuit_append(made, QHM_GATE_SDG, &qubit, NULL));
        if (term->factors[f].pauli != QHM_PAULI_Z)
            QHM_TRY(qhm_circuit_append(made, QHM_GATE_H, &qubit, NULL));
        if (f > 0)
            QHM_TRY(qhm_circuit_append(made, QHM_GATE_CX, (uint32_t[]){qubit, first}, NULL));
    }
    return QHM_OK;
}

// |01> + |10> becomes |01>, |10> - |01> becomes |10>, the first copy as bit 0.
static qhm_status append_exchange_basis(qhm_circuit *made, size_t qubits)
{
    const double h = sqrt(0.5);
    const qhm_complex b[16] = {
        [0] = {1, 0}, [5] = {h, 0}, [6] = {h, 0}, [9] = {-h, 0}, [10] = {h, 0}, [15] = {1, 0}};
    for (uint32_t q = 0; q < qubits; q++) {
        const uint32_t pair[2] = {q, of_copy(q, 1, qubits)};
        const qhm_instruction unitary = {
            .gate = QHM_GATE_UNITARY, .qubit_count = 2, .qubits = pair, .matrix = b};
        QHM_TRY(qhm_circuit_append_instruction(made, &unitary));
    }
    return QHM_OK;
}

// maps: [qubits] and [bits] of the second copy.
static qhm_status append_all(qhm_circuit *made, const qhm_circuit *circuit,
                             const qhm_pauli_term *term, uint32_t *maps)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), bits = qhm_circuit_bit_count(circuit);
    for (size_t q = 0; q < qubits; q++)
        maps[q] = (uint32_t)(q + qubits);
    for (size_t b = 0; b < bits; b++)
        maps[qubits + b] = (uint32_t)(b + bits);
    QHM_TRY(qhm_circuit_append_circuit(made, circuit, NULL, NULL, 0, 0));
    QHM_TRY(qhm_circuit_append_circuit(made, circuit, maps, maps + qubits, 0, 0));
    for (size_t copy = 0; copy < 2; copy++)
        QHM_TRY(append_basis(made, term, copy, qubits));
    return append_exchange_basis(made, qubits);
}

static qhm_status create_copies(const qhm_circuit *circuit, const qhm_pauli_term *term,
                                qhm_circuit **copies)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), bits = qhm_circuit_bit_count(circuit);
    qhm_circuit *made = NULL;
    uint32_t *maps;
    QHM_TRY(qhm_allocate(qubits + bits, sizeof *maps, &maps));
    qhm_status status = qhm_circuit_create(2 * qubits, 2 * bits, &made);
    if (status == QHM_OK)
        status = append_all(made, circuit, term, maps);
    qhm_release(maps);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *copies = made;
    return QHM_OK;
}

// What an outcome says of the exchange, and of the exchange times Z of qubit `at` in both copies.
static void read_outcome(const uint64_t *bits, size_t qubits, uint32_t at, double *exchange,
                         double *product)
{
    *exchange = *product = 1;
    for (uint32_t q = 0; q < qubits; q++) {
        const uint32_t other = of_copy(q, 1, qubits);
        const bool a = bits[q / 64] >> q % 64 & 1, b = bits[other / 64] >> other % 64 & 1;
        const double sign = b && !a ? -1 : 1; // bit 1 alone: the copies are antisymmetric here
        *exchange *= sign;
        *product *= q != at ? sign : a != b ? 0 : a ? -1 : 1;
    }
}

struct ratio {
    double value, variance, purity;
};

static qhm_status divide(const qhm_distribution *outcomes, size_t qubits, uint32_t at,
                         bool is_counts, struct ratio *r)
{
    const size_t count = qhm_distribution_outcome_count(outcomes);
    double *weights; // [3][count]: weights, exchange, product
    QHM_TRY(qhm_allocate(3 * count, sizeof *weights, &weights));
    double *exchange = weights + count, *product = weights + 2 * count, mean, spread;
    for (size_t i = 0; i < count; i++) {
        const uint64_t *bits;
        qhm_distribution_outcome(outcomes, i, &bits, &weights[i]);
        read_outcome(bits, qubits, at, &exchange[i], &product[i]);
    }
    qhm_weighted_mean(count, weights, exchange, is_counts, &r->purity, &spread);
    qhm_weighted_mean(count, weights, product, is_counts, &mean, &spread);
    r->value = mean / r->purity;
    for (size_t i = 0; i < count; i++) // the ratio to first order
        product[i] = (product[i] - r->value * exchange[i]) / r->purity;
    qhm_weighted_mean(count, weights, product, is_counts, &mean, &r->variance);
    qhm_release(weights);
    if (!(r->purity > LEAST_PURITY))
        return QHM_FAIL(QHM_ERROR_NUMERIC,
                        "distillation: the purity is found to be %g: take more shots", r->purity);
    return QHM_OK;
}

static qhm_status run_term(qhm_executor *inner, const qhm_execution *e, const qhm_circuit *circuit,
                           const qhm_pauli_term *term, uint64_t seed, struct ratio *r)
{
    qhm_circuit *copies;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(create_copies(circuit, term, &copies));
    const qhm_sampling sampling = {.circuit = copies,
                                   .inputs = e->inputs,
                                   .weights = e->weights,
                                   .shots = e->shots,
                                   .seed = seed};
    qhm_status status = qhm_executor_draw(inner, &sampling, &outcomes, e->overhead);
    if (status == QHM_OK)
        status = divide(outcomes, qhm_circuit_qubit_count(circuit), term->factors[0].qubit,
                        e->shots > 0, r);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(copies);
    return status;
}

static qhm_status run_terms(qhm_executor *inner, const qhm_execution *e, const qhm_circuit *circuit,
                            double *least)
{
    size_t number = 0;
    for (size_t k = 0; k < e->observable_count; k++) {
        e->values[k] = e->variances[k] = 0;
        for (size_t t = 0; t < qhm_observable_term_count(e->observables[k]); t++) {
            const qhm_pauli_term *term = qhm_observable_term(e->observables[k], t);
            const double c = term->coefficient;
            struct ratio r = {.value = 1, .purity = 1};
            if (term->factor_count > 0)
                QHM_TRY(run_term(inner, e, circuit, term,
                                 qhm_seed_of(e->seed, QHM_STREAM_COPIES, number++), &r));
            e->values[k] += c * r.value;
            e->variances[k] += c * c * r.variance;
            *least = fmin(*least, r.purity);
        }
    }
    return QHM_OK;
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    qhm_circuit *circuit;
    double least = 1;
    QHM_TRY(qhm_mitigation_begin(options, e->circuit, &circuit));
    const qhm_status status = run_terms(inner, e, circuit, &least);
    qhm_circuit_destroy(circuit);
    if (status == QHM_OK) {
        e->overhead->sampling /= least * least;
        qhm_overhead_say(e->overhead, "distillation: two copies, purity %.3g", least);
    }
    return status;
}

const qhm_technique qhm_distillation_technique = {
    .information = {.name = "distillation",
                    .title = "virtual distillation",
                    .help = "measures two copies together, so that values are those of the squared "
                            "state, whose largest eigenvector is nearly the ideal state",
                    .cost = "twice the qubits, a circuit for each Pauli string, error bars that "
                            "grow by one over the purity",
                    .needs_samples = true},
    .estimate = estimate,
};
