// What is known at run time only: bits of the circuit, conditions on them, and what is computed
// from them by assignments to scratch bits.
#include "base/memory.h"
#include "circuit/qasm/qasm_internal.h"

#include <assert.h>
#include <string.h>

qasm_bit qhm_qasm_bit_at(const qasm_value *value, uint32_t index)
{
    return value->list ? value->list[index] : qhm_qasm_bit_of(value->first + index);
}

static qhm_relation opposite_relation(qhm_relation relation)
{
    switch (relation) {
    case QHM_RELATION_EQUAL:
        return QHM_RELATION_NOT_EQUAL;
    case QHM_RELATION_NOT_EQUAL:
        return QHM_RELATION_EQUAL;
    case QHM_RELATION_LESS:
        return QHM_RELATION_GREATER_EQUAL;
    case QHM_RELATION_LESS_EQUAL:
        return QHM_RELATION_GREATER;
    case QHM_RELATION_GREATER:
        return QHM_RELATION_LESS_EQUAL;
    case QHM_RELATION_GREATER_EQUAL:
        return QHM_RELATION_LESS;
    case QHM_RELATION_NONE:
        break;
    }
    return QHM_RELATION_NONE;
}

// a < b is b > a.
static qhm_relation mirrored(qhm_relation relation)
{
    switch (relation) {
    case QHM_RELATION_LESS:
        return QHM_RELATION_GREATER;
    case QHM_RELATION_LESS_EQUAL:
        return QHM_RELATION_GREATER_EQUAL;
    case QHM_RELATION_GREATER:
        return QHM_RELATION_LESS;
    case QHM_RELATION_GREATER_EQUAL:
        return QHM_RELATION_LESS_EQUAL;
    default:
        return relation;
    }
}

// The opposite of a condition; of one bit it is kept as "equals", so that !c[0] is c[0] == 0.
qhm_condition qhm_qasm_opposite(qhm_condition condition)
{
    condition.relation = opposite_relation(condition.relation);
    if (condition.bit_count == 1 && condition.relation == QHM_RELATION_NOT_EQUAL)
        condition = qhm_condition_bit(condition.first_bit, condition.value[0] == 0);
    return condition;
}

qhm_status qhm_qasm_condition_copy(qasm_reader *reader, qhm_condition condition,
                                   const qhm_condition **copy)
{
    return qhm_qasm_arena_copy(&reader->scratch, &condition, 1, sizeof condition, copy);
}

qhm_status qhm_qasm_free_bits(qasm_reader *reader, uint32_t first, uint32_t count)
{
    QHM_TRY(qhm_reserve(reader->free_count + 1, &reader->free_capacity, sizeof *reader->free_bits,
                        &reader->free_bits));
    reader->free_bits[reader->free_count++] = (qasm_bit_range){first, count};
    return QHM_OK;
}

static qhm_status find_bits(qasm_reader *reader, uint32_t count, uint32_t *first)
{
    for (size_t i = reader->free_count; i-- > 0;) {
        qasm_bit_range *range = &reader->free_bits[i];
        if (range->count < count)
            continue;
        *first = range->first;
        range->first += count;
        range->count -= count;
        if (range->count == 0)
            *range = reader->free_bits[--reader->free_count];
        return QHM_OK;
    }
    size_t present = qhm_circuit_bit_count(reader->circuit);
    if (count > QHM_CIRCUIT_MAX_BITS - present)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT, "the program needs more than %d classical bits",
                        QHM_CIRCUIT_MAX_BITS);
    *first = (uint32_t)present;
    return qhm_circuit_append_bits(reader->circuit, NULL, count);
}

qhm_status qhm_qasm_keep_temporary(qasm_reader *reader, uint32_t first, uint32_t count)
{
    QHM_TRY(qhm_reserve(reader->temporary_count + 1, &reader->temporary_capacity,
                        sizeof *reader->temporaries, &reader->temporaries));
    reader->temporaries[reader->temporary_count++] = (qasm_bit_range){first, count};
    return QHM_OK;
}

qhm_status qhm_qasm_take_bits(qasm_reader *reader, uint32_t count, bool is_temporary,
                              uint32_t *first)
{
    QHM_TRY(find_bits(reader, count, first));
    return is_temporary ? qhm_qasm_keep_temporary(reader, *first, count) : QHM_OK;
}

