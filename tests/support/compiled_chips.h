// Circuits to be compiled for chips of gates, and what must hold of every result: native gates,
// times that add up, the same meaning.
#ifndef QHM_TESTS_COMPILED_CHIPS_H
#define QHM_TESTS_COMPILED_CHIPS_H

#include "compile/chip_operations.h"
#include "support/compiled_meaning.h"

static inline qhm_device *load(const char *name)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, NULL, &device));
    return device;
}

static inline qhm_compiled *compile_with(const qhm_circuit *circuit, const qhm_device *device,
                                         qhm_compile_options options)
{
    qhm_compiled *compiled;
    REQUIRE_OK(qhm_circuit_compile(circuit, device, &options, &compiled));
    return compiled;
}

static inline void append(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits,
                          const qhm_angle *angles)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, qubits, angles));
}

static inline qhm_circuit *create(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static inline qhm_angle random_angle(qhm_random *random, bool has_slots)
{
    qhm_angle angle = qhm_angle_constant(4 * qhm_random_uniform(random) - 2);
    if (qhm_random_below(random, 4) == 0)
        angle.offset = M_PI / 2 * (double)qhm_random_below(random, 8);
    if (!has_slots || qhm_random_below(random, 2) == 0)
        return angle;
    const uint32_t index = (uint32_t)qhm_random_below(random, 3);
    angle =
        qhm_random_below(random, 2) == 0 ? qhm_angle_input(index, 0.7) : qhm_angle_weight(index);
    angle.offset = 0.2;
    return angle;
}

// Any unitary gate of the table, extra controls and small unitaries now and then.
static inline void append_random(qhm_circuit *circuit, qhm_random *random, bool has_slots)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit);
    uint32_t order[8];
    size_t shuffled[8];
    for (size_t i = 0; i < qubits; i++)
        shuffled[i] = i;
    qhm_random_shuffle(random, shuffled, qubits);
    for (size_t i = 0; i < qubits; i++)
        order[i] = (uint32_t)shuffled[i];
    for (;;) {
        const qhm_gate gate = (qhm_gate)qhm_random_below(random, QHM_GATE_COUNT);
        const qhm_gate_info *info = qhm_gate_information(gate);
        if (!info->is_unitary || info->control_count + info->target_count > qubits ||
            gate == QHM_GATE_UNITARY)
            continue;
        qhm_angle angles[3];
        for (int i = 0; i < 3; i++)
            angles[i] = random_angle(random, has_slots);
        qhm_instruction instruction = {.gate = gate, .qubits = order, .angles = angles};
        const size_t own = info->control_count + info->target_count;
        if (own < qubits && qhm_random_below(random, 10) == 0)
            instruction.control_count = 1;
        REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
        return;
    }
}

static inline void append_two_qubit_unitary(qhm_circuit *circuit, uint32_t a, uint32_t b,
                                            double turn)
{
    const double angle = turn;
    qhm_complex matrix[16];
    qhm_gate_matrix(QHM_GATE_RXX, &angle, matrix);
    REQUIRE_OK(
        qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                                                   .qubit_count = 2,
                                                                   .qubits = (uint32_t[]){a, b},
                                                                   .matrix = matrix}));
}

static inline qhm_circuit *random_circuit(qhm_random *random, size_t qubits, size_t gates,
                                          bool has_slots)
{
    qhm_circuit *circuit = create(qubits, 0);
    for (uint32_t q = 0; q < qubits; q++) { // so that the state depends on every gate after
        const qhm_angle angles[3] = {random_angle(random, false), random_angle(random, false),
                                     random_angle(random, false)};
        append(circuit, QHM_GATE_U, &q, angles);
    }
    for (size_t i = 0; i < gates; i++)
        append_random(circuit, random, has_slots);
    if (qubits > 1)
        append_two_qubit_unitary(circuit, 1, 0, 0.3);
    if (has_slots) { // so that all slots exist in every circuit
        const qhm_angle in = qhm_angle_input(2, 1), weight = qhm_angle_weight(2);
        append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &weight);
    }
    return circuit;
}

// Native by its name, or a gate with slots on one qubit, or in a run with one as U.
static inline void require_native(const qhm_compiled *compiled, const qhm_device *device)
{
    const qhm_circuit *made = qhm_compiled_circuit(compiled);
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL);
    for (size_t i = 0; i < qhm_circuit_instruction_count(made); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(made, i);
        const qhm_gate gate = instruction->gate;
        if (gate == QHM_GATE_DELAY || gate == QHM_GATE_BARRIER || gate == QHM_GATE_SET ||
            gate == QHM_GATE_WHILE || gate == QHM_GATE_END)
            continue;
        uint32_t places[2] = {0, 0};
        for (uint32_t q = 0; q < instruction->qubit_count; q++)
            places[q] = physical[instruction->qubits[q]];
        bool is_native = instruction->qubit_count == 1 && !qhm_has_constant_angles(instruction);
        for (size_t o = 0; o < qhm_device_operation_count(device) && !is_native; o++) {
            const qhm_device_operation *operation = qhm_device_operation_at(device, o);
            is_native = operation->gate == gate &&
                        operation->qubit_count == instruction->qubit_count &&
                        qhm_device_has_operation(device, operation, places);
        }
        is_native |= gate == QHM_GATE_U && qhm_circuit_input_count(made) > 0;
        if (!is_native)
            fail_msg("instruction %zu, %s, is not native", i, qhm_gate_information(gate)->name);
    }
}

