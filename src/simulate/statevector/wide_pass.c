// The operations of a pass: levels of commuting items, rotations in groups.
//
// Level k is a diagonal and then rotations. An item goes to the first level where all that it
// must follow has been run, so every level's diagonal is one product of phases, and its rotations
// can be run up to three in one visit of the rows.
#include "base/memory.h"
#include "simulate/statevector/wide.h"

#include <string.h>

// Rows at strides of a page fall in one set of the first cache. Their page number, folded on the
// number of their line, spreads them.
enum { PAGE_BYTES = 4096, LINE_BYTES = 64, FOLDED_BITS = 6 };

static unsigned log2_of(size_t size)
{
    return (unsigned)__builtin_ctzll(size);
}

uint32_t qhm_wide_fold(const qhm_wide *wide, uint32_t number)
{
    const unsigned real = log2_of(wide->kernels->real_bytes);
    const unsigned page = log2_of(PAGE_BYTES) - real, line = log2_of(LINE_BYTES) - real;
    uint32_t folded = 0;
    for (uint32_t rest = number >> page; rest; rest >>= FOLDED_BITS)
        folded ^= rest & ((1U << FOLDED_BITS) - 1);
    return number ^ folded << line;
}

uint32_t qhm_wide_fold_signs(const qhm_wide *wide, uint32_t signs)
{
    const unsigned real = log2_of(wide->kernels->real_bytes);
    const unsigned page = log2_of(PAGE_BYTES) - real, line = log2_of(LINE_BYTES) - real;
    const uint32_t lines = signs >> line & ((1U << FOLDED_BITS) - 1);
    for (unsigned bit = page; bit < wide->tile_bits; bit += FOLDED_BITS)
        signs ^= lines << bit;
    return signs & (uint32_t)(((uint64_t)1 << wide->tile_bits) - 1);
}

qhm_status qhm_wide_append_op(qhm_wide *wide, const qhm_wide_op *op)
{
    QHM_TRY(qhm_reserve(wide->op_count + 1, &wide->op_capacity, sizeof *op, &wide->ops));
    wide->ops[wide->op_count++] = *op;
    return QHM_OK;
}

qhm_status qhm_wide_append_rows(qhm_wide *wide, size_t count, size_t *offset)
{
    *offset = wide->row_count;
    QHM_TRY(
        qhm_reserve(wide->row_count + count, &wide->row_capacity, sizeof *wide->rows, &wide->rows));
    wide->row_count += count;
    return QHM_OK;
}

// Masks and signs of the pass's items as bits of the number in the tile and of the tile's.
static void localize(const qhm_wide_pass *pass, qhm_string *item)
{
    const uint64_t low = ((uint64_t)1 << pass->low_bits) - 1;
    item->tile_mask = (uint32_t)(item->mask & low);
    item->tile_signs = (uint32_t)(item->signs & low);
    item->base_signs = 0;
    for (unsigned d = 0; d < pass->high_bits; d++) {
        const uint64_t direction = pass->directions[d];
        const unsigned highest = 63 - (unsigned)__builtin_clzll(direction),
                       bit = pass->low_bits + d;
        item->tile_mask |= (uint32_t)(item->mask >> highest & 1) << bit;
        item->tile_signs |= (uint32_t)__builtin_parityll(item->signs & direction) << bit;
    }
    for (unsigned b = 0; b < pass->base_bits; b++)
        item->base_signs |= (uint64_t)__builtin_parityll(item->signs & pass->bases[b]) << b;
    if (__builtin_parityll(item->signs & pass->first)) {
        item->scale = -item->scale;
        item->offset = -item->offset;
    }
}

// Levels under construction: lists of the items of each, newest first.
typedef struct leveling {
    const qhm_string *items; // [count]
    size_t count, level_count;
    size_t *diagonals, *rotations; // [count + 1] heads of lists: item + 1, or 0
    size_t *links;                 // [count]
} leveling;

static bool anticommute(const qhm_string *a, const qhm_string *b)
{
    return __builtin_parityll((a->mask & b->signs) ^ (a->signs & b->mask));
}

static bool is_blocked(const leveling *l, size_t head, const qhm_string *item)
{
    for (; head; head = l->links[head - 1])
        if (anticommute(&l->items[head - 1], item))
            return true;
    return false;
}

static size_t find_level(const leveling *l, const qhm_string *item)
{
    for (size_t k = l->level_count; k-- > 0;) {
        if (is_blocked(l, l->rotations[k], item))
            return k + 1;
        if (item->mask && is_blocked(l, l->diagonals[k], item))
            return k;
    }
    return 0;
}

