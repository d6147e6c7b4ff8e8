// Phases of signal processing: the response, and Newton's method that finds them.
#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/lu_factor.h"

#include <math.h>
#include <qhm/block_encoding.h>
#include <string.h>

enum { MOST_DEGREE = 1000, MOST_STEPS = 200, MOST_HALVINGS = 20 };

static const double WANTED = 1e-14, ENOUGH = 1e-10; // of the response, at all nodes

// A row (a, b) of two amplitudes.
typedef struct signal_row {
    qhm_complex a, b;
} signal_row;

// row W, with W = [[x, i s], [i s, x]].
static signal_row signal(signal_row row, double x, double s)
{
    return (signal_row){{x * row.a.re - s * row.b.im, x * row.a.im + s * row.b.re},
                        {x * row.b.re - s * row.a.im, x * row.b.im + s * row.a.re}};
}

// row e^{i phase Z}.
static signal_row turn(signal_row row, double phase)
{
    const double c = cos(phase), d = sin(phase);
    return (signal_row){{row.a.re * c - row.a.im * d, row.a.re * d + row.a.im * c},
                        {row.b.re * c + row.b.im * d, row.b.im * c - row.b.re * d}};
}

qhm_complex qhm_signal_response(size_t degree, const double *phases, double x)
{
    const double s = sqrt(fmax(0, (1 - x) * (1 + x)));
    signal_row row = turn((signal_row){{1, 0}, {0, 0}}, phases[0]);
    for (size_t j = 1; j <= degree; j++)
        row = turn(signal(row, x, s), phases[j]);
    return row.a;
}

// sum_k c_k cos(k angle), and its first two derivatives by the angle in values[1] and [2].
static void find_values(size_t degree, const double *coefficients, double angle, double values[3])
{
    values[0] = values[1] = values[2] = 0;
    for (size_t k = 0; k <= degree; k++) {
        const double order = (double)k, part = coefficients[k] * cos(order * angle);
        values[0] += part;
        values[1] -= order * coefficients[k] * sin(order * angle);
        values[2] -= order * order * part;
    }
}

// The magnitude at the angle and at the stationary point that Newton's method leads to from there.
static qhm_status require_small(size_t degree, const double *coefficients, double angle)
{
    double values[3];
    for (size_t step = 0; step < 6; step++) {
        find_values(degree, coefficients, angle, values);
        QHM_REQUIRE(fabs(values[0]) <= 1 + 1e-11, "the polynomial is %.14g at %.6g: beyond 1",
                    values[0], cos(angle));
        if (values[0] * values[2] >= 0) // no maximum of the magnitude
            break;
        angle -= values[1] / values[2];
    }
    return QHM_OK;
}

static qhm_status require_polynomial(size_t degree, const double *coefficients)
{
    for (size_t k = 0; k <= degree; k++) {
        QHM_REQUIRE(isfinite(coefficients[k]), "coefficient %zu is not finite", k);
        QHM_REQUIRE((degree - k) % 2 == 0 || coefficients[k] == 0,
                    "coefficient %zu is %g, in a polynomial of degree %zu: of one parity only", k,
                    coefficients[k], degree);
    }
    for (size_t i = 0; i <= 8 * degree; i++)
        QHM_TRY(require_small(degree, coefficients, M_PI * (double)i / (double)(8 * degree)));
    return QHM_OK;
}

// Symmetric phases, phase[j] = phase[degree - j], of which `count` are free: the imaginary part of
// the response is a polynomial with as many coefficients, known from as many nodes.
typedef struct phase_search {
    size_t degree, count;
    double *wanted;                // [count]: the polynomial at the nodes
    double *phases, *trial, *step; // [count]
    double *jacobian;              // [count][count]
    signal_row *rows;              // [degree]: up to phase j
    int *pivots;
} phase_search;

static double phase_of(const phase_search *s, const double *phases, size_t j)
{
    return phases[j < s->count ? j : s->degree - j];
}

static double node_angle(const phase_search *s, size_t i)
{
    return M_PI * (2 * (double)i + 1) / (4 * (double)s->count);
}

// What is missing at the nodes, and its largest magnitude.
static double find_missing(const phase_search *s, const double *phases, double *missing)
{
    double most = 0, full[MOST_DEGREE + 1];
    for (size_t j = 0; j <= s->degree; j++)
        full[j] = phase_of(s, phases, j);
    for (size_t i = 0; i < s->count; i++) {
        missing[i] = s->wanted[i] - qhm_signal_response(s->degree, full, cos(node_angle(s, i))).im;
        most = fmax(most, fabs(missing[i]));
    }
    return most;
}

