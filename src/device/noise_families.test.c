// Noise of cats and tetrons against its closed forms and the published closures.
#include "support/checks.h"
#include "support/reference_density.h"

#include <qhm/backend.h>
#include <qhm/distribution.h>
#include <qhm/noise_model.h>
#include <qhm/plan.h>
#include <string.h>

static qhm_device *load(const char *name, double photon_number)
{
    qhm_device *device;
    REQUIRE_OK(
        qhm_device_load(name, &(qhm_device_options){.photon_number = photon_number}, &device));
    return device;
}

static qhm_noise_model *model_of(const qhm_device *device, const uint32_t *qubits, size_t count,
                                 const qhm_noise_options *options)
{
    qhm_noise_model *model;
    REQUIRE_OK(qhm_noise_model_create_from_device(device, qubits, count, options, &model));
    return model;
}

// What the noise of an operation does to Paulis of its first qubits.
static void find_paulis(const qhm_noise_model *model, const qhm_instruction *instruction,
                        double *probabilities)
{
    qhm_channel *channel;
    bool is_pauli;
    REQUIRE_OK(qhm_noise_model_channel(model, instruction, &channel));
    REQUIRE_OK(qhm_channel_pauli_probabilities(channel, probabilities, &is_pauli));
    assert_true(is_pauli);
    qhm_channel_destroy(channel);
}

static uint32_t first_of_kind(const qhm_device *device, const char *kind)
{
    for (uint32_t q = 0; q < qhm_device_qubit_count(device); q++)
        if (strcmp(qhm_device_qubit_at(device, q)->kind, kind) == 0)
            return q;
    fail_msg("no %s", kind);
    return 0;
}

static void require_cat_wait(double photons, double t_us, double *p)
{
    qhm_device *ocelot = load("ocelot", photons);
    const uint32_t cat = first_of_kind(ocelot, "cat"), zero = 0;
    qhm_noise_model *model = model_of(ocelot, &cat, 1, NULL);
    const qhm_instruction delay = {
        .gate = QHM_GATE_DELAY, .qubit_count = 1, .qubits = &zero, .duration_ns = 1e3 * t_us};
    find_paulis(model, &delay, p);
    const double z = photons * 16670 * 1e-6 * t_us; // events in that time
    const double bit = t_us / (1000 * exp(2.3 * (photons - 2))), x = bit / 2, y = bit / 2;
    REQUIRE_NEAR(p[QHM_PAULI_X],
                 (1 + exp(-2 * (y + z)) - exp(-2 * (x + z)) - exp(-2 * (x + y))) / 4, 1e-12);
    REQUIRE_NEAR(p[QHM_PAULI_Y],
                 (1 + exp(-2 * (x + z)) - exp(-2 * (y + z)) - exp(-2 * (x + y))) / 4, 1e-12);
    REQUIRE_NEAR(p[QHM_PAULI_Z],
                 (1 + exp(-2 * (x + y)) - exp(-2 * (y + z)) - exp(-2 * (x + z))) / 4, 1e-12);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(ocelot);
}

static void waiting_cats_are_biased_by_their_photons(void **state)
{
    (void)state;
    double p[4], bias[5];
    for (int photons = 1; photons <= 4; photons++) {
        require_cat_wait(photons, 2.8, p);
        bias[photons] = p[QHM_PAULI_Z] / (p[QHM_PAULI_X] + p[QHM_PAULI_Y]);
        if (photons > 1) // nearly exp(2.3) times as many photons' decay a photon
            assert_true(bias[photons] > 8 * bias[photons - 1]);
    }
    assert_true(bias[2] > 28 && bias[2] < 35); // published: above 30 at two photons
}

