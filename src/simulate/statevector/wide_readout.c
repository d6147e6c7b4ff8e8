// Strings of Z in one read of the state.
//
// The state is read in tiles of its lowest bits. A tile's strings are split over two sides of its
// rows as those of a diagonal are: the value of a string is a signed sum of the marginals of
// |psi|^2 on its side, and lambda = (sum of weighted strings) psi is psi times a sum of two
// weights. Strings that cross are those of another split, and another read.
#include "base/memory.h"
#include "base/parallel.h"
#include "simulate/statevector/wide_run.h"
#include "simulate/statevector/wide_sides.h"

#include <string.h>

enum { MAX_TILE_BLOCKS = 256 }; // sums are added up in these blocks, whatever the threads

// One more split for the strings that are left, which are moved to the front.
static qhm_status append_readout(qhm_wide *wide, qhm_wide_splitting *s)
{
    qhm_wide_coordinates c;
    qhm_wide_split split = {0};
    qhm_wide_choose_coordinates(s, &c);
    QHM_TRY(qhm_wide_append_sides(s, &c, &split));
    QHM_TRY(qhm_reserve(wide->split_count + 1, &wide->split_capacity, sizeof split, &wide->splits));
    wide->splits[wide->split_count++] = split;
    size_t left = 0;
    for (size_t i = 0; i < s->count; i++)
        if (qhm_wide_crosses(&c, s->strings[i].row_signs))
            s->strings[left++] = s->strings[i];
    s->count = left;
    return QHM_OK;
}

qhm_status qhm_wide_prepare_readout(qhm_wide *wide, const qhm_term *terms, size_t count)
{
    const uint64_t low = ((uint64_t)1 << wide->tile_bits) - 1;
    qhm_wide_splitting s = {.wide = wide, .count = count};
    wide->readout_split = wide->split_count;
    wide->readout_count = count;
    QHM_TRY(qhm_allocate(count, sizeof *wide->readout_signs, &wide->readout_signs)); // the plan's
    QHM_TRY(qhm_allocate(count, sizeof *s.strings, &s.strings));
    for (size_t t = 0; t < count; t++) {
        const uint32_t signs = (uint32_t)(terms[t].stored.z & low);
        s.strings[t] = (qhm_wide_z_string){.row_signs = signs >> wide->lane_bits,
                                           .lane_signs = signs & ((1U << wide->lane_bits) - 1),
                                           .item = t,
                                           .count = 1};
        wide->readout_signs[t] = terms[t].stored.z >> wide->tile_bits;
    }
    qhm_status status = QHM_OK;
    while (status == QHM_OK && s.count > 0)
        status = append_readout(wide, &s);
    qhm_release(s.strings);
    return status;
}

static size_t tile_count(const qhm_wide *wide)
{
    return (size_t)1 << (wide->qubit_count - wide->tile_bits);
}

static size_t tiles_per_block(const qhm_wide *wide)
{
    return (tile_count(wide) - 1) / MAX_TILE_BLOCKS + 1;
}

size_t qhm_wide_readout_blocks(const qhm_wide *wide)
{
    return (tile_count(wide) - 1) / tiles_per_block(wide) + 1;
}

// One split in one tile.
typedef struct reading {
    const qhm_block *block;
    const qhm_wide *wide;
    const qhm_wide_split *split;
    qhm_wide_buffer *buffer;
    uint64_t number; // of the tile
    bool is_first;   // of the splits
} reading;

static qhm_wide_tile tile_of(const reading *r, const qhm_rows *state)
{
    const size_t first = (size_t)r->number << r->wide->tile_bits;
    return (qhm_wide_tile){qhm_wide_real_at(r->wide, state->re, first),
                           qhm_wide_real_at(r->wide, state->im, first)};
}

static qhm_wide_diagonal section_of(const reading *r, size_t section, void *sums[2])
{
    const qhm_wide *wide = r->wide;
    const qhm_wide_side *sides = r->split->sides;
    for (int side = 0; side < 2; side++)
        sums[side] = sides[side].product_count == 0
                         ? NULL
                         : qhm_wide_real_at(wide, r->buffer->sums[side],
                                            wide->kernels->lanes * section << sides[side].bits);
    return (qhm_wide_diagonal){.outer = wide->rows + sides[0].rows,
                               .inner = wide->rows + sides[1].rows,
                               .outer_count = (size_t)1 << sides[0].bits,
                               .inner_count = (size_t)1 << sides[1].bits,
                               .row = wide->rows[r->split->section_rows + section]};
}

