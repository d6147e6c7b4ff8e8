// The problem "solve": a linear system by the algorithm of Harrow, Hassidim and Lloyd.
#include "algorithm/algorithm_internal.h"
#include "algorithm/counted_run.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"
#include "linalg/lu_factor.h"
#include "linalg/singular_values.h"
#include "linalg/symmetric_eigen.h"

#include <float.h>
#include <math.h>
#include <qhm/linear_solver.h>
#include <string.h>

enum { MOST_SYSTEM = 4, MOST_SIZE = 1 << MOST_SYSTEM };

typedef struct solve_options {
    const qhm_node *matrix, *b;
    size_t clock_qubits, shots;
    double time, constant, error;
} solve_options;

static const qhm_option_info fields[] = {
    {.name = "matrix",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(solve_options, matrix),
     .help = "rows of a square matrix: up to 16, or 8 if it is not symmetric; required"},
    {.name = "b",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(solve_options, b),
     .help = "the right side; required"},
    {.name = "clock_qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(solve_options, clock_qubits),
     .default_text = "6",
     .minimum = 1,
     .maximum = 10,
     .help = "of phase estimation: the condition number must be below 2^clock_qubits, half of that "
             "with eigenvalues of both signs"},
    {.name = "time",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(solve_options, time),
     .minimum = 1e-12,
     .maximum = 1e12,
     .help = "of e^{iAt}; not given: so that the largest eigenvalue is the clock's last"},
    {.name = "constant",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(solve_options, constant),
     .minimum = 1e-12,
     .maximum = 1e12,
     .help = "C of the rotation asin(C / eigenvalue); not given: the least |eigenvalue|"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(solve_options, shots),
     .default_text = "10000",
     .minimum = 1,
     .maximum = 1e8,
     .help = "runs, most of which post-selection may discard"},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(solve_options, error),
     .default_text = "0.01",
     .minimum = 1e-9,
     .maximum = 1,
     .help = "relative to |x|, for which the runs of the whole vector are told"},
    {0},
};

// a [size][size] x = b as it was given, and the system of 2^n equations that is run.
typedef struct linear_system {
    const solve_options *options;
    double *a, *b;
    size_t size;
    double padded[MOST_SIZE * MOST_SIZE], right[MOST_SIZE];
    size_t qubits, first; // x is what stands from `first` on
    double x[MOST_SIZE];  // the opponent's
    double largest, least, length;
    qhm_linear_solver_options solver;
} linear_system;

static bool is_symmetric(const linear_system *s)
{
    for (size_t i = 0; i < s->size; i++)
        for (size_t j = 0; j < i; j++) {
            const double x = s->a[i * s->size + j], y = s->a[j * s->size + i];
            if (fabs(x - y) > 1e-12 * (fabs(x) + fabs(y)))
                return false;
        }
    return true;
}

static qhm_status read_system(const qhm_problem *problem, linear_system *s)
{
    size_t columns, count;
    const solve_options *o = s->options;
    QHM_TRY(qhm_problem_matrix(problem->node, o->matrix, "matrix", &s->a, &s->size, &columns));
    QHM_TRY(qhm_problem_numbers(problem->node, o->b, "b", 1, &s->b, &count));
    if (columns != s->size)
        return qhm_node_fail(o->matrix, "field 'matrix' is %zu by %zu, not square", s->size,
                             columns);
    if (count != s->size)
        return qhm_node_fail(o->b, "field 'b' has %zu entries, the matrix %zu rows", count,
                             s->size);
    const size_t most = is_symmetric(s) ? MOST_SIZE : MOST_SIZE / 2;
    if (s->size < 2 || s->size > most)
        return qhm_node_fail(o->matrix, "field 'matrix' has %zu rows, not 2 to %zu", s->size, most);
    for (size_t i = 0; i < count; i++)
        s->length = hypot(s->length, s->b[i]);
    if (!(s->length > 0))
        return qhm_node_fail(o->b, "field 'b' is zero: there is no state to load");
    return QHM_OK;
}

// The largest and least singular value.
static qhm_status find_condition(linear_system *s)
{
    double *work;
    const size_t square = s->size * s->size;
    QHM_TRY(qhm_allocate(3 * square + s->size, sizeof *work, &work));
    memcpy(work, s->a, square * sizeof *work);
    double *values = work + 3 * square;
    const qhm_status status =
        qhm_singular_values(work, s->size, s->size, values, work + square, work + 2 * square);
    s->largest = values[0];
    s->least = values[s->size - 1];
    qhm_release(work);
    return status;
}

// A matrix that is not symmetric becomes [0, A; A', 0]; unused rows get the largest eigenvalue.
static void pad(linear_system *s)
{
    const bool is_plain = is_symmetric(s);
    const size_t used = is_plain ? s->size : 2 * s->size;
    s->first = is_plain ? 0 : s->size;
    while ((size_t)1 << s->qubits < used)
        s->qubits++;
    const size_t wide = (size_t)1 << s->qubits;
    for (size_t i = 0; i < s->size; i++) {
        for (size_t j = 0; j < s->size; j++) {
            const double value = s->a[i * s->size + j];
            s->padded[i * wide + s->first + j] = value;
            s->padded[(s->first + j) * wide + i] = value;
        }
        s->right[i] = s->b[i];
    }
    for (size_t i = used; i < wide; i++)
        s->padded[i * wide + i] = s->largest;
}

