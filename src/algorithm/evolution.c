// Hamiltonian simulation: product formulas and qDRIFT as circuits, and the exact exponential.
#include <qhm/evolution.h>

#include "algorithm/evolution_internal.h"
#include "algorithm/pauli_rotation.h"
#include "base/memory.h"
#include "base/status_internal.h"
#include "linalg/complex_matrix.h"
#include "linalg/pauli.h"

#include <math.h>
#include <qhm/random.h>

const char *qhm_evolution_method_name(qhm_evolution_method method)
{
    static const char *const names[QHM_EVOLUTION_METHOD_COUNT] = {"trotter1", "trotter2",
                                                                  "trotter4", "qdrift"};
    return names[method];
}

static qhm_status append_angle(qhm_circuit *circuit, qhm_gate gate, uint32_t qubit, double angle)
{
    const qhm_angle constant = qhm_angle_constant(angle);
    return qhm_circuit_append(circuit, gate, &qubit, &constant);
}

// exp(-i angle P), exactly: the identity is a phase, which a control would make visible.
static qhm_status append_string(qhm_circuit *circuit, const qhm_pauli_term *term, double angle)
{
    if (term->factor_count == 0) {
        QHM_TRY(append_angle(circuit, QHM_GATE_P, 0, -2 * angle));
        return append_angle(circuit, QHM_GATE_RZ, 0, 2 * angle);
    }
    return qhm_append_pauli_rotation(circuit, term, qhm_angle_constant(2 * angle));
}

// All terms once, in order or backwards.
static qhm_status append_sweep(qhm_circuit *circuit, const qhm_observable *h, double time,
                               bool is_backward)
{
    const size_t count = qhm_observable_term_count(h);
    for (size_t i = 0; i < count; i++) {
        const qhm_pauli_term *term = qhm_observable_term(h, is_backward ? count - 1 - i : i);
        QHM_TRY(append_string(circuit, term, time * term->coefficient));
    }
    return QHM_OK;
}

static qhm_status append_symmetric(qhm_circuit *circuit, const qhm_observable *h, double time)
{
    QHM_TRY(append_sweep(circuit, h, time / 2, false));
    return append_sweep(circuit, h, time / 2, true);
}

static qhm_status append_step(qhm_circuit *circuit, const qhm_observable *h,
                              qhm_evolution_method method, double time)
{
    const double part = 1 / (4 - cbrt(4));
    if (method == QHM_EVOLUTION_TROTTER_1)
        return append_sweep(circuit, h, time, false);
    if (method == QHM_EVOLUTION_TROTTER_2)
        return append_symmetric(circuit, h, time);
    for (size_t i = 0; i < 5; i++)
        QHM_TRY(append_symmetric(circuit, h, (i == 2 ? 1 - 4 * part : part) * time));
    return QHM_OK;
}

static double weight_of(const qhm_observable *h)
{
    double sum = 0;
    for (size_t i = 0; i < qhm_observable_term_count(h); i++)
        sum += fabs(qhm_observable_term(h, i)->coefficient);
    return sum;
}

static qhm_status append_drawn(qhm_circuit *circuit, const qhm_observable *h,
                               const qhm_evolution_options *options, size_t steps)
{
    const double weight = weight_of(h), angle = weight * options->time / (double)steps;
    qhm_random random =
        qhm_random_stream(options->seed, QHM_RANDOM_FEATURES, options->stream, 0, 0);
    for (size_t s = 0; s < steps; s++) {
        double left = weight * qhm_random_uniform(&random);
        size_t drawn = 0;
        for (size_t i = 0; i < qhm_observable_term_count(h); i++) {
            const double share = fabs(qhm_observable_term(h, i)->coefficient);
            drawn = share > 0 ? i : drawn;
            if (left < share)
                break;
            left -= share;
        }
        const qhm_pauli_term *term = qhm_observable_term(h, drawn);
        QHM_TRY(append_string(circuit, term, copysign(angle, angle * term->coefficient)));
    }
    return QHM_OK;
}

static qhm_status append_all(qhm_circuit *circuit, const qhm_observable *h,
                             const qhm_evolution_options *options)
{
    const size_t steps = options->steps ? options->steps : 1;
    if (options->method == QHM_EVOLUTION_QDRIFT)
        return append_drawn(circuit, h, options, steps);
    for (size_t s = 0; s < steps; s++)
        QHM_TRY(append_step(circuit, h, options->method, options->time / (double)steps));
    return QHM_OK;
}

qhm_status qhm_evolution_check(size_t qubit_count, const qhm_observable *h, double time)
{
    QHM_REQUIRE(qhm_observable_term_count(h) > 0, "the hamiltonian has no terms");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count >= qhm_observable_qubit_count(h),
                "qubit_count is %zu, the hamiltonian's %zu", qubit_count,
                qhm_observable_qubit_count(h));
    QHM_REQUIRE(isfinite(time), "time is not finite");
    return QHM_OK;
}

qhm_status qhm_evolution_create(size_t qubit_count, const qhm_observable *hamiltonian,
                                const qhm_evolution_options *options, qhm_circuit **circuit)
{
    QHM_REQUIRE(hamiltonian && options && circuit, "hamiltonian, options or circuit is NULL");
    QHM_REQUIRE(options->method >= 0 && options->method < QHM_EVOLUTION_METHOD_COUNT,
                "method is %d, not below %d", (int)options->method, QHM_EVOLUTION_METHOD_COUNT);
    QHM_TRY(qhm_evolution_check(qubit_count, hamiltonian, options->time));
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(qubit_count, 0, &made));
    const qhm_status status = append_all(made, hamiltonian, options);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static void add_term(const qhm_pauli_term *term, size_t qubit_count, qhm_complex *matrix)
{
    qhm_pauli_masks masks = {0, 0};
    for (size_t i = 0; i < term->factor_count; i++) {
        const uint64_t bit = (uint64_t)1 << term->factors[i].qubit;
        masks.x |= term->factors[i].pauli != QHM_PAULI_Z ? bit : 0;
        masks.z |= term->factors[i].pauli != QHM_PAULI_X ? bit : 0;
    }
    qhm_pauli_add_matrix(masks, term->coefficient, (unsigned)qubit_count, matrix);
}

void qhm_evolution_add_hamiltonian(size_t qubit_count, const qhm_observable *hamiltonian,
                                   qhm_complex *matrix)
{
    for (size_t i = 0; i < qhm_observable_term_count(hamiltonian); i++)
        add_term(qhm_observable_term(hamiltonian, i), qubit_count, matrix);
}

qhm_status qhm_evolution_matrix(size_t qubit_count, const qhm_observable *hamiltonian, double time,
                                qhm_complex *matrix)
{
    QHM_REQUIRE(hamiltonian && matrix, "hamiltonian or matrix is NULL");
    QHM_REQUIRE(qubit_count <= 10, "qubit_count is %zu, not 1 to 10", qubit_count);
    QHM_TRY(qhm_evolution_check(qubit_count, hamiltonian, time));
    const size_t size = (size_t)1 << qubit_count;
    qhm_complex *h;
    QHM_TRY(qhm_allocate(size * size, sizeof *h, &h));
    qhm_evolution_add_hamiltonian(qubit_count, hamiltonian, h);
    const qhm_status status = qhm_hermitian_evolution(size, h, time, matrix);
    qhm_release(h);
    return status;
}
