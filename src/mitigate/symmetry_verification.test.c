// Symmetry verification: against projected density matrices, both ways; what it cannot see.
#include "support/checks.h"
#include "support/density_executor.h"
#include "support/reference_simulator.h"

#include <qhm/mitigation.h>

// A state with Z0 Z1 Z2 Z3 = 1 and X0 X1 X2 X3 = 1 that is no basis state.
static qhm_circuit *symmetric_circuit(void)
{
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(0.8), other = qhm_angle_constant(-0.5);
    REQUIRE_OK(qhm_circuit_create(4, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    for (uint32_t q = 0; q < 3; q++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q, q + 1}, NULL));
    for (uint32_t q = 0; q < 3; q++) {
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RXX, (uint32_t[]){q, q + 1}, &angle));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZZ, (uint32_t[]){q, q + 1}, &other));
    }
    return circuit;
}

static const double p[2] = {0.02, 0.05};

// tr(Q O Q rho) / tr(Q rho) with Q the product of (1 + S) / 2, by matrices.
static double projected_value(const qhm_circuit *circuit, const char *observable,
                              const char *const *symmetries, size_t count, double *kept)
{
    enum { N = 16 };
    qhm_circuit *noisy;
    qhm_observable *o;
    REQUIRE_OK(density_depolarize(p, circuit, &noisy));
    qhm_complex *rho = density_run(noisy, NULL, NULL);
    REQUIRE_OK(qhm_observable_parse(observable, &o));
    qhm_complex *matrix = reference_observable_matrix(o, 4);
    qhm_observable_destroy(o);
    for (size_t s = 0; s < count; s++) {
        REQUIRE_OK(qhm_observable_parse(symmetries[s], &o));
        qhm_complex *q = reference_observable_matrix(o, 4);
        for (size_t i = 0; i < N * N; i++) {
            q[i].re = (q[i].re + (i % (N + 1) == 0)) / 2;
            q[i].im /= 2;
        }
        qhm_complex *half = reference_multiply(q, rho, N);
        free(rho);
        rho = reference_multiply(half, q, N);
        free(half);
        free(q);
        qhm_observable_destroy(o);
    }
    qhm_complex *product = reference_multiply(matrix, rho, N);
    double value = 0;
    *kept = 0;
    for (size_t i = 0; i < N; i++) {
        value += product[i * N + i].re;
        *kept += rho[i * N + i].re;
    }
    free(product);
    free(matrix);
    free(rho);
    qhm_circuit_destroy(noisy);
    return value / *kept;
}

static double verified(qhm_executor *raw, qhm_symmetry_options o, const qhm_circuit *circuit,
                       const char *observable, size_t shots, double *variance,
                       qhm_overhead *overhead)
{
    qhm_executor *executor;
    REQUIRE_OK(qhm_executor_mitigate(raw, "symmetry", &(qhm_mitigation_options){.symmetry = o},
                                     &executor));
    const double value =
        executor_value(executor, circuit, observable, shots, 4, variance, overhead);
    qhm_executor_destroy(executor);
    return value;
}

static void both_ways_are_projections(void **state)
{
    (void)state;
    density_executor noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_executor *values = density_executor_create_without_samples(&noisy);
    qhm_circuit *circuit = symmetric_circuit();
    static const struct {
        const char *observable, *symmetries, *list[2];
        size_t count;
        bool in_one_basis;
    } rows[] = {{"Z0 Z1 + 0.5 Z2 - 0.25", "Z0 Z1 Z2 Z3", {"Z0 Z1 Z2 Z3"}, 1, true},
                {"Z0 Z3", "Z0 Z1 Z2 Z3, X0 X1 X2 X3", {"Z0 Z1 Z2 Z3", "X0 X1 X2 X3"}, 2, false},
                {"X0 X1 + Y0 Y1 + Z0 Z2", "X0 X1 X2 X3", {"X0 X1 X2 X3"}, 1, false},
                {"X0 X1 + 0.2 X3", "X0 X1 X2 X3", {"X0 X1 X2 X3"}, 1, true}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        double kept;
        qhm_overhead overhead;
        const double expected =
            projected_value(circuit, rows[r].observable, rows[r].list, rows[r].count, &kept);
        qhm_symmetry_options o = {.symmetries = rows[r].symmetries,
                                  .method = QHM_SYMMETRY_EXPANSION};
        REQUIRE_NEAR(verified(values, o, circuit, rows[r].observable, 0, NULL, &overhead), expected,
                     1e-11);
        REQUIRE_NEAR(overhead.kept, kept, 1e-11);
        const double ideal = ideal_value(circuit, rows[r].observable);
        const double before = executor_value(raw, circuit, rows[r].observable, 0, 0, NULL, NULL);
        assert_true(fabs(expected - ideal) < 0.8 * fabs(before - ideal));
        if (!rows[r].in_one_basis)
            continue;
        o.method = QHM_SYMMETRY_POST_SELECTION;
        REQUIRE_NEAR(verified(raw, o, circuit, rows[r].observable, 0, NULL, &overhead), expected,
                     1e-11);
        REQUIRE_NEAR(overhead.kept, kept, 1e-11);
        REQUIRE_NEAR(overhead.sampling, 1 / kept, 1e-9);
    }
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
    qhm_executor_destroy(values);
}

