// The variational eigensolver: known energies and metrics, every method, circuits that grow.
#include <qhm/vqe.h>

#include "algorithm/vqe_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/molecules.h"

#include <qhm/ansatz.h>
#include <qhm/random.h>

enum { MOST_WEIGHTS = 64 };

static const double hydrogen_exact = -1.1373060358;

static qhm_observable *hamiltonian(const qhm_electronic_problem *problem, qhm_electron_map map)
{
    qhm_observable *h;
    REQUIRE_OK(qhm_electronic_problem_hamiltonian(problem, map, &h));
    return h;
}

static double expect(const qhm_circuit *circuit, const qhm_observable *observable,
                     const double *weights)
{
    qhm_energy energy;
    double value;
    REQUIRE_OK(qhm_energy_open(circuit, observable, 0, 0, &energy));
    REQUIRE_OK(qhm_energy_run(&energy, weights, &value, NULL));
    qhm_energy_close(&energy);
    return value;
}

static qhm_electronic_problem *small_lithium_hydride(void)
{
    const size_t frozen[] = {0}, active[] = {1, 2, 5};
    qhm_electronic_problem *whole = pair_of_atoms("Li", "H", 1.6, NULL), *part;
    REQUIRE_OK(qhm_electronic_problem_select(whole, frozen, 1, active, 3, &part));
    qhm_electronic_problem_destroy(whole);
    return part;
}

// E(t) = (E11 + E22) / 2 + (E11 - E22) / 2 cos t + K sin t with t twice the weight: the sign of K
// is that of an orbital.
static void one_excitation_has_its_closed_form(void **state)
{
    (void)state;
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, NULL);
    const double e11 = -1.8369679912, e22 = -0.2452182919, k = 0.1809311998;
    for (unsigned map = 0; map < QHM_ELECTRON_MAP_COUNT; map++) {
        qhm_observable *h = hamiltonian(h2, (qhm_electron_map)map);
        qhm_circuit *circuit;
        REQUIRE_OK(qhm_vqe_uccsd_create(h2, (qhm_electron_map)map, &circuit));
        assert_int_equal(qhm_circuit_weight_count(circuit), 3);
        double weights[3] = {0};
        double sign = 0;
        for (weights[0] = 0.1; weights[0] < 3; weights[0] += 0.7) {
            const double t = 2 * weights[0];
            const double energy = expect(circuit, h, weights) - qhm_electronic_problem_constant(h2);
            const double without = (e11 + e22) / 2 + (e11 - e22) / 2 * cos(t);
            sign = sign == 0 ? copysign(1, energy - without) : sign;
            REQUIRE_NEAR(energy, without + sign * k * sin(t), 1e-9);
        }
        qhm_circuit_destroy(circuit);
        qhm_observable_destroy(h);
    }
    qhm_electronic_problem_destroy(h2);
}

static void every_method_finds_hydrogen(void **state)
{
    (void)state;
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, NULL);
    qhm_observable *h = hamiltonian(h2, QHM_ELECTRONS_JORDAN_WIGNER);
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_vqe_uccsd_create(h2, QHM_ELECTRONS_JORDAN_WIGNER, &circuit));
    for (unsigned m = 0; m < QHM_VQE_METHOD_COUNT; m++) {
        double weights[3] = {0, 0.05, -0.05}; // away from where the slope of singles vanishes
        qhm_vqe_result result;
        qhm_ledger ledger = {0};
        const qhm_vqe_options options = {
            .method = (qhm_vqe_method)m, .frequencies = 2, .seed = 3, .iterations = 400};
        REQUIRE_OK(qhm_vqe_minimize(circuit, h, &options, weights, &result, &ledger));
        if (!(fabs(result.energy - hydrogen_exact) < (m == QHM_VQE_SPSA ? 1e-4 : 1e-7)))
            fail_msg("%s: %.9f", qhm_vqe_method_name((qhm_vqe_method)m), result.energy);
        assert_true(result.iterations > 0 && result.evaluations > 0);
        // One setting for Z, four for the others; one more run of all for the final energy.
        assert_int_equal(ledger.qubits, 4);
        assert_true(ledger.circuits >= 5 * (result.evaluations + 1));
        if (m == QHM_VQE_SPSA)
            assert_int_equal(result.evaluations, 800);
    }
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(h);
    qhm_electronic_problem_destroy(h2);
}

