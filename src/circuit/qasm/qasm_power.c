// One gate of the table under controls, inverses and powers, with exact phases.
//
// Controls commute with inverses and powers, so they are kept apart. Inverses and powers are
// exponents, applied from the innermost outwards. A root is the principal one: eigenvalues e^{i a}
// with -pi < a <= pi become e^{i a r}.
#include "circuit/qasm/qasm_internal.h"

#include <assert.h>
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-14

static qhm_status flip_negative(qasm_reader *reader, const qasm_surroundings *around)
{
    for (size_t i = 0; i < around->control_count; i++)
        if (around->is_negative[i])
            QHM_TRY(qhm_qasm_emit(
                reader, (qhm_instruction){.gate = QHM_GATE_X, .qubits = &around->controls[i]}));
    return QHM_OK;
}

// One instruction under the controls. qubits: the gate's own.
static qhm_status emit_controlled(qasm_reader *reader, qhm_instruction instruction,
                                  const uint32_t *qubits, size_t count,
                                  const qasm_surroundings *around)
{
    if (around->control_count == 0) {
        instruction.qubits = qubits;
        instruction.qubit_count = (uint32_t)count;
        return qhm_qasm_emit(reader, instruction);
    }
    uint32_t *all;
    QHM_TRY(
        qhm_qasm_arena_take(&reader->scratch, count + around->control_count, sizeof *all, &all));
    memcpy(all, around->controls, around->control_count * sizeof *all);
    memcpy(all + around->control_count, qubits, count * sizeof *all);
    instruction.control_count = (uint32_t)around->control_count;
    instruction.qubit_count = (uint32_t)(count + around->control_count);
    instruction.qubits = all;
    QHM_TRY(flip_negative(reader, around));
    QHM_TRY(qhm_qasm_emit(reader, instruction));
    return flip_negative(reader, around);
}

static qhm_angle angle_of(const qasm_value *value, size_t term)
{
    if (value->form != QASM_SYMBOLIC)
        return qhm_angle_constant(qhm_qasm_number(value));
    qhm_angle angle = qhm_angle_constant(term == 0 ? value->sum->offset : 0);
    if (term < value->sum->count) {
        double offset = angle.offset;
        angle = value->sum->terms[term];
        angle.offset = offset;
    }
    return angle;
}

static size_t term_count(const qasm_value *value)
{
    return value->form == QASM_SYMBOLIC && value->sum->count > 1 ? value->sum->count : 1;
}

// A row of the gate table. A sum over several slots becomes several rotations in a row; u is
// taken apart for it: u(a, b, c) is p(c), then ry(a), then p(b).
static qhm_status emit_row(qasm_reader *reader, qhm_gate gate, const qasm_value *values,
                           const uint32_t *qubits, const qasm_surroundings *around)
{
    const qhm_gate_info *row = qhm_gate_information(gate);
    size_t count = row->control_count + row->target_count;
    if (gate == QHM_GATE_U) {
        bool is_plain = true;
        for (int i = 0; i < 3; i++)
            is_plain = is_plain && term_count(&values[i]) == 1;
        if (!is_plain) {
            QHM_TRY(emit_row(reader, QHM_GATE_P, &values[2], qubits, around));
            QHM_TRY(emit_row(reader, QHM_GATE_RY, &values[0], qubits, around));
            return emit_row(reader, QHM_GATE_P, &values[1], qubits, around);
        }
        qhm_angle angles[3];
        for (int i = 0; i < 3; i++)
            angles[i] = angle_of(&values[i], 0);
        return emit_controlled(reader, (qhm_instruction){.gate = gate, .angles = angles}, qubits,
                               count, around);
    }
    assert(row->angle_count <= 1);
    size_t terms = row->angle_count > 0 ? term_count(&values[0]) : 1;
    for (size_t i = 0; i < terms; i++) {
        qhm_angle angle;
        if (row->angle_count > 0)
            angle = angle_of(&values[0], i);
        qhm_instruction instruction = {.gate = gate,
                                       .angles = row->angle_count > 0 ? &angle : NULL};
        QHM_TRY(emit_controlled(reader, instruction, qubits, count, around));
    }
    return QHM_OK;
}

qhm_status qhm_qasm_emit_matrix(qasm_reader *reader, const qhm_complex *matrix,
                                const uint32_t *targets, size_t target_count,
                                const qasm_surroundings *around)
{
    return emit_controlled(reader, (qhm_instruction){.gate = QHM_GATE_UNITARY, .matrix = matrix},
                           targets, target_count, around);
}

static bool is_whole_number(double exponent)
{
    return exponent == nearbyint(exponent);
}

