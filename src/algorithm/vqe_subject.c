// Reading what the eigensolver is to solve, and solving it exactly.
#include "algorithm/vqe_subject.h"

#include "algorithm/electronic_problem_internal.h"
#include "algorithm/ground_state.h"
#include "algorithm/problem_numbers.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST_QUBITS = 16, REPETITIONS = 5, PLAIN_EXPONENT = 10 };

static const double MOST_SUM = 1e100, MOST_CONSTANT = 1e10; // of magnitudes of coefficients

// The message of the library, with the place in the file.
static qhm_status at_node(const qhm_node *node, qhm_status status)
{
    return status == QHM_ERROR_INVALID_ARGUMENT ? qhm_node_fail(node, "%s", qhm_error_message())
                                                : status;
}

static qhm_status read_atom(const qhm_node *node, qhm_atom *atom)
{
    if (qhm_node_kind_of(node) != QHM_NODE_SEQUENCE || qhm_node_count(node) != 4)
        return qhm_node_fail(node, "an atom in field 'atoms' is a list of 4: element, x, y, z");
    atom->element = qhm_node_text(qhm_node_at(node, 0));
    for (size_t d = 0; d < 3; d++) {
        const qhm_node *number = qhm_node_at(node, d + 1);
        if (qhm_node_kind_of(number) != QHM_NODE_SCALAR ||
            !qhm_parse_double(qhm_node_text(number), &atom->position[d]))
            return qhm_node_fail(number, "'%s' in field 'atoms' is no finite number",
                                 qhm_node_text(number));
    }
    return QHM_OK;
}

static double nearest_pair(const qhm_atom *atoms, size_t count, double scale)
{
    double nearest = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            double square = 0;
            for (size_t d = 0; d < 3; d++)
                square += pow(atoms[i].position[d] - atoms[j].position[d], 2);
            if (nearest == 0 || sqrt(square) < nearest)
                nearest = sqrt(square);
        }
    return nearest * scale;
}

static qhm_status read_molecule(const qhm_vqe_subject_options *o, qhm_vqe_subject *s)
{
    qhm_atom *atoms;
    if (qhm_node_kind_of(o->atoms) != QHM_NODE_SEQUENCE || qhm_node_count(o->atoms) == 0)
        return qhm_node_fail(o->atoms, "field 'atoms' is no list of atoms");
    if (o->unit == 0)
        return qhm_node_fail(o->atoms, "field 'unit' is missing: bohr or angstrom");
    if (o->charge != nearbyint(o->charge))
        return qhm_node_fail(o->atoms, "field 'charge' is %g, not a whole number", o->charge);
    const size_t count = qhm_node_count(o->atoms);
    const qhm_molecule_options options = {
        .unit = (qhm_length_unit)o->unit, .charge = (int)o->charge, .unpaired = o->unpaired};
    QHM_TRY(qhm_allocate(count, sizeof *atoms, &atoms));
    qhm_status status = QHM_OK;
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        status = read_atom(qhm_node_at(o->atoms, i), &atoms[i]);
    if (status == QHM_OK)
        status = at_node(o->atoms, qhm_molecule_solve(atoms, count, &options, NULL, &s->electrons));
    if (status == QHM_OK)
        s->nearest_angstrom =
            nearest_pair(atoms, count, options.unit == QHM_UNIT_BOHR ? QHM_BOHR_ANGSTROM : 1);
    qhm_release(atoms);
    return status;
}

static qhm_status select_orbitals(const qhm_problem *problem, const qhm_vqe_subject_options *o,
                                  qhm_vqe_subject *s)
{
    size_t *frozen = NULL, *active = NULL, frozen_count = 0, active_count = 0;
    qhm_electronic_problem *selected = NULL;
    const size_t most = s->electrons->orbitals - 1;
    qhm_status status = QHM_OK;
    if (!o->frozen && !o->active)
        return QHM_OK;
    if (o->frozen)
        status =
            qhm_problem_indices(problem->node, o->frozen, "frozen", most, &frozen, &frozen_count);
    if (status == QHM_OK && o->active)
        status =
            qhm_problem_indices(problem->node, o->active, "active", most, &active, &active_count);
    if (status == QHM_OK)
        status = at_node(o->active ? o->active : o->frozen,
                         qhm_electronic_problem_select(s->electrons, frozen, frozen_count, active,
                                                       active_count, &selected));
    qhm_release(frozen);
    qhm_release(active);
    if (status == QHM_OK) {
        qhm_electronic_problem_destroy(s->electrons);
        s->electrons = selected;
    }
    return status;
}

