// Molecules of tests.
#ifndef QHM_TESTS_MOLECULES_H
#define QHM_TESTS_MOLECULES_H

#include "support/checks.h"

#include <qhm/molecule.h>

// Two atoms on the z axis, in angstrom.
static inline qhm_electronic_problem *pair_of_atoms(const char *first, const char *second,
                                                    double distance, qhm_hartree_fock *field)
{
    const qhm_atom atoms[] = {{first, {0, 0, 0}}, {second, {0, 0, distance}}};
    qhm_electronic_problem *problem;
    REQUIRE_OK(qhm_molecule_solve(atoms, 2, &(qhm_molecule_options){.unit = QHM_UNIT_ANGSTROM},
                                  field, &problem));
    return problem;
}

// Frees the problem.
static inline double exact_energy(qhm_electronic_problem *problem)
{
    qhm_full_ci exact;
    REQUIRE_OK(qhm_electronic_problem_solve(problem, &exact));
    qhm_electronic_problem_destroy(problem);
    return exact.energy;
}

#endif
