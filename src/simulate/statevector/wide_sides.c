// How strings of Z are found as factors of two small arrays.
//
// The rows of a tile are numbered by coordinates, bits that are parities of the row. Coordinates
// are dealt to two sides, outer and inner, and a few to both: the sections. A string that is a
// sum of coordinates of the sections and one side is a factor of that side's phases, of which
// there are about the square root of the rows. In the natural coordinates these are, for
// instance, all strings of one qubit, and of pairs that were dealt to the same side; a ramp of
// controlled phases needs its control as section. Strings that fit nowhere cross: few are run by
// themselves, many become a table of all rows.
#include "simulate/statevector/wide_sides.h"

#include "base/memory.h"

enum { SLACK = 2 }; // by which sides may differ from half of the coordinates

static uint32_t coordinates_of(const qhm_wide_coordinates *c, uint32_t row_signs)
{
    uint32_t out = 0;
    for (unsigned i = 0; i < c->count; i++)
        out |= (uint32_t)__builtin_parity(row_signs & c->rows[i]) << i;
    return out;
}

// 0: outer, 1: inner, 2: crossing.
static int side_of(const qhm_wide_coordinates *c, uint32_t row_signs)
{
    const uint32_t own = coordinates_of(c, row_signs) & ~c->sections;
    if (!(own & ~c->sides[0]))
        return 0;
    return own & ~c->sides[1] ? 2 : 1;
}

bool qhm_wide_crosses(const qhm_wide_coordinates *c, uint32_t row_signs)
{
    return side_of(c, row_signs) == 2;
}

static size_t count_crossing(const qhm_wide_splitting *s, const qhm_wide_coordinates *c)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += side_of(c, s->strings[i].row_signs) == 2;
    return count;
}

// The coordinates that strings connect with `start`, sections aside.
static uint32_t component_of(const qhm_wide_splitting *s, const qhm_wide_coordinates *c,
                             uint32_t start)
{
    uint32_t found = start, before = 0;
    while (found != before) {
        before = found;
        for (size_t i = 0; i < s->count; i++) {
            uint32_t own = coordinates_of(c, s->strings[i].row_signs) & ~c->sections;
            if (own & found)
                found |= own;
        }
    }
    return found;
}

static int compare_sizes(uint32_t a, uint32_t b)
{
    return __builtin_popcount(a) - __builtin_popcount(b);
}

static uint32_t used_coordinates(const qhm_wide_splitting *s, const qhm_wide_coordinates *c)
{
    uint32_t used = 0;
    for (size_t i = 0; i < s->count; i++)
        used |= coordinates_of(c, s->strings[i].row_signs);
    return used & ~c->sections;
}

// Deals whole components, the largest first, to the side that has less. False if one does not
// fit; it is then split.
static bool deal_components(const qhm_wide_splitting *s, qhm_wide_coordinates *c, uint32_t all)
{
    const int half = (__builtin_popcount(all) + 1) / 2;
    bool fits_all = true;
    c->sides[0] = c->sides[1] = 0;
    for (uint32_t left = all; left;) {
        uint32_t largest = 0;
        for (uint32_t rest = left; rest;) {
            uint32_t component = component_of(s, c, rest & -rest) & left;
            if (compare_sizes(component, largest) > 0)
                largest = component;
            rest &= ~component;
        }
        uint32_t *side = &c->sides[compare_sizes(c->sides[0], c->sides[1]) < 0 ? 0 : 1];
        while (__builtin_popcount(*side | largest) > half + SLACK) {
            fits_all = false;
            largest &= largest - 1;
        }
        *side |= largest;
        left &= ~largest;
    }
    return fits_all;
}

// The cheapest are few coordinates, all outer: then there are no inner phases.
static bool deal(const qhm_wide_splitting *s, qhm_wide_coordinates *c)
{
    const uint32_t all = (uint32_t)(((uint64_t)1 << c->count) - 1) & ~c->sections;
    const uint32_t used = used_coordinates(s, c);
    if (__builtin_popcount(used) > (__builtin_popcount(all) + 1) / 2 + SLACK)
        return deal_components(s, c, all);
    c->sides[0] = used;
    c->sides[1] = all & ~used;
    return true;
}

