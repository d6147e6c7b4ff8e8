// The variational solver: its circuits against its formulas, its bounds, known solutions.
#include "algorithm/counted_run.h"
#include "algorithm/pauli_sum.h"
#include "base/memory.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/random.h>
#include <qhm/variational_solver.h>

static const double cao[] = {15. / 4, 9. / 4, 5. / 4,  -3. / 4, 9. / 4,  15. / 4, 3. / 4,  -5. / 4,
                             5. / 4,  3. / 4, 15. / 4, -9. / 4, -3. / 4, -5. / 4, -9. / 4, 15. / 4};
static const double ones[] = {0.5, 0.5, 0.5, 0.5};

// |x> of bound or random angles.
static qhm_circuit *state_of(size_t n, size_t layers, const double *angles, double *x)
{
    qhm_circuit *open, *bound;
    qhm_complex *state;
    REQUIRE_OK(qhm_variational_ansatz_create(n, layers, &open));
    REQUIRE_OK(qhm_circuit_bind(open, NULL, angles, &bound));
    REQUIRE_OK(qhm_counted_state(bound, NULL, &state));
    for (size_t i = 0; i < (size_t)1 << n; i++) {
        x[i] = state[i].re;
        REQUIRE_NEAR(state[i].im, 0, 1e-12);
    }
    qhm_release(state);
    qhm_circuit_destroy(open);
    return bound;
}

// P(0) - P(1) of the ancilla, exactly.
static double test_value(const qhm_circuit *ansatz, const double *matrix, const double *b,
                         qhm_solver_test test, size_t l, size_t m, size_t qubit)
{
    qhm_circuit *circuit, *open;
    qhm_complex *state;
    const size_t n = qhm_circuit_qubit_count(ansatz);
    double value = 0;
    REQUIRE_OK(qhm_variational_test_create(ansatz, matrix, b, test, l, m, qubit, &circuit));
    REQUIRE_OK(qhm_circuit_create(n + 1, 0, &open));
    for (size_t i = 0; i + 1 < qhm_circuit_instruction_count(circuit); i++)
        REQUIRE_OK(qhm_circuit_append_instruction(open, qhm_circuit_instruction(circuit, i)));
    REQUIRE_OK(qhm_counted_state(open, NULL, &state));
    for (size_t i = 0; i < (size_t)2 << n; i++)
        value += (i >> n & 1 ? -1 : 1) * (state[i].re * state[i].re + state[i].im * state[i].im);
    qhm_release(state);
    qhm_circuit_destroy(open);
    qhm_circuit_destroy(circuit);
    return value;
}

// Sums over all tests are the costs of the formulas.
static void tests_add_up_to_the_costs(void **state)
{
    (void)state;
    const double b[] = {1, -2, 0.5, 3};
    double angles[6], x[4], sums[3] = {0}, known[2];
    qhm_pauli_weight *terms;
    size_t count;
    for (size_t i = 0; i < 6; i++)
        angles[i] = 0.7 + 1.3 * (double)i;
    qhm_circuit *ansatz = state_of(2, 2, angles, x);
    REQUIRE_OK(qhm_pauli_sum_find(2, cao, &terms, &count));
    assert_int_equal(count, 4); // 15/4, 5/4 X on qubit 1, 9/4 X on qubit 0 under Z, -3/4 YY
    for (size_t l = 0; l < count; l++) {
        sums[2] +=
            terms[l].coefficient * test_value(ansatz, cao, b, QHM_SOLVER_TEST_OVERLAP, l, 0, 0);
        for (size_t m = 0; m < count; m++) {
            const double both = terms[l].coefficient * terms[m].coefficient;
            sums[0] += both * test_value(ansatz, cao, b, QHM_SOLVER_TEST_LENGTH, l, m, 0);
            for (size_t j = 0; j < 2; j++)
                sums[1] += both * test_value(ansatz, cao, b, QHM_SOLVER_TEST_QUBIT, l, m, j);
        }
    }
    REQUIRE_OK(qhm_variational_cost(2, cao, b, x, QHM_SOLVER_COST_LOCAL, &known[0]));
    REQUIRE_OK(qhm_variational_cost(2, cao, b, x, QHM_SOLVER_COST_GLOBAL, &known[1]));
    REQUIRE_NEAR(0.5 - sums[1] / (4 * sums[0]), known[0], 1e-12);
    REQUIRE_NEAR(1 - sums[2] * sums[2] / sums[0], known[1], 1e-12);
    assert_true(known[0] <= known[1]); // and the local one is at least its n-th part
    assert_true(known[1] <= 2 * known[0]);
    qhm_release(terms);
    qhm_circuit_destroy(ansatz);
}

// Trace distance of two real unit states.
static double distance(size_t size, const double *x, const double *y)
{
    double xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < size; i++) {
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
    }
    return sqrt(fmax(0, 1 - xy * xy / (xx * yy)));
}

