// Unitary coupled cluster: excitations of one and two electrons as rotations.
#include <qhm/vqe.h>

#include "algorithm/electronic_problem_internal.h"
#include "algorithm/pauli_rotation.h"
#include "algorithm/vqe_internal.h"
#include "base/status_internal.h"

// From modes of occupied orbitals to modes of empty ones; first[0] < first[1] and so on.
typedef struct excitation {
    size_t count; // electrons
    uint32_t from[2], to[2];
} excitation;

// The orbitals of one spin: [0, occupied) are filled, the rest empty.
typedef struct spin_shell {
    size_t first_mode, occupied, empty;
} spin_shell;

static void fill_shells(const qhm_electronic_problem *problem, spin_shell shells[2])
{
    const size_t n = problem->orbitals;
    shells[0] = (spin_shell){0, problem->up, n - problem->up};
    shells[1] = (spin_shell){n, problem->down, n - problem->down};
}

static size_t pairs(size_t count)
{
    return count * (count - 1) / 2;
}

static size_t single_count(const spin_shell *s)
{
    return s->occupied * s->empty;
}

static size_t double_count(const spin_shell *s)
{
    return s->occupied && s->empty ? pairs(s->occupied) * pairs(s->empty) : 0;
}

size_t qhm_vqe_excitation_count(const qhm_electronic_problem *problem)
{
    spin_shell s[2];
    fill_shells(problem, s);
    return single_count(&s[0]) + single_count(&s[1]) + double_count(&s[0]) + double_count(&s[1]) +
           single_count(&s[0]) * single_count(&s[1]);
}

static void set_single(const spin_shell *s, size_t index, excitation *e)
{
    e->from[e->count] = (uint32_t)(s->first_mode + index / s->empty);
    e->to[e->count] = (uint32_t)(s->first_mode + s->occupied + index % s->empty);
    e->count++;
}

// The index-th pair (a, b), a < b.
static void unpair(size_t index, uint32_t *a, uint32_t *b)
{
    uint32_t high = 1;
    while (pairs(high + 1) <= index)
        high++;
    *b = high;
    *a = (uint32_t)(index - pairs(high));
}

static void set_double(const spin_shell *s, size_t index, excitation *e)
{
    const uint32_t filled = (uint32_t)s->first_mode, empty = filled + (uint32_t)s->occupied;
    const size_t width = pairs(s->empty);
    unpair(index / width, &e->from[0], &e->from[1]);
    unpair(index % width, &e->to[0], &e->to[1]);
    for (size_t i = 0; i < 2; i++) {
        e->from[i] += filled;
        e->to[i] += empty;
    }
    e->count = 2;
}

// Singles up, singles down, doubles up, doubles down, then one of each spin.
static excitation find_excitation(const qhm_electronic_problem *problem, size_t index)
{
    spin_shell s[2];
    excitation e = {0};
    fill_shells(problem, s);
    for (size_t spin = 0; spin < 2; index -= single_count(&s[spin++]))
        if (index < single_count(&s[spin])) {
            set_single(&s[spin], index, &e);
            return e;
        }
    for (size_t spin = 0; spin < 2; index -= double_count(&s[spin++]))
        if (index < double_count(&s[spin])) {
            set_double(&s[spin], index, &e);
            return e;
        }
    set_single(&s[0], index / single_count(&s[1]), &e);
    set_single(&s[1], index % single_count(&s[1]), &e);
    return e;
}

// T - T', with T = a+_to a_from, or a+_to0 a+_to1 a_from1 a_from0.
static qhm_status create_generator(const qhm_electronic_problem *problem, const excitation *e,
                                   qhm_fermion **generator)
{
    qhm_ladder forward[4], backward[4];
    const size_t k = e->count;
    for (size_t i = 0; i < k; i++) {
        forward[i] = (qhm_ladder){e->to[i], true};
        forward[2 * k - 1 - i] = (qhm_ladder){e->from[i], false};
        backward[i] = (qhm_ladder){e->from[i], true};
        backward[2 * k - 1 - i] = (qhm_ladder){e->to[i], false};
    }
    QHM_TRY(qhm_fermion_create(2 * problem->orbitals, generator));
    qhm_status status = qhm_fermion_append(*generator, 1, forward, 2 * k);
    if (status == QHM_OK)
        status = qhm_fermion_append(*generator, -1, backward, 2 * k);
    if (status != QHM_OK)
        qhm_fermion_destroy(*generator);
    return status;
}

// Of pairs (a, b), a < b < n: those of one spin, and of pairs of pairs.
static size_t general_double_count(size_t n)
{
    return pairs(n) ? pairs(pairs(n)) : 0;
}

