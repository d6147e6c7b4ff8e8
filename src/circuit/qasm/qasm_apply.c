// Gates written out: definitions and modifiers.
#include "circuit/qasm/qasm_internal.h"

#include <stdlib.h>
#include <string.h>

qhm_status qhm_qasm_emit(qasm_reader *reader, qhm_instruction instruction)
{
    if (instruction.gate != QHM_GATE_BARRIER)
        instruction.condition = reader->path;
    if (qhm_circuit_instruction_count(reader->circuit) >= reader->options.max_instructions)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "the circuit has more than %zu instructions",
                        reader->options.max_instructions);
    qhm_status status = qhm_circuit_append_instruction(reader->circuit, &instruction);
    if (status != QHM_ERROR_INVALID_ARGUMENT)
        return status;
    return qhm_qasm_fail(reader, reader->call, NULL, "%s", qhm_error_message());
}

static qhm_status apply_step(qasm_reader *reader, const qasm_step *step, const uint32_t *map,
                             const qasm_surroundings *around);

// The steps of a definition, as often as asked for, backwards for an inverse.
static qhm_status apply_steps(qasm_reader *reader, const qasm_gate *gate, const qasm_value *values,
                              const uint32_t *qubits, const qasm_surroundings *around)
{
    static const double inverse = -1;
    const qasm_value *outer_arguments = reader->arguments;
    qasm_surroundings inner = *around;
    double product = 1;
    bool is_whole = qhm_qasm_whole_product(around, &product);
    if (!is_whole && gate->step_count != 1)
        return qhm_qasm_fail(reader, reader->call, "whole powers of any gate are defined",
                             "a root of \"%s\" is not defined", gate->name);
    if (is_whole) {
        inner.exponents = product < 0 ? &inverse : NULL;
        inner.exponent_count = product < 0;
    }
    reader->arguments = values;
    qhm_status status = QHM_OK;
    int64_t turns = is_whole ? llabs((int64_t)product) : 1;
    for (int64_t turn = 0; turn < turns && status == QHM_OK; turn++) {
        if (turn > 0)
            status = qhm_qasm_count_step(reader);
        for (size_t i = 0; i < gate->step_count && status == QHM_OK; i++) {
            size_t at = product < 0 && is_whole ? gate->step_count - 1 - i : i;
            status = apply_step(reader, &gate->steps[at], qubits, &inner);
        }
    }
    reader->arguments = outer_arguments;
    return status;
}

qhm_status qhm_qasm_apply_gate(qasm_reader *reader, const qasm_gate *gate, const qasm_value *values,
                               const uint32_t *qubits, const qasm_surroundings *around)
{
    if (gate->meaning == QASM_GATE_STEPS)
        return apply_steps(reader, gate, values, qubits, around);
    return qhm_qasm_apply_leaf(reader, gate, values, qubits, around);
}

// Adds the step's modifiers to what surrounds it. *own: the qubits that are not controls.
static qhm_status surround(qasm_reader *reader, const qasm_step *step, const uint32_t *qubits,
                           const qasm_surroundings *around, qasm_surroundings *inner,
                           const uint32_t **own)
{
    size_t controls = 0, powers = 0;
    for (size_t i = 0; i < step->modifier_count; i++) {
        bool is_control = step->modifiers[i].kind <= QASM_MODIFIER_NEGATIVE_CONTROL;
        controls += is_control ? step->modifiers[i].count : 0;
        powers += !is_control;
    }
    *inner = *around;
    uint32_t *all;
    bool *is_negative;
    double *exponents;
    size_t total = around->control_count + controls;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, total, sizeof *all, &all));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, total, sizeof *is_negative, &is_negative));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, around->exponent_count + powers,
                                sizeof *exponents, &exponents));
    if (around->control_count > 0) {
        memcpy(all, around->controls, around->control_count * sizeof *all);
        memcpy(is_negative, around->is_negative, around->control_count * sizeof *is_negative);
    }
    size_t control = around->control_count, power = 0;
    for (size_t i = 0; i < step->modifier_count; i++) {
        const qasm_modifier *modifier = &step->modifiers[i];
        if (modifier->kind > QASM_MODIFIER_NEGATIVE_CONTROL) {
            qasm_value value = qhm_qasm_integer(-1);
            if (modifier->kind == QASM_MODIFIER_POWER)
                QHM_TRY(qhm_qasm_evaluate(reader, modifier->power.codes, modifier->power.count,
                                          &value));
            if (!qhm_qasm_is_number(&value))
                return qhm_qasm_fail(reader, step->token, NULL,
                                     "the exponent of pow must be known");
            exponents[powers - 1 - power++] = qhm_qasm_number(&value);
            continue;
        }
        for (size_t k = 0; k < modifier->count; k++, control++) {
            all[control] = *qubits++;
            is_negative[control] = modifier->kind == QASM_MODIFIER_NEGATIVE_CONTROL;
        }
    }
    if (around->exponent_count > 0)
        memcpy(exponents + powers, around->exponents, around->exponent_count * sizeof *exponents);
    *inner =
        (qasm_surroundings){all, is_negative, total, exponents, around->exponent_count + powers};
    *own = qubits;
    return QHM_OK;
}

