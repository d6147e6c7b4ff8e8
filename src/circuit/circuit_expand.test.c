// Expanded circuits, by the matrices that they must have.
#include "circuit/expand_internal.h"

#include "linalg/complex_matrix.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/reference_simulator.h"

enum { MOST_QUBITS = 7, MOST_CONTROLS = 4 };

static const qhm_gate simplest[] = {QHM_GATE_H, QHM_GATE_P, QHM_GATE_RZ, QHM_GATE_CX};
static const qhm_gate u_and_cx[] = {QHM_GATE_U, QHM_GATE_CX};
static const qhm_gate by_sx_and_ecr[] = {QHM_GATE_RZ, QHM_GATE_SX, QHM_GATE_X, QHM_GATE_ECR};
static const qhm_gate by_sx_and_cz[] = {QHM_GATE_RZ, QHM_GATE_SX, QHM_GATE_CZ};
static const qhm_gate trapped_ions[] = {QHM_GATE_RX, QHM_GATE_RY, QHM_GATE_RXX};
static const qhm_gate clifford_and_p[] = {QHM_GATE_H, QHM_GATE_P, QHM_GATE_CX};

struct gate_set {
    const qhm_gate *gates;
    size_t count;
    bool keeps_phase;
};

static const struct gate_set sets[] = {
    {NULL, 0, true},           {simplest, 4, true},      {u_and_cx, 2, false},
    {by_sx_and_ecr, 4, false}, {by_sx_and_cz, 3, false}, {trapped_ions, 3, false},
    {clifford_and_p, 3, true},
};

static bool is_allowed(const struct gate_set *set, qhm_gate gate)
{
    if (set->count == 0)
        return gate != QHM_GATE_UNITARY;
    for (size_t i = 0; i < set->count; i++)
        if (set->gates[i] == gate)
            return true;
    return false;
}

// Equal matrices in the columns of two random states, up to a phase if that is allowed.
static void require_equal(const qhm_complex *a, const qhm_complex *b, size_t count, bool with_phase,
                          const char *what)
{
    qhm_complex overlap = {0, 0};
    double norm = 0, worst = 0;
    for (size_t i = 0; i < count; i++) {
        overlap.re += a[i].re * b[i].re + a[i].im * b[i].im;
        overlap.im += a[i].re * b[i].im - a[i].im * b[i].re;
        norm += a[i].re * a[i].re + a[i].im * a[i].im;
    }
    const double size = hypot(overlap.re, overlap.im);
    REQUIRE_NEAR(size / norm, 1, 1e-12);
    const qhm_complex phase =
        with_phase ? (qhm_complex){1, 0} : (qhm_complex){overlap.re / size, overlap.im / size};
    for (size_t i = 0; i < count; i++)
        worst = fmax(worst, hypot(a[i].re * phase.re - a[i].im * phase.im - b[i].re,
                                  a[i].re * phase.im + a[i].im * phase.re - b[i].im));
    if (!(worst < 1e-12))
        fail_msg("%s: the matrices differ by %g", what, worst);
}

// What a circuit makes of two random states, one after the other; they are the same for every
// circuit on as many qubits.
static qhm_complex *apply_to_states(const qhm_circuit *circuit, const double *inputs,
                                    const double *weights)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit), dimension = (size_t)1 << qubits;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 73, 0, 0);
    qhm_complex *states = malloc(2 * dimension * sizeof *states);
    for (size_t s = 0; s < 2; s++) {
        qhm_complex *state = reference_random_state(&random, dimension);
        for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
            qhm_complex *matrix = reference_instruction_matrix(qhm_circuit_instruction(circuit, i),
                                                               qubits, inputs, weights);
            qhm_complex *next = reference_apply(matrix, state, dimension);
            free(matrix);
            free(state);
            state = next;
        }
        memcpy(states + s * dimension, state, dimension * sizeof *state);
        free(state);
    }
    return states;
}