// The product of the exponents if all are whole.
bool qhm_qasm_whole_product(const qasm_surroundings *around, double *product)
{
    *product = 1;
    for (size_t i = 0; i < around->exponent_count; i++) {
        if (!is_whole_number(around->exponents[i]))
            return false;
        *product *= around->exponents[i];
    }
    return fabs(*product) <= 9007199254740992.0;
}

// An angle whose gate has the given period, times all exponents; before a root it is brought into
// (-period/2, period/2]. Angles with slots are taken to be there already.
static qhm_status scale_angle(qasm_reader *reader, const qasm_surroundings *around, double period,
                              qasm_value *value)
{
    for (size_t i = 0; i < around->exponent_count; i++) {
        double exponent = around->exponents[i];
        if (value->form == QASM_SYMBOLIC) {
            QHM_TRY(qhm_qasm_sum_scale(reader, value, exponent, value));
            continue;
        }
        double angle = qhm_qasm_number(value);
        if (!is_whole_number(exponent)) {
            angle = remainder(angle, period);
            if (angle <= -period / 2)
                angle += period;
        }
        *value = qhm_qasm_real(angle * exponent);
    }
    return QHM_OK;
}

// The controls that a row of the table has of its own join those around.
static qhm_status with_own_controls(qasm_reader *reader, const qasm_surroundings *around,
                                    const uint32_t *qubits, size_t own, qasm_surroundings *all)
{
    *all = *around;
    if (own == 0)
        return QHM_OK;
    size_t count = around->control_count + own;
    uint32_t *controls;
    bool *is_negative;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *controls, &controls));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *is_negative, &is_negative));
    for (size_t i = 0; i < count; i++) {
        bool is_outer = i < around->control_count;
        controls[i] = is_outer ? around->controls[i] : qubits[i - around->control_count];
        is_negative[i] = is_outer && around->is_negative[i];
    }
    all->controls = controls;
    all->is_negative = is_negative;
    all->control_count = count;
    return QHM_OK;
}

static qhm_complex to_complex(double complex value)
{
    return (qhm_complex){creal(value), cimag(value)};
}

// (1 + e^{i phase})/2 + (1 - e^{i phase})/2 G, for G that undoes itself.
static qhm_status emit_reflection(qasm_reader *reader, qhm_gate gate, double phase,
                                  const uint32_t *targets, size_t target_count,
                                  const qasm_surroundings *around)
{
    qhm_complex matrix[16];
    size_t dimension = (size_t)1 << target_count;
    qhm_gate_matrix(gate, NULL, matrix);
    double complex turn = cexp(I * phase);
    for (size_t i = 0; i < dimension * dimension; i++) {
        double complex entry = (1 - turn) / 2 * (matrix[i].re + I * matrix[i].im);
        if (i % (dimension + 1) == 0)
            entry += (1 + turn) / 2;
        matrix[i] = to_complex(entry);
    }
    return qhm_qasm_emit_matrix(reader, matrix, targets, target_count, around);
}

// A gate without angles is a phase on one of its eigenspaces: the generator and that phase.
static bool find_phase(qhm_gate gate, qhm_gate *generator, double *phase)
{
    static const struct {
        qhm_gate gate, generator;
        double phase;
    } rows[] = {
        {QHM_GATE_X, QHM_GATE_X, M_PI},         {QHM_GATE_SX, QHM_GATE_X, M_PI / 2},
        {QHM_GATE_SXDG, QHM_GATE_X, -M_PI / 2}, {QHM_GATE_Z, QHM_GATE_Z, M_PI},
        {QHM_GATE_S, QHM_GATE_Z, M_PI / 2},     {QHM_GATE_SDG, QHM_GATE_Z, -M_PI / 2},
        {QHM_GATE_T, QHM_GATE_Z, M_PI / 4},     {QHM_GATE_TDG, QHM_GATE_Z, -M_PI / 4},
        {QHM_GATE_Y, QHM_GATE_Y, M_PI},         {QHM_GATE_H, QHM_GATE_H, M_PI},
        {QHM_GATE_SWAP, QHM_GATE_SWAP, M_PI},   {QHM_GATE_ECR, QHM_GATE_ECR, M_PI},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].gate == gate) {
            *generator = rows[i].generator;
            *phase = rows[i].phase;
            return true;
        }
    return false;
}

// The row with this generator and phase; false if the table has none.
static bool find_row(qhm_gate generator, double phase, qhm_gate *gate)
{
    for (int i = 0; i < QHM_GATE_COUNT; i++) {
        qhm_gate other;
        double other_phase;
        if (find_phase((qhm_gate)i, &other, &other_phase) && other == generator &&
            fabs(other_phase - phase) < TOLERANCE) {
            *gate = (qhm_gate)i;
            return true;
        }
    }
    return false;
}