static qhm_status apply_barrier(qasm_reader *reader, const uint32_t *qubits, size_t count)
{
    if (count == 0)
        return QHM_OK;
    return qhm_qasm_emit(reader, (qhm_instruction){.gate = QHM_GATE_BARRIER,
                                                   .qubits = qubits,
                                                   .qubit_count = (uint32_t)count});
}

// map: where the definition's qubits are; NULL at the top.
static qhm_status apply_mapped(qasm_reader *reader, const qasm_step *step, const uint32_t *map,
                               const qasm_surroundings *around)
{
    const uint32_t *qubits = step->qubits;
    if (map) {
        uint32_t *mapped;
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch, step->qubit_count, sizeof *mapped, &mapped));
        for (size_t i = 0; i < step->qubit_count; i++)
            mapped[i] = map[step->qubits[i]];
        qubits = mapped;
    }
    if (!step->gate)
        return apply_barrier(reader, qubits, step->qubit_count);
    qasm_value *values = NULL;
    uint32_t count = step->gate->parameter_count;
    if (count > 0)
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *values, &values));
    for (uint32_t i = 0; i < count; i++)
        QHM_TRY(
            qhm_qasm_evaluate(reader, step->angles[i].codes, step->angles[i].count, &values[i]));
    if (step->modifier_count == 0)
        return qhm_qasm_apply_gate(reader, step->gate, values, qubits, around);
    qasm_surroundings inner;
    QHM_TRY(surround(reader, step, qubits, around, &inner, &qubits));
    return qhm_qasm_apply_gate(reader, step->gate, values, qubits, &inner);
}

static qhm_status apply_step(qasm_reader *reader, const qasm_step *step, const uint32_t *map,
                             const qasm_surroundings *around)
{
    QHM_TRY(qhm_qasm_count_step(reader));
    qasm_arena_mark mark = qhm_qasm_arena_mark(&reader->scratch);
    qhm_status status = apply_mapped(reader, step, map, around);
    qhm_qasm_arena_return(&reader->scratch, mark);
    return status;
}

// `@qhm.unitary n re im ...`: the matrix takes the place of the definition.
static qhm_status apply_annotated(qasm_reader *reader, const qasm_step *step,
                                  const uint32_t *qubits)
{
    qasm_surroundings none = {0}, inner;
    const uint32_t *own;
    QHM_TRY(surround(reader, step, qubits, &none, &inner, &own));
    size_t count = step->gate->qubit_count;
    if (inner.exponent_count > 0 || count < 1 || count > QHM_UNITARY_MAX_TARGETS ||
        reader->unitary_dimension != (size_t)1 << count)
        return qhm_qasm_fail(reader, step->token, NULL,
                             "the matrix of @qhm.unitary does not fit this gate");
    return qhm_qasm_emit_matrix(reader, reader->unitary, own, count, &inner);
}

qhm_status qhm_qasm_apply(qasm_reader *reader, const qasm_step *step, const uint32_t *qubits)
{
    qasm_step actual = *step;
    actual.qubits = qubits;
    if (reader->unitary && step->gate)
        return apply_annotated(reader, &actual, qubits);
    return apply_step(reader, &actual, NULL, &(qasm_surroundings){0});
}
