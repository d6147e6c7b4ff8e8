// Electrons in orbitals: known qubit Hamiltonians, active spaces, FCIDUMP files, exact energies.
#include <qhm/electronic_problem.h>

#include "algorithm/ground_state.h"
#include "circuit/observable_internal.h"
#include "linalg/complex_matrix.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/molecules.h"

#include <qhm/random.h>

// The coefficient of one string; 0 where it is not there.
static double coefficient(const qhm_observable *sum, const char *string)
{
    qhm_observable *wanted;
    qhm_pauli_masks masks, other;
    double found = 0;
    REQUIRE_OK(qhm_observable_parse(string, &wanted));
    REQUIRE_OK(qhm_pauli_term_masks(qhm_observable_term(wanted, 0), &masks));
    for (size_t t = 0; t < qhm_observable_term_count(sum); t++) {
        REQUIRE_OK(qhm_pauli_term_masks(qhm_observable_term(sum, t), &other));
        if (other.x == masks.x && other.z == masks.z)
            found = qhm_observable_term(sum, t)->coefficient;
    }
    qhm_observable_destroy(wanted);
    return found;
}

static double weight_of(const qhm_observable *sum)
{
    double weight = 0;
    for (size_t t = 0; t < qhm_observable_term_count(sum); t++)
        if (qhm_observable_term(sum, t)->factor_count > 0)
            weight += fabs(qhm_observable_term(sum, t)->coefficient);
    return weight;
}

static qhm_observable *hamiltonian(const qhm_electronic_problem *problem, qhm_electron_map map)
{
    qhm_observable *h;
    REQUIRE_OK(qhm_electronic_problem_hamiltonian(problem, map, &h));
    return h;
}

// [2^n], ascending.
static void fill_spectrum(const qhm_observable *h, unsigned qubits, double *values)
{
    const size_t size = (size_t)1 << qubits;
    qhm_complex *matrix = calloc(2 * size * size, sizeof *matrix);
    for (size_t t = 0; t < qhm_observable_term_count(h); t++) {
        qhm_pauli_masks masks;
        REQUIRE_OK(qhm_pauli_term_masks(qhm_observable_term(h, t), &masks));
        qhm_pauli_add_matrix(masks, qhm_observable_term(h, t)->coefficient, qubits, matrix);
    }
    REQUIRE_OK(qhm_hermitian_eigen(size, matrix, values, matrix + size * size));
    free(matrix);
}

// Spins up on qubits 0 and 1, down on 2 and 3; electronic energies, without the nuclei.
static void hydrogen_has_its_fifteen_strings(void **state)
{
    (void)state;
    const struct {
        const char *string;
        double value;
    } rows[] = {
        {"Z0", 0.1721839326},          {"Z2", 0.1721839326},          {"Z1", -0.2257534922},
        {"Z3", -0.2257534922},         {"Z0 Z1", 0.1209126326},       {"Z2 Z3", 0.1209126326},
        {"Z0 Z2", 0.1689275387},       {"Z1 Z3", 0.1746434307},       {"Z0 Z3", 0.1661454326},
        {"Z1 Z2", 0.1661454326},       {"X0 X1 X2 X3", 0.0452327999}, {"X0 X1 Y2 Y3", 0.0452327999},
        {"Y0 Y1 X2 X3", 0.0452327999}, {"Y0 Y1 Y2 Y3", 0.0452327999}};
    const double spectrum[] = {-1.85727503, -1.25633907, -1.25633907, -1.24458455,
                               -1.24458455, -1.24458455, -1.16063174, -1.16063174,
                               -0.88272215, -0.47189601, -0.47189601, -0.35332510,
                               -0.35332510, -0.22491125, 0,           0.21427824};
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, NULL);
    const double nuclei = qhm_electronic_problem_constant(h2);
    qhm_observable *h = hamiltonian(h2, QHM_ELECTRONS_JORDAN_WIGNER);
    double values[16];
    assert_int_equal(qhm_observable_term_count(h), 15);
    REQUIRE_NEAR(coefficient(h, "1") - nuclei, -0.8105479805, 1e-9);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        REQUIRE_NEAR(coefficient(h, rows[i].string), rows[i].value, 1e-9);
    fill_spectrum(h, 4, values);
    for (size_t i = 0; i < 16; i++)
        REQUIRE_NEAR(values[i] - nuclei, spectrum[i], 1e-8);
    qhm_observable_destroy(h);
    qhm_electronic_problem_destroy(h2);
}

