// Molecules: energies of mean fields and of all determinants, from independent programs.
#include <qhm/molecule.h>

#include "algorithm/gaussian_integrals.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/molecules.h"

static void hydrogen_has_its_known_energies(void **state)
{
    (void)state;
    const struct {
        double distance, field, exact;
    } rows[] = {
        {0.735, -1.1169989968, -1.1373060358},  {0.74, -1.1167593074, -1.1372838345},
        {0.7414, -1.1166843871, -1.1372701747}, {0.75, -1.1161514489, -1.1371170673},
        {0.7, -1.1173490350, -1.1361894541},    {0.9, -1.0919140410, -1.1205602813},
        {2.0, -0.7837926543, -0.9486411122},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qhm_hartree_fock field;
        qhm_electronic_problem *h2 = pair_of_atoms("H", "H", rows[i].distance, &field);
        REQUIRE_NEAR(field.energy, rows[i].field, 1e-9);
        REQUIRE_NEAR(exact_energy(h2), rows[i].exact, 1e-9);
    }
}

static void hydrogen_has_its_known_integrals(void **state)
{
    (void)state;
    qhm_hartree_fock field;
    qhm_electronic_problem *h2 = pair_of_atoms("H", "H", 0.735, &field);
    REQUIRE_NEAR(field.nuclear_repulsion, 0.7199689944, 1e-10);
    REQUIRE_NEAR(qhm_electronic_problem_constant(h2), 0.7199689944, 1e-10);
    REQUIRE_NEAR(qhm_electronic_problem_one(h2, 0, 0), -1.25633907, 1e-8);
    REQUIRE_NEAR(qhm_electronic_problem_one(h2, 1, 1), -0.47189601, 1e-8);
    REQUIRE_NEAR(qhm_electronic_problem_one(h2, 0, 1), 0, 1e-10);
    REQUIRE_NEAR(qhm_electronic_problem_two(h2, 0, 0, 0, 0), 0.67571015, 1e-8);
    REQUIRE_NEAR(qhm_electronic_problem_two(h2, 0, 0, 1, 1), 0.66458173, 1e-8);
    REQUIRE_NEAR(qhm_electronic_problem_two(h2, 1, 1, 1, 1), 0.69857372, 1e-8);
    REQUIRE_NEAR(qhm_electronic_problem_two(h2, 0, 1, 0, 1), 0.18093120, 1e-8);
    qhm_electronic_problem_destroy(h2);
}

// 1.5976 angstrom is where -7.882362 belongs, which is often quoted for 1.5949.
static void lithium_hydride_has_its_known_energies(void **state)
{
    (void)state;
    const struct {
        double distance, field, exact;
    } rows[] = {{1.5949, -7.86202696, -7.88240341},
                {1.6, -7.86186477, -7.88232438},
                {1.546, -7.86313369, -7.88276185}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qhm_hartree_fock field;
        qhm_electronic_problem *lih = pair_of_atoms("Li", "H", rows[i].distance, &field);
        REQUIRE_NEAR(field.energy, rows[i].field, 1e-8);
        REQUIRE_NEAR(exact_energy(lih), rows[i].exact, 1e-8);
    }
    REQUIRE_NEAR(exact_energy(pair_of_atoms("Li", "H", 1.5976, NULL)), -7.882362, 1e-6);
}

typedef struct golden_molecule {
    qhm_atom atoms[4];
    size_t count;
    qhm_molecule_options options;
    double field, exact; // 0: not compared
} golden_molecule;