qhm_status qhm_qasm_free_temporaries(qasm_reader *reader, size_t count)
{
    while (reader->temporary_count > count) {
        qasm_bit_range range = reader->temporaries[--reader->temporary_count];
        QHM_TRY(qhm_qasm_free_bits(reader, range.first, range.count));
    }
    return QHM_OK;
}

qhm_status qhm_qasm_set(qasm_reader *reader, uint32_t bit, bool value,
                        const qhm_condition *condition)
{
    qhm_instruction instruction = {.gate = QHM_GATE_SET, .bit = bit, .bit_value = value};
    if (condition)
        instruction.condition = *condition;
    QHM_TRY(qhm_qasm_count_step(reader));
    return qhm_circuit_append_instruction(reader->circuit, &instruction);
}

// place := bit, always.
static qhm_status copy_bit(qasm_reader *reader, uint32_t place, qasm_bit bit)
{
    if (qhm_qasm_bit_is_constant(bit))
        return qhm_qasm_set(reader, place, bit == QASM_ONE, NULL);
    bool is_inverted = bit & 1;
    qhm_condition condition = qhm_condition_bit(qhm_qasm_bit_place(bit), true);
    QHM_TRY(qhm_qasm_set(reader, place, is_inverted, NULL));
    return qhm_qasm_set(reader, place, !is_inverted, &condition);
}

// The table of a function of fewer inputs: input `which` fixed to a constant.
static unsigned cofactor(unsigned table, unsigned count, unsigned which, unsigned value)
{
    unsigned smaller = 0, at = 0;
    for (unsigned row = 0; row < 1u << count; row++)
        if (((row >> which) & 1) == value)
            smaller |= ((table >> row) & 1) << at++;
    return smaller;
}

static unsigned invert_input(unsigned table, unsigned count, unsigned which)
{
    unsigned inverted = 0;
    for (unsigned row = 0; row < 1u << count; row++)
        inverted |= ((table >> (row ^ (1u << which))) & 1) << row;
    return inverted;
}

// Constants, inversions, inputs that do not matter or are there twice leave the table.
static unsigned simplify(unsigned table, unsigned *count, qasm_bit *inputs)
{
    for (unsigned i = 0; i < *count;) {
        unsigned other = 0;
        if (!qhm_qasm_bit_is_constant(inputs[i]) && (inputs[i] & 1)) {
            table = invert_input(table, *count, i);
            inputs[i] = qhm_qasm_bit_not(inputs[i]);
        }
        while (other < i && inputs[other] != inputs[i])
            other++;
        unsigned low = cofactor(table, *count, i, 0), high = cofactor(table, *count, i, 1);
        if (other < i) { // the same bit twice: row by row, the value of the other decides
            unsigned merged = 0;
            for (unsigned row = 0; row < 1u << (*count - 1); row++)
                merged |= ((((row >> other) & 1 ? high : low) >> row) & 1) << row;
            low = merged;
        } else if (inputs[i] == QASM_ONE) {
            low = high;
        } else if (inputs[i] != QASM_ZERO && low != high) {
            i++;
            continue;
        }
        table = low;
        for (unsigned j = i + 1; j < *count; j++)
            inputs[j - 1] = inputs[j];
        (*count)--;
    }
    return table;
}