static void hydrogen_takes_two_qubits(void **state)
{
    (void)state;
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, NULL);
    const double nuclei = qhm_electronic_problem_constant(h2);
    qhm_observable *h = hamiltonian(h2, QHM_ELECTRONS_PARITY_REDUCED);
    const double spectrum[] = {-1.85727503, -1.24458455, -0.88272215, -0.22491125};
    double values[4];
    assert_int_equal(qhm_observable_term_count(h), 5);
    assert_int_equal(qhm_electronic_problem_qubit_count(h2, QHM_ELECTRONS_PARITY_REDUCED), 2);
    REQUIRE_NEAR(coefficient(h, "1") - nuclei, -1.052373245773, 1e-9);
    REQUIRE_NEAR(coefficient(h, "Z0"), 0.397937424843, 1e-9);
    REQUIRE_NEAR(coefficient(h, "Z1"), -0.397937424843, 1e-9);
    REQUIRE_NEAR(coefficient(h, "Z0 Z1"), -0.011280104256, 1e-9);
    REQUIRE_NEAR(coefficient(h, "X0 X1"), 0.180931199784, 1e-9);
    fill_spectrum(h, 2, values);
    for (size_t i = 0; i < 4; i++)
        REQUIRE_NEAR(values[i] - nuclei, spectrum[i], 1e-8);
    qhm_observable_destroy(h);
    h = hamiltonian(h2, QHM_ELECTRONS_PARITY);
    assert_int_equal(qhm_observable_term_count(h), 15);
    qhm_observable_destroy(h);
    qhm_electronic_problem_destroy(h2);
}

static qhm_electronic_problem *select_orbitals(const qhm_electronic_problem *whole,
                                               const size_t *frozen, size_t frozen_count,
                                               const size_t *active, size_t active_count)
{
    qhm_electronic_problem *part;
    REQUIRE_OK(
        qhm_electronic_problem_select(whole, frozen, frozen_count, active, active_count, &part));
    return part;
}

static void lithium_hydride_shrinks_to_active_spaces(void **state)
{
    (void)state;
    const size_t frozen[] = {0}, sigma[] = {1, 2, 5};
    qhm_electronic_problem *whole = pair_of_atoms("Li", "H", 1.6, NULL);
    qhm_electronic_problem *core = select_orbitals(whole, frozen, 1, NULL, 0);
    qhm_electronic_problem *small = select_orbitals(whole, frozen, 1, sigma, 3);
    qhm_observable *h = hamiltonian(whole, QHM_ELECTRONS_JORDAN_WIGNER);
    assert_int_equal(qhm_observable_term_count(h), 631);
    REQUIRE_NEAR(weight_of(h), 12.341, 1e-3);
    qhm_observable_destroy(h);
    h = hamiltonian(core, QHM_ELECTRONS_JORDAN_WIGNER);
    assert_int_equal(qhm_observable_term_count(h), 276);
    qhm_observable_destroy(h);
    h = hamiltonian(small, QHM_ELECTRONS_JORDAN_WIGNER);
    assert_int_equal(qhm_observable_term_count(h), 118);
    qhm_observable_destroy(h);
    REQUIRE_NEAR(qhm_electronic_problem_constant(small), -6.80401230, 1e-8);
    REQUIRE_NEAR(qhm_electronic_problem_reference_energy(small), -7.86186477, 1e-8);
    REQUIRE_NEAR(exact_energy(small), -7.88107204, 1e-8);
    REQUIRE_NEAR(exact_energy(core), -7.88209660, 1e-8);
    qhm_electronic_problem_destroy(whole);
    whole = pair_of_atoms("Li", "H", 1.5949, NULL);
    REQUIRE_NEAR(exact_energy(select_orbitals(whole, frozen, 1, sigma, 3)), -7.88114647, 1e-8);
    qhm_electronic_problem_destroy(whole);
}

