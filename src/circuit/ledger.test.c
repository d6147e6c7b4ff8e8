// Ledgers of circuits whose answers are known by hand.
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/ledger.h>
#include <qhm/types.h>

#include <jansson.h>

static const double pi = 3.14159265358979323846;

static qhm_circuit *make(size_t qubits, size_t bits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, bits, &circuit));
    return circuit;
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b, qhm_angle angle)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){a, b, 3 - a - b}, &angle));
}

static void append_plain(qhm_circuit *circuit, qhm_gate gate, uint32_t a, uint32_t b)
{
    append(circuit, gate, a, b, qhm_angle_constant(0));
}

static qhm_ledger count(const qhm_circuit *circuit, const qhm_ledger_options *options)
{
    qhm_ledger ledger;
    REQUIRE_OK(qhm_circuit_count_ledger(circuit, options, &ledger));
    return ledger;
}

// RY(x0) CX RY(x1) | RY(w0) CX | measure measure
static qhm_circuit *make_classifier(void)
{
    qhm_circuit *circuit = make(2, 2);
    append(circuit, QHM_GATE_RY, 0, 0, qhm_angle_input(0, 1));
    append_plain(circuit, QHM_GATE_CX, 0, 1);
    append(circuit, QHM_GATE_RY, 1, 0, qhm_angle_input(1, 1));
    append(circuit, QHM_GATE_RY, 0, 0, qhm_angle_weight(0));
    append_plain(circuit, QHM_GATE_CX, 0, 1);
    for (uint32_t q = 0; q < 2; q++)
        REQUIRE_OK(qhm_circuit_append_measure(circuit, q, q));
    return circuit;
}

static void phases_end_with_the_last_input_and_begin_with_final_measurements(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_classifier();
    const qhm_ledger ledger = count(circuit, NULL);
    const qhm_phase_counts *encode = &ledger.phases[QHM_PHASE_ENCODE];
    const qhm_phase_counts *execute = &ledger.phases[QHM_PHASE_EXECUTE];
    const qhm_phase_counts *read = &ledger.phases[QHM_PHASE_READ_OUT];
    assert_int_equal(encode->one_qubit_gates, 2);
    assert_int_equal(encode->two_qubit_gates, 1);
    assert_int_equal(encode->by_gate[QHM_GATE_RY], 2);
    assert_int_equal(encode->rotations, 2);
    assert_int_equal(execute->one_qubit_gates, 1);
    assert_int_equal(execute->two_qubit_gates, 1);
    assert_int_equal(execute->measurements, 0);
    assert_int_equal(read->measurements, 2);
    assert_int_equal(read->by_gate[QHM_GATE_MEASURE], 2);
    assert_int_equal(ledger.qubits, 2);
    assert_int_equal(ledger.two_qubit_depth, 2);
    assert_int_equal(ledger.settings, 1);
    assert_int_equal(ledger.circuits, 1);
    assert_int_equal(ledger.shots, 1);
    assert_int_equal(ledger.state_preparations, 1);
    qhm_circuit_destroy(circuit);
}

static void every_shot_loads_the_data_again(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_classifier();
    const qhm_ledger_options options = {.shots = 1000, .oracle_calls = 3};
    const qhm_ledger ledger = count(circuit, &options);
    assert_int_equal(ledger.state_preparations, 1000);
    assert_int_equal(ledger.oracle_calls, 3000);
    assert_int_equal(ledger.phases[QHM_PHASE_ENCODE].two_qubit_gates, 1000);
    assert_int_equal(qhm_ledger_total(&ledger).measurements, 2000);
    assert_int_equal(ledger.circuits, 1); // one circuit, a thousand shots
    assert_int_equal(ledger.two_qubit_depth, 2);
    qhm_circuit_destroy(circuit);
}

