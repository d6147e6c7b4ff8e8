// Circuits: creation, checked appending, reading back.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"
#include "linalg/complex_matrix.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define UNITARY_TOLERANCE 1e-10

qhm_status qhm_circuit_create(size_t qubit_count, size_t bit_count, qhm_circuit **circuit)
{
    QHM_REQUIRE(circuit, "qhm_circuit_create needs a place for the circuit");
    QHM_REQUIRE(qubit_count <= QHM_CIRCUIT_MAX_QUBITS, "qubit_count is %zu, not 0 to %d",
                qubit_count, QHM_CIRCUIT_MAX_QUBITS);
    QHM_REQUIRE(bit_count <= QHM_CIRCUIT_MAX_BITS, "bit_count is %zu, not 0 to %d", bit_count,
                QHM_CIRCUIT_MAX_BITS);
    qhm_circuit *created;
    QHM_TRY(qhm_allocate(1, sizeof *created, &created));
    qhm_status status = QHM_OK;
    if (qubit_count > 0)
        status = qhm_circuit_append_qubits(created, "q", qubit_count);
    if (bit_count > 0 && status == QHM_OK)
        status = qhm_circuit_append_bits(created, "c", bit_count);
    if (status != QHM_OK) {
        qhm_circuit_destroy(created);
        return status;
    }
    *circuit = created;
    return QHM_OK;
}

qhm_status qhm_circuit_create_on_qubits(size_t qubit_count, size_t bit_count, qhm_circuit **circuit)
{
    QHM_REQUIRE(qubit_count > 0, "qubit_count is 0, not 1 to %d", QHM_CIRCUIT_MAX_QUBITS);
    return qhm_circuit_create(qubit_count, bit_count, circuit);
}

void qhm_circuit_destroy(qhm_circuit *circuit)
{
    if (!circuit)
        return;
    qhm_release(circuit->instructions);
    qhm_release(circuit->operands);
    qhm_release(circuit->angles);
    qhm_release(circuit->entries);
    qhm_release(circuit->words);
    qhm_release(circuit->paulis);
    qhm_circuit_release_names(circuit);
    qhm_release(circuit);
}

uint32_t qhm_instruction_control_count(const qhm_instruction *instruction)
{
    return instruction->control_count + qhm_gate_information(instruction->gate)->control_count;
}

uint32_t qhm_instruction_target_count(const qhm_instruction *instruction)
{
    return instruction->qubit_count - qhm_instruction_control_count(instruction);
}

size_t qhm_instruction_angle_count(const qhm_instruction *instruction)
{
    return qhm_gate_information(instruction->gate)->angle_count;
}

size_t qhm_instruction_entry_count(const qhm_instruction *instruction)
{
    const size_t entries = (size_t)1 << (2 * (qhm_instruction_target_count(instruction) & 31));
    if (instruction->gate == QHM_GATE_CHANNEL)
        return instruction->kraus_count * entries;
    return instruction->gate == QHM_GATE_UNITARY ? entries : 0;
}

size_t qhm_instruction_pauli_count(const qhm_instruction *instruction)
{
    return instruction->gate == QHM_GATE_MEASURE_PAULI ? instruction->qubit_count : 0;
}

bool qhm_instruction_is_noise(const qhm_instruction *instruction)
{
    return instruction->gate == QHM_GATE_CHANNEL || instruction->flips[0] != 0 ||
           instruction->flips[1] != 0;
}

size_t qhm_instruction_word_count(const qhm_instruction *instruction)
{
    const qhm_condition *condition = &instruction->condition;
    return condition->relation == QHM_RELATION_NONE ? 0 : qhm_bit_words(condition->bit_count);
}

void qhm_instruction_matrix(const qhm_instruction *instruction, const double *inputs,
                            const double *weights, qhm_complex *out)
{
    if (instruction->gate == QHM_GATE_UNITARY) {
        memcpy(out, instruction->matrix, qhm_instruction_entry_count(instruction) * sizeof *out);
        return;
    }
    double angles[QHM_GATE_MAX_ANGLES];
    for (size_t i = 0; i < qhm_instruction_angle_count(instruction); i++)
        angles[i] = qhm_angle_value(&instruction->angles[i], inputs, weights);
    qhm_gate_matrix(instruction->gate, angles, out);
}

