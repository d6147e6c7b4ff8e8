// Whole experiments on noisy circuits: what they measure is what the model put in.
#include "support/checks.h"
#include "support/decays.h"
#include "support/reference_density.h"

#include <qhm/backend.h>
#include <qhm/noise_model.h>
#include <qhm/plan.h>

#include <complex.h>

typedef struct matrix {
    double complex entry[2][2];
} matrix;

static matrix multiply(matrix a, matrix b)
{
    matrix c = {{{0}}};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            for (int k = 0; k < 2; k++)
                c.entry[i][j] += a.entry[i][k] * b.entry[k][j];
    return c;
}

static matrix adjoint(matrix a)
{
    matrix c;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            c.entry[i][j] = conj(a.entry[j][i]);
    return c;
}

// The 24 Cliffords of one qubit, up to phases.
static size_t find_cliffords(matrix *group)
{
    const double h = sqrt(0.5);
    const matrix generators[2] = {{{{h, h}, {h, -h}}}, {{{1, 0}, {0, I}}}};
    size_t count = 1;
    group[0] = (matrix){{{1, 0}, {0, 1}}};
    for (size_t i = 0; i < count; i++)
        for (int g = 0; g < 2; g++) {
            const matrix next = multiply(generators[g], group[i]);
            bool is_new = true;
            for (size_t k = 0; k < count; k++) {
                const matrix ratio = multiply(adjoint(group[k]), next);
                is_new = is_new && cabs(ratio.entry[0][0] + ratio.entry[1][1]) < 2 - 1e-9;
            }
            if (is_new) {
                assert_true(count < 24);
                group[count++] = next;
            }
        }
    return count;
}

static void append_matrix(qhm_circuit *circuit, matrix m)
{
    qhm_complex entries[4];
    for (int i = 0; i < 4; i++)
        entries[i] = (qhm_complex){creal(m.entry[i / 2][i % 2]), cimag(m.entry[i / 2][i % 2])};
    const qhm_instruction gate = {
        .gate = QHM_GATE_UNITARY, .qubit_count = 1, .qubits = (uint32_t[]){0}, .matrix = entries};
    REQUIRE_OK(qhm_circuit_append_instruction(circuit, &gate));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL));
}

// A component of the Bloch vector.
static double bloch(const qhm_complex *rho, char letter)
{
    return letter == 'X' ? 2 * rho[1].re : letter == 'Y' ? -2 * rho[1].im : rho[0].re - rho[3].re;
}

// <Z> after a random sequence that ends in the identity, or in a flip; half their difference, so
// that what relaxation adds to both drops out.
static double survival(const qhm_noise_model *model, const matrix *group, size_t length,
                       qhm_random *random)
{
    const matrix flip = {{{0, 1}, {1, 0}}};
    matrix gates[512], total = {{{1, 0}, {0, 1}}};
    for (size_t i = 0; i < length; i++) {
        gates[i] = group[qhm_random_below(random, 24)];
        total = multiply(gates[i], total);
    }
    double values[2];
    for (int ends_in_flip = 0; ends_in_flip < 2; ends_in_flip++) {
        qhm_circuit *circuit, *noisy;
        REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
        for (size_t i = 0; i < length; i++)
            append_matrix(circuit, gates[i]);
        append_matrix(circuit, ends_in_flip ? multiply(flip, adjoint(total)) : adjoint(total));
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        qhm_complex *rho = reference_density(noisy, NULL, NULL);
        values[ends_in_flip] = bloch(rho, 'Z');
        free(rho);
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
    }
    return (values[0] - values[1]) / 2;
}

// Decay p^m of random sequences, error (1 - p) / 2. Four of the 24 Cliffords are rotations about Z,
// which are free.
static void randomised_benchmarking_recovers_the_gate_error(void **state)
{
    (void)state;
    enum { LENGTHS = 5, SEQUENCES = 24 };
    const size_t lengths[LENGTHS] = {1, 60, 120, 240, 400};
    matrix group[24];
    assert_int_equal(find_cliffords(group), 24);
    qhm_device *device;
    qhm_noise_model *model;
    REQUIRE_OK(qhm_device_load("willow", NULL, &device));
    REQUIRE_OK(qhm_noise_model_create_from_device(device, (uint32_t[]){50}, 1, NULL, &model));
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 70, 0, 0);
    double slopes[SEQUENCES], slope_error;
    for (size_t s = 0; s < SEQUENCES; s++) {
        double survivals[LENGTHS];
        for (size_t l = 0; l < LENGTHS; l++)
            survivals[l] = survival(model, group, lengths[l], &random);
        slopes[s] = decay_slope(lengths, survivals, LENGTHS);
    }
    const double mean = mean_slope(slopes, SEQUENCES, &slope_error);
    const double error = (1 - exp(mean)) / 2, interval = 3.8 * slope_error / 2; // 99.9 %, t(23)
    assert_true(interval > 0 && interval < 0.05 * 3.5e-4);
    REQUIRE_NEAR(error, 3.5e-4 * 20 / 24, interval);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(device);
}

enum { ROWS = 2, COLUMNS = 4, CELLS = ROWS * COLUMNS, OUTCOMES = 1 << CELLS };

