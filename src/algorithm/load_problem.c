// The problem "load": a vector into a state, in full, by its largest parts, or as angles.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/distribution_loading.h>
#include <qhm/matrix_product_state.h>
#include <qhm/sparse_state.h>
#include <qhm/state_preparation.h>
#include <stdlib.h>

enum { MOST_QUBITS = 16, MOST_ANGLES = 24 };

typedef enum encoding {
    ENCODING_AMPLITUDE = 1,
    ENCODING_SPARSE,
    ENCODING_ANGLE,
    ENCODING_DISTRIBUTION,
    ENCODING_MATRIX_PRODUCT
} encoding;

typedef enum density { DENSITY_EXPONENTIAL = 1, DENSITY_UNIFORM, DENSITY_NORMAL } density;

typedef struct load_options {
    const qhm_node *values;
    int encoding, distribution;
    size_t keep, bond, qubits;
    double rate;
} load_options;

static const char *const encodings[] = {"amplitude",    "sparse",         "angle",
                                        "distribution", "matrix_product", NULL};
static const double LEAST_NORM = 1e-290;

static const char *const densities[] = {"exponential", "uniform", "normal", NULL};

static const qhm_option_info fields[] = {
    {.name = "values",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(load_options, values),
     .help = "a list of numbers; required but for a distribution. Filled up with 0 to a power of "
             "two, not as angles",
     .used_with = "encoding=amplitude,sparse,angle,matrix_product"},
    {.name = "encoding",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(load_options, encoding),
     .default_text = "amplitude",
     .choices = encodings,
     .help = "amplitude: a tree of rotations over all entries; sparse: over those that are not 0; "
             "angle: a qubit for each number, turned by it; distribution: roots of probabilities, "
             "no values; matrix_product: the nearest state of few terms at every cut"},
    {.name = "keep",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(load_options, keep),
     .maximum = 65536,
     .help = "load only so many entries, the largest; 0: all",
     .used_with = "encoding=amplitude,sparse,matrix_product"},
    {.name = "bond",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(load_options, bond),
     .default_text = "2",
     .minimum = 1,
     .maximum = 8,
     .help = "terms that a matrix product keeps at a cut between two qubits",
     .used_with = "encoding=matrix_product"},
    {.name = "distribution",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(load_options, distribution),
     .default_text = "exponential",
     .choices = densities,
     .help = "exponential: exp(-rate j) for cell j; uniform; normal: cells from -4 to 4 standard "
             "deviations",
     .used_with = "encoding=distribution"},
    {.name = "qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(load_options, qubits),
     .default_text = "4",
     .minimum = 1,
     .maximum = MOST_QUBITS,
     .help = "of a distribution's cells",
     .used_with = "encoding=distribution"},
    {.name = "rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(load_options, rate),
     .default_text = "0.1",
     .minimum = -100,
     .maximum = 100,
     .help = "of the exponential",
     .used_with = "encoding=distribution and distribution=exponential"},
    {0},
};

typedef struct vector {
    double *values; // [2^qubits]
    size_t count, qubits, kept;
    double norm;
} vector;

typedef struct ranked {
    double size;
    size_t index;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

// Makes all but the largest entries 0, in a copy.
static qhm_status keep_largest(const vector *v, size_t keep, double **kept, size_t *count)
{
    const size_t size = (size_t)1 << v->qubits;
    ranked *order;
    QHM_TRY(qhm_allocate(size, sizeof *order, &order));
    qhm_status status = qhm_allocate(size, sizeof **kept, kept);
    for (size_t i = 0; i < size; i++)
        order[i] = (ranked){fabs(v->values[i]), i};
    qsort(order, size, sizeof *order, compare_ranked);
    *count = 0;
    for (size_t i = 0; status == QHM_OK && i < size; i++)
        if (order[i].size > 0 && (keep == 0 || i < keep)) {
            (*kept)[order[i].index] = v->values[order[i].index];
            ++*count;
        }
    qhm_release(order);
    return status;
}

static qhm_status create_amplitudes(size_t qubits, const double *values, qhm_complex **amplitudes)
{
    const size_t size = (size_t)1 << qubits;
    QHM_TRY(qhm_allocate(size, sizeof **amplitudes, amplitudes));
    for (size_t i = 0; i < size; i++)
        (*amplitudes)[i] = (qhm_complex){values[i], 0};
    return QHM_OK;
}

static qhm_status create_dense(size_t qubits, const double *values, qhm_circuit **circuit)
{
    qhm_complex *amplitudes;
    QHM_TRY(create_amplitudes(qubits, values, &amplitudes));
    const qhm_status status =
        qhm_state_preparation_bind(qubits, QHM_STATE_REAL, amplitudes, circuit);
    qhm_release(amplitudes);
    return status;
}

static qhm_status create_sparse(size_t qubits, const double *values, size_t count,
                                qhm_circuit **circuit)
{
    uint64_t *states = NULL;
    qhm_complex *amplitudes = NULL;
    size_t filled = 0;
    qhm_status status = qhm_allocate(count, sizeof *states, &states);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *amplitudes, &amplitudes);
    for (size_t i = 0; status == QHM_OK && i < (size_t)1 << qubits; i++)
        if (values[i] != 0) {
            states[filled] = i;
            amplitudes[filled++] = (qhm_complex){values[i], 0};
        }
    if (status == QHM_OK)
        status = qhm_sparse_state_create(qubits, states, amplitudes, count, circuit);
    qhm_release(states);
    qhm_release(amplitudes);
    return status;
}

