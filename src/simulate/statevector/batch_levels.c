// Levels of the batched engine: what commutes is drawn together, and exchanges become names.
#include "simulate/statevector/batch_plan_internal.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"

enum { LOOK_BACK = 64 }; // levels that an item may go back: keeps planning linear

// exp(-i a Z..Z) with the sign flipped is that of -a.
static qhm_status add_entry(qhm_batch_planning *p, const qhm_reduced *item, bool is_flipped,
                            size_t *entry)
{
    qhm_batch *batch = p->batch;
    const double sign = is_flipped ? -1 : 1;
    qhm_batch_entry new = {.angle = item->angle,
                           .scale = sign * item->scale,
                           .offset = sign * item->offset,
                           .uses_input = item->uses_input,
                           .uses_weight = item->uses_weight};
    if (item->angle != QHM_NO_ANGLE) {
        const qhm_angle *angle = &p->plan->angles[item->angle];
        new.is_plain =
            angle->factors[0].slot == QHM_SLOT_INPUT && angle->factors[1].slot == QHM_SLOT_NONE;
        new.input = angle->factors[0].index;
        new.input_scale = new.scale * angle->scale;
        new.input_offset =
            new.scale *(angle->scale * angle->factors[0].shift + angle->offset) + new.offset;
    }
    *entry = batch->entry_count;
    QHM_TRY(
        qhm_reserve(batch->entry_count + 1, &batch->entry_capacity, sizeof new, &batch->entries));
    batch->entries[batch->entry_count++] = new;
    return QHM_OK;
}

static qhm_status add_level(qhm_batch_planning *p)
{
    QHM_TRY(qhm_reserve(p->level_count + 1, &p->level_capacity, sizeof *p->levels, &p->levels));
    p->levels[p->level_count++] = (qhm_level){.parities = SIZE_MAX, .rotations = SIZE_MAX};
    return QHM_OK;
}

static bool meets_rotation(const qhm_batch_planning *p, const qhm_level *l, const qhm_placed *item)
{
    for (size_t i = l->rotations; i != SIZE_MAX; i = p->items[i].next) {
        const qhm_placed *other = &p->items[i];
        if (qhm_is_odd(item->functional & other->mask) ||
            (item->kind == QHM_REDUCED_ROTATION && qhm_is_odd(other->functional & item->mask)))
            return true;
    }
    return false;
}

static bool meets_parity(const qhm_batch_planning *p, const qhm_level *l, const qhm_placed *item)
{
    for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next)
        if (qhm_is_odd(p->items[i].functional & item->mask))
            return true;
    return false;
}

// The first level that an item may be in: after all that it does not commute with.
static size_t first_level(const qhm_batch_planning *p, const qhm_placed *item)
{
    const size_t last = p->level_count;
    for (size_t back = 1; back <= last && back <= LOOK_BACK; back++) {
        const qhm_level *l = &p->levels[last - back];
        if (l->is_barrier || meets_rotation(p, l, item))
            return last - back + 1;
        if (item->kind == QHM_REDUCED_ROTATION && meets_parity(p, l, item))
            return last - back;
    }
    return last > LOOK_BACK ? last - LOOK_BACK : 0;
}

static qhm_status place_item(qhm_batch_planning *p, const qhm_placed *item)
{
    const bool is_parity = item->kind == QHM_REDUCED_PARITY;
    const bool is_barrier = item->control_count > 0;
    size_t place = is_barrier ? p->level_count : first_level(p, item);
    for (size_t l = place; is_parity && l < p->level_count; l++)
        if (p->levels[l].parities != SIZE_MAX && !p->levels[l].is_barrier) {
            place = l; // join others
            break;
        }
    while (p->level_count <= place)
        QHM_TRY(add_level(p));
    qhm_level *l = &p->levels[place];
    l->is_barrier = is_barrier;
    QHM_TRY(qhm_reserve(p->item_count + 1, &p->item_capacity, sizeof *item, &p->items));
    size_t *first = is_parity ? &l->parities : &l->rotations, *end = first;
    while (*end != SIZE_MAX)
        end = &p->items[*end].next;
    *end = p->item_count;
    p->items[p->item_count] = *item;
    p->items[p->item_count++].next = SIZE_MAX;
    return QHM_OK;
}

static void rename_rows(qhm_batch_planning *p, const qhm_reduced *item)
{
    const uint32_t target = item->target;
    if (item->controls == 0) {
        p->flips[target] = !p->flips[target];
        return;
    }
    const int control = __builtin_ctzll(item->controls);
    p->functionals[target] ^= p->functionals[control];
    p->flips[target] ^= p->flips[control];
    p->masks[control] ^= p->masks[target];
}

qhm_status qhm_batch_add_item(qhm_batch_planning *p, const qhm_reduced *item)
{
    const int control_count = __builtin_popcountll(item->controls);
    if (item->kind == QHM_REDUCED_EXCHANGE && control_count <= 1) {
        rename_rows(p, item);
        return QHM_OK;
    }
    qhm_placed new = {.kind = item->kind, .entry = QHM_BATCH_NO_ENTRY, .constant = item->offset};
    bool is_flipped = false;
    if (item->kind == QHM_REDUCED_PARITY) {
        for (size_t q = 0; q < p->qubit_count; q++)
            if (item->mask >> q & 1) {
                new.functional ^= p->functionals[q];
                is_flipped ^= p->flips[q];
            }
    } else {
        new.mask = p->masks[item->target];
        new.functional = p->functionals[item->target];
        is_flipped = p->flips[item->target];
    }
    for (size_t q = 0; q < p->qubit_count; q++)
        if (item->controls >> q & 1) {
            new.controls[new.control_count] = p->functionals[q];
            new.flips[new.control_count++] = p->flips[q];
        }
    if (item->kind == QHM_REDUCED_ROTATION || item->angle != QHM_NO_ANGLE)
        QHM_TRY(add_entry(p, item, is_flipped, &new.entry));
    else if (is_flipped)
        new.constant = -new.constant;
    return place_item(p, &new);
}