// A power of a gate without angles.
static qhm_status apply_phase_power(qasm_reader *reader, qhm_gate row, qhm_gate generator,
                                    double phase, const uint32_t *qubits,
                                    const qasm_surroundings *around)
{
    qasm_value value = qhm_qasm_real(phase);
    const qhm_gate_info *info = qhm_gate_information(row);
    QHM_TRY(scale_angle(reader, around, 2 * M_PI, &value));
    double power = remainder(value.real, 2 * M_PI);
    if (power <= -M_PI + TOLERANCE)
        power = M_PI;
    if (fabs(power) < TOLERANCE)
        return QHM_OK;
    qasm_surroundings all;
    QHM_TRY(with_own_controls(reader, around, qubits, info->control_count, &all));
    const uint32_t *targets = qubits + info->control_count;
    qhm_gate named, base = qhm_gate_table_row(row)->base;
    if (find_row(generator, power, &named)) {
        if (named == base) // with its own controls, as it was
            return emit_row(reader, row, &value, qubits, around);
        return emit_row(reader, named, &value, targets, &all);
    }
    value = qhm_qasm_real(power);
    if (generator == QHM_GATE_Z)
        return emit_row(reader, QHM_GATE_P, &value, targets, &all);
    return emit_reflection(reader, generator, power, targets, info->target_count, &all);
}

// A power of iswap is a turn in its plane: rxx and ryy by the same angle.
static qhm_status apply_iswap_power(qasm_reader *reader, qhm_gate row, const uint32_t *qubits,
                                    const qasm_surroundings *around)
{
    qasm_value value = qhm_qasm_real(row == QHM_GATE_ISWAP ? -M_PI / 2 : M_PI / 2);
    QHM_TRY(scale_angle(reader, around, 2 * M_PI, &value));
    QHM_TRY(emit_row(reader, QHM_GATE_RXX, &value, qubits, around));
    return emit_row(reader, QHM_GATE_RYY, &value, qubits, around);
}

// A power of a 2 by 2 unitary, by its eigenvalues' principal angles.
static void matrix_power(double complex matrix[4], double exponent)
{
    double complex trace = matrix[0] + matrix[3];
    double complex determinant = matrix[0] * matrix[3] - matrix[1] * matrix[2];
    double complex root = csqrt(trace * trace / 4 - determinant);
    double complex first = trace / 2 + root, second = trace / 2 - root;
    double first_angle = carg(first), second_angle = carg(second);
    if (first_angle <= -M_PI + TOLERANCE)
        first_angle = M_PI;
    if (second_angle <= -M_PI + TOLERANCE)
        second_angle = M_PI;
    double complex first_power = cexp(I * first_angle * exponent);
    double complex second_power = cexp(I * second_angle * exponent);
    if (cabs(first - second) < 1e-12) { // a multiple of the identity
        matrix[0] = matrix[3] = first_power;
        matrix[1] = matrix[2] = 0;
        return;
    }
    for (int i = 0; i < 4; i++) {
        double complex one = i == 0 || i == 3 ? 1 : 0;
        double complex projector = (matrix[i] - second * one) / (first - second);
        matrix[i] = first_power * projector + second_power * (one - projector);
    }
}

static qhm_status apply_matrix_power(qasm_reader *reader, const qasm_gate *gate,
                                     const qasm_value *values, const uint32_t *qubits,
                                     const qasm_surroundings *around)
{
    double angles[3];
    for (int i = 0; i < 3; i++) {
        if (values[i].form == QASM_SYMBOLIC)
            return qhm_qasm_fail(reader, reader->call,
                                 "give the input a value, as with --param NAME=VALUE",
                                 "a root of %s needs angles that are known", gate->name);
        angles[i] = qhm_qasm_number(&values[i]);
    }
    qhm_complex entries[4];
    double complex matrix[4];
    qhm_gate_matrix(QHM_GATE_U, angles, entries);
    double complex phase = gate->meaning == QASM_GATE_U3 ? cexp(I * angles[0] / 2) : 1;
    for (int i = 0; i < 4; i++)
        matrix[i] = phase * (entries[i].re + I * entries[i].im);
    for (size_t i = 0; i < around->exponent_count; i++)
        matrix_power(matrix, around->exponents[i]);
    for (int i = 0; i < 4; i++)
        entries[i] = to_complex(matrix[i]);
    return qhm_qasm_emit_matrix(reader, entries, qubits, 1, around);
}

// A phase on all controls: on one of them, under the others.
static qhm_status apply_phase(qasm_reader *reader, const qasm_value *value,
                              const qasm_surroundings *around)
{
    qasm_value scaled = *value;
    QHM_TRY(scale_angle(reader, around, 2 * M_PI, &scaled));
    if (around->control_count == 0)
        return QHM_OK; // nothing can observe it
    qasm_surroundings others = *around;
    others.control_count--;
    uint32_t last = around->controls[others.control_count];
    bool is_negative = around->is_negative[others.control_count];
    qhm_instruction flip = {.gate = QHM_GATE_X, .qubits = &last};
    if (is_negative)
        QHM_TRY(qhm_qasm_emit(reader, flip));
    QHM_TRY(emit_row(reader, QHM_GATE_P, &scaled, &last, &others));
    return is_negative ? qhm_qasm_emit(reader, flip) : QHM_OK;
}