// Every qubit's operations and delays fill the time from its first operation to the end.
static inline void require_times(const qhm_compiled *compiled, const qhm_device *device)
{
    const qhm_circuit *made = qhm_compiled_circuit(compiled);
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL);
    const size_t qubits = qhm_circuit_qubit_count(made);
    const double total = qhm_compiled_summary_of(compiled)->duration_ns;
    qhm_chip_operations operations;
    REQUIRE_OK(qhm_chip_operations_find(device, false, &operations));
    bool *is_in_run = calloc(qubits, sizeof *is_in_run),
         *has_begun = calloc(qubits, sizeof *has_begun);
    double *clock = calloc(qubits, sizeof *clock), *sum = calloc(qubits, sizeof *sum);
    // Sums first, so that each qubit's clock can start at total - sum.
    for (int pass = 0; pass < 2; pass++) {
        memset(is_in_run, 0, qubits * sizeof *is_in_run);
        memset(has_begun, 0, qubits * sizeof *has_begun);
        for (size_t q = 0; pass == 1 && q < qubits; q++)
            clock[q] = total - sum[q];
        for (size_t i = 0; i < qhm_circuit_instruction_count(made); i++) {
            const qhm_instruction *instruction = qhm_circuit_instruction(made, i);
            const qhm_chip_use use = qhm_chip_use_of(&operations, instruction, is_in_run);
            uint32_t places[2] = {0, 0};
            for (uint32_t q = 0; q < instruction->qubit_count && q < 2; q++)
                places[q] = physical[instruction->qubits[q]];
            double duration = instruction->duration_ns;
            uint32_t first = UINT32_MAX;
            if (use.operation)
                duration =
                    use.times * qhm_device_operation_duration_ns(device, use.operation, places);
            for (uint32_t q = 0; q < instruction->qubit_count; q++) {
                const uint32_t qubit = instruction->qubits[q];
                sum[qubit] += pass == 0 ? duration : 0;
                if (instruction->gate == QHM_GATE_BARRIER && !has_begun[qubit])
                    continue; // it starts later
                has_begun[qubit] = true;
                first = first == UINT32_MAX ? qubit : first;
                if (pass == 1) // both qubits of a gate are there at the same time
                    REQUIRE_NEAR(clock[qubit], clock[first], 1e-6);
            }
            for (uint32_t q = 0; q < instruction->qubit_count; q++)
                clock[instruction->qubits[q]] += duration;
        }
        for (size_t q = 0; pass == 1 && q < qubits; q++)
            if (sum[q] > 0)
                REQUIRE_NEAR(clock[q], total, 1e-6);
    }
    free(is_in_run);
    free(has_begun);
    free(clock);
    free(sum);
}

static inline void require_same(const qhm_circuit *circuit, const qhm_device *device,
                                qhm_compile_options options)
{
    qhm_compiled *compiled = compile_with(circuit, device, options);
    const double difference = compiled_difference(circuit, compiled, test_seed());
    if (!(difference < 1e-9))
        fail_msg("level %d: the states differ by %g", options.level - 1, difference);
    require_native(compiled, device);
    require_times(compiled, device);
    qhm_compiled_destroy(compiled);
}

static inline qhm_circuit *ghz(size_t qubits)
{
    qhm_circuit *circuit = create(qubits, qubits);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    for (uint32_t q = 1; q < qubits; q++)
        append(circuit, QHM_GATE_CX, (uint32_t[]){q - 1, q}, NULL);
    for (uint32_t q = 0; q < qubits; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    return circuit;
}

static inline qhm_circuit *fourier(size_t qubits)
{
    qhm_circuit *circuit = create(qubits, 0);
    for (uint32_t q = (uint32_t)qubits; q-- > 0;) {
        append(circuit, QHM_GATE_H, &q, NULL);
        for (uint32_t p = q; p-- > 0;) {
            const qhm_angle angle = qhm_angle_constant(M_PI / (double)(1U << (q - p)));
            append(circuit, QHM_GATE_CP, (uint32_t[]){p, q}, &angle);
        }
    }
    for (uint32_t q = 0; q < qubits / 2; q++)
        append(circuit, QHM_GATE_SWAP, (uint32_t[]){q, (uint32_t)qubits - 1 - q}, NULL);
    return circuit;
}

static inline qhm_circuit *measuring_circuit(qhm_random *random)
{
    qhm_circuit *circuit = create(4, 5);
    for (int block = 0; block < 3; block++) {
        for (int i = 0; i < 6; i++)
            append_random(circuit, random, true);
        const uint32_t qubit = (uint32_t)qhm_random_below(random, 4), other = (qubit + 1) % 4;
        REQUIRE_OK(qhm_circuit_append_measure(circuit, qubit, (uint32_t)block));
        const qhm_gate conditional[] = {QHM_GATE_X, QHM_GATE_H, QHM_GATE_CX, QHM_GATE_SWAP};
        for (int i = 0; i < 4; i++)
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit,
                &(qhm_instruction){.gate = conditional[i],
                                   .qubits = (uint32_t[]){other, (other + 2) % 4},
                                   .condition = qhm_condition_bit((uint32_t)block, i % 2 == 0)}));
        if (block == 1)
            append(circuit, QHM_GATE_RESET, &other, NULL);
        if (block == 2)
            append(circuit, QHM_GATE_BARRIER, NULL, NULL);
    }
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 3, 3));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 4));
    const qhm_angle in = qhm_angle_input(2, 1), weight = qhm_angle_weight(2);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
    append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &weight);
    return circuit;
}

#endif
