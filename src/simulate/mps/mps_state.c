// Chains of tensors: memory, moving centres, cutting.
#include "simulate/mps/mps_state.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

qhm_status qhm_mps_reserve(qhm_mps *state, qhm_mps_buffer *buffer, size_t count)
{
    if (count <= buffer->capacity)
        return QHM_OK;
    size_t capacity = 8;
    while (capacity < count)
        capacity *= 2;
    const size_t more = (capacity - buffer->capacity) * sizeof *buffer->entries;
    if (state->limits.bytes > 0 && state->bytes + more > state->limits.bytes)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "the matrix product state needs more than %zu MiB (bonds of %zu so far); "
                        "set a lower max_bond",
                        state->limits.bytes >> 20, state->largest_bond);
    QHM_TRY(qhm_reallocate(0, capacity, sizeof *buffer->entries, &buffer->entries));
    buffer->capacity = capacity;
    state->bytes += more;
    return QHM_OK;
}

static qhm_status reserve_values(qhm_mps *state, size_t count)
{
    return qhm_reserve(count, &state->value_capacity, sizeof *state->values, &state->values);
}

// A chain of one qubit in |0>.
static void make_zero(qhm_mps_site *site)
{
    site->left = site->right = QHM_NO_SITE;
    site->left_bond = site->right_bond = 1;
    site->form = QHM_MPS_CENTRE;
    site->tensor.entries[0] = (qhm_complex){1, 0};
    site->tensor.entries[1] = (qhm_complex){0, 0};
}

void qhm_mps_reset(qhm_mps *state)
{
    for (uint32_t q = 0; q < state->qubit_count; q++) {
        make_zero(&state->sites[q]);
        state->sites[q].qubit = q;
        state->site_of[q] = q;
    }
    state->largest_bond = 1;
    state->kept = 1;
}

qhm_status qhm_mps_create(size_t qubit_count, const qhm_mps_limits *limits, qhm_mps **state)
{
    qhm_mps *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = qubit_count;
    made->limits = *limits;
    qhm_status status = qhm_allocate(qubit_count, sizeof *made->sites, &made->sites);
    if (status == QHM_OK)
        status = qhm_allocate(qubit_count, sizeof *made->site_of, &made->site_of);
    for (size_t q = 0; status == QHM_OK && q < qubit_count; q++)
        status = qhm_mps_reserve(made, &made->sites[q].tensor, 2);
    if (status != QHM_OK) {
        qhm_mps_destroy(made);
        return status;
    }
    qhm_mps_reset(made);
    *state = made;
    return QHM_OK;
}

void qhm_mps_destroy(qhm_mps *state)
{
    if (!state)
        return;
    for (size_t q = 0; state->sites && q < state->qubit_count; q++)
        qhm_release(state->sites[q].tensor.entries);
    void *pointers[] = {state->sites,     state->site_of,   state->a.entries, state->b.entries,
                        state->u.entries, state->v.entries, state->values};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
    qhm_factor_work_release(&state->work);
    qhm_release(state);
}

size_t qhm_mps_bytes(const qhm_mps *state)
{
    return sizeof *state + state->bytes + state->work.bytes +
           state->qubit_count * (sizeof *state->sites + sizeof *state->site_of) +
           state->value_capacity * sizeof *state->values;
}

static size_t tensor_size(const qhm_mps_site *site)
{
    return 2 * site->left_bond * site->right_bond;
}

qhm_status qhm_mps_copy(qhm_mps *to, const qhm_mps *from)
{
    assert(to->qubit_count == from->qubit_count);
    for (size_t q = 0; q < from->qubit_count; q++)
        QHM_TRY(qhm_mps_reserve(to, &to->sites[q].tensor, tensor_size(&from->sites[q])));
    for (size_t q = 0; q < from->qubit_count; q++) {
        const qhm_mps_site *source = &from->sites[q];
        qhm_mps_buffer tensor = to->sites[q].tensor;
        memcpy(tensor.entries, source->tensor.entries,
               tensor_size(source) * sizeof *tensor.entries);
        to->sites[q] = *source;
        to->sites[q].tensor = tensor;
    }
    memcpy(to->site_of, from->site_of, from->qubit_count * sizeof *to->site_of);
    to->limits = from->limits;
    to->largest_bond = from->largest_bond;
    to->kept = from->kept;
    return QHM_OK;
}

