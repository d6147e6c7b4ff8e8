// The problem "transform": a polynomial of a Pauli sum acts on a basis state.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/block_encoding.h>

enum { MOST_QUBITS = 6, MOST_STATES = 1 << MOST_QUBITS };

typedef struct transform_options {
    const char *sum;
    const qhm_node *coefficients;
    size_t initial, shots;
} transform_options;

static const qhm_option_info fields[] = {
    {.name = "sum",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(transform_options, sum),
     .help = "a sum of Pauli strings on up to 6 qubits; divided by its norm; required"},
    {.name = "coefficients",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(transform_options, coefficients),
     .help = "of Chebyshev polynomials from degree 0, all even or all odd; required"},
    {.name = "initial",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(transform_options, initial),
     .default_text = "0",
     .minimum = 0,
     .maximum = MOST_STATES - 1,
     .help = "the basis state to begin with, as a number"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(transform_options, shots),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e8,
     .help = "runs, of which those are kept whose ancillas are all 0"},
    {0},
};

typedef struct transformation {
    const transform_options *options;
    qhm_observable *sum;
    double *coefficients, *phases, norm;
    size_t qubits, degree;
    qhm_circuit *circuit;      // with the initial state
    double exact[MOST_STATES]; // |amplitude|^2 that are kept
} transformation;

static qhm_status read_problem(const qhm_problem *problem, transformation *t)
{
    const transform_options *o = t->options;
    size_t count;
    if (!o->sum)
        return qhm_node_fail(problem->node, "field 'sum' is missing: a sum of Pauli strings");
    const qhm_status status = qhm_observable_parse(o->sum, &t->sum);
    if (status == QHM_ERROR_BAD_INPUT)
        return qhm_node_fail(qhm_node_find(problem->node, "sum"), "%s", qhm_error_message());
    QHM_TRY(status);
    t->qubits = qhm_observable_qubit_count(t->sum);
    if (t->qubits < 1 || t->qubits > MOST_QUBITS)
        return qhm_node_fail(problem->node, "the sum acts on %zu qubits, not 1 to %d", t->qubits,
                             (int)MOST_QUBITS);
    if (o->initial >> t->qubits)
        return qhm_node_fail(problem->node, "field 'initial' is %zu, not below 2^%zu", o->initial,
                             t->qubits);
    QHM_TRY(qhm_problem_numbers(problem->node, o->coefficients, "coefficients", 1, &t->coefficients,
                                &count));
    if (count > 101)
        return qhm_node_fail(o->coefficients, "field 'coefficients' has %zu entries, at most 101",
                             count);
    while (count > 1 && t->coefficients[count - 1] == 0)
        count--;
    t->degree = count - 1;
    if (t->degree == 0)
        return qhm_node_fail(o->coefficients,
                             "field 'coefficients' is the constant %g: no circuit is needed, the "
                             "state is multiplied by it",
                             t->coefficients[0]);
    return QHM_OK;
}

static qhm_status build(const qhm_problem *problem, transformation *t)
{
    qhm_circuit *encoding = NULL, *transform = NULL;
    QHM_TRY(qhm_allocate(t->degree + 1, sizeof *t->phases, &t->phases));
    qhm_status status = qhm_signal_phases_find(t->degree, t->coefficients, t->phases);
    if (status == QHM_ERROR_INVALID_ARGUMENT || status == QHM_ERROR_NUMERIC)
        return qhm_node_fail(t->options->coefficients, "%s", qhm_error_message());
    if (status == QHM_OK)
        status = qhm_block_encoding_create(t->qubits, t->sum, &t->norm, &encoding);
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        status = qhm_node_fail(problem->node, "%s", qhm_error_message());
    if (status == QHM_OK)
        status =
            qhm_singular_transform_create(encoding, t->qubits, t->degree, t->phases, &transform);
    if (status == QHM_OK)
        status = qhm_circuit_create(qhm_circuit_qubit_count(transform), 0, &t->circuit);
    for (uint32_t q = 0; q < t->qubits && status == QHM_OK; q++)
        if (t->options->initial >> q & 1)
            status = qhm_circuit_append(t->circuit, QHM_GATE_X, &q, NULL);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(t->circuit, transform, NULL, NULL, 0, 0);
    qhm_circuit_destroy(encoding);
    qhm_circuit_destroy(transform);
    return status;
}

// to = 2 sum/norm from - before: the recurrence of Chebyshev polynomials.
static void advance(const transformation *t, double scale, const qhm_complex *from,
                    const qhm_complex *before, qhm_complex *to)
{
    const size_t size = (size_t)1 << t->qubits;
    for (size_t i = 0; i < size; i++)
        to[i] = before ? (qhm_complex){-before[i].re, -before[i].im} : (qhm_complex){0, 0};
    for (size_t k = 0; k < qhm_observable_term_count(t->sum); k++) {
        const qhm_pauli_term *term = qhm_observable_term(t->sum, k);
        for (size_t i = 0; i < size; i++) {
            qhm_complex a = from[i];
            size_t j = i;
            for (size_t f = 0; f < term->factor_count; f++) {
                const size_t bit = (size_t)1 << term->factors[f].qubit;
                const qhm_pauli pauli = term->factors[f].pauli;
                if (pauli != QHM_PAULI_Z)
                    j ^= bit;
                if (pauli == QHM_PAULI_Y)
                    a = (i & bit) != 0 ? (qhm_complex){a.im, -a.re} : (qhm_complex){-a.im, a.re};
                else if (pauli == QHM_PAULI_Z && i & bit)
                    a = (qhm_complex){-a.re, -a.im};
            }
            to[j].re += scale * term->coefficient * a.re / t->norm;
            to[j].im += scale * term->coefficient * a.im / t->norm;
        }
    }
}