// Gates of one and two qubits that the circuit comes to.
static qhm_status count_gates(const qhm_circuit *circuit, json_t *object, const char *name)
{
    static const qhm_gate allowed[] = {QHM_GATE_U, QHM_GATE_CX};
    qhm_circuit *expanded;
    qhm_ledger ledger;
    QHM_TRY(qhm_circuit_expand(circuit, &(qhm_expand_options){.gates = allowed, .gate_count = 2},
                               &expanded));
    const qhm_status status = qhm_circuit_count_ledger(expanded, NULL, &ledger);
    qhm_circuit_destroy(expanded);
    QHM_TRY(status);
    const qhm_phase_counts total = qhm_ledger_total(&ledger);
    json_t *counts = json_object();
    qhm_result_count(counts, "cx", total.two_qubit_gates);
    qhm_result_count(counts, "one_qubit_gates", total.one_qubit_gates);
    qhm_result_count(counts, "two_qubit_depth", ledger.two_qubit_depth);
    json_object_set_new(object, name, counts);
    return QHM_OK;
}

static double fidelity(const vector *v, const qhm_complex *state)
{
    double re = 0, im = 0;
    for (size_t i = 0; i < (size_t)1 << v->qubits; i++) {
        re += v->values[i] / v->norm * state[i].re; // squares of the values could underflow
        im += v->values[i] / v->norm * state[i].im;
    }
    return re * re + im * im;
}

// The circuit that was asked for is run; the other is counted beside it.
static qhm_status load(const load_options *options, const vector *v, qhm_result *result)
{
    double *kept = NULL;
    size_t count = 0;
    qhm_circuit *dense = NULL, *sparse = NULL;
    qhm_complex *state = NULL;
    qhm_status status = keep_largest(v, options->keep, &kept, &count);
    if (status == QHM_OK)
        status = create_dense(v->qubits, kept, &dense);
    if (status == QHM_OK)
        status = create_sparse(v->qubits, kept, count, &sparse);
    if (status == QHM_OK)
        status = qhm_counted_state(options->encoding == ENCODING_SPARSE ? sparse : dense,
                                   &result->ledger, &state);
    if (status == QHM_OK) {
        result->ledger.state_preparations++;
        qhm_result_count(result->answer, "qubits", v->qubits);
        qhm_result_count(result->answer, "entries", count);
        qhm_result_number(result->answer, "norm", v->norm);
        qhm_result_number(result->answer, "fidelity", fidelity(v, state));
        status = count_gates(dense, result->answer, "amplitude");
    }
    if (status == QHM_OK)
        status = count_gates(sparse, result->answer, "sparse");
    qhm_release(state);
    qhm_release(kept);
    qhm_circuit_destroy(dense);
    qhm_circuit_destroy(sparse);
    qhm_result_note(result,
                    "The norm is not in the state; whoever needs it keeps it. Every shot loads "
                    "all of it again.");
    return status;
}

static qhm_status create_matrix_product(size_t qubits, const double *values, size_t bond,
                                        qhm_matrix_product_load *made, qhm_circuit **circuit)
{
    qhm_complex *amplitudes;
    QHM_TRY(create_amplitudes(qubits, values, &amplitudes));
    const qhm_status status =
        qhm_matrix_product_state_create(qubits, amplitudes, bond, made, circuit);
    qhm_release(amplitudes);
    return status;
}

