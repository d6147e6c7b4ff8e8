// Plans of the batched engine: operations over levels, and their tables of rows.
#include "simulate/statevector/batch_plan_internal.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

typedef struct kernel_tables {
    const qhm_value_kernels *values;
    const qhm_tile_kernels *tile;
    const qhm_adjoint_kernels *adjoint;
} kernel_tables;

static const kernel_tables all_kernels[QHM_ISA_COUNT][2] = {
    {{&qhm_value_kernels_baseline_double, &qhm_tile_kernels_baseline_double,
      &qhm_adjoint_kernels_baseline_double},
     {&qhm_value_kernels_baseline_float, &qhm_tile_kernels_baseline_float,
      &qhm_adjoint_kernels_baseline_float}},
#if defined(__x86_64__)
    {{&qhm_value_kernels_avx2_double, &qhm_tile_kernels_avx2_double,
      &qhm_adjoint_kernels_avx2_double},
     {&qhm_value_kernels_avx2_float, &qhm_tile_kernels_avx2_float,
      &qhm_adjoint_kernels_avx2_float}},
    {{&qhm_value_kernels_avx512_double, &qhm_tile_kernels_avx512_double,
      &qhm_adjoint_kernels_avx512_double},
     {&qhm_value_kernels_avx512_float, &qhm_tile_kernels_avx512_float,
      &qhm_adjoint_kernels_avx512_float}},
#endif
};

static qhm_status new_op(qhm_batch_program *program, qhm_batch_op **op)
{
    QHM_TRY(qhm_reserve(program->count + 1, &program->capacity, sizeof **op, &program->ops));
    *op = &program->ops[program->count++];
    return QHM_OK;
}

// A basis of functionals and the rows that differ in one of them alone.
typedef struct basis {
    uint32_t functionals[QHM_STATEVECTOR_MAX_QUBITS], rows[QHM_STATEVECTOR_MAX_QUBITS];
    size_t entries[QHM_STATEVECTOR_MAX_QUBITS];
    uint32_t reduced[QHM_STATEVECTOR_MAX_QUBITS]; // by leading bit
    unsigned count;
} basis;

// Adds a functional if those in the basis do not add up to it.
static bool extend(basis *b, uint32_t functional, size_t entry)
{
    uint32_t rest = functional;
    while (rest && b->reduced[31 - __builtin_clz(rest)])
        rest ^= b->reduced[31 - __builtin_clz(rest)];
    if (!rest)
        return false;
    b->reduced[31 - __builtin_clz(rest)] = rest;
    b->functionals[b->count] = functional;
    b->entries[b->count++] = entry;
    return true;
}

static qhm_status row_table(const uint32_t *rows, unsigned bits, size_t *bytes, uint32_t **table)
{
    QHM_TRY(qhm_allocate((size_t)1 << bits, sizeof **table, table));
    for (size_t i = 0; i < (size_t)1 << bits; i++)
        for (unsigned j = 0; j < bits; j++)
            (*table)[i] ^= i >> j & 1 ? rows[j] : 0;
    *bytes += sizeof **table << bits;
    return QHM_OK;
}

// Tables of what these rows add up to, in two halves.
static qhm_status add_rows(qhm_batch_planning *p, const uint32_t *rows, unsigned count,
                           qhm_batch_op *op)
{
    op->inner_bits = (count + 1) / 2;
    op->outer_bits = count - op->inner_bits;
    QHM_TRY(row_table(rows, op->inner_bits, &p->batch->bytes, &op->inner));
    return row_table(rows + op->inner_bits, op->outer_bits, &p->batch->bytes, &op->outer);
}