static void check_expansion(const qhm_circuit *circuit, const struct gate_set *set,
                            const double *inputs, const double *weights, const char *what)
{
    const qhm_expand_options options = {set->gates, set->count, set->keeps_phase};
    qhm_circuit *expanded;
    REQUIRE_OK(qhm_circuit_expand(circuit, &options, &expanded));
    for (size_t i = 0; i < qhm_circuit_instruction_count(expanded); i++) {
        const qhm_instruction *instruction = qhm_circuit_instruction(expanded, i);
        assert_int_equal(instruction->control_count, 0);
        assert_true(is_allowed(set, instruction->gate));
    }
    const size_t dimension = (size_t)1 << qhm_circuit_qubit_count(circuit);
    qhm_complex *before = apply_to_states(circuit, inputs, weights);
    qhm_complex *after = apply_to_states(expanded, inputs, weights);
    require_equal(before, after, 2 * dimension, set->keeps_phase, what);
    free(before);
    free(after);
    qhm_circuit_destroy(expanded);
}

// One gate under `controls` controls on scattered qubits, its angles slots or constants.
static qhm_circuit *make_one_gate(qhm_gate gate, uint32_t controls, uint32_t idle, bool has_slots)
{
    const qhm_gate_info *info = qhm_gate_information(gate);
    const uint32_t count = controls + info->control_count + info->target_count;
    uint32_t qubits[MOST_QUBITS + 2];
    qhm_angle angles[3] = {qhm_angle_constant(0.7), qhm_angle_constant(-1.9),
                           qhm_angle_constant(2.3)};
    if (has_slots) {
        angles[0] = (qhm_angle){0.5, 0.25, {{QHM_SLOT_INPUT, 0, -M_PI}, {QHM_SLOT_INPUT, 1, 1}}};
        angles[1] = qhm_angle_weight(0);
        angles[2] = qhm_angle_input(1, -2);
    }
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(count + idle, 0, &circuit));
    for (uint32_t i = 0; i < count; i++)
        qubits[i] = count + idle - 1 - i;
    qhm_instruction instruction = {
        .gate = gate, .control_count = controls, .qubits = qubits, .angles = angles};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
    return circuit;
}

static void every_gate_keeps_its_matrix_in_every_set(void **state)
{
    (void)state;
    const double inputs[] = {0.4, -1.3}, weights[] = {1.1};
    for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++)
        for (unsigned gate = 0; gate < QHM_GATE_UNITARY; gate++)
            for (uint32_t controls = 0; controls <= MOST_CONTROLS; controls++) {
                const qhm_gate_info *info = qhm_gate_information((qhm_gate)gate);
                if (controls + info->control_count + info->target_count > MOST_QUBITS - 1)
                    continue;
                char what[64];
                snprintf(what, sizeof what, "set %zu, %s, %u controls", s, info->name, controls);
                qhm_circuit *circuit =
                    make_one_gate((qhm_gate)gate, controls, 0, info->angle_count > 0);
                check_expansion(circuit, &sets[s], inputs, weights, what);
                qhm_circuit_destroy(circuit);
            }
}

static void idle_qubits_are_given_back(void **state)
{
    (void)state;
    static const qhm_gate gates[] = {QHM_GATE_X, QHM_GATE_Z, QHM_GATE_H, QHM_GATE_SWAP};
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++)
        for (uint32_t controls = 3; controls <= 5; controls++)
            for (uint32_t idle = 1; idle <= 3; idle++) {
                if (controls + idle + qhm_gate_information(gates[i])->target_count > 8)
                    continue;
                qhm_circuit *circuit = make_one_gate(gates[i], controls, idle, false);
                check_expansion(circuit, &sets[0], NULL, NULL, "with idle qubits");
                qhm_circuit_destroy(circuit);
            }
}