static void assign_levels(leveling *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const size_t level = find_level(l, &l->items[i]);
        size_t *head = l->items[i].mask ? &l->rotations[level] : &l->diagonals[level];
        l->links[i] = *head;
        *head = i + 1;
        if (level >= l->level_count)
            l->level_count = level + 1;
    }
}

static bool is_in_lanes(const qhm_wide *wide, const qhm_string *item)
{
    return item->tile_mask >> wide->lane_bits == 0;
}

// Rotations within the lanes come first, for a diagonal may take them along, in ascending order
// of flips, as the kernels know them; then those without flips of lanes.
static uint32_t rank_of(const qhm_wide *wide, const qhm_string *item)
{
    const uint32_t flip = item->tile_mask & ((1U << wide->lane_bits) - 1);
    return is_in_lanes(wide, item) ? flip : flip + (1U << wide->lane_bits);
}

// Whether the rotation fits in a visit with others: neither changes the other's sign, and no row
// is reached in two ways.
static bool fits(const qhm_wide *wide, const qhm_string *group, size_t count,
                 const qhm_string *item)
{
    if (count == QHM_WIDE_GROUP || is_in_lanes(wide, item) != is_in_lanes(wide, group))
        return false;
    if (is_in_lanes(wide, item))
        return true;
    uint32_t reached[1 << QHM_WIDE_GROUP] = {0};
    for (size_t g = 0; g < count; g++) {
        if (__builtin_parityll(group[g].mask & item->signs) ||
            __builtin_parityll(group[g].signs & item->mask))
            return false;
        for (size_t r = 0; r < (size_t)1 << g; r++)
            reached[r | (size_t)1 << g] = reached[r] ^ group[g].tile_mask >> wide->lane_bits;
    }
    for (size_t r = 0; r < (size_t)1 << count; r++)
        if (reached[r] == item->tile_mask >> wide->lane_bits)
            return false;
    return true;
}

// The lowest bit of each mask after elimination: of the rows that the masks connect, exactly one
// has none of these bits.
uint32_t qhm_wide_pivots(const uint32_t *masks, unsigned count)
{
    uint32_t reduced[QHM_WIDE_GROUP], pivots = 0;
    for (unsigned d = 0; d < count; d++) {
        reduced[d] = masks[d];
        for (unsigned e = 0; e < d; e++)
            if (reduced[d] & reduced[e] & -reduced[e])
                reduced[d] ^= reduced[e];
        for (unsigned e = 0; e < d; e++)
            if (reduced[e] & reduced[d] & -reduced[d])
                reduced[e] ^= reduced[d];
    }
    for (unsigned d = 0; d < count; d++)
        pivots |= reduced[d] & -reduced[d];
    return pivots;
}

// A row of every set of connected rows. Without flips of lanes it is the one without signs.
static qhm_status append_rows(qhm_wide *wide, qhm_wide_op *op)
{
    qhm_wide_rotations *r = &op->rotations;
    const uint32_t all = 1U << (wide->tile_bits - wide->lane_bits);
    const uint32_t pivots = qhm_wide_pivots(r->masks, r->count);
    r->row_count = op->kind == QHM_WIDE_ROTATE ? all >> r->count : all;
    if (op->kind == QHM_WIDE_ROTATE_LANES &&
        !(op->row_signs[0] | op->row_signs[1] | op->row_signs[2]))
        return QHM_OK; // all rows, one after the other
    QHM_TRY(qhm_wide_append_rows(wide, r->row_count, &op->rows));
    uint32_t *rows = wide->rows + op->rows;
    for (uint32_t row = 0; row < all; row++) {
        uint32_t signs = 0;
        for (unsigned d = 0; d < r->count; d++)
            signs |= (uint32_t)__builtin_parity(row & op->row_signs[d]) << d;
        bool is_first = r->has_flips ? !(row & pivots) : !signs;
        if (op->kind == QHM_WIDE_ROTATE && !is_first)
            continue;
        *rows++ = row | signs << QHM_WIDE_SIGN_SHIFT;
        r->has_signs |= signs != 0;
    }
    return QHM_OK;
}

static bool has_same_rows(const qhm_wide_op *a, const qhm_wide_op *b)
{
    return a->kind == b->kind && a->rotations.count == b->rotations.count &&
           a->rotations.has_flips == b->rotations.has_flips &&
           !memcmp(a->row_signs, b->row_signs, sizeof a->row_signs) &&
           !memcmp(a->rotations.masks, b->rotations.masks, sizeof a->rotations.masks);
}

