// Quantum kernels: known answers, shots, repair, and that wrong maps are found out.
#include "base/memory.h"
#include "learn/kernel_shots.h"
#include "linalg/symmetric_eigen.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/quantum_kernel.h>
#include <qhm/svm.h>
#include <qhm/threads.h>

static const double pi = 3.14159265358979323846;

typedef enum map_kind { Z_MAP, ZZ_FULL, ZZ_LINEAR } map_kind;

static void append_phase(qhm_circuit *circuit, uint32_t qubit, qhm_angle angle)
{
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_P, &qubit, &angle));
}

// Per repetition H on all, P(2 x_i), and for a pair CX P(2 (pi - x_i) (pi - x_j)) CX; written out
// here so that the kernel does not lean on the library's own feature maps.
static qhm_circuit *make_map(map_kind kind, uint32_t features, int repetitions)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(features, 0, &circuit));
    for (int repetition = 0; repetition < repetitions; repetition++) {
        for (uint32_t i = 0; i < features; i++) {
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &i, NULL));
            append_phase(circuit, i, qhm_angle_input(i, 2));
        }
        for (uint32_t i = 0; i < features && kind != Z_MAP; i++)
            for (uint32_t j = i + 1; j < features; j++) {
                if (kind == ZZ_LINEAR && j != i + 1)
                    continue;
                qhm_angle angle = {.scale = 2,
                                   .factors = {{QHM_SLOT_INPUT, i, -pi},
                                               {QHM_SLOT_INPUT, j, -pi}}}; // two signs cancel
                uint32_t pair[2] = {i, j};
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, pair, NULL));
                append_phase(circuit, j, angle);
                REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, pair, NULL));
            }
    }
    return circuit;
}

static qhm_quantum_kernel *make_kernel(map_kind kind, uint32_t features, int repetitions,
                                       const qhm_quantum_kernel_options *options)
{
    qhm_circuit *circuit = make_map(kind, features, repetitions);
    qhm_quantum_kernel *kernel;
    REQUIRE_OK(qhm_quantum_kernel_create(circuit, options, &kernel));
    qhm_circuit_destroy(circuit);
    return kernel;
}

// K(x, y) of one pair.
static double pair_value(map_kind kind, uint32_t features, int repetitions,
                         const qhm_quantum_kernel_options *options, const double *x,
                         const double *y)
{
    qhm_quantum_kernel *kernel = make_kernel(kind, features, repetitions, options);
    double value;
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, x, 1, y, 1, &value));
    qhm_quantum_kernel_destroy(kernel);
    return value;
}

// Qiskit Machine Learning's published points.
static const double samples[4][2] = {{3.07876080, 1.75929189},
                                     {6.03185789, 5.27787566},
                                     {6.22035345, 2.70176968},
                                     {0.18849556, 2.82743339}};
static const double test_samples[2][2] = {{2.199114860, 5.15221195}, {0.50265482, 0.06283185}};

static void z_and_zz_maps_give_the_published_matrices(void **state)
{
    (void)state;
    const double published[2][6] = {
        {0.78883982, 0.15984355, 0.06203766, 0.49363215, 0.32128356, 0.91953051},
        {0.81376617, 0.05102078, 0.06033439, 0.14750292, 0.09980414, 0.26196463}};
    for (int kind = 0; kind < 2; kind++) {
        qhm_quantum_kernel *kernel = make_kernel(kind ? ZZ_FULL : Z_MAP, 2, 2, NULL);
        double gram[4][4];
        REQUIRE_OK(qhm_quantum_kernel_run(kernel, samples[0], 4, NULL, 0, gram[0]));
        size_t next = 0;
        for (size_t i = 0; i < 4; i++) {
            REQUIRE_NEAR(gram[i][i], 1, 0);
            for (size_t j = i + 1; j < 4; j++) {
                REQUIRE_NEAR(gram[i][j], published[kind][next++], 1e-7);
                REQUIRE_NEAR(gram[j][i], gram[i][j], 0);
            }
        }
        qhm_quantum_kernel_destroy(kernel);
    }
}