bool qhm_instruction_is_diagonal(const qhm_instruction *instruction)
{
    if (instruction->gate != QHM_GATE_UNITARY)
        return qhm_gate_table_row(instruction->gate)->is_diagonal;
    size_t dimension = (size_t)1 << qhm_instruction_target_count(instruction);
    for (size_t i = 0; i < dimension * dimension; i++)
        if (i % (dimension + 1) != 0 &&
            (instruction->matrix[i].re != 0 || instruction->matrix[i].im != 0))
            return false;
    return true;
}

static qhm_status check_distinct(const qhm_circuit *circuit, const char *name,
                                 const uint32_t *qubits, size_t count)
{
    if (count <= 16) {
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < i; j++)
                QHM_REQUIRE(qubits[i] != qubits[j], "%s uses qubit %u twice", name, qubits[i]);
        return QHM_OK;
    }
    bool *seen;
    QHM_TRY(qhm_allocate(circuit->qubit_count, sizeof *seen, &seen));
    size_t i = 0;
    while (i < count && !seen[qubits[i]])
        seen[qubits[i++]] = true;
    qhm_release(seen);
    QHM_REQUIRE(i == count, "%s uses qubit %u twice", name, qubits[i]);
    return QHM_OK;
}

static qhm_status check_qubits(const qhm_circuit *circuit, const qhm_instruction *instruction)
{
    const qhm_gate_info *gate = qhm_gate_information(instruction->gate);
    size_t count = instruction->qubit_count;
    if (gate->target_count > 0) {
        size_t expected =
            (size_t)instruction->control_count + gate->control_count + gate->target_count;
        QHM_REQUIRE(count == expected, "%s has %zu qubits, not %zu", gate->name, count, expected);
    } else if (qhm_gate_is_classical(instruction->gate)) {
        QHM_REQUIRE(count == 0, "%s has %zu qubits, not 0", gate->name, count);
        return QHM_OK;
    } else if (instruction->gate == QHM_GATE_UNITARY) {
        size_t controls = instruction->control_count;
        QHM_REQUIRE(count > controls && count - controls <= QHM_UNITARY_MAX_TARGETS,
                    "unitary has %zu qubits after its %zu controls, not 1 to %d",
                    count > controls ? count - controls : 0, controls, QHM_UNITARY_MAX_TARGETS);
    } else if (instruction->gate == QHM_GATE_CHANNEL) {
        QHM_REQUIRE(count >= 1 && count <= QHM_UNITARY_MAX_TARGETS,
                    "channel has %zu qubits, not 1 to %d", count, QHM_UNITARY_MAX_TARGETS);
    } else if (instruction->gate == QHM_GATE_MEASURE_PAULI) {
        QHM_REQUIRE(count >= 1, "measure_pauli has no qubits");
    }
    QHM_REQUIRE(count <= circuit->qubit_count, "%s needs %zu qubits, but the circuit has %zu",
                gate->name, count, circuit->qubit_count);
    if (!instruction->qubits) {
        QHM_REQUIRE(instruction->gate == QHM_GATE_BARRIER, "%s needs its qubits", gate->name);
        return QHM_OK;
    }
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(instruction->qubits[i] < circuit->qubit_count,
                    "qubit %zu of %s is %u, not 0 to %zu", i, gate->name, instruction->qubits[i],
                    circuit->qubit_count - 1);
    return check_distinct(circuit, gate->name, instruction->qubits, count);
}