// The sign of a symmetry decides which half is kept.
static void signs_are_kept(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *raw = density_executor_create(&plain);
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(0.6);
    qhm_overhead overhead;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    for (int way = 0; way < 2; way++) {
        const qhm_symmetry_options o = {.symmetries = "-Z0", .method = (qhm_symmetry_method)way};
        REQUIRE_NEAR(verified(raw, o, circuit, "Z0", 0, NULL, &overhead), -1, 1e-12);
        REQUIRE_NEAR(overhead.kept, sin(0.3) * sin(0.3), 1e-12);
    }
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

// Errors that keep the symmetry are not seen: phases, for a symmetry of Z.
static void hidden_errors_stay(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *raw = density_executor_create(&plain);
    qhm_circuit *circuit;
    const qhm_angle angle = qhm_angle_constant(0.3);
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RZ, (uint32_t[]){0}, &angle)); // the error
    const qhm_symmetry_options o = {.symmetries = "Z0 Z1", .method = QHM_SYMMETRY_EXPANSION};
    REQUIRE_NEAR(verified(raw, o, circuit, "X0 X1", 0, NULL, NULL), cos(0.3), 1e-12);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

static void shots_that_are_kept_count(void **state)
{
    (void)state;
    density_executor noisy = {.change = density_depolarize, .change_context = p};
    qhm_executor *raw = density_executor_create(&noisy);
    qhm_circuit *circuit = symmetric_circuit();
    double kept, variance;
    qhm_overhead overhead;
    const char *const list[1] = {"Z0 Z1 Z2 Z3"};
    const double expected = projected_value(circuit, "Z0 Z1", list, 1, &kept);
    const qhm_symmetry_options o = {.symmetries = "Z0 Z1 Z2 Z3"};
    const double value = verified(raw, o, circuit, "Z0 Z1", 4000, &variance, &overhead);
    REQUIRE_NEAR(value, expected, 4 * sqrt(variance));
    REQUIRE_NEAR(overhead.kept, kept, 0.03);
    REQUIRE_NEAR(variance * 4000 * overhead.kept, 1 - value * value, 1e-3);
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

static void what_is_no_symmetry_is_refused(void **state)
{
    (void)state;
    density_executor plain = {0};
    qhm_executor *raw = density_executor_create(&plain), *executor;
    qhm_circuit *circuit = symmetric_circuit();
    static const struct {
        const char *symmetries;
        qhm_status status;
        const char *message;
    } rows[] = {{NULL, QHM_ERROR_INVALID_ARGUMENT, "no symmetries are given"},
                {"", QHM_ERROR_INVALID_ARGUMENT, "no symmetries are given"},
                {"Z0 Q1", QHM_ERROR_BAD_INPUT, "symmetry 0"},
                {"Z0, Z1,", QHM_ERROR_BAD_INPUT, "symmetry 2"},
                {"2 Z0", QHM_ERROR_INVALID_ARGUMENT, "not one Pauli string with the sign"},
                {"Z0 + Z1", QHM_ERROR_INVALID_ARGUMENT, "not one Pauli string"},
                {"Z0, X0", QHM_ERROR_INVALID_ARGUMENT, "does not commute with symmetry 0"},
                {"Z70", QHM_ERROR_INVALID_ARGUMENT, "on qubit 70, not 0 to 63"},
                {"Z0,Z1,Z2,Z3,Z4,Z5,Z6", QHM_ERROR_INVALID_ARGUMENT, "more than 6"}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        REQUIRE_FAILS(qhm_executor_mitigate(
                          raw, "symmetry",
                          &(qhm_mitigation_options){.symmetry = {.symmetries = rows[r].symmetries}},
                          &executor),
                      rows[r].status, rows[r].message);
    REQUIRE_FAILS(qhm_executor_mitigate(
                      raw, "symmetry",
                      &(qhm_mitigation_options){
                          .symmetry = {.symmetries = "Z0", .method = (qhm_symmetry_method)3}},
                      &executor),
                  QHM_ERROR_INVALID_ARGUMENT, "method is 3");
    static const struct {
        qhm_symmetry_options options;
        const char *observable;
        qhm_status status;
        const char *message;
    } runs[] = {
        {{.symmetries = "Z5"}, "Z0", QHM_ERROR_INVALID_ARGUMENT, "but the circuit has 4 qubits"},
        {{.symmetries = "Z0 Z1"}, "X0 X1", QHM_ERROR_UNSUPPORTED, "two bases of qubit 0"},
        {{.symmetries = "Z0 Z1, X0 X1"}, "Z2", QHM_ERROR_UNSUPPORTED, "need two bases of qubit 0"},
        {{.symmetries = "-Z0 Z1 Z2 Z3"}, "Z2", QHM_ERROR_NUMERIC, "is kept"},
        {{.symmetries = "-Z0 Z1 Z2 Z3", .method = QHM_SYMMETRY_EXPANSION},
         "Z2",
         QHM_ERROR_NUMERIC,
         "of the state has the symmetries"}};
    for (size_t r = 0; r < sizeof runs / sizeof runs[0]; r++) {
        qhm_observable *o;
        double value;
        REQUIRE_OK(qhm_observable_parse(runs[r].observable, &o));
        REQUIRE_OK(qhm_executor_mitigate(
            raw, "symmetry", &(qhm_mitigation_options){.symmetry = runs[r].options}, &executor));
        REQUIRE_FAILS(
            qhm_executor_run(executor,
                             &(qhm_execution){.circuit = circuit,
                                              .observables = (const qhm_observable *const *)&o,
                                              .observable_count = 1,
                                              .shots = 200,
                                              .values = &value}),
            runs[r].status, runs[r].message);
        qhm_executor_destroy(executor);
        qhm_observable_destroy(o);
    }
    qhm_circuit_destroy(circuit);
    qhm_executor_destroy(raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_are_projections),
        cmocka_unit_test(signs_are_kept),
        cmocka_unit_test(hidden_errors_stay),
        cmocka_unit_test(shots_that_are_kept_count),
        cmocka_unit_test(what_is_no_symmetry_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
