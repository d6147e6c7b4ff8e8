// Compiling: the passes of each family of chips in order, and what comes out of them.
#include "base/memory.h"
#include "base/status_internal.h"
#include "compile/compile_internal.h"
#include "compile/compile_summary.h"
#include "compile/tetron_merge.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const qhm_compile_pass *const ideal_passes[] = {&qhm_pass_cancel, &qhm_pass_place,
                                                       &qhm_pass_route, NULL};

static const qhm_compile_pass *const superconducting_passes[] = {
    &qhm_pass_decompose, &qhm_pass_cancel,       &qhm_pass_resynthesise, &qhm_pass_place,
    &qhm_pass_route,     &qhm_pass_resynthesise, &qhm_pass_translate,    &qhm_pass_cancel,
    &qhm_pass_merge,     &qhm_pass_schedule,     &qhm_pass_decouple,     NULL};

static const qhm_compile_pass *const tetron_passes[] = {
    &qhm_pass_decompose,    &qhm_pass_cancel,   &qhm_pass_tetron_gates,
    &qhm_pass_cancel,       &qhm_pass_place,    &qhm_pass_route,
    &qhm_pass_tetron_lower, &qhm_pass_schedule, NULL};

static const qhm_compile_pass *const cat_passes[] = {
    &qhm_pass_decompose, &qhm_pass_cancel,   &qhm_pass_cat_express,
    &qhm_pass_place,     &qhm_pass_route,    &qhm_pass_cat_lower,
    &qhm_pass_cancel,    &qhm_pass_schedule, NULL};

// The passes for a family of chips; NULL: there are none.
static const qhm_compile_pass *const *passes_of(qhm_device_family family)
{
    switch (family) {
    case QHM_DEVICE_IDEAL:
        return ideal_passes;
    case QHM_DEVICE_SUPERCONDUCTING:
        return superconducting_passes;
    case QHM_DEVICE_TETRON:
        return tetron_passes;
    case QHM_DEVICE_CAT:
        return cat_passes;
    case QHM_DEVICE_ANNEALER:
        break;
    }
    return NULL;
}

struct qhm_compiled {
    size_t logical_count, qubit_count, step_count;
    qhm_circuit *circuit;
    uint32_t *physical, *initial_layout, *final_layout;
    bool has_sequences;
    uint32_t sequence_bit;
    qhm_compile_step *steps; // [step_count]; the details are owned
    qhm_compile_summary summary;
};

void qhm_compilation_replace(qhm_compilation *compilation, qhm_circuit *circuit)
{
    qhm_circuit_destroy(compilation->circuit);
    compilation->circuit = circuit;
}

bool qhm_has_constant_angles(const qhm_instruction *instruction)
{
    for (size_t i = 0; i < qhm_instruction_angle_count(instruction); i++)
        if (!qhm_angle_is_constant(&instruction->angles[i]))
            return false;
    return true;
}

bool qhm_is_plain_gate(const qhm_instruction *instruction, unsigned qubit_count)
{
    return qhm_gate_information(instruction->gate)->is_unitary &&
           instruction->qubit_count == qubit_count && instruction->control_count == 0 &&
           instruction->condition.relation == QHM_RELATION_NONE &&
           qhm_has_constant_angles(instruction);
}

void qhm_small_gate_matrix(const qhm_instruction *instruction, qhm_complex *out)
{
    assert(instruction->qubit_count <= 2);
    const uint32_t controls = qhm_instruction_control_count(instruction);
    if (controls == 0) {
        qhm_instruction_matrix(instruction, NULL, NULL, out);
        return;
    }
    qhm_complex base[QHM_UNITARY_MAX_DIMENSION * QHM_UNITARY_MAX_DIMENSION];
    qhm_instruction_matrix(instruction, NULL, NULL, base);
    memset(out, 0, 16 * sizeof *out);
    out[0].re = out[2 * 5].re = 1; // the control, bit 0, is 0
    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 2; column++)
            out[(2 * row + 1) * 4 + 2 * column + 1] = base[row * 2 + column];
}

// Slots that no gate uses any more must still exist, for callers give values to all of them.
static qhm_status keep_slots(const qhm_circuit *from, qhm_circuit *made)
{
    static const qhm_slot slots[2] = {QHM_SLOT_INPUT, QHM_SLOT_WEIGHT};
    for (int s = 0; s < 2; s++) {
        const size_t count = s == 0 ? from->input_count : from->weight_count;
        for (size_t i = 0; i < count; i++) {
            const char *name = qhm_circuit_slot_name(from, slots[s], (uint32_t)i);
            char last[32];
            snprintf(last, sizeof last, "%c%zu", s == 0 ? 'x' : 'w', i);
            if (!name && i + 1 == count)
                name = last;
            if (name)
                QHM_TRY(qhm_circuit_set_slot_name(made, slots[s], (uint32_t)i, name));
        }
    }
    return QHM_OK;
}