static void controlled_x_takes_as_many_gates_as_documented(void **state)
{
    (void)state;
    for (uint32_t controls = 5; controls <= 12; controls++)
        for (unsigned idle = 0; idle <= 2; idle++) { // none, one, enough
            const uint32_t others = idle == 2 ? controls - 2 : idle;
            qhm_circuit *circuit, *expanded;
            REQUIRE_OK(qhm_circuit_create(controls + 1 + others, 0, &circuit));
            uint32_t qubits[32];
            for (uint32_t i = 0; i < 32; i++)
                qubits[i] = i;
            REQUIRE_OK(qhm_circuit_append_instruction(
                circuit, &(qhm_instruction){
                             .gate = QHM_GATE_X, .control_count = controls, .qubits = qubits}));
            REQUIRE_OK(qhm_circuit_expand(circuit, NULL, &expanded));
            qhm_circuit_counts counts;
            REQUIRE_OK(qhm_circuit_count(expanded, &counts));
            const size_t n = controls, toffolis = counts.by_gate[QHM_GATE_CCX];
            if (idle == 2)
                assert_int_equal(toffolis, 4 * (n - 2));
            else
                assert_true(toffolis <= (idle == 1 ? 8 * n : 4 * n * n));
            qhm_circuit_destroy(circuit);
            qhm_circuit_destroy(expanded);
        }
}

// exp(-i h) of a random Hermitian h, or a special case.
static void fill_unitary(size_t n, uint64_t trial, qhm_complex *u)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 71, trial, n);
    qhm_complex h[256] = {{0}};
    memset(u, 0, n * n * sizeof *u);
    for (size_t i = 0; i < n; i++) {
        if (trial == 0) // the identity
            u[i * n + i].re = 1;
        if (trial == 1) // a permutation
            u[i * n + (i + 1) % n].re = 1;
        if (trial == 2) // a diagonal
            u[i * n + i] = (qhm_complex){cos((double)i * 0.9), sin((double)i * 0.9)};
        if (trial == 3) // a phase on everything
            u[i * n + i] = (qhm_complex){0, -1};
        for (size_t j = 0; j <= i; j++) {
            double re = qhm_random_normal(&random), im = i == j ? 0 : qhm_random_normal(&random);
            h[i * n + j] = (qhm_complex){re, im};
            h[j * n + i] = (qhm_complex){re, -im};
        }
    }
    if (trial > 3)
        REQUIRE_OK(qhm_hermitian_evolution(n, h, 1, u));
}

static qhm_circuit *make_unitary(uint32_t targets, uint32_t controls, uint64_t trial)
{
    qhm_complex matrix[256];
    fill_unitary((size_t)1 << targets, trial, matrix);
    uint32_t qubits[8];
    for (uint32_t i = 0; i < targets + controls; i++)
        qubits[i] = (i + 1) % (targets + controls);
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(targets + controls, 0, &circuit));
    qhm_instruction instruction = {.gate = QHM_GATE_UNITARY,
                                   .control_count = controls,
                                   .qubit_count = targets + controls,
                                   .qubits = qubits,
                                   .matrix = matrix};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &instruction));
    return circuit;
}

static void unitaries_keep_their_matrix(void **state)
{
    (void)state;
    for (uint32_t targets = 1; targets <= 4; targets++)
        for (uint32_t controls = 0; controls + targets <= 5; controls++)
            for (uint64_t trial = 0; trial < 7; trial++)
                for (size_t s = 0; s < (targets + controls < 5 ? 4 : 1); s++) {
                    char what[64];
                    snprintf(what, sizeof what, "%u targets, %u controls, trial %u, set %zu",
                             targets, controls, (unsigned)trial, s);
                    qhm_circuit *circuit = make_unitary(targets, controls, trial);
                    check_expansion(circuit, &sets[s], NULL, NULL, what);
                    qhm_circuit_destroy(circuit);
                }
}