// kappa_1 = 1 / 60 us at two photons: a phase event in 8.9 % of the cycles of 2.8 us, and a flip
// that stays in 8.6 %, where 9.6 % +- 0.4 were measured; 3.5e-3 bit flips a cycle of gates.
static void ocelots_cycle_closes(void **state)
{
    (void)state;
    double p[4];
    require_cat_wait(2, 2.8, p);
    REQUIRE_NEAR(1 - exp(-2 * 16670 * 2.8e-6), 0.089, 0.0005);
    REQUIRE_NEAR(p[QHM_PAULI_Y] + p[QHM_PAULI_Z], 0.0863, 0.0001);
    qhm_device *ocelot = load("ocelot", 0);
    const uint32_t cat = first_of_kind(ocelot, "cat"), zero = 0;
    qhm_noise_model *model = model_of(ocelot, &cat, 1, NULL);
    const qhm_instruction rz = {.gate = QHM_GATE_RZ, .qubit_count = 1, .qubits = &zero};
    find_paulis(model, &rz, p);
    // 300 ns of gates, with the rate for 2.8 us.
    REQUIRE_NEAR(p[QHM_PAULI_X] + p[QHM_PAULI_Y], 3.5e-3 * 0.3 / 2.8, 1e-6);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(ocelot);
}

// An ancilla relaxes while its cat's phase and bit flip; the assumed gates have their error.
static void gates_of_cats_keep_to_their_figures(void **state)
{
    (void)state;
    qhm_device *ocelot = load("ocelot", 0);
    qhm_noise_model *model = model_of(ocelot, NULL, 0, NULL);
    size_t cx = 0, mediated = 0;
    for (size_t i = 0; i < qhm_noise_model_rule_count(model); i++) {
        const qhm_noise_rule *rule = qhm_noise_model_rule(model, i);
        if (strcmp(rule->operation, "cx") == 0 && isnan(rule->error)) {
            const double t = 552, phase = 2 * 16670e-9 * t, bit = 1250e-9 * t;
            const double cat = (1 + exp(-2 * bit) + 2 * exp(-2 * phase - bit)) / 4;
            const double ancilla = (1 + exp(-t / 25e3) + 2 * exp(-t / 25e3)) / 4;
            REQUIRE_NEAR(rule->model_error, (1 - cat * ancilla) * 4 / 5, 1e-9);
            cx++;
        }
        if (strcmp(rule->operation, "cz") == 0 || strcmp(rule->operation, "h") == 0) {
            REQUIRE_NEAR(rule->model_error, 0.1, 1e-12);
            mediated++;
        }
    }
    assert_int_equal(cx, 8);
    assert_true(mediated > 5);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(ocelot);
}

static void append_pauli(qhm_circuit *circuit, size_t count, const char *letters,
                         const uint32_t *qubits, uint32_t bit)
{
    uint8_t paulis[4];
    for (size_t i = 0; i < count; i++)
        paulis[i] = letters[i] == 'X' ? QHM_PAULI_X : letters[i] == 'Y' ? QHM_PAULI_Y : QHM_PAULI_Z;
    REQUIRE_OK(qhm_circuit_append_pauli_measure(circuit, count, paulis, qubits, bit));
}

// Weights of outcomes by their bits.
static void run_exact(const qhm_circuit *noisy, double *weights)
{
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_distribution *outcomes;
    REQUIRE_OK(qhm_backend_create("density_matrix", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, noisy, NULL, 0, NULL, &plan));
    REQUIRE_OK(qhm_plan_run_exact(plan, &(qhm_exact_request){0}, &outcomes));
    for (size_t i = 0; i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        weights[bits[0]] += weight;
    }
    qhm_distribution_destroy(outcomes);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
}

// Two X measurements in a row differ in 16.2 %: 2.8 % misread, 12 % flipped in between.
static void repeated_measurements_disagree_as_published(void **state)
{
    (void)state;
    qhm_device *majorana = load("majorana1", 0);
    const uint32_t zero = 0;
    for (int without = 0; without < 3; without++) {
        const qhm_noise_options options = {.without_readout = without == 1,
                                           .without_gates = without == 2};
        qhm_noise_model *model = model_of(majorana, &zero, 1, &options);
        qhm_circuit *circuit, *noisy;
        double weights[4] = {0};
        REQUIRE_OK(qhm_circuit_create(1, 2, &circuit));
        append_pauli(circuit, 1, "X", &zero, 0);
        append_pauli(circuit, 1, "X", &zero, 1);
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        run_exact(noisy, weights);
        // With the poisoning of the same window, which the published figure has too.
        const double flipped = (1 - exp(-2 * (69000 + 2 * 40.3) * 2e-6)) / 2, misread = 0.028;
        const double kept = (without == 2 ? 1 : 1 - 2 * flipped) *
                            (without == 1 ? 1 : (1 - 2 * misread) * (1 - 2 * misread));
        REQUIRE_NEAR(weights[1] + weights[2], (1 - kept) / 2, 1e-10);
        if (without == 0)
            REQUIRE_NEAR(weights[1] + weights[2], 0.162, 0.001);
        if (without == 1)
            REQUIRE_NEAR(weights[1] + weights[2], 0.12, 0.001);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
        qhm_noise_model_destroy(model);
    }
    qhm_device_destroy(majorana);
}

