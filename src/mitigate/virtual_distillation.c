// Virtual distillation with two copies: values in rho^2 / tr rho^2, where errors weigh little.
//
// A string is turned into Z of one qubit on both copies; then B, on each pair of equal qubits,
// makes both the exchange of copies and Z of both copies together diagonal [huggins2021]. Wrong
// readout would raise the ratio past the ideal value, so each pair's signs are corrected for it.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "mitigate/confusion.h"
#include "mitigate/mitigation_internal.h"

#include <math.h>

#define LEAST_PURITY 1e-6

enum { CALIBRATION_SHOTS = 8192 };

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

// What the outcome of a pair says of its exchange and of its part in exchange times Z, by the first
// copy's bit plus twice the second's.
struct pair_signs {
    double exchange[4], product[4];
};

// A function of a bit, so that its mean over what is read is its value for what is true.
static void correct_bit(const double flips[2], double *zero, double *one)
{
    const double left = 1 - flips[0] - flips[1], f = *zero, g = *one;
    *zero = ((1 - flips[1]) * f - flips[0] * g) / left;
    *one = ((1 - flips[0]) * g - flips[1] * f) / left;
}

static void correct_pair(const double first[2], const double second[2], double *signs)
{
    correct_bit(first, &signs[0], &signs[1]);
    correct_bit(first, &signs[2], &signs[3]);
    correct_bit(second, &signs[0], &signs[2]);
    correct_bit(second, &signs[1], &signs[3]);
}

// Bit 1 alone: the copies are antisymmetric there. flips: [2 qubits].
static struct pair_signs signs_of(const double (*flips)[2], size_t qubits, size_t qubit)
{
    struct pair_signs s = {.exchange = {1, 1, -1, 1}, .product = {1, 0, 0, -1}};
    correct_pair(flips[qubit], flips[qubit + qubits], s.exchange);
    correct_pair(flips[qubit], flips[qubit + qubits], s.product);
    return s;
}

// One estimate.
struct distillation {
    size_t qubits;
    double (*flips)[2];       // [2 qubits] of both copies
    struct pair_signs *signs; // [qubits]
    double least;             // purity so far
};

// What an outcome says of the exchange, and of the exchange times Z of qubit `at` in both copies.
static void read_outcome(const struct distillation *d, const uint64_t *bits, uint32_t at,
                         double *exchange, double *product)
{
    *exchange = *product = 1;
    for (uint32_t q = 0; q < d->qubits; q++) {
        const uint32_t other = of_copy(q, 1, d->qubits);
        const size_t pair = (bits[q / 64] >> q % 64 & 1) | (bits[other / 64] >> other % 64 & 1)
                                                               << 1;
        *exchange *= d->signs[q].exchange[pair];
        *product *= q == at ? d->signs[q].product[pair] : d->signs[q].exchange[pair];
    }
}

struct ratio {
    double value, variance, purity;
};

