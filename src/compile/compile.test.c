// Compiled circuits mean what they meant, hold native gates on couplers only, and their times add
// up.
#include "compile/chip_operations.h"
#include "compile/compile_internal.h"
#include "support/compiled_meaning.h"
#include "support/failing_memory.h"
#include "support/small_chips.h"
#include "support/temporary_folder.h"

#include <qhm/noise_model.h>
#include <qhm/threads.h>

static qhm_device *load(const char *name)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, NULL, &device));
    return device;
}

static qhm_compiled *compile_with(const qhm_circuit *circuit, const qhm_device *device,
                                  qhm_compile_options options)
{
    qhm_compiled *compiled;
    REQUIRE_OK(qhm_circuit_compile(circuit, device, &options, &compiled));
    return compiled;
}

static void append(qhm_circuit *circuit, qhm_gate gate, const uint32_t *qubits,
                   const qhm_angle *angles)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, qubits, angles));
}

static qhm_circuit *create(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static qhm_angle random_angle(qhm_random *random, bool has_slots)
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
static void append_random(qhm_circuit *circuit, qhm_random *random, bool has_slots)
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

static void append_two_qubit_unitary(qhm_circuit *circuit, uint32_t a, uint32_t b, double turn)
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

static qhm_circuit *random_circuit(qhm_random *random, size_t qubits, size_t gates, bool has_slots)
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
static void require_native(const qhm_compiled *compiled, const qhm_device *device)
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
static void require_times(const qhm_compiled *compiled, const qhm_device *device)
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

static void require_same(const qhm_circuit *circuit, const qhm_device *device,
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

static const char *const decouplings[] = {NULL, "xx", "xy4"};

static void random_circuits_keep_their_meaning(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor"};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = load(chips[c]);
        for (uint64_t i = 0; i < 24; i++) {
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 80, i, 0);
            const size_t qubits = 1 + i % 6;
            qhm_circuit *circuit = random_circuit(&random, qubits, 14, i % 2 == 1);
            require_same(circuit, device,
                         (qhm_compile_options){.level = 1 + (int)(i / 2 % 4),
                                               .seed = i,
                                               .decoupling = decouplings[i % 3]});
            qhm_circuit_destroy(circuit);
        }
        qhm_device_destroy(device);
    }
}

// A given layout of distant qubits needs many swaps, and passes through others.
static void a_given_layout_is_kept(void **state)
{
    qhm_device *device = small_chip(
        state, 9, "[0,1],[1,2],[3,4],[4,5],[6,7],[7,8],[0,3],[3,6],[1,4],[4,7],[2,5],[5,8]",
        small_chip_cz, "", "");
    const uint32_t layout[4] = {0, 8, 2, 6};
    for (uint64_t i = 0; i < 8; i++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 81, i, 0);
        qhm_circuit *circuit = random_circuit(&random, 4, 12, true);
        const qhm_compile_options options = {.level = 1 + (int)(i % 4), .layout = layout};
        require_same(circuit, device, options);
        qhm_compiled *compiled = compile_with(circuit, device, options);
        const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL),
                       *initial = qhm_compiled_initial_layout(compiled);
        for (int l = 0; l < 4; l++)
            assert_int_equal(physical[initial[l]], layout[l]);
        assert_true(qhm_compiled_summary_of(compiled)->swap_count > 0);
        qhm_compiled_destroy(compiled);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

static qhm_circuit *measuring_circuit(qhm_random *random)
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

static void measurements_and_conditions_keep_their_distribution(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor"};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = load(chips[c]);
        for (uint64_t i = 0; i < 8; i++) {
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 82, i, 0);
            qhm_circuit *circuit = measuring_circuit(&random);
            qhm_compiled *compiled = compile_with(
                circuit, device,
                (qhm_compile_options){.level = 1 + (int)(i % 4), .decoupling = decouplings[i % 3]});
            REQUIRE_NEAR(compiled_distance(circuit, compiled, i), 0, 1e-9);
            require_native(compiled, device);
            require_times(compiled, device);
            qhm_compiled_destroy(compiled);
            qhm_circuit_destroy(circuit);
        }
        qhm_device_destroy(device);
    }
}