static void unitaries_take_as_many_cx_as_documented(void **state)
{
    (void)state;
    static const size_t expected[] = {0, 6, 36, 168};
    for (uint32_t targets = 1; targets <= 4; targets++) {
        qhm_circuit *circuit = make_unitary(targets, 0, 5), *expanded;
        qhm_circuit_counts counts;
        REQUIRE_OK(qhm_circuit_expand(circuit, NULL, &expanded));
        REQUIRE_OK(qhm_circuit_count(expanded, &counts));
        assert_int_equal(counts.by_gate[QHM_GATE_CX], expected[targets - 1]);
        assert_int_equal(counts.two_qubit_gates, expected[targets - 1]);
        qhm_circuit_destroy(circuit);
        qhm_circuit_destroy(expanded);
    }
}

static void whole_circuits_keep_their_matrix(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 20; trial++) {
        qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 72, trial, 0);
        qhm_circuit *circuit = reference_random_circuit(&random, 5, 25, 2, 3);
        double *inputs = reference_random_angles(&random, 2);
        double *weights = reference_random_angles(&random, 3);
        for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++)
            check_expansion(circuit, &sets[s], inputs, weights, "a random circuit");
        free(inputs);
        free(weights);
        qhm_circuit_destroy(circuit);
    }
}

static void rules_are_exact_with_their_phase(void **state)
{
    (void)state;
    size_t count;
    const qhm_expand_rule *rules = qhm_expand_rules(&count);
    const double values[3] = {0.7, -1.9, 2.3};
    for (size_t r = 0; r < count; r++) {
        const qhm_expand_rule *rule = &rules[r];
        const qhm_gate_info *info = qhm_gate_information(rule->gate);
        const uint32_t qubit_count = info->control_count + info->target_count;
        qhm_angle angles[3];
        double phase = rule->phase_offset;
        for (unsigned i = 0; i < 3; i++) {
            angles[i] = qhm_angle_constant(values[i]);
            phase += i < info->angle_count ? rule->phase_scales[i] * values[i] : 0;
        }
        qhm_circuit *one, *steps;
        REQUIRE_OK(qhm_circuit_create(qubit_count, 0, &one));
        REQUIRE_OK(qhm_circuit_create(qubit_count, 0, &steps));
        REQUIRE_OK(qhm_circuit_append(one, rule->gate, (uint32_t[]){0, 1, 2}, angles));
        for (size_t i = 0; i < rule->step_count; i++) {
            uint32_t qubits[3];
            qhm_angle turned[3];
            for (int k = 0; k < 3; k++) {
                const qhm_rule_angle *by = &rule->steps[i].angles[k];
                qubits[k] = rule->steps[i].qubits[k];
                turned[k] = qhm_angle_constant(by->scale * values[by->source] + by->offset);
            }
            REQUIRE_OK(qhm_circuit_append(steps, rule->steps[i].gate, qubits, turned));
        }
        qhm_complex *a = reference_circuit_matrix(one, NULL, NULL);
        qhm_complex *b = reference_circuit_matrix(steps, NULL, NULL);
        const size_t dimension = (size_t)1 << qubit_count;
        for (size_t i = 0; i < dimension * dimension; i++)
            b[i] = (qhm_complex){b[i].re * cos(phase) - b[i].im * sin(phase),
                                 b[i].re * sin(phase) + b[i].im * cos(phase)};
        require_equal(a, b, dimension * dimension, true, info->name);
        free(a);
        free(b);
        qhm_circuit_destroy(one);
        qhm_circuit_destroy(steps);
    }
}