// The share of right answers of a support vector machine over a precomputed kernel.
static double score(map_kind kind)
{
    const size_t labels[4] = {0, 0, 1, 1}, test_labels[2] = {0, 1};
    double gram[4][4], between[2][4], right = 0;
    qhm_quantum_kernel *kernel = make_kernel(kind, 2, 2, NULL);
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, samples[0], 4, NULL, 0, gram[0]));
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, test_samples[0], 2, samples[0], 4, between[0]));
    qhm_quantum_kernel_destroy(kernel);
    qhm_svm *svm;
    size_t found[2];
    REQUIRE_OK(qhm_svm_fit(gram[0], labels, 4, 4, &(qhm_svm_options){.kernel = QHM_SVM_PRECOMPUTED},
                           &svm));
    REQUIRE_OK(qhm_svm_forward(svm, between[0], 2, 4, found));
    qhm_svm_destroy(svm);
    for (size_t i = 0; i < 2; i++)
        right += found[i] == test_labels[i];
    return right / 2;
}

static void support_vector_machines_reach_the_published_scores(void **state)
{
    (void)state;
    REQUIRE_NEAR(score(Z_MAP), 1.0, 0);
    REQUIRE_NEAR(score(ZZ_FULL), 0.5, 0);
}

static void pairs_have_their_known_fidelities(void **state)
{
    (void)state;
    const struct {
        double x[2], y[2], twice, once;
    } known[] = {{{0.1, 0.2}, {0.3, 0.4}, 0.103484104662, 0.150716478753},
                 {{1, 2}, {2, 1}, 0.784072969343, 0.085221129118},
                 {{0.5, -0.5}, {0.25, 0.75}, 0.696273500492, 0.086481864468},
                 {{3, 0.5}, {1, 2}, 0.322642567044, 0.633790666095}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const double *x = known[i].x, *y = known[i].y;
        REQUIRE_NEAR(pair_value(ZZ_FULL, 2, 2, NULL, x, y), known[i].twice, 1e-11);
        REQUIRE_NEAR(pair_value(ZZ_FULL, 2, 1, NULL, x, y), known[i].once, 1e-11);
        double product = pow(cos(x[0] - y[0]) * cos(x[1] - y[1]), 2);
        REQUIRE_NEAR(pair_value(Z_MAP, 2, 1, NULL, x, y), product, 1e-12);
    }
    const double a[3] = {0.1, 0.2, 0.3}, b[3] = {0.4, 0.5, 0.6};
    REQUIRE_NEAR(pair_value(ZZ_FULL, 3, 2, NULL, a, b), 0.493544482116, 1e-11);
    REQUIRE_NEAR(pair_value(ZZ_LINEAR, 3, 2, NULL, a, b), 0.094247238154, 1e-11);
    qhm_quantum_kernel_options options = {.precision = QHM_FLOAT32};
    REQUIRE_NEAR(pair_value(ZZ_FULL, 3, 2, &options, a, b), 0.493544482116, 2e-6);
}

static void the_projected_kernel_has_its_known_values(void **state)
{
    (void)state;
    qhm_quantum_kernel_options options = {.type = QHM_QUANTUM_KERNEL_PROJECTED};
    const double a[2] = {0.1, 0.2}, b[2] = {0.3, 0.4}, c[2] = {1, 2}, d[2] = {2, 1};
    REQUIRE_NEAR(pair_value(ZZ_FULL, 2, 2, &options, a, b), 0.123315885026, 1e-11);
    REQUIRE_NEAR(pair_value(ZZ_FULL, 2, 2, &options, c, d), 0.604427386810, 1e-11);
    options.gamma = 0.5;
    REQUIRE_NEAR(pair_value(ZZ_FULL, 2, 2, &options, a, b), sqrt(0.123315885026), 1e-11);

    // An RY rotation: the squared distance is 1 - cos(difference).
    qhm_circuit *circuit;
    qhm_quantum_kernel *kernel;
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    qhm_angle angle = qhm_angle_input(0, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle));
    options.gamma = 3;
    REQUIRE_OK(qhm_quantum_kernel_create(circuit, &options, &kernel));
    qhm_circuit_destroy(circuit);
    double x[3] = {0.2, 1.1, -0.9}, gram[9];
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, x, 3, NULL, 0, gram));
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            REQUIRE_NEAR(gram[i * 3 + j], exp(-3 * (1 - cos(x[i] - x[j]))), 1e-14);
    REQUIRE_NEAR(gram[4], 1, 0);
    qhm_quantum_kernel_destroy(kernel);
}

