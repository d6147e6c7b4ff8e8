// Elements and slices of registers, numbers and lists.
#include "circuit/qasm/qasm_internal.h"

// A position among `count` elements; negative ones count from the end.
static qhm_status position(qasm_reader *reader, qasm_token token, const qasm_value *index,
                           uint32_t count, uint32_t *at)
{
    if (index->form != QASM_CONSTANT && qhm_qasm_has_bits(index))
        return qhm_qasm_fail(reader, token, NULL, "an index must be known before the circuit runs");
    if (!qhm_qasm_is_whole(index))
        return qhm_qasm_fail(reader, token, NULL, "an index is a whole number, not %s",
                             qhm_qasm_kind_text((qasm_kind)index->kind));
    int64_t integer = index->integer;
    if (integer < 0 && reader->version == 3)
        integer += count;
    if (integer < 0 || integer >= count)
        return qhm_qasm_fail(reader, token, NULL, "index %lld is not 0 to %u",
                             (long long)index->integer, count - 1);
    *at = (uint32_t)integer;
    return QHM_OK;
}

static qhm_status elements(qasm_reader *reader, qasm_token token, const qasm_value *base,
                           const uint32_t *places, uint32_t count, qasm_value *result)
{
    *result = (qasm_value){.kind = base->kind, .form = base->form, .width = count};
    if (base->kind == QASM_LIST) {
        qasm_value *items;
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *items, &items));
        for (uint32_t i = 0; i < count; i++)
            items[i] = base->items[places[i]];
        result->items = items;
        return QHM_OK;
    }
    if (base->kind != QASM_QUBITS)
        result->kind = QASM_BITS;
    bool is_row = !base->list;
    for (uint32_t i = 1; i < count; i++)
        is_row = is_row && places[i] == places[i - 1] + 1;
    if (is_row && count > 0) {
        result->first = base->first + places[0];
        return QHM_OK;
    }
    if (count == 0)
        return qhm_qasm_fail(reader, token, NULL, "nothing is selected");
    uint32_t *list;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *list, &list));
    for (uint32_t i = 0; i < count; i++)
        list[i] = base->kind == QASM_QUBITS
                      ? (base->list ? base->list[places[i]] : base->first + places[i])
                      : qhm_qasm_bit_at(base, places[i]);
    result->list = list;
    return QHM_OK;
}

// [first:step:last], both ends included.
static qhm_status range_places(qasm_reader *reader, qasm_token token, uint32_t size,
                               const qasm_value *range, const uint32_t **places, uint32_t *count)
{
    int64_t step = 1;
    uint32_t first = 0, last = 0;
    if (range->items[1].kind != QASM_NOTHING) {
        if (!qhm_qasm_is_whole(&range->items[1]) || range->items[1].integer == 0)
            return qhm_qasm_fail(reader, token, NULL, "the step of a range is not 0");
        step = range->items[1].integer;
    }
    qasm_value from = qhm_qasm_integer(step > 0 ? 0 : (int64_t)size - 1);
    qasm_value to = qhm_qasm_integer(step > 0 ? (int64_t)size - 1 : 0);
    if (range->items[0].kind != QASM_NOTHING)
        from = range->items[0];
    if (range->items[2].kind != QASM_NOTHING)
        to = range->items[2];
    QHM_TRY(position(reader, token, &from, size, &first));
    QHM_TRY(position(reader, token, &to, size, &last));
    uint32_t *list;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, size, sizeof *list, &list));
    *count = 0;
    if (step > size || step < -(int64_t)size)
        step = step > 0 ? size : -(int64_t)size;
    for (int64_t at = first; step > 0 ? at <= last : at >= last; at += step)
        list[(*count)++] = (uint32_t)at;
    *places = list;
    return QHM_OK;
}

qhm_status qhm_qasm_index(qasm_reader *reader, qasm_token token, const qasm_value *base,
                          const qasm_value *index, qasm_value *result)
{
    bool is_list = base->kind == QASM_LIST || base->kind == QASM_QUBITS;
    qasm_value sized = *base;
    if (!is_list && qhm_qasm_is_whole(base) && base->kind != QASM_BOOL) { // the bits of a number
        uint32_t width = base->width > 0 ? base->width : 64;
        const qasm_bit *bits;
        QHM_TRY(qhm_qasm_as_bits(reader, base, width, &bits));
        sized = qhm_qasm_bit_list(QASM_BITS, width, bits);
    } else if (!is_list && base->form != QASM_BIT_LIST) {
        return qhm_qasm_fail(reader, token, NULL, "%s cannot be indexed",
                             qhm_qasm_kind_text((qasm_kind)base->kind));
    }
    if (sized.is_single && sized.kind != QASM_INT && sized.kind != QASM_UINT)
        return qhm_qasm_fail(reader, token, NULL, "what is not a register cannot be indexed");
    if (sized.width == 0)
        return qhm_qasm_fail(reader, token, NULL, "nothing is there to be indexed");
    if (index->kind == QASM_RANGE || index->kind == QASM_LIST) {
        const uint32_t *places = NULL;
        uint32_t count = index->width;
        if (index->kind == QASM_RANGE) {
            QHM_TRY(range_places(reader, token, sized.width, index, &places, &count));
        } else {
            uint32_t *list;
            QHM_TRY(qhm_qasm_arena_take(&reader->scratch, count, sizeof *list, &list));
            for (uint32_t i = 0; i < count; i++) {
                list[i] = 0;
                QHM_TRY(position(reader, token, &index->items[i], sized.width, &list[i]));
            }
            places = list;
        }
        return elements(reader, token, &sized, places, count, result);
    }
    uint32_t at = 0;
    QHM_TRY(position(reader, token, index, sized.width, &at));
    if (sized.kind == QASM_LIST) {
        *result = sized.items[at];
        return QHM_OK;
    }
    QHM_TRY(elements(reader, token, &sized, &at, 1, result));
    result->is_single = true;
    return QHM_OK;
}