static void post_selection_is_charged_with_what_it_discards(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_classifier();
    const qhm_ledger quarter =
        count(circuit, &(qhm_ledger_options){.shots = 100, .kept_share = 0.25});
    assert_int_equal(quarter.shots, 400);
    assert_int_equal(quarter.discarded_shots, 300);
    assert_int_equal(quarter.phases[QHM_PHASE_ENCODE].one_qubit_gates, 800);
    const qhm_ledger all = count(circuit, &(qhm_ledger_options){.shots = 100, .kept_share = 1});
    assert_int_equal(all.shots, 100);
    assert_int_equal(all.discarded_shots, 0);
    qhm_ledger untouched;
    REQUIRE_FAILS(
        qhm_circuit_count_ledger(circuit, &(qhm_ledger_options){.kept_share = 1.5}, &untouched),
        QHM_ERROR_INVALID_ARGUMENT, "kept_share is 1.5");
    REQUIRE_FAILS(qhm_circuit_count_ledger(NULL, NULL, &untouched), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a circuit");
    qhm_circuit_destroy(circuit);
}

static void computing_and_uncomputing_counts_twice(void **state)
{
    (void)state;
    qhm_circuit *once = make(3, 0), *inverse;
    append(once, QHM_GATE_RY, 0, 0, qhm_angle_input(0, 1));
    append_plain(once, QHM_GATE_T, 1, 0);
    append_plain(once, QHM_GATE_CCX, 0, 1);
    append(once, QHM_GATE_CP, 0, 2, qhm_angle_input(1, 1));
    REQUIRE_OK(qhm_circuit_invert(once, &inverse));
    qhm_circuit *both;
    REQUIRE_OK(qhm_circuit_copy(once, &both));
    REQUIRE_OK(qhm_circuit_append_circuit(both, inverse, NULL, NULL, 0, 0));
    const qhm_ledger first = count(once, NULL), twice = count(both, NULL);
    const qhm_phase_counts a = qhm_ledger_total(&first), b = qhm_ledger_total(&twice);
    assert_int_equal(b.one_qubit_gates, 2 * a.one_qubit_gates);
    assert_int_equal(b.two_qubit_gates, 2 * a.two_qubit_gates);
    assert_int_equal(b.larger_gates, 2 * a.larger_gates);
    assert_int_equal(b.t_gates, 2 * a.t_gates);
    assert_int_equal(b.rotations, 2 * a.rotations);
    assert_int_equal(a.rotations, 4); // RY, and CP is three phases
    qhm_circuit_destroy(once);
    qhm_circuit_destroy(inverse);
    qhm_circuit_destroy(both);
}

static uint64_t t_gates(qhm_gate gate, double angle)
{
    qhm_circuit *circuit = make(3, 0);
    append(circuit, gate, 0, 1, qhm_angle_constant(angle));
    const qhm_ledger ledger = count(circuit, NULL);
    qhm_circuit_destroy(circuit);
    return ledger.phases[QHM_PHASE_EXECUTE].t_gates;
}

static void t_gates_are_those_of_the_textbook(void **state)
{
    (void)state;
    assert_int_equal(t_gates(QHM_GATE_T, 0), 1);
    assert_int_equal(t_gates(QHM_GATE_TDG, 0), 1);
    assert_int_equal(t_gates(QHM_GATE_CX, 0), 0);
    assert_int_equal(t_gates(QHM_GATE_ISWAP, 0), 0);
    assert_int_equal(t_gates(QHM_GATE_CCX, 0), 7);
    assert_int_equal(t_gates(QHM_GATE_CSWAP, 0), 7);
    assert_int_equal(t_gates(QHM_GATE_RZ, pi / 4), 1);
    assert_int_equal(t_gates(QHM_GATE_P, -3 * pi / 4), 1);
    assert_int_equal(t_gates(QHM_GATE_RX, pi / 2), 0);
    assert_int_equal(t_gates(QHM_GATE_CP, pi / 2), 3); // a controlled S
    assert_int_equal(t_gates(QHM_GATE_RZ, 0.3), 0);    // a rotation
}

// The T gates of a circuit are those of its expansion, which has nothing left to expand: counted
// kind by kind and one by one.
static void check_expansion(const qhm_circuit *circuit)
{
    static const qhm_gate plain[] = {
        QHM_GATE_H,     QHM_GATE_X,       QHM_GATE_Y,   QHM_GATE_Z,   QHM_GATE_S,  QHM_GATE_SDG,
        QHM_GATE_SX,    QHM_GATE_SXDG,    QHM_GATE_T,   QHM_GATE_TDG, QHM_GATE_RX, QHM_GATE_RY,
        QHM_GATE_RZ,    QHM_GATE_P,       QHM_GATE_CX,  QHM_GATE_CY,  QHM_GATE_CZ, QHM_GATE_SWAP,
        QHM_GATE_ISWAP, QHM_GATE_ISWAPDG, QHM_GATE_ECR,
    };
    qhm_circuit *expanded;
    REQUIRE_OK(qhm_circuit_expand(
        circuit, &(qhm_expand_options){.gates = plain, .gate_count = sizeof plain / sizeof *plain},
        &expanded));
    const qhm_ledger found = count(circuit, NULL), one_by_one = count(expanded, NULL);
    for (int p = 0; p < QHM_PHASE_COUNT; p++) {
        assert_int_equal(found.phases[p].t_gates, one_by_one.phases[p].t_gates);
        assert_int_equal(found.phases[p].rotations, one_by_one.phases[p].rotations);
    }
    qhm_circuit_destroy(expanded);
}

// Gates that differ in their angle, their controls or their matrix alone, again and again.
static qhm_circuit *make_repeated(size_t qubits, bool has_input)
{
    static const uint32_t up[] = {0, 1, 2, 3, 4}, down[] = {4, 3, 2, 1, 0};
    static const qhm_complex s[] = {{1, 0}, {0, 0}, {0, 0}, {0, 1}};
    static const qhm_complex t[] = {{1, 0}, {0, 0}, {0, 0}, {0.6, 0.8}};
    qhm_circuit *circuit = make(qubits, 2);
    for (int again = 0; again < 3; again++)
        for (uint32_t controls = 1; controls < 5; controls++) {
            const uint32_t *own = again % 2 ? down : up;
            const qhm_angle angles[] = {qhm_angle_constant(pi / 4 * (again + 1)),
                                        has_input && again == 1 ? qhm_angle_input(0, 1)
                                                                : qhm_angle_weight(0)};
            for (int a = 0; a < 2; a++)
                REQUIRE_OK(qhm_circuit_append_instruction(
                    circuit, &(qhm_instruction){.gate = a ? QHM_GATE_RY : QHM_GATE_P,
                                                .control_count = controls,
                                                .qubit_count = controls + 1,
                                                .qubits = own,
                                                .angles = &angles[a]}));
            for (int a = 0; a < 2; a++)
                REQUIRE_OK(qhm_circuit_append_instruction(
                    circuit, &(qhm_instruction){.gate = QHM_GATE_UNITARY,
                                                .control_count = controls,
                                                .qubit_count = controls + 1,
                                                .qubits = own,
                                                .matrix = a ? s : t}));
            append_plain(circuit, QHM_GATE_CCX, 0, controls % 2 + 1);
            append_plain(circuit, QHM_GATE_T, controls, 0);
        }
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    return circuit;
}

static void repeated_gates_count_as_if_one_by_one(void **state)
{
    (void)state;
    for (size_t qubits = 5; qubits < 8; qubits++) // without and with idle qubits to use
        for (int has_input = 0; has_input < 2; has_input++) {
            qhm_circuit *circuit = make_repeated(qubits, has_input);
            check_expansion(circuit);
            qhm_circuit_destroy(circuit);
        }
}

static void noise_delays_and_barriers_are_not_counted(void **state)
{
    (void)state;
    qhm_circuit *circuit = make(1, 0);
    const qhm_complex identity[4] = {{1, 0}, {0, 0}, {0, 0}, {1, 0}};
    const qhm_instruction channel = {.gate = QHM_GATE_CHANNEL,
                                     .qubit_count = 1,
                                     .qubits = (uint32_t[]){0},
                                     .matrix = identity,
                                     .kraus_count = 1};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &channel));
    REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, 20));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
    const qhm_ledger ledger = count(circuit, NULL);
    const qhm_phase_counts total = qhm_ledger_total(&ledger), none = {0};
    assert_memory_equal(&total, &none, sizeof none);
    assert_int_equal(ledger.state_preparations, 0);
    qhm_circuit_destroy(circuit);
}

