// Angles: scale * factor * factor + offset, kept in one canonical form.
#include "circuit/circuit_internal.h"

#include <math.h>

static bool is_used(const qhm_angle_factor *factor)
{
    return factor->slot != QHM_SLOT_NONE;
}

bool qhm_angle_is_constant(const qhm_angle *angle)
{
    return !is_used(&angle->factors[0]) && !is_used(&angle->factors[1]);
}

qhm_angle qhm_angle_canonical(qhm_angle angle)
{
    static const qhm_angle_factor one = {QHM_SLOT_NONE, 0, 0};
    if (!is_used(&angle.factors[0])) {
        angle.factors[0] = angle.factors[1];
        angle.factors[1] = one;
    }
    if (!is_used(&angle.factors[1]))
        angle.factors[1] = one;
    if (!is_used(&angle.factors[0])) {
        angle.factors[0] = one;
        angle.offset += angle.scale;
        angle.scale = 0;
    }
    return angle;
}

qhm_angle qhm_angle_affine(qhm_angle angle, double factor, double offset)
{
    angle.scale *= factor;
    angle.offset = factor * angle.offset + offset;
    return angle;
}

qhm_angle qhm_angle_offset_slots(qhm_angle angle, uint32_t input_offset, uint32_t weight_offset)
{
    for (int i = 0; i < 2; i++) {
        if (angle.factors[i].slot == QHM_SLOT_INPUT)
            angle.factors[i].index += input_offset;
        if (angle.factors[i].slot == QHM_SLOT_WEIGHT)
            angle.factors[i].index += weight_offset;
    }
    return angle;
}

static double factor_value(const qhm_angle_factor *factor, const double *inputs,
                           const double *weights)
{
    switch (factor->slot) {
    case QHM_SLOT_NONE:
        return 1;
    case QHM_SLOT_INPUT:
        return inputs[factor->index] + factor->shift;
    case QHM_SLOT_WEIGHT:
        return weights[factor->index] + factor->shift;
    }
    return NAN;
}

double qhm_angle_value(const qhm_angle *angle, const double *inputs, const double *weights)
{
    double product = factor_value(&angle->factors[0], inputs, weights) *
                     factor_value(&angle->factors[1], inputs, weights);
    return angle->scale * product + angle->offset;
}