// Repeats until a coin shows 1; swaps are needed in the loop, whose layout must come back.
static void loops_keep_their_distribution(void **state)
{
    qhm_device *device =
        small_chip(state, 6, "[0,1],[1,2],[2,3],[3,4],[4,5]", small_chip_cz, "", "");
    qhm_circuit *circuit = create(5, 4);
    for (uint32_t q = 0; q < 5; q++) {
        const qhm_angle angle = qhm_angle_constant(0.4 + q);
        append(circuit, QHM_GATE_RY, &q, &angle);
    }
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit,
        &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, false)}));
    for (uint32_t q = 1; q < 5; q++)
        append(circuit, QHM_GATE_CX, (uint32_t[]){0, q}, NULL);
    append(circuit, QHM_GATE_CX, (uint32_t[]){1, 3}, NULL);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    append(circuit, QHM_GATE_SWAP, (uint32_t[]){2, 4}, NULL);
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_END}));
    append(circuit, QHM_GATE_CH, (uint32_t[]){4, 1}, NULL);
    for (uint32_t q = 1; q < 4; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    for (int level = 1; level <= 4; level++) {
        qhm_compiled *compiled =
            compile_with(circuit, device, (qhm_compile_options){.level = level});
        REQUIRE_NEAR(compiled_distance(circuit, compiled, 0), 0, 1e-6);
        require_native(compiled, device);
        assert_true(qhm_compiled_summary_of(compiled)->swap_count > 0);
        qhm_compiled_destroy(compiled);
    }
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static qhm_circuit *ghz(size_t qubits)
{
    qhm_circuit *circuit = create(qubits, qubits);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    for (uint32_t q = 1; q < qubits; q++)
        append(circuit, QHM_GATE_CX, (uint32_t[]){q - 1, q}, NULL);
    for (uint32_t q = 0; q < qubits; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    return circuit;
}

static void a_chain_of_twenty_fits_without_swaps(void **state)
{
    (void)state;
    qhm_device *willow = load("willow");
    qhm_circuit *circuit = ghz(20);
    for (int level = 3; level <= 4; level++) {
        qhm_compiled *compiled =
            compile_with(circuit, willow, (qhm_compile_options){.level = level});
        const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
        assert_int_equal(summary->swap_count, 0);
        assert_int_equal(summary->qubit_count, 20);
        assert_int_equal(summary->two_qubit_gates, 19);
        assert_int_equal(summary->two_qubit_depth, 19);
        assert_int_equal(summary->measurement_count, 20);
        // 19 cz of 42 ns, a gate before, between and after each, and a measurement
        REQUIRE_NEAR(summary->duration_ns, 19 * 42 + 20 * 25 + 600, 1e-9);
        require_native(compiled, willow);
        require_times(compiled, willow);
        qhm_compiled_destroy(compiled);
    }
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(willow);
}

static qhm_circuit *fourier(size_t qubits)
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

static void the_fourier_transform_keeps_its_meaning(void **state)
{
    (void)state;
    qhm_device *device = load("willow");
    for (size_t qubits = 2; qubits <= 7; qubits++) {
        qhm_circuit *transform = fourier(qubits), *circuit = create(qubits, 0);
        for (uint32_t q = 0; q < qubits; q++) {
            const qhm_angle angle = qhm_angle_constant(0.3 + q);
            append(circuit, QHM_GATE_RY, &q, &angle);
        }
        REQUIRE_OK(qhm_circuit_append_circuit(circuit, transform, NULL, NULL, 0, 0));
        require_same(circuit, device, (qhm_compile_options){0});
        qhm_circuit_destroy(transform);
        qhm_circuit_destroy(circuit);
    }
    qhm_device_destroy(device);
}

// Two triangles fit this chip only where one of them avoids the dead coupler.
static void dead_qubits_and_couplers_are_left_out(void **state)
{
    qhm_device *device =
        small_chip(state, 6, "[0,1],[1,2],[2,3],[3,4],[4,5],[0,5]", small_chip_cz,
                   "{\"qubit\":1,\"is_working\":false}", "{\"qubits\":[3,4],\"is_working\":false}");
    qhm_circuit *pair = ghz(2), *three = ghz(3), *four = ghz(4), *six = ghz(6);
    for (int level = 1; level <= 4; level++) {
        qhm_compiled *compiled = compile_with(pair, device, (qhm_compile_options){.level = level});
        require_native(compiled, device);
        qhm_compiled_destroy(compiled);
    }
    qhm_compiled *compiled = compile_with(three, device, (qhm_compile_options){0});
    require_native(compiled, device); // on 4, 5, 0
    qhm_compiled_destroy(compiled);
    REQUIRE_FAILS(qhm_circuit_compile(four, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "the circuit has 4 qubits, but at most 3 of chip are joined");
    REQUIRE_FAILS(qhm_circuit_compile(six, device, NULL, &compiled), QHM_ERROR_RESOURCE_LIMIT,
                  "the circuit has 6 qubits, but 5 of the 6 of chip work");
    const uint32_t apart[2] = {2, 4}, dead[2] = {1, 2}, twice[2] = {2, 2}, far[2] = {0, 6};
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = apart}, &compiled),
        QHM_ERROR_UNSUPPORTED, "qubits 2 and 4 of chip, which no working couplers join");
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = dead}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "layout[0] is qubit 1, which does not work");
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = twice}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "layout[0] and layout[1] are both 2");
    REQUIRE_FAILS(
        qhm_circuit_compile(pair, device, &(qhm_compile_options){.layout = far}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "layout[1] is 6, not below the 6 qubits of chip");
    qhm_circuit_destroy(pair);
    qhm_circuit_destroy(three);
    qhm_circuit_destroy(four);
    qhm_circuit_destroy(six);
    qhm_device_destroy(device);
}

