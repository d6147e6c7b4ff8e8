// Hand-written noise models: what they do, and every mistake with its line.
#include "support/failing_memory.h"
#include "support/reference_density.h"
#include "support/reference_simulator.h"

#include <qhm/noise_model.h>

static qhm_noise_model *parse(const char *text, const qhm_noise_options *options)
{
    qhm_noise_model *model;
    REQUIRE_OK(qhm_noise_model_parse(text, strlen(text), "lab.yaml", options, &model));
    return model;
}

static void require_mistake(const char *text, const char *part)
{
    qhm_noise_model *model;
    REQUIRE_FAILS(qhm_noise_model_parse(text, strlen(text), "lab.yaml", NULL, &model),
                  QHM_ERROR_BAD_INPUT, part);
}

static qhm_channel *channel_of(const qhm_noise_model *model, qhm_gate gate, uint32_t a, uint32_t b)
{
    const uint32_t qubits[2] = {a, b};
    const qhm_gate_info *info = qhm_gate_information(gate);
    const uint32_t count = gate == QHM_GATE_DELAY ? 1 : info->control_count + info->target_count;
    const qhm_instruction instruction = {
        .gate = gate, .qubit_count = count, .qubits = qubits, .duration_ns = 1000};
    qhm_channel *channel;
    REQUIRE_OK(qhm_noise_model_channel(model, &instruction, &channel));
    return channel;
}

static void require_paulis(const qhm_noise_model *model, qhm_gate gate, uint32_t a, uint32_t b,
                           const double *expected)
{
    qhm_channel *channel = channel_of(model, gate, a, b);
    double probabilities[16];
    bool is_pauli;
    REQUIRE_OK(qhm_channel_pauli_probabilities(channel, probabilities, &is_pauli));
    assert_true(is_pauli);
    for (size_t i = 0; i < (size_t)1 << 2 * channel->qubit_count; i++)
        REQUIRE_NEAR(probabilities[i], expected[i], 1e-14);
    qhm_channel_destroy(channel);
}

static const char example[] =
    "name: lab\n"
    "qubits: 3\n"
    "one_qubit: {depolarizing: 0.004}\n"
    "two_qubit: {bit_flip: 0.1}\n"
    "gates:\n"
    "  cz: {pauli: {ZI: 0.02, XY: 0.01}}\n"
    "  x:\n"
    "    phase_flip: 0.25\n"
    "    bit_flip: 0.1\n"
    "measure: {flip_0: 0.01, flip_1: 0.03}\n"
    "reset: {bit_flip: 0.02}\n"
    "idle: {t1_us: 50, t2_us: 30}\n"
    "places:\n"
    "  - operation: cz\n"
    "    qubits: [1, 2]\n"
    "    noise: {average_error: 0.03}\n"
    "  - {operation: measure, qubits: [2], noise: {error: 0.2}}\n"
    "  - {operation: idle, qubits: [1], noise: {z_rate_per_second: 1e5}}\n";

