// Integrals over orbitals, active spaces, and the Hamiltonian on qubits.
#include "algorithm/electronic_problem_internal.h"

#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <string.h>

static const double SYMMETRY = 1e-8; // of integrals: files round them to about ten digits

static qhm_status check_one(size_t n, const double *one)
{
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            const double value = one[p * n + q], other = one[q * n + p];
            QHM_REQUIRE(isfinite(value), "h of orbitals %zu and %zu is not finite", p, q);
            QHM_REQUIRE(fabs(value - other) <= SYMMETRY,
                        "h of orbitals %zu and %zu is %.10g, exchanged %.10g", p, q, value, other);
        }
    return QHM_OK;
}

static qhm_status check_two(size_t n, const double *two)
{
    const size_t pairs = n * n;
    for (size_t pq = 0; pq < pairs; pq++)
        for (size_t rs = 0; rs < pairs; rs++) {
            const size_t p = pq / n, q = pq % n, r = rs / n, s = rs % n;
            const double value = two[pq * pairs + rs];
            QHM_REQUIRE(isfinite(value), "(%zu %zu|%zu %zu) is not finite", p, q, r, s);
            QHM_REQUIRE(fabs(value - two[(q * n + p) * pairs + rs]) <= SYMMETRY &&
                            fabs(value - two[rs * pairs + pq]) <= SYMMETRY,
                        "(%zu %zu|%zu %zu) is %.10g, but not with its orbitals exchanged", p, q, r,
                        s, value);
        }
    return QHM_OK;
}

qhm_status qhm_electronic_problem_create(size_t orbitals, size_t up, size_t down, double constant,
                                         const double *one_electron, const double *two_electron,
                                         qhm_electronic_problem **problem)
{
    const size_t n = orbitals;
    qhm_electronic_problem *made;
    QHM_REQUIRE(one_electron && two_electron && problem, "integrals or problem are NULL");
    QHM_REQUIRE(n >= 1 && n <= QHM_MOST_ORBITALS, "orbitals is %zu, not 1 to %d", n,
                QHM_MOST_ORBITALS);
    QHM_REQUIRE(up <= n && down <= n, "%zu electrons of spin up and %zu down in %zu orbitals", up,
                down, n);
    QHM_REQUIRE(isfinite(constant), "the constant is not finite");
    QHM_TRY(check_one(n, one_electron));
    QHM_TRY(check_two(n, two_electron));
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->orbitals = n;
    made->up = up;
    made->down = down;
    made->constant = constant;
    qhm_status status = qhm_copy_bytes(one_electron, n * n, sizeof(double), &made->one);
    if (status == QHM_OK)
        status = qhm_copy_bytes(two_electron, n * n * n * n, sizeof(double), &made->two);
    if (status != QHM_OK) {
        qhm_electronic_problem_destroy(made);
        return status;
    }
    *problem = made;
    return QHM_OK;
}

void qhm_electronic_problem_destroy(qhm_electronic_problem *problem)
{
    if (!problem)
        return;
    qhm_release(problem->one);
    qhm_release(problem->two);
    qhm_release(problem);
}

size_t qhm_electronic_problem_orbital_count(const qhm_electronic_problem *problem)
{
    return problem->orbitals;
}

size_t qhm_electronic_problem_up_count(const qhm_electronic_problem *problem)
{
    return problem->up;
}

size_t qhm_electronic_problem_down_count(const qhm_electronic_problem *problem)
{
    return problem->down;
}

double qhm_electronic_problem_constant(const qhm_electronic_problem *problem)
{
    return problem->constant;
}

double qhm_electronic_problem_one(const qhm_electronic_problem *problem, size_t p, size_t q)
{
    return qhm_one_electron(problem, p, q);
}

double qhm_electronic_problem_two(const qhm_electronic_problem *problem, size_t p, size_t q,
                                  size_t r, size_t s)
{
    return qhm_two_electron(problem, p, q, r, s);
}

double qhm_electronic_problem_reference_energy(const qhm_electronic_problem *problem)
{
    const qhm_electronic_problem *e = problem;
    double energy = e->constant;
    for (size_t spin = 0; spin < 2; spin++) {
        const size_t own = spin ? e->down : e->up, other = spin ? e->up : e->down;
        for (size_t p = 0; p < own; p++) {
            energy += qhm_one_electron(e, p, p);
            for (size_t q = 0; q < own; q++)
                energy += 0.5 * (qhm_two_electron(e, p, p, q, q) - qhm_two_electron(e, p, q, q, p));
            for (size_t q = 0; q < other; q++)
                energy += 0.5 * qhm_two_electron(e, p, p, q, q);
        }
    }
    return energy;
}

