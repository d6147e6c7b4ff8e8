// Chains on D-Wave's graphs: whole, apart, joined; and the way to the chip and back.
#include "algorithm/sparse_ising_internal.h"
#include "base/memory.h"
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/minor_embedding.h>
#include <qhm/random.h>
#include <qhm/spin_sampling.h>

static qhm_device *load(const char *name)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(name, NULL, &device));
    return device;
}

// Random terms on pairs with a given density; spin 0 of a sparse problem may be alone.
static qhm_sparse_ising *random_problem(size_t count, double density, uint64_t seed)
{
    qhm_spin_coupling *couplings;
    double *fields;
    size_t terms = 0;
    qhm_sparse_ising *ising;
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_USER, 0, 0, 0);
    REQUIRE_OK(qhm_allocate(count * count, sizeof *couplings, &couplings));
    REQUIRE_OK(qhm_allocate(count, sizeof *fields, &fields));
    for (uint32_t i = 0; i < count; i++) {
        fields[i] = 0.3 * qhm_random_normal(&random);
        for (uint32_t j = 0; j < i; j++)
            if (qhm_random_uniform(&random) < density)
                couplings[terms++] = (qhm_spin_coupling){{i, j}, qhm_random_normal(&random)};
    }
    REQUIRE_OK(qhm_sparse_ising_create(count, 0.5, fields, terms, couplings, &ising));
    qhm_release(couplings);
    qhm_release(fields);
    return ising;
}

static void complete_graphs_have_the_published_chains(void **state)
{
    (void)state;
    qhm_device *zephyr = load("advantage2"), *pegasus = load("advantage");
    qhm_minor_embedding *embedding;
    // 16 m - 8 spins by chains of m + 1, m = 12; the check of all pairs is inside.
    REQUIRE_OK(qhm_minor_embedding_find_clique(184, zephyr, &embedding));
    assert_int_equal(qhm_minor_embedding_longest_chain(embedding), 13);
    assert_int_equal(qhm_minor_embedding_qubit_count(embedding), 184 * 13);
    REQUIRE_OK(qhm_minor_embedding_check(embedding, NULL, zephyr));
    qhm_minor_embedding_destroy(embedding);
    REQUIRE_FAILS(qhm_minor_embedding_find_clique(185, zephyr, &embedding), QHM_ERROR_NOT_FOUND,
                  "no clique of 185 spins on advantage2");
    REQUIRE_OK(qhm_minor_embedding_find_clique(8, zephyr, &embedding));
    assert_int_equal(qhm_minor_embedding_longest_chain(embedding), 2);
    qhm_minor_embedding_destroy(embedding);
    // 12 m - 20 spins, m = 16.
    REQUIRE_OK(qhm_minor_embedding_find_clique(172, pegasus, &embedding));
    assert_true(qhm_minor_embedding_longest_chain(embedding) <= 17);
    qhm_minor_embedding_destroy(embedding);
    REQUIRE_OK(qhm_minor_embedding_find_clique(40, pegasus, &embedding));
    assert_true(qhm_minor_embedding_longest_chain(embedding) <= 6);
    qhm_minor_embedding_destroy(embedding);
    REQUIRE_FAILS(qhm_minor_embedding_find_clique(175, pegasus, &embedding), QHM_ERROR_NOT_FOUND,
                  "no clique of 175 spins on advantage");
    qhm_device_destroy(zephyr);
    qhm_device_destroy(pegasus);
    qhm_device *willow = load("willow");
    REQUIRE_FAILS(qhm_minor_embedding_find_clique(10, willow, &embedding), QHM_ERROR_NOT_FOUND,
                  "willow");
    qhm_device_destroy(willow);
}