static void a_file_gives_its_channels(void **state)
{
    (void)state;
    qhm_noise_model *model = parse(example, NULL);
    assert_string_equal(qhm_noise_model_name(model), "lab");
    assert_int_equal(qhm_noise_model_qubit_count(model), 3);
    const double one[4] = {0.997, 0.001, 0.001, 0.001};
    require_paulis(model, QHM_GATE_H, 0, 0, one);
    const double two[16] = {0.81, 0.09, 0, 0, 0.09, 0.01};
    require_paulis(model, QHM_GATE_CX, 0, 1, two);
    double cz[16] = {0.97};
    cz[4 * QHM_PAULI_Z] = 0.02;               // ZI: Z on the second qubit
    cz[4 * QHM_PAULI_X + QHM_PAULI_Y] = 0.01; // XY: Y on the first
    require_paulis(model, QHM_GATE_CZ, 0, 1, cz);
    double there[16]; // average error 0.03 = p (1 - 1 / 4)
    for (int i = 0; i < 16; i++)
        there[i] = i == 0 ? 1 - 0.04 * 15 / 16 : 0.04 / 16;
    require_paulis(model, QHM_GATE_CZ, 1, 2, there);
    const double x[4] = {0.75 * 0.9, 0.75 * 0.1, 0.25 * 0.1, 0.25 * 0.9};
    require_paulis(model, QHM_GATE_X, 0, 0, x);
    const double reset[4] = {0.98, 0.02, 0, 0};
    require_paulis(model, QHM_GATE_RESET, 0, 0, reset);
    const double flip = (1 - exp(-2 * 1e5 * 1e-6)) / 2, z[4] = {1 - flip, 0, 0, flip};
    require_paulis(model, QHM_GATE_DELAY, 1, 0, z);
    qhm_channel *idle = channel_of(model, QHM_GATE_DELAY, 0, 0);
    double matrix[16], flips[2];
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(idle, matrix));
    REQUIRE_NEAR(matrix[5], exp(-1 / 30.0), 1e-14);
    REQUIRE_NEAR(matrix[15], exp(-1 / 50.0), 1e-14);
    qhm_channel_destroy(idle);
    qhm_noise_model_readout(model, 0, flips);
    assert_true(flips[0] == 0.01 && flips[1] == 0.03);
    qhm_noise_model_readout(model, 2, flips);
    assert_true(flips[0] == 0.2 && flips[1] == 0.2);
    char *text;
    REQUIRE_OK(qhm_noise_model_print(model, &text));
    assert_non_null(strstr(text, "noise of lab on 3 qubits"));
    assert_non_null(strstr(text, "x: average error 0.217\n"));
    qhm_string_destroy(text);
    qhm_noise_model_destroy(model);
}

// Z with 0.02 on the second listed qubit, which is qubit 2, and Y with 0.01 on the first, X on the
// other: whichever order the circuit has.
static void rules_of_symmetric_gates_hold_for_both_orders(void **state)
{
    (void)state;
    qhm_noise_model *model = parse(
        "places:\n"
        "  - {operation: cz, qubits: [1, 2], noise: {pauli: {ZI: 0.02, XY: 0.01}}}\n"
        "  - {operation: cx, qubits: [1, 2], noise: {pauli: {ZI: 0.02}}}\n"
        "  - {operation: swap, qubits: [0, 1], noise: {pauli: {ZI: 0.5}}}\n"
        "  - {operation: swap, qubits: [1, 0], noise: {pauli: {ZI: 0.25}}}\n"
        "  - {operation: two_qubit, qubits: [2, 3], noise: {pauli: {ZI: 0.125}, bit_flip: 0.1}}\n",
        NULL);
    double there[16] = {0.97}, back[16] = {0.97};
    there[4 * QHM_PAULI_Z] = back[QHM_PAULI_Z] = 0.02;
    there[4 * QHM_PAULI_X + QHM_PAULI_Y] = back[4 * QHM_PAULI_Y + QHM_PAULI_X] = 0.01;
    require_paulis(model, QHM_GATE_CZ, 1, 2, there);
    require_paulis(model, QHM_GATE_CZ, 2, 1, back);
    const double none[16] = {1}, half[16] = {0.5, [4 * QHM_PAULI_Z] = 0.5};
    const double quarter[16] = {0.75, [4 * QHM_PAULI_Z] = 0.25};
    require_paulis(model, QHM_GATE_CX, 2, 1, none);
    require_paulis(model, QHM_GATE_SWAP, 0, 1, half); // both orders are in the file
    require_paulis(model, QHM_GATE_SWAP, 1, 0, quarter);
    double any[16];
    for (size_t i = 0; i < 16; i++) { // Z on qubit 3, then X on each
        const size_t high = i / 4, low = i % 4;
        const double first = high < 2 ? 0.875 : 0.125;
        any[4 * low + high] = first * (high == 1 || high == 2 ? 0.1 : 0.9) *
                              (low == 1   ? 0.1
                               : low == 0 ? 0.9
                                          : 0);
    }
    require_paulis(model, QHM_GATE_CX, 3, 2, any);
    qhm_circuit *circuit, *noisy; // the same in a circuit: Z on qubit 2
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CZ, (uint32_t[]){2, 1}, NULL));
    REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
    const qhm_instruction *channel = qhm_circuit_instruction(noisy, 1);
    assert_int_equal(channel->gate, QHM_GATE_CHANNEL);
    assert_true(channel->qubits[0] == 1 && channel->qubits[1] == 2);
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
    qhm_noise_model_destroy(model);
}

