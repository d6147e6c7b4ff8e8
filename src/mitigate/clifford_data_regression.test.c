// Clifford data regression: exact for noise that shrinks all values alike, better for gate noise.
#include "support/checks.h"
#include "support/density_executor.h"

#include <qhm/mitigation.h>

// Depolarising of all qubits at the end: every value shrinks by the same factor.
static qhm_status shrink(const void *context, const qhm_circuit *circuit, qhm_circuit **noisy)
{
    const double *p = context;
    qhm_circuit *made;
    qhm_channel *channel;
    REQUIRE_OK(qhm_circuit_copy(circuit, &made));
    REQUIRE_OK(qhm_channel_create_depolarizing(2, *p, &channel));
    REQUIRE_OK(qhm_circuit_append_instruction(
        made, &(qhm_instruction){.gate = QHM_GATE_CHANNEL,
                                 .qubit_count = 2,
                                 .qubits = (uint32_t[]){0, 1},
                                 .kraus_count = (uint32_t)channel->kraus_count,
                                 .matrix = channel->kraus}));
    qhm_channel_destroy(channel);
    *noisy = made;
    return QHM_OK;
}

static double regressed(qhm_executor *raw, qhm_regression_options o, const qhm_circuit *circuit,
                        const char *observable, size_t shots, double *variance,
                        qhm_overhead *overhead)
{
    qhm_executor *cdr;
    REQUIRE_OK(qhm_executor_mitigate(raw, "cdr", &(qhm_mitigation_options){.regression = o}, &cdr));
    const double value = executor_value(cdr, circuit, observable, shots, 5, variance, overhead);
    qhm_executor_destroy(cdr);
    return value;
}

static void shrunk_values_are_restored_exactly(void **state)
{
    (void)state;
    const double p = 0.3;
    density_executor noisy = {.change = shrink, .change_context = &p};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = layered_circuit(2, 2, 3);
    const double ideal = ideal_value(circuit, "Z0 Z1");
    for (int zero = 0; zero < 2; zero++) {
        qhm_overhead overhead;
        double variance;
        REQUIRE_NEAR(regressed(raw, (qhm_regression_options){.through_zero = zero}, circuit,
                               "Z0 Z1", 0, &variance, &overhead),
                     ideal, 1e-10);
        assert_int_equal(overhead.circuits, 11);
        REQUIRE_NEAR(overhead.sampling, 1 / (0.7 * 0.7), 1e-9);
        REQUIRE_NEAR(variance, 0, 1e-15);
    }
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

static void gate_noise_becomes_less(void **state)
{
    (void)state;
    const double p[2] = {0.005, 0.03};
    density_executor noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *raw = density_executor_create(&noisy);
    double before = 0, after = 0;
    for (uint64_t seed = 0; seed < 5; seed++) {
        qhm_circuit *circuit = layered_circuit(3, 2, seed);
        const double ideal = ideal_value(circuit, "Z0 Z1 Z2");
        before += fabs(executor_value(raw, circuit, "Z0 Z1 Z2", 0, 0, NULL, NULL) - ideal);
        after += fabs(regressed(raw, (qhm_regression_options){.training_circuits = 20}, circuit,
                                "Z0 Z1 Z2", 0, NULL, NULL) -
                      ideal);
        qhm_circuit_destroy(circuit);
    }
    assert_true(after < 0.5 * before);
    qhm_executor_destroy(raw);
}

// Values of slots are those of the call; T gates become Clifford too.
static void slots_and_t_gates_are_snapped(void **state)
{
    (void)state;
    const double p = 0.3, input = 0.9;
    density_executor noisy = {.change = shrink, .change_context = &p};
    qhm_executor *raw = density_executor_create(&noisy), *cdr;
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_T, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    qhm_observable *o;
    double value;
    REQUIRE_OK(qhm_observable_parse("Z1", &o));
    REQUIRE_OK(qhm_executor_mitigate(
        raw, "cdr", &(qhm_mitigation_options){.regression = {.training_circuits = 30}}, &cdr));
    REQUIRE_OK(
        qhm_executor_run(cdr, &(qhm_execution){.circuit = circuit,
                                               .observables = (const qhm_observable *const *)&o,
                                               .observable_count = 1,
                                               .inputs = &input,
                                               .values = &value}));
    REQUIRE_NEAR(value, cos(0.9) * cos(M_PI / 4), 1e-10);
    qhm_observable_destroy(o);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(cdr);
    qhm_executor_destroy(raw);
}

static void what_teaches_nothing_is_refused(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *raw = density_executor_create(&plain), *cdr;
    qhm_circuit *circuit;
    qhm_observable *o;
    double value;
    REQUIRE_OK(qhm_observable_parse("Z0", &o));
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_executor_mitigate(raw, "cdr", NULL, &cdr));
    const qhm_execution e = {.circuit = circuit,
                             .observables = (const qhm_observable *const *)&o,
                             .observable_count = 1,
                             .values = &value};
    REQUIRE_FAILS(qhm_executor_run(cdr, &e), QHM_ERROR_UNSUPPORTED, "no angle to make Clifford");
    const qhm_angle angle = qhm_angle_constant(0.3);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &angle));
    REQUIRE_FAILS(qhm_executor_run(cdr, &e), QHM_ERROR_NUMERIC, "observable 0 the same value");
    qhm_execution shots = e; // whose scatter is no knowledge
    shots.shots = 100;
    REQUIRE_FAILS(qhm_executor_run(cdr, &shots), QHM_ERROR_NUMERIC, "observable 0 the same value");
    qhm_executor_destroy(cdr);
    REQUIRE_FAILS(
        qhm_executor_mitigate(
            raw, "cdr", &(qhm_mitigation_options){.regression = {.training_circuits = 2}}, &cdr),
        QHM_ERROR_INVALID_ARGUMENT, "training_circuits is 2");
    REQUIRE_FAILS(qhm_executor_mitigate(
                      raw, "cdr", &(qhm_mitigation_options){.regression = {.kept_share = 1}}, &cdr),
                  QHM_ERROR_INVALID_ARGUMENT, "kept_share is 1");
    qhm_observable_destroy(o);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shrunk_values_are_restored_exactly),
        cmocka_unit_test(gate_noise_becomes_less),
        cmocka_unit_test(slots_and_t_gates_are_snapped),
        cmocka_unit_test(what_teaches_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