qhm_status qhm_qasm_logic(qasm_reader *reader, unsigned table, unsigned count,
                          const qasm_bit *inputs, qasm_bit *result)
{
    static const uint64_t words[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    assert(count <= 3);
    qasm_bit bits[3] = {0};
    memcpy(bits, inputs, count * sizeof *bits);
    for (unsigned before = count + 1; count < before;) { // one that went may make others go
        before = count;
        table = simplify(table, &count, bits);
    }
    if (count <= 1) {
        *result = count == 0 ? (table & 1) : (table & 1) ? qhm_qasm_bit_not(bits[0]) : bits[0];
        return QHM_OK;
    }
    uint32_t first = qhm_qasm_bit_place(bits[0]), out;
    bool is_row = true;
    for (unsigned i = 1; i < count; i++)
        is_row = is_row && qhm_qasm_bit_place(bits[i]) == first + i;
    if (!is_row) {
        if (reader->workspace == 0) {
            QHM_TRY(qhm_qasm_take_bits(reader, 3, false, &reader->workspace));
            reader->workspace++;
        }
        first = reader->workspace - 1;
        for (unsigned i = 0; i < count; i++)
            QHM_TRY(copy_bit(reader, first + i, bits[i]));
    }
    QHM_TRY(qhm_qasm_take_bits(reader, 1, true, &out));
    unsigned ones = (unsigned)__builtin_popcount(table), rows = 1u << count;
    bool usual = 2 * ones > rows; // the value of more rows
    QHM_TRY(qhm_qasm_set(reader, out, usual, NULL));
    for (unsigned row = 0; row < rows; row++)
        if (((table >> row) & 1) != usual) {
            qhm_condition condition = {QHM_RELATION_EQUAL, first, count, &words[row]};
            QHM_TRY(qhm_qasm_set(reader, out, !usual, &condition));
        }
    *result = qhm_qasm_bit_of(out);
    return QHM_OK;
}

qhm_status qhm_qasm_as_bit(qasm_reader *reader, const qasm_value *value, qasm_bit *bit)
{
    if (value->form == QASM_CONSTANT) {
        *bit = value->integer != 0;
        return QHM_OK;
    }
    if (value->form == QASM_BIT_LIST) {
        assert(value->width == 1);
        *bit = qhm_qasm_bit_at(value, 0);
        return QHM_OK;
    }
    const qhm_condition *condition = value->condition;
    if (condition->bit_count == 1 && condition->relation == QHM_RELATION_EQUAL) {
        *bit = qhm_qasm_bit_of(condition->first_bit);
        *bit = condition->value[0] ? *bit : qhm_qasm_bit_not(*bit);
        return QHM_OK;
    }
    uint32_t out;
    QHM_TRY(qhm_qasm_take_bits(reader, 1, true, &out));
    QHM_TRY(qhm_qasm_set(reader, out, false, NULL));
    *bit = qhm_qasm_bit_of(out);
    return qhm_qasm_set(reader, out, true, condition);
}

qhm_status qhm_qasm_as_bits(qasm_reader *reader, const qasm_value *value, uint32_t width,
                            const qasm_bit **bits)
{
    qasm_bit *list;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *list, &list));
    *bits = list;
    if (value->form == QASM_CONDITIONAL) {
        qasm_bit bit;
        QHM_TRY(qhm_qasm_as_bit(reader, value, &bit));
        for (uint32_t i = 0; i < width; i++)
            list[i] = i == 0 ? bit : QASM_ZERO;
        return QHM_OK;
    }
    for (uint32_t i = 0; i < width; i++) {
        if (value->form == QASM_CONSTANT)
            list[i] = (qasm_bit)((value->integer >> (i < 63 ? i : 63)) & 1);
        else if (i < value->width)
            list[i] = qhm_qasm_bit_at(value, i);
        else
            list[i] = value->kind == QASM_INT && value->width > 0
                          ? qhm_qasm_bit_at(value, value->width - 1)
                          : QASM_ZERO;
    }
    return QHM_OK;
}

qhm_status qhm_qasm_as_condition(qasm_reader *reader, qasm_token token, const qasm_value *value,
                                 qasm_value *condition)
{
    if (qhm_qasm_is_number(value)) {
        *condition = qhm_qasm_bool(qhm_qasm_number(value) != 0);
        return QHM_OK;
    }
    if (value->form == QASM_CONDITIONAL) {
        *condition = *value;
        return QHM_OK;
    }
    if (value->form != QASM_BIT_LIST)
        return qhm_qasm_fail(reader, token, NULL, "a condition is a bool or bits, not %s",
                             qhm_qasm_kind_text((qasm_kind)value->kind));
    const qasm_bit *bits;
    qasm_bit *zero;
    uint32_t width = value->width > 0 ? value->width : 1;
    QHM_TRY(qhm_qasm_as_bits(reader, value, width, &bits));
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *zero, &zero));
    memset(zero, 0, width * sizeof *zero);
    if (width == 1) {
        zero[0] = QASM_ONE;
        return qhm_qasm_bits_compare(reader, QHM_RELATION_EQUAL, 1, bits, zero, condition);
    }
    return qhm_qasm_bits_compare(reader, QHM_RELATION_NOT_EQUAL, width, bits, zero, condition);
}