// A block of Willow's grid.
static void find_block(const qhm_device *device, double x, double y, uint32_t *physical)
{
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        bool is_found = false;
        for (uint32_t q = 0; q < qhm_device_qubit_count(device); q++) {
            const qhm_device_qubit *qubit = qhm_device_qubit_at(device, q);
            if (qubit->x == x + cell % COLUMNS && qubit->y == y + cell / COLUMNS) {
                physical[cell] = q;
                is_found = true;
            }
        }
        assert_true(is_found);
    }
}

// Random one-qubit gates on all, then CZ on every other edge of one direction. Counts the CZ.
static size_t append_cycle(qhm_circuit *circuit, size_t cycle, qhm_random *random)
{
    static const size_t patterns[4][2] = {{1, 0}, {COLUMNS, 0}, {1, 1}, {COLUMNS, 1}};
    const size_t step = patterns[cycle % 4][0], parity = patterns[cycle % 4][1];
    size_t count = 0;
    for (uint32_t q = 0; q < CELLS; q++) {
        qhm_angle angles[3];
        for (int i = 0; i < 3; i++)
            angles[i] = qhm_angle_constant(i == 0 ? acos(1 - 2 * qhm_random_uniform(random))
                                                  : 6.283185307179586 * qhm_random_uniform(random));
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_U, &q, angles));
    }
    for (uint32_t q = 0; q < CELLS; q++) {
        const size_t column = q % COLUMNS, row = q / COLUMNS;
        const bool fits = step == 1 ? column + 1 < COLUMNS && column % 2 == parity
                                    : row + 1 < ROWS && row % 2 == 0 && column % 2 == parity;
        if (!fits)
            continue;
        const uint32_t qubits[2] = {q, q + (uint32_t)step};
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CZ, qubits, NULL));
        count++;
    }
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_BARRIER, NULL, NULL)); // else gates make runs
    return count;
}

static void find_probabilities(const qhm_circuit *circuit, double *probabilities)
{
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    REQUIRE_OK(
        qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .probabilities = probabilities}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
}

// The cross-entropy fidelity of shots: (mean of the ideal probabilities of what came out, above
// chance) / (the same of ideal shots).
static double cross_entropy(const qhm_circuit *noisy, const double *ideal, size_t shots)
{
    qhm_backend *backend;
    qhm_plan *plan;
    uint64_t *samples = calloc(shots, sizeof *samples);
    REQUIRE_OK(qhm_backend_create("trajectories", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, noisy, NULL, 0,
                               &(qhm_plan_options){.max_batch = 1, .forward_only = true}, &plan));
    REQUIRE_OK(qhm_plan_run(
        plan,
        &(qhm_request){.batch_count = 1, .shots = shots, .seed = test_seed(), .samples = samples}));
    double mean = 0, perfect = 0;
    for (size_t i = 0; i < shots; i++)
        mean += ideal[samples[i]] / (double)shots;
    for (size_t i = 0; i < OUTCOMES; i++)
        perfect += ideal[i] * ideal[i];
    free(samples);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    return (OUTCOMES * mean - 1) / (OUTCOMES * perfect - 1);
}

typedef struct depth_result {
    double fidelity, product; // of the circuits, in the mean
} depth_result;

static depth_result run_depth(const qhm_noise_model *model, size_t cycles, size_t circuits,
                              size_t shots)
{
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 71, 0, cycles);
    double *ideal = calloc(OUTCOMES, sizeof *ideal);
    depth_result result = {0, 0};
    for (size_t c = 0; c < circuits; c++) {
        qhm_circuit *circuit, *noisy;
        size_t pairs = 0;
        REQUIRE_OK(qhm_circuit_create(CELLS, 0, &circuit));
        for (size_t cycle = 0; cycle < cycles; cycle++)
            pairs += append_cycle(circuit, cycle, &random);
        REQUIRE_OK(qhm_noise_model_apply(model, circuit, &noisy));
        find_probabilities(circuit, ideal);
        result.fidelity += cross_entropy(noisy, ideal, shots) / (double)circuits;
        result.product += pow(1 - 1.5 * 3.5e-4, (double)(CELLS * cycles)) *
                          pow(1 - 1.25 * 3.3e-3, (double)pairs) / (double)circuits;
        qhm_circuit_destroy(noisy);
        qhm_circuit_destroy(circuit);
    }
    free(ideal);
    return result;
}

// Random circuits on a piece of Willow's grid: from one depth to another the fidelity falls by what
// the gates between keep of the process. At a single depth errors of the last cycles, which have no
// time to spread, count for less.
static void cross_entropy_follows_the_product_of_fidelities(void **state)
{
    (void)state;
    enum { CIRCUITS = 10, SHOTS = 4000 };
    qhm_device *device;
    qhm_noise_model *model;
    uint32_t physical[CELLS];
    REQUIRE_OK(qhm_device_load("willow", NULL, &device));
    find_block(device, 5, 5, physical);
    REQUIRE_OK(qhm_noise_model_create_from_device(device, physical, CELLS, NULL, &model));
    const depth_result low = run_depth(model, 12, CIRCUITS, SHOTS);
    const depth_result high = run_depth(model, 36, CIRCUITS, SHOTS);
    const double kept = high.fidelity / low.fidelity, expected = high.product / low.product;
    assert_true(expected > 0.6 && expected < 0.8);
    // Shots, and circuits that differ, leave about 1 % of standard deviation.
    REQUIRE_NEAR(kept, expected, 0.05 * expected);
    qhm_noise_model_destroy(model);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(randomised_benchmarking_recovers_the_gate_error),
        cmocka_unit_test(cross_entropy_follows_the_product_of_fidelities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