// A ring of five nearly fits a small part with good qubits, but needs the large one and swaps.
static void all_of_a_circuit_goes_to_one_part(void **state)
{
    char good[512] = "";
    for (int q = 7; q < 13; q++)
        snprintf(good + strlen(good), sizeof good - strlen(good),
                 "%s{\"qubit\":%d,\"one_qubit_error\":0.00001}", q > 7 ? "," : "", q);
    qhm_device *device = small_chip(state, 13,
                                    "[0,1],[1,2],[2,3],[3,4],[4,5],[5,6],[6,7],"
                                    "[7,8],[8,9],[9,10],[10,11],[11,12],[7,12]",
                                    small_chip_cz, good, "{\"qubits\":[6,7],\"is_working\":false}");
    qhm_circuit *circuit = create(5, 0);
    for (uint32_t q = 0; q < 5; q++) {
        const qhm_angle angle = qhm_angle_constant(0.4 + q);
        append(circuit, QHM_GATE_RY, &q, &angle);
        append(circuit, QHM_GATE_CX, (uint32_t[]){q, (q + 1) % 5}, NULL);
    }
    for (int level = 1; level <= 4; level++)
        require_same(circuit, device, (qhm_compile_options){.level = level});
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// The chain goes where the couplers and the readout are good.
static void places_are_chosen_by_their_errors(void **state)
{
    qhm_device *device = small_chip(state, 8, "[0,1],[1,2],[2,3],[3,4],[4,5],[5,6],[6,7],[0,7]",
                                    small_chip_cz, "{\"qubit\":6,\"one_qubit_error\":0.00001}",
                                    "{\"qubits\":[5,6],\"two_qubit_error\":0.001},"
                                    "{\"qubits\":[6,7],\"two_qubit_error\":0.002}");
    qhm_circuit *circuit = ghz(3);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    const uint32_t *physical = qhm_compiled_physical_qubits(compiled, NULL);
    assert_int_equal(physical[0], 5);
    assert_int_equal(physical[1], 6);
    assert_int_equal(physical[2], 7);
    qhm_compiled *plain = compile_with(circuit, device, (qhm_compile_options){.level = 1});
    assert_true(qhm_compiled_summary_of(plain)->estimated_success <
                qhm_compiled_summary_of(compiled)->estimated_success);
    qhm_compiled_destroy(plain);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// One gate and one wait of known figures.
static void success_is_the_product_of_what_is_kept(void **state)
{
    qhm_device *device = small_chip(state, 2, "[0,1]", small_chip_ecr, "", "");
    qhm_circuit *circuit = create(2, 2);
    append(circuit, QHM_GATE_SX, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_SX, (uint32_t[]){1}, NULL);
    REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 1000));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
    // qubit 1 starts late enough to wait for nothing
    const double wait = 0.5 + exp(-1.0 / 50) / 6 + exp(-1.0 / 40) / 3;
    REQUIRE_NEAR(summary->estimated_success, 0.999 * 0.999 * wait * 0.98 * 0.98, 1e-12);
    REQUIRE_NEAR(summary->duration_ns, 1520, 1e-9);
    assert_int_equal(summary->one_qubit_gates, 2);
    assert_int_equal(summary->delay_count, 1);
    assert_int_equal(summary->depth, 2);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// Runs that hold a slot are one operation: two sx here, in whatever order their gates come.
static void runs_with_slots_are_one_operation(void **state)
{
    qhm_device *device = small_chip(state, 2, "[0,1]", small_chip_ecr, "", "");
    qhm_circuit *circuit = create(1, 0);
    const qhm_angle in = qhm_angle_input(0, 1), weight = qhm_angle_weight(0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
    append(circuit, QHM_GATE_T, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &weight);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    REQUIRE_NEAR(qhm_compiled_summary_of(compiled)->duration_ns, 40, 1e-9);
    assert_int_equal(qhm_compiled_summary_of(compiled)->one_qubit_gates, 2);
    REQUIRE_NEAR(compiled_difference(circuit, compiled, 5), 0, 1e-12);
    qhm_compiled_destroy(compiled);

    qhm_circuit *turns = create(1, 0); // turns about Z alone take no time
    append(turns, QHM_GATE_RZ, (uint32_t[]){0}, &in);
    append(turns, QHM_GATE_P, (uint32_t[]){0}, &weight);
    append(turns, QHM_GATE_S, (uint32_t[]){0}, NULL);
    compiled = compile_with(turns, device, (qhm_compile_options){0});
    REQUIRE_NEAR(qhm_compiled_summary_of(compiled)->duration_ns, 0, 0);
    assert_int_equal(qhm_compiled_summary_of(compiled)->one_qubit_gates, 0);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(turns);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static size_t two_qubit_gates(void **state, const qhm_circuit *circuit, int level)
{
    qhm_device *device = small_chip(state, 4, "[0,1],[1,2],[2,3],[0,3]", small_chip_cz, "", "");
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){.level = level});
    const size_t count = qhm_compiled_summary_of(compiled)->two_qubit_gates;
    require_native(compiled, device);
    REQUIRE_NEAR(compiled_difference(circuit, compiled, 3), 0, 1e-9);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    return count;
}

static void what_undoes_itself_goes(void **state)
{
    const uint32_t ab[2] = {0, 1}, ba[2] = {1, 0}, bc[2] = {1, 2};
    const qhm_angle in = qhm_angle_input(0, 1), back = qhm_angle_input(0, -1),
                    turn = qhm_angle_constant(0.3);
    qhm_circuit *circuit = create(3, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    append(circuit, QHM_GATE_CZ, ab, NULL); // across another cz and a turn about Z
    append(circuit, QHM_GATE_CZ, bc, NULL);
    append(circuit, QHM_GATE_RZ, (uint32_t[]){1}, &turn);
    append(circuit, QHM_GATE_CZ, ba, NULL);
    append(circuit, QHM_GATE_RZZ, ab, &in); // slots too
    append(circuit, QHM_GATE_RZ, (uint32_t[]){0}, &in);
    append(circuit, QHM_GATE_RZZ, ba, &back);
    append(circuit, QHM_GATE_CX, bc, NULL); // across X on its target, Z on its control
    append(circuit, QHM_GATE_X, (uint32_t[]){2}, NULL);
    append(circuit, QHM_GATE_S, (uint32_t[]){1}, NULL);
    append(circuit, QHM_GATE_CX, bc, NULL);
    assert_int_equal(two_qubit_gates(state, circuit, 1), 9);
    assert_int_equal(two_qubit_gates(state, circuit, 2), 1);
    qhm_circuit_destroy(circuit);

    circuit = create(2, 0); // these do not: the gates between do not commute with them
    append(circuit, QHM_GATE_CX, ab, NULL);
    append(circuit, QHM_GATE_CX, ba, NULL);
    append(circuit, QHM_GATE_CX, ab, NULL);
    append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL);
    append(circuit, QHM_GATE_CX, ba, NULL);
    assert_int_equal(two_qubit_gates(state, circuit, 2), 4);
    qhm_circuit_destroy(circuit);
}

// Half turns about any axis in the plane are one x; a controlled full turn is no identity.
static void half_and_full_turns_keep_their_phases(void **state)
{
    const char *const operations[2] = {small_chip_cz, small_chip_ecr};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = small_chip(state, 2, "[0,1]", operations[c], "", "");
        qhm_circuit *circuit = create(2, 0);
        const qhm_angle turn = qhm_angle_constant(0.4), half = qhm_angle_constant(M_PI),
                        about[3] = {half, qhm_angle_constant(0.7), qhm_angle_constant(1.9)};
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &turn);
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        append(circuit, QHM_GATE_U, (uint32_t[]){0}, about);
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &turn);
        append(circuit, QHM_GATE_CRX, (uint32_t[]){0, 1}, &half);
        append(circuit, QHM_GATE_CRX, (uint32_t[]){0, 1}, &half);
        append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &turn);
        for (int level = 1; level <= 4; level++)
            require_same(circuit, device, (qhm_compile_options){.level = level});
        qhm_circuit_destroy(circuit);
        qhm_device_destroy(device);
    }
}