static void shots_bring_noise_of_their_own_size(void **state)
{
    (void)state;
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, NULL);
    qhm_observable *h = hamiltonian(h2, QHM_ELECTRONS_PARITY_REDUCED);
    qhm_circuit *circuit;
    double weights[3] = {0}, again[3] = {0};
    qhm_vqe_result result, repeated;
    qhm_ledger ledger = {0};
    REQUIRE_OK(qhm_vqe_uccsd_create(h2, QHM_ELECTRONS_PARITY_REDUCED, &circuit));
    const qhm_vqe_options options = {
        .method = QHM_VQE_SPSA, .iterations = 100, .shots = 500, .seed = 5};
    REQUIRE_OK(qhm_vqe_minimize(circuit, h, &options, weights, &result, &ledger));
    assert_int_equal(ledger.shots, 2 * 500 * result.evaluations); // two settings: Z and X
    assert_true(fabs(result.energy - hydrogen_exact) < 0.02);
    assert_true(result.energy >= hydrogen_exact - 1e-9);
    REQUIRE_OK(qhm_vqe_minimize(circuit, h, &options, again, &repeated, NULL));
    assert_memory_equal(weights, again, sizeof weights);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(h);
    qhm_electronic_problem_destroy(h2);
}

static void circuits_grow_to_the_exact_energy(void **state)
{
    (void)state;
    const struct {
        double energy;
        size_t weights;
    } rows[] = {{hydrogen_exact, 1}, {-7.88107204, 4}};
    for (size_t r = 0; r < 2; r++) {
        qhm_electronic_problem *problem =
            r == 0 ? pair_of_atoms("H", "H", 0.735, NULL) : small_lithium_hydride();
        qhm_observable *h = hamiltonian(problem, QHM_ELECTRONS_JORDAN_WIGNER);
        qhm_circuit *circuit;
        double *weights;
        qhm_vqe_result result;
        qhm_ledger ledger = {0};
        REQUIRE_OK(qhm_vqe_adapt(problem, QHM_ELECTRONS_JORDAN_WIGNER, h,
                                 &(qhm_vqe_adapt_options){.threshold = 1e-5}, &circuit, &weights,
                                 &result, &ledger));
        REQUIRE_NEAR(result.energy, rows[r].energy, 2e-7);
        REQUIRE_NEAR(expect(circuit, h, weights), result.energy, 1e-12);
        assert_in_range(qhm_circuit_weight_count(circuit), rows[r].weights,
                        qhm_vqe_excitation_count(problem));
        assert_true(ledger.adjoint_gradients > result.gradients);
        qhm_vqe_weights_destroy(weights);
        qhm_circuit_destroy(circuit);
        qhm_observable_destroy(h);
        qhm_electronic_problem_destroy(problem);
    }
}

// Of four hydrogen atoms in a row single and double excitations of the first determinant miss some
// of the energy; those of any orbitals do not.
static void a_larger_pool_ends_nearer(void **state)
{
    (void)state;
    const qhm_atom h4[] = {{"H", {0, 0, 0}}, {"H", {0, 0, 1}}, {"H", {0, 0, 2}}, {"H", {0, 0, 3}}};
    qhm_electronic_problem *problem;
    qhm_full_ci exact;
    double errors[2];
    REQUIRE_OK(qhm_molecule_solve(h4, 4, &(qhm_molecule_options){.unit = QHM_UNIT_ANGSTROM}, NULL,
                                  &problem));
    REQUIRE_OK(qhm_electronic_problem_solve(problem, &exact));
    assert_int_equal(qhm_vqe_excitation_count(problem), 26);
    // Singles 2 x 6; doubles of one spin 2 x 15, of both 120.
    assert_int_equal(qhm_vqe_pool_count(problem, QHM_VQE_POOL_GENERALISED), 162);
    qhm_observable *h = hamiltonian(problem, QHM_ELECTRONS_PARITY_REDUCED);
    for (unsigned pool = 0; pool < 2; pool++) {
        qhm_circuit *circuit;
        double *weights;
        qhm_vqe_result result;
        const qhm_vqe_adapt_options options = {
            .pool = (qhm_vqe_pool)pool, .threshold = 1e-3, .optimizer = {.tolerance = 1e-5}};
        REQUIRE_OK(qhm_vqe_adapt(problem, QHM_ELECTRONS_PARITY_REDUCED, h, &options, &circuit,
                                 &weights, &result, NULL));
        errors[pool] = result.energy - exact.energy;
        qhm_vqe_weights_destroy(weights);
        qhm_circuit_destroy(circuit);
    }
    assert_true(errors[0] > 5e-5 && errors[0] < 2e-4);
    assert_true(errors[1] > -1e-10 && errors[1] < 2e-5);
    qhm_observable_destroy(h);
    qhm_electronic_problem_destroy(problem);
}