enum { MANY = 150, FEATURES = 3 };

static double *make_points(size_t count)
{
    double *points = malloc(count * FEATURES * sizeof *points);
    assert_non_null(points);
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_DATA, 0, 0, 0);
    for (size_t i = 0; i < count * FEATURES; i++)
        points[i] = 2 * pi * qhm_random_uniform(&random);
    return points;
}

static void a_large_matrix_is_the_matrix_of_its_pairs(void **state)
{
    (void)state;
    double *points = make_points(MANY);
    double *gram = malloc(MANY * MANY * sizeof *gram), *between = malloc(70 * 80 * sizeof *gram);
    assert_non_null(gram);
    assert_non_null(between);
    for (int type = QHM_QUANTUM_KERNEL_FIDELITY; type <= QHM_QUANTUM_KERNEL_PROJECTED; type++) {
        qhm_quantum_kernel_options options = {.type = type};
        qhm_quantum_kernel *kernel = make_kernel(ZZ_FULL, FEATURES, 2, &options);
        REQUIRE_OK(qhm_quantum_kernel_run(kernel, points, MANY, NULL, 0, gram));
        REQUIRE_OK(qhm_quantum_kernel_run(kernel, points + 80 * FEATURES, 70, points, 80, between));
        const size_t some[][2] = {{0, 1}, {3, 149}, {128, 127}, {64, 63}, {149, 148}};
        for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
            size_t a = some[i][0], b = some[i][1];
            double alone;
            REQUIRE_OK(qhm_quantum_kernel_run(kernel, points + a * FEATURES, 1,
                                              points + b * FEATURES, 1, &alone));
            REQUIRE_NEAR(gram[a * MANY + b], alone, 1e-14);
        }
        for (size_t i = 0; i < 70; i++)
            for (size_t j = 0; j < 80; j++)
                REQUIRE_NEAR(between[i * 80 + j], gram[(80 + i) * MANY + j], 1e-14);
        qhm_quantum_kernel_destroy(kernel);
    }
    free(between);
    free(gram);
    free(points);
}

static double smallest_eigenvalue(const double *matrix, size_t n)
{
    double *copy = malloc(n * n * sizeof *copy), *vectors = malloc(n * n * sizeof *vectors);
    double values[MANY];
    assert_non_null(copy);
    assert_non_null(vectors);
    memcpy(copy, matrix, n * n * sizeof *copy);
    REQUIRE_OK(qhm_symmetric_eigen(copy, n, n, values, vectors));
    free(copy);
    free(vectors);
    return values[n - 1];
}

static void sampled_matrices_are_repaired(void **state)
{
    (void)state;
    enum { N = 40, SHOTS = 200 };
    double *points = make_points(N);
    double exact[N * N], sampled[N * N], raw[N * N];
    qhm_quantum_kernel *kernel = make_kernel(ZZ_FULL, FEATURES, 2, NULL);
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, points, N, NULL, 0, exact));
    qhm_quantum_kernel_destroy(kernel);
    qhm_quantum_kernel_options options = {.shots = SHOTS, .seed = 5};
    kernel = make_kernel(ZZ_FULL, FEATURES, 2, &options);
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, points, N, NULL, 0, sampled));
    memcpy(raw, exact, sizeof raw);
    qhm_kernel_sample(raw, N, N, true, SHOTS, 5);
    assert_true(smallest_eigenvalue(raw, N) < -0.01); // there is something to repair
    assert_true(smallest_eigenvalue(sampled, N) > -1e-12);
    double total = 0;
    for (size_t i = 0; i < N; i++) {
        REQUIRE_NEAR(sampled[i * N + i], 1, 0);
        for (size_t j = 0; j < N; j++) {
            REQUIRE_NEAR(sampled[i * N + j], sampled[j * N + i], 0);
            total += fabs(sampled[i * N + j] - exact[i * N + j]) / (N * N);
        }
    }
    assert_true(total > 1e-3 && total < 0.05); // noisy, but still this matrix
    qhm_quantum_kernel_destroy(kernel);
    free(points);
}

