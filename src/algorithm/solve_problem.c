// The problem "solve": a linear system by phases of e^{iAt} or by variation.
#include "algorithm/problem_numbers.h"
#include "algorithm/solve_internal.h"
#include "base/bits.h"
#include "base/memory.h"
#include "linalg/lu_factor.h"
#include "linalg/singular_values.h"
#include "linalg/symmetric_eigen.h"

#include <float.h>
#include <math.h>
#include <qhm/variational_solver.h>
#include <string.h>

static const double MOST_NORM = 1e150; // of the solution: its squares are reported

static const char *const methods[] = {"phases", "variational", NULL};
static const char *const costs[] = {"local", "global", NULL}; // as qhm_solver_cost

static const qhm_option_info fields[] = {
    {.name = "matrix",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(qhm_solve_options, matrix),
     .help = "rows of a square matrix: up to 16, or 8 if it is not symmetric; required"},
    {.name = "b",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(qhm_solve_options, b),
     .help = "the right side; required"},
    {.name = "method",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_solve_options, method),
     .default_text = "phases",
     .choices = methods,
     .help = "phases: of Harrow, Hassidim and Lloyd; variational: angles are fitted, for up to 8 "
             "rows, 4 if the matrix is not symmetric"},
    {.name = "property",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(qhm_solve_options, property),
     .help = "rows of a matrix M: x' M x is measured too"},
    {.name = "clock_qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_solve_options, clock_qubits),
     .default_text = "6",
     .minimum = 1,
     .maximum = 10,
     .help = "of phase estimation: the condition number must be below 2^clock_qubits, half of that "
             "with eigenvalues of both signs",
     .used_with = "method=phases"},
    {.name = "time",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_solve_options, time),
     .minimum = 1e-12,
     .maximum = 1e12,
     .help = "of e^{iAt}; not given: so that the largest eigenvalue is the clock's last",
     .used_with = "method=phases"},
    {.name = "constant",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_solve_options, constant),
     .minimum = 1e-12,
     .maximum = 1e12,
     .help =
         "C of the rotation asin(C / eigenvalue), at most the least |eigenvalue|; not given: that",
     .used_with = "method=phases"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_solve_options, shots),
     .default_text = "10000",
     .minimum = 1,
     .maximum = 1e8,
     .help = "runs, most of which post-selection may discard; in each setting of a property"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(qhm_solve_options, layers),
     .default_text = "3",
     .minimum = 1,
     .maximum = 100,
     .help = "of the variational method's circuit",
     .used_with = "method=variational"},
    {.name = "cost",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(qhm_solve_options, cost),
     .default_text = "local",
     .choices = costs,
     .help = "that the variational method minimises",
     .used_with = "method=variational"},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(qhm_solve_options, error),
     .default_text = "0.01",
     .minimum = 1e-9,
     .maximum = 1,
     .help =
         "relative to |x|: what the variational method has to prove, and for which the runs of the "
         "whole vector and of the property are told"},
    {0},
};

static bool is_symmetric(const qhm_linear_system *s)
{
    for (size_t i = 0; i < s->size; i++)
        for (size_t j = 0; j < i; j++) {
            const double x = s->a[i * s->size + j], y = s->a[j * s->size + i];
            if (fabs(x - y) > 1e-12 * (fabs(x) + fabs(y)))
                return false;
        }
    return true;
}

static qhm_status read_property(const qhm_problem *problem, qhm_linear_system *s)
{
    size_t rows, columns;
    const qhm_node *node = s->options->property;
    if (!node)
        return QHM_OK;
    QHM_TRY(qhm_problem_matrix(problem->node, node, "property", &s->property, &rows, &columns));
    if (rows != s->size || columns != s->size)
        return qhm_node_fail(node, "field 'property' is %zu by %zu, the matrix has %zu rows", rows,
                             columns, s->size);
    return QHM_OK;
}

static qhm_status read_system(const qhm_problem *problem, qhm_linear_system *s)
{
    size_t columns, count;
    const qhm_solve_options *o = s->options;
    QHM_TRY(qhm_problem_matrix(problem->node, o->matrix, "matrix", &s->a, &s->size, &columns));
    QHM_TRY(qhm_problem_numbers(problem->node, o->b, "b", 1, &s->b, &count));
    if (columns != s->size)
        return qhm_node_fail(o->matrix, "field 'matrix' is %zu by %zu, not square", s->size,
                             columns);
    if (count != s->size)
        return qhm_node_fail(o->b, "field 'b' has %zu entries, the matrix %zu rows", count,
                             s->size);
    const size_t widest = o->method == QHM_SOLVE_VARIATIONAL ? QHM_MOST_SIZE / 2 : QHM_MOST_SIZE;
    const size_t most = is_symmetric(s) ? widest : widest / 2;
    if (s->size < 2 || s->size > most)
        return qhm_node_fail(o->matrix, "field 'matrix' has %zu rows, not 2 to %zu", s->size, most);
    for (size_t i = 0; i < count; i++)
        s->length = hypot(s->length, s->b[i]);
    if (!(s->length > 0))
        return qhm_node_fail(o->b, "field 'b' is zero: there is no state to load");
    return read_property(problem, s);
}