static void searches_find_chains_on_all_chips(void **state)
{
    (void)state;
    static const struct {
        const char *device;
        size_t count;
        double density;
        size_t most; // qubits
    } cases[] = {
        {"advantage2", 24, 0.12, 32}, {"advantage2", 16, 1, 44},    {"advantage2", 60, 0.05, 80},
        {"advantage", 24, 0.12, 48},  {"advantage", 16, 1, 48},     {"advantage2", 32, 1, 120},
        {"advantage", 24, 1, 90},     {"advantage2", 40, 0.5, 170}, {"willow", 9, 0.3, 105}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_device *device = load(cases[i].device);
        qhm_sparse_ising *problem = random_problem(cases[i].count, cases[i].density, i);
        qhm_minor_embedding *embedding;
        REQUIRE_OK(qhm_minor_embedding_find(problem, device, NULL, &embedding));
        REQUIRE_OK(qhm_minor_embedding_check(embedding, problem, device));
        const size_t qubits = qhm_minor_embedding_qubit_count(embedding);
        if (qubits < cases[i].count || qubits > cases[i].most)
            fail_msg("case %zu: %zu qubits", i, qubits);
        qhm_minor_embedding_destroy(embedding);
        qhm_sparse_ising_destroy(problem);
        qhm_device_destroy(device);
    }
}

