// Block encodings of Pauli sums, and polynomials of them.
#include <qhm/block_encoding.h>

#include "algorithm/append_at.h"
#include "base/bits.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <qhm/state_preparation.h>

enum { MOST_TERMS = 256, MOST_ANCILLAS = 16 };

static qhm_status append(qhm_circuit *circuit, qhm_gate gate, size_t qubit)
{
    return qhm_circuit_append(circuit, gate, (uint32_t[]){(uint32_t)qubit}, NULL);
}

// The string with its sign: Z X Z X is -1, which a control makes a phase.
static qhm_status create_string(size_t n, const qhm_pauli_term *term, qhm_circuit **string)
{
    static const qhm_gate gates[] = {QHM_GATE_BARRIER, QHM_GATE_X, QHM_GATE_Y, QHM_GATE_Z};
    qhm_status status = qhm_circuit_create(n, 0, string);
    if (status != QHM_OK)
        return status;
    for (size_t f = 0; f < term->factor_count && status == QHM_OK; f++)
        status = append(*string, gates[term->factors[f].pauli], term->factors[f].qubit);
    for (size_t i = 0; i < 4 && term->coefficient < 0 && status == QHM_OK; i++)
        status = append(*string, i % 2 ? QHM_GATE_X : QHM_GATE_Z, 0);
    if (status != QHM_OK)
        qhm_circuit_destroy(*string);
    return status;
}

static qhm_status flip_zeros(qhm_circuit *circuit, size_t first, size_t count, size_t number)
{
    for (size_t q = 0; q < count; q++)
        if (!(number >> q & 1))
            QHM_TRY(append(circuit, QHM_GATE_X, first + q));
    return QHM_OK;
}

// The string where the ancillas show its number.
static qhm_status append_selected(qhm_circuit *circuit, size_t n, size_t ancillas, size_t number,
                                  const qhm_pauli_term *term)
{
    qhm_circuit *string, *controlled = NULL;
    QHM_TRY(create_string(n, term, &string));
    qhm_status status = flip_zeros(circuit, n, ancillas, number);
    if (status == QHM_OK)
        status = qhm_circuit_control(string, ancillas, &controlled);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(circuit, controlled, NULL, NULL, 0, 0);
    if (status == QHM_OK)
        status = flip_zeros(circuit, n, ancillas, number);
    qhm_circuit_destroy(controlled);
    qhm_circuit_destroy(string);
    return status;
}

static qhm_status append_encoding(qhm_circuit *circuit, size_t n, size_t ancillas,
                                  const qhm_observable *sum)
{
    qhm_complex roots[MOST_TERMS] = {{0, 0}};
    qhm_circuit *load, *unload = NULL;
    const size_t count = qhm_observable_term_count(sum);
    for (size_t i = 0; i < count; i++)
        roots[i].re = sqrt(fabs(qhm_observable_term(sum, i)->coefficient));
    QHM_TRY(qhm_state_preparation_bind(ancillas, QHM_STATE_REAL, roots, &load));
    qhm_status status = qhm_append_at(circuit, load, n);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = append_selected(circuit, n, ancillas, i, qhm_observable_term(sum, i));
    if (status == QHM_OK)
        status = qhm_circuit_invert(load, &unload);
    if (status == QHM_OK)
        status = qhm_append_at(circuit, unload, n);
    qhm_circuit_destroy(load);
    qhm_circuit_destroy(unload);
    return status;
}

qhm_status qhm_block_encoding_create(size_t qubit_count, const qhm_observable *sum, double *norm,
                                     qhm_circuit **circuit)
{
    QHM_REQUIRE(sum && norm && circuit, "sum, norm or circuit is NULL");
    const size_t count = qhm_observable_term_count(sum);
    QHM_REQUIRE(count >= 1 && count <= MOST_TERMS, "the sum has %zu terms, not 1 to %d", count,
                (int)MOST_TERMS);
    QHM_REQUIRE(qubit_count >= 1 && qubit_count >= qhm_observable_qubit_count(sum),
                "qubit_count is %zu, the sum's %zu", qubit_count, qhm_observable_qubit_count(sum));
    double total = 0;
    const size_t ancillas = count > 1 ? qhm_bits_for(count) : 1;
    for (size_t i = 0; i < count; i++)
        total += fabs(qhm_observable_term(sum, i)->coefficient);
    QHM_REQUIRE(total > 0, "all coefficients of the sum are 0");
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(qubit_count + ancillas, 0, &made));
    const qhm_status status = append_encoding(made, qubit_count, ancillas, sum);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *norm = total;
    *circuit = made;
    return QHM_OK;
}

// e^{i angle Z (2 |0><0| - 1)} on the last qubit and the ancillas' |0>.
static qhm_status append_reflection(qhm_circuit *circuit, size_t n, size_t ancillas, double angle)
{
    uint32_t qubits[MOST_ANCILLAS + 1];
    const qhm_angle constant = qhm_angle_constant(2 * angle);
    const uint32_t last = (uint32_t)(n + ancillas);
    for (size_t q = 0; q <= ancillas; q++)
        qubits[q] = (uint32_t)(n + q);
    const qhm_instruction flip = {.gate = QHM_GATE_X,
                                  .control_count = (uint32_t)ancillas,
                                  .qubit_count = (uint32_t)ancillas + 1,
                                  .qubits = qubits};
    QHM_TRY(flip_zeros(circuit, n, ancillas, 0));
    QHM_TRY(qhm_circuit_append_instruction(circuit, &flip));
    QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_RZ, &last, &constant));
    QHM_TRY(qhm_circuit_append_instruction(circuit, &flip));
    return flip_zeros(circuit, n, ancillas, 0);
}

// W = i e^{-i pi/4 Z} R e^{-i pi/4 Z}, where R is the encoding: the powers of i join the last.
static qhm_status append_transform(qhm_circuit *circuit, const qhm_circuit *encoding, size_t n,
                                   size_t degree, const double *phases)
{
    const size_t ancillas = qhm_circuit_qubit_count(encoding) - n;
    QHM_TRY(append(circuit, QHM_GATE_H, n + ancillas));
    for (size_t j = degree + 1; j-- > 0;) {
        const bool is_end = j == 0 || j == degree;
        const double rest = j == degree ? (double)degree * M_PI / 2 : 0;
        QHM_TRY(append_reflection(circuit, n, ancillas,
                                  phases[j] - (is_end ? M_PI / 4 : M_PI / 2) + rest));
        if (j > 0)
            QHM_TRY(qhm_circuit_append_circuit(circuit, encoding, NULL, NULL, 0, 0));
    }
    return append(circuit, QHM_GATE_H, n + ancillas);
}

qhm_status qhm_singular_transform_create(const qhm_circuit *encoding, size_t qubit_count,
                                         size_t degree, const double *phases, qhm_circuit **circuit)
{
    QHM_REQUIRE(encoding && phases && circuit, "encoding, phases or circuit is NULL");
    const size_t width = qhm_circuit_qubit_count(encoding);
    QHM_REQUIRE(degree >= 1, "degree is 0");
    QHM_REQUIRE(qubit_count < width && width - qubit_count <= MOST_ANCILLAS,
                "qubit_count is %zu of an encoding of %zu qubits", qubit_count, width);
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(width + 1, 0, &made));
    const qhm_status status = append_transform(made, encoding, qubit_count, degree, phases);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