static void blocks_take_the_fewest_two_qubit_gates(void **state)
{
    const uint32_t ab[2] = {0, 1}, ba[2] = {1, 0};
    const qhm_angle turn = qhm_angle_constant(0.3);
    qhm_circuit *circuit = create(2, 0);
    append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    for (int i = 0; i < 5; i++) {
        append(circuit, QHM_GATE_CX, ab, NULL);
        append(circuit, QHM_GATE_RY, (uint32_t[]){1}, &turn);
        append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &turn);
        append(circuit, QHM_GATE_CRY, ba, &turn);
    }
    assert_int_equal(two_qubit_gates(state, circuit, 2), 15);
    assert_int_equal(two_qubit_gates(state, circuit, 3), 3);
    qhm_circuit_destroy(circuit);
    circuit = create(2, 0);
    append_two_qubit_unitary(circuit, 0, 1, 0.4);
    assert_int_equal(two_qubit_gates(state, circuit, 1), 2);
    append(circuit, QHM_GATE_SWAP, ab, NULL); // a relabelling
    assert_int_equal(two_qubit_gates(state, circuit, 1), 5);
    assert_int_equal(two_qubit_gates(state, circuit, 2), 2);
    qhm_circuit_destroy(circuit);
}

static void observables_follow_the_layout(void **state)
{
    (void)state;
    qhm_device *device = load("condor");
    qhm_circuit *circuit = fourier(4);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    qhm_observable *observable, *mapped;
    REQUIRE_OK(qhm_observable_parse("0.5 Z0 X3 + Y1 - 2", &observable));
    REQUIRE_OK(qhm_compiled_map_observable(compiled, observable, &mapped));
    const uint32_t *layout = qhm_compiled_final_layout(compiled);
    qhm_backend *backend;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    double values[2];
    for (int i = 0; i < 2; i++) {
        qhm_plan *plan;
        const qhm_observable *list[1] = {i == 0 ? observable : mapped};
        REQUIRE_OK(qhm_plan_create(backend, i == 0 ? circuit : qhm_compiled_circuit(compiled), list,
                                   1, NULL, &plan));
        REQUIRE_OK(
            qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .expectations = &values[i]}));
        qhm_plan_destroy(plan);
    }
    REQUIRE_NEAR(values[1], values[0], 1e-9);
    assert_int_equal(qhm_observable_term_count(mapped), 3);
    bool has_found = false;
    for (size_t t = 0; t < 3; t++) {
        const qhm_pauli_term *term = qhm_observable_term(mapped, t);
        has_found |= term->factor_count == 1 && term->factors[0].qubit == layout[1];
    }
    assert_true(has_found);
    qhm_observable_destroy(observable);
    qhm_observable_destroy(mapped);
    REQUIRE_OK(qhm_observable_parse("Z4", &observable));
    REQUIRE_FAILS(qhm_compiled_map_observable(compiled, observable, &mapped),
                  QHM_ERROR_INVALID_ARGUMENT, "on qubit 4, but the circuit had 4 qubits");
    qhm_observable_destroy(observable);
    qhm_backend_destroy(backend);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void the_same_seed_gives_the_same_circuit(void **state)
{
    (void)state;
    qhm_device *device = load("willow");
    qhm_circuit *circuit = create(12, 0);
    qhm_random random = qhm_random_stream(7, QHM_RANDOM_USER, 83, 0, 0);
    for (int i = 0; i < 80; i++) {
        const uint32_t a = (uint32_t)qhm_random_below(&random, 12),
                       b = (a + 1 + (uint32_t)qhm_random_below(&random, 11)) % 12;
        append(circuit, QHM_GATE_CX, (uint32_t[]){a, b}, NULL);
    }
    qhm_compiled *compiled[3];
    const unsigned threads = qhm_threads_count();
    for (int i = 0; i < 3; i++) {
        REQUIRE_OK(qhm_threads_set_count(i == 1 ? 1 : 3));
        compiled[i] = compile_with(circuit, device, (qhm_compile_options){.seed = i == 2 ? 9 : 4});
    }
    REQUIRE_OK(qhm_threads_set_count(threads));
    assert_true(
        qhm_circuit_is_equal(qhm_compiled_circuit(compiled[0]), qhm_compiled_circuit(compiled[1])));
    assert_false(
        qhm_circuit_is_equal(qhm_compiled_circuit(compiled[0]), qhm_compiled_circuit(compiled[2])));
    for (int i = 0; i < 3; i++)
        qhm_compiled_destroy(compiled[i]);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void names_bits_and_lost_slots_are_kept(void **state)
{
    qhm_device *device = small_chip(state, 3, "[0,1],[1,2]", small_chip_cz, "", "");
    qhm_circuit *circuit = create(0, 0);
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "left", 1));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "right", 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "out", 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 1));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 0, "theta"));
    const qhm_angle in = qhm_angle_input(4, 1), back = qhm_angle_input(4, -1);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &back);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 3));
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    const qhm_circuit *made = qhm_compiled_circuit(compiled);
    assert_int_equal(qhm_circuit_input_count(made), 5);
    assert_string_equal(qhm_circuit_slot_name(made, QHM_SLOT_INPUT, 0), "theta");
    assert_int_equal(qhm_circuit_bit_count(made), 5);
    assert_int_equal(qhm_circuit_bit_register_count(made), 1);
    assert_string_equal(qhm_circuit_bit_register(made, 0)->name, "out");
    assert_int_equal(qhm_circuit_bit_register(made, 0)->first, 2);
    assert_int_equal(qhm_circuit_qubit_count(made), 2);
    assert_int_equal(qhm_compiled_summary_of(compiled)->one_qubit_gates, 0);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void every_pass_says_what_it_did(void **state)
{
    (void)state;
    qhm_device *device = load("willow");
    qhm_circuit *circuit = fourier(6);
    qhm_compiled *compiled =
        compile_with(circuit, device, (qhm_compile_options){.decoupling = "xx"});
    const char *const names[] = {"decompose", "cancel",       "resynthesise", "place",
                                 "route",     "resynthesise", "translate",    "cancel",
                                 "merge",     "schedule",     "decouple"};
    assert_int_equal(qhm_compiled_step_count(compiled), sizeof names / sizeof names[0]);
    for (size_t i = 0; i < qhm_compiled_step_count(compiled); i++) {
        const qhm_compile_step *step = qhm_compiled_step(compiled, i);
        assert_string_equal(step->name, names[i]);
        assert_true(strlen(step->help) > 0 && step->detail);
        if (i > 0)
            assert_memory_equal(&step->before, &qhm_compiled_step(compiled, i - 1)->after,
                                sizeof step->before);
    }
    assert_string_equal(qhm_compiled_step(compiled, 0)->detail, "3 swaps relabelled");
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void the_ideal_device_takes_everything(void **state)
{
    (void)state;
    qhm_device *device = load("ideal");
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 84, 0, 0);
    qhm_circuit *circuit = random_circuit(&random, 5, 20, true);
    qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
    REQUIRE_NEAR(compiled_difference(circuit, compiled, 1), 0, 1e-12);
    assert_int_equal(qhm_compiled_summary_of(compiled)->swap_count, 0);
    REQUIRE_NEAR(qhm_compiled_summary_of(compiled)->estimated_success, 1, 0);
    assert_true(qhm_compiled_summary_of(compiled)->depth > 0);
    qhm_compiled_destroy(compiled);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

static void wrong_options_and_circuits_are_refused(void **state)
{
    qhm_device *device = small_chip(state, 2, "[0,1]", small_chip_cz, "", "");
    qhm_circuit *circuit = create(1, 0), *empty = create(0, 0), *open = create(1, 1);
    qhm_compiled *compiled = NULL;
    REQUIRE_FAILS(qhm_circuit_compile(NULL, device, NULL, &compiled), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a circuit");
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, device, &(qhm_compile_options){.level = 5}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "level is 5");
    REQUIRE_FAILS(
        qhm_circuit_compile(circuit, device, &(qhm_compile_options){.decoupling = "yy"}, &compiled),
        QHM_ERROR_INVALID_ARGUMENT, "decoupling is \"yy\", not xx or xy4");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.rotation_precision = NAN}, &compiled),
                  QHM_ERROR_INVALID_ARGUMENT, "rotation_precision is");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device,
                                      &(qhm_compile_options){.rotations = (qhm_compile_rotations)2},
                                      &compiled),
                  QHM_ERROR_INVALID_ARGUMENT, "rotations is 2");
    REQUIRE_FAILS(qhm_circuit_compile(empty, device, NULL, &compiled), QHM_ERROR_INVALID_ARGUMENT,
                  "no qubits");
    REQUIRE_OK(qhm_circuit_append_instruction(
        open, &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, true)}));
    REQUIRE_FAILS(qhm_circuit_compile(open, device, NULL, &compiled), QHM_ERROR_INVALID_ARGUMENT,
                  "a while without its end");
    const qhm_complex kraus[4] = {{1, 0}, {0, 0}, {0, 0}, {1, 0}};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                                                          .qubit_count = 1,
                                                                          .qubits = (uint32_t[]){0},
                                                                          .matrix = kraus,
                                                                          .kraus_count = 1}));
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "instruction 0 is a channel");
    assert_null(compiled);
    qhm_compiled_destroy(NULL);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(empty);
    qhm_circuit_destroy(open);
    qhm_device_destroy(device);
}