size_t qhm_mps_bond(const qhm_mps *state)
{
    size_t bond = 1;
    for (size_t q = 0; q < state->qubit_count; q++)
        bond = state->sites[q].right_bond > bond ? state->sites[q].right_bond : bond;
    return bond;
}

void qhm_mps_adopt(qhm_mps_site *site, qhm_mps_buffer *buffer)
{
    const qhm_mps_buffer before = site->tensor;
    site->tensor = *buffer;
    *buffer = before;
}

// Decides how many singular values stay, scales them to norm 1, and keeps account of the rest.
static size_t cut(qhm_mps *state, size_t count)
{
    double *values = state->values, total = 0, dropped = 0;
    for (size_t i = count; i-- > 0;)
        total += values[i] * values[i];
    size_t kept = count;
    while (kept > 1) {
        const double weight = values[kept - 1] * values[kept - 1];
        if (kept <= state->limits.max_bond &&
            dropped + weight > state->limits.discarded_weight * total)
            break;
        dropped += weight;
        kept--;
    }
    const double scale = 1 / sqrt(total - dropped);
    for (size_t i = 0; i < kept; i++)
        values[i] *= scale;
    state->kept *= 1 - dropped / total;
    state->largest_bond = kept > state->largest_bond ? kept : state->largest_bond;
    return kept;
}

// Buffer a [rows][columns] = u [rows][k] v [k][columns], cut; u has orthonormal columns and v the
// singular values if `to_right`, else v has orthonormal rows and u the singular values.
static qhm_status decompose(qhm_mps *state, size_t rows, size_t columns, bool to_right,
                            size_t *bond)
{
    const size_t rank = rows < columns ? rows : columns;
    QHM_TRY(qhm_mps_reserve(state, &state->u, rows * rank));
    QHM_TRY(qhm_mps_reserve(state, &state->v, rank * columns));
    QHM_TRY(reserve_values(state, rank));
    qhm_complex *u = state->u.entries, *v = state->v.entries;
    const double *values = state->values;
    QHM_TRY(qhm_complex_singular_values(&state->work, state->a.entries, rows, columns,
                                        state->values, u, v));
    const size_t kept = cut(state, rank);
    if (state->kept < state->limits.least_kept)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "matrix product states with bonds of at most %zu lose more than %g of this "
                        "circuit's state",
                        state->limits.max_bond, 1 - state->limits.least_kept);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < kept; i++) {
            const qhm_complex entry = u[row * rank + i];
            const double factor = to_right ? 1 : values[i];
            u[row * kept + i] = (qhm_complex){factor * entry.re, factor * entry.im};
        }
    for (size_t i = 0; to_right && i < kept; i++)
        for (size_t column = 0; column < columns; column++) {
            v[i * columns + column].re *= values[i];
            v[i * columns + column].im *= values[i];
        }
    *bond = kept;
    return QHM_OK;
}

// What is not entangled is not a chain.
static void unlink_if_product(qhm_mps_site *left, qhm_mps_site *right)
{
    if (left->right_bond > 1)
        return;
    left->right = right->left = QHM_NO_SITE;
    left->form = left->form == QHM_MPS_LEFT ? QHM_MPS_CENTRE : left->form;
    right->form = right->form == QHM_MPS_RIGHT ? QHM_MPS_CENTRE : right->form;
}

static qhm_status load(qhm_mps *state, const qhm_mps_site *site)
{
    QHM_TRY(qhm_mps_reserve(state, &state->a, tensor_size(site)));
    memcpy(state->a.entries, site->tensor.entries, tensor_size(site) * sizeof *state->a.entries);
    return QHM_OK;
}

