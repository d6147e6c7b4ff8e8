// States of few Schmidt terms at every cut, prepared qubit by qubit.
#include <qhm/matrix_product_state.h>

#include "algorithm/fewest_cx.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status_internal.h"
#include "linalg/complex_factor.h"

#include <math.h>
#include <qhm/state_preparation.h>
#include <string.h>

enum { MOST_QUBITS = 20, MOST_BOND = 8, MOST_SIZE = 2 * MOST_BOND };

// Qubit k's step: term a of the qubits up to k is sum over bit i of qubit k and terms b of the
// qubits below, of rows[a][i * below + b].
typedef struct site {
    size_t below, terms; // below: terms of the qubits under k
    qhm_complex rows[MOST_BOND][MOST_SIZE];
} site;

typedef struct sweep {
    size_t qubits, bond;
    site *sites;       // [qubits]
    qhm_complex *rest; // [2^(qubits - k)][terms below k]
    qhm_complex *left, right[MOST_SIZE * MOST_SIZE];
    double values[MOST_SIZE], weight;
    qhm_factor_work work;
} sweep;

static size_t count_terms(const sweep *s, size_t most)
{
    size_t terms = 1;
    while (terms < most && terms < s->bond && s->values[terms] > 1e-12 * s->values[0])
        terms++;
    return terms;
}

// Splits qubit k off: what is left over are the amplitudes of its terms.
static qhm_status split(sweep *s, size_t k)
{
    site *here = &s->sites[k];
    const size_t rows = (size_t)1 << (s->qubits - k - 1), columns = 2 * here->below;
    const size_t rank = rows < columns ? rows : columns;
    const int token = qhm_serial_begin();
    const qhm_status status =
        qhm_complex_singular_values(&s->work, s->rest, rows, columns, s->values, s->left, s->right);
    qhm_serial_end(token);
    QHM_TRY(status);
    here->terms = count_terms(s, rank);
    for (size_t a = 0; a < here->terms; a++)
        memcpy(here->rows[a], s->right + a * columns, columns * sizeof *s->right);
    for (size_t h = 0; h < rows; h++)
        for (size_t a = 0; a < here->terms; a++) {
            const qhm_complex v = s->left[h * rank + a];
            s->rest[h * here->terms + a] = (qhm_complex){s->values[a] * v.re, s->values[a] * v.im};
        }
    if (k + 1 < s->qubits)
        s->sites[k + 1].below = here->terms;
    return QHM_OK;
}

// The last rest is one number: its square is the fidelity, as cutting terms is a projection; its
// phase belongs to the state.
static void finish(sweep *s)
{
    site *top = &s->sites[s->qubits - 1];
    const double size = hypot(s->rest[0].re, s->rest[0].im);
    const qhm_complex phase = {s->rest[0].re / size, s->rest[0].im / size};
    for (size_t j = 0; j < 2 * top->below; j++) {
        const qhm_complex v = top->rows[0][j];
        top->rows[0][j] =
            (qhm_complex){phase.re * v.re - phase.im * v.im, phase.re * v.im + phase.im * v.re};
    }
    s->weight = fmin(1, size * size);
}

// Takes out of a vector [size] its parts along the columns of u [size][size] that are filled.
static void make_orthogonal(size_t size, const qhm_complex *u, const bool *filled, qhm_complex *v)
{
    for (size_t c = 0; c < size; c++) {
        qhm_complex dot = {0, 0};
        for (size_t r = 0; r < size && filled[c]; r++) {
            const qhm_complex a = u[r * size + c];
            dot.re += a.re * v[r].re + a.im * v[r].im;
            dot.im += a.re * v[r].im - a.im * v[r].re;
        }
        for (size_t r = 0; r < size && filled[c]; r++) {
            const qhm_complex a = u[r * size + c];
            v[r].re -= a.re * dot.re - a.im * dot.im;
            v[r].im -= a.re * dot.im + a.im * dot.re;
        }
    }
}

static double find_length(size_t size, const qhm_complex *v)
{
    double square = 0;
    for (size_t r = 0; r < size; r++)
        square += v[r].re * v[r].re + v[r].im * v[r].im;
    return sqrt(square);
}

// Fills column c by the unit vector that is farthest from the filled columns, made orthogonal
// twice as rounding asks for.
static void fill_column(size_t size, qhm_complex *u, bool *filled, size_t c)
{
    qhm_complex best[MOST_SIZE] = {{0, 0}};
    double longest = 0;
    for (size_t e = 0; e < size; e++) {
        qhm_complex v[MOST_SIZE] = {{0, 0}};
        v[e].re = 1;
        make_orthogonal(size, u, filled, v);
        const double length = find_length(size, v);
        if (length > longest + 1e-9) {
            longest = length;
            memcpy(best, v, sizeof best);
        }
    }
    make_orthogonal(size, u, filled, best);
    const double length = find_length(size, best);
    for (size_t r = 0; r < size; r++)
        u[r * size + c] = (qhm_complex){best[r].re / length, best[r].im / length};
    filled[c] = true;
}

// Column `a << shift` is term a; the rest is never met.
static void make_unitary(const site *here, size_t qubits, qhm_complex *u)
{
    const size_t size = (size_t)1 << qubits, half = size / 2;
    const size_t shift = qubits - qhm_bits_for(here->terms);
    bool filled[MOST_SIZE] = {false};
    memset(u, 0, size * size * sizeof *u);
    for (size_t a = 0; a < here->terms; a++) {
        for (size_t i = 0; i < 2; i++)
            for (size_t b = 0; b < here->below; b++)
                u[(i * half + b) * size + (a << shift)] = here->rows[a][i * here->below + b];
        filled[a << shift] = true;
    }
    for (size_t c = 0; c < size; c++)
        if (!filled[c])
            fill_column(size, u, filled, c);
}

