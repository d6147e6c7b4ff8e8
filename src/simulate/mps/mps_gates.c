// Gates on a matrix product state: bringing qubits together, and applying matrices to them.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "simulate/mps/mps_state.h"

#include <assert.h>
#include <string.h>

enum { MAX_DIMENSION = 1 << QHM_MPS_BLOCK_QUBITS };

// Neighbouring sites, from left to right.
typedef struct block {
    uint32_t first, last;
} block;

// How many links `to` lies to the right of `from`; 0: not there, or the same.
static size_t distance_right(const qhm_mps *state, uint32_t from, uint32_t to)
{
    size_t distance = 0;
    while (from != to) {
        from = state->sites[from].right;
        if (from == QHM_NO_SITE)
            return 0;
        distance++;
    }
    return distance;
}

static uint32_t find_end(const qhm_mps *state, uint32_t site, bool is_right, size_t *distance)
{
    for (*distance = 0;; (*distance)++) {
        const uint32_t next = is_right ? state->sites[site].right : state->sites[site].left;
        if (next == QHM_NO_SITE)
            return site;
        site = next;
    }
}

// Links the right end of one chain to the left end of another, whose centre stays the centre.
static qhm_status connect(qhm_mps *state, uint32_t end, uint32_t start)
{
    QHM_TRY(qhm_mps_move_centre(state, end));
    state->sites[end].form = QHM_MPS_LEFT;
    state->sites[end].right = start;
    state->sites[start].left = end;
    return QHM_OK;
}

// Links the chain of a block and that of a site, by the ends that leave less way between them.
static qhm_status join(qhm_mps *state, const block *b, uint32_t site)
{
    size_t block_right, site_left, site_right, block_left;
    const uint32_t block_end = find_end(state, b->last, true, &block_right);
    const uint32_t site_start = find_end(state, site, false, &site_left);
    const uint32_t site_end = find_end(state, site, true, &site_right);
    const uint32_t block_start = find_end(state, b->first, false, &block_left);
    if (block_right + site_left <= site_right + block_left)
        return connect(state, block_end, site_start);
    return connect(state, site_end, block_start);
}

// Puts a chain of one qubit into another, after a site: an identity on the bond, times its state.
static qhm_status insert_after(qhm_mps *state, uint32_t place, uint32_t site)
{
    qhm_mps_site *before = &state->sites[place], *here = &state->sites[site];
    const size_t bond = before->right_bond;
    const qhm_complex zero = here->tensor.entries[0], one = here->tensor.entries[1];
    QHM_TRY(qhm_mps_reserve(state, &here->tensor, 2 * bond * bond));
    memset(here->tensor.entries, 0, 2 * bond * bond * sizeof zero);
    for (size_t i = 0; i < bond; i++) {
        here->tensor.entries[(2 * i + 0) * bond + i] = zero;
        here->tensor.entries[(2 * i + 1) * bond + i] = one;
    }
    here->left_bond = here->right_bond = bond;
    here->left = place;
    here->right = before->right;
    here->form = before->form == QHM_MPS_LEFT ? QHM_MPS_LEFT : QHM_MPS_RIGHT;
    if (before->right != QHM_NO_SITE)
        state->sites[before->right].left = site;
    before->right = site;
    return QHM_OK;
}

// Buffer a: the product of the tensors of a block [left bond][2^count][right bond], with the
// centre among them.
static qhm_status contract(qhm_mps *state, const uint32_t *sites, size_t count)
{
    const qhm_mps_site *first = &state->sites[sites[0]];
    const uint32_t last = sites[count - 1];
    if (first->form == QHM_MPS_RIGHT)
        QHM_TRY(qhm_mps_move_centre(state, sites[0]));
    else if (state->sites[last].form == QHM_MPS_LEFT)
        QHM_TRY(qhm_mps_move_centre(state, last));
    size_t rows = 2 * first->left_bond;
    QHM_TRY(qhm_mps_reserve(state, &state->a, rows * first->right_bond));
    memcpy(state->a.entries, first->tensor.entries,
           rows * first->right_bond * sizeof *state->a.entries);
    for (size_t i = 1; i < count; i++) {
        const qhm_mps_site *site = &state->sites[sites[i]];
        QHM_TRY(qhm_mps_reserve(state, &state->b, rows * 2 * site->right_bond));
        qhm_complex_multiply(rows, 2 * site->right_bond, site->left_bond, state->a.entries,
                             site->tensor.entries, state->b.entries);
        rows *= 2;
        const qhm_mps_buffer product = state->b;
        state->b = state->a;
        state->a = product;
    }
    return QHM_OK;
}