// Two tetrons beside each other in the grid, and two above each other.
static void find_pairs(const qhm_device *device, uint32_t *beside, uint32_t *above)
{
    for (size_t c = 0; c < qhm_device_coupler_count(device); c++) {
        const uint32_t *qubits = qhm_device_coupler_at(device, c)->qubits;
        const qhm_device_qubit *a = qhm_device_qubit_at(device, qubits[0]);
        const qhm_device_qubit *b = qhm_device_qubit_at(device, qubits[1]);
        if (a->y == b->y && a->x < b->x)
            memcpy(beside, qubits, 2 * sizeof *beside);
        if (a->x == b->x && a->y < b->y)
            memcpy(above, qubits, 2 * sizeof *above);
    }
}

static void kept_parity_enters_joint_measurements(void **state)
{
    (void)state;
    qhm_device *majorana = load("majorana1", 0);
    uint32_t pairs[2][2] = {{9, 9}, {9, 9}};
    find_pairs(majorana, pairs[0], pairs[1]);
    for (int i = 0; i < 2; i++) {
        const qhm_noise_options options = {.poisoning = QHM_POISONING_PARITY};
        qhm_noise_model *model = model_of(majorana, pairs[i], 2, &options);
        qhm_circuit *circuit, *noisy;
        REQUIRE_OK(qhm_circuit_create(2, 1, &circuit));
        append_pauli(circuit, 2, i == 0 ? "XX" : "ZZ", (uint32_t[]){0, 1}, 0);
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        assert_int_equal(qhm_circuit_qubit_count(noisy), 4);
        assert_string_equal(qhm_circuit_qubit_register(noisy, 1)->name, "leak");
        const qhm_instruction *measurement = qhm_circuit_instruction(noisy, 2);
        assert_int_equal(measurement->gate, QHM_GATE_MEASURE_PAULI);
        assert_int_equal(measurement->qubit_count, 3);
        assert_int_equal(measurement->qubits[2], i == 0 ? 3 : 2); // the right one, the upper one
        assert_int_equal(measurement->paulis[2], QHM_PAULI_Z);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
        qhm_noise_model_destroy(model);
    }
    qhm_device_destroy(majorana);
}

// Waiting with and without the parity: traced over it, the qubit sees the same Paulis; the parity
// itself is odd after an odd number of hits of the four modes.
static void poisoning_is_the_same_with_and_without_parity(void **state)
{
    (void)state;
    qhm_device *majorana = load("majorana1", 0);
    const uint32_t zero = 0;
    const double t_ns = 2e6; // so that hits matter
    qhm_circuit *circuit, *noisy;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_delay(circuit, 0, t_ns));
    const qhm_noise_options options = {.poisoning = QHM_POISONING_PARITY};
    qhm_noise_model *model = model_of(majorana, &zero, 1, &options);
    REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
    const qhm_instruction *hit = qhm_circuit_instruction(noisy, 1);
    assert_int_equal(hit->qubit_count, 2);
    const qhm_channel channel = {2, hit->kraus_count, hit->matrix};
    double both[16], alone[4], odd = 0;
    bool is_pauli;
    REQUIRE_OK(qhm_channel_pauli_probabilities(&channel, both, &is_pauli));
    assert_true(is_pauli);
    qhm_noise_model_destroy(model);
    model = model_of(majorana, &zero, 1, NULL);
    find_paulis(model, qhm_circuit_instruction(circuit, 0), alone);
    for (int letter = 0; letter < 4; letter++) {
        double sum = 0;
        for (int parity = 0; parity < 4; parity++)
            sum += both[4 * parity + letter];
        REQUIRE_NEAR(sum, alone[letter], 1e-12);
        odd += both[4 * QHM_PAULI_X + letter];
        assert_true(both[4 * QHM_PAULI_Y + letter] == 0 && both[4 * QHM_PAULI_Z + letter] == 0);
    }
    REQUIRE_NEAR(odd, (1 - exp(-2 * 4 * 40.3 * t_ns * 1e-9)) / 2, 1e-12);
    qhm_circuit_destroy(noisy);
    qhm_circuit_destroy(circuit);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(majorana);
}

