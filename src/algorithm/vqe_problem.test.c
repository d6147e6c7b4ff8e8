// The row "vqe": moments of states, and failures on the way.
#include "algorithm/state_moments.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <math.h>
#include <qhm/algorithm.h>
#include <qhm/molecule.h>
#include <qhm/types.h>
#include <qhm/vqe.h>

// (|00> + i |11>) / sqrt 2: Z0 Z1 is certain, Z0 and X0 Y1 are known by hand.
static void moments_are_those_of_the_state(void **state)
{
    (void)state;
    const double r = sqrt(0.5);
    const qhm_complex bell[4] = {{r, 0}, {0, 0}, {0, 0}, {0, r}};
    const struct {
        const char *sum;
        double mean, variance;
    } rows[] = {{"Z0 Z1", 1, 0},
                {"Z0", 0, 1},
                {"Z0 + Z1", 0, 4},
                {"X0 Y1", 1, 0},
                {"3 + 0.5 X0 Y1 - 2 Z0", 3.5, 4},
                {"X0 X1 + Z0 Z1", 1, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qhm_observable *sum;
        qhm_state_moments m;
        REQUIRE_OK(qhm_observable_parse(rows[i].sum, &sum));
        REQUIRE_OK(qhm_find_moments(sum, 2, bell, &m));
        REQUIRE_NEAR(m.mean, rows[i].mean, 1e-14);
        REQUIRE_NEAR(m.variance, rows[i].variance, 1e-14);
        qhm_observable_destroy(sum);
    }
}

// Two settings with deviations 2 and 1: 2 shares to 1 of the shots, 9 in all.
static void settings_share_the_shots(void **state)
{
    (void)state;
    const double r = sqrt(0.5);
    const qhm_complex bell[4] = {{r, 0}, {0, 0}, {0, 0}, {r, 0}};
    qhm_observable *sum;
    qhm_shot_needs needs;
    REQUIRE_OK(qhm_observable_parse("Z0 + Z1 + 0.5 X0 + 0.5 X1 + 7", &sum));
    REQUIRE_OK(qhm_find_shot_needs(sum, 2, bell, &needs));
    assert_int_equal(needs.settings, 2);
    REQUIRE_NEAR(needs.grouped, 9, 1e-12);
    REQUIRE_NEAR(needs.bound, 9, 1e-12);
    qhm_observable_destroy(sum);
    // Z0 - Z1 is certain: grouped terms may cancel, their coefficients do not.
    REQUIRE_OK(qhm_observable_parse("Z0 - Z1", &sum));
    REQUIRE_OK(qhm_find_shot_needs(sum, 2, bell, &needs));
    REQUIRE_NEAR(needs.grouped, 0, 1e-12);
    REQUIRE_NEAR(needs.bound, 4, 1e-12);
    qhm_observable_destroy(sum);
}

// Helium is full and the triplet of hydrogen has both spins up: one determinant, whatever grows.
static void one_determinant_needs_no_weights(void **state)
{
    (void)state;
    const qhm_atom he[] = {{"He", {0, 0, 0}}}, h2[] = {{"H", {0, 0, 0}}, {"H", {0, 0, 0.735}}};
    const struct {
        const qhm_atom *atoms;
        size_t count, unpaired;
        qhm_vqe_pool pool;
        double energy;
    } rows[] = {{he, 1, 0, QHM_VQE_POOL_EXCITATIONS, -2.8077839578},
                {he, 1, 0, QHM_VQE_POOL_GENERALISED, -2.8077839578},
                {h2, 2, 2, QHM_VQE_POOL_EXCITATIONS, -0.5246155554},
                {h2, 2, 2, QHM_VQE_POOL_GENERALISED, -0.5246155554}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const qhm_molecule_options options = {.unit = QHM_UNIT_ANGSTROM,
                                              .unpaired = rows[i].unpaired};
        qhm_electronic_problem *problem;
        qhm_observable *h;
        qhm_circuit *circuit;
        double *weights;
        qhm_vqe_result result = {.energy = 1};
        qhm_ledger ledger = {0};
        REQUIRE_OK(qhm_molecule_solve(rows[i].atoms, rows[i].count, &options, NULL, &problem));
        REQUIRE_OK(qhm_electronic_problem_hamiltonian(problem, QHM_ELECTRONS_JORDAN_WIGNER, &h));
        REQUIRE_OK(qhm_vqe_adapt(problem, QHM_ELECTRONS_JORDAN_WIGNER, h,
                                 &(qhm_vqe_adapt_options){.pool = rows[i].pool}, &circuit, &weights,
                                 &result, &ledger));
        REQUIRE_NEAR(result.energy, rows[i].energy, 2e-9);
        assert_int_equal(qhm_circuit_weight_count(circuit), 0);
        assert_int_equal(result.evaluations, 1);
        qhm_vqe_weights_destroy(weights);
        qhm_circuit_destroy(circuit);
        REQUIRE_OK(qhm_vqe_uccsd_create(problem, QHM_ELECTRONS_JORDAN_WIGNER, &circuit));
        REQUIRE_OK(qhm_vqe_minimize(circuit, h, &(qhm_vqe_options){.shots = 7, .seed = 1}, NULL,
                                    &result, &ledger));
        REQUIRE_NEAR(result.energy, rows[i].energy, 2e-9);
        assert_true(ledger.shots >= 7);
        qhm_circuit_destroy(circuit);
        qhm_observable_destroy(h);
        qhm_electronic_problem_destroy(problem);
    }
}

static qhm_status attempt(void *context)
{
    char *json;
    QHM_TRY(qhm_algorithm_run_text("vqe", context, NULL, &json));
    qhm_string_destroy(json);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static char text[] = "atoms: [[H, 0, 0, 0], [H, 0, 0, 0.735]]\nunit: angstrom\n"
                         "mapping: parity_reduced\nactive: [0, 1]\npenalty: 1\nmethod: "
                         "rotosolve\niterations: 1\n";
    require_survives_failing_memory(attempt, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_those_of_the_state),
        cmocka_unit_test(settings_share_the_shots),
        cmocka_unit_test(one_determinant_needs_no_weights),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