// From PySCF 2 (integrals by libcint), for molecules off the axes.
static const golden_molecule goldens[] = {
    {{{"He", {0, 0, 0}}, {"H", {0, 0, 0.774}}},
     2,
     {QHM_UNIT_ANGSTROM, 1, 0, 0, 0},
     -2.8417792413,
     -2.8514104495},
    {{{"H", {0, 0, 0}}, {"H", {0, 0, 1}}, {"H", {0, 1.1, 0.3}}, {"H", {0.9, 0.2, 0.5}}},
     4,
     {QHM_UNIT_ANGSTROM, 0, 0, 0, 0},
     -1.6440378441,
     -1.7748243407},
    {{{"Be", {0, 0, 0}}, {"H", {0, 0, 1.33}}, {"H", {0, 0, -1.33}}},
     3,
     {QHM_UNIT_ANGSTROM, 0, 0, 0, 0},
     -15.5600983810,
     -15.5951175626},
    {{{"B", {0, 0, 0}}, {"H", {0.3, 0.4, 1.1}}},
     2,
     {QHM_UNIT_ANGSTROM, 0, 0, 0, 0},
     -24.7529760794,
     -24.8093614140},
    {{{"C", {0.1, 0, 0}}, {"O", {0, 0.3, 1.1}}},
     2,
     {QHM_UNIT_ANGSTROM, 0, 0, 0, 0},
     -111.2254470875,
     0},
    {{{"N", {0, 0.1, 0}}, {"N", {0.2, 0, 1.1}}},
     2,
     {QHM_UNIT_ANGSTROM, 0, 0, 0, 0},
     -107.5002089565,
     0},
    {{{"F", {0, 0, 0}}, {"H", {0.3, 0.2, 0.9}}},
     2,
     {QHM_UNIT_ANGSTROM, 0, 0, 0, 0},
     -98.5725977870,
     -98.6026858037},
    {{{"O", {0, -0.143225816552, 0}},
      {"H", {1.638036840407, 1.136548822547, 0}},
      {"H", {-1.638036840407, 1.136548822547, 0}}},
     3,
     {QHM_UNIT_BOHR, 0, 0, 0, 0},
     -74.9420799282,
     -75.0129801984},
    {{{"Ne", {0, 0, 0}}}, 1, {QHM_UNIT_BOHR, 0, 0, 0, 0}, -126.6045249968, -126.6045249968},
    {{{"H", {0, 0, 0}}}, 1, {QHM_UNIT_BOHR, 0, 1, 0, 0}, -0.4665818496, -0.4665818496},
    {{{"Li", {0, 0, 0}}}, 1, {QHM_UNIT_BOHR, 0, 1, 0, 0}, -7.3155259813, -7.3158365529},
    {{{"N", {0, 0, 0}}}, 1, {QHM_UNIT_BOHR, 0, 3, 0, 0}, -53.7190101626, -53.7190101626},
    {{{"C", {0, 0, 0}}, {"H", {0, 0.99, 0.42}}, {"H", {0, -0.99, 0.42}}},
     3,
     {QHM_UNIT_ANGSTROM, 0, 2, 0, 0},
     -38.4291625738,
     -38.4721193433},
    {{{"O", {0, 0, 0}}, {"H", {0, 0, 0.97}}},
     2,
     {QHM_UNIT_ANGSTROM, 0, 1, 0, 0},
     -74.3615619579,
     -74.3871847441},
    // The open shell is where spin up is lowest, not where both spins are in the mean: -73.605.
    {{{"O", {0, 0, 0}}, {"H", {0, 0, 3}}},
     2,
     {QHM_UNIT_ANGSTROM, 0, 1, 0, 0},
     -74.1284254399,
     -74.2709443712},
    {{{"H", {0, 0, 0}}, {"H", {0, 0, 0.735}}},
     2,
     {QHM_UNIT_ANGSTROM, 0, 2, 0, 0},
     -0.5246155554,
     -0.5246155554},
    {{{"H", {0, 0, 0}}, {"H", {0, 0, 0.9}}, {"H", {0, 0.8, 0.5}}},
     3,
     {QHM_UNIT_ANGSTROM, 0, 1, 0, 0},
     -1.3108075226, // of two minima the lower
     -1.3451210470},
};

static void molecules_have_the_energies_of_another_program(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++) {
        const golden_molecule *m = &goldens[i];
        qhm_hartree_fock field;
        qhm_electronic_problem *problem;
        REQUIRE_OK(qhm_molecule_solve(m->atoms, m->count, &m->options, &field, &problem));
        if (m->field != 0)
            REQUIRE_NEAR(field.energy, m->field, 2e-8);
        if (m->exact != 0)
            REQUIRE_NEAR(exact_energy(problem), m->exact, 2e-8);
        else
            qhm_electronic_problem_destroy(problem);
    }
}