static qhm_status add_rotation(qhm_batch_planning *p, qhm_batch_program *program,
                               const qhm_placed *const *items, unsigned count)
{
    qhm_batch_op *op;
    QHM_TRY(new_op(program, &op));
    op->kind = QHM_BATCH_ROTATION;
    op->count = count;
    uint32_t first[QHM_STATEVECTOR_MAX_QUBITS], basis_rows[QHM_STATEVECTOR_MAX_QUBITS];
    for (unsigned d = 0; d < count; d++) {
        op->masks[d] = items[d]->mask;
        op->entries[d] = items[d]->entry;
        p->batch->entries[items[d]->entry].is_tangent = true;
    }
    // First rows are a subspace: every row, less the directions in which it is a second one.
    basis found = {0};
    for (size_t q = 0; q < p->qubit_count; q++) {
        first[q] = (uint32_t)1 << q;
        for (unsigned d = 0; d < count; d++)
            if (items[d]->signs >> q & 1)
                first[q] ^= items[d]->mask;
        if (extend(&found, first[q], QHM_BATCH_NO_ENTRY))
            basis_rows[found.count - 1] = first[q];
    }
    return add_rows(p, basis_rows, found.count, op);
}

// A level's rotations in groups of at most `most`, as even as they can be.
static qhm_status add_rotations(qhm_batch_planning *p, qhm_batch_program *program,
                                const qhm_level *l, unsigned most)
{
    size_t left = 0;
    for (size_t i = l->rotations; i != SIZE_MAX; i = p->items[i].next)
        left++;
    size_t groups = (left + most - 1) / most;
    for (size_t i = l->rotations; i != SIZE_MAX; groups--) {
        const qhm_placed *items[QHM_ROTATION_MAX];
        unsigned count = 0;
        const size_t wanted = (left + groups - 1) / groups;
        for (; count < wanted; i = p->items[i].next)
            items[count++] = &p->items[i];
        left -= count;
        QHM_TRY(add_rotation(p, program, items, count));
    }
    return QHM_OK;
}

static qhm_status add_parities(qhm_batch_planning *p, qhm_batch_program *program,
                               const qhm_placed *const *items, unsigned count)
{
    qhm_batch_op *op;
    QHM_TRY(new_op(program, &op));
    op->kind = QHM_BATCH_PARITIES;
    op->count = count;
    op->inner_bits = (unsigned)(p->qubit_count + 1) / 2;
    op->outer_bits = (unsigned)p->qubit_count - op->inner_bits;
    QHM_TRY(qhm_allocate((size_t)1 << op->inner_bits, 1, &op->inner_signs));
    QHM_TRY(qhm_allocate((size_t)1 << op->outer_bits, 1, &op->outer_signs));
    p->batch->bytes += ((size_t)1 << op->inner_bits) + ((size_t)1 << op->outer_bits);
    for (unsigned k = 0; k < count; k++) {
        op->entries[k] = items[k]->entry;
        p->batch->entries[items[k]->entry].is_tangent = true;
        for (uint32_t i = 0; i < (uint32_t)1 << op->inner_bits; i++)
            op->inner_signs[i] |= (uint8_t)(qhm_is_odd(i & items[k]->signs) << k);
        for (uint32_t o = 0; o < (uint32_t)1 << op->outer_bits; o++)
            op->outer_signs[o] |=
                (uint8_t)(qhm_is_odd((o << op->inner_bits) & items[k]->signs) << k);
    }
    return QHM_OK;
}

// Gauss and Jordan: rows with parity(functionals[i] & rows[j]) = (i == j).
static void find_dual(basis *b)
{
    uint32_t left[QHM_STATEVECTOR_MAX_QUBITS], right[QHM_STATEVECTOR_MAX_QUBITS];
    const unsigned n = b->count;
    for (unsigned i = 0; i < n; i++) {
        left[i] = b->functionals[i];
        right[i] = (uint32_t)1 << i;
    }
    for (unsigned column = 0; column < n; column++) {
        unsigned pivot = column;
        while (!(left[pivot] >> column & 1))
            pivot++;
        uint32_t a = left[pivot], c = right[pivot];
        left[pivot] = left[column];
        right[pivot] = right[column];
        left[column] = a;
        right[column] = c;
        for (unsigned i = 0; i < n; i++)
            if (i != column && left[i] >> column & 1) {
                left[i] ^= a;
                right[i] ^= c;
            }
    }
    // right is the inverse matrix: bit `column` of the row is the sum of functionals in right.
    for (unsigned j = 0; j < n; j++) {
        b->rows[j] = 0;
        for (unsigned column = 0; column < n; column++)
            b->rows[j] |= (right[column] >> j & 1) << column;
    }
}