static qhm_status check_angles(const qhm_instruction *instruction)
{
    const qhm_gate_info *gate = qhm_gate_information(instruction->gate);
    QHM_REQUIRE(instruction->angles || gate->angle_count == 0, "%s needs %u angles", gate->name,
                gate->angle_count);
    for (size_t i = 0; i < gate->angle_count; i++) {
        const qhm_angle *angle = &instruction->angles[i];
        for (int f = 0; f < 2; f++) {
            const qhm_angle_factor *factor = &angle->factors[f];
            QHM_REQUIRE((unsigned)factor->slot <= QHM_SLOT_WEIGHT,
                        "angle %zu of %s has a factor of unknown slot %u", i, gate->name,
                        (unsigned)factor->slot);
            QHM_REQUIRE(factor->slot == QHM_SLOT_NONE || isfinite(factor->shift),
                        "angle %zu of %s has a shift that is not finite", i, gate->name);
        }
        QHM_REQUIRE(isfinite(angle->scale) && isfinite(angle->offset),
                    "angle %zu of %s is not finite", i, gate->name);
    }
    return QHM_OK;
}

static qhm_status check_condition(const qhm_circuit *circuit, const qhm_instruction *instruction)
{
    const qhm_condition *condition = &instruction->condition;
    const char *name = qhm_gate_information(instruction->gate)->name;
    QHM_REQUIRE((unsigned)condition->relation <= QHM_RELATION_GREATER_EQUAL,
                "the condition of %s has the unknown relation %u", name,
                (unsigned)condition->relation);
    if (condition->relation == QHM_RELATION_NONE) {
        QHM_REQUIRE(instruction->gate != QHM_GATE_WHILE, "while needs a condition");
        return QHM_OK;
    }
    QHM_REQUIRE(instruction->gate != QHM_GATE_BARRIER && instruction->gate != QHM_GATE_END,
                "%s cannot have a condition", name);
    const size_t first = condition->first_bit, count = condition->bit_count;
    QHM_REQUIRE(count >= 1, "the condition of %s reads no bit", name);
    QHM_REQUIRE(first < circuit->bit_count && count <= circuit->bit_count - first,
                "the condition of %s reads bit %zu, but the circuit has %zu", name,
                first + count - 1, circuit->bit_count);
    QHM_REQUIRE(condition->value, "the condition of %s needs its value", name);
    const uint64_t top = condition->value[qhm_bit_words(count) - 1];
    QHM_REQUIRE(count % 64 == 0 || top >> (count % 64) == 0,
                "the value of the condition of %s has more than %zu bits", name, count);
    return QHM_OK;
}

static qhm_status check_matrices(const qhm_instruction *instruction)
{
    const size_t dimension = (size_t)1 << qhm_instruction_target_count(instruction);
    const char *name = qhm_gate_information(instruction->gate)->name;
    QHM_REQUIRE(instruction->matrix, "%s needs its matrix", name);
    if (instruction->gate == QHM_GATE_UNITARY) {
        double error = qhm_unitarity_error(dimension, instruction->matrix);
        QHM_REQUIRE(error <= UNITARY_TOLERANCE,
                    "the %zu by %zu matrix is not unitary: it is off by %.3g, more than %g",
                    dimension, dimension, error, UNITARY_TOLERANCE);
        return QHM_OK;
    }
    const size_t count = instruction->kraus_count;
    QHM_REQUIRE(count >= 1 && count <= dimension * dimension,
                "channel has %zu Kraus operators, not 1 to %zu", count, dimension * dimension);
    double error = qhm_trace_error(dimension, count, instruction->matrix);
    QHM_REQUIRE(
        error <= UNITARY_TOLERANCE,
        "the %zu Kraus operators do not preserve the trace: the sum of K^dagger K is off by "
        "%.3g, more than %g",
        count, error, UNITARY_TOLERANCE);
    return QHM_OK;
}

// What measurements and delays have beside their qubits.
static qhm_status check_details(const qhm_instruction *instruction)
{
    const char *name = qhm_gate_information(instruction->gate)->name;
    if (instruction->gate == QHM_GATE_DELAY)
        QHM_REQUIRE(isfinite(instruction->duration_ns) && instruction->duration_ns >= 0,
                    "delay lasts %g ns, not a finite time of at least 0", instruction->duration_ns);
    if (!qhm_gate_is_measurement(instruction->gate))
        return QHM_OK;
    for (int value = 0; value < 2; value++)
        QHM_REQUIRE(instruction->flips[value] >= 0 && instruction->flips[value] <= 1,
                    "%s writes %d wrong with probability %g, not 0 to 1", name, value,
                    instruction->flips[value]);
    const size_t count = qhm_instruction_pauli_count(instruction);
    QHM_REQUIRE(count == 0 || instruction->paulis, "%s needs its Pauli letters", name);
    for (size_t i = 0; i < count; i++)
        QHM_REQUIRE(instruction->paulis[i] >= QHM_PAULI_X && instruction->paulis[i] <= QHM_PAULI_Z,
                    "Pauli letter %zu of %s is %u, not X, Y or Z", i, name,
                    (unsigned)instruction->paulis[i]);
    return QHM_OK;
}