static size_t section_count(const reading *r)
{
    return (size_t)1 << r->split->section_bits;
}

static size_t phase_count(const reading *r, int side)
{
    return (size_t)1 << (r->split->sides[side].bits + r->split->section_bits);
}

// The sign of a product's string in this tile.
static double sign_here(const reading *r, const qhm_wide_product *product)
{
    return qhm_sign(r->wide->readout_signs[product->item] & r->number);
}

static void add_values(const reading *r, double *values)
{
    const qhm_wide *wide = r->wide;
    const qhm_wide_tile psi = tile_of(r, &r->block->work->psi);
    void *sums[2];
    for (size_t section = 0; section < section_count(r); section++) {
        const qhm_wide_diagonal rows = section_of(r, section, sums);
        wide->readout->marginals(&psi, &rows, sums[0], sums[1]);
    }
    for (int side = 0; side < 2; side++)
        for (size_t p = 0; p < r->split->sides[side].product_count; p++) {
            const qhm_wide_product *product = &wide->products[r->split->sides[side].product + p];
            values[product->item] +=
                sign_here(r, product) *
                wide->readout->signed_sum(phase_count(r, side), r->buffer->sums[side],
                                          product->signs, product->lane_signs);
        }
}

static void weigh_tile(const reading *r)
{
    const qhm_wide *wide = r->wide;
    const qhm_workspace *work = r->block->work;
    const qhm_wide_tile psi = tile_of(r, &work->psi), lambda = tile_of(r, &work->lambda);
    for (int side = 0; side < 2; side++) {
        const qhm_wide_side *of = &r->split->sides[side];
        if (of->product_count == 0)
            continue; // it has no sums either
        memset(r->buffer->sums[side], 0,
               phase_count(r, side) * wide->kernels->lanes * wide->kernels->real_bytes);
        for (size_t p = 0; p < of->product_count; p++) {
            const qhm_wide_product *product = &wide->products[of->product + p];
            const double weight = work->weights[product->item * wide->kernels->lanes];
            wide->readout->signed_add(phase_count(r, side), product->signs, product->lane_signs,
                                      weight * sign_here(r, product), r->buffer->sums[side]);
        }
    }
    void *weights[2];
    for (size_t section = 0; section < section_count(r); section++) {
        const qhm_wide_diagonal rows = section_of(r, section, weights);
        wide->readout->weigh(&psi, &lambda, &rows, weights[0], weights[1], !r->is_first);
    }
}

typedef struct readout_context {
    const qhm_block *block;
    double *values; // [blocks][terms], or NULL: lambda is wanted
} readout_context;

static void read_tiles(size_t first, size_t last, void *context)
{
    const readout_context *c = context;
    const qhm_wide *wide = c->block->run->plan->wide;
    reading r = {.block = c->block, .wide = wide, .buffer = qhm_wide_take_buffer(wide)};
    double *values = c->values;
    if (values) {
        values += first / tiles_per_block(wide) * wide->readout_count;
        memset(values, 0, wide->readout_count * sizeof *values);
    }
    for (r.number = first; r.number < last; r.number++)
        for (size_t i = wide->readout_split; i < wide->split_count; i++) {
            r.split = &wide->splits[i];
            r.is_first = i == wide->readout_split;
            if (values)
                add_values(&r, values);
            else
                weigh_tile(&r);
        }
    qhm_wide_return_buffer(r.buffer);
}

void qhm_wide_read_terms(const qhm_block *block)
{
    const qhm_wide *wide = block->run->plan->wide;
    double *values = block->work->values.readouts, *out = block->work->term_values;
    qhm_parallel_for(tile_count(wide), tiles_per_block(wide), read_tiles,
                     &(readout_context){block, values});
    for (size_t t = 0; t < wide->readout_count; t++) {
        out[t] = 0;
        for (size_t b = 0; b < qhm_wide_readout_blocks(wide); b++)
            out[t] += values[b * wide->readout_count + t];
    }
}

void qhm_wide_weigh_terms(const qhm_block *block)
{
    const qhm_wide *wide = block->run->plan->wide;
    qhm_parallel_for(tile_count(wide), tiles_per_block(wide), read_tiles,
                     &(readout_context){block, NULL});
}