static uint32_t coordinates(const basis *b, uint32_t functional)
{
    uint32_t bits = 0;
    for (unsigned j = 0; j < b->count; j++)
        bits |= (uint32_t)qhm_is_odd(functional & b->rows[j]) << j;
    return bits;
}

// [count][2] real and imaginary parts of exp(i angles[count]), in the precision of the plan.
static qhm_status phase_table(const qhm_batch_planning *p, const double *angles, size_t count,
                              void **table)
{
    double *parts;
    QHM_TRY(qhm_allocate(2 * count, sizeof *parts, &parts));
    for (size_t i = 0; i < count; i++) {
        parts[2 * i] = cos(angles[i]);
        parts[2 * i + 1] = sin(angles[i]);
    }
    qhm_status status = qhm_allocate(2 * count, p->plan->kernels->real_bytes, table);
    if (status == QHM_OK)
        p->plan->kernels->from_double(2 * count, parts, *table);
    p->batch->bytes += 2 * count * p->plan->kernels->real_bytes;
    qhm_release(parts);
    return status;
}

// Constant terms, as tables over inner, outer or both.
static qhm_status add_constants(qhm_batch_planning *p, const qhm_level *l, const basis *b,
                                qhm_batch_op *op)
{
    const uint32_t inner_mask = ((uint32_t)1 << op->inner_bits) - 1;
    const size_t counts[3] = {(size_t)1 << op->inner_bits, (size_t)1 << op->outer_bits,
                              (size_t)1 << (op->inner_bits + op->outer_bits)};
    void **tables[3] = {&op->inner_constants, &op->outer_constants, &op->table};
    qhm_status status = QHM_OK;
    for (int which = 0; which < 3 && status == QHM_OK; which++) {
        double *angles;
        bool is_any = false;
        QHM_TRY(qhm_allocate(counts[which], sizeof *angles, &angles));
        for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next) {
            const uint32_t mask = coordinates(b, p->items[i].signs);
            int place = 2;
            if (!op->is_constant && !(mask & ~inner_mask))
                place = 0;
            else if (!op->is_constant && !(mask & inner_mask))
                place = 1;
            if (p->items[i].entry != QHM_BATCH_NO_ENTRY || place != which)
                continue;
            is_any = true;
            const uint32_t bits = which == 1 ? mask >> op->inner_bits : mask;
            for (uint32_t j = 0; j < counts[which]; j++)
                angles[j] += qhm_is_odd(j & bits) ? p->items[i].constant : -p->items[i].constant;
        }
        if (is_any)
            status = phase_table(p, angles, counts[which], tables[which]);
        qhm_release(angles);
    }
    return status;
}

static basis choose_basis(const qhm_batch_planning *p, const qhm_level *l)
{
    basis b = {0};
    for (int constants = 0; constants < 2; constants++)
        for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next)
            if ((p->items[i].entry == QHM_BATCH_NO_ENTRY) == constants)
                extend(&b, p->items[i].signs, p->items[i].entry);
    for (size_t q = 0; q < p->qubit_count; q++)
        extend(&b, (uint32_t)1 << q, QHM_BATCH_NO_ENTRY);
    find_dual(&b);
    return b;
}

static size_t parity_count(const qhm_batch_planning *p, const qhm_level *l)
{
    size_t count = 0;
    for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next)
        count++;
    return count;
}