static qhm_status check_instruction(const qhm_circuit *circuit, const qhm_instruction *instruction)
{
    QHM_REQUIRE((unsigned)instruction->gate < QHM_GATE_COUNT, "gate %u is not in the gate table",
                (unsigned)instruction->gate);
    const qhm_gate_info *gate = qhm_gate_information(instruction->gate);
    QHM_REQUIRE(gate->is_unitary || instruction->control_count == 0, "%s cannot be controlled",
                gate->name);
    QHM_TRY(check_qubits(circuit, instruction));
    QHM_TRY(check_angles(instruction));
    QHM_TRY(check_condition(circuit, instruction));
    QHM_REQUIRE(!qhm_gate_writes_bit(instruction->gate) || instruction->bit < circuit->bit_count,
                "%s writes bit %u, but the circuit has %zu", gate->name, instruction->bit,
                circuit->bit_count);
    QHM_REQUIRE(instruction->gate != QHM_GATE_END || circuit->open_loops > 0,
                "end comes without its while");
    QHM_TRY(check_details(instruction));
    if (instruction->gate == QHM_GATE_UNITARY || instruction->gate == QHM_GATE_CHANNEL)
        return check_matrices(instruction);
    return QHM_OK;
}

static void refresh_pointers(qhm_circuit *circuit)
{
    size_t operand = 0, angle = 0, entry = 0, word = 0, pauli = 0;
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        qhm_instruction *instruction = &circuit->instructions[i];
        size_t angles = qhm_instruction_angle_count(instruction),
               entries = qhm_instruction_entry_count(instruction);
        size_t words = qhm_instruction_word_count(instruction),
               paulis = qhm_instruction_pauli_count(instruction);
        instruction->qubits = instruction->qubit_count > 0 ? &circuit->operands[operand] : NULL;
        instruction->angles = angles > 0 ? &circuit->angles[angle] : NULL;
        instruction->matrix = entries > 0 ? &circuit->entries[entry] : NULL;
        instruction->condition.value = words > 0 ? &circuit->words[word] : NULL;
        instruction->paulis = paulis > 0 ? &circuit->paulis[pauli] : NULL;
        operand += instruction->qubit_count;
        angle += angles;
        entry += entries;
        word += words;
        pauli += paulis;
    }
}

// Makes room in one pool. The old block stays in *replaced for the caller to release, because
// what is being appended may lie in it.
static qhm_status grow(size_t used, size_t more, size_t *capacity, size_t size, void *inout_pool,
                       void **replaced)
{
    void **pool = inout_pool;
    size_t needed;
    if (!qhm_add_size(used, more, &needed))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu more elements overflow", more);
    if (needed <= *capacity)
        return QHM_OK;
    void *grown = NULL;
    size_t grown_capacity = 0;
    if (needed < 2 * used)
        needed = 2 * used;
    QHM_TRY(qhm_reserve(needed, &grown_capacity, size, &grown));
    if (used > 0)
        memcpy(grown, *pool, used * size);
    *replaced = *pool;
    *pool = grown;
    *capacity = grown_capacity;
    return QHM_OK;
}

// What the arrays of instructions take in the pools.
struct sizes {
    size_t instructions, operands, angles, entries, words, paulis;
};

enum { POOL_COUNT = 6 };

