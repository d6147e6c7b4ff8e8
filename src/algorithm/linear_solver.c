// The linear solver of Harrow, Hassidim and Lloyd, and conjugate gradients.
#include <qhm/linear_solver.h>

#include "algorithm/append_at.h"
#include "algorithm/real_state.h"
#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/complex_matrix.h"

#include <math.h>

enum { MOST_SYSTEM = 4, MOST_CLOCK = 10 };

typedef struct solver {
    size_t n, clock;
    const double *matrix;
    const qhm_linear_solver_options *options;
} solver;

static qhm_status append_angle(qhm_circuit *circuit, qhm_gate gate, size_t a, size_t b,
                               double angle)
{
    const qhm_angle constant = qhm_angle_constant(angle);
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)a, (uint32_t)b}, &constant);
}

static qhm_status append_load(const solver *s, const double *b, qhm_circuit *circuit)
{
    qhm_circuit *load;
    QHM_TRY(qhm_real_state_create(b, (size_t)1 << s->n, NULL, &load));
    const qhm_status status = qhm_circuit_append_circuit(circuit, load, NULL, NULL, 0, 0);
    qhm_circuit_destroy(load);
    return status;
}

// e^{iAt 2^j} under clock qubit j, for every j.
static qhm_status append_powers(const solver *s, qhm_circuit *circuit)
{
    const size_t size = (size_t)1 << s->n;
    qhm_complex *h, *u = NULL;
    QHM_TRY(qhm_allocate(size * size, sizeof *h, &h));
    for (size_t i = 0; i < size * size; i++)
        h[i].re = s->matrix[i];
    qhm_status status = qhm_allocate(size * size, sizeof *u, &u);
    for (size_t j = 0; j < s->clock && status == QHM_OK; j++) {
        uint32_t qubits[1 + MOST_SYSTEM] = {(uint32_t)(s->n + j)};
        for (uint32_t q = 0; q < s->n; q++)
            qubits[1 + q] = q;
        status = qhm_hermitian_evolution(size, h, -s->options->time * ldexp(1, (int)j), u);
        if (status == QHM_OK)
            status = qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                            .control_count = 1,
                                            .qubit_count = (uint32_t)(1 + s->n),
                                            .qubits = qubits,
                                            .matrix = u});
    }
    qhm_release(u);
    qhm_release(h);
    return status;
}

static qhm_status append_estimation(const solver *s, qhm_circuit *circuit)
{
    for (uint32_t j = 0; j < s->clock; j++)
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){(uint32_t)s->n + j}, NULL));
    QHM_TRY(append_powers(s, circuit));
    return qhm_append_fourier_at(circuit, s->n, s->clock, true);
}

// The rotation for what the clock shows; none for 0, which no eigenvalue is.
static double rotation_of(const solver *s, size_t shown)
{
    const double count = ldexp(1, (int)s->clock);
    double k = (double)shown;
    if (s->options->is_signed && 2 * k >= count)
        k -= count;
    if (k == 0)
        return 0;
    const double value = 2 * M_PI * k / (count * s->options->time);
    return 2 * asin(fmax(-1, fmin(1, s->options->constant / value)));
}

// A rotation of the ancilla that the clock chooses, as rotations and CX by the Gray code
// [mottonen2005].
static qhm_status append_rotations(const solver *s, qhm_circuit *circuit)
{
    const size_t count = (size_t)1 << s->clock, ancilla = s->n + s->clock;
    for (size_t m = 0; m < count; m++) {
        const size_t gray = m ^ m >> 1;
        double angle = 0;
        for (size_t i = 0; i < count; i++)
            angle += (__builtin_parityll(i & gray) ? -1 : 1) * rotation_of(s, i);
        QHM_TRY(append_angle(circuit, QHM_GATE_RY, ancilla, 0, angle / (double)count));
        const size_t turned = m + 1 < count ? (size_t)__builtin_ctzll(m + 1) : s->clock - 1;
        QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CX,
                                   (uint32_t[]){(uint32_t)(s->n + turned), (uint32_t)ancilla},
                                   NULL));
    }
    return QHM_OK;
}

