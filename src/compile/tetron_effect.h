// What a sequence of measurements does to the data: an ideal gate and noise after it.
#ifndef QHM_COMPILE_TETRON_EFFECT_H
#define QHM_COMPILE_TETRON_EFFECT_H

#include "compile/tetron_block.h"

#include <qhm/channel.h>

typedef struct qhm_tetron_effect {
    qhm_gate gate;        // QHM_GATE_BARRIER: none
    uint8_t wires[2];     // of the block, in the gate's order
    qhm_channel *channel; // after it, on the block's wires; NULL: nothing
} qhm_tetron_effect;

// Effects of sequences that were met before. Zero-initialise.
typedef struct qhm_tetron_effects {
    struct qhm_tetron_known_effect *known;
    size_t count, capacity;
    qhm_tetron_act *acts; // work
    size_t act_capacity;
} qhm_tetron_effects;

// The effect of a block; it stays the list's. QHM_ERROR_UNSUPPORTED where what the block does
// depends on the state that its ancilla was in, within 1e-10.
QHM_MUST_CHECK qhm_status qhm_tetron_effects_find(qhm_tetron_effects *effects,
                                                  const qhm_tetron_block *block,
                                                  const qhm_tetron_effect **found);

void qhm_tetron_effects_release(qhm_tetron_effects *effects);

#endif
