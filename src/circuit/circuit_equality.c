// Equality of circuits: registers, names of slots, and every instruction, bit for bit.
#include "circuit/circuit_internal.h"

#include <string.h>

static bool are_equal_registers(const qhm_register_list *a, const qhm_register_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->items[i].first != b->items[i].first || a->items[i].count != b->items[i].count ||
            strcmp(a->items[i].name, b->items[i].name) != 0)
            return false;
    return true;
}

static bool have_equal_slots(const qhm_circuit *a, const qhm_circuit *b, qhm_slot slot,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = qhm_circuit_slot_name(a, slot, (uint32_t)i);
        const char *other = qhm_circuit_slot_name(b, slot, (uint32_t)i);
        if (!name != !other || (name && strcmp(name, other) != 0))
            return false;
    }
    return true;
}

static bool have_equal_names(const qhm_circuit *a, const qhm_circuit *b)
{
    return a->qubit_count == b->qubit_count && a->bit_count == b->bit_count &&
           a->input_count == b->input_count && a->weight_count == b->weight_count &&
           are_equal_registers(&a->qubit_registers, &b->qubit_registers) &&
           are_equal_registers(&a->bit_registers, &b->bit_registers) &&
           have_equal_slots(a, b, QHM_SLOT_INPUT, a->input_count) &&
           have_equal_slots(a, b, QHM_SLOT_WEIGHT, a->weight_count);
}

static bool are_same_bits(double a, double b)
{
    uint64_t bits[2];
    memcpy(&bits[0], &a, sizeof a);
    memcpy(&bits[1], &b, sizeof b);
    return bits[0] == bits[1];
}

// Every array of the two instructions, bit for bit. Angles are kept in one form, without padding.
static bool are_equal(const qhm_instruction *a, const qhm_instruction *b)
{
    return a->gate == b->gate && a->control_count == b->control_count &&
           a->qubit_count == b->qubit_count && a->bit == b->bit && a->bit_value == b->bit_value &&
           a->kraus_count == b->kraus_count && are_same_bits(a->duration_ns, b->duration_ns) &&
           are_same_bits(a->flips[0], b->flips[0]) && are_same_bits(a->flips[1], b->flips[1]) &&
           (qhm_instruction_pauli_count(a) == 0 ||
            memcmp(a->paulis, b->paulis, qhm_instruction_pauli_count(a)) == 0) &&
           a->condition.relation == b->condition.relation &&
           a->condition.first_bit == b->condition.first_bit &&
           a->condition.bit_count == b->condition.bit_count &&
           (a->qubit_count == 0 ||
            memcmp(a->qubits, b->qubits, a->qubit_count * sizeof *a->qubits) == 0) &&
           (qhm_instruction_angle_count(a) == 0 ||
            memcmp(a->angles, b->angles, qhm_instruction_angle_count(a) * sizeof *a->angles) ==
                0) &&
           (qhm_instruction_entry_count(a) == 0 ||
            memcmp(a->matrix, b->matrix, qhm_instruction_entry_count(a) * sizeof *a->matrix) ==
                0) &&
           (qhm_instruction_word_count(a) == 0 ||
            memcmp(a->condition.value, b->condition.value,
                   qhm_instruction_word_count(a) * sizeof(uint64_t)) == 0);
}

bool qhm_circuit_is_equal(const qhm_circuit *a, const qhm_circuit *b)
{
    if (a->instruction_count != b->instruction_count || !have_equal_names(a, b))
        return false;
    for (size_t i = 0; i < a->instruction_count; i++)
        if (!are_equal(&a->instructions[i], &b->instructions[i]))
            return false;
    return true;
}