static qhm_status append_all(const solver *s, const double *b, qhm_circuit *circuit)
{
    qhm_circuit *estimation, *inverse = NULL;
    QHM_TRY(append_load(s, b, circuit));
    QHM_TRY(qhm_circuit_create(s->n + s->clock + 1, 0, &estimation));
    qhm_status status = append_estimation(s, estimation);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(circuit, estimation, NULL, NULL, 0, 0);
    if (status == QHM_OK)
        status = append_rotations(s, circuit);
    if (status == QHM_OK)
        status = qhm_circuit_invert(estimation, &inverse);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(circuit, inverse, NULL, NULL, 0, 0);
    qhm_circuit_destroy(estimation);
    qhm_circuit_destroy(inverse);
    return status;
}

static qhm_status require_symmetric(const solver *s)
{
    const size_t size = (size_t)1 << s->n;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j <= i; j++) {
            const double a = s->matrix[i * size + j], b = s->matrix[j * size + i];
            QHM_REQUIRE(isfinite(a) && fabs(a - b) <= 1e-12 * (fabs(a) + fabs(b)),
                        "matrix[%zu][%zu] is %g, matrix[%zu][%zu] %g: not symmetric", i, j, a, j, i,
                        b);
        }
    return QHM_OK;
}

// Eigenvalues beyond the clock would come out as others.
static qhm_status require_no_wrap(const solver *s)
{
    const size_t size = (size_t)1 << s->n;
    double *values;
    qhm_complex *h, *vectors = NULL;
    QHM_TRY(qhm_allocate(size, sizeof *values, &values));
    qhm_status status = qhm_allocate(size * size, sizeof *h, &h);
    if (status == QHM_OK)
        status = qhm_allocate(size * size, sizeof *vectors, &vectors);
    for (size_t i = 0; i < size * size && status == QHM_OK; i++)
        h[i].re = s->matrix[i];
    if (status == QHM_OK)
        status = qhm_hermitian_eigen(size, h, values, vectors);
    if (status == QHM_OK) {
        const double time = s->options->time, low = values[0], high = values[size - 1];
        const double limit = (s->options->is_signed ? 1 : 2) * M_PI * (1 + 1e-12);
        if (high * time >= limit || (s->options->is_signed ? -low * time >= limit : low < 0))
            status =
                QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                         "eigenvalues from %g to %g wrap around a clock for %s up to %g", low, high,
                         s->options->is_signed ? "both signs" : "positive ones", limit / time);
    }
    qhm_release(vectors);
    qhm_release(h);
    qhm_release(values);
    return status;
}