static void measurements_on_the_way_are_execution(void **state)
{
    (void)state;
    qhm_circuit *circuit = make(2, 2);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0)); // decides about X
    const qhm_instruction flip = {
        .gate = QHM_GATE_X, .qubits = (uint32_t[]){1}, .condition = qhm_condition_bit(0, true)};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &flip));
    append_plain(circuit, QHM_GATE_RESET, 0, 0);
    const uint8_t letters[2] = {QHM_PAULI_X, QHM_PAULI_Z};
    REQUIRE_OK(
        qhm_circuit_append_pauli_measure(circuit, 2, letters, (uint32_t[]){0, 1}, 1)); // the last
    const qhm_ledger ledger = count(circuit, NULL);
    assert_int_equal(ledger.phases[QHM_PHASE_EXECUTE].measurements, 1);
    assert_int_equal(ledger.phases[QHM_PHASE_EXECUTE].resets, 1);
    assert_int_equal(ledger.phases[QHM_PHASE_EXECUTE].one_qubit_gates, 1);
    assert_int_equal(ledger.phases[QHM_PHASE_READ_OUT].measurements, 1);
    assert_int_equal(ledger.phases[QHM_PHASE_READ_OUT].by_gate[QHM_GATE_MEASURE_PAULI], 1);
    qhm_circuit_destroy(circuit);
}