static qhm_status repeat_u(qasm_reader *reader, double product, const qasm_value *values,
                           const uint32_t *qubits, const qasm_surroundings *around)
{
    qasm_value turned[3] = {values[0], values[1], values[2]};
    if (product < 0) { // the inverse of u(a, b, c) is u(-a, -c, -b)
        qasm_token token = reader->call;
        turned[1] = values[2];
        turned[2] = values[1];
        for (int i = 0; i < 3; i++)
            QHM_TRY(qhm_qasm_unary(reader, token, QASM_MINUS, &turned[i]));
    }
    for (int64_t times = llabs((int64_t)product); times > 0; times--) {
        QHM_TRY(qhm_qasm_count_step(reader));
        QHM_TRY(emit_row(reader, QHM_GATE_U, turned, qubits, around));
    }
    return QHM_OK;
}

static qhm_status apply_u(qasm_reader *reader, const qasm_gate *gate, const qasm_value *values,
                          const uint32_t *qubits, const qasm_surroundings *around)
{
    double product;
    if (!qhm_qasm_whole_product(around, &product))
        return apply_matrix_power(reader, gate, values, qubits, around);
    if (gate->meaning == QASM_GATE_U3 && around->control_count > 0) {
        qasm_value half = qhm_qasm_real(0), two = qhm_qasm_real(2);
        QHM_TRY(qhm_qasm_binary(reader, reader->call, QASM_SLASH, &values[0], &two, &half));
        QHM_TRY(apply_phase(reader, &half, around));
    }
    return repeat_u(reader, product, values, qubits, around);
}

// cu(a, b, c, g) is u(a, b, c) times e^{i g}, under its first qubit.
static qhm_status apply_cu(qasm_reader *reader, const qasm_gate *gate, const qasm_value *values,
                           const uint32_t *qubits, const qasm_surroundings *around)
{
    qasm_surroundings all;
    QHM_TRY(with_own_controls(reader, around, qubits, 1, &all));
    bool has_phase = values[3].form == QASM_SYMBOLIC || qhm_qasm_number(&values[3]) != 0;
    double product;
    if (has_phase && !qhm_qasm_whole_product(around, &product))
        return qhm_qasm_fail(reader, reader->call, NULL, "a root of cu is not defined");
    if (has_phase)
        QHM_TRY(apply_phase(reader, &values[3], &all));
    return apply_u(reader, gate, values, qubits + 1, &all);
}

static qhm_status apply_row(qasm_reader *reader, const qasm_gate *gate, const qasm_value *values,
                            const uint32_t *qubits, const qasm_surroundings *around)
{
    qhm_gate row = gate->row;
    if (row == QHM_GATE_U)
        return apply_u(reader, gate, values, qubits, around);
    if (around->exponent_count == 0)
        return emit_row(reader, row, values, qubits, around);
    qhm_gate base = qhm_gate_table_row(row)->base, generator;
    double phase;
    if (qhm_gate_information(row)->angle_count == 1) {
        qasm_value scaled = values[0];
        QHM_TRY(scale_angle(reader, around, base == QHM_GATE_P ? 2 * M_PI : 4 * M_PI, &scaled));
        return emit_row(reader, row, &scaled, qubits, around);
    }
    if (find_phase(base, &generator, &phase))
        return apply_phase_power(reader, row, generator, phase, qubits, around);
    double product;
    if (qhm_qasm_whole_product(around, &product) && fabs(product) == 1)
        return emit_row(reader, product > 0 ? row : qhm_gate_table_row(row)->inverse, values,
                        qubits, around);
    return apply_iswap_power(reader, row, qubits, around);
}

qhm_status qhm_qasm_apply_leaf(qasm_reader *reader, const qasm_gate *gate, const qasm_value *values,
                               const uint32_t *qubits, const qasm_surroundings *around)
{
    switch (gate->meaning) {
    case QASM_GATE_OF_TABLE:
        return apply_row(reader, gate, values, qubits, around);
    case QASM_GATE_U3:
        return apply_u(reader, gate, values, qubits, around);
    case QASM_GATE_PHASE:
        return apply_phase(reader, &values[0], around);
    case QASM_GATE_CU:
        return apply_cu(reader, gate, values, qubits, around);
    case QASM_GATE_STEPS:
    case QASM_GATE_NOTHING:
    case QASM_GATE_OPAQUE:
        break;
    }
    return QHM_OK;
}
