// The 24 Clifford gates on one qubit.
#include "compile/one_qubit_clifford.h"

#include <assert.h>

#define X QHM_PAULI_X
#define Y QHM_PAULI_Y
#define Z QHM_PAULI_Z

qhm_clifford qhm_clifford_identity(void)
{
    return (qhm_clifford){{X, false}, {Z, false}};
}

bool qhm_clifford_of_gate(qhm_gate gate, qhm_clifford *clifford)
{
    static const struct {
        qhm_gate gate;
        qhm_clifford clifford;
    } rows[] = {
        {QHM_GATE_H, {{Z, false}, {X, false}}}, {QHM_GATE_X, {{X, false}, {Z, true}}},
        {QHM_GATE_Y, {{X, true}, {Z, true}}},   {QHM_GATE_Z, {{X, true}, {Z, false}}},
        {QHM_GATE_S, {{Y, false}, {Z, false}}}, {QHM_GATE_SDG, {{Y, true}, {Z, false}}},
        {QHM_GATE_SX, {{X, false}, {Y, true}}}, {QHM_GATE_SXDG, {{X, false}, {Y, false}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].gate == gate) {
            *clifford = rows[i].clifford;
            return true;
        }
    return false;
}

// True for XY, YZ and ZX, whose products are i times the third.
static bool is_cyclic(qhm_pauli a, qhm_pauli b)
{
    return (b + 3 - a) % 3 == 1;
}

qhm_signed_pauli qhm_clifford_map(qhm_clifford clifford, qhm_pauli pauli)
{
    assert(pauli != QHM_PAULI_I);
    if (pauli == X)
        return clifford.x;
    if (pauli == Z)
        return clifford.z;
    // Y = i X Z; i times the image of X times that of Z: -1 times the third if they are cyclic.
    const qhm_pauli third = (qhm_pauli)(X + Y + Z - clifford.x.pauli - clifford.z.pauli);
    const bool sign = clifford.x.is_negative ^ clifford.z.is_negative;
    return (qhm_signed_pauli){third, sign ^ is_cyclic(clifford.x.pauli, clifford.z.pauli)};
}

qhm_signed_pauli qhm_clifford_map_back(qhm_clifford clifford, qhm_pauli pauli)
{
    for (unsigned p = X; p <= Z; p++) {
        const qhm_signed_pauli image = qhm_clifford_map(clifford, (qhm_pauli)p);
        if (image.pauli == pauli)
            return (qhm_signed_pauli){(qhm_pauli)p, image.is_negative};
    }
    assert(false);
    return (qhm_signed_pauli){pauli, false};
}

static qhm_signed_pauli map_signed(qhm_clifford clifford, qhm_signed_pauli pauli)
{
    qhm_signed_pauli image = qhm_clifford_map(clifford, pauli.pauli);
    image.is_negative ^= pauli.is_negative;
    return image;
}

qhm_clifford qhm_clifford_multiply(qhm_clifford a, qhm_clifford b)
{
    return (qhm_clifford){map_signed(a, b.x), map_signed(a, b.z)};
}

static bool may_rest(qhm_clifford clifford, qhm_clifford_rest kind)
{
    const bool keeps_x = clifford.x.pauli == QHM_PAULI_X, keeps_z = clifford.z.pauli == QHM_PAULI_Z;
    switch (kind) {
    case QHM_CLIFFORD_REST_PAULI:
        return keeps_x && keeps_z;
    case QHM_CLIFFORD_REST_X:
        return keeps_x;
    case QHM_CLIFFORD_REST_Z:
        return keeps_z;
    }
    return false;
}

unsigned qhm_clifford_split(qhm_clifford clifford, qhm_clifford_rest kind, qhm_gate gates[3],
                            qhm_clifford *rest)
{
    // The cosets of the Pauli group, the first gate first.
    static const struct {
        unsigned count;
        qhm_gate gates[3];
    } words[] = {{0, {0}},
                 {1, {QHM_GATE_S}},
                 {1, {QHM_GATE_SX}},
                 {2, {QHM_GATE_S, QHM_GATE_SX}},
                 {2, {QHM_GATE_SX, QHM_GATE_S}},
                 {3, {QHM_GATE_S, QHM_GATE_SX, QHM_GATE_S}}};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        qhm_clifford left = clifford;
        for (unsigned i = 0; i < words[w].count; i++) {
            qhm_clifford inverse;
            (void)qhm_clifford_of_gate(
                words[w].gates[i] == QHM_GATE_S ? QHM_GATE_SDG : QHM_GATE_SXDG, &inverse);
            left = qhm_clifford_multiply(left, inverse);
        }
        if (!may_rest(left, kind))
            continue;
        for (unsigned i = 0; i < words[w].count; i++)
            gates[i] = words[w].gates[i];
        *rest = left;
        return words[w].count;
    }
    assert(false);
    return 0;
}

bool qhm_clifford_is_pauli(qhm_clifford clifford, qhm_pauli *pauli)
{
    static const qhm_pauli by_signs[2][2] = {{QHM_PAULI_I, QHM_PAULI_X},
                                             {QHM_PAULI_Z, QHM_PAULI_Y}};
    if (!may_rest(clifford, QHM_CLIFFORD_REST_PAULI))
        return false;
    *pauli = by_signs[clifford.x.is_negative][clifford.z.is_negative];
    return true;
}