qhm_status qhm_linear_solver_create(size_t qubit_count, const double *matrix, const double *b,
                                    const qhm_linear_solver_options *options, qhm_circuit **circuit)
{
    QHM_REQUIRE(matrix && b && options && circuit, "matrix, b, options or circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= MOST_SYSTEM, "qubit_count is %zu, not 1 to %d",
                qubit_count, MOST_SYSTEM);
    QHM_REQUIRE(options->clock_qubits >= 1 && options->clock_qubits <= MOST_CLOCK,
                "clock_qubits is %zu, not 1 to %d", options->clock_qubits, MOST_CLOCK);
    QHM_REQUIRE(options->time > 0 && isfinite(options->time), "time is %g, not above 0",
                options->time);
    QHM_REQUIRE(options->constant > 0 && isfinite(options->constant), "constant is %g, not above 0",
                options->constant);
    const solver s = {qubit_count, options->clock_qubits, matrix, options};
    qhm_circuit *made;
    QHM_TRY(require_symmetric(&s));
    QHM_TRY(require_no_wrap(&s));
    QHM_TRY(qhm_circuit_create(s.n + s.clock + 1, 0, &made));
    const qhm_status status = append_all(&s, b, made);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static double dot(size_t n, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

// Row i has values[starts[i]] to before values[starts[i + 1]], in these columns.
typedef struct sparse_matrix {
    size_t n;
    const size_t *starts, *columns;
    const double *values;
} sparse_matrix;

static void multiply(const sparse_matrix *a, const double *x, double *product)
{
    for (size_t i = 0; i < a->n; i++) {
        double sum = 0;
        for (size_t k = a->starts[i]; k < a->starts[i + 1]; k++)
            sum += a->values[k] * x[a->columns[k]];
        product[i] = sum;
    }
}

// work: residual, direction, product, each [n].
static qhm_status iterate(const sparse_matrix *matrix, const double *b, double tolerance, double *x,
                          double *work, size_t *iterations)
{
    const size_t n = matrix->n;
    double *r = work, *p = work + n, *q = work + 2 * n;
    for (size_t i = 0; i < n; i++) {
        x[i] = 0;
        r[i] = p[i] = b[i];
    }
    double rest = dot(n, r, r);
    const double goal = tolerance * tolerance * rest;
    for (*iterations = 0; rest > goal; ++*iterations) {
        multiply(matrix, p, q);
        const double curvature = dot(n, p, q);
        if (!(curvature > 0))
            return QHM_FAIL(QHM_ERROR_NUMERIC, "the matrix is not positive definite");
        if (*iterations == 10 * n)
            return QHM_FAIL(QHM_ERROR_NUMERIC, "%zu conjugate gradients do not suffice", 10 * n);
        const double step = rest / curvature;
        for (size_t i = 0; i < n; i++) {
            x[i] += step * p[i];
            r[i] -= step * q[i];
        }
        const double next = dot(n, r, r);
        for (size_t i = 0; i < n; i++)
            p[i] = r[i] + next / rest * p[i];
        rest = next;
    }
    return QHM_OK;
}

static qhm_status require_rows(const sparse_matrix *a)
{
    QHM_REQUIRE(a->starts[0] == 0, "starts[0] is %zu, not 0", a->starts[0]);
    for (size_t i = 0; i < a->n; i++)
        QHM_REQUIRE(a->starts[i] <= a->starts[i + 1], "starts[%zu] is %zu, starts[%zu] %zu", i,
                    a->starts[i], i + 1, a->starts[i + 1]);
    for (size_t k = 0; k < a->starts[a->n]; k++)
        QHM_REQUIRE(a->columns[k] < a->n, "columns[%zu] is %zu, not below %zu", k, a->columns[k],
                    a->n);
    return QHM_OK;
}

qhm_status qhm_sparse_conjugate_gradients(size_t n, const size_t *starts, const size_t *columns,
                                          const double *values, const double *b, double tolerance,
                                          double *x, size_t *iterations)
{
    double *work;
    size_t taken;
    QHM_REQUIRE(n > 0 && starts && columns && values && b && x,
                "n is 0, or starts, columns, values, b or x is NULL");
    QHM_REQUIRE(tolerance > 0, "tolerance is %g, not above 0", tolerance);
    const sparse_matrix matrix = {n, starts, columns, values};
    QHM_TRY(require_rows(&matrix));
    QHM_TRY(qhm_allocate(3 * n, sizeof *work, &work));
    const qhm_status status = iterate(&matrix, b, tolerance, x, work, &taken);
    if (status == QHM_OK && iterations)
        *iterations = taken;
    qhm_release(work);
    return status;
}

qhm_status qhm_conjugate_gradients(size_t n, const double *matrix, const double *b,
                                   double tolerance, double *x, size_t *iterations)
{
    size_t *starts, *columns = NULL, count = 0;
    double *values = NULL;
    QHM_REQUIRE(n > 0 && matrix && b && x, "n is 0, or matrix, b or x is NULL");
    QHM_TRY(qhm_allocate(n + 1, sizeof *starts, &starts));
    qhm_status status = qhm_allocate(n * n, sizeof *columns, &columns);
    if (status == QHM_OK)
        status = qhm_allocate(n * n, sizeof *values, &values);
    for (size_t i = 0; i < n && status == QHM_OK; i++) {
        for (size_t j = 0; j < n; j++)
            if (matrix[i * n + j] != 0) {
                columns[count] = j;
                values[count++] = matrix[i * n + j];
            }
        starts[i + 1] = count;
    }
    if (status == QHM_OK)
        status =
            qhm_sparse_conjugate_gradients(n, starts, columns, values, b, tolerance, x, iterations);
    qhm_release(starts);
    qhm_release(columns);
    qhm_release(values);
    return status;
}