static qhm_status grow_pools(qhm_circuit *circuit, const struct sizes *more,
                             void *replaced[POOL_COUNT])
{
    QHM_TRY(grow(circuit->instruction_count, more->instructions, &circuit->instruction_capacity,
                 sizeof *circuit->instructions, &circuit->instructions, &replaced[0]));
    QHM_TRY(grow(circuit->operand_count, more->operands, &circuit->operand_capacity,
                 sizeof *circuit->operands, &circuit->operands, &replaced[1]));
    QHM_TRY(grow(circuit->angle_count, more->angles, &circuit->angle_capacity,
                 sizeof *circuit->angles, &circuit->angles, &replaced[2]));
    QHM_TRY(grow(circuit->word_count, more->words, &circuit->word_capacity, sizeof *circuit->words,
                 &circuit->words, &replaced[3]));
    QHM_TRY(grow(circuit->pauli_count, more->paulis, &circuit->pauli_capacity,
                 sizeof *circuit->paulis, &circuit->paulis, &replaced[4]));
    return grow(circuit->entry_count, more->entries, &circuit->entry_capacity,
                sizeof *circuit->entries, &circuit->entries, &replaced[5]);
}

static qhm_status reserve(qhm_circuit *circuit, const struct sizes *more,
                          void *replaced[POOL_COUNT])
{
    qhm_status status = grow_pools(circuit, more, replaced);
    bool has_moved = false;
    for (int i = 1; i < POOL_COUNT; i++)
        has_moved = has_moved || replaced[i];
    if (has_moved)
        refresh_pointers(circuit);
    return status;
}

static void release_replaced(void *replaced[POOL_COUNT])
{
    for (int i = 0; i < POOL_COUNT; i++)
        qhm_release(replaced[i]);
}

qhm_status qhm_circuit_reserve(qhm_circuit *circuit, const qhm_circuit *more, size_t times)
{
    struct sizes sizes;
    if (!qhm_multiply_size(more->instruction_count, times, &sizes.instructions) ||
        !qhm_multiply_size(more->operand_count, times, &sizes.operands) ||
        !qhm_multiply_size(more->angle_count, times, &sizes.angles) ||
        !qhm_multiply_size(more->entry_count, times, &sizes.entries) ||
        !qhm_multiply_size(more->word_count, times, &sizes.words) ||
        !qhm_multiply_size(more->pauli_count, times, &sizes.paulis))
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "%zu times %zu instructions overflow", times,
                        more->instruction_count);
    void *replaced[POOL_COUNT] = {NULL};
    qhm_status status = reserve(circuit, &sizes, replaced);
    release_replaced(replaced);
    return status;
}

static void count_slots(qhm_circuit *circuit, const qhm_angle *angle)
{
    for (int f = 0; f < 2; f++) {
        const qhm_angle_factor *factor = &angle->factors[f];
        size_t needed = (size_t)factor->index + 1;
        if (factor->slot == QHM_SLOT_INPUT && needed > circuit->input_count)
            circuit->input_count = needed;
        if (factor->slot == QHM_SLOT_WEIGHT && needed > circuit->weight_count)
            circuit->weight_count = needed;
    }
}

