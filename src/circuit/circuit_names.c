// Names of a circuit: registers of qubits and of classical bits, and input and weight slots.
#include "base/memory.h"
#include "base/status_internal.h"
#include "circuit/circuit_internal.h"

#include <assert.h>
#include <string.h>

static qhm_status append_register(qhm_register_list *list, const char *name, size_t first,
                                  size_t count)
{
    QHM_TRY(qhm_reserve(list->count + 1, &list->capacity, sizeof *list->items, &list->items));
    char *copy;
    QHM_TRY(qhm_copy_text(name, &copy));
    list->items[list->count++] = (qhm_register){copy, (uint32_t)first, (uint32_t)count};
    return QHM_OK;
}

static qhm_status append(qhm_register_list *list, const char *what, const char *name, size_t count,
                         size_t limit, size_t *inout_total)
{
    QHM_REQUIRE(count >= 1 && count <= limit - *inout_total,
                "%zu %ss are added to %zu, not 1 to %zu", count, what, *inout_total,
                limit - *inout_total);
    if (name) {
        QHM_REQUIRE(name[0], "a register of %ss has an empty name", what);
        QHM_TRY(append_register(list, name, *inout_total, count));
    }
    *inout_total += count;
    return QHM_OK;
}

qhm_status qhm_circuit_append_qubits(qhm_circuit *circuit, const char *name, size_t count)
{
    QHM_REQUIRE(circuit && name, "new qubits need a circuit and a name");
    return append(&circuit->qubit_registers, "qubit", name, count, QHM_CIRCUIT_MAX_QUBITS,
                  &circuit->qubit_count);
}

qhm_status qhm_circuit_append_bits(qhm_circuit *circuit, const char *name, size_t count)
{
    QHM_REQUIRE(circuit, "new bits need a circuit");
    return append(&circuit->bit_registers, "bit", name, count, QHM_CIRCUIT_MAX_BITS,
                  &circuit->bit_count);
}

size_t qhm_circuit_qubit_register_count(const qhm_circuit *circuit)
{
    return circuit->qubit_registers.count;
}

const qhm_register *qhm_circuit_qubit_register(const qhm_circuit *circuit, size_t index)
{
    assert(index < circuit->qubit_registers.count);
    return &circuit->qubit_registers.items[index];
}

size_t qhm_circuit_bit_register_count(const qhm_circuit *circuit)
{
    return circuit->bit_registers.count;
}

const qhm_register *qhm_circuit_bit_register(const qhm_circuit *circuit, size_t index)
{
    assert(index < circuit->bit_registers.count);
    return &circuit->bit_registers.items[index];
}

static qhm_status set_name(qhm_name_list *list, size_t index, const char *name)
{
    char *copy;
    QHM_TRY(qhm_copy_text(name, &copy));
    qhm_status status = qhm_reserve(index + 1, &list->capacity, sizeof *list->items, &list->items);
    if (status != QHM_OK) {
        qhm_release(copy);
        return status;
    }
    while (list->count <= index)
        list->items[list->count++] = NULL;
    qhm_release(list->items[index]);
    list->items[index] = copy;
    return QHM_OK;
}

qhm_status qhm_circuit_set_slot_name(qhm_circuit *circuit, qhm_slot slot, uint32_t index,
                                     const char *name)
{
    QHM_REQUIRE(circuit && name && name[0], "naming a slot needs a circuit and a name");
    QHM_REQUIRE(slot == QHM_SLOT_INPUT || slot == QHM_SLOT_WEIGHT,
                "slot is %u, not QHM_SLOT_INPUT or QHM_SLOT_WEIGHT", (unsigned)slot);
    bool is_input = slot == QHM_SLOT_INPUT;
    size_t *count = is_input ? &circuit->input_count : &circuit->weight_count;
    QHM_TRY(set_name(is_input ? &circuit->input_names : &circuit->weight_names, index, name));
    if (*count <= index)
        *count = (size_t)index + 1;
    return QHM_OK;
}

const char *qhm_circuit_slot_name(const qhm_circuit *circuit, qhm_slot slot, uint32_t index)
{
    const qhm_name_list *list =
        slot == QHM_SLOT_INPUT ? &circuit->input_names : &circuit->weight_names;
    return slot != QHM_SLOT_NONE && index < list->count ? list->items[index] : NULL;
}

static void release_registers(qhm_register_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        qhm_release((char *)(uintptr_t)list->items[i].name);
    qhm_release(list->items);
}

static void release_slot_names(qhm_name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        qhm_release(list->items[i]);
    qhm_release(list->items);
}

void qhm_circuit_release_names(qhm_circuit *circuit)
{
    release_registers(&circuit->qubit_registers);
    release_registers(&circuit->bit_registers);
    release_slot_names(&circuit->input_names);
    release_slot_names(&circuit->weight_names);
}

static qhm_status copy_registers(qhm_register_list *list, const qhm_register_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        QHM_TRY(
            append_register(list, from->items[i].name, from->items[i].first, from->items[i].count));
    return QHM_OK;
}

static qhm_status copy_slot_names(qhm_name_list *list, const qhm_name_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (from->items[i])
            QHM_TRY(set_name(list, i, from->items[i]));
    return QHM_OK;
}

qhm_status qhm_circuit_copy_names(qhm_circuit *circuit, const qhm_circuit *from, bool keeps_inputs,
                                  bool keeps_weights)
{
    assert(circuit->qubit_registers.count == 0 && circuit->bit_registers.count == 0);
    circuit->qubit_count = from->qubit_count;
    circuit->bit_count = from->bit_count;
    QHM_TRY(copy_registers(&circuit->qubit_registers, &from->qubit_registers));
    QHM_TRY(copy_registers(&circuit->bit_registers, &from->bit_registers));
    if (keeps_inputs)
        QHM_TRY(copy_slot_names(&circuit->input_names, &from->input_names));
    if (keeps_weights)
        QHM_TRY(copy_slot_names(&circuit->weight_names, &from->weight_names));
    circuit->input_count = circuit->input_names.count; // more come with the instructions
    circuit->weight_count = circuit->weight_names.count;
    return QHM_OK;
}
