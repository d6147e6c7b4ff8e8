/** @file electronic_problem.h
 *  Electrons in orthonormal orbitals: integrals, active spaces, qubit Hamiltonians, and the exact
 *  ground state by full configuration interaction.
 *
 *  H = constant + sum h_pq a+_p a_q + 1/2 sum (pq|rs) a+_p a+_r a_s a_q over spins too, with
 *  (pq|rs) in chemists' order: p and q belong to the same electron. Mode p of spin up is p, of spin
 *  down orbitals + p. Energies are in hartree.
 *
 *  @code
 *  status = qhm_electronic_problem_load("lih.fcidump", &problem);
 *  if (status == QHM_OK)
 *      status = qhm_electronic_problem_hamiltonian(problem, QHM_ELECTRONS_PARITY_REDUCED, &h);
 *  @endcode */
#ifndef QHM_ELECTRONIC_PROBLEM_H
#define QHM_ELECTRONIC_PROBLEM_H

#include <qhm/fermion.h>
#include <qhm/observable.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most orbitals: two modes each. */
#define QHM_MOST_ORBITALS 32

/** Integrals over orbitals, and how many electrons of each spin. */
typedef struct qhm_electronic_problem qhm_electronic_problem;

/** How spin orbitals become qubits. */
typedef enum qhm_electron_map {
    QHM_ELECTRONS_JORDAN_WIGNER = 0,  /**< two qubits an orbital */
    QHM_ELECTRONS_PARITY = 1,         /**< as many */
    QHM_ELECTRONS_PARITY_REDUCED = 2, /**< two qubits less, which the electron numbers fix */
    QHM_ELECTRON_MAP_COUNT
} qhm_electron_map;

/** What is counted in an observable. */
typedef enum qhm_electron_count {
    QHM_COUNT_ELECTRONS = 0, /**< of both spins */
    QHM_COUNT_SPIN = 1,      /**< spins up less spins down */
    QHM_ELECTRON_COUNT_COUNT
} qhm_electron_count;

/** Creates a problem.
 *  @param orbitals      1 to QHM_MOST_ORBITALS.
 *  @param up            electrons of spin up, at most orbitals.
 *  @param constant      the energy of nuclei and frozen electrons.
 *  @param one_electron  [n][n] h_pq, symmetric.
 *  @param two_electron  [n][n][n][n] (pq|rs), equal under p-q, r-s and pq-rs exchanges.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (not finite, not symmetric within 1e-8, too many
 *          electrons); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_electronic_problem_create(size_t orbitals, size_t up,
                                                                size_t down, double constant,
                                                                const double *one_electron,
                                                                const double *two_electron,
                                                                qhm_electronic_problem **problem);

/** Frees a problem; NULL is fine. */
QHM_API void qhm_electronic_problem_destroy(qhm_electronic_problem *problem);

/** Reads an FCIDUMP file [knowles1989]: a header &FCI ... &END or /, then lines of a value and four
 *  indices. Integrals may be given once or under any of their eight exchanges, which have to agree.
 *  The constant's line, of four zeros, has to be there: a file cut short is refused.
 *  @return QHM_OK; QHM_ERROR_NOT_FOUND; QHM_ERROR_IO; QHM_ERROR_BAD_INPUT with path and line;
 *          QHM_ERROR_UNSUPPORTED (unrestricted orbitals); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_electronic_problem_load(const char *path,
                                                              qhm_electronic_problem **problem);

/** The same from text. @param name  what messages call it. */
QHM_API QHM_MUST_CHECK qhm_status qhm_electronic_problem_parse(const char *text, const char *name,
                                                               qhm_electronic_problem **problem);

/** Freezes orbitals that stay doubly occupied, and keeps some of the others; the rest stays empty.
 *  @param frozen  [frozen_count] become part of the constant and of h.
 *  @param active  [active_count] in their new order; NULL: all that are not frozen.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT (repeated or unknown orbitals; more frozen or fewer
 *          active ones than the electrons need); QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_electronic_problem_select(
    const qhm_electronic_problem *problem, const size_t *frozen, size_t frozen_count,
    const size_t *active, size_t active_count, qhm_electronic_problem **selected);

/** Orbitals. */
QHM_API size_t qhm_electronic_problem_orbital_count(const qhm_electronic_problem *problem);
/** Electrons of spin up. */
QHM_API size_t qhm_electronic_problem_up_count(const qhm_electronic_problem *problem);
/** Electrons of spin down. */
QHM_API size_t qhm_electronic_problem_down_count(const qhm_electronic_problem *problem);
/** The energy of nuclei and frozen electrons. */
QHM_API double qhm_electronic_problem_constant(const qhm_electronic_problem *problem);
/** h_pq. */
QHM_API double qhm_electronic_problem_one(const qhm_electronic_problem *problem, size_t p,
                                          size_t q);
/** (pq|rs). */
QHM_API double qhm_electronic_problem_two(const qhm_electronic_problem *problem, size_t p, size_t q,
                                          size_t r, size_t s);

/** The energy of the determinant of the first orbitals. */
QHM_API double qhm_electronic_problem_reference_energy(const qhm_electronic_problem *problem);

/** The word for a map: "jordan_wigner", "parity", "parity_reduced". */
QHM_API const char *qhm_electron_map_name(qhm_electron_map map);

/** The qubits that a map takes. */
QHM_API size_t qhm_electronic_problem_qubit_count(const qhm_electronic_problem *problem,
                                                  qhm_electron_map map);

/** The Hamiltonian on qubits, constant included.
 *  @return QHM_OK; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: of order 32 n^4 strings. */
QHM_API QHM_MUST_CHECK qhm_status qhm_electronic_problem_hamiltonian(
    const qhm_electronic_problem *problem, qhm_electron_map map, qhm_observable **hamiltonian);

/** The number of electrons or the spin, on the same qubits. @return as the Hamiltonian. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_electronic_problem_count(const qhm_electronic_problem *problem, qhm_electron_map map,
                             qhm_electron_count what, qhm_observable **observable);

/** The basis state of the determinant of the first orbitals, bit q that of qubit q. */
QHM_API uint64_t qhm_electronic_problem_reference_state(const qhm_electronic_problem *problem,
                                                        qhm_electron_map map);

/** The exact ground state among states with these numbers of electrons. */
typedef struct qhm_full_ci {
    double energy;         /**< of the ground state */
    uint64_t determinants; /**< the dimension */
    size_t products;       /**< of the Hamiltonian with a vector; 0: diagonalised whole */
    double residual;       /**< |H x - E x|: no eigenvalue is further from the energy */
} qhm_full_ci;

/** Full configuration interaction: Lanczos, with the Hamiltonian applied by excitations of strings
 *  of one spin and a matrix product [knowles1984]; up to 200 determinants LAPACK.
 *  @return QHM_OK; QHM_ERROR_RESOURCE_LIMIT (n^2 determinants above 2^26); QHM_ERROR_NUMERIC
 *          (no convergence); QHM_ERROR_OUT_OF_MEMORY.
 *  Cost: n^4 determinants a product; memory for 2 n^2 + 82 vectors. */
QHM_API QHM_MUST_CHECK qhm_status
qhm_electronic_problem_solve(const qhm_electronic_problem *problem, qhm_full_ci *result);

#ifdef __cplusplus
}
#endif
#endif