// Every member of the larger pool too is a rotation that keeps the electrons of each spin.
static void any_excitation_keeps_the_electrons(void **state)
{
    (void)state;
    qhm_electronic_problem *lih = small_lithium_hydride();
    qhm_observable *number, *spin;
    qhm_circuit *circuit;
    double weights[MOST_WEIGHTS];
    const size_t count = qhm_vqe_pool_count(lih, QHM_VQE_POOL_GENERALISED);
    assert_int_equal(count, 2 * 3 + 2 * 3 + 36);
    REQUIRE_OK(qhm_vqe_reference_create(lih, QHM_ELECTRONS_JORDAN_WIGNER, &circuit));
    for (size_t i = 0; i < count; i++) {
        const size_t before = qhm_circuit_instruction_count(circuit);
        REQUIRE_OK(qhm_vqe_pool_append(lih, QHM_ELECTRONS_JORDAN_WIGNER, QHM_VQE_POOL_GENERALISED,
                                       i, (uint32_t)i, circuit));
        assert_true(qhm_circuit_instruction_count(circuit) > before); // none is zero
        weights[i] = 0.1 + 0.01 * (double)i;
    }
    REQUIRE_OK(qhm_electronic_problem_count(lih, QHM_ELECTRONS_JORDAN_WIGNER, QHM_COUNT_ELECTRONS,
                                            &number));
    REQUIRE_OK(
        qhm_electronic_problem_count(lih, QHM_ELECTRONS_JORDAN_WIGNER, QHM_COUNT_SPIN, &spin));
    REQUIRE_NEAR(expect(circuit, number, weights), 2, 1e-10);
    REQUIRE_NEAR(expect(circuit, spin, weights), 0, 1e-10);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(number);
    qhm_observable_destroy(spin);
    qhm_electronic_problem_destroy(lih);
}

// Whatever the weights; an ansatz that does not know of electrons loses them.
static void excitations_keep_the_electrons(void **state)
{
    (void)state;
    qhm_electronic_problem *lih = small_lithium_hydride();
    double weights[MOST_WEIGHTS];
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 17, 0, 0);
    for (size_t i = 0; i < MOST_WEIGHTS; i++)
        weights[i] = qhm_random_normal(&random);
    for (unsigned map = 0; map < QHM_ELECTRON_MAP_COUNT; map++) {
        qhm_circuit *circuit, *plain;
        qhm_observable *number, *spin;
        REQUIRE_OK(qhm_vqe_uccsd_create(lih, (qhm_electron_map)map, &circuit));
        assert_int_equal(qhm_circuit_weight_count(circuit), 8);
        REQUIRE_OK(
            qhm_electronic_problem_count(lih, (qhm_electron_map)map, QHM_COUNT_ELECTRONS, &number));
        REQUIRE_OK(qhm_electronic_problem_count(lih, (qhm_electron_map)map, QHM_COUNT_SPIN, &spin));
        REQUIRE_NEAR(expect(circuit, number, weights), 2, 1e-10);
        REQUIRE_NEAR(expect(circuit, spin, weights), 0, 1e-10);
        REQUIRE_OK(qhm_ansatz_create(QHM_ANSATZ_HARDWARE_EFFICIENT,
                                     qhm_circuit_qubit_count(circuit), NULL, &plain));
        assert_true(fabs(expect(plain, number, weights) - 2) > 1e-3);
        qhm_circuit_destroy(plain);
        qhm_circuit_destroy(circuit);
        qhm_observable_destroy(number);
        qhm_observable_destroy(spin);
    }
    qhm_electronic_problem_destroy(lih);
}

