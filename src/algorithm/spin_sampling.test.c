// Sampled spins: distributions that are known, optima that all methods find, times to solution.
#include "base/memory.h"
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/random.h>
#include <qhm/spin_sampling.h>

static qhm_ising *glass(size_t count, uint64_t seed)
{
    qhm_ising *ising;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_ising_create(count, &ising));
    REQUIRE_OK(qhm_ising_append_constant(ising, 0.75));
    for (size_t i = 0; i < count; i++) {
        REQUIRE_OK(qhm_ising_append_field(ising, i, 0.3 * qhm_random_normal(&random)));
        for (size_t j = 0; j < i; j++)
            REQUIRE_OK(qhm_ising_append_coupling(ising, i, j, qhm_random_normal(&random)));
    }
    return ising;
}

static uint64_t to_bits(const int8_t *spins, size_t count)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < count; i++)
        bits |= (uint64_t)(spins[i] < 0) << i;
    return bits;
}

static void sparse_costs_are_the_dense_ones(void **state)
{
    (void)state;
    qhm_ising *dense = glass(7, 1);
    qhm_sparse_ising *sparse;
    REQUIRE_OK(qhm_sparse_ising_convert(dense, &sparse));
    assert_int_equal(qhm_sparse_ising_coupling_count(sparse), 21);
    for (uint64_t z = 0; z < 128; z++) {
        int8_t spins[7];
        for (size_t i = 0; i < 7; i++)
            spins[i] = z >> i & 1 ? -1 : 1;
        REQUIRE_NEAR(qhm_sparse_ising_energy(sparse, spins), qhm_ising_energy(dense, z), 1e-12);
    }
    qhm_sparse_ising_destroy(sparse);
    qhm_ising_destroy(dense);
}

// Each of the 16 shares within five standard deviations of exp(-beta E) / Z.
static void the_heat_bath_is_boltzmanns_distribution(void **state)
{
    (void)state;
    enum { RUNS = 20000, N = 4 };
    const double beta = 0.7;
    qhm_ising *dense = glass(N, 2);
    qhm_sparse_ising *sparse;
    int8_t *spins;
    double counts[16] = {0}, weights[16], sum = 0;
    REQUIRE_OK(qhm_sparse_ising_convert(dense, &sparse));
    REQUIRE_OK(qhm_allocate(RUNS, N, &spins));
    const qhm_spin_sampling_options options = {
        .method = QHM_SPIN_GIBBS, .runs = RUNS, .sweeps = 40, .beta = beta, .seed = 5};
    REQUIRE_OK(qhm_spin_sampling_run(sparse, &options, spins, NULL));
    for (size_t run = 0; run < RUNS; run++)
        counts[to_bits(spins + run * N, N)]++;
    for (uint64_t z = 0; z < 16; z++)
        sum += weights[z] = exp(-beta * qhm_ising_energy(dense, z));
    for (uint64_t z = 0; z < 16; z++) {
        const double p = weights[z] / sum;
        REQUIRE_NEAR(counts[z] / RUNS, p, 5 * sqrt(p * (1 - p) / RUNS));
    }
    qhm_release(spins);
    qhm_sparse_ising_destroy(sparse);
    qhm_ising_destroy(dense);
}

// The means of s_0 and s_0 s_1 of exp(-H), H = -transverse sum X - field sum Z - coupling Z Z.
static void sample_path(size_t count, double transverse, double field, double coupling,
                        double means[2])
{
    enum { RUNS = 20000 };
    const double fields[2] = {-field, -field};
    const qhm_spin_coupling couplings[1] = {{{0, 1}, -coupling}};
    qhm_sparse_ising *ising;
    int8_t *spins;
    REQUIRE_OK(qhm_sparse_ising_create(count, 0, fields, count - 1, couplings, &ising));
    REQUIRE_OK(qhm_allocate(RUNS, count, &spins));
    const qhm_spin_sampling_options options = {.method = QHM_SPIN_GIBBS,
                                               .runs = RUNS,
                                               .sweeps = 20,
                                               .slices = 32,
                                               .transverse = transverse};
    REQUIRE_OK(qhm_spin_sampling_run(ising, &options, spins, NULL));
    means[0] = means[1] = 0;
    for (size_t run = 0; run < RUNS; run++) {
        const int8_t *s = spins + run * count;
        means[0] += (double)s[0] / RUNS;
        means[1] += (double)(s[0] * s[count - 1]) / RUNS;
    }
    qhm_release(spins);
    qhm_sparse_ising_destroy(ising);
}