// The opponent: the recurrence with one product of the sparse matrix a degree.
static void solve_classically(transformation *t, qhm_result *result)
{
    const size_t size = (size_t)1 << t->qubits;
    const double start = qhm_algorithm_clock();
    qhm_complex v[3][MOST_STATES] = {{{0, 0}}}, sum[MOST_STATES] = {{0, 0}};
    double kept = 0;
    v[0][t->options->initial].re = 1;
    for (size_t k = 0; k <= t->degree; k++) {
        if (k > 0)
            advance(t, k > 1 ? 2 : 1, v[(k - 1) % 3], k > 1 ? v[(k - 2) % 3] : NULL, v[k % 3]);
        for (size_t i = 0; i < size; i++) {
            sum[i].re += t->coefficients[k] * v[k % 3][i].re;
            sum[i].im += t->coefficients[k] * v[k % 3][i].im;
        }
    }
    for (size_t i = 0; i < size; i++) {
        t->exact[i] = sum[i].re * sum[i].re + sum[i].im * sum[i].im;
        kept += t->exact[i];
    }
    qhm_result_text(result->opponent, "method", "Chebyshev recurrence");
    qhm_result_number(result->opponent, "kept_share", kept);
    qhm_result_numbers(result->opponent, "squares", t->exact, size);
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
}

// By how much the phases' polynomial is another than the one that was asked for, at most.
static double polynomial_error(const transformation *t)
{
    const size_t points = 8 * t->degree;
    double most = 0;
    for (size_t i = 0; i <= points; i++) {
        const double angle = M_PI * (double)i / (double)points;
        double error = qhm_signal_response(t->degree, t->phases, cos(angle)).re;
        for (size_t k = 0; k <= t->degree; k++)
            error -= t->coefficients[k] * cos((double)k * angle);
        most = fmax(most, fabs(error));
    }
    return most;
}

static qhm_status measure(const transformation *t, uint64_t seed, qhm_result *result)
{
    const size_t count = qhm_circuit_qubit_count(t->circuit), size = (size_t)1 << t->qubits;
    const double shots = (double)t->options->shots;
    double squares[MOST_STATES], errors[MOST_STATES], hits = 0;
    qhm_distribution *outcomes;
    QHM_TRY(qhm_circuit_append_bits(t->circuit, "c", count));
    for (uint32_t q = 0; q < count; q++)
        QHM_TRY(qhm_circuit_append_measure(t->circuit, q, q));
    QHM_TRY(qhm_counted_shots(t->circuit, t->options->shots, seed,
                              &(qhm_run_counts){.oracle_calls = t->degree}, &result->ledger,
                              &outcomes));
    for (uint64_t i = 0; i < size; i++) {
        const double p = qhm_distribution_weight(outcomes, &i) / shots;
        hits += p;
        squares[i] = p;
        errors[i] = qhm_statistics_rate_error(p, shots);
    }
    qhm_distribution_destroy(outcomes);
    result->ledger.discarded_shots += (uint64_t)llround(shots * (1 - hits));
    qhm_result_number(result->answer, "kept_share", hits);
    qhm_result_number(result->answer, "standard_error", qhm_statistics_rate_error(hits, shots));
    qhm_result_numbers(result->answer, "squares", squares, size);
    qhm_result_numbers(result->answer, "squares_standard_errors", errors, size);
    qhm_result_number(result->answer, "norm", t->norm);
    qhm_result_count(result->answer, "encodings", t->degree);
    qhm_result_numbers(result->answer, "phases", t->phases, t->degree + 1);
    qhm_result_number(result->answer, "polynomial_error", polynomial_error(t));
    qhm_result_note(result, "The polynomial is of the sum divided by its norm; runs with an "
                            "ancilla that is 1 are discarded.");
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    transformation t = {.options = given};
    qhm_status status = read_problem(problem, &t);
    if (status == QHM_OK)
        status = build(problem, &t);
    if (status == QHM_OK) {
        solve_classically(&t, result);
        status = measure(&t, problem->seed, result);
    }
    qhm_circuit_destroy(t.circuit);
    qhm_release(t.coefficients);
    qhm_release(t.phases);
    qhm_observable_destroy(t.sum);
    return status;
}

const qhm_algorithm qhm_algorithm_transform = {
    .info = {.name = "transform",
             .help = "a polynomial of a Pauli sum by singular value transformation",
             .details = "Encodes the sum divided by its norm as a block (a linear combination of "
                        "unitaries), finds the phases of the\npolynomial, and runs degree "
                        "encodings between reflections. What is kept is P(A) of the state: its\n"
                        "squared length is the share of runs. [childs2012, gilyen2019, "
                        "dong2023]\n",
             .example = "sum: 0.5 Z0 Z1 + 0.3 X0 - 0.2 X1\ncoefficients: [0, 0.4, 0, -0.3]\n",
             .fields = fields},
    .options_size = sizeof(transform_options),
    .run = run,
};
