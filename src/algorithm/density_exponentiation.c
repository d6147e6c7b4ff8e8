// Density-matrix exponentiation, and phase estimation of a state by copies of itself.
#include <qhm/density_exponentiation.h>

#include "algorithm/append_at.h"
#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/complex_matrix.h"

#include <math.h>

static qhm_status append(qhm_circuit *circuit, qhm_gate gate, size_t a, size_t b, size_t c)
{
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)a, (uint32_t)b, (uint32_t)c},
                              NULL);
}

static qhm_status append_angle(qhm_circuit *circuit, qhm_gate gate, size_t a, size_t b,
                               double angle)
{
    const qhm_angle constant = qhm_angle_constant(angle);
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)a, (uint32_t)b}, &constant);
}

// The registers of a swap; `control` is the clock's qubit, or NONE.
typedef struct swap_place {
    size_t n, system, copy, ancilla, control;
} swap_place;

static const size_t NONE = SIZE_MAX;

// The ancilla gets the eigenvalue of the swap, or loses it.
static qhm_status append_eigenvalue(qhm_circuit *circuit, const swap_place *p)
{
    QHM_TRY(append(circuit, QHM_GATE_H, p->ancilla, 0, 0));
    for (size_t q = 0; q < p->n; q++)
        QHM_TRY(append(circuit, QHM_GATE_CSWAP, p->ancilla, p->system + q, p->copy + q));
    return append(circuit, QHM_GATE_H, p->ancilla, 0, 0);
}

static qhm_status append_swap(qhm_circuit *circuit, const swap_place *p, double angle)
{
    QHM_TRY(append_eigenvalue(circuit, p));
    QHM_TRY(p->control == NONE
                ? append_angle(circuit, QHM_GATE_RZ, p->ancilla, 0, 2 * angle)
                : append_angle(circuit, QHM_GATE_CRZ, p->control, p->ancilla, 2 * angle));
    return append_eigenvalue(circuit, p);
}

qhm_status qhm_swap_exponential_create(size_t qubit_count, double angle, qhm_circuit **circuit)
{
    QHM_REQUIRE(circuit, "circuit is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= 1000, "qubit_count is %zu, not 1 to 1000",
                qubit_count);
    const swap_place place = {qubit_count, 0, qubit_count, 2 * qubit_count, NONE};
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(2 * qubit_count + 1, 0, &made));
    const qhm_status status = append_swap(made, &place, angle);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static qhm_complex trace(size_t size, const qhm_complex *x)
{
    qhm_complex sum = {0, 0};
    for (size_t i = 0; i < size; i++) {
        sum.re += x[i * size + i].re;
        sum.im += x[i * size + i].im;
    }
    return sum;
}

// One swap with a copy of rho on a block x of clock and system, as its two sides are under the
// control (left) and not. work [2][size][size].
static void swap_block(size_t size, const qhm_complex *rho, double angle, bool left, bool right,
                       qhm_complex *x, qhm_complex *work)
{
    const double c = cos(angle), s = sin(angle);
    const double keep = (left ? c : 1) * (right ? c : 1), both = left && right ? s * s : 0;
    const double a = left ? s * (right ? c : 1) : 0, b = right ? s * (left ? c : 1) : 0;
    qhm_complex *before = work, *after = work + size * size;
    const qhm_complex t = trace(size, x);
    qhm_complex_product(size, rho, x, before);
    qhm_complex_product(size, x, rho, after);
    for (size_t i = 0; i < size * size; i++) {
        const qhm_complex r = rho[i], l = before[i], m = after[i];
        x[i] = (qhm_complex){
            keep * x[i].re + both * (r.re * t.re - r.im * t.im) + a * l.im - b * m.im,
            keep * x[i].im + both * (r.re * t.im + r.im * t.re) - a * l.re + b * m.re};
    }
}

qhm_status qhm_density_exponentiate(size_t size, const qhm_complex *rho, double time, size_t copies,
                                    qhm_complex *sigma)
{
    qhm_complex *work;
    QHM_REQUIRE(rho && sigma, "rho or sigma is NULL");
    QHM_REQUIRE(size > 0 && copies > 0, "size is %zu, copies %zu: not above 0", size, copies);
    QHM_REQUIRE(isfinite(time), "time is not finite");
    QHM_TRY(qhm_allocate(2 * size * size, sizeof *work, &work));
    for (size_t i = 0; i < copies; i++)
        swap_block(size, rho, time / (double)copies, true, true, sigma, work);
    qhm_release(work);
    return QHM_OK;
}