// The largest and least singular value.
static qhm_status find_condition(qhm_linear_system *s)
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
static void pad(qhm_linear_system *s)
{
    const bool is_plain = is_symmetric(s);
    const size_t used = is_plain ? s->size : 2 * s->size;
    s->first = is_plain ? 0 : s->size;
    s->qubits = qhm_bits_for(used);
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

static qhm_status find_signs(qhm_linear_system *s)
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

static qhm_status choose(const qhm_problem *problem, qhm_linear_system *s)
{
    const qhm_solve_options *o = s->options;
    QHM_TRY(find_condition(s));
    if (!(s->least > 16 * DBL_EPSILON * s->largest))
        return qhm_node_fail(o->matrix, "the matrix is singular: singular values from %g to %g",
                             s->least, s->largest);
    if (s->length > MOST_NORM * s->least || s->length * MOST_NORM < s->largest)
        return qhm_node_fail(o->b,
                             "the solution is between %g and %g long, not from %g to %g as its "
                             "squares need: scale 'b' or 'matrix'",
                             s->length / s->largest, s->length / s->least, 1 / MOST_NORM,
                             MOST_NORM);
    pad(s);
    QHM_TRY(find_signs(s));
    if (o->method == QHM_SOLVE_VARIATIONAL)
        return QHM_OK;
    const double count = ldexp(1, (int)o->clock_qubits) / (s->solver.is_signed ? 2 : 1);
    if (s->largest / s->least >= count)
        return qhm_node_fail(problem->node,
                             "the condition number is %.6g, beyond the clock's %g: more "
                             "clock_qubits are needed",
                             s->largest / s->least, count);
    if (o->constant > s->least * (1 + 1e-9))
        return qhm_node_fail(
            problem->node,
            "constant is %.6g, above the least |eigenvalue| %.6g: what is below it "
            "would be solved wrongly",
            o->constant, s->least);
    s->solver.clock_qubits = o->clock_qubits;
    s->solver.time = o->time > 0
                         ? o->time
                         : 2 * M_PI * (count - 1) / (ldexp(1, (int)o->clock_qubits) * s->largest);
    s->solver.constant = o->constant > 0 ? o->constant : s->least;
    return QHM_OK;
}

// The opponents: LAPACK, and conjugate gradients where the matrix is positive definite.
static qhm_status solve_classically(qhm_linear_system *s, qhm_result *result)
{
    enum { REPETITIONS = 100 };
    double *factors, start = qhm_algorithm_clock();
    int pivots[QHM_MOST_SIZE];
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
    double squares[QHM_MOST_SIZE], norm = 0;
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
    double x[QHM_MOST_SIZE];
    size_t iterations = 0;
    start = qhm_algorithm_clock();
    QHM_TRY(qhm_conjugate_gradients(n, s->a, s->b, s->options->error, x, &iterations));
    qhm_result_count(result->opponent, "conjugate_gradient_iterations", iterations);
    qhm_result_number(result->opponent, "conjugate_gradient_seconds",
                      qhm_algorithm_clock() - start);
    return QHM_OK;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    qhm_linear_system s = {.options = given};
    qhm_status status = read_system(problem, &s);
    if (status == QHM_OK)
        status = choose(problem, &s);
    if (status == QHM_OK)
        status = solve_classically(&s, result);
    if (status == QHM_OK)
        status = s.options->method == QHM_SOLVE_VARIATIONAL
                     ? qhm_solve_by_variation(problem, &s, result)
                     : qhm_solve_by_phases(problem, &s, result);
    qhm_release(s.a);
    qhm_release(s.b);
    qhm_release(s.property);
    return status;
}

const qhm_algorithm qhm_algorithm_solve = {
    .info = {.name = "solve",
             .help = "a linear system by phases of e^{iAt}, or by fitted angles",
             .details =
                 "Phases: loads b, estimates phases of e^{iAt}, rotates an ancilla by asin(C / "
                 "eigenvalue) and takes the estimation\nback; runs whose ancilla is not 1 "
                 "are discarded, about kappa^2 for each that is kept. What is left is\na "
                 "state: x itself is N / error^2 kept runs away. Variational: fits angles until "
                 "their cost "
                 "proves the error.\nA property x' M x comes with the shots for its "
                 "error. [harrow2009, cao2012, bravo2023]\n",
             .example = "matrix: [[1, -0.3333333333333333], [-0.3333333333333333, 1]]\nb: [0, 1]\n"
                        "clock_qubits: 2\ntime: 2.356194490192345\n",
             .fields = fields},
    .options_size = sizeof(qhm_solve_options),
    .run = run,
};