// (b / E) tanh E with E = hypot(b, transverse). Without the path it would be tanh b: .4621, .7616.
static void paths_are_quantum_samples(void **state)
{
    (void)state;
    double means[2];
    const double bound = 5 / sqrt(20000) + 1e-3; // the last for 32 slices
    sample_path(1, 1, 0.5, 0, means);
    REQUIRE_NEAR(means[0], .3608494892, bound);
    sample_path(1, 2, 1, 0, means);
    REQUIRE_NEAR(means[0], .4371120402, bound);
    // Two spins: the even sector has +-hypot(J, 2 transverse), the odd one +-J.
    const double j = 1.2, g = 0.8, e = hypot(j, 2 * g);
    sample_path(2, g, 0, j, means);
    REQUIRE_NEAR(means[0], 0, bound);
    REQUIRE_NEAR(means[1], (j / e * sinh(e) + sinh(j)) / (cosh(e) + cosh(j)), bound);
}

static void every_method_finds_the_lowest_cost(void **state)
{
    (void)state;
    enum { RUNS = 10, N = 14 };
    qhm_ising *dense = glass(N, 4);
    qhm_sparse_ising *sparse;
    qhm_ising_solution exact;
    int8_t spins[RUNS * N];
    double energies[RUNS];
    REQUIRE_OK(qhm_ising_find_all(dense, &exact));
    REQUIRE_OK(qhm_sparse_ising_convert(dense, &sparse));
    for (int method = 0; method < QHM_SPIN_GIBBS; method++) {
        size_t found = 0;
        const qhm_spin_sampling_options options = {
            .method = (qhm_spin_method)method, .runs = RUNS, .sweeps = 300, .seed = 3};
        REQUIRE_OK(qhm_spin_sampling_run(sparse, &options, spins, energies));
        for (size_t run = 0; run < RUNS; run++) {
            const uint64_t bits = to_bits(spins + run * N, N);
            REQUIRE_NEAR(energies[run], qhm_ising_energy(dense, bits), 1e-11);
            assert_true(energies[run] >= exact.energy - 1e-9);
            found += energies[run] < exact.energy + 1e-9;
        }
        if (found < RUNS / 2)
            fail_msg("%s: %zu of %d runs", qhm_spin_method_name((qhm_spin_method)method), found,
                     RUNS);
    }
    qhm_sparse_ising_destroy(sparse);
    qhm_ising_destroy(dense);
}

