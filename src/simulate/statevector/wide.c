// Makes and frees plans of the wide engine.
#include "simulate/statevector/wide.h"

#include "base/memory.h"
#include "simulate/statevector/statevector_internal.h"
#include "simulate/statevector/wide_run.h"

#include <string.h>

static const qhm_wide_kernels *const tables[QHM_ISA_COUNT][2] = {
    {&qhm_wide_kernels_baseline_double, &qhm_wide_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_wide_kernels_avx2_double, &qhm_wide_kernels_avx2_float},
    {&qhm_wide_kernels_avx512_double, &qhm_wide_kernels_avx512_float},
#endif
};

static const qhm_wide_adjoint_kernels *const adjoint_tables[QHM_ISA_COUNT][2] = {
    {&qhm_wide_adjoint_kernels_baseline_double, &qhm_wide_adjoint_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_wide_adjoint_kernels_avx2_double, &qhm_wide_adjoint_kernels_avx2_float},
    {&qhm_wide_adjoint_kernels_avx512_double, &qhm_wide_adjoint_kernels_avx512_float},
#endif
};

static const qhm_wide_readout_kernels *const readout_tables[QHM_ISA_COUNT][2] = {
    {&qhm_wide_readout_kernels_baseline_double, &qhm_wide_readout_kernels_baseline_float},
#if defined(__x86_64__)
    {&qhm_wide_readout_kernels_avx2_double, &qhm_wide_readout_kernels_avx2_float},
    {&qhm_wide_readout_kernels_avx512_double, &qhm_wide_readout_kernels_avx512_float},
#endif
};

static const qhm_statevector_kernels *const exact_tables[QHM_ISA_COUNT] = {
    &qhm_statevector_kernels_baseline_double,
#if defined(__x86_64__)
    &qhm_statevector_kernels_avx2_double,
    &qhm_statevector_kernels_avx512_double,
#endif
};

enum {
    IN_PLACE_BYTES = 1 << 16, // of a state that is one tile: the nearest cache holds much of it
    TILE_BYTES = 1 << 18,     // of a tile: the second cache holds it, and what it meets
    RUN_BYTES = 1 << 8,       // of the runs of a tile in memory
    TILE_GAP_BYTES = 5 * 64,  // so that rows of its parts do not want the same places in a cache
    LEAST_TILES_BITS = 3      // so that threads have work of the same size
};

static unsigned log2_of(size_t size)
{
    return (unsigned)__builtin_ctzll(size);
}

// A subspace by a basis in which no other vector has the highest bit of one.
typedef struct span {
    uint64_t vectors[QHM_STRINGS_MAX_QUBITS];
    unsigned count;
} span;

static uint64_t reduce(const uint64_t *vectors, unsigned count, uint64_t vector)
{
    for (unsigned i = 0; i < count; i++)
        if (vector >> (63 - __builtin_clzll(vectors[i])) & 1)
            vector ^= vectors[i];
    return vector;
}

static void extend(span *space, uint64_t vector)
{
    vector = reduce(space->vectors, space->count, vector);
    if (!vector)
        return;
    const unsigned highest = 63 - (unsigned)__builtin_clzll(vector);
    for (unsigned i = 0; i < space->count; i++)
        if (space->vectors[i] >> highest & 1)
            space->vectors[i] ^= vector;
    space->vectors[space->count++] = vector;
}

// The part of a number that tells tiles apart: no low bit, no direction of the pass.
static uint64_t base_of(const qhm_wide_pass *pass, uint64_t number)
{
    number = number >> pass->low_bits << pass->low_bits;
    return reduce(pass->directions, pass->high_bits, number);
}

// Only tiles that can hold something: amplitudes outside `support` are 0 before the pass.
static void place_tiles(const qhm_wide *wide, qhm_wide_pass *pass, span *support)
{
    span bases = {.count = 0};
    for (unsigned i = 0; i < support->count; i++)
        extend(&bases, base_of(pass, support->vectors[i]));
    pass->first = base_of(pass, wide->start);
    pass->base_bits = 0;
    for (unsigned bit = 0; bit < wide->qubit_count; bit++) // ascending
        for (unsigned i = 0; i < bases.count; i++)
            if (63 - (unsigned)__builtin_clzll(bases.vectors[i]) == bit)
                pass->bases[pass->base_bits++] = bases.vectors[i];
    for (unsigned bit = 0; bit < pass->low_bits; bit++)
        extend(support, (uint64_t)1 << bit);
    for (unsigned i = 0; i < pass->high_bits; i++)
        extend(support, pass->directions[i]);
}