// Without a two-qubit gate, or with one that nobody published.
static void what_a_chip_cannot_say_is_refused(void **state)
{
    static const char assumed[] =
        "{\"name\":\"u\",\"gate\":\"u\",\"is_any_one_qubit_gate\":true,"
        "\"duration\":\"one_qubit_duration_ns\",\"error\":\"one_qubit_error\",\"source\":\"us\"},"
        "{\"name\":\"cx\",\"gate\":\"cx\",\"is_assumed\":true,"
        "\"duration\":\"two_qubit_duration_ns\",\"error\":\"two_qubit_error\",\"source\":\"us\"},";
    qhm_device *device = small_chip(state, 2, "[0,1]", assumed, "", "");
    qhm_circuit *circuit = ghz(2);
    qhm_compiled *compiled;
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "chip lacks cx, cz or ecr, so that circuits are not expressible on it without "
                  "assumed gates");
    compiled = compile_with(circuit, device, (qhm_compile_options){.allow_assumed_gates = true});
    assert_int_equal(qhm_compiled_summary_of(compiled)->assumed_count, 1);
    qhm_compiled_destroy(compiled);
    qhm_device_destroy(device);
    device = small_chip(state, 2, "[0,1]", "", "", "");
    REQUIRE_FAILS(qhm_circuit_compile(circuit, device, NULL, &compiled), QHM_ERROR_UNSUPPORTED,
                  "chip lacks any gate on one qubit");
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