// (N - electrons)^2 = sum n_p n_q - 2 electrons sum n_p + electrons^2.
static qhm_status fill_penalty(const qhm_vqe_subject *s, double weight, qhm_fermion *fermion)
{
    const uint32_t modes = (uint32_t)(2 * s->electrons->orbitals);
    const double electrons = (double)(s->electrons->up + s->electrons->down);
    QHM_TRY(qhm_fermion_append(fermion, weight * electrons * electrons, NULL, 0));
    for (uint32_t p = 0; p < modes; p++) {
        const qhm_ladder number[] = {{p, true}, {p, false}};
        QHM_TRY(qhm_fermion_append(fermion, -2 * weight * electrons, number, 2));
        for (uint32_t q = 0; q < modes; q++) {
            const qhm_ladder both[] = {{p, true}, {p, false}, {q, true}, {q, false}};
            QHM_TRY(qhm_fermion_append(fermion, weight, both, 4));
        }
    }
    return QHM_OK;
}

static qhm_status add_terms(const qhm_observable *from, double factor, qhm_observable *to)
{
    for (size_t t = 0; t < qhm_observable_term_count(from); t++) {
        const qhm_pauli_term *term = qhm_observable_term(from, t);
        QHM_TRY(qhm_observable_append(to, factor * term->coefficient, term->factors,
                                      term->factor_count));
    }
    return QHM_OK;
}

static qhm_status create_objective(qhm_vqe_subject *s, double penalty)
{
    qhm_fermion *fermion = NULL;
    qhm_observable *added = NULL;
    QHM_TRY(qhm_observable_create(&s->objective));
    QHM_TRY(add_terms(s->hamiltonian, 1, s->objective));
    if (!s->electrons || penalty == 0)
        return QHM_OK;
    QHM_TRY(qhm_fermion_create(2 * s->electrons->orbitals, &fermion));
    qhm_status status = fill_penalty(s, penalty, fermion);
    if (status == QHM_OK)
        status = qhm_electronic_problem_map(s->electrons, fermion, s->map, false, &added);
    if (status == QHM_OK)
        status = add_terms(added, 1, s->objective);
    qhm_observable_destroy(added);
    qhm_fermion_destroy(fermion);
    return status;
}

static qhm_status read_electrons(const qhm_problem *problem, const qhm_vqe_subject_options *o,
                                 qhm_vqe_subject *s)
{
    if (o->atoms)
        QHM_TRY(read_molecule(o, s));
    else
        QHM_TRY(qhm_electronic_problem_load(o->fcidump, &s->electrons));
    QHM_TRY(select_orbitals(problem, o, s));
    s->qubits = qhm_electronic_problem_qubit_count(s->electrons, s->map);
    if (s->qubits < 1)
        return qhm_node_fail(problem->node,
                             "one orbital leaves no qubit by %s: use another mapping",
                             qhm_electron_map_name(s->map));
    if (s->qubits > MOST_QUBITS)
        return qhm_node_fail(problem->node,
                             "%zu qubits for %zu orbitals by %s, not at most %d: choose with "
                             "'frozen' and 'active'",
                             s->qubits, s->electrons->orbitals, qhm_electron_map_name(s->map),
                             MOST_QUBITS);
    return qhm_electronic_problem_hamiltonian(s->electrons, s->map, &s->hamiltonian);
}