// The coordinate that most strings of several coordinates have.
static uint32_t most_connected(const qhm_wide_splitting *s, const qhm_wide_coordinates *c)
{
    size_t most = 0;
    uint32_t best = 0;
    for (unsigned b = 0; b < c->count; b++) {
        size_t count = 0;
        for (size_t i = 0; i < s->count; i++) {
            uint32_t own = coordinates_of(c, s->strings[i].row_signs) & ~c->sections;
            count += (own >> b & 1) && (own & (own - 1));
        }
        if (count > most) {
            most = count;
            best = 1U << b;
        }
    }
    return best;
}

static void choose_sides(const qhm_wide_splitting *s, qhm_wide_coordinates *c)
{
    c->sections = 0;
    while (!deal(s, c)) {
        if (__builtin_popcount(c->sections) == QHM_WIDE_MAX_SECTION_BITS) {
            c->sections = 0;
            deal(s, c);
            return;
        }
        c->sections |= most_connected(s, c);
    }
}

// What its phases and its crossing strings cost, about, in phases.
static size_t cost_of(const qhm_wide_splitting *s, const qhm_wide_coordinates *c)
{
    size_t phases = 0;
    for (int side = 0; side < 2; side++)
        if (used_coordinates(s, c) & c->sides[side])
            phases += (size_t)1 << __builtin_popcount(c->sides[side] | c->sections);
    return phases + (count_crossing(s, c) << c->count);
}

static void natural_coordinates(const qhm_wide_splitting *s, qhm_wide_coordinates *c)
{
    c->count = s->wide->tile_bits - s->wide->lane_bits;
    for (unsigned i = 0; i < c->count; i++)
        c->rows[i] = 1U << i;
}

// Coordinates that are the strings themselves, as far as they are independent, shortest first.
static void string_coordinates(const qhm_wide_splitting *s, qhm_wide_coordinates *c)
{
    natural_coordinates(s, c);
    uint32_t done = 0; // coordinates that are strings already
    for (int length = 1; length <= (int)c->count; length++)
        for (size_t i = 0; i < s->count; i++) {
            const uint32_t signs = s->strings[i].row_signs;
            const uint32_t own = coordinates_of(c, signs) & ~done;
            if (__builtin_popcount(signs) != length || !own)
                continue;
            // The string takes the place of its coordinate `bit`: the other rows must have none
            // of it.
            const unsigned bit = (unsigned)__builtin_ctz(own);
            for (unsigned j = 0; j < c->count; j++)
                if (j != bit && __builtin_parity(signs & c->rows[j]))
                    c->rows[j] ^= c->rows[bit];
            done |= 1U << bit;
        }
}

void qhm_wide_choose_coordinates(const qhm_wide_splitting *s, qhm_wide_coordinates *c)
{
    qhm_wide_coordinates own;
    natural_coordinates(s, c);
    string_coordinates(s, &own);
    choose_sides(s, c);
    choose_sides(s, &own);
    if (cost_of(s, &own) < cost_of(s, c))
        *c = own;
}

static qhm_status append_subset_rows(const qhm_wide_splitting *s, const qhm_wide_coordinates *c,
                                     uint32_t set, size_t *offset)
{
    qhm_wide *wide = s->wide;
    const unsigned bits = (unsigned)__builtin_popcount(set);
    QHM_TRY(qhm_wide_append_rows(wide, (size_t)1 << bits, offset));
    uint32_t *rows = wide->rows + *offset;
    rows[0] = 0;
    for (unsigned b = 0; b < bits; b++, set &= set - 1) {
        const uint32_t row = c->rows[__builtin_ctz(set)] << wide->lane_bits;
        const uint32_t folded = (s->is_folded ? qhm_wide_fold(wide, row) : row) >> wide->lane_bits;
        for (size_t i = 0; i < (size_t)1 << b; i++)
            rows[i | (size_t)1 << b] = rows[i] ^ folded;
    }
    return QHM_OK;
}