void qhm_circuit_store(qhm_circuit *circuit, qhm_instruction instruction,
                       const qhm_instruction_maps *maps)
{
    // A pool that nothing needed so far is NULL.
    uint32_t *qubits =
        instruction.qubit_count > 0 ? circuit->operands + circuit->operand_count : NULL;
    for (uint32_t i = 0; i < instruction.qubit_count; i++) {
        uint32_t qubit = instruction.qubits ? instruction.qubits[i] : i; // NULL: a barrier on all
        qubits[i] = maps->qubits ? maps->qubits[qubit] : qubit;
    }
    instruction.qubits = qubits;
    circuit->operand_count += instruction.qubit_count;
    if (maps->bits && qhm_gate_writes_bit(instruction.gate))
        instruction.bit = maps->bits[instruction.bit];
    if (maps->bits && instruction.condition.relation != QHM_RELATION_NONE)
        instruction.condition.first_bit = maps->bits[instruction.condition.first_bit];
    circuit->open_loops += instruction.gate == QHM_GATE_WHILE;
    circuit->open_loops -= instruction.gate == QHM_GATE_END;

    size_t angle_count = qhm_instruction_angle_count(&instruction);
    qhm_angle *angles = angle_count > 0 ? circuit->angles + circuit->angle_count : NULL;
    for (size_t i = 0; i < angle_count; i++) {
        angles[i] = qhm_angle_offset_slots(qhm_angle_canonical(instruction.angles[i]),
                                           maps->input_offset, maps->weight_offset);
        count_slots(circuit, &angles[i]);
    }
    instruction.angles = angles;
    circuit->angle_count += angle_count;

    size_t entry_count = qhm_instruction_entry_count(&instruction);
    qhm_complex *entries = entry_count > 0 ? circuit->entries + circuit->entry_count : NULL;
    if (entry_count > 0)
        memcpy(entries, instruction.matrix, entry_count * sizeof *entries);
    instruction.matrix = entries;
    circuit->entry_count += entry_count;

    size_t word_count = qhm_instruction_word_count(&instruction);
    uint64_t *words = word_count > 0 ? circuit->words + circuit->word_count : NULL;
    if (word_count > 0)
        memcpy(words, instruction.condition.value, word_count * sizeof *words);
    instruction.condition.value = words;
    circuit->word_count += word_count;

    size_t pauli_count = qhm_instruction_pauli_count(&instruction);
    uint8_t *paulis = pauli_count > 0 ? circuit->paulis + circuit->pauli_count : NULL;
    if (pauli_count > 0)
        memcpy(paulis, instruction.paulis, pauli_count * sizeof *paulis);
    instruction.paulis = paulis;
    circuit->pauli_count += pauli_count;

    circuit->instructions[circuit->instruction_count++] = instruction;
}

qhm_status qhm_circuit_append_instruction(qhm_circuit *circuit, const qhm_instruction *instruction)
{
    QHM_REQUIRE(circuit && instruction, "appending needs a circuit and an instruction");
    qhm_instruction checked = *instruction;
    if (checked.qubit_count == 0 && (unsigned)checked.gate < QHM_GATE_COUNT) {
        const qhm_gate_info *gate = qhm_gate_information(checked.gate);
        if (checked.gate == QHM_GATE_BARRIER) {
            checked.qubit_count = (uint32_t)circuit->qubit_count;
            checked.qubits = NULL;
        } else if (gate->target_count > 0) {
            size_t count = (size_t)checked.control_count + gate->control_count + gate->target_count;
            QHM_REQUIRE(count <= circuit->qubit_count,
                        "%s needs %zu qubits, but the circuit has %zu", gate->name, count,
                        circuit->qubit_count);
            checked.qubit_count = (uint32_t)count;
        }
    }
    QHM_TRY(check_instruction(circuit, &checked));
    if (!qhm_gate_writes_bit(checked.gate))
        checked.bit = 0;
    if (checked.gate != QHM_GATE_SET)
        checked.bit_value = false;
    if (checked.gate != QHM_GATE_CHANNEL)
        checked.kraus_count = 0;
    if (checked.gate != QHM_GATE_DELAY)
        checked.duration_ns = 0;
    if (!qhm_gate_is_measurement(checked.gate))
        checked.flips[0] = checked.flips[1] = 0;
    if (checked.condition.relation == QHM_RELATION_NONE)
        checked.condition = (qhm_condition){0};
    const struct sizes sizes = {1,
                                checked.qubit_count,
                                qhm_instruction_angle_count(&checked),
                                qhm_instruction_entry_count(&checked),
                                qhm_instruction_word_count(&checked),
                                qhm_instruction_pauli_count(&checked)};
    void *replaced[POOL_COUNT] = {NULL};
    qhm_status status = reserve(circuit, &sizes, replaced);
    if (status == QHM_OK)
        qhm_circuit_store(circuit, checked, &(qhm_instruction_maps){0});
    release_replaced(replaced);
    return status;
}