static void conditions_and_names_and_other_instructions_stay(void **state)
{
    (void)state;
    qhm_circuit *circuit, *expanded;
    REQUIRE_OK(qhm_circuit_create(0, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_qubits(circuit, "data", 3));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "flags", 2));
    REQUIRE_OK(qhm_circuit_set_slot_name(circuit, QHM_SLOT_INPUT, 0, "theta"));
    const qhm_condition condition = qhm_condition_bit(1, true);
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 2, 1));
    REQUIRE_OK(
        qhm_circuit_append_instruction(circuit, &(qhm_instruction){.gate = QHM_GATE_CCX,
                                                                   .qubits = (uint32_t[]){0, 1, 2},
                                                                   .condition = condition}));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
    REQUIRE_OK(qhm_circuit_expand(
        circuit, &(qhm_expand_options){.gates = simplest, .gate_count = 4}, &expanded));
    const size_t count = qhm_circuit_instruction_count(expanded);
    assert_int_equal(count, 17);
    assert_int_equal(qhm_circuit_instruction(expanded, 0)->gate, QHM_GATE_MEASURE);
    assert_int_equal(qhm_circuit_instruction(expanded, 0)->bit, 1);
    for (size_t i = 1; i + 1 < count; i++) {
        const qhm_condition *kept = &qhm_circuit_instruction(expanded, i)->condition;
        assert_int_equal(kept->relation, QHM_RELATION_EQUAL);
        assert_int_equal(kept->first_bit, 1);
        assert_int_equal(kept->value[0], 1);
    }
    assert_int_equal(qhm_circuit_instruction(expanded, count - 1)->gate, QHM_GATE_BARRIER);
    assert_string_equal(qhm_circuit_qubit_register(expanded, 0)->name, "data");
    assert_string_equal(qhm_circuit_bit_register(expanded, 0)->name, "flags");
    assert_string_equal(qhm_circuit_slot_name(expanded, QHM_SLOT_INPUT, 0), "theta");
    qhm_circuit_destroy(circuit);
    qhm_circuit_destroy(expanded);
}

static void what_cannot_be_expressed_is_told(void **state)
{
    (void)state;
    static const qhm_gate no_entangler[] = {QHM_GATE_H, QHM_GATE_P};
    static const qhm_gate no_phase[] = {QHM_GATE_RZ, QHM_GATE_SX, QHM_GATE_CX};
    qhm_circuit *circuit = make_one_gate(QHM_GATE_CZ, 0, 0, false), *expanded = NULL;
    REQUIRE_FAILS(qhm_circuit_expand(circuit,
                                     &(qhm_expand_options){.gates = no_entangler, .gate_count = 2},
                                     &expanded),
                  QHM_ERROR_UNSUPPORTED, "instruction 0: the allowed gates cannot express cz");
    REQUIRE_FAILS(
        qhm_circuit_expand(
            circuit, &(qhm_expand_options){.gates = no_phase, .gate_count = 3, .keeps_phase = true},
            &expanded),
        QHM_ERROR_UNSUPPORTED, "cannot express cz with its phase");
    REQUIRE_FAILS(qhm_circuit_expand(
                      circuit,
                      &(qhm_expand_options){.gates = (qhm_gate[]){QHM_GATE_COUNT}, .gate_count = 1},
                      &expanded),
                  QHM_ERROR_INVALID_ARGUMENT, "allowed gate 0 is");
    REQUIRE_FAILS(qhm_circuit_expand(NULL, NULL, &expanded), QHM_ERROR_INVALID_ARGUMENT,
                  "needs a circuit");
    assert_null(expanded);
    qhm_circuit_destroy(circuit);
}

static qhm_status expand_controlled_unitary(void *context)
{
    qhm_circuit *expanded;
    qhm_status status = qhm_circuit_expand(context, NULL, &expanded);
    if (status == QHM_OK)
        qhm_circuit_destroy(expanded);
    return status;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_unitary(2, 1, 5);
    require_survives_failing_memory(expand_controlled_unitary, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_exact_with_their_phase),
        cmocka_unit_test(every_gate_keeps_its_matrix_in_every_set),
        cmocka_unit_test(idle_qubits_are_given_back),
        cmocka_unit_test(controlled_x_takes_as_many_gates_as_documented),
        cmocka_unit_test(unitaries_keep_their_matrix),
        cmocka_unit_test(unitaries_take_as_many_cx_as_documented),
        cmocka_unit_test(whole_circuits_keep_their_matrix),
        cmocka_unit_test(conditions_and_names_and_other_instructions_stay),
        cmocka_unit_test(what_cannot_be_expressed_is_told),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
