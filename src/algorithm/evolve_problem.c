// The problem "evolve": a Pauli sum acts for a time, and an observable is measured.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <float.h>
#include <math.h>
#include <qhm/evolution.h>
#include <qhm/random.h>
#include <string.h>

enum { MATRIX_QUBITS = 8, MOST_QUBITS = 20 };

static const double MOST_WORK = 1e11; // of the opponent, strings on amplitudes: minutes
// Largest time times sum of |coefficients|: beyond, phases modulo 2 pi have lost too many digits.
static const double MOST_PHASE = 1e9;

typedef struct evolve_options {
    const char *hamiltonian, *observable;
    double time, tolerance;
    int method;
    size_t steps, initial, shots, circuits;
} evolve_options;

static const char *const methods[] = {"trotter1", "trotter2", "trotter4", "qdrift", NULL};

static const qhm_option_info fields[] = {
    {.name = "hamiltonian",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(evolve_options, hamiltonian),
     .help = "a sum of Pauli strings, as Z0 Z1 + 0.5 X0; required"},
    {.name = "time",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(evolve_options, time),
     .default_text = "1",
     .minimum = 1e-9,
     .maximum = 1e6,
     .help = "in units of 1 / coefficient"},
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(evolve_options, method),
     .default_text = "trotter2",
     .choices = methods,
     .help = "the product formula; qdrift draws its terms"},
    {.name = "steps",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(evolve_options, steps),
     .default_text = "10",
     .minimum = 1,
     .maximum = 100000,
     .help = "of the formula; of qdrift, terms drawn"},
    {.name = "initial",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(evolve_options, initial),
     .default_text = "0",
     .minimum = 0,
     .maximum = 1 << 20,
     .help = "the basis state to begin with, as a number"},
    {.name = "observable",
     .type = QHM_OPTION_TEXT,
     .offset = offsetof(evolve_options, observable),
     .default_text = "Z0",
     .help = "what is measured at the end, one setting a string"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(evolve_options, shots),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e8,
     .help = "of each setting and circuit"},
    {.name = "circuits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(evolve_options, circuits),
     .default_text = "20",
     .minimum = 2,
     .maximum = 10000,
     .help = "drawn by qdrift; the other methods have one",
     .used_with = "method=qdrift"},
    {.name = "tolerance",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(evolve_options, tolerance),
     .default_text = "1e-12",
     .minimum = 1e-15,
     .maximum = 0.1,
     .help =
         "largest distance of the opponent's state from the exact one, where a series gives it"},
    {0},
};

typedef struct evolution_problem {
    const evolve_options *options;
    qhm_observable *hamiltonian, *observable;
    size_t qubits;
    double phase;       // time times the sum of |coefficients|
    qhm_complex *exact; // [2^qubits]; NULL: too much work
} evolution_problem;

static qhm_status parse_sum(const qhm_problem *problem, const char *name, const char *text,
                            qhm_observable **sum)
{
    const qhm_node *place = qhm_node_find(problem->node, name);
    if (!text)
        return qhm_node_fail(problem->node, "field '%s' is missing: a sum of Pauli strings", name);
    const qhm_status status = qhm_observable_parse(text, sum);
    return status == QHM_ERROR_BAD_INPUT
               ? qhm_node_fail(place ? place : problem->node, "%s", qhm_error_message())
               : status;
}

static qhm_status check_phase(const qhm_problem *problem, evolution_problem *e)
{
    double weight = 0;
    for (size_t t = 0; t < qhm_observable_term_count(e->hamiltonian); t++)
        weight += fabs(qhm_observable_term(e->hamiltonian, t)->coefficient);
    e->phase = weight * e->options->time;
    if (!(e->phase <= MOST_PHASE))
        return qhm_node_fail(problem->node,
                             "the time times the sum of |coefficients| is %g, above %g: phases of "
                             "so many turns have lost their digits",
                             e->phase, MOST_PHASE);
    return QHM_OK;
}