static qhm_status keep_bits(const qhm_circuit *from, qhm_circuit *made)
{
    for (size_t r = 0; r < qhm_circuit_bit_register_count(from); r++) {
        const qhm_register *bits = qhm_circuit_bit_register(from, r);
        if (bits->first > qhm_circuit_bit_count(made))
            QHM_TRY(qhm_circuit_append_bits(made, NULL, bits->first - qhm_circuit_bit_count(made)));
        QHM_TRY(qhm_circuit_append_bits(made, bits->name, bits->count));
    }
    const size_t scratch = qhm_circuit_bit_count(from) - qhm_circuit_bit_count(made);
    return scratch > 0 ? qhm_circuit_append_bits(made, NULL, scratch) : QHM_OK;
}

static qhm_status begin(const qhm_circuit *from, size_t qubit_count, qhm_circuit *made)
{
    if (qubit_count == 0)
        return qhm_circuit_copy_names(made, from, true, true);
    QHM_TRY(qhm_circuit_append_qubits(made, "q", qubit_count));
    return keep_bits(from, made);
}

qhm_status qhm_compilation_begin(const qhm_circuit *from, size_t qubit_count, qhm_circuit **made)
{
    qhm_circuit *created;
    QHM_TRY(qhm_circuit_create(0, 0, &created));
    qhm_status status = begin(from, qubit_count, created);
    if (status == QHM_OK)
        status = keep_slots(from, created);
    if (status != QHM_OK) {
        qhm_circuit_destroy(created);
        return status;
    }
    *made = created;
    return QHM_OK;
}

static qhm_status check_options(const qhm_compile_options *options)
{
    QHM_REQUIRE(options->level >= 0 && options->level <= 4,
                "level is %d, not 0 (the default) or 1 to 4 for levels 0 to 3", options->level);
    const char *pulses = options->decoupling;
    QHM_REQUIRE(!pulses || strcmp(pulses, "xx") == 0 || strcmp(pulses, "xy4") == 0,
                "decoupling is \"%s\", not xx or xy4", pulses);
    QHM_REQUIRE(options->rotation_precision >= 0 && options->rotation_precision < 1,
                "rotation_precision is %g, not 0 or more and below 1", options->rotation_precision);
    QHM_REQUIRE((unsigned)options->rotations <= QHM_ROTATIONS_ANALOG,
                "rotations is %u, not QHM_ROTATIONS_SYNTHESISED or QHM_ROTATIONS_ANALOG",
                (unsigned)options->rotations);
    QHM_REQUIRE(options->two_qubit_repeats == 0 || options->two_qubit_repeats % 2 == 1,
                "two_qubit_repeats is %zu, not an odd number", options->two_qubit_repeats);
    return QHM_OK;
}

static qhm_status check_circuit(const qhm_circuit *circuit)
{
    QHM_REQUIRE(circuit->qubit_count > 0, "the circuit has no qubits to place on a chip");
    QHM_REQUIRE(circuit->open_loops == 0, "the circuit has a while without its end");
    for (size_t i = 0; i < circuit->instruction_count; i++)
        if (circuit->instructions[i].gate == QHM_GATE_CHANNEL)
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "instruction %zu is a channel: noise is added after compiling", i);
    return QHM_OK;
}

static qhm_status check_layout(const qhm_compilation *compilation)
{
    const uint32_t *layout = compilation->options.layout;
    const size_t count = qhm_device_qubit_count(compilation->device);
    for (size_t i = 0; layout && i < compilation->logical_count; i++) {
        QHM_REQUIRE(layout[i] < count, "layout[%zu] is %u, not below the %zu qubits of %s", i,
                    layout[i], count, qhm_device_name(compilation->device));
        QHM_REQUIRE(qhm_device_qubit_at(compilation->device, layout[i])->is_working,
                    "layout[%zu] is qubit %u, which does not work", i, layout[i]);
        for (size_t j = 0; j < i; j++)
            QHM_REQUIRE(layout[i] != layout[j], "layout[%zu] and layout[%zu] are both %u", j, i,
                        layout[i]);
    }
    return QHM_OK;
}