qhm_status qhm_circuit_append(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits,
                              const qhm_angle *angles)
{
    QHM_REQUIRE(gate != QHM_GATE_UNITARY && gate != QHM_GATE_WHILE && gate != QHM_GATE_DELAY &&
                    gate != QHM_GATE_CHANNEL && !qhm_gate_writes_bit(gate),
                "%s needs qhm_circuit_append_instruction", qhm_gate_information(gate)->name);
    qhm_instruction instruction = {.gate = gate, .qubits = qubits, .angles = angles};
    return qhm_circuit_append_instruction(circuit, &instruction);
}

qhm_status qhm_circuit_append_measure(qhm_circuit *circuit, uint32_t qubit, uint32_t bit)
{
    qhm_instruction instruction = {.gate = QHM_GATE_MEASURE, .qubits = &qubit, .bit = bit};
    return qhm_circuit_append_instruction(circuit, &instruction);
}

qhm_status qhm_circuit_append_pauli_measure(qhm_circuit *circuit, size_t qubit_count,
                                            const uint8_t *paulis, const uint32_t *qubits,
                                            uint32_t bit)
{
    QHM_REQUIRE(circuit, "appending needs a circuit and an instruction");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= circuit->qubit_count,
                "measure_pauli has %zu qubits, not 1 to %zu", qubit_count, circuit->qubit_count);
    qhm_instruction instruction = {.gate = QHM_GATE_MEASURE_PAULI,
                                   .qubit_count = (uint32_t)qubit_count,
                                   .qubits = qubits,
                                   .paulis = paulis,
                                   .bit = bit};
    return qhm_circuit_append_instruction(circuit, &instruction);
}

qhm_status qhm_circuit_append_delay(qhm_circuit *circuit, uint32_t qubit, double duration_ns)
{
    qhm_instruction instruction = {
        .gate = QHM_GATE_DELAY, .qubits = &qubit, .duration_ns = duration_ns};
    return qhm_circuit_append_instruction(circuit, &instruction);
}

qhm_status qhm_circuit_copy(const qhm_circuit *circuit, qhm_circuit **copy)
{
    QHM_REQUIRE(circuit && copy, "qhm_circuit_copy needs a circuit and a place for the copy");
    qhm_circuit *created;
    QHM_TRY(qhm_circuit_create(0, 0, &created));
    qhm_status status = qhm_circuit_copy_names(created, circuit, true, true);
    if (status == QHM_OK)
        status = qhm_circuit_reserve(created, circuit, 1);
    if (status != QHM_OK) {
        qhm_circuit_destroy(created);
        return status;
    }
    for (size_t i = 0; i < circuit->instruction_count; i++)
        qhm_circuit_store(created, circuit->instructions[i], &(qhm_instruction_maps){0});
    *copy = created;
    return QHM_OK;
}

size_t qhm_circuit_qubit_count(const qhm_circuit *circuit)
{
    return circuit->qubit_count;
}

size_t qhm_circuit_bit_count(const qhm_circuit *circuit)
{
    return circuit->bit_count;
}

size_t qhm_circuit_input_count(const qhm_circuit *circuit)
{
    return circuit->input_count;
}

size_t qhm_circuit_weight_count(const qhm_circuit *circuit)
{
    return circuit->weight_count;
}

size_t qhm_circuit_instruction_count(const qhm_circuit *circuit)
{
    return circuit->instruction_count;
}

const qhm_instruction *qhm_circuit_instruction(const qhm_circuit *circuit, size_t index)
{
    assert(index < circuit->instruction_count);
    return &circuit->instructions[index];
}

size_t qhm_circuit_bytes(const qhm_circuit *circuit)
{
    return sizeof *circuit + circuit->instruction_capacity * sizeof *circuit->instructions +
           circuit->operand_capacity * sizeof *circuit->operands +
           circuit->angle_capacity * sizeof *circuit->angles +
           circuit->entry_capacity * sizeof *circuit->entries +
           circuit->word_capacity * sizeof *circuit->words +
           circuit->pauli_capacity * sizeof *circuit->paulis +
           (circuit->qubit_registers.capacity + circuit->bit_registers.capacity) *
               sizeof(qhm_register) +
           (circuit->input_names.capacity + circuit->weight_names.capacity) * sizeof(char *);
}