// Few terms at every cut; the tree of all entries is counted beside it.
static qhm_status load_matrix_product(const load_options *options, const vector *v,
                                      qhm_result *result)
{
    double *kept = NULL;
    size_t count = 0;
    qhm_matrix_product_load made = {0, 0};
    qhm_circuit *circuit = NULL, *dense = NULL;
    qhm_complex *state = NULL;
    qhm_status status = keep_largest(v, options->keep, &kept, &count);
    if (status == QHM_OK)
        status = create_matrix_product(v->qubits, kept, options->bond, &made, &circuit);
    if (status == QHM_OK)
        status = create_dense(v->qubits, kept, &dense);
    if (status == QHM_OK)
        status = qhm_counted_state(circuit, &result->ledger, &state);
    if (status == QHM_OK) {
        result->ledger.state_preparations++;
        qhm_result_count(result->answer, "qubits", v->qubits);
        qhm_result_count(result->answer, "entries", count);
        qhm_result_count(result->answer, "bond", made.bond);
        qhm_result_number(result->answer, "norm", v->norm);
        qhm_result_number(result->answer, "fidelity", fidelity(v, state));
        status = count_gates(circuit, result->answer, "matrix_product");
    }
    if (status == QHM_OK)
        status = count_gates(dense, result->answer, "amplitude");
    qhm_release(state);
    qhm_release(kept);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(dense);
    qhm_result_note(result, "The terms were found from all amplitudes, in time of the order of "
                            "their number; the norm is not in the state.");
    return status;
}

static qhm_status load_angles(const vector *v, qhm_result *result)
{
    qhm_circuit *circuit;
    qhm_complex *state = NULL;
    QHM_TRY(qhm_circuit_create(v->count, 0, &circuit));
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < v->count && status == QHM_OK; q++) {
        const qhm_angle angle = qhm_angle_constant(v->values[q]);
        status = qhm_circuit_append(circuit, QHM_GATE_RY, &q, &angle);
    }
    if (status == QHM_OK)
        status = qhm_counted_state(circuit, &result->ledger, &state);
    if (status == QHM_OK) {
        result->ledger.state_preparations++;
        qhm_result_count(result->answer, "qubits", v->count);
        qhm_result_count(result->answer, "entries", v->count);
        status = count_gates(circuit, result->answer, "angle");
    }
    qhm_release(state);
    qhm_circuit_destroy(circuit);
    qhm_result_note(result,
                    "One gate and one qubit a number: the state is a product, and overlaps of "
                    "two such states are products of cosines of half the differences.");
    return status;
}

static double integrate_normal(void *context, double low, double high)
{
    (void)context;
    return erf(high / M_SQRT2) - erf(low / M_SQRT2);
}

// Roots of the probabilities, by their closed form.
static qhm_status find_roots(const load_options *options, vector *v)
{
    const double rate = options->distribution == DENSITY_EXPONENTIAL ? options->rate : 0;
    v->qubits = options->qubits;
    v->count = (size_t)1 << v->qubits;
    QHM_TRY(qhm_allocate(v->count, sizeof *v->values, &v->values));
    const double step = 8 / (double)v->count;
    for (size_t j = 0; j < v->count; j++) {
        const double low = -4 + (double)j * step; // the largest exponential is 1
        const double near = (double)(rate < 0 ? v->count - 1 - j : j);
        v->values[j] = options->distribution == DENSITY_NORMAL
                           ? sqrt(fmax(0, integrate_normal(NULL, low, low + step)))
                           : exp(-fabs(rate) * near / 2);
        v->norm = hypot(v->norm, v->values[j]);
    }
    return QHM_OK;
}