// The delays between two gates become pulses that fill the same time.
static void pulses_fill_long_delays(void **state)
{
    const char *const operations[2] = {small_chip_cz, small_chip_ecr};
    for (int c = 0; c < 2; c++) {
        qhm_device *device = small_chip(state, 2, "[0,1]", operations[c], "", "");
        qhm_circuit *circuit = create(2, 2);
        append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
        append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL);
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        REQUIRE_OK(qhm_circuit_append_delay(circuit, 1, 50)); // too short
        REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 1000));
        append(circuit, QHM_GATE_BARRIER, NULL, NULL);
        append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
        for (size_t i = 0; i < 3; i++) {
            qhm_compiled *compiled =
                compile_with(circuit, device, (qhm_compile_options){.decoupling = decouplings[i]});
            const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
            require_native(compiled, device);
            require_times(compiled, device);
            REQUIRE_NEAR(compiled_difference(circuit, compiled, 1), 0, 1e-12);
            qhm_compiled *plain = compile_with(circuit, device, (qhm_compile_options){0});
            const size_t pulses = i == 0 ? 0 : i == 1 ? 2 : 4;
            assert_int_equal(summary->one_qubit_gates,
                             qhm_compiled_summary_of(plain)->one_qubit_gates + 2 * pulses);
            REQUIRE_NEAR(summary->duration_ns, qhm_compiled_summary_of(plain)->duration_ns, 0);
            qhm_compiled_destroy(plain);
            qhm_compiled_destroy(compiled);
        }
        qhm_circuit_destroy(circuit);
        qhm_device_destroy(device);
    }
}