// a = matrix a on its middle index [dimension].
static qhm_status multiply_middle(qhm_mps *state, size_t left_bond, size_t dimension,
                                  size_t right_bond, const qhm_complex *matrix)
{
    const size_t stride = dimension * right_bond;
    QHM_TRY(qhm_mps_reserve(state, &state->b, left_bond * stride));
    for (size_t l = 0; l < left_bond; l++) {
        const qhm_complex *in = state->a.entries + l * stride;
        qhm_complex *out = state->b.entries + l * stride;
        memset(out, 0, stride * sizeof *out);
        for (size_t row = 0; row < dimension; row++)
            for (size_t column = 0; column < dimension; column++) {
                const qhm_complex entry = matrix[row * dimension + column];
                if (entry.re == 0 && entry.im == 0)
                    continue;
                const qhm_complex *from = in + column * right_bond;
                qhm_complex *to = out + row * right_bond;
                for (size_t r = 0; r < right_bond; r++) {
                    const qhm_complex term = qhm_mps_times(entry, from[r]);
                    to[r].re += term.re;
                    to[r].im += term.im;
                }
            }
    }
    const qhm_mps_buffer product = state->b;
    state->b = state->a;
    state->a = product;
    return QHM_OK;
}

static qhm_status apply_block(qhm_mps *state, const uint32_t *sites, size_t count,
                              const qhm_complex *matrix)
{
    QHM_TRY(contract(state, sites, count));
    QHM_TRY(multiply_middle(state, state->sites[sites[0]].left_bond, (size_t)1 << count,
                            state->sites[sites[count - 1]].right_bond, matrix));
    return qhm_mps_split(state, sites, count);
}

// Exchanges the qubits of two neighbours.
static qhm_status exchange(qhm_mps *state, uint32_t left, uint32_t right)
{
    static const qhm_complex swap[16] = {[0] = {1, 0}, [6] = {1, 0}, [9] = {1, 0}, [15] = {1, 0}};
    QHM_TRY(apply_block(state, (uint32_t[]){left, right}, 2, swap));
    const uint32_t qubit = state->sites[left].qubit;
    state->sites[left].qubit = state->sites[right].qubit;
    state->sites[right].qubit = qubit;
    state->site_of[state->sites[left].qubit] = left;
    state->site_of[state->sites[right].qubit] = right;
    return QHM_OK;
}

// Brings a qubit next to a block, which takes it up.
static qhm_status bring(qhm_mps *state, block *b, uint32_t qubit)
{
    for (;;) {
        const uint32_t site = state->site_of[qubit];
        if (qhm_mps_is_alone(&state->sites[site])) {
            QHM_TRY(insert_after(state, b->last, site));
            b->last = site;
            return QHM_OK;
        }
        const size_t right = distance_right(state, b->last, site);
        const size_t left = right > 0 ? 0 : distance_right(state, site, b->first);
        if (right == 1) {
            b->last = site;
            return QHM_OK;
        }
        if (left == 1) {
            b->first = site;
            return QHM_OK;
        }
        if (right > 0)
            QHM_TRY(exchange(state, state->sites[site].left, site));
        else if (left > 0)
            QHM_TRY(exchange(state, site, state->sites[site].right));
        else
            QHM_TRY(join(state, b, site));
    }
}