static qhm_status append_rotations(qhm_wide *wide, const qhm_wide_pass *pass, size_t item,
                                   size_t count)
{
    const uint32_t lanes = (1U << wide->lane_bits) - 1;
    qhm_wide_op op = {.kind = QHM_WIDE_ROTATE};
    if (is_in_lanes(wide, &wide->items[item]))
        op.kind = QHM_WIDE_ROTATE_LANES;
    qhm_wide_rotations *r = &op.rotations;
    r->count = (unsigned)count;
    for (size_t d = 0; d < count; d++) {
        const uint32_t mask = qhm_wide_fold(wide, wide->items[item + d].tile_mask);
        const uint32_t signs = qhm_wide_fold_signs(wide, wide->items[item + d].tile_signs);
        op.items[d] = item + d;
        r->masks[d] = mask >> wide->lane_bits;
        r->flips[d] = mask & lanes;
        r->lane_signs[d] = signs & lanes;
        op.row_signs[d] = signs >> wide->lane_bits;
        r->has_flips |= r->flips[d] != 0;
    }
    for (size_t i = pass->op; i < wide->op_count; i++)
        if (has_same_rows(&wide->ops[i], &op)) {
            op.rows = wide->ops[i].rows;
            r->row_count = wide->ops[i].rotations.row_count;
            r->has_signs = wide->ops[i].rotations.has_signs;
            return qhm_wide_append_op(wide, &op);
        }
    QHM_TRY(append_rows(wide, &op));
    return qhm_wide_append_op(wide, &op);
}

static void exchange(qhm_string *a, qhm_string *b)
{
    qhm_string kept = *a;
    *a = *b;
    *b = kept;
}

// All commute, so their order is free.
static qhm_status group_rotations(qhm_wide *wide, const qhm_wide_pass *pass, size_t first,
                                  size_t last)
{
    qhm_string *items = wide->items;
    for (size_t i = first; i < last; i++)
        for (size_t j = i; j > first && rank_of(wide, &items[j]) < rank_of(wide, &items[j - 1]);
             j--)
            exchange(&items[j], &items[j - 1]);
    while (first < last) {
        size_t count = 1;
        for (size_t i = first + 1; i < last && count < QHM_WIDE_GROUP; i++)
            if (fits(wide, &items[first], count, &items[i]))
                exchange(&items[first + count++], &items[i]);
        QHM_TRY(append_rotations(wide, pass, first, count));
        first += count;
    }
    return QHM_OK;
}

static qhm_status append_levels(qhm_wide *wide, const qhm_wide_pass *pass, const leveling *l,
                                qhm_string *ordered)
{
    size_t next = 0, ends[2];
    for (size_t k = 0; k < l->level_count; k++) {
        const size_t first = pass->item + next;
        for (int is_rotation = 0; is_rotation < 2; is_rotation++) {
            const size_t head = is_rotation ? l->rotations[k] : l->diagonals[k];
            for (size_t i = head; i; i = l->links[i - 1])
                ordered[next++] = l->items[i - 1];
            ends[is_rotation] = pass->item + next;
        }
        memcpy(wide->items + first, ordered + (first - pass->item),
               (ends[1] - first) * sizeof *ordered);
        const size_t first_op = wide->op_count;
        if (ends[0] > first)
            QHM_TRY(qhm_wide_append_diagonal(wide, pass, first, ends[0] - first));
        QHM_TRY(group_rotations(wide, pass, ends[0], ends[1]));
        qhm_wide_take_along(wide, first_op);
    }
    return QHM_OK;
}

qhm_status qhm_wide_prepare_pass(qhm_wide *wide, qhm_wide_pass *pass)
{
    const size_t count = pass->item_count;
    qhm_string *copy = NULL, *ordered = NULL;
    size_t *memory = NULL;
    pass->op = wide->op_count;
    for (size_t i = 0; i < count; i++)
        localize(pass, &wide->items[pass->item + i]);
    qhm_status status = qhm_copy_bytes(wide->items + pass->item, count, sizeof *copy, &copy);
    if (status == QHM_OK)
        status = qhm_allocate(count, sizeof *ordered, &ordered);
    if (status == QHM_OK)
        status = qhm_allocate(3 * count + 2, sizeof *memory, &memory);
    if (status == QHM_OK) {
        leveling l = {.items = copy,
                      .count = count,
                      .links = memory,
                      .diagonals = memory + count,
                      .rotations = memory + 2 * count + 1};
        assign_levels(&l);
        status = append_levels(wide, pass, &l, ordered);
    }
    pass->op_count = wide->op_count - pass->op;
    if (pass->op_count > 0) {
        wide->ops[pass->op].is_first = true;
        wide->ops[wide->op_count - 1].is_last = true;
    }
    qhm_release(memory);
    qhm_release(ordered);
    qhm_release(copy);
    return status;
}