static qhm_status read_problem(const qhm_problem *problem, evolution_problem *e)
{
    const evolve_options *options = e->options;
    QHM_TRY(parse_sum(problem, "hamiltonian", options->hamiltonian, &e->hamiltonian));
    QHM_TRY(parse_sum(problem, "observable", options->observable, &e->observable));
    const size_t h = qhm_observable_qubit_count(e->hamiltonian);
    const size_t o = qhm_observable_qubit_count(e->observable);
    e->qubits = h > o ? h : o;
    if (h == 0)
        return qhm_node_fail(problem->node, "the hamiltonian acts on no qubit");
    if (e->qubits > MOST_QUBITS)
        return qhm_node_fail(problem->node, "%zu qubits are used, at most %d are simulated",
                             e->qubits, MOST_QUBITS);
    if (options->initial >> e->qubits)
        return qhm_node_fail(problem->node, "field 'initial' is %zu, not below 2^%zu",
                             options->initial, e->qubits);
    return check_phase(problem, e);
}

static qhm_status append_evolution(const evolution_problem *e, uint64_t seed, uint64_t stream,
                                   qhm_circuit *circuit)
{
    const evolve_options *o = e->options;
    qhm_circuit *part;
    for (uint32_t q = 0; q < e->qubits; q++)
        if (o->initial >> q & 1)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_X, &q, NULL));
    QHM_TRY(qhm_evolution_create(e->qubits, e->hamiltonian,
                                 &(qhm_evolution_options){o->time,
                                                          (qhm_evolution_method)(o->method - 1),
                                                          o->steps, seed, stream},
                                 &part));
    const qhm_status status = qhm_circuit_append_circuit(circuit, part, NULL, NULL, 0, 0);
    qhm_circuit_destroy(part);
    return status;
}

// The mean of one string by shots.
static qhm_status measure_string(const qhm_circuit *evolved, const qhm_pauli_term *term,
                                 size_t shots, uint64_t seed, qhm_ledger *ledger, double *mean)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    uint8_t paulis[MOST_QUBITS];
    uint32_t qubits[MOST_QUBITS];
    QHM_TRY(qhm_circuit_copy(evolved, &circuit));
    for (size_t i = 0; i < term->factor_count; i++) {
        paulis[i] = (uint8_t)term->factors[i].pauli;
        qubits[i] = term->factors[i].qubit;
    }
    qhm_status status =
        qhm_circuit_append_pauli_measure(circuit, term->factor_count, paulis, qubits, 0);
    if (status == QHM_OK)
        status = qhm_counted_shots(circuit, shots, seed, NULL, ledger, &outcomes);
    if (status == QHM_OK)
        *mean = 1 - 2 * qhm_distribution_weight(outcomes, (uint64_t[]){1}) / (double)shots;
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status measure_sum(const evolution_problem *e, const qhm_circuit *evolved,
                              qhm_random *random, qhm_ledger *ledger, double *value,
                              double *variance)
{
    *value = *variance = 0;
    for (size_t i = 0; i < qhm_observable_term_count(e->observable); i++) {
        const qhm_pauli_term *term = qhm_observable_term(e->observable, i);
        const double c = term->coefficient;
        double mean = 1;
        if (term->factor_count > 0)
            QHM_TRY(measure_string(evolved, term, e->options->shots, qhm_random_u64(random), ledger,
                                   &mean));
        *value += c * mean;
        *variance += c * c * (1 - mean * mean) / (double)e->options->shots;
    }
    return QHM_OK;
}

// |<exact|made>|^2 and the distance, phases included.
static qhm_status compare(const evolution_problem *e, const qhm_circuit *evolved, double *fidelity,
                          double *distance)
{
    qhm_complex *made;
    double re = 0, im = 0, sum = 0;
    QHM_TRY(qhm_counted_state(evolved, NULL, &made));
    for (size_t i = 0; i < (size_t)1 << e->qubits; i++) {
        const qhm_complex x = e->exact[i], m = made[i];
        re += x.re * m.re + x.im * m.im;
        im += x.re * m.im - x.im * m.re;
        sum += (x.re - m.re) * (x.re - m.re) + (x.im - m.im) * (x.im - m.im);
    }
    qhm_release(made);
    *fidelity = re * re + im * im;
    *distance = sqrt(sum);
    return QHM_OK;
}

