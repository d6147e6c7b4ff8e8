// Whole circuits made from circuits: appended, inverted, controlled, repeated, bound, unentangled.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// Every number of the map is below limit and none comes twice.
static qhm_status check_map(const char *what, const uint32_t *map, size_t count, size_t limit)
{
    if (!map) {
        QHM_REQUIRE(count <= limit, "the appended circuit has %zu %ss, more than %zu", count, what,
                    limit);
        return QHM_OK;
    }
    bool *seen;
    QHM_TRY(qhm_allocate(limit, sizeof *seen, &seen));
    size_t i = 0;
    while (i < count && map[i] < limit && !seen[map[i]])
        seen[map[i++]] = true;
    qhm_release(seen);
    QHM_REQUIRE(i == count || map[i] < limit, "%s %zu goes to %u, but the circuit has %zu", what, i,
                map[i], limit);
    QHM_REQUIRE(i == count, "two %ss go to %s %u", what, what, map[i]);
    return QHM_OK;
}

// Conditions read ranges, which must stay ranges.
static qhm_status check_conditions(const qhm_circuit *other, const uint32_t *bit_map)
{
    for (size_t i = 0; bit_map && i < other->instruction_count; i++) {
        const qhm_condition *condition = &other->instructions[i].condition;
        if (condition->relation == QHM_RELATION_NONE)
            continue;
        const uint32_t *map = bit_map + condition->first_bit;
        for (uint32_t b = 1; b < condition->bit_count; b++)
            QHM_REQUIRE(map[b] == map[0] + b,
                        "instruction %zu has a condition on bits %u to %u, but they do not go to "
                        "consecutive bits",
                        i, condition->first_bit, condition->first_bit + condition->bit_count - 1);
    }
    return QHM_OK;
}

static qhm_status check_slots(const char *what, size_t count, uint64_t offset)
{
    QHM_REQUIRE(count == 0 || count - 1 + offset <= UINT32_MAX,
                "%s slot %zu moved up by %llu is above 4294967295", what, count - 1,
                (unsigned long long)offset);
    return QHM_OK;
}

qhm_status qhm_circuit_append_circuit(qhm_circuit *circuit, const qhm_circuit *other,
                                      const uint32_t *qubit_map, const uint32_t *bit_map,
                                      uint32_t input_offset, uint32_t weight_offset)
{
    QHM_REQUIRE(circuit && other, "appending needs two circuits");
    QHM_TRY(check_map("qubit", qubit_map, other->qubit_count, circuit->qubit_count));
    QHM_TRY(check_map("bit", bit_map, other->bit_count, circuit->bit_count));
    QHM_TRY(check_conditions(other, bit_map));
    QHM_TRY(check_slots("input", other->input_count, input_offset));
    QHM_TRY(check_slots("weight", other->weight_count, weight_offset));
    QHM_TRY(qhm_circuit_reserve(circuit, other, 1));
    qhm_instruction_maps maps = {qubit_map, bit_map, input_offset, weight_offset};
    size_t count = other->instruction_count; // other may be the circuit, which grows
    for (size_t i = 0; i < count; i++)
        qhm_circuit_store(circuit, other->instructions[i], &maps);
    return QHM_OK;
}

// What a transform does to one instruction: it appends what it makes of it to `made`.
typedef qhm_status transform(qhm_circuit *made, const qhm_instruction *instruction, void *context);

// How a new circuit differs from the one it is made of, before the first instruction.
struct outline {
    size_t controls; // new qubits
    bool drops_inputs, drops_weights;
};

static const struct outline same = {0};

static qhm_status begin_circuit(const qhm_circuit *circuit, const struct outline *outline,
                                qhm_circuit **out)
{
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    qhm_status status =
        qhm_circuit_copy_names(made, circuit, !outline->drops_inputs, !outline->drops_weights);
    if (status == QHM_OK && outline->controls > 0)
        status = qhm_circuit_append_qubits(made, "control", outline->controls);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *out = made;
    return QHM_OK;
}

// Runs a transform over all instructions, backwards if asked, into a new circuit.
static qhm_status make_circuit(const qhm_circuit *circuit, const struct outline *outline,
                               bool is_backwards, transform *transform_one, void *context,
                               qhm_circuit **out)
{
    qhm_circuit *made;
    QHM_TRY(begin_circuit(circuit, outline, &made));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        size_t from = is_backwards ? circuit->instruction_count - 1 - i : i;
        qhm_status status = transform_one(made, &circuit->instructions[from], context);
        if (status != QHM_OK) {
            qhm_prefix_error_message("instruction %zu", from);
            qhm_circuit_destroy(made);
            return status;
        }
    }
    *out = made;
    return QHM_OK;
}

static bool has_condition(const qhm_instruction *instruction)
{
    return instruction->condition.relation != QHM_RELATION_NONE;
}