// A poisoned neighbour turns the sign of XX: prepared +1, found -1 when the right one leaks.
static void a_leaked_tetron_turns_the_sign(void **state)
{
    (void)state;
    qhm_device *majorana = load("majorana1", 0);
    uint32_t beside[2] = {9, 9}, above[2] = {9, 9};
    find_pairs(majorana, beside, above);
    const qhm_noise_options options = {.poisoning = QHM_POISONING_PARITY,
                                       .without_gates = true,
                                       .without_readout = true,
                                       .without_idle = true};
    qhm_noise_model *model = model_of(majorana, beside, 2, &options);
    for (uint32_t leaked = 0; leaked < 2; leaked++) {
        qhm_circuit *circuit, *noisy, *whole;
        double weights[4] = {0};
        REQUIRE_OK(qhm_circuit_create(2, 2, &circuit));
        append_pauli(circuit, 2, "XX", (uint32_t[]){0, 1}, 0);
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        // By hand: measured, hit in the fourth mode, measured again.
        REQUIRE_OK(qhm_circuit_create(0, 2, &whole));
        REQUIRE_OK(qhm_circuit_append_qubits(whole, "q", 4));
        REQUIRE_OK(qhm_circuit_append_circuit(whole, noisy, NULL, NULL, 0, 0));
        REQUIRE_OK(qhm_circuit_append(whole, QHM_GATE_X, (uint32_t[]){2 + leaked}, NULL));
        REQUIRE_OK(qhm_circuit_append_circuit(whole, noisy, NULL, (uint32_t[]){1, 0}, 0, 0));
        run_exact(whole, weights);
        const double differ = weights[1] + weights[2];
        REQUIRE_NEAR(differ, leaked == 1 ? 1 : 0, 1e-12);
        qhm_circuit_destroy(whole);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
    }
    qhm_noise_model_destroy(model);
    qhm_device_destroy(majorana);
}

static void projected_tetrons_have_their_figures(void **state)
{
    (void)state;
    qhm_device *majorana = load("majorana1:projected_1e-4", 0);
    const uint32_t zero = 0;
    qhm_noise_model *model = model_of(majorana, &zero, 1, NULL);
    const qhm_instruction delay = {
        .gate = QHM_GATE_DELAY, .qubit_count = 1, .qubits = &zero, .duration_ns = 100};
    const qhm_instruction t = {.gate = QHM_GATE_T, .qubit_count = 1, .qubits = &zero};
    double p[4];
    find_paulis(model, &delay, p);
    REQUIRE_NEAR(p[0], 1 - 1e-4, 1e-12); // idle_error in the time of an operation
    REQUIRE_NEAR(p[1], 1e-4 / 3, 1e-12);
    // T|+> depolarised: its infidelity is the figure.
    find_paulis(model, &t, p);
    REQUIRE_NEAR(p[QHM_PAULI_Z] + p[QHM_PAULI_X], 0.05, 1e-12);
    char *text;
    REQUIRE_OK(qhm_noise_model_print(model, &text));
    assert_non_null(strstr(text, "projected: "));
    qhm_string_destroy(text);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(majorana);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_cats_are_biased_by_their_photons),
        cmocka_unit_test(ocelots_cycle_closes),
        cmocka_unit_test(gates_of_cats_keep_to_their_figures),
        cmocka_unit_test(repeated_measurements_disagree_as_published),
        cmocka_unit_test(kept_parity_enters_joint_measurements),
        cmocka_unit_test(poisoning_is_the_same_with_and_without_parity),
        cmocka_unit_test(a_leaked_tetron_turns_the_sign),
        cmocka_unit_test(projected_tetrons_have_their_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