qhm_status qhm_qasm_bits_add(qasm_reader *reader, uint32_t width, const qasm_bit *a,
                             const qasm_bit *b, qasm_bit carry, qasm_bit *sum, qasm_bit *carry_out)
{
    for (uint32_t i = 0; i < width; i++) {
        const qasm_bit bits[3] = {a[i], b[i], carry};
        if (sum)
            QHM_TRY(qhm_qasm_logic(reader, 0x96, 3, bits, &sum[i]));
        if (i + 1 < width || carry_out)
            QHM_TRY(qhm_qasm_logic(reader, 0xE8, 3, bits, &carry));
    }
    if (carry_out)
        *carry_out = carry;
    return QHM_OK;
}

static bool are_constant(uint32_t width, const qasm_bit *bits)
{
    for (uint32_t i = 0; i < width; i++)
        if (!qhm_qasm_bit_is_constant(bits[i]))
            return false;
    return true;
}

// bits against constants: a condition on a row of the circuit's bits, copied together if need be.
static qhm_status compare_constant(qasm_reader *reader, qhm_relation relation, uint32_t width,
                                   const qasm_bit *bits, const qasm_bit *constant,
                                   qasm_value *result)
{
    while (width > 0 && qhm_qasm_bit_is_constant(bits[width - 1])) {
        if (bits[width - 1] != constant[width - 1]) {
            *result = qhm_qasm_bool(
                qhm_relation_holds(relation, bits[width - 1] > constant[width - 1] ? 1 : -1));
            return QHM_OK;
        }
        width--;
    }
    while (width > 1 && bits[width - 1] == bits[width - 2] &&
           constant[width - 1] == constant[width - 2])
        width--; // a sign that was spread
    if (width == 0) {
        *result = qhm_qasm_bool(qhm_relation_holds(relation, 0));
        return QHM_OK;
    }
    bool is_row = !(bits[0] & 1), is_inverted = width == 1;
    for (uint32_t i = 1; i < width; i++)
        is_row = is_row && bits[i] == bits[i - 1] + 2;
    is_row = is_row && !qhm_qasm_bit_is_constant(bits[0]);
    qhm_condition condition = {relation, 0, width, NULL};
    uint64_t *words;
    size_t word_count = (width + 63) / 64;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, word_count, sizeof *words, &words));
    memset(words, 0, word_count * sizeof *words);
    for (uint32_t i = 0; i < width; i++)
        words[i / 64] |= (uint64_t)constant[i] << (i % 64);
    condition.value = words;
    if (is_row) {
        condition.first_bit = qhm_qasm_bit_place(bits[0]);
    } else if (is_inverted &&
               (relation == QHM_RELATION_EQUAL || relation == QHM_RELATION_NOT_EQUAL)) {
        condition.first_bit = qhm_qasm_bit_place(bits[0]);
        words[0] ^= 1;
    } else {
        QHM_TRY(qhm_qasm_take_bits(reader, width, true, &condition.first_bit));
        for (uint32_t i = 0; i < width; i++)
            QHM_TRY(copy_bit(reader, condition.first_bit + i, bits[i]));
    }
    const qhm_condition *copy;
    QHM_TRY(qhm_qasm_condition_copy(reader, condition, &copy));
    *result = qhm_qasm_condition_value(copy);
    return QHM_OK;
}

static qasm_value one_bit(qasm_bit *bit)
{
    if (qhm_qasm_bit_is_constant(*bit))
        return qhm_qasm_bool(*bit == QASM_ONE);
    return (qasm_value){.kind = QASM_BOOL, .form = QASM_BIT_LIST, .width = 1, .list = bit};
}

