// The integrals of an electronic problem, as its own files see them.
#ifndef QHM_ALGORITHM_ELECTRONIC_PROBLEM_INTERNAL_H
#define QHM_ALGORITHM_ELECTRONIC_PROBLEM_INTERNAL_H

#include <qhm/electronic_problem.h>

struct qhm_electronic_problem {
    size_t orbitals, up, down;
    double constant;
    double *one; // [n][n]
    double *two; // [n][n][n][n], chemists' order
};

static inline double qhm_one_electron(const qhm_electronic_problem *e, size_t p, size_t q)
{
    return e->one[p * e->orbitals + q];
}

static inline double qhm_two_electron(const qhm_electronic_problem *e, size_t p, size_t q, size_t r,
                                      size_t s)
{
    const size_t n = e->orbitals;
    return e->two[((p * n + q) * n + r) * n + s];
}

// An observable of modes on the qubits of a map: of reduced maps without the two fixed qubits.
QHM_MUST_CHECK qhm_status qhm_electronic_problem_map(const qhm_electronic_problem *problem,
                                                     const qhm_fermion *fermion,
                                                     qhm_electron_map map, bool is_antihermitian,
                                                     qhm_observable **observable);

#endif
