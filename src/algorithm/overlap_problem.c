// The problem "overlap": two vectors from a file, their overlap by a test of one's choice.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_numbers.h"
#include "algorithm/real_state.h"
#include "base/bits.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/overlap.h>

typedef struct overlap_options {
    const qhm_node *a, *b;
    int method;
    size_t shots;
    double error, confidence;
} overlap_options;

static const char *const methods[] = {"swap",     "destructive",        "inversion",
                                      "hadamard", "hadamard_imaginary", NULL};

static const qhm_option_info fields[] = {
    {.name = "a",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(overlap_options, a),
     .help = "a list of numbers; required. Loaded as amplitudes, so its length is lost"},
    {.name = "b",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(overlap_options, b),
     .help = "another, as long; required"},
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(overlap_options, method),
     .default_text = "swap",
     .choices = methods,
     .help = "the test; only those called hadamard see signs"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(overlap_options, shots),
     .default_text = "10000",
     .minimum = 1,
     .maximum = 1e9,
     .help = "runs of the circuit"},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(overlap_options, error),
     .default_text = "0.01",
     .minimum = 1e-9,
     .maximum = 1,
     .help = "the error for which the shots are told that it takes"},
    {.name = "confidence",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(overlap_options, confidence),
     .default_text = "0.95",
     .minimum = 0.5,
     .maximum = 0.999999,
     .help = "with which that error is kept"},
    {0},
};

typedef struct vectors {
    double *a, *b;
    size_t count, qubits;
} vectors;

static qhm_status read_vectors(const overlap_options *options, const qhm_problem *problem,
                               vectors *read)
{
    size_t b_count;
    QHM_TRY(qhm_problem_numbers(problem->node, options->a, "a", 2, &read->a, &read->count));
    QHM_TRY(qhm_problem_numbers(problem->node, options->b, "b", 2, &read->b, &b_count));
    if (b_count != read->count)
        return qhm_node_fail(options->b, "field 'b' has %zu entries, field 'a' %zu", b_count,
                             read->count);
    read->qubits = qhm_bits_for(read->count);
    return QHM_OK;
}

// The classical opponent: a dot product of the vectors themselves.
static double dot(const vectors *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->count; i++)
        sum += v->a[i] * v->b[i];
    return sum;
}

// Each number over its vector's length first: products of tiny or huge ones would be lost.
static double find_cosine(const vectors *v, const double *norms)
{
    double sum = 0;
    for (size_t i = 0; i < v->count; i++)
        sum += v->a[i] / norms[0] * (v->b[i] / norms[1]);
    return sum;
}

static void describe(const overlap_options *options, qhm_overlap_method method, const vectors *v,
                     const double *norms, const qhm_overlap_estimate *estimate, qhm_result *result)
{
    const double start = qhm_algorithm_clock();
    const double product = dot(v);
    const double seconds = qhm_algorithm_clock() - start;
    const double cosine = find_cosine(v, norms);
    const double exact = method == QHM_OVERLAP_HADAMARD_REAL        ? cosine
                         : method == QHM_OVERLAP_HADAMARD_IMAGINARY ? 0
                                                                    : cosine * cosine;
    qhm_result_text(result->answer, "quantity",
                    method == QHM_OVERLAP_HADAMARD_REAL        ? "Re <b|a>"
                    : method == QHM_OVERLAP_HADAMARD_IMAGINARY ? "Im <b|a>"
                                                               : "|<a|b>|^2");
    qhm_result_number(result->answer, "value", estimate->value);
    qhm_result_number(result->answer, "standard_error", estimate->standard_error);
    qhm_result_number(
        result->answer, "shots_for_error",
        qhm_overlap_shots(method, fmin(1, fabs(exact)), options->error, options->confidence));
    qhm_result_text(result->opponent, "method", "dot product");
    qhm_result_number(result->opponent, "value", exact);
    qhm_result_number(result->opponent, "dot_product", product);
    qhm_result_count(result->opponent, "multiplications", v->count);
    qhm_result_number(result->opponent, "seconds", seconds);
    qhm_result_note(result, "Each shot loads both vectors anew: about %zu gates.",
                    (size_t)2 << (v->qubits + 1));
    if (method == QHM_OVERLAP_HADAMARD_REAL)
        qhm_result_note(
            result, "The dot product is %.4g times the value: an error of the value grows as much.",
            norms[0] * norms[1]);
}

static qhm_status run_test(const overlap_options *options, const qhm_problem *problem,
                           const vectors *v, qhm_result *result)
{
    const qhm_overlap_method method = (qhm_overlap_method)(options->method - 1);
    qhm_circuit *states[2] = {NULL, NULL}, *circuit = NULL;
    qhm_distribution *outcomes = NULL;
    qhm_overlap_estimate estimate;
    double norms[2];
    qhm_status status = qhm_problem_real_state(options->a, v->a, v->count, &norms[0], &states[0]);
    if (status == QHM_OK)
        status = qhm_problem_real_state(options->b, v->b, v->count, &norms[1], &states[1]);
    if (status == QHM_OK)
        status = qhm_overlap_circuit_create(method, states[0], states[1], &circuit);
    if (status == QHM_OK)
        status = qhm_counted_shots(circuit, options->shots, problem->seed,
                                   &(qhm_run_counts){.state_preparations = 2}, &result->ledger,
                                   &outcomes);
    if (status == QHM_OK)
        status = qhm_overlap_estimate_outcomes(method, outcomes, &estimate);
    if (status == QHM_OK)
        describe(options, method, v, norms, &estimate, result);
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(states[0]);
    qhm_circuit_destroy(states[1]);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const overlap_options *options = given;
    vectors v = {0};
    qhm_status status = read_vectors(options, problem, &v);
    if (status == QHM_OK)
        status = run_test(options, problem, &v, result);
    qhm_release(v.a);
    qhm_release(v.b);
    return status;
}

const qhm_algorithm qhm_algorithm_overlap = {
    .info = {.name = "overlap",
             .help = "overlap of two vectors by SWAP, Hadamard or inversion test",
             .details = "Loads both vectors as amplitudes and runs the test. The standard error "
                        "falls with the square root of\nthe shots, and every shot loads both "
                        "vectors again: about as many gates as they have entries. A dot\nproduct "
                        "takes as many multiplications, once, and is exact. [buhrman2001]\n",
             .example = "a: [1, 2, 3, 4]\nb: [4, 3, 2, 1]\nmethod: swap\nshots: 10000\n",
             .fields = fields},
    .options_size = sizeof(overlap_options),
    .run = run,
};