// Where the runs of a tile lie, in the state and in the tile.
static qhm_status append_places(qhm_wide *wide, qhm_wide_pass *pass)
{
    const size_t count = (size_t)1 << pass->high_bits, first = wide->place_count;
    QHM_TRY(qhm_reserve(first + count, &wide->place_capacity, sizeof *wide->places, &wide->places));
    QHM_TRY(qhm_reserve(first + count, &wide->place_row_capacity, sizeof *wide->place_rows,
                        &wide->place_rows));
    pass->places = first;
    wide->place_count += count;
    for (size_t p = 0; p < count; p++) {
        uint64_t place = 0;
        for (unsigned d = 0; d < pass->high_bits; d++)
            if (p >> d & 1)
                place ^= pass->directions[d];
        wide->places[first + p] = place;
        wide->place_rows[first + p] =
            qhm_wide_fold(wide, (uint32_t)p << pass->low_bits) >> wide->lane_bits;
    }
    return QHM_OK;
}

// The state of one tile stays as its rows are folded: the meaning of its bits changes.
static void fold_frame(qhm_wide *wide)
{
    for (size_t q = 0; q < wide->qubit_count; q++) {
        wide->frame.masks[q] = qhm_wide_fold(wide, (uint32_t)wide->frame.masks[q]);
        wide->frame.signs[q] = qhm_wide_fold_signs(wide, (uint32_t)wide->frame.signs[q]);
    }
    wide->start = qhm_wide_fold(wide, (uint32_t)wide->start);
}

static qhm_status prepare(qhm_wide *wide)
{
    const unsigned run_bits = log2_of(RUN_BYTES / wide->kernels->real_bytes);
    const unsigned low_bits = run_bits < wide->tile_bits ? run_bits : wide->tile_bits;
    QHM_TRY(qhm_wide_schedule(wide, low_bits));
    span support = {.count = 0};
    for (size_t s = 0; s < wide->site_count; s++) // what noise may do there, before any pass
        for (uint32_t i = 0; i < wide->sites[s].split->qubit_count; i++)
            if (wide->sites[s].split->rest_count > 0)
                extend(&support, wide->sites[s].masks[i]);
    for (size_t p = 0; p < wide->pass_count; p++) {
        place_tiles(wide, &wide->passes[p], &support);
        if (!wide->is_in_place)
            QHM_TRY(append_places(wide, &wide->passes[p]));
        QHM_TRY(qhm_wide_prepare_pass(wide, &wide->passes[p]));
    }
    if (wide->is_in_place)
        fold_frame(wide);
    return qhm_wide_fill_constants(wide);
}

qhm_status qhm_wide_create(const qhm_statevector *plan, qhm_isa isa, qhm_wide **out)
{
    *out = NULL;
    qhm_strings strings;
    QHM_TRY(qhm_strings_create(&plan->reduction, plan->qubit_count, &strings));
    qhm_wide *wide;
    qhm_status status = qhm_allocate(1, sizeof *wide, &wide);
    if (status != QHM_OK) {
        qhm_release(strings.items);
        qhm_release(strings.sites);
        return status;
    }
    wide->items = strings.items;
    wide->item_count = strings.count;
    wide->sites = strings.sites;
    wide->site_count = strings.site_count;
    wide->varies = plan->noise != NULL;
    wide->frame = strings.frame;
    wide->start = strings.start;
    wide->kernels = tables[isa][plan->kernels->real_bytes == sizeof(float)];
    wide->adjoint = adjoint_tables[isa][plan->kernels->real_bytes == sizeof(float)];
    wide->readout = readout_tables[isa][plan->kernels->real_bytes == sizeof(float)];
    wide->plain = plan->kernels;
    wide->exact = exact_tables[isa];
    wide->qubit_count = plan->qubit_count;
    wide->lane_bits = plan->lane_qubits;
    wide->is_in_place = 2 * wide->kernels->real_bytes << plan->qubit_count <= IN_PLACE_BYTES;
    wide->keeps_gradients = plan->has_lambda;
    const unsigned all = (unsigned)plan->qubit_count;
    wide->tile_bits = log2_of(TILE_BYTES / 2 / wide->kernels->real_bytes);
    if (wide->tile_bits > all - LEAST_TILES_BITS)
        wide->tile_bits = all - LEAST_TILES_BITS;
    if (wide->is_in_place)
        wide->tile_bits = all;
    status = prepare(wide);
    if (status != QHM_OK) {
        qhm_wide_destroy(wide);
        return status;
    }
    *out = wide;
    return QHM_OK;
}