static qhm_status find_signs(linear_system *s)
{
    const size_t wide = (size_t)1 << s->qubits;
    double *work;
    QHM_TRY(qhm_allocate(2 * wide * wide + wide, sizeof *work, &work));
    memcpy(work, s->padded, wide * wide * sizeof *work);
    double *values = work + 2 * wide * wide;
    const qhm_status status = qhm_symmetric_eigen(work, wide, wide, values, work + wide * wide);
    s->solver.is_signed = values[wide - 1] < 0;
    qhm_release(work);
    return status;
}

static qhm_status choose(const qhm_problem *problem, linear_system *s)
{
    const solve_options *o = s->options;
    QHM_TRY(find_condition(s));
    if (!(s->least > 16 * DBL_EPSILON * s->largest))
        return qhm_node_fail(o->matrix, "the matrix is singular: singular values from %g to %g",
                             s->least, s->largest);
    pad(s);
    QHM_TRY(find_signs(s));
    const double count = ldexp(1, (int)o->clock_qubits) / (s->solver.is_signed ? 2 : 1);
    if (s->largest / s->least >= count)
        return qhm_node_fail(problem->node,
                             "the condition number is %.6g, beyond the clock's %g: more "
                             "clock_qubits are needed",
                             s->largest / s->least, count);
    s->solver.clock_qubits = o->clock_qubits;
    s->solver.time = o->time > 0
                         ? o->time
                         : 2 * M_PI * (count - 1) / (ldexp(1, (int)o->clock_qubits) * s->largest);
    s->solver.constant = o->constant > 0 ? o->constant : s->least;
    return QHM_OK;
}

// The opponents: LAPACK, and conjugate gradients where the matrix is positive definite.
static qhm_status solve_classically(linear_system *s, qhm_result *result)
{
    enum { REPETITIONS = 100 };
    double *factors, start = qhm_algorithm_clock();
    int pivots[MOST_SIZE];
    const size_t n = s->size;
    qhm_status status = QHM_OK;
    QHM_TRY(qhm_allocate(n * n, sizeof *factors, &factors));
    for (size_t r = 0; r < REPETITIONS && status == QHM_OK; r++) {
        memcpy(factors, s->a, n * n * sizeof *factors);
        memcpy(s->x, s->b, n * sizeof *s->x);
        status = qhm_lu(factors, n, pivots);
        if (status == QHM_OK)
            qhm_lu_solve(factors, n, pivots, false, s->x);
    }
    const double seconds = (qhm_algorithm_clock() - start) / REPETITIONS;
    qhm_release(factors);
    if (status != QHM_OK)
        return status;
    double squares[MOST_SIZE], norm = 0;
    for (size_t i = 0; i < n; i++) {
        squares[i] = s->x[i] * s->x[i];
        norm = hypot(norm, s->x[i]);
    }
    qhm_result_text(result->opponent, "method", "LU factors (LAPACK)");
    qhm_result_numbers(result->opponent, "solution", s->x, n);
    qhm_result_numbers(result->opponent, "squares", squares, n);
    qhm_result_number(result->opponent, "norm", norm);
    qhm_result_number(result->opponent, "seconds", seconds);
    if (s->first > 0 || s->solver.is_signed)
        return QHM_OK;
    double x[MOST_SIZE];
    size_t iterations = 0;
    start = qhm_algorithm_clock();
    QHM_TRY(qhm_conjugate_gradients(n, s->a, s->b, s->options->error, x, &iterations));
    qhm_result_count(result->opponent, "conjugate_gradient_iterations", iterations);
    qhm_result_number(result->opponent, "conjugate_gradient_seconds",
                      qhm_algorithm_clock() - start);
    return QHM_OK;
}

// What only a simulator sees: P(kept) and the fidelity of the kept state with x.
static qhm_status compare(const linear_system *s, const qhm_circuit *circuit, double *kept,
                          double *fidelity)
{
    const size_t wide = (size_t)1 << s->qubits;
    const size_t first = wide << s->solver.clock_qubits;
    qhm_complex *state;
    double re = 0, im = 0, norm = 0;
    QHM_TRY(qhm_counted_state(circuit, NULL, &state));
    *kept = 0;
    for (size_t i = 0; i < wide; i++) {
        const qhm_complex a = state[first + i];
        *kept += a.re * a.re + a.im * a.im;
    }
    for (size_t i = 0; i < s->size; i++) {
        re += s->x[i] * state[first + s->first + i].re;
        im += s->x[i] * state[first + s->first + i].im;
        norm += s->x[i] * s->x[i];
    }
    qhm_release(state);
    *fidelity = (re * re + im * im) / (norm * *kept);
    return QHM_OK;
}