typedef struct evolution_totals {
    double value, squares, variance, fidelity, distance;
} evolution_totals;

static qhm_status run_circuit(const evolution_problem *e, uint64_t seed, uint64_t number,
                              qhm_ledger *ledger, evolution_totals *t)
{
    qhm_circuit *circuit;
    double value, variance, fidelity = NAN, distance = NAN;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x65766f6c, number, 0);
    QHM_TRY(qhm_circuit_create(e->qubits, 0, &circuit));
    qhm_status status = append_evolution(e, seed, number, circuit);
    if (status == QHM_OK && e->exact)
        status = compare(e, circuit, &fidelity, &distance);
    if (status == QHM_OK)
        status = qhm_circuit_append_bits(circuit, "c", 1);
    if (status == QHM_OK)
        status = measure_sum(e, circuit, &random, ledger, &value, &variance);
    qhm_circuit_destroy(circuit);
    if (status != QHM_OK)
        return status;
    t->value += value;
    t->squares += value * value;
    t->variance += variance;
    t->fidelity += fidelity;
    t->distance += distance;
    return QHM_OK;
}

// <state|observable|state>.
static qhm_status expect(const evolution_problem *e, double *value)
{
    const size_t size = (size_t)1 << e->qubits;
    *value = 0;
    for (size_t t = 0; t < qhm_observable_term_count(e->observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(e->observable, t);
        uint64_t flips = 0;
        for (size_t f = 0; f < term->factor_count; f++)
            if (term->factors[f].pauli != QHM_PAULI_Z)
                flips |= (uint64_t)1 << term->factors[f].qubit;
        for (size_t i = 0; i < size; i++) {
            qhm_complex a = e->exact[i];
            for (size_t f = 0; f < term->factor_count; f++) {
                const bool is_set = i >> term->factors[f].qubit & 1;
                if (term->factors[f].pauli == QHM_PAULI_Y)
                    a = is_set ? (qhm_complex){a.im, -a.re} : (qhm_complex){-a.im, a.re};
                else if (term->factors[f].pauli == QHM_PAULI_Z && is_set)
                    a = (qhm_complex){-a.re, -a.im};
            }
            const qhm_complex b = e->exact[i ^ flips];
            *value += term->coefficient * (b.re * a.re + b.im * a.im);
        }
    }
    return QHM_OK;
}

// So many products with the Hamiltonian are cheaper than its matrix, or possible without one.
static size_t most_products(const evolution_problem *e)
{
    const double strings = (double)qhm_observable_term_count(e->hamiltonian);
    const double size = pow(2, (double)e->qubits);
    const double work = e->qubits <= MATRIX_QUBITS ? pow(size, 3) : MOST_WORK;
    return (size_t)fmax(1, work / (strings * size));
}

static qhm_status apply_series(evolution_problem *e, qhm_result *result)
{
    qhm_evolution_accuracy accuracy;
    e->exact[e->options->initial].re = 1;
    QHM_TRY(
        qhm_evolution_apply(e->qubits, e->hamiltonian, e->options->time,
                            &(qhm_evolution_apply_options){e->options->tolerance, most_products(e)},
                            e->exact, &accuracy));
    qhm_result_text(result->opponent, "method", "Chebyshev series, without the matrix");
    qhm_result_count(result->opponent, "products", accuracy.products);
    qhm_result_number(result->opponent, "error_bound", accuracy.error_bound);
    return QHM_OK;
}

static qhm_status apply_matrix(evolution_problem *e, qhm_result *result)
{
    const size_t size = (size_t)1 << e->qubits;
    qhm_complex *matrix;
    QHM_TRY(qhm_allocate(size * size, sizeof *matrix, &matrix));
    const qhm_status status =
        qhm_evolution_matrix(e->qubits, e->hamiltonian, e->options->time, matrix);
    for (size_t i = 0; i < size && status == QHM_OK; i++)
        e->exact[i] = matrix[i * size + e->options->initial];
    qhm_release(matrix);
    qhm_result_text(result->opponent, "method", "matrix exponential by diagonalising (LAPACK)");
    qhm_result_number(result->opponent, "error_bound", (double)size * e->phase * DBL_EPSILON);
    return status;
}

// The opponent: the cheaper of a series and the exponential of the matrix.
static qhm_status solve_exactly(evolution_problem *e, qhm_result *result)
{
    const double start = qhm_algorithm_clock();
    double value;
    QHM_TRY(qhm_allocate((size_t)1 << e->qubits, sizeof *e->exact, &e->exact));
    qhm_status status = apply_series(e, result);
    if (status == QHM_ERROR_RESOURCE_LIMIT && e->qubits <= MATRIX_QUBITS) {
        status = apply_matrix(e, result);
    } else if (status == QHM_ERROR_RESOURCE_LIMIT) {
        qhm_result_note(result, "There is no classical answer: %s.", qhm_error_message());
        qhm_release(e->exact);
        e->exact = NULL;
        return QHM_OK;
    }
    QHM_TRY(status);
    QHM_TRY(expect(e, &value));
    qhm_result_number(result->opponent, "value", value);
    qhm_result_number(result->opponent, "seconds", qhm_algorithm_clock() - start);
    return QHM_OK;
}

static void describe(const evolution_problem *e, size_t circuits, const evolution_totals *t,
                     qhm_result *result)
{
    const double count = (double)circuits, mean = t->value / count;
    const double error = circuits > 1
                             ? sqrt(fmax(0, t->squares / count - mean * mean) / (count - 1))
                             : sqrt(t->variance);
    qhm_result_number(result->answer, "value", mean);
    qhm_result_number(result->answer, "standard_error", error);
    if (e->exact) {
        qhm_result_number(result->answer, "fidelity_of_circuit", t->fidelity / count);
        if (circuits == 1)
            qhm_result_number(result->answer, "distance_of_circuit", t->distance);
        qhm_result_note(result, "Fidelity and distance to the exact state are a simulator's: no "
                                "shot tells them. The standard error leaves out the formula's "
                                "error.");
    }
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    evolution_problem e = {.options = given};
    evolution_totals t = {0};
    const bool is_drawn = e.options->method - 1 == QHM_EVOLUTION_QDRIFT;
    const size_t circuits = is_drawn ? e.options->circuits : 1;
    qhm_status status = read_problem(problem, &e);
    if (status == QHM_OK)
        status = solve_exactly(&e, result);
    for (size_t c = 0; c < circuits && status == QHM_OK; c++)
        status = run_circuit(&e, problem->seed, c, &result->ledger, &t);
    if (status == QHM_OK)
        describe(&e, circuits, &t, result);
    qhm_release(e.exact);
    qhm_observable_destroy(e.hamiltonian);
    qhm_observable_destroy(e.observable);
    return status;
}

const qhm_algorithm qhm_algorithm_evolve = {
    .info = {.name = "evolve",
             .help = "Hamiltonian simulation by product formulas or qDRIFT",
             .details = "A string of weight w takes 2 (w - 1) CX and a rotation in each sweep. The "
                        "error falls as steps^-1, steps^-2\nand steps^-4 for trotter1, 2 and 4 "
                        "(1, 2 and 10 sweeps a step), and as 1/steps for qdrift, whatever the\n"
                        "number of terms. Beside it stands the state by a Chebyshev series or the "
                        "matrix.\n[suzuki1991, campbell2019, talezer1984]\n",
             .example = "hamiltonian: Z0 Z1 + Z1 Z2 + 0.8 X0 + 0.8 X1 + 0.8 X2\ntime: 1\nmethod: "
                        "trotter2\nsteps: 10\nobservable: Z0\n",
             .fields = fields},
    .options_size = sizeof(evolve_options),
    .run = run,
};