static void sampled_entries_are_unbiased(void **state)
{
    (void)state;
    enum { REPEATS = 1000, SHOTS = 70 }; // not a multiple of 64
    const double x[2] = {0.1, 0.2}, y[2] = {0.3, 0.4}, exact = 0.103484104662;
    double sum = 0, squares = 0, first = 0;
    for (uint64_t seed = 0; seed < REPEATS; seed++) {
        qhm_quantum_kernel_options options = {.shots = SHOTS, .seed = seed};
        double value = pair_value(ZZ_FULL, 2, 2, &options, x, y);
        REQUIRE_NEAR(value * SHOTS, round(value * SHOTS), 1e-9); // a count of shots
        sum += value / REPEATS;
        squares += value * value / REPEATS;
        if (!seed)
            first = value;
    }
    double variance = exact * (1 - exact) / SHOTS;
    REQUIRE_NEAR(sum, exact, 5 * sqrt(variance / REPEATS));
    REQUIRE_NEAR(squares - sum * sum, variance, 5 * sqrt(2.0 / REPEATS) * variance);
    qhm_quantum_kernel_options options = {.shots = SHOTS};
    REQUIRE_NEAR(pair_value(ZZ_FULL, 2, 2, &options, x, y), first, 0);
}

static void binomial_numbers_have_their_mean_and_variance(void **state)
{
    (void)state;
    enum { REPEATS = 4000, TRIALS = 150 };
    const double probabilities[] = {1e-3, 0.25, 0.5, 1 / 3.0, 0.97};
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 0, 0, 0);
    for (size_t i = 0; i < sizeof probabilities / sizeof *probabilities; i++) {
        double p = probabilities[i], sum = 0, squares = 0;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            double count = (double)qhm_random_binomial(&random, TRIALS, p);
            sum += count / REPEATS;
            squares += count * count / REPEATS;
        }
        double variance = TRIALS * p * (1 - p);
        REQUIRE_NEAR(sum, TRIALS * p, 5 * sqrt(variance / REPEATS));
        // the fourth moment of a rare event is larger than a normal's
        REQUIRE_NEAR(squares - sum * sum, variance,
                     5 * variance * sqrt((2 + 1 / variance) / REPEATS));
    }
    assert_int_equal(qhm_random_binomial(&random, 77, 0), 0);
    assert_int_equal(qhm_random_binomial(&random, 77, 1), 77);
}

static void sampled_projected_matrices_are_kernels_and_repeat(void **state)
{
    (void)state;
    qhm_quantum_kernel_options options = {
        .type = QHM_QUANTUM_KERNEL_PROJECTED, .shots = 30, .gamma = 5};
    qhm_quantum_kernel *kernel = make_kernel(ZZ_FULL, 2, 2, &options);
    double gram[16], between[8], again[8];
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, samples[0], 4, NULL, 0, gram));
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, test_samples[0], 2, samples[0], 4, between));
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, test_samples[0], 2, samples[0], 4, again));
    assert_memory_equal(between, again, sizeof between);
    assert_true(smallest_eigenvalue(gram, 4) > 0);
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(gram[i * 5], 1, 0);
    // a test point that is a training point is measured anew: its similarity is below 1
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, samples[0], 2, samples[0], 4, between));
    assert_true(between[0] < 1);
    qhm_quantum_kernel_destroy(kernel);
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    double *points = make_points(MANY);
    double *grams = malloc(2 * MANY * MANY * sizeof *grams);
    assert_non_null(grams);
    const size_t shots[] = {0, 100};
    for (size_t s = 0; s < 2; s++) {
        for (unsigned i = 0; i < 2; i++) {
            REQUIRE_OK(qhm_threads_set_count(i ? 3 : 1));
            qhm_quantum_kernel_options options = {.shots = shots[s]};
            qhm_quantum_kernel *kernel = make_kernel(ZZ_FULL, FEATURES, 2, &options);
            REQUIRE_OK(
                qhm_quantum_kernel_run(kernel, points, MANY, NULL, 0, grams + i * MANY * MANY));
            qhm_quantum_kernel_destroy(kernel);
        }
        assert_memory_equal(grams, grams + MANY * MANY, MANY * MANY * sizeof *grams);
    }
    REQUIRE_OK(qhm_threads_set_count(0));
    free(grams);
    free(points);
}