// There and back through a Fourier transform under a chip's noise, exactly: what comes back to 0 is
// near the estimate, which takes no error for harmless.
static void noise_takes_what_was_estimated(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor", "heron"};
    qhm_circuit *circuit = create(4, 4), *transform = fourier(4), *back;
    REQUIRE_OK(qhm_circuit_invert(transform, &back));
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, transform, NULL, NULL, 0, 0));
    append(circuit, QHM_GATE_BARRIER, NULL, NULL);
    REQUIRE_OK(qhm_circuit_append_circuit(circuit, back, NULL, NULL, 0, 0));
    for (uint32_t q = 0; q < 4; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    qhm_backend *backend;
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    for (size_t c = 0; c < sizeof chips / sizeof chips[0]; c++) {
        qhm_device *device = load(chips[c]);
        qhm_compiled *compiled = compile_with(circuit, device, (qhm_compile_options){0});
        const double estimate = qhm_compiled_summary_of(compiled)->estimated_success;
        size_t count;
        const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
        qhm_noise_model *model;
        qhm_circuit *noisy;
        qhm_plan *plan;
        qhm_distribution *outcomes;
        REQUIRE_OK(qhm_noise_model_create_from_device(device, physical, count, NULL, &model));
        REQUIRE_OK(qhm_noise_model_apply(model, qhm_compiled_circuit(compiled), &noisy));
        REQUIRE_OK(qhm_plan_create(backend, noisy, NULL, 0, NULL, &plan));
        REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &outcomes));
        const double kept = qhm_distribution_weight(outcomes, (uint64_t[]){0});
        assert_true(estimate < 0.97);
        assert_true(kept > estimate && log(kept) < 0.6 * log(estimate));
        qhm_distribution_destroy(outcomes);
        qhm_plan_destroy(plan);
        qhm_circuit_destroy(noisy);
        qhm_noise_model_destroy(model);
        qhm_compiled_destroy(compiled);
        qhm_device_destroy(device);
    }
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(transform);
    qhm_circuit_destroy(back);
}