static void a_spin_ring_comes_near_its_ground_state(void **state)
{
    (void)state;
    qhm_observable *h;
    qhm_circuit *circuit;
    double weights[MOST_WEIGHTS];
    qhm_vqe_result result;
    REQUIRE_OK(qhm_observable_parse("- Z0 Z1 - Z1 Z2 - Z2 Z3 - Z3 Z0 - X0 - X1 - X2 - X3", &h));
    REQUIRE_OK(qhm_ansatz_create(QHM_ANSATZ_HARDWARE_EFFICIENT, 4,
                                 &(qhm_ansatz_options){.layers = 4}, &circuit));
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, 18, 0, 0);
    for (size_t i = 0; i < MOST_WEIGHTS; i++)
        weights[i] = 0.3 * qhm_random_normal(&random);
    REQUIRE_OK(qhm_vqe_minimize(circuit, h, NULL, weights, &result, NULL));
    assert_true(result.energy >= -5.2262518595 - 1e-9);
    REQUIRE_NEAR(result.energy, -5.2262518595, 0.02);
    // By gates alone, without being told the waves.
    REQUIRE_OK(qhm_vqe_minimize(circuit, h,
                                &(qhm_vqe_options){.method = QHM_VQE_ROTOSOLVE, .iterations = 30},
                                weights, &result, NULL));
    REQUIRE_NEAR(result.energy, -5.2262518595, 0.02);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(h);
}

static void append(qhm_circuit *circuit, qhm_gate gate, uint32_t first, uint32_t second,
                   qhm_angle angle)
{
    REQUIRE_OK(qhm_circuit_append(circuit, gate, (uint32_t[]){first, second}, &angle));
}

// The circuit of a tutorial of PennyLane on natural gradients, and its metric.
static void the_metric_is_the_known_one(void **state)
{
    (void)state;
    const double pi = acos(-1), weights[] = {0.432, -0.123, 0.543, 0.233};
    const double known[4][4] = {{0.125, 0, -0.00576267, NAN},
                                {0, 0.1875, 0.00407482, NAN},
                                {-0.00576267, 0.00407482, 0.24973433, -0.01524701},
                                {NAN, NAN, -0.01524701, 0.20293623}};
    double metric[16];
    qhm_circuit *circuit;
    qhm_observable *y;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    append(circuit, QHM_GATE_RY, 0, 0, qhm_angle_constant(pi / 4));
    append(circuit, QHM_GATE_RY, 1, 0, qhm_angle_constant(pi / 3));
    append(circuit, QHM_GATE_RY, 2, 0, qhm_angle_constant(pi / 7));
    append(circuit, QHM_GATE_RZ, 0, 0, qhm_angle_weight(0));
    append(circuit, QHM_GATE_RZ, 1, 0, qhm_angle_weight(1));
    append(circuit, QHM_GATE_CX, 0, 1, qhm_angle_weight(0));
    append(circuit, QHM_GATE_CX, 1, 2, qhm_angle_weight(0));
    append(circuit, QHM_GATE_RY, 1, 0, qhm_angle_weight(2));
    append(circuit, QHM_GATE_RX, 2, 0, qhm_angle_weight(3));
    append(circuit, QHM_GATE_CX, 0, 1, qhm_angle_weight(0));
    append(circuit, QHM_GATE_CX, 1, 2, qhm_angle_weight(0));
    REQUIRE_OK(qhm_vqe_metric(circuit, weights, metric, NULL));
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            if (!isnan(known[i][j]))
                REQUIRE_NEAR(metric[4 * i + j], known[i][j], 1e-8);
    REQUIRE_OK(qhm_observable_parse("Y1", &y));
    REQUIRE_NEAR(expect(circuit, y, weights), -0.106252734754, 1e-10);
    qhm_observable_destroy(y);
    qhm_circuit_destroy(circuit);
}

