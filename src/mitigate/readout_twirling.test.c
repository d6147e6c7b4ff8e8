// Twirled readout: restores what flips shrink, without knowing them.
#include "support/checks.h"
#include "support/density_executor.h"

#include <qhm/mitigation.h>

static const double flips[3][2] = {{0.02, 0.12}, {0.01, 0.1}, {0.05, 0.2}};

static qhm_executor *twirl(qhm_executor *raw, size_t randomizations)
{
    qhm_executor *trex;
    REQUIRE_OK(qhm_executor_mitigate(
        raw, "trex",
        &(qhm_mitigation_options){.readout_twirling = {.randomizations = randomizations}}, &trex));
    return trex;
}

// With all sets of flips, values are exact; lopsided flips shift them before.
static void all_flips_restore_values_exactly(void **state)
{
    (void)state;
    density_executor noisy = {.flips = flips};
    qhm_executor *raw = density_executor_create(&noisy), *trex = twirl(raw, 8);
    qhm_circuit *circuit = layered_circuit(3, 2, 8);
    qhm_overhead overhead;
    const char *texts[] = {"Z0", "X0 Z1 Y2", "1 + Z0 Z2 - 0.5 X1"};
    for (int i = 0; i < 3; i++) {
        const double ideal = ideal_value(circuit, texts[i]);
        assert_true(fabs(executor_value(raw, circuit, texts[i], 0, 0, NULL, NULL) - ideal) > 0.01);
        REQUIRE_NEAR(executor_value(trex, circuit, texts[i], 0, 0, NULL, &overhead), ideal, 1e-12);
    }
    assert_int_equal(overhead.circuits, 8 * 2); // a calibration, and one setting for both strings
    double left = 1;                            // of Z0 Z2, the longest string
    for (int q = 0; q < 3; q += 2)
        left *= 1 - flips[q][0] - flips[q][1];
    REQUIRE_NEAR(overhead.sampling, 1 / (left * left), 1e-9);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(trex);
    qhm_executor_destroy(raw);
}

static void shots_restore_values_within_their_errors(void **state)
{
    (void)state;
    density_executor noisy = {.flips = flips};
    qhm_executor *raw = density_executor_create(&noisy), *trex = twirl(raw, 0);
    qhm_circuit *circuit = layered_circuit(3, 1, 8);
    const double ideal = ideal_value(circuit, "Z0 Z1 Z2");
    enum { REPETITIONS = 100 };
    double sum = 0, squares = 0, told = 0;
    for (uint64_t r = 0; r < REPETITIONS; r++) {
        double variance;
        qhm_overhead overhead;
        const double value =
            executor_value(trex, circuit, "Z0 Z1 Z2", 1000, r, &variance, &overhead);
        assert_int_equal(overhead.shots, 2000);
        sum += value / REPETITIONS;
        squares += value * value / REPETITIONS;
        told += variance / REPETITIONS;
    }
    REQUIRE_NEAR(sum, ideal, 4 * sqrt(told / REPETITIONS));
    REQUIRE_NEAR((squares - sum * sum) / told, 1, 0.5);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(trex);
    qhm_executor_destroy(raw);
}

static void blind_readout_is_refused(void **state)
{
    (void)state;
    const double blind[1][2] = {{0.5, 0.5}};
    density_executor noisy = {.flips = blind};
    qhm_executor *raw = density_executor_create(&noisy), *trex = twirl(raw, 2);
    qhm_circuit *circuit = layered_circuit(1, 1, 8);
    qhm_observable *z;
    double value;
    REQUIRE_OK(qhm_observable_parse("Z0", &z));
    const qhm_execution e = {.circuit = circuit,
                             .observables = (const qhm_observable *const *)&z,
                             .observable_count = 1,
                             .values = &value};
    REQUIRE_FAILS(qhm_executor_run(trex, &e), QHM_ERROR_NUMERIC, "trex: readout leaves 0");
    qhm_executor_destroy(trex);
    REQUIRE_FAILS(qhm_executor_mitigate(
                      raw, "trex",
                      &(qhm_mitigation_options){.readout_twirling = {.randomizations = 2000000}},
                      &trex),
                  QHM_ERROR_INVALID_ARGUMENT, "randomizations is 2000000");
    qhm_observable_destroy(z);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_flips_restore_values_exactly),
        cmocka_unit_test(shots_restore_values_within_their_errors),
        cmocka_unit_test(blind_readout_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