static void measurements_in_a_loop_are_execution(void **state)
{
    (void)state;
    qhm_circuit *circuit = make(1, 1);
    const qhm_instruction loop = {.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, false)};
    const qhm_instruction end = {.gate = QHM_GATE_END};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &loop));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &end));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    const qhm_ledger ledger = count(circuit, NULL);
    assert_int_equal(ledger.phases[QHM_PHASE_EXECUTE].measurements, 1);
    assert_int_equal(ledger.phases[QHM_PHASE_READ_OUT].measurements, 1);
    qhm_circuit_destroy(circuit);
}

static void shifted_circuits_are_two_or_four_an_angle(void **state)
{
    (void)state;
    qhm_circuit *circuit = make(2, 0);
    append(circuit, QHM_GATE_RY, 0, 0, qhm_angle_input(0, 1));
    append(circuit, QHM_GATE_CRX, 0, 1, qhm_angle_weight(0));
    append(circuit, QHM_GATE_RZ, 0, 0, qhm_angle_constant(1));
    assert_int_equal(qhm_circuit_shift_count(circuit), 2 + 4);
    qhm_circuit_destroy(circuit);
}

static void sums_keep_the_larger_size_and_never_overflow(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_classifier(), *wide = make(5, 0);
    append_plain(wide, QHM_GATE_H, 0, 0);
    qhm_ledger sum = count(circuit, NULL);
    const qhm_ledger more = count(wide, NULL);
    qhm_ledger_add(&sum, &more);
    assert_int_equal(sum.qubits, 5);
    assert_int_equal(sum.two_qubit_depth, 2);
    assert_int_equal(sum.circuits, 2);
    assert_int_equal(sum.settings, 2);
    assert_int_equal(sum.phases[QHM_PHASE_EXECUTE].one_qubit_gates, 2);
    qhm_ledger_repeat(&sum, UINT64_MAX);
    assert_true(sum.shots == INT64_MAX);
    assert_true(sum.qubits == 5);
    qhm_ledger_add(&sum, &sum);
    assert_true(sum.shots == INT64_MAX);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(wide);
}