// Against the matrices of the gates.
static void gates_without_an_order_are_those_whose_matrix_has_none(void **state)
{
    (void)state;
    for (int g = 0; g < QHM_GATE_COUNT; g++) {
        const qhm_gate_info *info = qhm_gate_information((qhm_gate)g);
        if (!info->is_unitary || info->control_count + info->target_count != 2 ||
            g == QHM_GATE_UNITARY)
            continue;
        char text[128];
        snprintf(text, sizeof text,
                 "places: [{operation: %s, qubits: [0, 1], noise: {bit_flip: 0.5}}]\n", info->name);
        qhm_noise_model *model = parse(text, NULL);
        const qhm_angle angles[3] = {qhm_angle_constant(0.3), qhm_angle_constant(0.5),
                                     qhm_angle_constant(-0.8)};
        qhm_complex *matrices[2];
        for (uint32_t order = 0; order < 2; order++) {
            qhm_circuit *circuit;
            REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
            REQUIRE_OK(
                qhm_circuit_append(circuit, (qhm_gate)g, (uint32_t[]){order, 1 - order}, angles));
            matrices[order] = reference_circuit_matrix(circuit, NULL, NULL);
            qhm_circuit_destroy(circuit);
        }
        const double distance = reference_distance(matrices[0], matrices[1], 16);
        free(matrices[0]);
        free(matrices[1]);
        const bool is_mirrored = qhm_noise_model_rule_count(model) == 2;
        if (is_mirrored != (distance < 1e-12))
            fail_msg("%s: %g", info->name, distance);
        qhm_noise_model_destroy(model);
    }
}

typedef struct coherent {
    const char *text;
    qhm_gate gate;
    double infidelity;
    double twirled[16]; // without the identity
} coherent;