// Singles up, singles down, doubles up, doubles down, then one of each spin; any orbitals.
static excitation find_general(size_t n, size_t index)
{
    excitation e = {.count = 1};
    for (uint32_t mode = 0; mode <= n; mode += (uint32_t)n, index -= pairs(n))
        if (index < pairs(n)) {
            unpair(index, &e.from[0], &e.to[0]);
            e.from[0] += mode;
            e.to[0] += mode;
            return e;
        }
    e.count = 2;
    uint32_t first, second;
    for (uint32_t mode = 0; mode <= n; mode += (uint32_t)n, index -= general_double_count(n))
        if (index < general_double_count(n)) {
            unpair(index, &first, &second);
            unpair(first, &e.from[0], &e.from[1]);
            unpair(second, &e.to[0], &e.to[1]);
            for (size_t i = 0; i < 2; i++) {
                e.from[i] += mode;
                e.to[i] += mode;
            }
            return e;
        }
    unpair(index, &first, &second);
    e.from[0] = first / (uint32_t)n;
    e.from[1] = (uint32_t)n + first % (uint32_t)n;
    e.to[0] = second / (uint32_t)n;
    e.to[1] = (uint32_t)n + second % (uint32_t)n;
    return e;
}

size_t qhm_vqe_pool_count(const qhm_electronic_problem *problem, qhm_vqe_pool pool)
{
    const size_t n = problem->orbitals;
    return pool == QHM_VQE_POOL_EXCITATIONS
               ? qhm_vqe_excitation_count(problem)
               : 2 * pairs(n) + 2 * general_double_count(n) + pairs(n * n);
}

static qhm_status append_excitation(const qhm_electronic_problem *problem, qhm_electron_map map,
                                    const excitation *e, uint32_t weight, qhm_circuit *circuit)
{
    qhm_fermion *generator;
    qhm_observable *strings = NULL; // T - T' = i strings
    QHM_TRY(create_generator(problem, e, &generator));
    qhm_status status = qhm_electronic_problem_map(problem, generator, map, true, &strings);
    qhm_fermion_destroy(generator);
    if (status != QHM_OK)
        return status;
    for (size_t t = 0; t < qhm_observable_term_count(strings) && status == QHM_OK; t++) {
        const qhm_pauli_term *term = qhm_observable_term(strings, t);
        qhm_angle angle = qhm_angle_weight(weight);
        angle.scale = -2 * term->coefficient;
        status = qhm_append_pauli_rotation(circuit, term, angle);
    }
    qhm_observable_destroy(strings);
    return status;
}

qhm_status qhm_vqe_pool_append(const qhm_electronic_problem *problem, qhm_electron_map map,
                               qhm_vqe_pool pool, size_t index, uint32_t weight,
                               qhm_circuit *circuit)
{
    const excitation e = pool == QHM_VQE_POOL_EXCITATIONS ? find_excitation(problem, index)
                                                          : find_general(problem->orbitals, index);
    return append_excitation(problem, map, &e, weight, circuit);
}

qhm_status qhm_vqe_append_excitation(const qhm_electronic_problem *problem, qhm_electron_map map,
                                     size_t excitation_index, uint32_t weight, qhm_circuit *circuit)
{
    QHM_REQUIRE(problem && circuit, "problem or circuit is NULL");
    QHM_REQUIRE((unsigned)map < QHM_ELECTRON_MAP_COUNT, "map is %u, not below %u", (unsigned)map,
                (unsigned)QHM_ELECTRON_MAP_COUNT);
    QHM_REQUIRE(excitation_index < qhm_vqe_excitation_count(problem), "excitation %zu of %zu",
                excitation_index, qhm_vqe_excitation_count(problem));
    const excitation e = find_excitation(problem, excitation_index);
    return append_excitation(problem, map, &e, weight, circuit);
}

qhm_status qhm_vqe_reference_create(const qhm_electronic_problem *problem, qhm_electron_map map,
                                    qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(problem && circuit, "problem or circuit is NULL");
    QHM_REQUIRE((unsigned)map < QHM_ELECTRON_MAP_COUNT, "map is %u, not below %u", (unsigned)map,
                (unsigned)QHM_ELECTRON_MAP_COUNT);
    const size_t qubits = qhm_electronic_problem_qubit_count(problem, map);
    QHM_REQUIRE(qubits >= 1, "%zu orbital leaves no qubit in the map %s", problem->orbitals,
                qhm_electron_map_name(map));
    const uint64_t state = qhm_electronic_problem_reference_state(problem, map);
    QHM_TRY(qhm_circuit_create(qubits, 0, &made));
    qhm_status status = QHM_OK;
    for (uint32_t q = 0; q < qubits && status == QHM_OK; q++)
        if (state >> q & 1)
            status = qhm_circuit_append(made, QHM_GATE_X, &q, NULL);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

qhm_status qhm_vqe_uccsd_create(const qhm_electronic_problem *problem, qhm_electron_map map,
                                qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_TRY(qhm_vqe_reference_create(problem, map, &made));
    const size_t count = qhm_vqe_excitation_count(problem);
    spin_shell s[2];
    fill_shells(problem, s);
    const size_t singles = single_count(&s[0]) + single_count(&s[1]);
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = qhm_vqe_append_excitation(problem, map, (singles + i) % count, (uint32_t)i, made);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}