// Determinants and Pauli strings know nothing of each other.
static void determinants_and_strings_agree(void **state)
{
    (void)state;
    const size_t frozen[] = {0}, sigma[] = {1, 2, 5};
    qhm_electronic_problem *whole = pair_of_atoms("Li", "H", 2.0, NULL);
    qhm_electronic_problem *small = select_orbitals(whole, frozen, 1, sigma, 3);
    qhm_full_ci exact;
    REQUIRE_OK(qhm_electronic_problem_solve(small, &exact));
    assert_int_equal(exact.determinants, 9);
    for (unsigned map = 0; map < QHM_ELECTRON_MAP_COUNT; map++) {
        qhm_observable *h = hamiltonian(small, (qhm_electron_map)map);
        qhm_ground_state ground;
        const size_t qubits = qhm_electronic_problem_qubit_count(small, (qhm_electron_map)map);
        REQUIRE_OK(qhm_find_pauli_ground_state(qubits, h, &ground));
        REQUIRE_NEAR(ground.energy, exact.energy, 1e-9);
        // The first determinant has its energy, and the right counts.
        const uint64_t reference =
            qhm_electronic_problem_reference_state(small, (qhm_electron_map)map);
        double energy = 0;
        for (size_t t = 0; t < qhm_observable_term_count(h); t++) {
            qhm_pauli_masks masks;
            REQUIRE_OK(qhm_pauli_term_masks(qhm_observable_term(h, t), &masks));
            if (masks.x == 0)
                energy += qhm_observable_term(h, t)->coefficient *
                          (__builtin_popcountll(masks.z & reference) % 2 ? -1 : 1);
        }
        REQUIRE_NEAR(energy, qhm_electronic_problem_reference_energy(small), 1e-10);
        qhm_observable_destroy(h);
    }
    qhm_electronic_problem_destroy(small);
    qhm_electronic_problem_destroy(whole);
}

// Lanczos and LAPACK: 225 determinants take the one, the same on 12 qubits has other states too.
static void large_spaces_are_solved_by_products(void **state)
{
    (void)state;
    qhm_electronic_problem *lih = pair_of_atoms("Li", "H", 1.6, NULL);
    qhm_full_ci exact;
    REQUIRE_OK(qhm_electronic_problem_solve(lih, &exact));
    assert_int_equal(exact.determinants, 225);
    assert_true(exact.products > 0 && exact.residual < 1e-7);
    REQUIRE_NEAR(exact.energy, -7.88232438, 1e-8);
    qhm_electronic_problem_destroy(lih);
}

// E0 = -sum over m of sqrt(J^2 + h^2 - 2 J h cos((2m+1) pi / n)) for even rings, and
// 1 - 1 / sin(pi / (2 (2n + 1))) for open chains with J = h = 1.
static void pauli_sums_have_their_ground_states(void **state)
{
    (void)state;
    const struct {
        unsigned qubits;
        double energy;
        bool is_open;
    } rings[] = {{4, -5.2262518595, false},
                 {6, -7.7274066103, false},
                 {8, -10.2516617910, false},
                 {4, -4.7587704831, true},
                 {8, -9.8379514475, true}};
    for (size_t r = 0; r < sizeof rings / sizeof rings[0]; r++) {
        qhm_observable *h;
        qhm_ground_state ground;
        const uint32_t n = rings[r].qubits;
        REQUIRE_OK(qhm_observable_create(&h));
        for (uint32_t q = 0; q < n; q++) {
            const qhm_pauli_factor bond[] = {{q, QHM_PAULI_Z}, {(q + 1) % n, QHM_PAULI_Z}};
            if (!rings[r].is_open || q + 1 < n)
                REQUIRE_OK(qhm_observable_append(h, -1, bond, 2));
            REQUIRE_OK(qhm_observable_append(h, -1, &(qhm_pauli_factor){q, QHM_PAULI_X}, 1));
        }
        REQUIRE_OK(qhm_find_pauli_ground_state(n, h, &ground));
        REQUIRE_NEAR(ground.energy, rings[r].energy, 1e-9);
        qhm_observable_destroy(h);
    }
    qhm_observable *y; // complex vectors: a Y has no real matrix
    qhm_ground_state ground;
    REQUIRE_OK(qhm_observable_parse("Y0 + 0.5 Z1 Y0 + 0.25 X1", &y));
    REQUIRE_OK(qhm_find_pauli_ground_state(2, y, &ground));
    double values[4];
    fill_spectrum(y, 2, values);
    REQUIRE_NEAR(ground.energy, values[0], 1e-12);
    qhm_observable_destroy(y);
}