// A chip that lacks qubits and couplers; a problem in parts with spins that have no term.
static void dead_qubits_are_left_out_and_parts_stand_beside_each_other(void **state)
{
    (void)state;
    qhm_device *device;
    qhm_sparse_ising *problem;
    qhm_minor_embedding *embedding;
    const qhm_spin_coupling couplings[] = {
        {{0, 1}, 1}, {{1, 2}, 1}, {{2, 0}, 1}, {{4, 5}, 1}, {{5, 7}, -1}};
    REQUIRE_OK(qhm_device_load(
        "advantage",
        &(qhm_device_options){.qubit_yield = 0.8, .coupler_yield = 0.9, .yield_seed = 4}, &device));
    REQUIRE_OK(qhm_sparse_ising_create(9, 0, NULL, 5, couplings, &problem));
    REQUIRE_OK(qhm_minor_embedding_find(problem, device, NULL, &embedding));
    REQUIRE_OK(qhm_minor_embedding_check(embedding, problem, device));
    assert_true(qhm_minor_embedding_qubit_count(embedding) <= 10);
    qhm_minor_embedding_destroy(embedding);
    REQUIRE_FAILS(qhm_minor_embedding_find_clique(100, device, &embedding), QHM_ERROR_NOT_FOUND,
                  "no clique");
    qhm_sparse_ising_destroy(problem);
    qhm_device_destroy(device);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    qhm_device *device = load("advantage2");
    qhm_minor_embedding *embedding;
    const qhm_spin_coupling couplings[] = {{{0, 1}, 1}, {{1, 2}, 1}};
    qhm_sparse_ising *problem;
    REQUIRE_OK(qhm_sparse_ising_create(3, 0, NULL, 2, couplings, &problem));
    // Qubits 0 and 1 follow each other on a line, 12 lies over both, 300 is far away.
    static const struct {
        size_t lengths[3];
        uint32_t qubits[5];
        const char *message;
    } cases[] = {{{1, 0, 1}, {0, 1}, "the chain of spin 1 is empty"},
                 {{1, 1, 1}, {0, 1, 1}, "qubit 1 is of spins 1 and 2"},
                 {{1, 1, 1}, {0, 1, 4800}, "qubit 4800 of spin 2 does not work"},
                 {{1, 2, 1}, {0, 1, 300, 2}, "the chain of spin 1 is in pieces: 1 of 2"},
                 {{1, 1, 1}, {0, 1, 300}, "no coupler joins spins 1 and 2"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        REQUIRE_OK(qhm_minor_embedding_create(3, cases[i].lengths, cases[i].qubits, &embedding));
        REQUIRE_FAILS(qhm_minor_embedding_check(embedding, problem, device), QHM_ERROR_BAD_INPUT,
                      cases[i].message);
        qhm_minor_embedding_destroy(embedding);
    }
    const size_t lengths[] = {1, 1, 1};
    REQUIRE_OK(qhm_minor_embedding_create(3, lengths, (const uint32_t[]){0, 1, 2}, &embedding));
    REQUIRE_OK(qhm_minor_embedding_check(embedding, problem, device));
    REQUIRE_FAILS(qhm_minor_embedding_check(embedding, NULL, device), QHM_ERROR_BAD_INPUT,
                  "no coupler joins spins 0 and 2");
    qhm_minor_embedding_destroy(embedding);
    qhm_sparse_ising_destroy(problem);
    qhm_device_destroy(device);
    device = load("willow");
    problem = random_problem(40, 1, 1); // as many qubits as there are, but never enough neighbours
    REQUIRE_FAILS(qhm_minor_embedding_find(problem, device,
                                           &(qhm_minor_embedding_options){.rounds = 2}, &embedding),
                  QHM_ERROR_NOT_FOUND, "no embedding of 40 spins and 780 couplings on willow");
    qhm_sparse_ising_destroy(problem);
    problem = random_problem(200, 0, 1);
    REQUIRE_FAILS(qhm_minor_embedding_find(problem, device, NULL, &embedding),
                  QHM_ERROR_RESOURCE_LIMIT, "200 spins, more than the 105 qubits");
    qhm_device_destroy(device);
    device = load("ideal");
    REQUIRE_FAILS(qhm_minor_embedding_find(problem, device, NULL, &embedding),
                  QHM_ERROR_UNSUPPORTED, "every pair");
    qhm_device_destroy(device);
    qhm_sparse_ising_destroy(problem);
}

// Unbroken chains cost what the problem does, whatever the strength; one flip in a chain costs
// twice the strength for each coupler that it breaks, and more.
static void unbroken_chains_cost_what_the_problem_does(void **state)
{
    (void)state;
    enum { N = 10 };
    qhm_device *device = load("advantage");
    qhm_sparse_ising *problem = random_problem(N, 1, 3), *physical;
    qhm_minor_embedding *embedding;
    int8_t *chip, spins[N], back[N];
    const uint32_t *chain;
    REQUIRE_OK(qhm_minor_embedding_find_clique(N, device, &embedding));
    REQUIRE_OK(qhm_minor_embedding_apply(embedding, problem, device, 0, &physical));
    const size_t qubits = qhm_minor_embedding_qubit_count(embedding);
    assert_int_equal(qhm_sparse_ising_spin_count(physical), qubits);
    REQUIRE_OK(qhm_allocate(qubits, 1, &chip));
    for (uint32_t z = 0; z < 1 << N; z += 7) {
        for (size_t i = 0, at = 0; i < N; i++) {
            spins[i] = z >> i & 1 ? -1 : 1;
            for (size_t k = qhm_minor_embedding_chain(embedding, i, &chain); k > 0; k--)
                chip[at++] = spins[i];
        }
        REQUIRE_NEAR(qhm_sparse_ising_energy(physical, chip),
                     qhm_sparse_ising_energy(problem, spins), 1e-10);
        assert_int_equal(qhm_minor_embedding_read_out(embedding, chip, back), 0);
        assert_memory_equal(spins, back, N);
    }
    // The last qubit of the first chain of three or more disagrees.
    size_t end = 0, broken = 0;
    for (; broken < N && end < 3; broken++)
        end += qhm_minor_embedding_chain(embedding, broken, &chain) >= 3
                   ? qhm_minor_embedding_chain(embedding, broken, &chain)
                   : 0;
    if (end >= 3) {
        size_t at = 0;
        for (size_t i = 0; i < broken; i++)
            at += qhm_minor_embedding_chain(embedding, i, &chain);
        chip[at - 1] = (int8_t)-chip[at - 1];
        assert_int_equal(qhm_minor_embedding_read_out(embedding, chip, back), 1);
        assert_memory_equal(spins, back, N);
    }
    qhm_release(chip);
    qhm_sparse_ising_destroy(physical);
    qhm_sparse_ising_destroy(problem);
    qhm_minor_embedding_destroy(embedding);
    qhm_device_destroy(device);
}

// sqrt 2 times the root mean square of J times the root of the mean degree: a square with J = 3.
static void strengths_follow_the_couplings(void **state)
{
    (void)state;
    const qhm_spin_coupling couplings[] = {{{0, 1}, 3}, {{1, 2}, -3}, {{2, 3}, 3}, {{3, 0}, 3}};
    qhm_sparse_ising *problem;
    REQUIRE_OK(qhm_sparse_ising_create(4, 0, NULL, 4, couplings, &problem));
    REQUIRE_NEAR(qhm_minor_embedding_find_strength(problem), 6, 1e-12);
    qhm_sparse_ising_destroy(problem);
    REQUIRE_OK(qhm_sparse_ising_create(4, 0, NULL, 0, NULL, &problem));
    REQUIRE_NEAR(qhm_minor_embedding_find_strength(problem), 1, 0);
    qhm_sparse_ising_destroy(problem);
}

// Strong chains stay whole and the best cost is the problem's; weak ones break.
static void weak_chains_break(void **state)
{
    (void)state;
    enum { N = 12, RUNS = 20 };
    qhm_device *device = load("advantage2");
    qhm_sparse_ising *problem = random_problem(N, 1, 5), *physical;
    qhm_minor_embedding *embedding;
    double lowest = INFINITY, energies[RUNS];
    size_t broken[2] = {0};
    int8_t own[RUNS * N], *chip, spins[N];
    REQUIRE_OK(qhm_spin_sampling_run(
        problem, &(qhm_spin_sampling_options){.method = QHM_SPIN_TEMPERING, .runs = RUNS}, own,
        energies));
    for (size_t run = 0; run < RUNS; run++)
        lowest = fmin(lowest, energies[run]);
    REQUIRE_OK(qhm_minor_embedding_find_clique(N, device, &embedding));
    REQUIRE_OK(qhm_allocate(RUNS, qhm_minor_embedding_qubit_count(embedding), &chip));
    for (int strong = 0; strong < 2; strong++) {
        double best = INFINITY;
        REQUIRE_OK(
            qhm_minor_embedding_apply(embedding, problem, device, strong ? 0 : 0.05, &physical));
        REQUIRE_OK(qhm_spin_sampling_run(
            physical, &(qhm_spin_sampling_options){.runs = RUNS, .sweeps = 300}, chip, NULL));
        for (size_t run = 0; run < RUNS; run++) {
            broken[strong] += qhm_minor_embedding_read_out(
                embedding, chip + run * qhm_minor_embedding_qubit_count(embedding), spins);
            best = fmin(best, qhm_sparse_ising_energy(problem, spins));
        }
        if (strong)
            REQUIRE_NEAR(best, lowest, 1e-9);
        qhm_sparse_ising_destroy(physical);
    }
    assert_true(broken[0] > RUNS && broken[1] < RUNS / 4);
    qhm_release(chip);
    qhm_minor_embedding_destroy(embedding);
    qhm_sparse_ising_destroy(problem);
    qhm_device_destroy(device);
}

typedef struct subject {
    const qhm_device *device;
    const qhm_sparse_ising *problem;
} subject;

static qhm_status attempt(void *context)
{
    const subject *s = context;
    qhm_minor_embedding *embedding;
    qhm_sparse_ising *physical;
    QHM_TRY(qhm_minor_embedding_find(s->problem, s->device, NULL, &embedding));
    const qhm_status status =
        qhm_minor_embedding_apply(embedding, s->problem, s->device, 0, &physical);
    qhm_minor_embedding_destroy(embedding);
    QHM_TRY(status);
    qhm_sparse_ising_destroy(physical);
    QHM_TRY(qhm_minor_embedding_find_clique(9, s->device, &embedding));
    qhm_minor_embedding_destroy(embedding);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    qhm_device *device = load("advantage2");
    qhm_sparse_ising *problem = random_problem(5, 0.5, 1);
    require_survives_failing_memory(attempt, &(subject){device, problem});
    qhm_sparse_ising_destroy(problem);
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_graphs_have_the_published_chains),
        cmocka_unit_test(searches_find_chains_on_all_chips),
        cmocka_unit_test(dead_qubits_are_left_out_and_parts_stand_beside_each_other),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(unbroken_chains_cost_what_the_problem_does),
        cmocka_unit_test(strengths_follow_the_couplings),
        cmocka_unit_test(weak_chains_break),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
