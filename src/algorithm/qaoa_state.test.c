// QAOA's own state against the circuit's, with and without fields.
#include "base/cpu.h"
#include "base/parallel.h"
#include "support/plans.h"
#include "support/qaoa_costs.h"

#include <math.h>
#include <stdlib.h>

static void states_and_gradients_are_those_of_the_circuit(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 5, 6, 7, 11, 12, 13, 14, 15};
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
        qhm_ising *ising = random_problem(sizes[i / 2], i % 2, i);
        double angles[] = {0.3, -0.2, 0.15, 0.7, 0.4, -2.1}, gradient[6], expected[6], narrow[6];
        const double cost = mean_cost(ising, QHM_FLOAT64, 3, angles, gradient);
        REQUIRE_NEAR(
            cost, circuit_cost(ising, &(qhm_qaoa_circuit_options){.layers = 3}, angles, expected),
            1e-10);
        REQUIRE_NEAR(mean_cost(ising, QHM_FLOAT32, 3, angles, narrow), cost,
                     2e-5 * (1 + fabs(cost)));
        for (size_t k = 0; k < 6; k++) {
            REQUIRE_NEAR(gradient[k], expected[k], 1e-9);
            REQUIRE_NEAR(narrow[k], gradient[k], 1e-3);
        }
        qhm_ising_destroy(ising);
    }
}

// Complements: equal without fields, and told apart with them, whatever was turned over on the way.
static void probabilities_are_those_of_the_circuit(void **state)
{
    (void)state;
    enum { SPINS = 7, STRINGS = 1 << SPINS };
    static const double betas[][2] = {{0.3, 0.6}, {1.2, 0.6}, {0.6, -2.1}, {1.4, 2.0}};
    for (size_t i = 0; i < 8; i++) {
        qhm_ising *ising = random_problem(SPINS, i % 2, i);
        const double angles[4] = {0.4, -0.7, betas[i / 2][0], betas[i / 2][1]};
        double probabilities[STRINGS];
        qhm_circuit *circuit;
        qhm_qaoa *qaoa;
        REQUIRE_OK(qhm_qaoa_create(ising, &(qhm_qaoa_options){.layers = 2}, &qaoa));
        REQUIRE_OK(qhm_qaoa_probabilities(qaoa, angles, probabilities));
        REQUIRE_OK(
            qhm_qaoa_circuit_create(ising, &(qhm_qaoa_circuit_options){.layers = 2}, &circuit));
        qhm_complex *amplitudes = test_states(NULL, QHM_FLOAT64, circuit, 1, NULL, angles);
        for (size_t z = 0; z < STRINGS; z++)
            REQUIRE_NEAR(probabilities[z],
                         amplitudes[z].re * amplitudes[z].re + amplitudes[z].im * amplitudes[z].im,
                         1e-12);
        free(amplitudes);
        qhm_circuit_destroy(circuit);
        qhm_qaoa_destroy(qaoa);
        qhm_ising_destroy(ising);
    }
}

static void many_high_qubits_go_in_several_passes(void **state)
{
    (void)state;
    for (size_t spins = 21; spins <= 22; spins++) {
        qhm_ising *ising = random_problem(spins, spins == 21, 3);
        double angles[] = {0.2, 0.4}, gradient[2], other[2];
        const double step = 1e-4;
        const double cost = mean_cost(ising, QHM_FLOAT64, 1, angles, gradient);
        for (size_t k = 0; k < 2; k++) {
            double moved[] = {angles[0], angles[1]};
            moved[k] += step;
            const double more = mean_cost(ising, QHM_FLOAT64, 1, moved, NULL);
            moved[k] -= 2 * step;
            const double less = mean_cost(ising, QHM_FLOAT64, 1, moved, NULL);
            REQUIRE_NEAR(gradient[k], (more - less) / (2 * step), 1e-4);
        }
        const unsigned threads = qhm_parallel_thread_count();
        qhm_parallel_set_thread_count(1);
        const double alone = mean_cost(ising, QHM_FLOAT64, 1, angles, other);
        qhm_parallel_set_thread_count(threads);
        assert_true(alone == cost && other[0] == gradient[0] && other[1] == gradient[1]);
        qhm_ising_destroy(ising);
    }
}

static void instruction_sets_agree(void **state)
{
    (void)state;
    const double angles[] = {0.2, -0.3, 0.4, 0.5};
    for (int kind = 0; kind < 2; kind++) {
        qhm_ising *ising = random_problem(14, kind == 1, 5);
        double first = 0;
        for (int isa = 0; isa <= (int)qhm_cpu_isa_supported(); isa++) {
            setenv("QHM_ISA", qhm_isa_text((qhm_isa)isa), 1);
            double gradient[4];
            const double cost = mean_cost(ising, QHM_FLOAT64, 2, angles, gradient) + gradient[1];
            if (isa > 0)
                REQUIRE_NEAR(cost, first, 1e-10);
            first = cost;
        }
        qhm_ising_destroy(ising);
    }
    unsetenv("QHM_ISA");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_and_gradients_are_those_of_the_circuit),
        cmocka_unit_test(probabilities_are_those_of_the_circuit),
        cmocka_unit_test(many_high_qubits_go_in_several_passes),
        cmocka_unit_test(instruction_sets_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