qhm_status qhm_circuit_append_inverse(qhm_circuit *circuit, const qhm_instruction *instruction)
{
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    if (!row->information.is_unitary && !qhm_gate_is_idle(instruction->gate))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s cannot be inverted", row->information.name);
    qhm_instruction inverse = *instruction;
    qhm_angle angles[QHM_GATE_MAX_ANGLES];
    qhm_complex matrix[QHM_UNITARY_MAX_DIMENSION * QHM_UNITARY_MAX_DIMENSION];
    inverse.gate = row->inverse;
    inverse.angles = angles;
    for (size_t i = 0; i < row->information.angle_count; i++)
        angles[i] = qhm_angle_affine(instruction->angles[row->inverse_angles[i]], -1, 0);
    if (instruction->gate == QHM_GATE_UNITARY) {
        size_t dimension = (size_t)1 << qhm_instruction_target_count(instruction);
        for (size_t i = 0; i < dimension; i++)
            for (size_t j = 0; j < dimension; j++) {
                qhm_complex entry = instruction->matrix[j * dimension + i];
                matrix[i * dimension + j] = (qhm_complex){entry.re, -entry.im};
            }
        inverse.matrix = matrix;
    }
    return qhm_circuit_append_instruction(circuit, &inverse);
}

static qhm_status append_inverse(qhm_circuit *made, const qhm_instruction *instruction,
                                 void *context)
{
    (void)context;
    if (has_condition(instruction))
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s with a condition cannot be inverted",
                        qhm_gate_information(instruction->gate)->name);
    return qhm_circuit_append_inverse(made, instruction);
}

qhm_status qhm_circuit_invert(const qhm_circuit *circuit, qhm_circuit **inverse)
{
    QHM_REQUIRE(circuit && inverse,
                "qhm_circuit_invert needs a circuit and a place for the result");
    return make_circuit(circuit, &same, true, append_inverse, NULL, inverse);
}

struct controls {
    uint32_t first, count; // the new controls
    uint32_t *operands;    // room for the largest instruction
};

static qhm_status append_controlled(qhm_circuit *made, const qhm_instruction *instruction,
                                    void *context)
{
    struct controls *controls = context;
    const qhm_gate_info *gate = qhm_gate_information(instruction->gate);
    qhm_instruction controlled = *instruction;
    if (qhm_gate_is_idle(instruction->gate))
        return qhm_circuit_append_instruction(made, &controlled);
    if (!gate->is_unitary)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s cannot be controlled", gate->name);
    for (uint32_t i = 0; i < controls->count; i++)
        controls->operands[i] = controls->first + i;
    memcpy(controls->operands + controls->count, instruction->qubits,
           instruction->qubit_count * sizeof *controls->operands);
    controlled.qubits = controls->operands;
    controlled.qubit_count += controls->count;
    controlled.control_count += controls->count;
    // Where the table has the gate with its controls built in, that is its name.
    qhm_gate promoted;
    while (controlled.control_count > 0 && qhm_gate_find_controlled(controlled.gate, &promoted)) {
        controlled.gate = promoted;
        controlled.control_count--;
    }
    return qhm_circuit_append_instruction(made, &controlled);
}

qhm_status qhm_circuit_control(const qhm_circuit *circuit, size_t control_count,
                               qhm_circuit **controlled)
{
    QHM_REQUIRE(circuit && controlled,
                "qhm_circuit_control needs a circuit and a place for the result");
    size_t limit = QHM_CIRCUIT_MAX_QUBITS - circuit->qubit_count;
    QHM_REQUIRE(control_count >= 1 && control_count <= limit, "control_count is %zu, not 1 to %zu",
                control_count, limit);
    struct controls controls = {(uint32_t)circuit->qubit_count, (uint32_t)control_count, NULL};
    QHM_TRY(qhm_allocate(circuit->qubit_count + control_count, sizeof *controls.operands,
                         &controls.operands));
    qhm_status status = make_circuit(circuit, &(struct outline){.controls = control_count}, false,
                                     append_controlled, &controls, controlled);
    qhm_release(controls.operands);
    return status;
}

qhm_status qhm_circuit_repeat(const qhm_circuit *circuit, size_t times, bool fresh_weights,
                              qhm_circuit **repeated)
{
    QHM_REQUIRE(circuit && repeated,
                "qhm_circuit_repeat needs a circuit and a place for the result");
    size_t last_offset = 0;
    if (fresh_weights && times > 0)
        QHM_REQUIRE(qhm_multiply_size(circuit->weight_count, times - 1, &last_offset),
                    "%zu times %zu weights overflow", times, circuit->weight_count);
    QHM_TRY(check_slots("weight", circuit->weight_count, last_offset));
    qhm_circuit *made;
    QHM_TRY(begin_circuit(circuit, &(struct outline){.drops_weights = fresh_weights}, &made));
    qhm_status status = qhm_circuit_reserve(made, circuit, times);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    for (size_t t = 0; t < times; t++) {
        size_t offset = fresh_weights ? t * circuit->weight_count : 0;
        qhm_instruction_maps maps = {.weight_offset = (uint32_t)offset};
        for (size_t i = 0; i < circuit->instruction_count; i++)
            qhm_circuit_store(made, circuit->instructions[i], &maps);
    }
    *repeated = made;
    return QHM_OK;
}

