// Conditions: comparing a range of classical bits with a number.
#include "circuit/circuit_internal.h"

// The condition's bits from `from` on, at most 64.
static uint64_t read_bits(const uint64_t *bits, size_t from, size_t count)
{
    const size_t word = from / 64, shift = from % 64;
    uint64_t read = bits[word] >> shift;
    if (shift > 0 && shift + count > 64)
        read |= bits[word + 1] << (64 - shift);
    return count < 64 ? read & (((uint64_t)1 << count) - 1) : read;
}

bool qhm_relation_holds(qhm_relation relation, int order)
{
    switch (relation) {
    case QHM_RELATION_NONE:
        return true;
    case QHM_RELATION_EQUAL:
        return order == 0;
    case QHM_RELATION_NOT_EQUAL:
        return order != 0;
    case QHM_RELATION_LESS:
        return order < 0;
    case QHM_RELATION_LESS_EQUAL:
        return order <= 0;
    case QHM_RELATION_GREATER:
        return order > 0;
    case QHM_RELATION_GREATER_EQUAL:
        return order >= 0;
    }
    return false;
}

bool qhm_condition_holds(const qhm_condition *condition, const uint64_t *bits)
{
    if (condition->relation == QHM_RELATION_NONE)
        return true;
    int order = 0; // of the bits and the value, from the highest word down
    for (size_t word = qhm_bit_words(condition->bit_count); word-- > 0 && order == 0;) {
        const size_t left = condition->bit_count - 64 * word;
        const uint64_t read =
            read_bits(bits, condition->first_bit + 64 * word, left < 64 ? left : 64);
        order = (read > condition->value[word]) - (read < condition->value[word]);
    }
    return qhm_relation_holds(condition->relation, order);
}
