// Two-qubit unitaries as circuits of the fewest CX, by their Cartan decomposition.
#include "algorithm/fewest_cx.h"

#include "linalg/weyl.h"

#include <math.h>

static qhm_complex multiply(qhm_complex a, qhm_complex b)
{
    return (qhm_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static void apply(const qhm_complex *matrix, unsigned qubit, qhm_complex v[4])
{
    const unsigned bit = 1U << qubit;
    for (unsigned i = 0; i < 4; i++) {
        if (i & bit)
            continue;
        const qhm_complex a = v[i], b = v[i | bit];
        for (unsigned row = 0; row < 2; row++) {
            const qhm_complex p = multiply(matrix[2 * row], a),
                              q = multiply(matrix[2 * row + 1], b);
            v[i | (row ? bit : 0)] = (qhm_complex){p.re + q.re, p.im + q.im};
        }
    }
}

// The circuit leaves out u's phase: it is that of u's first column over what the circuit makes.
static qhm_complex find_phase(const qhm_two_qubit_circuit *made, const qhm_complex *u)
{
    qhm_complex v[4] = {{1, 0}}, dot = {0, 0};
    for (unsigned layer = 0; layer <= made->count; layer++) {
        if (layer > 0) {
            const unsigned control = made->controls[layer - 1], bit = 1U << control;
            const qhm_complex kept = v[bit];
            v[bit] = v[3];
            v[3] = kept;
        }
        for (unsigned q = 0; q < 2; q++)
            apply(made->layers[layer][q], q, v);
    }
    for (unsigned i = 0; i < 4; i++) {
        const qhm_complex part = multiply((qhm_complex){v[i].re, -v[i].im}, u[4 * (size_t)i]);
        dot.re += part.re;
        dot.im += part.im;
    }
    const double size = hypot(dot.re, dot.im);
    return (qhm_complex){dot.re / size, dot.im / size};
}

static qhm_status append_one(qhm_circuit *circuit, qhm_complex *matrix, uint32_t qubit)
{
    return qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                                                      .qubit_count = 1,
                                                                      .qubits = &qubit,
                                                                      .matrix = matrix});
}

qhm_status qhm_append_fewest_cx(qhm_circuit *circuit, const qhm_complex *u,
                                const uint32_t qubits[2])
{
    qhm_weyl weyl;
    qhm_two_qubit_circuit made;
    QHM_TRY(qhm_weyl_find(u, &weyl));
    qhm_weyl_synthesise(&weyl, &made);
    const qhm_complex phase = find_phase(&made, u);
    for (unsigned i = 0; i < 4; i++)
        made.layers[0][0][i] = multiply(phase, made.layers[0][0][i]);
    for (unsigned layer = 0; layer <= made.count; layer++) {
        if (layer > 0) {
            const unsigned control = made.controls[layer - 1];
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_CX,
                                       (uint32_t[]){qubits[control], qubits[1 - control]}, NULL));
        }
        for (unsigned q = 0; q < 2; q++)
            QHM_TRY(append_one(circuit, made.layers[layer][q], qubits[q]));
    }
    return QHM_OK;
}