// No state's cost is below what its distance and the condition number allow, here 8.
static void costs_bound_the_distance(void **state)
{
    (void)state;
    const double solution[] = {-1, 7, 11, 13};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_DATA, 0, 0, 0);
    double global, local;
    for (size_t trial = 0; trial < 2000; trial++) {
        double x[4];
        const double far = pow(10, -3 * qhm_random_uniform(&random));
        for (size_t i = 0; i < 4; i++)
            x[i] = solution[i] + 13 * far * (2 * qhm_random_uniform(&random) - 1);
        REQUIRE_OK(qhm_variational_cost(2, cao, ones, x, QHM_SOLVER_COST_GLOBAL, &global));
        REQUIRE_OK(qhm_variational_cost(2, cao, ones, x, QHM_SOLVER_COST_LOCAL, &local));
        const double bound = pow(distance(4, x, solution) / 8, 2);
        assert_true(global >= bound && local >= bound / 2);
    }
    // The bound is met where the error is along the least eigenvalue of a b along the largest.
    const double wide[] = {8, 0, 0, 1}, along[] = {1, 0}, off[] = {1, 1e-3};
    REQUIRE_OK(qhm_variational_cost(1, wide, along, off, QHM_SOLVER_COST_GLOBAL, &global));
    REQUIRE_NEAR(global * 64 / 1e-6, 1, 1e-5);
}

static void solutions_are_found_and_proved(void **state)
{
    (void)state;
    const double solution[] = {-1, 7, 11, 13}, mixed[] = {0, 1, 1, 0.5}, right[] = {1, 2};
    for (int cost = QHM_SOLVER_COST_LOCAL; cost <= QHM_SOLVER_COST_GLOBAL; cost++) {
        double angles[8], x[4], value;
        qhm_variational_solved solved;
        qhm_ledger ledger = {0};
        const qhm_variational_solver_options options = {
            .cost = (qhm_solver_cost)cost, .error = 0.001, .shots = 100};
        REQUIRE_OK(qhm_variational_solve(2, cao, ones, &options, angles, &ledger, &solved));
        assert_true(solved.is_proved && solved.error_bound <= 0.001);
        REQUIRE_NEAR(solved.condition_number, 8, 1e-12);
        qhm_circuit_destroy(state_of(2, 3, angles, x));
        assert_true(distance(4, x, solution) <= 0.001);
        REQUIRE_OK(qhm_variational_cost(2, cao, ones, x, options.cost, &value));
        REQUIRE_NEAR(value, solved.cost, 1e-12);
        // 6 pairs of 4 strings for the length; 10 for each qubit, or 4 overlaps.
        assert_int_equal(solved.tests, cost == QHM_SOLVER_COST_LOCAL ? 6 + 20 : 6 + 4);
        assert_int_equal(ledger.shots, solved.tests * solved.evaluations * (1 + 2 * 8) * 100);
    }
    double angles[4], x[2];
    qhm_variational_solved solved;
    REQUIRE_OK(qhm_variational_solve(1, mixed, right, NULL, angles, NULL, &solved));
    qhm_circuit_destroy(state_of(1, 3, angles, x));
    assert_true(solved.is_proved && distance(2, x, (double[]){1.5, 1}) <= 0.01);
}

// Angles that cannot reach the solution prove nothing, and that is said.
static void what_is_not_reached_is_not_proved(void **state)
{
    (void)state;
    const double matrix[] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2}, bell[] = {1, 0, 0, 2};
    qhm_variational_solved solved;
    double singular[] = {1, 2, 2, 4}, mixed[] = {0, 1, 1, 0.5}, crooked[] = {1, 2, 3, 4}, four[8];
    REQUIRE_OK(qhm_variational_solve(
        2, matrix, bell,
        &(qhm_variational_solver_options){.layers = 1, .iterations = 1, .attempts = 1}, four, NULL,
        &solved));
    assert_false(solved.is_proved);
    assert_true(solved.cost > solved.threshold && solved.error_bound > 0.01);
    REQUIRE_FAILS(qhm_variational_solve(1, singular, bell, NULL, four, NULL, &solved),
                  QHM_ERROR_INVALID_ARGUMENT, "singular");
    REQUIRE_FAILS(qhm_variational_solve(1, crooked, bell, NULL, four, NULL, &solved),
                  QHM_ERROR_INVALID_ARGUMENT, "not symmetric");
    REQUIRE_FAILS(qhm_variational_solve(4, matrix, bell, NULL, four, NULL, &solved),
                  QHM_ERROR_INVALID_ARGUMENT, "qubit_count is 4");
    REQUIRE_FAILS(
        qhm_variational_solve(1, mixed, (const double[]){0, 0}, NULL, four, NULL, &solved),
        QHM_ERROR_INVALID_ARGUMENT, "b is zero");
}

static qhm_status attempt(void *context)
{
    (void)context;
    double angles[4];
    qhm_ledger ledger = {0};
    qhm_variational_solved solved;
    return qhm_variational_solve(1, (const double[]){2, 1, 1, 2}, (const double[]){1, 0},
                                 &(qhm_variational_solver_options){.layers = 1}, angles, &ledger,
                                 &solved);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_add_up_to_the_costs),
        cmocka_unit_test(costs_bound_the_distance),
        cmocka_unit_test(solutions_are_found_and_proved),
        cmocka_unit_test(what_is_not_reached_is_not_proved),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