// A derivative is i (row up to phase j) Z (column from there). Phases are symmetric, as is W: the
// column is another row, the one that is as long, times W.
static void fill_jacobian(phase_search *s, size_t i)
{
    const double x = cos(node_angle(s, i)), sine = sin(node_angle(s, i));
    for (size_t j = 0; j < s->degree; j++)
        s->rows[j] = turn(j == 0 ? (signal_row){{1, 0}, {0, 0}} : signal(s->rows[j - 1], x, sine),
                          phase_of(s, s->phases, j));
    for (size_t j = 0; j < s->count; j++) {
        const signal_row left = s->rows[j], right = signal(s->rows[s->degree - 1 - j], x, sine);
        const double slope = left.a.re * right.a.re - left.a.im * right.a.im -
                             left.b.re * right.b.re + left.b.im * right.b.im;
        s->jacobian[i * s->count + j] = (2 * j == s->degree ? 1 : 2) * slope;
    }
}

// Newton's method from 0 [dong2023], steps halved while they lead away. Where the polynomial
// reaches 1 the derivatives are singular at the solution: errors fall by halves then, those of the
// response by quarters.
static double iterate(phase_search *s)
{
    double error = find_missing(s, s->phases, s->step), next;
    for (size_t round = 0; round < MOST_STEPS && error > WANTED; round++) {
        for (size_t i = 0; i < s->count; i++)
            fill_jacobian(s, i);
        if (qhm_lu(s->jacobian, s->count, s->pivots) != QHM_OK)
            break;
        qhm_lu_solve(s->jacobian, s->count, s->pivots, false, s->step);
        double share = 1;
        size_t halvings = 0;
        double *missing = s->jacobian; // its first row is not needed any more
        do {
            for (size_t j = 0; j < s->count; j++)
                s->trial[j] = s->phases[j] + share * s->step[j];
            next = find_missing(s, s->trial, missing);
            share /= 2;
        } while (!(next < error) && halvings++ < MOST_HALVINGS);
        if (!(next < error))
            break;
        error = next;
        memcpy(s->phases, s->trial, s->count * sizeof *s->phases);
        memcpy(s->step, missing, s->count * sizeof *s->step);
    }
    return error;
}

static qhm_status search(phase_search *s, const double *coefficients, double *reached)
{
    const size_t n = s->count;
    double *numbers, values[3];
    QHM_TRY(qhm_allocate(n * (n + 4), sizeof *numbers, &numbers));
    s->phases = numbers;
    s->trial = numbers + n;
    s->step = numbers + 2 * n;
    s->wanted = numbers + 3 * n;
    s->jacobian = numbers + 4 * n;
    for (size_t i = 0; i < n; i++) {
        find_values(s->degree, coefficients, node_angle(s, i), values);
        s->wanted[i] = values[0];
    }
    qhm_status status = qhm_allocate(s->degree, sizeof *s->rows, &s->rows);
    if (status == QHM_OK)
        status = qhm_allocate(n, sizeof *s->pivots, &s->pivots);
    if (status == QHM_OK)
        *reached = iterate(s);
    qhm_release(s->rows);
    qhm_release(s->pivots);
    return status;
}

qhm_status qhm_signal_phases_find(size_t degree, const double *coefficients, double *phases)
{
    double reached;
    QHM_REQUIRE(coefficients && phases, "coefficients or phases is NULL");
    QHM_REQUIRE(degree >= 1 && degree <= MOST_DEGREE, "degree is %zu, not 1 to %d", degree,
                (int)MOST_DEGREE);
    QHM_TRY(require_polynomial(degree, coefficients));
    if (fabs(coefficients[degree]) == 1) { // a Chebyshev polynomial: its phases are known exactly
        for (size_t j = 0; j <= degree; j++)
            phases[j] = j == 0 && coefficients[degree] < 0 ? M_PI : 0;
        return QHM_OK;
    }
    phase_search s = {.degree = degree, .count = degree / 2 + 1};
    qhm_status status = search(&s, coefficients, &reached);
    if (status == QHM_OK && !(reached <= ENOUGH))
        status = QHM_FAIL(QHM_ERROR_NUMERIC,
                          "the phases do not converge: their polynomial is %.3g off, not at most "
                          "%.0e",
                          reached, ENOUGH);
    for (size_t j = 0; j <= degree && status == QHM_OK; j++) // from the imaginary to the real part
        phases[j] = phase_of(&s, s.phases, j) - (j == 0 || j == degree ? M_PI / 4 : 0);
    qhm_release(s.phases);
    return status;
}