// Makes qubits neighbours: first those in chains, then those alone, which go anywhere.
static qhm_status gather(qhm_mps *state, const uint32_t *qubits, size_t count, block *b)
{
    size_t anchor = 0;
    while (anchor + 1 < count && qhm_mps_is_alone(&state->sites[state->site_of[qubits[anchor]]]))
        anchor++;
    b->first = b->last = state->site_of[qubits[anchor]];
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            const uint32_t site = state->site_of[qubits[i]];
            const bool is_in = site == b->first || distance_right(state, b->first, site) > 0;
            if (is_in && (site == b->last || distance_right(state, site, b->last) > 0))
                continue;
            if (qhm_mps_is_alone(&state->sites[site]) == (pass == 1))
                QHM_TRY(bring(state, b, qubits[i]));
        }
    return QHM_OK;
}

static void list_sites(const qhm_mps *state, const block *b, size_t count, uint32_t *sites)
{
    sites[0] = b->first;
    for (size_t i = 1; i < count; i++)
        sites[i] = state->sites[sites[i - 1]].right;
}

// The matrix of qubits (the first is bit 0) as one of sites (the first is the highest bit).
static void reorder(const qhm_mps *state, const uint32_t *sites, const uint32_t *qubits,
                    size_t count, const qhm_complex *matrix, qhm_complex *out)
{
    const size_t dimension = (size_t)1 << count;
    size_t places[MAX_DIMENSION] = {0};
    for (size_t i = 0; i < count; i++) {
        size_t bit = 0;
        while (qubits[bit] != state->sites[sites[i]].qubit)
            bit++;
        for (size_t p = 0; p < dimension; p++)
            places[p] |= (p >> (count - 1 - i) & 1) << bit;
    }
    for (size_t row = 0; row < dimension; row++)
        for (size_t column = 0; column < dimension; column++)
            out[row * dimension + column] = matrix[places[row] * dimension + places[column]];
}

static qhm_status apply_matrix(qhm_mps *state, const uint32_t *qubits, size_t count,
                               const qhm_complex *matrix)
{
    qhm_complex ordered[MAX_DIMENSION * MAX_DIMENSION];
    uint32_t sites[QHM_MPS_BLOCK_QUBITS] = {0};
    block b;
    QHM_TRY(gather(state, qubits, count, &b));
    list_sites(state, &b, count, sites);
    reorder(state, sites, qubits, count, matrix, ordered);
    return apply_block(state, sites, count, ordered);
}

// A matrix on one qubit: its tensor keeps its form.
static qhm_status turn(qhm_mps *state, uint32_t qubit, const qhm_complex *m)
{
    qhm_mps_site *site = &state->sites[state->site_of[qubit]];
    for (size_t l = 0; l < site->left_bond; l++) {
        qhm_complex *zero = site->tensor.entries + 2 * l * site->right_bond;
        qhm_complex *one = zero + site->right_bond;
        for (size_t r = 0; r < site->right_bond; r++) {
            const qhm_complex a = zero[r], b = one[r];
            const qhm_complex aa = qhm_mps_times(m[0], a), ab = qhm_mps_times(m[1], b);
            const qhm_complex ba = qhm_mps_times(m[2], a), bb = qhm_mps_times(m[3], b);
            zero[r] = (qhm_complex){aa.re + ab.re, aa.im + ab.im};
            one[r] = (qhm_complex){ba.re + bb.re, ba.im + bb.im};
        }
    }
    return QHM_OK;
}

// What a site is in a gate under many controls.
typedef struct branch_tensor {
    qhm_mps_buffer tensor;
    size_t left_bond, right_bond;
} branch_tensor;

// The tensors of (U - 1) on the targets, exactly: [left bond][2][...]. The first site's left bond
// and the last one's right bond are the state's.
static qhm_status make_branch(qhm_mps *state, const uint32_t *sites, size_t count,
                              const qhm_complex *matrix, branch_tensor *out)
{
    QHM_TRY(contract(state, sites, count));
    const size_t right_bond = state->sites[sites[count - 1]].right_bond;
    size_t left_bond = state->sites[sites[0]].left_bond;
    QHM_TRY(multiply_middle(state, left_bond, (size_t)1 << count, right_bond, matrix));
    for (size_t i = 0; i < count; i++) {
        const size_t rows = 2 * left_bond, columns = right_bond << (count - 1 - i);
        const size_t bond = i + 1 == count ? right_bond : rows < columns ? rows : columns;
        out[i].left_bond = left_bond;
        out[i].right_bond = bond;
        QHM_TRY(qhm_mps_reserve(state, &out[i].tensor, rows * bond));
        if (i + 1 == count) {
            memcpy(out[i].tensor.entries, state->a.entries, rows * bond * sizeof *matrix);
            return QHM_OK;
        }
        QHM_TRY(qhm_mps_reserve(state, &state->b, bond * columns));
        QHM_TRY(qhm_complex_columns(&state->work, state->a.entries, rows, columns,
                                    out[i].tensor.entries, state->b.entries));
        const qhm_mps_buffer rest = state->b;
        state->b = state->a;
        state->a = rest;
        left_bond = bond;
    }
    return QHM_OK;
}