qhm_status qhm_qasm_bits_compare(qasm_reader *reader, qhm_relation relation, uint32_t width,
                                 const qasm_bit *a, const qasm_bit *b, qasm_value *result)
{
    if (are_constant(width, a) && !are_constant(width, b))
        return qhm_qasm_bits_compare(reader, mirrored(relation), width, b, a, result);
    qasm_value value;
    if (are_constant(width, b)) {
        QHM_TRY(compare_constant(reader, relation, width, a, b, &value));
        *result = value;
        return QHM_OK;
    }
    qasm_bit *bit;
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, 1, sizeof *bit, &bit));
    bool is_order = relation != QHM_RELATION_EQUAL && relation != QHM_RELATION_NOT_EQUAL;
    if (is_order) { // a >= b exactly if a + ~b + 1 carries
        bool swaps = relation == QHM_RELATION_LESS_EQUAL || relation == QHM_RELATION_GREATER;
        const qasm_bit *left = swaps ? b : a, *right = swaps ? a : b;
        qasm_bit *inverted;
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch, width, sizeof *inverted, &inverted));
        for (uint32_t i = 0; i < width; i++)
            inverted[i] = qhm_qasm_bit_not(right[i]);
        QHM_TRY(qhm_qasm_bits_add(reader, width, left, inverted, QASM_ONE, NULL, bit));
        if (relation == QHM_RELATION_LESS || relation == QHM_RELATION_GREATER)
            *bit = qhm_qasm_bit_not(*bit);
    } else {
        *bit = QASM_ONE; // so far equal
        for (uint32_t i = 0; i < width; i++) {
            const qasm_bit bits[3] = {a[i], b[i], *bit};
            QHM_TRY(qhm_qasm_logic(reader, 0x90, 3, bits, bit));
        }
        if (relation == QHM_RELATION_NOT_EQUAL)
            *bit = qhm_qasm_bit_not(*bit);
    }
    *result = one_bit(bit);
    return QHM_OK;
}

// The path as one bit.
static qhm_status path_bit(qasm_reader *reader, qasm_bit *bit)
{
    qasm_value value = qhm_qasm_condition_value(&reader->path);
    return qhm_qasm_as_bit(reader, &value, bit);
}

static qhm_status store_bit(qasm_reader *reader, uint32_t place, qasm_bit bit)
{
    if (!qhm_qasm_bit_is_constant(bit) && bit == qhm_qasm_bit_of(place))
        return QHM_OK;
    if (reader->path.relation == QHM_RELATION_NONE)
        return copy_bit(reader, place, bit);
    if (qhm_qasm_bit_is_constant(bit))
        return qhm_qasm_set(reader, place, bit == QASM_ONE, &reader->path);
    qasm_bit path;
    QHM_TRY(path_bit(reader, &path));
    for (int value = 0; value < 2; value++) {
        qasm_bit is_set;
        const qasm_bit inputs[2] = {path, value ? bit : qhm_qasm_bit_not(bit)};
        QHM_TRY(qhm_qasm_logic(reader, 0x8, 2, inputs, &is_set));
        if (is_set == QASM_ZERO)
            continue;
        qhm_condition condition = qhm_condition_bit(qhm_qasm_bit_place(is_set), !(is_set & 1));
        QHM_TRY(qhm_qasm_set(reader, place, value, &condition));
    }
    return QHM_OK;
}

qhm_status qhm_qasm_store(qasm_reader *reader, const qasm_value *target, const qasm_bit *bits)
{
    // Bits that are read after they were written are copied first.
    bool overlaps = false;
    uint32_t least = UINT32_MAX, most = 0;
    for (uint32_t i = 0; i < target->width; i++) {
        uint32_t place = qhm_qasm_bit_place(qhm_qasm_bit_at(target, i));
        least = place < least ? place : least;
        most = place > most ? place : most;
    }
    for (uint32_t i = 0; i < target->width; i++)
        if (!qhm_qasm_bit_is_constant(bits[i])) {
            uint32_t place = qhm_qasm_bit_place(bits[i]);
            bool is_itself = bits[i] == qhm_qasm_bit_at(target, i);
            overlaps = overlaps || (place >= least && place <= most && !is_itself);
        }
    if (overlaps) {
        uint32_t first;
        qasm_bit *copies;
        QHM_TRY(qhm_qasm_take_bits(reader, target->width, true, &first));
        QHM_TRY(qhm_qasm_arena_take(&reader->scratch, target->width, sizeof *copies, &copies));
        for (uint32_t i = 0; i < target->width; i++) {
            QHM_TRY(copy_bit(reader, first + i, bits[i]));
            copies[i] = qhm_qasm_bit_of(first + i);
        }
        bits = copies;
    }
    for (uint32_t i = 0; i < target->width; i++)
        QHM_TRY(store_bit(reader, qhm_qasm_bit_place(qhm_qasm_bit_at(target, i)), bits[i]));
    return QHM_OK;
}