// Average infidelities and twirls by their closed forms, and the unitaries by the state that they
// make of a given one: what a sign does.
static void coherent_errors_have_their_closed_forms(void **state)
{
    (void)state;
    const double s = sin(0.1) * sin(0.1), phase = (1 - cos(0.3)) / 8, h = pow(sin(0.15), 2);
    const coherent cases[] = {
        {"one_qubit: {rotation: {y: 0.2}}", QHM_GATE_X, 2 * s / 3, {[QHM_PAULI_Y] = s}},
        {"one_qubit: {rotation: {x: 0.12, z: -0.16}}",
         QHM_GATE_X,
         2 * s / 3,
         {[QHM_PAULI_X] = 0.36 * s, [QHM_PAULI_Z] = 0.64 * s}},
        {"gates: {cz: {controlled_phase: 0.3}}",
         QHM_GATE_CZ,
         0.3 * (1 - cos(0.3)),
         {[QHM_PAULI_Z] = phase, [4 * QHM_PAULI_Z] = phase, [5 * QHM_PAULI_Z] = phase}},
        {"gates: {cz: {swap_angle: -0.3}}",
         QHM_GATE_CZ,
         0.8 * (1 - (1 - h) * (1 - h)),
         {[5 * QHM_PAULI_X] = h * (1 - h),
          [5 * QHM_PAULI_Y] = h * (1 - h),
          [5 * QHM_PAULI_Z] = h * h}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        qhm_noise_model *model = parse(cases[c].text, NULL);
        qhm_noise_model *twirled = parse(cases[c].text, &(qhm_noise_options){.is_twirled = true});
        qhm_channel *channel = channel_of(model, cases[c].gate, 0, 1);
        REQUIRE_NEAR(1 - qhm_channel_average_fidelity(channel, NULL), cases[c].infidelity, 1e-14);
        assert_int_equal(channel->kraus_count, 1);
        double expected[16], sum = 0;
        for (int i = 1; i < 16; i++)
            sum += expected[i] = cases[c].twirled[i];
        expected[0] = 1 - sum;
        require_paulis(twirled, cases[c].gate, 0, 1, expected);
        qhm_channel_destroy(channel);
        qhm_noise_model_destroy(twirled);
        qhm_noise_model_destroy(model);
    }
}

// The turn of many gates is the sum of their turns; a model at scale 4 has angles twice as large.
static void coherent_errors_add_up_with_their_sign(void **state)
{
    (void)state;
    const char *const text = "gates: {x: {rotation: {x: 0.01}}, cz: {controlled_phase: 0.02}}";
    for (int scale = 1; scale <= 4; scale *= 4) {
        qhm_noise_model *model = parse(text, &(qhm_noise_options){.scale = scale});
        const double size = scale == 4 ? 2 : 1;
        qhm_circuit *circuit, *noisy;
        REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
        for (int i = 0; i < 20; i++)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){0}, NULL));
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        qhm_complex *rho = reference_density(noisy, NULL, NULL);
        REQUIRE_NEAR(rho[5].re, pow(sin(0.1 * size), 2), 1e-12);           // of RX(0.2)
        REQUIRE_NEAR(rho[1].im, cos(0.1 * size) * sin(0.1 * size), 1e-12); // <0| rho |1>
        free(rho);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
        REQUIRE_OK(qhm_circuit_create(2, 0, &circuit)); // a Ramsey fringe under a control
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_X, (uint32_t[]){1}, NULL));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
        for (int i = 0; i < 10; i++)
            REQUIRE_OK(qhm_circuit_append(
                circuit, QHM_GATE_CZ, (uint32_t[]){(uint32_t)i % 2, 1 - (uint32_t)i % 2}, NULL));
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        rho = reference_density(noisy, NULL, NULL);
        // X turned a little about X first; the phase is that of |11> beside |10>.
        const double ones = pow(cos(0.005 * size), 2);
        REQUIRE_NEAR(rho[4 * 2 + 3].re, 0.5 * ones * cos(0.2 * size), 1e-12);
        REQUIRE_NEAR(rho[4 * 2 + 3].im, -0.5 * ones * sin(0.2 * size), 1e-12);
        free(rho);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
        qhm_noise_model_destroy(model);
    }
}

static void every_kind_of_channel_reads(void **state)
{
    (void)state;
    qhm_noise_model *model = parse("one_qubit:\n"
                                   "  kraus:\n"
                                   "    - [[1, 0], [0, 0.6]]\n"
                                   "    - [[0, [0, 0.8]], [0, 0]]\n",
                                   NULL);
    qhm_channel *channel = channel_of(model, QHM_GATE_H, 0, 0), *damping;
    double a[16], b[16];
    REQUIRE_OK(qhm_channel_create_amplitude_damping(0.64, 0, &damping));
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(channel, a));
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(damping, b));
    for (int i = 0; i < 16; i++)
        REQUIRE_NEAR(a[i], b[i], 1e-14);
    qhm_channel_destroy(channel);
    qhm_channel_destroy(damping);
    qhm_noise_model_destroy(model);
    model = parse("one_qubit: {amplitude_damping: 0.19, phase_damping: 0.36,\n"
                  "  thermal_relaxation: {duration_ns: 500, t1_us: 50, t2_us: 80}}\n",
                  NULL);
    channel = channel_of(model, QHM_GATE_SX, 7, 0); // any number of qubits
    REQUIRE_OK(qhm_channel_pauli_transfer_matrix(channel, a));
    REQUIRE_NEAR(a[5], 0.9 * 0.8 * exp(-0.5 / 80), 1e-14);
    REQUIRE_NEAR(a[15], 0.81 * exp(-0.5 / 50), 1e-14);
    qhm_channel_destroy(channel);
    qhm_noise_model_destroy(model);
}