// Writes a tensor [left][2][right] into a larger one at a place.
static void write_part(qhm_complex *out, size_t out_right, size_t row, size_t column,
                       const qhm_complex *part, size_t left, size_t right, unsigned spins)
{
    for (size_t l = 0; l < left; l++)
        for (size_t s = 0; s < 2; s++)
            for (size_t r = 0; r < right; r++) {
                qhm_complex *to = &out[((row + l) * 2 + s) * out_right + column + r];
                if (spins >> s & 1) {
                    to->re += part[(l * 2 + s) * right + r].re;
                    to->im += part[(l * 2 + s) * right + r].im;
                }
            }
}

// The sum of a site's tensor and the branch's: side by side between the ends of the hull, so that
// the two chains of tensors add up. What is no target passes through the branch, a control only
// where it is 1.
static qhm_status add_branch(qhm_mps *state, uint32_t index, const branch_tensor *target,
                             bool is_control, bool is_first, bool is_last)
{
    qhm_mps_site *site = &state->sites[index];
    const size_t left = site->left_bond, right = site->right_bond;
    const size_t branch_left = target ? target->left_bond : left;
    const size_t branch_right = target ? target->right_bond : right;
    const size_t new_left = is_first ? left : left + branch_left;
    const size_t new_right = is_last ? right : right + branch_right;
    QHM_TRY(qhm_mps_reserve(state, &state->a, 2 * new_left * new_right));
    memset(state->a.entries, 0, 2 * new_left * new_right * sizeof *state->a.entries);
    write_part(state->a.entries, new_right, 0, 0, site->tensor.entries, left, right, 3);
    write_part(state->a.entries, new_right, is_first ? 0 : left, is_last ? 0 : right,
               target ? target->tensor.entries : site->tensor.entries, branch_left, branch_right,
               is_control ? 2 : 3);
    site->left_bond = new_left;
    site->right_bond = new_right;
    qhm_mps_adopt(site, &state->a);
    return QHM_OK;
}

static bool has_qubit(const uint32_t *qubits, size_t count, uint32_t qubit)
{
    for (size_t i = 0; i < count; i++)
        if (qubits[i] == qubit)
            return true;
    return false;
}

static qhm_status add_branches(qhm_mps *state, const block *hull, const uint32_t *controls,
                               size_t control_count, const uint32_t *sites, size_t target_count,
                               const branch_tensor *branch)
{
    for (uint32_t site = hull->first;; site = state->sites[site].right) {
        size_t t = 0;
        while (t < target_count && sites[t] != site)
            t++;
        QHM_TRY(add_branch(state, site, t < target_count ? &branch[t] : NULL,
                           has_qubit(controls, control_count, state->sites[site].qubit),
                           site == hull->first, site == hull->last));
        if (site == hull->last)
            break;
    }
    // Orthonormal columns up to the last, then cuts on the way back.
    for (uint32_t site = hull->first; site != hull->last; site = state->sites[site].right)
        QHM_TRY(qhm_mps_move_right(state, site, false));
    for (uint32_t site = hull->last; site != hull->first;) {
        const uint32_t next = state->sites[site].left;
        QHM_TRY(qhm_mps_move_left(state, site, true));
        site = next;
    }
    return QHM_OK;
}