// Parities of some bits of inner or outer become terms of the diagonal, those of both an
// operation of their own.
static qhm_status add_terms(qhm_batch_planning *p, qhm_batch_program *program, const qhm_level *l,
                            const basis *b, qhm_batch_op *op)
{
    const qhm_placed *crossing[QHM_PARITY_MAX];
    unsigned crossing_count = 0;
    qhm_batch_op new = *op;
    QHM_TRY(qhm_allocate(parity_count(p, l), sizeof *new.terms, &new.terms));
    const size_t place = (size_t)(op - program->ops);
    program->ops[place] = new; // owned from here on; `op` may move
    for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next) {
        const qhm_placed *item = &p->items[i];
        const uint32_t mask = coordinates(b, item->signs);
        const bool is_bit =
            __builtin_popcount(mask) == 1 && new.bit_entries[__builtin_ctz(mask)] == item->entry;
        if (item->entry == QHM_BATCH_NO_ENTRY || is_bit)
            continue;
        const uint32_t inner = mask & (((uint32_t)1 << new.inner_bits) - 1);
        const uint32_t outer = mask >> new.inner_bits;
        if (inner && outer) {
            crossing[crossing_count++] = item;
            if (crossing_count == QHM_PARITY_MAX) {
                QHM_TRY(add_parities(p, program, crossing, crossing_count));
                crossing_count = 0;
            }
            continue;
        }
        program->ops[place].terms[program->ops[place].term_count++] = (qhm_batch_term){
            .entry = item->entry, .mask = outer ? outer : inner, .is_outer = outer != 0};
    }
    return crossing_count ? add_parities(p, program, crossing, crossing_count) : QHM_OK;
}

static qhm_status add_diagonal(qhm_batch_planning *p, qhm_batch_program *program,
                               const qhm_level *l)
{
    basis b = choose_basis(p, l);
    qhm_batch_op *op;
    QHM_TRY(new_op(program, &op));
    op->kind = QHM_BATCH_DIAGONAL;
    op->is_constant = true;
    for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next)
        op->is_constant &= p->items[i].entry == QHM_BATCH_NO_ENTRY;
    QHM_TRY(qhm_copy_bytes(b.entries, p->qubit_count, sizeof *b.entries, &op->bit_entries));
    QHM_TRY(add_rows(p, b.rows, (unsigned)p->qubit_count, op));
    QHM_TRY(add_constants(p, l, &b, op));
    return op->is_constant ? QHM_OK : add_terms(p, program, l, &b, op);
}

// One or two parities alone are cheaper as such.
static qhm_status add_level_parities(qhm_batch_planning *p, qhm_batch_program *program,
                                     const qhm_level *l)
{
    enum { CHEAPER_UP_TO = 2 };
    const qhm_placed *items[CHEAPER_UP_TO];
    unsigned count = 0;
    bool are_few = true;
    for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next) {
        are_few &= count < CHEAPER_UP_TO && p->items[i].entry != QHM_BATCH_NO_ENTRY;
        if (are_few)
            items[count++] = &p->items[i];
    }
    if (are_few && count > 0)
        return add_parities(p, program, items, count);
    return l->parities == SIZE_MAX ? QHM_OK : add_diagonal(p, program, l);
}

static qhm_status write_program(qhm_batch_planning *p, qhm_batch_program *program, unsigned most)
{
    for (size_t i = 0; i < p->level_count; i++) {
        QHM_TRY(add_level_parities(p, program, &p->levels[i]));
        QHM_TRY(add_rotations(p, program, &p->levels[i], most));
    }
    return QHM_OK;
}

static void find_later_diagonals(qhm_batch_program *program)
{
    bool is_later = false;
    for (size_t i = program->count; i-- > 0;) {
        program->ops[i].has_later_diagonal = is_later;
        is_later |= program->ops[i].kind != QHM_BATCH_ROTATION;
    }
}

static qhm_status observable_rows(qhm_batch_planning *p)
{
    uint32_t rows[QHM_STATEVECTOR_MAX_QUBITS];
    qhm_batch *batch = p->batch;
    for (size_t q = 0; q < p->qubit_count; q++)
        rows[q] = (uint32_t)batch->frame.masks[q];
    batch->inner_bits = (unsigned)(p->qubit_count + 1) / 2;
    batch->outer_bits = (unsigned)p->qubit_count - batch->inner_bits;
    QHM_TRY(row_table(rows, batch->inner_bits, &batch->bytes, &batch->inner));
    return row_table(rows + batch->inner_bits, batch->outer_bits, &batch->bytes, &batch->outer);
}