// Circuits with slots and conditions too have nothing that a noise model does not know.
static void noise_models_know_compiled_circuits(void **state)
{
    (void)state;
    const char *const chips[] = {"willow", "condor", "heron"};
    for (size_t c = 0; c < sizeof chips / sizeof chips[0]; c++) {
        qhm_device *device = load(chips[c]);
        for (int level = 1; level <= 4; level++) {
            qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 85, c, 0);
            qhm_circuit *circuit = measuring_circuit(&random), *noisy;
            qhm_compiled *compiled = compile_with(
                circuit, device, (qhm_compile_options){.level = level, .decoupling = "xy4"});
            size_t count;
            const uint32_t *physical = qhm_compiled_physical_qubits(compiled, &count);
            qhm_noise_model *model;
            REQUIRE_OK(qhm_noise_model_create_from_device(device, physical, count, NULL, &model));
            REQUIRE_OK(qhm_noise_model_apply(model, qhm_compiled_circuit(compiled), &noisy));
            qhm_circuit_destroy(noisy);
            qhm_noise_model_destroy(model);
            qhm_compiled_destroy(compiled);
            qhm_circuit_destroy(circuit);
        }
        qhm_device_destroy(device);
    }
}

struct attempt {
    const qhm_circuit *circuit;
    const qhm_device *device;
    qhm_compile_options options;
};

static qhm_status compile_once(void *context)
{
    struct attempt *attempt = context;
    qhm_compiled *compiled = NULL;
    const qhm_status status =
        qhm_circuit_compile(attempt->circuit, attempt->device, &attempt->options, &compiled);
    qhm_compiled_destroy(compiled);
    return status;
}

static void survives_failing_memory(void **state)
{
    qhm_device *device = small_chip(state, 5, "[0,1],[1,2],[2,3],[3,4]", small_chip_ecr, "", "");
    qhm_circuit *circuit = create(3, 1);
    const qhm_angle in = qhm_angle_input(0, 1);
    append(circuit, QHM_GATE_CCX, (uint32_t[]){0, 1, 2}, NULL);
    append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &in);
    append_two_qubit_unitary(circuit, 0, 2, 0.7);
    append(circuit, QHM_GATE_BARRIER, NULL, NULL);
    REQUIRE_OK(qhm_circuit_append_instruction(
        circuit,
        &(qhm_instruction){.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, true)}));
    append(circuit, QHM_GATE_CX, (uint32_t[]){0, 2}, NULL);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 0));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_END}));
    struct attempt attempt = {circuit, device, {.decoupling = "xx"}};
    require_survives_failing_memory(compile_once, &attempt);
    qhm_circuit_destroy(circuit);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_circuits_keep_their_meaning),
        in_temporary_folder(a_given_layout_is_kept),
        cmocka_unit_test(measurements_and_conditions_keep_their_distribution),
        in_temporary_folder(loops_keep_their_distribution),
        cmocka_unit_test(a_chain_of_twenty_fits_without_swaps),
        cmocka_unit_test(the_fourier_transform_keeps_its_meaning),
        in_temporary_folder(dead_qubits_and_couplers_are_left_out),
        in_temporary_folder(all_of_a_circuit_goes_to_one_part),
        in_temporary_folder(places_are_chosen_by_their_errors),
        in_temporary_folder(success_is_the_product_of_what_is_kept),
        in_temporary_folder(runs_with_slots_are_one_operation),
        in_temporary_folder(what_undoes_itself_goes),
        in_temporary_folder(half_and_full_turns_keep_their_phases),
        in_temporary_folder(blocks_take_the_fewest_two_qubit_gates),
        cmocka_unit_test(observables_follow_the_layout),
        cmocka_unit_test(the_same_seed_gives_the_same_circuit),
        in_temporary_folder(names_bits_and_lost_slots_are_kept),
        cmocka_unit_test(every_pass_says_what_it_did),
        cmocka_unit_test(the_ideal_device_takes_everything),
        in_temporary_folder(wrong_options_and_circuits_are_refused),
        in_temporary_folder(what_a_chip_cannot_say_is_refused),
        in_temporary_folder(pulses_fill_long_delays),
        cmocka_unit_test(noise_takes_what_was_estimated),
        cmocka_unit_test(noise_models_know_compiled_circuits),
        in_temporary_folder(survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