// Methods step by gradients: they need sums that are neither huge nor tiny. What is divided by a
// power of 2 keeps all digits. Squares of what cannot be scaled would not be numbers.
static qhm_status scale_sum(const qhm_node *node, qhm_vqe_subject *s)
{
    double constant = 0, strings = 0;
    for (size_t t = 0; t < qhm_observable_term_count(s->hamiltonian); t++) {
        const qhm_pauli_term *term = qhm_observable_term(s->hamiltonian, t);
        if (term->factor_count > 0)
            strings += fabs(term->coefficient);
        else
            constant += term->coefficient;
    }
    if (strings == 0)
        return qhm_node_fail(node, "field 'hamiltonian' is the constant %g: its strings cancel",
                             constant);
    if (!(strings >= 1 / MOST_SUM && strings <= MOST_SUM))
        return qhm_node_fail(node,
                             "coefficients in field 'hamiltonian' have magnitudes that sum to %g, "
                             "not %g to %g",
                             strings, 1 / MOST_SUM, MOST_SUM);
    if (!(fabs(constant) <= MOST_CONSTANT * strings))
        return qhm_node_fail(node,
                             "the constant in field 'hamiltonian' is %g, beside which strings of "
                             "%g in all have no digits left",
                             constant, strings);
    int exponent;
    (void)frexp(strings, &exponent);
    if (abs(exponent) <= PLAIN_EXPONENT)
        return QHM_OK;
    qhm_observable *scaled;
    QHM_TRY(qhm_observable_create(&scaled));
    s->scale = ldexp(1, exponent);
    const qhm_status status = add_terms(s->hamiltonian, 1 / s->scale, scaled);
    qhm_observable_destroy(s->hamiltonian);
    s->hamiltonian = scaled;
    return status;
}

static qhm_status read_sum(const qhm_problem *problem, const qhm_vqe_subject_options *o,
                           qhm_vqe_subject *s)
{
    const qhm_node *node = qhm_node_find(problem->node, "hamiltonian");
    const qhm_status status = qhm_observable_parse(o->hamiltonian, &s->hamiltonian);
    if (status != QHM_OK)
        return status == QHM_ERROR_BAD_INPUT ? qhm_node_fail(node, "%s", qhm_error_message())
                                             : status;
    s->qubits = qhm_observable_qubit_count(s->hamiltonian);
    if (s->qubits < 1 || s->qubits > MOST_QUBITS)
        return qhm_node_fail(node, "field 'hamiltonian' has %zu qubits, not 1 to %d", s->qubits,
                             MOST_QUBITS);
    return scale_sum(node, s);
}

qhm_status qhm_vqe_subject_read(const qhm_problem *problem, const qhm_vqe_subject_options *options,
                                qhm_vqe_subject *subject)
{
    const int given =
        (options->atoms != NULL) + (options->fcidump != NULL) + (options->hamiltonian != NULL);
    if (given != 1)
        return qhm_node_fail(problem->node,
                             "%d of the fields 'atoms', 'fcidump' and 'hamiltonian' "
                             "are given, not one",
                             given);
    subject->scale = 1;
    subject->map = (qhm_electron_map)(options->mapping - 1);
    QHM_TRY(options->hamiltonian ? read_sum(problem, options, subject)
                                 : read_electrons(problem, options, subject));
    return create_objective(subject, options->penalty);
}

void qhm_vqe_subject_release(qhm_vqe_subject *subject)
{
    qhm_electronic_problem_destroy(subject->electrons);
    qhm_observable_destroy(subject->hamiltonian);
    qhm_observable_destroy(subject->objective);
}

// Once, or a few times where that is short: the middle time.
static qhm_status solve_timed(const qhm_vqe_subject *s, qhm_full_ci *found, double *seconds)
{
    double times[REPETITIONS];
    size_t count = 0;
    do {
        const double start = qhm_algorithm_clock();
        qhm_ground_state ground = {0};
        if (s->electrons) {
            QHM_TRY(qhm_electronic_problem_solve(s->electrons, found));
        } else {
            QHM_TRY(qhm_find_pauli_ground_state(s->qubits, s->hamiltonian, &ground));
            *found = (qhm_full_ci){ground.energy, (uint64_t)1 << s->qubits, ground.products,
                                   ground.residual};
        }
        times[count++] = qhm_algorithm_clock() - start;
    } while (count < REPETITIONS && times[0] < 0.01);
    return qhm_statistics_median(times, count, seconds);
}

qhm_status qhm_vqe_subject_solve(const qhm_vqe_subject *subject, json_t *opponent, double *energy,
                                 double *seconds)
{
    qhm_full_ci found;
    QHM_TRY(solve_timed(subject, &found, seconds));
    qhm_result_text(opponent, "method",
                    subject->electrons ? "full configuration interaction (all determinants)"
                    : found.products   ? "Lanczos on the Pauli sum"
                                       : "diagonalising the Pauli sum (LAPACK)");
    qhm_result_number(opponent, "energy", subject->scale * found.energy);
    qhm_result_count(opponent, "dimension", found.determinants);
    qhm_result_number(opponent, "residual", subject->scale * found.residual);
    qhm_result_number(opponent, "seconds", *seconds);
    *energy = found.energy;
    return QHM_OK;
}
