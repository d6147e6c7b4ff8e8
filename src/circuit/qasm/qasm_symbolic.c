// Numbers with slots: sums of scale * (slot + shift) * (slot + shift), as the circuit's angles are.
//
// What a program writes keeps its form: x + 0.5 is an offset until it is multiplied, then a shift,
// so that a printed angle reads back to the same numbers.
#include "circuit/qasm/qasm_internal.h"

#include <math.h>
#include <string.h>

static qhm_status take_sum(qasm_reader *reader, size_t count, qasm_sum **sum)
{
    size_t bytes = sizeof **sum + count * sizeof(qhm_angle);
    QHM_TRY(qhm_qasm_arena_take(&reader->scratch, bytes, 1, sum));
    (*sum)->count = count;
    (*sum)->offset = 0;
    return QHM_OK;
}

static qasm_value symbolic(const qasm_sum *sum)
{
    return (qasm_value){.kind = QASM_REAL, .form = QASM_SYMBOLIC, .sum = sum};
}

qhm_status qhm_qasm_slot_value(qasm_reader *reader, qhm_slot slot, uint32_t index,
                               qasm_value *value)
{
    qasm_sum *sum;
    QHM_TRY(take_sum(reader, 1, &sum));
    sum->terms[0] = (qhm_angle){.scale = 1, .factors = {{slot, index, 0}}};
    *value = symbolic(sum);
    return QHM_OK;
}

// True for slot + offset with nothing else: the offset can become the slot's shift.
static bool is_bare(const qasm_sum *sum)
{
    return sum->count == 1 && sum->terms[0].scale == 1 &&
           sum->terms[0].factors[1].slot == QHM_SLOT_NONE && sum->terms[0].factors[0].shift == 0;
}

qhm_status qhm_qasm_sum_scale(qasm_reader *reader, const qasm_value *value, double factor,
                              qasm_value *result)
{
    qasm_sum *sum;
    QHM_TRY(take_sum(reader, value->sum->count, &sum));
    memcpy(sum->terms, value->sum->terms, sum->count * sizeof sum->terms[0]);
    sum->offset = factor * value->sum->offset;
    if (is_bare(value->sum)) {
        sum->terms[0].factors[0].shift = value->sum->offset;
        sum->offset = 0;
    }
    for (size_t i = 0; i < sum->count; i++)
        sum->terms[i].scale *= factor;
    *result = symbolic(sum);
    return QHM_OK;
}

static bool are_like(const qhm_angle *a, const qhm_angle *b)
{
    for (int i = 0; i < 2; i++)
        if (a->factors[i].slot != b->factors[i].slot ||
            a->factors[i].index != b->factors[i].index ||
            a->factors[i].shift != b->factors[i].shift)
            return false;
    return true;
}

static qhm_status add(qasm_reader *reader, const qasm_value *left, const qasm_value *right,
                      double sign, qasm_value *result)
{
    const qasm_value *parts[2] = {left, right};
    double signs[2] = {1, sign};
    size_t count = 0;
    for (int p = 0; p < 2; p++)
        count += parts[p]->form == QASM_SYMBOLIC ? parts[p]->sum->count : 0;
    qasm_sum *sum;
    QHM_TRY(take_sum(reader, count, &sum));
    sum->count = 0;
    for (int p = 0; p < 2; p++) {
        if (parts[p]->form != QASM_SYMBOLIC) {
            sum->offset += signs[p] * qhm_qasm_number(parts[p]);
            continue;
        }
        sum->offset += signs[p] * parts[p]->sum->offset;
        for (size_t i = 0; i < parts[p]->sum->count; i++) {
            qhm_angle term = parts[p]->sum->terms[i];
            term.scale *= signs[p];
            size_t like = 0;
            while (like < sum->count && !are_like(&sum->terms[like], &term))
                like++;
            if (like < sum->count)
                sum->terms[like].scale += term.scale;
            else
                sum->terms[sum->count++] = term;
        }
    }
    *result = symbolic(sum);
    return QHM_OK;
}

// The value as one term without offset: scale * (slot + shift) [* (slot + shift)].
static bool as_product(const qasm_sum *sum, qhm_angle *product)
{
    if (sum->count != 1)
        return false;
    *product = sum->terms[0];
    if (sum->offset == 0)
        return true;
    if (product->factors[1].slot != QHM_SLOT_NONE || product->scale == 0)
        return false;
    product->factors[0].shift += sum->offset / product->scale;
    return true;
}

qhm_status qhm_qasm_sum_binary(qasm_reader *reader, qasm_token token, uint8_t operation,
                               const qasm_value *left, const qasm_value *right, qasm_value *result)
{
    static const char hint[] = "give the input a value, as with --param NAME=VALUE";
    bool both = left->form == QASM_SYMBOLIC && right->form == QASM_SYMBOLIC;
    if (operation == QASM_PLUS || operation == QASM_MINUS)
        return add(reader, left, right, operation == QASM_PLUS ? 1 : -1, result);
    if (operation == QASM_STAR && !both) {
        const qasm_value *sum = left->form == QASM_SYMBOLIC ? left : right;
        return qhm_qasm_sum_scale(reader, sum, qhm_qasm_number(sum == left ? right : left), result);
    }
    if (operation == QASM_SLASH && right->form != QASM_SYMBOLIC) {
        double divisor = qhm_qasm_number(right);
        if (divisor == 0)
            return qhm_qasm_fail(reader, token, NULL, "division by zero");
        return qhm_qasm_sum_scale(reader, left, 1 / divisor, result);
    }
    qhm_angle a, b;
    if (operation == QASM_STAR && as_product(left->sum, &a) && as_product(right->sum, &b) &&
        a.factors[1].slot == QHM_SLOT_NONE && b.factors[1].slot == QHM_SLOT_NONE) {
        qasm_sum *sum;
        QHM_TRY(take_sum(reader, 1, &sum));
        a.scale *= b.scale;
        a.factors[1] = b.factors[0];
        sum->terms[0] = a;
        *result = symbolic(sum);
        return QHM_OK;
    }
    return qhm_qasm_fail(reader, token, hint,
                         "\"%s\" of inputs without values does not make an angle that a circuit "
                         "can hold",
                         qhm_qasm_text(reader, token));
}