struct slot_values {
    const double *inputs, *weights;
};

static bool is_bound(const qhm_angle_factor *factor, const struct slot_values *values)
{
    return (factor->slot == QHM_SLOT_INPUT && values->inputs) ||
           (factor->slot == QHM_SLOT_WEIGHT && values->weights);
}

static qhm_angle bind_angle(qhm_angle angle, const struct slot_values *values)
{
    bool is_whole = true;
    for (int f = 0; f < 2; f++)
        if (angle.factors[f].slot != QHM_SLOT_NONE && !is_bound(&angle.factors[f], values))
            is_whole = false;
    if (is_whole) // the very number that running with these slots would use
        return qhm_angle_constant(qhm_angle_value(&angle, values->inputs, values->weights));
    for (int f = 0; f < 2; f++) {
        qhm_angle_factor *factor = &angle.factors[f];
        if (!is_bound(factor, values))
            continue;
        const double *slots = factor->slot == QHM_SLOT_INPUT ? values->inputs : values->weights;
        angle.scale *= slots[factor->index] + factor->shift;
        factor->slot = QHM_SLOT_NONE;
    }
    return angle;
}

static qhm_status append_bound(qhm_circuit *made, const qhm_instruction *instruction, void *context)
{
    qhm_instruction bound = *instruction;
    qhm_angle angles[QHM_GATE_MAX_ANGLES];
    for (size_t i = 0; i < qhm_gate_information(instruction->gate)->angle_count; i++)
        angles[i] = bind_angle(instruction->angles[i], context);
    bound.angles = angles;
    return qhm_circuit_append_instruction(made, &bound);
}

static qhm_status check_values(const char *what, const double *values, size_t count)
{
    for (size_t i = 0; values && i < count; i++)
        QHM_REQUIRE(isfinite(values[i]), "%s %zu is not finite", what, i);
    return QHM_OK;
}

qhm_status qhm_circuit_bind(const qhm_circuit *circuit, const double *inputs, const double *weights,
                            qhm_circuit **bound)
{
    QHM_REQUIRE(circuit && bound, "qhm_circuit_bind needs a circuit and a place for the result");
    QHM_TRY(check_values("input", inputs, circuit->input_count));
    QHM_TRY(check_values("weight", weights, circuit->weight_count));
    struct slot_values values = {inputs, weights};
    const struct outline outline = {.drops_inputs = inputs, .drops_weights = weights};
    return make_circuit(circuit, &outline, false, append_bound, &values, bound);
}

// The one-qubit rotation by the letter that a two-qubit rotation has on its last qubit.
static qhm_gate find_last_rotation(qhm_pauli_masks rotation)
{
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_row *row = qhm_gate_table_row((qhm_gate)gate);
        if (row->base == (qhm_gate)gate && row->information.target_count == 1 &&
            row->information.angle_count == 1 && row->rotation.x == rotation.x >> 1 &&
            row->rotation.z == rotation.z >> 1)
            return (qhm_gate)gate;
    }
    assert(!"every two-qubit rotation of the table has one-qubit rotations");
    return QHM_GATE_COUNT;
}

static qhm_status append_unentangled(qhm_circuit *made, const qhm_instruction *instruction,
                                     void *context)
{
    (void)context;
    const qhm_gate_row *row = qhm_gate_table_row(instruction->gate);
    uint32_t targets = qhm_instruction_target_count(instruction);
    const bool is_joint =
        instruction->qubit_count > 1 &&
        (instruction->gate == QHM_GATE_UNITARY || instruction->gate == QHM_GATE_CHANNEL ||
         instruction->gate == QHM_GATE_MEASURE_PAULI);
    if (has_condition(instruction) || is_joint)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "%s %s has no entanglement-free twin",
                        row->information.name,
                        has_condition(instruction) ? "with a condition" : "on several qubits");
    if (instruction->qubit_count == 1 || !row->information.is_unitary)
        return qhm_circuit_append_instruction(made, instruction);
    if (row->information.angle_count == 0)
        return QHM_OK;
    uint32_t last = instruction->qubits[instruction->qubit_count - 1];
    qhm_gate gate = targets == 1 ? row->base : find_last_rotation(row->rotation);
    return qhm_circuit_append(made, gate, &last, instruction->angles);
}

qhm_status qhm_circuit_copy_unentangled(const qhm_circuit *circuit, qhm_circuit **twin)
{
    QHM_REQUIRE(circuit && twin,
                "qhm_circuit_copy_unentangled needs a circuit and a place for the twin");
    return make_circuit(circuit, &same, false, append_unentangled, NULL, twin);
}
