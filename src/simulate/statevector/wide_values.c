// What the angles of a sample come to: sines, tangents, phases and tables that all tiles share.
#include "base/memory.h"
#include "simulate/statevector/wide_run.h"

#include <math.h>
#include <string.h>

enum { PADDING = 16 };

static size_t padded(const qhm_wide *wide)
{
    return (wide->item_count + PADDING - 1) / PADDING * PADDING;
}

double qhm_wide_rounded(const qhm_wide *wide, double number)
{
    return wide->kernels->real_bytes == sizeof(float) ? (double)(float)number : number;
}

// The tangent as the kernels will have it, and the cosine that belongs to it: so the rotation
// keeps the norm, however the tangent was rounded. Where the cosine is 0 the tangent is large.
static void find_tangent(const qhm_wide *wide, qhm_wide_values *values, size_t item)
{
    const double least = wide->kernels->real_bytes == sizeof(float) ? 0x1p-30 : 0x1p-60;
    const double cosine = values->cosines[item], sine = values->sines[item];
    const double bounded = fabs(cosine) >= least ? cosine : copysign(least, cosine);
    const double tangent = qhm_wide_rounded(wide, sine / bounded);
    values->tangents[item] = tangent;
    values->lengths[item] = copysign(1 / sqrt(1 + tangent * tangent), bounded);
}

static void find_cosines(const qhm_wide *wide, qhm_wide_values *values)
{
    wide->exact->sincos(padded(wide), values->arguments, values->cosines, values->sines);
    for (size_t i = 0; i < wide->item_count; i++)
        find_tangent(wide, values, i);
}

qhm_wide_factor qhm_wide_factor_of(const qhm_wide *wide, const qhm_wide_values *values,
                                   const qhm_wide_product *product, uint64_t number, double *norm)
{
    double c = 1, s = 0;
    for (size_t i = product->item; i < product->item + product->item_count; i++) {
        const double ci = values->cosines[i];
        const double si = values->sines[i] * qhm_sign(wide->items[i].base_signs & number);
        const double next = c * ci - s * si;
        s = c * si + s * ci;
        c = next;
    }
    c = qhm_wide_rounded(wide, c);
    s = qhm_wide_rounded(wide, s);
    *norm *= 1.5 - 0.5 * (c * c + s * s); // 1 / |c + i s|, which is nearly 1
    return (qhm_wide_factor){product->signs, product->lane_signs, c, s};
}

// What rounding took from phases [count][2][lanes]: 1 over the root of their mean square.
static double lost_norm(const qhm_wide *wide, size_t count, const void *phases)
{
    const size_t numbers = 2 * count * wide->kernels->lanes;
    double sum = 0;
    for (size_t i = 0; i < numbers; i++) {
        double number;
        wide->plain->gather(1, phases, i, 1, &number);
        sum += number * number;
    }
    return sqrt((double)numbers / 2 / sum);
}

// Constant phases come in every run, and often many times in one: so what rounding took is
// measured. Of others it is enough to know it of each factor.
static void fill_side(const qhm_wide *wide, const qhm_wide_split *split, const qhm_wide_side *side,
                      qhm_wide_values *values, void *out)
{
    double *norm = &values->norms[split - wide->splits], of_factors = 1;
    const unsigned bits = side->bits + split->section_bits;
    void *phases = qhm_wide_real_at(wide, out, side->fixed);
    for (size_t i = 0; i < side->fixed_count; i++)
        values->factors[i] =
            qhm_wide_factor_of(wide, values, &wide->products[side->product + i], 0, &of_factors);
    wide->kernels->phases(bits, side->fixed_count, values->factors, NULL, phases);
    *norm *= side->is_constant ? lost_norm(wide, (size_t)1 << bits, phases) : of_factors;
}