static void a_ledger_prints_as_text_and_as_json(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_classifier();
    const qhm_ledger ledger = count(circuit, &(qhm_ledger_options){.shots = 10});
    char *text;
    REQUIRE_OK(qhm_ledger_print(&ledger, &text));
    assert_non_null(strstr(text, "qubits 2\n"));
    assert_non_null(strstr(text, "shots 10\n"));
    assert_null(strstr(text, "discarded"));
    assert_non_null(strstr(text, "  one qubit gates               20            10             0"
                                 "            30\n"));
    assert_non_null(strstr(text, "  ry                            20            10"));
    qhm_string_destroy(text);
    REQUIRE_OK(qhm_ledger_print_json(&ledger, &text));
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    json_int_t shots = 0, gates = 0, measured = 0;
    assert_int_equal(json_unpack(object, "{s:I, s:{s:{s:I}}, s:{s:I}}", "shots", &shots, "encode",
                                 "by_gate", "ry", &gates, "read_out", "measurements", &measured),
                     0);
    assert_int_equal(shots, 10);
    assert_int_equal(gates, 20);
    assert_int_equal(measured, 20);
    json_decref(object);
    qhm_string_destroy(text);
    REQUIRE_FAILS(qhm_ledger_print(NULL, &text), QHM_ERROR_INVALID_ARGUMENT, "NULL");
    REQUIRE_FAILS(qhm_ledger_print_json(&ledger, NULL), QHM_ERROR_INVALID_ARGUMENT, "NULL");
    assert_string_equal(qhm_phase_name(QHM_PHASE_READ_OUT), "read out");
    qhm_circuit_destroy(circuit);
}

static qhm_status count_and_print(void *context)
{
    qhm_ledger ledger;
    qhm_status status = qhm_circuit_count_ledger(context, NULL, &ledger);
    char *text;
    if (status == QHM_OK)
        status = qhm_ledger_print(&ledger, &text);
    if (status != QHM_OK)
        return status;
    qhm_string_destroy(text);
    status = qhm_ledger_print_json(&ledger, &text);
    if (status == QHM_OK)
        qhm_string_destroy(text);
    return status;
}

static void failing_memory_is_survived(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_classifier();
    append_plain(circuit, QHM_GATE_H, 0, 0);
    append(circuit, QHM_GATE_CP, 0, 1, qhm_angle_constant(1));
    qhm_circuit *repeated = make_repeated(5, false);
    require_survives_failing_memory(count_and_print, circuit);
    require_survives_failing_memory(count_and_print, repeated);
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(repeated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_end_with_the_last_input_and_begin_with_final_measurements),
        cmocka_unit_test(every_shot_loads_the_data_again),
        cmocka_unit_test(post_selection_is_charged_with_what_it_discards),
        cmocka_unit_test(computing_and_uncomputing_counts_twice),
        cmocka_unit_test(t_gates_are_those_of_the_textbook),
        cmocka_unit_test(repeated_gates_count_as_if_one_by_one),
        cmocka_unit_test(noise_delays_and_barriers_are_not_counted),
        cmocka_unit_test(measurements_on_the_way_are_execution),
        cmocka_unit_test(measurements_in_a_loop_are_execution),
        cmocka_unit_test(shifted_circuits_are_two_or_four_an_angle),
        cmocka_unit_test(sums_keep_the_larger_size_and_never_overflow),
        cmocka_unit_test(a_ledger_prints_as_text_and_as_json),
        cmocka_unit_test(failing_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