// One qubit: theta and phi on the Bloch sphere have g = diag(1, sin^2 theta) / 4. Controlled gates,
// phases, and one weight in two gates, by infidelity of states nearby.
static void the_metric_is_the_distance_of_states(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    double metric[9], weights[] = {0.7, -0.4, 1.1};
    REQUIRE_OK(qhm_circuit_create(2, 0, &circuit));
    append(circuit, QHM_GATE_RY, 0, 0, qhm_angle_weight(0));
    append(circuit, QHM_GATE_RZ, 0, 0, qhm_angle_weight(1));
    REQUIRE_OK(qhm_vqe_metric(circuit, weights, metric, NULL));
    REQUIRE_NEAR(metric[0], 0.25, 1e-12);
    REQUIRE_NEAR(metric[1], 0, 1e-12);
    REQUIRE_NEAR(metric[3], pow(sin(0.7), 2) / 4, 1e-12);
    append(circuit, QHM_GATE_CRX, 0, 1, qhm_angle_weight(1));
    append(circuit, QHM_GATE_RY, 1, 0, qhm_angle_weight(2));
    append(circuit, QHM_GATE_CP, 1, 0, qhm_angle_weight(2));
    append(circuit, QHM_GATE_H, 0, 0, qhm_angle_weight(0));
    REQUIRE_OK(qhm_vqe_metric(circuit, weights, metric, NULL));
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_complex states[2][4];
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    const double step[] = {1e-3, -2e-3, 1.5e-3};
    for (int side = 0; side < 2; side++) {
        double moved[3];
        for (size_t i = 0; i < 3; i++)
            moved[i] = weights[i] + (side ? 0.5 : -0.5) * step[i];
        REQUIRE_OK(qhm_plan_run(
            plan, &(qhm_request){.batch_count = 1, .weights = moved, .states = states[side]}));
    }
    double re = 0, im = 0, expected = 0;
    for (size_t i = 0; i < 4; i++) {
        re += states[0][i].re * states[1][i].re + states[0][i].im * states[1][i].im;
        im += states[0][i].re * states[1][i].im - states[0][i].im * states[1][i].re;
    }
    for (size_t i = 0; i < 9; i++)
        expected += metric[i] * step[i / 3] * step[i % 3];
    REQUIRE_NEAR((1 - re * re - im * im) / expected, 1, 1e-5);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
}

typedef struct counted_square {
    size_t calls;
} counted_square;

static qhm_status square(void *context, const double *x, double *value, double *gradient)
{
    ((counted_square *)context)->calls++;
    assert_null(gradient);
    *value = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    return QHM_OK;
}

// On x^T x the estimate is 2 (x D) D exactly; the first gain is the learning rate.
static void a_perturbation_knows_one_direction(void **state)
{
    (void)state;
    counted_square counted = {0};
    const double start[] = {0.5, -1.2, 0.3};
    double x[] = {0.5, -1.2, 0.3}, product = 0;
    size_t steps;
    const qhm_vqe_options options = {
        .iterations = 1, .learning_rate = 0.1, .seed = 4, .tolerance = 1e-6};
    REQUIRE_OK(qhm_spsa(3, square, &counted, &options, x, &steps));
    assert_int_equal(counted.calls, 2);
    for (size_t i = 0; i < 3; i++)
        product += start[i] * copysign(1, start[i] - x[i]);
    for (size_t i = 0; i < 3; i++)
        REQUIRE_NEAR(fabs(x[i] - start[i]), 0.1 * 2 * fabs(product), 1e-12);
}

// Steeper and steeper downhill, until it fails.
static qhm_status failing(void *context, const double *x, double *value, double *gradient)
{
    *value = x[0] - x[1] * x[1] * x[1];
    if (gradient) {
        gradient[0] = 1;
        gradient[1] = -3 * x[1] * x[1];
    }
    return ++*(size_t *)context < 5 ? QHM_OK : QHM_FAIL(QHM_ERROR_NUMERIC, "the fifth value");
}