qhm_status qhm_mps_move_right(qhm_mps *state, uint32_t site, bool cuts)
{
    qhm_mps_site *here = &state->sites[site], *next = &state->sites[here->right];
    const size_t rows = 2 * here->left_bond, columns = here->right_bond;
    size_t bond = rows < columns ? rows : columns;
    QHM_TRY(load(state, here));
    if (cuts) {
        QHM_TRY(decompose(state, rows, columns, true, &bond));
    } else {
        QHM_TRY(qhm_mps_reserve(state, &state->u, rows * bond));
        QHM_TRY(qhm_mps_reserve(state, &state->v, bond * columns));
        QHM_TRY(qhm_complex_columns(&state->work, state->a.entries, rows, columns, state->u.entries,
                                    state->v.entries));
    }
    QHM_TRY(qhm_mps_reserve(state, &state->b, bond * 2 * next->right_bond));
    qhm_complex_multiply(bond, 2 * next->right_bond, columns, state->v.entries,
                         next->tensor.entries, state->b.entries);
    qhm_mps_adopt(here, &state->u);
    qhm_mps_adopt(next, &state->b);
    here->right_bond = next->left_bond = bond;
    here->form = QHM_MPS_LEFT;
    next->form = QHM_MPS_CENTRE;
    if (cuts)
        unlink_if_product(here, next);
    return QHM_OK;
}

qhm_status qhm_mps_move_left(qhm_mps *state, uint32_t site, bool cuts)
{
    qhm_mps_site *here = &state->sites[site], *next = &state->sites[here->left];
    const size_t rows = here->left_bond, columns = 2 * here->right_bond;
    size_t bond = rows < columns ? rows : columns;
    QHM_TRY(load(state, here));
    if (cuts) {
        QHM_TRY(decompose(state, rows, columns, false, &bond));
    } else {
        QHM_TRY(qhm_mps_reserve(state, &state->u, rows * bond));
        QHM_TRY(qhm_mps_reserve(state, &state->v, bond * columns));
        QHM_TRY(qhm_complex_rows(&state->work, state->a.entries, rows, columns, state->u.entries,
                                 state->v.entries));
    }
    QHM_TRY(qhm_mps_reserve(state, &state->b, 2 * next->left_bond * bond));
    qhm_complex_multiply(2 * next->left_bond, bond, rows, next->tensor.entries, state->u.entries,
                         state->b.entries);
    qhm_mps_adopt(here, &state->v);
    qhm_mps_adopt(next, &state->b);
    here->left_bond = next->right_bond = bond;
    here->form = QHM_MPS_RIGHT;
    next->form = QHM_MPS_CENTRE;
    if (cuts)
        unlink_if_product(next, here);
    return QHM_OK;
}

qhm_status qhm_mps_move_centre(qhm_mps *state, uint32_t site)
{
    const bool is_right = state->sites[site].form == QHM_MPS_LEFT;
    uint32_t centre = site;
    while (state->sites[centre].form != QHM_MPS_CENTRE)
        centre = is_right ? state->sites[centre].right : state->sites[centre].left;
    while (centre != site) {
        const uint32_t next = is_right ? state->sites[centre].left : state->sites[centre].right;
        QHM_TRY(is_right ? qhm_mps_move_left(state, centre, false)
                         : qhm_mps_move_right(state, centre, false));
        centre = next;
    }
    return QHM_OK;
}

qhm_status qhm_mps_split(qhm_mps *state, const uint32_t *sites, size_t count)
{
    size_t left_bond = state->sites[sites[0]].left_bond;
    const size_t right_bond = state->sites[sites[count - 1]].right_bond;
    for (size_t i = 0; i + 1 < count; i++) {
        qhm_mps_site *here = &state->sites[sites[i]], *next = &state->sites[sites[i + 1]];
        const size_t columns = right_bond << (count - 1 - i);
        size_t bond;
        QHM_TRY(decompose(state, 2 * left_bond, columns, true, &bond));
        qhm_mps_adopt(here, &state->u);
        here->left_bond = left_bond;
        here->right_bond = next->left_bond = bond;
        here->form = QHM_MPS_LEFT;
        next->form = QHM_MPS_CENTRE;
        left_bond = bond;
        const qhm_mps_buffer rest = state->v; // what is left to cut
        state->v = state->a;
        state->a = rest;
        unlink_if_product(here, next);
    }
    qhm_mps_site *last = &state->sites[sites[count - 1]];
    last->left_bond = left_bond;
    last->form = QHM_MPS_CENTRE;
    qhm_mps_adopt(last, &state->a);
    return QHM_OK;
}

qhm_status qhm_mps_prepare_samples(qhm_mps *state)
{
    for (uint32_t s = 0; s < state->qubit_count; s++)
        if (state->sites[s].left == QHM_NO_SITE)
            QHM_TRY(qhm_mps_move_centre(state, s));
    return QHM_OK;
}