static const char hydrogen_file[] = "&FCI NORB= 2,NELEC= 2,MS2=0,\n"
                                    "  ORBSYM=1,1,\n"
                                    "  ISYM=1,\n"
                                    " &END\n"
                                    " 0.67571015D+00 1 1 1 1\n"
                                    " 0.66458173 2 2 1 1\n"
                                    " 0.18093120 2 1 2 1\n"
                                    " 0.69857372 2 2 2 2\n"
                                    "-1.25633907 1 1 0 0\n"
                                    "-0.47189601 2 2 0 0\n"
                                    "-0.58062892 1 0 0 0\n"
                                    " 0.71996899 0 0 0 0\n";

static void files_are_read(void **state)
{
    (void)state;
    qhm_electronic_problem *problem;
    REQUIRE_OK(qhm_electronic_problem_parse(hydrogen_file, "h2", &problem));
    assert_int_equal(qhm_electronic_problem_orbital_count(problem), 2);
    assert_int_equal(qhm_electronic_problem_up_count(problem), 1);
    assert_int_equal(qhm_electronic_problem_down_count(problem), 1);
    REQUIRE_NEAR(qhm_electronic_problem_two(problem, 0, 0, 1, 1), 0.66458173, 0);
    REQUIRE_NEAR(qhm_electronic_problem_two(problem, 1, 0, 0, 1), 0.18093120, 0);
    REQUIRE_NEAR(exact_energy(problem), -1.13730604, 3e-8);
    // Written by PySCF.
    REQUIRE_OK(qhm_electronic_problem_load(QHM_SOURCE_DIR "/examples/algo/lih.fcidump", &problem));
    REQUIRE_NEAR(exact_energy(problem), -7.88107204, 1e-8);
}

static void broken_files_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *text, *part;
    } rows[] = {
        {"", "f:1: '' in place of &FCI"},
        {"&FCI NORB=2,NELEC=2,\n", "f:2: the file ends within the header"},
        {"&FCI NORB=2,MS2=0 /\n", "NELEC is -1"},
        {"&FCI NORB=x,NELEC=2 /\n", "NORB is 'x'"},
        {"&FCI NORB=33,NELEC=2 /\n", "NORB is 33, not 1 to 32"},
        {"&FCI NORB=2,NELEC=5 /\n", "NELEC is 5, not 0 to twice NORB = 2"},
        {"&FCI NORB=2,NELEC=2,MS2=1 /\n", "MS2 is 1"},
        {"&FCI NORB=2,NELEC=2,MS2=-9223372036854775808 /\n", "not within +-2"},
        {"&FCI NORB=2,NELEC=3 /\n", "MS2 is 0, which 3 electrons"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 1 0 0\n", "no line of the constant"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 1 0\n", "f:2: '' in place of orbital 4"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 3 0 0\n", "f:2: orbital 3 of 2"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 -1 0 0\n", "'-1' in place of orbital 2"},
        {"&FCI NORB=2,NELEC=2 /\nnan 1 1 0 0\n", "'nan' in place of an integral"},
        {"&FCI NORB=2,NELEC=2 /\n(0.5,0.1) 1 1 0 0\n", "in place of"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 1 1 0\n", "name no integral"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 1 0 0 7\n", "more than a value"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 2 0 0\n0.6 2 1 0 0\n0 0 0 0 0\n",
         "f:3: the integral 2 1 0 0 is 0.6, but line 2 has 0.5"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 1 1 2 1\n0.4 2 1 1 1\n0 0 0 0 0\n",
         "f:3: the integral 2 1 1 1 is 0.4, but line 2 has 0.5"},
        {"&FCI NORB=2,NELEC=2 /\n0.5 0 0 0 0\n0.4 0 0 0 0\n", "but line 2 has 0.5"},
    };
    qhm_electronic_problem *problem = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        REQUIRE_FAILS(qhm_electronic_problem_parse(rows[i].text, "f", &problem),
                      QHM_ERROR_BAD_INPUT, rows[i].part);
    REQUIRE_FAILS(qhm_electronic_problem_parse("&FCI NORB=2,NELEC=2,IUHF=1 /\n", "f", &problem),
                  QHM_ERROR_UNSUPPORTED, "differ for the two spins");
    REQUIRE_FAILS(qhm_electronic_problem_load("/nowhere/x", &problem), QHM_ERROR_NOT_FOUND,
                  "/nowhere/x");
    assert_null(problem);
}