// What each orbital becomes; the orbitals that are active, in order.
static qhm_status choose(const qhm_electronic_problem *e, const size_t *frozen, size_t frozen_count,
                         const size_t *active, size_t active_count,
                         size_t chosen[QHM_MOST_ORBITALS], size_t *count)
{
    bool is_taken[QHM_MOST_ORBITALS] = {false};
    const size_t least = e->up < e->down ? e->up : e->down;
    QHM_REQUIRE(frozen_count <= least, "%zu frozen orbitals, but %zu doubly occupied ones",
                frozen_count, least);
    for (size_t i = 0; i < frozen_count + (active ? active_count : 0); i++) {
        const size_t orbital = i < frozen_count ? frozen[i] : active[i - frozen_count];
        QHM_REQUIRE(orbital < e->orbitals, "orbital %zu of %zu", orbital, e->orbitals);
        QHM_REQUIRE(!is_taken[orbital], "orbital %zu is chosen twice", orbital);
        is_taken[orbital] = true;
    }
    *count = 0;
    for (size_t p = 0; p < e->orbitals && !active; p++)
        if (!is_taken[p])
            chosen[(*count)++] = p;
    for (size_t i = 0; i < active_count && active; i++)
        chosen[(*count)++] = active[i];
    const size_t most = e->up > e->down ? e->up : e->down;
    QHM_REQUIRE(*count >= 1 && *count + frozen_count >= most,
                "%zu active and %zu frozen orbitals for %zu electrons of one spin", *count,
                frozen_count, most);
    return QHM_OK;
}

static double frozen_energy(const qhm_electronic_problem *e, const size_t *frozen, size_t count)
{
    double energy = e->constant;
    for (size_t i = 0; i < count; i++) {
        energy += 2 * qhm_one_electron(e, frozen[i], frozen[i]);
        for (size_t j = 0; j < count; j++)
            energy += 2 * qhm_two_electron(e, frozen[i], frozen[i], frozen[j], frozen[j]) -
                      qhm_two_electron(e, frozen[i], frozen[j], frozen[j], frozen[i]);
    }
    return energy;
}

static void fill_selected(const qhm_electronic_problem *e, const size_t *frozen,
                          size_t frozen_count, const size_t *chosen, size_t n, double *one,
                          double *two)
{
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            double value = qhm_one_electron(e, chosen[p], chosen[q]);
            for (size_t i = 0; i < frozen_count; i++)
                value += 2 * qhm_two_electron(e, chosen[p], chosen[q], frozen[i], frozen[i]) -
                         qhm_two_electron(e, chosen[p], frozen[i], frozen[i], chosen[q]);
            one[p * n + q] = value;
            for (size_t r = 0; r < n; r++)
                for (size_t s = 0; s < n; s++)
                    two[((p * n + q) * n + r) * n + s] =
                        qhm_two_electron(e, chosen[p], chosen[q], chosen[r], chosen[s]);
        }
}

qhm_status qhm_electronic_problem_select(const qhm_electronic_problem *problem,
                                         const size_t *frozen, size_t frozen_count,
                                         const size_t *active, size_t active_count,
                                         qhm_electronic_problem **selected)
{
    size_t chosen[QHM_MOST_ORBITALS], n;
    double *one;
    QHM_REQUIRE(problem && (frozen || frozen_count == 0) && selected,
                "problem, frozen or selected is NULL");
    QHM_REQUIRE(!active || active_count <= problem->orbitals, "%zu active orbitals of %zu",
                active_count, problem->orbitals);
    QHM_TRY(choose(problem, frozen, frozen_count, active, active_count, chosen, &n));
    QHM_TRY(qhm_allocate(n * n + n * n * n * n, sizeof *one, &one));
    fill_selected(problem, frozen, frozen_count, chosen, n, one, one + n * n);
    const qhm_status status = qhm_electronic_problem_create(
        n, problem->up - frozen_count, problem->down - frozen_count,
        frozen_energy(problem, frozen, frozen_count), one, one + n * n, selected);
    qhm_release(one);
    return status;
}

const char *qhm_electron_map_name(qhm_electron_map map)
{
    static const char *const names[QHM_ELECTRON_MAP_COUNT] = {"jordan_wigner", "parity",
                                                              "parity_reduced"};
    return names[map];
}

size_t qhm_electronic_problem_qubit_count(const qhm_electronic_problem *problem,
                                          qhm_electron_map map)
{
    return 2 * problem->orbitals - (map == QHM_ELECTRONS_PARITY_REDUCED ? 2 : 0);
}

static int parity_sign(size_t count)
{
    return count % 2 ? -1 : 1;
}

// Takes the observable that is reduced.
static qhm_status reduce(qhm_observable *whole, const qhm_electronic_problem *e,
                         qhm_observable **reduced)
{
    qhm_observable *once = NULL;
    const size_t n = e->orbitals;
    qhm_status status = qhm_fermion_reduce(whole, 2 * n - 1, parity_sign(e->up + e->down), &once);
    if (status == QHM_OK)
        status = qhm_fermion_reduce(once, n - 1, parity_sign(e->up), reduced);
    qhm_observable_destroy(once);
    qhm_observable_destroy(whole);
    return status;
}