static void gates_beyond_all_rules_are_refused(void **state)
{
    (void)state;
    qhm_noise_model *model = parse(example, NULL);
    qhm_circuit *circuit, *noisy;
    REQUIRE_OK(qhm_circuit_create(3, 1, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
    assert_int_equal(qhm_circuit_instruction_count(noisy), 3);
    assert_true(qhm_circuit_instruction(noisy, 2)->flips[1] == 0.03);
    qhm_circuit *twice; // flips of flips
    REQUIRE_OK(qhm_noise_model_apply(model, noisy, &twice));
    REQUIRE_NEAR(qhm_circuit_instruction(twice, 3)->flips[0], 0.01 * (1 - 0.03) + 0.99 * 0.01,
                 1e-15);
    qhm_circuit_destroy(twice);
    qhm_circuit_destroy(noisy);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CCX, (uint32_t[]){0, 1, 2}, NULL));
    REQUIRE_FAILS(qhm_noise_model_apply(model, circuit, &noisy), QHM_ERROR_UNSUPPORTED,
                  "instruction 2, ccx on 3 qubits, has no rule in the noise model lab");
    qhm_circuit_destroy(circuit);
    qhm_noise_model_destroy(model);
}

// GHZ with depolarising of probability p after each CX, by hand: each hit replaces two qubits.
static void a_ghz_state_under_depolarising_has_its_closed_form(void **state)
{
    (void)state;
    const double p = 0.12;
    qhm_noise_model *model = parse("two_qubit: {depolarizing: 0.12}\n", NULL);
    const double expected[4] = {0, 0, (1 - p) + p / 4,
                                (1 - p) * (1 - p) + p * (1 - p) / 8 + (1 - p) * p / 4 + p * p / 8};
    for (uint32_t n = 2; n <= 3; n++) {
        qhm_circuit *circuit, *noisy;
        REQUIRE_OK(qhm_circuit_create(n, 0, &circuit));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
        for (uint32_t q = 1; q < n; q++)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q - 1, q}, NULL));
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        qhm_complex *rho = reference_density(noisy, NULL, NULL);
        const size_t d = (size_t)1 << n, last = d * d - 1;
        REQUIRE_NEAR((rho[0].re + rho[last].re + rho[d - 1].re + rho[last - d + 1].re) / 2,
                     expected[n], 1e-14);
        free(rho);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
    }
    qhm_noise_model_destroy(model);
}

