// How the diagonal of a level is run: as phases of two sides, from a table, or string by string.
#include "base/memory.h"
#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_sides.h"

enum {
    TABLE_FROM_CROSSING = 2,   // strings, for a table that is made once,
    TABLE_COST_IN_STRINGS = 90 // and those that making one costs, over the tiles that use it
};

static int compare_signs(const qhm_string *a, const qhm_string *b)
{
    return (a->tile_signs > b->tile_signs) - (a->tile_signs < b->tile_signs);
}

// Brings items with equal signs together: insertion, for there are few.
static void sort_items(qhm_string *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        qhm_string item = items[i];
        size_t j = i;
        for (; j > 0 && compare_signs(&item, &items[j - 1]) < 0; j--)
            items[j] = items[j - 1];
        items[j] = item;
    }
}

static void collect_strings(qhm_wide_splitting *s, size_t item, size_t count)
{
    const qhm_string *items = s->wide->items;
    const unsigned lane_bits = s->wide->lane_bits;
    for (size_t i = item; i < item + count; i++) {
        qhm_wide_z_string *last = s->count > 0 ? &s->strings[s->count - 1] : NULL;
        if (!last || items[i].tile_signs != items[last->item].tile_signs) {
            last = &s->strings[s->count++];
            *last = (qhm_wide_z_string){.row_signs = items[i].tile_signs >> lane_bits,
                                        .lane_signs = items[i].tile_signs & ((1U << lane_bits) - 1),
                                        .item = i,
                                        .is_fixed = true,
                                        .is_constant = true};
        }
        last->count++;
        last->is_fixed &= items[i].base_signs == 0;
        last->is_constant &= items[i].angle == QHM_NO_ANGLE && !s->wide->varies;
    }
}

// Marks the strings of a table, if one is worth it. Gradients are found on the sides only.
static bool choose_table(qhm_wide_splitting *s, const qhm_wide_coordinates *c, unsigned base_bits)
{
    size_t crossing = 0;
    bool is_constant = true;
    for (size_t i = 0; i < s->count; i++) {
        qhm_wide_z_string *one = &s->strings[i];
        one->is_tabled = one->is_fixed && (one->is_constant || !s->wide->keeps_gradients);
        if (!one->is_tabled)
            continue;
        crossing += qhm_wide_crosses(c, one->row_signs);
        is_constant &= one->is_constant;
    }
    size_t least = TABLE_FROM_CROSSING;
    if (!is_constant)
        least += (size_t)TABLE_COST_IN_STRINGS >> (base_bits < 8 ? base_bits : 8);
    if (crossing > least)
        return true;
    for (size_t i = 0; i < s->count; i++)
        s->strings[i].is_tabled = false;
    return false;
}

static qhm_status append_table(const qhm_wide_splitting *s, qhm_wide_split *split)
{
    qhm_wide *wide = s->wide;
    split->table_product = wide->product_count;
    split->is_table_constant = true;
    for (size_t i = 0; i < s->count; i++) {
        const qhm_wide_z_string *from = &s->strings[i];
        if (!from->is_tabled)
            continue;
        const uint32_t signs = from->row_signs << wide->lane_bits | from->lane_signs;
        QHM_TRY(qhm_reserve(wide->product_count + 1, &wide->product_capacity,
                            sizeof *wide->products, &wide->products));
        wide->products[wide->product_count++] =
            (qhm_wide_product){.signs = qhm_wide_fold_signs(wide, signs),
                               .item = from->item,
                               .item_count = from->count};
        split->is_table_constant &= from->is_constant;
    }
    split->table_count = wide->product_count - split->table_product;
    split->table = qhm_wide_take_reals(
        wide, split->is_table_constant ? &wide->constant_count : &wide->fixed_count,
        (size_t)2 << wide->tile_bits);
    wide->has_tables |= !split->is_table_constant;
    return QHM_OK;
}

// Strings that cross are run by themselves, up to three in a visit.
static qhm_status append_crossing(const qhm_wide_splitting *s, const qhm_wide_coordinates *c)
{
    qhm_wide *wide = s->wide;
    qhm_wide_op op = {.kind = QHM_WIDE_PARITIES};
    for (size_t i = 0; i < s->count; i++) {
        const qhm_wide_z_string *from = &s->strings[i];
        if (from->is_tabled || !qhm_wide_crosses(c, from->row_signs))
            continue;
        const uint32_t signs =
            qhm_wide_fold_signs(wide, from->row_signs << wide->lane_bits | from->lane_signs);
        for (size_t j = 0; j < from->count; j++) {
            const unsigned k = op.rotations.count++;
            op.items[k] = from->item + j;
            op.row_signs[k] = signs >> wide->lane_bits;
            op.rotations.lane_signs[k] = signs & ((1U << wide->lane_bits) - 1);
            if (op.rotations.count < QHM_WIDE_GROUP)
                continue;
            QHM_TRY(qhm_wide_append_op(wide, &op));
            op.rotations.count = 0;
        }
    }
    return op.rotations.count > 0 ? qhm_wide_append_op(wide, &op) : QHM_OK;
}

static qhm_status append_split(qhm_wide_splitting *s, const qhm_wide_coordinates *c,
                               unsigned base_bits)
{
    qhm_wide *wide = s->wide;
    const bool has_table = choose_table(s, c, base_bits);
    bool is_empty = !has_table;
    for (size_t i = 0; i < s->count; i++)
        is_empty &= qhm_wide_crosses(c, s->strings[i].row_signs);
    if (is_empty)
        return append_crossing(s, c);
    qhm_wide_split split = {0};
    QHM_TRY(qhm_wide_append_sides(s, c, &split));
    if (has_table)
        QHM_TRY(append_table(s, &split));
    QHM_TRY(qhm_reserve(wide->split_count + 1, &wide->split_capacity, sizeof split, &wide->splits));
    wide->splits[wide->split_count] = split;
    QHM_TRY(qhm_wide_append_op(
        wide, &(qhm_wide_op){.kind = QHM_WIDE_DIAGONAL, .split = wide->split_count++}));
    return append_crossing(s, c);
}

qhm_status qhm_wide_append_diagonal(qhm_wide *wide, const qhm_wide_pass *pass, size_t item,
                                    size_t count)
{
    qhm_wide_splitting s = {.wide = wide, .is_folded = true};
    QHM_TRY(qhm_allocate(count, sizeof *s.strings, &s.strings));
    sort_items(wide->items + item, count);
    collect_strings(&s, item, count);
    qhm_wide_coordinates c;
    qhm_wide_choose_coordinates(&s, &c);
    qhm_status status = append_split(&s, &c, pass->base_bits);
    qhm_release(s.strings);
    return status;
}