static qhm_status run_pass(qhm_compilation *compilation, const qhm_compile_pass *pass,
                           qhm_compile_step *step)
{
    step->name = pass->name;
    step->help = pass->help;
    QHM_TRY(qhm_circuit_count(compilation->circuit, &step->before));
    QHM_TRY(pass->run(compilation));
    QHM_TRY(qhm_circuit_count(compilation->circuit, &step->after));
    char *detail;
    QHM_TRY(qhm_text_take(&compilation->detail, &detail));
    step->detail = detail;
    return QHM_OK;
}

static qhm_status run_passes(qhm_compilation *compilation, const qhm_compile_pass *const *passes,
                             qhm_compiled *compiled)
{
    size_t count = 0;
    while (passes[count])
        count++;
    QHM_TRY(qhm_allocate(count, sizeof *compiled->steps, &compiled->steps));
    for (size_t i = 0; i < count; i++)
        if (passes[i]->least_level <= compilation->level &&
            (!passes[i]->is_wanted || passes[i]->is_wanted(compilation)))
            QHM_TRY(run_pass(compilation, passes[i], &compiled->steps[compiled->step_count++]));
    return QHM_OK;
}

// Every qubit becomes a register of its own, named as OpenQASM names the chip's qubits: $41.
static qhm_status name_qubits(qhm_compilation *compilation)
{
    const qhm_circuit *circuit = compilation->circuit;
    qhm_circuit *made;
    QHM_TRY(qhm_circuit_create(0, 0, &made));
    qhm_status status = QHM_OK;
    for (size_t q = 0; q < compilation->qubit_count && status == QHM_OK; q++) {
        char name[16];
        snprintf(name, sizeof name, "$%u", compilation->physical[q]);
        status = qhm_circuit_append_qubits(made, name, 1);
    }
    if (status == QHM_OK)
        status = keep_bits(circuit, made);
    if (status == QHM_OK)
        status = keep_slots(circuit, made);
    if (status == QHM_OK)
        status = qhm_circuit_append_circuit(made, circuit, NULL, NULL, 0, 0);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    qhm_compilation_replace(compilation, made);
    return QHM_OK;
}

static qhm_status compile(qhm_compilation *compilation, const qhm_circuit *circuit,
                          const qhm_compile_pass *const *passes, qhm_compiled *compiled)
{
    const size_t count = circuit->qubit_count;
    QHM_TRY(qhm_circuit_copy(circuit, &compilation->circuit));
    QHM_TRY(qhm_allocate(count, sizeof(uint32_t), &compilation->final_wires));
    for (size_t i = 0; i < count; i++)
        compilation->final_wires[i] = (uint32_t)i;
    QHM_TRY(run_passes(compilation, passes, compiled));
    QHM_TRY(qhm_compile_summarise(compilation));
    QHM_TRY(name_qubits(compilation));
    compiled->logical_count = count;
    compiled->qubit_count = compilation->qubit_count;
    compiled->circuit = compilation->circuit;
    compiled->physical = compilation->physical;
    compiled->initial_layout = compilation->initial_layout;
    compiled->final_layout = compilation->final_layout;
    compiled->has_sequences = compilation->has_sequences;
    compiled->sequence_bit = compilation->sequence_bit;
    compiled->summary = compilation->summary;
    compilation->circuit = NULL;
    compilation->physical = compilation->initial_layout = compilation->final_layout = NULL;
    return QHM_OK;
}

static void release(qhm_compilation *compilation)
{
    qhm_circuit_destroy(compilation->circuit);
    qhm_release(compilation->final_wires);
    qhm_release(compilation->placement);
    qhm_release(compilation->own_layout);
    qhm_release(compilation->physical);
    qhm_release(compilation->initial_layout);
    qhm_release(compilation->final_layout);
    qhm_text_release(&compilation->detail);
}

qhm_status qhm_circuit_compile(const qhm_circuit *circuit, const qhm_device *device,
                               const qhm_compile_options *options, qhm_compiled **compiled)
{
    QHM_REQUIRE(circuit && device && compiled,
                "qhm_circuit_compile needs a circuit, a device and a place for the result");
    qhm_compilation compilation = {.device = device, .logical_count = circuit->qubit_count};
    if (options)
        compilation.options = *options;
    QHM_TRY(check_options(&compilation.options));
    QHM_TRY(check_circuit(circuit));
    QHM_TRY(check_layout(&compilation));
    compilation.level = compilation.options.level == 0 ? 2 : compilation.options.level - 1;
    const qhm_device_family family = qhm_device_family_of(device);
    const qhm_compile_pass *const *passes = passes_of(family);
    if (!passes)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "%s is of the family %s: circuits are not compiled "
                        "for it",
                        qhm_device_name(device), qhm_device_family_name(family));
    if (compilation.options.two_qubit_repeats > 1 && family != QHM_DEVICE_TETRON)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "two_qubit_repeats is %zu, but %s has no sequences to repeat: fold the "
                        "circuit",
                        compilation.options.two_qubit_repeats, qhm_device_name(device));
    qhm_compiled *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    qhm_status status = compile(&compilation, circuit, passes, made);
    release(&compilation);
    if (status != QHM_OK) {
        qhm_compiled_destroy(made);
        return status;
    }
    *compiled = made;
    return QHM_OK;
}

