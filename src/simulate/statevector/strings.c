// From the reduced circuit to exponentials of Pauli strings: X and CX are absorbed.
//
// The state is stored as amplitude y = A x + b of basis state x, A an invertible matrix of bits.
// CX maps x linearly, so A times its inverse takes its place and no amplitude moves; X adds a
// column of A to b. A rotation of a qubit then flips a column of A, and its sign is a row of the
// inverse of A. Controls are sums of Z strings: a projector is (1 - Z) / 2. b starts such that it
// ends as 0.
#include "simulate/statevector/strings.h"

#include "base/memory.h"
#include "simulate/statevector/statevector_internal.h"
#include "simulate/trajectories/channel_split.h"

#include <math.h>

typedef struct translation {
    qhm_strings *strings;
    qhm_frame frame;
    uint64_t shift; // b
} translation;

uint64_t qhm_frame_flips(const qhm_frame *frame, uint64_t qubits)
{
    uint64_t stored = 0;
    for (; qubits; qubits &= qubits - 1)
        stored ^= frame->masks[__builtin_ctzll(qubits)];
    return stored;
}

uint64_t qhm_frame_signs(const qhm_frame *frame, uint64_t qubits)
{
    uint64_t stored = 0;
    for (; qubits; qubits &= qubits - 1)
        stored ^= frame->signs[__builtin_ctzll(qubits)];
    return stored;
}

uint64_t qhm_frame_qubits(const qhm_frame *frame, uint64_t stored)
{
    uint64_t qubits = 0;
    for (size_t q = 0; q < frame->qubit_count; q++)
        qubits |= (uint64_t)__builtin_parityll(stored & frame->signs[q]) << q;
    return qubits;
}

static void exchange(qhm_frame *frame, uint32_t control, uint32_t target)
{
    frame->masks[control] ^= frame->masks[target];
    frame->signs[target] ^= frame->signs[control];
}

// Appends exp(-i a P) for the string with these Z; of a rotation P has Y on `flips` alone.
static qhm_status append(translation *t, const qhm_reduced *from, uint64_t flips, uint64_t signs,
                         double factor)
{
    qhm_strings *strings = t->strings;
    qhm_string item = {.mask = qhm_frame_flips(&t->frame, flips),
                       .signs = qhm_frame_signs(&t->frame, signs),
                       .angle = from->angle,
                       .uses_input = from->uses_input,
                       .uses_weight = from->uses_weight,
                       .source = (uint32_t)strings->count};
    if (__builtin_parityll(item.signs & t->shift))
        factor = -factor;
    item.scale = from->scale * factor;
    item.offset = from->offset * factor;
    QHM_TRY(qhm_reserve(strings->count + 1, &strings->capacity, sizeof item, &strings->items));
    strings->items[strings->count++] = item;
    return QHM_OK;
}

// The strings of an operation under controls.
static qhm_status append_controlled(translation *t, const qhm_reduced *from, uint64_t flips,
                                    uint64_t signs, uint64_t controls)
{
    const double part = ldexp(1, -__builtin_popcountll(controls));
    for (uint64_t subset = controls;; subset = (subset - 1) & controls) {
        double factor = __builtin_parityll(subset) ? -part : part;
        QHM_TRY(append(t, from, flips, signs ^ subset, factor));
        if (subset == 0)
            return QHM_OK;
    }
}

// X under several controls is a sign on all ones between two rotations: X = R Z R^-1, R = RY(pi/2).
static qhm_status append_controlled_exchange(translation *t, const qhm_reduced *item)
{
    static const double quarter_turn = 0.78539816339744830962; // pi / 4
    const uint64_t target = (uint64_t)1 << item->target;
    qhm_reduced constant = {.angle = QHM_NO_ANGLE, .offset = -quarter_turn};
    QHM_TRY(append(t, &constant, target, target, 1));
    constant.offset = -4 * quarter_turn;
    QHM_TRY(append_controlled(t, &constant, 0, 0, item->controls | target));
    constant.offset = quarter_turn;
    return append(t, &constant, target, target, 1);
}

static qhm_status append_site(translation *t, const qhm_reduced *from)
{
    qhm_strings *strings = t->strings;
    qhm_site site = {.split = from->split, .item = strings->count};
    for (uint32_t i = 0; i < from->split->qubit_count; i++) {
        site.masks[i] = t->frame.masks[from->targets[i]];
        site.signs[i] = t->frame.signs[from->targets[i]];
        site.is_flipped[i] = __builtin_parityll(t->shift & site.signs[i]);
    }
    QHM_TRY(qhm_reserve(strings->site_count + 1, &strings->site_capacity, sizeof site,
                        &strings->sites));
    strings->sites[strings->site_count++] = site;
    return QHM_OK;
}

static qhm_status translate(translation *t, const qhm_reduced *item)
{
    const uint64_t target = (uint64_t)1 << item->target;
    switch (item->kind) {
    case QHM_REDUCED_ROTATION:
        return append_controlled(t, item, target, target, item->controls);
    case QHM_REDUCED_PARITY:
        return append(t, item, 0, item->mask, 1);
    case QHM_REDUCED_EXCHANGE:
        if (item->controls == 0)
            t->shift ^= t->frame.masks[item->target];
        else if ((item->controls & (item->controls - 1)) == 0)
            exchange(&t->frame, (uint32_t)__builtin_ctzll(item->controls), item->target);
        else
            return append_controlled_exchange(t, item);
        return QHM_OK;
    case QHM_REDUCED_CHANNEL:
        return append_site(t, item);
    }
    return QHM_OK;
}

static void begin(translation *t, size_t qubit_count)
{
    t->frame.qubit_count = qubit_count;
    for (size_t q = 0; q < qubit_count; q++)
        t->frame.masks[q] = t->frame.signs[q] = (uint64_t)1 << q;
}

// The b from which the circuit's X lead to 0.
static uint64_t first_shift(const qhm_reduction *reduction, size_t qubit_count)
{
    translation t = {0};
    begin(&t, qubit_count);
    for (size_t i = 0; i < reduction->count; i++) {
        const qhm_reduced *item = &reduction->items[i];
        if (item->kind != QHM_REDUCED_EXCHANGE)
            continue;
        if (item->controls == 0)
            t.shift ^= t.frame.masks[item->target];
        else if ((item->controls & (item->controls - 1)) == 0)
            exchange(&t.frame, (uint32_t)__builtin_ctzll(item->controls), item->target);
    }
    return t.shift;
}

qhm_status qhm_strings_create(const qhm_reduction *reduction, size_t qubit_count,
                              qhm_strings *strings)
{
    *strings = (qhm_strings){0};
    translation t = {.strings = strings, .shift = first_shift(reduction, qubit_count)};
    begin(&t, qubit_count);
    strings->start = t.shift;
    qhm_status status = qhm_reserve(1, &strings->capacity, sizeof *strings->items, &strings->items);
    for (size_t i = 0; i < reduction->count && status == QHM_OK; i++)
        status = translate(&t, &reduction->items[i]);
    strings->frame = t.frame;
    if (status != QHM_OK) {
        qhm_release(strings->items);
        qhm_release(strings->sites);
    }
    return status;
}