static qhm_status plan_all(qhm_batch_planning *p, const qhm_strings *strings)
{
    qhm_batch *batch = p->batch;
    for (size_t i = 0; i < strings->count; i++)
        QHM_TRY(qhm_batch_add_string(p, &strings->items[i]));
    QHM_TRY(write_program(p, &batch->forward, QHM_ROTATION_MAX));
    if (p->plan->has_lambda)
        QHM_TRY(write_program(p, &batch->backward, QHM_ADJOINT_ROTATION_MAX));
    find_later_diagonals(&batch->forward);
    batch->frame = strings->frame;
    batch->start = (uint32_t)strings->start;
    QHM_TRY(observable_rows(p));
    const size_t count = batch->entry_count;
    QHM_TRY(qhm_allocate(count, sizeof *batch->slots, &batch->slots));
    QHM_TRY(qhm_allocate(count, sizeof *batch->order, &batch->order));
    QHM_TRY(qhm_allocate(count, sizeof *batch->scales, &batch->scales));
    QHM_TRY(qhm_allocate(count, sizeof *batch->offsets, &batch->offsets));
    QHM_TRY(qhm_allocate(count, sizeof *batch->factors, &batch->factors));
    return qhm_allocate(count, sizeof *batch->is_shared, &batch->is_shared);
}

qhm_status qhm_batch_create(const qhm_statevector *plan, qhm_batch **batch)
{
    *batch = NULL;
    qhm_strings strings;
    QHM_TRY(qhm_strings_create(&plan->reduction, plan->qubit_count, &strings));
    qhm_batch_planning p = {.plan = plan, .qubit_count = plan->qubit_count};
    qhm_status status = qhm_allocate(1, sizeof *p.batch, &p.batch);
    if (status != QHM_OK) {
        qhm_release(strings.items);
        qhm_release(strings.sites);
        return status;
    }
    const kernel_tables *kernels =
        &all_kernels[plan->isa][plan->kernels->real_bytes == sizeof(float)];
    p.batch->values = kernels->values;
    p.batch->kernels = kernels->tile;
    p.batch->adjoint = kernels->adjoint;
    status = plan_all(&p, &strings);
    qhm_release(strings.items);
    qhm_release(strings.sites);
    qhm_release(p.items);
    qhm_release(p.levels);
    if (status == QHM_OK)
        *batch = p.batch;
    else
        qhm_batch_destroy(p.batch);
    return status;
}

static void release_program(qhm_batch_program *program)
{
    for (size_t i = 0; i < program->count; i++) {
        qhm_batch_op *op = &program->ops[i];
        void *pointers[] = {op->inner_signs,     op->outer_signs, op->inner,
                            op->outer,           op->terms,       op->inner_constants,
                            op->outer_constants, op->table,       op->bit_entries};
        for (size_t j = 0; j < sizeof pointers / sizeof pointers[0]; j++)
            qhm_release(pointers[j]);
    }
    qhm_release(program->ops);
}

void qhm_batch_destroy(qhm_batch *batch)
{
    if (!batch)
        return;
    release_program(&batch->forward);
    release_program(&batch->backward);
    void *pointers[] = {
        batch->entries,   batch->inner,  batch->outer,   batch->slots,   batch->order,
        batch->is_shared, batch->scales, batch->offsets, batch->factors, batch};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        qhm_release(pointers[i]);
}

void qhm_batch_split_observables(qhm_batch *batch, const qhm_statevector *plan)
{
    const size_t inner = ((size_t)1 << batch->inner_bits) - 1;
    batch->has_split_observables = true;
    for (size_t t = 0; t < plan->diagonal_count; t++)
        batch->has_split_observables &=
            !(plan->diagonal_rows[t] & inner) || !(plan->diagonal_rows[t] & ~inner);
}