// By integrals, or as a product where there is one; the tree of all entries is counted beside it.
static qhm_status load_distribution(const load_options *options, vector *v, qhm_result *result)
{
    qhm_circuit *circuit = NULL, *dense = NULL;
    qhm_complex *state = NULL;
    QHM_TRY(find_roots(options, v));
    qhm_status status =
        options->distribution == DENSITY_NORMAL
            ? qhm_distribution_loading_create(v->qubits, -4, 4, integrate_normal, NULL, &circuit)
            : qhm_exponential_loading_create(
                  v->qubits, options->distribution == DENSITY_UNIFORM ? 0 : options->rate,
                  &circuit);
    if (status == QHM_OK)
        status = create_dense(v->qubits, v->values, &dense);
    if (status == QHM_OK)
        status = qhm_counted_state(circuit, &result->ledger, &state);
    if (status == QHM_OK) {
        result->ledger.state_preparations++;
        qhm_result_count(result->answer, "qubits", v->qubits);
        qhm_result_number(result->answer, "fidelity", fidelity(v, state));
        status = count_gates(circuit, result->answer, "distribution");
    }
    if (status == QHM_OK)
        status = count_gates(dense, result->answer, "amplitude");
    qhm_release(state);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(dense);
    qhm_result_note(result,
                    "To see the distribution within a variation distance of 1 %% takes "
                    "about %.3g runs; a classical sample takes one inversion.",
                    1e4 * (double)v->count);
    return status;
}

static qhm_status read_vector(const load_options *options, const qhm_problem *problem, vector *v)
{
    double *read;
    QHM_TRY(qhm_problem_numbers(problem->node, options->values, "values", 1, &read, &v->count));
    const size_t most =
        options->encoding == ENCODING_ANGLE ? MOST_ANGLES : (size_t)1 << MOST_QUBITS;
    qhm_status status = QHM_OK;
    if (v->count > most)
        status = qhm_node_fail(options->values, "field 'values' has %zu entries, more than %zu",
                               v->count, most);
    v->qubits = v->count > 1 ? qhm_bits_for(v->count) : 1;
    if (status == QHM_OK)
        status = qhm_allocate((size_t)1 << v->qubits, sizeof *v->values, &v->values);
    for (size_t i = 0; i < v->count && status == QHM_OK; i++) {
        v->values[i] = read[i];
        v->norm = hypot(v->norm, read[i]);
    }
    qhm_release(read);
    if (status == QHM_OK && v->norm == 0 && options->encoding != ENCODING_ANGLE)
        status = qhm_node_fail(options->values, "field 'values' is all 0, which is no state");
    else if (status == QHM_OK && v->norm < LEAST_NORM && options->encoding != ENCODING_ANGLE)
        status = qhm_node_fail(options->values,
                               "field 'values' has norm %g, below %g, where numbers lose digits: "
                               "give them in another unit",
                               v->norm, LEAST_NORM);
    return status;
}

static qhm_status load_by_encoding(const load_options *options, vector *v, qhm_result *result)
{
    switch ((encoding)options->encoding) {
    case ENCODING_AMPLITUDE:
    case ENCODING_SPARSE:
        return load(options, v, result);
    case ENCODING_ANGLE:
        return load_angles(v, result);
    case ENCODING_DISTRIBUTION:
        return load_distribution(options, v, result);
    case ENCODING_MATRIX_PRODUCT:
        return load_matrix_product(options, v, result);
    }
    return QHM_FAIL(QHM_ERROR_INTERNAL, "encoding %d is not handled", options->encoding);
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const load_options *options = given;
    vector v = {0};
    qhm_status status = QHM_OK;
    if (options->encoding != ENCODING_DISTRIBUTION)
        status = read_vector(options, problem, &v);
    if (status == QHM_OK)
        status = load_by_encoding(options, &v, result);
    if (status == QHM_OK) {
        qhm_result_text(result->opponent, "method", "an array");
        qhm_result_count(result->opponent, "bytes", v.count * sizeof(double));
        qhm_result_count(result->opponent, "writes", v.count);
    }
    qhm_release(v.values);
    return status;
}

const qhm_algorithm qhm_algorithm_load = {
    .info = {.name = "load",
             .help =
                 "a vector into a state: all amplitudes, the largest ones, few terms, or angles",
             .details =
                 "Makes the circuit, runs it, and tells how near the state is. Amplitudes of N "
                 "numbers take about N gates in\nevery shot, on lg N qubits; a vector of k "
                 "entries that are not 0 takes about k lg N. There is no load\nof lg N gates "
                 "for data without structure; smooth data come near as a matrix product, of lg N "
                 "unitaries in a row.\n[mottonen2005, gleinig2021, grover2002, schon2005]\n",
             .example = "values: [0, 3, 0, 0, 0, -4, 0.1, 0]\nencoding: sparse\nkeep: 2\n",
             .fields = fields},
    .options_size = sizeof(load_options),
    .run = run,
};
