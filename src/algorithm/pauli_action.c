// A Pauli sum that acts on a state without its matrix.
#include "algorithm/pauli_action.h"

#include "base/memory.h"
#include "circuit/observable_internal.h"
#include "linalg/pauli.h"

#include <math.h>

static double sign_of(uint64_t bits)
{
    return __builtin_parityll(bits) ? -1 : 1;
}

static qhm_status add_diagonal(qhm_pauli_action *action, uint64_t z, double coefficient)
{
    if (!action->diagonal)
        QHM_TRY(qhm_allocate(action->size, sizeof *action->diagonal, &action->diagonal));
    for (size_t i = 0; i < action->size; i++)
        action->diagonal[i] += coefficient * sign_of(z & i);
    return QHM_OK;
}

static qhm_status add_term(qhm_pauli_action *action, const qhm_pauli_term *term)
{
    qhm_pauli_masks masks;
    QHM_TRY(qhm_pauli_term_masks(term, &masks));
    if (masks.x == 0 && masks.z == 0) {
        action->constant += term->coefficient;
        return QHM_OK;
    }
    action->weight += fabs(term->coefficient);
    if (masks.x == 0)
        return add_diagonal(action, masks.z, term->coefficient);
    const unsigned power = qhm_pauli_phase(masks, 0); // a factor i for each Y
    action->terms[action->count++] = (qhm_pauli_action_term){
        masks.x, masks.z, power < 2 ? term->coefficient : -term->coefficient, power % 2 == 1};
    return QHM_OK;
}

qhm_status qhm_pauli_action_create(const qhm_observable *sum, size_t qubit_count,
                                   qhm_pauli_action *action)
{
    const size_t count = qhm_observable_term_count(sum);
    qhm_pauli_action made = {.size = (size_t)1 << qubit_count};
    qhm_status status = qhm_allocate(count, sizeof *made.terms, &made.terms);
    for (size_t t = 0; t < count && status == QHM_OK; t++)
        status = add_term(&made, qhm_observable_term(sum, t));
    if (status != QHM_OK) {
        qhm_pauli_action_release(&made);
        return status;
    }
    *action = made;
    return QHM_OK;
}

void qhm_pauli_action_release(qhm_pauli_action *action)
{
    qhm_release(action->diagonal);
    qhm_release(action->terms);
    *action = (qhm_pauli_action){0};
}

// i (a + ib) = -b + ia: which part goes where is the same for all rows.
static void add_rows(const qhm_pauli_action_term *term, const double *vector, size_t size,
                     size_t first, size_t last, double *re, double *im)
{
    const double *to_re = term->is_imaginary ? vector + size : vector;
    const double *to_im = term->is_imaginary ? vector : vector + size;
    const double factor = term->factor, other = term->is_imaginary ? -factor : factor;
    for (size_t i = first; i < last; i++) {
        const size_t from = i ^ (size_t)term->x;
        const double sign = term->z == 0 ? 1 : sign_of(term->z & from);
        re[i - first] += other * sign * to_re[from];
        im[i - first] += factor * sign * to_im[from];
    }
}

void qhm_pauli_action_rows(const qhm_pauli_action *action, const double *vector, size_t first,
                           size_t last, double *re, double *im)
{
    for (size_t i = first; i < last; i++) {
        const double energy = action->diagonal ? action->diagonal[i] : 0;
        re[i - first] = energy * vector[i];
        im[i - first] = energy * vector[action->size + i];
    }
    for (size_t t = 0; t < action->count; t++)
        add_rows(&action->terms[t], vector, action->size, first, last, re, im);
}