void qhm_wide_destroy(qhm_wide *wide)
{
    if (!wide)
        return;
    for (size_t i = 0; i < wide->buffer_count; i++)
        qhm_release(wide->buffers[i].memory);
    void *pointers[] = {wide->items,  wide->sites,      wide->readout_signs, wide->passes,
                        wide->ops,    wide->splits,     wide->products,      wide->rows,
                        wide->places, wide->place_rows, wide->constants,     wide->buffers,
                        wide};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

size_t qhm_wide_bytes(const qhm_wide *wide)
{
    return sizeof *wide + wide->item_count * sizeof *wide->items +
           wide->site_count * sizeof *wide->sites + wide->pass_capacity * sizeof *wide->passes +
           wide->op_capacity * sizeof *wide->ops + wide->split_capacity * sizeof *wide->splits +
           wide->product_capacity * sizeof *wide->products +
           wide->row_capacity * sizeof *wide->rows +
           wide->place_capacity * (sizeof *wide->places + sizeof *wide->place_rows) +
           wide->readout_count * sizeof *wide->readout_signs +
           wide->constant_count * wide->kernels->real_bytes + wide->buffer_bytes;
}

// The parts of one thread's buffer, in bytes.
typedef struct buffer_sizes {
    size_t tile, tile_count, phases, sums, factors, all;
} buffer_sizes;

static buffer_sizes sizes_of(const qhm_wide *wide)
{
    const size_t real_bytes = wide->kernels->real_bytes;
    buffer_sizes sizes = {.tile = (real_bytes << wide->tile_bits) + TILE_GAP_BYTES,
                          .tile_count = wide->is_in_place       ? 0
                                        : wide->keeps_gradients ? 4
                                                                : 2,
                          .phases = wide->phase_count * real_bytes,
                          .sums = wide->phase_count / 2 * real_bytes,
                          .factors = wide->factor_count * sizeof(qhm_wide_factor)};
    sizes.all = sizes.tile_count * sizes.tile + 2 * (sizes.phases + sizes.sums) + sizes.factors;
    return sizes;
}

double qhm_wide_buffer_bytes(const qhm_wide *wide, size_t threads)
{
    return (double)sizes_of(wide).all * (double)threads;
}

static void lay_out(qhm_wide_buffer *buffer, const buffer_sizes *sizes)
{
    char *next = buffer->memory;
    void *tiles[4] = {NULL, NULL, NULL, NULL};
    for (size_t t = 0; t < sizes->tile_count; t++, next += sizes->tile)
        tiles[t] = next;
    buffer->psi = (qhm_wide_tile){tiles[0], tiles[1]};
    buffer->lambda = (qhm_wide_tile){tiles[2], tiles[3]};
    for (int side = 0; side < 2; side++, next += sizes->phases + sizes->sums) {
        buffer->phases[side] = next;
        buffer->sums[side] = next + sizes->phases;
    }
    buffer->factors = (qhm_wide_factor *)(void *)next;
}

qhm_status qhm_wide_reserve(qhm_wide *wide, size_t threads)
{
    if (wide->buffer_count >= threads)
        return QHM_OK;
    const buffer_sizes sizes = sizes_of(wide);
    QHM_TRY(qhm_reallocate(wide->buffer_count, threads, sizeof *wide->buffers, &wide->buffers));
    while (wide->buffer_count < threads) {
        qhm_wide_buffer *buffer = &wide->buffers[wide->buffer_count];
        QHM_TRY(qhm_allocate(sizes.all, 1, &buffer->memory));
        lay_out(buffer, &sizes);
        wide->buffer_count++;
        wide->buffer_bytes += sizes.all;
    }
    return QHM_OK;
}