static qhm_status divide(const struct distillation *d, const qhm_distribution *outcomes,
                         uint32_t at, bool is_counts, struct ratio *r)
{
    const size_t count = qhm_distribution_outcome_count(outcomes);
    double *weights; // [3][count]: weights, exchange, product
    QHM_TRY(qhm_allocate(3 * count, sizeof *weights, &weights));
    double *exchange = weights + count, *product = weights + 2 * count, mean, spread;
    for (size_t i = 0; i < count; i++) {
        const uint64_t *bits;
        qhm_distribution_outcome(outcomes, i, &bits, &weights[i]);
        read_outcome(d, bits, at, &exchange[i], &product[i]);
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

static qhm_status run_term(const struct distillation *d, qhm_executor *inner,
                           const qhm_execution *e, const qhm_circuit *circuit,
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
        status = divide(d, outcomes, term->factors[0].qubit, e->shots > 0, r);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(copies);
    return status;
}

static qhm_status run_terms(struct distillation *d, qhm_executor *inner, const qhm_execution *e,
                            const qhm_circuit *circuit)
{
    size_t number = 0;
    for (size_t k = 0; k < e->observable_count; k++) {
        e->values[k] = e->variances[k] = 0;
        for (size_t t = 0; t < qhm_observable_term_count(e->observables[k]); t++) {
            const qhm_pauli_term *term = qhm_observable_term(e->observables[k], t);
            const double c = term->coefficient;
            struct ratio r = {.value = 1, .purity = 1};
            if (term->factor_count > 0)
                QHM_TRY(run_term(d, inner, e, circuit, term,
                                 qhm_seed_of(e->seed, QHM_STREAM_COPIES, number++), &r));
            e->values[k] += c * r.value;
            e->variances[k] += c * c * r.variance;
            d->least = fmin(d->least, r.purity);
        }
    }
    return QHM_OK;
}

// Flips of both copies, given or measured, and what they make of the signs.
static qhm_status find_signs(struct distillation *d, qhm_executor *inner,
                             const qhm_readout_options *options, const qhm_execution *e)
{
    QHM_TRY(qhm_allocate(2 * d->qubits, sizeof *d->flips, &d->flips));
    QHM_TRY(qhm_allocate(d->qubits, sizeof *d->signs, &d->signs));
    if (options->flips) {
        QHM_REQUIRE(options->flip_count >= 2 * d->qubits,
                    "distillation: flips are of %zu qubits, two copies of the circuit have %zu",
                    options->flip_count, 2 * d->qubits);
        for (size_t q = 0; q < 2 * d->qubits; q++)
            for (int v = 0; v < 2; v++)
                d->flips[q][v] = options->flips[q][v];
    } else {
        const size_t given = options->calibration_shots;
        const size_t shots = e->shots == 0 ? 0 : given > 0 ? given : CALIBRATION_SHOTS;
        qhm_overhead overhead = qhm_overhead_none();
        QHM_TRY(qhm_readout_calibrate(inner, 2 * d->qubits, shots, e->seed, d->flips, &overhead));
        qhm_overhead_add(e->overhead, &overhead);
    }
    QHM_TRY(qhm_flips_check(2 * d->qubits, (const double(*)[2])d->flips));
    for (size_t q = 0; q < d->qubits; q++)
        d->signs[q] = signs_of((const double(*)[2])d->flips, d->qubits, q);
    return QHM_OK;
}

// By how much corrected signs exceed 1 at most.
static double largest_sign(const struct distillation *d)
{
    double norm = 1;
    for (size_t q = 0; q < d->qubits; q++) {
        double most = 1;
        for (size_t i = 0; i < 4; i++)
            most = fmax(most, fabs(d->signs[q].exchange[i]));
        norm *= most;
    }
    return norm;
}

static qhm_status estimate(qhm_executor *inner, const qhm_mitigation_options *options,
                           const qhm_execution *e)
{
    qhm_circuit *circuit;
    struct distillation d = {.least = 1};
    QHM_TRY(qhm_mitigation_begin(options, e->circuit, &circuit));
    d.qubits = qhm_circuit_qubit_count(circuit);
    qhm_status status = find_signs(&d, inner, &options->readout, e);
    if (status == QHM_OK)
        status = run_terms(&d, inner, e, circuit);
    if (status == QHM_OK) {
        const double gamma = largest_sign(&d);
        e->overhead->sampling *= gamma * gamma / (d.least * d.least);
        qhm_overhead_say(e->overhead, "distillation: two copies, purity %.3g, readout gamma %.4g",
                         d.least, gamma);
    }
    qhm_circuit_destroy(circuit);
    qhm_release(d.flips);
    qhm_release(d.signs);
    return status;
}

const qhm_technique qhm_distillation_technique = {
    .information = {.name = "distillation",
                    .title = "virtual distillation",
                    .help = "measures two copies together, so that values are those of the squared "
                            "state, whose largest eigenvector is nearly the ideal state",
                    .cost = "twice the qubits, a circuit for each Pauli string and 2 to calibrate "
                            "readout, error bars that grow by one over the purity",
                    .needs_samples = true},
    .estimate = estimate,
};
