/** @file molecule.h
 *  Small molecules: atoms to integrals over molecular orbitals, in the basis STO-3G.
 *
 *  Hydrogen to neon, each orbital a sum of three Gaussians [hehre1969]; integrals by Hermite
 *  Gaussians [mcmurchie1978]; orbitals by the restricted Hartree-Fock method, for closed and open
 *  shells, with DIIS [pulay1982].
 *
 *  @code
 *  const qhm_atom h2[] = {{"H", {0, 0, 0}}, {"H", {0, 0, 0.735}}};
 *  const qhm_molecule_options options = {.unit = QHM_UNIT_ANGSTROM};
 *  status = qhm_molecule_solve(h2, 2, &options, &hartree_fock, &problem);
 *  @endcode */
#ifndef QHM_MOLECULE_H
#define QHM_MOLECULE_H

#include <qhm/electronic_problem.h>
#include <qhm/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One bohr in angstrom (CODATA 2018). */
#define QHM_BOHR_ANGSTROM 0.529177210903

/** In what positions are given: there is no default, as both are common. */
typedef enum qhm_length_unit {
    QHM_UNIT_BOHR = 1,    /**< the atomic unit */
    QHM_UNIT_ANGSTROM = 2 /**< 10^-10 m */
} qhm_length_unit;

/** A nucleus. */
typedef struct qhm_atom {
    const char *element; /**< its symbol: "H" to "Ne" */
    double position[3];  /**< in the unit of the options */
} qhm_atom;

/** What is known beside the atoms; zero means the default, but for `unit`, which has none. */
typedef struct qhm_molecule_options {
    qhm_length_unit unit; /**< of positions; required */
    int charge;           /**< electrons that are missing */
    size_t unpaired;      /**< electrons of spin up beyond those of spin down */
    size_t iterations;    /**< of the self-consistent field; 0: 200 */
    double tolerance;     /**< of its gradient; 0: 1e-9 */
} qhm_molecule_options;

/** The mean field. */
typedef struct qhm_hartree_fock {
    double energy;            /**< of the determinant of the first orbitals, in hartree */
    double nuclear_repulsion; /**< part of the energy */
    size_t iterations;        /**< until the gradient was below the tolerance */
    size_t orbital_count;     /**< of the basis */
    double orbital_energies[QHM_MOST_ORBITALS]; /**< in the order of orbitals */
} qhm_hartree_fock;

/** Solves the mean field and hands out the problem of all electrons in its orbitals.
 *
 *  Orbitals are those of pairs, then of unpaired electrons [roothaan1960], then empty ones, each by
 *  ascending energy. The mean field is a stationary point, found from the atoms' densities: another
 *  may be lower. What follows from all determinants does not depend on it.
 *  @param atoms  [count]
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (unknown element, no unit, atoms less than 0.1 bohr
 *          apart or 10,000 from the origin, electrons that cannot have this charge or be so
 * unpaired, more orbitals than QHM_MOST_ORBITALS); QHM_ERROR_NUMERIC (no convergence, an overlap
 *          matrix that is nearly singular); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: 81 n^4 / 8 integrals of four Gaussians. */
QHM_API QHM_MUST_CHECK qhm_status qhm_molecule_solve(const qhm_atom *atoms, size_t count,
                                                     const qhm_molecule_options *options,
                                                     qhm_hartree_fock *hartree_fock,
                                                     qhm_electronic_problem **problem);

#ifdef __cplusplus
}
#endif
#endif