static void concentration_is_that_of_the_pairs(void **state)
{
    (void)state;
    const double gram[9] = {1, 0.2, 0.4, 0.2, 1, 0.9, 0.4, 0.9, 1};
    qhm_kernel_concentration found;
    REQUIRE_OK(qhm_quantum_kernel_concentration(gram, 3, &found));
    REQUIRE_NEAR(found.mean, 0.5, 1e-15);
    REQUIRE_NEAR(found.variance, (0.09 + 0.01 + 0.16) / 3, 1e-15);
    REQUIRE_NEAR(found.smallest, 0.2, 0);
    REQUIRE_NEAR(found.largest, 0.9, 0);
    REQUIRE_FAILS(qhm_quantum_kernel_concentration(gram, 1, &found), QHM_ERROR_INVALID_ARGUMENT,
                  "count is 1, not at least 2");
    const double broken[4] = {1, NAN, NAN, 1};
    REQUIRE_FAILS(qhm_quantum_kernel_concentration(broken, 2, &found), QHM_ERROR_INVALID_ARGUMENT,
                  "entry 0, 1");
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_quantum_kernel *kernel = NULL;
    qhm_circuit *circuit = make_map(ZZ_FULL, 2, 1);
    REQUIRE_FAILS(
        qhm_quantum_kernel_create(circuit, &(qhm_quantum_kernel_options){.gamma = -1}, &kernel),
        QHM_ERROR_INVALID_ARGUMENT, "gamma is -1");
    REQUIRE_FAILS(
        qhm_quantum_kernel_create(circuit, &(qhm_quantum_kernel_options){.type = 3}, &kernel),
        QHM_ERROR_INVALID_ARGUMENT, "type is 3");
    REQUIRE_FAILS(qhm_quantum_kernel_create(
                      circuit, &(qhm_quantum_kernel_options){.backend = "abacus"}, &kernel),
                  QHM_ERROR_NOT_FOUND, "abacus");
    qhm_angle weight = qhm_angle_weight(1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &weight));
    REQUIRE_FAILS(qhm_quantum_kernel_create(circuit, NULL, &kernel), QHM_ERROR_INVALID_ARGUMENT,
                  "2 weight slots");
    qhm_circuit_destroy(circuit);
    REQUIRE_OK(qhm_circuit_create(1, 0, &circuit));
    REQUIRE_FAILS(qhm_quantum_kernel_create(circuit, NULL, &kernel), QHM_ERROR_INVALID_ARGUMENT,
                  "no input slot");
    qhm_circuit_destroy(circuit);
    circuit = make_map(Z_MAP, 2, 1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RESET, (uint32_t[]){0}, NULL));
    REQUIRE_FAILS(qhm_quantum_kernel_create(circuit, NULL, &kernel), QHM_ERROR_UNSUPPORTED, "");
    qhm_circuit_destroy(circuit);
    assert_null(kernel);

    kernel = make_kernel(ZZ_FULL, 2, 1, NULL);
    double gram[16] = {-7}, wrong[4] = {0, 0, 0, INFINITY};
    REQUIRE_FAILS(qhm_quantum_kernel_run(kernel, samples[0], 0, NULL, 0, gram),
                  QHM_ERROR_INVALID_ARGUMENT, "x_count is 0");
    REQUIRE_FAILS(qhm_quantum_kernel_run(kernel, samples[0], 1, samples[0], 0, gram),
                  QHM_ERROR_INVALID_ARGUMENT, "y_count is 0");
    REQUIRE_FAILS(qhm_quantum_kernel_run(kernel, wrong, 2, NULL, 0, gram),
                  QHM_ERROR_INVALID_ARGUMENT, "");
    REQUIRE_FAILS(qhm_quantum_kernel_run(kernel, samples[0], SIZE_MAX / 2, NULL, 0, gram),
                  QHM_ERROR_RESOURCE_LIMIT, "memory");
    REQUIRE_NEAR(gram[0], -7, 0); // untouched
    qhm_quantum_kernel_destroy(kernel);
}