// All signs of all strings at once: a Walsh-Hadamard transform of their angles.
static void fill_table(const qhm_wide *wide, const qhm_wide_split *split, qhm_wide_values *values,
                       void *out)
{
    const size_t size = (size_t)1 << wide->tile_bits;
    memset(values->scratch, 0, size * sizeof *values->scratch);
    for (size_t p = split->table_product; p < split->table_product + split->table_count; p++) {
        const qhm_wide_product *product = &wide->products[p];
        for (size_t i = product->item; i < product->item + product->item_count; i++)
            values->scratch[product->signs] -= values->arguments[i];
    }
    wide->kernels->walsh_hadamard(wide->tile_bits, values->scratch);
    wide->plain->sincos(size, values->scratch, qhm_wide_real_at(wide, out, split->table),
                        qhm_wide_real_at(wide, out, split->table + size));
}

static void fill_split(const qhm_wide *wide, const qhm_wide_split *split, bool constant,
                       qhm_wide_values *values, void *out)
{
    values->norms[split - wide->splits] = constant ? 1 : split->constant_norm;
    for (int side = 0; side < 2; side++)
        if (split->sides[side].fixed_count > 0 && split->sides[side].is_constant == constant)
            fill_side(wide, split, &split->sides[side], values, out);
    if (split->table_count > 0 && split->is_table_constant == constant)
        fill_table(wide, split, values, out);
}

static void fill_splits(const qhm_wide *wide, bool constant, qhm_wide_values *values, void *out)
{
    for (size_t i = 0; i < wide->split_count; i++)
        fill_split(wide, &wide->splits[i], constant, values, out);
}

qhm_status qhm_wide_fill_constants(qhm_wide *wide)
{
    const size_t items = padded(wide), table = (size_t)1 << wide->tile_bits;
    QHM_TRY(qhm_allocate(wide->constant_count, wide->kernels->real_bytes, &wide->constants));
    double *memory;
    QHM_TRY(qhm_allocate(5 * items + wide->split_count + table, sizeof *memory, &memory));
    qhm_wide_values values = {.arguments = memory,
                              .cosines = memory + items,
                              .sines = memory + 2 * items,
                              .tangents = memory + 3 * items,
                              .lengths = memory + 4 * items,
                              .norms = memory + 5 * items,
                              .scratch = memory + 5 * items + wide->split_count};
    qhm_status status = qhm_allocate(wide->factor_count, sizeof *values.factors, &values.factors);
    if (status == QHM_OK) {
        for (size_t i = 0; i < wide->item_count; i++)
            values.arguments[i] = wide->items[i].angle == QHM_NO_ANGLE ? wide->items[i].offset : 0;
        find_cosines(wide, &values);
        fill_splits(wide, true, &values, wide->constants);
        for (size_t i = 0; i < wide->split_count; i++)
            wide->splits[i].constant_norm = values.norms[i];
    }
    qhm_release(values.factors);
    qhm_release(memory);
    return status;
}

void qhm_wide_find_arguments(const qhm_block *block, double *arguments)
{
    const qhm_wide *wide = block->run->plan->wide;
    const size_t sample = block->first / block->run->lanes_per_sample;
    for (size_t i = 0; i < wide->item_count; i++) {
        const qhm_string *item = &wide->items[i];
        double angle = item->offset;
        if (item->angle != QHM_NO_ANGLE)
            angle += item->scale * qhm_statevector_angle(block->run, item->angle, sample);
        arguments[i] = qhm_statevector_tame(angle);
    }
}

void qhm_wide_fill_pass(const qhm_wide *wide, const qhm_wide_pass *pass, qhm_wide_values *values)
{
    const size_t lanes = 16, first = pass->item / lanes * lanes;
    const size_t last = (pass->item + pass->item_count + lanes - 1) / lanes * lanes;
    wide->exact->sincos(last - first, values->arguments + first, values->cosines + first,
                        values->sines + first);
    for (size_t i = pass->item; i < pass->item + pass->item_count; i++)
        find_tangent(wide, values, i);
    for (size_t i = pass->op; i < pass->op + pass->op_count; i++)
        if (wide->ops[i].kind == QHM_WIDE_DIAGONAL)
            fill_split(wide, &wide->splits[wide->ops[i].split], false, values, values->fixed);
}

void qhm_wide_fill_values(const qhm_block *block)
{
    const qhm_wide *wide = block->run->plan->wide;
    qhm_wide_values *values = &block->work->values;
    qhm_wide_find_arguments(block, values->arguments);
    find_cosines(wide, values);
    fill_splits(wide, false, values, values->fixed);
}