// The highest qubits hold one state, which takes fewer gates than a unitary.
static qhm_status append_top(const site *top, size_t qubits, const uint32_t *map,
                             qhm_circuit *circuit)
{
    qhm_complex amplitudes[MOST_SIZE] = {{0, 0}};
    qhm_circuit *load;
    bool is_real = true;
    for (size_t i = 0; i < 2; i++)
        for (size_t b = 0; b < top->below; b++) {
            const qhm_complex v = top->rows[0][i * top->below + b];
            amplitudes[(i << (qubits - 1)) + b] = v;
            is_real = is_real && v.im == 0;
        }
    QHM_TRY(qhm_state_preparation_bind(qubits, is_real ? QHM_STATE_REAL : QHM_STATE_COMPLEX,
                                       amplitudes, &load));
    const qhm_status status = qhm_circuit_append_circuit(circuit, load, map, NULL, 0, 0);
    qhm_circuit_destroy(load);
    return status;
}

// Terms below qubit k are numbered by the qubits just under it; those of qubit k and all below
// come in on the same qubits, from k downwards.
static qhm_status append_site(const sweep *s, size_t k, qhm_circuit *circuit)
{
    const site *here = &s->sites[k];
    const size_t count = qhm_bits_for(here->below) + 1;
    uint32_t qubits[MOST_BOND];
    qhm_complex matrix[MOST_SIZE * MOST_SIZE];
    for (size_t q = 0; q < count; q++)
        qubits[q] = (uint32_t)(k + 1 - count + q);
    if (k + 1 == s->qubits)
        return append_top(here, count, qubits, circuit);
    make_unitary(here, count, matrix);
    if (count == 2)
        return qhm_append_fewest_cx(circuit, matrix, qubits);
    return qhm_circuit_append_instruction(circuit,
                                          &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                                             .qubit_count = (uint32_t)count,
                                                             .qubits = qubits,
                                                             .matrix = matrix});
}

static qhm_status begin(sweep *s, const qhm_complex *amplitudes)
{
    const size_t size = (size_t)1 << s->qubits;
    double largest = 0, square = 0;
    for (size_t i = 0; i < size; i++) {
        QHM_REQUIRE(isfinite(amplitudes[i].re) && isfinite(amplitudes[i].im),
                    "amplitude %zu is %g + %gi, not finite", i, amplitudes[i].re, amplitudes[i].im);
        largest = fmax(largest, fmax(fabs(amplitudes[i].re), fabs(amplitudes[i].im)));
    }
    QHM_REQUIRE(largest > 0, "all amplitudes are 0");
    QHM_TRY(qhm_allocate(s->qubits, sizeof *s->sites, &s->sites));
    QHM_TRY(qhm_allocate(size, sizeof *s->rest, &s->rest));
    QHM_TRY(qhm_allocate(size, sizeof *s->left, &s->left));
    for (size_t i = 0; i < size; i++) { // squares of the amplitudes could underflow
        s->rest[i] = (qhm_complex){amplitudes[i].re / largest, amplitudes[i].im / largest};
        square += s->rest[i].re * s->rest[i].re + s->rest[i].im * s->rest[i].im;
    }
    const double norm = sqrt(square);
    for (size_t i = 0; i < size; i++)
        s->rest[i] = (qhm_complex){s->rest[i].re / norm, s->rest[i].im / norm};
    s->sites[0].below = 1;
    return QHM_OK;
}

static qhm_status make_circuit(const sweep *s, qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(s->qubits, 0, &made));
    qhm_status status = QHM_OK;
    for (size_t k = s->qubits; k-- > 0 && status == QHM_OK;)
        status = append_site(s, k, made);
    if (status == QHM_OK)
        *circuit = made;
    else
        qhm_circuit_destroy(made);
    return status;
}

qhm_status qhm_matrix_product_state_create(size_t qubit_count, const qhm_complex *amplitudes,
                                           size_t bond, qhm_matrix_product_load *load,
                                           qhm_circuit **circuit)
{
    QHM_REQUIRE(amplitudes && load && circuit, "amplitudes, load or circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d",
                qubit_count, (int)MOST_QUBITS);
    QHM_REQUIRE(bond >= 1 && bond <= MOST_BOND, "bond is %zu, not 1 to %d", bond, (int)MOST_BOND);
    sweep s = {.qubits = qubit_count, .bond = bond};
    qhm_matrix_product_load made = {0, 1};
    qhm_status status = begin(&s, amplitudes);
    for (size_t k = 0; k < qubit_count && status == QHM_OK; k++)
        status = split(&s, k);
    if (status == QHM_OK) {
        finish(&s);
        status = make_circuit(&s, circuit);
    }
    for (size_t k = 0; k < qubit_count && status == QHM_OK; k++)
        made.bond = s.sites[k].terms > made.bond ? s.sites[k].terms : made.bond;
    made.fidelity = s.weight;
    if (status == QHM_OK)
        *load = made;
    qhm_factor_work_release(&s.work);
    qhm_release(s.sites);
    qhm_release(s.rest);
    qhm_release(s.left);
    return status;
}
