// Levels of the batched engine: what commutes is drawn together.
#include "simulate/statevector/batch_plan_internal.h"

#include "base/memory.h"
#include "circuit/circuit_internal.h"

enum { LOOK_BACK = 64 }; // levels that an item may go back: keeps planning linear

static qhm_status add_entry(qhm_batch_planning *p, const qhm_string *item, size_t *entry)
{
    qhm_batch *batch = p->batch;
    qhm_batch_entry new = {.angle = item->angle,
                           .scale = item->scale,
                           .offset = item->offset,
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
        if (qhm_is_odd(item->signs & other->mask) ||
            (item->mask && qhm_is_odd(other->signs & item->mask)))
            return true;
    }
    return false;
}

static bool meets_parity(const qhm_batch_planning *p, const qhm_level *l, const qhm_placed *item)
{
    for (size_t i = l->parities; i != SIZE_MAX; i = p->items[i].next)
        if (qhm_is_odd(p->items[i].signs & item->mask))
            return true;
    return false;
}

// The first level that an item may be in: after all that it does not commute with.
static size_t first_level(const qhm_batch_planning *p, const qhm_placed *item)
{
    const size_t last = p->level_count;
    for (size_t back = 1; back <= last && back <= LOOK_BACK; back++) {
        const qhm_level *l = &p->levels[last - back];
        if (meets_rotation(p, l, item))
            return last - back + 1;
        if (item->mask && meets_parity(p, l, item))
            return last - back;
    }
    return last > LOOK_BACK ? last - LOOK_BACK : 0;
}

static qhm_status place_item(qhm_batch_planning *p, const qhm_placed *item)
{
    const bool is_parity = item->mask == 0;
    size_t place = first_level(p, item);
    for (size_t l = place; is_parity && l < p->level_count; l++)
        if (p->levels[l].parities != SIZE_MAX) {
            place = l; // join others
            break;
        }
    while (p->level_count <= place)
        QHM_TRY(add_level(p));
    qhm_level *l = &p->levels[place];
    QHM_TRY(qhm_reserve(p->item_count + 1, &p->item_capacity, sizeof *item, &p->items));
    size_t *first = is_parity ? &l->parities : &l->rotations;
    size_t *last = is_parity ? &l->last_parity : &l->last_rotation;
    if (*first == SIZE_MAX)
        *first = p->item_count;
    else
        p->items[*last].next = p->item_count;
    *last = p->item_count;
    p->items[p->item_count] = *item;
    p->items[p->item_count++].next = SIZE_MAX;
    return QHM_OK;
}

qhm_status qhm_batch_add_string(qhm_batch_planning *p, const qhm_string *string)
{
    qhm_placed new = {.mask = (uint32_t)string->mask,
                      .signs = (uint32_t)string->signs,
                      .entry = QHM_BATCH_NO_ENTRY,
                      .constant = string->offset};
    if (string->mask || string->angle != QHM_NO_ANGLE)
        QHM_TRY(add_entry(p, string, &new.entry));
    return place_item(p, &new);
}