qhm_status qhm_electronic_problem_map(const qhm_electronic_problem *problem,
                                      const qhm_fermion *fermion, qhm_electron_map map,
                                      bool is_antihermitian, qhm_observable **observable)
{
    qhm_observable *whole;
    const qhm_fermion_encoding encoding =
        map == QHM_ELECTRONS_JORDAN_WIGNER ? QHM_FERMION_JORDAN_WIGNER : QHM_FERMION_PARITY;
    QHM_TRY(qhm_fermion_map(fermion, encoding, is_antihermitian ? NULL : &whole,
                            is_antihermitian ? &whole : NULL));
    if (map == QHM_ELECTRONS_PARITY_REDUCED)
        return reduce(whole, problem, observable);
    *observable = whole;
    return QHM_OK;
}

static qhm_status append_one(const qhm_electronic_problem *e, qhm_fermion *h)
{
    const size_t n = e->orbitals;
    QHM_TRY(qhm_fermion_append(h, e->constant, NULL, 0));
    for (size_t spin = 0; spin < 2; spin++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = 0; q < n; q++)
                QHM_TRY(qhm_fermion_append(h, qhm_one_electron(e, p, q),
                                           (qhm_ladder[]){{(uint32_t)(spin * n + p), true},
                                                          {(uint32_t)(spin * n + q), false}},
                                           2));
    return QHM_OK;
}

// 1/2 sum (pq|rs) a+_p a+_r a_s a_q of the electrons of two spins.
static qhm_status append_two(const qhm_electronic_problem *e, size_t first_spin, size_t second_spin,
                             qhm_fermion *h)
{
    const size_t n = e->orbitals;
    for (size_t i = 0; i < n * n * n * n; i++) {
        const uint32_t p = (uint32_t)(i / (n * n * n)), q = (uint32_t)(i / (n * n) % n),
                       r = (uint32_t)(i / n % n), s = (uint32_t)(i % n);
        const uint32_t a = (uint32_t)(first_spin * n), b = (uint32_t)(second_spin * n);
        if (e->two[i] == 0 || (first_spin == second_spin && (p == r || q == s)))
            continue;
        QHM_TRY(qhm_fermion_append(
            h, e->two[i] / 2,
            (qhm_ladder[]){{a + p, true}, {b + r, true}, {b + s, false}, {a + q, false}}, 4));
    }
    return QHM_OK;
}

qhm_status qhm_electronic_problem_hamiltonian(const qhm_electronic_problem *problem,
                                              qhm_electron_map map, qhm_observable **hamiltonian)
{
    qhm_fermion *h;
    QHM_REQUIRE(problem && hamiltonian, "problem or hamiltonian is NULL");
    QHM_REQUIRE((unsigned)map < QHM_ELECTRON_MAP_COUNT, "map is %u, not below %u", (unsigned)map,
                (unsigned)QHM_ELECTRON_MAP_COUNT);
    QHM_TRY(qhm_fermion_create(2 * problem->orbitals, &h));
    qhm_status status = append_one(problem, h);
    for (size_t spins = 0; spins < 4 && status == QHM_OK; spins++)
        status = append_two(problem, spins / 2, spins % 2, h);
    if (status == QHM_OK)
        status = qhm_electronic_problem_map(problem, h, map, false, hamiltonian);
    qhm_fermion_destroy(h);
    return status;
}

qhm_status qhm_electronic_problem_count(const qhm_electronic_problem *problem, qhm_electron_map map,
                                        qhm_electron_count what, qhm_observable **observable)
{
    qhm_fermion *sum;
    QHM_REQUIRE(problem && observable, "problem or observable is NULL");
    QHM_REQUIRE((unsigned)map < QHM_ELECTRON_MAP_COUNT, "map is %u, not below %u", (unsigned)map,
                (unsigned)QHM_ELECTRON_MAP_COUNT);
    QHM_TRY(qhm_fermion_create(2 * problem->orbitals, &sum));
    qhm_status status = QHM_OK;
    for (uint32_t p = 0; p < 2 * problem->orbitals && status == QHM_OK; p++) {
        const bool is_down = p >= problem->orbitals;
        status = qhm_fermion_append(sum, what == QHM_COUNT_SPIN && is_down ? -1 : 1,
                                    (qhm_ladder[]){{p, true}, {p, false}}, 2);
    }
    if (status == QHM_OK)
        status = qhm_electronic_problem_map(problem, sum, map, false, observable);
    qhm_fermion_destroy(sum);
    return status;
}

uint64_t qhm_electronic_problem_reference_state(const qhm_electronic_problem *problem,
                                                qhm_electron_map map)
{
    const size_t n = problem->orbitals;
    uint64_t state = 0;
    bool parity = false;
    for (size_t p = 0, qubit = 0; p < 2 * n; p++) {
        const bool is_occupied = p < n ? p < problem->up : p - n < problem->down;
        parity = parity != is_occupied;
        if (map == QHM_ELECTRONS_PARITY_REDUCED && (p == n - 1 || p == 2 * n - 1))
            continue;
        const bool is_set = map == QHM_ELECTRONS_JORDAN_WIGNER ? is_occupied : parity;
        state |= (uint64_t)is_set << qubit++;
    }
    return state;
}