static void failures_come_back_through_every_method(void **state)
{
    (void)state;
    double x[2] = {0.1, 0.2};
    size_t calls, steps;
    for (unsigned m = QHM_VQE_COBYLA; m < QHM_VQE_METHOD_COUNT; m++) {
        const qhm_vqe_options options = {.method = (qhm_vqe_method)m,
                                         .iterations = 100,
                                         .tolerance = 1e-9,
                                         .learning_rate = 0.1};
        calls = 0;
        REQUIRE_FAILS(qhm_nlopt_minimize(2, failing, &calls, &options, x, &steps),
                      QHM_ERROR_NUMERIC, "the fifth value");
    }
    const qhm_vqe_options bobyqa = {.method = QHM_VQE_BOBYQA, .iterations = 9};
    REQUIRE_FAILS(qhm_nlopt_minimize(1, failing, &calls, &bobyqa, x, &steps), QHM_ERROR_UNSUPPORTED,
                  "two weights");
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_circuit *circuit;
    qhm_observable *z;
    double weights[2] = {NAN, 0};
    qhm_vqe_result result;
    REQUIRE_OK(qhm_observable_parse("Z0", &z));
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    append(circuit, QHM_GATE_RX, 0, 0, qhm_angle_weight(0));
    REQUIRE_FAILS(qhm_vqe_minimize(circuit, z, NULL, weights, &result, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "weight 0 is not finite");
    weights[0] = 0.1;
    REQUIRE_FAILS(qhm_vqe_minimize(circuit, z, &(qhm_vqe_options){.learning_rate = -1}, weights,
                                   &result, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "learning_rate is -1");
    qhm_angle twice = qhm_angle_weight(0);
    twice.scale = 2;
    append(circuit, QHM_GATE_RY, 0, 0, twice);
    REQUIRE_FAILS(qhm_vqe_minimize(circuit, z, &(qhm_vqe_options){.method = QHM_VQE_ROTOSOLVE},
                                   weights, &result, NULL),
                  QHM_ERROR_UNSUPPORTED, "weight 0");
    append(circuit, QHM_GATE_RX, 0, 0, qhm_angle_input(0, 1));
    REQUIRE_FAILS(qhm_vqe_minimize(circuit, z, NULL, weights, &result, NULL),
                  QHM_ERROR_INVALID_ARGUMENT, "inputs");
    REQUIRE_NEAR(weights[0], 0.1, 0);
    qhm_circuit_destroy(circuit);
    qhm_observable_destroy(z);
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, NULL);
    assert_int_equal(qhm_vqe_excitation_count(h2), 3);
    REQUIRE_OK(qhm_vqe_reference_create(h2, QHM_ELECTRONS_PARITY, &circuit));
    REQUIRE_FAILS(qhm_vqe_append_excitation(h2, QHM_ELECTRONS_PARITY, 3, 0, circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "excitation 3 of 3");
    qhm_circuit_destroy(circuit);
    qhm_electronic_problem_destroy(h2);
}

static qhm_status attempt(void *context)
{
    qhm_electronic_problem *h2 = context;
    qhm_observable *h = NULL;
    qhm_circuit *circuit = NULL;
    double *weights = NULL;
    qhm_vqe_result result;
    const qhm_vqe_adapt_options options = {
        .most = 1, .optimizer = {.method = QHM_VQE_NATURAL_GRADIENT, .iterations = 2}};
    QHM_TRY(qhm_electronic_problem_hamiltonian(h2, QHM_ELECTRONS_PARITY_REDUCED, &h));
    const qhm_status status = qhm_vqe_adapt(h2, QHM_ELECTRONS_PARITY_REDUCED, h, &options, &circuit,
                                            &weights, &result, NULL);
    if (status == QHM_OK) {
        qhm_vqe_weights_destroy(weights);
        qhm_circuit_destroy(circuit);
    }
    qhm_observable_destroy(h);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, NULL);
    require_survives_failing_memory(attempt, h2);
    qhm_electronic_problem_destroy(h2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_excitation_has_its_closed_form),
        cmocka_unit_test(every_method_finds_hydrogen),
        cmocka_unit_test(shots_bring_noise_of_their_own_size),
        cmocka_unit_test(circuits_grow_to_the_exact_energy),
        cmocka_unit_test(a_larger_pool_ends_nearer),
        cmocka_unit_test(any_excitation_keeps_the_electrons),
        cmocka_unit_test(excitations_keep_the_electrons),
        cmocka_unit_test(a_spin_ring_comes_near_its_ground_state),
        cmocka_unit_test(the_metric_is_the_known_one),
        cmocka_unit_test(the_metric_is_the_distance_of_states),
        cmocka_unit_test(a_perturbation_knows_one_direction),
        cmocka_unit_test(failures_come_back_through_every_method),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