static void options_reach_hand_written_models(void **state)
{
    (void)state;
    qhm_noise_model *model = parse(example, &(qhm_noise_options){.scale = 2});
    const double one[4] = {0.994, 0.002, 0.002, 0.002};
    require_paulis(model, QHM_GATE_H, 0, 0, one);
    double flips[2];
    qhm_noise_model_readout(model, 2, flips);
    REQUIRE_NEAR(flips[0], 0.4, 1e-15);
    qhm_noise_model_destroy(model);
    model = parse(example, &(qhm_noise_options){.without_gates = true, .without_readout = true});
    const double none[4] = {1, 0, 0, 0};
    require_paulis(model, QHM_GATE_H, 0, 0, none);
    qhm_noise_model_readout(model, 2, flips);
    assert_true(flips[0] == 0 && flips[1] == 0);
    qhm_noise_model_destroy(model);
    const char kraus[] = "one_qubit: {kraus: [[[1, 0], [0, 1]]]}\n";
    REQUIRE_FAILS(qhm_noise_model_parse(kraus, strlen(kraus), "lab.yaml",
                                        &(qhm_noise_options){.scale = 2}, &model),
                  QHM_ERROR_BAD_INPUT, "lab.yaml:1: operators cannot be scaled by 2");
}

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    require_mistake("one_qubit: {depolarising: 0.1}\n", "lab.yaml:1: ");
    require_mistake("one_qubit: {depolarising: 0.1}\n", "did you mean \"depolarizing\"");
    require_mistake("\none_qubit: {depolarizing: 1.5}\n",
                    "lab.yaml:2: depolarizing is 1.5, not 0 to 1.33333");
    require_mistake("one_qubit: {controlled_phase: 0.1}\n",
                    "controlled_phase is of two qubits, not of 1");
    require_mistake("one_qubit: {rotation: {x: 5}}\n", "x is \"5\", not a number from -4 to 4");
    require_mistake("one_qubit: {bit_flip: many}\n", "bit_flip is not a number");
    require_mistake("one_qubit: 0.1\n", "one_qubit is a value, not a mapping");
    require_mistake("two_qubit: {pauli: {X: 0.1}}\n", "\"X\" is not 2 letters of I, X, Y and Z");
    require_mistake("one_qubit: {pauli: {I: 0.1}}\n", "the identity has what the others leave");
    require_mistake("one_qubit: {pauli: {X: 0.6, Z: 0.6}}\n", "add up to 1.2, more than 1");
    require_mistake("gates: {cnot: {bit_flip: 0.1}}\n", "lab.yaml:1: ");
    require_mistake("gates: {barrier: {bit_flip: 0.1}}\n", "barrier has no noise of its own");
    require_mistake("gate: {cx: {bit_flip: 0.1}}\n", "gates");
    require_mistake("idle: {t1_us: 30, t2_us: 61}\n",
                    "lab.yaml:1: t2_us is 61, above twice t1_us, which is 30");
    require_mistake("one_qubit:\n  thermal_relaxation: {duration_ns: 9, t1_us: 1, t2_us: 3}\n",
                    "lab.yaml:2: T2 is 3000 ns, above twice T1, which is 1000 ns");
    require_mistake("measure: {error: 0.1, flip_1: 0.1}\n", "give it or them");
    require_mistake("measure: {flip_0: 2}\n", "lab.yaml:1: ");
    require_mistake("one_qubit: {kraus: [[[1, 0], [0, 0.5]]]}\n", "0.75 from 1");
    require_mistake("one_qubit: {kraus: [[[1, 0]]]}\n", "a matrix has 1 rows, not 2");
    require_mistake("one_qubit: {kraus: [[[1, 0], [0, [1, 0, 0]]]]}\n", "3 parts, not 2");
    require_mistake("places: {operation: cx}\n", "places is a mapping, not a list");
    require_mistake("places:\n  - {operation: cx, qubits: [0, 1]}\n",
                    "lab.yaml:2: a place needs operation, qubits and noise");
    require_mistake("places:\n  - {operation: cx, qubits: [0], noise: {bit_flip: 0.1}}\n",
                    "cx has 2 qubits, not 1");
    require_mistake("qubits: 2\nplaces:\n  - {operation: x, qubits: [2], noise: {bit_flip: 0.1}}\n",
                    "lab.yaml:3: an item is 2, not 0 to 1");
    require_mistake("places:\n  - {operation: idle, qubits: [0], noise: {t1_us: 3}}\n",
                    "whose \"qubits\" is given");
    qhm_noise_model *model;
    REQUIRE_FAILS(qhm_noise_model_load("/nowhere/lab.yaml", NULL, &model), QHM_ERROR_NOT_FOUND,
                  "/nowhere/lab.yaml");
}

static qhm_status parse_example(void *context)
{
    (void)context;
    qhm_noise_model *model = NULL;
    const qhm_status status =
        qhm_noise_model_parse(example, strlen(example), "lab.yaml", NULL, &model);
    qhm_noise_model_destroy(model);
    return status;
}

static void failing_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    require_survives_failing_memory(parse_example, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_gives_its_channels),
        cmocka_unit_test(rules_of_symmetric_gates_hold_for_both_orders),
        cmocka_unit_test(gates_without_an_order_are_those_whose_matrix_has_none),
        cmocka_unit_test(coherent_errors_have_their_closed_forms),
        cmocka_unit_test(coherent_errors_add_up_with_their_sign),
        cmocka_unit_test(every_kind_of_channel_reads),
        cmocka_unit_test(gates_beyond_all_rules_are_refused),
        cmocka_unit_test(a_ghz_state_under_depolarising_has_its_closed_form),
        cmocka_unit_test(options_reach_hand_written_models),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(failing_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