// All that is left to do on a ring is to bring its domains' walls together, and to move one costs
// nothing. Walls that all moved alike in every sweep would stay apart in nearly all runs.
static void walls_of_a_ring_meet(void **state)
{
    (void)state;
    enum { N = 16, RUNS = 50 };
    static const qhm_spin_method methods[] = {QHM_SPIN_ANNEALING, QHM_SPIN_TEMPERING};
    static const double units[] = {1, 0.3};
    for (size_t k = 0; k < 4; k++) {
        qhm_spin_coupling couplings[2 * N];
        qhm_sparse_ising *ising;
        int8_t spins[RUNS * N];
        double energies[RUNS];
        size_t found = 0;
        const bool is_split = k / 2 == 1; // 0.3 as 0.1 + 0.2: costs of 0 but for rounding
        for (uint32_t i = 0; i < N; i++) {
            const uint32_t next = (i + 1) % N;
            couplings[2 * i] = (qhm_spin_coupling){{i, next}, is_split ? -0.1 : -1};
            couplings[2 * i + 1] = (qhm_spin_coupling){{i, next}, is_split ? -0.2 : 0};
        }
        REQUIRE_OK(qhm_sparse_ising_create(N, 0, NULL, 2 * N, couplings, &ising));
        REQUIRE_OK(qhm_spin_sampling_run(
            ising,
            &(qhm_spin_sampling_options){
                .method = methods[k % 2], .runs = RUNS, .sweeps = 50, .seed = 1},
            spins, energies));
        for (size_t run = 0; run < RUNS; run++)
            found += energies[run] < -N * units[k / 2] + 1e-9;
        if (found < RUNS / 2)
            fail_msg("%s: %zu of %d runs", qhm_spin_method_name(methods[k % 2]), found, RUNS);
        qhm_sparse_ising_destroy(ising);
    }
}

// A path that is cut everywhere would leave random spins at the end, and one that never is would
// be a quench. The lowest cost of a ring satisfies all couplings, or all but the weakest.
static void slow_anneals_end_at_the_lowest_cost(void **state)
{
    (void)state;
    enum { N = 64, RUNS = 40 };
    qhm_spin_coupling couplings[N];
    int8_t spins[RUNS * N];
    double above[2] = {0}, energies[RUNS], lowest = 0, weakest = INFINITY;
    bool is_frustrated = false;
    qhm_sparse_ising *ising;
    qhm_random random = qhm_random_stream(8, QHM_RANDOM_USER, 0, 0, 0);
    for (uint32_t i = 0; i < N; i++) {
        couplings[i] = (qhm_spin_coupling){{i, (i + 1) % N}, qhm_random_normal(&random)};
        lowest -= fabs(couplings[i].value);
        weakest = fmin(weakest, fabs(couplings[i].value));
        is_frustrated ^= couplings[i].value > 0;
    }
    lowest += is_frustrated ? 2 * weakest : 0;
    REQUIRE_OK(qhm_sparse_ising_create(N, 0, NULL, N, couplings, &ising));
    for (int slow = 0; slow < 2; slow++) {
        const qhm_spin_sampling_options options = {.method = QHM_SPIN_QUANTUM_ANNEALING,
                                                   .runs = RUNS,
                                                   .sweeps = slow ? 400 : 2,
                                                   .slices = 8,
                                                   .beta = 5,
                                                   .seed = 1};
        REQUIRE_OK(qhm_spin_sampling_run(ising, &options, spins, energies));
        for (size_t run = 0; run < RUNS; run++) {
            assert_true(energies[run] > lowest - 1e-9);
            above[slow] += (energies[run] - lowest) / RUNS;
        }
    }
    if (!(above[1] < 2 && above[0] > 8))
        fail_msg("slow %g, fast %g above", above[1], above[0]);
    qhm_sparse_ising_destroy(ising);
}

static void a_run_depends_on_seed_and_number_alone(void **state)
{
    (void)state;
    qhm_ising *dense = glass(6, 7);
    qhm_sparse_ising *sparse;
    int8_t few[2 * 6], many[5 * 6];
    REQUIRE_OK(qhm_sparse_ising_convert(dense, &sparse));
    qhm_spin_sampling_options options = {.method = QHM_SPIN_GIBBS, .runs = 2, .sweeps = 5};
    REQUIRE_OK(qhm_spin_sampling_run(sparse, &options, few, NULL));
    options.runs = 5;
    REQUIRE_OK(qhm_spin_sampling_run(sparse, &options, many, NULL));
    assert_memory_equal(few, many, sizeof few);
    options.seed = 1;
    REQUIRE_OK(qhm_spin_sampling_run(sparse, &options, many, NULL));
    assert_memory_not_equal(few, many, sizeof few);
    qhm_sparse_ising_destroy(sparse);
    qhm_ising_destroy(dense);
}

