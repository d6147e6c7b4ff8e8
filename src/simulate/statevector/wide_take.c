// Rotations that are run in the visit of the diagonal before them.
//
// A diagonal is as fast as memory allows when it multiplies alone; with one or two rotations in the
// same visit it costs little more, and they cost little. Rotations of the lowest lanes stay within
// rows. Others connect rows whose phases must be found from the number of one: that is so when
// the mask is a sum of rows of the two sides.
#include "simulate/statevector/wide.h"

static bool can_take_lanes(const qhm_wide_split *split, const qhm_wide_op *op)
{
    const qhm_wide_rotations *r = &op->rotations;
    bool can = op->kind == QHM_WIDE_ROTATE_LANES && split->table_count == 0 && !r->has_signs;
    for (unsigned d = 0; d < r->count; d++)
        can &= r->flips[d] == 1U << d;
    return can;
}

// The numbers of the outer and inner row whose sum is the mask.
static bool find_flips(const qhm_wide *wide, const qhm_wide_split *split, uint32_t mask,
                       uint32_t *outer_flip, uint32_t *inner_flip)
{
    const uint32_t *outer = wide->rows + split->sides[0].rows;
    const uint32_t *inner = wide->rows + split->sides[1].rows;
    for (uint32_t o = 0; o < 1U << split->sides[0].bits; o++)
        for (uint32_t i = 0; i < 1U << split->sides[1].bits; i++)
            if ((outer[o] ^ inner[i]) == mask) {
                *outer_flip = o;
                *inner_flip = i;
                return true;
            }
    return false;
}

// Whether the rows that are visited first, those without skipped bits, all have the sign 1.
static bool has_plain_signs(const qhm_wide *wide, const qhm_wide_split *split, uint32_t signs)
{
    const uint32_t *outer = wide->rows + split->sides[0].rows;
    const uint32_t *inner = wide->rows + split->sides[1].rows;
    for (uint32_t o = 0; o < 1U << split->sides[0].bits; o++) // linear: enough for single bits
        if (!(o & split->skipped) && __builtin_parity(outer[o] & signs))
            return false;
    for (uint32_t i = 0; i < 1U << split->sides[1].bits; i++)
        if (__builtin_parity(inner[i] & signs))
            return false;
    return true;
}

static bool take_rows(const qhm_wide *wide, qhm_wide_split *split, const qhm_wide_op *op)
{
    const qhm_wide_rotations *r = &op->rotations;
    if (op->kind != QHM_WIDE_ROTATE || r->count > QHM_WIDE_TAKEN || r->has_flips ||
        split->section_bits > 0 || split->table_count > 0)
        return false;
    for (unsigned d = 0; d < r->count; d++)
        if (!find_flips(wide, split, r->masks[d], &split->outer_flips[d], &split->inner_flips[d]))
            return false;
    split->skipped = qhm_wide_pivots(split->outer_flips, r->count);
    if ((unsigned)__builtin_popcount(split->skipped) < r->count)
        return false; // they do not differ in outer rows
    for (unsigned d = 0; d < r->count; d++)
        if (!has_plain_signs(wide, split, op->row_signs[d]))
            return false;
    return true;
}

void qhm_wide_take_along(qhm_wide *wide, size_t first_op)
{
    if (first_op == wide->op_count || wide->ops[first_op].kind != QHM_WIDE_DIAGONAL)
        return;
    qhm_wide_op *diagonal = &wide->ops[first_op];
    qhm_wide_split *split = &wide->splits[diagonal->split];
    for (size_t i = first_op + 1; i < wide->op_count; i++) {
        if (wide->ops[i].kind == QHM_WIDE_PARITIES)
            return; // strings that cross: rotations must follow them
        if (can_take_lanes(split, &wide->ops[i]) || take_rows(wide, split, &wide->ops[i])) {
            qhm_wide_op taken = wide->ops[i];
            wide->ops[i] = wide->ops[first_op + 1]; // rotations of a level commute
            wide->ops[first_op + 1] = taken;
            diagonal->takes_next = true;
            return;
        }
    }
}