// By its series, F_m(x) = sum_k (-x)^k / (k! (2m + 2k + 1)), and where the method changes.
static void boys_functions_are_right_everywhere(void **state)
{
    (void)state;
    double values[5];
    const double points[] = {0, 1e-12, 0.3, 2.5};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        qhm_boys(4, points[i], values);
        for (unsigned m = 0; m <= 4; m++) {
            double sum = 0, power = 1;
            for (unsigned k = 0; k < 40; power *= -points[i] / ++k)
                sum += power / (2.0 * m + 2.0 * k + 1);
            REQUIRE_NEAR(values[m], sum, 1e-14);
        }
    }
    double beyond[5];
    qhm_boys(4, 35, values);
    qhm_boys(4, nextafter(35, 36), beyond);
    for (unsigned m = 0; m <= 4; m++)
        REQUIRE_NEAR(beyond[m] / values[m], 1, 1e-12);
}

static void impossible_molecules_are_refused(void **state)
{
    (void)state;
    const qhm_atom h2[] = {{"H", {0, 0, 0}}, {"H", {0, 0, 0.735}}};
    const qhm_atom same[] = {{"H", {0, 0, 1}}, {"H", {0, 0, 1}}};
    const qhm_atom unknown[] = {{"Xx", {0, 0, 0}}}, lower[] = {{"h", {0, 0, 0}}};
    const qhm_atom nowhere[] = {{"H", {0, NAN, 0}}};
    const qhm_atom far[] = {{"H", {0, 0, 0}}, {"H", {0, 0, 1e308}}}, farther[] = {{"H", {-2e4}}};
    const qhm_molecule_options plain = {.unit = QHM_UNIT_ANGSTROM};
    qhm_electronic_problem *problem = NULL;
    const struct {
        const qhm_atom *atoms;
        size_t count;
        qhm_molecule_options options;
        const char *part;
    } rows[] = {
        {h2, 2, {.charge = 0}, "bohr or angstrom"},
        {same, 2, plain, "atoms 0 and 1 are 0 bohr apart"},
        {unknown, 1, plain, "atom 0 is 'Xx'"},
        {lower, 1, plain, "atom 0 is 'h'"},
        {nowhere, 1, plain, "coordinate 1 of atom 0 is nan bohr, not -10000 to 10000"},
        {far, 2, plain, "coordinate 2 of atom 1 is inf bohr, not -10000 to 10000"},
        {farther, 1, {.unit = QHM_UNIT_BOHR}, "coordinate 0 of atom 0 is -20000 bohr"},
        {h2, 0, plain, "0 atoms"},
        {h2, 1, plain, "1 electrons cannot have 0 unpaired"},
        {h2, 2, {.unit = QHM_UNIT_BOHR, .charge = 1}, "cannot have 0 unpaired"},
        {h2, 2, {.unit = QHM_UNIT_BOHR, .charge = 2}, "leaves 0 electrons"},
        {h2, 2, {.unit = QHM_UNIT_BOHR, .charge = -3}, "leaves 5 electrons"},
        {h2, 2, {.unit = QHM_UNIT_BOHR, .unpaired = 4}, "cannot have 4 unpaired"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        REQUIRE_FAILS(
            qhm_molecule_solve(rows[i].atoms, rows[i].count, &rows[i].options, NULL, &problem),
            QHM_ERROR_INVALID_ARGUMENT, rows[i].part);
    REQUIRE_FAILS(
        qhm_molecule_solve(goldens[7].atoms, 3,
                           &(qhm_molecule_options){.unit = QHM_UNIT_BOHR, .iterations = 2}, NULL,
                           &problem),
        QHM_ERROR_NUMERIC, "has not converged after 2");
    assert_null(problem);
}

static qhm_status attempt(void *context)
{
    (void)context;
    const qhm_atom h2[] = {{"H", {0, 0, 0}}, {"H", {0, 0, 0.735}}};
    qhm_electronic_problem *problem;
    qhm_full_ci exact;
    QHM_TRY(qhm_molecule_solve(h2, 2, &(qhm_molecule_options){.unit = QHM_UNIT_ANGSTROM}, NULL,
                               &problem));
    const qhm_status status = qhm_electronic_problem_solve(problem, &exact);
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
        cmocka_unit_test(hydrogen_has_its_known_energies),
        cmocka_unit_test(hydrogen_has_its_known_integrals),
        cmocka_unit_test(lithium_hydride_has_its_known_energies),
        cmocka_unit_test(molecules_have_the_energies_of_another_program),
        cmocka_unit_test(boys_functions_are_right_everywhere),
        cmocka_unit_test(impossible_molecules_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