static qhm_status require_options(const qhm_quantum_components_options *options)
{
    QHM_REQUIRE(options->clock_qubits >= 1 && options->clock_qubits <= 6,
                "clock_qubits is %zu, not 1 to 6", options->clock_qubits);
    QHM_REQUIRE(options->copies >= 1, "copies is 0");
    QHM_REQUIRE(options->time > 0 && isfinite(options->time), "time is %g, not above 0",
                options->time);
    return QHM_OK;
}

// The trace of one block of clock values, after every swap.
static qhm_complex run_block(size_t size, const qhm_complex *rho,
                             const qhm_quantum_components_options *options, size_t a, size_t b,
                             qhm_complex *work)
{
    qhm_complex *x = work + 2 * size * size;
    for (size_t i = 0; i < size * size; i++)
        x[i] = rho[i];
    for (size_t j = 0; j < options->clock_qubits; j++)
        for (size_t i = 0; i < options->copies << j; i++)
            swap_block(size, rho, options->time / (double)options->copies, a >> j & 1, b >> j & 1,
                       x, work);
    return trace(size, x);
}

qhm_status qhm_quantum_components(size_t size, const qhm_complex *rho,
                                  const qhm_quantum_components_options *options,
                                  double *probabilities)
{
    QHM_REQUIRE(rho && options && probabilities, "rho, options or probabilities is NULL");
    QHM_REQUIRE(size > 0, "size is 0");
    QHM_TRY(require_options(options));
    const size_t count = (size_t)1 << options->clock_qubits;
    qhm_complex *work;
    QHM_TRY(qhm_allocate(3 * size * size, sizeof *work, &work));
    for (size_t k = 0; k < count; k++)
        probabilities[k] = 0;
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++) {
            const qhm_complex t = run_block(size, rho, options, a, b, work);
            for (size_t k = 0; k < count; k++) {
                const double phase = 2 * M_PI * (double)(k * a % count) / (double)count -
                                     2 * M_PI * (double)(k * b % count) / (double)count;
                probabilities[k] +=
                    (cos(phase) * t.re - sin(phase) * t.im) / (double)(count * count);
            }
        }
    qhm_release(work);
    return QHM_OK;
}

static qhm_status append_fresh_copy(qhm_circuit *circuit, const qhm_circuit *load, size_t first,
                                    bool is_reset)
{
    for (size_t q = 0; q < qhm_circuit_qubit_count(load) && is_reset; q++)
        QHM_TRY(append(circuit, QHM_GATE_RESET, first + q, 0, 0));
    return qhm_append_at(circuit, load, first);
}

static qhm_status append_components(qhm_circuit *circuit, const qhm_circuit *load, size_t n,
                                    const qhm_quantum_components_options *options)
{
    const size_t width = qhm_circuit_qubit_count(load), clock = options->clock_qubits;
    QHM_TRY(append_fresh_copy(circuit, load, 0, false));
    for (size_t j = 0; j < clock; j++)
        QHM_TRY(append(circuit, QHM_GATE_H, width + j, 0, 0));
    bool is_used = false;
    for (size_t j = 0; j < clock; j++)
        for (size_t i = 0; i < options->copies << j; i++) {
            const swap_place place = {n, 0, width + clock + 1, width + clock, width + j};
            QHM_TRY(append_fresh_copy(circuit, load, place.copy, is_used));
            QHM_TRY(append_swap(circuit, &place, options->time / (double)options->copies));
            is_used = true;
        }
    // Its phases e^{-2 pi i k y / 2^c} become k.
    QHM_TRY(qhm_append_fourier_at(circuit, width, clock, false));
    for (size_t j = 0; j < clock; j++)
        QHM_TRY(qhm_circuit_append_measure(circuit, (uint32_t)(width + j), (uint32_t)j));
    return QHM_OK;
}

qhm_status qhm_quantum_components_create(const qhm_circuit *load, size_t qubit_count,
                                         const qhm_quantum_components_options *options,
                                         qhm_circuit **circuit)
{
    QHM_REQUIRE(load && options && circuit, "load, options or circuit is NULL");
    const size_t width = qhm_circuit_qubit_count(load);
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= width, "qubit_count is %zu, not 1 to %zu",
                qubit_count, width);
    QHM_TRY(require_options(options));
    qhm_circuit *made;
    QHM_TRY(
        qhm_circuit_create(2 * width + options->clock_qubits + 1, options->clock_qubits, &made));
    const qhm_status status = append_components(made, load, qubit_count, options);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
