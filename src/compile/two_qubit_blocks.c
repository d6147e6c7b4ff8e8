// Cartan decomposition makes the circuits; matrices are multiplied entry by entry.
#include "compile/two_qubit_blocks.h"

#include "base/status_internal.h"
#include "linalg/complex_matrix.h"
#include "linalg/weyl.h"

#include <math.h>
#include <string.h>

static const double negligible = 1e-12; // radians

static qhm_status append_local(qhm_circuit *made, const qhm_complex *matrix, uint32_t qubit,
                               qhm_condition condition)
{
    double values[3];
    (void)qhm_euler_angles(matrix, values);
    if (fabs(values[0]) < negligible &&
        fabs(remainder(values[1] + values[2], 2 * M_PI)) < negligible)
        return QHM_OK;
    qhm_angle angles[3];
    for (int i = 0; i < 3; i++)
        angles[i] = qhm_angle_constant(values[i]);
    const qhm_instruction instruction = {
        .gate = QHM_GATE_U, .qubits = &qubit, .angles = angles, .condition = condition};
    return qhm_circuit_append_instruction(made, &instruction);
}

qhm_status qhm_append_two_qubit(qhm_circuit *made, const qhm_instruction *instruction)
{
    qhm_weyl weyl;
    qhm_two_qubit_circuit circuit;
    const uint32_t qubits[2] = {instruction->qubits[0], instruction->qubits[1]};
    QHM_TRY(qhm_weyl_find(instruction->matrix, &weyl));
    qhm_weyl_synthesise(&weyl, &circuit);
    for (unsigned layer = 0; layer <= circuit.count; layer++) {
        if (layer > 0) {
            const unsigned control = circuit.controls[layer - 1];
            const qhm_instruction cx = {.gate = QHM_GATE_CX,
                                        .qubits =
                                            (uint32_t[]){qubits[control], qubits[1 - control]},
                                        .condition = instruction->condition};
            QHM_TRY(qhm_circuit_append_instruction(made, &cx));
        }
        for (unsigned q = 0; q < 2; q++)
            QHM_TRY(
                append_local(made, circuit.layers[layer][q], qubits[q], instruction->condition));
    }
    return QHM_OK;
}

void qhm_block_apply_one(qhm_complex *matrix, const qhm_complex *gate, unsigned qubit)
{
    const unsigned bit = 1U << qubit, other = 3 - bit;
    for (unsigned base = 0; base <= other; base += other) {
        qhm_complex *zero = matrix + (size_t)base * 4, *one = matrix + (size_t)(base | bit) * 4;
        for (int column = 0; column < 4; column++) {
            const qhm_complex a = zero[column], b = one[column];
            zero[column].re =
                gate[0].re * a.re - gate[0].im * a.im + gate[1].re * b.re - gate[1].im * b.im;
            zero[column].im =
                gate[0].re * a.im + gate[0].im * a.re + gate[1].re * b.im + gate[1].im * b.re;
            one[column].re =
                gate[2].re * a.re - gate[2].im * a.im + gate[3].re * b.re - gate[3].im * b.im;
            one[column].im =
                gate[2].re * a.im + gate[2].im * a.re + gate[3].re * b.im + gate[3].im * b.re;
        }
    }
}

void qhm_block_apply_two(qhm_complex *matrix, const qhm_complex *gate, bool is_reversed)
{
    static const int swapped[4] = {0, 2, 1, 3};
    qhm_complex turned[16], product[16];
    for (int row = 0; row < 4; row++)
        for (int column = 0; column < 4; column++)
            turned[row * 4 + column] =
                is_reversed ? gate[swapped[row] * 4 + swapped[column]] : gate[row * 4 + column];
    qhm_complex_product(4, turned, matrix, product);
    memcpy(matrix, product, sizeof product);
}

qhm_status qhm_cx_costs_find(qhm_cx_costs *costs)
{
    qhm_cx_costs found = {0};
    qhm_gate gates[QHM_GATE_COUNT];
    size_t count = 0;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++)
        if (qhm_gate_information((qhm_gate)gate)->is_unitary &&
            qhm_gate_information((qhm_gate)gate)->target_count +
                    qhm_gate_information((qhm_gate)gate)->control_count ==
                1)
            gates[count++] = (qhm_gate)gate;
    gates[count++] = QHM_GATE_CX;
    const qhm_expand_options options = {.gates = gates, .gate_count = count};
    const qhm_angle angles[QHM_GATE_MAX_ANGLES] = {
        {.offset = 0.4}, {.offset = 0.3}, {.offset = 0.2}};
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
        if (!info->is_unitary || info->target_count + info->control_count != 2)
            continue;
        qhm_circuit *one, *expanded = NULL;
        qhm_circuit_counts counts;
        QHM_TRY(qhm_circuit_create(2, 0, &one));
        qhm_status status = qhm_circuit_append(one, (qhm_gate)gate, (uint32_t[]){0, 1}, angles);
        if (status == QHM_OK)
            status = qhm_circuit_expand(one, &options, &expanded);
        if (status == QHM_OK)
            status = qhm_circuit_count(expanded, &counts);
        qhm_circuit_destroy(one);
        qhm_circuit_destroy(expanded);
        QHM_TRY(status);
        found.of[gate] = (unsigned)counts.by_gate[QHM_GATE_CX];
    }
    *costs = found;
    return QHM_OK;
}

qhm_status qhm_cx_cost(const qhm_cx_costs *costs, const qhm_instruction *instruction,
                       unsigned *cost)
{
    *cost = costs->of[instruction->gate];
    if (instruction->gate != QHM_GATE_UNITARY)
        return QHM_OK;
    qhm_weyl weyl;
    QHM_TRY(qhm_weyl_find(instruction->matrix, &weyl));
    *cost = qhm_weyl_cx_count(weyl.coordinates);
    return QHM_OK;
}