static qhm_status create_and_run(void *context)
{
    const qhm_quantum_kernel_options *options = context;
    qhm_circuit *circuit = NULL;
    qhm_quantum_kernel *kernel = NULL;
    qhm_angle angle = qhm_angle_input(0, 1);
    double x[3] = {0.2, 1.1, -0.9}, gram[9];
    qhm_status status = qhm_circuit_create(1, 0, &circuit);
    if (status == QHM_OK)
        status = qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){0}, &angle);
    if (status == QHM_OK)
        status = qhm_quantum_kernel_create(circuit, options, &kernel);
    if (status == QHM_OK)
        status = qhm_quantum_kernel_run(kernel, x, 3, NULL, 0, gram);
    qhm_quantum_kernel_destroy(kernel);
    qhm_circuit_destroy(circuit);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_quantum_kernel_options options = {.shots = 4};
    require_survives_failing_memory(create_and_run, &options);
    options = (qhm_quantum_kernel_options){.type = QHM_QUANTUM_KERNEL_PROJECTED};
    require_survives_failing_memory(create_and_run, &options);
}

// A pair of points is the map and its inverse, with both points loaded in every shot.
static void the_ledger_has_both_maps_of_every_pair(void **state)
{
    (void)state;
    const qhm_quantum_kernel_options options = {.shots = 50};
    qhm_quantum_kernel *kernel = make_kernel(ZZ_FULL, 2, 2, &options);
    double matrix[16];
    qhm_ledger ledger;
    REQUIRE_OK(qhm_quantum_kernel_ledger(kernel, &ledger));
    assert_int_equal(ledger.circuits, 0);
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, samples[0], 4, NULL, 0, matrix));
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, test_samples[0], 2, samples[0], 4, matrix));
    REQUIRE_OK(qhm_quantum_kernel_ledger(kernel, &ledger));
    const uint64_t pairs = 4 * 3 / 2 + 2 * 4;
    assert_int_equal(ledger.circuits, pairs);
    assert_int_equal(ledger.exact_circuits, 0);
    assert_int_equal(ledger.shots, pairs * 50);
    assert_int_equal(ledger.state_preparations, pairs * 50 * 2);
    const qhm_phase_counts total = qhm_ledger_total(&ledger);
    assert_int_equal(total.by_gate[QHM_GATE_CX], pairs * 50 * 2 * 4); // 2 CX, 2 repetitions
    assert_int_equal(total.by_gate[QHM_GATE_H], pairs * 50 * 2 * 4);
    assert_int_equal(total.measurements, pairs * 50 * 2);
    assert_int_equal(ledger.two_qubit_depth, 8);
    qhm_quantum_kernel_destroy(kernel);

    kernel = make_kernel(ZZ_FULL, 2, 2, NULL);
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, samples[0], 4, NULL, 0, matrix));
    REQUIRE_OK(qhm_quantum_kernel_ledger(kernel, &ledger));
    assert_int_equal(ledger.circuits, 6);
    assert_int_equal(ledger.exact_circuits, 6);
    assert_int_equal(ledger.shots, 0);
    qhm_quantum_kernel_destroy(kernel);

    kernel = make_kernel(
        ZZ_FULL, 2, 2,
        &(qhm_quantum_kernel_options){.type = QHM_QUANTUM_KERNEL_PROJECTED, .shots = 50});
    REQUIRE_OK(qhm_quantum_kernel_run(kernel, samples[0], 4, NULL, 0, matrix));
    REQUIRE_OK(qhm_quantum_kernel_ledger(kernel, &ledger));
    assert_int_equal(ledger.circuits, 4 * 3); // settings X, Y and Z
    assert_int_equal(ledger.shots, 4 * 3 * 50);
    assert_int_equal(ledger.state_preparations, 4 * 3 * 50);
    REQUIRE_FAILS(qhm_quantum_kernel_ledger(NULL, &ledger), QHM_ERROR_INVALID_ARGUMENT, "kernel");
    qhm_quantum_kernel_destroy(kernel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(z_and_zz_maps_give_the_published_matrices),
        cmocka_unit_test(support_vector_machines_reach_the_published_scores),
        cmocka_unit_test(pairs_have_their_known_fidelities),
        cmocka_unit_test(the_projected_kernel_has_its_known_values),
        cmocka_unit_test(a_large_matrix_is_the_matrix_of_its_pairs),
        cmocka_unit_test(sampled_matrices_are_repaired),
        cmocka_unit_test(sampled_entries_are_unbiased),
        cmocka_unit_test(binomial_numbers_have_their_mean_and_variance),
        cmocka_unit_test(sampled_projected_matrices_are_kernels_and_repeat),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(concentration_is_that_of_the_pairs),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(the_ledger_has_both_maps_of_every_pair),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("learn/quantum_kernel", tests, NULL, NULL);
}