// All qubits in one chain; the targets are neighbours. hull: from the first of them to the last.
static qhm_status find_hull(qhm_mps *state, const uint32_t *controls, size_t control_count,
                            const block *targets, block *hull)
{
    for (size_t i = 0; i < control_count; i++) {
        const uint32_t site = state->site_of[controls[i]];
        if (qhm_mps_is_alone(&state->sites[site]))
            QHM_TRY(insert_after(state, targets->last, site));
        else if (distance_right(state, targets->last, site) == 0 &&
                 distance_right(state, site, targets->first) == 0)
            QHM_TRY(join(state, targets, site));
    }
    *hull = *targets;
    for (size_t i = 0; i < control_count; i++) {
        const uint32_t site = state->site_of[controls[i]];
        if (distance_right(state, hull->last, site) > 0)
            hull->last = site;
        if (distance_right(state, site, hull->first) > 0)
            hull->first = site;
    }
    return QHM_OK;
}

// A gate under any number of controls is 1 + (projector on the controls) (U - 1): a sum of two
// states, so that bonds double at most before cuts.
static qhm_status apply_controlled(qhm_mps *state, const uint32_t *controls, size_t control_count,
                                   const uint32_t *targets, size_t target_count,
                                   const qhm_complex *base)
{
    const size_t dimension = (size_t)1 << target_count;
    qhm_complex matrix[MAX_DIMENSION * MAX_DIMENSION];
    uint32_t sites[QHM_MPS_BLOCK_QUBITS] = {0};
    branch_tensor branch[QHM_MPS_BLOCK_QUBITS] = {0};
    block b, hull;
    QHM_TRY(gather(state, targets, target_count, &b));
    QHM_TRY(find_hull(state, controls, control_count, &b, &hull));
    QHM_TRY(qhm_mps_move_centre(state, hull.first));
    list_sites(state, &b, target_count, sites);
    reorder(state, sites, targets, target_count, base, matrix);
    for (size_t i = 0; i < dimension; i++)
        matrix[i * dimension + i].re -= 1;
    qhm_status status = make_branch(state, sites, target_count, matrix, branch);
    if (status == QHM_OK)
        status = add_branches(state, &hull, controls, control_count, sites, target_count, branch);
    for (size_t i = 0; i < target_count; i++) {
        state->bytes -= branch[i].tensor.capacity * sizeof *branch[i].tensor.entries;
        qhm_release(branch[i].tensor.entries);
    }
    return status;
}

// The base matrix under its controls; qubit i of the instruction is bit i.
static void embed(uint32_t controls, uint32_t targets, const qhm_complex *base, qhm_complex *out)
{
    const size_t dimension = (size_t)1 << targets, all = dimension << controls;
    const size_t ones = ((size_t)1 << controls) - 1;
    memset(out, 0, all * all * sizeof *out);
    for (size_t column = 0; column < all; column++) {
        if ((column & ones) != ones) {
            out[column * all + column].re = 1;
            continue;
        }
        for (size_t row = 0; row < dimension; row++)
            out[(row << controls | ones) * all + column] =
                base[row * dimension + (column >> controls)];
    }
}

qhm_status qhm_mps_apply(qhm_mps *state, const qhm_instruction *instruction, const double *angles)
{
    qhm_complex base[QHM_UNITARY_MAX_DIMENSION * QHM_UNITARY_MAX_DIMENSION];
    qhm_complex whole[MAX_DIMENSION * MAX_DIMENSION];
    const uint32_t controls = qhm_instruction_control_count(instruction);
    const uint32_t targets = qhm_instruction_target_count(instruction);
    const uint32_t *qubits = instruction->qubits;
    if (instruction->gate == QHM_GATE_UNITARY)
        memcpy(base, instruction->matrix, ((size_t)1 << 2 * targets) * sizeof *base);
    else
        qhm_gate_matrix(instruction->gate, angles, base);
    if (controls == 0 && targets == 1)
        return turn(state, qubits[0], base);
    if (controls + targets > QHM_MPS_BLOCK_QUBITS)
        return apply_controlled(state, qubits, controls, qubits + controls, targets, base);
    embed(controls, targets, base, whole);
    return apply_matrix(state, qubits, controls + targets, whole);
}