static void times_to_solution_have_intervals(void **state)
{
    (void)state;
    qhm_interval time;
    REQUIRE_OK(qhm_spin_sampling_find_time(2, 50, 100, &time));
    REQUIRE_NEAR(time.mean, 2 * 6.643856189774724, 1e-12);
    assert_true(time.lower < time.mean && time.mean < time.upper);
    REQUIRE_NEAR(time.lower, 2 * log(0.01) / log1p(-0.5961684), 1e-4); // Wilson's limit of 50 / 100
    REQUIRE_OK(qhm_spin_sampling_find_time(2, 100, 100, &time));
    REQUIRE_NEAR(time.mean, 2, 0);
    assert_true(time.upper > 2);
    REQUIRE_OK(qhm_spin_sampling_find_time(2, 0, 100, &time));
    assert_true(isinf(time.mean) && isinf(time.upper) && time.lower > 200);
    REQUIRE_FAILS(qhm_spin_sampling_find_time(2, 3, 2, &time), QHM_ERROR_INVALID_ARGUMENT,
                  "3 successes of 2 runs");
}

static qhm_status attempt(void *context)
{
    int8_t spins[6];
    qhm_sparse_ising *sparse;
    QHM_TRY(qhm_sparse_ising_convert(context, &sparse));
    const qhm_status status = qhm_spin_sampling_run(
        sparse, &(qhm_spin_sampling_options){.method = QHM_SPIN_QUANTUM_ANNEALING, .sweeps = 2},
        spins, NULL);
    qhm_sparse_ising_destroy(sparse);
    return status;
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qhm_ising *dense = glass(6, 7);
    qhm_sparse_ising *ising;
    int8_t spin;
    const double fields[2] = {0, NAN};
    REQUIRE_FAILS(qhm_sparse_ising_create(2, 0, fields, 0, NULL, &ising),
                  QHM_ERROR_INVALID_ARGUMENT, "the field on spin 1 is nan");
    REQUIRE_FAILS(qhm_sparse_ising_create(2, 0, NULL, 1, &(qhm_spin_coupling){{1, 1}, 1}, &ising),
                  QHM_ERROR_INVALID_ARGUMENT, "coupling 0 joins spins 1 and 1 of 2");
    REQUIRE_OK(qhm_sparse_ising_create(1, 3, NULL, 0, NULL, &ising)); // nothing to find
    for (int method = 0; method < QHM_SPIN_METHOD_COUNT; method++) {
        double energy;
        const qhm_spin_sampling_options options = {.method = (qhm_spin_method)method, .sweeps = 3};
        REQUIRE_OK(qhm_spin_sampling_run(ising, &options, &spin, &energy));
        REQUIRE_NEAR(energy, 3, 0);
    }
    REQUIRE_FAILS(
        qhm_spin_sampling_run(ising, &(qhm_spin_sampling_options){.slices = 1}, &spin, NULL),
        QHM_ERROR_INVALID_ARGUMENT, "slices is 1");
    REQUIRE_FAILS(
        qhm_spin_sampling_run(ising, &(qhm_spin_sampling_options){.beta = -1}, &spin, NULL),
        QHM_ERROR_INVALID_ARGUMENT, "beta is -1");
    qhm_sparse_ising_destroy(ising);
    require_survives_failing_memory(attempt, dense);
    qhm_ising_destroy(dense);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sparse_costs_are_the_dense_ones),
        cmocka_unit_test(the_heat_bath_is_boltzmanns_distribution),
        cmocka_unit_test(paths_are_quantum_samples),
        cmocka_unit_test(every_method_finds_the_lowest_cost),
        cmocka_unit_test(walls_of_a_ring_meet),
        cmocka_unit_test(slow_anneals_end_at_the_lowest_cost),
        cmocka_unit_test(a_run_depends_on_seed_and_number_alone),
        cmocka_unit_test(times_to_solution_have_intervals),
        cmocka_unit_test(mistakes_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