// The bits of `value` at the places of `set`, next to each other.
static uint32_t compress(uint32_t value, uint32_t set)
{
    uint32_t out = 0;
    for (unsigned b = 0; set; set &= set - 1, b++)
        out |= (value >> __builtin_ctz(set) & 1) << b;
    return out;
}

static bool is_before(const qhm_wide_product *a, const qhm_wide_product *b)
{
    return (a->signs ? __builtin_clz(a->signs) : 32) > (b->signs ? __builtin_clz(b->signs) : 32);
}

// Products of one side, by their highest sign bit.
static qhm_status append_products(const qhm_wide_splitting *s, const qhm_wide_coordinates *c,
                                  int which, bool fixed, bool *is_constant)
{
    qhm_wide *wide = s->wide;
    const uint32_t own = c->sides[which], sections = c->sections;
    const size_t first = wide->product_count;
    for (size_t i = 0; i < s->count; i++) {
        const qhm_wide_z_string *from = &s->strings[i];
        if (side_of(c, from->row_signs) != which || from->is_fixed != fixed || from->is_tabled)
            continue;
        const uint32_t at = coordinates_of(c, from->row_signs);
        qhm_wide_product product = {.signs = compress(at, own) | compress(at, sections)
                                                                     << __builtin_popcount(own),
                                    .lane_signs = from->lane_signs,
                                    .item = from->item,
                                    .item_count = from->count};
        *is_constant &= from->is_constant;
        QHM_TRY(qhm_reserve(wide->product_count + 1, &wide->product_capacity, sizeof product,
                            &wide->products));
        size_t place = wide->product_count++;
        for (; place > first && is_before(&product, &wide->products[place - 1]); place--)
            wide->products[place] = wide->products[place - 1];
        wide->products[place] = product;
    }
    return QHM_OK;
}

size_t qhm_wide_take_reals(const qhm_wide *wide, size_t *count, size_t size)
{
    const size_t line = 64 / wide->kernels->real_bytes, offset = *count;
    *count += (size + line - 1) / line * line;
    return offset;
}

static qhm_status append_side(const qhm_wide_splitting *s, const qhm_wide_coordinates *c, int which,
                              qhm_wide_side *side)
{
    qhm_wide *wide = s->wide;
    side->bits = (unsigned)__builtin_popcount(c->sides[which]);
    side->product = wide->product_count;
    QHM_TRY(append_subset_rows(s, c, c->sides[which], &side->rows));
    bool is_constant = true;
    QHM_TRY(append_products(s, c, which, true, &is_constant));
    side->is_constant = is_constant;
    side->fixed_count = wide->product_count - side->product;
    QHM_TRY(append_products(s, c, which, false, &is_constant));
    side->product_count = wide->product_count - side->product;
    size_t reals = (2 * wide->kernels->lanes)
                   << (side->bits + (unsigned)__builtin_popcount(c->sections));
    if (side->fixed_count > 0)
        side->fixed = qhm_wide_take_reals(
            wide, side->is_constant ? &wide->constant_count : &wide->fixed_count, reals);
    if (side->product_count > 0 && reals > wide->phase_count)
        wide->phase_count = reals;
    if (side->product_count > wide->factor_count)
        wide->factor_count = side->product_count;
    return QHM_OK;
}

qhm_status qhm_wide_append_sides(const qhm_wide_splitting *s, const qhm_wide_coordinates *c,
                                 qhm_wide_split *split)
{
    split->section_bits = (unsigned)__builtin_popcount(c->sections);
    QHM_TRY(append_subset_rows(s, c, c->sections, &split->section_rows));
    QHM_TRY(append_side(s, c, 0, &split->sides[0]));
    return append_side(s, c, 1, &split->sides[1]);
}