static void impossible_problems_are_refused(void **state)
{
    (void)state;
    const double one[] = {1, 0.5, 0.5, 2}, skew[] = {1, 0.5, 0.4, 2};
    double two[16] = {0};
    qhm_electronic_problem *problem = NULL, *part = NULL;
    REQUIRE_FAILS(qhm_electronic_problem_create(2, 3, 0, 0, one, two, &problem),
                  QHM_ERROR_INVALID_ARGUMENT, "3 electrons of spin up");
    REQUIRE_FAILS(qhm_electronic_problem_create(2, 1, 1, 0, skew, two, &problem),
                  QHM_ERROR_INVALID_ARGUMENT, "h of orbitals 0 and 1");
    two[1] = 0.1;
    REQUIRE_FAILS(qhm_electronic_problem_create(2, 1, 1, 0, one, two, &problem),
                  QHM_ERROR_INVALID_ARGUMENT, "(0 0|0 1) is 0.1");
    two[1] = 0;
    assert_null(problem);
    REQUIRE_OK(qhm_electronic_problem_create(2, 1, 1, 0, one, two, &problem));
    const size_t orbitals[] = {0, 0, 2};
    REQUIRE_FAILS(qhm_electronic_problem_select(problem, orbitals, 2, NULL, 0, &part),
                  QHM_ERROR_INVALID_ARGUMENT, "2 frozen orbitals, but 1");
    REQUIRE_FAILS(qhm_electronic_problem_select(problem, NULL, 0, orbitals, 2, &part),
                  QHM_ERROR_INVALID_ARGUMENT, "orbital 0 is chosen twice");
    REQUIRE_FAILS(qhm_electronic_problem_select(problem, NULL, 0, orbitals + 2, 1, &part),
                  QHM_ERROR_INVALID_ARGUMENT, "orbital 2 of 2");
    REQUIRE_FAILS(qhm_electronic_problem_select(problem, NULL, 0, orbitals, 0, &part),
                  QHM_ERROR_INVALID_ARGUMENT, "0 active");
    assert_null(part);
    qhm_electronic_problem_destroy(problem);
}

static qhm_status attempt(void *context)
{
    (void)context;
    qhm_electronic_problem *problem = NULL;
    qhm_observable *h = NULL, *count = NULL;
    qhm_status status = qhm_electronic_problem_parse(hydrogen_file, "h2", &problem);
    if (status == QHM_OK)
        status = qhm_electronic_problem_hamiltonian(problem, QHM_ELECTRONS_PARITY_REDUCED, &h);
    if (status == QHM_OK)
        status = qhm_electronic_problem_count(problem, QHM_ELECTRONS_PARITY_REDUCED,
                                              QHM_COUNT_ELECTRONS, &count);
    qhm_observable_destroy(h);
    qhm_observable_destroy(count);
    qhm_electronic_problem_destroy(problem);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(attempt, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hydrogen_has_its_fifteen_strings),
        cmocka_unit_test(hydrogen_takes_two_qubits),
        cmocka_unit_test(lithium_hydride_shrinks_to_active_spaces),
        cmocka_unit_test(determinants_and_strings_agree),
        cmocka_unit_test(large_spaces_are_solved_by_products),
        cmocka_unit_test(pauli_sums_have_their_ground_states),
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(impossible_problems_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