void qhm_compiled_destroy(qhm_compiled *compiled)
{
    if (!compiled)
        return;
    for (size_t i = 0; i < compiled->step_count; i++)
        qhm_release((char *)(uintptr_t)compiled->steps[i].detail);
    qhm_release(compiled->steps);
    qhm_circuit_destroy(compiled->circuit);
    qhm_release(compiled->physical);
    qhm_release(compiled->initial_layout);
    qhm_release(compiled->final_layout);
    qhm_release(compiled);
}

const qhm_circuit *qhm_compiled_circuit(const qhm_compiled *compiled)
{
    return compiled->circuit;
}

const uint32_t *qhm_compiled_physical_qubits(const qhm_compiled *compiled, size_t *count)
{
    if (count)
        *count = compiled->qubit_count;
    return compiled->physical;
}

const uint32_t *qhm_compiled_initial_layout(const qhm_compiled *compiled)
{
    return compiled->initial_layout;
}

const uint32_t *qhm_compiled_final_layout(const qhm_compiled *compiled)
{
    return compiled->final_layout;
}

static qhm_status map_terms(const qhm_compiled *compiled, const qhm_observable *observable,
                            qhm_observable *mapped)
{
    for (size_t i = 0; i < qhm_observable_term_count(observable); i++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, i);
        qhm_pauli_factor *factors;
        QHM_TRY(qhm_allocate(term->factor_count, sizeof *factors, &factors));
        for (size_t f = 0; f < term->factor_count; f++) {
            factors[f] = term->factors[f];
            factors[f].qubit = compiled->final_layout[factors[f].qubit];
        }
        const qhm_status status =
            qhm_observable_append(mapped, term->coefficient, factors, term->factor_count);
        qhm_release(factors);
        QHM_TRY(status);
    }
    return QHM_OK;
}

qhm_status qhm_compiled_map_observable(const qhm_compiled *compiled,
                                       const qhm_observable *observable, qhm_observable **mapped)
{
    QHM_REQUIRE(compiled && observable && mapped,
                "mapping needs a compiled circuit, an observable and a place for the result");
    const size_t needed = qhm_observable_qubit_count(observable);
    QHM_REQUIRE(needed <= compiled->logical_count,
                "the observable is on qubit %zu, but the circuit had %zu qubits", needed - 1,
                compiled->logical_count);
    qhm_observable *made;
    QHM_TRY(qhm_observable_create(&made));
    const qhm_status status = map_terms(compiled, observable, made);
    if (status != QHM_OK) {
        qhm_observable_destroy(made);
        return status;
    }
    *mapped = made;
    return QHM_OK;
}

qhm_status qhm_compiled_merge_sequences(const qhm_compiled *compiled, const qhm_circuit *circuit,
                                        qhm_circuit **merged)
{
    QHM_REQUIRE(compiled && circuit && merged,
                "merging needs a compiled circuit, a circuit and a place for the result");
    if (!compiled->has_sequences)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "the circuit is not compiled into sequences of "
                                               "measurements, so there is nothing to merge");
    if (circuit->qubit_count != compiled->qubit_count)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "the circuit has %zu qubits, the compiled one %zu: parities that outlast "
                        "a sequence cannot be merged",
                        circuit->qubit_count, compiled->qubit_count);
    return qhm_tetron_merge(&(qhm_tetron_merging){.circuit = circuit,
                                                  .first_bit = compiled->sequence_bit,
                                                  .wire_count = compiled->logical_count,
                                                  .initial = compiled->initial_layout,
                                                  .final = compiled->final_layout},
                            merged);
}

size_t qhm_compiled_step_count(const qhm_compiled *compiled)
{
    return compiled->step_count;
}

const qhm_compile_step *qhm_compiled_step(const qhm_compiled *compiled, size_t index)
{
    assert(index < compiled->step_count);
    return &compiled->steps[index];
}

const qhm_compile_summary *qhm_compiled_summary_of(const qhm_compiled *compiled)
{
    return &compiled->summary;
}