static qhm_status measure(const linear_system *s, const qhm_circuit *circuit, uint64_t seed,
                          qhm_ledger *ledger, qhm_distribution **outcomes)
{
    const size_t count = qhm_circuit_qubit_count(circuit);
    qhm_circuit *measured;
    QHM_TRY(qhm_circuit_copy(circuit, &measured));
    qhm_status status = qhm_circuit_append_bits(measured, "c", count);
    for (uint32_t q = 0; q < count && status == QHM_OK; q++)
        status = qhm_circuit_append_measure(measured, q, q);
    if (status == QHM_OK)
        status = qhm_counted_shots(measured, s->options->shots, seed,
                                   &(qhm_run_counts){.state_preparations = 1}, ledger, outcomes);
    qhm_circuit_destroy(measured);
    return status;
}

static void describe(const linear_system *s, const qhm_distribution *outcomes, qhm_result *result)
{
    const double shots = (double)s->options->shots, scale = s->length / s->solver.constant;
    const uint64_t wanted = (uint64_t)1 << s->solver.clock_qubits;
    double squares[MOST_SIZE] = {0}, errors[MOST_SIZE], hits = 0;
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        const uint64_t index = bits[0] & (((uint64_t)1 << s->qubits) - 1);
        if (bits[0] >> s->qubits != wanted)
            continue;
        hits += weight;
        if (index >= s->first && index < s->first + s->size)
            squares[index - s->first] += weight;
    }
    for (size_t i = 0; i < s->size; i++) {
        const double p = squares[i] / shots;
        squares[i] = scale * scale * p;
        errors[i] = scale * scale * sqrt(p * (1 - p) / shots);
    }
    const double p = hits / shots;
    result->ledger.discarded_shots += (uint64_t)(shots - hits);
    qhm_result_number(result->answer, "kept_share", p);
    qhm_result_number(result->answer, "norm", scale * sqrt(p));
    qhm_result_number(result->answer, "norm_standard_error", scale * sqrt((1 - p) / shots) / 2);
    qhm_result_numbers(result->answer, "squares", squares, s->size);
    qhm_result_numbers(result->answer, "squares_standard_errors", errors, s->size);
}

static void price(const linear_system *s, double kept, double fidelity, qhm_result *result)
{
    const double error = s->options->error, n = (double)s->size;
    qhm_result_number(result->answer, "expected_kept_share", kept);
    qhm_result_number(result->answer, "fidelity_of_circuit", fidelity);
    qhm_result_number(result->answer, "condition_number", s->largest / s->least);
    qhm_result_number(result->answer, "runs_for_whole_vector", ceil(n / (error * error * kept)));
    qhm_result_count(result->answer, "controlled_evolutions",
                     2 * (((uint64_t)1 << s->solver.clock_qubits) - 1));
    qhm_result_note(result,
                    "A run gives one sample of a property of x: squares of entries, not "
                    "their signs. The whole vector within %g of its length takes about "
                    "entries / (error^2 kept share) runs, and a reference for the signs.",
                    error);
    qhm_result_note(result, "Clock and constant were chosen from eigenvalues, and e^{iAt} is made "
                            "of the matrix itself: both cost more here than the solution.");
    if (s->first > 0)
        qhm_result_note(result, "The matrix is not symmetric: twice as many equations are run.");
}

static qhm_status run_solver(const qhm_problem *problem, linear_system *s, qhm_result *result)
{
    qhm_circuit *circuit = NULL;
    qhm_distribution *outcomes = NULL;
    double kept, fidelity;
    qhm_status status =
        qhm_linear_solver_create(s->qubits, s->padded, s->right, &s->solver, &circuit);
    if (status == QHM_ERROR_INVALID_ARGUMENT)
        status = qhm_node_fail(problem->node, "%s", qhm_error_message());
    if (status == QHM_OK)
        status = compare(s, circuit, &kept, &fidelity);
    if (status == QHM_OK)
        status = measure(s, circuit, problem->seed, &result->ledger, &outcomes);
    if (status == QHM_OK) {
        describe(s, outcomes, result);
        price(s, kept, fidelity, result);
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    linear_system s = {.options = given};
    qhm_status status = read_system(problem, &s);
    if (status == QHM_OK)
        status = choose(problem, &s);
    if (status == QHM_OK)
        status = solve_classically(&s, result);
    if (status == QHM_OK)
        status = run_solver(problem, &s, result);
    qhm_release(s.a);
    qhm_release(s.b);
    return status;
}

const qhm_algorithm qhm_algorithm_solve = {
    .info = {.name = "solve",
             .help = "a linear system by the algorithm of Harrow, Hassidim and Lloyd",
             .details = "Loads b, estimates phases of e^{iAt}, rotates an ancilla by asin(C / "
                        "eigenvalue) and takes the estimation\nback; runs whose ancilla is not 1 "
                        "are discarded, about kappa^2 for each that is kept. What is left is\na "
                        "state: x itself is N / error^2 kept runs away. [harrow2009, cao2012]\n",
             .example = "matrix: [[1, -0.3333333333333333], [-0.3333333333333333, 1]]\nb: [0, 1]\n"
                        "clock_qubits: 2\ntime: 2.356194490192345\n",
             .fields = fields},
    .options_size = sizeof(solve_options),
    .run = run,
};
